use super::StoreError;
use crate::clock::{day_after_1970, days_since_1970};
use karton_api::{Date, Id, Timestamp};
use uuid::Uuid;

/// A value on its way to or from a column. Flags are 0 or 1, days are counted from 1 January 1970, instants are
/// microseconds since then.
#[derive(Clone, PartialEq, Eq)]
pub enum Val {
    /// Nothing.
    Null,
    /// `BIGINT`.
    Int(i64),
    /// `TEXT`.
    Text(String),
    /// `{ID}`.
    Uuid(Uuid),
    /// `{BLOB}`. Sixteen bytes from SQLite come as [`Val::Uuid`]; both are read as either.
    Blob(Vec<u8>),
}

/// Arguments of a statement: `vals![id, "text", 5]` is `$1`, `$2`, `$3`.
#[macro_export]
macro_rules! vals {
    ($($value:expr),* $(,)?) => { &[$($crate::store::Val::from($value)),*] };
}

macro_rules! into_val {
    ($($from:ty => |$value:ident| $to:expr;)*) => {
        $(impl From<$from> for Val {
            fn from($value: $from) -> Val { $to }
        })*
    };
}
into_val! {
    i64 => |value| Val::Int(value);
    i32 => |value| Val::Int(value.into());
    i16 => |value| Val::Int(value.into());
    u32 => |value| Val::Int(value.into());
    u16 => |value| Val::Int(value.into());
    u8 => |value| Val::Int(value.into());
    bool => |value| Val::Int(value.into());
    &str => |value| Val::Text(value.to_owned());
    String => |value| Val::Text(value);
    &String => |value| Val::Text(value.clone());
    Uuid => |value| Val::Uuid(value);
    Vec<u8> => |value| Val::Blob(value);
    &[u8] => |value| Val::Blob(value.to_vec());
    &Vec<u8> => |value| Val::Blob(value.clone());
    Date => |value| Val::Int(days_since_1970(value));
    Timestamp => |value| Val::Int(value.as_microsecond());
}
impl<const N: usize> From<[u8; N]> for Val {
    fn from(value: [u8; N]) -> Val {
        Val::Blob(value.to_vec())
    }
}
impl<T> From<Id<T>> for Val {
    fn from(value: Id<T>) -> Val {
        Val::Uuid(value.uuid())
    }
}
impl<T: Into<Val>> From<Option<T>> for Val {
    fn from(value: Option<T>) -> Val {
        value.map_or(Val::Null, Into::into)
    }
}

/// A type that a column can be read as.
pub trait FromVal: Sized {
    /// The value, or nothing where it is not of this type.
    fn from_val(value: &Val) -> Option<Self>;
}

macro_rules! from_val {
    ($($pattern:pat => $to:ty = $value:expr;)*) => {
        $(impl FromVal for $to {
            fn from_val(value: &Val) -> Option<Self> {
                match value { $pattern => $value, _ => None }
            }
        })*
    };
}
from_val! {
    Val::Int(value) => i64 = Some(*value);
    Val::Int(value) => i32 = i32::try_from(*value).ok();
    Val::Int(value) => i16 = i16::try_from(*value).ok();
    Val::Int(value) => u64 = u64::try_from(*value).ok();
    Val::Int(value) => u32 = u32::try_from(*value).ok();
    Val::Int(value) => u16 = u16::try_from(*value).ok();
    Val::Int(value) => u8 = u8::try_from(*value).ok();
    Val::Int(value @ (0 | 1)) => bool = Some(*value == 1);
    Val::Text(value) => String = Some(value.clone());
    Val::Int(value) => Date = day_after_1970(*value);
    Val::Int(value) => Timestamp = Timestamp::from_microsecond(*value).ok();
}
impl FromVal for Val {
    fn from_val(value: &Val) -> Option<Self> {
        Some(value.clone())
    }
}
impl FromVal for Uuid {
    fn from_val(value: &Val) -> Option<Self> {
        match value {
            Val::Uuid(value) => Some(*value),
            Val::Blob(bytes) => Uuid::from_slice(bytes).ok(),
            _ => None,
        }
    }
}
impl FromVal for Vec<u8> {
    fn from_val(value: &Val) -> Option<Self> {
        match value {
            Val::Blob(bytes) => Some(bytes.clone()),
            Val::Uuid(value) => Some(value.as_bytes().to_vec()),
            _ => None,
        }
    }
}
impl<const N: usize> FromVal for [u8; N] {
    fn from_val(value: &Val) -> Option<Self> {
        match value {
            Val::Blob(bytes) => bytes.as_slice().try_into().ok(),
            Val::Uuid(value) => value.as_bytes().as_slice().try_into().ok(),
            _ => None,
        }
    }
}
impl<T> FromVal for Id<T> {
    fn from_val(value: &Val) -> Option<Self> {
        Uuid::from_val(value).map(Id::from_uuid)
    }
}
impl<T: FromVal> FromVal for Option<T> {
    fn from_val(value: &Val) -> Option<Self> {
        match value {
            Val::Null => Some(None),
            value => T::from_val(value).map(Some),
        }
    }
}

/// A row of an answer.
#[derive(Clone, PartialEq, Eq)]
pub struct Row(pub(super) Vec<Val>);

impl Row {
    /// The value of a column, counted from 0.
    pub fn get<T: FromVal>(&self, column: usize) -> Result<T, StoreError> {
        self.0
            .get(column)
            .and_then(T::from_val)
            .ok_or_else(|| StoreError::Value {
                column,
                wanted: std::any::type_name::<T>(),
            })
    }

    /// A text, where it stands.
    pub fn text(&self, column: usize) -> Result<&str, StoreError> {
        match self.0.get(column) {
            Some(Val::Text(text)) => Ok(text),
            _ => Err(StoreError::Value {
                column,
                wanted: "str",
            }),
        }
    }

    /// A text, taken out of the row; nothing stands in its place then.
    pub fn take_text(&mut self, column: usize) -> Result<String, StoreError> {
        match self
            .0
            .get_mut(column)
            .map(|value| std::mem::replace(value, Val::Null))
        {
            Some(Val::Text(text)) => Ok(text),
            _ => Err(StoreError::Value {
                column,
                wanted: "String",
            }),
        }
    }

    /// A text that is parsed: a code, a kind, a state. Refused where the parser refuses it.
    pub fn parse<T: std::str::FromStr>(&self, column: usize) -> Result<T, StoreError> {
        match self.0.get(column) {
            Some(Val::Text(text)) => text.parse().ok(),
            _ => None,
        }
        .ok_or_else(|| StoreError::Value {
            column,
            wanted: std::any::type_name::<T>(),
        })
    }
}

// A row may hold names and numbers of people, and errors and logs print with `{:?}`: only the shape is shown.
impl std::fmt::Debug for Val {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Val::Null => "Null",
            Val::Int(_) => "Int(…)",
            Val::Text(_) => "Text(…)",
            Val::Uuid(_) => "Uuid(…)",
            Val::Blob(_) => "Blob(…)",
        })
    }
}
impl std::fmt::Debug for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(&self.0).finish()
    }
}

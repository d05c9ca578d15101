//! Rows as bytes: a tag and the value, one after another. Sixteen bytes are the same whether they came as an id or as bytes.

use crate::store::Val;
use uuid::Uuid;

const NULL: u8 = 0;
const INT: u8 = 1;
const TEXT: u8 = 2;
const BYTES: u8 = 3;
const ID: u8 = 4;

/// Appends a value.
pub(super) fn put(out: &mut Vec<u8>, value: &Val) {
    match value {
        Val::Null => out.push(NULL),
        Val::Int(value) => {
            out.push(INT);
            // Small numbers, of either sign, take few bytes.
            varint(out, value.cast_unsigned() << 1 ^ (value >> 63).cast_unsigned());
        }
        Val::Text(text) => {
            out.push(TEXT);
            varint(out, text.len() as u64);
            out.extend_from_slice(text.as_bytes());
        }
        Val::Uuid(id) => {
            out.push(ID);
            out.extend_from_slice(id.as_bytes());
        }
        Val::Blob(bytes) => match <[u8; 16]>::try_from(bytes.as_slice()) {
            Ok(id) => {
                out.push(ID);
                out.extend_from_slice(&id);
            }
            Err(_) => {
                out.push(BYTES);
                varint(out, bytes.len() as u64);
                out.extend_from_slice(bytes);
            }
        },
    }
}

fn varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Takes all values from bytes; nothing where they are not what [`put`] writes.
pub(super) fn take(mut bytes: &[u8]) -> Option<Vec<Val>> {
    let mut values = Vec::new();
    while let Some((tag, rest)) = bytes.split_first() {
        bytes = rest;
        values.push(match *tag {
            NULL => Val::Null,
            INT => {
                let value = unvarint(&mut bytes)?;
                Val::Int((value >> 1).cast_signed() ^ -(value & 1).cast_signed())
            }
            TEXT => Val::Text(String::from_utf8(part(&mut bytes)?.to_vec()).ok()?),
            BYTES => Val::Blob(part(&mut bytes)?.to_vec()),
            ID => {
                let (id, rest) = bytes.split_at_checked(16)?;
                bytes = rest;
                Val::Uuid(Uuid::from_slice(id).ok()?)
            }
            _ => return None,
        });
    }
    Some(values)
}

fn part<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = usize::try_from(unvarint(bytes)?).ok()?;
    let (part, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(part)
}

fn unvarint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_comes_back_as_it_was() {
        let values = vec![
            Val::Null,
            Val::Int(0),
            Val::Int(-1),
            Val::Int(i64::MAX),
            Val::Int(i64::MIN),
            Val::Text(String::new()),
            Val::Text("Žarko Đukić Њ".into()),
            Val::Blob(vec![7; 300]),
            Val::Blob(Vec::new()),
            Val::Uuid(Uuid::from_bytes([9; 16])),
        ];
        let mut bytes = Vec::new();
        for value in &values {
            put(&mut bytes, value);
        }
        assert!(take(&bytes) == Some(values));
        assert!(take(&bytes[..bytes.len() - 1]).is_none(), "cut inside a value");
        let mut sixteen = Vec::new();
        put(&mut sixteen, &Val::Blob(vec![9; 16]));
        assert!(take(&sixteen) == Some(vec![Val::Uuid(Uuid::from_bytes([9; 16]))]));
    }
}

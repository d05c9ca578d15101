use crate::lang::{Fault, Type, Value};
use karton_api::Date;
use std::rc::Rc;

/// What stands in a cell: known, or why not. The greater outranks where two meet.
pub(crate) const KNOWN: u8 = 0;
/// Nobody knows.
pub(crate) const UNKNOWN: u8 = 1;
/// It could not be worked out.
pub(crate) const FAULT: u8 = 2;

/// What the words of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Bool,
    Int,
    Money,
    Date,
    Text,
    /// By number in the sheet, not in the household.
    Person,
    /// By number in the table of its kind of rows.
    Row,
    /// Exact numbers, durations, periods: no words, whole values.
    Other,
    /// A list.
    List,
}

impl Unit {
    pub(crate) fn of(ty: &Type) -> Unit {
        match ty {
            Type::Bool => Unit::Bool,
            Type::Int => Unit::Int,
            Type::Money(_) => Unit::Money,
            Type::Date => Unit::Date,
            Type::Text | Type::Code(_) => Unit::Text,
            Type::Person => Unit::Person,
            Type::Row(_) => Unit::Row,
            Type::Decimal | Type::Share(_) | Type::Duration | Type::Period => Unit::Other,
            Type::List(_) | Type::Nothing => Unit::List,
        }
    }
    pub(super) fn is_word(self) -> bool {
        !matches!(self, Unit::Other | Unit::List)
    }
}

/// Days as numbers in their order: the day in the lowest five bits, the month in four above, the year above those.
pub(crate) fn day_word(day: Date) -> i64 {
    ((i64::from(day.year()) + 10_000) * 16 + i64::from(day.month())) * 32 + i64::from(day.day())
}

/// Months since the year 0 of a day.
pub(super) fn months_of(word: i64) -> i64 {
    ((word >> 9) - 10_000) * 12 + (word >> 5 & 15)
}

fn day_of(word: i64) -> Option<Date> {
    let year = i16::try_from((word >> 9) - 10_000).ok()?;
    let month = i8::try_from(word >> 5 & 15).ok()?;
    let day = i8::try_from(word & 31).ok()?;
    Date::new(year, month, day).ok()
}

/// A known value as a word; nothing for those that are none.
pub(crate) fn word(value: Value) -> Option<i64> {
    Some(match value {
        Value::Bool(b) => i64::from(b),
        Value::Int(n) | Value::Money(n) => n,
        Value::Date(day) => day_word(day),
        Value::Text(n) | Value::Person(n) | Value::Row(n) => i64::from(n),
        _ => return None,
    })
}

pub(super) fn value_of(unit: Unit, word: i64) -> Value {
    let number = |make: fn(u32) -> Value| u32::try_from(word).map_or(Value::Fault(Fault::TooLarge), make);
    match unit {
        Unit::Bool => Value::Bool(word != 0),
        Unit::Int => Value::Int(word),
        Unit::Money => Value::Money(word),
        Unit::Date => day_of(word).map_or(Value::Fault(Fault::TooLarge), Value::Date),
        Unit::Text => number(Value::Text),
        Unit::Person => number(Value::Person),
        Unit::Row => number(Value::Row),
        Unit::Other | Unit::List => Value::Fault(Fault::WrongType),
    }
}

pub(crate) fn state_of(value: Value) -> u8 {
    match value {
        Value::Unknown(_) => UNKNOWN,
        Value::Fault(_) => FAULT,
        _ => KNOWN,
    }
}

pub(super) fn not_known(state: u8) -> Value {
    if state == UNKNOWN {
        Value::Unknown(0)
    } else {
        Value::Fault(Fault::WrongType)
    }
}

/// The value of one expression in every lane: in every household, person or row that is looked at.
#[derive(Debug, Clone)]
pub(crate) enum Column {
    /// The same in all of them.
    One(Value),
    /// Whole numbers; nothing is said of states where all are known.
    Words {
        unit: Unit,
        at: Vec<i64>,
        states: Option<Vec<u8>>,
    },
    /// What fits into no word.
    Values(Vec<Value>),
    /// A list in every lane.
    List(List),
}

/// Lists of many lanes in one piece. All elements are known; what nobody knows of a list is kept beside.
#[derive(Debug, Clone)]
pub(crate) struct List {
    /// The lane of each element, ascending.
    pub(crate) up: Rc<Vec<u32>>,
    /// The elements.
    pub(crate) of: Rc<Column>,
    /// For each lane whether a part of its list is not known.
    pub(crate) lacks: Option<Vec<u8>>,
}

impl Column {
    /// Words of which all are known.
    pub(super) fn known(unit: Unit, at: Vec<i64>) -> Column {
        Column::Words {
            unit,
            at,
            states: None,
        }
    }
    pub(super) fn bools(at: impl Iterator<Item = bool>) -> Column {
        Column::known(Unit::Bool, at.map(i64::from).collect())
    }
    /// Of values of one type.
    pub(crate) fn collect(unit: Unit, values: impl Iterator<Item = Value>) -> Column {
        if !unit.is_word() {
            return Column::Values(values.collect());
        }
        let mut at = Vec::with_capacity(values.size_hint().0);
        let mut states: Option<Vec<u8>> = None;
        for value in values {
            let found = word(value);
            let state = match (found, state_of(value)) {
                (None, KNOWN) => FAULT,
                (_, state) => state,
            };
            if state != KNOWN && states.is_none() {
                states = Some(vec![KNOWN; at.len()]);
            }
            if let Some(states) = &mut states {
                states.push(state);
            }
            at.push(found.unwrap_or(0));
        }
        Column::Words { unit, at, states }
    }
    /// The value in a lane; of a list whether it is known.
    pub(crate) fn get(&self, lane: usize) -> Value {
        match self {
            Column::One(value) => *value,
            Column::Words { unit, at, states } => {
                match states.as_ref().and_then(|states| states.get(lane)).copied() {
                    None | Some(KNOWN) => value_of(*unit, at.get(lane).copied().unwrap_or(0)),
                    Some(state) => not_known(state),
                }
            }
            Column::Values(values) => values
                .get(lane)
                .copied()
                .unwrap_or(Value::Fault(Fault::WrongType)),
            Column::List(_) => Value::Fault(Fault::WrongType),
        }
    }
    /// Whether the value in a lane is known.
    pub(super) fn state(&self, lane: usize) -> u8 {
        match self {
            Column::One(value) => state_of(*value),
            Column::Words { states, .. } => states
                .as_ref()
                .and_then(|states| states.get(lane))
                .copied()
                .unwrap_or(KNOWN),
            Column::Values(values) => values.get(lane).map_or(FAULT, |value| state_of(*value)),
            Column::List(list) => list
                .lacks
                .as_ref()
                .and_then(|lacks| lacks.get(lane))
                .copied()
                .unwrap_or(KNOWN),
        }
    }
    /// Whether the value in a lane is known and true.
    pub(crate) fn is(&self, lane: usize, wanted: bool) -> bool {
        match self {
            Column::One(value) => *value == Value::Bool(wanted),
            Column::Words { at, states, .. } => {
                at.get(lane).is_some_and(|word| (*word != 0) == wanted)
                    && states
                        .as_ref()
                        .is_none_or(|states| states.get(lane) == Some(&KNOWN))
            }
            other => other.get(lane) == Value::Bool(wanted),
        }
    }
    /// The words, where they all are known.
    pub(crate) fn words(&self) -> Option<&[i64]> {
        match self {
            Column::Words { at, states: None, .. } => Some(at),
            _ => None,
        }
    }
    /// The values of other lanes: each new lane takes the one it names.
    pub(crate) fn gather(&self, from: &[u32]) -> Column {
        match self {
            Column::One(value) => Column::One(*value),
            Column::Words { unit, at, states } => Column::Words {
                unit: *unit,
                at: from
                    .iter()
                    .map(|lane| at.get(*lane as usize).copied().unwrap_or(0))
                    .collect(),
                states: states.as_ref().map(|states| {
                    from.iter()
                        .map(|lane| states.get(*lane as usize).copied().unwrap_or(FAULT))
                        .collect()
                }),
            },
            Column::Values(values) => Column::Values(
                from.iter()
                    .map(|lane| {
                        values
                            .get(*lane as usize)
                            .copied()
                            .unwrap_or(Value::Fault(Fault::WrongType))
                    })
                    .collect(),
            ),
            Column::List(list) => Column::List(list.gather(from)),
        }
    }
}

impl List {
    /// Where the elements of each lane begin, and where the last end.
    pub(super) fn begins(&self, lanes: usize) -> Vec<u32> {
        let mut begins = vec![0_u32; lanes + 1];
        for lane in self.up.iter() {
            if let Some(count) = begins.get_mut(*lane as usize + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for begin in &mut begins {
            sum += *begin;
            *begin = sum;
        }
        begins
    }
    /// The same for as many lanes as have elements; those after them have none.
    pub(super) fn begins_of_all(&self) -> Vec<u32> {
        self.begins(self.up.last().map_or(0, |last| *last as usize + 1))
    }
    fn gather(&self, from: &[u32]) -> List {
        let begins = self.begins_of_all();
        let (mut up, mut elements) = (Vec::new(), Vec::new());
        for (lane, old) in (0_u32..).zip(from) {
            let old = *old as usize;
            if let (Some(begin), Some(end)) = (begins.get(old), begins.get(old + 1)) {
                up.extend((*begin..*end).map(|_| lane));
                elements.extend(*begin..*end);
            }
        }
        List {
            up: Rc::new(up),
            of: Rc::new(self.of.gather(&elements)),
            lacks: self.lacks.as_ref().map(|lacks| {
                from.iter()
                    .map(|lane| lacks.get(*lane as usize).copied().unwrap_or(KNOWN))
                    .collect()
            }),
        }
    }
}

/// The greater state of each lane.
pub(super) fn greater(a: Option<Vec<u8>>, b: Option<&[u8]>) -> Option<Vec<u8>> {
    match (a, b) {
        (None, None) => None,
        (Some(a), None) => Some(a),
        (None, Some(b)) => Some(b.to_vec()),
        (Some(mut a), Some(b)) => {
            for (a, b) in a.iter_mut().zip(b) {
                *a = (*a).max(*b);
            }
            Some(a)
        }
    }
}

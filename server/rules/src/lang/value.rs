use super::Ratio;
use karton_api::Date;
use std::{
    cell::{Cell, RefCell},
    collections::HashSet,
    sync::Arc,
};

/// A value while rules are worked out: small and copied, so that known values never allocate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Value {
    /// Nobody knows; the set of missing facts is kept beside.
    Unknown(u32),
    /// It could not be worked out.
    Fault(Fault),
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// An exact number, or unrounded money in minor units.
    Ratio(Ratio),
    /// Minor units.
    Money(i64),
    /// A day.
    Date(Date),
    /// Months, then days.
    Duration(i32, i32),
    /// A span of days, half open.
    Period(Date, Date),
    /// A text or code, by its number in the table of texts.
    Text(u32),
    /// A person of the world, by number; 0 is the applicant.
    Person(u32),
    /// A row: where its first column stands.
    Row(u32),
    /// The rows of a fact: where the first stands, and how many.
    Rows {
        /// Index of the first column of the first row.
        at: u32,
        /// How many rows.
        count: u32,
        /// How many columns.
        width: u32,
    },
    /// A list that was worked out and kept for later: where it stands, and how long it is.
    List(u32, u32),
}

/// Why something could not be worked out although all facts are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Fault {
    /// A number beyond what Karton counts with.
    #[error("a number is too large")]
    TooLarge,
    /// A division by zero.
    #[error("division by zero")]
    DivisionByZero,
    /// The least or greatest of no values.
    #[error("the least or greatest of an empty list")]
    EmptyList,
    /// A table has no row for the key.
    #[error("a table has no row for this key")]
    NoRow,
    /// A parameter has no value on a day before its first.
    #[error("a parameter has no value yet on this day")]
    NoValueYet,
    /// A claim names a person that nothing is known of.
    #[error("a person the claim names is not among the people of the claim")]
    NoSuchPerson,
    /// A list longer than Karton walks through.
    #[error("a list is too long")]
    TooLong,
    /// A value of another type than the dictionary says.
    #[error("a value does not have the type of its fact")]
    WrongType,
}

/// Whose fact is missing or was read: a person by number, the household or the claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Of {
    /// A person of the world.
    Person(u32),
    /// The household.
    Household,
    /// The claim.
    Claim,
}

/// A fact of a holder, by its place in the dictionary.
pub(crate) type FactKey = (Of, u32);

/// The facts of one assessment, laid out flat so that reading one is an index.
#[derive(Debug)]
pub struct World {
    /// The day of the assessment.
    pub(crate) on: Date,
    /// The day of lodging.
    pub(crate) lodged: Date,
    /// Values of parameters that were published later are not known yet.
    pub(crate) known_at: Date,
    /// Parts of the amount that are suspended: code, and whose; nobody's where the whole part is.
    pub(crate) suspended: Vec<(String, Option<u32>)>,
    /// How many of the persons are the household, from 0.
    pub(crate) members: u32,
    /// Facts of all persons, one after the other.
    pub(crate) persons: Vec<Value>,
    /// How many facts a person has.
    pub(crate) width: usize,
    /// Facts of the household.
    pub(crate) household: Vec<Value>,
    /// Facts of the claim.
    pub(crate) claim: Vec<Value>,
    /// Columns of rows.
    pub(crate) cells: Vec<Value>,
    /// Missing facts that `Unknown` values point to; sets of several are numbered after them.
    pub(crate) unknowns: Vec<FactKey>,
    /// Texts that are not in the pack's table, numbered after those.
    pub(crate) texts: Vec<Arc<str>>,
}

impl World {
    /// Whether a part of the amount is suspended, as a whole or for somebody.
    pub(crate) fn is_suspended(&self, part: &str, person: Option<u32>) -> bool {
        let same =
            |(code, whose): &(String, Option<u32>)| code == part && (whose.is_none() || *whose == person);
        self.suspended.iter().any(same)
    }
}

/// What a pack knows beside the facts: parameters and days on which nobody works.
#[derive(Debug, Default)]
pub(crate) struct Law {
    /// In the order of the pack's parameters.
    pub(crate) lookups: Vec<Lookup>,
    /// Ascending.
    pub(crate) holidays: Vec<Date>,
}

/// A parameter ready to be looked up.
#[derive(Debug)]
pub(crate) struct Lookup {
    /// In the order of their days.
    pub(crate) at: Vec<Dated>,
}

/// What a parameter holds from a day on.
#[derive(Debug)]
pub(crate) struct Dated {
    pub(crate) from: Date,
    /// The day from which it can be known.
    pub(crate) published: Date,
    pub(crate) value: Looked,
}

/// Keys that a table can have at most.
pub(crate) const MOST_KEYS: usize = 3;

#[derive(Debug)]
pub(crate) enum Looked {
    One(Value),
    /// By ascending key; the greatest row at or below the key counts.
    Steps(Vec<(i64, Value)>),
    /// By code or text.
    Named(Vec<(u32, Value)>),
    /// By several keys, or by keys of other kinds. Nothing among a row's keys stands for every other code; `up_to`: the least row at
    /// or above the key counts.
    Rows {
        rows: Vec<(Vec<Option<Value>>, Value)>,
        up_to: bool,
    },
}

/// What was read while a value was worked out. Only kept when an explanation is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Read {
    Fact(FactKey),
    /// Parameter, its dated value, keys (`Unknown` where there is none), value, day.
    Parameter {
        parameter: u32,
        at: u32,
        keys: [Value; MOST_KEYS],
        value: Value,
        day: Date,
    },
    /// Another named value.
    Slot(u32),
}

/// Elements of lists that one evaluation walks through, so that walks inside walks come to an end. What else may take long inside a
/// walk (facts that are missing laid together, days counted one by one) is paid for in the same steps.
const MAX_STEPS: u32 = 5_000_000;
/// Values of lists that one evaluation keeps.
const MOST_KEPT: usize = 1_000_000;
/// Reads are gone through for those that are there already whenever so many have come.
const READS_AT_ONCE: usize = 1 << 16;

/// Memory of an evaluation, kept between evaluations so that it is not asked for again.
#[derive(Debug, Default)]
pub struct Scratch {
    pub(crate) slots: Vec<Cell<Value>>,
    pub(crate) lists: RefCell<Vec<Value>>,
    pub(crate) unknowns: RefCell<Vec<Vec<FactKey>>>,
    pub(crate) reads: RefCell<Vec<Read>>,
    pub(crate) recording: Cell<bool>,
    /// Elements of lists that may still be walked through.
    pub(crate) steps_left: Cell<u32>,
    /// Empty lists that had room once.
    pub(crate) buffers: RefCell<Vec<Vec<Value>>>,
    /// How many reads there may be before those that are there twice are left out.
    pub(crate) reads_until: Cell<usize>,
}

impl Scratch {
    /// Makes room for an expression or benefit with this many slots and forgets what was there.
    pub(crate) fn begin(&mut self, slots: usize) {
        self.slots.clear();
        self.slots.resize_with(slots, || Cell::new(Value::Bool(false)));
        self.lists.get_mut().clear();
        self.unknowns.get_mut().clear();
        self.reads.get_mut().clear();
        self.recording.set(false);
        self.steps_left.set(MAX_STEPS);
        self.reads_until.set(READS_AT_ONCE);
    }
}

/// Each once, in the order in which they first came.
fn each_once(reads: &mut Vec<Read>) {
    let mut seen = HashSet::with_capacity(reads.len());
    reads.retain(|read| seen.insert(*read));
}

/// Where an expression is worked out.
#[derive(Debug)]
pub(crate) struct Context<'a> {
    pub(crate) world: &'a World,
    pub(crate) law: &'a Law,
    pub(crate) scratch: &'a Scratch,
}

impl Context<'_> {
    pub(crate) fn slot(&self, at: usize) -> Value {
        self.scratch
            .slots
            .get(at)
            .map_or(Value::Fault(Fault::WrongType), Cell::get)
    }
    /// Hands on one element of a list, while this evaluation has steps left.
    pub(crate) fn hand_on(&self, element: Value, sink: &mut dyn FnMut(Value) -> Walk) -> Walk {
        match self.scratch.steps_left.get().checked_sub(1) {
            Some(left) => {
                self.scratch.steps_left.set(left);
                sink(element)
            }
            None => {
                sink(Value::Fault(Fault::TooLong));
                Walk::Stop
            }
        }
    }
    /// Pays for work that is more than one step; false when there are not so many left.
    pub(crate) fn spend(&self, steps: usize) -> bool {
        let left = u32::try_from(steps)
            .ok()
            .and_then(|steps| self.scratch.steps_left.get().checked_sub(steps));
        self.scratch.steps_left.set(left.unwrap_or(0));
        left.is_some()
    }
    pub(crate) fn set(&self, at: usize, value: Value) {
        if let Some(slot) = self.scratch.slots.get(at) {
            slot.set(value);
        }
    }
    pub(crate) fn note(&self, read: Read) {
        if self.scratch.recording.get() {
            let mut reads = self.scratch.reads.borrow_mut();
            reads.push(read);
            if reads.len() >= self.scratch.reads_until.get() {
                each_once(&mut reads);
                // Most were there once: then it is looked again when there are twice as many.
                self.scratch
                    .reads_until
                    .set(READS_AT_ONCE.max(reads.len().saturating_mul(2)));
            }
        }
    }
    pub(crate) fn person(&self, person: u32, fact: u32) -> Value {
        self.note(Read::Fact((Of::Person(person), fact)));
        let at = person as usize * self.world.width + fact as usize;
        self.world
            .persons
            .get(at)
            .copied()
            .unwrap_or(Value::Fault(Fault::NoSuchPerson))
    }
    pub(crate) fn household(&self, fact: u32) -> Value {
        self.note(Read::Fact((Of::Household, fact)));
        self.world
            .household
            .get(fact as usize)
            .copied()
            .unwrap_or(Value::Fault(Fault::WrongType))
    }
    pub(crate) fn claim(&self, fact: u32) -> Value {
        self.note(Read::Fact((Of::Claim, fact)));
        self.world
            .claim
            .get(fact as usize)
            .copied()
            .unwrap_or(Value::Fault(Fault::WrongType))
    }
    pub(crate) fn cell(&self, at: u32) -> Value {
        self.world
            .cells
            .get(at as usize)
            .copied()
            .unwrap_or(Value::Fault(Fault::WrongType))
    }
    /// The facts that an unknown value lacks.
    pub(crate) fn missing(&self, set: u32) -> Vec<FactKey> {
        let base = self.world.unknowns.len();
        match self.world.unknowns.get(set as usize) {
            Some(one) => vec![*one],
            None => self
                .scratch
                .unknowns
                .borrow()
                .get(set as usize - base)
                .cloned()
                .unwrap_or_default(),
        }
    }
    /// The value that lacks what both lack. A fault outranks.
    pub(crate) fn both(&self, a: Value, b: Value) -> Value {
        match (a, b) {
            (Value::Fault(_), _) => a,
            (_, Value::Fault(_)) => b,
            (Value::Unknown(x), Value::Unknown(y)) if x == y => a,
            (Value::Unknown(x), Value::Unknown(y)) => {
                let (mut set, more) = (self.missing(x), self.missing(y));
                if !self.spend(set.len() + more.len()) {
                    return Value::Fault(Fault::TooLong);
                }
                let before = set.len();
                set.extend(more);
                set.sort_unstable();
                set.dedup();
                if set.len() == before {
                    return a;
                }
                let mut extra = self.scratch.unknowns.borrow_mut();
                extra.push(set);
                Value::Unknown(u32::try_from(self.world.unknowns.len() + extra.len() - 1).unwrap_or(0))
            }
            (Value::Unknown(_), _) => a,
            _ => b,
        }
    }
    /// Keeps a list and gives the value that stands for it.
    pub(crate) fn keep(&self, values: &[Value]) -> Value {
        let mut lists = self.scratch.lists.borrow_mut();
        let at = lists.len();
        if at + values.len() > MOST_KEPT {
            return Value::Fault(Fault::TooLong);
        }
        lists.extend_from_slice(values);
        match (u32::try_from(at), u32::try_from(values.len())) {
            (Ok(at), Ok(length)) => Value::List(at, length),
            _ => Value::Fault(Fault::TooLong),
        }
    }
    pub(crate) fn kept(&self, at: u32) -> Value {
        self.scratch
            .lists
            .borrow()
            .get(at as usize)
            .copied()
            .unwrap_or(Value::Fault(Fault::WrongType))
    }
}

/// Works out one value.
pub(crate) type Fun = Box<dyn Fn(&Context<'_>) -> Value + Send + Sync>;
/// Hands each element of a list on; an element that is unknown stands for a part of the list that is.
pub(crate) type Each = Box<dyn Fn(&Context<'_>, &mut dyn FnMut(Value) -> Walk) -> Walk + Send + Sync>;

/// Whether a walk through a list goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Walk {
    On,
    Stop,
}

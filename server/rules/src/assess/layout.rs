//! Facts of many households laid out in columns, only those that are asked for.

use super::{
    input::{AwardInForce, Facts, Input, PersonFacts},
    prepare::{is_text, single},
};
use crate::lang::{
    Dictionary, Fault, Type, Value, age,
    columns::{Column, FAULT, KNOWN, List, Needs, Sheet, UNKNOWN, Unit, state_of, word},
    given,
};
use karton_api::{
    Date, FactValue, Id,
    value::{self, Record},
};
use std::{
    cmp::Ordering,
    collections::{BTreeSet, HashMap},
    rc::Rc,
};

/// The facts of some households, ready for the rules of one benefit.
#[derive(Debug)]
pub struct Laid<'i> {
    pub(super) inputs: &'i [Input],
    /// None where all are worked out one by one.
    pub(super) sheet: Option<Sheet>,
    /// Households that are worked out by themselves, by their places.
    pub(super) alone: Vec<usize>,
}

impl<'i> Laid<'i> {
    pub(super) fn one_by_one(inputs: &'i [Input]) -> Laid<'i> {
        Laid {
            inputs,
            sheet: None,
            alone: Vec::new(),
        }
    }
}

/// People of a household and rows of their facts, all together, that are worked out together with those of others. Beyond that lists inside
/// lists may come to a bound, which a household has for itself.
pub(super) const MOST: usize = 250;

/// Names of the facts of one kind of holder, in order, each with its place among those that are asked for.
pub(super) type Names<'p> = Vec<(&'p str, usize)>;

pub(super) fn names<'p>(numbers: &BTreeSet<u32>, facts: &'p [(String, Type)]) -> Names<'p> {
    let named = |(place, number): (usize, &u32)| Some((facts.get(*number as usize)?.0.as_str(), place));
    let mut found: Names<'p> = numbers.iter().enumerate().filter_map(named).collect();
    found.sort_unstable();
    found
}

/// Finds what is asked for among things that have their names in order, in one go through both.
fn find<'i, T>(
    names: &Names<'_>,
    among: impl Iterator<Item = (&'i String, T)>,
    mut found: impl FnMut(usize, T),
) {
    let mut names = names.iter();
    let mut wanted = names.next();
    for (name, thing) in among {
        while let Some((first, place)) = wanted {
            match (*first).cmp(name.as_str()) {
                Ordering::Less => wanted = names.next(),
                Ordering::Equal => {
                    found(*place, thing);
                    wanted = names.next();
                    break;
                }
                Ordering::Greater => break,
            }
        }
        if wanted.is_none() {
            return;
        }
    }
}

/// Columns of a kind of rows that are found in one go.
const MOST_COLUMNS: usize = 8;

fn everybody(input: &Input) -> impl Iterator<Item = &PersonFacts> {
    std::iter::once(&input.applicant)
        .chain(&input.members)
        .chain(&input.others)
}

pub(super) fn lay_out<'i>(dictionary: &Dictionary, needs: &Needs, inputs: &'i [Input]) -> Laid<'i> {
    let known_at = inputs.first().and_then(|input| input.known_at);
    let mut layout = Layout::new(dictionary, needs);
    let mut persons = layout.cells(&needs.person, &dictionary.person.facts);
    let mut household = layout.cells(&needs.household, &dictionary.household.facts);
    let mut claim = layout.cells(&needs.claim, &dictionary.claim.facts);
    let of_persons = names(&needs.person, &dictionary.person.facts);
    let of_household = names(&needs.household, &dictionary.household.facts);
    let of_claim = names(&needs.claim, &dictionary.claim.facts);
    let mut read = Read::default();
    let (mut on, mut lodged) = (Vec::new(), Vec::new());
    let (mut up, mut members, mut applicants) = (Vec::new(), Vec::new(), Vec::new());
    let (mut alone, mut only_members, mut count) = (Vec::new(), true, 0_u32);
    for (at, input) in inputs.iter().enumerate() {
        read.clear();
        for person in everybody(input) {
            read.rows += 1 + person.awards.len() + person.family_awards.len() + person.awards_about.len();
            read.facts(&of_persons, &person.facts);
        }
        read.facts(&of_household, &input.household);
        read.facts(&of_claim, &input.claim);
        // What is suspended, and the law as it was known on another day, is a household's own.
        if !input.suspended.is_empty() || input.known_at != known_at || read.rows > MOST {
            alone.push(at);
            continue;
        }
        let lane = u32::try_from(on.len()).unwrap_or(u32::MAX);
        on.push(input.on);
        lodged.push(input.lodged);
        applicants.push(i64::from(count));
        only_members &= input.others.is_empty();
        layout.people.clear();
        for (number, person) in (count..).zip(everybody(input)) {
            layout.people.extend(person.person.map(|id| (id, number)));
        }
        for (number, person) in everybody(input).enumerate() {
            if number <= input.members.len() {
                up.push(lane);
                members.push(i64::from(count));
            }
            let facts = read.next(of_persons.len());
            let relationship = (number == 0).then_some("self");
            layout.person(relationship, (person, facts), input.on, &mut persons);
            count += 1;
        }
        let facts = read.next(of_household.len());
        layout.holder(
            &needs.household,
            &dictionary.household.facts,
            facts,
            &mut household,
        );
        let facts = read.next(of_claim.len());
        layout.holder(&needs.claim, &dictionary.claim.facts, facts, &mut claim);
    }
    let sheet = Sheet {
        lanes: on.len(),
        on: day(on),
        lodged: day(lodged),
        known_at: known_at.unwrap_or(Date::MAX),
        members: List {
            up: Rc::new(up),
            of: person(members),
            lacks: None,
        },
        only_members,
        applicants: person(applicants),
        persons: spread(&needs.person, persons),
        household: spread(&needs.household, household),
        claim: spread(&needs.claim, claim),
        rows: layout.rows_of_all(),
    };
    Laid {
        inputs,
        sheet: Some(sheet),
        alone,
    }
}

/// Days in their lanes.
pub(super) fn day(days: Vec<Date>) -> Rc<Column> {
    match days.first() {
        Some(first) if days.iter().all(|day| day == first) => Rc::new(Column::One(Value::Date(*first))),
        _ => Rc::new(Column::collect(Unit::Date, days.into_iter().map(Value::Date))),
    }
}

/// People by their numbers.
pub(super) fn person(numbers: Vec<i64>) -> Rc<Column> {
    Rc::new(Column::Words {
        unit: Unit::Person,
        at: numbers,
        states: None,
    })
}

/// The facts of one household that are asked for, found but not yet laid out.
#[derive(Default)]
pub(super) struct Read<'i> {
    found: Vec<Option<&'i FactValue>>,
    taken: usize,
    /// People, and rows of these facts.
    pub(super) rows: usize,
}

impl<'i> Read<'i> {
    pub(super) fn clear(&mut self) {
        self.found.clear();
        (self.taken, self.rows) = (0, 0);
    }
    pub(super) fn facts(&mut self, names: &Names<'_>, known: &'i Facts) {
        let first = self.found.len();
        self.found.resize(first + names.len(), None);
        let Read { found, rows, .. } = self;
        find(names, known.iter(), |place, known| {
            if let FactValue::Rows(more) = &known.value {
                *rows += more.len();
            }
            if let Some(found) = found.get_mut(first + place) {
                *found = Some(&known.value);
            }
        });
    }
    pub(super) fn next(&mut self, count: usize) -> &[Option<&'i FactValue>] {
        let first = self.taken;
        self.taken += count;
        self.found.get(first..self.taken).unwrap_or_default()
    }
}

/// Columns by the numbers of their facts.
pub(super) fn spread(numbers: &BTreeSet<u32>, cells: Vec<Cells>) -> Vec<Option<Rc<Column>>> {
    let length = numbers.last().map_or(0, |last| *last as usize + 1);
    let mut found = vec![None; length];
    for (number, cells) in numbers.iter().zip(cells) {
        if let Some(place) = found.get_mut(*number as usize) {
            *place = Some(Rc::new(cells.column()));
        }
    }
    found
}

/// A column that grows.
pub(super) enum Cells {
    Words {
        unit: Unit,
        at: Vec<i64>,
        states: Option<Vec<u8>>,
    },
    Values(Vec<Value>),
    /// Rows of each lane: numbers in the table of their kind.
    Lists {
        table: usize,
        lanes: u32,
        up: Vec<u32>,
        rows: Vec<i64>,
        lacks: Option<Vec<u8>>,
    },
}

/// Rows of one kind, of whomever.
#[derive(Default)]
struct Table<'p> {
    rows: u32,
    names: Names<'p>,
    /// Those that are asked for.
    columns: Vec<Cells>,
}

fn mark(states: &mut Option<Vec<u8>>, state: u8, before: usize) {
    if state != KNOWN && states.is_none() {
        *states = Some(vec![KNOWN; before]);
    }
    if let Some(states) = states {
        states.push(state);
    }
}

impl Cells {
    fn new(ty: Option<&Type>) -> Cells {
        match ty.map_or(Unit::Other, Unit::of) {
            Unit::Other | Unit::List => Cells::Values(Vec::new()),
            unit => Cells::Words {
                unit,
                at: Vec::new(),
                states: None,
            },
        }
    }
    fn push(&mut self, value: Value) {
        match self {
            Cells::Words { at, states, .. } => {
                let found = word(value);
                let state = match (found, state_of(value)) {
                    (None, KNOWN) => FAULT,
                    (_, state) => state,
                };
                mark(states, state, at.len());
                at.push(found.unwrap_or(0));
            }
            Cells::Values(values) => values.push(value),
            Cells::Lists { .. } => self.push_rows(0..0, state_of(value).max(UNKNOWN)),
        }
    }
    fn push_rows(&mut self, range: std::ops::Range<u32>, state: u8) {
        match self {
            Cells::Lists {
                lanes,
                up,
                rows,
                lacks,
                ..
            } => {
                up.extend(range.clone().map(|_| *lanes));
                rows.extend(range.map(i64::from));
                mark(lacks, state, *lanes as usize);
                *lanes += 1;
            }
            other => other.push(Value::Fault(Fault::WrongType)),
        }
    }
    fn column(self) -> Column {
        match self {
            Cells::Words { unit, at, states } => Column::Words { unit, at, states },
            Cells::Values(values) => Column::Values(values),
            Cells::Lists { up, rows, lacks, .. } => Column::List(List {
                up: Rc::new(up),
                of: Rc::new(Column::Words {
                    unit: Unit::Row,
                    at: rows,
                    states: None,
                }),
                lacks,
            }),
        }
    }
}

/// Texts that are kept at hand, by their length.
const RECENT: usize = 16;

pub(super) struct Layout<'p, 'i> {
    dictionary: &'p Dictionary,
    needs: &'p Needs,
    /// Texts that the pack does not know, numbered after its own.
    texts: HashMap<String, u32>,
    tables: Vec<Table<'p>>,
    /// Of the household at hand.
    pub(super) people: Vec<(Id<value::Person>, u32)>,
    /// Cells of one row while it is read.
    open: Vec<Value>,
    /// The last text of each length and its number: the same few come again and again.
    recent: [Option<(&'i str, Value)>; RECENT],
}

impl<'p, 'i> Layout<'p, 'i> {
    pub(super) fn new(dictionary: &'p Dictionary, needs: &'p Needs) -> Layout<'p, 'i> {
        let mut layout = Layout {
            dictionary,
            needs,
            texts: HashMap::new(),
            tables: needs.rows.iter().map(|_| Table::default()).collect(),
            people: Vec::new(),
            open: Vec::new(),
            recent: [None; RECENT],
        };
        for (table, (row, columns)) in layout.tables.iter_mut().zip(&needs.rows) {
            let ty = |column: &u32| row.columns.get(*column as usize).map(|(_, ty)| ty);
            table.columns = columns.iter().map(|column| Cells::new(ty(column))).collect();
            table.names = names(columns, &row.columns);
        }
        layout
    }

    /// The columns of all kinds of rows.
    pub(super) fn rows_of_all(self) -> Vec<Vec<Option<Rc<Column>>>> {
        let tables = self.needs.rows.iter().zip(self.tables);
        tables
            .map(|((_, columns), table)| spread(columns, table.columns))
            .collect()
    }

    pub(super) fn cells(&self, numbers: &BTreeSet<u32>, facts: &[(String, Type)]) -> Vec<Cells> {
        let of = |number: &u32| {
            let ty = facts.get(*number as usize).map(|(_, ty)| ty);
            match ty.and_then(Type::element) {
                Some(Type::Row(row)) => match self.needs.find(row) {
                    Some(table) => Cells::Lists {
                        table,
                        lanes: 0,
                        up: Vec::new(),
                        rows: Vec::new(),
                        lacks: None,
                    },
                    None => Cells::Values(Vec::new()),
                },
                _ => Cells::new(ty),
            }
        };
        numbers.iter().map(of).collect()
    }

    fn text(&mut self, text: &'i str) -> Value {
        let place = text.len() % RECENT;
        match self.recent.get(place) {
            Some(Some((recent, value))) if *recent == text => return *value,
            _ => {}
        }
        let value = Value::Text(self.number(text));
        if let Some(recent) = self.recent.get_mut(place) {
            *recent = Some((text, value));
        }
        value
    }

    fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self
            .dictionary
            .number(text)
            .or_else(|| self.texts.get(text).copied())
        {
            return number;
        }
        let number = u32::try_from(self.dictionary.texts.len() + self.texts.len()).unwrap_or(u32::MAX);
        self.texts.insert(text.to_owned(), number);
        number
    }

    fn value(&mut self, value: &'i FactValue, ty: &Type) -> Value {
        if let FactValue::Text(text) | FactValue::Code(text) = value
            && is_text(value, ty)
        {
            return self.text(text);
        }
        // Of two people with one id the last one counts.
        let person = |id: &Id<value::Person>| {
            let found = self.people.iter().rfind(|(found, _)| found == id);
            found.map(|(_, number)| *number)
        };
        single(value, ty, &self.dictionary.currency, person)
    }

    fn fact(&mut self, known: Option<&'i FactValue>, ty: &Type, cells: &mut Cells) {
        match (known, &mut *cells) {
            (Some(FactValue::Rows(rows)), Cells::Lists { table, .. }) => {
                let (begin, end) = self.rows(rows, *table);
                cells.push_rows(begin..end, KNOWN);
            }
            (Some(_), Cells::Lists { .. }) => cells.push(Value::Fault(Fault::WrongType)),
            (Some(value), _) => cells.push(self.value(value, ty)),
            (None, _) => cells.push(Value::Unknown(0)),
        }
    }

    /// Puts rows into their table, and says from where to where they stand.
    fn rows(&mut self, rows: &'i [Record], table: usize) -> (u32, u32) {
        let needs = self.needs;
        let (Some((row, columns)), Some(kept)) = (needs.rows.get(table), self.tables.get_mut(table)) else {
            return (0, 0);
        };
        let begin = kept.rows;
        // The names are lent while the rows are read.
        let names = std::mem::take(&mut kept.names);
        let mut found: [Option<&FactValue>; MOST_COLUMNS] = [None; MOST_COLUMNS];
        let few = columns.len() <= MOST_COLUMNS;
        for cells in rows {
            if few {
                found.fill(None);
                find(&names, cells.iter(), |place, value| {
                    if let Some(found) = found.get_mut(place) {
                        *found = Some(value);
                    }
                });
            }
            for (place, column) in columns.iter().enumerate() {
                let Some((name, ty)) = row.columns.get(*column as usize) else {
                    continue;
                };
                let cell = if few {
                    found.get(place).copied().flatten()
                } else {
                    cells.get(name)
                };
                let value = match cell {
                    Some(FactValue::Rows(_)) => Value::Fault(Fault::WrongType),
                    Some(value) => self.value(value, ty),
                    None => Value::Unknown(0),
                };
                self.open.push(value);
            }
            self.row(table);
        }
        let Some(kept) = self.tables.get_mut(table) else {
            return (0, 0);
        };
        kept.names = names;
        (begin, kept.rows)
    }

    /// Puts the open row into its table.
    fn row(&mut self, table: usize) {
        if let Some(table) = self.tables.get_mut(table) {
            for (cells, value) in table.columns.iter_mut().zip(self.open.drain(..)) {
                cells.push(value);
            }
            table.rows += 1;
        }
        self.open.clear();
    }

    pub(super) fn holder(
        &mut self,
        numbers: &BTreeSet<u32>,
        facts: &[(String, Type)],
        known: &[Option<&'i FactValue>],
        cells: &mut [Cells],
    ) {
        for ((number, known), cells) in numbers.iter().zip(known).zip(cells) {
            if let Some((_, ty)) = facts.get(*number as usize) {
                self.fact(*known, ty, cells);
            }
        }
    }

    /// Somebody's facts; `relationship` where it is another than the facts say.
    pub(super) fn person(
        &mut self,
        relationship: Option<&'i str>,
        (person, facts): (&'i PersonFacts, &[Option<&'i FactValue>]),
        on: Date,
        cells: &mut [Cells],
    ) {
        let (dictionary, needs) = (self.dictionary, self.needs);
        let given = |fact: u32| {
            let name = given::NAMES.get(fact as usize)?;
            person.facts.get(*name).map(|known| &known.value)
        };
        for ((number, known), cells) in needs.person.iter().zip(facts).zip(cells) {
            let Some((_, ty)) = dictionary.person.facts.get(*number as usize) else {
                continue;
            };
            let lists = [&person.awards, &person.family_awards, &person.awards_about];
            let awards = given::OF_ANY_DAY.into_iter().zip(lists);
            let list = awards
                .into_iter()
                .find(|((now, ever), _)| now == number || ever == number);
            match (*number, relationship) {
                (given::RELATIONSHIP, Some(relationship)) => {
                    let own = self.text(relationship);
                    cells.push(own);
                }
                (given::ALIVE, _) if known.is_none() => {
                    let dead = matches!(given(given::DEATH_DATE), Some(FactValue::Date(died)) if *died <= on);
                    cells.push(Value::Bool(!dead));
                }
                (given::AGE, _) => {
                    let birth = given(given::BIRTH_DATE);
                    let birth = birth.map_or(Value::Unknown(0), |birth| self.value(birth, &Type::Date));
                    cells.push(match birth {
                        Value::Date(birth) => Value::Int(age(birth, on)),
                        other => other,
                    });
                }
                _ => match list {
                    Some(((now, _), awards)) => {
                        self.awards(awards, (now == *number).then_some(on), ty, cells)
                    }
                    None => self.fact(*known, ty, cells),
                },
            }
        }
    }

    /// Awards in force on a day, the end of an open one not known; or all of them, open ones until the last day there is.
    fn awards(&mut self, awards: &'i [AwardInForce], on: Option<Date>, ty: &Type, cells: &mut Cells) {
        let table = match ty.element() {
            Some(Type::Row(row)) => self.needs.find(row),
            _ => None,
        };
        let needs = self.needs;
        let Some((table, (_, columns))) = table.and_then(|table| Some((table, needs.rows.get(table)?)))
        else {
            return cells.push(Value::Fault(Fault::WrongType));
        };
        let begin = self.tables.get(table).map_or(0, |table| table.rows);
        let counts = |award: &&AwardInForce| {
            on.is_none_or(|on| award.from <= on && award.until.is_none_or(|until| on < until))
        };
        for award in awards.iter().filter(counts) {
            let until = match (award.until, on) {
                (Some(until), _) => Value::Date(until),
                (None, Some(_)) => Value::Unknown(0),
                (None, None) => Value::Date(Date::MAX),
            };
            for column in columns {
                let value = match column {
                    0 => self.text(&award.benefit),
                    1 => Value::Date(award.from),
                    2 => until,
                    _ => Value::Money(award.amount.minor),
                };
                self.open.push(value);
            }
            self.row(table);
        }
        let end = self.tables.get(table).map_or(0, |table| table.rows);
        cells.push_rows(begin..end, KNOWN);
    }
}

use super::input::{AwardInForce, Facts, Input, PersonFacts};
use crate::{
    lang::{Dictionary, Fault, Holder, Of, Ratio, Type, Value, World, age, given},
    pack::Pack,
};
use karton_api::{
    Date, FactValue, Id,
    value::{self, Record},
};
use std::{collections::HashMap, sync::Arc};

/// Lays facts out flat, once, so that rules read them by index.
struct Builder<'p> {
    dictionary: &'p Dictionary,
    cells: Vec<Value>,
    unknowns: Vec<(Of, u32)>,
    texts: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, u32>,
    people: HashMap<Id<value::Person>, u32>,
}

impl Pack {
    /// Lays the facts of an input out for evaluation. Facts of another type than the dictionary says become faults,
    /// facts the dictionary does not have are left out.
    pub fn prepare(&self, input: &Input) -> World {
        prepare(&self.dictionary, input)
    }
}

/// A household as somebody of it asks, without a copy of its facts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen<'i> {
    pub(super) input: &'i Input,
    /// Who asks: 0 the applicant of the input, others its members by their place and one; the two are exchanged.
    pub(super) applicant: usize,
    /// What everybody is to whoever asks, in the order of the input, where it is another than the facts say.
    pub(super) relationships: &'i [&'i str],
    pub(super) claim: &'i Facts,
    pub(super) others: &'i [PersonFacts],
}

impl<'i> Seen<'i> {
    pub(super) fn of(input: &'i Input) -> Seen<'i> {
        Seen {
            input,
            applicant: 0,
            relationships: &[],
            claim: &input.claim,
            others: &input.others,
        }
    }

    /// The place in the input of whoever stands at a place as they are seen.
    pub(super) fn place(&self, at: usize) -> usize {
        match at {
            0 => self.applicant,
            at if at == self.applicant => 0,
            at => at,
        }
    }

    /// The members as they are seen, whoever asks first, and those outside of the household; what each of them is to whoever asks where the facts
    /// say something else.
    pub(super) fn everybody(self) -> impl Iterator<Item = (Option<&'i str>, &'i PersonFacts)> {
        let members = (0..=self.input.members.len()).filter_map(move |at| {
            let place = self.place(at);
            let person = match place.checked_sub(1) {
                None => Some(&self.input.applicant),
                Some(member) => self.input.members.get(member),
            };
            let relationship = match at {
                0 => Some("self"),
                _ => self.relationships.get(place).copied(),
            };
            Some((relationship, person?))
        });
        members.chain(self.others.iter().map(|other| (None, other)))
    }
}

/// Lays the facts of an input out by a dictionary.
pub(crate) fn prepare(dictionary: &Dictionary, input: &Input) -> World {
    prepare_seen(dictionary, Seen::of(input))
}

/// The same of a household as somebody of it asks.
pub(super) fn prepare_seen(dictionary: &Dictionary, seen: Seen<'_>) -> World {
    let input = seen.input;
    let mut builder = Builder {
        dictionary,
        cells: Vec::new(),
        unknowns: Vec::new(),
        texts: Vec::new(),
        numbers: HashMap::new(),
        people: HashMap::new(),
    };
    for (number, (_, person)) in seen.everybody().enumerate() {
        if let (Some(id), Ok(number)) = (person.person, u32::try_from(number)) {
            builder.people.insert(id, number);
        }
    }
    let width = dictionary.person.facts.len();
    let mut persons = Vec::with_capacity(width * (1 + input.members.len() + seen.others.len()));
    for (number, (relationship, person)) in seen.everybody().enumerate() {
        let of = Of::Person(u32::try_from(number).unwrap_or(u32::MAX));
        builder.person(of, (relationship, person), input.on, &mut persons);
    }
    let household = builder.holder(&dictionary.household, Of::Household, &input.household);
    let claim = builder.holder(&dictionary.claim, Of::Claim, seen.claim);
    let suspended = input.suspended.iter().filter_map(|it| {
        let person = match it.person {
            None => None,
            Some(person) => Some(*builder.people.get(&person)?),
        };
        Some((it.part.clone(), person))
    });
    let suspended = suspended.collect();
    World {
        suspended,
        on: input.on,
        lodged: input.lodged,
        known_at: input.known_at.unwrap_or(Date::MAX),
        members: u32::try_from(input.members.len() + 1).unwrap_or(u32::MAX),
        persons,
        width,
        household,
        claim,
        cells: builder.cells,
        unknowns: builder.unknowns,
        texts: builder.texts,
    }
}

impl Builder<'_> {
    fn unknown(&mut self, of: Of, fact: u32) -> Value {
        self.unknowns.push((of, fact));
        u32::try_from(self.unknowns.len() - 1).map_or(Value::Fault(Fault::TooLarge), Value::Unknown)
    }

    fn text(&mut self, text: &str) -> Value {
        if let Some(number) = self
            .dictionary
            .number(text)
            .or_else(|| self.numbers.get(text).copied())
        {
            return Value::Text(number);
        }
        let number = u32::try_from(self.dictionary.texts.len() + self.texts.len()).unwrap_or(u32::MAX);
        let text: Arc<str> = text.into();
        self.texts.push(text.clone());
        self.numbers.insert(text, number);
        Value::Text(number)
    }

    fn holder(&mut self, holder: &Holder, of: Of, known: &Facts) -> Vec<Value> {
        // Far fewer facts are known than a dictionary has.
        let mut there: Vec<Option<&FactValue>> = vec![None; holder.facts.len()];
        for (name, known) in known {
            let place = holder
                .find(name)
                .and_then(|(number, _)| there.get_mut(number as usize));
            if let Some(place) = place {
                *place = Some(&known.value);
            }
        }
        let mut found = Vec::with_capacity(there.len());
        for (number, ((_, ty), known)) in (0_u32..).zip(holder.facts.iter().zip(there)) {
            found.push(match known {
                Some(value) => self.value(value, ty, of, number),
                None => self.unknown(of, number),
            });
        }
        found
    }

    fn person(
        &mut self,
        of: Of,
        (relationship, person): (Option<&str>, &PersonFacts),
        on: Date,
        persons: &mut Vec<Value>,
    ) {
        let dictionary = self.dictionary;
        let start = persons.len();
        persons.extend(self.holder(&dictionary.person, of, &person.facts));
        let Some(own) = persons.get_mut(start..) else {
            return;
        };
        let place = |fact: u32| fact as usize;
        if let Some(relationship) = relationship {
            own[place(given::RELATIONSHIP)] = self.text(relationship);
        }
        if let Value::Unknown(_) = own[place(given::ALIVE)] {
            let dead = matches!(own[place(given::DEATH_DATE)], Value::Date(died) if died <= on);
            own[place(given::ALIVE)] = Value::Bool(!dead);
        }
        own[place(given::AGE)] = match own[place(given::BIRTH_DATE)] {
            Value::Date(birth) => Value::Int(age(birth, on)),
            // Asking for the age is asking for the day of birth.
            unknown => unknown,
        };
        let lists = [&person.awards, &person.family_awards, &person.awards_about];
        for ((now, ever), awards) in given::OF_ANY_DAY.into_iter().zip(lists) {
            let in_force = |a: &&AwardInForce| a.from <= on && a.until.is_none_or(|until| on < until);
            let current: Vec<_> = awards.iter().filter(in_force).collect();
            own[place(now)] = self.awards(&current, Some((of, now)));
            own[place(ever)] = self.awards(&awards.iter().collect::<Vec<_>>(), None);
        }
    }

    /// Rows of awards. The end of an open one is unknown, as a fact of `open`; otherwise the last day there is.
    fn awards(&mut self, awards: &[&AwardInForce], open: Option<(Of, u32)>) -> Value {
        let rows = awards;
        let at = self.cells.len();
        let mut cells = Vec::new();
        for award in rows {
            let until = match (award.until, open) {
                (Some(until), _) => Value::Date(until),
                (None, Some((of, fact))) => self.unknown(of, fact),
                (None, None) => Value::Date(Date::MAX),
            };
            cells.extend([
                self.text(&award.benefit),
                Value::Date(award.from),
                until,
                Value::Money(award.amount.minor),
            ]);
        }
        self.cells.extend(cells);
        rows_value(at, rows.len(), 4)
    }

    fn value(&mut self, value: &FactValue, ty: &Type, of: Of, fact: u32) -> Value {
        if let (FactValue::Rows(rows), Type::List(element)) = (value, ty) {
            return match element.as_ref() {
                Type::Row(row) => self.rows(rows, &row.columns, of, fact),
                _ => Value::Fault(Fault::WrongType),
            };
        }
        if let FactValue::Text(text) | FactValue::Code(text) = value
            && is_text(value, ty)
        {
            return self.text(text);
        }
        let person = |id: &Id<value::Person>| self.people.get(id).copied();
        single(value, ty, &self.dictionary.currency, person)
    }

    fn rows(&mut self, rows: &[Record], columns: &[(String, Type)], of: Of, fact: u32) -> Value {
        let mut cells = Vec::with_capacity(rows.len() * columns.len());
        for row in rows {
            for (name, ty) in columns {
                cells.push(match row.get(name) {
                    // Rows in rows do not exist: a column is a single value.
                    Some(FactValue::Rows(_)) => Value::Fault(Fault::WrongType),
                    Some(value) => self.value(value, ty, of, fact),
                    None => self.unknown(of, fact),
                });
            }
        }
        let at = self.cells.len();
        self.cells.extend(cells);
        rows_value(at, rows.len(), columns.len())
    }
}

/// Whether a value is a text or code, and should be.
pub(super) fn is_text(value: &FactValue, ty: &Type) -> bool {
    matches!(
        (value, ty),
        (FactValue::Text(_), Type::Text) | (FactValue::Code(_), Type::Code(_))
    )
}

/// A single value that is no text; a fault where it is not of the type of its fact.
pub(super) fn single(
    value: &FactValue,
    ty: &Type,
    currency: &str,
    person: impl FnOnce(&Id<value::Person>) -> Option<u32>,
) -> Value {
    match (value, ty) {
        (FactValue::Bool(b), Type::Bool) => Value::Bool(*b),
        (FactValue::Int(n), Type::Int | Type::Decimal) => Value::Int(*n),
        (FactValue::Decimal(text), Type::Decimal) => text
            .parse::<Ratio>()
            .map_or(Value::Fault(Fault::WrongType), Value::Ratio),
        (FactValue::Money(money), Type::Money(_)) if money.currency.code() == currency => {
            Value::Money(money.minor)
        }
        (FactValue::Date(day), Type::Date) => Value::Date(*day),
        (FactValue::Person(id), Type::Person) => {
            person(id).map_or(Value::Fault(Fault::NoSuchPerson), Value::Person)
        }
        _ => Value::Fault(Fault::WrongType),
    }
}

fn rows_value(at: usize, count: usize, width: usize) -> Value {
    match (u32::try_from(at), u32::try_from(count), u32::try_from(width)) {
        (Ok(at), Ok(count), Ok(width)) => Value::Rows { at, count, width },
        _ => Value::Fault(Fault::TooLong),
    }
}

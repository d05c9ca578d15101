//! Worked examples and files of facts: `catalogue/<benefit>/cases.toml`.

use super::{
    Case, CodeList, Expect, FactDef, HolderKind, Literal, MunicipalityRow,
    load::literal,
    load_party,
    read::{File, Item, Table, To},
};
use crate::{
    assess::{AwardInForce, FactRef, Facts, Input, Known, Outcome, PersonFacts, Suspended},
    lang::{Type, hint},
};
use karton_api::{Currency, Date, FactValue, Id, Money, Timestamp, value};
use std::collections::BTreeMap;

/// What facts in TOML are read against.
pub(super) struct FactReader<'p> {
    pub(super) codes: &'p BTreeMap<String, CodeList>,
    pub(super) municipalities: &'p [MunicipalityRow],
    pub(super) facts: &'p [FactDef],
    pub(super) currency: Currency,
    pub(super) minor_units: u8,
}

pub(super) fn cases(file: File<'_>, reader: &FactReader<'_>) -> Vec<Case> {
    let toml = file.toml();
    let root = file.table(toml.get_ref(), 0);
    let mut found: Vec<Case> = Vec::new();
    for table in root.tables("case") {
        let name = table.text("name");
        if found.iter().any(|other| other.name == name) {
            table.wrong(format!("the case `{name}` is there twice"));
        }
        let on = table.need("on").and_then(|item| item.date());
        let input = reader.input(&table, on.unwrap_or(Date::MIN));
        let expect = table.need("expect").and_then(|item| item.table());
        let expect = expect.and_then(|expect| expectation(&expect, reader.minor_units));
        let confirmed = table.bool("confirmed", true);
        let odd = table.bool("odd", false);
        let note = table.opt_text("note");
        table.finish();
        if let (Some(expect), Some(_)) = (expect, on) {
            found.push(Case {
                name,
                input,
                expect,
                confirmed,
                odd,
                note,
                place: table.place(),
            });
        }
    }
    root.finish();
    found
}

fn expectation(table: &Table<'_>, minor_units: u8) -> Option<Expect> {
    let outcomes = [
        ("grant", Outcome::Grant),
        ("refuse", Outcome::Refuse),
        ("unknown", Outcome::Unknown),
        ("confirm", Outcome::Confirm),
    ];
    let list = |key: &str| table.opt(key).is_some().then(|| table.strings(key));
    let body = |key: &str| match table.opt_text(key)?.as_str() {
        "nobody" => Some("nobody".to_owned()),
        _ => Some(table.refer(To::Body, key)),
    };
    let money = Type::Money(karton_api::Per::Once);
    let amount = table
        .opt("amount")
        .and_then(|item| match literal(&item, &money, minor_units)? {
            Literal::Money(minor) => Some(minor),
            _ => None,
        });
    let once = table.opt("once").and_then(|item| {
        match literal(&item, &Type::Money(karton_api::Per::Once), minor_units)? {
            Literal::Money(minor) => Some(minor),
            _ => None,
        }
    });
    let found = Expect {
        outcome: table.choice("outcome", &outcomes, None)?,
        amount,
        because: table.strings("because"),
        not_met: list("not_met"),
        confirm: list("confirm"),
        missing: list("missing"),
        once,
        kind: load_party::expected(table, "kind", &load_party::KINDS),
        payee: load_party::expected(table, "payee", &load_party::PAYEES),
        beside: list("beside"),
        better: table
            .choice(
                "better",
                &[("asked", "asked"), ("other", "other"), ("same", "same")],
                Some(""),
            )
            .filter(|better| !better.is_empty())
            .map(str::to_owned),
        given_up: table
            .opt("given_up")
            .and_then(|item| match literal(&item, &money, minor_units)? {
                Literal::Money(minor) => Some(minor),
                _ => None,
            }),
        ran: list("ran"),
        starts: table.opt("starts").and_then(|item| item.date()),
        ends: table.opt("ends").and_then(|item| item.date()),
        decides: body("decides"),
        confirms: body("confirms"),
        pays: body("pays"),
        place: table.place(),
    };
    table.finish();
    Some(found)
}

/// The id a worked example gives to its person; 0 is the applicant.
fn case_person(number: usize) -> Id<value::Person> {
    let mut bytes = [0; 10];
    bytes[9] = u8::try_from(number).unwrap_or(u8::MAX);
    Id::at(Timestamp::UNIX_EPOCH, bytes)
}

impl FactReader<'_> {
    /// The facts of a worked example or of a file of facts: applicant, members, household, claim, awards.
    pub(super) fn input(&self, table: &Table<'_>, on: Date) -> Input {
        let members = table.tables("members");
        let others = table.tables("others");
        let count = Count {
            members: members.len(),
            others: others.len(),
        };
        if count.members > 200 || count.others > 40 {
            table.wrong("a household of more than 200 members, or more than 40 others");
        }
        let applicant = match table.opt("applicant").and_then(|item| item.table()) {
            Some(person) => self.person(&person, 0, count),
            None => PersonFacts {
                person: Some(case_person(0)),
                ..PersonFacts::default()
            },
        };
        let read = |people: &[Table<'_>], first| -> Vec<PersonFacts> {
            let people = people.iter().enumerate();
            people
                .map(|(i, person)| self.person(person, first + i, count))
                .collect()
        };
        let members = read(&members, 1);
        let others = read(&others, 1 + count.members);
        let holder = |key: &str, kind| {
            let table = table.opt(key).and_then(|item| item.table());
            table
                .map(|table| self.facts(&table, kind, count))
                .unwrap_or_default()
        };
        let mut input = Input {
            on,
            lodged: table.opt("lodged").and_then(|item| item.date()).unwrap_or(on),
            known_at: table.opt("known_at").and_then(|item| item.date()),
            suspended: self.suspended(table, count),
            applicant,
            members,
            others,
            household: holder("household", HolderKind::Household),
            claim: holder("claim", HolderKind::Claim),
        };
        for award in table.tables("awards") {
            self.award(&award, &mut input);
            award.finish();
        }
        input
    }

    /// `suspended = ["afc", "afc of member 1"]`
    fn suspended(&self, table: &Table<'_>, count: Count) -> Vec<Suspended> {
        let items = table.items("suspended").into_iter();
        let one = |item: Item<'_>| {
            let text = item.text()?;
            let (part, whose) = match text.split_once(" of ") {
                Some((part, whose)) => (part, Some(person_number(&item, whose, count)?)),
                None => (text, None),
            };
            Some(Suspended {
                part: part.to_owned(),
                person: whose.map(case_person),
            })
        };
        items.filter_map(one).collect()
    }

    fn award(&self, table: &Table<'_>, input: &mut Input) {
        let amount = table.need("amount").and_then(|item| {
            match literal(&item, &Type::Money(karton_api::Per::Month), self.minor_units)? {
                Literal::Money(minor) => Some(Money::new(minor, self.currency)),
                _ => None,
            }
        });
        let award = AwardInForce {
            benefit: table.refer(To::Benefit, "benefit"),
            from: table
                .need("from")
                .and_then(|item| item.date())
                .unwrap_or(Date::MIN),
            until: table.opt("until").and_then(|item| item.date()),
            amount: amount.unwrap_or(Money::new(0, self.currency)),
            award: None,
        };
        let count = Count {
            members: input.members.len(),
            others: input.others.len(),
        };
        let number = |item: &Item<'_>| person_number(item, item.text()?, count);
        if let Some(person) = table
            .need("of")
            .and_then(|item| number(&item))
            .and_then(|n| numbered(input, n))
        {
            person.awards.push(award.clone());
        }
        for item in table.items("covers") {
            if let Some(person) = number(&item).and_then(|n| numbered(input, n)) {
                person.family_awards.push(award.clone());
            }
        }
        if let Some(person) = table
            .opt("about")
            .and_then(|item| number(&item))
            .and_then(|n| numbered(input, n))
        {
            person.awards_about.push(award);
        }
    }

    fn person(&self, table: &Table<'_>, number: usize, members: Count) -> PersonFacts {
        let mut facts = self.facts(table, HolderKind::Person, members);
        if number == 0 {
            let own = Known::declared(FactValue::Code("self".to_owned()));
            facts.entry("relationship".to_owned()).or_insert(own);
        }
        PersonFacts {
            person: Some(case_person(number)),
            facts,
            ..PersonFacts::default()
        }
    }

    fn facts(&self, table: &Table<'_>, holder: HolderKind, members: Count) -> Facts {
        let mut found = Facts::new();
        for (name, item) in table.entries() {
            let Some(ty) = self.type_of(holder, name) else {
                let own = self
                    .facts
                    .iter()
                    .filter(|fact| fact.holder == holder)
                    .map(|fact| fact.name.as_str());
                let near = hint(name, own.chain(crate::lang::given::NAMES));
                item.wrong(format!("there is no fact `{name}` here{near}"));
                continue;
            };
            if let Some(value) = self.value(&item, &ty, members) {
                found.insert(
                    name.to_owned(),
                    Known {
                        value,
                        source: FactRef {
                            kind: "declaration".to_owned(),
                            ..FactRef::default()
                        },
                    },
                );
            }
        }
        found
    }

    fn known_code(&self, item: &Item<'_>, ty: &Type, code: &str) {
        let Type::Code(list) = ty else { return };
        let names: Vec<&str> = match (&**list, self.codes.get(&**list)) {
            ("municipalities", _) => self.municipalities.iter().map(|row| row.code.as_str()).collect(),
            (_, Some(list)) => list.entries.iter().map(|entry| entry.code.as_str()).collect(),
            // A list that is missing is a mistake of its own.
            (_, None) => return,
        };
        if !names.contains(&code) {
            item.wrong(format!(
                "the code list `{list}` has no `{code}`{}",
                hint(code, names.iter().copied())
            ));
        }
    }

    fn type_of(&self, holder: HolderKind, name: &str) -> Option<Type> {
        if holder == HolderKind::Person {
            match name {
                "birth_date" | "death_date" => return Some(Type::Date),
                "sex" => return Some(Type::Code("sexes".into())),
                "relationship" => return Some(Type::Code("relationships".into())),
                "alive" => return Some(Type::Bool),
                _ => {}
            }
        }
        let fact = self
            .facts
            .iter()
            .find(|fact| fact.holder == holder && fact.name == name)?;
        Some(fact.ty.clone())
    }

    fn value(&self, item: &Item<'_>, ty: &Type, members: Count) -> Option<FactValue> {
        match ty {
            Type::Person => {
                let number = person_number(item, item.text()?, members)?;
                return Some(FactValue::Person(case_person(number)));
            }
            Type::List(element) => {
                let Type::Row(row) = element.as_ref() else {
                    return None;
                };
                let mut rows = Vec::new();
                for item in item.array()? {
                    let table = item.table()?;
                    let mut record = value::Record::new();
                    for (column, item) in table.entries() {
                        let Some(at) = row.column(column) else {
                            let near = hint(column, row.columns.iter().map(|(name, _)| name.as_str()));
                            item.wrong(format!("rows of `{}` have no column `{column}`{near}", row.name));
                            continue;
                        };
                        if let Some(value) = self.value(&item, &row.columns[at].1, members) {
                            record.insert(column.to_owned(), value);
                        }
                    }
                    rows.push(record);
                }
                return Some(FactValue::Rows(rows));
            }
            _ => {}
        }
        Some(match literal(item, ty, self.minor_units)? {
            Literal::Bool(b) => FactValue::Bool(b),
            Literal::Int(n) => FactValue::Int(n),
            Literal::Decimal(d) => FactValue::Decimal(d.to_string()),
            Literal::Money(minor) => FactValue::Money(Money::new(minor, self.currency)),
            Literal::Date(day) => FactValue::Date(day),
            Literal::Text(code) if matches!(ty, Type::Code(_)) => {
                self.known_code(item, ty, &code);
                FactValue::Code(code)
            }
            Literal::Text(text) => FactValue::Text(text),
        })
    }
}

/// How many people a worked example has beside the applicant.
#[derive(Clone, Copy)]
struct Count {
    members: usize,
    others: usize,
}

/// The person with a number: the applicant, then the members, then the others.
fn numbered(input: &mut Input, number: usize) -> Option<&mut PersonFacts> {
    let members = input.members.len();
    match number.checked_sub(1) {
        None => Some(&mut input.applicant),
        Some(n) if n < members => input.members.get_mut(n),
        Some(n) => input.others.get_mut(n - members),
    }
}

/// `applicant` is 0, `member N` is N, `other N` follows the members.
fn person_number(item: &Item<'_>, text: &str, count: Count) -> Option<usize> {
    let among = |word: &str, most: usize| -> Option<usize> {
        let n = text.strip_prefix(word)?.parse().ok()?;
        (1..=most).contains(&n).then_some(n)
    };
    let found = if text == "applicant" {
        Some(0)
    } else {
        let other = || Some(count.members + among("other ", count.others)?);
        among("member ", count.members).or_else(other)
    };
    if found.is_none() {
        item.wrong(format!(
            "`{text}` is nobody here: write \"applicant\", \"member N\" (N from 1 to {}) or \"other N\" (N from 1 to {})",
            count.members, count.others
        ));
    }
    found
}

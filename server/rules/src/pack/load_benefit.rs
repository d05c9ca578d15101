//! Benefits and their worked examples.

use super::{
    AmountRule, Benefit, BenefitKind, Case, CodeList, Competent, Condition, Confidence, Discretion,
    EvidenceNeed, EvidenceOf, Expect, FactDef, HolderKind, Let, Literal, MunicipalityRow, PeriodRule,
    load::{CONFIDENCES, literal},
    read::{File, Item, Table, To},
};
use crate::{
    assess::{AwardInForce, FactRef, Facts, Input, Known, Outcome, PersonFacts},
    lang::{Type, hint},
};
use karton_api::{Currency, Date, FactValue, Id, Money, Rounding, Timestamp, value};
use std::collections::BTreeMap;

pub(super) fn benefit(file: File<'_>) -> Benefit {
    let toml = file.toml();
    let table = file.table(toml.get_ref(), 0);
    let units = [
        ("household", HolderKind::Household),
        ("person", HolderKind::Person),
    ];
    let kinds = [
        ("monthly", BenefitKind::Monthly),
        ("one-off", BenefitKind::OneOff),
    ];
    let evidence = table.tables("evidence").into_iter().map(|need| {
        let of = match need.text("of").as_str() {
            "applicant" => EvidenceOf::Applicant,
            "members" => EvidenceOf::Members,
            _ => EvidenceOf::Claim(need.refer(To::ClaimPerson, "of")),
        };
        let found = EvidenceNeed {
            service: need.refer(To::Service, "service"),
            of,
        };
        need.finish();
        found
    });
    let evidence = evidence.collect();
    let mut competent: Vec<Competent> = Vec::new();
    for dated in table.tables("competent") {
        let from = dated
            .need("from")
            .and_then(|item| item.date())
            .unwrap_or(Date::MIN);
        if competent.last().is_some_and(|last| last.from >= from) {
            dated.wrong("the competent bodies overlap or are not in the order of their days");
        }
        competent.push(Competent {
            from,
            decides: dated.refer(To::Body, "decides"),
            pays: dated.refer(To::Body, "pays"),
        });
        dated.finish();
    }
    if competent.is_empty() {
        table.wrong("nobody is competent: [[competent]] is missing");
    }
    let mut conditions: Vec<Condition> = Vec::new();
    for condition in table.tables("condition") {
        let found = self::condition(&condition);
        condition.finish();
        if found.id == "amount" {
            condition.wrong("`amount` names what the amount rests on: call the condition otherwise");
        }
        if conditions.iter().any(|other| other.id == found.id) {
            condition.wrong(format!("the condition `{}` is defined twice", found.id));
        }
        conditions.push(found);
    }
    if conditions.is_empty() {
        table.wrong("a benefit needs at least one condition");
    }
    let amount = table
        .opt("amount")
        .and_then(|item| item.table())
        .map(|table| amount(&table));
    let period = table
        .opt("period")
        .and_then(|item| item.table())
        .map(|table| period(&table));
    let benefit = Benefit {
        code: table.text("code"),
        name: table.texts("name"),
        unit: table.choice("unit", &units, None).unwrap_or(HolderKind::Person),
        law: table
            .items("law")
            .iter()
            .filter_map(|item| law(&file, item))
            .collect(),
        procedure: table.refer(To::Procedure, "procedure"),
        form: table.refer(To::Form, "form"),
        letter: table.refer(To::Letter, "letter"),
        kind: table.choice("kind", &kinds, None).unwrap_or(BenefitKind::Monthly),
        evidence,
        incompatible: table.refer_all(To::Benefit, "incompatible"),
        opens: table.strings("opens"),
        competent,
        lets: lets(&table),
        conditions,
        amount,
        period,
        notify: table.opt_text("notify"),
        cases: Vec::new(),
        place: table.place(),
    };
    table.finish();
    benefit
}

fn law(file: &File<'_>, item: &Item<'_>) -> Option<String> {
    let text = item.text()?;
    file.refer(To::Act, text.split(' ').next().unwrap_or(text), item.offset());
    Some(text.to_owned())
}

fn lets(table: &Table<'_>) -> Vec<Let> {
    let mut found: Vec<Let> = Vec::new();
    for named in table.tables("let") {
        let name = named.text("name");
        let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if !name.chars().all(good) {
            named.wrong(format!("the name `{name}` is not lower case with underscores"));
        }
        if matches!(
            name.as_str(),
            "on" | "lodged" | "applicant" | "household" | "claim" | "item" | "member"
        ) {
            named.wrong(format!("`{name}` has a meaning of its own"));
        }
        if found.iter().any(|other| other.name == name) {
            named.wrong(format!("`{name}` is named twice"));
        }
        if let Some(is) = named.expression("is") {
            found.push(Let {
                name,
                is,
                place: named.place(),
            });
        }
        named.finish();
    }
    found
}

fn condition(table: &Table<'_>) -> Condition {
    Condition {
        id: table.text("id"),
        law: table.law("law"),
        confidence: table
            .choice("confidence", &CONFIDENCES, None)
            .unwrap_or(Confidence::Default),
        says: table.texts("says"),
        fails: table.opt_texts("fails"),
        lets: lets(table),
        when: table.expression("when").unwrap_or_default(),
        applies_if: table.opt_expression("if"),
        place: table.place(),
    }
}

fn amount(table: &Table<'_>) -> AmountRule {
    let roundings = [
        ("half-up", Some(Rounding::HalfUp)),
        ("half-even", Some(Rounding::HalfEven)),
        ("up", Some(Rounding::Up)),
        ("down", Some(Rounding::Down)),
    ];
    let upto = table.opt_expression("upto");
    let atleast = table.opt_expression("atleast");
    let discretion = match (table.bool("discretion", false), upto) {
        (true, Some(upto)) => Some(Discretion { upto, atleast }),
        (true, None) => {
            table.wrong("an amount at the officers' discretion needs its limit: `upto`");
            None
        }
        (false, limit) => {
            if limit.is_some() || atleast.is_some() {
                table.wrong("`upto` and `atleast` limit an amount with `discretion = true`");
            }
            None
        }
    };
    let found = AmountRule {
        discretion,
        law: table.law("law"),
        confidence: table
            .choice("confidence", &CONFIDENCES, None)
            .unwrap_or(Confidence::Default),
        formula: table.expression("formula").unwrap_or_default(),
        says: table.opt_texts("says"),
        rounding: table.choice("rounding", &roundings, Some(None)).flatten(),
    };
    table.finish();
    found
}

fn period(table: &Table<'_>) -> PeriodRule {
    let review_every_months = table.opt("review_every").and_then(|item| {
        let text = item.text()?;
        let months = text.split_once(' ').and_then(|(count, unit)| match unit {
            "month" | "months" => count.parse().ok(),
            "year" | "years" => count.parse::<u32>().ok()?.checked_mul(12),
            _ => None,
        });
        if months.is_none_or(|months| months == 0 || months > 1200) {
            item.wrong("a time between reviews is written as \"6 months\" or \"1 year\"");
        }
        months
    });
    let found = PeriodRule {
        starts: table.expression("starts").unwrap_or_default(),
        ends: table.opt_expression("ends"),
        review_every_months,
        law: table.opt_text("law"),
    };
    table.finish();
    found
}

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
        let note = table.opt_text("note");
        table.finish();
        if let (Some(expect), Some(_)) = (expect, on) {
            found.push(Case {
                name,
                input,
                expect,
                confirmed,
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
    let money = Type::Money(karton_api::Per::Once);
    let amount = table
        .opt("amount")
        .and_then(|item| match literal(&item, &money, minor_units)? {
            Literal::Money(minor) => Some(minor),
            _ => None,
        });
    let found = Expect {
        outcome: table.choice("outcome", &outcomes, None)?,
        amount,
        because: table.strings("because"),
        not_met: list("not_met"),
        confirm: list("confirm"),
        missing: list("missing"),
        starts: table.opt("starts").and_then(|item| item.date()),
        ends: table.opt("ends").and_then(|item| item.date()),
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
        let count = members.len();
        if count > 250 {
            table.wrong("a household of more than 250 members");
        }
        let applicant = match table.opt("applicant").and_then(|item| item.table()) {
            Some(person) => self.person(&person, 0, count),
            None => PersonFacts {
                person: Some(case_person(0)),
                ..PersonFacts::default()
            },
        };
        let members = members
            .iter()
            .enumerate()
            .map(|(i, person)| self.person(person, i + 1, count))
            .collect();
        let holder = |key: &str, kind| {
            let table = table.opt(key).and_then(|item| item.table());
            table
                .map(|table| self.facts(&table, kind, count))
                .unwrap_or_default()
        };
        let mut input = Input {
            on,
            lodged: table.opt("lodged").and_then(|item| item.date()).unwrap_or(on),
            applicant,
            members,
            others: Vec::new(),
            household: holder("household", HolderKind::Household),
            claim: holder("claim", HolderKind::Claim),
        };
        for award in table.tables("awards") {
            self.award(&award, &mut input);
            award.finish();
        }
        input
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
        };
        let Some(of) = table.need("of") else { return };
        match of
            .text()
            .and_then(|text| person_number(&of, text, input.members.len()))
        {
            Some(0) => input.applicant.awards.push(award),
            Some(n) => {
                if let Some(member) = input.members.get_mut(n - 1) {
                    member.awards.push(award);
                }
            }
            None => {}
        }
    }

    fn person(&self, table: &Table<'_>, number: usize, members: usize) -> PersonFacts {
        let mut facts = self.facts(table, HolderKind::Person, members);
        if number == 0 {
            let own = Known::declared(FactValue::Code("self".to_owned()));
            facts.entry("relationship".to_owned()).or_insert(own);
        }
        PersonFacts {
            person: Some(case_person(number)),
            name: None,
            facts,
            awards: Vec::new(),
        }
    }

    fn facts(&self, table: &Table<'_>, holder: HolderKind, members: usize) -> Facts {
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

    fn value(&self, item: &Item<'_>, ty: &Type, members: usize) -> Option<FactValue> {
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

/// `applicant` is 0, `member N` is N.
fn person_number(item: &Item<'_>, text: &str, members: usize) -> Option<usize> {
    let found = if text == "applicant" {
        Some(0)
    } else {
        text.strip_prefix("member ").and_then(|n| n.parse().ok())
    };
    let found = found.filter(|n| *n <= members && (*n > 0 || text == "applicant"));
    if found.is_none() {
        item.wrong(format!(
            "`{text}` is nobody here: write \"applicant\" or \"member N\", N from 1 to {members}"
        ));
    }
    found
}

//! What a service answers about a person: the truth, in the institution's own words.

use super::services::{Gives, Service};
use crate::generate::{FictionalHousehold, FictionalPerson, Further, Population, Settings};
use karton_api::{Date, Money};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// One person's truth under our names: those of the facts, and some more that institutions also know.
pub(super) struct Document {
    national_id: String,
    fields: BTreeMap<&'static str, Value>,
    rows: BTreeMap<&'static str, Vec<BTreeMap<&'static str, Value>>>,
    /// What only this country's pack speaks of.
    further: Further,
}

/// The period that was asked for, half open as everywhere in the house: from the first day, up to but not on `until`.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Period {
    pub(super) from: Option<Date>,
    pub(super) until: Option<Date>,
}

impl Period {
    fn covers(self, day: &str) -> bool {
        let Ok(day) = day.parse::<Date>() else { return true };
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day < until)
    }
}

/// The answer about nobody, or about somebody of whom nothing is known here.
pub(super) fn nothing(national_id: &str) -> Value {
    json!({ "found": false, "national_id": national_id })
}

/// The answer about a member of a household.
pub(super) fn about(
    service: &Service,
    (settings, population): (&Settings, Population),
    household: &FictionalHousehold,
    place: usize,
    period: Period,
) -> Value {
    match Document::about(settings, population, household, place) {
        Some(document) => answer(service, &document, period),
        None => nothing(""),
    }
}

/// What a service answers out of everything that is true of a person.
pub(super) fn answer(service: &Service, document: &Document, period: Period) -> Value {
    let (mut answer, mut found) = (Map::new(), false);
    for gives in &service.gives {
        if let Some(value) = document.further.get(&gives.fact) {
            found = true;
            let value = match value {
                Value::Array(rows) => Value::Array(theirs(rows, gives, period)),
                single => single.clone(),
            };
            answer.insert(gives.from.clone(), value);
        } else if let Some(value) = document.fields.get(gives.fact.as_str()) {
            found = true;
            answer.insert(gives.from.clone(), value.clone());
        } else if let Some(rows) = document.rows.get(gives.fact.as_str()) {
            let further = service.rows.get(&gives.from);
            let rows: Vec<Value> = rows
                .iter()
                .filter(|row| match row.get("month").or_else(|| row.get("day")) {
                    Some(Value::String(day)) => period.covers(day),
                    _ => true,
                })
                .map(|row| {
                    let ours = gives.map.iter().map(|(ours, theirs)| (theirs, ours));
                    let more = further.into_iter().flatten();
                    let cells = ours
                        .chain(more)
                        .filter_map(|(theirs, ours)| Some((theirs.clone(), row.get(ours.as_str())?.clone())));
                    Value::Object(cells.collect())
                })
                .collect();
            found |= !rows.is_empty();
            answer.insert(gives.from.clone(), Value::Array(rows));
        }
    }
    if !found {
        return nothing(&document.national_id);
    }
    for (theirs, ours) in &service.fields {
        let known = document.fields.get(ours.as_str());
        if let Some(value) = known.or_else(|| document.further.get(ours)) {
            answer.insert(theirs.clone(), value.clone());
        }
    }
    answer.insert("found".to_owned(), Value::Bool(true));
    let national_id = Value::String(document.national_id.clone());
    answer.insert("national_id".to_owned(), national_id);
    Value::Object(answer)
}

/// Rows of a further fact in the institution's words, those of the period.
fn theirs(rows: &[Value], gives: &Gives, period: Period) -> Vec<Value> {
    let inside = |row: &&Value| {
        let day = row.get("month").or_else(|| row.get("day"));
        day.and_then(Value::as_str).is_none_or(|day| period.covers(day))
    };
    rows.iter()
        .filter(inside)
        .map(|row| {
            let cells = gives.map.iter();
            let cells = cells.filter_map(|(ours, theirs)| Some((theirs.clone(), row.get(ours)?.clone())));
            Value::Object(cells.collect())
        })
        .collect()
}

impl Document {
    /// Everything that is true of the member at this place of a household.
    pub(super) fn about(
        settings: &Settings,
        population: Population,
        household: &FictionalHousehold,
        place: usize,
    ) -> Option<Document> {
        let mut document = Document::of(settings, household, household.members.get(place)?);
        document.further = settings.further(population, household, place);
        Some(document)
    }

    fn of(settings: &Settings, household: &FictionalHousehold, person: &FictionalPerson) -> Document {
        let truth = &person.truth;
        let home = &household.home;
        let money = |money: Money| Value::String(settings.written(money));
        let day = |day: Date| Value::String(day.to_string());
        let ids = |wanted: &dyn Fn(usize, &FictionalPerson) -> bool| {
            let members = household
                .members
                .iter()
                .enumerate()
                .filter(|(at, member)| wanted(*at, member));
            Value::Array(
                members
                    .filter_map(|(_, member)| member.national_id.clone().map(Value::String))
                    .collect(),
            )
        };
        let me = household
            .members
            .iter()
            .position(|member| std::ptr::eq(member, person));
        let mut fields = BTreeMap::new();
        let mut put =
            |name: &'static str, value: Option<Value>| value.map(|value| fields.insert(name, value));

        put("national_id", person.national_id.clone().map(Value::String));
        put("given_name", Some(person.given_name.clone().into()));
        put("family_name", person.family_name.clone().map(Value::String));
        put("sex", Some(person.sex.code().into()));
        put("birth_date", Some(day(person.birth_date)));
        put("death_date", person.death_date.map(day));
        put(
            "civil_status",
            Some(
                if person.death_date.is_some() {
                    settings.words.dead.as_str()
                } else {
                    settings.words.alive.as_str()
                }
                .into(),
            ),
        );
        let of = |place: Option<usize>| place.and_then(|place| household.members.get(place));
        put(
            "father_name",
            of(person.father).map(|father| father.given_name.clone().into()),
        );
        put(
            "mother_name",
            of(person.mother).map(|mother| mother.given_name.clone().into()),
        );
        put(
            "spouse_id",
            of(person.spouse)
                .and_then(|spouse| spouse.national_id.clone())
                .map(Value::String),
        );
        put(
            "parent_ids",
            Some(ids(&|at, _| {
                Some(at) == person.mother || Some(at) == person.father
            })),
        );
        put(
            "child_ids",
            Some(ids(&|_, member| {
                me.is_some() && (member.mother == me || member.father == me)
            })),
        );

        put("registered_dead", Some(person.death_date.is_some().into()));
        put("registered_death_on", person.death_date.map(day));

        put("citizenship", Some(truth.citizenship.clone().into()));
        put("municipality", Some(home.municipality.clone().into()));
        put("settlement", Some(home.settlement.clone().into()));
        put("postal_code", Some(home.postal_code.clone().into()));
        put("street", Some(home.street.clone().into()));
        put("address", Some(home.address().into()));
        put("residence_kind", Some(truth.residence_kind.clone().into()));
        put("resident_since", truth.resident_since.map(day));
        put(
            "same_address_ids",
            Some(ids(&|at, member| Some(at) != me && member.death_date.is_none())),
        );

        // Whom an institution does not have in its records it says nothing about.
        if !truth.pensions.is_empty() || truth.pension_care_allowance {
            put(
                "pension_care_allowance",
                Some(truth.pension_care_allowance.into()),
            );
            // The fund bears the costs of its own pensioners' funerals.
            put(
                "pension_burial_benefit",
                Some((person.death_date.is_some() && !truth.pensions.is_empty()).into()),
            );
            put("pension_status", Some(settings.words.pensioner.as_str().into()));
        }
        if let Some(unemployment) = &truth.unemployment {
            put("registered_unemployed", Some(true.into()));
            put("unemployment_benefit", Some(money(unemployment.benefit)));
            put("refused_work", Some(unemployment.refused_work.into()));
            put("unemployed_since", Some(day(unemployment.since)));
        }
        if let Some(school) = &truth.schooling {
            put("in_regular_education", Some(school.regular.into()));
            put("adapted_education", Some(school.adapted.into()));
            put("school", Some(school.institution.clone().into()));
            put("grade", Some(school.grade.into()));
            put("enrolled_on", Some(day(school.since)));
        }
        put(
            "health_insurance",
            truth.health_insurance.clone().map(Value::String),
        );

        let mut rows = BTreeMap::new();
        rows.insert(
            "vehicles",
            table(&truth.vehicles, |row| {
                vec![
                    ("plate", row.plate.clone().into()),
                    ("kind", row.kind.clone().into()),
                    ("make", row.make.clone().into()),
                    ("year", row.year.into()),
                    ("registered_on", day(row.registered_on)),
                ]
            }),
        );
        rows.insert(
            "pension",
            table(&truth.pensions, |row| {
                vec![
                    ("month", day(row.month)),
                    ("kind", row.kind.clone().into()),
                    ("net", money(row.net)),
                ]
            }),
        );
        rows.insert(
            "income",
            table(&truth.incomes, |row| {
                let number = row
                    .payer_number
                    .clone()
                    .map(|number| ("payer_number", number.into()));
                let cells = [
                    ("month", day(row.month)),
                    ("payer", row.payer.clone().into()),
                    ("kind", row.kind.clone().into()),
                    ("net", money(row.net)),
                ];
                cells.into_iter().chain(number).collect()
            }),
        );
        rows.insert(
            "employments",
            table(&truth.employments, |row| {
                let number = row
                    .employer_number
                    .clone()
                    .map(|number| ("employer_number", number.into()));
                let ends = row.ends.map(|ends| ("ends", day(ends)));
                let cells = [
                    ("employer", row.employer.clone().into()),
                    ("starts", day(row.starts)),
                ];
                cells.into_iter().chain(ends).chain(number).collect()
            }),
        );
        rows.insert(
            "left_work_on",
            table(&truth.left_work, |row| {
                vec![("day", day(row.day)), ("own_fault", row.own_fault.into())]
            }),
        );
        rows.insert(
            "real_estate",
            table(&truth.real_estate, |row| {
                vec![
                    ("parcel", row.parcel.clone().into()),
                    ("kind", row.kind.clone().into()),
                    ("municipality", row.municipality.clone().into()),
                    ("area_m2", row.area_m2.into()),
                    ("rooms", row.rooms.into()),
                    ("home", row.home.into()),
                ]
            }),
        );
        rows.insert(
            "property_disposals",
            table(&truth.disposals, |row| {
                vec![
                    ("parcel", row.parcel.clone().into()),
                    ("day", day(row.day)),
                    ("deed", row.deed.clone().into()),
                ]
            }),
        );
        Document {
            national_id: person.national_id.clone().unwrap_or_default(),
            fields,
            rows,
            further: Further::new(),
        }
    }
}

fn table<T>(
    rows: &[T],
    cells: impl Fn(&T) -> Vec<(&'static str, Value)>,
) -> Vec<BTreeMap<&'static str, Value>> {
    rows.iter().map(|row| cells(row).into_iter().collect()).collect()
}

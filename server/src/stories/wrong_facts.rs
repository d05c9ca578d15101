//! What is typed into the forms of three countries and cannot be: a field error at its place, and nothing stored.

use super::desk::{Desk, Seat};
use crate::store::testing::on_both_with;
use axum::http::Method;
use karton_api::session::Role;
use karton_rules::{
    lang::Type,
    pack::{FactDef, Pack, PageOf},
    text_check::TextCheck,
};
use serde_json::{Value, json};

/// A clerk at the country's first counter, and somebody who asks.
async fn counter(desk: &Desk) -> (Seat, String) {
    let pack = &desk.house.pack;
    let office = pack
        .offices
        .iter()
        .find(|office| office.kind == "centre")
        .unwrap();
    let clerk = desk.officer("Ana", &office.code, &[Role::Clerk]).await;
    let body = json!({
        "name": { "given": "Ana", "family": "Test" }, "birth_date": "1985-05-05", "sex": "f",
        "municipality": pack.municipalities[0].code,
    });
    let person = desk.post(&clerk, "/v1/persons", body).await.ok();
    (clerk, person["card"]["id"].as_str().unwrap().to_owned())
}

async fn rows(desk: &Desk) -> Vec<i64> {
    let counted = desk.house.store.read(|tx| {
        let count = |table: &str| format!("SELECT count(*) FROM {table}");
        let tables = ["fact", "application", "matter", "person"];
        tables
            .iter()
            .map(|table| tx.one(&count(table), &[])?.get::<i64>(0))
            .collect()
    });
    counted.await.unwrap()
}

/// Every field that a benefit's form asks of the applicant, once: of whom, and its fact.
fn fields<'p>(pack: &'p Pack, benefit: &str, person: &str) -> Vec<(Value, &'p FactDef)> {
    let form = pack.form(&pack.benefit(benefit).unwrap().form).unwrap();
    let mut found: Vec<(Value, &FactDef)> = Vec::new();
    for page in &form.pages {
        let of = match page.of {
            PageOf::Applicant | PageOf::Members => json!({ "kind": "person", "id": person }),
            PageOf::Household => json!({ "kind": "household" }),
            PageOf::Claim => json!({ "kind": "claim" }),
        };
        for field in &page.fields {
            // Birth dates and names are changed at the person, not in a form.
            let Some(fact) = pack.fact(page.of.holder(), &field.fact) else {
                continue;
            };
            if !found
                .iter()
                .any(|(whose, other)| *whose == of && other.name == fact.name)
            {
                found.push((of.clone(), fact));
            }
        }
    }
    found
}

/// A value of another type.
fn of_another_type(fact: &FactDef) -> Value {
    match fact.ty {
        Type::Bool => json!({ "type": "text", "value": "yes" }),
        _ => json!({ "type": "bool", "value": true }),
    }
}

/// A value of the right type that cannot be, what is said of it, and where below the value; nothing where any value can be.
fn impossible(pack: &Pack, fact: &FactDef) -> Option<(Value, &'static str, String)> {
    let here = |value: Value, code| Some((value, code, String::new()));
    match &fact.ty {
        Type::Code(_) => here(json!({ "type": "code", "value": "no-such-code" }), "unknown"),
        Type::Date => here(json!({ "type": "date", "value": "0999-01-01" }), "range"),
        Type::Int => here(json!({ "type": "int", "value": 2_000_000_000 }), "range"),
        Type::Decimal => here(json!({ "type": "decimal", "value": "1,5" }), "decimal"),
        Type::Money(_) => {
            let other = if pack.country.currency.code() == "EUR" {
                "UAH"
            } else {
                "EUR"
            };
            here(
                json!({ "type": "money", "value": { "minor": 1, "currency": other } }),
                "currency",
            )
        }
        Type::Text if fact.check.is_some() => here(json!({ "type": "text", "value": "123" }), "check-digits"),
        Type::Text => here(json!({ "type": "text", "value": "x".repeat(2_001) }), "too-long"),
        Type::Person => here(
            json!({ "type": "person", "value": "01980000-0000-7000-8000-000000000000" }),
            "unknown-person",
        ),
        Type::List(_) => Some((
            json!({ "type": "rows", "value": [{ "no_such_column": { "type": "bool", "value": true } }] }),
            "unknown",
            "/0/no_such_column".to_owned(),
        )),
        _ => None,
    }
}

/// Less than nothing, where there can be none, and where below the value it is said.
fn less_than_nothing(pack: &Pack, fact: &FactDef) -> Option<(Value, &'static str, String)> {
    let of = |ty: &Type| match ty {
        Type::Int => Some(json!({ "type": "int", "value": -1 })),
        Type::Decimal => Some(json!({ "type": "decimal", "value": "-0.5" })),
        Type::Money(_) => {
            let currency = pack.country.currency.code();
            Some(json!({ "type": "money", "value": { "minor": -1, "currency": currency } }))
        }
        _ => None,
    };
    if let Some(value) = of(&fact.ty) {
        return (!fact.signed.contains(&fact.name)).then(|| (value, "below-zero", String::new()));
    }
    let unsigned = |(name, _): &&(String, Type)| !fact.signed.contains(name);
    let column = fact
        .columns()
        .iter()
        .filter(unsigned)
        .find_map(|(name, ty)| Some((name, of(ty)?)));
    column.map(|(name, value)| {
        let rows = json!({ "type": "rows", "value": [{ (name): value }] });
        (rows, "below-zero", format!("/0/{name}"))
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_types_unknown_codes_and_impossible_values_are_field_errors_and_nothing_is_stored() {
    on_both_with(&[], async |store| {
        forms_of(Desk::in_country(store, "me").await).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_in_romania() {
    on_both_with(&[], async |store| {
        forms_of(Desk::in_country(store, "ro").await).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_in_ukraine() {
    on_both_with(&[], async |store| {
        forms_of(Desk::in_country(store, "ua").await).await
    })
    .await;
}

async fn forms_of(desk: Desk) {
    let (clerk, person) = counter(&desk).await;
    let pack = desk.house.pack.clone();
    let mut tried = 0;
    for benefit in &pack.benefits {
        let code = &benefit.code;
        let fields = fields(&pack, code, &person);
        let draft = json!({ "benefit": code, "applicant": person, "answers": [] });
        let answer = desk.post(&clerk, "/v1/applications", draft).await;
        // A scheme that is over takes no applications any more.
        if !answer.status.is_success() {
            continue;
        }
        let draft = answer.ok();
        let path = format!("/v1/applications/{}", draft["summary"]["id"].as_str().unwrap());
        let before = (desk.get(&clerk, &path).await.ok(), rows(&desk).await);
        let answers = |value: &dyn Fn(&FactDef) -> Value| -> Vec<Value> {
            let one =
                |(of, fact): &(Value, &FactDef)| json!({ "of": of, "fact": fact.name, "value": value(fact) });
            fields.iter().map(one).collect()
        };
        let held = async |answers: Vec<Value>, expected: Vec<(String, &str)>| {
            let revision = before.0["revision"].as_i64().unwrap();
            let saved = desk
                .put(&clerk, &path, revision, json!({ "answers": answers }))
                .await;
            let opened = json!({ "benefit": code, "applicant": person, "answers": answers });
            let opened = desk.post(&clerk, "/v1/applications", opened).await;
            let previewed = json!({ "benefit": code, "applicant": person, "answers": answers });
            let previewed = desk.post(&clerk, "/v1/assessments/preview", previewed).await;
            for refused in [saved, opened, previewed] {
                let said = refused.refused(422, "fields");
                for (pointer, wrong) in &expected {
                    let errors = said["errors"].as_array().unwrap();
                    let is =
                        |it: &&Value| it["pointer"] == *pointer && (wrong.is_empty() || it["code"] == *wrong);
                    assert!(
                        errors.iter().any(|it| is(&it)),
                        "{code}: {pointer} {wrong}: {said}"
                    );
                }
            }
            let after = (desk.get(&clerk, &path).await.ok(), rows(&desk).await);
            assert_eq!(after, before, "{code}: something was stored");
        };

        let all = fields.iter().enumerate();
        let expected = all
            .map(|(at, _)| (format!("/answers/{at}/value"), "type"))
            .collect();
        held(answers(&of_another_type), expected).await;

        for wrong_value in [impossible, less_than_nothing] {
            let all = fields.iter().enumerate();
            let expected = all
                .filter_map(|(at, (_, fact))| {
                    let (_, wrong, below) = wrong_value(&pack, fact)?;
                    Some((format!("/answers/{at}/value{below}"), wrong))
                })
                .collect::<Vec<_>>();
            let value = |fact: &FactDef| match wrong_value(&pack, fact) {
                Some((value, ..)) => value,
                None => json!({ "type": "bool", "value": true }),
            };
            if !expected.is_empty() {
                held(answers(&value), expected).await;
            }
        }

        // A day that the calendar does not have, a fact that the form does not ask for, and the same twice.
        let (of, fact) = &fields[0];
        let one = |value: Value| json!({ "of": of, "fact": fact.name, "value": value });
        let day = one(json!({ "type": "date", "value": "2025-02-30" }));
        let revision = before.0["revision"].as_i64().unwrap();
        let said = desk
            .put(&clerk, &path, revision, json!({ "answers": [day] }))
            .await
            .refused(422, "fields");
        assert!(
            said["errors"][0]["pointer"]
                .as_str()
                .unwrap()
                .starts_with("/answers/0"),
            "{said}"
        );
        let unasked = json!({ "of": of, "fact": "no_such_fact", "value": { "type": "bool", "value": true } });
        held(
            vec![unasked],
            vec![("/answers/0/fact".to_owned(), "unknown-fact")],
        )
        .await;
        let twice = one(of_another_type(fact));
        held(
            vec![twice.clone(), twice],
            vec![("/answers/1/fact".to_owned(), "twice")],
        )
        .await;
        tried += 1;
        // What is left behind would stand in the way of the next benefit of this family.
        let headers = [("If-Match", format!("\"{revision}\""))];
        let headers: Vec<(&str, &str)> = headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        desk.send(Some(&clerk), Method::DELETE, &path, None, &headers)
            .await;
    }
    assert!(tried >= 15, "{tried} forms were tried");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_refuses_the_taxpayers_number_is_registered_by_the_passport() {
    on_both_with(&[], async |store| {
        let desk = Desk::in_country(store, "ua").await;
        let (clerk, _) = counter(&desk).await;
        let before = rows(&desk).await;
        let registers = async |scheme: &str, number: &str| {
            let body = json!({
                "name": { "given": "Лідія", "family": "Мельник" },
                "national_id": { "scheme": scheme, "number": number },
            });
            desk.post(&clerk, "/v1/persons", body).await
        };
        for (scheme, number, pointer) in [
            ("rnokpp", "3075401125", "/national_id/number"),
            ("unzr", "19691010-07841", "/national_id/number"),
            ("unzr", "19691310-07840", "/national_id/number"),
            ("unzr", "1969-101007840", "/national_id/number"),
            ("passport", "", "/national_id/number"),
            ("jmbg", "1403978200126", "/national_id/scheme"),
        ] {
            let said = registers(scheme, number).await.refused(422, "fields");
            assert_eq!(said["errors"][0]["pointer"], pointer, "{scheme} {number}: {said}");
        }
        assert_eq!(rows(&desk).await, before, "nobody was registered");

        let lidia = registers("passport", "АА123456").await.ok();
        assert_eq!(lidia["card"]["national_id"], json!({ "scheme": "passport", "number": "АА123456" }));
        let found = json!({ "text": "АА123456", "limit": 5 });
        let found = desk.post(&clerk, "/v1/persons/search", found).await.ok();
        assert_eq!(found["items"].as_array().unwrap().len(), 1, "{found}");
        // Nobody else is registered by the same.
        let again = registers("passport", "АА123456").await;
        assert_eq!(again.status.as_u16(), 409, "{}", again.body);
        let body = json!({
            "name": { "given": "Юрій", "family": "Ткач" }, "national_id": { "scheme": "unzr", "number": "19750426-08916" },
        });
        let yurii = desk.post(&clerk, "/v1/persons", body).await.ok();
        assert_eq!(yurii["card"]["birth_date"], "1975-04-26", "the number says it");
    })
    .await;
}

#[test]
fn every_text_that_carries_a_number_is_checked() {
    let pack = |country: &str| Pack::load(&crate::pack::files(country).unwrap()).unwrap();
    let ua = pack("ua");
    let unzr = ua.fact(karton_rules::pack::HolderKind::Person, "unzr").unwrap();
    assert_eq!(unzr.check, TextCheck::parse("unzr"));
    for (country, register, field, checks) in [
        ("me", "licensed-providers", "tax_number", vec!["pib"]),
        ("ro", "providers", "cui", vec!["cui"]),
        ("ua", "providers", "edrpou", vec!["edrpou", "rnokpp"]),
    ] {
        let pack = pack(country);
        let register = pack.own_registers.iter().find(|it| it.id == register).unwrap();
        let field = register.fields.iter().find(|it| it.name == field).unwrap();
        let checks: Vec<TextCheck> = checks.into_iter().filter_map(TextCheck::parse).collect();
        assert_eq!(field.check, checks, "{country}");
    }
}

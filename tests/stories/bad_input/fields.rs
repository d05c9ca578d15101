//! Fields that cannot be taken: each is named by its pointer; and texts that look dangerous are kept as they are.

use karton_api::{
    FactValue,
    persons::{Name, NationalId, RecordFact, RegisterPerson, SourceKind},
};
use karton_tests::{
    house::{Engine, House, Plan},
    officer::{Told, answers_for_material_support, claim, code, euro, household, key, of},
    raw::Request,
    told_on_both,
};
use serde_json::{Value, json};

told_on_both! {
    /// Names in any script and with any character that is legal come back as they were given.
    names_are_kept_as_they_are_written;
}

/// A registration with which nothing is wrong.
fn somebody() -> Value {
    json!({ "name": { "given": "Ilija", "family": "Petričević" }, "birth_date": "1961-02-03", "sex": "m" })
}

/// The same with one member changed.
fn but(member: &str, value: Value) -> Value {
    let mut body = somebody();
    body[member] = value;
    body
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_field_of_a_registration_is_named_by_its_pointer() {
    let Some(house) = House::open(Engine::Sqlite).await else {
        return;
    };
    let ana = house.ana().await;
    let people = house.count("person").await;
    let jmbg = |number: &str| json!({ "scheme": "jmbg", "number": number });
    for (what, body, pointer) in [
        ("an unknown field", but("colour", json!("red")), "/colour"),
        ("another type", but("birth_date", json!(19610203)), "/birth_date"),
        (
            "no day of the calendar",
            but("birth_date", json!("1961-02-30")),
            "/birth_date",
        ),
        (
            "the year 0",
            but("birth_date", json!("0000-01-01")),
            "/birth_date",
        ),
        (
            "the year 9999",
            but("birth_date", json!("9999-12-31")),
            "/birth_date",
        ),
        (
            "a day to come",
            but("birth_date", json!("2025-03-11")),
            "/birth_date",
        ),
        (
            "no name at all",
            but("name", json!({ "given": "", "family": " " })),
            "/name",
        ),
        (
            "half a name",
            but("name", json!({ "given": "Ilija" })),
            "/name/family",
        ),
        (
            "a name of blanks and signs",
            but("name", json!({ "given": "\u{202e}\u{200b}", "family": "  " })),
            "/name",
        ),
        (
            "a NUL",
            but("name", json!({ "given": "Ili\u{0}ja", "family": "P" })),
            "/name/given",
        ),
        (
            "a name of 10,000 characters",
            but("name", json!({ "given": "I".repeat(10_000), "family": "P" })),
            "/name/given",
        ),
        ("an unknown sex", but("sex", json!("?")), "/sex"),
        (
            "an unknown municipality",
            but("municipality", json!("ME-99")),
            "/municipality",
        ),
        (
            "an unknown scheme",
            but("national_id", json!({ "scheme": "ssn", "number": "1" })),
            "/national_id/scheme",
        ),
        (
            "a wrong checksum",
            but("national_id", jmbg("1403978200127")),
            "/national_id/number",
        ),
        (
            "letters in a number",
            but("national_id", jmbg("14o3978200126")),
            "/national_id/number",
        ),
        (
            "a short number",
            but("national_id", jmbg("140397820012")),
            "/national_id/number",
        ),
        (
            "digits of another script",
            but("national_id", jmbg("١٤٠٣٩٧٨٢٠٠١٢٦")),
            "/national_id/number",
        ),
        (
            "no id",
            but("not_the_same_as", json!(["x"])),
            "/not_the_same_as/0",
        ),
    ] {
        let answer = Request::new("POST", "/v1/persons")
            .token(&ana.token)
            .json(&body)
            .send(house.address)
            .await;
        assert_eq!(answer.status, 422, "{what}: {}", answer.text());
        let problem = answer.problem();
        assert_eq!(problem.slug(), "fields");
        let pointers: Vec<&str> = problem
            .errors
            .iter()
            .map(|error| error.pointer.as_str())
            .collect();
        assert!(pointers.contains(&pointer), "{what}: {pointers:?}");
        assert!(
            problem
                .errors
                .iter()
                .all(|error| !error.message.is_empty() && !error.code.is_empty())
        );
    }
    // What the number says and what is typed must agree.
    let mut other = but("national_id", jmbg("1403978200126"));
    other["birth_date"] = json!("1978-03-15");
    let answer = Request::new("POST", "/v1/persons")
        .token(&ana.token)
        .json(&other)
        .send(house.address)
        .await;
    assert_eq!(answer.status, 422, "{}", answer.text());
    assert_eq!(house.count("person").await, people, "nobody was registered");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_answer_of_a_form_is_named_by_its_pointer() {
    let Some(house) = Plan::on(Engine::Sqlite).people(40).open().await else {
        return;
    };
    let ana = house.ana().await;
    let family = ana.finds_the_family_of("vujotic marko").await;
    let stranger = ana.finds("brdaric").await[0].card.id;
    let head = family.head();
    let drafts = house.count("application").await;
    for (what, answer, pointer) in [
        (
            "a fact nobody knows",
            claim("colour", code("red")),
            "/answers/0/fact",
        ),
        (
            "a fact of another holder",
            claim("tenure", code("rented")),
            "/answers/0/fact",
        ),
        (
            "a fact the registers bring",
            of(head, "income", FactValue::Rows(Vec::new())),
            "/answers/0/fact",
        ),
        (
            "a stranger's fact",
            of(stranger, "pregnant", FactValue::Bool(true)),
            "/answers/0/of",
        ),
        (
            "another type",
            claim("consent", FactValue::Int(1)),
            "/answers/0/value",
        ),
        (
            "an unknown code",
            household("tenure", code("stolen")),
            "/answers/0/value",
        ),
        (
            "too large a number",
            household("dwelling_rooms", FactValue::Int(i64::MAX)),
            "/answers/0/value",
        ),
        (
            "no decimal",
            of(head, "livestock_units", FactValue::Decimal("1e9".into())),
            "/answers/0/value",
        ),
        (
            "a decimal with a comma",
            of(head, "livestock_units", FactValue::Decimal("1,5".into())),
            "/answers/0/value",
        ),
        (
            "a text of 3,000 characters",
            claim("phone", FactValue::Text("0".repeat(3_000))),
            "/answers/0/value",
        ),
    ] {
        let refused = ana.drafts("MO", head, vec![answer]).await.is_refused("fields");
        let pointers: Vec<&str> = refused
            .errors
            .iter()
            .map(|error| error.pointer.as_str())
            .collect();
        assert!(
            pointers.iter().any(|it| it.starts_with(pointer)),
            "{what}: {pointers:?}"
        );
    }
    let refused = ana.drafts("NIČEGA", head, Vec::new()).await.is_refused("fields");
    assert_eq!(refused.errors[0].pointer, "/benefit");
    let nobody: karton_api::Id<karton_api::value::Person> =
        "01957000-0000-7000-8000-000000000000".parse().unwrap();
    let refused = ana.drafts("MO", nobody, Vec::new()).await.is_refused("fields");
    assert_eq!(refused.errors[0].pointer, "/applicant");
    assert_eq!(house.count("application").await, drafts);

    // What must be filled is asked for when it is lodged, each by its place.
    let draft = ana
        .drafts("MO", head, vec![claim("consent", FactValue::Bool(true))])
        .await
        .done();
    let refused = Told(ana.lodge(draft.summary.id, &key()).await).is_refused("fields");
    assert!(refused.errors.len() > 5, "{:?}", refused.errors);
    assert_eq!(house.count("matter").await, 0);
    let unlodged = ana.application(draft.summary.id).await.unwrap();
    assert_eq!(unlodged.summary.number, None);

    // Absurd facts.
    let fact = |fact: &str, value: FactValue, from: Option<&str>| RecordFact {
        fact: fact.into(),
        value,
        from: from.map(|day| day.parse().unwrap()),
        until: None,
        source: SourceKind::Document,
        note: Some("Uvjerenje.".into()),
    };
    for (what, body, pointer) in [
        (
            "an absurd amount",
            fact("unemployment_benefit", euro(i64::MAX), None),
            "/value",
        ),
        (
            "an absurd debt",
            fact("unemployment_benefit", euro(i64::MIN), None),
            "/value",
        ),
        (
            "another currency",
            fact(
                "unemployment_benefit",
                FactValue::Money(karton_api::Money::new(1, "USD".parse().unwrap())),
                None,
            ),
            "/value",
        ),
        (
            "the year 9999",
            fact("pregnant", FactValue::Bool(true), Some("9999-12-31")),
            "/from",
        ),
        (
            "the year 1",
            fact("pregnant", FactValue::Bool(true), Some("0001-01-01")),
            "/from",
        ),
        (
            "nothing known",
            fact("happiness", FactValue::Bool(true), None),
            "/fact",
        ),
    ] {
        let refused = Told(ana.record_fact(head, &key(), &body).await).is_refused("fields");
        let pointers: Vec<&str> = refused
            .errors
            .iter()
            .map(|error| error.pointer.as_str())
            .collect();
        assert!(
            pointers.iter().any(|it| it.starts_with(pointer)),
            "{what}: {pointers:?}"
        );
    }
    let answers = answers_for_material_support(&family, house.clock.today());
    ana.lodges("MO", head, answers).await.done();
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_needs_the_revision_that_stands() {
    let Some(house) = Plan::on(Engine::Sqlite).people(40).open().await else {
        return;
    };
    let ana = house.ana().await;
    let head = ana.finds_the_family_of("vujotic marko").await.head();
    let path = format!("/v1/persons/{head}");
    let body = json!({ "name": { "given": "Marko", "family": "Vujotić" }, "reason": "Ispravka imena." });
    for (what, seen, status) in [
        ("none", None, 428),
        ("an old one", Some("\"0\""), 412),
        ("one to come", Some("\"99\""), 412),
        ("something else", Some("nonsense"), 400),
        ("any", Some("*"), 400),
    ] {
        let mut request = Request::new("PATCH", &path).token(&ana.token).json(&body);
        if let Some(seen) = seen {
            request = request.header("if-match", seen);
        }
        let answer = request.send(house.address).await;
        let fits = answer.status == status || (status == 400 && (400..500).contains(&answer.status));
        assert!(fits, "{what}: {} {}", answer.status, answer.text());
        answer.problem();
    }
    house.close().await;
}

mod tell {
    use super::*;

    pub(super) async fn names_are_kept_as_they_are_written(engine: Engine) {
        let Some(house) = House::open(engine).await else {
            return;
        };
        let ana = house.ana().await;
        // In the manner of the Big List of Naughty Strings: what breaks programs that take a name for code, a command or a picture.
        for (number, name) in [
            "Робертʼ); DROP TABLE person;--",
            "Null",
            "undefined",
            "Ana\u{202e}ćivotejuV",
            "Mar\u{200b}ko",
            "Zalgo Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L",
            "\u{1b}[31mCrvena\u{1b}[0m",
            "Tab\there",
            "مُنَاقَشَةُ",
            "田中さん",
            "Ⱥⱦ Ⱥⱦ",
            "👩‍👩‍👧 Porodica",
            "O’Connor-Šćepanović d’Àrç",
            "<script>alert('a')</script>",
            "{{ 7 * 7 }} ${jndi:ldap://x} %s%n",
            "../../etc/passwd",
            "\u{feff}Bom",
            "Ǆura ǅura ǆura",
        ]
        .into_iter()
        .enumerate()
        {
            let who = RegisterPerson {
                name: Name {
                    given: name.into(),
                    family: format!(
                        "Čudnić{}",
                        char::from(b'a' + u8::try_from(number).unwrap())
                            .to_string()
                            .repeat(5)
                    ),
                },
                national_id: None::<NationalId>,
                birth_date: Some(jiff::civil::date(1950 + i16::try_from(number).unwrap() * 2, 1, 1)),
                sex: None,
                municipality: None,
                address: Some(name.into()),
                not_the_same_as: Vec::new(),
            };
            let view = ana.registers(&who).await.done();
            let again = ana.person(view.card.id).await.unwrap();
            assert_eq!(again.card.name.given, name.trim(), "as it was written");
            let hits = ana.finds(&who.name.family).await;
            assert!(
                hits.iter().any(|hit| hit.card.id == view.card.id),
                "found by the other name: {name}"
            );
        }
        house.close().await;
    }
}

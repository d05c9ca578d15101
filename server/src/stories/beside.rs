//! What stands beside an application: a right that cannot be held with it, the choice between the two, two households at once; and the same
//! application worked out with what was known on another day.

use super::{
    desk::{ApplicationId, Desk, Seat, confirmations, id},
    later::{Office, in_order, letter, office},
};
use crate::{
    access::Actor,
    audit::{self, Entry},
    awards::{self, NewAward},
    pack,
    store::testing::on_both_with,
};
use karton_api::{
    Currency, FactValue, Id, Money, Per,
    session::Role,
    value::{Award, Person},
};
use serde_json::{Value, json};

/// Care and assistance allowance that somebody has had since last year.
pub(super) async fn has_allowance(desk: &Desk, person: Id<Person>, at: &str) -> Id<Award> {
    let office = desk.house.offices.by_code(at).unwrap().id;
    let award = NewAward {
        id: desk.house.clock.id(),
        office,
        beneficiary: person,
        household: None,
        benefit: "DNJP".into(),
        decision: None,
        decision_number: Some("UPI-12/24".into()),
        about: None,
        in_kind: false,
        amount: Money::new(9_357, Currency::EUR),
        per: Per::Month,
        starts: "2024-06-01".parse().unwrap(),
        ends: None,
        review_on: None,
        basis: None,
        turned: false,
    };
    let id = award.id;
    let actor = Actor {
        officer: None,
        office,
    };
    audit::write(&desk.house.store, actor, desk.house.clock.now(), move |tx| {
        awards::insert(tx, &award)?;
        Ok(((), Entry::of("decided").person(person)))
    })
    .await
    .unwrap();
    id
}

/// Personal disability allowance is asked for and lodged: the path, and what lodging answered.
pub(super) async fn lodged(desk: &Desk, ana: &Seat, person: Id<Person>) -> (String, Value) {
    let said = |fact: &str, value: Value| json!({ "of": { "kind": "person", "id": person }, "fact": fact, "value": value });
    let answers = json!([
        { "of": { "kind": "claim" }, "fact": "consent", "value": { "type": "bool", "value": true } },
        { "of": { "kind": "claim" }, "fact": "payment_channel", "value": { "type": "code", "value": "post" } },
        said("severe_disability", json!({ "type": "bool", "value": true })),
        said("disability_degree", json!({ "type": "int", "value": 100 })),
        said("disability_lasting", json!({ "type": "bool", "value": true })),
    ]);
    let draft = json!({ "benefit": "LI", "applicant": person, "answers": answers });
    let draft = desk.post(ana, "/v1/applications", draft).await.ok();
    let application: ApplicationId = id(&draft["summary"]["id"]);
    let path = format!("/v1/applications/{application}");
    let lodged = desk.post(ana, &format!("{path}/lodge"), json!({})).await.ok();
    (path, lodged)
}

/// The registers have answered and it is assessed.
pub(super) async fn assessed(desk: &Desk, ana: &Seat, path: &str, person: Id<Person>) -> Value {
    desk.later();
    let words = [
        ("residence_kind", FactValue::Code("residence".into())),
        ("pension_care_allowance", FactValue::Bool(false)),
        ("pension", FactValue::Rows(Vec::new())),
        ("in_regular_education", FactValue::Bool(false)),
    ];
    desk.register_says(person, "CSR-01", &words).await;
    let seen = desk.get(ana, path).await.ok();
    let steps = seen["steps"].as_array().unwrap();
    let step = steps.iter().find(|step| step["state"] == "open").unwrap();
    let matter = path.replace("applications", "matters");
    let complete = format!("{matter}/steps/{}/complete", step["id"].as_str().unwrap());
    desk.post(ana, &complete, json!({})).await.ok();
    desk.later();
    desk.post(ana, &format!("{path}/assessment"), json!({}))
        .await
        .ok()
}

pub(super) fn recommend(assessed: &Value, outcome: &str) -> Value {
    json!({ "assessment": assessed["id"], "outcome": outcome, "confirmed": confirmations(assessed) })
}

async fn at_work(desk: &Desk) -> Office {
    office(desk).await
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_chooses_the_new_right_gives_the_other_up_by_a_decision_of_its_own() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let office = at_work(&desk).await;
        let marija = desk.person(&office.ana, "Marija").await;
        let held = has_allowance(&desk, marija, "CSR-01").await;
        let (path, status) = lodged(&desk, &office.ana, marija).await;

        // Lodging says at once what stands beside it, what each is worth, and which article says so.
        let beside = &status["status"]["choice"]["beside"][0];
        assert_eq!((&beside["benefit"], &beside["effect"]), (&json!("DNJP"), &json!("choose")), "{status}");
        assert_eq!((&beside["law"], &beside["here"]), (&json!("ZSDZ 32"), &json!(true)));
        let overlap = &status["status"]["overlaps"][0];
        assert_eq!((&overlap["incompatible"], &overlap["effect"]), (&json!(true), &json!("choose")));

        let first = assessed(&desk, &office.ana, &path, marija).await;
        let standing = desk.get(&office.ana, &format!("{path}/standing")).await.ok();
        let choice = &standing["choice"];
        assert_eq!(choice["better"], "asked", "{choice}");
        assert_eq!(choice["others"]["month"]["minor"], 9_357);
        assert!(choice["asked"]["month"]["minor"].as_i64().unwrap() > 9_357);

        // Nobody grants it before the person has chosen, and not what she does not want.
        let recommends = format!("{path}/decision/recommend");
        desk.post(&office.goran, &recommends, recommend(&first, "grant")).await.refused(409, "choice-needed");
        let choose = format!("{path}/choice");
        let says = |keeps: &str| json!({ "award": held, "keeps": keeps, "reason": "izjava na zapisnik od 10.3.2025." });
        let mut wrong = says("asked");
        wrong["award"] = json!(marija);
        let problem = desk.post(&office.ana, &choose, wrong).await.refused(422, "fields");
        assert_eq!(problem["errors"][0]["pointer"], "/award");
        desk.post(&office.petar, &choose, says("asked")).await.refused(403, "not-permitted");
        desk.post(&office.ana, &choose, says("other")).await.ok();
        desk.post(&office.goran, &recommends, recommend(&first, "grant")).await.refused(409, "other-chosen");
        desk.later();
        let chosen = desk.post(&office.ana, &choose, says("asked")).await.ok();
        let word = &chosen["beside"][0]["chosen"];
        assert_eq!((&word["keeps"], &word["other"]["minor"]), (&json!("asked"), &json!(9_357)));
        assert_eq!(word["by"]["name"], "Ana");

        desk.post(&office.goran, &recommends, recommend(&first, "grant")).await.ok();
        desk.post(&office.ana, &choose, says("other")).await.refused(409, "step-not-open");
        let verdict = json!({ "assessment": first["id"], "outcome": "grant" });
        let decision = desk.post(&office.petar, &format!("{path}/decision/decide"), verdict).await.ok();
        desk.jobs().await;

        // The other right ends with the last day of February, by its own number and letter and the same two officers.
        let award = desk.get(&office.ana, &format!("/v1/awards/{held}")).await.ok();
        assert_eq!(award["award"]["ends"], "2025-03-01");
        assert_eq!((&award["turns"][0]["kind"], &award["turns"][0]["from"]), (&json!("end"), &json!("2025-03-01")));
        let act = format!("/v1/amendments/{}", award["turns"][0]["amendment"].as_str().unwrap());
        let it = desk.get(&office.ana, &act).await.ok();
        assert_eq!((&it["state"], &it["reason"]), (&json!("decided"), &json!("other-right")));
        assert_eq!((&it["recommended_by"]["name"], &it["decided_by"]["name"]), (&json!("Goran"), &json!("Petar")));
        let text = letter(&desk, &office.ana, &format!("{act}/letter")).await;
        assert!(text.contains("PRESTAJE") && text.contains(decision["number"].as_str().unwrap()), "{text}");
        let months = desk.get(&office.ana, &format!("/v1/awards/{held}/entitlements")).await.ok();
        assert!(months["items"].as_array().unwrap().iter().all(|it| it["month"] != "2025-03-01"), "no month is paid twice");
        in_order(&desk).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_keeps_the_old_right_is_refused_in_words_and_another_office_ends_its_own() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let office = at_work(&desk).await;
        let there = desk.officer("Jelena", "CSR-03", &[Role::Caseworker]).await;
        let marija = desk.person(&office.ana, "Marija").await;
        let held = has_allowance(&desk, marija, "CSR-03").await;
        let (path, status) = lodged(&desk, &office.ana, marija).await;
        let beside = &status["status"]["choice"]["beside"][0];
        assert_eq!(
            (&beside["here"], &beside["office"]["code"]),
            (&json!(false), &json!("CSR-03")),
            "{status}"
        );
        let first = assessed(&desk, &office.ana, &path, marija).await;
        let choose = format!("{path}/choice");
        let says = |keeps: &str| json!({ "award": held, "keeps": keeps, "reason": "izjava na zapisnik" });

        // She keeps what she has: that is no condition, so the officer says it in a paragraph.
        desk.post(&office.ana, &choose, says("other")).await.ok();
        let recommends = format!("{path}/decision/recommend");
        let problem = desk
            .post(&office.goran, &recommends, recommend(&first, "refuse"))
            .await
            .refused(422, "fields");
        assert_eq!(problem["errors"][0]["pointer"], "/paragraph");
        let mut refuse = recommend(&first, "refuse");
        refuse["paragraph"] = json!("Stranka je izabrala dodatak za njegu i pomoć.");
        desk.post(&office.goran, &recommends, refuse).await.ok();
        let back = json!({ "to": "assessment", "reason": "stranka se predomislila" });
        desk.post(&office.petar, &format!("{path}/decision/return"), back)
            .await
            .ok();

        // She changes her mind: the office that granted the other right is asked to end it, and until then nothing is granted here.
        desk.later();
        let second = desk
            .post(&office.ana, &format!("{path}/assessment"), json!({}))
            .await
            .ok();
        desk.later();
        desk.post(&office.ana, &choose, says("asked")).await.ok();
        desk.post(&office.goran, &recommends, recommend(&second, "grant"))
            .await
            .ok();
        let tasks = desk.get(&there, "/v1/tasks").await.ok();
        assert_eq!(tasks["items"].as_array().unwrap().len(), 1, "{tasks}");
        let verdict = json!({ "assessment": second["id"], "outcome": "grant" });
        desk.post(&office.petar, &format!("{path}/decision/decide"), verdict)
            .await
            .refused(409, "already-awarded");
        in_order(&desk).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_law_published_late_gives_arrears_and_what_was_known_before_stays_what_it_was() {
    on_both_with(&[], async |store| {
        let mut files = pack::files("me").unwrap();
        let parameters = files.get_mut("parameters/mo.toml").unwrap();
        let late = "from = 2025-01-01\n";
        assert!(parameters.contains(late));
        *parameters = parameters.replacen(late, "from = 2025-01-01\npublished = 2025-03-20\n", 1);
        let desk = Desk::serving(store, files).await;
        let office = at_work(&desk).await;
        let marija = desk.person(&office.ana, "Marija").await;
        let (path, kept) = super::later::assessed(&desk, &office, marija).await;
        desk.days(20);
        let ana = desk.again(&office.ana).await;
        let ask = async |query: &str| desk.get(&ana, &format!("{path}/assessments?{query}")).await;
        let minor = |it: &Value| it["assessment"]["amount"]["money"]["minor"].as_i64().unwrap();

        // With what was known in March the old amount counts; since then the law gives more for March.
        let then = ask("as_of=2025-03-12&known_at=2025-03-12T09:00:00Z").await.ok();
        let now = ask("as_of=2025-03-12").await.ok();
        assert_eq!(
            then["assessment"]["outcome"], now["assessment"]["outcome"],
            "{then}"
        );
        assert!(minor(&now) > minor(&then), "{then}\n{now}");
        assert_eq!(then["arrears"][0]["month"], "2025-03-01", "{then}");
        assert_eq!(then["arrears"][0]["amount"]["minor"], minor(&now) - minor(&then));
        assert_eq!(now["arrears"], json!([]));
        // Before the registers had answered, nothing could be said.
        let before = ask("as_of=2025-03-12&known_at=2025-03-10T09:00:30Z").await.ok();
        assert_eq!(before["assessment"]["outcome"], "unknown");
        // What was kept is what it was.
        let still = desk.get(&ana, &format!("{path}/assessment")).await.ok();
        assert_eq!(still["assessment"], kept["assessment"]);
        for (query, pointer) in [
            ("known_at=2099-01-01T00:00:00Z", "/known_at"),
            ("as_of=0001-01-01", "/as_of"),
        ] {
            let problem = ask(query).await.refused(422, "fields");
            assert_eq!(problem["errors"][0]["pointer"], pointer);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_lives_in_two_households_shows_with_both_and_so_does_a_right_that_runs_out() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let office = at_work(&desk).await;
        let marija = desk.person(&office.ana, "Marija").await;
        let draft = json!({ "benefit": "LI", "applicant": marija, "answers": [] });
        let draft = desk.post(&office.ana, "/v1/applications", draft).await.ok();
        let path = format!("/v1/applications/{}", draft["summary"]["id"].as_str().unwrap());
        let standing = desk.get(&office.ana, &format!("{path}/standing")).await.ok();
        assert_eq!(
            (&standing["lines"], &standing["overlaps"]),
            (&json!([]), &json!([]))
        );

        // Two households at once, as an old register may bring them, and a right until the end of the year.
        let there = desk.house.offices.by_code("CSR-03").unwrap().id;
        let here = desk.house.offices.by_code("CSR-01").unwrap().id;
        let (one, other) = (desk.house.clock.id(), desk.house.clock.id());
        let rows = (desk.house.clock.id(), desk.house.clock.id());
        let now = desk.house.clock.now();
        let limited = NewAward {
            id: desk.house.clock.id(),
            office: there,
            beneficiary: marija,
            household: None,
            benefit: "NNJ".into(),
            decision: None,
            decision_number: None,
            about: None,
            in_kind: false,
            amount: Money::new(10_000, Currency::EUR),
            per: Per::Month,
            starts: "2025-01-01".parse().unwrap(),
            ends: Some("2026-01-01".parse().unwrap()),
            review_on: None,
            basis: None,
            turned: false,
        };
        let actor = Actor {
            officer: None,
            office: here,
        };
        audit::write(&desk.house.store, actor, now, move |tx| {
            let head = karton_api::persons::AddMember {
                person: marija,
                relationship: "self".into(),
                from: "2024-01-01".parse().unwrap(),
            };
            for (household, office, row) in [(one, here, rows.0), (other, there, rows.1)] {
                crate::persons::insert_household(tx, household, office)?;
                crate::persons::insert_member(tx, row, household, &head, now)?;
            }
            awards::insert(tx, &limited)?;
            Ok(((), Entry::of("registered").person(marija)))
        })
        .await
        .unwrap();
        let standing = desk.get(&office.ana, &format!("{path}/standing")).await.ok();
        let lines = standing["lines"].as_array().unwrap();
        assert_eq!(
            line_of(lines, "months")["law"],
            "ZSDZ 39a",
            "a right that ends says by what"
        );
        let line = |kind: &str| {
            lines
                .iter()
                .find(|line| line["kind"] == kind)
                .unwrap_or_else(|| panic!("{kind}: {standing}"))
        };
        assert!(["CSR-01", "CSR-03"].contains(&line("household")["office"]["code"].as_str().unwrap()));
        assert_eq!(
            (&line("months")["have"], &line("months")["of"]),
            (&json!(3), &json!(12))
        );
        assert_eq!(line("months")["benefit"], "NNJ");

        // A second file about the same: her own for what the first excludes.
        let (_, _) = lodged(&desk, &office.ana, marija).await;
        let draft = json!({ "benefit": "DNJP", "applicant": marija, "answers": [] });
        let draft = desk.post(&office.ana, "/v1/applications", draft).await.ok();
        let path = format!(
            "/v1/applications/{}/standing",
            draft["summary"]["id"].as_str().unwrap()
        );
        let standing = desk.get(&office.ana, &path).await.ok();
        let files = standing["lines"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|line| line["kind"] == "file");
        let files: Vec<&Value> = files.map(|line| &line["benefit"]).collect();
        assert_eq!(files, [&json!("LI")], "{standing}");
        let other = desk.officer("Jelena", "CSR-03", &[Role::Clerk]).await;
        desk.get(&other, &path).await.refused(404, "not-found");
    })
    .await;
}

/// The allowance in two parts that come to the same sum.
const PARTS: &str = r#"
[[amount.part]]
code = "base"
name = { cnr = "Osnovni dio", en = "Base" }
law = "ZSDZ 32"
confidence = "published"
formula = "li.reduced"

[[amount.part]]
code = "rest"
name = { cnr = "Ostatak", en = "Rest" }
law = "ZSDZ 32"
confidence = "published"
formula = "if applicant.pension_care_allowance then EUR 0.00 per month else li.full - li.reduced"

[period]"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_part_of_a_right_rests_by_a_decision_of_two_officers_while_the_other_is_paid() {
    on_both_with(&[], async |store| {
        let mut files = pack::files("me").unwrap();
        let rule = files.get_mut("catalogue/LI/benefit.toml").unwrap();
        let whole = "formula = \"if applicant.pension_care_allowance then li.reduced else li.full\"\n";
        assert!(rule.contains(whole));
        *rule = rule.replacen(whole, "", 1).replacen("[period]", PARTS, 1);
        let desk = Desk::serving(store, files).await;
        let office = at_work(&desk).await;
        let marija = desk.person(&office.ana, "Marija").await;
        let (path, _) = lodged(&desk, &office.ana, marija).await;
        let first = assessed(&desk, &office.ana, &path, marija).await;
        desk.post(&office.goran, &format!("{path}/decision/recommend"), recommend(&first, "grant")).await.ok();
        let verdict = json!({ "assessment": first["id"], "outcome": "grant" });
        let decision = desk.post(&office.petar, &format!("{path}/decision/decide"), verdict).await.ok();
        desk.jobs().await;
        let award = decision["award"].as_str().unwrap().to_owned();
        let see = async || desk.get(&office.ana, &format!("/v1/awards/{award}")).await.ok();
        let parts = see().await["parts"].clone();
        let minor = |part: usize| parts[part]["amount"]["minor"].as_i64().unwrap();
        assert_eq!(parts[0]["part"], json!({ "code": "base" }), "{parts}");
        assert!(minor(0) > 0 && minor(1) > 0, "{parts}");

        let turn = |kind: &str, from: &str, reason: &str, part: &str| {
            json!({ "kind": kind, "award": award, "says": { "from": from, "reason": reason, "part": { "code": part } } })
        };
        let propose = async |body: Value| desk.post(&office.goran, "/v1/amendments", body).await;
        // What has no such part, and what cannot be about a part, is named at its field; what does not rest is not resumed.
        for wrong in [
            turn("suspend", "2025-04-01", "not-collected", "hours"),
            turn("end", "2025-04-01", "renounced", "rest"),
        ] {
            let problem = propose(wrong).await.refused(422, "fields");
            assert_eq!(problem["errors"][0]["pointer"], "/says/part", "{problem}");
        }
        propose(turn("resume", "2025-04-01", "cause-ended", "rest")).await.refused(409, "award-not-suspended");

        let decided = async |body: Value| {
            let it = propose(body).await.ok();
            let decide = format!("/v1/amendments/{}/decide", it["id"].as_str().unwrap());
            let it = desk.post(&office.petar, &decide, json!({ "revision": it["revision"] })).await.ok();
            desk.jobs().await;
            it
        };
        let rests = decided(turn("suspend", "2025-04-01", "not-collected", "rest")).await;
        assert_eq!((&rests["before"]["minor"], &rests["amount"]["minor"]), (&json!(minor(0) + minor(1)), &json!(minor(0))));
        assert_eq!(rests["part_name"]["en"], "Rest");
        let text = letter(&desk, &office.ana, &format!("/v1/amendments/{}/letter", rests["id"].as_str().unwrap())).await;
        assert!(text.contains("OBUSTAVLJA SE") && text.contains("„Ostatak“"), "{text}");
        propose(turn("suspend", "2025-05-01", "not-collected", "rest")).await.refused(409, "award-suspended");
        let again = decided(turn("resume", "2025-06-01", "cause-ended", "rest")).await;
        assert_eq!(again["amount"]["minor"], json!(minor(0) + minor(1)));

        // Month by month: whole, without the part, whole again.
        desk.days(115);
        let ana = desk.again(&office.ana).await;
        let months = desk.get(&ana, &format!("/v1/awards/{award}/entitlements")).await.ok();
        let paid: Vec<i64> = months["items"].as_array().unwrap().iter().map(|it| it["amount"]["minor"].as_i64().unwrap()).collect();
        let all = minor(0) + minor(1);
        assert_eq!(paid, [all, minor(0), minor(0), all, all], "{months}");
        let turns = desk.get(&ana, &format!("/v1/awards/{award}")).await.ok()["turns"].clone();
        assert_eq!(turns[0]["part"], json!({ "code": "rest" }));
        in_order(&desk).await;
    })
    .await;
}

fn line_of<'a>(lines: &'a [Value], kind: &str) -> &'a Value {
    lines.iter().find(|line| line["kind"] == kind).unwrap()
}

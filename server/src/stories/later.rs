//! What happens to a decision afterwards: it is served, corrected, annulled; its award is changed, suspended, resumed and ended.

use super::desk::{ApplicationId, Desk, Seat, answers, confirmations, id};
use crate::{
    decisions::{self, Proposal},
    matters::{Done, Fresh},
    store::testing::on_both_with,
    verify::{self, Depth},
};
use karton_api::{
    FactValue, Id,
    session::Role,
    value::{self, Person},
};
use serde_json::{Value, json};

/// Who works in the office.
pub(super) struct Office {
    pub(super) ana: Seat,
    pub(super) goran: Seat,
    pub(super) petar: Seat,
}

pub(super) async fn office(desk: &Desk) -> Office {
    Office {
        ana: desk.officer("Ana", "CSR-01", &[Role::Clerk]).await,
        goran: desk.officer("Goran", "CSR-01", &[Role::Caseworker]).await,
        petar: desk.officer("Petar", "CSR-01", &[Role::Approver]).await,
    }
}

/// An application for material support, lodged and assessed: its path, and the assessment.
pub(super) async fn assessed(desk: &Desk, office: &Office, person: Id<Person>) -> (String, Value) {
    let draft = json!({ "benefit": "MO", "applicant": person, "answers": answers(person) });
    let draft = desk.post(&office.ana, "/v1/applications", draft).await.ok();
    let application: ApplicationId = id(&draft["summary"]["id"]);
    let path = format!("/v1/applications/{application}");
    desk.post(&office.ana, &format!("{path}/lodge"), json!({}))
        .await
        .ok();
    desk.later();
    desk.registers_know_a_poor_woman(person, "CSR-01").await;
    let seen = desk.get(&office.ana, &path).await.ok();
    let step = seen["steps"]
        .as_array()
        .unwrap()
        .iter()
        .find(|step| step["state"] == "open")
        .unwrap()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    desk.post(
        &office.ana,
        &format!("/v1/matters/{application}/steps/{step}/complete"),
        json!({}),
    )
    .await
    .ok();
    desk.later();
    let assessed = desk
        .post(&office.ana, &format!("{path}/assessment"), json!({}))
        .await
        .ok();
    (path, assessed)
}

/// The same, recommended.
pub(super) async fn recommended(desk: &Desk, office: &Office, person: Id<Person>) -> (String, Value) {
    let (path, assessed) = assessed(desk, office, person).await;
    let body =
        json!({ "assessment": assessed["id"], "outcome": "grant", "confirmed": confirmations(&assessed) });
    desk.post(&office.goran, &format!("{path}/decision/recommend"), body)
        .await
        .ok();
    (path, assessed)
}

/// The same, decided, its letter made.
pub(super) async fn granted(desk: &Desk, office: &Office, person: Id<Person>) -> Value {
    let (path, assessed) = recommended(desk, office, person).await;
    let body = json!({ "assessment": assessed["id"], "outcome": "grant" });
    let decision = desk
        .post(&office.petar, &format!("{path}/decision/decide"), body)
        .await
        .ok();
    desk.jobs().await;
    decision
}

pub(super) async fn in_order(desk: &Desk) {
    let books = verify::books(&desk.house.store, Depth::Full).await.unwrap();
    assert!(books.violations.is_empty(), "{:#?}", books.violations);
}

pub(super) async fn letter(desk: &Desk, seat: &Seat, path: &str) -> String {
    let bytes = desk.get(seat, &format!("{path}?form=text&width=100")).await.bytes;
    String::from_utf8(bytes).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_award_is_suspended_resumed_and_ended_by_two_officers_each() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let office = office(&desk).await;
        let other = desk.officer("Jelena", "CSR-03", &[Role::Caseworker, Role::Approver]).await;
        let marija = desk.person(&office.ana, "Marija").await;
        let decision = granted(&desk, &office, marija).await;
        let award = decision["award"].as_str().unwrap().to_owned();
        let amount = decision["amount"]["money"].clone();
        let propose = |kind: &str, from: &str, reason: &str| {
            json!({ "kind": kind, "award": award, "says": { "from": from, "reason": reason } })
        };

        // What cannot be is refused at its field, and by name.
        let wrong = propose("end", "2025-04-15", "renounced");
        let problem = desk.post(&office.goran, "/v1/amendments", wrong).await.refused(422, "fields");
        assert_eq!(problem["errors"][0]["pointer"], "/says/from");
        let wrong = propose("end", "2025-04-01", "cause-ended");
        let problem = desk.post(&office.goran, "/v1/amendments", wrong).await.refused(422, "fields");
        assert_eq!(problem["errors"][0]["pointer"], "/says/reason");
        let resume = propose("resume", "2025-04-01", "cause-ended");
        desk.post(&office.goran, "/v1/amendments", resume).await.refused(409, "award-not-suspended");
        let end = || propose("end", "2025-04-01", "renounced");
        desk.post(&office.petar, "/v1/amendments", end()).await.refused(403, "not-permitted");
        desk.post(&other, "/v1/amendments", end()).await.refused(404, "not-found");

        // Suspended from April on: nothing is due then, and the letter says why.
        let mut suspend = propose("suspend", "2025-04-01", "not-collected");
        suspend["says"]["paragraph"] = json!("Davanje nije podignuto od januara. <b>*Ovo nije naglašeno*</b>");
        let it = desk.post(&office.goran, "/v1/amendments", suspend).await.ok();
        let path = format!("/v1/amendments/{}", it["id"].as_str().unwrap());
        assert_eq!((&it["state"], &it["before"]), (&json!("recommended"), &amount));
        desk.post(&office.goran, "/v1/amendments", end()).await.refused(409, "amendment-running");
        let tasks = desk.get(&office.petar, "/v1/tasks").await.ok();
        assert_eq!(tasks["items"][0]["act"], "decide");
        desk.post(&office.goran, &format!("{path}/decide"), json!({ "revision": it["revision"] })).await.refused(403, "not-permitted");
        desk.post(&office.petar, &format!("{path}/decide"), json!({ "revision": 1 })).await.refused(412, "changed-meanwhile");
        let back = desk.post(&office.petar, &format!("{path}/return"), json!({ "reason": "Provjeriti poštu." })).await.ok();
        assert_eq!((&back["state"], &back["returned"]["reason"]), (&json!("open"), &json!("Provjeriti poštu.")));
        let says = json!({ "from": "2025-04-01", "reason": "not-collected", "paragraph": "Davanje nije podignuto od januara. <b>*Ovo nije naglašeno*</b>" });
        let it = desk.post(&office.goran, &format!("{path}/recommend"), says).await.ok();
        let decided = desk.post(&office.petar, &format!("{path}/decide"), json!({ "revision": it["revision"] })).await.ok();
        assert_eq!(decided["number"], "CSR-01-R-2025/2");
        desk.jobs().await;
        let text = letter(&desk, &office.ana, &format!("{path}/letter")).await;
        for part in ["OBUSTAVLJA SE", "CSR-01-R-2025/1", "1.4.2025.", "<b>*Ovo nije naglašeno*</b>", "Petar", "M.P."] {
            assert!(text.contains(part), "{part} in\n{text}");
        }
        let slip = letter(&desk, &office.ana, &format!("{path}/slip")).await;
        assert!(slip.contains("CSR-01-R-2025/2") && slip.contains("Marija Vujotić"), "{slip}");
        let delivered = desk.post(&office.ana, &format!("{path}/deliver"), json!({ "on": "2025-03-10" })).await.ok();
        assert_eq!(delivered["delivery"]["appeal_until"], "2025-03-25");
        in_order(&desk).await;

        // In May nothing is due; from June on it is again.
        desk.days(60);
        let [ana, goran, petar] = [desk.again(&office.ana).await, desk.again(&office.goran).await, desk.again(&office.petar).await];
        let seen = desk.get(&ana, &format!("/v1/awards/{award}")).await.ok();
        assert_eq!((&seen["award"]["suspended"], &seen["award"]["in_force"]), (&json!(true), &json!(true)));
        let months = desk.get(&ana, &format!("/v1/awards/{award}/entitlements")).await.ok();
        assert_eq!(months["items"], json!([{ "month": "2025-03-01", "amount": amount }]));
        let it = desk.post(&goran, "/v1/amendments", propose("resume", "2025-06-01", "cause-ended")).await.ok();
        let path = format!("/v1/amendments/{}/decide", it["id"].as_str().unwrap());
        desk.post(&petar, &path, json!({ "revision": it["revision"] })).await.ok();
        desk.jobs().await;

        // Ended from July on; then there is nothing more to end.
        let it = desk.post(&goran, "/v1/amendments", propose("end", "2025-07-01", "renounced")).await.ok();
        let path = format!("/v1/amendments/{}", it["id"].as_str().unwrap());
        desk.post(&petar, &format!("{path}/decide"), json!({ "revision": it["revision"] })).await.ok();
        desk.jobs().await;
        let text = letter(&desk, &ana, &format!("{path}/letter")).await;
        assert!(text.contains("PRESTAJE") && text.contains("1.7.2025."), "{text}");
        let seen = desk.get(&ana, &format!("/v1/awards/{award}")).await.ok();
        assert_eq!(seen["award"]["ends"], "2025-07-01");
        let kinds: Vec<&Value> = seen["turns"].as_array().unwrap().iter().map(|turn| &turn["kind"]).collect();
        assert_eq!(kinds, ["suspend", "resume", "end"]);
        desk.post(&goran, "/v1/amendments", propose("end", "2025-08-01", "renounced")).await.refused(409, "award-not-running");
        in_order(&desk).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_income_changes_the_amount_and_names_what_was_too_much() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let office = office(&desk).await;
        let marija = desk.person(&office.ana, "Marija").await;
        let decision = granted(&desk, &office, marija).await;
        let award = decision["award"].as_str().unwrap().to_owned();
        let before = decision["amount"]["money"]["minor"].as_i64().unwrap();
        desk.days(70);
        let [goran, petar] = [desk.again(&office.goran).await, desk.again(&office.petar).await];
        // What nothing proves by now needs the first officer's word, as at the grant.
        let would = async || {
            let would = desk
                .get(&goran, &format!("/v1/awards/{award}/would-change"))
                .await
                .ok();
            confirmations(&would)
        };
        let change = async || {
            let says =
                json!({ "from": "2025-04-01", "reason": "income-changed", "confirmed": would().await });
            json!({ "kind": "change", "award": award, "says": says })
        };
        desk.registers_know_a_poor_woman(marija, "CSR-01").await;
        let problem = desk
            .post(&goran, "/v1/amendments", change().await)
            .await
            .refused(422, "fields");
        assert_eq!(problem["errors"][0]["code"], "same-amount");

        // Since March she earns 30 euros a month: three months of the last three count.
        let euro = |minor: i64| FactValue::Money(karton_api::Money::new(minor, karton_api::Currency::EUR));
        let row = |month: &str| {
            let columns = [
                ("month", FactValue::Date(month.parse().unwrap())),
                ("payer", FactValue::Text("Pekara Klas".into())),
                ("kind", FactValue::Code("wage".into())),
                ("net", euro(3_000)),
            ];
            columns
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect()
        };
        let rows = FactValue::Rows(vec![row("2024-12-01"), row("2025-01-01"), row("2025-02-01")]);
        desk.register_says(marija, "CSR-01", &[("income", rows)]).await;
        desk.later();
        let it = desk.post(&goran, "/v1/amendments", change().await).await.ok();
        let after = it["amount"]["minor"].as_i64().unwrap();
        assert!(after < before, "{after} of {before}");
        assert_eq!(
            it["undue"].as_array().unwrap().len(),
            2,
            "April and May: {}",
            it["undue"]
        );
        let path = format!("/v1/amendments/{}", it["id"].as_str().unwrap());

        // What is learnt before the second officer decides makes it go back.
        desk.register_says(marija, "CSR-01", &[("refused_work", FactValue::Bool(false))])
            .await;
        let decide = format!("{path}/decide");
        desk.post(&petar, &decide, json!({ "revision": it["revision"] }))
            .await
            .refused(409, "assessment-outdated");
        desk.post(
            &petar,
            &format!("{path}/return"),
            json!({ "reason": "Novi podaci." }),
        )
        .await
        .ok();
        desk.later();
        let says = json!({ "from": "2025-04-01", "reason": "income-changed", "confirmed": would().await });
        let it = desk.post(&goran, &format!("{path}/recommend"), says).await.ok();
        desk.post(
            &petar,
            &decide,
            json!({ "revision": it["revision"], "paragraph": "Pregledano." }),
        )
        .await
        .ok();
        desk.jobs().await;
        let text = letter(&desk, &petar, &format!("{path}/letter")).await;
        for part in ["MIJENJA SE", "Ukupno", "Pregledano."] {
            assert!(text.contains(part), "{part} in\n{text}");
        }
        let months = desk
            .get(&petar, &format!("/v1/awards/{award}/entitlements"))
            .await
            .ok();
        let minors: Vec<i64> = months["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["amount"]["minor"].as_i64().unwrap())
            .collect();
        assert_eq!(minors, [before, after, after]);
        in_order(&desk).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slip_of_the_pen_is_corrected_and_a_decision_annulled() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let office = office(&desk).await;
        let marija = desk.person(&office.ana, "Marija").await;
        let decision = granted(&desk, &office, marija).await;
        let at = decision["id"].as_str().unwrap().to_owned();
        let correct = |was: &str, is: &str| {
            let lines = json!([{ "was": was, "is": is }]);
            json!({ "kind": "correct", "decision": at, "says": { "reason": "clerical-error", "corrections": lines } })
        };
        let refused = async |was: &str, is: &str, code: &str| {
            let problem = desk.post(&office.goran, "/v1/amendments", correct(was, is)).await.refused(422, "fields");
            assert_eq!(problem["errors"][0]["code"], code, "{was}: {problem}");
        };
        refused("Milica", "Marija", "not-there").await;
        refused("CSR-01-R-2025/1", "CSR-01-R-2025/7", "not-clerical").await;
        let letter_before = desk.get(&office.ana, &format!("/v1/decisions/{at}/letter")).await.bytes;
        let it = desk.post(&office.goran, "/v1/amendments", correct("Vujotić", "Vujošević")).await.ok();
        let path = format!("/v1/amendments/{}", it["id"].as_str().unwrap());
        desk.post(&office.petar, &format!("{path}/decide"), json!({ "revision": it["revision"] })).await.ok();
        desk.jobs().await;
        let text = letter(&desk, &office.ana, &format!("{path}/letter")).await;
        for part in ["ISPRAVLJA SE", "Vujotić", "Vujošević", "CSR-01-R-2025/1"] {
            assert!(text.contains(part), "{part} in\n{text}");
        }
        assert_eq!(letter_before, desk.get(&office.ana, &format!("/v1/decisions/{at}/letter")).await.bytes, "the original stays");
        let seen = desk.get(&office.goran, &format!("/v1/decisions/{at}")).await.ok();
        assert_eq!((&seen["amendments"][0]["kind"], &seen["annulled"]), (&json!("correct"), &json!(false)));
        assert_eq!(seen["may"], json!(["correct", "annul"]));

        // Annulled as if it had never been: what was due is named, and she may be granted it anew.
        desk.days(40);
        let [ana, goran, petar] = [desk.again(&office.ana).await, desk.again(&office.goran).await, desk.again(&office.petar).await];
        let annul = json!({ "kind": "annul", "decision": at, "says": { "reason": "after-appeal" } });
        let it = desk.post(&goran, "/v1/amendments", annul.clone()).await.ok();
        assert_eq!(it["undue"].as_array().unwrap().len(), 2, "March and April");
        let path = format!("/v1/amendments/{}", it["id"].as_str().unwrap());
        desk.post(&petar, &format!("{path}/decide"), json!({ "revision": it["revision"] })).await.ok();
        desk.jobs().await;
        assert!(letter(&desk, &ana, &format!("{path}/letter")).await.contains("PONIŠTAVA SE"));
        let seen = desk.get(&goran, &format!("/v1/decisions/{at}")).await.ok();
        assert_eq!((&seen["annulled"], &seen["may"]), (&json!(true), &json!([])));
        desk.post(&goran, "/v1/amendments", annul).await.refused(409, "decision-annulled");
        let award = decision["award"].as_str().unwrap();
        let months = desk.get(&ana, &format!("/v1/awards/{award}/entitlements")).await.ok();
        assert_eq!(months["items"], json!([]));
        in_order(&desk).await;
        // Her application waits for the first officer again; a second one beside it is not lodged.
        let application = seen["application"]["id"].as_str().unwrap();
        let draft = json!({ "benefit": "MO", "applicant": marija, "answers": answers(marija) });
        let draft = desk.post(&ana, "/v1/applications", draft).await.ok();
        let lodge = format!("/v1/applications/{}/lodge", draft["summary"]["id"].as_str().unwrap());
        desk.post(&ana, &lodge, json!({})).await.refused(409, "already-running");
        let again = desk.get(&goran, &format!("/v1/applications/{application}")).await.ok();
        assert_eq!(again["summary"]["state"], "lodged");
    })
    .await;
}

/// The task that waits for a first officer: the path of its later decision.
async fn proposal(desk: &Desk, seat: &Seat) -> String {
    let tasks = desk.get(seat, "/v1/tasks").await.ok();
    let task = tasks["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|task| task["step"] == "proposal");
    format!("/v1/amendments/{}", task.unwrap()["matter"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_death_opens_a_task_that_only_officers_can_finish() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let office = office(&desk).await;
        let marija = desk.person(&office.ana, "Marija").await;
        let decision = granted(&desk, &office, marija).await;
        let award: Id<value::Award> = id(&decision["award"]);
        let open = async || {
            let house = desk.house.clone();
            let (now, today) = (house.clock.now(), house.clock.today());
            let (amendment, fresh) = (house.clock.id(), Fresh::new(&house.clock));
            let actor = crate::access::Actor {
                officer: None,
                office: house.offices.top().unwrap().id,
            };
            let inside = house.clone();
            crate::audit::write(&house.store, actor, now, move |tx| {
                let proposal = Proposal {
                    rests: false,
                    id: amendment,
                    award,
                    from: "2025-04-01".parse().unwrap(),
                    reason: "death",
                };
                let done = Done {
                    by: None,
                    at: now,
                    on: today,
                };
                let opened = decisions::propose_end(tx, &inside, &proposal, done, &mut fresh.clone())?;
                Ok((opened, crate::audit::Entry::of("death-recorded").person(marija)))
            })
            .await
            .unwrap()
        };
        assert!(open().await);
        assert!(!open().await, "once is enough");
        let path = proposal(&desk, &office.goran).await;
        let it = desk.get(&office.goran, &path).await.ok();
        assert_eq!(
            (&it["state"], &it["from"], &it["reason"]),
            (&json!("open"), &json!("2025-04-01"), &json!("death"))
        );
        assert_eq!(it["may"], json!(["recommend", "drop"]));
        let seen = desk.get(&office.goran, &format!("/v1/awards/{award}")).await.ok();
        assert_eq!(seen["award"]["ends"], Value::Null, "nothing is decided by it");
        let dropped = desk
            .post(
                &office.goran,
                &format!("{path}/drop"),
                json!({ "reason": "Zabuna: živa je." }),
            )
            .await
            .ok();
        assert_eq!(dropped["state"], "dropped");
        assert!(open().await);
        let path = proposal(&desk, &office.goran).await;
        let says = json!({ "from": "2025-04-01", "reason": "death" });
        let it = desk
            .post(&office.goran, &format!("{path}/recommend"), says)
            .await
            .ok();
        desk.post(
            &office.petar,
            &format!("{path}/decide"),
            json!({ "revision": it["revision"] }),
        )
        .await
        .ok();
        desk.jobs().await;
        let seen = desk.get(&office.goran, &format!("/v1/awards/{award}")).await.ok();
        assert_eq!(seen["award"]["ends"], "2025-04-01");
        in_order(&desk).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_comes_back_is_served_on_the_notice_board() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let office = office(&desk).await;
        let marija = desk.person(&office.ana, "Marija").await;
        let decision = granted(&desk, &office, marija).await;
        let path = format!("/v1/decisions/{}", decision["id"].as_str().unwrap());
        let pdf = desk.get(&office.ana, &format!("{path}/slip")).await;
        assert!(pdf.bytes.starts_with(b"%PDF"), "{}", pdf.body);
        let deliver = async |body: Value| desk.post(&office.ana, &format!("{path}/deliver"), body).await;
        let back = deliver(json!({ "on": "2025-03-10", "how": "returned" }))
            .await
            .ok();
        assert_eq!(back["delivered_on"], Value::Null);
        assert_eq!(back["delivery"]["attempts"][0]["how"], "returned");
        deliver(json!({ "on": "2025-03-10", "how": "by-pigeon" }))
            .await
            .refused(422, "fields");
        deliver(json!({ "on": "2025-03-10", "to": "a\u{1b}[2J" }))
            .await
            .refused(422, "fields");
        let served = deliver(json!({ "on": "2025-03-10", "how": "notice-board" }))
            .await
            .ok();
        assert_eq!(served["delivered_on"], "2025-03-18", "eight days on the board");
        assert_eq!(served["delivery"]["appeal_until"], "2025-04-02");
        assert_eq!(served["delivery"]["final_on"], "2025-04-03");
        deliver(json!({ "on": "2025-03-10" }))
            .await
            .refused(409, "step-not-open");
        in_order(&desk).await;
    })
    .await;
}

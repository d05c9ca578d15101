//! A case of social work from the report to its closing, on every engine.

use super::desk::{Desk, Seat};
use crate::store::testing::on_both_with;
use karton_api::{Id, session::Role, value::Person};
use serde_json::{Value, json};

/// What is typed into a form about the matter.
pub(super) fn said(facts: &[(&str, Value)]) -> Value {
    let one =
        |(fact, value): &(&str, Value)| json!({ "of": { "kind": "claim" }, "fact": fact, "value": value });
    facts.iter().map(one).collect()
}
pub(super) fn text(words: &str) -> Value {
    json!({ "type": "text", "value": words })
}
pub(super) fn coded(value: &str) -> Value {
    json!({ "type": "code", "value": value })
}

/// A child whose parents cannot care for it is reported.
pub(super) fn guardianship(person: Id<Person>) -> Value {
    json!({
        "procedure": "guardianship", "person": person, "way": "school", "reason": "no-parents", "priority": "regular",
        "note": "Razredna javlja da dijete živi samo s bakom.",
        "answers": said(&[("report_by", text("Razredna starješina")), ("child_at_risk", coded("no"))]),
        "people": [{ "role": "relative", "name": "Baka po majci", "note": "tel. 020 000 000" }],
    })
}

fn plan(officer: &Seat) -> Value {
    json!({
        "aim": "Dijete ima staratelja i redovno ide u školu",
        "goals": [{ "goal": "Staratelj je postavljen", "indicator": "rješenje", "due_on": "2025-05-01" }],
        "activities": [
            { "goal": 0, "kind": "legal", "what": "Pribaviti saglasnost kandidata", "officer": officer.officer, "due_on": "2025-03-20" },
            { "goal": 0, "kind": "task", "what": "Baka donosi uvjerenje", "responsible": "Baka", "due_on": "2025-03-25" },
        ],
        "participation": "Dijete je razgovaralo s voditeljem.",
        "review_on": "2025-05-10",
    })
}

fn may(case: &Value) -> Vec<&str> {
    case["may"]
        .as_array()
        .unwrap()
        .iter()
        .map(|act| act.as_str().unwrap())
        .collect()
}
fn open_steps(case: &Value) -> Vec<&str> {
    let open = |step: &&Value| step["state"] == "open" || step["state"] == "started";
    case["steps"]
        .as_array()
        .unwrap()
        .iter()
        .filter(open)
        .map(|step| step["key"].as_str().unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_is_opened_assessed_planned_visited_reviewed_and_closed() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = desk.officer("Ana", "CSR-01", &[Role::Clerk, Role::Caseworker]).await;
        let petar = desk.officer("Petar", "CSR-01", &[Role::Approver]).await;
        let jelena = desk.officer("Jelena", "CSR-04", &[Role::Caseworker]).await;
        let child = desk.person(&ana, "Luka").await;
        let guardian = desk.person(&ana, "Milica").await;

        // What is wrong is named; then it is taken in, with a number of its own series.
        let mut bad = guardianship(child);
        bad["way"] = json!("pigeon");
        bad["people"][0]["role"] = json!("victim");
        let wrong = desk.post(&ana, "/v1/cases", bad).await.refused(422, "fields");
        assert_eq!(wrong["errors"][0]["pointer"], "/way", "{wrong}");
        let case = desk.post(&ana, "/v1/cases", guardianship(child)).await.ok();
        assert_eq!(case["summary"]["number"], "CSR-01-SR-2025/1");
        assert_eq!((&case["summary"]["state"], open_steps(&case)), (&json!("reported"), vec!["opening"]));
        assert_eq!(may(&case), ["contact", "note", "watch", "participant"]);
        desk.post(&ana, "/v1/cases", guardianship(child)).await.refused(409, "case-running");
        let at = format!("/v1/cases/{}", case["summary"]["id"].as_str().unwrap());
        desk.get(&jelena, &at).await.refused(404, "not-found");
        desk.post(&ana, &format!("{at}/plans"), plan(&ana)).await.refused(409, "step-not-open");

        // The head of office opens it and gives it to Ana: the steps of the caseworker are hers.
        desk.post(&ana, &format!("{at}/open"), json!({ "lead": ana.officer })).await.refused(403, "not-permitted");
        desk.post(&petar, &format!("{at}/open"), json!({ "lead": petar.officer })).await.refused(422, "fields");
        let case = desk.post(&petar, &format!("{at}/open"), json!({ "lead": ana.officer })).await.ok();
        assert_eq!(open_steps(&case), ["initial"]);
        let first = case["steps"].as_array().unwrap().iter().find(|step| step["key"] == "initial").unwrap().clone();
        assert_eq!((&first["due_on"], &first["form"]), (&json!("2025-03-17"), &json!("case-initial")));
        let queue = desk.get(&ana, "/v1/tasks").await.ok();
        assert_eq!(queue["items"][0]["step"], "initial");
        let matter = at.replace("cases", "matters");
        let generic = format!("{matter}/steps/{}/complete", first["id"].as_str().unwrap());
        desk.post(&ana, &generic, json!({})).await.refused(409, "legal-act");

        // Initial and full assessment; a correction is a new version.
        let initial = |key: &str| {
            let answers = said(&[
                ("assessment_sources", text("razgovor, posjeta")),
                ("key_event", text(key)),
                ("state_safety", text("bezbjedno kod bake")),
                ("conclusion", text("otvoriti")),
            ]);
            json!({ "step": "initial", "answers": answers })
        };
        let unfinished = json!({ "step": "initial", "answers": said(&[("key_event", text("smrt majke"))]) });
        desk.post(&ana, &format!("{at}/sheets"), unfinished).await.refused(422, "fields");
        desk.post(&ana, &format!("{at}/sheets"), initial("smrt majke")).await.ok();
        let case = desk.post(&ana, &format!("{at}/sheets"), initial("smrt majke u januaru")).await.ok();
        assert_eq!(open_steps(&case), ["full"]);
        let versions = desk.get(&ana, &format!("{at}/sheets")).await.ok();
        let of_initial = |sheet: &&Value| sheet["step"] == "initial";
        let numbers: Vec<_> =
            versions["items"].as_array().unwrap().iter().filter(of_initial).map(|sheet| sheet["version"].clone()).collect();
        assert_eq!(numbers, [2, 1]);
        let full = json!({ "step": "full", "answers": said(&[
            ("candidate_view", text("saglasna")), ("candidate_fit", json!({ "type": "bool", "value": true })),
            ("candidate_check", text("uvid u evidencije")), ("risk_level", json!({ "type": "int", "value": 2 })),
            ("needs", text("staratelj, škola")), ("conclusion", text("postaviti staratelja")),
        ]) });
        let case = desk.post(&ana, &format!("{at}/sheets"), full).await.ok();
        assert_eq!(open_steps(&case), ["planning"]);

        // The plan: proposed by Ana, sent back, proposed again, approved by another.
        let mut empty = plan(&ana);
        empty["activities"] = json!([]);
        let wrong = desk.post(&ana, &format!("{at}/plans"), empty).await.refused(422, "fields");
        assert_eq!(wrong["errors"][0]["pointer"], "/goals/0");
        let case = desk.post(&ana, &format!("{at}/plans"), plan(&ana)).await.ok();
        let version = case["proposed"]["id"].clone();
        desk.post(&ana, &format!("{at}/approve"), json!({ "plan": version })).await.refused(403, "not-permitted");
        let back = json!({ "reason": "Nedostaje zdravstveni pregled" });
        let case = desk.post(&petar, &format!("{at}/return"), back).await.ok();
        assert_eq!((open_steps(&case), &case["proposed"]["state"]), (vec!["planning"], &json!("returned")));
        let case = desk.post(&ana, &format!("{at}/plans"), plan(&ana)).await.ok();
        assert_eq!(case["proposed"]["version"], 2);
        desk.post(&petar, &format!("{at}/approve"), json!({ "plan": version })).await.refused(409, "step-not-open");
        let version = case["proposed"]["id"].clone();
        let case = desk.post(&petar, &format!("{at}/approve"), json!({ "plan": version })).await.ok();
        assert_eq!((&case["plan"]["version"], &case["proposed"]), (&json!(2), &Value::Null));
        assert_eq!(open_steps(&case), ["appointment"]);

        // The guardian is appointed: whoever asks for a representative finds her.
        let tie = json!({ "person": child, "carer": guardian, "kind": "guardian", "act": "Rješenje 12/2025", "from": "2025-03-10" });
        let mut foster = tie.clone();
        foster["kind"] = json!("foster-carer");
        desk.post(&ana, &format!("{at}/care"), foster).await.refused(422, "fields");
        let case = desk.post(&ana, &format!("{at}/care"), tie.clone()).await.ok();
        assert_eq!(open_steps(&case), ["monitoring", "review"]);
        assert_eq!(case["care"][0]["kind"], "guardian");
        desk.post(&ana, &format!("{at}/care"), tie).await.refused(422, "fields");
        let scope = crate::access::Scope::under(desk.house.offices.by_code("CSR-01").unwrap().id);
        let (today, now) = (desk.house.clock.today(), desk.house.clock.now());
        let carers = desk
            .house
            .store
            .read(move |tx| crate::persons::carers(tx, &scope, child, today, now))
            .await
            .unwrap();
        assert_eq!(carers.iter().map(|carer| carer.card.id).collect::<Vec<_>>(), [guardian]);
        // The review comes when the plan says so, not only when its term ends.
        let due = |case: &Value, key: &str| {
            let steps = case["steps"].as_array().unwrap();
            let run = steps.iter().rfind(|step| step["key"] == key).unwrap();
            run["due_on"].as_str().unwrap().to_owned()
        };
        assert_eq!(due(&case, "monitoring"), "2025-04-09");

        // A visit typed in from paper: its form is kept, its term counts anew, what was watched for is done and comes again.
        let watch = json!({ "kind": "visit", "what": "Posjeta baki i djetetu", "due_on": "2025-03-12", "time": "10:30", "every_days": 30 });
        desk.post(&ana, &format!("{at}/watches"), watch).await.ok();
        let dues = desk.get(&ana, "/v1/cases/dues?mine=true").await.ok();
        let lines: Vec<(&str, &str)> = dues["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|due| (due["source"].as_str().unwrap(), due["on"].as_str().unwrap()))
            .collect();
        assert_eq!(
            lines,
            [("watch", "2025-03-12"), ("activity", "2025-03-20"), ("activity", "2025-03-25"), ("step", "2025-04-09"), ("step", "2025-05-10")]
        );
        desk.days(3);
        let (ana, petar) = (desk.again(&ana).await, desk.again(&petar).await);
        let list = desk.get(&ana, &format!("/v1/cases/dues?case={}", case["summary"]["id"].as_str().unwrap())).await.ok();
        assert_eq!((&list["items"][0]["overdue"], &list["items"][1]["overdue"]), (&json!(true), &json!(false)));
        let visit = json!({
            "kind": "contact", "code": "visit", "on": "2025-03-13", "time": "10:30", "who": "baka, dijete", "text": "Dijete je dobro.",
            "watch": list["items"][0]["id"],
            "answers": said(&[
                ("visit_present", text("baka, dijete")), ("visit_found", text("uredan stan")), ("visit_risk", coded("no")),
            ]),
        });
        let mut late = visit.clone();
        late["on"] = json!("2025-03-14");
        desk.post(&ana, &format!("{at}/notes"), late).await.refused(422, "fields");
        let note = desk.post(&ana, &format!("{at}/notes"), visit).await.ok();
        assert!(note["sheet"].is_string());
        let case = desk.get(&ana, &at).await.ok();
        assert_eq!(due(&case, "monitoring"), "2025-04-14");
        let dues = desk.get(&ana, "/v1/cases/dues?mine=true&from=2025-03-10&until=2025-04-30&held=true").await.ok();
        let watches: Vec<_> = dues["items"].as_array().unwrap().iter().filter(|due| due["source"] == "watch").collect();
        assert_eq!(watches[0]["on"], "2025-04-12");
        assert!(dues["items"].as_array().unwrap().iter().any(|due| due["source"] == "contact"));

        // What was written down is corrected by a new version of it; the old one stays.
        let place = format!("{at}/notes/{}", note["id"].as_str().unwrap());
        let better = json!({ "on": "2025-03-13", "who": "baka, dijete", "text": "Dijete je dobro i ide u školu." });
        desk.put(&ana, &place, 2, better.clone()).await.refused(412, "changed-meanwhile");
        desk.put(&ana, &place, 1, better).await.ok();
        let versions = desk.get(&ana, &place).await.ok();
        assert_eq!(versions["items"].as_array().unwrap().len(), 2);
        assert!(versions["items"][1]["replaced_at"].is_string());
        assert_eq!(desk.get(&ana, &format!("{at}/notes")).await.ok()["items"].as_array().unwrap().len(), 1);

        // An activity is carried out once; another service is asked; the sheet for the next visit has blanks and a number.
        let activity = case["plan"]["activities"][0]["id"].as_str().unwrap().to_owned();
        let done = json!({ "state": "done", "text": "Saglasnost je potpisana." });
        desk.post(&ana, &format!("{at}/activities/{activity}"), done.clone()).await.ok();
        desk.post(&ana, &format!("{at}/activities/{activity}"), done).await.refused(409, "already-settled");
        let referral = json!({ "to": "health", "who": "Dom zdravlja", "text": "Sistematski pregled", "answer_by": "2025-03-30" });
        desk.post(&ana, &format!("{at}/referrals"), referral).await.ok();
        let paper = desk.get(&ana, &format!("{at}/visit-sheet?form=text&width=80")).await;
        let paper = String::from_utf8(paper.bytes).unwrap();
        for part in ["CSR-01-SR-2025/1", "Luka Vujotić", "Zapažanja", "…………"] {
            assert!(paper.contains(part), "{part} in\n{paper}");
        }
        assert!(desk.get(&ana, &format!("{at}/visit-sheet")).await.bytes.starts_with(b"%PDF"));

        // The review; the case is proposed for closing by Ana and closed by Petar, and nothing is done in it any more.
        let goal = case["plan"]["goals"][0]["id"].clone();
        let review = json!({ "text": "Cilj je postignut.", "goals": [{ "goal": goal, "percent": 100 }], "outcome": "close" });
        desk.post(&petar, &format!("{at}/reviews"), review.clone()).await.refused(403, "not-permitted");
        let case = desk.post(&ana, &format!("{at}/reviews"), review).await.ok();
        assert_eq!((open_steps(&case), &case["plan"]["goals"][0]["reached"]), (vec!["closing"], &json!(100)));
        let case = desk.post(&petar, &format!("{at}/return"), json!({ "reason": "Sačekati pregled" })).await.ok();
        assert_eq!(open_steps(&case), ["monitoring", "review-next"]);
        let review = json!({ "text": "Pregled je obavljen.", "goals": [], "outcome": "close" });
        desk.post(&ana, &format!("{at}/reviews"), review).await.ok();
        let close = json!({ "reason": "goals-met", "text": "Staratelj je postavljen, dijete ide u školu." });
        desk.post(&ana, &format!("{at}/close"), close.clone()).await.refused(403, "not-permitted");
        let case = desk.post(&petar, &format!("{at}/close"), close).await.ok();
        assert_eq!((&case["summary"]["state"], open_steps(&case).len()), (&json!("closed"), 0));
        let contact = json!({ "kind": "contact", "code": "phone", "who": "baka", "text": "zvala je" });
        desk.post(&ana, &format!("{at}/notes"), contact.clone()).await.refused(409, "case-closed");
        assert_eq!(desk.get(&ana, &matter).await.ok()["state"], "ended");
        assert!(desk.get(&ana, "/v1/cases/dues").await.ok()["items"].as_array().unwrap().is_empty());

        // Taken up again, with a reason, it goes on with an assessment.
        desk.post(&petar, &format!("{at}/reopen"), json!({ "reason": "" })).await.refused(422, "fields");
        let case = desk.post(&petar, &format!("{at}/reopen"), json!({ "reason": "Baka je bolesna" })).await.ok();
        assert_eq!((&case["summary"]["state"], open_steps(&case)), (&json!("open"), vec!["initial"]));
        desk.post(&ana, &format!("{at}/notes"), contact).await.ok();

        // The dossier shows the case and its history; the books are in order.
        let dossier = desk.get(&ana, &format!("/v1/dossiers/{child}")).await.ok();
        assert_eq!(dossier["cases"][0]["number"], "CSR-01-SR-2025/1");
        let timeline = desk.get(&ana, &format!("/v1/dossiers/{child}/timeline")).await.ok();
        let told: Vec<&str> = timeline["items"].as_array().unwrap().iter().map(|it| it["what"].as_str().unwrap()).collect();
        for what in ["case-reported", "case-opened", "case-plan-approved", "case-care-began", "case-contact", "case-closed", "case-reopened"] {
            assert!(told.contains(&what), "{what} in {told:?}");
        }
        let family = desk.get(&ana, &format!("{at}/family")).await.ok();
        assert_eq!(family["others"][0]["carers"][0]["card"]["name"]["given"], "Milica", "{family}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_closes_what_they_proposed_and_nobody_works_on_their_own() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let both = desk.officer("Both", "CSR-01", &[Role::Clerk, Role::Caseworker, Role::Approver]).await;
        let petar = desk.officer("Petar", "CSR-01", &[Role::Approver]).await;
        let child = desk.person(&both, "Sara").await;
        let mut body = guardianship(child);
        body["procedure"] = json!("foster-placement");
        body["priority"] = json!("immediate");
        let case = desk.post(&both, "/v1/cases", body).await.ok();
        let at = format!("/v1/cases/{}", case["summary"]["id"].as_str().unwrap());
        let case = desk.post(&both, &format!("{at}/open"), json!({ "lead": both.officer })).await.ok();
        // What cannot wait has its own, shorter term.
        assert_eq!(open_steps(&case), ["initial-now"]);
        let sheet = json!({ "step": "initial-now", "close": true, "answers": said(&[
            ("assessment_sources", text("posjeta")), ("key_event", text("dojava")), ("state_safety", text("nema rizika")),
            ("conclusion", text("nije potrebno")),
        ]) });
        let case = desk.post(&both, &format!("{at}/sheets"), sheet).await.ok();
        assert_eq!(open_steps(&case), ["closing"]);
        assert!(!may(&case).contains(&"close"));
        let close = json!({ "reason": "gave-up", "text": "Dojava nije tačna." });
        desk.post(&both, &format!("{at}/close"), close.clone()).await.refused(409, "second-officer-needed");
        desk.post(&petar, &format!("{at}/close"), close).await.ok();

        let officer = both.officer;
        let actor = crate::access::Actor { officer: None, office: desk.house.offices.by_code("CSR-01").unwrap().id };
        crate::audit::write(&desk.house.store, actor, desk.house.clock.now(), move |tx| {
            crate::users::declare(tx, officer, child, crate::users::Kin::Relative)?;
            Ok(((), crate::audit::Entry::of("kin-declared")))
        })
        .await
        .unwrap();
        desk.post(&both, &format!("{at}/reopen"), json!({ "reason": "ponovo" })).await.refused(409, "own-dossier");
    })
    .await;
}

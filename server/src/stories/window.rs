//! At the window: receipts, representatives, several benefits at once, terms that stand still, dismissals.

use super::desk::{Desk, Seat, answers, id};
use crate::store::testing::on_both_with;
use karton_api::{Id, session::Role, value::Person};
use serde_json::{Value, json};

async fn draft(desk: &Desk, seat: &Seat, benefit: &str, person: Id<Person>, typed: Value) -> String {
    let draft = json!({ "benefit": benefit, "applicant": person, "answers": typed });
    let draft = desk.post(seat, "/v1/applications", draft).await.ok();
    draft["summary"]["id"].as_str().unwrap().to_owned()
}

async fn text(desk: &Desk, seat: &Seat, paper: &Value) -> String {
    let paper: Id<karton_api::value::Letter> = id(paper);
    let read = desk
        .get(seat, &format!("/v1/papers/{paper}/letter?form=text&width=90"))
        .await;
    String::from_utf8(read.bytes).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_lodges_gets_a_receipt_that_never_changes() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = desk.officer("Ana", "CSR-01", &[Role::Clerk]).await;
        let other = desk.officer("Jelena", "CSR-03", &[Role::Clerk]).await;
        let (marija, proxy) = (desk.person(&ana, "Marija").await, desk.person(&ana, "Stana").await);
        let application = draft(&desk, &ana, "MO", marija, answers(marija)).await;
        let path = format!("/v1/applications/{application}");
        let lodge = format!("{path}/lodge");

        // What cannot be taken is named; nothing is lodged by it.
        for (body, pointer) in [
            (json!({ "channel": "pigeon" }), "/channel"),
            (json!({ "channel": "post" }), "/post"),
            (json!({ "post": { "on": "2025-03-07" } }), "/post"),
            (json!({ "channel": "post", "post": { "on": "2025-03-11" } }), "/post/on"),
            (json!({ "representative": { "capacity": "king", "ground": "crown 1", "person": proxy } }), "/representative/capacity"),
            (json!({ "representative": { "capacity": "proxy", "ground": "x", "person": proxy } }), "/representative/ground"),
            (json!({ "representative": { "capacity": "proxy", "ground": "OVP 1/25" } }), "/representative/name"),
            (json!({ "representative": { "capacity": "proxy", "ground": "OVP 1/25", "name": "Stana" } }), "/representative/address"),
            (json!({ "representative": { "capacity": "proxy", "ground": "OVP 1/25", "person": application } }), "/representative/person"),
            (json!({ "bring_by": "2025-03-09" }), "/bring_by"),
            (json!({ "handed_in": vec!["x"; 31] }), "/handed_in"),
        ] {
            let problem = desk.post(&ana, &lodge, body).await.refused(422, "fields");
            assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
        }
        assert_eq!(desk.get(&ana, &path).await.ok()["summary"]["state"], "draft");

        let body = json!({
            "channel": "post", "post": { "on": "2025-03-07" },
            "representative": { "capacity": "proxy", "ground": "punomoćje OVP 12/2025, 3.3.2025", "person": proxy, "address": "Njegoševa 1" },
            "handed_in": ["Zahtjev Z-MO", " ", "Kopija lične karte"], "missing": ["Ugovor o zakupu"],
        });
        let lodged = desk.post(&ana, &lodge, body).await.ok();
        let receipt = &lodged["receipt"];
        assert_eq!(receipt["number"], "CSR-01-PP-2025/1");
        assert_eq!(receipt["letter"], "making");
        let kept = &lodged["application"]["lodging"];
        assert_eq!(kept["post"]["number"], "CSR-01-P-2025/1", "drawn here where no book is named");
        assert_eq!(kept["bring_by"], "2025-03-18", "the term for completion");
        assert_eq!(kept["handed_in"], json!(["Zahtjev Z-MO", "Kopija lične karte"]));
        assert_eq!(kept["consent"]["given"], true);
        assert_eq!(kept["consent"]["by"], "Stana Vujotić");
        assert!(!kept["consent"]["services"].as_array().unwrap().is_empty());
        let paper = format!("/v1/papers/{}", receipt["id"].as_str().unwrap());
        desk.get(&ana, &format!("{paper}/letter")).await.refused(409, "letter-not-ready");
        desk.jobs().await;
        assert_eq!(desk.get(&ana, &paper).await.ok()["letter"], "ready");
        let pdf = desk.get(&ana, &format!("{paper}/letter")).await.bytes;
        assert!(pdf.starts_with(b"%PDF"));
        assert_eq!(pdf, desk.get(&ana, &format!("{paper}/letter?form=pdf")).await.bytes);
        let told = text(&desk, &ana, &receipt["id"]).await;
        for part in [
            "CSR-01-PP-2025/1", "CSR-01-Z-2025/1", "CSR-01-P-2025/1", "Marija Vujotić", "Stana Vujotić", "Punomoćnik", "OVP 12/2025",
            "Kopija lične karte", "Ugovor o zakupu", "18.3.2025", "9.4.2025", "Ana", "7.3.2025",
        ] {
            assert!(told.contains(part), "{part} in\n{told}");
        }
        for at in [paper.clone(), format!("{paper}/letter"), format!("{path}/papers"), paper.replace("papers", "lodgings")] {
            desk.get(&other, &at).await.refused(404, "not-found");
        }
        let papers = desk.get(&ana, &format!("{path}/papers")).await.ok();
        assert_eq!(papers["items"][0]["kind"], "receipt");
        assert_eq!(desk.get(&ana, &paper.replace("papers", "lodgings")).await.ok()["applications"], json!([application]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_benefits_are_asked_for_at_once_with_one_receipt() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = desk.officer("Ana", "CSR-01", &[Role::Clerk, Role::Caseworker]).await;
        let (marija, stana) = (desk.person(&ana, "Marija").await, desk.person(&ana, "Stana").await);
        let claim = |fact: &str, value: Value| json!({ "of": { "kind": "claim" }, "fact": fact, "value": value });
        let shared = json!([
            claim("consent", json!({ "type": "bool", "value": true })),
            claim("payment_channel", json!({ "type": "code", "value": "post" })),
        ]);
        let first = draft(&desk, &ana, "MO", marija, answers(marija)).await;
        let second = draft(&desk, &ana, "LI", marija, shared.clone()).await;
        let hers = draft(&desk, &ana, "LI", stana, shared.clone()).await;
        let unfilled = draft(&desk, &ana, "LI", marija, json!([])).await;
        let together = |ids: &[&String]| json!({ "applications": ids });

        desk.post(&ana, "/v1/lodgings", together(&[])).await.refused(422, "fields");
        desk.post(&ana, "/v1/lodgings", together(&[&first, &first])).await.refused(422, "fields");
        desk.post(&ana, "/v1/lodgings", together(&[&first, &hers])).await.refused(422, "fields");
        desk.post(&ana, "/v1/lodgings", together(&[&first, &unfilled])).await.refused(422, "fields");
        for id in [&first, &second, &hers] {
            let seen = desk.get(&ana, &format!("/v1/applications/{id}")).await.ok();
            assert_eq!(seen["summary"]["state"], "draft", "all or none");
        }
        let lodged = desk.post(&ana, "/v1/lodgings", together(&[&first, &second])).await.ok();
        let numbers: Vec<&Value> = lodged["lodged"].as_array().unwrap().iter().map(|one| &one["application"]["summary"]["number"]).collect();
        assert_eq!(numbers, ["CSR-01-Z-2025/1", "CSR-01-Z-2025/2"]);
        assert_eq!(lodged["lodging"]["number"], "CSR-01-PP-2025/1");
        assert_eq!(lodged["lodging"]["applications"].as_array().unwrap().len(), 2);
        assert_eq!(lodged["lodged"][0]["receipt"], lodged["lodged"][1]["receipt"]);
        // Each has a matter of its own.
        for id in [&first, &second] {
            let steps = desk.get(&ana, &format!("/v1/matters/{id}/steps")).await.ok();
            assert!(steps["items"].as_array().unwrap().iter().any(|step| step["state"] == "open"), "{steps}");
        }
        desk.jobs().await;
        let told = text(&desk, &ana, &lodged["lodging"]["id"]).await;
        for part in ["Materijalno obezbjeđenje", "Lična invalidnina", "CSR-01-Z-2025/1", "CSR-01-Z-2025/2"] {
            assert!(told.contains(part), "{part} in\n{told}");
        }
        desk.post(&ana, "/v1/lodgings", together(&[&unfilled])).await.refused(422, "fields");

        // Drafts may be opened in the same go; where one cannot be lodged, none is opened.
        let count = async || desk.get(&ana, &format!("/v1/dossiers/{stana}")).await.ok()["applications"].as_array().unwrap().len();
        let before = count().await;
        let fresh = |typed: Value| json!({ "drafts": [
            { "benefit": "MO", "applicant": stana, "answers": answers(stana) }, { "benefit": "LI", "applicant": stana, "answers": typed },
        ] });
        let problem = desk.post(&ana, "/v1/lodgings", fresh(json!([claim("consent", json!({ "type": "int", "value": 1 }))]))).await.refused(422, "fields");
        assert_eq!(problem["errors"][0]["pointer"], "/drafts/1/answers/0/value");
        assert_eq!(count().await, before);
        let lodged = desk.post(&ana, "/v1/lodgings", fresh(shared)).await.ok();
        assert_eq!(lodged["lodged"].as_array().unwrap().len(), 2);
        assert_eq!(lodged["lodging"]["number"], "CSR-01-PP-2025/2");
        let books = crate::verify::books(&desk.house.store, crate::verify::Depth::Full).await.unwrap();
        assert_eq!(books.violations, []);
    })
    .await;
}

/// Lodged, its registers answered, assessed; gives the path.
async fn ready(desk: &Desk, ana: &Seat, person: Id<Person>) -> String {
    super::returning::assessed(desk, ana, person).await.0
}

#[tokio::test(flavor = "multi_thread")]
async fn the_term_stands_still_while_the_applicant_completes() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = desk
            .officer("Ana", "CSR-01", &[Role::Clerk, Role::Caseworker])
            .await;
        let marija = desk.person(&ana, "Marija").await;
        let path = ready(&desk, &ana, marija).await;
        desk.days(2);
        let ana = desk.again(&ana).await;
        let back = json!({ "to": "applicant", "reason": "nedostaje ugovor o zakupu" });
        let returned = desk
            .post(&ana, &format!("{path}/decision/return"), back)
            .await
            .ok();
        assert_eq!(returned["term"]["due_on"], Value::Null);
        assert_eq!(returned["term"]["pauses"], json!([{ "from": "2025-03-12" }]));
        desk.days(6);
        let ana = desk.again(&ana).await;
        let lodged = desk
            .post(&ana, &format!("{path}/lodge"), json!({ "handed_in": ["Ugovor"] }))
            .await
            .ok();
        let term = &lodged["application"]["term"];
        assert_eq!(term["first_due_on"], "2025-04-09");
        assert_eq!(term["stood_still"], 6);
        assert_eq!(term["due_on"], "2025-04-15");
        assert_eq!(lodged["application"]["summary"]["due_on"], "2025-04-15");
        assert_eq!(
            lodged["receipt"]["number"], "CSR-01-PP-2025/2",
            "a completion is received too"
        );
        // The step that decides ends as much later.
        desk.later();
        desk.registers_know_a_poor_woman(marija, "CSR-01").await;
        let mut steps = lodged["application"]["steps"].clone();
        if let Some(evidence) = open(&steps, "evidence") {
            let matter = path.replace("applications", "matters");
            let done = desk
                .post(&ana, &format!("{matter}/steps/{evidence}/complete"), json!({}))
                .await
                .ok();
            steps = done["steps"].clone();
        }
        assert!(open(&steps, "assessment").is_some(), "{steps}");
        desk.later();
        let assessed = desk
            .post(&ana, &format!("{path}/assessment"), json!({}))
            .await
            .ok();
        let word = super::returning::recommendation(&assessed);
        let recommended = desk
            .post(&ana, &format!("{path}/decision/recommend"), word)
            .await
            .ok();
        let steps = recommended["steps"].as_array().unwrap();
        let decision = steps.iter().find(|step| step["key"] == "decision").unwrap();
        assert_eq!(decision["due_on"], "2025-04-15");
    })
    .await;
}

fn open(steps: &Value, key: &str) -> Option<String> {
    let open = |step: &&Value| step["key"] == key && (step["state"] == "open" || step["state"] == "started");
    let step = steps.as_array()?.iter().find(open)?;
    Some(step["id"].as_str()?.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_completed_in_time_is_dismissed_by_two_officers() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = desk
            .officer("Ana", "CSR-01", &[Role::Clerk, Role::Caseworker, Role::Approver])
            .await;
        let petar = desk.officer("Petar", "CSR-01", &[Role::Approver]).await;
        let marija = desk.person(&ana, "Marija").await;
        let path = ready(&desk, &ana, marija).await;
        let back = json!({ "to": "applicant", "reason": "nedostaje ugovor o zakupu" });
        desk.post(&ana, &format!("{path}/decision/return"), back)
            .await
            .ok();
        let dismissal = format!("{path}/dismissal");
        let lapsed = json!({ "reason": "not-completed", "words": "Ugovor nije donijet." });
        desk.post(&ana, &dismissal, lapsed.clone())
            .await
            .refused(409, "term-runs");
        desk.days(9);
        let (ana, petar) = (desk.again(&ana).await, desk.again(&petar).await);
        let tasks = desk.get(&ana, "/v1/tasks?queue=overdue").await.ok();
        assert_eq!(tasks["items"][0]["step"], "completion", "a task says so");
        for (body, pointer) in [
            (
                json!({ "reason": "boredom", "words": "Ugovor nije donijet." }),
                "/reason",
            ),
            (json!({ "reason": "not-completed", "words": " " }), "/words"),
            (
                json!({ "reason": "not-competent", "words": "Nadležan je drugi." }),
                "/forward_to",
            ),
            (
                json!({ "reason": "not-completed", "words": "Nije.", "forward_to": "Neko" }),
                "/forward_to",
            ),
        ] {
            let problem = desk.post(&ana, &dismissal, body).await.refused(422, "fields");
            assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
        }
        desk.post(&petar, &dismissal, lapsed.clone())
            .await
            .refused(403, "not-permitted");
        let proposed = desk.post(&ana, &dismissal, lapsed.clone()).await.ok();
        assert_eq!(proposed["dismissal"]["number"], Value::Null);
        desk.post(&ana, &dismissal, lapsed.clone())
            .await
            .refused(409, "step-not-open");
        desk.post(&ana, &format!("{dismissal}/decide"), json!({}))
            .await
            .refused(409, "second-officer-needed");

        // The second officer does not agree, and it comes again.
        desk.post(
            &petar,
            &format!("{dismissal}/return"),
            json!({ "reason": "pozvati još jednom" }),
        )
        .await
        .ok();
        let seen = desk.get(&ana, &path).await.ok();
        assert_eq!(seen["dismissal"], Value::Null);
        assert!(open(&seen["steps"], "completion").is_some());
        desk.post(&ana, &dismissal, lapsed).await.ok();
        let seen = desk.get(&petar, &path).await.ok();
        assert_eq!(seen["may"], json!(["decide-dismissal"]));
        let step = open(&seen["steps"], "dismissal").unwrap();
        let generic = format!(
            "{}/steps/{step}/complete",
            path.replace("applications", "matters")
        );
        desk.post(&petar, &generic, json!({}))
            .await
            .refused(409, "legal-act");
        let decided = desk
            .post(&petar, &format!("{dismissal}/decide"), json!({}))
            .await
            .ok();
        assert_eq!(decided["summary"]["state"], "dismissed");
        assert_eq!(decided["dismissal"]["number"], "CSR-01-O-2025/1");
        desk.post(&petar, &format!("{dismissal}/decide"), json!({}))
            .await
            .refused(409, "step-not-open");
        desk.post(&ana, &format!("{path}/lodge"), json!({}))
            .await
            .refused(409, "not-a-draft");
        let awards = desk.get(&ana, &format!("/v1/awards?person={marija}")).await.ok();
        assert_eq!(awards["items"], json!([]), "it awards nothing");

        let deliver = format!("{dismissal}/deliver");
        desk.post(&ana, &deliver, json!({ "on": "2025-03-19" }))
            .await
            .refused(409, "letter-not-ready");
        desk.jobs().await;
        let told = text(&desk, &ana, &decided["dismissal"]["id"]).await;
        for part in [
            "ODBACUJE SE",
            "CSR-01-O-2025/1",
            "CSR-01-Z-2025/1",
            "18.3.2025",
            "Ugovor nije donijet.",
            "15 dana",
            "Ana",
            "Petar",
        ] {
            assert!(told.contains(part), "{part} in\n{told}");
        }
        desk.post(&ana, &deliver, json!({ "on": "2025-03-18" }))
            .await
            .refused(422, "fields");
        let delivered = desk
            .post(&ana, &deliver, json!({ "on": "2025-03-19" }))
            .await
            .ok();
        assert_eq!(delivered["dismissal"]["delivered_on"], "2025-03-19");
        assert_eq!(
            desk.get(&ana, &path.replace("applications", "matters"))
                .await
                .ok()["state"],
            "ended"
        );
        // The same may be asked for again.
        let again = draft(&desk, &ana, "MO", marija, answers(marija)).await;
        desk.post(&ana, &format!("/v1/applications/{again}/lodge"), json!({}))
            .await
            .ok();
        let books = crate::verify::books(&desk.house.store, crate::verify::Depth::Full)
            .await
            .unwrap();
        assert_eq!(books.violations, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_completion_that_comes_late_is_taken_all_the_same_and_forwarding_names_the_body() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = desk.officer("Ana", "CSR-01", &[Role::Clerk, Role::Caseworker]).await;
        let petar = desk.officer("Petar", "CSR-01", &[Role::Approver]).await;
        let marija = desk.person(&ana, "Marija").await;
        let path = ready(&desk, &ana, marija).await;
        let back = json!({ "to": "applicant", "reason": "nedostaje ugovor o zakupu" });
        desk.post(&ana, &format!("{path}/decision/return"), back).await.ok();
        desk.days(9);
        let (ana, petar) = (desk.again(&ana).await, desk.again(&petar).await);
        let dismissal = format!("{path}/dismissal");
        let lapsed = json!({ "reason": "not-completed", "words": "Ugovor nije donijet." });
        desk.post(&ana, &dismissal, lapsed).await.ok();
        let lodged = desk.post(&ana, &format!("{path}/lodge"), json!({})).await.ok();
        assert_eq!(lodged["application"]["dismissal"], Value::Null);
        assert_eq!(lodged["application"]["summary"]["state"], "lodged");
        desk.post(&petar, &format!("{dismissal}/decide"), json!({})).await.refused(409, "step-not-open");
        // Another body is competent.
        let elsewhere = json!({ "reason": "not-competent", "words": "Zahtjev je za opštinsko pravo.", "forward_to": "Opština Podgorica, Njegoševa 13" });
        desk.post(&ana, &dismissal, elsewhere).await.ok();
        let decided = desk.post(&petar, &format!("{dismissal}/decide"), json!({})).await.ok();
        desk.jobs().await;
        let told = text(&desk, &ana, &decided["dismissal"]["id"]).await;
        for part in ["NIJE NADLEŽAN", "Opština Podgorica, Njegoševa 13"] {
            assert!(told.contains(part), "{part} in\n{told}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_lodged_is_taken_back_in_writing_only() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = desk
            .officer("Ana", "CSR-01", &[Role::Clerk, Role::Caseworker])
            .await;
        let marija = desk.person(&ana, "Marija").await;
        let path = ready(&desk, &ana, marija).await;
        let withdraw = format!("{path}/withdraw");
        let problem = desk
            .post(&ana, &withdraw, json!({ "reason": "našla je posao" }))
            .await
            .refused(422, "fields");
        assert_eq!(problem["errors"][0]["pointer"], "/document");
        let back = json!({ "to": "applicant", "reason": "nedostaje ugovor o zakupu" });
        desk.post(&ana, &format!("{path}/decision/return"), back)
            .await
            .ok();
        let body = json!({ "reason": "našla je posao", "document": "Izjava o odustanku, 10.3.2025" });
        let withdrawn = desk.post(&ana, &withdraw, body).await.ok();
        assert_eq!(withdrawn["summary"]["state"], "withdrawn");
        // It is confirmed by a paper of its own series, which says by which word and nothing of the right.
        let paper = &withdrawn["withdrawal"];
        assert_eq!(paper["number"], "CSR-01-PO-2025/1");
        assert_eq!(paper["kind"], "withdrawal");
        desk.jobs().await;
        let told = text(&desk, &ana, &paper["id"]).await;
        for part in [
            "POTVRDA O ODUSTANKU",
            "CSR-01-PO-2025/1",
            "CSR-01-Z-2025/1",
            "Marija Vujotić",
            "Izjava o odustanku, 10.3.2025",
            "Ana",
        ] {
            assert!(told.contains(part), "{part} in\n{told}");
        }
        assert!(
            !told.contains("našla je posao"),
            "the reason is for the office:\n{told}"
        );
        let papers = desk.get(&ana, &format!("{path}/papers")).await.ok();
        let kinds: Vec<&Value> = papers["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| &it["kind"])
            .collect();
        assert_eq!(kinds, ["withdrawal", "receipt"]);
        let books = crate::verify::books(&desk.house.store, crate::verify::Depth::Full)
            .await
            .unwrap();
        assert_eq!(books.violations, []);
        assert_eq!(
            desk.get(&ana, &path.replace("applications", "matters"))
                .await
                .ok()["state"],
            "ended"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_calls_hears_what_is_awaited_and_the_look_is_entered() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = desk
            .officer("Ana", "CSR-01", &[Role::Clerk, Role::Caseworker])
            .await;
        let other = desk.officer("Jelena", "CSR-03", &[Role::Clerk]).await;
        let vera = desk.officer("Vera", "CSR-01", &[Role::Auditor]).await;
        let marija = desk.person(&ana, "Marija").await;
        let other_one = json!({ "name": { "given": "Marijana", "family": "Vujotić" }, "birth_date": "1962-01-17", "sex": "f" });
        desk.post(&ana, "/v1/persons", other_one).await.ok();
        desk.post(&ana, "/v1/inquiries", json!({}))
            .await
            .refused(422, "fields");
        desk.post(&ana, "/v1/inquiries", json!({ "text": "m" }))
            .await
            .refused(422, "fields");
        let none = desk
            .post(&ana, "/v1/inquiries", json!({ "person": marija }))
            .await
            .ok();
        assert_eq!(none["cases"], json!([]));
        let path = ready(&desk, &ana, marija).await;
        let by_number = async |seat: &Seat| {
            desk.post(seat, "/v1/inquiries", json!({ "text": "csr-01-z-2025/1" }))
                .await
                .ok()
        };
        let told = by_number(&ana).await;
        assert_eq!(told["person"]["id"], json!(marija));
        assert_eq!(told["cases"][0]["awaits"], "officer");
        assert_eq!(told["cases"][0]["until"], "2025-04-09");
        let elsewhere = by_number(&other).await;
        assert_eq!(
            (&elsewhere["person"], &elsewhere["people"]),
            (&Value::Null, &json!([]))
        );
        desk.post(&other, "/v1/inquiries", json!({ "person": marija }))
            .await
            .refused(404, "not-found");
        // Nobody calls an auditor about a case.
        desk.post(&vera, "/v1/inquiries", json!({ "person": marija }))
            .await
            .refused(403, "not-permitted");
        // A name that several people bear is a question back; a whole one is not.
        let several = desk
            .post(&ana, "/v1/inquiries", json!({ "text": "marij vujot" }))
            .await
            .ok();
        assert_eq!(several["people"].as_array().unwrap().len(), 2);
        let back = json!({ "to": "applicant", "reason": "ugovor o zakupu" });
        desk.post(&ana, &format!("{path}/decision/return"), back)
            .await
            .ok();
        let told = by_number(&ana).await;
        assert_eq!(told["cases"][0]["awaits"], "applicant");
        assert_eq!(told["cases"][0]["asked_for"], "ugovor o zakupu");
        let log = desk.get(&vera, "/v1/audit?limit=200").await.ok();
        let looks = log["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|entry| entry["purpose"] == "phone");
        assert_eq!(
            looks.count(),
            1,
            "once in a quarter of an hour, and nobody who was only offered"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_is_worked_out_for_people_nobody_registered() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = desk.officer("Ana", "CSR-01", &[Role::Clerk]).await;
        let vera = desk.officer("Vera", "CSR-01", &[Role::Auditor]).await;
        let (her, child) = ("01957d2c-0000-7000-8000-000000000001", "01957d2c-0000-7000-8000-000000000002");
        let people = json!([{ "id": her, "birth_date": "1981-09-02", "sex": "f" }, { "id": child, "birth_date": "2020-01-01", "relationship": "child" }]);
        let ask = |answers: Value| json!({ "benefit": "MO", "people": people, "answers": answers });
        let path = "/v1/assessments/what-if";
        let first = desk.post(&ana, path, ask(json!([]))).await.ok();
        assert_eq!(first["assessment"]["outcome"], "unknown");
        let missing = first["assessment"]["missing"].as_array().unwrap();
        assert!(missing.iter().any(|fact| fact["of"]["id"] == her), "{missing:?}");
        let income = |net: i64| {
            let month = |day: &str| json!({
                "month": { "type": "date", "value": day }, "payer": { "type": "text", "value": "x" },
                "kind": { "type": "code", "value": "wage" },
                "net": { "type": "money", "value": { "minor": net, "currency": "EUR" } },
            });
            json!([{ "of": { "kind": "person", "id": her }, "fact": "income", "value": { "type": "rows", "value": [
                month("2024-12-01"), month("2025-01-01"), month("2025-02-01") ] } }])
        };
        let rich = desk.post(&ana, path, ask(income(300_000))).await.ok();
        let misses = |shown: &Value| {
            let missing = shown["assessment"]["missing"].as_array().unwrap();
            missing.iter().any(|fact| fact["fact"] == "income" && fact["of"]["id"] == her)
        };
        assert!(misses(&first) && !misses(&rich), "what is told is not asked again");
        for (body, pointer) in [
            (json!({ "benefit": "XX", "people": people }), "/benefit"),
            (json!({ "benefit": "MO", "people": [] }), "/people"),
            (json!({ "benefit": "MO", "people": [{ "id": her }, { "id": her }] }), "/people/1/id"),
            (json!({ "benefit": "MO", "people": [{ "id": her, "sex": "x" }] }), "/people/0/sex"),
            (json!({ "benefit": "MO", "people": [{ "id": her, "birth_date": "2031-01-01" }] }), "/people/0/birth_date"),
            (json!({ "benefit": "MO", "people": [{ "id": her }], "answers": [
                { "of": { "kind": "person", "id": child }, "fact": "income", "value": { "type": "rows", "value": [] } }] }), "/answers/0/of"),
            (json!({ "benefit": "MO", "people": [{ "id": her }], "answers": [
                { "of": { "kind": "claim" }, "fact": "weather", "value": { "type": "bool", "value": true } }] }), "/answers/0/fact"),
        ] {
            let problem = desk.post(&ana, path, body).await.refused(422, "fields");
            assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
        }
        let log = desk.get(&vera, "/v1/audit?limit=200").await.ok();
        let asked: Vec<&Value> = log["items"].as_array().unwrap().iter().filter(|entry| entry["what"] == "what-if").collect();
        assert_eq!(asked.len(), 1);
        assert_eq!(asked[0]["person"], Value::Null);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dossier_goes_to_another_centre_with_everything_that_runs() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = desk
            .officer("Ana", "CSR-01", &[Role::Clerk, Role::Caseworker])
            .await;
        let jelena = desk
            .officer("Jelena", "CSR-04", &[Role::Clerk, Role::Caseworker])
            .await;
        let clerk = desk.officer("Milica", "CSR-01", &[Role::Clerk]).await;
        let marija = desk.person(&ana, "Marija").await;
        let path = ready(&desk, &ana, marija).await;
        // Beside the application runs a case, and one that only those named on it know.
        let head = desk.officer("Petar", "CSR-01", &[Role::Approver]).await;
        let case = desk
            .post(&ana, "/v1/cases", super::cases::guardianship(marija))
            .await
            .ok();
        let case = format!("/v1/cases/{}", case["summary"]["id"].as_str().unwrap());
        desk.post(&head, &format!("{case}/open"), json!({ "lead": ana.officer }))
            .await
            .ok();
        let ask = format!("/v1/dossiers/{marija}/transfer");
        let to = |office: &str| json!({ "to": office, "reason": "preselila se u Nikšić" });
        desk.post(&clerk, &ask, to("CSR-04"))
            .await
            .refused(403, "not-permitted");
        desk.post(&jelena, &ask, to("CSR-04"))
            .await
            .refused(404, "not-found");
        desk.post(&ana, &ask, to("CSR-99")).await.refused(422, "fields");
        desk.post(&ana, &ask, to("CSR-01")).await.refused(422, "fields");
        let asked = desk.post(&ana, &ask, to("CSR-04")).await.ok();
        desk.post(&ana, &ask, to("CSR-03"))
            .await
            .refused(409, "transfer-waits");
        let transfer = format!("/v1/transfers/{}", asked["id"].as_str().unwrap());
        desk.post(&ana, &format!("{transfer}/accept"), json!({}))
            .await
            .refused(409, "other-office-answers");
        desk.get(&jelena, &path).await.refused(404, "not-found");

        // Not taken over at first; then it is.
        desk.post(
            &jelena,
            &format!("{transfer}/refuse"),
            json!({ "reason": "nema prebivališta" }),
        )
        .await
        .ok();
        desk.post(&jelena, &format!("{transfer}/accept"), json!({}))
            .await
            .refused(409, "step-not-open");
        desk.later();
        let asked = desk.post(&ana, &ask, to("CSR-04")).await.ok();
        let transfer = format!("/v1/transfers/{}", asked["id"].as_str().unwrap());
        let waiting = desk.get(&jelena, "/v1/transfers").await.ok();
        assert_eq!(waiting["items"][0]["id"], asked["id"]);
        assert_eq!(
            (&waiting["items"][0]["cases"], &waiting["items"][0]["may"]),
            (&json!(1), &json!(["accept", "refuse"]))
        );
        assert_eq!(waiting["items"][1]["answer"], "nema prebivališta");
        assert_eq!(
            desk.get(&ana, "/v1/transfers").await.ok()["items"][0]["may"],
            json!([]),
            "the other office answers"
        );
        let done = desk
            .post(&jelena, &format!("{transfer}/accept"), json!({}))
            .await
            .ok();
        assert_eq!(
            (&done["accepted"], &done["applications"]),
            (&json!(true), &json!(1))
        );
        for gone in [path.clone(), format!("/v1/dossiers/{marija}"), case.clone()] {
            desk.get(&ana, &gone).await.refused(404, "not-found");
        }
        let taken = desk.get(&jelena, &case).await.ok();
        assert_eq!(
            taken["summary"]["lead"]["name"], "Jelena",
            "whoever takes it over leads its cases: {taken}"
        );
        let seen = desk.get(&jelena, &path).await.ok();
        assert_eq!(seen["summary"]["number"], "CSR-01-Z-2025/1", "numbers stay");
        assert_eq!(
            desk.get(&jelena, "/v1/tasks?queue=office").await.ok()["items"]
                .as_array()
                .unwrap()
                .len(),
            2,
            "the decision and the case's next step"
        );
        assert!(
            desk.get(&ana, "/v1/tasks?queue=office").await.ok()["items"]
                .as_array()
                .unwrap()
                .is_empty()
        );
        let history = desk
            .get(&jelena, &format!("/v1/dossiers/{marija}/timeline"))
            .await
            .ok();
        let told: Vec<&str> = history["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["what"].as_str().unwrap())
            .collect();
        for what in [
            "registered",
            "lodged",
            "assessed",
            "transfer-asked",
            "transfer-accepted",
        ] {
            assert!(told.contains(&what), "{what} in {told:?}");
        }
        // The other centre goes on with it.
        desk.later();
        let assessed = desk.get(&jelena, &format!("{path}/assessment")).await.ok();
        let word = super::returning::recommendation(&assessed);
        desk.post(&jelena, &format!("{path}/decision/recommend"), word)
            .await
            .ok();
        let books = crate::verify::books(&desk.house.store, crate::verify::Depth::Full)
            .await
            .unwrap();
        assert_eq!(books.violations, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_checked_where_it_is_typed() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = desk.officer("Ana", "CSR-01", &[Role::Clerk]).await;
        let marija = desk.person(&ana, "Marija").await;
        let with = |account: &str| {
            json!({ "benefit": "MO", "applicant": marija, "answers": [
                { "of": { "kind": "claim" }, "fact": "payment_channel", "value": { "type": "code", "value": "bank" } },
                { "of": { "kind": "claim" }, "fact": "account", "value": { "type": "text", "value": account } },
            ] })
        };
        let problem = desk.post(&ana, "/v1/applications", with("510-1-2")).await.refused(422, "fields");
        assert_eq!(problem["errors"][0]["pointer"], "/answers/1/value");
        let first = "5100000000012345";
        let control = (0..97).map(|n| format!("{first}{n:02}")).find(|it| karton_rules::account::is_account(it)).unwrap();
        desk.post(&ana, "/v1/applications", with(&control)).await.ok();
    })
    .await;
}

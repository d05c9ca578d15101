//! Another office: nothing of a dossier's content reaches an officer whose office it is not.

use karton_tests::told_on_both;

told_on_both! {
    /// Strings planted in everything a clerk can type appear in no answer to an officer of another office.
    no_content_reaches_another_office;
}

mod tell {
    use crate::{SERVER, way::confirmed_everything};
    use karton_api::{
        FactValue,
        applications::{ReplaceEvidence, Return, ReturnTo},
        assessments::Outcome,
        persons::{Name, RecordFact, RegisterPerson, SourceKind},
        session::Role,
    };
    use karton_tests::{
        contract::{description, operations},
        house::{Engine, Plan},
        officer::{Told, answers_for_material_support, claim, key},
        raw::Request,
    };
    use std::collections::BTreeMap;

    /// What is planted: words that stand nowhere else.
    const MARKS: [&str; 8] = [
        "zvrkadresa",
        "zvrkbiljeska",
        "zvrkdokument",
        "zvrkrazlog",
        "zvrkpotvrda",
        "zvrktelefon",
        "zvrknapomena",
        "zvrkpasus",
    ];

    pub(super) async fn no_content_reaches_another_office(engine: Engine) {
        let plan = Plan::on(engine).registers(SERVER);
        let Some(house) = plan.open().await else { return };
        let (ana, petar, jelena) = (house.ana().await, house.petar().await, house.jelena().await);
        house
            .registers
            .as_ref()
            .unwrap()
            .suffer("service = \"pension.payments\"\nkind = \"garbage\"");

        // Everything that can be typed is typed, with a mark in it.
        let new = RegisterPerson {
            name: Name {
                given: "Nada".into(),
                family: "Obilježić".into(),
            },
            national_id: None,
            birth_date: Some("1990-05-05".parse().unwrap()),
            sex: Some("f".into()),
            municipality: Some("ME-16".into()),
            address: Some("Ulica zvrkadresa 7".into()),
            not_the_same_as: Vec::new(),
        };
        let nada = ana.registers(&new).await.done().card;
        let family = ana.finds_the_family_of("vujotic marko").await;
        let finding = RecordFact {
            fact: "adapted_education".into(),
            value: FactValue::Bool(false),
            from: None,
            until: None,
            source: SourceKind::Finding,
            note: Some("Nalaz komisije, zvrkbiljeska.".into()),
        };
        Told(ana.record_fact(family.head(), &key(), &finding).await).done();
        let mut answers = answers_for_material_support(&family, house.clock.today());
        answers.push(claim("phone", FactValue::Text("067 zvrktelefon".into())));
        let id = ana
            .lodges("MO", family.head(), answers)
            .await
            .done()
            .application
            .summary
            .id;
        let round = ana.waits_for_evidence(&house, id).await;
        let mut item = None;
        for gap in round
            .items
            .iter()
            .filter(|item| item.service == "pension.payments")
        {
            let document = ReplaceEvidence {
                facts: vec![karton_tests::officer::of(
                    gap.person.id,
                    "pension",
                    FactValue::Rows(Vec::new()),
                )],
                document: "Uvjerenje zvrkdokument 1".into(),
            };
            Told(ana.replace_evidence(id, gap.id, &key(), &document).await).done();
            item = Some(gap.id);
        }
        let first = ana.assesses(id).await.done();
        let mut confirmed = confirmed_everything(&first);
        confirmed[0].reason = "Uvid, zvrkpotvrda.".into();
        let recommend = karton_api::applications::Recommend {
            assessment: first.id,
            outcome: Outcome::Grant,
            confirmed: confirmed.clone(),
            note: Some("Za rukovodioca: zvrknapomena.".into()),
            paragraph: Some("Porodica je posjećena, zvrkpasus.".into()),
            without: Vec::new(),
            amount: None,
        };
        Told(ana.recommend(id, &key(), &recommend).await).done();
        let back = Return {
            to: ReturnTo::Assessment,
            reason: "Još jednom, zvrkrazlog.".into(),
        };
        Told(petar.send_back(id, &key(), &back).await).done();
        let second = ana.assesses(id).await.done();
        let again = karton_api::applications::Recommend {
            assessment: second.id,
            ..recommend
        };
        Told(ana.recommend(id, &key(), &again).await).done();
        let decision = petar.decides(id, &second, Outcome::Grant).await.done();
        ana.reads_letter_text(&house, decision.id).await;
        let award = decision.award.unwrap();
        let step = ana.matter(id.cast()).await.unwrap().steps[0].id;

        // Knock on every door with the real ids, as everybody who works elsewhere.
        let inspector = house.officer("savo", "CSR-04", &[Role::Auditor]).await;
        let unit = house
            .officer(
                "mila",
                "CSR-01-TZ",
                &[Role::Clerk, Role::Caseworker, Role::Approver],
            )
            .await;
        let chief = house
            .officer("goran", "CSR-04", &[Role::Approver, Role::Clerk])
            .await;
        let all = operations(&description(&house).await);
        let people = [family.head(), nada.id];
        let mut own_office_sees: BTreeMap<&str, bool> = MARKS.iter().map(|mark| (*mark, false)).collect();
        for operation in all.iter().filter(|operation| !operation.open) {
            for person in people {
                let path = operation.path_with(|part| match (part, operation.path.as_str()) {
                    ("item", _) => item.unwrap().to_string(),
                    ("step", _) => step.to_string(),
                    ("list", _) => "municipalities".into(),
                    ("language", _) => "cnr".into(),
                    ("id", path)
                        if path.starts_with("/v1/applications") || path.starts_with("/v1/matters") =>
                    {
                        id.to_string()
                    }
                    ("id", path) if path.starts_with("/v1/decisions") => decision.id.to_string(),
                    ("id", path) if path.starts_with("/v1/awards") => award.to_string(),
                    ("id", path) if path.starts_with("/v1/catalogue/forms") => "mo".into(),
                    ("id", path) if path.starts_with("/v1/sessions") => ana.session.id.to_string(),
                    ("id", path) if path.starts_with("/v1/users") => ana.session.officer.id.to_string(),
                    _ => person.to_string(),
                });
                let path = match operation.path.as_str() {
                    "/v1/decisions/{id}/letter" => format!("{path}?form=text"),
                    "/v1/awards" => format!("{path}?person={person}"),
                    "/v1/tasks" => format!("{path}?queue=office"),
                    _ => path,
                };
                let body = match operation.path.as_str() {
                    "/v1/persons/search" => r#"{"text":"obiljezic"}"#.to_owned(),
                    "/v1/assessments/preview" => format!(r#"{{"benefit":"MO","applicant":"{person}"}}"#),
                    "/v1/applications" => {
                        format!(r#"{{"benefit":"MO","applicant":"{person}","answers":[]}}"#)
                    }
                    "/v1/session/password" => r#"{"old":"x","new":"y"}"#.to_owned(),
                    _ if ["/withdraw", "/reopen", "/pack-version"]
                        .iter()
                        .any(|end| operation.path.ends_with(end)) =>
                    {
                        r#"{"reason":"tek tako"}"#.to_owned()
                    }
                    _ => "{}".to_owned(),
                };
                let request = |token: &str| {
                    let request = Request::new(&operation.method, &path).token(token);
                    let request = match operation.method.as_str() {
                        "PUT" | "PATCH" => request.header("if-match", "\"1\""),
                        _ if operation.path.ends_with("/pack-version") => request.header("if-match", "\"1\""),
                        _ => request,
                    };
                    if operation.body {
                        request.body("application/json", body.clone())
                    } else {
                        request
                    }
                };
                if operation.name() == "DELETE /v1/session" {
                    continue;
                }
                for stranger in [&jelena, &inspector, &unit, &chief] {
                    let answer = request(&stranger.token).send(house.address).await;
                    let said = answer.text().to_lowercase();
                    for mark in MARKS {
                        assert!(
                            !said.contains(mark),
                            "{} tells {} about `{mark}`: {said}",
                            operation.name(),
                            stranger.session.user
                        );
                    }
                    let dossiers = [
                        "/v1/dossiers",
                        "/v1/matters",
                        "/v1/decisions",
                        "/v1/awards/",
                        "/v1/applications/",
                    ];
                    if dossiers.iter().any(|start| operation.path.starts_with(start)) {
                        assert!(
                            [403, 404, 422].contains(&answer.status),
                            "{} answers {} to {}: {said}",
                            operation.name(),
                            answer.status,
                            stranger.session.user
                        );
                    }
                }
                // The marks are there to be seen by those whose work it is.
                if operation.method == "GET" {
                    let said = request(&ana.token)
                        .send(house.address)
                        .await
                        .text()
                        .to_lowercase();
                    for (mark, seen) in &mut own_office_sees {
                        *seen |= said.contains(mark);
                    }
                }
            }
        }
        let unseen: Vec<_> = own_office_sees.iter().filter(|(_, seen)| !**seen).collect();
        assert!(
            unseen.is_empty(),
            "planted, and not even seen at home: {unseen:?}"
        );
        // The name itself is national: the card says where the dossier is, and no more.
        let hits = jelena.finds("obiljezic").await;
        assert!(!hits[0].card.in_scope && hits[0].card.office.code == "CSR-01");
        house.close().await;
    }
}

//! A restricted case and its documents, listened for behind every door as every role and a colleague: nothing of it is heard, also where a
//! colleague works on other cases of the same person and everything they do succeeds.

use karton_tests::told_on_both;

told_on_both! {
    /// Nothing of a restricted case or of its papers is heard by whoever is not named on it.
    a_restricted_case_is_heard_nowhere;
    /// Who is not named finds its documents by no type, name, word or digest, and changes nothing of them.
    documents_of_a_restricted_case_are_found_by_nobody_else;
}

pub(crate) use tell::works_beside;

mod tell {
    use jiff::civil::date;
    use karton_api::{
        FactValue, Id,
        assessments::{Answer as Typed, AnswerOf},
        cases::*,
        client::Progress,
        documents::{DocumentsQuery, FileDocument, SearchDocuments, TextState},
        session::Role,
        value::{self, Person, Record},
    };
    use karton_server::access::{ROLES, role_name};
    use karton_tests::{
        canary::{Aviary, Canary, log},
        house::{Engine, House, Plan},
        officer::{Officer, key},
        raw::{Answer, Request},
    };
    use serde_json::{Value, json};

    const WORD: &str = "Kanarinka";

    fn claim(fact: &str, value: FactValue) -> Typed {
        Typed {
            of: AnswerOf::Claim,
            fact: fact.to_owned(),
            value,
        }
    }
    fn text(words: &str) -> FactValue {
        FactValue::Text(format!("{WORD} {words}"))
    }
    fn code(code: &str) -> FactValue {
        FactValue::Code(code.to_owned())
    }
    fn row(cells: &[(&str, FactValue)]) -> FactValue {
        let cells = cells
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()));
        FactValue::Rows(vec![Record::from_iter(cells)])
    }

    /// A report of violence, with the canary wherever words can be; opened by Petar and given to Ana.
    async fn violence(ana: &Officer, petar: &Officer, victim: Id<Person>) -> Case {
        let body = NewCase {
            procedure: "domestic-violence".into(),
            person: victim,
            way: "police".into(),
            reason: "violence".into(),
            priority: "immediate".into(),
            on: None,
            note: Some(format!("{WORD} napomena")),
            answers: vec![
                claim("dv_on", FactValue::Date(date(2025, 3, 9))),
                claim("dv_place", code("home")),
                claim("dv_source", code("police")),
                claim("dv_description", text("opis")),
                claim("dv_address", text("adresa")),
                claim("dv_kinds", row(&[("kind", code("physical"))])),
                claim(
                    "dv_victims",
                    row(&[
                        ("who", FactValue::Person(victim)),
                        ("injuries", code("light")),
                        ("contact", text("kontakt")),
                    ]),
                ),
                claim("dv_risk_level", code("high")),
                claim("dv_safe_contact", text("bezbjedno")),
            ],
            people: vec![NewParticipant {
                role: "perpetrator".into(),
                person: None,
                name: Some(format!("{WORD} učinilac")),
                note: None,
                from: None,
            }],
            supervisor: Some(petar.session.officer.id),
        };
        let case = ana.report_case(&key(), &body).await.unwrap();
        let open = OpenCase {
            lead: ana.session.officer.id,
            note: Some(format!("{WORD} otvaranje")),
        };
        petar.open_case(case.summary.id, &key(), &open).await.unwrap()
    }

    fn paper() -> Vec<u8> {
        karton_letters::Letter {
            title: format!("{WORD} nalaz"),
            language: "cnr".into(),
            date: date(2025, 3, 3),
            markdown: format!("# Nalaz\n\n{WORD} povrede po tijelu, ljekar dežurne službe.\n"),
        }
        .to_pdf()
        .unwrap()
    }

    /// The paper is filed with the case, and read.
    async fn files(house: &House, ana: &Officer, case: &Case, content: &[u8]) -> Id<value::Document> {
        let file = house.folder().join("kanarinka-nalaz.pdf");
        std::fs::write(&file, content).unwrap();
        let sent = ana
            .upload(house.clock.id(), &file, &Progress::default())
            .await
            .unwrap();
        let body = FileDocument {
            upload: Some(sent.id),
            shelf: None,
            kind: "medical-report".into(),
            title: format!("{WORD} nalaz ljekara"),
            language: None,
            dated_on: None,
            received_on: None,
            received_from: Some(format!("{WORD} ambulanta")),
            file_name: Some("kanarinka-nalaz.pdf".into()),
            person: case.summary.person.id,
            matter: Some(case.summary.id.cast()),
            decision: None,
            evidence: None,
        };
        let filed = ana.file_document(&key(), &body).await.unwrap();
        let id = filed.summary.id;
        house
            .until("the text of the paper", async || {
                let text = ana.document_text(id).await.unwrap();
                (text.state != TextState::Waiting).then_some(text)
            })
            .await;
        id
    }

    /// What belongs to the case, for doors that take an id.
    fn ids_of(case: &Case, document: Id<value::Document>) -> Vec<String> {
        let mut ids = vec![
            case.summary.id.to_string(),
            case.summary.person.id.to_string(),
            document.to_string(),
        ];
        ids.extend(case.steps.iter().map(|step| step.id.to_string()).take(3));
        ids.extend(case.people.iter().map(|it| it.id.to_string()));
        ids.extend(case.named.iter().map(|it| it.id.to_string()).take(1));
        ids.extend(case.sheets.iter().map(|it| it.id.to_string()).take(1));
        ids
    }

    /// Sends as this officer; it has to succeed, and nothing sings in the answer.
    async fn does(house: &House, by: &Officer, aviary: &Aviary, path: &str, body: &Value) -> Answer {
        let request = if body.is_null() {
            Request::new("GET", path)
        } else {
            Request::new("POST", path).json(body)
        };
        let answer = request.token(&by.token).send(house.address).await;
        assert!(
            (200..300).contains(&answer.status),
            "{path}: {} {}",
            answer.status,
            answer.text()
        );
        let heard = aviary.heard_in(&answer);
        assert!(heard.is_empty(), "{heard:?} at {path}");
        answer
    }

    /// An ordinary case of the same person, worked on from report to closing by officers who are not named on the other one.
    pub(crate) async fn works_beside(
        house: &House,
        goran: &Officer,
        milo: &Officer,
        person: Id<Person>,
        aviary: &Aviary,
    ) {
        let said = |facts: &[(&str, Value)]| -> Value {
            let one = |(fact, value): &(&str, Value)| json!({ "of": { "kind": "claim" }, "fact": fact, "value": value });
            facts.iter().map(one).collect()
        };
        let words = |words: &str| json!({ "type": "text", "value": words });
        let none = Value::Null;
        let does =
            async |by: &Officer, path: &str, body: Value| does(house, by, aviary, path, &body).await.json();
        let report = json!({
            "procedure": "guardianship", "person": person, "way": "school", "reason": "no-parents", "priority": "regular",
            "answers": said(&[("report_by", words("Razredna")), ("child_at_risk", json!({ "type": "code", "value": "no" }))]),
            "people": [{ "role": "relative", "name": "Baka" }],
        });
        let case = does(goran, "/v1/cases", report).await;
        let at = format!("/v1/cases/{}", case["summary"]["id"].as_str().unwrap());
        let doors =
            async |by: &Officer, rest: &str, body: Value| does(by, &format!("{at}{rest}"), body).await;
        doors(milo, "/open", json!({ "lead": goran.session.officer.id })).await;
        doors(
            goran,
            "/notes",
            json!({ "kind": "contact", "code": "phone", "who": "baka", "text": "razgovor" }),
        )
        .await;
        let case = doors(
            goran,
            "/watches",
            json!({ "kind": "visit", "what": "posjeta", "due_on": "2025-03-12" }),
        )
        .await;
        assert_eq!(case["summary"]["state"], "open");
        let first = said(&[
            ("assessment_sources", words("razgovor")),
            ("key_event", words("smrt majke")),
            ("state_safety", words("bezbjedno")),
            ("conclusion", words("otvoriti")),
        ]);
        doors(goran, "/sheets", json!({ "step": "initial", "answers": first })).await;
        let full = said(&[
            ("candidate_view", words("saglasna")),
            ("candidate_fit", json!({ "type": "bool", "value": true })),
            ("candidate_check", words("uvid")),
            ("risk_level", json!({ "type": "int", "value": 2 })),
            ("needs", words("staratelj")),
            ("conclusion", words("postaviti")),
        ]);
        doors(goran, "/sheets", json!({ "step": "full", "answers": full })).await;
        let plan = json!({
            "aim": "sigurnost", "goals": [{ "goal": "staratelj", "due_on": "2025-05-01" }], "review_on": "2025-05-10",
            "activities": [{ "goal": 0, "kind": "legal", "what": "saglasnost", "officer": goran.session.officer.id, "due_on": "2025-03-20" }],
        });
        let case = doors(goran, "/plans", plan.clone()).await;
        doors(milo, "/return", json!({ "reason": "dopuniti" })).await;
        let case_again = doors(goran, "/plans", plan).await;
        assert_ne!(case["proposed"]["id"], case_again["proposed"]["id"]);
        let case = doors(milo, "/approve", json!({ "plan": case_again["proposed"]["id"] })).await;
        let activity = case["plan"]["activities"][0]["id"].as_str().unwrap();
        doors(
            goran,
            &format!("/activities/{activity}"),
            json!({ "state": "done", "text": "saglasna" }),
        )
        .await;
        doors(
            goran,
            "/referrals",
            json!({ "to": "shelter", "text": "smještaj", "answer_by": "2025-03-15" }),
        )
        .await;
        let helper = json!({ "role": "helper", "name": "Komšinica" });
        let case = doors(goran, "/people", helper).await;
        let people = case["people"].as_array().unwrap();
        let helper = people.iter().find(|it| it["role"] == "helper").unwrap()["id"]
            .as_str()
            .unwrap();
        let end = json!({ "until": "2025-03-10", "reason": "otputovala" });
        doors(goran, &format!("/people/{helper}/end"), end).await;
        doors(
            milo,
            "/lead",
            json!({ "lead": milo.session.officer.id, "reason": "zamjena u timu" }),
        )
        .await;
        for rest in ["", "/notes", "/plans", "/sheets", "/family"] {
            doors(milo, rest, none.clone()).await;
        }
        for form in ["pdf", "text", "html"] {
            let path = format!("{at}/visit-sheet?form={form}");
            let sheet = super::tell::does(house, goran, aviary, &path, &none).await;
            assert!(!sheet.body.is_empty());
        }
        for path in [
            "/v1/cases",
            "/v1/cases/dues?held=true",
            "/v1/cases/officers",
            "/v1/tasks?queue=office",
        ] {
            does(goran, path, none.clone()).await;
        }
    }

    pub(super) async fn a_restricted_case_is_heard_nowhere(engine: Engine) {
        log();
        let Some(house) = Plan::on(engine).people(40).open().await else {
            return;
        };
        let (ana, petar) = (house.ana().await, house.petar().await);
        let victim = ana.finds_the_family_of("vujotic marko").await.head();
        let case = violence(&ana, &petar, victim).await;
        let document = files(&house, &ana, &case, &paper()).await;
        let case = ana.case(case.summary.id).await.unwrap();
        let aviary = Aviary::of(vec![
            Canary::new("a word of the case", WORD),
            Canary::new("the name of its file", "kanarinka-nalaz"),
            Canary::new("its number", "NP-2025"),
        ])
        .near(ids_of(&case, document))
        .found_by(&["vujotic", "nalaz", "ljekar", "1403978200126"])
        .filed_as(&["medical-report"]);
        assert!(
            ana.case(case.summary.id)
                .await
                .unwrap()
                .note
                .is_some_and(|note| note.contains(WORD))
        );

        let goran = house
            .officer("goran", "CSR-01", &[Role::Clerk, Role::Caseworker])
            .await;
        let milo = house
            .officer("milo", "CSR-01", &[Role::Approver, Role::Caseworker])
            .await;
        works_beside(&house, &goran, &milo, victim, &aviary).await;

        let mut roles = Vec::new();
        for role in ROLES {
            let name = role_name(*role);
            roles.push((
                name,
                house.officer(&format!("kos-{name}"), "CSR-01", &[*role]).await,
            ));
        }
        let mut everybody: Vec<(&str, &Officer)> =
            roles.iter().map(|(name, officer)| (*name, officer)).collect();
        everybody.extend([("a colleague", &goran), ("another head", &milo)]);
        let knocks = aviary.nobody_hears(&house, &everybody).await;
        assert!(knocks > 1_500, "{knocks} knocks");
        house.close().await;
    }

    pub(super) async fn documents_of_a_restricted_case_are_found_by_nobody_else(engine: Engine) {
        let Some(house) = Plan::on(engine).people(40).open().await else {
            return;
        };
        let (ana, petar) = (house.ana().await, house.petar().await);
        let goran = house
            .officer(
                "goran",
                "CSR-01",
                &[Role::Clerk, Role::Caseworker, Role::Approver],
            )
            .await;
        let victim = ana.finds_the_family_of("vujotic marko").await.head();
        let case = violence(&ana, &petar, victim).await;
        let content = paper();
        let document = files(&house, &ana, &case, &content).await;
        let asks = [
            SearchDocuments {
                text: Some("kanarinka".into()),
                ..SearchDocuments::default()
            },
            SearchDocuments {
                text: Some("povrede ljekar".into()),
                ..SearchDocuments::default()
            },
            SearchDocuments {
                text: Some("kanarinka-nalaz".into()),
                ..SearchDocuments::default()
            },
            SearchDocuments {
                kind: Some("medical-report".into()),
                ..SearchDocuments::default()
            },
            SearchDocuments {
                kind: Some("medical-report".into()),
                person: Some(victim),
                ..SearchDocuments::default()
            },
        ];
        let list = DocumentsQuery {
            person: Some(victim),
            ..DocumentsQuery::default()
        };
        for ask in &asks {
            let found = ana.search_documents(ask).await.unwrap();
            assert_eq!(found.items[0].document.id, document, "{ask:?}");
            assert_eq!(
                petar.search_documents(ask).await.unwrap().items.len(),
                1,
                "{ask:?}"
            );
            let found = goran.search_documents(ask).await.unwrap();
            assert!(
                found.items.is_empty() && found.next.is_none(),
                "{ask:?}: {found:?}"
            );
        }
        assert_eq!(ana.documents(&list).await.unwrap().items.len(), 1);
        let theirs = goran.documents(&list).await.unwrap();
        assert!(theirs.items.is_empty() && theirs.next.is_none(), "{theirs:?}");
        let of_case = format!("/v1/documents?matter={}", case.summary.id);
        let asked = |by: &Officer, method: &str, path: &str| Request::new(method, path).token(&by.token);
        let listed = asked(&goran, "GET", &of_case).send(house.address).await;
        assert!(
            !listed.text().contains(&document.to_string()),
            "{}",
            listed.text()
        );

        // Neither read nor fetched nor changed nor made a version of: as if it were not there, to the letter.
        let nothing = Id::<value::Document>::from_uuid(uuid::Uuid::max());
        for (method, rest, body) in [
            ("GET", "", None),
            ("GET", "/text", None),
            ("GET", "/content", None),
            ("PATCH", "", Some(json!({ "title": "drugo" }))),
            ("POST", "/versions", Some(json!({ "shelf": "ormar 3" }))),
        ] {
            let mut answers = Vec::new();
            for id in [document, nothing] {
                let mut request =
                    asked(&goran, method, &format!("/v1/documents/{id}{rest}")).header("if-match", "\"1\"");
                if let Some(body) = &body {
                    request = request.json(body);
                }
                let answer = request.send(house.address).await;
                let said = answer.json();
                answers.push((
                    answer.status,
                    said["type"].clone(),
                    said["detail"].clone(),
                    said["errors"].clone(),
                ));
            }
            assert_eq!(answers[0], answers[1], "{method} {rest}");
            assert!(
                method != "GET" || answers[0].0 == 404,
                "{method} {rest}: {}",
                answers[0].0
            );
        }

        // The same bytes, sent by somebody else, are taken as if nobody had ever sent them; so are others.
        let mut said = Vec::new();
        for (name, bytes) in [("isti.pdf", content.clone()), ("drugi.pdf", other_paper())] {
            let file = house.folder().join(name);
            std::fs::write(&file, &bytes).unwrap();
            let sent = goran
                .upload(house.clock.id(), &file, &Progress::default())
                .await
                .unwrap();
            let sent = serde_json::to_value(&sent).unwrap();
            let shape: Vec<String> = sent.as_object().unwrap().keys().cloned().collect();
            assert!(!sent.to_string().contains(&document.to_string()));
            said.push(shape);
        }
        assert_eq!(said[0], said[1], "a digest that is known tells nothing");
        house.close().await;
    }

    fn other_paper() -> Vec<u8> {
        karton_letters::Letter {
            title: "Drugo".into(),
            language: "cnr".into(),
            date: date(2025, 3, 3),
            markdown: "# Drugo\n\nNešto sasvim drugo.\n".into(),
        }
        .to_pdf()
        .unwrap()
    }
}

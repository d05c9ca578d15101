//! Work activation, two-way: the office refers somebody to the employment agency, a process of its own that really answers, and what it sends back moves
//! the steps that wait for it; with everything that can go wrong on the way.

use karton_tests::told_on_both;

told_on_both! {
    /// Referred, accepted, planned, a job refused (which raises a signal on the family's right), and found work.
    an_activation_is_told_to_the_agency_and_moved_by_what_it_sends;
    /// The agency says that somebody did not come; and where it says nothing, the term does.
    who_does_not_come_is_talked_to_and_so_is_nobody_knows_whether;
    /// The agency does not take a referral, then is down, and is told again.
    what_the_agency_does_not_take_stays_open_and_is_sent_again;
    /// Every message twice under one id, and answers to what nobody sent.
    the_same_message_twice_counts_once_and_a_wrong_one_not_at_all;
    /// Bad messages at the gateway's door, each with its problem, and none of them changes anything.
    what_nobody_waits_for_is_refused_by_name;
}

mod tell {
    use crate::{
        SERVER,
        case_walk::{Walk, is_open},
    };
    use jiff::SignedDuration;
    use karton_api::{
        FactValue, Id,
        cases::Case,
        common::{PageQuery, Reason},
        matters::{CompleteStep, Step, StepState},
        notices::{Message, MessageWay, NoticeState},
        value,
    };
    use karton_server::facts;
    use karton_tests::{
        house::{Engine, GATEWAY_KEY, House, Plan},
        officer::{Officer, key},
        raw::{Answer, Request},
    };
    use serde_json::{Value, json};

    const MARKO: &str = "1403978200126";
    const JELENA: &str = "0209981205177";
    const AGENCY: &str = "ME/GOV/ZZZ/aktivacija";
    const PAGE: PageQuery = PageQuery {
        limit: None,
        cursor: None,
    };

    struct At {
        house: House,
        caseworker: Officer,
        head: Officer,
        id: Id<value::Case>,
        person: Id<value::Person>,
    }

    impl At {
        /// A case of work activation that was reported and opened: the referral is on its way.
        async fn referred(engine: Engine, number: &str, fault: Option<&str>) -> Option<At> {
            let house = Plan::on(engine).registers(SERVER).open().await?;
            if let Some(fault) = fault {
                let registers = house.registers.as_ref().unwrap();
                registers.suffer(&format!("service = \"employment.referral\"\n{fault}"));
            }
            let (caseworker, head) = (house.ana().await, house.petar().await);
            let person = caseworker.finds(number).await[0].card.id;
            let walk = Walk {
                pack: house.inside.pack.clone(),
                house: &house,
                caseworker: caseworker.clone(),
                heads: [head.clone(), head.clone()],
                person,
                carer: person,
                paper: "",
            };
            let procedure = walk.pack.procedure("work-activation").unwrap().clone();
            let case = walk.reports(&procedure).await.unwrap();
            let body = karton_api::cases::OpenCase {
                lead: caseworker.session.officer.id,
                note: None,
            };
            head.open_case(case.summary.id, &key(), &body).await.unwrap();
            Some(At {
                id: case.summary.id,
                house,
                caseworker,
                head,
                person,
            })
        }

        /// Days go by; whoever works here signs in again.
        async fn days_pass(&mut self, days: i64) {
            self.house.waits(SignedDuration::from_hours(24 * days));
            self.caseworker = self.house.signs_in("ana").await;
            self.head = self.house.signs_in("petar").await;
        }
        /// Every term has passed, so that nothing is left to be looked at.
        async fn ends(mut self) {
            for _ in 0..3 {
                self.days_pass(40).await;
                self.case().await;
            }
            self.house.close().await;
        }
        async fn case(&self) -> Case {
            self.caseworker.case(self.id).await.unwrap()
        }
        async fn open(&self) -> Vec<String> {
            let steps = self.case().await.steps;
            steps
                .iter()
                .filter(|run| is_open(run))
                .map(|run| run.key.clone())
                .collect()
        }
        async fn step(&self, key: &str) -> Step {
            let steps = self.case().await.steps;
            steps.into_iter().rev().find(|run| run.key == key).unwrap()
        }
        /// Waits until a step is open.
        async fn until_open(&self, key: &str) {
            self.house
                .until(key, async || {
                    self.open().await.contains(&key.to_owned()).then_some(())
                })
                .await;
        }
        /// What went out and came in, the newest first.
        async fn messages(&self) -> Vec<Message> {
            let page = self.caseworker.messages(self.id.cast(), &PAGE).await.unwrap();
            page.items
        }
        async fn heard(&self) -> Vec<String> {
            let heard = self.messages().await.into_iter().rev();
            heard
                .filter(|it| it.way == MessageWay::Heard)
                .map(|it| it.service)
                .collect()
        }
        async fn told(&self) -> Message {
            let sent = self.messages().await.into_iter();
            let mut sent = sent.filter(|it| it.way == MessageWay::Sent);
            sent.next().unwrap()
        }
        async fn completes(&self, key_of: &str) {
            let run = self.step(key_of).await.id;
            let body = CompleteStep::default();
            self.caseworker
                .complete_step(self.id.cast(), run, &key(), &body)
                .await
                .unwrap();
        }
        /// Entries of the log of one kind.
        async fn entries(&self, kind: &'static str) -> i64 {
            let counted = self.house.inside.store.read(move |tx| {
                tx.one("SELECT count(*) FROM audit_entry WHERE what = $1", &[kind.into()])?
                    .get::<i64>(0)
            });
            counted.await.unwrap()
        }
        async fn knows(&self, holder: karton_api::persons::Holder, fact: &str) -> Option<FactValue> {
            let name = fact.to_owned();
            let now = self.house.clock.now();
            let known = self
                .house
                .inside
                .store
                .read(move |tx| facts::known(tx, &[holder], now));
            let known = known.await.unwrap();
            let said = known
                .into_iter()
                .filter(|it| it.name == name && it.holder == holder);
            said.max_by_key(|it| it.recorded_at).map(|it| it.value)
        }
        /// A message at the gateway's door, as the agency would send it.
        async fn sends(&self, service: &str, id: &str, body: &Value) -> Answer {
            Request::new("POST", &format!("/x-road/{service}"))
                .header("x-gateway-key", GATEWAY_KEY)
                .header("x-road-client", AGENCY)
                .header("x-road-id", id)
                .body("application/json", body.to_string())
                .send(self.house.address)
                .await
        }
    }

    pub(super) async fn an_activation_is_told_to_the_agency_and_moved_by_what_it_sends(engine: Engine) {
        let Some(at) = At::referred(engine, MARKO, None).await else {
            return;
        };
        at.until_open("planning").await;
        let told = at.told().await;
        assert_eq!(told.state, Some(NoticeState::Taken));
        assert_eq!(told.service, "employment.referral");
        assert!(told.receipt.is_some_and(|receipt| receipt.starts_with("PR-")));
        let case = at.case().await;
        let sent = |member: &str| {
            let value = told.values.iter().find(|value| value.member == member);
            value.map(|value| value.value.clone())
        };
        assert_eq!(sent("broj"), Some(FactValue::Text(case.summary.number.clone())));
        assert_eq!(sent("rok_javljanja"), Some(FactValue::Text("2025-03-25".into())));
        assert_eq!(sent("clanova_porodice"), Some(FactValue::Text("4".into())));
        assert_eq!(at.heard().await, ["employment.accepted", "employment.plan"]);
        for done in ["referral", "accepted", "agency-plan"] {
            let run = at.step(done).await;
            assert_eq!(run.state, StepState::Done, "{done}");
            assert!(run.done_by.is_none(), "nobody of the office did {done}");
        }
        let lead = at.caseworker.session.officer.id;
        at.house
            .until("the step to be with who leads the case", async || {
                let with = at.step("planning").await.assigned_to;
                (with.map(|it| it.id) == Some(lead)).then_some(())
            })
            .await;
        let plan = at.messages().await.remove(0);
        let label =
            |it: &karton_api::notices::MessageValue| (it.label["en"].clone(), it.says.get("cnr").cloned());
        assert!(
            plan.values
                .iter()
                .map(label)
                .any(|it| it.1.as_deref() == Some("Pomoć u traženju posla")),
            "{plan:?}"
        );
        // The agency's word is a fact with its source.
        let claim = karton_api::persons::Holder::Claim(at.id.cast());
        let of_marko = karton_api::persons::Holder::Person(at.person);
        assert!(matches!(
            at.knows(claim, "agency_adviser").await,
            Some(FactValue::Text(_))
        ));
        assert_eq!(
            at.knows(of_marko, "activation_measure").await,
            Some(FactValue::Code("search".into()))
        );
        assert_eq!(at.knows(of_marko, "refused_work_on").await, None);
        // The plan is made and approved; until then the report waits, and is sent again.
        let walk = Walk {
            pack: at.house.inside.pack.clone(),
            house: &at.house,
            caseworker: at.caseworker.clone(),
            heads: [at.head.clone(), at.head.clone()],
            person: at.person,
            carer: at.person,
            paper: "",
        };
        walk.step(at.id, "planning").await.unwrap();
        walk.step(at.id, "approval").await.unwrap();
        at.until_open("hearing").await;
        at.until_open("employed").await;
        let heard = at.heard().await;
        assert_eq!(
            heard,
            [
                "employment.accepted",
                "employment.plan",
                "employment.report",
                "employment.refusal",
                "employment.employed"
            ]
        );
        assert!(
            at.open().await.contains(&"monthly".to_owned()),
            "it is watched on"
        );
        assert_eq!(
            at.knows(of_marko, "refused_work").await,
            Some(FactValue::Bool(true))
        );
        assert_eq!(
            at.knows(of_marko, "refused_work_kind").await,
            Some(FactValue::Code("job".into()))
        );
        assert_eq!(at.entries("institution-heard").await, 5);
        at.ends().await;
    }

    pub(super) async fn who_does_not_come_is_talked_to_and_so_is_nobody_knows_whether(engine: Engine) {
        let Some(mut at) = At::referred(engine, JELENA, None).await else {
            return;
        };
        at.until_open("not-come").await;
        assert_eq!(at.heard().await, ["employment.not-come"]);
        assert_eq!(at.step("accepted").await.state, StepState::Done);
        // Talked to, and referred again: a message of its own. This time the agency has nothing to say.
        let registers = at.house.registers.as_ref().unwrap();
        registers.suffer("service = \"employment.referral\"\nkind = \"no-reply\"");
        at.completes("not-come").await;
        at.until_open("accepted").await;
        let sent = at.messages().await.into_iter();
        assert_eq!(sent.filter(|it| it.way == MessageWay::Sent).count(), 2);
        let due = at.step("accepted").await.due_on.unwrap();
        assert!(at.house.clock.today() < due);
        at.days_pass(16).await;
        at.until_open("not-come").await;
        assert!(at.house.clock.today() > due);
        let lapsed = at.step("accepted").await;
        assert_eq!(lapsed.state, StepState::Dropped);
        assert!(lapsed.reason.is_some());
        assert_eq!(at.heard().await.len(), 1);
        assert_eq!(at.entries("step-lapsed").await, 1);
        at.ends().await;
    }

    pub(super) async fn what_the_agency_does_not_take_stays_open_and_is_sent_again(engine: Engine) {
        let Some(at) = At::referred(engine, MARKO, Some("kind = \"refuses\"")).await else {
            return;
        };
        let stands = async |wanted: NoticeState| {
            at.house
                .until("the notice to stand so", async || {
                    let sent = at.messages().await.into_iter();
                    let mut sent = sent.filter(|it| it.way == MessageWay::Sent);
                    sent.next().filter(|it| it.state == Some(wanted))
                })
                .await
        };
        let refused = stands(NoticeState::Refused).await;
        assert!(refused.problem.is_some());
        assert_eq!(refused.may, ["send"]);
        assert_eq!(at.open().await, ["referral"], "the step is the open task");
        let registers = at.house.registers.as_ref().unwrap();
        registers.suffer("service = \"employment.referral\"\nkind = \"down\"");
        at.caseworker
            .send_notice(at.id.cast(), refused.id, &key())
            .await
            .unwrap();
        let silent = stands(NoticeState::Silent).await;
        assert!(silent.tries > 1);
        assert_eq!(at.open().await, ["referral"]);
        registers.recover();
        at.house.waits(SignedDuration::from_mins(5));
        at.caseworker
            .send_notice(at.id.cast(), silent.id, &key())
            .await
            .unwrap();
        at.until_open("planning").await;
        assert_eq!(at.told().await.state, Some(NoticeState::Taken));
        at.ends().await;
    }

    pub(super) async fn the_same_message_twice_counts_once_and_a_wrong_one_not_at_all(engine: Engine) {
        let Some(at) = At::referred(engine, MARKO, Some("kind = \"twice\"")).await else {
            return;
        };
        at.until_open("planning").await;
        at.house
            .until("both to have come again", async || {
                (at.entries("institution-heard").await == 4).then_some(())
            })
            .await;
        assert_eq!(at.heard().await, ["employment.accepted", "employment.plan"]);
        assert_eq!(at.house.count("reply").await, 2);
        at.ends().await;

        let Some(mut at) = At::referred(engine, MARKO, Some("kind = \"wrong-id\"")).await else {
            return;
        };
        at.house
            .until("it to be refused", async || {
                (at.entries("institution-not-heard").await > 0).then_some(())
            })
            .await;
        at.until_open("accepted").await;
        assert!(at.heard().await.is_empty());
        assert_eq!(at.house.count("reply").await, 0);
        at.days_pass(16).await;
        at.until_open("not-come").await;
        at.ends().await;
    }

    pub(super) async fn what_nobody_waits_for_is_refused_by_name(engine: Engine) {
        let Some(at) = At::referred(engine, MARKO, Some("kind = \"no-reply\"")).await else {
            return;
        };
        at.until_open("accepted").await;
        let told = at.told().await;
        let rows = at.house.count("fact").await;
        let accepted = json!({
            "national_id": MARKO, "in_reply_to": told.id.to_string(), "stanje": "accepted", "savjetodavac": "Savjetodavac 1"
        });
        let with = |changes: Value| {
            let mut body = accepted.clone();
            for (name, value) in changes.as_object().unwrap() {
                body[name] = value.clone();
            }
            body
        };
        let refused = async |service: &str, body: Value, status: u16, slug: &str| {
            let answer = at.sends(service, "a-1", &body).await;
            assert_eq!(answer.status, status, "{service}: {}", answer.text());
            let problem = answer.problem();
            assert_eq!(problem.slug(), slug);
            problem.errors
        };
        // Nothing waits for a plan yet.
        let plan = json!({ "national_id": MARKO, "in_reply_to": told.id.to_string(), "mjera": "search", "od": "2025-03-20" });
        refused("employment.plan", plan.clone(), 409, "nothing-waits").await;
        let other = with(json!({ "in_reply_to": "01957000-0000-7000-8000-000000000000" }));
        refused("employment.accepted", other, 409, "not-asked").await;
        let other = with(json!({ "in_reply_to": "\u{e9}" }));
        refused("employment.accepted", other, 409, "not-asked").await;
        let errors = refused(
            "employment.accepted",
            with(json!({ "national_id": JELENA })),
            422,
            "fields",
        )
        .await;
        assert_eq!(
            (errors[0].pointer.as_str(), errors[0].code.as_str()),
            ("/national_id", "other-person")
        );
        let errors = refused(
            "employment.accepted",
            with(json!({ "stanje": "dancing" })),
            422,
            "fields",
        )
        .await;
        assert_eq!(errors[0].pointer, "/stanje");
        let errors = refused(
            "employment.accepted",
            with(json!({ "savjetodavac": null, "x": 1 })),
            422,
            "fields",
        )
        .await;
        let pointers: Vec<&str> = errors.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, ["/x", "/savjetodavac"]);
        refused("employment.unheard", accepted.clone(), 404, "not-found").await;
        // Another institution, another key, no key.
        let knock = |name: &'static str, value: &'static str| {
            let mut request = Request::new("POST", "/x-road/employment.accepted").header("x-road-id", "a-2");
            for (header, usual) in [("x-gateway-key", GATEWAY_KEY), ("x-road-client", AGENCY)] {
                request = request.header(header, if header == name { value } else { usual });
            }
            let request = request.body("application/json", accepted.to_string());
            let address = at.house.address;
            async move { request.send(address).await.status }
        };
        assert_eq!(knock("x-road-client", "ME/GOV/PU/ioppd").await, 403);
        assert_eq!(knock("x-gateway-key", "drugi kljuc").await, 401);
        assert_eq!(at.house.count("fact").await, rows, "nothing of it was kept");
        assert_eq!(at.open().await, ["accepted"]);
        // The right one is taken, and again with the same receipt; the same id for something else is not.
        let first = at.sends("employment.accepted", "a-3", &accepted).await;
        assert_eq!(first.status, 200, "{}", first.text());
        at.until_open("agency-plan").await;
        let again = at.sends("employment.accepted", "a-3", &accepted).await;
        assert_eq!(first.text(), again.text());
        let changed = with(json!({ "savjetodavac": "Savjetodavac 2" }));
        let reused = at.sends("employment.accepted", "a-3", &changed).await;
        assert_eq!((reused.status, reused.problem().slug()), (409, "key-reused"));
        // And now the plan is waited for.
        assert_eq!(at.sends("employment.plan", "a-1", &plan).await.status, 200);
        at.until_open("planning").await;
        // By hand nothing is lost: the steps of others stay done.
        let reason = Reason {
            reason: "Pogrešno".into(),
        };
        let run = at.step("accepted").await.id;
        assert!(
            at.head
                .reopen_step(at.id.cast(), run, &key(), &reason)
                .await
                .is_err()
        );
        at.ends().await;
    }
}

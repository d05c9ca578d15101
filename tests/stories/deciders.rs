//! Two deciders one after the other, as Romania has them: the mayor's disposition and the agency's decision, with everything that may come between and
//! afterwards, on the country's own pack and registers.

use karton_tests::told_on_both;

told_on_both! {
    /// Sent back, granted again, refused by the agency, taken back after a complaint, confirmed: only then is anything paid.
    nothing_is_paid_before_the_agency_has_confirmed;
    /// What becomes of the right later goes the same way, unless the law names one of the two.
    later_decisions_go_the_way_of_the_first_unless_the_law_says_otherwise;
}

mod tell {
    use crate::{
        SERVER,
        steps::tell::{declared, found, hands_in_to, open},
    };
    use karton_api::{
        FactValue, Id,
        amendments::{
            Amendment, AmendmentKind, AmendmentState, ConfirmAmendment, Correction, DecideAmendment,
            NewAmendment, Proposed,
        },
        applications::{ApplicationState, Confirmed},
        assessments::Outcome,
        confirmations::{Confirm, Confirmation, Says},
        decisions::{Decision, LetterForm, LetterQuery, LetterState},
        matters::{CompleteStep, TasksQuery},
        session::Role,
        value,
    };
    use karton_server::verify::{self, Depth};
    use karton_tests::{
        house::{Country, Engine, House, Plan},
        officer::{Officer, Told, claim, household, key},
    };

    /// The town hall and the agency of the county.
    struct At {
        house: House,
        ioana: Officer,
        mihai: Officer,
        sorin: Officer,
        lidia: Officer,
        id: Id<value::Application>,
    }

    /// The Țurcanu family has asked, was visited, and its registers have answered.
    async fn visited(engine: Engine) -> Option<At> {
        let plan = Plan::on(engine).country(Country::RO).registers(SERVER);
        let house = plan.open().await?;
        let clerk = [Role::Clerk, Role::Caseworker];
        let ioana = house.officer("ioana", "CJ-054975", &clerk).await;
        let mihai = house.officer("mihai", "CJ-054975", &[Role::Approver]).await;
        let sorin = house.officer("sorin", "AJPIS-CJ", &[Role::Approver]).await;
        let lidia = house.officer("lidia", "AJPIS-CJ", &clerk).await;
        let family = ioana.finds_the_family_of("1810514501019").await;
        let answers = declared(&family, &house);
        let lodged = ioana.lodges("VMI", family.head(), answers).await.done();
        let id = lodged.application.summary.id;
        ioana.waits_for_evidence(&house, id).await;
        // They do share a budget, and live in two rooms.
        let mut seen = found();
        seen.retain(|answer| answer.fact != "shares_budget");
        seen.push(household("shares_budget", FactValue::Bool(true)));
        hands_in_to(&ioana, id, "field-check", seen).await.unwrap();
        let text = |text: &str| FactValue::Text(text.into());
        let report = vec![
            claim("synthesis_checked", text("Registre: fără diferențe.")),
            claim("synthesis_differences", text("Camerele.")),
            claim("synthesis_proposal", text("Acordare.")),
        ];
        hands_in_to(&ioana, id, "synthesis", report).await.unwrap();
        Some(At {
            house,
            ioana,
            mihai,
            sorin,
            lidia,
            id,
        })
    }

    impl At {
        /// Assessed, recommended, granted by the mayor's disposition, and sent to the agency.
        async fn disposes(&self) -> Decision {
            let assessed = self.ioana.assesses(self.id).await.done();
            let confirmed = assessed.confirm.iter().map(|condition| Confirmed {
                condition: condition.clone(),
                met: true,
                reason: "Văzut la dosar.".into(),
            });
            let said = self
                .ioana
                .recommends(self.id, &assessed, Outcome::Grant, confirmed.collect());
            said.await.done();
            let decision = self
                .mihai
                .decides(self.id, &assessed, Outcome::Grant)
                .await
                .done();
            assert!(decision.award.is_none(), "the mayor alone grants nothing");
            self.sends(self.id.cast()).await;
            decision
        }
        /// The list goes to the agency.
        async fn sends(&self, matter: Id<value::Matter>) {
            let step = open(&self.ioana, matter.cast(), "transmission").await;
            let body = CompleteStep::default();
            let done = self.ioana.complete_step(matter, step.id, &key(), &body).await;
            done.map(drop).unwrap();
        }
        async fn says(&self, decision: &Decision, says: Says, reason: Option<&str>) -> Decision {
            let body = Confirm {
                decision: decision.id,
                says,
                reason: reason.map(str::to_owned),
            };
            let said = self.sorin.confirm(self.id, &key(), &body).await;
            said.unwrap_or_else(|error| panic!("{says:?}: {error:?}"))
        }
        async fn state(&self) -> ApplicationState {
            self.ioana.application(self.id).await.unwrap().summary.state
        }
        /// The second letter of the decision, once it is made.
        async fn second_letter(&self, decision: Id<value::Decision>) -> String {
            let said = async || {
                let seen = self.ioana.decision(decision).await.unwrap();
                let said = seen.second?.confirmation?;
                (said.letter == Some(LetterState::Ready)).then_some(said.id)
            };
            let id = self.house.until("the agency's letter", said).await;
            let query = LetterQuery {
                form: Some(LetterForm::Text),
                width: None,
            };
            let text = self.ioana.confirmation_letter(id, &query).await.unwrap();
            let text = String::from_utf8(text).unwrap();
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        }
        async fn proposes(&self, by: &Officer, body: NewAmendment) -> Told<Amendment> {
            Told(by.propose_amendment(&key(), &body).await)
        }
        /// Recommended by one officer and decided by another, its letter made.
        async fn made(&self, (first, second): (&Officer, &Officer), body: NewAmendment) -> Amendment {
            let it = self.proposes(first, body).await.done();
            let body = DecideAmendment {
                revision: it.revision,
                paragraph: None,
            };
            second.decide_amendment(it.id, &key(), &body).await.unwrap();
            let ready = async || {
                let seen = self.ioana.amendment(it.id).await.unwrap();
                (seen.letter == Some(LetterState::Ready)).then_some(seen)
            };
            self.house.until("its letter", ready).await
        }
    }

    fn says(from: Option<&str>, reason: &str) -> Proposed {
        Proposed {
            from: from.map(|day| day.parse().unwrap()),
            reason: reason.into(),
            corrections: Vec::new(),
            confirmed: Vec::new(),
            part: None,
            paragraph: None,
        }
    }

    fn on(kind: AmendmentKind, says: Proposed) -> NewAmendment {
        NewAmendment {
            kind,
            award: None,
            decision: None,
            amendment: None,
            confirmation: None,
            says,
        }
    }

    fn said(decision: &Decision) -> Confirmation {
        let second = decision.second.clone().expect("two bodies decide");
        second.confirmation.expect("the agency has decided")
    }

    pub(super) async fn nothing_is_paid_before_the_agency_has_confirmed(engine: Engine) {
        let Some(at) = visited(engine).await else { return };
        // Sent back: the disposition has no effect, and another one with a number of its own takes its place.
        let first = at.disposes().await;
        let back = at
            .says(&first, Says::Return, Some("Lipsește adeverința de venit."))
            .await;
        assert_eq!((said(&back).says, said(&back).number), (Says::Return, None));
        assert_eq!(at.state().await, ApplicationState::Lodged);
        let again = at.disposes().await;
        assert_ne!(again.number, first.number);

        // Refused: nothing is paid; the letter says why and names its own remedy.
        let refused = at
            .says(&again, Says::Refuse, Some("Veniturile nu sunt dovedite."))
            .await;
        assert_eq!(said(&refused).number.as_deref(), Some("AJPIS-CJ-R-2026/1"));
        let letter = at.second_letter(again.id).await;
        for words in [
            "SE RESPINGE",
            "Veniturile nu sunt dovedite.",
            "plângerea prealabilă adresată agenției",
            again.number.as_str(),
        ] {
            assert!(letter.contains(words), "{words}: {letter}");
        }
        assert_eq!(at.state().await, ApplicationState::Decided);

        // After the complaint the agency itself takes that back, by two officers of its own; the disposition waits once more.
        let annul = NewAmendment {
            confirmation: Some(said(&refused).id),
            ..on(AmendmentKind::Annul, says(None, "after-appeal"))
        };
        at.proposes(&at.ioana, annul.clone())
            .await
            .is_refused("other-office");
        let annulled = at.made((&at.lidia, &at.sorin), annul).await;
        assert_eq!(
            (annulled.state, annulled.office.code.as_str()),
            (AmendmentState::Decided, "AJPIS-CJ")
        );
        assert_eq!(at.state().await, ApplicationState::Confirming);
        let seen = at.sorin.decision(again.id).await.unwrap().second.unwrap();
        assert!(seen.waits && seen.earlier.len() == 1, "{seen:?}");
        let mine = TasksQuery {
            queue: None,
            limit: None,
            cursor: None,
        };
        let tasks = at.sorin.tasks(&mine).await.unwrap().items;
        assert!(
            tasks.iter().any(|task| task.step == "agency-decision"),
            "{tasks:?}"
        );

        let granted = at.says(&again, Says::Confirm, None).await;
        let award = granted.award.expect("it is granted now");
        let letter = at.second_letter(again.id).await;
        for words in ["D E C I Z I E", "SE ACORDĂ", "701,00", "DIRECTOR EXECUTIV"] {
            assert!(letter.contains(words), "{words}: {letter}");
        }
        assert_eq!(at.state().await, ApplicationState::Decided);
        let award = at.ioana.award(award).await.unwrap().award;
        assert_eq!(
            (award.starts.to_string(), award.amount.minor),
            ("2026-03-01".into(), 70_100)
        );
        assert_eq!(award.decision_number.as_deref(), Some(again.number.as_str()));
        let books = verify::books(&at.house.inside.store, Depth::Full).await.unwrap();
        assert!(books.violations.is_empty(), "{:#?}", books.violations);
        at.house.close().await;
    }

    pub(super) async fn later_decisions_go_the_way_of_the_first_unless_the_law_says_otherwise(
        engine: Engine,
    ) {
        let Some(at) = visited(engine).await else { return };
        let first = at.disposes().await;
        let granted = at.says(&first, Says::Confirm, None).await;
        let award = granted.award.unwrap();
        at.second_letter(first.id).await;
        let about = |kind, says| NewAmendment {
            award: Some(award),
            ..on(kind, says)
        };

        // A slip of the agency's decision is the agency's to put right.
        let mut slip = says(None, "clerical-error");
        slip.corrections.push(Correction {
            was: "Marian Țurcanu".into(),
            is: "Marian-Ion Țurcanu".into(),
        });
        let slip = NewAmendment {
            confirmation: Some(said(&granted).id),
            ..on(AmendmentKind::Correct, slip)
        };
        at.proposes(&at.ioana, slip.clone())
            .await
            .is_refused("other-office");
        let corrected = at.made((&at.lidia, &at.sorin), slip).await;
        assert_eq!(corrected.number.as_deref(), Some("AJPIS-CJ-R-2026/2"));
        let seen = at.ioana.decision(first.id).await.unwrap();
        assert_eq!(said(&seen).amendments[0].number, corrected.number);

        // Article 67: the agency suspends alone. The mayor's people cannot, and see it.
        let found = about(AmendmentKind::Suspend, says(Some("2026-03-01"), "agency-check"));
        at.proposes(&at.ioana, found.clone())
            .await
            .is_refused("other-office");
        let rests = at.made((&at.lidia, &at.sorin), found).await;
        assert_eq!(
            (rests.state, rests.office.code.as_str()),
            (AmendmentState::Decided, "AJPIS-CJ")
        );
        let turns = at.ioana.award(award).await.unwrap().turns;
        assert_eq!(turns.len(), 1);
        let seen = at.mihai.amendment(rests.id).await.unwrap();
        assert_eq!(seen.number.as_deref(), Some("AJPIS-CJ-R-2026/3"));

        // Resuming is said of nobody alone: the disposition waits for the agency, which sends it back first.
        let resume = about(AmendmentKind::Resume, says(Some("2026-04-01"), "cause-ended"));
        let resumed = at.made((&at.ioana, &at.mihai), resume).await;
        assert_eq!(resumed.state, AmendmentState::Confirming);
        at.sends(resumed.id.cast()).await;
        let seen = at.sorin.amendment(resumed.id).await.unwrap();
        let word = |says, revision, reason: Option<&str>| ConfirmAmendment {
            revision,
            says,
            reason: reason.map(str::to_owned),
        };
        let back = word(Says::Return, seen.revision, Some("Lipsește dovada."));
        let back = at
            .sorin
            .confirm_amendment(resumed.id, &key(), &back)
            .await
            .unwrap();
        assert_eq!(back.state, AmendmentState::Refused);
        let query = karton_api::amendments::AmendmentsQuery {
            award: Some(award),
            ..Default::default()
        };
        let newest = at.ioana.amendments(&query).await.unwrap().items[0].clone();
        assert_eq!((newest.state, newest.number), (AmendmentState::Open, None));
        let body = says(Some("2026-04-01"), "cause-ended");
        let again = at
            .ioana
            .recommend_amendment(newest.id, &key(), &body)
            .await
            .unwrap();
        let body = DecideAmendment {
            revision: again.revision,
            paragraph: None,
        };
        at.mihai.decide_amendment(again.id, &key(), &body).await.unwrap();
        at.sends(again.id.cast()).await;
        let seen = at.sorin.amendment(again.id).await.unwrap();
        let body = word(Says::Confirm, seen.revision, None);
        let done = at.sorin.confirm_amendment(again.id, &key(), &body).await.unwrap();
        assert_eq!(done.state, AmendmentState::Decided);
        let ready = async || {
            let said = at.ioana.amendment(again.id).await.unwrap().second?.confirmation?;
            (said.letter == Some(LetterState::Ready)).then_some(said.id)
        };
        let id = at.house.until("the agency's letter", ready).await;
        let query = LetterQuery {
            form: Some(LetterForm::Text),
            width: None,
        };
        let text = at.ioana.confirmation_letter(id, &query).await.unwrap();
        let text = String::from_utf8(text).unwrap();
        for words in [
            "SE REIA",
            "AJPIS-CJ-R-2026/4",
            "DIRECTOR EXECUTIV",
            again_number(&done),
        ] {
            assert!(text.contains(words), "{words}: {text}");
        }

        // Hours that were not done: the mayor suspends alone.
        let hours = about(AmendmentKind::Suspend, says(Some("2026-05-01"), "hours-not-done"));
        let rests = at.made((&at.ioana, &at.mihai), hours).await;
        assert_eq!((rests.state, rests.second), (AmendmentState::Decided, None));
        let books = verify::books(&at.house.inside.store, Depth::Full).await.unwrap();
        assert!(books.violations.is_empty(), "{:#?}", books.violations);
        at.house.close().await;
    }

    fn again_number(it: &Amendment) -> &str {
        it.number.as_deref().unwrap()
    }
}

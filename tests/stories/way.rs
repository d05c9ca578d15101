//! The whole way, by the API: from the first search to the delivered letter and the month's entitlement, beside the registers' own process.

use karton_tests::told_on_both;

told_on_both! {
    /// The Vujotić family applies for material support and is granted it by a second officer.
    a_family_is_granted_only_after_a_second_officer_agrees;
    /// The house is refused what the conditions do not give, with the reasons in the letter.
    a_family_above_the_limit_is_refused_with_the_reason;
    /// The head of office sends it back for completion; the family completes it, and the day of lodging stays.
    what_is_missing_is_completed_and_the_day_of_lodging_stays;
    /// The head of office sends it back to the first officer, who assesses again.
    the_second_officer_may_disagree;
    /// A step that is done is opened again with a reason, by whoever leads the work.
    a_step_is_opened_again_with_a_reason;
    /// A newer fact makes an assessment outdated; a decision on it is refused.
    a_decision_rests_on_the_newest_facts;
    /// Two clerks save the same draft: the second one is told.
    a_draft_that_was_saved_meanwhile_is_not_overwritten;
    /// What the dictionary wants a document for does not pass on the applicant's word: the first officer says why it stands.
    what_wants_a_document_does_not_pass_on_a_word;
    /// An application is taken back, and nothing can be done with it any more.
    an_application_can_be_taken_back;
    /// A stored assessment, run again over what it kept, says the same.
    an_assessment_run_again_says_the_same;
}

/// The registers' letters in the pack's order: what the benefit asks for each member.
pub(crate) fn confirmed_everything(
    on: &karton_api::assessments::StoredAssessment,
) -> Vec<karton_api::applications::Confirmed> {
    use karton_api::assessments::Verdict;
    let met = |condition: &&karton_api::assessments::Condition| condition.verdict == Verdict::Met;
    on.assessment
        .conditions
        .iter()
        .filter(met)
        .map(|condition| karton_api::applications::Confirmed {
            condition: condition.id.clone(),
            met: true,
            reason: "Uvid u dokaze i razgovor s podnosiocem.".into(),
        })
        .collect()
}

mod tell {
    use super::confirmed_everything;
    use crate::SERVER;
    use jiff::SignedDuration;
    use karton_api::{
        FactValue, Id, Money,
        applications::*,
        assessments::*,
        awards::AwardsQuery,
        common::{PageQuery, Reason},
        decisions::{Decision, Deliver, LetterForm, LetterQuery, LetterState},
        matters::{Queue, StepState, TasksQuery},
        persons::{FactStatus, RecordFact, SourceKind},
        value,
    };
    use karton_tests::{
        house::{Engine, House, Plan},
        officer::{
            Family, Officer, Told, answers_for_material_support, claim, code, euro, household, key, of,
        },
    };

    const PAGE: PageQuery = PageQuery {
        limit: None,
        cursor: None,
    };

    async fn with_registers(engine: Engine) -> Option<House> {
        Plan::on(engine).registers(SERVER).open().await
    }

    /// Ana takes the application of the Vujotić family; the registers answer.
    async fn lodged(house: &House, ana: &Officer) -> (Family, Lodged) {
        let family = ana.finds_the_family_of("vujotic marko").await;
        assert_eq!(family.members.len(), 4);
        let answers = answers_for_material_support(&family, house.clock.today());
        let lodged = ana.lodges("MO", family.head(), answers).await.done();
        let round = ana.waits_for_evidence(house, lodged.application.summary.id).await;
        let silent: Vec<_> = round
            .items
            .iter()
            .filter(|item| !matches!(item.state, EvidenceState::Answered | EvidenceState::Nothing))
            .collect();
        assert!(silent.is_empty(), "every register has answered: {silent:?}");
        (family, lodged)
    }

    async fn granted(house: &House, ana: &Officer, petar: &Officer) -> (Family, Lodged, Decision) {
        let (family, lodged) = lodged(house, ana).await;
        let id = lodged.application.summary.id;
        let assessment = ana.assesses(id).await.done();
        ana.recommends(id, &assessment, Outcome::Grant, confirmed_everything(&assessment))
            .await
            .done();
        let decision = petar.decides(id, &assessment, Outcome::Grant).await.done();
        (family, lodged, decision)
    }

    pub(super) async fn a_family_is_granted_only_after_a_second_officer_agrees(engine: Engine) {
        let Some(house) = with_registers(engine).await else {
            return;
        };
        let (ana, petar) = (house.ana().await, house.petar().await);
        // Somebody who may both recommend and decide is still only one officer.
        let roles = [
            karton_api::session::Role::Caseworker,
            karton_api::session::Role::Approver,
        ];
        let mira = house.officer("mira", "CSR-01", &roles).await;

        let family = ana.finds_the_family_of("vujot").await;
        let answers = answers_for_material_support(&family, house.clock.today());
        let previewed = ana
            .preview(&Preview {
                benefit: "MO".into(),
                applicant: family.head(),
                on: None,
                answers: answers.clone(),
            })
            .await
            .unwrap();
        assert_eq!(
            previewed.assessment.outcome,
            Outcome::Unknown,
            "before the registers answer"
        );
        let lodged = ana.lodges("MO", family.head(), answers).await.done();
        let id = lodged.application.summary.id;
        assert_eq!(lodged.application.summary.state, ApplicationState::Lodged);
        assert_eq!(
            lodged.application.summary.number.as_deref(),
            Some("CSR-01-Z-2025/1")
        );
        assert_eq!(lodged.status.due_on.to_string(), "2025-04-09", "thirty days");
        assert!(lodged.status.services.contains(&"tax.income".to_owned()));

        let round = ana.waits_for_evidence(&house, id).await;
        assert_eq!(
            round.items.len(),
            4 * 15 + 1,
            "fifteen services for each member, one for the applicant"
        );
        let assessment = ana.assesses(id).await.done();
        assert_eq!(
            assessment.assessment.outcome,
            Outcome::Grant,
            "{:#?}",
            assessment.assessment.conditions
        );
        let amount = assessment.assessment.amount.clone().unwrap();
        // The base for four members from 1 January 2025 less 42 euros of occasional work a month.
        assert_eq!(
            amount.money,
            Money::new(16_045 - 4_200, karton_api::Currency::EUR)
        );
        let everything = confirmed_everything(&assessment);
        mira.recommends(id, &assessment, Outcome::Refuse, everything.clone())
            .await
            .is_refused("outcome-differs");
        petar
            .decides(id, &assessment, Outcome::Grant)
            .await
            .is_refused("step-not-open");
        mira.recommends(id, &assessment, Outcome::Grant, everything)
            .await
            .done();
        mira.decides(id, &assessment, Outcome::Grant)
            .await
            .is_refused("second-officer-needed");
        let tasks = TasksQuery {
            queue: Some(Queue::Mine),
            limit: None,
            cursor: None,
        };
        let blocked = mira.tasks(&tasks).await.unwrap().items;
        assert!(
            blocked.iter().any(|task| task.step == "decision" && task.blocked),
            "the first officer sees the task as blocked: {blocked:?}"
        );
        petar
            .decides(id, &assessment, Outcome::Refuse)
            .await
            .is_refused("outcome-differs");
        let decision = petar.decides(id, &assessment, Outcome::Grant).await.done();
        assert_eq!(decision.number, "CSR-01-R-2025/1");
        petar
            .decides(id, &assessment, Outcome::Grant)
            .await
            .is_refused("step-not-open");

        let early = Told(
            ana.deliver(
                decision.id,
                &key(),
                &Deliver {
                    on: house.clock.today(),
                    how: karton_api::decisions::DeliveryHow::Handed,
                    to: None,
                },
            )
            .await,
        );
        if decision.letter == LetterState::Making && early.0.is_err() {
            early.is_refused("letter-not-ready");
        }
        let text = ana.reads_letter_text(&house, decision.id).await;
        for part in [
            "CSR-01-R-2025/1",
            "CSR-01-Z-2025/1",
            "118,45",
            "160,45",
            "42,00",
            "Marko Vujotić",
            "Sara Vujotić",
            "1403978200126",
            "ZSDZ 22(1)1",
            "ZSDZ 31",
            "Mira Probna",
            "Petar Probna",
            "PRIZNAJE SE",
            "Pouka o pravnom sredstvu",
        ] {
            assert!(text.contains(part), "the letter says `{part}`:\n{text}");
        }
        assert!(!text.contains("ODBIJA SE"), "{text}");
        let pdf = ana.reads_letter(&house, decision.id, LetterForm::Pdf).await;
        assert!(pdf.starts_with(b"%PDF-") && pdf.len() > 5_000);
        let again = petar.reads_letter(&house, decision.id, LetterForm::Pdf).await;
        assert!(pdf == again, "a letter is stored as issued");

        let decision = ana.decision(decision.id).await.unwrap();
        if decision.delivered_on.is_none() {
            Told(
                ana.deliver(
                    decision.id,
                    &key(),
                    &Deliver {
                        on: house.clock.today(),
                        how: karton_api::decisions::DeliveryHow::Handed,
                        to: None,
                    },
                )
                .await,
            )
            .done();
        }
        let matter = ana.matter(id.cast()).await.unwrap();
        assert_eq!(matter.state, "ended");
        assert!(
            matter.steps.iter().all(|step| step.state == StepState::Done),
            "{:?}",
            matter.steps
        );

        // The award yields month by month what was decided.
        let mine = AwardsQuery {
            person: Some(family.head()),
            limit: None,
            cursor: None,
        };
        let awards = ana.awards(&mine).await.unwrap().items;
        let [award] = awards.as_slice() else {
            panic!("one award: {awards:?}")
        };
        assert_eq!(award.decision, Some(decision.id));
        assert!(award.in_force);
        house.waits(SignedDuration::from_hours(24 * 62));
        let ana = house.signs_in("ana").await;
        let months = ana.entitlements(award.id, &PAGE).await.unwrap().items;
        let said: Vec<String> = months
            .iter()
            .map(|month| format!("{} {}", month.month, month.amount))
            .collect();
        assert_eq!(
            said,
            [
                "2025-03-01 118.45 EUR",
                "2025-04-01 118.45 EUR",
                "2025-05-01 118.45 EUR"
            ]
        );
        house.close().await;
    }

    pub(super) async fn a_family_above_the_limit_is_refused_with_the_reason(engine: Engine) {
        let Some(house) = with_registers(engine).await else {
            return;
        };
        let (ana, petar) = (house.ana().await, house.petar().await);
        let family = ana.finds_the_family_of("vujotic marko").await;
        let answers = answers_for_material_support(&family, house.clock.today());
        let lodged = ana.lodges("MO", family.head(), answers).await.done();
        let id = lodged.application.summary.id;
        ana.waits_for_evidence(&house, id).await;
        // A finding with a reason outranks the register: the benefit for the unemployed was paid after all.
        let finding = RecordFact {
            fact: "unemployment_benefit".into(),
            value: euro(19_000),
            from: Some("2025-01-01".parse().unwrap()),
            until: None,
            source: SourceKind::Finding,
            note: Some("Potvrda banke o uplati, uvid 10.3.2025.".into()),
        };
        Told(ana.record_fact(family.head(), &key(), &finding).await).done();
        let assessment = ana.assesses(id).await.done();
        assert_eq!(assessment.assessment.outcome, Outcome::Refuse);
        let failed: Vec<&str> = assessment
            .assessment
            .conditions
            .iter()
            .filter(|condition| condition.verdict == Verdict::NotMet)
            .map(|condition| condition.id.as_str())
            .collect();
        assert_eq!(failed, ["income"]);
        ana.recommends(id, &assessment, Outcome::Grant, confirmed_everything(&assessment))
            .await
            .is_refused("outcome-differs");
        ana.recommends(id, &assessment, Outcome::Refuse, Vec::new())
            .await
            .done();
        let decision = petar.decides(id, &assessment, Outcome::Refuse).await.done();
        assert!(decision.award.is_none() && decision.amount.is_none());
        let text = petar.reads_letter_text(&house, decision.id).await;
        for part in ["ODBIJA SE", "232,00", "160,45", "ZSDZ 22(1)1", &decision.number] {
            assert!(text.contains(part), "the letter says `{part}`:\n{text}");
        }
        // Unconfirmed law is never printed as an article of a refusal.
        let reasons = text.split("nijesu ispunjeni").nth(1).unwrap();
        assert!(!reasons.contains("(ZSDZ 21)"), "{reasons}");
        house.close().await;
    }

    pub(super) async fn what_is_missing_is_completed_and_the_day_of_lodging_stays(engine: Engine) {
        let Some(house) = with_registers(engine).await else {
            return;
        };
        let (ana, petar) = (house.ana().await, house.petar().await);
        let (family, lodged) = lodged(&house, &ana).await;
        let id = lodged.application.summary.id;
        let assessment = ana.assesses(id).await.done();
        ana.recommends(id, &assessment, Outcome::Grant, confirmed_everything(&assessment))
            .await
            .done();
        ana.returns(id, ReturnTo::Applicant, "x")
            .await
            .is_refused("fields");
        let returned = petar
            .returns(id, ReturnTo::Applicant, "Nedostaje ugovor o zakupu.")
            .await
            .done();
        assert_eq!(returned.summary.state, ApplicationState::Returned);
        let why = returned.returned.clone().unwrap();
        assert_eq!(
            (why.reason.as_str(), why.until.to_string().as_str()),
            ("Nedostaje ugovor o zakupu.", "2025-03-18")
        );
        petar
            .decides(id, &assessment, Outcome::Grant)
            .await
            .is_refused("step-not-open");
        let wanted = LetterQuery {
            form: Some(LetterForm::Text),
            width: Some(80),
        };
        let letter = house
            .until("the letter that asks for it", async || {
                ana.completion_letter(id, &wanted).await.ok()
            })
            .await;
        let letter = String::from_utf8(letter).unwrap();
        for part in ["Nedostaje ugovor o zakupu.", "8 dana", "CSR-01-Z-2025/1"] {
            assert!(letter.contains(part), "the letter says `{part}`:\n{letter}");
        }

        house.waits(SignedDuration::from_hours(24 * 3));
        let (ana, petar) = (house.signs_in("ana").await, house.signs_in("petar").await);
        let open = ana.application(id).await.unwrap();
        let mut answers = open.answers.clone();
        answers.push(household("dwelling_rooms", karton_api::FactValue::Int(2)));
        let saved = Told(ana.save_draft(id, open.revision, &SaveDraft { answers }).await);
        let saved = match saved.0 {
            Ok(saved) => saved,
            // The form asks for rooms only of an owned dwelling: then what was typed before stands.
            Err(_) => ana.application(id).await.unwrap(),
        };
        assert_eq!(saved.summary.state, ApplicationState::Returned);
        let completed = Told(ana.lodge(id, &key()).await).done();
        assert_eq!(
            completed.application.summary.lodged_on.unwrap().to_string(),
            "2025-03-10"
        );
        assert_eq!(
            completed.application.summary.number,
            lodged.application.summary.number
        );
        ana.waits_for_evidence(&house, id).await;
        let assessment = ana.assesses(id).await.done();
        ana.recommends(id, &assessment, Outcome::Grant, confirmed_everything(&assessment))
            .await
            .done();
        let decision = petar.decides(id, &assessment, Outcome::Grant).await.done();
        assert_eq!(
            decision.starts.unwrap().to_string(),
            "2025-03-10",
            "the right begins with the day of lodging"
        );
        assert_eq!(decision.application.applicant.id, family.head());
        house.close().await;
    }

    pub(super) async fn the_second_officer_may_disagree(engine: Engine) {
        let Some(house) = with_registers(engine).await else {
            return;
        };
        let (ana, petar) = (house.ana().await, house.petar().await);
        let (_, lodged) = lodged(&house, &ana).await;
        let id = lodged.application.summary.id;
        let first = ana.assesses(id).await.done();
        ana.recommends(id, &first, Outcome::Grant, confirmed_everything(&first))
            .await
            .done();
        let back = petar
            .returns(id, ReturnTo::Assessment, "Provjeriti prihode od rada.")
            .await
            .done();
        assert_eq!(back.summary.state, ApplicationState::Lodged);
        assert!(back.recommendation.is_none());
        petar
            .decides(id, &first, Outcome::Grant)
            .await
            .is_refused("step-not-open");
        let second = ana.assesses(id).await.done();
        assert_ne!(first.id, second.id);
        ana.recommends(id, &first, Outcome::Grant, confirmed_everything(&first))
            .await
            .is_refused("assessment-outdated");
        ana.recommends(id, &second, Outcome::Grant, confirmed_everything(&second))
            .await
            .done();
        petar
            .decides(id, &first, Outcome::Grant)
            .await
            .is_refused("assessment-outdated");
        petar.decides(id, &second, Outcome::Grant).await.done();
        house.close().await;
    }

    pub(super) async fn a_step_is_opened_again_with_a_reason(engine: Engine) {
        let Some(house) = with_registers(engine).await else {
            return;
        };
        let (ana, petar) = (house.ana().await, house.petar().await);
        let (_, lodged) = lodged(&house, &ana).await;
        let id = lodged.application.summary.id;
        let assessment = ana.assesses(id).await.done();
        let matter = ana.matter(id.cast()).await.unwrap();
        let step = |key: &str| matter.steps.iter().find(|step| step.key == key).unwrap().clone();
        let reason = |text: &str| Reason { reason: text.into() };
        let reopen = async |who: &Officer, step: Id<value::StepRun>, why: &str| {
            Told(who.reopen_step(id.cast(), step, &key(), &reason(why)).await)
        };
        // A legal act is not undone by opening its step again.
        let clerk = house
            .officer("zora", "CSR-01", &[karton_api::session::Role::Clerk])
            .await;
        reopen(&clerk, step("assessment").id, "jer")
            .await
            .is_refused("not-permitted");
        reopen(&ana, step("intake").id, "Nije trebalo.")
            .await
            .is_refused("cannot-reopen");
        let refused = reopen(&ana, step("assessment").id, "x")
            .await
            .is_refused("fields");
        assert_eq!(refused.errors[0].pointer, "/reason");
        let reopened = reopen(&ana, step("assessment").id, "Stigla je nova potvrda.")
            .await
            .done();
        assert!(
            reopened
                .steps
                .iter()
                .any(|step| step.key == "assessment" && step.state == StepState::Open),
            "{:?}",
            reopened.steps
        );
        ana.recommends(id, &assessment, Outcome::Grant, confirmed_everything(&assessment))
            .await
            .is_refused("step-not-open");
        let second = ana.assesses(id).await.done();
        // The generic route completes no legal act, and names the one there is.
        let matter = ana.matter(id.cast()).await.unwrap();
        let open = matter
            .steps
            .iter()
            .find(|step| step.state == StepState::Open)
            .unwrap();
        assert_eq!(open.act.as_deref(), Some("recommend"));
        Told(
            ana.complete_step(id.cast(), open.id, &key(), &Default::default())
                .await,
        )
        .is_refused("legal-act");
        ana.recommends(id, &second, Outcome::Grant, confirmed_everything(&second))
            .await
            .done();
        petar.decides(id, &second, Outcome::Grant).await.done();
        house.close().await;
    }

    pub(super) async fn a_decision_rests_on_the_newest_facts(engine: Engine) {
        let Some(house) = with_registers(engine).await else {
            return;
        };
        let (ana, petar) = (house.ana().await, house.petar().await);
        let (family, lodged) = lodged(&house, &ana).await;
        let id = lodged.application.summary.id;
        let assessment = ana.assesses(id).await.done();
        assert!(!assessment.outdated);
        ana.recommends(id, &assessment, Outcome::Grant, confirmed_everything(&assessment))
            .await
            .done();
        house.waits(SignedDuration::from_mins(1));
        let luka = family.named("Luka").id;
        let learnt = RecordFact {
            fact: "in_institution".into(),
            value: karton_api::FactValue::Bool(true),
            from: None,
            until: None,
            source: SourceKind::Document,
            note: Some("Uput za smještaj br. 44 od 7.3.2025.".into()),
        };
        Told(ana.record_fact(luka, &key(), &learnt).await).done();
        petar
            .decides(id, &assessment, Outcome::Grant)
            .await
            .is_refused("assessment-outdated");
        assert!(ana.assessment(id).await.unwrap().outdated);
        petar
            .returns(id, ReturnTo::Assessment, "Stigao je uput za smještaj.")
            .await
            .done();
        let second = ana.assesses(id).await.done();
        // The condition is from memory: it never carries a refusal by itself, the officer has to speak.
        assert_eq!(second.assessment.outcome, Outcome::Confirm);
        let stands = second
            .assessment
            .conditions
            .iter()
            .find(|condition| condition.id == "institution");
        assert_eq!(stands.unwrap().verdict, Verdict::MustConfirm);
        ana.recommends(id, &second, Outcome::Refuse, Vec::new())
            .await
            .is_refused("not-verified");
        let spoken = Confirmed {
            condition: "institution".into(),
            met: false,
            reason: "Dijete je od 7.3. na smještaju o trošku države.".into(),
        };
        ana.recommends(id, &second, Outcome::Refuse, vec![spoken])
            .await
            .done();
        petar.decides(id, &second, Outcome::Refuse).await.done();
        house.close().await;
    }

    pub(super) async fn a_draft_that_was_saved_meanwhile_is_not_overwritten(engine: Engine) {
        let Some(house) = Plan::on(engine).people(40).open().await else {
            return;
        };
        let (ana, other) = (
            house.ana().await,
            house
                .officer("zora", "CSR-01", &[karton_api::session::Role::Clerk])
                .await,
        );
        let family = ana.finds_the_family_of("vujotic marko").await;
        let draft = ana.drafts("MO", family.head(), Vec::new()).await.done();
        let id = draft.summary.id;
        let mine = SaveDraft {
            answers: vec![household("tenure", code("rented"))],
        };
        let hers = SaveDraft {
            answers: vec![household("tenure", code("owned"))],
        };
        let saved = Told(other.save_draft(id, draft.revision, &hers).await).done();
        let refused = Told(ana.save_draft(id, draft.revision, &mine).await).is_refused("changed-meanwhile");
        assert_eq!((refused.status, refused.revision), (412, Some(saved.revision)));
        assert_eq!(ana.application(id).await.unwrap().answers, hers.answers);
        Told(ana.save_draft(id, saved.revision, &mine).await).done();
        house.close().await;
    }

    pub(super) async fn what_wants_a_document_does_not_pass_on_a_word(engine: Engine) {
        let Some(house) = with_registers(engine).await else {
            return;
        };
        let (ana, petar) = (house.ana().await, house.petar().await);
        let head = ana.finds_the_family_of("vujotic marko").await.head();
        let answers = vec![
            claim("consent", FactValue::Bool(true)),
            claim("payment_channel", code("post")),
            of(head, "severe_disability", FactValue::Bool(true)),
            of(head, "disability_degree", FactValue::Int(90)),
            of(head, "disability_lasting", FactValue::Bool(true)),
        ];
        let lodged = ana.lodges("LI", head, answers).await.done();
        let id = lodged.application.summary.id;
        ana.waits_for_evidence(&house, id).await;
        let assessment = ana.assesses(id).await.done();
        let doubted: Vec<&str> = assessment
            .not_verified
            .iter()
            .map(|it| it.fact.as_str())
            .collect();
        assert!(
            doubted.contains(&"severe_disability"),
            "what was only declared is named: {doubted:?}"
        );
        assert_eq!(
            assessment.assessment.outcome,
            Outcome::Grant,
            "{:#?}",
            assessment.assessment.conditions
        );
        ana.recommends(id, &assessment, Outcome::Grant, Vec::new())
            .await
            .is_refused("not-verified");
        // A document is the better way.
        house.waits(SignedDuration::from_mins(1));
        for (fact, value) in [
            ("severe_disability", FactValue::Bool(true)),
            ("disability_degree", FactValue::Int(90)),
            ("disability_lasting", FactValue::Bool(true)),
        ] {
            let proof = RecordFact {
                fact: fact.into(),
                value,
                from: None,
                until: None,
                source: SourceKind::Document,
                note: Some("Nalaz socio-ljekarske komisije br. 118/25.".into()),
            };
            Told(ana.record_fact(head, &key(), &proof).await).done();
        }
        ana.recommends(id, &assessment, Outcome::Grant, Vec::new())
            .await
            .is_refused("assessment-outdated");
        let proved = ana.assesses(id).await.done();
        assert!(proved.not_verified.is_empty(), "{:?}", proved.not_verified);
        ana.recommends(id, &proved, Outcome::Grant, Vec::new())
            .await
            .done();
        let decision = petar.decides(id, &proved, Outcome::Grant).await.done();
        assert!(decision.award.is_some());
        house.close().await;
    }

    pub(super) async fn an_application_can_be_taken_back(engine: Engine) {
        let Some(house) = with_registers(engine).await else {
            return;
        };
        let ana = house.ana().await;
        let (family, lodged) = lodged(&house, &ana).await;
        let id = lodged.application.summary.id;
        let again = answers_for_material_support(&family, house.clock.today());
        ana.lodges("MO", family.head(), again.clone())
            .await
            .is_refused("already-running");
        let taken = ana.withdraws(id, "Podnosilac je našao posao.").await.done();
        assert_eq!(taken.summary.state, ApplicationState::Withdrawn);
        ana.withdraws(id, "Još jednom.").await.is_refused("step-not-open");
        ana.assesses(id).await.is_refused("step-not-open");
        Told(ana.lodge(id, &key()).await).is_refused("not-a-draft");
        assert_eq!(ana.matter(id.cast()).await.unwrap().state, "ended");
        // Afterwards a new one may be lodged, with the next number.
        let next = ana.lodges("MO", family.head(), again).await.done();
        assert_eq!(
            next.application.summary.number.as_deref(),
            Some("CSR-01-Z-2025/2")
        );
        ana.waits_for_evidence(&house, next.application.summary.id).await;
        house.close().await;
    }

    pub(super) async fn an_assessment_run_again_says_the_same(engine: Engine) {
        let Some(house) = with_registers(engine).await else {
            return;
        };
        let (ana, petar) = (house.ana().await, house.petar().await);
        let (family, lodged, decision) = granted(&house, &ana, &petar).await;
        let id = lodged.application.summary.id;
        let before = ana.assessment(id).await.unwrap();
        // Years go by, and much is learnt.
        house.waits(SignedDuration::from_hours(24 * 400));
        let ana = house.signs_in("ana").await;
        let learnt = RecordFact {
            fact: "unemployment_benefit".into(),
            value: euro(99_900),
            from: Some("2025-01-01".parse().unwrap()),
            until: None,
            source: SourceKind::Finding,
            note: Some("Naknadno utvrđeno.".into()),
        };
        Told(ana.record_fact(family.head(), &key(), &learnt).await).done();
        let after = ana.assessment(id).await.unwrap();
        assert_eq!(before.assessment, after.assessment, "the trace as it was shown");
        assert!(after.outdated && !before.outdated);
        // Run again over its stored inputs.
        let assessment = decision.assessment;
        let packs = house.inside.packs.clone();
        house
            .inside
            .store
            .read(move |tx| {
                let scope = karton_server::access::Scope::under(office(tx));
                let stored = karton_server::assessments::store::load(tx, &scope, assessment)?;
                let pack = packs.version(tx, &stored.trace.pack_hash)?;
                let again = karton_rules::assess::assess(&pack, "MO", &stored.input).unwrap();
                assert_eq!(again, stored.trace);
                Ok::<_, karton_server::problem::Error>(())
            })
            .await
            .unwrap();
        let facts = before
            .assessment
            .conditions
            .iter()
            .flat_map(|condition| &condition.values)
            .flat_map(|value| &value.facts);
        assert!(
            facts
                .clone()
                .any(|fact| fact.service.as_deref() == Some("tax.income")
                    && fact.status == FactStatus::Verified)
        );
        let _ = of(family.head(), "pregnant", karton_api::FactValue::Bool(false));
        house.close().await;
    }

    fn office(tx: &mut karton_server::store::Tx) -> Id<value::Office> {
        let row = tx
            .one("SELECT id FROM office WHERE code = 'CSR-01'", &[])
            .unwrap();
        row.get(0).unwrap()
    }
}

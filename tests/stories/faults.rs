//! The registers' faults, one after the other: the counter goes on, nothing is taken for proved, and nobody decides over a gap.

use karton_tests::told_on_both;

told_on_both! {
    /// An institution answers, but too late.
    a_slow_register_holds_nobody_up;
    /// An institution's line is closed.
    a_register_that_is_down_leaves_what_it_would_say_not_verified;
    /// An institution answers with an error of its own.
    a_register_in_error_leaves_what_it_would_say_not_verified;
    /// An institution answers with bytes that are no text.
    a_garbled_answer_is_not_used;
    /// An institution answers about somebody else.
    an_answer_about_another_person_is_not_used;
    /// An institution answers with more than anybody would read.
    a_huge_answer_is_not_read_to_its_end;
    /// What was silent can be asked again when the institution is back.
    a_register_that_is_back_is_asked_again;
    /// Everything is down.
    with_every_register_down_the_counter_goes_on;
}

mod tell {
    use crate::{SERVER, way::confirmed_everything};
    use karton_api::{
        Id,
        applications::{EvidenceRound, EvidenceState, Lodged, ReplaceEvidence},
        assessments::{Outcome, Verdict},
        matters::StepState,
        value,
    };
    use karton_tests::{
        house::{Engine, House, Plan},
        officer::{Family, Officer, Told, answers_for_material_support, key, of},
    };
    use std::time::{Duration, Instant};

    /// The counter's bound is two seconds; a machine that does ten other things may take longer to keep it.
    const BOUND: Duration = Duration::from_secs(6);

    /// The family lodges while an institution has a fault.
    async fn lodged_with(engine: Engine, fault: &str) -> Option<(House, Officer, Family, Lodged)> {
        let house = Plan::on(engine).registers(SERVER).open().await?;
        house.registers.as_ref().unwrap().suffer(fault);
        let ana = house.ana().await;
        let family = ana.finds_the_family_of("vujotic marko").await;
        let answers = answers_for_material_support(&family, house.clock.today());
        let began = Instant::now();
        let lodged = ana.lodges("MO", family.head(), answers).await.done();
        assert!(began.elapsed() < BOUND, "lodging waits for no register");
        let began = Instant::now();
        Told(ana.ask_evidence(lodged.application.summary.id, &key()).await).done();
        assert!(
            began.elapsed() < BOUND,
            "asking again waits at most two seconds for them"
        );
        Some((house, ana, family, lodged))
    }

    /// The fault ends in this state, nobody decides over the gap, and a document closes it.
    async fn ends_as(engine: Engine, service: &str, fault: &str, state: EvidenceState) {
        let fault = format!("service = \"{service}\"\n{fault}");
        let Some((house, ana, _, lodged)) = lodged_with(engine, &fault).await else {
            return;
        };
        let id = lodged.application.summary.id;
        let petar = house.petar().await;
        let round = ana.waits_for_evidence(&house, id).await;
        for item in &round.items {
            if item.service == service {
                assert_eq!(item.state, state, "{item:?}");
                assert!(item.problem.is_some() && item.facts == 0, "{item:?}");
            } else {
                let fine = matches!(item.state, EvidenceState::Answered | EvidenceState::Nothing);
                assert!(fine, "one institution's fault is no other's: {item:?}");
            }
        }
        not_passed_over(&ana, id).await;
        close_the_gap(&ana, id, &round, service).await;
        let assessment = ana.assesses(id).await.done();
        assert_eq!(
            assessment.assessment.outcome,
            Outcome::Grant,
            "{:#?}",
            assessment.assessment.missing
        );
        ana.recommends(id, &assessment, Outcome::Grant, confirmed_everything(&assessment))
            .await
            .done();
        let decision = petar.decides(id, &assessment, Outcome::Grant).await.done();
        let text = petar.reads_letter_text(&house, decision.id).await;
        assert!(text.contains("zamijenjeno"), "the letter says so: {text}");
        house.close().await;
    }

    /// Neither by hand nor by assessing nor by recommending.
    async fn not_passed_over(ana: &Officer, id: Id<value::Application>) {
        let matter = ana.matter(id.cast()).await.unwrap();
        let open = matter
            .steps
            .iter()
            .find(|step| step.state == StepState::Open)
            .unwrap();
        assert_eq!(open.key, "evidence", "the gap keeps the step open");
        // An officer may go on without the answer: then the rules say what is missing.
        Told(
            ana.complete_step(id.cast(), open.id, &key(), &Default::default())
                .await,
        )
        .done();
        let assessment = ana.assesses(id).await.done();
        assert_eq!(assessment.assessment.outcome, Outcome::Unknown);
        assert!(!assessment.assessment.missing.is_empty() && !assessment.not_verified.is_empty());
        let unknown = assessment
            .assessment
            .conditions
            .iter()
            .filter(|condition| condition.verdict == Verdict::Unknown)
            .count();
        assert!(unknown > 0);
        ana.recommends(id, &assessment, Outcome::Grant, confirmed_everything(&assessment))
            .await
            .is_refused("not-verified");
        ana.recommends(
            id,
            &assessment,
            Outcome::Refuse,
            confirmed_everything(&assessment),
        )
        .await
        .is_refused("not-verified");
    }

    /// Documents say what the tax administration, the cadastre or the pension fund did not: that there is nothing.
    async fn close_the_gap(ana: &Officer, id: Id<value::Application>, round: &EvidenceRound, service: &str) {
        let fact = match service {
            "pension.payments" => "pension",
            "cadastre.property" => "real_estate",
            other => panic!("no document stands in for {other}"),
        };
        for item in round.items.iter().filter(|item| item.service == service) {
            let document = ReplaceEvidence {
                facts: vec![of(item.person.id, fact, karton_api::FactValue::Rows(Vec::new()))],
                document: "Uvjerenje br. 17-3/25 od 10.3.2025.".into(),
            };
            let replaced = Told(ana.replace_evidence(id, item.id, &key(), &document).await).done();
            let now = replaced.items.iter().find(|it| it.id == item.id).unwrap();
            assert_eq!(now.state, EvidenceState::Replaced);
        }
    }

    pub(super) async fn a_slow_register_holds_nobody_up(engine: Engine) {
        Box::pin(ends_as(
            engine,
            "pension.payments",
            "kind = \"slow\"\nms = 20000",
            EvidenceState::Silent,
        ))
        .await;
    }
    pub(super) async fn a_register_that_is_down_leaves_what_it_would_say_not_verified(engine: Engine) {
        Box::pin(ends_as(
            engine,
            "cadastre.property",
            "kind = \"down\"",
            EvidenceState::Silent,
        ))
        .await;
    }
    pub(super) async fn a_register_in_error_leaves_what_it_would_say_not_verified(engine: Engine) {
        Box::pin(ends_as(
            engine,
            "pension.payments",
            "kind = \"status\"\nstatus = 500",
            EvidenceState::Silent,
        ))
        .await;
    }
    pub(super) async fn a_garbled_answer_is_not_used(engine: Engine) {
        Box::pin(ends_as(
            engine,
            "cadastre.property",
            "kind = \"garbage\"",
            EvidenceState::Unusable,
        ))
        .await;
    }
    pub(super) async fn an_answer_about_another_person_is_not_used(engine: Engine) {
        Box::pin(ends_as(
            engine,
            "pension.payments",
            "kind = \"wrong-person\"",
            EvidenceState::Unusable,
        ))
        .await;
    }
    pub(super) async fn a_huge_answer_is_not_read_to_its_end(engine: Engine) {
        Box::pin(ends_as(
            engine,
            "cadastre.property",
            "kind = \"huge\"",
            EvidenceState::Unusable,
        ))
        .await;
    }

    pub(super) async fn a_register_that_is_back_is_asked_again(engine: Engine) {
        let fault = "service = \"tax.income\"\nkind = \"down\"";
        let Some((house, ana, _, lodged)) = lodged_with(engine, fault).await else {
            return;
        };
        let id = lodged.application.summary.id;
        let round = ana.waits_for_evidence(&house, id).await;
        let silent: Vec<_> = round
            .items
            .iter()
            .filter(|item| item.state == EvidenceState::Silent)
            .collect();
        assert_eq!(silent.len(), 4);
        let messages: Vec<&String> = silent.iter().map(|item| &item.message).collect();
        house.registers.as_ref().unwrap().recover();
        // The service is left alone for a moment after its failures.
        house.waits(jiff::SignedDuration::from_mins(1));
        Told(ana.ask_evidence(id, &key()).await).done();
        let round = ana.waits_for_evidence(&house, id).await;
        for item in round.items.iter().filter(|item| item.service == "tax.income") {
            assert!(
                matches!(item.state, EvidenceState::Answered | EvidenceState::Nothing),
                "{item:?}"
            );
            assert!(
                !messages.contains(&&item.message),
                "a new question has a new message id"
            );
        }
        let assessment = ana.assesses(id).await.done();
        assert_eq!(assessment.assessment.outcome, Outcome::Grant);
        house.close().await;
    }

    pub(super) async fn with_every_register_down_the_counter_goes_on(engine: Engine) {
        let Some((house, ana, _, lodged)) = lodged_with(engine, "service = \"*\"\nkind = \"down\"").await
        else {
            return;
        };
        let id = lodged.application.summary.id;
        let round = ana.waits_for_evidence(&house, id).await;
        assert_eq!(round.items.len(), 61);
        assert!(round.items.iter().all(|item| item.state == EvidenceState::Silent));
        not_passed_over(&ana, id).await;
        house.close().await;
    }
}

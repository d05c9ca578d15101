//! Forms of steps: what a visit finds becomes facts of the matter when the step is completed, and counts before what was declared.

use karton_tests::told_on_both;

told_on_both! {
    /// The town hall visits a family that declared three rooms and lives in two; the assessment shows both.
    what_a_visit_finds_counts_and_what_was_declared_stands_beside_it;
    /// What is missing or wrong in a form is told by its field, and nothing is kept of it.
    a_form_with_a_mistake_leaves_nothing_behind;
    /// A step that is opened again is completed by a new version; the one before stays.
    a_step_that_is_opened_again_has_another_version;
}

pub(crate) mod tell {
    use crate::SERVER;
    use karton_api::{
        FactValue, Id,
        assessments::{Answer, StoredAssessment},
        client::Error,
        common::{PageQuery, Reason},
        decisions::{LetterForm, LetterQuery},
        matters::{CompleteStep, Step, StepState},
        persons::SourceKind,
        problem::Problem,
        session::Role,
        value,
    };
    use karton_tests::{
        house::{Country, Engine, House, Plan},
        officer::{Family, Officer, Told, claim, code, household, key, of},
    };

    const PAGE: PageQuery = PageQuery {
        limit: None,
        cursor: None,
    };

    fn text(text: &str) -> FactValue {
        FactValue::Text(text.into())
    }

    /// What the family says at the town hall of Cluj-Napoca.
    pub(crate) fn declared(family: &Family, house: &House) -> Vec<Answer> {
        let mut answers = vec![
            claim("undertaking", FactValue::Bool(true)),
            claim("consent", FactValue::Bool(true)),
            claim("payment_channel", code("post")),
            claim("payee", code("applicant")),
            household("shares_budget", FactValue::Bool(true)),
            household("other_file", FactValue::Bool(false)),
            household("area_kind", code("urban")),
            household("tenure", code("rented")),
            household("dwelling_rooms", FactValue::Int(3)),
        ];
        let today = house.clock.today();
        for member in &family.members {
            let (id, born) = (member.card.id, member.card.birth_date.unwrap());
            let age = today.since((jiff::Unit::Year, born)).unwrap().get_years();
            if age >= 16 {
                answers.push(of(id, "work_capable", FactValue::Bool(age >= 18)));
            }
            if age >= 18 {
                answers.push(of(id, "cares_for_dependant", FactValue::Bool(false)));
                answers.push(of(id, "adapted_vehicle", FactValue::Bool(false)));
            }
        }
        answers
    }

    /// What two officers write at the family's home; nobody shares the budget, as it turns out.
    pub(crate) fn found() -> Vec<Answer> {
        vec![
            claim("visit_reason", code("vmi")),
            claim("field_reason", code("new")),
            claim("visit_second", text("Ana Someș")),
            claim("visit_home_met", FactValue::Bool(true)),
            claim("visit_state", code("fair")),
            household("shares_budget", FactValue::Bool(false)),
            household("dwelling_rooms", FactValue::Int(2)),
            claim("visit_finding", code("different")),
            claim("conclusion", text("Bunicul gospodărește separat.")),
        ]
    }

    struct At {
        house: House,
        ioana: Officer,
        mihai: Officer,
        id: Id<value::Application>,
    }

    async fn lodged(engine: Engine) -> Option<At> {
        let house = Plan::on(engine)
            .country(Country::RO)
            .registers(SERVER)
            .open()
            .await?;
        let ioana = house
            .officer("ioana", "CJ-054975", &[Role::Clerk, Role::Caseworker])
            .await;
        let mihai = house.officer("mihai", "CJ-054975", &[Role::Approver]).await;
        let family = ioana.finds_the_family_of("1810514501019").await;
        let answers = declared(&family, &house);
        let lodged = ioana.lodges("VMI", family.head(), answers).await.done();
        let id = lodged.application.summary.id;
        ioana.waits_for_evidence(&house, id).await;
        Some(At {
            house,
            ioana,
            mihai,
            id,
        })
    }

    pub(crate) async fn open(officer: &Officer, id: Id<value::Application>, key: &str) -> Step {
        let steps = officer.steps(id.cast()).await.unwrap().items;
        let found = steps
            .iter()
            .rfind(|step| step.key == key && matches!(step.state, StepState::Open | StepState::Started));
        found
            .unwrap_or_else(|| panic!("`{key}` is not open: {steps:?}"))
            .clone()
    }

    async fn hands_in(at: &At, step: &str, answers: Vec<Answer>) -> Result<(), Error> {
        hands_in_to(&at.ioana, at.id, step, answers).await
    }

    pub(crate) async fn hands_in_to(
        officer: &Officer,
        id: Id<value::Application>,
        step: &str,
        answers: Vec<Answer>,
    ) -> Result<(), Error> {
        let step = open(officer, id, step).await;
        let body = CompleteStep { on: None, answers };
        let done = officer.complete_step(id.cast(), step.id, &key(), &body).await;
        done.map(drop)
    }

    /// Each fact that the assessment saw differ: its name, its words and what others said.
    fn differing(assessed: &StoredAssessment) -> Vec<(String, String, SourceKind, String)> {
        let mut found = Vec::new();
        for condition in &assessed.assessment.conditions {
            for fact in condition.values.iter().flat_map(|value| &value.facts) {
                for other in &fact.others {
                    found.push((
                        fact.fact.clone(),
                        fact.text["ro"].clone(),
                        other.source,
                        other.text["ro"].clone(),
                    ));
                }
            }
        }
        found.sort();
        found.dedup();
        found
    }

    pub(super) async fn what_a_visit_finds_counts_and_what_was_declared_stands_beside_it(engine: Engine) {
        let Some(at) = lodged(engine).await else { return };
        let form = open(&at.ioana, at.id, "field-check").await.form;
        assert_eq!(form.as_deref(), Some("social-inquiry"));

        // It goes out on paper first, in the country's language.
        let step = open(&at.ioana, at.id, "field-check").await.id;
        let query = LetterQuery {
            form: Some(LetterForm::Text),
            width: None,
        };
        let paper = at.ioana.step_blank(at.id.cast(), step, &query).await.unwrap();
        let paper = String::from_utf8(paper).unwrap();
        for words in [
            "Țurcanu",
            "VERIFICARE ÎN TEREN",
            "Starea locuinței",
            "CJ-054975-Z-2026/1",
        ] {
            assert!(paper.contains(words), "{words}: {paper}");
        }

        hands_in(&at, "field-check", found()).await.unwrap();
        let report = vec![
            claim("synthesis_checked", text("Registre: fără diferențe.")),
            claim("synthesis_differences", text("Gospodărirea comună și camerele.")),
            claim("synthesis_proposal", text("Respingere.")),
        ];
        hands_in(&at, "synthesis", report).await.unwrap();

        let assessed = at.ioana.assesses(at.id).await.done();
        let differ = differing(&assessed);
        assert!(
            differ.contains(&(
                "shares_budget".into(),
                "nu".into(),
                SourceKind::Declaration,
                "da".into()
            )),
            "found and declared stand side by side: {differ:?}"
        );
        let shared = assessed
            .assessment
            .conditions
            .iter()
            .find(|condition| condition.id == "shared")
            .unwrap();
        let word = &shared
            .values
            .iter()
            .flat_map(|value| &value.facts)
            .last()
            .unwrap();
        assert_eq!(word.source, SourceKind::Visit, "the visit's word counts");
        assert!(
            !assessed.outdated,
            "what the report says came before the assessment"
        );

        let sheets = at.ioana.step_sheets(at.id.cast(), &PAGE).await.unwrap().items;
        let kept: Vec<_> = sheets
            .iter()
            .map(|sheet| {
                (
                    sheet.step.as_str(),
                    sheet.version,
                    sheet.source,
                    sheet.answers.len(),
                    sheet.recorded_by.id,
                )
            })
            .collect();
        let ioana = at.ioana.session.officer.id;
        assert_eq!(
            kept,
            [
                ("synthesis", 1, SourceKind::Document, 3, ioana),
                ("field-check", 1, SourceKind::Visit, 9, ioana),
            ]
        );
        at.house.close().await;
    }

    fn problem(result: Result<(), Error>) -> Problem {
        match result {
            Err(Error::Problem(problem)) if problem.status == 422 => *problem,
            other => panic!("fields were expected to be named, and it was told {other:?}"),
        }
    }

    pub(super) async fn a_form_with_a_mistake_leaves_nothing_behind(engine: Engine) {
        let Some(at) = lodged(engine).await else { return };
        let before = (at.house.count("fact").await, at.house.count("step_sheet").await);
        let without = |fact: &str| -> Vec<Answer> {
            found().into_iter().filter(|answer| answer.fact != fact).collect()
        };
        let with = |fact: &str, value: FactValue| -> Vec<Answer> {
            let mut all = without(fact);
            all.push(claim(fact, value));
            all
        };
        let mut abroad = found();
        abroad.push(household("consent", FactValue::Bool(true)));
        for (answers, pointer, said) in [
            (without("visit_finding"), "visit_finding", "required"),
            (Vec::new(), "conclusion", "required"),
            (
                with("visit_state", code("castle")),
                "/answers/8/value",
                "unknown-code",
            ),
            (with("conclusion", FactValue::Int(3)), "/answers/8/value", "type"),
            (abroad, "/answers/9/fact", "unknown-fact"),
        ] {
            let told = problem(hands_in(&at, "field-check", answers).await);
            assert!(
                told.errors.iter().any(|error| error.pointer.starts_with(pointer)
                    && (error.code == said || pointer.starts_with('/'))),
                "{pointer} {said}: {:?}",
                told.errors
            );
        }
        let step = open(&at.ioana, at.id, "field-check").await;
        let tomorrow = CompleteStep {
            on: Some(at.house.clock.today().tomorrow().unwrap()),
            answers: found(),
        };
        let told = at
            .ioana
            .complete_step(at.id.cast(), step.id, &key(), &tomorrow)
            .await
            .map(drop);
        assert_eq!(problem(told).errors[0].pointer, "/on");
        let after = (at.house.count("fact").await, at.house.count("step_sheet").await);
        assert_eq!(before, after, "nothing is stored");
        // A step without a form takes no answers.
        hands_in(&at, "field-check", found()).await.unwrap();
        at.house.close().await;
    }

    pub(super) async fn a_step_that_is_opened_again_has_another_version(engine: Engine) {
        let Some(at) = lodged(engine).await else { return };
        let step = open(&at.ioana, at.id, "field-check").await;
        // The same paper sent twice is one paper.
        let body = CompleteStep {
            on: None,
            answers: found(),
        };
        let once = key();
        for _ in 0..2 {
            let told = at.ioana.complete_step(at.id.cast(), step.id, &once, &body).await;
            Told(told).done();
        }
        let reason = Reason {
            reason: "Numărul de camere a fost greșit.".into(),
        };
        Told(at.mihai.reopen_step(at.id.cast(), step.id, &key(), &reason).await).done();
        let mut again = found();
        for answer in &mut again {
            if answer.fact == "dwelling_rooms" {
                answer.value = FactValue::Int(4);
            }
        }
        hands_in(&at, "field-check", again).await.unwrap();
        let sheets = at.ioana.step_sheets(at.id.cast(), &PAGE).await.unwrap().items;
        let rooms: Vec<(u32, &FactValue)> = sheets
            .iter()
            .map(|sheet| {
                let answer = sheet
                    .answers
                    .iter()
                    .find(|answer| answer.fact == "dwelling_rooms")
                    .unwrap();
                (sheet.version, &answer.value)
            })
            .collect();
        assert_eq!(rooms, [(2, &FactValue::Int(4)), (1, &FactValue::Int(2))]);
        at.house.close().await;
    }
}

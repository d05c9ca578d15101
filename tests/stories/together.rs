//! At the same moment: what only one of several may have, one of them gets.

use karton_tests::told_on_both;

told_on_both! {
    /// Two counters lodge for the same family: one application runs.
    two_lodgings_for_one_family_make_one_application;
    /// Two heads of office decide: one decision, one number, one award.
    two_decisions_make_one_award;
    /// The same national number is registered eight times: one person.
    one_number_is_one_person;
    /// Many applications lodged at once: numbers without gaps.
    numbers_have_no_gaps;
}

mod tell {
    use crate::{SERVER, way::confirmed_everything};
    use karton_api::{
        applications::NewApplication,
        assessments::Outcome,
        client::Error,
        persons::{Name, NationalId, RegisterPerson},
        session::Role,
    };
    use karton_tests::{
        house::{Engine, House, Plan},
        officer::{Told, answers_for_material_support, claim, code, key, of},
    };
    use std::collections::BTreeSet;
    use tokio::task::JoinSet;

    /// The slugs of what was refused, in order.
    fn refused<T: std::fmt::Debug>(told: impl IntoIterator<Item = Result<T, Error>>) -> Vec<String> {
        let mut slugs: Vec<String> = told
            .into_iter()
            .filter_map(|told| match told {
                Ok(_) => None,
                Err(Error::Problem(problem)) => Some(problem.slug().to_owned()),
                Err(other) => panic!("{other:?}"),
            })
            .collect();
        slugs.sort();
        slugs
    }

    pub(super) async fn two_lodgings_for_one_family_make_one_application(engine: Engine) {
        let Some(house) = Plan::on(engine).people(40).open().await else {
            return;
        };
        let (ana, zora) = (
            house.ana().await,
            house.officer("zora", "CSR-01", &[Role::Clerk]).await,
        );
        let family = ana.finds_the_family_of("vujotic marko").await;
        let answers = answers_for_material_support(&family, house.clock.today());
        // Husband and wife, each at a counter of their own.
        let wife = family.named("Jelena").id;
        let hers = ana.drafts("MO", wife, answers.clone()).await.done().summary.id;
        let his = zora.drafts("MO", family.head(), answers).await.done().summary.id;
        let (mine, yours) = (key(), key());
        let (one, other) = tokio::join!(ana.lodge(hers, &mine), zora.lodge(his, &yours));
        assert_eq!(refused([one, other]), ["already-running"]);
        house.close().await;
    }

    pub(super) async fn two_decisions_make_one_award(engine: Engine) {
        let Some(house) = Plan::on(engine).registers(SERVER).open().await else {
            return;
        };
        let (ana, petar) = (house.ana().await, house.petar().await);
        let rade = house.officer("rade", "CSR-01", &[Role::Approver]).await;
        let family = ana.finds_the_family_of("vujotic marko").await;
        let answers = answers_for_material_support(&family, house.clock.today());
        let id = ana
            .lodges("MO", family.head(), answers)
            .await
            .done()
            .application
            .summary
            .id;
        ana.waits_for_evidence(&house, id).await;
        let on = ana.assesses(id).await.done();
        ana.recommends(id, &on, Outcome::Grant, confirmed_everything(&on))
            .await
            .done();
        let awards = house.count("award").await;
        let (one, other) = tokio::join!(
            petar.decides(id, &on, Outcome::Grant),
            rade.decides(id, &on, Outcome::Grant)
        );
        let slugs = refused([one.0, other.0]);
        assert!(
            slugs == ["step-not-open"] || slugs == ["changed-meanwhile"],
            "the slower one is told: {slugs:?}"
        );
        assert_eq!(house.count("award").await, awards + 1);
        assert_eq!(house.count("decision").await, 1);
        house.close().await;
    }

    pub(super) async fn one_number_is_one_person(engine: Engine) {
        let Some(house) = House::open(engine).await else {
            return;
        };
        let ana = house.ana().await;
        let who = RegisterPerson {
            name: Name {
                given: "Đorđe".into(),
                family: "Šćepanović".into(),
            },
            national_id: Some(NationalId {
                scheme: "jmbg".into(),
                number: "1403978200126".into(),
            }),
            birth_date: None,
            sex: None,
            municipality: None,
            address: None,
            not_the_same_as: Vec::new(),
        };
        let mut tries = JoinSet::new();
        for _ in 0..8 {
            let (ana, who) = (ana.clone(), who.clone());
            tries.spawn(async move { ana.register_person(&key(), &who).await });
        }
        let told = tries.join_all().await;
        let done = told.iter().filter(|told| told.is_ok()).count();
        let slugs = refused(told);
        assert_eq!(done, 1, "{slugs:?}");
        assert!(
            slugs
                .iter()
                .all(|slug| slug == "number-taken" || slug == "likely-duplicates"),
            "{slugs:?}"
        );
        assert_eq!(house.count("person").await, 1);
        house.close().await;
    }

    pub(super) async fn numbers_have_no_gaps(engine: Engine) {
        let Some(house) = House::open(engine).await else {
            return;
        };
        let ana = house.ana().await;
        let mut work = JoinSet::new();
        for number in 0..24_i8 {
            let ana = ana.clone();
            work.spawn(async move {
                let who = RegisterPerson {
                    name: Name {
                        given: format!(
                            "Osoba{}",
                            char::from(b'a' + u8::try_from(number).unwrap())
                                .to_string()
                                .repeat(6)
                        ),
                        family: "Različitić".into(),
                    },
                    national_id: None,
                    birth_date: Some(jiff::civil::date(
                        1950 + i16::from(number),
                        1 + number % 12,
                        1 + number,
                    )),
                    sex: Some("f".into()),
                    municipality: None,
                    address: None,
                    not_the_same_as: Vec::new(),
                };
                let person = ana.registers(&who).await.done().card.id;
                let body = NewApplication {
                    benefit: "LI".into(),
                    applicant: person,
                    organisation: None,
                    answers: vec![
                        claim("consent", karton_api::FactValue::Bool(true)),
                        claim("payment_channel", code("post")),
                    ],
                };
                let draft = ana.open_application(&key(), &body).await.unwrap();
                let lodged = Told(ana.lodge(draft.summary.id, &key()).await);
                let _ = of(person, "municipality", code("ME-16"));
                lodged.0.map(|lodged| lodged.application.summary.number.unwrap())
            });
        }
        let told = work.join_all().await;
        let numbers: BTreeSet<String> = told.iter().map(|told| told.as_ref().unwrap().clone()).collect();
        let expected: BTreeSet<String> = (1..=24).map(|number| format!("CSR-01-Z-2025/{number}")).collect();
        assert_eq!(numbers, expected);
        house.close().await;
    }
}

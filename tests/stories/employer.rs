//! An employer's application, through the front door: found at the counter, lodged on account of an employee, decided and paid to the employer.

use karton_tests::told_on_both;

told_on_both! {
    /// The builder asks for the pay of a mother on leave, and is granted it; the letter is its own.
    an_employer_is_paid_back_what_it_paid_its_employee;
}

mod tell {
    use crate::{SERVER, way::confirmed_everything};
    use karton_api::{
        FactValue,
        applications::NewApplication,
        assessments::Outcome,
        common::PageQuery,
        lodgings::{HandIn, Representative},
        organisations::{KeepOrganisation, PayeeRole, SearchOrganisations},
        persons::{AddMember, Name, NationalId, RecordFact, RegisterPerson, SourceKind},
    };
    use karton_tests::{
        house::{Engine, Plan},
        officer::{Told, claim, code, euro, key},
    };

    const PAGE: PageQuery = PageQuery {
        limit: None,
        cursor: None,
    };
    const ACCOUNT: &str = "505000012345678951";

    fn day(text: &str) -> FactValue {
        FactValue::Date(text.parse().unwrap())
    }

    pub(super) async fn an_employer_is_paid_back_what_it_paid_its_employee(engine: Engine) {
        let Some(house) = Plan::on(engine).registers(SERVER).open().await else {
            return;
        };
        let (ana, petar) = (house.ana().await, house.petar().await);
        let family = ana.finds_the_family_of("vujotic marko").await;
        let mother = family.head();
        let newborn = RegisterPerson {
            name: Name {
                given: "Lena".into(),
                family: "Vujotić".into(),
            },
            national_id: None,
            birth_date: Some("2025-02-10".parse().unwrap()),
            sex: Some("f".into()),
            municipality: None,
            address: None,
            not_the_same_as: Vec::new(),
        };
        let child = ana.registers(&newborn).await.done().card.id;
        let joins = AddMember {
            person: child,
            relationship: "child".into(),
            from: "2025-02-10".parse().unwrap(),
        };
        ana.add_member(mother, &key(), &joins).await.unwrap();

        // The employer is registered once and found by a part of its name.
        let body = KeepOrganisation {
            name: "„Primorac gradnja“ d.o.o.".into(),
            number: NationalId {
                scheme: "pib".into(),
                number: "02999021".into(),
            },
            address: "Obala 3, Bar".into(),
            account: Some(ACCOUNT.into()),
            phone: None,
            sole_trader: false,
        };
        ana.register_organisation(&key(), &body).await.unwrap();
        Told(ana.register_organisation(&key(), &body).await).is_refused("organisation-known");
        let search = SearchOrganisations {
            text: "primorac".into(),
            service: None,
            limit: None,
            cursor: None,
        };
        let found = ana.search_organisations(&search).await.unwrap().items;
        let employer = found.first().unwrap().id;

        let row = |month: &str, column: &str, value: FactValue| {
            [("month".to_owned(), day(month)), (column.to_owned(), value)].into()
        };
        let paid = FactValue::Rows(vec![row("2025-02-01", "paid", euro(80_000))]);
        let draft = NewApplication {
            benefit: "RNZ".into(),
            applicant: mother,
            organisation: Some(employer),
            answers: vec![
                claim("child", FactValue::Person(child)),
                claim("leave_kind", code("parental")),
                claim("leave_starts", day("2025-02-01")),
                claim("leave_ends", day("2025-12-31")),
                claim("leave_decision", FactValue::Text("12/25".into())),
                claim("still_insured", FactValue::Bool(true)),
                claim("employer_clear", FactValue::Bool(true)),
                claim("months_paid", paid),
                claim("consent", FactValue::Bool(true)),
            ],
        };
        let draft = ana.open_application(&key(), &draft).await.unwrap();
        let id = draft.summary.id;
        Told(ana.lodge(id, &key()).await).is_refused("fields");
        let through = HandIn {
            representative: Some(Representative {
                person: None,
                name: Some("Vesna Radić".into()),
                capacity: "authorised".into(),
                ground: "Odluka 4/25".into(),
                address: Some("Obala 3, Bar".into()),
                phone: None,
            }),
            ..HandIn::default()
        };
        ana.lodge_as(id, &key(), &through).await.unwrap();
        ana.waits_for_evidence(&house, id).await;
        // What the employer's own papers show stands above what the registers answered.
        let wages: Vec<_> = (3..=12)
            .map(|month| format!("2024-{month:02}-01"))
            .chain(["2025-01-01".to_owned()])
            .map(|month| row(&month, "gross", euro(100_000)))
            .collect();
        for (fact, value) in [
            ("gross_wages", FactValue::Rows(wages)),
            ("continuous_insurance_months", FactValue::Int(11)),
        ] {
            let finding = RecordFact {
                fact: fact.into(),
                value,
                from: None,
                until: None,
                source: SourceKind::Finding,
                note: Some("Uvid u IOPPD i M4 poslodavca.".into()),
            };
            ana.record_fact(mother, &key(), &finding).await.unwrap();
        }
        // The registers do not know the newborn child; the clerk goes on without them.
        let seen = ana.application(id).await.unwrap();
        let open = seen
            .steps
            .iter()
            .find(|step| step.state == karton_api::matters::StepState::Open);
        ana.complete_step(id.cast(), open.unwrap().id, &key(), &Default::default())
            .await
            .unwrap();
        let assessment = ana.assesses(id).await.done();
        // Seventy per cent of a thousand for eleven months of service, and less than was paid.
        let amount = assessment.assessment.amount.clone().unwrap().money;
        assert_eq!(amount.minor, 70_000);
        let mut confirmed = confirmed_everything(&assessment);
        for condition in &assessment.assessment.conditions {
            if condition.verdict == karton_api::assessments::Verdict::MustConfirm {
                confirmed.push(karton_api::applications::Confirmed {
                    condition: condition.id.clone(),
                    met: true,
                    reason: "Uvid u dokaze poslodavca.".into(),
                });
            }
        }
        ana.recommends(id, &assessment, Outcome::Grant, confirmed)
            .await
            .done();
        let decision = petar.decides(id, &assessment, Outcome::Grant).await.done();
        let letter = ana.reads_letter_text(&house, decision.id).await;
        for told in [
            "„Primorac gradnja“ d.o.o., PIB 02999021",
            ACCOUNT,
            "Vesna Radić",
            "700,00",
        ] {
            assert!(letter.contains(told), "{told}: {letter}");
        }
        assert!(
            !letter.contains("Lena"),
            "the child is no business of the employer's: {letter}"
        );

        // The employer's list has it, and so has the employee's dossier.
        let asked = ana
            .applications_of_organisation(employer, &PAGE)
            .await
            .unwrap()
            .items;
        assert_eq!(asked[0].decision, Some(decision.id));
        let paid = ana.awards_of_organisation(employer, &PAGE).await.unwrap().items;
        let payee = paid[0].payee.clone().unwrap();
        assert_eq!(
            (payee.role, payee.account.as_deref()),
            (PayeeRole::Applicant, Some(ACCOUNT))
        );
        let dossier = ana.opens_dossier(mother).await.done();
        assert!(dossier.awards.iter().any(|award| award.payee.is_some()));
        house.close().await;
    }
}

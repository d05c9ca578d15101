//! What must not be found is planted, and every door is knocked on by everybody: protected addresses, and what belongs to an officer's own family.

use karton_tests::told_on_both;

told_on_both! {
    /// Addresses that are protected stand in no answer, letter or log; only the restricted room tells one.
    a_protected_address_is_heard_nowhere;
    /// What an officer's own family has told stays behind every door closed to that officer.
    ones_own_family_is_heard_nowhere;
}

mod tell {
    use crate::{CLIENT, SERVER, canaries_restricted::works_beside, way::confirmed_everything};
    use karton_api::{
        FactValue, Id,
        assessments::Outcome,
        common::{BothTimes, Reason},
        decisions::LetterForm,
        kin::{DeclareKin, KinOf},
        persons::{FactView, RecordFact, SourceKind},
        protection::{Ground, ProtectAddress},
        session::Role,
        value::{self, Person},
    };
    use karton_server::{
        access::{ROLES, role_name},
        store::StoreError,
        vals,
    };
    use karton_tests::{
        canary::{Aviary, Canary, log},
        house::{Engine, House, PASSWORD, Plan},
        officer::{Family, Officer, Told, answers_for_material_support, key},
        terminal::Start,
    };

    /// Every id that belongs to these people: matters, steps, decisions, awards, evidence, changes.
    async fn ids_around(house: &House, people: &[Id<Person>]) -> Vec<String> {
        let people = people.to_vec();
        let read = house.inside.store.read(move |tx| {
            let mut ids: Vec<String> = people.iter().map(ToString::to_string).collect();
            for person in &people {
                for sql in [
                    "SELECT id FROM application WHERE applicant = $1",
                    "SELECT s.id FROM step_run s JOIN matter m ON m.id = s.matter WHERE m.person = $1 AND s.state IN ('open', 'started')",
                    "SELECT d.id FROM decision d JOIN application a ON a.id = d.application WHERE a.applicant = $1",
                    "SELECT id FROM award WHERE beneficiary = $1",
                    "SELECT p.id FROM paper p JOIN matter m ON m.id = p.matter WHERE m.person = $1",
                    "SELECT id FROM lodging WHERE applicant = $1",
                    "SELECT id FROM document WHERE person = $1",
                    "SELECT id FROM notice WHERE person = $1",
                    "SELECT id FROM evidence WHERE person = $1 AND service = 'mup.residence'",
                    "SELECT protection FROM protected_person WHERE person = $1",
                ] {
                    for row in tx.query(sql, vals![*person])? {
                        ids.push(row.get::<Id<Person>>(0)?.to_string());
                    }
                }
            }
            Ok::<_, StoreError>(ids)
        });
        read.await.unwrap()
    }

    /// Every address that is known of these people, as the store keeps it.
    async fn addresses_of(house: &House, people: &[Id<Person>]) -> Vec<String> {
        let people = people.to_vec();
        let read = house.inside.store.read(move |tx| {
            let mut all = Vec::new();
            for person in &people {
                for row in tx.query(
                    "SELECT value FROM fact WHERE holder = $1 AND name = 'address'",
                    vals![*person],
                )? {
                    if let Ok(FactValue::Text(text)) = serde_json::from_str(&row.get::<String>(0)?) {
                        all.push(text);
                    }
                }
            }
            all.sort();
            all.dedup();
            Ok::<_, StoreError>(all)
        });
        read.await.unwrap()
    }

    async fn of_every_role(house: &House) -> Vec<(&'static str, Officer)> {
        let mut all = Vec::new();
        for role in ROLES {
            let name = role_name(*role);
            all.push((
                name,
                house.officer(&format!("kos-{name}"), "CSR-01", &[*role]).await,
            ));
        }
        all
    }

    async fn says(by: &Officer, about: Id<Person>, fact: &str, text: &str) {
        let body = RecordFact {
            fact: fact.to_owned(),
            value: FactValue::Text(text.to_owned()),
            from: None,
            until: None,
            source: SourceKind::Document,
            note: Some(format!("potvrda uz {text}")),
        };
        by.record_fact(about, &key(), &body).await.unwrap();
    }

    async fn granted(house: &House, ana: &Officer, petar: &Officer, family: &Family) -> Id<value::Decision> {
        let answers = answers_for_material_support(family, house.clock.today());
        let lodged = ana.lodges("MO", family.head(), answers).await.done();
        let id = lodged.application.summary.id;
        ana.waits_for_evidence(house, id).await;
        let assessment = ana.assesses(id).await.done();
        ana.recommends(id, &assessment, Outcome::Grant, confirmed_everything(&assessment))
            .await
            .done();
        let decision = petar.decides(id, &assessment, Outcome::Grant).await.done();
        ana.reads_letter(house, decision.id, LetterForm::Text).await;
        decision.id
    }

    /// At the keyboard, where a long text may be cut: the first word of every planted address is looked for.
    async fn screens_are_silent(house: &House) {
        let aviary = Aviary::of(vec![Canary::new("a planted address", "Kanarin")]);
        let url = format!("http://{}", house.address);
        let walked = tokio::task::spawn_blocking(move || {
            let home = tempfile::tempdir().unwrap();
            let mut at = Start::of(CLIENT, home.path())
                .arg("--server")
                .arg(&url)
                .arg("--lang")
                .arg("en")
                .run();
            at.waits_for("K A R T O N");
            at.types(&format!("milo<Tab>{PASSWORD}<F10>"));
            let steps = [
                ("", "Mine"),
                ("i", "tasks: "),
                ("=", "CSR-01-SR-2025/1"),
                ("<Tab>", "CSR-01-SR-2025/1"),
                ("<Enter>", "How it came"),
                ("2", "staratelj"),
                ("3", "razgovor"),
                ("4", "posjeta"),
                ("5", "Household"),
                ("6", "Intake"),
                ("d", "1 Overview"),
                ("2", "Jelena"),
                ("3", "register"),
                ("<PgDn>", "3 Facts"),
                ("<PgDn>", "3 Facts"),
                ("4", "CSR-01-Z-2025/1"),
                ("<Enter>", "The right exists"),
                ("1", "answered"),
                ("3", "3 Steps"),
                ("<Esc>", "4 Applications"),
                ("5", "10.03.2025 08:00"),
                (".", "Documents"),
                ("<Esc>", "10.03.2025 08:00"),
                ("<F12>", "Mine"),
                ("<Ctrl-K>", "Number or name"),
                ("CSR-01-Z-2025/1<Enter>", "Marko"),
            ];
            aviary.silent_on(&mut at, &steps);
            at.types("<Ctrl-Q>");
            assert_eq!(at.ends(), 0);
        });
        walked.await.unwrap();
    }

    pub(super) async fn a_protected_address_is_heard_nowhere(engine: Engine) {
        log();
        let Some(house) = Plan::on(engine).registers(SERVER).open().await else {
            return;
        };
        let (ana, petar) = (house.ana().await, house.petar().await);
        let family = ana.finds_the_family_of("vujotic marko").await;
        let people: Vec<Id<Person>> = family.members.iter().map(|member| member.card.id).collect();
        // Known before, while it was no secret,
        says(&ana, people[0], "address", "Kanarinčeva stara ulica 17").await;
        let shelter = ProtectAddress {
            ground: Ground::Shelter,
            proof: "Rješenje suda P 41/25".into(),
            until: None,
            address: Some("Kanarinčeva tajna kuća 3".into()),
            with: people.clone(),
            officers: Vec::new(),
        };
        ana.protect_address(people[0], &key(), &shelter).await.unwrap();
        // and learnt since: written down by mistake, and brought by a register for everybody who lives there.
        for (place, person) in people.iter().enumerate() {
            says(&ana, *person, "address", &format!("Kanarinčev novi stan {place}")).await;
        }
        let decision = granted(&house, &ana, &petar, &family).await;
        let letter = ana.reads_letter_text(&house, decision).await;
        assert!(letter.contains("Marko Vujotić"), "{letter}");
        assert!(
            letter.contains("JU Centar za socijalni rad Podgorica"),
            "the office's address instead: {letter}"
        );

        let mut texts = addresses_of(&house, &people).await;
        assert!(
            texts.len() > people.len() + 1,
            "the registers have brought theirs: {texts:?}"
        );
        texts.push("Kanarinčeva tajna kuća 3".into());
        let canaries = texts
            .iter()
            .map(|text| Canary::new(&format!("the address “{text}”"), text));
        let aviary = Aviary::of(canaries.collect())
            .near(ids_around(&house, &people).await)
            .found_by(&["vujotic", "1403978200126"]);
        // Social work with them goes its way, with its papers.
        let goran = house
            .officer("goran", "CSR-01", &[Role::Clerk, Role::Caseworker])
            .await;
        let milo = house
            .officer("milo", "CSR-01", &[Role::Approver, Role::Caseworker])
            .await;
        works_beside(&house, &goran, &milo, people[0], &aviary).await;
        screens_are_silent(&house).await;
        // Whoever is named on it hears it no more than others, where the room is not opened.
        let roles = of_every_role(&house).await;
        let mut everybody: Vec<(&str, &Officer)> =
            roles.iter().map(|(name, officer)| (*name, officer)).collect();
        everybody.push(("whoever is named", &ana));
        let knocks = aviary.nobody_hears(&house, &everybody).await;
        assert!(knocks > 3_000, "{knocks} knocks");

        let reason = Reason {
            reason: "posjeta u dogovoru sa sigurnom kućom".into(),
        };
        let opened = ana.open_address(people[0], &key(), &reason).await.unwrap();
        assert_eq!(
            opened.address.as_deref(),
            Some("Kanarinčeva tajna kuća 3"),
            "the canary lives"
        );
        let iva = house.officer("iva", "CSR-01", &[Role::Caseworker]).await;
        Told(iva.open_address(people[0], &key(), &reason).await).is_refused("not-named");
        // Without the protection the same doors tell it: it was the protection that kept them quiet.
        ana.end_protection(people[0], &key(), &reason).await.unwrap();
        let now = BothTimes {
            as_of: None,
            known_at: None,
        };
        let facts = ana.facts(people[0], &now).await.unwrap();
        let says = |fact: &FactView| fact.value == FactValue::Text("Kanarinčev novi stan 0".into());
        assert!(facts.items.iter().any(says), "{:?}", facts.items);
        house.close().await;
    }

    pub(super) async fn ones_own_family_is_heard_nowhere(engine: Engine) {
        log();
        let Some(house) = Plan::on(engine).registers(SERVER).open().await else {
            return;
        };
        let (ana, petar) = (house.ana().await, house.petar().await);
        let family = ana.finds_the_family_of("vujotic marko").await;
        let people: Vec<Id<Person>> = family.members.iter().map(|member| member.card.id).collect();
        for (place, person) in people.iter().enumerate() {
            says(
                &ana,
                *person,
                "address",
                &format!("Kanarinčev porodični stan {place}"),
            )
            .await;
        }
        granted(&house, &ana, &petar, &family).await;
        let texts = addresses_of(&house, &people).await;
        let canaries = texts
            .iter()
            .map(|text| Canary::new(&format!("the address “{text}”"), text));
        let mut canaries: Vec<Canary> = canaries.collect();
        canaries.push(Canary::new("the amount of the award", "\"minor\":11845"));
        let aviary = Aviary::of(canaries)
            .near(ids_around(&house, &people).await)
            .found_by(&["vujotic", "1403978200126"]);
        // Somebody with every role of an office at once, whose child lives in that family.
        let roles = [Role::Clerk, Role::Caseworker, Role::Approver, Role::Auditor];
        let mira = house.officer("mira", "CSR-01", &roles).await;
        let child = family.members.last().unwrap().card.dossier_number.clone();
        let kin = DeclareKin {
            dossier: child,
            kin: KinOf::Relative,
        };
        mira.declare_own_kin(&key(), &kin).await.unwrap();
        let knocks = aviary.nobody_hears(&house, &[("their relative", &mira)]).await;
        assert!(knocks > 500, "{knocks} knocks");
        // The same doors are open to others.
        let dossier = ana.opens_dossier(people[0]).await.done();
        assert!(dossier.awards.iter().any(|award| award.amount.minor == 11_845));
        house.close().await;
    }
}

//! Every procedure of social work of the three countries once through the front door: reported, opened, walked by its shortest way with the terms and
//! forms of its steps, and closed.

use crate::case_walk::Walk;
use jiff::SignedDuration;
use karton_api::{
    Date, Id,
    client::Error,
    persons::{AddMember, Name, RegisterPerson},
    session::Role,
    value,
};
use karton_tests::{
    house::{Country, Engine, Plan},
    officer::{Officer, key},
    told_on_both,
};

told_on_both! {
    /// The procedures of Montenegro's centres for social work.
    every_case_of_montenegro_is_walked_to_its_end;
    /// Child protection, adults with a disability, domestic violence and the others of Romania.
    every_case_of_romania_is_walked_to_its_end;
    /// The basic social services of Ukraine.
    every_service_of_ukraine_is_walked_to_its_end;
}

async fn registers(by: &Officer, given: &str, born: &str, municipality: Option<&str>) -> Id<value::Person> {
    let mut body = RegisterPerson {
        name: Name {
            given: given.into(),
            family: "Probna".into(),
        },
        national_id: None,
        birth_date: Some(born.parse::<Date>().unwrap()),
        sex: Some("f".into()),
        municipality: municipality.map(str::to_owned),
        address: None,
        not_the_same_as: Vec::new(),
    };
    loop {
        match by.register_person(&key(), &body).await {
            Ok(view) => return view.card.id,
            Err(Error::Problem(problem)) if problem.slug() == "likely-duplicates" => {
                let others = problem.candidates.iter().map(|it| it.card.id);
                body.not_the_same_as.extend(others);
            }
            Err(error) => panic!("{error:?}"),
        }
    }
}

/// Walks all of a country; as many as there are said to be.
async fn walks(
    engine: Engine,
    country: Country,
    (counter, municipality, paper): (&str, Option<&str>, &str),
    many: usize,
) {
    let Some(house) = Plan::on(engine).country(country).open().await else {
        return;
    };
    let worker = [Role::Clerk, Role::Caseworker];
    let caseworker = house.officer("ivana", counter, &worker).await;
    let head = house.officer("marina", counter, &[Role::Approver]).await;
    let other = house.officer("stana", counter, &[Role::Approver]).await;
    let person = registers(&caseworker, "Milica", "2012-04-05", municipality).await;
    let carer = registers(&caseworker, "Danica", "1978-09-21", municipality).await;
    let body = AddMember {
        person: carer,
        relationship: "parent".into(),
        from: house.clock.today(),
    };
    caseworker.add_member(person, &key(), &body).await.unwrap();
    let walk = Walk {
        house: &house,
        pack: house.inside.pack.clone(),
        caseworker,
        heads: [head, other],
        person,
        carer,
        paper,
    };
    let mut wrong = Vec::new();
    let mut walked = 0;
    for procedure in walk.pack.procedures.iter().filter(|it| it.case.is_some()) {
        match walk.tells(procedure).await {
            Ok(_) => walked += 1,
            Err(why) => wrong.push(format!("{}: {why}", procedure.id)),
        }
    }
    assert!(
        wrong.is_empty(),
        "{} cannot be walked:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert_eq!(
        walked, many,
        "as many procedures of social work as the country has"
    );
    // Terms that were still to be looked at have passed.
    house.waits(SignedDuration::from_hours(24 * 60));
    house.close().await;
}

mod tell {
    use super::*;

    pub(super) async fn every_case_of_montenegro_is_walked_to_its_end(engine: Engine) {
        walks(engine, Country::ME, ("CSR-01", Some("ME-16"), "Milica"), 49).await;
    }
    pub(super) async fn every_case_of_romania_is_walked_to_its_end(engine: Engine) {
        walks(engine, Country::RO, ("CJ-054975", Some("54975"), "Milica"), 8).await;
    }
    pub(super) async fn every_service_of_ukraine_is_walked_to_its_end(engine: Engine) {
        walks(engine, Country::UA, ("SOC-53-01", None, "Milica"), 22).await;
    }
}

//! Houses to measure in: full of fictional people, with a clerk who may do what clerks may, and no more.

use axum::{extract::FromRequestParts as _, http};
use karton_api::{Id, session::Role, value};
use karton_server::{
    access::{May, Permission},
    house,
    problem::Error,
    vals,
};
use karton_tests::{
    house::{Engine, House, Plan},
    officer::Officer,
};
use std::time::Duration;

/// How much is measured.
#[derive(Debug, Clone)]
pub(crate) struct Size {
    /// Fictional people in the stores.
    pub(crate) people: u64,
    /// How long a rate is measured.
    pub(crate) long: Duration,
    /// Searches of each kind.
    pub(crate) searches: usize,
    /// Applications lodged in one go.
    pub(crate) lodgings: usize,
    /// Only to see that it works.
    pub(crate) quick: bool,
}

impl Size {
    /// The real size.
    pub(crate) fn full() -> Size {
        Size {
            people: said_people().unwrap_or(200_000),
            long: Duration::from_secs(3),
            searches: 1_000,
            lodgings: 1_500,
            quick: false,
        }
    }
    /// A small one.
    pub(crate) fn quick() -> Size {
        Size {
            people: said_people().unwrap_or(3_000),
            long: Duration::from_millis(300),
            searches: 100,
            lodgings: 200,
            quick: true,
        }
    }
}

fn said_people() -> Option<u64> {
    let said = std::env::var("KARTON_BENCH_PEOPLE").ok()?;
    match said.parse() {
        Ok(people) => Some(people),
        Err(_) => panic!("KARTON_BENCH_PEOPLE is a number, not {said:?}"),
    }
}

/// A house full of people, on an engine; nothing where the engine is not there, which is said loudly.
pub(crate) async fn full_house(engine: Engine, people: u64) -> Option<House> {
    let plan = Plan::on(engine).people(people).running_clock();
    let (house, took) = {
        let began = std::time::Instant::now();
        (plan.open().await, began.elapsed())
    };
    match &house {
        Some(_) => eprintln!(
            "  {people} people on {engine:?} after {}",
            crate::time::said(took)
        ),
        None => eprintln!("NOT MEASURED ON POSTGRESQL, which is not installed here"),
    }
    house
}

/// An ordinary clerk of an office.
pub(crate) async fn clerk(house: &House, account: &str, office: &str) -> Officer {
    house.officer(account, office, &[Role::Clerk]).await
}

/// The proof that an officer may do something, made as the server makes it: by the extractor, from the token.
pub(crate) async fn may<P: Permission>(house: &house::House, officer: &Officer) -> May<P> {
    let request = http::Request::builder()
        .header("authorization", format!("Bearer {}", officer.token))
        .body(())
        .unwrap();
    let (mut parts, ()) = request.into_parts();
    May::from_request_parts(&mut parts, house).await.unwrap()
}

/// Somebody to look for.
#[derive(Debug, Clone)]
pub(crate) struct Somebody {
    /// Whose card it is.
    pub(crate) id: Id<value::Person>,
    /// The national number.
    pub(crate) number: String,
    /// The given name.
    pub(crate) given: String,
    /// The family name.
    pub(crate) family: String,
}

/// Numbers that follow from a seed, the same in every run.
#[derive(Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    /// From a seed.
    pub(crate) fn new(seed: u64) -> Dice {
        Dice(seed)
    }
    /// Below `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end.max(1)
    }
}

/// People from all over the store who have a number and two names.
pub(crate) async fn some_people(house: &house::House, many: usize) -> Vec<Somebody> {
    let mut dice = Dice::new(7);
    let mut found = Vec::with_capacity(many);
    while found.len() < many {
        // Whoever follows a number drawn out of the blue.
        let day = format!(
            "{:02}{:02}9{:02}",
            dice.below(28) + 1,
            dice.below(12) + 1,
            dice.below(100)
        );
        let read = house.store.read(move |tx| {
            let sql = "SELECT p.id, p.id_number, p.given, p.family FROM person p
                       WHERE p.id_number >= $1 ORDER BY p.id_number LIMIT 1";
            let Some(row) = tx.opt(sql, vals![day.as_str()])? else {
                return Ok(None);
            };
            Ok::<_, Error>(Some(Somebody {
                id: row.get(0)?,
                number: row.get(1)?,
                given: row.get(2)?,
                family: row.get(3)?,
            }))
        });
        if let Some(somebody) = read.await.unwrap()
            && somebody.family.chars().count() >= 5
            && somebody.given.chars().count() >= 3
        {
            found.push(somebody);
        }
    }
    found
}

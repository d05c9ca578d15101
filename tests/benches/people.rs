//! Fictional people as they are drawn for demos and benchmarks.

use crate::{
    place::Size,
    table::{Figure, Table},
    time::{a_second, grouped, timed},
};
use karton_api::Date;
use karton_server::generate::{Population, Settings, pack_text};

/// How fast they are drawn, and that no two of them have one number.
pub(crate) fn measure(size: &Size, table: &mut Table) {
    let persons = if size.quick { 20_000 } else { 2_000_000 };
    let settings = Settings::read(&pack_text("me").unwrap()).unwrap();
    let population = Population {
        seed: 1,
        persons,
        today: Date::constant(2025, 3, 10),
    };
    let (mut numbers, took) = timed(|| {
        let people = population
            .generate(&settings)
            .flat_map(|household| household.members);
        people
            .map(|person| person.national_id.and_then(|number| number.parse::<u64>().ok()))
            .collect::<Vec<_>>()
    });
    let drawn = numbers.len() as u64;
    numbers.retain(Option::is_some);
    let numbered = numbers.len();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), numbered, "two people have one number");
    table.group(format!("{} fictional people", grouped(drawn)));
    table.add(Figure::new(
        "drawn, one after another, each number given out once",
        format!("{} a second", grouped(a_second(drawn, took))),
    ));
}

//! The generator of fictional people: a population for demos, tests and measurements, and what registers know of it.
//!
//! Pure: the same pack, seed and day give the same people on every machine. Every household is drawn from its own
//! place in the population, so that any of them can be made alone; only the national numbers are given out in order.
//! Who they are is data of the pack (`people/*`). Their numbers are of a region that is given to nobody.
//!
//! ```no_run
//! # use karton_server::generate::{Population, Settings, pack_text};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let settings = Settings::read(&pack_text("me")?)?;
//! for household in (Population { seed: 1, persons: 2000, today: "2025-03-10".parse()? }).generate(&settings) {
//!     println!("{} {}", household.home.address(), household.members.len());
//! }
//! # Ok(())
//! # }
//! ```

mod draw;
mod found;
mod further;
mod history;
mod living;
mod model;
mod named;
mod number;
mod on_file;
mod parameters;
mod property;
mod settings;
mod shape;
#[cfg(test)]
mod tests;
mod text;

pub use further::Further;
pub use model::{
    AmountFrom, Concealed, Concealment, Disability, Disposal, Employment, FictionalHousehold,
    FictionalPerson, Home, Income, LeftWork, PastAward, PastRefusal, PensionPayment, RealEstate,
    Relationship, Schooling, Sex, Shape, Standing, Truth, Unemployment, Vehicle,
};
pub(crate) use number::digits;
pub use number::{is_number, national_id};
pub use on_file::{Asked, Declared, Of, OnFile};
pub use settings::{Settings, SettingsError};
pub use text::{PackText, pack_text};

use draw::Draw;
use karton_api::Date;
use number::NumberBook;

/// Which population: with a pack's settings this says everything about every person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Population {
    /// Another seed, other people. The named families of the pack are in each.
    pub seed: u64,
    /// At least so many people; a household is never cut. A larger population begins with the smaller one.
    pub persons: u64,
    /// The day on which they are as they are.
    pub today: Date,
}

impl Population {
    /// The households one after another; nothing is held but the serial numbers given out.
    pub fn generate(self, settings: &Settings) -> Households<'_> {
        let book = NumberBook::new(
            settings.scheme,
            settings.region,
            settings.named.national_ids().map(str::to_owned).collect(),
        );
        Households {
            settings,
            population: self,
            book,
            index: 0,
            made: 0,
        }
    }

    /// The household at this place of the population, without the numbers of its drawn members: those are given out
    /// in the order of the whole population.
    pub fn household(self, settings: &Settings, index: u64) -> FictionalHousehold {
        if let Some(named) = settings.named.household(settings, index, self.today) {
            return named;
        }
        let mut draw = Draw::of(self.seed, index);
        let draw = &mut draw;
        let shape = settings.shapes.draw(draw).copied().unwrap_or(Shape::Single);
        let standing = settings
            .standings
            .draw(draw)
            .copied()
            .unwrap_or(Standing::Ordinary);
        let (home, plate, village, community) = shape::home(draw, settings, standing);
        let members = shape::members(draw, settings, shape, &community, self.today);
        let mut household = FictionalHousehold {
            index,
            story: None,
            shape,
            standing,
            home,
            members,
            conceals: None,
            awards: Vec::new(),
            refusals: Vec::new(),
        };
        living::live(
            draw,
            settings,
            &mut household,
            living::Surroundings {
                plate,
                village,
                today: self.today,
            },
        );
        history::remember(draw, settings, &mut household, self.today);
        household
    }
}

/// The households of a population, one after another.
#[derive(Debug)]
pub struct Households<'a> {
    settings: &'a Settings,
    population: Population,
    book: NumberBook,
    index: u64,
    made: u64,
}

impl Iterator for Households<'_> {
    type Item = FictionalHousehold;

    fn next(&mut self) -> Option<FictionalHousehold> {
        let named = self.settings.named.len();
        while self.index < named
            && self
                .population
                .household(self.settings, self.index)
                .members
                .is_empty()
        {
            // On a day long ago nobody of a named family was born.
            self.index += 1;
        }
        if self.made >= self.population.persons && self.index >= named {
            return None;
        }
        let mut household = self.population.household(self.settings, self.index);
        if self.index >= named {
            for (place, person) in household.members.iter_mut().enumerate() {
                // Drawn apart from the person, so that a missing number moves nobody else's draws.
                let mut draw = Draw::of(
                    self.population.seed ^ 0x6E75_6D62_6572,
                    self.index * 64 + place as u64,
                );
                if !draw.chance(self.settings.without_number_permille) {
                    person.national_id = self.book.give(person.birth_date, person.sex);
                }
            }
        }
        self.index += 1;
        self.made += household.members.len() as u64;
        Some(household)
    }
}

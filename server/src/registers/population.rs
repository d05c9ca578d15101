//! The people whom the registers know: the same as the demo's, found by their number.
//!
//! Only numbers are held; a household is drawn again when it is asked for, so that two million people fit into a few
//! dozen megabytes.

use crate::generate::{FictionalHousehold, Population, Settings, digits, is_number};

/// A population with its numbers in order.
#[derive(Debug)]
pub(super) struct Registry {
    settings: Settings,
    population: Population,
    /// Number, household, place in it; in the order of the numbers.
    by_number: Vec<(u64, u32, u8)>,
    /// The numbers of household `h` are `numbers[starts[h]..starts[h + 1]]`; 0 for none.
    starts: Vec<u32>,
    numbers: Vec<u64>,
    /// The place in the population of household `h`.
    indices: Vec<u32>,
}

impl Registry {
    /// Draws the whole population once; nothing where it was given up before the end. Takes a second for some hundred
    /// thousand people.
    pub(super) fn draw(
        settings: Settings,
        population: Population,
        given_up: impl Fn() -> bool,
    ) -> Option<Registry> {
        let (mut by_number, mut starts, mut numbers, mut indices) =
            (Vec::new(), vec![0], Vec::new(), Vec::new());
        for (household, drawn) in (0_u32..).zip(population.generate(&settings)) {
            if given_up() {
                return None;
            }
            for (place, person) in (0_u8..).zip(&drawn.members) {
                let number = person
                    .national_id
                    .as_deref()
                    .and_then(|number| number.parse().ok())
                    .unwrap_or(0);
                numbers.push(number);
                if number > 0 {
                    by_number.push((number, household, place));
                }
            }
            starts.push(u32::try_from(numbers.len()).unwrap_or(u32::MAX));
            indices.push(u32::try_from(drawn.index).unwrap_or(u32::MAX));
        }
        by_number.sort_unstable();
        Some(Registry {
            settings,
            population,
            by_number,
            starts,
            numbers,
            indices,
        })
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(super) fn population(&self) -> Population {
        self.population
    }

    pub(super) fn persons(&self) -> usize {
        self.numbers.len()
    }

    /// The household and the place in it of whoever has this number.
    pub(super) fn find(&self, national_id: &str) -> Option<(FictionalHousehold, usize)> {
        if !is_number(self.settings.scheme, national_id) {
            return None;
        }
        let number: u64 = national_id.parse().ok()?;
        let at = self
            .by_number
            .binary_search_by_key(&number, |(number, _, _)| *number)
            .ok()?;
        let (_, household, place) = self.by_number.get(at)?;
        Some((self.household(*household)?, usize::from(*place)))
    }

    /// Somebody else than whoever has this number: the next in the order of the numbers.
    pub(super) fn another(&self, national_id: &str) -> Option<(FictionalHousehold, usize)> {
        let number: u64 = national_id.parse().unwrap_or(0);
        let next = self.by_number.partition_point(|(known, _, _)| *known <= number);
        let (_, household, place) = self.by_number.get(next).or_else(|| self.by_number.first())?;
        Some((self.household(*household)?, usize::from(*place)))
    }

    fn household(&self, household: u32) -> Option<FictionalHousehold> {
        let h = usize::try_from(household).ok()?;
        let (start, end) = (*self.starts.get(h)?, *self.starts.get(h + 1)?);
        let numbers = self
            .numbers
            .get(usize::try_from(start).ok()?..usize::try_from(end).ok()?)?;
        let mut drawn = self
            .population
            .household(&self.settings, u64::from(*self.indices.get(h)?));
        for (person, number) in drawn.members.iter_mut().zip(numbers) {
            let width = digits(self.settings.scheme).unwrap_or(0);
            person.national_id = (*number > 0).then(|| format!("{number:0width$}"));
        }
        Some(drawn)
    }
}

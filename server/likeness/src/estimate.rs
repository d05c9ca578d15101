//! Estimating the weights: expectation and maximisation over the patterns of all pairs, without knowing which pairs are of one person.
//!
//! All pairs are taken, not those that share a key: within blocks, fields that the key is made of agree for everybody, and the estimate
//! would overrate them.
#![expect(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "statistics over probabilities; what comes out is rounded to whole hundredths and shipped as such"
)]

use crate::compare::{FIELDS, LEVELS, Level, Pattern};
use std::collections::BTreeMap;

/// How often each pattern was seen.
pub type Patterns = BTreeMap<Pattern, u64>;

const WIDTH: usize = FIELDS.len();
const HEIGHT: usize = LEVELS.len();
type Table = [[f64; HEIGHT]; WIDTH];

/// What was estimated.
#[derive(Debug, Clone)]
pub struct Estimate {
    /// The share of pairs that are of one person.
    pub matches: f64,
    /// Among pairs of one person: how often a field agrees on a level, where it is known.
    pub m: Table,
    /// The same among pairs of two people.
    pub u: Table,
}

impl Estimate {
    /// How many of so many pairs are of one person, in thousandths.
    pub fn thousandths_of_matches(&self, pairs: u64) -> u64 {
        (self.matches * pairs as f64 * 1000.0).round() as u64
    }
    /// `log2(m / u)` in hundredths.
    pub fn weight(&self, field: usize, level: usize) -> i32 {
        (100.0 * (self.m[field][level] / self.u[field][level]).log2()).round() as i32
    }
    /// `log2(m)` in hundredths: what stands beside the rarity of a text.
    pub fn share(&self, field: usize, level: usize) -> i32 {
        (100.0 * self.m[field][level].log2()).round() as i32
    }
}

/// Begins with `matches` as the share of pairs of one person and goes `rounds` times round.
pub fn estimate(patterns: &Patterns, matches: f64, rounds: usize) -> Estimate {
    let mut now = Estimate {
        matches,
        m: first_guess(),
        u: [[0.0; HEIGHT]; WIDTH],
    };
    // Nearly all pairs are of two people.
    now.u = shares(patterns.iter().map(|(pattern, seen)| (pattern, *seen as f64)));
    for _ in 0..rounds {
        let mut of_one = Vec::with_capacity(patterns.len());
        let mut of_two = Vec::with_capacity(patterns.len());
        let (mut ones, mut all) = (0.0, 0.0);
        for (pattern, seen) in patterns {
            let seen = *seen as f64;
            let one = now.probability(pattern);
            of_one.push((pattern, seen * one));
            of_two.push((pattern, seen * (1.0 - one)));
            ones += seen * one;
            all += seen;
        }
        now = Estimate {
            matches: ones / all,
            m: shares(of_one.into_iter()),
            u: shares(of_two.into_iter()),
        };
    }
    now
}

impl Estimate {
    /// How probable it is that a pair with this pattern is of one person.
    pub fn probability(&self, pattern: &Pattern) -> f64 {
        let mut odds = (self.matches / (1.0 - self.matches)).ln();
        for (field, level) in pattern.iter().enumerate() {
            if *level != Level::Unknown {
                odds += (self.m[field][*level as usize] / self.u[field][*level as usize]).ln();
            }
        }
        1.0 / (1.0 + (-odds).exp())
    }
}

fn first_guess() -> Table {
    [[0.0, 0.1, 0.02, 0.02, 0.02, 0.06, 0.02, 0.76]; WIDTH]
}

/// The share of each level among the known ones of its field; half a pair is added to each, so that nothing is impossible.
fn shares<'a>(pairs: impl Iterator<Item = (&'a Pattern, f64)>) -> Table {
    let mut table = [[0.0; HEIGHT]; WIDTH];
    for (pattern, weight) in pairs {
        for (field, level) in pattern.iter().enumerate() {
            table[field][*level as usize] += weight;
        }
    }
    for row in &mut table {
        row[Level::Unknown as usize] = 0.0;
        let sum: f64 = row.iter().sum::<f64>() + 0.5 * (HEIGHT - 1) as f64;
        for share in row.iter_mut().skip(1) {
            *share = (*share + 0.5) / sum;
        }
    }
    table
}

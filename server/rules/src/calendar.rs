//! Working days and deadlines.

use crate::pack::{Due, Pack};
use jiff::civil::Weekday;
use karton_api::Date;

/// Days that nobody works on beside weekends. Ascending or not.
pub trait Holidays {
    /// Whether the day is a holiday.
    fn is_holiday(&self, day: Date) -> bool;
}

impl Holidays for [Date] {
    fn is_holiday(&self, day: Date) -> bool {
        self.contains(&day)
    }
}

impl Holidays for Pack {
    fn is_holiday(&self, day: Date) -> bool {
        self.holidays
            .binary_search_by_key(&day, |holiday| holiday.on)
            .is_ok()
    }
}

/// Whether offices are open on a day.
pub fn is_working_day(day: Date, holidays: &(impl Holidays + ?Sized)) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) && !holidays.is_holiday(day)
}

/// The day so many working days after another; the first day does not count. The last day of the calendar when
/// there are not that many.
pub fn add_working_days(from: Date, count: u32, holidays: &(impl Holidays + ?Sized)) -> Date {
    let mut day = from;
    let mut left = count;
    while left > 0 {
        let Ok(next) = day.tomorrow() else { return day };
        day = next;
        left -= u32::from(is_working_day(day, holidays));
    }
    day
}

/// The last day of a term that begins on a day, which itself does not count. A term in calendar days that would end on
/// a day when offices are closed ends on the next working day.
pub fn due_on(from: Date, due: Due, holidays: &(impl Holidays + ?Sized)) -> Date {
    match due {
        Due::WorkingDays(count) => add_working_days(from, count, holidays),
        Due::Days(count) => {
            let mut day = from
                .checked_add(jiff::Span::new().days(i64::from(count.min(100_000))))
                .unwrap_or(Date::MAX);
            while !is_working_day(day, holidays) {
                let Ok(next) = day.tomorrow() else { return day };
                day = next;
            }
            day
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// 21 and 22 May 2026 are holidays, Thursday and Friday.
    fn holidays() -> Vec<Date> {
        vec![date(2026, 5, 22), date(2026, 5, 21)]
    }

    #[test]
    fn working_days_leave_out_weekends_and_holidays() {
        let holidays = holidays();
        assert_eq!(
            add_working_days(date(2026, 5, 20), 1, &holidays[..]),
            date(2026, 5, 25)
        );
        assert_eq!(
            add_working_days(date(2026, 5, 18), 2, &holidays[..]),
            date(2026, 5, 20)
        );
        assert_eq!(
            add_working_days(date(2026, 5, 18), 0, &holidays[..]),
            date(2026, 5, 18)
        );
        assert!(!is_working_day(date(2026, 5, 23), &holidays[..]));
    }

    #[test]
    fn a_term_that_ends_on_a_closed_day_ends_on_the_next_open_one() {
        let holidays = holidays();
        assert_eq!(
            due_on(date(2026, 5, 13), Due::Days(8), &holidays[..]),
            date(2026, 5, 25)
        );
        assert_eq!(
            due_on(date(2026, 5, 12), Due::Days(8), &holidays[..]),
            date(2026, 5, 20)
        );
        assert_eq!(
            due_on(date(2026, 5, 20), Due::WorkingDays(1), &holidays[..]),
            date(2026, 5, 25)
        );
    }

    #[test]
    fn the_end_of_the_calendar_is_no_panic() {
        let nothing: &[Date] = &[];
        assert_eq!(add_working_days(Date::MAX, 5, nothing), Date::MAX);
        assert_eq!(due_on(Date::MAX, Due::Days(u32::MAX), nothing), Date::MAX);
    }
}

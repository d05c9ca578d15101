//! Windows that end before any day, months that are counted, and working days.

use crate::{
    common::files,
    small::{INCOME, pack, says},
};

#[test]
fn a_window_may_end_before_any_day_and_months_are_counted() {
    says(
        &pack(&[]),
        INCOME,
        &[
            (
                "sum(applicant.income[month in last 12 months].net)",
                "910.00 €: money per month",
            ),
            (
                "sum(applicant.income[month in last 24 months before date(\"2025-01-15\")].net)",
                "610.00 €: money per month",
            ),
            (
                "average(applicant.income.net, last 2 months before on)",
                "200.00 €: money per month",
            ),
            ("count months(applicant.income.month)", "4: int"),
            (
                "count months(applicant.income[month in last 24 months].month)",
                "3: int",
            ),
            (
                "sum(latest months(applicant.income, 2).net)",
                "700.00 €: money per month",
            ),
            (
                "sum(latest months(applicant.income[net < EUR 300.00 per month], 1).net)",
                "210.00 €: money per month",
            ),
            ("count(latest months(applicant.income, 100))", "5: int"),
            (
                "count(latest months(applicant.income[net < EUR 1.00 per month], 3))",
                "0: int",
            ),
            (
                "count months(applicant.income.net)",
                "a list of dates was expected, such as rows.month",
            ),
            (
                "latest months(applicant.income, 0)",
                "the number of months is written as a number from 1 to 1200",
            ),
        ],
    );
    let unknown = "applicant = { birth_date = 1985-05-11 }";
    says(
        &pack(&[]),
        unknown,
        &[
            ("count months(applicant.income.month)", "?: int"),
            (
                "sum(latest months(applicant.income, 2).net)",
                "?: money per month",
            ),
        ],
    );
}

#[test]
fn working_days_leave_weekends_and_holidays_out() {
    // In the small pack 2025-01-01 is a holiday.
    assert!(files("tests/small")["codes/holidays.csv"].contains("2025-01-01"));
    says(
        &pack(&[]),
        INCOME,
        &[
            (
                "working days between(date(\"2024-12-27\"), date(\"2025-01-06\"))",
                "5: int",
            ),
            (
                "working days between(date(\"2025-01-06\"), date(\"2024-12-27\"))",
                "-5: int",
            ),
            (
                "working days between(date(\"2025-05-09\"), date(\"2025-05-09\"))",
                "0: int",
            ),
            (
                "working days between(date(\"2025-05-10\"), date(\"2025-05-11\"))",
                "0: int",
            ),
            ("working days after(date(\"2024-12-31\"), 2)", "3 Jan 2025: date"),
            ("working days after(date(\"2025-05-09\"), 60)", "1 Aug 2025: date"),
            ("working days after(on, 99999)", "? (a number is too large): date"),
        ],
    );
    // Counting and going forward agree.
    let pack = pack(&[]);
    for days in 0..40 {
        let expression = format!(
            "working days between(date(\"2024-12-20\"), working days after(date(\"2024-12-20\"), {days}))"
        );
        says(&pack, INCOME, &[(&expression, &format!("{days}: int"))]);
    }
}

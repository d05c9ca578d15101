//! Running work, what is known, and who lives together.

use super::Books;
use crate::{problem::Error, store::Tx};

/// What is lodged runs as a matter; what runs has an open step, what ended has none.
pub(super) fn matters(tx: &mut Tx, books: &mut Books) -> Result<(), Error> {
    books.none(
        tx,
        "matter-missing",
        &["application"],
        "an application was lodged, but no matter runs for it",
        "SELECT a.id FROM application a WHERE a.lodged_at IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM matter m WHERE m.id = a.id AND m.person = a.applicant AND m.office = a.office) ORDER BY a.id",
    )?;
    books.none(
        tx,
        "nothing-open",
        &["matter"],
        "a running matter has no open step: nobody will go on with it",
        "SELECT m.id FROM matter m WHERE m.ended_at IS NULL
            AND NOT EXISTS (SELECT 1 FROM step_run s WHERE s.matter = m.id AND s.state IN ('open', 'started')) ORDER BY m.id",
    )?;
    books.none(
        tx,
        "open-after-end",
        &["matter", "step"],
        "a matter has ended and a step of it is open",
        "SELECT m.id, s.id FROM matter m JOIN step_run s ON s.matter = m.id
         WHERE m.ended_at IS NOT NULL AND s.state IN ('open', 'started') ORDER BY m.id, s.place",
    )?;
    books.none(
        tx,
        "ended-too-early",
        &["application", "state"],
        "the matter has ended while its application is still handled",
        "SELECT a.id, a.state FROM application a JOIN matter m ON m.id = a.id
         WHERE m.ended_at IS NOT NULL AND a.state IN ('lodged', 'recommended', 'returned') ORDER BY a.id",
    )?;
    books.none(
        tx,
        "step-of-another-office",
        &["matter", "step"],
        "an open step stands in an office that does not lie on the way up from its matter's",
        "SELECT m.id, s.id FROM matter m JOIN step_run s ON s.matter = m.id WHERE s.state IN ('open', 'started') AND NOT EXISTS
            (SELECT 1 FROM office_tree t WHERE t.ancestor = s.office AND t.office = m.office) ORDER BY m.id, s.place",
    )?;
    books.none(
        tx,
        "lodged-without-entry",
        &["application"],
        "the log does not know of this lodging",
        "SELECT a.id FROM application a WHERE a.lodged_at IS NOT NULL AND a.id NOT IN
            (SELECT e.matter FROM audit_entry e WHERE e.what = 'lodged' AND e.matter IS NOT NULL) ORDER BY a.id",
    )
}

/// Nothing runs for somebody who was merged into another, and nobody was merged into somebody who was merged on.
pub(super) fn merges(tx: &mut Tx, books: &mut Books) -> Result<(), Error> {
    books.none(
        tx,
        "runs-for-merged",
        &["person", "application"],
        "an application is of somebody who was merged into another",
        "SELECT p.id, a.id FROM application a JOIN person p ON p.id = a.applicant WHERE p.merged_into IS NOT NULL ORDER BY a.id",
    )?;
    books.none(
        tx,
        "award-of-merged",
        &["person", "award"],
        "an award is of somebody who was merged into another",
        "SELECT p.id, w.id FROM award w JOIN person p ON p.id = w.beneficiary WHERE p.merged_into IS NOT NULL ORDER BY w.id",
    )?;
    books.none(
        tx,
        "merged-without-end",
        &["person", "into"],
        "somebody was merged into a person who does not stand any more, or without a second officer",
        "SELECT p.id, p.merged_into FROM person p JOIN person s ON s.id = p.merged_into
         WHERE s.merged_into IS NOT NULL OR NOT EXISTS (SELECT 1 FROM merge m WHERE m.goes = p.id AND m.state = 'merged'
            AND m.answered_by IS NOT NULL AND m.answered_by <> m.proposed_by) ORDER BY p.id",
    )
}

/// Facts have the proof they name, and stand about somebody or something that is there.
pub(super) fn facts(tx: &mut Tx, books: &mut Books) -> Result<(), Error> {
    books.none(
        tx,
        "evidence-missing",
        &["fact", "evidence"],
        "the proof that a fact names is not there",
        "SELECT f.id, f.evidence FROM fact f WHERE f.evidence IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM evidence e WHERE e.id = f.evidence)
            AND NOT EXISTS (SELECT 1 FROM step_sheet s WHERE s.id = f.evidence)
            AND NOT EXISTS (SELECT 1 FROM case_sheet s WHERE s.id = f.evidence) ORDER BY f.id",
    )?;
    books.none(
        tx,
        "holder-missing",
        &["fact", "holder", "kind"],
        "a fact is about nobody and nothing that is there",
        "SELECT f.id, f.holder, f.holder_kind FROM fact f WHERE
            (f.holder_kind = 'person' AND NOT EXISTS (SELECT 1 FROM person p WHERE p.id = f.holder))
            OR (f.holder_kind = 'household' AND NOT EXISTS (SELECT 1 FROM household h WHERE h.id = f.holder))
            OR (f.holder_kind = 'claim' AND NOT EXISTS (SELECT 1 FROM matter m WHERE m.id = f.holder)) ORDER BY f.id",
    )
}

/// Nobody is counted in two households, or twice in one, on the same day.
pub(super) fn households(tx: &mut Tx, books: &mut Books) -> Result<(), Error> {
    books.none(
        tx,
        "member-twice",
        &["person", "household", "other household"],
        "somebody is a member twice on the same day",
        "SELECT a.person, a.household, b.household FROM household_member a JOIN household_member b ON b.person = a.person AND b.id > a.id
         WHERE a.replaced_at IS NULL AND b.replaced_at IS NULL
            AND (b.until_day IS NULL OR (a.from_day < b.until_day AND b.from_day < b.until_day))
            AND (a.until_day IS NULL OR (b.from_day < a.until_day AND a.from_day < a.until_day))
         ORDER BY a.person, a.id, b.id",
    )
}

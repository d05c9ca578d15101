//! Later decisions, what they make of awards, and how letters were served.

use super::Books;
use crate::{problem::Error, store::Tx};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Two officers stand behind each later decision, the log knows it, and it runs as a matter.
pub(super) fn amendments(tx: &mut Tx, books: &mut Books) -> Result<(), Error> {
    books.none(
        tx,
        "four-eyes",
        &["amendment", "officer"],
        "one officer recommended and decided, or nobody did",
        "SELECT m.id, m.decided_by FROM amendment m WHERE m.state = 'decided'
            AND (m.recommended_by IS NULL OR m.decided_by IS NULL OR m.recommended_by = m.decided_by
                OR m.number IS NULL OR m.decided_at IS NULL OR m.letter IS NULL) ORDER BY m.id",
    )?;
    books.none(
        tx,
        "decided-without-entry",
        &["amendment"],
        "the log does not know of this later decision",
        "SELECT m.id FROM amendment m WHERE m.state = 'decided' AND m.id NOT IN
            (SELECT e.matter FROM audit_entry e WHERE e.what = 'amendment-decided' AND e.matter IS NOT NULL) ORDER BY m.id",
    )?;
    books.none(
        tx,
        "matter-missing",
        &["amendment"],
        "a later decision is there, but no matter runs for it",
        "SELECT m.id FROM amendment m WHERE NOT EXISTS
            (SELECT 1 FROM matter x WHERE x.id = m.id AND x.person = m.person AND x.office = m.office) ORDER BY m.id",
    )?;
    books.none(
        tx,
        "ended-too-early",
        &["amendment", "state"],
        "the matter has ended while its later decision is still handled",
        "SELECT m.id, m.state FROM amendment m JOIN matter x ON x.id = m.id
         WHERE x.ended_at IS NOT NULL AND m.state IN ('open', 'recommended') ORDER BY m.id",
    )?;
    books.none(
        tx,
        "annulled-by-nothing",
        &["decision", "amendment"],
        "a decision is annulled, but not by a later decision on it",
        "SELECT d.id, d.annulled_by FROM decision d WHERE d.annulled_by IS NOT NULL AND NOT EXISTS
            (SELECT 1 FROM amendment m WHERE m.id = d.annulled_by AND m.decision = d.id AND m.target IS NULL AND m.confirmation IS NULL
                AND m.kind = 'annul' AND m.state = 'decided')
         ORDER BY d.id",
    )?;
    books.none(
        tx,
        "not-annulled",
        &["decision", "amendment"],
        "a later decision annuls a decision that stands as if it had not",
        "SELECT m.decision, m.id FROM amendment m WHERE m.kind = 'annul' AND m.target IS NULL AND m.confirmation IS NULL
            AND m.state = 'decided' AND NOT EXISTS (SELECT 1 FROM decision d WHERE d.id = m.decision AND d.annulled_by = m.id) ORDER BY m.id",
    )?;
    books.none(
        tx,
        "later-annulled-otherwise",
        &["amendment"],
        "a later decision is annulled without another one that says so, or one says so and it stands",
        "SELECT x.id FROM amendment x WHERE x.annulled_by IS NOT NULL AND NOT EXISTS
            (SELECT 1 FROM amendment m WHERE m.id = x.annulled_by AND m.target = x.id AND m.kind = 'annul' AND m.state = 'decided')
         UNION ALL SELECT m.id FROM amendment m WHERE m.kind = 'annul' AND m.target IS NOT NULL AND m.state = 'decided' AND NOT EXISTS
            (SELECT 1 FROM amendment x WHERE x.id = m.target AND x.annulled_by = m.id)",
    )?;
    confirmed(tx, books)?;
    for (table, name) in [
        ("decision", "decision"),
        ("amendment", "amendment"),
        ("confirmation", "confirmation"),
    ] {
        books.none(
            tx,
            "deputy-of-nobody",
            &[name, "officer"],
            "somebody signed for an approver without having been named",
            &format!(
                "SELECT x.id, x.decided_by FROM {table} x WHERE x.deputy_for IS NOT NULL AND NOT EXISTS
                    (SELECT 1 FROM deputy p WHERE p.deputy = x.decided_by AND p.absent = x.deputy_for) ORDER BY x.id"
            ),
        )?;
    }
    Ok(())
}

/// Where a second body has to confirm a later decision, it stands as that one said, by a third officer; and what is about a second decision is of its body.
fn confirmed(tx: &mut Tx, books: &mut Books) -> Result<(), Error> {
    books.none(
        tx,
        "later-confirmed-otherwise",
        &["amendment"],
        "a later decision that a second body has to confirm stands otherwise than that one said",
        "SELECT m.id FROM amendment m LEFT JOIN confirmation c ON c.amendment = m.id WHERE m.confirms IS NOT NULL AND m.state || coalesce(c.result, 'waits')
            NOT IN ('recommendedwaits', 'decidedconfirmed', 'droppedrefused', 'droppedreturned')
         UNION ALL SELECT m.id FROM amendment m WHERE m.confirms IS NULL
            AND (m.number IS NOT NULL AND m.state <> 'decided' OR EXISTS (SELECT 1 FROM confirmation c WHERE c.amendment = m.id))",
    )?;
    books.none(
        tx,
        "four-eyes",
        &["confirmation", "officer"],
        "an officer who recommended or decided a later decision confirmed it for the second body too",
        "SELECT c.id, c.decided_by FROM confirmation c JOIN amendment m ON m.id = c.amendment
         WHERE c.decided_by = m.decided_by OR c.decided_by = m.recommended_by ORDER BY c.id",
    )?;
    books.none(
        tx,
        "confirmation-otherwise",
        &["confirmation", "amendment"],
        "a second decision on a later one has no number or letter, or stands where that one does not",
        "SELECT c.id, m.id FROM confirmation c JOIN amendment m ON m.id = c.amendment
         WHERE (c.result = 'returned') <> (c.number IS NULL) OR (c.number IS NULL) <> (c.letter IS NULL)
            OR (c.annulled_by IS NULL) <> (m.annulled_by IS NULL) ORDER BY c.id",
    )?;
    books.none(
        tx,
        "decided-without-entry",
        &["confirmation", "amendment"],
        "the log does not know of this second decision",
        "SELECT c.id, c.amendment FROM confirmation c WHERE c.amendment IS NOT NULL AND c.amendment NOT IN
            (SELECT e.matter FROM audit_entry e WHERE e.what IN ('amendment-confirmed', 'amendment-not-confirmed', 'amendment-sent-back')
                AND e.matter IS NOT NULL) ORDER BY c.id",
    )?;
    books.none(
        tx,
        "second-body-otherwise",
        &["amendment"],
        "a later decision on a second decision is not of the body that made it",
        "SELECT m.id FROM amendment m JOIN confirmation c ON c.id = m.confirmation
         WHERE m.office <> c.office OR m.of_second <> 1 OR m.confirms IS NOT NULL ORDER BY m.id",
    )
}

/// What was made of awards was decided, and awards end when their turns say so.
pub(super) fn turns(tx: &mut Tx, books: &mut Books) -> Result<(), Error> {
    books.none(
        tx,
        "turn-not-decided",
        &["award", "amendment"],
        "something was made of an award without a later decision",
        "SELECT t.award, t.amendment FROM award_turn t WHERE NOT EXISTS
            (SELECT 1 FROM amendment m WHERE m.id = t.amendment AND m.award = t.award AND m.kind = t.kind AND m.state = 'decided')
         ORDER BY t.amendment",
    )?;
    books.none(
        tx,
        "turn-missing",
        &["award", "amendment"],
        "a later decision was made, but nothing was made of its award",
        "SELECT m.award, m.id FROM amendment m WHERE m.state = 'decided' AND m.award IS NOT NULL AND m.kind <> 'correct' AND m.target IS NULL AND NOT EXISTS
            (SELECT 1 FROM award_turn t WHERE t.amendment = m.id AND t.award = m.award) ORDER BY m.id",
    )?;
    books.none(
        tx,
        "turned-otherwise",
        &["award"],
        "an award does not say whether later decisions turned it",
        "SELECT w.id FROM award w WHERE w.turned <> CASE WHEN EXISTS (SELECT 1 FROM award_turn t WHERE t.award = w.id AND t.annulled_by IS NULL) THEN 1 ELSE 0 END
         ORDER BY w.id",
    )?;
    books.none(
        tx,
        "turn-taken-back-otherwise",
        &["amendment"],
        "what was made of an award stands while its later decision is annulled, or is gone while it stands",
        "SELECT t.amendment FROM award_turn t JOIN amendment m ON m.id = t.amendment
         WHERE (t.annulled_by IS NULL) <> (m.annulled_by IS NULL) ORDER BY t.amendment",
    )?;
    // The end of each turned award, from its turns in the order in which they were decided.
    let rows = tx.query(
        "SELECT w.id, w.starts, w.ends, d.ends, w.decision, t.kind, t.from_on, t.ends_before, t.annulled_by FROM award_turn t
         JOIN award w ON w.id = t.award LEFT JOIN decision d ON d.id = w.decision ORDER BY w.id, t.made_at, t.amendment",
        &[],
    )?;
    let mut said: BTreeMap<Uuid, (Option<i64>, Option<i64>)> = BTreeMap::new();
    for row in &rows {
        let (award, starts): (Uuid, i64) = (row.get(0)?, row.get(1)?);
        let (ends, granted): (Option<i64>, Option<i64>) = (row.get(2)?, row.get(3)?);
        let (kind, from, before): (String, i64, Option<i64>) = (row.get(5)?, row.get(6)?, row.get(7)?);
        let by_decision = row.get::<Option<Uuid>>(4)?.is_some();
        let first = if by_decision { granted } else { before };
        let (_, expected) = said.entry(award).or_insert((ends, first));
        let stands = row.get::<Option<Uuid>>(8)?.is_none();
        if stands && (kind == "end" || kind == "annul") {
            *expected = Some(from.max(starts));
        }
    }
    for (award, (ends, expected)) in said {
        if ends != expected {
            books.add(
                "award-ends-otherwise",
                [("award", award.to_string())],
                "an award ends on another day than what was decided about it says",
            );
        }
    }
    Ok(())
}

/// A letter is served once, on the day that its decision bears.
pub(super) fn deliveries(tx: &mut Tx, books: &mut Books) -> Result<(), Error> {
    books.none(
        tx,
        "served-otherwise",
        &["decision"],
        "a decision was served on another day than its delivery says",
        "SELECT d.id FROM decision d JOIN delivery_attempt a ON a.paper = d.id AND a.served_on IS NOT NULL
         WHERE d.delivered_on IS NULL OR d.delivered_on <> a.served_on ORDER BY d.id",
    )?;
    books.none(
        tx,
        "delivery-of-nothing",
        &["delivery"],
        "a delivery belongs to no decision",
        "SELECT a.id FROM delivery_attempt a WHERE NOT EXISTS (SELECT 1 FROM decision d WHERE d.id = a.paper)
            AND NOT EXISTS (SELECT 1 FROM confirmation c WHERE c.id = a.paper AND c.number IS NOT NULL)
            AND NOT EXISTS (SELECT 1 FROM amendment m WHERE m.id = a.paper AND m.number IS NOT NULL) ORDER BY a.id",
    )
}

//! Who has which right, by which decision, on which assessment.

use super::{Books, Depth};
use crate::{problem::Error, store::Tx, vals};
use karton_rules::{
    assess::{self, Assessment, Input},
    pack::Pack,
};
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Rows with large texts are read so many at a time.
const BATCH: i64 = 200;
/// So many assessments are run again where not all are wanted.
const SAMPLE: i64 = 500;

/// Decisions hold together with their applications and assessments, and two officers stand behind each.
pub(super) fn decisions(tx: &mut Tx, books: &mut Books) -> Result<(), Error> {
    books.none(
        tx,
        "decision-missing",
        &["application", "decision"],
        "an application is decided without the decision it names",
        "SELECT a.id, a.decision FROM application a WHERE a.state = 'decided' AND (a.outcome IS NULL OR a.outcome <> 'dismiss')
            AND NOT EXISTS (SELECT 1 FROM decision d WHERE d.id = a.decision AND d.application = a.id) ORDER BY a.id",
    )?;
    books.none(
        tx,
        "application-not-decided",
        &["decision", "application"],
        "a decision stands on an application that is not decided by it",
        "SELECT d.id, d.application FROM decision d JOIN application a ON a.id = d.application
         WHERE d.annulled_by IS NULL AND d.returned_by IS NULL
            AND (NOT (a.state = 'decided' OR a.state = 'recommended' AND d.confirms IS NOT NULL) OR a.decision IS NULL OR a.decision <> d.id)
         ORDER BY d.id",
    )?;
    books.none(
        tx,
        "outcome-differs",
        &["decision", "application"],
        "the application names another outcome than its decision",
        "SELECT d.id, d.application FROM decision d JOIN application a ON a.id = d.application
         LEFT JOIN confirmation c ON c.decision = d.id AND (c.annulled_by IS NULL OR c.annulled_by = d.annulled_by)
         WHERE a.decision = d.id AND coalesce(a.outcome, 'waits') <> CASE WHEN d.confirms IS NULL THEN d.outcome
            WHEN c.result = 'confirmed' THEN 'grant' WHEN c.result = 'refused' THEN 'refuse' ELSE 'waits' END ORDER BY d.id",
    )?;
    books.none(
        tx,
        "assessment-of-another",
        &["decision", "assessment", "application"],
        "a decision rests on an assessment of another application or benefit",
        "SELECT d.id, d.assessment, d.application FROM decision d JOIN assessment s ON s.id = d.assessment
         JOIN application a ON a.id = d.application
         WHERE s.matter <> d.application OR s.benefit <> a.benefit ORDER BY d.id",
    )?;
    books.none(
        tx,
        "decided-without-entry",
        &["decision", "application"],
        "the log does not know of this decision",
        "SELECT d.id, d.application FROM decision d WHERE d.application NOT IN
            (SELECT e.matter FROM audit_entry e WHERE e.what = 'decided' AND e.matter IS NOT NULL) ORDER BY d.id",
    )?;
    books.none(
        tx,
        "dismissal-missing",
        &["application", "dismissal"],
        "an application is dismissed without the dismissal it names, or by one officer alone",
        "SELECT a.id, a.decision FROM application a WHERE a.state = 'decided' AND a.outcome = 'dismiss'
            AND NOT EXISTS (SELECT 1 FROM dismissal d WHERE d.id = a.decision AND d.application = a.id
                AND d.decided_by IS NOT NULL AND d.decided_by <> d.proposed_by) ORDER BY a.id",
    )?;
    confirmations(tx, books)?;
    officers(tx, books)
}

/// Where a second body has to decide, nothing is awarded before it has, and it is another officer.
fn confirmations(tx: &mut Tx, books: &mut Books) -> Result<(), Error> {
    books.none(
        tx,
        "award-before-confirmation",
        &["decision", "award"],
        "something is awarded that the second body has not confirmed",
        "SELECT d.id, w.id FROM decision d JOIN award w ON w.decision = d.id WHERE d.confirms IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM confirmation c WHERE c.decision = d.id AND c.result = 'confirmed') ORDER BY d.id",
    )?;
    books.none(
        tx,
        "four-eyes",
        &["confirmation", "officer"],
        "the officer who decided first decided for the second body too",
        "SELECT c.id, c.decided_by FROM confirmation c JOIN decision d ON d.id = c.decision
         WHERE c.decided_by = d.decided_by ORDER BY c.id",
    )?;
    books.none(
        tx,
        "confirmation-otherwise",
        &["confirmation", "decision"],
        "a second decision stands on one that needs none, has no number or letter, or was sent back and stands",
        "SELECT c.id, d.id FROM confirmation c JOIN decision d ON d.id = c.decision WHERE d.confirms IS NULL
            OR (c.result = 'returned') <> (d.returned_by IS NOT NULL) OR (c.result = 'returned') <> (c.number IS NULL)
            OR (c.number IS NULL) <> (c.letter IS NULL) OR d.annulled_by IS NOT NULL AND c.annulled_by IS NULL ORDER BY c.id",
    )?;
    books.none(
        tx,
        "second-annulled-otherwise",
        &["confirmation"],
        "a second decision is annulled without a later decision that says so, or one says so and it stands",
        "SELECT c.id FROM confirmation c WHERE c.decision IS NOT NULL AND c.annulled_by IS NOT NULL AND NOT EXISTS
            (SELECT 1 FROM amendment m WHERE m.id = c.annulled_by AND m.kind = 'annul' AND m.state = 'decided'
                AND (m.confirmation = c.id OR m.confirmation IS NULL AND m.decision = c.decision))
         UNION ALL SELECT c.id FROM amendment m JOIN confirmation c ON c.id = m.confirmation
         WHERE m.kind = 'annul' AND m.state = 'decided' AND (c.annulled_by IS NULL OR c.annulled_by <> m.id)",
    )?;
    books.none(
        tx,
        "decided-without-entry",
        &["confirmation", "application"],
        "the log does not know of this second decision",
        "SELECT c.id, d.application FROM confirmation c JOIN decision d ON d.id = c.decision WHERE d.application NOT IN
            (SELECT e.matter FROM audit_entry e WHERE e.what IN ('decision-confirmed', 'confirmation-refused', 'decision-sent-back')
                AND e.matter IS NOT NULL) ORDER BY c.id",
    )
}

/// Whoever recommended is not who decided, and what was decided is what was recommended.
fn officers(tx: &mut Tx, books: &mut Books) -> Result<(), Error> {
    let mut after = Uuid::nil();
    loop {
        let rows = tx.query(
            "SELECT d.id, d.application, d.decided_by, d.assessment, d.outcome, CASE WHEN d.annulled_by IS NULL AND d.returned_by IS NULL THEN a.recommendation ELSE d.recommendation END
             FROM decision d
             JOIN application a ON a.id = d.application WHERE d.id > $1 ORDER BY d.id LIMIT $2",
            vals![after, BATCH],
        )?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.get(0)?;
        for row in &rows {
            let (decision, application): (Uuid, Uuid) = (row.get(0)?, row.get(1)?);
            let (by, assessment): (Uuid, Uuid) = (row.get(2)?, row.get(3)?);
            let outcome: String = row.get(4)?;
            let at = || {
                [
                    ("decision", decision.to_string()),
                    ("application", application.to_string()),
                ]
            };
            let recommended = row
                .get::<Option<String>>(5)?
                .and_then(|text| serde_json::from_str::<Value>(&text).ok());
            let Some(recommended) = recommended else {
                books.add("not-recommended", at(), "nobody recommended what was decided");
                continue;
            };
            let id = |value: &Value| value.as_str().and_then(|text| text.parse::<Uuid>().ok());
            match id(&recommended["by"]["id"]) {
                Some(first) if first == by => {
                    let at = at().into_iter().chain([("officer", by.to_string())]);
                    books.add("four-eyes", at, "one officer recommended and decided");
                }
                Some(_) => {}
                None => books.add("not-recommended", at(), "the recommendation names no officer"),
            }
            if id(&recommended["assessment"]) != Some(assessment)
                || recommended["outcome"] != outcome.as_str()
            {
                books.add(
                    "recommended-otherwise",
                    at(),
                    "the recommendation has another assessment or outcome",
                );
            }
        }
    }
}

/// Awards hold together with the decisions that granted them, and yield what was assessed.
pub(super) fn awards(tx: &mut Tx, books: &mut Books) -> Result<(), Error> {
    books.none(
        tx,
        "award-missing",
        &["decision", "award"],
        "a decision grants, but its award is not there",
        "SELECT d.id, d.award FROM decision d WHERE d.outcome = 'grant'
            AND (d.confirms IS NULL OR EXISTS (SELECT 1 FROM confirmation c WHERE c.decision = d.id AND c.result = 'confirmed'
                AND (c.annulled_by IS NULL OR c.annulled_by = d.annulled_by)))
            AND NOT EXISTS (SELECT 1 FROM award w WHERE w.id = d.award AND w.decision = d.id) ORDER BY d.id",
    )?;
    books.none(
        tx,
        "award-of-refusal",
        &["decision", "award"],
        "a decision refuses, and there is an award",
        "SELECT d.id, coalesce(d.award, w.id) FROM decision d LEFT JOIN award w ON w.decision = d.id
         WHERE d.outcome = 'refuse' AND (d.award IS NOT NULL OR w.id IS NOT NULL) ORDER BY d.id",
    )?;
    books.none(
        tx,
        "award-without-decision",
        &["award", "decision"],
        "an award names a decision that is not there or names another award",
        "SELECT w.id, w.decision FROM award w WHERE w.decision IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM decision d WHERE d.id = w.decision AND (d.award = w.id OR d.outcome = 'refuse'))
            AND NOT EXISTS (SELECT 1 FROM award_turn t JOIN amendment m ON m.id = t.amendment
                WHERE t.award = w.id AND t.kind = 'annul' AND m.confirmation IS NOT NULL) ORDER BY w.id",
    )?;
    books.none(
        tx,
        "award-of-another",
        &["award", "decision", "application"],
        "an award has another beneficiary, benefit, office, number or period than its decision",
        "SELECT w.id, d.id, a.id FROM award w JOIN decision d ON d.id = w.decision JOIN application a ON a.id = d.application
         WHERE w.beneficiary <> a.applicant OR w.benefit <> a.benefit OR w.office <> d.office
            OR w.decision_number IS NULL OR w.decision_number <> d.number
            OR d.starts IS NULL OR w.starts <> d.starts OR (w.turned = 0 AND coalesce(w.ends, -1) <> coalesce(d.ends, -1)) ORDER BY w.id",
    )?;
    let mut after = Uuid::nil();
    loop {
        let rows = tx.query(
            "SELECT w.id, w.decision, s.id, w.minor, w.currency, s.trace, d.granted FROM award w
             JOIN decision d ON d.id = w.decision JOIN assessment s ON s.id = d.assessment
             WHERE w.id > $1 ORDER BY w.id LIMIT $2",
            vals![after, BATCH],
        )?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.get(0)?;
        for row in &rows {
            let [award, decision, assessment]: [Uuid; 3] = [row.get(0)?, row.get(1)?, row.get(2)?];
            let (minor, currency): (i64, String) = (row.get(3)?, row.get(4)?);
            let trace: Value = serde_json::from_str(&row.get::<String>(5)?).unwrap_or_default();
            let granted = row.get::<Option<String>>(6)?;
            let granted: Option<Value> = granted.and_then(|text| serde_json::from_str(&text).ok());
            if let Some(granted) = &granted
                && granted["set"] == true
                && !within(&trace["amount"], &granted["money"])
            {
                let at = [("award", award.to_string()), ("decision", decision.to_string())];
                books.add(
                    "amount-outside",
                    at,
                    "the officers' amount lies outside of the limits of the rule",
                );
            }
            let money = granted
                .as_ref()
                .map_or(&trace["amount"]["money"], |granted| &granted["money"]);
            // What is given in kind has no amount.
            let nothing = money.is_null() && minor == 0;
            if !nothing && (money["minor"] != minor || money["currency"] != currency.as_str()) {
                let at = [
                    ("award", award.to_string()),
                    ("decision", decision.to_string()),
                    ("assessment", assessment.to_string()),
                ];
                books.add(
                    "amount-differs",
                    at,
                    "an award has another amount than its assessment",
                );
            }
        }
    }
}

/// Whether an amount lies within the limits that an assessment says.
fn within(rule: &Value, money: &Value) -> bool {
    let minor = |value: &Value| value["minor"].as_i64();
    let most = minor(&rule["upto"]);
    let least = minor(&rule["atleast"]);
    minor(money).is_some_and(|set| {
        most.is_some_and(|most| set <= most) && least.is_none_or(|least| least <= set) && set > 0
    }) && money["currency"] == rule["upto"]["currency"]
}

/// The pack version of everything that rests on one is kept, and assessments give the same answer again.
pub(super) fn assessments(tx: &mut Tx, depth: Depth, books: &mut Books) -> Result<(), Error> {
    for (rule, name, sql) in [
        (
            "pack-of-assessment-missing",
            "assessment",
            "SELECT s.id, s.pack FROM assessment s WHERE s.pack NOT IN (SELECT hash FROM pack_version) ORDER BY s.id",
        ),
        (
            "pack-of-matter-missing",
            "matter",
            "SELECT m.id, m.pack FROM matter m WHERE m.pack NOT IN (SELECT hash FROM pack_version) ORDER BY m.id",
        ),
        (
            "pack-of-award-missing",
            "award",
            "SELECT w.id, w.pack FROM award w WHERE w.pack IS NOT NULL AND w.pack NOT IN (SELECT hash FROM pack_version) ORDER BY w.id",
        ),
    ] {
        books.none(
            tx,
            rule,
            &[name, "pack"],
            "the version of the pack is not kept",
            sql,
        )?;
    }
    let packs = packs(tx, books)?;
    let there: i64 = tx.one("SELECT count(*) FROM assessment", &[])?.get(0)?;
    books.assessments = u64::try_from(there).unwrap_or(0);
    let every = match depth {
        Depth::Full => 1,
        Depth::Sample => (there / SAMPLE).max(1),
    };
    let (mut after, mut place) = (Uuid::nil(), 0_i64);
    loop {
        let rows = tx.query(
            "SELECT id, pack, engine, input, trace FROM assessment WHERE id > $1 ORDER BY id LIMIT $2",
            vals![after, BATCH],
        )?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.get(0)?;
        for row in &rows {
            place += 1;
            if (place - 1) % every != 0 {
                continue;
            }
            let hash: String = row.get(1)?;
            let Some(Some(pack)) = packs.get(&hash) else {
                continue;
            };
            let (input, trace): (String, String) = (row.get(3)?, row.get(4)?);
            books.replayed += 1;
            if !same(pack, &input, &trace) {
                let id: Uuid = row.get(0)?;
                let at = [
                    ("assessment", id.to_string()),
                    ("pack", hash),
                    ("engine", row.get(2)?),
                ];
                books.add(
                    "answers-otherwise",
                    at,
                    "run again over its stored inputs it gives another answer",
                );
            }
        }
    }
}

/// Whether an assessment run again over its stored inputs says the same.
fn same(pack: &Pack, input: &str, trace: &str) -> bool {
    let read = serde_json::from_str::<Input>(input)
        .ok()
        .zip(serde_json::from_str::<Assessment>(trace).ok());
    let Some((input, mut stored)) = read else {
        return false;
    };
    let Some(mut again) = assess::replay(pack, &stored, &input) else {
        return false;
    };
    // Engines before 2 did not keep what the amount looked at.
    if stored.engine != again.engine
        && let (Some(then), Some(now)) = (&stored.amount, &mut again.amount)
    {
        now.facts.clone_from(&then.facts);
    }
    // Another version of the engine may work it out, as long as it says the same.
    stored.engine.clone_from(&again.engine);
    stored == again
}

/// The kept versions of the pack by hash; nothing for one that cannot be read any more, which is a violation.
fn packs(tx: &mut Tx, books: &mut Books) -> Result<BTreeMap<String, Option<Pack>>, Error> {
    let mut packs = BTreeMap::new();
    let used = tx.query(
        "SELECT hash, files FROM pack_version WHERE hash IN (SELECT pack FROM assessment) ORDER BY hash",
        &[],
    )?;
    for row in used {
        let (hash, files): (String, String) = (row.get(0)?, row.get(1)?);
        let pack = serde_json::from_str(&files)
            .ok()
            .and_then(|files| Pack::load(&files).ok())
            .filter(|pack| pack.hash == hash);
        if pack.is_none() {
            books.add(
                "pack-unreadable",
                [("pack", hash.clone())],
                "a kept version of the pack is not what it was",
            );
        }
        packs.insert(hash, pack);
    }
    Ok(packs)
}

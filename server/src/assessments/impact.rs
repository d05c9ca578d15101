//! What another version of the pack would mean for the people of a store: both versions over every household, nothing written.
//!
//! Whoever heads a household stands for it as the applicant, on what is known of all of it; somebody without one stands alone. A benefit that rests
//! on a claim nobody has made cannot be said, and is counted as such.

use super::gather::{About, gather};
use crate::{
    access::Scope,
    problem::Error,
    store::{Store, Tx, vals},
};
use karton_api::{
    Date, FactValue, Id, Timestamp,
    value::{Office, Person},
};
use karton_rules::{
    Pack,
    assess::{Input, Outcome, Result as Found},
    lang::Scratch,
    pack::BenefitKind,
};
use serde::Serialize;
use std::{collections::BTreeMap, sync::Arc};

/// So many households are read at once.
const BATCH: usize = 500;
/// So many batches are worked out side by side.
const SIDE_BY_SIDE: usize = 4;

/// What comes out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Impact {
    /// How many people were looked at, as members of a household or alone.
    pub people: usize,
    /// How many households, and people without one.
    pub households: usize,
    /// By benefit and municipality; only where somebody gets something by one of the versions.
    pub rows: Vec<Row>,
}

/// One benefit in one municipality.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Code of the benefit.
    pub benefit: String,
    /// Code of the municipality; none where nobody knows it.
    pub municipality: Option<String>,
    /// Nothing before, something after.
    pub gain: usize,
    /// Something before, nothing after.
    pub lose: usize,
    /// More than before.
    pub more: usize,
    /// Less than before.
    pub less: usize,
    /// As before.
    pub same: usize,
    /// Something by one version, while the other cannot say.
    pub unknown: usize,
    /// All amounts before; a month where it is paid monthly.
    pub minor_before: i64,
    /// All amounts after.
    pub minor_after: i64,
}

/// Works everybody out by both versions, `packs` as they are and would be, for a day, on what is known at an instant.
pub async fn impact(
    store: &Store,
    packs: (&Arc<Pack>, &Arc<Pack>),
    on: Date,
    known_at: Timestamp,
) -> Result<Impact, Error> {
    let (top, heads) = store.read(move |tx| heads(tx, on)).await?;
    let mut found = Impact::default();
    let mut rows: BTreeMap<(String, Option<String>), Row> = BTreeMap::new();
    let batches: Vec<Vec<Id<Person>>> = heads.chunks(BATCH).map(<[_]>::to_vec).collect();
    for side_by_side in batches.chunks(SIDE_BY_SIDE) {
        let mut tasks = tokio::task::JoinSet::new();
        for batch in side_by_side {
            let (store, batch) = (store.clone(), batch.clone());
            let (old, new) = (Arc::clone(packs.0), Arc::clone(packs.1));
            tasks.spawn(async move {
                let about = (on, known_at);
                let gathering = Arc::clone(&new);
                let inputs = store
                    .read(move |tx| inputs(tx, &gathering, &Scope::under(top), &batch, about))
                    .await?;
                Ok::<_, Error>(worked_out(&old, &new, &inputs))
            });
        }
        while let Some(done) = tasks.join_next().await {
            let part = done.map_err(Error::fault)??;
            found.people += part.people;
            found.households += part.households;
            for row in part.rows {
                let key = (row.benefit.clone(), row.municipality.clone());
                let so_far = rows.entry(key).or_insert_with(|| Row {
                    benefit: row.benefit.clone(),
                    municipality: row.municipality.clone(),
                    ..Row::default()
                });
                add(so_far, &row);
            }
        }
    }
    found.rows = rows.into_values().collect();
    Ok(found)
}

fn add(so_far: &mut Row, row: &Row) {
    so_far.gain += row.gain;
    so_far.lose += row.lose;
    so_far.more += row.more;
    so_far.less += row.less;
    so_far.same += row.same;
    so_far.unknown += row.unknown;
    so_far.minor_before = so_far.minor_before.saturating_add(row.minor_before);
    so_far.minor_after = so_far.minor_after.saturating_add(row.minor_after);
}

/// The office above all, and whoever heads a household or lives in none, the dead left out.
fn heads(tx: &mut Tx, on: Date) -> Result<(Id<Office>, Vec<Id<Person>>), Error> {
    let top = tx
        .opt(
            "SELECT id FROM office WHERE parent IS NULL ORDER BY code LIMIT 1",
            &[],
        )?
        .ok_or(Error::Missing)?
        .get(0)?;
    let rows = tx.query(
        "SELECT p.id FROM person p WHERE p.death_day IS NULL AND NOT EXISTS (
            SELECT 1 FROM household_member m WHERE m.person = p.id AND m.replaced_at IS NULL AND m.relationship <> 'self'
                AND m.from_day <= $1 AND (m.until_day IS NULL OR m.until_day > $1))
         ORDER BY p.id",
        vals![on],
    )?;
    let heads = rows.iter().map(|row| row.get(0)).collect::<Result<_, _>>()?;
    Ok((top, heads))
}

fn inputs(
    tx: &mut Tx,
    pack: &Pack,
    scope: &Scope,
    heads: &[Id<Person>],
    (on, known_at): (Date, Timestamp),
) -> Result<Vec<Input>, Error> {
    let mut found = Vec::with_capacity(heads.len());
    for head in heads {
        let about = About {
            applicant: *head,
            matter: None,
            on,
            lodged: on,
            known_at,
        };
        found.push(gather(tx, pack, scope, &about, &[])?.input);
    }
    Ok(found)
}

/// Both versions over some households. Pure.
fn worked_out(old: &Pack, new: &Pack, inputs: &[Input]) -> Impact {
    let codes: Vec<(&str, bool)> = new
        .benefits
        .iter()
        .chain(
            old.benefits
                .iter()
                .filter(|benefit| new.benefit(&benefit.code).is_none()),
        )
        .map(|benefit| (benefit.code.as_str(), benefit.kind == BenefitKind::InKind))
        .collect();
    let mut scratch = Scratch::default();
    let mut rows: BTreeMap<(&str, Option<String>), Row> = BTreeMap::new();
    let mut found = Impact {
        households: inputs.len(),
        ..Impact::default()
    };
    for input in inputs {
        found.people += 1 + input.members.len();
        let municipality = match input
            .applicant
            .facts
            .get("municipality")
            .map(|known| &known.value)
        {
            Some(FactValue::Code(code)) => Some(code.clone()),
            _ => None,
        };
        let (world_old, world_new) = (old.prepare(input), new.prepare(input));
        for (code, in_kind) in &codes {
            let before = old.run(code, &world_old, &mut scratch);
            let after = new.run(code, &world_new, &mut scratch);
            let (before, after) = (worth(before.as_ref(), *in_kind), worth(after.as_ref(), *in_kind));
            if matches!(
                (before, after),
                (Worth::Nothing | Worth::Unknown, Worth::Nothing | Worth::Unknown)
            ) {
                continue;
            }
            let row = rows.entry((code, municipality.clone())).or_insert_with(|| Row {
                benefit: (*code).to_owned(),
                municipality: municipality.clone(),
                ..Row::default()
            });
            compare(row, before, after);
        }
    }
    found.rows = rows.into_values().collect();
    found
}

/// What a version gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Worth {
    Nothing,
    Unknown,
    Minor(i64),
}

/// What an officer must confirm counts as given: it is refused by nothing that is confirmed.
fn worth(found: Option<&Found>, in_kind: bool) -> Worth {
    match found {
        None => Worth::Nothing,
        Some(found) => match (found.outcome, found.amount_minor) {
            (Outcome::Refuse, _) => Worth::Nothing,
            (Outcome::Unknown, _) => Worth::Unknown,
            (_, Some(minor)) => Worth::Minor(minor),
            (_, None) if in_kind => Worth::Minor(0),
            (_, None) => Worth::Unknown,
        },
    }
}

fn compare(row: &mut Row, before: Worth, after: Worth) {
    let count = match (before, after) {
        (Worth::Unknown, _) | (_, Worth::Unknown) => &mut row.unknown,
        (Worth::Nothing, _) => &mut row.gain,
        (_, Worth::Nothing) => &mut row.lose,
        (Worth::Minor(before), Worth::Minor(after)) if after > before => &mut row.more,
        (Worth::Minor(before), Worth::Minor(after)) if after < before => &mut row.less,
        _ => &mut row.same,
    };
    *count += 1;
    if let Worth::Minor(minor) = before {
        row.minor_before = row.minor_before.saturating_add(minor);
    }
    if let Worth::Minor(minor) = after {
        row.minor_after = row.minor_after.saturating_add(minor);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_gains_and_who_loses_is_counted_with_the_amounts() {
        let mut row = Row::default();
        for (before, after) in [
            (Worth::Nothing, Worth::Minor(500)),
            (Worth::Minor(300), Worth::Nothing),
            (Worth::Minor(100), Worth::Minor(150)),
            (Worth::Minor(100), Worth::Minor(90)),
            (Worth::Minor(7), Worth::Minor(7)),
            (Worth::Unknown, Worth::Minor(1)),
        ] {
            compare(&mut row, before, after);
        }
        let counts = (row.gain, row.lose, row.more, row.less, row.same, row.unknown);
        assert_eq!(counts, (1, 1, 1, 1, 1, 1));
        assert_eq!((row.minor_before, row.minor_after), (507, 748));
    }

    #[test]
    fn two_versions_over_a_worked_example_differ_where_the_law_does() {
        let mut files = crate::pack::files("me").unwrap();
        let old = Pack::load(&files).unwrap();
        // Ten more for everybody, from a day after all worked examples.
        let text = files.get_mut("parameters/mo.toml").unwrap();
        let more = "\n[[parameter.at]]\nfrom = 2025-06-20\nsource = \"D\"\nconfidence = \"default\"\nfollows = \"before + EUR 10.00 per month\"\n";
        let base = text.find("name = \"mo.base\"").unwrap();
        let end = text[base..]
            .find("\n[[parameter]]\n")
            .map_or(text.len(), |at| base + at);
        text.insert_str(end, more);
        let new = Pack::load(&files).unwrap();
        let mut input = old.benefit("MO").unwrap().cases[0].input.clone();
        (input.on, input.lodged) = ("2025-06-25".parse().unwrap(), "2025-06-25".parse().unwrap());
        let found = worked_out(&old, &new, std::slice::from_ref(&input));
        let row = found.rows.iter().find(|row| row.benefit == "MO").unwrap();
        assert_eq!((row.more, row.minor_after - row.minor_before), (1, 1_000));
        assert!(
            found
                .rows
                .iter()
                .all(|row| row.benefit == "MO" || (row.gain, row.lose, row.more, row.less) == (0, 0, 0, 0))
        );
    }
}

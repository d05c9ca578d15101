//! The chain: every entry's hash covers the entry and the hash of the one before it in its lane.
//!
//! An office has several lanes where transactions run side by side (PostgreSQL), one where they do not (SQLite). The lane's head row
//! is taken with SKIP LOCKED, so that two transactions of one office need not wait for each other.

use super::{Entry, Line};
use crate::{
    access::Actor,
    problem::Error,
    store::{Dialect, Tx, Val, insert_many},
    vals,
};
use jiff::Timestamp;
use karton_api::{Id, value};
use sha2::{Digest as _, Sha256};

/// Lanes of an office on PostgreSQL.
const LANES: i64 = 4;

/// What stands before the first entry of a lane.
pub(super) const BEGINNING: [u8; 32] = [0; 32];

/// Appends an entry to a lane of the office.
pub(super) fn append(tx: &mut Tx, actor: Actor, now: Timestamp, entry: &Entry) -> Result<(), Error> {
    let (lane, sequence, previous) = take_lane(tx, actor.office)?;
    let line = line(actor, now, entry, (lane, sequence + 1, previous))?;
    insert(tx, &[&line])?;
    move_head(tx, &line)
}

/// Appends several entries of one actor, one after another, to one lane of the office.
pub(super) fn append_all(tx: &mut Tx, actor: Actor, entries: &[(Timestamp, Entry)]) -> Result<(), Error> {
    let entries = entries.iter().map(|(at, entry)| (actor, *at, entry));
    append_to(tx, actor.office, entries)
}

/// The same for several actors of the office.
pub(super) fn append_each(
    tx: &mut Tx,
    office: Id<value::Office>,
    entries: &[(Actor, Timestamp, Entry)],
) -> Result<(), Error> {
    append_to(
        tx,
        office,
        entries.iter().map(|(actor, at, entry)| (*actor, *at, entry)),
    )
}

fn append_to<'e>(
    tx: &mut Tx,
    office: Id<value::Office>,
    entries: impl ExactSizeIterator<Item = (Actor, Timestamp, &'e Entry)>,
) -> Result<(), Error> {
    if entries.len() == 0 {
        return Ok(());
    }
    let (lane, mut sequence, mut previous) = take_lane(tx, office)?;
    let mut lines = Vec::with_capacity(entries.len());
    for (actor, at, entry) in entries {
        sequence += 1;
        let line = line(actor, at, entry, (lane, sequence, previous))?;
        previous = line.hash;
        lines.push(line);
    }
    insert(tx, &lines.iter().collect::<Vec<_>>())?;
    lines.last().map_or(Ok(()), |last| move_head(tx, last))
}

fn line(
    actor: Actor,
    now: Timestamp,
    entry: &Entry,
    (lane, sequence, previous): (i64, i64, [u8; 32]),
) -> Result<Line, Error> {
    let mut line = Line {
        id: Id::at(now, rand::random()),
        at: now,
        office: actor.office,
        lane,
        sequence,
        officer: actor.officer,
        what: entry.what.to_owned(),
        person: entry.person,
        matter: entry.matter,
        purpose: entry
            .purpose
            .map(|purpose| super::purpose_name(purpose).to_owned()),
        values: serde_json::to_string(&entry.values).map_err(Error::fault)?,
        previous,
        hash: BEGINNING,
    };
    line.hash = line.reckon();
    Ok(line)
}

fn move_head(tx: &mut Tx, line: &Line) -> Result<(), Error> {
    tx.exec(
        "UPDATE audit_lane SET sequence = $3, hash = $4 WHERE office = $1 AND lane = $2",
        vals![line.office, line.lane, line.sequence, line.hash],
    )?;
    Ok(())
}

pub(super) fn insert(tx: &mut Tx, lines: &[&Line]) -> Result<(), Error> {
    const HEAD: &str = "INSERT INTO audit_entry (id, at, office, lane, sequence, officer, what, person, matter, purpose, detail, \
                        previous, hash)";
    let mut values: Vec<Val> = Vec::with_capacity(13 * lines.len());
    for line in lines {
        values.extend_from_slice(vals![
            line.id,
            line.at,
            line.office,
            line.lane,
            line.sequence,
            line.officer,
            &line.what,
            line.person,
            line.matter,
            line.purpose.clone(),
            &line.values,
            line.previous,
            line.hash
        ]);
    }
    insert_many(tx, HEAD, 13, values, "")?;
    Ok(())
}

/// A free lane's number, its last sequence and its head.
fn take_lane(tx: &mut Tx, office: Id<value::Office>) -> Result<(i64, i64, [u8; 32]), Error> {
    const HEAD: &str = "SELECT lane, sequence, hash FROM audit_lane WHERE office = $1";
    let found = match tx.dialect() {
        Dialect::Sqlite => tx.opt(&format!("{HEAD} AND lane = 0"), vals![office])?,
        Dialect::Postgres => tx.opt(
            &format!("{HEAD} ORDER BY lane LIMIT 1 FOR UPDATE SKIP LOCKED"),
            vals![office],
        )?,
    };
    let row = match found {
        Some(row) => row,
        None => {
            let lanes = if tx.dialect() == Dialect::Sqlite { 1 } else { LANES };
            let mut made = 0;
            for lane in 0..lanes {
                made += tx.exec(
                    "INSERT INTO audit_lane (office, lane, sequence, hash) VALUES ($1, $2, 0, $3)
                     ON CONFLICT (office, lane) DO NOTHING",
                    vals![office, lane, BEGINNING],
                )?;
            }
            // Either they are made now, or all are taken: then wait for one, not always the same.
            let lane = if made > 0 {
                0
            } else {
                i64::from(rand::random::<u8>()) % lanes
            };
            let lock = if tx.dialect() == Dialect::Sqlite {
                ""
            } else {
                " FOR UPDATE"
            };
            tx.one(&format!("{HEAD} AND lane = $2{lock}"), vals![office, lane])?
        }
    };
    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
}

impl Line {
    /// The hash this entry must have: over the head before it and every field, each with its name, as one JSON array.
    pub(super) fn reckon(&self) -> [u8; 32] {
        self.reckon_as(self.sequence)
    }

    /// The hash it would have at another place of its lane.
    pub(super) fn reckon_as(&self, sequence: i64) -> [u8; 32] {
        let text = (
            "karton audit 1",
            ("id", self.id),
            ("at", self.at.as_microsecond()),
            ("office", self.office),
            ("lane", self.lane),
            ("sequence", sequence),
            ("officer", self.officer),
            ("what", &self.what),
            ("person", self.person),
            ("matter", self.matter),
            ("purpose", &self.purpose),
            ("values", &self.values),
        );
        let mut hash = Sha256::new();
        hash.update(self.previous);
        // Numbers, texts and ids always have their JSON.
        hash.update(serde_json::to_vec(&text).unwrap_or_default());
        hash.finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_that_is_hashed_stays_the_same_for_ever() {
        let id = |byte: u8| uuid::Uuid::from_bytes([byte; 16]);
        let line = Line {
            id: Id::from_uuid(id(1)),
            at: Timestamp::from_microsecond(1_741_593_600_000_001).unwrap(),
            office: Id::from_uuid(id(2)),
            lane: 3,
            sequence: 4,
            officer: None,
            what: "looked".into(),
            person: Some(Id::from_uuid(id(5))),
            matter: None,
            purpose: Some("application".into()),
            values: r#"{"found":"1"}"#.into(),
            previous: [6; 32],
            hash: BEGINNING,
        };
        let text = concat!(
            r#"["karton audit 1",["id","01010101-0101-0101-0101-010101010101"],["at",1741593600000001],"#,
            r#"["office","02020202-0202-0202-0202-020202020202"],["lane",3],["sequence",4],["officer",null],["what","looked"],"#,
            r#"["person","05050505-0505-0505-0505-050505050505"],["matter",null],["purpose","application"],"#,
            r#"["values","{\"found\":\"1\"}"]]"#
        );
        let mut hash = Sha256::new();
        hash.update([6; 32]);
        hash.update(text);
        assert_eq!(line.reckon(), <[u8; 32]>::from(hash.finalize()));
    }
}

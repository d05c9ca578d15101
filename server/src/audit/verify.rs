//! Verifying the chain: every damage is named with its place.

use super::{
    Line,
    chain::BEGINNING,
    seals::{self, Head, Seal, SealKey},
};
use crate::{
    http::hex,
    problem::Error,
    store::{Store, Tx},
    vals,
};
use karton_api::{Id, value::Office};
use serde::Serialize;
use std::{
    collections::{BTreeMap, HashMap},
    fmt,
};

/// What is wrong with an entry, or with a seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The entry is not what was written.
    Changed,
    /// The entry is gone.
    Removed,
    /// The entry was not written by Karton at this place.
    Inserted,
    /// The entry stands at another place than the one it was written at.
    Reordered,
    /// The last entries of the lane, from this one on, are gone.
    LastRemoved,
    /// A seal is not genuine: changed, made with another key, or its predecessor is gone.
    SealBroken,
    /// The last seals, from this number on, are gone.
    SealRemoved,
}

/// One damage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Damage {
    /// What.
    pub kind: Kind,
    /// Whose lane; none for a seal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub office: Option<Id<Office>>,
    /// Which lane; none for a seal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lane: Option<i64>,
    /// The place in the lane, or the seal's number.
    pub sequence: i64,
    /// More on it, for people.
    pub note: String,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            Kind::Changed => "changed",
            Kind::Removed => "removed",
            Kind::Inserted => "inserted",
            Kind::Reordered => "reordered",
            Kind::LastRemoved => "last entries removed",
            Kind::SealBroken => "seal broken",
            Kind::SealRemoved => "last seals removed",
        };
        match (self.office, self.lane) {
            (Some(office), Some(lane)) => {
                write!(f, "{what}: office {office}, lane {lane}, entry {}", self.sequence)?
            }
            _ => write!(f, "{what}: seal {}", self.sequence)?,
        }
        if self.note.is_empty() {
            Ok(())
        } else {
            write!(f, ": {}", self.note)
        }
    }
}

/// What a verification found.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Entries looked at.
    pub entries: u64,
    /// Lanes looked at.
    pub lanes: u64,
    /// Seals looked at.
    pub seals: u64,
    /// Every damage; none in a whole log.
    pub damages: Vec<Damage>,
    /// The newest seal, to be kept elsewhere: given back later it proves what stood now.
    pub newest: Option<Seal>,
}

/// Rows read at once.
const BATCH: i64 = 5_000;
/// An entry that fails is held against at most so many other places of its lane.
const PLACES: usize = 2_000;

/// Verifies all lanes against their hashes, heads and seals. `kept` is a seal that was exported earlier, if one is at hand.
pub async fn verify(store: &Store, key: &SealKey, kept: Option<Seal>) -> Result<Report, Error> {
    let remembered = key.remembered().map_err(Error::fault)?;
    let key = key.clone();
    store
        .read(move |tx| all(tx, &key, remembered.as_ref(), kept.as_ref()))
        .await
}

fn all(tx: &mut Tx, key: &SealKey, remembered: Option<&Seal>, kept: Option<&Seal>) -> Result<Report, Error> {
    let seals = seals::all(tx)?;
    let mut report = Report {
        entries: 0,
        lanes: 0,
        seals: 0,
        damages: Vec::new(),
        newest: seals.last().cloned(),
    };
    let mut sealed: HashMap<(Id<Office>, i64), Vec<Head>> = HashMap::new();
    check_seals(key, &seals, remembered, kept, &mut report, &mut sealed);

    let mut lanes: BTreeMap<(Id<Office>, i64), i64> = BTreeMap::new();
    for row in tx.query("SELECT office, lane, sequence FROM audit_lane", &[])? {
        lanes.insert((row.get(0)?, row.get(1)?), row.get(2)?);
    }
    for row in tx.query("SELECT DISTINCT office, lane FROM audit_entry", &[])? {
        lanes.entry((row.get(0)?, row.get(1)?)).or_insert(0);
    }
    for place in sealed.keys() {
        lanes.entry(*place).or_insert(0);
    }
    for ((office, lane), head) in lanes {
        report.lanes += 1;
        let entries = read_lane(tx, office, lane)?;
        report.entries += entries.len() as u64;
        let sealed = sealed.remove(&(office, lane)).unwrap_or_default();
        let damages = check_lane(&entries, head, &sealed);
        report
            .damages
            .extend(damages.into_iter().map(|(kind, sequence, note)| Damage {
                kind,
                office: Some(office),
                lane: Some(lane),
                sequence,
                note,
            }));
    }
    Ok(report)
}

fn check_seals(
    key: &SealKey,
    seals: &[Seal],
    remembered: Option<&Seal>,
    kept: Option<&Seal>,
    report: &mut Report,
    sealed: &mut HashMap<(Id<Office>, i64), Vec<Head>>,
) {
    let mut damage = |kind, sequence, note: &str| {
        report.damages.push(Damage {
            kind,
            office: None,
            lane: None,
            sequence,
            note: note.to_owned(),
        });
    };
    let mut trusted = Vec::new();
    let mut expected = 1;
    for seal in seals {
        if seal.number != expected {
            damage(Kind::SealBroken, expected, "the seal is gone");
        } else if !seal.is_genuine(key) {
            damage(Kind::SealBroken, seal.number, "");
        } else {
            trusted.push(seal);
        }
        expected = seal.number + 1;
    }
    let last = seals.last().map_or(0, |seal| seal.number);
    let outside = [
        (remembered, "remembered beside the key"),
        (kept, "exported earlier"),
    ];
    for (seal, whence) in outside
        .into_iter()
        .filter_map(|(seal, whence)| Some((seal?, whence)))
    {
        if !seal.is_genuine(key) {
            damage(
                Kind::SealBroken,
                seal.number,
                &format!("the seal {whence} is not genuine"),
            );
            continue;
        }
        if seal.number > last {
            damage(
                Kind::SealRemoved,
                last + 1,
                &format!("seal {} is {whence}", seal.number),
            );
        }
        trusted.push(seal);
    }
    report.seals = trusted.len() as u64;
    for head in trusted.into_iter().flat_map(|seal| &seal.heads) {
        let heads = sealed.entry((head.office, head.lane)).or_default();
        if !heads.contains(head) {
            heads.push(head.clone());
        }
    }
}

/// What is needed of an entry once its own hash was checked; all of it only where it failed.
struct Seen {
    stands: i64,
    previous: [u8; 32],
    hash: [u8; 32],
    failed: Option<Box<Line>>,
}

fn read_lane(tx: &mut Tx, office: Id<Office>, lane: i64) -> Result<Vec<Seen>, Error> {
    let sql = format!(
        "SELECT {} FROM audit_entry e WHERE e.office = $1 AND e.lane = $2 AND e.sequence > $3 ORDER BY e.sequence LIMIT $4",
        Line::COLUMNS
    );
    let mut entries: Vec<Seen> = Vec::new();
    let mut after = i64::MIN;
    loop {
        let rows = tx.query(&sql, vals![office, lane, after, BATCH])?;
        for row in &rows {
            let line = Line::read(row)?;
            after = line.sequence;
            let whole = line.reckon() == line.hash;
            let (stands, previous, hash) = (line.sequence, line.previous, line.hash);
            entries.push(Seen {
                stands,
                previous,
                hash,
                failed: (!whole).then(|| Box::new(line)),
            });
        }
        if rows.len() < usize::try_from(BATCH).unwrap_or(usize::MAX) {
            return Ok(entries);
        }
    }
}

/// The damages of a lane: kind, place, note.
fn check_lane(entries: &[Seen], head: i64, sealed: &[Head]) -> Vec<(Kind, i64, String)> {
    let mut damages = Vec::new();
    let last_sealed = sealed.iter().map(|head| head.sequence).max().unwrap_or(0);
    let last = entries.last().map_or(0, |entry| entry.stands);
    let end = head.max(last_sealed).max(last);

    // Where each entry was written: where its hash is right. One that is right nowhere was changed.
    let suspects: Vec<i64> = entries
        .iter()
        .filter(|entry| entry.failed.is_some())
        .map(|entry| entry.stands)
        .collect();
    let gaps = {
        let stands: Vec<i64> = entries.iter().map(|entry| entry.stands).collect();
        (1..=end)
            .filter(move |place| stands.binary_search(place).is_err())
            .take(PLACES)
    };
    // A foreign entry pushed in moves those after it by one, so the neighbours of each are looked at too.
    let near = suspects
        .iter()
        .take(PLACES)
        .flat_map(|place| [*place, place - 1, place + 1]);
    let places: Vec<i64> = near.chain(gaps).collect();
    let mut written: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for (index, entry) in entries.iter().enumerate() {
        let place = match &entry.failed {
            None => entry.stands,
            Some(line) => match places
                .iter()
                .copied()
                .find(|place| line.reckon_as(*place) == line.hash)
            {
                Some(place) => {
                    damages.push((
                        Kind::Reordered,
                        entry.stands,
                        format!("it was written as entry {place}"),
                    ));
                    place
                }
                None => {
                    damages.push((Kind::Changed, entry.stands, String::new()));
                    entry.stands
                }
            },
        };
        written.entry(place).or_default().push(index);
    }

    // What was never written there: below the beginning, beyond the head, or beside the one that the next entry follows.
    let end_written = head.max(last_sealed);
    let mut chain: BTreeMap<i64, usize> = BTreeMap::new();
    for (place, mut candidates) in written {
        if place < 1 || place > end_written {
            damages.extend(
                candidates
                    .iter()
                    .map(|index| (Kind::Inserted, entries[*index].stands, String::new())),
            );
            continue;
        }
        let before = chain
            .get(&(place - 1))
            .map_or(BEGINNING, |index| entries[*index].hash);
        let next = entries.iter().filter(|entry| entry.stands > place);
        let follows = |index: &usize| next.clone().any(|entry| entry.previous == entries[*index].hash);
        if candidates.len() > 1 {
            // The true one has both neighbours; a forged one can only copy the head before it.
            candidates.sort_by_key(|index| {
                let linked =
                    usize::from(follows(index)) * 2 + usize::from(entries[*index].previous == before);
                std::cmp::Reverse((linked, usize::from(entries[*index].stands == place)))
            });
            for index in &candidates[1..] {
                damages.push((Kind::Inserted, entries[*index].stands, String::new()));
            }
        }
        if let Some(index) = candidates.first() {
            chain.insert(place, *index);
        }
    }

    // Gaps.
    let tail = chain.keys().next_back().copied().unwrap_or(0);
    let mut place = 1;
    while place < tail {
        if !chain.contains_key(&place) {
            damages.push((Kind::Removed, place, String::new()));
        }
        place += 1;
    }
    // Whoever pushes entries in also counts the head on by as many.
    let pushed_in = damages
        .iter()
        .filter(|(kind, ..)| *kind == Kind::Inserted)
        .count();
    if tail + i64::try_from(pushed_in).unwrap_or(0) < end_written {
        damages.push((
            Kind::LastRemoved,
            tail + 1,
            format!("entries up to {end_written} were written"),
        ));
    }

    // Links: an entry may have been written anew with a right hash of its own.
    for (place, index) in &chain {
        let entry = &entries[*index];
        let before = if *place == 1 {
            Some(BEGINNING)
        } else {
            chain.get(&(place - 1)).map(|index| entries[*index].hash)
        };
        if before.is_some_and(|before| before != entry.previous) {
            let broken = if *place == 1 { 1 } else { place - 1 };
            let named = damages.iter().any(|(_, at, _)| *at == broken || *at == *place);
            if !named {
                damages.push((Kind::Changed, broken, "the next entry follows another one".into()));
            }
        }
    }
    for head in sealed {
        if let Some(index) = chain.get(&head.sequence)
            && hex(&entries[*index].hash) != head.hash
            && !damages.iter().any(|(_, at, _)| *at == entries[*index].stands)
        {
            damages.push((
                Kind::Changed,
                head.sequence,
                "it is not the one that was sealed".into(),
            ));
        }
    }
    damages.sort_by_key(|(kind, place, _)| (*place, *kind as u8));
    damages.dedup();
    damages
}

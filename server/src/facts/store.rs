//! The SQL of facts.

use super::model::Stored;
use crate::{
    persons::{
        alias,
        likeness::{self, Lives},
    },
    problem::Error,
    protection,
    store::{Migration, Row, Tx, Val, insert_many},
    vals,
};
use karton_api::{
    Date, FactValue, Id, Timestamp,
    persons::{Holder, SourceKind},
    value::{Evidence, Fact, Officer, Person},
};
use std::collections::HashMap;

/// The table of facts. Rows are only ever added.
pub const MIGRATION: Migration = Migration::both(
    60,
    "facts",
    "CREATE TABLE fact (
        id {ID} PRIMARY KEY, holder_kind TEXT NOT NULL, holder {ID} NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
        from_day BIGINT NOT NULL, until_day BIGINT, source TEXT NOT NULL, service TEXT, evidence {ID}, note TEXT,
        fresh_until BIGINT, recorded_at BIGINT NOT NULL, recorded_by {ID}
    );
    CREATE INDEX fact_by_holder ON fact (holder, name, recorded_at);
    CREATE INDEX fact_by_evidence ON fact (evidence) WHERE evidence IS NOT NULL;",
);

/// What old registers brought is a source of its own; it had come as declarations of a service that never was one. The day, the value and who took
/// it in stay as they were.
pub const IMPORTED: Migration = Migration::both(
    342,
    "old registers as a source of facts",
    "UPDATE fact SET source = 'import', service = NULL WHERE source = 'declaration' AND service = 'import';",
);

/// The most facts of one holder that are read, the newest: what registers said years ago no longer counts, and goes first.
const MOST: i64 = 5000;

/// A fact to be written.
#[derive(Debug, Clone)]
pub struct NewFact {
    /// Made before the transaction.
    pub id: Id<Fact>,
    /// About whom.
    pub holder: Holder,
    /// The name in the pack's dictionary; the caller has checked it and the value.
    pub name: String,
    /// What it says.
    pub value: FactValue,
    /// First day it is true for.
    pub from: Date,
    /// The day after the last.
    pub until: Option<Date>,
    /// Where from.
    pub source: SourceKind,
    /// The register's service.
    pub service: Option<String>,
    /// The proof behind it.
    pub evidence: Option<Id<Evidence>>,
    /// The officer's words.
    pub note: Option<String>,
    /// A register's answer is fresh until then.
    pub fresh_until: Option<Timestamp>,
    /// Who wrote it down; nobody for a register's answer.
    pub by: Option<Id<Officer>>,
}

fn parts(holder: Holder) -> (&'static str, Val) {
    match holder {
        Holder::Person(id) => ("person", id.into()),
        Holder::Household(id) => ("household", id.into()),
        Holder::Claim(id) => ("claim", id.into()),
    }
}

/// The name of a source as it is stored and as packs write it.
pub fn source_name(source: SourceKind) -> &'static str {
    match source {
        SourceKind::Finding => "finding",
        SourceKind::Register => "register",
        SourceKind::Document => "document",
        SourceKind::Visit => "visit",
        SourceKind::Declaration => "declaration",
        SourceKind::Import => "import",
    }
}

/// The source with a name as it is stored.
pub fn source_of(name: &str) -> Result<SourceKind, Error> {
    let all = [
        SourceKind::Finding,
        SourceKind::Register,
        SourceKind::Document,
        SourceKind::Visit,
        SourceKind::Declaration,
        SourceKind::Import,
    ];
    let found = all.into_iter().find(|kind| source_name(*kind) == name);
    found.ok_or_else(|| Error::fault(format!("a fact from `{name}`")))
}

/// Writes a fact, learnt at `now`.
pub fn insert(tx: &mut Tx, fact: &NewFact, now: Timestamp) -> Result<(), Error> {
    insert_all(tx, [(fact, now)])
}

/// Writes several facts, each learnt at its instant.
pub fn insert_all<'a>(
    tx: &mut Tx,
    facts: impl IntoIterator<Item = (&'a NewFact, Timestamp)>,
) -> Result<(), Error> {
    const HEAD: &str = "INSERT INTO fact (id, holder_kind, holder, name, value, from_day, until_day, source, service, evidence, note, \
                        fresh_until, recorded_at, recorded_by)";
    let mut values: Vec<Val> = Vec::new();
    let mut tell: Vec<Id<Person>> = Vec::new();
    for (fact, at) in facts {
        if let Holder::Person(person) = fact.holder
            && likeness::TOLD_BY_FACTS.contains(&fact.name.as_str())
        {
            tell.push(person);
        }
        let (kind, holder) = parts(fact.holder);
        values.extend([
            fact.id.into(),
            kind.into(),
            holder,
            fact.name.as_str().into(),
            serde_json::to_string(&fact.value).map_err(Error::fault)?.into(),
            fact.from.into(),
            fact.until.into(),
            source_name(fact.source).into(),
            fact.service.as_deref().into(),
            fact.evidence.into(),
            fact.note.as_deref().into(),
            fact.fresh_until.into(),
            at.into(),
            fact.by.into(),
        ]);
    }
    insert_many(tx, HEAD, 14, values, "")?;
    likeness::mark(tx, tell)
}

fn stored(row: &Row) -> Result<Stored, Error> {
    let kind: String = row.get(1)?;
    let holder = match kind.as_str() {
        "person" => Holder::Person(row.get(2)?),
        "household" => Holder::Household(row.get(2)?),
        "claim" => Holder::Claim(row.get(2)?),
        other => return Err(Error::fault(format!("a fact about a `{other}`"))),
    };
    let source = source_of(&row.get::<String>(7)?)?;
    Ok(Stored {
        id: row.get(0)?,
        holder,
        name: row.get(3)?,
        value: serde_json::from_str(&row.get::<String>(4)?).map_err(Error::fault)?,
        from: row.get(5)?,
        until: row.get(6)?,
        source,
        service: row.get(8)?,
        evidence: row.get(9)?,
        note: row.get(10)?,
        fresh_until: row.get(11)?,
        recorded_at: row.get(12)?,
        recorded_by: row.get(13)?,
    })
}

/// Everything known at an instant about these holders, the newest first, for [`super::resolve`]. The caller has checked that the officer may see
/// it: holders come from a person or a matter within the scope. Where somebody lives whose address is protected is covered here, the one place
/// through which everything known is read.
pub fn known(tx: &mut Tx, holders: &[Holder], known_at: Timestamp) -> Result<Vec<Stored>, Error> {
    let mut facts = Vec::new();
    let people: Vec<Id<Person>> = holders
        .iter()
        .filter_map(|holder| match holder {
            Holder::Person(person) => Some(*person),
            _ => None,
        })
        .collect();
    // What is known of whoever was merged into one of them is known of that one.
    let merged = alias::also(tx, &people, known_at)?;
    let of_several = !merged.is_empty();
    let merged = merged
        .into_iter()
        .map(|(goes, stays)| (Holder::Person(goes), Holder::Person(stays)));
    for (held, holder) in holders.iter().map(|holder| (*holder, *holder)).chain(merged) {
        let (kind, id) = parts(held);
        let rows = tx.query(
            "SELECT id, holder_kind, holder, name, value, from_day, until_day, source, service, evidence, note, fresh_until, recorded_at,
                recorded_by, instead, municipality FROM fact LEFT JOIN protected_person q
                ON q.person = $5 AND q.lifted_at IS NULL WHERE holder = $1 AND holder_kind = $2 AND recorded_at <= $3
             ORDER BY recorded_at DESC, id DESC LIMIT $4",
            vals![id, kind, known_at, MOST, parts(holder).1],
        )?;
        for row in &rows {
            let mut fact = stored(row)?;
            fact.holder = holder;
            if let (Some(instead), true) = (row.get::<Option<String>>(14)?, protection::is_place(&fact.name))
            {
                let municipality: Option<String> = row.get(15)?;
                protection::put(&mut fact.value, &instead, municipality.as_deref());
                // What a paper is called may say as much.
                fact.note = None;
            }
            facts.push(fact);
        }
    }
    if of_several {
        facts.sort_by_key(|fact| std::cmp::Reverse((fact.recorded_at, fact.id)));
    }
    cover_shared(tx, &mut facts, holders)?;
    Ok(facts)
}

/// Places that a household or a claim has are covered where anybody of those asked about together with it is protected.
fn cover_shared(tx: &mut Tx, facts: &mut [Stored], holders: &[Holder]) -> Result<(), Error> {
    let shared =
        |fact: &Stored| !matches!(fact.holder, Holder::Person(_)) && protection::is_place(&fact.name);
    if !facts.iter().any(shared) {
        return Ok(());
    }
    let people: Vec<_> = holders
        .iter()
        .filter_map(|holder| match holder {
            Holder::Person(id) => Some(*id),
            _ => None,
        })
        .collect();
    let veil = protection::veil(tx, &people)?;
    for fact in facts.iter_mut().filter(|fact| shared(fact)) {
        veil.cover_shared(&fact.name, &mut fact.value);
    }
    Ok(())
}

/// The instant of the newest fact about any of these holders; none where nothing is known.
pub fn newest(tx: &mut Tx, holders: &[Holder]) -> Result<Option<Timestamp>, Error> {
    let mut newest = None;
    for holder in holders {
        let (kind, id) = parts(*holder);
        let row = tx.one(
            "SELECT max(recorded_at) FROM fact WHERE holder = $1 AND holder_kind = $2",
            vals![id, kind],
        )?;
        newest = newest.max(row.get::<Option<Timestamp>>(0)?);
    }
    Ok(newest)
}

/// Where people live and how they can be called, by the newest fact of each kind; nothing of those whose address is protected.
pub fn lives(tx: &mut Tx, people: &[Id<Person>]) -> Result<HashMap<Id<Person>, Lives>, Error> {
    const AT_ONCE: usize = 32;
    let mut lives: HashMap<Id<Person>, Lives> = HashMap::with_capacity(people.len());
    let places: Vec<String> = (1..=AT_ONCE).map(|place| format!("${place}")).collect();
    let sql = format!(
        "SELECT holder, name, value FROM fact WHERE holder IN ({}) AND name IN ('{}') AND holder_kind = 'person'
            AND NOT EXISTS (SELECT 1 FROM protected_person q WHERE q.person = holder AND q.lifted_at IS NULL)
         ORDER BY holder, recorded_at, id",
        places.join(", "),
        likeness::TOLD_BY_FACTS.join("', '")
    );
    for some in people.chunks(AT_ONCE) {
        let Some(last) = some.last() else { continue };
        let values: Vec<Val> = some
            .iter()
            .chain(std::iter::repeat(last))
            .take(AT_ONCE)
            .map(|person| Val::from(*person))
            .collect();
        for row in tx.query(&sql, &values)? {
            let name: String = row.get(1)?;
            let Ok(FactValue::Text(text) | FactValue::Code(text)) =
                serde_json::from_str(&row.get::<String>(2)?)
            else {
                continue;
            };
            let told = lives.entry(row.get(0)?).or_default();
            match name.as_str() {
                "address" => told.address = text,
                "municipality" => told.municipality = text,
                _ => told.phone = text,
            }
        }
    }
    Ok(lives)
}

/// How many facts about these holders there are, counting of each as many as [`known`] reads.
pub fn count(tx: &mut Tx, holders: &[Holder]) -> Result<i64, Error> {
    let people: Vec<Id<Person>> = holders
        .iter()
        .filter_map(|holder| match holder {
            Holder::Person(person) => Some(*person),
            _ => None,
        })
        .collect();
    let merged = alias::also(tx, &people, Timestamp::MAX)?;
    let merged = merged.into_iter().map(|(goes, _)| Holder::Person(goes));
    let mut count = 0;
    for holder in holders.iter().copied().chain(merged) {
        let (kind, id) = parts(holder);
        let row = tx.one(
            "SELECT count(*) FROM fact WHERE holder = $1 AND holder_kind = $2",
            vals![id, kind],
        )?;
        count += row.get::<i64>(0)?.min(MOST);
    }
    Ok(count)
}

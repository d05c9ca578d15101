//! The SQL of documents.

use super::{
    model::{self, Stuff},
    sniff::Media,
};
use crate::{
    access::Scope,
    house::House,
    matters, persons,
    problem::Error,
    store::{Row, Tx, Val},
    users, vals,
};
use karton_api::{
    Date, Id, Timestamp,
    documents::{DocumentSummary, DocumentVersion, Doubt, TextProblem, TextState},
    persons::PersonCard,
    value::{self, Document, Officer, Person},
};
use karton_rules::pack::Pack;
use serde::{Serialize, de::DeserializeOwned};
use std::collections::{BTreeSet, HashMap};

/// A code of the contract as it is stored.
pub(super) fn code<T: Serialize>(value: T) -> Result<String, Error> {
    match serde_json::to_value(value).map_err(Error::fault)? {
        serde_json::Value::String(code) => Ok(code),
        other => Err(Error::fault(format!("{other} is no code"))),
    }
}
fn coded<T: DeserializeOwned>(code: Option<String>) -> Result<Option<T>, Error> {
    code.map(|code| serde_json::from_value(serde_json::Value::String(code)).map_err(Error::fault))
        .transpose()
}

/// A document as it is stored, its newest version with it.
#[derive(Debug, Clone)]
pub(super) struct Stored {
    pub(super) id: Id<Document>,
    pub(super) place: i64,
    pub(super) revision: i64,
    pub(super) office: Id<value::Office>,
    pub(super) person: Id<Person>,
    pub(super) matter: Option<Id<value::Matter>>,
    pub(super) decision: Option<Id<value::Decision>>,
    pub(super) evidence: Option<Id<value::Evidence>>,
    pub(super) kind: String,
    pub(super) retention: Option<String>,
    pub(super) title: String,
    pub(super) language: String,
    pub(super) dated_on: Option<Date>,
    pub(super) received_on: Date,
    pub(super) received_from: Option<String>,
    pub(super) filed_at: Timestamp,
    pub(super) newest: DocumentVersion,
}

const VERSION: &str = "v.number, v.hash, v.size, v.media, v.file_name, v.shelf, v.doubt, v.text_state, v.text_problem, v.text_place, \
     v.reason, v.at, v.officer, r.name";
const DOCUMENT: &str = "d.id, d.place, d.revision, d.office, d.person, d.matter, d.decision, d.evidence, d.kind, d.retention, d.title, \
     d.language, d.dated_on, d.received_on, d.received_from, d.filed_at";
/// What [`DOCUMENT`] and [`VERSION`] are read from.
const FROM: &str = "FROM document d JOIN person p ON p.id = d.person
     JOIN document_version v ON v.document = d.id AND v.number = d.version LEFT JOIN officer r ON r.id = v.officer";

fn version(row: &Row, first: usize) -> Result<DocumentVersion, Error> {
    Ok(DocumentVersion {
        number: row.get(first)?,
        sha256: row.get(first + 1)?,
        size: row.get(first + 2)?,
        media_type: row.get(first + 3)?,
        file_name: row.get(first + 4)?,
        shelf: row.get(first + 5)?,
        doubt: coded(row.get(first + 6)?)?,
        text: coded(Some(row.get(first + 7)?))?.unwrap_or(TextState::None),
        text_problem: coded(row.get(first + 8)?)?,
        text_place: row.get(first + 9)?,
        reason: row.get(first + 10)?,
        at: row.get(first + 11)?,
        by: Some(users::officer_as(row.get(first + 12)?, row.get(first + 13)?)),
    })
}

fn document(row: &Row) -> Result<Stored, Error> {
    Ok(Stored {
        id: row.get(0)?,
        place: row.get(1)?,
        revision: row.get(2)?,
        office: row.get(3)?,
        person: row.get(4)?,
        matter: row.get(5)?,
        decision: row.get(6)?,
        evidence: row.get(7)?,
        kind: row.get(8)?,
        retention: row.get(9)?,
        title: row.get(10)?,
        language: row.get(11)?,
        dated_on: row.get(12)?,
        received_on: row.get(13)?,
        received_from: row.get(14)?,
        filed_at: row.get(15)?,
        newest: version(row, 16)?,
    })
}

/// A query over documents that exist for whoever looks; conditions are added with their values.
pub(super) struct Wanted {
    sql: String,
    values: Vec<Val>,
}

impl Wanted {
    /// All documents of dossiers within the scope, those of restricted matters only for whoever is named on them.
    pub(super) fn within(scope: &Scope) -> Wanted {
        let mut values = vec![scope.val()];
        let seen = matters::seen(scope, "d.matter", &mut values);
        let sql = format!(
            "SELECT {DOCUMENT}, {VERSION} {FROM}
             WHERE EXISTS (SELECT 1 FROM office_tree t WHERE t.ancestor = $1 AND t.office = p.office) AND {seen}"
        );
        Wanted { sql, values }
    }
    /// Adds a condition; `{}` in it stands for the value's place.
    pub(super) fn and(mut self, condition: &str, value: impl Into<Val>) -> Wanted {
        self.values.push(value.into());
        let place = format!("${}", self.values.len());
        self.sql.push_str(" AND ");
        self.sql.push_str(&condition.replace("{}", &place));
        self
    }
    /// The same where there is a value.
    pub(super) fn and_where<T: Into<Val>>(self, condition: &str, value: Option<T>) -> Wanted {
        match value {
            Some(value) => self.and(condition, value),
            None => self,
        }
    }
    /// The newest first, after a document where one is named.
    pub(super) fn page(
        self,
        tx: &mut Tx,
        after: Option<Id<Document>>,
        rows: usize,
    ) -> Result<Vec<Stored>, Error> {
        let mut wanted = self.and_where("d.id < {}", after);
        let rows = i64::try_from(rows).unwrap_or(i64::MAX);
        wanted.values.push(rows.into());
        let sql = format!("{} ORDER BY d.id DESC LIMIT ${}", wanted.sql, wanted.values.len());
        tx.query(&sql, &wanted.values)?.iter().map(document).collect()
    }
}

/// A document that exists for whoever looks; [`Error::Missing`] otherwise.
pub(super) fn load(tx: &mut Tx, scope: &Scope, id: Id<Document>) -> Result<Stored, Error> {
    let mut found = Wanted::within(scope).and("d.id = {}", id).page(tx, None, 1)?;
    found.pop().ok_or(Error::Missing)
}

/// All versions of a document, the newest first.
pub(super) fn versions(tx: &mut Tx, id: Id<Document>) -> Result<Vec<DocumentVersion>, Error> {
    let sql = format!(
        "SELECT {VERSION} FROM document_version v LEFT JOIN officer r ON r.id = v.officer WHERE v.document = $1 ORDER BY v.number DESC"
    );
    tx.query(&sql, vals![id])?
        .iter()
        .map(|row| version(row, 0))
        .collect()
}

/// Documents as they travel, with the cards of those they are about.
pub(super) fn summaries(
    tx: &mut Tx,
    house: &House,
    scope: &Scope,
    stored: Vec<Stored>,
) -> Result<Vec<DocumentSummary>, Error> {
    let people: Vec<Id<Person>> = stored
        .iter()
        .map(|it| it.person)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let cards: HashMap<Id<Person>, PersonCard> = persons::store::cards(tx, scope, &people)?
        .into_iter()
        .map(|card| (card.id, card))
        .collect();
    let mut summaries = Vec::with_capacity(stored.len());
    for it in stored {
        let card = cards.get(&it.person).cloned().ok_or(Error::Missing)?;
        summaries.push(summary(house, &house.pack, it, card));
    }
    Ok(summaries)
}

fn summary(house: &House, pack: &Pack, it: Stored, person: PersonCard) -> DocumentSummary {
    let retention = it.retention.as_deref();
    DocumentSummary {
        id: it.id,
        revision: it.revision,
        kind_name: model::kind_name(pack, &it.kind),
        kind: it.kind,
        title: it.title,
        language: it.language,
        dated_on: it.dated_on,
        received_on: it.received_on,
        received_from: it.received_from,
        person,
        matter: it.matter,
        decision: it.decision,
        evidence: it.evidence,
        retention: retention.map(|class| model::retention(pack, class, it.received_on)),
        newest: it.newest,
        filed_at: it.filed_at,
        office: house.offices.to_ref(it.office),
    }
}

/// Writes a new document without versions; `version` is the number of the first, which follows.
pub(super) fn insert(tx: &mut Tx, it: &Stored) -> Result<(), Error> {
    tx.exec(
        "INSERT INTO document (id, place, revision, office, person, matter, decision, evidence, kind, retention, title, language, dated_on,
            received_on, received_from, version, filed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        vals![
            it.id,
            it.place,
            it.revision,
            it.office,
            it.person,
            it.matter,
            it.decision,
            it.evidence,
            &it.kind,
            it.retention.clone(),
            &it.title,
            &it.language,
            it.dated_on,
            it.received_on,
            it.received_from.clone(),
            it.newest.number,
            it.filed_at
        ],
    )?;
    Ok(())
}

/// Replaces what is known about a document where the revision is still the one that was seen; answers whether it was.
pub(super) fn update(tx: &mut Tx, it: &Stored, seen: i64) -> Result<bool, Error> {
    let changed = tx.exec(
        "UPDATE document SET revision = revision + 1, kind = $3, retention = $4, title = $5, language = $6, dated_on = $7, received_on = $8,
            received_from = $9, version = $10, matter = $11, evidence = $12 WHERE id = $1 AND revision = $2",
        vals![
            it.id,
            seen,
            &it.kind,
            it.retention.clone(),
            &it.title,
            &it.language,
            it.dated_on,
            it.received_on,
            it.received_from.clone(),
            it.newest.number,
            it.matter,
            it.evidence
        ],
    )?;
    Ok(changed == 1)
}

/// A version as the contract shows it, made of what it is made of.
pub(super) fn version_of(
    number: u32,
    stuff: &Stuff,
    reason: Option<String>,
    at: Timestamp,
) -> DocumentVersion {
    let (text, text_problem) = stuff.text();
    let mut it = DocumentVersion {
        number,
        sha256: None,
        size: None,
        media_type: None,
        file_name: None,
        shelf: None,
        doubt: None,
        text,
        text_problem,
        text_place: None,
        reason,
        at,
        by: None,
    };
    match stuff {
        Stuff::File {
            hash,
            size,
            media,
            name,
            doubt,
        } => {
            it.sha256 = Some(hash.clone());
            it.size = Some(*size);
            it.media_type = Some(media.name().to_owned());
            it.file_name = Some(name.clone());
            it.doubt = *doubt;
        }
        Stuff::Paper(shelf) => it.shelf = Some(shelf.clone()),
    }
    it
}

/// Adds a version. Versions are only ever added; later only where its text stands changes.
pub(super) fn add_version(
    tx: &mut Tx,
    document: Id<Document>,
    it: &DocumentVersion,
    officer: Id<Officer>,
) -> Result<(), Error> {
    let size = it.size.and_then(|size| i64::try_from(size).ok());
    tx.exec(
        "INSERT INTO document_version (document, number, hash, size, media, file_name, shelf, doubt, text_state, text_problem, text_place,
            reason, at, officer) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        vals![
            document,
            it.number,
            it.sha256.clone(),
            size,
            it.media_type.clone(),
            it.file_name.clone(),
            it.shelf.clone(),
            it.doubt.map(code).transpose()?,
            code(it.text)?,
            it.text_problem.map(code).transpose()?,
            it.text_place.clone(),
            it.reason.clone(),
            it.at,
            officer
        ],
    )?;
    Ok(())
}

/// Notes where the text of a version stands.
pub(super) fn set_text(
    tx: &mut Tx,
    document: Id<Document>,
    number: u32,
    state: TextState,
    problem: Option<TextProblem>,
    place: Option<String>,
) -> Result<(), Error> {
    tx.exec(
        "UPDATE document_version SET text_state = $3, text_problem = $4, text_place = $5 WHERE document = $1 AND number = $2",
        vals![
            document,
            number,
            code(state)?,
            problem.map(code).transpose()?,
            place
        ],
    )?;
    Ok(())
}

/// The text that was read of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Text {
    pub(super) text: String,
    pub(super) encoding: Option<String>,
    pub(super) cut: bool,
}

/// The text kept for a version; nothing where there is none.
pub(super) fn text(tx: &mut Tx, document: Id<Document>, number: u32) -> Result<Option<Text>, Error> {
    let row = tx.opt(
        "SELECT text, encoding, cut FROM document_text WHERE document = $1 AND version = $2",
        vals![document, number],
    )?;
    row.map(|row| {
        Ok(Text {
            text: row.get(0)?,
            encoding: row.get(1)?,
            cut: row.get(2)?,
        })
    })
    .transpose()
}

/// Keeps what a document is found by: its title, its file's name and its text.
pub(super) fn index(tx: &mut Tx, it: &Stored, text: &Text) -> Result<(), Error> {
    let name = it.newest.file_name.as_deref().unwrap_or_default();
    let words = model::words([it.title.as_str(), name, text.text.as_str()]);
    tx.exec(
        "INSERT INTO document_text (place, document, version, text, encoding, cut, words) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (place) DO UPDATE SET version = excluded.version, text = excluded.text, encoding = excluded.encoding,
            cut = excluded.cut, words = excluded.words",
        vals![
            it.place,
            it.id,
            it.newest.number,
            &text.text,
            text.encoding.clone(),
            text.cut,
            words
        ],
    )?;
    Ok(())
}

/// An upload that waits to be filed.
#[derive(Debug, Clone)]
pub(super) struct Upload {
    pub(super) id: Id<value::Upload>,
    pub(super) officer: Id<Officer>,
    pub(super) hash: String,
    pub(super) size: u64,
    pub(super) media: Media,
    pub(super) doubt: Option<Doubt>,
}

/// An upload by its id.
pub(super) fn upload(tx: &mut Tx, id: Id<value::Upload>) -> Result<Option<Upload>, Error> {
    let sql = "SELECT id, officer, hash, size, media, doubt FROM document_upload WHERE id = $1";
    let Some(row) = tx.opt(sql, vals![id])? else {
        return Ok(None);
    };
    Ok(Some(Upload {
        id: row.get(0)?,
        officer: row.get(1)?,
        hash: row.get(2)?,
        size: row.get(3)?,
        media: Media::named(&row.get::<String>(4)?),
        doubt: coded(row.get(5)?)?,
    }))
}

/// Writes an upload.
pub(super) fn insert_upload(tx: &mut Tx, it: &Upload, now: Timestamp) -> Result<(), Error> {
    tx.exec(
        "INSERT INTO document_upload (id, officer, hash, size, media, doubt, at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        vals![
            it.id,
            it.officer,
            &it.hash,
            i64::try_from(it.size).unwrap_or(i64::MAX),
            it.media.name(),
            it.doubt.map(code).transpose()?,
            now
        ],
    )?;
    Ok(())
}

/// Forgets an upload that is filed now. `false` where a sweep was faster: its bytes may be on their way out, and it must not be filed.
pub(super) fn end_upload(tx: &mut Tx, id: Id<value::Upload>) -> Result<bool, Error> {
    Ok(tx.exec("DELETE FROM document_upload WHERE id = $1", vals![id])? == 1)
}

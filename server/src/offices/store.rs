use super::Office;
use crate::{
    access::Actor,
    audit::{self, Entry},
    clock::Clock,
    problem::Error,
    store::{Migration, Store, Tx},
    vals,
};
use karton_api::{Id, value};
use karton_rules::pack::OfficeRow;
use std::{collections::HashMap, sync::Arc};

/// The tree. `office_tree` holds every office with each office above it and with itself.
pub const MIGRATION: Migration = Migration::both(
    30,
    "offices",
    "CREATE TABLE office (
        id {ID} PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL, kind TEXT NOT NULL,
        parent {ID} REFERENCES office (id), municipality TEXT
    );
    CREATE TABLE office_tree (
        ancestor {ID} NOT NULL REFERENCES office (id), office {ID} NOT NULL REFERENCES office (id), PRIMARY KEY (ancestor, office)
    );
    CREATE INDEX office_tree_up ON office_tree (office, ancestor)",
);

/// What an administrator keeps of an office.
pub const PLACES: Migration = Migration::both(
    201,
    "addresses of offices, and closed ones",
    "ALTER TABLE office ADD COLUMN revision BIGINT NOT NULL DEFAULT 1;
    ALTER TABLE office ADD COLUMN address TEXT;
    ALTER TABLE office ADD COLUMN phone TEXT;
    ALTER TABLE office ADD COLUMN closed_on BIGINT",
);

/// Writes those of the pack's offices that the store does not have yet, with one entry, and says how many there were. Those there are
/// stay as they are. Refuses a tree with an office whose parent is missing, or with a circle.
pub async fn seed(store: &Store, clock: &Clock, rows: &[OfficeRow]) -> Result<usize, Error> {
    let now = clock.now();
    let rows: Arc<Vec<(Id<value::Office>, OfficeRow)>> =
        Arc::new(rows.iter().map(|row| (clock.id(), row.clone())).collect());
    store
        .write(move |tx| {
            let mut ids: HashMap<String, Id<value::Office>> = HashMap::new();
            for office in load(tx)? {
                ids.insert(office.code, office.id);
            }
            let mut missing: Vec<_> = rows
                .iter()
                .filter(|(_, row)| !ids.contains_key(&row.code))
                .collect();
            let all = missing.len();
            while !missing.is_empty() {
                let before = missing.len();
                let mut left = Vec::new();
                for entry in missing {
                    let (id, row) = entry;
                    let parent = match row.parent.as_ref().map(|code| ids.get(code).copied()) {
                        Some(None) => {
                            left.push(entry);
                            continue;
                        }
                        Some(parent) => parent,
                        None => None,
                    };
                    insert(tx, *id, row, parent)?;
                    ids.insert(row.code.clone(), *id);
                }
                if left.len() == before {
                    let codes: Vec<_> = left.iter().map(|(_, row)| row.code.as_str()).collect();
                    return Err(Error::fault(format!(
                        "no office stands above {}",
                        codes.join(", ")
                    )));
                }
                missing = left;
            }
            let top = tx.opt(
                "SELECT id FROM office WHERE parent IS NULL ORDER BY code LIMIT 1",
                &[],
            )?;
            if let Some(top) = top.filter(|_| all > 0) {
                let actor = Actor {
                    officer: None,
                    office: top.get(0)?,
                };
                audit::append(tx, actor, now, &Entry::of("offices-seeded").value("count", all))?;
            }
            Ok(all)
        })
        .await
}

pub(super) fn insert(
    tx: &mut Tx,
    id: Id<value::Office>,
    row: &OfficeRow,
    parent: Option<Id<value::Office>>,
) -> Result<(), Error> {
    let name = serde_json::to_string(&row.name).map_err(Error::fault)?;
    tx.exec(
        "INSERT INTO office (id, code, name, kind, parent, municipality, address, phone) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        vals![
            id,
            &row.code,
            name,
            &row.kind,
            parent,
            row.municipality.clone(),
            row.more.get("address").filter(|text| !text.is_empty()).cloned(),
            row.more.get("phone").filter(|text| !text.is_empty()).cloned(),
        ],
    )?;
    tx.exec(
        "INSERT INTO office_tree (ancestor, office) VALUES ($1, $1)",
        vals![id],
    )?;
    if let Some(parent) = parent {
        tx.exec(
            "INSERT INTO office_tree (ancestor, office) SELECT ancestor, $1 FROM office_tree WHERE office = $2",
            vals![id, parent],
        )?;
    }
    Ok(())
}

/// All offices, by code.
pub fn load(tx: &mut Tx) -> Result<Vec<Office>, Error> {
    let rows = tx.query(
        "SELECT id, code, name, kind, parent, municipality, address, phone, closed_on, revision FROM office ORDER BY code",
        &[],
    )?;
    let mut offices = Vec::new();
    for row in rows {
        let name: String = row.get(2)?;
        offices.push(Office {
            id: row.get(0)?,
            code: row.get(1)?,
            name: serde_json::from_str(&name).map_err(Error::fault)?,
            kind: row.get(3)?,
            parent: row.get(4)?,
            municipality: row.get(5)?,
            address: row.get(6)?,
            phone: row.get(7)?,
            closed_on: row.get(8)?,
            revision: row.get(9)?,
        });
    }
    Ok(offices)
}

/// Writes what an administrator may change; answers whether the revision was still the one that was seen.
pub(super) fn update(tx: &mut Tx, office: &Office) -> Result<bool, Error> {
    let name = serde_json::to_string(&office.name).map_err(Error::fault)?;
    let changed = tx.exec(
        "UPDATE office SET name = $2, address = $3, phone = $4, closed_on = $5, revision = $6 WHERE id = $1 AND revision = $6 - 1",
        vals![
            office.id,
            name,
            office.address.clone(),
            office.phone.clone(),
            office.closed_on,
            office.revision
        ],
    )?;
    Ok(changed == 1)
}

/// Whether work is open in an office, or an office below it is open.
pub(super) fn in_use(tx: &mut Tx, id: Id<value::Office>) -> Result<bool, Error> {
    for sql in [
        "SELECT 1 FROM step_run WHERE office = $1 AND state IN ('open', 'started') LIMIT 1",
        "SELECT 1 FROM office WHERE parent = $1 AND closed_on IS NULL LIMIT 1",
    ] {
        if tx.opt(sql, vals![id])?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

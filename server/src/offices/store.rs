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

fn insert(
    tx: &mut Tx,
    id: Id<value::Office>,
    row: &OfficeRow,
    parent: Option<Id<value::Office>>,
) -> Result<(), Error> {
    let name = serde_json::to_string(&row.name).map_err(Error::fault)?;
    tx.exec(
        "INSERT INTO office (id, code, name, kind, parent, municipality) VALUES ($1, $2, $3, $4, $5, $6)",
        vals![id, &row.code, name, &row.kind, parent, row.municipality.clone()],
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
        "SELECT id, code, name, kind, parent, municipality FROM office ORDER BY code",
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
        });
    }
    Ok(offices)
}

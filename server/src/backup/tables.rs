//! The tables of a database as the database itself knows them.

use super::{BackupError, LEFT_OUT};
use crate::{
    store::{Dialect, StoreError, Tx},
    vals,
};
use std::collections::BTreeSet;

/// A table whose rows are copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) name: String,
    /// Those that hold what was written; what the database works out by itself is left out.
    pub(super) columns: Vec<String>,
    /// Places of the primary key's columns, in the key's order.
    pub(super) key: Vec<usize>,
    /// Tables its rows refer to, each with the constraint's name where the engine gives it one.
    refers: Vec<(String, String)>,
}

/// A reference that a row may hold to one that is written after it: its table and its constraint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ahead {
    pub(super) table: String,
    pub(super) constraint: String,
}

/// All tables in an order in which rows find those they refer to, and the references for which there is no such order: a table's to itself,
/// and those in a circle.
pub(super) fn all(tx: &mut Tx) -> Result<(Vec<Table>, Vec<Ahead>), BackupError> {
    let mut tables = Vec::new();
    for name in names(tx)? {
        if LEFT_OUT.contains(&name.as_str()) {
            continue;
        }
        let (columns, key) = columns(tx, &name)?;
        if key.is_empty() {
            return Err(BackupError::NoKey(name));
        }
        let refers = references(tx, &name)?;
        tables.push(Table {
            name,
            columns,
            key,
            refers,
        });
    }
    Ok(ordered(tables))
}

/// Names of all ordinary tables, by name.
pub(super) fn names(tx: &mut Tx) -> Result<Vec<String>, StoreError> {
    // What an engine keeps for its full-text index (virtual and shadow tables) follows from other rows.
    let sql = match tx.dialect() {
        Dialect::Sqlite => {
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        }
        Dialect::Postgres => {
            "SELECT c.relname::text FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
             ORDER BY 1"
        }
    };
    let rows = tx.query(sql, &[])?;
    rows.iter().map(|row| row.get(0)).collect()
}

fn columns(tx: &mut Tx, table: &str) -> Result<(Vec<String>, Vec<usize>), StoreError> {
    let sql = match tx.dialect() {
        Dialect::Sqlite => "SELECT name, pk FROM pragma_table_info($1) ORDER BY cid",
        // Other types than the store's own four belong to the engine, as a vector of words does.
        Dialect::Postgres => {
            "SELECT a.attname::text, coalesce(k.place, 0) FROM pg_class c
             JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
             LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
             LEFT JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k (att, place) ON k.att = a.attnum
             WHERE c.relnamespace = current_schema()::regnamespace AND c.relname = $1
               AND a.atttypid IN ('bigint'::regtype, 'text'::regtype, 'uuid'::regtype, 'bytea'::regtype)
             ORDER BY a.attnum"
        }
    };
    let mut columns = Vec::new();
    let mut key = Vec::new();
    for row in tx.query(sql, vals![table])? {
        let place: i64 = row.get(1)?;
        if place > 0 {
            key.push((place, columns.len()));
        }
        columns.push(row.get(0)?);
    }
    key.sort_unstable();
    Ok((columns, key.into_iter().map(|(_, column)| column).collect()))
}

fn references(tx: &mut Tx, table: &str) -> Result<Vec<(String, String)>, StoreError> {
    let sql = match tx.dialect() {
        Dialect::Sqlite => "SELECT DISTINCT \"table\", '' FROM pragma_foreign_key_list($1)",
        Dialect::Postgres => {
            "SELECT f.relname::text, r.conname::text FROM pg_constraint r JOIN pg_class c ON c.oid = r.conrelid
             JOIN pg_class f ON f.oid = r.confrelid
             WHERE r.contype = 'f' AND c.relnamespace = current_schema()::regnamespace AND c.relname = $1"
        }
    };
    let rows = tx.query(sql, vals![table])?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

fn ordered(mut left: Vec<Table>) -> (Vec<Table>, Vec<Ahead>) {
    let (mut order, mut ahead) = (Vec::with_capacity(left.len()), Vec::new());
    let mut done: BTreeSet<String> = BTreeSet::new();
    while !left.is_empty() {
        let free = left.iter().position(|table| {
            table
                .refers
                .iter()
                .all(|(to, _)| *to == table.name || done.contains(to))
        });
        // In a circle somebody has to go first.
        let table = left.remove(free.unwrap_or(0));
        for (to, constraint) in &table.refers {
            if !done.contains(to) {
                ahead.push(Ahead {
                    table: table.name.clone(),
                    constraint: constraint.clone(),
                });
            }
        }
        done.insert(table.name.clone());
        order.push(table);
    }
    (order, ahead)
}

/// A name as it stands in a statement.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Names of columns as they stand in a statement.
pub(super) fn list<'a>(names: impl IntoIterator<Item = &'a String>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| quoted(name)).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_find_those_they_refer_to_and_circles_are_named() {
        let table = |name: &str, refers: &[&str]| Table {
            name: name.into(),
            columns: Vec::new(),
            key: Vec::new(),
            refers: refers
                .iter()
                .map(|to| ((*to).to_owned(), format!("{name}_{to}")))
                .collect(),
        };
        let (order, ahead) = ordered(vec![
            table("a", &["c"]),
            table("b", &["a", "b"]),
            table("c", &[]),
            table("x", &["y"]),
            table("y", &["x"]),
        ]);
        let names: Vec<&str> = order.iter().map(|table| table.name.as_str()).collect();
        assert_eq!(names, ["c", "a", "b", "x", "y"]);
        let constraints: Vec<&str> = ahead.iter().map(|ahead| ahead.constraint.as_str()).collect();
        assert_eq!(constraints, ["b_b", "x_y"]);
    }
}

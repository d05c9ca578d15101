//! Many rows of one table in few statements.

use super::{Dialect, StoreError, Tx, Val};
use std::fmt::Write as _;

/// Rows in one statement on PostgreSQL, which is a trip away; what remains goes in eights and then one by one, so that only three texts are
/// prepared.
const AT_ONCE: &[usize] = &[64, 8, 1];
/// SQLite is at hand: one row a statement costs the least, since a statement of several rows can fail half way and keeps a journal of its
/// own, and its values are found by name.
const ONE_BY_ONE: &[usize] = &[1];

/// Writes rows of `width` values each: `head` is `INSERT INTO table (columns)`, `tail` what follows the values (`ON CONFLICT …`).
/// Writes nothing where there are no values; refuses values that make no whole row.
pub fn insert_many(
    tx: &mut Tx,
    head: &str,
    width: usize,
    values: Vec<Val>,
    tail: &str,
) -> Result<(), StoreError> {
    if width == 0 || !values.len().is_multiple_of(width) {
        return Err(StoreError::Db(format!(
            "{} values do not make rows of {width}",
            values.len()
        )));
    }
    let mut rest = values.as_slice();
    let at_once = match tx.dialect() {
        Dialect::Sqlite => ONE_BY_ONE,
        Dialect::Postgres => AT_ONCE,
    };
    for rows in at_once.iter().copied() {
        if rest.len() < rows * width {
            continue;
        }
        let sql = text(head, width, rows, tail);
        while let Some((now, later)) = rest.split_at_checked(rows * width) {
            tx.exec(&sql, now)?;
            rest = later;
        }
    }
    Ok(())
}

fn text(head: &str, width: usize, rows: usize, tail: &str) -> String {
    let mut sql = format!("{head} VALUES ");
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { "), (" });
        for column in 0..width {
            let comma = if column == 0 { "" } else { ", " };
            // Writing to a String cannot fail.
            let _ = write!(sql, "{comma}${}", row * width + column + 1);
        }
    }
    sql.push_str(") ");
    sql.push_str(tail);
    sql
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Migration;
    use crate::store::testing::on_both_with;

    #[tokio::test]
    async fn any_number_of_rows_is_written_once_each() {
        let table = Migration::both(
            900,
            "rows",
            "CREATE TABLE thing (n BIGINT PRIMARY KEY, name TEXT NOT NULL)",
        );
        on_both_with(&[table], async |store| {
            let written = store
                .write(|tx: &mut Tx| {
                    let mut all = 0;
                    for (first, count) in [(0, 0), (1_000, 1), (2_000, 7), (3_000, 8), (4_000, 139)] {
                        let values = (first..first + count)
                            .flat_map(|n: i64| [Val::from(n), Val::from("x")])
                            .collect();
                        insert_many(tx, "INSERT INTO thing (n, name)", 2, values, "")?;
                        all += count;
                    }
                    let there: i64 = tx.one("SELECT count(*) FROM thing", &[])?.get(0)?;
                    assert_eq!(there, all);
                    let odd = insert_many(tx, "INSERT INTO thing (n, name)", 2, vec![Val::Int(1)], "");
                    assert!(matches!(odd, Err(StoreError::Db(_))));
                    Ok::<_, StoreError>(all)
                })
                .await;
            assert_eq!(written, Ok(155));
        })
        .await;
    }
}

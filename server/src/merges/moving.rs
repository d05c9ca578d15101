//! What a merge moves, and what stands against it.

use crate::{
    awards,
    persons::{self, alias},
    problem::Error,
    protection,
    store::Tx,
    vals,
};
use karton_api::{
    Date, Id, Timestamp,
    problem::FieldError,
    value::{Household, Merge, Person},
};
use karton_rules::pack::Pack;

/// Rows that point at a person and move with a merge: table and column, each with an id of its own. What is not here stays with the one who
/// goes: cards and what stood on them, words of names, former numbers, facts (told of the one who stays by [`alias`]), questions to registers,
/// the log, protections (which stand against a merge), pairs. A test holds this list against the schema.
pub const MOVED: [(&str, &str); 12] = [
    ("amendment", "person"),
    ("application", "about"),
    ("application", "applicant"),
    ("award", "about"),
    ("award", "beneficiary"),
    ("care", "carer"),
    ("care", "person"),
    ("case_person", "person"),
    ("document", "person"),
    ("lodging", "applicant"),
    ("matter", "person"),
    ("social_case", "person"),
];

/// Columns that name a person and stay, or are seen to by [`merge`] in another way.
#[cfg(test)]
pub const STAYS: &[(&str, &str)] = &[
    ("household_member", "person"),
    ("likeness_pair", "one"),
    ("likeness_pair", "other"),
    ("merge", "goes"),
    ("merge", "stays"),
    // What was told to others was told of the one who goes.
    ("notice", "person"),
    ("person_alias", "goes"),
    ("person_alias", "stays"),
    ("person_correction", "person"),
    ("person_former_number", "person"),
    ("protected_person", "person"),
    ("protection", "person"),
    // Raised of the one who goes, perhaps beside the same of the one who stays.
    ("raised_signal", "person"),
    ("transfer", "person"),
];

/// What stands against merging two people, each named; empty where nothing does.
pub(super) fn in_the_way(
    tx: &mut Tx,
    pack: &Pack,
    (goes, stays): (Id<Person>, Id<Person>),
    (today, now): (Date, Timestamp),
) -> Result<Vec<FieldError>, Error> {
    let mut found = Vec::new();
    let mut add = |code: &str, message: String| {
        found.push(FieldError {
            pointer: "/into".into(),
            code: code.into(),
            message,
        });
    };
    let (theirs, ours) = (running(tx, goes, today)?, running(tx, stays, today)?);
    for one in &theirs {
        for other in &ours {
            if excludes(pack, one, other, (goes, stays)) {
                let says = format!(
                    "awards that cannot be held together: {} ({}) and {} ({}); end one of them first",
                    one.benefit, one.number, other.benefit, other.number
                );
                add("awards-exclude", says);
            }
        }
    }
    // The same asked for by both, or by somebody on account of both.
    let handled = "a.state IN ('lodged', 'recommended', 'returned') AND b.state IN ('lodged', 'recommended', 'returned')";
    let rows = tx.query(
        &format!(
            "SELECT a.benefit, a.number, b.number FROM application a JOIN application b ON b.applicant = $2 AND b.benefit = a.benefit
             WHERE a.applicant = $1 AND {handled} AND (a.about = b.about OR (a.about IS NULL AND b.about IS NULL))
             UNION
             SELECT a.benefit, a.number, b.number FROM application a
                JOIN application b ON b.about = $2 AND b.benefit = a.benefit AND b.applicant = a.applicant
             WHERE a.about = $1 AND {handled} ORDER BY 1, 2, 3"
        ),
        vals![goes, stays],
    )?;
    for (benefit, one, other) in twice_on_account(tx, (goes, stays), today)? {
        add(
            "awards-exclude",
            format!("{benefit} is granted on account of both: {one} and {other}; end one of them first"),
        );
    }
    for row in &rows {
        let benefit: String = row.get(0)?;
        let numbers: [Option<String>; 2] = [row.get(1)?, row.get(2)?];
        let [one, other] = numbers.map(Option::unwrap_or_default);
        add(
            "applications-running",
            format!("{benefit} is asked for twice: {one} and {other}; decide or withdraw one of them first"),
        );
    }
    if protection::is_protected(tx, goes)? || protection::is_protected(tx, stays)? {
        add(
            "protected-address",
            "the address of one of the two is protected; the protection has to be ended before the dossiers are merged".into(),
        );
    }
    let waiting = "SELECT count(*) FROM transfer WHERE person IN ($1, $2) AND answered_at IS NULL";
    if tx.one(waiting, vals![goes, stays])?.get::<i64>(0)? > 0 {
        add(
            "transfer-waiting",
            "one of the two dossiers is on its way to another office; that has to be answered first".into(),
        );
    }
    for (code, says) in households(tx, (goes, stays), (today, now))? {
        add(code, says.into());
    }
    Ok(found)
}

/// An award that runs on a day or begins later.
struct Running {
    benefit: String,
    /// Of its decision.
    number: String,
    /// On whose account.
    about: Option<Id<Person>>,
}

fn running(tx: &mut Tx, person: Id<Person>, today: Date) -> Result<Vec<Running>, Error> {
    let rows = tx.query(
        "SELECT benefit, decision_number, about FROM award
         WHERE beneficiary = $1 AND per <> 'once' AND (ends IS NULL OR ends > $2) ORDER BY benefit, id",
        vals![person, today],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Running {
                benefit: row.get(0)?,
                number: row.get::<Option<String>>(1)?.unwrap_or_else(|| "–".into()),
                about: row.get(2)?,
            })
        })
        .collect()
}

/// The same right on account of both, held by one person: benefit and the decisions' numbers.
fn twice_on_account(
    tx: &mut Tx,
    (goes, stays): (Id<Person>, Id<Person>),
    today: Date,
) -> Result<Vec<(String, String, String)>, Error> {
    let rows = tx.query(
        "SELECT a.benefit, a.decision_number, b.decision_number FROM award a
            JOIN award b ON b.about = $2 AND b.benefit = a.benefit AND b.beneficiary = a.beneficiary
         WHERE a.about = $1 AND a.per <> 'once' AND (a.ends IS NULL OR a.ends > $3) AND b.per <> 'once'
            AND (b.ends IS NULL OR b.ends > $3) ORDER BY a.benefit, a.id, b.id LIMIT 20",
        vals![goes, stays, today],
    )?;
    let number = |number: Option<String>| number.unwrap_or_else(|| "–".into());
    rows.iter()
        .map(|row| Ok((row.get(0)?, number(row.get(1)?), number(row.get(2)?))))
        .collect()
}

/// Whether two awards cannot be one person's: the same on the same account, or what a pack keeps apart. The same for another child is another right.
fn excludes(pack: &Pack, one: &Running, other: &Running, (goes, stays): (Id<Person>, Id<Person>)) -> bool {
    let as_merged = |about: Option<Id<Person>>| about.map(|id| if id == goes { stays } else { id });
    if one.benefit == other.benefit {
        return as_merged(one.about) == as_merged(other.about);
    }
    pack.benefit(&one.benefit)
        .is_some_and(|benefit| awards::excluded(pack, benefit, &other.benefit))
}

/// A membership that counts.
struct Membership {
    row: Id<Household>,
    household: Id<Household>,
    relationship: String,
    from: Date,
    until: Option<Date>,
}

impl Membership {
    fn overlaps(&self, other: &Membership) -> bool {
        self.until.is_none_or(|until| other.from < until) && other.until.is_none_or(|until| self.from < until)
    }
    fn lasts(&self, today: Date) -> bool {
        self.until.is_none_or(|until| until > today)
    }
}

fn memberships(tx: &mut Tx, person: Id<Person>) -> Result<Vec<Membership>, Error> {
    let rows = tx.query(
        "SELECT id, household, relationship, from_day, until_day FROM household_member
         WHERE person = $1 AND replaced_at IS NULL ORDER BY from_day, id",
        vals![person],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Membership {
                row: row.get(0)?,
                household: row.get(1)?,
                relationship: row.get(2)?,
                from: row.get(3)?,
                until: row.get(4)?,
            })
        })
        .collect()
}

/// Nobody lives in two households, and none loses its head by a merge.
fn households(
    tx: &mut Tx,
    (goes, stays): (Id<Person>, Id<Person>),
    (today, _): (Date, Timestamp),
) -> Result<Vec<(&'static str, &'static str)>, Error> {
    let mut found = Vec::new();
    let ours = memberships(tx, stays)?;
    for theirs in memberships(tx, goes)?.iter().filter(|it| it.lasts(today)) {
        let Some(clash) = ours.iter().find(|it| it.overlaps(theirs)) else {
            continue;
        };
        let others: i64 = tx
            .one(
                "SELECT count(*) FROM household_member WHERE household = $1 AND person <> $2 AND person <> $3 AND replaced_at IS NULL
                    AND (until_day IS NULL OR until_day > $4)",
                vals![theirs.household, goes, stays, today],
            )?
            .get(0)?;
        if clash.household != theirs.household && others > 0 {
            found.push((
                "two-households",
                "both live in a household with other people; join or split the households first",
            ));
        } else if clash.household == theirs.household && theirs.relationship == "self" && others > 0 {
            found.push((
                "head-goes",
                "the one who goes is the head of the household of both: merge the other way round, or name another head first",
            ));
        }
    }
    Ok(found)
}

fn remember(
    tx: &mut Tx,
    merge: Id<Merge>,
    place: &str,
    row: impl Into<crate::store::Val>,
) -> Result<(), Error> {
    tx.exec(
        "INSERT INTO merge_row (merge, place, row_id) VALUES ($1, $2, $3)",
        &[merge.into(), place.into(), row.into()],
    )?;
    Ok(())
}

/// Moves what there is of the one who goes, and remembers each row.
pub(super) fn merge(
    tx: &mut Tx,
    it: Id<Merge>,
    (goes, stays): (Id<Person>, Id<Person>),
    now: Timestamp,
    mut new_id: impl FnMut() -> Id<Household>,
) -> Result<usize, Error> {
    let mut moved = 0;
    for (table, column) in MOVED {
        let rows = tx.query(
            &format!("SELECT id FROM {table} WHERE {column} = $1 ORDER BY id"),
            vals![goes],
        )?;
        for row in &rows {
            let id: uuid::Uuid = row.get(0)?;
            tx.exec(
                &format!("UPDATE {table} SET {column} = $2 WHERE id = $1"),
                vals![id, stays],
            )?;
            remember(tx, it, &format!("{table}.{column}"), id)?;
            moved += 1;
        }
    }
    // Whoever must not work on the one who goes must not work on the one who stays.
    let officers = tx.query(
        "SELECT officer, kind FROM officer_person WHERE person = $1 AND officer NOT IN
            (SELECT officer FROM officer_person WHERE person = $2) ORDER BY officer",
        vals![goes, stays],
    )?;
    for row in &officers {
        let (officer, kind): (uuid::Uuid, String) = (row.get(0)?, row.get(1)?);
        tx.exec(
            "INSERT INTO officer_person (officer, person, kind) VALUES ($1, $2, $3)",
            vals![officer, stays, kind],
        )?;
        remember(tx, it, "officer_person", officer)?;
    }
    let ours = memberships(tx, stays)?;
    for theirs in memberships(tx, goes)? {
        tx.exec(
            "UPDATE household_member SET replaced_at = $2, reason = 'merged' WHERE id = $1",
            vals![theirs.row, now],
        )?;
        remember(tx, it, "household_member", theirs.row)?;
        if !ours.iter().any(|it| it.overlaps(&theirs)) {
            let row = new_id();
            copy(tx, theirs.row, (row, stays), now)?;
            remember(tx, it, "household_member.new", row)?;
        }
        changed(tx, theirs.household)?;
        moved += 1;
    }
    for before in alias::merged(tx, goes)? {
        remember(tx, it, "person.merged_into", before)?;
    }
    alias::merge(tx, goes, stays, now)?;
    Ok(moved)
}

/// Writes a membership anew, for a person, as known from now on.
fn copy(
    tx: &mut Tx,
    from: Id<Household>,
    (row, person): (Id<Household>, Id<Person>),
    now: Timestamp,
) -> Result<(), Error> {
    tx.exec(
        "INSERT INTO household_member (id, household, person, relationship, from_day, until_day, recorded_at)
         SELECT $2, household, $3, relationship, from_day, until_day, $4 FROM household_member WHERE id = $1",
        vals![from, row, person, now],
    )?;
    Ok(())
}

fn changed(tx: &mut Tx, household: Id<Household>) -> Result<(), Error> {
    tx.exec(
        "UPDATE household SET revision = revision + 1 WHERE id = $1",
        vals![household],
    )?;
    Ok(())
}

fn remembered<T: crate::store::FromVal>(tx: &mut Tx, it: Id<Merge>, place: &str) -> Result<Vec<T>, Error> {
    tx.query(
        "SELECT row_id FROM merge_row WHERE merge = $1 AND place = $2 ORDER BY row_id",
        vals![it, place],
    )?
    .iter()
    .map(|row| Ok(row.get(0)?))
    .collect()
}

/// Gives back every row that was moved. What came to the one who stays since the merge stays there.
pub(super) fn undo(
    tx: &mut Tx,
    it: Id<Merge>,
    (goes, stays): (Id<Person>, Id<Person>),
    now: Timestamp,
    mut new_id: impl FnMut() -> Id<Household>,
) -> Result<usize, Error> {
    let mut moved = 0;
    for (table, column) in MOVED {
        for id in remembered::<uuid::Uuid>(tx, it, &format!("{table}.{column}"))? {
            tx.exec(
                &format!("UPDATE {table} SET {column} = $2 WHERE id = $1"),
                vals![id, goes],
            )?;
            moved += 1;
        }
    }
    for officer in remembered::<uuid::Uuid>(tx, it, "officer_person")? {
        tx.exec(
            "DELETE FROM officer_person WHERE officer = $1 AND person = $2",
            vals![officer, stays],
        )?;
    }
    for row in remembered::<Id<Household>>(tx, it, "household_member.new")? {
        tx.exec(
            "UPDATE household_member SET replaced_at = $2, reason = 'unmerged' WHERE id = $1 AND replaced_at IS NULL",
            vals![row, now],
        )?;
    }
    for row in remembered::<Id<Household>>(tx, it, "household_member")? {
        copy(tx, row, (new_id(), goes), now)?;
        let household = tx.one("SELECT household FROM household_member WHERE id = $1", vals![row])?;
        changed(tx, household.get(0)?)?;
        moved += 1;
    }
    let before: Vec<Id<Person>> = remembered(tx, it, "person.merged_into")?;
    alias::unmerge(tx, goes, &before, now)?;
    persons::likeness::mark(tx, [goes, stays])?;
    Ok(moved)
}

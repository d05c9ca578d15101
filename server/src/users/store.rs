use super::model::Roles;
use crate::{
    access::{Scope, role_name, role_named},
    problem::{Error, Refusal},
    store::{Row, Tx},
    vals,
};
use karton_api::{Id, Timestamp, common::OfficerRef, session::Role, value::Officer};

/// An officer's account.
#[derive(Debug, Clone)]
pub struct Account {
    /// Who.
    pub id: Id<Officer>,
    /// The account's name, folded.
    pub account: String,
    /// The officer's name.
    pub name: String,
    /// The hash of the password.
    pub(super) password: String,
    /// The password must be changed first.
    pub must_change: bool,
    /// Cannot sign in.
    pub disabled: bool,
    /// Grows with each change.
    pub revision: i64,
    /// The last sign-in.
    pub signed_in_at: Option<Timestamp>,
    /// Roles in offices.
    pub(super) roles: Roles,
}

const COLUMNS: &str =
    "o.id, o.account, o.name, o.password, o.must_change, o.disabled, o.revision, o.signed_in_at";

fn read(tx: &mut Tx, row: &Row) -> Result<Account, Error> {
    let id: Id<Officer> = row.get(0)?;
    let mut roles = Roles::new();
    for row in tx.query(
        "SELECT office, role FROM officer_role WHERE officer = $1",
        vals![id],
    )? {
        let name: String = row.get(1)?;
        roles.insert((
            row.get(0)?,
            role_named(&name).ok_or_else(|| Error::fault(format!("there is no role {name}")))?,
        ));
    }
    Ok(Account {
        id,
        account: row.get(1)?,
        name: row.get(2)?,
        password: row.get(3)?,
        must_change: row.get(4)?,
        disabled: row.get(5)?,
        revision: row.get(6)?,
        signed_in_at: row.get(7)?,
        roles,
    })
}

/// The account with this id.
pub fn load(tx: &mut Tx, id: Id<Officer>) -> Result<Account, Error> {
    let row = tx.opt(
        &format!("SELECT {COLUMNS} FROM officer o WHERE o.id = $1"),
        vals![id],
    )?;
    read(tx, &row.ok_or(Error::Missing)?)
}

/// The account of this name, folded.
pub fn by_name(tx: &mut Tx, account: &str) -> Result<Option<Account>, Error> {
    let row = tx.opt(
        &format!("SELECT {COLUMNS} FROM officer o WHERE o.account = $1"),
        vals![account],
    )?;
    row.map(|row| read(tx, &row)).transpose()
}

/// Accounts with roles within the scope, and those without any, by name after `after`.
pub(super) fn list(tx: &mut Tx, scope: &Scope, after: &str, limit: usize) -> Result<Vec<Account>, Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM officer o WHERE o.account > $1 AND (
            NOT EXISTS (SELECT 1 FROM officer_role r WHERE r.officer = o.id)
            OR EXISTS (SELECT 1 FROM officer_role r JOIN office_tree t ON t.office = r.office WHERE r.officer = o.id AND t.ancestor = $2)
         ) ORDER BY o.account LIMIT $3"
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = tx.query(&sql, vals![after, scope.val(), limit])?;
    rows.iter().map(|row| read(tx, row)).collect()
}

/// Whether all offices of these roles lie within the scope.
pub(super) fn within(tx: &mut Tx, scope: &Scope, roles: &Roles) -> Result<bool, Error> {
    for (office, _) in roles {
        let sql = "SELECT 1 FROM office_tree t WHERE t.ancestor = $1 AND t.office = $2";
        if tx.opt(sql, vals![scope.val(), *office])?.is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Writes a new account. Refuses with `UserTaken`.
pub(super) fn insert(tx: &mut Tx, account: &Account, now: Timestamp) -> Result<(), Error> {
    let made = tx.exec(
        "INSERT INTO officer (id, account, name, password, must_change, disabled, revision, opened_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (account) DO NOTHING",
        vals![
            account.id,
            &account.account,
            &account.name,
            &account.password,
            account.must_change,
            account.disabled,
            account.revision,
            now
        ],
    )?;
    if made == 0 {
        return Err(Refusal::UserTaken.into());
    }
    set_roles(tx, account.id, &account.roles)
}

/// Writes a changed account, its revision already grown.
pub(super) fn update(tx: &mut Tx, account: &Account) -> Result<(), Error> {
    let changed = tx.exec(
        "UPDATE officer SET name = $2, password = $3, must_change = $4, disabled = $5, revision = $6
         WHERE id = $1 AND revision = $6 - 1",
        vals![
            account.id,
            &account.name,
            &account.password,
            account.must_change,
            account.disabled,
            account.revision
        ],
    )?;
    if changed == 0 {
        return Err(Error::Changed(load(tx, account.id)?.revision));
    }
    set_roles(tx, account.id, &account.roles)
}

fn set_roles(tx: &mut Tx, officer: Id<Officer>, roles: &Roles) -> Result<(), Error> {
    tx.exec("DELETE FROM officer_role WHERE officer = $1", vals![officer])?;
    for (office, role) in roles {
        let sql = "INSERT INTO officer_role (officer, office, role) VALUES ($1, $2, $3)";
        tx.exec(sql, vals![officer, *office, role_name(*role)])?;
    }
    Ok(())
}

/// Whether somebody who can sign in is an administrator.
pub(super) fn has_admin(tx: &mut Tx) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM officer_role r JOIN officer o ON o.id = r.officer WHERE r.role = $1 AND o.disabled = 0 LIMIT 1";
    Ok(tx.opt(sql, vals![role_name(Role::Admin)])?.is_some())
}

/// Whether there is any account.
pub(super) fn has_any(tx: &mut Tx) -> Result<bool, Error> {
    Ok(tx.opt("SELECT 1 FROM officer LIMIT 1", &[])?.is_some())
}

/// Notes a sign-in.
pub(super) fn signed_in(tx: &mut Tx, id: Id<Officer>, now: Timestamp) -> Result<(), Error> {
    tx.exec(
        "UPDATE officer SET signed_in_at = $2 WHERE id = $1",
        vals![id, now],
    )?;
    Ok(())
}

/// An officer in short, as it travels. What the system did by itself bears the nil id and the system's name.
pub fn officer_ref(tx: &mut Tx, officer: Option<Id<Officer>>) -> Result<OfficerRef, Error> {
    let name = match officer {
        None => None,
        Some(id) => tx.opt("SELECT name FROM officer WHERE id = $1", vals![id])?,
    };
    let name = name.map(|row| row.get(0)).transpose()?;
    Ok(officer_as(officer, name))
}

/// The same where the name has been read already.
pub fn officer_as(officer: Option<Id<Officer>>, name: Option<String>) -> OfficerRef {
    match officer {
        None => OfficerRef {
            id: Id::from_uuid(uuid::Uuid::nil()),
            name: "Karton".into(),
        },
        Some(id) => OfficerRef {
            id,
            name: name.unwrap_or_default(),
        },
    }
}

/// Whether steps or drafts of an officer are open. It only asks whether: what they are is the business of rooms above, which know more of it
/// than this one may.
pub(super) fn has_open_work(tx: &mut Tx, officer: Id<Officer>) -> Result<bool, Error> {
    for sql in [
        // What is restricted does not exist for whoever closes the account: those who are named see that it waits.
        "SELECT 1 FROM step_run s WHERE s.assigned_to = $1 AND s.state IN ('open', 'started')
            AND NOT EXISTS (SELECT 1 FROM restricted_matter r WHERE r.matter = s.matter) LIMIT 1",
        "SELECT 1 FROM application WHERE opened_by = $1 AND state = 'draft' LIMIT 1",
    ] {
        if !tx.query(sql, vals![officer])?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

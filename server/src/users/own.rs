//! Nobody works on their own or their declared relatives' dossier.

use crate::{
    problem::{Error, Refusal},
    store::{Migration, Tx},
    vals,
};
use karton_api::{
    Id,
    session::Role,
    value::{Office, Officer, Person},
};

/// People an officer must not work on: `self`, or a declared `relative`.
pub const MIGRATION: Migration = Migration::both(
    45,
    "officers' own dossiers and those of their relatives",
    "CREATE TABLE officer_person (
        officer {ID} NOT NULL REFERENCES officer (id), person {ID} NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('self', 'relative')), PRIMARY KEY (officer, person)
    );",
);

/// Whose dossier it is to the officer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kin {
    /// The officer's own.
    Own,
    /// A declared relative's.
    Relative,
}

/// Notes that a dossier is the officer's own or a declared relative's.
pub fn declare(tx: &mut Tx, officer: Id<Officer>, person: Id<Person>, kin: Kin) -> Result<(), Error> {
    let kind = match kin {
        Kin::Own => "self",
        Kin::Relative => "relative",
    };
    tx.exec(
        "INSERT INTO officer_person (officer, person, kind) VALUES ($1, $2, $3)
         ON CONFLICT (officer, person) DO UPDATE SET kind = excluded.kind",
        vals![officer, person, kind],
    )?;
    Ok(())
}

/// Refuses with `OwnDossier` where one of these people is the officer or a declared relative.
pub fn not_own(tx: &mut Tx, officer: Id<Officer>, people: &[Id<Person>]) -> Result<(), Error> {
    for person in people {
        if tx
            .opt(
                "SELECT 1 FROM officer_person WHERE officer = $1 AND person = $2",
                vals![officer, *person],
            )?
            .is_some()
        {
            return Err(Refusal::OwnDossier.into());
        }
    }
    Ok(())
}

/// Whether an officer has one of these roles in an office or in one above it.
pub fn works_in(
    tx: &mut Tx,
    officer: Id<Officer>,
    office: Id<Office>,
    roles: &[Role],
) -> Result<bool, Error> {
    let rows = tx.query(
        "SELECT r.role FROM officer_role r JOIN office_tree t ON t.ancestor = r.office AND t.office = $2
         JOIN officer o ON o.id = r.officer WHERE r.officer = $1 AND o.disabled = 0",
        vals![officer, office],
    )?;
    for row in &rows {
        let role = crate::access::role_named(&row.get::<String>(0)?);
        if role.is_some_and(|role| roles.contains(&role)) {
            return Ok(true);
        }
    }
    Ok(false)
}

//! The organisations that awards are paid to. What stands here is what was decided: a later change of the organisation's account changes no award.

use crate::{
    access::Scope,
    problem::Error,
    store::{Tx, Val},
    vals,
};
use karton_api::{
    Date, Id,
    organisations::{Payee, PayeeRole},
    value::{Award, Organisation, Person},
};

const fn role_name(role: PayeeRole) -> &'static str {
    match role {
        PayeeRole::Applicant => "applicant",
        PayeeRole::Provider => "provider",
    }
}

/// Writes whom an award is paid to.
pub fn insert_payee(tx: &mut Tx, award: Id<Award>, it: &Payee) -> Result<(), Error> {
    tx.exec(
        "INSERT INTO award_payee (award, organisation, role, details) VALUES ($1, $2, $3, $4)",
        vals![
            award,
            it.organisation.id,
            role_name(it.role),
            serde_json::to_string(it).map_err(Error::fault)?
        ],
    )?;
    Ok(())
}

/// The organisation an award is paid to; nothing where it is paid to the beneficiary.
pub fn payee_of(tx: &mut Tx, award: Id<Award>) -> Result<Option<Payee>, Error> {
    let row = tx.opt("SELECT details FROM award_payee WHERE award = $1", vals![award])?;
    row.map(|row| serde_json::from_str(&row.get::<String>(0)?).map_err(Error::fault))
        .transpose()
}

/// Ids of awards within the scope that are paid to an organisation, after that one.
pub(super) fn paid_to(
    tx: &mut Tx,
    scope: &Scope,
    organisation: Id<Organisation>,
    after: Option<Id<Award>>,
    limit: usize,
) -> Result<Vec<Id<Award>>, Error> {
    let after = after.unwrap_or(Id::from_uuid(uuid::Uuid::nil()));
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = tx.query(
        "SELECT a.id FROM award_payee p JOIN award a ON a.id = p.award WHERE p.organisation = $2 AND p.award > $3
            AND EXISTS (SELECT 1 FROM office_tree t WHERE t.ancestor = $1 AND t.office = a.office) ORDER BY p.award LIMIT $4",
        vals![scope.val(), organisation, after, limit],
    )?;
    rows.iter().map(|row| Ok(row.get(0)?)).collect()
}

/// Whether what an organisation asks for on account of a person stands already on the day `from` or later: its own right for the same person (and
/// the same `about`), or anybody's right on account of `about` for another person.
pub fn held_by(
    tx: &mut Tx,
    (organisation, person): (Id<Organisation>, Id<Person>),
    about: Option<Id<Person>>,
    benefit: &str,
    from: Date,
) -> Result<bool, Error> {
    let mut values: Vec<Val> = vals![benefit, from, person, organisation].to_vec();
    let (same, other) = match about {
        None => ("", ""),
        Some(about) => {
            values.push(about.into());
            (
                " AND (a.about IS NULL OR a.about = $5)",
                " OR (a.about = $5 AND a.beneficiary <> $3)",
            )
        }
    };
    let sql = format!(
        "SELECT 1 FROM award a LEFT JOIN award_payee p ON p.award = a.id AND p.role = 'applicant'
         WHERE a.benefit = $1 AND (a.ends IS NULL OR a.ends > $2)
            AND ((a.beneficiary = $3 AND p.organisation = $4{same}){other}) LIMIT 1"
    );
    Ok(!tx.query(&sql, &values)?.is_empty())
}

use crate::{access::ROLES, offices::Offices, problem::Error};
use karton_api::{
    Id,
    problem::FieldError,
    session::Role,
    users::{NewUser, OfficeRoles},
    value::Office,
};
use std::collections::BTreeSet;

/// Roles in offices, sorted and each once.
pub(super) type Roles = BTreeSet<(Id<Office>, Role)>;

/// An account's name as it is stored and compared: in small letters.
pub fn fold_account(text: &str) -> String {
    text.trim().to_lowercase()
}

fn wrong(pointer: &str, code: &str, message: &str) -> FieldError {
    FieldError {
        pointer: pointer.into(),
        code: code.into(),
        message: message.into(),
    }
}

/// What is typed for a new account, checked: its folded name, the officer's name, the roles.
pub(super) fn check_new(offices: &Offices, body: &NewUser) -> Result<(String, String, Roles), Error> {
    let mut errors = Vec::new();
    let account = fold_account(&body.user);
    let length = account.chars().count();
    if !(2..=64).contains(&length) {
        errors.push(wrong(
            "/user",
            "length",
            "An account's name has 2 to 64 characters.",
        ));
    } else if !account
        .chars()
        .all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'))
    {
        errors.push(wrong(
            "/user",
            "characters",
            "Letters, digits, `.`, `-` and `_` only.",
        ));
    }
    let name = check_name(&body.name)
        .map_err(|error| errors.push(error))
        .unwrap_or_default();
    let roles = check_roles(offices, &body.roles)
        .map_err(|found| errors.extend(found))
        .unwrap_or_default();
    if errors.is_empty() {
        Ok((account, name, roles))
    } else {
        Err(Error::Invalid(errors))
    }
}

/// An officer's name: free text on one line.
pub(super) fn check_name(name: &str) -> Result<String, FieldError> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 200 {
        return Err(wrong("/name", "length", "A name has 1 to 200 characters."));
    }
    if name.chars().any(char::is_control) {
        return Err(wrong(
            "/name",
            "characters",
            "A name stands on one line, without control characters.",
        ));
    }
    Ok(name.to_owned())
}

/// Roles by office, each office known and with at least one role.
pub(super) fn check_roles(offices: &Offices, given: &[OfficeRoles]) -> Result<Roles, Vec<FieldError>> {
    let (mut roles, mut errors) = (Roles::new(), Vec::new());
    for (index, entry) in given.iter().enumerate() {
        match offices.by_code(&entry.office) {
            None => errors.push(wrong(
                &format!("/roles/{index}/office"),
                "unknown",
                "There is no office with this code.",
            )),
            Some(_) if entry.roles.is_empty() => {
                errors.push(wrong(
                    &format!("/roles/{index}/roles"),
                    "empty",
                    "At least one role is needed.",
                ));
            }
            Some(office) => roles.extend(entry.roles.iter().map(|role| (office.id, *role))),
        }
    }
    if errors.is_empty() { Ok(roles) } else { Err(errors) }
}

/// Roles by office as they travel, offices by code.
pub(super) fn show_roles(offices: &Offices, roles: &Roles) -> Vec<OfficeRoles> {
    let mut shown: Vec<OfficeRoles> = Vec::new();
    for (office, _) in roles {
        let code = offices.to_ref(*office).code;
        if shown.iter().all(|entry| entry.office != code) {
            let has = |role: &Role| roles.contains(&(*office, *role));
            shown.push(OfficeRoles {
                office: code,
                roles: ROLES.iter().copied().filter(has).collect(),
            });
        }
    }
    shown.sort_by(|a, b| a.office.cmp(&b.office));
    shown
}

//! What a registration must satisfy. Pure.

use crate::{problem::Error, search::tokens};
use karton_api::{
    Date,
    persons::{Name, NationalId, RegisterPerson},
    problem::FieldError,
};
use karton_rules::{
    id_number::{self, Sex},
    pack::Pack,
};

/// Whether a code stands in one of the pack's lists.
pub fn known_code(pack: &Pack, list: &str, code: &str) -> bool {
    match list {
        "municipalities" => pack.municipalities.iter().any(|row| row.code == code),
        "offices" => pack.offices.iter().any(|row| row.code == code),
        list => pack
            .codes
            .get(list)
            .is_some_and(|list| list.entry(code).is_some()),
    }
}

/// The longest name taken, in characters, for each of its parts.
pub(super) const LONGEST_NAME: usize = 300;
/// So many people found to be others are taken in one request.
pub(super) const MOST_OTHERS: usize = 50;
/// Nobody alive was born before.
const OLDEST_BIRTH: Date = jiff::civil::date(1850, 1, 1);

/// A registration whose fields agree with each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Without spaces around it; otherwise as the person writes it.
    pub name: Name,
    /// With its check digit right.
    pub national_id: Option<NationalId>,
    /// From the field or the number.
    pub birth_date: Option<Date>,
    /// Code of the list `sexes`, from the field or the number.
    pub sex: Option<String>,
}

fn wrong(pointer: &str, code: &str, message: impl Into<String>) -> FieldError {
    FieldError {
        pointer: pointer.into(),
        code: code.into(),
        message: message.into(),
    }
}

/// A name of at least one word in some script; any length up to [`LONGEST_NAME`] a part; control characters are kept, they are shown
/// visibly everywhere.
pub fn check_name(name: &Name, pointer: &str) -> Result<Name, FieldError> {
    let name = Name {
        given: name.given.trim().to_owned(),
        family: name.family.trim().to_owned(),
    };
    for (part, text) in [("given", &name.given), ("family", &name.family)] {
        if text.chars().count() > LONGEST_NAME {
            let says = format!("at most {LONGEST_NAME} characters are kept here");
            return Err(wrong(&format!("{pointer}/{part}"), "too-long", says));
        }
    }
    if tokens(&name.given).is_empty() && tokens(&name.family).is_empty() {
        return Err(wrong(
            pointer,
            "empty",
            "write a given or a family name: at least one word",
        ));
    }
    Ok(name)
}

/// Checks a national number and answers what it says about its bearer.
pub(super) fn check_number(
    pack: &Pack,
    id: &NationalId,
    pointer: &str,
) -> Result<(NationalId, id_number::IdNumber), FieldError> {
    let scheme = pack
        .country
        .id_schemes
        .iter()
        .find(|scheme| scheme.code == id.scheme)
        .ok_or_else(|| {
            wrong(
                &format!("{pointer}/scheme"),
                "unknown",
                "this country has no such scheme of numbers",
            )
        })?;
    let number = id.number.trim();
    if number.is_empty() || number.chars().count() > 50 {
        return Err(wrong(
            &format!("{pointer}/number"),
            "length",
            "write the number, or leave it out",
        ));
    }
    let told = id_number::check(scheme.check, number)
        .map_err(|error| wrong(&format!("{pointer}/number"), "national-id", error.to_string()))?;
    Ok((
        NationalId {
            scheme: scheme.code.clone(),
            number: number.to_owned(),
        },
        told,
    ))
}

/// The code of the list `sexes` for what a number says.
fn sex_code(sex: Sex) -> &'static str {
    match sex {
        Sex::Male => "m",
        Sex::Female => "f",
    }
}

/// A birth or death date between 1850 and today.
pub(super) fn check_day(day: Date, today: Date, pointer: &str) -> Result<(), FieldError> {
    if day > today {
        return Err(wrong(pointer, "future", "this day has not come yet"));
    }
    if day < OLDEST_BIRTH {
        return Err(wrong(pointer, "too-early", "this day is too long ago"));
    }
    Ok(())
}

/// Checks a registration as a whole: every field, and what the number says against what is typed.
pub fn check_registration(pack: &Pack, body: &RegisterPerson, today: Date) -> Result<Checked, Error> {
    let mut errors = Vec::new();
    let mut keep = |result: Result<(), FieldError>| {
        if let Err(error) = result {
            errors.push(error);
        }
    };
    let mut checked = Checked {
        name: body.name.clone(),
        national_id: None,
        birth_date: body.birth_date,
        sex: body.sex.clone(),
    };
    match check_name(&body.name, "/name") {
        Ok(name) => checked.name = name,
        Err(error) => keep(Err(error)),
    }
    if let Some(day) = body.birth_date {
        keep(check_day(day, today, "/birth_date"));
    }
    if let Some(sex) = &body.sex
        && !known_code(pack, "sexes", sex)
    {
        keep(Err(wrong(
            "/sex",
            "unknown",
            "this is no code of the list `sexes`",
        )));
    }
    if let Some(id) = &body.national_id {
        match check_number(pack, id, "/national_id") {
            Ok((id, told)) => {
                if let Some(born) = told.born_on {
                    keep(check_day(born, today, "/national_id/number"));
                    match body.birth_date {
                        Some(typed) if typed != born => {
                            keep(Err(wrong(
                                "/birth_date",
                                "differs",
                                format!("the number says {born}"),
                            )));
                        }
                        _ => checked.birth_date = Some(born),
                    }
                }
                if let Some(sex) = told.sex.map(sex_code) {
                    match &body.sex {
                        Some(typed) if typed != sex => {
                            keep(Err(wrong("/sex", "differs", "the number says otherwise")));
                        }
                        _ => checked.sex = Some(sex.to_owned()),
                    }
                }
                checked.national_id = Some(id);
            }
            Err(error) => keep(Err(error)),
        }
    }
    if let Some(code) = &body.municipality
        && !known_code(pack, "municipalities", code)
    {
        keep(Err(wrong(
            "/municipality",
            "unknown",
            "this is no code of the list `municipalities`",
        )));
    }
    if let Some(address) = &body.address
        && address.chars().count() > LONGEST_NAME
    {
        keep(Err(wrong(
            "/address",
            "too-long",
            format!("at most {LONGEST_NAME} characters are kept here"),
        )));
    }
    if body.not_the_same_as.len() > MOST_OTHERS {
        keep(Err(wrong("/not_the_same_as", "too-many", "at most 50")));
    }
    if errors.is_empty() {
        Ok(checked)
    } else {
        Err(Error::Invalid(errors))
    }
}

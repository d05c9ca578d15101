//! What may be written of an organisation. Pure.

use karton_api::{
    organisations::{KeepOrganisation, ProviderEntry},
    persons::NationalId,
    problem::FieldError,
};
use karton_rules::{
    lang::Type,
    organisation_number,
    pack::{HolderKind, Pack, SubjectKind},
};

/// An organisation whose every field has been looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// As it is registered.
    pub name: String,
    /// The number it is registered by.
    pub number: NationalId,
    /// Where letters go.
    pub address: String,
    /// Where it is paid.
    pub account: Option<String>,
    /// How it is reached.
    pub phone: Option<String>,
    /// A natural person in business.
    pub sole_trader: bool,
}

fn wrong(pointer: &str, code: &str, message: impl Into<String>) -> FieldError {
    FieldError {
        pointer: pointer.to_owned(),
        code: code.to_owned(),
        message: message.into(),
    }
}

fn plain(text: &str) -> bool {
    !text.chars().any(char::is_control)
}

/// Looks at every field; all that is wrong is said at once.
pub fn check(pack: &Pack, body: &KeepOrganisation) -> Result<Checked, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut text = |pointer: &str, given: &str, least: usize| {
        let given = given.trim().to_owned();
        if !(least..=200).contains(&given.chars().count()) || !plain(&given) {
            let message = format!("Write {least} to 200 characters of plain text.");
            errors.push(wrong(pointer, "length", message));
        }
        given
    };
    let name = text("/name", &body.name, 2);
    let address = text("/address", &body.address, 3);
    let phone = body
        .phone
        .as_deref()
        .map(str::trim)
        .filter(|phone| !phone.is_empty());
    let phone = phone.map(|phone| text("/phone", phone, 1));
    let account = body.account.as_deref().map(str::trim).filter(|it| !it.is_empty());
    let account = account.map(|account| text("/account", account, 1));
    let check = pack
        .fact(HolderKind::Claim, "account")
        .and_then(|fact| fact.check);
    if let (Some(account), Some(check)) = (&account, check)
        && let Err(message) = check.passes(account)
    {
        errors.push(wrong("/account", "account", message));
    }
    let number = body.number.number.trim().to_owned();
    let scheme = pack
        .country
        .organisation_schemes
        .iter()
        .find(|scheme| scheme.code == body.number.scheme);
    match scheme {
        None => errors.push(wrong(
            "/number/scheme",
            "unknown",
            "This country has no such scheme of numbers of organisations.",
        )),
        Some(_) if number.is_empty() || number.chars().count() > 50 || !plain(&number) => {
            errors.push(wrong("/number/number", "length", "Write the number."));
        }
        Some(scheme) => {
            if let Err(error) = organisation_number::check(scheme.check, &number) {
                errors.push(wrong("/number/number", "number", error.to_string()));
            }
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok(Checked {
        name,
        number: NationalId {
            scheme: body.number.scheme.clone(),
            number,
        },
        address,
        account,
        phone,
        sole_trader: body.sole_trader,
    })
}

/// Looks at an entry of a register of providers.
pub(super) fn check_entry(pack: &Pack, body: &ProviderEntry) -> Result<ProviderEntry, Vec<FieldError>> {
    let mut errors = Vec::new();
    let register = pack.own_registers.iter().find(|one| one.id == body.register);
    let register = register.filter(|one| {
        one.sections
            .iter()
            .any(|section| section.of != SubjectKind::Person)
    });
    let field = register.and_then(|one| one.fields.iter().find(|field| field.name == "service"));
    match field.map(|field| &field.ty) {
        Some(Type::Code(list)) => {
            let there = pack
                .codes
                .get(&**list)
                .and_then(|codes| codes.entry(&body.service));
            if there.is_none() {
                errors.push(wrong("/service", "unknown", "The register has no such service."));
            }
        }
        _ => errors.push(wrong(
            "/register",
            "unknown",
            "There is no such register of providers.",
        )),
    }
    let contract = body.contract.trim().to_owned();
    if !(1..=100).contains(&contract.chars().count()) || !plain(&contract) {
        let message = "Name the contract or licence in 1 to 100 characters.";
        errors.push(wrong("/contract", "length", message));
    }
    if !crate::facts::values::plausible(body.from) {
        errors.push(wrong(
            "/from",
            "range",
            "This day is out of the calendar that is kept.",
        ));
    }
    if let Some(until) = body.until
        && (until <= body.from || !crate::facts::values::plausible(until))
    {
        errors.push(wrong("/until", "range", "It ends after its first day."));
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok(ProviderEntry {
        contract,
        ..body.clone()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pack() -> Pack {
        Pack::load(&crate::pack::files("me").unwrap()).unwrap()
    }
    fn body() -> KeepOrganisation {
        KeepOrganisation {
            name: " „Primorac gradnja“ d.o.o. ".into(),
            number: NationalId {
                scheme: "pib".into(),
                number: "02999021".into(),
            },
            address: "Ulica maslina 3, Bar".into(),
            account: None,
            phone: Some(" ".into()),
            sole_trader: false,
        }
    }
    fn codes(body: &KeepOrganisation) -> Vec<(String, String)> {
        let errors = check(&pack(), body).unwrap_err();
        errors.into_iter().map(|it| (it.pointer, it.code)).collect()
    }

    #[test]
    fn what_is_right_is_trimmed_and_what_is_wrong_is_named_at_its_field() {
        let good = check(&pack(), &body()).unwrap();
        assert_eq!(
            (good.name.as_str(), good.phone),
            ("„Primorac gradnja“ d.o.o.", None)
        );
        let mut bad = body();
        bad.name = "x".into();
        bad.address = "a\u{0}bc".into();
        bad.number.number = "02999022".into();
        bad.account = Some("ME25505000012345678952".into());
        let said = codes(&bad);
        for expected in [
            ("/name", "length"),
            ("/address", "length"),
            ("/number/number", "number"),
            ("/account", "account"),
        ] {
            let (pointer, code) = expected;
            assert!(said.contains(&(pointer.into(), code.into())), "{said:?}");
        }
        let mut other = body();
        other.number.scheme = "jmbg".into();
        assert_eq!(
            codes(&other),
            [("/number/scheme".to_owned(), "unknown".to_owned())]
        );
    }

    #[test]
    fn an_entry_names_a_register_of_providers_and_a_service_of_it() {
        let entry = |register: &str, service: &str| ProviderEntry {
            register: register.into(),
            service: service.into(),
            contract: "12/2024".into(),
            from: jiff::civil::date(2024, 9, 1),
            until: None,
        };
        let pack = pack();
        assert!(check_entry(&pack, &entry("paid-providers", "transport")).is_ok());
        let code = |entry: &ProviderEntry| check_entry(&pack, entry).unwrap_err()[0].pointer.clone();
        assert_eq!(code(&entry("paid-providers", "flights")), "/service");
        assert_eq!(code(&entry("guardians", "transport")), "/register");
        let mut short = entry("paid-providers", "transport");
        short.until = Some(short.from);
        assert_eq!(code(&short), "/until");
    }
}

//! Texts of the dictionary and of registers that carry check digits.

use crate::{
    account, id_number,
    organisation_number::{self, Check},
};

/// A check that a text may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextCheck {
    /// A bank account: an IBAN, or 18 digits as they are written at home.
    Account,
    /// An IBAN.
    Iban,
    /// A number of a person.
    Person(id_number::Scheme),
    /// A number of an organisation.
    Organisation(Check),
}

impl TextCheck {
    /// What packs may write.
    pub const NAMES: [&'static str; 9] = [
        "account", "iban", "jmbg", "cnp", "rnokpp", "unzr", "pib", "cui", "edrpou",
    ];

    /// As packs write it.
    pub fn parse(text: &str) -> Option<TextCheck> {
        match text {
            "account" => Some(TextCheck::Account),
            "iban" => Some(TextCheck::Iban),
            "pib" => Some(TextCheck::Organisation(Check::Pib)),
            "cui" => Some(TextCheck::Organisation(Check::Cui)),
            "edrpou" => Some(TextCheck::Organisation(Check::Edrpou)),
            "none" => None,
            other => id_number::Scheme::parse(other).map(TextCheck::Person),
        }
    }

    /// Whether a text passes; refuses with what is wrong with it.
    pub fn passes(self, text: &str) -> Result<(), String> {
        const NO_ACCOUNT: &str = "this is no account: its check digits are not right, or digits are missing";
        let account = |passes: bool| passes.then_some(()).ok_or_else(|| NO_ACCOUNT.to_owned());
        match self {
            TextCheck::Account => account(account::is_account(text)),
            TextCheck::Iban => account(account::is_iban(text)),
            TextCheck::Person(scheme) => id_number::check(scheme, text.trim())
                .map(drop)
                .map_err(|wrong| wrong.to_string()),
            TextCheck::Organisation(check) => {
                organisation_number::check(check, text.trim()).map_err(|wrong| wrong.to_string())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_a_check_and_says_what_is_wrong() {
        for name in TextCheck::NAMES {
            let check = TextCheck::parse(name).unwrap();
            assert!(
                check
                    .passes("12 not a number")
                    .is_err_and(|said| !said.is_empty()),
                "{name}"
            );
        }
        assert_eq!(TextCheck::parse("none"), None);
        assert_eq!(TextCheck::parse("luhn"), None);
        let unzr = TextCheck::parse("unzr").unwrap();
        assert_eq!(unzr.passes(" 19910824-00026 "), Ok(()));
        assert!(unzr.passes("19910824-00025").unwrap_err().contains("mistyped"));
    }
}

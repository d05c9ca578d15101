//! Bank accounts: whether their check digits are right.
//!
//! An account of Montenegro has 18 digits: three of the bank, thirteen of the account, two of control (ISO 7064 MOD 97-10), written as one
//! likes with dashes and spaces; or it is an IBAN (ISO 13616) of the country, `ME` with two digits before the same 18.

use serde::{Deserialize, Serialize};

/// A check that a text of the dictionary may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Check {
    /// A bank account.
    Account,
}

impl Check {
    /// As packs write it.
    pub fn parse(text: &str) -> Option<Check> {
        (text == "account").then_some(Check::Account)
    }
    /// Whether a text passes.
    pub fn passes(self, text: &str) -> bool {
        match self {
            Check::Account => is_account(text),
        }
    }
}

/// Whether this is an account of 18 digits, or an IBAN, with right check digits.
pub fn is_account(text: &str) -> bool {
    let bare: String = text
        .chars()
        .filter(|c| !matches!(c, ' ' | '-'))
        .map(|c| c.to_ascii_uppercase())
        .collect();
    match bare.strip_prefix("ME") {
        None => bare.len() == 18 && remainder(&bare) == Some(1),
        Some(rest) if rest.len() == 20 && rest.bytes().all(|b| b.is_ascii_digit()) => {
            let (control, account) = rest.split_at(2);
            // `ME` counts as 22 14 and stands behind with the check digits.
            remainder(&format!("{account}2214{control}")) == Some(1) && is_account(account)
        }
        Some(_) => false,
    }
}

/// A number of any length modulo 97; nothing where it is none.
fn remainder(digits: &str) -> Option<u32> {
    digits
        .chars()
        .try_fold(0, |so_far, c| Some((so_far * 10 + c.to_digit(10)?) % 97))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_are_those_of_mod_97() {
        // Made up: control = 98 - (first 16 digits followed by 00) mod 97.
        let control = |first: &str| 98 - remainder(&format!("{first}00")).unwrap();
        let first = "5100000000012345";
        let account = format!("{first}{:02}", control(first));
        assert!(is_account(&account));
        assert!(is_account(&format!(
            "{}-{}-{}",
            &account[..3],
            &account[3..16],
            &account[16..]
        )));
        let iban = 98 - remainder(&format!("{account}221400")).unwrap();
        assert!(is_account(&format!("ME{iban:02} {account}")));
        assert!(!is_account(&format!("ME{:02}{account}", iban % 97 + 1)));
        for at in 0..18 {
            let mut other: Vec<char> = account.chars().collect();
            other[at] = char::from_digit((other[at].to_digit(10).unwrap() + 1) % 10, 10).unwrap();
            assert!(!is_account(&other.into_iter().collect::<String>()), "digit {at}");
        }
        for wrong in [
            "",
            "1",
            "510-1-2",
            "ME",
            "ME25",
            "not an account",
            "51000000000123456789",
            "\u{0661}",
        ] {
            assert!(!is_account(wrong), "{wrong}");
        }
    }
}

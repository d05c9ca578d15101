//! Bank accounts: whether their check digits are right.
//!
//! An account is an IBAN (ISO 13616) of any country: two letters of the country, two digits of control (ISO 7064 MOD 97-10) and up to 30
//! letters and digits. Some countries also write accounts at home as digits alone, of which the last two are of control by the same rule
//! (18 of them in the countries of former Yugoslavia). Both are written as one likes, with dashes and spaces.

/// Lengths of IBANs, both included: those of Norway and Malta.
const IBAN_LENGTHS: std::ops::RangeInclusive<usize> = 15..=34;
/// How many digits an account has that is written without its country.
const AT_HOME: usize = 18;

/// Whether this is an account of 18 digits, or an IBAN, with right check digits.
pub fn is_account(text: &str) -> bool {
    let bare = bare(text);
    if bare.bytes().all(|b| b.is_ascii_digit()) {
        return bare.len() == AT_HOME && remainder(&bare) == Some(1);
    }
    is_iban(text)
}

/// Whether this is an IBAN with right check digits.
pub fn is_iban(text: &str) -> bool {
    let bare = bare(text);
    let shape = bare.is_ascii() && IBAN_LENGTHS.contains(&bare.len());
    let Some((head, rest)) = bare.split_at_checked(4).filter(|_| shape) else {
        return false;
    };
    let (country, control) = head.split_at(2);
    if !country.bytes().all(|b| b.is_ascii_uppercase()) || !control.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    // A letter counts as two digits, from 10 for A on; the head stands behind.
    let mut digits = String::new();
    for c in rest.chars().chain(head.chars()) {
        match c.to_digit(36) {
            Some(value) => digits.push_str(&value.to_string()),
            None => return false,
        }
    }
    remainder(&digits) == Some(1)
}

fn bare(text: &str) -> String {
    let written = text.chars().filter(|c| !matches!(c, ' ' | '-'));
    written.map(|c| c.to_ascii_uppercase()).collect()
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

    #[test]
    fn ibans_of_any_country_are_read_letters_too() {
        // Examples of the registry of IBANs (SWIFT).
        for good in [
            "RO49 AAAA 1B31 0075 9384 0000",
            "UA213223130000026007233566001",
            "NO93 8601 1117 947",
            "MT84MALT011000012345MTLCAST001S",
        ] {
            assert!(is_iban(good) && is_account(good), "{good}");
        }
        for wrong in [
            "RO48AAAA1B31007593840000",
            "RO49AAAA1B3100759384000",
            "49ROAAAA1B31007593840000",
            "RO49",
            "RO49ĂAAA1B31007593840000",
        ] {
            assert!(!is_iban(wrong), "{wrong}");
        }
        assert!(!is_iban("510000000001234590"), "digits alone are no IBAN");
    }
}

//! Which new passwords are taken.

use crate::problem::{Error, Refusal};

/// Words that everybody tries first, with whatever figures around them.
const COMMON: &[&str] = &[
    "password",
    "passwort",
    "passw",
    "lozinka",
    "sifra",
    "šifra",
    "qwerty",
    "qwertz",
    "qwertyuiop",
    "qwertzuiop",
    "asdfgh",
    "asdfghjkl",
    "yxcvbnm",
    "zxcvbnm",
    "abcdef",
    "abcdefgh",
    "abcdefghijkl",
    "abc",
    "admin",
    "administrator",
    "karton",
    "welcome",
    "dobrodosli",
    "dobrodošli",
    "letmein",
    "letmeinplease",
    "iloveyou",
    "volimte",
    "monkey",
    "dragon",
    "football",
    "fudbal",
    "sunshine",
    "princess",
    "princeza",
    "crnagora",
    "montenegro",
    "podgorica",
    "niksic",
    "nikšić",
    "budva",
    "centar",
    "socijalnirad",
    "socijalno",
    "ministarstvo",
    "jugoslavija",
    "partizan",
    "zvezda",
    "crvenazvezda",
    "superman",
    "trustno",
    "changeme",
    "promijeni",
    "promijenime",
    "test",
    "testtest",
    "default",
    "secret",
    "tajna",
    "mojalozinka",
    "mypassword",
    "user",
    "korisnik",
    "correcthorsebatterystaple",
];

/// Refuses a new password that is shorter than 12 or longer than 200 characters, or one of those that are tried first: the account's name,
/// a common word with figures around it, a run or a repetition.
pub fn check_new(account: &str, password: &str) -> Result<(), Error> {
    let length = password.chars().count();
    if length > 200 {
        return Err(Error::field(
            "/new",
            "length",
            "A password has at most 200 characters.",
        ));
    }
    if length < 12 || is_common(account, password) {
        return Err(Refusal::PasswordWeak.into());
    }
    Ok(())
}

fn is_common(account: &str, password: &str) -> bool {
    let small = password.to_lowercase();
    let letters: String = small.chars().filter(|c| c.is_alphabetic()).collect();
    let account: String = account
        .to_lowercase()
        .chars()
        .filter(|c| c.is_alphabetic())
        .collect();
    let mut different: Vec<char> = small.chars().collect();
    let steps = |by: i64| {
        let pairs = different
            .windows(2)
            .filter(|pair| i64::from(u32::from(pair[1])) - i64::from(u32::from(pair[0])) == by);
        pairs.count() * 4 >= different.len() * 3
    };
    // "123456789012", "abcdefghijkl", and the same backwards.
    let run = steps(1) || steps(-1);
    different.sort_unstable();
    different.dedup();
    let word = |word: &str| {
        letters == word
            || (!letters.is_empty()
                && letters.len().is_multiple_of(word.len())
                && letters == word.repeat(letters.len() / word.len()))
    };
    run || different.len() < 5
        || COMMON.iter().any(|common| word(common))
        || (account.len() > 2 && word(&account))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_everybody_tries_first_is_refused() {
        for weak in [
            "",
            "short",
            "12345678901",
            "123456789012",
            "abcdefghijklmnop",
            "aaaaaaaaaaaa",
            "abababababab",
            "Password1234!",
            "lozinka123456",
            "LozinkaLozinka",
            "admin2026admin",
            "Marija-Radovic1",
            "ponmlkjihgfedcba",
        ] {
            assert!(
                matches!(
                    check_new("marija.radovic", weak),
                    Err(Error::Refused(Refusal::PasswordWeak))
                ),
                "{weak}"
            );
        }
        assert_eq!(
            check_new("ana", &"šaš duga ".repeat(30))
                .unwrap_err()
                .problem()
                .status,
            422
        );
        for good in ["zeleni konj na krovu", "k7#mQ2v!x9Lp", "čudna šuma 77 tri"] {
            assert!(check_new("ana", good).is_ok(), "{good}");
        }
    }
}

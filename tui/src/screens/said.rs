//! What the server says of a field, in the clerk's language. The server's own sentences are English and exact; its codes are the same for
//! everybody, so that a code has words here, with the numbers that the sentence names.

use crate::{
    app::Look,
    i18n::{Lang, Say},
    text::visible,
};
use karton_api::problem::FieldError;

/// Our words, and the codes that they stand for: those that people meet at their fields.
const CODES: [(&str, &str); 18] = [
    ("error-required", "required missing empty needed"),
    ("error-future", "future"),
    ("error-negative", "below-zero"),
    ("error-check-digit", "check-digits account"),
    ("error-unknown", "unknown not-registered not-there"),
    ("error-outside", "range outside day"),
    ("error-length", "length too-long text"),
    ("error-too-many", " too-many"),
    ("error-too-early", "too-early past"),
    ("error-before-birth", "before-birth"),
    ("error-dead", "after-death dead died"),
    (
        "error-before-beginning",
        "before-beginning before-household before-decision before-from",
    ),
    ("error-no-member", "no-member not-a-member no-household"),
    ("error-same", "same same-amount"),
    ("error-twice", "twice taken both"),
    ("error-type", "type wrong-type decimal currency"),
    ("error-control", "control nul"),
    ("error-not-here", "not-here unexpected"),
];

fn key(code: &str) -> Option<&'static str> {
    let stands = |(_, codes): &&(&str, &str)| codes.split_whitespace().any(|one| one == code);
    CODES.iter().find(stands).map(|(key, _)| *key)
}

/// The numbers of a sentence, `3–2000`.
fn numbers(sentence: &str) -> String {
    let mut found: Vec<String> = Vec::new();
    let mut before = ' ';
    for c in sentence.chars() {
        match (c, found.last_mut()) {
            ('0'..='9', Some(last)) if before.is_ascii_digit() => last.push(c),
            // A thousand's comma belongs to its number.
            ('0'..='9', Some(last)) if before == ',' => last.push(c),
            ('0'..='9', _) => found.push(c.into()),
            (',', Some(_)) if before.is_ascii_digit() => {}
            _ => {}
        }
        before = c;
    }
    found.join("–")
}

/// What is wrong with a field.
pub(super) fn said(error: &FieldError, look: &Look<'_>) -> Say {
    let own = Say::raw(visible(&error.message));
    match key(&error.code) {
        Some(key) if look.words.lang() != Lang::EN => {
            let numbers = match key {
                "error-outside" | "error-length" | "error-too-many" => numbers(&error.message),
                _ => String::new(),
            };
            match numbers.is_empty() {
                true => Say::key(key),
                false => Say::raw(format!("{} ({numbers})", look.words.t(key))),
            }
        }
        _ => own,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_of_a_sentence_are_kept() {
        assert_eq!(numbers("Say why in 3 to 2,000 characters."), "3–2000");
        assert_eq!(numbers("at most 100 people move together"), "100");
        assert_eq!(numbers("Name 1, 2 or none"), "1–2");
        assert_eq!(numbers("nobody"), "");
    }
}

//! Titles set spaced, as administrative acts have them: R J E Š E NJ E.

/// The letters of a title that is to be set spaced, `None` for any other heading.
///
/// A first-level heading of one word in capitals is set spaced, and so is any heading that was typed with the spaces in it. In the
/// languages of the Gaj alphabet NJ, LJ and DŽ are one letter and stay together.
pub(crate) fn letters(heading: &str, level: u8, language: &str) -> Option<Vec<String>> {
    let typed: Vec<&str> = heading.split(' ').collect();
    if typed.len() >= 3
        && typed
            .iter()
            .all(|part| (1..=2).contains(&part.chars().count()) && is_letters(part))
    {
        return Some(typed.into_iter().map(str::to_owned).collect());
    }
    let one_word = heading.chars().count() >= 4 && is_letters(heading);
    if level != 1 || !one_word || heading.chars().any(char::is_lowercase) {
        return None;
    }
    let gaj = matches!(
        language.split('-').next(),
        Some("cnr" | "sr" | "hr" | "bs" | "sh" | "me")
    );
    let mut letters: Vec<String> = Vec::new();
    for c in heading.chars() {
        match letters.last_mut() {
            Some(last) if gaj && matches!((last.as_str(), c), ("N" | "L", 'J') | ("D", 'Ž')) => last.push(c),
            _ => letters.push(c.to_string()),
        }
    }
    Some(letters)
}

fn is_letters(text: &str) -> bool {
    text.chars().all(char::is_alphabetic)
}

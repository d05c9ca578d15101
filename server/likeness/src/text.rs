//! Distances of short texts.

/// How alike two texts are that are both known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Alike {
    /// Nothing to speak of.
    Not,
    /// Several mistakes, or one word of two.
    Similar,
    /// One typing mistake: a letter too many, too few, another, or two swapped; in a long text two.
    Near,
    /// Letter by letter, spaces aside.
    Same,
}

/// The text without its spaces: a space too many or too few is the commonest slip.
pub(crate) fn close(text: &str) -> String {
    text.chars().filter(|c| *c != ' ').collect()
}

/// Jaro and Winkler's similarity from which two texts of several mistakes are still similar, in hundredths.
const SIMILAR: u32 = 86;

/// Two closed texts.
pub(crate) fn alike(a: &str, b: &str) -> Alike {
    if a == b {
        return Alike::Same;
    }
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    // Whoever differs in length by more than half is not the same text misspelt.
    if short.len() * 2 < long.len() || short.len() < 3 {
        return Alike::Not;
    }
    let mistakes = strsim::osa_distance(a, b);
    match (mistakes, long.len()) {
        (1, _) | (2, 8..) => Alike::Near,
        (2, 5..) | (3, 9..) => Alike::Similar,
        _ if hundredths_of_jaro_winkler(a, b) >= SIMILAR => Alike::Similar,
        _ => Alike::Not,
    }
}

/// One digit wrong, or two neighbours swapped; the texts are as long as each other.
pub(crate) fn one_slip(a: &str, b: &str) -> bool {
    a.len() == b.len() && strsim::osa_distance(a, b) == 1
}

/// In hundredths, cut; the library answers a number between 0 and 1.
#[expect(
    clippy::float_arithmetic,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the library's similarity is a float; it is cut to hundredths here, and IEEE arithmetic gives the same on every machine"
)]
fn hundredths_of_jaro_winkler(a: &str, b: &str) -> u32 {
    (strsim::jaro_winkler(a, b) * 100.0) as u32
}

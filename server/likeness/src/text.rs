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

/// What is left of a word's spelling when everything is taken away in which the ways of writing one name abroad differ: `djordje` and `dorde`,
/// `jelena` and `elena`, `ljiljana` and `liliana`, `vasić` as `wasitsch` and `vasich`. Two names that differ otherwise may meet in it; it says
/// that two may be one name, never that they are. The word is folded, without spaces.
pub(crate) fn skeleton(word: &str) -> String {
    let mut bones = String::with_capacity(word.len());
    let mut letters = word.chars().peekable();
    while let Some(letter) = letters.next() {
        let next = letters.peek().copied();
        let (bone, taken) = match (letter, next) {
            ('d' | 'g', Some('j')) | ('d', Some('z')) => ('d', true),
            ('t', Some('j' | 'c')) => ('c', true),
            ('s', Some('c')) => ('s', true),
            ('c', Some('k')) => ('k', true),
            ('p', Some('h')) => ('f', true),
            ('t', Some('h')) => ('t', true),
            ('i' | 'j' | 'y', Some('a' | 'e' | 'i' | 'j' | 'o' | 'u' | 'y')) => continue,
            ('j' | 'y', _) => ('i', false),
            ('w', _) => ('v', false),
            ('q', _) => ('k', false),
            ('h', _) => ('g', false),
            (other, _) => (other, false),
        };
        if taken {
            letters.next();
        }
        if !bones.ends_with(bone) {
            bones.push(bone);
        }
    }
    bones
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ways_of_writing_a_name_abroad_meet() {
        for (one, other) in [
            ("djordje", "dorde"),
            ("jelena", "elena"),
            ("jelena", "ielena"),
            ("ljiljana", "liliana"),
            ("marija", "maria"),
            ("vucinic", "wuccinicc"),
            ("iulija", "julia"),
            ("galina", "halina"),
            ("ana", "anna"),
            ("gjergj", "djerdj"),
            ("scekic", "sekic"),
        ] {
            assert_eq!(skeleton(one), skeleton(other), "{one} {other}");
        }
        for (one, other) in [
            ("jovan", "ivan"),
            ("milan", "milos"),
            ("petrovic", "pavlovic"),
            ("dusan", "dusanka"),
        ] {
            assert_ne!(skeleton(one), skeleton(other), "{one} {other}");
        }
    }
}

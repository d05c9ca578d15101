//! A value that prints as nothing and that only this room opens.

use crate::store::Val;
use std::fmt;

/// Something protected: it has no `Display`, no `Serialize`, its `Debug` says only that it is there, and nobody outside of this room gets it out.
#[derive(Clone, PartialEq, Eq)]
pub struct Protected<T>(T);

/// That an officer was found to be one who may open it, in the transaction that enters the opening. Made by [`super::actions`] alone.
pub(super) struct Opening(pub(super) ());

impl<T> Protected<T> {
    pub(super) fn new(value: T) -> Protected<T> {
        Protected(value)
    }
    /// The value itself.
    pub(super) fn open(self, _opening: &Opening) -> T {
        self.0
    }
}

impl Protected<String> {
    /// Whether it stands in a text that is about to be shown: then that is not shown. Spaces and line breaks count as one blank.
    pub fn stands_in(&self, text: &str) -> bool {
        let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let mine = flat(&self.0);
        !mine.is_empty() && flat(text).contains(&mine)
    }
    /// For the store.
    pub(super) fn val(&self) -> Val {
        Val::from(self.0.as_str())
    }
}

impl<T> fmt::Debug for Protected<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("‹protected›")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_prints_as_nothing_and_is_known_again_in_a_text() {
        let address = Protected::new("Ulica lipa  7, Podgorica".to_owned());
        assert_eq!(format!("{:?}", Some(&address)), "Some(‹protected›)");
        assert!(address.stands_in("lives at Ulica lipa\n7, Podgorica now"));
        assert!(!address.stands_in("Ulica lipa 9, Podgorica"));
        assert!(!Protected::new(" ".to_owned()).stands_in("anything at all"));
    }
}

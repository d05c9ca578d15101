//! Columns of a row of a code list. A country's places are many thousand rows that say the same few things again and again
//! (headings, kinds, the place above), so every text is kept once for a list, and a row is a short sorted slice of them.

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

/// Texts by heading, sorted by it; shared with the other rows of the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns(Box<[(Arc<str>, Arc<str>)]>);

impl Columns {
    /// What stands under a heading; none where the cell is empty or the column is missing.
    pub fn get(&self, heading: &str) -> Option<&str> {
        let at = self
            .0
            .binary_search_by(|(found, _)| (**found).cmp(heading))
            .ok()?;
        self.0.get(at).map(|(_, text)| &**text)
    }

    /// Heading and text, sorted by the heading.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(heading, text)| (&**heading, &**text))
    }

    /// The same as a map of its own.
    pub fn to_map(&self) -> BTreeMap<String, String> {
        self.iter()
            .map(|(heading, text)| (heading.to_owned(), text.to_owned()))
            .collect()
    }
}

/// What something is called in each language; a proper name that is the same in all of them is kept once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names(Columns);

impl Names {
    /// The name in a language, otherwise in any.
    pub fn get(&self, language: &str) -> &str {
        (self.0.get(language))
            .or_else(|| self.0.iter().next().map(|(_, text)| text))
            .unwrap_or_default()
    }

    /// Each language's.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(_, text)| text)
    }

    /// The same as a map by language.
    pub fn to_map(&self) -> BTreeMap<String, String> {
        self.0.to_map()
    }
}

/// The texts of one list while it is read, each kept once.
#[derive(Default)]
pub(super) struct Kept(HashSet<Arc<str>>);

impl Kept {
    fn text(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.0.get(text) {
            return Arc::clone(known);
        }
        let new: Arc<str> = Arc::from(text);
        self.0.insert(Arc::clone(&new));
        new
    }

    /// A row's texts by heading; of a heading that comes twice the first counts.
    pub(super) fn columns<'t>(&mut self, found: impl IntoIterator<Item = (&'t str, &'t str)>) -> Columns {
        let mut columns: Vec<(Arc<str>, Arc<str>)> = found
            .into_iter()
            .map(|(heading, text)| (self.text(heading), self.text(text)))
            .collect();
        columns.sort_by(|one, other| one.0.cmp(&other.0));
        columns.dedup_by(|later, first| later.0 == first.0);
        Columns(columns.into_boxed_slice())
    }

    /// A row's name by language.
    pub(super) fn names<'t>(&mut self, found: impl IntoIterator<Item = (&'t str, &'t str)>) -> Names {
        Names(self.columns(found))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_rows_say_alike_is_kept_once() {
        let mut kept = Kept::default();
        let one = kept.columns([("kind", "sat"), ("above", "1017")]);
        let other = kept.columns([("above", "1017"), ("kind", "oraș")]);
        assert_eq!(one.get("kind"), Some("sat"));
        assert_eq!(other.get("seat"), None);
        assert_eq!(
            one.iter().collect::<Vec<_>>(),
            [("above", "1017"), ("kind", "sat")]
        );
        assert!(Arc::ptr_eq(&one.0[0].1, &other.0[0].1));
    }
}

//! How tables of old registers are understood.

/// The headings and words of `imports.toml`. What a column is called in the contract (`birth_date`) is always understood.
#[derive(Debug, Clone, Default)]
pub struct Imports {
    /// Columns of persons.
    pub persons: Vec<Heading>,
    /// Columns of past awards.
    pub awards: Vec<Heading>,
    /// Words in cells: `month`, `once`, `year`, `male`, `female`.
    pub words: Vec<Heading>,
}

/// What something is called in the tables of a country.
#[derive(Debug, Clone)]
pub struct Heading {
    /// Its name in the contract.
    pub code: String,
    /// In all languages of the country; capitals, diacritics and script do not matter.
    pub said: Vec<String>,
}

//! A file of facts, in the words of worked examples, for trying expressions out.

use super::{
    Mistake, Pack,
    load_cases::FactReader,
    read::{File, Mistakes},
};
use crate::assess::Input;
use karton_api::Date;

impl Pack {
    /// Reads facts as worked examples write them (`applicant`, `members`, `others`, `household`, `claim`, `awards`, `lodged`,
    /// `on`). The file's own `on` counts before the given day.
    pub fn read_facts(&self, name: &str, text: &str, on: Date) -> Result<Input, Vec<Mistake>> {
        let mistakes = Mistakes::default();
        let file = File {
            name,
            text,
            mistakes: &mistakes,
            languages: &self.country.languages,
        };
        let toml = file.toml();
        let table = file.table(toml.get_ref(), 0);
        let on = table.opt("on").and_then(|item| item.date()).unwrap_or(on);
        let reader = FactReader {
            codes: &self.codes,
            municipalities: &self.municipalities,
            facts: &self.facts,
            currency: self.country.currency,
            minor_units: self.country.minor_units,
        };
        let input = reader.input(&table, on);
        table.finish();
        let found = mistakes.take();
        if found.is_empty() { Ok(input) } else { Err(found) }
    }
}

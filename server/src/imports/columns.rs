//! What the columns of a file mean, and what a row says. Pure.

use super::{
    sheet::{Doubt, Line},
    values,
};
use crate::{
    persons::{Checked, check_registration},
    problem::Error,
    search::fold::fold,
};
use karton_api::{
    Date, Money, Per,
    imports::{Finding, ImportKind},
    persons::{Name, NationalId, RegisterPerson},
};
use karton_rules::pack::{Heading, Imports, Pack};

/// Something a row may say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Number,
    Dossier,
    Given,
    Family,
    BirthDate,
    Sex,
    Municipality,
    Address,
    DeathDate,
    Household,
    Relationship,
    Since,
    Benefit,
    Amount,
    Per,
    From,
    Until,
    Decision,
    ReviewOn,
}

use Column::{
    Address, Amount, Benefit, BirthDate, DeathDate, Decision, Dossier, Family, From, Given, Household,
    Municipality, Number, Per as PerColumn, Relationship, ReviewOn, Sex, Since, Until,
};

impl Column {
    /// What it is called in the contract, and in a pack's `imports.toml`.
    const fn name(self) -> &'static str {
        match self {
            Number => "number",
            Dossier => "dossier",
            Given => "given",
            Family => "family",
            BirthDate => "birth_date",
            Sex => "sex",
            Municipality => "municipality",
            Address => "address",
            DeathDate => "death_date",
            Household => "household",
            Relationship => "relationship",
            Since => "since",
            Benefit => "benefit",
            Amount => "amount",
            PerColumn => "per",
            From => "from",
            Until => "until",
            Decision => "decision",
            ReviewOn => "review_on",
        }
    }
}

/// What rows of persons may say.
const PERSONS: &[Column] = &[
    Number,
    Given,
    Family,
    BirthDate,
    Sex,
    Municipality,
    Address,
    DeathDate,
    Household,
    Relationship,
    Since,
];
/// What rows of past awards may say.
const AWARDS: &[Column] = &[
    Number, Dossier, Benefit, Amount, PerColumn, From, Until, Decision, ReviewOn,
];

/// The code of what a text stands for in the country's tables, folded as names are, so that case, diacritics and script do not matter. What
/// it is called in the contract (`birth_date`, or with a blank) needs no word of the pack.
fn meant<'a>(codes: impl IntoIterator<Item = &'a str>, known: &[Heading], text: &str) -> Option<&'a str> {
    let folded = fold(text);
    let is = |code: &&str| {
        let said = known.iter().filter(|heading| heading.code == **code);
        fold(&code.replace('_', " ")) == folded
            || **code == *text
            || said
                .flat_map(|heading| &heading.said)
                .any(|said| fold(said) == folded)
    };
    codes.into_iter().find(is)
}

/// The columns of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Columns {
    kind: ImportKind,
    headings: Vec<String>,
    places: Vec<(Column, usize)>,
}

impl Columns {
    /// Reads the headings. Refuses, in words, those with which no row could be taken.
    pub(super) fn read(imports: &Imports, kind: ImportKind, headings: &[String]) -> Result<Columns, String> {
        let (known, said) = match kind {
            ImportKind::Persons => (PERSONS, &imports.persons),
            ImportKind::Awards => (AWARDS, &imports.awards),
        };
        let mut columns = Columns {
            kind,
            headings: headings.to_vec(),
            places: Vec::new(),
        };
        for (place, heading) in headings.iter().enumerate() {
            let Some(code) = meant(known.iter().map(|column| column.name()), said, heading) else {
                continue;
            };
            let Some(column) = known.iter().find(|column| column.name() == code) else {
                continue;
            };
            if let Some(first) = columns.place(*column) {
                let (first, second) = (columns.heading(first), columns.heading(place));
                return Err(format!("the columns “{first}” and “{second}” mean the same"));
            }
            columns.places.push((*column, place));
        }
        let has = |column| columns.place(column).is_some();
        match kind {
            ImportKind::Persons if !has(Given) && !has(Family) => Err(
                "the first row has to be headings, with a column for the given or the family name (`given name`, `family name`)".into(),
            ),
            ImportKind::Awards if !(has(Number) || has(Dossier)) => Err(
                "the first row has to be headings, with a column for whom the award is (`number` or `dossier`)".into(),
            ),
            ImportKind::Awards if !(has(Benefit) && has(Amount) && has(From)) => Err(
                "the first row has to be headings, with columns for the benefit, the amount and the first day (`benefit`, `amount`, `from`)"
                    .into(),
            ),
            _ => Ok(columns),
        }
    }

    /// Headings that mean nothing here.
    pub(super) fn ignored(&self) -> Vec<String> {
        let known = |place: &usize| self.places.iter().any(|(_, known)| known == place);
        (0..self.headings.len())
            .filter(|place| !known(place))
            .map(|place| self.heading(place).to_owned())
            .collect()
    }

    fn place(&self, column: Column) -> Option<usize> {
        self.places
            .iter()
            .find(|(known, _)| *known == column)
            .map(|(_, place)| *place)
    }

    fn heading(&self, place: usize) -> &str {
        self.headings.get(place).map_or("", String::as_str)
    }

    /// The heading of a column, or nothing where the file has none.
    pub(super) fn name(&self, column: Column) -> String {
        self.place(column)
            .map(|place| self.heading(place).to_owned())
            .unwrap_or_default()
    }
}

/// Somebody, as a row says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Somebody {
    pub(super) who: Checked,
    pub(super) municipality: Option<String>,
    pub(super) address: Option<String>,
    pub(super) died_on: Option<Date>,
    /// The household's name in the file, the relationship to its head, and since when.
    pub(super) lives: Option<(String, String, Date)>,
}

/// An award from before, as a row says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Past {
    pub(super) number: Option<String>,
    pub(super) dossier: Option<String>,
    pub(super) benefit: String,
    pub(super) amount: Money,
    pub(super) per: Per,
    pub(super) from: Date,
    pub(super) until: Option<Date>,
    pub(super) decision: Option<String>,
    pub(super) review_on: Option<Date>,
}

/// What a row says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    Somebody(Box<Somebody>),
    Past(Past),
}

/// One row being read.
struct Reading<'a> {
    columns: &'a Columns,
    line: &'a Line,
    findings: Vec<Finding>,
}

impl Reading<'_> {
    fn text(&self, column: Column) -> Option<&str> {
        let cell = self.line.cells.get(self.columns.place(column)?)?;
        (!cell.is_empty()).then_some(cell.as_str())
    }

    fn find(&mut self, heading: String, code: &str, message: &str) {
        // One thing at a time is said about a cell.
        if heading.is_empty() || self.findings.iter().all(|it| it.column != heading) {
            self.findings.push(Finding {
                row: self.line.number.into(),
                column: heading,
                code: code.into(),
                message: message.into(),
            });
        }
    }

    fn wrong(&mut self, column: Column, code: &str, message: &str) {
        self.find(self.columns.name(column), code, message);
    }

    fn read<T>(&mut self, column: Column, read: impl Fn(&str) -> Result<T, values::Refused>) -> Option<T> {
        match read(self.text(column)?) {
            Ok(value) => Some(value),
            Err((code, message)) => {
                self.wrong(column, code, message);
                None
            }
        }
    }

    fn doubts(&mut self) {
        for (place, doubt) in self.line.doubts.clone() {
            let (code, message) = match doubt {
                Doubt::Formula => ("formula", "this is a formula: put the value itself there"),
                Doubt::Long => ("too-long", "this is longer than anything that is kept"),
                Doubt::Control => ("control", "this holds characters that are no text"),
                Doubt::Error => ("spreadsheet-error", "the spreadsheet shows an error here"),
            };
            // What is not read cannot be wrong.
            if self.columns.places.iter().any(|(_, known)| *known == place) {
                self.find(self.columns.heading(place).to_owned(), code, message);
            }
        }
        if self.line.cells.len() > self.columns.headings.len() {
            self.find(
                String::new(),
                "columns",
                "the row has more cells than there are headings: is a separator inside a text without quotes?",
            );
        }
    }
}

/// Reads a row: what it says, or everything that is the matter with it.
pub(super) fn said(pack: &Pack, columns: &Columns, line: &Line, today: Date) -> Result<Said, Vec<Finding>> {
    let mut reading = Reading {
        columns,
        line,
        findings: Vec::new(),
    };
    reading.doubts();
    let said = match columns.kind {
        ImportKind::Persons => somebody(pack, &mut reading, today).map(|said| Said::Somebody(Box::new(said))),
        ImportKind::Awards => past(pack, &mut reading).map(Said::Past),
    };
    match said {
        Some(said) if reading.findings.is_empty() => Ok(said),
        _ => Err(reading.findings),
    }
}

/// A code of a list, by itself or by its name in any language.
fn coded(pack: &Pack, list: &str, text: &str) -> Option<String> {
    let folded = fold(text);
    if list == "municipalities" {
        let named = |row: &&karton_rules::pack::MunicipalityRow| {
            row.code == text || row.name.values().any(|name| fold(name) == folded)
        };
        return pack.municipalities.iter().find(named).map(|row| row.code.clone());
    }
    let entries = &pack.codes.get(list)?.entries;
    let named = |row: &&karton_rules::pack::CodeEntry| {
        row.code == text || row.name.values().any(|name| fold(name) == folded)
    };
    entries.iter().find(named).map(|row| row.code.clone())
}

fn code_of(pack: &Pack, reading: &mut Reading<'_>, column: Column, list: &str) -> Option<String> {
    let text = reading.text(column)?.to_owned();
    let found = coded(pack, list, &text);
    if found.is_none() {
        reading.wrong(column, "unknown", "this is neither a code nor a name of the list");
    }
    found
}

fn somebody(pack: &Pack, reading: &mut Reading<'_>, today: Date) -> Option<Somebody> {
    let scheme = pack.country.id_schemes.first().map(|scheme| scheme.code.clone());
    let national_id = reading
        .text(Number)
        .map(str::to_owned)
        .zip(scheme)
        .map(|(number, scheme)| NationalId { scheme, number });
    let sex = match reading.text(Sex) {
        None => None,
        Some(text) => match meant(["male", "female"], &pack.imports.words, text) {
            Some("male") => Some("m".to_owned()),
            Some(_) => Some("f".to_owned()),
            None => code_of(pack, reading, Sex, "sexes"),
        },
    };
    let text = |reading: &Reading<'_>, column| reading.text(column).unwrap_or_default().to_owned();
    let body = RegisterPerson {
        name: Name {
            given: text(reading, Given),
            family: text(reading, Family),
        },
        national_id,
        birth_date: reading.read(BirthDate, values::date),
        sex,
        municipality: code_of(pack, reading, Municipality, "municipalities"),
        address: reading.text(Address).map(str::to_owned),
        not_the_same_as: Vec::new(),
    };
    let died_on = reading.read(DeathDate, values::date);
    if died_on.is_some_and(|day| day > today) {
        reading.wrong(DeathDate, "future", "this day has not come yet");
    }
    let since = reading.read(Since, values::date);
    let who = match check_registration(pack, &body, today) {
        Ok(who) => who,
        Err(Error::Invalid(errors)) => {
            for error in errors {
                let column = match error.pointer.split('/').nth(1).unwrap_or_default() {
                    "name" if error.pointer.ends_with("given") => Given,
                    "name" if reading.columns.place(Family).is_some() => Family,
                    "name" => Given,
                    "birth_date" => BirthDate,
                    "sex" => Sex,
                    "municipality" => Municipality,
                    "address" => Address,
                    _ => Number,
                };
                // What the number tells about its bearer is not said again.
                let message = match error.code.as_str() {
                    "differs" => "this contradicts the number".to_owned(),
                    _ => error.message,
                };
                reading.wrong(column, &error.code, &message);
            }
            return None;
        }
        Err(_) => {
            reading.find(String::new(), "row", "this row cannot be taken");
            return None;
        }
    };
    if let (Some(born), Some(died)) = (who.birth_date, died_on)
        && died < born
    {
        reading.wrong(DeathDate, "before-birth", "this is before the person was born");
    }
    let lives = match reading.text(Household).map(str::to_owned) {
        None => None,
        Some(household) => {
            let relationship = match reading.text(Relationship) {
                None => {
                    reading.wrong(
                        Household,
                        "relationship",
                        "say how the person belongs to the household",
                    );
                    None
                }
                Some(_) => code_of(pack, reading, Relationship, "relationships"),
            };
            let since = since.or(who.birth_date).unwrap_or(today);
            if since > today {
                reading.wrong(Since, "future", "this day has not come yet");
            }
            if who.birth_date.is_some_and(|born| since < born) {
                reading.wrong(Since, "before-birth", "this is before the person was born");
            }
            relationship.map(|relationship| (household, relationship, since))
        }
    };
    Some(Somebody {
        who,
        municipality: body.municipality,
        address: body.address,
        died_on,
        lives,
    })
}

fn past(pack: &Pack, reading: &mut Reading<'_>) -> Option<Past> {
    let currency = pack.country.currency;
    let benefit = reading.text(Benefit).map(str::to_owned);
    match &benefit {
        None => reading.wrong(Benefit, "missing", "which benefit is it?"),
        Some(code) if pack.benefit(code).is_none() => {
            reading.wrong(
                Benefit,
                "unknown",
                "this is no benefit of the catalogue; its code is needed",
            );
        }
        Some(_) => {}
    }
    let digits = u32::from(pack.country.minor_units);
    let amount = reading.read(Amount, |text| values::amount(text, digits));
    if reading.text(Amount).is_none() {
        reading.wrong(Amount, "missing", "how much is it?");
    }
    let per = reading.text(PerColumn);
    let per = match per.map(|text| meant(["month", "once", "year"], &pack.imports.words, text)) {
        None | Some(Some("month")) => Some(Per::Month),
        Some(Some("once")) => Some(Per::Once),
        Some(Some(_)) => Some(Per::Year),
        Some(None) => {
            reading.wrong(PerColumn, "unknown", "`month`, `once` or `year`");
            None
        }
    };
    let from = reading.read(From, values::date);
    if reading.text(From).is_none() {
        reading.wrong(From, "missing", "from which day?");
    }
    let until = reading.read(Until, values::date);
    if let (Some(from), Some(until)) = (from, until)
        && until <= from
    {
        reading.wrong(
            Until,
            "order",
            "the day after the last has to be later than the first",
        );
    }
    let number = reading.text(Number).map(str::to_owned);
    let dossier = reading.text(Dossier).map(str::to_uppercase);
    if number.is_none() && dossier.is_none() {
        let column = if reading.columns.place(Number).is_some() {
            Number
        } else {
            Dossier
        };
        reading.wrong(column, "missing", "whose award is it?");
    }
    let review_on = reading.read(ReviewOn, values::date);
    Some(Past {
        benefit: benefit?,
        amount: Money::new(amount?, currency),
        per: per?,
        from: from?,
        until,
        decision: reading.text(Decision).map(str::to_owned),
        review_on,
        number,
        dossier,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pack(country: &str) -> Pack {
        Pack::load(&crate::pack::files(country).unwrap()).unwrap()
    }

    #[test]
    fn every_country_reads_the_headings_of_its_own_tables_and_the_contracts() {
        let own = [
            (
                "me",
                [
                    "JMB",
                    "IME",
                    "Prezime",
                    "Datum rodjenja",
                    "pol",
                    "Opština",
                    "adresa",
                ],
            ),
            (
                "ro",
                [
                    "CNP",
                    "Prenume",
                    "NUME",
                    "Data nasterii",
                    "sex",
                    "Localitate",
                    "adresa",
                ],
            ),
            (
                "ua",
                [
                    "РНОКПП",
                    "Ім'я",
                    "ПРІЗВИЩЕ",
                    "дата народження",
                    "стать",
                    "громада",
                    "адреса",
                ],
            ),
        ];
        let contract = [
            "number",
            "given",
            "family",
            "birth_date",
            "sex",
            "municipality",
            "address",
        ];
        for (country, headings) in own {
            let imports = pack(country).imports;
            for headings in [
                headings,
                contract,
                contract.map(|it| match it {
                    "birth_date" => "Birth date",
                    "given" => "First name",
                    "family" => "Surname",
                    other => other,
                }),
            ] {
                let headings = headings.map(str::to_owned);
                let columns = Columns::read(&imports, ImportKind::Persons, &headings).unwrap();
                assert_eq!(columns.ignored(), Vec::<String>::new(), "{country}");
                for (place, column) in [Number, Given, Family, BirthDate, Sex, Municipality, Address]
                    .into_iter()
                    .enumerate()
                {
                    assert_eq!(columns.place(column), Some(place), "{country} {column:?}");
                }
            }
        }
        // Another country's words are none.
        let imports = pack("ro").imports;
        let columns = Columns::read(
            &imports,
            ImportKind::Persons,
            &["prenume".into(), "prezime".into()],
        )
        .unwrap();
        assert_eq!(columns.ignored(), ["prezime"]);
    }

    #[test]
    fn every_column_and_word_has_a_heading_in_each_country() {
        for country in ["me", "ro", "ua"] {
            let imports = pack(country).imports;
            let there = |known: &[Column], said: &[Heading]| {
                known.iter().all(|column| {
                    said.iter()
                        .any(|it| it.code == column.name() && it.said.len() > 1)
                })
            };
            assert!(
                there(PERSONS, &imports.persons) && there(AWARDS, &imports.awards),
                "{country}"
            );
        }
        let words = pack("ua").imports.words;
        for (said, code) in [
            ("Щомісяця", "month"),
            ("одноразово", "once"),
            ("ж", "female"),
            ("ч", "male"),
        ] {
            assert_eq!(
                meant(["month", "once", "year", "male", "female"], &words, said),
                Some(code)
            );
        }
        assert_eq!(meant(["month"], &words, "mjesec"), None);
    }

    #[test]
    fn two_columns_that_mean_the_same_are_refused() {
        let imports = pack("ua").imports;
        let read = |headings: &[&str]| {
            let headings: Vec<String> = headings.iter().map(|it| (*it).to_owned()).collect();
            Columns::read(&imports, ImportKind::Persons, &headings).map(drop)
        };
        assert!(
            read(&["прізвище", "family"])
                .unwrap_err()
                .contains("mean the same")
        );
        assert!(read(&["стать"]).unwrap_err().contains("headings"));
    }
}

//! The generator's settings: `people/*` of a pack. Whoever writes a pack says here who its fictional people are.

use super::{
    draw::Weighted,
    found::Found,
    further::{self, FurtherFact},
    model::{Sex, Shape, Standing},
    named::NamedFamilies,
    number::{digits, last_region},
    on_file,
    parameters::Parameters,
    text::PackText,
};
use karton_rules::id_number::Scheme;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The settings cannot be used. Says which file and why.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {why}")]
pub struct SettingsError {
    file: String,
    why: String,
    at: Option<usize>,
}

impl SettingsError {
    /// Which file, and why.
    pub fn parts(&self) -> (&str, &str) {
        (&self.file, &self.why)
    }
    /// The byte of the file at which it stands, where that is known.
    pub fn at(&self) -> Option<usize> {
        self.at
    }
    pub(crate) fn standing(mut self, at: Option<usize>) -> SettingsError {
        self.at = at;
        self
    }
    pub(crate) fn missing(file: &str) -> SettingsError {
        SettingsError::wrong(file, "this file is missing from the pack")
    }
    pub(crate) fn wrong(file: &str, why: impl ToString) -> SettingsError {
        SettingsError {
            file: file.to_owned(),
            why: why.to_string(),
            at: None,
        }
    }
}

/// A range of whole numbers, both ends included.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) struct Range(pub(crate) i64, pub(crate) i64);

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[expect(dead_code, reason = "it is read by people")]
    notice: BTreeMap<String, String>,
    number: NumberFile,
    #[serde(default)]
    words: Words,
    odd_names_permille: u32,
    citizenship: CitizenshipFile,
    poverty_line: PovertyLine,
    money: BTreeMap<String, (String, String)>,
    work: Work,
    schools: Schools,
    deeds: Vec<String>,
    payers: BTreeMap<String, String>,
    makes: Vec<String>,
    shape: Vec<Share<Shape>>,
    standing: Vec<Share<Standing>>,
    #[serde(default)]
    history: Vec<History>,
}
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NumberFile {
    check: String,
    region: u8,
    without_permille: u32,
}
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CitizenshipFile {
    own: String,
    foreign: Vec<String>,
    foreign_permille: u32,
}
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Share<T> {
    kind: T,
    weight: u32,
}

/// `people/officers.toml`: who works in the demo.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DemoFile {
    client: String,
    officer: Vec<DemoOfficer>,
}

/// An officer of the demo.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DemoOfficer {
    pub(crate) account: String,
    pub(crate) name: String,
    /// An office's code.
    pub(crate) office: String,
    pub(crate) roles: Vec<karton_api::session::Role>,
}

/// The parameter that divides poor from not poor, keyed by the number of members.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PovertyLine {
    pub(crate) parameter: String,
}

/// Ages and shares of working life, in a thousand.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Work {
    pub(crate) from_age: i64,
    pub(crate) until_age: i64,
    pub(crate) employed_permille: u32,
    pub(crate) pension_permille: u32,
    pub(crate) severe_disability_permille: u32,
    pub(crate) own_home_permille: u32,
    pub(crate) car_permille: u32,
    pub(crate) deceased_permille: u32,
}

/// Schools by level; `{}` in a name is a street's or a town's.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Schools {
    pub(crate) primary: Vec<String>,
    pub(crate) secondary: Vec<String>,
    pub(crate) university: Vec<String>,
    pub(crate) primary_age: i64,
    pub(crate) secondary_age: i64,
    pub(crate) university_age: i64,
    pub(crate) university_permille: u32,
    pub(crate) adapted_permille: u32,
}

/// Whose right a past award is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Holder {
    /// The whole household's; the head applies.
    Household,
    /// Each child's below 18; the parent applies.
    Child,
    /// A severely disabled person's.
    Disabled,
}

/// Past awards of a benefit.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct History {
    pub(crate) benefit: String,
    pub(crate) holder: Holder,
    /// The parameter of the amount.
    pub(crate) parameter: String,
    /// The parameter of the amount where the household holds an award of this benefit.
    #[serde(default)]
    pub(crate) with: Option<With>,
    /// The household's income is taken off, and an amount of nothing is no award.
    #[serde(default)]
    pub(crate) less_income: bool,
    /// Standings that have such awards; all where none is named.
    #[serde(default)]
    pub(crate) standings: Vec<Standing>,
    pub(crate) permille: u32,
    /// Of those, how many have ended.
    pub(crate) ended_permille: u32,
    /// Standings whose applications were refused, and the share of them.
    #[serde(default)]
    pub(crate) refused: Vec<Standing>,
    #[serde(default)]
    pub(crate) refused_permille: u32,
    /// No award is older than this.
    pub(crate) earliest: toml::value::Datetime,
}

/// Another amount for members of a household with an award.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct With {
    pub(crate) benefit: String,
    pub(crate) parameter: String,
}

/// A settlement with what an address needs.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Place {
    pub(crate) municipality: String,
    pub(crate) plate: String,
    pub(crate) settlement: String,
    pub(crate) postal_code: String,
    pub(crate) weight: u32,
    /// `town` or `village`.
    pub(crate) kind: String,
    /// `community:weight` separated by spaces.
    pub(crate) communities: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NameRow {
    community: String,
    #[serde(default)]
    sex: Option<Sex>,
    name: String,
    /// Of family names: as women bear it, where that differs.
    #[serde(default)]
    female: String,
    /// Of given names of men: what their sons and daughters are called after them.
    #[serde(default)]
    son: String,
    #[serde(default)]
    daughter: String,
    weight: u32,
}

/// A family name as men and as women bear it.
#[derive(Debug, Clone)]
pub(crate) struct FamilyName {
    pub(crate) male: String,
    pub(crate) female: String,
}

impl FamilyName {
    pub(crate) fn of(&self, sex: Sex) -> &str {
        match sex {
            Sex::Female => &self.female,
            Sex::Male => &self.male,
        }
    }
}

/// Words that registers answer with, and parts of what the generator makes up.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Words {
    /// The civil status of whoever lives.
    pub(crate) alive: String,
    pub(crate) dead: String,
    /// The status of whoever receives a pension.
    pub(crate) pensioner: String,
    /// An address without a number: `{}` is the settlement.
    pub(crate) no_number: String,
    /// A parcel of the cadastre: `{}` is the settlement.
    pub(crate) parcel: String,
    /// A dwelling's number after the street.
    pub(crate) number: String,
}

impl Default for Words {
    fn default() -> Words {
        Words {
            alive: "alive".into(),
            dead: "dead".into(),
            pensioner: "pensioner".into(),
            no_number: "{}".into(),
            parcel: "{}".into(),
            number: " {}".into(),
        }
    }
}

/// A name that a form must not stumble over.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OddName {
    pub(crate) sex: Sex,
    pub(crate) given_name: String,
    pub(crate) family_name: Option<String>,
}

/// Who pays wages.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Employer {
    pub(crate) name: String,
    pub(crate) number: String,
    pub(crate) weight: u32,
}

/// Everything the generator needs to know of a pack, read and checked.
#[derive(Debug, Clone)]
pub struct Settings {
    pub(crate) scheme: Scheme,
    /// The scheme's code in the pack.
    pub(crate) scheme_code: String,
    pub(crate) words: Words,
    pub(crate) further: Vec<FurtherFact>,
    pub(crate) on_file: on_file::File,
    pub(crate) patronymics: BTreeMap<String, [String; 2]>,
    pub(crate) demo: DemoFile,
    pub(crate) region: u8,
    pub(crate) without_number_permille: u32,
    pub(crate) odd_names_permille: u32,
    pub(crate) own_citizenship: String,
    pub(crate) foreign_citizenships: Vec<String>,
    pub(crate) foreign_permille: u32,
    pub(crate) poverty_line: PovertyLine,
    pub(crate) money: BTreeMap<String, Range>,
    pub(crate) work: Work,
    pub(crate) schools: Schools,
    pub(crate) deeds: Vec<String>,
    pub(crate) payers: BTreeMap<String, String>,
    pub(crate) makes: Vec<String>,
    pub(crate) shapes: Weighted<Shape>,
    pub(crate) standings: Weighted<Standing>,
    pub(crate) histories: Vec<History>,
    pub(crate) places: Weighted<(Place, Weighted<String>)>,
    pub(crate) given: BTreeMap<(String, Sex), Weighted<String>>,
    pub(crate) family: BTreeMap<String, Weighted<FamilyName>>,
    pub(crate) odd: Vec<OddName>,
    pub(crate) streets: Vec<String>,
    pub(crate) employers: Weighted<Employer>,
    pub(crate) parameters: Parameters,
    pub(crate) named: NamedFamilies,
}

const MAIN: &str = "people/generator.toml";

/// Amounts that `[money]` must give, lowest and highest per month.
const MONEY: [&str; 7] = [
    "wage",
    "minimum_wage",
    "part_wage",
    "pension",
    "unemployment_benefit",
    "care_allowance",
    "rent",
];
/// Texts that `[payers]` must give for income without an employer.
const PAYERS: [&str; 4] = ["maintenance", "agriculture", "property", "other"];

impl Settings {
    /// Reads `people/*`, `parameters/*` and `country.toml`. Refuses with the file and the first thing that is wrong.
    pub fn read(text: &PackText) -> Result<Settings, SettingsError> {
        let mut found = Found::default();
        let settings = Settings::gather(text, &mut found);
        match (found.0.into_iter().next(), settings) {
            (None, Some(settings)) => Ok(settings),
            (Some(error), _) => Err(error),
            (None, None) => Err(SettingsError::wrong(MAIN, "this cannot be read")),
        }
    }

    /// Everything that is wrong with the settings, each with its file.
    pub fn mistakes(text: &PackText) -> Vec<SettingsError> {
        let mut found = Found::default();
        let _settings = Settings::gather(text, &mut found);
        found.0
    }

    fn gather(text: &PackText, found: &mut Found) -> Option<Settings> {
        const OFFICERS: &str = "people/officers.toml";
        let parameters = found.take(Parameters::read(text))?;
        let file: Option<File> = found.toml(text, MAIN);
        let checked = file.as_ref().map(|file| checked(text, file, &parameters, found));
        let (given, family) = (names_by_sex(text, found), family_names(text, found));
        let places = places(text, &given, &family, found);
        let further = further::read(text, &parameters, found);
        let on_file = on_file::read(text, &parameters, found);
        let demo = found.toml(text, OFFICERS);
        let patronymics = patronymics(text);
        let odd = found.rows(text, "people/odd_names.csv");
        let streets = found.rows::<(String,)>(text, "people/streets.csv");
        let employers = employers(text, found);
        // Known from the text even where the rest of the file cannot be read.
        let number = text.get(MAIN).and_then(|text| text.parse::<toml::Table>().ok());
        let check = number
            .as_ref()
            .and_then(|it| it.get("number")?.get("check")?.as_str());
        let scheme = check.and_then(Scheme::parse);
        let named = NamedFamilies::read(text, &parameters, scheme, found);
        let (file, (scheme, money)) = (file?, checked??);
        Some(Settings {
            scheme,
            scheme_code: parameters.scheme_code(&file.number.check),
            words: file.words,
            further,
            on_file,
            patronymics,
            demo: demo?,
            region: file.number.region,
            without_number_permille: file.number.without_permille,
            odd_names_permille: file.odd_names_permille,
            own_citizenship: file.citizenship.own,
            foreign_citizenships: file.citizenship.foreign,
            foreign_permille: file.citizenship.foreign_permille,
            poverty_line: file.poverty_line,
            money,
            work: file.work,
            schools: file.schools,
            deeds: file.deeds,
            payers: file.payers,
            makes: file.makes,
            shapes: shares(file.shape),
            standings: shares(file.standing),
            histories: file.history,
            places,
            given,
            family,
            odd,
            streets: streets.into_iter().map(|(name,)| name).collect(),
            employers,
            named,
            parameters,
        })
    }

    /// The day that the pack shows in demos (`demo_today` in `country.toml`).
    pub fn demo_today(&self) -> Option<karton_api::Date> {
        self.parameters.demo_today
    }

    /// The officers of the demo.
    pub(crate) fn officers(&self) -> &[DemoOfficer] {
        &self.demo.officer
    }

    /// The identifier under which the demo asks the simulated registers.
    pub(crate) fn gateway_client(&self) -> &str {
        &self.demo.client
    }

    /// What a family with a story stands for, by language; nothing for a story the pack does not tell.
    pub fn story(&self, name: &str) -> BTreeMap<String, String> {
        self.named.story(name)
    }

    /// An amount as it is written in packs and answers, with a point: `152.88`.
    pub(crate) fn written(&self, money: karton_api::Money) -> String {
        self.parameters.written(money)
    }

    /// A range of amounts in minor units; `[money]` was checked when it was read.
    pub(crate) fn range(&self, name: &str) -> Range {
        self.money.get(name).copied().unwrap_or(Range(0, 0))
    }
}

/// What `people/generator.toml` says beyond its form: the scheme of its numbers and its amounts, where both can be used.
fn checked(
    text: &PackText,
    file: &File,
    parameters: &Parameters,
    found: &mut Found,
) -> Option<(Scheme, BTreeMap<String, Range>)> {
    let scheme = Scheme::parse(&file.number.check).filter(|scheme| digits(*scheme).is_some());
    match scheme {
        None => found.wrong(
            text,
            MAIN,
            &["[number]", "check"],
            "number.check must be a check whose numbers can be made: jmbg, cnp or rnokpp",
        ),
        Some(scheme) if file.number.region > last_region(scheme) => {
            let why = format!("number.region is at most {} here", last_region(scheme));
            found.wrong(text, MAIN, &["[number]", "region"], why);
        }
        Some(_) => {}
    }
    let mut money = BTreeMap::new();
    for name in MONEY {
        let Some((low, high)) = file.money.get(name) else {
            found.wrong(text, MAIN, &["[money]"], format!("money.{name} is missing"));
            continue;
        };
        match (parameters.minor(low), parameters.minor(high)) {
            (Some(low), Some(high)) if low <= high => drop(money.insert(name.to_owned(), Range(low, high))),
            _ => {
                let why = format!("money.{name}: two amounts, the lower one first, are needed");
                found.wrong(text, MAIN, &["[money]", &format!("\n{name} ")], why);
            }
        }
    }
    for name in PAYERS {
        if !file.payers.contains_key(name) {
            found.wrong(text, MAIN, &["[payers]"], format!("payers.{name} is missing"));
        }
    }
    let names = file.history.iter().flat_map(|history| {
        let with = history.with.iter().map(|with| &with.parameter);
        with.chain([&history.parameter])
    });
    for name in names.chain([&file.poverty_line.parameter]) {
        if !parameters.has(name) {
            let why = format!("the pack has no parameter of money called {name}");
            found.wrong(text, MAIN, &[&format!("\"{name}\"")], why);
        }
    }
    for history in &file.history {
        if super::parameters::day(&history.earliest).is_none() {
            found.wrong(text, MAIN, &["earliest"], "history.earliest must be a day");
        }
    }
    for (list, empty) in [
        ("shape", file.shape.iter().all(|share| share.weight == 0)),
        ("standing", file.standing.iter().all(|share| share.weight == 0)),
        ("makes", file.makes.is_empty()),
        ("deeds", file.deeds.is_empty()),
        ("schools.primary", file.schools.primary.is_empty()),
        ("schools.secondary", file.schools.secondary.is_empty()),
        ("schools.university", file.schools.university.is_empty()),
    ] {
        if empty {
            let name = list.rsplit('.').next().unwrap_or(list);
            found.wrong(text, MAIN, &[name], format!("{list} is empty"));
        }
    }
    Some((scheme?, money))
}

fn shares<T>(list: Vec<Share<T>>) -> Weighted<T> {
    let mut weighted = Weighted::default();
    for share in list {
        weighted.add(share.weight, share.kind);
    }
    weighted
}

type Names = BTreeMap<(String, Sex), Weighted<String>>;

fn names_by_sex(text: &PackText, found: &mut Found) -> Names {
    const FILE: &str = "people/given_names.csv";
    let mut names = Names::new();
    for row in found.rows::<NameRow>(text, FILE) {
        match row.sex {
            Some(sex) => (names.entry((row.community, sex)).or_default()).add(row.weight, row.name),
            None => found.wrong(text, FILE, &[&row.name], format!("{}: which sex?", row.name)),
        }
    }
    names
}

/// What children are called after their father, where the country's people bear such names: `[son, daughter]` by his name.
fn patronymics(text: &PackText) -> BTreeMap<String, [String; 2]> {
    // What cannot be read was said when the names were read.
    let rows = Found::default().rows::<NameRow>(text, "people/given_names.csv");
    let named = (rows.into_iter()).filter(|row| !row.son.is_empty() && !row.daughter.is_empty());
    named.map(|row| (row.name, [row.son, row.daughter])).collect()
}

fn family_names(text: &PackText, found: &mut Found) -> BTreeMap<String, Weighted<FamilyName>> {
    let mut names: BTreeMap<String, Weighted<FamilyName>> = BTreeMap::new();
    for row in found.rows::<NameRow>(text, "people/family_names.csv") {
        let female = if row.female.is_empty() {
            row.name.clone()
        } else {
            row.female
        };
        let name = FamilyName {
            male: row.name,
            female,
        };
        names.entry(row.community).or_default().add(row.weight, name);
    }
    names
}

fn employers(text: &PackText, found: &mut Found) -> Weighted<Employer> {
    let mut employers = Weighted::default();
    for employer in found.rows::<Employer>(text, "people/employers.csv") {
        employers.add(employer.weight, employer);
    }
    employers
}

fn places(
    text: &PackText,
    given: &Names,
    family: &BTreeMap<String, Weighted<FamilyName>>,
    found: &mut Found,
) -> Weighted<(Place, Weighted<String>)> {
    const FILE: &str = "people/places.csv";
    let mut places = Weighted::default();
    let rows = found.rows::<Place>(text, FILE);
    let none = rows.is_empty();
    for place in rows {
        let mut communities = Weighted::default();
        let mut good = true;
        for part in place.communities.split_whitespace() {
            let parted = part.split_once(':');
            let Some((community, weight)) = parted.and_then(|(it, n)| Some((it, n.parse::<u32>().ok()?)))
            else {
                let why = format!("{}: {part}: community:weight is needed", place.settlement);
                found.wrong(text, FILE, &[&format!(",{},", place.settlement)], why);
                good = false;
                continue;
            };
            let known = family.contains_key(community)
                && [Sex::Female, Sex::Male]
                    .iter()
                    .all(|sex| given.contains_key(&(community.to_owned(), *sex)));
            if !known {
                let why = format!("{community} has no names");
                found.wrong(text, FILE, &[&format!("{community}:")], why);
            }
            communities.add(weight, community.to_owned());
        }
        if good && communities.is_empty() {
            let why = format!("{}: no community", place.settlement);
            found.wrong(text, FILE, &[&format!(",{},", place.settlement)], why);
        }
        places.add(place.weight, (place, communities));
    }
    if places.is_empty() && !none {
        found.wrong(text, FILE, &[], "no place has a weight");
    }
    places
}

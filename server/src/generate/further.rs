//! Facts that only one country's pack speaks of: drawn by its own settings (`people/further.toml`), or told of a named person.
//!
//! They are drawn when they are asked for, from a place of their own, so that a further fact moves nobody else's draws.

use super::{
    Population,
    draw::{Draw, Weighted},
    found::Found,
    living::{days_before, month_before},
    model::{FictionalHousehold, FictionalPerson, Relationship, Sex, Shape, Standing},
    parameters::Parameters,
    settings::Settings,
    text::PackText,
};
use karton_api::Date;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

const FILE: &str = "people/further.toml";
/// Registers are asked for up to a year back; two months more, so that a window never runs out.
const MONTHS: i64 = 14;

/// Further facts of one person by name: a scalar, or a list of rows.
pub type Further = BTreeMap<String, Value>;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    fact: Vec<FurtherFact>,
}

/// How one fact is drawn.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FurtherFact {
    name: String,
    /// Of whom it may be true.
    #[serde(default)]
    who: Who,
    /// In a thousand of them.
    permille: u32,
    /// The value of a single fact; a fact of rows has `row` instead.
    is: Option<Column>,
    /// What the others have; nothing is said of them where this is missing.
    otherwise: Option<toml::Value>,
    #[serde(default)]
    row: BTreeMap<String, Column>,
    /// At least and at most so many rows.
    #[serde(default = "one_row")]
    rows: (i64, i64),
    /// Instead of drawn rows one for each row of a fact that the generator knows: `income` or `pension`.
    each: Option<Each>,
}

fn one_row() -> (i64, i64) {
    (1, 1)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Each {
    Income,
    Pension,
    /// One row for each of the last full months.
    Month,
}

/// People of whom a fact may be true; what is not said does not matter.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Who {
    /// Completed years, both included.
    ages: Option<(i64, i64)>,
    sex: Option<Sex>,
    #[serde(default)]
    relationships: Vec<Relationship>,
    #[serde(default)]
    standings: Vec<Standing>,
    /// Of households of these shapes.
    #[serde(default)]
    shapes: Vec<Shape>,
    /// With a finding on disability, or without one.
    disabled: Option<bool>,
    severely_disabled: Option<bool>,
    /// With a running employment, or without one.
    employed: Option<bool>,
    unemployed: Option<bool>,
    retired: Option<bool>,
    at_school: Option<bool>,
    municipalities: Option<Vec<String>>,
}

/// How a value is found.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) enum Column {
    /// Always this.
    Always(toml::Value),
    /// One of these, by weight.
    Pick(Vec<(toml::Value, u32)>),
    /// A whole number between these, both included.
    Between(i64, i64),
    /// An amount between these, both included, written with a point.
    Money(String, String),
    /// A day so many days before, between these.
    DaysAgo(i64, i64),
    /// A day so many days ahead, between these.
    DaysAhead(i64, i64),
    /// Of `each`: the first day of the row's month.
    Month,
    /// Of `each = "income"`: the payer's name.
    Payer,
    /// Of `each`: the row's amount in so many hundredths.
    Percent(i64),
    /// The person's own day of birth.
    BirthDate,
}

impl Who {
    /// Whether it may be true of a member of a household; of nobody who has died.
    pub(super) fn has(&self, household: &FictionalHousehold, person: &FictionalPerson, today: Date) -> bool {
        let (truth, age) = (&person.truth, person.age(today));
        let asked = |asked: Option<bool>, is: bool| asked.is_none_or(|asked| asked == is);
        person.death_date.is_none()
            && self.ages.is_none_or(|(low, high)| (low..=high).contains(&age))
            && self.sex.is_none_or(|sex| sex == person.sex)
            && (self.relationships.is_empty() || self.relationships.contains(&person.relationship))
            && (self.standings.is_empty() || self.standings.contains(&household.standing))
            && (self.shapes.is_empty() || self.shapes.contains(&household.shape))
            && asked(self.disabled, truth.disability.is_some())
            && asked(
                self.severely_disabled,
                truth.disability.as_ref().is_some_and(|finding| finding.severe),
            )
            && asked(
                self.employed,
                truth.employments.iter().any(|it| it.ends.is_none()),
            )
            && asked(self.unemployed, truth.unemployment.is_some())
            && asked(self.retired, !truth.pensions.is_empty())
            && asked(self.at_school, truth.schooling.is_some())
            && (self.municipalities.as_ref()).is_none_or(|list| list.contains(&household.home.municipality))
    }
}

impl Column {
    /// Whether it can be drawn; otherwise why not.
    pub(super) fn check(&self, parameters: &Parameters) -> Result<(), &'static str> {
        match self {
            Column::Money(low, high)
                if parameters.minor(low).is_none() || parameters.minor(low) > parameters.minor(high) =>
            {
                Err("two amounts, the lower one first, are needed")
            }
            Column::Always(toml::Value::Float(_)) => Err("amounts are texts, numbers are whole"),
            _ => Ok(()),
        }
    }
}

/// A row that others are made from.
pub(super) struct Base {
    month: Option<Date>,
    payer: Option<String>,
    minor: i64,
}

pub(super) struct Drawing<'a> {
    pub(super) settings: &'a Settings,
    pub(super) today: Date,
    pub(super) born: Date,
    pub(super) draw: Draw,
}

impl Drawing<'_> {
    pub(super) fn value(&mut self, column: &Column, base: Option<&Base>) -> Option<Value> {
        let parameters = &self.settings.parameters;
        let text = |day: Date| Value::String(day.to_string());
        let money = |minor: i64| Value::String(parameters.written(parameters.money(minor)));
        match column {
            Column::Always(value) => Some(json(value)),
            Column::Pick(list) => {
                let mut weighted = Weighted::default();
                for (value, weight) in list {
                    weighted.add(*weight, value);
                }
                weighted.draw(&mut self.draw).map(|value| json(value))
            }
            Column::Between(low, high) => Some(self.draw.between(*low, *high).into()),
            Column::Money(low, high) => {
                let (low, high) = (parameters.minor(low)?, parameters.minor(high)?);
                Some(money(self.draw.between(low, high)))
            }
            Column::DaysAgo(low, high) => {
                let day = days_before(self.today, self.draw.between(*low, *high));
                Some(text(day.max(self.born)))
            }
            Column::DaysAhead(low, high) => {
                Some(text(days_before(self.today, -self.draw.between(*low, *high))))
            }
            Column::Month => base.and_then(|base| base.month).map(text),
            Column::Payer => base.and_then(|base| base.payer.clone()).map(Value::String),
            Column::Percent(percent) => base.map(|base| money(base.minor.saturating_mul(*percent) / 100)),
            Column::BirthDate => Some(text(self.born)),
        }
    }

    pub(super) fn row(&mut self, columns: &BTreeMap<String, Column>, base: Option<&Base>) -> Value {
        let cells = columns
            .iter()
            .filter_map(|(name, column)| Some((name.clone(), self.value(column, base)?)));
        Value::Object(cells.collect::<Map<_, _>>())
    }
}

pub(super) fn json(value: &toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::String(text.clone()),
        toml::Value::Integer(n) => (*n).into(),
        toml::Value::Float(_) => Value::Null,
        toml::Value::Boolean(b) => (*b).into(),
        toml::Value::Datetime(day) => Value::String(day.to_string()),
        toml::Value::Array(list) => Value::Array(list.iter().map(json).collect()),
        toml::Value::Table(table) => Value::Object(
            table
                .iter()
                .map(|(name, value)| (name.clone(), json(value)))
                .collect(),
        ),
    }
}

/// Reads `people/further.toml`, which may be missing.
pub(super) fn read(text: &PackText, parameters: &Parameters, found: &mut Found) -> Vec<FurtherFact> {
    let Some(contents) = text.get(FILE) else {
        return Vec::new();
    };
    let Some(file) = found.toml_of::<File>(contents, FILE) else {
        return Vec::new();
    };
    for fact in &file.fact {
        let mut wrong = |why: &str| {
            let near = format!("name = \"{}\"", fact.name);
            found.wrong(text, FILE, &[&near], format!("{}: {why}", fact.name));
        };
        if fact.is.is_some() != fact.row.is_empty() {
            wrong("a fact has either `is` or `row`");
        }
        if fact.rows.0 < 0 || fact.rows.0 > fact.rows.1 || fact.rows.1 > 100 {
            wrong("rows are at least and at most so many, up to 100");
        }
        for column in fact.is.iter().chain(fact.row.values()) {
            if let Err(why) = column.check(parameters) {
                wrong(why);
            }
        }
    }
    file.fact
}

impl Settings {
    /// What the pack says of its own about the member at this place of a household; what is told of a named person
    /// comes before what is drawn. A row `{ months = [1, 14], … }` of a named person stands for a row in each of these months.
    pub fn further(&self, population: Population, household: &FictionalHousehold, place: usize) -> Further {
        let Some(person) = household.members.get(place) else {
            return Further::new();
        };
        let mut found = Further::new();
        for (at, fact) in (0_u64..).zip(&self.further) {
            let mut drawing = Drawing {
                settings: self,
                today: population.today,
                born: person.birth_date,
                draw: Draw::of(
                    population.seed ^ 0x6675_7274_6865_7200 ^ (at << 40),
                    household.index * 64 + place as u64,
                ),
            };
            // Of named people only what follows from the rest of their story.
            if (household.story.is_some() && fact.permille < 1000)
                || !fact.who.has(household, person, population.today)
                || !drawing.draw.chance(fact.permille)
            {
                if let Some(otherwise) = &fact.otherwise {
                    found.insert(fact.name.clone(), json(otherwise));
                }
                continue;
            }
            let value = match (&fact.is, fact.each) {
                (Some(column), _) => drawing.value(column, None),
                (None, Some(each)) => {
                    let bases = bases(each, person, population.today);
                    let rows = bases.iter().map(|base| drawing.row(&fact.row, Some(base)));
                    Some(Value::Array(rows.collect()))
                }
                (None, None) => {
                    let many = drawing.draw.between(fact.rows.0, fact.rows.1);
                    Some(Value::Array(
                        (0..many).map(|_| drawing.row(&fact.row, None)).collect(),
                    ))
                }
            };
            if let Some(value) = value {
                found.insert(fact.name.clone(), value);
            }
        }
        if household.story.is_some()
            && let Some(told) = self.named.facts(household.index, place, population.today)
        {
            for (name, value) in told {
                found.insert(name.clone(), expanded(value, population.today));
            }
        }
        found
    }
}

fn bases(each: Each, person: &FictionalPerson, today: Date) -> Vec<Base> {
    match each {
        Each::Income => (person.truth.incomes.iter())
            .map(|row| Base {
                month: Some(row.month),
                payer: Some(row.payer.clone()),
                minor: row.net.minor,
            })
            .collect(),
        Each::Pension => (person.truth.pensions.iter())
            .map(|row| Base {
                month: Some(row.month),
                payer: None,
                minor: row.net.minor,
            })
            .collect(),
        Each::Month => (1..=MONTHS)
            .rev()
            .map(|back| Base {
                month: Some(month_before(today, back)),
                payer: None,
                minor: 0,
            })
            .collect(),
    }
}

/// Rows with `months` become one row for each month, the oldest first.
fn expanded(value: &toml::Value, today: Date) -> Value {
    let toml::Value::Array(rows) = value else {
        return json(value);
    };
    let mut found = Vec::new();
    for row in rows {
        let months = row
            .as_table()
            .and_then(|table| table.get("months")?.as_array())
            .and_then(|months| Some((months.first()?.as_integer()?, months.get(1)?.as_integer()?)));
        match (months, json(row)) {
            (Some((near, far)), Value::Object(mut cells)) => {
                cells.remove("months");
                for back in (near..=far.min(near + 59)).rev() {
                    let mut cells = cells.clone();
                    let month = month_before(today, back).to_string();
                    cells.insert("month".to_owned(), Value::String(month));
                    found.push(Value::Object(cells));
                }
            }
            (_, row) => found.push(row),
        }
    }
    Value::Array(found)
}

//! The families with a story (`people/named.toml`): always the first of a population, whatever the seed.

use super::{
    found::Found,
    history::amounts,
    living::month_before,
    model::{
        Concealment, Disability, Disposal, Employment, FictionalHousehold, FictionalPerson, Home, Income,
        LeftWork, PastAward, PensionPayment, RealEstate, Relationship, Schooling, Sex, Shape, Standing,
        Truth, Unemployment, Vehicle,
    },
    number::is_number,
    parameters::{Parameters, day},
    settings::Settings,
    text::PackText,
};
use karton_api::Date;
use karton_rules::id_number::Scheme;
use serde::{Deserialize, Deserializer};
use std::collections::{BTreeMap, HashSet};

const FILE: &str = "people/named.toml";

/// A TOML day.
#[derive(Debug, Clone, Copy)]
struct Day(Date);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = toml::value::Datetime::deserialize(d)?;
        day(&text)
            .map(Day)
            .ok_or_else(|| serde::de::Error::custom("a day such as 2025-03-10 is needed"))
    }
}

/// The named families of a pack.
#[derive(Debug, Clone)]
pub(crate) struct NamedFamilies(Vec<Family>);

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    household: Vec<Family>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Family {
    story: String,
    says: BTreeMap<String, String>,
    shape: Shape,
    standing: Standing,
    home: Place,
    person: Vec<Person>,
    #[serde(default)]
    conceals: Option<Conceals>,
    #[serde(default)]
    award: Vec<Award>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    municipality: String,
    settlement: String,
    postal_code: String,
    street: String,
    rooms: i64,
    tenure: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Conceals {
    person: String,
    what: super::Concealed,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Award {
    benefit: String,
    of: String,
    applicant: String,
    parameter: String,
    #[serde(default)]
    key: i64,
    #[serde(default)]
    less: Option<String>,
    lodged_on: Day,
    decided_on: Day,
    from: Day,
    until: Option<Day>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Person {
    id: String,
    national_id: String,
    given_name: String,
    family_name: Option<String>,
    birth_date: Day,
    death_date: Option<Day>,
    sex: Sex,
    relationship: Relationship,
    father: Option<String>,
    mother: Option<String>,
    spouse: Option<String>,
    #[serde(default = "yes")]
    work_capable: bool,
    #[serde(default)]
    pregnant: bool,
    #[serde(default)]
    former_child_without_care: bool,
    #[serde(default)]
    pension_care_allowance: bool,
    insurance: String,
    resident_since: Option<Day>,
    #[serde(default)]
    income: Vec<Paid>,
    #[serde(default)]
    pension: Vec<Paid>,
    #[serde(default)]
    employment: Vec<Work>,
    #[serde(default)]
    left_work: Vec<Left>,
    unemployed: Option<Unemployed>,
    #[serde(default)]
    vehicle: Vec<Car>,
    #[serde(default)]
    real_estate: Vec<Estate>,
    #[serde(default)]
    disposal: Vec<Sale>,
    school: Option<School>,
    disability: Option<Finding>,
    /// Further facts by their names: what the pack says of its own.
    #[serde(default)]
    facts: BTreeMap<String, toml::Value>,
}

fn yes() -> bool {
    true
}

/// An amount paid in each of the full months from `months[1]` to `months[0]` before the day (1: the last full month).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Paid {
    kind: String,
    #[serde(default)]
    payer: String,
    payer_number: Option<String>,
    net: String,
    months: (i64, i64),
}
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Work {
    employer: String,
    number: Option<String>,
    starts: Day,
    ends: Option<Day>,
}
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Left {
    day: Day,
    own_fault: bool,
}
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Unemployed {
    since: Day,
    benefit: String,
    #[serde(default)]
    refused_work: bool,
}
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Car {
    plate: String,
    kind: String,
    make: String,
    year: i64,
    registered_on: Day,
}
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Estate {
    parcel: String,
    kind: String,
    area_m2: i64,
    rooms: i64,
    home: bool,
}
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sale {
    parcel: String,
    day: Day,
    deed: String,
}
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct School {
    institution: String,
    grade: i64,
    since: Day,
    #[serde(default)]
    adapted: bool,
}
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Finding {
    degree: i64,
    severe: bool,
    lasting: bool,
    control_on: Option<Day>,
}

impl NamedFamilies {
    /// Reads `people/named.toml`, which may be missing. Checks numbers (of the scheme, where it is known), references and amounts.
    pub(super) fn read(
        text: &PackText,
        parameters: &Parameters,
        scheme: Option<Scheme>,
        found: &mut Found,
    ) -> NamedFamilies {
        let Some(contents) = text.get(FILE) else {
            return NamedFamilies(Vec::new());
        };
        let Some(file) = found.toml_of::<File>(contents, FILE) else {
            return NamedFamilies(Vec::new());
        };
        let mut seen = HashSet::new();
        for family in &file.household {
            let story = format!("story = \"{}\"", family.story);
            let mut wrong = |near: &str, why: String| {
                found.wrong(text, FILE, &[&story, near], format!("{}: {why}", family.story));
            };
            if family
                .person
                .first()
                .is_none_or(|person| person.relationship != Relationship::Head)
            {
                let why = "the first person must be the head (relationship = \"self\")".to_owned();
                wrong("relationship = ", why);
            }
            let known = |id: &Option<String>| id.as_ref().is_none_or(|id| family.place(id).is_some());
            for person in &family.person {
                let number = format!("\"{}\"", person.national_id);
                let good = scheme.is_none_or(|scheme| is_number(scheme, &person.national_id));
                if !good || !seen.insert(&person.national_id) {
                    let why = format!("{} is no valid number, or stands twice", person.national_id);
                    wrong(&number, why);
                }
                if !(known(&person.father) && known(&person.mother) && known(&person.spouse)) {
                    let why = format!(
                        "{}: father, mother or spouse is nobody of this household",
                        person.id
                    );
                    wrong(&format!("id = \"{}\"", person.id), why);
                }
                let benefit = person.unemployed.as_ref().map(|unemployed| &unemployed.benefit);
                let paid = person.income.iter().chain(&person.pension).map(|paid| &paid.net);
                for amount in paid
                    .chain(benefit)
                    .filter(|amount| parameters.minor(amount).is_none())
                {
                    wrong(&format!("\"{amount}\""), format!("{amount} is no amount"));
                }
                if person
                    .income
                    .iter()
                    .chain(&person.pension)
                    .any(|paid| paid.months.0 < 1 || paid.months.1 > 60)
                {
                    let why = "months are counted from 1, the last full month, to 60".to_owned();
                    wrong(&number, why);
                }
            }
            for award in &family.award {
                if family.place(&award.of).is_none() || family.place(&award.applicant).is_none() {
                    let why = format!("an award of {} is nobody's", award.benefit);
                    wrong(&format!("benefit = \"{}\"", award.benefit), why);
                }
                if !parameters.has(&award.parameter) {
                    let why = format!("the pack has no parameter of money called {}", award.parameter);
                    wrong(&format!("\"{}\"", award.parameter), why);
                }
            }
            if let Some(conceals) = &family.conceals
                && family.place(&conceals.person).is_none()
            {
                wrong("conceals", "what is concealed is nobody's".to_owned());
            }
        }
        NamedFamilies(file.household)
    }

    /// What a family stands for, by language.
    pub(crate) fn story(&self, name: &str) -> BTreeMap<String, String> {
        let family = self.0.iter().find(|family| family.story == name);
        family.map(|family| family.says.clone()).unwrap_or_default()
    }

    /// What the pack says of its own about a member of a named household as it is on a day.
    pub(super) fn facts(
        &self,
        index: u64,
        place: usize,
        today: Date,
    ) -> Option<&BTreeMap<String, toml::Value>> {
        let family = self.0.get(usize::try_from(index).ok()?)?;
        let mut born = family.person.iter().filter(|person| person.birth_date.0 <= today);
        born.nth(place).map(|person| &person.facts)
    }

    pub(crate) fn len(&self) -> u64 {
        self.0.len() as u64
    }

    pub(crate) fn national_ids(&self) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .flat_map(|family| &family.person)
            .map(|person| person.national_id.as_str())
    }

    /// A named household as it is on a day: who is not born yet is not there.
    pub(crate) fn household(
        &self,
        settings: &Settings,
        index: u64,
        today: Date,
    ) -> Option<FictionalHousehold> {
        let family = self.0.get(usize::try_from(index).ok()?)?;
        let home = Home {
            municipality: family.home.municipality.clone(),
            settlement: family.home.settlement.clone(),
            postal_code: family.home.postal_code.clone(),
            street: family.home.street.clone(),
            rooms: family.home.rooms,
            tenure: family.home.tenure.clone(),
        };
        let born: Vec<&Person> = family
            .person
            .iter()
            .filter(|person| person.birth_date.0 <= today)
            .collect();
        let place = |id: &Option<String>| {
            id.as_ref()
                .and_then(|id| born.iter().position(|person| &person.id == id))
        };
        let members = born
            .iter()
            .map(|person| FictionalPerson {
                national_id: Some(person.national_id.clone()),
                given_name: person.given_name.clone(),
                family_name: person.family_name.clone(),
                birth_date: person.birth_date.0,
                sex: person.sex,
                // Nobody has died yet on an earlier day of the demo.
                death_date: person.death_date.map(|day| day.0).filter(|day| *day <= today),
                relationship: person.relationship,
                father: place(&person.father),
                mother: place(&person.mother),
                spouse: place(&person.spouse),
                truth: person.truth(settings, &home, today),
            })
            .collect();
        let awards = family
            .award
            .iter()
            .filter(|award| award.from.0 < today)
            .filter_map(|award| {
                let until = award.until.map(|until| until.0).filter(|until| *until <= today);
                let less = award
                    .less
                    .as_ref()
                    .and_then(|less| settings.parameters.minor(less))
                    .unwrap_or(0);
                let period = (award.from.0, until.unwrap_or(today));
                let amounts = amounts(&settings.parameters, (&award.parameter, award.key), less, period);
                (!amounts.is_empty()).then_some(PastAward {
                    benefit: award.benefit.clone(),
                    of: place(&Some(award.of.clone()))?,
                    applicant: place(&Some(award.applicant.clone()))?,
                    lodged_on: award.lodged_on.0,
                    decided_on: award.decided_on.0,
                    from: award.from.0,
                    until,
                    amounts,
                })
            })
            .collect();
        let conceals = family.conceals.as_ref().and_then(|conceals| {
            Some(Concealment {
                member: place(&Some(conceals.person.clone()))?,
                what: conceals.what,
            })
        });
        Some(FictionalHousehold {
            index,
            story: Some(family.story.clone()),
            shape: family.shape,
            standing: family.standing,
            home,
            members,
            conceals,
            awards,
            refusals: Vec::new(),
        })
    }
}

impl Family {
    fn place(&self, id: &str) -> Option<usize> {
        self.person.iter().position(|person| person.id == id)
    }
}

impl Person {
    fn truth(&self, settings: &Settings, home: &Home, today: Date) -> Truth {
        let money = |text: &str| {
            settings
                .parameters
                .money(settings.parameters.minor(text).unwrap_or(0))
        };
        let months = |paid: &Paid| {
            (paid.months.0..=paid.months.1)
                .rev()
                .map(|back| month_before(today, back))
                .collect::<Vec<_>>()
        };
        let income = |paid: &Paid| {
            let row = |month| Income {
                month,
                payer: paid.payer.clone(),
                payer_number: paid.payer_number.clone(),
                kind: paid.kind.clone(),
                net: money(&paid.net),
            };
            months(paid).into_iter().map(row).collect::<Vec<_>>()
        };
        let pension = |paid: &Paid| {
            let row = |month| PensionPayment {
                month,
                kind: paid.kind.clone(),
                net: money(&paid.net),
            };
            months(paid).into_iter().map(row).collect::<Vec<_>>()
        };
        Truth {
            citizenship: settings.own_citizenship.clone(),
            residence_kind: "residence".to_owned(),
            resident_since: Some(self.resident_since.map_or(self.birth_date.0, |since| since.0)),
            incomes: self.income.iter().flat_map(income).collect(),
            pensions: self.pension.iter().flat_map(pension).collect(),
            pension_care_allowance: self.pension_care_allowance,
            employments: (self.employment.iter())
                .map(|work| Employment {
                    employer: work.employer.clone(),
                    employer_number: work.number.clone(),
                    starts: work.starts.0,
                    ends: work.ends.map(|ends| ends.0),
                })
                .collect(),
            left_work: self
                .left_work
                .iter()
                .map(|left| LeftWork {
                    day: left.day.0,
                    own_fault: left.own_fault,
                })
                .collect(),
            unemployment: self.unemployed.as_ref().map(|unemployed| Unemployment {
                since: unemployed.since.0,
                benefit: money(&unemployed.benefit),
                refused_work: unemployed.refused_work,
            }),
            vehicles: (self.vehicle.iter())
                .map(|car| Vehicle {
                    plate: car.plate.clone(),
                    kind: car.kind.clone(),
                    make: car.make.clone(),
                    year: car.year,
                    registered_on: car.registered_on.0,
                })
                .collect(),
            real_estate: (self.real_estate.iter())
                .map(|estate| RealEstate {
                    parcel: estate.parcel.clone(),
                    kind: estate.kind.clone(),
                    municipality: home.municipality.clone(),
                    area_m2: estate.area_m2,
                    rooms: estate.rooms,
                    home: estate.home,
                })
                .collect(),
            disposals: (self.disposal.iter())
                .map(|sale| Disposal {
                    parcel: sale.parcel.clone(),
                    day: sale.day.0,
                    deed: sale.deed.clone(),
                })
                .collect(),
            schooling: self.school.as_ref().map(|school| Schooling {
                institution: school.institution.clone(),
                grade: school.grade,
                regular: true,
                adapted: school.adapted,
                since: school.since.0,
            }),
            health_insurance: Some(self.insurance.clone()),
            disability: self.disability.as_ref().map(|finding| Disability {
                degree: finding.degree,
                severe: finding.severe,
                lasting: finding.lasting,
                control_on: finding.control_on.map(|on| on.0),
            }),
            work_capable: self.work_capable,
            pregnant: self.pregnant,
            former_child_without_care: self.former_child_without_care,
        }
    }
}

//! Fictional people and what the registers of other institutions know about them.
//!
//! Codes are those of the pack's lists (`codes/*.csv`). Amounts are in the pack's currency. Nobody here exists.

use karton_api::{Date, Money};
use serde::{Deserialize, Serialize};

/// A household of fictional people. The first member is the head: the one who would apply.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FictionalHousehold {
    /// Its place in the population of its seed, from 0; the named families come first.
    pub index: u64,
    /// The name of the story that a named family stands for, such as `vujotic`; drawn households have none.
    pub story: Option<String>,
    /// Who lives together.
    pub shape: Shape,
    /// How the household stands to the poverty line of the pack.
    pub standing: Standing,
    /// Where they live.
    pub home: Home,
    /// At least one; relationships are to the first.
    pub members: Vec<FictionalPerson>,
    /// What the family would leave out when it declares, though a register knows it.
    pub conceals: Option<Concealment>,
    /// Awards of earlier years and running ones, for the demo to store.
    pub awards: Vec<PastAward>,
    /// Applications that were refused.
    pub refusals: Vec<PastRefusal>,
}

/// Who lives together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// One old person.
    OldSingle,
    /// One person of working age.
    Single,
    /// Two old spouses.
    OldCouple,
    /// Two spouses without children at home.
    Couple,
    /// Two parents with children.
    Family,
    /// One parent with children.
    SingleParent,
    /// Grandparents, parents and children.
    ThreeGenerations,
}

/// How a household stands to the poverty line (`poverty_line` in `people/generator.toml`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Below the line, without property that counts.
    Poor,
    /// A little above the line.
    JustAbove,
    /// Below the line, with a motor vehicle.
    WithVehicle,
    /// Below the line, with property that counts, or that was sold a short time ago.
    WithProperty,
    /// Below the line by what they would say; a register knows more.
    Contradicting,
    /// Wages and pensions as usual.
    Ordinary,
}

/// Where a household lives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Home {
    /// A code of `municipalities`.
    pub municipality: String,
    /// The settlement's name.
    pub settlement: String,
    /// The post's number.
    pub postal_code: String,
    /// Street and number, or `bb`.
    pub street: String,
    /// Rooms of the dwelling.
    pub rooms: i64,
    /// A code of `tenures`.
    pub tenure: String,
}

impl Home {
    /// The address on one line.
    pub fn address(&self) -> String {
        format!("{}, {} {}", self.street, self.postal_code, self.settlement)
    }
}

/// Sex as civil registers keep it; `f` and `m` in the pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Sex {
    /// Female.
    #[serde(rename = "f")]
    Female,
    /// Male.
    #[serde(rename = "m")]
    Male,
}

impl Sex {
    /// The code in the pack's list `sexes`.
    pub const fn code(self) -> &'static str {
        match self {
            Sex::Female => "f",
            Sex::Male => "m",
        }
    }
}

/// The relationship to the head of the household.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relationship {
    /// The head.
    #[serde(rename = "self")]
    Head,
    /// Husband or wife.
    Spouse,
    /// Son or daughter.
    Child,
    /// Father or mother.
    Parent,
}

impl Relationship {
    /// The code in the pack's list `relationships`.
    pub const fn code(self) -> &'static str {
        match self {
            Relationship::Head => "self",
            Relationship::Spouse => "spouse",
            Relationship::Child => "child",
            Relationship::Parent => "parent",
        }
    }
}

/// A fictional person.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FictionalPerson {
    /// The national number, valid and unique in its population. Some people have none.
    pub national_id: Option<String>,
    /// In whatever script the person writes it.
    pub given_name: String,
    /// Some people have one name only.
    pub family_name: Option<String>,
    /// Not after the day of the population.
    pub birth_date: Date,
    /// As in the civil register.
    pub sex: Sex,
    /// For the few who died a short time ago.
    pub death_date: Option<Date>,
    /// To the head of the household.
    pub relationship: Relationship,
    /// Their place in `members`, where they live in this household.
    pub father: Option<usize>,
    /// Their place in `members`, where they live in this household.
    pub mother: Option<usize>,
    /// Their place in `members`.
    pub spouse: Option<usize>,
    /// What the registers know, and what an officer would find.
    pub truth: Truth,
}

impl FictionalPerson {
    /// Completed years on a day; 0 before birth.
    pub fn age(&self, on: Date) -> i64 {
        age(self.birth_date, on)
    }
}

/// Completed years from a birth date to a day; 0 before birth.
pub(crate) fn age(birth: Date, on: Date) -> i64 {
    let years = i64::from(on.year()) - i64::from(birth.year());
    let had_birthday = (on.month(), on.day()) >= (birth.month(), birth.day());
    (if had_birthday { years } else { years - 1 }).max(0)
}

/// What is true of a person. Registers answer from it; documents and visits would show the rest.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Truth {
    /// A code of `citizenships`.
    pub citizenship: String,
    /// A code of `residence_kinds`.
    pub residence_kind: String,
    /// Since when at this address.
    pub resident_since: Option<Date>,
    /// One row for each month, payer and kind; the last fourteen full months.
    pub incomes: Vec<Income>,
    /// One row for each month and pension.
    pub pensions: Vec<PensionPayment>,
    /// The pension fund pays a care allowance.
    pub pension_care_allowance: bool,
    /// Insurance by employment.
    pub employments: Vec<Employment>,
    /// Ends of employment.
    pub left_work: Vec<LeftWork>,
    /// In the employment agency's records.
    pub unemployment: Option<Unemployment>,
    /// Registered to this person.
    pub vehicles: Vec<Vehicle>,
    /// In the cadastre.
    pub real_estate: Vec<RealEstate>,
    /// Sold or given away.
    pub disposals: Vec<Disposal>,
    /// At school or university.
    pub schooling: Option<Schooling>,
    /// A code of `insurance_grounds`.
    pub health_insurance: Option<String>,
    /// A commission's finding.
    pub disability: Option<Disability>,
    /// Capable of work, by age and health.
    pub work_capable: bool,
    /// Expecting a child.
    pub pregnant: bool,
    /// Grew up without parental care.
    pub former_child_without_care: bool,
}

/// Net income of one month from one payer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Income {
    /// The first day of the month.
    pub month: Date,
    /// Who paid.
    pub payer: String,
    /// The payer's tax number, where it has one.
    pub payer_number: Option<String>,
    /// A code of `income_kinds`.
    pub kind: String,
    /// What was received.
    pub net: Money,
}

/// One month's payment of a pension.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PensionPayment {
    /// The first day of the month.
    pub month: Date,
    /// A code of `pension_kinds`.
    pub kind: String,
    /// What was received.
    pub net: Money,
}

/// An employment as the tax administration's insurance register has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Employment {
    /// The employer's name.
    pub employer: String,
    /// The employer's tax number.
    pub employer_number: Option<String>,
    /// First day.
    pub starts: Date,
    /// The day after the last; a running employment has none.
    pub ends: Option<Date>,
}

/// An employment ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeftWork {
    /// The day.
    pub day: Date,
    /// By the person's will or fault.
    pub own_fault: bool,
}

/// In the employment agency's records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unemployment {
    /// Since when.
    pub since: Date,
    /// Per month; zero for most.
    pub benefit: Money,
    /// Refused work, training or public works in the last year.
    pub refused_work: bool,
}

/// A motor vehicle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Vehicle {
    /// The registration plate.
    pub plate: String,
    /// A code of `vehicle_kinds`.
    pub kind: String,
    /// The make.
    pub make: String,
    /// Year of making.
    pub year: i64,
    /// Registered on this person since.
    pub registered_on: Date,
}

/// A parcel, a dwelling or other premises.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RealEstate {
    /// The cadastre's designation.
    pub parcel: String,
    /// A code of `property_kinds`.
    pub kind: String,
    /// A code of `municipalities`.
    pub municipality: String,
    /// Square metres.
    pub area_m2: i64,
    /// 0 for what has no rooms.
    pub rooms: i64,
    /// The household lives there.
    pub home: bool,
}

/// Real estate sold or given away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Disposal {
    /// The cadastre's designation.
    pub parcel: String,
    /// The day of the deed.
    pub day: Date,
    /// What kind of deed, in the words of the cadastre.
    pub deed: String,
}

/// At school or university.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Schooling {
    /// The institution's name.
    pub institution: String,
    /// Class or year of study.
    pub grade: i64,
    /// A regular pupil or student.
    pub regular: bool,
    /// By an adapted programme.
    pub adapted: bool,
    /// Enrolled on.
    pub since: Date,
}

/// A commission's finding on disability.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Disability {
    /// Per cent.
    pub degree: i64,
    /// Severe.
    pub severe: bool,
    /// Lasting, or arisen before the age of 18.
    pub lasting: bool,
    /// To be looked at again.
    pub control_on: Option<Date>,
}

/// What the family would leave out when it declares, though a register knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Concealment {
    /// Whose, as a place in `members`.
    pub member: usize,
    /// What.
    pub what: Concealed,
}

/// What is left out of a declaration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Concealed {
    /// A wage (`income`).
    Income,
    /// A motor vehicle (`vehicles`).
    Vehicle,
    /// Premises or land (`real_estate`).
    Property,
}

/// An award that was decided before the demo begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PastAward {
    /// The benefit's code in the pack.
    pub benefit: String,
    /// Whose right it is, as a place in `members`: the applicant for a household's benefit, the child for a child's.
    pub of: usize,
    /// Who applied and is paid, as a place in `members`.
    pub applicant: usize,
    /// The day of the application.
    pub lodged_on: Date,
    /// The day of the decision.
    pub decided_on: Date,
    /// The first day of the right.
    pub from: Date,
    /// Exclusive; a running award has none.
    pub until: Option<Date>,
    /// What a month was worth, from a day on: the decided amount first, then each change of the law's amounts.
    /// Never empty, in the order of the days, the first on `from`.
    pub amounts: Vec<AmountFrom>,
}

/// An amount per month from a day on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct AmountFrom {
    /// Inclusive.
    pub from: Date,
    /// Per month.
    pub amount: Money,
}

/// An application refused before the demo begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PastRefusal {
    /// The benefit's code in the pack.
    pub benefit: String,
    /// Who applied, as a place in `members`.
    pub applicant: usize,
    /// The day of the application.
    pub lodged_on: Date,
    /// The day of the decision.
    pub decided_on: Date,
    /// The fact that stood against it: `income`, `vehicles` or `real_estate`.
    pub because: String,
}

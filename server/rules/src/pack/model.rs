use super::{Columns, Names, Sensitive};
use crate::lang::Type;
use karton_api::{Currency, Date, Per, Rounding};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A text for people in each language of the country, by language code.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Texts(pub BTreeMap<String, String>);

impl Texts {
    /// The text in a language, otherwise in any (the checker refuses packs where one is missing).
    pub fn get(&self, language: &str) -> &str {
        self.0
            .get(language)
            .or_else(|| self.0.values().next())
            .map_or("", String::as_str)
    }
}

/// Where something stands in the pack: the file and the byte offset in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// Path inside the pack.
    pub file: String,
    /// Bytes from its beginning.
    pub offset: usize,
}

/// An expression of the rule language as it stands in the pack.
#[derive(Debug, Clone, Default)]
pub struct Expression {
    /// The source.
    pub text: String,
    /// Where each byte of the source stands in the file.
    pub(crate) source: Source,
    /// What it was compiled to; none where it is part of a benefit, which is compiled as a whole.
    pub(crate) code: Option<std::sync::Arc<crate::lang::Code>>,
}

/// A text inside a file with the offsets of its bytes there (escapes make the two differ).
#[derive(Debug, Clone, Default)]
pub(crate) struct Source {
    pub(crate) file: String,
    pub(crate) offsets: Vec<usize>,
}

/// `country.toml`.
#[derive(Debug, Clone)]
pub struct Country {
    /// `me`
    pub id: String,
    /// The country's name.
    pub name: Texts,
    /// The one currency of the pack.
    pub currency: Currency,
    /// Decimal places of the currency.
    pub minor_units: u8,
    /// Language codes; letters are written in the first.
    pub languages: Vec<String>,
    /// IANA name.
    pub time_zone: String,
    /// First day with published parameters.
    pub covers_from: Date,
    /// The day after the last with published parameters.
    pub covers_until: Date,
    /// The day shown in the demo.
    pub demo_today: Option<Date>,
    /// Kinds of source, the one that counts first first.
    pub rank: Vec<String>,
    /// Codes of all benefits of the country in the order of its catalogue, also of those that this pack does not have yet.
    pub catalogue: Vec<String>,
    /// Codes of the procedures of social work that the country's lists name, in their order, also of those that this pack does not have.
    pub procedures: Vec<String>,
    /// Codes of the services of other institutions that the country's lists name, also of those that this pack does not have.
    pub services: Vec<String>,
    /// Code lists that people browse as a tree: the classifier of social support, the nomenclator of services.
    pub classifiers: Vec<String>,
    /// Kinds of national numbers of persons.
    pub id_schemes: Vec<IdScheme>,
    /// Kinds of numbers of organisations; none where the country has no organisations as parties.
    pub organisation_schemes: Vec<super::OrganisationScheme>,
    /// Who decides and who pays.
    pub bodies: Vec<Body>,
    /// Laws that rules cite.
    pub acts: Vec<Act>,
    /// The legal remedy that decisions name.
    pub appeal: Option<Appeal>,
    /// How later decisions change what stands; none where the country has none.
    pub amendments: Option<Amendments>,
    /// What stands around the names under a decision.
    pub signature: Option<Signature>,
    /// How letters are served.
    pub delivery: Option<Delivery>,
}

/// How a later decision changes, suspends, resumes or ends an award, or corrects or annuls a decision. Its reasons stand in
/// `codes/amendment_reasons.csv`, each with its `kinds` and, where confirmed, its `law`.
#[derive(Debug, Clone)]
pub struct Amendments {
    /// Id of the procedure it runs on: steps with the acts recommend, decide and deliver.
    pub procedure: String,
    /// Name of its letter's template.
    pub letter: String,
    /// What a death ends; nothing where somebody only looks.
    pub death: Option<DeathRule>,
    /// How an award ends or rests beside which another one is granted; needed where a benefit says `choose` or `suspend`.
    pub choice: Option<ChoiceRule>,
}

/// The later decision that ends or suspends an award because another one is granted in its place.
#[derive(Debug, Clone)]
pub struct ChoiceRule {
    /// Its reason: a code of `amendment_reasons` for `suspend` and `end`.
    pub reason: String,
    /// What stands for it.
    pub source: String,
    /// How sure that is.
    pub confidence: Confidence,
    /// Where it is defined.
    pub place: Place,
}

/// How the rights of somebody who has died end. Nothing ends by itself: a later decision is proposed.
#[derive(Debug, Clone)]
pub struct DeathRule {
    /// They end with this day, counted from the day of death: 1 is the day after it, which is the first one without the right.
    pub days: u32,
    /// The reason of the later decision that is proposed: a code of `amendment_reasons` for `end`.
    pub reason: String,
    /// What stands for it.
    pub source: String,
    /// How sure that is.
    pub confidence: Confidence,
    /// Where it is defined.
    pub place: Place,
}

/// What stands around the names under a decision.
#[derive(Debug, Clone)]
pub struct Signature {
    /// Above the name of the second officer: director, authorised officer.
    pub title: Texts,
    /// Before the name of the officer for whom a deputy signs: by authority of.
    pub deputy: Texts,
    /// Where the stamp goes.
    pub stamp: Texts,
    /// That it is signed electronically, where it is.
    pub electronic: Option<Texts>,
}

/// How letters are served.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// Name of the delivery slip's template.
    pub slip: String,
    /// A letter put up on the notice board counts as served so many calendar days later.
    pub notice_days: u32,
    /// `S6` of SOURCES.md, or `M`.
    pub source: String,
    /// How well it is founded.
    pub confidence: Confidence,
}

/// The legal remedy against a decision.
#[derive(Debug, Clone)]
pub struct Appeal {
    /// Calendar days from the delivery.
    pub days: u32,
    /// Who decides on it.
    pub to: Texts,
    /// `S6` of SOURCES.md
    pub source: String,
    /// How well it is founded.
    pub confidence: Confidence,
}

/// A kind of national number.
#[derive(Debug, Clone)]
pub struct IdScheme {
    /// `jmbg`
    pub code: String,
    /// Its name.
    pub name: Texts,
    /// Which check of [`crate::id_number`] applies.
    pub check: crate::id_number::Scheme,
}

/// A body that decides or pays.
#[derive(Debug, Clone)]
pub struct Body {
    /// `csr`
    pub code: String,
    /// Its name.
    pub name: Texts,
}

/// A law.
#[derive(Debug, Clone)]
pub struct Act {
    /// As cited: `ZSDZ`.
    pub code: String,
    /// Its title.
    pub name: Texts,
    /// Where it was published.
    pub gazette: String,
}

/// How well a rule or value is founded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// Stands in the law's text.
    Law,
    /// Published by an authority.
    Published,
    /// Worked out from published values.
    Derived,
    /// From memory: to be verified.
    Memory,
    /// Invented so that the rule can run.
    Default,
}

impl Confidence {
    /// Memory and default: an officer must confirm what rests on it, and it is never printed as law.
    pub fn is_unconfirmed(self) -> bool {
        matches!(self, Confidence::Memory | Confidence::Default)
    }
    /// As packs write it.
    pub fn name(self) -> &'static str {
        match self {
            Confidence::Law => "law",
            Confidence::Published => "published",
            Confidence::Derived => "derived",
            Confidence::Memory => "memory",
            Confidence::Default => "default",
        }
    }
}

/// A dated value or table.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Dotted: `mo.base`.
    pub name: String,
    /// Type of the value.
    pub unit: Type,
    /// Types of the keys of a table, three at most; none where it is a single value.
    pub keys: Vec<Type>,
    /// Of keys that are no codes the least row at or above counts, not the greatest at or below.
    pub up_to: bool,
    /// What it is.
    pub says: Option<Texts>,
    /// It begins inside of the period that the pack covers: before its first day a rule that asks for it cannot be worked out.
    pub begins: bool,
    /// Worked out from other parameters; then `at` holds what came out, from each day on which one of them changes.
    pub is: Option<Derived>,
    /// Values, from the earliest to the latest.
    pub at: Vec<ParameterAt>,
    /// Where it is defined.
    pub place: Place,
}

/// The value of a parameter from a day on.
#[derive(Debug, Clone)]
pub struct ParameterAt {
    /// First day.
    pub from: Date,
    /// Day of publication where it differs.
    pub published: Option<Date>,
    /// The day from which the next value is not known: until that one the value is worked with, unconfirmed.
    pub until: Option<Date>,
    /// `S3` of SOURCES.md
    pub source: String,
    /// How well it is founded.
    pub confidence: Confidence,
    /// For people.
    pub note: Option<String>,
    /// How it follows from the value before it (`before`) and from other parameters.
    pub follows: Option<Expression>,
    /// Why the published value is another than the one that follows.
    pub differs: Option<String>,
    /// The value stands in the pack; otherwise it is the one that follows.
    pub given: bool,
    /// The value, or the rows of a table by ascending key.
    pub value: ParameterValue,
}

/// How a parameter is worked out from others.
#[derive(Debug, Clone)]
pub struct Derived {
    /// Over other parameters, each as of the same day.
    pub is: Expression,
    /// `S3` of SOURCES.md
    pub source: String,
    /// How well the rule of it is founded; the value is founded no better than what it rests on.
    pub confidence: Confidence,
}

/// What a parameter holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParameterValue {
    /// One value.
    One(Literal),
    /// Keys and value of each row; no key stands for every other code.
    Table(Vec<(Vec<Option<Literal>>, Literal)>),
}

/// A value as a pack writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Literal {
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// An exact number.
    Decimal(crate::lang::Ratio),
    /// Minor units.
    Money(i64),
    /// A day.
    Date(Date),
    /// A text or the code of an entry.
    Text(String),
}

/// Who or what a fact is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HolderKind {
    /// A person.
    Person,
    /// The people counted together.
    Household,
    /// The matter: what is asked for this time.
    Claim,
}

/// An entry of the dictionary of facts.
#[derive(Debug, Clone)]
pub struct FactDef {
    /// Unique within its holder.
    pub name: String,
    /// Whose fact it is.
    pub holder: HolderKind,
    /// Type of its value; rows are a list of rows.
    pub ty: Type,
    /// For money.
    pub per: Option<Per>,
    /// The code list of a code.
    pub list: Option<String>,
    /// How the counter asks for it.
    pub question: Texts,
    /// What the columns of rows are called, where the pack says so.
    pub columns: BTreeMap<String, Texts>,
    /// More on what is meant.
    pub help: Option<Texts>,
    /// For persons: somebody outside the household may be named too.
    pub anyone: bool,
    /// A declaration is not enough, though no register speaks of it: a document, a visit or a finding is needed.
    pub proof: bool,
    /// What was answered in the applicant's last application is offered again in the next.
    pub again: bool,
    /// A text that carries check digits.
    pub check: Option<crate::text_check::TextCheck>,
    /// Whose numbers and amounts may lie below zero: the fact's own name, or columns of its rows. Of all others less than nothing is
    /// a mistake of typing.
    pub signed: Vec<String>,
    /// No signal may look at it.
    pub sensitive: Option<Sensitive>,
    /// Where it is defined.
    pub place: Place,
}

impl FactDef {
    /// The columns of a fact that is a list of rows.
    pub fn columns(&self) -> &[(String, Type)] {
        match &self.ty {
            Type::List(element) => match element.as_ref() {
                Type::Row(row) => &row.columns,
                _ => &[],
            },
            _ => &[],
        }
    }
}

/// Whether an award is paid once or each month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BenefitKind {
    /// Each calendar month.
    Monthly,
    /// A single amount.
    OneOff,
    /// No money: cover, a service, a concession.
    InKind,
}

/// A kind of support: `catalogue/<benefit>/benefit.toml`.
#[derive(Debug, Clone)]
pub struct Benefit {
    /// `MO`
    pub code: String,
    /// Its name.
    pub name: Texts,
    /// Person or household.
    pub unit: HolderKind,
    /// Articles.
    pub law: Vec<String>,
    /// Id of a procedure.
    pub procedure: String,
    /// Id of a form.
    pub form: String,
    /// Name of a letter's template.
    pub letter: String,
    /// Who asks for it.
    pub applicant: super::ApplicantKind,
    /// Once or monthly; where the claim says it, the one in whose terms the amount is written.
    pub kind: BenefitKind,
    /// The kind by what the claim says; none where it is always the same.
    pub kinds: Option<super::Choice<BenefitKind>>,
    /// Who is paid; where the claim says it, a provider.
    pub payee: super::PayeeKind,
    /// Who is paid by what the claim says; none where it is always the same.
    pub payees: Option<super::Choice<super::PayeeKind>>,
    /// Which providers, where one is paid.
    pub provider: Option<super::ProviderRule>,
    /// The fact of the claim that names whom the benefit is granted on account of, where that is not the applicant: the child, the
    /// deceased. Nobody else is granted the same on account of the same person.
    pub about: Option<String>,
    /// Another institution is told of the decision.
    pub notify: Option<Notify>,
    /// Services asked, and about whom.
    pub evidence: Vec<EvidenceNeed>,
    /// Benefits that cannot be held beside it.
    pub incompatible: Vec<super::Incompatible>,
    /// What it opens, for people.
    pub opens: Vec<String>,
    /// Who decides, confirms and pays, dated, in some places otherwise; in the order of the file.
    pub competent: Vec<super::Competent>,
    /// Who makes later decisions where two bodies granted the right; like the first one where nothing is said.
    pub later: Vec<super::LaterRule>,
    /// Named expressions usable in all conditions and the amount.
    pub lets: Vec<Let>,
    /// Conditions, in order.
    pub conditions: Vec<Condition>,
    /// Durations to be told how far they have run.
    pub durations: Vec<super::Duration>,
    /// The amount; none for benefits in kind.
    pub amount: Option<AmountRule>,
    /// From when until when.
    pub period: Option<PeriodRule>,
    /// Worked examples.
    pub cases: Vec<super::Case>,
    /// Where it is defined.
    pub place: Place,
}

/// About whom a service is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EvidenceOf {
    /// The applicant.
    Applicant,
    /// Everybody in the household, the applicant too.
    Members,
    /// The person a claim fact of type person names (`child`).
    Claim(String),
}

/// A service that a benefit needs.
#[derive(Debug, Clone)]
pub struct EvidenceNeed {
    /// `tax.income`
    pub service: String,
    /// Asked about whom.
    pub of: EvidenceOf,
}

/// A message to another institution once a right is granted.
#[derive(Debug, Clone)]
pub struct Notify {
    /// A service that takes messages.
    pub service: String,
    /// About whom.
    pub of: EvidenceOf,
    /// What is sent beside the person's number: member of the message = expression of the benefit. `decision_number` and
    /// `decided_on` may be named too.
    pub send: Vec<(String, Expression)>,
    /// What is told when later decisions touch the right.
    pub later: Vec<LaterMessage>,
    /// Where it is defined.
    pub place: Place,
}

/// A message to the same kind of institution once a later decision touches the right; it is about the same person.
#[derive(Debug, Clone)]
pub struct LaterMessage {
    /// Which later decisions; one kind stands in one message of a benefit at most. `correct` touches no right.
    pub on: Vec<super::AmendmentKind>,
    /// A service that takes messages.
    pub service: String,
    /// As for the right itself; `effective_from`, the day from which it holds, may be named too.
    pub send: Vec<(String, Expression)>,
    /// Where it is defined.
    pub place: Place,
}

/// A named expression.
#[derive(Debug, Clone)]
pub struct Let {
    /// Its name.
    pub name: String,
    /// What it stands for.
    pub is: Expression,
    /// Where it is defined.
    pub place: Place,
}

/// One condition of a benefit.
#[derive(Debug, Clone)]
pub struct Condition {
    /// Unique within the benefit.
    pub id: String,
    /// The article.
    pub law: String,
    /// How well it is founded.
    pub confidence: Confidence,
    /// The condition as a sentence, with `{name}` for values.
    pub says: Texts,
    /// How it reads when it is not met.
    pub fails: Option<Texts>,
    /// Named expressions of this condition.
    pub lets: Vec<Let>,
    /// What must hold.
    pub when: Expression,
    /// The condition applies only when this holds.
    pub applies_if: Option<Expression>,
    /// Where it is defined.
    pub place: Place,
}

/// How the amount is worked out.
#[derive(Debug, Clone)]
pub struct AmountRule {
    /// The article.
    pub law: String,
    /// How well it is founded.
    pub confidence: Confidence,
    /// The formula; its type is money, per month for monthly benefits.
    pub formula: Expression,
    /// As a sentence.
    pub says: Option<Texts>,
    /// Rounds a formula whose value is not whole minor units.
    pub rounding: Option<Rounding>,
    /// The officers set the amount, and the formula only proposes it.
    pub discretion: Option<Discretion>,
    /// Parts of which the amount is the sum; without them the formula says it.
    pub parts: Vec<AmountPart>,
}

/// A part of an amount with a name and a ground of its own.
#[derive(Debug, Clone)]
pub struct AmountPart {
    /// `afc`
    pub code: String,
    /// Its name.
    pub name: Texts,
    /// The article.
    pub law: String,
    /// How well it is founded.
    pub confidence: Confidence,
    /// Money, per month for monthly benefits.
    pub formula: Expression,
    /// Worked out for each `member` of the household, and summed.
    pub of_members: bool,
    /// Paid once, with the first month, beside what is paid each month.
    pub once: bool,
    /// Where it is defined.
    pub place: Place,
}

/// The limits within which officers set an amount, both inclusive.
#[derive(Debug, Clone)]
pub struct Discretion {
    /// At most.
    pub upto: Expression,
    /// At least.
    pub atleast: Option<Expression>,
}

/// From when until when an award runs.
#[derive(Debug, Clone)]
pub struct PeriodRule {
    /// First day.
    pub starts: Expression,
    /// The day after the last.
    pub ends: Option<Expression>,
    /// Months between reviews.
    pub review_every_months: Option<u32>,
    /// The article.
    pub law: Option<String>,
}

/// A classifier: `codes/<name>.csv`.
#[derive(Debug, Clone)]
pub struct CodeList {
    /// The file's name without its ending.
    pub name: String,
    /// In the file's order.
    pub entries: Vec<CodeEntry>,
    /// Places in `entries`, in the order of the codes.
    sorted: Box<[usize]>,
}

impl CodeList {
    /// A list of entries in their order.
    pub(crate) fn new(name: String, entries: Vec<CodeEntry>) -> CodeList {
        let mut sorted: Box<[usize]> = (0..entries.len()).collect();
        let code = |at: usize| entries.get(at).map(|entry| entry.code.as_str());
        sorted.sort_by(|one, other| code(*one).cmp(&code(*other)));
        CodeList {
            name,
            entries,
            sorted,
        }
    }
    /// The entry with this code.
    pub fn entry(&self, code: &str) -> Option<&CodeEntry> {
        let of = |at: &usize| self.entries.get(*at);
        let found =
            (self.sorted).partition_point(|at| of(at).is_some_and(|entry| entry.code.as_str() < code));
        of(self.sorted.get(found)?).filter(|entry| entry.code == code)
    }
}

/// One entry of a classifier.
#[derive(Debug, Clone)]
pub struct CodeEntry {
    /// Unique in the list.
    pub code: String,
    /// Its name.
    pub name: Names,
    /// First day, where it is limited.
    pub from: Option<Date>,
    /// The day after the last, where it is limited.
    pub until: Option<Date>,
    /// Further columns by their heading.
    pub more: Columns,
}

/// A row of `codes/offices.csv`.
#[derive(Debug, Clone)]
pub struct OfficeRow {
    /// Stable.
    pub code: String,
    /// Code of the office above it.
    pub parent: Option<String>,
    /// ministry, centre or unit.
    pub kind: String,
    /// Code of its municipality.
    pub municipality: Option<String>,
    /// Its name.
    pub name: Texts,
    /// Further columns by their heading: `seat`, `address`.
    pub more: BTreeMap<String, String>,
}

/// A row of `codes/municipalities.csv`.
#[derive(Debug, Clone)]
pub struct MunicipalityRow {
    /// Its code.
    pub code: String,
    /// Code of the office that serves it.
    pub centre: Option<String>,
    /// Letters of number plates.
    pub plate: Option<String>,
    /// Its name.
    pub name: Names,
    /// Further columns by their heading.
    pub more: Columns,
}

/// A row of `codes/holidays.csv`.
#[derive(Debug, Clone)]
pub struct Holiday {
    /// The day.
    pub on: Date,
    /// Its name.
    pub name: Texts,
}

use super::{BenefitKind, PayeeKind, Place, Texts};
use crate::assess::{Input, Outcome};
use karton_api::Date;

/// A worked example of a benefit: the facts, and what must come out.
#[derive(Debug, Clone)]
pub struct Case {
    /// What it shows.
    pub name: String,
    /// The facts.
    pub input: Input,
    /// What must come out.
    pub expect: Expect,
    /// It stands on confirmed law.
    pub confirmed: bool,
    /// The household is an odd one: such as forms and rules easily forget.
    pub odd: bool,
    /// For people.
    pub note: Option<String>,
    /// Where it is written.
    pub place: Place,
}

/// What must come out of a worked example. What is not said is not compared.
#[derive(Debug, Clone)]
pub struct Expect {
    /// What must come out.
    pub outcome: Outcome,
    /// The amount in minor units.
    pub amount: Option<i64>,
    /// What is paid once beside it, in minor units.
    pub once: Option<i64>,
    /// The kind, where the claim says it; of a kind without money there must be no amount.
    pub kind: Option<BenefitKind>,
    /// Who is paid, where the claim says it.
    pub payee: Option<PayeeKind>,
    /// Articles that the reasons must name.
    pub because: Vec<String>,
    /// Ids of all conditions that are not met.
    pub not_met: Option<Vec<String>>,
    /// Ids of all conditions that the officer must confirm.
    pub confirm: Option<Vec<String>>,
    /// All missing facts, `applicant.income`, `member 1.income`, `household.tenure`; a bare `income` is anybody's.
    pub missing: Option<Vec<String>>,
    /// What stands beside it, each as code and effect: `ICC suspend`.
    pub beside: Option<Vec<String>>,
    /// Which side of the choice is worth more a month: `asked`, `other` or `same`.
    pub better: Option<String>,
    /// What would be given up a month for what is asked for, in minor units.
    pub given_up: Option<i64>,
    /// How far each duration has run: `since-birth 30 of 365`, with `?` for what is not known.
    pub ran: Option<Vec<String>>,
    /// First day of the award.
    pub starts: Option<Date>,
    /// The day after its last.
    pub ends: Option<Date>,
    /// The body that decides, where the applicant lives.
    pub decides: Option<String>,
    /// The body that confirms; `nobody` where one decision is enough.
    pub confirms: Option<String>,
    /// The body that pays.
    pub pays: Option<String>,
    /// Where the expectation is written.
    pub place: Place,
}

/// A language's words, as Fluent text.
pub type Words = std::collections::BTreeMap<String, String>;

impl Texts {
    /// The same text in every language, for what needs no translation.
    pub fn same<'a>(languages: impl IntoIterator<Item = &'a String>, text: &str) -> Texts {
        Texts(
            languages
                .into_iter()
                .map(|language| (language.clone(), text.to_owned()))
                .collect(),
        )
    }
}

//! Cross-checks that ask for a look: `signals/*.toml`. A signal has a reason, an expiry and no weight in any amount.

use super::{Confidence, Expression, Let, Place, Texts};

/// A cross-check.
#[derive(Debug, Clone)]
pub struct Signal {
    /// `F07`
    pub id: String,
    /// Its name.
    pub name: Texts,
    /// The article it looks after, where there is one.
    pub law: Option<String>,
    /// How well it is founded.
    pub confidence: Confidence,
    /// When it is looked at.
    pub on: Vec<SignalEvent>,
    /// Codes of the benefits it is about; all where it names none.
    pub benefits: Vec<String>,
    /// About whom it is worked out.
    pub of: SignalOf,
    /// Named expressions of it.
    pub lets: Vec<Let>,
    /// Raised when this holds; what nobody knows raises nothing. None where the house itself compares.
    pub when: Option<Expression>,
    /// What only the house can compare, over all that it holds.
    pub kind: Option<SignalKind>,
    /// How many it takes, for `kind`.
    pub least: u32,
    /// What it says, with `{name}` for values; of a `kind`, `{count}` for how many it is.
    pub says: Texts,
    /// Services that are asked again.
    pub asks: Vec<String>,
    /// What it does.
    pub act: SignalAct,
    /// Who looks.
    pub who: String,
    /// Days after which it lapses.
    pub expires_days: u32,
    /// Where it is defined.
    pub place: Place,
}

/// When a signal is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SignalEvent {
    /// An application is lodged.
    Lodging,
    /// A decision is about to be made.
    Decision,
    /// A register has answered.
    Register,
    /// Each month, over what runs.
    Monthly,
    /// Each day, over what runs.
    Daily,
}

/// About whom a signal is worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignalOf {
    /// The applicant.
    Applicant,
    /// Each of the household in turn, as `member`.
    Members,
    /// The household as a whole.
    Household,
    /// A running right.
    Award,
}

/// What a signal does. It never refuses anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignalAct {
    /// It is shown.
    Warn,
    /// It is a task for somebody.
    Look,
    /// An officer answers it before a decision is made.
    Stop,
}

/// What the house compares over everything it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignalKind {
    /// Several people are paid to one account.
    SameAccount,
    /// Several households say that they live at one address.
    SameAddress,
}

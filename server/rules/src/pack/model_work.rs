//! How work is done: forms, procedures, other institutions' services.

use super::{Expression, HolderKind, Place, Texts};
use crate::lang::Type;
use karton_api::persons::SourceKind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a page of a form is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PageOf {
    /// The applicant.
    Applicant,
    /// One page for each member of the household.
    Members,
    /// The household.
    Household,
    /// What is asked for this time.
    Claim,
}

impl PageOf {
    /// Whose facts the page's fields are.
    pub fn holder(self) -> HolderKind {
        match self {
            PageOf::Applicant | PageOf::Members => HolderKind::Person,
            PageOf::Household => HolderKind::Household,
            PageOf::Claim => HolderKind::Claim,
        }
    }
}

/// A form: `form.toml`.
#[derive(Debug, Clone)]
pub struct Form {
    /// `mo`
    pub id: String,
    /// Its title.
    pub title: Texts,
    /// In order.
    pub pages: Vec<Page>,
    /// Where it is defined.
    pub place: Place,
}

/// A page that fits 80x24.
#[derive(Debug, Clone)]
pub struct Page {
    /// Unique within the form.
    pub id: String,
    /// Its title.
    pub title: Texts,
    /// Whose facts are typed here.
    pub of: PageOf,
    /// In order.
    pub fields: Vec<Field>,
    /// What must hold between fields.
    pub checks: Vec<PageCheck>,
}

/// One field of a page.
#[derive(Debug, Clone)]
pub struct Field {
    /// Name of the fact.
    pub fact: String,
    /// Must be filled in when it is shown.
    pub required: bool,
    /// Shown only when this holds.
    pub when: Option<Expression>,
    /// Value to begin with.
    pub default: Option<Expression>,
    /// Instead of the fact's question.
    pub label: Option<Texts>,
    /// Where it is defined.
    pub place: Place,
}

/// A check between fields.
#[derive(Debug, Clone)]
pub struct PageCheck {
    /// Must hold; unknown passes.
    pub when: Expression,
    /// The field that the cursor goes to.
    pub field: String,
    /// What is wrong.
    pub says: Texts,
    /// Nothing is lodged while it does not hold; otherwise it only advises.
    pub binding: bool,
}

/// What happens in a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names are the words of fixtures/README.md")]
pub enum StepKind {
    Form,
    Evidence,
    Assess,
    Decide,
    Letter,
    Notify,
    Pay,
    Monitor,
    Review,
    Refer,
    Close,
}

/// The legal act that completes a step; the generic route for steps refuses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names are the words of fixtures/README.md")]
pub enum LegalAct {
    Lodge,
    Recommend,
    Decide,
    Deliver,
    Report,
    Open,
    Appraise,
    Plan,
    Approve,
    Review,
    Refer,
    Place,
    Close,
    Dismiss,
    Confirm,
}

/// Who may do a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names are the words of fixtures/README.md")]
pub enum StepRole {
    Clerk,
    Caseworker,
    Approver,
}

/// The length of a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Due {
    /// Calendar days.
    Days(u32),
    /// Days that are neither weekend nor holiday.
    WorkingDays(u32),
}

/// The day from which a term runs; that day itself does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DueFrom {
    /// The day on which the step opens.
    Opening,
    /// The day on which the matter began: that of lodging, for an application.
    Lodging,
}

/// How a matter runs: `procedures/*.toml`.
#[derive(Debug, Clone)]
pub struct Procedure {
    /// `benefit-standard`
    pub id: String,
    /// Grows with each change; a running matter stays on its own.
    pub version: u32,
    /// Its name.
    pub name: Texts,
    /// What makes it a procedure of social work; nothing for others.
    pub case: Option<CaseRules>,
    /// The first is open at the start.
    pub steps: Vec<Step>,
    /// Where it is defined.
    pub place: Place,
}

impl Procedure {
    /// The step with this id.
    pub fn step(&self, id: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.id == id)
    }
}

/// What makes a procedure one of social work: the table `[case]` of its file.
#[derive(Debug, Clone)]
pub struct CaseRules {
    /// Its short code, as people say it: `STM`.
    pub code: String,
    /// The class of its series of numbers: `S`. A restricted procedure has one of its own.
    pub series: String,
    /// A case does not exist for whoever is not named on it.
    pub restricted: bool,
    /// Who stands in such a case, beside the one it is about: codes of `codes/case_roles.csv`.
    pub roles: Vec<String>,
    /// Which ties of care it may begin: codes of `codes/care_kinds.csv`.
    pub care: Vec<String>,
    /// The form that a visit fills in.
    pub visit: Option<String>,
}

/// One stage of a procedure.
#[derive(Debug, Clone)]
pub struct Step {
    /// Unique within the procedure.
    pub id: String,
    /// What happens in it.
    pub kind: StepKind,
    /// The legal act that completes it.
    pub act: Option<LegalAct>,
    /// The form that is filled in by it.
    pub form: Option<String>,
    /// Whose word the facts of that form are, where no legal act completes the step.
    pub source: SourceKind,
    /// For `monitor`: only a contact of this kind (a code of `codes/contact_kinds.csv`) counts its term anew; any where there is none.
    pub renews: Option<String>,
    /// The office that works on it, where that is not the matter's own: one above it in the tree.
    pub at: Option<super::Above>,
    /// For the act confirm: the template of the second body's decision.
    pub letter: Option<String>,
    /// For the act confirm: the remedy against the second body's decision; the country's where there is none.
    pub appeal: Option<super::Appeal>,
    /// Its name.
    pub name: Texts,
    /// Who may do it.
    pub role: StepRole,
    /// Its term.
    pub due: Option<Due>,
    /// From when it runs.
    pub due_from: DueFrom,
    /// The step opens only when this holds.
    pub guard: Option<Expression>,
    /// Another institution is told when it opens.
    pub tells: Option<super::Tells>,
    /// What messages of other institutions do to it.
    pub hears: Vec<super::Hears>,
    /// Steps that open when its term has passed; the step is then over.
    pub lapses: Vec<String>,
    /// Steps that open when it is completed; none ends the matter.
    pub next: Vec<String>,
    /// For the act decide: steps that open beside them where the decision grants and a second body has to confirm it.
    pub onward: Vec<String>,
    /// Steps that open instead when the step is sent back for completion.
    pub returns: Vec<String>,
    /// May be opened again, with a reason.
    pub reopen: bool,
    /// Where it is defined.
    pub place: Place,
}

/// What an empty answer of a register means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Absence {
    /// A known empty list.
    None,
    /// Nothing is known.
    Unknown,
}

/// A service of another institution: `registers/*.toml`.
#[derive(Debug, Clone)]
pub struct Service {
    /// `tax.income`
    pub code: String,
    /// Code of `codes/institutions.csv`.
    pub institution: String,
    /// Address in the gateway.
    pub xroad: String,
    /// Its name.
    pub name: Texts,
    /// Who it answers about.
    pub reads: HolderKind,
    /// Days after which an answer is out of date.
    pub freshness_days: u32,
    /// What an empty answer means.
    pub absence: Absence,
    /// Asks for this many months back.
    pub period_months: Option<u32>,
    /// The facts it gives.
    pub gives: Vec<Gives>,
    /// What it is told, where it takes messages instead of answering questions: member of the message and its type.
    pub takes: Vec<(String, Type)>,
    /// Where it is defined.
    pub place: Place,
}

/// How a member of an answer becomes a fact.
#[derive(Debug, Clone)]
pub struct Gives {
    /// A fact of a person.
    pub fact: String,
    /// Member of the answer's JSON.
    pub from: String,
    /// For rows: our column = theirs.
    pub map: BTreeMap<String, String>,
    /// For a code or a number: what an answer without it stands for.
    pub nothing: Option<String>,
    /// Where it is defined.
    pub place: Place,
}

/// What a later decision does: to an award, or (correct, annul) to a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AmendmentKind {
    /// Another amount from a month on.
    Change,
    /// Nothing is due from a month on, until it is resumed.
    Suspend,
    /// Due again from a month on.
    Resume,
    /// No right from a month on.
    End,
    /// A clerical error is put right; the content stays.
    Correct,
    /// The decision loses its effect.
    Annul,
}

impl AmendmentKind {
    /// Every kind.
    pub const ALL: [AmendmentKind; 6] = [
        AmendmentKind::Change,
        AmendmentKind::Suspend,
        AmendmentKind::Resume,
        AmendmentKind::End,
        AmendmentKind::Correct,
        AmendmentKind::Annul,
    ];
    /// As packs write it.
    pub fn name(self) -> &'static str {
        match self {
            AmendmentKind::Change => "change",
            AmendmentKind::Suspend => "suspend",
            AmendmentKind::Resume => "resume",
            AmendmentKind::End => "end",
            AmendmentKind::Correct => "correct",
            AmendmentKind::Annul => "annul",
        }
    }
    /// The kind of this name.
    pub fn named(name: &str) -> Option<AmendmentKind> {
        AmendmentKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
    /// The kinds that a row of `codes/amendment_reasons.csv` is a reason for.
    pub fn of_reason(entry: &super::CodeEntry) -> Vec<AmendmentKind> {
        let kinds = entry.more.get("kinds").unwrap_or_default();
        kinds
            .split_whitespace()
            .filter_map(AmendmentKind::named)
            .collect()
    }
}

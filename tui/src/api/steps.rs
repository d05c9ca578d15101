//! Questions about the forms of steps, and their answers.

use super::Once;
use karton_api::{
    Id,
    assessments::Answer,
    catalogue::{CodeList, Form},
    client::{Client, Error},
    common::{PageQuery, Texts},
    decisions::{LetterForm, LetterQuery},
    matters::{CompleteStep, StepSheet},
    persons::{HouseholdView, PersonCard},
    value,
};
use std::collections::BTreeMap;

/// Which step of whose matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepAt {
    /// The matter.
    pub matter: Id<value::Matter>,
    /// The step that was opened.
    pub step: Id<value::StepRun>,
    /// Its key in the procedure.
    pub key: String,
    /// Its name.
    pub name: Texts,
    /// Its form.
    pub form: String,
    /// Whom the matter is about.
    pub person: Id<value::Person>,
    /// The matter's number; empty where it has none.
    pub number: String,
    /// It is an application, in which something was declared.
    pub applied: bool,
}

/// A question about a step's form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepAsk {
    /// What filling it in needs.
    Form(StepAt),
    /// What was filled in, in all versions; for reading.
    Read(StepAt),
    /// It is handed in, and the step is done.
    HandIn {
        /// Which step.
        at: StepAt,
        /// What was filled in.
        body: Box<CompleteStep>,
        /// Its key.
        once: Once,
    },
    /// On paper, with blanks.
    Blank(StepAt),
}

impl StepAsk {
    /// Whether the server may have done something even when nobody heard its answer.
    pub fn changes(&self) -> bool {
        matches!(self, StepAsk::HandIn { .. })
    }
    /// The key it goes under, where it must happen once.
    pub fn once_mut(&mut self) -> Option<&mut Once> {
        match self {
            StepAsk::HandIn { once, .. } => Some(once),
            _ => None,
        }
    }
}

/// What the form of a step is drawn from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepKit {
    /// Which step.
    pub at: StepAt,
    /// The form.
    pub form: Form,
    /// The code lists its fields name.
    pub codes: BTreeMap<String, CodeList>,
    /// Whom it is about.
    pub person: PersonCard,
    /// Who lives with them.
    pub household: Option<HouseholdView>,
    /// What was filled in before, the newest first.
    pub sheets: Vec<StepSheet>,
    /// What was declared in the application.
    pub declared: Vec<Answer>,
}

/// As many versions as a screen shows.
const SHOWN: u16 = 100;

/// The filled forms of one step, the newest first.
pub(super) async fn sheets(c: &Client, at: &StepAt) -> Result<Vec<StepSheet>, Error> {
    let page = PageQuery {
        limit: Some(SHOWN),
        cursor: None,
    };
    let mut items = c.step_sheets(at.matter, &page).await?.items;
    items.retain(|sheet| sheet.step == at.key);
    Ok(items)
}

pub(super) async fn blank(c: &Client, at: &StepAt) -> Result<Vec<u8>, Error> {
    let query = LetterQuery {
        form: Some(LetterForm::Pdf),
        width: None,
    };
    c.step_blank(at.matter, at.step, &query).await
}

//! Questions about second decisions, where a second body has to decide before anything is granted.

use super::{Answer, Fault, Once};
use karton_api::{
    Id,
    client::{Client, Key},
    confirmations::Confirm,
    decisions::{Deliver, LetterForm, LetterQuery, LetterState},
    value,
};

/// A question about a second decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecondAsk {
    /// Confirm what was granted first, refuse it, or send it back.
    Confirm {
        /// The application.
        id: Id<value::Application>,
        /// What is said.
        body: Confirm,
        /// Its key.
        once: Once,
    },
    /// The second decision with its letter as text, of this many characters a line.
    Letter {
        /// The first decision.
        decision: Id<value::Decision>,
        /// Characters a line.
        width: u16,
    },
    /// The letter's PDF.
    Pdf {
        /// Which.
        id: Id<value::Confirmation>,
        /// Its number, for the file's name.
        number: String,
    },
    /// The slip that goes with it.
    Slip {
        /// Which.
        id: Id<value::Confirmation>,
        /// Its number, for the file's name.
        number: String,
    },
    /// Note how it was served.
    Deliver {
        /// Which.
        id: Id<value::Confirmation>,
        /// How.
        body: Deliver,
        /// Its key.
        once: Once,
    },
}

impl SecondAsk {
    /// Whether the server may have done something even when nobody heard its answer.
    pub fn changes(&self) -> bool {
        matches!(self, SecondAsk::Confirm { .. } | SecondAsk::Deliver { .. })
    }
    /// The key it goes under, where it must happen once.
    pub fn once_mut(&mut self) -> Option<&mut Once> {
        match self {
            SecondAsk::Confirm { once, .. } | SecondAsk::Deliver { once, .. } => Some(once),
            _ => None,
        }
    }
}

fn form(form: LetterForm, width: Option<u16>) -> LetterQuery {
    LetterQuery {
        form: Some(form),
        width,
    }
}

/// Asks the server.
pub(super) async fn asked(c: &Client, ask: SecondAsk) -> Result<Answer, Fault> {
    Ok(match ask {
        SecondAsk::Confirm { id, body, once } => {
            Answer::Decision(Box::new(c.confirm(id, &Key(once), &body).await?))
        }
        SecondAsk::Letter { decision, width } => {
            let first = c.decision(decision).await?;
            let said = first
                .second
                .as_ref()
                .and_then(|second| second.confirmation.as_ref());
            let ready = said.filter(|said| said.letter == Some(LetterState::Ready));
            let text = match ready.map(|said| said.id) {
                Some(id) => {
                    let bytes = c
                        .confirmation_letter(id, &form(LetterForm::Text, Some(width)))
                        .await?;
                    Some(String::from_utf8_lossy(&bytes).into_owned())
                }
                None => None,
            };
            Answer::SecondLetter(Box::new(first), text)
        }
        SecondAsk::Pdf { id, .. } => {
            Answer::Bytes(c.confirmation_letter(id, &form(LetterForm::Pdf, None)).await?)
        }
        SecondAsk::Slip { id, .. } => {
            Answer::Bytes(c.confirmation_slip(id, &form(LetterForm::Pdf, None)).await?)
        }
        SecondAsk::Deliver { id, body, once } => {
            Answer::Decision(Box::new(c.deliver_confirmation(id, &Key(once), &body).await?))
        }
    })
}

//! Questions about second decisions, where a second body has to decide before anything is granted.

use super::{Answer, Fault, Once};
use karton_api::{
    Id,
    amendments::{Amendment, ConfirmAmendment},
    client::{Client, Key},
    confirmations::{Confirm, Second},
    decisions::{Decision, Deliver, LetterForm, LetterQuery, LetterState},
    value,
};

/// What a second decision is about.
#[derive(Debug, Clone, PartialEq)]
pub enum First {
    /// A decision that grants.
    Decision(Box<Decision>),
    /// A later decision.
    Later(Box<Amendment>),
}

impl First {
    /// The second body beside it.
    pub fn second(&self) -> Option<&Second> {
        match self {
            First::Decision(it) => it.second.as_ref(),
            First::Later(it) => it.second.as_ref(),
        }
    }
}

/// Which one, to be asked for again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstId {
    /// A decision that grants.
    Decision(Id<value::Decision>),
    /// A later decision.
    Later(Id<value::Amendment>),
}

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
    /// The same of a later decision.
    ConfirmLater {
        /// Which.
        id: Id<value::Amendment>,
        /// What is said.
        body: ConfirmAmendment,
        /// Its key.
        once: Once,
    },
    /// The second decision with its letter as text, of this many characters a line.
    Letter {
        /// What it is about.
        first: FirstId,
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
    /// The same of one on a later decision.
    DeliverLater {
        /// The later decision.
        id: Id<value::Amendment>,
        /// How.
        body: Deliver,
        /// Its key.
        once: Once,
    },
}

impl SecondAsk {
    /// Whether the server may have done something even when nobody heard its answer.
    pub fn changes(&self) -> bool {
        matches!(
            self,
            SecondAsk::Confirm { .. }
                | SecondAsk::ConfirmLater { .. }
                | SecondAsk::Deliver { .. }
                | SecondAsk::DeliverLater { .. }
        )
    }
    /// The key it goes under, where it must happen once.
    pub fn once_mut(&mut self) -> Option<&mut Once> {
        match self {
            SecondAsk::Confirm { once, .. }
            | SecondAsk::ConfirmLater { once, .. }
            | SecondAsk::Deliver { once, .. }
            | SecondAsk::DeliverLater { once, .. } => Some(once),
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
        SecondAsk::ConfirmLater { id, body, once } => {
            Answer::Amendment(Box::new(c.confirm_amendment(id, &Key(once), &body).await?), None)
        }
        SecondAsk::Letter { first, width } => {
            let first = match first {
                FirstId::Decision(id) => First::Decision(Box::new(c.decision(id).await?)),
                FirstId::Later(id) => First::Later(Box::new(c.amendment(id).await?)),
            };
            let said = first.second().and_then(|second| second.confirmation.as_ref());
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
            Answer::SecondLetter(first, text)
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
        SecondAsk::DeliverLater { id, body, once } => {
            let it = c.deliver_amendment_confirmation(id, &Key(once), &body).await?;
            Answer::Amendment(Box::new(it), None)
        }
    })
}

//! Questions about how a matter runs: its steps, and what went to other institutions and came from them.

use super::{Answer, Fault, Once};
use karton_api::{
    Id,
    client::{Client, Key},
    common::{PageQuery, Reason},
    matters::Step,
    notices::Message,
    value,
};

/// A question about the course of a matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CourseAsk {
    /// Its steps and messages.
    See {
        /// Which.
        matter: Id<value::Matter>,
        /// Its number, for people.
        number: String,
    },
    /// Open a step again that was done.
    Reopen {
        /// Which matter.
        matter: Id<value::Matter>,
        /// Which step.
        step: Id<value::StepRun>,
        /// Why.
        body: Reason,
        /// Its key.
        once: Once,
    },
    /// Tell an institution again.
    Send {
        /// Which matter.
        matter: Id<value::Matter>,
        /// Its number.
        number: String,
        /// What is told.
        notice: Id<value::Notice>,
        /// Its key.
        once: Once,
    },
}

impl CourseAsk {
    /// Whether the server may have done something even when nobody heard its answer.
    pub fn changes(&self) -> bool {
        !matches!(self, CourseAsk::See { .. })
    }
    /// The key it goes under, where it must happen once.
    pub fn once_mut(&mut self) -> Option<&mut Once> {
        match self {
            CourseAsk::Reopen { once, .. } | CourseAsk::Send { once, .. } => Some(once),
            CourseAsk::See { .. } => None,
        }
    }
}

/// How a matter runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// Which.
    pub matter: Id<value::Matter>,
    /// Its number.
    pub number: String,
    /// In order of opening.
    pub steps: Vec<Step>,
    /// The newest first.
    pub messages: Vec<Message>,
    /// There are more messages than these.
    pub more: bool,
}

/// As many messages as a screen shows.
const SHOWN: u16 = 100;

async fn see(c: &Client, matter: Id<value::Matter>, number: String) -> Result<Answer, Fault> {
    let page = PageQuery {
        limit: Some(SHOWN),
        cursor: None,
    };
    let (steps, messages) = (c.steps(matter).await?, c.messages(matter, &page).await?);
    Ok(Answer::Course(Box::new(Course {
        matter,
        number,
        steps: steps.items,
        more: messages.next.is_some(),
        messages: messages.items,
    })))
}

/// Asks the server.
pub(super) async fn asked(c: &Client, ask: CourseAsk) -> Result<Answer, Fault> {
    match ask {
        CourseAsk::See { matter, number } => see(c, matter, number).await,
        CourseAsk::Reopen {
            matter,
            step,
            body,
            once,
        } => {
            c.reopen_step(matter, step, &Key(once), &body).await?;
            Ok(Answer::Done)
        }
        CourseAsk::Send {
            matter,
            number,
            notice,
            once,
        } => {
            c.send_notice(matter, notice, &Key(once)).await?;
            see(c, matter, number).await
        }
    }
}

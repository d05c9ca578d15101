//! Questions about the version of the pack that a running matter is on.

use super::{Answer, Fault};
use karton_api::{Id, client::Client, common::Reason, value};

/// A question about the version of the pack that a running matter is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VersionAsk {
    /// What moving it to the version in force would change.
    See {
        /// The matter.
        matter: Id<value::Matter>,
        /// Whose it is and its number, as the screen shows them.
        head: String,
    },
    /// Move it. Sent again it is refused, because it is there already.
    Move {
        /// The matter.
        matter: Id<value::Matter>,
        /// Its revision as it was seen.
        revision: i64,
        /// Why.
        why: Reason,
    },
}

impl VersionAsk {
    /// Whether the server may have done something even when nobody heard its answer.
    pub fn changes(&self) -> bool {
        matches!(self, VersionAsk::Move { .. })
    }
}

/// Asks the server.
pub(super) async fn asked(c: &Client, ask: VersionAsk) -> Result<Answer, Fault> {
    Ok(match ask {
        VersionAsk::See { matter, .. } => Answer::Version(Box::new(c.matter_version(matter).await?)),
        VersionAsk::Move {
            matter,
            revision,
            why,
        } => {
            c.move_matter_to_version(matter, revision, &why).await?;
            Answer::Done
        }
    })
}

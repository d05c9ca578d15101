//! Questions about people who look alike, merges, and dossiers that go to another centre, and their answers.

use super::{Fault, Once};
use karton_api::{
    Id,
    client::{Client, Key},
    common::{PageQuery, Reason},
    dossiers::{Dossier, OpenDossier},
    duplicates::{
        DuplicatePair, DuplicatesQuery, JudgePair, MergeState, MergeView, MergesQuery, PairState,
        ProposeMerge,
    },
    transfers::{AskTransfer, Transfer},
    users::Office,
    value,
};

/// A question.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    missing_docs,
    reason = "the fields are those of the contract's own types, which describe them"
)]
pub enum PeopleAsk {
    /// People who look alike, all of a state or those of one person.
    Pairs {
        state: PairState,
        person: Option<Id<value::Person>>,
    },
    /// Two of them.
    Pair { id: Id<value::Pair> },
    /// Say what is held of them.
    Judge {
        id: Id<value::Pair>,
        revision: i64,
        body: JudgePair,
    },
    /// Merges of a state.
    Merges { state: MergeState },
    /// One of them.
    Merge { id: Id<value::Merge> },
    /// Propose one.
    Propose {
        goes: Id<value::Person>,
        body: ProposeMerge,
        once: Once,
    },
    /// Say yes or no to one, or undo it.
    AnswerMerge {
        id: Id<value::Merge>,
        revision: i64,
        word: MergeWord,
        reason: String,
    },
    /// Dossiers on their way, either way.
    Transfers,
    /// What asking another centre to take a dossier over needs; the centre that is competent, where it is known.
    TransferForm {
        person: Id<value::Person>,
        to: Option<String>,
    },
    /// Ask it: a request for each dossier.
    Transfer {
        people: Vec<Id<value::Person>>,
        body: AskTransfer,
        once: Once,
    },
    /// Take one over.
    AcceptTransfer { id: Id<value::Letter>, once: Once },
    /// Do not.
    RefuseTransfer {
        id: Id<value::Letter>,
        reason: String,
        once: Once,
    },
}

/// What is said to a merge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the call of its name")]
pub enum MergeWord {
    Confirm,
    Decline,
    Undo,
}

/// An answer.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    missing_docs,
    reason = "the contents are the contract's own types, which describe them"
)]
pub enum PeopleAnswer {
    Pairs(PairState, Vec<DuplicatePair>),
    Pair(Box<DuplicatePair>),
    Merges(MergeState, Vec<MergeView>),
    Merge(Box<MergeView>),
    Transfers(Vec<Transfer>),
    TransferForm(Box<TransferKit>),
    /// How many were asked for.
    Transferred(usize),
}

/// What the form of a transfer is drawn from.
#[derive(Debug, Clone, PartialEq)]
pub struct TransferKit {
    /// The dossier with what runs.
    pub dossier: Dossier,
    /// Centres it can go to.
    pub offices: Vec<Office>,
    /// The one that is competent, where it is known.
    pub to: Option<String>,
}

impl PeopleAsk {
    /// Whether the server may have done something even when nobody heard its answer.
    pub fn changes(&self) -> bool {
        matches!(
            self,
            PeopleAsk::Judge { .. }
                | PeopleAsk::Propose { .. }
                | PeopleAsk::AnswerMerge { .. }
                | PeopleAsk::Transfer { .. }
                | PeopleAsk::AcceptTransfer { .. }
                | PeopleAsk::RefuseTransfer { .. }
        )
    }
    /// The key it goes under, where it must happen once.
    pub fn once_mut(&mut self) -> Option<&mut Once> {
        match self {
            PeopleAsk::Propose { once, .. }
            | PeopleAsk::Transfer { once, .. }
            | PeopleAsk::AcceptTransfer { once, .. }
            | PeopleAsk::RefuseTransfer { once, .. } => Some(once),
            _ => None,
        }
    }
}

/// One page is a screenful and more; what is judged makes room for the next.
const PAGE: u16 = 200;

fn first_page() -> PageQuery {
    PageQuery {
        limit: Some(PAGE),
        cursor: None,
    }
}

/// Asks the server.
pub(super) async fn answer(c: &Client, ask: PeopleAsk) -> Result<PeopleAnswer, Fault> {
    Ok(match ask {
        PeopleAsk::Pairs { state, person } => {
            let query = DuplicatesQuery {
                state: Some(state),
                person,
                limit: Some(PAGE),
                cursor: None,
            };
            PeopleAnswer::Pairs(state, c.duplicates(&query).await?.items)
        }
        PeopleAsk::Pair { id } => PeopleAnswer::Pair(Box::new(c.duplicate(id).await?)),
        PeopleAsk::Judge { id, revision, body } => {
            PeopleAnswer::Pair(Box::new(c.judge_pair(id, revision, &body).await?))
        }
        PeopleAsk::Merges { state } => {
            let query = MergesQuery {
                state: Some(state),
                person: None,
                limit: Some(PAGE),
                cursor: None,
            };
            PeopleAnswer::Merges(state, c.merges(&query).await?.items)
        }
        PeopleAsk::Merge { id } => PeopleAnswer::Merge(Box::new(c.merge(id).await?)),
        PeopleAsk::Propose { goes, body, once } => {
            PeopleAnswer::Merge(Box::new(c.propose_merge(goes, &Key(once), &body).await?))
        }
        PeopleAsk::AnswerMerge {
            id,
            revision,
            word,
            reason,
        } => {
            let body = Reason { reason };
            PeopleAnswer::Merge(Box::new(match word {
                MergeWord::Confirm => c.confirm_merge(id, revision, &body).await?,
                MergeWord::Decline => c.decline_merge(id, revision, &body).await?,
                MergeWord::Undo => c.undo_merge(id, revision, &body).await?,
            }))
        }
        PeopleAsk::Transfers => transfers(c).await?,
        PeopleAsk::TransferForm { person, to } => {
            let why = OpenDossier { purpose: None };
            let (dossier, offices) =
                futures_util::future::join(c.dossier(person, &why), super::admin::offices(c)).await;
            let (dossier, mut offices) = (dossier?, offices?);
            let here = dossier.person.card.office.code.clone();
            offices.retain(|office| {
                office.kind == "centre" && office.closed_on.is_none() && office.code != here
            });
            PeopleAnswer::TransferForm(Box::new(TransferKit { dossier, offices, to }))
        }
        PeopleAsk::Transfer { people, body, once } => {
            let mut asked = 0;
            for (place, person) in people.into_iter().enumerate() {
                // The same intention again finds each request under its own key.
                let key = if place == 0 {
                    once.clone()
                } else {
                    format!("{once}-{place}")
                };
                c.ask_transfer(person, &Key(key), &body).await?;
                asked += 1;
            }
            PeopleAnswer::Transferred(asked)
        }
        PeopleAsk::AcceptTransfer { id, once } => {
            c.accept_transfer(id, &Key(once)).await?;
            transfers(c).await?
        }
        PeopleAsk::RefuseTransfer { id, reason, once } => {
            c.refuse_transfer(id, &Key(once), &Reason { reason }).await?;
            transfers(c).await?
        }
    })
}

async fn transfers(c: &Client) -> Result<PeopleAnswer, Fault> {
    Ok(PeopleAnswer::Transfers(c.transfers(&first_page()).await?.items))
}

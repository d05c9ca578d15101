//! People who look alike, merges and transfers at the fake server.

use super::{Fake, at, card, id, office, officer, texts};
use crate::api::{
    Answer, Fault,
    people::{MergeWord, PeopleAnswer, PeopleAsk, TransferKit},
};
use karton_api::{
    common::OfficeRef,
    duplicates::{DuplicatePair, Judged, MergeMoves, MergeState, MergeView, MergeWarning, PairState},
    persons::{LikenessReason, PersonCard},
    problem::FieldError,
    transfers::{AskTransfer, Transfer},
    users::Office,
};

/// What was said about them.
#[derive(Debug, Default)]
pub(crate) struct Held {
    pub(crate) verdict: Option<(PairState, String)>,
    /// How far the merge has come, and the first officer's words.
    pub(crate) merge: Option<(MergeState, String)>,
    /// Something stands against merging.
    pub(crate) hindered: bool,
    pub(crate) transfer: Option<(usize, AskTransfer)>,
    pub(crate) taken: Option<bool>,
}

fn twice() -> (PersonCard, PersonCard) {
    let one = card(10);
    let mut other = card(10);
    other.id = id(20);
    other.name.given = "Marja".into();
    other.national_id = None;
    other.dossier_number = "CSR-01-D-2025/20".into();
    (one, other)
}

impl Held {
    fn pair(&self) -> DuplicatePair {
        let (one, other) = twice();
        let reason = |field: &str, level: &str, bits| LikenessReason {
            field: field.into(),
            level: level.into(),
            bits,
        };
        let merge = self.merge.as_ref().map(|(state, _)| *state);
        DuplicatePair {
            id: id(600),
            revision: 1,
            state: self.verdict.as_ref().map_or(PairState::Open, |(state, _)| *state),
            certain: true,
            bits: 1480,
            reasons: vec![
                reason("given-name", "near", 610),
                reason("family-name", "same", 540),
                reason("birth-date", "same", 1485),
                reason("sex", "same", 95),
                reason("street", "different", -505),
                reason("municipality", "same", 205),
            ],
            one,
            other,
            found_at: at(),
            judged: self.verdict.as_ref().map(|(_, reason)| Judged {
                by: officer(1),
                at: at(),
                reason: reason.clone(),
            }),
            merge: merge
                .filter(|state| matches!(state, MergeState::Proposed | MergeState::Merged))
                .map(|_| id(601)),
        }
    }
    fn merge(&self, user: u64) -> MergeView {
        let (stays, goes) = twice();
        let (state, reason) = self
            .merge
            .clone()
            .unwrap_or((MergeState::Proposed, "isto lice".into()));
        let judged = |reason: &str| Judged {
            by: officer(2),
            at: at(),
            reason: reason.into(),
        };
        let may: &[&str] = match (state, user == 2) {
            (MergeState::Proposed, true) => &["confirm", "decline"],
            (MergeState::Proposed, false) => &["decline"],
            (MergeState::Merged, true) => &["undo"],
            _ => &[],
        };
        MergeView {
            id: id(601),
            revision: 1,
            state,
            goes,
            stays,
            office: office(),
            warnings: vec![MergeWarning::OfficesDiffer],
            moves: vec![
                MergeMoves {
                    what: "application".into(),
                    count: 1,
                },
                MergeMoves {
                    what: "membership".into(),
                    count: 1,
                },
            ],
            reason,
            proposed_by: officer(1),
            proposed_at: at(),
            answered: (state != MergeState::Proposed).then(|| judged("uvid u ličnu kartu")),
            undone: (state == MergeState::Undone).then(|| judged("ipak dva lica")),
            may: may.iter().map(|word| (*word).to_owned()).collect(),
        }
    }
    fn transfers(&self, user: u64) -> PeopleAnswer {
        let niksic = OfficeRef {
            code: "CSR-02".into(),
            name: texts("CSR Nikšić", "Centre Nikšić"),
        };
        let waits = self.taken.is_none();
        let one = Transfer {
            id: id(610),
            person: card(10),
            from: niksic,
            to: office(),
            reason: "preselila se u Podgoricu".into(),
            asked_by: officer(1),
            asked_at: at(),
            answered_by: (!waits).then(|| officer(2)),
            answered_at: (!waits).then(at),
            accepted: self.taken,
            answer: None,
            applications: 1,
            awards: 1,
            cases: 0,
            may: if waits && user == 2 {
                vec!["accept".into(), "refuse".into()]
            } else {
                Vec::new()
            },
        };
        PeopleAnswer::Transfers(vec![one])
    }
}

impl Fake {
    pub(super) fn people(&mut self, ask: PeopleAsk) -> Result<PeopleAnswer, Fault> {
        let user = self.user;
        Ok(match ask {
            PeopleAsk::Pairs { state, .. } => {
                let pair = self.held.pair();
                let items = if pair.state == state {
                    vec![pair]
                } else {
                    Vec::new()
                };
                PeopleAnswer::Pairs(state, items)
            }
            PeopleAsk::Pair { .. } => PeopleAnswer::Pair(Box::new(self.held.pair())),
            PeopleAsk::Judge { body, .. } => {
                self.held.verdict = Some((body.verdict, body.reason));
                PeopleAnswer::Pair(Box::new(self.held.pair()))
            }
            PeopleAsk::Merges { state } => {
                let merge = self.held.merge(user);
                PeopleAnswer::Merges(
                    state,
                    if merge.state == state {
                        vec![merge]
                    } else {
                        Vec::new()
                    },
                )
            }
            PeopleAsk::Merge { .. } => PeopleAnswer::Merge(Box::new(self.held.merge(user))),
            PeopleAsk::Propose { body, once, .. } => {
                self.once(&once);
                if self.held.hindered {
                    let mut problem = Fake::problem(409, "merge-hindered", "");
                    problem.errors = vec![FieldError {
                        pointer: "/into".into(),
                        code: "awards-exclude".into(),
                        message: "awards that cannot be held together: MO (CSR-01-R-2025/9) and MO (CSR-01-R-2025/12); end one of them first"
                            .into(),
                    }];
                    return Err(Fault::Problem(Box::new(problem)));
                }
                self.held.merge = Some((MergeState::Proposed, body.reason));
                PeopleAnswer::Merge(Box::new(self.held.merge(user)))
            }
            PeopleAsk::AnswerMerge { word, .. } => {
                let state = match word {
                    MergeWord::Confirm => MergeState::Merged,
                    MergeWord::Decline => MergeState::Declined,
                    MergeWord::Undo => MergeState::Undone,
                };
                let reason = self
                    .held
                    .merge
                    .take()
                    .map_or_else(String::new, |(_, reason)| reason);
                self.held.merge = Some((state, reason));
                PeopleAnswer::Merge(Box::new(self.held.merge(user)))
            }
            PeopleAsk::Transfers => self.held.transfers(user),
            PeopleAsk::TransferForm { person, to } => {
                let dossier = match self.answer(crate::api::Ask::Dossier { person })? {
                    Answer::Dossier(kit) => kit.dossier,
                    _ => return Err(Fault::Unreadable("dossier".into())),
                };
                PeopleAnswer::TransferForm(Box::new(TransferKit {
                    dossier,
                    offices: vec![Office {
                        code: "CSR-02".into(),
                        name: texts("CSR Nikšić", "Centre Nikšić"),
                        kind: "centre".into(),
                        parent: None,
                        municipality: None,
                        address: None,
                        phone: None,
                        closed_on: None,
                        revision: 1,
                    }],
                    to,
                }))
            }
            PeopleAsk::Transfer { people, body, once } => {
                self.once(&once);
                self.held.transfer = Some((people.len(), body));
                PeopleAnswer::Transferred(people.len())
            }
            PeopleAsk::AcceptTransfer { once, .. } => {
                self.once(&once);
                self.held.taken = Some(true);
                self.held.transfers(user)
            }
            PeopleAsk::RefuseTransfer { once, .. } => {
                self.once(&once);
                self.held.taken = Some(false);
                self.held.transfers(user)
            }
        })
    }
}

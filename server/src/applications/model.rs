//! The legal state of an application, and what may be done in it. Pure.

use crate::problem::Refusal;
use karton_api::{
    Date, Id, Timestamp,
    applications::{ApplicationState, Recommendation, Returned},
    assessments::Outcome,
    value::{Decision, Letter, Officer},
};
use serde::{Deserialize, Serialize};

/// When an application was lodged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lodged {
    /// The instant,
    pub at: Timestamp,
    /// and the day in the house's time zone.
    pub on: Date,
}

/// Why, when and by whom an application was withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawn {
    /// In the officer's words.
    pub reason: String,
    /// What the applicant wrote or signed; none for a draft.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// When.
    pub at: Timestamp,
    /// Who wrote it down.
    pub by: Id<Officer>,
}

/// A legal state with what only exists in it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are what their types say")]
pub enum Stage {
    /// Being typed.
    Draft,
    /// Being handled. What the second officer said when sending it back to the first stays with it.
    Lodged {
        lodged: Lodged,
        sent_back: Option<Returned>,
    },
    /// A first officer has recommended.
    Recommended {
        lodged: Lodged,
        recommendation: Recommendation,
    },
    /// With the applicant for completion.
    Returned { lodged: Lodged, returned: Returned },
    /// Granted by the first of two bodies: nothing is awarded before the second one has decided too.
    Confirming {
        lodged: Lodged,
        recommendation: Recommendation,
        decision: Id<Decision>,
    },
    /// Decided: nothing about it changes any more, unless the decision is annulled.
    Decided {
        lodged: Lodged,
        recommendation: Recommendation,
        outcome: Outcome,
        decision: Id<Decision>,
    },
    /// Withdrawn by the applicant.
    Withdrawn {
        lodged: Option<Lodged>,
        withdrawn: Withdrawn,
    },
    /// Not taken up.
    Dismissed { lodged: Lodged, dismissal: Id<Letter> },
}

/// What can be done with an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    /// Type on.
    Save,
    /// Lodge it, or lodge the completion that was asked for.
    Lodge,
    /// Take it back.
    Withdraw,
    /// Ask the registers again.
    AskEvidence,
    /// Assess and keep the assessment.
    Assess,
    /// The first officer's recommendation.
    Recommend,
    /// The second officer's decision.
    Decide,
    /// The second body's decision on what the first one granted.
    Confirm,
    /// Send it back.
    Return,
    /// Note the delivery of the letter.
    Deliver,
    /// Note the delivery of the second body's letter.
    DeliverConfirmation,
    /// Propose that it is not taken up.
    Dismiss,
    /// Decide that, or not agree to it.
    DecideDismissal,
    /// Note the delivery of the letter that says so.
    DeliverDismissal,
    /// Take it up again, because its decision was annulled.
    TakeUpAgain,
}

impl Act {
    /// Every act there is.
    pub const ALL: &'static [Act] = &[
        Act::Save,
        Act::Lodge,
        Act::Withdraw,
        Act::AskEvidence,
        Act::Assess,
        Act::Recommend,
        Act::Decide,
        Act::Confirm,
        Act::Return,
        Act::Deliver,
        Act::DeliverConfirmation,
        Act::Dismiss,
        Act::DecideDismissal,
        Act::DeliverDismissal,
        Act::TakeUpAgain,
    ];
    /// As it travels in `may`.
    pub fn name(self) -> &'static str {
        match self {
            Act::Save => "save",
            Act::Lodge => "lodge",
            Act::Withdraw => "withdraw",
            Act::AskEvidence => "ask-evidence",
            Act::Assess => "assess",
            Act::Recommend => "recommend",
            Act::Decide => "decide",
            Act::Confirm => "confirm",
            Act::Return => "return",
            Act::Deliver => "deliver",
            Act::DeliverConfirmation => "deliver-confirmation",
            Act::Dismiss => "dismiss",
            Act::DecideDismissal => "decide-dismissal",
            Act::DeliverDismissal => "deliver-dismissal",
            Act::TakeUpAgain => "take-up-again",
        }
    }
}

impl Stage {
    /// What is possible in each state: the table the eye takes in at once. Whose turn it is says the procedure's open step.
    pub fn acts(&self) -> &'static [Act] {
        match self {
            Stage::Draft => &[Act::Save, Act::Lodge, Act::Withdraw],
            Stage::Lodged { .. } => &[
                Act::Withdraw,
                Act::AskEvidence,
                Act::Assess,
                Act::Recommend,
                Act::Return,
                Act::Dismiss,
                Act::DecideDismissal,
            ],
            Stage::Recommended { .. } => &[Act::Withdraw, Act::AskEvidence, Act::Decide, Act::Return],
            Stage::Returned { .. } => &[
                Act::Save,
                Act::Lodge,
                Act::Withdraw,
                Act::Dismiss,
                Act::DecideDismissal,
            ],
            Stage::Confirming { .. } => &[Act::Confirm, Act::Deliver, Act::TakeUpAgain],
            Stage::Decided { .. } => &[Act::Deliver, Act::DeliverConfirmation, Act::TakeUpAgain],
            Stage::Withdrawn { .. } => &[],
            Stage::Dismissed { .. } => &[Act::DeliverDismissal],
        }
    }

    /// Refuses what is not possible in this state.
    pub fn allows(&self, act: Act) -> Result<(), Refusal> {
        if self.acts().contains(&act) {
            return Ok(());
        }
        Err(match act {
            Act::Save | Act::Lodge => Refusal::NotADraft,
            _ => Refusal::StepNotOpen,
        })
    }

    /// As it travels and is stored.
    pub fn state(&self) -> ApplicationState {
        match self {
            Stage::Draft => ApplicationState::Draft,
            Stage::Lodged { .. } => ApplicationState::Lodged,
            Stage::Recommended { .. } => ApplicationState::Recommended,
            Stage::Returned { .. } => ApplicationState::Returned,
            Stage::Confirming { .. } => ApplicationState::Confirming,
            Stage::Decided { .. } => ApplicationState::Decided,
            Stage::Withdrawn { .. } => ApplicationState::Withdrawn,
            Stage::Dismissed { .. } => ApplicationState::Dismissed,
        }
    }

    /// When it was lodged, if it was.
    pub fn lodged(&self) -> Option<Lodged> {
        match self {
            Stage::Draft => None,
            Stage::Lodged { lodged, .. }
            | Stage::Recommended { lodged, .. }
            | Stage::Returned { lodged, .. }
            | Stage::Confirming { lodged, .. }
            | Stage::Decided { lodged, .. }
            | Stage::Dismissed { lodged, .. } => Some(*lodged),
            Stage::Withdrawn { lodged, .. } => *lodged,
        }
    }

    /// The first officer's recommendation, while it stands.
    pub fn recommendation(&self) -> Option<&Recommendation> {
        match self {
            Stage::Recommended { recommendation, .. }
            | Stage::Confirming { recommendation, .. }
            | Stage::Decided { recommendation, .. } => Some(recommendation),
            _ => None,
        }
    }

    /// The decision that stands on it, the second body's word still to come or not.
    pub fn decision(&self) -> Option<Id<Decision>> {
        match self {
            Stage::Confirming { decision, .. } | Stage::Decided { decision, .. } => Some(*decision),
            _ => None,
        }
    }

    /// Lodges a draft, or the completion of an application that was sent back: the day of lodging stays the first one.
    pub fn lodge(self, now: Lodged) -> Result<Stage, Refusal> {
        self.allows(Act::Lodge)?;
        let lodged = self.lodged().unwrap_or(now);
        Ok(Stage::Lodged {
            lodged,
            sent_back: None,
        })
    }

    /// The applicant takes it back.
    pub fn withdraw(self, withdrawn: Withdrawn) -> Result<Stage, Refusal> {
        self.allows(Act::Withdraw)?;
        Ok(Stage::Withdrawn {
            lodged: self.lodged(),
            withdrawn,
        })
    }

    /// The first officer recommends.
    pub fn recommend(self, recommendation: Recommendation) -> Result<Stage, Refusal> {
        self.allows(Act::Recommend)?;
        let lodged = self.lodged().ok_or(Refusal::StepNotOpen)?;
        Ok(Stage::Recommended {
            lodged,
            recommendation,
        })
    }

    /// The second officer decides what the first recommended.
    pub fn decide(self, by: Id<Officer>, outcome: Outcome, decision: Id<Decision>) -> Result<Stage, Refusal> {
        self.allows(Act::Decide)?;
        match self {
            Stage::Recommended { recommendation, .. } if recommendation.by.id == by => {
                Err(Refusal::SecondOfficerNeeded)
            }
            Stage::Recommended { recommendation, .. } if recommendation.outcome != outcome => {
                Err(Refusal::OutcomeDiffers)
            }
            Stage::Recommended {
                lodged,
                recommendation,
            } => Ok(Stage::Decided {
                lodged,
                recommendation,
                outcome,
                decision,
            }),
            _ => Err(Refusal::StepNotOpen),
        }
    }

    /// What was granted has to be confirmed by a second body.
    pub fn onward(self) -> Result<Stage, Refusal> {
        match self {
            Stage::Decided {
                lodged,
                recommendation,
                outcome: Outcome::Grant,
                decision,
            } => Ok(Stage::Confirming {
                lodged,
                recommendation,
                decision,
            }),
            _ => Err(Refusal::StepNotOpen),
        }
    }

    /// The second body decides: it confirms what was granted, or refuses it.
    pub fn confirm(self, outcome: Outcome) -> Result<Stage, Refusal> {
        match self {
            Stage::Confirming {
                lodged,
                recommendation,
                decision,
            } => Ok(Stage::Decided {
                lodged,
                recommendation,
                outcome,
                decision,
            }),
            _ => Err(Refusal::StepNotOpen),
        }
    }

    /// The second body's decision has lost its effect: what the first one granted waits for it again.
    pub fn confirm_again(self) -> Result<Stage, Refusal> {
        match self {
            Stage::Decided {
                lodged,
                recommendation,
                decision,
                ..
            } => Ok(Stage::Confirming {
                lodged,
                recommendation,
                decision,
            }),
            _ => Err(Refusal::StepNotOpen),
        }
    }

    /// The second officer decides that it is not taken up.
    pub fn dismiss(self, dismissal: Id<Letter>) -> Result<Stage, Refusal> {
        self.allows(Act::DecideDismissal)?;
        let lodged = self.lodged().ok_or(Refusal::StepNotOpen)?;
        Ok(Stage::Dismissed { lodged, dismissal })
    }

    /// Its decision has lost its effect: the first officer looks again.
    pub fn take_up_again(self, returned: Returned) -> Result<Stage, Refusal> {
        self.allows(Act::TakeUpAgain)?;
        let lodged = self.lodged().ok_or(Refusal::StepNotOpen)?;
        Ok(Stage::Lodged {
            lodged,
            sent_back: Some(returned),
        })
    }

    /// Goes back to the applicant, who completes it.
    pub fn send_to_applicant(self, returned: Returned) -> Result<Stage, Refusal> {
        self.allows(Act::Return)?;
        let lodged = self.lodged().ok_or(Refusal::StepNotOpen)?;
        Ok(Stage::Returned { lodged, returned })
    }

    /// Goes back to the first officer, who looks again.
    pub fn send_to_assessment(self, returned: Returned) -> Result<Stage, Refusal> {
        self.allows(Act::Return)?;
        let lodged = self.lodged().ok_or(Refusal::StepNotOpen)?;
        Ok(Stage::Lodged {
            lodged,
            sent_back: Some(returned),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use karton_api::common::OfficerRef;

    fn officer(n: u8) -> OfficerRef {
        OfficerRef {
            id: Id::at(Timestamp::UNIX_EPOCH, [n; 10]),
            name: format!("Officer {n}"),
        }
    }
    fn lodged() -> Lodged {
        Lodged {
            at: Timestamp::UNIX_EPOCH,
            on: jiff::civil::date(2025, 3, 10),
        }
    }
    fn returned() -> Returned {
        let until = jiff::civil::date(2025, 3, 18);
        Returned {
            reason: "the lease is missing".into(),
            until,
            at: Timestamp::UNIX_EPOCH,
            by: officer(2),
        }
    }
    fn recommendation() -> Recommendation {
        Recommendation {
            assessment: Id::at(Timestamp::UNIX_EPOCH, [9; 10]),
            outcome: Outcome::Grant,
            confirmed: Vec::new(),
            note: None,
            paragraph: None,
            without: Vec::new(),
            amount: None,
            by: officer(1),
            at: Timestamp::UNIX_EPOCH,
        }
    }
    fn withdrawn() -> Withdrawn {
        Withdrawn {
            reason: "found work".into(),
            document: None,
            at: Timestamp::UNIX_EPOCH,
            by: officer(1).id,
        }
    }
    fn stages() -> Vec<Stage> {
        let decision = Id::at(Timestamp::UNIX_EPOCH, [7; 10]);
        vec![
            Stage::Draft,
            Stage::Lodged {
                lodged: lodged(),
                sent_back: None,
            },
            Stage::Lodged {
                lodged: lodged(),
                sent_back: Some(returned()),
            },
            Stage::Recommended {
                lodged: lodged(),
                recommendation: recommendation(),
            },
            Stage::Returned {
                lodged: lodged(),
                returned: returned(),
            },
            Stage::Decided {
                lodged: lodged(),
                recommendation: recommendation(),
                outcome: Outcome::Grant,
                decision,
            },
            Stage::Confirming {
                lodged: lodged(),
                recommendation: recommendation(),
                decision,
            },
            Stage::Withdrawn {
                lodged: Some(lodged()),
                withdrawn: withdrawn(),
            },
            Stage::Dismissed {
                lodged: lodged(),
                dismissal: Id::at(Timestamp::UNIX_EPOCH, [8; 10]),
            },
        ]
    }

    #[test]
    fn every_stage_does_what_its_table_says_and_nothing_else() {
        let decision = Id::at(Timestamp::UNIX_EPOCH, [7; 10]);
        for stage in stages() {
            for act in Act::ALL {
                let can = stage.acts().contains(act);
                let done = match act {
                    Act::Lodge => stage.clone().lodge(lodged()).map(|next| next.state()),
                    Act::Withdraw => stage.clone().withdraw(withdrawn()).map(|next| next.state()),
                    Act::Recommend => stage.clone().recommend(recommendation()).map(|next| next.state()),
                    Act::Decide => stage
                        .clone()
                        .decide(officer(2).id, Outcome::Grant, decision)
                        .map(|next| next.state()),
                    Act::Confirm => stage.clone().confirm(Outcome::Grant).map(|next| next.state()),
                    Act::Return => stage
                        .clone()
                        .send_to_applicant(returned())
                        .map(|next| next.state()),
                    Act::TakeUpAgain => stage.clone().take_up_again(returned()).map(|next| next.state()),
                    Act::DecideDismissal => stage
                        .clone()
                        .dismiss(Id::at(Timestamp::UNIX_EPOCH, [8; 10]))
                        .map(|next| next.state()),
                    // These leave the state as it is.
                    Act::Save
                    | Act::AskEvidence
                    | Act::Assess
                    | Act::Deliver
                    | Act::DeliverConfirmation
                    | Act::Dismiss
                    | Act::DeliverDismissal => stage.allows(*act).map(|()| stage.state()),
                };
                assert_eq!(done.is_ok(), can, "{act:?} on {stage:?} gives {done:?}");
                let expected = match act {
                    Act::Lodge => ApplicationState::Lodged,
                    Act::Withdraw => ApplicationState::Withdrawn,
                    Act::Recommend => ApplicationState::Recommended,
                    Act::Decide | Act::Confirm => ApplicationState::Decided,
                    Act::Return => ApplicationState::Returned,
                    Act::DecideDismissal => ApplicationState::Dismissed,
                    Act::TakeUpAgain => ApplicationState::Lodged,
                    _ => stage.state(),
                };
                if let Ok(state) = done {
                    assert_eq!(state, expected);
                }
            }
        }
    }

    #[test]
    fn the_first_officer_is_never_the_second_and_the_outcome_is_the_one_recommended() {
        let decision = Id::at(Timestamp::UNIX_EPOCH, [7; 10]);
        let stage = Stage::Recommended {
            lodged: lodged(),
            recommendation: recommendation(),
        };
        assert_eq!(
            stage.clone().decide(officer(1).id, Outcome::Grant, decision),
            Err(Refusal::SecondOfficerNeeded)
        );
        assert_eq!(
            stage.clone().decide(officer(2).id, Outcome::Refuse, decision),
            Err(Refusal::OutcomeDiffers)
        );
        assert!(stage.decide(officer(2).id, Outcome::Grant, decision).is_ok());
    }

    #[test]
    fn only_what_was_granted_goes_on_to_a_second_body_and_what_that_says_stands() {
        let decision = Id::at(Timestamp::UNIX_EPOCH, [7; 10]);
        let decided = |outcome| Stage::Decided {
            lodged: lodged(),
            recommendation: recommendation(),
            outcome,
            decision,
        };
        assert_eq!(decided(Outcome::Refuse).onward(), Err(Refusal::StepNotOpen));
        let waits = decided(Outcome::Grant).onward().unwrap();
        assert_eq!(
            (waits.decision(), waits.state()),
            (Some(decision), ApplicationState::Confirming)
        );
        assert_eq!(
            waits.clone().confirm(Outcome::Refuse),
            Ok(decided(Outcome::Refuse))
        );
        assert_eq!(waits.clone().confirm(Outcome::Grant), Ok(decided(Outcome::Grant)));
        assert_eq!(decided(Outcome::Refuse).confirm_again(), Ok(waits.clone()));
        assert_eq!(waits.confirm_again(), Err(Refusal::StepNotOpen));
    }

    #[test]
    fn a_completion_keeps_the_first_day_of_lodging() {
        let later = Lodged {
            at: Timestamp::UNIX_EPOCH,
            on: jiff::civil::date(2025, 3, 17),
        };
        let again = Stage::Returned {
            lodged: lodged(),
            returned: returned(),
        }
        .lodge(later)
        .unwrap();
        assert_eq!(again.lodged(), Some(lodged()));
    }

    #[test]
    fn going_back_to_the_first_officer_keeps_what_the_second_said() {
        let stage = Stage::Recommended {
            lodged: lodged(),
            recommendation: recommendation(),
        };
        let back = stage.send_to_assessment(returned()).unwrap();
        assert_eq!(
            back,
            Stage::Lodged {
                lodged: lodged(),
                sent_back: Some(returned())
            }
        );
    }
}

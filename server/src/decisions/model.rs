//! Whether an outcome follows from an assessment and the first officer's word. Pure.

use crate::{
    assessments::{AMOUNT, Doubt},
    problem::Refusal,
};
use karton_api::{applications::Confirmed, assessments::Outcome, problem::FieldError};
use karton_rules::assess::{AssessedCondition, Assessment, Outcome as Said, Verdict};

/// The fields of confirmations that cannot be taken: unknown conditions, the same one twice, reasons too short or too long.
pub fn check_confirmed(trace: &Assessment, confirmed: &[Confirmed]) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let mut wrong = |pointer: String, code: &str, message: &str| {
        errors.push(FieldError {
            pointer,
            code: code.to_owned(),
            message: message.to_owned(),
        });
    };
    for (place, word) in confirmed.iter().enumerate() {
        if trace
            .conditions
            .iter()
            .all(|condition| condition.id != word.condition)
            && word.condition != AMOUNT
        {
            wrong(
                format!("/confirmed/{place}/condition"),
                "unknown",
                "The benefit has no such condition.",
            );
        }
        if confirmed
            .iter()
            .take(place)
            .any(|before| before.condition == word.condition)
        {
            wrong(
                format!("/confirmed/{place}/condition"),
                "twice",
                "This condition is confirmed twice.",
            );
        }
        if !(3..=2000).contains(&word.reason.trim().chars().count()) {
            wrong(
                format!("/confirmed/{place}/reason"),
                "length",
                "Say why in 3 to 2,000 characters.",
            );
        }
    }
    errors
}

/// How a condition stands once the officer has spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stands {
    Met,
    NotMet,
    /// Rests on something unproved, or on unconfirmed law, and the officer has not spoken.
    Open,
}

/// Refuses with `NotVerified` what is not known, rests on facts that nothing proves or on unconfirmed law, and no officer has confirmed with a
/// reason; with `OutcomeDiffers` what says otherwise than the assessment. A refusal stands on any condition that is surely not met; a right on
/// all of them being met. To say otherwise than a fact the officer records a finding and assesses again.
pub fn follows(
    trace: &Assessment,
    doubts: &[Doubt],
    outcome: Outcome,
    confirmed: &[Confirmed],
) -> Result<(), Refusal> {
    if trace.outcome == Said::Unknown {
        return Err(Refusal::NotVerified);
    }
    let mut stands = Vec::new();
    for condition in trace
        .conditions
        .iter()
        .filter(|condition| condition.verdict != Verdict::NotApplicable)
    {
        let doubted = doubts.iter().any(|doubt| doubt.condition == condition.id);
        let word = confirmed.iter().find(|word| word.condition == condition.id);
        stands.push(stand(condition, doubted, word.map(|word| word.met))?);
    }
    if outcome == Outcome::Grant && doubts.iter().any(|doubt| doubt.condition == AMOUNT) {
        let word = confirmed.iter().find(|word| word.condition == AMOUNT);
        stands.push(match word.map(|word| word.met) {
            Some(true) => Stands::Met,
            // Another amount takes a finding and a new assessment.
            Some(false) => return Err(Refusal::OutcomeDiffers),
            None => Stands::Open,
        });
    }
    match outcome {
        Outcome::Refuse if stands.contains(&Stands::NotMet) => Ok(()),
        Outcome::Refuse if trace.outcome != Said::Grant => Err(Refusal::NotVerified),
        Outcome::Grant if stands.contains(&Stands::NotMet) || trace.outcome == Said::Refuse => {
            Err(Refusal::OutcomeDiffers)
        }
        Outcome::Grant if stands.contains(&Stands::Open) => Err(Refusal::NotVerified),
        Outcome::Grant => Ok(()),
        Outcome::Refuse | Outcome::Unknown | Outcome::Confirm => Err(Refusal::OutcomeDiffers),
    }
}

fn stand(condition: &AssessedCondition, doubted: bool, word: Option<bool>) -> Result<Stands, Refusal> {
    let said = match condition.verdict {
        Verdict::Met | Verdict::NotApplicable => true,
        Verdict::NotMet => false,
        Verdict::Unknown => return Ok(Stands::Open),
        Verdict::MustConfirm => {
            return Ok(match word {
                Some(true) => Stands::Met,
                Some(false) => Stands::NotMet,
                None => Stands::Open,
            });
        }
    };
    match word {
        Some(met) if met != said => Err(Refusal::OutcomeDiffers),
        None if doubted => Ok(Stands::Open),
        _ if said => Ok(Stands::Met),
        _ => Ok(Stands::NotMet),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use karton_rules::{
        assess::{FactRef, Holder, UsedFact},
        pack::{Confidence, Texts},
    };

    fn condition(id: &str, verdict: Verdict) -> AssessedCondition {
        AssessedCondition {
            id: id.into(),
            verdict,
            law: String::new(),
            confidence: if verdict == Verdict::MustConfirm {
                Confidence::Memory
            } else {
                Confidence::Law
            },
            says: Texts::default(),
            values: Vec::new(),
            facts: Vec::new(),
            steps: Vec::new(),
            missing: Vec::new(),
        }
    }
    fn trace(outcome: Said, conditions: &[(&str, Verdict)]) -> Assessment {
        Assessment {
            benefit: "MO".into(),
            on: jiff::civil::date(2025, 3, 10),
            outcome,
            conditions: conditions
                .iter()
                .map(|(id, verdict)| condition(id, *verdict))
                .collect(),
            amount: None,
            kind: None,
            payee: None,
            term: None,
            missing: Vec::new(),
            parameters: Vec::new(),
            unconfirmed: Vec::new(),
            faults: Vec::new(),
            pack_hash: String::new(),
            engine: String::new(),
        }
    }
    fn doubt(id: &str) -> Doubt {
        let source = FactRef {
            kind: "declaration".into(),
            status: Some("not-verified".into()),
            ..FactRef::default()
        };
        let fact = UsedFact {
            holder: Holder::Household,
            fact: "tenure".into(),
            source: Some(source),
        };
        Doubt {
            condition: id.into(),
            fact,
        }
    }
    fn word(id: &str, met: bool) -> Confirmed {
        Confirmed {
            condition: id.into(),
            met,
            reason: "seen on a visit".into(),
        }
    }
    use Verdict::{Met, MustConfirm, NotApplicable, NotMet, Unknown};

    #[test]
    fn the_outcome_is_the_one_the_assessment_came_to() {
        let granted = trace(Said::Grant, &[("income", Met), ("rooms", NotApplicable)]);
        assert_eq!(follows(&granted, &[], Outcome::Grant, &[]), Ok(()));
        assert_eq!(
            follows(&granted, &[], Outcome::Refuse, &[]),
            Err(Refusal::OutcomeDiffers)
        );
        let refused = trace(Said::Refuse, &[("income", NotMet), ("land", Met)]);
        assert_eq!(follows(&refused, &[], Outcome::Refuse, &[]), Ok(()));
        assert_eq!(
            follows(&refused, &[], Outcome::Grant, &[]),
            Err(Refusal::OutcomeDiffers)
        );
        for outcome in [Outcome::Unknown, Outcome::Confirm] {
            assert_eq!(follows(&granted, &[], outcome, &[]), Err(Refusal::OutcomeDiffers));
        }
    }

    #[test]
    fn what_nobody_knows_cannot_be_decided() {
        let unknown = trace(Said::Unknown, &[("income", Unknown), ("land", Met)]);
        for outcome in [Outcome::Grant, Outcome::Refuse] {
            assert_eq!(
                follows(&unknown, &[], outcome, &[word("income", true)]),
                Err(Refusal::NotVerified)
            );
        }
    }

    #[test]
    fn what_no_register_verified_needs_the_officers_word() {
        let granted = trace(Said::Grant, &[("income", Met), ("land", Met)]);
        let doubts = [doubt("land")];
        assert_eq!(
            follows(&granted, &doubts, Outcome::Grant, &[]),
            Err(Refusal::NotVerified)
        );
        assert_eq!(
            follows(&granted, &doubts, Outcome::Grant, &[word("income", true)]),
            Err(Refusal::NotVerified)
        );
        assert_eq!(
            follows(&granted, &doubts, Outcome::Grant, &[word("land", true)]),
            Ok(())
        );
        assert_eq!(
            follows(&granted, &doubts, Outcome::Grant, &[word("land", false)]),
            Err(Refusal::OutcomeDiffers)
        );
    }

    #[test]
    fn what_only_the_amount_rests_on_needs_the_officers_word_too() {
        let granted = trace(Said::Grant, &[("income", Met)]);
        let doubts = [doubt(AMOUNT)];
        assert_eq!(
            follows(&granted, &doubts, Outcome::Grant, &[]),
            Err(Refusal::NotVerified)
        );
        assert_eq!(
            follows(&granted, &doubts, Outcome::Grant, &[word(AMOUNT, true)]),
            Ok(())
        );
        assert_eq!(
            follows(&granted, &doubts, Outcome::Grant, &[word(AMOUNT, false)]),
            Err(Refusal::OutcomeDiffers)
        );
        assert!(check_confirmed(&granted, &[word(AMOUNT, true)]).is_empty());
        let refused = trace(Said::Refuse, &[("income", NotMet)]);
        assert_eq!(
            follows(&refused, &doubts, Outcome::Refuse, &[]),
            Ok(()),
            "a refusal has no amount"
        );
    }

    #[test]
    fn a_refusal_stands_on_what_is_sure() {
        let refused = trace(Said::Refuse, &[("income", NotMet), ("land", Met)]);
        assert_eq!(
            follows(&refused, &[doubt("land")], Outcome::Refuse, &[]),
            Ok(()),
            "land carries nothing here"
        );
        assert_eq!(
            follows(&refused, &[doubt("income")], Outcome::Refuse, &[]),
            Err(Refusal::NotVerified)
        );
        assert_eq!(
            follows(
                &refused,
                &[doubt("income")],
                Outcome::Refuse,
                &[word("income", false)]
            ),
            Ok(())
        );
    }

    #[test]
    fn unconfirmed_law_carries_nothing_without_the_officers_word() {
        let open = trace(Said::Confirm, &[("income", Met), ("vehicles", MustConfirm)]);
        assert_eq!(
            follows(&open, &[], Outcome::Refuse, &[]),
            Err(Refusal::NotVerified)
        );
        assert_eq!(
            follows(&open, &[], Outcome::Grant, &[]),
            Err(Refusal::NotVerified)
        );
        assert_eq!(
            follows(&open, &[], Outcome::Grant, &[word("vehicles", true)]),
            Ok(())
        );
        assert_eq!(
            follows(&open, &[], Outcome::Refuse, &[word("vehicles", false)]),
            Ok(())
        );
        assert_eq!(
            follows(&open, &[], Outcome::Grant, &[word("vehicles", false)]),
            Err(Refusal::OutcomeDiffers)
        );
    }

    #[test]
    fn a_confirmation_names_a_condition_once_and_says_why() {
        let granted = trace(Said::Grant, &[("income", Met)]);
        let mut short = word("income", true);
        short.reason = " x ".into();
        let errors = check_confirmed(&granted, &[word("income", true), short, word("none", true)]);
        let codes: Vec<_> = errors
            .iter()
            .map(|error| (error.pointer.as_str(), error.code.as_str()))
            .collect();
        assert_eq!(
            codes,
            [
                ("/confirmed/1/condition", "twice"),
                ("/confirmed/1/reason", "length"),
                ("/confirmed/2/condition", "unknown")
            ]
        );
    }
}

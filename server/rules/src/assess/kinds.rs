//! The kind of a benefit where the claim says it: a kit or the money for it, once or monthly by the day of a birth.

use super::assessment::Outcome;
use crate::{
    lang::{Context, Value},
    pack::{Benefit, BenefitKind, PartCode, Program},
};

/// The kind on these facts; what is unknown of it otherwise.
pub(super) fn kind_of(
    benefit: &Benefit,
    program: &Program,
    context: &Context<'_>,
) -> Result<BenefitKind, Value> {
    match &program.kind {
        None => Ok(benefit.kind),
        Some(choice) => choice.of(choice.code.run(context)),
    }
}

/// Nothing is granted while its kind or its amount cannot be said.
pub(super) fn with_amount(
    benefit: &Benefit,
    outcome: Outcome,
    kind: Option<BenefitKind>,
    has_amount: bool,
) -> Outcome {
    let said = match kind {
        None => false,
        Some(BenefitKind::InKind) => true,
        Some(_) => benefit.amount.is_none() || has_amount,
    };
    match outcome {
        Outcome::Grant | Outcome::Confirm if !said => Outcome::Unknown,
        outcome => outcome,
    }
}

/// Whether what is paid beside the months is paid alone: a benefit written by months that is of a single amount on these facts.
pub(super) fn alone(benefit: &Benefit, kind: BenefitKind) -> bool {
    kind == BenefitKind::OneOff && benefit.kind == BenefitKind::Monthly
}

/// Whether a part counts into the amount, and whether it is paid beside it; nothing where the kind does without it.
pub(super) fn beside(part: &PartCode, alone: bool) -> Option<bool> {
    counted_beside(part.once, alone)
}

/// The same of a part that is paid once, or each month.
pub(super) fn counted_beside(once: bool, alone: bool) -> Option<bool> {
    match (once, alone) {
        (true, true) => Some(false),
        (false, true) => None,
        (once, false) => Some(once),
    }
}

//! Facts in, verdicts with their reasons out.

mod assessment;
mod input;

pub use assessment::{
    Amount, Assessment, AssessedCondition, Missing, Outcome, Printed, Holder, Step, Term, Unconfirmed, UsedFact, UsedParameter,
    Verdict,
};
pub use input::{AwardInForce, FactRef, Facts, Input, Known, PersonFacts};

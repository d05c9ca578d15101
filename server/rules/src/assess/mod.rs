//! Facts in, verdicts with their reasons out.

mod assessment;
mod batch;
mod beside;
mod duration;
mod explain;
mod guard;
mod input;
mod kinds;
mod lacking;
mod layout;
mod many;
mod message;
mod months;
mod possible;
mod prepare;
mod print;
mod run;
mod signals;
mod survey;

pub use assessment::{
    Amount, AssessedCondition, Assessment, Holder, Missing, Outcome, PartAmount, Printed, Step, Term,
    Unconfirmed, UsedFact, UsedParameter, Verdict,
};
pub use batch::Batch;
pub use beside::{Beside, Better, Choice, Worth, beside};
pub use duration::{Ran, calendar_months, months_run};
pub use explain::{assess, replay};
pub use input::{AwardInForce, FactRef, Facts, Input, Known, PersonFacts, Suspended};
pub use layout::Laid;
pub use many::AT_A_TIME;
pub use message::{Message, Told};
pub use months::{arrears, month, moved};
pub use possible::{PossibleRight, lives, possible};
pub(crate) use prepare::prepare;
pub(crate) use print::Printer;
pub use run::Result;
pub use signals::Raised;
pub use survey::{Block, Found, Rules, Stand, Survey};

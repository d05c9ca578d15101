//! Matters: running procedures, whatever their kind, and the work queue.
//!
//! A matter runs on the version of the procedure it began with, unless an officer moves it to the one in force, with a reason. Its steps open, are taken, are done or dropped; what follows a step is
//! written in the pack, and so are the role, the term, the guard and the form of each. Whoever has the step's role may start and complete it; leading
//! officers give steps to others and open them again with a reason. A step that a legal act completes (lodging, recommending, deciding,
//! delivering) is refused here and moves with that act, in one transaction. Terms: calendar or working days of the pack's calendar (general
//! administrative procedure).
//!
//! A restricted matter exists only for officers who are named on it, whatever their office and roles.

mod about;
mod above;
pub mod actions;
mod blank;
mod casework;
mod handover;
pub mod http;
mod model;
mod outside;
mod queue;
mod restricted;
mod schema;
mod sheets;
pub mod store;
pub mod term;
#[cfg(test)]
mod tests;
mod versions;

pub use about::{ABOUT, note};
pub use above::{Decider, above, body, confirm_again, confirming, confirms_for, decided_onward, settle};
pub use actions::{
    OpenStep, advance, advance_of, aside, begin, complete_kind, complete_kind_of, end, jump, open_steps,
    steps, take_up_again,
};
pub use blank::{Blank, answer as answer_blank};
pub use casework::{advance_step, branch, bring_forward, give, leave, renew, resume};
pub use handover::{Held, hand, held_by, may_hold};
pub use model::{Done, Fresh, Matter, Running, StepRun, officer_roles};
pub use outside::{CASE_MOVED, Heard, LAPSE, RunOf, TELL_OF_STEP, complete_run, hear, lapse, run_of};
pub use restricted::{
    NamedOn, RESTRICTED, end_name, exists_for, is_restricted, name, named, restrict, restrict_like, seen,
    seen_by,
};
pub use schema::{MIGRATION, PAUSES};
pub use sheets::{SHEETS, looked};
pub use versions::VERSIONS;

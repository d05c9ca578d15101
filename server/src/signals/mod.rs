//! Signals: the pack's cross-checks that ask for a look, the queue of those that were raised, and how often each was right.
//!
//! A signal is raised on the facts of one matter or one running right, once for each person; it is shown, it may be somebody's task, and one that
//! stops waits for an answer before a decision, whatever the answer is. It has no weight in any amount and is never a ground.

mod actions;
mod heard;
pub mod http;
mod store;

pub use actions::{SWEEP, Subject, call_if_due, look, none_stops, of_matter, raise, sweep};
pub use heard::heard;
pub use store::MIGRATION;

//! Applications: requests for a benefit, from the draft at the counter to the decision.
//!
//! Clerks and caseworkers take them: a draft holds what was typed, has no number and may be thrown away; lodging turns what was typed into
//! declared facts, draws the number and begins the matter, in one transaction. Nobody lodges for themselves or declared relatives, and no
//! second application for the same benefit and on the same account runs beside the first. An application knows its legal state; which step is open is the matter's
//! business. Law: general administrative procedure (beginning at a party's request, completion, withdrawal).

pub mod actions;
mod assessing;
mod choosing;
mod dismissals;
mod handed_in;
mod handover;
pub mod http;
mod letter_values;
mod lodging;
mod model;
mod parties;
mod running;
mod schema;
mod standing;
pub mod store;
mod then;
mod view;
mod withdrawals;

pub use actions::Desk;
pub use choosing::{CHOICES, GivesWay, Settled, settled};
pub use handed_in::representative;
pub use letter_values::party;
pub use lodging::{draw, number};
pub use model::{Act, Lodged, Stage};
pub use parties::{named_payee, paid};
pub use running::{STATEMENT as RUNNING, account};
pub use schema::{ACCOUNTS, DISMISSALS, LODGINGS, MIGRATION, PARTIES};
pub use standing::files_statement;
pub use store::Application;
pub use view::{of_person, see, summary};

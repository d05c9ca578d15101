//! Persons and their households.
//!
//! A person's identity card (name, number, birth date, holding office) is national: whoever may find people sees it in the whole country.
//! What is known about them belongs to the office's subtree. Clerks and caseworkers register and correct people; a correction keeps what stood
//! before, with its reason and proof, and the old name and number still find the person. Nobody is registered twice without an officer
//! having looked at the likely duplicates. What happens to households is dated and can be taken back on the day it was written down.

mod actions;
pub mod alias;
mod care;
mod correcting;
mod duplicates;
mod elsewhere;
mod households;
pub mod http;
mod kin;
mod kinship;
pub mod likeness;
mod living;
mod model;
mod names;
mod own;
mod query;
mod roles;
mod schema;
pub mod store;

pub use actions::{Beside, Entering, enter, register_in, search, see, view};
pub use alias::ALIAS;
pub use care::{CARE, Care, begin_care, care_of, care_of_matter, carers, end_care, runs, wards};
pub use correcting::{CardThen, Death, card_then, change, identity, record_death};
pub(crate) use duplicates::candidates;
pub use duplicates::reasons as likeness_reasons;
pub use elsewhere::{ElsewhereToo, STATEMENT as ELSEWHERE_TOO, elsewhere_too};
pub use households::{
    add_member, end_member, household, household_at, insert_all, insert_household, insert_member,
};
pub use kin::MIGRATION as KIN;
pub use kinship::to_applicant;
pub use likeness::{COMPARED_ANEW, LIKENESS};
pub use living::{change_head, changes, contradictions, join, split, undo};
pub use model::{Checked, check_name, check_registration, known_code};
pub use names::words_of;
pub use own::{kin_of, none_own, not_own};
pub use schema::{CHANGES, FORMER, MIGRATION};

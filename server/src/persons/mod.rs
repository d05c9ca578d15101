//! Persons and their households.
//!
//! A person's identity card (name, number, birth date, holding office) is national: whoever may find people sees it in the whole country.
//! What is known about them belongs to the office's subtree. Clerks and caseworkers register and correct people; corrections keep what
//! stood before in the log. Nobody is registered twice without an officer having looked at the likely duplicates.

mod actions;
mod care;
mod duplicates;
#[cfg(test)]
mod figures;
mod households;
pub mod http;
mod model;
mod names;
mod own;
mod query;
mod schema;
pub mod store;

pub use actions::{change, register_in, search, see, view};
pub use care::{CARE, Care, begin_care, care_of, care_of_matter, carers, end_care, runs, wards};
pub use households::{
    add_member, end_member, household, household_at, insert_all, insert_household, insert_member,
};
pub use model::{Checked, check_name, check_registration, known_code};
pub use names::words_of;
pub use own::not_own;
pub use schema::MIGRATION;

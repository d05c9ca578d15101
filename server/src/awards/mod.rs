//! Awards: what decisions granted, and what that yields month by month.
//!
//! An award carries the facts it was granted on, so that each month's amount follows the parameters of that month (indexation) without a new
//! decision; people's ages stay as they were assessed, because growing older changes a right only by a decision. Awards stand before
//! assessments in the order of rooms: an assessment looks at the awards in force, and an award knows its decision only by id and number.

mod actions;
pub mod http;
mod model;
mod overlaps;
mod parts;
mod payees;
mod schema;
pub mod store;
mod turns;

pub use model::{NewAward, basis_of, months};
pub use overlaps::{Asked, articles, excluded, in_the_way, overlaps, statements};
pub use parts::{check_part, parts};
pub use payees::{held_by, insert_payee, payee_of};
pub use schema::{ABOUT, MIGRATION, PARTS, PAYEES, TAKEN_BACK, TURNS};
pub use store::{OfPerson, elsewhere, insert, of_people, of_person, of_person_at, running};
pub use turns::{Turn, TurnKind, add, allowed, beyond, ended_before, of_award, standing, take_back, without};

//! The dossier: everything the institution holds on one person, at a glance and in its order of time.
//!
//! The last of the rooms, because it looks into all of them. A dossier opens with the registration of its person. Looking into one leaves an
//! entry with its purpose, once per officer, dossier and purpose in 15 minutes.

mod actions;
mod death;
pub mod http;
mod inquiries;
mod moving;
mod transfers;

pub use actions::{glance, open, timeline};
#[cfg(test)]
pub use transfers::REMAINS;
pub use transfers::{CARRIED, CASES as TRANSFERRED_CASES, MIGRATION as TRANSFERS};

//! Merging two dossiers of one person, and undoing it.
//!
//! Two officers: one proposes, another confirms. The one who goes keeps their card, facts and history as they were; what runs (applications,
//! matters, awards, ties of care) is pointed at the one who stays, and every row that was is remembered, so that undoing restores exactly.
//! Memberships of households are closed and begun anew, as any change of a household is. Decisions, letters, assessments and the log name
//! whom they named. What stands against a merge is named, all of it at once: awards that exclude each other, the same application running
//! twice, two households, a protected address. An officer merges within the scope; across offices that is one whose office stands above both.

mod actions;
pub mod http;
mod moving;
pub mod store;

pub use moving::MOVED;
#[cfg(test)]
pub use moving::STAYS;
pub use store::MIGRATION;

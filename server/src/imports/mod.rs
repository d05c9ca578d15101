//! Old registers on their way into the store: people with their households, and awards from before.
//!
//! A file is brought by one officer (or by the command line) and read and checked row by row in the background: the report names row, column
//! and what to do, never a value. A second officer accepts it; then its good rows are applied batch by batch, each batch one transaction that
//! ends its job and posts the next, so that a restart goes on where it was. Nobody is registered twice: duplicates are looked for when a row
//! is checked and again when it is applied. Every row stays with whom it became, as the origin of what is known from it (facts bear the
//! service `import`).

mod actions;
mod check;
mod columns;
pub mod http;
mod schema;
mod sheet;
mod store;
#[cfg(test)]
mod tests;
mod values;
mod work;

pub use actions::{Brought, Tried, bring, findings_of, system_brings, try_out, view_of};
pub use schema::MIGRATION;
pub use work::{handlers, report};

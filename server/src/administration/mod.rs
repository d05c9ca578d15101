//! Running the house: its health and sizes, the queue of background work, and the dossiers officers must not work on.
//!
//! For administrators, who see no personal data: counts, codes, technical words and numbers of dossiers. Stands above the rooms, because it
//! looks at what all of them left behind.

mod actions;
mod http;
mod store;

pub use http::router;

//! New versions of the pack: kept, compared with what is in force, proposed by one administrator and activated by another, from a day on.
//!
//! A version changes what officers are offered and what families are owed, so no restart and no single hand puts one in force. Matters that
//! run stay on the version they began with (`matters` moves one, with a reason). No personal data.

mod actions;
mod http;
mod model;
mod store;

pub use actions::{follow, offer};
pub use http::router;

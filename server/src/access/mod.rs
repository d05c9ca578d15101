//! Who may do what: sessions, roles, permissions, and the part of the country an officer sees.
//!
//! `May<P>` is the only proof that an officer may do something; it has one maker, the extractor. It answers "may this officer do such
//! things in this office"; "is this dossier theirs" is asked of the dossier inside the action, by the [`Scope`] every read takes.

mod may;
mod passwords;
mod permissions;
mod scope;
mod sessions;

pub use may::{Actor, May, Signed};
pub use passwords::Passwords;
pub use permissions::*;
pub use scope::Scope;
pub use sessions::Session;

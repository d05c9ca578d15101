//! Reading the audit log: auditors read that of their office's subtree; whoever may read a dossier may see who looked into it.

mod http;
mod store;

pub use http::router;

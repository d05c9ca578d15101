//! Officers' accounts, and signing in.
//!
//! Administrators open accounts, give roles in the offices below their own, reset passwords, disable and enable; everybody keeps their own
//! session and password. The first administrator is made when the house is opened for the first time.

mod actions;
mod deputies;
mod http;
mod model;
mod own;
mod session_http;
mod sign_in;
mod store;

pub use actions::{
    all_accounts, change, change_account, first_admin, list, open, open_account, reset, reset_account, view,
};
pub use deputies::DEPUTIES;
pub use http::router;
pub use model::fold_account;
pub use own::{Kin, MIGRATION, declare, not_own, works_in};
pub use sign_in::{change_password, end_session, sessions, show, sign_in, sign_out};
pub use store::{Account, by_name, load, officer_as, officer_ref};

//! Who may do what: sessions, roles, permissions, and the part of the country an officer sees.
//!
//! `May<P>` is the only proof that an officer may do something; it has one maker, the extractor. It answers "may this officer do such
//! things in this office"; "is this dossier theirs" is asked of the dossier inside the action, by the [`Scope`] every read takes.

pub mod delays;
mod may;
mod passwords;
mod permissions;
mod scope;
pub mod sessions;
mod weak;

pub use may::{Actor, May, Signed};
pub use passwords::{Passwords, Turn, first_password};
pub use permissions::*;
pub use scope::Scope;
pub use sessions::{Session, Sessions};
pub use weak::check_new;

use crate::store::Migration;

/// Officers' accounts and roles, sessions, and the delays after failed sign-ins.
pub const MIGRATION: Migration = Migration::both(
    40,
    "officers and their sessions",
    "CREATE TABLE officer (
        id {ID} PRIMARY KEY, account TEXT NOT NULL UNIQUE, name TEXT NOT NULL, password TEXT NOT NULL,
        must_change BIGINT NOT NULL, disabled BIGINT NOT NULL, revision BIGINT NOT NULL, opened_at BIGINT NOT NULL,
        signed_in_at BIGINT
    );
    CREATE TABLE officer_role (
        officer {ID} NOT NULL REFERENCES officer (id), office {ID} NOT NULL REFERENCES office (id), role TEXT NOT NULL,
        PRIMARY KEY (officer, office, role)
    );
    CREATE INDEX officer_role_by_office ON officer_role (office, role);
    CREATE TABLE session (
        id {ID} PRIMARY KEY, token {BLOB} NOT NULL UNIQUE, officer {ID} NOT NULL REFERENCES officer (id),
        office {ID} NOT NULL REFERENCES office (id), began_at BIGINT NOT NULL, used_at BIGINT NOT NULL,
        ends_at BIGINT NOT NULL, client TEXT, ended_at BIGINT
    );
    CREATE INDEX session_by_officer ON session (officer, ends_at);
    CREATE TABLE sign_in_failure (
        subject {BLOB} PRIMARY KEY, failures BIGINT NOT NULL, last_at BIGINT NOT NULL, free_at BIGINT NOT NULL
    );
    CREATE INDEX sign_in_failure_by_age ON sign_in_failure (last_at)",
);

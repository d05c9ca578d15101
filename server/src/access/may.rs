//! The proof that an officer may do something.

use super::{Permission, Scope, Session, sessions};
use crate::{
    house::House,
    problem::{Error, Refusal},
};
use axum::{extract::FromRequestParts, http::request::Parts};
use karton_api::{Id, Timestamp, value};
use std::{marker::PhantomData, sync::Arc};

/// Who acts: an officer in an office, or the system for an office.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Actor {
    /// The officer; nobody for what the system does by itself.
    pub officer: Option<Id<value::Officer>>,
    /// The office in whose name.
    pub office: Id<value::Office>,
}

/// The officer of this request may do `P` in the office of the session.
#[derive(Debug)]
pub struct May<P> {
    session: Arc<Session>,
    /// When the request came in: what an officer may see can end.
    at: Timestamp,
    permission: PhantomData<fn() -> P>,
}
impl<P> Clone for May<P> {
    fn clone(&self) -> Self {
        May {
            session: self.session.clone(),
            at: self.at,
            permission: PhantomData,
        }
    }
}
impl<P> May<P> {
    /// Who acts.
    pub fn actor(&self) -> Actor {
        Actor {
            officer: Some(self.session.officer),
            office: self.session.office,
        }
    }
    /// The officer.
    pub fn officer(&self) -> Id<value::Officer> {
        self.session.officer
    }
    /// The office of the session.
    pub fn office(&self) -> Id<value::Office> {
        self.session.office
    }
    /// What this officer sees.
    pub fn scope(&self) -> Scope {
        Scope::of_officer(self.session.office, self.session.officer, self.at)
    }
    /// The session.
    pub fn session(&self) -> &Session {
        &self.session
    }
}

impl<P: Permission> FromRequestParts<House> for May<P> {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, house: &House) -> Result<Self, Error> {
        let session = sessions::of_request(parts, house).await?;
        if session.must_change_password {
            return Err(Refusal::PasswordChangeNeeded.into());
        }
        if !P::ROLES.iter().any(|role| session.roles.contains(role)) {
            sessions::enter_denied(parts, house, &session, P::NAME).await?;
            return Err(Error::Denied(P::NAME));
        }
        Ok(May {
            session,
            at: house.clock.now(),
            permission: PhantomData,
        })
    }
}

/// Somebody is signed in, whoever it is, also with a first password still to be changed: for one's own session only.
#[derive(Debug, Clone)]
pub struct Signed(pub Arc<Session>);

impl FromRequestParts<House> for Signed {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, house: &House) -> Result<Self, Error> {
        sessions::of_request(parts, house).await.map(Signed)
    }
}

//! Sessions: signing in and out, and one's own password.

use super::{Client, Error, bytes};
use crate::{
    Id,
    common::Page,
    session::{ChangePassword, SessionView, SignIn, SignedIn},
    value,
};
use reqwest::Method;

impl Client {
    /// `POST /v1/session`
    pub async fn sign_in(&self, body: &SignIn) -> Result<SignedIn, Error> {
        self.post("/v1/session", None, body).await
    }
    /// `GET /v1/session`
    pub async fn session(&self) -> Result<SessionView, Error> {
        self.get("/v1/session").await
    }
    /// `DELETE /v1/session`
    pub async fn sign_out(&self) -> Result<(), Error> {
        bytes(self.request(Method::DELETE, "/v1/session")).await.map(drop)
    }
    /// `GET /v1/sessions`: one's own.
    pub async fn sessions(&self) -> Result<Page<SessionView>, Error> {
        self.get("/v1/sessions").await
    }
    /// `DELETE /v1/sessions/{id}`: one of one's own.
    pub async fn end_session(&self, id: Id<value::Session>) -> Result<(), Error> {
        bytes(self.request(Method::DELETE, &format!("/v1/sessions/{id}")))
            .await
            .map(drop)
    }
    /// `POST /v1/session/password`
    pub async fn change_password(&self, body: &ChangePassword) -> Result<SessionView, Error> {
        self.post("/v1/session/password", None, body).await
    }
}

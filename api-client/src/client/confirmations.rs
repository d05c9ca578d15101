//! The calls of second decisions.

use super::{Client, Error, Key, bytes, pairs};
use crate::{Id, confirmations::Confirm, decisions::*, value};
use reqwest::Method;

impl Client {
    /// `POST /v1/applications/{id}/decision/confirm`
    pub async fn confirm(
        &self,
        id: Id<value::Application>,
        key: &Key,
        body: &Confirm,
    ) -> Result<Decision, Error> {
        self.post(
            &format!("/v1/applications/{id}/decision/confirm"),
            Some(key),
            body,
        )
        .await
    }
    /// `POST /v1/confirmations/{id}/deliver`
    pub async fn deliver_confirmation(
        &self,
        id: Id<value::Confirmation>,
        key: &Key,
        body: &Deliver,
    ) -> Result<Decision, Error> {
        self.post(&format!("/v1/confirmations/{id}/deliver"), Some(key), body)
            .await
    }
    /// `GET /v1/confirmations/{id}/letter`: its bytes.
    pub async fn confirmation_letter(
        &self,
        id: Id<value::Confirmation>,
        query: &LetterQuery,
    ) -> Result<Vec<u8>, Error> {
        let path = format!("/v1/confirmations/{id}/letter?{}", pairs(query)?);
        bytes(self.request(Method::GET, &path)).await
    }
    /// `GET /v1/confirmations/{id}/slip`: the delivery slip, its bytes.
    pub async fn confirmation_slip(
        &self,
        id: Id<value::Confirmation>,
        query: &LetterQuery,
    ) -> Result<Vec<u8>, Error> {
        let path = format!("/v1/confirmations/{id}/slip?{}", pairs(query)?);
        bytes(self.request(Method::GET, &path)).await
    }
}

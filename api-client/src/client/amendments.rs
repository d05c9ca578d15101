//! Later decisions.

use super::{Client, Error, Key, bytes, pairs};
use crate::{
    Id,
    amendments::*,
    common::{Page, Reason},
    decisions::{Deliver, LetterQuery},
    value,
};
use reqwest::Method;

impl Client {
    /// `GET /v1/amendments`
    pub async fn amendments(&self, query: &AmendmentsQuery) -> Result<Page<AmendmentSummary>, Error> {
        self.ask("/v1/amendments", query).await
    }
    /// `POST /v1/amendments`
    pub async fn propose_amendment(&self, key: &Key, body: &NewAmendment) -> Result<Amendment, Error> {
        self.post("/v1/amendments", Some(key), body).await
    }
    /// `GET /v1/awards/{id}/would-change`
    pub async fn would_change(&self, id: Id<value::Award>) -> Result<WouldChange, Error> {
        self.get(&format!("/v1/awards/{id}/would-change")).await
    }
    /// `GET /v1/amendments/{id}`
    pub async fn amendment(&self, id: Id<value::Amendment>) -> Result<Amendment, Error> {
        self.get(&format!("/v1/amendments/{id}")).await
    }
    /// `POST /v1/amendments/{id}/recommend`
    pub async fn recommend_amendment(
        &self,
        id: Id<value::Amendment>,
        key: &Key,
        body: &Proposed,
    ) -> Result<Amendment, Error> {
        self.post(&format!("/v1/amendments/{id}/recommend"), Some(key), body)
            .await
    }
    /// `POST /v1/amendments/{id}/decide`
    pub async fn decide_amendment(
        &self,
        id: Id<value::Amendment>,
        key: &Key,
        body: &DecideAmendment,
    ) -> Result<Amendment, Error> {
        self.post(&format!("/v1/amendments/{id}/decide"), Some(key), body)
            .await
    }
    /// `POST /v1/amendments/{id}/confirm`
    pub async fn confirm_amendment(
        &self,
        id: Id<value::Amendment>,
        key: &Key,
        body: &ConfirmAmendment,
    ) -> Result<Amendment, Error> {
        self.post(&format!("/v1/amendments/{id}/confirm"), Some(key), body)
            .await
    }
    /// `POST /v1/amendments/{id}/confirmation/deliver`
    pub async fn deliver_amendment_confirmation(
        &self,
        id: Id<value::Amendment>,
        key: &Key,
        body: &Deliver,
    ) -> Result<Amendment, Error> {
        let path = format!("/v1/amendments/{id}/confirmation/deliver");
        self.post(&path, Some(key), body).await
    }
    /// `POST /v1/amendments/{id}/return`
    pub async fn return_amendment(
        &self,
        id: Id<value::Amendment>,
        key: &Key,
        body: &Reason,
    ) -> Result<Amendment, Error> {
        self.post(&format!("/v1/amendments/{id}/return"), Some(key), body)
            .await
    }
    /// `POST /v1/amendments/{id}/drop`
    pub async fn drop_amendment(
        &self,
        id: Id<value::Amendment>,
        key: &Key,
        body: &Reason,
    ) -> Result<Amendment, Error> {
        self.post(&format!("/v1/amendments/{id}/drop"), Some(key), body)
            .await
    }
    /// `POST /v1/amendments/{id}/deliver`
    pub async fn deliver_amendment(
        &self,
        id: Id<value::Amendment>,
        key: &Key,
        body: &Deliver,
    ) -> Result<Amendment, Error> {
        self.post(&format!("/v1/amendments/{id}/deliver"), Some(key), body)
            .await
    }
    /// `GET /v1/amendments/{id}/letter`: its bytes.
    pub async fn amendment_letter(
        &self,
        id: Id<value::Amendment>,
        query: &LetterQuery,
    ) -> Result<Vec<u8>, Error> {
        let path = format!("/v1/amendments/{id}/letter?{}", pairs(query)?);
        bytes(self.request(Method::GET, &path)).await
    }
    /// `GET /v1/amendments/{id}/slip`: the delivery slip, its bytes.
    pub async fn amendment_slip(
        &self,
        id: Id<value::Amendment>,
        query: &LetterQuery,
    ) -> Result<Vec<u8>, Error> {
        let path = format!("/v1/amendments/{id}/slip?{}", pairs(query)?);
        bytes(self.request(Method::GET, &path)).await
    }
}

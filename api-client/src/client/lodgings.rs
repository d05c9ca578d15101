//! Handing in: one application or several, with their receipts.

use super::{Client, Error, Key, bytes, pairs};
use crate::{
    Id,
    applications::Lodged,
    common::Page,
    decisions::LetterQuery,
    lodgings::{HandIn, LodgeTogether, LodgedTogether, Lodging, Paper},
    value,
};
use reqwest::Method;

impl Client {
    /// `POST /v1/applications/{id}/lodge`: by the applicant, at the counter.
    pub async fn lodge(&self, id: Id<value::Application>, key: &Key) -> Result<Lodged, Error> {
        self.lodge_as(id, key, &HandIn::default()).await
    }
    /// `POST /v1/applications/{id}/lodge`: as it was handed in.
    pub async fn lodge_as(
        &self,
        id: Id<value::Application>,
        key: &Key,
        body: &HandIn,
    ) -> Result<Lodged, Error> {
        self.post(&format!("/v1/applications/{id}/lodge"), Some(key), body)
            .await
    }
    /// `POST /v1/lodgings`: several drafts at once, with one receipt.
    pub async fn lodge_together(&self, key: &Key, body: &LodgeTogether) -> Result<LodgedTogether, Error> {
        self.post("/v1/lodgings", Some(key), body).await
    }
    /// `GET /v1/lodgings/{id}`: what was lodged together.
    pub async fn lodging(&self, id: Id<value::Letter>) -> Result<Lodging, Error> {
        self.get(&format!("/v1/lodgings/{id}")).await
    }
    /// `GET /v1/applications/{id}/papers`: receipts and dismissals, newest first.
    pub async fn papers(&self, id: Id<value::Application>) -> Result<Page<Paper>, Error> {
        self.get(&format!("/v1/applications/{id}/papers")).await
    }
    /// `GET /v1/papers/{id}`
    pub async fn paper(&self, id: Id<value::Letter>) -> Result<Paper, Error> {
        self.get(&format!("/v1/papers/{id}")).await
    }
    /// `GET /v1/papers/{id}/letter`: its bytes.
    pub async fn paper_letter(&self, id: Id<value::Letter>, query: &LetterQuery) -> Result<Vec<u8>, Error> {
        bytes(self.request(Method::GET, &format!("/v1/papers/{id}/letter?{}", pairs(query)?))).await
    }
}

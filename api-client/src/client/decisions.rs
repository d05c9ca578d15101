//! Decisions, one or many at once, their letters and slips, and the awards that come of them.

use super::{Client, Error, Key, bytes, pairs};
use crate::{
    Id,
    applications::Decide,
    awards::{Award, AwardView, AwardsQuery, Entitlement},
    common::{Page, PageQuery},
    decisions::*,
    value,
};
use reqwest::Method;

impl Client {
    /// `POST /v1/applications/{id}/decision/decide`
    pub async fn decide(
        &self,
        id: Id<value::Application>,
        key: &Key,
        body: &Decide,
    ) -> Result<Decision, Error> {
        self.post(&format!("/v1/applications/{id}/decision/decide"), Some(key), body)
            .await
    }
    /// `GET /v1/decisions/{id}`
    pub async fn decision(&self, id: Id<value::Decision>) -> Result<Decision, Error> {
        self.get(&format!("/v1/decisions/{id}")).await
    }
    /// `GET /v1/decisions/{id}/letter`: its bytes.
    pub async fn letter(&self, id: Id<value::Decision>, query: &LetterQuery) -> Result<Vec<u8>, Error> {
        bytes(self.request(
            Method::GET,
            &format!("/v1/decisions/{id}/letter?{}", pairs(query)?),
        ))
        .await
    }
    /// `GET /v1/decisions/{id}/slip`: the delivery slip, its bytes.
    pub async fn slip(&self, id: Id<value::Decision>, query: &LetterQuery) -> Result<Vec<u8>, Error> {
        let path = format!("/v1/decisions/{id}/slip?{}", pairs(query)?);
        bytes(self.request(Method::GET, &path)).await
    }
    /// `POST /v1/decisions/{id}/deliver`
    pub async fn deliver(
        &self,
        id: Id<value::Decision>,
        key: &Key,
        body: &Deliver,
    ) -> Result<Decision, Error> {
        self.post(&format!("/v1/decisions/{id}/deliver"), Some(key), body)
            .await
    }
    /// `GET /v1/decisions/ready`: recommended applications of one benefit and outcome, the longest waiting first.
    pub async fn ready_to_decide(&self, query: &ReadyQuery) -> Result<Page<ReadyToDecide>, Error> {
        self.ask("/v1/decisions/ready", query).await
    }
    /// `POST /v1/decisions/many`
    pub async fn decide_many(&self, key: &Key, body: &DecideMany) -> Result<DecidedMany, Error> {
        self.post("/v1/decisions/many", Some(key), body).await
    }
    /// `GET /v1/awards`
    pub async fn awards(&self, query: &AwardsQuery) -> Result<Page<Award>, Error> {
        self.ask("/v1/awards", query).await
    }
    /// `GET /v1/awards/{id}`
    pub async fn award(&self, id: Id<value::Award>) -> Result<AwardView, Error> {
        self.get(&format!("/v1/awards/{id}")).await
    }
    /// `GET /v1/awards/{id}/entitlements`: month by month until today, with the amounts of each month's law.
    pub async fn entitlements(
        &self,
        id: Id<value::Award>,
        page: &PageQuery,
    ) -> Result<Page<Entitlement>, Error> {
        self.ask(&format!("/v1/awards/{id}/entitlements"), page).await
    }
}

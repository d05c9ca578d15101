//! The calls of later decisions, of many decisions at once, of delivery slips, deputies and hand-overs.

use super::{Client, Error, Key, bytes, pairs};
use crate::{
    Id,
    amendments::*,
    awards::AwardView,
    common::{Page, PageQuery, Reason},
    decisions::*,
    deputies::*,
    value,
};
use reqwest::Method;

impl Client {
    /// `GET /v1/decisions/{id}/slip`: the delivery slip, its bytes.
    pub async fn slip(&self, id: Id<value::Decision>, query: &LetterQuery) -> Result<Vec<u8>, Error> {
        let path = format!("/v1/decisions/{id}/slip?{}", pairs(query)?);
        bytes(self.request(Method::GET, &path)).await
    }
    /// `GET /v1/decisions/ready`: recommended applications of one benefit and outcome, the longest waiting first.
    pub async fn ready_to_decide(&self, query: &ReadyQuery) -> Result<Page<ReadyToDecide>, Error> {
        self.ask("/v1/decisions/ready", query).await
    }
    /// `POST /v1/decisions/many`
    pub async fn decide_many(&self, key: &Key, body: &DecideMany) -> Result<DecidedMany, Error> {
        self.post("/v1/decisions/many", Some(key), body).await
    }

    /// `GET /v1/awards/{id}`
    pub async fn award(&self, id: Id<value::Award>) -> Result<AwardView, Error> {
        self.get(&format!("/v1/awards/{id}")).await
    }

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

    /// `GET /v1/deputies`: within the scope, the newest first.
    pub async fn deputies(&self, page: &PageQuery) -> Result<Page<Deputy>, Error> {
        self.ask("/v1/deputies", page).await
    }
    /// `POST /v1/deputies`
    pub async fn name_deputy(&self, key: &Key, body: &NewDeputy) -> Result<Deputy, Error> {
        self.post("/v1/deputies", Some(key), body).await
    }
    /// `POST /v1/deputies/{id}/end`
    pub async fn end_deputy(&self, id: Id<value::Deputy>, key: &Key) -> Result<Deputy, Error> {
        self.post(&format!("/v1/deputies/{id}/end"), Some(key), &super::Empty {})
            .await
    }

    /// `GET /v1/users/{id}/work`: what an officer leaves open.
    pub async fn open_work(&self, id: Id<value::Officer>, page: &PageQuery) -> Result<Page<OpenWork>, Error> {
        self.ask(&format!("/v1/users/{id}/work"), page).await
    }
    /// `POST /v1/users/{id}/hand-over`
    pub async fn hand_over(
        &self,
        id: Id<value::Officer>,
        key: &Key,
        body: &HandOver,
    ) -> Result<HandedOver, Error> {
        self.post(&format!("/v1/users/{id}/hand-over"), Some(key), body)
            .await
    }
}

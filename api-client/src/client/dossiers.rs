//! Dossiers, how somebody's applications stand, and dossiers that go to another office.

use super::{Client, Empty, Error, Key};
use crate::{
    Id,
    common::{Page, PageQuery, Reason},
    dossiers::{Dossier, OpenDossier, TimelineEvent},
    inquiries::{Inquire, Inquiry},
    transfers::{AskTransfer, Transfer},
    value,
};

impl Client {
    /// `GET /v1/dossiers/{id}`: leaves an entry with the purpose.
    pub async fn dossier(&self, id: Id<value::Person>, why: &OpenDossier) -> Result<Dossier, Error> {
        self.ask(&format!("/v1/dossiers/{id}"), why).await
    }
    /// `GET /v1/dossiers/{id}/timeline`
    pub async fn timeline(
        &self,
        id: Id<value::Person>,
        page: &PageQuery,
    ) -> Result<Page<TimelineEvent>, Error> {
        self.ask(&format!("/v1/dossiers/{id}/timeline"), page).await
    }
    /// `POST /v1/inquiries`: how somebody's applications stand.
    pub async fn inquire(&self, body: &Inquire) -> Result<Inquiry, Error> {
        self.post("/v1/inquiries", None, body).await
    }
    /// `POST /v1/dossiers/{id}/transfer`: asks another office to take a dossier over.
    pub async fn ask_transfer(
        &self,
        id: Id<value::Person>,
        key: &Key,
        body: &AskTransfer,
    ) -> Result<Transfer, Error> {
        self.post(&format!("/v1/dossiers/{id}/transfer"), Some(key), body)
            .await
    }
    /// `GET /v1/transfers`: those that concern this office, newest first.
    pub async fn transfers(&self, page: &PageQuery) -> Result<Page<Transfer>, Error> {
        self.ask("/v1/transfers", page).await
    }
    /// `POST /v1/transfers/{id}/accept`
    pub async fn accept_transfer(&self, id: Id<value::Letter>, key: &Key) -> Result<Transfer, Error> {
        self.post(&format!("/v1/transfers/{id}/accept"), Some(key), &Empty {})
            .await
    }
    /// `POST /v1/transfers/{id}/refuse`
    pub async fn refuse_transfer(
        &self,
        id: Id<value::Letter>,
        key: &Key,
        body: &Reason,
    ) -> Result<Transfer, Error> {
        self.post(&format!("/v1/transfers/{id}/refuse"), Some(key), body)
            .await
    }
}

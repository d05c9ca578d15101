//! Who decides for whom, and work that is handed over.

use super::{Client, Empty, Error, Key};
use crate::{
    Id,
    common::{Page, PageQuery},
    deputies::{Deputy, HandOver, HandedOver, NewDeputy, OpenWork},
    value,
};

impl Client {
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
        self.post(&format!("/v1/deputies/{id}/end"), Some(key), &Empty {})
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

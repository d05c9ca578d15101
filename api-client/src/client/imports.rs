//! Registers brought over from elsewhere.

use super::{Client, Empty, Error, Key, bytes, pairs, read, with_key};
use crate::{
    Id,
    common::{Page, PageQuery},
    imports::{AcceptImport, BringImport, Finding, ImportView},
    value,
};
use reqwest::{Method, header};

impl Client {
    /// `POST /v1/imports`: the body is the file.
    pub async fn bring_import(
        &self,
        key: &Key,
        about: &BringImport,
        content: Vec<u8>,
    ) -> Result<ImportView, Error> {
        let path = format!("/v1/imports?{}", pairs(about)?);
        let request = self
            .request(Method::POST, &path)
            .header(header::CONTENT_TYPE, "application/octet-stream")
            .body(content);
        read(with_key(request, Some(key))).await
    }
    /// `GET /v1/imports`
    pub async fn imports(&self, page: &PageQuery) -> Result<Page<ImportView>, Error> {
        self.ask("/v1/imports", page).await
    }
    /// `GET /v1/imports/{id}`
    pub async fn import(&self, id: Id<value::Import>) -> Result<ImportView, Error> {
        self.get(&format!("/v1/imports/{id}")).await
    }
    /// `GET /v1/imports/{id}/findings`
    pub async fn findings(&self, id: Id<value::Import>, page: &PageQuery) -> Result<Page<Finding>, Error> {
        self.ask(&format!("/v1/imports/{id}/findings"), page).await
    }
    /// `GET /v1/imports/{id}/report`: the report as CSV.
    pub async fn import_report(&self, id: Id<value::Import>) -> Result<Vec<u8>, Error> {
        bytes(self.request(Method::GET, &format!("/v1/imports/{id}/report"))).await
    }
    /// `POST /v1/imports/{id}/accept`
    pub async fn accept_import(
        &self,
        id: Id<value::Import>,
        revision: i64,
        body: &AcceptImport,
    ) -> Result<ImportView, Error> {
        self.change(Method::POST, &format!("/v1/imports/{id}/accept"), revision, body)
            .await
    }
    /// `POST /v1/imports/{id}/withdraw`
    pub async fn withdraw_import(&self, id: Id<value::Import>, revision: i64) -> Result<ImportView, Error> {
        self.change(
            Method::POST,
            &format!("/v1/imports/{id}/withdraw"),
            revision,
            &Empty {},
        )
        .await
    }
}

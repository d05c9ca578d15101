//! Officers, offices and roles, the house's own health and jobs, and the log.

use super::{Client, Empty, Error, Key};
use crate::{
    Id,
    administration::{Health, JobView, JobsQuery, Relative, Sizes},
    audit::{AuditEntry, AuditQuery},
    common::{Page, PageQuery},
    users::*,
    value,
};
use reqwest::Method;

impl Client {
    /// `GET /v1/users`
    pub async fn users(&self, page: &PageQuery) -> Result<Page<User>, Error> {
        self.ask("/v1/users", page).await
    }
    /// `POST /v1/users`
    pub async fn open_user(&self, key: &Key, body: &NewUser) -> Result<FirstPassword, Error> {
        self.post("/v1/users", Some(key), body).await
    }
    /// `GET /v1/users/{id}`
    pub async fn user(&self, id: Id<value::Officer>) -> Result<User, Error> {
        self.get(&format!("/v1/users/{id}")).await
    }
    /// `PATCH /v1/users/{id}`
    pub async fn change_user(
        &self,
        id: Id<value::Officer>,
        revision: i64,
        body: &ChangeUser,
    ) -> Result<User, Error> {
        self.change(Method::PATCH, &format!("/v1/users/{id}"), revision, body)
            .await
    }
    /// `POST /v1/users/{id}/reset`: a new first password.
    pub async fn reset_user(&self, id: Id<value::Officer>, key: &Key) -> Result<FirstPassword, Error> {
        self.post(&format!("/v1/users/{id}/reset"), Some(key), &Empty {})
            .await
    }
    /// `GET /v1/offices`
    pub async fn offices(&self, page: &PageQuery) -> Result<Page<Office>, Error> {
        self.ask("/v1/offices", page).await
    }
    /// `GET /v1/offices/{code}`
    pub async fn office(&self, code: &str) -> Result<Office, Error> {
        self.get(&format!("/v1/offices/{code}")).await
    }
    /// `POST /v1/offices`
    pub async fn open_office(&self, key: &Key, body: &NewOffice) -> Result<Office, Error> {
        self.post("/v1/offices", Some(key), body).await
    }
    /// `PATCH /v1/offices/{code}`
    pub async fn change_office(
        &self,
        code: &str,
        revision: i64,
        body: &ChangeOffice,
    ) -> Result<Office, Error> {
        self.change(Method::PATCH, &format!("/v1/offices/{code}"), revision, body)
            .await
    }
    /// `GET /v1/users/{id}/relatives`
    pub async fn relatives(&self, id: Id<value::Officer>) -> Result<Vec<Relative>, Error> {
        self.get(&format!("/v1/users/{id}/relatives")).await
    }
    /// `POST /v1/users/{id}/relatives`
    pub async fn declare_relative(
        &self,
        id: Id<value::Officer>,
        key: &Key,
        body: &Relative,
    ) -> Result<Vec<Relative>, Error> {
        self.post(&format!("/v1/users/{id}/relatives"), Some(key), body)
            .await
    }
    /// `POST /v1/users/{id}/relatives/withdraw`
    pub async fn withdraw_relative(
        &self,
        id: Id<value::Officer>,
        key: &Key,
        body: &Relative,
    ) -> Result<Vec<Relative>, Error> {
        self.post(&format!("/v1/users/{id}/relatives/withdraw"), Some(key), body)
            .await
    }
    /// `GET /v1/roles`
    pub async fn roles(&self) -> Result<Vec<RoleView>, Error> {
        self.get("/v1/roles").await
    }
    /// `GET /v1/administration/health`: how the house is.
    pub async fn operation(&self) -> Result<Health, Error> {
        self.get("/v1/administration/health").await
    }
    /// `GET /v1/administration/sizes`
    pub async fn sizes(&self) -> Result<Sizes, Error> {
        self.get("/v1/administration/sizes").await
    }
    /// `GET /v1/administration/jobs`
    pub async fn jobs(&self, query: &JobsQuery) -> Result<Page<JobView>, Error> {
        self.ask("/v1/administration/jobs", query).await
    }
    /// `POST /v1/administration/jobs/{id}/retry`
    pub async fn retry_job(&self, id: Id<value::Job>, key: &Key) -> Result<JobView, Error> {
        self.post(
            &format!("/v1/administration/jobs/{id}/retry"),
            Some(key),
            &Empty {},
        )
        .await
    }
    /// `GET /v1/audit`
    pub async fn audit(&self, query: &AuditQuery) -> Result<Page<AuditEntry>, Error> {
        self.ask("/v1/audit", query).await
    }
}

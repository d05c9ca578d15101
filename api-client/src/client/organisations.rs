//! Calls of organisations.

use super::{Client, Error, Key};
use crate::{
    Id,
    applications::{Application, ApplicationSummary},
    awards::Award,
    common::{Page, PageQuery},
    organisations::*,
    value,
};
use reqwest::Method;

impl Client {
    /// `POST /v1/organisations/search`
    pub async fn search_organisations(
        &self,
        body: &SearchOrganisations,
    ) -> Result<Page<OrganisationCard>, Error> {
        self.post("/v1/organisations/search", None, body).await
    }
    /// `POST /v1/organisations`
    pub async fn register_organisation(
        &self,
        key: &Key,
        body: &KeepOrganisation,
    ) -> Result<Organisation, Error> {
        self.post("/v1/organisations", Some(key), body).await
    }
    /// `GET /v1/organisations/{id}`
    pub async fn organisation(&self, id: Id<value::Organisation>) -> Result<Organisation, Error> {
        self.get(&format!("/v1/organisations/{id}")).await
    }
    /// `PUT /v1/organisations/{id}`
    pub async fn change_organisation(
        &self,
        id: Id<value::Organisation>,
        revision: i64,
        body: &KeepOrganisation,
    ) -> Result<Organisation, Error> {
        self.change(Method::PUT, &format!("/v1/organisations/{id}"), revision, body)
            .await
    }
    /// `POST /v1/organisations/{id}/services`
    pub async fn enter_provider(
        &self,
        id: Id<value::Organisation>,
        key: &Key,
        body: &ProviderEntry,
    ) -> Result<Organisation, Error> {
        self.post(&format!("/v1/organisations/{id}/services"), Some(key), body)
            .await
    }
    /// `GET /v1/organisations/{id}/applications`
    pub async fn applications_of_organisation(
        &self,
        id: Id<value::Organisation>,
        page: &PageQuery,
    ) -> Result<Page<ApplicationSummary>, Error> {
        self.ask(&format!("/v1/organisations/{id}/applications"), page)
            .await
    }
    /// `GET /v1/organisations/{id}/awards`
    pub async fn awards_of_organisation(
        &self,
        id: Id<value::Organisation>,
        page: &PageQuery,
    ) -> Result<Page<Award>, Error> {
        self.ask(&format!("/v1/organisations/{id}/awards"), page).await
    }
    /// `PUT /v1/applications/{id}/provider`
    pub async fn choose_provider(
        &self,
        id: Id<value::Application>,
        revision: i64,
        body: &ChooseProvider,
    ) -> Result<Application, Error> {
        self.change(
            Method::PUT,
            &format!("/v1/applications/{id}/provider"),
            revision,
            body,
        )
        .await
    }
}

//! People: their cards, what is known of them, and who looked at it.

use super::{Client, Error, Key};
use crate::{
    Id,
    assessments::PossibleRights,
    audit::AuditEntry,
    common::{BothTimes, Page, PageQuery},
    households::{DeathRecorded, RecordDeath},
    persons::*,
    value,
};
use reqwest::Method;

type Who = Id<value::Person>;

impl Client {
    /// `POST /v1/persons/search`
    pub async fn search_persons(&self, body: &SearchPersons) -> Result<PersonsFound, Error> {
        self.post("/v1/persons/search", None, body).await
    }
    /// `POST /v1/persons`
    pub async fn register_person(&self, key: &Key, body: &RegisterPerson) -> Result<PersonView, Error> {
        self.post("/v1/persons", Some(key), body).await
    }
    /// `GET /v1/persons/{id}`
    pub async fn person(&self, id: Id<value::Person>) -> Result<PersonView, Error> {
        self.get(&format!("/v1/persons/{id}")).await
    }
    /// `PATCH /v1/persons/{id}`
    pub async fn change_person(
        &self,
        id: Id<value::Person>,
        revision: i64,
        body: &ChangePerson,
    ) -> Result<PersonView, Error> {
        self.change(Method::PATCH, &format!("/v1/persons/{id}"), revision, body)
            .await
    }
    /// `GET /v1/persons/{id}/identity`: the card as it stands, and every earlier version of it.
    pub async fn identity(&self, id: Who) -> Result<Page<Identity>, Error> {
        self.get(&format!("/v1/persons/{id}/identity")).await
    }
    /// `PUT /v1/dossiers/{id}/death`
    pub async fn record_death(
        &self,
        id: Who,
        revision: i64,
        body: &RecordDeath,
    ) -> Result<DeathRecorded, Error> {
        self.change(Method::PUT, &format!("/v1/dossiers/{id}/death"), revision, body)
            .await
    }
    /// `GET /v1/persons/{id}/facts`: those that count on the day, and those they outrank; the household's too.
    pub async fn facts(&self, id: Id<value::Person>, times: &BothTimes) -> Result<Page<FactView>, Error> {
        self.ask(&format!("/v1/persons/{id}/facts"), times).await
    }
    /// `POST /v1/persons/{id}/facts`
    pub async fn record_fact(
        &self,
        id: Id<value::Person>,
        key: &Key,
        body: &RecordFact,
    ) -> Result<FactView, Error> {
        self.post(&format!("/v1/persons/{id}/facts"), Some(key), body)
            .await
    }
    /// `GET /v1/persons/{id}/access-log`
    pub async fn access_log(
        &self,
        id: Id<value::Person>,
        page: &PageQuery,
    ) -> Result<Page<AuditEntry>, Error> {
        self.ask(&format!("/v1/persons/{id}/access-log"), page).await
    }
    /// `GET /v1/persons/{id}/possible-rights`: what the household may also have a right to.
    pub async fn possible_rights(&self, id: Id<value::Person>) -> Result<PossibleRights, Error> {
        self.get(&format!("/v1/persons/{id}/possible-rights")).await
    }
}

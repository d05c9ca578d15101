//! Who lives together, and how that changes.

use super::{Client, Error, Key};
use crate::{
    Id,
    common::{BothTimes, Page, PageQuery, Reason},
    households::*,
    persons::{AddMember, EndMember, HouseholdView},
    value,
};

type Who = Id<value::Person>;

impl Client {
    /// `GET /v1/persons/{id}/household`
    pub async fn household(&self, id: Id<value::Person>, times: &BothTimes) -> Result<HouseholdView, Error> {
        self.ask(&format!("/v1/persons/{id}/household"), times).await
    }
    /// `POST /v1/persons/{id}/household/members`
    pub async fn add_member(
        &self,
        id: Id<value::Person>,
        key: &Key,
        body: &AddMember,
    ) -> Result<HouseholdView, Error> {
        self.post(&format!("/v1/persons/{id}/household/members"), Some(key), body)
            .await
    }
    /// `POST /v1/persons/{id}/household/leave`
    pub async fn end_member(
        &self,
        id: Id<value::Person>,
        key: &Key,
        body: &EndMember,
    ) -> Result<HouseholdView, Error> {
        self.post(&format!("/v1/persons/{id}/household/leave"), Some(key), body)
            .await
    }
    /// `POST /v1/persons/{id}/household/split`
    pub async fn split_household(&self, id: Who, key: &Key, body: &SplitHousehold) -> Result<Split, Error> {
        self.post(&format!("/v1/persons/{id}/household/split"), Some(key), body)
            .await
    }
    /// `POST /v1/persons/{id}/household/join`
    pub async fn join_households(
        &self,
        id: Who,
        key: &Key,
        body: &JoinHouseholds,
    ) -> Result<HouseholdView, Error> {
        self.post(&format!("/v1/persons/{id}/household/join"), Some(key), body)
            .await
    }
    /// `POST /v1/persons/{id}/household/head`
    pub async fn change_head(&self, id: Who, key: &Key, body: &ChangeHead) -> Result<HouseholdView, Error> {
        self.post(&format!("/v1/persons/{id}/household/head"), Some(key), body)
            .await
    }
    /// `GET /v1/persons/{id}/household/changes`: newest first.
    pub async fn household_changes(&self, id: Who, page: &PageQuery) -> Result<Page<HouseholdEvent>, Error> {
        self.ask(&format!("/v1/persons/{id}/household/changes"), page)
            .await
    }
    /// `POST /v1/persons/{id}/household/changes/{change}/undo`
    pub async fn undo_household_change(
        &self,
        id: Who,
        change: Id<value::HouseholdChange>,
        key: &Key,
        body: &Reason,
    ) -> Result<Page<HouseholdEvent>, Error> {
        let path = format!("/v1/persons/{id}/household/changes/{change}/undo");
        self.post(&path, Some(key), body).await
    }
    /// `POST /v1/dossiers/{id}/move`
    pub async fn move_person(&self, id: Who, key: &Key, body: &Move) -> Result<Moved, Error> {
        self.post(&format!("/v1/dossiers/{id}/move"), Some(key), body)
            .await
    }
}

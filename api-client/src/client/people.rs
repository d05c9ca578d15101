//! What happens to people and households, protected addresses, and the dossiers an officer does not work on.

use super::{Client, Error, Key};
use crate::{
    Id,
    common::{Page, PageQuery, Reason},
    households::*,
    kin::{DeclareKin, Kin},
    persons::{HouseholdView, Identity},
    protection::*,
    value,
};
use reqwest::Method;

type Who = Id<value::Person>;

impl Client {
    /// `GET /v1/persons/{id}/identity`: the card as it stands, and every earlier version of it.
    pub async fn identity(&self, id: Who) -> Result<Page<Identity>, Error> {
        self.get(&format!("/v1/persons/{id}/identity")).await
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
    /// `GET /v1/persons/{id}/protection`
    pub async fn protection(&self, id: Who) -> Result<ProtectionView, Error> {
        self.get(&format!("/v1/persons/{id}/protection")).await
    }
    /// `POST /v1/persons/{id}/protection`
    pub async fn protect_address(
        &self,
        id: Who,
        key: &Key,
        body: &ProtectAddress,
    ) -> Result<ProtectionView, Error> {
        self.post(&format!("/v1/persons/{id}/protection"), Some(key), body)
            .await
    }
    /// `POST /v1/persons/{id}/protection/open`: leaves an entry with the officer; the reason stays with the protection.
    pub async fn open_address(&self, id: Who, key: &Key, body: &Reason) -> Result<OpenedAddress, Error> {
        self.post(&format!("/v1/persons/{id}/protection/open"), Some(key), body)
            .await
    }
    /// `POST /v1/persons/{id}/protection/address`
    pub async fn change_protected(
        &self,
        id: Who,
        key: &Key,
        body: &ChangeProtected,
    ) -> Result<ProtectionView, Error> {
        self.post(&format!("/v1/persons/{id}/protection/address"), Some(key), body)
            .await
    }
    /// `POST /v1/persons/{id}/protection/end`
    pub async fn end_protection(&self, id: Who, key: &Key, body: &Reason) -> Result<ProtectionView, Error> {
        self.post(&format!("/v1/persons/{id}/protection/end"), Some(key), body)
            .await
    }
    /// `GET /v1/session/kin`: the dossiers one does not work on.
    pub async fn own_kin(&self) -> Result<Page<Kin>, Error> {
        self.get("/v1/session/kin").await
    }
    /// `POST /v1/session/kin`
    pub async fn declare_own_kin(&self, key: &Key, body: &DeclareKin) -> Result<Page<Kin>, Error> {
        self.post("/v1/session/kin", Some(key), body).await
    }
}

//! Protected addresses, and the dossiers an officer does not work on.

use super::{Client, Error, Key};
use crate::{
    Id,
    common::{Page, Reason},
    kin::{DeclareKin, Kin},
    protection::{ChangeProtected, OpenedAddress, ProtectAddress, ProtectionView},
    value,
};

type Who = Id<value::Person>;

impl Client {
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

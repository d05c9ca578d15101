//! Calls about versions of the pack.

use super::{Client, Empty, Error, Key};
use crate::{
    Id,
    common::{Page, PageQuery, Reason},
    matters::Matter,
    upgrades::{MatterVersion, PackChange, PackUpgrade, PackVersion, ProposeUpgrade},
    value,
};
use reqwest::Method;

impl Client {
    /// `GET /v1/administration/packs`
    pub async fn pack_versions(&self, page: &PageQuery) -> Result<Page<PackVersion>, Error> {
        self.ask("/v1/administration/packs", page).await
    }
    /// `GET /v1/administration/packs/{hash}/changes`: against the version in force.
    pub async fn pack_changes(&self, hash: &str, page: &PageQuery) -> Result<Page<PackChange>, Error> {
        self.ask(&format!("/v1/administration/packs/{hash}/changes"), page)
            .await
    }
    /// `GET /v1/administration/pack-upgrades`
    pub async fn pack_upgrades(&self, page: &PageQuery) -> Result<Page<PackUpgrade>, Error> {
        self.ask("/v1/administration/pack-upgrades", page).await
    }
    /// `POST /v1/administration/pack-upgrades`
    pub async fn propose_upgrade(&self, key: &Key, body: &ProposeUpgrade) -> Result<PackUpgrade, Error> {
        self.post("/v1/administration/pack-upgrades", Some(key), body)
            .await
    }
    /// `GET /v1/administration/pack-upgrades/{id}`
    pub async fn pack_upgrade(&self, id: Id<value::Upgrade>) -> Result<PackUpgrade, Error> {
        self.get(&format!("/v1/administration/pack-upgrades/{id}")).await
    }
    /// `POST /v1/administration/pack-upgrades/{id}/activate`
    pub async fn activate_upgrade(
        &self,
        id: Id<value::Upgrade>,
        revision: i64,
    ) -> Result<PackUpgrade, Error> {
        let path = format!("/v1/administration/pack-upgrades/{id}/activate");
        self.change(Method::POST, &path, revision, &Empty {}).await
    }
    /// `POST /v1/administration/pack-upgrades/{id}/withdraw`
    pub async fn withdraw_upgrade(
        &self,
        id: Id<value::Upgrade>,
        revision: i64,
    ) -> Result<PackUpgrade, Error> {
        let path = format!("/v1/administration/pack-upgrades/{id}/withdraw");
        self.change(Method::POST, &path, revision, &Empty {}).await
    }
    /// `GET /v1/matters/{id}/pack-version`: what moving it would change.
    pub async fn matter_version(&self, id: Id<value::Matter>) -> Result<MatterVersion, Error> {
        self.get(&format!("/v1/matters/{id}/pack-version")).await
    }
    /// `POST /v1/matters/{id}/pack-version`: to the version in force.
    pub async fn move_matter_to_version(
        &self,
        id: Id<value::Matter>,
        revision: i64,
        why: &Reason,
    ) -> Result<Matter, Error> {
        let path = format!("/v1/matters/{id}/pack-version");
        self.change(Method::POST, &path, revision, why).await
    }
}

//! People who look alike, and two who become one.

use super::{Client, Error, Key};
use crate::{
    Id,
    common::{Page, Reason},
    duplicates::*,
    value,
};
use reqwest::Method;

impl Client {
    /// `GET /v1/duplicates`: people who look alike, the likeliest first.
    pub async fn duplicates(&self, query: &DuplicatesQuery) -> Result<Page<DuplicatePair>, Error> {
        self.ask("/v1/duplicates", query).await
    }
    /// `GET /v1/duplicates/{id}`
    pub async fn duplicate(&self, id: Id<value::Pair>) -> Result<DuplicatePair, Error> {
        self.get(&format!("/v1/duplicates/{id}")).await
    }
    /// `POST /v1/duplicates/{id}/verdict`
    pub async fn judge_pair(
        &self,
        id: Id<value::Pair>,
        revision: i64,
        body: &JudgePair,
    ) -> Result<DuplicatePair, Error> {
        self.change(
            Method::POST,
            &format!("/v1/duplicates/{id}/verdict"),
            revision,
            body,
        )
        .await
    }
    /// `POST /v1/persons/{id}/merge`: proposes that this person be merged into another.
    pub async fn propose_merge(
        &self,
        id: Id<value::Person>,
        key: &Key,
        body: &ProposeMerge,
    ) -> Result<MergeView, Error> {
        self.post(&format!("/v1/persons/{id}/merge"), Some(key), body)
            .await
    }
    /// `GET /v1/merges`
    pub async fn merges(&self, query: &MergesQuery) -> Result<Page<MergeView>, Error> {
        self.ask("/v1/merges", query).await
    }
    /// `GET /v1/merges/{id}`
    pub async fn merge(&self, id: Id<value::Merge>) -> Result<MergeView, Error> {
        self.get(&format!("/v1/merges/{id}")).await
    }
    /// `POST /v1/merges/{id}/confirm`: a second officer agrees, and the two become one.
    pub async fn confirm_merge(
        &self,
        id: Id<value::Merge>,
        revision: i64,
        body: &Reason,
    ) -> Result<MergeView, Error> {
        self.change(Method::POST, &format!("/v1/merges/{id}/confirm"), revision, body)
            .await
    }
    /// `POST /v1/merges/{id}/decline`: the two stay two.
    pub async fn decline_merge(
        &self,
        id: Id<value::Merge>,
        revision: i64,
        body: &Reason,
    ) -> Result<MergeView, Error> {
        self.change(Method::POST, &format!("/v1/merges/{id}/decline"), revision, body)
            .await
    }
    /// `POST /v1/merges/{id}/undo`: the two are two again.
    pub async fn undo_merge(
        &self,
        id: Id<value::Merge>,
        revision: i64,
        body: &Reason,
    ) -> Result<MergeView, Error> {
        self.change(Method::POST, &format!("/v1/merges/{id}/undo"), revision, body)
            .await
    }
}

//! Applications from the draft to the proposal, with their evidence and assessments; and those that are not taken up.

use super::{Client, Empty, Error, Key, bytes, pairs};
use crate::{
    Id,
    applications::*,
    assessments::{Preview, Previewed, StoredAssessment, WhatIf},
    common::Reason,
    decisions::{Deliver, LetterQuery},
    value,
};
use reqwest::Method;

impl Client {
    /// `POST /v1/applications`: a draft.
    pub async fn open_application(&self, key: &Key, body: &NewApplication) -> Result<Application, Error> {
        self.post("/v1/applications", Some(key), body).await
    }
    /// `GET /v1/applications/{id}`
    pub async fn application(&self, id: Id<value::Application>) -> Result<Application, Error> {
        self.get(&format!("/v1/applications/{id}")).await
    }
    /// `PUT /v1/applications/{id}`: saves the draft.
    pub async fn save_draft(
        &self,
        id: Id<value::Application>,
        revision: i64,
        body: &SaveDraft,
    ) -> Result<Application, Error> {
        self.change(Method::PUT, &format!("/v1/applications/{id}"), revision, body)
            .await
    }
    /// `POST /v1/applications/{id}/withdraw`
    pub async fn withdraw(
        &self,
        id: Id<value::Application>,
        key: &Key,
        body: &Withdraw,
    ) -> Result<Application, Error> {
        self.post(&format!("/v1/applications/{id}/withdraw"), Some(key), body)
            .await
    }
    /// `POST /v1/applications/{id}/dismissal`: the first officer proposes it.
    pub async fn dismiss(
        &self,
        id: Id<value::Application>,
        key: &Key,
        body: &Dismiss,
    ) -> Result<Application, Error> {
        self.post(&format!("/v1/applications/{id}/dismissal"), Some(key), body)
            .await
    }
    /// `POST /v1/applications/{id}/dismissal/decide`: the second officer decides it.
    pub async fn decide_dismissal(
        &self,
        id: Id<value::Application>,
        key: &Key,
    ) -> Result<Application, Error> {
        self.post(
            &format!("/v1/applications/{id}/dismissal/decide"),
            Some(key),
            &Empty {},
        )
        .await
    }
    /// `POST /v1/applications/{id}/dismissal/return`: the second officer does not agree.
    pub async fn return_dismissal(
        &self,
        id: Id<value::Application>,
        key: &Key,
        body: &Reason,
    ) -> Result<Application, Error> {
        self.post(
            &format!("/v1/applications/{id}/dismissal/return"),
            Some(key),
            body,
        )
        .await
    }
    /// `POST /v1/applications/{id}/dismissal/deliver`
    pub async fn deliver_dismissal(
        &self,
        id: Id<value::Application>,
        key: &Key,
        body: &Deliver,
    ) -> Result<Application, Error> {
        self.post(
            &format!("/v1/applications/{id}/dismissal/deliver"),
            Some(key),
            body,
        )
        .await
    }
    /// `GET /v1/applications/{id}/evidence`
    pub async fn evidence(&self, id: Id<value::Application>) -> Result<EvidenceRound, Error> {
        self.get(&format!("/v1/applications/{id}/evidence")).await
    }
    /// `POST /v1/applications/{id}/evidence`: asks again what is silent or stale; answers within 2 seconds.
    pub async fn ask_evidence(&self, id: Id<value::Application>, key: &Key) -> Result<EvidenceRound, Error> {
        self.post(&format!("/v1/applications/{id}/evidence"), Some(key), &Empty {})
            .await
    }
    /// `POST /v1/applications/{id}/evidence/{item}/replace`
    pub async fn replace_evidence(
        &self,
        id: Id<value::Application>,
        item: Id<value::Evidence>,
        key: &Key,
        body: &ReplaceEvidence,
    ) -> Result<EvidenceRound, Error> {
        self.post(
            &format!("/v1/applications/{id}/evidence/{item}/replace"),
            Some(key),
            body,
        )
        .await
    }
    /// `POST /v1/assessments/preview`: writes nothing.
    pub async fn preview(&self, body: &Preview) -> Result<Previewed, Error> {
        self.post("/v1/assessments/preview", None, body).await
    }
    /// `POST /v1/assessments/what-if`
    pub async fn what_if(&self, body: &WhatIf) -> Result<Previewed, Error> {
        self.post("/v1/assessments/what-if", None, body).await
    }
    /// `GET /v1/applications/{id}/assessment`: the newest.
    pub async fn assessment(&self, id: Id<value::Application>) -> Result<StoredAssessment, Error> {
        self.get(&format!("/v1/applications/{id}/assessment")).await
    }
    /// `POST /v1/applications/{id}/assessment`
    pub async fn assess(&self, id: Id<value::Application>, key: &Key) -> Result<StoredAssessment, Error> {
        self.post(&format!("/v1/applications/{id}/assessment"), Some(key), &Empty {})
            .await
    }
    /// `POST /v1/applications/{id}/decision/recommend`
    pub async fn recommend(
        &self,
        id: Id<value::Application>,
        key: &Key,
        body: &Recommend,
    ) -> Result<Application, Error> {
        self.post(
            &format!("/v1/applications/{id}/decision/recommend"),
            Some(key),
            body,
        )
        .await
    }
    /// `POST /v1/applications/{id}/decision/return`
    pub async fn send_back(
        &self,
        id: Id<value::Application>,
        key: &Key,
        body: &Return,
    ) -> Result<Application, Error> {
        self.post(&format!("/v1/applications/{id}/decision/return"), Some(key), body)
            .await
    }
    /// `GET /v1/applications/{id}/completion-letter`: the letter that asks the applicant to complete it, its bytes.
    pub async fn completion_letter(
        &self,
        id: Id<value::Application>,
        query: &LetterQuery,
    ) -> Result<Vec<u8>, Error> {
        bytes(self.request(
            Method::GET,
            &format!("/v1/applications/{id}/completion-letter?{}", pairs(query)?),
        ))
        .await
    }
}

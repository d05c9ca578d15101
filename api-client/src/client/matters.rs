//! Matters and their steps, the queue of tasks, and telling other institutions again.

use super::{Client, Empty, Error, Key, bytes, pairs};
use crate::{
    Id,
    common::{Page, PageQuery, Reason},
    decisions::LetterQuery,
    matters::*,
    notices::{Message, Notice},
    value,
};
use reqwest::Method;

impl Client {
    /// `GET /v1/matters/{id}`
    pub async fn matter(&self, id: Id<value::Matter>) -> Result<Matter, Error> {
        self.get(&format!("/v1/matters/{id}")).await
    }
    /// `GET /v1/matters/{id}/steps`
    pub async fn steps(&self, id: Id<value::Matter>) -> Result<Page<Step>, Error> {
        self.get(&format!("/v1/matters/{id}/steps")).await
    }
    /// `POST /v1/matters/{id}/steps/{step}/start`
    pub async fn start_step(
        &self,
        id: Id<value::Matter>,
        step: Id<value::StepRun>,
        key: &Key,
    ) -> Result<Matter, Error> {
        self.post(
            &format!("/v1/matters/{id}/steps/{step}/start"),
            Some(key),
            &Empty {},
        )
        .await
    }
    /// `POST /v1/matters/{id}/steps/{step}/complete`
    pub async fn complete_step(
        &self,
        id: Id<value::Matter>,
        step: Id<value::StepRun>,
        key: &Key,
        body: &CompleteStep,
    ) -> Result<Matter, Error> {
        self.post(
            &format!("/v1/matters/{id}/steps/{step}/complete"),
            Some(key),
            body,
        )
        .await
    }
    /// `GET /v1/matters/{id}/sheets`
    pub async fn step_sheets(
        &self,
        id: Id<value::Matter>,
        page: &PageQuery,
    ) -> Result<Page<StepSheet>, Error> {
        self.ask(&format!("/v1/matters/{id}/sheets"), page).await
    }
    /// `GET /v1/matters/{id}/steps/{step}/blank`
    pub async fn step_blank(
        &self,
        id: Id<value::Matter>,
        step: Id<value::StepRun>,
        query: &LetterQuery,
    ) -> Result<Vec<u8>, Error> {
        let query = pairs(query)?;
        bytes(self.request(
            Method::GET,
            &format!("/v1/matters/{id}/steps/{step}/blank?{query}"),
        ))
        .await
    }
    /// `POST /v1/matters/{id}/steps/{step}/reopen`
    pub async fn reopen_step(
        &self,
        id: Id<value::Matter>,
        step: Id<value::StepRun>,
        key: &Key,
        body: &Reason,
    ) -> Result<Matter, Error> {
        self.post(&format!("/v1/matters/{id}/steps/{step}/reopen"), Some(key), body)
            .await
    }
    /// `POST /v1/matters/{id}/steps/{step}/assign`
    pub async fn assign_step(
        &self,
        id: Id<value::Matter>,
        step: Id<value::StepRun>,
        key: &Key,
        body: &Assign,
    ) -> Result<Matter, Error> {
        self.post(&format!("/v1/matters/{id}/steps/{step}/assign"), Some(key), body)
            .await
    }
    /// `GET /v1/tasks`
    pub async fn tasks(&self, query: &TasksQuery) -> Result<Page<Task>, Error> {
        self.ask("/v1/tasks", query).await
    }
    /// `GET /v1/matters/{id}/messages`: what went to other institutions and came from them.
    pub async fn messages(&self, id: Id<value::Matter>, page: &PageQuery) -> Result<Page<Message>, Error> {
        self.ask(&format!("/v1/matters/{id}/messages"), page).await
    }
    /// `POST /v1/matters/{id}/notices/{notice}/send`: tells an institution again.
    pub async fn send_notice(
        &self,
        id: Id<value::Matter>,
        notice: Id<value::Notice>,
        key: &Key,
    ) -> Result<Notice, Error> {
        self.post(
            &format!("/v1/matters/{id}/notices/{notice}/send"),
            Some(key),
            &Empty {},
        )
        .await
    }
}

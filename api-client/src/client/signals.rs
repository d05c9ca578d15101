//! Cross-checks that were raised.

use super::{Client, Error};
use crate::{
    Id,
    common::Page,
    signals::{AnswerSignal, RaisedSignal, SignalRates, SignalsQuery},
    value,
};
use reqwest::Method;

impl Client {
    /// `GET /v1/signals`
    pub async fn signals(&self, query: &SignalsQuery) -> Result<Page<RaisedSignal>, Error> {
        self.ask("/v1/signals", query).await
    }
    /// `GET /v1/signals/{id}`
    pub async fn signal(&self, id: Id<value::Signal>) -> Result<RaisedSignal, Error> {
        self.get(&format!("/v1/signals/{id}")).await
    }
    /// `GET /v1/signals/rates`
    pub async fn signal_rates(&self) -> Result<SignalRates, Error> {
        self.get("/v1/signals/rates").await
    }
    /// `POST /v1/signals/{id}/answer`
    pub async fn answer_signal(
        &self,
        id: Id<value::Signal>,
        revision: i64,
        body: &AnswerSignal,
    ) -> Result<RaisedSignal, Error> {
        self.change(Method::POST, &format!("/v1/signals/{id}/answer"), revision, body)
            .await
    }
}

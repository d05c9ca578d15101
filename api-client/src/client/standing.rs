//! The calls of what stands beside an application, and of assessments as of another day.

use super::{Client, Error, Key};
use crate::{
    Id,
    assessments::{AssessedThen, ThenQuery},
    standing::{Choice, Choose, ClaimStanding},
    value,
};

impl Client {
    /// `GET /v1/applications/{id}/standing`: other benefits and the choice between them, households and files, durations.
    pub async fn standing(&self, id: Id<value::Application>) -> Result<ClaimStanding, Error> {
        self.get(&format!("/v1/applications/{id}/standing")).await
    }
    /// `POST /v1/applications/{id}/choice`: which right the person keeps.
    pub async fn choose(
        &self,
        id: Id<value::Application>,
        key: &Key,
        body: &Choose,
    ) -> Result<Choice, Error> {
        self.post(&format!("/v1/applications/{id}/choice"), Some(key), body)
            .await
    }
    /// `GET /v1/applications/{id}/assessments`: as of a day, with what was known at an instant.
    pub async fn assessed_then(
        &self,
        id: Id<value::Application>,
        query: &ThenQuery,
    ) -> Result<AssessedThen, Error> {
        self.ask(&format!("/v1/applications/{id}/assessments"), query)
            .await
    }
}

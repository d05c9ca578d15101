//! Calls of cases of social work.

use super::{Client, Error, Key, bytes};
use crate::{
    Id,
    cases::*,
    common::{Page, PageQuery, Reason},
    decisions::LetterQuery,
    value,
};
use reqwest::Method;

impl Client {
    /// `GET /v1/cases`
    pub async fn cases(&self, query: &CasesQuery) -> Result<Page<CaseSummary>, Error> {
        self.ask("/v1/cases", query).await
    }
    /// `POST /v1/cases`
    pub async fn report_case(&self, key: &Key, body: &NewCase) -> Result<Case, Error> {
        self.post("/v1/cases", Some(key), body).await
    }
    /// `GET /v1/cases/dues`: the monitoring list and the calendar.
    pub async fn dues(&self, query: &DuesQuery) -> Result<Page<Due>, Error> {
        self.ask("/v1/cases/dues", query).await
    }
    /// `GET /v1/cases/officers`
    pub async fn case_officers(&self) -> Result<Page<CaseOfficer>, Error> {
        self.get("/v1/cases/officers").await
    }
    /// `GET /v1/cases/{id}`
    pub async fn case(&self, id: Id<value::Case>) -> Result<Case, Error> {
        self.get(&format!("/v1/cases/{id}")).await
    }
    /// `GET /v1/cases/{id}/family`
    pub async fn case_family(&self, id: Id<value::Case>) -> Result<Family, Error> {
        self.get(&format!("/v1/cases/{id}/family")).await
    }
    /// `GET /v1/cases/{id}/visit-sheet`
    pub async fn visit_sheet(&self, id: Id<value::Case>, query: &LetterQuery) -> Result<Vec<u8>, Error> {
        let query = super::pairs(query)?;
        bytes(self.request(Method::GET, &format!("/v1/cases/{id}/visit-sheet?{query}"))).await
    }
    /// `POST /v1/cases/{id}/open`
    pub async fn open_case(&self, id: Id<value::Case>, key: &Key, body: &OpenCase) -> Result<Case, Error> {
        self.post(&format!("/v1/cases/{id}/open"), Some(key), body).await
    }
    /// `POST /v1/cases/{id}/lead`
    pub async fn give_case(&self, id: Id<value::Case>, key: &Key, body: &ChangeLead) -> Result<Case, Error> {
        self.post(&format!("/v1/cases/{id}/lead"), Some(key), body).await
    }
    /// `POST /v1/cases/{id}/close`
    pub async fn close_case(&self, id: Id<value::Case>, key: &Key, body: &CloseCase) -> Result<Case, Error> {
        self.post(&format!("/v1/cases/{id}/close"), Some(key), body).await
    }
    /// `POST /v1/cases/{id}/return`
    pub async fn send_case_back(&self, id: Id<value::Case>, key: &Key, body: &Reason) -> Result<Case, Error> {
        self.post(&format!("/v1/cases/{id}/return"), Some(key), body)
            .await
    }
    /// `POST /v1/cases/{id}/reopen`
    pub async fn reopen_case(&self, id: Id<value::Case>, key: &Key, body: &Reason) -> Result<Case, Error> {
        self.post(&format!("/v1/cases/{id}/reopen"), Some(key), body)
            .await
    }
    /// `GET /v1/cases/{id}/sheets`
    pub async fn case_sheets(&self, id: Id<value::Case>, page: &PageQuery) -> Result<Page<Sheet>, Error> {
        self.ask(&format!("/v1/cases/{id}/sheets"), page).await
    }
    /// `POST /v1/cases/{id}/sheets`
    pub async fn appraise_case(
        &self,
        id: Id<value::Case>,
        key: &Key,
        body: &Appraise,
    ) -> Result<Case, Error> {
        self.post(&format!("/v1/cases/{id}/sheets"), Some(key), body)
            .await
    }
    /// `GET /v1/cases/{id}/plans`
    pub async fn case_plans(&self, id: Id<value::Case>) -> Result<Page<Plan>, Error> {
        self.get(&format!("/v1/cases/{id}/plans")).await
    }
    /// `POST /v1/cases/{id}/plans`
    pub async fn propose_plan(&self, id: Id<value::Case>, key: &Key, body: &NewPlan) -> Result<Case, Error> {
        self.post(&format!("/v1/cases/{id}/plans"), Some(key), body).await
    }
    /// `POST /v1/cases/{id}/approve`
    pub async fn approve_plan(
        &self,
        id: Id<value::Case>,
        key: &Key,
        body: &ApprovePlan,
    ) -> Result<Case, Error> {
        self.post(&format!("/v1/cases/{id}/approve"), Some(key), body)
            .await
    }
    /// `GET /v1/cases/{id}/notes`
    pub async fn case_notes(&self, id: Id<value::Case>, page: &PageQuery) -> Result<Page<Note>, Error> {
        self.ask(&format!("/v1/cases/{id}/notes"), page).await
    }
    /// `POST /v1/cases/{id}/notes`
    pub async fn write_note(&self, id: Id<value::Case>, key: &Key, body: &NewNote) -> Result<Note, Error> {
        self.post(&format!("/v1/cases/{id}/notes"), Some(key), body).await
    }
    /// `GET /v1/cases/{id}/notes/{note}`: every version.
    pub async fn note_versions(
        &self,
        id: Id<value::Case>,
        note: Id<value::Note>,
    ) -> Result<Page<Note>, Error> {
        self.get(&format!("/v1/cases/{id}/notes/{note}")).await
    }
    /// `PUT /v1/cases/{id}/notes/{note}`
    pub async fn correct_note(
        &self,
        (id, note): (Id<value::Case>, Id<value::Note>),
        version: u32,
        body: &ChangeNote,
    ) -> Result<Note, Error> {
        let path = format!("/v1/cases/{id}/notes/{note}");
        self.change(Method::PUT, &path, version.into(), body).await
    }
    /// `POST /v1/cases/{id}/activities/{activity}`
    pub async fn realise(
        &self,
        (id, activity): (Id<value::Case>, Id<value::Activity>),
        key: &Key,
        body: &Realise,
    ) -> Result<Note, Error> {
        self.post(&format!("/v1/cases/{id}/activities/{activity}"), Some(key), body)
            .await
    }
    /// `POST /v1/cases/{id}/watches`
    pub async fn watch(&self, id: Id<value::Case>, key: &Key, body: &NewWatch) -> Result<Case, Error> {
        self.post(&format!("/v1/cases/{id}/watches"), Some(key), body)
            .await
    }
    /// `POST /v1/cases/{id}/watches/{watch}/settle`
    pub async fn settle_watch(
        &self,
        (id, watch): (Id<value::Case>, Id<value::Watch>),
        key: &Key,
        body: &SettleWatch,
    ) -> Result<Case, Error> {
        self.post(&format!("/v1/cases/{id}/watches/{watch}/settle"), Some(key), body)
            .await
    }
    /// `POST /v1/cases/{id}/referrals`
    pub async fn refer(&self, id: Id<value::Case>, key: &Key, body: &Refer) -> Result<Case, Error> {
        self.post(&format!("/v1/cases/{id}/referrals"), Some(key), body)
            .await
    }
    /// `POST /v1/cases/{id}/reviews`
    pub async fn review_case(&self, id: Id<value::Case>, key: &Key, body: &Review) -> Result<Case, Error> {
        self.post(&format!("/v1/cases/{id}/reviews"), Some(key), body)
            .await
    }
    /// `POST /v1/cases/{id}/people`
    pub async fn add_participant(
        &self,
        id: Id<value::Case>,
        key: &Key,
        body: &NewParticipant,
    ) -> Result<Case, Error> {
        self.post(&format!("/v1/cases/{id}/people"), Some(key), body)
            .await
    }
    /// `POST /v1/cases/{id}/people/{participant}/end`
    pub async fn end_participant(
        &self,
        (id, participant): (Id<value::Case>, Id<value::Participant>),
        key: &Key,
        body: &EndTie,
    ) -> Result<Case, Error> {
        self.post(
            &format!("/v1/cases/{id}/people/{participant}/end"),
            Some(key),
            body,
        )
        .await
    }
    /// `POST /v1/cases/{id}/care`
    pub async fn begin_care(&self, id: Id<value::Case>, key: &Key, body: &NewCare) -> Result<Case, Error> {
        self.post(&format!("/v1/cases/{id}/care"), Some(key), body).await
    }
    /// `POST /v1/cases/{id}/care/{tie}/end`
    pub async fn end_care(
        &self,
        (id, tie): (Id<value::Case>, Id<value::Care>),
        key: &Key,
        body: &EndTie,
    ) -> Result<Case, Error> {
        self.post(&format!("/v1/cases/{id}/care/{tie}/end"), Some(key), body)
            .await
    }
    /// `POST /v1/cases/{id}/named`
    pub async fn name_on_case(
        &self,
        id: Id<value::Case>,
        key: &Key,
        body: &NameOfficer,
    ) -> Result<Case, Error> {
        self.post(&format!("/v1/cases/{id}/named"), Some(key), body).await
    }
    /// `POST /v1/cases/{id}/named/{named}/end`
    pub async fn end_name_on_case(
        &self,
        (id, named): (Id<value::Case>, Id<value::Named>),
        key: &Key,
        body: &Reason,
    ) -> Result<Case, Error> {
        self.post(&format!("/v1/cases/{id}/named/{named}/end"), Some(key), body)
            .await
    }
}

//! The HTTP client: one method for each operation, on the wire types of the other files.
//!
//! Methods that write take a [`Key`] (sent as `Idempotency-Key`): the same key again is answered with the thing that
//! exists, so a call that was cut can be repeated. Methods that change something two people may edit take the revision
//! they saw (`If-Match`).

mod cases;
mod documents;
mod organisations;
mod people;

pub use documents::{FileError, Progress};

use crate::{
    Id,
    administration::*,
    applications::*,
    assessments::*,
    audit::{AuditEntry, AuditQuery},
    awards::{Award, AwardsQuery, Entitlement},
    catalogue::*,
    common::{BothTimes, Page, PageQuery, Reason},
    decisions::*,
    dossiers::*,
    imports::*,
    inquiries::{Inquire, Inquiry},
    lodgings::*,
    matters::*,
    persons::*,
    problem::Problem,
    session::*,
    signals::*,
    transfers::{AskTransfer, Transfer},
    users::*,
    value,
};
mod confirmations;
mod decisions;
mod standing;
mod upgrades;

use reqwest::{Method, RequestBuilder, StatusCode, header};
use serde::{Serialize, de::DeserializeOwned};
use std::time::Duration;

/// The key of a request that may be repeated: any text of 1 to 100 visible ASCII characters, made once per intention.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key(pub String);

/// Why a call brought no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The server refused, and said why.
    #[error("{}", .0.detail.as_deref().unwrap_or(&.0.title))]
    Problem(Box<Problem>),
    /// The server could not be reached, or did not answer in time.
    #[error("the server does not answer: {0}")]
    Offline(String),
    /// The answer is not what the contract says.
    #[error("the server's answer cannot be read: {0}")]
    Unreadable(String),
}

/// How to reach a server.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// PEM certificates of a certificate authority to trust beside the system's.
    pub ca_pem: Option<Vec<u8>>,
    /// Time for one call; 30 seconds when not said.
    pub timeout: Option<Duration>,
}

/// A client of one server, with or without a session. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    token: Option<String>,
}

/// Whoever was merged into another is found there: one step, on the same server, with the same request. Nothing else is followed.
fn to_the_one_who_stays(attempt: reqwest::redirect::Attempt<'_>) -> reqwest::redirect::Action {
    let here = attempt.previous().first().map(reqwest::Url::origin);
    let same = attempt.status() == StatusCode::TEMPORARY_REDIRECT
        && attempt.previous().len() == 1
        && here == Some(attempt.url().origin());
    if same { attempt.follow() } else { attempt.stop() }
}

/// Answers larger than this are not read.
const LARGEST_ANSWER: usize = 32 << 20;

impl Client {
    /// Prepares a client; nothing is sent. `base` is `http://host:port` or `https://…` without a path.
    pub fn new(base: &str, settings: &Settings) -> Result<Client, Error> {
        // Whoever embeds a server has installed a provider already; both are the same one.
        let _already = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            .timeout(settings.timeout.unwrap_or(Duration::from_secs(30)))
            .connect_timeout(Duration::from_secs(5))
            .redirect(reqwest::redirect::Policy::custom(to_the_one_who_stays))
            .user_agent(concat!("karton/", env!("CARGO_PKG_VERSION")));
        if base.starts_with("http://") {
            // Nothing is encrypted there and nobody is followed elsewhere: the system's certificates need not be read.
            builder = builder.tls_certs_only([]);
        }
        if let Some(pem) = &settings.ca_pem {
            let certificates = reqwest::Certificate::from_pem_bundle(pem).map_err(unreadable)?;
            builder = builder.tls_certs_merge(certificates);
        }
        let http = builder.build().map_err(unreadable)?;
        Ok(Client {
            http,
            base: base.trim_end_matches('/').to_owned(),
            token: None,
        })
    }
    /// The same client with a session's token.
    pub fn signed_in(&self, token: &str) -> Client {
        Client {
            token: Some(token.to_owned()),
            ..self.clone()
        }
    }
    /// Where the server is.
    pub fn base(&self) -> &str {
        &self.base
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }
    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Error> {
        read(self.request(Method::GET, path)).await
    }
    async fn ask<Q: Serialize, T: DeserializeOwned>(&self, path: &str, query: &Q) -> Result<T, Error> {
        let query = pairs(query)?;
        let path = if query.is_empty() {
            path.to_owned()
        } else {
            format!("{path}?{query}")
        };
        read(self.request(Method::GET, &path)).await
    }
    async fn post<B: Serialize, T: DeserializeOwned>(
        &self,
        path: &str,
        key: Option<&Key>,
        body: &B,
    ) -> Result<T, Error> {
        read(with_key(self.request(Method::POST, path), key).json(body)).await
    }
    async fn change<B: Serialize, T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        revision: i64,
        body: &B,
    ) -> Result<T, Error> {
        read(
            self.request(method, path)
                .header(header::IF_MATCH, format!("\"{revision}\""))
                .json(body),
        )
        .await
    }

    /// `GET /healthz`
    pub async fn health(&self) -> Result<(), Error> {
        bytes(self.request(Method::GET, "/healthz")).await.map(drop)
    }
    /// `GET /readyz`
    pub async fn ready(&self) -> Result<(), Error> {
        bytes(self.request(Method::GET, "/readyz")).await.map(drop)
    }

    /// `POST /v1/session`
    pub async fn sign_in(&self, body: &SignIn) -> Result<SignedIn, Error> {
        self.post("/v1/session", None, body).await
    }
    /// `GET /v1/session`
    pub async fn session(&self) -> Result<SessionView, Error> {
        self.get("/v1/session").await
    }
    /// `DELETE /v1/session`
    pub async fn sign_out(&self) -> Result<(), Error> {
        bytes(self.request(Method::DELETE, "/v1/session")).await.map(drop)
    }
    /// `GET /v1/sessions`: one's own.
    pub async fn sessions(&self) -> Result<Page<SessionView>, Error> {
        self.get("/v1/sessions").await
    }
    /// `DELETE /v1/sessions/{id}`: one of one's own.
    pub async fn end_session(&self, id: Id<value::Session>) -> Result<(), Error> {
        bytes(self.request(Method::DELETE, &format!("/v1/sessions/{id}")))
            .await
            .map(drop)
    }
    /// `POST /v1/session/password`
    pub async fn change_password(&self, body: &ChangePassword) -> Result<SessionView, Error> {
        self.post("/v1/session/password", None, body).await
    }

    /// `GET /v1/users`
    pub async fn users(&self, page: &PageQuery) -> Result<Page<User>, Error> {
        self.ask("/v1/users", page).await
    }
    /// `POST /v1/users`
    pub async fn open_user(&self, key: &Key, body: &NewUser) -> Result<FirstPassword, Error> {
        self.post("/v1/users", Some(key), body).await
    }
    /// `GET /v1/users/{id}`
    pub async fn user(&self, id: Id<value::Officer>) -> Result<User, Error> {
        self.get(&format!("/v1/users/{id}")).await
    }
    /// `PATCH /v1/users/{id}`
    pub async fn change_user(
        &self,
        id: Id<value::Officer>,
        revision: i64,
        body: &ChangeUser,
    ) -> Result<User, Error> {
        self.change(Method::PATCH, &format!("/v1/users/{id}"), revision, body)
            .await
    }
    /// `POST /v1/users/{id}/reset`: a new first password.
    pub async fn reset_user(&self, id: Id<value::Officer>, key: &Key) -> Result<FirstPassword, Error> {
        self.post(&format!("/v1/users/{id}/reset"), Some(key), &Empty {})
            .await
    }
    /// `GET /v1/offices`
    pub async fn offices(&self, page: &PageQuery) -> Result<Page<Office>, Error> {
        self.ask("/v1/offices", page).await
    }
    /// `GET /v1/offices/{code}`
    pub async fn office(&self, code: &str) -> Result<Office, Error> {
        self.get(&format!("/v1/offices/{code}")).await
    }
    /// `POST /v1/offices`
    pub async fn open_office(&self, key: &Key, body: &NewOffice) -> Result<Office, Error> {
        self.post("/v1/offices", Some(key), body).await
    }
    /// `PATCH /v1/offices/{code}`
    pub async fn change_office(
        &self,
        code: &str,
        revision: i64,
        body: &ChangeOffice,
    ) -> Result<Office, Error> {
        self.change(Method::PATCH, &format!("/v1/offices/{code}"), revision, body)
            .await
    }
    /// `GET /v1/users/{id}/relatives`
    pub async fn relatives(&self, id: Id<value::Officer>) -> Result<Vec<Relative>, Error> {
        self.get(&format!("/v1/users/{id}/relatives")).await
    }
    /// `POST /v1/users/{id}/relatives`
    pub async fn declare_relative(
        &self,
        id: Id<value::Officer>,
        key: &Key,
        body: &Relative,
    ) -> Result<Vec<Relative>, Error> {
        self.post(&format!("/v1/users/{id}/relatives"), Some(key), body)
            .await
    }
    /// `POST /v1/users/{id}/relatives/withdraw`
    pub async fn withdraw_relative(
        &self,
        id: Id<value::Officer>,
        key: &Key,
        body: &Relative,
    ) -> Result<Vec<Relative>, Error> {
        self.post(&format!("/v1/users/{id}/relatives/withdraw"), Some(key), body)
            .await
    }
    /// `GET /v1/administration/health`: how the house is.
    pub async fn operation(&self) -> Result<Health, Error> {
        self.get("/v1/administration/health").await
    }
    /// `GET /v1/administration/sizes`
    pub async fn sizes(&self) -> Result<Sizes, Error> {
        self.get("/v1/administration/sizes").await
    }
    /// `GET /v1/administration/jobs`
    pub async fn jobs(&self, query: &JobsQuery) -> Result<Page<JobView>, Error> {
        self.ask("/v1/administration/jobs", query).await
    }
    /// `POST /v1/administration/jobs/{id}/retry`
    pub async fn retry_job(&self, id: Id<value::Job>, key: &Key) -> Result<JobView, Error> {
        self.post(
            &format!("/v1/administration/jobs/{id}/retry"),
            Some(key),
            &Empty {},
        )
        .await
    }
    /// `POST /v1/imports`: the body is the file.
    pub async fn bring_import(
        &self,
        key: &Key,
        about: &BringImport,
        content: Vec<u8>,
    ) -> Result<ImportView, Error> {
        let path = format!("/v1/imports?{}", pairs(about)?);
        let request = self
            .request(Method::POST, &path)
            .header(header::CONTENT_TYPE, "application/octet-stream")
            .body(content);
        read(with_key(request, Some(key))).await
    }
    /// `GET /v1/imports`
    pub async fn imports(&self, page: &PageQuery) -> Result<Page<ImportView>, Error> {
        self.ask("/v1/imports", page).await
    }
    /// `GET /v1/imports/{id}`
    pub async fn import(&self, id: Id<value::Import>) -> Result<ImportView, Error> {
        self.get(&format!("/v1/imports/{id}")).await
    }
    /// `GET /v1/imports/{id}/findings`
    pub async fn findings(&self, id: Id<value::Import>, page: &PageQuery) -> Result<Page<Finding>, Error> {
        self.ask(&format!("/v1/imports/{id}/findings"), page).await
    }
    /// `GET /v1/imports/{id}/report`: the report as CSV.
    pub async fn import_report(&self, id: Id<value::Import>) -> Result<Vec<u8>, Error> {
        bytes(self.request(Method::GET, &format!("/v1/imports/{id}/report"))).await
    }
    /// `POST /v1/imports/{id}/accept`
    pub async fn accept_import(
        &self,
        id: Id<value::Import>,
        revision: i64,
        body: &AcceptImport,
    ) -> Result<ImportView, Error> {
        self.change(Method::POST, &format!("/v1/imports/{id}/accept"), revision, body)
            .await
    }
    /// `POST /v1/imports/{id}/withdraw`
    pub async fn withdraw_import(&self, id: Id<value::Import>, revision: i64) -> Result<ImportView, Error> {
        self.change(
            Method::POST,
            &format!("/v1/imports/{id}/withdraw"),
            revision,
            &Empty {},
        )
        .await
    }
    /// `GET /v1/roles`
    pub async fn roles(&self) -> Result<Vec<RoleView>, Error> {
        self.get("/v1/roles").await
    }

    /// `POST /v1/persons/search`
    pub async fn search_persons(&self, body: &SearchPersons) -> Result<PersonsFound, Error> {
        self.post("/v1/persons/search", None, body).await
    }
    /// `POST /v1/persons`
    pub async fn register_person(&self, key: &Key, body: &RegisterPerson) -> Result<PersonView, Error> {
        self.post("/v1/persons", Some(key), body).await
    }
    /// `GET /v1/persons/{id}`
    pub async fn person(&self, id: Id<value::Person>) -> Result<PersonView, Error> {
        self.get(&format!("/v1/persons/{id}")).await
    }
    /// `PATCH /v1/persons/{id}`
    pub async fn change_person(
        &self,
        id: Id<value::Person>,
        revision: i64,
        body: &ChangePerson,
    ) -> Result<PersonView, Error> {
        self.change(Method::PATCH, &format!("/v1/persons/{id}"), revision, body)
            .await
    }
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
    /// `GET /v1/persons/{id}/facts`: those that count on the day, and those they outrank; the household's too.
    pub async fn facts(&self, id: Id<value::Person>, times: &BothTimes) -> Result<Page<FactView>, Error> {
        self.ask(&format!("/v1/persons/{id}/facts"), times).await
    }
    /// `POST /v1/persons/{id}/facts`
    pub async fn record_fact(
        &self,
        id: Id<value::Person>,
        key: &Key,
        body: &RecordFact,
    ) -> Result<FactView, Error> {
        self.post(&format!("/v1/persons/{id}/facts"), Some(key), body)
            .await
    }
    /// `GET /v1/persons/{id}/access-log`
    pub async fn access_log(
        &self,
        id: Id<value::Person>,
        page: &PageQuery,
    ) -> Result<Page<AuditEntry>, Error> {
        self.ask(&format!("/v1/persons/{id}/access-log"), page).await
    }
    /// `POST /v1/inquiries`: how somebody's applications stand.
    pub async fn inquire(&self, body: &Inquire) -> Result<Inquiry, Error> {
        self.post("/v1/inquiries", None, body).await
    }
    /// `POST /v1/assessments/what-if`
    pub async fn what_if(&self, body: &WhatIf) -> Result<Previewed, Error> {
        self.post("/v1/assessments/what-if", None, body).await
    }
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
    /// `GET /v1/catalogue/registers`: the registers that the institution keeps itself.
    pub async fn own_registers(&self) -> Result<Page<OwnRegister>, Error> {
        self.get("/v1/catalogue/registers").await
    }
    /// `GET /v1/persons/{id}/possible-rights`: what the household may also have a right to.
    pub async fn possible_rights(&self, id: Id<value::Person>) -> Result<PossibleRights, Error> {
        self.get(&format!("/v1/persons/{id}/possible-rights")).await
    }
    /// `POST /v1/dossiers/{id}/transfer`: asks another office to take a dossier over.
    pub async fn ask_transfer(
        &self,
        id: Id<value::Person>,
        key: &Key,
        body: &AskTransfer,
    ) -> Result<Transfer, Error> {
        self.post(&format!("/v1/dossiers/{id}/transfer"), Some(key), body)
            .await
    }
    /// `GET /v1/transfers`: those that concern this office, newest first.
    pub async fn transfers(&self, page: &PageQuery) -> Result<Page<Transfer>, Error> {
        self.ask("/v1/transfers", page).await
    }
    /// `POST /v1/transfers/{id}/accept`
    pub async fn accept_transfer(&self, id: Id<value::Letter>, key: &Key) -> Result<Transfer, Error> {
        self.post(&format!("/v1/transfers/{id}/accept"), Some(key), &Empty {})
            .await
    }
    /// `POST /v1/transfers/{id}/refuse`
    pub async fn refuse_transfer(
        &self,
        id: Id<value::Letter>,
        key: &Key,
        body: &Reason,
    ) -> Result<Transfer, Error> {
        self.post(&format!("/v1/transfers/{id}/refuse"), Some(key), body)
            .await
    }
    /// `GET /v1/dossiers/{id}`: leaves an entry with the purpose.
    pub async fn dossier(&self, id: Id<value::Person>, why: &OpenDossier) -> Result<Dossier, Error> {
        self.ask(&format!("/v1/dossiers/{id}"), why).await
    }
    /// `GET /v1/dossiers/{id}/timeline`
    pub async fn timeline(
        &self,
        id: Id<value::Person>,
        page: &PageQuery,
    ) -> Result<Page<TimelineEvent>, Error> {
        self.ask(&format!("/v1/dossiers/{id}/timeline"), page).await
    }

    /// `GET /v1/catalogue`
    pub async fn country(&self) -> Result<Country, Error> {
        self.get("/v1/catalogue").await
    }
    /// `GET /v1/catalogue/benefits`
    pub async fn benefits(&self) -> Result<Page<Benefit>, Error> {
        self.get("/v1/catalogue/benefits").await
    }
    /// `GET /v1/catalogue/procedures`
    pub async fn procedures(&self) -> Result<Page<Procedure>, Error> {
        self.get("/v1/catalogue/procedures").await
    }
    /// `GET /v1/catalogue/forms/{id}`
    pub async fn form(&self, id: &str) -> Result<Form, Error> {
        self.get(&format!("/v1/catalogue/forms/{id}")).await
    }
    /// `GET /v1/catalogue/codes/{list}`
    pub async fn codes(&self, list: &str) -> Result<CodeList, Error> {
        self.get(&format!("/v1/catalogue/codes/{list}")).await
    }
    /// `GET /v1/catalogue/facts`
    pub async fn fact_defs(&self) -> Result<Page<FactDef>, Error> {
        self.get("/v1/catalogue/facts").await
    }
    /// `GET /v1/catalogue/words/{language}`
    pub async fn words(&self, language: &str) -> Result<Words, Error> {
        self.get(&format!("/v1/catalogue/words/{language}")).await
    }
    /// `POST /v1/assessments/preview`: writes nothing.
    pub async fn preview(&self, body: &Preview) -> Result<Previewed, Error> {
        self.post("/v1/assessments/preview", None, body).await
    }

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
    /// `POST /v1/applications/{id}/lodge`: by the applicant, at the counter.
    pub async fn lodge(&self, id: Id<value::Application>, key: &Key) -> Result<Lodged, Error> {
        self.lodge_as(id, key, &HandIn::default()).await
    }
    /// `POST /v1/applications/{id}/lodge`: as it was handed in.
    pub async fn lodge_as(
        &self,
        id: Id<value::Application>,
        key: &Key,
        body: &HandIn,
    ) -> Result<Lodged, Error> {
        self.post(&format!("/v1/applications/{id}/lodge"), Some(key), body)
            .await
    }
    /// `POST /v1/lodgings`: several drafts at once, with one receipt.
    pub async fn lodge_together(&self, key: &Key, body: &LodgeTogether) -> Result<LodgedTogether, Error> {
        self.post("/v1/lodgings", Some(key), body).await
    }
    /// `GET /v1/lodgings/{id}`: what was lodged together.
    pub async fn lodging(&self, id: Id<value::Letter>) -> Result<Lodging, Error> {
        self.get(&format!("/v1/lodgings/{id}")).await
    }
    /// `GET /v1/applications/{id}/papers`: receipts and dismissals, newest first.
    pub async fn papers(&self, id: Id<value::Application>) -> Result<Page<Paper>, Error> {
        self.get(&format!("/v1/applications/{id}/papers")).await
    }
    /// `GET /v1/papers/{id}`
    pub async fn paper(&self, id: Id<value::Letter>) -> Result<Paper, Error> {
        self.get(&format!("/v1/papers/{id}")).await
    }
    /// `GET /v1/papers/{id}/letter`: its bytes.
    pub async fn paper_letter(&self, id: Id<value::Letter>, query: &LetterQuery) -> Result<Vec<u8>, Error> {
        bytes(self.request(Method::GET, &format!("/v1/papers/{id}/letter?{}", pairs(query)?))).await
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
    /// `GET /v1/duplicates`: people who look alike, the likeliest first.
    pub async fn duplicates(
        &self,
        query: &crate::duplicates::DuplicatesQuery,
    ) -> Result<Page<crate::duplicates::DuplicatePair>, Error> {
        self.ask("/v1/duplicates", query).await
    }
    /// `GET /v1/duplicates/{id}`
    pub async fn duplicate(&self, id: Id<value::Pair>) -> Result<crate::duplicates::DuplicatePair, Error> {
        self.get(&format!("/v1/duplicates/{id}")).await
    }
    /// `POST /v1/duplicates/{id}/verdict`
    pub async fn judge_pair(
        &self,
        id: Id<value::Pair>,
        revision: i64,
        body: &crate::duplicates::JudgePair,
    ) -> Result<crate::duplicates::DuplicatePair, Error> {
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
        body: &crate::duplicates::ProposeMerge,
    ) -> Result<crate::duplicates::MergeView, Error> {
        self.post(&format!("/v1/persons/{id}/merge"), Some(key), body)
            .await
    }
    /// `GET /v1/merges`
    pub async fn merges(
        &self,
        query: &crate::duplicates::MergesQuery,
    ) -> Result<Page<crate::duplicates::MergeView>, Error> {
        self.ask("/v1/merges", query).await
    }
    /// `GET /v1/merges/{id}`
    pub async fn merge(&self, id: Id<value::Merge>) -> Result<crate::duplicates::MergeView, Error> {
        self.get(&format!("/v1/merges/{id}")).await
    }
    /// `POST /v1/merges/{id}/confirm`: a second officer agrees, and the two become one.
    pub async fn confirm_merge(
        &self,
        id: Id<value::Merge>,
        revision: i64,
        body: &Reason,
    ) -> Result<crate::duplicates::MergeView, Error> {
        self.change(Method::POST, &format!("/v1/merges/{id}/confirm"), revision, body)
            .await
    }
    /// `POST /v1/merges/{id}/decline`: the two stay two.
    pub async fn decline_merge(
        &self,
        id: Id<value::Merge>,
        revision: i64,
        body: &Reason,
    ) -> Result<crate::duplicates::MergeView, Error> {
        self.change(Method::POST, &format!("/v1/merges/{id}/decline"), revision, body)
            .await
    }
    /// `POST /v1/merges/{id}/undo`: the two are two again.
    pub async fn undo_merge(
        &self,
        id: Id<value::Merge>,
        revision: i64,
        body: &Reason,
    ) -> Result<crate::duplicates::MergeView, Error> {
        self.change(Method::POST, &format!("/v1/merges/{id}/undo"), revision, body)
            .await
    }
    /// `POST /v1/matters/{id}/notices/{notice}/send`: tells an institution again.
    pub async fn send_notice(
        &self,
        id: Id<value::Matter>,
        notice: Id<value::Notice>,
        key: &Key,
    ) -> Result<crate::notices::Notice, Error> {
        self.post(
            &format!("/v1/matters/{id}/notices/{notice}/send"),
            Some(key),
            &Empty {},
        )
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
    /// `POST /v1/applications/{id}/decision/decide`
    pub async fn decide(
        &self,
        id: Id<value::Application>,
        key: &Key,
        body: &Decide,
    ) -> Result<Decision, Error> {
        self.post(&format!("/v1/applications/{id}/decision/decide"), Some(key), body)
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

    /// `GET /v1/decisions/{id}`
    pub async fn decision(&self, id: Id<value::Decision>) -> Result<Decision, Error> {
        self.get(&format!("/v1/decisions/{id}")).await
    }
    /// `GET /v1/decisions/{id}/letter`: its bytes.
    pub async fn letter(&self, id: Id<value::Decision>, query: &LetterQuery) -> Result<Vec<u8>, Error> {
        bytes(self.request(
            Method::GET,
            &format!("/v1/decisions/{id}/letter?{}", pairs(query)?),
        ))
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
    /// `POST /v1/decisions/{id}/deliver`
    pub async fn deliver(
        &self,
        id: Id<value::Decision>,
        key: &Key,
        body: &Deliver,
    ) -> Result<Decision, Error> {
        self.post(&format!("/v1/decisions/{id}/deliver"), Some(key), body)
            .await
    }
    /// `GET /v1/awards`
    pub async fn awards(&self, query: &AwardsQuery) -> Result<Page<Award>, Error> {
        self.ask("/v1/awards", query).await
    }
    /// `GET /v1/awards/{id}/entitlements`: month by month until today, with the amounts of each month's law.
    pub async fn entitlements(
        &self,
        id: Id<value::Award>,
        page: &PageQuery,
    ) -> Result<Page<Entitlement>, Error> {
        self.ask(&format!("/v1/awards/{id}/entitlements"), page).await
    }

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
    /// `GET /v1/audit`
    pub async fn audit(&self, query: &AuditQuery) -> Result<Page<AuditEntry>, Error> {
        self.ask("/v1/audit", query).await
    }
}

/// A body without fields, for actions that need none.
#[derive(Serialize)]
struct Empty {}

fn with_key(request: RequestBuilder, key: Option<&Key>) -> RequestBuilder {
    match key {
        Some(key) => request.header("Idempotency-Key", &key.0),
        None => request,
    }
}

/// The query string of a flat structure; only numbers, codes, dates, ids and cursors occur, percent-encoded all the same.
fn pairs<Q: Serialize>(query: &Q) -> Result<String, Error> {
    let value = serde_json::to_value(query).map_err(unreadable)?;
    let mut text = String::new();
    for (name, value) in value.as_object().into_iter().flatten() {
        let value = match value {
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        if !text.is_empty() {
            text.push('&');
        }
        text.push_str(name);
        text.push('=');
        for byte in value.bytes() {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                    text.push(char::from(byte))
                }
                other => text.push_str(&format!("%{other:02X}")),
            }
        }
    }
    Ok(text)
}

async fn read<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, Error> {
    serde_json::from_slice(&bytes(request).await?).map_err(unreadable)
}

async fn bytes(request: RequestBuilder) -> Result<Vec<u8>, Error> {
    let mut answer = request.send().await.map_err(offline)?;
    let status = answer.status();
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(offline)? {
        body.extend_from_slice(&chunk);
        if body.len() > LARGEST_ANSWER {
            return Err(Error::Unreadable("it is too large".into()));
        }
    }
    if status.is_success() {
        return Ok(body);
    }
    Err(match serde_json::from_slice::<Problem>(&body) {
        Ok(problem) => Error::Problem(Box::new(problem)),
        Err(_) if status == StatusCode::BAD_GATEWAY || status == StatusCode::GATEWAY_TIMEOUT => {
            Error::Offline(format!("the way to it answers {status}"))
        }
        Err(_) => Error::Unreadable(format!("status {status} without a problem description")),
    })
}

fn offline(error: reqwest::Error) -> Error {
    // The outer error names the address, the inner one the cause, which is what helps.
    let mut cause: &dyn std::error::Error = &error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    Error::Offline(cause.to_string())
}

fn unreadable(error: impl std::fmt::Display) -> Error {
    Error::Unreadable(error.to_string())
}

//! Refusals and problems. HTTP is spoken in one `match`, here, and answers `application/problem+json` (RFC 9457).

use crate::store::StoreError;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use karton_api::{
    Id,
    common::OfficerRef,
    persons::Candidate,
    problem::{FieldError, Problem},
    value::Person,
};
use std::fmt::Display;

/// Why an action did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody is signed in, or the session has ended.
    #[error("signed out")]
    SignedOut,
    /// The name or the password was not right.
    #[error("not recognised")]
    NotRecognised,
    /// The officer's roles in this office do not allow it. Carries the permission's name.
    #[error("not permitted: {0}")]
    Denied(&'static str),
    /// There is no such thing, or not within this officer's scope: nobody can tell which.
    #[error("not found")]
    Missing,
    /// The person was merged into another, who stands here now: the one asked for, the one who stays.
    #[error("merged into another")]
    Merged(Id<Person>, Id<Person>),
    /// Several things stand against it, each named.
    #[error("hindered: {0:?}")]
    Hindered(Vec<FieldError>),
    /// The thing is not in a state for this.
    #[error("refused: {0}")]
    Refused(Refusal),
    /// Somebody changed it meanwhile. Carries the revision that stands.
    #[error("changed meanwhile")]
    Changed(i64),
    /// A change needs `If-Match`.
    #[error("a revision is needed")]
    RevisionNeeded,
    /// Fields that cannot be taken.
    #[error("fields: {0:?}")]
    Invalid(Vec<FieldError>),
    /// People who may be the same one.
    #[error("likely duplicates")]
    Duplicates(Vec<Candidate>),
    /// The national number belongs to this person.
    #[error("the number is taken")]
    Taken(Box<Candidate>),
    /// Own or relatives' dossier; these officers may work on it.
    #[error("own dossier")]
    Own(Vec<OfficerRef>),
    /// The request itself cannot be read.
    #[error("malformed: {0}")]
    Malformed(String),
    /// The body is larger than is taken.
    #[error("too large")]
    TooLarge,
    /// The body is not of a type that is taken.
    #[error("unsupported type")]
    Unsupported,
    /// Too often; try again after so many seconds.
    #[error("too often")]
    TooOften(u32),
    /// The house cannot do it now (shutting down, the database is away).
    #[error("unavailable")]
    Unavailable,
    /// It took too long, or the line to the database broke: whether it happened is not known.
    #[error("too slow")]
    Slow,
    /// There is such an address, but not for this method.
    #[error("method not allowed")]
    NotAllowed,
    /// A mistake of ours. The cause goes to the log, never to the person.
    #[error("fault: {0}")]
    Fault(String),
}

/// What an action may refuse, each with its stable slug and a sentence for the person at the screen.
macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident => $slug:literal, $says:literal;)*) => {
        /// What an action may refuse, each with its stable slug.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Refusal { $($(#[$doc])* $name,)* }
        impl Refusal {
            /// Every refusal there is.
            pub const ALL: &'static [Refusal] = &[$(Refusal::$name),*];
            /// The stable slug.
            pub fn slug(self) -> &'static str { match self { $(Refusal::$name => $slug,)* } }
            /// What happened and what to do next.
            pub fn says(self) -> &'static str { match self { $(Refusal::$name => $says,)* } }
        }
    };
}
refusals! {
    /// The first officer cannot be the second.
    SecondOfficerNeeded => "second-officer-needed", "You made the recommendation. Another officer has to decide.";
    /// Another office does it.
    OtherOffice => "other-office", "Another office does this step. Look at the steps of the matter to see which one.";
    /// The step is not open.
    StepNotOpen => "step-not-open", "This step is not open now. Look at the steps of the matter to see which one is.";
    /// A legal act has its own route.
    LegalAct => "legal-act", "This step is completed by a legal act of its own, not by marking it done.";
    /// A draft was expected.
    NotADraft => "not-a-draft", "The application has been lodged already and can no longer be typed over.";
    /// The newest assessment was expected.
    AssessmentOutdated => "assessment-outdated", "Newer facts have arrived since. Assess again and look at the result.";
    /// Facts are not verified and nobody has confirmed them.
    NotVerified => "not-verified", "Something this rests on is not verified. Confirm it with a reason, or replace it by a document.";
    /// The outcome does not follow from the assessment.
    OutcomeDiffers => "outcome-differs", "This outcome does not follow from the assessment. Return the matter if you disagree.";
    /// Own or relatives' dossier.
    OwnDossier => "own-dossier", "This is your own dossier or a relative's. Another officer has to work on it.";
    /// The term for the completion has not lapsed.
    TermRuns => "term-runs", "The applicant still has time to complete the application. It can be dismissed for this only after the last day.";
    /// A transfer of the dossier waits for an answer.
    TransferWaits => "transfer-waits", "Another office has been asked to take this dossier over and has not answered yet.";
    /// Only the office that was asked answers.
    OtherOfficeAnswers => "other-office-answers", "The office that is asked to take the dossier over answers this.";
    /// A signal that stops has no answer.
    SignalWaits => "signal-waits", "A cross-check asks for a look first. Look into it and say what came of it; whatever it is, it is no ground.";
    /// The pack names another role.
    AnotherLooks => "another-looks", "Another role looks into this signal.";
    /// Nobody looked in time.
    SignalLapsed => "signal-lapsed", "This signal has lapsed: it says nothing any more.";
    /// Such an application is running.
    AlreadyRunning => "already-running", "An application for the same benefit is already running.";
    /// The number of an organisation belongs to one that is registered.
    OrganisationKnown => "organisation-known", "An organisation with this number is registered already. Find it by its number.";
    /// Nobody is chosen who could be paid.
    ProviderNeeded => "provider-needed", "A provider is paid for this. Choose one that is registered for it today.";
    /// An award in force stands against a new one.
    AlreadyAwarded => "already-awarded", "This right, or one that cannot be held beside it, is awarded already. Look at the awards of the family.";
    /// An award cannot be held beside it, and nobody has chosen.
    ChoiceNeeded => "choice-needed", "The person has a right that cannot be held beside this one. Write down first which of the two they keep.";
    /// The person keeps the other right.
    OtherChosen => "other-chosen", "The person keeps the right they have. Refuse this one, or let them take the application back.";
    /// One of the two dossiers lies elsewhere.
    MergeElsewhere => "merge-elsewhere", "The other dossier lies in another office. Let it be transferred first, or have an officer merge them whose office stands above both.";
    /// A merge of this person is proposed or stands.
    AlreadyProposed => "already-proposed", "A merge of this person is proposed already. Look at it under the merges.";
    /// The merge has been answered.
    MergeNotOpen => "merge-not-open", "This merge has been answered or undone already.";
    /// A later merge stands on this one.
    MergeLater => "merge-later", "The one who stays was merged into another since. Undo that merge first.";
    /// The award has ended or is a single amount.
    AwardNotRunning => "award-not-running", "This award does not run then. Look at its days.";
    /// The award is suspended.
    AwardSuspended => "award-suspended", "This award is suspended then. Resume it first, or end it.";
    /// What it is about was turned again since.
    LaterDecisionStands => "later-decision-stands", "A newer decision builds on this one: annul that one first.";
    /// The award is not suspended.
    AwardNotSuspended => "award-not-suspended", "This award is not suspended then: there is nothing to resume.";
    /// A later decision is on its way.
    AmendmentRunning => "amendment-running", "Another later decision on this is on its way. Finish that one first.";
    /// The decision has lost its effect.
    DecisionAnnulled => "decision-annulled", "This decision has been annulled.";
    /// The pack has nothing for this.
    NotProvided => "not-provided", "The country's pack has no procedure, paper or rule for this.";
    /// An officer has open work.
    WorkOpen => "work-open", "This officer has open steps or drafts. Hand them over first, or say that they stay.";
    /// A deputy for these days is named already.
    DeputyNamed => "deputy-named", "A deputy is named for some of these days already. End that one first.";
    /// Same key, other content.
    KeyReused => "key-reused", "This idempotency key was used for something else. Make a new key for a new intention.";
    /// Carried out, but the answer is gone.
    AlreadyDone => "already-done", "This request was carried out before. Look at the thing to see how it stands.";
    /// The account's name is taken.
    UserTaken => "user-taken", "There is an account of this name already.";
    /// The national number belongs to somebody else.
    NumberTaken => "number-taken", "This national number belongs to a person who is already registered.";
    /// A household's change of an earlier day.
    NotToday => "not-today", "Only what was written down today is taken back. Write down what is right, with its day and reason.";
    /// Something rests on it.
    ChangedSince => "changed-since", "Something was changed upon it since, or it was taken back already. Take back the later change first.";
    /// The death is recorded.
    AlreadyDead => "already-dead", "A day of death is recorded already. Correct the card, with a reason, if it is wrong.";
    /// Nobody applies after death.
    ApplicantDied => "applicant-died", "This person has died, and nothing can be asked for in their name. Who bore the costs of a funeral applies in their own name.";
    /// The address is protected.
    AlreadyProtected => "already-protected", "The address of this person is protected already.";
    /// A letter from before the protection of an address.
    AddressProtected => "address-protected", "This letter was made before the address in it was protected, and is no longer shown. It lies in the archive.";
    /// Not named on the protection.
    NotNamed => "not-named", "Only officers who are named on the protection open the address. Ask one of them, or the head of the office.";
    /// Already a member of a household on that day.
    AlreadyMember => "already-member", "This person is a member of a household on that day. End that membership first.";
    /// The first password must be changed first.
    PasswordChangeNeeded => "password-change-needed", "Change your first password before you go on.";
    /// The password is too weak.
    PasswordWeak => "password-weak", "Choose a longer or less usual password: at least 12 characters.";
    /// The letter is being made.
    LetterNotReady => "letter-not-ready", "The decision stands; its letter is being made and will be ready in a moment.";
    /// The letter could not be made.
    LetterFailed => "letter-failed", "The decision stands, but its letter could not be made. Tell the administrator.";
    /// No procedure step can be opened again.
    CannotReopen => "cannot-reopen", "This step cannot be opened again.";
    /// Work that waits or runs needs no retry.
    JobNotFailed => "job-not-failed", "This work has not been given up: it waits or is being done.";
    /// The office's code is taken.
    OfficeTaken => "office-taken", "There is an office with this code already.";
    /// Work is open in the office.
    OfficeInUse => "office-in-use", "There is open work in this office, or an office below it is open. Move the work or close those first.";
    /// Who brought something does not accept it.
    SecondPersonNeeded => "second-person-needed", "You brought this. Somebody else has to accept it.";
    /// The import is not waiting to be accepted.
    ImportNotChecked => "import-not-checked", "This import is not in a state for this: look at how far it is.";
    /// The matter runs on the version in force, or the version is in force.
    VersionInForce => "version-in-force", "This is the version of the pack that is in force already.";
    /// The version in force has no place for what the matter stands at.
    StepNotInPack => "not-in-pack", "The version in force does not have the step this stands at. Finish that step on the version it began with.";
    /// One upgrade of the pack at a time.
    UpgradeProposed => "upgrade-proposed", "Another version of the pack is proposed already. Let it be activated or withdrawn first.";
    /// The upgrade has been answered.
    UpgradeNotOpen => "upgrade-not-open", "This upgrade has been activated or withdrawn already.";
    /// A closed case is worked on no more.
    CaseClosed => "case-closed", "This case is closed. The head of office can take it up again, with a reason.";
    /// Such a case runs for the same person.
    CaseRunning => "case-running", "A case of this kind is running for this person already. Look at it in the dossier.";
    /// Done, dropped or ended before.
    AlreadySettled => "already-settled", "This was settled before. Look at how it stands now.";
    /// Only restricted cases have officers named on them.
    NotRestricted => "not-restricted", "This case is open to its office: nobody has to be named on it.";
    /// Only those who lead or supervise a case name others on it.
    NotTheirs => "not-theirs", "Only whoever leads or supervises this case names others on it.";
    /// A restricted case keeps somebody who leads and supervises it.
    LastNamed => "last-named", "Somebody has to lead and to supervise this case. Name another one first; nobody ends their own name.";
    /// No open step waits for a message.
    NothingWaits => "nothing-waits", "No open step of this matter waits for this message. Send it again later, or look at what was agreed.";
    /// A message answers one that was never sent.
    NotAsked => "not-asked", "No message under this id was sent to your institution. Answer the one that you were sent.";
    /// The last administrator.
    LastAdmin => "last-admin", "This is the last administrator. Make another one first.";
}
impl Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.slug())
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Error {
        Error::Refused(refusal)
    }
}
impl From<StoreError> for Error {
    fn from(error: StoreError) -> Error {
        match error {
            StoreError::Closed | StoreError::Conflict | StoreError::TooSlow => Error::Unavailable,
            StoreError::Lost => Error::Slow,
            other => Error::fault(other),
        }
    }
}
impl Error {
    /// A mistake of ours, with its cause for the log.
    pub fn fault(cause: impl Display) -> Error {
        Error::Fault(cause.to_string())
    }
    /// One field that cannot be taken. `pointer` is a JSON pointer into the body, or a parameter's name.
    pub fn field(pointer: impl Into<String>, code: &str, message: impl Into<String>) -> Error {
        Error::Invalid(vec![FieldError {
            pointer: pointer.into(),
            code: code.into(),
            message: message.into(),
        }])
    }
    /// The problem as it travels.
    pub fn problem(&self) -> Problem {
        let (status, slug, title, detail): (StatusCode, &str, &str, Option<String>) = match self {
            Error::SignedOut => (StatusCode::UNAUTHORIZED, "sign-in-first", "Sign in first", Some("The session has ended or was never begun. Sign in and go on; drafts are kept.".into())),
            Error::NotRecognised => (StatusCode::UNAUTHORIZED, "not-recognised", "Not recognised", Some("The name or the password is not right. After several tries you will have to wait a little.".into())),
            Error::Denied(permission) => (StatusCode::FORBIDDEN, "not-permitted", "Not permitted", Some(format!("Your roles in this office do not include `{permission}`."))),
            Error::Missing => (StatusCode::NOT_FOUND, "not-found", "Not found", Some("There is nothing here for you.".into())),
            Error::Merged(..) => (StatusCode::CONFLICT, "merged-person", "Merged into another", Some("This person was merged into another, whose dossier holds everything of both.".into())),
            Error::Hindered(_) => (StatusCode::CONFLICT, "merge-hindered", "Not possible now", Some("Something stands against merging the two. Settle what is named first.".into())),
            Error::Refused(refusal) => (StatusCode::CONFLICT, refusal.slug(), "Not possible now", Some(refusal.says().into())),
            Error::Duplicates(_) => (StatusCode::CONFLICT, "likely-duplicates", "Perhaps already registered", Some("People already known may be the same one. Look at them; if none is, send their ids as `not_the_same_as`.".into())),
            Error::Taken(_) => (StatusCode::CONFLICT, Refusal::NumberTaken.slug(), "Not possible now", Some(Refusal::NumberTaken.says().into())),
            Error::Own(_) => (StatusCode::CONFLICT, Refusal::OwnDossier.slug(), "Not possible now", Some(Refusal::OwnDossier.says().into())),
            Error::Changed(_) => (StatusCode::PRECONDITION_FAILED, "changed-meanwhile", "Changed meanwhile", Some("Somebody changed this after you opened it. Look at what stands now and repeat your change.".into())),
            Error::RevisionNeeded => (StatusCode::PRECONDITION_REQUIRED, "revision-needed", "A revision is needed", Some("Send the revision you saw as `If-Match: \"…\"`.".into())),
            Error::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, "fields", "Some fields cannot be taken", None),
            Error::Malformed(what) => (StatusCode::BAD_REQUEST, "malformed", "The request cannot be read", Some(what.clone())),
            Error::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too-large", "Too large", Some("The body is larger than is taken here.".into())),
            Error::Unsupported => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-type", "Unsupported type", Some("Send `application/json`, not compressed.".into())),
            Error::TooOften(seconds) => (StatusCode::TOO_MANY_REQUESTS, "too-often", "Too often", Some(format!("Wait {seconds} seconds and try again."))),
            Error::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "unavailable", "Unavailable now", Some("Try again in a moment. Nothing was changed.".into())),
            Error::Slow => (StatusCode::SERVICE_UNAVAILABLE, "slow", "It took too long", Some("Whether it happened is not known. Look at how things stand, or send the same again with the same Idempotency-Key.".into())),
            Error::NotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", "Not this way", Some("This address does not take this method.".into())),
            Error::Fault(_) => (StatusCode::INTERNAL_SERVER_ERROR, "fault", "A fault of ours", Some("Nothing was changed. Tell the administrator the number of this request.".into())),
        };
        Problem {
            kind: format!("/problems/{slug}"),
            title: title.into(),
            status: status.as_u16(),
            detail,
            instance: crate::http::request_id(),
            errors: match self {
                Error::Invalid(fields) | Error::Hindered(fields) => fields.clone(),
                Error::Taken(_) | Error::Refused(Refusal::NumberTaken) => vec![FieldError {
                    pointer: "/national_id/number".into(),
                    code: "taken".into(),
                    message: Refusal::NumberTaken.says().into(),
                }],
                _ => Vec::new(),
            },
            candidates: match self {
                Error::Duplicates(people) => people.clone(),
                Error::Taken(bearer) => vec![bearer.as_ref().clone()],
                _ => Vec::new(),
            },
            officers: if let Error::Own(others) = self {
                others.clone()
            } else {
                Vec::new()
            },
            revision: if let Error::Changed(revision) = self {
                Some(*revision)
            } else {
                None
            },
        }
    }
}

/// The slug of a refusal, left with the answer for whoever enters refused attempts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedAs(pub String);

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        if let Error::Fault(cause) = &self {
            tracing::error!(cause, "fault");
        }
        let retry = match &self {
            Error::TooOften(seconds) => Some(*seconds),
            Error::Unavailable | Error::Slow => Some(1),
            _ => None,
        };
        let problem = self.problem();
        let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let mut response = (status, body).into_response();
        if let Error::Merged(person, stays) = self {
            response
                .extensions_mut()
                .insert(crate::http::Moved { person, stays });
        }
        if matches!(self, Error::Missing | Error::Own(_) | Error::Refused(_)) {
            response.extensions_mut().insert(RefusedAs(
                problem
                    .kind
                    .rsplit('/')
                    .next()
                    .map(str::to_owned)
                    .unwrap_or_default(),
            ));
        }
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if let Some(seconds) = retry {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// The problems every operation may answer with, for the OpenAPI description: `responses((status = 200, …), Problems)`.
#[derive(Debug)]
pub enum Problems {}

impl utoipa::IntoResponses for Problems {
    fn responses()
    -> std::collections::BTreeMap<String, utoipa::openapi::RefOr<utoipa::openapi::response::Response>> {
        use utoipa::openapi::{ContentBuilder, Ref, ResponseBuilder};
        let answer = |says: &str| {
            let content = ContentBuilder::new()
                .schema(Some(Ref::from_schema_name("Problem")))
                .build();
            ResponseBuilder::new()
                .description(says)
                .content("application/problem+json", content)
                .build()
                .into()
        };
        [
            (
                "307",
                "The person was merged into another: the same is found at `Location`",
            ),
            ("400", "The request cannot be read"),
            ("401", "Nobody is signed in"),
            ("403", "The officer's roles do not allow it"),
            ("404", "There is nothing here for this officer"),
            ("409", "The thing is not in a state for this"),
            ("405", "This address does not take this method"),
            ("412", "Somebody changed it meanwhile"),
            ("413", "The body is larger than is taken"),
            ("415", "The body is not of a type that is taken"),
            ("422", "Fields that cannot be taken, each with its JSON pointer"),
            ("428", "A change needs If-Match"),
            ("429", "Too often"),
            ("500", "A fault of ours"),
            ("503", "Unavailable now"),
        ]
        .into_iter()
        .map(|(status, says)| (status.to_owned(), answer(says)))
        .collect()
    }
}

//! Asking other institutions: one question about one person, in the shape of the X-Road REST message protocol.
//!
//! `POST {address}/r1/{service}` with `X-Road-Client` (who asks), `X-Road-Id` (the message; the same in every repetition, so that it is
//! counted once), `X-Road-UserId` (the officer) and `X-Road-Issue` (the matter it is asked for). The person's number stands in the body, never
//! in the address. An answer is bounded in time and size and believed only where it is about the person asked for. A service that failed
//! several times in a row is left alone for a while (a circuit breaker), so that a dead register does not hold the others up.

use crate::clock::Clock;
use jiff::{SignedDuration, Timestamp};
use karton_api::Date;
use karton_rules::pack::Service;
use serde::Serialize;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// An answer larger than this is not read to its end.
const LARGEST: usize = 1 << 20;
/// Time for one try, the connection included.
const PATIENCE: Duration = Duration::from_secs(4);
/// So many failures in a row open the breaker,
const FAILURES: u32 = 5;
/// for so long.
const REST: SignedDuration = SignedDuration::from_secs(30);

/// The way to other institutions' registers. Cheap to clone.
#[derive(Clone)]
pub struct Gateway(Arc<Inner>);

struct Inner {
    http: Option<reqwest::Client>,
    settings: Settings,
    clock: Clock,
    breakers: Mutex<HashMap<String, Breaker>>,
}

/// Where the registers are, and as whom we ask.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The address of the security server (or of the simulated registers), without a path; nobody is asked without one.
    pub address: Option<String>,
    /// Our own identifier: `ME/GOV/MRSS/karton`.
    pub client: String,
    /// The key with which the gateway brings messages of other institutions; nobody is let in without one.
    pub key: Option<GatewayKey>,
}

/// The secret with which our own gateway brings messages. Only its digest is kept, so that comparing says nothing about it, and it is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct GatewayKey([u8; 32]);

impl GatewayKey {
    /// The key as it is written.
    pub fn of(key: &[u8]) -> GatewayKey {
        GatewayKey(Sha256::digest(key).into())
    }
}
impl std::fmt::Debug for GatewayKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("GatewayKey(…)")
    }
}

#[derive(Debug, Clone, Default)]
struct Breaker {
    failures: u32,
    /// Until when nobody is asked, and how the last one failed.
    open: Option<(Timestamp, Failure)>,
}

/// What is asked, about whom, by whom and what for.
#[derive(Debug, Clone)]
pub struct Question {
    /// The message's id, the same in every repetition.
    pub message: String,
    /// The national number of the person.
    pub national_id: String,
    /// First day of the period, for services that take one.
    pub from: Option<Date>,
    /// The day after the last.
    pub until: Option<Date>,
    /// Who asks: the officer's id.
    pub user: String,
    /// What for: the matter's id.
    pub issue: String,
}

/// Why there is no answer that could be used. The words go into the dossier: they name no person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// No answer in time, or the service is down: ask again.
    Silent(String),
    /// An answer that cannot be used: garbled, too large, about somebody else. Asking again may help.
    Unusable(String),
    /// Not asked: the service failed several times in a row, and is left alone for a moment.
    Resting {
        /// How it failed the last time.
        last: Box<Failure>,
        /// Until when.
        until: Timestamp,
    },
}

/// What an institution says to a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// It has it, and gives this receipt.
    Taken(String),
    /// It does not take it, in its own words.
    Refused(String),
}

impl Failure {
    /// In words, for the dossier.
    pub fn words(&self) -> &str {
        match self {
            Failure::Silent(words) | Failure::Unusable(words) => words,
            Failure::Resting { last, .. } => last.words(),
        }
    }
}

#[derive(Serialize)]
struct Body<'a> {
    national_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Date>,
}

impl Gateway {
    /// Prepares the way; nothing is sent. Without an address every question is answered with silence.
    pub fn new(settings: Settings, clock: Clock) -> anyhow::Result<Gateway> {
        // Whoever embeds the server may have installed one already; it is the same.
        let _already = rustls::crypto::ring::default_provider().install_default();
        let http = settings.address.is_some().then(|| {
            reqwest::Client::builder()
                .timeout(PATIENCE)
                .connect_timeout(Duration::from_secs(2))
                .redirect(reqwest::redirect::Policy::none())
                .pool_max_idle_per_host(16)
                .build()
        });
        let http = http.transpose()?;
        Ok(Gateway(Arc::new(Inner {
            http,
            settings,
            clock,
            breakers: Mutex::default(),
        })))
    }

    /// Whether this is the key of our own gateway.
    pub fn lets_in(&self, key: &[u8]) -> bool {
        self.0.settings.key.as_ref() == Some(&GatewayKey::of(key))
    }

    /// Asks once. `Ok(None)`: asked, and nothing is known there about this person.
    pub async fn ask(
        &self,
        service: &Service,
        question: &Question,
    ) -> Result<Option<Map<String, Value>>, Failure> {
        let body = Body {
            national_id: &question.national_id,
            from: question.from,
            until: question.until,
        };
        let answer = async {
            let bytes = self.try_once(service, question, &body).await?;
            understand(&bytes, &question.national_id)
        };
        self.guarded(service, answer).await
    }

    /// Tells a service that takes messages, once: `members` beside the person's number. Sent again under the same message id it is counted once.
    pub async fn tell(
        &self,
        service: &Service,
        question: &Question,
        members: &Map<String, Value>,
    ) -> Result<Told, Failure> {
        let mut body = members.clone();
        body.insert("national_id".to_owned(), question.national_id.clone().into());
        let answer = async {
            let bytes = self.try_once(service, question, &body).await?;
            understand_told(&bytes, &question.national_id)
        };
        self.guarded(service, answer).await
    }

    /// One try, unless the service is left alone; its breaker learns from what comes.
    async fn guarded<T>(
        &self,
        service: &Service,
        answer: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        if let Some((last, until)) = self.rests(&service.code) {
            return Err(Failure::Resting {
                last: Box::new(last),
                until,
            });
        }
        let answer = answer.await;
        let mut breakers = self.breakers();
        let breaker = breakers.entry(service.code.clone()).or_default();
        match &answer {
            Ok(_) => *breaker = Breaker::default(),
            Err(failure) => {
                breaker.failures = breaker.failures.saturating_add(1);
                if breaker.failures >= FAILURES {
                    let until = self.0.clock.now().checked_add(REST);
                    breaker.open = until.ok().map(|until| (until, failure.clone()));
                }
            }
        }
        answer
    }

    async fn try_once(
        &self,
        service: &Service,
        question: &Question,
        body: &impl Serialize,
    ) -> Result<Vec<u8>, Failure> {
        let (Some(http), Some(address)) = (&self.0.http, &self.0.settings.address) else {
            return Err(Failure::Silent("no address of the registers is set".into()));
        };
        let mut answer = http
            .post(format!("{}/r1/{}", address.trim_end_matches('/'), service.xroad))
            .header("X-Road-Client", &self.0.settings.client)
            .header("X-Road-Id", &question.message)
            .header("X-Road-UserId", &question.user)
            .header("X-Road-Issue", &question.issue)
            .json(body)
            .send()
            .await
            .map_err(|error| Failure::Silent(cause(&error)))?;
        let status = answer.status();
        if !status.is_success() {
            return Err(Failure::Silent(format!(
                "the service answered with status {}",
                status.as_u16()
            )));
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = answer
            .chunk()
            .await
            .map_err(|error| Failure::Silent(cause(&error)))?
        {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > LARGEST {
                return Err(Failure::Unusable(
                    "the answer is larger than any answer can be".into(),
                ));
            }
        }
        Ok(bytes)
    }

    fn breakers(&self) -> MutexGuard<'_, HashMap<String, Breaker>> {
        self.0.breakers.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// Whether a service is left alone now, without taking the turn to try it after its rest.
    pub fn is_left_alone(&self, service: &str) -> bool {
        let now = self.0.clock.now();
        let breakers = self.breakers();
        let open = breakers.get(service).and_then(|breaker| breaker.open.as_ref());
        open.is_some_and(|(until, _)| now < *until)
    }
    /// What went wrong last with a service that is left alone now, and until when it is. After its rest one question is let through; the others wait for what
    /// becomes of it, or for another rest where nothing does.
    fn rests(&self, service: &str) -> Option<(Failure, Timestamp)> {
        let now = self.0.clock.now();
        let mut breakers = self.breakers();
        let (until, last) = breakers.get_mut(service)?.open.as_mut()?;
        if now < *until {
            return Some((last.clone(), *until));
        }
        *until = now.checked_add(REST).unwrap_or(now);
        None
    }
}

/// Reads what a service says to a message, and makes sure that it is about the same person.
fn understand_told(bytes: &[u8], national_id: &str) -> Result<Told, Failure> {
    let Ok(Value::Object(members)) = serde_json::from_slice::<Value>(bytes) else {
        return Err(Failure::Unusable("the answer is garbled".into()));
    };
    let text = |name: &str| members.get(name).and_then(Value::as_str);
    if text("national_id") != Some(national_id) {
        return Err(Failure::Unusable("the answer is about another person".into()));
    }
    let short = |text: &str| {
        text.chars()
            .filter(|c| !c.is_control())
            .take(200)
            .collect::<String>()
    };
    match (members.get("taken"), text("receipt"), text("why")) {
        (Some(Value::Bool(true)), Some(receipt), _) => Ok(Told::Taken(short(receipt))),
        (Some(Value::Bool(false)), _, why) => Ok(Told::Refused(short(why.unwrap_or("no reason was given")))),
        _ => Err(Failure::Unusable(
            "the answer does not say whether the message was taken".into(),
        )),
    }
}

/// Reads an answer and makes sure that it is about the person asked for.
fn understand(bytes: &[u8], national_id: &str) -> Result<Option<Map<String, Value>>, Failure> {
    let Ok(Value::Object(members)) = serde_json::from_slice::<Value>(bytes) else {
        return Err(Failure::Unusable("the answer is garbled".into()));
    };
    if members.get("national_id").and_then(Value::as_str) != Some(national_id) {
        return Err(Failure::Unusable("the answer is about another person".into()));
    }
    match members.get("found") {
        Some(Value::Bool(true)) => Ok(Some(members)),
        Some(Value::Bool(false)) => Ok(None),
        _ => Err(Failure::Unusable(
            "the answer does not say whether anything was found".into(),
        )),
    }
}

/// What went wrong on the way, without the address.
fn cause(error: &reqwest::Error) -> String {
    let what = if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "the service cannot be reached"
    } else {
        "the line broke during the answer"
    };
    what.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_believed_only_about_the_person_asked_for() {
        let unusable = |text: &str| matches!(understand(text.as_bytes(), "1"), Err(Failure::Unusable(_)));
        assert!(unusable("<html>"));
        assert!(unusable("[]"));
        assert!(unusable(r#"{"found": true}"#));
        assert!(unusable(r#"{"found": true, "national_id": "2"}"#));
        assert!(unusable(r#"{"found": "yes", "national_id": "1"}"#));
        assert_eq!(
            understand(br#"{"found": false, "national_id": "1"}"#, "1"),
            Ok(None)
        );
        assert!(
            understand(br#"{"found": true, "national_id": "1", "x": 1}"#, "1")
                .is_ok_and(|answer| answer.is_some())
        );
    }

    #[test]
    fn a_receipt_is_believed_only_about_the_person_told_of() {
        let told = |text: &str| understand_told(text.as_bytes(), "1");
        assert_eq!(
            told(r#"{"national_id": "1", "taken": true, "receipt": "F-1"}"#),
            Ok(Told::Taken("F-1".into()))
        );
        assert_eq!(
            told(r#"{"national_id": "1", "taken": false, "why": "unknown"}"#),
            Ok(Told::Refused("unknown".into()))
        );
        for wrong in [
            r#"{"national_id": "2", "taken": true, "receipt": "F-1"}"#,
            r#"{"national_id": "1", "taken": true}"#,
            r#"{"national_id": "1"}"#,
            "<html>",
        ] {
            assert!(matches!(told(wrong), Err(Failure::Unusable(_))), "{wrong}");
        }
    }

    #[test]
    fn after_its_rest_one_question_tries_the_service_and_the_others_wait() {
        let clock = Clock::fixed("2025-03-10T08:00:00Z".parse().unwrap(), jiff::tz::TimeZone::UTC);
        let gateway = Gateway::new(Settings::default(), clock.clone()).unwrap();
        assert_eq!(gateway.rests("tax"), None);
        let silent = Failure::Silent("no answer in time".into());
        let until = clock.now().checked_add(REST).unwrap();
        let open = Breaker {
            failures: FAILURES,
            open: Some((until, silent.clone())),
        };
        gateway.breakers().insert("tax".into(), open);
        assert_eq!(gateway.rests("tax"), Some((silent.clone(), until)));
        assert_eq!(gateway.rests("pension"), None, "each service by itself");
        clock.advance(REST);
        assert_eq!(gateway.rests("tax"), None, "one tries");
        let next = until.checked_add(REST).unwrap();
        assert_eq!(
            gateway.rests("tax"),
            Some((silent, next)),
            "the others wait for it"
        );
        clock.advance(REST);
        assert_eq!(
            gateway.rests("tax"),
            None,
            "nothing came of it: another one tries"
        );
    }
}

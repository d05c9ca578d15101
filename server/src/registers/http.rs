//! One request: the protocol, the faults, the answer.

use super::{
    answers::{self, Period},
    courses::{self, Courses},
    faults::{Faults, Kind},
    population::Registry,
    protocol::{self, Message},
    receiving,
    services::Service,
};
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::Request,
    http::{Method, StatusCode},
    response::Response,
};
use futures_util::stream;
use karton_api::Date;
use serde::Deserialize;
use serde_json::json;
use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    convert::Infallible,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::watch;

const LONGEST_BODY: usize = 64 << 10;
const BODY_WITHIN: Duration = Duration::from_secs(30);
const LONGEST_ID: usize = 32;
/// A message asked again within so many others gets the same answer.
const REMEMBERED: usize = 4096;

/// Everything that answers. Shared by all connections.
#[derive(Debug)]
pub(super) struct House {
    pub(super) services: BTreeMap<String, Service>,
    pub(super) courses: Arc<Courses>,
    pub(super) faults: Faults,
    /// Nothing while the population is being drawn.
    pub(super) registry: watch::Receiver<Option<Arc<Registry>>>,
    pub(super) desk: Mutex<Desk>,
}

/// What was answered.
#[derive(Debug, Default)]
pub(super) struct Desk {
    /// Messages answered, by service. A message asked again counts once.
    counts: BTreeMap<String, u64>,
    answers: HashMap<String, Remembered>,
    order: VecDeque<String>,
}

#[derive(Debug, Clone)]
struct Remembered {
    service: String,
    national_id: String,
    body: Bytes,
}

/// The connection is closed without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the line is closed by a fault that is switched on")]
pub(super) struct HangUp;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    national_id: String,
    from: Option<String>,
    until: Option<String>,
}

/// Answers a request. Never waits longer than the slowest fault and the drawing of the population.
pub(super) async fn respond(house: Arc<House>, request: Request) -> Result<Response, HangUp> {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path();
    if path == "/health" {
        return Ok(if parts.method == Method::GET {
            health(&house)
        } else {
            method_not_allowed()
        });
    }
    if path == "/deliver" && parts.method == Method::PUT {
        return Ok(deliver(&house, body).await);
    }
    let Some(address) = path.strip_prefix("/r1/") else {
        return Ok(protocol::error(
            StatusCode::BAD_REQUEST,
            "Client.BadRequest",
            "The address must be /r1/instance/memberClass/memberCode/subsystemCode/serviceCode",
        ));
    };
    let Ok(Ok(body)) = tokio::time::timeout(BODY_WITHIN, to_bytes(body, LONGEST_BODY)).await else {
        return Ok(protocol::error(
            StatusCode::BAD_REQUEST,
            "Client.BadRequest",
            "The request's body did not arrive, or is longer than 64 KB",
        ));
    };
    let message = match protocol::read(&parts.headers, address, &body) {
        Ok(message) => message,
        Err(why) => {
            return Ok(protocol::error(
                StatusCode::BAD_REQUEST,
                "Client.BadRequest",
                &why,
            ));
        }
    };
    let Some(service) = house.services.get(address) else {
        let why = format!(
            "Unknown service: {}",
            address.chars().take(200).collect::<String>()
        );
        return Ok(protocol::error(
            StatusCode::INTERNAL_SERVER_ERROR,
            "Server.ServerProxy.UnknownService",
            &why,
        ));
    };
    if parts.method != Method::POST {
        return Ok(protocol::refusal(
            &message,
            StatusCode::METHOD_NOT_ALLOWED,
            "Only POST is answered here",
        ));
    }
    answer(&house, service, message, &body).await
}

async fn answer(house: &House, service: &Service, message: Message, body: &[u8]) -> Result<Response, HangUp> {
    let asked = match read(service, body) {
        Ok(asked) => asked,
        Err(why) => return Ok(protocol::refusal(&message, StatusCode::BAD_REQUEST, &why)),
    };
    let (from, until) = (edge(asked.from.as_deref()), edge(asked.until.as_deref()));
    let (Ok(from), Ok(until)) = (from, until) else {
        let why = "from and until are months (2024-05) or days (2024-05-31); until is not included";
        return Ok(protocol::refusal(&message, StatusCode::BAD_REQUEST, why));
    };
    if asked.national_id.is_empty() || asked.national_id.len() > LONGEST_ID {
        let why = format!("national_id must be 1 to {LONGEST_ID} characters");
        return Ok(protocol::refusal(&message, StatusCode::BAD_REQUEST, &why));
    }
    let suffered = house.faults.suffer(&service.code, &asked.national_id);
    if !suffered.wait.is_zero() {
        wait(suffered.wait).await;
    }
    tracing::info!(service = service.code, message = message.id, fault = ?suffered.then, "asked");
    match suffered.then {
        Some((Kind::Down, _)) => return Err(HangUp),
        Some((Kind::Status, status)) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            return Ok(protocol::refusal(&message, status, "A fault that is switched on"));
        }
        Some((Kind::Garbage, _)) => {
            return Ok(protocol::answer(
                &message,
                StatusCode::OK,
                Body::from(&b"\xff\xfe\x00{\"found\": tru\xc3"[..]),
            ));
        }
        Some((Kind::Huge, _)) => return Ok(protocol::answer(&message, StatusCode::OK, huge())),
        Some((Kind::Refuses, _)) if !service.takes.is_empty() => {
            let value = receiving::not_taken(&asked.national_id, "nothing is taken at present");
            return Ok(protocol::answer(
                &message,
                StatusCode::OK,
                Body::from(value.to_string()),
            ));
        }
        Some(_) | None => {}
    }
    match house.remembered(&message, &asked.national_id) {
        Some(Ok(body)) => return Ok(protocol::answer(&message, StatusCode::OK, Body::from(body))),
        Some(Err(())) => {
            let why = "This X-Road-Id was used for another request";
            return Ok(protocol::error(StatusCode::BAD_REQUEST, "Client.BadRequest", why));
        }
        None => {}
    }
    let Some(registry) = house.registry().await else {
        let why = "The registers are being stopped";
        return Ok(protocol::error(
            StatusCode::INTERNAL_SERVER_ERROR,
            "Server.ServerProxy.ServiceFailed",
            why,
        ));
    };
    let wrong = matches!(suffered.then, Some((Kind::WrongPerson, _)));
    let person = if wrong {
        registry.another(&asked.national_id)
    } else {
        registry.find(&asked.national_id)
    };
    let value = match person {
        Some((household, place)) if !service.takes.is_empty() => {
            let about = household
                .members
                .get(place)
                .and_then(|member| member.national_id.as_deref());
            let asked = courses::Asked {
                service: service.code.clone(),
                message: message.id.clone(),
                national_id: about.unwrap_or_default().to_owned(),
                today: registry.population().today,
                fault: suffered.then.map(|(kind, _)| kind),
            };
            if !wrong {
                let courses = house.courses.clone();
                tokio::spawn(async move { courses.run(asked).await });
            }
            receiving::taken(about.unwrap_or_default(), &message.id)
        }
        None if !service.takes.is_empty() => {
            receiving::not_taken(&asked.national_id, "nobody with this number is in the register")
        }
        Some((household, place)) => answers::about(
            service,
            (registry.settings(), registry.population()),
            &household,
            place,
            Period { from, until },
        ),
        None => answers::nothing(&asked.national_id),
    };
    let body = Bytes::from(value.to_string());
    if !wrong {
        house.remember(&message, &asked.national_id, &service.code, &body);
    }
    Ok(protocol::answer(&message, StatusCode::OK, Body::from(body)))
}

/// Reads a question, or a message where the service takes those.
fn read(service: &Service, body: &[u8]) -> Result<Asked, String> {
    if service.takes.is_empty() {
        return serde_json::from_slice(body).map_err(|_| {
            "The body must be {\"national_id\": \"…\", \"from\": \"2024-05\", \"until\": \"2025-03\"}"
                .to_owned()
        });
    }
    let Ok(serde_json::Value::Object(members)) = serde_json::from_slice(body) else {
        return Err("The body must be a message: {\"national_id\": \"…\", …}".to_owned());
    };
    if let Some(mistake) = receiving::mistake(service, &members) {
        return Err(mistake);
    }
    let number = members.get("national_id").and_then(serde_json::Value::as_str);
    Ok(Asked {
        national_id: number.ok_or("the member national_id is missing")?.to_owned(),
        from: None,
        until: None,
    })
}

impl House {
    async fn registry(&self) -> Option<Arc<Registry>> {
        let mut registry = self.registry.clone();
        registry
            .wait_for(Option::is_some)
            .await
            .ok()
            .and_then(|registry| registry.clone())
    }

    /// The answer that this message got before; an error where its id belongs to another question.
    fn remembered(&self, message: &Message, national_id: &str) -> Option<Result<Bytes, ()>> {
        let desk = self.desk.lock().unwrap_or_else(PoisonError::into_inner);
        let before = desk.answers.get(&message.id)?;
        let same = before.service == message.service && before.national_id == national_id;
        Some(if same { Ok(before.body.clone()) } else { Err(()) })
    }

    fn remember(&self, message: &Message, national_id: &str, service: &str, body: &Bytes) {
        let mut desk = self.desk.lock().unwrap_or_else(PoisonError::into_inner);
        let remembered = Remembered {
            service: message.service.clone(),
            national_id: national_id.to_owned(),
            body: body.clone(),
        };
        if desk.answers.insert(message.id.clone(), remembered).is_some() {
            return;
        }
        *desk.counts.entry(service.to_owned()).or_default() += 1;
        desk.order.push_back(message.id.clone());
        if desk.order.len() > REMEMBERED
            && let Some(oldest) = desk.order.pop_front()
        {
            desk.answers.remove(&oldest);
        }
    }
}

/// Takes where messages go.
async fn deliver(house: &House, body: Body) -> Response {
    let to = match tokio::time::timeout(BODY_WITHIN, to_bytes(body, LONGEST_BODY)).await {
        Ok(Ok(body)) => serde_json::from_slice::<courses::Deliver>(&body).ok(),
        _ => None,
    };
    let Some(to) = to else {
        let body = json!({ "status": 400, "error": "Bad Request", "message": "The body must be {\"address\": \"http://…\", \"key\": \"…\"}" });
        return json_response(StatusCode::BAD_REQUEST, body.to_string());
    };
    house.courses.deliver_to(to);
    json_response(StatusCode::OK, json!({ "status": 200 }).to_string())
}

/// How it stands: whether the population is drawn, how often each service answered, whether the faults file can be used.
fn health(house: &House) -> Response {
    let persons = house
        .registry
        .borrow()
        .as_ref()
        .map(|registry| registry.persons());
    let counts = house
        .desk
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .counts
        .clone();
    let body = json!({
        "status": if persons.is_some() { "ready" } else { "starting" },
        "persons": persons.unwrap_or(0),
        "services": house.services.values().map(|service| &service.code).collect::<Vec<_>>(),
        "answered": counts,
        "faults": house.faults.mistake().unwrap_or_else(|| "ok".to_owned()),
    });
    json_response(StatusCode::OK, body.to_string())
}

fn method_not_allowed() -> Response {
    json_response(
        StatusCode::METHOD_NOT_ALLOWED,
        json!({ "status": 405, "error": "Method Not Allowed" }).to_string(),
    )
}

fn json_response(status: StatusCode, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let json = axum::http::HeaderValue::from_static("application/json");
    response
        .headers_mut()
        .insert(axum::http::header::CONTENT_TYPE, json);
    response
}

/// The first day of a month, or the day itself.
fn edge(text: Option<&str>) -> Result<Option<Date>, ()> {
    let Some(text) = text else { return Ok(None) };
    match text.len() {
        7 => format!("{text}-01").parse().map(Some).map_err(|_| ()),
        10 => text.parse().map(Some).map_err(|_| ()),
        _ => Err(()),
    }
}

/// More than 100 MB of something that begins like an answer.
fn huge() -> Body {
    static PIECE: [u8; 64 << 10] = [b'a'; 64 << 10];
    const PIECES: u32 = 1700;
    let pieces = stream::iter((0..=PIECES).map(|n| {
        let piece = if n == 0 {
            &b"{\"found\": true, \"text\": \""[..]
        } else {
            &PIECE[..]
        };
        Ok::<_, Infallible>(Bytes::from_static(piece))
    }));
    Body::from_stream(pieces)
}

#[expect(
    clippy::disallowed_methods,
    reason = "a slow institution is what is simulated here"
)]
pub(super) async fn wait(time: Duration) {
    tokio::time::sleep(time).await;
}

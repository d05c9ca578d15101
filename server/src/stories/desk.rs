//! A house with its clock in our hands, officers at their desks, and a person to apply.

use crate::{
    access::{Actor, Scope},
    audit::{self, Entry},
    clock::Clock,
    facts::{self, NewFact},
    house::{self, House, Settings},
    http, pack, router,
    store::{
        Store,
        jobs::{self, Handlers, Pace},
    },
    users,
};
use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use http_body_util::BodyExt as _;
use jiff::{SignedDuration, tz::TimeZone};
use karton_api::{
    Date, FactValue, Id,
    persons::{Holder, SourceKind},
    session::Role,
    users::{NewUser, OfficeRoles},
    value::{self, Officer, Person},
};
use serde_json::{Value, json};
use tower::ServiceExt as _;

const PASSWORD: &str = "tri-vrane-na-jarbolu";

/// The house.
pub(super) struct Desk {
    pub(super) house: House,
    router: Router,
}

/// What came back.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) bytes: Vec<u8>,
    pub(super) headers: HeaderMap,
    pub(super) body: Value,
}

impl Answer {
    /// It worked.
    #[track_caller]
    pub(super) fn ok(self) -> Value {
        assert!(self.status.is_success(), "{}: {}", self.status, self.body);
        self.body
    }
    /// It was refused with this status and slug.
    #[track_caller]
    pub(super) fn refused(self, status: u16, slug: &str) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        assert_eq!(self.body["type"], format!("/problems/{slug}"), "{}", self.body);
        self.body
    }
}

/// A signed-in officer.
#[derive(Clone)]
pub(super) struct Seat {
    token: String,
    user: String,
    pub(super) officer: Id<Officer>,
}

impl Desk {
    pub(super) async fn open(store: Store) -> Desk {
        Desk::asking(store, None).await
    }

    /// A house of another country, on the day that its demo shows.
    pub(super) async fn in_country(store: Store, country: &str) -> Desk {
        let files = pack::files(country).unwrap();
        let read = karton_rules::Pack::load(&files).unwrap().country;
        let zone = TimeZone::get(&read.time_zone).unwrap();
        let noon = read
            .demo_today
            .unwrap()
            .at(12, 0, 0, 0)
            .to_zoned(zone.clone())
            .unwrap();
        let mut settings = Settings::new(store, files);
        settings.clock = Some(Clock::fixed(noon.timestamp(), zone));
        let house = house::open(settings).await.unwrap().house;
        let (router, _) = http::frame(router::rooms(), &house);
        Desk { house, router }
    }

    /// The same with the registers at an address.
    pub(super) async fn asking(store: Store, registers: Option<String>) -> Desk {
        Desk::with(store, registers, pack::files("me").unwrap()).await
    }

    /// The same with the files of another pack.
    pub(super) async fn serving(store: Store, files: std::collections::BTreeMap<String, String>) -> Desk {
        Desk::with(store, None, files).await
    }

    async fn with(
        store: Store,
        registers: Option<String>,
        files: std::collections::BTreeMap<String, String>,
    ) -> Desk {
        // Only the first house of a run sets it; a fault's cause shows itself where a story fails.
        let _ = tracing_subscriber::fmt()
            .with_test_writer()
            .with_max_level(tracing::Level::ERROR)
            .try_init();
        let zone = TimeZone::get("Europe/Podgorica").unwrap();
        let mut settings = Settings::new(store, files);
        settings.clock = Some(Clock::fixed("2025-03-10T09:00:00Z".parse().unwrap(), zone));
        settings.gateway.address = registers;
        let house = house::open(settings).await.unwrap().house;
        let (router, _) = http::frame(router::rooms(), &house);
        Desk { house, router }
    }

    /// Lets a minute pass.
    pub(super) fn later(&self) {
        self.house.clock.advance(SignedDuration::from_mins(1));
    }

    /// Lets days pass, after which everybody has to sign in again.
    pub(super) fn days(&self, days: i64) {
        self.house.clock.advance(SignedDuration::from_hours(24 * days));
    }

    /// Signs an officer in again.
    pub(super) async fn again(&self, seat: &Seat) -> Seat {
        let sign_in = json!({ "user": seat.user, "password": PASSWORD });
        let session = self
            .send(None, Method::POST, "/v1/session", Some(sign_in), &[])
            .await
            .ok();
        Seat {
            token: session["token"].as_str().unwrap().to_owned(),
            ..seat.clone()
        }
    }

    /// The jobs that are due are done.
    pub(super) async fn jobs(&self) {
        let handlers = router::jobs(Handlers::new(), &self.house);
        let worker = jobs::run(
            self.house.store.clone(),
            self.house.clock.clone(),
            "story",
            handlers,
            Pace::default(),
        );
        worker.drained().await;
        worker.stop().await;
    }

    pub(super) async fn officer(&self, name: &str, office: &str, roles: &[Role]) -> Seat {
        let top = self.house.offices.top().unwrap().id;
        let actor = Actor {
            officer: None,
            office: top,
        };
        let body = NewUser {
            user: name.to_lowercase(),
            name: name.to_owned(),
            roles: vec![OfficeRoles {
                office: office.to_owned(),
                roles: roles.to_vec(),
            }],
        };
        let opened = users::open_account(
            &self.house,
            actor,
            Scope::under(top),
            &body,
            Some(PASSWORD.to_owned()),
        )
        .await
        .unwrap();
        let seat = Seat {
            token: String::new(),
            user: name.to_lowercase(),
            officer: opened.user.id,
        };
        self.again(&seat).await
    }

    pub(super) async fn send_body(
        &self,
        seat: &Seat,
        method: Method,
        path: &str,
        body: Body,
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {}", seat.token));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.asked(request.body(body).unwrap()).await
    }

    pub(super) async fn send(
        &self,
        seat: Option<&Seat>,
        method: Method,
        path: &str,
        body: Option<Value>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::CONTENT_TYPE, "application/json");
        if let Some(seat) = seat {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", seat.token));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        self.asked(request.body(body).unwrap()).await
    }
    async fn asked(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let headers = response.headers().clone();
        let bytes = response.into_body().collect().await.unwrap().to_bytes().to_vec();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer {
            status,
            bytes,
            headers,
            body,
        }
    }
    /// A file as the body.
    pub(super) async fn send_bytes(
        &self,
        seat: Option<&Seat>,
        method: Method,
        path: &str,
        bytes: Vec<u8>,
    ) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::CONTENT_TYPE, "application/octet-stream");
        if let Some(seat) = seat {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", seat.token));
        }
        self.asked(request.body(Body::from(bytes)).unwrap()).await
    }
    pub(super) async fn get(&self, seat: &Seat, path: &str) -> Answer {
        self.send(Some(seat), Method::GET, path, None, &[]).await
    }
    pub(super) async fn post(&self, seat: &Seat, path: &str, body: Value) -> Answer {
        self.send(Some(seat), Method::POST, path, Some(body), &[]).await
    }
    pub(super) async fn put(&self, seat: &Seat, path: &str, revision: i64, body: Value) -> Answer {
        self.send(
            Some(seat),
            Method::PUT,
            path,
            Some(body),
            &[("If-Match", &format!("\"{revision}\""))],
        )
        .await
    }

    /// Registers a woman born in 1981 who lives alone; women of other names were born on other days, so that nobody takes them for one.
    pub(super) async fn person(&self, seat: &Seat, given: &str) -> Id<Person> {
        let day = given.bytes().map(u32::from).sum::<u32>() % 28 + 1;
        let body = json!({
            "name": { "given": given, "family": "Vujotić" }, "birth_date": format!("1981-09-{day:02}"), "sex": "f", "municipality": "ME-16",
        });
        let view = self.post(seat, "/v1/persons", body).await.ok();
        view["card"]["id"].as_str().unwrap().parse().unwrap()
    }

    /// A register's word about a person, as it would arrive.
    pub(super) async fn register_says(&self, person: Id<Person>, office: &str, words: &[(&str, FactValue)]) {
        let office = self.house.offices.by_code(office).unwrap().id;
        let now = self.house.clock.now();
        let from: Date = "2025-01-01".parse().unwrap();
        let facts: Vec<NewFact> = words
            .iter()
            .map(|(name, value)| NewFact {
                id: self.house.clock.id(),
                holder: Holder::Person(person),
                name: (*name).to_owned(),
                value: value.clone(),
                from,
                until: None,
                source: SourceKind::Register,
                service: Some("story".to_owned()),
                evidence: None,
                note: None,
                fresh_until: now.checked_add(SignedDuration::from_hours(24 * 30)).ok(),
                by: None,
            })
            .collect();
        audit::write(
            &self.house.store,
            Actor {
                officer: None,
                office,
            },
            now,
            move |tx| {
                for fact in &facts {
                    facts::insert(tx, fact, now)?;
                }
                Ok(((), Entry::of("evidence-arrived").person(person)))
            },
        )
        .await
        .unwrap();
    }

    /// Everything that the registers know about somebody without means.
    pub(super) async fn registers_know_a_poor_woman(&self, person: Id<Person>, office: &str) {
        self.registers_know_all_but(person, office, &[]).await;
    }

    /// The same, but about some facts no register has answered.
    pub(super) async fn registers_know_all_but(&self, person: Id<Person>, office: &str, silent: &[&str]) {
        let nothing = || FactValue::Rows(Vec::new());
        let words = [
            ("residence_kind", FactValue::Code("residence".into())),
            ("income", nothing()),
            ("pension", nothing()),
            (
                "unemployment_benefit",
                FactValue::Money(karton_api::Money::new(0, karton_api::Currency::EUR)),
            ),
            ("real_estate", nothing()),
            ("property_disposals", nothing()),
            ("vehicles", nothing()),
            ("livestock_units", FactValue::Decimal("0".into())),
            ("registered_unemployed", FactValue::Bool(false)),
            ("in_regular_education", FactValue::Bool(false)),
            ("employments", nothing()),
            ("left_work_on", nothing()),
            ("refused_work", FactValue::Bool(false)),
        ];
        let words: Vec<_> = words
            .into_iter()
            .filter(|(fact, _)| !silent.contains(fact))
            .collect();
        self.register_says(person, office, &words).await;
    }
}

/// What a woman who lives alone says at the counter about material support.
pub(super) fn answers(person: Id<Person>) -> Value {
    let her = |fact: &str, value: Value| json!({ "of": { "kind": "person", "id": person }, "fact": fact, "value": value });
    let no = || json!({ "type": "bool", "value": false });
    json!([
        { "of": { "kind": "claim" }, "fact": "consent", "value": { "type": "bool", "value": true } },
        { "of": { "kind": "claim" }, "fact": "payment_channel", "value": { "type": "code", "value": "post" } },
        { "of": { "kind": "household" }, "fact": "tenure", "value": { "type": "code", "value": "rented" } },
        her("work_capable", no()),
        her("former_child_without_care", no()),
        her("vehicle_for_disability", no()),
        her("livestock_units", json!({ "type": "decimal", "value": "0" })),
        her("lifelong_support_contract", no()),
        her("in_institution", no()),
    ])
}

/// The first officer's word on every condition that rests on something unproved or on unconfirmed law.
pub(super) fn confirmations(assessment: &Value) -> Vec<Value> {
    let conditions = assessment["assessment"]["conditions"].as_array().unwrap();
    let unproved = |condition: &&Value| {
        let facts = condition["values"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|value| value["facts"].as_array().unwrap());
        facts.into_iter().any(|fact| fact["status"] != "verified") || condition["verdict"] == "must-confirm"
    };
    let word = |condition: &Value| json!({ "condition": condition["id"], "met": condition["verdict"] != "not-met", "reason": "viđeno na terenu" });
    conditions
        .iter()
        .filter(|condition| condition["verdict"] != "not-applicable")
        .filter(unproved)
        .map(word)
        .collect()
}

/// The id at a place of an answer.
pub(super) fn id<T>(value: &Value) -> Id<T> {
    value.as_str().unwrap().parse().unwrap()
}

/// The id of an application, as its matter's.
pub(super) type ApplicationId = Id<value::Application>;

//! Stories through the front door: a house on a real store, its listener on a port of its own, the clock in our hands.

mod bad_input;
mod damage;
mod doors;
mod repeats;
mod sign_in;
mod upgrade;

use crate::{
    access::{Actor, Scope},
    clock::Clock,
    house::{self, House, Settings},
    http::{Limits, frame, listen},
    offices, pack, router,
    store::{Options, Store, StoreUrl, jobs::Handlers},
    users,
};
use jiff::tz::TimeZone;
use karton_api::{
    session::Role,
    users::{NewUser, OfficeRoles},
};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};
use utoipa_axum::router::OpenApiRouter;

/// The password of everybody in these stories.
pub(crate) const PASSWORD: &str = "zeleni konj na krovu";

/// A house that is served.
pub(crate) struct Desk {
    pub(crate) house: House,
    pub(crate) url: String,
    pub(crate) api: utoipa::openapi::OpenApi,
    http: reqwest::Client,
    _stop: oneshot::Sender<()>,
    _server: JoinHandle<()>,
}

/// A store for stories that are told on one engine.
pub(crate) fn passing_store() -> Store {
    Store::open(&StoreUrl::Temporary, &Options::default()).unwrap()
}

impl Desk {
    pub(crate) async fn open(store: Store) -> Desk {
        Desk::open_with(store, OpenApiRouter::new()).await
    }

    /// With further routes that only a story needs.
    pub(crate) async fn open_with(store: Store, more: OpenApiRouter<House>) -> Desk {
        let _already = rustls::crypto::ring::default_provider().install_default();
        let clock = Clock::fixed("2025-03-10T08:00:00Z".parse().unwrap(), TimeZone::UTC);
        let settings = Settings {
            clock: Some(clock),
            ..Settings::new(store, pack::files("me").unwrap())
        };
        let house = house::open(settings).await.unwrap().house;
        // Jobs are part of the house, but these stories have none to wait for.
        let _handlers = router::jobs(Handlers::new(), &house);
        let (service, api) = frame(router::rooms().merge(more), &house);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel::<()>();
        let limits = Limits {
            connections: 4096,
            ..Limits::default()
        };
        let server = tokio::spawn(listen(service, listener, None, limits, async move {
            drop(stopped.await)
        }));
        Desk {
            house,
            url,
            api,
            http: reqwest::Client::new(),
            _stop: stop,
            _server: server,
        }
    }

    /// Opens an account with a password of its own.
    pub(crate) async fn officer(&self, user: &str, office: &str, roles: &[Role]) -> karton_api::users::User {
        let top = self.house.offices.top().unwrap().id;
        let roles = vec![OfficeRoles {
            office: office.into(),
            roles: roles.to_vec(),
        }];
        let body = NewUser {
            user: user.into(),
            name: format!("Officer {user}"),
            roles,
        };
        let actor = Actor {
            officer: None,
            office: top,
        };
        let made = users::open_account(
            &self.house,
            actor,
            Scope::under(top),
            &body,
            Some(PASSWORD.into()),
        )
        .await;
        made.unwrap().user
    }

    pub(crate) async fn ask(&self, method: Method, path: &str, token: &str, body: Option<Value>) -> Response {
        let mut request = self.http.request(method, format!("{}{path}", self.url));
        if !token.is_empty() {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        request.send().await.unwrap()
    }

    pub(crate) async fn get(&self, path: &str, token: &str) -> (StatusCode, Value) {
        answer(self.ask(Method::GET, path, token, None).await).await
    }

    pub(crate) async fn post(&self, path: &str, token: &str, body: Value) -> (StatusCode, Value) {
        answer(self.ask(Method::POST, path, token, Some(body)).await).await
    }

    pub(crate) async fn try_sign_in(&self, user: &str, password: &str) -> Response {
        let body = json!({ "user": user, "password": password });
        self.ask(Method::POST, "/v1/session", "", Some(body)).await
    }

    /// Signs in and answers the token.
    pub(crate) async fn sign_in(&self, user: &str) -> String {
        let (status, body) = answer(self.try_sign_in(user, PASSWORD).await).await;
        assert_eq!(status, StatusCode::CREATED, "{body}");
        body["token"].as_str().unwrap().to_owned()
    }

    /// Every operation with its path, ids filled in with one that nothing has.
    pub(crate) fn operations(&self) -> Vec<(Method, String)> {
        let mut all = Vec::new();
        for (path, item) in &self.api.paths.paths {
            let methods = [
                (&item.get, Method::GET),
                (&item.put, Method::PUT),
                (&item.post, Method::POST),
                (&item.delete, Method::DELETE),
                (&item.patch, Method::PATCH),
            ];
            for (_, method) in methods.into_iter().filter(|(operation, _)| operation.is_some()) {
                all.push((method, path.clone()));
            }
        }
        all
    }
}

/// A path with its parameters filled in.
pub(crate) fn filled(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        parts.push(if part.starts_with('{') {
            "01939c2e-0000-7000-8000-000000000001"
        } else {
            part
        });
    }
    parts.join("/")
}

pub(crate) async fn answer(response: Response) -> (StatusCode, Value) {
    let status = response.status();
    let body = response.bytes().await.unwrap();
    (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
}

pub(crate) fn slug(problem: &Value) -> &str {
    problem["type"]
        .as_str()
        .and_then(|kind| kind.strip_prefix("/problems/"))
        .unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn offices_are_seeded_once_and_know_their_subtree() {
    crate::store::testing::on_both(async |store| {
        let desk = Desk::open(store).await;
        let before = desk.house.offices.all().len();
        let again = offices::seed(&desk.house.store, &desk.house.clock, &desk.house.pack.offices)
            .await
            .unwrap();
        assert_eq!(again, 0);
        let unit = desk
            .house
            .offices
            .all()
            .into_iter()
            .find(|office| office.kind == "unit")
            .unwrap();
        let id = unit.id;
        let rows = desk
            .house
            .store
            .read(move |tx| {
                tx.query(
                    "SELECT ancestor FROM office_tree WHERE office = $1",
                    crate::vals![id],
                )
            })
            .await
            .unwrap();
        assert_eq!(rows.len(), 3, "itself, its centre and the ministry");
        assert!(before > 20);
        let body = desk.house.offices.body(unit.id).unwrap();
        assert_eq!(body.kind, "centre");
    })
    .await;
}

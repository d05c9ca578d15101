//! Registers that are asked: silent, garbled, late, asked twice, asked about somebody whose number was wrong.

use super::desk::{Desk, Seat, answers, id};
use crate::{
    problem::Error,
    store::{Tx, testing::on_both_with},
    vals,
};
use axum::{
    Json, Router,
    extract::{Path, State},
    http::{HeaderMap, Method, StatusCode},
    response::{IntoResponse, Response},
    routing::post,
};
use jiff::SignedDuration;
use karton_api::{Id, session::Role, value::Person};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Instant,
};
use tokio::{net::TcpListener, sync::Semaphore, task::JoinHandle};

/// A number of a man, and another one.
const NUMBER: &str = "1403978200126";
const OTHER: &str = "2902008202150";

/// One institution that answers for all, as a story wants it.
#[derive(Clone)]
pub(super) struct Institution(Arc<Desks>);

pub(super) struct Desks {
    /// Service, message and number of every question, in the order of arrival.
    asked: Mutex<Vec<(String, String, String)>>,
    answer: Mutex<Answers>,
    /// Answers go out as far as there are permits.
    gate: Semaphore,
    /// A permit for each question that has arrived.
    arrived: Semaphore,
}

type Answers = Box<dyn Fn(&str, &str) -> Response + Send>;

impl Institution {
    pub(super) async fn open() -> (Institution, String, JoinHandle<()>) {
        let here = Institution(Arc::new(Desks {
            asked: Mutex::default(),
            answer: Mutex::new(Box::new(|_, number| nothing(number))),
            gate: Semaphore::new(Semaphore::MAX_PERMITS),
            arrived: Semaphore::new(0),
        }));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let routes = Router::new()
            .route("/r1/{*service}", post(hear))
            .with_state(here.clone());
        let serving = tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        (here, address, serving)
    }
    pub(super) fn answers(&self, answer: impl Fn(&str, &str) -> Response + Send + 'static) {
        *self.0.answer.lock().unwrap() = Box::new(answer);
    }
    pub(super) fn asked(&self) -> Vec<(String, String, String)> {
        std::mem::take(&mut self.0.asked.lock().unwrap())
    }
}

async fn hear(
    State(here): State<Institution>,
    Path(service): Path<String>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Response {
    let message = headers["x-road-id"].to_str().unwrap().to_owned();
    let number = body["national_id"].as_str().unwrap().to_owned();
    here.0
        .asked
        .lock()
        .unwrap()
        .push((service.clone(), message, number.clone()));
    here.0.arrived.add_permits(1);
    here.0.gate.acquire().await.unwrap().forget();
    let answer = here.0.answer.lock().unwrap();
    answer(&service, &number)
}

fn nothing(number: &str) -> Response {
    Json(json!({ "national_id": number, "found": false })).into_response()
}

/// Somebody who lives alone has applied.
struct Applied {
    ana: Seat,
    person: Id<Person>,
    path: String,
}

impl Applied {
    async fn at(desk: &Desk, number: Option<&str>) -> Applied {
        Applied::with(desk, number, true).await
    }
    async fn with(desk: &Desk, number: Option<&str>, consents: bool) -> Applied {
        let ana = desk
            .officer("Ana", "CSR-01", &[Role::Clerk, Role::Caseworker])
            .await;
        let mut body = json!({ "name": { "given": "Ivo", "family": "Lim" } });
        if let Some(number) = number {
            body["national_id"] = json!({ "scheme": "jmbg", "number": number });
        } else {
            body["birth_date"] = json!("1978-03-14");
            body["sex"] = json!("m");
        }
        let person: Id<Person> = id(&desk.post(&ana, "/v1/persons", body).await.ok()["card"]["id"]);
        let mut answers = answers(person);
        answers[0]["value"]["value"] = json!(consents);
        let draft = json!({ "benefit": "MO", "applicant": person, "answers": answers });
        let draft = desk.post(&ana, "/v1/applications", draft).await.ok();
        let path = format!("/v1/applications/{}", draft["summary"]["id"].as_str().unwrap());
        desk.post(&ana, &format!("{path}/lodge"), json!({})).await.ok();
        Applied { ana, person, path }
    }
    /// The state of each question, by service.
    async fn states(&self, desk: &Desk) -> BTreeMap<String, String> {
        let round = desk.get(&self.ana, &format!("{}/evidence", self.path)).await.ok();
        let items = round["items"].as_array().unwrap().iter();
        items
            .map(|item| {
                (
                    item["service"].as_str().unwrap().to_owned(),
                    item["state"].as_str().unwrap().to_owned(),
                )
            })
            .collect()
    }
    async fn all_are(&self, desk: &Desk, state: &str) -> bool {
        self.states(desk).await.values().all(|it| it == state)
    }
    async fn asks_again(&self, desk: &Desk) -> Value {
        desk.post(&self.ana, &format!("{}/evidence", self.path), json!({}))
            .await
            .ok()
    }
    /// How many facts registers have given about the person.
    async fn facts(&self, desk: &Desk) -> i64 {
        let person = self.person;
        let count = move |tx: &mut Tx| {
            let sql = "SELECT count(*) FROM fact WHERE holder = $1 AND source = 'register'";
            Ok::<_, Error>(tx.one(sql, vals![person])?.get(0)?)
        };
        desk.house.store.read(count).await.unwrap()
    }
    async fn corrects_the_number(&self, desk: &Desk, number: &str) {
        let body = json!({ "national_id": { "scheme": "jmbg", "number": number }, "reason": "po izvodu iz matične knjige" });
        let path = format!("/v1/persons/{}", self.person);
        desk.send(
            Some(&self.ana),
            Method::PATCH,
            &path,
            Some(body),
            &[("If-Match", "\"1\"")],
        )
        .await
        .ok();
    }
}

fn minutes(desk: &Desk, minutes: i64) {
    desk.house.clock.advance(SignedDuration::from_mins(minutes));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_is_asked_again_under_its_message_and_anew_under_another() {
    on_both_with(&[], async |store| {
        let (registers, address, serving) = Institution::open().await;
        let desk = Desk::asking(store, Some(address)).await;
        let it = Applied::at(&desk, Some(NUMBER)).await;
        registers.answers(|_, _| StatusCode::INTERNAL_SERVER_ERROR.into_response());
        for _ in 0..3 {
            assert!(it.all_are(&desk, "waiting").await);
            desk.jobs().await;
            minutes(&desk, 1);
        }
        assert!(it.all_are(&desk, "silent").await);
        let services = it.states(&desk).await.len();
        let mut messages: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (service, message, number) in registers.asked() {
            assert_eq!(number, NUMBER);
            messages.entry(service).or_default().push(message);
        }
        assert_eq!(messages.len(), services);
        for tries in messages.values() {
            assert_eq!(tries.len(), 3);
            assert!(
                tries.iter().all(|message| *message == tries[0]),
                "counted once by whoever is asked"
            );
        }
        assert_eq!(it.facts(&desk).await, 0);

        registers.answers(|_, number| nothing(number));
        let (asked, ()) = tokio::join!(it.asks_again(&desk), async {
            desk.jobs().await;
        });
        assert_eq!(asked["items"].as_array().unwrap().len(), services);
        desk.jobs().await;
        assert!(it.all_are(&desk, "nothing").await);
        for (service, message, _) in registers.asked() {
            assert_ne!(message, messages[&service][0], "a new question");
        }
        let known = it.facts(&desk).await;
        assert!(known > 0, "asked, and nothing there, is known");
        it.asks_again(&desk).await;
        assert!(registers.asked().is_empty(), "what is fresh is not asked again");
        serving.abort();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_cannot_be_used_gives_no_facts_and_says_what_is_wrong_with_it() {
    on_both_with(&[], async |store| {
        let (registers, address, serving) = Institution::open().await;
        let desk = Desk::asking(store, Some(address)).await;
        let it = Applied::at(&desk, Some(NUMBER)).await;
        // Every member that the service promises, with a value that fits no fact.
        let promised: BTreeMap<String, Vec<String>> = desk
            .house
            .pack
            .services
            .iter()
            .map(|it| {
                (
                    it.xroad.clone(),
                    it.gives.iter().map(|gives| gives.from.clone()).collect(),
                )
            })
            .collect();
        for garbage in [
            json!({ "deep": [[[]]] }),
            json!(1e300),
            json!("9999-99-99\u{0}"),
            json!([{ "neto": "-1e9" }, 7]),
        ] {
            let (promised, garbage) = (promised.clone(), garbage);
            registers.answers(move |service, number| {
                let mut body = json!({ "national_id": number, "found": true });
                for member in &promised[service] {
                    body[member] = garbage.clone();
                }
                Json(body).into_response()
            });
            it.asks_again(&desk).await;
            for _ in 0..3 {
                desk.jobs().await;
                minutes(&desk, 1);
            }
            assert!(
                it.all_are(&desk, "unusable").await,
                "{:?}",
                it.states(&desk).await
            );
            assert_eq!(it.facts(&desk).await, 0);
        }
        let somebody_else =
            |_: &str, _: &str| Json(json!({ "national_id": OTHER, "found": true })).into_response();
        registers.answers(somebody_else);
        it.asks_again(&desk).await;
        for _ in 0..3 {
            desk.jobs().await;
            minutes(&desk, 1);
        }
        assert!(it.all_are(&desk, "unusable").await);
        let round = desk.get(&it.ana, &format!("{}/evidence", it.path)).await.ok();
        assert_eq!(round["items"][0]["problem"], "the answer is about another person");
        assert_eq!(it.facts(&desk).await, 0);
        serving.abort();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_counter_never_waits_longer_than_two_seconds_and_late_answers_still_count_once() {
    on_both_with(&[], async |store| {
        let (registers, address, serving) = Institution::open().await;
        let desk = Arc::new(Desk::asking(store, Some(address)).await);
        let it = Applied::at(&desk, Some(NUMBER)).await;
        let all = it.states(&desk).await.len();
        // Nobody answers for now.
        registers.0.gate.forget_permits(Semaphore::MAX_PERMITS);
        let working = tokio::spawn({
            let desk = Arc::clone(&desk);
            async move { desk.jobs().await }
        });
        registers
            .0
            .arrived
            .acquire_many(u32::try_from(all).unwrap())
            .await
            .unwrap()
            .forget();
        let began = Instant::now();
        let round = it.asks_again(&desk).await;
        assert!(began.elapsed().as_millis() < 2_000, "{:?}", began.elapsed());
        assert_eq!(round["complete"], false);
        assert!(it.all_are(&desk, "waiting").await);
        // The job of asking again asks a second time under the same messages; each answer is entered once.
        registers.0.gate.add_permits(1_000);
        working.await.unwrap();
        desk.jobs().await;
        assert!(it.all_are(&desk, "nothing").await);
        let known = it.facts(&desk).await;
        let different = desk.house.store.read(|tx: &mut Tx| {
            let sql =
                "SELECT count(*) FROM (SELECT DISTINCT name FROM fact WHERE source = 'register') AS names";
            Ok::<i64, Error>(tx.one(sql, &[])?.get(0)?)
        });
        assert_eq!(known, different.await.unwrap(), "no fact twice");
        serving.abort();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_asked_where_the_applicant_has_not_consented() {
    on_both_with(&[], async |store| {
        let (registers, address, serving) = Institution::open().await;
        let desk = Desk::asking(store, Some(address)).await;
        let it = Applied::with(&desk, Some(NUMBER), false).await;
        desk.jobs().await;
        assert!(it.all_are(&desk, "silent").await);
        let round = it.asks_again(&desk).await;
        assert_eq!(
            round["items"][0]["problem"],
            "the applicant has not consented that data are inspected"
        );
        assert!(registers.asked().is_empty());
        serving.abort();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_asked_about_a_person_without_a_number_and_nobody_waits_for_it() {
    on_both_with(&[], async |store| {
        let (registers, address, serving) = Institution::open().await;
        let desk = Desk::asking(store, Some(address)).await;
        let it = Applied::at(&desk, None).await;
        desk.jobs().await;
        assert!(it.all_are(&desk, "silent").await);
        let round = it.asks_again(&desk).await;
        assert_eq!(round["complete"], true, "nothing is waited for");
        assert!(it.all_are(&desk, "silent").await);
        assert_eq!(
            round["items"][0]["problem"],
            "the person has no national number to ask by"
        );
        assert!(registers.asked().is_empty());
        it.corrects_the_number(&desk, NUMBER).await;
        let (_, ()) = tokio::join!(it.asks_again(&desk), desk.jobs());
        desk.jobs().await;
        assert!(it.all_are(&desk, "nothing").await);
        serving.abort();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_about_a_corrected_number_or_a_withdrawn_application_is_not_kept() {
    on_both_with(&[], async |store| {
        let (registers, address, serving) = Institution::open().await;
        let desk = Arc::new(Desk::asking(store, Some(address)).await);
        let it = Applied::at(&desk, Some(NUMBER)).await;
        let all = u32::try_from(it.states(&desk).await.len()).unwrap();
        #[expect(
            clippy::async_yields_async,
            reason = "the work goes on while the story tells something else"
        )]
        let under_way = async || {
            registers.0.gate.forget_permits(Semaphore::MAX_PERMITS);
            let desk = Arc::clone(&desk);
            let working = tokio::spawn(async move { desk.jobs().await });
            registers.0.arrived.acquire_many(all).await.unwrap().forget();
            working
        };
        let working = under_way().await;
        it.corrects_the_number(&desk, OTHER).await;
        registers.0.gate.add_permits(1_000);
        working.await.unwrap();
        assert!(
            it.all_are(&desk, "waiting").await,
            "asked again, by the number that is right"
        );
        assert_eq!(it.facts(&desk).await, 0);
        registers.asked();

        minutes(&desk, 1);
        let working = under_way().await;
        assert!(registers.asked().iter().all(|(_, _, number)| number == OTHER));
        let reason = json!({ "reason": "ne treba više", "document": "Izjava o odustanku" });
        desk.post(&it.ana, &format!("{}/withdraw", it.path), reason)
            .await
            .ok();
        registers.0.gate.add_permits(1_000);
        working.await.unwrap();
        assert_eq!(it.facts(&desk).await, 0);
        assert!(it.all_are(&desk, "silent").await);
        serving.abort();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_held_back_is_asked_as_soon_as_the_service_may_be_asked_again() {
    on_both_with(&[], async |store| {
        let (registers, address, serving) = Institution::open().await;
        let desk = Desk::asking(store, Some(address)).await;
        let it = Applied::at(&desk, Some(NUMBER)).await;
        let seconds = |n| desk.house.clock.advance(SignedDuration::from_secs(n));
        registers.answers(|_, _| StatusCode::INTERNAL_SERVER_ERROR.into_response());
        for _ in 0..3 {
            desk.jobs().await;
            minutes(&desk, 1);
        }
        assert!(it.all_are(&desk, "silent").await);
        tokio::join!(it.asks_again(&desk), desk.jobs());
        // Whichever of the two came first, it has been tried once now.
        desk.jobs().await;
        minutes(&desk, 1);
        // The fifth failure in a row: every service is left alone for half a minute.
        desk.jobs().await;
        registers.asked();
        registers.answers(|_, number| nothing(number));
        seconds(25);
        desk.jobs().await;
        assert!(it.all_are(&desk, "waiting").await);
        assert!(registers.asked().is_empty(), "nobody is asked meanwhile");
        // It comes back when the rest is over, not after a pause that has grown with the failures.
        seconds(5);
        desk.jobs().await;
        assert!(it.all_are(&desk, "nothing").await, "{:?}", it.states(&desk).await);
        serving.abort();
    })
    .await;
}

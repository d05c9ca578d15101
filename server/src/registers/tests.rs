//! Through the front door: a listener on a free port, a real client.

mod faults;

use super::*;
use crate::generate::{FictionalHousehold, PackText};
use jiff::civil::date;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The registers, running, with a client beside them.
struct House {
    url: String,
    client: reqwest::Client,
    faults: PathBuf,
    stop: Option<oneshot::Sender<()>>,
    served: tokio::task::JoinHandle<()>,
}

impl House {
    async fn open(name: &str, faults: &str) -> House {
        House::open_with(name, faults, 600).await
    }

    async fn open_with(name: &str, faults: &str, persons: u64) -> House {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let file = std::env::temp_dir().join(format!("karton-faults-{}-{name}.toml", std::process::id()));
        std::fs::write(&file, faults).unwrap();
        let registers = Registers::bind(&args(Some(file.clone()), persons)).await.unwrap();
        let url = format!("http://{}", registers.address());
        let (stop, stopped) = oneshot::channel::<()>();
        let served = tokio::spawn(registers.serve(async move {
            let _ = stopped.await;
        }));
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        House {
            url,
            client,
            faults: file,
            stop: Some(stop),
            served,
        }
    }

    fn request(&self, address: &str, body: &Value) -> reqwest::RequestBuilder {
        self.client
            .post(format!("{}/r1/{address}", self.url))
            .header("X-Road-Client", "ME/GOV/MRSDS/karton")
            .json(body)
    }

    async fn asks(&self, address: &str, national_id: &str) -> Value {
        let response = self
            .request(address, &json!({ "national_id": national_id }))
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), 200);
        response.json().await.unwrap()
    }

    async fn health(&self) -> Value {
        self.client
            .get(format!("{}/health", self.url))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap()
    }

    async fn close(mut self) {
        if let Some(stop) = self.stop.take() {
            stop.send(()).unwrap();
        }
        self.served.await.unwrap();
        std::fs::remove_file(&self.faults).unwrap();
    }
}

fn args(faults: Option<PathBuf>, persons: u64) -> RegistersArgs {
    RegistersArgs {
        pack: "me".to_owned(),
        listen: "127.0.0.1:0".parse().unwrap(),
        faults,
        persons,
        seed: 1,
        today: None,
        json: false,
        stdin_lifeline: false,
    }
}

fn pack() -> PackText {
    pack_text("me").unwrap()
}

fn people(persons: u64) -> Vec<FictionalHousehold> {
    let settings = Settings::read(&pack()).unwrap();
    Population {
        seed: 1,
        persons,
        today: date(2025, 3, 10),
    }
    .generate(&settings)
    .collect()
}

const PERSON: &str = "ME/GOV/MUP/crs/person";
const RESIDENCE: &str = "ME/GOV/MUP/crs/residence";
const VEHICLES: &str = "ME/GOV/MUP/vozila/vehicles";
const PENSION: &str = "ME/GOV/PIO/penzije/payments";
const INCOME: &str = "ME/GOV/PU/ioppd/income";
const INSURANCE: &str = "ME/GOV/PU/croo/insurance";
const PROPERTY: &str = "ME/GOV/UZN/katastar/property";
const DISPOSALS: &str = "ME/GOV/UZN/katastar/disposals";
const EMPLOYMENT: &str = "ME/GOV/ZZZ/evidencija/status";
const EDUCATION: &str = "ME/GOV/MP/meis/enrolment";
const HEALTH: &str = "ME/GOV/FZO/osiguranje/status";

const MARKO: &str = "1403978200126";
const JELENA: &str = "0209981205177";

#[tokio::test]
async fn the_population_register_knows_the_family() {
    let house = House::open("person", "").await;
    let answer = house.asks(PERSON, MARKO).await;
    let wanted = json!({
        "found": true, "national_id": MARKO, "drzavljanstvo": "ME", "jmb": MARKO, "ime": "Marko", "prezime": "Vujotić",
        "pol": "m", "datum_rodjenja": "1978-03-14", "status": "živ", "umro": false, "jmb_supruznika": JELENA, "jmb_roditelja": [],
        "jmb_djece": ["2106012200331", "0501019205222"],
    });
    assert_eq!(answer, wanted);
    let child = house.asks(PERSON, "2106012200331").await;
    assert_eq!(
        (&child["ime_oca"], &child["ime_majke"]),
        (&json!("Marko"), &json!("Jelena"))
    );
    let lives = house.asks(RESIDENCE, MARKO).await;
    assert_eq!(lives["opstina"], "ME-16");
    assert_eq!(lives["adresa"], "Ulica lipa 12, 81000 Podgorica");
    assert_eq!(lives["vrsta"], "residence");
    assert_eq!(lives["lica_na_istoj_adresi"].as_array().unwrap().len(), 3);
    house.close().await;
}

#[tokio::test]
async fn money_comes_as_text_with_a_point_and_months_can_be_asked_for() {
    let house = House::open("money", "").await;
    let all = house.asks(INCOME, JELENA).await;
    assert_eq!(all["prihodi"].as_array().unwrap().len(), 14);
    let row = json!({ "mjesec": "2025-02-01", "isplatilac": "Povremeni poslovi", "vrsta_prihoda": "other", "neto": "42.00" });
    assert_eq!(all["prihodi"][13], row);
    for (from, until, months) in [
        ("2024-12", "2025-03", 3),
        ("2025-02-01", "2025-02-02", 1),
        ("2025-03", "2025-04", 0),
    ] {
        let asked = json!({ "national_id": JELENA, "from": from, "until": until });
        let answer: Value = house
            .request(INCOME, &asked)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        assert_eq!(answer["found"], json!(months > 0), "{from} to {until}");
        assert_eq!(
            answer["prihodi"].as_array().map_or(0, Vec::len),
            months,
            "{from} to {until}"
        );
    }
    let pension = house.asks(PENSION, "2808926200091").await;
    assert_eq!(pension["isplate"][0]["iznos"], "612.40");
    assert_eq!(
        (&pension["njega_i_pomoc"], &pension["status"]),
        (&json!(true), &json!("korisnik"))
    );
    assert_eq!(
        house.asks(PENSION, MARKO).await,
        json!({ "found": false, "national_id": MARKO })
    );
    house.close().await;
}

#[tokio::test]
async fn the_other_institutions_know_what_is_true() {
    let house = House::open("others", "").await;
    assert_eq!(
        house.asks(VEHICLES, "1112986205558").await["vozila"][0]["registarska_oznaka"],
        "PV ZA001"
    );
    let premises = house.asks(PROPERTY, "0105969200771").await;
    assert_eq!(premises["nepokretnosti"][1]["vrsta"], "business");
    assert_eq!(premises["nepokretnosti"][1]["povrsina_m2"], 31);
    let insured = house.asks(INSURANCE, MARKO).await;
    assert_eq!(insured["prijave"][0]["do"], "2022-11-05");
    assert_eq!(
        insured["prestanci"][0],
        json!({ "datum": "2022-11-05", "voljom_ili_krivicom": false })
    );
    let running = house.asks(INSURANCE, "2310995209027").await;
    assert!(
        running["prijave"][0].get("do").is_none(),
        "a running employment has no end: {running}"
    );
    let looking = house.asks(EMPLOYMENT, MARKO).await;
    assert_eq!(
        (&looking["na_evidenciji"], &looking["novcana_naknada"]),
        (&json!(true), &json!("0.00"))
    );
    let pupil = house.asks(EDUCATION, "2106012200331").await;
    assert_eq!(
        (&pupil["redovan"], &pupil["razred_ili_godina"]),
        (&json!(true), &json!(7))
    );
    assert_eq!(house.asks(HEALTH, "2310995209027").await["osnov"], "employment");
    let seller = people(600)
        .into_iter()
        .flat_map(|household| household.members)
        .find(|person| !person.truth.disposals.is_empty() && person.national_id.is_some())
        .unwrap();
    let sold = house.asks(DISPOSALS, &seller.national_id.unwrap()).await;
    assert_eq!(
        sold["promet"][0]["datum"],
        seller.truth.disposals[0].day.to_string()
    );
    house.close().await;
}

/// What the pack says about a service is what it answers, for everybody: each fact it gives, each column, of its type.
#[tokio::test]
async fn every_service_gives_the_facts_that_the_pack_names() {
    let facts: toml::Value = toml::from_str(include_str!("../../../fixtures/me/facts.toml")).unwrap();
    let facts: BTreeMap<&str, &toml::Value> = facts["fact"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fact| (fact["name"].as_str().unwrap(), fact))
        .collect();
    let fits = |value: &Value, kind: &str| match kind.split(' ').next().unwrap() {
        "bool" => value.is_boolean(),
        "int" => value.is_i64(),
        "money" => value
            .as_str()
            .is_some_and(|text| text.split_once('.').is_some_and(|(_, part)| part.len() == 2)),
        "date" => value.as_str().is_some_and(|text| text.parse::<Date>().is_ok()),
        "text" | "code" => value.as_str().is_some_and(|text| !text.is_empty()),
        "decimal" => value
            .as_str()
            .is_some_and(|text| text.bytes().all(|b| b.is_ascii_digit() || b == b'.')),
        other => panic!("no test for {other}"),
    };
    let further: toml::Value =
        toml::from_str(include_str!("../../../fixtures/me/people/further.toml")).unwrap();
    let further: BTreeSet<String> = (further["fact"].as_array().unwrap().iter())
        .map(|fact| fact["name"].as_str().unwrap().to_owned())
        .collect();
    let house = House::open("gives", "").await;
    let numbers: Vec<String> = people(600)
        .into_iter()
        .flat_map(|household| household.members)
        .filter_map(|person| person.national_id)
        .collect();
    let services = services::read(&pack()).unwrap();
    assert_eq!(services.len(), 21);
    for (address, service) in services.iter().filter(|(_, service)| service.takes.is_empty()) {
        let mut seen = BTreeSet::new();
        for number in &numbers {
            let answer = house.asks(address, number).await;
            assert_eq!(answer["national_id"], json!(number));
            if answer["found"] == json!(false) {
                continue;
            }
            for gives in &service.gives {
                let fact = facts
                    .get(gives.fact.as_str())
                    .unwrap_or_else(|| panic!("{} is no fact", gives.fact));
                assert_eq!(fact["holder"].as_str(), Some("person"));
                let value = &answer[&gives.from];
                // Only of the dead, and what is true of some people only.
                let of_some = gives.fact == "registered_death_on" || further.contains(&gives.fact);
                if of_some && value.is_null() {
                    continue;
                }
                if fact["type"].as_str() != Some("rows") {
                    assert!(
                        fits(value, fact["type"].as_str().unwrap()),
                        "{}: {value}",
                        gives.fact
                    );
                    seen.insert(gives.fact.clone());
                    continue;
                }
                let columns = fact["row"].as_table().unwrap();
                assert!(
                    gives.map.keys().eq(columns.keys().collect::<BTreeSet<_>>()),
                    "{}: {:?}",
                    gives.fact,
                    gives.map
                );
                for row in value.as_array().unwrap() {
                    seen.insert(gives.fact.clone());
                    for (ours, theirs) in &gives.map {
                        let cell = &row[theirs];
                        let running = ours == "ends" && cell.is_null();
                        assert!(
                            running || fits(cell, columns[ours].as_str().unwrap()),
                            "{}.{ours}: {row}",
                            gives.fact
                        );
                    }
                }
            }
        }
        let wanted: BTreeSet<String> = service.gives.iter().map(|gives| gives.fact.clone()).collect();
        let rare = BTreeSet::from(["property_disposals".to_owned()]);
        assert!(
            wanted.difference(&seen).all(|fact| rare.contains(fact)),
            "{address} never gave all of {wanted:?}: {seen:?}"
        );
    }
    house.close().await;
}

#[tokio::test]
async fn nobody_and_nothing_are_said_plainly() {
    let house = House::open("nobody", "").await;
    for address in [
        PERSON, RESIDENCE, VEHICLES, PENSION, INCOME, INSURANCE, PROPERTY, DISPOSALS, EMPLOYMENT, EDUCATION,
        HEALTH,
    ] {
        for number in ["0101990200008", "not a number", "1403978200127"] {
            assert_eq!(
                house.asks(address, number).await,
                json!({ "found": false, "national_id": number }),
                "{address}"
            );
        }
    }
    assert_eq!(
        house.asks(VEHICLES, MARKO).await,
        json!({ "found": false, "national_id": MARKO })
    );
    house.close().await;
}

#[tokio::test]
async fn the_protocol_is_kept() {
    let house = House::open("protocol", "").await;
    let asked = json!({ "national_id": MARKO });
    let id = "fa2e18a5-c2cb-4d09-b994-f57727f7c3fb";
    let good = house
        .request(PERSON, &asked)
        .header("X-Road-Id", id)
        .header("X-Road-UserId", "ME123")
        .send()
        .await
        .unwrap();
    let header = |name: &str| {
        good.headers()
            .get(name)
            .map(|value| value.to_str().unwrap().to_owned())
    };
    assert_eq!(header("x-road-client").as_deref(), Some("ME/GOV/MRSDS/karton"));
    assert_eq!(header("x-road-service").as_deref(), Some(PERSON));
    assert_eq!(header("x-road-id").as_deref(), Some(id));
    assert_eq!(header("x-road-request-id").unwrap().len(), 36);
    assert_eq!(
        header("x-road-request-hash").unwrap().len(),
        88,
        "64 bytes in base 64"
    );
    assert!(header("x-road-error").is_none());

    let wrong = [
        (
            house
                .client
                .post(format!("{}/r1/{PERSON}", house.url))
                .json(&asked),
            400,
            "Client.BadRequest",
        ),
        (
            house
                .client
                .post(format!("{}/r1/{PERSON}", house.url))
                .header("X-Road-Client", "ME")
                .json(&asked),
            400,
            "Client.BadRequest",
        ),
        (
            house
                .request(PERSON, &asked)
                .header("X-Road-Represented-Party", "a/b/c"),
            400,
            "Client.BadRequest",
        ),
        (
            house.request(PERSON, &asked).header("X-Road-Id", "x".repeat(256)),
            400,
            "Client.BadRequest",
        ),
        (
            house.request(PERSON, &json!({ "national_id": "1".repeat(70_000) })),
            400,
            "Client.BadRequest",
        ),
        (
            house.request("ME/GOV/MUP/crs/nothing", &asked),
            500,
            "Server.ServerProxy.UnknownService",
        ),
        (
            house.client.post(format!("{}/elsewhere", house.url)),
            400,
            "Client.BadRequest",
        ),
    ];
    for (request, status, kind) in wrong {
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), status);
        assert_eq!(response.headers()["x-road-error"], kind);
        assert!(
            response.headers()["content-type"]
                .to_str()
                .unwrap()
                .starts_with("application/json")
        );
        let body: Value = response.json().await.unwrap();
        assert_eq!(body["type"], kind);
        assert!(body["message"].is_string() && body["detail"].is_string());
    }
    // The institution's own refusals are no errors of X-Road.
    let get = house
        .client
        .get(format!("{}/r1/{PERSON}", house.url))
        .header("X-Road-Client", "ME/GOV/MRSDS/karton");
    for (request, status) in [
        (get, 405),
        (house.request(PERSON, &json!({ "jmb": MARKO })), 400),
        (house.request(PERSON, &json!({ "national_id": "" })), 400),
        (
            house.request(INCOME, &json!({ "national_id": MARKO, "from": "2024-13" })),
            400,
        ),
        (
            house.request(INCOME, &json!({ "national_id": MARKO, "until": "whenever" })),
            400,
        ),
    ] {
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), status);
        assert!(response.headers().get("x-road-error").is_none());
    }
    house.close().await;
}

#[tokio::test]
async fn a_message_asked_again_gets_the_same_answer_and_counts_once() {
    let house = House::open("again", "").await;
    let ask = |id: &'static str, number: &str| {
        house
            .request(INCOME, &json!({ "national_id": number }))
            .header("X-Road-Id", id)
            .send()
    };
    let first = ask("one", JELENA).await.unwrap().bytes().await.unwrap();
    let again = ask("one", JELENA).await.unwrap().bytes().await.unwrap();
    assert_eq!(first, again);
    assert_eq!(house.health().await["answered"], json!({ "tax.income": 1 }));
    ask("two", JELENA).await.unwrap();
    assert_eq!(house.health().await["answered"], json!({ "tax.income": 2 }));
    let other = ask("one", MARKO).await.unwrap();
    assert_eq!(
        (
            other.status().as_u16(),
            other.headers()["x-road-error"].to_str().unwrap()
        ),
        (400, "Client.BadRequest")
    );
    house.close().await;
}

#[tokio::test]
async fn a_question_under_way_is_answered_before_the_registers_stop() {
    let mut house = House::open("stop", "[[fault]]\nservice = \"*\"\nkind = \"slow\"\nms = 400\n").await;
    let asked = json!({ "national_id": MARKO });
    let question = tokio::spawn(house.request(PERSON, &asked).send());
    // The fault has counted the question: it is under way.
    let under_way = async {
        while house.health().await["status"] != "ready" {
            tokio::task::yield_now().await;
        }
    };
    under_way.await;
    let started =
        tokio::time::timeout(Duration::from_millis(150), house.request(PERSON, &asked).send()).await;
    assert!(started.is_err(), "it waits");
    house.stop.take().unwrap().send(()).unwrap();
    assert_eq!(question.await.unwrap().unwrap().status(), 200);
    assert!(
        house
            .client
            .get(format!("{}/health", house.url))
            .send()
            .await
            .is_err()
    );
    house.close().await;
}

#[tokio::test]
async fn the_end_of_the_input_is_heard() {
    let (reader, mut writer) = std::io::pipe().unwrap();
    let line = tokio::spawn(closed(reader));
    writer.write_all(b"anything").unwrap();
    drop(writer);
    tokio::time::timeout(Duration::from_secs(10), line)
        .await
        .unwrap()
        .unwrap();
}

#[test]
fn everybody_with_a_number_is_found_in_a_large_population() {
    let settings = Settings::read(&pack()).unwrap();
    let registry = Registry::draw(
        settings,
        Population {
            seed: 1,
            persons: 20_000,
            today: date(2025, 3, 10),
        },
        || false,
    )
    .unwrap();
    let mut households = 0;
    for household in people(20_000) {
        households += 1;
        for (place, person) in household.members.iter().enumerate() {
            if let Some(number) = &person.national_id {
                let (found, at) = registry.find(number).unwrap();
                assert!(at == place && found == household, "{number}");
            }
        }
    }
    assert!(households > 5000, "{households}");
    assert!(registry.find("0101990200008").is_none());
    let population = Population {
        seed: 1,
        persons: 20_000_000,
        today: date(2025, 3, 10),
    };
    assert!(
        Registry::draw(Settings::read(&pack()).unwrap(), population, || true).is_none(),
        "given up at once"
    );
}

#[test]
fn a_mistake_in_the_pack_is_said_before_listening() {
    let mut text = pack();
    text.insert(
        "people/answers.toml".to_owned(),
        "[[answer]]\nservice = \"mup.persons\"\n".to_owned(),
    );
    assert!(
        services::read(&text)
            .unwrap_err()
            .to_string()
            .contains("mup.persons")
    );
}

#[tokio::test]
async fn the_fund_takes_a_registration_once_and_says_why_it_does_not_take_one() {
    let house = House::open("taking", "").await;
    let address = "ME/GOV/FZO/osiguranje/registration";
    let message = |number: &str| {
        json!({
            "national_id": number, "osnov": "social", "pravo": "MO", "od": "2025-03-10", "broj_rjesenja": "CSR-01-R-2025/1",
            "dan_rjesenja": "2025-03-10",
        })
    };
    let send = async |id: &str, body: Value| {
        let response = house
            .request(address, &body)
            .header("X-Road-Id", id)
            .send()
            .await
            .unwrap();
        (
            response.status().as_u16(),
            response.json::<Value>().await.unwrap(),
        )
    };
    let (status, first) = send("n-1", message(MARKO)).await;
    assert_eq!(
        (status, &first["taken"], &first["national_id"]),
        (200, &json!(true), &json!(MARKO))
    );
    assert_eq!(
        send("n-1", message(MARKO)).await.1,
        first,
        "the same message, the same receipt"
    );
    let (_, second) = send("n-2", message(MARKO)).await;
    assert_ne!(second["receipt"], first["receipt"]);
    assert_eq!(house.health().await["answered"]["health.registration"], 2);
    let (status, nobody) = send("n-3", message("0000000000000")).await;
    assert_eq!((status, &nobody["taken"]), (200, &json!(false)));
    for (member, value, said) in [
        ("od", json!("tomorrow"), "od is not a date"),
        ("pravo", json!(7), "pravo is not a text"),
        ("weather", json!("fine"), "weather is not known here"),
        ("national_id", json!(null), "national_id is missing"),
    ] {
        let mut body = message(MARKO);
        body[member] = value;
        let (status, answer) = send("n-4", body).await;
        assert_eq!(status, 400);
        assert!(answer["message"].as_str().unwrap().contains(said), "{answer}");
    }
    house.close().await;
}

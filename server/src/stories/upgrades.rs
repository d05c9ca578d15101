//! A new version of the pack: kept, looked at, proposed by one administrator, put in force by another; and what runs stays where it was.

use super::desk::{Answer, Desk, Seat, answers};
use crate::{
    clock::Clock,
    house::{self, Settings},
    pack,
    packs::in_force,
    store::{Store, testing::on_both_with},
    upgrades,
    verify::{self as books, Depth},
};
use axum::http::Method;
use jiff::tz::TimeZone;
use karton_api::session::Role;
use karton_rules::pack::Pack;
use serde_json::{Value, json};

/// The pack with some texts changed: file, what stood there, what is to stand there.
fn changed(changes: &[(&str, &str, &str)]) -> pack::Files {
    let mut files = pack::files("me").unwrap();
    for (file, was, is) in changes {
        let text = files.get_mut(*file).unwrap();
        assert!(text.contains(was), "{file} has no {was}");
        *text = text.replace(was, is);
    }
    files
}

const WORD: (&str, &str, &str) = (
    "procedures/benefit-standard.toml",
    "en = \"Evidence\"",
    "en = \"Proofs\"",
);

/// Another word for a step, and nothing else.
fn reworded() -> pack::Files {
    changed(&[WORD])
}

/// The step for evidence has another name, as where a procedure was taken apart and put together anew.
fn rebuilt() -> pack::Files {
    let file = "procedures/benefit-standard.toml";
    changed(&[
        WORD,
        (file, "version = 2", "version = 3"),
        (file, "id = \"evidence\"", "id = \"proofs\""),
        (file, "\"evidence\"]", "\"proofs\"]"),
    ])
}

async fn offered(desk: &Desk, files: pack::Files) -> (String, usize) {
    let pack = Pack::load(&files).unwrap_or_else(|mistakes| panic!("{mistakes:?}"));
    let (changes, new) = upgrades::offer(&desk.house, files, &pack).await.unwrap();
    assert!(new);
    (pack.hash, changes.len())
}

const UPGRADES: &str = "/v1/administration/pack-upgrades";

async fn answer(desk: &Desk, seat: &Seat, upgrade: &Value, what: &str) -> Answer {
    let seen = format!("\"{}\"", upgrade["revision"]);
    let path = format!("{UPGRADES}/{}/{what}", upgrade["id"].as_str().unwrap());
    desk.send(Some(seat), Method::POST, &path, None, &[("If-Match", &seen)])
        .await
}

async fn moved(desk: &Desk, seat: &Seat, path: &str) -> Answer {
    let revision = desk.get(seat, path).await.ok()["revision"].clone();
    let (path, seen) = (format!("{path}/pack-version"), format!("\"{revision}\""));
    let why = json!({ "reason": "nove riječi" });
    desk.send(Some(seat), Method::POST, &path, Some(why), &[("If-Match", &seen)])
        .await
}

/// Lodges for somebody new; answers the path of the matter.
async fn lodged(desk: &Desk, ana: &Seat, given: &str) -> String {
    let person = desk.person(ana, given).await;
    let draft = json!({ "benefit": "MO", "applicant": person });
    let draft = desk.post(ana, "/v1/applications", draft).await.ok();
    let id = draft["summary"]["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/applications/{id}");
    desk.put(ana, &path, 1, json!({ "answers": answers(person) }))
        .await
        .ok();
    desk.post(ana, &format!("{path}/lodge"), json!({})).await.ok();
    format!("/v1/matters/{id}")
}

fn step<'a>(matter: &'a Value, key: &str) -> &'a Value {
    matter["steps"]
        .as_array()
        .unwrap()
        .iter()
        .find(|step| step["key"] == key)
        .unwrap_or_else(|| panic!("no {key} in {matter}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_is_put_in_force_by_two_administrators_and_running_matters_stay_on_theirs() {
    on_both_with(&[], async |store: Store| {
        let desk = Desk::open(store).await;
        let mut mia = desk.officer("Mia", "MIN", &[Role::Admin]).await;
        let mut nada = desk.officer("Nada", "MIN", &[Role::Admin]).await;
        let mut ana = desk.officer("Ana", "CSR-01", &[Role::Clerk]).await;
        let mut goran = desk.officer("Goran", "CSR-01", &[Role::Caseworker]).await;
        let first = desk.house.pack.hash.clone();
        let before = lodged(&desk, &ana, "Marija").await;
        let (second, differences) = offered(&desk, reworded()).await;
        assert_eq!(differences, 1);

        // What is kept, and what would change.
        desk.get(&ana, "/v1/administration/packs")
            .await
            .refused(403, "not-permitted");
        let kept = desk.get(&mia, "/v1/administration/packs?limit=1").await.ok();
        let rest = format!(
            "/v1/administration/packs?cursor={}",
            kept["next"].as_str().unwrap()
        );
        let rest = desk.get(&mia, &rest).await.ok();
        let versions = [&kept["items"][0], &rest["items"][0]];
        let of = |hash: &str| *versions.iter().find(|version| version["hash"] == *hash).unwrap();
        assert_eq!(
            (of(&first)["in_force"].as_bool(), of(&first)["running"].as_i64()),
            (Some(true), Some(1))
        );
        assert_eq!(
            (of(&second)["in_force"].as_bool(), of(&second)["running"].as_i64()),
            (Some(false), Some(0))
        );
        let path = format!("/v1/administration/packs/{second}/changes");
        let changes = desk.get(&mia, &path).await.ok();
        assert_eq!(
            (&changes["items"][0]["was"], &changes["items"][0]["is"]),
            (&json!("Evidence"), &json!("Proofs"))
        );
        desk.get(&mia, "/v1/administration/packs/0/changes")
            .await
            .refused(404, "not-found");

        // One proposes; what cannot be is named at its field.
        let wish = |hash: &str, from: &str| json!({ "hash": hash, "from": from, "note": "Rješenje br. 1" });
        for (hash, from, pointer) in [
            (second.as_str(), "2025-03-09", "/from"),
            (second.as_str(), "2026-03-11", "/from"),
            ("nowhere", "2025-03-10", "/hash"),
        ] {
            let problem = desk
                .post(&mia, UPGRADES, wish(hash, from))
                .await
                .refused(422, "fields");
            assert_eq!(problem["errors"][0]["pointer"], pointer);
        }
        desk.post(&mia, UPGRADES, wish(&first, "2025-03-10"))
            .await
            .refused(409, "version-in-force");
        let upgrade = desk.post(&mia, UPGRADES, wish(&second, "2025-03-10")).await.ok();
        assert_eq!(
            (&upgrade["state"], &upgrade["over"]),
            (&json!("proposed"), &json!(first))
        );
        desk.post(&nada, UPGRADES, wish(&second, "2025-03-10"))
            .await
            .refused(409, "upgrade-proposed");

        // Another one activates, and it is served at once.
        answer(&desk, &mia, &upgrade, "activate")
            .await
            .refused(409, "second-person-needed");
        answer(&desk, &ana, &upgrade, "activate")
            .await
            .refused(403, "not-permitted");
        assert_eq!(desk.house.pack.hash, first);
        let activated = answer(&desk, &nada, &upgrade, "activate").await.ok();
        assert_eq!(
            (&activated["state"], &activated["answered_by"]["name"]),
            (&json!("activated"), &json!("Nada"))
        );
        answer(&desk, &nada, &activated, "activate")
            .await
            .refused(409, "upgrade-not-open");
        assert_eq!(desk.house.pack.hash, second);
        let health = desk.get(&mia, "/v1/administration/health").await.ok();
        assert_eq!(health["pack"], json!(second));

        // What runs stays; what begins, begins on the new one. Whoever leads work moves a matter, with a reason.
        let matter = desk.get(&ana, &before).await.ok();
        assert_eq!(
            (&matter["in_force"], &step(&matter, "evidence")["name"]["en"]),
            (&json!(false), &json!("Evidence"))
        );
        let after = lodged(&desk, &ana, "Slavica").await;
        let matter = desk.get(&ana, &after).await.ok();
        assert_eq!(
            (&matter["in_force"], &step(&matter, "evidence")["name"]["en"]),
            (&json!(true), &json!("Proofs"))
        );
        // What that would change is told before, to whoever may do it.
        let about = format!("{before}/pack-version");
        desk.get(&ana, &about).await.refused(403, "not-permitted");
        let would = desk.get(&goran, &about).await.ok();
        assert_eq!(
            (
                &would["runs_on"],
                &would["in_force"],
                &would["fits"],
                &would["more"]
            ),
            (&json!(first), &json!(second), &json!(true), &json!(0))
        );
        assert_eq!(would["changes"].as_array().map(Vec::len), Some(1), "{would}");
        assert_eq!(would["changes"][0]["is"], "Proofs");
        let open = before.replace("matters", "applications");
        let may = async |seat: &Seat| {
            desk.get(seat, &open).await.ok()["may"]
                .to_string()
                .contains("move-version")
        };
        assert!(may(&goran).await && !may(&ana).await);
        moved(&desk, &ana, &before).await.refused(403, "not-permitted");
        let matter = moved(&desk, &goran, &before).await.ok();
        assert_eq!(
            (&matter["in_force"], &step(&matter, "evidence")["name"]["en"]),
            (&json!(true), &json!("Proofs"))
        );
        moved(&desk, &goran, &before)
            .await
            .refused(409, "version-in-force");
        let there = desk.get(&goran, &about).await.ok();
        assert_eq!(
            (&there["runs_on"], &there["fits"], &there["changes"]),
            (&json!(second), &json!(false), &json!([]))
        );
        assert!(!may(&goran).await);

        // One from a later day: in force when the day has come, and refused to whoever stands where it has no step.
        let (third, _) = offered(&desk, rebuilt()).await;
        let upgrade = desk.post(&nada, UPGRADES, wish(&third, "2025-03-17")).await.ok();
        answer(&desk, &mia, &upgrade, "activate").await.ok();
        assert!(!upgrades::follow(&desk.house).await.unwrap());
        assert_eq!(desk.house.pack.hash, second);
        desk.days(7);
        assert!(upgrades::follow(&desk.house).await.unwrap());
        assert_eq!(desk.house.pack.hash, third);
        for seat in [&mut mia, &mut nada, &mut ana, &mut goran] {
            *seat = desk.again(seat).await;
        }
        moved(&desk, &goran, &before).await.refused(409, "not-in-pack");
        let stuck = desk.get(&goran, &about).await.ok();
        assert_eq!(
            (&stuck["in_force"], &stuck["fits"]),
            (&json!(third), &json!(false))
        );
        let matter = desk.get(&ana, &before).await.ok();
        let open = step(&matter, "evidence")["id"].as_str().unwrap().to_owned();
        desk.post(&ana, &format!("{before}/steps/{open}/complete"), json!({}))
            .await
            .ok();
        let matter = moved(&desk, &goran, &before).await.ok();
        assert_eq!(
            (&matter["version"], &matter["in_force"]),
            (&json!(3), &json!(true))
        );
        assert_eq!(
            step(&matter, "evidence")["name"]["en"],
            "Proofs",
            "done on the version it was moved from"
        );
        assert_eq!(step(&matter, "assessment")["state"], "open");

        // One that is taken back never comes into force.
        let (fourth, _) = offered(&desk, changed(&[("words/en.ftl", "= Clerk", "= Counter clerk")])).await;
        let upgrade = desk.post(&mia, UPGRADES, wish(&fourth, "2025-03-17")).await.ok();
        let gone = answer(&desk, &mia, &upgrade, "withdraw").await.ok();
        answer(&desk, &nada, &gone, "activate")
            .await
            .refused(409, "upgrade-not-open");
        let listed = desk.get(&mia, UPGRADES).await.ok();
        let states: Vec<&str> = listed["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["state"].as_str().unwrap())
            .collect();
        assert_eq!(states, ["withdrawn", "activated", "activated", "activated"]);

        // A start with another pack keeps it, and serves what is in force.
        let (store, now) = (desk.house.store.clone(), desk.house.clock.now());
        let zone = TimeZone::get("Europe/Podgorica").unwrap();
        let mut settings = Settings::new(store.clone(), reworded());
        settings.clock = Some(Clock::fixed(now, zone));
        let again = house::open(settings).await.unwrap().house;
        assert_eq!(again.pack.hash, third);
        let books = books::books(&store, Depth::Full).await.unwrap();
        assert_eq!(books.violations, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_is_never_served_with_another_country_and_a_demo_takes_what_it_is_given() {
    on_both_with(&[], async |store: Store| {
        let desk = Desk::open(store.clone()).await;
        let first = desk.house.pack.hash.clone();
        let now = desk.house.clock.now();
        let clock = || Some(Clock::fixed(now, TimeZone::UTC));
        let other = changed(&[("country.toml", "id = \"me\"", "id = \"xx\"")]);
        let settings = Settings {
            clock: clock(),
            ..Settings::new(store.clone(), other)
        };
        let refused = house::open(settings).await.unwrap_err().to_string();
        assert!(refused.contains("a store of the pack `me`"), "{refused}");
        // Offered at a start: kept, not served.
        let settings = Settings {
            clock: clock(),
            ..Settings::new(store.clone(), reworded())
        };
        let house = house::open(settings).await.unwrap().house;
        assert_eq!(house.pack.hash, first);
        // Nobody works in a demo who could be surprised.
        let settings = Settings {
            clock: clock(),
            demo: true,
            ..Settings::new(store.clone(), reworded())
        };
        let house = house::open(settings).await.unwrap().house;
        let second = Pack::load(&reworded()).unwrap().hash;
        assert_eq!(house.pack.hash, second);
        let today = house.clock.today();
        let there = store.read(move |tx| in_force(tx, today)).await.unwrap();
        assert_eq!(there, Some(second));
    })
    .await;
}

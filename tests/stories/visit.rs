//! The visit: a fictional family's application at the keyboard, from the find screen to the printed decision, in a terminal of 80 by 24,
//! against the server and the registers as processes of their own.

use crate::{CLIENT, SERVER};
use karton_server::store::testing;
use karton_tests::{
    served::Served,
    terminal::{Start, Terminal},
};
use std::path::{Path, PathBuf};

/// The client at a counter.
pub(crate) fn client(served: &Served, home: &Path, language: &str) -> Terminal {
    Start::of(CLIENT, home)
        .arg("--server")
        .arg(&served.url)
        .arg("--lang")
        .arg(language)
        .run()
}

/// Somebody signs in with the account of the first officer of a role.
pub(crate) fn signs_in(at: &mut Terminal, served: &Served, role: &str) {
    let (account, password) = served.officer(role);
    at.waits_for("K A R T O N");
    at.types(&format!("{account}<Tab>{password}<F10>"));
    at.waits_for("Tasks");
    at.waits_for("Mine");
}

/// From the tasks to the form of the Vujotić family's application.
pub(crate) fn begins_intake(at: &mut Terminal) {
    at.types("f1403978200126");
    at.waits_for("Marko Vujotić");
    at.types("<Enter>");
    at.waits_for("Overview");
    at.types("a");
    at.waits_for("What is applied for?");
    at.types("MO<Enter>");
    at.waits_for("1/6");
}

/// The whole form, in the order in which it asks.
pub(crate) fn types_the_application(at: &mut Terminal) {
    at.types("ypo<Tab><F8>");
    at.waits_for("2/6");
    at.types("yre<F8>");
    at.waits_for("3/6");
    at.types("y");
    at.waits_for("Single parent");
    at.types("nnnn0<Tab>nn");
    at.waits_for("4/6");
    at.types("y");
    at.waits_for("Pregnant");
    at.types("nnnnn0<Tab>nn");
    at.waits_for("5/6");
    at.types("n");
    at.waits_for("6/6");
    at.types("n");
}

pub(crate) fn pdfs_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "pdf") {
                found.push(path);
            }
        }
    }
    found
}

/// The visit as a whole.
fn visit(served: &Served) {
    let home = tempfile::tempdir().unwrap();
    let mut at = client(served, home.path(), "en");
    signs_in(&mut at, served, "caseworker");
    let before = at.typed();
    begins_intake(&mut at);
    at.waits_for("Household (4): with Jelena, Luka, Sara");
    // The panel beside the form says what is not known yet.
    at.waits_for("Cannot say yet");
    types_the_application(&mut at);
    at.types("<F10>");
    at.waits_for("Lodge the application?");
    at.types("y");
    at.waits_for("Lodged as CSR-01-Z-2025/1");
    at.waits_for("due 09.04.2025");
    let keys = at.typed() - before;
    assert!(keys <= 120, "an intake for a family of four took {keys} keys");

    // The registers answer while the clerk looks.
    at.types("<Enter>");
    at.waits_for("1 Evidence");
    at.waits_for("answered");
    at.waits_until("every register's answer", |screen| {
        screen.contains("s Assess  ") && !screen.contains("waiting")
    });
    at.types("s");
    at.waits_for("The right exists: 118.45 € a month");
    // Every number opens its why.
    at.types("<Down><Down><Down><Down><Enter>");
    at.waits_for("42.00 €");
    at.waits_for("160.45 €");
    at.types("<Esc>");
    at.waits_without("Values and where they come from");

    // Where a condition rests on what nothing proves, the form leads to the reason that is missing; F6 repeats the last one.
    at.types("r");
    at.waits_for("1/");
    at.types("<F10>");
    let mut reason = "Uvid u spise i razgovor.<Tab>";
    while at.waits_for_one_of(&["Recommend?", "please fill in"]) == 1 {
        let page = at.screen();
        at.types(reason);
        reason = "<F6>";
        at.waits_until("the next page", |screen| screen != page);
        at.types("<F10>");
        at.waits_until("an answer to F10", |screen| {
            screen.contains("Recommend?") || screen.contains("Reason: please fill in")
        });
    }
    at.types("y");
    at.waits_for("The recommendation is sent for decision.");

    // The first officer has nothing more to do with it; the second one signs in.
    at.types("<F2>sign out");
    at.waits_for("Sign out");
    at.types("<Enter>");
    signs_in(&mut at, served, "approver");
    at.waits_for("Marko Vujotić");
    at.types("<Enter>");
    at.waits_for("118.45 €");
    at.types("o");
    at.waits_for("y yes");
    at.types("y");
    at.waits_for("CSR-01-R-2025/1");
    at.types("l");
    at.waits_for("PRIZNAJE SE Marko Vujotić");
    at.types("p");
    at.waits_for(".pdf");
    let saved = pdfs_below(home.path());
    let [pdf] = saved.as_slice() else {
        panic!("one letter is saved: {saved:?}")
    };
    let bytes = std::fs::read(pdf).unwrap();
    assert!(
        bytes.starts_with(b"%PDF-") && bytes.len() > 5_000,
        "{} bytes",
        bytes.len()
    );
    at.types("<Ctrl-Q>");
    assert_eq!(at.ends(), 0);
}

#[test]
fn a_family_walks_from_the_find_screen_to_the_printed_decision_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_string_lossy().into_owned();
    visit(&Served::start(Path::new(SERVER), 40, &["--data-dir", &data]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_family_walks_from_the_find_screen_to_the_printed_decision_on_postgres() {
    let Some(url) = testing::database().await else {
        return;
    };
    let told = tokio::task::spawn_blocking(move || {
        visit(&Served::start(Path::new(SERVER), 40, &["--database-url", &url]))
    });
    told.await.unwrap();
}

#[test]
fn what_was_typed_survives_a_power_cut() {
    let served = Served::start(Path::new(SERVER), 40, &[]);
    let home = tempfile::tempdir().unwrap();
    let mut at = client(&served, home.path(), "en");
    signs_in(&mut at, &served, "caseworker");
    begins_intake(&mut at);
    at.types("ypo<Tab><F8>");
    at.waits_for("2/6");
    at.types("yre<F8>");
    at.waits_for("3/6");
    // Half a second is what a power cut may take.
    at.settles(std::time::Duration::from_millis(600));
    at.is_cut();
    drop(at);
    let mut at = client(&served, home.path(), "en");
    signs_in(&mut at, &served, "caseworker");
    begins_intake(&mut at);
    at.waits_for("Post");
    at.types("<F8>");
    at.waits_for("2/6");
    at.waits_for("yes");
    at.waits_for("Rented");
}

#[test]
fn the_screens_speak_the_countrys_language() {
    let served = Served::start(Path::new(SERVER), 40, &[]);
    let home = tempfile::tempdir().unwrap();
    let mut at = client(&served, home.path(), "cnr");
    let (account, password) = served.officer("caseworker");
    at.waits_for("Prijava");
    at.types(&format!("{account}<Tab>{password}<F10>"));
    at.waits_for("Zadaci");
    at.types("fvujotic");
    at.waits_for("Sara Vujotić");
    at.types("<Esc>");
    // A name with letters of the other script finds the same people.
    at.types("f");
    at.types("Вујотић");
    at.waits_for("Marko Vujotić");
}

#[test]
fn without_a_server_the_client_says_so_and_stays() {
    let served = Served::start(Path::new(SERVER), 40, &[]);
    let home = tempfile::tempdir().unwrap();
    let mut at = client(&served, home.path(), "en");
    signs_in(&mut at, &served, "caseworker");
    drop(served);
    at.types("fvujotic");
    at.waits_until("a word about the line", |screen| {
        [
            "not answer",
            "offline",
            "Offline",
            "unreachable",
            "No connection",
            "cannot be reached",
        ]
        .iter()
        .any(|word| screen.contains(word))
    });
    at.types("<Ctrl-Q>");
    assert_eq!(at.ends(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_is_one_command_and_switching_officer_one_key() {
    let home = tempfile::tempdir().unwrap();
    let told = tokio::task::spawn_blocking(move || {
        let mut at = Start::of(CLIENT, home.path())
            .arg("--lang")
            .arg("en")
            .arg("demo")
            .arg("--persons")
            .arg("40")
            .run();
        at.waits_for("Tasks");
        at.waits_for("Ana ");
        at.types("<F11>");
        at.waits_for("Switch officer");
        at.types("petar<Enter>");
        at.waits_for("Petar Lješ ·");
        at.types("<Ctrl-Q>");
        assert_eq!(at.ends(), 0);
    });
    told.await.unwrap();
}

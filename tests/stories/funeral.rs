//! A funeral's costs, claimed at the keyboard by the neighbour who paid it: somebody who is not of the family of the deceased.

use crate::{CLIENT, SERVER};
use karton_server::store::testing;
use karton_tests::{
    served::Served,
    terminal::{Start, Terminal},
};
use std::path::Path;

fn signs_in(at: &mut Terminal, served: &Served, role: &str) {
    let (account, password) = served.officer(role);
    at.waits_for("K A R T O N");
    at.types(&format!("{account}<Tab>{password}<F10>"));
    at.waits_for("Tasks");
    at.waits_for("Mine");
}

/// Says why on every page where the form asks for a reason, and sends.
fn gives_reasons(at: &mut Terminal, reason: &str) {
    at.types("<F10>");
    let mut typed = format!("{reason}<Tab>");
    while at.waits_for_one_of(&["Recommend?", "please fill in"]) == 1 {
        let page = at.screen();
        at.types(&typed);
        typed = "<F6>".to_owned();
        at.waits_until("the next page", |screen| screen != page);
        at.types("<F10>");
        at.waits_until("an answer to F10", |screen| {
            screen.contains("Recommend?") || screen.contains("Reason: please fill in")
        });
    }
    at.types("y");
    at.waits_for("The recommendation is sent for decision.");
}

fn the_neighbour_is_paid(served: &Served) {
    let home = tempfile::tempdir().unwrap();
    let mut at = Start::of(CLIENT, home.path())
        .arg("--server")
        .arg(&served.url)
        .arg("--lang")
        .arg("en")
        .run();
    signs_in(&mut at, served, "caseworker");
    at.types("f0311963200728");
    at.waits_for("Dušan Bulatin");
    at.types("<Enter>");
    at.waits_for("Overview");
    at.types("a");
    at.waits_for("What is applied for?");
    at.types("TS<Enter>");
    at.waits_for("Funeral and payment");
    // Nobody of his household: what is typed is looked for, and the only one found is chosen.
    at.types("kosic<Enter>");
    at.waits_for("Stana Kosić");
    at.types("22.02.2025");
    at.types("Pogrebno d.o.o.<Tab>812<Tab>y");
    // What the pack proposes stands there already.
    at.waits_for("Post");
    at.types("<Tab>y<F10>");
    at.waits_for("Lodge the application?");
    at.types("y");
    at.waits_for("Lodged as CSR-01-Z-2025/1");
    at.types("<Enter>");
    at.waits_until("every register's answer", |screen| {
        screen.contains("s Assess  ") && !screen.contains("waiting")
    });
    at.types("s");
    at.waits_for("467.97 €");
    at.types("r");
    at.waits_for("1/");
    gives_reasons(&mut at, "Uvid u račun i umrlicu.");
    at.types("<F2>sign out");
    at.waits_for("Sign out");
    at.types("<Enter>");
    signs_in(&mut at, served, "approver");
    at.waits_for("Dušan Bulatin");
    at.types("<Enter>");
    at.waits_for("467.97 €");
    at.types("o");
    at.waits_for("y yes");
    at.types("y");
    at.waits_for("CSR-01-R-2025/1");
    at.types("l");
    at.waits_for("PRIZNAJE SE Dušan Bulatin");
    at.waits_for("Stana Kosić");
    at.types("<Ctrl-Q>");
    assert_eq!(at.ends(), 0);
}

#[test]
fn the_neighbour_who_paid_a_funeral_is_paid_for_it_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_string_lossy().into_owned();
    the_neighbour_is_paid(&Served::start(Path::new(SERVER), 60, &["--data-dir", &data]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_neighbour_who_paid_a_funeral_is_paid_for_it_on_postgres() {
    let Some(url) = testing::database().await else {
        return;
    };
    let told = tokio::task::spawn_blocking(move || {
        the_neighbour_is_paid(&Served::start(Path::new(SERVER), 60, &["--database-url", &url]))
    });
    told.await.unwrap();
}

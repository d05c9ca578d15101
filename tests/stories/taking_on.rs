//! An administrator takes somebody on at the keyboard: the account is opened, its first password is read once, and the new officer changes
//! it before anything else.

use crate::{CLIENT, SERVER};
use karton_server::store::testing;
use karton_tests::{
    served::Served,
    terminal::{Start, Terminal},
};
use std::path::Path;

fn client(served: &Served, home: &Path) -> Terminal {
    Start::of(CLIENT, home)
        .arg("--server")
        .arg(&served.url)
        .arg("--lang")
        .arg("en")
        .run()
}

/// The word after the account's name, on the line that shows the first password.
fn first_password(screen: &str, account: &str) -> String {
    let line = screen
        .lines()
        .find(|line| line.split_whitespace().next() == Some(account))
        .unwrap_or_else(|| panic!("no line of {account}: {screen}"));
    line.split_whitespace().nth(1).unwrap().to_owned()
}

fn story(served: &Served) {
    let home = tempfile::tempdir().unwrap();
    let mut at = client(served, home.path());
    let (account, password) = served.officer("admin");
    at.waits_for("K A R T O N");
    at.types(&format!("{account}<Tab>{password}<F10>"));
    // An administrator's first screen is the desk; nobody's case stands on it.
    at.waits_for("Accounts");
    at.waits_for("Ana Kotor");
    at.types("n");
    at.waits_for("New account");
    at.types("iva<Tab>Iva Probna<Tab>CSR-01<Tab>clerk<F10>");
    at.waits_for("The first password");
    let first = first_password(&at.screen(), "iva");
    at.types("<Esc>");
    at.waits_for("Iva Probna");
    // The other lists of the desk.
    at.types("<Tab>");
    at.waits_for("CSR-01");
    at.types("<Tab><Tab>");
    at.waits_for("Size of the store");
    at.waits_for("none was made yet");
    drop(at);

    let other = tempfile::tempdir().unwrap();
    let mut at = client(served, other.path());
    at.waits_for("K A R T O N");
    at.types(&format!("iva<Tab>{first}<F10>"));
    at.waits_for("A first password is known to whoever gave it");
    at.types("zeleni konj na krovu<Tab>zeleni konj na krovu<F10>");
    at.waits_for("Tasks");
    at.waits_for("Mine");
}

#[test]
fn an_administrator_takes_somebody_on_who_changes_the_first_password_on_sqlite() {
    story(&Served::start(Path::new(SERVER), 40, &[]));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_takes_somebody_on_who_changes_the_first_password_on_postgresql() {
    let Some(url) = testing::database().await else {
        return;
    };
    tokio::task::spawn_blocking(move || {
        story(&Served::start(Path::new(SERVER), 40, &["--database-url", &url]))
    })
    .await
    .unwrap();
}

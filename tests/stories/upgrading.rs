//! A new version of the pack at the keyboard: the operator brings it to the store, one administrator looks at what it changes and proposes it,
//! another one puts it in force, and the clerk's next case begins on it.

use crate::{CLIENT, SERVER};
use karton_server::{pack, store::testing};
use karton_tests::{
    served::Served,
    terminal::{Start, Terminal},
};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

fn client(served: &Served, home: &Path) -> Terminal {
    Start::of(CLIENT, home)
        .arg("--server")
        .arg(&served.url)
        .arg("--lang")
        .arg("en")
        .run()
}

/// A pack in a folder, with one word changed.
fn newer(folder: &Path) -> PathBuf {
    let folder = folder.join("me");
    for (name, text) in pack::files("me").unwrap() {
        let text = match name.as_str() {
            "procedures/benefit-standard.toml" => text.replace("en = \"Evidence\"", "en = \"Proofs\""),
            _ => text,
        };
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// Runs the server's program on the store that is served, beside the server.
fn beside(place: &[&str], args: &[&str]) -> String {
    let done = Command::new(SERVER).args(args).args(place).output().unwrap();
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(
        done.status.success(),
        "{said} {}",
        String::from_utf8_lossy(&done.stderr)
    );
    said
}

fn story(served: &Served, place: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let new = newer(folder.path());
    let offered = beside(place, &["pack", "offer", new.to_str().unwrap()]);
    assert!(offered.contains("was Evidence, is Proofs"), "{offered}");
    let account = beside(
        place,
        &[
            "user",
            "add",
            "nada",
            "--name",
            "Nada Brdo",
            "--role",
            "MIN:admin",
            "--json",
        ],
    );
    let account: serde_json::Value = serde_json::from_str(&account).unwrap();
    let first = account["password"].as_str().unwrap();

    // The one who proposes.
    let home = tempfile::tempdir().unwrap();
    let mut at = client(served, home.path());
    let (mia, password) = served.officer("admin");
    at.waits_for("K A R T O N");
    at.types(&format!("{mia}<Tab>{password}<F10>"));
    at.waits_for("Accounts");
    at.types("<BackTab><BackTab>");
    at.waits_for("in force");
    at.waits_for("kept");
    // The newest stands first.
    at.types("<Enter>");
    at.waits_for("Changes against the version in force: 1");
    at.waits_for("Evidence → Proofs");
    at.types("a");
    at.waits_for("Another administrator puts it in force.");
    at.types("<Tab>Gazette 12/25<F10>");
    at.waits_for("Proposed by");
    at.waits_for("Mia Rumija");
    at.waits_without("Activate");
    drop(at);

    // The one who puts it in force, from a first password on.
    let other = tempfile::tempdir().unwrap();
    let mut at = client(served, other.path());
    at.waits_for("K A R T O N");
    at.types(&format!("nada<Tab>{first}<F10>"));
    at.waits_for("A first password is known to whoever gave it");
    at.types("zeleni konj na krovu<Tab>zeleni konj na krovu<F10>");
    at.waits_for("Accounts");
    at.types("<BackTab><BackTab>");
    at.waits_for("proposed from");
    at.types("<Enter>");
    at.waits_for("Gazette 12/25");
    at.waits_for("Evidence → Proofs");
    at.types("k");
    at.waits_for("New matters begin on it; running ones stay on theirs.");
    at.types("y");
    at.waits_for("Activated by");
    at.types("<Esc>");
    at.waits_for("Nada Brdo");
    at.waits_until("the newest version is in force", |screen| {
        let newest = screen.lines().find(|line| line.contains("matters:"));
        newest.is_some_and(|line| line.contains("in force") && !line.contains("was"))
    });
}

#[test]
fn a_new_version_of_the_pack_is_proposed_and_put_in_force_at_the_keyboard_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("demo.db").display());
    let folder = folder.path().to_str().unwrap();
    let served = Served::start(Path::new(SERVER), 40, &["--data-dir", folder]);
    story(&served, &["--data-dir", folder, "--database-url", &url]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_version_of_the_pack_is_proposed_and_put_in_force_at_the_keyboard_on_postgresql() {
    let Some(url) = testing::database().await else {
        return;
    };
    tokio::task::spawn_blocking(move || {
        let folder = tempfile::tempdir().unwrap();
        let place = [
            "--data-dir",
            folder.path().to_str().unwrap(),
            "--database-url",
            &url,
        ];
        story(&Served::start(Path::new(SERVER), 40, &place[2..]), &place);
    })
    .await
    .unwrap();
}

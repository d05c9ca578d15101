//! Somebody who was registered twice, at the keyboard: judged side by side, merged by two officers, found by the old number; and a dossier that goes
//! to another centre.

use crate::{CLIENT, SERVER};
use karton_server::store::testing;
use karton_tests::{
    served::Served,
    terminal::{Start, Terminal},
};
use std::path::Path;

fn signs_in(served: &Served, home: &Path, account: &str) -> Terminal {
    let mut at = Start::of(CLIENT, home)
        .arg("--server")
        .arg(&served.url)
        .arg("--lang")
        .arg("en")
        .run();
    at.waits_for("K A R T O N");
    let (_, password) = served.officer("clerk");
    at.types(&format!("{account}<Tab>{password}<F10>"));
    at.waits_for("Mine");
    at
}

/// Registers a woman without a number; what is asked on the way is answered with yes.
fn registers(at: &mut Terminal, given: &str, alike: bool) {
    at.types("<F12>");
    at.waits_for("Mine");
    at.types("n");
    at.waits_for("Given name");
    at.types(&format!("<Enter>{given}<Tab>Zetica<Tab>15061990<F10>"));
    if alike {
        at.waits_for("Perhaps already known");
        at.types("<F10>");
        at.waits_for("Register as another person?");
        at.types("y");
    }
    at.waits_for("The person is registered.");
    at.waits_for("Overview");
}

/// The list shows what the job has found a moment later: it is asked for until it is there.
fn waits_on_the_list(at: &mut Terminal, wanted: &str) {
    for _ in 0..60 {
        at.settles(std::time::Duration::from_millis(500));
        if at.shows(wanted) {
            return;
        }
        at.types("<F5>");
    }
    at.waits_for(wanted);
}

fn somebody_registered_twice_is_merged(served: &Served) {
    let (home, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut ana = signs_in(served, home.path(), "ana");
    registers(&mut ana, "Marijana", false);
    // Written in the other script by somebody else: asked about, and it goes on.
    registers(&mut ana, "Маријана", true);
    // A twin is nobody to ask about.
    registers(&mut ana, "Snežana", false);

    ana.types("<F12>");
    ana.waits_for("Mine");
    ana.types("(");
    ana.waits_for("Likeness is no proof");
    waits_on_the_list(&mut ana, "Маријана");
    ana.types("<Enter>");
    ana.waits_for("For and against");
    ana.waits_for("nothing");
    ana.types("o");
    ana.waits_for("Look at both dossiers");
    ana.types("One<Enter>ista lična karta<F10>");
    ana.waits_for("Judged.");
    ana.waits_for("ista lična karta");
    ana.types("s");
    ana.waits_for("Another officer confirms");
    ana.types("<Enter>upisana dva puta<F10>");
    ana.waits_for("Proposed; waits for a second officer");
    ana.waits_for("You can take it back");

    let mut petar = signs_in(served, other.path(), "petar");
    petar.types("(");
    petar.waits_for("Likeness is no proof");
    petar.types("<BackTab><BackTab>");
    petar.waits_for("Two officers merge");
    petar.waits_for("Marijana Zetica");
    petar.types("<Enter>");
    petar.waits_for("Confirm, or do not agree");
    petar.types("p");
    petar.waits_for("You are the second officer");
    petar.types("uvid u ličnu kartu<F10>");
    petar.waits_for("Merged. The old number finds");
    petar.waits_for("The old dossier number");
    // Seen, not only said: the number of the dossier that went finds the one who stays.
    petar.types("f");
    petar.waits_for("Find");
    petar.waits_for("Marijana Zetica");
    petar.types("<Enter>");
    petar.waits_for("Overview");
    petar.waits_for("Marijana Zetica");
    petar.types("<Ctrl-Q>");
    assert_eq!(petar.ends(), 0);
    ana.types("<Ctrl-Q>");
    assert_eq!(ana.ends(), 0);
}

fn a_dossier_goes_to_another_centre(served: &Served) {
    let (home, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut ana = signs_in(served, home.path(), "ana");
    ana.types("f1403978200126");
    ana.waits_for("Marko Vujotić");
    ana.types("<Enter>");
    ana.waits_for("Overview");
    // The household moves, and the form of the transfer stands there with the competent centre in it.
    ana.types("*");
    ana.waits_for("Correct the card");
    ana.types("Move<Enter>");
    ana.waits_for("The new address");
    ana.types("Nova ulica 5, Nikšić<Enter>Nik<Enter><F10>");
    ana.waits_for("To the centre");
    ana.waits_for("Jelena Vujotić");
    ana.waits_for("Nikšić");
    ana.types("<F10>");
    ana.waits_for("please fill in");
    ana.types("porodica se preselila<F10>");
    ana.waits_for("The other centre answers.");

    let mut jelena = signs_in(served, other.path(), "jelena");
    jelena.types(")");
    jelena.waits_for("waits for you");
    jelena.waits_for("porodica se preselila");
    jelena.types("<End>");
    jelena.waits_for("Marko Vujotić");
    jelena.types("p");
    jelena.waits_for("Take the dossier over?");
    jelena.types("y");
    jelena.waits_for("Taken over.");
    jelena.types("d");
    jelena.waits_for("Overview");
    jelena.types("5");
    jelena.waits_for("Taken over by another centre");
    jelena.types("<Ctrl-Q>");
    assert_eq!(jelena.ends(), 0);
    // Where it came from, it is no longer.
    ana.types("<F12>");
    ana.waits_for("Mine");
    ana.types(")");
    ana.waits_for("taken over");
    ana.types("<Ctrl-Q>");
    assert_eq!(ana.ends(), 0);
}

fn both(served: &Served) {
    somebody_registered_twice_is_merged(served);
    a_dossier_goes_to_another_centre(served);
}

#[test]
fn somebody_registered_twice_is_merged_and_a_dossier_transferred_on_sqlite() {
    both(&Served::start(Path::new(SERVER), 40, &[]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_registered_twice_is_merged_and_a_dossier_transferred_on_postgres() {
    let Some(url) = testing::database().await else {
        return;
    };
    let served = tokio::task::spawn_blocking(move || {
        both(&Served::start(Path::new(SERVER), 40, &["--database-url", &url]));
    });
    served.await.unwrap();
}

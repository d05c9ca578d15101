//! What happens to people, at the keyboard: a corrected number after which the old one finds the person, a household that splits, a death.

use crate::{CLIENT, SERVER};
use karton_server::store::testing;
use karton_tests::{
    served::Served,
    terminal::{Start, Terminal},
};
use std::path::Path;

fn signs_in(served: &Served, home: &Path, role: &str) -> Terminal {
    let mut at = Start::of(CLIENT, home)
        .arg("--server")
        .arg(&served.url)
        .arg("--lang")
        .arg("en")
        .run();
    let (account, password) = served.officer(role);
    at.waits_for("K A R T O N");
    at.types(&format!("{account}<Tab>{password}<F10>"));
    at.waits_for("Mine");
    at
}

/// From wherever to the dossier of Marko Vujotić.
fn opens_marko(at: &mut Terminal) {
    at.types("<F12>f1403978200126");
    at.waits_for("Marko Vujotić");
    at.types("<Enter>");
    at.waits_for("Overview");
}

/// Chooses a change of the dossier by its name.
fn changes(at: &mut Terminal, name: &str) {
    at.types("*");
    at.waits_for("Correct the card");
    at.types(&format!("{name}<Enter>"));
}

/// A number that was given by mistake is corrected; the old one still finds her, and says so.
fn a_number_is_corrected(served: &Served) {
    let home = tempfile::tempdir().unwrap();
    let mut at = signs_in(served, home.path(), "caseworker");
    at.types("n0501019215228Vera<Tab>Zeta<F10>");
    at.waits_for("The person is registered.");
    changes(&mut at, "Correct");
    at.waits_for("What stood *");
    for _ in 0..13 {
        at.types("<Backspace>");
    }
    at.types("0501019215236");
    at.types("<F10>");
    at.waits_for("please fill in");
    at.types("pogrešno prepisan broj<F10>");
    at.waits_for("Done.");
    at.waits_for("0501019215236");
    // The number that stood finds her, and the card shows the one that stands.
    at.types("<F12>f0501019215228");
    at.waits_for("Vera Zeta");
    at.waits_for("Formerly: 0501019215228");
    at.types("<Enter>");
    at.waits_for("Overview");
    changes(&mut at, "Earlier");
    at.waits_for("Stands now");
    at.waits_for("pogrešno prepisan broj");
    at.types("<Esc>");
    at.waits_without("Stands now");
    at.types("<Ctrl-Q>");
    assert_eq!(at.ends(), 0);
}

/// The Vujotić family splits: the mother leaves with the younger child; it was the wrong family, and is taken back the same day.
fn a_household_splits(served: &Served) {
    let home = tempfile::tempdir().unwrap();
    let mut at = signs_in(served, home.path(), "caseworker");
    opens_marko(&mut at);
    at.types("2");
    at.waits_for("Jelena Vujotić");
    changes(&mut at, "Split");
    at.waits_for("Who leaves together");
    at.types("Jelena<Enter><Enter>");
    at.types("nnny");
    at.types("odvojeni život<F10>");
    at.waits_for("Done.");
    at.waits_until("the household without them", |screen| {
        !screen.contains("Jelena Vujotić") && screen.contains("Marko Vujotić")
    });
    changes(&mut at, "Take back");
    at.waits_for("What is taken back");
    at.waits_for("Household split");
    at.types("<Enter>pogrešna porodica<F10>");
    at.waits_for("Done.");
    at.waits_for("Jelena Vujotić");
    at.types("<Ctrl-Q>");
    assert_eq!(at.ends(), 0);
}

/// Marko Vujotić has died: the day is refused in the future, the household passes on, and nothing can be asked for in his name.
fn a_death_is_recorded(served: &Served) {
    let home = tempfile::tempdir().unwrap();
    let mut at = signs_in(served, home.path(), "caseworker");
    opens_marko(&mut at);
    changes(&mut at, "Record a death");
    at.waits_for("Nothing ends by itself");
    at.types("+1<Enter>");
    at.waits_for("the day cannot lie in the future");
    at.types("<Up><Backspace><Backspace><Backspace><Backspace><Backspace><Backspace><Backspace><Backspace><Backspace><Backspace>");
    at.types("-1<Enter><Enter>Izvod iz MRU 12/25<F10>");
    at.waits_for("The death is on record.");
    at.waits_for("†");
    at.types("5");
    at.waits_for("Death recorded");
    at.types("a");
    at.waits_for("What is applied for?");
    at.types("MO<Enter>");
    at.waits_for("1/");
    at.types("<F12>fjelena vujotic");
    at.waits_for("Head of the household");
    at.types("<Enter>");
    at.waits_for("Overview");
    at.types("<Ctrl-Q>");
    assert_eq!(at.ends(), 0);
}

#[test]
fn a_corrected_number_still_finds_the_person_on_sqlite() {
    a_number_is_corrected(&Served::start(Path::new(SERVER), 40, &[]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_corrected_number_still_finds_the_person_on_postgres() {
    let Some(url) = testing::database().await else {
        return;
    };
    let served = tokio::task::spawn_blocking(move || {
        a_number_is_corrected(&Served::start(Path::new(SERVER), 40, &["--database-url", &url]));
    });
    served.await.unwrap();
}

#[test]
fn a_household_splits_and_a_death_is_recorded_on_sqlite() {
    let served = Served::start(Path::new(SERVER), 40, &[]);
    a_household_splits(&served);
    a_death_is_recorded(&served);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_household_splits_and_a_death_is_recorded_on_postgres() {
    let Some(url) = testing::database().await else {
        return;
    };
    let served = tokio::task::spawn_blocking(move || {
        let served = Served::start(Path::new(SERVER), 40, &["--database-url", &url]);
        a_household_splits(&served);
        a_death_is_recorded(&served);
    });
    served.await.unwrap();
}

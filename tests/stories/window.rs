//! At the window, in a terminal of 80 by 24: a sum without a dossier, two benefits at once, a receipt, a call, a dismissal by two officers.

use crate::{
    SERVER,
    visit::{begins_intake, client, pdfs_below, signs_in},
};
use karton_server::store::testing;
use karton_tests::{served::Served, terminal::Terminal};
use std::path::Path;

/// A morning at the window.
fn morning(served: &Served) {
    let home = tempfile::tempdir().unwrap();
    let mut at = client(served, home.path(), "en");
    signs_in(&mut at, served, "caseworker");

    // Would she have a right? Nobody is named, and what was told goes along into the application.
    at.types("$");
    at.waits_for("What is applied for?");
    at.types("MO<Enter>");
    at.waits_for("Nothing is kept");
    at.types("02091981f0");
    at.waits_for("Cannot say yet");
    at.waits_for("1/");
    at.types("<F8>");
    at.waits_for("What is told");
    at.types("<F10>");
    at.waits_for("Name, number, birth date");
    at.types("1403978200126");
    at.waits_for("Marko Vujotić");
    at.types("<Enter>");
    at.waits_for("1/6");
    at.types("<Esc>");
    at.waits_for("is kept");

    // Two benefits at once: what both ask is asked once.
    at.types("f1403978200126");
    at.waits_for("Marko Vujotić");
    at.types("<Enter>");
    at.waits_for("Overview");
    at.types("a");
    at.waits_for("What is applied for?");
    at.types("MO LI <Enter>");
    at.waits_for("Applications MO + LI");
    at.waits_for("1/");
    at.types("<Ctrl-O>");
    at.waits_for("How it is handed in");
    at.types("<Tab><Tab><Tab>Kopija licne karte<F10>");
    at.waits_for("Noted");
    types_together(&mut at);
    at.types("<F10>");
    at.waits_for("Lodge the application?");
    at.types("y");
    at.waits_for("Lodged as CSR-01-Z-2025/1");
    at.waits_for("1 of 2");
    at.waits_for("receipt CSR-01-PP-2025/1");
    at.types("<Tab>");
    at.waits_for("Lodged as CSR-01-Z-2025/2");

    // One key shows the receipt, one saves it.
    at.types("#");
    at.waits_for("Receipt CSR-01-PP-2025/1");
    at.waits_for("POTVRDA O PRIJEMU");
    at.types("p");
    at.waits_for(".pdf");
    let saved = pdfs_below(home.path());
    let [pdf] = saved.as_slice() else {
        panic!("one receipt is saved: {saved:?}")
    };
    assert!(std::fs::read(pdf).unwrap().starts_with(b"%PDF-"));
    at.types("<Esc>");
    at.waits_for("Lodged as CSR-01-Z-2025/2");

    // The telephone rings: one key, the number, Enter.
    at.types("<Ctrl-K>CSR-01-Z-2025/2<Enter>");
    at.waits_for("number CSR-01-Z-2025/2, was");
    at.waits_for("The look is entered");
    at.types("<Esc>");
    at.waits_for("Lodged as CSR-01-Z-2025/2");

    // The first one is given up again: in writing, and confirmed by a paper.
    at.types("<Tab>");
    at.waits_for("Lodged as CSR-01-Z-2025/1");
    at.types("<Enter>");
    at.waits_for("1 Evidence");
    at.types("-");
    at.waits_for("gives the application up");
    at.types("Predomislio se.<Tab>Izjava od 10.3.2025<F10>");
    at.waits_for("Withdraw the application?");
    at.types("y");
    at.waits_for("# shows the confirmation CSR-01-PO-2025/1");
    at.types("#");
    at.waits_for("POTVRDA O ODUSTANKU");
    at.types("p");
    at.waits_until("the confirmation saved", |screen| {
        screen.contains("PO-2025-1.pdf")
    });
    assert_eq!(pdfs_below(home.path()).len(), 2);
    at.types("<Esc>");
    at.waits_for("1 Evidence");
    // Coming back it looks again; Esc stops that first, where it is not over yet.
    at.types("<Esc>");
    if at.waits_for_one_of(&["Lodged as CSR-01-Z-2025/1", "Stopped."]) == 1 {
        at.types("<Esc>");
    }
    at.waits_for("Lodged as CSR-01-Z-2025/1");
    at.types("<Tab>");
    at.waits_for("Lodged as CSR-01-Z-2025/2");

    // The other is not taken up: proposed here, decided by another officer at the same computer.
    at.types("<Enter>");
    at.waits_for("1 Evidence");
    at.types("!");
    at.waits_for("Propose that the application");
    at.types("cannot<Tab>Pravo trazi drugo lice.<F10>");
    at.waits_for("Propose the dismissal?");
    at.types("y");
    at.waits_for("sent for decision");
    let (account, password) = served.officer("approver");
    at.types("<F11>");
    at.waits_for("K A R T O N");
    assert!(
        !at.shows("Vujotić"),
        "nothing of the screen shows:\n{}",
        at.framed()
    );
    at.types(&format!("{account}<Tab>{password}<F10>"));
    at.waits_for("Mine");
    at.waits_for("Dismissal");
    at.types("<Enter>");
    at.waits_for("o Decide");
    at.types("o");
    at.waits_for("Dismiss the application?");
    at.types("y");
    at.waits_for("l Letter");
    at.types("l");
    at.waits_for("Dismissal CSR-01-O-2025/1");
    at.waits_for("ODBACUJE SE");
    at.types("<Ctrl-Q>");
    assert_eq!(at.ends(), 0);
}

/// The pages of the family's application, before those that the other benefit adds, which may stay empty.
fn types_together(at: &mut Terminal) {
    let of = |page: usize| format!("{page}/");
    at.types("ypo<Tab><F8>");
    at.waits_for(&of(2));
    at.types("yre<F8>");
    at.waits_for(&of(3));
    at.types("y");
    at.waits_for("Single parent");
    at.types("nnnn0<Tab>nn");
    at.waits_for(&of(4));
    at.types("y");
    at.waits_for("Pregnant");
    at.types("nnnnn0<Tab>nn");
    at.waits_for(&of(5));
    at.types("n");
    at.waits_for(&of(6));
    at.types("n");
}

/// The lock shows nothing and opens by the password alone; what was typed is there.
fn lock(served: &Served) {
    let home = tempfile::tempdir().unwrap();
    let mut at = client(served, home.path(), "en");
    signs_in(&mut at, served, "caseworker");
    begins_intake(&mut at);
    at.types("ypo<Tab>067123456");
    at.waits_for("067123456");
    at.types("<Ctrl-L>");
    at.waits_for("K A R T O N");
    assert!(
        !at.shows("Vujotić") && !at.shows("MO"),
        "nothing of the screen shows:\n{}",
        at.framed()
    );
    at.types("not the password<F10>");
    at.waits_for("not right");
    let (_, password) = served.officer("caseworker");
    at.types(&format!("{password}<F10>"));
    at.waits_for("1/6");
    at.waits_for("067123456");
    at.types("<Ctrl-Q>");
    assert_eq!(at.ends(), 0);
}

#[test]
fn a_morning_at_the_window_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_string_lossy().into_owned();
    let served = Served::start(Path::new(SERVER), 40, &["--data-dir", &data]);
    morning(&served);
}

#[test]
fn a_locked_screen_shows_nothing_and_keeps_what_was_typed() {
    lock(&Served::start(Path::new(SERVER), 40, &[]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_morning_at_the_window_on_postgres() {
    let Some(url) = testing::database().await else {
        return;
    };
    let told = tokio::task::spawn_blocking(move || {
        morning(&Served::start(Path::new(SERVER), 40, &["--database-url", &url]))
    });
    told.await.unwrap();
}

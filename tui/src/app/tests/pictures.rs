//! Pictures of the screens: 80x24 and 120x40, colour and mono, both languages.
//!
//! With `KARTON_PICTURES=FOLDER` they are also written there as a terminal gets them, to be looked at with their colours: `cat FOLDER/home-80x24-cnr`.

use super::{
    visits::{INTAKE, TO_INTAKE},
    *,
};
use std::path::Path;

fn pictures(name: &str, keys: &[&str]) {
    for (suffix, lang, size, mono) in [
        ("80x24-cnr", Lang::CNR, (80, 24), false),
        ("120x40-en", Lang::EN, (120, 40), false),
        ("80x24-en-mono", Lang::EN, (80, 24), true),
    ] {
        let mut desk = Desk_::home_in(lang, size, mono);
        for k in keys {
            desk.keys(k);
        }
        let name = format!("{name}-{suffix}");
        if let Some(folder) = std::env::var_os("KARTON_PICTURES") {
            std::fs::write(Path::new(&folder).join(&name), painted(&desk)).unwrap();
        }
        insta::assert_snapshot!(name, desk.picture());
    }
}

/// The bytes of the whole screen, the cursor below it.
fn painted(desk: &Desk_) -> Vec<u8> {
    let (width, height) = desk.app.size;
    let mut painter = Painter::new(Caps::XTERM, width, height);
    painter.forget(width, height);
    let mut bytes = painter.paint(&desk.draw().0, None);
    bytes.extend(painter.leave());
    bytes
}

#[test]
fn sign_in() {
    for (suffix, lang, size) in [
        ("80x24-cnr", Lang::CNR, (80, 24)),
        ("120x40-en", Lang::EN, (120, 40)),
    ] {
        insta::assert_snapshot!(
            format!("sign-in-{suffix}"),
            Desk_::new(lang, size, false).picture()
        );
    }
}
#[test]
fn home() {
    pictures("home", &[]);
}
#[test]
fn find() {
    pictures("find", &["f", "per"]);
}
#[test]
fn register() {
    pictures("register", &["n", "1506990205138<Enter>"]);
}
#[test]
fn dossier() {
    pictures("dossier", &["fmarija", "<Enter>"]);
    pictures("dossier-facts", &["fmarija", "<Enter>", "3"]);
}
#[test]
fn documents() {
    pictures("documents", &["fmarija", "<Enter>", "."]);
    pictures("document", &["fmarija", "<Enter>", ".", "<Enter>"]);
    pictures("document-file", &["fmarija", "<Enter>", ".", ",~/sk<F4>"]);
    pictures("documents-found", &["/<Enter>", "razr<Enter>"]);
}
#[test]
fn intake() {
    pictures("intake-empty", &[TO_INTAKE]);
    pictures(
        "intake-member",
        &[TO_INTAKE, "dbank<Enter>510-1-2<Enter>067123456<Enter>d"],
    );
    pictures("intake-done", &[TO_INTAKE, INTAKE]);
    pictures(
        "intake-rows",
        &[
            TO_INTAKE,
            "dbank<Enter>510-1-2<Enter>067123456<Enter>dd ",
            "0102<Enter>Duvanski kombinat<Enter>120,5<Enter>",
        ],
    );
}
#[test]
fn status_and_work() {
    pictures("status", &[TO_INTAKE, INTAKE, "<F10>d"]);
    pictures("evidence", &[TO_INTAKE, INTAKE, "<F10>d", "<Enter>", "1"]);
    pictures("assessment", &[TO_INTAKE, INTAKE, "<F10>d", "<Enter>", "2"]);
    pictures("why", &[TO_INTAKE, INTAKE, "<F10>d", "<Enter>", "2<Enter>"]);
}
#[test]
fn overlays() {
    pictures("palette", &["<F2>"]);
    pictures("help", &[TO_INTAKE, "<F1>"]);
    pictures("confirm", &[TO_INTAKE, INTAKE, "<F10>"]);
    pictures("calendar", &["n", "<Tab><Tab><Tab><F4>"]);
}

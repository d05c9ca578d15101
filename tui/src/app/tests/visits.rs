//! Visits to the counter, told in keys.

use super::*;
use crate::api::{Answer, fake};
use karton_api::{FactValue, applications::ApplicationState};

/// From the tasks to the intake of Marija Perović.
pub(super) const TO_INTAKE: &str = "fmarija per<Enter>a<Enter>";
/// The whole form, field by field.
pub(super) const INTAKE: &str =
    "dbank<Enter>510-1-2<Enter>067123456<Enter>dd<Enter>dnn<Enter>nn<Enter>nn<Enter>40<Enter>2<Enter>";

#[test]
fn a_family_applies_from_the_find_screen_to_the_status() {
    let mut desk = Desk_::home();
    desk.keys("f");
    desk.keys("marija per");
    assert!(
        desk.sees("Marija Perović") && desk.sees("1506990205137"),
        "{}",
        desk.picture()
    );
    desk.keys("<Enter>");
    assert!(desk.sees("CSR-01-D-2025/10"), "{}", desk.picture());
    desk.keys("a<Enter>");
    assert!(
        desk.sees("Materijalno obezbjeđenje") && desk.sees("Saglasnost"),
        "{}",
        desk.picture()
    );
    desk.keys("d");
    assert!(desk.sees("› Isplata preko"), "{}", desk.picture());
    desk.keys("bank<Enter>");
    assert!(
        desk.sees("Žiro račun"),
        "a condition of the pack shows the account: {}",
        desk.picture()
    );
    desk.keys("510-1-2<Enter>067123456<Enter>");
    assert!(desk.sees("Marija Perović"), "{}", desk.picture());
    desk.keys("dd<Enter>dnn<Enter>nn<Enter>nn<Enter>40<Enter>2<Enter>");
    assert!(
        desk.sees("Pravo postoji") && desk.sees("130,45 €"),
        "{}",
        desk.picture()
    );
    desk.keys("<F10>");
    assert!(desk.sees("Podnijeti zahtjev?"), "{}", desk.picture());
    desk.keys("d");
    assert!(desk.sees("CSR-01-Z-2025/18"), "{}", desk.picture());
    let fake = desk.fake.borrow();
    assert_eq!(fake.state, Some(ApplicationState::Lodged));
    assert!(
        fake.answers
            .iter()
            .any(|a| a.fact == "land_area" && a.value == FactValue::Decimal("40".into()))
    );
    assert_eq!(
        fake.answers.iter().filter(|a| a.fact == "work_capable").count(),
        4
    );
    assert!(desk.journal.is_empty(), "what was lodged is no draft any more");
}

#[test]
fn the_servers_word_about_an_answer_puts_the_cursor_at_its_field() {
    let mut desk = Desk_::home();
    desk.fake.borrow_mut().refuse_lodging = true;
    desk.keys(TO_INTAKE);
    desk.keys(INTAKE);
    desk.keys("<F10>d");
    assert!(
        desk.sees("! Poljoprivredno zemljište") && desk.sees("toliko zemlje nema"),
        "{}",
        desk.picture()
    );
    desk.fake.borrow_mut().refuse_lodging = false;
    desk.keys("20<Enter><F10>d");
    assert!(desk.sees("CSR-01-Z-2025/18"), "{}", desk.picture());
    assert_eq!(
        desk.asked(|a| matches!(a, Ask::SaveDraft { .. })),
        1,
        "the draft that exists is saved, no second one opened"
    );
    assert_eq!(desk.asked(|a| matches!(a, Ask::OpenDraft { .. })), 1);
}

#[test]
fn two_officers_decide_and_the_letter_is_read_and_saved() {
    let mut desk = Desk_::home();
    desk.keys(TO_INTAKE);
    desk.keys(INTAKE);
    desk.keys("<F10>d<Enter>");
    assert!(desk.sees("Registri") || desk.sees("Dokazi"), "{}", desk.picture());
    desk.keys("2r<Enter>sve je u redu<Enter>");
    assert!(
        desk.sees("Sposobni članovi"),
        "the condition to confirm stands in full: {}",
        desk.picture()
    );
    desk.keys("duvid u evidenciju Zavoda<F10>");
    assert!(desk.sees("Predložiti?"), "{}", desk.picture());
    desk.keys("d");
    assert!(
        desk.sees("predlaže") && !desk.sees("o Odluči"),
        "whoever recommended does not decide: {}",
        desk.picture()
    );
    desk.keys("<F11><Down><Enter>");
    assert!(desk.sees("Ivan Radulović"), "{}", desk.picture());
    desk.keys("<Enter>o");
    assert!(
        desk.sees("Donijeti rješenje?") && desk.sees("130,45"),
        "{}",
        desk.picture()
    );
    desk.keys("d");
    assert!(desk.sees("donosi se rješenje"), "{}", desk.picture());
    desk.cmds.clear();
    desk.keys("p");
    assert!(desk.cmds.contains(&Cmd::Write {
        name: "CSR-01-R-2025-9.pdf".into(),
        bytes: b"%PDF-1.7".to_vec()
    }));
    assert!(
        desk.fake.borrow().keys.values().all(|n| *n == 1),
        "nothing happened twice"
    );
}

#[test]
fn every_number_opens_its_why() {
    let mut desk = Desk_::home();
    desk.keys(TO_INTAKE);
    desk.keys(INTAKE);
    desk.keys("<F10>d<Enter>2<Enter>");
    assert!(
        desk.sees("average(household.income.net, last 3 months)")
            && desk.sees("tax.income")
            && desk.sees("ZSDZ 22(1)1"),
        "{}",
        desk.picture()
    );
    desk.keys("<Esc><End><Enter>");
    assert!(
        desk.sees("limit - income") && desk.sees("160,45"),
        "{}",
        desk.picture()
    );
}

#[test]
fn somebody_very_similar_is_looked_at_before_registering() {
    let mut desk = Desk_::home();
    desk.fake.borrow_mut().duplicates = true;
    desk.keys("n1506990205137");
    assert!(
        desk.sees("15.06.1990") && desk.sees("ženski"),
        "the number tells them: {}",
        desk.picture()
    );
    desk.keys("Marija<Enter>Perović<Enter><F10>");
    assert!(
        desk.sees("otkucano") && desk.sees("već upisano"),
        "{}",
        desk.picture()
    );
    desk.keys("<F10>d");
    assert!(desk.sees("CSR-01-D-2025/10"), "{}", desk.picture());
    assert_eq!(desk.asked(|a| matches!(a, Ask::Register { .. })), 2);
}

#[test]
fn a_wrong_number_is_said_at_once() {
    let mut desk = Desk_::home();
    desk.keys("n1506990205138");
    assert!(desk.sees("kontrolna cifra"), "{}", desk.picture());
    assert!(desk.cmds.contains(&Cmd::Bell));
}

#[test]
fn without_a_connection_nothing_typed_is_lost() {
    let mut desk = Desk_::home();
    desk.keys(TO_INTAKE);
    desk.fake.borrow_mut().offline = true;
    desk.keys("dbank<Enter>510-1-2<Enter>");
    assert!(
        desk.sees("nema veze") && desk.sees("510-1-2"),
        "{}",
        desk.picture()
    );
    let journal = desk.journal.clone();
    assert_eq!(journal.len(), 1);
    // The machine goes down here. Another client starts with the journal.
    let mut next = Desk_::home();
    next.app.update(Msg::Drafts(journal));
    assert!(next.sees("Marija Perović (MO)"), "{}", next.picture());
    next.keys("b");
    assert!(next.sees("510-1-2"), "{}", next.picture());
}

#[test]
fn esc_stops_waiting_and_a_late_answer_is_dropped() {
    let mut desk = Desk_::home().slow(|| 5_000);
    desk.press("f");
    desk.press("marija");
    desk.pass(10_000);
    desk.press("<Enter>");
    desk.pass(1_000);
    assert!(desk.sees("Radim") && desk.sees("1 s"), "{}", desk.picture());
    let job = desk.calls.iter().map(|(_, job, _)| *job).next_back().unwrap();
    desk.press("<Esc>");
    assert!(desk.sees("Prekinuto"), "{}", desk.picture());
    assert!(desk.cmds.contains(&Cmd::Cancel(job)));
    let before = desk.picture();
    let late = desk
        .fake
        .borrow_mut()
        .answer(Ask::Dossier { person: fake::id(10) });
    assert_eq!(desk.app.update(Msg::Done(job, Box::new(late))), vec![]);
    assert_eq!(desk.picture(), before);
    assert!(matches!(
        desk.fake.borrow_mut().answer(Ask::SignOut),
        Ok(Answer::SignedOut)
    ));
}

#[test]
fn the_screen_locks_and_the_work_waits_below() {
    let mut desk = Desk_::home();
    desk.keys(TO_INTAKE);
    desk.keys("dbank<Enter>510-1-2");
    desk.pass(16 * 60_000);
    assert!(
        desk.sees("Zaključano") && !desk.sees("510-1-2"),
        "{}",
        desk.picture()
    );
    desk.keys("wrong<Enter>");
    assert!(desk.sees("nisu tačni"), "{}", desk.picture());
    desk.keys("lozinka<Enter>");
    assert!(desk.sees("510-1-2"), "{}", desk.picture());
}

#[test]
fn another_language_is_one_command_away_and_cyrillic_letters_command_too() {
    let mut desk = Desk_::home();
    desk.keys("<F2>jezik<Enter>");
    assert!(
        desk.sees("Find") && desk.sees("My") || desk.sees("Mine"),
        "{}",
        desk.picture()
    );
    desk.keys("н");
    assert!(desk.sees("Given name"), "{}", desk.picture());
    desk.keys("<Esc>ф");
    assert!(desk.sees("Type any part of a name"), "{}", desk.picture());
}

#[test]
fn nothing_ticks_while_nothing_happens() {
    let mut desk = Desk_::home();
    desk.keys(TO_INTAKE);
    desk.pass(10_000);
    assert_eq!(desk.timers.keys().collect::<Vec<_>>(), [&TimerId::Idle]);
}

#[test]
fn the_footer_names_only_what_works_and_every_command_has_three_ways() {
    let mut desk = Desk_::home();
    for keys in ["", "f", "marija<Enter>", "3", "a", "<Enter>"] {
        desk.keys(keys);
        let acts = desk.app.acts();
        desk.keys("<F9>");
        let Some(super::super::Overlay::Commands { picker, .. }) = &desk.app.overlay else {
            panic!("no menu")
        };
        assert_eq!(
            picker.choices.len(),
            acts.len() - 2,
            "menu and palette do not name themselves"
        );
        desk.keys("<Esc>");
    }
}

#[test]
fn a_dossier_by_number_takes_no_more_than_its_digits_and_enter() {
    let mut desk = Desk_::home();
    desk.press("1506990205137<Enter>");
    desk.settle();
    assert!(desk.sees("CSR-01-D-2025/10"), "{}", desk.picture());
}

#[test]
fn an_intake_needs_few_keys_beside_its_data() {
    let keys = chords(INTAKE).len() + chords("<F10>d").len();
    let data = "dbank510-1-2067123456ddnnnn402".len();
    assert!(keys - data <= 15, "{}", keys - data);
}

/// Only `--features demo` brings the server in.
#[test]
fn the_plain_client_holds_no_server() {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let args = [
        "tree",
        "--offline",
        "-p",
        "karton",
        "-e",
        "normal",
        "--prefix",
        "none",
    ];
    let tree = std::process::Command::new(cargo)
        .args(args)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let tree = String::from_utf8(tree.stdout).unwrap();
    assert!(tree.contains("karton-api v"), "{tree}");
    for server in ["karton-server v", "karton-rules v", "rusqlite v", "axum v"] {
        assert!(!tree.contains(server), "{server}");
    }
}

#[test]
fn after_lodging_one_key_shows_the_receipt_and_one_saves_it() {
    let mut desk = Desk_::home();
    desk.keys(TO_INTAKE);
    desk.keys(INTAKE);
    // Somebody acts for the applicant: said on a form of its own, which asks for what is missing.
    desk.keys("<C-o>");
    assert!(desk.sees("Kako je predato"), "{}", desk.picture());
    desk.keys("<Tab><Tab><Tab>kopija lične karte; zahtjev<Tab><Tab><Tab>pun<Tab><F10>");
    assert!(desk.sees("Ime zastupnika"), "{}", desk.picture());
    desk.keys("Stana Vujotić<Tab>Njegoševa 1<Tab><Tab>OVP 12/25<F10>");
    assert!(desk.sees("Zapisano"), "{}", desk.picture());
    desk.keys("<F10>");
    assert!(desk.sees("Predaje Stana Vujotić"), "{}", desk.picture());
    desk.keys("d");
    assert!(desk.sees("potvrda CSR-01-PP-2025/7"), "{}", desk.picture());
    {
        let fake = desk.fake.borrow();
        let said = fake.hand_in.as_ref().unwrap();
        let who = said.representative.as_ref().unwrap();
        assert_eq!(
            (who.capacity.as_str(), who.ground.as_str()),
            ("proxy", "OVP 12/25")
        );
        assert_eq!(said.handed_in, ["kopija lične karte", "zahtjev"]);
    }
    desk.keys("#");
    assert!(desk.sees("POTVRDA O PRIJEMU"), "{}", desk.picture());
    desk.keys("p");
    let fake = desk.fake.borrow();
    let saved = |ask: &crate::api::Ask| matches!(ask, crate::api::Ask::PaperPdf { .. });
    assert!(fake.asked.iter().any(saved));
}

#[test]
fn a_call_is_answered_in_three_keys_from_anywhere() {
    let mut desk = Desk_::home();
    desk.keys("<C-k>marija<Enter>");
    assert!(
        desk.sees("Čeka se dopuna od Vas: ugovor o zakupu") && desk.sees("18.03.2025"),
        "{}",
        desk.picture()
    );
    assert!(desk.sees("svrhom: telefon"), "{}", desk.picture());
    desk.keys("<Esc>");
    assert!(matches!(desk.app.screen(), Screen::Home(_)));
}

#[test]
fn a_right_is_worked_out_without_a_dossier_and_becomes_an_application() {
    let mut desk = Desk_::home();
    desk.keys("$");
    assert!(desk.sees("Materijalno"), "{}", desk.picture());
    desk.keys("<Enter>");
    assert!(
        desk.sees("Ništa se ne čuva") && desk.sees("Ko živi zajedno"),
        "{}",
        desk.picture()
    );
    desk.keys("1506990f0<F10>marija per<Enter>");
    assert!(
        matches!(desk.app.screen(), Screen::Intake(_)),
        "{}",
        desk.picture()
    );
}

#[test]
fn the_next_officer_types_who_it_is_and_the_first_one_finds_everything_again() {
    let mut desk = Desk_::home();
    desk.keys(TO_INTAKE);
    desk.keys("dbank<Enter>510");
    desk.keys("<C-l>");
    assert!(
        !desk.sees("Marija"),
        "nothing of the screen shows: {}",
        desk.picture()
    );
    desk.keys("lozinka<F10>");
    assert!(desk.sees("510"), "{}", desk.picture());
}

#[test]
fn a_dossier_is_opened_for_another_purpose_with_one_key() {
    let mut desk = Desk_::home();
    desk.keys("fmarija per<F4>tel<Enter>");
    assert!(desk.sees("Svrha uvida: telefon"), "{}", desk.picture());
    desk.keys("<Enter>");
    let fake = desk.fake.borrow();
    let phone = |ask: &crate::api::Ask| {
        matches!(
            ask,
            crate::api::Ask::DossierFor {
                purpose: karton_api::dossiers::Purpose::Phone,
                ..
            }
        )
    };
    assert!(fake.asked.iter().any(phone), "{:?}", fake.asked.last());
}

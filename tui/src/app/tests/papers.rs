//! What an officer brings by hand, and two officers at one draft.

use super::{
    visits::{INTAKE, TO_INTAKE},
    *,
};
use karton_api::{FactValue, persons::SourceKind};

/// To the evidence of the lodged application.
const TO_EVIDENCE: &str = "<F10>d<Enter>1";

#[test]
fn a_document_stands_in_for_a_silent_register() {
    let mut desk = Desk_::home();
    for keys in [TO_INTAKE, INTAKE, TO_EVIDENCE] {
        desk.keys(keys);
    }
    desk.keys("<End><Enter>");
    assert!(
        desk.sees("Dokument umjesto odgovora") && desk.sees("Ima nepokretnosti"),
        "{}",
        desk.picture()
    );
    desk.keys("<F10>");
    assert!(desk.sees("obavezno") || desk.sees("popuni"), "{}", desk.picture());
    desk.keys("Izvod iz katastra 12/25, 3.3.2025.<Enter><F10>");
    assert!(
        desk.sees("Popunite bar jedan"),
        "a document that proves nothing is none: {}",
        desk.picture()
    );
    desk.keys("n<F10>");
    assert!(desk.sees("unesen umjesto odgovora"), "{}", desk.picture());
    let fake = desk.fake.borrow();
    let body = fake.replaced.as_ref().unwrap();
    assert_eq!(body.document, "Izvod iz katastra 12/25, 3.3.2025.");
    assert_eq!(body.facts.len(), 1);
    assert_eq!(
        (body.facts[0].fact.as_str(), &body.facts[0].value),
        ("owns_property", &FactValue::Bool(false))
    );
}

#[test]
fn a_finding_is_recorded_with_its_reason() {
    let mut desk = Desk_::home();
    desk.keys("fmarija<Enter>3<Down>+");
    assert!(
        desk.sees("Upis činjenice") && desk.sees("Sposoban za rad"),
        "the fact under the cursor is chosen: {}",
        desk.picture()
    );
    desk.keys("n<F10>");
    assert!(desk.sees("potrebno obrazloženje"), "{}", desk.picture());
    desk.keys("Nalaz komisije 7/25<F10>");
    assert!(desk.sees("Upisano"), "{}", desk.picture());
    let fake = desk.fake.borrow();
    let body = fake.recorded.as_ref().unwrap();
    assert_eq!(
        (body.fact.as_str(), body.source),
        ("work_capable", SourceKind::Finding)
    );
    assert_eq!(body.value, FactValue::Bool(false));
    assert_eq!(body.note.as_deref(), Some("Nalaz komisije 7/25"));
}

#[test]
fn another_fact_takes_another_value() {
    let mut desk = Desk_::home();
    desk.keys("fmarija<Enter>+zemlj<Enter>");
    desk.keys("12,5<Enter><Enter><Enter>dok<Enter><F10>");
    let fake = desk.fake.borrow();
    let body = fake.recorded.as_ref().unwrap();
    assert_eq!(
        (body.fact.as_str(), &body.value, body.source),
        (
            "land_area",
            &FactValue::Decimal("12.5".into()),
            SourceKind::Document
        )
    );
}

#[test]
fn an_application_is_withdrawn_with_a_reason_after_a_question() {
    let mut desk = Desk_::home();
    for keys in [TO_INTAKE, INTAKE, TO_EVIDENCE] {
        desk.keys(keys);
    }
    desk.keys("-<F10>");
    assert!(!desk.sees("Povući zahtjev?"), "not without a reason");
    desk.keys("odustaje<F10>");
    assert!(!desk.sees("Povući zahtjev?"), "nor without the written word");
    desk.keys("izjava 12.3.2025<F10>n");
    assert_eq!(desk.fake.borrow().withdrawn, None);
    desk.keys("<F10>d");
    assert_eq!(desk.fake.borrow().withdrawn.as_deref(), Some("odustaje"));
    assert!(desk.sees("Zahtjev je povučen"), "{}", desk.picture());
}

#[test]
fn who_works_in_two_offices_chooses_and_changes() {
    let mut desk = Desk_::new(Lang::EN, (80, 24), false);
    desk.fake.borrow_mut().two_offices = true;
    let cmds = desk.app.begin(None);
    desk.run(cmds);
    desk.settle();
    assert!(desk.sees("In which office?"), "{}", desk.picture());
    desk.keys("<Down><Enter>");
    assert!(desk.sees("Ana Vuković · Centre Nikšić"), "{}", desk.picture());
    desk.keys("<F2>switch office<Enter>");
    desk.keys("podg<Enter>");
    assert!(desk.sees("Ana Vuković · Centre Podgorica"), "{}", desk.picture());
    let offices: Vec<Option<String>> = desk
        .fake
        .borrow()
        .asked
        .iter()
        .filter_map(|a| match a {
            Ask::SignIn { office, .. } => Some(office.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(
        offices,
        [None, Some("CSR-02".to_owned()), Some("CSR-01".to_owned())]
    );
}

#[test]
fn what_two_officers_answered_differently_is_asked_and_nothing_else() {
    let mut desk = Desk_::home();
    desk.fake.borrow_mut().refuse_lodging = true;
    desk.keys(TO_INTAKE);
    desk.keys(INTAKE);
    desk.keys("<F10>d");
    // The draft is at the server. There somebody changes land and account, here the land is changed too.
    {
        let mut fake = desk.fake.borrow_mut();
        fake.refuse_lodging = false;
        let mut theirs = fake.answers.clone();
        for answer in &mut theirs {
            match answer.fact.as_str() {
                "land_area" => answer.value = FactValue::Decimal("15".into()),
                "account" => answer.value = FactValue::Text("999-9-9".into()),
                _ => {}
            }
        }
        fake.theirs = Some(theirs);
    }
    desk.keys("20<Enter><F10>d");
    assert!(
        desk.sees("moje: 20") && desk.sees("njihovo: 15") && !desk.sees("999-9-9"),
        "{}",
        desk.picture()
    );
    desk.keys("<Esc><F10>");
    assert!(
        desk.sees("njihovo: 15"),
        "not settled, asked again: {}",
        desk.picture()
    );
    desk.keys("<Down><Enter><F10>d");
    assert!(desk.sees("CSR-01-Z-2025/18"), "{}", desk.picture());
    let fake = desk.fake.borrow();
    let said = |fact: &str| {
        fake.answers
            .iter()
            .find(|a| a.fact == fact)
            .map(|a| a.value.clone())
    };
    assert_eq!(said("land_area"), Some(FactValue::Decimal("15".into())));
    assert_eq!(
        said("account"),
        Some(FactValue::Text("999-9-9".into())),
        "what only they changed is theirs"
    );
}

#[test]
fn an_answer_lost_on_the_way_makes_nothing_twice() {
    let mut desk = Desk_::home();
    desk.keys(TO_INTAKE);
    desk.keys(INTAKE);
    desk.fake.borrow_mut().deaf = true;
    desk.keys("<F10>d");
    assert!(desk.sees("nema veze"), "{}", desk.picture());
    desk.keys("<F10>d<Enter>2s");
    desk.fake.borrow_mut().deaf = true;
    desk.keys("s");
    desk.keys("s");
    let fake = desk.fake.borrow();
    let keys: Vec<&String> = fake
        .asked
        .iter()
        .filter_map(|a| match a {
            Ask::OpenDraft { once, .. } | Ask::Assess { once, .. } => Some(once),
            _ => None,
        })
        .collect();
    assert_eq!(keys.len(), 5, "draft twice, assessed three times");
    assert_eq!(keys[0], keys[1]);
    assert_ne!(keys[2], keys[3]);
    assert_eq!(
        keys[3], keys[4],
        "the one that was not heard is asked again under its key"
    );
}

#[test]
fn the_last_reason_comes_with_f6_on_every_page_and_in_the_next_application() {
    let mut desk = Desk_::home();
    desk.keys(TO_INTAKE);
    desk.keys(INTAKE);
    desk.keys("<F10>d<Enter>2r<Enter><Enter>duvid u evidenciju<F10>d");
    let first = desk.picture();
    assert!(first.contains("predlaže") || first.contains("Predlog"), "{first}");
    desk.fake.borrow_mut().state = Some(karton_api::applications::ApplicationState::Lodged);
    desk.keys("<F5>r<Enter><Enter>d<F6>");
    assert!(desk.sees("uvid u evidenciju"), "{}", desk.picture());
}

#[test]
fn who_fits_exactly_stands_first_and_enter_opens_the_first() {
    let mut desk = Desk_::home();
    desk.keys("fper");
    let picture = desk.picture();
    let at = |name: &str| picture.find(name).unwrap();
    assert!(at("Jovana") < at("Luka") && at("Luka") < at("Marija") && at("Marija") < at("Nikola"));
    assert!(
        at("Nikola") < at("Đorđe"),
        "another office's come after one's own"
    );
    desk.keys("<Enter>");
    assert!(desk.sees("CSR-01-D-2025/10"), "{}", desk.picture());
}

#[test]
fn fields_never_move_whatever_is_answered() {
    let mut desk = Desk_::home();
    desk.keys(TO_INTAKE);
    let line = |desk: &Desk_, words: &str| desk.picture().lines().position(|l| l.contains(words));
    let before = (line(&desk, "Žiro račun"), line(&desk, "Telefon"));
    assert!(before.0.is_some() && before.0 < before.1, "{}", desk.picture());
    desk.keys("dbank<Enter>");
    assert_eq!(before, (line(&desk, "Žiro račun"), line(&desk, "Telefon")));
    // What does not apply is passed over.
    desk.keys("<Up>post<Enter>");
    assert!(desk.sees("› Telefon"), "{}", desk.picture());
}

#[test]
fn the_plain_mode_has_no_boxes_nothing_beside_and_names_the_field() {
    for lang in Lang::all() {
        let mut desk = Desk_::plain(lang);
        let look = |desk: &Desk_, name: &str| {
            let picture = desk.picture();
            assert!(!picture.contains(['│', '┌', '─', '└']), "{picture}");
            insta::assert_snapshot!(format!("plain-{name}-{}", lang.code()), picture);
        };
        look(&desk, "home");
        desk.keys("fper");
        look(&desk, "find");
        desk.keys("<Esc>");
        desk.keys(TO_INTAKE);
        desk.keys("d");
        look(&desk, "intake");
        desk.keys("<F4>");
        look(&desk, "list");
        desk.keys("<Esc><F3>");
        look(&desk, "panel");
    }
}

#[test]
fn pictures_of_what_is_brought_by_hand() {
    for (lang, size) in [(Lang::CNR, (80, 24)), (Lang::EN, (80, 24))] {
        let mut desk = Desk_::home_in(lang, size, false);
        for keys in [TO_INTAKE, INTAKE, TO_EVIDENCE] {
            desk.keys(keys);
        }
        desk.keys("<End><Enter>");
        insta::assert_snapshot!(format!("replace-{}", lang.code()), desk.picture());
        desk.keys("<Esc>-");
        insta::assert_snapshot!(format!("withdraw-{}", lang.code()), desk.picture());
        desk.keys("<Esc><F12>fmarija<Enter>3+");
        insta::assert_snapshot!(format!("record-{}", lang.code()), desk.picture());
    }
}

#[test]
fn the_classifier_is_gone_through_branch_by_branch_or_by_what_is_typed() {
    let mut desk = Desk_::home();
    desk.keys("^");
    assert!(
        desk.sees("Klasifikator socijalne podrške") && desk.sees("+ Boračka zaštita"),
        "{}",
        desk.picture()
    );
    assert!(
        !desk.sees("Materijalno obezbjeđenje"),
        "a branch is closed at first"
    );
    desk.keys("<Down><Right><Down><Down>");
    insta::assert_snapshot!("classifier-80x24-cnr", desk.picture());
    assert!(
        desk.sees("Materijalno obezbjeđenje") && desk.sees("DNJP"),
        "{}",
        desk.picture()
    );
    // From a leaf the way back leads to its branch, and then closes it.
    desk.keys("<Left><Left>");
    assert!(!desk.sees("DNJP"), "{}", desk.picture());
    // Typed words find anything, without diacritics, with what stands above it.
    desk.keys("boracki dod");
    assert!(
        desk.sees("BDNP") && desk.sees("Boračka zaštita") && !desk.sees("Materijalno"),
        "{}",
        desk.picture()
    );
    desk.keys("xyz");
    assert!(desk.sees("Ništa ne sadrži te riječi"), "{}", desk.picture());
    desk.keys("<Esc>");
    assert!(!desk.sees("Klasifikator socijalne"), "{}", desk.picture());
}

#[test]
fn a_signal_is_looked_into_and_answered_and_says_that_it_is_no_ground() {
    let mut desk = Desk_::home();
    desk.keys("'");
    assert!(
        desk.sees("Otvoreni signali") && desk.sees("F07") && desk.sees("640,00"),
        "{}",
        desk.picture()
    );
    insta::assert_snapshot!("signals-80x24-cnr", desk.picture());
    desk.keys("+");
    assert!(desk.sees("to nije razlog"), "{}", desk.picture());
    // What was found and how it was looked into are both asked for.
    desk.keys("<F10>");
    assert!(
        desk.sees("obavezno") || desk.sees("Popunite"),
        "{}",
        desk.picture()
    );
    desk.keys("nije tako<Enter>Poslodavac je ispravio prijavu<F10>");
    assert!(desk.sees("Odgovor je upisan"), "{}", desk.picture());
    {
        let fake = desk.fake.borrow();
        let body = fake.signal.as_ref().unwrap();
        assert_eq!(body.outcome, karton_api::signals::SignalOutcome::Unfounded);
        assert_eq!(body.note, "Poslodavac je ispravio prijavu");
    }
    // The queue is asked anew, and nothing waits in it any more.
    assert!(desk.sees("Ovdje nema ničega"), "{}", desk.picture());
}

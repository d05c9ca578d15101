//! After the first decision, and beside it: later decisions, many at once, deputies, cases, calls, what would be.

use super::*;

/// One picture in each language at 80x24, with keys for that language.
fn pictures(name: &str, desk: impl Fn(Lang) -> Desk_, keys: impl Fn(Lang) -> String) {
    for (suffix, lang) in [("80x24-cnr", Lang::CNR), ("80x24-en", Lang::EN)] {
        let mut desk = desk(lang);
        desk.keys(&keys(lang));
        insta::assert_snapshot!(format!("{name}-{suffix}"), desk.picture());
    }
}
fn clerk(lang: Lang) -> Desk_ {
    let desk = Desk_::home_in(lang, (80, 24), false);
    desk.fake.borrow_mut().later = true;
    desk
}
fn approver(lang: Lang) -> Desk_ {
    let mut desk = clerk(lang);
    desk.keys("<F11><Down><Enter>");
    assert!(desk.sees("Ivan Radulović"), "{}", desk.picture());
    desk
}
fn in_words(lang: Lang, cnr: &str, en: &str) -> String {
    let words = if lang == Lang::CNR { cnr } else { en };
    format!("<F2>{words}<Enter>")
}

#[test]
fn a_later_decision_in_pictures() {
    pictures("dossier-award", clerk, |_| "fmarija<Enter>".into());
    pictures("amend", clerk, |_| "fmarija<Enter>_".into());
    pictures("amendment", approver, |_| "<Enter>".into());
    pictures("amendment-decide", approver, |_| "<Enter>o".into());
}

#[test]
fn a_first_officer_proposes_the_end_of_a_right() {
    let mut desk = clerk(Lang::EN);
    desk.keys("fmarija<Enter>_<F10>");
    assert!(desk.fake.borrow().proposed.is_none(), "not without a reason");
    desk.keys("renounced<F10>y");
    let fake = desk.fake.borrow();
    let body = fake.proposed.as_ref().unwrap();
    assert_eq!(body.kind, karton_api::amendments::AmendmentKind::End);
    assert_eq!(body.says.reason, "renounced");
    assert_eq!(body.says.from, Some(jiff::civil::date(2025, 4, 1)));
}

#[test]
fn a_component_of_an_award_rests_alone_and_the_form_says_which() {
    let part = |code: &str, ro: &str, en: &str, minor: i64| karton_api::awards::PartAmount {
        part: karton_api::awards::PartRef {
            code: code.into(),
            person: None,
        },
        name: [("ro", ro), ("en", en)]
            .map(|(language, name)| (language.to_owned(), name.to_owned()))
            .into(),
        person_name: None,
        amount: karton_api::Money::new(minor, karton_api::Currency::EUR),
        suspended: false,
    };
    let mut desk = clerk(Lang::EN);
    desk.fake.borrow_mut().parts = vec![
        part("ai", "Ajutor de incluziune", "Inclusion aid", 91_500),
        part(
            "afc",
            "Ajutor pentru familia cu copii",
            "Aid for families with children",
            28_600,
        ),
    ];
    desk.keys("fmarija<Enter>_susp<Tab><Tab>afc<Tab>Does<F10>y");
    let fake = desk.fake.borrow();
    let Some(body) = &fake.proposed else {
        panic!("{}", desk.picture());
    };
    assert_eq!(body.kind, karton_api::amendments::AmendmentKind::Suspend);
    assert_eq!(
        body.says.part.as_ref().map(|part| part.code.as_str()),
        Some("afc")
    );
    assert_eq!(body.says.reason, "silent");
}

#[test]
fn deciding_many_in_pictures() {
    pictures("many", approver, |_| ";".into());
    pictures("many-ask", approver, |_| ";<Down> o".into());
    pictures("many-refused", approver, |_| ";<Tab>".into());
}

#[test]
fn only_what_is_marked_is_decided() {
    let mut desk = approver(Lang::EN);
    desk.keys("; oy");
    let fake = desk.fake.borrow();
    let body = fake.asked.iter().find_map(|ask| match ask {
        Ask::DecideMany { body, .. } => Some(body),
        _ => None,
    });
    assert_eq!(
        body.unwrap()
            .items
            .iter()
            .map(|item| item.application)
            .collect::<Vec<_>>(),
        [crate::api::fake::id(302)],
        "one was taken out, two bar themselves"
    );
}

#[test]
fn the_rest_of_an_office_in_pictures() {
    pictures("deputies", approver, |lang| in_words(lang, "zamjen", "deput"));
    pictures("deputy", approver, |lang| in_words(lang, "zamjen", "deput") + "n");
    pictures("cases", clerk, |_| "=".into());
    pictures("cases-due", clerk, |_| "=<Tab><Tab>".into());
    let lodged = |lang| {
        let desk = clerk(lang);
        desk.fake.borrow_mut().state = Some(karton_api::applications::ApplicationState::Lodged);
        desk
    };
    pictures("call", lodged, |_| "<C-k>marija<Enter>".into());
    pictures("what-if", clerk, |_| "$<Enter>".into());
}

#[test]
fn serving_a_letter_in_pictures() {
    let decided = |lang| {
        let mut desk = Desk_::home_in(lang, (80, 24), false);
        desk.fake.borrow_mut().state = Some(karton_api::applications::ApplicationState::Decided);
        desk.keys("<Enter>l");
        desk
    };
    pictures("serve", decided, |lang| in_words(lang, "drugačije", "otherwise"));
}

#[test]
fn a_case_in_pictures() {
    for (tab, name) in ["overview", "plan", "notes", "monitoring", "people"]
        .into_iter()
        .enumerate()
    {
        pictures(&format!("case-{name}"), clerk, |_| format!("=<Enter>{}", tab + 1));
    }
    pictures("case-write", clerk, |_| "=<Enter>+".into());
}

#[test]
fn what_was_written_down_is_corrected_by_its_key() {
    let mut desk = clerk(Lang::EN);
    desk.keys("=<Enter>3e");
    assert!(desk.sees("razgovor sa razrednim"), "{}", desk.picture());
}

#[test]
fn what_was_decided_is_closed_by_esc_while_the_list_is_fetched_and_ctrl_q_leaves_from_anywhere() {
    let mut desk = approver(Lang::EN).slow(|| 1_000);
    desk.press(";");
    desk.pass(3_000);
    desk.press("<Down> oy");
    desk.pass(1_500);
    assert!(desk.sees("Decided: "), "{}", desk.picture());
    desk.press("<Esc>");
    assert!(!desk.sees("Decided: "), "{}", desk.picture());
    desk.pass(3_000);
    assert!(
        !desk.sees("Stopped"),
        "what was being fetched came: {}",
        desk.picture()
    );
    desk.press("<F1>");
    desk.cmds.clear();
    desk.press("<C-q>");
    assert!(desk.cmds.contains(&Cmd::Quit));
}

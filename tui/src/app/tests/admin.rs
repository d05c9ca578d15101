//! The administrator's desk, at the keyboard and in pictures.

use super::*;
use crate::api::admin::AdminAsk;
use karton_api::{session::Role, users::OfficeRoles};

fn desk(lang: Lang, size: (u16, u16), mono: bool) -> Desk_ {
    let mut desk = Desk_::new(lang, size, mono);
    desk.app.demo.officers[0].user = "mia".into();
    let cmds = desk.app.begin(None);
    desk.run(cmds);
    desk.settle();
    assert!(matches!(desk.app.screen(), Screen::Admin(_)));
    desk
}

fn pictures(name: &str, keys: &str) {
    for (suffix, lang, size, mono) in [
        ("80x24-cnr", Lang::CNR, (80, 24), false),
        ("120x40-en", Lang::EN, (120, 40), false),
        ("80x24-en-mono", Lang::EN, (80, 24), true),
    ] {
        let mut desk = desk(lang, size, mono);
        desk.keys(keys);
        insta::assert_snapshot!(format!("{name}-{suffix}"), desk.picture());
    }
}

fn asked(desk: &Desk_) -> Vec<AdminAsk> {
    let fake = desk.fake.borrow();
    let admin = |ask: &Ask| match ask {
        Ask::Admin(ask) => Some(ask.clone()),
        _ => None,
    };
    fake.asked.iter().filter_map(admin).collect()
}

#[test]
fn the_desk_in_pictures() {
    pictures("admin-accounts", "");
    pictures("admin-new-account", "niva<Tab>Iva Iličić<Tab>CSR-01<Tab>clerk");
    pictures("admin-offices", "<Tab>");
    pictures("admin-jobs", "<Tab><Tab>");
    pictures("admin-house", "<Tab><Tab><Tab>");
    pictures("admin-packs", "<BackTab><BackTab>");
    pictures("admin-pack", "<BackTab><BackTab><Down><Enter>");
    pictures("admin-propose", "<BackTab><BackTab><Enter>a");
    pictures("admin-imports", "<BackTab>");
    pictures("admin-import", "<BackTab><Enter>");
    pictures("admin-relatives", "v");
    pictures("admin-first-password", "ry");
}

#[test]
fn an_account_is_opened_with_the_codes_that_were_chosen_and_its_password_shown_until_a_key() {
    let mut desk = desk(Lang::EN, (80, 24), false);
    desk.keys("niva<Tab>Iva Iličić<Tab>csr-01<Tab>cler<Tab>case<F10>");
    let opened = asked(&desk).into_iter().find_map(|ask| match ask {
        AdminAsk::OpenAccount { body, .. } => Some(body),
        _ => None,
    });
    let opened = opened.unwrap();
    assert_eq!(
        (opened.user.as_str(), opened.name.as_str()),
        ("iva", "Iva Iličić")
    );
    assert_eq!(
        opened.roles,
        [OfficeRoles {
            office: "CSR-01".into(),
            roles: vec![Role::Clerk, Role::Caseworker],
        }]
    );
    assert!(desk.picture().contains("tri-crne-vrane-leta"));
    desk.keys("<Esc>");
    assert!(!desk.picture().contains("tri-crne-vrane-leta"));
    assert!(desk.picture().contains("Ana Kotor"));
}

#[test]
fn what_cannot_be_taken_back_is_asked_first_and_work_is_tried_again_by_one_key() {
    let mut desk = desk(Lang::EN, (80, 24), false);
    desk.keys("x");
    assert!(!asked(&desk).iter().any(AdminAsk::changes), "only asked");
    desk.keys("y");
    let switched = asked(&desk).into_iter().find_map(|ask| match ask {
        AdminAsk::ChangeAccount { body, .. } => Some(body.disabled),
        _ => None,
    });
    assert_eq!(switched, Some(Some(true)));
    desk.keys("<Tab><Tab>u");
    assert!(
        asked(&desk)
            .iter()
            .any(|ask| matches!(ask, AdminAsk::Retry { .. }))
    );
}

#[test]
fn a_version_is_proposed_from_a_day_and_another_ones_proposal_is_activated_after_a_question() {
    let mut desk = desk(Lang::EN, (80, 24), false);
    desk.keys("<BackTab><BackTab><Enter>a");
    desk.keys("<Tab>Službeni list<F10>");
    let proposed = asked(&desk).into_iter().find_map(|ask| match ask {
        AdminAsk::ProposePack { body, .. } => Some(body),
        _ => None,
    });
    let proposed = proposed.unwrap();
    assert_eq!(
        (proposed.hash, proposed.note),
        ("c".repeat(64), Some("Službeni list".to_owned()))
    );
    desk.keys("<Esc><Down><Enter>k");
    assert!(
        !asked(&desk)
            .iter()
            .any(|ask| matches!(ask, AdminAsk::ActivatePack { .. }))
    );
    desk.keys("y");
    assert!(
        asked(&desk)
            .iter()
            .any(|ask| matches!(ask, AdminAsk::ActivatePack { revision: 1, .. }))
    );
}

//! People who look alike, merges and transfers, in keys.

use super::*;
use karton_api::duplicates::{MergeState, PairState};

fn pictures(name: &str, desk: impl Fn(Lang) -> Desk_, keys: &str) {
    for (suffix, lang) in [("80x24-cnr", Lang::CNR), ("80x24-en", Lang::EN)] {
        let mut desk = desk(lang);
        desk.keys(keys);
        insta::assert_snapshot!(format!("{name}-{suffix}"), desk.picture());
    }
}
fn clerk(lang: Lang) -> Desk_ {
    Desk_::home_in(lang, (80, 24), false)
}
fn head(lang: Lang) -> Desk_ {
    let mut desk = clerk(lang);
    desk.fake.borrow_mut().held.merge = Some((MergeState::Proposed, "isto lice, dva upisa".into()));
    desk.keys("<F11><Down><Enter>");
    assert!(desk.sees("Ivan Radulović"), "{}", desk.picture());
    desk
}

#[test]
fn people_who_look_alike_in_pictures() {
    pictures("doubles", clerk, "(");
    pictures("pair", clerk, "(<Enter>");
    pictures("pair-judge", clerk, "(<Enter>o");
    pictures("merge-propose", clerk, "(<Enter>s");
    pictures("merge-proposed", head, "(<Tab><Tab><Tab><Tab><Enter>");
    pictures("merge-merged", head, "(<Tab><Tab><Tab><Tab><Enter>puvid<F10>");
    pictures("transfers", head, ")");
    pictures("transfer", clerk, "fmarija<Enter>*centr<Enter>");
}

#[test]
fn a_pair_is_judged_with_a_reason_and_left_on_its_list() {
    let mut desk = clerk(Lang::EN);
    desk.keys("(<Enter>o<F10>");
    assert!(desk.fake.borrow().held.verdict.is_none(), "not without a verdict");
    desk.keys("two people<Enter><F10>");
    assert!(desk.fake.borrow().held.verdict.is_none(), "not without a reason");
    desk.keys("različite majke<F10>");
    let said = desk.fake.borrow().held.verdict.clone();
    assert_eq!(said, Some((PairState::Different, "različite majke".into())));
    assert!(
        desk.sees("Judged.") && desk.sees("različite majke"),
        "{}",
        desk.picture()
    );
    desk.keys("<Esc>");
    assert!(desk.sees("Nothing here."), "{}", desk.picture());
}

#[test]
fn two_officers_merge_and_the_old_number_is_looked_for() {
    let mut desk = clerk(Lang::EN);
    desk.keys("(<Enter>s<Enter>dva upisa<F10>");
    assert!(desk.sees("waits for a second officer"), "{}", desk.picture());
    assert!(
        !desk.app.acts().contains(&crate::app::keymap::Act::Agree),
        "not the first officer"
    );
    desk.keys("<F12><F11><Down><Enter>(<Tab><Tab><Tab><Tab><Enter>");
    assert!(desk.sees("applications 1"), "{}", desk.picture());
    desk.keys("puvid<F10>");
    assert!(
        desk.sees("Merged") && desk.sees("CSR-01-D-2025/20 find"),
        "{}",
        desk.picture()
    );
    desk.keys("f");
    assert!(
        desk.sees("CSR-01-D-2025/20"),
        "the old number stands in the search: {}",
        desk.picture()
    );
    desk.keys("<Esc>xipak dva<F10>");
    assert_eq!(
        desk.fake.borrow().held.merge.as_ref().unwrap().0,
        MergeState::Undone
    );
}

#[test]
fn what_stands_against_a_merge_is_named() {
    let mut desk = clerk(Lang::EN);
    desk.fake.borrow_mut().held.hindered = true;
    desk.keys("(<Enter>s<Enter>dva upisa<F10>");
    assert!(
        desk.sees("CSR-01-R-2025/9") && desk.sees("end one of them first"),
        "{}",
        desk.picture()
    );
}

#[test]
fn a_dossier_is_offered_with_its_household_and_taken_over() {
    let mut desk = clerk(Lang::EN);
    desk.keys("fmarija<Enter>*transfer<Enter>");
    assert!(
        desk.sees("Goes") || desk.sees("applications"),
        "{}",
        desk.picture()
    );
    desk.keys("<F10>");
    assert!(desk.fake.borrow().held.transfer.is_none(), "not without a centre");
    desk.keys("Nik<Enter>");
    let yes = desk.picture().matches("Perović").count();
    assert!(yes >= 3, "the household is asked about: {}", desk.picture());
    desk.keys("yny<Enter>preselila se<F10>");
    let sent = desk.fake.borrow().held.transfer.clone();
    let (people, body) = sent.unwrap_or_else(|| panic!("{}", desk.picture()));
    assert_eq!((people, body.to.as_str()), (3, "CSR-02"));
    let mut desk = head(Lang::EN);
    desk.keys(")py");
    assert_eq!(desk.fake.borrow().held.taken, Some(true));
    assert!(desk.sees("Taken over."), "{}", desk.picture());
}

//! What happens to people and households, in keys.

use super::{visits::TO_INTAKE, *};
use crate::api::Send;
use karton_api::{
    households::{DeathSource, SplitHousehold},
    persons::{CardField, CorrectionKind},
};

fn sent(desk: &Desk_) -> Send {
    desk.fake.borrow().sent.clone().unwrap()
}

#[test]
fn a_name_is_corrected_with_its_day_and_paper() {
    let mut desk = Desk_::home_in(Lang::EN, (80, 24), false);
    desk.keys("fmarija<Enter>*correct<Enter>");
    assert!(
        desk.sees("Correct the card") && desk.sees("1506990205137"),
        "{}",
        desk.picture()
    );
    desk.keys("<Enter><Enter>");
    for _ in 0..12 {
        desk.keys("<Backspace>");
    }
    desk.keys("Kovač<Enter><Enter><Enter>was right until<Enter>1402<Enter>izvod 7/25<Enter>udala se<F10>");
    let Send::Correct(1, body) = sent(&desk) else {
        panic!("{}", desk.picture())
    };
    assert_eq!(body.name.unwrap().family, "Kovač");
    assert_eq!(
        (body.national_id, body.birth_date, body.clear.len()),
        (None, None, 0),
        "what was not touched is not sent"
    );
    assert_eq!(
        (body.kind, body.from, body.reason.as_str()),
        (
            CorrectionKind::Change,
            Some(jiff::civil::date(2025, 2, 14)),
            "udala se"
        )
    );
}

#[test]
fn an_emptied_field_is_taken_away() {
    let mut desk = Desk_::home_in(Lang::EN, (80, 24), false);
    desk.keys("fmarija<Enter>*correct<Enter>");
    for _ in 0..13 {
        desk.keys("<Backspace>");
    }
    desk.keys("<F10>");
    assert!(desk.fake.borrow().sent.is_none(), "not without a reason");
    desk.keys("tuđi broj<F10>");
    let Send::Correct(_, body) = sent(&desk) else {
        panic!("{}", desk.picture())
    };
    assert_eq!(body.clear, [CardField::NationalId]);
}

#[test]
fn a_household_is_split_by_saying_who_leaves() {
    let mut desk = Desk_::home_in(Lang::EN, (80, 24), false);
    desk.keys("fmarija<Enter>2*");
    assert!(desk.sees("Split the household"), "{}", desk.picture());
    desk.keys("split<Enter>");
    assert!(desk.sees("Who leaves together"), "{}", desk.picture());
    desk.keys("<Enter>");
    desk.keys("<Enter>");
    desk.keys("nyny");
    desk.keys("odvojeni život<F10>");
    let Send::Split(SplitHousehold { with, reason, .. }) = sent(&desk) else {
        panic!("{}", desk.picture())
    };
    assert_eq!((with.len(), reason.as_str()), (2, "odvojeni život"));
    assert!(desk.sees("Done."), "{}", desk.picture());
}

#[test]
fn a_death_needs_its_day_and_paper() {
    let mut desk = Desk_::home_in(Lang::EN, (80, 24), false);
    desk.keys("fmarija<Enter>*death<Enter><F10>");
    assert!(desk.sees("please fill in"), "{}", desk.picture());
    desk.keys("0102<Enter><Enter>MRU 12/25<F10>");
    let Send::Death(1, body) = sent(&desk) else {
        panic!("{}", desk.picture())
    };
    assert_eq!(
        (body.source, body.proof.as_str(), body.head),
        (DeathSource::Document, "MRU 12/25", None)
    );
}

#[test]
fn a_draft_whose_dossier_has_gone_is_named_and_can_be_discarded() {
    let mut desk = Desk_::home_in(Lang::EN, (80, 24), false);
    desk.keys(TO_INTAKE);
    desk.keys("ybank<Enter>510-1-2<Enter><Esc>");
    desk.keys("<F12>");
    assert_eq!(desk.journal.len(), 1);
    desk.fake.borrow_mut().moved_away = true;
    desk.keys("b");
    assert!(
        desk.sees("Marija Perović") && desk.sees("no longer opens here"),
        "{}",
        desk.picture()
    );
    desk.keys("n");
    assert_eq!(desk.journal.len(), 1, "nothing is lost by looking");
    desk.keys("by");
    assert!(desk.journal.is_empty(), "{}", desk.picture());
    assert!(desk.sees("discarded"), "{}", desk.picture());
}

#[test]
fn pictures_of_changes() {
    for (suffix, lang, size) in [
        ("80x24-cnr", Lang::CNR, (80, 24)),
        ("120x40-en", Lang::EN, (120, 40)),
    ] {
        let words: [&str; 3] = match lang {
            Lang::CNR => ["Ispravi", "Podijeli", "Zaštiti"],
            _ => ["Correct", "Split", "Protect"],
        };
        let mut desk = Desk_::home_in(lang, size, false);
        desk.keys("fmarija<Enter>2*");
        insta::assert_snapshot!(format!("changes-{suffix}"), desk.picture());
        for (word, name) in words.into_iter().zip(["correct", "split", "protect"]) {
            desk.keys(&format!("{word}<Enter>"));
            insta::assert_snapshot!(format!("change-{name}-{suffix}"), desk.picture());
            desk.keys("<Esc>*");
        }
    }
}

//! At the window: who acts for the applicant is found in the register, what was answered last time is offered again, and a look keeps its
//! purpose.

use super::{
    Desk_,
    visits::{INTAKE, TO_INTAKE},
};
use crate::api::{Ask, fake::id};
use karton_api::{
    FactValue,
    assessments::{Answer, AnswerOf},
    dossiers::Purpose,
};

fn claim(fact: &str, value: FactValue) -> Answer {
    Answer {
        of: AnswerOf::Claim,
        fact: fact.into(),
        value,
    }
}

#[test]
fn who_acts_for_the_applicant_is_chosen_from_the_register() {
    let mut desk = Desk_::home();
    desk.keys(TO_INTAKE);
    desk.keys(INTAKE);
    // A name is looked for when its field is left; those found are shown, and one may still say that none of them is meant.
    desk.keys("<C-o><Tab><Tab><Tab><Tab><Tab><Tab>pun<Tab>per<Enter>");
    assert!(desk.sees("Nije među njima: per"), "{}", desk.picture());
    assert!(
        !desk.sees("15069902051") || !desk.picture().contains("Marija Perović  1506990205137 ·"),
        "the applicant is not offered:\n{}",
        desk.picture()
    );
    desk.keys("<Enter>");
    // The address is known where the person is: only the ground is still needed.
    desk.keys("<F10>");
    assert!(!desk.sees("Zapisano"), "{}", desk.picture());
    desk.keys("OVP 12/25<F10>");
    assert!(desk.sees("Zapisano"), "{}", desk.picture());
    // What was said is there again.
    desk.keys("<C-o>");
    assert!(desk.sees("OVP 12/25"), "{}", desk.picture());
    desk.keys("<F10><F10>d");
    let fake = desk.fake.borrow();
    let who = fake.hand_in.as_ref().unwrap().representative.as_ref().unwrap();
    assert_eq!((who.person, who.name.as_ref()), (Some(id(11)), None));
    assert_eq!(who.ground, "OVP 12/25");
}

#[test]
fn a_name_without_a_capacity_is_not_dropped() {
    let mut desk = Desk_::home();
    desk.keys(TO_INTAKE);
    desk.keys("<C-o><Tab><Tab><Tab><Tab><Tab><Tab><Tab>Stana Kovač<Enter>");
    assert!(desk.sees("Niko sličan nije upisan"), "{}", desk.picture());
    desk.keys("<F10>");
    assert!(!desk.sees("Zapisano"), "{}", desk.picture());
    desk.keys("pun<Tab><Tab>Njegoševa 1<Tab><Tab>OVP 1<F10>");
    assert!(desk.sees("Zapisano"), "{}", desk.picture());
}

#[test]
fn what_was_answered_last_time_is_offered_again_and_can_be_changed() {
    let mut desk = Desk_::home();
    desk.fake.borrow_mut().applied_before = Some(vec![
        claim("consent", FactValue::Bool(false)),
        claim("payment_channel", FactValue::Code("bank".into())),
        claim("account", FactValue::Text("510-1-2".into())),
    ]);
    desk.keys(TO_INTAKE);
    assert!(desk.sees("CSR-01-Z-2025/3"), "{}", desk.picture());
    assert!(desk.sees("510-1-2"), "{}", desk.picture());
    insta::assert_snapshot!(desk.picture());
    // Consent is given anew each time; the account is typed over as a whole.
    desk.keys("d<Enter>520-3<Enter>");
    assert!(desk.sees("520-3") && !desk.sees("510-1-2"), "{}", desk.picture());
}

#[test]
fn the_purpose_of_a_look_follows_what_it_is_opened_from() {
    let mut desk = Desk_::home();
    desk.keys("fmarija per<F4>tel<Enter><Enter>");
    desk.keys("<F5>");
    let fake = desk.fake.borrow();
    let phone = fake.asked.iter().filter(|ask| {
        matches!(
            ask,
            Ask::DossierFor {
                purpose: Purpose::Phone,
                ..
            }
        )
    });
    assert_eq!(phone.count(), 2, "looked at again for the same purpose");
}

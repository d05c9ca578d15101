//! What stands beside an application, the person's choice, and the same application as of another day.

use super::{
    Desk_,
    visits::{INTAKE, TO_INTAKE},
};
use karton_api::standing::Keeps;

#[test]
fn the_choice_between_two_rights_is_written_down_from_the_status_and_from_there_the_past_is_asked() {
    let mut desk = Desk_::home();
    desk.keys(TO_INTAKE);
    desk.keys(INTAKE);
    desk.keys("<F10>d");
    desk.keys("@");
    for part in [
        "Dodatak za njegu i pomoć",
        "bira stranka [ZSDZ 32]",
        "Traženo je mjesečno veće",
        "i u drugom domaćinstvu",
    ] {
        assert!(desk.sees(part), "{part}\n{}", desk.picture());
    }
    // Without a word on what is kept nothing is sent.
    desk.keys("<Enter><F10>");
    assert!(desk.fake.borrow().besides.chosen.is_empty());
    desk.keys("traž<Tab>Izjava na zapisnik<F10>");
    let keeps = desk.fake.borrow().besides.chosen.last().map(|it| it.keeps);
    assert_eq!(keeps, Some(Keeps::Asked), "{}", desk.picture());
    // It stands there at once, without looking again.
    assert!(desk.sees("zadržava se traženo"), "{}", desk.picture());
    // Each line opens what stands behind it.
    desk.keys("<Down><Enter>");
    for part in ["Šta stoji iza toga", "Petar Vujotić", "01.01.2024"] {
        assert!(desk.sees(part), "{part}\n{}", desk.picture());
    }
    desk.keys("<Esc>");
    desk.keys("\"<F10>");
    assert!(desk.sees("Od tada duguje za 01.02.2025"), "{}", desk.picture());
}

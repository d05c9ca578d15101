//! Documents: listed, read, filed from a path that is completed, found by a word.

use super::*;

const TO_DOCUMENTS: &str = "fmarija<Enter>.";

#[test]
fn documents_stand_with_what_was_issued_and_are_read_and_saved() {
    let mut desk = Desk_::home();
    desk.keys(TO_DOCUMENTS);
    for seen in [
        "Dokumenti dosijea",
        "Uvjerenje škole",
        "Ugovor, skeniran",
        "Rješenje",
        "Izdato",
    ] {
        assert!(desk.sees(seen), "{seen}: {}", desk.picture());
    }
    desk.keys("<Down>");
    assert!(desk.sees("zaključan je lozinkom"), "{}", desk.picture());
    desk.keys("<Up><Enter>");
    assert!(
        desk.sees("pohađa treći razred") && desk.sees("uvjerenje.pdf (83 kB)"),
        "{}",
        desk.picture()
    );
    desk.keys("<PageDown>");
    assert!(desk.sees("strana 2"), "{}", desk.picture());
    desk.keys("%");
    assert!(desk.sees("Sačuvano: ~/uvjerenje.pdf"), "{}", desk.picture());
    desk.keys("<Enter>");
    assert!(
        desk.sees("01.01.2031") && desk.sees("abababab"),
        "{}",
        desk.picture()
    );
}

#[test]
fn a_file_is_filed_from_a_path_that_is_completed() {
    let mut desk = Desk_::home();
    desk.keys(TO_DOCUMENTS);
    desk.keys(",");
    assert!(desk.sees("Zavođenje dokumenta"), "{}", desk.picture());
    // Nothing is named: said at the field, nothing sent.
    desk.keys("<Tab><Tab>ško<Enter>Uvjerenje za Jovanu<F10>");
    assert!(desk.sees("Navedite fajl"), "{}", desk.picture());
    // Two begin like that: what they have in common is taken, and they are offered; into a folder one goes on.
    desk.keys("~/sk<F4>");
    assert!(desk.sees("~/sken.pdf"), "{}", desk.picture());
    desk.keys("<Enter>");
    assert!(desk.sees("~/sken/list.pdf"), "{}", desk.picture());
    desk.keys("<F10>");
    assert!(
        desk.sees("Zavedeno") && desk.sees("Uvjerenje za Jovanu"),
        "{}",
        desk.picture()
    );
    let fake = desk.fake.borrow();
    let (body, path) = fake.filed.last().unwrap();
    assert_eq!(path.as_deref(), Some("~/sken/list.pdf"));
    assert_eq!(body.file_name.as_deref(), Some("list.pdf"));
    assert_eq!(body.kind, "school-certificate");
}

#[test]
fn a_paper_is_filed_by_where_it_is_kept_and_never_together_with_a_file() {
    let mut desk = Desk_::home();
    desk.keys(TO_DOCUMENTS);
    desk.keys(",~/a.pdf<Tab>orman 3, fascikla 12<Tab>ugo<Enter>Ugovor o zakupu<F10>");
    assert!(desk.sees("ne oboje"), "{}", desk.picture());
    desk.keys("<BackTab><Delete><Delete>");
    assert!(desk.fake.borrow().filed.is_empty());
}

#[test]
fn a_document_is_found_by_a_word_in_it_with_what_stands_around_it() {
    let mut desk = Desk_::home();
    desk.keys("/<Enter>");
    assert!(desk.sees("Traženje dokumenata"), "{}", desk.picture());
    desk.keys("nema<Enter>");
    assert!(desk.sees("Ništa nije nađeno"), "{}", desk.picture());
    desk.keys("<Delete>razr<Enter>");
    assert!(
        desk.sees("[razred]") && desk.sees("Uvjerenje škole"),
        "{}",
        desk.picture()
    );
    desk.keys("<Enter>");
    assert!(desk.sees("Maksim Gorki"), "{}", desk.picture());
}

#[test]
fn what_is_known_about_a_document_is_corrected_and_it_stands_in_for_a_registers_answer() {
    let mut desk = Desk_::home();
    desk.keys(TO_DOCUMENTS);
    desk.keys("e");
    assert!(desk.sees("Ispravka dokumenta"), "{}", desk.picture());
    insta::assert_snapshot!(desk.picture());
    // The question is chosen as it is called, with the person it was asked about; nothing else is said anew.
    desk.keys("<Tab> 2025<Tab><Tab><Tab><Tab><Tab>nepok<Enter>");
    assert!(desk.sees("Ispravljeno"), "{}", desk.picture());
    let fake = desk.fake.borrow();
    let said = fake.corrected.as_ref().unwrap();
    assert_eq!(said.title.as_deref(), Some("Uvjerenje škole 2025"));
    assert_eq!(said.evidence, Some(crate::api::fake::id(704)));
    assert_eq!((&said.kind, said.dated_on), (&None, None));
}

#[test]
fn a_document_filed_at_an_application_may_stand_in_for_a_registers_answer() {
    let mut desk = Desk_::home();
    desk.keys(super::visits::TO_INTAKE);
    desk.keys(super::visits::INTAKE);
    desk.keys("<F10>d<Enter>.,");
    assert!(desk.sees("Umjesto odgovora"), "{}", desk.picture());
    desk.keys("<Tab>ormar 3<Tab>ško<Enter>Uvjerenje<Tab><Tab><Tab><Tab><Tab>prih<Enter>");
    let fake = desk.fake.borrow();
    let (body, _) = fake.filed.last().unwrap();
    assert_eq!(body.evidence, Some(crate::api::fake::id(702)));
    assert!(body.matter.is_some());
}

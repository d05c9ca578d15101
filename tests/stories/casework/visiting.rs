//! The form of a visit on paper, typed in later, and the week.

use super::{assesses_first, changes_officer, client, keeps, opens, reports, signs_in, writes_down};
use crate::visit::pdfs_below;
use karton_tests::{paper::text_of_pdf, served::Served};

pub(super) fn printed_and_typed_in(served: &Served) {
    let home = tempfile::tempdir().unwrap();
    let (ana, petar) = (served.officer("caseworker"), served.officer("approver"));
    let mut at = client(served, home.path());
    signs_in(&mut at, &ana);
    reports(&mut at);
    changes_officer(&mut at, &petar);
    opens(&mut at, "Ana");
    changes_officer(&mut at, &ana);
    at.waits_for("Initial assessment");
    at.types("<Enter>");
    at.waits_for("p Save PDF");

    // The form is saved to be printed: whom it is about stands on it, and room to write by hand.
    at.types("p");
    at.waits_for(".pdf");
    let papers = pdfs_below(home.path());
    let [paper] = papers.as_slice() else {
        panic!("one paper, and there are {papers:?}");
    };
    let text = text_of_pdf(&std::fs::read(paper).unwrap());
    for words in [
        "CSR-01-SR-2025/1",
        "Marko Vujotić",
        "Jelena",
        "Zapisnik o posjeti",
    ] {
        assert!(text.contains(words), "no {words} on the paper:\n{text}");
    }

    // A visit is agreed for Wednesday at ten; it stands in the week.
    writes_down(&mut at, "monitoring", "Again every");
    at.types("visit<Tab>Posjeta baki<Tab>+2<Tab>10:00<Tab>");
    keeps(&mut at, "Again every");
    at.types("<F12>");
    at.waits_for("Mine");
    at.types("=");
    at.waits_for("My cases");
    at.types("<BackTab>");
    at.waits_for("10.03.2025 – 16.03.2025");
    at.waits_for("Wed 12.03.2025");
    at.waits_for("Posjeta baki");
    // The next week and back.
    at.types("<F8>");
    at.waits_for("17.03.2025 – 23.03.2025");
    at.waits_for("Initial assessment");
    at.types("<F7>");
    at.waits_for("Posjeta baki");

    // What was written by hand is typed in; the line of the list that it does is done with it.
    at.types("<Enter>");
    at.waits_for("How it came");
    writes_down(&mut at, "Visit with", "With whom");
    at.types("<Tab>10:15<Tab>baka i dijete<Tab>Dijete uči<Tab><Tab>12.03<Tab>");
    at.waits_for("Who was there");
    at.types("baka, dijete<Tab>y");
    at.types("<Tab><Tab>uredno<Tab>");
    at.waits_for("uredno");
    at.types("no<Tab>");
    keeps(&mut at, "Immediate danger");
    at.types("3");
    at.waits_for("Dijete uči");
    at.types("4");
    at.waits_without("Posjeta baki");
    at.types("6");
    at.waits_for("Record of a visit");
    at.types("<Down><Enter>");
    at.waits_for("uredno");
    at.types("<Esc>");
    at.waits_without("uredno");

    // In the week it is held.
    at.types("<F12>");
    at.waits_for("Mine");
    at.types("=");
    at.waits_for("My cases");
    at.types("<BackTab>");
    at.waits_for("Held");
    at.waits_for("Dijete uči");
    at.types("<Enter>");
    at.waits_for("How it came");
    assesses_first(&mut at, "", "Full assessment");
    at.types("<Ctrl-Q>");
    assert_eq!(at.ends(), 0);
}

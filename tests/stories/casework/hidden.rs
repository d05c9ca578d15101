//! A case of domestic violence: whoever is named on it works on it, a colleague meets no trace of it on any screen.

use super::{a_colleague_comes, begins_report, changes_officer, client, sends, signs_in};
use karton_tests::{
    canary::{Aviary, Canary},
    served::Served,
    terminal::Terminal,
};

pub(super) fn unseen(served: &Served) {
    let goran = a_colleague_comes(served);
    let home = tempfile::tempdir().unwrap();
    let (ana, petar) = (served.officer("caseworker"), served.officer("approver"));
    let mut at = client(served, home.path());
    signs_in(&mut at, &ana);
    begins_report(&mut at);
    at.types("domestic-violence<Tab>police<Tab>violence<Tab>immediate<Tab><Tab>KANARINAC note<Tab>");
    // Without the one who decides it is not taken in: nobody else would see it.
    at.waits_for("Who decides *");
    at.types("Petar<Tab>");
    at.waits_for("The event");
    at.types("<Tab>t<Tab><Tab>home<Tab><Tab>KANARINAC adresa<Tab>police<Tab>KANARINAC opis<Tab><F8>");
    at.waits_for("3/4");
    at.types("<Space>");
    at.waits_for("Kinds of violence");
    at.types("physical<Tab><F10>");
    at.types("<Tab><Space>");
    at.waits_for("Relation");
    at.types("Jelena<Tab>spouse<Tab>light<Tab>ynKANARINAC kontakt<Tab><F10>");
    at.types("<F8>");
    at.waits_for("4/4");
    at.types("<Tab><Tab><Tab>high<Tab>");
    sends(&mut at, "Taken in as CSR-01-NP-2025/1");
    at.waits_for("Opening of the case");
    at.waits_for("¤");

    // Petar has it among his tasks; he opens it and gives it to Ana.
    changes_officer(&mut at, &petar);
    at.waits_for("Opening of the ca");
    at.types("<Enter>");
    at.waits_for("¤");
    at.types("o");
    at.waits_for("Led by");
    at.types("Ana<Tab>");
    sends(&mut at, "Led by             Ana Kotor");
    at.types("5");
    at.waits_for("Supervisor");
    at.waits_for("Petar Lješ");

    // The colleague meets it nowhere.
    changes_officer(&mut at, &goran);
    walks(&mut at);
    at.types("<Ctrl-Q>");
    assert_eq!(at.ends(), 0);

    // Those screens would have told it: Ana finds it on them.
    let mut at = client(served, home.path());
    signs_in(&mut at, &ana);
    at.types("=");
    at.waits_for("CSR-01-NP-2025/1");
    at.types("<F12>f1403978200126");
    at.waits_for("Marko Vujotić");
    at.types("<Enter>");
    at.waits_for("1 Overview");
    at.types("=");
    at.waits_for("¤");
    at.waits_for("CSR-01-NP-2025/1");
    at.types("<Ctrl-Q>");
    assert_eq!(at.ends(), 0);
}

/// Over every screen that could tell of a case, each waited for and read.
fn walks(at: &mut Terminal) {
    let steps: [(&str, &str); 21] = [
        ("i", "No open tasks"),
        ("k", "No open tasks"),
        ("m", "No open tasks"),
        ("=", "No cases here."),
        ("<Tab>", "No cases here."),
        ("<Tab>", "Nothing is due"),
        ("<Tab>", "10.03.2025 – 16.03.2025"),
        ("<F12>", "No open tasks"),
        ("<Ctrl-K>", "Number or name"),
        ("<Esc>", "No open tasks"),
        ("f", "Find a person"),
        ("1403978200126", "Marko Vujotić"),
        ("<Enter>", "1 Overview"),
        ("2", "Jelena"),
        ("3", "3 Facts"),
        ("4", "4 Applications"),
        ("5", "5 History"),
        (".", "Documents"),
        ("<Esc>", "5 History"),
        ("<F9>", "Menu"),
        ("<Esc>", "5 History"),
    ];
    let words = ["KANARINAC", "NP-2025", "iolence", "Opening of", "¤"];
    let canaries = words.map(|word| Canary::new("a word of the case", word));
    Aviary::of(canaries.into()).silent_on(at, &steps);
}

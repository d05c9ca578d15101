//! Social work at the keyboard: a case taken in, opened, assessed, planned, approved, visited and closed; and a case of violence that a colleague
//! does not see. In a terminal of 80 by 24, on both engines.

use crate::{CLIENT, SERVER};
use karton_api::{
    client::{Client, Key, Settings},
    session::{ChangePassword, Role, SignIn},
    users::{NewUser, OfficeRoles},
};
use karton_server::store::testing;
use karton_tests::{
    served::Served,
    terminal::{Start, Terminal},
};
use std::path::Path;

const COLLEAGUE: (&str, &str) = ("goran", "cetiri-svrake-na-grani");

fn client(served: &Served, home: &Path) -> Terminal {
    Start::of(CLIENT, home)
        .arg("--server")
        .arg(&served.url)
        .arg("--lang")
        .arg("en")
        .run()
}

fn signs_in(at: &mut Terminal, (account, password): &(String, String)) {
    at.waits_for("K A R T O N");
    at.types(&format!("{account}<Tab>{password}<F10>"));
    at.waits_for("Mine");
}

fn signs_out(at: &mut Terminal) {
    at.types("<F12>");
    at.waits_for("Mine");
    at.types("<F2>sign out");
    at.waits_for("Sign out");
    at.types("<Enter>");
}

/// F10, the question, yes, and the word that it was done.
fn sends(at: &mut Terminal, then: &str) {
    at.types("<F10>");
    at.waits_for("y yes");
    at.types("y");
    at.waits_for(then);
}

/// From the tasks to the report of a case about Marko Vujotić.
fn begins_report(at: &mut Terminal) {
    at.types("f1403978200126");
    at.waits_for("Marko Vujotić");
    at.types("<Enter>");
    at.waits_for("Overview");
    at.types("?");
    at.waits_for("Kind of case");
}

fn the_whole_way(served: &Served) {
    let home = tempfile::tempdir().unwrap();
    let (ana, petar) = (served.officer("caseworker"), served.officer("approver"));
    let mut at = client(served, home.path());
    signs_in(&mut at, &ana);
    begins_report(&mut at);
    at.types("guardianship<Tab>school<Tab>no-parents<Tab>regular<Tab><Tab>Razredna javlja.<Tab>");
    sends(&mut at, "Case CSR-01-SR-2025/1");

    // The head of office opens it and gives it to Ana.
    signs_out(&mut at);
    signs_in(&mut at, &petar);
    at.waits_for("Opening of the case");
    at.types("<Enter>");
    at.waits_for("o Decide");
    at.types("o");
    at.waits_for("Led by");
    at.types("Ana<Tab>");
    sends(&mut at, "Initial assessment");

    // Ana assesses, twice, and proposes a plan.
    signs_out(&mut at);
    signs_in(&mut at, &ana);
    at.waits_for("Initial assessment");
    at.types("<Enter>");
    at.waits_for("s Assess");
    at.types("s");
    at.waits_for("The key event");
    at.types("posjeta<Tab>smrt majke<Tab>bezbjedno<Tab><F8>");
    at.waits_for("2/3");
    at.types("<Tab><Tab><Tab><Tab>otvoriti<Tab>");
    sends(&mut at, "Full assessment");
    at.waits_for("s Assess");
    at.types("s");
    at.waits_for("1/4");
    at.types("<F8>");
    at.waits_for("The candidate's consent");
    at.types("saglasna<Tab>yuvid<Tab><F8>");
    at.waits_for("3/4");
    at.types("<Tab><Tab>2<Tab>skola<Tab>postaviti<Tab>");
    sends(&mut at, "Plan of services");
    at.types("+");
    at.waits_for("What is to be written down?");
    at.types("Plan<Enter>");
    at.waits_for("Aim");
    at.types("Dijete je sigurno<Tab><Space>");
    at.waits_for("Seen by");
    at.types("Staratelj je tu<Tab>rjesenje<Tab>+30<Tab>");
    at.types("<F10>");
    at.types("<Tab><Space>");
    at.waits_for("Or who else");
    at.types("1<Tab>legal<Tab>Pribaviti saglasnost<Tab>Ana<Tab><Tab>+5<Tab>");
    at.types("<F10>");
    at.types("<Tab>+60<Tab>");
    sends(&mut at, "Approval of the plan");

    // Petar approves; Ana writes down a visit and sees what is due.
    signs_out(&mut at);
    signs_in(&mut at, &petar);
    at.waits_for("Approval of the plan");
    at.types("<Enter>");
    at.waits_for("o Decide");
    at.types("o");
    at.waits_for("Approve the plan?");
    at.types("y");
    at.waits_for("Appointment of the guardian");
    signs_out(&mut at);
    signs_in(&mut at, &ana);
    opens_the_case_of_marko(&mut at);
    at.types("+");
    at.waits_for("What is to be written down?");
    at.types("Contact<Enter>");
    at.waits_for("Kind of contact");
    at.types("visit<Tab><Tab>10:30<Tab>baka<Tab>Dijete je dobro<Tab>");
    at.types("<F10>");
    at.waits_for("Done.");
    at.types("3");
    at.waits_for("Dijete je dobro");
    at.types("4");
    at.waits_for("Pribaviti saglasnost");
    at.types("5");
    at.waits_for("Household");
    at.waits_for("Jelena Vujotić");
    // The sheet of the next visit is saved.
    at.types("p");
    at.waits_for(".pdf");
    // Her week says the same, day by day.
    at.types("<F12>");
    at.waits_for("Mine");
    at.types("=");
    at.waits_for("My cases");
    at.types("<BackTab>");
    at.waits_for("Held");
    at.waits_for("Pribaviti saglasnost");
    at.types("<Ctrl-Q>");
    assert_eq!(at.ends(), 0);
}

fn opens_the_case_of_marko(at: &mut Terminal) {
    at.types("=");
    at.waits_for("My cases");
    at.waits_for("CSR-01-SR-2025/1");
    at.types("<Enter>");
    at.waits_for("How it came");
}

/// Another caseworker of the same office.
fn a_colleague_comes(served: &Served) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let nobody = Client::new(&served.url, &Settings::default()).unwrap();
        let (user, password) = served.officer("admin");
        let sign_in = |user: String, password: String| SignIn {
            user,
            password,
            office: None,
        };
        let mia = nobody.sign_in(&sign_in(user, password)).await.unwrap();
        let body = NewUser {
            user: COLLEAGUE.0.into(),
            name: "Goran Bojić".into(),
            roles: vec![OfficeRoles {
                office: "CSR-01".into(),
                roles: vec![Role::Clerk, Role::Caseworker],
            }],
        };
        let first = nobody
            .signed_in(&mia.token)
            .open_user(&Key("goran".into()), &body)
            .await
            .unwrap();
        let goran = nobody
            .sign_in(&sign_in(COLLEAGUE.0.into(), first.password.clone()))
            .await
            .unwrap();
        let change = ChangePassword {
            old: first.password,
            new: COLLEAGUE.1.into(),
        };
        nobody
            .signed_in(&goran.token)
            .change_password(&change)
            .await
            .unwrap();
    });
}

fn unseen(served: &Served) {
    a_colleague_comes(served);
    let home = tempfile::tempdir().unwrap();
    let (ana, petar) = (served.officer("caseworker"), served.officer("approver"));
    let colleague = (COLLEAGUE.0.to_owned(), COLLEAGUE.1.to_owned());
    let mut at = client(served, home.path());
    signs_in(&mut at, &ana);
    begins_report(&mut at);
    // Without the one who decides it is not taken in: nobody else would see it.
    at.types("domestic-violence<Tab>police<Tab>violence<Tab>immediate<Tab><Tab>KANARINAC note<Tab>");
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
    sends(&mut at, "Case CSR-01-NP-2025/1");
    at.waits_for("Opening of the case");

    // Petar has it among his tasks, and it bears the sign of what is not for everybody.
    signs_out(&mut at);
    signs_in(&mut at, &petar);
    at.waits_for("Opening of the case");
    at.types("<Enter>");
    at.waits_for("¤");

    // The colleague has no such task, list, dossier, history or number.
    signs_out(&mut at);
    signs_in(&mut at, &colleague);
    let screens = ["i", "k", "="];
    for key in screens {
        at.types(key);
        at.settles(std::time::Duration::from_millis(300));
        sees_nothing(&at);
    }
    at.types("<Tab>");
    at.waits_for("No cases here.");
    sees_nothing(&at);
    at.types("<F12>f1403978200126");
    at.waits_for("Marko Vujotić");
    at.types("<Enter>");
    at.waits_for("Overview");
    for tab in ["1", "2", "3", "4", "5"] {
        at.types(tab);
        at.settles(std::time::Duration::from_millis(300));
        sees_nothing(&at);
    }
    at.types("<Ctrl-Q>");
    assert_eq!(at.ends(), 0);
}

#[track_caller]
fn sees_nothing(at: &Terminal) {
    let screen = at.screen();
    for word in ["KANARINAC", "NP-2025", "violence", "Opening of the case", "¤"] {
        assert!(!screen.contains(word), "{word} on\n{screen}");
    }
}

#[test]
fn a_case_is_opened_planned_approved_and_visited_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_string_lossy().into_owned();
    the_whole_way(&Served::start(Path::new(SERVER), 40, &["--data-dir", &data]));
}

#[test]
fn a_colleague_does_not_see_a_case_of_violence_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_string_lossy().into_owned();
    unseen(&Served::start(Path::new(SERVER), 40, &["--data-dir", &data]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cases_are_worked_on_and_hidden_on_postgres() {
    for story in [the_whole_way, unseen] {
        let Some(url) = testing::database().await else {
            return;
        };
        let told = tokio::task::spawn_blocking(move || {
            story(&Served::start(Path::new(SERVER), 40, &["--database-url", &url]));
        });
        told.await.unwrap();
    }
}

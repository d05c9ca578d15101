//! Social work at the keyboard, in a terminal of 80 by 24, on both engines: a guardianship from the report to its reopening, a visit with its paper
//! form, the week, a case that changes hands, and a case of violence that a colleague does not see.

mod hidden;
mod visiting;

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

/// An account and its password.
type Account = (String, String);

fn client(served: &Served, home: &Path) -> Terminal {
    Start::of(CLIENT, home)
        .arg("--server")
        .arg(&served.url)
        .arg("--lang")
        .arg("en")
        .run()
}

/// Signs in; the list of tasks stands there with its answer.
fn signs_in(at: &mut Terminal, (account, password): &Account) {
    at.waits_for("K A R T O N");
    at.types(&format!("{account}<Tab>{password}<F10>"));
    at.waits_for("Mine");
    // What is too long for its line stands whole below the list, instead of how many there are.
    at.waits_for_one_of(&["tasks: ", "No open tasks", "CSR-"]);
}

/// From wherever the officer is.
fn signs_out(at: &mut Terminal) {
    at.types("<F12>");
    at.waits_for("Mine");
    at.types("<F2>");
    at.waits_for("›");
    at.types("sign out");
    at.waits_for("Sign out");
    at.types("<Enter>");
}

fn changes_officer(at: &mut Terminal, to: &Account) {
    signs_out(at);
    signs_in(at, to);
}

/// F10, the question, yes, and what the screen then says.
fn sends(at: &mut Terminal, then: &str) {
    at.types("<F10>");
    at.waits_for("y yes");
    at.types("y");
    at.waits_for(then);
}

/// F10 where nothing is asked; the form is gone when it was kept.
fn keeps(at: &mut Terminal, form: &str) {
    at.types("<F10>");
    at.waits_without(form);
}

/// From the tasks to the report of a case about Marko Vujotić.
fn begins_report(at: &mut Terminal) {
    at.types("f1403978200126");
    at.waits_for("Marko Vujotić");
    at.types("<Enter>");
    at.waits_for("1 Overview");
    at.types("?");
    at.waits_for("Kind of case");
}

/// A guardianship is reported.
fn reports(at: &mut Terminal) {
    begins_report(at);
    at.types("guardianship<Tab>school<Tab>no-parents<Tab>regular<Tab><Tab>Razredna javlja.<Tab>");
    sends(at, "Taken in as CSR-01-SR-2025/1");
    at.waits_for("Opening of the case");
}

/// The head of office opens the case that waits among the tasks, and gives it to a caseworker.
fn opens(at: &mut Terminal, lead: &str) {
    at.waits_for("Opening of the ca");
    at.types("<Enter>");
    at.waits_for("o Decide");
    at.types("o");
    at.waits_for("Led by");
    at.types(&format!("{lead}<Tab>"));
    sends(at, "Initial assessment");
}

/// From anywhere to the case, by the list of cases.
fn opens_my_case(at: &mut Terminal) {
    at.types("<F12>");
    at.waits_for("Mine");
    at.types("=");
    at.waits_for("My cases");
    at.waits_for("CSR-01-SR-2025/1");
    at.types("<Enter>");
    at.waits_for("How it came");
}

/// Begins to write something down, by the beginning of its name.
fn writes_down(at: &mut Terminal, what: &str, then: &str) {
    at.types("+");
    at.waits_for("What is to be written down?");
    at.types(what);
    at.types("<Enter>");
    at.waits_for(then);
}

/// The initial assessment of a guardianship; `more` is typed on its last page.
fn assesses_first(at: &mut Terminal, more: &str, then: &str) {
    at.waits_for("s Assess");
    at.types("s");
    at.waits_for("The key event");
    at.types("posjeta<Tab>smrt majke<Tab>bezbjedno<Tab><F8>");
    at.waits_for("2/3");
    at.types("<Tab><Tab><Tab><Tab>otvoriti<Tab><F8>");
    at.waits_for("3/3");
    at.types(more);
    sends(at, then);
}

fn the_whole_way(served: &Served) {
    let home = tempfile::tempdir().unwrap();
    let (ana, petar) = (served.officer("caseworker"), served.officer("approver"));
    let mut at = client(served, home.path());
    signs_in(&mut at, &ana);
    reports(&mut at);
    changes_officer(&mut at, &petar);
    opens(&mut at, "Ana");

    // Ana assesses, twice, and proposes a plan.
    changes_officer(&mut at, &ana);
    at.waits_for("Initial assessment");
    at.types("<Enter>");
    assesses_first(&mut at, "", "Full assessment");
    at.waits_for("s Assess");
    at.types("s");
    at.waits_for("1/4");
    at.types("<F8>");
    at.waits_for("The candidate's consent");
    at.types("saglasna<Tab>yuvid<Tab><F8>");
    at.waits_for("3/4");
    at.types("<Tab><Tab>2<Tab>skola<Tab>postaviti<Tab>");
    sends(&mut at, "Plan of services");
    writes_down(&mut at, "Plan", "Aim");
    at.types("Dijete je sigurno<Tab><Space>");
    at.waits_for("Seen by");
    at.types("Staratelj je tu<Tab>rjesenje<Tab>+30<Tab><F10>");
    at.waits_for("1 row");
    at.types("<Tab><Space>");
    at.waits_for("Or who else");
    at.types("1<Tab>legal<Tab>Pribaviti saglasnost<Tab>Ana<Tab><Tab>+5<Tab><F10>");
    at.waits_without("Or who else");
    at.types("<Tab>+60<Tab>");
    sends(&mut at, "Approval of the plan");

    // Petar sends it back with a reason; Ana proposes it again; he reads it before he approves it.
    changes_officer(&mut at, &petar);
    at.waits_for("Approval of the p");
    at.types("<Enter>");
    at.waits_for("waits for the supervisor");
    at.types("v");
    at.waits_for("Reason");
    at.types("Nedostaje pregled");
    sends(&mut at, "sent back");
    changes_officer(&mut at, &ana);
    opens_my_case(&mut at);
    writes_down(&mut at, "Plan", "Dijete je sigurno");
    sends(&mut at, "Approval of the plan");
    changes_officer(&mut at, &petar);
    at.waits_for("Approval of the p");
    at.types("<Enter>");
    at.waits_for("Version 2 · waits for the supervisor");
    at.types("o");
    at.waits_for("Approve the plan?");
    at.types("Saglasan sam.");
    sends(&mut at, "Version 2 · in force");
    // Both versions stay.
    at.types("t");
    at.waits_for("Plans of CSR-01-SR-2025/1");
    at.waits_for("Version 1");
    at.types("<Esc>");
    at.waits_without("Plans of");

    // Ana writes down a call, puts a visit on the list, and appoints the guardian: somebody of another household.
    changes_officer(&mut at, &ana);
    opens_my_case(&mut at);
    writes_down(&mut at, "Contact", "Kind of contact");
    at.types("phone<Tab><Tab>10:30<Tab>baka<Tab>Dijete je dobro<Tab>");
    keeps(&mut at, "Kind of contact");
    writes_down(&mut at, "monitoring", "Again every");
    at.types("visit<Tab>Posjeta porodici<Tab>+3<Tab>09:00<Tab>");
    keeps(&mut at, "Again every");
    writes_down(&mut at, "Guardian", "By whom");
    at.types("Marko<Tab>bulatin<Enter>");
    at.waits_for("Dušan Bulatin");
    at.types("guardian<Tab>Rjesenje 5/25<Tab>");
    sends(&mut at, "First review");
    at.types("3");
    at.waits_for("Dijete je dobro");
    at.types("4");
    at.waits_for("Pribaviti saglasnost");
    at.waits_for("Posjeta porodici");
    at.types("5");
    at.waits_for("Household");
    at.waits_for("Jelena Vujotić");
    at.waits_for("Dušan Bulatin");
    // What was filled in before is read with its versions.
    at.types("6");
    at.waits_for("Ana Kotor");
    at.types("<Down><Enter>");
    at.waits_for("smrt majke");
    at.types("<Esc>");
    at.waits_without("smrt majke");
    // The activity of the plan is carried out.
    at.types("2");
    at.waits_for("Pribaviti saglasnost");
    at.types("<Enter>");
    at.waits_for("How it stands");
    at.types("done<Tab><Tab>Saglasnost je data<Tab>");
    keeps(&mut at, "How it stands");
    at.waits_for("✓ 1.");

    // The review proposes to close; Petar closes it, and takes it up again.
    writes_down(&mut at, "Review", "What was found");
    at.types("Staratelj brine dobro<Tab>100<Tab><Tab><Tab>close<Tab>");
    at.waits_for("Propose to close");
    sends(&mut at, "100 %");
    changes_officer(&mut at, &petar);
    at.waits_for("Closing of the ca");
    at.types("<Enter>");
    at.waits_for("o Decide");
    at.types("o");
    at.waits_for("Outcome");
    at.types("goals-met<Tab><Tab>Dijete ima staratelja<Tab>");
    sends(&mut at, "·  Closed");
    at.waits_for("The goals are met");
    at.types("o");
    at.waits_for("Take up again");
    at.types("Staratelj se razbolio");
    sends(&mut at, "·  Open");
    at.types("<Ctrl-Q>");
    assert_eq!(at.ends(), 0);
}

/// A case changes hands: what waits for the one waits for the other.
fn another_leads(served: &Served) {
    let goran = a_colleague_comes(served);
    let home = tempfile::tempdir().unwrap();
    let (ana, petar) = (served.officer("caseworker"), served.officer("approver"));
    let mut at = client(served, home.path());
    signs_in(&mut at, &ana);
    reports(&mut at);
    changes_officer(&mut at, &petar);
    opens(&mut at, "Ana");
    writes_down(&mut at, "Give", "Led by");
    at.types("Goran<Tab>Ana je na bolovanju<Tab>");
    sends(&mut at, "Led before by");
    at.waits_for("Goran Bojić");
    changes_officer(&mut at, &ana);
    at.waits_for("No open tasks");
    changes_officer(&mut at, &goran);
    at.waits_for("Initial assessment");
    at.types("<Enter>");
    assesses_first(&mut at, "<Tab>y", "Closing of the case");
    at.types("<Ctrl-Q>");
    assert_eq!(at.ends(), 0);
}

/// Another caseworker of the same office.
fn a_colleague_comes(served: &Served) -> Account {
    const ACCOUNT: (&str, &str) = ("goran", "cetiri-svrake-na-grani");
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
            user: ACCOUNT.0.into(),
            name: "Goran Bojić".into(),
            roles: vec![OfficeRoles {
                office: "CSR-01".into(),
                roles: vec![Role::Clerk, Role::Caseworker],
            }],
        };
        let key = Key("goran".into());
        let first = nobody.signed_in(&mia.token).open_user(&key, &body).await.unwrap();
        let goran = nobody
            .sign_in(&sign_in(ACCOUNT.0.into(), first.password.clone()))
            .await
            .unwrap();
        let change = ChangePassword {
            old: first.password,
            new: ACCOUNT.1.into(),
        };
        nobody
            .signed_in(&goran.token)
            .change_password(&change)
            .await
            .unwrap();
    });
    (ACCOUNT.0.to_owned(), ACCOUNT.1.to_owned())
}

/// Tells each story on SQLite, in a folder of its own, and on PostgreSQL where there is one.
macro_rules! told_at_the_keyboard {
    ($($sqlite:ident, $postgres:ident => $story:path;)*) => {$(
        #[test]
        fn $sqlite() {
            let folder = tempfile::tempdir().unwrap();
            let data = folder.path().to_string_lossy().into_owned();
            $story(&Served::start(Path::new(SERVER), 60, &["--data-dir", &data]));
        }
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $postgres() {
            let Some(url) = testing::database().await else {
                return;
            };
            let told = tokio::task::spawn_blocking(move || {
                $story(&Served::start(Path::new(SERVER), 60, &["--database-url", &url]));
            });
            told.await.unwrap();
        }
    )*};
}

told_at_the_keyboard! {
    a_guardianship_from_report_to_reopening_on_sqlite, a_guardianship_from_report_to_reopening_on_postgres => the_whole_way;
    a_case_changes_hands_on_sqlite, a_case_changes_hands_on_postgres => another_leads;
    a_visit_is_printed_typed_in_and_stands_in_the_week_on_sqlite, a_visit_is_printed_typed_in_and_stands_in_the_week_on_postgres
        => visiting::printed_and_typed_in;
    a_colleague_does_not_see_a_case_of_violence_on_sqlite, a_colleague_does_not_see_a_case_of_violence_on_postgres => hidden::unseen;
}

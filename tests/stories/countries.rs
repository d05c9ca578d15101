//! A visit at the counter of Romania and of Ukraine: on the country's own demo people, registers, offices and officers, in its language, by keyboard
//! alone, in a terminal of 80 by 24. The same client and the same server as in Montenegro.

use crate::{
    CLIENT, SERVER,
    visit::{client, pdfs_below},
};
use karton_server::store::testing;
use karton_tests::{
    served::Served,
    terminal::{Start, Terminal},
};
use std::path::Path;

/// A country's words that the visit waits for.
struct Land {
    pack: &'static str,
    language: &'static str,
    tasks: &'static str,
    sign_out: [&'static str; 2],
    reason: &'static str,
    recommend: &'static str,
    wanting: &'static str,
    /// How the last line of a letter begins.
    served_on: &'static str,
}

const RO: Land = Land {
    pack: "ro",
    language: "ro",
    tasks: "Ale mele",
    sign_out: ["deconect", "Deconectare"],
    reason: "Văzut la dosar.",
    recommend: "Propuneți?",
    wanting: "Motiv: completați",
    served_on: "Se comunică:",
};
const UA: Land = Land {
    pack: "ua",
    language: "uk",
    tasks: "Прострочені",
    sign_out: ["вийти", "Вийти"],
    reason: "Перевірено за справою.",
    recommend: "Подати проєкт рішення?",
    wanting: "Причина: заповніть",
    served_on: "Надіслано:",
};

/// Words that the screens of another language show nowhere.
const ENGLISH: [&str; 12] = [
    " the ", " and ", "Tasks", "Save", "Help", "Menu", "Open", "Send", "Evidence", "Steps", "due ", " yes",
];

impl Land {
    fn served(&self, more: &[&str]) -> Served {
        let mut all = vec!["--pack", self.pack];
        all.extend(more);
        Served::start(Path::new(SERVER), 40, &all)
    }
    fn signs_in(&self, at: &mut Terminal, served: &Served, role: &str) {
        self.signs_in_as(at, served.officer(role));
    }
    /// Somebody by account, in an office above the counter.
    fn signs_in_named(&self, at: &mut Terminal, served: &Served, account: &str) {
        let officers = served.said["officers"].as_array().unwrap();
        let of = officers.iter().find(|it| it["account"] == account).unwrap();
        let password = of["password"].as_str().unwrap().to_owned();
        self.signs_in_as(at, (account.to_owned(), password));
    }
    fn signs_in_as(&self, at: &mut Terminal, (account, password): (String, String)) {
        at.waits_for("K A R T O N");
        at.types(&format!("{account}<Tab>{password}<F10>"));
        at.waits_for(self.tasks);
    }
    fn signs_out(&self, at: &mut Terminal) {
        at.types(&format!("<F2>{}", self.sign_out[0]));
        at.waits_for(self.sign_out[1]);
        at.types("<Enter>");
    }
    /// Nothing on the screen is in another language.
    #[track_caller]
    fn speaks(&self, at: &Terminal) {
        let screen = at.screen();
        for word in ENGLISH {
            assert!(!screen.contains(word), "`{word}` is English:\n{}", at.framed());
        }
    }
    /// The first officer's reasons, page by page, and the recommendation.
    fn recommends(&self, at: &mut Terminal) {
        at.types("r");
        at.waits_for("1/");
        at.types("<F10>");
        let mut reason = format!("{}<Tab>", self.reason);
        while at.waits_for_one_of(&[self.recommend, self.wanting]) == 1 {
            self.speaks(at);
            let page = at.screen();
            at.types(&reason);
            reason = "<F6>".to_owned();
            at.waits_until("the next page", |screen| screen != page);
            at.types("<F10>");
            at.waits_until("an answer to F10", |screen| {
                screen.contains(self.recommend) || screen.contains(self.wanting)
            });
        }
        at.types("y");
    }
    /// The letter on the screen, page by page, as one text; where its lines end and where an amount must not be torn makes no difference.
    fn reads_the_letter(&self, at: &mut Terminal, beginning: &str) -> String {
        at.types("l");
        self.reads_the_open_letter(at, beginning)
    }
    /// The same where it has opened by itself.
    fn reads_the_open_letter(&self, at: &mut Terminal, beginning: &str) -> String {
        at.waits_for(beginning);
        let mut text = String::new();
        loop {
            let page = at.screen();
            self.speaks(at);
            for word in page.split_whitespace() {
                text.push_str(word);
                text.push(' ');
            }
            if page.contains(self.served_on) {
                return text;
            }
            at.types("<F8>");
            at.waits_until("the next page", |screen| screen != page);
        }
    }
}

/// The Țurcanu family asks for the minimum inclusion income; two officers go there, the mayor grants it, and the agency of the county confirms it.
fn romania(served: &Served) {
    let home = tempfile::tempdir().unwrap();
    let mut at = client(served, home.path(), RO.language);
    RO.signs_in(&mut at, served, "caseworker");
    RO.speaks(&at);
    at.types("f1810514501019");
    at.waits_for("Marian Țurcanu");
    at.types("<Enter>");
    at.waits_for("niciun drept");
    RO.speaks(&at);
    at.types("a");
    at.waits_for("Ce se cere?");
    at.types("VMI<Enter>");
    at.waits_for("1/11");
    at.waits_for("Familia (4): cu Ștefania, Maria, Matei");
    RO.speaks(&at);
    at.types("dd<F8>");
    at.waits_for("2/11");
    at.types("d<Tab>ur<Tab>înc<F8>");
    at.waits_for("3/11");
    at.types("<F8>");
    at.waits_for("4/11");
    at.types("<Tab><Tab><Tab>d<F8>");
    at.waits_for("5/11");
    at.types("<Tab><Tab><Tab>d<F8>");
    at.waits_for("6/11");
    // What does not apply to a girl of sixteen is passed over.
    at.types("<Tab><Tab>n<F10>");
    at.waits_for("Depuneți cererea?");
    RO.speaks(&at);
    at.types("d");
    at.waits_for("Înregistrată sub nr. CJ-054975-Z-2026/1");
    at.waits_for("termen 18.03.2026");
    RO.speaks(&at);

    at.types("<Enter>");
    at.waits_for("1 Dovezi");
    at.waits_until("every register's answer", |screen| {
        screen.contains("răspuns") && !screen.contains("se așteaptă")
    });
    RO.speaks(&at);
    // The registers' answers complete the step; the visit and the report are open now.
    at.types("3");
    at.waits_for("Înregistrarea cererii");
    at.types("<F5>");
    at.waits_for("Verificare în teren");
    RO.speaks(&at);
    at.types("<Down><Down>");
    at.waits_for("Enter deschide formularul");
    at.types("<Enter>");
    at.waits_for("1/5");
    RO.speaks(&at);
    at.types("<Tab>venit<Tab>dosar<Tab>Ana Someș<Tab>d<F8>");
    at.waits_for("2/5");
    at.types("<Tab>sat<F8>");
    at.waits_for("3/5");
    at.types("<Tab><Tab><Tab><Tab>2<F8>");
    at.waits_for("4/5");
    RO.speaks(&at);
    at.types("<F8>");
    at.waits_for("5/5");
    at.types("dif<Tab><Tab><Tab><Tab>Două camere, nu trei.<F10>");
    at.waits_for("Predați formularul?");
    RO.speaks(&at);
    at.types("d");
    at.waits_for("Formularul este predat");
    // What was handed in is read where it was filled in.
    at.types("<Enter>");
    at.waits_for("Starea locuinței");
    RO.speaks(&at);
    at.types("<Esc>");
    at.waits_without("Starea locuinței");
    at.types("<Down><Enter>");
    at.waits_for("Date verificate administrativ");
    at.types("<Tab>Registrele nu contrazic.<Tab><Tab>Camerele.<Tab>Acordare.<F10>");
    at.waits_for("Predați formularul?");
    at.types("d");
    at.waits_for("Stabilirea dreptului");
    at.types("s");
    at.waits_for("Are dreptul: 701,00 lei pe lună");
    at.waits_for("Venitul net ajustat 200,00\u{a0}lei");
    RO.speaks(&at);
    RO.recommends(&mut at);
    at.waits_for("Propunerea a fost trimisă spre decizie.");

    RO.signs_out(&mut at);
    RO.signs_in(&mut at, served, "approver");
    at.waits_for("Marian Țurcanu");
    at.types("<Enter>");
    at.waits_for("701,00 lei");
    at.types("o");
    at.waits_for("Luați decizia?");
    RO.speaks(&at);
    at.types("d");
    at.waits_for("CJ-054975-R-2026/1");
    // The mayor alone grants nothing yet: the agency of the county stands above.
    at.waits_for("până confirmă");
    let letter = RO.reads_the_letter(&mut at, "D I S P O Z I Ț I E");
    for words in [
        "SE ACORDĂ titularului Marian Țurcanu",
        "701,00 lei",
        "01.03.2026",
        "Ștefania Țurcanu",
    ] {
        assert!(letter.contains(words), "{words}: {letter}");
    }
    at.types("p");
    at.waits_for(".pdf");
    assert_eq!(pdfs_below(home.path()).len(), 1);

    // The list goes to the agency.
    RO.signs_out(&mut at);
    RO.signs_in(&mut at, served, "caseworker");
    at.waits_for("Transmitere la AJPIS");
    RO.speaks(&at);
    while !at.shows("Completează") {
        let before = at.screen();
        at.types("<Down>");
        at.waits_until("the next task", |screen| screen != before);
    }
    at.types("q");
    at.waits_for("S-a făcut?");
    at.types("d");
    at.waits_for("Sarcina este încheiată.");

    // Its director finds it in his list, sees what was found and granted, reads the disposition, and decides.
    RO.signs_out(&mut at);
    RO.signs_in_named(&mut at, served, "sorin");
    at.waits_for("Decizia directorului executiv");
    RO.speaks(&at);
    at.types("<Enter>");
    at.waits_for("CJ-054975-R-2026/1 (Mihai Arieș) așteaptă");
    RO.speaks(&at);
    at.types("2");
    at.waits_for("701,00 lei");
    at.waits_for("Venitul net ajustat");
    RO.speaks(&at);
    let first = RO.reads_the_letter(&mut at, "D I S P O Z I Ț I E");
    assert!(first.contains("Mihai Arieș"), "{first}");
    at.types("<Esc>");
    at.waits_for("1 Dovezi");
    at.types("o");
    at.waits_for("Confirmați actul așa cum este?");
    at.waits_for("Ioana Someș");
    at.waits_for("Mihai Arieș, CJ-054975-R-2026/1");
    RO.speaks(&at);
    at.types("d");
    at.waits_for("AJPIS-CJ-R-2026/1");
    let second = RO.reads_the_open_letter(&mut at, "D E C I Z I E");
    for words in [
        "Agenția Județeană pentru Plăți și Inspecție Socială Cluj",
        "dispoziția nr. CJ-054975-R-2026/1",
        "SE ACORDĂ titularului Marian Țurcanu",
        "701,00 lei",
        "DIRECTOR EXECUTIV Sorin Criș",
    ] {
        assert!(second.contains(words), "{words}: {second}");
    }
    at.types("<Esc>");
    at.waits_for("Confirmat de AJPIS-CJ");
    RO.speaks(&at);

    // The award stands with both acts; the family is told so at the counter.
    RO.signs_out(&mut at);
    RO.signs_in(&mut at, served, "caseworker");
    at.types("f1810514501019");
    at.waits_for("Marian Țurcanu");
    at.types("<Enter>");
    at.waits_for("701,00 lei");
    at.waits_without("niciun drept");
    RO.speaks(&at);
    at.types("<Ctrl-Q>");
    assert_eq!(at.ends(), 0);
}

/// The Ivanenko family asks for the basic social assistance at the pension fund's counter and is granted it.
fn ukraine(served: &Served) {
    let home = tempfile::tempdir().unwrap();
    let mut at = client(served, home.path(), UA.language);
    UA.signs_in(&mut at, served, "caseworker");
    UA.speaks(&at);
    at.types("f3075499980");
    at.waits_for("Олена Петрівна Іваненко");
    at.types("<Enter>");
    at.waits_for("призначень немає");
    UA.speaks(&at);
    at.types("a");
    at.waits_for("Про що заява?");
    at.types("B010<Enter>");
    at.waits_for("1/3");
    UA.speaks(&at);
    // The first letter of the word is an answer, also in the country's own script.
    at.types("т<Ctrl-U>пошт<F8>");
    at.waits_for("2/3");
    at.types("<F8>");
    at.waits_for("3/3");
    at.types("<F10>");
    at.waits_for("Подати заяву?");
    UA.speaks(&at);
    at.types("y");
    at.waits_for("Подано за № PFU-53-Z-2026/1");
    at.waits_for("строк 26.03.2026");
    UA.speaks(&at);
    at.types("<Enter>");
    at.waits_for("1 Підтвердження");
    at.waits_until("every register's answer", |screen| {
        screen.contains("s Визначити право")
    });
    UA.speaks(&at);
    at.types("s");
    at.waits_for("Право є: 11 450,00 грн на місяць");
    UA.speaks(&at);
    UA.recommends(&mut at);
    at.waits_for("Олена Ворскла пропонує");

    UA.signs_out(&mut at);
    UA.signs_in(&mut at, served, "approver");
    at.waits_for("Олена Петрівна Іва");
    at.types("<Enter>");
    at.waits_for("11 450,00 грн");
    at.types("o");
    at.waits_for("т так");
    UA.speaks(&at);
    at.types("т");
    at.waits_for("PFU-53-R-2026/1");
    let letter = UA.reads_the_letter(&mut at, "УКРАЇНА");
    for words in ["Олена Петрівна Іваненко", "11 450,00 грн"] {
        assert!(letter.contains(words), "{words}: {letter}");
    }
    at.types("<Ctrl-Q>");
    assert_eq!(at.ends(), 0);
}

async fn on_postgres(land: Land, visit: fn(&Served)) {
    let Some(url) = testing::database().await else {
        return;
    };
    let told = tokio::task::spawn_blocking(move || visit(&land.served(&["--database-url", &url])));
    told.await.unwrap();
}

#[test]
fn a_family_of_romania_is_visited_at_home_and_granted_its_income_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    romania(&RO.served(&["--data-dir", &folder.path().to_string_lossy()]));
}
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_family_of_romania_is_visited_at_home_and_granted_its_income_on_postgres() {
    on_postgres(RO, romania).await;
}
#[test]
fn a_family_of_ukraine_is_granted_basic_assistance_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    ukraine(&UA.served(&["--data-dir", &folder.path().to_string_lossy()]));
}
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_family_of_ukraine_is_granted_basic_assistance_on_postgres() {
    on_postgres(UA, ukraine).await;
}

/// Every demo is one command: it opens signed in, and each of its officers is one key away.
#[test]
fn the_demo_of_each_country_starts_and_its_officers_sign_in() {
    for (land, first, other, name) in [
        (RO, "Ioana Someș", "mihai", "Mihai Arieș ·"),
        (UA, "Олена Ворскла", "тарас", "Тарас Хорол ·"),
    ] {
        let home = tempfile::tempdir().unwrap();
        let mut at = Start::of(CLIENT, home.path())
            .arg("--lang")
            .arg(land.language)
            .arg("demo")
            .arg("--pack")
            .arg(land.pack)
            .arg("--persons")
            .arg("40")
            .run();
        at.waits_for(land.tasks);
        at.waits_for(first);
        land.speaks(&at);
        at.types("<F11>");
        at.waits_for(name.trim_end_matches(" ·"));
        at.types(&format!("{other}<Enter>"));
        at.waits_for(name);
        at.types("<Ctrl-Q>");
        assert_eq!(at.ends(), 0);
        drop(at);
        // Each officer of the pack signs in.
        let served = land.served(&[]);
        for officer in served.said["officers"].as_array().unwrap() {
            let account = officer["account"].as_str().unwrap();
            let password = officer["password"].as_str().unwrap();
            let mut at = client(&served, home.path(), land.language);
            at.waits_for("K A R T O N");
            at.types(&format!("{account}<Tab>{password}<F10>"));
            at.waits_for(officer["name"].as_str().unwrap());
            land.speaks(&at);
            at.types("<Ctrl-Q>");
            assert_eq!(at.ends(), 0);
        }
    }
}

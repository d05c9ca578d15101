//! Documents through the front door: sent and fetched by the client's own calls, cut where they are endless, and at the keyboard a proof that
//! is filed at the window and found again by a word in it.

use crate::{CLIENT, SERVER};
use jiff::civil::date;
use karton_api::{
    Id,
    client::{FileError, Progress},
    documents::{DocumentsQuery, FileDocument, SearchDocuments, TextState},
    value::Person,
};
use karton_server::store::testing;
use karton_tests::{
    house::{Engine, House, Plan},
    officer::{Officer, key},
    served::Served,
    terminal::{Start, Terminal},
    told_on_both,
};
use std::{io::Read as _, path::Path};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

fn proof() -> Vec<u8> {
    karton_letters::Letter {
        title: "Uvjerenje".into(),
        language: "cnr".into(),
        date: date(2025, 3, 3),
        markdown:
            "# Uvjerenje\n\nSara Vujotić pohađa prvi razred Osnovne škole „Savo Pejanović“ u Podgorici.\n"
                .into(),
    }
    .to_pdf()
    .unwrap()
}

fn paper(person: Id<Person>, title: &str) -> FileDocument {
    FileDocument {
        upload: None,
        shelf: None,
        kind: "school-certificate".into(),
        title: title.into(),
        language: None,
        dated_on: None,
        received_on: None,
        received_from: None,
        file_name: None,
        person,
        matter: None,
        decision: None,
        evidence: None,
    }
}

told_on_both! {
    /// Sent with its digest, watched on the way, read by a process of its own, found, and fetched as it was sent.
    a_file_goes_there_and_back;
}

mod tell {
    use super::*;

    pub(super) async fn a_file_goes_there_and_back(engine: Engine) {
        let Some(house) = Plan::on(engine).people(40).open().await else {
            return;
        };
        let ana = house.ana().await;
        let head = ana.finds_the_family_of("vujotic marko").await.head();
        there_and_back(&house, &ana, head).await;
        house.close().await;
    }
}

async fn there_and_back(house: &House, ana: &Officer, head: Id<Person>) {
    let file = house.folder().join("sken.pdf");
    std::fs::write(&file, proof()).unwrap();
    let progress = Progress::default();
    let upload = house.clock.id();
    let sent = ana.upload(upload, &file, &progress).await.unwrap();
    assert_eq!((progress.done(), progress.all()), (sent.size, sent.size));
    let body = FileDocument {
        upload: Some(sent.id),
        file_name: Some("sken.pdf".into()),
        ..paper(head, "Uvjerenje za Saru")
    };
    let filed = ana.file_document(&key(), &body).await.unwrap();
    let id = filed.summary.id;
    let text = house
        .until("the text of the proof", async || {
            let text = ana.document_text(id).await.unwrap();
            (text.state != TextState::Waiting).then_some(text)
        })
        .await;
    assert_eq!(text.state, TextState::Read, "{text:?}");
    let search = SearchDocuments {
        text: Some("pejanovic prvi".into()),
        ..SearchDocuments::default()
    };
    let found = ana.search_documents(&search).await.unwrap();
    assert_eq!(found.items[0].document.id, id);
    assert!(found.items[0].snippet.is_some());
    let mut fetched = Vec::new();
    ana.document_content(id, None, &mut fetched, &progress)
        .await
        .unwrap();
    assert_eq!(fetched, proof());
    let listed = ana
        .documents(&DocumentsQuery {
            person: Some(head),
            ..DocumentsQuery::default()
        })
        .await
        .unwrap();
    assert_eq!(listed.items.len(), 1);
    // What is not there is a fault of the file, not of the line.
    let nowhere = ana
        .upload(house.clock.id(), &house.folder().join("nema"), &progress)
        .await;
    assert!(matches!(nowhere, Err(FileError::File(_))));
}

/// Two gigabytes of zeros, in pieces, without saying how many: the answer comes long before their end, and nothing stays.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_endless_file_is_cut_at_the_limit() {
    let Some(house) = House::open(Engine::Sqlite).await else {
        return;
    };
    let ana = house.ana().await;
    let line = tokio::net::TcpStream::connect(house.address).await.unwrap();
    let (mut answer, mut ours) = line.into_split();
    let head = format!(
        "PUT /v1/documents/uploads/01957000-0000-7000-8000-000000000001 HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {}\r\n\
         content-type: application/octet-stream\r\ntransfer-encoding: chunked\r\n\r\n",
        ana.token
    );
    let sending = tokio::spawn(async move {
        let mut piece = b"100000\r\n".to_vec();
        piece.resize(piece.len() + (1 << 20), 0);
        piece.extend_from_slice(b"\r\n");
        let mut sent = 0_u64;
        if ours.write_all(head.as_bytes()).await.is_err() {
            return sent;
        }
        while sent < 2 << 30 && ours.write_all(&piece).await.is_ok() {
            sent += 1 << 20;
        }
        sent
    });
    let mut told = vec![0; 4096];
    let read = answer.read(&mut told).await.unwrap();
    let told = String::from_utf8_lossy(&told[..read]).into_owned();
    assert!(told.starts_with("HTTP/1.1 413"), "{told}");
    drop(answer);
    let sent = sending.await.unwrap();
    assert!(sent < 256 << 20, "it was cut after {sent} bytes");
    assert_eq!(
        (
            house.count("document_upload").await,
            house.count("stored_object").await
        ),
        (0, 0)
    );
    house.close().await;
}

/// The client at a window, with a scan in the folder it was started in.
fn at_the_window(served: &Served, home: &Path) -> Terminal {
    std::fs::write(home.join("sken-uvjerenje.pdf"), proof()).unwrap();
    std::fs::write(home.join("sken-stari.png"), b"\x89PNG\r\n\x1a\n").unwrap();
    let mut at = Start::of(CLIENT, home)
        .arg("--server")
        .arg(&served.url)
        .arg("--lang")
        .arg("en")
        .run();
    let (account, password) = served.officer("caseworker");
    at.waits_for("K A R T O N");
    at.types(&format!("{account}<Tab>{password}<F10>"));
    at.waits_for("Mine");
    at
}

fn filing(served: &Served) {
    let home = tempfile::tempdir().unwrap();
    let mut at = at_the_window(served, home.path());
    at.types("f1403978200126");
    at.waits_for("Marko Vujotić");
    at.types("<Enter>");
    at.waits_for("Overview");
    at.types(".");
    at.waits_for("Nothing is filed here yet");
    at.types(",");
    at.waits_for("File on this computer");
    // Two files begin alike: they are shown, and the second letter settles it.
    at.types("sk<F4>");
    at.waits_for("sken-stari.png");
    at.types("uv<Enter>");
    at.waits_for("sken-uvjerenje.pdf");
    at.waits_without("sken-stari.png");
    at.types("<Tab>school<Enter>Proof for Sara<F10>");
    at.waits_for("Filed.");
    at.waits_for("Proof for Sara");
    // A process of its own reads it while the clerk looks.
    at.waits_for("The text can be searched");
    at.types("<F12>");
    at.waits_for("Mine");
    at.types("/");
    at.waits_for("Words:");
    // Without diacritics and only the beginnings of words.
    at.types("pejan razr<Enter>");
    at.waits_for("Proof for Sara");
    at.waits_for("[razred]");
    at.types("<Enter>");
    at.waits_for("Savo Pejanović");
    at.types("%");
    at.waits_for("Saved:");
    let mut saved = Vec::new();
    std::fs::File::open(home.path().join("sken-uvjerenje (2).pdf"))
        .unwrap()
        .read_to_end(&mut saved)
        .unwrap();
    assert_eq!(saved, proof(), "as it was sent");
    at.types("<Ctrl-Q>");
    assert_eq!(at.ends(), 0);
}

#[test]
fn a_proof_is_filed_at_the_window_and_found_by_a_word_in_it_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_string_lossy().into_owned();
    filing(&Served::start(Path::new(SERVER), 40, &["--data-dir", &data]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proof_is_filed_at_the_window_and_found_by_a_word_in_it_on_postgres() {
    let Some(url) = testing::database().await else {
        return;
    };
    let told = tokio::task::spawn_blocking(move || {
        filing(&Served::start(Path::new(SERVER), 40, &["--database-url", &url]))
    });
    told.await.unwrap();
}

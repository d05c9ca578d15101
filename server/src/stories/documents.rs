//! Documents, from the window to the day somebody looks for a word in them.

use super::desk::{Answer, Desk, Seat, answers};
use crate::{
    documents,
    objects::ContentHash,
    reading::tests::{archive, letter},
    store::testing::on_both_with,
    verify::{self, Books, Depth},
};
use axum::{body::Body, http::Method};
use base64::Engine as _;
use jiff::SignedDuration;
use karton_api::session::Role;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

const BYTES: (&str, &str) = ("content-type", "application/octet-stream");

fn new_id(desk: &Desk) -> String {
    desk.house.clock.id::<()>().to_string()
}

async fn send(desk: &Desk, seat: &Seat, id: &str, bytes: &[u8], headers: &[(&str, &str)]) -> Answer {
    let path = format!("/v1/documents/uploads/{id}");
    desk.send_body(
        seat,
        Method::PUT,
        &path,
        Body::from(bytes.to_vec()),
        &[&[BYTES], headers].concat(),
    )
    .await
}
/// Sends a file and gives its upload's id.
async fn upload(desk: &Desk, seat: &Seat, bytes: &[u8]) -> String {
    let id = new_id(desk);
    send(desk, seat, &id, bytes, &[]).await.ok();
    id
}
/// Files a file and gives the document's id.
async fn filed(desk: &Desk, seat: &Seat, bytes: &[u8], mut body: Value) -> String {
    body["upload"] = json!(upload(desk, seat, bytes).await);
    let view = desk.post(seat, "/v1/documents", body).await.ok();
    view["summary"]["id"].as_str().unwrap().to_owned()
}
async fn found(desk: &Desk, seat: &Seat, text: &str) -> Vec<String> {
    let page = desk
        .post(seat, "/v1/documents/search", json!({ "text": text }))
        .await
        .ok();
    titles(&page)
}
fn titles(page: &Value) -> Vec<String> {
    page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|hit| {
            hit.get("document").unwrap_or(hit)["title"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect()
}
async fn in_order(desk: &Desk) -> Books {
    let house = &desk.house;
    let mut books = verify::books(&house.store, Depth::Full).await.unwrap();
    verify::objects(&house.store, &house.objects, Depth::Full, &mut books)
        .await
        .unwrap();
    books
}
async fn rows(desk: &Desk, table: &'static str) -> i64 {
    let counted = desk.house.store.read(move |tx| {
        tx.one(&format!("SELECT count(*) FROM {table}"), &[])?
            .get::<i64>(0)
    });
    counted.await.unwrap()
}
async fn objects(desk: &Desk) -> usize {
    let mut count = 0;
    for first in 0..=u8::MAX {
        count += desk.house.objects.shelf(first).await.unwrap().len();
    }
    count
}
async fn entries(desk: &Desk, what: &'static str) -> i64 {
    let counted = desk.house.store.read(move |tx| {
        tx.one(
            "SELECT count(*) FROM audit_entry WHERE what = $1",
            crate::vals![what],
        )?
        .get::<i64>(0)
    });
    counted.await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proof_is_filed_at_intake_and_found_by_a_word_in_it() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = desk.officer("Ana", "CSR-01", &[Role::Clerk]).await;
        let jelena = desk.officer("Jelena", "CSR-02", &[Role::Clerk]).await;
        let petar = desk.officer("Petar", "CSR-01", &[Role::Approver]).await;
        let person = desk.person(&ana, "Marija").await;
        let draft = json!({ "benefit": "MO", "applicant": person, "answers": answers(person) });
        let draft = desk.post(&ana, "/v1/applications", draft).await.ok();
        let application = draft["summary"]["id"].as_str().unwrap().to_owned();
        let pdf = letter("# Uvjerenje\n\nĐorđe Šćepanović pohađa treći razred škole „Maksim Gorki“.\n");
        let digest = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(&pdf));

        // Sent twice, as over a bad line: one object, one upload.
        let id = new_id(&desk);
        let right = format!("md5=:AAAA:, sha-256=:{digest}:");
        let sent = send(&desk, &ana, &id, &pdf, &[("content-digest", &right)]).await.ok();
        assert_eq!(sent["media_type"], "application/pdf");
        assert_eq!(sent["size"], pdf.len());
        assert_eq!(send(&desk, &ana, &id, &pdf, &[]).await.ok(), sent);
        send(&desk, &ana, &id, b"drugo", &[]).await.refused(409, "key-reused");
        send(&desk, &jelena, &id, &pdf, &[]).await.refused(409, "key-reused");
        send(&desk, &petar, &new_id(&desk), &pdf, &[]).await.refused(403, "not-permitted");
        assert_eq!((objects(&desk).await, rows(&desk, "document_upload").await), (1, 1));

        let body = json!({
            "upload": id, "kind": "school-certificate", "title": "Uvjerenje škole", "dated_on": "2025-03-01",
            "received_from": "Marija Vujotić", "file_name": "C:\\sken\\..\\uvjerenje\u{202e}.pdf", "person": person, "matter": application,
        });
        // Of somebody else's uploads nothing is known, and a link out of sight is none.
        desk.post(&jelena, "/v1/documents", body.clone()).await.refused(422, "fields");
        let key = [("Idempotency-Key", "sken-1")];
        let view = desk
            .send(Some(&ana), Method::POST, "/v1/documents", Some(body.clone()), &key)
            .await
            .ok();
        let again = desk
            .send(Some(&ana), Method::POST, "/v1/documents", Some(body.clone()), &key)
            .await
            .ok();
        assert_eq!(view, again);
        desk.post(&ana, "/v1/documents", body).await.refused(422, "fields");
        let summary = &view["summary"];
        assert_eq!(summary["newest"]["file_name"], "uvjerenje.pdf");
        assert_eq!(summary["newest"]["text"], "waiting");
        assert_eq!(summary["received_on"], "2025-03-10");
        assert_eq!(summary["language"], "cnr");
        assert_eq!(summary["retention"]["until"], "2031-01-01");
        let document = summary["id"].as_str().unwrap().to_owned();
        assert_eq!(found(&desk, &ana, "uvjerenje skole").await, ["Uvjerenje škole"], "by its title at once");
        assert!(found(&desk, &ana, "gorki").await.is_empty());

        desk.jobs().await;
        let at = format!("/v1/documents/{document}");
        let text = desk.get(&ana, &format!("{at}/text")).await.ok();
        assert_eq!(text["state"], "read");
        assert!(text["text"].as_str().unwrap().contains("Šćepanović pohađa treći razred"), "{text}");
        // Folded like names: without diacritics, in Cyrillic, by the beginnings of words, all of them.
        for typed in ["gorki", "SCEPAN razr", "Шћепановић", "djordje", "Đorđe, škole!"] {
            let searched = entries(&desk, "documents-searched").await;
            let page = desk.post(&ana, "/v1/documents/search", json!({ "text": typed })).await.ok();
            assert_eq!(titles(&page), ["Uvjerenje škole"], "{typed}");
            assert_eq!(entries(&desk, "documents-searched").await, searched + 1);
        }
        let page = desk.post(&ana, "/v1/documents/search", json!({ "text": "razred" })).await.ok();
        let snippet = &page["items"][0]["snippet"];
        assert_eq!(snippet["hit"], "razred");
        assert!(snippet["before"].as_str().unwrap().ends_with("pohađa treći "));
        for none in ["gorki cetvrti", "orki", "' OR 1=1 --x", "a:* & b"] {
            assert!(found(&desk, &ana, none).await.is_empty(), "{none}");
        }
        // By type, alone and with words; of another office nothing.
        let kind = json!({ "kind": "school-certificate" });
        assert_eq!(titles(&desk.post(&ana, "/v1/documents/search", kind.clone()).await.ok()).len(), 1);
        let other = json!({ "kind": "invoice", "text": "gorki" });
        assert!(titles(&desk.post(&ana, "/v1/documents/search", other).await.ok()).is_empty());
        assert!(titles(&desk.post(&jelena, "/v1/documents/search", kind).await.ok()).is_empty());
        for path in [&at, &format!("{at}/text"), &format!("{at}/content"), &format!("/v1/documents?person={person}")] {
            desk.get(&jelena, path).await.refused(404, "not-found");
        }
        let of_matter = desk.get(&petar, &format!("/v1/documents?matter={application}")).await.ok();
        assert_eq!(titles(&of_matter), ["Uvjerenje škole"]);
        assert!(titles(&desk.get(&jelena, &format!("/v1/documents?matter={application}")).await.ok()).is_empty());

        // What is issued stands beside them: the receipt for what is lodged.
        let lodge = format!("/v1/applications/{application}/lodge");
        desk.post(&ana, &lodge, json!({})).await.ok();
        desk.jobs().await;
        let path = format!("/v1/documents/issued?person={person}");
        let issued = desk.get(&ana, &path).await.ok();
        assert_eq!(issued["items"].as_array().unwrap().len(), 1, "{issued}");
        assert_eq!(issued["items"][0]["application"], application.as_str());
        assert_eq!(issued["items"][0]["on"], "2025-03-10");
        let other = format!("{path}&application={person}");
        assert_eq!(desk.get(&ana, &other).await.ok()["items"], json!([]));
        desk.get(&jelena, &path).await.refused(404, "not-found");

        // The bytes as they came, to be saved and never shown; opening them is entered.
        let opened = entries(&desk, "document-opened").await;
        let content = desk.get(&petar, &format!("{at}/content")).await;
        assert_eq!(content.bytes, pdf);
        let header = |name: &str| content.headers[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), "application/pdf");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert!(header("content-disposition").starts_with("attachment; filename=\"uvjerenje.pdf\""));
        assert_eq!(header("content-digest"), format!("sha-256=:{digest}:"));
        assert_eq!(entries(&desk, "document-opened").await, opened + 1);
        assert_eq!(in_order(&desk).await.violations, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_version_keeps_the_old_one_and_corrections_need_the_revision() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = desk.officer("Ana", "CSR-01", &[Role::Clerk]).await;
        let person = desk.person(&ana, "Marija").await;
        let body = json!({ "shelf": "orman 3, fascikla 12", "kind": "statement", "title": "Izjava", "language": "sr", "person": person });
        let view = desk.post(&ana, "/v1/documents", body).await.ok();
        assert_eq!(view["summary"]["newest"]["text"], "none");
        assert_eq!(view["summary"]["newest"]["shelf"], "orman 3, fascikla 12");
        let at = format!("/v1/documents/{}", view["summary"]["id"].as_str().unwrap());
        desk.get(&ana, &format!("{at}/content")).await.refused(404, "not-found");

        let text = upload(&desk, &ana, "Izjavljujem da živim sama.".as_bytes()).await;
        let version = json!({ "upload": text, "file_name": "izjava.txt", "reason": "skenirano" });
        let view = desk.post(&ana, &format!("{at}/versions"), version).await.ok();
        desk.jobs().await;
        assert_eq!(view["summary"]["newest"]["number"], 2);
        assert_eq!(view["versions"].as_array().unwrap().len(), 2);
        assert_eq!(view["versions"][1]["shelf"], "orman 3, fascikla 12");
        assert_eq!(found(&desk, &ana, "zivim sama").await, ["Izjava"]);

        let revision = view["summary"]["revision"].as_i64().unwrap();
        let change = |revision: i64, body: Value| {
            let (desk, ana, at) = (&desk, &ana, at.clone());
            async move {
                let seen = format!("\"{revision}\"");
                desk.send(Some(ana), Method::PATCH, &at, Some(body), &[("If-Match", &seen)]).await
            }
        };
        let patch = json!({ "title": "Izjava o domaćinstvu", "kind": "court-decision" });
        change(revision - 1, patch.clone()).await.refused(412, "changed-meanwhile");
        let view = change(revision, patch).await.ok();
        assert_eq!(view["summary"]["retention"].get("until"), None, "court decisions are kept for good");
        assert_eq!(found(&desk, &ana, "domacinst sama").await, ["Izjava o domaćinstvu"], "title and text");
        let third = upload(&desk, &ana, b"Ovo je novo.").await;
        let version = json!({ "upload": third, "reason": "nova izjava" });
        desk.post(&ana, &format!("{at}/versions"), version).await.ok();
        desk.jobs().await;
        assert!(found(&desk, &ana, "sama").await.is_empty(), "what is found is the newest version");
        let second = desk.get(&ana, &format!("{at}/content?version=2")).await;
        assert_eq!(second.bytes, "Izjavljujem da živim sama.".as_bytes(), "and the old one is still there");
        desk.get(&ana, &format!("{at}/content?version=9")).await.refused(404, "not-found");
        for (field, body) in [
            ("/title", json!({ "title": " " })),
            ("/title", json!({ "title": "a\u{7}b" })),
            ("/kind", json!({ "kind": "nothing" })),
            ("/dated_on", json!({ "dated_on": "2030-01-01" })),
            ("/language", json!({ "language": "Serbian" })),
        ] {
            let refused = change(1, body).await.refused(422, "fields");
            assert_eq!(refused["errors"][0]["pointer"], field);
        }
        assert_eq!(in_order(&desk).await.violations, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_kept_and_said_to_be_so() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = desk.officer("Ana", "CSR-01", &[Role::Clerk]).await;
        let person = desk.person(&ana, "Marija").await;
        let swollen = format!("<a><p>{}</p></a>", "x".repeat(33 << 20));
        let odt: &[u8] = b"application/vnd.oasis.opendocument.text";
        let bomb = archive(&[("mimetype", odt), ("content.xml", swollen.as_bytes())]);
        drop(swollen);
        let both = [letter("Potvrda"), archive(&[("a.js", b"x")])].concat();
        let (latin, _, _) = encoding_rs::WINDOWS_1250.encode("Potvrđuje se u Nikšiću");
        for (bytes, media, state, problem, place) in [
            (
                bomb,
                "application/vnd.oasis.opendocument.text",
                "failed",
                json!("too-large"),
                json!("content.xml"),
            ),
            (
                b"%PDF-1.7 polomljen".to_vec(),
                "application/pdf",
                "failed",
                json!("broken"),
                Value::Null,
            ),
            (
                both,
                "application/octet-stream",
                "failed",
                json!("several-types"),
                Value::Null,
            ),
            (
                b"\xff\xd8\xff\xe0 slika".to_vec(),
                "image/jpeg",
                "none",
                Value::Null,
                Value::Null,
            ),
            (
                b"\x7fELF\x01\x02\0".to_vec(),
                "application/octet-stream",
                "none",
                Value::Null,
                Value::Null,
            ),
            (latin.into_owned(), "text/plain", "read", Value::Null, Value::Null),
        ] {
            let body = json!({ "kind": "other", "title": media, "person": person, "file_name": "../a.exe" });
            let id = filed(&desk, &ana, &bytes, body).await;
            desk.jobs().await;
            let view = desk.get(&ana, &format!("/v1/documents/{id}")).await.ok();
            let newest = &view["summary"]["newest"];
            assert_eq!(newest["media_type"], media);
            assert_eq!(newest["text"], state, "{view}");
            assert_eq!(
                (&newest["text_problem"], &newest["text_place"]),
                (&problem, &place),
                "{media}"
            );
            assert!(!newest["file_name"].as_str().unwrap().ends_with(".exe"));
            let content = desk.get(&ana, &format!("/v1/documents/{id}/content")).await;
            assert_eq!(content.bytes, bytes, "as it came");
        }
        let page = desk
            .post(&ana, "/v1/documents/search", json!({ "text": "niksicu" }))
            .await
            .ok();
        let id = page["items"][0]["document"]["id"].as_str().unwrap();
        let text = desk.get(&ana, &format!("/v1/documents/{id}/text")).await.ok();
        assert_eq!(text["text"], "Potvrđuje se u Nikšiću");
        assert_eq!(text["encoding"], "windows-1250, byte 5");
        assert_eq!(in_order(&desk).await.violations, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_arrive_whole_leaves_nothing_and_what_nobody_files_is_swept_away() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = desk.officer("Ana", "CSR-01", &[Role::Clerk]).await;
        let person = desk.person(&ana, "Marija").await;
        let wrong = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(b"other"));
        let path = format!("/v1/documents/uploads/{}", new_id(&desk));
        let put = |bytes: &[u8], headers: &[(&'static str, String)]| {
            let headers: Vec<(&str, String)> = headers.to_vec();
            let (desk, ana, path, bytes) = (&desk, &ana, path.clone(), bytes.to_vec());
            async move {
                let headers: Vec<(&str, &str)> = headers
                    .iter()
                    .map(|(name, value)| (*name, value.as_str()))
                    .collect();
                desk.send_body(ana, Method::PUT, &path, Body::from(bytes), &headers)
                    .await
            }
        };
        let kind = ("content-type", "application/octet-stream".to_owned());
        put(b"x", &[("content-type", "text/html".into())])
            .await
            .refused(415, "unsupported-type");
        put(b"x", &[kind.clone(), ("content-encoding", "gzip".into())])
            .await
            .refused(415, "unsupported-type");
        put(b"", std::slice::from_ref(&kind)).await.refused(422, "fields");
        put(
            b"this",
            &[kind.clone(), ("content-digest", format!("sha-256=:{wrong}:"))],
        )
        .await
        .refused(422, "fields");
        for bad in ["sha-256=abc", "sha-256=:!!:", "sha-256=:AAAA:"] {
            put(b"x", &[kind.clone(), ("content-digest", bad.into())])
                .await
                .refused(400, "malformed");
        }
        put(
            b"x",
            &[kind.clone(), ("content-length", (3_u64 << 30).to_string())],
        )
        .await
        .refused(413, "too-large");
        // Two gigabytes of nothing, sent as fast as they are taken: cut at the limit.
        let endless = Body::from_stream(futures_util::stream::repeat_with(|| {
            Ok::<_, std::io::Error>(axum::body::Bytes::from_static(&[0; 1 << 20]))
        }));
        let path = format!("/v1/documents/uploads/{}", new_id(&desk));
        desk.send_body(&ana, Method::PUT, &path, endless, &[BYTES])
            .await
            .refused(413, "too-large");
        // A line that is cut in the middle.
        let half = futures_util::stream::iter([
            Ok(axum::body::Bytes::from_static(b"%PDF-1.7 half")),
            Err(std::io::Error::other("cut")),
        ]);
        let cut = Body::from_stream(half);
        desk.send_body(&ana, Method::PUT, &path, cut, &[BYTES])
            .await
            .refused(400, "malformed");
        assert_eq!((objects(&desk).await, rows(&desk, "stored_object").await), (0, 0));

        let (kept, forgotten) = (b"ovo ostaje".as_slice(), b"ovo niko ne zavodi".as_slice());
        let body = json!({ "kind": "other", "title": "Ostaje", "person": person });
        filed(&desk, &ana, kept, body).await;
        upload(&desk, &ana, kept).await;
        let unfiled = upload(&desk, &ana, forgotten).await;
        assert_eq!(documents::sweep(&desk.house).await.unwrap(), 0, "not yet");
        assert_eq!(in_order(&desk).await.violations, []);
        desk.house.clock.advance(SignedDuration::from_hours(25));
        assert_eq!(documents::sweep(&desk.house).await.unwrap(), 1);
        assert_eq!(
            (objects(&desk).await, rows(&desk, "document_upload").await),
            (1, 0)
        );
        assert_eq!(in_order(&desk).await.violations, []);
        let ana = desk.again(&ana).await;
        let body = json!({ "upload": unfiled, "kind": "other", "title": "Kasno", "person": person });
        let refused = desk
            .post(&ana, "/v1/documents", body)
            .await
            .refused(422, "fields");
        assert_eq!(refused["errors"][0]["pointer"], "/upload");
        // The same bytes again: they are taken anew.
        upload(&desk, &ana, forgotten).await;
        assert_eq!(objects(&desk).await, 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn verify_names_what_was_lost_changed_and_left_over() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = desk.officer("Ana", "CSR-01", &[Role::Clerk]).await;
        let person = desk.person(&ana, "Marija").await;
        for (bytes, title) in [
            (b"prva".as_slice(), "Prva"),
            (b"druga", "Druga"),
            (b"treca", "Treća"),
        ] {
            filed(
                &desk,
                &ana,
                bytes,
                json!({ "kind": "other", "title": title, "person": person }),
            )
            .await;
        }
        desk.jobs().await;
        let hash = |bytes: &[u8]| ContentHash::of(Sha256::digest(bytes).into());
        let listed = desk
            .house
            .store
            .read(|tx| documents::needed(tx, None, 2))
            .await
            .unwrap();
        let rest = {
            let last = listed[1].0;
            desk.house
                .store
                .read(move |tx| documents::needed(tx, Some(last), 9))
                .await
                .unwrap()
        };
        assert_eq!((listed.len(), rest.len()), (2, 1));
        let objects = &desk.house.objects;
        objects.remove(hash(b"prva")).await.unwrap();
        let folder = std::path::PathBuf::from(objects.place());
        let druga = hash(b"druga").to_string();
        std::fs::write(folder.join(&druga[..2]).join(&druga), b"drugo").unwrap();
        let orphan = [Ok(axum::body::Bytes::from_static(b"siroce"))];
        objects
            .put_bytes(hash(b"siroce"), orphan.into_iter())
            .await
            .unwrap();
        let mut named: Vec<(&str, String)> = in_order(&desk)
            .await
            .violations
            .iter()
            .map(|it| (it.rule, it.at["object"].clone()))
            .collect();
        named.sort();
        assert_eq!(
            named,
            [
                ("object-changed", druga),
                ("object-missing", hash(b"prva").to_string()),
                ("object-orphaned", hash(b"siroce").to_string()),
            ]
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn both_engines_answer_page_by_page_with_the_newest_first() {
    on_both_with(&[], async |store| {
        let desk = Desk::open(store).await;
        let ana = desk.officer("Ana", "CSR-01", &[Role::Clerk]).await;
        let person = desk.person(&ana, "Marija").await;
        for n in 0..5 {
            let body = json!({ "shelf": format!("{n}"), "kind": "invoice", "title": format!("Račun {n} za struju"), "person": person });
            desk.post(&ana, "/v1/documents", body).await.ok();
            desk.later();
        }
        let mut all = Vec::new();
        let mut cursor = None;
        loop {
            let body = json!({ "text": "racun stru", "limit": 2, "cursor": cursor });
            let page = desk.post(&ana, "/v1/documents/search", body).await.ok();
            all.extend(titles(&page));
            match page["next"].as_str() {
                Some(next) => cursor = Some(next.to_owned()),
                None => break,
            }
        }
        let expected: Vec<String> = (0..5).rev().map(|n| format!("Račun {n} za struju")).collect();
        assert_eq!(all, expected);
        let mut listed = Vec::new();
        let mut path = format!("/v1/documents?person={person}&limit=2");
        loop {
            let page = desk.get(&ana, &path).await.ok();
            listed.extend(titles(&page));
            match page["next"].as_str() {
                Some(next) => path = format!("/v1/documents?person={person}&limit=2&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(listed, expected);
        for body in [json!({}), json!({ "text": " -- " }), json!({ "text": "x".repeat(201) }), json!({ "text": "a", "limit": 51 })] {
            desk.post(&ana, "/v1/documents/search", body).await.refused(422, "fields");
        }
        desk.get(&ana, "/v1/documents").await.refused(422, "fields");
        for body in [
            json!({ "kind": "invoice", "title": "a", "person": person }),
            json!({ "shelf": "1", "upload": person, "kind": "invoice", "title": "a", "person": person }),
            json!({ "shelf": "1", "kind": "invoice", "title": "a", "person": new_id(&desk) }),
            json!({ "shelf": "1", "kind": "invoice", "title": "a", "person": person, "matter": new_id(&desk) }),
            json!({ "shelf": "1", "kind": "invoice", "title": "a", "person": person, "decision": new_id(&desk) }),
            json!({ "shelf": "1", "kind": "invoice", "title": "a", "person": person, "evidence": new_id(&desk) }),
        ] {
            let refused = desk.post(&ana, "/v1/documents", body).await.refused(422, "fields");
            assert!(refused["errors"][0]["pointer"].as_str().unwrap().starts_with('/'));
        }
        assert_eq!(rows(&desk, "document").await, 5);
    })
    .await;
}

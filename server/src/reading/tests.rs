use super::*;
use crate::objects::{ContentHash, Objects};
use axum::body::Bytes;
use pdf_extract::{
    Dictionary, Document, EncryptionState, EncryptionVersion, Object, Permissions, Stream, dictionary,
};
use sha2::{Digest as _, Sha256};
use std::io::{Cursor, Write as _};
use zip::{ZipWriter, write::SimpleFileOptions};

/// What the test harness does when it is started as the child.
#[test]
fn the_child() {
    if std::env::var_os(process::STAND_IN).is_some() {
        let _status = stand_in();
        std::process::exit(0);
    }
}

async fn outcome(kind: Kind, bytes: Vec<u8>) -> Outcome {
    let objects = Objects::passing().unwrap();
    let hash = ContentHash::of(Sha256::digest(&bytes).into());
    let chunks = bytes
        .chunks(50_000)
        .map(|chunk| Ok(Bytes::copy_from_slice(chunk)))
        .collect::<Vec<_>>();
    objects.put_bytes(hash, chunks.into_iter()).await.unwrap();
    let content = objects.open(hash).await.unwrap();
    Reader::this_program().unwrap().read(kind, content).await.unwrap()
}

fn text(outcome: Outcome) -> String {
    match outcome {
        Outcome::Text { text, .. } => text,
        other => panic!("{other:?}"),
    }
}
fn why(outcome: Outcome) -> (Why, Option<String>) {
    match outcome {
        Outcome::Unreadable { why, place } => (why, place),
        other => panic!("{other:?}"),
    }
}

pub(crate) fn archive(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members {
        let options = if *name == "mimetype" {
            SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored)
        } else {
            SimpleFileOptions::default()
        };
        zip.start_file(*name, options).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}
fn odt(content: &str) -> Vec<u8> {
    archive(&[
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        ("content.xml", content.as_bytes()),
    ])
}
const ODT_CONTENT: &str = r#"<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="o" xmlns:text="t">
    <office:body><office:text><text:h>Uvjerenje o školovanju</text:h><text:p>Učenica <text:span>Ljiljana</text:span><text:s/>pohađa &#353;kolu &amp; vrtić.</text:p>
    </office:text></office:body></office:document-content>"#;

pub(crate) fn letter(markdown: &str) -> Vec<u8> {
    karton_letters::Letter {
        title: "Uvjerenje".into(),
        language: "cnr".into(),
        date: jiff::civil::date(2025, 3, 10),
        markdown: markdown.into(),
    }
    .to_pdf()
    .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_text_of_a_pdf_an_odt_a_docx_and_a_plain_file_is_read() {
    let pdf = letter("# Uvjerenje\n\nĐorđe Šćepanović iz Nikšića nije korisnik penzije.\n");
    let read = text(outcome(Kind::Pdf, pdf).await);
    assert!(read.contains("Šćepanović iz Nikšića"), "{read}");

    let read = text(outcome(Kind::Odt, odt(ODT_CONTENT)).await);
    assert_eq!(
        read,
        "Uvjerenje o školovanju\nUčenica Ljiljana pohađa školu & vrtić."
    );

    let document = r#"<w:document xmlns:w="w"><w:body><w:p><w:r><w:t>Ugovor o zakupu</w:t></w:r></w:p>
        <w:p><w:r><w:t>Zakupac:</w:t><w:tab/><w:t>Ana</w:t><w:instrText>DATE</w:instrText></w:r></w:p></w:body></w:document>"#;
    let docx = archive(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("word/document.xml", document.as_bytes()),
    ]);
    let read = text(outcome(Kind::Docx, docx).await);
    assert_eq!(read, "Ugovor o zakupu\nZakupac: Ana");

    let plain = "\u{feff}Prvi red\r\n\0Drugi\u{202e} red\r\n".as_bytes().to_vec();
    assert_eq!(
        text(outcome(Kind::Plain, plain).await),
        "Prvi red\nDrugi\u{202e} red"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn text_in_an_encoding_of_the_time_before_unicode_is_read_and_said_to_be_so() {
    let (latin, _, _) = encoding_rs::WINDOWS_1250.encode("Đorđe Šćepanović živi u Nikšiću");
    let (cyrillic, _, _) = encoding_rs::WINDOWS_1251.encode("Ђорђе Шћепановић живи у Никшићу");
    for (bytes, expected, named) in [
        (latin, "Đorđe Šćepanović živi u Nikšiću", "windows-1250, byte 0"),
        (
            cyrillic,
            "Ђорђе Шћепановић живи у Никшићу",
            "windows-1251, byte 0",
        ),
    ] {
        let Outcome::Text { text, encoding, cut } = outcome(Kind::Plain, bytes.into_owned()).await else {
            panic!("it was not read");
        };
        assert_eq!(
            (text.as_str(), encoding.as_deref(), cut),
            (expected, Some(named), false)
        );
    }
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain("Šćep".encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    assert_eq!(text(outcome(Kind::Plain, utf16.clone()).await), "Šćep");
    let odd = utf16[..utf16.len() - 1].to_vec();
    assert_eq!(why(outcome(Kind::Plain, odd).await).0, Why::Broken);
    let mixed = b"Prva strana \xc4\x8d\x00\xff\xff".to_vec();
    assert_eq!(
        why(outcome(Kind::Plain, mixed).await),
        (Why::Broken, Some("byte 15".into()))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn bombs_of_zip_and_xml_are_left_unexploded_and_named() {
    // Forty megabytes of one letter in a few kilobytes.
    let swollen = format!("<a><p>{}</p></a>", "x".repeat(40 << 20));
    assert_eq!(
        why(outcome(Kind::Odt, odt(&swollen)).await),
        (Why::TooLarge, Some("content.xml".into()))
    );
    drop(swollen);
    let laughs = r#"<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><l><p>&b;</p></l>"#;
    let (said, place) = why(outcome(Kind::Odt, odt(laughs)).await);
    assert_eq!(said, Why::Broken);
    assert!(place.unwrap().starts_with("content.xml, byte "));
    let deep = format!("{}{}", "<p>".repeat(100_000), "</p>".repeat(100_000));
    assert_eq!(why(outcome(Kind::Odt, odt(&deep)).await).0, Why::TooMuch);
    // A member that lies about its size.
    let mut lying = odt(ODT_CONTENT);
    let at = lying.windows(4).rposition(|four| four == b"PK\x01\x02").unwrap();
    lying[at + 24..at + 28].copy_from_slice(&u32::MAX.to_le_bytes());
    let read = outcome(Kind::Odt, lying).await;
    assert!(!matches!(read, Outcome::Nothing), "{read:?}");
    for broken in [b"PK\x03\x04".to_vec(), odt("<a><p>never closed"), odt("<a></b>")] {
        assert_eq!(why(outcome(Kind::Odt, broken).await).0, Why::Broken);
    }
    let nothing = archive(&[("mimetype", b"application/vnd.oasis.opendocument.text")]);
    assert_eq!(
        why(outcome(Kind::Odt, nothing).await),
        (Why::Broken, Some("content.xml".into()))
    );
    let manifest: &[u8] = b"<manifest><manifest:encryption-data/></manifest>";
    let locked = archive(&[("META-INF/manifest.xml", manifest), ("content.xml", b"\x00\x01")]);
    assert_eq!(why(outcome(Kind::Odt, locked).await).0, Why::Encrypted);
}

/// A PDF of one page with this content stream.
fn page(content: Stream) -> Document {
    let mut document = Document::with_version("1.5");
    let pages = document.new_object_id();
    let content = document.add_object(content);
    let font = document.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica",
    });
    let page = document.add_object(dictionary! {
        "Type" => "Page", "Parent" => pages, "Contents" => content,
        "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
        "Resources" => dictionary! { "Font" => dictionary! { "F1" => font } },
    });
    let all = dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 };
    document.objects.insert(pages, Object::Dictionary(all));
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    document.trailer.set("Root", catalog);
    let id = Object::string_literal("0123456789abcdef");
    document.trailer.set("ID", Object::Array(vec![id.clone(), id]));
    document
}
fn words() -> Stream {
    let content = b"BT /F1 12 Tf 72 700 Td (Potvrda o primanjima) Tj ET".to_vec();
    Stream::new(Dictionary::new(), content)
}
fn bytes(mut document: Document) -> Vec<u8> {
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}
fn locked(owner: &str, user: &str) -> Vec<u8> {
    let mut document = page(words());
    let version = EncryptionVersion::V2 {
        document: &document,
        owner_password: owner,
        user_password: user,
        key_length: 128,
        permissions: Permissions::all(),
    };
    let state = EncryptionState::try_from(version).unwrap();
    document.encrypt(&state).unwrap();
    bytes(document)
}

#[tokio::test(flavor = "multi_thread")]
async fn locked_broken_and_endless_pdfs_are_said_to_be_so() {
    assert_eq!(
        text(outcome(Kind::Pdf, bytes(page(words()))).await),
        "Potvrda o primanjima"
    );
    assert_eq!(
        why(outcome(Kind::Pdf, locked("vlasnik", "tajna")).await),
        (Why::Encrypted, None)
    );
    assert_eq!(
        text(outcome(Kind::Pdf, locked("vlasnik", "")).await),
        "Potvrda o primanjima",
        "what asks for no password is opened"
    );
    let whole = bytes(page(words()));
    for end in [9, 60, whole.len() / 2] {
        let cut = outcome(Kind::Pdf, whole[..end].to_vec()).await;
        assert!(
            matches!(cut, Outcome::Unreadable { why: Why::Broken, .. }),
            "{cut:?}"
        );
    }
    let noise: Vec<u8> = b"%PDF-1.7\n"
        .iter()
        .copied()
        .chain((0..50_000_u32).map(|n| ((n * 7919) >> 3) as u8))
        .collect();
    assert_eq!(why(outcome(Kind::Pdf, noise).await).0, Why::Broken);
    let deep = format!(
        "%PDF-1.4\n1 0 obj\n{}{}\nendobj\ntrailer <</Root 1 0 R>>\n%%EOF",
        "[".repeat(200_000),
        "]".repeat(200_000)
    );
    assert!(matches!(
        outcome(Kind::Pdf, deep.into_bytes()).await,
        Outcome::Unreadable { .. }
    ));
    let empty = Stream::new(Dictionary::new(), b"0 0 m".to_vec());
    assert_eq!(
        outcome(Kind::Pdf, bytes(page(empty))).await,
        Outcome::Nothing,
        "a picture of paper"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_takes_all_memory_ends_the_child_and_nothing_else() {
    // Deflated zeros, deflated again: two hundred megabytes of content that say nothing, in a stream of a few kilobytes.
    let mut stream = Stream::new(Dictionary::new(), vec![b' '; 400 << 20]);
    stream.compress().unwrap();
    assert!(stream.content.len() < 1 << 20);
    let bomb = bytes(page(stream));
    let ended = outcome(Kind::Pdf, bomb).await;
    assert!(
        matches!(
            ended,
            Outcome::Unreadable {
                why: Why::TooMuch | Why::TooSlow,
                ..
            }
        ),
        "{ended:?}"
    );
    assert_eq!(
        text(outcome(Kind::Plain, b"i dalje radi".to_vec()).await),
        "i dalje radi"
    );
}

#[test]
fn a_text_is_cut_at_a_character_and_says_so() {
    let long = "š".repeat(LONGEST_TEXT);
    let Outcome::Text { text, cut, .. } = Outcome::text(&long, None) else {
        panic!("it was not read");
    };
    assert_eq!((text.len(), cut), (LONGEST_TEXT, true));
    assert_eq!(Outcome::text(" \r\n\u{c}\0 ", None), Outcome::Nothing);
    assert_eq!(
        Outcome::text("a\n\n\n\n\nb", None),
        Outcome::Text {
            text: "a\n\nb".into(),
            encoding: None,
            cut: false
        }
    );
}

//! What a file is, by its content alone.
//!
//! Strict on purpose: a type is only given where its mark stands at the very beginning. A file that others could open as another type than the
//! one it begins as (a picture with a PDF behind its first bytes, a PDF with a zip archive at its end) is given none.

use crate::reading::Kind;
use karton_api::documents::Doubt;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Media {
    Pdf,
    Odt,
    Docx,
    Zip,
    Jpeg,
    Png,
    Tiff,
    Ole,
    Text,
    Unknown,
}

/// Each with its name and the endings a file of it may bear; the first is given to one that bears none of them.
const MEDIA: &[(Media, &str, &[&str])] = &[
    (Media::Pdf, "application/pdf", &["pdf"]),
    (Media::Odt, "application/vnd.oasis.opendocument.text", &["odt"]),
    (
        Media::Docx,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        &["docx"],
    ),
    (
        Media::Zip,
        "application/zip",
        &["zip", "ods", "odp", "xlsx", "pptx"],
    ),
    (Media::Jpeg, "image/jpeg", &["jpg", "jpeg"]),
    (Media::Png, "image/png", &["png"]),
    (Media::Tiff, "image/tiff", &["tif", "tiff"]),
    (
        Media::Ole,
        "application/x-ole-storage",
        &["doc", "xls", "ppt", "msg"],
    ),
    (Media::Text, "text/plain", &["txt", "csv", "md", "log", "eml"]),
    (Media::Unknown, "application/octet-stream", &["bin"]),
];

impl Media {
    fn row(self) -> &'static (Media, &'static str, &'static [&'static str]) {
        MEDIA
            .iter()
            .find(|(media, ..)| *media == self)
            .unwrap_or(&MEDIA[MEDIA.len() - 1])
    }
    /// As it is stored and as it travels.
    pub(super) fn name(self) -> &'static str {
        self.row().1
    }
    /// Endings of file names.
    pub(super) fn endings(self) -> &'static [&'static str] {
        self.row().2
    }
    /// The type of this name.
    pub(super) fn named(name: &str) -> Media {
        let row = MEDIA.iter().find(|(_, known, _)| *known == name);
        row.map_or(Media::Unknown, |(media, ..)| *media)
    }
    /// How its text is read, where it has one.
    pub(super) fn kind(self) -> Option<Kind> {
        match self {
            Media::Pdf => Some(Kind::Pdf),
            Media::Odt => Some(Kind::Odt),
            Media::Docx => Some(Kind::Docx),
            Media::Text => Some(Kind::Plain),
            _ => None,
        }
    }
}

const PDF: &[u8] = b"%PDF-";
const ZIP: &[u8] = b"PK\x03\x04";
/// Readers of PDF look for its mark in so many bytes.
const LOOKED_THROUGH: usize = 1024;

/// What a file is that begins with `head` and ends with `tail` (which overlap where it is short).
pub(super) fn sniff(head: &[u8], tail: &[u8]) -> (Media, Option<Doubt>) {
    let first = &head[..head.len().min(LOOKED_THROUGH)];
    let media = begins_as(head, tail);
    let also_pdf = media != Media::Pdf && holds(first, PDF);
    let also_zip = !matches!(media, Media::Zip | Media::Odt | Media::Docx) && ends_as_zip(tail);
    if also_pdf || also_zip {
        return (Media::Unknown, Some(Doubt::SeveralTypes));
    }
    (media, None)
}

fn begins_as(head: &[u8], tail: &[u8]) -> Media {
    if head.starts_with(PDF) {
        Media::Pdf
    } else if head.starts_with(ZIP) {
        archive(head, tail)
    } else if head.starts_with(b"\xff\xd8\xff") {
        Media::Jpeg
    } else if head.starts_with(b"\x89PNG\r\n\x1a\n") {
        Media::Png
    } else if head.starts_with(b"II*\0") || head.starts_with(b"MM\0*") {
        Media::Tiff
    } else if head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        Media::Ole
    } else if is_text(head) {
        Media::Text
    } else {
        Media::Unknown
    }
}

/// OpenDocument says its type in its first member, which is stored as it is; Office Open XML has its text under a fixed name, which stands in
/// the directory at the end.
fn archive(head: &[u8], tail: &[u8]) -> Media {
    const ODT: &[u8] = b"mimetypeapplication/vnd.oasis.opendocument.text";
    if head.get(30..).is_some_and(|name| name.starts_with(ODT)) {
        let after = head.get(30 + ODT.len());
        // Templates and master documents are named longer.
        return if after == Some(&b'-') {
            Media::Zip
        } else {
            Media::Odt
        };
    }
    if holds(tail, b"word/document.xml") && holds(tail, b"[Content_Types].xml") {
        return Media::Docx;
    }
    Media::Zip
}

/// Whether a reader of archives, which begins at the end, would find one.
fn ends_as_zip(tail: &[u8]) -> bool {
    const END: &[u8] = b"PK\x05\x06";
    let mut rest = tail;
    while let Some(at) = rest.windows(END.len()).position(|window| window == END) {
        let record = &rest[at..];
        if let Some([low, high]) = record.get(20..22)
            && record.len() >= 22 + usize::from(u16::from_le_bytes([*low, *high]))
        {
            return true;
        }
        rest = &rest[at + END.len()..];
    }
    false
}

/// Text in whatever encoding: no control characters but those of lines and pages, or the mark of UTF-16.
fn is_text(head: &[u8]) -> bool {
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        return true;
    }
    let control = |byte: &u8| matches!(byte, 0..=8 | 0x0b | 0x0e..=0x1f | 0x7f);
    !head.is_empty() && !head.iter().any(control)
}

fn holds(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::tests::{archive as zipped, letter};

    fn whole(bytes: &[u8]) -> (Media, Option<Doubt>) {
        sniff(bytes, bytes)
    }

    #[test]
    fn a_file_is_what_its_content_begins_as() {
        let odt: &[u8] = b"application/vnd.oasis.opendocument.text";
        let template: &[u8] = b"application/vnd.oasis.opendocument.text-template";
        for (bytes, media) in [
            (letter("Potvrda"), Media::Pdf),
            (zipped(&[("mimetype", odt), ("content.xml", b"<a/>")]), Media::Odt),
            (
                zipped(&[("mimetype", template), ("content.xml", b"<a/>")]),
                Media::Zip,
            ),
            (
                zipped(&[("[Content_Types].xml", b"<a/>"), ("word/document.xml", b"<a/>")]),
                Media::Docx,
            ),
            (zipped(&[("slika.png", b"")]), Media::Zip),
            (b"\xff\xd8\xff\xe0 JFIF".to_vec(), Media::Jpeg),
            (b"\x89PNG\r\n\x1a\n\0\0".to_vec(), Media::Png),
            (b"II*\0\x08".to_vec(), Media::Tiff),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 Word".to_vec(), Media::Ole),
            ("Šta god".as_bytes().to_vec(), Media::Text),
            (b"\x8aep\xe6ano\r\n".to_vec(), Media::Text),
            (b"<html><script>".to_vec(), Media::Text),
            (b"\x7fELF\x02\x01\x01\0".to_vec(), Media::Unknown),
            (b"MZ\x90\0".to_vec(), Media::Unknown),
            (Vec::new(), Media::Unknown),
        ] {
            assert_eq!(whole(&bytes), (media, None), "{media:?}");
        }
    }

    #[test]
    fn what_could_be_opened_as_something_else_too_is_nothing() {
        let zip = zipped(&[("skripta.js", b"alert(1)")]);
        let picture = b"\xff\xd8\xff\xe0 JFIF".to_vec();
        let cases = [
            (
                "a PDF that is an archive",
                [letter("Potvrda"), zip.clone()].concat(),
            ),
            (
                "a picture that is an archive",
                [picture.clone(), zip.clone()].concat(),
            ),
            (
                "a picture with a PDF behind it",
                [picture, b"%PDF-1.7".to_vec()].concat(),
            ),
            ("an archive with a PDF in its first bytes", {
                let mut bytes = zip.clone();
                bytes.splice(30..30, b"%PDF-1.4".iter().copied());
                bytes
            }),
            (
                "an archive after a program",
                [b"#!/bin/sh\n".to_vec(), zip].concat(),
            ),
        ];
        for (what, bytes) in cases {
            assert_eq!(
                whole(&bytes),
                (Media::Unknown, Some(Doubt::SeveralTypes)),
                "{what}"
            );
        }
    }
}

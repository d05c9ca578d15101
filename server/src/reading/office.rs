//! OpenDocument and Office Open XML: a zip archive in which one member holds the text as XML.

use super::{Outcome, Why};
use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};
use std::io::{Cursor, Read as _};
use zip::{ZipArchive, result::ZipError};

/// A member that becomes larger than this when it is unpacked is not read.
const LARGEST_MEMBER: u64 = 32 << 20;
/// XML nested deeper than this is not read.
const DEEPEST: usize = 512;

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

pub(super) fn odt(bytes: &[u8]) -> Outcome {
    whole(odt_text(bytes))
}

pub(super) fn docx(bytes: &[u8]) -> Outcome {
    whole(docx_text(bytes))
}

fn whole(read: Result<String, Outcome>) -> Outcome {
    read.map_or_else(|outcome| outcome, |text| Outcome::text(&text, None))
}

fn odt_text(bytes: &[u8]) -> Result<String, Outcome> {
    let mut archive = open(bytes)?;
    if let Some(manifest) = member(&mut archive, "META-INF/manifest.xml")?
        && manifest.windows(15).any(|word| word == b"encryption-data")
    {
        return Err(Outcome::unreadable(Why::Encrypted, None));
    }
    let name = "content.xml";
    let content = member(&mut archive, name)?.ok_or_else(|| broken(name))?;
    text_of(&content, name, &ODT)
}

fn docx_text(bytes: &[u8]) -> Result<String, Outcome> {
    let mut archive = open(bytes)?;
    let name = "word/document.xml";
    let content = member(&mut archive, name)?.ok_or_else(|| broken(name))?;
    let mut text = text_of(&content, name, &DOCX)?;
    for name in ["word/footnotes.xml", "word/endnotes.xml"] {
        if let Some(notes) = member(&mut archive, name)? {
            text.push('\n');
            text.push_str(&text_of(&notes, name, &DOCX)?);
        }
    }
    Ok(text)
}

fn broken(place: &str) -> Outcome {
    Outcome::unreadable(Why::Broken, place.to_owned())
}

fn open(bytes: &[u8]) -> Result<Archive<'_>, Outcome> {
    ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken("zip"))
}

/// One member unpacked; nothing where it is not there. What it says about its own size is not believed.
fn member(archive: &mut Archive<'_>, name: &str) -> Result<Option<Vec<u8>>, Outcome> {
    let file = match archive.by_name(name) {
        Ok(file) => file,
        Err(ZipError::FileNotFound) => return Ok(None),
        Err(ZipError::UnsupportedArchive(what)) if what.contains("assword") => {
            return Err(Outcome::unreadable(Why::Encrypted, name.to_owned()));
        }
        Err(_) => return Err(broken(name)),
    };
    let mut content = Vec::new();
    match file.take(LARGEST_MEMBER + 1).read_to_end(&mut content) {
        Ok(read) if read as u64 > LARGEST_MEMBER => Err(Outcome::unreadable(Why::TooLarge, name.to_owned())),
        Ok(_) => Ok(Some(content)),
        Err(_) => Err(broken(name)),
    }
}

/// What the elements of a format mean for its text.
struct Format {
    /// Text counts only inside one of these; anywhere where there are none.
    inside: &'static [&'static str],
    /// What stands in these is not part of the text.
    skipped: &'static [&'static str],
    /// Ends a line.
    lines: &'static [&'static str],
    /// Stands for a space.
    spaces: &'static [&'static str],
}

const ODT: Format = Format {
    inside: &["p", "h"],
    skipped: &["tracked-changes"],
    lines: &["p", "h", "line-break"],
    spaces: &["s", "tab", "table-cell"],
};
const DOCX: Format = Format {
    inside: &["t"],
    skipped: &["instrText", "delText"],
    lines: &["p", "br", "cr"],
    spaces: &["tab", "tc"],
};

/// The text of an XML file. Declarations of document types are not taken, so no entity of a file's own can multiply; names of elements are
/// looked at without their prefix.
fn text_of(xml: &[u8], name: &str, format: &Format) -> Result<String, Outcome> {
    let mut reader = Reader::from_reader(xml);
    reader.config_mut().check_end_names = true;
    let mut text = String::new();
    let (mut depth, mut inside, mut skipped) = (0_usize, 0_usize, 0_usize);
    loop {
        let at = reader.buffer_position();
        let wrong = |why| Outcome::unreadable(why, format!("{name}, byte {at}"));
        match reader.read_event().map_err(|_| wrong(Why::Broken))? {
            Event::Start(start) => {
                depth += 1;
                if depth > DEEPEST {
                    return Err(wrong(Why::TooMuch));
                }
                let local = local(&start);
                inside += usize::from(format.inside.contains(&local));
                skipped += usize::from(format.skipped.contains(&local));
            }
            Event::Empty(empty) => {
                let local = local(&empty);
                if format.lines.contains(&local) {
                    text.push('\n');
                } else if format.spaces.contains(&local) {
                    text.push(' ');
                }
            }
            Event::End(end) => {
                depth = depth.saturating_sub(1);
                let local = end.local_name().into_inner();
                inside = inside.saturating_sub(usize::from(format.inside.contains(&local)));
                skipped = skipped.saturating_sub(usize::from(format.skipped.contains(&local)));
                if format.lines.contains(&local) {
                    text.push('\n');
                } else if format.spaces.contains(&local) {
                    text.push(' ');
                }
            }
            Event::Text(piece) if inside > 0 && skipped == 0 => {
                text.push_str(&piece);
            }
            Event::CData(piece) if inside > 0 && skipped == 0 => {
                text.push_str(&piece);
            }
            Event::GeneralRef(reference) if inside > 0 && skipped == 0 => {
                let named = match reference.resolve_char_ref() {
                    Ok(Some(character)) => Some(character),
                    Ok(None) => predefined(&reference),
                    Err(_) => None,
                };
                text.push(named.ok_or_else(|| wrong(Why::Broken))?);
            }
            Event::DocType(_) => return Err(wrong(Why::Broken)),
            Event::Eof if depth > 0 => return Err(wrong(Why::Broken)),
            Event::Eof => return Ok(text),
            _ => {}
        }
    }
}

fn local<'a>(start: &'a BytesStart<'_>) -> &'a str {
    start.local_name().into_inner()
}

/// The five entities that XML itself has.
fn predefined(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => return None,
    })
}

//! A file as rows of texts: CSV in the encodings of our countries, and XLSX, both within bounds.

use super::values::is_formula;
use calamine::{DataRef, ExcelDateTime, Reader as _, Xlsx, XlsxError};
use encoding_rs::{Encoding, WINDOWS_1250, WINDOWS_1251};
use std::{
    borrow::Cow,
    io::{Cursor, Read as _},
};

/// The largest file that is taken.
pub(super) const LARGEST: usize = 64 << 20;
/// The most rows,
pub(super) const MOST_ROWS: u32 = 1_000_000;
/// columns,
const MOST_COLUMNS: usize = 100;
/// and characters of a cell.
const LONGEST_CELL: usize = 2_000;
/// A workbook unpacks to so many bytes at most: all of it, and its table of texts alone.
const LARGEST_UNPACKED: u64 = 320 << 20;
const LARGEST_TEXTS: u64 = 96 << 20;
/// So many files are in no workbook.
const MOST_PARTS: usize = 2_000;

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Csv,
    Xlsx,
}

impl Format {
    /// By its first bytes: a workbook is a ZIP archive.
    pub(super) fn of(bytes: &[u8]) -> Format {
        if bytes.starts_with(b"PK\x03\x04") {
            Format::Xlsx
        } else {
            Format::Csv
        }
    }
    pub(super) fn name(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Xlsx => "xlsx",
        }
    }
}

/// Why a whole file cannot be read: a stable code, and what is wrong where, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unreadable {
    pub(super) code: &'static str,
    pub(super) says: String,
}

fn unreadable(code: &'static str, says: impl Into<String>) -> Unreadable {
    Unreadable {
        code,
        says: says.into(),
    }
}

/// What is wrong with one cell before anybody looks at its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doubt {
    /// It would be worked out.
    Formula,
    /// It is longer than anything that is kept.
    Long,
    /// It holds characters that are no text.
    Control,
    /// The spreadsheet itself shows an error there.
    Error,
}

/// A row as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// Counted from 1, as a spreadsheet program or an editor shows it.
    pub(super) number: u32,
    pub(super) cells: Vec<String>,
    /// Cells that cannot be taken as they are, by their place.
    pub(super) doubts: Vec<(usize, Doubt)>,
}

/// The encodings that can be declared.
pub(super) const ENCODINGS: [&str; 3] = ["utf-8", "windows-1250", "windows-1251"];

/// The text of a CSV file and its encoding. What is declared must fit; what is not declared is found out, or has to be declared.
pub(super) fn decode<'a>(
    bytes: &'a [u8],
    declared: Option<&str>,
) -> Result<(Cow<'a, str>, &'static str), Unreadable> {
    let known = declared.map(|name| {
        let known = ENCODINGS.iter().find(|known| known.eq_ignore_ascii_case(name));
        known.copied().ok_or_else(|| {
            unreadable(
                "encoding",
                format!("the encoding is one of {}", ENCODINGS.join(", ")),
            )
        })
    });
    let known = known.transpose()?;
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(unreadable(
            "encoding",
            "this file is UTF-16: save it as “CSV UTF-8”",
        ));
    }
    let utf8 = std::str::from_utf8(bytes);
    let plain = bytes.is_ascii();
    match (known, utf8) {
        (None | Some("utf-8"), Ok(text)) => Ok((
            Cow::Borrowed(text.strip_prefix('\u{feff}').unwrap_or(text)),
            "utf-8",
        )),
        (Some(other), Ok(text)) if plain => Ok((Cow::Borrowed(text), other)),
        (Some(other), Ok(_)) => Err(unreadable("encoding", format!("this file is UTF-8, not {other}"))),
        (Some("utf-8"), Err(error)) => {
            let line = 1 + bytes[..error.valid_up_to()]
                .iter()
                .filter(|byte| **byte == b'\n')
                .count();
            let guess = guess(bytes).map_or("another encoding", |it| it.1);
            Err(unreadable(
                "encoding",
                format!("line {line} is not UTF-8; it looks like {guess}"),
            ))
        }
        (Some(other), Err(_)) => {
            let encoding = if other == "windows-1250" {
                WINDOWS_1250
            } else {
                WINDOWS_1251
            };
            with(bytes, encoding, other)
        }
        (None, Err(_)) => match guess(bytes) {
            Some((encoding, name)) => with(bytes, encoding, name),
            None => Err(unreadable(
                "encoding",
                "which encoding this is cannot be told: declare windows-1250 (Latin) or windows-1251 (Cyrillic)",
            )),
        },
    }
}

fn with<'a>(
    bytes: &'a [u8],
    encoding: &'static Encoding,
    name: &'static str,
) -> Result<(Cow<'a, str>, &'static str), Unreadable> {
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    // Bytes that mean nothing in this encoding become control characters.
    let wrong = |c: char| ('\u{80}'..='\u{9f}').contains(&c) || c == '\u{fffd}';
    match text.lines().position(|line| line.contains(wrong)) {
        None => Ok((text, name)),
        Some(line) => Err(unreadable("encoding", format!("line {} is not {name}", line + 1))),
    }
}

/// Words of Latin script have single letters beyond ASCII among others; words of Cyrillic have nothing else.
fn guess(bytes: &[u8]) -> Option<(&'static Encoding, &'static str)> {
    let (mut latin, mut cyrillic) = (0_u32, 0_u32);
    let letter = |byte: &u8| byte.is_ascii_alphabetic() || *byte >= 0x80;
    for word in bytes.split(|byte| !letter(byte)) {
        let high = word.iter().filter(|byte| **byte >= 0x80).count();
        let plain = word.len() - high;
        // A word of one letter tells nothing.
        if plain == 0 && high > 1 {
            cyrillic += 1;
        } else if plain > 0 && high > 0 {
            latin += 1;
        }
    }
    if latin > cyrillic.saturating_mul(4) {
        Some((WINDOWS_1250, "windows-1250"))
    } else if cyrillic > latin.saturating_mul(4) {
        Some((WINDOWS_1251, "windows-1251"))
    } else {
        None
    }
}

/// Gives every row of a file, headings first, to `each`, until it asks to stop with an error. Empty rows are passed over. Answers the encoding of
/// a CSV file.
pub(super) fn read<E: From<Unreadable>>(
    bytes: &[u8],
    declared: Option<&str>,
    mut each: impl FnMut(Line) -> Result<(), E>,
) -> Result<Option<&'static str>, E> {
    if bytes.len() > LARGEST {
        let says = format!("a file of more than {} MB is not taken: divide it", LARGEST >> 20);
        return Err(unreadable("too-large", says).into());
    }
    match Format::of(bytes) {
        Format::Csv => csv(bytes, declared, &mut each).map(Some),
        Format::Xlsx => xlsx(bytes, &mut each).map(|()| None),
    }
}

fn csv<E: From<Unreadable>>(
    bytes: &[u8],
    declared: Option<&str>,
    each: &mut impl FnMut(Line) -> Result<(), E>,
) -> Result<&'static str, E> {
    let (text, encoding) = decode(bytes, declared)?;
    if text.contains('\0') {
        return Err(unreadable("not-a-table", "this is neither CSV nor XLSX").into());
    }
    let first = text
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    let delimiter = [b';', b'\t', b',']
        .into_iter()
        .max_by_key(|mark| first.bytes().filter(|byte| byte == mark).count())
        .unwrap_or(b';');
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut rows = 0;
    let mut place = Place {
        bytes: text.as_bytes(),
        at: 0,
        line: 1,
    };
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return Ok(encoding),
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                return Err(unreadable("csv", format!("line {line} cannot be read as CSV")).into());
            }
        }
        let begins = record.position().map_or(0, csv::Position::byte);
        let number = place.line_at(usize::try_from(begins).unwrap_or(usize::MAX));
        let cells: Vec<String> = record.iter().map(|cell| cell.trim().to_owned()).collect();
        if cells.iter().all(String::is_empty) {
            continue;
        }
        rows += 1;
        each(checked(number, cells, Vec::new(), rows)?)?;
    }
}

/// Counts lines as an editor does, also those that the reader passes over.
struct Place<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u32,
}

impl Place<'_> {
    /// The line of a record that begins at a byte, or after the empty lines there.
    fn line_at(&mut self, begins: usize) -> u32 {
        while let Some(byte) = self.bytes.get(self.at) {
            if self.at >= begins && !matches!(byte, b'\n' | b'\r') {
                break;
            }
            self.line += u32::from(*byte == b'\n');
            self.at += 1;
        }
        self.line
    }
}

/// A row within the bounds, its cells looked at.
fn checked(
    number: u32,
    mut cells: Vec<String>,
    mut doubts: Vec<(usize, Doubt)>,
    rows: u32,
) -> Result<Line, Unreadable> {
    if rows > MOST_ROWS {
        let says = format!("more than {MOST_ROWS} rows are not taken at once: divide the file");
        return Err(unreadable("too-many-rows", says));
    }
    if cells.len() > MOST_COLUMNS {
        let says = format!("row {number} has more than {MOST_COLUMNS} columns");
        return Err(unreadable("too-many-columns", says));
    }
    for (place, cell) in cells.iter_mut().enumerate() {
        if is_formula(cell) {
            doubts.push((place, Doubt::Formula));
        }
        if cell.chars().any(char::is_control) {
            doubts.push((place, Doubt::Control));
            *cell = cell.chars().filter(|c| !c.is_control()).collect();
        }
        if cell.chars().count() > LONGEST_CELL {
            doubts.push((place, Doubt::Long));
            *cell = cell.chars().take(LONGEST_CELL).collect();
        }
    }
    Ok(Line {
        number,
        cells,
        doubts,
    })
}

fn xlsx<E: From<Unreadable>>(bytes: &[u8], each: &mut impl FnMut(Line) -> Result<(), E>) -> Result<(), E> {
    weigh(bytes)?;
    let broken = |error: XlsxError| unreadable("xlsx", format!("the workbook cannot be read: {error}"));
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).map_err(broken)?;
    let names = book.sheet_names();
    let [sheet] = names.as_slice() else {
        let says = format!(
            "the workbook has {} sheets; leave the one to be imported",
            names.len()
        );
        return Err(unreadable("sheets", says).into());
    };
    let mut reader = book.worksheet_cells_reader(sheet).map_err(broken)?;
    let (mut row, mut cells, mut doubts, mut rows) = (0_u32, Vec::new(), Vec::new(), 0_u32);
    loop {
        let cell = reader.next_cell_with_formula_metadata().map_err(broken)?;
        let next = cell.as_ref().map(|cell| cell.pos.0);
        if next != Some(row) {
            let (line, doubted) = (std::mem::take(&mut cells), std::mem::take(&mut doubts));
            if line.iter().any(|cell: &String| !cell.is_empty()) {
                rows += 1;
                each(checked(row + 1, line, doubted, rows)?)?;
            }
        }
        let Some(cell) = cell else { return Ok(()) };
        let column = cell.pos.1 as usize;
        if cell.pos.0 < row || (cell.pos.0 == row && column < cells.len()) {
            return Err(unreadable("xlsx", "the cells of the workbook are not in order").into());
        }
        row = cell.pos.0;
        if row >= MOST_ROWS {
            return Err(unreadable("too-many-rows", "the workbook has too many rows: divide it").into());
        }
        if column >= MOST_COLUMNS {
            if cell.value == DataRef::Empty {
                continue;
            }
            let says = format!("row {} has more than {MOST_COLUMNS} columns", row + 1);
            return Err(unreadable("too-many-columns", says).into());
        }
        let (text, error) = shown(&cell.value);
        cells.resize(column, String::new());
        if cell.formula.is_some() {
            doubts.push((column, Doubt::Formula));
        }
        if error {
            doubts.push((column, Doubt::Error));
        }
        cells.push(text);
    }
}

/// A cell as text, as it would be typed; whether it is an error of the spreadsheet's.
fn shown(value: &DataRef<'_>) -> (String, bool) {
    match value {
        DataRef::Empty => (String::new(), false),
        DataRef::String(text) => (text.trim().to_owned(), false),
        DataRef::SharedString(text) => (text.trim().to_owned(), false),
        DataRef::Int(number) => (number.to_string(), false),
        // The shortest decimal that is this number: what was typed.
        DataRef::Float(number) => (number.to_string(), false),
        DataRef::Bool(yes) => (yes.to_string(), false),
        DataRef::DateTime(at) => (day(at), false),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => (text.clone(), false),
        DataRef::Error(_) => (String::new(), true),
    }
}

fn day(at: &ExcelDateTime) -> String {
    let (year, month, day, ..) = at.to_ymd_hms_milli();
    format!("{year:04}-{month:02}-{day:02}")
}

/// Unpacks every part of a workbook without keeping it, so that what is small outside and enormous inside is refused before it is read.
fn weigh(bytes: &[u8]) -> Result<(), Unreadable> {
    let broken = |error: zip::result::ZipError| {
        unreadable(
            "xlsx",
            format!("the file begins as a workbook, but is cut off or damaged: {error}"),
        )
    };
    let bomb = || {
        unreadable(
            "too-large-inside",
            "the workbook is far larger inside than a register can be; it is not read",
        )
    };
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    if archive.len() > MOST_PARTS {
        return Err(bomb());
    }
    let mut all = 0_u64;
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(broken)?;
        let most = if part.name().is_ok_and(|name| name.ends_with("sharedStrings.xml")) {
            LARGEST_TEXTS
        } else {
            LARGEST_UNPACKED
        };
        let counted = std::io::copy(&mut (&mut part).take(most + 1), &mut std::io::sink());
        let counted = counted.map_err(|error| {
            unreadable(
                "xlsx",
                format!("the file begins as a workbook, but is cut off or damaged: {error}"),
            )
        })?;
        all += counted;
        if counted > most || all > LARGEST_UNPACKED {
            return Err(bomb());
        }
    }
    Ok(())
}

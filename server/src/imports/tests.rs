//! Files as offices send them, good and bad; and the way from bringing to applied, told on both engines.

use super::{
    sheet::{self, Doubt, Line, Unreadable},
    work,
};
use std::io::{Cursor, Write as _};

fn lines(bytes: &[u8], encoding: Option<&str>) -> Result<Vec<Line>, Unreadable> {
    let mut all = Vec::new();
    sheet::read(bytes, encoding, |line| {
        all.push(line);
        Ok::<_, Unreadable>(())
    })?;
    Ok(all)
}

fn cells(bytes: &[u8], encoding: Option<&str>) -> Vec<Vec<String>> {
    lines(bytes, encoding)
        .unwrap()
        .into_iter()
        .map(|line| line.cells)
        .collect()
}

/// A workbook of one sheet; a cell is its XML.
fn workbook(rows: &str) -> Vec<u8> {
    book(&[("sheet1.xml", rows.to_owned())])
}

fn book(sheets: &[(&str, String)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let plain = zip::write::SimpleFileOptions::default();
    let mut part = |name: &str, text: &str| {
        zip.start_file(name, plain).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    };
    let mut kinds = String::new();
    let (mut listed, mut related) = (String::new(), String::new());
    for (place, (name, _)) in sheets.iter().enumerate() {
        kinds.push_str(&format!(
            r#"<Override PartName="/xl/worksheets/{name}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>"#
        ));
        listed.push_str(&format!(
            r#"<sheet name="S{place}" sheetId="{0}" r:id="rId{0}"/>"#,
            place + 1
        ));
        related.push_str(&format!(
            r#"<Relationship Id="rId{}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/{name}"/>"#,
            place + 1
        ));
    }
    part(
        "[Content_Types].xml",
        &format!(
            r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>{kinds}</Types>"#
        ),
    );
    part(
        "_rels/.rels",
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
    );
    part(
        "xl/workbook.xml",
        &format!(
            r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>{listed}</sheets></workbook>"#
        ),
    );
    part(
        "xl/_rels/workbook.xml.rels",
        &format!(
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{related}<Relationship Id="rIdS" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#
        ),
    );
    part(
        "xl/styles.xml",
        r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#,
    );
    for (name, rows) in sheets {
        part(
            &format!("xl/worksheets/{name}"),
            &format!(
                r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"#
            ),
        );
    }
    zip.finish().unwrap().into_inner()
}

fn text(place: &str, text: &str) -> String {
    format!(r#"<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>"#)
}

#[test]
fn the_encodings_of_our_countries_are_found_out_and_wrong_ones_are_named() {
    let latin = "ime;prezime\nŽeljko;Đurišić\nŠćepan;Čađenović\n";
    let cyrillic = "име;презиме\nЖељко;Ђуришић\n";
    let (in_1250, ..) = encoding_rs::WINDOWS_1250.encode(latin);
    let (in_1251, ..) = encoding_rs::WINDOWS_1251.encode(cyrillic);
    assert_eq!(cells(latin.as_bytes(), None)[1], ["Željko", "Đurišić"]);
    assert_eq!(
        cells(format!("\u{feff}{latin}").as_bytes(), None)[0],
        ["ime", "prezime"]
    );
    assert_eq!(cells(&in_1250, None)[2], ["Šćepan", "Čađenović"]);
    assert_eq!(cells(&in_1250, Some("windows-1250"))[1], ["Željko", "Đurišić"]);
    assert_eq!(cells(&in_1251, None)[1], ["Жељко", "Ђуришић"]);
    let says = |bytes: &[u8], encoding| lines(bytes, encoding).unwrap_err().says;
    assert_eq!(
        says(&in_1250, Some("utf-8")),
        "line 2 is not UTF-8; it looks like windows-1250"
    );
    assert_eq!(
        says(&in_1251, Some("UTF-8")),
        "line 1 is not UTF-8; it looks like windows-1251"
    );
    assert_eq!(
        says(latin.as_bytes(), Some("windows-1250")),
        "this file is UTF-8, not windows-1250"
    );
    assert!(says(latin.as_bytes(), Some("latin2")).contains("windows-1250"));
    assert!(says(&[0xff, 0xfe, 0x41, 0], None).contains("UTF-16"));
    // 0x81 means nothing in windows-1250.
    assert_eq!(
        says(b"ime\nA\x81a\n", Some("windows-1250")),
        "line 2 is not windows-1250"
    );
    assert!(says(b"ime\n\x8a\n", None).contains("declare"));
}

#[test]
fn csv_is_read_whatever_parts_its_cells_and_what_is_no_table_is_refused() {
    for (text, second) in [
        ("a;b\n1;2,5\n", ["1", "2,5"]),
        ("a,b\r\n1,\"2,5\"\r\n", ["1", "2,5"]),
        ("a\tb\n1\t2,5\n", ["1", "2,5"]),
        ("\n\na;b\n;\n1 ; 2,5 \n", ["1", "2,5"]),
    ] {
        assert_eq!(cells(text.as_bytes(), None)[1], second, "{text:?}");
    }
    // Line numbers are those an editor shows.
    let read = lines("a;b\n\"x\ny\";1\n\nz;=1+1\n".as_bytes(), None).unwrap();
    assert_eq!((read[1].number, read[2].number), (2, 5));
    assert_eq!(read[1].doubts, [(0, Doubt::Control)]);
    assert_eq!(read[2].doubts, [(1, Doubt::Formula)]);
    let code = |bytes: &[u8]| lines(bytes, None).unwrap_err().code;
    assert_eq!(code(b"a;b\n\0;1\n"), "not-a-table");
    let wide = format!("a;b\n{}\n", "x;".repeat(200));
    assert_eq!(code(wide.as_bytes()), "too-many-columns");
    let long = format!("a;b\n{};1\n", "x".repeat(5_000));
    assert_eq!(
        lines(long.as_bytes(), None).unwrap()[1].doubts,
        [(0, Doubt::Long)]
    );
}

#[test]
fn workbooks_are_read_with_their_days_and_bombs_and_cut_ones_are_refused() {
    let good = format!(
        r#"<row r="1">{}{}{}</row><row r="3">{}<c r="B3" s="1"><v>45356</v></c><c r="C3"><f>1+1</f><v>2</v></c></row>"#,
        text("A1", "ime"),
        text("B1", "datum rođenja"),
        text("C1", "iznos"),
        text("A3", "Ana"),
    );
    let bytes = workbook(&good);
    let read = lines(&bytes, None).unwrap();
    assert_eq!(read[0].cells, ["ime", "datum rođenja", "iznos"]);
    assert_eq!(
        (read[1].number, read[1].cells.as_slice()),
        (3, ["Ana", "2024-03-05", "2"].map(str::to_owned).as_slice())
    );
    assert_eq!(read[1].doubts, [(2, Doubt::Formula)]);
    let code = |bytes: &[u8]| lines(bytes, None).unwrap_err().code;
    // Cut anywhere, it is refused.
    for at in (4..bytes.len()).step_by(97) {
        assert_eq!(code(&bytes[..at]), "xlsx", "cut at {at}");
    }
    let two = book(&[("sheet1.xml", good.clone()), ("sheet2.xml", good)]);
    assert_eq!(code(&two), "sheets");
    // A cell at the far end costs nothing and is refused; so are cells out of order.
    assert_eq!(
        code(&workbook(r#"<row r="1"><c r="XFD1"><v>1</v></c></row>"#)),
        "too-many-columns"
    );
    assert_eq!(
        code(&workbook(
            r#"<row r="1048576"><c r="A1048576"><v>1</v></c></row>"#
        )),
        "too-many-rows"
    );
    assert_eq!(
        code(&workbook(
            r#"<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>"#
        )),
        "xlsx"
    );
    // 400 MB of blanks pack into some hundred kilobytes.
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file(
        "xl/worksheets/sheet1.xml",
        zip::write::SimpleFileOptions::default(),
    )
    .unwrap();
    let blanks = vec![b' '; 1 << 20];
    for _ in 0..400 {
        zip.write_all(&blanks).unwrap();
    }
    let bomb = zip.finish().unwrap().into_inner();
    assert!(bomb.len() < 4 << 20, "{}", bomb.len());
    assert_eq!(code(&bomb), "too-large-inside");
    assert_eq!(code(b"PK\x03\x04 and nothing more"), "xlsx");
}

#[test]
fn a_report_is_a_file_without_formulas() {
    let finding = karton_api::imports::Finding {
        row: 7,
        column: "=cmd".into(),
        code: "formula".into(),
        message: "put the value itself there".into(),
    };
    assert_eq!(
        work::report(&[finding]),
        "\u{feff}row;column;code;message\r\n7;\"'=cmd\";formula;put the value itself there\r\n"
    );
}

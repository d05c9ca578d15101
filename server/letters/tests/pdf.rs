//! The letter on paper: what the file holds, how it breaks, and that it is the same every time. krilla itself refuses a file that
//! breaks PDF/A-2a or PDF/UA-1; what it cannot know is asked here, of poppler's tools where they are installed.

use std::io::Write as _;
use std::process::{Command, Stdio};

use jiff::civil::date;
use karton_letters::{Letter, LetterError, MAX_BYTES, MAX_PAGES};

fn letter(markdown: impl Into<String>) -> Letter {
    Letter {
        title: "Rješenje 1".into(),
        language: "cnr".into(),
        date: date(2024, 5, 31),
        markdown: markdown.into(),
    }
}

fn pdf(markdown: impl Into<String>) -> Vec<u8> {
    letter(markdown).to_pdf().expect("the letter can be set")
}

fn count(haystack: &[u8], needle: &str) -> usize {
    haystack
        .windows(needle.len())
        .filter(|window| *window == needle.as_bytes())
        .count()
}

fn pages(pdf: &[u8]) -> usize {
    count(pdf, "/Type /Page\n") + count(pdf, "/Type/Page/") + count(pdf, "/Type /Page/")
}

/// What a tool of poppler's says about a PDF; `None`, loudly, where the tool is not installed.
fn asked(tool: &str, arguments: &[&str], pdf: &[u8]) -> Option<String> {
    let spawned = Command::new(tool)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = spawned else {
        eprintln!("SKIPPED: {tool} is not installed, so nothing was read back from the PDF");
        return None;
    };
    let mut input = child.stdin.take().expect("piped");
    let bytes = pdf.to_vec();
    let writer = std::thread::spawn(move || input.write_all(&bytes));
    let output = child.wait_with_output().expect("ends");
    let _ = writer.join();
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn read_back(pdf: &[u8]) -> Option<String> {
    asked("pdftotext", &["-layout", "-", "-"], pdf)
}

const ALPHABETS: [&str; 5] = [
    "ABCČĆDDŽĐEFGHIJKLLJMNNJOPRSŠŚTUVZŽŹ abcčćddžđefghijklljmnnjoprsšśtuvzžź",
    "АБВГДЂЕЖЗЗ́ИЈКЛЉМНЊОПРСС́ТЋУФХЦЧЏШ абвгдђежзз́ијклљмнњопрсс́тћуфхцчџш",
    "AĂÂBCDEFGHIÎJKLMNOPQRSȘTȚUVWXYZŞŢ aăâbcdefghiîjklmnopqrsștțuvwxyzşţ",
    "АБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЬЮЯ абвгґдеєжзиіїйклмнопрстуфхцчшщьюя ’ʼ",
    "0123456789 €.,:;!?()[]/\\-–—„“”‘’«»%§№°+×=<>&@#*_|{}~^\"'…•",
];

#[test]
fn every_letter_of_the_three_countries_has_its_sign_in_every_style() {
    for alphabet in ALPHABETS {
        let plain: String = alphabet
            .chars()
            .map(|c| {
                if c.is_ascii_punctuation() {
                    format!("\\{c}")
                } else {
                    c.into()
                }
            })
            .collect();
        for styled in [
            plain.clone(),
            format!("**{plain}**"),
            format!("*{plain}*"),
            format!("***{plain}***"),
            format!("# x {plain}"),
        ] {
            let file = pdf(styled);
            // A sign no face has is printed by its number, and one from the face for signs would bring that face in.
            assert_eq!(count(&file, "DejaVu"), 0, "{alphabet}");
            if let Some(text) = asked("pdftotext", &["-raw", "-", "-"], &file) {
                assert!(!text.contains("[U+"), "{text}");
                let kept: String = text.chars().filter(|c| !c.is_whitespace()).collect();
                let wanted: String = alphabet.chars().filter(|c| !c.is_whitespace()).collect();
                assert!(kept.contains(&wanted), "{wanted} came back as {kept}");
            }
        }
    }
}

#[test]
fn names_in_other_scripts_are_printed_and_unknown_signs_named() {
    let file = pdf("Ελένη, მარიამი, Արամ, محمد, שרה, 王, 😀, Ђорђе\u{301}");
    if let Some(text) = read_back(&file) {
        for part in ["Ελένη", "მარიამი", "Արամ", "[U+738B]", "Ђорђе"] {
            assert!(text.contains(part), "{part} in {text}");
        }
    }
}

#[test]
fn the_same_letter_gives_the_same_bytes() {
    let markdown = include_str!("../examples/decision.md")
        .replace("{{", "\\{")
        .replace("}}", "\\}")
        .replace("{%", "\\{");
    let first = pdf(markdown.clone());
    for _ in 0..3 {
        assert!(first == pdf(markdown.clone()), "the bytes differ");
    }
    let elsewhere = std::thread::spawn(move || pdf(markdown)).join().expect("ends");
    assert!(first == elsewhere, "the bytes differ in another thread");
    assert!(first != pdf("other"));
}

#[test]
fn the_file_says_what_it_is() {
    let file = pdf("# RJEŠENJE\n\nText.");
    assert!(file.starts_with(b"%PDF-1.7"));
    let text = String::from_utf8_lossy(&file);
    for part in [
        "pdfaid:part>2<",
        "pdfaid:conformance>A<",
        "pdfuaid:part>1<",
        "2024-05-31",
        "Rješenje 1",
        "<rdf:li>cnr</rdf:li>",
    ] {
        assert!(text.contains(part), "{part} is not in the file");
    }
    let untitled = Letter {
        title: " ".into(),
        ..letter("x")
    };
    assert!(matches!(untitled.to_pdf(), Err(LetterError::Pdf(_))));
}

#[test]
fn the_structure_can_be_followed() {
    let markdown = "## A\n\n#### B\n\n1. one\n2. two\n    - three\n\n| P | I |\n|:--|--:|\n| a | 1 |\n| | 2 |\n\n> q\n\n::: signature\ns\n:::\n";
    let Some(tree) = asked("pdfinfo", &["-struct", "-"], &pdf(markdown)) else {
        return;
    };
    let names: Vec<&str> = tree
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .map(|name| name.trim_end_matches(':'))
        .collect();
    // Levels begin at one and skip none.
    assert_eq!(
        names
            .iter()
            .filter(|name| name.starts_with('H'))
            .collect::<Vec<_>>(),
        [&"H1", &"H2"],
        "{tree}"
    );
    let number = |wanted: &str| names.iter().filter(|name| **name == wanted).count();
    for (name, expected) in [
        ("L", 2),
        ("LI", 3),
        ("Lbl", 3),
        ("LBody", 3),
        ("Table", 1),
        ("THead", 1),
        ("TBody", 1),
        ("TR", 3),
        ("TH", 2),
        ("TD", 4),
        ("BlockQuote", 1),
        ("Div", 1),
    ] {
        assert_eq!(number(name), expected, "{name} in {tree}");
    }
}

#[test]
fn thirty_pages_hold_every_paragraph_once_and_in_order() {
    let paragraphs: Vec<String> = (0..420)
        .map(|n| format!("Paragraf{n}. {}", "Riječ i još jedna riječ. ".repeat(12)))
        .collect();
    let file = pdf(paragraphs.join("\n\n"));
    let pages = pages(&file);
    assert!((30..60).contains(&pages), "{pages} pages");
    if let Some(text) = read_back(&file) {
        let found: Vec<usize> = (0..420)
            .filter_map(|n| text.find(&format!("Paragraf{n}.")))
            .collect();
        assert_eq!(found.len(), 420);
        assert!(found.is_sorted());
        assert!(text.contains(&format!("{pages} / {pages}")));
    }
}

#[test]
fn a_table_goes_on_under_its_heading() {
    let rows: String = (0..120)
        .map(|n| format!("| red{n}k | {} |\n", "opis ".repeat(n % 40)))
        .collect();
    let file = pdf(format!("| Naziv | Opis |\n|--|--|\n{rows}"));
    let pages = pages(&file);
    assert!(pages > 3);
    if let Some(text) = read_back(&file) {
        assert_eq!(text.matches("Naziv").count(), pages);
        for n in 0..120 {
            assert_eq!(text.matches(&format!("red{n}k")).count(), 1, "row {n}");
        }
    }
    // To a listener the heading is said once.
    if let Some(tree) = asked("pdfinfo", &["-struct-text", "-"], &file) {
        assert_eq!(tree.matches("\"Naziv\"").count(), 1);
    }
}

#[test]
fn what_is_longer_than_a_page_is_broken() {
    let words = |text: &str| text.split_whitespace().count();
    let cell = format!("| A | B |\n|--|--|\n| x | {} |\n", "riječ ".repeat(4_000));
    let item = format!("1. {}\n\n   ::: not a block\n", "riječ ".repeat(3_000));
    let block = format!("::: center\n{}\n:::\n", "riječ ".repeat(3_000));
    for (markdown, expected) in [(cell, 4_000), (item, 3_000), (block, 3_000)] {
        let file = pdf(markdown);
        assert!(pages(&file) > 3);
        if let Some(text) = read_back(&file) {
            assert_eq!(text.matches("riječ").count(), expected, "of {}", words(&text));
        }
    }
}

#[test]
fn long_words_stay_on_the_paper() {
    let word = "Š".repeat(3_000);
    let file = pdf(format!(
        "{word}\n\n| a | b | c |\n|--|--|--|\n| {word} | {word} | 12,00 |\n\n# {word}\n\n> - {word}\n"
    ));
    if let Some(text) = read_back(&file) {
        assert_eq!(text.matches('Š').count(), 15_000);
        assert!(text.contains("12,00"));
    }
}

#[test]
fn a_signature_is_never_alone_on_its_page() {
    for lines in 30..60 {
        let above = "Red.\\\n".repeat(lines);
        let file = pdf(format!(
            "{above}Red.\n\nPosljednji pasus prije potpisa.\n\n::: signature\nDIREKTOR\\\nAna Anić\n:::\n"
        ));
        if let Some(text) = read_back(&file) {
            let page = text
                .split('\u{c}')
                .find(|page| page.contains("DIREKTOR"))
                .expect("signed");
            assert!(
                page.contains("Posljednji pasus") && page.contains("Ana Anić"),
                "{lines}: {page}"
            );
        }
    }
}

#[test]
fn odd_letters_are_set_or_refused_but_never_panic() {
    let many = format!(
        "|{}\n|{}\n|{}\n",
        "a|".repeat(60),
        "-|".repeat(60),
        "riječ|".repeat(60)
    );
    let odd = [
        "",
        "\n",
        "# ",
        "- ",
        "1. - > a",
        "> > > > > a",
        "|a|\n|-|\n",
        "| | |\n|-|-|\n| a | b |\n",
        "---",
        "\u{301}",
        "a\u{301}".repeat(400).leak(),
        "&nbsp;",
        "- \n  ---\n",
        "1. | a |\n   |--|\n   | b |\n",
        "999999999. a\n1000000000. b",
        &many,
        "::: signature\n:::\n",
        "\u{ad}\u{fffd}\u{ffff}",
    ];
    for markdown in odd {
        let file = letter(markdown).to_pdf();
        assert!(file.is_ok(), "{markdown:?}: {:?}", file.err());
    }
    assert!(matches!(
        letter("<b>").to_pdf(),
        Err(LetterError::Unsupported { line: 1, .. })
    ));
    assert!(matches!(
        letter("::: x").to_pdf(),
        Err(LetterError::Block { line: 1, .. })
    ));
}

#[test]
fn a_letter_beyond_all_measure_is_refused() {
    let endless = "a\n\n".repeat(MAX_BYTES / 3);
    assert_eq!(
        letter(endless).to_pdf(),
        Err(LetterError::TooLarge {
            limit: MAX_PAGES,
            unit: "pages"
        })
    );
    assert_eq!(
        letter("a".repeat(MAX_BYTES + 1)).to_pdf(),
        Err(LetterError::TooLarge {
            limit: MAX_BYTES,
            unit: "bytes"
        })
    );
}

/// A name is free text: whatever stands in it, the letter can be made.
#[test]
fn no_character_keeps_a_letter_from_being_made() {
    let filled = |template: &str, text: String| {
        let markdown =
            karton_letters::render_markdown(template, &serde_json::json!({ "v": text })).expect("fills");
        let made = letter(markdown).to_pdf();
        assert!(made.is_ok(), "{:?} in {text:?}", made.err());
    };
    let fits = |text: String| filled("# {{ v }}\n\n{{ v }} **{{ v }}**\n\n|*{{ v }}*|\n|--|\n", text);
    for title in ["王王王王", "AБ王Č", "ŠŠŠŠ\u{301}", "N J 王"] {
        fits(title.into());
    }
    // What the bundled faces know, in full, and a sample of what they do not.
    let known = (0..0x3000)
        .chain(0xA000..0xAC00)
        .chain(0xF900..0x1_0000)
        .chain(0x1_D000..0x1_F700);
    let sample = (0x3000..0x3_0000).chain(0xE_0000..0xE_0200).step_by(61);
    let mut all = known.chain(sample).filter_map(char::from_u32).peekable();
    while all.peek().is_some() {
        filled(
            "{{ v }}",
            all.by_ref().take(4_096).flat_map(|c| ['a', c, ' ']).collect(),
        );
    }
    // Marks above, below and around letters of every script, alone and piled up.
    let marks: Vec<char> = (0x300..0x370)
        .chain(0x483..0x48A)
        .chain(0x591..0x5C8)
        .chain(0x64B..0x660)
        .chain(0x1AB0..0x1ACF)
        .chain(0x20D0..0x20F1)
        .chain(0xFE00..0xFE30)
        .filter_map(char::from_u32)
        .collect();
    for base in [
        'a', 'Š', 'Ђ', 'і', 'α', 'ა', 'م', 'א', '王', '1', '\u{25cc}', '€', ' ',
    ] {
        fits(
            marks
                .iter()
                .flat_map(|mark| [base, *mark, ' ', base, *mark, '\u{301}', ' '])
                .collect(),
        );
        fits(
            marks
                .iter()
                .copied()
                .chain([base])
                .chain(marks.iter().copied())
                .collect(),
        );
    }
}

//! What goes into a template comes out as itself, and what cannot be filled fails instead of leaving a hole.

use jiff::civil::date;
use karton_letters::{Letter, LetterError, MAX_BYTES, check_template, render_markdown};
use serde_json::json;

/// Fills `template` with one `value` and shows it as text.
fn shown(template: &str, value: &str) -> String {
    let markdown = render_markdown(template, &json!({ "v": value })).expect("the template is sound");
    letter(markdown).to_text(200)
}

fn letter(markdown: String) -> Letter {
    Letter {
        title: "Pismo".into(),
        language: "cnr".into(),
        date: date(2024, 5, 31),
        markdown,
    }
}

/// Every place of a template where a value might turn into structure.
const PLACES: [&str; 10] = [
    "{{ v }}\n",
    "{{ v }}\n===\n",
    "a {{ v }} b\n",
    "**{{ v }}**\n",
    "# {{ v }}\n",
    "- {{ v }}\n",
    "1. {{ v }}\n",
    "> {{ v }}\n",
    "| {{ v }} | x |\n|---|---|\n| {{ v }} | y |\n",
    "::: center\n{{ v }}\n:::\n",
];

#[test]
fn a_value_never_becomes_structure() {
    let values = [
        "**x** # <b> | [a](b)",
        "# x",
        "- x",
        "+ x",
        "1. x",
        "1) x",
        "> x",
        "***",
        "---",
        "===",
        "```",
        "~~~",
        "    x",
        "<b>",
        "</td>",
        "&amp;",
        "&#27;",
        "[a]: b",
        "![a](b)",
        "<https://a.b>",
        "\\",
        "\\|",
        "|",
        "||",
        "::: center",
        ":::",
        "{{ v }}",
        "{% if %}",
        "a\\",
        "`x`",
        "_x_",
        "*",
        "|---|",
        "x | y",
        "Đorđe Šćepanović",
        "Ђорђе Љиљањ",
        "😀",
    ];
    for value in values {
        for place in PLACES {
            let text = shown(place, value);
            assert!(
                text.contains(value.trim()),
                "{value:?} in {place:?} gave {text:?}"
            );
            let plain = shown(place, "Ana");
            assert_eq!(
                text.lines().count(),
                plain.lines().count(),
                "{value:?} in {place:?} gave {text:?}"
            );
            let html = letter(render_markdown(place, &json!({ "v": value })).expect("fills")).to_html();
            let tags = |html: &str| html.matches('<').count();
            let expected = letter(render_markdown(place, &json!({ "v": "Ana" })).expect("fills")).to_html();
            // Emphasis around a sign may stay unset, which shows as stars, but nothing new may appear.
            assert!(
                tags(&html) <= tags(&expected),
                "{value:?} in {place:?} gave {html}"
            );
        }
    }
}

#[test]
fn an_empty_value_leaves_what_is_around_it_as_it_is() {
    assert_eq!(shown("{{ v }} - role\n", ""), "- role\n");
    assert_eq!(shown("{{ v }}# 1\n", ""), "# 1\n");
    assert_eq!(shown("a\n\n{{ v }}\n\nb\n", ""), "a\n\nb\n");
    assert_eq!(shown("a\n\n{{ v }}\n\nb\n", "   "), "a\n\nb\n");
}

#[test]
fn characters_that_steer_are_shown() {
    assert_eq!(shown("{{ v }}", "a\u{1b}[31mb"), "a[U+001B][31mb\n");
    assert_eq!(
        shown("{{ v }}", "a\u{202e}b\u{200b}c\u{7f}"),
        "a[U+202E]b[U+200B]c[U+007F]\n"
    );
    assert_eq!(
        shown("{{ v }}", "a\u{0}b\u{2028}c\u{feff}"),
        "a[U+0000]b[U+2028]c[U+FEFF]\n"
    );
    assert_eq!(shown("{{ v }}", "a\nb\r\nc\td"), "a b c d\n");
    let piled = shown("{{ v }}", &format!("a{}", "\u{301}".repeat(31)));
    assert_eq!(piled, format!("a{}[U+0301]\n", "\u{301}".repeat(30)));
    // Also where the template itself, or its entities, bring them in.
    let direct = letter("a\u{1b}b &#27; \u{202e}".into());
    assert_eq!(direct.to_text(80), "a[U+001B]b [U+001B] [U+202E]\n");
    assert!(!direct.to_html().contains(['\u{1b}', '\u{202e}']));
}

#[test]
fn a_text_of_several_paragraphs_keeps_them_where_the_template_says_so() {
    assert_eq!(
        shown("{{ v | paragraphs }}", "# one\n\n\n2. two\n"),
        "# one\n\n2. two\n"
    );
}

#[test]
fn the_safe_filter_does_not_exist() {
    for template in ["{{ v | safe }}", "{{ v | e }}", "{{ v | escape }}"] {
        let error = render_markdown(template, &json!({ "v": "x" })).expect_err("must be refused");
        assert!(matches!(error, LetterError::Template { line: 1, .. }), "{error}");
    }
    assert_eq!(shown("{% set t %}**{{ v }}**{% endset %}{{ t }}", "*a*"), "*a*\n");
    assert_eq!(shown("{{ v | upper }} {{ v ~ '#' }}", "# a"), "# A # a#\n");
}

#[test]
fn a_chain_of_filters_makes_no_text_without_end() {
    let chains = [
        "{{ v | replace('x', 'xxxxxxxxxx') }}".replace(" }}", &" | replace('x', 'xxxxxxxxxx')".repeat(30))
            + " }}",
        "{{ v".to_owned() + &" | list | join('xxxxxxxxxx')".repeat(30) + " }}",
        "{{ v".to_owned() + &" | paragraphs".repeat(60) + " }}",
    ];
    for template in chains {
        match render_markdown(&template, &json!({ "v": "x*x*x*x" })) {
            Err(LetterError::Template { reason, .. }) => {
                assert!(reason.contains("no part of a letter"), "{reason}")
            }
            other => panic!("{template} gave {other:?}"),
        }
    }
}

#[test]
fn what_is_missing_is_named_with_its_line() {
    let fails =
        |template: &str| match render_markdown(template, &json!({ "p": { "a": 1 }, "n": null, "l": [1] })) {
            Err(LetterError::Template { line, reason }) => (line, reason),
            other => panic!("{template} gave {other:?}"),
        };
    assert_eq!(fails("one\n\n{{ person }}").0, 3);
    let (line, reason) = fails("{{ p.b }}");
    assert!(line == 1 && reason.contains('b'), "{reason}");
    assert!(fails("{{ n }}").1.contains("none"));
    assert!(fails("{{ l }}").1.contains("sequence"));
    assert_eq!(fails("a\n{% if %}").0, 2);
    assert_eq!(fails("{{ p.a.b.c }}").0, 1);
    // A condition may ask for what is not there.
    let filled = render_markdown("{% if person %}a{% else %}b{% endif %}", &json!({}));
    assert_eq!(filled, Ok("b".to_owned()));
}

#[test]
fn lines_that_only_decide_leave_no_trace() {
    let template = "a\n\n{% for x in l %}\n- {{ x }}\n{% endfor %}\n{% if l %}\n\nb\n{% endif %}\n";
    let markdown = render_markdown(template, &json!({ "l": ["x", "y"] })).expect("fills");
    assert_eq!(markdown, "a\n\n- x\n- y\n\nb\n");
}

#[test]
fn limits_end_in_an_error() {
    let large = render_markdown(&"a".repeat(MAX_BYTES + 1), &json!({}));
    assert_eq!(
        large,
        Err(LetterError::TooLarge {
            limit: MAX_BYTES,
            unit: "bytes"
        })
    );
    let grown = render_markdown("{{ v }}", &json!({ "v": "a".repeat(MAX_BYTES + 1) }));
    assert_eq!(
        grown,
        Err(LetterError::TooLarge {
            limit: MAX_BYTES,
            unit: "bytes"
        })
    );
    let endless = "{% for a in range(10000) %}{% for b in range(10000) %}{% endfor %}{% endfor %}";
    assert!(matches!(
        render_markdown(endless, &json!({})),
        Err(LetterError::Template { .. })
    ));
    let deep = format!("{}x", "> ".repeat(50_000));
    assert!(matches!(
        render_markdown(&deep, &json!({})),
        Err(LetterError::Unsupported { line: 1, .. })
    ));
    assert!(letter(deep).to_text(80).contains('x'));
    assert!(render_markdown(&format!("{}1", "(".repeat(5_000)), &json!({})).is_ok());
    assert!(render_markdown(&format!("{{{{ {}1 }}}}", "(".repeat(5_000)), &json!({})).is_err());
}

#[test]
fn what_letters_do_not_have_is_refused_with_its_line() {
    let line_of = |markdown: &str| match render_markdown(markdown, &json!({})) {
        Err(LetterError::Unsupported { line, .. } | LetterError::Block { line, .. }) => line,
        other => panic!("{markdown} gave {other:?}"),
    };
    assert_eq!(line_of("a\n\n<div>x</div>\n"), 3);
    assert_eq!(line_of("a\n\nb <b>x</b>\n"), 3);
    assert_eq!(line_of("`a`"), 1);
    assert_eq!(line_of("a\n\n    code\n"), 3);
    assert_eq!(line_of("[a](b)"), 1);
    assert_eq!(line_of("![a](b)"), 1);
    assert_eq!(line_of("::: center\nx\n:::\n\n<b>"), 5);
    assert_eq!(line_of("a\n::: center\nx\n"), 2);
    assert_eq!(line_of("a\n:::\n"), 2);
    assert_eq!(line_of("::: left\na\n::: right\nb\n:::\n"), 3);
    assert_eq!(line_of("::: middle\na\n:::\n"), 1);
    // Shown as written where nothing can be refused any more.
    assert_eq!(
        letter("a <b>x</b> `c` [d](e)".into()).to_text(80),
        "a <b>x</b> `c` [d](e)\n"
    );
}

#[test]
fn a_template_can_be_looked_over_before_there_is_anything_to_fill_it_with() {
    assert_eq!(check_template("{{ person.name }}{% if x %}{% endif %}"), Ok(()));
    assert!(matches!(
        check_template("a\n\n{% if x %}"),
        Err(LetterError::Template { line: 3, .. })
    ));
    assert!(matches!(
        check_template("a\n{{ x | safe"),
        Err(LetterError::Template { line: 2, .. })
    ));
    assert!(check_template(&"a".repeat(MAX_BYTES + 1)).is_err());
}

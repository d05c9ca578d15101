//! The letter on the screen, line by line.

use jiff::civil::date;
use karton_letters::Letter;

fn text(markdown: &str, width: usize) -> String {
    letter(markdown).to_text(width)
}

fn letter(markdown: &str) -> Letter {
    Letter {
        title: "Rješenje <1>".into(),
        language: "cnr".into(),
        date: date(2024, 5, 31),
        markdown: markdown.into(),
    }
}

#[test]
fn headings_are_centred_and_the_title_is_spaced() {
    assert_eq!(text("# RJEŠENJE", 40), "             R J E Š E NJ E\n");
    assert_eq!(text("# R J E Š E NJ E", 40), "             R J E Š E NJ E\n");
    assert_eq!(text("## Obrazloženje", 40), "              Obrazloženje\n");
    assert_eq!(text("### Prihodi", 40), "Prihodi\n");
    assert_eq!(text("# CENTAR ZA RAD", 40), "             CENTAR ZA RAD\n");
}

#[test]
fn paragraphs_break_at_words_and_long_words_anywhere() {
    assert_eq!(
        text("jedan dva tri četiri pet šest", 20),
        "jedan dva tri četiri\npet šest\n"
    );
    assert_eq!(
        text(&"a".repeat(50), 20),
        format!("{}\n{}\n{}\n", "a".repeat(20), "a".repeat(20), "a".repeat(10))
    );
    assert_eq!(text("a\\\nb", 20), "a\nb\n");
    // Dates and amounts are not torn.
    assert_eq!(
        text("donijeto dana 31. 5. 2024. godine", 22),
        "donijeto dana\n31. 5. 2024. godine\n"
    );
    assert_eq!(text("isplaćeno je 1 250,00 €", 20), "isplaćeno je\n1 250,00 €\n");
    assert_eq!(
        text(&"1 ".repeat(15), 20),
        format!("{}\n{}\n", "1 1 1 1 1 1 1 1 1 1", "1 1 1 1 1")
    );
}

#[test]
fn width_counts_what_is_seen() {
    // Combining marks take no column and stay with their letter; wide characters take two.
    let combining = "c\u{30c}".repeat(25);
    assert_eq!(
        text(&combining, 20),
        format!("{}\n{}\n", "c\u{30c}".repeat(20), "c\u{30c}".repeat(5))
    );
    assert_eq!(
        text(&"字".repeat(15), 20),
        format!("{}\n{}\n", "字".repeat(10), "字".repeat(5))
    );
}

#[test]
fn lists_keep_their_numbers_and_indent() {
    assert_eq!(
        text("9. prvo prvo prvo prvo\n10. drugo\n    - a\n    - b", 20),
        " 9. prvo prvo prvo\n    prvo\n10. drugo\n    – a\n    – b\n"
    );
    assert_eq!(text("- a\n\n- b\n\n  c", 20), "– a\n\n– b\n\n  c\n");
    assert_eq!(text("I. prvo\n\nII. drugo", 20), "I. prvo\n\nII. drugo\n");
}

#[test]
fn tables_stand_in_columns() {
    let table = "| Prihod | Iznos |\n|:--|--:|\n| plata | 1.250,00 |\n| naknada | 5,00 |\n";
    assert_eq!(
        text(table, 40),
        "Prihod      Iznos\n───────  ────────\nplata    1.250,00\nnaknada      5,00\n"
    );
    // Too wide: the widest column is broken, the numbers stay whole.
    let wide = "| Prihod | Iznos |\n|:--|--:|\n| plata člana porodice za mart | 1.250,00 |\n";
    assert_eq!(
        text(wide, 24),
        "Prihod             Iznos\n──────────────  ────────\nplata člana     1.250,00\nporodice za\nmart\n"
    );
    // Without a heading there is no line under it, and the first column names the rows.
    let plain = "| | |\n|:--|--:|\n| cenzus | 167,14 |\n| prihod | 80,00 |\n";
    assert_eq!(text(plain, 40), "cenzus  167,14\nprihod   80,00\n");
    assert!(
        letter(plain)
            .to_html()
            .contains("<tbody>\n<tr><th scope=\"row\">cenzus</th>")
    );
    // Far too many columns for the screen: rows of "heading: value".
    let many = "|a1|b2|c3|d4|e5|f6|g7|\n|-|-|-|-|-|-|-|\n|plata|plata|plata|plata|plata|plata|plata|\n";
    assert!(
        text(many, 20).starts_with("a1: plata\nb2: plata\n"),
        "{}",
        text(many, 20)
    );
}

#[test]
fn blocks_stand_where_they_are_put() {
    assert_eq!(text("::: center\nCRNA GORA\n:::", 20), "     CRNA GORA\n");
    assert_eq!(text("::: right\nPodgorica\n:::", 20), "           Podgorica\n");
    assert_eq!(
        text("::: signature\nDIREKTOR\\\nAna\n:::", 40),
        format!("{0}      DIREKTOR\n{0}        Ana\n", " ".repeat(20))
    );
    assert_eq!(
        text("> a\n>\n> b\n\n---\n", 20),
        "│ a\n│\n│ b\n\n────────────────────\n"
    );
}

#[test]
fn any_width_is_answered() {
    let all =
        "# RJEŠENJE\n\n> - a\n>   - b\n>     1. c\n\n| a | b |\n|-|-|\n| c | d |\n\n::: signature\nx\n:::\n";
    for width in [0, 1, 7, 19, 20, 80, 5_000] {
        let lines = text(all, width);
        assert!(
            lines.lines().all(|line| line.chars().count() <= width.max(20)),
            "{width}: {lines}"
        );
    }
}

#[test]
fn html_is_a_whole_document_that_says_its_language() {
    let html = letter(
        "# RJEŠENJE\n\n**a** *b* 1 < 2\n\n| P | I |\n|:--|--:|\n| x | 1 |\n\n3. c\n\n::: signature\nd\n:::",
    )
    .to_html();
    for part in [
        "<html lang=\"cnr\">",
        "<title>Rješenje &lt;1&gt;</title>",
        "content=\"2024-05-31\"",
        "<h1 class=\"spaced\">RJEŠE<span class=\"pair\">N</span>JE</h1>",
        "<p><strong>a</strong> <em>b</em> 1 &lt; 2</p>",
        "<th scope=\"col\">P</th><th scope=\"col\" class=\"right\">I</th>",
        "<td>x</td><td class=\"right\">1</td>",
        "<ol start=\"3\">\n<li>c\n</li>",
        "<div class=\"signature\">\n<p>d</p>\n</div>",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
    let odd = Letter {
        language: "\"><script>".into(),
        ..letter("a")
    };
    assert!(!odd.to_html().contains("<script>"));
}

#[test]
fn emphasis_in_a_tight_list_does_not_end_the_item() {
    assert_eq!(text("- a **b** c *d* e\n- f", 40), "– a b c d e\n– f\n");
}

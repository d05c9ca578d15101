//! Words that refer to each other.

use crate::common::files;
use karton_rules::Pack;

#[test]
fn words_that_refer_to_nothing_or_lead_back_are_named_at_their_place() {
    for country in ["me", "ro", "ua"] {
        let mut broken = files(format!("../../fixtures/{country}"));
        let words = "\nzz-one = { zz-two }\nzz-two =\n    { $n ->\n        [one] { zz-one }\n       *[other] { -zz-term }\n    }\nzz-three = { zz-four }\n";
        let mut lines = Vec::new();
        for (name, text) in &mut broken {
            if name.starts_with("words/") {
                lines.push((name.clone(), text.lines().count() + 1));
                text.push_str(words);
            }
        }
        let mistakes = Pack::load(&broken).unwrap_err();
        let mut expected = Vec::new();
        for (file, line) in lines {
            for (below, column, said) in [
                (1, 12, "`zz-one` leads back to itself by `zz-two`"),
                (4, 17, "`zz-two` leads back to itself by `zz-one`"),
                (
                    5,
                    20,
                    "`zz-two` refers to `-zz-term`, and there is no such message",
                ),
                (
                    7,
                    14,
                    "`zz-three` refers to `zz-four`, and there is no such message",
                ),
            ] {
                expected.push(format!("{file}:{}:{column}: {said}", line + below));
            }
        }
        let mut said: Vec<String> = (mistakes.iter())
            .map(|it| format!("{}:{}:{}: {}", it.file, it.line, it.column, it.message))
            .collect();
        said.sort();
        expected.sort();
        assert_eq!(said, expected, "{country}");
    }
}

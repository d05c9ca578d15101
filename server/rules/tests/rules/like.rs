//! Procedures that are like another one.

use crate::common::files;
use karton_rules::Pack;

const QUICK: &str = r#"
id = "quick"
like = "standard"
without = ["hearing"]
name = { en = "Quick", cnr = "Brzi" }
[[step]]
id = "decision"
kind = "decide"
act = "decide"
name = { en = "Decision at once", cnr = "Odluka odmah" }
role = "approver"
next = ["delivery"]
[[step]]
id = "delivery"
after = "decision"
kind = "notify"
name = { en = "Delivery", cnr = "Dostava" }
role = "clerk"
next = []
"#;

fn load(quick: &str) -> Result<Pack, Vec<String>> {
    let mut files = files("tests/small");
    let standard = files.get_mut("procedures/standard.toml").unwrap();
    *standard = standard.replace("next = [\"decision\"]", "next = [\"hearing\"]");
    standard.push_str(
        r#"
[[step]]
id = "hearing"
kind = "form"
name = { en = "Hearing", cnr = "Saslušanje" }
role = "caseworker"
next = ["decision"]
"#,
    );
    files.insert("procedures/quick.toml".into(), quick.into());
    Pack::load(&files).map_err(|mistakes| mistakes.iter().map(ToString::to_string).collect())
}

#[test]
fn a_procedure_takes_over_steps_replaces_some_and_does_without_others() {
    let pack = load(QUICK).unwrap();
    let quick = pack.procedure("quick").unwrap();
    let steps: Vec<(&str, Vec<&str>)> = (quick.steps.iter())
        .map(|step| (step.id.as_str(), step.next.iter().map(String::as_str).collect()))
        .collect();
    assert_eq!(
        steps,
        [
            ("intake", vec!["decision"]),
            ("decision", vec!["delivery"]),
            ("delivery", vec![])
        ]
    );
    assert_eq!(quick.steps[1].name.get("en"), "Decision at once");
    let standard = pack.procedure("standard").unwrap();
    assert_eq!(standard.steps.len(), 3, "the other one stays as it is");
}

#[test]
fn what_is_not_there_is_named_at_its_place() {
    for (from, to, said) in [
        (
            "like = \"standard\"",
            "like = \"standart\"",
            "there is no procedure `standart`",
        ),
        (
            "without = [\"hearing\"]",
            "without = [\"haering\"]",
            "`standard` has no step `haering`",
        ),
        (
            "after = \"decision\"",
            "after = \"decided\"",
            "`standard` has no step `decided`",
        ),
        (
            "like = \"standard\"",
            "like = \"quick\"",
            "`quick` is like another procedure itself",
        ),
    ] {
        let mistakes = load(&QUICK.replace(from, to)).err().unwrap_or_default();
        assert!(
            mistakes
                .iter()
                .any(|m| m.starts_with("procedures/quick.toml:") && m.contains(said)),
            "{said}: {mistakes:?}"
        );
    }
}

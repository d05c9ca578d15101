//! Packs that are not whole: what may be left out, what may not, and worked examples that do not come out.

use crate::{common::files, fixtures::countries};
use karton_rules::{Mistake, Pack};
use std::collections::BTreeMap;

type Files = BTreeMap<String, String>;

fn without(files: &Files, beginning: &str) -> Files {
    let kept = files.iter().filter(|(name, _)| !name.starts_with(beginning));
    kept.map(|(name, text)| (name.clone(), text.clone())).collect()
}

fn mistakes(files: &Files) -> Vec<Mistake> {
    Pack::load(files).err().unwrap_or_default()
}

fn told(mistakes: &[Mistake]) -> String {
    let lines: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

/// Replaces the first such text in the first file of a benefit that has it; gives the file and the line of what was replaced.
fn changed(files: &mut Files, ending: &str, from: &str, to: &str) -> (String, usize) {
    let found = files
        .iter_mut()
        .find(|(name, text)| name.starts_with("catalogue/") && name.ends_with(ending) && text.contains(from));
    let (name, text) = found.unwrap_or_else(|| panic!("no {ending} has {from}"));
    let line = text[..text.find(from).unwrap()].matches('\n').count() + 1;
    *text = text.replacen(from, to, 1);
    (name.clone(), line)
}

#[test]
fn people_signals_and_registers_of_ones_own_may_be_left_out() {
    for folder in countries() {
        let mut whole = files(&folder);
        for beginning in ["people/", "signals/", "own-registers/"] {
            whole = without(&whole, beginning);
            // Only whoever pays a provider has to say in which register it stands.
            let found: Vec<Mistake> = mistakes(&whole)
                .into_iter()
                .filter(|it| {
                    beginning != "own-registers/"
                        || !it.to_string().contains("there is no register of our own")
                })
                .collect();
            assert!(
                found.is_empty(),
                "{} without {beginning}:\n{}",
                folder.display(),
                told(&found)
            );
        }
    }
}

#[test]
fn what_else_is_left_out_is_named_where_it_is_needed() {
    for folder in countries() {
        let whole = files(&folder);
        for (beginning, file, said) in [
            ("country.toml", "country.toml", "the file country.toml is missing"),
            ("facts.toml", "facts.toml", "the file facts.toml is missing"),
            (
                "codes/sexes.csv",
                "codes/sexes.csv",
                "the code list `sexes` is missing",
            ),
            (
                "codes/relationships.csv",
                "codes/relationships.csv",
                "the code list `relationships` is missing",
            ),
            ("codes/offices.csv", "codes/offices.csv", "there is no office"),
            (
                "codes/institutions.csv",
                "registers/",
                "there is no institution in codes/institutions.csv",
            ),
            ("letters/decision", "catalogue/", "there is no letter `decision`"),
            (
                "letters/decision.en.md",
                "letters/decision.en.md",
                "the letter `decision` in `en` is missing",
            ),
            ("words/en.ftl", "words/en.ftl", "the words in `en` are missing"),
            ("procedures/", "catalogue/", "there is no procedure"),
            ("registers/", "catalogue/", "there is no service"),
            ("parameters/", "catalogue/", "there is no parameter"),
            ("SOURCES.md", "parameters/", "there is no source in SOURCES.md"),
        ] {
            let found = mistakes(&without(&whole, beginning));
            let is = |it: &Mistake| it.file.starts_with(file) && it.message.contains(said);
            assert!(
                found.iter().any(is),
                "{} without {beginning}: {file}: {said}\n{}",
                folder.display(),
                told(&found)
            );
        }
    }
}

#[test]
fn every_file_of_a_benefit_is_needed() {
    for folder in countries() {
        let whole = files(&folder);
        let benefit = whole.keys().find(|name| name.ends_with("/benefit.toml")).unwrap();
        let home = benefit.trim_end_matches("benefit.toml");
        for (gone, at, said) in [
            ("benefit.toml", "cases.toml", "has no benefit.toml"),
            ("cases.toml", "cases.toml", "a benefit needs worked examples"),
            ("form.toml", "benefit.toml", "there is no form"),
        ] {
            let found = mistakes(&without(&whole, &format!("{home}{gone}")));
            let is = |it: &Mistake| it.file == format!("{home}{at}") && it.message.contains(said);
            assert!(found.iter().any(is), "{home}{gone}\n{}", told(&found));
        }
    }
}

/// A pack of one benefit with nothing that can be left out.
fn least() -> Files {
    let mut files = without(&files("tests/small"), "registers/");
    for gone in [
        "codes/holidays.csv",
        "codes/institutions.csv",
        "codes/municipalities.csv",
        "SOURCES.md",
    ] {
        files.remove(gone);
    }
    let mut change = |file: &str, from: &str, to: &str| {
        let text = files.get_mut(file).unwrap();
        assert!(text.contains(from), "{file} has no {from}");
        *text = text.replace(from, to);
    };
    change(
        "catalogue/aid/benefit.toml",
        "evidence = [{ service = \"tax.income\", of = \"members\" }]\n",
        "",
    );
    // What no register says, the form asks.
    change(
        "catalogue/aid/form.toml",
        "fact = \"wealth\"\n[[page.check]]",
        "fact = \"income\"\n[[page.field]]\nfact = \"wealth\"\n[[page.check]]",
    );
    change("parameters/aid.toml", "source = \"S1\"", "source = \"D\"");
    for founded in ["law", "published"] {
        let confidence = format!("confidence = \"{founded}\"");
        change("parameters/aid.toml", &confidence, "confidence = \"derived\"");
    }
    let offices = "code,parent,kind,municipality,en,cnr\nC,,centre,,Centre,Centar\n";
    files.insert("codes/offices.csv".to_owned(), offices.to_owned());
    files
}

#[test]
fn one_benefit_with_a_form_a_procedure_and_a_letter_is_a_pack() {
    let least = least();
    let pack = Pack::load(&least).unwrap_or_else(|found| panic!("{}", told(&found)));
    assert_eq!(
        (pack.benefits.len(), pack.services.len(), pack.people.len()),
        (1, 0, 0)
    );
    for name in least.keys() {
        assert!(
            !mistakes(&without(&least, name)).is_empty(),
            "{name} may be left out after all"
        );
    }
}

#[test]
fn nothing_at_all_and_empty_files_are_mistakes_and_no_panics() {
    let found = mistakes(&Files::new());
    let said = |text: &str| found.iter().any(|it| it.message.contains(text));
    assert!(said("country.toml is missing") && said("facts.toml is missing") && said("there is no office"));
    for folder in countries() {
        let empty: Files = files(&folder)
            .into_keys()
            .map(|name| (name, String::new()))
            .collect();
        let found = mistakes(&empty);
        assert!(
            found.iter().any(|it| it.message.contains("`id` is missing")),
            "{}",
            told(&found)
        );
        assert!(
            found.iter().all(|it| (it.line, it.column) == (1, 1)),
            "{}",
            told(&found)
        );
    }
}

#[test]
fn a_worked_example_that_comes_out_otherwise_is_shown_with_both() {
    for folder in countries() {
        let mut whole = files(&folder);
        let (file, line) = changed(
            &mut whole,
            "cases.toml",
            "expect = { outcome = \"grant\", amount = \"",
            "expect = { outcome = \"grant\", amount = \"9",
        );
        let found = mistakes(&whole);
        assert_eq!(found.len(), 1, "{}", told(&found));
        assert_eq!(
            (found[0].file.as_str(), found[0].line, found[0].column),
            (file.as_str(), line, 10)
        );
        assert!(
            found[0].message.contains("expected 9") && found[0].message.contains(", got "),
            "{}",
            found[0]
        );

        let mut whole = files(&folder);
        let (file, line) = changed(
            &mut whole,
            "cases.toml",
            "outcome = \"refuse\"",
            "outcome = \"grant\"",
        );
        let found = mistakes(&whole);
        let is = |it: &Mistake| {
            it.file == file && it.line == line && it.message.contains("expected grant, got refuse; not met: ")
        };
        assert!(found.iter().any(is), "{file}:{line}\n{}", told(&found));
    }
}

#[test]
fn a_condition_that_no_example_decides_both_ways_and_too_few_examples() {
    for folder in countries() {
        let mut whole = files(&folder);
        let more = "[[condition]]\nid = \"always\"\nlaw = \"{A} 1\"\nconfidence = \"law\"\nsays = { {L} = \"x\", en = \"x\" }\nwhen = \"true\"\n\n[[condition]]\n";
        let country = &whole["country.toml"];
        let act = country[country.find("[[act]]").unwrap()..]
            .split('"')
            .nth(1)
            .unwrap();
        let language = country[country.find("\nlanguages").unwrap()..]
            .split('"')
            .nth(1)
            .unwrap();
        let more = more.replace("{A}", act).replace("{L}", language);
        let (file, line) = changed(&mut whole, "benefit.toml", "[[condition]]\n", &more);
        let found = mistakes(&whole);
        let is = |it: &Mistake| {
            it.file == file
                && it.line == line
                && it.message == "no case ever finds the condition `always` not met"
        };
        assert!(
            found.len() == 1 && found.iter().any(is),
            "{file}:{line}\n{}",
            told(&found)
        );

        let mut whole = files(&folder);
        let (file, text) = whole
            .iter_mut()
            .find(|(name, _)| name.ends_with("cases.toml"))
            .unwrap();
        let (file, third) = (file.clone(), text.match_indices("[[case]]").nth(3).unwrap().0);
        text.truncate(third);
        let found = mistakes(&whole);
        let is = |it: &Mistake| {
            it.file == file
                && it
                    .message
                    .contains("has 3 worked examples, at least 4 are needed")
        };
        assert!(found.iter().any(is), "{}", told(&found));
    }
}

#[test]
fn text_that_is_no_toml_is_named_and_the_rest_is_still_looked_at() {
    for folder in countries() {
        let mut whole = files(&folder);
        let (file, line) = changed(&mut whole, "cases.toml", "\non = 20", "\non = 2025-02-30 # 20");
        let (other, _) = changed(&mut whole, "form.toml", "\nrequired = true", "\nrequired = treu");
        whole.insert(
            "facts.toml".to_owned(),
            format!("{}\n[[fact]\n", whole["facts.toml"]),
        );
        let found = mistakes(&whole);
        for (file, line) in [
            (&file, Some(line + 1)),
            (&other, None),
            (&"facts.toml".to_owned(), None),
        ] {
            let is = |it: &Mistake| it.file == *file && line.is_none_or(|line| it.line == line);
            assert!(found.iter().any(is), "{file}\n{}", told(&found));
        }
    }
}

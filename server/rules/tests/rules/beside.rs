//! What cannot be held beside a benefit: read from packs, broken, and worked out.

use crate::common::files;
use karton_api::Money;
use karton_rules::{
    Pack,
    assess::{Better, assess, beside},
    pack::{BesideEffect, Reach},
};
use std::{collections::BTreeMap, sync::LazyLock};

static RO: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| files("../../fixtures/ro"));
const STI: &str = "catalogue/STI/benefit.toml";
const SUSPENDS: &str = "{ benefit = \"ICC\", of = \"about\", effect = \"suspend\"";

/// What is said of a pack in which a text of a file is another one.
fn said(file: &str, from: &str, to: &str) -> Vec<String> {
    let mut files = RO.clone();
    let text = files.get_mut(file).unwrap();
    assert!(text.contains(from), "{from}");
    *text = text.replacen(from, to, 1);
    let mistakes = Pack::load(&files).err().unwrap_or_default();
    mistakes.iter().map(ToString::to_string).collect()
}

fn finds(file: &str, from: &str, to: &str, expected: &str) {
    let said = said(file, from, to);
    let line = said.iter().find(|it| it.contains(expected));
    let line = line.unwrap_or_else(|| panic!("nothing says {expected}: {said:#?}"));
    assert!(
        line.starts_with("catalogue/") || line.starts_with("country.toml"),
        "{line}"
    );
    assert!(
        line.split(':').nth(1).unwrap().parse::<usize>().unwrap() > 1,
        "{line}"
    );
}

#[test]
fn mistakes_are_named_where_the_pack_says_it() {
    finds(
        STI,
        "benefit = \"ICC\", of",
        "benefit = \"ICCC\", of",
        "no benefit `ICCC`",
    );
    finds(
        STI,
        SUSPENDS,
        "{ benefit = \"ICC\", of = \"abut\", effect = \"suspend\"",
        "`abut` is none of holder",
    );
    finds(
        STI,
        "effect = \"suspend\"",
        "effect = \"rest\"",
        "`rest` is none of refuse, suspend, choose",
    );
    finds(
        STI,
        "effect = \"suspend\"",
        "effect = \"refuse\"",
        "whoever is refused reads why",
    );
    finds(
        STI,
        "    \"I31\",\n",
        "    \"ICC\",\n    { benefit = \"ICC\", effect = \"choose\", law = \"OUG111/2010 art. 7\", confidence = \"law\" },\n",
        "`ICC` stands here twice",
    );
    finds(
        STI,
        SUSPENDS,
        "{ benefit = \"STI\", of = \"about\", effect = \"suspend\"",
        "not granted beside itself",
    );
    finds(
        STI,
        SUSPENDS,
        "{ benefit = \"I31\", of = \"about\", effect = \"suspend\"",
        "this house cannot suspend it",
    );
    finds(
        STI,
        SUSPENDS,
        "{ benefit = \"ICC\", of = \"members\", effect = \"suspend\", id = \"rests\"",
        "`id` names the condition",
    );
    finds(
        STI,
        SUSPENDS,
        "{ benefit = \"ICC\", effect = \"suspend\", fails = { ro = \"nu\", en = \"no\" }",
        "`fails` belongs to",
    );
    finds(
        STI,
        "effect = \"suspend\"",
        "effect = \"choose\"",
        "both are to say the same",
    );
    finds(
        "catalogue/DL118/benefit.toml",
        "{ benefit = \"DL118\", effect",
        "{ benefit = \"DL118\", of = \"about\", effect",
        "nobody is named on whose account",
    );
    finds(
        "country.toml",
        "choice = { reason = \"other-right\"",
        "choice = { reason = \"death\"",
        "no reason in amendment_reasons.csv to suspend",
    );
    let choice = RO["country.toml"]
        .lines()
        .find(|line| line.starts_with("choice = "))
        .unwrap()
        .to_owned();
    finds("country.toml", &choice, "", "country.toml says how");
    let case = "awards = [{ of = \"applicant\", benefit = \"ICC\", about = \"member 1\", from = 2025-10-10, amount = \"1651.00\" }]\n";
    let cases = "catalogue/STI/cases.toml";
    finds(cases, case, "", "no case ever has `ICC` beside it, to suspend");
    finds(
        cases,
        "beside = [\"ICC suspend\"]",
        "beside = []",
        "expected beside it: none, got ICC suspend",
    );
}

#[test]
fn what_is_refused_is_a_condition_with_its_article() {
    let pack = Pack::load(&RO).unwrap();
    let benefit = pack.benefit("ASC").unwrap();
    let rule = &benefit.incompatible[0];
    assert_eq!((rule.of, rule.effect), (Reach::About, BesideEffect::Refuse));
    let condition = benefit
        .conditions
        .iter()
        .find(|it| Some(&it.id) == rule.condition.as_ref());
    let condition = condition.unwrap();
    assert_eq!(
        condition.when.text,
        "not(some a in claim.child.awards_about satisfies a.benefit = \"ASC\")"
    );
    assert_eq!(condition.law, rule.law);
    let shown = karton_rules::show::show(&pack, "STI", pack.country.covers_from, "en").unwrap();
    assert!(
        shown.contains("beside   ICC on the same account: the other is suspended"),
        "{shown}"
    );
}

#[test]
fn what_each_side_of_a_choice_is_worth_is_said_with_arrears_and_single_amounts_apart() {
    let pack = Pack::load(&files("../../fixtures/me")).unwrap();
    let case = pack
        .benefit("LI")
        .unwrap()
        .cases
        .iter()
        .find(|case| case.expect.better.is_some())
        .unwrap();
    let mut input = case.input.clone();
    let said = |input: &karton_rules::Input| {
        let assessment = assess(&pack, "LI", input).unwrap();
        (beside(&pack, input, &assessment).unwrap(), assessment)
    };
    let (choice, assessment) = said(&input);
    let month = assessment.amount.as_ref().unwrap().money;
    assert_eq!(choice.asked.month, Some(month));
    assert_eq!(
        (choice.better, choice.asked.arrears.minor),
        (Some(Better::Asked), 0)
    );
    assert_eq!(choice.beside[0].law, "ZSDZ 32");
    // Lodged two months before it is worked out: these months are owed, and they do not count in the comparison.
    input.on = "2025-05-20".parse().unwrap();
    let (choice, assessment) = said(&input);
    assert_eq!(assessment.term.unwrap().starts.to_string(), "2025-03-10");
    assert_eq!(choice.asked.arrears, Money::new(2 * month.minor, month.currency));
    // An award that ends before the new one begins stands in nobody's way.
    input.applicant.awards[0].until = Some("2025-03-10".parse().unwrap());
    let (choice, _) = said(&input);
    assert!(choice.beside.is_empty() && !choice.is_open());
    assert_eq!(choice.better, None);
}

//! Who makes later decisions on a right that two bodies granted: as Romania says it, and broken in every way.

use crate::common::files;
use karton_api::Date;
use karton_rules::{
    Pack,
    pack::{AmendmentKind, LaterBy, LegalAct},
    show,
};
use std::{collections::BTreeMap, sync::LazyLock};

static RO: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| files("../../fixtures/ro"));
const VMI: &str = "catalogue/VMI/benefit.toml";
const PROCEDURE: &str = "procedures/amendment.toml";

/// Romania with a text in a file replaced: what is found wrong there.
fn finds(file: &str, from: &str, to: &str, said: &str) {
    let mut files = RO.clone();
    let text = files.get_mut(file).unwrap();
    assert!(text.contains(from), "{file} has no {from}");
    *text = text.replacen(from, to, 1);
    let found: Vec<String> = Pack::load(&files)
        .err()
        .unwrap_or_default()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert!(
        found.iter().any(|it| it.starts_with(file) && it.contains(said)),
        "{file}: {said} is not in {found:#?}"
    );
}

#[test]
fn where_nothing_is_said_both_bodies_make_it_and_a_reason_goes_before_a_kind() {
    let pack = Pack::load(&RO).unwrap();
    let vmi = pack.benefit("VMI").unwrap();
    let by = |kind, reason| vmi.later_by(kind, reason);
    assert_eq!(by(AmendmentKind::End, "conditions-lost"), LaterBy::Both);
    assert_eq!(by(AmendmentKind::Suspend, "income-changed"), LaterBy::Both);
    // Article 67 is the agency's, article 61 the mayor's.
    assert_eq!(by(AmendmentKind::Suspend, "orders-returned"), LaterBy::Second);
    assert_eq!(by(AmendmentKind::Suspend, "hours-not-done"), LaterBy::First);
    assert_eq!(by(AmendmentKind::Change, "child-placed"), LaterBy::Both);
    let ail = pack.benefit("AIL").unwrap();
    assert_eq!(
        ail.later_by(AmendmentKind::Suspend, "orders-returned"),
        LaterBy::Both
    );
    // One of the kind without reasons is for all the others.
    let mut files = RO.clone();
    let text = files.get_mut(VMI).unwrap();
    let rest = "[[later]]\nkinds = [\"suspend\", \"resume\"]\nby = \"second\"\nsource = \"S12\"\nconfidence = \"memory\"\n\n[[let]]";
    *text = text.replacen("[[let]]", rest, 1);
    let pack = Pack::load(&files).unwrap();
    let vmi = pack.benefit("VMI").unwrap();
    assert_eq!(
        vmi.later_by(AmendmentKind::Suspend, "hours-not-done"),
        LaterBy::First
    );
    assert_eq!(
        vmi.later_by(AmendmentKind::Suspend, "income-changed"),
        LaterBy::Second
    );
    assert_eq!(
        vmi.later_by(AmendmentKind::Resume, "cause-ended"),
        LaterBy::Second
    );
}

#[test]
fn whoever_reads_the_rule_sees_who_makes_later_decisions() {
    let pack = Pack::load(&RO).unwrap();
    let text = show::show(&pack, "VMI", Date::constant(2026, 2, 16), "en").unwrap();
    for line in [
        "later suspend for orders-returned, inspection, agency-check, child-placed: the confirming body alone, S12 (published)",
        "later suspend for hours-not-done, declaration-missing: the first body alone, S12 (memory: the officer confirms it)",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    let procedure = pack.procedure("amendment").unwrap();
    assert!(procedure.step_of(LegalAct::Confirm).is_some());
}

#[test]
fn what_is_said_of_later_decisions_is_whole() {
    let hours = "reasons = [\"hours-not-done\", \"declaration-missing\"]";
    finds(
        VMI,
        hours,
        "reasons = [\"no-such\"]",
        "`no-such` is no reason in amendment_reasons.csv to suspend",
    );
    finds(
        VMI,
        hours,
        "reasons = [\"renounced\"]",
        "`renounced` is no reason in amendment_reasons.csv to suspend",
    );
    finds(
        VMI,
        hours,
        "reasons = [\"agency-check\"]",
        "of the same later decision two things are said",
    );
    let kinds = "kinds = [\"suspend\"]\nreasons = [\"hours-not-done\"";
    let instead = |kinds: &str| format!("kinds = {kinds}\nreasons = [\"hours-not-done\"");
    finds(
        VMI,
        kinds,
        &instead("[]"),
        "`kinds` names at least one later decision",
    );
    finds(VMI, kinds, &instead("[\"rest\"]"), "`rest` is no later decision");
    finds(
        VMI,
        kinds,
        &instead("[\"correct\"]"),
        "a correction is made by whoever made what it corrects",
    );
    finds(VMI, "by = \"first\"", "by = \"third\"", "third");
    finds(
        VMI,
        "by = \"first\"\nsource = \"S12\"",
        "by = \"first\"\nsource = \"S999\"",
        "S999",
    );
    let asc = "[[later]]\nkinds = [\"end\"]\nby = \"first\"\nsource = \"S12\"\nconfidence = \"memory\"\n\n[[competent]]";
    finds(
        "catalogue/ASC/benefit.toml",
        "[[competent]]",
        asc,
        "one decision is enough here",
    );
}

#[test]
fn the_procedure_of_later_decisions_leads_to_the_second_body() {
    let returns = "next = [\"agency-letter\"]\nreturns = [\"proposal\"]";
    finds(
        PROCEDURE,
        "next = [\"agency-letter\"]",
        returns,
        "`returns` has no place here",
    );
    finds(
        PROCEDURE,
        "onward = [\"transmission\"]\n",
        "",
        "no `onward` of a step of the act decide leads to",
    );
    // Without the step it is missed where two bodies are named.
    let mut files = RO.clone();
    let text = files.get_mut(PROCEDURE).unwrap();
    let cut = text.find("\n[[step]]\nid = \"transmission\"").unwrap();
    text.truncate(cut);
    *text = text.replace("onward = [\"transmission\"]\n", "");
    files.retain(|file, _| !file.starts_with("letters/later-confirmation"));
    let found: Vec<String> = Pack::load(&files)
        .err()
        .unwrap_or_default()
        .iter()
        .map(ToString::to_string)
        .collect();
    let said = "the procedure of later decisions, `amendment`, has no step of the act confirm";
    assert!(
        found.iter().any(|it| it.starts_with(VMI) && it.contains(said)),
        "{found:#?}"
    );
    // Where all of them are said to be made by one body, none is needed.
    for benefit in ["VMI", "AIL", "SPE"] {
        let text = files
            .get_mut(&format!("catalogue/{benefit}/benefit.toml"))
            .unwrap();
        let alone = "[[later]]\nkinds = [\"change\", \"suspend\", \"resume\", \"end\", \"annul\"]\nby = \"first\"\nsource = \"S12\"\nconfidence = \"memory\"\n\n[[let]]";
        *text = text.replacen("[[let]]", alone, 1);
    }
    let still = Pack::load(&files).err();
    assert!(still.is_none(), "{still:#?}");
}

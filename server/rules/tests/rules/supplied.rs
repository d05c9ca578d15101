//! A rule over a fact that nobody can ever give: the benefit could never be decided.

use crate::common::files;
use karton_rules::Pack;
use std::collections::BTreeMap;

const HIV: &str = "catalogue/HIV/benefit.toml";

fn said(files: &BTreeMap<String, String>) -> String {
    let mistakes = Pack::load(files).err().unwrap_or_default();
    mistakes
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn what_a_rule_asks_for_is_given_by_a_form_a_step_or_a_service() {
    let ro = files("../../fixtures/ro");
    assert_eq!(said(&ro), "");
    // The form of another benefit asks for something else.
    let mut other_form = ro.clone();
    let benefit = other_form.get_mut(HIV).unwrap();
    *benefit = benefit.replace("form = \"hiv\"", "form = \"tbc\"");
    let told = said(&other_form);
    assert!(
        told.contains("catalogue/HIV/benefit.toml:")
            && told.contains("`HIV` asks for `hiv_certificate`, but neither its form"),
        "{told}"
    );
    // A fact of the dictionary that is asked nowhere.
    let mut nowhere = ro;
    nowhere.get_mut("facts.toml").unwrap().push_str(
        "\n[[fact]]\nname = \"asked_by_nobody\"\nholder = \"person\"\ntype = \"bool\"\nquestion = { ro = \"x\", en = \"x\" }\n",
    );
    nowhere.get_mut(HIV).unwrap().push_str(
        "\n[[condition]]\nid = \"nobody\"\nlaw = \"OG44/2004\"\nconfidence = \"memory\"\nsays = { ro = \"x\", en = \"x\" }\nwhen = \"applicant.asked_by_nobody\"\n",
    );
    let told = said(&nowhere);
    assert!(told.contains("`HIV` asks for `asked_by_nobody`"), "{told}");
    assert_eq!(told.matches("asks for").count(), 1, "{told}");
}

#[test]
fn a_signal_over_what_nobody_gives_would_never_speak() {
    let mut ro = files("../../fixtures/ro");
    let signals = ro.get_mut("signals/cross-checks.toml").unwrap();
    *signals = signals.replace("household.local_hours_missing", "household.hours_nobody_counts");
    ro.get_mut("facts.toml").unwrap().push_str(
        "\n[[fact]]\nname = \"hours_nobody_counts\"\nholder = \"household\"\ntype = \"int\"\nquestion = { ro = \"x\", en = \"x\" }\n",
    );
    let told = said(&ro);
    assert!(
        told.contains("signals/cross-checks.toml:")
            && told.contains("the signal `F20` looks at `hours_nobody_counts`"),
        "{told}"
    );
    assert_eq!(told.matches("would never speak").count(), 1, "{told}");
}

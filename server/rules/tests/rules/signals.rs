//! Cross-checks are raised by what is known, and never by who somebody is.

use crate::small::{pack, wrong};

const SIGNALS: &str = r#"
[[signal]]
id = "F01"
name = { en = "Savings beside aid", cnr = "Ušteđevina" }
law = "ACT 6"
confidence = "law"
on = ["lodging", "monthly"]
benefits = ["AID"]
of = "members"
let = [{ name = "saved", is = "member.wealth" }]
when = "saved > EUR 1000.00"
says = { en = "Savings of {saved}", cnr = "Ušteđevina {saved}" }
asks = ["tax.income"]
act = "look"
who = "caseworker"
expires = "30 days"

[[signal]]
id = "F02"
name = { en = "One account", cnr = "Jedan račun" }
on = ["monthly"]
of = "award"
kind = "same-account"
least = 3
says = { en = "Several are paid to one account", cnr = "Isti račun" }
act = "warn"
who = "approver"
expires = "60 days"
"#;

#[test]
fn a_signal_is_raised_by_what_is_known_and_never_by_who_somebody_is() {
    use karton_rules::pack::SignalEvent;
    let signals = "signals/checks.toml";
    let pack = pack(&[(signals, "", SIGNALS)]);
    let input = |facts: &str| {
        pack.read_facts("facts", facts, pack.country.demo_today.unwrap())
            .unwrap()
    };
    let family = input("applicant = { wealth = \"999.00\" }\nmembers = [{ wealth = \"1000.01\" }, {}]");
    let raised = pack.raised(SignalEvent::Lodging, Some("AID"), &family);
    assert_eq!(raised.len(), 1, "what nobody knows raises nothing");
    assert_eq!(raised[0].signal.id, "F01");
    assert_eq!(raised[0].person, family.members[0].person);
    assert_eq!(
        raised[0].says.get("en").replace('\u{a0}', " "),
        "Savings of 1,000.01 €"
    );
    assert!(
        pack.raised(SignalEvent::Decision, Some("AID"), &family)
            .is_empty()
    );
    assert!(
        pack.raised(SignalEvent::Lodging, Some("OTHER"), &family)
            .is_empty()
    );
    for (from, to, said) in [
        ("member.wealth", "member.wealthy", "there is no fact `wealthy`"),
        (
            "member.wealth\"",
            "member.address\"",
            "a signal never looks at `address`",
        ),
        (
            "saved > EUR 1000.00",
            "saved > EUR 1000.00 and applicant.mother_tongue = 1",
            "a signal never looks at `mother_tongue`",
        ),
        (
            "saved > EUR 1000.00",
            "saved > EUR 1000.00 and applicant.etnie = 1",
            "a signal never looks at `etnie`",
        ),
        ("saved > EUR 1000.00", "saved", "expected"),
        (
            "{saved}\", cnr",
            "{spent}\", cnr",
            "names {spent}, which is no let here",
        ),
        (
            "on = [\"lodging\", \"monthly\"]",
            "on = [\"always\"]",
            "`always` is none of lodging",
        ),
        (
            "on = [\"lodging\", \"monthly\"]",
            "on = []",
            "`on` says when it is looked at",
        ),
        (
            "expires = \"30 days\"",
            "expires = \"9999 days\"",
            "a signal lapses",
        ),
        (
            "who = \"caseworker\"",
            "who = \"citizen\"",
            "`citizen` is none of",
        ),
        (
            "asks = [\"tax.income\"]",
            "asks = [\"tax.incomes\"]",
            "tax.incomes",
        ),
        (
            "kind = \"same-account\"\n",
            "",
            "either `when` (an expression) or a `kind`",
        ),
        (
            "kind = \"same-account\"",
            "kind = \"same-officer\"",
            "`same-officer` is none of same-account, same-address",
        ),
        ("Several are paid", "{many} are paid", "only {count} is known"),
        (
            "id = \"F02\"",
            "id = \"F01\"",
            "the signal `F01` is defined twice",
        ),
        (
            "cnr = \"Isti račun\"",
            "de = \"Konto\"",
            "the text in `cnr` is missing",
        ),
        ("benefits = [\"AID\"]", "benefits = [\"AIDE\"]", "AIDE"),
    ] {
        let found = wrong(&[(signals, "", &SIGNALS.replacen(from, to, 1))]);
        assert!(
            found
                .iter()
                .any(|it| it.starts_with(signals) && it.contains(said)),
            "{to}: {said}\n{found:#?}"
        );
    }
}

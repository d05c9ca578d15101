//! Who asks and who is paid, and kinds that the claim says: what comes out, and every way to get it wrong.

use crate::common::files;
use karton_rules::{
    Pack,
    assess::{Outcome, assess, month},
    pack::{ApplicantKind, BenefitKind, ChosenBy, PayeeKind},
};

const RNZ: &str = "catalogue/RNZ/benefit.toml";
const IPU: &str = "catalogue/IPU/benefit.toml";
const B115: &str = "catalogue/B115/benefit.toml";
const B110: &str = "catalogue/B110/benefit.toml";

/// Breaks a file of a country's pack and asks for a mistake at its line and column, which is where `at` stands (its `^`), saying all of `said`.
fn finds(country: &str, file: &str, (from, to): (&str, &str), at: &str, said: &str) {
    let mut files = files(format!("../../fixtures/{country}"));
    let text = files.get_mut(file).unwrap();
    assert!(text.contains(from), "{file} has no {from}");
    *text = text.replacen(from, to, 1);
    let needle = at.replace('^', "");
    let offset = text.find(&needle).unwrap_or_else(|| panic!("no {needle}")) + at.find('^').unwrap();
    let line = text[..offset].matches('\n').count() + 1;
    let column = text[..offset]
        .rsplit('\n')
        .next()
        .map_or(0, |start| start.chars().count())
        + 1;
    let mistakes = Pack::load(&files).err().unwrap_or_default();
    let found = mistakes
        .iter()
        .any(|it| it.file == file && (it.line, it.column) == (line, column) && it.message.contains(said));
    let all: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
    assert!(found, "{file}:{line}:{column} {said}\n{}", all.join("\n"));
}

#[test]
fn an_employer_asks_for_the_refund_and_a_provider_is_paid_for_meals() {
    let me = Pack::load(&files("../../fixtures/me")).unwrap();
    for code in ["RNZ", "RNZRP"] {
        let benefit = me.benefit(code).unwrap();
        assert_eq!(benefit.applicant, ApplicantKind::Organisation, "{code}");
        assert_eq!(benefit.payee, PayeeKind::Applicant, "{code}");
    }
    let meals = me.benefit("IPU").unwrap();
    let rule = meals.provider.as_ref().unwrap();
    assert_eq!(
        (meals.payee, rule.chosen),
        (PayeeKind::Provider, ChosenBy::Applicant)
    );
    assert_eq!(rule.services, ["kindergarten-meals"]);
    let rest = me.benefit("MO").unwrap();
    assert_eq!(rest.applicant, ApplicantKind::Person);
    assert!(rest.provider.is_none() && rest.kinds.is_none());
}

#[test]
fn what_the_claim_says_of_the_kind_is_kept_with_the_assessment() {
    let ua = Pack::load(&files("../../fixtures/ua")).unwrap();
    let of = |code: &str, name: &str| {
        let cases = &ua.benefit(code).unwrap().cases;
        let case = cases.iter().find(|case| case.name == name).unwrap();
        (assess(&ua, code, &case.input).unwrap(), case.input.clone())
    };
    let (kit, _) = of("B115", "the kit itself: no money");
    assert_eq!(
        (kit.outcome, kit.kind),
        (Outcome::Grant, Some(BenefitKind::InKind))
    );
    assert!(kit.amount.is_none());
    let (cash, _) = of("B115", "born on the first day of 2026");
    assert_eq!(cash.kind, Some(BenefitKind::OneOff));
    let (open, _) = of("B115", "kit or money is not said");
    assert_eq!((open.outcome, open.kind), (Outcome::Unknown, None));
    // Born in 2025: once and for 36 months, in whatever month it is worked out; born in 2026: once and no more.
    let (old, input) = of("B110", "born on the last day of the earlier order");
    let term = old.term.as_ref().unwrap();
    assert_eq!(old.kind, Some(BenefitKind::Monthly));
    assert_eq!(term.ends, Some(jiff::civil::date(2029, 1, 1)));
    assert_eq!(
        month(&ua, "B110", &input, term.starts, true),
        Some(1_032_000 + 86_000)
    );
    assert_eq!(
        month(&ua, "B110", &input, jiff::civil::date(2028, 12, 1), false),
        Some(86_000)
    );
    let (new, _) = of("B110", "born on the first day of the new order");
    assert_eq!(new.kind, Some(BenefitKind::OneOff));
    let amount = new.amount.as_ref().unwrap();
    assert_eq!((amount.money.minor, amount.once_minor()), (5_000_000, 0));
    assert_eq!(amount.per, karton_api::Per::Once);
    assert_eq!(
        new.term.as_ref().unwrap().ends,
        None,
        "a single amount does not end"
    );
}

#[test]
fn who_is_paid_follows_what_is_heated_with() {
    let ro = Pack::load(&files("../../fixtures/ro")).unwrap();
    let benefit = ro.benefit("AIL").unwrap();
    let paid = |heating: &str| {
        let case = benefit.cases.iter().find(|case| {
            let known = case.input.household.get("heating");
            known.is_some_and(|known| known.value == karton_api::FactValue::Code(heating.to_owned()))
        });
        assess(&ro, "AIL", &case.unwrap().input).unwrap().payee
    };
    assert_eq!(paid("gas"), Some(PayeeKind::Provider));
    assert_eq!(paid("solid"), Some(PayeeKind::Applicant));
}

#[test]
fn an_applicant_that_there_is_not_or_cannot_be() {
    let line = "applicant = \"organisation\"";
    finds(
        "me",
        RNZ,
        (line, "applicant = \"organization\""),
        "applicant = ^\"organization\"",
        "did you mean `organisation`?",
    );
    finds(
        "me",
        RNZ,
        ("unit = \"person\"", "unit = \"household\""),
        "^# Refund of pay",
        "on account of a person, not of a household",
    );
    finds(
        "me",
        RNZ,
        (line, "applicant = \"organisation\"\npayee = \"provider\""),
        "^# Refund of pay",
        "paid to it, not to a provider",
    );
}

#[test]
fn organisations_without_a_number_to_know_them_by() {
    let mut files = files("../../fixtures/me");
    let country = files.get_mut("country.toml").unwrap();
    let from = country.find("[[organisation_scheme]]").unwrap();
    let until = country[from..].find("[[body]]").unwrap() + from;
    country.replace_range(from..until, "");
    let said: Vec<String> = Pack::load(&files)
        .err()
        .unwrap()
        .iter()
        .map(ToString::to_string)
        .collect();
    for file in [RNZ, IPU] {
        assert!(
            said.iter()
                .any(|it| it.starts_with(file) && it.contains("has no [[organisation_scheme]]")),
            "{said:#?}"
        );
    }
    finds(
        "me",
        "country.toml",
        ("check = \"pib\"", "check = \"pip\""),
        "check = ^\"pip\"",
        "did you mean `pib`?",
    );
}

#[test]
fn providers_that_no_register_knows() {
    let services = "services = [\"kindergarten-meals\"]";
    finds(
        "me",
        IPU,
        ("register = \"paid-providers\"", "register = \"paid-provider\""),
        "register = ^\"paid-provider\"",
        "there is no register of our own `paid-provider` (did you mean `paid-providers`?)",
    );
    finds(
        "me",
        IPU,
        (services, "services = [\"kindergarten-meal\"]"),
        "^[provider]",
        "the code list `paid_services` has no `kindergarten-meal`",
    );
    finds(
        "me",
        IPU,
        (services, "services = []"),
        "^[provider]",
        "names at least one thing",
    );
    finds(
        "me",
        IPU,
        ("register = \"paid-providers\"", "register = \"guardians\""),
        "^[provider]",
        "`guardians` is none of providers",
    );
    finds(
        "me",
        IPU,
        ("chosen = \"applicant\"", "chosen = \"anybody\""),
        "chosen = ^\"anybody\"",
        "none of applicant, office",
    );
    finds(
        "me",
        IPU,
        ("payee = \"provider\"\n", ""),
        "^# Meals",
        "`payee` names none",
    );
    let rule = "[provider]\nregister = \"paid-providers\"\nservices = [\"kindergarten-meals\"]\nchosen = \"applicant\"\n";
    finds(
        "me",
        IPU,
        (rule, ""),
        "^# Meals",
        "does not say of which register",
    );
}

#[test]
fn kinds_by_claim_that_do_not_fit_their_list() {
    let kind = "kind = { of = \"claim.package_form\", kit = \"in-kind\", cash = \"one-off\" }";
    let with = |to: &'static str| (kind, to);
    finds(
        "ua",
        B115,
        with("kind = { of = \"claim.package_form\", kit = \"in-kind\", money = \"one-off\" }"),
        "of = \"^claim.package_form",
        "the code list `package_forms` has no `money`",
    );
    finds(
        "ua",
        B115,
        with("kind = { of = \"claim.package_form\", kit = \"in-kind\", cash = \"in-kind\" }"),
        "kind = ^{ of",
        "is the same for every value",
    );
    finds(
        "ua",
        B115,
        with("kind = { of = \"claim.package_form\", kit = \"in-kind\" }"),
        "of = \"^claim.package_form",
        "nothing is said for `cash`",
    );
    finds(
        "ua",
        B115,
        with("kind = { of = \"claim.package_form\", kit = \"in-kind\", cash = \"weekly\" }"),
        "cash = ^\"weekly\"",
        "none of monthly, one-off, in-kind",
    );
    finds(
        "ua",
        B115,
        with("kind = { of = \"claim.kit_received\", kit = \"in-kind\", cash = \"one-off\" }"),
        "of = \"^claim.kit_received",
        "a text or a code is needed here, this is a bool",
    );
    finds(
        "ua",
        B115,
        with("kind = { kit = \"in-kind\", cash = \"one-off\" }"),
        "kind = ^{ kit",
        "`of` is missing",
    );
    finds(
        "ua",
        B110,
        ("paid = \"once\"\n", ""),
        "kind = ^{ of",
        "needs parts, one of them `paid = \"once\"`",
    );
}

#[test]
fn a_worked_example_holds_the_kind_and_the_payee() {
    let cases = "catalogue/B115/cases.toml";
    finds(
        "ua",
        cases,
        ("kind = \"in-kind\", not_met", "kind = \"one-off\", not_met"),
        "expect = ^{ outcome = \"grant\", kind = \"one-off\", not_met",
        "expected the kind",
    );
    finds(
        "ro",
        "catalogue/AIL/cases.toml",
        ("payee = \"provider\"", "payee = \"applicant\""),
        "expect = ^{ outcome = \"grant\", payee = \"applicant\", amount = \"250.00\"",
        "expected as payee applicant, got provider",
    );
}

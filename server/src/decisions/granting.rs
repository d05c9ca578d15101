//! What is granted of what was assessed: a part of it, or an amount that the officers set. Pure.

use crate::problem::Error;
use karton_api::{
    Date, Money, Per,
    applications::{AmountSet, Part, Without},
};
use karton_rules::{
    assess::{self, Amount, Assessment, Input, Outcome},
    pack::{BenefitKind, Pack},
};
use serde::{Deserialize, Serialize};

/// What is granted.
#[derive(Debug, Clone)]
pub(super) struct Granting {
    /// Once, monthly or in kind.
    pub(super) kind: BenefitKind,
    /// The facts it follows from: those of the assessment, without the people who are left out.
    pub(super) input: Input,
    /// The rule's amount over these facts; none for a right without money.
    pub(super) rule: Option<Amount>,
    /// How much; nothing for a right without money.
    pub(super) money: Money,
    /// For what period.
    pub(super) per: Per,
    /// First day; none where the benefit has no period.
    pub(super) starts: Option<Date>,
    /// The day after the last.
    pub(super) ends: Option<Date>,
    /// To be reviewed on.
    pub(super) review_on: Option<Date>,
    /// The officers set the amount.
    pub(super) set: bool,
    /// It is another amount than the assessment's, or for other people or days.
    pub(super) differs: bool,
}

/// What is stored of it beside a decision, where it differs from the assessment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Granted {
    /// How much.
    pub money: Money,
    /// The officers set it within the rule's limits; otherwise the rule says it over the award's own facts.
    pub set: bool,
    /// The second officer's amount with its reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<AmountSet>,
}

/// Works out what is granted. Errors stand at the field of the recommendation or decision.
pub(super) fn work_out(
    pack: &Pack,
    trace: &Assessment,
    input: &Input,
    without: &[Without],
    set: Option<&AmountSet>,
) -> Result<Granting, Error> {
    let benefit = pack
        .benefit(&trace.benefit)
        .ok_or_else(|| Error::fault("a benefit that the pack does not have"))?;
    let mut left = input.clone();
    for (place, one) in without.iter().enumerate() {
        let Part::Person(person) = one.part else { continue };
        let at = |member: &Option<_>| *member == Some(person);
        if at(&left.applicant.person) {
            return Err(Error::field(
                format!("/without/{place}/part"),
                "applicant",
                "The applicant cannot be left out: that is a refusal.",
            ));
        }
        let Some(found) = left.members.iter().position(|member| at(&member.person)) else {
            return Err(Error::field(
                format!("/without/{place}/part"),
                "not-a-member",
                "This person is not a member of the household that was assessed.",
            ));
        };
        // Still known, where a fact of the claim names them.
        left.others.push(left.members.remove(found));
    }
    let fewer = left.members.len() != input.members.len();
    let trace = if fewer {
        assess::assess(pack, &trace.benefit, &left).ok_or(Error::Missing)?
    } else {
        trace.clone()
    };
    if fewer && !matches!(trace.outcome, Outcome::Grant | Outcome::Confirm) {
        return Err(Error::field(
            "/without",
            "leaves-nothing",
            "Without them the rules do not grant it: that is a refusal.",
        ));
    }
    let mut starts = trace.term.as_ref().map(|term| term.starts);
    let mut ends = trace.term.as_ref().and_then(|term| term.ends);
    for (place, one) in without.iter().enumerate() {
        let outside = || {
            Error::field(
                format!("/without/{place}/part"),
                "outside",
                "This day does not lie within what would be granted.",
            )
        };
        match one.part {
            Part::Before(day) => {
                let first = starts.ok_or_else(outside)?;
                if day <= first || ends.is_some_and(|ends| day >= ends) {
                    return Err(outside());
                }
                starts = Some(day);
            }
            Part::After(day) => {
                let first = starts.ok_or_else(outside)?;
                if day <= first || ends.is_some_and(|ends| day >= ends) {
                    return Err(outside());
                }
                ends = Some(day);
            }
            Part::Person(_) | Part::Component(_) => {}
        }
    }
    let review_on = trace.term.as_ref().and_then(|term| term.review_on);
    let review_on = review_on
        .filter(|day| ends.is_none_or(|ends| *day < ends) && starts.is_none_or(|starts| *day > starts));
    let (money, set) = money(trace.amount.as_ref(), set)?;
    let kind = trace.kind.unwrap_or(benefit.kind);
    let once = kind == BenefitKind::OneOff;
    let per = match &trace.amount {
        Some(amount) if !once => amount.per,
        None if !once => Per::Month,
        _ => Per::Once,
    };
    Ok(Granting {
        kind,
        input: left,
        money: money.unwrap_or(Money::new(0, pack.country.currency)),
        rule: trace.amount,
        per,
        starts,
        ends,
        review_on,
        set,
        differs: set || fewer || without.iter().any(|one| !matches!(one.part, Part::Component(_))),
    })
}

/// The amount: the rule's, or the officers' within its limits.
fn money(rule: Option<&Amount>, set: Option<&AmountSet>) -> Result<(Option<Money>, bool), Error> {
    match (rule.and_then(|rule| rule.upto.map(|upto| (rule, upto))), set) {
        (None, None) => Ok((rule.map(|rule| rule.money), false)),
        (None, Some(_)) => Err(Error::field(
            "/amount",
            "not-free",
            "The rule says this amount; officers do not set it.",
        )),
        (Some(_), None) => Err(Error::field(
            "/amount",
            "needed",
            "Set the amount within the limit, and say why.",
        )),
        (Some((rule, upto)), Some(set)) => {
            if set.money.currency != upto.currency {
                return Err(Error::field(
                    "/amount/money",
                    "currency",
                    "This is another currency.",
                ));
            }
            let least = rule.atleast.map_or(1, |least| least.minor);
            if set.money.minor > upto.minor || set.money.minor < least {
                return Err(Error::field(
                    "/amount/money",
                    "outside",
                    "This amount lies outside of the limits of the rule.",
                ));
            }
            Ok((Some(set.money), true))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use karton_api::Currency;
    use karton_rules::pack::Confidence;

    fn rule(upto: Option<i64>, atleast: Option<i64>) -> Amount {
        let euro = |minor| Money::new(minor, Currency::EUR);
        Amount {
            money: euro(10_000),
            per: Per::Once,
            law: String::new(),
            confidence: Confidence::Default,
            says: None,
            formula: String::new(),
            steps: Vec::new(),
            values: Vec::new(),
            facts: Vec::new(),
            parts: Vec::new(),
            upto: upto.map(euro),
            atleast: atleast.map(euro),
        }
    }
    fn said(rule: Option<&Amount>, minor: Option<i64>) -> String {
        let set = minor.map(|minor| AmountSet {
            money: Money::new(minor, Currency::EUR),
            reason: "the roof burnt down".into(),
        });
        match money(rule, set.as_ref()) {
            Ok((money, set)) => format!("{:?} {set}", money.map(|money| money.minor)),
            Err(Error::Invalid(fields)) => fields[0].code.clone(),
            Err(other) => other.to_string(),
        }
    }

    #[test]
    fn officers_set_an_amount_only_where_the_rule_lets_them_and_within_its_limits() {
        let fixed = rule(None, None);
        assert_eq!(said(Some(&fixed), None), "Some(10000) false");
        assert_eq!(said(Some(&fixed), Some(9_000)), "not-free");
        assert_eq!(said(None, None), "None false", "a right without money");
        assert_eq!(said(None, Some(9_000)), "not-free");
        let free = rule(Some(20_000), Some(3_000));
        assert_eq!(said(Some(&free), None), "needed");
        for (minor, expected) in [
            (2_999, "outside"),
            (3_000, "Some(3000) true"),
            (20_000, "Some(20000) true"),
            (20_001, "outside"),
        ] {
            assert_eq!(said(Some(&free), Some(minor)), expected);
        }
        assert_eq!(said(Some(&rule(Some(20_000), None)), Some(1)), "Some(1) true");
    }

    #[test]
    fn who_is_left_out_is_not_counted_and_days_are_cut_within_the_term() {
        let pack = Pack::load(&crate::pack::files("me").unwrap()).unwrap();
        let case = &pack
            .benefit("MO")
            .unwrap()
            .cases
            .iter()
            .find(|case| case.input.on == jiff::civil::date(2024, 8, 1) && case.input.members.len() > 1)
            .unwrap()
            .input
            .clone();
        let trace = assess::assess(&pack, "MO", case).unwrap();
        let whole = work_out(&pack, &trace, case, &[], None).unwrap();
        assert!(!whole.differs);
        let part = |part| Without {
            part,
            reason: "lives elsewhere".into(),
        };
        let child = case.members.last().unwrap().person.unwrap();
        let fewer = work_out(&pack, &trace, case, &[part(Part::Person(child))], None).unwrap();
        assert!(fewer.money.minor < whole.money.minor && fewer.differs);
        assert_eq!(fewer.input.members.len(), case.members.len() - 1);
        let starts = whole.starts.unwrap();
        let later = starts.checked_add(jiff::Span::new().months(2)).unwrap();
        let cut = work_out(&pack, &trace, case, &[part(Part::Before(later))], None).unwrap();
        assert_eq!((cut.starts, cut.money), (Some(later), whole.money));
        let code = |without: Part| match work_out(&pack, &trace, case, &[part(without)], None) {
            Err(Error::Invalid(fields)) => fields[0].code.clone(),
            other => format!("{other:?}"),
        };
        assert_eq!(code(Part::Before(starts)), "outside");
        assert_eq!(code(Part::Person(case.applicant.person.unwrap())), "applicant");
    }
}

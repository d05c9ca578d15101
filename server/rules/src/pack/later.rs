//! Who makes later decisions on a right that two bodies granted: `[[later]]` of a benefit.
//!
//! Where nothing is said they are made like the first decision: by the one body, and confirmed by the other. A correction is made by whoever made what it
//! corrects, and is never confirmed. Where one decision was enough, one is enough later too.

use super::{
    AmendmentKind, Benefit, Confidence, LegalAct, Pack, Place, competent,
    load::CONFIDENCES,
    read::{Mistakes, Table, To},
};
use std::collections::BTreeMap;

/// Who makes a later decision on a right that two bodies granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LaterBy {
    /// The body that decided first, alone.
    First,
    /// The body that confirmed, alone.
    Second,
    /// Both, one after the other, as it was granted.
    #[default]
    Both,
}

impl LaterBy {
    /// As packs write it.
    pub fn name(self) -> &'static str {
        match self {
            LaterBy::First => "first",
            LaterBy::Second => "second",
            LaterBy::Both => "both",
        }
    }
}

/// What is said of some later decisions.
#[derive(Debug, Clone)]
pub struct LaterRule {
    /// Which.
    pub kinds: Vec<AmendmentKind>,
    /// Only for these reasons, codes of `amendment_reasons`; empty for all others.
    pub reasons: Vec<String>,
    /// By whom.
    pub by: LaterBy,
    /// What stands for it.
    pub source: String,
    /// How sure that is.
    pub confidence: Confidence,
    /// Where it is defined.
    pub place: Place,
}

impl Benefit {
    /// Who makes a later decision of a kind for a reason, where two bodies granted the right: what names the reason goes before what does not.
    pub fn later_by(&self, kind: AmendmentKind, reason: &str) -> LaterBy {
        let of_kind = || self.later.iter().filter(|rule| rule.kinds.contains(&kind));
        let named = of_kind().find(|rule| rule.reasons.iter().any(|one| one == reason));
        named
            .or_else(|| of_kind().find(|rule| rule.reasons.is_empty()))
            .map_or(LaterBy::Both, |rule| rule.by)
    }
}

pub(super) fn read(table: &Table<'_>) -> Vec<LaterRule> {
    let by = [
        ("first", LaterBy::First),
        ("second", LaterBy::Second),
        ("both", LaterBy::Both),
    ];
    let mut found: Vec<LaterRule> = Vec::new();
    for one in table.tables("later") {
        let mut kinds = Vec::new();
        for name in one.strings("kinds") {
            match AmendmentKind::named(&name) {
                Some(AmendmentKind::Correct) => {
                    one.wrong("a correction is made by whoever made what it corrects: nothing is said of it");
                }
                Some(kind) => kinds.push(kind),
                None => one.wrong(format!(
                    "`{name}` is no later decision: change, suspend, resume, end, annul"
                )),
            }
        }
        if kinds.is_empty() {
            one.wrong("`kinds` names at least one later decision");
        }
        let rule = LaterRule {
            kinds,
            reasons: one.strings("reasons"),
            by: one.choice("by", &by, None).unwrap_or_default(),
            source: one.refer(To::Source, "source"),
            confidence: one
                .choice("confidence", &CONFIDENCES, None)
                .unwrap_or(Confidence::Default),
            place: one.place(),
        };
        one.finish();
        let twice = found.iter().any(|other| {
            let reasons = match other.reasons.is_empty() {
                true => rule.reasons.is_empty(),
                false => rule.reasons.iter().any(|reason| other.reasons.contains(reason)),
            };
            reasons && rule.kinds.iter().any(|kind| other.kinds.contains(kind))
        });
        if twice {
            one.wrong("of the same later decision two things are said");
        }
        found.push(rule);
    }
    found
}

/// What is said of later decisions has its place, and where both bodies make them the procedure of later decisions leads to the second one.
pub(super) fn check(pack: &Pack, files: &BTreeMap<String, String>, mistakes: &Mistakes) {
    let wrong = |place: &Place, message: String| competent::note(mistakes, files, place, message);
    let reasons = pack.codes.get("amendment_reasons");
    let procedure = (pack.country.amendments.as_ref()).and_then(|rule| pack.procedure(&rule.procedure));
    let leads_on = procedure.is_none_or(|it| it.step_of(LegalAct::Confirm).is_some());
    for benefit in &pack.benefits {
        let confirmed = benefit.competent.iter().find(|it| it.confirms.is_some());
        for rule in &benefit.later {
            if confirmed.is_none() {
                let message = "one decision is enough here: nobody says `confirms` in [[competent]]";
                wrong(&rule.place, message.to_owned());
            }
            for reason in &rule.reasons {
                let entry = reasons.and_then(|list| list.entry(reason));
                let of = entry.map(AmendmentKind::of_reason).unwrap_or_default();
                if let Some(kind) = rule.kinds.iter().find(|kind| !of.contains(kind)) {
                    let kind = kind.name();
                    let message = format!("`{reason}` is no reason in amendment_reasons.csv to {kind}");
                    wrong(&rule.place, message);
                }
            }
        }
        let mut kinds = AmendmentKind::ALL
            .into_iter()
            .filter(|kind| *kind != AmendmentKind::Correct);
        let both = kinds.any(|kind| benefit.later_by(kind, "") == LaterBy::Both)
            || benefit.later.iter().any(|rule| rule.by == LaterBy::Both);
        if let (Some(competent), Some(procedure), true, false) = (confirmed, procedure, both, leads_on) {
            let message = format!(
                "the procedure of later decisions, `{}`, has no step of the act confirm: both bodies make them, unless [[later]] says otherwise",
                procedure.id
            );
            wrong(&competent.written, message);
        }
    }
}

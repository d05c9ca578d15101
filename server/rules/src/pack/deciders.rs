//! Two deciders in a chain: the first decides, and nothing is granted before a second body, another office, has decided too.
//!
//! `[[competent]]` says by whom (`confirms`), the procedure how: the step of the act `decide` opens its `onward` steps when the decision grants,
//! and among them or behind them stands the step of the act `confirm`, at an office above (`at`), with a letter and a way back of its own.

use super::{
    Benefit, LegalAct, OfficeRow, Pack, Place, Procedure, Step, StepKind, StepRole, competent, read::Mistakes,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Which office above that of the matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Above {
    /// The next legal body above in the tree.
    Next,
    /// The next centre above.
    Centre,
    /// The next ministry above.
    Ministry,
}

impl Above {
    /// Whether an office of this kind (`ministry`, `centre`, `unit`) is the one, on the way up from the legal body.
    pub fn is(self, kind: &str) -> bool {
        match self {
            Above::Next => kind != "unit",
            Above::Centre => kind == "centre",
            Above::Ministry => kind == "ministry",
        }
    }
    fn name(self) -> &'static str {
        match self {
            Above::Next => "above",
            Above::Centre => "centre",
            Above::Ministry => "ministry",
        }
    }
}

impl Procedure {
    /// The first step that this act completes.
    pub fn step_of(&self, act: LegalAct) -> Option<&Step> {
        self.steps.iter().find(|step| step.act == Some(act))
    }
    /// Whether a step comes after the second body's decision: its letter and delivery are of that one.
    pub fn behind_confirmation(&self, step: &str) -> bool {
        self.step_of(LegalAct::Confirm)
            .is_some_and(|confirm| self.led_to(&confirm.next).contains(step))
    }
    /// These steps and whatever follows them by `next`.
    fn led_to<'a>(&'a self, first: &'a [String]) -> BTreeSet<&'a str> {
        let mut found = BTreeSet::new();
        let mut open: Vec<&str> = first.iter().map(String::as_str).collect();
        while let Some(id) = open.pop() {
            if found.insert(id) {
                open.extend(
                    self.step(id)
                        .into_iter()
                        .flat_map(|step| &step.next)
                        .map(String::as_str),
                );
            }
        }
        found
    }
}

struct Checker<'a> {
    pack: &'a Pack,
    files: &'a BTreeMap<String, String>,
    mistakes: &'a Mistakes,
}

impl Checker<'_> {
    fn wrong(&self, place: &Place, message: impl Into<String>) {
        competent::note(self.mistakes, self.files, place, message.into());
    }
}

/// What is said of a second decider is whole, in procedures and in benefits, and where nobody confirms nothing is said.
pub(super) fn check(pack: &Pack, files: &BTreeMap<String, String>, mistakes: &Mistakes) {
    let checker = Checker {
        pack,
        files,
        mistakes,
    };
    for procedure in &pack.procedures {
        for step in &procedure.steps {
            belongs(&checker, step);
        }
        if let Some(first) = procedure.steps.first().filter(|step| step.at.is_some()) {
            checker.wrong(
                &first.place,
                format!(
                    "a matter begins at its own office: `at` of `{}` has no place here",
                    first.id
                ),
            );
        }
        let mut confirming = procedure
            .steps
            .iter()
            .filter(|step| step.act == Some(LegalAct::Confirm));
        if let Some(confirm) = confirming.next() {
            confirmation(&checker, procedure, confirm);
        }
        for more in confirming {
            checker.wrong(
                &more.place,
                "a procedure has one step of the act confirm: there are two deciders, not three",
            );
        }
    }
    for benefit in &pack.benefits {
        confirmed(&checker, benefit);
    }
}

/// Keys that only some acts have.
fn belongs(checker: &Checker<'_>, step: &Step) {
    let confirms = step.act == Some(LegalAct::Confirm);
    if !confirms && (step.letter.is_some() || step.appeal.is_some()) {
        checker.wrong(
            &step.place,
            format!(
                "`{}` has no letter or remedy of its own: only a step of the act confirm has",
                step.id
            ),
        );
    }
    if step.act != Some(LegalAct::Decide) && !step.onward.is_empty() {
        checker.wrong(
            &step.place,
            format!(
                "`onward` of `{}` has no place here: it follows a decision, the act decide",
                step.id
            ),
        );
    }
    let of_matter = matches!(
        step.act,
        Some(LegalAct::Lodge | LegalAct::Recommend | LegalAct::Decide | LegalAct::Dismiss)
    );
    if let Some(at) = step.at {
        if of_matter {
            checker.wrong(
                &step.place,
                format!(
                    "`at` of `{}` has no place here: this act is of the office that handles the matter",
                    step.id
                ),
            );
        } else if !checker
            .pack
            .offices
            .iter()
            .any(|row| above(checker.pack, row, at).is_some())
        {
            checker.wrong(
                &step.place,
                format!("no office has one above it that is `{}`", at.name()),
            );
        }
    }
}

/// The office above the legal body of an office.
fn above<'p>(pack: &'p Pack, row: &'p OfficeRow, at: Above) -> Option<&'p OfficeRow> {
    let parent = |row: &OfficeRow| {
        let code = row.parent.as_ref()?;
        pack.offices.iter().find(|other| other.code == *code)
    };
    if row.kind == "unit" {
        return None;
    }
    // Parents stand before their children, so the way up has an end.
    let mut up = parent(row);
    while let Some(found) = up {
        if at.is(&found.kind) {
            return Some(found);
        }
        up = parent(found);
    }
    None
}

fn confirmation(checker: &Checker<'_>, procedure: &Procedure, confirm: &Step) {
    let place = &confirm.place;
    if confirm.role != StepRole::Approver || confirm.kind != StepKind::Decide {
        checker.wrong(
            place,
            "whoever confirms decides: kind \"decide\", role \"approver\"",
        );
    }
    if confirm.at.is_none() {
        checker.wrong(
            place,
            "the second decider is another office: `at` is missing (above, centre, ministry)",
        );
    }
    if confirm.letter.is_none() {
        checker.wrong(
            place,
            "the second decider's decision has a letter of its own: `letter` is missing",
        );
    }
    let back = |id: &String| {
        procedure.step(id).is_none_or(|step| {
            matches!(step.kind, StepKind::Assess | StepKind::Evidence) && step.act.is_none()
        })
    };
    let amendments = checker.pack.country.amendments.as_ref();
    let later = amendments.is_some_and(|rule| rule.procedure == procedure.id);
    if later && !confirm.returns.is_empty() {
        checker.wrong(
            place,
            "a later decision that is sent back is proposed anew, in a matter of its own: `returns` has no place here",
        );
    }
    if !later && (confirm.returns.len() != 1 || !confirm.returns.iter().all(back)) {
        checker.wrong(
            place,
            "what is not confirmed can be sent back: `returns` names one step of kind assess or evidence",
        );
    }
    let decide = procedure.step_of(LegalAct::Decide);
    let onward = decide
        .map(|decide| procedure.led_to(&decide.onward))
        .unwrap_or_default();
    if !onward.contains(confirm.id.as_str()) {
        checker.wrong(
            place,
            format!(
                "no `onward` of a step of the act decide leads to `{}`",
                confirm.id
            ),
        );
    }
    let behind = procedure.led_to(&confirm.next);
    let otherwise: BTreeSet<&str> = procedure
        .steps
        .iter()
        .filter(|step| matches!(step.act, Some(LegalAct::Decide | LegalAct::Dismiss)))
        .flat_map(|step| procedure.led_to(&step.next))
        .collect();
    for (what, is) in [
        (
            "of kind letter",
            (|step| step.kind == StepKind::Letter) as fn(&Step) -> bool,
        ),
        ("of the act deliver", |step| step.act == Some(LegalAct::Deliver)),
    ] {
        let own = |id: &&str| procedure.step(id).is_some_and(is);
        if !behind.iter().any(|id| own(id) && !otherwise.contains(id)) {
            checker.wrong(
                place,
                format!(
                    "behind `{}` a step {what} is missing that no other decision leads to",
                    confirm.id
                ),
            );
        }
    }
    let confirmed = checker.pack.benefits.iter().any(|benefit| {
        (later || benefit.procedure == procedure.id)
            && benefit.competent.iter().any(|it| it.confirms.is_some())
    });
    if !confirmed {
        checker.wrong(
            place,
            format!(
                "nobody confirms: no benefit with the procedure `{}` says `confirms`",
                procedure.id
            ),
        );
    }
}

fn confirmed(checker: &Checker<'_>, benefit: &Benefit) {
    let Some(procedure) = checker.pack.procedure(&benefit.procedure) else {
        return;
    };
    if procedure.step_of(LegalAct::Confirm).is_some() {
        return;
    }
    for it in &benefit.competent {
        if let Some(body) = &it.confirms {
            checker.wrong(
                &it.written,
                format!(
                    "the procedure `{}` has no step of the act confirm for `{body}`",
                    procedure.id
                ),
            );
        }
    }
}

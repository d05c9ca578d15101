//! An application under way: its steps, the evidence as it arrives, what the rules say, and the way to a decision.

mod assessed;
mod deciding;
mod shown;

pub(super) use shown::notice_said;

use super::{
    Desk, done, why,
    widgets::{Cursor, card_line, tabs},
};
use crate::{
    api::documents::DocumentAsk,
    api::parties::PartyAsk,
    api::{
        Answer, Ask, CourseAsk, Fault, FirstId, SecondAsk, StepAsk, StepAt, Work, beside::BesideAsk,
        versions::VersionAsk,
    },
    app::{Cx, Effect, Look, TimerId, confirm, keymap::Act, overlay::Line},
    i18n::Say,
    screens::{RecommendForm, ReturnForm, Screen, WithdrawForm},
    term::{Chord, Key},
    text::visible,
};
use karton_api::{
    Id,
    applications::{Decide, EvidenceItem, EvidenceState},
    confirmations::{Confirm, Says},
    matters::Step,
    notices::Notice,
    value,
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

const TABS: [&str; 3] = ["tab-evidence", "tab-assessment", "tab-steps"];
/// While answers are awaited they are looked for this often.
const POLL_MS: u64 = 1500;

/// The screen of an application.
#[derive(Debug, Clone)]
pub struct WorkScreen {
    work: Work,
    tab: usize,
    cursor: Cursor,
}

impl WorkScreen {
    /// On what is to be done next.
    pub fn new(work: Work) -> WorkScreen {
        let tab = usize::from(work.assessment.is_some());
        WorkScreen {
            work,
            tab,
            cursor: Cursor::default(),
        }
    }
    fn id(&self) -> Id<value::Application> {
        self.work.application.summary.id
    }
    fn may(&self, what: &str) -> bool {
        self.work.application.may.iter().any(|m| m == what)
    }
    /// Conditions, and the amount as the last line.
    fn lines(&self) -> usize {
        self.work.assessment.as_ref().map_or(0, |s| {
            s.assessment.conditions.len() + usize::from(s.assessment.amount.is_some())
        })
    }
    fn len(&self) -> usize {
        match self.tab {
            0 => self.work.evidence.items.len(),
            1 => self.lines(),
            _ => self.work.application.steps.len(),
        }
    }
    /// An institution that this officer may tell again.
    fn untold(&self) -> Option<Id<value::Notice>> {
        let may = |n: &&Notice| n.may.iter().any(|what| what == "send");
        self.work.application.notices.iter().find(may).map(|n| n.id)
    }
    /// The step with the cursor, where it has a form that completes it.
    fn form(&self) -> Option<(StepAt, &Step)> {
        let step = self.work.application.steps.get(self.cursor.0)?;
        let form = step
            .form
            .clone()
            .filter(|_| self.tab == 2 && step.act.is_none())?;
        let summary = &self.work.application.summary;
        let at = StepAt {
            matter: summary.id.cast(),
            step: step.id,
            key: step.key.clone(),
            name: step.name.clone(),
            form,
            person: summary.applicant.id,
            number: summary.number.clone().unwrap_or_default(),
            applied: true,
        };
        Some((at, step))
    }
    /// The step with the cursor, where this officer may say that it was done: it has no form, and no act of its own completes it.
    fn to_be_done(&self) -> Option<&Step> {
        let step = self.work.application.steps.get(self.cursor.0)?;
        let may = step.may.iter().any(|may| may == "complete");
        (self.tab == 2 && may && step.act.is_none() && step.form.is_none()).then_some(step)
    }
    /// The step's form is opened to be filled in where this officer may do that now, and to be read otherwise.
    fn open_form(&self, cx: &mut Cx<'_>) {
        let Some((at, step)) = self.form() else {
            return cx.want(Effect::Bell);
        };
        if step.may.iter().any(|may| may == "complete") {
            let ask = Ask::Step(StepAsk::Form(at));
            return cx.want(Effect::Open { ask, replace: false });
        }
        cx.want(Effect::Submit(Ask::Step(StepAsk::Read(at))));
    }
    /// The evidence with the cursor, where a document may stand in its place.
    fn replaceable(&self) -> Option<&EvidenceItem> {
        let bad = |i: &&EvidenceItem| matches!(i.state, EvidenceState::Silent | EvidenceState::Unusable);
        let item = self.work.evidence.items.get(self.cursor.0).filter(bad)?;
        (self.tab == 0 && self.may("ask-evidence") && !item.gives.is_empty()).then_some(item)
    }
    fn waiting(&self) -> bool {
        self.work
            .evidence
            .items
            .iter()
            .any(|i| i.state == EvidenceState::Waiting)
    }
    fn watch(&self, cx: &mut Cx<'_>) {
        cx.want(if self.waiting() {
            Effect::Timer(TimerId::Poll, POLL_MS)
        } else {
            Effect::StopTimer(TimerId::Poll)
        });
    }
    fn show(&mut self, tab: usize) {
        self.tab = tab;
        self.cursor = Cursor::default();
    }
    fn open(&self, cx: &mut Cx<'_>) {
        match (self.tab, &self.work.assessment) {
            (1, Some(stored)) => {
                let a = &stored.assessment;
                let overlay = match (a.conditions.get(self.cursor.0), &a.amount) {
                    (Some(condition), _) => why::condition(condition, a, &cx.look),
                    (None, Some(amount)) => why::amount(amount, a, &cx.look),
                    (None, None) => return,
                };
                cx.want(Effect::Overlay(Box::new(overlay)));
            }
            (0, _) => {
                if let Some(item) = self.work.evidence.items.get(self.cursor.0) {
                    let overlay = shown::details(item, &cx.look);
                    cx.want(Effect::Overlay(Box::new(overlay)));
                }
            }
            (2, _) => self.open_form(cx),
            _ => cx.want(Effect::Bell),
        }
    }
    /// What the applicant was given last: the confirmation of the withdrawal, else the receipt.
    fn receipt(&self) -> Option<Id<value::Letter>> {
        let it = &self.work.application;
        let lodged = it.lodging.as_ref().filter(|lodging| lodging.letter.is_some());
        let withdrawn = it.withdrawal.as_ref().map(|paper| paper.id);
        withdrawn.or(lodged.map(|lodging| lodging.id))
    }
    /// The letter of a dismissal that was decided.
    fn dismissal_paper(&self) -> Option<Id<value::Letter>> {
        let dismissal = self.work.application.dismissal.as_ref()?;
        dismissal.decided_at.map(|_| dismissal.id)
    }
    /// The decision whose second letter can be read.
    fn second_letter(&self) -> Option<Id<value::Decision>> {
        let first = self.work.decision.as_ref()?;
        super::second::said(first)?.letter?;
        Some(first.id)
    }
}

impl Desk for WorkScreen {
    fn title(&self, look: &Look<'_>) -> Say {
        let s = &self.work.application.summary;
        Say::raw(format!(
            "{} · {}",
            visible(&s.benefit),
            visible(s.number.as_deref().unwrap_or(&look.words.t("state-draft")))
        ))
    }
    fn help(&self, _look: &Look<'_>) -> Vec<Line> {
        vec![Line::Text(0, Say::key("help-work"))]
    }
    fn acts(&self, _look: &Look<'_>) -> Vec<Act> {
        let mut acts = Vec::new();
        let all = [
            ("save", Act::Complete),
            ("assess", Act::Assess),
            ("recommend", Act::Recommend),
            ("decide", Act::Decide),
            ("decide-dismissal", Act::Decide),
            ("confirm", Act::Decide),
            ("confirm", Act::Return),
            ("return", Act::Return),
            ("decide-dismissal", Act::Return),
            ("ask-evidence", Act::Evidence),
        ];
        if self.untold().is_some() {
            acts.push(Act::Tell);
        }
        acts.extend(all.iter().filter(|(what, _)| self.may(what)).map(|(_, act)| *act));
        if self.may("recommend") {
            acts.push(Act::RecommendMore);
        }
        if self.may("decide") {
            acts.push(Act::DecideMore);
        }
        if self.work.application.summary.decision.is_some() {
            acts.push(Act::Letter);
        }
        if self.dismissal_paper().is_some() {
            acts.push(Act::Letter);
        }
        if self.second_letter().is_some() {
            acts.push(Act::SecondLetter);
        }
        if self.replaceable().is_some() {
            acts.insert(0, Act::Replace);
        } else if self.len() > 0 && self.tab < 2 {
            acts.push(if self.tab == 1 { Act::Why } else { Act::Open });
        } else if self.form().is_some() {
            acts.insert(0, Act::Open);
            acts.push(Act::SavePdf);
        } else if self.to_be_done().is_some() && !acts.contains(&Act::Complete) {
            acts.insert(0, Act::Complete);
        }
        acts.extend([
            Act::Documents,
            Act::Dossier,
            Act::Refresh,
            Act::Beside,
            Act::Course,
        ]);
        if self.receipt().is_some() {
            acts.push(Act::Receipt);
        }
        if self.may("withdraw") {
            acts.push(Act::Withdraw);
        }
        if self.may("choose-provider") {
            acts.push(Act::Provider);
        }
        if self.may("dismiss") {
            acts.push(Act::Dismiss);
        }
        if self.may("move-version") {
            acts.push(Act::MoveVersion);
        }
        acts
    }
    fn act(&mut self, act: Act, _chord: Chord, cx: &mut Cx<'_>) {
        let id = self.id();
        match act {
            Act::Open | Act::Why => self.open(cx),
            Act::SavePdf => {
                if let Some((at, _)) = self.form() {
                    cx.want(Effect::Submit(Ask::Step(StepAsk::Blank(at))));
                }
            }
            Act::Replace => {
                if let Some(item) = self.replaceable() {
                    let item = Box::new(item.clone());
                    cx.want(Effect::Open {
                        ask: Ask::ReplaceForm { id, item },
                        replace: false,
                    });
                }
            }
            Act::MoveVersion => {
                let summary = &self.work.application.summary;
                let number = visible(summary.number.as_deref().unwrap_or_default());
                let ask = Ask::Version(VersionAsk::See {
                    matter: id.cast(),
                    head: format!("{}  ·  {number}", card_line(&summary.applicant)),
                });
                cx.want(Effect::Open { ask, replace: false });
            }
            Act::Complete if self.to_be_done().is_some() => {
                let step = self.to_be_done().map(|step| Say::table(&step.name));
                let mut lines = vec![Say::raw(card_line(&self.work.application.summary.applicant))];
                lines.extend(step);
                cx.want(confirm(Say::key("task-done-ask"), lines, Act::Complete));
            }
            Act::Documents => cx.want(Effect::Open {
                ask: Ask::Documents(DocumentAsk::List {
                    person: self.work.application.summary.applicant.id,
                    matter: Some(id.cast()),
                }),
                replace: false,
            }),
            Act::Withdraw => cx.want(Effect::Push(Box::new(Screen::Withdraw(Box::new(
                WithdrawForm::new(&self.work),
            ))))),
            // Sent back for completion: what was typed is typed on.
            Act::Complete => {
                let s = &self.work.application.summary;
                let (benefit, person) = (s.benefit.clone(), s.applicant.id);
                cx.want(Effect::Open {
                    ask: Ask::Intake {
                        benefit,
                        person,
                        draft: Some(id),
                        local: false,
                    },
                    replace: true,
                });
            }
            Act::Provider => cx.want(Effect::Open {
                ask: Ask::Parties(PartyAsk::Providers {
                    application: self.id(),
                    revision: self.work.application.revision,
                    benefit: self.work.application.summary.benefit.clone(),
                }),
                replace: false,
            }),
            Act::Tell => {
                if let Some(notice) = self.untold() {
                    let once = cx.once();
                    cx.want(Effect::Submit(Ask::Tell { id, notice, once }));
                }
            }
            Act::Beside => {
                let ask = Ask::Beside(BesideAsk::See { application: id });
                cx.want(Effect::Open { ask, replace: false });
            }
            Act::Course => {
                let number = self.work.application.summary.number.clone().unwrap_or_default();
                let ask = Ask::Course(CourseAsk::See {
                    matter: id.cast(),
                    number,
                });
                cx.want(Effect::Open { ask, replace: false });
            }
            Act::Evidence => {
                let once = cx.once();
                cx.want(Effect::Submit(Ask::AskEvidence { id, once }));
            }
            Act::Assess => {
                let once = cx.once();
                cx.want(Effect::Submit(Ask::Assess { id, once }));
            }
            Act::Recommend | Act::RecommendMore => {
                match RecommendForm::new(&self.work, act == Act::RecommendMore, &cx.look) {
                    Some(form) => cx.want(Effect::Push(Box::new(Screen::Recommend(Box::new(form))))),
                    None => cx.wrong(Say::key("assessment-none")),
                }
            }
            Act::Dismiss => {
                let work = Box::new(self.work.clone());
                cx.want(Effect::Open {
                    ask: Ask::DismissForm { work },
                    replace: false,
                });
            }
            Act::Receipt => {
                if let Some(paper) = self.receipt() {
                    let ask = Ask::Paper {
                        id: paper,
                        width: super::letter::width(&cx.look),
                        deliver: None,
                    };
                    cx.want(Effect::Open { ask, replace: false });
                }
            }
            Act::Letter if self.dismissal_paper().is_some() => {
                if let Some(dismissal) = self.dismissal_paper() {
                    let ask = Ask::Paper {
                        id: dismissal,
                        width: super::letter::width(&cx.look),
                        deliver: self.may("deliver-dismissal").then_some(id),
                    };
                    cx.want(Effect::Open { ask, replace: false });
                }
            }
            Act::Decide if self.may("decide-dismissal") => self.decide_dismissal(cx),
            Act::Decide if self.may("confirm") => self.confirm_first(cx),
            Act::SecondLetter => {
                if let Some(decision) = self.second_letter() {
                    let ask = super::second::letter(FirstId::Decision(decision), &cx.look);
                    cx.want(Effect::Open { ask, replace: false });
                }
            }
            Act::DecideMore => self.decide_more(cx),
            // An amount that is left to the officers is not decided by one key.
            Act::Decide if super::amend::limit(&self.work).is_some() => self.decide_more(cx),
            Act::Decide => self.decide(cx),
            Act::Return => cx.want(Effect::Push(Box::new(Screen::Return(Box::new(ReturnForm::new(
                &self.work,
            )))))),
            Act::Letter => {
                if let Some(decision) = self.work.application.summary.decision {
                    cx.want(Effect::Open {
                        ask: Ask::Letter {
                            decision,
                            width: super::letter::width(&cx.look),
                        },
                        replace: false,
                    });
                }
            }
            Act::Dossier => cx.want(Effect::Open {
                ask: Ask::Dossier {
                    person: self.work.application.summary.applicant.id,
                },
                replace: false,
            }),
            Act::Refresh => cx.want(Effect::Submit(Ask::Application { id })),
            _ => cx.want(Effect::Bell),
        }
    }
    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) -> bool {
        match chord.key {
            Key::Enter => self.open(cx),
            Key::Tab | Key::Right => self.show((self.tab + 1) % TABS.len()),
            Key::BackTab | Key::Left => self.show((self.tab + TABS.len() - 1) % TABS.len()),
            Key::Char(c) if ('1'..='3').contains(&c) && !chord.ctrl => {
                self.show(c.to_digit(10).map_or(0, |n| n as usize) - 1)
            }
            _ => return self.len() > 0 && self.cursor.key(chord, self.len(), 10),
        }
        true
    }
    fn entered(&mut self, cx: &mut Cx<'_>) {
        self.watch(cx);
    }
    fn returned(&mut self, cx: &mut Cx<'_>) {
        cx.want(Effect::Submit(Ask::Application { id: self.id() }));
    }
    fn timer(&mut self, timer: TimerId, cx: &mut Cx<'_>) {
        if timer == TimerId::Poll {
            cx.want(Effect::Ask(Ask::Look { id: self.id() }));
        }
    }
    fn confirmed(&mut self, act: Act, cx: &mut Cx<'_>) {
        if act == Act::Dismiss {
            let once = cx.once();
            return cx.want(Effect::Submit(Ask::DecideDismissal { id: self.id(), once }));
        }
        if act == Act::Complete {
            if let Some(step) = self.to_be_done().map(|step| step.id) {
                let (matter, once) = (self.id().cast(), cx.once());
                cx.want(Effect::Submit(Ask::Complete { matter, step, once }));
            }
            return;
        }
        if self.may("confirm") {
            if let Some(first) = &self.work.decision {
                let (id, once) = (self.id(), cx.once());
                let body = Confirm {
                    decision: first.id,
                    says: Says::Confirm,
                    reason: None,
                };
                cx.want(Effect::Submit(Ask::Second(SecondAsk::Confirm { id, body, once })));
            }
            return;
        }
        if let Some(r) = &self.work.application.recommendation {
            let (assessment, outcome) = (
                self.work.assessment.as_ref().map_or(r.assessment, |s| s.id),
                r.outcome,
            );
            let once = cx.once();
            cx.want(Effect::Submit(Ask::Decide {
                id: self.id(),
                body: Decide {
                    assessment,
                    outcome,
                    paragraph: None,
                    amount: None,
                },
                once,
            }));
        }
    }
    fn answer(&mut self, ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match (ask, result) {
            (ask, Ok(Answer::Work(work))) => {
                self.work = *work;
                self.cursor.0 = self.cursor.0.min(self.len().saturating_sub(1));
                match ask {
                    Ask::Assess { .. } => {
                        self.show(1);
                        done(cx, "assessed");
                    }
                    Ask::AskEvidence { .. } => self.show(0),
                    _ => {}
                }
                self.watch(cx);
            }
            (Ask::Complete { .. }, Ok(_)) => {
                done(cx, "task-done");
                cx.want(Effect::Ask(Ask::Look { id: self.id() }));
            }
            (Ask::Step(StepAsk::Read(_)), Ok(Answer::Step(kit))) => {
                let overlay = super::step::read(&kit, &cx.look);
                cx.want(Effect::Overlay(Box::new(overlay)));
            }
            (Ask::Step(StepAsk::Blank(at)), Ok(Answer::Bytes(bytes))) => {
                let paper = super::step::paper(at, bytes, &cx.look);
                cx.want(paper);
            }
            (Ask::Second(_), Ok(Answer::Decision(first))) => {
                let number = super::second::said(&first).and_then(|it| it.number.clone());
                cx.want(Effect::Say(
                    Say::key("chain-done").with("number", number.unwrap_or_default()),
                    crate::app::Tone::Done,
                ));
                let ask = super::second::letter(FirstId::Decision(first.id), &cx.look);
                cx.want(Effect::Open { ask, replace: false });
            }
            (_, Ok(Answer::Decision(decision))) => {
                cx.want(Effect::Say(
                    Say::key("decided").with("number", &decision.number),
                    crate::app::Tone::Done,
                ));
                cx.want(Effect::Open {
                    ask: Ask::Letter {
                        decision: decision.id,
                        width: super::letter::width(&cx.look),
                    },
                    replace: false,
                });
            }
            // A look beside the typing that failed is tried again, without a word each time.
            (Ask::Look { .. }, Err(Fault::Offline(_))) => self.watch(cx),
            (_, Err(fault)) => cx.wrong(fault.say()),
            _ => {}
        }
    }
    fn status(&self, look: &Look<'_>) -> Say {
        let items = &self.work.evidence.items;
        let answered = items.iter().filter(|i| i.state != EvidenceState::Waiting).count();
        if self.waiting() {
            return Say::key("evidence-progress")
                .with("done", answered)
                .with("all", items.len());
        }
        match (self.tab, &self.work.assessment) {
            (1, Some(_)) if look.size.1 > 10 => Say::key("why-enter"),
            (2, _) if self.form().is_some() => Say::key("step-enter"),
            // How many there are, where the screen does not show them all.
            (0, _) if items.len() + 10 > usize::from(look.size.1) => {
                Say::key("list-count").with("n", items.len())
            }
            _ => Say::Nothing,
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        self.head(look, buffer, area);
        let names: Vec<String> = TABS
            .iter()
            .enumerate()
            .map(|(i, key)| format!("{} {}", i + 1, look.words.t(key)))
            .collect();
        let row = Rect::new(area.x, area.y + 3, area.width, 1);
        tabs(buffer, row, &names, self.tab, look);
        let body = Rect::new(area.x, area.y + 5, area.width, area.height.saturating_sub(5));
        match self.tab {
            0 => self.evidence(look, buffer, body),
            1 => self.assessment(look, buffer, body),
            _ => self.steps(look, buffer, body),
        }
    }
}

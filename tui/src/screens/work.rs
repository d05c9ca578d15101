//! An application under way: its steps, the evidence as it arrives, what the rules say, and the way to a decision.

use super::{
    Desk, done, why,
    widgets::{
        Cursor, card_line, day, evidence_key, instant, list, money, outcome_key, outcome_style, per, put,
        state_key, tabs, verdict,
    },
};
use crate::{
    api::documents::DocumentAsk,
    api::parties::PartyAsk,
    api::{Answer, Ask, Fault, SecondAsk, StepAsk, StepAt, Work, beside::BesideAsk},
    app::{Cx, Effect, Look, TimerId, confirm, keymap::Act, overlay::Line},
    i18n::Say,
    screens::{DecideForm, RecommendForm, ReturnForm, Screen, WithdrawForm},
    term::{Chord, Key},
    text::{fit, visible, wrap},
};
use karton_api::{
    applications::{Decide, EvidenceItem, EvidenceState},
    confirmations::{Confirm, Says},
    matters::{Step, StepState},
    notices::{Notice, NoticeState},
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
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
    fn id(&self) -> karton_api::Id<karton_api::value::Application> {
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
    fn untold(&self) -> Option<karton_api::Id<karton_api::value::Notice>> {
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
                    let (sign, state) = evidence_key(item.state);
                    let mut lines = vec![
                        Line::Pair(Say::key("evidence-institution"), Say::table(&item.institution)),
                        Line::Pair(Say::key("col-person"), Say::raw(card_line(&item.person))),
                        Line::Pair(
                            Say::key("evidence-state"),
                            Say::raw(format!("{sign} {}", cx.look.words.t(state))),
                        ),
                        Line::Pair(Say::key("evidence-facts"), Say::raw(item.facts.to_string())),
                        Line::Pair(
                            Say::key("evidence-contradicts"),
                            Say::raw(item.contradicts.to_string()),
                        ),
                        Line::Pair(Say::key("evidence-tries"), Say::raw(item.tries.to_string())),
                        Line::Pair(Say::key("evidence-message"), Say::raw(item.message.clone())),
                    ];
                    if let Some(problem) = &item.problem {
                        lines.push(Line::Text(0, Say::raw(problem.clone())));
                    }
                    cx.want(Effect::Overlay(Box::new(crate::app::overlay::Overlay::Text {
                        title: Say::table(&item.name),
                        lines,
                        at: 0,
                    })));
                }
            }
            (2, _) => self.open_form(cx),
            _ => cx.want(Effect::Bell),
        }
    }
    fn decide(&self, cx: &mut Cx<'_>) {
        let Some(recommendation) = &self.work.application.recommendation else {
            return;
        };
        let look = &cx.look;
        let outcome = look.words.t(outcome_key(recommendation.outcome));
        let mut lines = vec![
            Say::raw(card_line(&self.work.application.summary.applicant)),
            Say::key("decide-outcome").with("outcome", outcome),
        ];
        let amount = self
            .work
            .assessment
            .as_ref()
            .and_then(|s| s.assessment.amount.as_ref());
        if let (Some(amount), karton_api::assessments::Outcome::Grant) = (amount, recommendation.outcome) {
            lines.push(Say::raw(format!(
                "{} {}",
                money(amount.money, look),
                per(amount.per, look)
            )));
        }
        lines.push(Say::key("decide-recommended-by").with("officer", &recommendation.by.name));
        lines.push(Say::key("decide-says"));
        cx.want(confirm(Say::key("decide-ask"), lines, Act::Decide));
    }
    /// What the applicant was given last: the confirmation of the withdrawal, else the receipt.
    fn receipt(&self) -> Option<karton_api::Id<karton_api::value::Letter>> {
        let it = &self.work.application;
        let lodged = it.lodging.as_ref().filter(|lodging| lodging.letter.is_some());
        let withdrawn = it.withdrawal.as_ref().map(|paper| paper.id);
        withdrawn.or(lodged.map(|lodging| lodging.id))
    }
    /// The letter of a dismissal that was decided.
    fn dismissal_paper(&self) -> Option<karton_api::Id<karton_api::value::Letter>> {
        let dismissal = self.work.application.dismissal.as_ref()?;
        dismissal.decided_at.map(|_| dismissal.id)
    }
    /// The decision whose second letter can be read.
    fn second_letter(&self) -> Option<karton_api::Id<karton_api::value::Decision>> {
        let first = self.work.decision.as_ref()?;
        super::second::said(first)?.letter?;
        Some(first.id)
    }
    /// The second body confirms what the first one granted, seeing what that was.
    fn confirm_first(&self, cx: &mut Cx<'_>) {
        let Some(first) = &self.work.decision else {
            return;
        };
        let look = &cx.look;
        let mut lines = vec![Say::raw(card_line(&self.work.application.summary.applicant))];
        let granted = first.granted.or(first.amount.as_ref().map(|amount| amount.money));
        if let Some(granted) = granted {
            let each = first.amount.as_ref().map(|amount| per(amount.per, look));
            lines.push(Say::raw(format!(
                "{} {}",
                money(granted, look),
                each.unwrap_or_default()
            )));
        }
        lines.push(Say::key("decide-recommended-by").with("officer", &first.recommendation.by.name));
        let question = super::second::question(first, lines, look);
        cx.want(question);
    }
    fn decide_dismissal(&self, cx: &mut Cx<'_>) {
        let Some(dismissal) = &self.work.application.dismissal else {
            return;
        };
        let mut lines = vec![
            Say::raw(card_line(&self.work.application.summary.applicant)),
            Say::table(&dismissal.reason_name),
            Say::raw(visible(&dismissal.words)),
        ];
        lines.extend(dismissal.forward_to.iter().map(|body| Say::raw(visible(body))));
        lines.push(Say::key("decide-recommended-by").with("officer", &dismissal.proposed_by.name));
        lines.push(Say::key("decide-says"));
        cx.want(confirm(Say::key("dismissal-ask"), lines, Act::Dismiss));
    }
    /// When the decision is due and how that comes about: the term stands still while the applicant completes.
    fn due(&self, look: &Look<'_>) -> String {
        let due_on = self.work.application.summary.due_on;
        let say = match &self.work.application.term {
            Some(term) if term.due_on.is_none() => Say::key("due-stands-still")
                .with("since", day(term.pauses.last().map(|pause| pause.from)))
                .with(
                    "until",
                    day(self.work.application.returned.as_ref().map(|it| it.until)),
                ),
            Some(term) if term.stood_still > 0 => Say::key("due-on-after")
                .with("day", day(due_on))
                .with("first", day(Some(term.first_due_on)))
                .with("n", term.stood_still),
            _ => Say::key("due-on").with("day", day(due_on)),
        };
        look.words.say(&say)
    }
    fn head(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) {
        let summary = &self.work.application.summary;
        let mut who = card_line(&summary.applicant);
        // An organisation that asks stands before the one on whose account; a provider who is paid behind.
        if let Some(organisation) = &summary.organisation {
            who = format!("{}  ·  {who}", visible(&organisation.name));
        }
        if let Some(chosen) = &self.work.application.provider {
            who = format!("{who}  →  {}", visible(&chosen.organisation.name));
        }
        put(buffer, area, 0, &who, look.theme.strong());
        let text = format!(
            "{}  ·  {}  ·  {}",
            visible(look.words.pick(&summary.benefit_name)),
            look.words.t(state_key(summary.state)),
            self.due(look)
        );
        put(buffer, area, 1, &text, Style::new());
        if let Some(standing) = self
            .work
            .decision
            .as_ref()
            .and_then(|it| super::second::standing(it, look))
        {
            put(
                buffer,
                area,
                2,
                &fit(&standing, area.width.into()),
                look.theme.open(),
            );
        }
    }
    fn assessment(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        let Some(stored) = &self.work.assessment else {
            put(buffer, area, 0, &look.words.t("assessment-none"), Style::new());
            return None;
        };
        let a = &stored.assessment;
        put(
            buffer,
            area,
            0,
            &why::headline(a, look),
            outcome_style(a.outcome, look).add_modifier(ratatui::style::Modifier::BOLD),
        );
        let mut notes = why::differing(a, look);
        if stored.outdated {
            notes.push(look.words.t("assessment-outdated"));
        }
        if a.unconfirmed {
            notes.push(look.words.t("assessment-unconfirmed"));
        }
        if !stored.not_verified.is_empty() {
            let names: Vec<String> = stored
                .not_verified
                .iter()
                .map(|m| why::missing(m, look))
                .collect();
            notes.push(
                look.words.say(
                    &Say::key("assessment-not-verified")
                        .with("n", names.len())
                        .with("facts", names.join("; ")),
                ),
            );
        }
        if let Some(r) = &self.work.application.recommendation {
            let outcome = look.words.t(outcome_key(r.outcome));
            let note = r
                .note
                .as_deref()
                .map(|n| format!(" „{}“", visible(n)))
                .unwrap_or_default();
            let says = Say::key("recommended-by")
                .with("officer", &r.by.name)
                .with("outcome", outcome);
            notes.push(format!("{}{note}", look.words.say(&says)));
        }
        if let Some(dismissal) = &self.work.application.dismissal {
            let key = if dismissal.decided_at.is_some() {
                "dismissed-by"
            } else {
                "dismissal-proposed-by"
            };
            notes.push(
                look.words.say(
                    &Say::key(key)
                        .with(
                            "officer",
                            &dismissal
                                .decided_by
                                .as_ref()
                                .unwrap_or(&dismissal.proposed_by)
                                .name,
                        )
                        .with("reason", look.words.pick(&dismissal.reason_name)),
                ),
            );
        }
        if let Some(returned) = &self.work.application.returned {
            notes.push(
                look.words.say(
                    &Say::key("returned-by")
                        .with("officer", &returned.by.name)
                        .with("reason", &returned.reason),
                ),
            );
        }
        let mut line = 1;
        for note in notes {
            // Two lines at most, and it shows where words are missing.
            let note = fit(
                &format!("! {note}"),
                usize::from(area.width).saturating_mul(2).saturating_sub(12),
            );
            for text in &crate::text::wrap(&note, area.width.into()) {
                put(buffer, area, line, text, look.theme.open());
                line += 1;
            }
        }
        line += 1;
        let body = Rect::new(
            area.x,
            area.y + line,
            area.width,
            area.height.saturating_sub(line),
        );
        let unconfirmed = look.words.t("unconfirmed-short");
        let article = |c: &karton_api::assessments::Condition| {
            crate::text::width(if c.confirmed { &c.law } else { &unconfirmed })
        };
        // An article is not cut where there is room for the whole of it: it is what is looked for.
        let law = a.conditions.iter().map(article).max().unwrap_or(0).clamp(13, 20);
        let text = usize::from(area.width).saturating_sub(law + 3);
        list(buffer, body, self.lines(), self.cursor, look, |i| {
            match (a.conditions.get(i), &a.amount) {
                (Some(c), _) => {
                    let (sign, style) = verdict(c.verdict, look);
                    let article = if c.confirmed {
                        visible(&c.law)
                    } else {
                        unconfirmed.clone()
                    };
                    vec![
                        (sign.to_owned(), 1, style),
                        (visible(look.words.pick(&c.text)), text, Style::new()),
                        (article, law, look.theme.quiet()),
                    ]
                }
                (None, Some(amount)) => {
                    let sum = format!(
                        "{}: {} {}",
                        look.words.t("amount"),
                        money(amount.money, look),
                        per(amount.per, look)
                    );
                    vec![
                        ("=".to_owned(), 1, look.theme.strong()),
                        (sum, text, look.theme.strong()),
                        (visible(&amount.law), law, look.theme.quiet()),
                    ]
                }
                (None, None) => Vec::new(),
            }
        })
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
        }
        acts.extend([Act::Documents, Act::Dossier, Act::Refresh, Act::Beside]);
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
                    let width = super::letter::width(&cx.look);
                    let ask = Ask::Second(SecondAsk::Letter { decision, width });
                    cx.want(Effect::Open { ask, replace: false });
                }
            }
            Act::DecideMore => {
                if let Some(form) = DecideForm::new(&self.work, &cx.look) {
                    cx.want(Effect::Push(Box::new(Screen::DecideMore(Box::new(form)))));
                }
            }
            // An amount that is left to the officers is not decided by one key.
            Act::Decide if super::amend::limit(&self.work).is_some() => {
                if let Some(form) = DecideForm::new(&self.work, &cx.look) {
                    cx.want(Effect::Push(Box::new(Screen::DecideMore(Box::new(form)))));
                }
            }
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
                let width = super::letter::width(&cx.look);
                let ask = Ask::Second(SecondAsk::Letter {
                    decision: first.id,
                    width,
                });
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
        tabs(
            buffer,
            Rect::new(area.x, area.y + 3, area.width, 1),
            &names,
            self.tab,
            look,
        );
        let body = Rect::new(area.x, area.y + 5, area.width, area.height.saturating_sub(5));
        match self.tab {
            0 if self.work.evidence.items.is_empty() => {
                put(buffer, body, 0, &look.words.t("evidence-none"), Style::new());
                None
            }
            0 => {
                let name = usize::from(area.width).saturating_sub(41).min(60);
                list(
                    buffer,
                    body,
                    self.work.evidence.items.len(),
                    self.cursor,
                    look,
                    |i| {
                        let item = &self.work.evidence.items[i];
                        let (sign, state) = evidence_key(item.state);
                        let style = match item.state {
                            EvidenceState::Answered | EvidenceState::Nothing | EvidenceState::Replaced => {
                                look.theme.good()
                            }
                            EvidenceState::Waiting | EvidenceState::Silent => look.theme.open(),
                            EvidenceState::Unusable => look.theme.bad(),
                        };
                        let differs = item.contradicts > 0;
                        let state = if differs {
                            format!("! {}", look.words.t("evidence-differs"))
                        } else {
                            look.words.t(state)
                        };
                        vec![
                            (sign.to_owned(), 1, style),
                            (visible(look.words.pick(&item.name)), name, Style::new()),
                            (super::widgets::full_name(&item.person.name), 20, Style::new()),
                            (state, 16, if differs { look.theme.bad() } else { style }),
                        ]
                    },
                )
            }
            1 => self.assessment(look, buffer, body),
            _ => {
                let body = self.notices(look, buffer, body);
                list(
                    buffer,
                    body,
                    self.work.application.steps.len(),
                    self.cursor,
                    look,
                    |i| {
                        let step = &self.work.application.steps[i];
                        let (sign, key) = match step.state {
                            StepState::Open => ("○", "step-open"),
                            StepState::Started => ("●", "step-started"),
                            StepState::Done => ("✓", "step-done"),
                            StepState::Dropped => ("·", "step-dropped"),
                        };
                        let who = step
                            .done_by
                            .as_ref()
                            .or(step.assigned_to.as_ref())
                            .map(|o| visible(&o.name))
                            .or(step.office.as_ref().map(|office| visible(&office.code)))
                            .unwrap_or_default();
                        vec![
                            (
                                sign.to_owned(),
                                1,
                                if step.state == StepState::Done {
                                    look.theme.good()
                                } else {
                                    Style::new()
                                },
                            ),
                            (visible(look.words.pick(&step.name)), 26, Style::new()),
                            (look.words.t(key), 12, Style::new()),
                            (
                                day(step
                                    .done_at
                                    .map(|t| t.to_zoned(jiff::tz::TimeZone::system()).date())
                                    .or(step.due_on)),
                                10,
                                look.theme.quiet(),
                            ),
                            (who, 24, look.theme.quiet()),
                        ]
                    },
                )
            }
        }
    }
}

impl WorkScreen {
    /// Whom other institutions' answers are awaited from, above the steps; gives the room that is left.
    fn notices(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Rect {
        let mut y = 0;
        for notice in &self.work.application.notices {
            let (sign, style) = match notice.state {
                NoticeState::Taken => ("✓", look.theme.good()),
                NoticeState::Waiting => ("○", look.theme.open()),
                NoticeState::Silent => ("?", look.theme.bad()),
                NoticeState::Refused => ("✗", look.theme.bad()),
            };
            let told = notice_said(notice, look);
            for line in wrap(&format!("{sign} {told}"), area.width.into()) {
                put(buffer, area, y, &line, style);
                y += 1;
            }
        }
        let used = if y > 0 { y + 1 } else { 0 };
        let used = used.min(area.height);
        Rect::new(area.x, area.y + used, area.width, area.height - used)
    }
}

/// How another institution stands to what it was told, as a sentence.
pub(super) fn notice_said(notice: &Notice, look: &Look<'_>) -> String {
    let key = match notice.state {
        NoticeState::Taken => "notice-taken",
        NoticeState::Waiting => "notice-waiting",
        NoticeState::Silent => "notice-silent",
        NoticeState::Refused => "notice-refused",
    };
    let told = Say::key(key)
        .with("institution", visible(look.words.pick(&notice.institution)))
        .with("at", instant(notice.answered_at.unwrap_or(notice.posted_at)))
        .with("receipt", visible(notice.receipt.as_deref().unwrap_or("–")))
        .with("tries", notice.tries)
        .with("why", visible(notice.problem.as_deref().unwrap_or("–")));
    look.words.say(&told)
}

//! The tasks: mine, my office's, overdue; and what was begun here and not sent.

use super::{
    Desk, done,
    find::Find,
    step,
    widgets::{Cursor, card_line, full_name, list, put, tabs},
};
use crate::{
    api::{
        Answer, Ask, CaseAsk, Fault, StepAsk, StepAt, admin::AdminAsk, documents::DocumentAsk,
        people::PeopleAsk,
    },
    app::{
        Cx, Effect, Look, confirm,
        keymap::Act,
        overlay::{Line, Overlay},
    },
    form::{Choice, Picker, date},
    i18n::Say,
    screens::{Intake, Screen, StepForm},
    term::{Chord, Key},
    text::{visible, width},
};
use karton_api::{
    Id,
    duplicates::{MergeState, PairState},
    matters::{Queue, Task},
    session::Role,
    value,
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

const QUEUES: [(Queue, &str); 3] = [
    (Queue::Mine, "queue-mine"),
    (Queue::Office, "queue-office"),
    (Queue::Overdue, "queue-overdue"),
];

/// The start screen.
#[derive(Debug, Clone)]
pub struct Home {
    queue: Queue,
    tasks: Vec<Task>,
    cursor: Cursor,
    /// A draft whose dossier no longer opens here.
    gone: Option<String>,
}

/// What was begun in this client and not sent.
struct Waiting {
    key: String,
    /// The benefit's code, or the step's name.
    what: String,
    /// Whose.
    name: String,
    opens: Opens,
}

/// What a draft opens.
#[derive(Debug, Clone)]
enum Opens {
    Intake(String, Id<value::Person>),
    Step(Box<StepAt>),
}

/// Drafts of the one who is signed in: `intake|user|benefit|person` and `step|user|matter|step`.
fn waiting_drafts(look: &Look<'_>) -> Vec<Waiting> {
    let user = look.session.map_or("", |s| s.user.as_str());
    let own = |(key, body): (&String, &serde_json::Value)| {
        let mut parts = key.split('|');
        let (kind, whose, benefit, person) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let name = body.get("name").and_then(|n| n.as_str()).unwrap_or("").to_owned();
        let (what, opens) = match kind {
            "intake" => (
                benefit.to_owned(),
                Opens::Intake(benefit.to_owned(), person.parse().ok()?),
            ),
            "step" => {
                let at = step::at_of_draft(body)?;
                (look.words.pick(&at.name).to_owned(), Opens::Step(Box::new(at)))
            }
            _ => return None,
        };
        (whose == user).then(|| Waiting {
            key: key.clone(),
            what,
            name,
            opens,
        })
    };
    look.drafts.iter().filter_map(own).collect()
}

/// What a task is about besides the person.
fn about(task: &Task, look: &Look<'_>) -> Say {
    let Some(about) = &task.about else {
        return Say::Nothing;
    };
    let words = match about.what.as_str() {
        "award-of-the-dead" => "task-award-of-the-dead",
        "award-of-the-household" => "task-award-of-the-household",
        _ => "task-matter-after-death",
    };
    let day = about.day.map(date::show).unwrap_or_default();
    let benefit = task.benefit.clone().unwrap_or_else(|| look.words.t("col-task"));
    Say::key(words)
        .with("day", day)
        .with("benefit", visible(&benefit))
}

/// What is asked about when a task is done: whose it is, what it is and its number, and what brought it about.
fn asked_of(task: &Task, look: &Look<'_>) -> Vec<Say> {
    let mut lines: Vec<Say> = task.person.iter().map(|card| Say::raw(card_line(card))).collect();
    let mut what = visible(look.words.pick(&task.name));
    if let Some(number) = &task.number {
        what.push_str(&format!("  ·  {}", visible(number)));
    }
    lines.push(Say::raw(what));
    let about = about(task, look);
    if !about.is_nothing() {
        lines.push(about);
    }
    lines
}

/// So wide are the tasks' names, on a narrow screen and on a wide one.
const TASK_CELLS: (usize, usize) = (24, 34);

impl Home {
    /// With these tasks.
    pub fn new(queue: Queue, tasks: Vec<Task>) -> Home {
        Home {
            queue,
            tasks,
            cursor: Cursor::default(),
            gone: None,
        }
    }
    fn show(&mut self, queue: Queue, cx: &mut Cx<'_>) {
        self.queue = queue;
        cx.want(Effect::Submit(Ask::Tasks { queue }));
    }
    fn current(&self) -> Option<&Task> {
        self.tasks.get(self.cursor.0)
    }
}

impl Home {
    /// Who else has the task under the cursor: their work may be handed over.
    fn holder(&self, look: &Look<'_>) -> Option<karton_api::common::OfficerRef> {
        let me = look.session.map(|session| session.officer);
        let holder = self.current()?.assigned_to.clone()?;
        (Some(holder.id) != me).then_some(holder)
    }
}

/// The form that completes a task, where it is one of a step that no legal act completes.
fn form_of(task: &Task) -> Option<StepAt> {
    let person = task.person.as_ref()?.id;
    let form = task.form.clone().filter(|_| task.act.is_none())?;
    Some(StepAt {
        matter: task.matter,
        step: task.id,
        key: task.step.clone(),
        name: task.name.clone(),
        form,
        person,
        number: task.number.clone().unwrap_or_default(),
        applied: task.benefit.is_some(),
    })
}

/// Steps that nothing else completes: somebody says that they are done. Legal acts have commands of their own.
fn by_hand(task: &Task) -> bool {
    let outside = ["form", "refer", "review", "notify"].contains(&task.kind.as_str());
    task.about.is_some() || (task.act.is_none() && outside)
}

impl Desk for Home {
    fn help(&self, _look: &Look<'_>) -> Vec<Line> {
        vec![Line::Text(0, Say::key("help-home"))]
    }
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("title-home")
    }
    fn acts(&self, look: &Look<'_>) -> Vec<Act> {
        let mut acts = vec![Act::Find, Act::Register];
        if self.current().is_some() {
            acts.extend([Act::Open, Act::Take]);
        }
        if self.current().is_some_and(by_hand) {
            acts.push(Act::Complete);
        }
        if self.current().and_then(form_of).is_some() {
            acts.push(Act::SavePdf);
        }
        if !waiting_drafts(look).is_empty() {
            acts.push(Act::Drafts);
        }
        let approves = look
            .session
            .is_some_and(|s| s.roles.contains(&karton_api::session::Role::Approver));
        if approves && self.current().is_some_and(|task| task.benefit.is_some()) {
            acts.push(Act::Many);
        }
        acts.extend([
            Act::Cases,
            Act::Mine,
            Act::Office,
            Act::Overdue,
            Act::Dossier,
            Act::FindDocuments,
            Act::WhatIf,
            Act::Signals,
            Act::Classifier,
            Act::Organisations,
            Act::Refresh,
        ]);
        if look.session.is_some_and(|s| s.roles.contains(&Role::Approver)) {
            acts.push(Act::Imports);
        }
        let names = look.session.is_some_and(|s| {
            s.roles.contains(&karton_api::session::Role::Approver)
                || s.roles.contains(&karton_api::session::Role::Admin)
        });
        if names {
            acts.push(Act::Deputies);
            if self.holder(look).is_some() {
                acts.push(Act::HandOver);
            }
        }
        acts.push(Act::Doubles);
        if look
            .session
            .is_some_and(|s| s.roles.contains(&Role::Caseworker) || s.roles.contains(&Role::Approver))
        {
            acts.extend([Act::Merges, Act::Transfers]);
        }
        acts
    }
    fn act(&mut self, act: Act, _chord: Chord, cx: &mut Cx<'_>) {
        match act {
            Act::Find | Act::Dossier => cx.want(Effect::Push(Box::new(Screen::Find(Find::new(None))))),
            Act::FindDocuments => cx.want(Effect::Open {
                ask: Ask::Documents(DocumentAsk::SearchForm),
                replace: false,
            }),
            Act::Signals => cx.want(Effect::Open {
                ask: Ask::Signals {
                    state: karton_api::signals::SignalState::Open,
                },
                replace: false,
            }),
            Act::Organisations => {
                let screen = super::Screen::Organisations(Box::default());
                cx.want(Effect::Push(Box::new(screen)));
            }
            Act::Classifier => cx.want(Effect::Open {
                ask: Ask::Classifiers,
                replace: false,
            }),
            Act::WhatIf => cx.want(Effect::Open {
                ask: Ask::WhatIfBenefits,
                replace: false,
            }),
            Act::Register => cx.want(Effect::Open {
                ask: Ask::RegisterForm {
                    text: String::new(),
                    head: None,
                },
                replace: false,
            }),
            Act::Open | Act::Complete if self.current().and_then(form_of).is_some() => {
                if let Some(at) = self.current().and_then(form_of) {
                    let ask = Ask::Step(StepAsk::Form(at));
                    cx.want(Effect::Open { ask, replace: false });
                }
            }
            Act::SavePdf => {
                if let Some(at) = self.current().and_then(form_of) {
                    cx.want(Effect::Submit(Ask::Step(StepAsk::Blank(at))));
                }
            }
            Act::Open => {
                if let Some(task) = self.current() {
                    let person = task.person.as_ref().map(|card| card.id);
                    let ask = match (&task.about, person, &task.benefit) {
                        // The end of a right that is proposed is opened itself; a look has the purpose of the task it comes from.
                        (Some(_), Some(person), _) if task.act.is_none() => Ask::DossierFor {
                            person,
                            purpose: karton_api::dossiers::Purpose::Review,
                        },
                        // What asks for no benefit is social work.
                        (None, _, None) => Ask::Cases(CaseAsk::See {
                            id: task.matter.cast(),
                            write: false,
                        }),
                        _ => Ask::Application {
                            id: task.matter.cast(),
                        },
                    };
                    cx.want(Effect::Open { ask, replace: false });
                }
            }
            Act::Take => {
                let me = cx.look.session.map(|s| s.officer);
                if let Some(task) = self.tasks.get(self.cursor.0) {
                    let mine = task.assigned_to.as_ref().map(|o| o.id) == me;
                    let (matter, step, officer) = (task.matter, task.id, if mine { None } else { me });
                    let once = cx.once();
                    cx.want(Effect::Submit(Ask::Take {
                        matter,
                        step,
                        officer,
                        once,
                    }));
                }
            }
            Act::Complete => {
                let lines = self
                    .current()
                    .map(|task| asked_of(task, &cx.look))
                    .unwrap_or_default();
                cx.want(confirm(Say::key("task-done-ask"), lines, Act::Complete));
            }
            Act::Drafts => {
                let drafts = waiting_drafts(&cx.look);
                if let [only] = &drafts[..] {
                    return self.chosen(&only.key, cx);
                }
                let choice = |it: Waiting| Choice {
                    note: Say::raw(visible(&it.what)),
                    ..Choice::new(it.key, Say::raw(it.name))
                };
                let picker = Picker::new(
                    Say::key("act-drafts"),
                    drafts.into_iter().map(choice).collect(),
                    "",
                );
                cx.want(Effect::Overlay(Box::new(Overlay::Pick(picker))));
            }
            Act::Many => {
                if let Some(benefit) = self.current().and_then(|task| task.benefit.clone()) {
                    cx.want(Effect::Open {
                        ask: Ask::Ready {
                            benefit,
                            outcome: karton_api::assessments::Outcome::Grant,
                        },
                        replace: false,
                    });
                }
            }
            Act::Imports => cx.want(Effect::Open {
                ask: Ask::Admin(AdminAsk::Imports),
                replace: false,
            }),
            Act::Cases => cx.want(Effect::Open {
                ask: Ask::Cases(CaseAsk::List { mine: true }),
                replace: false,
            }),
            Act::HandOver => {
                if let Some(officer) = self.holder(&cx.look) {
                    cx.want(Effect::Open {
                        ask: Ask::OpenWork { officer },
                        replace: false,
                    });
                }
            }
            Act::Doubles | Act::Merges | Act::Transfers => {
                let ask = match act {
                    Act::Doubles => PeopleAsk::Pairs {
                        state: PairState::Open,
                        person: None,
                    },
                    Act::Merges => PeopleAsk::Merges {
                        state: MergeState::Proposed,
                    },
                    _ => PeopleAsk::Transfers,
                };
                cx.want(Effect::Open {
                    ask: Ask::People(ask),
                    replace: false,
                });
            }
            Act::Deputies => cx.want(Effect::Open {
                ask: Ask::Deputies,
                replace: false,
            }),
            Act::Mine => self.show(Queue::Mine, cx),
            Act::Office => self.show(Queue::Office, cx),
            Act::Overdue => self.show(Queue::Overdue, cx),
            Act::Refresh => self.show(self.queue, cx),
            _ => cx.want(Effect::Bell),
        }
    }
    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) -> bool {
        let at = QUEUES.iter().position(|(q, _)| *q == self.queue).unwrap_or(0);
        match chord.key {
            Key::Tab | Key::Right => self.show(QUEUES[(at + 1) % 3].0, cx),
            Key::BackTab | Key::Left => self.show(QUEUES[(at + 2) % 3].0, cx),
            // A digit begins a number: a national one, a birth date, a dossier's.
            Key::Char(c) if c.is_ascii_digit() && !chord.ctrl => {
                cx.want(Effect::Push(Box::new(Screen::Find(Find::with(&c.to_string())))));
            }
            _ => {
                return self.cursor.key(
                    chord,
                    self.tasks.len(),
                    usize::from(cx.look.size.1).saturating_sub(8),
                );
            }
        }
        true
    }
    fn answer(&mut self, ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match (ask, result) {
            (_, Ok(Answer::Tasks(tasks))) => {
                self.tasks = tasks;
                self.cursor.0 = self.cursor.0.min(self.tasks.len().saturating_sub(1));
            }
            (Ask::Take { officer, .. }, Ok(_)) => {
                done(
                    cx,
                    if officer.is_some() {
                        "task-taken"
                    } else {
                        "task-given-back"
                    },
                );
                cx.want(Effect::Submit(Ask::Tasks { queue: self.queue }));
            }
            (Ask::Complete { .. }, Ok(_)) => {
                done(cx, "task-done");
                cx.want(Effect::Submit(Ask::Tasks { queue: self.queue }));
            }
            (Ask::Step(StepAsk::Blank(at)), Ok(Answer::Bytes(bytes))) => {
                let paper = step::paper(at, bytes, &cx.look);
                cx.want(paper);
            }
            (Ask::Intake { .. }, Ok(Answer::Intake(kit))) => {
                let intake = Screen::Intake(Box::new(Intake::new(*kit, true, &cx.look)));
                cx.want(Effect::Push(Box::new(intake)));
            }
            (Ask::Step(StepAsk::Form(_)), Ok(Answer::Step(kit))) => {
                let form = Screen::Step(Box::new(StepForm::new(*kit, &cx.look)));
                cx.want(Effect::Push(Box::new(form)));
            }
            // The dossier went to another office, or it is one's own family's now: what was typed has no place to go.
            (Ask::Intake { .. } | Ask::Step(StepAsk::Form(_)), Err(Fault::Problem(problem)))
                if matches!(problem.slug(), "not-found" | "own-dossier" | "applicant-died") =>
            {
                let who = waiting_drafts(&cx.look)
                    .into_iter()
                    .find(|it| self.gone.as_ref() == Some(&it.key))
                    .map(|it| it.name)
                    .unwrap_or_default();
                let lines = vec![
                    Say::key("draft-gone-says").with("who", visible(&who)),
                    Say::key("draft-gone-why"),
                ];
                cx.want(confirm(Say::key("draft-gone-ask"), lines, Act::Discard));
            }
            (_, Err(fault)) => cx.wrong(fault.say()),
            _ => {}
        }
    }
    fn confirmed(&mut self, act: Act, cx: &mut Cx<'_>) {
        match act {
            Act::Discard => {
                if let Some(key) = self.gone.take() {
                    cx.want(Effect::Draft(key, None));
                    done(cx, "draft-discarded");
                }
            }
            Act::Complete => {
                if let Some(task) = self.tasks.get(self.cursor.0) {
                    let (matter, step) = (task.matter, task.id);
                    let once = cx.once();
                    cx.want(Effect::Submit(Ask::Complete { matter, step, once }));
                }
            }
            _ => {}
        }
    }
    fn chosen(&mut self, code: &str, cx: &mut Cx<'_>) {
        let draft = waiting_drafts(&cx.look).into_iter().find(|it| it.key == code);
        let Some(draft) = draft else { return };
        self.gone = Some(draft.key);
        match draft.opens {
            Opens::Intake(benefit, person) => cx.want(Effect::Submit(Ask::Intake {
                benefit,
                person,
                draft: None,
                local: true,
            })),
            Opens::Step(at) => cx.want(Effect::Submit(Ask::Step(StepAsk::Form(*at)))),
        }
    }
    fn returned(&mut self, cx: &mut Cx<'_>) {
        // What was done above may have changed the tasks; the list is looked at again beside whatever is typed.
        cx.want(Effect::Submit(Ask::Tasks { queue: self.queue }));
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        let names: Vec<String> = QUEUES.iter().map(|(_, key)| look.words.t(key)).collect();
        let open = QUEUES.iter().position(|(q, _)| *q == self.queue).unwrap_or(0);
        tabs(buffer, area, &names, open, look);
        let drafts = waiting_drafts(look);
        let mut top = 2;
        if !drafts.is_empty() {
            let who: Vec<String> = drafts
                .iter()
                .map(|it| format!("{} ({})", visible(&it.name), visible(&it.what)))
                .collect();
            let says = look.words.say(
                &Say::key("drafts-wait")
                    .with("n", drafts.len())
                    .with("who", who.join(", ")),
            );
            put(buffer, area, 2, &says, look.theme.open());
            top = 4;
        }
        let families = &look.demo.families;
        let rows = u16::try_from(self.tasks.len()).unwrap_or(u16::MAX);
        if !families.is_empty() && top + rows.saturating_add(4) < area.height {
            // The demo says whom to try, where the list leaves room for it.
            let shown = families
                .len()
                .min(usize::from(area.height - top - rows - 4))
                .min(6);
            let first = area.height - u16::try_from(shown).unwrap_or(0);
            put(
                buffer,
                area,
                first - 1,
                &look.words.t("demo-families"),
                look.theme.heading(),
            );
            for (i, family) in families.iter().take(shown).enumerate() {
                let text = format!(
                    "{}  {}  {}",
                    family.number,
                    visible(&family.name),
                    visible(look.words.pick(&family.says))
                );
                put(
                    buffer,
                    area,
                    first + u16::try_from(i).unwrap_or(0),
                    &text,
                    Style::new(),
                );
            }
        }
        if self.tasks.is_empty() {
            put(buffer, area, top, &look.words.t("tasks-none"), Style::new());
            // Whoever begins has nothing in hand: what waits is the office's.
            let next = match self.queue {
                Queue::Mine => "tasks-none-mine",
                _ => "tasks-none-next",
            };
            put(buffer, area, top + 1, &look.words.t(next), look.theme.quiet());
            return None;
        }
        let wide = area.width >= 100;
        let task_cells = if wide { TASK_CELLS.1 } else { TASK_CELLS.0 };
        let name = usize::from(area.width).saturating_sub(task_cells + if wide { 57 } else { 35 });
        let header = [
            ("col-due", 11),
            ("col-person", name),
            ("col-task", task_cells),
            ("col-number", 19),
            ("col-officer", 20),
        ];
        let mut x = area.x;
        for (key, cells) in header.iter().take(if wide { 5 } else { 4 }) {
            buffer.set_string(x, area.y + top, look.words.t(key), look.theme.quiet());
            x += u16::try_from(cells + 1).unwrap_or(0);
        }
        let body = Rect::new(
            area.x,
            area.y + top + 1,
            area.width,
            area.height.saturating_sub(top + 1),
        );
        list(buffer, body, self.tasks.len(), self.cursor, look, |i| {
            let task = &self.tasks[i];
            let due = task.due_on.map(date::show).unwrap_or_default();
            let due_style = if task.overdue {
                look.theme.bad()
            } else {
                Style::new()
            };
            let person = task
                .person
                .as_ref()
                .map(|p| full_name(&p.name))
                .unwrap_or_default();
            let mine = task
                .assigned_to
                .as_ref()
                .is_some_and(|o| look.session.is_some_and(|s| s.officer == o.id));
            let mark = if task.blocked {
                "‖ "
            } else if mine {
                "● "
            } else {
                ""
            };
            // The applicant did not complete in time: somebody has to say what becomes of it.
            let lapsed = task.overdue && task.act.as_deref() == Some("lodge");
            let name_of_task = if lapsed {
                look.words.t("task-lapsed")
            } else {
                visible(look.words.pick(&task.name))
            };
            let mut row = vec![
                (if task.overdue { format!("{due}!") } else { due }, 11, due_style),
                (format!("{mark}{person}"), name, Style::new()),
                (
                    name_of_task,
                    task_cells,
                    if lapsed { look.theme.bad() } else { Style::new() },
                ),
                (visible(task.number.as_deref().unwrap_or("")), 19, Style::new()),
            ];
            if wide {
                row.push((
                    task.assigned_to
                        .as_ref()
                        .map(|o| visible(&o.name))
                        .unwrap_or_default(),
                    20,
                    look.theme.quiet(),
                ));
            }
            row
        })
    }
    fn status(&self, look: &Look<'_>) -> Say {
        match self.current() {
            Some(task) if task.blocked => match &task.office {
                Some(office) => {
                    Say::key("task-elsewhere").with("office", visible(look.words.pick(&office.name)))
                }
                None => Say::key("task-blocked"),
            },
            Some(task) if task.about.is_some() => about(task, look),
            // A name that the list has no room for.
            Some(task) if width(look.words.pick(&task.name)) > TASK_CELLS.0 && look.size.0 < 102 => {
                Say::raw(visible(look.words.pick(&task.name)))
            }
            Some(_) if look.size.1 > 10 => Say::key("tasks-count")
                .with("n", self.tasks.len())
                .with("at", self.cursor.0 + 1),
            _ => Say::Nothing,
        }
    }
}

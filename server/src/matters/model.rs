//! The engine: which steps a matter has and what moves them. Pure.

use super::{
    above::{Decider, Elsewhere},
    term,
};
use crate::problem::Refusal;
use karton_api::{
    Date, Id, Timestamp,
    matters::StepState,
    session::Role,
    value::{self, Office, Officer, Person},
};
use karton_rules::{
    calendar::due_on,
    pack::{DueFrom, LegalAct, Pack, Procedure, Step, StepKind, StepRole},
};
use std::collections::BTreeSet;

/// A matter without its steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matter {
    /// Which; an application shares it.
    pub id: Id<value::Matter>,
    /// Grows with every change.
    pub revision: i64,
    /// Handles it.
    pub office: Id<Office>,
    /// The procedure's id.
    pub procedure: String,
    /// The version it began with.
    pub version: u32,
    /// SHA-256 of the pack it began with.
    pub pack: String,
    /// Whom it is about.
    pub person: Id<Person>,
    /// What is asked for, for an application.
    pub benefit: Option<String>,
    /// For people.
    pub number: Option<String>,
    /// When it began,
    pub begun_at: Timestamp,
    /// and on which day of the house's time zone.
    pub begun_on: Date,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

/// One step that was opened: the same step of the procedure may be opened more than once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepRun {
    /// Which.
    pub id: Id<value::StepRun>,
    /// In order of opening, from 0.
    pub place: u32,
    /// The step's id in the procedure.
    pub step: String,
    /// The office that works on it: the matter's, or one above it.
    pub office: Id<Office>,
    /// Where it stands.
    pub state: StepState,
    /// The last day of its term.
    pub due_on: Option<Date>,
    /// Who took it.
    pub assigned_to: Option<Id<Officer>>,
    /// Cannot do it, because a second officer is needed.
    pub barred: Option<Id<Officer>>,
    /// When it opened.
    pub opened_at: Timestamp,
    /// When it was done or dropped.
    pub done_at: Option<Timestamp>,
    /// By whom; nobody for what the system does by itself.
    pub done_by: Option<Id<Officer>>,
    /// Why it was opened again or dropped.
    pub reason: Option<String>,
}

impl StepRun {
    /// Still to be done.
    pub fn is_open(&self) -> bool {
        matches!(self.state, StepState::Open | StepState::Started)
    }
}

/// A matter with its steps, on the procedure it began with.
#[derive(Debug, Clone)]
pub struct Running<'a> {
    /// The matter.
    pub matter: Matter,
    /// In order of opening.
    pub steps: Vec<StepRun>,
    /// What it runs on.
    pub procedure: &'a Procedure,
    /// Days for which its term has stood still: terms that run from the lodging end as much later.
    pub stood_still: i64,
    /// Where steps are worked on that are not the matter's own office's.
    pub(super) elsewhere: Elsewhere,
    /// The legal body of whoever moves it, looked up where steps are worked on elsewhere.
    pub(super) here: Option<Id<Office>>,
    /// What is to be done later about steps that have opened: to be posted in the transaction of the move.
    pub(super) later: Vec<super::outside::Later>,
}

/// Who moves a step, when.
#[derive(Debug, Clone, Copy)]
pub struct Done {
    /// Nobody for what the system does by itself.
    pub by: Option<Id<Officer>>,
    /// The instant.
    pub at: Timestamp,
    /// The day.
    pub on: Date,
}

/// Ids for steps that may open, made before the transaction so that it can be run again.
#[derive(Debug, Clone)]
pub struct Fresh(std::vec::IntoIter<Id<value::StepRun>>);

impl Fresh {
    /// Enough for any one move of a procedure.
    pub fn new(clock: &crate::clock::Clock) -> Fresh {
        Fresh((0..32).map(|_| clock.id()).collect::<Vec<_>>().into_iter())
    }
    pub(super) fn take(&mut self) -> Result<Id<value::StepRun>, Refusal> {
        self.0.next().ok_or(Refusal::StepNotOpen)
    }
}

/// The roles of officers that may do a step of this role.
pub fn officer_roles(role: StepRole) -> &'static [Role] {
    match role {
        StepRole::Clerk => &[Role::Clerk, Role::Caseworker],
        StepRole::Caseworker => &[Role::Caseworker],
        StepRole::Approver => &[Role::Approver],
    }
}

/// As stored and shown.
pub(super) fn role_name(role: StepRole) -> &'static str {
    match role {
        StepRole::Clerk => "clerk",
        StepRole::Caseworker => "caseworker",
        StepRole::Approver => "approver",
    }
}

/// What an officer can do with a step by the generic routes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Move {
    Start,
    Complete,
    Reopen,
    Assign,
}

impl Move {
    pub(super) fn name(self) -> &'static str {
        match self {
            Move::Start => "start",
            Move::Complete => "complete",
            Move::Reopen => "reopen",
            Move::Assign => "assign",
        }
    }
}

/// The moves a step has in a state, before anybody's roles are looked at: the table the eye takes in at once.
pub(super) fn moves(state: StepState, step: &Step) -> &'static [Move] {
    // What is watched is never done: it ends with the matter.
    let of_an_act = step.act.is_some() || step.kind == StepKind::Monitor;
    match (state, of_an_act, step.reopen) {
        (StepState::Open, false, _) => &[Move::Start, Move::Complete, Move::Assign],
        (StepState::Started, false, _) => &[Move::Complete, Move::Assign],
        (StepState::Open, true, _) => &[Move::Start, Move::Assign],
        (StepState::Started, true, _) => &[Move::Assign],
        (StepState::Done, false, true) => &[Move::Reopen],
        (StepState::Done, _, _) | (StepState::Dropped, _, _) => &[],
    }
}

/// The act by which a second officer answers a first one's: whoever does the one cannot do the other.
fn second(first: LegalAct) -> Option<LegalAct> {
    match first {
        LegalAct::Recommend => Some(LegalAct::Decide),
        LegalAct::Plan => Some(LegalAct::Approve),
        _ => None,
    }
}

/// Steps whose guard is known not to hold. An unknown guard lets its step open, because a person has to look.
pub(super) type Closed = BTreeSet<String>;

impl Running<'_> {
    /// A new matter: its first step is open.
    pub(super) fn begin<'a>(
        matter: Matter,
        procedure: &'a Procedure,
        calendar: &Pack,
        closed: &Closed,
        fresh: &mut Fresh,
    ) -> Result<Running<'a>, Refusal> {
        let (at, on) = (matter.begun_at, matter.begun_on);
        let mut running = Running {
            matter,
            steps: Vec::new(),
            procedure,
            stood_still: 0,
            elsewhere: Elsewhere::new(),
            here: None,
            later: Vec::new(),
        };
        let first: Vec<String> = procedure
            .steps
            .first()
            .map(|step| step.id.clone())
            .into_iter()
            .collect();
        running.open(&first, Done { by: None, at, on }, calendar, closed, None, fresh)?;
        Ok(running)
    }

    /// The open step with this id in the procedure.
    pub fn open_step(&self, step: &str) -> Option<&StepRun> {
        self.steps.iter().find(|run| run.is_open() && run.step == step)
    }

    /// The open step that a legal act completes; of the first body's decision, where two bodies decide.
    pub fn open_act(&self, act: LegalAct) -> Option<&StepRun> {
        self.open_act_of(act, Decider::First)
    }

    /// The same of either body's decision.
    pub fn open_act_of(&self, act: LegalAct, of: Decider) -> Option<&StepRun> {
        self.steps.iter().find(|run| {
            run.is_open()
                && self.step(run).is_some_and(|step| step.act == Some(act))
                && of.has(self.procedure, &run.step)
        })
    }

    /// Refuses with `OtherOffice` a step of another office than the matter's, unless whoever moves it works there.
    pub(super) fn works_there(&self, run: &StepRun) -> Result<(), Refusal> {
        if run.office == self.matter.office || self.here == Some(run.office) {
            return Ok(());
        }
        Err(Refusal::OtherOffice)
    }

    /// What the procedure says about a step that was opened.
    pub fn step(&self, run: &StepRun) -> Option<&Step> {
        self.procedure.step(&run.step)
    }

    /// Somebody begins with a step, and takes it.
    pub(super) fn start(&mut self, id: Id<value::StepRun>, by: Id<Officer>) -> Result<(), Refusal> {
        let run = self.movable(id, Move::Start)?;
        run.state = StepState::Started;
        run.assigned_to = Some(by);
        Ok(())
    }

    /// Gives a step to somebody, or to nobody.
    pub(super) fn assign(&mut self, id: Id<value::StepRun>, to: Option<Id<Officer>>) -> Result<(), Refusal> {
        let run = self.movable(id, Move::Assign)?;
        if to.is_some() && run.barred == to {
            return Err(Refusal::SecondOfficerNeeded);
        }
        run.assigned_to = to;
        if to.is_none() {
            run.state = StepState::Open;
        }
        Ok(())
    }

    /// Completes a step that no legal act completes, and opens what follows.
    pub(super) fn complete(
        &mut self,
        id: Id<value::StepRun>,
        done: Done,
        calendar: &Pack,
        closed: &Closed,
        fresh: &mut Fresh,
    ) -> Result<(), Refusal> {
        self.movable(id, Move::Complete)?;
        let next = self.following(id);
        self.finish((id, &next), done, None, calendar, closed, fresh)
    }

    /// Whether completed steps can be opened again. Once a legal act stands that a later one has to answer (a recommendation, a decision, a
    /// request to the applicant), the way back is a legal act too: the matter must not run away from the state of its application.
    pub(super) fn may_reopen(&self) -> bool {
        let answered_by_an_act = |step: &Step| {
            step.kind == StepKind::Letter
                || matches!(
                    step.act,
                    Some(
                        LegalAct::Lodge
                            | LegalAct::Decide
                            | LegalAct::Confirm
                            | LegalAct::Deliver
                            | LegalAct::Dismiss
                    )
                )
        };
        self.matter.ended_at.is_none()
            && self
                .steps
                .iter()
                .filter(|run| run.is_open())
                .all(|run| self.step(run).is_none_or(|step| !answered_by_an_act(step)))
    }

    /// Opens a completed step again. What it had opened and is still open is dropped: it will open anew.
    pub(super) fn reopen(
        &mut self,
        id: Id<value::StepRun>,
        reason: &str,
        done: Done,
        calendar: &Pack,
        fresh: &mut Fresh,
    ) -> Result<(), Refusal> {
        if !self.may_reopen() {
            return Err(Refusal::CannotReopen);
        }
        let run = self.movable(id, Move::Reopen)?;
        let step = run.step.clone();
        self.drop_open(reason, done);
        self.open(&[step], done, calendar, &Closed::new(), Some(reason), fresh)
    }

    /// A legal act has been done, of the decision of either body: completes its step and opens what follows. Whoever recommends cannot decide.
    pub(super) fn act_of(
        &mut self,
        (act, of): (LegalAct, Decider),
        done: Done,
        calendar: &Pack,
        closed: &Closed,
        fresh: &mut Fresh,
    ) -> Result<(), Refusal> {
        let id = self.open_act_of(act, of).ok_or(Refusal::StepNotOpen)?.id;
        let next = self.following(id);
        self.finish((id, &next), done, Some(act), calendar, closed, fresh)
    }

    /// The first body has decided, and a second one has to: what leads to it opens beside what follows.
    pub(super) fn act_onward(
        &mut self,
        done: Done,
        calendar: &Pack,
        closed: &Closed,
        fresh: &mut Fresh,
    ) -> Result<(), Refusal> {
        let act = LegalAct::Decide;
        let run = self.open_act(act).ok_or(Refusal::StepNotOpen)?;
        let id = run.id;
        let onward = self.step(run).map(|step| step.onward.clone());
        let mut next = self.following(id);
        next.extend(onward.unwrap_or_default());
        self.finish((id, &next), done, Some(act), calendar, closed, fresh)
    }

    /// The same where several steps wait for the same act: completes this one.
    pub(super) fn act_on(
        &mut self,
        step: &str,
        act: LegalAct,
        done: Done,
        calendar: &Pack,
        closed: &Closed,
        fresh: &mut Fresh,
    ) -> Result<(), Refusal> {
        let run = self.open_step(step).ok_or(Refusal::StepNotOpen)?.id;
        if self.procedure.step(step).is_none_or(|step| step.act != Some(act)) {
            return Err(Refusal::StepNotOpen);
        }
        let next = self.following(run);
        self.finish((run, &next), done, Some(act), calendar, closed, fresh)
    }

    /// Counts the term of a step that is watched anew, from a day: something it watches for has happened.
    pub(super) fn renew(&mut self, kind: &str, from: Date, calendar: &Pack) {
        let procedure = self.procedure;
        for run in self.steps.iter_mut().filter(|run| run.is_open()) {
            let Some(step) = procedure.step(&run.step) else {
                continue;
            };
            let watched =
                step.kind == StepKind::Monitor && step.renews.as_deref().is_none_or(|only| only == kind);
            if let (true, Some(due)) = (watched, step.due) {
                run.due_on = run.due_on.max(Some(due_on(from, due, calendar)));
            }
        }
    }

    /// The open step of an act is due on an agreed day, where that comes before the end of its term.
    pub(super) fn bring_forward(&mut self, act: LegalAct, to: Date) {
        let procedure = self.procedure;
        let of_act = |run: &&mut StepRun| {
            run.is_open()
                && procedure
                    .step(&run.step)
                    .is_some_and(|step| step.act == Some(act))
        };
        for run in self.steps.iter_mut().filter(of_act) {
            run.due_on = Some(run.due_on.map_or(to, |due| due.min(to)));
        }
    }

    /// Drops what is open and opens other steps instead: the matter takes another way. Whoever sends it to be closed does not close it.
    pub(super) fn branch(
        &mut self,
        to: &[String],
        reason: &str,
        done: Done,
        calendar: &Pack,
        closed: &Closed,
        fresh: &mut Fresh,
    ) -> Result<(), Refusal> {
        if self.matter.ended_at.is_some()
            || to.is_empty()
            || to.iter().any(|step| self.procedure.step(step).is_none())
        {
            return Err(Refusal::StepNotOpen);
        }
        self.drop_open(reason, done);
        let before = self.steps.len();
        self.open(to, done, calendar, closed, Some(reason), fresh)?;
        let procedure = self.procedure;
        for run in self.steps.iter_mut().skip(before) {
            if procedure
                .step(&run.step)
                .is_some_and(|step| step.act == Some(LegalAct::Close))
            {
                run.barred = done.by;
            }
        }
        Ok(())
    }

    /// Takes a matter that has ended up again, with the steps that follow `step`.
    pub(super) fn resume(
        &mut self,
        step: &str,
        reason: &str,
        done: Done,
        calendar: &Pack,
        closed: &Closed,
        fresh: &mut Fresh,
    ) -> Result<(), Refusal> {
        let step = self.procedure.step(step).ok_or(Refusal::StepNotOpen)?;
        if self.matter.ended_at.take().is_none() {
            return Err(Refusal::CannotReopen);
        }
        self.open(&step.next, done, calendar, closed, Some(reason), fresh)
    }

    /// Takes the matter up again at a step, whether it has ended or not, because what it led to has lost its effect.
    pub(super) fn take_up_again(
        &mut self,
        step: &str,
        reason: &str,
        done: Done,
        calendar: &Pack,
        fresh: &mut Fresh,
    ) -> Result<(), Refusal> {
        self.matter.ended_at = None;
        self.jump(step, reason, done, calendar, fresh)
    }

    /// The second body's decision has lost its effect: what followed it is dropped, and it has to decide again. What belongs to the first body stays open.
    pub(super) fn confirm_again(
        &mut self,
        reason: &str,
        done: Done,
        calendar: &Pack,
        fresh: &mut Fresh,
    ) -> Result<(), Refusal> {
        let procedure = self.procedure;
        let confirm = procedure.step_of(LegalAct::Confirm).ok_or(Refusal::StepNotOpen)?;
        let behind = |run: &StepRun| procedure.behind_confirmation(&run.step);
        self.drop_where(behind, reason, done);
        self.matter.ended_at = None;
        let decided = |run: &&StepRun| {
            let act = procedure.step(&run.step).and_then(|step| step.act);
            run.state == StepState::Done && act == Some(LegalAct::Decide)
        };
        let first_decider = self.steps.iter().rev().find(decided).and_then(|run| run.done_by);
        let before = self.steps.len();
        let to = [confirm.id.clone()];
        self.open(&to, done, calendar, &Closed::new(), Some(reason), fresh)?;
        for run in self.steps.iter_mut().skip(before) {
            run.barred = first_decider;
        }
        Ok(())
    }

    /// Gives every open step of a role that nobody has yet to an officer.
    pub(super) fn give(&mut self, role: StepRole, to: Id<Officer>) {
        let procedure = self.procedure;
        for run in self.steps.iter_mut().filter(|run| run.is_open()) {
            let of_role = procedure.step(&run.step).is_some_and(|step| step.role == role);
            if of_role && run.assigned_to.is_none() && run.barred != Some(to) {
                run.assigned_to = Some(to);
            }
        }
    }

    /// Gives what one officer has in hand back to the queue, so that it can be given to another.
    pub(super) fn leave(&mut self, from: Id<Officer>) {
        let theirs = |run: &&mut StepRun| run.is_open() && run.assigned_to == Some(from);
        for run in self.steps.iter_mut().filter(theirs) {
            run.assigned_to = None;
        }
    }

    /// Drops what is open and opens another step instead: the matter goes back, or aside.
    pub(super) fn jump(
        &mut self,
        to: &str,
        reason: &str,
        done: Done,
        calendar: &Pack,
        fresh: &mut Fresh,
    ) -> Result<(), Refusal> {
        if self.matter.ended_at.is_some() || self.procedure.step(to).is_none() {
            return Err(Refusal::StepNotOpen);
        }
        self.drop_open(reason, done);
        self.open(
            &[to.to_owned()],
            done,
            calendar,
            &Closed::new(),
            Some(reason),
            fresh,
        )
    }

    /// The matter goes aside to the step that a legal act completes: what is open is dropped, and whoever proposed the act cannot do it.
    pub(super) fn aside(
        &mut self,
        act: LegalAct,
        reason: &str,
        done: Done,
        calendar: &Pack,
        fresh: &mut Fresh,
    ) -> Result<(), Refusal> {
        let step = self.procedure.steps.iter().find(|step| step.act == Some(act));
        let to = step.ok_or(Refusal::StepNotOpen)?.id.clone();
        self.jump(&to, reason, done, calendar, fresh)?;
        for run in self
            .steps
            .iter_mut()
            .filter(|run| run.is_open() && run.step == to)
        {
            run.barred = done.by;
        }
        Ok(())
    }

    /// Ends the matter where it stands.
    pub(super) fn end(&mut self, reason: &str, done: Done) {
        self.drop_open(reason, done);
        self.matter.ended_at = self.matter.ended_at.or(Some(done.at));
    }

    fn movable(&mut self, id: Id<value::StepRun>, wanted: Move) -> Result<&mut StepRun, Refusal> {
        let procedure = self.procedure;
        let run = self
            .steps
            .iter_mut()
            .find(|run| run.id == id)
            .ok_or(Refusal::StepNotOpen)?;
        let step = procedure.step(&run.step).ok_or(Refusal::StepNotOpen)?;
        if moves(run.state, step).contains(&wanted) {
            return Ok(run);
        }
        Err(match wanted {
            Move::Complete if run.is_open() && (step.act.is_some() || step.kind == StepKind::Monitor) => {
                Refusal::LegalAct
            }
            Move::Reopen => Refusal::CannotReopen,
            _ => Refusal::StepNotOpen,
        })
    }

    /// The steps that open when one is completed.
    fn following(&self, id: Id<value::StepRun>) -> Vec<String> {
        let run = self.steps.iter().find(|run| run.id == id);
        run.and_then(|run| self.step(run))
            .map(|step| step.next.clone())
            .unwrap_or_default()
    }

    pub(super) fn finish(
        &mut self,
        (id, next): (Id<value::StepRun>, &[String]),
        done: Done,
        act: Option<LegalAct>,
        calendar: &Pack,
        closed: &Closed,
        fresh: &mut Fresh,
    ) -> Result<(), Refusal> {
        let run = self
            .steps
            .iter_mut()
            .find(|run| run.id == id)
            .ok_or(Refusal::StepNotOpen)?;
        run.state = StepState::Done;
        run.done_at = Some(done.at);
        run.done_by = done.by;
        let before = self.steps.len();
        self.open(next, done, calendar, closed, None, fresh)?;
        let procedure = self.procedure;
        let act_of = |run: &StepRun| procedure.step(&run.step).and_then(|step| step.act);
        let decided = |run: &&StepRun| run.state == StepState::Done && act_of(run) == Some(LegalAct::Decide);
        // Steps may lie between the first decision and the one that confirms it.
        let first_decider = self.steps.iter().rev().find(decided).and_then(|run| run.done_by);
        for run in self.steps.iter_mut().skip(before) {
            let answers = act_of(run);
            if act.is_some_and(|first| second(first) == answers && answers.is_some()) {
                run.barred = done.by;
            }
            if answers == Some(LegalAct::Confirm) {
                run.barred = first_decider;
            }
        }
        if self.steps.iter().all(|run| !run.is_open()) {
            self.matter.ended_at = Some(done.at);
        }
        Ok(())
    }

    /// Opens steps whose guard does not forbid it; a step whose guard does is passed over to those that follow it.
    pub(super) fn open(
        &mut self,
        ids: &[String],
        done: Done,
        calendar: &Pack,
        closed: &Closed,
        reason: Option<&str>,
        fresh: &mut Fresh,
    ) -> Result<(), Refusal> {
        let procedure = self.procedure;
        let mut ahead: Vec<&str> = ids.iter().rev().map(String::as_str).collect();
        let mut passed: Vec<&str> = Vec::new();
        while let Some(id) = ahead.pop() {
            let Some(step) = procedure.step(id) else { continue };
            if self.open_step(id).is_some() || passed.contains(&id) {
                continue;
            }
            if closed.contains(id) {
                passed.push(id);
                ahead.extend(step.next.iter().rev().map(String::as_str));
                continue;
            }
            let office = match step.at {
                None => self.matter.office,
                Some(_) => *self.elsewhere.get(id).ok_or(Refusal::NotProvided)?,
            };
            let run = fresh.take()?;
            let due = step.due.map(|due| {
                let from = match step.due_from {
                    DueFrom::Opening => done.on,
                    DueFrom::Lodging => term::later(self.matter.begun_on, self.stood_still),
                };
                due_on(from, due, calendar)
            });
            super::outside::later(&mut self.later, step, run, due, fresh)?;
            self.steps.push(StepRun {
                id: run,
                office,
                place: u32::try_from(self.steps.len()).unwrap_or(u32::MAX),
                step: step.id.clone(),
                state: StepState::Open,
                due_on: due,
                assigned_to: None,
                barred: None,
                opened_at: done.at,
                done_at: None,
                done_by: None,
                reason: reason.map(str::to_owned),
            });
        }
        Ok(())
    }

    fn drop_open(&mut self, reason: &str, done: Done) {
        self.drop_where(|_| true, reason, done);
    }

    fn drop_where(&mut self, which: impl Fn(&StepRun) -> bool, reason: &str, done: Done) {
        for run in self.steps.iter_mut().filter(|run| run.is_open() && which(run)) {
            run.state = StepState::Dropped;
            run.done_at = Some(done.at);
            run.done_by = done.by;
            run.reason = Some(reason.to_owned());
        }
    }
}

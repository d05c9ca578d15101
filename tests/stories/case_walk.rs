//! Walking through a case of social work by its shortest way, as officers do it: each step by the act that completes it, with its form and its term.

use karton_api::{
    FactValue, Id,
    assessments::{Answer, AnswerOf},
    cases::{
        Appraise, ApprovePlan, Case, CaseState, CloseCase, NewActivity, NewCare, NewCase, NewGoal, NewPlan,
        OpenCase, Refer, Review, ReviewOutcome,
    },
    client::Error,
    decisions::{LetterForm, LetterQuery},
    matters::{CompleteStep, Step as Run, StepState},
    problem::FieldError,
    value,
};
use karton_rules::{
    lang::Type,
    pack::{Form, HolderKind, LegalAct, Pack, PageOf, Procedure, Step, StepKind, StepRole},
};
use karton_tests::{
    house::House,
    officer::{Officer, key},
};
use std::{collections::BTreeMap, sync::Arc};

/// Who walks, with whom.
pub(crate) struct Walk<'a> {
    pub(crate) house: &'a House,
    pub(crate) pack: Arc<Pack>,
    pub(crate) caseworker: Officer,
    /// Two of them: who sends a case to be closed does not close it.
    pub(crate) heads: [Officer; 2],
    pub(crate) person: Id<value::Person>,
    /// Of age, and cares for the person where a step asks for a tie.
    pub(crate) carer: Id<value::Person>,
    /// Language of forms on paper: a word each of them has.
    pub(crate) paper: &'a str,
}

/// A problem's fields, or what else went wrong.
fn fields(error: Error) -> Result<Vec<FieldError>, String> {
    match error {
        Error::Problem(problem) if problem.status == 422 => Ok(problem.errors.clone()),
        other => Err(format!("{other:?}")),
    }
}

impl Walk<'_> {
    fn first(&self, list: &str) -> String {
        self.pack.codes[list].entries[0].code.clone()
    }

    /// What an officer answers where the form wants something.
    fn anything(&self, holder: HolderKind, fact: &str) -> FactValue {
        let def = self.pack.fact(holder, fact).unwrap();
        match &def.ty {
            Type::Bool => FactValue::Bool(true),
            Type::Int => FactValue::Int(1),
            Type::Decimal => FactValue::Decimal("1".into()),
            Type::Money { .. } => FactValue::Money(karton_api::Money::new(0, self.pack.country.currency)),
            Type::Date => FactValue::Date(self.house.clock.today()),
            Type::Person => FactValue::Person(self.person),
            Type::Code(list) => FactValue::Code(self.first(list.as_ref())),
            Type::Text => FactValue::Text("vidjeno".into()),
            _ => FactValue::Rows(Vec::new()),
        }
    }

    /// Adds an answer for each field that is wanted.
    fn adds(&self, form: &Form, errors: &[FieldError], answers: &mut Vec<Answer>) -> bool {
        let before = answers.len();
        for error in errors.iter().filter(|error| error.code == "required") {
            let path = error.pointer.trim_start_matches('/');
            let (whose, fact) = match path.split_once('/') {
                Some((person, fact)) => (person.parse::<Id<value::Person>>().ok(), fact),
                None => (None, path),
            };
            let page = form.pages.iter().find(|page| {
                page.fields.iter().any(|field| field.fact == fact)
                    && whose.is_some() == (page.of.holder() == HolderKind::Person)
            });
            let Some(page) = page else { continue };
            let of = match (page.of, whose) {
                (PageOf::Claim, _) => AnswerOf::Claim,
                (PageOf::Household, _) => AnswerOf::Household,
                (_, Some(person)) => AnswerOf::Person(person),
                (_, None) => continue,
            };
            answers.push(Answer {
                of,
                fact: fact.to_owned(),
                value: self.anything(page.of.holder(), fact),
            });
        }
        answers.len() > before
    }

    /// Reports a case and has it numbered.
    pub(crate) async fn reports(&self, procedure: &Procedure) -> Result<Case, String> {
        let form = procedure
            .steps
            .first()
            .and_then(|step| self.pack.form(step.form.as_deref()?));
        let mut body = NewCase {
            procedure: procedure.id.clone(),
            person: self.person,
            way: self.first("case_ways"),
            reason: self.first("case_reasons"),
            priority: self.first("case_priorities"),
            on: None,
            note: None,
            answers: Vec::new(),
            people: Vec::new(),
            supervisor: Some(self.heads[0].session.officer.id),
        };
        loop {
            match self.caseworker.report_case(&key(), &body).await {
                Ok(case) => return Ok(case),
                Err(error) => {
                    let errors = fields(error)?;
                    let more = form.is_some_and(|form| self.adds(form, &errors, &mut body.answers));
                    if !more {
                        return Err(format!("not reported: {errors:?}"));
                    }
                }
            }
        }
    }

    /// Walks a case of a procedure from its report to its closing; answers the steps it took.
    pub(crate) async fn tells(&self, procedure: &Procedure) -> Result<Vec<String>, String> {
        let mut case = self.reports(procedure).await?;
        let mut took = Vec::new();
        let id = case.summary.id;
        for _ in 0..40 {
            if case.summary.state == CaseState::Closed {
                let waits = case.steps.iter().any(is_open);
                return if waits {
                    Err("closed with open steps".into())
                } else {
                    Ok(took)
                };
            }
            let open: Vec<&Run> = case.steps.iter().filter(|run| is_open(run)).collect();
            for run in &open {
                self.looks_at(procedure, id, run).await?;
            }
            let nearest = open
                .iter()
                .filter_map(|run| {
                    let step = procedure.step(&run.key)?;
                    // What is watched is never done.
                    if step.kind == StepKind::Monitor {
                        return None;
                    }
                    Some((far(procedure, &step.id)?, *run, step))
                })
                .min_by_key(|(far, _, _)| *far);
            let Some((_, run, step)) = nearest else {
                let open: Vec<&str> = open.iter().map(|run| run.key.as_str()).collect();
                return Err(format!(
                    "no open step leads to the closing: {open:?} after {took:?}"
                ));
            };
            took.push(step.id.clone());
            self.does(procedure, &case, run, step)
                .await
                .map_err(|why| format!("{}: {why} (after {took:?})", step.id))?;
            case = self
                .caseworker
                .case(id)
                .await
                .map_err(|error| format!("{error:?}"))?;
        }
        Err(format!("there is always another step: {took:?}"))
    }

    /// Does one open step of a case.
    pub(crate) async fn step(&self, id: Id<value::Case>, key: &str) -> Result<(), String> {
        let case = self
            .caseworker
            .case(id)
            .await
            .map_err(|error| format!("{error:?}"))?;
        let procedure = self
            .pack
            .procedure(&case.summary.procedure)
            .ok_or("no procedure")?;
        let run = case.steps.iter().find(|run| is_open(run) && run.key == key);
        let run = run.ok_or_else(|| format!("{key} is not open"))?;
        let step = procedure.step(key).ok_or("no step")?;
        self.does(procedure, &case, run, step).await
    }

    /// An open step has the term that the pack says, and its form is there on paper.
    async fn looks_at(&self, procedure: &Procedure, id: Id<value::Case>, run: &Run) -> Result<(), String> {
        let step = procedure
            .step(&run.key)
            .ok_or_else(|| format!("the procedure has no step {}", run.key))?;
        if step.due.is_some() != run.due_on.is_some() {
            return Err(format!("{}: the term is {:?}", run.key, run.due_on));
        }
        if step.form.is_some() {
            let query = LetterQuery {
                form: Some(LetterForm::Text),
                width: None,
            };
            let blank = self.caseworker.step_blank(id.cast(), run.id, &query).await;
            let blank = blank.map_err(|error| format!("{}: no form on paper: {error:?}", run.key))?;
            let text = String::from_utf8(blank).map_err(|error| error.to_string())?;
            if !text.contains(self.paper) || text.contains("{{") {
                return Err(format!("{}: the form on paper is {text}", run.key));
            }
        }
        Ok(())
    }

    async fn does(&self, procedure: &Procedure, case: &Case, run: &Run, step: &Step) -> Result<(), String> {
        let id = case.summary.id;
        let today = self.house.clock.today();
        let [head, other] = &self.heads;
        let told = |error: Error| format!("{error:?}");
        // To be closed instead of going on, where that is nearer.
        let closes = step.returns.iter().any(|to| {
            procedure
                .step(to)
                .is_some_and(|to| to.act == Some(LegalAct::Close))
        });
        match step.act {
            Some(LegalAct::Open) => {
                let body = OpenCase {
                    lead: self.caseworker.session.officer.id,
                    note: None,
                };
                head.open_case(id, &key(), &body).await.map_err(told)?;
            }
            Some(LegalAct::Appraise) => {
                let form = step.form.as_deref().and_then(|form| self.pack.form(form));
                let form = form.ok_or("no form")?;
                let mut body = Appraise {
                    step: step.id.clone(),
                    on: None,
                    answers: Vec::new(),
                    close: closes,
                };
                while let Err(error) = self.caseworker.appraise_case(id, &key(), &body).await {
                    let errors = fields(error)?;
                    if !self.adds(form, &errors, &mut body.answers) {
                        return Err(format!("{errors:?}"));
                    }
                }
            }
            Some(LegalAct::Plan) => {
                let until = today.saturating_add(jiff::Span::new().days(60));
                let body = NewPlan {
                    aim: "Da ide bolje".into(),
                    goals: vec![NewGoal {
                        id: None,
                        goal: "Cilj".into(),
                        indicator: None,
                        due_on: until,
                    }],
                    activities: vec![NewActivity {
                        id: None,
                        goal: 0,
                        kind: self.first("activity_kinds"),
                        what: "Razgovor".into(),
                        officer: Some(self.caseworker.session.officer.id),
                        responsible: None,
                        due_on: until,
                    }],
                    crisis: None,
                    participation: None,
                    review_on: until,
                };
                self.caseworker
                    .propose_plan(id, &key(), &body)
                    .await
                    .map_err(told)?;
            }
            Some(LegalAct::Approve) => {
                let plan = case.proposed.as_ref().ok_or("no plan is proposed")?.id;
                let body = ApprovePlan { plan, note: None };
                head.approve_plan(id, &key(), &body).await.map_err(told)?;
            }
            Some(LegalAct::Review) => {
                let body = Review {
                    text: "Pregledano je.".into(),
                    goals: Vec::new(),
                    risk: None,
                    view: None,
                    outcome: if closes {
                        ReviewOutcome::Close
                    } else {
                        ReviewOutcome::Continue
                    },
                };
                self.caseworker
                    .review_case(id, &key(), &body)
                    .await
                    .map_err(told)?;
            }
            Some(LegalAct::Refer) => {
                let body = Refer {
                    to: self.first("referral_bodies"),
                    who: None,
                    on: None,
                    text: "Upućuje se.".into(),
                    answer_by: None,
                };
                self.caseworker.refer(id, &key(), &body).await.map_err(told)?;
            }
            Some(LegalAct::Place) => {
                let kinds = &procedure.case.as_ref().ok_or("no case")?.care;
                let body = NewCare {
                    person: self.person,
                    carer: self.carer,
                    kind: kinds.first().ok_or("no kind of care")?.clone(),
                    act: "Odluka 1".into(),
                    from: today,
                };
                self.caseworker
                    .begin_care(id, &key(), &body)
                    .await
                    .map_err(told)?;
            }
            Some(LegalAct::Close) => {
                let body = CloseCase {
                    reason: self.first("closing_reasons"),
                    on: None,
                    text: "Cilj je postignut.".into(),
                };
                match head.close_case(id, &key(), &body).await {
                    Ok(_) => {}
                    Err(Error::Problem(problem)) if problem.slug() == "second-officer-needed" => {
                        other.close_case(id, &key(), &body).await.map_err(told)?;
                    }
                    Err(error) => return Err(told(error)),
                }
            }
            Some(other) => return Err(format!("{other:?} is no act of a case")),
            None => {
                let who = match step.role {
                    StepRole::Approver => head,
                    StepRole::Clerk | StepRole::Caseworker => &self.caseworker,
                };
                let mut body = CompleteStep::default();
                while let Err(error) = who.complete_step(id.cast(), run.id, &key(), &body).await {
                    let errors = fields(error)?;
                    let form = step.form.as_deref().and_then(|form| self.pack.form(form));
                    if !form.is_some_and(|form| self.adds(form, &errors, &mut body.answers)) {
                        return Err(format!("{errors:?}"));
                    }
                }
            }
        }
        Ok(())
    }
}

pub(crate) fn is_open(run: &Run) -> bool {
    matches!(run.state, StepState::Open | StepState::Started)
}

/// How many steps there are from one to the closing.
fn far(procedure: &Procedure, from: &str) -> Option<usize> {
    let mut reached: BTreeMap<&str, usize> = BTreeMap::from([(from, 0)]);
    let mut ahead = vec![from];
    for round in 0..procedure.steps.len() {
        let mut next = Vec::new();
        for id in ahead {
            let step = procedure.step(id)?;
            if step.act == Some(LegalAct::Close) {
                return Some(round);
            }
            for to in step.next.iter().chain(&step.returns) {
                if !reached.contains_key(to.as_str()) {
                    reached.insert(to, round + 1);
                    next.push(to.as_str());
                }
            }
        }
        ahead = next;
    }
    None
}

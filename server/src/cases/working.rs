//! What a caseworker does by the procedure: assesses, reviews, refers.

use super::{
    desk::{self, Ids, Way, code, entry, inside, none_wrong},
    model, sheets,
    store::{self, Watched, Written},
};
use crate::{
    access::{May, WorkCases},
    applications::Desk,
    house::House,
    matters,
    problem::{Error, Refusal},
};
use karton_api::{
    Id,
    cases::{self as wire, Appraise, NoteKind, PlanState, Refer, Review, ReviewOutcome},
    persons::SourceKind,
    value,
};
use karton_rules::pack::LegalAct;
use serde_json::json;

/// Fills in the form of a step, which completes it, or corrects one that was filled in before: a new version. With `close` the case is
/// proposed for closing instead of going on.
pub(super) async fn appraise(
    may: &May<WorkCases>,
    house: &House,
    id: Id<value::Case>,
    body: Appraise,
) -> Result<wire::Case, Error> {
    let desk = Desk::of(may, house);
    let ids = Ids::new(&house.clock, body.answers.len() + 2);
    desk::act(desk, id, move |desk, tx, it| {
        let mut ids = ids.clone();
        it.stage.not_closed()?;
        let way = Way::of(desk, tx, it)?;
        let unknown = || Error::field("/step", "unknown", "this kind of case has no such form");
        let step = way.step(&body.step)?.ok_or_else(unknown)?;
        let form = step.form.as_deref().ok_or_else(unknown)?;
        let (packs, scope, matter) = (&desk.house.packs, inside(desk), it.matter());
        let open = matters::open_steps(tx, packs, &scope, matter)?;
        let now_open = open.iter().any(|run| run.step == body.step);
        let there = store::sheets(tx, matter)?
            .iter()
            .any(|sheet| sheet.step.as_deref() == Some(body.step.as_str()));
        if !now_open && !there {
            return Err(Refusal::StepNotOpen.into());
        }
        let mut errors = Vec::new();
        let on = model::happened(body.on, (it.reported_on, desk.today), "/on", &mut errors);
        none_wrong(errors)?;
        let people: Vec<_> = store::standings(tx, matter)?
            .into_iter()
            .filter_map(|standing| standing.person)
            .collect();
        sheets::check(
            desk,
            tx,
            &way,
            (it.person, &people, Some(matter)),
            form,
            &body.answers,
        )?;
        let filling = sheets::Filling {
            form,
            step: Some(&body.step),
            on,
            answers: &body.answers,
            source: if now_open {
                SourceKind::Finding
            } else {
                SourceKind::Document
            },
        };
        sheets::keep(desk, tx, it, &filling, &mut ids)?;
        if now_open && step.act == Some(LegalAct::Appraise) {
            let mut fresh = desk.fresh();
            if body.close {
                let to = way.instead(&body.step, Some(LegalAct::Close))?;
                matters::branch(tx, packs, &scope, matter, &to, "close", desk.done(), &mut fresh)?;
            } else {
                let act = LegalAct::Appraise;
                matters::advance_step(
                    tx,
                    packs,
                    &scope,
                    matter,
                    &body.step,
                    act,
                    desk.done(),
                    &mut fresh,
                )?;
            }
        } else if body.close {
            return Err(Refusal::StepNotOpen.into());
        }
        Ok(entry("case-appraised", it)
            .value("step", &body.step)
            .value("answers", body.answers.len()))
    })
    .await
}

/// Looks at the case again: how far each goal is reached, and what comes of it.
pub(super) async fn review(
    may: &May<WorkCases>,
    house: &House,
    id: Id<value::Case>,
    body: Review,
) -> Result<wire::Case, Error> {
    let desk = Desk::of(may, house);
    let ids = Ids::new(&house.clock, 1);
    desk::act(desk, id, move |desk, tx, it| {
        let mut ids = ids.clone();
        it.stage.worked_on()?;
        let (packs, scope, matter) = (&desk.house.packs, inside(desk), it.matter());
        let open = matters::open_steps(tx, packs, &scope, matter)?;
        let step = open
            .iter()
            .find(|step| step.act == Some(LegalAct::Review))
            .ok_or(Refusal::StepNotOpen)?;
        let mut errors = Vec::new();
        let text = model::text(&body.text, (3, 4000), "/text", &mut errors);
        let risk = model::optional(body.risk.as_ref(), 2000, "/risk", &mut errors);
        let opinion = model::optional(body.view.as_ref(), 2000, "/view", &mut errors);
        let in_force = store::plans(tx, matter)?
            .into_iter()
            .find(|plan| plan.state == PlanState::Approved);
        let goals = in_force.map(|plan| plan.body.goals).unwrap_or_default();
        for (place, reached) in body.goals.iter().enumerate() {
            if goals.iter().all(|goal| goal.id != reached.goal) {
                let at = format!("/goals/{place}/goal");
                errors.push(model::wrong(at, "unknown", "the plan in force has no such goal"));
            }
            if reached.percent > 100 {
                let at = format!("/goals/{place}/percent");
                errors.push(model::wrong(at, "range", "0 to 100"));
            }
        }
        none_wrong(errors)?;
        for reached in &body.goals {
            store::set_reached(tx, matter, reached.goal, reached.percent)?;
        }
        let outcome = match body.outcome {
            ReviewOutcome::Continue => "continue",
            ReviewOutcome::Change => "change",
            ReviewOutcome::Close => "close",
        };
        let id = ids.take()?;
        let detail = json!({ "risk": risk, "view": opinion, "goals": body.goals }).to_string();
        let written = Written {
            code: Some(outcome.to_owned()),
            detail: Some(detail),
            ..Written::new(
                id,
                NoteKind::Review,
                desk.today,
                text,
                (desk.session.officer, desk.now),
            )
        };
        store::insert_note(tx, matter, &written)?;
        let mut fresh = desk.fresh();
        let way = Way::of(desk, tx, it)?;
        let elsewhere = match body.outcome {
            ReviewOutcome::Continue => None,
            ReviewOutcome::Change => Some(LegalAct::Plan),
            ReviewOutcome::Close => Some(LegalAct::Close),
        };
        match elsewhere {
            None => {
                let act = LegalAct::Review;
                matters::advance_step(
                    tx,
                    packs,
                    &scope,
                    matter,
                    &step.step,
                    act,
                    desk.done(),
                    &mut fresh,
                )?;
            }
            Some(act) => {
                let to = way.instead(&step.step, Some(act))?;
                matters::branch(tx, packs, &scope, matter, &to, outcome, desk.done(), &mut fresh)?;
            }
        }
        Ok(entry("case-reviewed", it).value("outcome", outcome))
    })
    .await
}

/// Refers the person to another service or body; where an answer is expected it comes to the monitoring list. Completes the step that waits for
/// a referral, if one does.
pub(super) async fn refer(
    may: &May<WorkCases>,
    house: &House,
    id: Id<value::Case>,
    body: Refer,
) -> Result<wire::Case, Error> {
    let desk = Desk::of(may, house);
    let ids = Ids::new(&house.clock, 2);
    desk::act(desk, id, move |desk, tx, it| {
        let mut ids = ids.clone();
        it.stage.worked_on()?;
        let mut errors = Vec::new();
        code(&desk.house.pack, "referral_bodies", &body.to, "/to", &mut errors);
        let who = model::optional(body.who.as_ref(), 300, "/who", &mut errors);
        let on = model::happened(body.on, (it.reported_on, desk.today), "/on", &mut errors);
        let text = model::text(&body.text, (3, 4000), "/text", &mut errors);
        if let Some(by) = body.answer_by {
            model::ahead(by, desk.today, "/answer_by", &mut errors);
        }
        none_wrong(errors)?;
        let (packs, scope, matter) = (&desk.house.packs, inside(desk), it.matter());
        let note = ids.take()?;
        let by = (desk.session.officer, desk.now);
        let written = Written {
            code: Some(body.to.clone()),
            who: who.clone(),
            ..Written::new(note, NoteKind::Referral, on, text.clone(), by)
        };
        store::insert_note(tx, matter, &written)?;
        if let Some(due_on) = body.answer_by {
            let watch = Watched {
                id: ids.take()?,
                kind: "document".to_owned(),
                what: who.unwrap_or(text).chars().take(500).collect(),
                due_on,
                time: None,
                officer: None,
                every_days: None,
            };
            store::insert_watch(tx, matter, &watch, by)?;
        }
        let open = matters::open_steps(tx, packs, &scope, matter)?;
        if open.iter().any(|step| step.act == Some(LegalAct::Refer)) {
            let mut fresh = desk.fresh();
            matters::advance(
                tx,
                packs,
                &scope,
                matter,
                LegalAct::Refer,
                desk.done(),
                &mut fresh,
            )?;
        }
        Ok(entry("case-referred", it).value("to", &body.to))
    })
    .await
}

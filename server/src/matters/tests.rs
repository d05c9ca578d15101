//! The engine on procedures written for the purpose.

use super::above::Decider;
use super::model::{Closed, Done, Fresh, Matter, Move, Running, moves};
use crate::{clock::Clock, pack, problem::Refusal};
use jiff::{civil::date, tz::TimeZone};
use karton_api::{Date, Id, Timestamp, matters::StepState, value::Officer};
use karton_rules::pack::{LegalAct, Pack, Procedure, Step};

/// The embedded pack of Montenegro with one step of its standard procedure guarded and one due in working days.
fn montenegro() -> Pack {
    let mut files = pack::files("me").unwrap();
    let path = files
        .keys()
        .find(|name| name.ends_with("benefit-standard.toml"))
        .unwrap()
        .clone();
    let text = files.get_mut(&path).unwrap();
    *text = text.replacen(
        "id = \"assessment\"\n",
        "id = \"assessment\"\nguard = \"applicant.work_capable\"\n",
        1,
    );
    Pack::load(&files).unwrap()
}

fn officer(n: u8) -> Id<Officer> {
    Id::at(Timestamp::UNIX_EPOCH, [n; 10])
}
fn fresh() -> Fresh {
    Fresh::new(&Clock::fixed(Timestamp::UNIX_EPOCH, TimeZone::UTC))
}
fn done(by: u8, on: Date) -> Done {
    Done {
        by: Some(officer(by)),
        at: Timestamp::UNIX_EPOCH,
        on,
    }
}
fn begun<'a>(pack: &Pack, procedure: &'a Procedure, on: Date, fresh: &mut Fresh) -> Running<'a> {
    let matter = Matter {
        id: Id::at(Timestamp::UNIX_EPOCH, [1; 10]),
        revision: 1,
        office: Id::at(Timestamp::UNIX_EPOCH, [2; 10]),
        procedure: procedure.id.clone(),
        version: procedure.version,
        pack: pack.hash.clone(),
        person: Id::at(Timestamp::UNIX_EPOCH, [3; 10]),
        benefit: Some("MO".into()),
        number: None,
        begun_at: Timestamp::UNIX_EPOCH,
        begun_on: on,
        ended_at: None,
    };
    Running::begin(matter, procedure, pack, &Closed::new(), fresh).unwrap()
}
fn open(running: &Running<'_>) -> Vec<(String, Option<Date>)> {
    running
        .steps
        .iter()
        .filter(|run| run.is_open())
        .map(|run| (run.step.clone(), run.due_on))
        .collect()
}
fn complete(
    running: &mut Running<'_>,
    step: &str,
    pack: &Pack,
    closed: &Closed,
    fresh: &mut Fresh,
) -> Result<(), Refusal> {
    let id = running
        .open_step(step)
        .map(|run| run.id)
        .ok_or(Refusal::StepNotOpen)?;
    running.complete(id, done(1, date(2025, 3, 10)), pack, closed, fresh)
}

#[test]
fn terms_run_in_calendar_and_working_days_over_holidays() {
    let pack = montenegro();
    let procedure = pack.procedure("benefit-standard").unwrap();
    let mut fresh = fresh();
    // Eight days after Wednesday 23 April 2025 is 1 May, a holiday of two days before a weekend.
    let mut running = begun(&pack, procedure, date(2025, 4, 23), &mut fresh);
    running
        .act_of(
            (LegalAct::Lodge, Decider::First),
            done(1, date(2025, 4, 23)),
            &pack,
            &Closed::new(),
            &mut fresh,
        )
        .unwrap();
    assert_eq!(open(&running), [("evidence".to_owned(), Some(date(2025, 5, 5)))]);
    // Three working days from 30 April leave the holidays and the weekend out.
    running
        .jump(
            "letter",
            "to see its term",
            done(1, date(2025, 4, 30)),
            &pack,
            &mut fresh,
        )
        .unwrap();
    assert_eq!(open(&running), [("letter".to_owned(), Some(date(2025, 5, 7)))]);
}

#[test]
fn a_guard_that_does_not_hold_passes_a_step_over() {
    let pack = montenegro();
    let procedure = pack.procedure("benefit-standard").unwrap();
    let mut fresh = fresh();
    let closed: Closed = ["assessment".to_owned()].into();
    for (closed, opens) in [(Closed::new(), "assessment"), (closed, "recommendation")] {
        let mut running = begun(&pack, procedure, date(2025, 3, 10), &mut fresh);
        running
            .act_of(
                (LegalAct::Lodge, Decider::First),
                done(1, date(2025, 3, 10)),
                &pack,
                &closed,
                &mut fresh,
            )
            .unwrap();
        complete(&mut running, "evidence", &pack, &closed, &mut fresh).unwrap();
        assert_eq!(open(&running)[0].0, opens);
    }
}

#[test]
fn a_step_opens_again_with_a_reason_and_drops_what_it_had_opened() {
    let pack = montenegro();
    let procedure = pack.procedure("benefit-standard").unwrap();
    let (mut fresh, none) = (fresh(), Closed::new());
    let mut running = begun(&pack, procedure, date(2025, 3, 10), &mut fresh);
    running
        .act_of(
            (LegalAct::Lodge, Decider::First),
            done(1, date(2025, 3, 10)),
            &pack,
            &none,
            &mut fresh,
        )
        .unwrap();
    let evidence = running.open_step("evidence").unwrap().id;
    let again = running.reopen(evidence, "early", done(1, date(2025, 3, 10)), &pack, &mut fresh);
    assert_eq!(again, Err(Refusal::CannotReopen), "it is open");
    complete(&mut running, "evidence", &pack, &none, &mut fresh).unwrap();
    running
        .reopen(
            evidence,
            "a register was wrong",
            done(2, date(2025, 3, 11)),
            &pack,
            &mut fresh,
        )
        .unwrap();
    assert_eq!(open(&running), [("evidence".to_owned(), Some(date(2025, 3, 19)))]);
    let dropped = running.steps.iter().find(|run| run.step == "assessment").unwrap();
    assert_eq!(
        (dropped.state, dropped.reason.as_deref()),
        (StepState::Dropped, Some("a register was wrong"))
    );
    let intake = running.steps.iter().find(|run| run.step == "intake").unwrap().id;
    let lodged = running.reopen(intake, "again", done(1, date(2025, 3, 11)), &pack, &mut fresh);
    assert_eq!(
        lodged,
        Err(Refusal::CannotReopen),
        "a legal act is not undone by opening its step"
    );
}

#[test]
fn whoever_recommends_is_barred_from_deciding_and_the_last_step_ends_the_matter() {
    let pack = montenegro();
    let procedure = pack.procedure("benefit-standard").unwrap();
    let (mut fresh, none, day) = (fresh(), Closed::new(), date(2025, 3, 10));
    let mut running = begun(&pack, procedure, day, &mut fresh);
    running
        .act_of(
            (LegalAct::Lodge, Decider::First),
            done(1, day),
            &pack,
            &none,
            &mut fresh,
        )
        .unwrap();
    complete(&mut running, "evidence", &pack, &none, &mut fresh).unwrap();
    complete(&mut running, "assessment", &pack, &none, &mut fresh).unwrap();
    assert_eq!(
        complete(&mut running, "recommendation", &pack, &none, &mut fresh),
        Err(Refusal::LegalAct)
    );
    running
        .act_of(
            (LegalAct::Recommend, Decider::First),
            done(7, date(2025, 3, 14)),
            &pack,
            &none,
            &mut fresh,
        )
        .unwrap();
    let decision = running.open_step("decision").unwrap();
    assert_eq!(
        decision.due_on,
        Some(date(2025, 4, 9)),
        "thirty days from lodging, whenever it opens"
    );
    assert_eq!(decision.barred, Some(officer(7)));
    let decision = decision.id;
    assert_eq!(
        running.assign(decision, Some(officer(7))),
        Err(Refusal::SecondOfficerNeeded)
    );
    running.assign(decision, Some(officer(8))).unwrap();
    for step in ["evidence", "assessment"] {
        let run = running.steps.iter().find(|run| run.step == step).unwrap().id;
        let early = running.reopen(run, "on second thought", done(7, day), &pack, &mut fresh);
        assert_eq!(
            early,
            Err(Refusal::CannotReopen),
            "from a recommendation the way back is a return"
        );
    }
    assert_eq!(
        running.act_of(
            (LegalAct::Deliver, Decider::First),
            done(8, day),
            &pack,
            &none,
            &mut fresh
        ),
        Err(Refusal::StepNotOpen)
    );
    running
        .act_of(
            (LegalAct::Decide, Decider::First),
            done(8, day),
            &pack,
            &none,
            &mut fresh,
        )
        .unwrap();
    complete(&mut running, "letter", &pack, &none, &mut fresh).unwrap();
    assert!(running.matter.ended_at.is_none());
    running
        .act_of(
            (LegalAct::Deliver, Decider::First),
            done(1, day),
            &pack,
            &none,
            &mut fresh,
        )
        .unwrap();
    assert!(running.matter.ended_at.is_some());
    assert!(
        running
            .jump("evidence", "too late", done(1, day), &pack, &mut fresh)
            .is_err()
    );
}

#[test]
fn every_state_moves_as_its_table_says() {
    let pack = montenegro();
    let procedure = pack.procedure("benefit-standard").unwrap();
    let step = |id: &str| -> &Step { procedure.step(id).unwrap() };
    let states = [
        StepState::Open,
        StepState::Started,
        StepState::Done,
        StepState::Dropped,
    ];
    for id in ["evidence", "recommendation", "letter"] {
        for state in states {
            let mut fresh = fresh();
            for asked in [Move::Start, Move::Complete, Move::Reopen, Move::Assign] {
                let mut running = begun(&pack, procedure, date(2025, 3, 10), &mut fresh);
                running
                    .jump(id, "to begin here", done(1, date(2025, 3, 10)), &pack, &mut fresh)
                    .unwrap();
                let run = running.steps.last_mut().unwrap();
                run.state = state;
                let run = run.id;
                let day = done(1, date(2025, 3, 10));
                let result = match asked {
                    Move::Start => running.start(run, officer(1)),
                    Move::Complete => running.complete(run, day, &pack, &Closed::new(), &mut fresh),
                    Move::Reopen => running.reopen(run, "because", day, &pack, &mut fresh),
                    Move::Assign => running.assign(run, Some(officer(2))),
                };
                let table = moves(state, step(id)).contains(&asked);
                assert_eq!(
                    result.is_ok(),
                    table,
                    "{asked:?} of {id} in {state:?}: {result:?}"
                );
            }
        }
    }
}

//! The rules of a case: what its state allows, what makes a plan a plan, what is due when. Pure.

use crate::problem::Refusal;
use karton_api::{
    Date, Id, Timestamp,
    cases::{CaseState, NewActivity, NewGoal, NewPlan, PlanState},
    problem::FieldError,
    value::{Activity, Officer},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The decision to open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Opening {
    pub(super) on: Date,
    pub(super) by: Id<Officer>,
    pub(super) note: Option<String>,
    /// Who leads the case.
    pub(super) lead: Id<Officer>,
}

/// The decision to close.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Closing {
    pub(super) on: Date,
    pub(super) by: Id<Officer>,
    pub(super) reason: String,
    pub(super) text: String,
}

/// Where a case stands by law, with what only exists there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stage {
    /// Nobody has decided to open it.
    Reported,
    /// Worked on.
    Open(Opening),
    /// Closed, perhaps without ever having been opened.
    Closed(Option<Opening>, Closing),
}

impl Stage {
    pub(super) fn state(&self) -> CaseState {
        match self {
            Stage::Reported => CaseState::Reported,
            Stage::Open(_) => CaseState::Open,
            Stage::Closed(..) => CaseState::Closed,
        }
    }
    pub(super) fn opening(&self) -> Option<&Opening> {
        match self {
            Stage::Reported => None,
            Stage::Open(opening) => Some(opening),
            Stage::Closed(opening, _) => opening.as_ref(),
        }
    }
    /// Opens what was reported.
    pub(super) fn open(self, opening: Opening) -> Result<Stage, Refusal> {
        match self {
            Stage::Reported => Ok(Stage::Open(opening)),
            Stage::Open(_) | Stage::Closed(..) => Err(Refusal::StepNotOpen),
        }
    }
    /// Work is done on an open case only.
    pub(super) fn worked_on(&self) -> Result<(), Refusal> {
        match self {
            Stage::Open(_) => Ok(()),
            Stage::Reported => Err(Refusal::StepNotOpen),
            Stage::Closed(..) => Err(Refusal::CaseClosed),
        }
    }
    /// What is written down and who stands in it may be added until it is closed.
    pub(super) fn not_closed(&self) -> Result<(), Refusal> {
        match self {
            Stage::Reported | Stage::Open(_) => Ok(()),
            Stage::Closed(..) => Err(Refusal::CaseClosed),
        }
    }
    pub(super) fn close(self, closing: Closing) -> Result<Stage, Refusal> {
        match self {
            Stage::Open(opening) => Ok(Stage::Closed(Some(opening), closing)),
            Stage::Reported => Err(Refusal::StepNotOpen),
            Stage::Closed(..) => Err(Refusal::CaseClosed),
        }
    }
    /// Gives an open case to another caseworker; answers who led it before.
    pub(super) fn give(self, lead: Id<Officer>) -> Result<(Stage, Id<Officer>), Refusal> {
        match self {
            Stage::Open(opening) => {
                let before = opening.lead;
                Ok((Stage::Open(Opening { lead, ..opening }), before))
            }
            Stage::Reported => Err(Refusal::StepNotOpen),
            Stage::Closed(..) => Err(Refusal::CaseClosed),
        }
    }
    /// Takes a closed case up again, with who led it.
    pub(super) fn reopen(self) -> Result<Stage, Refusal> {
        match self {
            Stage::Closed(Some(opening), _) => Ok(Stage::Open(opening)),
            Stage::Closed(None, _) | Stage::Reported | Stage::Open(_) => Err(Refusal::CannotReopen),
        }
    }
}

/// What a version of a plan says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PlanBody {
    pub(super) aim: String,
    pub(super) goals: Vec<Goal>,
    pub(super) activities: Vec<Planned>,
    pub(super) crisis: Option<String>,
    pub(super) participation: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Goal {
    pub(super) id: Id<Activity>,
    pub(super) goal: String,
    pub(super) indicator: Option<String>,
    pub(super) due_on: Date,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Planned {
    pub(super) id: Id<Activity>,
    pub(super) goal: u8,
    pub(super) kind: String,
    pub(super) what: String,
    pub(super) officer: Option<Id<Officer>>,
    pub(super) responsible: Option<String>,
    pub(super) due_on: Date,
}

/// A version of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PlanVersion {
    pub(super) id: Id<karton_api::value::Plan>,
    pub(super) version: u32,
    pub(super) state: PlanState,
    pub(super) body: PlanBody,
    pub(super) review_on: Date,
    pub(super) proposed_at: Timestamp,
    pub(super) proposed_by: Id<Officer>,
    pub(super) decided_at: Option<Timestamp>,
    pub(super) decided_by: Option<Id<Officer>>,
    pub(super) note: Option<String>,
}

impl PlanVersion {
    /// The supervisor agrees: never the one who proposed it.
    pub(super) fn approve(
        mut self,
        by: Id<Officer>,
        at: Timestamp,
        note: Option<String>,
    ) -> Result<PlanVersion, Refusal> {
        self.decided(by)?;
        self.state = PlanState::Approved;
        (self.decided_at, self.decided_by, self.note) = (Some(at), Some(by), note);
        Ok(self)
    }
    /// The supervisor sends it back.
    pub(super) fn send_back(
        mut self,
        by: Id<Officer>,
        at: Timestamp,
        why: String,
    ) -> Result<PlanVersion, Refusal> {
        self.decided(by)?;
        self.state = PlanState::Returned;
        (self.decided_at, self.decided_by, self.note) = (Some(at), Some(by), Some(why));
        Ok(self)
    }
    fn decided(&self, by: Id<Officer>) -> Result<(), Refusal> {
        if self.state != PlanState::Proposed {
            return Err(Refusal::StepNotOpen);
        }
        if self.proposed_by == by {
            return Err(Refusal::SecondOfficerNeeded);
        }
        Ok(())
    }
}

/// The most goals of a plan, and activities.
pub(super) const MOST_GOALS: usize = 20;
pub(super) const MOST_ACTIVITIES: usize = 100;

pub(super) fn wrong(pointer: impl Into<String>, code: &str, message: impl Into<String>) -> FieldError {
    FieldError {
        pointer: pointer.into(),
        code: code.to_owned(),
        message: message.into(),
    }
}

/// A text of `least` to `most` characters without spaces around it; control characters other than line ends are refused.
pub(super) fn text(
    text: &str,
    (least, most): (usize, usize),
    pointer: &str,
    errors: &mut Vec<FieldError>,
) -> String {
    let text = text.trim();
    let length = text.chars().count();
    if !(least..=most).contains(&length) {
        errors.push(wrong(
            pointer,
            "length",
            format!("{least} to {most} characters are needed here"),
        ));
    }
    if text.contains('\0') {
        errors.push(wrong(pointer, "nul", "this text holds a NUL character"));
    }
    text.to_owned()
}

/// The same where nothing may be said too.
pub(super) fn optional(
    said: Option<&String>,
    most: usize,
    pointer: &str,
    errors: &mut Vec<FieldError>,
) -> Option<String> {
    let said = said.map(|said| text(said, (0, most), pointer, errors))?;
    Some(said).filter(|said| !said.is_empty())
}

/// A time of day, `HH:MM`.
pub(super) fn time_of_day(
    time: Option<&String>,
    pointer: &str,
    errors: &mut Vec<FieldError>,
) -> Option<String> {
    let time = time?.trim();
    if time.is_empty() {
        return None;
    }
    let number = |text: &str, most: u8| {
        text.len() == 2
            && text.bytes().all(|byte| byte.is_ascii_digit())
            && text.parse::<u8>().is_ok_and(|n| n <= most)
    };
    if time
        .split_once(':')
        .is_none_or(|(hour, minute)| !number(hour, 23) || !number(minute, 59))
    {
        errors.push(wrong(pointer, "time", "write hours and minutes: 09:30"));
    }
    Some(time.to_owned())
}

/// A day on which something has happened: not after today, not before `earliest`.
pub(super) fn happened(
    on: Option<Date>,
    (earliest, today): (Date, Date),
    pointer: &str,
    errors: &mut Vec<FieldError>,
) -> Date {
    let on = on.unwrap_or(today);
    if on > today {
        errors.push(wrong(pointer, "future", "this day has not come yet"));
    } else if on < earliest {
        errors.push(wrong(
            pointer,
            "too-early",
            format!("this lies before {earliest}"),
        ));
    }
    on
}

/// Years within which anything of a case can be due.
const FURTHEST_YEARS: i16 = 20;

/// A day on which something is to be done: today or later, within twenty years.
pub(super) fn ahead(on: Date, today: Date, pointer: &str, errors: &mut Vec<FieldError>) {
    if on < today {
        errors.push(wrong(pointer, "past", "this day is past"));
    } else if on.year() > today.year().saturating_add(FURTHEST_YEARS) {
        errors.push(wrong(pointer, "too-late", "this day is too far ahead"));
    }
}

/// Holds a proposed plan against itself. `known` are the goals and activities of the plan in force, with the activities of it that are settled;
/// `fresh` gives ids to what is new. Codes and officers are looked at by the caller.
pub(super) fn check_plan(
    plan: &NewPlan,
    known: &Known,
    today: Date,
    fresh: &mut dyn FnMut() -> Option<Id<Activity>>,
) -> Result<PlanBody, Vec<FieldError>> {
    let mut errors = Vec::new();
    let aim = text(&plan.aim, (3, 2000), "/aim", &mut errors);
    let crisis = optional(plan.crisis.as_ref(), 2000, "/crisis", &mut errors);
    let participation = optional(plan.participation.as_ref(), 2000, "/participation", &mut errors);
    if !(1..=MOST_GOALS).contains(&plan.goals.len()) {
        errors.push(wrong(
            "/goals",
            "count",
            format!("a plan has 1 to {MOST_GOALS} goals"),
        ));
    }
    if plan.activities.len() > MOST_ACTIVITIES {
        errors.push(wrong(
            "/activities",
            "count",
            format!("a plan has at most {MOST_ACTIVITIES} activities"),
        ));
    }
    if plan.review_on <= today || plan.review_on.year() > today.year().saturating_add(FURTHEST_YEARS) {
        errors.push(wrong(
            "/review_on",
            "past",
            "a plan is looked at again on a later day",
        ));
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut seen = BTreeSet::new();
    let mut identity = |id: Option<Id<Activity>>,
                        of: &BTreeSet<Id<Activity>>,
                        at: String,
                        errors: &mut Vec<FieldError>| match id {
        Some(id) if !of.contains(&id) => {
            errors.push(wrong(at, "unknown", "the plan in force has none with this id"));
            None
        }
        Some(id) if !seen.insert(id) => {
            errors.push(wrong(at, "twice", "this stands in the plan twice"));
            None
        }
        Some(id) => Some(id),
        None => fresh(),
    };
    let mut goals = Vec::new();
    for (place, goal) in plan.goals.iter().enumerate() {
        let at = |field: &str| format!("/goals/{place}/{field}");
        let NewGoal {
            id,
            goal,
            indicator,
            due_on,
        } = goal;
        let id = identity(*id, &known.goals, at("id"), &mut errors);
        let goal = text(goal, (3, 500), &at("goal"), &mut errors);
        let indicator = optional(indicator.as_ref(), 500, &at("indicator"), &mut errors);
        ahead(*due_on, today, &at("due_on"), &mut errors);
        if let Some(id) = id {
            goals.push(Goal {
                id,
                goal,
                indicator,
                due_on: *due_on,
            });
        }
    }
    let mut activities = Vec::new();
    for (place, activity) in plan.activities.iter().enumerate() {
        let at = |field: &str| format!("/activities/{place}/{field}");
        let NewActivity {
            id,
            goal,
            kind,
            what,
            officer,
            responsible,
            due_on,
        } = activity;
        let settled = id.is_some_and(|id| known.settled.contains(&id));
        let id = identity(*id, &known.activities, at("id"), &mut errors);
        let what = text(what, (3, 500), &at("what"), &mut errors);
        let responsible = optional(responsible.as_ref(), 300, &at("responsible"), &mut errors);
        if usize::from(*goal) >= plan.goals.len() {
            errors.push(wrong(at("goal"), "unknown", "there is no goal at this place"));
        }
        if officer.is_none() && responsible.is_none() {
            errors.push(wrong(
                at("responsible"),
                "required",
                "somebody has to do it: an officer, or whoever else by name",
            ));
        }
        if !settled {
            ahead(*due_on, today, &at("due_on"), &mut errors);
        }
        if let Some(id) = id {
            let kind = kind.clone();
            activities.push(Planned {
                id,
                goal: *goal,
                kind,
                what,
                officer: *officer,
                responsible,
                due_on: *due_on,
            });
        }
    }
    for place in 0..plan.goals.len() {
        if plan
            .activities
            .iter()
            .all(|activity| usize::from(activity.goal) != place)
        {
            errors.push(wrong(
                format!("/goals/{place}"),
                "no-activity",
                "nothing is done for this goal: give it an activity",
            ));
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok(PlanBody {
        aim,
        goals,
        activities,
        crisis,
        participation,
    })
}

/// What the plan in force holds.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    pub(super) goals: BTreeSet<Id<Activity>>,
    pub(super) activities: BTreeSet<Id<Activity>>,
    /// Activities that were carried out or given up.
    pub(super) settled: BTreeSet<Id<Activity>>,
}

/// The next day of something that comes again `every` days after it was done.
pub(super) fn again(done_on: Date, every: u16) -> Option<Date> {
    done_on.checked_add(jiff::Span::new().days(i64::from(every))).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const TODAY: Date = date(2025, 3, 10);

    fn id(n: u8) -> Id<Activity> {
        Id::at(Timestamp::UNIX_EPOCH, [n; 10])
    }
    fn officer(n: u8) -> Id<Officer> {
        Id::at(Timestamp::UNIX_EPOCH, [n; 10])
    }
    fn plan() -> NewPlan {
        NewPlan {
            aim: "Dijete je sigurno".into(),
            goals: vec![NewGoal {
                id: None,
                goal: "Redovna škola".into(),
                indicator: None,
                due_on: date(2025, 6, 1),
            }],
            activities: vec![NewActivity {
                id: None,
                goal: 0,
                kind: "education".into(),
                what: "Razgovor sa školom".into(),
                officer: Some(officer(1)),
                responsible: None,
                due_on: TODAY,
            }],
            crisis: None,
            participation: None,
            review_on: date(2025, 6, 10),
        }
    }
    fn checked(plan: &NewPlan, known: &Known) -> Result<PlanBody, Vec<String>> {
        let mut next = 100;
        let mut fresh = || {
            next += 1;
            Some(id(next))
        };
        check_plan(plan, known, TODAY, &mut fresh).map_err(|errors| {
            errors
                .into_iter()
                .map(|error| format!("{} {}", error.pointer, error.code))
                .collect()
        })
    }
    fn opening() -> Opening {
        Opening {
            on: TODAY,
            by: officer(2),
            note: None,
            lead: officer(1),
        }
    }
    fn closing() -> Closing {
        Closing {
            on: TODAY,
            by: officer(2),
            reason: "goals-met".into(),
            text: "gotovo".into(),
        }
    }

    #[test]
    fn a_plan_needs_goals_activities_and_somebody_for_each() {
        let body = checked(&plan(), &Known::default()).unwrap();
        assert_eq!((body.goals[0].id, body.activities[0].id), (id(101), id(102)));
        let mut bare = plan();
        bare.activities.clear();
        assert_eq!(
            checked(&bare, &Known::default()).unwrap_err(),
            ["/goals/0 no-activity"]
        );
        let mut nobodys = plan();
        nobodys.activities[0].officer = None;
        nobodys.activities[0].goal = 3;
        assert_eq!(
            checked(&nobodys, &Known::default()).unwrap_err(),
            [
                "/activities/0/goal unknown",
                "/activities/0/responsible required",
                "/goals/0 no-activity"
            ]
        );
        let mut late = plan();
        late.review_on = TODAY;
        late.goals.clear();
        assert_eq!(
            checked(&late, &Known::default()).unwrap_err(),
            ["/goals count", "/review_on past"]
        );
    }

    #[test]
    fn days_of_a_plan_lie_ahead_but_for_what_is_done_already() {
        let mut past = plan();
        past.activities[0].due_on = date(2025, 3, 9);
        assert_eq!(
            checked(&past, &Known::default()).unwrap_err(),
            ["/activities/0/due_on past"]
        );
        past.activities[0].id = Some(id(7));
        let known = Known {
            activities: [id(7)].into(),
            settled: [id(7)].into(),
            ..Known::default()
        };
        assert_eq!(checked(&past, &known).unwrap().activities[0].id, id(7));
        let mut far = plan();
        far.goals[0].due_on = date(2046, 1, 1);
        assert_eq!(
            checked(&far, &Known::default()).unwrap_err(),
            ["/goals/0/due_on too-late"]
        );
    }

    #[test]
    fn a_later_version_goes_on_with_what_stands_and_with_nothing_else() {
        let mut other = plan();
        other.goals[0].id = Some(id(5));
        assert_eq!(
            checked(&other, &Known::default()).unwrap_err(),
            ["/goals/0/id unknown"]
        );
        let known = Known {
            goals: [id(5)].into(),
            ..Known::default()
        };
        assert_eq!(checked(&other, &known).unwrap().goals[0].id, id(5));
        other.goals.push(other.goals[0].clone());
        other.activities.push(NewActivity {
            goal: 1,
            ..other.activities[0].clone()
        });
        assert_eq!(checked(&other, &known).unwrap_err(), ["/goals/1/id twice"]);
    }

    #[test]
    fn the_supervisor_is_a_second_officer_and_decides_once() {
        let proposed = PlanVersion {
            id: Id::at(Timestamp::UNIX_EPOCH, [9; 10]),
            version: 1,
            state: PlanState::Proposed,
            body: checked(&plan(), &Known::default()).unwrap(),
            review_on: date(2025, 6, 10),
            proposed_at: Timestamp::UNIX_EPOCH,
            proposed_by: officer(1),
            decided_at: None,
            decided_by: None,
            note: None,
        };
        let by = |n| proposed.clone().approve(officer(n), Timestamp::UNIX_EPOCH, None);
        assert_eq!(by(1).unwrap_err(), Refusal::SecondOfficerNeeded);
        let approved = by(2).unwrap();
        assert_eq!(approved.state, PlanState::Approved);
        assert_eq!(
            approved
                .approve(officer(2), Timestamp::UNIX_EPOCH, None)
                .unwrap_err(),
            Refusal::StepNotOpen
        );
        let back = proposed
            .send_back(officer(2), Timestamp::UNIX_EPOCH, "nejasno".into())
            .unwrap();
        assert_eq!(
            (back.state, back.note.as_deref()),
            (PlanState::Returned, Some("nejasno"))
        );
    }

    #[test]
    fn a_case_is_opened_worked_on_closed_and_taken_up_again() {
        let open = Stage::Reported.open(opening()).unwrap();
        assert_eq!(open.worked_on(), Ok(()));
        assert_eq!(open.clone().open(opening()).unwrap_err(), Refusal::StepNotOpen);
        assert_eq!(open.clone().reopen().unwrap_err(), Refusal::CannotReopen);
        assert_eq!(Stage::Reported.worked_on(), Err(Refusal::StepNotOpen));
        assert_eq!(
            Stage::Reported.close(closing()).unwrap_err(),
            Refusal::StepNotOpen
        );
        let closed = open.close(closing()).unwrap();
        assert_eq!(closed.worked_on(), Err(Refusal::CaseClosed));
        assert_eq!(closed.not_closed(), Err(Refusal::CaseClosed));
        assert_eq!(closed.opening().map(|it| it.lead), Some(officer(1)));
        assert_eq!(closed.reopen().unwrap().state(), CaseState::Open);
    }

    #[test]
    fn times_days_and_texts_are_looked_at_where_they_come_in() {
        let mut errors = Vec::new();
        for good in ["00:00", "23:59", " 9:30".replace(' ', "0").as_str()] {
            time_of_day(Some(&good.to_owned()), "/time", &mut errors);
        }
        assert_eq!(errors, []);
        for bad in ["24:00", "9:30", "12:60", "noon", "+1:00"] {
            errors.clear();
            time_of_day(Some(&bad.to_owned()), "/time", &mut errors);
            assert_eq!(errors.len(), 1, "{bad}");
        }
        errors.clear();
        assert_eq!(happened(None, (TODAY, TODAY), "/on", &mut errors), TODAY);
        happened(Some(date(2025, 3, 11)), (TODAY, TODAY), "/on", &mut errors);
        happened(Some(date(2025, 3, 9)), (TODAY, TODAY), "/on", &mut errors);
        let codes: Vec<&str> = errors.iter().map(|error| error.code.as_str()).collect();
        assert_eq!(codes, ["future", "too-early"]);
        assert_eq!(again(date(2025, 1, 31), 30), Some(date(2025, 3, 2)));
    }
}

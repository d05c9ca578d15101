//! What a form says is to be done.

use super::{CaseForm, OWN, What};
use crate::{api::Deed, app::Look, screens::cases::build};
use karton_api::{Date, FactValue, Id, cases::*, common::Reason, value};

impl CaseForm {
    fn text(&self, id: &str) -> String {
        self.form
            .find(OWN, id)
            .map(|f| f.text().trim().to_owned())
            .unwrap_or_default()
    }
    fn said(&self, id: &str) -> Option<String> {
        Some(self.text(id)).filter(|text| !text.is_empty())
    }
    fn value(&self, id: &str, look: &Look<'_>) -> Option<FactValue> {
        self.form.find(OWN, id)?.value(&look.form()).ok().flatten()
    }
    fn day(&self, id: &str, look: &Look<'_>) -> Option<Date> {
        match self.value(id, look) {
            Some(FactValue::Date(day)) => Some(day),
            _ => None,
        }
    }
    fn yes(&self, id: &str, look: &Look<'_>) -> bool {
        self.value(id, look) == Some(FactValue::Bool(true))
    }
    fn whole<T: TryFrom<i64>>(&self, id: &str, look: &Look<'_>) -> Option<T> {
        match self.value(id, look) {
            Some(FactValue::Int(number)) => T::try_from(number).ok(),
            _ => None,
        }
    }
    fn code(&self, id: &str, look: &Look<'_>) -> Option<String> {
        match self.value(id, look) {
            Some(FactValue::Code(code)) => Some(code),
            _ => None,
        }
    }
    fn officer(&self, id: &str, look: &Look<'_>) -> Option<Id<value::Officer>> {
        self.code(id, look)?.parse().ok()
    }
    fn person(&self, id: &str, look: &Look<'_>) -> Option<Id<value::Person>> {
        match self.value(id, look) {
            Some(FactValue::Person(id)) => Some(id),
            _ => None,
        }
    }
    fn note(&self, kind: NoteKind, code: Option<String>, look: &Look<'_>) -> NewNote {
        NewNote {
            kind,
            code,
            on: self.day("on", look),
            time: self.said("time"),
            who: self.said("who"),
            text: self.text("text"),
            next_step: self.said("next_step"),
            watch: self.code("watch", look).and_then(|id| id.parse().ok()),
            answers: None,
        }
    }
    /// What the form says is to be done.
    pub(super) fn deed(&self, look: &Look<'_>) -> Option<Deed> {
        let reason = || Reason {
            reason: self.text("reason"),
        };
        Some(match &self.what {
            What::Open => Deed::Open(OpenCase {
                lead: self.officer("lead", look)?,
                note: self.said("note"),
            }),
            What::Close => Deed::Close(CloseCase {
                reason: self.code("reason", look)?,
                on: self.day("on", look),
                text: self.text("text"),
            }),
            What::Return => Deed::Return(reason()),
            What::Reopen => Deed::Reopen(reason()),
            What::Lead => Deed::Lead(ChangeLead {
                lead: self.officer("lead", look)?,
                reason: self.text("reason"),
            }),
            What::Approve(plan) => Deed::Approve(ApprovePlan {
                plan: *plan,
                note: self.said("note"),
            }),
            What::Appraise(step) => Deed::Appraise(Appraise {
                step: step.clone(),
                on: self.day("on", look),
                answers: build::answers(&self.form, &self.places, &look.form()),
                close: self.yes("close", look),
            }),
            What::Plan => Deed::Plan(self.plan(look)?),
            What::Contact => Deed::Write(self.note(NoteKind::Contact, self.code("code", look), look)),
            What::Visit => {
                let mut note = self.note(NoteKind::Contact, Some("visit".to_owned()), look);
                note.answers = Some(build::answers(&self.form, &self.places, &look.form()));
                Deed::Write(note)
            }
            What::Note => Deed::Write(self.note(NoteKind::Note, None, look)),
            What::Correct(id) => {
                let note = self.kit.notes.iter().find(|note| note.id == *id)?;
                Deed::Correct(
                    *id,
                    note.version,
                    ChangeNote {
                        on: self.day("on", look)?,
                        time: self.said("time"),
                        who: self.said("who"),
                        text: self.text("text"),
                        next_step: self.said("next_step"),
                    },
                )
            }
            What::Realise(id) => Deed::Realise(
                *id,
                Realise {
                    state: match self.code("state", look)?.as_str() {
                        "done" => ActivityState::Done,
                        "partly" => ActivityState::Partly,
                        _ => ActivityState::NotDone,
                    },
                    on: self.day("on", look),
                    text: self.text("text"),
                },
            ),
            What::Watch => Deed::Watch(NewWatch {
                kind: self.code("kind", look)?,
                what: self.text("what"),
                due_on: self.day("due_on", look)?,
                time: self.said("time"),
                officer: self.officer("officer", look),
                every_days: self.whole("every_days", look),
            }),
            What::Settle(id) => Deed::Settle(
                *id,
                SettleWatch {
                    dropped: self.code("state", look)? == "dropped",
                    on: self.day("on", look),
                    text: self.text("text"),
                },
            ),
            What::Refer => Deed::Refer(Refer {
                to: self.code("to", look)?,
                who: self.said("who"),
                on: self.day("on", look),
                text: self.text("text"),
                answer_by: self.day("answer_by", look),
            }),
            What::Review => Deed::Review(Review {
                text: self.text("text"),
                goals: self.reached(look),
                risk: self.said("risk"),
                view: self.said("view"),
                outcome: match self.code("outcome", look)?.as_str() {
                    "change" => ReviewOutcome::Change,
                    "close" => ReviewOutcome::Close,
                    _ => ReviewOutcome::Continue,
                },
            }),
            What::Person => Deed::Person(NewParticipant {
                role: self.code("role", look)?,
                person: self.person("person", look),
                name: self.said("name"),
                note: self.said("note"),
                from: None,
            }),
            What::EndPerson(id) => Deed::EndPerson(*id, self.ends(look)?),
            What::EndCare(id) => Deed::EndCare(*id, self.ends(look)?),
            What::EndName(id) => Deed::EndName(*id, reason()),
            What::Care => Deed::Care(NewCare {
                person: self.person("person", look)?,
                carer: self.person("carer", look)?,
                kind: self.code("kind", look)?,
                act: self.text("act"),
                from: self.day("from", look)?,
            }),
            What::Name => Deed::Name(NameOfficer {
                officer: self.officer("officer", look)?,
                capacity: self.code("capacity", look)?,
                reason: self.text("reason"),
                until: self.day("until", look),
            }),
        })
    }
    fn ends(&self, look: &Look<'_>) -> Option<EndTie> {
        Some(EndTie {
            until: self.day("until", look)?,
            reason: self.text("reason"),
        })
    }
    /// Goals with their percent, from the fields `goal-0`, `goal-1` …
    fn reached(&self, look: &Look<'_>) -> Vec<Reached> {
        let goals = self.kit.case.plan.iter().flat_map(|plan| &plan.goals).enumerate();
        goals
            .filter_map(|(place, goal)| {
                let percent = self.whole(&format!("goal-{place}"), look)?;
                Some(Reached {
                    goal: goal.id,
                    percent,
                })
            })
            .collect()
    }
    /// Goals and activities that are worded as in the plan that stands go on with it.
    fn plan(&self, look: &Look<'_>) -> Option<NewPlan> {
        let stands = self.kit.case.proposed.as_ref().or(self.kit.case.plan.as_ref());
        let rows = |id: &str| match self.value(id, look) {
            Some(FactValue::Rows(rows)) => rows,
            _ => Vec::new(),
        };
        let words = |row: &value::Record, column: &str| match row.get(column) {
            Some(FactValue::Text(text)) => text.trim().to_owned(),
            Some(FactValue::Code(code)) => code.clone(),
            _ => String::new(),
        };
        let day = |row: &value::Record, column: &str| match row.get(column) {
            Some(FactValue::Date(day)) => *day,
            _ => look.today,
        };
        let said = |text: String| Some(text).filter(|text| !text.is_empty());
        let (goal_rows, activity_rows) = (rows("goals"), rows("activities"));
        let goals = goal_rows.iter().map(|row| {
            let goal = words(row, "goal");
            let id = stands
                .and_then(|plan| plan.goals.iter().find(|it| it.goal == goal))
                .map(|it| it.id);
            NewGoal {
                id,
                indicator: said(words(row, "indicator")),
                due_on: day(row, "due_on"),
                goal,
            }
        });
        let goals = goals.collect();
        let activities = activity_rows.iter().map(|row| {
            let what = words(row, "what");
            let id = stands
                .and_then(|plan| plan.activities.iter().find(|it| it.what == what))
                .map(|it| it.id);
            let goal = match row.get("goal") {
                Some(FactValue::Int(number)) => u8::try_from(*number - 1).unwrap_or(u8::MAX),
                _ => 0,
            };
            NewActivity {
                id,
                goal,
                kind: words(row, "kind"),
                officer: words(row, "officer").parse().ok(),
                responsible: said(words(row, "responsible")),
                due_on: day(row, "due_on"),
                what,
            }
        });
        let activities = activities.collect();
        Some(NewPlan {
            aim: self.text("aim"),
            goals,
            activities,
            crisis: self.said("crisis"),
            participation: self.said("participation"),
            review_on: self.day("review_on", look)?,
        })
    }
}

//! Many decisions at once: a list of recommended applications that are alike, and one confirmation for those that were marked. Each is decided in a
//! transaction of its own, with its own entry, by the same way as a single one.

use super::deciding;
use crate::{
    access::{Decide as MayDecide, May},
    applications, assessments,
    house::House,
    http::{self, cursor},
    persons,
    problem::Error,
    users,
};
use karton_api::{
    Id,
    applications::Decide,
    assessments::Outcome,
    common::Page,
    decisions::{DecideMany, DecidedMany, DecidedOne, LeftOne, ReadyQuery, ReadyToDecide},
    value,
};

/// The most that are decided with one confirmation.
const MOST: usize = 200;

/// Recommended applications of one benefit and outcome within the scope, the longest waiting first, each with what stands against marking it. Those
/// on which the officer may not work are not among them.
pub(super) async fn ready(
    may: &May<MayDecide>,
    house: &House,
    query: ReadyQuery,
) -> Result<Page<ReadyToDecide>, Error> {
    let limit = http::limit(query.limit)?;
    let after: Option<(i64, Id<value::Application>)> = cursor::decode(query.cursor.as_deref())?;
    if !matches!(query.outcome, Outcome::Grant | Outcome::Refuse) {
        return Err(Error::field("outcome", "unknown", "`grant` or `refuse`."));
    }
    let (scope, inside, officer) = (may.scope(), house.clone(), may.officer());
    let today = house.clock.today();
    house
        .store
        .read(move |tx| {
            let found = applications::store::recommended(
                tx,
                &scope,
                &query.benefit,
                query.outcome,
                after,
                limit + 1,
            )?;
            let more = found.len() > limit;
            let mut items = Vec::new();
            let mut last = None;
            for it in found.into_iter().take(limit) {
                last = it
                    .stage
                    .lodged()
                    .map(|lodged| (lodged.at.as_microsecond(), it.id));
                if persons::not_own(tx, officer, it.applicant).is_err() {
                    continue;
                }
                let Some(recommendation) = it.stage.recommendation().cloned() else {
                    continue;
                };
                let stored = assessments::store::load(tx, &scope, recommendation.assessment)?;
                let newest = assessments::newest(tx, &scope, it.id.cast())?;
                let outdated = newest.is_none_or(|newest| newest.id != stored.id)
                    || assessments::outdated(tx, &scope, &stored, today)?;
                let amount = stored
                    .trace
                    .amount
                    .as_ref()
                    .filter(|_| query.outcome == Outcome::Grant);
                let barred = if recommendation.by.id == officer {
                    Some("second-officer-needed")
                } else if outdated {
                    Some("assessment-outdated")
                } else if amount.is_some_and(|amount| amount.upto.is_some()) {
                    Some("amount-needed")
                } else {
                    None
                };
                let partly = !recommendation.without.is_empty();
                items.push(ReadyToDecide {
                    application: applications::summary(tx, &inside, &scope, &it)?,
                    revision: it.revision,
                    assessment: stored.id,
                    outcome: recommendation.outcome,
                    // What is granted in part has its own sum: it is seen when it is opened.
                    amount: amount.filter(|_| !partly).map(|amount| amount.money),
                    per: amount.map(|amount| amount.per),
                    recommended_by: users::officer_ref(tx, Some(recommendation.by.id))?,
                    barred: barred.map(str::to_owned),
                });
            }
            let next = last.filter(|_| more).map(|last| cursor::encode(&last));
            Ok(Page { items, next })
        })
        .await
}

/// Decides those that were marked. What has changed meanwhile, or is refused for itself, is left as it was and named; nothing is half done.
pub(super) async fn decide(
    may: &May<MayDecide>,
    house: &House,
    body: DecideMany,
) -> Result<DecidedMany, Error> {
    if !(1..=MOST).contains(&body.items.len()) {
        return Err(Error::field(
            "/items",
            "length",
            format!("1 to {MOST} applications are decided at once."),
        ));
    }
    for (place, item) in body.items.iter().enumerate() {
        let twice = body
            .items
            .iter()
            .take(place)
            .any(|before| before.application == item.application);
        if twice {
            return Err(Error::field(
                format!("/items/{place}/application"),
                "twice",
                "This application is marked twice.",
            ));
        }
    }
    let mut answer = DecidedMany {
        decided: Vec::new(),
        left: Vec::new(),
    };
    for item in body.items {
        let one = Decide {
            assessment: item.assessment,
            outcome: body.outcome,
            paragraph: None,
            amount: None,
        };
        match deciding::decide_seen(may, house, item.application, one, Some(item.revision)).await {
            Ok(decision) => answer.decided.push(DecidedOne {
                application: item.application,
                decision: decision.id,
                number: decision.number,
            }),
            // The key of this request is taken already by another one.
            Err(error) if answer.decided.is_empty() && of_the_request(&error) => return Err(error),
            Err(error @ (Error::Fault(_) | Error::Unavailable | Error::Slow))
                if answer.decided.is_empty() =>
            {
                return Err(error);
            }
            Err(error) => {
                if let Error::Fault(cause) = &error {
                    tracing::error!(cause, application = %item.application, "not decided");
                }
                let problem = error.problem();
                answer.left.push(LeftOne {
                    application: item.application,
                    problem: problem.slug().to_owned(),
                    detail: problem.detail,
                });
            }
        }
    }
    Ok(answer)
}

fn of_the_request(error: &Error) -> bool {
    use crate::problem::Refusal::{AlreadyDone, KeyReused};
    matches!(error, Error::Refused(AlreadyDone | KeyReused))
}

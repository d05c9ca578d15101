//! Looking is an action too: which looks leave an entry.

use super::{Entry, together::Together};
use crate::{
    access::{Actor, May},
    house::House,
    problem::Error,
};
use karton_api::{Id, Timestamp, dossiers::Purpose, value};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// One entry per officer, dossier and purpose in this time.
const SAME_LOOK: i64 = 15 * 60 * 1_000_000;
/// One entry per officer and query in this time; a query that only grows or shrinks while it is typed is the same one.
const SAME_SEARCH: i64 = 10 * 1_000_000;
/// More than this are not remembered: the oldest are forgotten, which at worst leaves one entry more.
const MOST: usize = 50_000;

/// Looks into dossiers that have left their entry. In memory: a restart leaves at worst one entry more.
#[derive(Default)]
pub struct Looks {
    seen: Mutex<HashMap<Look, Timestamp>>,
    supposed: Mutex<HashMap<(Actor, String), Timestamp>>,
    together: Together,
}

/// Who looked at whom, what for; nothing is what other offices pay.
type Look = (Actor, Id<value::Person>, Option<Purpose>);

impl Looks {
    /// A dossier was opened: enters it, once per officer, dossier and purpose in 15 minutes.
    pub async fn looked(
        &self,
        house: &House,
        actor: Actor,
        person: Id<value::Person>,
        purpose: Purpose,
    ) -> Result<(), Error> {
        self.once(
            house,
            (actor, person, Some(purpose)),
            Entry::of("looked").person(person).purpose(purpose),
        )
        .await
    }

    /// Benefits that other offices pay were shown: the exception from the scope is entered, at the same rhythm.
    pub async fn overlapped(
        &self,
        house: &House,
        actor: Actor,
        person: Id<value::Person>,
        lines: usize,
    ) -> Result<(), Error> {
        self.once(
            house,
            (actor, person, None),
            Entry::of("overlap-shown").person(person).value("lines", lines),
        )
        .await
    }

    /// It was worked out what somebody who is not registered would be entitled to: entered with the benefit alone, at the same rhythm.
    pub async fn supposed(&self, house: &House, actor: Actor, benefit: &str) -> Result<(), Error> {
        let now = house.clock.now();
        let recent = |at: &Timestamp| now.as_microsecond() - at.as_microsecond() < SAME_LOOK;
        let key = (actor, benefit.to_owned());
        let asked = |of: &Mutex<HashMap<_, Timestamp>>| {
            let of = of.lock().unwrap_or_else(PoisonError::into_inner);
            of.get(&key).is_some_and(recent)
        };
        if asked(&self.supposed) {
            return Ok(());
        }
        let entry = Entry::of("what-if").value("benefit", benefit);
        self.together.enter(&house.store, actor, now, entry).await?;
        let mut supposed = self.supposed.lock().unwrap_or_else(PoisonError::into_inner);
        if supposed.len() >= MOST {
            supposed.clear();
        }
        supposed.insert(key, now);
        Ok(())
    }

    async fn once(&self, house: &House, look: Look, entry: Entry) -> Result<(), Error> {
        let now = house.clock.now();
        let recent = |at: &Timestamp| now.as_microsecond() - at.as_microsecond() < SAME_LOOK;
        if self
            .seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&look)
            .is_some_and(recent)
        {
            return Ok(());
        }
        self.together.enter(&house.store, look.0, now, entry).await?;
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= MOST {
            seen.retain(|_, at| recent(at));
            if seen.len() >= MOST {
                seen.clear();
            }
        }
        seen.insert(look, now);
        Ok(())
    }
}

/// Searches that have left their entry.
#[derive(Default)]
pub struct Searches(Mutex<HashMap<Actor, Query>>);

/// What an officer is typing: when it was last looked for, and the furthest it has come.
struct Query {
    at: Timestamp,
    furthest: String,
}

impl Query {
    /// Whether a text is this query, typed further or taken back a little. Measured against the furthest it has come: whoever goes back to
    /// the first letter and on with another name is looking for somebody else.
    fn is(&self, text: &str, now: Timestamp) -> bool {
        now.as_microsecond() - self.at.as_microsecond() < SAME_SEARCH
            && (text.starts_with(&self.furthest) || self.furthest.starts_with(text))
    }
}

impl Searches {
    /// A query was answered: enters it, once for each settled query. What was typed does not stand in the log, only how long it was and how
    /// many were found.
    pub async fn settled<P>(
        &self,
        house: &House,
        may: &May<P>,
        text: &str,
        found: usize,
    ) -> Result<(), Error> {
        let (actor, now) = (may.actor(), house.clock.now());
        let text = crate::search::fold(text);
        {
            let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if last.len() >= MOST {
                last.clear();
            }
            if let Some(query) = last.get_mut(&actor).filter(|query| query.is(&text, now)) {
                query.at = now;
                if text.len() > query.furthest.len() {
                    query.furthest = text;
                }
                return Ok(());
            }
        }
        let entry = Entry::of("searched")
            .value("characters", text.chars().count())
            .value("found", found);
        let together = &house.looks.together;
        together.enter(&house.store, actor, now, entry).await?;
        let query = Query {
            at: now,
            furthest: text,
        };
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(actor, query);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_goes_on_while_it_grows_and_another_name_is_another_query() {
        let at = |second: i64| Timestamp::from_second(second).unwrap();
        let query = Query {
            at: at(100),
            furthest: "petrovic".into(),
        };
        for same in ["petrovic", "petrovic marko", "petro", "p", ""] {
            assert!(query.is(same, at(105)), "{same}");
        }
        for other in ["popovic", "jovanovic", "petrovac"] {
            assert!(
                !query.is(other, at(105)),
                "{other}: by way of the first letter, or of nothing"
            );
        }
        assert!(!query.is("petrovic", at(111)), "long ago");
    }
}

//! What happens to households: a split, a joining, another head; each a change with its day and its reason, taken back as a whole on the day on
//! which it was written down. Rows of memberships are never overwritten: a change closes those that stood and writes others.

use super::{
    households::{self, HEAD, MOST_MEMBERS, insert_household},
    kinship::{self, Next},
    model::known_code,
    own,
    store::{self, holding_office},
};
use crate::{
    access::{KeepPersons, May, ReadDossiers, Scope},
    audit::{self, Entry},
    house::House,
    http::{self, cursor},
    problem::{Error, Refusal},
    store::Tx,
    users, vals,
};
use karton_api::{
    Date, Id, Timestamp,
    common::{Page, PageQuery, Reason},
    households::{ChangeHead, Elsewhere, HouseholdEvent, JoinHouseholds, Split, SplitHousehold},
    persons::{HouseholdView, Member, Name},
    value::{Household, HouseholdChange, Officer, Person},
};
use sha2::{Digest as _, Sha256};

/// A change that is being written. Ids of rows follow from its own, so that a transaction that is run again writes the same.
pub(super) struct Change {
    pub(super) id: Id<HouseholdChange>,
    /// What happened, as a code.
    pub(super) what: &'static str,
    /// The day it holds from.
    pub(super) from: Date,
    pub(super) now: Timestamp,
    pub(super) officer: Id<Officer>,
    rows: u32,
}

impl Change {
    pub(super) fn new(
        id: Id<HouseholdChange>,
        what: &'static str,
        from: Date,
        now: Timestamp,
        officer: Id<Officer>,
    ) -> Change {
        Change {
            id,
            what,
            from,
            now,
            officer,
            rows: 0,
        }
    }

    fn row(&mut self) -> Id<Household> {
        self.rows += 1;
        let mut hash = Sha256::new();
        hash.update(self.id.uuid().as_bytes());
        hash.update(self.rows.to_be_bytes());
        let mut random = [0; 10];
        random
            .iter_mut()
            .zip(hash.finalize().iter())
            .for_each(|(to, from)| *to = *from);
        Id::at(self.now, random)
    }

    /// Notes the change itself, after its rows.
    pub(super) fn note(
        &self,
        tx: &mut Tx,
        household: Id<Household>,
        other: Option<Id<Household>>,
        reason: &str,
    ) -> Result<(), Error> {
        tx.exec(
            "INSERT INTO household_change (id, at, what, household, other, from_day, officer, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            vals![self.id, self.now, self.what, household, other, self.from, self.officer, reason],
        )?;
        for id in [Some(household), other].into_iter().flatten() {
            tx.exec(
                "UPDATE household SET revision = revision + 1 WHERE id = $1",
                vals![id],
            )?;
        }
        Ok(())
    }

    /// Ends an open membership on the day `until` (exclusive). The day of its beginning itself says that it was entered by mistake.
    pub(super) fn end(
        &mut self,
        tx: &mut Tx,
        household: Id<Household>,
        member: &Member,
        until: Date,
        reason: &str,
    ) -> Result<(), Error> {
        let person = member.card.id;
        tx.exec(
            "UPDATE household_member SET replaced_at = $3, replaced_by = $4
             WHERE household = $1 AND person = $2 AND replaced_at IS NULL AND (until_day IS NULL OR until_day > $5)",
            vals![household, person, self.now, self.id, until],
        )?;
        let row = self.row();
        tx.exec(
            "INSERT INTO household_member (id, household, person, relationship, from_day, until_day, recorded_at, reason, change_id)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            vals![row, household, person, member.relationship.as_str(), member.from, until, self.now, reason, self.id],
        )?;
        Ok(())
    }

    /// Begins a membership.
    pub(super) fn begin(
        &mut self,
        tx: &mut Tx,
        household: Id<Household>,
        person: Id<Person>,
        relationship: &str,
    ) -> Result<(), Error> {
        let row = self.row();
        tx.exec(
            "INSERT INTO household_member (id, household, person, relationship, from_day, recorded_at, change_id)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            vals![row, household, person, relationship, self.from, self.now, self.id],
        )?;
        Ok(())
    }

    /// Those who stay are led by somebody else from the change's day on; `old` is what the new head was to the old one.
    pub(super) fn pass_on(
        &mut self,
        tx: &mut Tx,
        household: Id<Household>,
        stay: &[&Member],
        head: Id<Person>,
        reason: &str,
    ) -> Result<(), Error> {
        let old = stay
            .iter()
            .find(|member| member.card.id == head)
            .map_or("other", |member| member.relationship.as_str());
        for member in stay {
            let relationship = if member.card.id == head {
                HEAD
            } else {
                kinship::to_applicant(old, &member.relationship)
            };
            if relationship == member.relationship {
                continue;
            }
            self.end(tx, household, member, self.from, reason)?;
            self.begin(tx, household, member.card.id, relationship)?;
        }
        Ok(())
    }
}

/// Who leads next when this head goes.
pub(super) fn next_head(stay: &[&Member], on: Date) -> Option<Id<Person>> {
    let others: Vec<Next<'_, Id<Person>>> = stay
        .iter()
        .map(|member| Next {
            who: member.card.id,
            relationship: &member.relationship,
            born: member.card.birth_date,
        })
        .collect();
    kinship::next_head(&others, on)
}

/// A day on which something happened to a household: not to come, and not before any of these members joined.
fn check_day(from: Date, today: Date, members: &[&Member]) -> Result<(), Error> {
    if from > today {
        return Err(Error::field("/from", "future", "this day has not come yet"));
    }
    if let Some(later) = members
        .iter()
        .map(|member| member.from)
        .max()
        .filter(|joined| *joined > from)
    {
        let says = format!("somebody of them joined later, on {later}");
        return Err(Error::field("/from", "before-beginning", says));
    }
    Ok(())
}

/// What an action on a household has at hand inside its transaction.
struct Here {
    scope: Scope,
    officer: Id<Officer>,
    today: Date,
    now: Timestamp,
}

impl Here {
    /// The household of a person of the scope, its people held; `Missing` where there is none.
    fn household(&self, tx: &mut Tx, id: Id<Person>, with: &[Id<Person>]) -> Result<HouseholdView, Error> {
        holding_office(tx, &self.scope, id)?;
        let there =
            households::household(tx, &self.scope, id, self.today, self.now)?.ok_or(Error::Missing)?;
        let mut all: Vec<Id<Person>> = there.members.iter().map(|member| member.card.id).collect();
        all.extend(with);
        all.sort_unstable();
        all.dedup();
        store::hold(tx, &all)?;
        own::none_own(tx, self.officer, &all)?;
        // Read again: somebody may have changed it while we waited.
        households::household(tx, &self.scope, id, self.today, self.now)?.ok_or(Error::Missing)
    }
    fn see(&self, tx: &mut Tx, id: Id<Household>) -> Result<HouseholdView, Error> {
        households::household_at(tx, &self.scope, id, self.today, self.now)
    }
}

fn here(may: &May<KeepPersons>, house: &House) -> Here {
    Here {
        scope: may.scope(),
        officer: may.officer(),
        today: house.clock.today(),
        now: house.clock.now(),
    }
}

/// Members leave and begin a household of their own; where the head is among them, somebody else leads those who stay. Refuses with `OwnDossier`.
pub async fn split(
    may: &May<KeepPersons>,
    house: &House,
    id: Id<Person>,
    body: SplitHousehold,
) -> Result<Split, Error> {
    let reason = http::reason(&body.reason, "/reason")?;
    if body.with.len() > MOST_MEMBERS {
        return Err(Error::field(
            "/with",
            "too-many",
            "a household has at most 100 members",
        ));
    }
    let here = here(may, house);
    let (change, new) = (house.clock.id(), house.clock.id::<Household>());
    audit::tell(&house.store, may.actor(), here.now, move |tx| {
        let there = here.household(tx, id, &[])?;
        let leaves = |member: &&Member| member.card.id == body.head || body.with.contains(&member.card.id);
        let (left, stay): (Vec<&Member>, Vec<&Member>) = there.members.iter().partition(leaves);
        let member = |person: &Id<Person>| left.iter().any(|member| member.card.id == *person);
        if !member(&body.head) {
            return Err(Error::field(
                "/head",
                "no-member",
                "this is no member of the household on this day",
            ));
        }
        if let Some(place) = body.with.iter().position(|person| !member(person)) {
            return Err(Error::field(
                format!("/with/{place}"),
                "no-member",
                "this is no member of the household on this day",
            ));
        }
        if stay.is_empty() {
            return Err(Error::field(
                "/with",
                "nobody-stays",
                "somebody has to stay: where all of them go, it is a move, not a split",
            ));
        }
        let everybody: Vec<&Member> = there.members.iter().collect();
        let head_leaves = left.iter().any(|member| member.relationship == HEAD);
        check_day(
            body.from,
            here.today,
            if head_leaves { &everybody } else { &left },
        )?;
        let under = match body.stays_under.filter(|_| head_leaves) {
            Some(under) if stay.iter().any(|member| member.card.id == under) => Some(under),
            Some(_) => {
                return Err(Error::field(
                    "/stays_under",
                    "no-member",
                    "this is nobody of those who stay",
                ));
            }
            None if head_leaves => next_head(&stay, body.from),
            None => None,
        };
        let mut change = Change::new(change, "split", body.from, here.now, here.officer);
        let old = left
            .iter()
            .find(|member| member.card.id == body.head)
            .map_or("other", |member| member.relationship.as_str());
        let office = store::office_of(tx, body.head)?;
        insert_household(tx, new, office)?;
        for member in &left {
            let relationship = if member.card.id == body.head {
                HEAD
            } else {
                kinship::to_applicant(old, &member.relationship)
            };
            change.end(tx, there.id, member, body.from, &reason)?;
            change.begin(tx, new, member.card.id, relationship)?;
        }
        if let Some(under) = under {
            change.pass_on(tx, there.id, &stay, under, &reason)?;
        }
        change.note(tx, there.id, Some(new), &reason)?;
        let entry = Entry::of("household-split")
            .person(id)
            .value("household", there.id)
            .value("new", new)
            .value("left", left.len())
            .value("stayed", stay.len());
        let split = Split {
            stayed: here.see(tx, there.id)?,
            left: here.see(tx, new)?,
        };
        Ok((split, entry))
    })
    .await
}

/// All members of another household come into this one. Both must lie within the scope. Refuses with `OwnDossier`.
pub async fn join(
    may: &May<KeepPersons>,
    house: &House,
    id: Id<Person>,
    body: JoinHouseholds,
) -> Result<HouseholdView, Error> {
    let reason = http::reason(&body.reason, "/reason")?;
    if !known_code(&house.pack, "relationships", &body.relationship) || body.relationship == HEAD {
        return Err(Error::field(
            "/relationship",
            "unknown",
            "this is no relationship to the head of a household",
        ));
    }
    let here = here(may, house);
    let change = house.clock.id();
    audit::tell(&house.store, may.actor(), here.now, move |tx| {
        let elsewhere = |error| match error {
            Error::Missing => Error::field(
                "/other",
                "unknown",
                "there is no such person with a household in this office",
            ),
            other => other,
        };
        let other = here.household(tx, body.other, &[id]).map_err(elsewhere)?;
        let there = here.household(tx, id, &[body.other])?;
        if other.id == there.id {
            return Err(Error::field("/other", "same", "they live together already"));
        }
        if there.members.len() + other.members.len() > MOST_MEMBERS {
            return Err(Error::field(
                "/other",
                "too-many",
                "a household has at most 100 members",
            ));
        }
        let joining: Vec<&Member> = other.members.iter().collect();
        check_day(body.from, here.today, &joining)?;
        if let Some(first) = there
            .members
            .iter()
            .map(|member| member.from)
            .min()
            .filter(|first| body.from < *first)
        {
            let says = format!("the household is known from {first} on");
            return Err(Error::field("/from", "before-household", says));
        }
        let mut change = Change::new(change, "joined", body.from, here.now, here.officer);
        for member in joining {
            let relationship = kinship::through(&body.relationship, &member.relationship);
            change.end(tx, other.id, member, body.from, &reason)?;
            change.begin(tx, there.id, member.card.id, relationship)?;
        }
        change.note(tx, there.id, Some(other.id), &reason)?;
        let entry = Entry::of("households-joined")
            .person(id)
            .value("household", there.id)
            .value("other", other.id)
            .value("came", other.members.len());
        Ok((here.see(tx, there.id)?, entry))
    })
    .await
}

/// Another member leads the household from a day on; what the others are is seen from there. Refuses with `OwnDossier`.
pub async fn change_head(
    may: &May<KeepPersons>,
    house: &House,
    id: Id<Person>,
    body: ChangeHead,
) -> Result<HouseholdView, Error> {
    let reason = http::reason(&body.reason, "/reason")?;
    let here = here(may, house);
    let change = house.clock.id();
    audit::tell(&house.store, may.actor(), here.now, move |tx| {
        let there = here.household(tx, id, &[])?;
        let all: Vec<&Member> = there.members.iter().collect();
        let Some(next) = all.iter().find(|member| member.card.id == body.head) else {
            return Err(Error::field(
                "/head",
                "no-member",
                "this is no member of the household on this day",
            ));
        };
        if next.relationship == HEAD {
            return Err(Error::field("/head", "same", "this is the head already"));
        }
        check_day(body.from, here.today, &all)?;
        let mut change = Change::new(change, "head", body.from, here.now, here.officer);
        change.pass_on(tx, there.id, &all, body.head, &reason)?;
        change.note(tx, there.id, None, &reason)?;
        let entry = Entry::of("head-changed")
            .person(body.head)
            .value("household", there.id);
        Ok((here.see(tx, there.id)?, entry))
    })
    .await
}

/// Changes of all households that a person belonged to, newest first, one more than `limit` where there are more.
fn changes_of(
    tx: &mut Tx,
    house: &House,
    person: Id<Person>,
    after: Option<(Timestamp, Id<HouseholdChange>)>,
    limit: usize,
) -> Result<Vec<HouseholdEvent>, Error> {
    let (at, last) = after.unwrap_or((Timestamp::MAX, Id::from_uuid(uuid::Uuid::max())));
    let rows = tx.query(
        "SELECT c.id, c.what, c.from_day, c.at, c.officer, c.reason, c.undone_at,
            EXISTS (SELECT 1 FROM household_member n WHERE n.change_id = c.id AND n.replaced_at IS NOT NULL)
         FROM household_change c WHERE (c.at, c.id) < ($2, $3) AND EXISTS (
            SELECT 1 FROM household_member m WHERE m.person = $1 AND (m.household = c.household OR m.household = c.other))
         ORDER BY c.at DESC, c.id DESC LIMIT $4",
        vals![person, at, last, i64::try_from(limit).unwrap_or(201)],
    )?;
    let today = house.clock.today();
    rows.iter()
        .map(|row| {
            let (at, undone): (Timestamp, Option<Timestamp>) = (row.get(3)?, row.get(6)?);
            let touched: bool = row.get(7)?;
            Ok(HouseholdEvent {
                id: row.get(0)?,
                what: row.get(1)?,
                from: row.get(2)?,
                at,
                by: users::officer_ref(tx, row.get(4)?)?,
                reason: row.get(5)?,
                undone: undone.is_some(),
                may_undo: undone.is_none() && !touched && house.clock.day_of(at) == today,
            })
        })
        .collect()
}

/// What happened to the households of a person within the scope, newest first.
pub async fn changes(
    may: &May<ReadDossiers>,
    house: &House,
    id: Id<Person>,
    query: PageQuery,
) -> Result<Page<HouseholdEvent>, Error> {
    let limit = http::limit(query.limit)?;
    let after = cursor::decode(query.cursor.as_deref())?;
    let (scope, inside) = (may.scope(), house.clone());
    let rows = house
        .store
        .read(move |tx| {
            holding_office(tx, &scope, id)?;
            changes_of(tx, &inside, id, after, limit + 1)
        })
        .await?;
    house
        .looks
        .looked(house, may.actor(), id, karton_api::dossiers::Purpose::default())
        .await?;
    Ok(cursor::page(rows, limit, |event: &HouseholdEvent| {
        (event.at, event.id)
    }))
}

/// Takes back what was written down today by mistake: the rows that stood count again, as they were. Refuses with `NotToday`, and with
/// `ChangedSince` where something was built upon it.
pub async fn undo(
    may: &May<KeepPersons>,
    house: &House,
    id: Id<Person>,
    change: Id<HouseholdChange>,
    body: Reason,
) -> Result<Page<HouseholdEvent>, Error> {
    let reason = http::reason(&body.reason, "/reason")?;
    let here = here(may, house);
    let (inside, undoing) = (house.clone(), house.clock.id::<HouseholdChange>());
    audit::tell(&house.store, may.actor(), here.now, move |tx| {
        holding_office(tx, &here.scope, id)?;
        let row = tx
            .opt(
                "SELECT c.at, c.what, c.household, c.other, c.undone_at FROM household_change c WHERE c.id = $1 AND EXISTS (
                    SELECT 1 FROM household_member m WHERE m.person = $2 AND (m.household = c.household OR m.household = c.other))",
                vals![change, id],
            )?
            .ok_or(Error::Missing)?;
        let (at, undone): (Timestamp, Option<Timestamp>) = (row.get(0)?, row.get(4)?);
        let (what, household, other): (String, Id<Household>, Option<Id<Household>>) =
            (row.get(1)?, row.get(2)?, row.get(3)?);
        let mut people: Vec<Id<Person>> = Vec::new();
        for row in tx.query(
            "SELECT person FROM household_member WHERE change_id = $1 OR replaced_by = $1",
            vals![change],
        )? {
            people.push(row.get(0)?);
        }
        people.sort_unstable();
        people.dedup();
        store::hold(tx, &people)?;
        own::none_own(tx, here.officer, &people)?;
        if inside.clock.day_of(at) != here.today {
            return Err(Refusal::NotToday.into());
        }
        let touched = tx.query(
            "SELECT 1 FROM household_member WHERE change_id = $1 AND replaced_at IS NOT NULL LIMIT 1",
            vals![change],
        )?;
        if undone.is_some() || !touched.is_empty() {
            return Err(Refusal::ChangedSince.into());
        }
        let mut rows = Change::new(undoing, "undone", here.today, here.now, here.officer);
        let stood = tx.query(
            "SELECT household, person, relationship, from_day, until_day, reason FROM household_member WHERE replaced_by = $1 ORDER BY id",
            vals![change],
        )?;
        tx.exec(
            "UPDATE household_member SET replaced_at = $2, replaced_by = $3 WHERE change_id = $1",
            vals![change, here.now, undoing],
        )?;
        for old in stood {
            tx.exec(
                "INSERT INTO household_member (id, household, person, relationship, from_day, until_day, recorded_at, reason, change_id)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                vals![
                    rows.row(),
                    old.get::<Id<Household>>(0)?,
                    old.get::<Id<Person>>(1)?,
                    old.get::<String>(2)?,
                    old.get::<Date>(3)?,
                    old.get::<Option<Date>>(4)?,
                    here.now,
                    old.get::<Option<String>>(5)?,
                    undoing
                ],
            )?;
        }
        tx.exec(
            "UPDATE household_change SET undone_at = $2, undone_by = $3, undone_reason = $4 WHERE id = $1",
            vals![change, here.now, here.officer, reason.as_str()],
        )?;
        for id in [Some(household), other].into_iter().flatten() {
            tx.exec("UPDATE household SET revision = revision + 1 WHERE id = $1", vals![id])?;
        }
        let entry = Entry::of("household-change-undone")
            .person(id)
            .value("what", &what)
            .value("change", change);
        let page = cursor::page(changes_of(tx, &inside, id, None, 51)?, 50, |event: &HouseholdEvent| (event.at, event.id));
        Ok((page, entry))
    })
    .await
}

/// Members of a household who on the same day are known in another one too.
pub fn contradictions(
    tx: &mut Tx,
    view: &HouseholdView,
    as_of: Date,
    known_at: Timestamp,
) -> Result<Vec<Elsewhere>, Error> {
    let rows = tx.query(
        "SELECT b.person, b.household, b.from_day, (
            SELECT h.person FROM household_member h WHERE h.household = b.household AND h.relationship = 'self' AND h.from_day <= $2
                AND (h.until_day IS NULL OR h.until_day > $2) AND h.recorded_at <= $3 AND (h.replaced_at IS NULL OR h.replaced_at > $3)
            ORDER BY h.from_day DESC LIMIT 1)
         FROM household_member a JOIN household_member b ON b.person = a.person AND b.household <> a.household
         WHERE a.household = $1 AND a.from_day <= $2 AND (a.until_day IS NULL OR a.until_day > $2)
            AND a.recorded_at <= $3 AND (a.replaced_at IS NULL OR a.replaced_at > $3)
            AND b.from_day <= $2 AND (b.until_day IS NULL OR b.until_day > $2)
            AND b.recorded_at <= $3 AND (b.replaced_at IS NULL OR b.replaced_at > $3)
         ORDER BY b.person, b.household LIMIT 100",
        vals![view.id, as_of, known_at],
    )?;
    rows.iter()
        .map(|row| {
            let head: Option<Id<Person>> = row.get(3)?;
            Ok(Elsewhere {
                person: row.get(0)?,
                household: row.get(1)?,
                from: row.get(2)?,
                head: head.map(|head| store::name_of(tx, head)).transpose()?,
            })
        })
        .collect()
}

/// What is left of a household after a death: the membership ends with the day of death, and where it was the head, somebody else leads.
/// Answers the new head. Everybody is held already.
pub(super) fn after_death(
    tx: &mut Tx,
    there: &HouseholdView,
    dead: Id<Person>,
    named: Option<Id<Person>>,
    mut change: Change,
    reason: &str,
) -> Result<Option<Name>, Error> {
    let (gone, stay): (Vec<&Member>, Vec<&Member>) =
        there.members.iter().partition(|member| member.card.id == dead);
    let Some(gone) = gone.first() else { return Ok(None) };
    if stay.is_empty() {
        return Ok(None);
    }
    change.end(tx, there.id, gone, change.from.max(gone.from), reason)?;
    let head = match named {
        Some(head) if stay.iter().any(|member| member.card.id == head) => Some(head),
        Some(_) => {
            return Err(Error::field(
                "/head",
                "no-member",
                "this is nobody of those who stay",
            ));
        }
        None => next_head(&stay, change.from),
    };
    let head = head.filter(|_| gone.relationship == HEAD);
    if let Some(head) = head {
        let latest = stay.iter().map(|member| member.from).fold(change.from, Date::max);
        change.from = latest;
        change.pass_on(tx, there.id, &stay, head, reason)?;
    }
    change.note(tx, there.id, None, reason)?;
    head.map(|head| store::name_of(tx, head)).transpose()
}

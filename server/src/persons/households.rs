//! Households: who lives together, dated, and as it was known at any instant. Rows are never overwritten: a change closes the row that stood
//! (`replaced_at`) and writes another.

use super::{
    living::Change,
    model::known_code,
    own,
    store::{self, CARD, card, card_of, holding_office},
};
use crate::{
    access::{KeepPersons, May, Scope},
    audit::{self, Entry},
    house::House,
    problem::{Error, Refusal},
    store::{Tx, Val, insert_many},
    vals,
};
use karton_api::{
    Date, Id, Timestamp,
    persons::{AddMember, EndMember, HouseholdView, Member},
    value::{Household, Office, Person},
};

/// The relationship of the head of a household.
pub(super) const HEAD: &str = "self";
/// More people do not live together.
pub(super) const MOST_MEMBERS: usize = 100;

/// The household a person belongs to on a day, as known at an instant; none where there is none.
pub fn household(
    tx: &mut Tx,
    scope: &Scope,
    person: Id<Person>,
    as_of: Date,
    known_at: Timestamp,
) -> Result<Option<HouseholdView>, Error> {
    let row = tx.query(
        "SELECT m.household FROM household_member m
         WHERE m.person = $1 AND m.from_day <= $2 AND (m.until_day IS NULL OR m.until_day > $2)
           AND m.recorded_at <= $3 AND (m.replaced_at IS NULL OR m.replaced_at > $3) ORDER BY m.from_day DESC LIMIT 1",
        vals![person, as_of, known_at],
    )?;
    let Some(id) = row.first().map(|row| row.get(0)).transpose()? else {
        return Ok(None);
    };
    household_at(tx, scope, id, as_of, known_at).map(Some)
}

/// A household by its id, on a day, as known at an instant. The head stands first, then by age.
pub fn household_at(
    tx: &mut Tx,
    scope: &Scope,
    id: Id<Household>,
    as_of: Date,
    known_at: Timestamp,
) -> Result<HouseholdView, Error> {
    let row = tx.opt("SELECT revision FROM household WHERE id = $1", vals![id])?;
    let revision = row.ok_or(Error::Missing)?.get(0)?;
    let sql = format!(
        "SELECT {CARD}, m.relationship, m.from_day, m.until_day FROM household_member m JOIN person p ON p.id = m.person
         JOIN office o ON o.id = p.office
         WHERE m.household = $2 AND m.from_day <= $3 AND (m.until_day IS NULL OR m.until_day > $3)
           AND m.recorded_at <= $4 AND (m.replaced_at IS NULL OR m.replaced_at > $4)
         ORDER BY CASE m.relationship WHEN 'self' THEN 0 ELSE 1 END, p.birth_day, p.id LIMIT 200"
    );
    let mut members = Vec::new();
    for row in tx.query(&sql, vals![scope.val(), id, as_of, known_at])? {
        members.push(Member {
            card: card(&row)?,
            relationship: row.get(12)?,
            from: row.get(13)?,
            until: row.get(14)?,
        });
    }
    Ok(HouseholdView {
        id,
        revision,
        members,
        contradictions: Vec::new(),
    })
}

/// Writes a membership that begins. For actions of this room and for lodging.
pub fn insert_member(
    tx: &mut Tx,
    row: Id<Household>,
    household: Id<Household>,
    member: &AddMember,
    now: Timestamp,
) -> Result<(), Error> {
    insert_all(tx, &[], &[(row, household, member, now)])
}

/// Writes households without members, each with its office, and then memberships that begin, each with its row's id and when it became
/// known. For the loading of populations.
pub fn insert_all(
    tx: &mut Tx,
    households: &[(Id<Household>, Id<Office>)],
    members: &[(Id<Household>, Id<Household>, &AddMember, Timestamp)],
) -> Result<(), Error> {
    let rows = households
        .iter()
        .flat_map(|(id, office)| [(*id).into(), 1_i64.into(), (*office).into()])
        .collect();
    insert_many(tx, "INSERT INTO household (id, revision, office)", 3, rows, "")?;
    let rows = members
        .iter()
        .flat_map(|(row, household, member, at)| -> [Val; 6] {
            [
                (*row).into(),
                (*household).into(),
                member.person.into(),
                member.relationship.as_str().into(),
                member.from.into(),
                (*at).into(),
            ]
        });
    insert_many(
        tx,
        "INSERT INTO household_member (id, household, person, relationship, from_day, recorded_at)",
        6,
        rows.collect(),
        "",
    )?;
    Ok(())
}

/// Writes a household without members.
pub fn insert_household(tx: &mut Tx, id: Id<Household>, office: Id<Office>) -> Result<(), Error> {
    insert_all(tx, &[(id, office)], &[])
}

/// Is the person a member of any household on this day or later?
fn member_from(tx: &mut Tx, person: Id<Person>, from: Date) -> Result<bool, Error> {
    let row = tx.query(
        "SELECT 1 FROM household_member WHERE person = $1 AND replaced_at IS NULL
            AND (until_day IS NULL OR (until_day > $2 AND until_day > from_day)) LIMIT 1",
        vals![person, from],
    )?;
    Ok(!row.is_empty())
}

/// Takes a person into the household of `head`, which is begun if there is none. The person must exist; only the head's dossier must lie
/// within the scope. Refuses with `AlreadyMember` and with `OwnDossier`.
pub async fn add_member(
    may: &May<KeepPersons>,
    house: &House,
    head: Id<Person>,
    body: AddMember,
) -> Result<HouseholdView, Error> {
    let today = house.clock.today();
    if body.from > today {
        return Err(Error::field("/from", "future", "this day has not come yet"));
    }
    if body.from.year() < 1900 {
        return Err(Error::field("/from", "too-early", "this day is too long ago"));
    }
    if !known_code(&house.pack, "relationships", &body.relationship) || body.relationship == HEAD {
        return Err(Error::field(
            "/relationship",
            "unknown",
            "this is no relationship to the head of a household",
        ));
    }
    if body.person == head {
        return Err(Error::field("/person", "same", "the head is a member already"));
    }
    let now = house.clock.now();
    let (new_household, change) = (house.clock.id(), house.clock.id());
    let scope = may.scope();
    let officer = may.officer();
    audit::tell(&house.store, may.actor(), now, move |tx| {
        let office = holding_office(tx, &scope, head)?;
        // Two officers at the same instant: nobody comes to be in two households.
        store::hold(tx, &[head, body.person])?;
        let joins = card_of(tx, &scope, body.person).map_err(|error| match error {
            Error::Missing => Error::field("/person", "unknown", "there is no such person"),
            other => other,
        })?;
        own::none_own(tx, officer, &[head, joins.id])?;
        if joins.birth_date.is_some_and(|born| body.from < born) {
            return Err(Error::field(
                "/from",
                "before-birth",
                "the person was not born yet",
            ));
        }
        if joins.death_date.is_some_and(|died| body.from > died) {
            return Err(Error::field(
                "/from",
                "after-death",
                "the person had died by then",
            ));
        }
        if member_from(tx, joins.id, body.from)? {
            return Err(Refusal::AlreadyMember.into());
        }
        let mut change = Change::new(change, "member-joined", body.from, now, officer);
        let id = match household(tx, &scope, head, today, now)? {
            Some(there) => {
                // Nobody belongs to a household before there is one.
                if let Some(first) = there.members.iter().map(|member| member.from).min()
                    && body.from < first
                {
                    let says = format!("the household is known from {first} on");
                    return Err(Error::field("/from", "before-household", says));
                }
                if there.members.len() >= MOST_MEMBERS {
                    let says = format!("a household has at most {MOST_MEMBERS} members");
                    return Err(Error::field("/person", "too-many", says));
                }
                there.id
            }
            None => {
                // Where the head belonged elsewhere after this day, the two would overlap.
                if member_from(tx, head, body.from)? {
                    return Err(Refusal::AlreadyMember.into());
                }
                insert_household(tx, new_household, office)?;
                change.begin(tx, new_household, head, HEAD)?;
                new_household
            }
        };
        change.begin(tx, id, body.person, &body.relationship)?;
        change.note(tx, id, None, "")?;
        let entry = Entry::of("member-joined")
            .person(body.person)
            .value("household", id)
            .value("head", head);
        Ok((household_at(tx, &scope, id, today, now)?, entry))
    })
    .await
}

/// Ends a person's membership in the household of `head`. Where it is the head who leaves and others stay, somebody else is named to lead.
/// Refuses with `OwnDossier`.
pub async fn end_member(
    may: &May<KeepPersons>,
    house: &House,
    head: Id<Person>,
    body: EndMember,
) -> Result<HouseholdView, Error> {
    let today = house.clock.today();
    let reason = crate::http::reason(&body.reason, "/reason")?;
    if body.until > today {
        return Err(Error::field("/until", "future", "this day has not come yet"));
    }
    let now = house.clock.now();
    let change = house.clock.id();
    let (scope, officer) = (may.scope(), may.officer());
    audit::tell(&house.store, may.actor(), now, move |tx| {
        holding_office(tx, &scope, head)?;
        let mut held = vec![head, body.person];
        held.extend(body.head);
        store::hold(tx, &held)?;
        own::none_own(tx, officer, &held)?;
        let there = household(tx, &scope, head, today, now)?.ok_or(Error::Missing)?;
        let (gone, stay): (Vec<&Member>, Vec<&Member>) = there
            .members
            .iter()
            .partition(|member| member.card.id == body.person);
        let member = gone.first().copied().ok_or(Error::Missing)?;
        // The day of the beginning itself says that it was entered by mistake: nobody was a member for no day.
        if body.until < member.from {
            return Err(Error::field(
                "/until",
                "before-beginning",
                "the membership began later",
            ));
        }
        let mut change = Change::new(change, "member-left", body.until, now, officer);
        change.end(tx, there.id, member, body.until, &reason)?;
        if member.relationship == HEAD && !stay.is_empty() {
            let Some(next) = body.head else {
                let says = "this is the head: say who leads those who stay";
                return Err(Error::field("/person", "head", says));
            };
            if !stay.iter().any(|member| member.card.id == next) {
                let says = "this is nobody of those who stay";
                return Err(Error::field("/head", "no-member", says));
            }
            if stay.iter().any(|member| member.from > body.until) {
                let says = "somebody of those who stay joined later";
                return Err(Error::field("/until", "before-beginning", says));
            }
            change.pass_on(tx, there.id, &stay, next, &reason)?;
        }
        change.note(tx, there.id, None, &reason)?;
        let entry = Entry::of("member-left")
            .person(body.person)
            .value("household", there.id);
        Ok((household_at(tx, &scope, there.id, today, now)?, entry))
    })
    .await
}

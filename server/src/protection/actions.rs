//! What officers do with protected addresses.

use super::{
    sealed::{Opening, Protected},
    store::{self, InForce, ground_name, in_force},
};
use crate::{
    access::{May, ProtectAddresses, ReadDossiers, Session},
    audit::{self, Entry},
    house::House,
    http, persons,
    problem::{Error, Refusal},
    store::Tx,
    users, vals,
};
use karton_api::{
    Id,
    common::Reason,
    protection::{ChangeProtected, OpenedAddress, ProtectAddress, ProtectionView},
    session::Role,
    value::{Office, Officer, Person, Protection},
};

/// The longest address taken, in characters.
const LONGEST: usize = 300;
/// So many people live at one address, and so many officers are named.
const MOST: usize = 50;

/// Who may open it: officers named on it, and the head of the office.
fn may_open(session: &Session, it: &InForce) -> bool {
    it.officers.contains(&session.officer) || session.roles.contains(&Role::Approver)
}

fn view(tx: &mut Tx, session: &Session, it: &InForce) -> Result<ProtectionView, Error> {
    let inside = may_open(session, it);
    let mut officers = Vec::new();
    for officer in it.officers.iter().filter(|_| inside) {
        officers.push(users::officer_ref(tx, Some(*officer))?);
    }
    Ok(ProtectionView {
        id: it.id,
        instead: it.instead.clone(),
        since: it.since,
        until: it.until,
        may_open: inside,
        ground: inside.then_some(it.ground),
        officers,
    })
}

/// The address of an office as it stands instead of a person's: its name and seat, in the country's first language.
fn instead(house: &House, office: Id<Office>) -> (String, Option<String>) {
    let pack = &house.pack;
    let language = pack.country.languages.first().cloned().unwrap_or_default();
    let body = house.offices.body(office);
    let name = body
        .as_ref()
        .and_then(|body| body.name.get(&language).cloned())
        .unwrap_or_default();
    let municipality = body.and_then(|body| body.municipality.clone());
    let seat = municipality
        .as_deref()
        .and_then(|code| pack.code_name("municipalities", code, &language))
        .unwrap_or_default();
    (
        format!("{name}, {seat}").trim_end_matches(", ").to_owned(),
        municipality,
    )
}

fn address(text: &str, pointer: &str) -> Result<Protected<String>, Error> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > LONGEST {
        return Err(Error::field(
            pointer,
            "length",
            "write the address in 1 to 300 characters",
        ));
    }
    Ok(Protected::new(text.to_owned()))
}

/// Whether the address is protected, for whoever handles the dossier; `Missing` where it is not.
pub(super) async fn see(
    may: &May<ReadDossiers>,
    house: &House,
    id: Id<Person>,
) -> Result<ProtectionView, Error> {
    let (scope, session) = (may.scope(), may.session().clone());
    house
        .store
        .read(move |tx| {
            persons::store::holding_office(tx, &scope, id)?;
            let it = in_force(tx, id)?.ok_or(Error::Missing)?;
            view(tx, &session, &it)
        })
        .await
}

/// Protects the address of a person and of those who live there too. Refuses with `AlreadyProtected` and `OwnDossier`.
pub(super) async fn protect(
    may: &May<ProtectAddresses>,
    house: &House,
    id: Id<Person>,
    body: ProtectAddress,
) -> Result<ProtectionView, Error> {
    let (now, today) = (house.clock.now(), house.clock.today());
    let proof = body.proof.trim().to_owned();
    if !(3..=500).contains(&proof.chars().count()) {
        return Err(Error::field(
            "/proof",
            "length",
            "name the paper in 3 to 500 characters: title, number, date",
        ));
    }
    if body.until.is_some_and(|until| until <= today) {
        return Err(Error::field("/until", "past", "the end lies in days to come"));
    }
    let lives = body
        .address
        .as_deref()
        .map(|text| address(text, "/address"))
        .transpose()?;
    for (pointer, length) in [("/with", body.with.len()), ("/officers", body.officers.len())] {
        if length > MOST {
            return Err(Error::field(pointer, "too-many", "at most 50"));
        }
    }
    let protection: Id<Protection> = house.clock.id();
    let (scope, session, inside) = (may.scope(), may.session().clone(), house.clone());
    audit::tell(&house.store, may.actor(), now, move |tx| {
        let office = persons::store::holding_office(tx, &scope, id)?;
        let mut covered = vec![id];
        for (place, person) in body.with.iter().enumerate() {
            if persons::store::cards(tx, &scope, &[*person])?.is_empty() {
                return Err(Error::field(format!("/with/{place}"), "unknown", "there is no such person"));
            }
            if !covered.contains(person) {
                covered.push(*person);
            }
        }
        persons::none_own(tx, session.officer, &covered)?;
        let mut named = vec![session.officer];
        for (place, officer) in body.officers.iter().enumerate() {
            if !users::works_in(tx, *officer, office, &[Role::Caseworker, Role::Approver])? {
                let says = "nobody who may do this works here under this id";
                return Err(Error::field(format!("/officers/{place}"), "unknown", says));
            }
            if !named.contains(officer) {
                named.push(*officer);
            }
        }
        let mut sorted = covered.clone();
        sorted.sort_unstable();
        for person in sorted {
            tx.hold("person", person)?;
        }
        let (shown, municipality) = instead(&inside, office);
        tx.exec(
            "INSERT INTO protection (id, person, office, ground, proof, set_at, set_by, until_day) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            vals![protection, id, office, ground_name(body.ground), proof.as_str(), now, session.officer, body.until],
        )?;
        for person in &covered {
            if store::is_protected(tx, *person)? {
                return Err(Refusal::AlreadyProtected.into());
            }
            tx.exec(
                "INSERT INTO protected_person (protection, person, instead, municipality, address) VALUES ($1, $2, $3, $4, $5)",
                vals![protection, *person, shown.as_str(), municipality.clone(), lives.as_ref().map(Protected::val)],
            )?;
        }
        // What is compared of them has no address from now on.
        persons::likeness::mark(tx, covered.iter().copied())?;
        for officer in &named {
            tx.exec(
                "INSERT INTO protection_officer (protection, officer, named_at) VALUES ($1, $2, $3)",
                vals![protection, *officer, now],
            )?;
        }
        let it = in_force(tx, id)?.ok_or(Error::Missing)?;
        let entry = Entry::of("address-protected").person(id).value("people", covered.len());
        Ok((view(tx, &session, &it)?, entry))
    })
    .await
}

/// What is done inside: the dossier within the scope, not one's own, the address protected, and the officer one who may.
fn enter(tx: &mut Tx, may: &May<ProtectAddresses>, id: Id<Person>) -> Result<(InForce, Opening), Error> {
    persons::store::holding_office(tx, &may.scope(), id)?;
    persons::not_own(tx, may.officer(), id)?;
    let it = in_force(tx, id)?.ok_or(Error::Missing)?;
    if may_open(may.session(), &it) {
        Ok((it, Opening(())))
    } else {
        Err(Refusal::NotNamed.into())
    }
}

/// Opens the address, with a reason that stays with the protection and an entry in the log. Refuses with `NotNamed` and `OwnDossier`.
pub(super) async fn open(
    may: &May<ProtectAddresses>,
    house: &House,
    id: Id<Person>,
    body: Reason,
) -> Result<OpenedAddress, Error> {
    let reason = http::reason(&body.reason, "/reason")?;
    let (now, opening): (_, Id<Protection>) = (house.clock.now(), house.clock.id());
    let officer: Id<Officer> = may.officer();
    let may_here = may.clone();
    audit::tell(&house.store, may.actor(), now, move |tx| {
        let (it, key) = enter(tx, &may_here, id)?;
        tx.exec(
            "INSERT INTO protection_opening (id, protection, officer, at, reason) VALUES ($1, $2, $3, $4, $5)",
            vals![opening, it.id, officer, now, reason.as_str()],
        )?;
        let entry = Entry::of("protected-opened").person(id).value("protection", it.id);
        let opened = OpenedAddress {
            address: it.address.map(|address| address.open(&key)),
            proof: it.proof,
        };
        Ok((opened, entry))
    })
    .await
}

/// Writes down another address, only here. Refuses with `NotNamed` and `OwnDossier`.
pub(super) async fn change(
    may: &May<ProtectAddresses>,
    house: &House,
    id: Id<Person>,
    body: ChangeProtected,
) -> Result<ProtectionView, Error> {
    let reason = http::reason(&body.reason, "/reason")?;
    let lives = address(&body.address, "/address")?;
    let (now, opening): (_, Id<Protection>) = (house.clock.now(), house.clock.id());
    let may_here = may.clone();
    audit::tell(&house.store, may.actor(), now, move |tx| {
        let (it, _) = enter(tx, &may_here, id)?;
        tx.exec(
            "UPDATE protected_person SET address = $3 WHERE protection = $1 AND person = $2",
            vals![it.id, id, lives.val()],
        )?;
        tx.exec(
            "INSERT INTO protection_opening (id, protection, officer, at, reason) VALUES ($1, $2, $3, $4, $5)",
            vals![opening, it.id, may_here.officer(), now, reason.as_str()],
        )?;
        let entry = Entry::of("protected-changed").person(id).value("protection", it.id);
        let it = in_force(tx, id)?.ok_or(Error::Missing)?;
        Ok((view(tx, may_here.session(), &it)?, entry))
    })
    .await
}

/// Ends the protection for everybody it covers: from now on what is known stands open again. Refuses with `NotNamed` and `OwnDossier`.
pub(super) async fn end(
    may: &May<ProtectAddresses>,
    house: &House,
    id: Id<Person>,
    body: Reason,
) -> Result<ProtectionView, Error> {
    let reason = http::reason(&body.reason, "/reason")?;
    let now = house.clock.now();
    let may_here = may.clone();
    audit::tell(&house.store, may.actor(), now, move |tx| {
        let (it, _) = enter(tx, &may_here, id)?;
        let view = view(tx, may_here.session(), &it)?;
        tx.exec(
            "UPDATE protection SET ended_at = $2, ended_by = $3, end_reason = $4 WHERE id = $1",
            vals![it.id, now, may_here.officer(), reason.as_str()],
        )?;
        tx.exec(
            "UPDATE protected_person SET lifted_at = $2 WHERE protection = $1 AND lifted_at IS NULL",
            vals![it.id, now],
        )?;
        persons::likeness::mark(tx, [id])?;
        let entry = Entry::of("protection-ended")
            .person(id)
            .value("protection", it.id);
        Ok((view, entry))
    })
    .await
}

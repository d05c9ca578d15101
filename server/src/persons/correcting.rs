//! Correcting a card. What stood is kept with the reason and the proof, and the old name and number still find the person.

use super::{
    actions::see,
    duplicates, households,
    likeness::{self, Lives},
    living::{self, Change},
    model, names, own, store,
};
use crate::{
    access::{KeepPersons, May, ReadDossiers, Scope},
    audit::{self, Entry},
    house::House,
    http,
    problem::Error,
    store::Tx,
    users, vals,
};
use jiff::ToSpan as _;
use karton_api::{
    Date, Id, Timestamp,
    persons::{
        Candidate, CardField, ChangePerson, Corrected, CorrectionKind, Identity, Name, NationalId,
        PersonCard, PersonView, RegisterPerson,
    },
    value::{HouseholdChange, Officer, Person},
};
use serde::Deserialize;

/// The longest name of a paper, in characters.
const LONGEST_PROOF: usize = 500;
/// So many versions of an identity are shown.
const MOST_VERSIONS: i64 = 200;

fn kind_name(kind: CorrectionKind) -> &'static str {
    match kind {
        CorrectionKind::Mistake => "mistake",
        CorrectionKind::Change => "change",
        CorrectionKind::Death => "death",
    }
}

fn kind_of(name: &str) -> CorrectionKind {
    match name {
        "change" => CorrectionKind::Change,
        "death" => CorrectionKind::Death,
        _ => CorrectionKind::Mistake,
    }
}

/// What of a stored card a version is made of; what was added to cards later may be absent.
#[derive(Debug, Deserialize)]
struct Stood {
    name: Name,
    #[serde(default)]
    national_id: Option<NationalId>,
    #[serde(default)]
    birth_date: Option<Date>,
    #[serde(default)]
    sex: Option<String>,
    #[serde(default)]
    death_date: Option<Date>,
}

/// A correction to be noted.
struct Noted<'a> {
    id: Id<Person>,
    person: Id<Person>,
    now: Timestamp,
    officer: Id<Officer>,
    kind: CorrectionKind,
    from: Option<Date>,
    reason: &'a str,
    proof: Option<&'a str>,
}

/// Keeps what stood, and by which number the person was known.
fn note(tx: &mut Tx, it: &Noted<'_>, stood: &PersonCard, number: Option<&NationalId>) -> Result<(), Error> {
    let text = serde_json::to_string(stood).map_err(Error::fault)?;
    tx.exec(
        "INSERT INTO person_correction (id, person, at, officer, stood, reason, kind, holds_from, proof)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        vals![
            it.id,
            it.person,
            it.now,
            it.officer,
            text,
            it.reason,
            kind_name(it.kind),
            it.from,
            it.proof
        ],
    )?;
    if let Some(old) = stood.national_id.as_ref().filter(|old| Some(*old) != number) {
        tx.exec(
            "INSERT INTO person_former_number (number, scheme, person, until_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (number, scheme, person) DO UPDATE SET until_at = excluded.until_at",
            vals![old.number.as_str(), old.scheme.as_str(), it.person, it.now],
        )?;
    }
    if let Some(new) = number {
        // Whoever bears it again bears it no longer formerly.
        tx.exec(
            "DELETE FROM person_former_number WHERE number = $1 AND scheme = $2 AND person = $3",
            vals![new.number.as_str(), new.scheme.as_str(), it.person],
        )?;
    }
    Ok(())
}

/// What of a body can be checked before anything is read.
fn checked(body: &ChangePerson, today: Date) -> Result<(String, Option<String>), Error> {
    let reason = http::reason(&body.reason, "/reason")?;
    let proof = body
        .proof
        .as_deref()
        .map(str::trim)
        .filter(|proof| !proof.is_empty());
    if proof.is_some_and(|proof| proof.chars().count() > LONGEST_PROOF) {
        return Err(Error::field(
            "/proof",
            "too-long",
            "at most 500 characters are kept here",
        ));
    }
    if body.not_the_same_as.len() > model::MOST_OTHERS {
        return Err(Error::field("/not_the_same_as", "too-many", "at most 50"));
    }
    if body.kind == CorrectionKind::Death {
        return Err(Error::field(
            "/kind",
            "own-route",
            "a death is recorded at `/v1/dossiers/{id}/death`",
        ));
    }
    if let Some(from) = body.from {
        model::check_day(from, today, "/from").map_err(|error| Error::Invalid(vec![error]))?;
        if body.kind == CorrectionKind::Mistake {
            return Err(Error::field(
                "/from",
                "mistake",
                "what was never right has no day from which it is wrong",
            ));
        }
    }
    if let Some(day) = body.death_date {
        model::check_day(day, today, "/death_date").map_err(|error| Error::Invalid(vec![error]))?;
    }
    for (place, field) in body.clear.iter().enumerate() {
        let set = match field {
            CardField::NationalId => body.national_id.is_some(),
            CardField::BirthDate => body.birth_date.is_some(),
            CardField::Sex => body.sex.is_some(),
            CardField::DeathDate => body.death_date.is_some(),
        };
        if set {
            return Err(Error::field(
                format!("/clear/{place}"),
                "both",
                "this is given and taken away at once",
            ));
        }
    }
    Ok((reason, proof.map(str::to_owned)))
}

/// Corrects a card. What stood before is kept with the reason. Refuses with `Changed` where somebody was faster, with likely duplicates
/// where the corrected name or birth date brings them up, with the bearer of the number where it belongs to somebody else, and with
/// `OwnDossier`. A first day of death is refused: a death has an act of its own.
pub async fn change(
    may: &May<KeepPersons>,
    house: &House,
    id: Id<Person>,
    revision: i64,
    body: ChangePerson,
) -> Result<PersonView, Error> {
    let (now, today) = (house.clock.now(), house.clock.today());
    let (reason, proof) = checked(&body, today)?;
    let (correction, job) = (house.clock.id::<Person>(), house.clock.id());
    let (scope, pack, officer) = (may.scope(), house.pack.clone(), may.officer());
    let vocabulary = house.vocabulary.clone();
    let changed = audit::write(&house.store, may.actor(), now, move |tx| {
        store::hold(tx, &[id])?;
        let stands = see(tx, &scope, id)?;
        own::none_own(tx, officer, &[id])?;
        if stands.revision != revision {
            return Err(Error::Changed(stands.revision));
        }
        let card = &stands.card;
        let cleared = |field| body.clear.contains(&field);
        let kept = |field, stood: bool| stood && !cleared(field);
        // A new number tells the birth date and sex; what stood before does not contradict it.
        let renumbered = body.national_id.is_some();
        let whole = RegisterPerson {
            name: body.name.clone().unwrap_or_else(|| card.name.clone()),
            national_id: body.national_id.clone().or_else(|| {
                card.national_id
                    .clone()
                    .filter(|_| kept(CardField::NationalId, true))
            }),
            birth_date: body.birth_date.or(card
                .birth_date
                .filter(|_| kept(CardField::BirthDate, !renumbered))),
            sex: body
                .sex
                .clone()
                .or_else(|| card.sex.clone().filter(|_| kept(CardField::Sex, !renumbered))),
            municipality: None,
            address: None,
            not_the_same_as: Vec::new(),
        };
        let mut who = model::check_registration(&pack, &whole, today)?;
        // A number that tells neither leaves what is known.
        who.birth_date = who
            .birth_date
            .or(card.birth_date.filter(|_| !cleared(CardField::BirthDate)));
        who.sex = who
            .sex
            .or_else(|| card.sex.clone().filter(|_| !cleared(CardField::Sex)));
        if body.death_date.is_some() && card.death_date.is_none() {
            let says =
                "a death is recorded by its own act, because of what it ends: `/v1/dossiers/{id}/death`";
            return Err(Error::field("/death_date", "own-route", says));
        }
        let death = body
            .death_date
            .or(card.death_date.filter(|_| !cleared(CardField::DeathDate)));
        if let (Some(born), Some(died)) = (who.birth_date, death)
            && died < born
        {
            return Err(Error::field(
                "/death_date",
                "before-birth",
                "this is before the person was born",
            ));
        }
        let noted = Noted {
            id: correction,
            person: id,
            now,
            officer,
            kind: body.kind,
            from: (body.kind == CorrectionKind::Change).then(|| body.from.unwrap_or(today)),
            reason: &reason,
            proof: proof.as_deref(),
        };
        note(tx, &noted, card, who.national_id.as_ref())?;
        if who.national_id != card.national_id
            && let Some(number) = &who.national_id
            && let Some(other) = store::by_number(tx, number)?.filter(|other| *other != id)
        {
            return Err(Error::Taken(Box::new(Candidate {
                card: store::card_of(tx, &scope, other)?,
                agrees: vec!["national-id".into()],
                bits: 0,
                reasons: Vec::new(),
            })));
        }
        if who.name != card.name || who.birth_date != card.birth_date {
            store::take_turn(tx, &who.name, now)?;
            let candidates = duplicates::candidates(tx, &scope, &who, &Lives::default(), Some(id))?;
            if candidates
                .iter()
                .any(|candidate| !body.not_the_same_as.contains(&candidate.card.id))
            {
                return Err(Error::Duplicates(candidates));
            }
        }
        if !store::update(tx, id, revision, &who, death)? {
            return Err(Error::Changed(see(tx, &scope, id)?.revision));
        }
        if who.name != card.name {
            names::add(tx, id, &who.name, now)?;
        }
        likeness::call(tx, job, now)?;
        let fields = [
            ("name", who.name != card.name),
            ("national-id", who.national_id != card.national_id),
            ("birth-date", who.birth_date != card.birth_date),
            ("sex", who.sex != card.sex),
            ("death-date", death != card.death_date),
        ];
        let fields: Vec<&str> = fields
            .iter()
            .filter(|(_, other)| *other)
            .map(|(field, _)| *field)
            .collect();
        let entry = Entry::of("corrected")
            .person(id)
            .value("fields", fields.join(" "))
            .value("kind", kind_name(body.kind));
        Ok((see(tx, &scope, id)?, entry))
    })
    .await?;
    vocabulary.add(names::words_of(&changed.card.name).iter().map(String::as_str));
    Ok(changed)
}

fn stood(text: &str) -> Result<Stood, Error> {
    serde_json::from_str(text).map_err(Error::fault)
}

/// What a card said of a person when it stood otherwise than now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardThen {
    /// Born on.
    pub birth_date: Option<Date>,
    /// A code of `sexes`.
    pub sex: Option<String>,
    /// Died on.
    pub death_date: Option<Date>,
}

/// The card of a person as it was known at an instant; none where nothing was written down about it since.
pub fn card_then(tx: &mut Tx, person: Id<Person>, at: Timestamp) -> Result<Option<CardThen>, Error> {
    let row = tx.opt(
        "SELECT stood FROM person_correction WHERE person = $1 AND at > $2 ORDER BY at, id LIMIT 1",
        vals![person, at],
    )?;
    let Some(row) = row else { return Ok(None) };
    let stood = stood(&row.get::<String>(0)?)?;
    Ok(Some(CardThen {
        birth_date: stood.birth_date,
        sex: stood.sex,
        death_date: stood.death_date,
    }))
}

/// The names that a person bore, the latest first.
pub(super) fn former_names(tx: &mut Tx, person: Id<Person>) -> Result<Vec<Name>, Error> {
    let rows = tx.query(
        "SELECT stood FROM person_correction WHERE person = $1 ORDER BY at DESC, id DESC LIMIT $2",
        vals![person, MOST_VERSIONS],
    )?;
    rows.iter()
        .map(|row| Ok(stood(&row.get::<String>(0)?)?.name))
        .collect()
}

/// The identity of a person within the scope: as it stands, then every earlier version, the latest first. Leaves a look.
pub async fn identity(
    may: &May<ReadDossiers>,
    house: &House,
    id: Id<Person>,
) -> Result<Vec<Identity>, Error> {
    let scope = may.scope();
    let versions = house
        .store
        .read(move |tx| {
            let card = see(tx, &scope, id)?.card;
            let mut versions = vec![Identity {
                name: card.name,
                national_id: card.national_id,
                birth_date: card.birth_date,
                sex: card.sex,
                death_date: card.death_date,
                until: None,
            }];
            let rows = tx.query(
                "SELECT stood, at, officer, kind, holds_from, reason, proof FROM person_correction WHERE person = $1
                 ORDER BY at DESC, id DESC LIMIT $2",
                vals![id, MOST_VERSIONS],
            )?;
            for row in &rows {
                let stood = stood(&row.get::<String>(0)?)?;
                versions.push(Identity {
                    name: stood.name,
                    national_id: stood.national_id,
                    birth_date: stood.birth_date,
                    sex: stood.sex,
                    death_date: stood.death_date,
                    until: Some(Corrected {
                        at: row.get(1)?,
                        by: users::officer_ref(tx, row.get(2)?)?,
                        kind: kind_of(&row.get::<String>(3)?),
                        from: row.get(4)?,
                        reason: row.get(5)?,
                        proof: row.get(6)?,
                    }),
                });
            }
            Ok::<_, Error>(versions)
        })
        .await?;
    house
        .looks
        .looked(house, may.actor(), id, karton_api::dossiers::Purpose::default())
        .await?;
    Ok(versions)
}

/// A death to be recorded; everything was made or read before the transaction.
#[derive(Debug, Clone)]
pub struct Death {
    /// Of the note of what stood.
    pub correction: Id<Person>,
    /// Of the change of the household.
    pub change: Id<HouseholdChange>,
    /// The day of death.
    pub on: Date,
    /// Where it is known from, and the paper.
    pub proof: String,
    /// Who leads the household from then on; who is nearest to the head when not said.
    pub head: Option<Id<Person>>,
    /// Now, and its day.
    pub at: (Timestamp, Date),
    /// Who records it.
    pub officer: Id<Officer>,
}

/// Records a death inside a transaction of the caller, who writes the entry and sees to what it ends: the card, the history of the identity, and
/// the household, whose head passes on. Answers the person and the new head. Refuses days to come and before birth, with `Changed`,
/// `AlreadyDead` and `OwnDossier`.
pub fn record_death(
    tx: &mut Tx,
    scope: &Scope,
    id: Id<Person>,
    revision: i64,
    it: &Death,
) -> Result<(PersonView, Option<Name>), Error> {
    let (now, today) = it.at;
    model::check_day(it.on, today, "/on").map_err(|error| Error::Invalid(vec![error]))?;
    let stands = see(tx, scope, id)?;
    let there = households::household(tx, scope, id, today, now)?;
    let mut held: Vec<Id<Person>> = there
        .iter()
        .flat_map(|there| &there.members)
        .map(|member| member.card.id)
        .collect();
    held.push(id);
    held.sort_unstable();
    held.dedup();
    store::hold(tx, &held)?;
    own::none_own(tx, it.officer, &[id])?;
    if stands.revision != revision {
        return Err(Error::Changed(stands.revision));
    }
    if stands.card.death_date.is_some() {
        return Err(crate::problem::Refusal::AlreadyDead.into());
    }
    if stands.card.birth_date.is_some_and(|born| it.on < born) {
        return Err(Error::field(
            "/on",
            "before-birth",
            "this is before the person was born",
        ));
    }
    let noted = Noted {
        id: it.correction,
        person: id,
        now,
        officer: it.officer,
        kind: CorrectionKind::Death,
        from: Some(it.on),
        reason: "",
        proof: Some(&it.proof),
    };
    note(tx, &noted, &stands.card, stands.card.national_id.as_ref())?;
    let changed = tx.exec(
        "UPDATE person SET revision = revision + 1, death_day = $3 WHERE id = $1 AND revision = $2",
        vals![id, revision, it.on],
    )?;
    if changed == 0 {
        return Err(Error::Changed(see(tx, scope, id)?.revision));
    }
    let head = match there {
        None => None,
        Some(there) => {
            // The day after the last, as everywhere.
            let after = it.on.checked_add(1.day()).unwrap_or(it.on);
            let change = Change::new(it.change, "death", after, now, it.officer);
            living::after_death(tx, &there, id, it.head, change, &it.proof)?
        }
    };
    Ok((see(tx, scope, id)?, head))
}

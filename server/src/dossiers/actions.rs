//! Open a dossier, look into it, read its history.

use crate::{
    access::{KeepPersons, May, ReadDossiers},
    applications,
    audit::{self, Entry},
    awards,
    facts::{self, NewFact},
    house::House,
    http::{self, cursor},
    persons,
    problem::Error,
    store::Val,
    vals,
};
use karton_api::{
    FactValue, Id, Timestamp,
    common::{OfficeRef, Page, PageQuery},
    dossiers::{Dossier, Overlap, Purpose, TimelineEvent},
    persons::{Holder, PersonView, RegisterPerson, SourceKind},
    value::{self, Person},
};

/// Registers a person, which opens the dossier: the card, and the address as the person declares it. Refuses with likely duplicates.
pub async fn open(may: &May<KeepPersons>, house: &House, body: RegisterPerson) -> Result<PersonView, Error> {
    let (now, today) = (house.clock.now(), house.clock.today());
    let who = persons::check_registration(&house.pack, &body, today)?;
    let id = house.clock.id::<Person>();
    let lives = [
        ("municipality", body.municipality.clone().map(FactValue::Code)),
        (
            "address",
            body.address
                .clone()
                .map(|text| text.trim().to_owned())
                .filter(|text| !text.is_empty())
                .map(FactValue::Text),
        ),
    ];
    let declared: Vec<NewFact> = lives
        .into_iter()
        .filter_map(|(name, value)| {
            Some(NewFact {
                id: house.clock.id(),
                holder: Holder::Person(id),
                name: name.to_owned(),
                value: value?,
                from: today,
                until: None,
                source: SourceKind::Declaration,
                service: None,
                evidence: None,
                note: None,
                fresh_until: None,
                by: Some(may.officer()),
            })
        })
        .collect();
    let (scope, actor) = (may.scope(), may.actor());
    let words = persons::words_of(&who.name);
    let job = house.clock.id();
    let lived = persons::likeness::Lives {
        municipality: body.municipality.clone().unwrap_or_default(),
        address: body.address.clone().unwrap_or_default(),
        phone: String::new(),
    };
    let view = audit::tell(&house.store, may.actor(), now, move |tx| {
        let view = persons::register_in(
            tx,
            &scope,
            actor,
            (id, now, today),
            (&who, &lived),
            &body.not_the_same_as,
        )?;
        for fact in &declared {
            facts::insert(tx, fact, now)?;
        }
        persons::likeness::call(tx, job, now)?;
        let entry = Entry::of("registered")
            .person(id)
            .value("looked_at", body.not_the_same_as.len());
        Ok((view, entry))
    })
    .await?;
    house.vocabulary.add(words.iter().map(String::as_str));
    Ok(view)
}

/// The dossier at a glance.
pub async fn glance(
    may: &May<ReadDossiers>,
    house: &House,
    id: Id<Person>,
    purpose: Purpose,
) -> Result<Dossier, Error> {
    let (now, today) = (house.clock.now(), house.clock.today());
    let (scope, here) = (may.scope(), house.clone());
    let dossier = house
        .store
        .read(move |tx| {
            let person = persons::see(tx, &scope, id)?;
            let mut household = persons::household(tx, &scope, id, today, now)?;
            if let Some(there) = &mut household {
                there.contradictions = persons::contradictions(tx, there, today, now)?;
            }
            let people: Vec<Id<Person>> = match &household {
                Some(household) => household.members.iter().map(|member| member.card.id).collect(),
                None => vec![id],
            };
            let applications = applications::of_person(tx, &here, &scope, id)?;
            let awards = awards::of_people(tx, &scope, (&here.pack, &here.offices), &people, today)?;
            // What offices outside of the scope pay to the same people: benefit, period and office, nothing else.
            let elsewhere: Vec<Overlap> = match &household {
                Some(household) => {
                    let cards: Vec<_> = household
                        .members
                        .iter()
                        .map(|member| member.card.clone())
                        .collect();
                    awards::elsewhere(tx, &scope, &here.pack, &cards, today)?
                }
                None => {
                    let alone = std::slice::from_ref(&person.card);
                    awards::elsewhere(tx, &scope, &here.pack, alone, today)?
                }
            };
            let cases = crate::cases::of_person(tx, &here, &scope, id)?;
            Ok::<_, Error>(Dossier {
                person,
                household,
                applications,
                awards,
                cases,
                overlaps: elsewhere,
            })
        })
        .await?;
    house.looks.looked(house, may.actor(), id, purpose).await?;
    if !dossier.overlaps.is_empty() {
        // A named exception from the scope: it leaves an entry of its own, at the same rhythm as the look.
        house
            .looks
            .overlapped(house, may.actor(), id, dossier.overlaps.len())
            .await?;
    }
    Ok(dossier)
}

/// What stands in the history of a dossier; looks stand in the access log.
const TOLD: &[&str] = &[
    "registered",
    "transfer-asked",
    "transfer-accepted",
    "transfer-refused",
    "corrected",
    "death-recorded",
    "merge-proposed",
    "merged",
    "merge-undone",
    "member-joined",
    "member-left",
    "household-split",
    "households-joined",
    "head-changed",
    "household-change-undone",
    "moved",
    "address-protected",
    "protection-ended",
    "fact-recorded",
    "lodged",
    "withdrawn",
    "evidence-asked",
    "evidence-arrived",
    "evidence-replaced",
    "assessed",
    "recommended",
    "decided",
    "returned",
    "dismissal-proposed",
    "dismissal-returned",
    "dismissed",
    "letter-made",
    "delivered",
    "case-reported",
    "case-opened",
    "case-plan-approved",
    "case-contact",
    "case-reviewed",
    "case-referred",
    "case-care-began",
    "case-care-ended",
    "case-closed",
    "case-reopened",
];

/// The history of a dossier, newest first.
pub async fn timeline(
    may: &May<ReadDossiers>,
    house: &House,
    id: Id<Person>,
    query: PageQuery,
) -> Result<Page<TimelineEvent>, Error> {
    let limit = http::limit(query.limit)?;
    let after: Option<(Timestamp, Id<value::Entry>)> = cursor::decode(query.cursor.as_deref())?;
    let scope = may.scope();
    let offices = house.offices.clone();
    let rows = house
        .store
        .read(move |tx| {
            persons::store::holding_office(tx, &scope, id)?;
            let (at, last) = after.unwrap_or((Timestamp::MAX, Id::from_uuid(uuid::Uuid::max())));
            let mut values =
                vals![scope.val(), id, at, last, i64::try_from(limit + 1).unwrap_or(51)].to_vec();
            let told: Vec<String> = (0..TOLD.len()).map(|place| format!("${}", place + 6)).collect();
            values.extend(TOLD.iter().map(|what| Val::from(*what)));
            let seen = crate::matters::seen(&scope, "e.matter", &mut values);
            let sql = format!(
                "SELECT e.id, e.at, e.what, e.detail, e.officer, e.office, e.matter FROM audit_entry e
                 WHERE (EXISTS (SELECT 1 FROM office_tree t WHERE t.office = e.office AND t.ancestor = $1)
                     OR EXISTS (SELECT 1 FROM transfer r WHERE r.person = e.person AND r.accepted = 1 AND e.at <= r.answered_at))
                 AND (e.person = $2 OR e.person IN (SELECT id FROM person WHERE merged_into = $2)) AND (e.at, e.id) < ($3, $4) AND e.what IN ({})
                 AND {seen}
                 ORDER BY e.at DESC, e.id DESC LIMIT $5",
                told.join(", ")
            );
            let mut events = Vec::new();
            for row in tx.query(&sql, &values)? {
                let officer: Option<Id<value::Officer>> = row.get(4)?;
                let officer = officer
                    .map(|officer| crate::users::officer_ref(tx, Some(officer)))
                    .transpose()?;
                let office: OfficeRef = offices.to_ref(row.get(5)?);
                let application: Option<Id<value::Matter>> = row.get(6)?;
                let of_case = row.get::<String>(2)?.starts_with("case-");
                let event = TimelineEvent {
                    at: row.get(1)?,
                    what: row.get(2)?,
                    values: serde_json::from_str(&row.get::<String>(3)?).map_err(Error::fault)?,
                    officer,
                    office,
                    application: application.filter(|_| !of_case).map(Id::cast),
                    case: application.filter(|_| of_case).map(Id::cast),
                };
                events.push((row.get::<Id<value::Entry>>(0)?, event));
            }
            Ok::<_, Error>(events)
        })
        .await?;
    house
        .looks
        .looked(house, may.actor(), id, Purpose::default())
        .await?;
    let page = cursor::page(rows, limit, |(entry, event)| (event.at, *entry));
    Ok(Page {
        items: page.items.into_iter().map(|(_, event)| event).collect(),
        next: page.next,
    })
}

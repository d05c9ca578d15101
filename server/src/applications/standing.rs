//! How an application stands beside everything else, in the whole country: other benefits, the choice between them, two households or files at
//! once, rights that run out, durations that the law asks for. Looking into other offices' awards and files is a named exception.

use super::{
    actions::{self, Desk},
    choosing, store,
    store::Application,
};
use crate::{
    access::{May, PreviewAssessments},
    assessments::{self, Gathered},
    awards, duplicates,
    house::House,
    matters, persons,
    problem::Error,
    store::Tx,
    vals,
};
use karton_api::{
    FactValue, Id,
    dossiers::Purpose,
    standing::{ClaimStanding, StandingKind, StandingLine},
    value::{self, Household, Office, Person},
};
use karton_rules::{
    assess::{self, Assessment},
    pack::{Benefit, Pack},
};

/// The most lines of each kind.
const MOST: usize = 50;

/// On whose account a claim asks, where that is somebody else.
pub(super) fn about(benefit: &Benefit, gathered: &Gathered) -> Option<Id<Person>> {
    match gathered.input.claim.get(benefit.about.as_ref()?)?.value {
        FactValue::Person(person) => Some(person),
        _ => None,
    }
}

/// A line that says nothing yet.
fn blank(kind: StandingKind) -> StandingLine {
    StandingLine {
        kind,
        person: None,
        name: String::new(),
        benefit: None,
        benefit_name: Default::default(),
        office: None,
        from: None,
        until: None,
        have: None,
        of: None,
        holds: None,
        says: Default::default(),
        law: None,
    }
}

/// Everything but the benefits that overlap: each line with its reason.
pub(super) fn lines(
    tx: &mut Tx,
    desk: &Desk,
    it: &Application,
    gathered: &Gathered,
) -> Result<Vec<StandingLine>, Error> {
    let pack = &desk.house.pack;
    let (benefit, _) = actions::catalogue(pack, &it.benefit)?;
    let people = gathered.people.get(..gathered.members).unwrap_or_default();
    let ids = gathered.household_people();
    let name = |id: Id<Person>| {
        let card = people.iter().find(|card| card.id == id);
        card.map(awards::store::full_name).unwrap_or_default()
    };
    let mut found = Vec::new();
    let there = persons::elsewhere_too(tx, &ids, gathered.household.or(it.household), desk.today)?;
    for line in there.iter().take(MOST) {
        let head = match line.head {
            Some(head) => awards::store::full_name(&persons::store::card_of(tx, &desk.scope, head)?),
            None => String::new(),
        };
        found.push(StandingLine {
            person: Some(line.person),
            name: format!("{} ({head})", name(line.person)).replace(" ()", ""),
            office: Some(desk.house.offices.to_ref(line.office)),
            from: Some(line.from),
            ..blank(StandingKind::Household)
        });
    }
    let households: Vec<Id<Household>> = there.iter().map(|line| line.household).collect();
    for file in files(tx, desk, it, &ids, &households)?.into_iter().take(MOST) {
        let touches = file.benefit == benefit.code || !pack.relations(benefit, &file.benefit).is_empty();
        // The same for another child is another file by right.
        let of_household = benefit.about.is_none() || file.applicant != it.applicant;
        if touches && of_household {
            let card = persons::store::card_of(tx, &desk.scope, file.applicant)?;
            found.push(StandingLine {
                person: Some(file.applicant),
                name: awards::store::full_name(&card),
                benefit_name: pack
                    .benefit(&file.benefit)
                    .map(|benefit| benefit.name.0.clone())
                    .unwrap_or_default(),
                benefit: Some(file.benefit),
                office: Some(desk.house.offices.to_ref(file.office)),
                from: file.lodged_on,
                ..blank(StandingKind::File)
            });
        }
    }
    for person in &ids {
        for other in duplicates::store::open_of(tx, *person)?.into_iter().take(MOST) {
            let card = persons::store::card_of(tx, &desk.scope, other)?;
            found.push(StandingLine {
                person: Some(*person),
                name: format!("{} – {}", name(*person), awards::store::full_name(&card)),
                ..blank(StandingKind::Dossier)
            });
        }
    }
    for (one, award, passed, all) in assess::months_run(&gathered.input).into_iter().take(MOST) {
        found.push(StandingLine {
            person: one.person,
            name: one.person.map(name).unwrap_or_default(),
            benefit: Some(award.benefit.clone()),
            benefit_name: pack
                .benefit(&award.benefit)
                .map(|benefit| benefit.name.0.clone())
                .unwrap_or_default(),
            from: Some(award.from),
            until: award.until,
            have: Some(passed),
            of: Some(all),
            ..blank(StandingKind::Months)
        });
    }
    for ran in pack.durations(&benefit.code, &gathered.input) {
        found.push(StandingLine {
            person: Some(it.applicant),
            name: name(it.applicant),
            have: ran.have,
            of: ran.of,
            holds: ran.holds,
            says: ran.says.0,
            law: Some(ran.law).filter(|law| !law.is_empty()),
            ..blank(StandingKind::Duration)
        });
    }
    Ok(found)
}

/// Another application that is being handled.
struct OtherFile {
    applicant: Id<Person>,
    benefit: String,
    office: Id<Office>,
    lodged_on: Option<karton_api::Date>,
}

/// Other applications that are being handled about these people or the other households they are known in, in the whole country; what is restricted
/// shows to whoever is named on it.
fn files(
    tx: &mut Tx,
    desk: &Desk,
    it: &Application,
    people: &[Id<Person>],
    households: &[Id<Household>],
) -> Result<Vec<OtherFile>, Error> {
    let mut found: Vec<OtherFile> = Vec::new();
    let by_people = people.iter().map(|id| ("applicant", id.uuid()));
    let by_households = households.iter().map(|id| ("household", id.uuid()));
    for (column, id) in by_people.chain(by_households) {
        let id: Id<Person> = Id::from_uuid(id);
        let mut values = vals![id, it.id].to_vec();
        let seen = matters::seen(&desk.scope, "a.id", &mut values);
        let sql = format!(
            "SELECT a.applicant, a.benefit, a.office, a.lodged_on FROM application a WHERE a.{column} = $1 AND a.id <> $2
                AND a.state IN ('lodged', 'recommended', 'returned') AND {seen} ORDER BY a.lodged_at, a.id LIMIT 20"
        );
        for row in tx.query(&sql, &values)? {
            let file = OtherFile {
                applicant: row.get(0)?,
                benefit: row.get(1)?,
                office: row.get(2)?,
                lodged_on: row.get(3)?,
            };
            let there =
                |other: &OtherFile| (other.applicant, &other.benefit) == (file.applicant, &file.benefit);
            if !found.iter().any(there) {
                found.push(file);
            }
        }
    }
    Ok(found)
}

/// The whole of it over what was gathered and assessed.
pub(super) fn standing(
    tx: &mut Tx,
    desk: &Desk,
    it: &Application,
    gathered: &Gathered,
    trace: &Assessment,
) -> Result<ClaimStanding, Error> {
    let pack = &desk.house.pack;
    let (benefit, _) = actions::catalogue(pack, &it.benefit)?;
    let asked = awards::Asked {
        benefit,
        applicant: it.applicant,
        about: about(benefit, gathered),
    };
    let people = gathered.people.get(..gathered.members).unwrap_or_default();
    let served: &Pack = pack;
    let known = (&desk.scope, &desk.house.offices, served);
    Ok(ClaimStanding {
        overlaps: awards::overlaps(tx, &desk.scope, pack, people, asked, desk.today)?,
        lines: lines(tx, desk, it, gathered)?,
        choice: choosing::choice(tx, known, it, &gathered.people, (&gathered.input, trace))?,
    })
}

/// How an application stands today. Looking into other offices' awards leaves an entry of its own.
pub(super) async fn see(
    may: &May<PreviewAssessments>,
    house: &House,
    id: Id<value::Application>,
) -> Result<ClaimStanding, Error> {
    let desk = Desk::of(may, house);
    let actor = desk.actor();
    let (found, applicant) = house
        .store
        .read(move |tx| {
            let it = store::load(tx, &desk.scope, id)?;
            persons::not_own(tx, desk.session.officer, it.applicant)?;
            let typed = if it.stage.lodged().is_some() {
                &[][..]
            } else {
                &it.answers
            };
            let gathered = assessments::gather(tx, &desk.house.pack, &desk.scope, &desk.about(&it), typed)?;
            let trace =
                assess::assess(&desk.house.pack, &it.benefit, &gathered.input).ok_or(Error::Missing)?;
            Ok::<_, Error>((standing(tx, &desk, &it, &gathered, &trace)?, it.applicant))
        })
        .await?;
    house
        .looks
        .looked(house, actor, applicant, Purpose::default())
        .await?;
    let lines = found.overlaps.len() + found.lines.len();
    if lines > 0 {
        house.looks.overlapped(house, actor, applicant, lines).await?;
    }
    Ok(found)
}

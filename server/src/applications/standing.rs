//! How an application stands beside everything else, in the whole country: other benefits, the choice between them, two households or files at
//! once, rights that run out, durations that the law asks for. Looking into other offices' awards and files is a named exception.

use super::{
    actions::{self, Desk},
    choosing, store,
    store::Application,
};
use crate::{
    access::{May, PreviewAssessments, Scope},
    assessments::{self, Gathered},
    awards, duplicates,
    house::House,
    matters, persons,
    problem::Error,
    protection,
    store::Tx,
    vals,
};
use karton_api::{
    FactValue, Id,
    common::Texts,
    dossiers::Purpose,
    persons::PersonCard,
    standing::{ClaimStanding, StandingKind, StandingLine},
    value::{self, Household, Office, Person},
};
use karton_rules::{
    assess::{self, Assessment, Outcome},
    pack::{Benefit, HolderKind, Pack, Reach},
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
        about: None,
        same: false,
        office: None,
        from: None,
        until: None,
        have: None,
        of: None,
        least: false,
        holds: None,
        says: Default::default(),
        law: None,
    }
}

/// Names of people who may live in other households and offices.
struct Names<'a> {
    scope: &'a Scope,
    people: &'a [PersonCard],
}

impl Names<'_> {
    fn of(&self, tx: &mut Tx, id: Id<Person>) -> Result<String, Error> {
        let here = self.people.iter().find(|card| card.id == id);
        match here {
            Some(card) => Ok(awards::store::full_name(card)),
            None => Ok(awards::store::full_name(&persons::store::card_of(
                tx, self.scope, id,
            )?)),
        }
    }
}

/// Everything but the benefits that overlap: each line with its reason.
pub(super) fn lines(
    tx: &mut Tx,
    desk: &Desk,
    it: &Application,
    gathered: &Gathered,
    trace: &Assessment,
) -> Result<Vec<StandingLine>, Error> {
    let pack: &Pack = &desk.house.pack;
    let (benefit, _) = actions::catalogue(pack, &it.benefit)?;
    let names = Names {
        scope: &desk.scope,
        people: gathered.people.get(..gathered.members).unwrap_or_default(),
    };
    let ids = gathered.household_people();
    let asked = Asked {
        benefit,
        it,
        about: about(benefit, gathered),
    };
    let mut found = Vec::new();
    let there = persons::elsewhere_too(tx, &ids, gathered.household.or(it.household), desk.today)?;
    let mut households: Vec<Id<Household>> = Vec::new();
    for line in there.iter().take(MOST) {
        let covered = covered(tx, line)?;
        found.push(household(tx, desk, &names, (line, covered))?);
        if !covered {
            households.push(line.household);
        }
    }
    let files = files(tx, desk, &asked, &ids, &households)?;
    let touching = files
        .into_iter()
        .filter_map(|file| Some((asked.touched(pack, &file)?, file)));
    for (touched, file) in touching.take(MOST) {
        found.push(StandingLine {
            person: Some(file.applicant),
            name: names.of(tx, file.applicant)?,
            about: file.about.map(|id| names.of(tx, id)).transpose()?,
            same: touched.same,
            says: touched.says,
            law: touched.law,
            office: Some(desk.house.offices.to_ref(file.office)),
            from: file.lodged_on,
            ..of_benefit(pack, StandingKind::File, file.benefit)
        });
    }
    for person in &ids {
        for other in duplicates::store::open_of(tx, *person)?.into_iter().take(MOST) {
            let (one, other) = (names.of(tx, *person)?, names.of(tx, other)?);
            found.push(StandingLine {
                person: Some(*person),
                name: format!("{one} – {other}"),
                ..blank(StandingKind::Dossier)
            });
        }
    }
    for (one, award, passed, all) in assess::months_run(&gathered.input).into_iter().take(MOST) {
        let granted = pack.benefit(&award.benefit);
        let ends = granted
            .and_then(|granted| granted.period.as_ref())
            .and_then(|period| period.law.clone());
        found.push(StandingLine {
            person: one.person,
            name: one
                .person
                .map(|id| names.of(tx, id))
                .transpose()?
                .unwrap_or_default(),
            from: Some(award.from),
            until: award.until,
            have: Some(passed),
            of: Some(all),
            law: ends.or_else(|| granted.and_then(awards::articles)),
            ..of_benefit(pack, StandingKind::Months, award.benefit.clone())
        });
    }
    for ran in pack.durations(&benefit.code, &gathered.input) {
        found.push(StandingLine {
            person: Some(it.applicant),
            name: names.of(tx, it.applicant)?,
            have: ran.have,
            of: ran.of,
            least: ran.least,
            holds: ran.holds,
            says: ran.says.0,
            law: Some(ran.law).filter(|law| !law.is_empty()),
            ..blank(StandingKind::Duration)
        });
    }
    found.extend(terms(benefit, trace).into_iter().map(|line| StandingLine {
        person: Some(it.applicant),
        ..line
    }));
    Ok(found)
}

/// How long what is asked for would run, and when it would be looked at again; nothing of what is refused.
fn terms(benefit: &Benefit, trace: &Assessment) -> Vec<StandingLine> {
    let (Some(term), Some(period)) = (&trace.term, &benefit.period) else {
        return Vec::new();
    };
    if trace.outcome == Outcome::Refuse {
        return Vec::new();
    }
    let law = period.law.clone().or_else(|| awards::articles(benefit));
    let months = term.ends.and_then(|ends| ends.yesterday().ok());
    let runs = months.map(|last| StandingLine {
        from: Some(term.starts),
        until: term.ends,
        of: Some(assess::calendar_months(term.starts, last)),
        law: law.clone(),
        ..blank(StandingKind::Term)
    });
    let review = term.review_on.map(|day| StandingLine {
        from: Some(day),
        of: period.review_every_months.map(i64::from),
        law: law.clone(),
        ..blank(StandingKind::Review)
    });
    runs.into_iter().chain(review).collect()
}

/// A line about another benefit, by its name.
fn of_benefit(pack: &Pack, kind: StandingKind, code: String) -> StandingLine {
    StandingLine {
        benefit_name: pack
            .benefit(&code)
            .map(|benefit| benefit.name.0.clone())
            .unwrap_or_default(),
        benefit: Some(code),
        ..blank(kind)
    }
}

/// Whether nothing more may be told of another household than that there is one: somebody whose address is protected lives in it, or is its head.
fn covered(tx: &mut Tx, line: &persons::ElsewhereToo) -> Result<bool, Error> {
    if protection::is_protected(tx, line.person)? {
        return Ok(true);
    }
    match line.head {
        Some(head) => protection::is_protected(tx, head),
        None => Ok(false),
    }
}

/// A membership in another household; where it is covered, without its head and office: they would say where to look.
fn household(
    tx: &mut Tx,
    desk: &Desk,
    names: &Names<'_>,
    (line, covered): (&persons::ElsewhereToo, bool),
) -> Result<StandingLine, Error> {
    let mut name = names.of(tx, line.person)?;
    if let Some(head) = line.head.filter(|head| !covered && *head != line.person) {
        name = format!("{name} ({})", names.of(tx, head)?);
    }
    Ok(StandingLine {
        person: Some(line.person),
        name,
        office: (!covered).then(|| desk.house.offices.to_ref(line.office)),
        from: Some(line.from),
        ..blank(StandingKind::Household)
    })
}

/// Another application that is being handled.
#[derive(Clone, PartialEq)]
struct OtherFile {
    applicant: Id<Person>,
    benefit: String,
    office: Id<Office>,
    lodged_on: Option<karton_api::Date>,
    about: Option<Id<Person>>,
}

/// What is asked for here.
struct Asked<'a> {
    benefit: &'a Benefit,
    it: &'a Application,
    /// On whose account.
    about: Option<Id<Person>>,
}

/// How another file touches this one.
struct Touched {
    /// It asks for the same.
    same: bool,
    says: Texts,
    law: Option<String>,
}

impl Asked<'_> {
    /// The same right, or one that the pack keeps apart from it; none where both may go on side by side.
    fn touched(&self, pack: &Pack, file: &OtherFile) -> Option<Touched> {
        // What was lodged before the account stood beside it may be about anybody.
        let same_account = self.about == file.about || (self.benefit.about.is_some() && file.about.is_none());
        let same_holder = file.applicant == self.it.applicant
            || self.benefit.unit == HolderKind::Household
            || self.about.is_some();
        if file.benefit == self.benefit.code && same_account && same_holder {
            return Some(Touched {
                same: true,
                says: Texts::new(),
                law: awards::articles(self.benefit),
            });
        }
        let relations = pack.relations(self.benefit, &file.benefit);
        let reached = relations.into_iter().find(|relation| match relation.of {
            Reach::Holder => {
                file.applicant == self.it.applicant || self.benefit.unit == HolderKind::Household
            }
            Reach::Members => true,
            Reach::About => self.about.is_some() && self.about == file.about,
        })?;
        let rule = reached.rule;
        Some(Touched {
            same: false,
            says: rule.says.as_ref().map(|says| says.0.clone()).unwrap_or_default(),
            law: Some(rule.law.clone()).filter(|law| !law.is_empty() && !rule.confidence.is_unconfirmed()),
        })
    }
}

/// The most files of one person or household.
const MOST_FILES: usize = 20;

/// The files that name somebody or a household in a column, but for one.
pub fn files_statement(column: &str, seen: &str) -> String {
    format!(
        "SELECT a.applicant, a.benefit, a.office, a.lodged_on, a.about FROM application a WHERE a.{column} = $1 AND a.id <> $2
            AND a.state IN ('lodged', 'recommended', 'returned') AND {seen} ORDER BY a.lodged_at, a.id LIMIT {MOST_FILES}"
    )
}

/// Other applications that are being handled of these people, on their account, on the same account, or of the other households they are known in,
/// in the whole country; what is restricted shows to whoever is named on it.
fn files(
    tx: &mut Tx,
    desk: &Desk,
    asked: &Asked<'_>,
    people: &[Id<Person>],
    households: &[Id<Household>],
) -> Result<Vec<OtherFile>, Error> {
    let mut found: Vec<OtherFile> = Vec::new();
    let mut accounts = people.to_vec();
    accounts.extend(asked.about.filter(|about| !people.contains(about)));
    let by_people = people.iter().map(|id| ("applicant", id.uuid()));
    let by_account = accounts.iter().map(|id| ("about", id.uuid()));
    let by_households = households.iter().map(|id| ("household", id.uuid()));
    for (column, id) in by_people.chain(by_account).chain(by_households) {
        let id: Id<Person> = Id::from_uuid(id);
        let mut values = vals![id, asked.it.id].to_vec();
        let seen = matters::seen(&desk.scope, "a.id", &mut values);
        for row in tx.query(&files_statement(column, &seen), &values)? {
            let file = OtherFile {
                applicant: row.get(0)?,
                benefit: row.get(1)?,
                office: row.get(2)?,
                lodged_on: row.get(3)?,
                about: row.get(4)?,
            };
            if !found.contains(&file) {
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
        lines: lines(tx, desk, it, gathered, trace)?,
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

//! The tables of a store, page by page. What the rooms read for one application in many small questions is read here for some hundred households
//! in few: who they are, what is known of them, what they were granted and what they have asked for.

use super::{
    asks::{Claim, Family, Running},
    pages::{Of, Page},
    work::Law,
};
use crate::{
    awards,
    facts::{self, Stored},
    problem::Error,
    protection,
    store::{Dialect, Row, Tx, Val},
};
use jiff::tz::TimeZone;
use karton_api::{
    Date, FactValue, Id, Money, Timestamp,
    persons::{Holder, SourceKind},
    value::{Fact, Household, Person},
};
use karton_rules::assess::{AwardInForce, FactRef, Facts, Input, Known, PersonFacts};
use std::collections::{BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// What is read of everybody.
#[derive(Debug, Clone)]
pub(super) struct Reader {
    pub(super) on: Date,
    pub(super) zone: TimeZone,
    /// Facts that the rules speak of, and where people live.
    pub(super) names: Vec<String>,
    /// Sources in the order in which they count, one order by version where they differ.
    pub(super) orders: Vec<Vec<SourceKind>>,
    /// Awards are looked at by rules.
    pub(super) awards: bool,
    /// Benefits that are worked out.
    pub(super) benefits: Vec<String>,
    /// Those of them that look at what is asked for.
    pub(super) claims: Vec<String>,
    /// Those of them that are granted on somebody's account.
    about: Vec<String>,
    pub(super) merged: bool,
}

/// A fact as it was read, before it is known which one counts.
pub(super) struct Raw {
    /// Place of its name among those that are read.
    name: usize,
    value: String,
    from: Date,
    until: Option<Date>,
    source: SourceKind,
    recorded_at: Timestamp,
    fresh_until: Option<Timestamp>,
    id: Id<Fact>,
}

/// Somebody on a page.
pub(super) struct Somebody {
    id: Id<Person>,
    given: Facts,
    raw: Vec<Raw>,
    awards: awards::OfPerson,
    /// What stands instead of the places of whoever must not be found.
    instead: Option<(String, Option<String>)>,
}

/// A household on a page.
#[derive(Default)]
pub(super) struct Home {
    pub(super) people: Vec<Somebody>,
    pub(super) raw: Vec<Raw>,
    pub(super) claims: Vec<Claim>,
    pub(super) running: Vec<Running>,
}

impl Reader {
    pub(super) fn of(law: &Law, (on, zone): (Date, TimeZone), merged: bool) -> Reader {
        let reached = law.plan.iter().flat_map(|planned| &planned.reach.facts);
        let mut names: BTreeSet<String> = reached.map(|(_, name)| name.clone()).collect();
        names.insert("municipality".to_owned());
        let claims = law
            .plan
            .iter()
            .filter(|planned| planned.reach.claim() || planned.about.is_some());
        Reader {
            on,
            zone,
            names: names.into_iter().collect(),
            orders: law.ranks.iter().map(|rank| facts::model::order(rank)).collect(),
            awards: law.plan.iter().any(|planned| planned.reach.awards),
            benefits: law.plan.iter().map(|planned| planned.code.clone()).collect(),
            claims: claims.map(|planned| planned.code.clone()).collect(),
            about: (law.plan.iter().filter(|planned| planned.about.is_some()))
                .map(|planned| planned.code.clone())
                .collect(),
            merged,
        }
    }

    /// Whether facts of this name are read.
    #[cfg(test)]
    pub(super) fn reads(&self, name: &str) -> bool {
        self.names.iter().any(|read| read == name)
    }

    /// The families of a page.
    pub(super) fn families(&self, tx: &mut Tx, page: &Page) -> Result<Vec<Family>, Error> {
        let mut homes = self.people(tx, page)?;
        if homes.list.is_empty() {
            return Ok(Vec::new());
        }
        self.facts_of_people(tx, page, &mut homes)?;
        if page.of == Of::Households {
            self.facts_of_households(tx, page, &mut homes)?;
        }
        self.running(tx, page, &mut homes)?;
        if self.awards {
            self.awards_of_people(tx, page, &mut homes)?;
        }
        if !self.claims.is_empty() {
            self.claims(tx, page, &mut homes)?;
        }
        homes.list.into_iter().map(|home| self.family(home)).collect()
    }

    /// `FROM … WHERE …` of the people of a page as `m`, and the column that is their id. `joins` come after the table.
    pub(super) fn from(&self, page: &Page, joins: &str) -> (String, Vec<Val>) {
        let values = vec![page.after.into(), page.upto.into(), self.on.into()];
        let sql = match page.of {
            Of::Households => format!(
                "FROM household_member m {joins} WHERE m.household > $1 AND m.household <= $2 AND m.replaced_at IS NULL
                 AND m.from_day <= $3 AND (m.until_day IS NULL OR m.until_day > $3)"
            ),
            Of::Alone => format!(
                "FROM person m {joins} WHERE m.id > $1 AND m.id <= $2 AND m.merged_into IS NULL
                 AND (m.death_day IS NULL OR m.death_day > $3) AND NOT EXISTS (SELECT 1 FROM household_member x
                    WHERE x.person = m.id AND x.replaced_at IS NULL AND x.from_day <= $3 AND (x.until_day IS NULL OR x.until_day > $3))"
            ),
        };
        (sql, values)
    }

    fn people(&self, tx: &mut Tx, page: &Page) -> Result<Homes, Error> {
        let veil = "LEFT JOIN protected_person q ON q.lifted_at IS NULL AND q.person =";
        let sql = match page.of {
            Of::Households => {
                let (from, _) = self.from(page, &format!("JOIN person p ON p.id = m.person {veil} m.person"));
                format!(
                    "SELECT m.household, p.id, m.relationship, p.birth_day, p.sex, p.death_day, q.instead, q.municipality {from}
                     ORDER BY m.household, CASE m.relationship WHEN 'self' THEN 0 ELSE 1 END, p.birth_day, p.id"
                )
            }
            Of::Alone => {
                let (from, _) = self.from(page, &format!("{veil} m.id"));
                format!(
                    "SELECT m.id, m.id, 'self', m.birth_day, m.sex, m.death_day, q.instead, q.municipality {from} ORDER BY m.id"
                )
            }
        };
        let (_, values) = self.from(page, "");
        let mut homes = Homes::default();
        for row in tx.query(&sql, &values)? {
            let (household, id): (Uuid, Id<Person>) = (row.get(0)?, row.get(1)?);
            let at = match homes.households.get(&household) {
                Some(at) => *at,
                None => {
                    homes.households.insert(household, homes.list.len());
                    homes.list.push(Home::default());
                    homes.list.len() - 1
                }
            };
            let Some(home) = homes.list.get_mut(at) else {
                continue;
            };
            if homes.people.insert(id, (at, home.people.len())).is_some() {
                // Two protections of one person are two rows.
                homes.people.insert(id, (at, home.people.len().saturating_sub(1)));
                continue;
            }
            home.people.push(Somebody {
                id,
                given: given(&row, self.on)?,
                raw: Vec::new(),
                awards: awards::OfPerson::default(),
                instead: row.get::<Option<String>>(6)?.zip(Some(row.get(7)?)),
            });
        }
        Ok(homes)
    }

    /// Names that are read as a condition on `f`. `||` keeps the engines from looking each name up by itself in the index: most of what is known of
    /// somebody is wanted, and it stands side by side.
    fn named(&self, values: &mut Vec<Val>) -> String {
        among("(f.name || '')", &self.names, values).unwrap_or_else(|| "1 = 0".to_owned())
    }

    fn facts_of_people(&self, tx: &mut Tx, page: &Page, homes: &mut Homes) -> Result<(), Error> {
        let (person, join) = (person_of(page), in_order(tx));
        let mut joins = vec![format!("{join} fact f ON f.holder = {person}")];
        if self.merged {
            // What is known of whoever was merged into one of them is known of that one.
            joins.push(format!(
                "{join} person g ON g.merged_into = {person} {join} fact f ON f.holder = g.id"
            ));
        }
        for join in joins {
            let (from, mut values) = self.from(page, &join);
            let named = self.named(&mut values);
            let sql = format!(
                "SELECT {person}, {COLUMNS} {from} AND f.holder_kind = 'person' AND {named}
                 AND f.from_day <= $3 AND (f.until_day IS NULL OR f.until_day > $3)"
            );
            for mut row in tx.query(&sql, &values)? {
                let raw = self.raw(&mut row)?;
                if let (Some(somebody), Some(raw)) = (homes.somebody(row.get(0)?), raw) {
                    somebody.raw.push(raw);
                }
            }
        }
        Ok(())
    }

    fn facts_of_households(&self, tx: &mut Tx, page: &Page, homes: &mut Homes) -> Result<(), Error> {
        let mut values = vec![page.after.into(), page.upto.into(), self.on.into()];
        let (named, join) = (self.named(&mut values), in_order(tx));
        let sql = format!(
            "SELECT h.id, {COLUMNS} FROM household h {join} fact f ON f.holder = h.id
             WHERE h.id > $1 AND h.id <= $2 AND f.holder_kind = 'household' AND {named}
             AND f.from_day <= $3 AND (f.until_day IS NULL OR f.until_day > $3)"
        );
        for mut row in tx.query(&sql, &values)? {
            let at = homes.households.get(&row.get::<Uuid>(0)?).copied();
            if let (Some(home), Some(raw)) = (at.and_then(|at| homes.list.get_mut(at)), self.raw(&mut row)?) {
                home.raw.push(raw);
            }
        }
        Ok(())
    }

    fn raw(&self, row: &mut Row) -> Result<Option<Raw>, Error> {
        let name = row.text(1)?;
        let Ok(name) = self.names.binary_search_by(|one| one.as_str().cmp(name)) else {
            return Ok(None);
        };
        Ok(Some(Raw {
            name,
            value: row.take_text(2)?,
            from: row.get(3)?,
            until: row.get(4)?,
            source: facts::store::source_of(row.text(5)?)?,
            recorded_at: row.get(6)?,
            fresh_until: row.get(7)?,
            id: row.get(8)?,
        }))
    }

    /// What runs of the benefits that are worked out. On whose account stands behind the long text that it was granted on, and is only looked up
    /// where it matters.
    fn running(&self, tx: &mut Tx, page: &Page, homes: &mut Homes) -> Result<(), Error> {
        let (person, join) = (person_of(page), in_order(tx));
        let (from, mut values) = self.from(page, &format!("{join} award a ON a.beneficiary = {person}"));
        let about = match among("a.benefit", &self.about, &mut values) {
            Some(among) => format!("CASE WHEN {among} THEN a.about END"),
            None => "NULL".to_owned(),
        };
        let Some(worked_out) = among("a.benefit", &self.benefits, &mut values) else {
            return Ok(());
        };
        let sql = format!(
            "SELECT {person}, a.benefit, {about} {from} AND a.starts <= $3 AND (a.ends IS NULL OR a.ends > $3) AND a.per <> 'once'
             AND {worked_out}"
        );
        for row in tx.query(&sql, &values)? {
            let beneficiary: Id<Person> = row.get(0)?;
            if let Some(home) = homes.home(beneficiary) {
                home.running.push(Running {
                    benefit: row.get(1)?,
                    beneficiary,
                    about: row.get(2)?,
                });
            }
        }
        Ok(())
    }

    /// Awards as the rules look at them, past and coming ones too: as `awards::of_person` reads them for one.
    fn awards_of_people(&self, tx: &mut Tx, page: &Page, homes: &mut Homes) -> Result<(), Error> {
        let (person, join) = (person_of(page), in_order(tx));
        let own = "a.starts, a.ends";
        let of_family = "CASE WHEN h.from_day > a.starts THEN h.from_day ELSE a.starts END,
            CASE WHEN h.until_day IS NULL OR h.until_day > a.ends THEN a.ends ELSE h.until_day END";
        let joins = [
            (own, format!("{join} award a ON a.beneficiary = {person}"), ""),
            (
                of_family,
                format!(
                    "{join} household_member h ON h.person = {person} {join} award a ON a.household = h.household"
                ),
                "AND h.replaced_at IS NULL AND (h.until_day IS NULL OR h.until_day > a.starts) AND (a.ends IS NULL OR a.ends > h.from_day)",
            ),
            (own, format!("{join} award a ON a.about = {person}"), ""),
        ];
        let mut turned: HashSet<Id<Person>> = HashSet::new();
        for (list, (span, join, and)) in joins.iter().enumerate() {
            let (from, values) = self.from(page, join);
            // The day of the page stands in its conditions; the two of an award come after the person.
            let sql = format!(
                "SELECT {person}, {span}, a.benefit, a.minor, a.currency,
                    CASE WHEN EXISTS (SELECT 1 FROM award_turn t WHERE t.award = a.id) THEN 1 ELSE 0 END, a.id {from} {and}"
            );
            for row in tx.query(&sql, &values)? {
                let id: Id<Person> = row.get(0)?;
                if row.get::<bool>(6)? {
                    turned.insert(id);
                }
                let award = AwardInForce {
                    from: row.get(1)?,
                    until: row.get(2)?,
                    benefit: row.get(3)?,
                    amount: Money::new(row.get(4)?, row.parse(5)?),
                    award: Some(row.get(7)?),
                };
                let Some(somebody) = homes.somebody(id) else {
                    continue;
                };
                match list {
                    0 => somebody.awards.own.push(award),
                    1 => somebody.awards.family.push(award),
                    _ => somebody.awards.about.push(award),
                }
            }
        }
        // Sorted here: SQLite would go through everybody in the order that is asked for rather than through the page.
        let somebodies = homes.list.iter_mut().flat_map(|home| &mut home.people);
        for awards in somebodies.map(|somebody| &mut somebody.awards) {
            for list in [&mut awards.own, &mut awards.family, &mut awards.about] {
                list.sort_by_key(|award| (award.from, award.award));
            }
        }
        // What later decisions made of an award is the room's matter.
        for person in turned {
            let awards = awards::of_person(tx, person)?;
            if let Some(somebody) = homes.somebody(person) {
                somebody.awards = awards;
            }
        }
        Ok(())
    }

    /// What counts of what is known, on the day and as fresh as it was when something was last learnt of them.
    fn family(&self, home: Home) -> Result<Family, Error> {
        let all = || home.people.iter().flat_map(|one| &one.raw).chain(&home.raw);
        let learnt = all().map(|raw| raw.recorded_at).max();
        let answered = all()
            .filter(|raw| raw.source == SourceKind::Register)
            .map(|raw| raw.recorded_at)
            .max();
        let lodged = answered
            .or(learnt)
            .map_or(self.on, |at| self.zone.to_datetime(at).date().min(self.on));
        let known_at = learnt.unwrap_or(Timestamp::MIN);
        let veil = home.people.iter().find_map(|one| one.instead.clone());
        let mut inputs = Vec::with_capacity(self.orders.len());
        for order in &self.orders {
            let mut people = Vec::with_capacity(home.people.len());
            for one in &home.people {
                let mut facts = one.given.clone();
                self.count(&one.raw, order, known_at, one.instead.as_ref(), &mut facts)?;
                people.push(PersonFacts {
                    person: Some(one.id),
                    name: None,
                    facts,
                    awards: one.awards.own.clone(),
                    family_awards: one.awards.family.clone(),
                    awards_about: one.awards.about.clone(),
                });
            }
            let mut household = Facts::new();
            self.count(&home.raw, order, known_at, veil.as_ref(), &mut household)?;
            let mut people = people.into_iter();
            inputs.push(Input {
                on: self.on,
                lodged,
                known_at: None,
                suspended: Vec::new(),
                applicant: people.next().unwrap_or_default(),
                members: people.collect(),
                others: Vec::new(),
                household,
                claim: Facts::new(),
            });
        }
        Ok(Family {
            inputs,
            claims: home.claims,
            running: home.running,
        })
    }

    /// Puts the facts that count in.
    fn count(
        &self,
        raw: &[Raw],
        order: &[SourceKind],
        known_at: Timestamp,
        instead: Option<&(String, Option<String>)>,
        into: &mut Facts,
    ) -> Result<(), Error> {
        let mut by_name: Vec<&Raw> = raw.iter().collect();
        by_name.sort_by_key(|raw| raw.name);
        for same in by_name.chunk_by(|a, b| a.name == b.name) {
            let Some(name) = same.first().and_then(|raw| self.names.get(raw.name)) else {
                continue;
            };
            let mut value = match same {
                // Nothing else is known, so it counts.
                [one] => read(&one.value)?,
                several => {
                    let stored = several
                        .iter()
                        .map(|raw| self.stored(raw))
                        .collect::<Result<_, _>>()?;
                    let counting = facts::resolve(stored, order, self.on, known_at)
                        .into_values()
                        .next();
                    let Some(counting) = counting else { continue };
                    counting.fact.value
                }
            };
            if let Some((instead, municipality)) = instead.filter(|_| protection::is_place(name)) {
                protection::put(&mut value, instead, municipality.as_deref());
            }
            // What the identity card says stands already.
            into.entry(name.clone()).or_insert_with(|| as_known(value));
        }
        Ok(())
    }

    fn stored(&self, raw: &Raw) -> Result<Stored, Error> {
        Ok(Stored {
            id: raw.id,
            // One holder and name at a time: whose it is does not matter.
            holder: Holder::Household(Id::<Household>::from_uuid(Uuid::nil())),
            name: String::new(),
            value: read(&raw.value)?,
            from: raw.from,
            until: raw.until,
            source: raw.source,
            service: None,
            evidence: None,
            note: None,
            fresh_until: raw.fresh_until,
            recorded_at: raw.recorded_at,
            recorded_by: None,
        })
    }
}

/// After the holder.
const COLUMNS: &str =
    "f.name, f.value, f.from_day, f.until_day, f.source, f.recorded_at, f.fresh_until, f.id";

/// `column IN (…)`; nothing where there is nothing to be among.
pub(super) fn among(column: &str, of: &[String], values: &mut Vec<Val>) -> Option<String> {
    let places: Vec<String> = (of.iter())
        .map(|one| {
            values.push(one.as_str().into());
            format!("${}", values.len())
        })
        .collect();
    (!places.is_empty()).then(|| format!("{column} IN ({})", places.join(", ")))
}

/// Joins what is written after to what is written before. SQLite, which knows nothing of how much there is, would otherwise begin with the larger table
/// and go through all of it for every page.
pub(super) fn in_order(tx: &Tx) -> &'static str {
    match tx.dialect() {
        Dialect::Sqlite => "CROSS JOIN",
        Dialect::Postgres => "JOIN",
    }
}

pub(super) fn person_of(page: &Page) -> &'static str {
    match page.of {
        Of::Households => "m.person",
        Of::Alone => "m.id",
    }
}

/// Every third fact is a plain yes or no, or an empty list.
fn read(value: &str) -> Result<FactValue, Error> {
    match value {
        r#"{"type":"bool","value":true}"# => Ok(FactValue::Bool(true)),
        r#"{"type":"bool","value":false}"# => Ok(FactValue::Bool(false)),
        r#"{"type":"rows","value":[]}"# => Ok(FactValue::Rows(Vec::new())),
        other => serde_json::from_str(other).map_err(Error::fault),
    }
}

pub(super) fn as_known(value: FactValue) -> Known {
    Known {
        value,
        // Nobody reads the explanation of a run without one.
        source: FactRef::default(),
    }
}

/// What the identity card says.
pub(super) fn given(row: &Row, on: Date) -> Result<Facts, Error> {
    let died: Option<Date> = row.get(5)?;
    let mut facts = Facts::new();
    let mut put = |name: &str, value: Option<FactValue>| {
        facts.extend(value.map(|value| (name.to_owned(), as_known(value))));
    };
    put("relationship", Some(FactValue::Code(row.get(2)?)));
    put("birth_date", row.get::<Option<Date>>(3)?.map(FactValue::Date));
    put("sex", row.get::<Option<String>>(4)?.map(FactValue::Code));
    put("death_date", died.map(FactValue::Date));
    put("alive", Some(FactValue::Bool(died.is_none_or(|died| died > on))));
    Ok(facts)
}

/// The households of a page, and where everybody is among them.
#[derive(Default)]
pub(super) struct Homes {
    pub(super) list: Vec<Home>,
    pub(super) households: HashMap<Uuid, usize>,
    pub(super) people: HashMap<Id<Person>, (usize, usize)>,
}

impl Homes {
    pub(super) fn home(&mut self, person: Id<Person>) -> Option<&mut Home> {
        let (home, _) = *self.people.get(&person)?;
        self.list.get_mut(home)
    }
    fn somebody(&mut self, person: Id<Person>) -> Option<&mut Somebody> {
        let (home, place) = *self.people.get(&person)?;
        self.list.get_mut(home)?.people.get_mut(place)
    }
}

//! The SQL of stored assessments.

use super::{
    gather::{self, Gathered, Others},
    model::{self, Doubt},
    show,
};
use crate::{
    access::Scope,
    awards, facts,
    packs::Packs,
    persons,
    problem::Error,
    protection,
    store::{Row, Tx},
    users, vals,
};
use karton_api::{
    Date, FactValue, Id, Timestamp,
    assessments::StoredAssessment,
    persons::Holder,
    value::{Assessment, Fact, Household, Matter, Office, Officer, Person},
};
use karton_rules::{
    assess::{self, Input},
    pack::Pack,
};
use std::collections::BTreeMap;

/// An assessment to be kept.
#[derive(Debug, Clone)]
pub struct NewAssessment {
    /// Made before the transaction.
    pub id: Id<Assessment>,
    /// Of which matter.
    pub matter: Id<Matter>,
    /// The matter whose claim it looked at, where that is another one.
    pub claim: Option<Id<Matter>>,
    /// The office of the matter.
    pub office: Id<Office>,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Id<Officer>,
}

/// An assessment as it is stored.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Which.
    pub id: Id<Assessment>,
    /// Of which matter.
    pub matter: Id<Matter>,
    /// When it was made.
    pub made_at: Timestamp,
    /// By whom.
    pub made_by: Id<Officer>,
    /// The household it looked at.
    pub household: Option<Id<Household>>,
    /// What the rules took.
    pub input: Input,
    /// What they said.
    pub trace: assess::Assessment,
    /// When each fact was recorded.
    pub learnt: BTreeMap<Id<Fact>, Timestamp>,
    /// The matter whose claim it looked at.
    pub claim: Id<Matter>,
    /// How many facts there were about everybody and everything it looked at; older assessments did not count.
    pub seen: Option<i64>,
}

impl Stored {
    /// Everybody it looked at.
    pub fn people(&self) -> Vec<Id<Person>> {
        let input = &self.input;
        std::iter::once(&input.applicant)
            .chain(&input.members)
            .chain(&input.others)
            .filter_map(|it| it.person)
            .collect()
    }
    /// The household it looked at: the applicant first.
    pub fn household_people(&self) -> Vec<Id<Person>> {
        std::iter::once(&self.input.applicant)
            .chain(&self.input.members)
            .filter_map(|it| it.person)
            .collect()
    }
    /// What no register has verified, by condition.
    pub fn doubts(&self, pack: &Pack) -> Vec<Doubt> {
        model::doubts(pack, &self.trace)
    }
}

/// Keeps an assessment.
pub fn insert(
    tx: &mut Tx,
    new: &NewAssessment,
    gathered: &Gathered,
    trace: &assess::Assessment,
) -> Result<(), Error> {
    let json = |value: serde_json::Result<String>| value.map_err(Error::fault);
    tx.exec(
        "INSERT INTO assessment (id, matter, office, benefit, made_at, made_by, pack, engine, household, input, trace, learnt,
            claim, seen) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        vals![
            new.id,
            new.matter,
            new.office,
            &trace.benefit,
            new.at,
            new.by,
            &trace.pack_hash,
            &trace.engine,
            gathered.household,
            json(serde_json::to_string(&gathered.input))?,
            json(serde_json::to_string(trace))?,
            json(serde_json::to_string(&gathered.learnt))?,
            new.claim,
            gathered.seen
        ],
    )?;
    Ok(())
}

const COLUMNS: &str =
    "a.id, a.matter, a.made_at, a.made_by, a.household, a.input, a.trace, a.learnt, a.claim, a.seen";

fn stored(row: &Row) -> Result<Stored, Error> {
    Ok(Stored {
        id: row.get(0)?,
        matter: row.get(1)?,
        made_at: row.get(2)?,
        made_by: row.get(3)?,
        household: row.get(4)?,
        input: serde_json::from_str(&row.get::<String>(5)?).map_err(Error::fault)?,
        trace: serde_json::from_str(&row.get::<String>(6)?).map_err(Error::fault)?,
        learnt: serde_json::from_str(&row.get::<String>(7)?).map_err(Error::fault)?,
        claim: match row.get(8)? {
            Some(claim) => claim,
            None => row.get(1)?,
        },
        seen: row.get(9)?,
    })
}

/// The newest assessment of a matter within the scope, if there is one.
pub fn newest(tx: &mut Tx, scope: &Scope, matter: Id<Matter>) -> Result<Option<Stored>, Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM assessment a WHERE a.matter = $2
            AND EXISTS (SELECT 1 FROM office_tree t WHERE t.ancestor = $1 AND t.office = a.office)
         ORDER BY a.made_at DESC, a.id DESC LIMIT 1"
    );
    tx.opt(&sql, vals![scope.val(), matter])?
        .as_ref()
        .map(stored)
        .transpose()
}

/// An assessment within the scope; [`Error::Missing`] otherwise.
pub fn load(tx: &mut Tx, scope: &Scope, id: Id<Assessment>) -> Result<Stored, Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM assessment a WHERE a.id = $2
            AND EXISTS (SELECT 1 FROM office_tree t WHERE t.ancestor = $1 AND t.office = a.office)"
    );
    tx.opt(&sql, vals![scope.val(), id])?
        .map_or(Err(Error::Missing), |row| stored(&row))
}

/// Whether something was learnt since: a newer fact about anybody or anything it looked at, a corrected identity card, an award granted or ended
/// meanwhile, or a household of other people.
pub fn outdated(tx: &mut Tx, scope: &Scope, it: &Stored, today: Date) -> Result<bool, Error> {
    let mut holders: Vec<Holder> = it.people().into_iter().map(Holder::Person).collect();
    holders.extend(it.household.map(Holder::Household));
    holders.push(Holder::Claim(it.claim));
    let learnt = match it.seen {
        // Facts are only added: as many as were seen are those that were seen, whatever instants they bear.
        Some(seen) => facts::store::count(tx, &holders)? != seen,
        None => facts::store::newest(tx, &holders)?.is_some_and(|newest| newest > it.made_at),
    };
    if learnt {
        return Ok(true);
    }
    let Some(applicant) = it.input.applicant.person else {
        return Ok(false);
    };
    let now = persons::household(tx, scope, applicant, it.input.on.max(today), Timestamp::MAX)?;
    let mut now: Vec<Id<Person>> = now.map_or_else(
        || vec![applicant],
        |there| there.members.iter().map(|m| m.card.id).collect(),
    );
    let mut then = it.household_people();
    now.sort_unstable();
    then.sort_unstable();
    Ok(now != then || changed(tx, scope, it)?)
}

/// Whether an award is the one that this assessment came to itself.
fn granted(it: &Stored, award: &assess::AwardInForce) -> bool {
    let (amount, term) = (it.trace.amount.as_ref(), it.trace.term.as_ref());
    // Officers set an amount at their discretion, and a right in kind has none.
    let same = amount.is_none_or(|amount| amount.upto.is_some() || amount.money == award.amount);
    award.benefit == it.trace.benefit && same && term.is_some_and(|term| term.starts == award.from)
}

/// Whether an identity card or the awards of somebody it looked at are others now.
fn changed(tx: &mut Tx, scope: &Scope, it: &Stored) -> Result<bool, Error> {
    let people = std::iter::once(&it.input.applicant)
        .chain(&it.input.members)
        .chain(&it.input.others);
    for then in people {
        let Some(id) = then.person else { continue };
        let card = persons::store::card_of(tx, scope, id)?;
        let given = [
            ("birth_date", card.birth_date.map(FactValue::Date)),
            ("sex", card.sex.map(FactValue::Code)),
            ("death_date", card.death_date.map(FactValue::Date)),
        ];
        let corrected = |(name, now): (&str, Option<FactValue>)| {
            now.is_some_and(|now| then.facts.get(name).is_none_or(|known| known.value != now))
        };
        let now = awards::of_person(tx, id)?;
        let others = |now: Vec<assess::AwardInForce>, then: &[assess::AwardInForce]| {
            let mut now = now;
            // What was kept before an award bore its id is the same award without it.
            for (now, then) in now.iter_mut().zip(then) {
                now.award = now.award.filter(|_| then.award.is_some());
            }
            now.retain(|award| then.contains(award) || !granted(it, award));
            now != then
        };
        if given.into_iter().any(corrected)
            || others(now.own, &then.awards)
            || others(now.family, &then.family_awards)
            || others(now.about, &then.awards_about)
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// An assessment as it is shown: where it was made before somebody's address was protected, the office's address stands in it now. What is kept is
/// not touched, because it must give the same answer again.
pub fn cover(tx: &mut Tx, mut it: Stored) -> Result<Stored, Error> {
    let veil = protection::veil(tx, &it.people())?;
    if veil.covers_nobody() {
        return Ok(it);
    }
    let mut replaced: Vec<(String, String)> = Vec::new();
    let Input {
        applicant,
        members,
        others,
        household,
        claim,
        ..
    } = &mut it.input;
    for one in std::iter::once(applicant).chain(members).chain(others) {
        let Some(person) = one.person else { continue };
        for (name, known) in &mut one.facts {
            let before = known.value.clone();
            veil.cover(person, name, &mut known.value);
            if let (FactValue::Text(old), FactValue::Text(new)) = (&before, &known.value)
                && old != new
                && !old.trim().is_empty()
            {
                replaced.push((old.clone(), new.clone()));
            }
        }
    }
    for (name, known) in household.iter_mut().chain(claim) {
        veil.cover_shared(name, &mut known.value);
    }
    // The trace has printed some of it: its sentences and values.
    let mut trace = serde_json::to_value(&it.trace).map_err(Error::fault)?;
    for (old, new) in &replaced {
        rewrite(&mut trace, old, new);
    }
    it.trace = serde_json::from_value(trace).map_err(Error::fault)?;
    Ok(it)
}

/// Puts `new` over `old` in every text of a value.
fn rewrite(value: &mut serde_json::Value, old: &str, new: &str) {
    match value {
        serde_json::Value::String(text) if text.contains(old) => *text = text.replace(old, new),
        serde_json::Value::Array(items) => items.iter_mut().for_each(|item| rewrite(item, old, new)),
        serde_json::Value::Object(members) => {
            members.values_mut().for_each(|member| rewrite(member, old, new))
        }
        _ => {}
    }
}

/// What other sources said otherwise when it was made.
pub fn others(tx: &mut Tx, pack: &Pack, it: &Stored) -> Result<Others, Error> {
    let mut holders: Vec<Holder> = it.people().into_iter().map(Holder::Person).collect();
    holders.extend(it.household.map(Holder::Household));
    holders.push(Holder::Claim(it.claim));
    gather::others_then(tx, pack, &holders, it.input.on, it.made_at)
}

/// As it travels.
pub fn stored_view(
    tx: &mut Tx,
    packs: &Packs,
    scope: &Scope,
    it: &Stored,
    today: Date,
) -> Result<StoredAssessment, Error> {
    let pack = packs.version(tx, &it.trace.pack_hash)?;
    let covered = cover(tx, it.clone())?;
    let others = others(tx, &pack, it)?;
    let shown = show::Shown {
        pack: &pack,
        input: &covered.input,
        learnt: &covered.learnt,
        others: Some(&others),
    };
    Ok(StoredAssessment {
        id: it.id,
        made_at: it.made_at,
        made_by: users::officer_ref(tx, Some(it.made_by))?,
        outdated: outdated(tx, scope, it, today)?,
        not_verified: shown.not_verified(&it.doubts(&pack)),
        confirm: confirm(&it.trace, &it.doubts(&pack)),
        assessment: shown.assessment(&covered.trace),
    })
}

/// The conditions on which an officer's word is needed, in their order, and the amount as the last.
fn confirm(trace: &assess::Assessment, doubts: &[Doubt]) -> Vec<String> {
    let mut ids: Vec<String> = trace
        .conditions
        .iter()
        .filter(|condition| {
            condition.verdict == assess::Verdict::MustConfirm
                || doubts.iter().any(|doubt| doubt.condition == condition.id)
        })
        .map(|condition| condition.id.clone())
        .collect();
    if doubts.iter().any(|doubt| doubt.condition == model::AMOUNT) {
        ids.push(model::AMOUNT.to_owned());
    }
    ids
}

//! What cannot be held beside an application, and which right the person keeps. The house says what each side is worth and never chooses; what is
//! chosen is written down with the application, and carried out where it is granted.

use super::{Application, actions::Desk, model::Act};
use crate::{
    access::{May, Scope, TakeApplications},
    assessments, audit,
    audit::Entry,
    awards,
    house::House,
    offices::Offices,
    problem::{Error, Refusal},
    store::{Migration, Tx},
    users, vals,
};
use karton_api::{
    Id, Money, Timestamp,
    assessments::Outcome,
    persons::PersonCard,
    standing::{self as wire, Choice, Choose, Chosen, Keeps},
    value::{self, Award, Officer},
};
use karton_rules::{
    assess::{self, Assessment, Better, Input},
    pack::{BesideEffect, Pack},
};

/// What people chose between what they ask for and an award they have. The last word on an award counts; those before it stay.
pub const CHOICES: Migration = Migration::both(
    366,
    "which right the person keeps",
    "CREATE TABLE application_choice (
        id {ID} PRIMARY KEY,
        application {ID} NOT NULL REFERENCES application (id),
        award {ID} NOT NULL REFERENCES award (id),
        keeps TEXT NOT NULL CHECK (keeps IN ('asked', 'other')),
        words TEXT NOT NULL,
        asked_minor BIGINT,
        other_minor BIGINT NOT NULL,
        currency TEXT NOT NULL,
        chosen_by {ID} NOT NULL,
        chosen_at BIGINT NOT NULL
    );
    CREATE INDEX application_choice_application ON application_choice (application, chosen_at, id);",
);

/// A word on one award.
struct Word {
    award: Id<Award>,
    keeps: Keeps,
    words: String,
    asked: Option<Money>,
    other: Money,
    by: Id<Officer>,
    at: Timestamp,
}

fn words(tx: &mut Tx, application: Id<value::Application>) -> Result<Vec<Word>, Error> {
    let rows = tx.query(
        "SELECT award, keeps, words, asked_minor, other_minor, currency, chosen_by, chosen_at FROM application_choice
         WHERE application = $1 ORDER BY chosen_at, id LIMIT 200",
        vals![application],
    )?;
    let mut found: Vec<Word> = Vec::new();
    for row in &rows {
        let currency = row.parse(5)?;
        let word = Word {
            award: row.get(0)?,
            keeps: match row.get::<String>(1)?.as_str() {
                "asked" => Keeps::Asked,
                _ => Keeps::Other,
            },
            words: row.get(2)?,
            asked: row
                .get::<Option<i64>>(3)?
                .map(|minor| Money::new(minor, currency)),
            other: Money::new(row.get(4)?, currency),
            by: row.get(6)?,
            at: row.get(7)?,
        };
        found.retain(|before| before.award != word.award);
        found.push(word);
    }
    Ok(found)
}

fn worth(of: assess::Worth) -> wire::Worth {
    wire::Worth {
        month: of.month,
        once: of.once,
        arrears: of.arrears,
    }
}

/// What stands beside an application over these facts, as it travels; none where nothing does.
pub(super) fn choice(
    tx: &mut Tx,
    (scope, offices, pack): (&Scope, &Offices, &Pack),
    it: &Application,
    people: &[PersonCard],
    (input, trace): (&Input, &Assessment),
) -> Result<Option<Choice>, Error> {
    let found = assess::beside(pack, input, trace).filter(|found| !found.beside.is_empty());
    let Some(found) = found else { return Ok(None) };
    let words = words(tx, it.id)?;
    let mut beside = Vec::new();
    for line in &found.beside {
        let Some(award) = line.award else { continue };
        let Some(office) = awards::store::office_of(tx, award)? else {
            continue;
        };
        let word = words.iter().find(|word| word.award == award);
        let chosen = match word {
            Some(word) => Some(Chosen {
                keeps: word.keeps,
                reason: word.words.clone(),
                by: users::officer_ref(tx, Some(word.by))?,
                at: word.at,
                asked: word.asked,
                other: word.other,
            }),
            None => None,
        };
        let name = people.iter().find(|card| Some(card.id) == line.person);
        let here = awards::store::load(tx, scope, award).is_ok();
        beside.push(wire::Beside {
            award,
            benefit: line.benefit.clone(),
            benefit_name: pack
                .benefit(&line.benefit)
                .map(|benefit| benefit.name.0.clone())
                .unwrap_or_default(),
            name: name.map(awards::store::full_name).unwrap_or_default(),
            office: offices.to_ref(office),
            here,
            effect: match line.effect {
                BesideEffect::Refuse => wire::BesideEffect::Refuse,
                BesideEffect::Suspend => wire::BesideEffect::Suspend,
                BesideEffect::Choose => wire::BesideEffect::Choose,
            },
            law: Some(line.law.clone()).filter(|law| !law.is_empty()),
            says: line.says.as_ref().map(|says| says.0.clone()).unwrap_or_default(),
            from: line.from,
            until: line.until,
            amount: line.amount,
            once: line.once,
            chosen,
        });
    }
    Ok(Some(Choice {
        beside,
        asked: worth(found.asked),
        others: worth(found.others),
        better: found.better.map(|better| match better {
            Better::Asked => wire::Better::Asked,
            Better::Other => wire::Better::Other,
            Better::Same => wire::Better::Same,
        }),
    }))
}

/// Writes down what the person chose, before it is recommended. Refuses with `StepNotOpen` and `OwnDossier`; an award beside which nothing is to be
/// chosen is an error at its field.
pub(super) async fn choose(
    may: &May<TakeApplications>,
    house: &House,
    id: Id<value::Application>,
    body: Choose,
) -> Result<Choice, Error> {
    let reason = crate::http::reason(&body.reason, "/reason")?;
    let desk = Desk::of(may, house);
    let word: Id<value::Application> = house.clock.id();
    audit::tell(&house.store, desk.actor(), desk.now, move |tx| {
        let it = desk.load(tx, id)?;
        // As long as nothing is recommended: then the second officer has seen it.
        if it.stage.lodged().is_none() || it.stage.allows(Act::Recommend).is_err() {
            return Err(Refusal::StepNotOpen.into());
        }
        let pack = desk.house.pack.clone();
        let gathered = assessments::gather(tx, &pack, &desk.scope, &desk.about(&it), &[])?;
        let trace = assess::assess(&pack, &it.benefit, &gathered.input).ok_or(Error::Missing)?;
        let found = assess::beside(&pack, &gathered.input, &trace);
        let line = found.as_ref().and_then(|found| {
            let meant = |line: &&assess::Beside| line.award == Some(body.award) && line.effect == BesideEffect::Choose;
            Some((found, found.beside.iter().find(meant)?))
        });
        let Some((found, line)) = line else {
            return Err(Error::field(
                "/award",
                "not-a-choice",
                "Between this award and what is asked for there is nothing to choose.",
            ));
        };
        tx.exec(
            "INSERT INTO application_choice (id, application, award, keeps, words, asked_minor, other_minor, currency, chosen_by, chosen_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            vals![
                word,
                id,
                body.award,
                keeps_name(body.keeps),
                reason.as_str(),
                found.asked.month.map(|money| money.minor),
                line.amount.minor,
                line.amount.currency.code(),
                desk.session.officer,
                desk.now
            ],
        )?;
        let served: &Pack = &pack;
        let known = (&desk.scope, &desk.house.offices, served);
        let shown = choice(tx, known, &it, &gathered.people, (&gathered.input, &trace))?;
        let entry = Entry::of("chosen")
            .person(it.applicant)
            .matter(id)
            .value("award", body.award)
            .value("keeps", keeps_name(body.keeps));
        Ok((shown.ok_or(Error::Missing)?, entry))
    })
    .await
}

fn keeps_name(keeps: Keeps) -> &'static str {
    match keeps {
        Keeps::Asked => "asked",
        Keeps::Other => "other",
    }
}

/// An award that gives way to what is granted.
#[derive(Debug, Clone)]
pub struct GivesWay {
    /// Which.
    pub award: Id<Award>,
    /// It ends where the person chose, and rests where the law suspends it.
    pub ends: bool,
}

/// What a recommendation or decision follows from beside its assessment.
#[derive(Debug, Clone, Default)]
pub struct Settled {
    /// Awards that end or rest once it is granted.
    pub gives_way: Vec<GivesWay>,
    /// The person keeps the other right: that carries a refusal.
    pub kept: bool,
}

/// What was chosen, where there is something to choose. Refuses with `ChoiceNeeded` where a grant leaves an award without a word, and with
/// `OtherChosen` where the person keeps it.
pub fn settled(
    tx: &mut Tx,
    pack: &Pack,
    it: &Application,
    (input, trace): (&Input, &Assessment),
    outcome: Outcome,
) -> Result<Settled, Error> {
    let mut settled = Settled::default();
    let Some(found) = assess::beside(pack, input, trace) else {
        return Ok(settled);
    };
    let words = words(tx, it.id)?;
    for line in &found.beside {
        let Some(award) = line.award else { continue };
        let word = words
            .iter()
            .find(|word| word.award == award)
            .map(|word| word.keeps);
        match (line.effect, word) {
            (BesideEffect::Choose, Some(Keeps::Other)) if outcome == Outcome::Grant => {
                return Err(Refusal::OtherChosen.into());
            }
            (BesideEffect::Choose, None) if outcome == Outcome::Grant => {
                return Err(Refusal::ChoiceNeeded.into());
            }
            (BesideEffect::Choose, Some(Keeps::Other)) => settled.kept = true,
            (BesideEffect::Choose, Some(Keeps::Asked)) => {
                settled.gives_way.push(GivesWay { award, ends: true })
            }
            (BesideEffect::Suspend, _) => settled.gives_way.push(GivesWay { award, ends: false }),
            (BesideEffect::Choose, None) | (BesideEffect::Refuse, _) => {}
        }
    }
    Ok(settled)
}

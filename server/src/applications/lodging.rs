//! Lodging: what was typed becomes declared facts, the number is drawn, the matter begins and the registers are asked, in one transaction.

use super::{
    actions::{self, Desk},
    choosing, dismissals,
    handed_in::{self, Fixed, Taken},
    model::Lodged,
    parties,
    running::running,
    standing,
    store::{self, Application},
};
use crate::{
    access::{May, TakeApplications},
    assessments::{self, Shown},
    audit::{self, Entry},
    awards,
    evidence::{self, Opening},
    facts::{self, NewFact},
    house::House,
    matters::{self, Matter},
    persons,
    problem::{Error, Refusal},
    signals,
    store::{Tx, jobs::Job, numbers},
};
use karton_api::{
    Date, FactValue, Id,
    applications::{self as wire, NewApplication, Status},
    assessments::{Answer, AnswerOf, Assessment, MissingFact},
    dossiers::Overlap,
    lodgings::{HandIn, LodgeTogether, LodgedTogether, Paper},
    persons::{AddMember, Holder, SourceKind},
    problem::FieldError,
    value::{self, Fact, Household, Office, Person},
};
use karton_rules::{
    assess, calendar,
    pack::{Benefit, HolderKind, LegalAct, Pack, SignalEvent, StepKind},
};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

/// Lodges a draft, or the completion that was asked for, and answers at once with the status. Refuses with `AlreadyRunning`, `NotADraft`,
/// `OwnDossier`; with the fields that are missing or cannot be taken.
pub(super) async fn lodge(
    may: &May<TakeApplications>,
    house: &House,
    id: Id<value::Application>,
    body: HandIn,
) -> Result<wire::Lodged, Error> {
    let one: fn(&LodgedTogether) -> Option<&wire::Lodged> = |all| all.lodged.last();
    let mut all = lodge_all(may, house, vec![Asked::Draft(id)], (body, ""), one).await?;
    all.lodged.pop().ok_or_else(|| Error::fault("nothing was lodged"))
}

/// Lodges several drafts of one applicant for different benefits in one transaction, with one receipt. Refuses as one alone is refused; then
/// none is lodged.
pub(super) async fn lodge_together(
    may: &May<TakeApplications>,
    house: &House,
    body: LodgeTogether,
) -> Result<LodgedTogether, Error> {
    if !(1..=MOST_TOGETHER).contains(&(body.applications.len() + body.drafts.len())) {
        return Err(Error::field(
            "/applications",
            "range",
            "Between 1 and 10 applications are lodged together.",
        ));
    }
    for (place, id) in body.applications.iter().enumerate() {
        if body.applications.iter().take(place).any(|before| before == id) {
            return Err(Error::field(
                format!("/applications/{place}"),
                "twice",
                "This draft stands here twice.",
            ));
        }
    }
    let there = body.applications.into_iter().map(Asked::Draft);
    let new = body.drafts.into_iter().enumerate();
    let new = new.map(|(place, draft)| Asked::New(place, house.clock.id(), Box::new(draft)));
    let all: fn(&LodgedTogether) -> Option<&LodgedTogether> = |all| Some(all);
    lodge_all(
        may,
        house,
        there.chain(new).collect(),
        (body.hand_in, "/hand_in"),
        all,
    )
    .await
}

/// The most drafts that are lodged at once.
const MOST_TOGETHER: usize = 10;

/// What is asked to be lodged.
enum Asked {
    /// A draft that is there.
    Draft(Id<value::Application>),
    /// One that is opened in the same transaction, with its place among those.
    New(usize, Id<value::Application>, Box<NewApplication>),
}

impl Asked {
    fn id(&self) -> Id<value::Application> {
        match self {
            Asked::Draft(id) | Asked::New(_, id, _) => *id,
        }
    }
    /// Where what is wrong with it is said.
    fn placed(&self, error: Error) -> Error {
        match (self, error) {
            (Asked::New(place, ..), Error::Invalid(fields)) => Error::Invalid(
                fields
                    .into_iter()
                    .map(|field| FieldError {
                        pointer: format!("/drafts/{place}/{}", field.pointer.trim_start_matches('/')),
                        ..field
                    })
                    .collect(),
            ),
            (_, error) => error,
        }
    }
}

/// What one application came to before its number is drawn.
struct Going {
    it: Application,
    overlaps: Vec<Overlap>,
    first: bool,
    missing: Vec<String>,
}

/// `told` is what the door answers of it; kept in the same transaction, because a clerk whose server died must still get the receipt.
async fn lodge_all<T: Serialize + 'static>(
    may: &May<TakeApplications>,
    house: &House,
    asked: Vec<Asked>,
    (body, at): (HandIn, &'static str),
    told: fn(&LodgedTogether) -> Option<&T>,
) -> Result<LodgedTogether, Error> {
    let desk = Desk::of(may, house);
    let body = handed_in::check(&house.pack, &body, desk.today, at)?;
    let pointer = at;
    // One desk for each: the ids of steps are theirs.
    let desks: Vec<(Desk, Asked, Id<Job>)> = asked
        .into_iter()
        .map(|asked| (desk.beside(), asked, house.clock.id()))
        .collect();
    let fixed = Fixed {
        id: house.clock.id(),
        job: house.clock.id(),
    };
    let inside = desk.clone();
    let act = move |tx: &mut Tx| {
        let pack = &inside.house.pack;
        let mut going: Vec<Going> = Vec::new();
        for (place, (at, asked, job)) in desks.iter().enumerate() {
            if let Asked::New(_, id, body) = asked {
                actions::insert(at, tx, *id, body).map_err(|error| asked.placed(error))?;
            }
            let one = take(tx, at, asked.id(), *job).map_err(|error| asked.placed(error))?;
            if one.it.organisation.is_some() && one.first && body.representative.is_none() {
                let says = "An organisation acts through somebody: say who, and by what document.";
                return Err(Error::field(
                    format!("{pointer}/representative"),
                    "required",
                    says,
                ));
            }
            let there = going.first().map(|first| (&first.it, first.first));
            if let Some((other, first)) = there
                && (other.applicant != one.it.applicant
                    || other.organisation != one.it.organisation
                    || !first
                    || !one.first)
            {
                return Err(Error::field(
                    format!("/applications/{place}"),
                    "differs",
                    "Only drafts of one applicant are lodged together.",
                ));
            }
            let same =
                |before: &Going| (&before.it.benefit, before.it.about) == (&one.it.benefit, one.it.about);
            if going.iter().any(same) {
                return Err(Refusal::AlreadyRunning.into());
            }
            going.push(one);
        }
        // Numbers are drawn last: the series stays locked until the commit.
        for (one, (at, asked, _)) in going.iter_mut().zip(&desks) {
            if one.first {
                let number = number(tx, at, &one.it, "Z")?;
                matters::store::set_number(tx, asked.id().cast(), &number)?;
                one.it.number = Some(number);
            }
            store::save(tx, &mut one.it)?;
        }
        let taken = going
            .iter()
            .map(|one| {
                Ok(Taken {
                    application: &one.it,
                    benefit: actions::catalogue(pack, &one.it.benefit)?.0,
                    missing: one.missing.clone(),
                })
            })
            .collect::<Result<Vec<_>, Error>>()?;
        let first = going.first().is_some_and(|one| one.first);
        let paper = handed_in::write(tx, &inside, &body, &taken, fixed, !first)?;
        let mut entries = going.iter().map(|one| {
            Entry::of("lodged")
                .person(one.it.applicant)
                .matter(one.it.id)
                .value("benefit", &one.it.benefit)
                .value("first", one.first)
        });
        // Each application has its entry; one alone has the one of the transaction.
        let last = entries
            .next_back()
            .ok_or_else(|| Error::fault("nothing was lodged"))?;
        for entry in entries {
            audit::append(tx, inside.actor(), inside.now, &entry)?;
        }
        let receipt = paper.map(|paper| paper.view());
        let mut lodged = Vec::new();
        for one in &going {
            lodged.push(answer(tx, &inside, &one.it, &one.overlaps, receipt.clone())?);
        }
        let lodging = handed_in::load(tx, &inside.house, &inside.scope, fixed.id)?;
        Ok((LodgedTogether { lodging, lodged }, last))
    };
    audit::tell_part(&house.store, desk.actor(), desk.now, act, told).await
}

/// Everything but the number: what was typed is checked and becomes facts, the matter begins or goes on.
fn take(tx: &mut Tx, at: &Desk, id: Id<value::Application>, job: Id<Job>) -> Result<Going, Error> {
    let mut it = at.load(tx, id)?;
    let first = it.stage.lodged().is_none();
    it.stage = it.stage.clone().lodge(Lodged {
        at: at.now,
        on: at.today,
    })?;
    let pack = &at.house.pack;
    let (benefit, form) = actions::catalogue(pack, &it.benefit)?;
    actions::alive(tx, &at.scope, it.applicant, &it.answers)?;
    actions::check(at, tx, form, &it, &it.answers)?;
    let gathered = assessments::gather(tx, pack, &at.scope, &at.about(&it), &it.answers)?;
    let unfilled = assessments::missing_required(pack, form, &gathered, &it.answers);
    if !unfilled.is_empty() {
        return Err(Error::Invalid(unfilled));
    }
    let people = gathered.household_people();
    crate::users::not_own(tx, at.session.officer, &people)?;
    let same_right = if benefit.unit == HolderKind::Household {
        people.as_slice()
    } else {
        &people[..1]
    };
    // Two counters may lodge for the same people at the same moment.
    let mut held = people.clone();
    held.sort();
    for person in held {
        tx.hold("person", person)?;
    }
    it.about = standing::about(benefit, &gathered);
    if running(tx, same_right, (benefit, &it))? {
        return Err(Refusal::AlreadyRunning.into());
    }
    it.household = match gathered.household {
        Some(household) => Some(household),
        None => alone(tx, at, &it)?,
    };
    declare(tx, at, &it)?;
    let asked = awards::Asked {
        benefit,
        applicant: it.applicant,
        about: it.about,
    };
    let overlaps = awards::overlaps(
        tx,
        &at.scope,
        pack,
        &gathered.people[..gathered.members],
        asked,
        at.today,
    )?;
    if !overlaps.is_empty() {
        // Looking into other offices' awards is an exception with an entry of its own.
        let entry = Entry::of("overlaps-seen")
            .person(it.applicant)
            .matter(id)
            .value("lines", overlaps.len());
        audit::append(tx, at.actor(), at.now, &entry)?;
    }
    if first {
        begin(tx, at, &mut it, pack, benefit)?;
        let opening = Opening {
            matter: id.cast(),
            office: it.office,
            benefit,
            applicant: it.applicant,
            members: &people,
            named: &named(&it.answers),
            lodged_on: at.today,
            officer: Some(at.session.officer),
            job,
        };
        evidence::open_round(tx, pack, &opening, at.now)?;
    } else {
        complete(tx, at, &mut it)?;
    }
    let looked = signals::of_matter(SignalEvent::Lodging, id, it.applicant, it.office);
    signals::raise(tx, pack, looked, &it.benefit, &gathered.input, at.now)?;
    let trace = assess::assess(pack, &it.benefit, &gathered.input).ok_or(Error::Missing)?;
    if first {
        parties::ready(tx, at, &it, benefit, &trace)?;
    }
    let shown = Shown {
        pack,
        input: &gathered.input,
        learnt: &gathered.learnt,
        others: Some(&gathered.others),
    };
    let language = pack.country.languages.first().cloned().unwrap_or_default();
    let missing = not_asked(pack, benefit, &shown.assessment(&trace))
        .into_iter()
        .map(|fact| {
            let question = fact.question.get(&language).cloned().unwrap_or(fact.fact);
            fact.name
                .map_or_else(|| question.clone(), |name| format!("{name}: {question}"))
        })
        .collect();
    Ok(Going {
        it,
        overlaps,
        first,
        missing,
    })
}

/// Facts that the rules miss and no register will be asked about.
fn not_asked(pack: &Pack, benefit: &Benefit, assessment: &Assessment) -> Vec<MissingFact> {
    let asked = |fact: &str| {
        benefit
            .evidence
            .iter()
            .filter_map(|need| pack.service(&need.service))
            .any(|it| it.gives.iter().any(|gives| gives.fact == fact))
    };
    assessment
        .missing
        .iter()
        .filter(|missing| !asked(&missing.fact))
        .cloned()
        .collect()
}

/// A number for people: `CSR-01-Z-2025/18`, from the series of the legal body and the year.
pub fn number(tx: &mut Tx, desk: &Desk, it: &Application, class: &str) -> Result<String, Error> {
    draw(tx, desk, it.office, class)
}

/// The next number of a class in the year, of the legal body of an office.
pub fn draw(tx: &mut Tx, desk: &Desk, office: Id<Office>, class: &str) -> Result<String, Error> {
    let body = desk
        .house
        .offices
        .body(office)
        .ok_or_else(|| Error::fault("an office without a legal body"))?;
    let year = desk.today.year();
    let number = numbers::draw(tx, &body.code, class, year)?;
    Ok(format!("{}-{class}-{year}/{number}", body.code))
}

/// The matter begins; the step that lodging completes is done at once.
fn begin(
    tx: &mut Tx,
    desk: &Desk,
    it: &mut Application,
    pack: &Pack,
    benefit: &Benefit,
) -> Result<(), Error> {
    let procedure = pack
        .procedure(&benefit.procedure)
        .ok_or_else(|| Error::fault(format!("no procedure `{}`", benefit.procedure)))?;
    let matter = Matter {
        id: it.id.cast(),
        revision: 1,
        office: it.office,
        procedure: procedure.id.clone(),
        version: procedure.version,
        pack: pack.hash.clone(),
        person: it.applicant,
        benefit: Some(it.benefit.clone()),
        number: None,
        begun_at: desk.now,
        begun_on: desk.today,
        ended_at: None,
    };
    let decision = procedure
        .steps
        .iter()
        .find(|step| step.act == Some(LegalAct::Decide))
        .and_then(|step| step.due);
    it.due_on = decision.map(|due| calendar::due_on(desk.today, due, pack));
    let mut fresh = desk.fresh();
    matters::begin(tx, pack, matter, &mut fresh)?;
    matters::advance(
        tx,
        &desk.house.packs,
        &desk.scope,
        it.id.cast(),
        LegalAct::Lodge,
        desk.done(),
        &mut fresh,
    )
}

/// The applicant has completed what was asked for: the term runs on, and the matter goes on with the evidence, which is done where nothing is
/// open. A dismissal that was proposed meanwhile is given up.
fn complete(tx: &mut Tx, desk: &Desk, it: &mut Application) -> Result<(), Error> {
    let (packs, scope, id) = (&desk.house.packs, &desk.scope, it.id.cast());
    let mut fresh = desk.fresh();
    matters::store::run_on(tx, id, desk.today)?;
    let matter = matters::store::load(tx, scope, id)?;
    let pack = matters::store::pack_of(tx, packs, &matter)?;
    let procedure = matters::store::procedure_of(&pack, &matter)?;
    let due = procedure
        .steps
        .iter()
        .find(|step| step.act == Some(LegalAct::Decide))
        .and_then(|step| step.due);
    if let Some(due) = due {
        let pauses = matters::store::pauses(tx, id)?;
        it.due_on = Some(matters::term::due_on(matter.begun_on, due, &pauses, &pack));
    }
    let open = matters::open_steps(tx, packs, scope, id)?;
    if open.iter().any(|step| step.act == Some(LegalAct::Dismiss)) {
        let waiting = matters::term::waiting_step(procedure).ok_or(Refusal::StepNotOpen)?;
        let step = waiting.id.clone();
        matters::jump(tx, packs, scope, id, &step, COMPLETED, desk.done(), &mut fresh)?;
        dismissals::drop_proposal(tx, it.id, desk.now)?;
    }
    let open = matters::open_steps(tx, packs, scope, id)?;
    if open.iter().any(|step| step.act == Some(LegalAct::Lodge)) {
        matters::advance(tx, packs, scope, id, LegalAct::Lodge, desk.done(), &mut fresh)?;
    } else {
        matters::complete_kind(tx, packs, scope, id, StepKind::Form, desk.done(), &mut fresh)?;
    }
    if evidence::unanswered(tx, id)?.is_empty() {
        matters::complete_kind(tx, packs, scope, id, StepKind::Evidence, desk.done(), &mut fresh)?;
    }
    Ok(())
}

/// Why the matter came back from a dismissal that was proposed.
const COMPLETED: &str = "completed";

/// Ids that follow from what is written, so that a transaction that is run again writes the same.
fn derived<T>(it: &Application, what: &str, place: usize, now: karton_api::Timestamp) -> Id<T> {
    let mut hash = Sha256::new();
    hash.update(it.id.uuid().as_bytes());
    hash.update(it.revision.to_be_bytes());
    hash.update(what.as_bytes());
    hash.update(place.to_be_bytes());
    let mut random = [0; 10];
    random
        .iter_mut()
        .zip(hash.finalize().iter())
        .for_each(|(to, from)| *to = *from);
    Id::at(now, random)
}

/// Whoever applies alone and says something about the household begins a household of one.
fn alone(tx: &mut Tx, desk: &Desk, it: &Application) -> Result<Option<Id<Household>>, Error> {
    if it.answers.iter().all(|answer| answer.of != AnswerOf::Household) {
        return Ok(None);
    }
    let id: Id<Household> = derived(it, "household", 0, desk.now);
    let office = persons::store::holding_office(tx, &desk.scope, it.applicant)?;
    persons::insert_household(tx, id, office)?;
    let head = AddMember {
        person: it.applicant,
        relationship: "self".to_owned(),
        from: desk.today,
    };
    persons::insert_member(tx, derived(it, "member", 0, desk.now), id, &head, desk.now)?;
    Ok(Some(id))
}

/// Writes what is typed as declared facts; what was declared in the same words before stands already.
fn declare(tx: &mut Tx, desk: &Desk, it: &Application) -> Result<(), Error> {
    let mut known: Vec<(Holder, Vec<facts::Stored>)> = Vec::new();
    for (place, answer) in it.answers.iter().enumerate() {
        let holder = match answer.of {
            AnswerOf::Person(id) => Holder::Person(id),
            AnswerOf::Household => Holder::Household(
                it.household
                    .ok_or_else(|| Error::fault("a household without an id"))?,
            ),
            AnswerOf::Claim => Holder::Claim(it.id.cast()),
        };
        if known.iter().all(|(of, _)| *of != holder) {
            known.push((holder, facts::known(tx, &[holder], desk.now)?));
        }
        let declared = known
            .iter()
            .filter(|(of, _)| *of == holder)
            .flat_map(|(_, facts)| facts)
            .filter(|fact| {
                fact.name == answer.fact && fact.source == SourceKind::Declaration && fact.until.is_none()
            })
            .max_by_key(|fact| (fact.recorded_at, fact.id));
        if declared.is_some_and(|fact| fact.value == answer.value && fact.from <= desk.today) {
            continue;
        }
        let new = NewFact {
            id: derived::<Fact>(it, "fact", place, desk.now),
            holder,
            name: answer.fact.clone(),
            value: answer.value.clone(),
            from: desk.today,
            until: None,
            source: SourceKind::Declaration,
            service: None,
            evidence: None,
            note: None,
            fresh_until: None,
            by: Some(desk.session.officer),
        };
        facts::insert(tx, &new, desk.now)?;
    }
    Ok(())
}

/// People that the claim names, by the fact's name.
fn named(answers: &[Answer]) -> Vec<(String, Id<Person>)> {
    let named = answers.iter().filter(|answer| answer.of == AnswerOf::Claim);
    named
        .filter_map(|answer| match answer.value {
            FactValue::Person(id) => Some((answer.fact.clone(), id)),
            _ => None,
        })
        .collect()
}

/// The status: what is known at this moment.
fn answer(
    tx: &mut Tx,
    desk: &Desk,
    it: &Application,
    overlaps: &[Overlap],
    receipt: Option<Paper>,
) -> Result<wire::Lodged, Error> {
    let pack = &desk.house.pack;
    let (benefit, _) = actions::catalogue(pack, &it.benefit)?;
    let gathered = assessments::gather(tx, pack, &desk.scope, &desk.about(it), &[])?;
    let trace = assess::assess(pack, &it.benefit, &gathered.input).ok_or(Error::Missing)?;
    let shown = Shown {
        pack,
        input: &gathered.input,
        learnt: &gathered.learnt,
        others: Some(&gathered.others),
    };
    let assessment = shown.assessment(&trace);
    let missing = not_asked(pack, benefit, &assessment);
    let served: &Pack = pack;
    let known = (&desk.scope, &desk.house.offices, served);
    let choice = choosing::choice(tx, known, it, &gathered.people, (&gathered.input, &trace))?;
    let lines = standing::lines(tx, desk, it, &gathered, &trace)?;
    let mut services: Vec<String> = Vec::new();
    for need in &benefit.evidence {
        if !services.contains(&need.service) {
            services.push(need.service.clone());
        }
    }
    let lodged_on: Date = it.stage.lodged().map_or(desk.today, |lodged| lodged.on);
    Ok(wire::Lodged {
        application: desk.see(tx, it)?,
        status: Status {
            overlaps: overlaps.to_vec(),
            lines,
            choice,
            assessment,
            missing,
            services,
            due_on: it.due_on.unwrap_or(lodged_on),
        },
        receipt,
    })
}

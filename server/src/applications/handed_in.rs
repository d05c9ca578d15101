//! How an application was handed in, and the receipt that is given for it.

use super::{Application, Desk, letter_values};
use crate::{
    access::Scope,
    awards, matters,
    papers::{self, Kind, LetterInput, Paper},
    persons,
    problem::Error,
    store::{Row, Tx, jobs::Job, numbers},
    users, vals,
};
use karton_api::{
    Date, FactValue, Id, Timestamp,
    assessments::AnswerOf,
    decisions::LetterState,
    lodgings::{Consent, HandIn, Lodging},
    problem::FieldError,
    value::{self, Letter, Matter, Officer},
};
use karton_rules::{
    calendar,
    pack::{Benefit, Pack},
    text,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Where nothing is said.
const COUNTER: &str = "counter";
/// The channel that goes through the book of incoming post.
const POST: &str = "post";
/// The template of the receipt; a pack without it gives none.
const RECEIPT: &str = "receipt";
/// The class of receipts' numbers, and of incoming post's.
const RECEIPTS: &str = "PP";
const INCOMING: &str = "P";

/// The most lines of what was handed in, and of what is missing.
const MOST_LINES: usize = 30;

/// What is kept of a handing-in beside what can be asked for by column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Details {
    hand_in: HandIn,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    consent: Option<Consent>,
}

/// The same with spaces around texts and empty lines taken away. Refuses with the fields that cannot be taken; pointers begin with `at`.
pub(super) fn check(pack: &Pack, body: &HandIn, today: Date, at: &str) -> Result<HandIn, Error> {
    let mut errors = Vec::new();
    let mut wrong = |pointer: &str, code: &str, message: &str| {
        errors.push(FieldError {
            pointer: format!("{at}/{pointer}"),
            code: code.to_owned(),
            message: message.to_owned(),
        });
    };
    let mut it = body.clone();
    let channel = it.channel.get_or_insert_with(|| COUNTER.to_owned()).clone();
    let known = pack
        .codes
        .get("channels")
        .map(|list| list.entry(&channel).is_some());
    if !known.unwrap_or(channel == COUNTER) {
        wrong("channel", "unknown", "There is no such way of handing in.");
    }
    match &mut it.post {
        None if channel == POST => wrong("post", "required", "Say when the post came in."),
        Some(_) if channel != POST => wrong(
            "post",
            "unexpected",
            "Only what came by post stands in the book of incoming post.",
        ),
        Some(post) => {
            if post.on > today {
                wrong("post/on", "future", "This day has not come yet.");
            } else if !crate::facts::values::plausible(post.on) {
                wrong(
                    "post/on",
                    "range",
                    "This day is out of the calendar that is kept.",
                );
            }
            post.number = trimmed(post.number.take());
            if post
                .number
                .as_ref()
                .is_some_and(|number| number.chars().count() > 40)
            {
                wrong("post/number", "too-long", "A number has at most 40 characters.");
            }
        }
        None => {}
    }
    if let Some(who) = &mut it.representative {
        let capacities = pack.codes.get("capacities");
        if capacities.and_then(|list| list.entry(&who.capacity)).is_none() {
            wrong("representative/capacity", "unknown", "There is no such capacity.");
        }
        who.ground = who.ground.trim().to_owned();
        if !(3..=300).contains(&who.ground.chars().count()) {
            wrong(
                "representative/ground",
                "length",
                "Name the document in 3 to 300 characters: title, number, date.",
            );
        }
        who.name = trimmed(who.name.take());
        who.address = trimmed(who.address.take());
        who.phone = trimmed(who.phone.take());
        match (&who.person, &who.name) {
            (None, None) => wrong(
                "representative/name",
                "required",
                "Say who acts for the applicant.",
            ),
            (Some(_), Some(_)) => wrong(
                "representative/name",
                "unexpected",
                "A person of the register has a name already.",
            ),
            (None, Some(_)) if who.address.is_none() => wrong(
                "representative/address",
                "required",
                "Say where letters for the representative go.",
            ),
            _ => {}
        }
        for (name, text) in [
            ("name", &who.name),
            ("address", &who.address),
            ("phone", &who.phone),
        ] {
            if text.as_ref().is_some_and(|text| text.chars().count() > 200) {
                wrong(
                    &format!("representative/{name}"),
                    "too-long",
                    "At most 200 characters are kept here.",
                );
            }
        }
    }
    for (name, lines) in [("handed_in", &mut it.handed_in), ("missing", &mut it.missing)] {
        *lines = std::mem::take(lines)
            .into_iter()
            .map(|line| line.trim().to_owned())
            .filter(|line| !line.is_empty())
            .collect();
        if lines.len() > MOST_LINES {
            wrong(name, "too-many", "At most 30 lines are kept here.");
        }
        for (place, line) in lines.iter().enumerate() {
            if line.chars().count() > 200 || line.contains('\0') {
                wrong(
                    &format!("{name}/{place}"),
                    "too-long",
                    "At most 200 characters are kept here.",
                );
            }
        }
    }
    if it
        .bring_by
        .is_some_and(|day| day < today || !crate::facts::values::plausible(day))
    {
        wrong("bring_by", "past", "This day is over.");
    }
    if errors.is_empty() {
        Ok(it)
    } else {
        Err(Error::Invalid(errors))
    }
}

fn trimmed(text: Option<String>) -> Option<String> {
    text.map(|text| text.replace('\0', "").trim().to_owned())
        .filter(|text| !text.is_empty())
}

/// One application of a handing-in, as the receipt names it.
pub(super) struct Taken<'a> {
    pub(super) application: &'a Application,
    pub(super) benefit: &'a Benefit,
    /// Facts that neither a register brings nor the applicant gave, in words.
    pub(super) missing: Vec<String>,
}

/// Ids and what else is fixed before the transaction.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fixed {
    pub(super) id: Id<Letter>,
    pub(super) job: Id<Job>,
}

/// Writes the handing-in down, draws its numbers, and issues the receipt where the pack has one. The applications belong to one applicant and
/// have their numbers. Refuses a representative who is not registered.
pub(super) fn write(
    tx: &mut Tx,
    desk: &Desk,
    body: &HandIn,
    taken: &[Taken<'_>],
    fixed: Fixed,
    completion: bool,
) -> Result<Option<Paper>, Error> {
    let Some(first) = taken.first().map(|taken| taken.application) else {
        return Ok(None);
    };
    let pack: &Pack = &desk.house.pack;
    let language = letter_values::language(pack);
    let mut it = body.clone();
    for line in taken.iter().flat_map(|taken| &taken.missing) {
        if !it.missing.contains(line) && it.missing.len() < MOST_LINES {
            it.missing.push(line.clone());
        }
    }
    if !it.missing.is_empty() && it.bring_by.is_none() {
        let procedure = taken
            .first()
            .and_then(|taken| pack.procedure(&taken.benefit.procedure));
        let due = procedure
            .and_then(matters::term::waiting_step)
            .and_then(|step| step.due);
        it.bring_by = due.map(|due| calendar::due_on(desk.today, due, pack));
    }
    let representative = representative_value(tx, desk, &it)?;
    let applicant = letter_values::applicant(tx, desk, first)?;
    let speaks = representative
        .as_ref()
        .and_then(|who| who["name"].as_str())
        .or(applicant["name"].as_str())
        .unwrap_or_default()
        .to_owned();
    let consent = consent(desk, taken, speaks);
    let body = desk
        .house
        .offices
        .body(first.office)
        .ok_or_else(|| Error::fault("an office without a legal body"))?;
    let year = desk.today.year();
    let mut drawn = |class: &str| -> Result<String, Error> {
        let number = numbers::draw(tx, &body.code, class, year)?;
        Ok(format!("{}-{class}-{year}/{number}", body.code))
    };
    let mut own_post = None;
    if let Some(post) = &mut it.post
        && post.number.is_none()
    {
        let number = drawn(INCOMING)?;
        post.number = Some(number.clone());
        own_post = Some(number);
    }
    let number = drawn(RECEIPTS)?;
    let details = Details {
        hand_in: it.clone(),
        consent,
    };
    tx.exec(
        "INSERT INTO lodging (id, office, applicant, number, at, officer, post_number, details) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        vals![
            fixed.id,
            first.office,
            first.applicant,
            &number,
            desk.now,
            desk.session.officer,
            own_post,
            serde_json::to_string(&details).map_err(Error::fault)?
        ],
    )?;
    for one in taken {
        tx.exec(
            "INSERT INTO lodging_application (application, lodging) VALUES ($1, $2)",
            vals![one.application.id, fixed.id],
        )?;
    }
    if pack.letter(RECEIPT, &language).is_none() {
        return Ok(None);
    }
    let named = |list: &str, code: &str| pack.code_name(list, code, &language).unwrap_or(code).to_owned();
    let channel = it.channel.as_deref().unwrap_or(COUNTER);
    let mut items = Vec::new();
    for one in taken {
        let alike = taken
            .iter()
            .filter(|other| other.benefit.code == one.benefit.code);
        let name = one.benefit.name.get(&language);
        // Only where the same is asked for twice has the receipt to say for whom.
        let name = match one.application.about {
            Some(about) if alike.count() > 1 => {
                let card = persons::store::card_of(tx, &desk.scope, about)?;
                format!("{name} ({})", awards::store::full_name(&card))
            }
            _ => name.to_owned(),
        };
        items.push(json!({
            "benefit": name,
            "number": one.application.number,
            "due": one.application.due_on.map(|day| text::date(day, &language)),
        }));
    }
    let mut services: Vec<&str> = Vec::new();
    if details.consent.as_ref().is_none_or(|consent| consent.given) {
        for need in taken.iter().flat_map(|one| &one.benefit.evidence) {
            let name = pack
                .service(&need.service)
                .map(|service| service.name.get(&language));
            if let Some(name) = name.filter(|name| !services.contains(name)) {
                services.push(name);
            }
        }
    }
    let values = json!({
        "office": letter_values::office(desk, first.office, &language),
        "number": number,
        "date": text::date(desk.today, &language),
        "officer": users::officer_ref(tx, Some(desk.session.officer))?.name,
        "applicant": applicant,
        "employee": letter_values::employee(tx, desk, first)?,
        "representative": representative,
        "completion": completion,
        "channel": { "code": channel, "name": named("channels", channel) },
        "post": it.post.as_ref().map(|post| json!({ "number": post.number, "date": text::date(post.on, &language) })),
        "items": items,
        "handed_in": it.handed_in,
        "missing": it.missing,
        "bring_by": it.bring_by.map(|day| text::date(day, &language)),
        "obtains": services,
        "consent": details.consent.as_ref().map(|consent| consent.given),
    });
    let paper = Paper {
        id: fixed.id,
        kind: Kind::Receipt,
        office: first.office,
        matter: first.id.cast(),
        number: number.clone(),
        issued_at: desk.now,
        letter: LetterState::Making,
        letter_input: LetterInput {
            template: RECEIPT.to_owned(),
            pack: pack.hash.clone(),
            title: number,
            language,
            date: desk.today,
            values,
        },
    };
    let also: Vec<Id<Matter>> = taken
        .iter()
        .skip(1)
        .map(|one| one.application.id.cast())
        .collect();
    papers::post(tx, &paper, &also, fixed.job)?;
    Ok(Some(paper))
}

/// The consent as the claims have it: refused once is refused.
fn consent(desk: &Desk, taken: &[Taken<'_>], by: String) -> Option<Consent> {
    let said = taken
        .iter()
        .flat_map(|one| &one.application.answers)
        .filter_map(|answer| match (answer.of, answer.fact.as_str(), &answer.value) {
            (AnswerOf::Claim, "consent", FactValue::Bool(yes)) => Some(*yes),
            _ => None,
        });
    let given = said.reduce(|all, one| all && one)?;
    let mut services: Vec<String> = Vec::new();
    for need in taken.iter().flat_map(|one| &one.benefit.evidence) {
        if !services.contains(&need.service) {
            services.push(need.service.clone());
        }
    }
    Some(Consent {
        given,
        by,
        at: desk.now,
        services,
    })
}

fn representative_value(tx: &mut Tx, desk: &Desk, it: &HandIn) -> Result<Option<serde_json::Value>, Error> {
    let Some(who) = &it.representative else {
        return Ok(None);
    };
    let pack = &desk.house.pack;
    let language = letter_values::language(pack);
    let name = match who.person {
        None => who.name.clone().unwrap_or_default(),
        Some(person) => {
            let card = persons::store::cards(tx, &desk.scope, &[person])?.pop();
            let card = card.ok_or_else(|| {
                Error::field(
                    "/representative/person",
                    "unknown",
                    "There is no such person in the register.",
                )
            })?;
            crate::awards::store::full_name(&card)
        }
    };
    Ok(Some(json!({
        "name": name,
        "address": who.address,
        "capacity": pack.code_name("capacities", &who.capacity, &language).unwrap_or(&who.capacity),
        "ground": who.ground,
    })))
}

/// Who acts for the applicant of an application, as letters name them; nothing where the applicant acts alone.
pub fn representative(
    tx: &mut Tx,
    desk: &Desk,
    id: Id<value::Application>,
) -> Result<Option<serde_json::Value>, Error> {
    for row in tx.query(
        &format!("{OF_APPLICATION} ORDER BY l.at DESC, l.id DESC"),
        vals![id],
    )? {
        let details: Details = serde_json::from_str(&row.get::<String>(5)?).map_err(Error::fault)?;
        if let Some(value) = representative_value(tx, desk, &details.hand_in)? {
            return Ok(Some(value));
        }
    }
    Ok(None)
}

const OF_APPLICATION: &str =
    "SELECT l.id, l.office, l.number, l.at, l.officer, l.details FROM lodging_application a
     JOIN lodging l ON l.id = a.lodging WHERE a.application = $1";

/// How an application was first handed in. The caller has checked that it lies within the scope.
pub(super) fn first(
    tx: &mut Tx,
    house: &crate::house::House,
    id: Id<value::Application>,
) -> Result<Option<Lodging>, Error> {
    let row = tx
        .query(
            &format!("{OF_APPLICATION} ORDER BY l.at, l.id LIMIT 1"),
            vals![id],
        )?
        .into_iter()
        .next();
    row.map(|row| lodging(tx, house, &row)).transpose()
}

/// A handing-in within the scope; [`Error::Missing`] otherwise.
pub(super) fn load(
    tx: &mut Tx,
    house: &crate::house::House,
    scope: &Scope,
    id: Id<Letter>,
) -> Result<Lodging, Error> {
    let row = tx.opt(
        "SELECT l.id, l.office, l.number, l.at, l.officer, l.details FROM lodging l
         WHERE l.id = $2 AND EXISTS (SELECT 1 FROM office_tree t WHERE t.ancestor = $1 AND t.office = l.office)",
        vals![scope.val(), id],
    )?;
    let mut found = lodging(tx, house, &row.ok_or(Error::Missing)?)?;
    let mut values = vals![id].to_vec();
    let seen = matters::seen(scope, "a.application", &mut values);
    let sql = format!(
        "SELECT a.application FROM lodging_application a WHERE a.lodging = $1 AND {seen} ORDER BY a.application"
    );
    let seen = tx.query(&sql, &values)?;
    found.applications = seen
        .iter()
        .map(|row| Ok(row.get(0)?))
        .collect::<Result<_, Error>>()?;
    // What was lodged there may exist for others only.
    if found.applications.is_empty() {
        return Err(Error::Missing);
    }
    Ok(found)
}

fn lodging(tx: &mut Tx, house: &crate::house::House, row: &Row) -> Result<Lodging, Error> {
    let id: Id<Letter> = row.get(0)?;
    let (at, by): (Timestamp, Id<Officer>) = (row.get(3)?, row.get(4)?);
    let details: Details = serde_json::from_str(&row.get::<String>(5)?).map_err(Error::fault)?;
    let applications = tx.query(
        "SELECT application FROM lodging_application WHERE lodging = $1 ORDER BY application",
        vals![id],
    )?;
    let applications = applications.iter().map(|row| Ok(row.get(0)?));
    let letter = papers::store::find(tx, id)?.map(|paper| paper.letter);
    let it = details.hand_in;
    Ok(Lodging {
        id,
        number: row.get(2)?,
        at,
        by: users::officer_ref(tx, Some(by))?,
        office: house.offices.to_ref(row.get(1)?),
        channel: it.channel.unwrap_or_else(|| COUNTER.to_owned()),
        post: it.post,
        representative: it.representative,
        handed_in: it.handed_in,
        missing: it.missing,
        bring_by: it.bring_by,
        consent: details.consent,
        applications: applications.collect::<Result<_, Error>>()?,
        letter,
    })
}

//! What went out and came in about a matter, as an officer sees it.

use super::store::{self, Line, Stored};
use crate::{
    access::{May, ReadDossiers},
    house::House,
    http::cursor,
    matters, notices,
    problem::Error,
    store::Tx,
};
use karton_api::{
    FactValue, Id, Timestamp,
    common::{Page, Texts},
    notices::{Message, MessageValue, MessageWay},
    value::{Matter, Notice},
};
use karton_rules::{
    lang::Type,
    pack::{Pack, Procedure},
    text,
};

/// A page of them, the newest first.
pub(super) async fn messages(
    may: &May<ReadDossiers>,
    house: &House,
    id: Id<Matter>,
    (limit, after): (usize, Option<(Timestamp, Id<Notice>)>),
) -> Result<Page<Message>, Error> {
    let (scope, session, inside) = (may.scope(), may.session().clone(), house.clone());
    let (page, about) = house
        .store
        .read(move |tx| {
            let matter = matters::store::load(tx, &scope, id)?;
            let pack = matters::store::pack_of(tx, &inside.packs, &matter)?;
            let procedure = matters::store::procedure_of(&pack, &matter)?;
            let lines = store::lines(tx, id, after, limit + 1)?;
            let sent = notices::of_matter(tx, &inside.pack, &session, id)?;
            let mut shown = Vec::new();
            for (at, line) in lines {
                let message = match line {
                    Line::Sent(notice) => told(tx, procedure, &sent, notice)?,
                    Line::Heard(reply) => match store::one(tx, reply)? {
                        Some(reply) => Some(heard(tx, &inside.pack, procedure, &reply)?),
                        None => None,
                    },
                };
                shown.extend(message.map(|message| (at, message)));
            }
            let restricted = matters::is_restricted(tx, id)?;
            let page = cursor::page(shown, limit, |(at, message)| (*at, message.id));
            Ok::<_, Error>((page, (id, matter.person, restricted)))
        })
        .await?;
    matters::looked(may, house, about).await?;
    Ok(Page {
        items: page.items.into_iter().map(|(_, message)| message).collect(),
        next: page.next,
    })
}

fn name_of(procedure: &Procedure, step: &str) -> Option<Texts> {
    procedure.step(step).map(|step| step.name.0.clone())
}

fn told(
    tx: &mut Tx,
    procedure: &Procedure,
    sent: &[karton_api::notices::Notice],
    id: Id<Notice>,
) -> Result<Option<Message>, Error> {
    let (Some(shown), Some(stored)) = (
        sent.iter().find(|notice| notice.id == id),
        notices::store::one(tx, id)?,
    ) else {
        return Ok(None);
    };
    let step = match stored.run {
        Some(run) => matters::run_of(tx, run)?.map(|(_, _, run)| run.step),
        None => None,
    };
    let values = stored.members.iter().map(|(member, value)| {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        MessageValue {
            member: member.clone(),
            label: Texts::new(),
            says: Texts::new(),
            value: FactValue::Text(text),
        }
    });
    Ok(Some(Message {
        id,
        way: MessageWay::Sent,
        at: shown.posted_at,
        service: shown.service.clone(),
        service_name: shown.service_name.clone(),
        institution: shown.institution.clone(),
        step: step.and_then(|step| name_of(procedure, &step)),
        values: values.collect(),
        state: Some(shown.state),
        answered_at: shown.answered_at,
        receipt: shown.receipt.clone(),
        problem: shown.problem.clone(),
        tries: shown.tries,
        opened: Vec::new(),
        may: shown.may.clone(),
    }))
}

fn heard(tx: &mut Tx, pack: &Pack, procedure: &Procedure, it: &Stored) -> Result<Message, Error> {
    let message = pack.incoming(&it.service);
    let step = matters::run_of(tx, it.run)?.and_then(|(_, _, run)| name_of(procedure, &run.step));
    let institution = |language: &String| {
        let name = pack.code_name("institutions", &message?.institution, language)?;
        Some((language.clone(), name.to_owned()))
    };
    let values = it.brought.iter().map(|(member, value)| {
        let brings = message.and_then(|message| message.brings.iter().find(|it| it.from == *member));
        let def = brings.and_then(|brings| pack.fact(brings.holder, &brings.fact));
        MessageValue {
            member: member.clone(),
            label: def.map(|def| def.question.0.clone()).unwrap_or_default(),
            says: words(pack, def.map(|def| &def.ty), value),
            value: value.clone(),
        }
    });
    Ok(Message {
        id: it.id.cast(),
        way: MessageWay::Heard,
        at: it.received_at,
        service: it.service.clone(),
        service_name: message.map(|message| message.name.0.clone()).unwrap_or_default(),
        institution: pack.country.languages.iter().filter_map(institution).collect(),
        step,
        values: values.collect(),
        state: None,
        answered_at: None,
        receipt: None,
        problem: None,
        tries: 1,
        opened: it
            .opened
            .iter()
            .filter_map(|step| name_of(procedure, step))
            .collect(),
        may: Vec::new(),
    })
}

/// A value in the languages of the pack, where it is a word of a list.
fn words(pack: &Pack, ty: Option<&Type>, value: &FactValue) -> Texts {
    let (list, code) = match (ty, value) {
        (Some(Type::Code(list)), FactValue::Code(code)) => (list.to_string(), code.as_str()),
        (_, FactValue::Bool(true)) => ("answers_known".to_owned(), "yes"),
        (_, FactValue::Bool(false)) => ("answers_known".to_owned(), "no"),
        (_, FactValue::Money(money)) => {
            let text = |language: &String| {
                let amount = text::minor(money.minor, pack.country.minor_units, language);
                (language.clone(), amount)
            };
            return pack.country.languages.iter().map(text).collect();
        }
        _ => return Texts::new(),
    };
    let name = |language: &String| {
        let name = pack.code_name(&list, code, language)?;
        Some((language.clone(), name.to_owned()))
    };
    pack.country.languages.iter().filter_map(name).collect()
}

//! What goes to other institutions and comes from them while a matter runs: `tells`, `hears` and `lapses` of a step, `[[message]]` of
//! `registers/*.toml`.

use super::{
    Due, Expression, HolderKind, Pack, Place, Procedure, Step, StepKind, Texts,
    read::{Table, To},
    references::{self, Checker},
};
use crate::lang::Type;
use std::collections::BTreeMap;

/// What a step tells another institution when it opens. The step is open until the institution has it.
#[derive(Debug, Clone)]
pub struct Tells {
    /// A service that takes messages.
    pub service: String,
    /// Member of the message → what stands in it.
    pub send: Vec<(String, Sent)>,
}

/// What stands in a member of such a message.
#[derive(Debug, Clone)]
pub enum Sent {
    /// The word `number`: the matter's number.
    Number,
    /// An expression over what is known, of the type that the service takes.
    Of(Expression),
}

/// What a step does when a message comes in.
#[derive(Debug, Clone)]
pub struct Hears {
    /// Code of the message.
    pub message: String,
    /// The step stays open and its term counts anew; what `opens` names opens beside it. Otherwise the message completes the step.
    pub stays: bool,
    /// Steps that open. Of a message that completes its step: instead of what follows it, where there are any.
    pub opens: Vec<String>,
    /// Where it is defined.
    pub place: Place,
}

/// A message that another institution sends to us: `[[message]]` of `registers/*.toml`.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// `employment.accepted`
    pub code: String,
    /// Code of `codes/institutions.csv`.
    pub institution: String,
    /// Our own address in the gateway, under which it comes: instance/class/member/[subsystem/]service.
    pub xroad: String,
    /// Who may send it: instance/class/member/[subsystem].
    pub client: String,
    /// Its name.
    pub name: Texts,
    /// What it holds beside the person's number and the message that it answers.
    pub brings: Vec<Brings>,
    /// Where it is defined.
    pub place: Place,
}

/// How a member of a message becomes a fact.
#[derive(Debug, Clone)]
pub struct Brings {
    /// Whose fact: the person's or the claim's, which is the matter's.
    pub holder: HolderKind,
    /// The fact's name.
    pub fact: String,
    /// Member of the message's JSON.
    pub from: String,
    /// The message cannot be used without it.
    pub required: bool,
    /// Where it is defined.
    pub place: Place,
}

impl Pack {
    /// The message with this code.
    pub fn incoming(&self, code: &str) -> Option<&Incoming> {
        self.incoming.iter().find(|message| message.code == code)
    }
}

impl Step {
    /// What the step does with a message of this code.
    pub fn hears(&self, message: &str) -> Option<&Hears> {
        self.hears.iter().find(|hears| hears.message == message)
    }
    /// Steps that a message or a lapsed term may open.
    pub fn from_outside(&self) -> impl Iterator<Item = &String> {
        self.hears
            .iter()
            .flat_map(|hears| &hears.opens)
            .chain(&self.lapses)
    }
}

/// `tells` and `send` of a step.
pub(super) fn tells(step: &Table<'_>) -> Option<Tells> {
    let send = step.opt("send");
    if step.opt("tells").is_none() {
        if let Some(item) = send {
            item.wrong("`send` belongs to a step that `tells`");
        }
        return None;
    }
    let members = send.and_then(|item| item.table()).map(|send| {
        let members = send.entries().into_iter();
        let members = members.filter_map(|(name, item)| {
            let expression = item.expression()?;
            let sent = match expression.text.trim() {
                "number" => Sent::Number,
                _ => Sent::Of(expression),
            };
            Some((name.to_owned(), sent))
        });
        members.collect()
    });
    Some(Tells {
        service: step.refer(To::Service, "tells"),
        send: members.unwrap_or_default(),
    })
}

/// `[[step.hears]]`.
pub(super) fn hears(step: &Table<'_>) -> Vec<Hears> {
    let mut found: Vec<Hears> = Vec::new();
    for one in step.tables("hears") {
        let hears = Hears {
            message: one.refer(To::Message, "message"),
            stays: one.bool("stays", false),
            opens: one.strings("opens"),
            place: one.place(),
        };
        one.finish();
        if found.iter().any(|other| other.message == hears.message) {
            one.wrong(format!("the step hears `{}` twice", hears.message));
        }
        found.push(hears);
    }
    found
}

/// `[[message]]` of a file of `registers/`.
pub(super) fn messages(root: &Table<'_>, found: &mut Vec<Incoming>) {
    for table in root.tables("message") {
        let mut brings: Vec<Brings> = Vec::new();
        for one in table.tables("brings") {
            let holders = [("claim", HolderKind::Claim), ("person", HolderKind::Person)];
            let holder = one
                .choice("of", &holders, Some(HolderKind::Claim))
                .unwrap_or(HolderKind::Claim);
            let to = match holder {
                HolderKind::Person => To::PersonFact,
                _ => To::ClaimFact,
            };
            let member = Brings {
                holder,
                fact: one.refer(to, "fact"),
                from: one.text("from"),
                required: one.bool("required", false),
                place: one.place(),
            };
            one.finish();
            if ["national_id", "in_reply_to"].contains(&member.from.as_str()) {
                one.wrong(format!("`{}` stands in every message", member.from));
            }
            if brings.iter().any(|other| other.from == member.from) {
                one.wrong(format!("the member `{}` is there twice", member.from));
            }
            brings.push(member);
        }
        let message = Incoming {
            code: table.text("code"),
            institution: table.refer(To::Institution, "institution"),
            xroad: table.text("xroad"),
            client: table.text("client"),
            name: table.texts("name"),
            brings,
            place: table.place(),
        };
        table.finish();
        let parts = |address: &str| {
            let parts: Vec<&str> = address.split('/').collect();
            if parts.iter().any(|part| part.is_empty()) {
                return 0;
            }
            parts.len()
        };
        if !(4..=5).contains(&parts(&message.xroad)) {
            table.wrong("xroad is instance/class/member/[subsystem/]service");
        }
        if !(3..=4).contains(&parts(&message.client)) {
            table.wrong("client is instance/class/member/[subsystem]");
        }
        if found.iter().any(|other| other.code == message.code) {
            table.wrong(format!("the message `{}` is defined twice", message.code));
        }
        found.push(message);
    }
}

pub(super) fn check(checker: &Checker<'_>, pack: &Pack) {
    for message in &pack.incoming {
        for brings in &message.brings {
            let fact = pack.fact(brings.holder, &brings.fact);
            if fact.is_some_and(|fact| matches!(fact.ty, Type::Person | Type::List(_))) {
                checker.wrong(
                    &brings.place,
                    "a message holds single values; whom it is about stands in it by the number",
                );
            }
        }
    }
    for procedure in &pack.procedures {
        for step in &procedure.steps {
            telling(checker, pack, step);
            hearing(checker, pack, procedure, step);
        }
    }
}

fn telling(checker: &Checker<'_>, pack: &Pack, step: &Step) {
    let Some(tells) = &step.tells else { return };
    let fits = matches!(step.kind, StepKind::Notify | StepKind::Refer);
    if !fits || step.act.is_some() || step.form.is_some() {
        let message = "a step that tells is of kind notify or refer, has no form, and is completed by no act: it is done when the institution has the message";
        checker.wrong(&step.place, message);
    }
    let names = tells.send.iter().map(|(member, _)| member.as_str());
    let names: Vec<&str> = names.collect();
    references::sent(checker, pack, &step.place, &tells.service, &names);
    let service = pack.service(&tells.service);
    for (member, sent) in &tells.send {
        let ty = service.and_then(|service| service.takes.iter().find(|(name, _)| name == member));
        if matches!((sent, ty), (Sent::Number, Some((_, ty))) if *ty != Type::Text) {
            checker.wrong(
                &step.place,
                format!("`{member}` is no text, the matter's number is one"),
            );
        }
    }
}

fn hearing(checker: &Checker<'_>, pack: &Pack, procedure: &Procedure, step: &Step) {
    let never_done = step.act.is_some() || step.kind == StepKind::Monitor;
    if !step.lapses.is_empty()
        && (never_done || !matches!(step.due, Some(Due::Days(_) | Due::WorkingDays(_))))
    {
        let message = "`lapses` needs a term, and a step that is done without a legal act";
        checker.wrong(&step.place, message);
    }
    for hears in &step.hears {
        if never_done && !hears.stays {
            let message =
                "a legal act or nobody completes this step, so a message leaves it open: `stays = true`";
            checker.wrong(&hears.place, message);
        }
        let Some(message) = pack.incoming(&hears.message) else {
            continue;
        };
        let told = |other: &Step| {
            let service = other
                .tells
                .as_ref()
                .and_then(|tells| pack.service(&tells.service));
            service.is_some_and(|service| service.institution == message.institution)
        };
        if !procedure.steps.iter().any(told) {
            let says = format!(
                "no step of `{}` tells the institution `{}` anything that `{}` could answer",
                procedure.id, message.institution, message.code
            );
            checker.wrong(&hears.place, says);
        }
    }
}

/// Leaves a step out of the ways that messages and lapsed terms open; what followed it opens instead.
pub(super) fn without(step: &mut Step, gone: &str, on: &[String]) {
    let ways = step.hears.iter_mut().map(|hears| &mut hears.opens);
    for ways in ways.chain([&mut step.lapses]) {
        if let Some(at) = ways.iter().position(|next| next == gone) {
            let further: Vec<String> = on.iter().filter(|next| !ways.contains(next)).cloned().collect();
            ways.splice(at..=at, further);
        }
    }
}

/// What a step sends, for whoever compiles it: each expression with the type that its service takes.
pub(super) fn expressions<'s>(
    step: &'s mut Step,
    types: &BTreeMap<(String, String), Type>,
) -> Vec<(&'s mut Expression, Type)> {
    let Some(tells) = &mut step.tells else {
        return Vec::new();
    };
    let service = tells.service.clone();
    let members = tells.send.iter_mut().filter_map(|(member, sent)| {
        let ty = types.get(&(service.clone(), member.clone()))?.clone();
        match sent {
            Sent::Number => None,
            Sent::Of(expression) => Some((expression, ty)),
        }
    });
    members.collect()
}

//! Benefits: `catalogue/<benefit>/benefit.toml`.

use super::{
    AmendmentKind, AmountPart, AmountRule, Benefit, BenefitKind, Condition, Confidence, Discretion,
    EvidenceNeed, EvidenceOf, Expression, HolderKind, LaterMessage, Let, Notify, PeriodRule, competent,
    duration, later,
    load::CONFIDENCES,
    load_beside, load_party,
    read::{File, Item, Table, To},
};
use karton_api::Rounding;

pub(super) fn benefit(file: File<'_>) -> Benefit {
    let toml = file.toml();
    let table = file.table(toml.get_ref(), 0);
    let units = [
        ("household", HolderKind::Household),
        ("person", HolderKind::Person),
    ];
    let evidence = table.tables("evidence").into_iter().map(|need| {
        let found = EvidenceNeed {
            service: need.refer(To::Service, "service"),
            of: about_whom(&need),
        };
        need.finish();
        found
    });
    let evidence = evidence.collect();
    let competent = competent::read(&table);
    let later = later::read(&table);
    let mut conditions: Vec<Condition> = Vec::new();
    for condition in table.tables("condition") {
        let found = self::condition(&condition);
        condition.finish();
        if found.id == "amount" {
            condition.wrong("`amount` names what the amount rests on: call the condition otherwise");
        }
        if conditions.iter().any(|other| other.id == found.id) {
            condition.wrong(format!("the condition `{}` is defined twice", found.id));
        }
        conditions.push(found);
    }
    if conditions.is_empty() {
        table.wrong("a benefit needs at least one condition");
    }
    let amount = table
        .opt("amount")
        .and_then(|item| item.table())
        .map(|table| amount(&table));
    let period = table
        .opt("period")
        .and_then(|item| item.table())
        .map(|table| period(&table));
    let (kind, kinds) = load_party::kind(&table, amount.as_ref());
    match (&amount, kind) {
        (None, BenefitKind::Monthly | BenefitKind::OneOff) => {
            table.wrong("[amount] is missing; a benefit without money is of kind \"in-kind\"");
        }
        (Some(_), BenefitKind::InKind) => table.wrong("a benefit in kind has no [amount]"),
        _ => {}
    }
    let notify = table
        .opt("notify")
        .and_then(|item| item.table())
        .map(|table| notify(&table));
    let unit = table.choice("unit", &units, None).unwrap_or(HolderKind::Person);
    let parties = load_party::parties(&table, unit);
    let about = table
        .opt("about")
        .is_some()
        .then(|| table.refer(To::ClaimPerson, "about"));
    let incompatible = load_beside::incompatible(&table, unit, about.as_deref(), &mut conditions);
    let benefit = Benefit {
        code: table.text("code"),
        name: table.texts("name"),
        unit,
        applicant: parties.applicant,
        payee: parties.payee,
        payees: parties.payees,
        provider: parties.provider,
        kinds,
        law: table
            .items("law")
            .iter()
            .filter_map(|item| law(&file, item))
            .collect(),
        procedure: table.refer(To::Procedure, "procedure"),
        form: table.refer(To::Form, "form"),
        letter: table.refer(To::Letter, "letter"),
        kind,
        about,
        notify,
        evidence,
        incompatible,
        opens: table.strings("opens"),
        competent,
        later,
        lets: lets(&table),
        conditions,
        durations: duration::durations(&table),
        amount,
        period,
        cases: Vec::new(),
        place: table.place(),
    };
    table.finish();
    benefit
}

fn about_whom(table: &Table<'_>) -> EvidenceOf {
    match table.text("of").as_str() {
        "applicant" => EvidenceOf::Applicant,
        "members" => EvidenceOf::Members,
        _ => EvidenceOf::Claim(table.refer(To::ClaimPerson, "of")),
    }
}

fn notify(table: &Table<'_>) -> Notify {
    let of = about_whom(table);
    if of == EvidenceOf::Members {
        table.wrong("a message is about one person: the applicant, or one that the claim names");
    }
    let mut later: Vec<LaterMessage> = Vec::new();
    for one in table.tables("later") {
        let mut on = Vec::new();
        for name in one.strings("on") {
            match AmendmentKind::named(&name) {
                Some(AmendmentKind::Correct) => one.wrong("a correction leaves the right as it is"),
                Some(kind) if on.contains(&kind) || later.iter().any(|other| other.on.contains(&kind)) => {
                    one.wrong(format!("of `{name}` the institution is told twice"));
                }
                Some(kind) => on.push(kind),
                None => one.wrong(format!(
                    "`{name}` is no later decision: change, suspend, resume, end, annul"
                )),
            }
        }
        if on.is_empty() {
            one.wrong("`on` names at least one later decision");
        }
        later.push(LaterMessage {
            on,
            service: one.refer(To::Service, "service"),
            send: members(&one),
            place: one.place(),
        });
        one.finish();
    }
    let found = Notify {
        service: table.refer(To::Service, "service"),
        of,
        send: members(table),
        later,
        place: table.place(),
    };
    table.finish();
    found
}

/// `send = { member = "expression" }`.
fn members(table: &Table<'_>) -> Vec<(String, Expression)> {
    let send = table.need("send").and_then(|item| item.table()).map(|send| {
        let members = send.entries().into_iter();
        let members = members.filter_map(|(name, item)| Some((name.to_owned(), item.expression()?)));
        members.collect::<Vec<(String, Expression)>>()
    });
    send.unwrap_or_default()
}

fn law(file: &File<'_>, item: &Item<'_>) -> Option<String> {
    let text = item.text()?;
    file.refer(To::Act, text.split(' ').next().unwrap_or(text), item.offset());
    Some(text.to_owned())
}

pub(super) fn lets(table: &Table<'_>) -> Vec<Let> {
    let mut found: Vec<Let> = Vec::new();
    for named in table.tables("let") {
        let name = named.text("name");
        let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if !name.chars().all(good) {
            named.wrong(format!("the name `{name}` is not lower case with underscores"));
        }
        if matches!(
            name.as_str(),
            "on" | "lodged" | "applicant" | "household" | "claim" | "item" | "member"
        ) {
            named.wrong(format!("`{name}` has a meaning of its own"));
        }
        if found.iter().any(|other| other.name == name) {
            named.wrong(format!("`{name}` is named twice"));
        }
        if let Some(is) = named.expression("is") {
            found.push(Let {
                name,
                is,
                place: named.place(),
            });
        }
        named.finish();
    }
    found
}

fn condition(table: &Table<'_>) -> Condition {
    Condition {
        id: table.text("id"),
        law: table.law("law"),
        confidence: table
            .choice("confidence", &CONFIDENCES, None)
            .unwrap_or(Confidence::Default),
        says: table.texts("says"),
        fails: table.opt_texts("fails"),
        lets: lets(table),
        when: table.expression("when").unwrap_or_default(),
        applies_if: table.opt_expression("if"),
        place: table.place(),
    }
}

fn amount(table: &Table<'_>) -> AmountRule {
    let roundings = [
        ("half-up", Some(Rounding::HalfUp)),
        ("half-even", Some(Rounding::HalfEven)),
        ("up", Some(Rounding::Up)),
        ("down", Some(Rounding::Down)),
    ];
    let mut parts: Vec<AmountPart> = Vec::new();
    for part in table.tables("part") {
        let whom = [("household", false), ("members", true)];
        let found = AmountPart {
            code: part.text("code"),
            name: part.texts("name"),
            law: part.law("law"),
            confidence: part
                .choice("confidence", &CONFIDENCES, None)
                .unwrap_or(Confidence::Default),
            formula: part.expression("formula").unwrap_or_default(),
            of_members: part.choice("of", &whom, Some(false)).unwrap_or(false),
            once: part
                .choice("paid", &[("each", false), ("once", true)], Some(false))
                .unwrap_or(false),
            place: part.place(),
        };
        part.finish();
        if parts.iter().any(|other| other.code == found.code) {
            part.wrong(format!("the part `{}` is defined twice", found.code));
        }
        parts.push(found);
    }
    let upto = table.opt_expression("upto");
    let atleast = table.opt_expression("atleast");
    let discretion = match (table.bool("discretion", false), upto) {
        (true, Some(upto)) => Some(Discretion { upto, atleast }),
        (true, None) => {
            table.wrong("an amount at the officers' discretion needs its limit: `upto`");
            None
        }
        (false, limit) => {
            if limit.is_some() || atleast.is_some() {
                table.wrong("`upto` and `atleast` limit an amount with `discretion = true`");
            }
            None
        }
    };
    let found = AmountRule {
        discretion,
        law: table.law("law"),
        confidence: table
            .choice("confidence", &CONFIDENCES, None)
            .unwrap_or(Confidence::Default),
        formula: if parts.is_empty() {
            table.expression("formula").unwrap_or_default()
        } else {
            Expression {
                text: parts
                    .iter()
                    .map(|part| part.code.as_str())
                    .collect::<Vec<_>>()
                    .join(" + "),
                ..Expression::default()
            }
        },
        parts,
        says: table.opt_texts("says"),
        rounding: table.choice("rounding", &roundings, Some(None)).flatten(),
    };
    table.finish();
    found
}

fn period(table: &Table<'_>) -> PeriodRule {
    let review_every_months = table.opt("review_every").and_then(|item| {
        let text = item.text()?;
        let months = text.split_once(' ').and_then(|(count, unit)| match unit {
            "month" | "months" => count.parse().ok(),
            "year" | "years" => count.parse::<u32>().ok()?.checked_mul(12),
            _ => None,
        });
        if months.is_none_or(|months| months == 0 || months > 1200) {
            item.wrong("a time between reviews is written as \"6 months\" or \"1 year\"");
        }
        months
    });
    let found = PeriodRule {
        starts: table.expression("starts").unwrap_or_default(),
        ends: table.opt_expression("ends"),
        review_every_months,
        law: table.opt_text("law"),
    };
    table.finish();
    found
}

//! `signals/*.toml`

use super::{
    Confidence,
    load::CONFIDENCES,
    load_benefit::lets,
    read::{File, Table, To},
    signal::{Signal, SignalAct, SignalEvent, SignalKind, SignalOf},
};

const EVENTS: [(&str, SignalEvent); 5] = [
    ("lodging", SignalEvent::Lodging),
    ("decision", SignalEvent::Decision),
    ("register", SignalEvent::Register),
    ("monthly", SignalEvent::Monthly),
    ("daily", SignalEvent::Daily),
];

/// A signal that nobody has looked at for so long says nothing any more.
const LONGEST: u32 = 366;

pub(super) fn signals(file: File<'_>, found: &mut Vec<Signal>) {
    let toml = file.toml();
    let root = file.table(toml.get_ref(), 0);
    for table in root.tables("signal") {
        let signal = signal(&table);
        table.finish();
        if found.iter().any(|other| other.id == signal.id) {
            table.wrong(format!("the signal `{}` is defined twice", signal.id));
        }
        found.push(signal);
    }
    root.finish();
}

fn signal(table: &Table<'_>) -> Signal {
    let of = [
        ("applicant", SignalOf::Applicant),
        ("members", SignalOf::Members),
        ("household", SignalOf::Household),
        ("award", SignalOf::Award),
    ];
    let acts = [
        ("warn", SignalAct::Warn),
        ("look", SignalAct::Look),
        ("stop", SignalAct::Stop),
    ];
    let kinds = [
        ("same-account", Some(SignalKind::SameAccount)),
        ("same-address", Some(SignalKind::SameAddress)),
    ];
    let mut on = Vec::new();
    for item in table.items("on") {
        let Some(text) = item.text() else { continue };
        match EVENTS.iter().find(|(word, _)| *word == text) {
            Some((_, event)) if on.contains(event) => item.wrong(format!("`{text}` stands here twice")),
            Some((_, event)) => on.push(*event),
            None => item.wrong(format!(
                "`{text}` is none of {}",
                EVENTS.map(|(word, _)| word).join(", ")
            )),
        }
    }
    if on.is_empty() {
        table.wrong("`on` says when it is looked at: lodging, decision, register, monthly or daily");
    }
    let kind = table.choice("kind", &kinds, Some(None)).flatten();
    let when = table.opt_expression("when");
    if when.is_some() == kind.is_some() {
        table.wrong(
            "a signal has either `when` (an expression) or a `kind` that the house compares by itself",
        );
    }
    let says = table.texts("says");
    if kind.is_some() {
        let names = says.0.values().flat_map(|text| crate::text::names(text));
        for name in names.filter(|name| *name != "count") {
            table.wrong(format!(
                "the sentence names {{{name}}}: of a `kind` only {{count}} is known, how many it is"
            ));
        }
    }
    let least = table.whole("least").unwrap_or(2);
    if least < 2 {
        table.wrong("`least` is 2 or more");
    }
    let who = table.text("who");
    let roles = ["clerk", "caseworker", "approver", "payer", "inspector"];
    if !who.is_empty() && !roles.contains(&who.as_str()) {
        table.wrong(format!("`{who}` is none of {}", roles.join(", ")));
    }
    let expires_days = table.need("expires").and_then(|item| {
        let text = item.text()?;
        let days = text.strip_suffix(" days").or(text.strip_suffix(" day"));
        let days = days
            .and_then(|days| days.parse().ok())
            .filter(|days| (1..=LONGEST).contains(days));
        if days.is_none() {
            item.wrong(format!(
                "a signal lapses: `expires = \"30 days\"`, at most {LONGEST}"
            ));
        }
        days
    });
    Signal {
        id: table.text("id"),
        name: table.texts("name"),
        law: table.opt("law").is_some().then(|| table.law("law")),
        confidence: table
            .choice("confidence", &CONFIDENCES, Some(Confidence::Default))
            .unwrap_or(Confidence::Default),
        on,
        benefits: table.refer_all(To::Benefit, "benefits"),
        of: table.choice("of", &of, None).unwrap_or(SignalOf::Applicant),
        lets: lets(table),
        when,
        kind,
        least,
        says,
        asks: table.refer_all(To::Service, "asks"),
        act: table.choice("act", &acts, None).unwrap_or(SignalAct::Warn),
        who,
        expires_days: expires_days.unwrap_or(30),
        place: table.place(),
    }
}

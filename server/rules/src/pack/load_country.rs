//! `country.toml`: languages, currency, bodies, laws, the legal remedy.

use super::{
    Act, Amendments, Appeal, Body, ChoiceRule, Confidence, Country, DeathRule, Delivery, IdScheme,
    OrganisationScheme, Signature,
    load::CONFIDENCES,
    read::{File, Table, To},
};
use crate::{id_number::Scheme, organisation_number::Check};
use karton_api::{Currency, Date};

/// Where a fact can come from. What `rank` does not name comes after what it names: `import`, where it says nothing of it.
const SOURCES: [&str; 6] = [
    "finding",
    "register",
    "document",
    "visit",
    "declaration",
    "import",
];

/// Codes of one kind, each once.
fn once(tables: &[Table<'_>], what: &str) {
    for (at, table) in tables.iter().enumerate() {
        if let Some(code) = table.opt_text("code")
            && tables
                .iter()
                .take(at)
                .any(|other| other.opt_text("code").as_ref() == Some(&code))
        {
            table.wrong(format!("the {what} `{code}` is there twice"));
        }
    }
}

pub(super) fn country(file: File<'_>) -> Country {
    let toml = file.toml();
    let table = file.table(toml.get_ref(), 0);
    let currency = table.need("currency").and_then(|item| {
        let found = item.text()?.parse::<Currency>();
        if let Err(e) = &found {
            item.wrong(e.to_string());
        }
        found.ok()
    });
    let covers = table.need("covers").and_then(|item| item.table());
    let day = |key| covers.as_ref().and_then(|covers| covers.need(key)?.date());
    let (from, until) = (day("from"), day("until"));
    if let (Some(covers), Some(from), Some(until)) = (&covers, from, until)
        && from >= until
    {
        covers.wrong("the covered period ends before it begins");
    }
    let minor_units = table.whole("minor_units").unwrap_or(2);
    if minor_units > 4 {
        table.wrong("a currency has at most 4 decimal places");
    }
    if file.languages.is_empty() {
        table.wrong("at least one language is needed");
    }
    once(&table.tables("id_scheme"), "number");
    once(&table.tables("body"), "body");
    once(&table.tables("act"), "act");
    for key in ["languages", "catalogue", "procedures", "services", "rank"] {
        let items = table.items(key);
        for (at, item) in items.iter().enumerate() {
            let text = item.value.get_ref().as_str();
            let before = items.iter().take(at);
            if text.is_some() && before.clone().any(|other| other.value.get_ref().as_str() == text) {
                item.wrong(format!("`{}` stands here twice", text.unwrap_or_default()));
            }
        }
    }
    let id_schemes = table.tables("id_scheme").into_iter().map(|table| {
        let checks = [
            ("jmbg", Scheme::Jmbg),
            ("cnp", Scheme::Cnp),
            ("rnokpp", Scheme::Rnokpp),
            ("unzr", Scheme::Unzr),
            ("none", Scheme::None),
        ];
        let check = table.choice("check", &checks, None).unwrap_or(Scheme::None);
        let scheme = IdScheme {
            code: table.text("code"),
            name: table.texts("name"),
            check,
        };
        table.finish();
        scheme
    });
    let organisation_schemes = table.tables("organisation_scheme").into_iter().map(|table| {
        let check = table.choice("check", &Check::NAMES, None).unwrap_or(Check::None);
        let scheme = OrganisationScheme {
            code: table.text("code"),
            name: table.texts("name"),
            check,
        };
        table.finish();
        scheme
    });
    let bodies = table.tables("body").into_iter().map(|table| {
        let body = Body {
            code: table.text("code"),
            name: table.texts("name"),
        };
        table.finish();
        body
    });
    let acts = table.tables("act").into_iter().map(|table| {
        let act = Act {
            code: table.text("code"),
            name: table.texts("name"),
            gazette: table.opt_text("gazette").unwrap_or_default(),
        };
        table.finish();
        act
    });
    let appeal = table
        .opt("appeal")
        .and_then(|item| item.table())
        .map(|table| appeal(&table));
    let amendments = table
        .opt("amendments")
        .and_then(|item| item.table())
        .map(|table| {
            let found = Amendments {
                procedure: table.refer(To::Procedure, "procedure"),
                letter: table.refer(To::Letter, "letter"),
                death: table.opt("death").and_then(|item| item.table()).map(|death| {
                    let days = death.whole("days").unwrap_or(0);
                    if days > 365 {
                        death.wrong("a right ends within a year after the death");
                    }
                    let found = DeathRule {
                        days,
                        reason: death.text("reason"),
                        source: death.refer(To::Source, "source"),
                        confidence: death
                            .choice("confidence", &CONFIDENCES, None)
                            .unwrap_or(Confidence::Default),
                        place: death.place(),
                    };
                    death.finish();
                    found
                }),
                choice: table.opt("choice").and_then(|item| item.table()).map(|choice| {
                    let found = ChoiceRule {
                        reason: choice.text("reason"),
                        source: choice.text("source"),
                        confidence: choice
                            .choice("confidence", &CONFIDENCES, None)
                            .unwrap_or(Confidence::Default),
                        place: choice.place(),
                    };
                    choice.finish();
                    found
                }),
            };
            table.finish();
            found
        });
    let signature = table.opt("signature").and_then(|item| item.table()).map(|table| {
        let found = Signature {
            title: table.texts("title"),
            deputy: table.texts("deputy"),
            stamp: table.texts("stamp"),
            electronic: table.opt_texts("electronic"),
        };
        table.finish();
        found
    });
    let delivery = table.opt("delivery").and_then(|item| item.table()).map(|table| {
        let notice_days = table.whole("notice_days").unwrap_or(0);
        if !(1..=90).contains(&notice_days) {
            table.wrong("a letter on the notice board is served after 1 to 90 days");
        }
        let found = Delivery {
            slip: table.refer(To::Letter, "slip"),
            notice_days,
            source: table.refer(To::Source, "source"),
            confidence: table
                .choice("confidence", &CONFIDENCES, None)
                .unwrap_or(Confidence::Default),
        };
        table.finish();
        found
    });
    table.opt("languages");
    for item in table.items("rank") {
        if item.text().is_some_and(|name| !SOURCES.contains(&name)) {
            item.wrong(format!("a source is one of {}", SOURCES.join(", ")));
        }
    }
    let country = Country {
        amendments,
        signature,
        delivery,
        appeal,
        id_schemes: id_schemes.collect(),
        organisation_schemes: organisation_schemes.collect(),
        bodies: bodies.collect(),
        acts: acts.collect(),
        id: table.text("id"),
        name: table.texts("name"),
        currency: currency.unwrap_or(Currency::EUR),
        minor_units: u8::try_from(minor_units).unwrap_or(2).min(4),
        languages: file.languages.to_vec(),
        time_zone: table.text("time_zone"),
        covers_from: from.unwrap_or(Date::MIN),
        covers_until: until.unwrap_or(Date::MAX),
        demo_today: table.opt("demo_today").and_then(|item| item.date()),
        rank: table.strings("rank"),
        catalogue: table.strings("catalogue"),
        procedures: table.strings("procedures"),
        services: table.strings("services"),
        classifiers: table.refer_all(To::CodeList, "classifiers"),
    };
    if let Some(today) = country.demo_today
        && !(country.covers_from..country.covers_until).contains(&today)
    {
        table
            .opt("demo_today")
            .iter()
            .for_each(|item| item.wrong("the demo's day lies outside the covered period"));
    }
    covers.iter().for_each(Table::finish);
    table.finish();
    country
}

/// A legal remedy: of the country, or of one step.
pub(super) fn appeal(table: &Table<'_>) -> Appeal {
    let days = table.whole("days").unwrap_or(0);
    if !(1..=365).contains(&days) {
        table.wrong("an appeal's term is 1 to 365 days");
    }
    let appeal = Appeal {
        days,
        to: table.texts("to"),
        source: table.refer(To::Source, "source"),
        confidence: table
            .choice("confidence", &CONFIDENCES, None)
            .unwrap_or(Confidence::Default),
    };
    table.finish();
    appeal
}

//! Country, dictionary, parameters and classifiers: what rules are written with.

use super::{
    Act, Amendments, Appeal, Body, CodeEntry, CodeList, Confidence, Country, Delivery, FactDef, HolderKind,
    Holiday, IdScheme, Literal, MunicipalityRow, OfficeRow, Parameter, ParameterAt, ParameterValue,
    Signature, Texts,
    read::{File, Item, Table, To},
};
use crate::{
    id_number::Scheme,
    lang::{Ratio, RowType, Type, hint, minor},
};
use karton_api::{Currency, Date, Per};
use std::{collections::BTreeMap, sync::Arc};

pub(super) const CONFIDENCES: [(&str, Confidence); 5] = [
    ("law", Confidence::Law),
    ("published", Confidence::Published),
    ("derived", Confidence::Derived),
    ("memory", Confidence::Memory),
    ("default", Confidence::Default),
];

/// The languages come first: every other text of the pack is held against them.
pub(super) fn languages(file: File<'_>) -> Vec<String> {
    let toml = file.toml();
    file.table(toml.get_ref(), 0).strings("languages")
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
    let id_schemes = table.tables("id_scheme").into_iter().map(|table| {
        let checks = [
            ("jmbg", Scheme::Jmbg),
            ("cnp", Scheme::Cnp),
            ("rnokpp", Scheme::Rnokpp),
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
    let appeal = table.opt("appeal").and_then(|item| item.table()).map(|table| {
        let days = table.whole("days").unwrap_or(0);
        if !(1..=365).contains(&days) {
            table.wrong("an appeal's term is 1 to 365 days");
        }
        let appeal = Appeal {
            days,
            to: table.texts("to"),
            source: table.text("source"),
            confidence: table
                .choice("confidence", &CONFIDENCES, None)
                .unwrap_or(Confidence::Default),
        };
        table.finish();
        appeal
    });
    let amendments = table
        .opt("amendments")
        .and_then(|item| item.table())
        .map(|table| {
            let found = Amendments {
                procedure: table.refer(To::Procedure, "procedure"),
                letter: table.refer(To::Letter, "letter"),
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
            source: table.text("source"),
            confidence: table
                .choice("confidence", &CONFIDENCES, None)
                .unwrap_or(Confidence::Default),
        };
        table.finish();
        found
    });
    table.opt("languages");
    let country = Country {
        amendments,
        signature,
        delivery,
        appeal,
        id_schemes: id_schemes.collect(),
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

/// A type as packs write it, noted when it is none.
fn type_of(item: &Item<'_>) -> Option<Type> {
    let text = item.text()?;
    let found = Type::parse(text);
    if let Some(Type::Code(list)) = &found {
        item.file.refer(To::CodeList, list, item.offset());
    }
    if found.is_none() {
        let known = [
            "bool",
            "int",
            "decimal",
            "money",
            "money per month",
            "money per year",
            "date",
            "text",
            "person",
            "rows",
        ];
        item.wrong(format!("`{text}` is not a type{}", hint(text, known)));
    }
    found
}

/// A value of a type, as packs write it.
pub(super) fn literal(item: &Item<'_>, ty: &Type, minor_units: u8) -> Option<Literal> {
    Some(match ty {
        Type::Bool => Literal::Bool(item.bool()?),
        Type::Int => Literal::Int(item.int()?),
        Type::Date => Literal::Date(item.date()?),
        Type::Text | Type::Code(_) => Literal::Text(item.text()?.to_owned()),
        Type::Decimal if item.value.get_ref().is_integer() => Literal::Decimal(Ratio::whole(item.int()?)),
        Type::Decimal | Type::Money(_) => {
            if item.value.get_ref().is_float() || item.value.get_ref().is_integer() {
                item.wrong("an exact number is written as text with a point, such as \"152.88\"");
                return None;
            }
            let text = item.text()?;
            let Ok(number) = text.parse::<Ratio>() else {
                item.wrong(format!(
                    "`{text}` is not a number with a point, such as \"152.88\""
                ));
                return None;
            };
            if *ty == Type::Decimal {
                return Some(Literal::Decimal(number));
            }
            let found = minor(number, minor_units);
            if found.is_none() {
                item.wrong(format!(
                    "`{text}` is not an amount with at most {minor_units} decimals"
                ));
            }
            Literal::Money(found?)
        }
        _ => {
            item.wrong(format!("a {ty} cannot be written down"));
            return None;
        }
    })
}

pub(super) fn parameters(file: File<'_>, minor_units: u8, found: &mut Vec<Parameter>) {
    let toml = file.toml();
    let root = file.table(toml.get_ref(), 0);
    for table in root.tables("parameter") {
        let name = table.text("name");
        let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '.';
        if !name.is_empty()
            && (!name.chars().all(good) || !name.starts_with(|c: char| c.is_ascii_lowercase()))
        {
            table.wrong(format!(
                "the name `{name}` is not lower case with dots, such as mo.base"
            ));
        }
        let unit = table
            .need("unit")
            .and_then(|item| type_of(&item))
            .unwrap_or(Type::Text);
        let key = table.opt("key").and_then(|item| {
            let ty = type_of(&item)?;
            if !matches!(ty, Type::Int | Type::Text | Type::Code(_)) {
                item.wrong("the key of a table is int, text or a code");
            }
            Some(ty)
        });
        let says = table.opt_texts("says");
        let mut at: Vec<ParameterAt> = Vec::new();
        for dated in table.tables("at") {
            let from = dated.need("from").and_then(|item| item.date());
            let entry = ParameterAt {
                from: from.unwrap_or(Date::MIN),
                published: dated.opt("published").and_then(|item| item.date()),
                source: dated.refer(To::Source, "source"),
                confidence: dated
                    .choice("confidence", &CONFIDENCES, None)
                    .unwrap_or(Confidence::Default),
                note: dated.opt_text("note"),
                value: parameter_value(&dated, &unit, key.as_ref(), minor_units),
            };
            dated.finish();
            if let (Some(last), Some(_)) = (at.last(), from) {
                if entry.from == last.from {
                    dated.wrong(format!(
                        "`{name}` has two values from {}: they overlap",
                        entry.from
                    ));
                } else if entry.from < last.from {
                    dated.wrong(format!(
                        "the values of `{name}` are not in the order of their days"
                    ));
                }
            }
            at.push(entry);
        }
        if at.is_empty() {
            table.wrong(format!("`{name}` has no value"));
        }
        table.finish();
        if let Some(first) = found.iter().find(|other| other.name == name) {
            table.wrong(format!(
                "the parameter `{name}` is defined twice, also in {}",
                first.place.file
            ));
        }
        found.push(Parameter {
            name,
            unit,
            key,
            says,
            at,
            place: table.place(),
        });
    }
    root.finish();
}

fn parameter_value(dated: &Table<'_>, unit: &Type, key: Option<&Type>, minor_units: u8) -> ParameterValue {
    let Some(key) = key else {
        let value = dated
            .need("value")
            .and_then(|item| literal(&item, unit, minor_units));
        return ParameterValue::One(value.unwrap_or(Literal::Int(0)));
    };
    let mut rows: Vec<(Literal, Literal)> = Vec::new();
    let items = dated
        .need("rows")
        .and_then(|item| item.array())
        .unwrap_or_default();
    if items.is_empty() {
        dated.wrong("a table needs rows: [[1, \"89.84\"], …]");
    }
    for item in items {
        let pair = item.array().unwrap_or_default();
        let [a, b] = pair.as_slice() else {
            item.wrong("a row is a key and a value: [1, \"89.84\"]");
            continue;
        };
        let (Some(a_value), Some(b_value)) = (literal(a, key, minor_units), literal(b, unit, minor_units))
        else {
            continue;
        };
        if let (Some((Literal::Int(before), _)), Literal::Int(now)) = (rows.last(), &a_value)
            && before >= now
        {
            a.wrong("the keys of a table ascend, each once");
        } else if rows.iter().any(|(key, _)| *key == a_value) {
            a.wrong("this key is already in the table");
        }
        rows.push((a_value, b_value));
    }
    ParameterValue::Table(rows)
}

pub(super) fn facts(file: File<'_>) -> Vec<FactDef> {
    let toml = file.toml();
    let root = file.table(toml.get_ref(), 0);
    let mut found: Vec<FactDef> = Vec::new();
    for table in root.tables("fact") {
        let fact = fact(&table);
        table.finish();
        let given = crate::lang::given::NAMES.contains(&fact.name.as_str());
        if fact.holder == HolderKind::Person && given {
            table.wrong(format!("`{}` is given without a fact", fact.name));
        }
        if fact.holder == HolderKind::Household && matches!(fact.name.as_str(), "members" | "awards") {
            table.wrong(format!("`{}` is given without a fact", fact.name));
        }
        if found
            .iter()
            .any(|other| other.holder == fact.holder && other.name == fact.name)
        {
            table.wrong(format!("the fact `{}` is defined twice", fact.name));
        }
        found.push(fact);
    }
    root.finish();
    found
}

fn fact(table: &Table<'_>) -> FactDef {
    let holders = [
        ("person", HolderKind::Person),
        ("household", HolderKind::Household),
        ("claim", HolderKind::Claim),
    ];
    let name = table.text("name");
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if !name.chars().all(good) {
        table.wrong(format!("the name `{name}` is not lower case with underscores"));
    }
    let per = table.choice(
        "per",
        &[("once", Per::Once), ("month", Per::Month), ("year", Per::Year)],
        Some(Per::Once),
    );
    let list = table
        .opt("list")
        .is_some()
        .then(|| table.refer(To::CodeList, "list"));
    let row = table.opt("row").and_then(|item| item.table());
    let ty = table.need("type").and_then(|item| match item.text()? {
        "rows" => {
            let Some(row) = &row else {
                item.wrong("rows need their columns: row = { month = \"date\", … }");
                return None;
            };
            let columns = row
                .entries()
                .into_iter()
                .filter_map(|(column, item)| Some((column.to_owned(), type_of(&item)?)));
            let row = RowType {
                name: name.clone(),
                columns: columns.collect(),
            };
            Some(Type::List(Box::new(Type::Row(Arc::new(row)))))
        }
        "code" => {
            let Some(list) = &list else {
                item.wrong("a code needs its list: list = \"income_kinds\"");
                return None;
            };
            Some(Type::Code(list.as_str().into()))
        }
        "money" => Some(Type::Money(per.unwrap_or(Per::Once))),
        _ => type_of(&item),
    });
    let ty = ty.unwrap_or(Type::Bool);
    if table.opt("per").is_some() && !matches!(ty, Type::Money(_)) {
        table.wrong("`per` is for money only");
    }
    FactDef {
        per: if let Type::Money(per) = ty {
            Some(per)
        } else {
            None
        },
        holder: table
            .choice("holder", &holders, None)
            .unwrap_or(HolderKind::Person),
        ty,
        list,
        question: table.texts("question"),
        help: table.opt_texts("help"),
        proof: table.opt_text("proof").is_some_and(|proof| {
            if proof != "document" {
                table.wrong("a fact's `proof` is \"document\", or left out");
            }
            true
        }),
        place: table.place(),
        name,
    }
}

/// A CSV file with the place of its lines.
struct Rows {
    headings: Vec<String>,
    rows: Vec<(usize, Vec<String>)>,
}

fn csv(file: File<'_>, needed: &[&str]) -> Rows {
    let mut reader = ::csv::ReaderBuilder::new()
        .flexible(true)
        .has_headers(false)
        .from_reader(file.text.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        match record {
            Ok(record) => {
                let offset = record
                    .position()
                    .map_or(0, |p| usize::try_from(p.byte()).unwrap_or(0));
                rows.push((
                    offset,
                    record
                        .iter()
                        .map(|field| field.trim().to_owned())
                        .collect::<Vec<_>>(),
                ));
            }
            Err(e) => {
                let offset = e.position().map_or(0, |p| usize::try_from(p.byte()).unwrap_or(0));
                file.wrong(offset, "this line is not CSV in UTF-8");
            }
        }
    }
    let headings = if rows.is_empty() {
        Vec::new()
    } else {
        rows.remove(0).1
    };
    for needed in needed
        .iter()
        .copied()
        .chain(file.languages.iter().map(String::as_str))
    {
        if !headings.iter().any(|heading| heading == needed) {
            file.wrong(0, format!("the column `{needed}` is missing"));
        }
    }
    rows.retain(|(offset, row)| {
        let good = row.len() == headings.len();
        if !good {
            file.wrong(
                *offset,
                format!(
                    "the line has {} columns, the heading {}",
                    row.len(),
                    headings.len()
                ),
            );
        }
        good
    });
    Rows { headings, rows }
}

impl Rows {
    fn get<'r>(&self, row: &'r [String], heading: &str) -> Option<&'r str> {
        let at = self.headings.iter().position(|found| found == heading)?;
        row.get(at).map(String::as_str).filter(|text| !text.is_empty())
    }
    fn date(&self, file: File<'_>, offset: usize, row: &[String], heading: &str) -> Option<Date> {
        let text = self.get(row, heading)?;
        let day = text.parse().ok();
        if day.is_none() {
            file.wrong(
                offset,
                format!("`{text}` in the column `{heading}` is not a day such as 2024-07-01"),
            );
        }
        day
    }
    fn texts(&self, file: File<'_>, offset: usize, row: &[String]) -> Texts {
        let mut found = BTreeMap::new();
        for language in file.languages {
            match self.get(row, language) {
                Some(text) => {
                    found.insert(language.clone(), text.to_owned());
                }
                None => file.wrong(offset, format!("the text in `{language}` is missing")),
            }
        }
        Texts(found)
    }
    fn more(&self, file: File<'_>, row: &[String], known: &[&str]) -> BTreeMap<String, String> {
        let own = |heading: &&String| !known.contains(&heading.as_str()) && !file.languages.contains(heading);
        let more = self
            .headings
            .iter()
            .filter(own)
            .filter_map(|h| Some((h.clone(), self.get(row, h)?.to_owned())));
        more.collect()
    }
    /// The code of a row, noted when it is missing or not the first of its kind.
    fn code(
        &self,
        file: File<'_>,
        offset: usize,
        row: &[String],
        seen: &mut std::collections::BTreeSet<String>,
    ) -> String {
        let code = self.get(row, "code").unwrap_or_default().to_owned();
        if code.is_empty() {
            file.wrong(offset, "the code is missing");
        } else if !seen.insert(code.clone()) {
            file.wrong(offset, format!("the code `{code}` is in the list twice"));
        }
        code
    }
}

pub(super) fn code_list(file: File<'_>, name: &str) -> CodeList {
    let rows = csv(file, &["code"]);
    let mut seen = std::collections::BTreeSet::new();
    let mut entries = Vec::new();
    for (offset, row) in &rows.rows {
        let entry = CodeEntry {
            code: rows.code(file, *offset, row, &mut seen),
            name: rows.texts(file, *offset, row),
            from: rows.date(file, *offset, row, "from"),
            until: rows.date(file, *offset, row, "until"),
            more: rows.more(file, row, &["code", "from", "until"]),
        };
        if let (Some(from), Some(until)) = (entry.from, entry.until)
            && until <= from
        {
            file.wrong(*offset, format!("`{}` ends before it begins", entry.code));
        }
        entries.push(entry);
    }
    CodeList {
        name: name.to_owned(),
        entries,
    }
}

pub(super) fn offices(file: File<'_>) -> Vec<OfficeRow> {
    let rows = csv(file, &["code", "parent", "kind", "municipality"]);
    let mut seen = std::collections::BTreeSet::new();
    let mut found = Vec::new();
    for (offset, row) in &rows.rows {
        let kind = rows.get(row, "kind").unwrap_or_default().to_owned();
        if !matches!(kind.as_str(), "ministry" | "centre" | "unit") {
            file.wrong(*offset, format!("`{kind}` is none of ministry, centre, unit"));
        }
        let parent = rows.get(row, "parent").map(str::to_owned);
        // Parents stand before their children, so that the tree has no circle.
        if let Some(parent) = &parent
            && !seen.contains(parent)
        {
            file.wrong(
                *offset,
                format!("the office above it, `{parent}`, does not stand in a line before"),
            );
        }
        if let Some(municipality) = rows.get(row, "municipality") {
            file.refer(To::Municipality, municipality, *offset);
        }
        found.push(OfficeRow {
            code: rows.code(file, *offset, row, &mut seen),
            parent,
            kind,
            municipality: rows.get(row, "municipality").map(str::to_owned),
            name: rows.texts(file, *offset, row),
            more: rows.more(file, row, &["code", "parent", "kind", "municipality"]),
        });
    }
    found
}

pub(super) fn municipalities(file: File<'_>) -> Vec<MunicipalityRow> {
    let rows = csv(file, &["code"]);
    let mut seen = std::collections::BTreeSet::new();
    let mut found = Vec::new();
    for (offset, row) in &rows.rows {
        if let Some(centre) = rows.get(row, "centre") {
            file.refer(To::Office, centre, *offset);
        }
        found.push(MunicipalityRow {
            code: rows.code(file, *offset, row, &mut seen),
            centre: rows.get(row, "centre").map(str::to_owned),
            plate: rows.get(row, "plate").map(str::to_owned),
            name: rows.texts(file, *offset, row),
            more: rows.more(file, row, &["code", "centre", "plate"]),
        });
    }
    found
}

pub(super) fn holidays(file: File<'_>) -> Vec<Holiday> {
    let rows = csv(file, &["date"]);
    let mut found: Vec<Holiday> = Vec::new();
    for (offset, row) in &rows.rows {
        if let Some(on) = rows.date(file, *offset, row, "date") {
            found.push(Holiday {
                on,
                name: rows.texts(file, *offset, row),
            });
        }
    }
    found.sort_by_key(|holiday| holiday.on);
    found
}

//! `facts.toml`: the dictionary.

use super::{
    FactDef, HolderKind, Sensitive,
    load::type_of,
    read::{File, Table, To},
};
use crate::{
    lang::{RowType, Type},
    text_check::TextCheck,
};
use karton_api::Per;
use std::{collections::BTreeMap, sync::Arc};

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
    let whom = table.choice("whom", &[("household", false), ("anyone", true)], Some(false));
    if table.opt("whom").is_some() && ty != Type::Person {
        table.wrong("`whom` is for persons only");
    }
    let holder = table
        .choice("holder", &holders, None)
        .unwrap_or(HolderKind::Person);
    let again = table.bool("again", false);
    if again && !(holder == HolderKind::Claim && matches!(ty, Type::Code(_) | Type::Text)) {
        table.wrong("`again` is for a claim's codes and texts: other facts are known from the dossier");
    }
    let mut columns = BTreeMap::new();
    if let Some(named) = table.opt("columns").and_then(|item| item.table()) {
        for (column, item) in named.entries() {
            let known = row.as_ref().is_some_and(|row| row.opt(column).is_some());
            if !known {
                named.wrong(format!("the rows have no column `{column}`"));
            }
            columns.insert(column.to_owned(), item.texts().unwrap_or_default());
        }
    }
    let signed = signed(table, &name, &ty);
    FactDef {
        anyone: whom.unwrap_or(false),
        per: if let Type::Money(per) = ty {
            Some(per)
        } else {
            None
        },
        holder,
        list,
        question: table.texts("question"),
        columns,
        help: table.opt_texts("help"),
        again,
        check: table.opt_text("check").and_then(|check| {
            let known = TextCheck::parse(&check);
            if known.is_none() {
                table.wrong(format!(
                    "a fact's `check` is one of {}, or left out",
                    TextCheck::NAMES.join(", ")
                ));
            }
            if ty != Type::Text {
                table.wrong("`check` is for texts only");
            }
            known
        }),
        signed,
        sensitive: (table.opt("sensitive").is_some())
            .then(|| table.choice("sensitive", &Sensitive::NAMES, None))
            .flatten(),
        ty,
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

/// `signed = true`, or of rows the columns that may lie below zero: `signed = ["balance"]`.
fn signed(table: &Table<'_>, name: &str, ty: &Type) -> Vec<String> {
    let number = |ty: &Type| matches!(ty, Type::Int | Type::Decimal | Type::Money(_));
    let Some(item) = table.opt("signed") else {
        return Vec::new();
    };
    if let Type::List(element) = ty
        && let Type::Row(row) = element.as_ref()
    {
        let named = table.items("signed");
        let columns = named.iter().filter_map(|one| {
            let column = one.text()?;
            let fits = (row.columns.iter()).any(|(other, ty)| other == column && number(ty));
            if !fits {
                one.wrong(format!("the rows have no number or amount `{column}`"));
            }
            fits.then(|| column.to_owned())
        });
        return columns.collect();
    }
    if !number(ty) {
        item.wrong("`signed` is for numbers and amounts, or names columns of rows");
    }
    table
        .bool("signed", false)
        .then(|| name.to_owned())
        .into_iter()
        .collect()
}

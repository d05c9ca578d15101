//! `own-registers/*.toml`: the registers that the institution keeps itself.

use super::{
    load::type_of,
    own_register::{Extract, OwnField, OwnRegister, OwnSection, SubjectKind},
    read::{File, Item, Table, To},
};
use crate::{lang::Type, text_check::TextCheck};

const SUBJECTS: [(&str, SubjectKind); 3] = [
    ("person", SubjectKind::Person),
    ("organisation", SubjectKind::Organisation),
    ("sole-trader", SubjectKind::SoleTrader),
];

/// Roles that an entry may be written by.
const WRITERS: [&str; 4] = ["clerk", "caseworker", "approver", "registrar"];

pub(super) fn register(file: File<'_>) -> OwnRegister {
    let toml = file.toml();
    let table = file.table(toml.get_ref(), 0);
    let sections: Vec<OwnSection> = (table.tables("section").iter())
        .map(|section| {
            let found = OwnSection {
                id: section.text("id"),
                name: section.texts("name"),
                of: section
                    .choice("of", &SUBJECTS, None)
                    .unwrap_or(SubjectKind::Person),
            };
            section.finish();
            found
        })
        .collect();
    if sections.is_empty() {
        table.wrong("a register needs at least one [[section]]: of whom its entries are");
    }
    for (at, section) in sections.iter().enumerate() {
        if sections.iter().take(at).any(|before| before.id == section.id) {
            table.wrong(format!("the section `{}` is there twice", section.id));
        }
    }
    let mut fields: Vec<OwnField> = Vec::new();
    for field in table.tables("field") {
        let found = own_field(&field, &sections);
        field.finish();
        if fields.iter().any(|other| other.name == found.name) {
            field.wrong(format!("the field `{}` is there twice", found.name));
        }
        fields.push(found);
    }
    if fields.is_empty() {
        table.wrong("a register needs at least one [[field]]");
    }
    let writes = table.strings("writes");
    for role in writes.iter().filter(|role| !WRITERS.contains(&role.as_str())) {
        table.wrong(format!("`{role}` is none of {}", WRITERS.join(", ")));
    }
    if writes.is_empty() {
        table.wrong("`writes` names at least one role");
    }
    let extract = table.opt("extract").and_then(|item| item.table()).map(|extract| {
        let found = Extract {
            series: extract.text("series"),
            fields: extract.strings("fields"),
            letter: extract.opt("letter").map(|_| extract.refer(To::Letter, "letter")),
        };
        for name in found
            .fields
            .iter()
            .filter(|name| fields.iter().all(|field| field.name != **name))
        {
            extract.wrong(format!("the register has no field `{name}`"));
        }
        extract.finish();
        found
    });
    let confidence = table.choice("confidence", &super::load::CONFIDENCES, None);
    let register = OwnRegister {
        id: table.text("id"),
        name: table.texts("name"),
        law: table.opt("law").map(|_| table.law("law")),
        keeper: table.refer(To::Body, "keeper"),
        writes,
        sections,
        fields,
        extract,
        source: table.refer(To::Source, "source"),
        confidence: confidence.unwrap_or(super::Confidence::Default),
        place: table.place(),
    };
    table.finish();
    register
}

fn own_field(field: &Table<'_>, sections: &[OwnSection]) -> OwnField {
    let ty = field.need("type").and_then(|item| {
        let ty = type_of(&item)?;
        if matches!(ty, Type::List(_) | Type::Duration | Type::Period) {
            item.wrong("a field of a register is a single value");
        }
        Some(ty)
    });
    let found = OwnField {
        name: field.text("name"),
        check: checks(field, ty.as_ref()),
        ty: ty.unwrap_or(Type::Text),
        label: field.texts("label"),
        required: field.bool("required", false),
        public: field.bool("public", false),
        sections: field.strings("sections"),
    };
    for name in found
        .sections
        .iter()
        .filter(|name| sections.iter().all(|it| it.id != **name))
    {
        field.wrong(format!("the register has no section `{name}`"));
    }
    found
}

/// `check = "pib"`, or a list where numbers of several kinds stand in the field.
fn checks(field: &Table<'_>, ty: Option<&Type>) -> Vec<TextCheck> {
    let Some(item) = field.opt("check") else {
        return Vec::new();
    };
    if ty.is_some_and(|ty| *ty != Type::Text) {
        item.wrong("`check` is for texts only");
    }
    let items = match item.value.get_ref().as_array() {
        Some(_) => item.array().unwrap_or_default(),
        None => vec![item],
    };
    let one = |item: &Item<'_>| {
        let text = item.text()?;
        let found = TextCheck::parse(text);
        if found.is_none() {
            item.wrong(format!("`{text}` is none of {}", TextCheck::NAMES.join(", ")));
        }
        found
    };
    items.iter().filter_map(one).collect()
}

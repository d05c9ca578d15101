//! `incompatible = […]` of a benefit, and the conditions made of it.

use super::{
    BesideEffect, Condition, Confidence, Expression, HolderKind, Incompatible, Reach, Texts,
    load::CONFIDENCES,
    model::Source,
    read::{Item, Table, To},
};

const REACHES: [(&str, Reach); 3] = [
    ("holder", Reach::Holder),
    ("members", Reach::Members),
    ("about", Reach::About),
];
const EFFECTS: [(&str, BesideEffect); 3] = [
    ("refuse", BesideEffect::Refuse),
    ("suspend", BesideEffect::Suspend),
    ("choose", BesideEffect::Choose),
];

/// Reads what cannot be held beside the benefit. What is refused with sentences becomes a condition of the benefit, so that it is explained,
/// confirmed by an officer where its law is not, and printed like any other.
pub(super) fn incompatible(
    table: &Table<'_>,
    unit: HolderKind,
    about: Option<&str>,
    conditions: &mut Vec<Condition>,
) -> Vec<Incompatible> {
    let mut found: Vec<Incompatible> = Vec::new();
    for item in table.items("incompatible") {
        let one = if item.value.get_ref().is_table() {
            item.table().map(|table| one(&table, unit, about, conditions))
        } else {
            bare(&item)
        };
        let Some(one) = one else { continue };
        if found
            .iter()
            .any(|other| other.benefit == one.benefit && other.of == one.of)
        {
            item.wrong(format!("`{}` stands here twice", one.benefit));
        }
        found.push(one);
    }
    found
}

/// Only the code.
fn bare(item: &Item<'_>) -> Option<Incompatible> {
    let code = item.text()?;
    item.file.refer(To::Benefit, code, item.offset());
    Some(Incompatible {
        benefit: code.to_owned(),
        of: Reach::Holder,
        effect: BesideEffect::Refuse,
        law: String::new(),
        confidence: Confidence::Default,
        says: None,
        condition: None,
        place: item.file.place(item.offset()),
    })
}

fn one(
    table: &Table<'_>,
    unit: HolderKind,
    about: Option<&str>,
    conditions: &mut Vec<Condition>,
) -> Incompatible {
    let benefit = table.refer(To::Benefit, "benefit");
    let of = table
        .choice("of", &REACHES, Some(Reach::Holder))
        .unwrap_or(Reach::Holder);
    let effect = table
        .choice("effect", &EFFECTS, None)
        .unwrap_or(BesideEffect::Refuse);
    if of == Reach::About && about.is_none() {
        table.wrong(
            "`of = \"about\"` needs a benefit with `about`: nobody is named on whose account it is granted",
        );
    }
    let law = table.law("law");
    let confidence = table
        .choice("confidence", &CONFIDENCES, None)
        .unwrap_or(Confidence::Default);
    let says = table.opt_texts("says");
    let fails = table.opt_texts("fails");
    let id = table.opt_text("id");
    let mut condition = None;
    match (effect, &says, &fails) {
        (BesideEffect::Refuse, Some(says), Some(fails)) => {
            let id = id.unwrap_or_else(|| format!("beside-{}", benefit.to_lowercase()));
            if conditions.iter().any(|other| other.id == id) {
                table.wrong(format!("the condition `{id}` is defined twice"));
            }
            conditions.push(Condition {
                id: id.clone(),
                law: law.clone(),
                confidence,
                says: says.clone(),
                fails: Some(fails.clone()),
                lets: Vec::new(),
                when: not_held(table, unit, of, about, &benefit),
                applies_if: None,
                place: table.place(),
            });
            condition = Some(id);
        }
        (BesideEffect::Refuse, ..) => {
            table.wrong(
                "whoever is refused reads why: `says` and `fails` are needed beside `effect = \"refuse\"`",
            );
        }
        (_, _, Some(_)) => table.wrong("`fails` belongs to `effect = \"refuse\"`: nothing fails here"),
        _ if id.is_some() => table.wrong("`id` names the condition of `effect = \"refuse\"`"),
        _ => {}
    }
    let found = Incompatible {
        benefit,
        of,
        effect,
        law,
        confidence,
        says: says.filter(|says: &Texts| !says.0.is_empty()),
        condition,
        place: table.place(),
    };
    table.finish();
    found
}

/// That nobody whom the incompatibility reaches has the other award in force.
fn not_held(
    table: &Table<'_>,
    unit: HolderKind,
    of: Reach,
    about: Option<&str>,
    benefit: &str,
) -> Expression {
    let awards = match (of, unit, about) {
        (Reach::About, _, Some(fact)) => format!("claim.{fact}.awards_about"),
        (Reach::Members, ..) => "concatenate(household.awards, household.members.family_awards)".to_owned(),
        (Reach::Holder, HolderKind::Household, _) => "household.awards".to_owned(),
        _ => "applicant.awards".to_owned(),
    };
    let text = format!("not(some a in {awards} satisfies a.benefit = \"{benefit}\")");
    // What is wrong with it is said where the table stands.
    let offsets = vec![table.offset; text.len() + 1];
    Expression {
        source: Source {
            file: table.file.name.to_owned(),
            offsets,
        },
        text,
        code: None,
    }
}

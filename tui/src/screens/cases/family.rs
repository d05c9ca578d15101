//! The people around a case as text: a household is a block, a generation an indent, a couple stands side by side. Pure.

use super::named;
use crate::{app::Look, form::date, screens::widgets::full_name, text::visible};
use karton_api::{
    cases::{Family, Home, Kin},
    catalogue::CodeList,
};
use std::collections::BTreeMap;

/// The signs of a drawing: those of the terminal, or plain ASCII.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Signs {
    child: &'static str,
    last: &'static str,
    pair: &'static str,
    parted: &'static str,
    dead: &'static str,
    cared: &'static str,
}
pub(super) const DRAWN: Signs = Signs {
    child: "├─ ",
    last: "└─ ",
    pair: "══ ",
    parted: "═/═ ",
    dead: "†",
    cared: "◄─ ",
};
pub(super) const PLAIN: Signs = Signs {
    child: "|- ",
    last: "`- ",
    pair: "== ",
    parted: "=/= ",
    dead: "+",
    cared: "<- ",
};

/// Lines of the drawing.
pub(super) fn lines(
    family: &Family,
    codes: &BTreeMap<String, CodeList>,
    signs: Signs,
    look: &Look<'_>,
) -> Vec<String> {
    let mut out = Vec::new();
    for (place, home) in family.households.iter().enumerate() {
        if place > 0 {
            out.push(String::new());
        }
        out.push(format!("[{}] {}", place + 1, look.words.t("family-home")));
        draw(home, codes, signs, look, &mut out);
    }
    if !family.others.is_empty() {
        if !out.is_empty() {
            out.push(String::new());
        }
        out.push(look.words.t("family-others"));
        for kin in &family.others {
            out.push(format!("   {}", one(kin, codes, signs, look)));
            out.extend(carers(kin, codes, signs, look, "      "));
        }
    }
    out
}

fn couple(kin: &Kin) -> bool {
    matches!(kin.relationship.as_str(), "spouse" | "partner")
}

fn draw(
    home: &Home,
    codes: &BTreeMap<String, CodeList>,
    signs: Signs,
    look: &Look<'_>,
    out: &mut Vec<String>,
) {
    let generations: Vec<i8> = home.people.iter().filter_map(|kin| kin.generation).collect();
    let eldest = generations.iter().max().copied().unwrap_or(0);
    // A head stands before whoever is joined to them.
    let mut people: Vec<&Kin> = home.people.iter().collect();
    people.sort_by_key(|kin| {
        let generation = kin.generation.map_or(i16::MAX, |g| -i16::from(g));
        (generation, kin.relationship != "self", !couple(kin))
    });
    for (place, kin) in people.iter().enumerate() {
        let depth = usize::try_from(eldest - kin.generation.unwrap_or(eldest)).unwrap_or(0);
        let later = people
            .iter()
            .skip(place + 1)
            .any(|next| next.generation == kin.generation && !couple(next));
        let sign = match (couple(kin), kin.left.is_some(), depth) {
            (true, false, _) => signs.pair,
            (true, true, _) => signs.parted,
            (false, _, 0) => "",
            (false, _, _) if later => signs.child,
            (false, _, _) => signs.last,
        };
        let indent = "   ".repeat(depth + 1);
        out.push(format!("{indent}{sign}{}", one(kin, codes, signs, look)));
        out.extend(carers(kin, codes, signs, look, &format!("{indent}      ")));
    }
}

/// A person in a line: name, birth, death, relationship, roles, when they left.
fn one(kin: &Kin, codes: &BTreeMap<String, CodeList>, signs: Signs, look: &Look<'_>) -> String {
    let mut words = match (&kin.card, &kin.name) {
        (Some(card), _) => full_name(&card.name),
        (None, Some(name)) => visible(name),
        (None, None) => String::new(),
    };
    if let Some(card) = &kin.card {
        if let Some(born) = card.birth_date {
            words.push_str(&format!(" *{}", date::show(born)));
        }
        if let Some(died) = card.death_date {
            words.push_str(&format!(" {}{}", signs.dead, date::show(died)));
        }
    }
    let mut said: Vec<String> = Vec::new();
    if !kin.relationship.is_empty() && kin.relationship != "self" {
        said.push(named(codes, "relationships", &kin.relationship, look));
    }
    for role in &kin.roles {
        said.push(match role.as_str() {
            "subject" => look.words.t("role-subject").to_uppercase(),
            other => named(codes, "case_roles", other, look),
        });
    }
    if let Some(left) = kin.left {
        said.push(format!("{} {}", look.words.t("family-left"), date::show(left)));
    }
    if !said.is_empty() {
        words.push_str(&format!(" · {}", said.join(", ")));
    }
    words
}

fn carers(
    kin: &Kin,
    codes: &BTreeMap<String, CodeList>,
    signs: Signs,
    look: &Look<'_>,
    indent: &str,
) -> Vec<String> {
    kin.carers
        .iter()
        .map(|carer| {
            format!(
                "{indent}{}{}: {} ({})",
                signs.cared,
                named(codes, "care_kinds", &carer.kind, look),
                full_name(&carer.card.name),
                date::show(carer.from)
            )
        })
        .collect()
}

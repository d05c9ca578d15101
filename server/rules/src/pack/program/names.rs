//! What a name means at its place, and in which order named expressions are worked out.

use super::{Compiler, frame::Named};
use crate::lang::{Expr, Kind, Span, Type, Wrong};
use std::collections::BTreeSet;

/// What a name means in a condition or the rest of a benefit: its slot, nothing when it is ambiguous.
pub(super) fn find(named: &[Named<'_>], home: Option<usize>, name: &str) -> Option<Option<usize>> {
    let all: Vec<usize> = (0..named.len()).filter(|at| named[*at].name == name).collect();
    let own = all.iter().find(|at| home.is_some() && named[**at].home == home);
    let shared = all.iter().find(|at| named[**at].home.is_none());
    match (own.or(shared), all.as_slice()) {
        (Some(at), _) => Some(Some(*at)),
        (None, []) => None,
        (None, [only]) => Some(Some(*only)),
        (None, _) => Some(None),
    }
}

/// Names that an expression needs, those bound inside it not among them.
fn needed(
    expr: &Expr,
    facts: &BTreeSet<String>,
    filter: bool,
    bound: &mut Vec<String>,
    found: &mut BTreeSet<String>,
) {
    match &expr.kind {
        Kind::Name(name) => {
            let column = filter && facts.contains(name);
            if !column && !bound.contains(name) {
                found.insert(name.clone());
            }
        }
        Kind::Filter(list, test) => {
            needed(list, facts, filter, bound, found);
            needed(test, facts, true, bound, found);
        }
        Kind::Some(name, list, body) | Kind::Every(name, list, body) | Kind::For(name, list, body) => {
            needed(list, facts, filter, bound, found);
            bound.push(name.clone());
            needed(body, facts, filter, bound, found);
            bound.pop();
        }
        kind => kind
            .parts()
            .into_iter()
            .for_each(|part| needed(part, facts, filter, bound, found)),
    }
}

/// The same, where a bare name inside a filter is first of all a fact or a column of what is gone through.
pub(super) fn rests_on(expr: &Expr, facts: &BTreeSet<String>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    needed(expr, facts, false, &mut Vec::new(), &mut found);
    found
}

pub(super) fn mentions(expr: &Expr) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    needed(expr, &BTreeSet::new(), false, &mut Vec::new(), &mut found);
    found
}

impl Compiler<'_> {
    /// The order in which named expressions are worked out; circles are mistakes.
    pub(super) fn order(&self, named: &[Named<'_>]) -> Vec<usize> {
        let facts: BTreeSet<String> = self.stand_alone();
        let needs: Vec<Vec<usize>> = named
            .iter()
            .map(|one| {
                let mut found = BTreeSet::new();
                needed(&one.expr, &facts, false, &mut Vec::new(), &mut found);
                found
                    .iter()
                    .filter_map(|name| find(named, one.home, name)?)
                    .collect()
            })
            .collect();
        let mut order = Vec::new();
        let mut done = vec![false; named.len()];
        // As many rounds as there are names: each finds all whose needs are done.
        for _ in 0..named.len() {
            for at in 0..named.len() {
                if !done[at] && needs[at].iter().all(|need| done[*need]) {
                    done[at] = true;
                    order.push(at);
                }
            }
        }
        if let Some(first) = (0..named.len()).find(|at| !done[*at]) {
            let mut circle = vec![first];
            let mut at = first;
            while let Some(next) = needs[at].iter().copied().find(|next| !done[*next]) {
                if let Some(from) = circle.iter().position(|seen| *seen == next) {
                    circle.drain(..from);
                    break;
                }
                circle.push(next);
                at = next;
            }
            let first = circle[0];
            let names: Vec<&str> = circle.iter().chain([&first]).map(|at| named[*at].name).collect();
            let message = format!("named expressions go in a circle: {}", names.join(" → "));
            self.wrong(named[first].is, Wrong::new(Span::default(), message));
        }
        order
    }

    /// Names that can stand alone inside a filter: facts of a person and columns of rows.
    pub(super) fn stand_alone(&self) -> BTreeSet<String> {
        let holders = [
            &self.dictionary.person,
            &self.dictionary.household,
            &self.dictionary.claim,
        ];
        let mut found: BTreeSet<String> = self
            .dictionary
            .person
            .facts
            .iter()
            .map(|(name, _)| name.clone())
            .collect();
        for (_, ty) in holders.iter().flat_map(|holder| &holder.facts) {
            if let Some(Type::Row(row)) = ty.element() {
                found.extend(row.columns.iter().map(|(name, _)| name.clone()));
            }
        }
        found
    }
}

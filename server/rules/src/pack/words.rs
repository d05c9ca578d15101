//! What the messages of `words/*.ftl` refer to: other messages and terms, that must be there and never lead back.

use super::{Mistake, read::Mistakes};
use fluent_syntax::ast::{
    CallArguments, Entry, Expression, Identifier, InlineExpression, Pattern, PatternElement,
};
use std::collections::{BTreeMap, BTreeSet};

/// What a message or a term, under its name as it is referred to, refers to and where.
type Referred<'t> = BTreeMap<String, Vec<(String, &'t str)>>;

pub(super) fn check(file: &str, text: &str, mistakes: &Mistakes) {
    // What is no message at all is said by the check of the lines.
    let resource = match fluent_syntax::parser::parse(text) {
        Ok(resource) | Err((resource, _)) => resource,
    };
    let mut referred = Referred::new();
    for entry in &resource.body {
        let (name, patterns): (String, Vec<&Pattern<&str>>) = match entry {
            Entry::Message(it) => {
                let attributes = it.attributes.iter().map(|attribute| &attribute.value);
                (it.id.name.to_owned(), it.value.iter().chain(attributes).collect())
            }
            Entry::Term(it) => {
                let attributes = it.attributes.iter().map(|attribute| &attribute.value);
                let all = std::iter::once(&it.value).chain(attributes);
                (format!("-{}", it.id.name), all.collect())
            }
            _ => continue,
        };
        let found = referred.entry(name).or_default();
        patterns.into_iter().for_each(|it| pattern(it, found));
    }
    let wrong = |at: &str, message: String| {
        // The name is a part of the text.
        let offset = at.as_ptr().addr().saturating_sub(text.as_ptr().addr());
        mistakes.note(Mistake::at(file, text, offset, message));
    };
    for (name, to) in &referred {
        for (other, at) in to {
            if !referred.contains_key(other) {
                wrong(
                    at,
                    format!("`{name}` refers to `{other}`, and there is no such message"),
                );
            } else if leads_to(&referred, other, name) {
                wrong(at, format!("`{name}` leads back to itself by `{other}`"));
            }
        }
    }
}

fn leads_to(referred: &Referred<'_>, from: &str, to: &str) -> bool {
    let (mut open, mut seen) = (vec![from], BTreeSet::new());
    while let Some(name) = open.pop() {
        if name == to {
            return true;
        }
        if seen.insert(name) {
            open.extend(
                referred
                    .get(name)
                    .into_iter()
                    .flatten()
                    .map(|(next, _)| next.as_str()),
            );
        }
    }
    false
}

fn pattern<'t>(pattern: &Pattern<&'t str>, found: &mut Vec<(String, &'t str)>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            whole(expression, found);
        }
    }
}

fn whole<'t>(expression: &Expression<&'t str>, found: &mut Vec<(String, &'t str)>) {
    match expression {
        Expression::Select { selector, variants } => {
            inline(selector, found);
            variants.iter().for_each(|variant| pattern(&variant.value, found));
        }
        Expression::Inline(one) => inline(one, found),
    }
}

fn inline<'t>(expression: &InlineExpression<&'t str>, found: &mut Vec<(String, &'t str)>) {
    let mut refer =
        |sign: &str, id: &Identifier<&'t str>| found.push((format!("{sign}{}", id.name), id.name));
    match expression {
        InlineExpression::MessageReference { id, .. } => refer("", id),
        InlineExpression::TermReference { id, arguments, .. } => {
            refer("-", id);
            arguments.iter().for_each(|it| given(it, found));
        }
        InlineExpression::FunctionReference { arguments, .. } => given(arguments, found),
        InlineExpression::Placeable { expression } => whole(expression, found),
        InlineExpression::StringLiteral { .. }
        | InlineExpression::NumberLiteral { .. }
        | InlineExpression::VariableReference { .. } => {}
    }
}

fn given<'t>(arguments: &CallArguments<&'t str>, found: &mut Vec<(String, &'t str)>) {
    arguments.positional.iter().for_each(|it| inline(it, found));
    arguments.named.iter().for_each(|it| inline(&it.value, found));
}

//! What the rules of a benefit rest on, and which benefits two versions of a pack can decide otherwise.
//!
//! Everything is taken from the texts of the rules: each word of an expression that is the name of a parameter, a fact, a shared name or another
//! benefit counts as rested on. That may be more than is looked at, never less.

use crate::pack::{
    Benefit, Confidence, Expression, HolderKind, Let, Pack, Parameter, ParameterValue, Signal,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

/// What one benefit rests on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach {
    /// Names of parameters.
    pub parameters: BTreeSet<String>,
    /// Facts of the dictionary with their holder; of the names that several kinds of holders have, all of them.
    pub facts: BTreeSet<(HolderKind, String)>,
    /// Awards of anybody are looked at.
    pub awards: bool,
    /// Other benefits whose conditions are worked out too.
    pub benefits: BTreeSet<String>,
    /// Shared names.
    shared: BTreeSet<String>,
    /// Days on which nobody works are looked at.
    holidays: bool,
}

impl Reach {
    /// What is asked for this time is looked at.
    pub fn claim(&self) -> bool {
        self.facts.iter().any(|(holder, _)| *holder == HolderKind::Claim)
    }
    /// Takes in what another version of the benefit rests on.
    pub fn take(&mut self, other: Reach) {
        self.parameters.extend(other.parameters);
        self.facts.extend(other.facts);
        self.benefits.extend(other.benefits);
        self.shared.extend(other.shared);
        self.awards |= other.awards;
        self.holidays |= other.holidays;
    }
}

/// How a benefit of two versions stands to itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Neither its rules nor anything they rest on is another.
    Untouched,
    /// Something it rests on is another.
    Touched,
    /// Only the new version has it.
    New,
    /// Only the old version has it.
    Gone,
}

/// Every benefit of either version in the order of the new one, those that are gone last.
pub fn changes<'p>(old: &'p Pack, new: &'p Pack) -> Vec<(&'p str, Change)> {
    let mut found: Vec<(&str, Change)> = Vec::new();
    for benefit in &new.benefits {
        let change = match old.benefit(&benefit.code) {
            None => Change::New,
            Some(before) if written(old, before) == written(new, benefit) => Change::Untouched,
            Some(_) => Change::Touched,
        };
        found.push((&benefit.code, change));
    }
    let gone = old.benefits.iter().filter(|it| new.benefit(&it.code).is_none());
    found.extend(gone.map(|it| (it.code.as_str(), Change::Gone)));
    found
}

/// What a benefit of a pack rests on.
pub fn reach(pack: &Pack, benefit: &Benefit) -> Reach {
    let names = Names::of(pack);
    let mut found = Reach::default();
    names.follow(pack, benefit, &mut found);
    found
}

/// Names of the facts that the rules of a benefit itself rest on, not those of other benefits they ask for.
pub(crate) fn own_facts(pack: &Pack, benefit: &Benefit) -> BTreeSet<String> {
    named(pack, expressions(benefit))
}

/// Names of the facts that a cross-check looks at.
pub(crate) fn facts_of_signal(pack: &Pack, signal: &Signal) -> BTreeSet<String> {
    let lets = signal.lets.iter().map(|one| &one.is);
    named(pack, lets.chain(&signal.when))
}

fn named<'e>(pack: &Pack, expressions: impl Iterator<Item = &'e Expression>) -> BTreeSet<String> {
    let names = Names {
        alone: true,
        ..Names::of(pack)
    };
    let mut found = Reach::default();
    for expression in expressions {
        names.read(pack, expression, &mut found);
    }
    found.facts.into_iter().map(|(_, name)| name).collect()
}

impl Pack {
    /// Whether facts laid out for the other pack can be read by this one: both have the same facts in the same order and number texts alike.
    pub fn reads_like(&self, other: &Pack) -> bool {
        self.dictionary.reads_like(&other.dictionary)
    }
}

/// The names that words of expressions can be.
struct Names<'p> {
    parameters: BTreeMap<&'p str, &'p Parameter>,
    facts: BTreeMap<&'p str, Vec<HolderKind>>,
    shared: BTreeMap<&'p str, &'p Let>,
    /// Neither are other benefits followed that are asked for, nor facts seen in the parts of a parameter's name.
    alone: bool,
}

impl<'p> Names<'p> {
    fn of(pack: &'p Pack) -> Names<'p> {
        let mut facts: BTreeMap<&str, Vec<HolderKind>> = BTreeMap::new();
        for fact in &pack.facts {
            facts.entry(&fact.name).or_default().push(fact.holder);
        }
        Names {
            parameters: pack.parameters.iter().map(|it| (it.name.as_str(), it)).collect(),
            facts,
            shared: pack.shared.iter().map(|it| (it.name.as_str(), it)).collect(),
            alone: false,
        }
    }

    fn follow(&self, pack: &Pack, benefit: &Benefit, found: &mut Reach) {
        for expression in expressions(benefit) {
            self.read(pack, expression, found);
        }
    }

    fn read(&self, pack: &Pack, expression: &Expression, found: &mut Reach) {
        let text = &expression.text;
        // What is asked for is named by its path, `claim.child`; other holders are also those of names that walk through them.
        let of_claim = |word: &str| word.split('.').any(|part| part == "claim");
        let apart = words(text).any(|word| word == "claim" || word.ends_with("claim."));
        found.holidays |= text.contains("working days");
        for word in words(text) {
            if self.parameters.contains_key(word) {
                found.parameters.insert(word.to_owned());
                if self.alone {
                    continue;
                }
            }
            for part in word.split('.') {
                if let Some(holders) = self.facts.get(part) {
                    let named =
                        |holder: &&HolderKind| **holder != HolderKind::Claim || apart || of_claim(word);
                    let holders = holders.iter().filter(named);
                    found
                        .facts
                        .extend(holders.map(|holder| (*holder, part.to_owned())));
                }
                found.awards |= matches!(part, "awards" | "family_awards" | "awards_about");
                if let Some(shared) = self.shared.get(part)
                    && found.shared.insert(part.to_owned())
                {
                    self.read(pack, &shared.is, found);
                }
                if !self.alone
                    && text.contains("qualifies")
                    && let Some(other) = pack.benefit(part)
                    && found.benefits.insert(part.to_owned())
                {
                    self.follow(pack, other, found);
                }
            }
        }
    }
}

/// Runs of letters, digits, `_` and `.`: names, paths and the codes between quotation marks.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let inside = |c: char| c.is_alphanumeric() || c == '_' || c == '.' || c == '-';
    text.split(move |c| !inside(c))
        // A minus between two names makes one word of them; the parts are looked at too.
        .flat_map(|word| {
            std::iter::once(word).chain(word.split('-').filter(move |part| part.len() < word.len()))
        })
        .filter(|word| !word.is_empty())
}

/// What decides on a right and its amount: not what another institution is told, nor when the right ends.
fn expressions(benefit: &Benefit) -> impl Iterator<Item = &Expression> {
    let conditions = benefit.conditions.iter().flat_map(|condition| {
        let lets = condition.lets.iter().map(|one| &one.is);
        lets.chain(std::iter::once(&condition.when))
            .chain(&condition.applies_if)
    });
    let amount = benefit.amount.iter().flat_map(|amount| {
        let parts = amount.parts.iter().map(|part| &part.formula);
        std::iter::once(&amount.formula).chain(parts)
    });
    benefit
        .lets
        .iter()
        .map(|one| &one.is)
        .chain(conditions)
        .chain(benefit.kinds.iter().map(|kinds| &kinds.of))
        .chain(amount)
}

/// Everything that decides on a benefit, written down so that two versions can be held against each other.
fn written(pack: &Pack, benefit: &Benefit) -> String {
    let names = Names::of(pack);
    let mut found = Reach::default();
    names.follow(pack, benefit, &mut found);
    let mut out = String::new();
    rules(benefit, &mut out);
    for code in &found.benefits {
        pack.benefit(code)
            .into_iter()
            .for_each(|other| rules(other, &mut out));
    }
    for name in &found.shared {
        let is = names
            .shared
            .get(name.as_str())
            .map_or("", |one| one.is.text.as_str());
        put(&mut out, format_args!("{name} = {is}"));
    }
    for name in &found.parameters {
        names
            .parameters
            .get(name.as_str())
            .into_iter()
            .for_each(|it| parameter(it, &mut out));
    }
    for (holder, name) in &found.facts {
        let ty = pack.fact(*holder, name).map(|fact| (&fact.ty, fact.per));
        put(&mut out, format_args!("{holder:?}.{name}: {ty:?}"));
    }
    if found.holidays {
        put(&mut out, format_args!("{:?}", pack.law.holidays));
    }
    put(
        &mut out,
        format_args!("{} {}", pack.country.currency, pack.country.minor_units),
    );
    // The source that counts first decides which fact does.
    put(&mut out, format_args!("{:?}", pack.country.rank));
    out
}

// Writing to a String cannot fail.
fn put(out: &mut String, line: std::fmt::Arguments<'_>) {
    let _ = writeln!(out, "{line}");
}

fn rules(benefit: &Benefit, out: &mut String) {
    let sure = |confidence: Confidence| !confidence.is_unconfirmed();
    put(
        out,
        format_args!(
            "{} {:?} {:?} {:?}",
            benefit.code, benefit.unit, benefit.kind, benefit.about
        ),
    );
    let first = benefit.competent.iter().map(|one| one.from).min();
    put(out, format_args!("from {first:?}"));
    let named = |lets: &[Let], out: &mut String| {
        lets.iter()
            .for_each(|one| put(out, format_args!("let {} = {}", one.name, one.is.text)));
    };
    named(&benefit.lets, out);
    if let Some(kinds) = &benefit.kinds {
        put(out, format_args!("kind {} {:?}", kinds.of.text, kinds.each));
    }
    for condition in &benefit.conditions {
        put(out, format_args!("condition {}", sure(condition.confidence)));
        named(&condition.lets, out);
        let applies_if = condition.applies_if.as_ref().map(|it| it.text.as_str());
        put(
            out,
            format_args!("if {applies_if:?} when {}", condition.when.text),
        );
    }
    if let Some(amount) = &benefit.amount {
        put(
            out,
            format_args!("amount {} {:?}", amount.formula.text, amount.rounding),
        );
        for part in &amount.parts {
            let (each, once) = (part.of_members, part.once);
            put(
                out,
                format_args!("part {} {each} {once} {}", part.code, part.formula.text),
            );
        }
    }
}

fn parameter(it: &Parameter, out: &mut String) {
    put(
        out,
        format_args!("{} {:?} {:?} {}", it.name, it.unit, it.keys, it.up_to),
    );
    for dated in &it.at {
        let value: &ParameterValue = &dated.value;
        put(
            out,
            format_args!("{} {:?} {value:?}", dated.from, dated.published),
        );
    }
}

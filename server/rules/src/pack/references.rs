//! What refers to what, across the files of a pack.

use super::{
    ApplicantKind, Benefit, Expression, Gives, HolderKind, Literal, Mistake, Notify, Pack, Parameter,
    ParameterValue, Place, Procedure, Step, StepKind, SubjectKind, check_beside, competent, deciders,
    exchange, later,
    read::{Mistakes, Reference, To},
};
use crate::lang::{Type, hint};
use std::collections::{BTreeMap, BTreeSet};

pub(super) struct Checker<'a> {
    files: &'a BTreeMap<String, String>,
    mistakes: &'a Mistakes,
}

impl Checker<'_> {
    pub(super) fn wrong(&self, place: &Place, message: impl Into<String>) {
        if self.mistakes.is_full() {
            return;
        }
        let text = self.files.get(&place.file).map_or("", String::as_str);
        self.mistakes
            .note(Mistake::at(&place.file, text, place.offset, message));
    }
}

/// Everything that a kind of reference may name.
fn names(pack: &Pack, to: To) -> BTreeSet<String> {
    let facts = |holder| {
        pack.facts
            .iter()
            .filter(move |fact| fact.holder == holder)
            .map(|fact| fact.name.clone())
    };
    let codes = |list: &str| {
        pack.codes
            .get(list)
            .map(|list| list.entries.iter().map(|entry| entry.code.clone()).collect())
            .unwrap_or_default()
    };
    match to {
        To::Procedure => pack.procedures.iter().map(|one| one.id.clone()).collect(),
        To::Form => pack.forms.iter().map(|one| one.id.clone()).collect(),
        To::Letter => pack.letters.keys().cloned().collect(),
        To::Service => pack.services.iter().map(|one| one.code.clone()).collect(),
        To::Message => pack.incoming.iter().map(|one| one.code.clone()).collect(),
        To::Benefit => {
            // Benefits that others decide on stand in codes/benefits.csv.
            let mut found: BTreeSet<String> = codes("benefits");
            found.extend(pack.benefits.iter().map(|one| one.code.clone()));
            found
        }
        To::Body => pack.country.bodies.iter().map(|one| one.code.clone()).collect(),
        To::Act => pack.country.acts.iter().map(|one| one.code.clone()).collect(),
        To::CodeList => pack
            .codes
            .keys()
            .cloned()
            .chain(["municipalities".to_owned()])
            .collect(),
        To::Institution => codes("institutions"),
        To::Office => pack.offices.iter().map(|one| one.code.clone()).collect(),
        To::Municipality => pack.municipalities.iter().map(|one| one.code.clone()).collect(),
        To::PersonFact => facts(HolderKind::Person)
            .chain(["birth_date", "sex", "death_date", "alive", "relationship"].map(str::to_owned))
            .collect(),
        To::HouseholdFact => facts(HolderKind::Household).collect(),
        To::ClaimFact => facts(HolderKind::Claim).collect(),
        To::ClaimPerson => pack
            .facts
            .iter()
            .filter(|fact| fact.holder == HolderKind::Claim && fact.ty == Type::Person)
            .map(|fact| fact.name.clone())
            .collect(),
        To::Source => pack.sources.keys().cloned().collect(),
        To::CaseRole => codes("case_roles"),
        To::CareKind => codes("care_kinds"),
        To::ContactKind => codes("contact_kinds"),
        To::OwnRegister => pack.own_registers.iter().map(|one| one.id.clone()).collect(),
    }
}

/// Every reason of a later decision says for which kinds it is; each kind that the country has needs one.
fn amendment_reasons(checker: &Checker<'_>, pack: &Pack) {
    let place = Place {
        file: "codes/amendment_reasons.csv".to_owned(),
        offset: 0,
    };
    let Some(list) = pack.codes.get("amendment_reasons") else {
        checker.wrong(&place, "later decisions need their reasons: the list is missing");
        return;
    };
    let mut there = BTreeSet::new();
    for entry in &list.entries {
        let kinds = super::AmendmentKind::of_reason(entry);
        let written = entry.more.get("kinds").unwrap_or_default();
        if kinds.is_empty() || kinds.len() != written.split_whitespace().count() {
            checker.wrong(
                &place,
                format!(
                    "the reason `{}` needs its kinds: change, suspend, resume, end, correct, annul",
                    entry.code
                ),
            );
        }
        there.extend(kinds);
    }
    if let Some(death) = pack
        .country
        .amendments
        .as_ref()
        .and_then(|rule| rule.death.as_ref())
    {
        let ends = list
            .entry(&death.reason)
            .is_some_and(|entry| super::AmendmentKind::of_reason(entry).contains(&super::AmendmentKind::End));
        if !ends {
            let message = format!(
                "`{}` is no reason in amendment_reasons.csv to end a right",
                death.reason
            );
            checker.wrong(&death.place, message);
        }
    }
    if let Some(choice) = (pack.country.amendments.as_ref()).and_then(|rule| rule.choice.as_ref()) {
        let kinds = list
            .entry(&choice.reason)
            .map(super::AmendmentKind::of_reason)
            .unwrap_or_default();
        for kind in [super::AmendmentKind::Suspend, super::AmendmentKind::End] {
            if !kinds.contains(&kind) {
                let message = format!(
                    "`{}` is no reason in amendment_reasons.csv to {} a right",
                    choice.reason,
                    kind.name()
                );
                checker.wrong(&choice.place, message);
            }
        }
    }
    for kind in super::AmendmentKind::ALL {
        if !there.contains(&kind) {
            checker.wrong(&place, format!("there is no reason for `{}`", kind.name()));
        }
    }
}

fn what(to: To) -> &'static str {
    match to {
        To::Procedure => "procedure",
        To::Form => "form",
        To::Letter => "letter",
        To::Service => "service",
        To::Message => "message",
        To::Benefit => "benefit",
        To::Body => "body",
        To::Act => "act in country.toml",
        To::CodeList => "code list",
        To::Institution => "institution in codes/institutions.csv",
        To::Office => "office in codes/offices.csv",
        To::Municipality => "municipality in codes/municipalities.csv",
        To::PersonFact => "fact of a person",
        To::HouseholdFact => "fact of the household",
        To::ClaimFact => "fact of the claim",
        To::ClaimPerson => "fact of the claim of type person",
        To::Source => "source in SOURCES.md",
        To::CaseRole => "code in codes/case_roles.csv",
        To::CareKind => "code in codes/care_kinds.csv",
        To::ContactKind => "code in codes/contact_kinds.csv",
        To::OwnRegister => "register of our own",
    }
}

pub(super) fn check(pack: &Pack, files: &BTreeMap<String, String>, mistakes: &Mistakes) {
    let checker = Checker { files, mistakes };
    let mut known: BTreeMap<To, BTreeSet<String>> = BTreeMap::new();
    for Reference { to, name, place } in mistakes.references() {
        // What an author knows without a source is marked so: default, memory, as printed.
        if name.is_empty() || (to == To::Source && matches!(name.as_str(), "D" | "M" | "P")) {
            continue;
        }
        let names = known.entry(to).or_insert_with(|| self::names(pack, to));
        if !names.contains(&name) {
            let near = hint(&name, names.iter().map(String::as_str));
            checker.wrong(&place, format!("there is no {} `{name}`{near}", what(to)));
        }
    }
    for procedure in &pack.procedures {
        steps(&checker, procedure);
    }
    exchange::check(&checker, pack);
    competent::check(pack, files, mistakes);
    deciders::check(pack, files, mistakes);
    later::check(pack, files, mistakes);
    for service in &pack.services {
        for gives in &service.gives {
            columns(&checker, pack, gives);
        }
    }
    for benefit in &pack.benefits {
        asked(&checker, pack, benefit);
        parties(&checker, pack, benefit);
        if let Some(notify) = &benefit.notify {
            told(&checker, pack, benefit, notify);
        }
    }
    for benefit in &pack.benefits {
        check_beside::beside(pack, benefit, |place, message| checker.wrong(place, message));
    }
    for (name, by_language) in &pack.letters {
        for language in pack
            .country
            .languages
            .iter()
            .filter(|language| !by_language.contains_key(*language))
        {
            let file = format!("letters/{name}.{language}.md");
            checker.wrong(
                &Place { file, offset: 0 },
                format!("the letter `{name}` in `{language}` is missing"),
            );
        }
    }
    for parameter in &pack.parameters {
        let starts = parameter.at.first().map(|first| first.from);
        if let Some(from) = starts.filter(|from| *from > pack.country.covers_from && !parameter.begins) {
            checker.wrong(
                &parameter.place,
                format!(
                    "`{}` has a gap: the pack covers {} on, its first value is from {from}",
                    parameter.name, pack.country.covers_from
                ),
            );
        }
    }
    words(pack, files, mistakes);
    for parameter in &pack.parameters {
        table_keys(&checker, pack, parameter);
    }
    if pack.country.amendments.is_some() {
        amendment_reasons(&checker, pack);
    }
    for list in ["sexes", "relationships"] {
        if !pack.codes.contains_key(list) {
            let file = format!("codes/{list}.csv");
            checker.wrong(
                &Place { file, offset: 0 },
                format!("the code list `{list}` is missing: facts given of every person use it"),
            );
        }
    }
}

/// Every message of one language is there in the others.
fn words(pack: &Pack, files: &BTreeMap<String, String>, mistakes: &Mistakes) {
    let messages = |text: &str| -> BTreeMap<String, usize> {
        let mut at = 0;
        let mut found = BTreeMap::new();
        for line in text.split_inclusive('\n') {
            let id = line.split('=').next().unwrap_or_default().trim_end();
            let starts = id.starts_with(|c: char| c.is_ascii_alphabetic() || c == '-') && line.contains('=');
            if starts
                && id
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
            {
                found.insert(id.to_owned(), at);
            }
            at += line.len();
        }
        found
    };
    for (language, text) in &pack.words {
        for (id, at) in messages(text) {
            for (other, _) in pack
                .words
                .iter()
                .filter(|(_, text)| !messages(text).contains_key(&id))
            {
                let file = format!("words/{language}.ftl");
                let text = files.get(&file).map_or("", String::as_str);
                mistakes.note(Mistake::at(
                    &file,
                    text,
                    at,
                    format!("the words of `{id}` in `{other}` are missing"),
                ));
            }
        }
    }
}

/// Keys of a table by code are codes of its list.
fn table_keys(checker: &Checker<'_>, pack: &Pack, parameter: &Parameter) {
    for (place, ty) in parameter.keys.iter().enumerate() {
        let Type::Code(list) = ty else { continue };
        let codes: Vec<&str> = match pack.codes.get(&**list) {
            Some(codes) => codes.entries.iter().map(|entry| entry.code.as_str()).collect(),
            None if &**list == "municipalities" => {
                pack.municipalities.iter().map(|row| row.code.as_str()).collect()
            }
            None => continue,
        };
        for dated in &parameter.at {
            let ParameterValue::Table(rows) = &dated.value else {
                continue;
            };
            for (keys, _) in rows {
                if let Some(Some(Literal::Text(code))) = keys.get(place)
                    && !codes.contains(&code.as_str())
                {
                    let near = hint(code, codes.iter().copied());
                    checker.wrong(
                        &parameter.place,
                        format!("the key `{code}` from {} is not in `{list}`{near}", dated.from),
                    );
                }
            }
        }
    }
}

fn steps(checker: &Checker<'_>, procedure: &Procedure) {
    for step in &procedure.steps {
        for next in after(step).filter(|next| procedure.step(next).is_none()) {
            let near = hint(next, procedure.steps.iter().map(|step| step.id.as_str()));
            checker.wrong(
                &step.place,
                format!("after `{}` comes `{next}`, which is no step{near}", step.id),
            );
        }
    }
    let mut reached: BTreeSet<&str> = procedure
        .steps
        .first()
        .map(|step| step.id.as_str())
        .into_iter()
        .collect();
    let mut open: Vec<&str> = reached.iter().copied().collect();
    while let Some(id) = open.pop() {
        for next in procedure.step(id).into_iter().flat_map(after) {
            if reached.insert(next) {
                open.push(next);
            }
        }
    }
    for step in procedure
        .steps
        .iter()
        .filter(|step| !reached.contains(step.id.as_str()))
    {
        checker.wrong(&step.place, format!("no way leads to the step `{}`", step.id));
    }
}

/// Steps that can open when a step is done or sent back.
fn after(step: &Step) -> impl Iterator<Item = &String> {
    let planned = step.next.iter().chain(&step.onward).chain(&step.returns);
    planned.chain(step.from_outside())
}

/// An organisation has a number that is checked; a provider stands in a register that says what it is registered for.
fn parties(checker: &Checker<'_>, pack: &Pack, benefit: &Benefit) {
    let numbers = !pack.country.organisation_schemes.is_empty();
    if benefit.applicant == ApplicantKind::Organisation && !numbers {
        let message = "an organisation asks for it, but country.toml has no [[organisation_scheme]]";
        checker.wrong(&benefit.place, message);
    }
    let Some(rule) = &benefit.provider else { return };
    if !numbers {
        let message = "a provider is paid, but country.toml has no [[organisation_scheme]]";
        checker.wrong(&rule.place, message);
    }
    let Some(register) = pack.own_registers.iter().find(|one| one.id == rule.register) else {
        return;
    };
    let organisations = register
        .sections
        .iter()
        .any(|section| section.of != SubjectKind::Person);
    let field = register.fields.iter().find(|field| field.name == SERVICE);
    match field.map(|field| &field.ty) {
        Some(Type::Code(list)) if organisations => {
            let codes = pack.codes.get(&**list);
            for service in &rule.services {
                if codes.is_some_and(|codes| codes.entry(service).is_none()) {
                    let names = codes.into_iter().flat_map(|codes| &codes.entries);
                    let near = hint(service, names.map(|entry| entry.code.as_str()));
                    let message = format!("the code list `{list}` has no `{service}`{near}");
                    checker.wrong(&rule.place, message);
                }
            }
        }
        _ => {
            let message = format!(
                "the register `{}` is none of providers: it needs a section of organisations and a field `{SERVICE}` of codes",
                register.id
            );
            checker.wrong(&rule.place, message);
        }
    }
}

/// The field of a register of providers that says what they are registered for.
const SERVICE: &str = "service";

/// Only services that answer can be asked.
fn asked(checker: &Checker<'_>, pack: &Pack, benefit: &Benefit) {
    for need in &benefit.evidence {
        if pack
            .service(&need.service)
            .is_some_and(|service| !service.takes.is_empty())
        {
            let message = format!(
                "the service `{}` takes messages and answers no questions",
                need.service
            );
            checker.wrong(&benefit.place, message);
        }
    }
}

/// A message is what its service takes, no less and no more, and its procedure has a step in which one sees that it was sent.
fn told(checker: &Checker<'_>, pack: &Pack, benefit: &Benefit, notify: &Notify) {
    let step = |step: &Step| step.kind == StepKind::Notify && step.act.is_none() && step.tells.is_none();
    if let Some(procedure) = pack.procedure(&benefit.procedure)
        && !procedure.steps.iter().any(step)
    {
        let message = format!(
            "the procedure `{}` has no step of kind notify without an act: nobody would see a message that was not taken",
            procedure.id
        );
        checker.wrong(&notify.place, message);
    }
    if !notify.later.is_empty()
        && let Some(rule) = &pack.country.amendments
        && let Some(procedure) = pack.procedure(&rule.procedure)
        && !procedure.steps.iter().any(step)
    {
        let message = format!(
            "the procedure of later decisions, `{}`, has no step of kind notify without an act: nobody would see a message that was not taken",
            procedure.id
        );
        checker.wrong(&notify.place, message);
    }
    sent(
        checker,
        pack,
        &notify.place,
        &notify.service,
        &members(&notify.send),
    );
    for later in &notify.later {
        sent(checker, pack, &later.place, &later.service, &members(&later.send));
    }
}

fn members(send: &[(String, Expression)]) -> Vec<&str> {
    send.iter().map(|(name, _)| name.as_str()).collect()
}

/// What is sent is what the service takes, no less and no more.
pub(super) fn sent(checker: &Checker<'_>, pack: &Pack, place: &Place, service: &str, send: &[&str]) {
    let Some(service) = pack.service(service) else {
        return;
    };
    if service.takes.is_empty() {
        checker.wrong(place, format!("the service `{}` takes no messages", service.code));
        return;
    }
    for member in send {
        if !service.takes.iter().any(|(name, _)| name == member) {
            let near = hint(member, service.takes.iter().map(|(name, _)| name.as_str()));
            let message = format!("the service `{}` takes no `{member}`{near}", service.code);
            checker.wrong(place, message);
        }
    }
    for (member, _) in &service.takes {
        if !send.contains(&member.as_str()) {
            let message = format!(
                "the service `{}` takes `{member}`, which is not sent",
                service.code
            );
            checker.wrong(place, message);
        }
    }
}

fn columns(checker: &Checker<'_>, pack: &Pack, gives: &Gives) {
    let Some(fact) = pack.fact(HolderKind::Person, &gives.fact) else {
        return;
    };
    let columns = fact.columns();
    for ours in gives.map.keys() {
        if !columns.iter().any(|(name, _)| name == ours) {
            let near = hint(ours, columns.iter().map(|(name, _)| name.as_str()));
            checker.wrong(
                &gives.place,
                format!("the fact `{}` has no column `{ours}`{near}", fact.name),
            );
        }
    }
    if let Some(nothing) = &gives.nothing {
        let fits = match &fact.ty {
            Type::Code(list) => pack
                .codes
                .get(list.as_ref())
                .is_some_and(|list| list.entry(nothing).is_some()),
            Type::Int => nothing.parse::<i64>().is_ok(),
            Type::Decimal => nothing.parse::<crate::lang::Ratio>().is_ok(),
            _ => {
                let message = format!(
                    "`nothing` is for codes and numbers; of `{}` an empty answer says enough",
                    fact.name
                );
                checker.wrong(&gives.place, message);
                true
            }
        };
        if !fits {
            let message = format!("`{nothing}` is no value of the fact `{}`", fact.name);
            checker.wrong(&gives.place, message);
        }
    }
    for (missing, _) in columns.iter().filter(|(name, _)| !gives.map.contains_key(name)) {
        checker.wrong(
            &gives.place,
            format!("the column `{missing}` of `{}` is not mapped", fact.name),
        );
    }
}

/// What is not wrong, but that somebody should look at.
pub(super) fn notes(pack: &Pack, files: &BTreeMap<String, String>) -> Vec<Mistake> {
    let mut found = Vec::new();
    let mut note = |place: &Place, message: String| {
        let text = files.get(&place.file).map_or("", String::as_str);
        found.push(Mistake::at(&place.file, text, place.offset, message));
    };
    for benefit in &pack.benefits {
        for condition in benefit
            .conditions
            .iter()
            .filter(|condition| condition.confidence.is_unconfirmed())
        {
            note(
                &condition.place,
                format!(
                    "{}: the condition `{}` rests on {}: an officer must confirm it",
                    benefit.code,
                    condition.id,
                    condition.confidence.name()
                ),
            );
        }
    }
    found.sort();
    found.dedup();
    found
}

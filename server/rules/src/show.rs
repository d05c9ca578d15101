//! A pack for people: expressions tried out, rules as one reads them, and how much of them is confirmed.

use crate::{
    assess::{Input, Printer, Step},
    lang::{Code, Context, Scope, Scratch, Type, Value, parse},
    pack::{
        Benefit, BesideEffect, Confidence, Expression, HolderKind, LaterBy, Let, Literal, Mistake, Pack,
        Parameter, ParameterValue, Reach, Territory,
    },
    text,
};
use karton_api::{Date, Money};
use serde::Serialize;
use std::fmt::Write;

/// The value of an expression that was tried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Evaluated {
    /// As people of the language write it; a question mark when it is unknown.
    pub value: String,
    /// Its type, with the unit.
    pub unit: String,
    /// The facts that are missing, `applicant.income`, when it is unknown.
    pub missing: Vec<String>,
}

/// An expression that was tried out, taken apart.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explained {
    /// Its value.
    pub value: Evaluated,
    /// Its parts with their values, decided branches only.
    pub steps: Vec<Step>,
}

/// Tries an expression out on a day, over the facts of a file (its name and text) if there is one.
/// Refuses with every mistake of the expression or the file.
pub fn eval_text(
    pack: &Pack,
    expression: &str,
    facts: Option<(&str, &str)>,
    on: Date,
    language: &str,
) -> Result<Evaluated, Vec<Mistake>> {
    let (name, text) = facts.unwrap_or_default();
    let input = pack.read_facts(name, text, on)?;
    Ok(explain_text(pack, expression, &input, language)?.value)
}

/// Tries an expression out over facts and takes it apart. Refuses with what is wrong with the expression.
pub fn explain_text(
    pack: &Pack,
    expression: &str,
    input: &Input,
    language: &str,
) -> Result<Explained, Vec<Mistake>> {
    let wrong = |wrong: crate::lang::Wrong| {
        vec![Mistake::at(
            "expression",
            expression,
            wrong.span.start,
            wrong.message,
        )]
    };
    let expr = parse(expression).map_err(wrong)?;
    // A copy: texts of this expression do not become part of the pack.
    let mut dictionary = pack.dictionary.clone();
    let mut scope = Scope::new(&mut dictionary);
    scope.guards = true;
    let code = Code::compile(&mut scope, &expr, None).map_err(wrong)?;
    let world = crate::assess::prepare(&dictionary, input);
    let mut scratch = Scratch::default();
    scratch.begin(code.slots);
    let context = Context {
        world: &world,
        law: &pack.law,
        scratch: &scratch,
    };
    let value = code.run(&context);
    let missing = match value {
        Value::Unknown(set) => context
            .missing(set)
            .into_iter()
            .map(|key| dictionary.fact(&world, key))
            .collect(),
        _ => Vec::new(),
    };
    let printer = Printer {
        pack,
        dictionary: &dictionary,
        world: &world,
        scratch: &scratch,
    };
    let value = Evaluated {
        value: printer.print(value, &code.ty, language, Some(input)),
        unit: code.ty.to_string(),
        missing,
    };
    let steps = printer.steps(&code, expression, &context, &[language.to_owned()], Some(input));
    Ok(Explained { value, steps })
}

/// The rule of a benefit as a person reads it, with law and confidence, and the parameters it names as they are on a
/// day. Nothing when there is no such benefit.
pub fn show(pack: &Pack, benefit: &str, on: Date, language: &str) -> Option<String> {
    let benefit = pack.benefit(benefit)?;
    let mut out = String::new();
    let mut used: Vec<&Parameter> = Vec::new();
    let mut use_of = |expression: &Expression| {
        for parameter in &pack.parameters {
            let named = expression.text.match_indices(&parameter.name).any(|(at, name)| {
                let joins = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
                let after = expression.text[at + name.len()..].chars().next();
                let before = expression.text[..at].chars().next_back();
                !after.is_some_and(joins) && !before.is_some_and(joins)
            });
            if named && !used.iter().any(|other| other.name == parameter.name) {
                used.push(parameter);
            }
        }
    };
    let _ = writeln!(out, "{} – {}", benefit.code, benefit.name.get(language));
    let unit = if benefit.unit == HolderKind::Household {
        "household"
    } else {
        "person"
    };
    let _ = writeln!(out, "for a {unit}; {}", benefit.law.join(", "));
    competent(&mut out, pack, benefit, on, language);
    let lets = |out: &mut String, lets: &[Let], indent: &str| {
        for one in lets {
            let _ = writeln!(out, "{indent}{} = {}", one.name, on_one_line(&one.is.text));
        }
    };
    let every_let = || {
        benefit
            .lets
            .iter()
            .chain(benefit.conditions.iter().flat_map(|condition| &condition.lets))
    };
    every_let().for_each(|one| use_of(&one.is));
    if !benefit.lets.is_empty() {
        out.push('\n');
        lets(&mut out, &benefit.lets, "  ");
    }
    for (number, condition) in benefit.conditions.iter().enumerate() {
        let _ = writeln!(
            out,
            "\n{}. {} [{}]",
            number + 1,
            condition.says.get(language),
            condition.id
        );
        lets(&mut out, &condition.lets, "     ");
        if let Some(applies) = &condition.applies_if {
            use_of(applies);
            let _ = writeln!(out, "     if    {}", on_one_line(&applies.text));
        }
        use_of(&condition.when);
        let _ = writeln!(out, "     when  {}", on_one_line(&condition.when.text));
        let _ = writeln!(out, "     law   {}", law(&condition.law, condition.confidence));
    }
    for one in &benefit.incompatible {
        let whose = match one.of {
            Reach::Holder => "",
            Reach::Members => " of any member",
            Reach::About => " on the same account",
        };
        let follows = match (one.effect, &one.condition) {
            (BesideEffect::Refuse, Some(condition)) => format!("refused, see [{condition}]"),
            (BesideEffect::Refuse, None) => "refused".to_owned(),
            (BesideEffect::Suspend, _) => "the other is suspended".to_owned(),
            (BesideEffect::Choose, _) => "the person chooses".to_owned(),
        };
        let _ = writeln!(out, "\nbeside   {}{whose}: {follows}", one.benefit);
        if !one.law.is_empty() {
            let _ = writeln!(out, "     law   {}", law(&one.law, one.confidence));
        }
    }
    if let Some(amount) = &benefit.amount {
        use_of(&amount.formula);
        let _ = writeln!(out, "\namount   {}", on_one_line(&amount.formula.text));
        for part in &amount.parts {
            use_of(&part.formula);
            let each = if part.of_members { ", for each member" } else { "" };
            let once = if part.once { ", once" } else { "" };
            let _ = writeln!(
                out,
                "  {} ({}){each}{once} = {}",
                part.code,
                part.name.get(language),
                on_one_line(&part.formula.text)
            );
            let _ = writeln!(out, "     law   {}", law(&part.law, part.confidence));
        }
        let _ = writeln!(out, "     law   {}", law(&amount.law, amount.confidence));
    }
    if let Some(period) = &benefit.period {
        use_of(&period.starts);
        let _ = writeln!(out, "starts   {}", on_one_line(&period.starts.text));
        if let Some(ends) = &period.ends {
            use_of(ends);
            let _ = writeln!(out, "ends     {}", on_one_line(&ends.text));
        }
        if let Some(months) = period.review_every_months {
            let _ = writeln!(out, "review   every {months} months");
        }
    }
    if !used.is_empty() {
        let _ = writeln!(out, "\nparameters on {}", text::date(on, language));
    }
    for parameter in used {
        let says = parameter.says.as_ref().map_or("", |says| says.get(language));
        let _ = match parameter.at.iter().rev().find(|dated| dated.from <= on) {
            None => writeln!(out, "  {} = {} ({says})", parameter.name, text::UNKNOWN),
            Some(dated) => {
                let past = if dated.until.is_some_and(|until| on >= until) {
                    ", the next value is not known: unconfirmed"
                } else if on >= pack.country.covers_until {
                    ", past the published period: unconfirmed"
                } else {
                    ""
                };
                let value = value(pack, &dated.value, &parameter.unit, language);
                let from = text::date(dated.from, language);
                let confidence = dated.confidence.name();
                writeln!(
                    out,
                    "  {} = {value} (from {from}, {}, {confidence}{past}) {says}",
                    parameter.name, dated.source
                )
            }
        };
    }
    Some(out)
}

/// Who decides, confirms and pays. A star marks what holds on the day; what is over or to come has none.
fn competent(out: &mut String, pack: &Pack, benefit: &Benefit, on: Date, language: &str) {
    let name = |code: &str| {
        let found = pack.country.bodies.iter().rfind(|body| body.code == code);
        found.map_or(code, |body| body.name.get(language)).to_owned()
    };
    let _ = writeln!(out, "\ncompetent");
    for it in &benefit.competent {
        let place = match &it.place {
            Territory::Country => String::new(),
            Territory::Column(column, values) => format!(" where {column} is {}", values.join(", ")),
            Territory::Municipalities(codes) => {
                let names = codes.iter().map(|code| {
                    let row = pack.municipalities.iter().find(|row| row.code == *code);
                    row.map_or(code.as_str(), |row| row.name.get(language))
                });
                format!(" in {}", names.collect::<Vec<_>>().join(", "))
            }
        };
        let over = it.until.is_some_and(|until| until <= on)
            || benefit
                .competent
                .iter()
                .any(|other| other.place == it.place && other.from > it.from && other.from <= on);
        let mark = if it.from <= on && !over { '*' } else { ' ' };
        let until = it
            .until
            .and_then(|until| until.yesterday().ok())
            .map_or_else(String::new, |last| format!(" to {}", text::date(last, language)));
        let from = text::date(it.from, language);
        let _ = writeln!(
            out,
            "{mark} from {from}{until}{place}: decides {}",
            name(&it.decides)
        );
        if let Some(body) = &it.confirms {
            let _ = writeln!(out, "      confirms {}", name(body));
        }
        let _ = writeln!(out, "      pays {}", name(&it.pays));
    }
    for rule in &benefit.later {
        let kinds: Vec<&str> = rule.kinds.iter().map(|kind| kind.name()).collect();
        let reasons = match rule.reasons.is_empty() {
            true => String::new(),
            false => format!(" for {}", rule.reasons.join(", ")),
        };
        let by = match rule.by {
            LaterBy::First => "the first body alone",
            LaterBy::Second => "the confirming body alone",
            LaterBy::Both => "both bodies",
        };
        let source = law(&rule.source, rule.confidence);
        let _ = writeln!(out, "  later {}{reasons}: {by}, {source}", kinds.join(", "));
    }
}

fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn law(article: &str, confidence: Confidence) -> String {
    let note = if confidence.is_unconfirmed() {
        ": the officer confirms it"
    } else {
        ""
    };
    format!("{article} ({}{note})", confidence.name())
}

fn value(pack: &Pack, value: &ParameterValue, unit: &Type, language: &str) -> String {
    let one = |literal: &Literal| match literal {
        Literal::Bool(b) => text::bool(*b, language).to_owned(),
        Literal::Int(n) => text::int(*n, language),
        Literal::Decimal(d) => text::decimal(*d, language),
        Literal::Money(minor) => text::money(
            Money::new(*minor, pack.country.currency),
            pack.country.minor_units,
            language,
        ),
        Literal::Date(day) => text::date(*day, language),
        Literal::Text(code) => match unit {
            Type::Code(list) => pack.code_name(list, code, language).unwrap_or(code).to_owned(),
            _ => code.clone(),
        },
    };
    match value {
        ParameterValue::One(literal) => one(literal),
        ParameterValue::Table(rows) => {
            let rows = rows.iter().map(|(keys, value)| {
                let keys = keys.iter().map(|key| match key {
                    Some(Literal::Text(code)) => code.clone(),
                    Some(other) => one(other),
                    None => "*".to_owned(),
                });
                format!("{}: {}", keys.collect::<Vec<_>>().join(", "), one(value))
            });
            rows.collect::<Vec<_>>().join(" · ")
        }
    }
}

/// How many benefits of the country's catalogue the pack has, and how many there are; nothing where the country lists none.
pub fn catalogue(pack: &Pack) -> Option<(usize, usize)> {
    let all = &pack.country.catalogue;
    let there = all.iter().filter(|code| pack.benefit(code).is_some()).count();
    (!all.is_empty()).then_some((there, all.len()))
}

//! Forms, procedures and other institutions' services.

use super::{
    Above, Absence, CaseRules, Due, DueFrom, Field, Form, Gives, HolderKind, Incoming, LegalAct, Page,
    PageCheck, PageOf, Procedure, Service, Step, StepKind, StepRole, exchange,
    like::Like,
    load::type_of,
    load_country,
    read::{File, Table, To},
};
use crate::lang::Type;
use karton_api::persons::SourceKind;
use std::collections::BTreeMap;

/// Lines of fields that a page of 80x24 has room for.
pub(super) const PAGE_LINES: usize = 16;

pub(super) fn form(file: File<'_>) -> Form {
    let toml = file.toml();
    let table = file.table(toml.get_ref(), 0);
    let holders = [
        ("applicant", PageOf::Applicant),
        ("members", PageOf::Members),
        ("household", PageOf::Household),
        ("claim", PageOf::Claim),
    ];
    let mut pages: Vec<Page> = Vec::new();
    for page in table.tables("page") {
        let of = page.choice("of", &holders, None).unwrap_or(PageOf::Claim);
        let to = match of.holder() {
            HolderKind::Person => To::PersonFact,
            HolderKind::Household => To::HouseholdFact,
            HolderKind::Claim => To::ClaimFact,
        };
        let mut fields: Vec<Field> = Vec::new();
        for field in page.tables("field") {
            let found = Field {
                fact: field.refer(to, "fact"),
                required: field.bool("required", false),
                when: field.opt_expression("when"),
                default: field.opt_expression("default"),
                label: field.opt_texts("label"),
                place: field.place(),
            };
            field.finish();
            if fields.iter().any(|other| other.fact == found.fact) {
                field.wrong(format!("the fact `{}` is on this page twice", found.fact));
            }
            fields.push(found);
        }
        let mut checks = Vec::new();
        for check in page.tables("check") {
            let found = check.expression("when").map(|when| PageCheck {
                when,
                field: check.text("field"),
                says: check.texts("says"),
                binding: check.bool("binding", false),
            });
            check.finish();
            if let Some(found) = found {
                if !fields.iter().any(|field| field.fact == found.field) {
                    check.wrong(format!("the field `{}` is not on this page", found.field));
                }
                checks.push(found);
            }
        }
        let found = Page {
            id: page.text("id"),
            title: page.texts("title"),
            of,
            fields,
            checks,
        };
        page.finish();
        if found.fields.len() > PAGE_LINES {
            page.wrong(format!(
                "the page has {} lines, a screen of 80x24 has room for {PAGE_LINES}",
                found.fields.len()
            ));
        }
        if pages.iter().any(|other| other.id == found.id) {
            page.wrong(format!("the page `{}` is there twice", found.id));
        }
        pages.push(found);
    }
    let form = Form {
        id: table.text("id"),
        title: table.texts("title"),
        pages,
        place: table.place(),
    };
    table.finish();
    form
}

/// A procedure, and what it says of another one that it is like.
pub(super) fn procedure(file: File<'_>) -> (Procedure, Option<Like>) {
    let toml = file.toml();
    let table = file.table(toml.get_ref(), 0);
    let mut steps: Vec<Step> = Vec::new();
    let base = table.opt("like").map(|_| table.refer(To::Procedure, "like"));
    let mut after = BTreeMap::new();
    for step in table.tables("step") {
        let due = step.opt("due").and_then(|item| item.table()).and_then(|due| {
            let found = match (due.whole("days"), due.whole("working_days")) {
                (Some(days), None) => Some(Due::Days(days)),
                (None, Some(days)) => Some(Due::WorkingDays(days)),
                _ => {
                    due.wrong("a term is { days = N } or { working_days = N }");
                    None
                }
            };
            let from = due.choice("from", &FROM, Some(DueFrom::Opening))?;
            due.finish();
            Some((found?, from))
        });
        let found = Step {
            id: step.text("id"),
            kind: step.choice("kind", &KINDS, None).unwrap_or(StepKind::Form),
            act: step.choice("act", &ACTS, Some(None)).flatten(),
            form: step.opt("form").map(|_| step.refer(To::Form, "form")),
            source: source(&step),
            renews: step.opt("renews").map(|_| step.refer(To::ContactKind, "renews")),
            at: step.choice("at", &ABOVE, Some(None)).flatten(),
            letter: step.opt("letter").map(|_| step.refer(To::Letter, "letter")),
            appeal: step
                .opt("appeal")
                .and_then(|item| item.table())
                .map(|table| load_country::appeal(&table)),
            name: step.texts("name"),
            role: step.choice("role", &ROLES, None).unwrap_or(StepRole::Clerk),
            due: due.map(|(term, _)| term),
            due_from: due.map_or(DueFrom::Opening, |(_, from)| from),
            guard: step.opt_expression("guard"),
            tells: exchange::tells(&step),
            hears: exchange::hears(&step),
            lapses: step.strings("lapses"),
            next: step.strings("next"),
            onward: step.strings("onward"),
            returns: step.strings("returns"),
            reopen: step.bool("reopen", false),
            place: step.place(),
        };
        if base.is_some()
            && let Some(behind) = step.opt_text("after")
        {
            after.insert(found.id.clone(), behind);
        }
        step.finish();
        if steps.iter().any(|other| other.id == found.id) {
            step.wrong(format!("the step `{}` is there twice", found.id));
        }
        steps.push(found);
    }
    if steps.len() > MOST_STEPS {
        table.wrong(format!("a procedure has at most {MOST_STEPS} steps"));
        steps.truncate(MOST_STEPS);
    }
    if steps.is_empty() && base.is_none() {
        table.wrong("a procedure needs at least one step");
    }
    let mut own = Vec::new();
    let case = table.opt("case").and_then(|item| item.table()).map(|case| {
        own.extend(INHERITED.into_iter().filter(|key| case.opt(key).is_some()));
        let rules = CaseRules {
            code: case.text("code"),
            series: case.text("series"),
            restricted: case.bool("restricted", false),
            roles: case.refer_all(To::CaseRole, "roles"),
            care: case
                .opt("care")
                .map_or_else(Vec::new, |_| case.refer_all(To::CareKind, "care")),
            visit: case.opt("visit").map(|_| case.refer(To::Form, "visit")),
        };
        let series = &rules.series;
        if series.is_empty()
            || !series.bytes().all(|byte| byte.is_ascii_uppercase())
            || TAKEN.contains(&series.as_str())
        {
            case.wrong("a series has a class of capital letters that no other papers have");
        }
        case.finish();
        rules
    });
    let procedure = Procedure {
        id: table.text("id"),
        version: table.whole("version").unwrap_or(1),
        name: table.texts("name"),
        case,
        steps,
        place: table.place(),
    };
    let like = base.map(|base| Like {
        id: procedure.id.clone(),
        base,
        without: table.strings("without"),
        after,
        own,
        place: table.place(),
    });
    table.finish();
    (procedure, like)
}

/// Whose word the facts of a step's form are: that of a visit, where nothing is said.
fn source(step: &Table<'_>) -> SourceKind {
    if step.opt("source").is_some() && (step.opt("form").is_none() || step.opt("act").is_some()) {
        step.wrong("a source belongs to a step with a form that no legal act completes");
    }
    step.choice("source", &SOURCES, Some(SourceKind::Visit))
        .unwrap_or(SourceKind::Visit)
}

/// Nobody oversees a procedure of more steps.
const MOST_STEPS: usize = 200;

/// What `[case]` of a procedure takes over from the one that it is like, where it does not say it itself.
const INHERITED: [&str; 4] = ["roles", "care", "visit", "restricted"];

const KINDS: [(&str, StepKind); 11] = [
    ("form", StepKind::Form),
    ("evidence", StepKind::Evidence),
    ("assess", StepKind::Assess),
    ("decide", StepKind::Decide),
    ("letter", StepKind::Letter),
    ("notify", StepKind::Notify),
    ("pay", StepKind::Pay),
    ("monitor", StepKind::Monitor),
    ("review", StepKind::Review),
    ("refer", StepKind::Refer),
    ("close", StepKind::Close),
];
/// Classes of numbers that applications, decisions, dossiers, receipts, incoming post, dismissals and withdrawals have.
const TAKEN: [&str; 7] = ["Z", "R", "D", "PP", "P", "O", "PO"];
const ACTS: [(&str, Option<LegalAct>); 15] = [
    ("lodge", Some(LegalAct::Lodge)),
    ("recommend", Some(LegalAct::Recommend)),
    ("decide", Some(LegalAct::Decide)),
    ("deliver", Some(LegalAct::Deliver)),
    ("report", Some(LegalAct::Report)),
    ("open", Some(LegalAct::Open)),
    ("appraise", Some(LegalAct::Appraise)),
    ("plan", Some(LegalAct::Plan)),
    ("approve", Some(LegalAct::Approve)),
    ("review", Some(LegalAct::Review)),
    ("refer", Some(LegalAct::Refer)),
    ("place", Some(LegalAct::Place)),
    ("close", Some(LegalAct::Close)),
    ("dismiss", Some(LegalAct::Dismiss)),
    ("confirm", Some(LegalAct::Confirm)),
];
const ABOVE: [(&str, Option<Above>); 3] = [
    ("above", Some(Above::Next)),
    ("centre", Some(Above::Centre)),
    ("ministry", Some(Above::Ministry)),
];
const SOURCES: [(&str, SourceKind); 4] = [
    ("visit", SourceKind::Visit),
    ("document", SourceKind::Document),
    ("finding", SourceKind::Finding),
    ("declaration", SourceKind::Declaration),
];
const FROM: [(&str, DueFrom); 2] = [("opening", DueFrom::Opening), ("lodging", DueFrom::Lodging)];
const ROLES: [(&str, StepRole); 3] = [
    ("clerk", StepRole::Clerk),
    ("caseworker", StepRole::Caseworker),
    ("approver", StepRole::Approver),
];

pub(super) fn services(file: File<'_>, found: &mut Vec<Service>, incoming: &mut Vec<Incoming>) {
    let toml = file.toml();
    let root = file.table(toml.get_ref(), 0);
    for table in root.tables("service") {
        let mut gives = Vec::new();
        for given in table.tables("gives") {
            let map = given.opt("map").and_then(|item| item.table()).map(|map| {
                let columns = map.entries().into_iter();
                columns
                    .filter_map(|(ours, theirs)| Some((ours.to_owned(), theirs.text()?.to_owned())))
                    .collect()
            });
            let map: BTreeMap<String, String> = map.unwrap_or_default();
            let fact = given.refer(To::PersonFact, "fact");
            gives.push(Gives {
                fact,
                from: given.text("from"),
                map,
                nothing: given
                    .opt("nothing")
                    .and_then(|item| match item.value.get_ref().is_integer() {
                        true => item.int().map(|number| number.to_string()),
                        false => item.text().map(str::to_owned),
                    }),
                place: given.place(),
            });
            given.finish();
        }
        let takes = table.opt("takes").and_then(|item| item.table());
        let takes: Vec<(String, Type)> = takes
            .iter()
            .flat_map(Table::entries)
            .filter_map(|(member, item)| {
                let ty = type_of(&item)?;
                if matches!(ty, Type::Person | Type::List(_)) {
                    item.wrong("a message holds single values; whom it is about stands in it by the number");
                }
                Some((member.to_owned(), ty))
            })
            .collect();
        let receives = !takes.is_empty();
        if receives && !gives.is_empty() {
            table.wrong("a service either answers questions ([[service.gives]]) or takes messages (takes)");
        }
        let reads = [
            ("person", HolderKind::Person),
            ("household", HolderKind::Household),
        ];
        let service = Service {
            code: table.text("code"),
            institution: table.refer(To::Institution, "institution"),
            xroad: table.text("xroad"),
            name: table.texts("name"),
            reads: table.choice("reads", &reads, None).unwrap_or(HolderKind::Person),
            freshness_days: table.whole("freshness_days").unwrap_or(30),
            absence: table
                .choice(
                    "absence",
                    &[("none", Absence::None), ("unknown", Absence::Unknown)],
                    receives.then_some(Absence::Unknown),
                )
                .unwrap_or(Absence::Unknown),
            period_months: table.whole("period_months"),
            gives,
            takes,
            place: table.place(),
        };
        table.finish();
        if found.iter().any(|other| other.code == service.code) {
            table.wrong(format!("the service `{}` is defined twice", service.code));
        }
        found.push(service);
    }
    exchange::messages(&root, incoming);
    root.finish();
}

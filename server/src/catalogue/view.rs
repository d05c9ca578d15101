//! The pack's types as they travel. Pure.

use karton_api::{Date, catalogue as wire, common::Texts};
use karton_rules::{
    id_number::Scheme,
    lang::Type,
    organisation_number::Check,
    pack::{self, BenefitKind, HolderKind, Pack, StepKind, StepRole},
};

/// The country served.
pub(super) fn country(pack: &Pack, today: Date, demo: bool) -> wire::Country {
    let country = &pack.country;
    wire::Country {
        id: country.id.clone(),
        name: texts(&country.name),
        languages: country.languages.clone(),
        currency: country.currency,
        minor_units: country.minor_units,
        id_schemes: country
            .id_schemes
            .iter()
            .map(|scheme| wire::IdScheme {
                code: scheme.code.clone(),
                name: texts(&scheme.name),
                check: scheme_name(scheme.check).to_owned(),
            })
            .collect(),
        organisation_schemes: country
            .organisation_schemes
            .iter()
            .map(|scheme| wire::IdScheme {
                code: scheme.code.clone(),
                name: texts(&scheme.name),
                check: check_name(scheme.check).to_owned(),
            })
            .collect(),
        classifiers: country.classifiers.clone(),
        today,
        pack: pack.hash.clone(),
        demo,
    }
}

fn scheme_name(scheme: Scheme) -> &'static str {
    match scheme {
        Scheme::Jmbg => "jmbg",
        Scheme::Cnp => "cnp",
        Scheme::Rnokpp => "rnokpp",
        Scheme::Unzr => "unzr",
        Scheme::None => "none",
    }
}

fn check_name(check: Check) -> &'static str {
    let found = Check::NAMES.iter().find(|(_, one)| *one == check);
    found.map_or("none", |(name, _)| *name)
}

fn texts(texts: &pack::Texts) -> Texts {
    texts.0.clone()
}

/// A benefit, in short.
pub(super) fn benefit(pack: &Pack, benefit: &pack::Benefit) -> wire::Benefit {
    wire::Benefit {
        applicant: benefit.applicant.name().to_owned(),
        provider: benefit.provider.as_ref().map(|rule| wire::PaidProvider {
            register: rule.register.clone(),
            list: pack
                .provider_services(&rule.register)
                .unwrap_or_default()
                .to_owned(),
            services: rule.services.clone(),
            chosen: rule.chosen.name().to_owned(),
            sometimes: benefit.payees.is_some(),
        }),
        code: benefit.code.clone(),
        name: texts(&benefit.name),
        unit: holder_name(benefit.unit).to_owned(),
        kind: match benefit.kind {
            BenefitKind::Monthly => "monthly",
            BenefitKind::OneOff => "one-off",
            BenefitKind::InKind => "in-kind",
        }
        .to_owned(),
        form: benefit.form.clone(),
        procedure: benefit.procedure.clone(),
        law: benefit.law.clone(),
        incompatible: benefit
            .incompatible
            .iter()
            .map(|one| one.benefit.clone())
            .collect(),
    }
}

fn holder_name(holder: HolderKind) -> &'static str {
    match holder {
        HolderKind::Person => "person",
        HolderKind::Household => "household",
        HolderKind::Claim => "claim",
    }
}

/// A procedure with its steps.
pub(super) fn procedure(procedure: &pack::Procedure) -> wire::Procedure {
    wire::Procedure {
        id: procedure.id.clone(),
        version: procedure.version,
        name: texts(&procedure.name),
        case: procedure.case.as_ref().map(|rules| wire::KindOfCase {
            code: rules.code.clone(),
            restricted: rules.restricted,
            roles: rules.roles.clone(),
            form: procedure.steps.first().and_then(|step| step.form.clone()),
        }),
        steps: procedure
            .steps
            .iter()
            .map(|step| wire::ProcedureStep {
                key: step.id.clone(),
                kind: kind_name(step.kind).to_owned(),
                name: texts(&step.name),
                role: role_name(step.role).to_owned(),
                next: step.next.clone(),
            })
            .collect(),
    }
}

/// A step's kind as packs write it.
fn kind_name(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Form => "form",
        StepKind::Evidence => "evidence",
        StepKind::Assess => "assess",
        StepKind::Decide => "decide",
        StepKind::Letter => "letter",
        StepKind::Notify => "notify",
        StepKind::Pay => "pay",
        StepKind::Monitor => "monitor",
        StepKind::Review => "review",
        StepKind::Refer => "refer",
        StepKind::Close => "close",
    }
}

fn role_name(role: StepRole) -> &'static str {
    match role {
        StepRole::Clerk => "clerk",
        StepRole::Caseworker => "caseworker",
        StepRole::Approver => "approver",
    }
}

/// A form to draw. Fields whose fact the dictionary does not hold cannot be in a pack that loaded.
pub(super) fn form(pack: &Pack, form: &pack::Form, today: Date) -> wire::Form {
    wire::Form {
        id: form.id.clone(),
        title: texts(&form.title),
        pages: form
            .pages
            .iter()
            .map(|page| wire::FormPage {
                id: page.id.clone(),
                title: texts(&page.title),
                of: match page.of {
                    pack::PageOf::Applicant => wire::PageOf::Applicant,
                    pack::PageOf::Members => wire::PageOf::Members,
                    pack::PageOf::Household => wire::PageOf::Household,
                    pack::PageOf::Claim => wire::PageOf::Claim,
                },
                fields: page
                    .fields
                    .iter()
                    .filter_map(|field| {
                        let fact = pack.fact(page.of.holder(), &field.fact)?;
                        Some(wire::FormField {
                            fact: field.fact.clone(),
                            label: texts(field.label.as_ref().unwrap_or(&fact.question)),
                            help: fact.help.as_ref().map(texts),
                            kind: match kind_of(fact) {
                                wire::FieldKind::Person { .. } => {
                                    wire::FieldKind::Person { anyone: fact.anyone }
                                }
                                kind => kind,
                            },
                            required: field.required,
                            conditional: field.when.is_some(),
                            again: fact.again,
                            when: field
                                .when
                                .as_ref()
                                .map(|when| super::when::simple(pack, when, today)),
                            default: field.default.as_ref().and_then(|default| {
                                pack.value_of(default, &super::when::nothing(today), None)
                            }),
                        })
                    })
                    .collect(),
            })
            .collect(),
    }
}

/// A register of our own.
pub(super) fn register(pack: &Pack, register: &pack::OwnRegister) -> wire::OwnRegister {
    let keeper = (pack.country.bodies.iter()).find(|body| body.code == register.keeper);
    wire::OwnRegister {
        id: register.id.clone(),
        name: texts(&register.name),
        law: (register.law.clone()).filter(|_| !register.confidence.is_unconfirmed()),
        keeper: keeper.map(|body| texts(&body.name)).unwrap_or_default(),
        writes: register.writes.clone(),
        sections: (register.sections.iter())
            .map(|section| wire::OwnSection {
                id: section.id.clone(),
                name: texts(&section.name),
                of: section.of.code().to_owned(),
            })
            .collect(),
        fields: (register.fields.iter())
            .map(|field| wire::OwnField {
                name: field.name.clone(),
                label: texts(&field.label),
                kind: kind(&field.ty),
                required: field.required,
                public: field.public,
                sections: field.sections.clone(),
            })
            .collect(),
        extract: (register.extract.as_ref()).map_or_else(Vec::new, |extract| extract.fields.clone()),
    }
}

/// A fact of the dictionary.
pub(super) fn fact(fact: &pack::FactDef) -> wire::FactDef {
    wire::FactDef {
        name: fact.name.clone(),
        holder: holder_name(fact.holder).to_owned(),
        kind: kind_of(fact),
        question: texts(&fact.question),
    }
}

/// How a fact is typed in, with the pack's words for the columns of rows.
fn kind_of(fact: &pack::FactDef) -> wire::FieldKind {
    let mut kind = kind(&fact.ty);
    if let wire::FieldKind::Rows { columns } = &mut kind {
        for column in columns {
            column.label = fact.columns.get(&column.name).map(texts);
        }
    }
    kind
}

/// How a value of this type is typed in.
fn kind(ty: &Type) -> wire::FieldKind {
    match ty {
        Type::Bool => wire::FieldKind::Bool,
        Type::Int => wire::FieldKind::Int,
        Type::Decimal => wire::FieldKind::Decimal,
        Type::Money(per) | Type::Share(per) => wire::FieldKind::Money { per: *per },
        Type::Date => wire::FieldKind::Date,
        Type::Code(list) => wire::FieldKind::Code {
            list: list.to_string(),
        },
        Type::Person => wire::FieldKind::Person { anyone: false },
        Type::List(element) => match element.as_ref() {
            Type::Row(row) => wire::FieldKind::Rows {
                columns: row
                    .columns
                    .iter()
                    .map(|(name, ty)| wire::Column {
                        name: name.clone(),
                        label: None,
                        kind: kind(ty),
                    })
                    .collect(),
            },
            _ => wire::FieldKind::Text,
        },
        // The loader gives facts no other types.
        Type::Text | Type::Duration | Type::Period | Type::Row(_) | Type::Nothing => wire::FieldKind::Text,
    }
}

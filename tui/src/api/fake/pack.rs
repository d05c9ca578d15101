//! The country that the fake server serves: its words, lists, benefits and forms.

use crate::api::{Answer, FactKit, WhatIfKit};
use jiff::civil::date;
use karton_api::{Currency, Money, Per, catalogue::*, common::Texts};
use std::collections::BTreeMap;

pub(super) fn texts(cnr: &str, en: &str) -> Texts {
    BTreeMap::from([
        ("cnr".to_owned(), cnr.to_owned()),
        ("en".to_owned(), en.to_owned()),
    ])
}

pub(super) fn euro(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

pub(super) fn country() -> Country {
    Country {
        classifiers: vec!["social_support".into()],
        id: "me".into(),
        name: texts("Crna Gora", "Montenegro"),
        languages: vec!["cnr".into(), "en".into()],
        currency: Currency::EUR,
        minor_units: 2,
        id_schemes: vec![IdScheme {
            code: "jmbg".into(),
            name: texts("JMB", "Personal number"),
            check: "jmbg".into(),
        }],
        organisation_schemes: vec![IdScheme {
            code: "pib".into(),
            name: texts("PIB", "Tax number"),
            check: "pib".into(),
        }],
        today: date(2025, 3, 10),
        pack: "0".repeat(64),
        demo: true,
    }
}

pub(super) fn codes(name: &str, list: &[(&str, &str, &str)]) -> (String, CodeList) {
    let code = |(c, cnr, en): &(&str, &str, &str)| Code {
        code: (*c).into(),
        name: texts(cnr, en),
        from: None,
        until: None,
        more: BTreeMap::new(),
    };
    (
        name.into(),
        CodeList {
            name: name.into(),
            codes: list.iter().map(code).collect(),
        },
    )
}

pub(super) fn lists() -> BTreeMap<String, CodeList> {
    BTreeMap::from([
        codes("sexes", &[("f", "ženski", "female"), ("m", "muški", "male")]),
        codes(
            "municipalities",
            &[
                ("PG", "Podgorica", "Podgorica"),
                ("NK", "Nikšić", "Nikšić"),
                ("BR", "Bar", "Bar"),
                ("SN", "Šavnik", "Šavnik"),
            ],
        ),
        codes(
            "relationships",
            &[
                ("self", "nosilac", "head"),
                ("spouse", "supružnik", "spouse"),
                ("child", "dijete", "child"),
                ("parent", "roditelj", "parent"),
            ],
        ),
        codes(
            "channels",
            &[("bank", "Banka", "Bank"), ("post", "Pošta", "Post office")],
        ),
    ])
}

pub(super) fn benefit(code: &str) -> Benefit {
    let (cnr, en, unit, kind) = match code {
        "MO" => (
            "Materijalno obezbjeđenje",
            "Material support",
            "household",
            "monthly",
        ),
        "DD" => ("Dodatak za djecu", "Child allowance", "household", "monthly"),
        "ND" => (
            "Naknada za novorođeno dijete",
            "Newborn grant",
            "person",
            "one-off",
        ),
        _ => (
            "Lična invalidnina",
            "Personal disability allowance",
            "person",
            "monthly",
        ),
    };
    Benefit {
        code: code.into(),
        name: texts(cnr, en),
        unit: unit.into(),
        kind: kind.into(),
        form: "mo".into(),
        procedure: "benefit-standard".into(),
        law: vec!["ZSDZ 21–31".into()],
        incompatible: vec![],
        applicant: "person".into(),
        provider: None,
    }
}

pub(super) fn form() -> Form {
    let field = |fact: &str, cnr: &str, en: &str, kind: FieldKind, required: bool| FormField {
        fact: fact.into(),
        label: texts(cnr, en),
        help: Some(texts("ZSDZ čl. 22", "ZSDZ Art. 22")),
        kind,
        required,
        conditional: fact == "account",
        again: fact == "payment_channel" || fact == "account",
        when: None,
        default: None,
    };
    let income = FieldKind::Rows {
        columns: vec![
            Column {
                name: "month".into(),
                label: None,
                kind: FieldKind::Date,
            },
            Column {
                name: "payer".into(),
                label: None,
                kind: FieldKind::Text,
            },
            Column {
                name: "net".into(),
                label: None,
                kind: FieldKind::Money { per: Per::Month },
            },
        ],
    };
    Form {
        id: "mo".into(),
        title: texts(
            "Zahtjev za materijalno obezbjeđenje",
            "Application for material support",
        ),
        pages: vec![
            FormPage {
                id: "claim".into(),
                title: texts("Zahtjev", "Application"),
                of: PageOf::Claim,
                fields: vec![
                    field(
                        "consent",
                        "Saglasnost za uvid u podatke",
                        "Consent to look at data",
                        FieldKind::Bool,
                        true,
                    ),
                    field(
                        "payment_channel",
                        "Isplata preko",
                        "Paid through",
                        FieldKind::Code {
                            list: "channels".into(),
                        },
                        true,
                    ),
                    field("account", "Žiro račun", "Account", FieldKind::Text, false),
                    field("phone", "Telefon", "Telephone", FieldKind::Text, false),
                ],
            },
            FormPage {
                id: "member".into(),
                title: texts("Član porodice", "Member"),
                of: PageOf::Members,
                fields: vec![
                    field(
                        "work_capable",
                        "Sposoban za rad",
                        "Capable of work",
                        FieldKind::Bool,
                        true,
                    ),
                    field(
                        "registered_unemployed",
                        "Na evidenciji Zavoda za zapošljavanje",
                        "Registered as unemployed",
                        FieldKind::Bool,
                        false,
                    ),
                    field("income", "Prihodi po mjesecima", "Income by month", income, false),
                ],
            },
            FormPage {
                id: "household".into(),
                title: texts("Imovina porodice", "Property of the family"),
                of: PageOf::Household,
                fields: vec![
                    field(
                        "land_area",
                        "Poljoprivredno zemljište, ari",
                        "Farm land, ares",
                        FieldKind::Decimal,
                        false,
                    ),
                    field(
                        "dwelling_rooms",
                        "Soba u stanu",
                        "Rooms in the dwelling",
                        FieldKind::Int,
                        false,
                    ),
                ],
            },
        ],
    }
}

/// A small classifier: two groups, and what stands below them.
pub(super) fn classifier() -> CodeList {
    let rows = [
        (
            "S",
            "",
            "Socijalna i dječja zaštita",
            "Social and child protection",
        ),
        (
            "1",
            "S",
            "Davanja u socijalnoj zaštiti",
            "Benefits in social protection",
        ),
        ("MO", "1", "Materijalno obezbjeđenje", "Material support"),
        (
            "DNJP",
            "1",
            "Dodatak za njegu i pomoć",
            "Care and assistance allowance",
        ),
        ("2", "S", "Boračka zaštita", "Veterans' protection"),
        ("BDNP", "2", "Dodatak za njegu (borački)", "Attendance allowance"),
    ];
    CodeList {
        name: "social_support".into(),
        codes: rows
            .into_iter()
            .map(|(code, parent, cnr, en)| Code {
                code: code.into(),
                name: texts(cnr, en),
                from: None,
                until: None,
                more: (!parent.is_empty())
                    .then(|| ("parent".to_owned(), parent.to_owned()))
                    .into_iter()
                    .collect(),
            })
            .collect(),
    }
}

/// What a fact can be recorded from.
pub(super) fn fact_form() -> Answer {
    let def = |name: &str, kind, cnr: &str, en: &str| FactDef {
        name: name.into(),
        holder: "person".into(),
        kind,
        question: texts(cnr, en),
    };
    Answer::Facts(Box::new(FactKit {
        facts: vec![
            def(
                "registered_unemployed",
                FieldKind::Bool,
                "Na evidenciji Zavoda",
                "Registered as unemployed",
            ),
            def(
                "owns_property",
                FieldKind::Bool,
                "Ima nepokretnosti",
                "Owns property",
            ),
            def("land_area", FieldKind::Decimal, "Zemljište (ari)", "Land (ares)"),
            def(
                "work_capable",
                FieldKind::Bool,
                "Sposoban za rad",
                "Capable of work",
            ),
        ],
        codes: lists(),
    }))
}

pub(super) fn what_if_form(code: &str) -> Answer {
    Answer::WhatIf(Box::new(WhatIfKit {
        benefit: benefit(code),
        form: form(),
        facts: Vec::new(),
        codes: lists(),
    }))
}

pub(super) fn hand_in_form() -> Answer {
    Answer::Codes(BTreeMap::from([
        codes(
            "channels",
            &[
                ("counter", "Na šalteru", "At the counter"),
                ("post", "Poštom", "By post"),
            ],
        ),
        codes("capacities", &[("proxy", "Punomoćnik", "Proxy")]),
    ]))
}

pub(super) fn dismiss_form() -> Answer {
    Answer::Codes(BTreeMap::from([codes(
        "dismissal_reasons",
        &[(
            "not-completed",
            "Zahtjev nije dopunjen u roku",
            "Not completed in time",
        )],
    )]))
}

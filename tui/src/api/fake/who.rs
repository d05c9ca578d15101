//! Who is there at the fake server: offices, officers, and the Perović family.

use super::texts;
use jiff::civil::date;
use karton_api::{
    Id, Timestamp,
    common::{OfficeRef, OfficerRef},
    persons::{HouseholdView, Member, Name, NationalId, PersonCard, PersonView},
};

pub(crate) fn id<T>(n: u64) -> Id<T> {
    format!("01900000-0000-7000-8000-{n:012x}").parse().unwrap()
}

pub(super) fn at() -> Timestamp {
    "2025-03-10T08:15:00Z".parse().unwrap()
}

pub(crate) fn office() -> OfficeRef {
    OfficeRef {
        code: "CSR-01".into(),
        name: texts("CSR Podgorica", "Centre Podgorica"),
    }
}

pub(super) fn offices() -> [OfficeRef; 2] {
    [
        office(),
        OfficeRef {
            code: "CSR-02".into(),
            name: texts("CSR Nikšić", "Centre Nikšić"),
        },
    ]
}

pub(super) fn officer(n: u64) -> OfficerRef {
    OfficerRef {
        id: id(n),
        name: if n == 1 {
            "Ana Vuković".into()
        } else {
            "Ivan Radulović".into()
        },
    }
}

/// The Perović family: mother, father, two children; and Đorđe, whom another office holds.
pub(crate) fn card(n: u64) -> PersonCard {
    let (given, family, number, born, sex) = match n {
        10 => ("Marija", "Perović", "1506990205137", date(1990, 6, 15), "f"),
        11 => ("Nikola", "Perović", "0203988200018", date(1988, 3, 2), "m"),
        12 => ("Luka", "Perović", "1201018200016", date(2018, 1, 12), "m"),
        13 => ("Jovana", "Perović", "3009021205014", date(2021, 9, 30), "f"),
        _ => ("Đorđe", "Perović", "0507965200012", date(1965, 7, 5), "m"),
    };
    let elsewhere = n > 13;
    PersonCard {
        id: id(n),
        name: Name {
            given: given.into(),
            family: family.into(),
        },
        national_id: Some(NationalId {
            scheme: "jmbg".into(),
            number: number.into(),
        }),
        birth_date: Some(born),
        sex: Some(sex.into()),
        death_date: None,
        dossier_number: format!("CSR-01-D-2025/{n}"),
        office: if elsewhere {
            OfficeRef {
                code: "CSR-02".into(),
                name: texts("CSR Nikšić", "Centre Nikšić"),
            }
        } else {
            office()
        },
        in_scope: !elsewhere,
    }
}

pub(super) fn person(n: u64) -> PersonView {
    PersonView {
        card: card(n),
        revision: 1,
        registered_at: at(),
        registered_by: officer(1),
    }
}

pub(super) fn household() -> HouseholdView {
    let member = |(n, relationship): (u64, &str)| Member {
        card: card(n),
        relationship: relationship.into(),
        from: date(2020, 1, 1),
        until: None,
    };
    HouseholdView {
        id: id(90),
        revision: 1,
        members: [(10, "self"), (11, "spouse"), (12, "child"), (13, "child")]
            .map(member)
            .to_vec(),
        contradictions: vec![],
    }
}

//! Which fact counts on a day. Pure.

use karton_api::{
    Date, FactValue, Id, Timestamp,
    persons::{FactStatus, Holder, SourceKind},
    value::{Evidence, Fact, Officer},
};
use std::collections::BTreeMap;

/// A fact as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its id.
    pub id: Id<Fact>,
    /// About whom.
    pub holder: Holder,
    /// The name in the pack's dictionary.
    pub name: String,
    /// What it says.
    pub value: FactValue,
    /// First day it is true for.
    pub from: Date,
    /// The day after the last.
    pub until: Option<Date>,
    /// Where from.
    pub source: SourceKind,
    /// The register's service.
    pub service: Option<String>,
    /// The proof behind it.
    pub evidence: Option<Id<Evidence>>,
    /// The officer's words.
    pub note: Option<String>,
    /// A register's answer is fresh until then.
    pub fresh_until: Option<Timestamp>,
    /// When we learnt it.
    pub recorded_at: Timestamp,
    /// Who wrote it down.
    pub recorded_by: Option<Id<Officer>>,
}

impl Stored {
    fn covers(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day < until)
    }
    /// A register's answer past its freshness at an instant.
    pub fn stale(&self, at: Timestamp) -> bool {
        self.source == SourceKind::Register && self.fresh_until.is_some_and(|until| until <= at)
    }
}

/// The fact that counts for one name of one holder, and those it outranks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counting {
    /// It counts.
    pub fact: Stored,
    /// How far it is proved.
    pub status: FactStatus,
    /// It is a register's answer past its freshness.
    pub stale: bool,
    /// Others that cover the day, the next in rank first.
    pub others: Vec<Stored>,
}

/// The place of a source in the pack's order (first counts first); sources the pack does not name come last.
fn rank(order: &[SourceKind], fact: &Stored, at: Timestamp) -> usize {
    if fact.stale(at) {
        return order.len() + 1;
    }
    order
        .iter()
        .position(|kind| *kind == fact.source)
        .unwrap_or(order.len())
}

/// The pack's names of sources as values; unknown names are left out (the pack's check reports them).
pub fn order(names: &[String]) -> Vec<SourceKind> {
    names
        .iter()
        .filter_map(|name| match name.as_str() {
            "finding" => Some(SourceKind::Finding),
            "register" => Some(SourceKind::Register),
            "document" => Some(SourceKind::Document),
            "visit" => Some(SourceKind::Visit),
            "declaration" => Some(SourceKind::Declaration),
            "import" => Some(SourceKind::Import),
            _ => None,
        })
        .collect()
}

/// What counts on a day, for each holder and name, out of everything known at an instant.
pub fn resolve(
    facts: Vec<Stored>,
    order: &[SourceKind],
    as_of: Date,
    known_at: Timestamp,
) -> BTreeMap<(Holder, String), Counting> {
    let mut groups: BTreeMap<(Holder, String), Vec<Stored>> = BTreeMap::new();
    for fact in facts {
        if fact.recorded_at <= known_at && fact.covers(as_of) {
            groups
                .entry((fact.holder, fact.name.clone()))
                .or_default()
                .push(fact);
        }
    }
    groups
        .into_iter()
        .filter_map(|(key, group)| Some((key, count(group, order, known_at)?)))
        .collect()
}

fn count(mut group: Vec<Stored>, order: &[SourceKind], at: Timestamp) -> Option<Counting> {
    group.sort_by_key(|fact| {
        (
            rank(order, fact, at),
            std::cmp::Reverse((fact.recorded_at, fact.id)),
        )
    });
    // A finding holds until a newer register answer contradicts it.
    if let Some(finding) = group.first().filter(|fact| fact.source == SourceKind::Finding) {
        // Only the newest word of the registers counts: one that has been taken back contradicts nothing.
        let newest = group
            .iter()
            .position(|fact| fact.source == SourceKind::Register && !fact.stale(at));
        let newer = newest.filter(|place| {
            group
                .get(*place)
                .is_some_and(|fact| fact.recorded_at > finding.recorded_at && fact.value != finding.value)
        });
        if let Some(newer) = newer {
            let register = group.remove(newer);
            group.insert(0, register);
        }
    }
    let mut group = group.into_iter();
    let fact = group.next()?;
    let others: Vec<Stored> = group.collect();
    let stale = fact.stale(at);
    // Only the newest word of each source can contradict: what a source has taken back does not count.
    let contradicted = [
        SourceKind::Register,
        SourceKind::Document,
        SourceKind::Visit,
        SourceKind::Finding,
    ]
    .into_iter()
    .filter(|kind| *kind != fact.source)
    .filter_map(|kind| {
        others
            .iter()
            .find(|other| other.source == kind && !other.stale(at))
    })
    .any(|other| other.value != fact.value && fact.source != SourceKind::Finding);
    let status = match fact.source {
        _ if contradicted => FactStatus::Contradicted,
        SourceKind::Declaration | SourceKind::Import => FactStatus::NotVerified,
        SourceKind::Register if stale => FactStatus::NotVerified,
        _ => FactStatus::Verified,
    };
    Some(Counting {
        fact,
        status,
        stale,
        others,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use karton_api::value::Person;

    fn at(hour: i64) -> Timestamp {
        Timestamp::from_second(1_740_000_000 + hour * 3600).unwrap()
    }
    fn holder() -> Holder {
        Holder::Person(Id::<Person>::at(at(0), [1; 10]))
    }
    fn fact(hour: i64, source: SourceKind, value: bool) -> Stored {
        Stored {
            id: Id::at(at(hour), [u8::try_from(hour).unwrap(); 10]),
            holder: holder(),
            name: "work_capable".into(),
            value: FactValue::Bool(value),
            from: date(2025, 1, 1),
            until: None,
            source,
            service: None,
            evidence: None,
            note: None,
            fresh_until: (source == SourceKind::Register).then(|| at(hour + 24)),
            recorded_at: at(hour),
            recorded_by: None,
        }
    }
    fn counts(facts: &[Stored], hour: i64) -> Option<(SourceKind, FactStatus)> {
        let order = [
            SourceKind::Finding,
            SourceKind::Register,
            SourceKind::Document,
            SourceKind::Visit,
            SourceKind::Declaration,
        ];
        let all = resolve(facts.to_vec(), &order, date(2025, 3, 1), at(hour));
        all.values()
            .next()
            .map(|counting| (counting.fact.source, counting.status))
    }
    use FactStatus::*;
    use SourceKind::*;

    #[test]
    fn a_registers_word_comes_before_a_documents_before_a_declaration() {
        let facts = [
            fact(3, Declaration, true),
            fact(2, Document, true),
            fact(1, Register, true),
        ];
        assert_eq!(counts(&facts, 5), Some((Register, Verified)));
        assert_eq!(counts(&facts[..2], 5), Some((Document, Verified)));
        assert_eq!(counts(&facts[..1], 5), Some((Declaration, NotVerified)));
        assert_eq!(counts(&[], 5), None);
    }

    #[test]
    fn a_stale_answer_loses_its_rank() {
        let facts = [fact(1, Register, true), fact(2, Document, true)];
        assert_eq!(counts(&facts, 10), Some((Register, Verified)));
        assert_eq!(counts(&facts, 26), Some((Document, Verified)));
        assert_eq!(counts(&facts[..1], 26), Some((Register, NotVerified)));
    }

    #[test]
    fn sources_that_say_otherwise_contradict() {
        assert_eq!(
            counts(&[fact(1, Register, true), fact(2, Document, false)], 5),
            Some((Register, Contradicted))
        );
        assert_eq!(
            counts(&[fact(1, Register, true), fact(2, Declaration, false)], 5),
            Some((Register, Verified))
        );
    }

    #[test]
    fn a_finding_holds_until_a_newer_answer_says_otherwise() {
        let before = [fact(1, Register, true), fact(2, Finding, false)];
        assert_eq!(counts(&before, 5), Some((Finding, Verified)));
        let after = [
            fact(1, Register, true),
            fact(2, Finding, false),
            fact(3, Register, true),
        ];
        assert_eq!(counts(&after, 5), Some((Register, Contradicted)));
        let taken_back = [
            fact(2, Finding, false),
            fact(3, Register, true),
            fact(4, Register, false),
        ];
        assert_eq!(counts(&taken_back, 5), Some((Finding, Verified)));
        let agrees = [fact(2, Finding, false), fact(3, Register, false)];
        assert_eq!(counts(&agrees, 5), Some((Finding, Verified)));
    }

    #[test]
    fn what_was_known_earlier_is_answered_as_it_was() {
        let facts = [fact(1, Declaration, true), fact(4, Register, false)];
        assert_eq!(counts(&facts, 2), Some((Declaration, NotVerified)));
        assert_eq!(counts(&facts, 5), Some((Register, Verified)));
    }

    #[test]
    fn periods_are_half_open() {
        let mut ended = fact(1, Declaration, true);
        ended.until = Some(date(2025, 3, 1));
        assert_eq!(counts(&[ended.clone()], 5), None);
        ended.until = Some(date(2025, 3, 2));
        assert!(counts(&[ended], 5).is_some());
    }
}

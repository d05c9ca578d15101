use crate::{
    access::Scope,
    audit::Line,
    offices::Offices,
    problem::Error,
    store::{Tx, Val},
};
use karton_api::{Id, Timestamp, audit::AuditEntry, common::OfficerRef, value};

/// Which entries.
#[derive(Debug, Clone, Default)]
pub(super) struct Wanted {
    pub(super) from: Option<Timestamp>,
    pub(super) until: Option<Timestamp>,
    pub(super) officer: Option<Id<value::Officer>>,
    pub(super) what: Option<String>,
    pub(super) person: Option<Id<value::Person>>,
    /// Entries of the subtree; of all offices where there is none.
    pub(super) scope: Option<Scope>,
    /// Entries before this one, in the order of the list.
    pub(super) before: Option<Key>,
    /// Who looks: entries of restricted matters on which they are not named are left out, or shown as no more than that they exist.
    pub(super) viewer: Option<Scope>,
    /// Show that they exist.
    pub(super) existence: bool,
}

/// What stands for an entry of a restricted matter before whoever is not named on it.
const RESTRICTED: &str = "restricted";

/// Place of an entry in the list, the newest first: microseconds since 1970, and the id.
pub(super) type Key = (i64, Id<value::Entry>);

/// Entries, the newest first, each with its key.
pub(super) fn entries(
    tx: &mut Tx,
    offices: &Offices,
    wanted: &Wanted,
    limit: usize,
) -> Result<Vec<(Key, AuditEntry)>, Error> {
    let mut values: Vec<Val> = Vec::new();
    let seen = match &wanted.viewer {
        Some(viewer) => crate::matters::seen(viewer, "e.matter", &mut values),
        None => "1 = 1".to_owned(),
    };
    let mut sql = format!(
        "SELECT {}, o.name, CASE WHEN {seen} THEN 1 ELSE 0 END FROM audit_entry e LEFT JOIN officer o ON o.id = e.officer WHERE 1 = 1",
        Line::COLUMNS
    );
    // Whoever asks for what such an entry says must not learn it from the answer.
    let tells = wanted.officer.is_some() || wanted.person.is_some() || wanted.what.is_some();
    let only =
        wanted.what.as_deref() == Some(RESTRICTED) && wanted.officer.is_none() && wanted.person.is_none();
    if !wanted.existence || (tells && !only) {
        sql.push_str(&format!(" AND {seen}"));
    } else if only {
        sql.push_str(&format!(" AND NOT ({seen})"));
    }
    let mut and = |condition: &str, value: Val| {
        values.push(value);
        sql.push_str(&condition.replace("$n", &format!("${}", values.len())));
    };
    if let Some(from) = wanted.from {
        and(" AND e.at >= $n", from.into());
    }
    if let Some(until) = wanted.until {
        and(" AND e.at < $n", until.into());
    }
    if let Some(officer) = wanted.officer {
        and(" AND e.officer = $n", officer.into());
    }
    if let Some(what) = wanted.what.as_ref().filter(|_| !only || !wanted.existence) {
        and(" AND e.what = $n", what.into());
    }
    if let Some(person) = wanted.person {
        and(" AND e.person = $n", person.into());
    }
    if let Some(scope) = &wanted.scope {
        and(
            " AND EXISTS (SELECT 1 FROM office_tree t WHERE t.ancestor = $n AND t.office = e.office)",
            scope.val(),
        );
    }
    if let Some((at, id)) = wanted.before {
        and(" AND (e.at, e.id) < ($n, ", at.into());
        and("$n)", id.into());
    }
    and(
        " ORDER BY e.at DESC, e.id DESC LIMIT $n",
        i64::try_from(limit).unwrap_or(i64::MAX).into(),
    );
    let rows = tx.query(&sql, &values)?;
    let mut entries = Vec::new();
    for row in rows {
        let line = Line::read(&row)?;
        let name: Option<String> = row.get(13)?;
        let key = (line.at.as_microsecond(), line.id);
        let line = if row.get::<bool>(14)? { line } else { veiled(line) };
        let entry = AuditEntry {
            id: line.id,
            at: line.at,
            office: offices.to_ref(line.office),
            lane: line.lane,
            sequence: line.sequence,
            officer: line.officer.map(|id| OfficerRef {
                id,
                name: name.unwrap_or_default(),
            }),
            what: line.what,
            person: line.person,
            matter: line.matter,
            purpose: line.purpose,
            values: serde_json::from_str(&line.values).unwrap_or_default(),
            hash: crate::http::hex(&line.hash),
        };
        entries.push((key, entry));
    }
    Ok(entries)
}

/// An entry as it is before whoever is not named on its matter: that it exists, when and where.
fn veiled(line: Line) -> Line {
    Line {
        officer: None,
        what: RESTRICTED.to_owned(),
        person: None,
        matter: None,
        purpose: None,
        values: "{}".to_owned(),
        ..line
    }
}

//! The schema, step by step: the store's own tables first, then each room's in the order of the work.

use crate::{
    access, applications, assessments, audit, awards, backup, cases, decisions, documents, dossiers,
    duplicates, evidence, facts, imports, letters, matters, merges, notices, offices, packs, papers, persons,
    protection, signals,
    store::{self, Migration},
    users,
};

/// Steps of the cellar and the rooms. A step's number is its place for ever: 20 audit, 30 offices, 40 access, 50 persons, 60 facts,
/// 70 matters, 80 evidence, 90 assessments, 100 applications, 110 decisions, 120 awards, 130 letters. What a room adds later takes
/// the next free number after the last released one.
const ROOMS: &[Migration] = &[
    packs::MIGRATION,
    packs::UPGRADES,
    audit::MIGRATION,
    offices::MIGRATION,
    access::MIGRATION,
    users::MIGRATION,
    persons::MIGRATION,
    persons::FORMER,
    persons::CHANGES,
    persons::KIN,
    persons::CARE,
    protection::MIGRATION,
    facts::MIGRATION,
    facts::IMPORTED,
    matters::MIGRATION,
    matters::RESTRICTED,
    matters::ABOUT,
    matters::VERSIONS,
    matters::SHEETS,
    evidence::MIGRATION,
    assessments::MIGRATION,
    applications::MIGRATION,
    decisions::MIGRATION,
    awards::MIGRATION,
    awards::ABOUT,
    notices::MIGRATION,
    letters::MIGRATION,
    documents::MIGRATION,
    persons::LIKENESS,
    persons::COMPARED_ANEW,
    duplicates::MIGRATION,
    signals::MIGRATION,
    persons::ALIAS,
    merges::MIGRATION,
    cases::MIGRATION,
    cases::LEADS,
    backup::MIGRATION,
    offices::PLACES,
    imports::MIGRATION,
    papers::MIGRATION,
    papers::VARIANT,
    matters::PAUSES,
    applications::LODGINGS,
    applications::DISMISSALS,
    applications::CHOICES,
    awards::TURNS,
    awards::TAKEN_BACK,
    awards::PARTS,
    decisions::amendments::MIGRATION,
    decisions::amendments::AGAIN,
    assessments::COUNTED,
    users::DEPUTIES,
    dossiers::TRANSFERS,
    dossiers::TRANSFERRED_CASES,
];

/// All steps.
pub fn all() -> Vec<Migration> {
    store::MIGRATIONS.iter().chain(ROOMS).copied().collect()
}

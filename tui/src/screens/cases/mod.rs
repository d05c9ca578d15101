//! Cases of social work: the list with the monitoring list and the week, one case, and the forms of what is done in it.

pub(in crate::screens) mod build;
mod case;
mod family;
mod form;
mod list;
mod report;
mod sheets;

pub use case::CaseScreen;
pub use form::CaseForm;
pub(in crate::screens) use form::{draw as draw_form, faults};
pub use list::CasesScreen;
pub use report::ReportForm;
pub(in crate::screens) use sheets::answered;

use crate::{app::Look, text::visible};
use karton_api::{
    cases::{Due, DueSource},
    catalogue::CodeList,
};
use std::collections::BTreeMap;

/// The name of a code in the officer's language.
fn named(codes: &BTreeMap<String, CodeList>, list: &str, code: &str, look: &Look<'_>) -> String {
    let found = codes
        .get(list)
        .and_then(|l| l.codes.iter().find(|c| c.code == code));
    found.map_or_else(|| visible(code), |c| visible(look.words.pick(&c.name)))
}

/// What is due, in words. Codes that no list of this screen has are shown as they are.
fn due_words(due: &Due, codes: &BTreeMap<String, CodeList>, look: &Look<'_>) -> String {
    match due.source {
        DueSource::Step => visible(look.words.pick(&due.name)),
        DueSource::Watch | DueSource::Activity => visible(&due.what),
        DueSource::Contact => format!(
            "{}: {}",
            named(codes, "contact_kinds", &due.code, look),
            visible(&due.what)
        ),
    }
}

/// The kind of what is due.
fn due_key(source: DueSource) -> &'static str {
    match source {
        DueSource::Watch => "due-watch",
        DueSource::Activity => "due-activity",
        DueSource::Step => "due-step",
        DueSource::Contact => "due-contact",
    }
}

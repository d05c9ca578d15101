//! Documents: those of a dossier or an application, one with its text, filing, finding.

mod correct;
mod file;
mod find;
mod list;
mod read;

pub use correct::CorrectForm;
pub use file::FileForm;
pub use find::FindDocuments;
pub use list::Documents;
pub use read::DocumentScreen;

use super::{Screen, widgets::day};
use crate::{
    api::{
        Ask,
        documents::{DocumentAnswer, DocumentAsk},
    },
    app::{Cx, Look},
    text::visible,
};
use karton_api::{
    client::Progress,
    documents::{DocumentSummary, DocumentVersion, TextProblem, TextState},
};

/// The screen that shows an answer.
pub(super) fn open(ask: &Ask, answer: DocumentAnswer, cx: &mut Cx<'_>) -> Option<Screen> {
    Some(match (ask, answer) {
        (_, DocumentAnswer::List(kit)) => Screen::Documents(Box::new(Documents::new(*kit))),
        (Ask::Documents(DocumentAsk::SearchForm), DocumentAnswer::Kinds(kinds)) => {
            Screen::FindDocuments(Box::new(FindDocuments::new(kinds, &cx.look)))
        }
        (_, DocumentAnswer::Open(view, text)) => {
            Screen::Document(Box::new(DocumentScreen::new(*view, *text)))
        }
        (_, DocumentAnswer::CorrectForm(view, kinds, asked)) => {
            Screen::CorrectDocument(Box::new(CorrectForm::new(view.summary, &kinds, &asked, &cx.look)))
        }
        _ => return None,
    })
}

/// Bytes as people read them, in whole units.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_024 => format!("{bytes} B"),
        1_024..1_048_576 => format!("{} kB", bytes.div_ceil(1_024)),
        _ => format!("{} MB", bytes.div_ceil(1_048_576)),
    }
}

/// How far a file has come: a bar and figures; nothing while none is on its way.
fn under_way(progress: &Progress, words: &'static str, look: &Look<'_>) -> Option<String> {
    let (done, all) = (progress.done(), progress.all());
    if all == 0 || done >= all {
        return None;
    }
    let filled = usize::try_from(done.saturating_mul(20) / all)
        .unwrap_or(0)
        .min(20);
    let bar: String = (0..20).map(|n| if n < filled { '#' } else { '.' }).collect();
    Some(format!(
        "{} [{bar}] {} / {}",
        look.words.t(words),
        size(done),
        size(all)
    ))
}

/// The sign of a text, readable without colour, and its words.
fn text_words(version: &DocumentVersion) -> (&'static str, &'static str) {
    match (version.text, version.text_problem) {
        (TextState::Waiting, _) => ("⋯", "text-waiting"),
        (TextState::Read, _) => ("✓", "text-read"),
        (TextState::None, _) if version.shelf.is_some() => ("·", "text-paper"),
        (TextState::None, _) => ("·", "text-none"),
        (TextState::Failed, Some(TextProblem::Encrypted)) => ("!", "text-encrypted"),
        (TextState::Failed, Some(TextProblem::TooLarge)) => ("!", "text-too-large"),
        (TextState::Failed, Some(TextProblem::TooSlow)) => ("!", "text-too-slow"),
        (TextState::Failed, Some(TextProblem::TooMuch)) => ("!", "text-too-much"),
        (TextState::Failed, Some(TextProblem::SeveralTypes)) => ("!", "text-several-types"),
        (TextState::Failed, _) => ("!", "text-broken"),
    }
}

/// What it is kept as: a file's ending and size, or the shelf.
fn kept_as(version: &DocumentVersion, look: &Look<'_>) -> String {
    match (&version.shelf, &version.file_name, version.size) {
        (Some(shelf), ..) => format!("{} {}", look.words.t("document-shelf-short"), visible(shelf)),
        (None, Some(name), Some(bytes)) => {
            let ending = name.rsplit('.').next().unwrap_or_default();
            format!("{} {}", visible(ending), size(bytes))
        }
        _ => String::new(),
    }
}

/// A document's line in a list: title, type, day, what it is kept as.
fn cells(it: &DocumentSummary, look: &Look<'_>, wide: usize) -> Vec<(String, usize, ratatui::style::Style)> {
    let (sign, _) = text_words(&it.newest);
    let plain = ratatui::style::Style::new();
    let style = if sign == "!" { look.theme.open() } else { plain };
    vec![
        (sign.to_owned(), 1, style),
        (visible(&it.title), wide, plain),
        (visible(look.words.pick(&it.kind_name)), 20, look.theme.quiet()),
        (day(it.dated_on.or(Some(it.received_on))), 10, plain),
        (kept_as(&it.newest, look), 14, look.theme.quiet()),
    ]
}

//! Finding documents by type and by words of title, file name and content.
//!
//! What is typed is folded as names are; each word is the beginning of a word of the document. Both engines hold the same words and are asked
//! the same question, and the newest come first, so both answer alike.

use super::{model, store};
use crate::{
    access::{May, ReadDossiers},
    audit::{self, Entry},
    house::House,
    http::cursor,
    persons,
    problem::Error,
    search,
    store::{Dialect, Tx},
    vals,
};
use karton_api::{
    Id,
    common::Page,
    documents::{DocumentHit, SearchDocuments, Snippet},
    value::Document,
};

/// Characters shown before and after what was found.
const AROUND: usize = 60;
/// A text is looked through in pieces of so many characters.
const PIECE: i64 = 32 * 1024;

/// Finds documents. Leaves one entry for each search, with the first page.
pub(super) async fn search(
    may: &May<ReadDossiers>,
    house: &House,
    body: SearchDocuments,
) -> Result<Page<DocumentHit>, Error> {
    let limit = usize::from(body.limit.unwrap_or(20));
    if !(1..=50).contains(&limit) {
        return Err(Error::field("/limit", "range", "1 to 50"));
    }
    let text = body.text.as_deref().unwrap_or_default();
    if text.chars().count() > 200 {
        return Err(Error::field("/text", "too-long", "At most 200 characters."));
    }
    let words = model::sought(text);
    if words.len() > model::MOST_SOUGHT {
        return Err(Error::field("/text", "too-many", "At most 10 words."));
    }
    if words.is_empty() && (body.kind.is_none() || !text.trim().is_empty()) {
        return Err(Error::field(
            "/text",
            "missing",
            "Say a word to look for, or a type.",
        ));
    }
    let after: Option<Id<Document>> = cursor::decode(body.cursor.as_deref())?;
    let (scope, inside, first) = (may.scope(), house.clone(), body.cursor.is_none());
    let characters = text.chars().count();
    let found = house
        .store
        .read(move |tx| {
            if let Some(person) = body.person {
                persons::store::holding_office(tx, &scope, person)?;
            }
            let wanted = store::Wanted::within(&scope)
                .and_where("d.kind = {}", body.kind.clone())
                .and_where("d.person = {}", body.person);
            let wanted = if words.is_empty() {
                wanted
            } else {
                let (condition, query) = question(tx.dialect(), &words);
                wanted.and(condition, query)
            };
            let stored = wanted.page(tx, after, limit + 1)?;
            let mut hits = Vec::with_capacity(stored.len());
            for document in store::summaries(tx, &inside, &scope, stored)? {
                let snippet = snippet(tx, document.id, &words)?;
                hits.push(DocumentHit { document, snippet });
            }
            Ok::<_, Error>(hits)
        })
        .await?;
    if first {
        let entry = Entry::of("documents-searched")
            .value("characters", characters)
            .value("found", found.len().min(limit));
        audit::enter(&house.store, may.actor(), house.clock.now(), entry).await?;
    }
    Ok(cursor::page(found, limit, |hit| hit.document.id))
}

/// The condition and the query, in the words of each engine's index. Words hold letters and digits only, so that nothing of them is taken for
/// an operator.
fn question(dialect: Dialect, words: &[String]) -> (&'static str, String) {
    let each =
        |form: fn(&String) -> String, between: &str| words.iter().map(form).collect::<Vec<_>>().join(between);
    match dialect {
        Dialect::Sqlite => (
            "d.place IN (SELECT w.rowid FROM document_word w WHERE w.document_word MATCH {})",
            each(|word| format!("\"{word}\"*"), " AND "),
        ),
        Dialect::Postgres => (
            "d.place IN (SELECT x.place FROM document_text x WHERE x.found @@ CAST(CAST({} AS text) AS tsquery))",
            each(|word| format!("'{word}':*"), " & "),
        ),
    }
}

/// The first place in the text where a word begins as one of those that were looked for.
fn snippet(tx: &mut Tx, document: Id<Document>, words: &[String]) -> Result<Option<Snippet>, Error> {
    if words.is_empty() {
        return Ok(None);
    }
    let mut from = 1;
    loop {
        let row = tx.opt(
            "SELECT substr(text, $2, $3) FROM document_text WHERE document = $1",
            vals![document, from, PIECE],
        )?;
        let piece: String = match row {
            Some(row) => row.get(0)?,
            None => return Ok(None),
        };
        if let Some(snippet) = place(&piece, words) {
            return Ok(Some(snippet));
        }
        if piece.chars().count() < usize::try_from(PIECE).unwrap_or(usize::MAX) {
            return Ok(None);
        }
        // Pieces overlap, so that a word at an edge stands whole in one of them.
        from += PIECE - 256;
    }
}

fn place(text: &str, words: &[String]) -> Option<Snippet> {
    let mut at = 0;
    for run in text.split_inclusive(char::is_whitespace) {
        let start = at;
        at += run.len();
        let here = search::tokens(run)
            .iter()
            .any(|token| words.iter().any(|word| token.starts_with(word.as_str())));
        if here {
            let hit = run.trim_end();
            return Some(Snippet {
                before: last(&text[..start], AROUND),
                hit: hit.chars().take(200).collect(),
                after: first(&text[start + hit.len()..], AROUND),
            });
        }
    }
    None
}

fn one_line(text: &str) -> String {
    text.chars().map(|c| if c == '\n' { ' ' } else { c }).collect()
}
fn first(text: &str, characters: usize) -> String {
    one_line(&text.chars().take(characters).collect::<String>())
}
fn last(text: &str, characters: usize) -> String {
    let all = text.chars().count();
    one_line(
        &text
            .chars()
            .skip(all.saturating_sub(characters))
            .collect::<String>(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snippet_shows_the_word_as_it_is_written_with_what_stands_around_it() {
        let text = "Na osnovu\nzahtjeva, (Šćepanović) živi u Nikšiću.";
        let found = place(text, &["scepan".to_owned()]).unwrap();
        assert_eq!(
            (found.before.as_str(), found.hit.as_str(), found.after.as_str()),
            ("Na osnovu zahtjeva, ", "(Šćepanović)", " živi u Nikšiću.")
        );
        assert!(place(text, &["zzz".to_owned()]).is_none());
    }
}

//! Letters as they are read on a screen and as they are printed.

use crate::api::{Answer, Fault};
use karton_api::{
    Id,
    client::Client,
    decisions::{LetterForm, LetterQuery, LetterState},
    value,
};

/// A letter as it is printed.
pub(super) const PDF: LetterQuery = LetterQuery {
    form: Some(LetterForm::Pdf),
    width: None,
};

/// A letter as text, of this many characters a line.
fn text(width: u16) -> LetterQuery {
    LetterQuery {
        form: Some(LetterForm::Text),
        width: Some(width),
    }
}
fn read(bytes: Vec<u8>) -> String {
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A decision with its letter, once it is made.
pub(super) async fn decision(c: &Client, id: Id<value::Decision>, width: u16) -> Result<Answer, Fault> {
    let decided = c.decision(id).await?;
    let letter = match decided.letter {
        LetterState::Ready => Some(read(c.letter(id, &text(width)).await?)),
        _ => None,
    };
    Ok(Answer::Letter(Box::new(decided), letter))
}

/// A later decision with its letter, once it is made.
pub(super) async fn amendment(c: &Client, id: Id<value::Amendment>, width: u16) -> Result<Answer, Fault> {
    let it = c.amendment(id).await?;
    let letter = match it.letter {
        Some(LetterState::Ready) => Some(read(c.amendment_letter(id, &text(width)).await?)),
        _ => None,
    };
    Ok(Answer::Amendment(Box::new(it), letter))
}

/// A receipt or dismissal with its letter, once it is made.
pub(super) async fn paper(c: &Client, id: Id<value::Letter>, width: u16) -> Result<Answer, Fault> {
    let paper = c.paper(id).await?;
    let letter = match paper.letter {
        LetterState::Ready => Some(read(c.paper_letter(id, &text(width)).await?)),
        _ => None,
    };
    Ok(Answer::Paper(Box::new(paper), letter))
}

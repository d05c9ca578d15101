//! Letters: one Markdown text, three ways to read it.
//!
//! A letter begins as a template of the pack (Markdown with minijinja's `{{ values }}` and `{% if %}`), is filled once with
//! [`render_markdown`], and then comes out as terminal text ([`Letter::to_text`]), as HTML ([`Letter::to_html`]) and as tagged,
//! archivable PDF ([`Letter::to_pdf`]: PDF/A-2a and PDF/UA-1). The crate knows no domain: who writes to whom about what is the
//! template's business.
//!
//! # What a template may say
//!
//! ```text
//! # RJEŠENJE                the letter's title, centred; one word in capitals is set spaced: R J E Š E NJ E
//! ## Obrazloženje           a section, centred
//! ### Prihodi               a section within, on the left
//! plain, *emphasis*, **strong**, a line ending in \ goes on below (hard break)
//! 1. numbered lists, - lists, > quotations, --- a rule, and tables:
//!
//! | Prihod | Iznos |
//! |:-------|------:|
//! | plata  | 250,00 |
//!
//! ::: center                the lines up to the closing ::: are centred and stay on one page
//! CRNA GORA
//! :::
//!
//! ::: right                 the same on the right edge
//! ::: signature             a block on the right half of the page, centred in it; stays with the paragraph before it
//! ::: left                  on the left, kept on one page
//! ```
//!
//! A table whose heading cells are all empty has none; its first column then names the rows.
//!
//! A block begins with `::: name` and ends with `:::`, each alone on a line; blocks do not nest. Code, HTML, links and pictures are
//! no part of a letter and are refused with their line. Lines of a template that hold only `{% … %}` leave no trace.
//!
//! # What a value may say
//!
//! Nothing but itself. Every value that enters a template is escaped, so a name such as `**x** # <b>` comes out as it was typed, and
//! control, invisible and text-direction characters come out as `[U+202E]`. A line break in a value becomes a space; where the
//! officer's own paragraphs are wanted the template says `{{ reason | paragraphs }}`. A value that is missing, null, a list or a map
//! cannot be printed: the rendering fails instead of leaving a hole (inside `{% if %}` a missing value is simply untrue).

mod blocks;
mod html;
mod pdf;
mod reader;
mod spaced;
mod structure;
mod template;
mod text;
mod visible;

use jiff::civil::Date;

pub use structure::check_markdown;
pub use template::{check_template, render_markdown};

/// The longest template or filled letter, in bytes.
pub const MAX_BYTES: usize = 512 * 1024;

/// The most pages a letter has as PDF.
pub const MAX_PAGES: usize = 200;

/// Why a letter could not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LetterError {
    /// The template is mistaken, or asks for a value that is not there.
    #[error("line {line} of the letter's template: {reason}")]
    Template {
        /// Line of the template, from 1.
        line: usize,
        /// What is wrong, in minijinja's words.
        reason: String,
    },
    /// The filled text uses Markdown that letters do not have.
    #[error("line {line} of the letter: {found} cannot stand in a letter")]
    Unsupported {
        /// Line of the filled Markdown, from 1.
        line: usize,
        /// What was found.
        found: &'static str,
    },
    /// A `:::` block is not closed, not opened, or has a name that is not known.
    #[error("line {line} of the letter: {reason}")]
    Block {
        /// Line of the filled Markdown, from 1.
        line: usize,
        /// What is wrong with the block.
        reason: &'static str,
    },
    /// The letter is larger than letters may be.
    #[error("the letter is too large: more than {limit} {unit}")]
    TooLarge {
        /// The limit that was passed.
        limit: usize,
        /// What is counted: bytes or pages.
        unit: &'static str,
    },
    /// The PDF could not be written; a fault of this crate, or a letter without a title.
    #[error("the letter cannot be written as PDF: {0}")]
    Pdf(String),
}

/// A letter as it will be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The document's title, for the window and the archive; it is not printed.
    pub title: String,
    /// BCP 47 tag of the language the letter is written in, e.g. `cnr`; for screen readers.
    pub language: String,
    /// The day the letter bears in its metadata.
    pub date: Date,
    /// The filled Markdown, as [`render_markdown`] gives it.
    pub markdown: String,
}

impl Letter {
    /// The letter for a terminal `width` columns wide (at least 20), without escape sequences, one `\n` after each line.
    ///
    /// What cannot stand in a letter (see [`LetterError::Unsupported`]) is shown as it was written.
    pub fn to_text(&self, width: usize) -> String {
        text::write(
            &reader::read(&self.markdown).blocks,
            &self.language,
            width.max(20),
        )
    }

    /// The letter as a complete HTML document with its language, for a browser or a screen reader.
    ///
    /// What cannot stand in a letter (see [`LetterError::Unsupported`]) is shown as it was written.
    pub fn to_html(&self) -> String {
        html::write(self, &reader::read(&self.markdown).blocks)
    }

    /// The letter as a tagged PDF (PDF/A-2a and PDF/UA-1) on A4; the same letter gives the same bytes, whenever and wherever.
    ///
    /// Its title and the page's number stand at the foot. A character that no bundled face has is printed as `[U+4E2D]`.
    ///
    /// # Errors
    ///
    /// [`LetterError::TooLarge`] above [`MAX_BYTES`] or [`MAX_PAGES`]; [`LetterError::Unsupported`] and [`LetterError::Block`] for
    /// Markdown that letters do not have; [`LetterError::Pdf`] where the standards refuse it, as they do without a title.
    pub fn to_pdf(&self) -> Result<Vec<u8>, LetterError> {
        if self.markdown.len() > MAX_BYTES {
            return Err(LetterError::TooLarge {
                limit: MAX_BYTES,
                unit: "bytes",
            });
        }
        let reading = reader::read(&self.markdown);
        match reading.problem() {
            Some(problem) => Err(problem),
            None => pdf::write(self, &reading.blocks),
        }
    }
}

//! PDF, by pdf-extract.

use super::{Outcome, Why};
use pdf_extract::{Document, OutputError, PlainTextOutput, output_doc};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Reads the text of all pages. A document that asks for no password to be opened is opened, whatever else it forbids.
pub(super) fn read(bytes: &[u8]) -> Outcome {
    // The library breaks off at some mistakes of a file; that is the file's fault, and the process ends after it anyway.
    let read = catch_unwind(AssertUnwindSafe(|| pages(bytes)));
    match read {
        Ok(Ok(text)) => Outcome::text(&text, None),
        Ok(Err(outcome)) => outcome,
        Err(_) => Outcome::unreadable(Why::Broken, None),
    }
}

fn pages(bytes: &[u8]) -> Result<String, Outcome> {
    let broken = || Outcome::unreadable(Why::Broken, None);
    let locked = || Outcome::unreadable(Why::Encrypted, None);
    let mut document = match Document::load_mem(bytes) {
        Ok(document) => document,
        Err(pdf_extract::Error::Decryption(_)) => return Err(locked()),
        Err(_) => return Err(broken()),
    };
    if document.is_encrypted() && document.decrypt("").is_err() {
        return Err(locked());
    }
    if document.get_pages().is_empty() {
        return Err(broken());
    }
    let mut text = String::new();
    let written = output_doc(&document, &mut PlainTextOutput::new(&mut text));
    match written {
        Ok(()) => Ok(text),
        Err(OutputError::PdfError(pdf_extract::Error::Decryption(_))) => Err(locked()),
        Err(_) => Err(broken()),
    }
}

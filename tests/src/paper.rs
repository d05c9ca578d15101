//! What stands on a paper, as whoever is handed it reads it.

/// The text of a PDF, words parted by single blanks; nothing where it cannot be read.
pub fn text_of_pdf(bytes: &[u8]) -> String {
    let text = pdf_extract::extract_text_from_mem(bytes).unwrap_or_default();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

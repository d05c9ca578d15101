//! Letters as issued.
//!
//! A decision, and a request to complete an application, freeze their letter's input; a job renders it after the commit from the pack's template, in the first language of the country, and
//! keeps the filled Markdown, the bytes of the PDF and their hash. It is never made again: whoever reads a decision can read its letter, as PDF
//! with tags, as text for the terminal or as a page, all from the one text that was issued.

mod actions;
pub mod http;
mod making;
mod schema;
mod store;

pub use making::{make, make_amendment, make_confirmation, make_paper, make_request};
pub use schema::MIGRATION;

//! Documents: papers and files of a dossier.
//!
//! A document is a row with what is known about it (type, title, dates, from whom) and versions, each with bytes in the store of objects or a
//! paper in the folder. Bytes arrive first (`uploads`), then the document is filed; until then nothing refers to them, and after a day they are
//! swept away (`keep`). What a file is, is read from its content, never from its name (`sniff`). Its text is read after the commit by a job in
//! a process of its own (`text`), folded like names, and found by each engine's full-text index (`find`). Documents follow the dossier: whoever
//! sees the dossier sees them, except those of restricted matters. Issued letters never change; they are listed beside (`issued`). Nothing is
//! ever destroyed by itself: the day until which something is kept comes from the pack and is only shown.

mod actions;
mod find;
pub mod http;
mod issued;
mod keep;
mod model;
mod name;
mod schema;
mod sniff;
mod store;
mod text;
mod uploads;

pub use keep::{needed, sweep};
pub use schema::MIGRATION;
pub use text::{TEXT, read_text};

/// A file larger than this is not taken where nothing else is said, in bytes.
pub const LARGEST: u64 = 64 << 20;

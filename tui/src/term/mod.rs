//! The terminal: what it can do, how our cells become as few bytes as possible, and which key was pressed.
//!
//! Nothing here asks the terminal a question; what it can do follows from `TERM`, the locale and the settings.

pub mod caps;
pub mod guard;
pub mod keys;
pub mod painter;
pub(crate) mod sequence;

pub use caps::{Caps, Colours, Glyphs};
pub use keys::{Chord, Key};
pub use painter::Painter;

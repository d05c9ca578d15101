//! x
pub mod keymap;

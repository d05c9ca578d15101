//! The terminal client.

pub mod app;
pub mod form;
pub mod i18n;
pub mod term;
pub mod text;
pub mod theme;

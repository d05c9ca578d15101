//! The terminal client of Karton, for people who type forms all day and do not know what a shell is.
//!
//! `app` is the heart, pure: messages in, commands out. `form` is what a counter lives on, `screens` are what one sees, `term`
//! turns cells into few bytes, `api` asks the server, and only `runtime` touches the world.

pub mod api;
pub mod app;
pub mod cli;
pub mod config;
pub mod demo;
pub mod form;
pub mod i18n;
mod oneshot;
mod runtime;
pub mod screens;
pub mod term;
pub mod text;
pub mod theme;

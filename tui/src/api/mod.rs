//! What the client asks of a server, as data: one question for each thing a screen needs, however many calls that takes; and
//! what comes back.

pub mod admin;
mod answer;
mod ask;
pub mod beside;
mod cases;
mod changes;
mod course;
pub mod documents;
#[cfg(test)]
pub(crate) mod fake;
mod fault;
mod http;
pub mod parties;
pub mod people;
mod second;
mod steps;
pub mod versions;

pub use answer::{Answer, DossierKit, FactKit, IntakeKit, LodgedBeside, SignedIn, WhatIfKit, Work};
pub use ask::{About, Ask, Once};
pub use cases::{CaseAnswer, CaseAsk, CaseKit, Deed, ReportKit};
pub use changes::{ChangeKit, Changed, Send, What};
pub use course::{Course, CourseAsk};
pub use fault::Fault;
pub(crate) use fault::refusal;
pub use http::HttpApi;
pub use second::{First, FirstId, SecondAsk};
pub use steps::{StepAsk, StepAt, StepKit};

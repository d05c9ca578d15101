//! The same answers without a process or a line between: for filling stores with what registers would have said.

use super::{
    answers::{self, Document, Period},
    services::{self, Service},
};
use crate::generate::{FictionalHousehold, PackText, Population, Settings};
use karton_api::Date;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The services of a pack, by their codes.
pub(crate) struct AtHand(BTreeMap<String, Service>);

/// Everything that is true of one person.
pub(crate) struct About(Document);

impl AtHand {
    /// Reads the services.
    ///
    /// # Errors
    /// As the registers' own process: where a file cannot be used.
    pub(crate) fn read(text: &PackText) -> anyhow::Result<AtHand> {
        let services = services::read(text)?.into_values();
        Ok(AtHand(
            services.map(|service| (service.code.clone(), service)).collect(),
        ))
    }

    /// Looks a member of a household up, once for all services.
    pub(crate) fn look_up(
        settings: &Settings,
        population: Population,
        household: &FictionalHousehold,
        place: usize,
    ) -> Option<About> {
        Document::about(settings, population, household, place).map(About)
    }

    /// What a service answers about somebody for a period, half open; nothing where it has nothing. `None` where it cannot be asked.
    pub(crate) fn answer(
        &self,
        service: &str,
        about: &About,
        period: Option<(Date, Date)>,
    ) -> Option<Option<Map<String, Value>>> {
        let service = self.0.get(service).filter(|service| service.takes.is_empty())?;
        let period = Period {
            from: period.map(|(from, _)| from),
            until: period.map(|(_, until)| until),
        };
        let Value::Object(answer) = answers::answer(service, &about.0, period) else {
            return Some(None);
        };
        Some((answer.get("found") == Some(&Value::Bool(true))).then_some(answer))
    }
}

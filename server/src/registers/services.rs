//! The services of a pack (`registers/*.toml`) and what they answer besides the facts (`people/answers.toml`).

use crate::generate::PackText;
use anyhow::{Context, bail};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A service that can be asked.
#[derive(Debug, Clone)]
pub(super) struct Service {
    /// `tax.income`
    pub(super) code: String,
    /// What stands after `/r1/` in its address.
    pub(super) xroad: String,
    pub(super) gives: Vec<Gives>,
    /// Members of the messages it takes, each with its type; nothing for a service that answers questions.
    pub(super) takes: BTreeMap<String, String>,
    /// Further members of the answer: theirs → ours.
    pub(super) fields: BTreeMap<String, String>,
    /// Further columns of a list of the answer: their list → their column → our column.
    pub(super) rows: BTreeMap<String, BTreeMap<String, String>>,
}

/// Where a fact stands in the answer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Gives {
    pub(super) fact: String,
    pub(super) from: String,
    /// Our column → theirs.
    #[serde(default)]
    pub(super) map: BTreeMap<String, String>,
    #[serde(default)]
    #[expect(
        dead_code,
        reason = "what an answer without it stands for is the asker's matter"
    )]
    nothing: Option<toml::Value>,
}

// What the rules' loader checks (names, units, references) is not checked again here.
#[derive(Deserialize)]
struct RegisterFile {
    #[serde(default)]
    service: Vec<ServiceFile>,
}
#[derive(Deserialize)]
struct ServiceFile {
    code: String,
    xroad: String,
    #[serde(default)]
    gives: Vec<Gives>,
    #[serde(default)]
    takes: BTreeMap<String, String>,
}
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswersFile {
    #[serde(default)]
    answer: Vec<AnswerFile>,
}
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswerFile {
    service: String,
    #[serde(default)]
    fields: BTreeMap<String, String>,
    #[serde(default)]
    rows: BTreeMap<String, BTreeMap<String, String>>,
}

/// Reads all services of the pack, by what stands after `/r1/`.
pub(super) fn read(text: &PackText) -> anyhow::Result<BTreeMap<String, Service>> {
    let answers: AnswersFile = match text.get("people/answers.toml") {
        Some(contents) => toml::from_str(contents).context("people/answers.toml")?,
        None => AnswersFile { answer: Vec::new() },
    };
    let mut answers: BTreeMap<String, AnswerFile> = answers
        .answer
        .into_iter()
        .map(|answer| (answer.service.clone(), answer))
        .collect();
    let mut services = BTreeMap::new();
    for (name, contents) in text
        .iter()
        .filter(|(name, _)| name.starts_with("registers/") && name.ends_with(".toml"))
    {
        let file: RegisterFile = toml::from_str(contents).with_context(|| name.clone())?;
        for service in file.service {
            let (fields, rows) = answers
                .remove(&service.code)
                .map_or_else(Default::default, |answer| (answer.fields, answer.rows));
            let parts = service.xroad.split('/').collect::<Vec<_>>();
            if !(4..=5).contains(&parts.len()) || parts.iter().any(|part| part.is_empty()) {
                bail!(
                    "{name}: {}: xroad is instance/class/member/[subsystem/]service",
                    service.code
                );
            }
            let code = service.code.clone();
            let service = Service {
                code: service.code,
                xroad: service.xroad.clone(),
                gives: service.gives,
                takes: service.takes,
                fields,
                rows,
            };
            if services.insert(service.xroad.clone(), service).is_some() {
                bail!("{name}: {code}: another service has the same xroad address");
            }
        }
    }
    if let Some(code) = answers.keys().next() {
        bail!("people/answers.toml: the pack has no service {code}");
    }
    if services.is_empty() {
        bail!("the pack has no services in registers/")
    } else {
        Ok(services)
    }
}

//! A service that takes messages: it reads one, and gives a receipt or says why it does not take it.

use super::services::Service;
use karton_api::Date;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

/// What is wrong with a message, in words; nothing when its service can read it.
pub(super) fn mistake(service: &Service, members: &Map<String, Value>) -> Option<String> {
    let own = |name: &&String| name.as_str() != "national_id";
    if let Some(unknown) = members
        .keys()
        .filter(own)
        .find(|name| !service.takes.contains_key(*name))
    {
        let unknown: String = unknown.chars().take(60).collect();
        return Some(format!("the member {unknown} is not known here"));
    }
    service
        .takes
        .iter()
        .find_map(|(name, ty)| match members.get(name) {
            None => Some(format!("the member {name} is missing")),
            Some(value) if fits(value, ty) => None,
            Some(_) => Some(format!("the member {name} is not a {ty}")),
        })
}

fn fits(value: &Value, ty: &str) -> bool {
    match (ty, value) {
        ("bool", Value::Bool(_)) => true,
        ("int", Value::Number(number)) => number.is_i64(),
        ("date", Value::String(day)) => day.parse::<Date>().is_ok(),
        ("bool" | "int" | "date", _) => false,
        (_, Value::String(text)) => !text.is_empty() && text.chars().count() <= 200,
        _ => false,
    }
}

/// The receipt of a message: the same for the same message.
pub(super) fn taken(national_id: &str, message: &str) -> Value {
    let digest = Sha256::digest(message.as_bytes());
    let number = digest
        .iter()
        .take(4)
        .fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
    json!({ "national_id": national_id, "taken": true, "receipt": format!("PR-{number:010}") })
}

/// The answer about somebody whom the institution does not find.
pub(super) fn not_taken(national_id: &str, why: &str) -> Value {
    json!({ "national_id": national_id, "taken": false, "why": why })
}

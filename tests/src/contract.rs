//! The contract as the server prints it: `/openapi.json`, operation by operation.

use crate::{house::House, raw::Request};
use serde_json::Value;

/// An operation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Operation {
    /// With the names of its parts in braces.
    pub path: String,
    /// In capital letters.
    pub method: String,
    /// It takes a body.
    pub body: bool,
    /// Needs no session.
    pub open: bool,
    /// The statuses it is documented to answer with.
    pub answers: Vec<u16>,
}

impl Operation {
    /// `GET /v1/persons/{id}`
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
    /// The path with every part filled in by `fill`, which is given the part's name.
    pub fn path_with(&self, fill: impl Fn(&str) -> String) -> String {
        let mut path = String::new();
        let mut rest = self.path.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').unwrap();
            path.push_str(before);
            path.push_str(&fill(name));
            rest = after;
        }
        path + rest
    }
}

/// Reads the description the server serves.
pub async fn description(house: &House) -> Value {
    let answer = Request::new("GET", "/openapi.json").send(house.address).await;
    assert_eq!(answer.status, 200);
    answer.json()
}

/// Every operation of a description.
pub fn operations(description: &Value) -> Vec<Operation> {
    let mut operations = Vec::new();
    for (path, methods) in description["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let open = operation["security"].as_array().is_some_and(|needs| {
                needs
                    .iter()
                    .any(|need| need.as_object().is_some_and(|need| need.is_empty()))
            });
            let answers = operation["responses"].as_object().unwrap();
            operations.push(Operation {
                path: path.clone(),
                method: method.to_uppercase(),
                body: operation.get("requestBody").is_some(),
                open,
                answers: answers.keys().filter_map(|status| status.parse().ok()).collect(),
            });
        }
    }
    operations.sort();
    operations
}

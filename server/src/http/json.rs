use crate::problem::Error;
use axum::{
    body::Body,
    extract::{FromRequest, Request},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use karton_api::problem::FieldError;
use serde::{Serialize, de::DeserializeOwned};
use serde_path_to_error::Segment;
use std::time::Duration;

/// The largest body that is taken.
pub(super) const LARGEST: usize = 1 << 20;
/// The deepest nesting that is taken: nothing in the contract comes near.
const DEEPEST: usize = 32;
/// A body that has not arrived by then is not waited for.
const ARRIVES: Duration = Duration::from_secs(30);

/// A JSON body, read strictly: 415 for another type or an encoding, 413 beyond 1 MB, 400 where it is no JSON or too deep, 422 with
/// the field's JSON pointer for unknown fields, wrong types and NUL. As an answer, JSON.
#[derive(Debug, Clone)]
pub struct Json<T>(pub T);

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(body) => {
                let json = HeaderValue::from_static("application/json");
                (StatusCode::OK, [(header::CONTENT_TYPE, json)], body).into_response()
            }
            Err(error) => Error::fault(error).into_response(),
        }
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Error;
    async fn from_request(request: Request, _: &S) -> Result<Self, Error> {
        check_type(request.headers())?;
        parse(&collect(request.into_body()).await?).map(Json)
    }
}

/// Only JSON, in UTF-8, not compressed.
fn check_type(headers: &HeaderMap) -> Result<(), Error> {
    let plain = headers
        .get_all(header::CONTENT_ENCODING)
        .iter()
        .all(|encoding| encoding.as_bytes().eq_ignore_ascii_case(b"identity"));
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    let mut parts = kind.split(';').map(str::trim);
    let json = parts
        .next()
        .is_some_and(|kind| kind.eq_ignore_ascii_case("application/json"));
    let utf8 = parts.all(|part| {
        let charset = part.to_ascii_lowercase();
        !charset.starts_with("charset=")
            || matches!(
                charset.trim_start_matches("charset=").trim_matches('"'),
                "utf-8" | "utf8"
            )
    });
    if plain && json && utf8 {
        Ok(())
    } else {
        Err(Error::Unsupported)
    }
}

/// Reads a body within its bounds of size and time.
pub(super) async fn collect(body: Body) -> Result<Vec<u8>, Error> {
    upload(body, LARGEST).await
}

/// Reads a body that is a file, of at most so many bytes, within the bounds of time.
pub async fn upload(body: Body, most: usize) -> Result<Vec<u8>, Error> {
    match tokio::time::timeout(ARRIVES, Limited::new(body, most).collect()).await {
        Err(_) => Err(Error::Malformed("The body did not arrive in time.".into())),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Error::TooLarge),
        // The idempotency layer has read it already and says what it met.
        Ok(Err(error)) => Err(Error::Malformed(format!("The body broke off: {error}."))),
        Ok(Ok(body)) => Ok(body.to_bytes().to_vec()),
    }
}

/// Reads a body as `T`.
fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Error> {
    if too_deep(body) {
        return Err(Error::Malformed(format!(
            "The JSON is nested deeper than {DEEPEST} levels."
        )));
    }
    // Every body of the contract is an object; serde would also take a list for one, field by field.
    if body
        .iter()
        .find(|byte| !byte.is_ascii_whitespace())
        .is_some_and(|byte| *byte != b'{')
    {
        return Err(match serde_json::from_slice::<serde::de::IgnoredAny>(body) {
            Ok(_) => Error::field("", "wrong-type", "Something else is needed here: an object."),
            Err(error) => Error::Malformed(format!("This is not JSON: {error}.")),
        });
    }
    let mut json = serde_json::Deserializer::from_slice(body);
    let read = serde_path_to_error::deserialize(&mut json);
    let value: T = read.map_err(|error| refusal(&error))?;
    json.end()
        .map_err(|error| Error::Malformed(format!("After the JSON more follows: {error}.")))?;
    // NUL can stand in JSON only as an escape, and no text of ours may hold it.
    if body.windows(6).any(|six| six == b"\\u0000") {
        let whole: serde_json::Value =
            serde_json::from_slice(body).map_err(|error| Error::Malformed(error.to_string()))?;
        let mut found = Vec::new();
        find_nul(&whole, &mut String::new(), &mut found);
        if !found.is_empty() {
            return Err(Error::Invalid(found));
        }
    }
    Ok(value)
}

fn refusal(error: &serde_path_to_error::Error<serde_json::Error>) -> Error {
    let inner = error.inner();
    if !inner.is_data() {
        return Error::Malformed(format!("This is not JSON: {inner}."));
    }
    let mut pointer = String::new();
    for segment in error.path() {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => push(&mut pointer, key),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    let (code, name, message) = reason(&inner.to_string());
    // serde stops on an unknown field inside it, and on a missing one before it.
    if let Some(name) = name {
        let mut last = String::new();
        push(&mut last, &name);
        if code != "unknown-field" || !pointer.ends_with(&last) {
            pointer.push_str(&last);
        }
    }
    Error::field(pointer, code, message)
}

/// What a message of serde means: a code, the field it names, and a sentence for people.
pub(super) fn reason(serde: &str) -> (&'static str, Option<String>, String) {
    let quoted = || serde.split('`').nth(1).map(str::to_owned);
    let tail = serde.split(" at line ").next().unwrap_or(serde);
    if serde.starts_with("unknown field") {
        ("unknown-field", quoted(), "There is no such field here.".into())
    } else if serde.starts_with("missing field") {
        ("missing", quoted(), "This has to be filled in.".into())
    } else if serde.starts_with("duplicate field") {
        ("twice", quoted(), "This is given twice.".into())
    } else if serde.starts_with("unknown variant") {
        let known = tail.split_once(", ").map_or("", |(_, known)| known);
        (
            "unknown-value",
            None,
            format!("This value is not known here: {known}."),
        )
    } else if let Some(rest) = tail.strip_prefix("invalid type: ") {
        let wanted = rest.rsplit_once("expected ").map_or(rest, |(_, wanted)| wanted);
        (
            "wrong-type",
            None,
            format!("Something else is needed here: {}.", plainly(wanted)),
        )
    } else if let Some(rest) = tail
        .strip_prefix("invalid value: ")
        .or_else(|| tail.strip_prefix("invalid length "))
    {
        let wanted = rest.rsplit_once("expected ").map_or(rest, |(_, wanted)| wanted);
        (
            "wrong-value",
            None,
            format!("This cannot be taken: {} is needed.", plainly(wanted)),
        )
    } else if ["year", "month", "day", "date"]
        .iter()
        .any(|part| tail.contains(part))
    {
        // Only days are read from texts with such words; how they fail to be read is the calendar library's affair.
        (
            "wrong-value",
            None,
            "There is no such day. A day is written as 2025-03-31.".into(),
        )
    } else {
        ("wrong-value", None, format!("This cannot be taken: {tail}."))
    }
}

/// What serde wants, without the names of its own types.
fn plainly(wanted: &str) -> &str {
    match wanted {
        "i64" | "i32" | "i16" | "i8" => "a whole number",
        "u64" | "u32" | "u16" | "u8" | "usize" => "a whole number, not below zero",
        "a string" | "a borrowed string" => "text",
        "a sequence" => "a list",
        _ if ["enum ", "struct ", "a map"]
            .iter()
            .any(|own| wanted.contains(own)) =>
        {
            "an object"
        }
        _ => wanted,
    }
}

fn push(pointer: &mut String, name: &str) {
    pointer.push('/');
    pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
}

/// Nesting, counted without building anything.
fn too_deep(body: &[u8]) -> bool {
    let (mut depth, mut text, mut escaped) = (0_usize, false, false);
    for byte in body {
        match (text, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (true, b'"') => text = false,
            (true, _) => {}
            (false, b'"') => text = true,
            (false, b'[' | b'{') => depth += 1,
            (false, b']' | b'}') => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return true;
        }
    }
    false
}

fn find_nul(value: &serde_json::Value, at: &mut String, found: &mut Vec<FieldError>) {
    use serde_json::Value;
    let length = at.len();
    match value {
        Value::String(text) if text.contains('\0') => found.push(FieldError {
            pointer: at.clone(),
            code: "nul".into(),
            message: "The character NUL cannot be taken.".into(),
        }),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                at.push_str(&format!("/{index}"));
                find_nul(item, at, found);
                at.truncate(length);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                push(at, &name.replace('\0', ""));
                if name.contains('\0') {
                    let message = "A field's name cannot hold the character NUL.".into();
                    found.push(FieldError {
                        pointer: at.clone(),
                        code: "nul".into(),
                        message,
                    });
                }
                find_nul(member, at, found);
                at.truncate(length);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read")]
    struct Line {
        month: u8,
        payer: String,
    }
    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read")]
    struct Form {
        lines: Vec<Line>,
        #[serde(default)]
        day: Option<karton_api::Date>,
    }

    fn refused(body: &str) -> (u16, Vec<(String, String)>) {
        let problem = parse::<Form>(body.as_bytes()).unwrap_err().problem();
        (
            problem.status,
            problem
                .errors
                .into_iter()
                .map(|error| (error.pointer, error.code))
                .collect(),
        )
    }

    #[test]
    fn what_is_wrong_is_said_without_the_names_of_types() {
        let said = |body: &str| {
            let problem = parse::<Form>(body.as_bytes()).unwrap_err().problem();
            problem
                .errors
                .into_iter()
                .map(|error| error.message)
                .collect::<Vec<_>>()
                .join(" ")
        };
        for day in [
            "2025-02-30",
            "2024-13-01",
            "tomorrow",
            "2025-2-3",
            "31.03.2025",
            "",
        ] {
            let body = format!(r#"{{"lines":[],"day":"{day}"}}"#);
            assert_eq!(
                said(&body),
                "There is no such day. A day is written as 2025-03-31.",
                "{day}"
            );
        }
        for body in [
            r#"{"lines":[{"month":300,"payer":"a"}]}"#,
            r#"{"lines":[{"month":"x","payer":"a"}]}"#,
            r#"{"lines":[[]]}"#,
            r#"{"lines":{}}"#,
            r#"{"lines":[1]}"#,
            r#"{"lines":[{"month":1,"payer":2}]}"#,
        ] {
            let said = said(body);
            for own in ["u8", "struct", "enum", "sequence", "string", "Line"] {
                assert!(!said.contains(own), "{said}");
            }
        }
    }

    #[test]
    fn every_mistake_is_named_by_its_pointer() {
        let one = |pointer: &str, code: &str| (422, vec![(pointer.to_owned(), code.to_owned())]);
        assert_eq!(
            refused(r#"{"lines":[{"month":1,"payer":"a"},{"month":"x","payer":"b"}]}"#),
            one("/lines/1/month", "wrong-type")
        );
        assert_eq!(
            refused(r#"{"lines":[{"month":1}]}"#),
            one("/lines/0/payer", "missing")
        );
        assert_eq!(refused(r#"{"lines":[],"more":1}"#), one("/more", "unknown-field"));
        assert_eq!(
            refused(r#"{"lines":[{"month":1,"payer":"a","a/b":1}]}"#),
            one("/lines/0/a~1b", "unknown-field")
        );
        assert_eq!(
            refused(r#"{"lines":[{"month":1,"payer":"a\u0000"}]}"#),
            one("/lines/0/payer", "nul")
        );
        assert_eq!(
            refused(r#"{"lines":[{"month":300,"payer":"a"}]}"#),
            one("/lines/0/month", "wrong-value")
        );
        assert_eq!(
            refused(r#"{"lines":[],"day":"2024-13-01"}"#),
            one("/day", "wrong-value")
        );
        assert_eq!(refused(r#"{"lines":[],"lines":[]}"#), one("/lines", "twice"));
    }

    #[test]
    fn what_is_no_json_or_too_deep_is_malformed() {
        for body in [
            "",
            "{",
            "{]",
            r#"{"lines":[]} x"#,
            "\u{feff}{}",
            r#"{"lines":["\ud800"]}"#,
        ] {
            assert_eq!(refused(body), (400, vec![]), "{body}");
        }
        assert_eq!(refused(&"[".repeat(100_000)).0, 400);
        assert!(
            parse::<Form>(br#"{"lines":[{"month":1,"payer":"\\u0000 written out [[[[ {{{{ "}]}"#).is_ok()
        );
    }

    #[test]
    fn only_plain_json_is_taken() {
        let headers = |kind: &'static str, encoding: Option<&'static str>| {
            let mut map = HeaderMap::new();
            map.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
            encoding.map(|encoding| map.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding)));
            check_type(&map).is_ok()
        };
        assert!(headers("application/json", None));
        assert!(headers("application/json; charset=UTF-8", Some("identity")));
        assert!(!headers("text/plain", None));
        assert!(!headers("application/json", Some("gzip")));
        assert!(!headers("application/json; charset=utf-16", None));
        assert!(check_type(&HeaderMap::new()).is_err());
    }
}

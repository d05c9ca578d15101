//! Who may come in by the gateway's door.

use crate::{house::House, problem::Error};
use axum::{extract::FromRequestParts, http::HeaderName, http::request::Parts};

/// The secret between the gateway and us: whoever ends the security server's line before us adds it.
const KEY: HeaderName = HeaderName::from_static("x-gateway-key");
const CLIENT: HeaderName = HeaderName::from_static("x-road-client");
const SERVICE: HeaderName = HeaderName::from_static("x-road-service");
const ID: HeaderName = HeaderName::from_static("x-road-id");
/// Longer identifiers are refused; the protocol leaves the bound to the server.
const LONGEST: usize = 255;

/// A message that came by our own gateway, with its headers. Nobody else can make one.
#[derive(Debug, Clone)]
pub(super) struct FromGateway {
    /// Who sends it: instance/class/member/[subsystem].
    pub(super) client: String,
    /// Our service that it is sent to, where the gateway says so.
    pub(super) service: Option<String>,
    /// The sender's id of the message.
    pub(super) message: String,
}

impl FromRequestParts<House> for FromGateway {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, house: &House) -> Result<FromGateway, Error> {
        let key = parts.headers.get(KEY).map(|key| key.as_bytes());
        if !key.is_some_and(|key| house.gateway.lets_in(key)) {
            return Err(Error::SignedOut);
        }
        let one = |name: HeaderName| -> Result<Option<String>, Error> {
            // Of several the last counts.
            let Some(value) = parts.headers.get_all(&name).iter().next_back() else {
                return Ok(None);
            };
            match value.to_str() {
                Ok(text) if !text.is_empty() && text.len() <= LONGEST => Ok(Some(text.to_owned())),
                _ => Err(Error::Malformed(format!(
                    "The header {name} must be 1 to {LONGEST} visible ASCII characters."
                ))),
            }
        };
        let needed = |name: HeaderName| {
            one(name.clone())?.ok_or_else(|| Error::Malformed(format!("The header {name} is missing.")))
        };
        Ok(FromGateway {
            client: needed(CLIENT)?,
            service: one(SERVICE)?,
            message: needed(ID)?,
        })
    }
}

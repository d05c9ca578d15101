//! What a simulated institution sends back of a message that it took: `people/replies.toml`.
//!
//! A course is what becomes of one message: messages of the pack (`[[message]]` of `registers/*.toml`) in their order, each some time after the one
//! before. They go to whoever the gateway delivers to, in the shape of the X-Road message protocol, and are sent again under the same id while the
//! office says that nothing waits for them yet or cannot be reached.

use super::{faults::Kind, protocol};
use crate::generate::PackText;
use anyhow::{Context, bail};
use jiff::ToSpan as _;
use karton_api::Date;
use serde::Deserialize;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// So often a message is sent before it is given up.
const TRIES: u32 = 600;
/// The longest pause between two tries.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
const PATIENCE: Duration = Duration::from_secs(5);

/// Who may send a message and to which of our services.
#[derive(Debug, Clone)]
struct Address {
    client: String,
    xroad: String,
}

/// What becomes of a message that was taken.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Course {
    /// The service that took it.
    after: String,
    /// Only these people, by their numbers; they are looked at first.
    #[serde(default)]
    numbers: Vec<String>,
    /// So many of a hundred others, by what their number comes to; all who are left, where it is not said.
    #[serde(default = "all")]
    share: u64,
    #[serde(default)]
    reply: Vec<Reply>,
}

fn all() -> u64 {
    100
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reply {
    /// Code of the message.
    sends: String,
    /// So long after the one before it, or after the message that it answers.
    after_ms: u64,
    #[serde(default)]
    members: BTreeMap<String, Member>,
}

/// A member's value: as it stands, or a day so many days from today.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Member {
    Day { days: i64 },
    Value(Value),
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct CoursesFile {
    #[serde(default)]
    course: Vec<Course>,
}
#[derive(Deserialize)]
struct RegisterFile {
    #[serde(default)]
    message: Vec<MessageFile>,
}
// What the rules' loader checks is not checked again here.
#[derive(Deserialize)]
struct MessageFile {
    code: String,
    client: String,
    xroad: String,
}

/// Where the gateway delivers what is sent to the office.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Deliver {
    /// The office's address, without a path.
    address: String,
    /// The key with which it is let in.
    key: String,
    /// Instead of every `after_ms`.
    #[serde(default)]
    after_ms: Option<u64>,
}

/// All courses of a pack, and where their messages go.
#[derive(Debug)]
pub(super) struct Courses {
    courses: Vec<Course>,
    addresses: BTreeMap<String, Address>,
    http: reqwest::Client,
    deliver: Mutex<Option<Deliver>>,
}

/// The message that is answered.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) service: String,
    pub(super) message: String,
    pub(super) national_id: String,
    pub(super) today: Date,
    /// What goes wrong with the answers.
    pub(super) fault: Option<Kind>,
}

impl Courses {
    /// Reads the courses. An error names what is wrong with them.
    pub(super) fn read(text: &PackText) -> anyhow::Result<Courses> {
        let courses: CoursesFile = match text.get("people/replies.toml") {
            Some(contents) => toml::from_str(contents).context("people/replies.toml")?,
            None => CoursesFile::default(),
        };
        let mut addresses = BTreeMap::new();
        for (name, contents) in text
            .iter()
            .filter(|(name, _)| name.starts_with("registers/") && name.ends_with(".toml"))
        {
            let file: RegisterFile = toml::from_str(contents).with_context(|| name.clone())?;
            addresses.extend(file.message.into_iter().map(|message| {
                let address = Address {
                    client: message.client,
                    xroad: message.xroad,
                };
                (message.code, address)
            }));
        }
        for reply in courses.course.iter().flat_map(|course| &course.reply) {
            if !addresses.contains_key(&reply.sends) {
                bail!("people/replies.toml: the pack has no message {}", reply.sends);
            }
        }
        // Whoever embeds the server may have installed one already; it is the same.
        let _already = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .timeout(PATIENCE)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()?;
        Ok(Courses {
            courses: courses.course,
            addresses,
            http,
            deliver: Mutex::default(),
        })
    }

    /// From now on messages go there.
    pub(super) fn deliver_to(&self, to: Deliver) {
        *self.deliver.lock().unwrap_or_else(PoisonError::into_inner) = Some(to);
    }

    fn course(&self, asked: &Asked) -> Option<&Course> {
        let mut of_service = self.courses.iter().filter(|course| course.after == asked.service);
        let named = of_service
            .clone()
            .find(|course| course.numbers.contains(&asked.national_id));
        named.or_else(|| {
            let digest = Sha256::digest(asked.national_id.as_bytes());
            let drawn = digest
                .iter()
                .fold(0_u64, |sum, byte| (sum * 256 + u64::from(*byte)) % 100);
            let mut before = 0;
            of_service.find(|course| {
                if !course.numbers.is_empty() {
                    return false;
                }
                before += course.share;
                drawn < before
            })
        })
    }

    /// Sends what becomes of a message, one after the other; comes to its end when the last was taken or given up.
    pub(super) async fn run(&self, asked: Asked) {
        if matches!(asked.fault, Some(Kind::NoReply)) {
            return;
        }
        let Some(course) = self.course(&asked) else { return };
        for reply in &course.reply {
            let deliver = self
                .deliver
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone();
            let pause = deliver
                .as_ref()
                .and_then(|to| to.after_ms)
                .unwrap_or(reply.after_ms);
            super::http::wait(Duration::from_millis(pause)).await;
            let taken = self.send(&asked, reply, pause).await;
            if !taken {
                tracing::info!(message = reply.sends, "given up");
                return;
            }
        }
    }

    /// Sends one message until it is taken; `false` where it is refused for good or given up.
    async fn send(&self, asked: &Asked, reply: &Reply, pause: u64) -> bool {
        let Some(address) = self.addresses.get(&reply.sends) else {
            return false;
        };
        let mut body = Map::new();
        body.insert("national_id".to_owned(), asked.national_id.clone().into());
        let wrong = matches!(asked.fault, Some(Kind::WrongId));
        let answers = if wrong {
            protocol::fresh_id()
        } else {
            asked.message.clone()
        };
        body.insert("in_reply_to".to_owned(), answers.into());
        for (name, member) in &reply.members {
            let value = match member {
                Member::Value(value) => value.clone(),
                Member::Day { days } => {
                    let day = asked.today.checked_add((*days).days()).unwrap_or(asked.today);
                    day.to_string().into()
                }
            };
            body.insert(name.clone(), value);
        }
        let id = protocol::fresh_id();
        let mut pause = Duration::from_millis(pause.max(20));
        for _ in 0..TRIES {
            let deliver = self
                .deliver
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone();
            if let Some(to) = deliver {
                match self.post(&to, address, reply, &id, &body).await {
                    Some(200) => {
                        // The same message again must change nothing.
                        if matches!(asked.fault, Some(Kind::Twice)) {
                            let _again = self.post(&to, address, reply, &id, &body).await;
                        }
                        return true;
                    }
                    // Nothing waits for it yet, or the office is away.
                    Some(409 | 503) | None if !wrong => {}
                    _ => return false,
                }
            }
            super::http::wait(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        false
    }

    /// One try; answers the status.
    async fn post(
        &self,
        to: &Deliver,
        address: &Address,
        reply: &Reply,
        id: &str,
        body: &Map<String, Value>,
    ) -> Option<u16> {
        let url = format!("{}/x-road/{}", to.address.trim_end_matches('/'), reply.sends);
        let answer = self
            .http
            .post(url)
            .header("X-Road-Client", &address.client)
            .header("X-Road-Service", &address.xroad)
            .header("X-Road-Id", id)
            .header("X-Gateway-Key", &to.key)
            .json(body)
            .send()
            .await;
        answer.ok().map(|answer| answer.status().as_u16())
    }
}

/// Tells registers at an address where their institutions' messages go: to this office, which lets them in with this key. `after_ms` stands
/// instead of the pack's own pauses.
///
/// # Errors
/// Where they cannot be reached or do not take it.
pub async fn deliver_to(
    registers: &str,
    office: &str,
    key: &str,
    after_ms: Option<u64>,
) -> anyhow::Result<()> {
    let _already = rustls::crypto::ring::default_provider().install_default();
    let body = serde_json::json!({ "address": office, "key": key, "after_ms": after_ms });
    let http = reqwest::Client::builder().timeout(PATIENCE).no_proxy().build()?;
    let answer = http
        .put(format!("{}/deliver", registers.trim_end_matches('/')))
        .json(&body)
        .send()
        .await?;
    if !answer.status().is_success() {
        bail!("the registers answered with {}", answer.status());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_named_goes_their_own_way_and_the_others_by_share() {
        let mut text = PackText::new();
        let register = "[[message]]\ncode = \"a.b\"\nclient = \"X/G/A\"\nxroad = \"X/G/B/s\"\n";
        text.insert("registers/a.toml".into(), register.into());
        let courses = "[[course]]\nafter = \"a.r\"\nnumbers = [\"7\"]\n[[course]]\nafter = \"a.r\"\nshare = 40\n\
            [[course.reply]]\nsends = \"a.b\"\nafter_ms = 1\nmembers = { d = { days = 2 }, x = true }\n[[course]]\nafter = \"a.r\"\n";
        text.insert("people/replies.toml".into(), courses.into());
        let courses = Courses::read(&text).unwrap();
        let of = |number: usize| {
            let asked = Asked {
                service: "a.r".into(),
                message: "m".into(),
                national_id: number.to_string(),
                today: "2025-03-10".parse().unwrap(),
                fault: None,
            };
            courses.course(&asked).unwrap().clone()
        };
        assert_eq!(of(7).numbers, ["7"]);
        let first = (100..1100).filter(|number| of(*number).share == 40).count();
        assert!((340..460).contains(&first), "{first}");
        let unknown = "[[course]]\nafter = \"a.r\"\n[[course.reply]]\nsends = \"a.c\"\nafter_ms = 1\n";
        text.insert("people/replies.toml".into(), unknown.into());
        assert!(Courses::read(&text).is_err());
    }
}

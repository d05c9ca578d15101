//! Canaries: texts planted where only some may find them, and a knock on every door there is to hear whether one sings.
//!
//! Doors are found in the description of the API, so a new route is knocked on without being named here. A room adds its own canary by planting
//! a text nobody else would write ([`Canary::new`]), naming the things around it whose ids paths take ([`Aviary::near`]), and saying who may not
//! hear it ([`Aviary::nobody_hears`]). What the house writes into its log meanwhile is listened to as well ([`log`]).

use crate::{
    contract::{Operation, description, operations},
    house::House,
    officer::Officer,
    paper::text_of_pdf,
    raw::{Answer, Request},
    terminal::Terminal,
};
use serde_json::{Value, json};
use std::{
    io::{self, Write},
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

/// Everything that was logged in this process since [`log`] was first asked.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// What was logged so far.
    pub fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Listens to the log of this process, at its most talkative.
pub fn log() -> &'static Log {
    static LOG: OnceLock<Log> = OnceLock::new();
    LOG.get_or_init(|| {
        let log = Log::default();
        let writer = log.clone();
        // Another story may listen already; then there is nothing to be heard here, which the story notices.
        let _ = tracing_subscriber::fmt()
            .with_max_level(tracing_subscriber::filter::LevelFilter::DEBUG)
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .try_init();
        log
    })
}

/// A text that sings where it should not be.
#[derive(Debug, Clone)]
pub struct Canary {
    /// What it stands for, for whoever reads a failure.
    pub what: String,
    /// The text; nothing else in the house says it.
    pub text: String,
}

impl Canary {
    /// Plant `text` for `what`.
    pub fn new(what: &str, text: &str) -> Canary {
        Canary {
            what: what.to_owned(),
            text: text.to_owned(),
        }
    }
    /// Whether it sings in a text; as JSON writes it too, and however lines are broken.
    pub fn sings_in(&self, text: &str) -> bool {
        let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let quoted = json!(self.text).to_string();
        let quoted = quoted.trim_matches('"');
        text.contains(&self.text) || text.contains(quoted) || flat(text).contains(&flat(&self.text))
    }
}

/// Canaries, and the things around them.
#[derive(Debug, Default)]
pub struct Aviary {
    canaries: Vec<Canary>,
    ids: Vec<String>,
    words: Vec<String>,
    kinds: Vec<String>,
}

impl Aviary {
    /// With these canaries.
    pub fn of(canaries: Vec<Canary>) -> Aviary {
        Aviary {
            canaries,
            ..Aviary::default()
        }
    }
    /// Ids of things around them: whatever takes an id in its path is asked about each.
    pub fn near(mut self, ids: impl IntoIterator<Item = impl ToString>) -> Aviary {
        self.ids.extend(ids.into_iter().map(|id| id.to_string()));
        self.ids.sort();
        self.ids.dedup();
        self
    }
    /// Words that find the people around them: whatever takes a text is asked for each.
    pub fn found_by(mut self, words: &[&str]) -> Aviary {
        self.words.extend(words.iter().map(|word| (*word).to_owned()));
        self
    }
    /// Kinds of documents under which one may be looked for.
    pub fn filed_as(mut self, kinds: &[&str]) -> Aviary {
        self.kinds.extend(kinds.iter().map(|kind| (*kind).to_owned()));
        self
    }
    /// Which of them sing in an answer: in its headers, in its body, and in a PDF as it is read.
    pub fn heard_in(&self, answer: &Answer) -> Vec<&Canary> {
        let mut text = answer.text();
        for (name, value) in &answer.headers {
            text.push_str(&format!("\n{name}: {value}"));
        }
        if answer.body.starts_with(b"%PDF") {
            text.push('\n');
            text.push_str(&text_of_pdf(&answer.body));
        }
        self.heard_in_text(&text)
    }
    /// Which of them sing in a text: a screen, a log.
    pub fn heard_in_text(&self, text: &str) -> Vec<&Canary> {
        self.canaries.iter().filter(|it| it.sings_in(text)).collect()
    }

    /// Walks over screens: keys are typed, what then has to stand there is waited for, and the screen is read.
    pub fn silent_on(&self, at: &mut Terminal, steps: &[(&str, &str)]) {
        for (keys, then) in steps {
            at.types(keys);
            at.waits_for(then);
            let heard = self.heard_in_text(&at.screen());
            assert!(heard.is_empty(), "{heard:?} after {keys} on\n{}", at.framed());
        }
    }

    /// The requests that knock on one door: every id in the place of each part of its path, every word in the bodies that search.
    fn knocks(&self, door: &Operation) -> Vec<Request> {
        let parts = door.path.matches('{').count();
        let mut paths = match parts {
            0 => vec![door.path.clone()],
            1 => self.ids.iter().map(|id| fill(door, |_| id.clone())).collect(),
            // Questions are asked about every pair; an act needs a pair that fits, and one neighbour is as good as another.
            _ => {
                let near = if door.method == "GET" { self.ids.len() } else { 2 };
                let turned = self.ids.iter().cycle();
                let pairs = self
                    .ids
                    .iter()
                    .enumerate()
                    .flat_map(|(place, a)| turned.clone().skip(place).take(near).map(move |b| (a, b)));
                pairs
                    .map(|(a, b)| {
                        let mut first = true;
                        fill_each(door, || {
                            let id = if first { a } else { b };
                            first = false;
                            id.clone()
                        })
                    })
                    .collect()
            }
        };
        if door.method == "GET" {
            // A letter has other shapes, a question other answers.
            let queries: &[&str] = match door.path.as_str() {
                path if path.ends_with("/letter") => &["", "?form=text", "?form=html"],
                "/v1/tasks" => &["?queue=office", "?queue=mine", "?queue=overdue"],
                path if path.ends_with("/visit-sheet") => &["", "?form=text", "?form=html"],
                "/v1/cases/dues" => &["", "?held=true", "?mine=true"],
                // As many entries as a page holds, the newest of the log.
                "/v1/audit" => &["?limit=200", "?what=restricted&limit=200"],
                path if path.ends_with("/timeline") => &["?limit=200"],
                _ => &[""],
            };
            paths = paths
                .iter()
                .flat_map(|path| queries.iter().map(move |query| format!("{path}{query}")))
                .collect();
        }
        let mut requests = Vec::new();
        for path in paths {
            if !door.body {
                requests.push(Request::new(&door.method, &path));
                continue;
            }
            for body in self.bodies(door) {
                requests.push(
                    Request::new(&door.method, &path)
                        .header("if-match", "\"1\"")
                        .json(&body),
                );
            }
        }
        requests
    }
    fn bodies(&self, door: &Operation) -> Vec<Value> {
        let mut bodies = vec![json!({})];
        if door.path.ends_with("/search") {
            let texts = self
                .words
                .iter()
                .chain(self.canaries.iter().map(|canary| &canary.text));
            bodies.extend(texts.map(|text| json!({ "text": text })));
            if door.path == "/v1/documents/search" {
                for kind in &self.kinds {
                    bodies.push(json!({ "kind": kind }));
                    bodies.extend(self.ids.iter().map(|id| json!({ "kind": kind, "person": id })));
                }
            }
        }
        if door.path == "/v1/assessments/preview" {
            let previews = self
                .ids
                .iter()
                .map(|id| json!({ "benefit": "MO", "applicant": id, "answers": [] }));
            bodies.extend(previews);
        }
        bodies
    }

    /// Knocks on every door as each of these officers; fails with the doors behind which a canary sings. Questions come before acts, so that acts
    /// that succeed take nothing from them. Answers how many knocks there were.
    pub async fn nobody_hears(&self, house: &House, officers: &[(&str, &Officer)]) -> usize {
        let mut doors = operations(&description(house).await);
        let leaves = |door: &Operation| door.method == "DELETE" && door.path.starts_with("/v1/session");
        doors.retain(|door| !door.open && !leaves(door));
        doors.sort_by_key(|door| (door.method != "GET", door.path.clone()));
        let (mut knocks, mut sang) = (0, Vec::new());
        for (who, officer) in officers {
            for door in &doors {
                for request in self.knocks(door) {
                    let answer = request.token(&officer.token).send(house.address).await;
                    knocks += 1;
                    for canary in self.heard_in(&answer) {
                        sang.push(format!("{} heard {} at {}", who, canary.what, door.name()));
                    }
                }
            }
        }
        // What needs no key is asked as nobody: figures, health, the description.
        for door in ["/metrics", "/healthz", "/readyz", "/openapi.json"] {
            let answer = Request::new("GET", door).send(house.address).await;
            assert!(matches!(answer.status, 200 | 204), "{door}: {}", answer.status);
            for canary in self.heard_in(&answer) {
                sang.push(format!("whoever passes heard {} at {door}", canary.what));
            }
        }
        let logged = log().text();
        for canary in self.canaries.iter().filter(|canary| canary.sings_in(&logged)) {
            sang.push(format!("the log tells {}", canary.what));
        }
        sang.sort();
        sang.dedup();
        assert!(
            sang.is_empty(),
            "{} canaries sing:\n{}",
            sang.len(),
            sang.join("\n")
        );
        knocks
    }
}

fn fill(door: &Operation, id: impl Fn(&str) -> String) -> String {
    door.path_with(|part| match part {
        "list" => "municipalities".into(),
        "language" => "en".into(),
        part => id(part),
    })
}

fn fill_each(door: &Operation, mut id: impl FnMut() -> String) -> String {
    let mut path = String::new();
    let mut rest = door.path.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        let (_, after) = after.split_once('}').unwrap_or(("", after));
        path.push_str(before);
        path.push_str(&id());
        rest = after;
    }
    path + rest
}

//! Sessions: an opaque token of 256 bits, of which only the SHA-256 is kept.
//!
//! A session ends after 15 minutes without use and after 10 hours in any case. A small cache spares the database; what is ended in this
//! process is gone from it at once, what another process ended is noticed within a second.

use super::{Actor, role_named};
use crate::{
    audit::{self, Entry},
    clock::Clock,
    house::House,
    http::hex,
    problem::Error,
    store::{Store, Tx},
    vals,
};
use axum::http::{header, request::Parts};
use jiff::{SignedDuration, Timestamp};
use karton_api::{Date, Id, session::Role, value};
use sha2::{Digest as _, Sha256};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Without use it ends after this.
pub const IDLE: SignedDuration = SignedDuration::from_mins(15);
/// In any case it ends after this.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(10);
/// The time of last use is written down when it is this much later than what is written.
const NOTED_EVERY: SignedDuration = SignedDuration::from_secs(30);
/// What the cache says is believed so long.
const FRESH: Duration = Duration::from_secs(1);
/// Sessions in the cache; when it is full it starts anew.
const CACHED: usize = 4096;

/// Somebody signed in, working in one office.
#[derive(Debug, Clone)]
pub struct Session {
    /// Its id.
    pub id: Id<value::Session>,
    /// Who.
    pub officer: Id<value::Officer>,
    /// The officer's name.
    pub name: String,
    /// The account's name.
    pub account: String,
    /// Where.
    pub office: Id<value::Office>,
    /// The roles in that office, an approver's among them while deputising for one.
    pub roles: Vec<Role>,
    /// The approver for whom they decide today; nobody where they are one themselves.
    pub deputy_for: Option<Id<value::Officer>>,
    /// The first password must be changed first.
    pub must_change_password: bool,
    /// When it began.
    pub began_at: Timestamp,
    /// When it was last used, as far as it is written down.
    pub used_at: Timestamp,
    /// It ends then at the latest.
    pub ends_at: Timestamp,
    /// The client's words about itself.
    pub client: Option<String>,
    /// The officer has declared dossiers of their family, on which they do not work.
    pub kin: bool,
}

impl Session {
    /// Who acts in it.
    pub fn actor(&self) -> Actor {
        Actor {
            officer: Some(self.officer),
            office: self.office,
        }
    }
}

/// A token of 256 random bits, shown once.
pub struct Token([u8; 32]);

impl Token {
    /// Makes one.
    pub fn random() -> Token {
        Token(rand::random())
    }
    /// As it travels.
    pub fn text(&self) -> String {
        hex(&self.0)
    }
    /// As it is kept.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.text()).into()
    }
}

/// The sessions in use, in memory.
#[derive(Debug, Clone, Default)]
pub struct Sessions(Arc<Mutex<Cache>>);

#[derive(Debug, Default)]
struct Cache {
    known: HashMap<[u8; 32], Known>,
    /// Grows with every revocation, so that what was read before one is not kept after it.
    revocations: u64,
}

#[derive(Debug, Clone)]
struct Known {
    session: Arc<Session>,
    read: Instant,
    used_at: Timestamp,
    noted_at: Timestamp,
}

impl Sessions {
    fn cache(&self) -> std::sync::MutexGuard<'_, Cache> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets sessions at once: after ending them, after a change of roles or password.
    pub fn forget(&self, which: impl Fn(&Session) -> bool) {
        let mut cache = self.cache();
        cache.revocations += 1;
        cache.known.retain(|_, known| !which(&known.session));
    }

    /// The session of a token's hash, in use from now on.
    pub async fn find(&self, store: &Store, clock: &Clock, token: [u8; 32]) -> Result<Arc<Session>, Error> {
        let now = clock.now();
        let (known, revocations) = {
            let cache = self.cache();
            (cache.known.get(&token).cloned(), cache.revocations)
        };
        let fresh = known
            .as_ref()
            .filter(|known| known.read.elapsed() < FRESH)
            .cloned();
        let mut known = match fresh {
            Some(known) => known,
            None => {
                let today = clock.day_of(now);
                let found = store.read(move |tx| by_token(tx, token, today)).await?;
                let Some(session) = found else {
                    self.cache().known.remove(&token);
                    return Err(Error::SignedOut);
                };
                let noted_at = session.used_at;
                let used_at = known.map_or(noted_at, |known| known.used_at.max(noted_at));
                Known {
                    session: Arc::new(session),
                    read: Instant::now(),
                    used_at,
                    noted_at,
                }
            }
        };
        if now >= known.session.ends_at || now.duration_since(known.used_at) >= IDLE {
            self.cache().known.remove(&token);
            return Err(Error::SignedOut);
        }
        known.used_at = known.used_at.max(now);
        let note = now.duration_since(known.noted_at) >= NOTED_EVERY;
        if note {
            known.noted_at = now;
        }
        let session = Arc::clone(&known.session);
        {
            let mut cache = self.cache();
            if cache.revocations == revocations {
                if cache.known.len() >= CACHED && !cache.known.contains_key(&token) {
                    cache.known.clear();
                }
                cache.known.insert(token, known);
            }
        }
        if note {
            // That somebody went on working changes nothing but this: no entry.
            let id = session.id;
            let sql = "UPDATE session SET used_at = $2 WHERE id = $1 AND used_at < $2";
            store
                .write(move |tx| tx.exec(sql, vals![id, now]).map_err(Error::from))
                .await?;
        }
        Ok(session)
    }
}

const COLUMNS: &str = "s.id, s.officer, o.name, o.account, s.office, o.must_change, s.began_at, s.used_at, s.ends_at, s.client, \
     EXISTS (SELECT 1 FROM officer_person k WHERE k.officer = s.officer)";

fn by_token(tx: &mut Tx, token: [u8; 32], today: Date) -> Result<Option<Session>, Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM session s JOIN officer o ON o.id = s.officer
         WHERE s.token = $1 AND s.ended_at IS NULL AND o.disabled = 0"
    );
    let Some(row) = tx.opt(&sql, vals![token])? else {
        return Ok(None);
    };
    read(tx, &row, today).map(Some)
}

fn read(tx: &mut Tx, row: &crate::store::Row, today: Date) -> Result<Session, Error> {
    let (officer, office): (Id<value::Officer>, Id<value::Office>) = (row.get(1)?, row.get(4)?);
    let roles = roles(tx, officer, office)?;
    let (roles, deputy_for) = with_deputy(tx, officer, office, roles, today)?;
    Ok(Session {
        id: row.get(0)?,
        officer,
        name: row.get(2)?,
        account: row.get(3)?,
        office,
        roles,
        deputy_for,
        must_change_password: row.get(5)?,
        began_at: row.get(6)?,
        used_at: row.get(7)?,
        ends_at: row.get(8)?,
        client: row.get(9)?,
        kin: row.get(10)?,
    })
}

/// The roles of an officer in an office, in the order of the contract.
pub fn roles(
    tx: &mut Tx,
    officer: Id<value::Officer>,
    office: Id<value::Office>,
) -> Result<Vec<Role>, Error> {
    let rows = tx.query(
        "SELECT role FROM officer_role WHERE officer = $1 AND office = $2",
        vals![officer, office],
    )?;
    let mut roles = Vec::new();
    for row in rows {
        let name: String = row.get(0)?;
        roles.push(role_named(&name).ok_or_else(|| Error::fault(format!("there is no role {name}")))?);
    }
    roles.sort_unstable();
    Ok(roles)
}

/// The approver of an office for whom an officer decides on a day, by the named and dated deputies.
pub fn absent(
    tx: &mut Tx,
    officer: Id<value::Officer>,
    office: Id<value::Office>,
    on: Date,
) -> Result<Option<Id<value::Officer>>, Error> {
    let rows = tx.query(
        "SELECT absent FROM deputy WHERE deputy = $1 AND office = $2 AND from_on <= $3 AND until_on >= $3 AND ended_at IS NULL
         ORDER BY from_on, id LIMIT 1",
        vals![officer, office, on],
    )?;
    Ok(rows.first().map(|row| row.get(0)).transpose()?)
}

/// The roles of an officer on a day, with an approver's while they decide for one who is away, and for whom. Who has no role there at all, or is
/// an approver, deputises for nobody.
pub fn with_deputy(
    tx: &mut Tx,
    officer: Id<value::Officer>,
    office: Id<value::Office>,
    mut roles: Vec<Role>,
    on: Date,
) -> Result<(Vec<Role>, Option<Id<value::Officer>>), Error> {
    if roles.is_empty() || roles.contains(&Role::Approver) {
        return Ok((roles, None));
    }
    let absent = absent(tx, officer, office, on)?;
    if absent.is_some() {
        roles.push(Role::Approver);
        roles.sort_unstable();
    }
    Ok((roles, absent))
}

/// Writes a new session.
pub fn begin(tx: &mut Tx, session: &Session, token: [u8; 32]) -> Result<(), Error> {
    let old = session
        .began_at
        .saturating_sub(SignedDuration::from_hours(24 * 30))
        .unwrap_or(Timestamp::MIN);
    tx.exec(
        "DELETE FROM session WHERE officer = $1 AND ends_at < $2",
        vals![session.officer, old],
    )?;
    tx.exec(
        "INSERT INTO session (id, token, officer, office, began_at, used_at, ends_at, client)
         VALUES ($1, $2, $3, $4, $5, $5, $6, $7)",
        vals![
            session.id,
            token,
            session.officer,
            session.office,
            session.began_at,
            session.ends_at,
            session.client.clone()
        ],
    )?;
    Ok(())
}

/// The sessions of an officer that have not ended, the newest first.
pub fn of_officer(
    tx: &mut Tx,
    officer: Id<value::Officer>,
    now: Timestamp,
    today: Date,
) -> Result<Vec<Session>, Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM session s JOIN officer o ON o.id = s.officer
         WHERE s.officer = $1 AND s.ended_at IS NULL AND s.ends_at > $2 AND s.used_at > $3 ORDER BY s.began_at DESC, s.id DESC"
    );
    let idle = now.saturating_sub(IDLE).unwrap_or(Timestamp::MIN);
    let rows = tx.query(&sql, vals![officer, now, idle])?;
    rows.iter().map(|row| read(tx, row, today)).collect()
}

/// Ends one session of an officer; says whether there was one.
pub fn end(
    tx: &mut Tx,
    officer: Id<value::Officer>,
    id: Id<value::Session>,
    now: Timestamp,
) -> Result<bool, Error> {
    let sql = "UPDATE session SET ended_at = $3 WHERE id = $1 AND officer = $2 AND ended_at IS NULL AND ends_at > $3";
    Ok(tx.exec(sql, vals![id, officer, now])? == 1)
}

/// Ends all sessions of an officer but one, and says how many.
pub fn end_all(
    tx: &mut Tx,
    officer: Id<value::Officer>,
    but: Option<Id<value::Session>>,
    now: Timestamp,
) -> Result<u64, Error> {
    let but = but.unwrap_or_else(|| Id::from_uuid(uuid::Uuid::nil()));
    let sql = "UPDATE session SET ended_at = $2 WHERE officer = $1 AND id <> $3 AND ended_at IS NULL AND ends_at > $2";
    Ok(tx.exec(sql, vals![officer, now, but])?)
}

/// What the frame has found out about the request's token.
#[derive(Debug, Clone)]
pub(crate) struct Found(pub(crate) Option<Arc<Session>>);

/// The session of a request, by `Authorization: Bearer …`. Looked up once a request.
pub(crate) async fn of_request(parts: &mut Parts, house: &House) -> Result<Arc<Session>, Error> {
    if let Some(Found(found)) = parts.extensions.get::<Found>() {
        return found.clone().ok_or(Error::SignedOut);
    }
    let found = match token_of(parts) {
        None => Err(Error::SignedOut),
        Some(token) => house.sessions.find(&house.store, &house.clock, token).await,
    };
    match found {
        Ok(session) => {
            parts.extensions.insert(Found(Some(Arc::clone(&session))));
            Ok(session)
        }
        Err(Error::SignedOut) => {
            parts.extensions.insert(Found(None));
            Err(Error::SignedOut)
        }
        Err(other) => Err(other),
    }
}

/// The hash of the token a request brings.
fn token_of(parts: &Parts) -> Option<[u8; 32]> {
    let text = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = text.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("bearer") && token.len() == 64).then(|| Sha256::digest(token).into())
}

/// Enters a refused attempt, in a transaction of its own.
pub(crate) async fn enter_denied(
    parts: &Parts,
    house: &House,
    session: &Session,
    permission: &'static str,
) -> Result<(), Error> {
    let route = parts
        .extensions
        .get::<axum::extract::MatchedPath>()
        .map_or("", |path| path.as_str());
    let entry = Entry::of("denied")
        .value("permission", permission)
        .value("method", &parts.method)
        .value("route", route);
    audit::enter(&house.store, session.actor(), house.clock.now(), entry).await
}

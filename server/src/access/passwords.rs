//! Making and checking password hashes, a few at a time: each costs 19 MiB and some tens of milliseconds on purpose.

use crate::problem::Error;
use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, PasswordVerifier as _},
};
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// So many hashes are worked on at once; more would take the processor from those who work.
const AT_ONCE: usize = 2;
/// So many may wait for their turn; more are sent away for a moment.
const WAITING: usize = 64;

/// The bounded place where passwords are hashed.
#[derive(Debug, Clone)]
pub struct Passwords {
    turns: Arc<Semaphore>,
    places: Arc<Semaphore>,
    /// The hash of a password nobody knows: checking against it costs what checking a real one costs.
    nobody: Arc<str>,
}

/// A turn at the hash: whoever holds it is one of two. What is decided by the check is best recorded before it is given back, so that
/// guesses sent at once cannot outrun the delay.
#[derive(Debug)]
pub struct Turn {
    nobody: Arc<str>,
    _place: OwnedSemaphorePermit,
    _turn: OwnedSemaphorePermit,
}

impl Passwords {
    /// Prepares the place. Costs one hash.
    pub fn new() -> Result<Passwords, Error> {
        let nobody = hash(&first_password())?;
        Ok(Passwords {
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            places: Arc::new(Semaphore::new(WAITING)),
            nobody: nobody.into(),
        })
    }

    /// Waits for a turn; refuses with `Unavailable` where too many wait already.
    pub async fn turn(&self) -> Result<Turn, Error> {
        let place = Arc::clone(&self.places)
            .try_acquire_owned()
            .map_err(|_| Error::Unavailable)?;
        let turn = Arc::clone(&self.turns)
            .acquire_owned()
            .await
            .map_err(|_| Error::Unavailable)?;
        Ok(Turn {
            nobody: Arc::clone(&self.nobody),
            _place: place,
            _turn: turn,
        })
    }

    /// The hash of a password, to be stored: argon2id with the crate's defaults, as a PHC string.
    pub async fn hash(&self, password: String) -> Result<String, Error> {
        let turn = self.turn().await?;
        turn.hash(password).await
    }
}

impl Turn {
    /// See [`Passwords::hash`].
    pub async fn hash(&self, password: String) -> Result<String, Error> {
        tokio::task::spawn_blocking(move || hash(&password))
            .await
            .map_err(Error::fault)?
    }

    /// Whether this is the password of that hash; for an unknown account (no hash) the same work and "no".
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, Error> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.nobody.to_string());
        let check = move || {
            Argon2::default()
                .verify_password(password.as_bytes(), hash.as_str())
                .is_ok()
                && known
        };
        tokio::task::spawn_blocking(check).await.map_err(Error::fault)
    }
}

fn hash(password: &str) -> Result<String, Error> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(Error::fault)
}

/// A first password: sixteen characters of an alphabet without look-alikes, about 79 bits.
pub fn first_password() -> String {
    const ALPHABET: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let mut text = String::new();
    while text.len() < 19 {
        let byte: u8 = rand::random();
        // Bytes beyond a whole number of alphabets are dropped, so that every letter is as likely.
        let Some(letter) = ALPHABET.get(usize::from(byte % 31)).filter(|_| byte < 248) else {
            continue;
        };
        if matches!(text.len(), 4 | 9 | 14) {
            text.push('-');
        }
        text.push(char::from(*letter));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_known_again_and_nobody_has_none() {
        let passwords = Passwords::new().unwrap();
        let hash = passwords.hash("korak po korak".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$"));
        let turn = passwords.turn().await.unwrap();
        assert!(
            turn.verify("korak po korak".into(), Some(hash.clone()))
                .await
                .unwrap()
        );
        assert!(!turn.verify("korak po koraK".into(), Some(hash)).await.unwrap());
        assert!(!turn.verify("korak po korak".into(), None).await.unwrap());
    }

    #[tokio::test]
    async fn two_at_once_and_a_bounded_queue() {
        let passwords = Passwords::new().unwrap();
        let (_first, second) = (passwords.turn().await.unwrap(), passwords.turn().await.unwrap());
        let waiting: Vec<_> = (0..WAITING - 2)
            .map(|_| {
                let passwords = passwords.clone();
                Box::pin(async move { passwords.turn().await.map(drop) })
            })
            .collect();
        let mut waiting = futures_util::future::join_all(waiting);
        assert!(futures_util::poll!(&mut waiting).is_pending());
        assert!(
            matches!(passwords.turn().await, Err(Error::Unavailable)),
            "no place to wait is left"
        );
        drop(second);
        assert!(waiting.await.into_iter().all(|turn| turn.is_ok()));
    }

    #[test]
    fn first_passwords_differ_and_are_strong_enough() {
        let (one, two) = (first_password(), first_password());
        assert_ne!(one, two);
        assert_eq!(one.len(), 19);
        assert!(super::super::check_new("ana.r", &one).is_ok());
    }
}

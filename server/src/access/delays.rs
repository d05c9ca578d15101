//! The growing delay after failed sign-ins, for an account and for an address.

use crate::{
    store::{StoreError, Tx},
    vals,
};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};
use std::net::IpAddr;

/// Whose failures are counted. Kept as a hash: what is typed as an account's name may be anything, even a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject {
    hash: [u8; 32],
    /// So many failures cost no waiting.
    free: u32,
}

impl Subject {
    /// An account, whether it exists or not: five tries are free.
    pub fn account(folded: &str) -> Subject {
        Subject {
            hash: Sha256::digest(format!("account {folded}")).into(),
            free: 5,
        }
    }
    /// An address: a whole office may stand behind it, so thirty are free. An IPv6 network of 64 bits is one.
    pub fn address(address: IpAddr) -> Subject {
        let net = match address.to_canonical() {
            IpAddr::V4(v4) => v4.to_string(),
            IpAddr::V6(v6) => format!("{:?}", &v6.segments()[..4]),
        };
        Subject {
            hash: Sha256::digest(format!("address {net}")).into(),
            free: 30,
        }
    }
}

/// Failures are forgotten after so long without another.
const FORGOTTEN: SignedDuration = SignedDuration::from_hours(12);
/// Nobody waits longer than this.
const LONGEST: i64 = 15 * 60;

/// How many seconds one has still to wait, if any.
pub fn wait(tx: &mut Tx, subjects: &[Subject], now: Timestamp) -> Result<Option<u32>, StoreError> {
    let mut longest = None;
    for subject in subjects {
        let sql = "SELECT free_at FROM sign_in_failure WHERE subject = $1 AND free_at > $2";
        if let Some(row) = tx.opt(sql, vals![subject.hash, now])? {
            let millis = row.get::<Timestamp>(0)?.duration_since(now).as_millis();
            let seconds = u32::try_from((millis + 999) / 1000).unwrap_or(1);
            longest = longest.max(Some(seconds.max(1)));
        }
    }
    Ok(longest)
}

/// Counts a failure; from the first one that is not free the wait is 2 s, 4 s, 8 s … up to a quarter of an hour.
pub fn failed(tx: &mut Tx, subjects: &[Subject], now: Timestamp) -> Result<(), StoreError> {
    let forgotten = now.saturating_sub(FORGOTTEN).unwrap_or(Timestamp::MIN);
    tx.exec(
        "DELETE FROM sign_in_failure WHERE last_at < $1 AND free_at < $2",
        vals![forgotten, now],
    )?;
    for subject in subjects {
        let failures: u32 = tx
            .one(
                "INSERT INTO sign_in_failure (subject, failures, last_at, free_at) VALUES ($1, 1, $2, $2)
                 ON CONFLICT (subject) DO UPDATE SET failures = sign_in_failure.failures + 1, last_at = $2 RETURNING failures",
                vals![subject.hash, now],
            )?
            .get(0)?;
        if let Some(beyond) = failures.checked_sub(subject.free).filter(|beyond| *beyond > 0) {
            let seconds = 1_i64.checked_shl(beyond.min(20)).unwrap_or(LONGEST).min(LONGEST);
            let free_at = now
                .saturating_add(SignedDuration::from_secs(seconds))
                .unwrap_or(Timestamp::MAX);
            tx.exec(
                "UPDATE sign_in_failure SET free_at = $2 WHERE subject = $1",
                vals![subject.hash, free_at],
            )?;
        }
    }
    Ok(())
}

/// Forgets the failures of whoever has signed in.
pub fn succeeded(tx: &mut Tx, subject: Subject) -> Result<(), StoreError> {
    tx.exec(
        "DELETE FROM sign_in_failure WHERE subject = $1",
        vals![subject.hash],
    )
    .map(drop)
}

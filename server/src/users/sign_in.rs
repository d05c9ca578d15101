//! Signing in and out, one's own sessions, one's own password.

use super::{
    model::fold_account,
    store::{self, Account},
};
use crate::{
    access::{
        self, Actor, Session, check_new,
        delays::{self, Subject},
        permissions_of,
        sessions::{self, LONGEST, Token},
    },
    audit::{self, Entry},
    house::House,
    problem::{Error, Refusal},
};
use karton_api::{
    Id, Timestamp,
    common::OfficerRef,
    session::{ChangePassword, Role, SessionView, SignIn, SignedIn},
    value,
};
use std::net::IpAddr;

/// A session as its officer sees it.
pub async fn show(
    house: &House,
    session: &Session,
    current: Id<value::Session>,
) -> Result<SessionView, Error> {
    let officer = session.officer;
    let account = house.store.read(move |tx| store::load(tx, officer)).await?;
    Ok(view(house, session, &account, current))
}

fn view(house: &House, session: &Session, account: &Account, current: Id<value::Session>) -> SessionView {
    let mut offices: Vec<_> = account
        .roles
        .iter()
        .map(|(office, _)| house.offices.to_ref(*office))
        .collect();
    offices.sort_by(|a, b| a.code.cmp(&b.code));
    offices.dedup();
    SessionView {
        id: session.id,
        officer: OfficerRef {
            id: session.officer,
            name: account.name.clone(),
        },
        user: account.account.clone(),
        office: house.offices.to_ref(session.office),
        roles: session.roles.clone(),
        permissions: permissions_of(&session.roles)
            .into_iter()
            .map(str::to_owned)
            .collect(),
        offices,
        must_change_password: account.must_change,
        began_at: session.began_at,
        used_at: session.used_at,
        ends_at: session.ends_at,
        client: session.client.clone(),
        current: session.id == current,
    }
}

/// Signs in. Whoever fails waits longer each time ([`delays`]); a name that does not exist costs and answers the same.
pub async fn sign_in(
    house: &House,
    body: SignIn,
    from: IpAddr,
    client: Option<String>,
) -> Result<SignedIn, Error> {
    let name = fold_account(&body.user);
    if name.chars().count() > 200 || body.password.chars().count() > 1000 {
        return Err(Error::NotRecognised);
    }
    let subjects = [Subject::account(&name), Subject::address(from)];
    // The turn is kept until a failure is written, so that guesses sent together cannot all pass before the first one counts.
    let turn = house.passwords.turn().await?;
    let now = house.clock.now();
    let looked = name.clone();
    let (wait, account) = house
        .store
        .read(move |tx| Ok::<_, Error>((delays::wait(tx, &subjects, now)?, store::by_name(tx, &looked)?)))
        .await?;
    if let Some(seconds) = wait {
        return Err(Error::TooOften(seconds));
    }
    let hash = account.as_ref().map(|account| account.password.clone());
    let right = turn.verify(body.password, hash).await?;
    let Some(account) = account.clone().filter(|account| right && !account.disabled) else {
        let (officer, office) = match &account {
            Some(account) => (Some(account.id), account.roles.first().map(|(office, _)| *office)),
            None => (None, None),
        };
        fail(house, officer, office, &subjects, now).await?;
        return Err(Error::NotRecognised);
    };
    drop(turn);
    let office = office_of(house, &account, body.office.as_deref())?;
    let own: Vec<Role> = account
        .roles
        .iter()
        .filter(|(of, _)| *of == office)
        .map(|(_, role)| *role)
        .collect();
    let (officer, today) = (account.id, house.clock.day_of(now));
    let (roles, deputy_for) = house
        .store
        .read(move |tx| sessions::with_deputy(tx, officer, office, own.clone(), today))
        .await?;
    let session = Session {
        id: house.clock.id(),
        officer: account.id,
        name: account.name.clone(),
        account: account.account.clone(),
        office,
        roles,
        deputy_for,
        must_change_password: account.must_change,
        began_at: now,
        used_at: now,
        ends_at: now.saturating_add(LONGEST).unwrap_or(Timestamp::MAX),
        client: client.map(|text| text.chars().filter(|c| !c.is_control()).take(200).collect()),
        // Asked for with the first request; nothing is shown before.
        kin: false,
    };
    let token = Token::random();
    let (hash, begun) = (token.hash(), session.clone());
    audit::write(&house.store, session.actor(), now, move |tx| {
        sessions::begin(tx, &begun, hash)?;
        store::signed_in(tx, begun.officer, now)?;
        delays::succeeded(tx, subjects[0])?;
        Ok(((), Entry::of("signed-in").value("session", begun.id)))
    })
    .await?;
    Ok(SignedIn {
        token: token.text(),
        session: view(house, &session, &account, session.id),
    })
}

/// Counts a failure and enters it, in a transaction of its own.
async fn fail(
    house: &House,
    officer: Option<Id<value::Officer>>,
    office: Option<Id<value::Office>>,
    subjects: &[Subject],
    now: Timestamp,
) -> Result<(), Error> {
    let Some(office) = office.or_else(|| house.offices.top().map(|top| top.id)) else {
        return Err(Error::fault("there are no offices"));
    };
    let subjects = subjects.to_vec();
    let mut entry = Entry::of("sign-in-failed").value("known_account", officer.is_some());
    if let Some(officer) = officer {
        entry = entry.value("officer", officer);
    }
    house
        .store
        .write(move |tx| {
            delays::failed(tx, &subjects, now)?;
            audit::append(
                tx,
                Actor {
                    officer: None,
                    office,
                },
                now,
                &entry,
            )
        })
        .await
}

/// The office asked for, or the first one by code.
fn office_of(house: &House, account: &Account, code: Option<&str>) -> Result<Id<value::Office>, Error> {
    let mut offices: Vec<_> = account
        .roles
        .iter()
        .filter_map(|(office, _)| house.offices.get(*office))
        .filter(|office| office.closed_on.is_none())
        .collect();
    offices.sort_by(|a, b| a.code.cmp(&b.code));
    let found = match code {
        Some(code) => offices.iter().find(|office| office.code == code),
        None => offices.first(),
    };
    match found {
        Some(office) => Ok(office.id),
        None => Err(Error::field(
            "/office",
            "no-roles",
            "This account has no roles in such an office.",
        )),
    }
}

/// Ends the session itself.
pub async fn sign_out(house: &House, session: &Session) -> Result<(), Error> {
    end(house, session, session.id, "signed-out").await
}

/// Ends one of one's own sessions. Somebody else's is `Missing`.
pub async fn end_session(house: &House, session: &Session, id: Id<value::Session>) -> Result<(), Error> {
    end(house, session, id, "session-ended").await
}

async fn end(
    house: &House,
    session: &Session,
    id: Id<value::Session>,
    what: &'static str,
) -> Result<(), Error> {
    let (now, officer) = (house.clock.now(), session.officer);
    audit::write(&house.store, session.actor(), now, move |tx| {
        if !sessions::end(tx, officer, id, now)? {
            return Err(Error::Missing);
        }
        Ok(((), Entry::of(what).value("session", id)))
    })
    .await?;
    house.sessions.forget(|session| session.id == id);
    Ok(())
}

/// One's own sessions, the newest first.
pub async fn sessions(house: &House, session: &Session) -> Result<Vec<SessionView>, Error> {
    let (now, officer) = (house.clock.now(), session.officer);
    let today = house.clock.day_of(now);
    let (all, account) = house
        .store
        .read(move |tx| {
            let all = sessions::of_officer(tx, officer, now, today)?;
            Ok::<_, Error>((all, store::load(tx, officer)?))
        })
        .await?;
    Ok(all
        .iter()
        .map(|one| view(house, one, &account, session.id))
        .collect())
}

/// Changes one's own password and ends all one's other sessions. Refuses a wrong old one (which counts as a failed sign-in), a weak new
/// one and the same again.
pub async fn change_password(
    house: &House,
    session: &Session,
    body: ChangePassword,
) -> Result<SessionView, Error> {
    check_new(&session.account, &body.new)?;
    if body.new == body.old {
        return Err(Error::field(
            "/new",
            "same",
            "Choose a password that is not the old one.",
        ));
    }
    let subjects = [Subject::account(&session.account)];
    let turn: access::Turn = house.passwords.turn().await?;
    let (now, officer, current) = (house.clock.now(), session.officer, session.id);
    let (wait, account) = house
        .store
        .read(move |tx| Ok::<_, Error>((delays::wait(tx, &subjects, now)?, store::load(tx, officer)?)))
        .await?;
    if let Some(seconds) = wait {
        return Err(Error::TooOften(seconds));
    }
    if !turn.verify(body.old, Some(account.password)).await? {
        fail(house, Some(officer), Some(session.office), &subjects, now).await?;
        return Err(Error::field(
            "/old",
            "not-right",
            "This is not your password now.",
        ));
    }
    let hash = turn.hash(body.new).await?;
    drop(turn);
    audit::write(&house.store, session.actor(), now, move |tx| {
        let mut account = store::load(tx, officer)?;
        if account.disabled {
            return Err(Error::SignedOut);
        }
        account.revision += 1;
        account.password = hash.clone();
        account.must_change = false;
        store::update(tx, &account)?;
        delays::succeeded(tx, subjects[0])?;
        let ended = sessions::end_all(tx, officer, Some(current), now)?;
        Ok(((), Entry::of("password-changed").value("sessions_ended", ended)))
    })
    .await?;
    house.sessions.forget(|session| session.officer == officer);
    show(house, session, current).await
}

/// Whoever must change the first password may do nothing else: said in one place for handlers without `May`.
pub(super) fn ready(session: &Session) -> Result<(), Error> {
    if session.must_change_password {
        Err(Refusal::PasswordChangeNeeded.into())
    } else {
        Ok(())
    }
}

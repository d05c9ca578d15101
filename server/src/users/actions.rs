use super::{
    model::{Roles, check_name, check_new, check_roles, show_roles},
    store::{self, Account},
};
use crate::{
    access::{Actor, ManageUsers, May, Scope, first_password, sessions},
    audit::{self, Entry},
    house::House,
    http::IfMatch,
    problem::{Error, Refusal},
    store::Tx,
};
use karton_api::{
    Id,
    session::Role,
    users::{ChangeUser, FirstPassword, NewUser, OfficeRoles, User},
    value::Officer,
};

fn show(house: &House, account: &Account) -> User {
    User {
        id: account.id,
        revision: account.revision,
        user: account.account.clone(),
        name: account.name.clone(),
        roles: show_roles(&house.offices, &account.roles),
        disabled: account.disabled,
        must_change_password: account.must_change,
        signed_in_at: account.signed_in_at,
    }
}

/// Accounts within the administrator's scope, by name; one more than `limit` where there are more.
pub async fn list(
    may: &May<ManageUsers>,
    house: &House,
    after: String,
    limit: usize,
) -> Result<Vec<User>, Error> {
    let scope = may.scope();
    let accounts = house
        .store
        .read(move |tx| store::list(tx, &scope, &after, limit + 1))
        .await?;
    Ok(accounts.iter().map(|account| show(house, account)).collect())
}

/// All accounts within a scope, by name: for the command line.
pub async fn all_accounts(house: &House, scope: Scope) -> Result<Vec<User>, Error> {
    let accounts = house
        .store
        .read(move |tx| store::list(tx, &scope, "", 1_000_000))
        .await?;
    Ok(accounts.iter().map(|account| show(house, account)).collect())
}

/// One account.
pub async fn view(may: &May<ManageUsers>, house: &House, id: Id<Officer>) -> Result<User, Error> {
    let scope = may.scope();
    let account = house.store.read(move |tx| visible(tx, &scope, id)).await?;
    Ok(show(house, &account))
}

/// The account, where it has a role within the scope or none at all.
fn visible(tx: &mut Tx, scope: &Scope, id: Id<Officer>) -> Result<Account, Error> {
    let account = store::load(tx, id)?;
    for role in &account.roles {
        if store::within(tx, scope, &Roles::from([*role]))? {
            return Ok(account);
        }
    }
    if account.roles.is_empty() {
        Ok(account)
    } else {
        Err(Error::Missing)
    }
}

/// Opens an account with a first password. Refuses with `UserTaken`, and roles outside of the administrator's subtree.
pub async fn open(may: &May<ManageUsers>, house: &House, body: &NewUser) -> Result<FirstPassword, Error> {
    open_account(house, may.actor(), may.scope(), body, None).await
}

/// The same for the command line and the demo, in the name of the system; with a password of one's own it need not be changed.
pub async fn open_account(
    house: &House,
    actor: Actor,
    scope: Scope,
    body: &NewUser,
    own_password: Option<String>,
) -> Result<FirstPassword, Error> {
    let (account, name, roles) = check_new(&house.offices, body)?;
    let must_change = own_password.is_none();
    let password = own_password.unwrap_or_else(first_password);
    let account = Account {
        id: house.clock.id(),
        account,
        name,
        password: house.passwords.hash(password.clone()).await?,
        must_change,
        disabled: false,
        revision: 1,
        signed_in_at: None,
        roles,
    };
    let now = house.clock.now();
    let made = audit::write(&house.store, actor, now, move |tx| {
        if !store::within(tx, &scope, &account.roles)? {
            return Err(outside());
        }
        store::insert(tx, &account, now)?;
        let entry = Entry::of("user-opened")
            .value("officer", account.id)
            .value("roles", account.roles.len());
        Ok((account.clone(), entry))
    })
    .await?;
    Ok(FirstPassword {
        user: show(house, &made),
        password,
    })
}

fn outside() -> Error {
    Error::field(
        "/roles",
        "outside",
        "These roles are in an office that is not below yours.",
    )
}

/// Changes name and roles, disables or enables. Refuses with `LastAdmin`, `WorkOpen`, `Changed`, and roles outside of the administrator's subtree.
pub async fn change(
    may: &May<ManageUsers>,
    house: &House,
    id: Id<Officer>,
    seen: IfMatch,
    body: &ChangeUser,
) -> Result<User, Error> {
    change_account(house, may.actor(), may.scope(), id, Some(seen), body).await
}

/// The same for the command line, in the name of the system.
pub async fn change_account(
    house: &House,
    actor: Actor,
    scope: Scope,
    id: Id<Officer>,
    seen: Option<IfMatch>,
    body: &ChangeUser,
) -> Result<User, Error> {
    let name = body
        .name
        .as_deref()
        .map(check_name)
        .transpose()
        .map_err(|error| Error::Invalid(vec![error]))?;
    let roles = body
        .roles
        .as_deref()
        .map(|roles| check_roles(&house.offices, roles))
        .transpose();
    let roles = roles.map_err(Error::Invalid)?;
    let (disabled, leave) = (body.disabled, body.leave_work);
    let now = house.clock.now();
    let changed = audit::write(&house.store, actor, now, move |tx| {
        let before = visible(tx, &scope, id)?;
        if let Some(seen) = seen {
            seen.check(before.revision)?;
        }
        let mut after = before.clone();
        after.revision += 1;
        after.name = name.clone().unwrap_or(after.name);
        after.roles = roles.clone().unwrap_or(after.roles);
        after.disabled = disabled.unwrap_or(after.disabled);
        if !store::within(tx, &scope, &before.roles)? || !store::within(tx, &scope, &after.roles)? {
            return Err(outside());
        }
        store::update(tx, &after)?;
        if !store::has_admin(tx)? {
            return Err(Refusal::LastAdmin.into());
        }
        if after.disabled && !before.disabled && !leave && store::has_open_work(tx, id)? {
            return Err(Refusal::WorkOpen.into());
        }
        if after.disabled {
            sessions::end_all(tx, id, None, now)?;
        }
        let entry = Entry::of("user-changed")
            .value("officer", id)
            .value("name_changed", after.name != before.name)
            .value("roles_given", after.roles.difference(&before.roles).count())
            .value("roles_taken", before.roles.difference(&after.roles).count())
            .value("disabled", after.disabled);
        Ok((after, entry))
    })
    .await?;
    house.sessions.forget(|session| session.officer == id);
    Ok(show(house, &changed))
}

/// Gives a new first password and ends all sessions of the account.
pub async fn reset(may: &May<ManageUsers>, house: &House, id: Id<Officer>) -> Result<FirstPassword, Error> {
    reset_account(house, may.actor(), may.scope(), id).await
}

/// The same for the command line, in the name of the system.
pub async fn reset_account(
    house: &House,
    actor: Actor,
    scope: Scope,
    id: Id<Officer>,
) -> Result<FirstPassword, Error> {
    let password = first_password();
    let hash = house.passwords.hash(password.clone()).await?;
    let now = house.clock.now();
    let changed = audit::write(&house.store, actor, now, move |tx| {
        let mut account = visible(tx, &scope, id)?;
        if !store::within(tx, &scope, &account.roles)? {
            return Err(outside());
        }
        account.revision += 1;
        account.password = hash.clone();
        account.must_change = true;
        store::update(tx, &account)?;
        let ended = sessions::end_all(tx, id, None, now)?;
        let entry = Entry::of("password-reset")
            .value("officer", id)
            .value("sessions_ended", ended);
        Ok((account, entry))
    })
    .await?;
    house.sessions.forget(|session| session.officer == id);
    Ok(FirstPassword {
        user: show(house, &changed),
        password,
    })
}

/// Makes the first administrator, `admin`, in the office at the top, where there is no account yet.
pub async fn first_admin(house: &House) -> Result<Option<FirstPassword>, Error> {
    let Some(top) = house.offices.top() else {
        return Ok(None);
    };
    if house.store.read(store::has_any).await? {
        return Ok(None);
    }
    let body = NewUser {
        user: "admin".into(),
        name: "Administrator".into(),
        roles: vec![OfficeRoles {
            office: top.code.clone(),
            roles: vec![Role::Admin],
        }],
    };
    let actor = Actor {
        officer: None,
        office: top.id,
    };
    match open_account(house, actor, Scope::under(top.id), &body, None).await {
        // Another server began at the same moment and was quicker.
        Err(Error::Refused(Refusal::UserTaken)) => Ok(None),
        made => made.map(Some),
    }
}

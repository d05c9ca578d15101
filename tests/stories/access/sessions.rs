//! Sessions: they end without use, in any case, by their officer's hand, and with the account.

use jiff::SignedDuration;
use karton_api::{
    client::Settings,
    session::{ChangePassword, Role, SignIn},
    users::{ChangeUser, NewUser, OfficeRoles},
};
use karton_tests::{
    house::{Engine, House, PASSWORD},
    officer::{Told, key},
    told_on_both,
};

told_on_both! {
    /// A quarter of an hour without use ends a session, a used one lives on, ten hours end it in any case.
    a_session_ends_without_use_and_in_any_case;
    /// Ending a session ends it at once, also another one of one's own.
    a_session_ended_is_gone_at_once;
}

mod tell {
    use super::*;

    pub(super) async fn a_session_ends_without_use_and_in_any_case(engine: Engine) {
        let Some(house) = House::open(engine).await else {
            return;
        };
        let ana = house.ana().await;
        house.waits(SignedDuration::from_mins(14));
        Told(ana.session().await).done();
        house.waits(SignedDuration::from_mins(16));
        Told(ana.session().await).is_refused("sign-in-first");

        let ana = house.signs_in("ana").await;
        for _ in 0..(10 * 60 / 12 - 1) {
            house.waits(SignedDuration::from_mins(12));
            Told(ana.session().await).done();
        }
        house.waits(SignedDuration::from_mins(12));
        Told(ana.session().await).is_refused("sign-in-first");
        house.close().await;
    }

    pub(super) async fn a_session_ended_is_gone_at_once(engine: Engine) {
        let Some(house) = House::open(engine).await else {
            return;
        };
        let (here, there) = (house.ana().await, house.signs_in("ana").await);
        let mine = Told(here.sessions().await).done().items;
        assert_eq!(mine.len(), 2);
        let other = mine.iter().find(|session| !session.current).unwrap();
        assert_eq!(other.id, there.session.id);
        Told(here.end_session(other.id).await).done();
        Told(there.session().await).is_refused("sign-in-first");
        Told(here.sign_out().await).done();
        Told(here.session().await).is_refused("sign-in-first");
        // Somebody else's session is nothing one could end.
        let (jelena, ana) = (house.jelena().await, house.signs_in("ana").await);
        Told(jelena.end_session(ana.session.id).await).is_refused("not-found");
        Told(ana.session().await).done();
        house.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_first_password_opens_nothing_but_its_own_change() {
    let Some(house) = House::open(Engine::Sqlite).await else {
        return;
    };
    let admin = house.officer("borka", "CSR-01", &[Role::Admin]).await;
    let new = NewUser {
        user: "nada".into(),
        name: "Nada Probna".into(),
        roles: vec![OfficeRoles {
            office: "CSR-01-TZ".into(),
            roles: vec![Role::Clerk],
        }],
    };
    let opened = Told(admin.open_user(&key(), &new).await).done();
    let first = SignIn {
        user: "nada".into(),
        password: opened.password.clone(),
        office: None,
    };
    let signed = Told(house.stranger().sign_in(&first).await).done();
    assert!(signed.session.must_change_password);
    let nada = house.stranger().signed_in(&signed.token);
    Told(nada.benefits().await).is_refused("password-change-needed");
    let change = |old: &str, new: &str| ChangePassword {
        old: old.to_owned(),
        new: new.to_owned(),
    };
    Told(nada.change_password(&change(&opened.password, "kratka")).await).is_refused("password-weak");
    Told(nada.change_password(&change(&opened.password, PASSWORD)).await).done();
    Told(nada.benefits().await).done();
    // A disabled account is out at once.
    let user = Told(admin.user(opened.user.id).await).done();
    let disable = ChangeUser {
        name: None,
        roles: None,
        disabled: Some(true),
        leave_work: false,
    };
    Told(admin.change_user(user.id, user.revision, &disable).await).done();
    Told(nada.benefits().await).is_refused("sign-in-first");
    // An administrator of one centre gives no roles in another.
    let elsewhere = NewUser {
        user: "vesna".into(),
        name: "Vesna Probna".into(),
        roles: vec![OfficeRoles {
            office: "CSR-04".into(),
            roles: vec![Role::Clerk],
        }],
    };
    let refused = Told(admin.open_user(&key(), &elsewhere).await).is_refused("fields");
    assert_eq!(refused.errors[0].pointer, "/roles");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guessing_passwords_takes_longer_and_longer() {
    let Some(house) = House::open(Engine::Sqlite).await else {
        return;
    };
    let _ana = house.ana().await;
    let client = karton_api::client::Client::new(house.stranger().base(), &Settings::default()).unwrap();
    let guess = |password: &str| SignIn {
        user: "ana".into(),
        password: password.to_owned(),
        office: None,
    };
    let mut held_up = None;
    for turn in 0..12 {
        match client.sign_in(&guess(&format!("nije to ovo {turn}"))).await {
            Err(karton_api::client::Error::Problem(problem)) if problem.slug() == "too-often" => {
                held_up = Some(turn);
                break;
            }
            other => {
                Told(other).is_refused("not-recognised");
            }
        }
    }
    assert!(held_up.is_some(), "twelve guesses in a row were all listened to");
    // The right password has to wait as well, or the wait would tell it.
    Told(client.sign_in(&guess(PASSWORD)).await).is_refused("too-often");
    house.waits(SignedDuration::from_mins(30));
    Told(client.sign_in(&guess(PASSWORD)).await).done();
    // An account that does not exist is answered in the same words.
    let nobody = SignIn {
        user: "nobody-here".into(),
        password: PASSWORD.into(),
        office: None,
    };
    Told(client.sign_in(&nobody).await).is_refused("not-recognised");
    house.close().await;
}

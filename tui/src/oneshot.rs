//! Commands that answer once and leave: for scripts and for people at a shell. Nothing here draws.

use crate::{
    api::{Answer, Ask, Fault, HttpApi},
    config::Settings,
    form::date,
    i18n::{Say, Words},
    runtime::Secrets,
    text::{pad, visible},
};
use anyhow::{Context, Result, anyhow, bail};
use crossterm::event::{Event, KeyCode, KeyEventKind, KeyModifiers};
use karton_api::{Id, matters::Queue, persons::PersonHit, value};
use std::io::{IsTerminal, Read, Write};

/// Prints a line. A reader that has left is no error of ours.
fn line(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}
fn json<T: serde::Serialize>(value: &T) -> Result<()> {
    line(&serde_json::to_string_pretty(value)?);
    Ok(())
}

fn ask(api: &HttpApi, words: &Words, ask: Ask) -> Result<Answer> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime
        .block_on(api.call(ask))
        .map_err(|fault: Fault| anyhow!(words.say(&fault.say())))
}

/// The server with the kept session.
fn signed_in(settings: &Settings) -> Result<(HttpApi, Words)> {
    let words = Words::of(settings.lang);
    let mut secrets = Secrets::of(settings);
    secrets.unlock(ask_passphrase)?;
    let Some(token) = secrets.token()? else {
        bail!(words.t("cli-sign-in-first"))
    };
    let api = HttpApi::new(settings);
    api.token(Some(token));
    Ok((api, words))
}

/// Asks for text at the terminal without showing it.
fn secret(prompt: &str) -> Result<String> {
    if !std::io::stdin().is_terminal() {
        let mut text = String::new();
        std::io::stdin().read_line(&mut text)?;
        return Ok(text.trim_end_matches(['\r', '\n']).to_owned());
    }
    eprint!("{prompt}: ");
    std::io::stderr().flush()?;
    crossterm::terminal::enable_raw_mode()?;
    let text = read_secret();
    crossterm::terminal::disable_raw_mode()?;
    eprintln!();
    text
}
fn read_secret() -> Result<String> {
    let mut text = String::new();
    loop {
        let Event::Key(key) = crossterm::event::read()? else {
            continue;
        };
        if key.kind == KeyEventKind::Release {
            continue;
        }
        match key.code {
            KeyCode::Enter => return Ok(text),
            KeyCode::Esc => bail!("stopped"),
            KeyCode::Char('c') if key.modifiers.contains(KeyModifiers::CONTROL) => bail!("stopped"),
            KeyCode::Backspace => {
                text.pop();
            }
            KeyCode::Char(c) => text.push(c),
            _ => {}
        }
    }
}
/// The passphrase of the sealed file.
pub(crate) fn ask_passphrase() -> Result<String> {
    secret("Passphrase")
}
fn prompt(prompt: &str) -> Result<String> {
    if std::io::stdin().is_terminal() {
        eprint!("{prompt}: ");
        std::io::stderr().flush()?;
    }
    let mut text = String::new();
    std::io::stdin().read_line(&mut text)?;
    Ok(text.trim().to_owned())
}

/// `karton login`
pub(crate) fn login(settings: &Settings, user: Option<String>) -> Result<()> {
    let words = Words::of(settings.lang);
    let mut secrets = Secrets::of(settings);
    if !secrets.lasting() {
        bail!(words.t("cli-memory-only"));
    }
    let user = match user {
        Some(user) => user,
        None => prompt(&words.t("user"))?,
    };
    let password = secret(&words.t("password"))?;
    secrets.unlock(ask_passphrase)?;
    let api = HttpApi::new(settings);
    match ask(
        &api,
        &words,
        Ask::SignIn {
            user,
            password,
            office: None,
        },
    )? {
        Answer::SignedIn(session) => {
            secrets.keep(session.token.as_deref())?;
            if session.must_change_password {
                line(&words.t("cli-change-password"));
            }
            line(
                &words.say(
                    &Say::key("cli-signed-in")
                        .with("name", &session.name)
                        .with("office", words.pick(&session.office.name)),
                ),
            );
            Ok(())
        }
        _ => bail!(words.t("fault-unexpected")),
    }
}

/// `karton logout`
pub(crate) fn logout(settings: &Settings) -> Result<()> {
    let (api, words) = signed_in(settings)?;
    let ended = ask(&api, &words, Ask::SignOut);
    let mut secrets = Secrets::of(settings);
    secrets.unlock(ask_passphrase)?;
    // Forgotten here in any case; a session that had ended already is no failure.
    secrets.keep(None)?;
    line(&words.t("cli-signed-out"));
    ended.map(drop)
}

/// `karton status`
pub(crate) fn status(settings: &Settings, as_json: bool) -> Result<()> {
    let words = Words::of(settings.lang);
    let mut secrets = Secrets::of(settings);
    let session = match secrets.unlock(ask_passphrase).and_then(|()| secrets.token())? {
        Some(token) => {
            let api = HttpApi::new(settings);
            api.token(Some(token));
            match ask(&api, &words, Ask::Session)? {
                Answer::SignedIn(session) => Some(session),
                _ => None,
            }
        }
        None => None,
    };
    if as_json {
        let who = session.as_ref().map(|s| serde_json::json!({ "user": s.user, "name": s.name, "office": s.office.name, "roles": s.roles, "today": s.today }));
        return json(
            &serde_json::json!({ "server": settings.server, "profile": settings.profile, "secrets": secrets.words().trim_start_matches("secrets-"), "session": who }),
        );
    }
    line(&format!("{}: {}", words.t("server"), settings.server));
    line(&format!("{}: {}", words.t("secrets"), words.t(secrets.words())));
    match session {
        Some(s) => line(
            &words.say(
                &Say::key("cli-signed-in")
                    .with("name", &s.name)
                    .with("office", words.pick(&s.office.name)),
            ),
        ),
        None => line(&words.t("cli-sign-in-first")),
    }
    Ok(())
}

/// `karton find`
pub(crate) fn find(settings: &Settings, as_json: bool) -> Result<()> {
    let (api, words) = signed_in(settings)?;
    let text = if std::io::stdin().is_terminal() {
        prompt(&words.t("find-label"))?
    } else {
        let mut text = String::new();
        std::io::stdin().take(1000).read_to_string(&mut text)?;
        text.trim().to_owned()
    };
    let Answer::Found(page) = ask(&api, &words, Ask::Search { text, cursor: None })? else {
        bail!(words.t("fault-unexpected"))
    };
    if as_json {
        return json(&page);
    }
    if page.items.is_empty() {
        line(&words.t("find-none"));
    }
    for PersonHit { card, .. } in &page.items {
        let name = visible(format!("{} {}", card.name.given, card.name.family).trim());
        let number = card.national_id.as_ref().map_or("", |n| n.number.as_str());
        let born = card.birth_date.map(date::show).unwrap_or_default();
        line(&format!(
            "{} {} {} {}",
            pad(&name, 32),
            pad(&visible(number), 14),
            pad(&born, 11),
            visible(&card.dossier_number)
        ));
    }
    Ok(())
}

/// `karton show`
pub(crate) fn show(settings: &Settings, dossier: &str, as_json: bool) -> Result<()> {
    let (api, words) = signed_in(settings)?;
    let person: Id<value::Person> = match dossier.parse() {
        Ok(id) => id,
        Err(_) => {
            let found = ask(
                &api,
                &words,
                Ask::Search {
                    text: dossier.to_owned(),
                    cursor: None,
                },
            )?;
            let Answer::Found(page) = found else {
                bail!(words.t("fault-unexpected"))
            };
            page.items
                .iter()
                .find(|h| h.card.dossier_number == dossier)
                .map(|h| h.card.id)
                .with_context(|| words.t("find-none"))?
        }
    };
    let Answer::Dossier(kit) = ask(&api, &words, Ask::Dossier { person })? else {
        bail!(words.t("fault-unexpected"))
    };
    if as_json {
        return json(
            &serde_json::json!({ "dossier": kit.dossier, "facts": kit.facts, "timeline": kit.timeline }),
        );
    }
    let card = &kit.dossier.person.card;
    line(&visible(
        format!("{} {}", card.name.given, card.name.family).trim(),
    ));
    line(&format!(
        "{}: {}",
        words.t("col-dossier"),
        visible(&card.dossier_number)
    ));
    if let Some(id) = &card.national_id {
        line(&format!("{}: {}", words.t("col-id"), visible(&id.number)));
    }
    for member in kit.dossier.household.iter().flat_map(|h| &h.members) {
        line(&format!(
            "  {}  {}",
            visible(format!("{} {}", member.card.name.given, member.card.name.family).trim()),
            visible(&member.relationship)
        ));
    }
    for a in &kit.dossier.applications {
        let number = visible(a.number.as_deref().unwrap_or("–"));
        line(&format!(
            "{number}  {}  {}",
            visible(words.pick(&a.benefit_name)),
            a.lodged_on.map(date::show).unwrap_or_default()
        ));
    }
    Ok(())
}

/// `karton tasks`
pub(crate) fn tasks(settings: &Settings, queue: &str, as_json: bool) -> Result<()> {
    let (api, words) = signed_in(settings)?;
    let queue = match queue {
        "mine" => Queue::Mine,
        "office" => Queue::Office,
        "overdue" => Queue::Overdue,
        other => bail!("{other}: mine, office or overdue"),
    };
    let Answer::Tasks(tasks) = ask(&api, &words, Ask::Tasks { queue })? else {
        bail!(words.t("fault-unexpected"))
    };
    if as_json {
        return json(&tasks);
    }
    for task in &tasks {
        let who = task
            .person
            .as_ref()
            .map(|p| visible(format!("{} {}", p.name.given, p.name.family).trim()))
            .unwrap_or_default();
        let due = task.due_on.map(date::show).unwrap_or_default();
        line(&format!(
            "{} {} {} {}",
            pad(&due, 11),
            pad(&who, 30),
            pad(&visible(words.pick(&task.name)), 24),
            visible(task.number.as_deref().unwrap_or(""))
        ));
    }
    Ok(())
}

//! `user add|disable|enable|reset|relative|list`, in the name of the system.

use super::{Config, Failed, Outcome, StoreArgs, say, say_json};
use crate::{
    access::{Actor, Scope, role_name, role_named},
    audit::{self, Entry},
    gateway,
    house::House,
    persons,
    problem::Error,
    users::{self, Kin},
};
use clap::{Args, Subcommand};
use karton_api::users::{ChangeUser, FirstPassword, NewUser, OfficeRoles, User};

/// What can be done with accounts.
#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Open an account and print its first password
    Add(AddArgs),
    /// Disable an account and end its sessions
    Disable(OneArgs),
    /// Enable an account again
    Enable(OneArgs),
    /// Give a new first password and end all sessions of the account
    Reset(OneArgs),
    /// Declare whose dossier an officer must not work on: their own, or a relative's
    Relative(RelativeArgs),
    /// List accounts
    List(ListArgs),
}

/// Options of `user add`.
#[derive(Debug, Args)]
pub(super) struct AddArgs {
    /// The account's name
    user: String,
    /// The officer's name, as it will stand on decisions
    #[arg(long)]
    name: String,
    /// A role in an office, by their codes; may be given several times
    #[arg(long = "role", value_name = "OFFICE:ROLE", required = true)]
    roles: Vec<String>,
    #[command(flatten)]
    common: ListArgs,
}

/// Options of commands on one account.
#[derive(Debug, Args)]
pub(super) struct OneArgs {
    /// The account's name
    user: String,
    #[command(flatten)]
    common: ListArgs,
}

/// Options of `user relative`.
#[derive(Debug, Args)]
pub(super) struct RelativeArgs {
    /// The account's name
    user: String,
    /// The dossier's number, as in CSR-01-D-2025/17
    dossier: String,
    /// The dossier is the officer's own
    #[arg(long)]
    own: bool,
    #[command(flatten)]
    common: ListArgs,
}

/// Options of all.
#[derive(Debug, Args)]
pub(super) struct ListArgs {
    #[command(flatten)]
    store: StoreArgs,
    /// Answer as JSON
    #[arg(long)]
    json: bool,
}

/// The system acts for the office at the top.
fn system(house: &House) -> Result<(Actor, Scope), Failed> {
    let top = house
        .offices
        .top()
        .ok_or_else(|| Error::fault("there are no offices"))?;
    Ok((
        Actor {
            officer: None,
            office: top.id,
        },
        Scope::under(top.id),
    ))
}

pub(super) async fn run(config: &Config, command: UserCommand) -> Outcome {
    let common = match &command {
        UserCommand::Add(args) => &args.common,
        UserCommand::Disable(args) | UserCommand::Enable(args) | UserCommand::Reset(args) => &args.common,
        UserCommand::Relative(args) => &args.common,
        UserCommand::List(args) => args,
    };
    let json = common.json;
    let opened = config
        .choose(&common.store)?
        .open(gateway::Settings::default(), false)
        .await?;
    let house = &opened.house;
    // The first administrator is made by whoever opens the house first; then the password must not be lost here.
    if let Some(first) = &opened.first_admin {
        show_password(first, json)?;
    }
    let (actor, scope) = system(house)?;
    match &command {
        UserCommand::Add(args) => {
            let roles = args
                .roles
                .iter()
                .map(|text| read_role(text))
                .collect::<Result<_, _>>()?;
            let body = NewUser {
                user: args.user.clone(),
                name: args.name.clone(),
                roles,
            };
            let made = users::open_account(house, actor, scope, &body, None)
                .await
                .map_err(in_words)?;
            show_password(&made, json)
        }
        UserCommand::Disable(args) => switch(house, args, true).await,
        UserCommand::Enable(args) => switch(house, args, false).await,
        UserCommand::Reset(args) => {
            let id = find(house, &args.user).await?;
            let made = users::reset_account(house, actor, scope, id)
                .await
                .map_err(in_words)?;
            show_password(&made, json)
        }
        UserCommand::Relative(args) => relative(house, actor, args).await,
        UserCommand::List(_) => {
            let all = users::all_accounts(house, scope).await?;
            if json {
                return say_json(&all);
            }
            for user in &all {
                say(line(user))?;
            }
            Ok(())
        }
    }
}

async fn switch(house: &House, args: &OneArgs, disabled: bool) -> Outcome {
    let (actor, scope) = system(house)?;
    let id = find(house, &args.user).await?;
    let body = ChangeUser {
        name: None,
        roles: None,
        disabled: Some(disabled),
        // Whoever has the machine locks an account at once; what is open stays in the office's sight.
        leave_work: true,
    };
    let user = users::change_account(house, actor, scope, id, None, &body)
        .await
        .map_err(in_words)?;
    if args.common.json {
        say_json(&user)
    } else {
        Ok(say(line(&user))?)
    }
}

/// Declares a dossier the officer's own or a relative's.
async fn relative(house: &House, actor: Actor, args: &RelativeArgs) -> Outcome {
    let officer = find(house, &args.user).await?;
    let number = args.dossier.trim().to_uppercase();
    let kin = if args.own { Kin::Own } else { Kin::Relative };
    let person = house.store.read({
        let number = number.clone();
        move |tx| persons::store::by_dossier(tx, &number)
    });
    let person = person
        .await?
        .ok_or_else(|| anyhow::anyhow!("there is no dossier “{number}”"))?;
    audit::write(&house.store, actor, house.clock.now(), move |tx| {
        users::declare(tx, officer, person, kin)?;
        Ok((
            (),
            Entry::of("relative-declared")
                .person(person)
                .value("officer", officer),
        ))
    })
    .await
    .map_err(in_words)?;
    if args.common.json {
        return say_json(&serde_json::json!({ "officer": officer, "person": person }));
    }
    Ok(say(format!("{} no longer works on {number}", args.user))?)
}

async fn find(house: &House, name: &str) -> Result<karton_api::Id<karton_api::value::Officer>, Failed> {
    let folded = users::fold_account(name);
    let found = house.store.read(move |tx| users::by_name(tx, &folded)).await?;
    Ok(found
        .ok_or_else(|| anyhow::anyhow!("there is no account “{name}”"))?
        .id)
}

fn read_role(text: &str) -> Result<OfficeRoles, Failed> {
    let wrong = || Failed::usage(format!("“{text}” is not OFFICE:ROLE, as in CSR-01:clerk"));
    let (office, role) = text.rsplit_once(':').ok_or_else(wrong)?;
    let role = role_named(role).ok_or_else(wrong)?;
    Ok(OfficeRoles {
        office: office.to_owned(),
        roles: vec![role],
    })
}

fn line(user: &User) -> String {
    let roles: Vec<String> = user
        .roles
        .iter()
        .map(|entry| {
            format!(
                "{}: {}",
                entry.office,
                entry
                    .roles
                    .iter()
                    .map(|role| role_name(*role))
                    .collect::<Vec<_>>()
                    .join(", ")
            )
        })
        .collect();
    let disabled = if user.disabled { "  (disabled)" } else { "" };
    format!("{}  {}  {}{disabled}", user.user, user.name, roles.join("; "))
}

fn show_password(first: &FirstPassword, json: bool) -> Outcome {
    if json {
        return say_json(first);
    }
    say(format!(
        "{}  first password {}  (shown only now; it has to be changed at the first sign-in)",
        first.user.user, first.password
    ))?;
    Ok(())
}

/// A refusal the way the command line says it.
fn in_words(error: Error) -> Failed {
    let problem = error.problem();
    if problem.errors.is_empty() {
        return anyhow::anyhow!("{}", problem.detail.unwrap_or(problem.title)).into();
    }
    let fields: Vec<String> = problem
        .errors
        .iter()
        .map(|field| format!("{}: {}", field.pointer.trim_start_matches('/'), field.message))
        .collect();
    Failed::usage(fields.join("\n"))
}

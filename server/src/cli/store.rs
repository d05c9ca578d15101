//! `migrate`.

use super::{Config, Outcome, StoreArgs, say, say_json};
use crate::{clock::Clock, migrations};
use clap::Args;

/// Options of `migrate`.
#[derive(Debug, Args)]
pub(super) struct MigrateArgs {
    #[command(flatten)]
    store: StoreArgs,
    /// Answer as JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn migrate(config: &Config, args: MigrateArgs) -> Outcome {
    let (store, _) = config.open_store(&args.store)?;
    let steps = migrations::all();
    let done = store
        .migrate(&steps, Clock::system(jiff::tz::TimeZone::UTC).now())
        .await?;
    if args.json {
        return say_json(
            &serde_json::json!({ "applied": done, "schema": steps.last().map(|step| step.number) }),
        );
    }
    match done {
        0 => say("the schema is up to date")?,
        1 => say("1 step was applied")?,
        many => say(format!("{many} steps were applied"))?,
    }
    Ok(())
}

//! Assessments for a whole population: the bench of the rules by themselves, which needs nothing of the house and so is built in a minute.
//! It stands in `server/rules/benches/assessment`, and runs alone with `cargo bench -p karton-rules`.

use crate::place::Size;
use std::process::Command;

/// Runs it. It prints its own figures; what it finds wrong ends this run.
pub(crate) fn measure(size: &Size) {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let mut command = Command::new(cargo);
    command.args(["bench", "-p", "karton-rules", "--bench", "assessment"]);
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    if size.quick {
        command.args(["--", "--quick"]);
    }
    let status = command.status().unwrap();
    assert!(status.success(), "the bench of the rules: {status}");
}

//! What the kernel says of a process.

use std::{fs, thread, time::Duration};

/// Memory in use, in KiB.
pub(crate) fn memory(process: u32) -> u64 {
    field(&format!("/proc/{process}/status"), "VmRSS:").unwrap_or(0)
}

/// How often its threads have begun to run again so far: whatever they waited for, and whoever was in the way.
pub(crate) fn wake_ups(process: u32) -> u64 {
    let tasks = fs::read_dir(format!("/proc/{process}/task")).unwrap();
    tasks
        .filter_map(|task| Some(task.ok()?.path().join("status")))
        .map(|status| {
            let status = status.to_string_lossy().into_owned();
            let of = |name: &str| field(&status, name).unwrap_or(0);
            of("voluntary_ctxt_switches:") + of("nonvoluntary_ctxt_switches:")
        })
        .sum()
}

/// Lets time go by.
#[expect(
    clippy::disallowed_methods,
    reason = "idleness is measured by doing nothing for a while"
)]
pub(crate) fn idles(time: Duration) {
    thread::sleep(time);
}

fn field(file: &str, name: &str) -> Option<u64> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

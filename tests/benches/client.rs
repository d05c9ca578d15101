//! The client in a terminal of 80 by 24, against a real server.

use crate::{
    place::Size,
    process::{idles, memory, wake_ups},
    table::{Figure, Share, Table},
    time::{Times, grouped, said},
};
use karton_tests::{
    served::Served,
    terminal::{Start, Terminal},
};
use std::{path::Path, time::Duration};

/// A program that has written nothing for so long has finished painting.
const QUIET: Duration = Duration::from_millis(200);
/// The same between two keys.
const BETWEEN_KEYS: Duration = Duration::from_millis(25);

/// First paint, typing, idleness, memory.
pub(crate) fn measure(client: &Path, server: &Path, size: &Size, table: &mut Table) {
    table.group("client, 80x24");
    let served = Served::start(server, 200, &[]);
    let home = tempfile::tempdir().unwrap();
    let start = || {
        Start::of(client, home.path())
            .arg("--server")
            .arg(&served.url)
            .arg("--lang")
            .arg("cnr")
    };
    let runs = if size.quick { 5 } else { 20 };
    let floor = {
        let mut times = Times::default();
        for _ in 0..runs {
            let program = Start::of("/bin/echo", home.path()).arg("K").run();
            program.settles(Duration::from_millis(50));
            times.add(program.first_paint().unwrap());
        }
        times.median()
    };
    let (mut times, mut bytes) = (Times::default(), Vec::new());
    for _ in 0..runs {
        let at = start().run();
        at.waits_for("K A R T O N");
        at.settles(QUIET);
        times.add(at.first_paint().unwrap());
        bytes.push(at.bytes() as u64);
    }
    bytes.sort_unstable();
    let (first, painted) = (times.median(), bytes[bytes.len() / 2]);
    table.add(
        Figure::new(format!("first paint, median of {runs}"), said(first))
            .limit(
                format!("{} for echo to write a letter", said(floor)),
                Share::of_times(first, floor),
            )
            .aim("≤ 30 ms", first <= Duration::from_millis(30)),
    );
    table.add(
        Figure::new("bytes of the first paint", grouped(painted))
            .limit("1,920 cells", Share::of(painted, 1_920))
            .aim("≤ 2,048", painted <= 2_048),
    );

    let mut at = start().run();
    at.waits_for("K A R T O N");
    at.settles(QUIET);
    typed(
        &mut at,
        "typed into the account's name",
        "milica.sc3panov1c-kotor",
        table,
    );
    idle(&at, "the sign-in screen", size, table);
    drop(at);

    let mut at = start().run();
    at.waits_for("K A R T O N");
    let (account, password) = served.officer("caseworker");
    at.types(&format!("{account}<Tab>{password}<F10>"));
    at.waits_without("K A R T O N");
    at.settles(QUIET);
    idle(&at, "the tasks", size, table);
    at.types("f");
    at.settles(QUIET);
    // Here the list below changes with every letter too.
    typed(
        &mut at,
        "typed into the search, with the hits below",
        "Marko Vujotic",
        table,
    );
}

/// What each typed character makes the client write.
fn typed(at: &mut Terminal, what: &str, text: &str, table: &mut Table) {
    let mut each = Vec::new();
    for letter in text.chars() {
        let before = at.bytes();
        at.types(&letter.to_string());
        at.settles(BETWEEN_KEYS);
        each.push((at.bytes() - before) as u64);
    }
    each.sort_unstable();
    let (median, most) = (each[each.len() / 2], each[each.len() - 1]);
    let figure = Figure::new(
        format!("bytes for a character {what}"),
        format!("{median} at the median, {most} at most"),
    )
    .limit("1 the character", Share::of(median, 1));
    table.add(if what.contains("hits") {
        figure
    } else {
        figure.aim("≤ 8 at the median", median <= 8)
    });
}

fn idle(at: &Terminal, what: &str, size: &Size, table: &mut Table) {
    let long = if size.quick {
        Duration::from_secs(1)
    } else {
        Duration::from_secs(5)
    };
    idles(Duration::from_secs(1));
    let (woken, written) = (wake_ups(at.process()), at.bytes());
    idles(long);
    let (woken, written) = (wake_ups(at.process()) - woken, at.bytes() - written);
    table.add(
        Figure::new(
            format!("idle on {what} for {}", said(long)),
            format!("{woken} wake-ups, {written} bytes"),
        )
        .aim("0", woken == 0),
    );
    let used = memory(at.process());
    table.add(Figure::new(format!("memory on {what}"), mebibytes(used)).aim("≤ 16 MB", used <= 16 << 10));
}

/// KiB as people read them.
pub(crate) fn mebibytes(kib: u64) -> String {
    format!("{}.{} MB", kib >> 10, ((kib & 1023) * 10) >> 10)
}

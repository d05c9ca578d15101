use crate::{CLIENT, SERVER};
use karton_tests::{served::Served, terminal::Start};
use std::path::Path;

#[test]
fn explore() {
    let served = Served::start(Path::new(SERVER), 40, &[]);
    println!("{}", served.said);
    let home = tempfile::tempdir().unwrap();
    let mut at = Start::of(CLIENT, home.path()).arg("--server").arg(&served.url).arg("--lang").arg("en").run();
    let script = std::fs::read_to_string("/tmp/script.txt").unwrap();
    for line in script.lines() {
        if let Some(wait) = line.strip_prefix("wait ") {
            at.waits_for(wait);
        } else {
            at.types(line);
            at.settles(std::time::Duration::from_millis(700));
            println!("=== {line}  first {:?}\n{}", at.first_paint(), at.framed());
        }
    }
}

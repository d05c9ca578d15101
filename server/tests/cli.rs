//! The command line as people and scripts meet it: what it prints, and how it ends.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

use serde_json::Value;
use std::{
    fs,
    path::Path,
    process::{Command, Output, Stdio},
};

fn karton(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_karton-server"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("KARTON_")) {
        command.env_remove(name);
    }
    command.current_dir(folder).stdin(Stdio::null());
    command
}

fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = karton(folder).args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

fn json(text: &str) -> Value {
    serde_json::from_str(text.lines().last().unwrap_or_default()).unwrap()
}

#[test]
fn wrong_usage_ends_with_two_and_says_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("wrong.toml"), "listn = \"127.0.0.1:0\"\n").unwrap();
    let cases: [(&[&str], &str); 9] = [
        (&[], "Usage"),
        (&["no-such-command"], "no-such-command"),
        (&["serve", "--listen", "somewhere"], "--listen"),
        (&["serve", "--listen", "0.0.0.0:0"], "--behind-proxy"),
        (&["serve", "--tls-cert", "a.pem"], "--tls-key"),
        (&["serve", "--pack", "nowhere"], "nowhere"),
        (
            &["serve", "--database-url", "mysql://a:secret@b/c"],
            "postgres://",
        ),
        (&["--config", "wrong.toml", "serve"], "listn"),
        (
            &["user", "add", "ana", "--name", "Ana", "--role", "clerk"],
            "OFFICE:ROLE",
        ),
    ];
    for (arguments, says) in cases {
        let (status, _, error) = run(at, arguments);
        assert_eq!(status, 2, "{arguments:?}: {error}");
        assert!(error.contains(says), "{arguments:?}: {error}");
        assert!(!error.contains("a:secret"), "{error}");
    }
}

#[test]
fn a_broken_pack_is_reported_whole_and_stops_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    copy(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/me"),
        &at.join("broken"),
    );
    let benefit = at.join("broken/catalogue/MO/benefit.toml");
    let text = fs::read_to_string(&benefit).unwrap();
    fs::write(&benefit, text.replace("code = \"MO\"", "cod = \"MO\"")).unwrap();
    for arguments in [
        &["pack", "check", "--pack", "./broken"][..],
        &["serve", "--listen", "127.0.0.1:0", "--pack", "./broken"],
    ] {
        let (status, out, error) = run(at, arguments);
        let said = format!("{out}{error}");
        assert_eq!(status, 1, "{said}");
        assert!(
            said.contains("catalogue/MO/benefit.toml:") && said.contains("`cod`"),
            "{said}"
        );
    }
    let (status, out, _) = run(at, &["pack", "check", "--pack", "./broken", "--json"]);
    assert_eq!(status, 1);
    let mistakes = json(&out)["mistakes"].as_array().unwrap().len();
    assert!(mistakes > 0);
    let (status, out, _) = run(at, &["pack", "check", "--json"]);
    assert_eq!((status, &json(&out)["mistakes"]), (0, &serde_json::json!([])));
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

#[test]
fn expressions_are_tried_out_with_their_place_when_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let (status, out, _) = run(at, &["pack", "eval", "2 + 3 * 4", "--on", "2025-03-10"]);
    assert_eq!((status, out.as_str()), (0, "14 (int)\n"));
    let (status, out, _) = run(at, &["pack", "eval", "2 + \"a\"", "--on", "2025-03-10"]);
    assert_eq!(status, 1);
    assert!(out.contains("expression:1:"), "{out}");
    let (status, out, _) = run(at, &["pack", "show", "MO", "--on", "2025-03-10"]);
    assert!(status == 0 && out.contains("mo."), "{out}");
    assert_eq!(run(at, &["pack", "show", "XX"]).0, 2);
}

#[test]
fn a_new_version_of_a_pack_is_previewed_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    copy(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/me"),
        &at.join("next"),
    );
    let words = at.join("next/words/en.ftl");
    let text = fs::read_to_string(&words).unwrap();
    let changed: String = text
        .lines()
        .map(|line| match line.starts_with("role-clerk") {
            true => "role-clerk = Somebody new\n".to_owned(),
            false => format!("{line}\n"),
        })
        .collect();
    fs::write(&words, changed).unwrap();
    let (status, _, error) = run(at, &["pack", "compare", "./next"]);
    assert!(status == 1 && error.contains("no store"), "{error}");
    assert_eq!(run(at, &["user", "list"]).0, 0);
    let (status, out, error) = run(at, &["pack", "compare", "./next"]);
    assert_eq!(status, 0, "{error}");
    assert!(
        out.contains("words/en.ftl: role-clerk: was") && out.contains("is Somebody new"),
        "{out}"
    );
    assert!(out.ends_with("1 difference\n"), "{out}");
    let (_, out, _) = run(at, &["pack", "compare", "me", "--json"]);
    assert_eq!(json(&out)["changes"], serde_json::json!([]));
}

#[test]
fn accounts_are_kept_and_the_log_of_it_is_whole_until_somebody_touches_it() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("karton.toml"), "data_dir = \"here\"\n").unwrap();
    let config = ["--config", "karton.toml"];
    let with = |arguments: &[&str]| run(at, &[&config[..], arguments].concat());
    let (status, out, error) = with(&[
        "user",
        "add",
        "ana",
        "--name",
        "Ana Ković",
        "--role",
        "CSR-01:clerk",
        "--json",
    ]);
    assert_eq!(status, 0, "{error}");
    assert_eq!(
        out.lines().count(),
        2,
        "the first administrator's password is shown once, and Ana's"
    );
    assert_eq!(
        json(&out)["user"]["roles"],
        serde_json::json!([{ "office": "CSR-01", "roles": ["clerk"] }])
    );
    assert_eq!(
        with(&["user", "add", "ANA", "--name", "Ana", "--role", "CSR-01:clerk"]).0,
        1
    );
    assert_eq!(with(&["user", "disable", "nobody"]).0, 1);
    assert_eq!(with(&["user", "disable", "admin"]).0, 1, "the last administrator");
    assert_eq!(with(&["user", "disable", "ana"]).0, 0);
    let (_, out, _) = with(&["user", "list", "--json"]);
    let users = json(&out);
    assert_eq!(
        (users[0]["user"].as_str(), users[1]["disabled"].as_bool()),
        (Some("admin"), Some(true))
    );
    assert!(at.join("here/karton.db").is_file(), "the data folder of the file");
    let (status, sealed, _) = with(&["audit", "seal"]);
    assert_eq!(status, 0);
    fs::write(at.join("seal.json"), &sealed).unwrap();
    let (status, out, _) = with(&["audit", "verify", "--seal", "seal.json"]);
    assert!(status == 0 && out.contains("the log is whole"), "{out}");
    let database = rusqlite::Connection::open(at.join("here/karton.db")).unwrap();
    database
        .execute(
            "UPDATE audit_entry SET what = 'nothing' WHERE what = 'user-opened'",
            [],
        )
        .unwrap();
    drop(database);
    let (status, out, _) = with(&["audit", "verify"]);
    assert!(status == 1 && out.starts_with("changed: office"), "{out}");
    assert_eq!(
        with(&["migrate"]),
        (0, "the schema is up to date\n".into(), String::new())
    );
}

//! `backup`, `restore` and `import` as an administrator and a cron job meet them.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

use serde_json::Value;
use std::{
    fs,
    path::Path,
    process::{Command, Output, Stdio},
};

fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_karton-server"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("KARTON_")) {
        command.env_remove(name);
    }
    let Output {
        status,
        stdout,
        stderr,
    } = command
        .current_dir(folder)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

fn json(text: &str) -> Value {
    serde_json::from_str(text.lines().last().unwrap_or_default()).unwrap()
}

#[test]
fn a_store_is_copied_tried_and_restored_and_wrong_files_leave_no_store() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let (status, _, error) = run(at, &["generate", "--persons", "60", "--data-dir", "here"]);
    assert_eq!(status, 0, "{error}");
    let (status, out, error) = run(at, &["backup", "copy", "--data-dir", "here", "--json"]);
    assert_eq!(status, 0, "{error}");
    let made = json(&out);
    assert!(made["tables"]["person"].as_u64().unwrap() >= 60);
    assert_eq!(
        made["bytes"].as_u64().unwrap(),
        fs::metadata(at.join("copy")).unwrap().len()
    );
    let (status, _, error) = run(at, &["backup", "copy", "--data-dir", "here"]);
    assert!(status == 2 && error.contains("is there already"), "{error}");
    let (status, _, error) = run(at, &["backup", "other", "--data-dir", "nowhere"]);
    assert!(status == 1 && error.contains("there is no store"), "{error}");

    let (status, out, error) = run(at, &["restore", "copy", "--trial", "--data-dir", "here"]);
    assert_eq!(status, 0, "{out}{error}");
    assert!(
        out.contains("can be restored") && out.contains("the log is whole"),
        "{out}"
    );
    let (status, _, error) = run(at, &["restore", "copy", "--data-dir", "here"]);
    assert!(status == 2 && error.contains("not empty"), "{error}");
    // Elsewhere the key of the seals has to come along.
    let (status, _, error) = run(at, &["restore", "copy", "--data-dir", "there"]);
    assert!(status == 2 && error.contains("audit.key"), "{error}");
    fs::create_dir_all(at.join("there")).unwrap();
    fs::copy(at.join("here/audit.key"), at.join("there/audit.key")).unwrap();
    let bytes = fs::read(at.join("copy")).unwrap();
    fs::write(at.join("cut"), &bytes[..bytes.len() / 2]).unwrap();
    let mut turned = bytes.clone();
    let middle = turned.len() / 3;
    turned[middle] ^= 1;
    fs::write(at.join("turned"), &turned).unwrap();
    for (file, says) in [("cut", "cut off at byte"), ("turned", "altered at byte")] {
        let (status, _, error) = run(at, &["restore", file, "--data-dir", "there"]);
        assert!(
            status == 1 && error.contains(says) && error.contains("table"),
            "{error}"
        );
        assert!(!at.join("there/karton.db").exists(), "nothing was touched");
    }
    let (status, out, error) = run(at, &["restore", "copy", "--data-dir", "there"]);
    assert_eq!(status, 0, "{out}{error}");
    assert!(out.contains("was restored"), "{out}");
    let (status, out, _) = run(at, &["verify", "--full", "--data-dir", "there"]);
    assert_eq!(status, 0, "{out}");
    let (_, users, _) = run(at, &["user", "list", "--json", "--data-dir", "there"]);
    assert_eq!(json(&users)[0]["user"], "admin");
}

#[test]
fn a_register_is_tried_without_a_trace_and_waits_for_a_second_person() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let (latin, ..) = encoding_rs::WINDOWS_1250
        .encode("ime;prezime;datum rođenja\nŽeljka;Đurišić;5.3.1980.\nIvan;=1+1;31.2.1990\n");
    fs::write(at.join("old.csv"), &latin).unwrap();
    let import = |arguments: &[&str]| {
        let all = [
            "import",
            "persons",
            "old.csv",
            "--office",
            "CSR-01",
            "--data-dir",
            "here",
        ];
        run(at, &[&all, arguments].concat())
    };
    let (status, out, error) = import(&["--dry-run", "--json", "--report", "report.csv"]);
    assert_eq!(status, 0, "{error}");
    let tried = json(&out);
    assert_eq!(tried["encoding"], "windows-1250");
    assert_eq!(
        (&tried["rows"]["good"], &tried["rows"]["wrong"]),
        (&1.into(), &1.into())
    );
    let report = fs::read_to_string(at.join("report.csv")).unwrap();
    assert!(
        report.contains("3;prezime;formula;") && report.contains("3;datum rođenja;date;"),
        "{report}"
    );
    assert!(!report.contains("1+1"), "{report}");
    let (status, _, error) = import(&["--dry-run", "--encoding", "utf-8"]);
    assert!(
        status == 1 && error.contains("it looks like windows-1250"),
        "{error}"
    );
    let (status, _, error) = run(
        at,
        &[
            "import",
            "persons",
            "old.csv",
            "--office",
            "NO",
            "--data-dir",
            "here",
        ],
    );
    assert!(status == 1 && error.contains("no open centre"), "{error}");

    let (status, out, error) = import(&["--json"]);
    assert_eq!(status, 0, "{error}");
    let import = json(&out)["import"].clone();
    assert_eq!(
        (&import["state"], &import["rows"]["good"]),
        (&"checked".into(), &1.into())
    );
    let database = rusqlite::Connection::open(at.join("here/karton.db")).unwrap();
    let people: i64 = database
        .query_row("SELECT count(*) FROM person", [], |row| row.get(0))
        .unwrap();
    assert_eq!(people, 0, "nothing counts before somebody accepts it");
    fs::write(at.join("old.csv"), b"PK\x03\x04 no workbook").unwrap();
    let all = [
        "import",
        "persons",
        "old.csv",
        "--office",
        "CSR-01",
        "--data-dir",
        "here",
    ];
    let (status, out, _) = run(at, &all);
    assert!(status == 1 && out.contains("cut off or damaged"), "{out}");
}

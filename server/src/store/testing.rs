//! What tests need to tell one story on every engine: a PostgreSQL server of their own, and fresh databases on it.
//!
//! The server is started once in a test process from the installed binaries, in a temporary folder on a Unix socket.
//! A shell watches over it: when the test process ends, however it ends, the pipe between them closes, and the shell
//! stops the server and removes its folder. `KARTON_TEST_POSTGRES_URL` names a server to use instead. Without
//! PostgreSQL stories are told on SQLite alone, and say so; with `KARTON_REQUIRE_POSTGRES=1` they fail.

use super::{MIGRATIONS, Migration, Options, Store, StoreError, StoreUrl};
use jiff::Timestamp;
use std::{
    env, fs,
    io::{BufRead as _, BufReader, Write as _},
    num::NonZeroU64,
    path::PathBuf,
    process::{self, ChildStdin, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};
use tokio_postgres::NoTls;

/// An engine, set up for one story.
pub struct Stage {
    /// What it is, for whoever reads a failure.
    pub name: &'static str,
    /// Where the store is.
    pub url: StoreUrl,
    /// How it is opened.
    pub options: Options,
}

/// Tells a story on SQLite, on PostgreSQL, and on PostgreSQL at SERIALIZABLE where every third commit is refused
/// once, each with the store's own tables.
pub async fn on_both(story: impl AsyncFn(Store)) {
    on_both_with(MIGRATIONS, story).await;
}

/// The same with other tables.
pub async fn on_both_with(steps: &[Migration], story: impl AsyncFn(Store)) {
    for stage in stages().await {
        println!("on {}", stage.name);
        let store = open(&stage).await;
        let migrated = store.migrate(steps, Timestamp::UNIX_EPOCH).await;
        assert!(migrated.is_ok(), "on {}: {migrated:?}", stage.name);
        story(store).await;
        leave(stage).await;
    }
}

/// Opens the store of a stage.
pub async fn open(stage: &Stage) -> Store {
    match Store::open(&stage.url, &stage.options) {
        Ok(store) => store,
        Err(error) => give_up(&format!("{} cannot be opened: {error}", stage.name)),
    }
}

/// The engines there are, each with a fresh, empty database.
pub async fn stages() -> Vec<Stage> {
    let mut stages = vec![Stage {
        name: "SQLite",
        url: StoreUrl::Temporary,
        options: Options::default(),
    }];
    let plain = Options {
        connections: 6,
        ..Options::default()
    };
    let hard = Options {
        serializable: true,
        conflict_every: NonZeroU64::new(3),
        ..plain.clone()
    };
    for (name, options) in [
        ("PostgreSQL", plain),
        ("PostgreSQL, SERIALIZABLE with conflicts", hard),
    ] {
        if let Some(url) = database().await {
            stages.push(Stage {
                name,
                url: StoreUrl::Postgres(url),
                options,
            });
        }
    }
    stages
}

/// Removes the database of a stage. What a failed story leaves goes with the server.
pub async fn leave(stage: Stage) {
    if let StoreUrl::Postgres(url) = stage.url
        && let Some(name) = url.split('?').next().and_then(|url| url.rsplit('/').next())
        && let Err(error) = command(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await
    {
        give_up(&format!("the database of a test cannot be removed: {error}"));
    }
}

/// The address of a fresh, empty database; nothing where there is no PostgreSQL.
pub async fn database() -> Option<String> {
    static MADE: AtomicU32 = AtomicU32::new(0);
    static SKIPPED: AtomicU32 = AtomicU32::new(0);
    let server = match server() {
        Ok(server) => server,
        Err(why) => {
            assert!(
                env::var("KARTON_REQUIRE_POSTGRES").as_deref() != Ok("1"),
                "PostgreSQL is required, but {why}"
            );
            let skipped = SKIPPED.fetch_add(1, Ordering::Relaxed) + 1;
            // Straight to the terminal: the test runner keeps what is printed by a test that succeeds.
            let note = format!("NOT TESTED ON POSTGRESQL: {skipped} runs skipped so far, because {why}\n");
            let _ = std::io::stderr().write_all(note.as_bytes());
            return None;
        }
    };
    let name = format!(
        "karton_test_{}_{}",
        process::id(),
        MADE.fetch_add(1, Ordering::Relaxed)
    );
    match command(&format!("CREATE DATABASE {name}")).await {
        Ok(()) => Some(with_database(&server.url, &name)),
        Err(error) => give_up(&format!("a database for a test cannot be made: {error}")),
    }
}

/// Runs a statement on the server itself.
async fn command(sql: &str) -> Result<(), StoreError> {
    let url = server()
        .map(|server| server.url.as_str())
        .map_err(|why| StoreError::Db(why.clone()))?;
    let (client, connection) = tokio_postgres::connect(url, NoTls)
        .await
        .map_err(|error| StoreError::Db(format!("{error:?}")))?;
    tokio::spawn(connection);
    client
        .batch_execute(sql)
        .await
        .map_err(|error| StoreError::Db(format!("{error:?}")))
}

/// Ends a connection from the server's side, as a restart would, and waits until it is gone.
pub async fn end_backend(pid: i64) {
    let sql = format!(
        "DO $$ BEGIN
            PERFORM pg_terminate_backend({pid});
            WHILE EXISTS (SELECT 1 FROM pg_stat_activity WHERE pid = {pid}) LOOP
                PERFORM pg_sleep(0.005), pg_stat_clear_snapshot();
            END LOOP;
        END $$"
    );
    if let Err(error) = command(&sql).await {
        give_up(&format!("a connection cannot be ended: {error}"));
    }
}

struct Server {
    url: String,
    /// Closed by the end of the process, and nothing else.
    _watched: Option<ChildStdin>,
}

fn server() -> Result<&'static Server, &'static String> {
    static SERVER: OnceLock<Result<Server, String>> = OnceLock::new();
    SERVER
        .get_or_init(|| match env::var("KARTON_TEST_POSTGRES_URL") {
            Ok(url) if !url.is_empty() => Ok(Server { url, _watched: None }),
            _ => start(),
        })
        .as_ref()
}

const WATCH: &str = r#"
trap '' INT HUP TERM
umask 077
dir=$(mktemp -d /tmp/karton-pg-XXXXXX) || exit 1
trap 'rm -rf "$dir"' EXIT
"$1/initdb" -D "$dir/data" -U karton -A trust -E UTF8 --locale=C -N >"$dir/log" 2>&1 ||
    { echo "initdb failed: $(tail -n 1 "$dir/log")"; exit 1; }
"$1/postgres" -D "$dir/data" -k "$dir" -c listen_addresses= -c max_connections=400 -c fsync=off \
    -c synchronous_commit=off -c full_page_writes=off -c wal_level=minimal -c max_wal_senders=0 \
    -c autovacuum=off -c shared_buffers=64MB -c max_pred_locks_per_transaction=256 >>"$dir/log" 2>&1 &
pg=$!
until "$1/pg_isready" -q -h "$dir"; do
    kill -0 $pg 2>/dev/null || { echo "postgres failed: $(tail -n 1 "$dir/log")"; exit 1; }
    sleep 0.05
done
echo "$dir"
cat >/dev/null
kill -QUIT $pg
wait $pg
"#;

fn start() -> Result<Server, String> {
    let programs = programs()
        .ok_or("no PostgreSQL is installed (initdb is neither in PATH nor in /usr/lib/postgresql)")?;
    let mut shell = as_nobody_special()?;
    shell
        .args(["sh", "-c", WATCH, "karton-test-postgres"])
        .arg(programs)
        .current_dir("/");
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut shell, 0);
    let mut child = shell
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("PostgreSQL cannot be started: {error}"))?;
    let (Some(watched), Some(words)) = (child.stdin.take(), child.stdout.take()) else {
        return Err("PostgreSQL was started without pipes".into());
    };
    let mut folder = String::new();
    let read = BufReader::new(words).read_line(&mut folder);
    match folder.trim() {
        folder if folder.starts_with('/') => {
            let url = format!("postgres://karton@{}/postgres", folder.replace('/', "%2F"));
            Ok(Server {
                url,
                _watched: Some(watched),
            })
        }
        "" => Err(format!("PostgreSQL did not start ({read:?})")),
        why => Err(why.to_owned()),
    }
}

/// The folder of the newest PostgreSQL.
fn programs() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .map(|versions| {
            versions
                .flatten()
                .map(|version| version.path().join("bin"))
                .collect()
        })
        .unwrap_or_default();
    folders.sort_by_key(|bin| {
        let version = bin
            .parent()
            .and_then(|version| version.file_name()?.to_str()?.parse::<u32>().ok());
        std::cmp::Reverse(version)
    });
    env::split_paths(&path)
        .chain(folders)
        .filter_map(|folder| {
            fs::canonicalize(folder.join("initdb"))
                .ok()?
                .parent()
                .map(PathBuf::from)
        })
        .find(|bin| {
            ["initdb", "postgres", "pg_isready"]
                .iter()
                .all(|program| bin.join(program).is_file())
        })
}

/// PostgreSQL refuses to run as root: then another user does it.
fn as_nobody_special() -> Result<Command, String> {
    let id = Command::new("id")
        .arg("-u")
        .output()
        .map_err(|error| error.to_string())?;
    if id.stdout.trim_ascii() != b"0" {
        return Ok(Command::new("env"));
    }
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let user = if users.lines().any(|line| line.starts_with("postgres:")) {
        "postgres"
    } else {
        "nobody"
    };
    let mut setpriv = Command::new("setpriv");
    setpriv.args([
        "--reuid",
        user,
        "--regid",
        if user == "nobody" { "nogroup" } else { user },
        "--clear-groups",
        "--",
    ]);
    let mut trial = Command::new("setpriv");
    trial.args(setpriv.get_args()).arg("true").stderr(Stdio::null());
    if trial.status().is_ok_and(|status| status.success()) {
        return Ok(setpriv);
    }
    let mut runuser = Command::new("runuser");
    runuser.args(["-u", user, "--"]);
    let mut trial = Command::new("runuser");
    trial.args(["-u", user, "--", "true"]).stderr(Stdio::null());
    if trial.status().is_ok_and(|status| status.success()) {
        return Ok(runuser);
    }
    Err("root cannot start PostgreSQL, and neither setpriv nor runuser can become another user".into())
}

/// The same server, another database.
fn with_database(url: &str, name: &str) -> String {
    let (place, query) = url
        .split_once('?')
        .map_or((url, None), |(place, query)| (place, Some(query)));
    let (scheme, place) = place.split_once("://").unwrap_or(("postgres", place));
    let server = place.split('/').next().unwrap_or_default();
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    format!("{scheme}://{server}/{name}{query}")
}

#[expect(clippy::panic, reason = "without its stage no story can be told")]
fn give_up(why: &str) -> ! {
    panic!("{why}")
}

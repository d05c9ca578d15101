use super::{
    check,
    columns::Columns,
    sheet::{self, Format, Line, Unreadable},
    store::{self, Key, Place, Stored},
    work,
};
use crate::{
    access::{AcceptImports, Actor, BringImports, May, Scope},
    audit::{self, Entry},
    house::House,
    http::{IfMatch, hex},
    problem::{Error, Refusal},
    store::{Tx, jobs},
};
use karton_api::{
    Id,
    imports::{AcceptImport, BringImport, Finding, ImportKind, ImportRows, ImportState, ImportView},
    value::{Import, Office},
};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

/// A file with what is said about it.
#[derive(Debug, Clone)]
pub struct Brought {
    /// What it holds, for which office, under which name and encoding.
    pub about: BringImport,
    /// Its bytes.
    pub content: Vec<u8>,
}

fn office(house: &House, code: &str) -> Result<Id<Office>, Error> {
    let office = house.offices.by_code(code);
    let open = office.filter(|office| office.closed_on.is_none() && office.kind != "ministry");
    open.map(|office| office.id).ok_or_else(|| {
        Error::field(
            "office",
            "unknown",
            "There is no open centre or unit with this code.",
        )
    })
}

/// Brings a file: it is kept, and read and checked in the background. Refuses an office outside of the officer's own.
pub async fn bring(may: &May<BringImports>, house: &House, brought: Brought) -> Result<ImportView, Error> {
    let (scope, office) = (may.scope(), office(house, &brought.about.office)?);
    let within = house.store.read(move |tx| {
        let sql = "SELECT 1 FROM office_tree WHERE ancestor = $1 AND office = $2";
        Ok::<_, Error>(tx.opt(sql, crate::vals![scope.val(), office])?.is_some())
    });
    if !within.await? {
        return Err(Error::field(
            "office",
            "outside",
            "This office is not below yours.",
        ));
    }
    take(house, may.actor(), brought).await
}

/// The same for the command line, in the name of the system: whoever accepts it is the first officer to have seen it.
pub async fn system_brings(house: &House, brought: Brought) -> Result<ImportView, Error> {
    let actor = Actor {
        officer: None,
        office: office(house, &brought.about.office)?,
    };
    take(house, actor, brought).await
}

async fn take(house: &House, actor: Actor, brought: Brought) -> Result<ImportView, Error> {
    let Brought { about, content } = brought;
    let file = about.file.trim().to_owned();
    if file.is_empty() || file.chars().count() > 200 || file.chars().any(char::is_control) {
        return Err(Error::field(
            "file",
            "text",
            "The file's name has 1 to 200 characters on one line.",
        ));
    }
    let encoding = match &about.encoding {
        None => None,
        Some(name) => {
            let known = sheet::ENCODINGS
                .iter()
                .find(|known| known.eq_ignore_ascii_case(name));
            let known = known.ok_or_else(|| {
                let says = format!("The encoding is one of {}.", sheet::ENCODINGS.join(", "));
                Error::field("encoding", "unknown", says)
            })?;
            Some((*known).to_owned())
        }
    };
    if content.is_empty() {
        return Err(Error::field("", "empty", "The file is empty."));
    }
    let now = house.clock.now();
    let import = Stored {
        id: house.clock.id(),
        revision: 1,
        office: office(house, &about.office)?,
        kind: about.kind,
        state: ImportState::Received,
        // A name is a name, never a path.
        file: file.rsplit(['/', '\\']).next().unwrap_or(&file).to_owned(),
        format: Format::of(&content).name().to_owned(),
        encoding,
        hash: hex(&Sha256::digest(&content)),
        bytes: i64::try_from(content.len()).unwrap_or(i64::MAX),
        headings: Vec::new(),
        problem: None,
        brought_by: actor.officer,
        brought_at: now,
        accepted_by: None,
        accepted_at: None,
        also_alike: false,
        ended_at: None,
    };
    let job = work::next(house, import.id, now);
    let (content, offices) = (Arc::new(content), known(house));
    audit::write(&house.store, actor, now, move |tx| {
        store::insert(tx, &import, &content)?;
        jobs::post(tx, &job)?;
        let entry = Entry::of("import-brought")
            .value("import", import.id)
            .value("hash", &import.hash);
        Ok((store::view(tx, &offices, &import)?, entry))
    })
    .await
}

/// Imports within the scope, the newest first; one more than `limit` where there are more.
pub(super) async fn list(
    may: &May<BringImports>,
    house: &House,
    before: Option<Key>,
    limit: usize,
) -> Result<Vec<ImportView>, Error> {
    let (scope, offices) = (may.scope(), known(house));
    house
        .store
        .read(move |tx| {
            let all = store::list(tx, &scope, before, limit + 1)?;
            all.iter().map(|it| store::view(tx, &offices, it)).collect()
        })
        .await
}

/// One import.
pub(super) async fn view(
    may: &May<BringImports>,
    house: &House,
    id: Id<Import>,
) -> Result<ImportView, Error> {
    let scope = may.scope();
    view_in(house, scope, id).await
}

/// What an import is shown with.
fn known(house: &House) -> store::Known {
    (house.pack.clone(), house.offices.clone())
}

/// One import, for the command line.
pub async fn view_of(house: &House, id: Id<Import>) -> Result<ImportView, Error> {
    let top = house.offices.top().ok_or(Error::Missing)?;
    view_in(house, Scope::under(top.id), id).await
}

async fn view_in(house: &House, scope: Scope, id: Id<Import>) -> Result<ImportView, Error> {
    let offices = known(house);
    house
        .store
        .read(move |tx| {
            let import = store::within(tx, &scope, id)?;
            store::view(tx, &offices, &import)
        })
        .await
}

/// The report, row by row.
pub(super) async fn findings(
    may: &May<BringImports>,
    house: &House,
    id: Id<Import>,
    after: Option<Place>,
    limit: usize,
) -> Result<Vec<(Place, Finding)>, Error> {
    let scope = may.scope();
    house
        .store
        .read(move |tx| {
            store::within(tx, &scope, id)?;
            store::report(tx, id, after, limit)
        })
        .await
}

/// The whole report, for the command line.
pub fn findings_of(tx: &mut Tx, id: Id<Import>) -> Result<Vec<Finding>, Error> {
    let found = store::report(tx, id, None, usize::MAX)?;
    Ok(found.into_iter().map(|(_, finding)| finding).collect())
}

/// Accepts a checked import as its second person. Refuses with `SecondOfficerNeeded`, `ImportNotChecked` and `Changed`.
pub(super) async fn accept(
    may: &May<AcceptImports>,
    house: &House,
    id: Id<Import>,
    seen: IfMatch,
    body: &AcceptImport,
) -> Result<ImportView, Error> {
    let (scope, officer, offices) = (may.scope(), may.officer(), known(house));
    let (now, also_alike) = (house.clock.now(), body.also_alike);
    let job = work::next(house, id, now);
    audit::tell(&house.store, may.actor(), now, move |tx| {
        let mut import = store::within(tx, &scope, id)?;
        if import.brought_by == Some(officer) {
            return Err(Refusal::SecondPersonNeeded.into());
        }
        if import.state != ImportState::Checked {
            return Err(Refusal::ImportNotChecked.into());
        }
        seen.check(import.revision)?;
        if also_alike {
            store::take_alike(tx, id)?;
        }
        import.state = ImportState::Applying;
        import.accepted_by = Some(officer);
        import.accepted_at = Some(now);
        import.also_alike = also_alike;
        moved(tx, &mut import)?;
        jobs::post(tx, &job)?;
        let entry = Entry::of("import-accepted")
            .value("import", id)
            .value("also_alike", also_alike);
        Ok((store::view(tx, &offices, &import)?, entry))
    })
    .await
}

fn moved(tx: &mut Tx, import: &mut Stored) -> Result<(), Error> {
    if !store::update(tx, import)? {
        return Err(Error::Changed(store::load(tx, import.id)?.revision));
    }
    import.revision += 1;
    Ok(())
}

/// Takes an import back that has not been accepted; its rows are forgotten. Refuses with `ImportNotChecked` what is accepted or ended.
pub(super) async fn withdraw(
    may: &May<BringImports>,
    house: &House,
    id: Id<Import>,
    seen: IfMatch,
) -> Result<ImportView, Error> {
    let (scope, offices, now) = (may.scope(), known(house), house.clock.now());
    audit::tell(&house.store, may.actor(), now, move |tx| {
        let mut import = store::within(tx, &scope, id)?;
        if !matches!(
            import.state,
            ImportState::Received | ImportState::Checking | ImportState::Checked
        ) {
            return Err(Refusal::ImportNotChecked.into());
        }
        seen.check(import.revision)?;
        import.state = ImportState::Withdrawn;
        import.ended_at = Some(now);
        moved(tx, &mut import)?;
        store::drop_file(tx, id)?;
        store::drop_rows(tx, id)?;
        let entry = Entry::of("import-withdrawn").value("import", id);
        Ok((store::view(tx, &offices, &import)?, entry))
    })
    .await
}

/// What a trial found, without a trace in the store.
#[derive(Debug, Clone, Default)]
pub struct Tried {
    /// Rows by what would become of them.
    pub rows: ImportRows,
    /// The encoding of a CSV file.
    pub encoding: Option<&'static str>,
    /// Columns that mean nothing here.
    pub ignored: Vec<String>,
    /// The report, its first [`MOST_TRIED`] findings.
    pub findings: Vec<Finding>,
}

/// A trial reports so many findings at most.
const MOST_TRIED: usize = 10_000;

enum Broken {
    Unreadable(Unreadable),
    Gone,
}
impl From<Unreadable> for Broken {
    fn from(unreadable: Unreadable) -> Broken {
        Broken::Unreadable(unreadable)
    }
}

/// Reads and checks a file against the store, and writes nothing. Refuses a file that cannot be read as a whole.
pub async fn try_out(house: &House, brought: Brought) -> Result<Tried, Error> {
    let top = house.offices.top().ok_or(Error::Missing)?;
    let (scope, today, kind) = (Scope::under(top.id), house.clock.today(), brought.about.kind);
    let (lines, mut arriving) = tokio::sync::mpsc::channel::<Vec<Line>>(2);
    let reading = tokio::task::spawn_blocking(move || {
        let mut some: Vec<Line> = Vec::new();
        let read = sheet::read(&brought.content, brought.about.encoding.as_deref(), |line| {
            some.push(line);
            if some.len() >= 500 {
                return lines
                    .blocking_send(std::mem::take(&mut some))
                    .map_err(|_| Broken::Gone);
            }
            Ok(())
        })?;
        lines.blocking_send(some).map_err(|_| Broken::Gone)?;
        Ok(read)
    });
    let mut tried = Tried::default();
    let mut columns: Option<Columns> = None;
    let mut numbers = std::collections::HashMap::new();
    while let Some(some) = arriving.recv().await {
        let mut some = some.into_iter();
        if columns.is_none() {
            let Some(headings) = some.next() else { break };
            let read = Columns::read(&house.pack.imports, kind, &headings.cells);
            let read = read.map_err(|says| Error::field("/headings", "headings", says))?;
            tried.ignored = read.ignored();
            columns = Some(read);
        }
        let Some(columns) = columns.clone() else { break };
        let (pack, rows) = (house.pack.clone(), some.collect::<Vec<Line>>());
        let outcomes = house.store.read(move |tx| {
            rows.iter()
                .map(|line| check::row(tx, &scope, &pack, &columns, line, today))
                .collect::<Result<Vec<_>, Error>>()
        });
        for mut outcome in outcomes.await? {
            tried.rows.all += 1;
            let number = outcome.number.take().filter(|_| outcome.state != "wrong");
            let first = number.and_then(|number| match numbers.entry(number) {
                std::collections::hash_map::Entry::Occupied(first) => Some(*first.get()),
                std::collections::hash_map::Entry::Vacant(free) => {
                    free.insert(outcome.line);
                    None
                }
            });
            if let Some(first) = first {
                outcome.state = "wrong";
                outcome.findings = vec![Finding {
                    row: outcome.line.into(),
                    column: String::new(),
                    code: "twice".into(),
                    message: format!("row {first} has the same number"),
                }];
            }
            match outcome.state {
                "good" => tried.rows.good += 1,
                "alike" => tried.rows.alike += 1,
                "known" => tried.rows.known += 1,
                _ => tried.rows.wrong += 1,
            }
            let room = MOST_TRIED.saturating_sub(tried.findings.len());
            tried.findings.extend(outcome.findings.into_iter().take(room));
        }
    }
    drop(arriving);
    match reading.await.map_err(Error::fault)? {
        Ok(encoding) => {
            tried.encoding = encoding;
            match columns {
                Some(_) => Ok(tried),
                None => Err(Error::field("", "empty", "The file has no rows.")),
            }
        }
        Err(Broken::Unreadable(unreadable)) => Err(Error::field("", unreadable.code, unreadable.says)),
        Err(Broken::Gone) => Err(Error::fault("the reading broke off")),
    }
}

impl Brought {
    /// A file from a path.
    pub fn of(
        kind: ImportKind,
        office: &str,
        file: &std::path::Path,
        encoding: Option<String>,
    ) -> std::io::Result<Brought> {
        let size = std::fs::metadata(file)?.len();
        if size > sheet::LARGEST as u64 {
            let says = format!(
                "a file of more than {} MB is not taken: divide it",
                sheet::LARGEST >> 20
            );
            return Err(std::io::Error::other(says));
        }
        let name = file
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        Ok(Brought {
            about: BringImport {
                kind,
                office: office.to_owned(),
                file: name,
                encoding,
            },
            content: std::fs::read(file)?,
        })
    }
}

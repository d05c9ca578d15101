//! What is done with an import in the background: reading, checking, applying. Each job does one bounded piece and posts the next in the
//! transaction that ends it, so that every piece happens once and a restart goes on where it was.

use super::{
    check,
    columns::{Columns, Past, Said, Somebody, said},
    sheet::{self, Line, Unreadable},
    store::{self, Outcome, Stored},
};
use crate::{
    access::{Actor, Scope},
    audit::{self, Entry},
    awards::{self, NewAward},
    csv_out::CsvOut,
    facts::{self, NewFact},
    house::House,
    persons,
    problem::{Error, Refusal},
    store::{
        Tx,
        jobs::{self, Handlers, Job, NewJob, Setback},
    },
};
use jiff::Timestamp;
use karton_api::{
    FactValue, Id,
    imports::{Finding, ImportState},
    persons::{AddMember, Holder, SourceKind},
    value::{Import, Person},
};
use sha2::{Digest as _, Sha256};

/// The queue of imports. Its payload is the import's id, and after a `:` the household after which members are joined.
const QUEUE: &str = "import";
/// So many rows are read into the store in one transaction,
const READ: usize = 1_000;
/// checked in one job,
const CHECK: i64 = 500;
/// by so many readers side by side,
const READERS: usize = 4;
/// applied in one transaction: clerks' own writes come in between,
const APPLY: i64 = 50;
/// and so many households.
const JOIN: i64 = 25;

/// The queue's handler.
pub fn handlers(handlers: Handlers, house: &House) -> Handlers {
    let house = house.clone();
    handlers.on(QUEUE, move |job| step(house.clone(), job))
}

/// The job that goes on with an import.
pub(super) fn next(house: &House, id: Id<Import>, now: Timestamp) -> NewJob {
    NewJob::new(house.clock.id(), QUEUE, now).payload(id.to_string())
}

async fn step(house: House, job: Job) -> Result<(), Setback> {
    let (id, after) = job.payload.split_once(':').unwrap_or((&job.payload, ""));
    let id: Id<Import> = id
        .parse()
        .map_err(|_| Setback::Never("the payload is no import".into()))?;
    let after = after.to_owned();
    let there = house.store.read(move |tx| store::load(tx, id)).await;
    let done = match there {
        Err(Error::Missing) => return Ok(()),
        Err(error) => Err(error),
        Ok(import) => match import.state {
            ImportState::Received => read_in(&house, import, &job).await,
            ImportState::Checking => check_some(&house, import, &job).await,
            ImportState::Applying => apply_some(&house, import, &job, after).await,
            _ => Ok(()),
        },
    };
    done.map_err(|error| Setback::Later(error.to_string()))
}

fn actor(import: &Stored) -> Actor {
    Actor {
        officer: import.accepted_by.or(import.brought_by),
        office: import.office,
    }
}

/// Ends a job together with its result and posts the next; a job whose lease has gone to another leaves nothing.
fn go_on(tx: &mut Tx, job: &Job, next: Option<&NewJob>) -> Result<(), Error> {
    if !jobs::done(tx, job)? {
        return Err(Error::fault("another worker has this job"));
    }
    if let Some(next) = next {
        jobs::post(tx, next)?;
    }
    Ok(())
}

enum Stopped {
    Unreadable(Unreadable),
    /// Nobody listens any more.
    Gone,
}
impl From<Unreadable> for Stopped {
    fn from(unreadable: Unreadable) -> Stopped {
        Stopped::Unreadable(unreadable)
    }
}

enum Piece {
    Headings(Vec<String>),
    Rows(Vec<Line>),
}

/// Takes the file apart and writes its rows. Rows that are there from a reading that broke off stay.
async fn read_in(house: &House, mut import: Stored, job: &Job) -> Result<(), Error> {
    let id = import.id;
    let content = house.store.read(move |tx| store::content(tx, id)).await?;
    let content = content.ok_or_else(|| Error::fault("the file of an import is gone"))?;
    let (kind, declared) = (import.kind, import.encoding.clone());
    let (pieces, mut arriving) = tokio::sync::mpsc::channel::<Piece>(2);
    let pack = house.pack.clone();
    let reading = tokio::task::spawn_blocking(move || {
        let mut rows: Vec<Line> = Vec::new();
        let mut headings = false;
        let send = |piece| pieces.blocking_send(piece).map_err(|_| Stopped::Gone);
        let read = sheet::read(&content, declared.as_deref(), |line| {
            if !headings {
                headings = true;
                let says = |says| {
                    Stopped::Unreadable(Unreadable {
                        code: "headings",
                        says,
                    })
                };
                Columns::read(&pack.imports, kind, &line.cells).map_err(says)?;
                return send(Piece::Headings(line.cells));
            }
            rows.push(line);
            if rows.len() >= READ {
                return send(Piece::Rows(std::mem::take(&mut rows)));
            }
            Ok(())
        });
        let encoding = read?;
        if !headings {
            return Err(Stopped::Unreadable(Unreadable {
                code: "empty",
                says: "the file has no rows".into(),
            }));
        }
        send(Piece::Rows(rows))?;
        Ok(encoding)
    });
    while let Some(piece) = arriving.recv().await {
        match piece {
            Piece::Headings(headings) => import.headings = headings,
            Piece::Rows(lines) => {
                let rows: Vec<_> = lines.iter().map(store::packed).collect::<Result<_, _>>()?;
                house
                    .store
                    .write(move |tx| store::insert_rows(tx, id, &rows))
                    .await?;
            }
        }
    }
    let read = reading.await.map_err(Error::fault)?;
    let now = house.clock.now();
    let entry = match read {
        Ok(encoding) => {
            import.state = ImportState::Checking;
            import.encoding = encoding.map(str::to_owned);
            Entry::of("import-read").value("import", id)
        }
        Err(Stopped::Gone) => return Err(Error::fault("the reading of an import broke off")),
        Err(Stopped::Unreadable(unreadable)) => {
            import.state = ImportState::Refused;
            import.problem = Some(unreadable.says);
            import.ended_at = Some(now);
            Entry::of("import-refused")
                .value("import", id)
                .value("code", unreadable.code)
        }
    };
    let (job, following) = (job.clone(), next(house, id, now));
    audit::write(&house.store, actor(&import), now, move |tx| {
        store::drop_file(tx, id)?;
        let refused = import.state == ImportState::Refused;
        if refused {
            store::drop_rows(tx, id)?;
        }
        if !store::update(tx, &import)? {
            return Err(Error::fault("an import changed while it was read"));
        }
        go_on(tx, &job, (!refused).then_some(&following))?;
        Ok(((), entry.clone()))
    })
    .await
}

/// Checks the next rows against what the store knows; reading alone, so that nobody waits.
async fn check_some(house: &House, mut import: Stored, job: &Job) -> Result<(), Error> {
    let id = import.id;
    let (scope, pack, today) = (
        Scope::under(import.office),
        house.pack.clone(),
        house.clock.today(),
    );
    let columns = Columns::read(&house.pack.imports, import.kind, &import.headings).map_err(Error::fault)?;
    let rows = house
        .store
        .read(move |tx| store::rows(tx, id, "read", CHECK))
        .await?;
    let reading: Vec<_> = rows
        .chunks(rows.len().div_ceil(READERS).max(1))
        .map(|some| {
            let (inside, some, pack, columns) = (house.clone(), some.to_vec(), pack.clone(), columns.clone());
            tokio::spawn(async move {
                inside
                    .store
                    .read(move |tx| {
                        some.iter()
                            .map(|line| check::row(tx, &scope, &pack, &columns, line, today))
                            .collect::<Result<Vec<Outcome>, Error>>()
                    })
                    .await
            })
        })
        .collect();
    let mut outcomes: Vec<Outcome> = Vec::new();
    for some in reading {
        outcomes.extend(some.await.map_err(Error::fault)??);
    }
    let now = house.clock.now();
    let last = outcomes.is_empty();
    if last {
        import.state = ImportState::Checked;
    }
    let (job, following) = (job.clone(), next(house, id, now));
    audit::write(&house.store, actor(&import), now, move |tx| {
        if store::load(tx, id)?.state != ImportState::Checking {
            // Withdrawn meanwhile: its rows are forgotten.
            go_on(tx, &job, None)?;
            return Ok(((), Entry::of("import-rows-checked").value("import", id)));
        }
        store::settle(tx, id, &outcomes)?;
        // Numbers stand in the rows now: the first row of a number is the one that counts.
        let again = twice(tx, id, &outcomes)?;
        store::settle(tx, id, &again)?;
        if last && !store::update(tx, &import)? {
            return Err(Error::fault("an import changed while it was checked"));
        }
        go_on(tx, &job, (!last).then_some(&following))?;
        let what = if last {
            "import-checked"
        } else {
            "import-rows-checked"
        };
        let entry = Entry::of(what).value("import", id).value("rows", outcomes.len());
        Ok(((), entry))
    })
    .await
}

/// Rows whose number an earlier row has.
fn twice(tx: &mut Tx, id: Id<Import>, outcomes: &[Outcome]) -> Result<Vec<Outcome>, Error> {
    let numbered = |outcome: &&Outcome| outcome.state != "wrong" && outcome.number.is_some();
    let numbers = outcomes
        .iter()
        .filter(numbered)
        .filter_map(|it| it.number.as_deref());
    let first = store::first_rows(tx, id, &numbers.collect::<Vec<_>>())?;
    let again = |outcome: &Outcome| {
        let first = first.get(outcome.number.as_deref()?).copied()?;
        (first < i64::from(outcome.line)).then(|| Outcome {
            line: outcome.line,
            state: "wrong",
            number: None,
            household: None,
            person: None,
            findings: vec![Finding {
                row: outcome.line.into(),
                column: String::new(),
                code: "twice".into(),
                message: format!("row {first} has the same number"),
            }],
        })
    };
    Ok(outcomes.iter().filter(numbered).filter_map(again).collect())
}

/// Applies the next rows, then joins households, then is done.
async fn apply_some(house: &House, import: Stored, job: &Job, after: String) -> Result<(), Error> {
    let id = import.id;
    let (now, columns) = (
        house.clock.now(),
        Columns::read(&house.pack.imports, import.kind, &import.headings).map_err(Error::fault)?,
    );
    let (inside, job, following) = (house.clone(), job.clone(), house.clock.id());
    let office = house.offices.get(import.office).ok_or(Error::Missing)?;
    let code = office.code.clone();
    let done = move |tx: &mut Tx| -> Result<Vec<String>, Error> {
        let house = &inside;
        let rows = store::rows(tx, id, "good", APPLY)?;
        let mut batch = Batch {
            house,
            import: &import,
            columns: &columns,
            now,
            code: &code,
            entries: Vec::new(),
            words: Vec::new(),
            facts: Vec::new(),
        };
        let mut goes_on = Some(String::new());
        if rows.is_empty() {
            goes_on = batch.join(tx, &after)?;
        }
        let mut outcomes = Vec::new();
        for line in &rows {
            outcomes.push(batch.apply(tx, line)?);
        }
        facts::insert_all(tx, batch.facts.iter().map(|fact| (fact, now)))?;
        store::settle(tx, id, &outcomes)?;
        if goes_on.is_none() {
            let mut import = import.clone();
            import.state = ImportState::Applied;
            import.ended_at = Some(now);
            if !store::update(tx, &import)? {
                return Err(Error::fault("an import changed while it was applied"));
            }
            batch
                .entries
                .push((now, Entry::of("import-applied").value("import", id)));
        }
        let following =
            goes_on.map(|after| NewJob::new(following, QUEUE, now).payload(format!("{id}:{after}")));
        go_on(tx, &job, following.as_ref())?;
        audit::append_all(tx, actor(&import), &batch.entries)?;
        Ok(batch.words)
    };
    let words = house.store.write(done).await?;
    house.vocabulary.add(words.iter().map(String::as_str));
    Ok(())
}

/// One transaction of applying.
struct Batch<'a> {
    house: &'a House,
    import: &'a Stored,
    columns: &'a Columns,
    now: Timestamp,
    /// Of the office that will hold the dossiers.
    code: &'a str,
    entries: Vec<(Timestamp, Entry)>,
    words: Vec<String>,
    facts: Vec<NewFact>,
}

impl Batch<'_> {
    /// Ids follow from the row, so that a transaction that is run again makes the same.
    fn derived<T>(&self, what: &str, line: u32) -> Id<T> {
        let mut hash = Sha256::new();
        hash.update(self.import.id.uuid().as_bytes());
        hash.update(what.as_bytes());
        hash.update(line.to_be_bytes());
        let digest = hash.finalize();
        let mut random = [0; 10];
        random
            .iter_mut()
            .zip(digest.iter())
            .for_each(|(to, from)| *to = *from);
        Id::at(self.now, random)
    }

    fn apply(&mut self, tx: &mut Tx, line: &Line) -> Result<Outcome, Error> {
        let house = self.house;
        let today = house.clock.today();
        match said(&house.pack, self.columns, line, today) {
            Ok(Said::Somebody(said)) => self.register(tx, line, &said),
            Ok(Said::Past(said)) => self.grant(tx, line, &said),
            // The pack has changed since it was checked.
            Err(findings) => Ok(left_out(line, findings)),
        }
    }

    fn register(&mut self, tx: &mut Tx, line: &Line, said: &Somebody) -> Result<Outcome, Error> {
        let scope = Scope::under(self.import.office);
        let id: Id<Person> = self.derived("person", line.number);
        let today = self.house.clock.today();
        let beside = match self.import.also_alike {
            true => persons::Beside::Anybody,
            false => persons::Beside::Seen(&[]),
        };
        let new = persons::Entering {
            id,
            who: &said.who,
            lives: &persons::likeness::Lives::default(),
        };
        let by = (actor(self.import), self.code);
        match persons::enter(tx, &scope, by, (self.now, today), new, beside) {
            Ok(()) => {}
            Err(Error::Duplicates(_)) => {
                let says = "somebody who came to be known meanwhile may be this person";
                return Ok(left_out(line, vec![about(line, "likely-duplicate", says)]));
            }
            Err(Error::Refused(Refusal::NumberTaken)) => {
                let says = "somebody with this number came to be known meanwhile";
                return Ok(left_out(line, vec![about(line, "number-taken", says)]));
            }
            Err(other) => return Err(other),
        }
        if let Some(day) = said.died_on {
            persons::store::died(tx, id, day)?;
        }
        let lives = [
            ("municipality", said.municipality.clone().map(FactValue::Code)),
            ("address", said.address.clone().map(FactValue::Text)),
        ];
        let from = said.lives.as_ref().map_or(today, |(_, _, since)| *since);
        for (name, value) in lives {
            if let Some(value) = value {
                let fact = NewFact {
                    id: self.derived(name, line.number),
                    holder: Holder::Person(id),
                    name: name.to_owned(),
                    value,
                    from,
                    until: None,
                    source: SourceKind::Import,
                    service: None,
                    evidence: None,
                    note: None,
                    fresh_until: None,
                    by: self.import.accepted_by,
                };
                self.facts.push(fact);
            }
        }
        self.words.extend(persons::words_of(&said.who.name));
        let entry = Entry::of("registered")
            .person(id)
            .value("import", self.import.id)
            .value("row", line.number);
        self.entries.push((self.now, entry));
        Ok(Outcome {
            person: Some(id),
            ..outcome(line, "applied", Vec::new())
        })
    }

    fn grant(&mut self, tx: &mut Tx, line: &Line, said: &Past) -> Result<Outcome, Error> {
        let Some(person) = check::whose(tx, &self.house.pack, said)? else {
            return Ok(left_out(
                line,
                vec![about(line, "unknown-person", "nobody is registered under this")],
            ));
        };
        let id = self.derived("award", line.number);
        let award = NewAward {
            id,
            office: self.import.office,
            beneficiary: person,
            household: None,
            benefit: said.benefit.clone(),
            decision: None,
            decision_number: said.decision.clone(),
            amount: said.amount,
            per: said.per,
            starts: said.from,
            ends: said.until,
            review_on: said.review_on,
            turned: false,
            basis: None,
            about: None,
            in_kind: false,
        };
        awards::insert(tx, &award)?;
        let entry = Entry::of("award-imported")
            .person(person)
            .value("award", id)
            .value("import", self.import.id)
            .value("row", line.number);
        self.entries.push((self.now, entry));
        Ok(Outcome {
            person: Some(person),
            ..outcome(line, "applied", Vec::new())
        })
    }

    /// Joins the members of the next households; answers after which one to go on, or nothing when there are no more.
    fn join(&mut self, tx: &mut Tx, after: &str) -> Result<Option<String>, Error> {
        let households = store::households(tx, self.import.id, after, JOIN)?;
        let scope = Scope::under(self.import.office);
        let today = self.house.clock.today();
        for (_, rows) in &households {
            let mut members = Vec::new();
            let mut known = None;
            for (line, person) in rows {
                let Ok(Said::Somebody(said)) = said(&self.house.pack, self.columns, line, today) else {
                    continue;
                };
                let Some((_, relationship, from)) = said.lives else {
                    continue;
                };
                if let Some(there) = persons::household(tx, &scope, *person, today, self.now)? {
                    known.get_or_insert((there.id, line));
                    continue;
                }
                members.push((
                    line,
                    AddMember {
                        person: *person,
                        relationship,
                        from,
                    },
                ));
            }
            let heads = members.iter().filter(|(_, member)| member.relationship == "self");
            let heads = heads.count();
            let sound = match &known {
                Some(_) => heads == 0,
                None => heads == 1,
            };
            let Some((first, _)) = members.first() else {
                continue;
            };
            if !sound {
                let says = "a household has one head (relationship `self`): its members were registered, but not joined";
                store::findings(tx, self.import.id, &[about(first, "household-head", says)])?;
                continue;
            }
            let (household, begins) = match known {
                Some((there, _)) => (there, Vec::new()),
                None => {
                    let id = self.derived("household", first.number);
                    (id, vec![(id, self.import.office)])
                }
            };
            let joining: Vec<_> = members
                .iter()
                .map(|(line, member)| {
                    let row = self.derived("member", line.number);
                    (row, household, member, self.now)
                })
                .collect();
            persons::insert_all(tx, &begins, &joining)?;
            let entry = Entry::of("household-imported")
                .value("household", household)
                .value("members", joining.len())
                .value("import", self.import.id);
            self.entries.push((self.now, entry));
        }
        Ok(households.last().map(|(name, _)| name.clone()))
    }
}

fn outcome(line: &Line, state: &'static str, findings: Vec<Finding>) -> Outcome {
    Outcome {
        line: line.number,
        state,
        number: None,
        household: None,
        person: None,
        findings,
    }
}

fn left_out(line: &Line, findings: Vec<Finding>) -> Outcome {
    outcome(line, "left-out", findings)
}

fn about(line: &Line, code: &str, message: &str) -> Finding {
    Finding {
        row: line.number.into(),
        column: String::new(),
        code: code.into(),
        message: message.into(),
    }
}

/// A report as a file for a spreadsheet program.
pub fn report(findings: &[Finding]) -> String {
    let mut out = CsvOut::with(&["row", "column", "code", "message"]);
    for finding in findings {
        let row = finding.row.to_string();
        out.line(&[row.as_str(), &finding.column, &finding.code, &finding.message]);
    }
    out.into_text()
}

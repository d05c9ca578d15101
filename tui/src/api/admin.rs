//! What an administrator's screens ask, and whoever accepts an old register.

use super::{Fault, Once};
use karton_api::{
    Id,
    administration::{Health, JobState, JobView, JobsQuery, Relative, Sizes},
    client::{Client, Key},
    common::PageQuery,
    imports::{AcceptImport, Finding, ImportView},
    upgrades::{PackChange, PackUpgrade, PackVersion, ProposeUpgrade},
    users::{ChangeOffice, ChangeUser, FirstPassword, NewOffice, NewUser, Office, User},
    value,
};

/// A question.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    missing_docs,
    reason = "the fields are those of the contract's own types, which describe them"
)]
pub enum AdminAsk {
    /// Accounts, and the offices that they may have roles in.
    Accounts,
    /// Open an account.
    OpenAccount { body: NewUser, once: Once },
    /// Change one.
    ChangeAccount {
        id: Id<value::Officer>,
        revision: i64,
        body: ChangeUser,
    },
    /// Give a new first password.
    Reset { id: Id<value::Officer>, once: Once },
    /// The dossiers an officer must not work on.
    Relatives { user: Box<User> },
    /// Declare one, or take a declaration back.
    Relative {
        id: Id<value::Officer>,
        body: Relative,
        withdraw: bool,
        once: Once,
    },
    /// Offices alone.
    Offices,
    /// Open an office.
    OpenOffice { body: NewOffice, once: Once },
    /// Change, close or open one again.
    ChangeOffice {
        code: String,
        revision: i64,
        body: ChangeOffice,
    },
    /// Background work, what was given up first.
    Jobs,
    /// Try it again.
    Retry { id: Id<value::Job>, once: Once },
    /// How the house is, and what it holds.
    House,
    /// Versions of the pack.
    Packs,
    /// One with what it would change.
    Pack { hash: String },
    /// Propose it.
    ProposePack { body: ProposeUpgrade, once: Once },
    /// Put it in force as the second administrator.
    ActivatePack { id: Id<value::Upgrade>, revision: i64 },
    /// Take it back.
    WithdrawPack { id: Id<value::Upgrade>, revision: i64 },
    /// Old registers.
    Imports,
    /// One with its report.
    Import { id: Id<value::Import> },
    /// Accept it as its second person.
    Accept {
        id: Id<value::Import>,
        revision: i64,
        body: AcceptImport,
    },
    /// Take it back.
    WithdrawImport { id: Id<value::Import>, revision: i64 },
    /// Its report as a file.
    Report { id: Id<value::Import> },
}

impl AdminAsk {
    /// Whether the server may have done something even when nobody heard its answer.
    pub fn changes(&self) -> bool {
        !matches!(
            self,
            AdminAsk::Accounts
                | AdminAsk::Relatives { .. }
                | AdminAsk::Offices
                | AdminAsk::Jobs
                | AdminAsk::House
                | AdminAsk::Packs
                | AdminAsk::Pack { .. }
                | AdminAsk::Imports
                | AdminAsk::Import { .. }
                | AdminAsk::Report { .. }
        )
    }
    /// The key it goes under, where it must happen once.
    pub fn once_mut(&mut self) -> Option<&mut Once> {
        match self {
            AdminAsk::OpenAccount { once, .. }
            | AdminAsk::Reset { once, .. }
            | AdminAsk::Relative { once, .. }
            | AdminAsk::OpenOffice { once, .. }
            | AdminAsk::Retry { once, .. }
            | AdminAsk::ProposePack { once, .. } => Some(once),
            _ => None,
        }
    }
}

/// An answer.
#[derive(Debug, Clone, PartialEq)]
pub enum AdminAnswer {
    /// Accounts, and all offices.
    Accounts(Vec<User>, Vec<Office>),
    /// A new or reset account, with the password that is shown once.
    First(Box<FirstPassword>),
    /// An account was changed.
    Account(Box<User>),
    /// Dossiers an officer must not work on.
    Relatives(Vec<Relative>),
    /// Offices.
    Offices(Vec<Office>),
    /// Background work.
    Jobs(Vec<JobView>),
    /// How the house is.
    House(Box<Health>, Sizes),
    /// Versions of the pack, and what became of proposals.
    Packs(Vec<PackVersion>, Vec<PackUpgrade>),
    /// One, how it stands, and what it would change.
    Pack(Box<PackVersion>, Option<Box<PackUpgrade>>, Vec<PackChange>),
    /// Old registers.
    Imports(Vec<ImportView>),
    /// One, with its report.
    Import(Box<ImportView>, Vec<Finding>),
    /// A file.
    Report(Vec<u8>),
    /// It was done.
    Done,
}

/// So many entries of a list are asked for at once, and so many pages of it.
const PAGE: u16 = 200;
const PAGES: usize = 25;

fn page(cursor: Option<String>) -> PageQuery {
    PageQuery {
        limit: Some(PAGE),
        cursor,
    }
}

pub(super) async fn offices(c: &Client) -> Result<Vec<Office>, Fault> {
    let (mut all, mut cursor) = (Vec::new(), None);
    for _ in 0..PAGES {
        let some = c.offices(&page(cursor.take())).await?;
        all.extend(some.items);
        match some.next {
            Some(next) => cursor = Some(next),
            None => break,
        }
    }
    Ok(all)
}

async fn accounts(c: &Client) -> Result<Vec<User>, Fault> {
    let (mut all, mut cursor) = (Vec::new(), None);
    for _ in 0..PAGES {
        let some = c.users(&page(cursor.take())).await?;
        all.extend(some.items);
        match some.next {
            Some(next) => cursor = Some(next),
            None => break,
        }
    }
    Ok(all)
}

async fn jobs(c: &Client) -> Result<Vec<JobView>, Fault> {
    let of = |state| JobsQuery {
        state: Some(state),
        limit: Some(PAGE),
        cursor: None,
    };
    let mut all = c.jobs(&of(JobState::Failed)).await?.items;
    all.extend(c.jobs(&of(JobState::Running)).await?.items);
    all.extend(c.jobs(&of(JobState::Waiting)).await?.items);
    Ok(all)
}

async fn pack(c: &Client, hash: String) -> Result<AdminAnswer, Fault> {
    let (versions, upgrades) = packs(c).await?;
    let version = versions.into_iter().find(|version| version.hash == hash);
    let Some(version) = version else {
        return Err(Fault::Unreadable("a version of the pack that is not kept".into()));
    };
    let (mut changes, mut cursor) = (Vec::new(), None);
    for _ in 0..PAGES {
        let some = c.pack_changes(&hash, &page(cursor.take())).await?;
        changes.extend(some.items);
        match some.next {
            Some(next) => cursor = Some(next),
            None => break,
        }
    }
    let upgrade = upgrades.into_iter().find(|upgrade| upgrade.hash == hash);
    Ok(AdminAnswer::Pack(
        Box::new(version),
        upgrade.map(Box::new),
        changes,
    ))
}

async fn packs(c: &Client) -> Result<(Vec<PackVersion>, Vec<PackUpgrade>), Fault> {
    Ok((
        c.pack_versions(&page(None)).await?.items,
        c.pack_upgrades(&page(None)).await?.items,
    ))
}

/// Asks the server.
pub(super) async fn answer(c: &Client, ask: AdminAsk) -> Result<AdminAnswer, Fault> {
    Ok(match ask {
        AdminAsk::Accounts => AdminAnswer::Accounts(accounts(c).await?, offices(c).await?),
        AdminAsk::OpenAccount { body, once } => {
            AdminAnswer::First(Box::new(c.open_user(&Key(once), &body).await?))
        }
        AdminAsk::ChangeAccount { id, revision, body } => {
            AdminAnswer::Account(Box::new(c.change_user(id, revision, &body).await?))
        }
        AdminAsk::Reset { id, once } => AdminAnswer::First(Box::new(c.reset_user(id, &Key(once)).await?)),
        AdminAsk::Relatives { user } => AdminAnswer::Relatives(c.relatives(user.id).await?),
        AdminAsk::Relative {
            id,
            body,
            withdraw: false,
            once,
        } => AdminAnswer::Relatives(c.declare_relative(id, &Key(once), &body).await?),
        AdminAsk::Relative { id, body, once, .. } => {
            AdminAnswer::Relatives(c.withdraw_relative(id, &Key(once), &body).await?)
        }
        AdminAsk::Offices => AdminAnswer::Offices(offices(c).await?),
        AdminAsk::OpenOffice { body, once } => {
            c.open_office(&Key(once), &body).await?;
            AdminAnswer::Done
        }
        AdminAsk::ChangeOffice { code, revision, body } => {
            c.change_office(&code, revision, &body).await?;
            AdminAnswer::Done
        }
        AdminAsk::Jobs => AdminAnswer::Jobs(jobs(c).await?),
        AdminAsk::Retry { id, once } => {
            c.retry_job(id, &Key(once)).await?;
            AdminAnswer::Done
        }
        AdminAsk::House => AdminAnswer::House(Box::new(c.operation().await?), c.sizes().await?),
        AdminAsk::Packs => {
            let (versions, upgrades) = packs(c).await?;
            AdminAnswer::Packs(versions, upgrades)
        }
        AdminAsk::Pack { hash } => pack(c, hash).await?,
        AdminAsk::ProposePack { body, once } => {
            c.propose_upgrade(&Key(once), &body).await?;
            AdminAnswer::Done
        }
        AdminAsk::ActivatePack { id, revision } => {
            c.activate_upgrade(id, revision).await?;
            AdminAnswer::Done
        }
        AdminAsk::WithdrawPack { id, revision } => {
            c.withdraw_upgrade(id, revision).await?;
            AdminAnswer::Done
        }
        AdminAsk::Imports => AdminAnswer::Imports(c.imports(&page(None)).await?.items),
        AdminAsk::Import { id } => AdminAnswer::Import(
            Box::new(c.import(id).await?),
            c.findings(id, &page(None)).await?.items,
        ),
        AdminAsk::Accept { id, revision, body } => {
            c.accept_import(id, revision, &body).await?;
            AdminAnswer::Done
        }
        AdminAsk::WithdrawImport { id, revision } => {
            c.withdraw_import(id, revision).await?;
            AdminAnswer::Done
        }
        AdminAsk::Report { id } => AdminAnswer::Report(c.import_report(id).await?),
    })
}

/// What the fake server of the screens' tests answers.
#[cfg(test)]
pub(super) fn fake(ask: AdminAsk) -> AdminAnswer {
    use karton_api::{
        Date,
        administration::{BackupMade, DocumentSizes, JobCount, TableSize},
        common::{OfficeRef, OfficerRef, Texts},
        imports::{ImportKind, ImportRows, ImportState},
        session::Role,
        users::OfficeRoles,
    };
    fn id<T>(n: u32) -> Id<T> {
        format!("00000000-0000-7000-8000-{n:012}").parse().unwrap()
    }
    let at = || {
        "2025-03-10T08:00:00Z"
            .parse::<karton_api::Timestamp>()
            .unwrap_or_default()
    };
    let texts = |cnr: &str, en: &str| Texts::from([("cnr".into(), cnr.into()), ("en".into(), en.into())]);
    let user = |n: u32, user: &str, name: &str, role, disabled| User {
        id: id(n),
        revision: 1,
        user: user.into(),
        name: name.into(),
        roles: vec![OfficeRoles {
            office: "CSR-01".into(),
            roles: vec![role],
        }],
        disabled,
        must_change_password: n == 3,
        signed_in_at: None,
    };
    let office = |code: &str, kind: &str, parent: Option<&str>, cnr: &str, en: &str| Office {
        code: code.into(),
        name: texts(cnr, en),
        kind: kind.into(),
        parent: parent.map(str::to_owned),
        municipality: None,
        address: Some("Glavna 1".into()),
        phone: Some("020 000 000".into()),
        closed_on: (code == "PJ-X").then(|| Date::constant(2025, 3, 1)),
        revision: 1,
    };
    let offices = vec![
        office("MIN", "ministry", None, "Ministarstvo", "Ministry"),
        office(
            "CSR-01",
            "centre",
            Some("MIN"),
            "CSR Podgorica",
            "Podgorica centre",
        ),
        office("PJ-X", "unit", Some("CSR-01"), "PJ Tuzi", "Tuzi unit"),
    ];
    let import = ImportView {
        id: id(70),
        revision: 3,
        kind: ImportKind::Persons,
        state: ImportState::Checked,
        office: OfficeRef {
            code: "CSR-01".into(),
            name: texts("CSR Podgorica", "Podgorica centre"),
        },
        file: "stari registar.csv".into(),
        format: "csv".into(),
        encoding: Some("windows-1250".into()),
        hash: "0".repeat(64),
        bytes: 1200,
        ignored: vec!["Napomena".into()],
        rows: ImportRows {
            all: 6,
            good: 3,
            wrong: 2,
            alike: 1,
            ..ImportRows::default()
        },
        problem: None,
        brought_by: OfficerRef {
            id: id(1),
            name: "Mia Rumija".into(),
        },
        brought_at: at(),
        accepted_by: None,
        accepted_at: None,
        ended_at: None,
    };
    let job = |n: u32, state, problem: Option<&str>| JobView {
        id: id(n),
        queue: "make-letter".into(),
        state,
        run_at: at(),
        tries: 12,
        problem: problem.map(str::to_owned),
    };
    match ask {
        AdminAsk::Accounts => AdminAnswer::Accounts(
            vec![
                user(1, "ana", "Ana Kotor", Role::Clerk, false),
                user(2, "petar", "Petar Lješ", Role::Approver, true),
                user(3, "novi", "Novi Službenik", Role::Caseworker, false),
            ],
            offices,
        ),
        AdminAsk::OpenAccount { .. } | AdminAsk::Reset { .. } => {
            AdminAnswer::First(Box::new(FirstPassword {
                user: user(4, "iva", "Iva Iličić", Role::Clerk, false),
                password: "tri-crne-vrane-leta".into(),
            }))
        }
        AdminAsk::Relatives { .. } | AdminAsk::Relative { .. } => AdminAnswer::Relatives(vec![Relative {
            dossier: "CSR-01-D-2025/17".into(),
            own: false,
        }]),
        AdminAsk::Offices => AdminAnswer::Offices(offices),
        AdminAsk::Jobs => AdminAnswer::Jobs(vec![
            job(50, JobState::Failed, Some("the letter has no end")),
            job(51, JobState::Waiting, None),
        ]),
        AdminAsk::House => AdminAnswer::House(
            Box::new(Health {
                karton: "0.1.0".into(),
                engine: "sqlite".into(),
                schema: 202,
                serving_since: at(),
                today: Date::constant(2025, 3, 10),
                country: "me".into(),
                pack: "0".repeat(64),
                officers: 12,
                sessions: 3,
                jobs: JobCount {
                    waiting: 1,
                    running: 0,
                    failed: 1,
                },
                sealed_at: Some(at()),
                backup: Some(BackupMade {
                    at: at(),
                    bytes: 12_000_000,
                    rows: 400_000,
                    hash: "0".repeat(64),
                }),
            }),
            Sizes {
                bytes: 48_000_000,
                documents: DocumentSizes {
                    contents: 310,
                    bytes: 92_000_000,
                },
                tables: vec![TableSize {
                    table: "audit_entry".into(),
                    rows: 120_000,
                    estimated: true,
                    bytes: None,
                }],
            },
        ),
        AdminAsk::Packs => {
            let (versions, upgrade) = fake_packs();
            AdminAnswer::Packs(versions, vec![upgrade])
        }
        AdminAsk::Pack { hash } => {
            let (versions, upgrade) = fake_packs();
            let version = versions.into_iter().find(|it| it.hash == hash).unwrap();
            let upgrade = (upgrade.hash == hash).then(|| Box::new(upgrade));
            let change = |file: &str, place: &str, was: Option<&str>, is: Option<&str>| PackChange {
                file: file.into(),
                place: place.into(),
                was: was.map(str::to_owned),
                is: is.map(str::to_owned),
            };
            let changes = vec![
                change(
                    "catalogue/DD/benefit.toml",
                    "condition income, when",
                    Some("income <= 100"),
                    Some("income < 120"),
                ),
                change("catalogue/PP/benefit.toml", "", None, Some("a file")),
                change(
                    "parameters/mo.toml",
                    "base 2026-01-01, minor",
                    None,
                    Some("16500"),
                ),
            ];
            AdminAnswer::Pack(Box::new(version), upgrade, changes)
        }
        AdminAsk::Imports => AdminAnswer::Imports(vec![import]),
        AdminAsk::Import { .. } => AdminAnswer::Import(
            Box::new(import),
            vec![Finding {
                row: 4,
                column: "Datum rođenja".into(),
                code: "date".into(),
                message: "there is no such day in the calendar".into(),
            }],
        ),
        AdminAsk::Report { .. } => AdminAnswer::Report(b"row;column\r\n".to_vec()),
        AdminAsk::ChangeAccount { .. }
        | AdminAsk::OpenOffice { .. }
        | AdminAsk::ChangeOffice { .. }
        | AdminAsk::Retry { .. }
        | AdminAsk::ProposePack { .. }
        | AdminAsk::ActivatePack { .. }
        | AdminAsk::WithdrawPack { .. }
        | AdminAsk::Accept { .. }
        | AdminAsk::WithdrawImport { .. } => AdminAnswer::Done,
    }
}

/// Three versions: in force, proposed by somebody else, and only kept.
#[cfg(test)]
fn fake_packs() -> (Vec<PackVersion>, PackUpgrade) {
    use karton_api::{Date, common::OfficerRef, upgrades::UpgradeState};
    let version = |sign: &str, at: &str, in_force, running| PackVersion {
        hash: sign.repeat(64),
        kept_at: at.parse().unwrap(),
        in_force,
        running,
    };
    let upgrade = PackUpgrade {
        id: "00000000-0000-7000-8000-000000000090".parse().unwrap(),
        revision: 1,
        hash: "b".repeat(64),
        over: Some("a".repeat(64)),
        state: UpgradeState::Proposed,
        from: Date::constant(2025, 4, 1),
        note: Some("Službeni list 12/25".into()),
        proposed_by: OfficerRef {
            id: "00000000-0000-7000-8000-000000000091".parse().unwrap(),
            name: "Nada Brdo".into(),
        },
        proposed_at: "2025-03-10T08:00:00Z".parse().unwrap(),
        answered_by: None,
        answered_at: None,
    };
    let versions = vec![
        version("c", "2025-03-10T07:30:00Z", false, 0),
        version("b", "2025-03-10T07:00:00Z", false, 0),
        version("a", "2025-01-02T07:00:00Z", true, 17),
    ];
    (versions, upgrade)
}

//! The administrator's desk: accounts, offices, background work, the house itself, versions of the pack, and old registers. No personal data.

mod forms;
mod imports;
mod packs;

pub use forms::{AccountForm, OfficeForm, RelativesScreen};
pub use imports::ImportScreen;
pub use packs::{PackScreen, ProposeForm};

use super::{
    Desk, done,
    profile::role_words,
    widgets::{Cursor, instant, list, pair, put, tabs},
};
use crate::{
    api::{
        Answer, Ask, Fault,
        admin::{AdminAnswer, AdminAsk},
    },
    app::{Cx, Effect, Look, confirm, keymap::Act, overlay::Line},
    form::date,
    i18n::Say,
    screens::Screen,
    term::{Chord, Key},
    text::visible,
};
use karton_api::{
    administration::{Health, JobState, JobView, Sizes},
    imports::{ImportState, ImportView},
    session::Role,
    upgrades::{PackUpgrade, PackVersion},
    users::{ChangeOffice, ChangeUser, FirstPassword, Office, User},
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

/// What lies on the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tab {
    Accounts,
    Offices,
    Jobs,
    House,
    Packs,
    Imports,
}

const TABS: [(Tab, &str); 6] = [
    (Tab::Accounts, "admin-accounts"),
    (Tab::Offices, "admin-offices"),
    (Tab::Jobs, "admin-jobs"),
    (Tab::House, "admin-house"),
    (Tab::Packs, "admin-packs"),
    (Tab::Imports, "admin-imports"),
];

/// The desk.
#[derive(Debug, Clone)]
pub struct AdminScreen {
    tab: Tab,
    accounts: Vec<User>,
    offices: Vec<Office>,
    jobs: Vec<JobView>,
    house: Option<(Health, Sizes)>,
    packs: (Vec<PackVersion>, Vec<PackUpgrade>),
    imports: Vec<ImportView>,
    cursor: Cursor,
    /// A password that is shown until the next key.
    first: Option<FirstPassword>,
}

/// Whether somebody works here as an administrator and nothing else: their desk is this one.
pub(crate) fn only_admin(roles: &[Role]) -> bool {
    !roles.is_empty() && roles.iter().all(|role| *role == Role::Admin)
}

/// The name of an office.
fn office_name(office: &Office, look: &Look<'_>) -> String {
    visible(look.words.pick(&office.name))
}

/// Roles by office, as a line.
fn roles_line(user: &User, look: &Look<'_>) -> String {
    let office = |entry: &karton_api::users::OfficeRoles| {
        let roles: Vec<String> = entry.roles.iter().map(|r| look.words.t(role_words(*r))).collect();
        format!("{}: {}", entry.office, roles.join(", "))
    };
    let offices: Vec<String> = user.roles.iter().map(office).collect();
    visible(&offices.join("; "))
}

/// The words of an import's state.
fn state_words(state: ImportState) -> &'static str {
    match state {
        ImportState::Received => "import-received",
        ImportState::Checking => "import-checking",
        ImportState::Checked => "import-checked",
        ImportState::Applying => "import-applying",
        ImportState::Applied => "import-applied",
        ImportState::Refused => "import-refused",
        ImportState::Withdrawn => "import-withdrawn",
    }
}

fn bytes(count: i64) -> String {
    match count {
        ..1_000_000 => format!("{} kB", count / 1_000),
        _ => format!("{} MB", count / 1_000_000),
    }
}

impl AdminScreen {
    /// Begins with what the answer shows.
    pub fn new(answer: AdminAnswer) -> AdminScreen {
        let mut screen = AdminScreen {
            tab: Tab::Accounts,
            accounts: Vec::new(),
            offices: Vec::new(),
            jobs: Vec::new(),
            house: None,
            packs: Default::default(),
            imports: Vec::new(),
            cursor: Cursor::default(),
            first: None,
        };
        screen.tab = match &answer {
            AdminAnswer::Imports(_) => Tab::Imports,
            AdminAnswer::Offices(_) => Tab::Offices,
            AdminAnswer::Jobs(_) => Tab::Jobs,
            AdminAnswer::House(..) => Tab::House,
            AdminAnswer::Packs(..) => Tab::Packs,
            _ => Tab::Accounts,
        };
        screen.take(answer);
        screen
    }

    fn take(&mut self, answer: AdminAnswer) {
        match answer {
            AdminAnswer::Accounts(accounts, offices) => {
                (self.accounts, self.offices) = (accounts, offices);
            }
            AdminAnswer::Offices(offices) => self.offices = offices,
            AdminAnswer::Jobs(jobs) => self.jobs = jobs,
            AdminAnswer::House(health, sizes) => self.house = Some((*health, sizes)),
            AdminAnswer::Packs(versions, upgrades) => self.packs = (versions, upgrades),
            AdminAnswer::Imports(imports) => self.imports = imports,
            _ => {}
        }
        self.cursor.0 = self.cursor.0.min(self.len().saturating_sub(1));
    }

    fn len(&self) -> usize {
        match self.tab {
            Tab::Accounts => self.accounts.len(),
            Tab::Offices => self.offices.len(),
            Tab::Jobs => self.jobs.len(),
            Tab::House => self.house.as_ref().map_or(0, |(_, sizes)| sizes.tables.len()),
            Tab::Packs => self.packs.0.len(),
            Tab::Imports => self.imports.len(),
        }
    }

    fn ask(&self) -> Ask {
        Ask::Admin(match self.tab {
            Tab::Accounts => AdminAsk::Accounts,
            Tab::Offices => AdminAsk::Offices,
            Tab::Jobs => AdminAsk::Jobs,
            Tab::House => AdminAsk::House,
            Tab::Packs => AdminAsk::Packs,
            Tab::Imports => AdminAsk::Imports,
        })
    }

    fn show(&mut self, tab: Tab, cx: &mut Cx<'_>) {
        if self.tab != tab {
            self.cursor = Cursor::default();
        }
        self.tab = tab;
        cx.want(Effect::Submit(self.ask()));
    }

    fn turn(&mut self, by: usize, cx: &mut Cx<'_>) {
        // Who accepts registers has no other tab here.
        if !cx.look.session.is_some_and(|s| s.roles.contains(&Role::Admin)) {
            return;
        }
        let at = TABS.iter().position(|(tab, _)| *tab == self.tab).unwrap_or(0);
        self.show(TABS[(at + by) % TABS.len()].0, cx);
    }

    fn account(&self) -> Option<&User> {
        self.accounts
            .get(self.cursor.0)
            .filter(|_| self.tab == Tab::Accounts)
    }
    fn office(&self) -> Option<&Office> {
        self.offices
            .get(self.cursor.0)
            .filter(|_| self.tab == Tab::Offices)
    }
    fn job(&self) -> Option<&JobView> {
        self.jobs.get(self.cursor.0).filter(|_| self.tab == Tab::Jobs)
    }

    fn open(&self, cx: &mut Cx<'_>) {
        match self.tab {
            Tab::Accounts => {
                if let Some(user) = self.account() {
                    let form = AccountForm::change(user, &self.offices, &cx.look);
                    cx.want(Effect::Push(Box::new(Screen::Account(Box::new(form)))));
                }
            }
            Tab::Offices => {
                if let Some(office) = self.office() {
                    let form = OfficeForm::change(office, &cx.look);
                    cx.want(Effect::Push(Box::new(Screen::Office(Box::new(form)))));
                }
            }
            Tab::Packs => {
                if let Some(version) = self.packs.0.get(self.cursor.0) {
                    cx.want(Effect::Open {
                        ask: Ask::Admin(AdminAsk::Pack {
                            hash: version.hash.clone(),
                        }),
                        replace: false,
                    });
                }
            }
            Tab::Imports => {
                if let Some(import) = self.imports.get(self.cursor.0) {
                    cx.want(Effect::Open {
                        ask: Ask::Admin(AdminAsk::Import { id: import.id }),
                        replace: false,
                    });
                }
            }
            Tab::Jobs | Tab::House => cx.want(Effect::Bell),
        }
    }

    fn first_password(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect, first: &FirstPassword) {
        put(
            buffer,
            area,
            1,
            &look.words.t("admin-first-password"),
            look.theme.heading(),
        );
        let rows = [
            ("user", visible(&first.user.user)),
            ("col-officer", visible(&first.user.name)),
            ("password", first.password.clone()),
        ];
        for (i, (key, value)) in rows.iter().enumerate() {
            let line = 3 + u16::try_from(i).unwrap_or(0);
            pair(buffer, area, line, &look.words.t(key), value, 18, look);
        }
        put(buffer, area, 7, &look.words.t("admin-first-says"), Style::new());
    }

    fn house_view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        let (health, sizes) = self.house.as_ref()?;
        let backup = match &health.backup {
            None => look.words.t("admin-no-backup"),
            Some(made) => format!("{}  {}", instant(made.at), bytes(made.bytes)),
        };
        let jobs = look.words.say(
            &Say::key("admin-jobs-count")
                .with("waiting", health.jobs.waiting)
                .with("running", health.jobs.running)
                .with("failed", health.jobs.failed),
        );
        let rows = [
            (
                "admin-version",
                format!("Karton {}  ·  {} {}", health.karton, health.engine, health.schema),
            ),
            (
                "admin-pack",
                format!("{} {}", health.country, health.pack.get(..16).unwrap_or("")),
            ),
            ("admin-since", instant(health.serving_since)),
            (
                "admin-sessions",
                format!("{} / {}", health.sessions, health.officers),
            ),
            ("admin-jobs", jobs),
            (
                "admin-sealed",
                health.sealed_at.map(instant).unwrap_or_else(|| "–".into()),
            ),
            ("admin-backup", backup),
            ("admin-size", bytes(sizes.bytes)),
            (
                "admin-documents",
                look.words.say(
                    &Say::key("admin-documents-count")
                        .with("n", sizes.documents.contents)
                        .with("bytes", bytes(sizes.documents.bytes)),
                ),
            ),
        ];
        for (i, (key, value)) in rows.iter().enumerate() {
            let line = u16::try_from(i).unwrap_or(0);
            pair(buffer, area, line, &look.words.t(key), value, 22, look);
        }
        let top = u16::try_from(rows.len()).unwrap_or(0) + 1;
        put(
            buffer,
            area,
            top,
            &look.words.t("admin-tables"),
            look.theme.quiet(),
        );
        let body = Rect::new(
            area.x,
            area.y + top + 1,
            area.width,
            area.height.saturating_sub(top + 1),
        );
        list(buffer, body, sizes.tables.len(), self.cursor, look, |i| {
            let table = &sizes.tables[i];
            let about = if table.estimated { "~" } else { "" };
            vec![
                (table.table.clone(), 28, Style::new()),
                (
                    format!("{:>12}", format!("{about}{}", table.rows)),
                    12,
                    Style::new(),
                ),
                (table.bytes.map(bytes).unwrap_or_default(), 10, look.theme.quiet()),
            ]
        })
    }
}

impl Desk for AdminScreen {
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("title-admin")
    }
    fn acts(&self, _look: &Look<'_>) -> Vec<Act> {
        if self.first.is_some() {
            return vec![Act::Open];
        }
        let mut acts = match self.tab {
            Tab::Accounts => vec![
                Act::AdminNew,
                Act::Open,
                Act::AdminReset,
                Act::AdminSwitch,
                Act::AdminRelatives,
                Act::HandOver,
                Act::Deputies,
            ],
            Tab::Offices => vec![Act::AdminNew, Act::Open, Act::AdminSwitch],
            Tab::Jobs => vec![Act::AdminRetry],
            Tab::House => Vec::new(),
            Tab::Packs | Tab::Imports => vec![Act::Open],
        };
        if self.len() == 0 {
            acts.retain(|act| *act == Act::AdminNew);
        }
        if self.job().is_some_and(|job| job.state != JobState::Failed) {
            acts.clear();
        }
        acts.push(Act::Refresh);
        acts
    }
    fn act(&mut self, act: Act, _chord: Chord, cx: &mut Cx<'_>) {
        if self.first.take().is_some() {
            return;
        }
        match act {
            Act::Refresh => cx.want(Effect::Submit(self.ask())),
            Act::Open => self.open(cx),
            Act::AdminNew if self.tab == Tab::Offices => {
                let form = OfficeForm::open(&self.offices, &cx.look);
                cx.want(Effect::Push(Box::new(Screen::Office(Box::new(form)))));
            }
            Act::AdminNew => {
                let form = AccountForm::open(&self.offices, &cx.look);
                cx.want(Effect::Push(Box::new(Screen::Account(Box::new(form)))));
            }
            Act::AdminReset => {
                if let Some(user) = self.account() {
                    let lines = vec![
                        Say::key("admin-reset-asks").with("who", visible(&user.name)),
                        Say::key("admin-reset-then"),
                    ];
                    cx.want(confirm(Say::key("act-admin-reset"), lines, act));
                }
            }
            Act::AdminSwitch => {
                let (question, who) = match (self.account(), self.office()) {
                    (Some(user), _) if user.disabled => ("admin-enable-asks", visible(&user.name)),
                    (Some(user), _) => ("admin-disable-asks", visible(&user.name)),
                    (_, Some(office)) if office.closed_on.is_some() => {
                        ("admin-reopen-asks", office_name(office, &cx.look))
                    }
                    (_, Some(office)) => ("admin-close-asks", office_name(office, &cx.look)),
                    _ => return cx.want(Effect::Bell),
                };
                let lines = vec![Say::key(question).with("who", who)];
                cx.want(confirm(Say::key("act-admin-switch"), lines, act));
            }
            Act::AdminRelatives => {
                if let Some(user) = self.account() {
                    cx.want(Effect::Open {
                        ask: Ask::Admin(AdminAsk::Relatives {
                            user: Box::new(user.clone()),
                        }),
                        replace: false,
                    });
                }
            }
            Act::HandOver => {
                if let Some(user) = self.account() {
                    let officer = karton_api::common::OfficerRef {
                        id: user.id,
                        name: user.name.clone(),
                    };
                    cx.want(Effect::Open {
                        ask: Ask::OpenWork { officer },
                        replace: false,
                    });
                }
            }
            Act::Deputies => cx.want(Effect::Open {
                ask: Ask::Deputies,
                replace: false,
            }),
            Act::AdminRetry => {
                if let Some(id) = self.job().map(|job| job.id) {
                    let once = cx.once();
                    cx.want(Effect::Submit(Ask::Admin(AdminAsk::Retry { id, once })));
                }
            }
            _ => cx.want(Effect::Bell),
        }
    }
    fn confirmed(&mut self, act: Act, cx: &mut Cx<'_>) {
        let ask = match (act, self.account(), self.office()) {
            (Act::AdminReset, Some(user), _) => {
                let (id, once) = (user.id, cx.once());
                AdminAsk::Reset { id, once }
            }
            (Act::AdminSwitch, Some(user), _) => AdminAsk::ChangeAccount {
                id: user.id,
                revision: user.revision,
                body: ChangeUser {
                    name: None,
                    roles: None,
                    disabled: Some(!user.disabled),
                    leave_work: false,
                },
            },
            (Act::AdminSwitch, _, Some(office)) => AdminAsk::ChangeOffice {
                code: office.code.clone(),
                revision: office.revision,
                body: ChangeOffice {
                    closed: Some(office.closed_on.is_none()),
                    ..ChangeOffice::default()
                },
            },
            _ => return,
        };
        cx.want(Effect::Submit(Ask::Admin(ask)));
    }
    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) -> bool {
        if self.first.take().is_some() {
            return true;
        }
        match chord.key {
            Key::Tab | Key::Right => self.turn(1, cx),
            Key::BackTab | Key::Left => self.turn(TABS.len() - 1, cx),
            _ => {
                let page = usize::from(cx.look.size.1).saturating_sub(8);
                return self.cursor.key(chord, self.len(), page);
            }
        }
        true
    }
    fn answer(&mut self, ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match (ask, result) {
            (_, Ok(Answer::Admin(AdminAnswer::First(first)))) => {
                self.first = Some(*first);
                cx.want(Effect::Ask(self.ask()));
            }
            (Ask::Admin(asked), Ok(Answer::Admin(answer))) => {
                if asked.changes() {
                    done(cx, "admin-done");
                    cx.want(Effect::Ask(self.ask()));
                } else {
                    self.take(answer);
                }
            }
            (_, Err(fault)) => cx.wrong(fault.say()),
            _ => {}
        }
    }
    fn leave(&mut self, cx: &mut Cx<'_>) {
        if self.first.take().is_none() {
            cx.want(Effect::Back);
        }
    }
    fn returned(&mut self, cx: &mut Cx<'_>) {
        // What was done above may have changed the list.
        cx.want(Effect::Submit(self.ask()));
    }
    fn help(&self, _look: &Look<'_>) -> Vec<Line> {
        vec![Line::Text(0, Say::key("admin-help"))]
    }
    fn status(&self, look: &Look<'_>) -> Say {
        let Some(job) = self.job().filter(|_| look.size.1 > 10) else {
            return Say::Nothing;
        };
        match &job.problem {
            Some(problem) => Say::raw(visible(problem)),
            None => Say::Nothing,
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        if let Some(first) = &self.first {
            self.first_password(look, buffer, area, first);
            return None;
        }
        let admin = look.session.is_some_and(|s| s.roles.contains(&Role::Admin));
        let shown: Vec<&(Tab, &str)> = TABS
            .iter()
            .filter(|(tab, _)| admin || *tab == Tab::Imports)
            .collect();
        let names: Vec<String> = shown.iter().map(|(_, key)| look.words.t(key)).collect();
        let open = shown.iter().position(|(tab, _)| *tab == self.tab).unwrap_or(0);
        tabs(buffer, area, &names, open, look);
        let body = Rect::new(area.x, area.y + 2, area.width, area.height.saturating_sub(2));
        if self.tab == Tab::House {
            return self.house_view(look, buffer, body);
        }
        if self.len() == 0 {
            put(buffer, body, 0, &look.words.t("admin-nothing"), Style::new());
            return None;
        }
        let wide = usize::from(area.width);
        list(buffer, body, self.len(), self.cursor, look, |i| match self.tab {
            Tab::Accounts => {
                let user = &self.accounts[i];
                let (sign, style) = match (user.disabled, user.must_change_password) {
                    (true, _) => ("✗", look.theme.quiet()),
                    (false, true) => ("!", look.theme.open()),
                    _ => ("●", look.theme.good()),
                };
                vec![
                    (sign.to_owned(), 1, style),
                    (visible(&user.user), 14, Style::new()),
                    (visible(&user.name), 22, Style::new()),
                    (
                        roles_line(user, look),
                        wide.saturating_sub(41),
                        look.theme.quiet(),
                    ),
                ]
            }
            Tab::Offices => {
                let office = &self.offices[i];
                let depth = usize::from(office.parent.is_some()) + usize::from(office.kind == "unit");
                let closed = office.closed_on.map(|day| {
                    look.words
                        .say(&Say::key("admin-closed").with("day", date::show(day)))
                });
                let more = closed.unwrap_or_else(|| {
                    let parts = [office.address.as_deref(), office.phone.as_deref()];
                    let parts: Vec<&str> = parts.into_iter().flatten().collect();
                    visible(&parts.join(", "))
                });
                vec![
                    (visible(&office.code), 14, Style::new()),
                    (
                        format!("{}{}", "  ".repeat(depth), office_name(office, look)),
                        40,
                        Style::new(),
                    ),
                    (more, wide.saturating_sub(57), look.theme.quiet()),
                ]
            }
            Tab::Jobs => {
                let job = &self.jobs[i];
                let (sign, words, style) = match job.state {
                    JobState::Failed => ("✗", "job-failed", look.theme.bad()),
                    JobState::Running => ("▸", "job-running", look.theme.good()),
                    JobState::Waiting => ("⋯", "job-waiting", Style::new()),
                };
                vec![
                    (sign.to_owned(), 1, style),
                    (look.words.t(words), 12, style),
                    (visible(&job.queue), 18, Style::new()),
                    (instant(job.run_at), 18, Style::new()),
                    (
                        visible(job.problem.as_deref().unwrap_or("")),
                        wide.saturating_sub(54),
                        look.theme.quiet(),
                    ),
                ]
            }
            Tab::Packs => {
                let version = &self.packs.0[i];
                packs::row(version, packs::upgrade_of(version, &self.packs.1), look, wide)
            }
            _ => {
                let import = &self.imports[i];
                let rows = &import.rows;
                vec![
                    (instant(import.brought_at), 17, Style::new()),
                    (visible(&import.file), 24, Style::new()),
                    (look.words.t(state_words(import.state)), 14, Style::new()),
                    (
                        format!(
                            "{} ✓ {} ✗ {} ? {}",
                            rows.all,
                            rows.good + rows.applied,
                            rows.wrong,
                            rows.alike
                        ),
                        wide.saturating_sub(59),
                        look.theme.quiet(),
                    ),
                ]
            }
        })
    }
}

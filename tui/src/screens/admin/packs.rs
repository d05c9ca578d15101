//! A version of the pack: what it would change, and the two administrators who put it in force.

use super::{
    super::{
        FORM_ACTS, FormKey, Screen, form_checks, form_faults, form_help, form_key, form_paste, form_status,
        forms::{form_desk, rest},
        widgets::{Cursor, day, instant, list, pair, put},
    },
    Desk, done,
};
use crate::{
    api::{
        Answer, Ask, Fault,
        admin::{AdminAnswer, AdminAsk},
    },
    app::{Cx, Effect, Look, confirm, keymap::Act, overlay::Line},
    form::{Field, Form, Kind, view},
    i18n::Say,
    term::Chord,
    text::visible,
};
use karton_api::{
    FactValue,
    upgrades::{PackChange, PackUpgrade, PackVersion, ProposeUpgrade, UpgradeState},
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

/// So much of a hash tells versions apart for people.
fn short(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}

/// The newest upgrade that speaks of a version.
pub(super) fn upgrade_of<'u>(version: &PackVersion, upgrades: &'u [PackUpgrade]) -> Option<&'u PackUpgrade> {
    upgrades.iter().find(|upgrade| upgrade.hash == version.hash)
}

/// How a version stands, in words.
pub(super) fn standing(version: &PackVersion, upgrade: Option<&PackUpgrade>, look: &Look<'_>) -> String {
    if version.in_force {
        return look.words.t("pack-in-force");
    }
    let key = match upgrade.map(|it| it.state) {
        Some(UpgradeState::Proposed) => "pack-proposed",
        Some(UpgradeState::Activated) if upgrade.is_some_and(|it| it.from > look.today) => "pack-coming",
        Some(UpgradeState::Activated) => "pack-was",
        Some(UpgradeState::Withdrawn) | None => return look.words.t("pack-kept"),
    };
    let from = upgrade.map(|it| day(Some(it.from))).unwrap_or_default();
    look.words.say(&Say::key(key).with("from", from))
}

/// A row of the list of versions.
pub(super) fn row(
    version: &PackVersion,
    upgrade: Option<&PackUpgrade>,
    look: &Look<'_>,
    wide: usize,
) -> Vec<(String, usize, Style)> {
    let (sign, style) = if version.in_force {
        ("●", look.theme.good())
    } else if upgrade.is_some_and(|it| it.state == UpgradeState::Proposed) {
        ("!", look.theme.open())
    } else {
        ("·", look.theme.quiet())
    };
    let running = look
        .words
        .say(&Say::key("pack-running").with("n", version.running));
    vec![
        (sign.to_owned(), 1, style),
        (instant(version.kept_at), 17, Style::new()),
        (visible(short(&version.hash)), 14, look.theme.quiet()),
        (standing(version, upgrade, look), 24, style),
        (running, wide.saturating_sub(62), look.theme.quiet()),
    ]
}

/// The version.
#[derive(Debug, Clone)]
pub struct PackScreen {
    version: PackVersion,
    upgrade: Option<PackUpgrade>,
    changes: Vec<PackChange>,
    cursor: Cursor,
}

impl PackScreen {
    /// With what it would change of the one in force.
    pub fn new(version: PackVersion, upgrade: Option<PackUpgrade>, changes: Vec<PackChange>) -> PackScreen {
        PackScreen {
            version,
            upgrade,
            changes,
            cursor: Cursor::default(),
        }
    }
    fn ask(&self) -> Ask {
        Ask::Admin(AdminAsk::Pack {
            hash: self.version.hash.clone(),
        })
    }
    fn proposed(&self) -> Option<&PackUpgrade> {
        self.upgrade
            .as_ref()
            .filter(|it| it.state == UpgradeState::Proposed)
    }
}

impl Desk for PackScreen {
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("title-pack")
    }
    fn acts(&self, look: &Look<'_>) -> Vec<Act> {
        let mut acts = Vec::new();
        match self.proposed() {
            Some(upgrade) => {
                let own = look
                    .session
                    .is_some_and(|session| session.officer == upgrade.proposed_by.id);
                if !own {
                    acts.push(Act::AdminActivate);
                }
                acts.push(Act::AdminWithdraw);
            }
            None if !self.version.in_force => acts.push(Act::AdminPropose),
            None => {}
        }
        acts.push(Act::Refresh);
        acts
    }
    fn act(&mut self, act: Act, _chord: Chord, cx: &mut Cx<'_>) {
        match act {
            Act::Refresh => cx.want(Effect::Submit(self.ask())),
            Act::AdminPropose => {
                let form = ProposeForm::new(&self.version, &cx.look);
                cx.want(Effect::Push(Box::new(Screen::Propose(Box::new(form)))));
            }
            Act::AdminActivate => {
                if let Some(upgrade) = self.proposed() {
                    let lines = vec![
                        Say::key("pack-activate-asks").with("from", day(Some(upgrade.from))),
                        Say::key("pack-activate-then"),
                    ];
                    cx.want(confirm(Say::key("act-admin-activate"), lines, act));
                }
            }
            Act::AdminWithdraw => {
                let lines = vec![Say::key("pack-withdraw-asks")];
                cx.want(confirm(Say::key("act-admin-withdraw"), lines, act));
            }
            _ => cx.want(Effect::Bell),
        }
    }
    fn confirmed(&mut self, act: Act, cx: &mut Cx<'_>) {
        let Some((id, revision)) = self.proposed().map(|it| (it.id, it.revision)) else {
            return;
        };
        let ask = match act {
            Act::AdminActivate => AdminAsk::ActivatePack { id, revision },
            Act::AdminWithdraw => AdminAsk::WithdrawPack { id, revision },
            _ => return,
        };
        cx.want(Effect::Submit(Ask::Admin(ask)));
    }
    fn key(&mut self, chord: Chord, _cx: &mut Cx<'_>) -> bool {
        self.cursor.key(chord, self.changes.len(), 12)
    }
    fn answer(&mut self, ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match (ask, result) {
            (_, Ok(Answer::Admin(AdminAnswer::Pack(version, upgrade, changes)))) => {
                (self.version, self.upgrade, self.changes) = (*version, upgrade.map(|it| *it), changes);
                self.cursor.0 = self.cursor.0.min(self.changes.len().saturating_sub(1));
            }
            (Ask::Admin(asked), Ok(_)) if asked.changes() => {
                done(cx, "admin-done");
                cx.want(Effect::Ask(self.ask()));
            }
            (_, Err(fault)) => cx.wrong(fault.say()),
            _ => {}
        }
    }
    fn returned(&mut self, cx: &mut Cx<'_>) {
        cx.want(Effect::Ask(self.ask()));
    }
    fn help(&self, _look: &Look<'_>) -> Vec<Line> {
        vec![Line::Text(0, Say::key("pack-help"))]
    }
    fn status(&self, _look: &Look<'_>) -> Say {
        match self.changes.get(self.cursor.0) {
            Some(change) => Say::raw(visible(&format!("{} {}", change.file, change.place))),
            None => Say::Nothing,
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        let upgrade = self.upgrade.as_ref();
        let mut lines = vec![
            ("pack-version", short(&self.version.hash).to_owned()),
            ("pack-state", standing(&self.version, upgrade, look)),
        ];
        if let Some(upgrade) = upgrade.filter(|it| it.state != UpgradeState::Withdrawn) {
            let by = format!(
                "{}  {}",
                visible(&upgrade.proposed_by.name),
                instant(upgrade.proposed_at)
            );
            lines.push(("pack-proposed-by", by));
            if let Some(second) = &upgrade.answered_by {
                lines.push(("pack-activated-by", visible(&second.name)));
            }
            if let Some(note) = &upgrade.note {
                lines.push(("pack-note", visible(note)));
            }
        }
        let mut top = 0;
        for (key, value) in &lines {
            pair(buffer, area, top, &look.words.t(key), value, 18, look);
            top += 1;
        }
        let counted = match (self.version.in_force, self.changes.len()) {
            (true, _) => return None,
            (false, 0) => Say::key("pack-no-changes"),
            (false, n) => Say::key("pack-changes").with("n", u64::try_from(n).unwrap_or(u64::MAX)),
        };
        put(
            buffer,
            area,
            top + 1,
            &look.words.say(&counted),
            look.theme.heading(),
        );
        let body = rest(area, top + 3);
        let wide = usize::from(area.width);
        list(buffer, body, self.changes.len(), self.cursor, look, |i| {
            let change = &self.changes[i];
            let (sign, style) = match (&change.was, &change.is) {
                (None, _) => ("+", look.theme.good()),
                (_, None) => ("−", look.theme.bad()),
                _ => ("~", look.theme.open()),
            };
            let values = [change.was.as_deref(), change.is.as_deref()];
            let values: Vec<String> = values.into_iter().flatten().map(visible).collect();
            let place = match change.place.is_empty() {
                true => change.file.clone(),
                false => change.place.clone(),
            };
            vec![
                (sign.to_owned(), 1, style),
                (visible(&place), 30, Style::new()),
                (values.join(" → "), wide.saturating_sub(35), look.theme.quiet()),
            ]
        })
    }
}

/// A version is proposed, from a day on.
#[derive(Debug, Clone)]
pub struct ProposeForm {
    version: PackVersion,
    form: Form,
}

impl ProposeForm {
    /// From today on, if nothing else is said.
    pub fn new(version: &PackVersion, look: &Look<'_>) -> ProposeForm {
        let mut from = Field::new("from", Say::key("pack-from"), Kind::Date { past: false })
            .required()
            .help(Say::key("pack-from-help"));
        from.set(&FactValue::Date(look.today), &look.form());
        let note = Field::new("note", Say::key("pack-note"), Kind::Text { max: 500 })
            .help(Say::key("pack-note-help"));
        ProposeForm {
            version: version.clone(),
            form: Form::single(vec![from, note]),
        }
    }
    fn submit(&mut self, cx: &mut Cx<'_>) {
        if !form_checks(&mut self.form, cx) {
            return;
        }
        let from = self.form.find("", "from");
        let from = from.and_then(|field| field.value(&cx.look.form()).ok().flatten());
        let note = self
            .form
            .find("", "note")
            .map(|field| field.text().trim().to_owned());
        if let Some(FactValue::Date(from)) = from {
            let body = ProposeUpgrade {
                hash: self.version.hash.clone(),
                from,
                note: note.filter(|note| !note.is_empty()),
            };
            let once = cx.once();
            cx.want(Effect::Submit(Ask::Admin(AdminAsk::ProposePack { body, once })));
        }
    }
}

impl Desk for ProposeForm {
    form_desk!();
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("title-propose-pack")
    }
    fn answer(&mut self, _ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match result {
            Ok(_) => {
                cx.want(Effect::Back);
                done(cx, "pack-proposed-done");
            }
            Err(fault) => form_faults(&mut self.form, &fault, cx),
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        put(buffer, area, 0, short(&self.version.hash), look.theme.strong());
        put(
            buffer,
            area,
            1,
            &look.words.t("pack-propose-says"),
            look.theme.quiet(),
        );
        view::draw(&self.form, buffer, rest(area, 3), &look.form(), look.theme)
    }
}

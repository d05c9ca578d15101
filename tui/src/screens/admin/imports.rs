//! An old register with the report on its rows: what its second person looks at before accepting it.

use super::{
    super::widgets::{Cursor, instant, list, pair, put},
    Desk, done, state_words,
};
use crate::{
    api::{
        Answer, Ask, Fault,
        admin::{AdminAnswer, AdminAsk},
    },
    app::{Cx, Effect, Look, confirm, keymap::Act, overlay::Line},
    i18n::Say,
    term::Chord,
    text::visible,
};
use karton_api::{
    imports::{AcceptImport, Finding, ImportState, ImportView},
    session::Role,
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

/// The import.
#[derive(Debug, Clone)]
pub struct ImportScreen {
    import: ImportView,
    findings: Vec<Finding>,
    cursor: Cursor,
}

impl ImportScreen {
    /// With the first page of its report.
    pub fn new(import: ImportView, findings: Vec<Finding>) -> ImportScreen {
        ImportScreen {
            import,
            findings,
            cursor: Cursor::default(),
        }
    }
    fn ask(&self) -> Ask {
        Ask::Admin(AdminAsk::Import { id: self.import.id })
    }
    fn open(&self) -> bool {
        matches!(
            self.import.state,
            ImportState::Received | ImportState::Checking | ImportState::Checked
        )
    }
}

impl Desk for ImportScreen {
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("title-import")
    }
    fn acts(&self, look: &Look<'_>) -> Vec<Act> {
        let approver = look.session.is_some_and(|s| s.roles.contains(&Role::Approver));
        let mut acts = Vec::new();
        if self.import.state == ImportState::Checked && approver {
            acts.push(Act::AdminAccept);
        }
        if !self.findings.is_empty() {
            acts.push(Act::AdminReport);
        }
        if self.open() {
            acts.push(Act::AdminWithdraw);
        }
        acts.push(Act::Refresh);
        acts
    }
    fn act(&mut self, act: Act, _chord: Chord, cx: &mut Cx<'_>) {
        let id = self.import.id;
        match act {
            Act::Refresh => cx.want(Effect::Submit(self.ask())),
            Act::AdminReport => cx.want(Effect::Submit(Ask::Admin(AdminAsk::Report { id }))),
            Act::AdminAccept => {
                let rows = &self.import.rows;
                let lines = vec![
                    Say::key("import-accept-asks").with("n", rows.good),
                    Say::key("import-accept-rest").with("n", rows.wrong + rows.alike + rows.known),
                ];
                cx.want(confirm(Say::key("act-admin-accept"), lines, act));
            }
            Act::AdminWithdraw => {
                let lines = vec![Say::key("import-withdraw-asks")];
                cx.want(confirm(Say::key("act-admin-withdraw"), lines, act));
            }
            _ => cx.want(Effect::Bell),
        }
    }
    fn confirmed(&mut self, act: Act, cx: &mut Cx<'_>) {
        let (id, revision) = (self.import.id, self.import.revision);
        let ask = match act {
            Act::AdminAccept => AdminAsk::Accept {
                id,
                revision,
                body: AcceptImport::default(),
            },
            Act::AdminWithdraw => AdminAsk::WithdrawImport { id, revision },
            _ => return,
        };
        cx.want(Effect::Submit(Ask::Admin(ask)));
    }
    fn key(&mut self, chord: Chord, _cx: &mut Cx<'_>) -> bool {
        self.cursor.key(chord, self.findings.len(), 12)
    }
    fn answer(&mut self, ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match (ask, result) {
            (_, Ok(Answer::Admin(AdminAnswer::Import(import, findings)))) => {
                (self.import, self.findings) = (*import, findings);
                self.cursor.0 = self.cursor.0.min(self.findings.len().saturating_sub(1));
            }
            (_, Ok(Answer::Admin(AdminAnswer::Report(bytes)))) => {
                cx.want(Effect::Write(format!("import-{}.csv", self.import.id), bytes));
            }
            (Ask::Admin(asked), Ok(_)) if asked.changes() => {
                done(cx, "admin-done");
                cx.want(Effect::Ask(self.ask()));
            }
            (_, Err(fault)) => cx.wrong(fault.say()),
            _ => {}
        }
    }
    fn help(&self, _look: &Look<'_>) -> Vec<Line> {
        vec![Line::Text(0, Say::key("import-help"))]
    }
    fn status(&self, _look: &Look<'_>) -> Say {
        match self.findings.get(self.cursor.0) {
            Some(finding) => Say::raw(visible(&finding.message)),
            None => Say::Nothing,
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        let (import, rows) = (&self.import, &self.import.rows);
        let by = format!(
            "{}  {}",
            visible(&import.brought_by.name),
            instant(import.brought_at)
        );
        let counts = look.words.say(
            &Say::key("import-counts")
                .with("all", rows.all)
                .with("good", rows.good)
                .with("wrong", rows.wrong)
                .with("alike", rows.alike)
                .with("known", rows.known)
                .with("applied", rows.applied)
                .with("left", rows.left_out),
        );
        let encoding = import.encoding.as_deref().unwrap_or("");
        let lines = [
            (
                "import-file",
                format!("{}  {} {encoding}", visible(&import.file), import.format),
            ),
            ("col-office", visible(look.words.pick(&import.office.name))),
            ("import-state", look.words.t(state_words(import.state))),
            ("import-brought", by),
        ];
        for (i, (key, value)) in lines.iter().enumerate() {
            let line = u16::try_from(i).unwrap_or(0);
            pair(buffer, area, line, &look.words.t(key), value, 14, look);
        }
        put(buffer, area, 5, &counts, look.theme.heading());
        let mut top = 7;
        if let Some(problem) = &import.problem {
            put(buffer, area, top, &visible(problem), look.theme.bad());
            top += 2;
        }
        if !import.ignored.is_empty() {
            let says = Say::key("import-ignored").with("what", visible(&import.ignored.join(", ")));
            put(buffer, area, top, &look.words.say(&says), look.theme.open());
            top += 2;
        }
        let body = Rect::new(area.x, area.y + top, area.width, area.height.saturating_sub(top));
        let wide = usize::from(area.width);
        list(buffer, body, self.findings.len(), self.cursor, look, |i| {
            let finding = &self.findings[i];
            vec![
                (format!("{:>7}", finding.row), 7, Style::new()),
                (visible(&finding.column), 20, Style::new()),
                (
                    visible(&finding.message),
                    wide.saturating_sub(30),
                    look.theme.open(),
                ),
            ]
        })
    }
}

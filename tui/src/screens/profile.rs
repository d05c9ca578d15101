//! One's own account, sessions, and this client.

use super::{
    Desk,
    widgets::{Cursor, instant, list, pair, put},
};
use crate::{
    api::{Answer, Ask, Fault},
    app::{Cx, Effect, Look, keymap::Act},
    i18n::Say,
    screens::Screen,
    term::Chord,
    text::visible,
};
use karton_api::session::{Role, SessionView};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

/// The profile.
#[derive(Debug, Clone, Default)]
pub struct Profile {
    sessions: Vec<SessionView>,
    cursor: Cursor,
}

/// The words of a role.
pub(crate) fn role_words(role: Role) -> &'static str {
    match role {
        Role::Clerk => "role-clerk",
        Role::Caseworker => "role-caseworker",
        Role::Approver => "role-approver",
        Role::Admin => "role-admin",
        Role::Auditor => "role-auditor",
    }
}

impl Desk for Profile {
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("act-profile")
    }
    fn acts(&self, _look: &Look<'_>) -> Vec<Act> {
        vec![Act::Password, Act::Language, Act::Refresh]
    }
    fn act(&mut self, act: Act, _chord: Chord, cx: &mut Cx<'_>) {
        match act {
            Act::Refresh => cx.want(Effect::Ask(Ask::Sessions)),
            Act::Password => cx.want(Effect::Push(Box::new(Screen::new_password("")))),
            _ => cx.want(Effect::Bell),
        }
    }
    fn key(&mut self, chord: Chord, _cx: &mut Cx<'_>) -> bool {
        self.cursor.key(chord, self.sessions.len(), 8)
    }
    fn entered(&mut self, cx: &mut Cx<'_>) {
        cx.want(Effect::Ask(Ask::Sessions));
    }
    fn answer(&mut self, _ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match result {
            Ok(Answer::Sessions(sessions)) => self.sessions = sessions,
            Err(fault) => cx.wrong(fault.say()),
            _ => {}
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        if let Some(s) = look.session {
            let roles: Vec<String> = s.roles.iter().map(|r| look.words.t(role_words(*r))).collect();
            let country = s
                .country
                .as_ref()
                .map(|c| visible(look.words.pick(&c.name)))
                .unwrap_or_default();
            let rows = [
                ("col-officer", visible(&s.name)),
                ("user", visible(&s.user)),
                ("col-office", visible(look.words.pick(&s.office.name))),
                ("roles", roles.join(", ")),
                ("country", country),
                ("today", crate::form::date::show(look.today)),
                ("server", look.server.to_owned()),
                ("secrets", look.words.t(look.secrets)),
            ];
            for (i, (key, value)) in rows.iter().enumerate() {
                pair(
                    buffer,
                    area,
                    u16::try_from(i).unwrap_or(0),
                    &look.words.t(key),
                    value,
                    18,
                    look,
                );
            }
        }
        put(buffer, area, 9, &look.words.t("sessions"), look.theme.heading());
        let body = Rect::new(area.x, area.y + 10, area.width, area.height.saturating_sub(10));
        list(buffer, body, self.sessions.len(), self.cursor, look, |i| {
            let s = &self.sessions[i];
            let here = if s.current { "● " } else { "  " };
            vec![
                (format!("{here}{}", instant(s.began_at)), 18, Style::new()),
                (visible(look.words.pick(&s.office.name)), 24, Style::new()),
                (visible(s.client.as_deref().unwrap_or("")), 30, look.theme.quiet()),
            ]
        })
    }
}

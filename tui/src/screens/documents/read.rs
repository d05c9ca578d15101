//! One document: what is known about it, its text to read, its file to save.

use super::{
    super::{
        Desk, Screen,
        widgets::{card_line, day, instant, put, turned},
    },
    FileForm, kept_as,
    list::files,
    size, text_words, under_way,
};
use crate::{
    api::{
        Answer, Ask, Fault,
        documents::{DocumentAnswer, DocumentAsk},
    },
    app::{
        Cx, Effect, Look, TimerId, Tone,
        keymap::Act,
        overlay::{Line, Overlay},
    },
    i18n::Say,
    term::{Chord, Key},
    text::{visible, wrap},
};
use karton_api::{
    client::Progress,
    documents::{DocumentText, DocumentView, TextState},
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

/// A text that is being read is looked for this often.
const POLL_MS: u64 = 1000;
/// Lines above the text.
const HEAD: u16 = 4;

/// A document.
#[derive(Debug, Clone)]
pub struct DocumentScreen {
    view: DocumentView,
    text: DocumentText,
    at: usize,
    progress: Progress,
}

impl DocumentScreen {
    /// As the server answered.
    pub fn new(view: DocumentView, text: DocumentText) -> DocumentScreen {
        DocumentScreen {
            view,
            text,
            at: 0,
            progress: Progress::default(),
        }
    }
    fn lines(&self, look: &Look<'_>) -> Vec<String> {
        let cells = usize::from(look.size.0).saturating_sub(3).clamp(20, 96);
        self.text
            .text
            .lines()
            .flat_map(|line| {
                let wrapped = wrap(&visible(line), cells);
                if wrapped.is_empty() {
                    vec![String::new()]
                } else {
                    wrapped
                }
            })
            .collect()
    }
    fn page(look: &Look<'_>) -> usize {
        usize::from(look.size.1.saturating_sub(HEAD + 5)).max(1)
    }
    fn turn(&mut self, key: Key, look: &Look<'_>) -> bool {
        let lines = self.lines(look).len();
        turned(&mut self.at, key, DocumentScreen::page(look), lines)
    }
    fn watch(&self, cx: &mut Cx<'_>) {
        if self.text.state == TextState::Waiting {
            cx.want(Effect::Timer(TimerId::Poll, POLL_MS));
        }
    }
    fn again(&self) -> Ask {
        Ask::Documents(DocumentAsk::Open {
            id: self.view.summary.id,
        })
    }
    fn versions(&self, look: &Look<'_>) -> Overlay {
        let it = &self.view.summary;
        let mut lines = Vec::new();
        if let Some(retention) = &it.retention {
            let until = retention.until.map_or_else(
                || look.words.t("retention-for-good"),
                |until| {
                    look.words
                        .say(&Say::key("retention-until").with("day", day(Some(until))))
                },
            );
            lines.push(Line::Pair(Say::key("retention"), Say::raw(until)));
        }
        for version in &self.view.versions {
            lines.push(Line::Gap);
            let head = format!("{}  {}", version.number, kept_as(version, look));
            lines.push(Line::Head(Say::raw(head)));
            let by = version
                .by
                .as_ref()
                .map(|by| visible(&by.name))
                .unwrap_or_default();
            lines.push(Line::Pair(
                Say::key("document-filed"),
                Say::raw(format!("{}  {by}", instant(version.at))),
            ));
            if let Some(reason) = &version.reason {
                lines.push(Line::Pair(Say::key("reason"), Say::raw(visible(reason))));
            }
            if let Some(hash) = &version.sha256 {
                lines.push(Line::Pair(Say::key("document-hash"), Say::raw(hash.clone())));
            }
        }
        Overlay::Text {
            title: Say::raw(visible(&it.title)),
            lines,
            at: 0,
        }
    }
}

impl Desk for DocumentScreen {
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::raw(visible(&self.view.summary.title))
    }
    fn acts(&self, look: &Look<'_>) -> Vec<Act> {
        let mut acts = vec![Act::Open];
        if self.view.summary.newest.sha256.is_some() {
            acts.insert(0, Act::SaveFile);
        }
        if files(look) {
            acts.extend([Act::NewVersion, Act::CorrectDocument]);
        }
        if self.lines(look).len() > DocumentScreen::page(look) {
            acts.extend([Act::Previous, Act::Next]);
        }
        acts.extend([Act::Dossier, Act::Refresh]);
        acts
    }
    fn act(&mut self, act: Act, chord: Chord, cx: &mut Cx<'_>) {
        let it = &self.view.summary;
        match act {
            Act::Open => cx.want(Effect::Overlay(Box::new(self.versions(&cx.look)))),
            Act::SaveFile => {
                self.progress = Progress::default();
                cx.want(Effect::Submit(Ask::Documents(DocumentAsk::Save {
                    id: it.id,
                    version: it.newest.number,
                    name: it.newest.file_name.clone().unwrap_or_default(),
                    progress: self.progress.clone(),
                })));
            }
            Act::NewVersion => {
                let form = FileForm::version(it, &cx.look);
                cx.want(Effect::Push(Box::new(Screen::File(Box::new(form)))));
            }
            Act::CorrectDocument => cx.want(Effect::Open {
                ask: Ask::Documents(DocumentAsk::CorrectForm { id: it.id }),
                replace: false,
            }),
            Act::Previous | Act::Next => {
                self.turn(chord.key, &cx.look);
            }
            Act::Dossier => cx.want(Effect::Open {
                ask: Ask::Dossier { person: it.person.id },
                replace: false,
            }),
            Act::Refresh => cx.want(Effect::Submit(self.again())),
            _ => cx.want(Effect::Bell),
        }
    }
    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) -> bool {
        !chord.ctrl && self.turn(chord.key, &cx.look)
    }
    fn entered(&mut self, cx: &mut Cx<'_>) {
        self.watch(cx);
    }
    fn returned(&mut self, cx: &mut Cx<'_>) {
        cx.want(Effect::Ask(self.again()));
    }
    fn timer(&mut self, timer: TimerId, cx: &mut Cx<'_>) {
        if timer == TimerId::Poll {
            cx.want(Effect::Ask(self.again()));
        }
    }
    fn answer(&mut self, _ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match result {
            Ok(Answer::Documents(DocumentAnswer::Open(view, text))) => {
                self.view = *view;
                self.text = *text;
                self.watch(cx);
            }
            Ok(Answer::Documents(DocumentAnswer::Saved(path))) => {
                cx.want(Effect::Say(
                    Say::key("document-saved").with("path", visible(&path)),
                    Tone::Done,
                ));
            }
            Err(Fault::Offline(_)) if self.text.state == TextState::Waiting => self.watch(cx),
            Err(fault) => cx.wrong(fault.say()),
            _ => {}
        }
    }
    fn status(&self, look: &Look<'_>) -> Say {
        if let Some(line) = under_way(&self.progress, "file-fetching", look) {
            return Say::raw(line);
        }
        let (page, all) = (DocumentScreen::page(look), self.lines(look).len());
        if all > page {
            let last = all.saturating_sub(page);
            let pages = all.div_ceil(page);
            let at = if self.at >= last {
                pages
            } else {
                self.at / page + 1
            };
            return Say::key("page-of").with("at", at).with("all", pages);
        }
        Say::Nothing
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        let it = &self.view.summary;
        put(buffer, area, 0, &card_line(&it.person), look.theme.strong());
        let from = it
            .received_from
            .as_deref()
            .map(|from| format!(" · {}", visible(from)))
            .unwrap_or_default();
        let line = format!(
            "{} · {} · {}{from}",
            visible(look.words.pick(&it.kind_name)),
            day(it.dated_on),
            look.words
                .say(&Say::key("document-received").with("day", day(Some(it.received_on)))),
        );
        put(buffer, area, 1, &line, Style::new());
        let kept = match (&it.newest.file_name, it.newest.size) {
            (Some(name), Some(bytes)) => format!("{} ({})", visible(name), size(bytes)),
            _ => kept_as(&it.newest, look),
        };
        let number = look
            .words
            .say(&Say::key("document-version").with("number", it.newest.number));
        put(buffer, area, 2, &format!("{kept} · {number}"), look.theme.quiet());
        let body = Rect::new(
            area.x,
            area.y + HEAD,
            area.width,
            area.height.saturating_sub(HEAD),
        );
        let (sign, words) = text_words(&it.newest);
        if it.newest.text != TextState::Read {
            let place = it
                .newest
                .text_place
                .as_deref()
                .map(|p| format!(" ({})", visible(p)))
                .unwrap_or_default();
            let style = if sign == "!" {
                look.theme.open()
            } else {
                look.theme.quiet()
            };
            put(
                buffer,
                body,
                0,
                &format!("{sign} {}{place}", look.words.t(words)),
                style,
            );
            return None;
        }
        if let Some(encoding) = &self.text.encoding {
            let note = look
                .words
                .say(&Say::key("text-encoding").with("encoding", visible(encoding)));
            put(buffer, area, 3, &note, look.theme.open());
        } else if self.text.cut {
            put(buffer, area, 3, &look.words.t("text-cut"), look.theme.open());
        }
        let lines = self.lines(look);
        for (i, line) in lines.iter().skip(self.at).take(body.height.into()).enumerate() {
            put(buffer, body, u16::try_from(i).unwrap_or(0), line, Style::new());
        }
        None
    }
}

//! The documents of a dossier or of an application, with what was issued beside them.

use super::{
    super::{
        Desk, Screen,
        widgets::{Cursor, card_line, day, list, put},
    },
    FileForm, cells, text_words,
};
use crate::{
    api::{
        Answer, Ask, Fault,
        documents::{DocumentAnswer, DocumentAsk, DocumentsKit},
    },
    app::{Cx, Effect, Look, TimerId, keymap::Act},
    i18n::Say,
    term::Chord,
    text::visible,
};
use karton_api::{
    documents::{IssuedPaper, TextState},
    session::Role,
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

/// A text that is being read is looked for this often.
const POLL_MS: u64 = 1500;

/// The list.
#[derive(Debug, Clone)]
pub struct Documents {
    kit: DocumentsKit,
    cursor: Cursor,
}

/// Whether this officer files documents.
pub(super) fn files(look: &Look<'_>) -> bool {
    look.session.is_some_and(|s| {
        s.roles
            .iter()
            .any(|r| matches!(r, Role::Clerk | Role::Caseworker))
    })
}

impl Documents {
    /// As the server answered.
    pub fn new(kit: DocumentsKit) -> Documents {
        Documents {
            kit,
            cursor: Cursor::default(),
        }
    }
    fn len(&self) -> usize {
        self.kit.documents.len() + self.kit.issued.len()
    }
    fn again(&self) -> Ask {
        Ask::Documents(DocumentAsk::List {
            person: self.kit.person.id,
            matter: self.kit.matter,
        })
    }
    fn issued(&self) -> Option<&IssuedPaper> {
        let at = self.cursor.0.checked_sub(self.kit.documents.len())?;
        self.kit.issued.get(at)
    }
    fn watch(&self, cx: &mut Cx<'_>) {
        let waits = self
            .kit
            .documents
            .iter()
            .any(|it| it.newest.text == TextState::Waiting);
        cx.want(if waits {
            Effect::Timer(TimerId::Poll, POLL_MS)
        } else {
            Effect::StopTimer(TimerId::Poll)
        });
    }
    fn open(&self, cx: &mut Cx<'_>) {
        let ask = match (self.kit.documents.get(self.cursor.0), self.issued()) {
            (Some(it), _) => Ask::Documents(DocumentAsk::Open { id: it.id }),
            (None, Some(paper)) => match paper.decision {
                Some(decision) => Ask::Letter {
                    decision,
                    width: crate::screens::letter::width(&cx.look),
                },
                None => Ask::Application {
                    id: paper.application,
                },
            },
            (None, None) => return cx.want(Effect::Bell),
        };
        cx.want(Effect::Open { ask, replace: false });
    }
}

impl Desk for Documents {
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key(if self.kit.matter.is_some() {
            "title-documents-matter"
        } else {
            "title-documents"
        })
    }
    fn acts(&self, look: &Look<'_>) -> Vec<Act> {
        let mut acts = Vec::new();
        if self.len() > 0 {
            acts.push(Act::Open);
        }
        if files(look) {
            acts.push(Act::FileDocument);
            if self.kit.documents.get(self.cursor.0).is_some() {
                acts.push(Act::CorrectDocument);
            }
        }
        acts.extend([Act::FindDocuments, Act::Refresh]);
        acts
    }
    fn act(&mut self, act: Act, _chord: Chord, cx: &mut Cx<'_>) {
        match act {
            Act::Open => self.open(cx),
            Act::FileDocument => {
                let form = FileForm::new(
                    self.kit.person.clone(),
                    self.kit.matter,
                    &self.kit.kinds,
                    &self.kit.evidence,
                    &cx.look,
                );
                cx.want(Effect::Push(Box::new(Screen::File(Box::new(form)))));
            }
            Act::CorrectDocument => match self.kit.documents.get(self.cursor.0) {
                Some(it) => cx.want(Effect::Open {
                    ask: Ask::Documents(DocumentAsk::CorrectForm { id: it.id }),
                    replace: false,
                }),
                None => cx.want(Effect::Bell),
            },
            Act::FindDocuments => cx.want(Effect::Open {
                ask: Ask::Documents(DocumentAsk::SearchForm),
                replace: false,
            }),
            Act::Refresh => cx.want(Effect::Submit(self.again())),
            _ => cx.want(Effect::Bell),
        }
    }
    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) -> bool {
        self.len() > 0
            && self
                .cursor
                .key(chord, self.len(), usize::from(cx.look.size.1).saturating_sub(8))
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
            Ok(Answer::Documents(DocumentAnswer::List(kit))) => {
                self.kit = *kit;
                self.cursor.0 = self.cursor.0.min(self.len().saturating_sub(1));
                self.watch(cx);
            }
            Err(Fault::Offline(_)) => self.watch(cx),
            Err(fault) => cx.wrong(fault.say()),
            _ => {}
        }
    }
    fn status(&self, look: &Look<'_>) -> Say {
        match (self.kit.documents.get(self.cursor.0), self.issued()) {
            (Some(it), _) => {
                let (sign, words) = text_words(&it.newest);
                let place = it
                    .newest
                    .text_place
                    .as_deref()
                    .map(|p| format!(" ({})", visible(p)))
                    .unwrap_or_default();
                Say::raw(format!("{sign} {}{place}", look.words.t(words)))
            }
            (None, Some(_)) => Say::key("issued-says"),
            _ => Say::Nothing,
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        put(buffer, area, 0, &card_line(&self.kit.person), look.theme.strong());
        if self.len() == 0 {
            put(
                buffer,
                area,
                2,
                &look.words.t("documents-none"),
                look.theme.quiet(),
            );
            return None;
        }
        let wide = usize::from(area.width).saturating_sub(51).max(16);
        let mut x = area.x + 2;
        for (key, cells) in [
            ("col-title", wide),
            ("col-kind", 20),
            ("col-day", 10),
            ("col-kept", 14),
        ] {
            buffer.set_string(x, area.y + 1, look.words.t(key), look.theme.quiet());
            x += u16::try_from(cells + 1).unwrap_or(0);
        }
        let body = Rect::new(area.x, area.y + 2, area.width, area.height.saturating_sub(2));
        let place = list(buffer, body, self.len(), self.cursor, look, |i| {
            match self.kit.documents.get(i) {
                Some(it) => cells(it, look, wide),
                None => {
                    let paper = &self.kit.issued[i - self.kit.documents.len()];
                    vec![
                        ("■".to_owned(), 1, Style::new()),
                        (visible(&paper.title), wide, Style::new()),
                        (look.words.t("issued-kind"), 20, look.theme.quiet()),
                        (day(Some(paper.on)), 10, Style::new()),
                        (
                            paper.number.as_deref().map(visible).unwrap_or_default(),
                            18,
                            look.theme.quiet(),
                        ),
                    ]
                }
            }
        });
        if self.kit.more {
            let last = area.height.saturating_sub(1);
            put(
                buffer,
                area,
                last,
                &look.words.t("documents-more"),
                look.theme.quiet(),
            );
        }
        place
    }
}

//! Two people who look alike, side by side: both cards, what speaks for one person and what against, and what is held of them.

use super::{
    cards,
    doubles::points,
    word::{Deed, WordForm},
};
use crate::{
    api::{
        Answer, Ask, Fault,
        people::{PeopleAnswer, PeopleAsk},
    },
    app::{
        Cx, Effect, Look,
        keymap::Act,
        overlay::{Line, Overlay},
    },
    form::{Choice, Picker},
    i18n::Say,
    screens::{
        Desk, Screen,
        widgets::{card_line, instant, put},
    },
    term::Chord,
    text::{fit, visible, wrap},
};
use karton_api::{
    duplicates::{DuplicatePair, PairState},
    persons::{LikenessReason, PersonCard},
    session::Role,
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

/// A pair.
#[derive(Debug, Clone)]
pub struct PairScreen {
    pair: DuplicatePair,
}

/// The words of a field.
fn field_words(code: &str) -> &'static str {
    match code {
        "given-name" => "given-name",
        "family-name" => "family-name",
        "name-order" => "like-name-order",
        "birth-date" => "birth-date",
        "sex" => "sex",
        "national-id" => "col-id",
        "street" => "like-street",
        "house-number" => "like-house",
        "address-line" => "like-line",
        "place" => "like-place",
        "postcode" => "like-postcode",
        "municipality" => "municipality",
        _ => "like-phone",
    }
}

/// The words of how a field agrees.
fn level_words(code: &str) -> &'static str {
    match code {
        "same" => "level-same",
        "swapped" => "level-swapped",
        "near" => "level-near",
        "similar" => "level-similar",
        "short" => "level-short",
        "part" => "level-part",
        "different" => "level-different",
        _ => "level-unknown",
    }
}

/// What is held of a pair.
pub(super) fn state_words(state: PairState) -> &'static str {
    match state {
        PairState::Open => "pair-open",
        PairState::Same => "pair-same",
        PairState::Different => "pair-different",
        PairState::Unsure => "pair-unsure",
    }
}

impl PairScreen {
    /// As it stands.
    pub fn new(pair: DuplicatePair) -> PairScreen {
        PairScreen { pair }
    }
    fn dossier(card: &PersonCard, cx: &mut Cx<'_>) {
        cx.want(Effect::Open {
            ask: Ask::Dossier { person: card.id },
            replace: false,
        });
    }
    fn push(&self, deed: Deed, cx: &mut Cx<'_>) {
        let form = WordForm::new(deed, &cx.look);
        cx.want(Effect::Push(Box::new(Screen::Word(Box::new(form)))));
    }
    fn reason(&self, it: &LikenessReason, look: &Look<'_>) -> (String, Style) {
        let (sign, style) = match it.bits {
            ..=-50 => ("−", look.theme.quiet()),
            50.. => ("+", look.theme.strong()),
            _ => ("·", Style::new()),
        };
        let text = format!(
            "{sign} {} {} {:>4}",
            crate::text::pad(&look.words.t(field_words(&it.field)), 14),
            crate::text::pad(&look.words.t(level_words(&it.level)), 14),
            points(it.bits)
        );
        (text, style)
    }
}

impl Desk for PairScreen {
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("title-pair")
    }
    fn acts(&self, look: &Look<'_>) -> Vec<Act> {
        let keeps = look
            .session
            .is_some_and(|s| s.roles.contains(&Role::Clerk) || s.roles.contains(&Role::Caseworker));
        let mut acts = Vec::new();
        if keeps {
            acts.push(Act::Judge);
        }
        match self.pair.merge {
            Some(_) => acts.push(Act::Open),
            None if keeps && self.pair.state != PairState::Different => acts.push(Act::ProposeMerge),
            None => {}
        }
        acts.extend([Act::Dossier, Act::Refresh]);
        acts
    }
    fn act(&mut self, act: Act, _chord: Chord, cx: &mut Cx<'_>) {
        match act {
            Act::Judge => self.push(Deed::Judge(Box::new(self.pair.clone())), cx),
            Act::ProposeMerge => self.push(Deed::Propose(Box::new(self.pair.clone())), cx),
            Act::Open => {
                if let Some(id) = self.pair.merge {
                    cx.want(Effect::Open {
                        ask: Ask::People(PeopleAsk::Merge { id }),
                        replace: false,
                    });
                }
            }
            Act::Dossier => {
                let choice = |card: &PersonCard| Choice::new(card.id.to_string(), Say::raw(card_line(card)));
                let list = vec![choice(&self.pair.one), choice(&self.pair.other)];
                let picker = Picker::new(Say::key("act-dossier"), list, "");
                cx.want(Effect::Overlay(Box::new(Overlay::Pick(picker))));
            }
            Act::Refresh => cx.want(Effect::Submit(Ask::People(PeopleAsk::Pair { id: self.pair.id }))),
            _ => cx.want(Effect::Bell),
        }
    }
    fn chosen(&mut self, code: &str, cx: &mut Cx<'_>) {
        for card in [&self.pair.one, &self.pair.other] {
            if card.id.to_string() == code {
                PairScreen::dossier(card, cx);
            }
        }
    }
    fn returned(&mut self, cx: &mut Cx<'_>) {
        cx.want(Effect::Submit(Ask::People(PeopleAsk::Pair { id: self.pair.id })));
    }
    fn answer(&mut self, _ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match result {
            Ok(Answer::People(PeopleAnswer::Pair(pair))) => self.pair = *pair,
            Err(fault) => cx.wrong(fault.say()),
            _ => {}
        }
    }
    fn help(&self, _look: &Look<'_>) -> Vec<Line> {
        vec![
            Line::Head(Say::key("title-pair")),
            Line::Text(0, Say::key("pair-help")),
            Line::Text(0, Say::key("pair-help-points")),
        ]
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        let heads = [look.words.t("pair-first"), look.words.t("pair-second")];
        let below = cards(
            buffer,
            area,
            0,
            (&self.pair.one, &self.pair.other),
            [&heads[0], &heads[1]],
            look,
        );
        let mut line = below + 1;
        let together = if self.pair.certain {
            "pair-certain"
        } else {
            "pair-possible"
        };
        let words = look
            .words
            .say(&Say::key(together).with("points", points(self.pair.bits)));
        put(buffer, area, line, &words, look.theme.heading());
        line += 1;
        let reasons: Vec<&LikenessReason> = self
            .pair
            .reasons
            .iter()
            .filter(|it| it.level != "unknown")
            .collect();
        let columns = if look.theme.plain { 1 } else { 2 };
        let rows = reasons.len().div_ceil(columns);
        let column = area.width / u16::try_from(columns).unwrap_or(1);
        for (i, it) in reasons.iter().enumerate() {
            let y = line + u16::try_from(i % rows.max(1)).unwrap_or(0);
            let x = area.x + column * u16::try_from(i / rows.max(1)).unwrap_or(0);
            let (text, style) = self.reason(it, look);
            if y < area.height {
                buffer.set_string(
                    x,
                    area.y + y,
                    fit(&text, usize::from(column.saturating_sub(1))),
                    style,
                );
            }
        }
        line += u16::try_from(rows).unwrap_or(0) + 1;
        let state = match &self.pair.judged {
            Some(judged) => format!(
                "{}  {}  {}: {}",
                look.words.t(state_words(self.pair.state)),
                instant(judged.at),
                visible(&judged.by.name),
                visible(&judged.reason)
            ),
            None => look.words.t(state_words(self.pair.state)),
        };
        put(buffer, area, line, &state, Style::new());
        line += 1;
        if self.pair.merge.is_some() {
            put(buffer, area, line, &look.words.t("pair-merge"), look.theme.open());
            line += 1;
        }
        for text in wrap(&look.words.t("pair-says"), usize::from(area.width)) {
            put(buffer, area, line, &text, look.theme.quiet());
            line += 1;
        }
        None
    }
}

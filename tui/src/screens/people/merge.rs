//! The merging of two dossiers: who goes into whom, what to look at, what moves, who said what; and after it, how the old number finds.

use super::{
    cards,
    word::{Deed, WordForm},
};
use crate::{
    api::{
        Answer, Ask, Fault,
        people::{MergeWord, PeopleAnswer, PeopleAsk},
    },
    app::{Cx, Effect, Look, keymap::Act, overlay::Line},
    i18n::Say,
    screens::{
        Desk, Screen,
        find::Find,
        widgets::{full_name, instant, put},
    },
    term::Chord,
    text::{visible, wrap},
};
use karton_api::duplicates::{Judged, MergeState, MergeView, MergeWarning};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

/// A merge.
#[derive(Debug, Clone)]
pub struct MergeScreen {
    merge: MergeView,
}

fn warning_words(warning: MergeWarning) -> &'static str {
    match warning {
        MergeWarning::DeadAndLiving => "merge-dead-and-living",
        MergeWarning::NumbersDiffer => "merge-numbers-differ",
        MergeWarning::NumberGoes => "merge-number-goes",
        MergeWarning::BirthDatesDiffer => "merge-birth-dates-differ",
        MergeWarning::SexesDiffer => "merge-sexes-differ",
        MergeWarning::OfficesDiffer => "merge-offices-differ",
    }
}

fn moves_words(what: &str) -> &'static str {
    match what {
        "application" => "moves-applications",
        "award" => "moves-awards",
        "case" => "moves-cases",
        "document" => "moves-documents",
        _ => "moves-memberships",
    }
}

fn state_words(state: MergeState) -> &'static str {
    match state {
        MergeState::Proposed => "merge-is-proposed",
        MergeState::Merged => "merge-is-merged",
        MergeState::Declined => "merge-is-declined",
        MergeState::Undone => "merge-is-undone",
    }
}

impl MergeScreen {
    /// As it stands.
    pub fn new(merge: MergeView) -> MergeScreen {
        MergeScreen { merge }
    }
    fn may(&self, what: &str) -> bool {
        self.merge.may.iter().any(|may| may == what)
    }
    fn word(&self, word: MergeWord, cx: &mut Cx<'_>) {
        let form = WordForm::new(Deed::Merge(Box::new(self.merge.clone()), word), &cx.look);
        cx.want(Effect::Push(Box::new(Screen::Word(Box::new(form)))));
    }
    /// How somebody who goes was found: the national number, or the dossier's where there is none.
    fn old_number(&self) -> String {
        let card = &self.merge.goes;
        card.national_id
            .as_ref()
            .map_or_else(|| card.dossier_number.clone(), |id| id.number.clone())
    }
    fn again(&self, cx: &mut Cx<'_>) {
        cx.want(Effect::Submit(Ask::People(PeopleAsk::Merge {
            id: self.merge.id,
        })));
    }
}

impl Desk for MergeScreen {
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("title-merge")
    }
    fn acts(&self, _look: &Look<'_>) -> Vec<Act> {
        let mut acts = Vec::new();
        if self.may("confirm") {
            acts.push(Act::Agree);
        }
        if self.may("decline") {
            acts.push(Act::Refuse);
        }
        if self.may("undo") {
            acts.push(Act::UndoMerge);
        }
        acts.push(Act::Dossier);
        if self.merge.state == MergeState::Merged {
            acts.push(Act::Find);
        }
        acts.push(Act::Refresh);
        acts
    }
    fn act(&mut self, act: Act, _chord: Chord, cx: &mut Cx<'_>) {
        match act {
            Act::Agree => self.word(MergeWord::Confirm, cx),
            Act::Refuse => self.word(MergeWord::Decline, cx),
            Act::UndoMerge => self.word(MergeWord::Undo, cx),
            Act::Dossier => cx.want(Effect::Open {
                ask: Ask::Dossier {
                    person: self.merge.stays.id,
                },
                replace: false,
            }),
            // The old number finds the one who stays: seen, not only said.
            Act::Find => cx.want(Effect::Push(Box::new(Screen::Find(Find::with(
                &self.old_number(),
            ))))),
            Act::Refresh => self.again(cx),
            _ => cx.want(Effect::Bell),
        }
    }
    fn returned(&mut self, cx: &mut Cx<'_>) {
        self.again(cx);
    }
    fn answer(&mut self, _ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match result {
            Ok(Answer::People(PeopleAnswer::Merge(merge))) => self.merge = *merge,
            Err(fault) => cx.wrong(fault.say()),
            _ => {}
        }
    }
    fn help(&self, _look: &Look<'_>) -> Vec<Line> {
        vec![
            Line::Head(Say::key("title-merge")),
            Line::Text(0, Say::key("merge-help")),
            Line::Text(0, Say::key("merge-help-undo")),
        ]
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        let it = &self.merge;
        put(
            buffer,
            area,
            0,
            &look.words.t(state_words(it.state)),
            look.theme.heading(),
        );
        let heads = [look.words.t("merge-goes"), look.words.t("merge-stays")];
        let mut line = cards(
            buffer,
            area,
            1,
            (&it.goes, &it.stays),
            [&heads[0], &heads[1]],
            look,
        ) + 1;
        for warning in &it.warnings {
            let text = format!("! {}", look.words.t(warning_words(*warning)));
            put(buffer, area, line, &text, look.theme.open());
            line += 1;
        }
        let moves: Vec<String> = it
            .moves
            .iter()
            .map(|moves| {
                look.words
                    .say(&Say::key(moves_words(&moves.what)).with("n", moves.count))
            })
            .collect();
        let moves = if moves.is_empty() {
            look.words.t("merge-moves-nothing")
        } else {
            look.words
                .say(&Say::key("merge-moves").with("what", moves.join(", ")))
        };
        for text in wrap(&moves, usize::from(area.width)) {
            put(buffer, area, line, &text, Style::new());
            line += 1;
        }
        line += 1;
        let mut said = |key: &str, who: &str, at: String, reason: &str| {
            let text = format!(
                "{}: {}, {at}: {}",
                look.words.t(key),
                visible(who),
                visible(reason)
            );
            for text in wrap(&text, usize::from(area.width)).iter().take(2) {
                put(buffer, area, line, text, Style::new());
                line += 1;
            }
        };
        said(
            "merge-by",
            &it.proposed_by.name,
            instant(it.proposed_at),
            &it.reason,
        );
        let mut judged = |key: &str, judged: Option<&Judged>| {
            if let Some(it) = judged {
                said(key, &it.by.name, instant(it.at), &it.reason);
            }
        };
        let answered = if it.state == MergeState::Declined {
            "merge-declined-by"
        } else {
            "merge-confirmed-by"
        };
        judged(answered, it.answered.as_ref());
        judged("merge-undone-by", it.undone.as_ref());
        line += 1;
        let last = match it.state {
            MergeState::Merged if it.goes.national_id.is_none() => Say::key("merge-finds-dossier")
                .with("dossier", visible(&it.goes.dossier_number))
                .with("who", full_name(&it.stays.name)),
            MergeState::Merged => Say::key("merge-finds")
                .with("number", visible(&self.old_number()))
                .with("dossier", visible(&it.goes.dossier_number))
                .with("who", full_name(&it.stays.name)),
            MergeState::Proposed if !self.may("confirm") => Say::key("merge-waits"),
            MergeState::Proposed => Say::key("merge-says"),
            MergeState::Declined | MergeState::Undone => Say::key("merge-two-again"),
        };
        for text in wrap(&look.words.say(&last), usize::from(area.width)) {
            put(buffer, area, line, &text, look.theme.quiet());
            line += 1;
        }
        None
    }
}

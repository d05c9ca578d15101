//! An officer's word with its reason: a verdict on a pair, a merge proposed, confirmed, declined or undone, a transfer not taken over.

use crate::{
    api::{
        Answer, Ask, Fault,
        people::{MergeWord, PeopleAnswer, PeopleAsk},
    },
    app::{Cx, Effect, Look, keymap::Act, overlay::Line},
    form::{Choice, Field, Form, Kind, view},
    i18n::Say,
    screens::{
        Desk, FORM_ACTS, FormKey, Screen, done, form_checks, form_faults, form_help, form_key, form_paste,
        form_status,
        forms::form_desk,
        widgets::{card_line, full_name, put},
    },
    term::Chord,
    text::{visible, wrap},
};
use karton_api::{
    duplicates::{DuplicatePair, JudgePair, MergeView, PairState, ProposeMerge},
    persons::PersonCard,
    transfers::Transfer,
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

/// What is said, and of what.
#[derive(Debug, Clone)]
pub enum Deed {
    Judge(Box<DuplicatePair>),
    Propose(Box<DuplicatePair>),
    Merge(Box<MergeView>, MergeWord),
    RefuseTransfer(Box<Transfer>),
}

/// The form.
#[derive(Debug, Clone)]
pub struct WordForm {
    deed: Deed,
    /// What stands against a merge, each named by the server.
    hindered: Vec<String>,
    form: Form,
}

const VERDICTS: [(&str, PairState, &str); 4] = [
    ("same", PairState::Same, "pair-same"),
    ("different", PairState::Different, "pair-different"),
    ("unsure", PairState::Unsure, "pair-unsure"),
    ("open", PairState::Open, "pair-open-again"),
];

fn person(card: &PersonCard) -> Choice {
    Choice::new(card.id.to_string(), Say::raw(card_line(card)))
}

impl WordForm {
    /// With the words that fit.
    pub fn new(deed: Deed, look: &Look<'_>) -> WordForm {
        let mut fields = Vec::new();
        match &deed {
            Deed::Judge(pair) => {
                let list: Vec<Choice> = VERDICTS
                    .iter()
                    .filter(|(_, state, _)| *state != pair.state)
                    .map(|(code, _, words)| Choice::new(*code, Say::key(words)))
                    .collect();
                fields.push(
                    Field::new("verdict", Say::key("pair-verdict"), Kind::Code(list.into())).required(),
                );
            }
            Deed::Propose(pair) => {
                let list = vec![person(&pair.one), person(&pair.other)];
                let mut stays =
                    Field::new("into", Say::key("merge-stays"), Kind::Person(list.into())).required();
                // Whoever has a number keeps it on the card; otherwise the older dossier stays.
                let with_number = pair.one.national_id.is_none() && pair.other.national_id.is_some();
                let first = if with_number { &pair.other } else { &pair.one };
                stays.put(&first.id.to_string());
                fields.push(stays.help(Say::key("merge-stays-help")));
            }
            Deed::Merge(..) | Deed::RefuseTransfer(_) => {}
        }
        fields.push(
            Field::new("reason", Say::key("reason"), Kind::Text { max: 2000 })
                .required()
                .same_as("reason"),
        );
        let mut form = Form::single(fields);
        form.remember(look.answers);
        WordForm {
            deed,
            hindered: Vec::new(),
            form,
        }
    }
    fn text(&self, id: &str) -> String {
        let field = self.form.find("", id);
        field
            .map(|field| field.text().trim().to_owned())
            .unwrap_or_default()
    }
    fn submit(&mut self, cx: &mut Cx<'_>) {
        self.hindered.clear();
        if !form_checks(&mut self.form, cx) {
            return;
        }
        let reason = self.text("reason");
        let ask = match &self.deed {
            Deed::Judge(pair) => {
                let chosen = self.text("verdict");
                let Some((_, verdict, _)) = VERDICTS.iter().find(|(code, ..)| *code == chosen) else {
                    return;
                };
                PeopleAsk::Judge {
                    id: pair.id,
                    revision: pair.revision,
                    body: JudgePair {
                        verdict: *verdict,
                        reason,
                    },
                }
            }
            Deed::Propose(pair) => {
                let stays = self.text("into");
                let (goes, stays) = if pair.one.id.to_string() == stays {
                    (&pair.other, &pair.one)
                } else {
                    (&pair.one, &pair.other)
                };
                PeopleAsk::Propose {
                    goes: goes.id,
                    body: ProposeMerge {
                        into: stays.id,
                        reason,
                    },
                    once: cx.once(),
                }
            }
            Deed::Merge(merge, word) => PeopleAsk::AnswerMerge {
                id: merge.id,
                revision: merge.revision,
                word: *word,
                reason,
            },
            Deed::RefuseTransfer(transfer) => PeopleAsk::RefuseTransfer {
                id: transfer.id,
                reason,
                once: cx.once(),
            },
        };
        cx.want(Effect::Submit(Ask::People(ask)));
    }
    fn title_words(&self) -> &'static str {
        match &self.deed {
            Deed::Judge(_) => "act-judge",
            Deed::Propose(_) => "act-propose-merge",
            Deed::Merge(_, MergeWord::Confirm) => "merge-confirm",
            Deed::Merge(_, MergeWord::Decline) => "merge-decline",
            Deed::Merge(_, MergeWord::Undo) => "act-undo-merge",
            Deed::RefuseTransfer(_) => "transfer-refuse",
        }
    }
    fn says(&self) -> &'static str {
        match &self.deed {
            Deed::Judge(_) => "pair-judge-says",
            Deed::Propose(_) => "merge-propose-says",
            Deed::Merge(_, MergeWord::Confirm) => "merge-confirm-says",
            Deed::Merge(_, MergeWord::Decline) => "merge-decline-says",
            Deed::Merge(_, MergeWord::Undo) => "merge-undo-says",
            Deed::RefuseTransfer(_) => "transfer-refuse-says",
        }
    }
    /// Whom it is about.
    fn about(&self) -> String {
        match &self.deed {
            Deed::Judge(pair) | Deed::Propose(pair) => {
                format!("{}  ·  {}", card_line(&pair.one), card_line(&pair.other))
            }
            Deed::Merge(merge, _) => format!("{}  →  {}", card_line(&merge.goes), card_line(&merge.stays)),
            Deed::RefuseTransfer(transfer) => full_name(&transfer.person.name),
        }
    }
}

impl Desk for WordForm {
    form_desk!();
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key(self.title_words())
    }
    fn answer(&mut self, _ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match result {
            Ok(Answer::People(answer)) => {
                cx.want(Effect::Answers(self.form.answers()));
                let said = match &self.deed {
                    Deed::Judge(_) => "pair-judged",
                    Deed::Propose(_) => "merge-proposed",
                    Deed::Merge(_, MergeWord::Confirm) => "merge-confirmed",
                    Deed::Merge(_, MergeWord::Decline) => "merge-declined",
                    Deed::Merge(_, MergeWord::Undo) => "merge-undone",
                    Deed::RefuseTransfer(_) => "transfer-refused",
                };
                match (&self.deed, answer) {
                    // The second officer's screen comes next: what was proposed is seen as they will see it.
                    (Deed::Propose(_), PeopleAnswer::Merge(merge)) => {
                        let screen = Screen::Merge(Box::new(super::MergeScreen::new(*merge)));
                        cx.want(Effect::Replace(Box::new(screen)));
                    }
                    // The screen below asks anew.
                    _ => cx.want(Effect::Back),
                }
                done(cx, said);
            }
            // What stands against it has no field here: each is said in full below the form.
            Err(Fault::Problem(problem)) if problem.slug() == "merge-hindered" => {
                self.hindered = problem
                    .errors
                    .iter()
                    .map(|error| visible(&error.message))
                    .collect();
                cx.wrong(Say::key("merge-hindered"));
            }
            Err(fault) => form_faults(&mut self.form, &fault, cx),
            _ => {}
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        put(buffer, area, 0, &self.about(), look.theme.strong());
        let mut line = 1;
        for text in wrap(&look.words.t(self.says()), usize::from(area.width))
            .iter()
            .take(4)
        {
            put(buffer, area, line, text, look.theme.quiet());
            line += 1;
        }
        let fields = u16::try_from(
            self.form
                .pages
                .iter()
                .map(|page| page.fields.len())
                .sum::<usize>(),
        )
        .unwrap_or(2);
        let mut below = line + 1 + fields + 1;
        if !self.hindered.is_empty() {
            put(
                buffer,
                area,
                below,
                &look.words.t("merge-hindered-head"),
                look.theme.bad(),
            );
            below += 1;
        }
        for text in &self.hindered {
            for (i, part) in wrap(text, usize::from(area.width).saturating_sub(2))
                .iter()
                .enumerate()
            {
                let sign = if i == 0 { "✗" } else { " " };
                put(buffer, area, below, &format!("{sign} {part}"), Style::new());
                below += 1;
            }
        }
        let form = Rect::new(
            area.x,
            area.y + line + 1,
            area.width,
            fields.min(area.height.saturating_sub(line + 1)),
        );
        view::draw(&self.form, buffer, form, &look.form(), look.theme)
    }
}

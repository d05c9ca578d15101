//! People who look alike and are judged side by side, the merging of two dossiers by two officers, and dossiers that go to another centre.

mod doubles;
mod merge;
mod pair;
mod transfers;
mod word;

pub use doubles::DoublesScreen;
pub use merge::MergeScreen;
pub use pair::PairScreen;
pub use transfers::{TransferForm, TransfersScreen};
pub use word::WordForm;

use super::{
    Screen,
    widgets::{day, full_name, put},
};
use crate::{
    api::people::PeopleAnswer,
    app::Look,
    text::{fit, visible},
};
use karton_api::persons::PersonCard;
use ratatui::{buffer::Buffer, layout::Rect, style::Style};

/// The screen that shows an answer.
pub(super) fn open(answer: PeopleAnswer, look: &Look<'_>) -> Option<Screen> {
    Some(match answer {
        PeopleAnswer::Pairs(state, pairs) => Screen::Doubles(Box::new(DoublesScreen::pairs(state, pairs))),
        PeopleAnswer::Merges(state, merges) => {
            Screen::Doubles(Box::new(DoublesScreen::merges(state, merges)))
        }
        PeopleAnswer::Pair(pair) => Screen::Pair(Box::new(PairScreen::new(*pair))),
        PeopleAnswer::Merge(merge) => Screen::Merge(Box::new(MergeScreen::new(*merge))),
        PeopleAnswer::Transfers(items) => Screen::Transfers(Box::new(TransfersScreen::new(items))),
        PeopleAnswer::TransferForm(kit) => Screen::Transfer(Box::new(TransferForm::new(*kit, look))),
        PeopleAnswer::Transferred(_) => return None,
    })
}

/// The lines of two cards side by side: what it is called, what each says, and whether the two say the same.
fn lines(one: &PersonCard, other: &PersonCard, look: &Look<'_>) -> Vec<(&'static str, [String; 2], bool)> {
    let number = |card: &PersonCard| {
        card.national_id
            .as_ref()
            .map_or_else(|| look.words.t("no-number"), |id| visible(&id.number))
    };
    let born = |card: &PersonCard| match card.death_date {
        Some(died) => format!("{}  † {}", day(card.birth_date), day(Some(died))),
        None => day(card.birth_date),
    };
    let sex = |card: &PersonCard| match card.sex.as_deref() {
        Some("f") => look.words.t("sex-f"),
        Some("m") => look.words.t("sex-m"),
        _ => "–".to_owned(),
    };
    let office = |card: &PersonCard| visible(look.words.pick(&card.office.name));
    let of = |key, say: &dyn Fn(&PersonCard) -> String, known: bool| {
        let both = [say(one), say(other)];
        let same = known && both[0] == both[1];
        (key, both, same)
    };
    vec![
        of("col-name", &|card| full_name(&card.name), true),
        of(
            "col-id",
            &number,
            one.national_id.is_some() && other.national_id.is_some(),
        ),
        of("birth-date", &born, one.birth_date.is_some()),
        of("sex", &sex, one.sex.is_some()),
        of("col-office", &office, true),
        of("col-dossier", &|card| visible(&card.dossier_number), true),
    ]
}

/// Draws two cards side by side from a line on, with their heads; gives the line below.
fn cards(
    buffer: &mut Buffer,
    area: Rect,
    from: u16,
    (one, other): (&PersonCard, &PersonCard),
    heads: [&str; 2],
    look: &Look<'_>,
) -> u16 {
    const LABEL: usize = 16;
    let column = usize::from(area.width).saturating_sub(LABEL + 5) / 2;
    let at = |cells: usize| area.x.saturating_add(u16::try_from(cells).unwrap_or(0));
    let second = LABEL + column + 4;
    let mut line = from;
    if look.theme.plain {
        put(buffer, area, line, &heads.join(" / "), look.theme.heading());
    } else if line < area.height {
        let y = area.y + line;
        buffer.set_string(at(LABEL + 1), y, fit(heads[0], column), look.theme.heading());
        buffer.set_string(at(second), y, fit(heads[1], column), look.theme.heading());
    }
    line += 1;
    for (key, both, same) in lines(one, other, look) {
        let label = look.words.t(key);
        if look.theme.plain {
            let sign = if same { "= " } else { "" };
            let text = format!("{label}: {sign}{} / {}", both[0], both[1]);
            put(buffer, area, line, &text, Style::new());
        } else if line < area.height {
            let y = area.y + line;
            buffer.set_string(area.x, y, fit(&label, LABEL), look.theme.quiet());
            buffer.set_string(at(LABEL + 1), y, fit(&both[0], column), Style::new());
            let (sign, style) = if same {
                ("=", look.theme.strong())
            } else {
                ("≠", look.theme.quiet())
            };
            buffer.set_string(at(LABEL + column + 2), y, sign, style);
            buffer.set_string(at(second), y, fit(&both[1], column), Style::new());
        }
        line += 1;
    }
    line
}

//! What stands beside an application: rights that cannot be held with it and the choice between them, two households or files at once, rights that
//! run out, durations; and the same application worked out as of another day.

use super::{
    Desk, FORM_ACTS, FormKey, form_checks, form_faults, form_help, form_key, form_paste, form_status,
    forms::{form_desk, rest},
    lines::{self, Opens, Row, Rows},
    why,
    widgets::{day, instant, last_day, money, outcome_style, put, verdict},
};
use crate::{
    api::{Answer, Ask, Fault, beside::BesideAsk},
    app::{Cx, Effect, Look, keymap::Act, overlay::Line},
    form::{Choice as Offer, Field, Form, Kind, view},
    i18n::Say,
    screens::Screen,
    term::{Chord, Key},
    text::visible,
};
use karton_api::{
    Date, FactValue, Id, Timestamp,
    assessments::{AssessedThen, ThenQuery, Verdict},
    standing::{
        Beside, BesideEffect, Better, Choice, Choose, ClaimStanding, Keeps, StandingKind, StandingLine, Worth,
    },
    value,
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::{Modifier, Style},
};

/// What stands beside one application.
#[derive(Debug, Clone)]
pub struct BesideScreen {
    application: Id<value::Application>,
    it: ClaimStanding,
    rows: Rows,
}

impl BesideScreen {
    /// As the server answered.
    pub fn new(application: Id<value::Application>, it: ClaimStanding) -> BesideScreen {
        BesideScreen {
            application,
            it,
            rows: Rows::default(),
        }
    }
    fn shown(&self, look: &Look<'_>) -> Vec<Row> {
        let rows = lines::of_standing(&self.it, look);
        if rows.is_empty() {
            vec![Row::plain(look.words.t("beside-none"), look.theme.quiet())]
        } else {
            rows
        }
    }
    fn choose(&self, one: &Beside, cx: &mut Cx<'_>) {
        let form = ChooseForm::new(self.application, one.clone());
        cx.want(Effect::Push(Box::new(Screen::Choose(Box::new(form)))));
    }
    fn again(&self) -> Ask {
        Ask::Beside(BesideAsk::See {
            application: self.application,
        })
    }
}

/// What each side of a choice is worth, and which is worth more.
pub(super) fn worth_rows(choice: &Choice, look: &Look<'_>) -> Vec<Row> {
    let asked = Say::key("beside-asked").with("worth", worth(&choice.asked, look));
    let others = Say::key("beside-others").with("worth", worth(&choice.others, look));
    let better = match choice.better {
        Some(Better::Asked) => "beside-better-asked",
        Some(Better::Other) => "beside-better-other",
        Some(Better::Same) => "beside-better-same",
        None => "beside-better-unknown",
    };
    vec![
        Row::plain(look.words.say(&asked), Style::new()),
        Row::plain(look.words.say(&others), Style::new()),
        Row::plain(look.words.t(better), look.theme.strong()),
    ]
}

/// What one side is worth, as one line: each month, once, for months that have passed.
fn worth(of: &Worth, look: &Look<'_>) -> String {
    let month = of
        .month
        .map_or_else(|| look.words.t("beside-unknown"), |month| money(month, look));
    let mut text = look.words.say(&Say::key("beside-month").with("amount", month));
    for (amount, key) in [(of.once, "beside-once"), (of.arrears, "beside-arrears")] {
        if amount.minor != 0 {
            let more = look.words.say(&Say::key(key).with("amount", money(amount, look)));
            text.push_str(&format!(" · {more}"));
        }
    }
    text
}

/// The lines of one award beside it: what it is, what follows, what was chosen.
pub(super) fn beside_lines(one: &Beside, look: &Look<'_>) -> [String; 2] {
    let first = format!(
        "! {} · {} · {} – {} · {} · {}",
        visible(look.words.pick(&one.benefit_name)),
        visible(&one.name),
        day(Some(one.from)),
        day(last_day(one.until)),
        money(one.amount, look),
        visible(look.words.pick(&one.office.name))
    );
    let effect = match one.effect {
        BesideEffect::Refuse => "beside-refuse",
        BesideEffect::Suspend => "beside-suspend",
        BesideEffect::Choose => "beside-choose",
    };
    let mut second = look.words.t(effect);
    if let Some(law) = &one.law {
        second.push_str(&format!(" [{}]", visible(law)));
    }
    if let Some(chosen) = &one.chosen {
        let keeps = match chosen.keeps {
            Keeps::Asked => "beside-keeps-asked",
            Keeps::Other => "beside-keeps-other",
        };
        second.push_str(&format!(
            " · {} ({}, {})",
            look.words.t(keeps),
            visible(&chosen.by.name),
            instant(chosen.at)
        ));
    } else if !one.here {
        second.push_str(&format!(" · {}", look.words.t("beside-elsewhere")));
    }
    [first, format!("  {second}")]
}

/// A line of the standing in words, with its article where that is confirmed.
pub(super) fn line(of: &StandingLine, look: &Look<'_>) -> String {
    let number = |of: Option<i64>| of.map_or_else(|| look.words.t("beside-unknown"), |n| n.to_string());
    let key = match (of.kind, of.least) {
        (StandingKind::Household, _) if of.office.is_none() => "standing-household-covered",
        (StandingKind::Household, _) => "standing-household",
        (StandingKind::File, _) if of.same => "standing-file-same",
        (StandingKind::File, _) => "standing-file",
        (StandingKind::Dossier, _) => "standing-dossier",
        (StandingKind::Months, _) => "standing-months",
        (StandingKind::Duration, true) => "standing-duration-least",
        (StandingKind::Duration, false) => "standing-duration-most",
        (StandingKind::Term, _) => "standing-term",
        (StandingKind::Review, _) => "standing-review",
    };
    let office = of
        .office
        .as_ref()
        .map_or("", |office| look.words.pick(&office.name));
    let mut benefit = visible(look.words.pick(&of.benefit_name));
    if let Some(about) = &of.about {
        benefit.push_str(&format!(" ({})", visible(about)));
    }
    let until = match of.kind {
        StandingKind::Review => of.from,
        _ => last_day(of.until),
    };
    let says = Say::key(key)
        .with("name", visible(&of.name))
        .with("benefit", benefit)
        .with("office", visible(office))
        .with("since", day(of.from))
        .with("until", day(until))
        .with("have", number(of.have))
        .with("of", number(of.of))
        .with("says", visible(look.words.pick(&of.says)));
    let mut text = look.words.say(&says);
    if of.kind == StandingKind::File && !of.says.is_empty() {
        text.push_str(&format!(" · {}", visible(look.words.pick(&of.says))));
    }
    if let Some(law) = &of.law {
        text.push_str(&format!(" [{}]", visible(law)));
    }
    let sign = match (of.kind, of.holds) {
        (StandingKind::Duration, Some(true)) => "·",
        (StandingKind::Months | StandingKind::Term | StandingKind::Review, _) => "·",
        (StandingKind::Duration, None) => "?",
        _ => "!",
    };
    format!("{sign} {text}")
}

impl Desk for BesideScreen {
    fn help(&self, _look: &Look<'_>) -> Vec<Line> {
        vec![Line::Text(0, Say::key("help-beside"))]
    }
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("title-beside")
    }
    fn acts(&self, look: &Look<'_>) -> Vec<Act> {
        let mut acts = Vec::new();
        if self.rows.opens(&self.shown(look)).is_some() {
            acts.push(Act::Open);
        }
        acts.extend([Act::Then, Act::Refresh]);
        acts
    }
    fn act(&mut self, act: Act, _chord: Chord, cx: &mut Cx<'_>) {
        match act {
            Act::Open => match self.rows.opens(&self.shown(&cx.look)) {
                Some(Opens::Choose(one)) => self.choose(one, cx),
                Some(Opens::Text(text)) => cx.want(Effect::Overlay(text.clone())),
                Some(Opens::Application) | None => cx.want(Effect::Bell),
            },
            Act::Then => {
                let form = ThenForm::new(self.application, &cx.look);
                cx.want(Effect::Push(Box::new(Screen::Then(Box::new(form)))));
            }
            Act::Refresh => cx.want(Effect::Ask(self.again())),
            _ => cx.want(Effect::Bell),
        }
    }
    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) -> bool {
        let page = usize::from(cx.look.size.1).saturating_sub(8);
        let rows = self.shown(&cx.look);
        self.rows.key(chord, &rows, page)
    }
    fn entered(&mut self, cx: &mut Cx<'_>) {
        self.act(Act::Refresh, Chord::of(Key::F(5)), cx);
    }
    fn returned(&mut self, cx: &mut Cx<'_>) {
        // What was chosen above stands here at once.
        cx.want(Effect::Submit(self.again()));
    }
    fn answer(&mut self, _ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match result {
            Ok(Answer::Standing(it)) => self.it = *it,
            Err(fault) => cx.wrong(fault.say()),
            _ => {}
        }
    }
    fn status(&self, _look: &Look<'_>) -> Say {
        if open_choice(self.it.choice.as_ref()) {
            Say::key("beside-open")
        } else {
            Say::Nothing
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        self.rows.draw(&self.shown(look), look, buffer, area)
    }
}

/// Whether the person still has to choose.
pub(super) fn open_choice(choice: Option<&Choice>) -> bool {
    let open = |one: &Beside| one.effect == BesideEffect::Choose && one.chosen.is_none();
    choice.is_some_and(|choice| choice.beside.iter().any(open))
}

/// The person says which right they keep.
#[derive(Debug, Clone)]
pub struct ChooseForm {
    application: Id<value::Application>,
    one: Beside,
    form: Form,
}

impl ChooseForm {
    /// Between what is asked for and one award.
    pub fn new(application: Id<value::Application>, one: Beside) -> ChooseForm {
        let list: Vec<Offer> = vec![
            Offer::new("asked", Say::key("beside-keeps-asked")),
            Offer::new("other", Say::key("beside-keeps-other")),
        ];
        let keeps = Field::new("keeps", Say::key("choose-keeps"), Kind::Code(list.into())).required();
        let reason = Field::new("reason", Say::key("choose-reason"), Kind::Text { max: 2000 })
            .required()
            .help(Say::key("choose-reason-help"));
        ChooseForm {
            application,
            one,
            form: Form::single(vec![keeps, reason]),
        }
    }
    fn submit(&mut self, cx: &mut Cx<'_>) {
        if !form_checks(&mut self.form, cx) {
            return;
        }
        let text = |id: &str| {
            self.form
                .find("", id)
                .map(Field::text)
                .unwrap_or_default()
                .to_owned()
        };
        let keeps = if text("keeps") == "asked" {
            Keeps::Asked
        } else {
            Keeps::Other
        };
        let body = Box::new(Choose {
            award: self.one.award,
            keeps,
            reason: text("reason"),
        });
        let once = cx.once();
        cx.want(Effect::Submit(Ask::Beside(BesideAsk::Choose {
            application: self.application,
            body,
            once,
        })));
    }
}

impl Desk for ChooseForm {
    form_desk!();
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("title-choose")
    }
    fn answer(&mut self, _ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match result {
            Ok(_) => {
                cx.want(Effect::Back);
                super::done(cx, "chosen");
            }
            Err(fault) => form_faults(&mut self.form, &fault, cx),
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        let [first, _] = beside_lines(&self.one, look);
        put(buffer, area, 0, &first, look.theme.strong());
        view::draw(&self.form, buffer, rest(area, 2), &look.form(), look.theme)
    }
}

/// The same application as of another day.
#[derive(Debug, Clone)]
pub struct ThenForm {
    application: Id<value::Application>,
    form: Form,
    said: Option<AssessedThen>,
}

impl ThenForm {
    /// As of today with what is known today, until other days are typed.
    pub fn new(application: Id<value::Application>, look: &Look<'_>) -> ThenForm {
        let mut fields = Vec::new();
        for (id, words, help, past) in [
            ("as_of", "then-as-of", "then-as-of-help", false),
            ("known_on", "then-known-on", "then-known-on-help", true),
        ] {
            let mut field = Field::new(id, Say::key(words), Kind::Date { past }).help(Say::key(help));
            field.set(&FactValue::Date(look.today), &look.form());
            fields.push(field);
        }
        ThenForm {
            application,
            form: Form::single(fields),
            said: None,
        }
    }
    fn day(&self, id: &str, look: &Look<'_>) -> Option<Date> {
        match self.form.find("", id)?.value(&look.form()) {
            Ok(Some(FactValue::Date(day))) => Some(day),
            _ => None,
        }
    }
    fn submit(&mut self, cx: &mut Cx<'_>) {
        if !form_checks(&mut self.form, cx) {
            return;
        }
        // What was known at the end of that day; today: now.
        let known_on = self.day("known_on", &cx.look).filter(|day| *day < cx.look.today);
        let query = ThenQuery {
            as_of: self.day("as_of", &cx.look),
            known_at: known_on.and_then(end_of),
        };
        cx.want(Effect::Submit(Ask::Beside(BesideAsk::Then {
            application: self.application,
            query,
        })));
    }
}

/// The last instant of a day by the clock on this desk, as all instants are shown.
fn end_of(day: Date) -> Option<Timestamp> {
    let last = day.at(23, 59, 59, 0).to_zoned(jiff::tz::TimeZone::system());
    last.ok().map(|last| last.timestamp())
}

impl Desk for ThenForm {
    form_desk!(Act::Reckon);
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("title-then")
    }
    fn answer(&mut self, _ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match result {
            Ok(Answer::Then(said)) => self.said = Some(*said),
            Ok(_) => {}
            Err(fault) => form_faults(&mut self.form, &fault, cx),
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        let fields = Rect::new(area.x, area.y, area.width, area.height.min(3));
        let cursor = view::draw(&self.form, buffer, fields, &look.form(), look.theme);
        let below = rest(area, 4);
        let Some(said) = &self.said else {
            put(buffer, below, 0, &look.words.t("then-says"), look.theme.quiet());
            return cursor;
        };
        let a = &said.assessment;
        let head = outcome_style(a.outcome, look).add_modifier(Modifier::BOLD);
        put(buffer, below, 0, &why::headline(a, look), head);
        let mut at = 1;
        for month in said.arrears.iter().take(6) {
            let says = Say::key("then-arrears")
                .with("month", day(Some(month.month)))
                .with("amount", money(month.amount, look));
            put(buffer, below, at, &look.words.say(&says), look.theme.strong());
            at += 1;
        }
        let told = a
            .conditions
            .iter()
            .filter(|it| it.verdict != Verdict::NotApplicable);
        for condition in told {
            if at >= below.height {
                break;
            }
            let (sign, style) = verdict(condition.verdict, look);
            put(buffer, Rect::new(below.x, below.y + at, 1, 1), 0, sign, style);
            let text = Rect::new(below.x + 2, below.y, below.width.saturating_sub(2), below.height);
            put(buffer, text, at, look.words.pick(&condition.text), Style::new());
            at += 1;
        }
        cursor
    }
}

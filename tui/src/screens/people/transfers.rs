//! Dossiers that go to another centre: what waits for an answer, either way, and asking for it.

use super::word::{Deed, WordForm};
use crate::{
    api::{
        Answer, Ask, Fault,
        people::{PeopleAnswer, PeopleAsk, TransferKit},
    },
    app::{Cx, Effect, Look, confirm, keymap::Act, overlay::Line},
    form::{Choice, Field, Form, Kind, view},
    i18n::Say,
    screens::{
        Desk, FORM_ACTS, FormKey, Screen, done, form_checks, form_faults, form_help, form_key, form_paste,
        form_status,
        forms::{form_desk, rest},
        widgets::{Cursor, card_line, day, full_name, instant, list, pair, put},
    },
    term::Chord,
    text::{visible, wrap},
};
use karton_api::{
    Id,
    persons::Member,
    transfers::{AskTransfer, Transfer},
    value,
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

/// The list, with what there is to know of the one under the cursor below it.
#[derive(Debug, Clone)]
pub struct TransfersScreen {
    items: Vec<Transfer>,
    cursor: Cursor,
}

fn state_words(it: &Transfer) -> (&'static str, &'static str) {
    match it.accepted {
        None if it.may.is_empty() => ("⋯", "transfer-asked"),
        None => ("!", "transfer-waits-here"),
        Some(true) => ("✓", "transfer-accepted"),
        Some(false) => ("✗", "transfer-not-taken"),
    }
}

impl TransfersScreen {
    /// The newest first.
    pub fn new(items: Vec<Transfer>) -> TransfersScreen {
        TransfersScreen {
            items,
            cursor: Cursor::default(),
        }
    }
    fn current(&self) -> Option<&Transfer> {
        self.items.get(self.cursor.0)
    }
    fn may(&self, what: &str) -> bool {
        self.current()
            .is_some_and(|it| it.may.iter().any(|may| may == what))
    }
    fn details(&self, it: &Transfer, look: &Look<'_>, buffer: &mut Buffer, area: Rect) {
        let office = |of: &karton_api::common::OfficeRef| visible(look.words.pick(&of.name));
        let runs = Say::key("transfer-runs")
            .with("applications", it.applications)
            .with("awards", it.awards)
            .with("cases", it.cases);
        let mut rows = vec![
            ("transfer-who", card_line(&it.person)),
            (
                "transfer-way",
                format!("{} → {}", office(&it.from), office(&it.to)),
            ),
            ("transfer-with", look.words.say(&runs)),
            (
                "transfer-asked-by",
                format!("{}  {}", visible(&it.asked_by.name), instant(it.asked_at)),
            ),
            ("reason", visible(&it.reason)),
        ];
        if let Some(by) = &it.answered_by {
            let at = it.answered_at.map(instant).unwrap_or_default();
            rows.push(("transfer-answered-by", format!("{}  {at}", visible(&by.name))));
        }
        if let Some(answer) = &it.answer {
            rows.push(("transfer-answer", visible(answer)));
        }
        for (i, (key, text)) in rows.iter().enumerate() {
            let line = u16::try_from(i).unwrap_or(0);
            pair(buffer, area, line, &look.words.t(key), text, 18, look);
        }
    }
}

impl Desk for TransfersScreen {
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("title-transfers")
    }
    fn acts(&self, _look: &Look<'_>) -> Vec<Act> {
        let mut acts = Vec::new();
        if self.may("accept") {
            acts.push(Act::Agree);
        }
        if self.may("refuse") {
            acts.push(Act::Refuse);
        }
        if self.current().is_some() {
            acts.push(Act::Dossier);
        }
        acts.push(Act::Refresh);
        acts
    }
    fn act(&mut self, act: Act, _chord: Chord, cx: &mut Cx<'_>) {
        match act {
            Act::Agree => {
                if let Some(it) = self.current() {
                    let lines = vec![
                        Say::raw(card_line(&it.person)),
                        Say::key("transfer-runs")
                            .with("applications", it.applications)
                            .with("awards", it.awards)
                            .with("cases", it.cases),
                        Say::key("transfer-accept-says"),
                    ];
                    cx.want(confirm(Say::key("transfer-accept-ask"), lines, Act::Agree));
                }
            }
            Act::Refuse => {
                if let Some(it) = self.current() {
                    let form = WordForm::new(Deed::RefuseTransfer(Box::new(it.clone())), &cx.look);
                    cx.want(Effect::Push(Box::new(Screen::Word(Box::new(form)))));
                }
            }
            Act::Dossier => {
                if let Some(person) = self.current().map(|it| it.person.id) {
                    cx.want(Effect::Open {
                        ask: Ask::Dossier { person },
                        replace: false,
                    });
                }
            }
            Act::Refresh => cx.want(Effect::Submit(Ask::People(PeopleAsk::Transfers))),
            _ => cx.want(Effect::Bell),
        }
    }
    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) -> bool {
        let page = usize::from(cx.look.size.1).saturating_sub(14);
        self.cursor.key(chord, self.items.len(), page)
    }
    fn confirmed(&mut self, _act: Act, cx: &mut Cx<'_>) {
        if let Some(id) = self.current().map(|it| it.id) {
            let once = cx.once();
            cx.want(Effect::Submit(Ask::People(PeopleAsk::AcceptTransfer {
                id,
                once,
            })));
        }
    }
    fn returned(&mut self, cx: &mut Cx<'_>) {
        cx.want(Effect::Submit(Ask::People(PeopleAsk::Transfers)));
    }
    fn answer(&mut self, ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match result {
            Ok(Answer::People(PeopleAnswer::Transfers(items))) => {
                self.items = items;
                self.cursor.0 = self.cursor.0.min(self.items.len().saturating_sub(1));
                if matches!(ask, Ask::People(PeopleAsk::AcceptTransfer { .. })) {
                    done(cx, "transfer-taken");
                }
            }
            Err(fault) => cx.wrong(fault.say()),
            _ => {}
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        const DETAILS: u16 = 8;
        put(
            buffer,
            area,
            0,
            &look.words.t("transfers-says"),
            look.theme.quiet(),
        );
        let Some(current) = self.current() else {
            put(buffer, area, 2, &look.words.t("transfers-none"), Style::new());
            return None;
        };
        let height = area.height.saturating_sub(2 + DETAILS);
        let body = Rect::new(area.x, area.y + 2, area.width, height);
        let name = (usize::from(area.width).saturating_sub(60)).clamp(18, 40);
        self.details(
            current,
            look,
            buffer,
            rest(area, area.height.saturating_sub(DETAILS)),
        );
        list(buffer, body, self.items.len(), self.cursor, look, |i| {
            let it = &self.items[i];
            let (sign, words) = state_words(it);
            vec![
                (sign.to_owned(), 1, look.theme.open()),
                (full_name(&it.person.name), name, Style::new()),
                (
                    format!(
                        "{} → {}",
                        visible(look.words.pick(&it.from.name)),
                        visible(look.words.pick(&it.to.name))
                    ),
                    usize::from(area.width).saturating_sub(name + 32),
                    look.theme.quiet(),
                ),
                (look.words.t(words), 16, Style::new()),
                (
                    day(Some(it.asked_at.to_zoned(jiff::tz::TimeZone::system()).date())),
                    10,
                    look.theme.quiet(),
                ),
            ]
        })
    }
}

/// So many members are asked about one by one; a form never scrolls.
const MOST_ASKED: usize = 8;

/// Another centre is asked to take a dossier over, and those of the household that go with it.
#[derive(Debug, Clone)]
pub struct TransferForm {
    kit: TransferKit,
    form: Form,
}

/// Members of the household whose dossiers lie where this one does.
fn others(kit: &TransferKit) -> impl Iterator<Item = &Member> {
    let me = &kit.dossier.person.card;
    let members = kit
        .dossier
        .household
        .iter()
        .flat_map(|household| &household.members);
    members
        .filter(|member| member.card.id != me.id && member.card.office.code == me.office.code)
        .take(MOST_ASKED)
}

impl TransferForm {
    /// With the competent centre filled in, where it is known.
    pub fn new(kit: TransferKit, look: &Look<'_>) -> TransferForm {
        let list: Vec<Choice> = kit
            .offices
            .iter()
            .map(|office| Choice::new(office.code.clone(), Say::table(&office.name)))
            .collect();
        let mut to = Field::new("to", Say::key("transfer-to"), Kind::Code(list.into())).required();
        if let Some(code) = kit
            .to
            .as_ref()
            .filter(|code| kit.offices.iter().any(|office| office.code == **code))
        {
            to.put(code);
        }
        let mut fields = vec![to];
        fields.extend(others(&kit).map(|member| {
            let mut field = Field::new(
                member.card.id.to_string(),
                Say::raw(full_name(&member.card.name)),
                Kind::Bool,
            );
            field.put("true");
            field.help(Say::key("transfer-member-help"))
        }));
        fields.push(
            Field::new("reason", Say::key("reason"), Kind::Text { max: 2000 })
                .required()
                .same_as("reason"),
        );
        let mut form = Form::single(fields);
        form.remember(look.answers);
        TransferForm { kit, form }
    }
    fn text(&self, id: &str) -> String {
        let field = self.form.find("", id);
        field
            .map(|field| field.text().trim().to_owned())
            .unwrap_or_default()
    }
    fn submit(&mut self, cx: &mut Cx<'_>) {
        if !form_checks(&mut self.form, cx) {
            return;
        }
        let mut people: Vec<Id<value::Person>> = vec![self.kit.dossier.person.card.id];
        people.extend(
            others(&self.kit)
                .map(|member| member.card.id)
                .filter(|id| self.text(&id.to_string()) == "true"),
        );
        let body = AskTransfer {
            to: self.text("to"),
            reason: self.text("reason"),
        };
        let once = cx.once();
        cx.want(Effect::Submit(Ask::People(PeopleAsk::Transfer {
            people,
            body,
            once,
        })));
    }
}

impl Desk for TransferForm {
    form_desk!();
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("title-transfer")
    }
    fn answer(&mut self, _ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match result {
            Ok(Answer::People(PeopleAnswer::Transferred(n))) => {
                cx.want(Effect::Answers(self.form.answers()));
                cx.want(Effect::Back);
                cx.want(Effect::Say(
                    Say::key("transfer-sent").with("n", n),
                    crate::app::Tone::Done,
                ));
            }
            Err(fault) => form_faults(&mut self.form, &fault, cx),
            _ => {}
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        let dossier = &self.kit.dossier;
        put(
            buffer,
            area,
            0,
            &card_line(&dossier.person.card),
            look.theme.strong(),
        );
        let runs = Say::key("transfer-runs")
            .with("applications", dossier.applications.len())
            .with("awards", dossier.awards.len())
            .with("cases", dossier.cases.len());
        put(buffer, area, 1, &look.words.say(&runs), Style::new());
        let mut line = 2;
        for text in wrap(&look.words.t("transfer-says"), usize::from(area.width))
            .iter()
            .take(3)
        {
            put(buffer, area, line, text, look.theme.quiet());
            line += 1;
        }
        view::draw(&self.form, buffer, rest(area, line + 1), &look.form(), look.theme)
    }
}

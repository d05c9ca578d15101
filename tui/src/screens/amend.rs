//! Forms of later decisions, of serving a letter, and of deciding in one's own words.

use super::{
    Desk, FORM_ACTS, FormKey, choices, done, form_checks, form_faults, form_help, form_key, form_paste,
    form_status,
    forms::{AMOUNT, amount_page, condition_page, confirmations, form_desk, form_keys, rest},
    said::said,
    widgets::{card_line, day, full_name, last_day, money, put},
};
use crate::{
    api::{
        About, Answer, Ask, Fault, First, Once, SecondAsk, Work,
        beside::{PARTS, RESTS, part_named},
    },
    app::{Cx, Effect, Look, confirm, keymap::Act, overlay::Line},
    form::{Choice, Field, Form, Kind, Page, view},
    i18n::Say,
    term::Chord,
    text::{visible, wrap},
};
use karton_api::{
    Currency, Date, FactValue, Id, Money,
    amendments::{
        Amendment, AmendmentKind, ConfirmAmendment, Correction, DecideAmendment, NewAmendment, Proposed,
        WouldChange,
    },
    applications::{AmountSet, Decide},
    catalogue::CodeList,
    common::Reason,
    confirmations::{Confirmation, Says},
    decisions::{Deliver, DeliveryHow},
    value,
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};
use std::collections::BTreeMap;

/// Every kind with the pack's name and the words for it.
pub(super) const KINDS: [(AmendmentKind, &str, &str); 6] = [
    (AmendmentKind::Change, "change", "kind-change"),
    (AmendmentKind::Suspend, "suspend", "kind-suspend"),
    (AmendmentKind::Resume, "resume", "kind-resume"),
    (AmendmentKind::End, "end", "kind-end"),
    (AmendmentKind::Correct, "correct", "kind-correct"),
    (AmendmentKind::Annul, "annul", "kind-annul"),
];

/// The words for a kind.
pub(super) fn kind_words(kind: AmendmentKind) -> &'static str {
    KINDS
        .iter()
        .find(|(one, ..)| *one == kind)
        .map_or("kind-change", |(_, _, words)| words)
}

fn kind_named(name: &str) -> Option<AmendmentKind> {
    KINDS
        .iter()
        .find(|(_, code, _)| *code == name)
        .map(|(kind, ..)| *kind)
}

/// The trimmed text of a field.
fn text(form: &Form, id: &str) -> String {
    form.find("", id)
        .map(|f| f.text().trim().to_owned())
        .unwrap_or_default()
}
fn written(form: &Form, id: &str) -> Option<String> {
    Some(text(form, id)).filter(|text| !text.is_empty())
}
fn date(form: &Form, id: &str, look: &Look<'_>) -> Option<Date> {
    match form
        .find("", id)
        .and_then(|field| field.value(&look.form()).ok().flatten())
    {
        Some(FactValue::Date(day)) => Some(day),
        _ => None,
    }
}

/// A first officer proposes a later decision.
#[derive(Debug, Clone)]
pub struct AmendForm {
    about: About,
    reasons: CodeList,
    kind: AmendmentKind,
    /// The kind whose reasons stand in the list.
    offered: Option<AmendmentKind>,
    /// What a change rests on, once it was asked.
    would: Option<WouldChange>,
    form: Form,
    once: Once,
}

impl AmendForm {
    /// With what is known of it.
    pub fn new(about: About, mut codes: BTreeMap<String, CodeList>, look: &Look<'_>) -> Option<AmendForm> {
        let reasons = codes.remove("amendment_reasons")?;
        let parts = codes.remove(PARTS).map(|list| list.codes).unwrap_or_default();
        let part_rests = parts.iter().any(|part| part.more.contains_key(RESTS));
        let (kinds, first): (Vec<AmendmentKind>, AmendmentKind) = match &about {
            About::Award(award) if award.suspended => (
                vec![AmendmentKind::Resume, AmendmentKind::End],
                AmendmentKind::Resume,
            ),
            About::Award(_) if part_rests => (
                vec![
                    AmendmentKind::Change,
                    AmendmentKind::Suspend,
                    AmendmentKind::Resume,
                    AmendmentKind::End,
                ],
                AmendmentKind::Resume,
            ),
            About::Award(_) => (
                vec![AmendmentKind::Change, AmendmentKind::Suspend, AmendmentKind::End],
                AmendmentKind::End,
            ),
            About::Decision(_, kind) | About::Later(_, kind) | About::Second(_, kind) => (vec![*kind], *kind),
            About::Again(it) => (vec![it.kind], it.kind),
        };
        let list: Vec<Choice> = KINDS
            .iter()
            .filter(|(kind, ..)| kinds.contains(kind))
            .map(|(_, code, words)| Choice::new(*code, Say::key(words)))
            .collect();
        let mut kind = Field::new("kind", Say::key("amend-kind"), Kind::Code(list.into())).required();
        if let Some((_, code, _)) = KINDS.iter().find(|(kind, ..)| *kind == first) {
            kind.put(code);
        }
        let mut fields = vec![kind];
        let whole = match &about {
            About::Later(..) | About::Second(..) => true,
            About::Again(it) => it.amendment.is_some() || it.confirmation.is_some(),
            _ => false,
        };
        if first != AmendmentKind::Correct && !whole {
            let mut from = Field::new("from", Say::key("amend-from"), Kind::Date { past: false })
                .help(Say::key("amend-from-help"));
            if first != AmendmentKind::Annul {
                from = from.required();
                let known = match &about {
                    About::Again(it) => it.from,
                    _ => look
                        .today
                        .first_of_month()
                        .checked_add(jiff::Span::new().months(1))
                        .ok(),
                };
                if let Some(day) = known {
                    from.set(&FactValue::Date(day), &look.form());
                }
            }
            fields.push(from);
        }
        // A part of the amount, or one person's share of it, may rest alone; left empty it is the whole right.
        let about_parts = matches!(
            first,
            AmendmentKind::Suspend | AmendmentKind::Resume | AmendmentKind::End
        );
        if about_parts && !parts.is_empty() {
            let list: Vec<Choice> = parts
                .iter()
                .map(|part| Choice::new(part.code.clone(), Say::raw(visible(look.words.pick(&part.name)))))
                .collect();
            let mut field = Field::new("part", Say::key("amend-part"), Kind::Code(list.into()))
                .help(Say::key("amend-part-help"));
            if let About::Again(it) = &about
                && let Some(part) = &it.part
            {
                let person = part.person.map(|person| format!(" {person}")).unwrap_or_default();
                field.put(&format!("{}{person}", part.code));
            }
            fields.push(field);
        }
        let none: Vec<Choice> = Vec::new();
        let mut reason = Field::new("reason", Say::key("amend-reason"), Kind::Code(none.into())).required();
        if let About::Again(it) = &about
            && let Some(code) = &it.reason
        {
            reason.put(code);
        }
        fields.push(reason);
        if first == AmendmentKind::Correct {
            for (id, words) in [("was", "correct-was"), ("is", "correct-is")] {
                fields.push(Field::new(id, Say::key(words), Kind::Text { max: 500 }).required());
            }
        }
        fields.push(
            Field::new("paragraph", Say::key("paragraph"), Kind::Text { max: 1500 })
                .help(Say::key("paragraph-help")),
        );
        let mut screen = AmendForm {
            about,
            reasons,
            kind: first,
            would: None,
            offered: None,
            form: Form::single(fields),
            once: Once::new(),
        };
        screen.offer(look);
        Some(screen)
    }
    /// Each kind has its own reasons.
    fn offer(&mut self, look: &Look<'_>) {
        let chosen = kind_named(&text(&self.form, "kind")).unwrap_or(self.kind);
        // What is half typed is no reason yet, and stays.
        if self.offered.replace(chosen) == Some(chosen) {
            return;
        }
        self.kind = chosen;
        let name = KINDS
            .iter()
            .find(|(kind, ..)| *kind == chosen)
            .map_or("", |(_, name, _)| name);
        let mut list = self.reasons.clone();
        list.codes.retain(|code| {
            code.more
                .get("kinds")
                .is_some_and(|kinds| kinds.split_whitespace().any(|kind| kind == name))
        });
        let offered = choices(Some(&list), look);
        let only = (offered.len() == 1)
            .then(|| offered.first().map(|one| one.code.clone()))
            .flatten();
        if let Some(field) = self.form.find_mut("", "reason") {
            let held = field.text().to_owned();
            let stays = offered.iter().any(|one| one.code == held);
            field.kind = Kind::Code(offered.into());
            if let (false, Some(only)) = (stays, only) {
                field.put(&only);
            } else if !stays {
                field.put("");
            }
        }
    }
    fn says(&self, look: &Look<'_>) -> Proposed {
        let corrections = match (written(&self.form, "was"), written(&self.form, "is")) {
            (Some(was), Some(is)) => vec![Correction { was, is }],
            _ => Vec::new(),
        };
        Proposed {
            from: date(&self.form, "from", look),
            reason: text(&self.form, "reason"),
            corrections,
            confirmed: if self.kind == AmendmentKind::Change {
                confirmations(&self.form)
            } else {
                Vec::new()
            },
            part: matches!(self.kind, AmendmentKind::Suspend | AmendmentKind::Resume)
                .then(|| part_named(&text(&self.form, "part")))
                .flatten(),
            paragraph: written(&self.form, "paragraph"),
        }
    }
    fn submit(&mut self, cx: &mut Cx<'_>) {
        // What nothing proves is asked about before a change is proposed: the facts may be others than at the grant.
        if self.kind != AmendmentKind::Change {
            self.form.pages.truncate(1);
            self.would = None;
        } else if self.would.is_none()
            && let Some(award) = self.award()
        {
            if form_checks(&mut self.form, cx) {
                cx.want(Effect::Submit(Ask::WouldChange { award }));
            }
            return;
        }
        if !form_checks(&mut self.form, cx) {
            return;
        }
        self.once = cx.once();
        let lines = vec![
            Say::raw(self.who()),
            Say::key(kind_words(self.kind)),
            Say::key("amend-ask-says"),
        ];
        cx.want(confirm(Say::key("amend-ask"), lines, Act::Submit));
    }
    fn award(&self) -> Option<Id<value::Award>> {
        match &self.about {
            About::Award(award) => Some(award.id),
            About::Again(it) => it.award,
            About::Decision(..) | About::Later(..) | About::Second(..) => None,
        }
    }
    /// A page for each condition that needs the officer's own word; where there is none, it can be proposed at once.
    fn asked(&mut self, would: WouldChange, cx: &mut Cx<'_>) {
        let pages: Vec<Page> = would
            .assessment
            .conditions
            .iter()
            .filter(|condition| would.confirm.contains(&condition.id))
            .map(condition_page)
            .chain(would.confirm.iter().any(|id| id == AMOUNT).then(amount_page))
            .collect();
        let none = pages.is_empty();
        self.form.pages.extend(pages);
        self.form.remember(cx.look.answers);
        self.form.settle(&cx.look.form());
        self.would = Some(would);
        if none {
            self.submit(cx);
        } else {
            self.form.go((1, 0));
        }
    }
    fn who(&self) -> String {
        match &self.about {
            About::Award(award) => card_line(&award.beneficiary),
            About::Decision(decision, _) => card_line(&decision.application.applicant),
            About::Second(First::Decision(it), _) => card_line(&it.application.applicant),
            About::Later(it, _) | About::Second(First::Later(it), _) | About::Again(it) => {
                card_line(&it.person)
            }
        }
    }
    /// The server's word on `/says/confirmed/3/reason` goes to the fourth condition.
    fn fault(&mut self, fault: &Fault, cx: &mut Cx<'_>) {
        for error in fault.problem().into_iter().flat_map(|it| it.errors.iter().rev()) {
            let mut parts = error
                .pointer
                .strip_prefix("/says/confirmed/")
                .unwrap_or("")
                .split('/');
            let page = parts.next().and_then(|n| n.parse::<usize>().ok());
            let page = page
                .and_then(|n| self.form.pages.get(n + 1))
                .map(|page| page.id.clone());
            if let (Some(page), Some(id)) = (page, parts.next()) {
                let words = said(error, &cx.look);
                self.form.fault(&page, id, words.clone());
                return cx.wrong(words);
            }
        }
        form_faults(&mut self.form, fault, cx);
    }
}

impl Desk for AmendForm {
    form_keys!(said);
    fn acts(&self, _look: &Look<'_>) -> Vec<Act> {
        FORM_ACTS.to_vec()
    }
    fn act(&mut self, act: Act, chord: Chord, cx: &mut Cx<'_>) {
        if act == Act::Submit {
            self.submit(cx);
        } else {
            form_key(&mut self.form, chord, cx);
            self.offer(&cx.look);
        }
    }
    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) -> bool {
        let did = form_key(&mut self.form, chord, cx);
        self.offer(&cx.look);
        if did == FormKey::Finished {
            self.submit(cx);
        }
        did != FormKey::Ignored
    }
    fn paste(&mut self, text: &str, cx: &mut Cx<'_>) {
        form_paste(&mut self.form, text, cx);
    }
    fn chosen(&mut self, code: &str, cx: &mut Cx<'_>) {
        let ctx = cx.look.form();
        self.form.choose(code, &ctx);
        self.offer(&cx.look);
    }
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("title-amend")
    }
    fn confirmed(&mut self, _act: Act, cx: &mut Cx<'_>) {
        let (says, once) = (self.says(&cx.look), self.once.clone());
        let new = |award, decision, amendment| NewAmendment {
            kind: self.kind,
            award,
            decision,
            amendment,
            confirmation: None,
            says: says.clone(),
        };
        let ask = match &self.about {
            About::Award(award) => Ask::Propose {
                body: new(Some(award.id), None, None),
                once,
            },
            About::Decision(decision, _) => Ask::Propose {
                body: new(None, Some(decision.id), None),
                once,
            },
            About::Later(it, _) => Ask::Propose {
                body: new(None, None, Some(it.id)),
                once,
            },
            About::Second(first, _) => Ask::Propose {
                body: NewAmendment {
                    confirmation: spoken(first).map(|it| it.id),
                    ..new(None, None, None)
                },
                once,
            },
            About::Again(it) => Ask::RecommendAmendment {
                id: it.id,
                body: says,
                once,
            },
        };
        cx.want(Effect::Submit(ask));
    }
    fn answer(&mut self, _ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match result {
            Ok(Answer::WouldChange(would)) => self.asked(*would, cx),
            Ok(_) => {
                cx.want(Effect::Answers(self.form.answers()));
                cx.want(Effect::Back);
                done(cx, "recommended");
            }
            Err(fault) => self.fault(&fault, cx),
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        put(buffer, area, 0, &self.who(), look.theme.strong());
        if self.form.page() > 0
            && let Some(page) = self.form.pages.get(self.form.page())
        {
            let at = format!("{}/{}", self.form.page() + 1, self.form.pages.len());
            let head = format!("{at}  {}", look.words.t("recommend-page"));
            put(buffer, area, 2, &head, look.theme.heading());
            let mut line = 3;
            let wide = usize::from(area.width);
            for part in wrap(&look.words.say(&page.title), wide).iter().take(4) {
                put(buffer, area, line, part, Style::new());
                line += 1;
            }
            return view::draw(&self.form, buffer, rest(area, line + 1), &look.form(), look.theme);
        }
        let line = match &self.about {
            About::Award(award) => format!(
                "{}  ·  {}  ·  {} – {}",
                visible(look.words.pick(&award.benefit_name)),
                money(award.amount, look),
                day(Some(award.starts)),
                day(last_day(award.ends))
            ),
            About::Decision(decision, _) => format!(
                "{}  ·  {}",
                visible(&decision.number),
                visible(look.words.pick(&decision.application.benefit_name))
            ),
            About::Second(first, _) => {
                let number = spoken(first).and_then(|it| it.number.as_deref());
                let name = match first {
                    First::Decision(it) => &it.application.benefit_name,
                    First::Later(it) => &it.benefit_name,
                };
                let name = visible(look.words.pick(name));
                format!("{}  ·  {name}", visible(number.unwrap_or("")))
            }
            About::Later(it, _) => format!(
                "{}  ·  {}",
                visible(it.number.as_deref().unwrap_or("")),
                visible(look.words.pick(&it.benefit_name))
            ),
            About::Again(it) => format!(
                "{}  ·  {}",
                visible(look.words.pick(&it.benefit_name)),
                visible(it.decision_number.as_deref().unwrap_or(""))
            ),
        };
        put(buffer, area, 1, &line, Style::new());
        let says = match self.kind {
            AmendmentKind::Change => "amend-change-says",
            AmendmentKind::Correct => "amend-correct-says",
            AmendmentKind::Annul => "amend-annul-says",
            _ => "amend-says",
        };
        put(buffer, area, 2, &look.words.t(says), look.theme.quiet());
        view::draw(&self.form, buffer, rest(area, 4), &look.form(), look.theme)
    }
}

/// Whether a second body refused it.
fn refused(it: &Amendment) -> bool {
    let said = it.second.as_ref().and_then(|it| it.confirmation.as_ref());
    said.is_some_and(|said| said.says == Says::Refuse)
}

/// What a second body decided.
fn spoken(first: &First) -> Option<&Confirmation> {
    first.second()?.confirmation.as_ref()
}

/// How a letter was served: of which kind of decision.
#[derive(Debug, Clone, PartialEq)]
pub enum Served {
    /// A decision on an application.
    Decision(Id<value::Decision>),
    /// A later one.
    Amendment(Id<value::Amendment>),
    /// What a second body decided.
    Confirmation(Id<value::Confirmation>),
    /// What it decided on a later decision.
    OnLater(Id<value::Amendment>),
}

const HOW: [(&str, DeliveryHow, &str); 5] = [
    ("handed", DeliveryHow::Handed, "how-handed"),
    ("post", DeliveryHow::Post, "how-post"),
    ("refused", DeliveryHow::Refused, "how-refused"),
    ("board", DeliveryHow::NoticeBoard, "how-board"),
    ("returned", DeliveryHow::Returned, "how-returned"),
];

/// The words for how a letter was served.
pub(super) fn how_words(how: DeliveryHow) -> &'static str {
    HOW.iter()
        .find(|(_, one, _)| *one == how)
        .map_or("how-handed", |(_, _, words)| words)
}

/// An attempt to serve a letter is written down.
#[derive(Debug, Clone)]
pub struct ServeForm {
    what: Served,
    number: String,
    form: Form,
}

impl ServeForm {
    /// Today, handed over, until something else is said.
    pub fn new(what: Served, number: String, look: &Look<'_>) -> ServeForm {
        let list: Vec<Choice> = HOW
            .iter()
            .map(|(code, _, words)| Choice::new(*code, Say::key(words)))
            .collect();
        let mut how = Field::new("how", Say::key("serve-how"), Kind::Code(list.into())).required();
        how.put("handed");
        let mut on = Field::new("on", Say::key("serve-on"), Kind::Date { past: true }).required();
        on.set(&FactValue::Date(look.today), &look.form());
        let to = Field::new("to", Say::key("serve-to"), Kind::Text { max: 200 });
        ServeForm {
            what,
            number,
            form: Form::single(vec![how, on, to]),
        }
    }
    fn submit(&mut self, cx: &mut Cx<'_>) {
        if !form_checks(&mut self.form, cx) {
            return;
        }
        let code = text(&self.form, "how");
        let how = HOW
            .iter()
            .find(|(one, ..)| *one == code)
            .map(|(_, how, _)| *how)
            .unwrap_or_default();
        let Some(on) = date(&self.form, "on", &cx.look) else {
            return;
        };
        let body = Deliver {
            on,
            how,
            to: written(&self.form, "to"),
        };
        let once = cx.once();
        cx.want(Effect::Submit(match self.what {
            Served::Decision(decision) => Ask::Deliver { decision, body, once },
            Served::Amendment(id) => Ask::DeliverAmendment { id, body, once },
            Served::Confirmation(id) => Ask::Second(SecondAsk::Deliver { id, body, once }),
            Served::OnLater(id) => Ask::Second(SecondAsk::DeliverLater { id, body, once }),
        }));
    }
}

impl Desk for ServeForm {
    form_desk!();
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("title-serve").with("number", &self.number)
    }
    fn answer(&mut self, _ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match result {
            Ok(_) => {
                cx.want(Effect::Back);
                done(cx, "delivery-noted");
            }
            Err(fault) => form_faults(&mut self.form, &fault, cx),
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        put(buffer, area, 0, &look.words.t("serve-says"), look.theme.quiet());
        view::draw(&self.form, buffer, rest(area, 2), &look.form(), look.theme)
    }
}

/// The second officer decides with a paragraph of their own, or sets an amount that the rule leaves to the officers.
#[derive(Debug, Clone)]
pub struct DecideForm {
    work: Work,
    form: Form,
}

impl DecideForm {
    /// For an application with a recommendation; none without one.
    pub fn new(work: &Work, look: &Look<'_>) -> Option<DecideForm> {
        let recommendation = work.application.recommendation.as_ref()?;
        let mut fields = Vec::new();
        if let Some(upto) = limit(work) {
            let kind = Kind::Money {
                currency: upto.currency,
                places: 2,
            };
            let mut amount = Field::new("money", Say::key("set-amount"), kind).required();
            if let Some(set) = &recommendation.amount {
                amount.set(&FactValue::Money(set.money), &look.form());
            }
            fields.push(amount);
            fields.push(
                Field::new("reason", Say::key("set-amount-reason"), Kind::Text { max: 2000 }).required(),
            );
        }
        fields.push(
            Field::new("paragraph", Say::key("paragraph"), Kind::Text { max: 1500 })
                .help(Say::key("paragraph-help")),
        );
        Some(DecideForm {
            work: work.clone(),
            form: Form::single(fields),
        })
    }
    fn submit(&mut self, cx: &mut Cx<'_>) {
        if !form_checks(&mut self.form, cx) {
            return;
        }
        let applicant = &self.work.application.summary.applicant;
        let lines = vec![Say::raw(card_line(applicant)), Say::key("decide-says")];
        cx.want(confirm(Say::key("decide-ask"), lines, Act::Decide));
    }
}

/// The most that officers may set, where the rule leaves the amount to them and it is to be granted.
pub(super) fn limit(work: &Work) -> Option<Money> {
    let granted = work
        .application
        .recommendation
        .as_ref()
        .is_none_or(|it| it.outcome == karton_api::assessments::Outcome::Grant);
    let amount = work.assessment.as_ref()?.assessment.amount.as_ref()?;
    amount.upto.filter(|_| granted)
}

/// An amount with its reason as two fields say it.
pub(super) fn amount_set(
    form: &Form,
    page: &str,
    ids: (&str, &str),
    currency: Option<Currency>,
    look: &Look<'_>,
) -> Option<AmountSet> {
    currency?;
    let value = form
        .find(page, ids.0)
        .and_then(|field| field.value(&look.form()).ok().flatten());
    let Some(FactValue::Money(money)) = value else {
        return None;
    };
    let reason = form
        .find(page, ids.1)
        .map(|field| field.text().trim().to_owned())?;
    Some(AmountSet { money, reason })
}

impl Desk for DecideForm {
    form_desk!();
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("act-decide")
    }
    fn confirmed(&mut self, _act: Act, cx: &mut Cx<'_>) {
        let Some(recommendation) = &self.work.application.recommendation else {
            return;
        };
        let currency = limit(&self.work).map(|upto| upto.currency);
        let body = Decide {
            assessment: recommendation.assessment,
            outcome: recommendation.outcome,
            paragraph: written(&self.form, "paragraph"),
            amount: amount_set(&self.form, "", ("money", "reason"), currency, &cx.look),
        };
        let once = cx.once();
        cx.want(Effect::Submit(Ask::Decide {
            id: self.work.application.summary.id,
            body,
            once,
        }));
    }
    fn answer(&mut self, _ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match result {
            Ok(Answer::Decision(decision)) => {
                cx.want(Effect::Back);
                cx.want(Effect::Say(
                    Say::key("decided").with("number", &decision.number),
                    crate::app::Tone::Done,
                ));
            }
            Ok(_) => cx.want(Effect::Back),
            Err(fault) => form_faults(&mut self.form, &fault, cx),
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        let summary = &self.work.application.summary;
        put(
            buffer,
            area,
            0,
            &full_name(&summary.applicant.name),
            look.theme.strong(),
        );
        if let Some(upto) = limit(&self.work) {
            let says = Say::key("set-amount-upto").with("upto", money(upto, look));
            put(buffer, area, 1, &look.words.say(&says), look.theme.open());
        }
        view::draw(&self.form, buffer, rest(area, 3), &look.form(), look.theme)
    }
}

/// What is said of a later decision that was recommended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    Back,
    Drop,
    /// Decided, with a paragraph of the second officer.
    Decide,
    /// Refused or sent back by the second body.
    Second,
}

/// A later decision goes back to the first officer, is given up, or is decided in the second officer's own words.
#[derive(Debug, Clone)]
pub struct BackForm {
    it: Amendment,
    word: Word,
    form: Form,
}

impl BackForm {
    /// With an empty reason.
    pub fn new(it: Amendment, act: Act) -> BackForm {
        let word = match act {
            Act::Withdraw => Word::Drop,
            Act::DecideMore => Word::Decide,
            _ if it.may.iter().any(|may| may == "confirm") => Word::Second,
            _ => Word::Back,
        };
        let field = if word == Word::Decide {
            Field::new("paragraph", Say::key("paragraph"), Kind::Text { max: 1500 })
                .help(Say::key("paragraph-help"))
        } else {
            Field::new("reason", Say::key("reason"), Kind::Text { max: 2000 }).required()
        };
        let mut fields = vec![field];
        if word == Word::Second {
            let list = vec![
                Choice::new("decider", Say::key("chain-return")),
                Choice::new("refuse", Say::key("chain-refuse")),
            ];
            let mut to = Field::new("to", Say::key("return-to"), Kind::Code(list.into())).required();
            to.put("decider");
            fields.insert(0, to);
        }
        BackForm {
            it,
            word,
            form: Form::single(fields),
        }
    }
    fn submit(&mut self, cx: &mut Cx<'_>) {
        if !form_checks(&mut self.form, cx) {
            return;
        }
        let (id, once) = (self.it.id, cx.once());
        let body = Reason {
            reason: text(&self.form, "reason"),
        };
        match self.word {
            Word::Decide => {
                let lines = vec![
                    Say::raw(card_line(&self.it.person)),
                    Say::key(kind_words(self.it.kind)),
                    Say::key("decide-says"),
                ];
                cx.want(confirm(Say::key("decide-ask"), lines, Act::Decide));
            }
            Word::Drop => cx.want(Effect::Submit(Ask::DropAmendment { id, body, once })),
            Word::Back => cx.want(Effect::Submit(Ask::ReturnAmendment { id, body, once })),
            Word::Second => {
                let body = ConfirmAmendment {
                    revision: self.it.revision,
                    says: match text(&self.form, "to").as_str() {
                        "refuse" => Says::Refuse,
                        _ => Says::Return,
                    },
                    reason: Some(body.reason),
                };
                cx.want(Effect::Submit(Ask::Second(SecondAsk::ConfirmLater {
                    id,
                    body,
                    once,
                })));
            }
        }
    }
}

impl Desk for BackForm {
    form_desk!();
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key(match self.word {
            Word::Drop => "title-give-up",
            Word::Back | Word::Second => "act-return",
            Word::Decide => "act-decide",
        })
    }
    fn confirmed(&mut self, _act: Act, cx: &mut Cx<'_>) {
        let once = cx.once();
        cx.want(Effect::Submit(Ask::DecideAmendment {
            id: self.it.id,
            body: DecideAmendment {
                revision: self.it.revision,
                paragraph: written(&self.form, "paragraph"),
            },
            once,
        }));
    }
    fn answer(&mut self, _ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match result {
            Ok(Answer::Amendment(it, _)) if self.word == Word::Decide => {
                cx.want(Effect::Back);
                let number = it.number.clone().unwrap_or_default();
                cx.want(Effect::Say(
                    Say::key("decided").with("number", &number),
                    crate::app::Tone::Done,
                ));
            }
            Ok(Answer::Amendment(it, _)) if refused(&it) => {
                let said = it.second.as_ref().and_then(|it| it.confirmation.as_ref());
                let number = said.and_then(|it| it.number.clone());
                cx.want(Effect::Back);
                cx.want(Effect::Say(
                    Say::key("chain-done").with("number", number.unwrap_or_default()),
                    crate::app::Tone::Done,
                ));
            }
            Ok(_) => {
                cx.want(Effect::Back);
                let dropped = self.word == Word::Drop;
                done(cx, if dropped { "given-up" } else { "returned" });
            }
            Err(fault) => form_faults(&mut self.form, &fault, cx),
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        put(buffer, area, 0, &card_line(&self.it.person), look.theme.strong());
        view::draw(&self.form, buffer, rest(area, 2), &look.form(), look.theme)
    }
}

//! What happens to a person or a household: a short form for each change, dated and with its reason.

use super::{
    Desk, FormKey, choices, done, form_checks, form_faults, form_help, form_key, form_paste, form_status,
    forms::{form_desk, rest},
    widgets::{card_line, day, full_name, instant, put},
};
use crate::{
    api::{Answer, Ask, ChangeKit, Changed, Fault, Send, What, people::PeopleAsk},
    app::{
        Cx, Effect, Look, Tone,
        keymap::Act,
        overlay::{Line, Overlay},
    },
    form::{Choice, Field, Form, Kind, check, view},
    i18n::Say,
    screens::FORM_ACTS,
    term::Chord,
    text::{visible, wrap},
};
use karton_api::{
    Date, FactValue, Id,
    households::{ChangeHead, DeathSource, JoinHouseholds, Move, RecordDeath, SplitHousehold},
    kin::{DeclareKin, KinOf},
    persons::{CardField, ChangePerson, CorrectionKind, EndMember, Identity, Member, Name, NationalId},
    protection::{Ground, ProtectAddress},
    session::Role,
    value,
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

/// So many members are asked about one by one; a form never scrolls.
const MOST_ASKED: usize = 8;

/// A change of a person or a household.
#[derive(Debug, Clone)]
pub struct ChangeForm {
    what: What,
    kit: ChangeKit,
    form: Form,
}

fn text_field(id: &str, words: &'static str, max: usize) -> Field {
    Field::new(id, Say::key(words), Kind::Text { max })
}
fn reason() -> Field {
    text_field("reason", "reason", 2000).required().same_as("reason")
}
fn code_field(id: &str, words: &'static str, list: &[(&str, &'static str)]) -> Field {
    let list: Vec<Choice> = list
        .iter()
        .map(|(code, words)| Choice::new(*code, Say::key(words)))
        .collect();
    Field::new(id, Say::key(words), Kind::Code(list.into()))
}

impl ChangeForm {
    /// The form for a change.
    pub fn new(what: What, kit: ChangeKit, look: &Look<'_>) -> ChangeForm {
        let mut form = Form::single(fields(what, &kit, look));
        form.remember(look.answers);
        ChangeForm { what, kit, form }
    }
    fn text(&self, id: &str) -> String {
        self.form
            .find("", id)
            .map(|f| f.text().trim().to_owned())
            .unwrap_or_default()
    }
    fn some(&self, id: &str) -> Option<String> {
        Some(self.text(id)).filter(|text| !text.is_empty())
    }
    fn day(&self, id: &str, look: &Look<'_>) -> Option<Date> {
        match self.form.find("", id)?.value(&look.form()) {
            Ok(Some(FactValue::Date(day))) => Some(day),
            _ => None,
        }
    }
    fn person(&self, id: &str) -> Option<Id<value::Person>> {
        self.text(id).parse().ok()
    }
    /// Members whose field says yes.
    fn chosen_members(&self) -> Vec<Id<value::Person>> {
        others(&self.kit)
            .filter(|member| self.text(&member.card.id.to_string()) == "true")
            .map(|member| member.card.id)
            .collect()
    }
    fn correction(&self, look: &Look<'_>) -> Option<Send> {
        let card = &self.kit.person.card;
        let name = Name {
            given: self.text("given"),
            family: self.text("family"),
        };
        let scheme = card
            .national_id
            .as_ref()
            .map(|id| id.scheme.clone())
            .or_else(|| {
                let country = look.session.and_then(|s| s.country.as_ref())?;
                Some(country.id_schemes.first()?.code.clone())
            })?;
        let number = self.some("number").map(|number| NationalId { scheme, number });
        let born = self.day("birth_date", look);
        let sex = self.some("sex");
        let died = self.day("death_date", look);
        let mut clear = Vec::new();
        for (field, gone) in [
            (
                CardField::NationalId,
                card.national_id.is_some() && number.is_none(),
            ),
            (CardField::BirthDate, card.birth_date.is_some() && born.is_none()),
            (CardField::Sex, card.sex.is_some() && sex.is_none()),
            (CardField::DeathDate, card.death_date.is_some() && died.is_none()),
        ] {
            if gone {
                clear.push(field);
            }
        }
        let change = self.text("kind") == "change";
        Some(Send::Correct(
            self.kit.person.revision,
            ChangePerson {
                name: (name != card.name).then_some(name),
                national_id: number.filter(|number| card.national_id.as_ref() != Some(number)),
                birth_date: born.filter(|born| card.birth_date != Some(*born)),
                sex: sex.filter(|sex| card.sex.as_ref() != Some(sex)),
                death_date: died.filter(|died| card.death_date != Some(*died)),
                clear,
                kind: if change {
                    CorrectionKind::Change
                } else {
                    CorrectionKind::Mistake
                },
                from: self.day("from", look).filter(|_| change),
                proof: self.some("proof"),
                not_the_same_as: Vec::new(),
                reason: self.text("reason"),
            },
        ))
    }
    /// What is typed, as it is sent.
    fn send(&self, look: &Look<'_>) -> Option<Send> {
        let reason = self.text("reason");
        Some(match self.what {
            What::Identity => return None,
            What::Correct => self.correction(look)?,
            What::Move => Send::Move(Move {
                with: self.chosen_members(),
                municipality: self.text("municipality"),
                address: self.text("address"),
                from: self.day("from", look)?,
                proof: self.some("proof"),
            }),
            What::Death => Send::Death(
                self.kit.person.revision,
                RecordDeath {
                    on: self.day("on", look)?,
                    source: match self.text("source").as_str() {
                        "register" => DeathSource::Register,
                        "declaration" => DeathSource::Declaration,
                        _ => DeathSource::Document,
                    },
                    proof: self.text("proof"),
                    head: self.person("head"),
                },
            ),
            What::Split => {
                let head = self.person("head")?;
                Send::Split(SplitHousehold {
                    head,
                    with: self.split_with(head),
                    from: self.day("from", look)?,
                    stays_under: None,
                    reason,
                })
            }
            What::Leave => Send::Leave(EndMember {
                person: self.person("person")?,
                until: self.day("until", look)?,
                reason,
                head: self.person("head"),
            }),
            What::Head => Send::Head(ChangeHead {
                head: self.person("head")?,
                from: self.day("from", look)?,
                reason,
            }),
            What::Join => Send::Join(
                self.text("other"),
                JoinHouseholds {
                    other: self.kit.person.card.id,
                    relationship: self.text("relationship"),
                    from: self.day("from", look)?,
                    reason,
                },
            ),
            What::Undo => Send::Undo(self.text("change").parse().ok()?, reason),
            What::Protect => Send::Protect(ProtectAddress {
                ground: match self.text("ground").as_str() {
                    "court-order" => Ground::CourtOrder,
                    "danger" => Ground::Danger,
                    _ => Ground::Shelter,
                },
                proof: self.text("proof"),
                until: self.day("until", look),
                address: self.some("address"),
                with: self.chosen_members(),
                officers: Vec::new(),
            }),
            What::OpenAddress => Send::OpenAddress(reason),
            What::EndProtection => Send::EndProtection(reason),
            What::Kin => Send::Kin(DeclareKin {
                dossier: self.kit.person.card.dossier_number.clone(),
                kin: if self.text("kin") == "own" {
                    KinOf::Own
                } else {
                    KinOf::Relative
                },
            }),
        })
    }
    /// Who leaves with the new head: everybody of the household can be asked, also the person whose dossier is open.
    fn split_with(&self, head: Id<value::Person>) -> Vec<Id<value::Person>> {
        let all = self
            .kit
            .household
            .iter()
            .flat_map(|h| &h.members)
            .map(|m| m.card.id);
        all.filter(|id| *id != head && self.text(&id.to_string()) == "true")
            .collect()
    }
    fn submit(&mut self, cx: &mut Cx<'_>) {
        if !form_checks(&mut self.form, cx) {
            return;
        }
        let Some(send) = self.send(&cx.look) else {
            return cx.wrong(Say::key("error-required"));
        };
        let once = cx.once();
        cx.want(Effect::Submit(Ask::Change {
            person: self.kit.person.card.id,
            send: Box::new(send),
            once,
        }));
    }
}

fn others(kit: &ChangeKit) -> impl Iterator<Item = &Member> {
    let me = kit.person.card.id;
    let members = kit.household.iter().flat_map(|household| &household.members);
    members
        .filter(move |member| member.card.id != me)
        .take(MOST_ASKED)
}

fn members(kit: &ChangeKit) -> Vec<Choice> {
    let all = kit.household.iter().flat_map(|household| &household.members);
    all.map(|member| Choice::new(member.card.id.to_string(), Say::raw(full_name(&member.card.name))))
        .collect()
}

/// A yes or no for a member.
fn asked(member: &Member, yes: bool) -> Field {
    let mut field = Field::new(
        member.card.id.to_string(),
        Say::raw(full_name(&member.card.name)),
        Kind::Bool,
    );
    if yes {
        field.put("true");
    }
    field
}

#[expect(clippy::too_many_lines, reason = "one arm a change, each a list of fields")]
fn fields(what: What, kit: &ChangeKit, look: &Look<'_>) -> Vec<Field> {
    let ctx = look.form();
    let today = |id: &str, words: &'static str| {
        let mut field = Field::new(id, Say::key(words), Kind::Date { past: true }).required();
        field.set(&FactValue::Date(look.today), &ctx);
        field
    };
    let person =
        |id: &str, words: &'static str| Field::new(id, Say::key(words), Kind::Person(members(kit).into()));
    let list = |id: &str, words: &'static str, name: &str| {
        Field::new(
            id,
            Say::key(words),
            Kind::Code(choices(kit.codes.get(name), look).into()),
        )
    };
    match what {
        What::Correct => {
            let card = &kit.person.card;
            let scheme = look
                .session
                .and_then(|s| s.country.as_ref())
                .and_then(|c| c.id_schemes.first());
            let check = scheme.and_then(|s| check::Check::named(&s.check));
            let len = check.map_or(0, check::Check::length);
            let label = scheme.map_or(Say::key("col-id"), |s| Say::table(&s.name));
            let mut number = Field::new("number", label, Kind::Digits { len, check, mask: "" });
            if let Some(id) = &card.national_id {
                number.put(&id.number);
            }
            let (mut given, mut family) = (
                text_field("given", "given-name", 300),
                text_field("family", "family-name", 300),
            );
            given.put(&card.name.given);
            family.put(&card.name.family);
            let mut born = Field::new("birth_date", Say::key("birth-date"), Kind::Date { past: true });
            if let Some(day) = card.birth_date {
                born.set(&FactValue::Date(day), &ctx);
            }
            let mut sex = list("sex", "sex", "sexes");
            if let Some(code) = &card.sex {
                sex.put(code);
            }
            let mut all = vec![
                number.help(Say::key("help-national-id")),
                given,
                family,
                born,
                sex,
            ];
            if let Some(day) = card.death_date {
                let mut died = Field::new(
                    "death_date",
                    Say::key("fact-death-date"),
                    Kind::Date { past: true },
                );
                died.set(&FactValue::Date(day), &ctx);
                all.push(died);
            }
            let mut kind = code_field(
                "kind",
                "correct-kind",
                &[("mistake", "correct-mistake"), ("change", "correct-change")],
            )
            .required();
            kind.put("mistake");
            let from = Field::new("from", Say::key("correct-from"), Kind::Date { past: true });
            all.extend([
                kind,
                from.help(Say::key("correct-from-help")),
                text_field("proof", "change-proof", 500),
                reason(),
            ]);
            all
        }
        What::Identity => Vec::new(),
        What::Move => {
            let mut all = vec![
                text_field("address", "address", 300).required(),
                list("municipality", "municipality", "municipalities").required(),
                today("from", "change-from"),
                text_field("proof", "change-proof", 500),
            ];
            all.extend(others(kit).map(|member| asked(member, true)));
            all
        }
        What::Death => {
            let mut source = code_field(
                "source",
                "record-source",
                &[
                    ("document", "source-document"),
                    ("register", "source-register"),
                    ("declaration", "source-declaration"),
                ],
            )
            .required();
            source.put("document");
            let mut all = vec![
                Field::new("on", Say::key("fact-death-date"), Kind::Date { past: true }).required(),
                source,
                text_field("proof", "change-proof", 500).required(),
            ];
            let me = kit.person.card.id;
            let leads = kit
                .household
                .iter()
                .flat_map(|h| &h.members)
                .any(|m| m.card.id == me && m.relationship == "self");
            if leads && others(kit).next().is_some() {
                all.push(person("head", "change-next-head").help(Say::key("change-next-head-help")));
            }
            all
        }
        What::Split => {
            let mut head = person("head", "change-new-head").required();
            head.put(&kit.person.card.id.to_string());
            let mut all = vec![head, today("from", "change-from")];
            let household = kit.household.iter().flat_map(|household| &household.members);
            all.extend(household.take(MOST_ASKED + 1).map(|member| asked(member, false)));
            all.push(reason());
            all
        }
        What::Leave => {
            let mut who = person("person", "change-who").required();
            who.put(&kit.person.card.id.to_string());
            vec![
                who,
                today("until", "change-until"),
                person("head", "change-next-head").help(Say::key("change-next-head-help")),
                reason(),
            ]
        }
        What::Head => vec![
            person("head", "change-new-head").required(),
            today("from", "change-from"),
            reason(),
        ],
        What::Join => {
            let list: Vec<Choice> = choices(kit.codes.get("relationships"), look)
                .into_iter()
                .filter(|c| c.code != "self")
                .collect();
            vec![
                text_field("other", "change-other", 60)
                    .required()
                    .help(Say::key("change-other-help")),
                Field::new(
                    "relationship",
                    Say::key("change-relationship"),
                    Kind::Code(list.into()),
                )
                .required(),
                today("from", "change-from"),
                reason(),
            ]
        }
        What::Undo => {
            let list: Vec<Choice> = kit
                .events
                .iter()
                .filter(|event| event.may_undo)
                .map(|event| Choice {
                    note: Say::raw(instant(event.at)),
                    ..Choice::new(event.id.to_string(), Say::key(event_words(&event.what)))
                })
                .collect();
            let first = list.first().map(|choice| choice.code.clone());
            let mut change =
                Field::new("change", Say::key("change-which"), Kind::Code(list.into())).required();
            if let Some(first) = first {
                change.put(&first);
            }
            vec![change, reason()]
        }
        What::Protect => {
            let ground = code_field(
                "ground",
                "protect-ground",
                &[
                    ("shelter", "protect-shelter"),
                    ("court-order", "protect-court"),
                    ("danger", "protect-danger"),
                ],
            )
            .required();
            let mut all = vec![
                ground,
                text_field("proof", "change-proof", 500).required(),
                text_field("address", "protect-address", 300).help(Say::key("protect-address-help")),
                Field::new("until", Say::key("column-until"), Kind::Date { past: false }),
            ];
            all.extend(others(kit).map(|member| asked(member, false)));
            all
        }
        What::OpenAddress | What::EndProtection => vec![reason()],
        What::Kin => {
            let mut kin = code_field(
                "kin",
                "kin-is",
                &[("relative", "kin-relative"), ("own", "kin-own")],
            )
            .required();
            kin.put("relative");
            vec![kin]
        }
    }
}

/// The words of something that happened to a household.
pub(super) fn event_words(what: &str) -> &'static str {
    match what {
        "member-joined" => "event-member-joined",
        "member-left" => "event-member-left",
        "split" => "event-household-split",
        "joined" => "event-households-joined",
        "head" => "event-head-changed",
        "death" => "event-death-recorded",
        _ => "event-other",
    }
}

/// Versions of an identity, to be read.
pub(super) fn identity_lines(versions: &[Identity], look: &Look<'_>) -> Overlay {
    let mut lines = Vec::new();
    for version in versions {
        match &version.until {
            None => lines.push(Line::Head(Say::key("identity-now"))),
            Some(until) => {
                lines.push(Line::Gap);
                lines.push(Line::Head(
                    Say::key("identity-until").with("at", instant(until.at)),
                ));
            }
        }
        let number = version
            .national_id
            .as_ref()
            .map(|id| visible(&id.number))
            .unwrap_or_default();
        let dead = version
            .death_date
            .map(|died| format!("  † {}", day(Some(died))))
            .unwrap_or_default();
        lines.push(Line::Text(
            1,
            Say::raw(format!(
                "{}  {number}  {}{dead}",
                full_name(&version.name),
                day(version.birth_date)
            )),
        ));
        if let Some(until) = &version.until {
            let kind = match until.kind {
                CorrectionKind::Mistake => "correct-mistake",
                CorrectionKind::Change => "correct-change",
                CorrectionKind::Death => "event-death-recorded",
            };
            let mut words = look.words.t(kind);
            if let Some(from) = until.from {
                words = format!("{words}, {}", day(Some(from)));
            }
            lines.push(Line::Text(
                1,
                Say::raw(format!("{words}  {}", visible(&until.by.name))),
            ));
            for (key, text) in [
                ("reason", Some(&until.reason)),
                ("change-proof", until.proof.as_ref()),
            ] {
                if let Some(text) = text.filter(|text| !text.is_empty()) {
                    lines.push(Line::Pair(Say::key(key), Say::raw(visible(text))));
                }
            }
        }
    }
    Overlay::Text {
        title: Say::key("change-identity"),
        lines,
        at: 0,
    }
}

impl Desk for ChangeForm {
    form_desk!();
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key(self.what.words())
    }
    fn answer(&mut self, _ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        let changed = match result {
            Ok(Answer::Changed(changed)) => *changed,
            Ok(_) => return,
            Err(Fault::Problem(problem)) if !problem.candidates.is_empty() => {
                let who = problem
                    .candidates
                    .first()
                    .map(|c| card_line(&c.card))
                    .unwrap_or_default();
                let office = problem
                    .candidates
                    .first()
                    .map(|c| cx.look.words.pick(&c.card.office.name).to_owned())
                    .unwrap_or_default();
                self.form.fault("", "number", Say::key("change-taken"));
                return cx.wrong(
                    Say::key("change-taken-by")
                        .with("who", who)
                        .with("office", office),
                );
            }
            Err(fault) => return form_faults(&mut self.form, &fault, cx),
        };
        cx.want(Effect::Answers(self.form.answers()));
        let leads = |s: &crate::api::SignedIn| {
            s.roles.contains(&Role::Caseworker) || s.roles.contains(&Role::Approver)
        };
        match &changed {
            // Whoever may ask for it has the form in place of this one, with the competent centre in it; Esc leaves the dossier where it is.
            Changed::Moved(moved) if moved.competent.is_some() && cx.look.session.is_some_and(leads) => {
                cx.want(Effect::Open {
                    ask: Ask::People(PeopleAsk::TransferForm {
                        person: self.kit.person.card.id,
                        to: moved.competent.as_ref().map(|office| office.code.clone()),
                    }),
                    replace: true,
                });
            }
            _ => cx.want(Effect::Back),
        }
        match changed {
            Changed::Done => done(cx, "change-done"),
            Changed::Moved(moved) => match moved.competent {
                None => done(cx, "change-moved"),
                Some(office) => {
                    let name = cx.look.words.pick(&office.name).to_owned();
                    cx.want(Effect::Say(
                        Say::key("change-moved-away").with("office", name),
                        Tone::Note,
                    ));
                }
            },
            Changed::Death(recorded) => {
                let tasks = recorded.awards + recorded.matters;
                cx.want(Effect::Say(Say::key("change-died").with("n", tasks), Tone::Note));
            }
            Changed::Protected(protection) => cx.want(Effect::Say(
                Say::key("change-protected").with("instead", protection.instead),
                Tone::Done,
            )),
            Changed::Opened(opened) => {
                let address = match &opened.address {
                    Some(address) => Say::raw(visible(address)),
                    None => Say::key("protect-unknown"),
                };
                let lines = vec![
                    Line::Text(0, address),
                    Line::Gap,
                    Line::Pair(Say::key("change-proof"), Say::raw(visible(&opened.proof))),
                    Line::Text(0, Say::key("protect-entered")),
                ];
                cx.want(Effect::Overlay(Box::new(Overlay::Text {
                    title: Say::key("protect-address"),
                    lines,
                    at: 0,
                })));
            }
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        put(
            buffer,
            area,
            0,
            &card_line(&self.kit.person.card),
            look.theme.strong(),
        );
        let mut line = 1;
        for text in wrap(&look.words.t(self.what.says()), usize::from(area.width))
            .iter()
            .take(3)
        {
            put(buffer, area, line, text, look.theme.quiet());
            line += 1;
        }
        view::draw(&self.form, buffer, rest(area, line + 1), &look.form(), look.theme)
    }
}

//! Which fields apply, as far as it can be told without the server: simple conditions over what is typed and what the identity cards say.

use super::build::Place;
use crate::{
    api::IntakeKit,
    form::{Ctx, Form},
};
use karton_api::{
    FactValue, Id,
    assessments::AnswerOf,
    catalogue::{FormField, Than, When, Whose},
    persons::PersonCard,
    value::Person,
};
use std::cmp::Ordering;

/// The pack's field behind a field of a page.
fn field_of<'k>(kit: &'k IntakeKit, page: &str, fact: &str) -> Option<&'k FormField> {
    let id = page.split('#').next().unwrap_or(page);
    let page = kit.form.pages.iter().find(|p| p.id == id)?;
    page.fields.iter().find(|f| f.fact == fact)
}

/// The server tells what applies: what the pack requires is required again.
pub(super) fn insist(form: &mut Form, places: &[Place], kit: &IntakeKit) {
    for place in places {
        let pages = form.pages.iter_mut().filter(|p| p.id == place.page);
        for field in pages.flat_map(|p| &mut p.fields) {
            if let Some(of_pack) = field_of(kit, &place.page, &field.id) {
                field.required = of_pack.required;
            }
        }
    }
}

/// Without a connection: what is known not to apply is hidden, what is known to apply is asked, and what cannot be told is shown without
/// being insisted on. The field with the cursor stays.
pub(super) fn show(form: &mut Form, places: &[Place], kit: &IntakeKit, ctx: &Ctx<'_>) {
    let typed = form.clone();
    let known = Known {
        form: &typed,
        places,
        kit,
        ctx,
    };
    let here = (form.page(), form.field_index());
    for (p, page) in form.pages.iter_mut().enumerate() {
        let Some(place) = places.iter().find(|x| x.page == page.id) else {
            continue;
        };
        for (f, field) in page.fields.iter_mut().enumerate() {
            let Some(of_pack) = field_of(kit, &page.id, &field.id).filter(|of_pack| of_pack.conditional)
            else {
                continue;
            };
            let applies = of_pack.when.as_ref().and_then(|when| known.holds(when, place.of));
            field.shown = (p, f) == here || applies != Some(false);
            field.required = of_pack.required && applies == Some(true);
        }
    }
}

struct Known<'a> {
    form: &'a Form,
    places: &'a [Place],
    kit: &'a IntakeKit,
    ctx: &'a Ctx<'a>,
}

impl Known<'_> {
    /// Kleene: nothing where it cannot be told.
    fn holds(&self, when: &When, page: AnswerOf) -> Option<bool> {
        match when {
            When::All { of } => self.decided(of, page, false),
            When::Any { of } => self.decided(of, page, true),
            When::Not { of } => self.holds(of, page).map(|holds| !holds),
            When::Members { than, value } => {
                let members = self.kit.household.as_ref().map_or(1, |h| h.members.len().max(1));
                Some(stands(*than, i64::try_from(members).ok()?.cmp(value)))
            }
            When::Fact {
                whose,
                fact,
                than,
                value,
            } => {
                let of = match whose {
                    Whose::Applicant => AnswerOf::Person(self.kit.person.card.id),
                    Whose::Member => page,
                    Whose::Household => AnswerOf::Household,
                    Whose::Claim => AnswerOf::Claim,
                };
                let known = self.fact(of, fact)?;
                let order = match (&known, value) {
                    (FactValue::Int(a), FactValue::Int(b)) => a.cmp(b),
                    (FactValue::Date(a), FactValue::Date(b)) => a.cmp(b),
                    (a, b) if a == b => Ordering::Equal,
                    _ if matches!(than, Than::Equal | Than::NotEqual) => Ordering::Less,
                    _ => return None,
                };
                Some(stands(*than, order))
            }
            When::Unsaid => None,
        }
    }

    /// One part that is `by` decides; otherwise all must be known.
    fn decided(&self, of: &[When], page: AnswerOf, by: bool) -> Option<bool> {
        let parts: Vec<Option<bool>> = of.iter().map(|part| self.holds(part, page)).collect();
        if parts.contains(&Some(by)) {
            return Some(by);
        }
        (!parts.contains(&None)).then_some(!by)
    }

    fn fact(&self, of: AnswerOf, fact: &str) -> Option<FactValue> {
        if let AnswerOf::Person(id) = of
            && let Some(value) = self.card(id).and_then(|card| given(card, fact, self.ctx))
        {
            return Some(value);
        }
        let places = self.places.iter().filter(|place| place.of == of);
        let mut fields = places.filter_map(|place| self.form.find(&place.page, fact));
        fields.find_map(|field| field.value(self.ctx).ok().flatten())
    }

    fn card(&self, id: Id<Person>) -> Option<&PersonCard> {
        if self.kit.person.card.id == id {
            return Some(&self.kit.person.card);
        }
        let members = &self.kit.household.as_ref()?.members;
        members
            .iter()
            .map(|member| &member.card)
            .find(|card| card.id == id)
    }
}

/// What the identity card says.
fn given(card: &PersonCard, fact: &str, ctx: &Ctx<'_>) -> Option<FactValue> {
    match fact {
        "sex" => card.sex.clone().map(FactValue::Code),
        "birth_date" => card.birth_date.map(FactValue::Date),
        "age" => {
            let (born, today) = (card.birth_date?, ctx.today);
            let had_birthday = (today.month(), today.day()) >= (born.month(), born.day());
            let years = i64::from(today.year()) - i64::from(born.year());
            Some(FactValue::Int(if had_birthday { years } else { years - 1 }))
        }
        _ => None,
    }
}

fn stands(than: Than, order: Ordering) -> bool {
    match than {
        Than::Equal => order.is_eq(),
        Than::NotEqual => order.is_ne(),
        Than::Less => order.is_lt(),
        Than::LessOrEqual => order.is_le(),
        Than::Greater => order.is_gt(),
        Than::GreaterOrEqual => order.is_ge(),
    }
}

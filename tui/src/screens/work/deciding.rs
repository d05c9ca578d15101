//! What an officer is asked before a decision, a confirmation or a dismissal is made.

use super::WorkScreen;
use crate::{
    app::{Cx, Effect, confirm, keymap::Act},
    i18n::Say,
    screens::{
        DecideForm, Screen, second,
        widgets::{card_line, money, outcome_key, per},
    },
    text::visible,
};
use karton_api::assessments::Outcome;

impl WorkScreen {
    pub(super) fn decide(&self, cx: &mut Cx<'_>) {
        let Some(recommendation) = &self.work.application.recommendation else {
            return;
        };
        let look = &cx.look;
        let outcome = look.words.t(outcome_key(recommendation.outcome));
        let mut lines = vec![
            Say::raw(card_line(&self.work.application.summary.applicant)),
            Say::key("decide-outcome").with("outcome", outcome),
        ];
        let amount = self
            .work
            .assessment
            .as_ref()
            .and_then(|s| s.assessment.amount.as_ref());
        if let (Some(amount), Outcome::Grant) = (amount, recommendation.outcome) {
            lines.push(Say::raw(format!(
                "{} {}",
                money(amount.money, look),
                per(amount.per, look)
            )));
        }
        lines.push(Say::key("decide-recommended-by").with("officer", &recommendation.by.name));
        lines.push(Say::key("decide-says"));
        cx.want(confirm(Say::key("decide-ask"), lines, Act::Decide));
    }
    /// The second body confirms what the first one granted, seeing what that was.
    pub(super) fn confirm_first(&self, cx: &mut Cx<'_>) {
        let Some(first) = &self.work.decision else {
            return;
        };
        let look = &cx.look;
        let mut lines = vec![Say::raw(card_line(&self.work.application.summary.applicant))];
        let granted = first.granted.or(first.amount.as_ref().map(|amount| amount.money));
        if let Some(granted) = granted {
            let each = first.amount.as_ref().map(|amount| per(amount.per, look));
            lines.push(Say::raw(format!(
                "{} {}",
                money(granted, look),
                each.unwrap_or_default()
            )));
        }
        lines.push(Say::key("decide-recommended-by").with("officer", &first.recommendation.by.name));
        let question = second::question(first, lines, look);
        cx.want(question);
    }
    pub(super) fn decide_dismissal(&self, cx: &mut Cx<'_>) {
        let Some(dismissal) = &self.work.application.dismissal else {
            return;
        };
        let mut lines = vec![
            Say::raw(card_line(&self.work.application.summary.applicant)),
            Say::table(&dismissal.reason_name),
            Say::raw(visible(&dismissal.words)),
        ];
        lines.extend(dismissal.forward_to.iter().map(|body| Say::raw(visible(body))));
        lines.push(Say::key("decide-recommended-by").with("officer", &dismissal.proposed_by.name));
        lines.push(Say::key("decide-says"));
        cx.want(confirm(Say::key("dismissal-ask"), lines, Act::Dismiss));
    }
    /// With a paragraph of one's own, or an amount that is left to the officers.
    pub(super) fn decide_more(&self, cx: &mut Cx<'_>) {
        if let Some(form) = DecideForm::new(&self.work, &cx.look) {
            cx.want(Effect::Push(Box::new(Screen::DecideMore(Box::new(form)))));
        }
    }
}

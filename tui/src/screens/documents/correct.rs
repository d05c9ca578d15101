//! What is known about a document, corrected: its type, title, days, and the register's question it stands in for. Its content stays; that
//! changes by a new version only.

use super::{
    super::{
        Desk, FORM_ACTS, FormKey, choices, done, form_checks, form_faults, form_help, form_key, form_paste,
        form_status,
        forms::{form_desk, rest},
        widgets::{card_line, put},
    },
    file::{EVIDENCE, stands_for},
};
use crate::{
    api::{
        Answer, Ask, Fault,
        documents::{DocumentAnswer, DocumentAsk},
    },
    app::{Cx, Effect, Look, keymap::Act, overlay::Line},
    form::{Field, Form, Kind, view},
    i18n::Say,
    term::Chord,
};
use karton_api::{
    Date, FactValue,
    applications::EvidenceItem,
    catalogue::CodeList,
    documents::{ChangeDocument, DocumentSummary},
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

/// The form.
#[derive(Debug, Clone)]
pub struct CorrectForm {
    it: DocumentSummary,
    form: Form,
}

impl CorrectForm {
    /// With what stands.
    pub fn new(
        it: DocumentSummary,
        kinds: &CodeList,
        asked: &[EvidenceItem],
        look: &Look<'_>,
    ) -> CorrectForm {
        let ctx = look.form();
        let text = |id: &str, words: &'static str, max, says: Option<&str>| {
            let mut field = Field::new(id, Say::key(words), Kind::Text { max });
            field.put(says.unwrap_or_default());
            field
        };
        let day = |id: &str, words: &'static str, says: Option<Date>| {
            let mut field = Field::new(id, Say::key(words), Kind::Date { past: true });
            if let Some(day) = says {
                field.set(&FactValue::Date(day), &ctx);
            }
            field
        };
        let kinds = choices(Some(kinds), look);
        let mut kind = Field::new("kind", Say::key("file-kind"), Kind::Code(kinds.into())).required();
        kind.set(&FactValue::Code(it.kind.clone()), &ctx);
        let mut fields = vec![
            kind,
            text("title", "file-title", 200, Some(&it.title)).required(),
            day("dated_on", "file-dated-on", it.dated_on),
            day("received_on", "file-received-on", Some(it.received_on)).required(),
            text(
                "received_from",
                "file-received-from",
                200,
                it.received_from.as_deref(),
            ),
            text("language", "file-language", 3, Some(&it.language)).help(Say::key("file-language-help")),
        ];
        if let Some(mut field) = stands_for(asked, look) {
            if let Some(item) = it.evidence {
                field.set(&FactValue::Code(item.to_string()), &ctx);
            }
            fields.push(field);
        }
        CorrectForm {
            it,
            form: Form::single(fields),
        }
    }
    /// What differs from what stands; nothing else is said.
    fn body(&self, look: &Look<'_>) -> ChangeDocument {
        let ctx = look.form();
        let value = |id: &str| {
            self.form
                .find("", id)
                .and_then(|field| field.value(&ctx).ok().flatten())
        };
        let text = |id: &str| match value(id) {
            Some(FactValue::Text(text)) => Some(text.trim().to_owned()),
            _ => None,
        };
        let code = |id: &str| match value(id) {
            Some(FactValue::Code(code)) => Some(code),
            _ => None,
        };
        let day = |id: &str| match value(id) {
            Some(FactValue::Date(day)) => Some(day),
            _ => None,
        };
        let it = &self.it;
        ChangeDocument {
            kind: code("kind").filter(|kind| *kind != it.kind),
            title: text("title").filter(|title| *title != it.title),
            language: text("language").filter(|language| *language != it.language),
            dated_on: day("dated_on").filter(|day| it.dated_on != Some(*day)),
            received_on: day("received_on").filter(|day| it.received_on != *day),
            received_from: text("received_from").filter(|from| it.received_from.as_ref() != Some(from)),
            matter: None,
            evidence: code(EVIDENCE)
                .and_then(|code| code.parse().ok())
                .filter(|item| it.evidence != Some(*item)),
        }
    }
    fn submit(&mut self, cx: &mut Cx<'_>) {
        if !form_checks(&mut self.form, cx) {
            return;
        }
        let body = self.body(&cx.look);
        if body == ChangeDocument::default() {
            return cx.want(Effect::Back);
        }
        cx.want(Effect::Submit(Ask::Documents(DocumentAsk::Correct {
            id: self.it.id,
            revision: self.it.revision,
            body: Box::new(body),
        })));
    }
}

impl Desk for CorrectForm {
    form_desk!();
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key("title-correct-document")
    }
    fn answer(&mut self, _ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match result {
            Ok(Answer::Documents(DocumentAnswer::Filed(_))) => {
                cx.want(Effect::Back);
                done(cx, "document-corrected-done");
            }
            Ok(_) => {}
            Err(fault) => form_faults(&mut self.form, &fault, cx),
        }
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        put(buffer, area, 0, &card_line(&self.it.person), look.theme.strong());
        let says = look.words.t("document-correct-says");
        put(buffer, area, 1, &says, look.theme.quiet());
        view::draw(&self.form, buffer, rest(area, 3), &look.form(), look.theme)
    }
}

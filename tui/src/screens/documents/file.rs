//! Filing: a file from this machine, or a paper that is kept in the folder; also as a new version of a document.

use super::{
    super::{
        Desk, FORM_ACTS, FormKey, choices, done, form_checks, form_faults, form_help, form_key, form_paste,
        form_status,
        forms::rest,
        widgets::{card_line, evidence_key, put},
    },
    under_way,
};
use crate::{
    api::{
        Answer, Ask, Fault, Once,
        documents::{DocumentAnswer, DocumentAsk},
    },
    app::{
        Cx, Effect, Look,
        keymap::Act,
        overlay::{Line, Overlay},
    },
    form::{Choice, Field, Form, Kind, Picker, view},
    i18n::Say,
    term::Chord,
    text::visible,
};
use karton_api::{
    FactValue, Id,
    applications::{EvidenceItem, EvidenceState},
    catalogue::CodeList,
    client::Progress,
    documents::{AddVersion, DocumentSummary, FileDocument},
    persons::PersonCard,
    value,
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

/// What is done with it.
#[derive(Debug, Clone)]
enum For {
    /// Filed in a dossier.
    Dossier(Option<Id<value::Matter>>),
    /// Added to a document.
    Version(Id<value::Document>),
}

/// The form.
#[derive(Debug, Clone)]
pub struct FileForm {
    person: PersonCard,
    to: For,
    form: Form,
    sent: Option<(String, Once)>,
    progress: Progress,
}

/// A path is chosen while this field has the cursor.
const PATH: &str = "path";

/// The question to a register that a document stands in for.
pub(super) const EVIDENCE: &str = "evidence";

/// The field for it, where anything was asked.
pub(super) fn stands_for(evidence: &[EvidenceItem], look: &Look<'_>) -> Option<Field> {
    if evidence.is_empty() {
        return None;
    }
    let choice = |item: &EvidenceItem| {
        let (sign, state) = evidence_key(item.state);
        let name = visible(look.words.pick(&item.name));
        let who = visible(&item.person.name.given);
        Choice {
            note: Say::raw(format!("{sign} {}", look.words.t(state))),
            ..Choice::new(item.id.to_string(), Say::raw(format!("{name} · {who}")))
        }
    };
    // What did not come is what a document is brought for.
    let came = |item: &&EvidenceItem| matches!(item.state, EvidenceState::Answered | EvidenceState::Nothing);
    let mut ordered: Vec<&EvidenceItem> = evidence.iter().collect();
    ordered.sort_by_key(came);
    let list: Vec<Choice> = ordered.into_iter().map(choice).collect();
    let field = Field::new(EVIDENCE, Say::key("file-evidence"), Kind::Code(list.into()));
    Some(field.help(Say::key("file-evidence-help")))
}

fn stuff() -> [Field; 2] {
    [
        Field::new(PATH, Say::key("file-path"), Kind::Text { max: 1000 }).help(Say::key("file-path-help")),
        Field::new("shelf", Say::key("file-shelf"), Kind::Text { max: 200 })
            .help(Say::key("file-shelf-help")),
    ]
}

impl FileForm {
    /// In a dossier, linked to an application or matter where one is named.
    pub fn new(
        person: PersonCard,
        matter: Option<Id<value::Matter>>,
        kinds: &CodeList,
        evidence: &[EvidenceItem],
        look: &Look<'_>,
    ) -> FileForm {
        let [path, shelf] = stuff();
        let kinds = choices(Some(kinds), look);
        let mut fields = vec![
            path,
            shelf,
            Field::new("kind", Say::key("file-kind"), Kind::Code(kinds.into()))
                .required()
                .same_as("document_kind"),
            Field::new("title", Say::key("file-title"), Kind::Text { max: 200 }).required(),
            Field::new("dated_on", Say::key("file-dated-on"), Kind::Date { past: true }),
            Field::new(
                "received_on",
                Say::key("file-received-on"),
                Kind::Date { past: true },
            ),
            Field::new(
                "received_from",
                Say::key("file-received-from"),
                Kind::Text { max: 200 },
            )
            .same_as("document_from"),
            Field::new("language", Say::key("file-language"), Kind::Text { max: 3 })
                .help(Say::key("file-language-help"))
                .same_as("document_language"),
        ];
        fields.extend(stands_for(evidence, look));
        let mut form = Form::single(fields);
        form.remember(look.answers);
        FileForm {
            person,
            to: For::Dossier(matter),
            form,
            sent: None,
            progress: Progress::default(),
        }
    }
    /// As a new version.
    pub fn version(of: &DocumentSummary, _look: &Look<'_>) -> FileForm {
        let [path, shelf] = stuff();
        let reason = Field::new("reason", Say::key("file-reason"), Kind::Text { max: 2000 }).required();
        FileForm {
            person: of.person.clone(),
            to: For::Version(of.id),
            form: Form::single(vec![path, shelf, reason]),
            sent: None,
            progress: Progress::default(),
        }
    }
    fn text(&self, id: &str) -> Option<String> {
        let text = self.form.find("", id)?.text().trim();
        (!text.is_empty()).then(|| text.to_owned())
    }
    fn date(&self, id: &str, look: &Look<'_>) -> Option<karton_api::Date> {
        match self.form.find("", id)?.value(&look.form()).ok()? {
            Some(FactValue::Date(day)) => Some(day),
            _ => None,
        }
    }
    fn code(&self, id: &str, look: &Look<'_>) -> String {
        match self.form.find("", id).and_then(|f| f.value(&look.form()).ok()) {
            Some(Some(FactValue::Code(code))) => code,
            _ => String::new(),
        }
    }
    fn submit(&mut self, cx: &mut Cx<'_>) {
        if !form_checks(&mut self.form, cx) {
            return;
        }
        let (path, shelf) = (self.text(PATH), self.text("shelf"));
        match (&path, &shelf) {
            (None, None) => {
                self.form.fault("", PATH, Say::key("file-needed"));
                return cx.wrong(Say::key("file-needed"));
            }
            (Some(_), Some(_)) => {
                self.form.fault("", "shelf", Say::key("file-both"));
                return cx.wrong(Say::key("file-both"));
            }
            _ => {}
        }
        let file_name = path
            .as_deref()
            .and_then(|path| path.rsplit(['/', '\\']).next())
            .map(str::to_owned);
        // The same once more goes under the same key, what was typed over is another intention.
        let typed =
            format!("{:?}", self.form.answers()) + &format!("{path:?}{shelf:?}{:?}", self.text("title"));
        let once = match &self.sent {
            Some((sent, once)) if *sent == typed => once.clone(),
            _ => cx.once(),
        };
        self.sent = Some((typed, once.clone()));
        self.progress = Progress::default();
        let progress = self.progress.clone();
        let ask = match self.to {
            For::Dossier(matter) => DocumentAsk::File {
                body: Box::new(FileDocument {
                    upload: None,
                    shelf,
                    kind: self.code("kind", &cx.look),
                    title: self.text("title").unwrap_or_default(),
                    language: self.text("language"),
                    dated_on: self.date("dated_on", &cx.look),
                    received_on: self.date("received_on", &cx.look),
                    received_from: self.text("received_from"),
                    file_name,
                    person: self.person.id,
                    matter,
                    decision: None,
                    evidence: self.code(EVIDENCE, &cx.look).parse().ok(),
                }),
                path,
                once,
                progress,
            },
            For::Version(id) => DocumentAsk::Version {
                id,
                body: Box::new(AddVersion {
                    upload: None,
                    shelf,
                    file_name,
                    reason: self.text("reason").unwrap_or_default(),
                }),
                path,
                once,
                progress,
            },
        };
        cx.want(Effect::Submit(Ask::Documents(ask)));
    }
    fn at_path(&self) -> bool {
        self.form.current().is_some_and(|field| field.id == PATH)
    }
    fn paths(&self, cx: &mut Cx<'_>) {
        cx.want(Effect::Submit(Ask::Documents(DocumentAsk::Paths {
            begins: self.text(PATH).unwrap_or_default(),
        })));
    }
    fn put_path(&mut self, path: &str) {
        if let Some(field) = self.form.find_mut("", PATH) {
            field.put(path);
        }
    }
    /// One path is taken at once; of several as much as they have in common, and a list.
    fn offer(&mut self, paths: &[String], cx: &mut Cx<'_>) {
        let Some(first) = paths.first() else {
            return cx.wrong(Say::key("file-no-path"));
        };
        let common = paths.iter().fold(first.as_str(), |common, path| {
            let same = common.chars().zip(path.chars()).take_while(|(a, b)| a == b);
            let bytes: usize = same.map(|(a, _)| a.len_utf8()).sum();
            &common[..bytes]
        });
        let common = common.to_owned();
        let typed = self.text(PATH).unwrap_or_default();
        if common.chars().count() > typed.chars().count() {
            self.put_path(&common);
        }
        if paths.len() > 1 {
            let list = paths
                .iter()
                .map(|path| Choice::new(path.clone(), Say::raw(path.clone())))
                .collect();
            let picker = Picker::new(Say::key("file-path"), list, "");
            cx.want(Effect::Overlay(Box::new(Overlay::Pick(picker))));
        }
    }
}

impl Desk for FileForm {
    fn title(&self, _look: &Look<'_>) -> Say {
        Say::key(match self.to {
            For::Dossier(_) => "title-file",
            For::Version(_) => "title-version",
        })
    }
    fn acts(&self, _look: &Look<'_>) -> Vec<Act> {
        FORM_ACTS.to_vec()
    }
    fn act(&mut self, act: Act, chord: Chord, cx: &mut Cx<'_>) {
        match act {
            Act::Submit => self.submit(cx),
            Act::List if self.at_path() => self.paths(cx),
            _ => {
                form_key(&mut self.form, chord, cx);
            }
        }
    }
    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) -> bool {
        let did = form_key(&mut self.form, chord, cx);
        if did == FormKey::Finished {
            self.submit(cx);
        }
        did != FormKey::Ignored
    }
    fn typing(&self, _look: &Look<'_>) -> bool {
        true
    }
    fn paste(&mut self, text: &str, cx: &mut Cx<'_>) {
        // A file dropped on a terminal is pasted as its path, often in quotation marks.
        let text = text.trim();
        let bare = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\''));
        let text = if self.at_path() {
            bare.unwrap_or(text)
        } else {
            text
        };
        form_paste(&mut self.form, text, cx);
    }
    fn chosen(&mut self, code: &str, cx: &mut Cx<'_>) {
        // Into a folder one goes on.
        if self.at_path() && code.ends_with(['/', '\\']) {
            self.put_path(code);
            return self.paths(cx);
        }
        let ctx = cx.look.form();
        self.form.choose(code, &ctx);
    }
    fn answer(&mut self, _ask: &Ask, result: Result<Answer, Fault>, cx: &mut Cx<'_>) {
        match result {
            Ok(Answer::Documents(DocumentAnswer::Paths(paths))) => self.offer(&paths, cx),
            Ok(Answer::Documents(DocumentAnswer::Filed(_))) => {
                cx.want(Effect::Answers(self.form.answers()));
                cx.want(Effect::Back);
                done(cx, "document-filed-done");
            }
            Ok(_) => {}
            Err(fault) => {
                // What was refused is not taken for done: typed over or not, it is another try.
                if fault.problem().is_some() {
                    self.sent = None;
                }
                form_faults(&mut self.form, &fault, cx);
            }
        }
    }
    fn status(&self, look: &Look<'_>) -> Say {
        match under_way(&self.progress, "file-sending", look) {
            Some(line) => Say::raw(line),
            None => form_status(&self.form, look),
        }
    }
    fn help(&self, _look: &Look<'_>) -> Vec<Line> {
        form_help(&self.form)
    }
    fn view(&self, look: &Look<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        put(buffer, area, 0, &card_line(&self.person), look.theme.strong());
        let says = look.words.t("file-says");
        put(buffer, area, 1, &says, look.theme.quiet());
        if let Some(line) = under_way(&self.progress, "file-sending", look) {
            put(
                buffer,
                area,
                area.height.saturating_sub(1),
                &line,
                look.theme.open(),
            );
        }
        view::draw(&self.form, buffer, rest(area, 3), &look.form(), look.theme)
    }
}

//! Documents of the fake server: what was filed, and one that was there.

use super::{Fake, Fault, at, card, id, office, officer, texts};
use crate::api::documents::{DocumentAnswer, DocumentAsk, DocumentsKit};
use jiff::civil::date;
use karton_api::{
    catalogue::{Code, CodeList},
    common::Page,
    documents::*,
};
use std::collections::BTreeMap;

fn kinds() -> CodeList {
    let code = |code: &str, cnr: &str, en: &str| Code {
        code: code.into(),
        name: texts(cnr, en),
        from: None,
        until: None,
        more: BTreeMap::new(),
    };
    CodeList {
        name: "document_types".into(),
        codes: vec![
            code(
                "school-certificate",
                "Uvjerenje o školovanju",
                "School certificate",
            ),
            code("contract", "Ugovor", "Contract"),
        ],
    }
}

fn summary(n: u64, title: &str, newest: DocumentVersion) -> DocumentSummary {
    DocumentSummary {
        id: id(n),
        revision: 1,
        kind: "school-certificate".into(),
        kind_name: texts("Uvjerenje o školovanju", "School certificate"),
        title: title.into(),
        language: "cnr".into(),
        dated_on: Some(date(2025, 3, 1)),
        received_on: date(2025, 3, 10),
        received_from: Some("Marija Perović".into()),
        person: card(10),
        matter: None,
        decision: None,
        evidence: None,
        retention: Some(Retention {
            class: "R5".into(),
            name: texts("Pet godina", "Five years"),
            until: Some(date(2031, 1, 1)),
        }),
        newest,
        filed_at: at(),
        office: office(),
    }
}

fn version(text: TextState, problem: Option<TextProblem>) -> DocumentVersion {
    DocumentVersion {
        number: 1,
        sha256: Some("ab".repeat(32)),
        size: Some(84_000),
        media_type: Some("application/pdf".into()),
        file_name: Some("uvjerenje.pdf".into()),
        shelf: None,
        doubt: None,
        text,
        text_problem: problem,
        text_place: None,
        reason: None,
        at: at(),
        by: Some(officer(1)),
    }
}

impl Fake {
    fn all(&self) -> Vec<DocumentSummary> {
        let mut all = vec![
            summary(81, "Uvjerenje škole", version(TextState::Read, None)),
            summary(
                82,
                "Ugovor, skeniran",
                version(TextState::Failed, Some(TextProblem::Encrypted)),
            ),
        ];
        for (n, (body, _)) in (83_u64..).zip(&self.filed) {
            let mut newest = version(TextState::None, None);
            if let Some(shelf) = &body.shelf {
                newest.shelf = Some(shelf.clone());
                newest.file_name = None;
            }
            all.insert(0, summary(n, &body.title, newest));
        }
        all
    }

    pub(super) fn documents(&mut self, ask: DocumentAsk) -> Result<DocumentAnswer, Fault> {
        let found = |it: DocumentSummary| DocumentHit {
            document: it,
            snippet: Some(Snippet {
                before: "pohađa treći ".into(),
                hit: "razred".into(),
                after: " škole „Maksim Gorki“".into(),
            }),
        };
        let all = self.all();
        let view = |it: &DocumentSummary| DocumentView {
            versions: vec![it.newest.clone()],
            summary: it.clone(),
        };
        Ok(match ask {
            DocumentAsk::List { matter, .. } => DocumentAnswer::List(Box::new(DocumentsKit {
                person: card(10),
                matter,
                documents: all,
                more: false,
                issued: vec![IssuedPaper {
                    id: id(90),
                    title: "Rješenje".into(),
                    number: Some("CSR-01-R-2025/9".into()),
                    on: date(2025, 3, 12),
                    sha256: "cd".repeat(32),
                    application: id(40),
                    decision: Some(id(50)),
                }],
                kinds: kinds(),
                evidence: matter.map(|_| self.evidence_items()).unwrap_or_default(),
            })),
            DocumentAsk::SearchForm => DocumentAnswer::Kinds(kinds()),
            DocumentAsk::Search { text, .. } => DocumentAnswer::Found(Page {
                items: all
                    .into_iter()
                    .filter(|_| text.starts_with("razr"))
                    .take(1)
                    .map(found)
                    .collect(),
                next: None,
            }),
            DocumentAsk::Open { id } => {
                let it = all.into_iter().find(|it| it.id == id).unwrap();
                let text = DocumentText {
                    version: 1,
                    state: it.newest.text,
                    problem: it.newest.text_problem,
                    place: None,
                    text: "Uvjerenje\n\nJovana Perović pohađa treći razred škole „Maksim Gorki“.\n"
                        .repeat(12),
                    cut: false,
                    encoding: None,
                };
                DocumentAnswer::Open(Box::new(view(&it)), Box::new(text))
            }
            DocumentAsk::File { body, path, once, .. } => {
                self.once(&once);
                self.filed.push((*body, path));
                DocumentAnswer::Filed(Box::new(view(&self.all()[0])))
            }
            DocumentAsk::CorrectForm { id } => {
                let it = all.into_iter().find(|it| it.id == id).unwrap();
                DocumentAnswer::CorrectForm(Box::new(view(&it)), kinds(), self.evidence_items())
            }
            DocumentAsk::Correct { body, .. } => {
                self.corrected = Some(*body);
                DocumentAnswer::Filed(Box::new(view(&all[0])))
            }
            DocumentAsk::Version { once, .. } => {
                self.once(&once);
                DocumentAnswer::Filed(Box::new(view(&all[0])))
            }
            DocumentAsk::Save { name, .. } => DocumentAnswer::Saved(format!("~/{name}")),
            DocumentAsk::Paths { begins } => {
                let there = ["~/sken/", "~/sken.pdf", "~/slika.png", "~/sken/list.pdf"];
                let fits = |path: &&str| {
                    path.strip_prefix(begins.as_str())
                        .is_some_and(|rest| !rest.trim_end_matches('/').contains('/') && !rest.is_empty())
                };
                DocumentAnswer::Paths(there.into_iter().filter(fits).map(str::to_owned).collect())
            }
        })
    }
}

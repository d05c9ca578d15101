//! Applications as they are typed and handed in, and rights that are only worked out.

use super::{Inner, pack::lists_of};
use crate::api::{Answer, Fault, IntakeKit, LodgedBeside, WhatIfKit};
use karton_api::{
    Id,
    applications::Application,
    assessments::{PossibleRight, Preview},
    catalogue::{Benefit, Form},
    client::{Client, Error, Key},
    common::Texts,
    dossiers::{OpenDossier, Purpose},
    lodgings::{HandIn, LodgeTogether},
    value,
};
use std::collections::{BTreeMap, BTreeSet};

impl Inner {
    pub(super) async fn intake(
        &self,
        c: &Client,
        benefit: &str,
        person: Id<value::Person>,
        draft: Option<Id<value::Application>>,
    ) -> Result<Answer, Fault> {
        // Several benefits in one go stand as their codes with a plus between them.
        let benefits = self.benefits(c).await?;
        let mut together = Vec::new();
        for code in benefit.split('+') {
            let benefit = benefits.iter().find(|b| b.code == code).cloned();
            let benefit = benefit.ok_or_else(|| Fault::Unreadable(format!("benefit {code}")))?;
            let form = self.form(c, &benefit.form).await?;
            together.push((benefit, form));
        }
        let (benefit, form) = match &together[..] {
            [only] => only.clone(),
            [first, ..] => (first.0.clone(), merged(&together)),
            [] => return Err(Fault::Unreadable("benefit".into())),
        };
        if together.len() == 1 {
            together.clear();
        }
        let mut names = BTreeSet::from(["relationships".to_owned()]);
        for field in form.pages.iter().flat_map(|p| &p.fields) {
            lists_of(&field.kind, &mut names);
        }
        let codes = self.lists(c, names).await?;
        let (view, household) = futures_util::future::join(c.person(person), self.household(c, person)).await;
        let again = form
            .pages
            .iter()
            .flat_map(|page| &page.fields)
            .any(|field| field.again);
        let (draft, last) = match draft {
            Some(id) => (Some(c.application(id).await?), None),
            None if again => (None, self.last_application(c, person).await),
            None => (None, None),
        };
        Ok(Answer::Intake(Box::new(IntakeKit {
            benefit,
            form,
            codes,
            person: view?,
            together,
            household: household?,
            draft,
            last,
        })))
    }
    /// The newest application that was lodged; a courtesy, so none where it cannot be had.
    async fn last_application(&self, c: &Client, person: Id<value::Person>) -> Option<Application> {
        let why = OpenDossier {
            purpose: Some(Purpose::Application),
        };
        let dossier = c.dossier(person, &why).await.ok()?;
        let lodged = dossier.applications.iter().filter(|it| it.number.is_some());
        let newest = lodged.max_by_key(|it| it.id)?;
        c.application(newest.id).await.ok()
    }
    pub(super) async fn what_if_form(&self, c: &Client, benefit: &str) -> Result<Answer, Fault> {
        let benefits = self.benefits(c).await?;
        let benefit = benefits.into_iter().find(|b| b.code == benefit);
        let benefit = benefit.ok_or_else(|| Fault::Unreadable("benefit".into()))?;
        let form = self.form(c, &benefit.form).await?;
        let facts = self.dictionary(c).await?;
        let mut names = BTreeSet::from(["relationships".to_owned(), "sexes".to_owned()]);
        facts.iter().for_each(|def| lists_of(&def.kind, &mut names));
        let codes = self.lists(c, names).await?;
        Ok(Answer::WhatIf(Box::new(WhatIfKit {
            benefit,
            form,
            facts,
            codes,
        })))
    }
}

/// What the rules say to several forms.
pub(super) async fn previews(c: &Client, bodies: &[Preview]) -> Result<Answer, Fault> {
    let all = bodies.iter().enumerate().map(|(place, body)| {
        let asked = c.preview(body);
        async move { asked.await.map_err(|error| at_draft(error, place)) }
    });
    Ok(Answer::Previews(futures_util::future::try_join_all(all).await?))
}

/// What is wrong with one of several, with its place among them before each pointer: as the lodging of several says it.
fn at_draft(mut error: Error, place: usize) -> Error {
    if let Error::Problem(problem) = &mut error {
        for field in &mut problem.errors {
            field.pointer = format!("/drafts/{place}{}", field.pointer);
        }
    }
    error
}

pub(super) async fn lodge(
    c: &Client,
    id: Id<value::Application>,
    key: &Key,
    hand_in: &HandIn,
) -> Result<Answer, Fault> {
    let lodged = c.lodge_as(id, key, hand_in).await?;
    let names = registers(c, id).await;
    let possible = possible(c, Some(lodged.application.summary.applicant.id)).await;
    Ok(Answer::Lodged(Box::new(lodged), LodgedBeside { names, possible }))
}

pub(super) async fn lodge_together(c: &Client, key: &Key, body: &LodgeTogether) -> Result<Answer, Fault> {
    let lodged = c.lodge_together(key, body).await?;
    let mut names = BTreeMap::new();
    for one in &lodged.lodged {
        names.extend(registers(c, one.application.summary.id).await);
    }
    let applicant = lodged
        .lodged
        .first()
        .map(|one| one.application.summary.applicant.id);
    let possible = possible(c, applicant).await;
    Ok(Answer::LodgedTogether(
        Box::new(lodged),
        LodgedBeside { names, possible },
    ))
}

/// The names of the registers that are asked: a courtesy, for what was lodged is lodged without them too.
async fn registers(c: &Client, id: Id<value::Application>) -> BTreeMap<String, Texts> {
    let items = c.evidence(id).await.map(|round| round.items).unwrap_or_default();
    items.into_iter().map(|item| (item.service, item.name)).collect()
}

/// What a household may also have a right to: a courtesy, which is missing where it cannot be asked.
async fn possible(c: &Client, applicant: Option<Id<value::Person>>) -> Vec<PossibleRight> {
    match applicant {
        Some(id) => c
            .possible_rights(id)
            .await
            .map(|rights| rights.items)
            .unwrap_or_default(),
        None => Vec::new(),
    }
}

/// The forms of several benefits as one: what two of them ask is asked once, on the page that comes first.
fn merged(together: &[(Benefit, Form)]) -> Form {
    let mut form = Form {
        pages: Vec::new(),
        ..together[0].1.clone()
    };
    for (benefit, next) in together {
        for page in &next.pages {
            let mut page = page.clone();
            page.fields.retain(|field| {
                let asked = form
                    .pages
                    .iter_mut()
                    .filter(|before| before.of == page.of)
                    .flat_map(|before| &mut before.fields)
                    .find(|before| before.fact == field.fact);
                match asked {
                    Some(before) => {
                        before.required |= field.required;
                        before.conditional &= field.conditional;
                        false
                    }
                    None => true,
                }
            });
            if page.fields.is_empty() {
                continue;
            }
            if form.pages.iter().any(|before| before.id == page.id) {
                page.id = format!("{}-{}", benefit.code, page.id);
            }
            form.pages.push(page);
        }
    }
    form
}

//! Cases of social work, and the forms of steps.

use super::{Inner, pack::lists_of};
use crate::api::{Answer, CaseAnswer, CaseAsk, CaseKit, Fault, ReportKit, StepAsk, StepKit, cases, steps};
use karton_api::{
    Id,
    catalogue::{CodeList, Form},
    client::{Client, Key},
    value,
};
use std::collections::{BTreeMap, BTreeSet};

impl Inner {
    pub(super) async fn cases(&self, c: &Client, ask: CaseAsk) -> Result<Answer, Fault> {
        Ok(Answer::Cases(match ask {
            CaseAsk::List { mine } => CaseAnswer::List(cases::list(c, mine).await?),
            CaseAsk::Monitoring => CaseAnswer::Dues(cases::monitoring(c).await?),
            CaseAsk::Week { from } => CaseAnswer::Dues(cases::week(c, from).await?),
            CaseAsk::See { id, .. } => CaseAnswer::Case(Box::new(self.case(c, id).await?)),
            CaseAsk::Do { id, deed, once } => {
                cases::deed(c, id, *deed, once).await?;
                CaseAnswer::Case(Box::new(self.case(c, id).await?))
            }
            CaseAsk::Versions { id, note } => CaseAnswer::Versions(c.note_versions(id, note).await?.items),
            CaseAsk::Sheets { id } => CaseAnswer::Sheets(cases::sheets(c, id).await?),
            CaseAsk::Plans { id } => CaseAnswer::Plans(c.case_plans(id).await?.items),
            CaseAsk::VisitSheet { id, .. } => return Ok(Answer::Bytes(cases::visit_sheet(c, id).await?)),
            CaseAsk::Report { body, once } => {
                let case = c.report_case(&Key(once), &body).await?;
                CaseAnswer::Reported(case.summary.id, case.summary.number)
            }
            CaseAsk::Begin { person } => {
                let mut procedures = c.procedures().await?.items;
                procedures.retain(|procedure| procedure.case.is_some());
                let names = procedures
                    .iter()
                    .filter_map(|it| it.case.as_ref()?.form.clone())
                    .collect();
                let (forms, codes) = self.case_forms(c, names).await?;
                let (view, household) =
                    futures_util::future::join(c.person(person), self.household(c, person)).await;
                CaseAnswer::Begin(Box::new(ReportKit {
                    person: view?,
                    household: household?,
                    procedures,
                    forms,
                    officers: cases::officers(c).await?,
                    codes,
                }))
            }
        }))
    }
    pub(super) async fn step(&self, c: &Client, ask: StepAsk) -> Result<Answer, Fault> {
        let at = match ask {
            StepAsk::HandIn { at, body, once } => {
                c.complete_step(at.matter, at.step, &Key(once), &body).await?;
                return Ok(Answer::Done);
            }
            StepAsk::Blank(at) => return Ok(Answer::Bytes(steps::blank(c, &at).await?)),
            StepAsk::Form(at) | StepAsk::Read(at) => at,
        };
        let names = BTreeSet::from([at.form.clone()]);
        let (mut forms, codes) = self.case_forms(c, names).await?;
        let form = forms.remove(&at.form);
        let (view, household) =
            futures_util::future::join(c.person(at.person), self.household(c, at.person)).await;
        let declared = match at.applied {
            true => c.application(at.matter.cast()).await?.answers,
            false => Vec::new(),
        };
        Ok(Answer::Step(Box::new(StepKit {
            form: form.ok_or_else(|| Fault::Unreadable(format!("form {}", at.form)))?,
            codes,
            person: view?.card,
            household: household?,
            sheets: steps::sheets(c, &at).await?,
            declared,
            at,
        })))
    }
    async fn case(&self, c: &Client, id: Id<value::Case>) -> Result<CaseKit, Fault> {
        let (case, notes, dues, family) = cases::parts(c, id).await?;
        let mut names: BTreeSet<String> = case.steps.iter().filter_map(|step| step.form.clone()).collect();
        names.extend(case.visit_form.clone());
        let (forms, codes) = self.case_forms(c, names).await?;
        Ok(CaseKit {
            case,
            notes,
            dues,
            family,
            officers: cases::officers(c).await?,
            forms,
            codes,
        })
    }
    /// Forms by name, and the lists that they and the screens of cases need.
    async fn case_forms(
        &self,
        c: &Client,
        names: BTreeSet<String>,
    ) -> Result<(BTreeMap<String, Form>, BTreeMap<String, CodeList>), Fault> {
        let mut forms = BTreeMap::new();
        let mut lists: BTreeSet<String> = cases::LISTS.iter().map(|list| (*list).to_owned()).collect();
        for name in names {
            let form = self.form(c, &name).await?;
            for field in form.pages.iter().flat_map(|page| &page.fields) {
                lists_of(&field.kind, &mut lists);
            }
            forms.insert(name, form);
        }
        Ok((forms, self.lists(c, lists).await?))
    }
}

//! An application as its screen shows it, and what a later decision is drawn from.

use super::Inner;
use crate::api::{
    About, Answer, Fault, Work,
    beside::{PARTS, parts_list},
};
use karton_api::{
    Id,
    client::{Client, Error},
    value,
};

impl Inner {
    /// The application is read last: what may be done with it is then never older than the evidence beside it. The
    /// other way round the last register's answer can come in between, and nobody would look again.
    pub(super) async fn work(&self, c: &Client, id: Id<value::Application>) -> Result<Answer, Fault> {
        let (evidence, assessment) = futures_util::future::join(c.evidence(id), c.assessment(id)).await;
        let application = c.application(id).await?;
        let assessment = match assessment {
            Ok(assessment) => Some(assessment),
            Err(Error::Problem(p)) if p.status == 404 => None,
            Err(e) => return Err(e.into()),
        };
        let decision = match application.summary.decision {
            // A dismissal is named in the same place, and is none.
            Some(decision) if application.dismissal.is_none() => Some(Box::new(c.decision(decision).await?)),
            _ => None,
        };
        Ok(Answer::Work(Box::new(Work {
            decision,
            application,
            evidence: evidence?,
            assessment,
        })))
    }
    /// The reasons for a later decision, and the parts of the award it is about.
    pub(super) async fn amend_form(&self, c: &Client, about: &About) -> Result<Answer, Fault> {
        let mut lists = self.lists(c, ["amendment_reasons"]).await?;
        let award = match about {
            About::Award(award) => Some(award.id),
            About::Again(it) => it.award,
            About::Decision(..) | About::Later(..) | About::Second(..) => None,
        };
        if let Some(award) = award {
            let parts = c.award(award).await?.parts;
            lists.insert(PARTS.to_owned(), parts_list(&parts));
        }
        Ok(Answer::Codes(lists))
    }
}

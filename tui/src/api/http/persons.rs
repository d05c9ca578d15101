//! Dossiers, households, and what is changed about people.

use super::{Inner, NOW, pack::lists_of};
use crate::api::{Answer, ChangeKit, Changed, DossierKit, Fault, Send, What};
use karton_api::{
    Id,
    catalogue::FactDef,
    client::{Client, Error, Key},
    common::{PageQuery, Reason},
    dossiers::{OpenDossier, Purpose},
    persons::{HouseholdView, SearchPersons},
    value,
};
use std::collections::{BTreeMap, BTreeSet};

impl Inner {
    /// The household; a person alone has none, which is no error.
    pub(super) async fn household(
        &self,
        c: &Client,
        person: Id<value::Person>,
    ) -> Result<Option<HouseholdView>, Fault> {
        match c.household(person, &NOW).await {
            Ok(household) => Ok(Some(household)),
            Err(Error::Problem(p)) if p.status == 404 => Ok(None),
            Err(e) => Err(e.into()),
        }
    }
    pub(super) async fn dossier(
        &self,
        c: &Client,
        person: Id<value::Person>,
        purpose: Option<Purpose>,
    ) -> Result<Answer, Fault> {
        let dossier = c.dossier(person, &OpenDossier { purpose }).await?;
        let page = PageQuery {
            limit: Some(200),
            cursor: None,
        };
        let (facts, timeline) =
            futures_util::future::join(c.facts(person, &NOW), c.timeline(person, &page)).await;
        let (facts, timeline) = (facts?.items, timeline?.items);
        let dictionary: BTreeMap<String, FactDef> = self
            .dictionary(c)
            .await?
            .into_iter()
            .map(|f| (f.name.clone(), f))
            .collect();
        let used: BTreeSet<&str> = facts.iter().map(|f| f.fact.as_str()).collect();
        let mut names = BTreeSet::from(["relationships".to_owned(), "sexes".to_owned()]);
        for def in dictionary.values().filter(|d| used.contains(d.name.as_str())) {
            lists_of(&def.kind, &mut names);
        }
        let codes = self.lists(c, names).await?;
        Ok(Answer::Dossier(Box::new(DossierKit {
            dossier,
            facts,
            timeline,
            dictionary,
            codes,
        })))
    }
    pub(super) async fn change_form(
        &self,
        c: &Client,
        person: Id<value::Person>,
        what: What,
    ) -> Result<Answer, Fault> {
        let (view, household) = futures_util::future::join(c.person(person), self.household(c, person)).await;
        let page = PageQuery {
            limit: Some(50),
            cursor: None,
        };
        Ok(Answer::Change(Box::new(ChangeKit {
            person: view?,
            household: household?,
            codes: self
                .lists(c, ["municipalities", "relationships", "sexes"])
                .await?,
            events: match what {
                What::Undo => c.household_changes(person, &page).await?.items,
                _ => Vec::new(),
            },
            identity: match what {
                What::Identity => c.identity(person).await?.items,
                _ => Vec::new(),
            },
        })))
    }
    pub(super) async fn change(
        &self,
        c: &Client,
        person: Id<value::Person>,
        send: Send,
        key: &Key,
    ) -> Result<Changed, Fault> {
        let why = |reason: String| Reason { reason };
        match send {
            Send::Correct(revision, body) => drop(c.change_person(person, revision, &body).await?),
            Send::Move(body) => return Ok(Changed::Moved(c.move_person(person, key, &body).await?)),
            Send::Death(revision, body) => {
                return Ok(Changed::Death(Box::new(
                    c.record_death(person, revision, &body).await?,
                )));
            }
            Send::Split(body) => drop(c.split_household(person, key, &body).await?),
            Send::Leave(body) => drop(c.end_member(person, key, &body).await?),
            Send::Head(body) => drop(c.change_head(person, key, &body).await?),
            Send::Join(text, mut body) => {
                let search = SearchPersons {
                    text,
                    limit: Some(2),
                    cursor: None,
                };
                let found = c.search_persons(&search).await?.items;
                // Whoever is not found by exactly one number stays this person, which the server refuses by name.
                if let [hit] = found.as_slice() {
                    body.other = hit.card.id;
                }
                drop(c.join_households(person, key, &body).await?);
            }
            Send::Undo(change, reason) => {
                drop(c.undo_household_change(person, change, key, &why(reason)).await?)
            }
            Send::Protect(body) => {
                return Ok(Changed::Protected(c.protect_address(person, key, &body).await?));
            }
            Send::OpenAddress(reason) => {
                return Ok(Changed::Opened(c.open_address(person, key, &why(reason)).await?));
            }
            Send::EndProtection(reason) => drop(c.end_protection(person, key, &why(reason)).await?),
            Send::Kin(body) => drop(c.declare_own_kin(key, &body).await?),
        }
        Ok(Changed::Done)
    }
}

//! What the country's pack says: it stays the same while a session lasts, so it is asked once.

use super::Inner;
use crate::api::{Answer, FactKit, Fault};
use karton_api::{
    catalogue::{Benefit, CodeList, Country, FactDef, FieldKind, Form},
    client::{Client, Error},
};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Default)]
pub(super) struct Pack {
    codes: BTreeMap<String, CodeList>,
    facts: Vec<FactDef>,
    benefits: Vec<Benefit>,
    forms: BTreeMap<String, Form>,
}

impl Inner {
    /// The country; before the first password is changed it is not told, and that is no reason not to sign in.
    pub(super) async fn country(&self, c: &Client) -> Result<Option<Country>, Fault> {
        match c.country().await {
            Ok(country) => Ok(Some(country)),
            Err(Error::Problem(p)) if p.status == 403 || p.slug() == "password-change-needed" => Ok(None),
            Err(e) => Err(e.into()),
        }
    }
    pub(super) async fn benefits(&self, c: &Client) -> Result<Vec<Benefit>, Fault> {
        let known = self.pack.borrow().benefits.clone();
        if !known.is_empty() {
            return Ok(known);
        }
        let benefits = c.benefits().await?.items;
        self.pack.borrow_mut().benefits.clone_from(&benefits);
        Ok(benefits)
    }
    pub(super) async fn dictionary(&self, c: &Client) -> Result<Vec<FactDef>, Fault> {
        let known = self.pack.borrow().facts.clone();
        if !known.is_empty() {
            return Ok(known);
        }
        let facts = c.fact_defs().await?.items;
        self.pack.borrow_mut().facts.clone_from(&facts);
        Ok(facts)
    }
    pub(super) async fn form(&self, c: &Client, name: &str) -> Result<Form, Fault> {
        let known = self.pack.borrow().forms.get(name).cloned();
        if let Some(form) = known {
            return Ok(form);
        }
        let form = c.form(name).await?;
        self.pack.borrow_mut().forms.insert(name.to_owned(), form.clone());
        Ok(form)
    }
    pub(super) async fn lists<I: IntoIterator<Item = T>, T: Into<String>>(
        &self,
        c: &Client,
        names: I,
    ) -> Result<BTreeMap<String, CodeList>, Fault> {
        let mut out = BTreeMap::new();
        for name in names {
            let name = name.into();
            let known = self.pack.borrow().codes.get(&name).cloned();
            let list = match known {
                Some(list) => list,
                None => {
                    let list = c.codes(&name).await?;
                    self.pack.borrow_mut().codes.insert(name.clone(), list.clone());
                    list
                }
            };
            out.insert(name, list);
        }
        Ok(out)
    }
    pub(super) async fn classifiers(&self, c: &Client) -> Result<Vec<CodeList>, Fault> {
        let country = self.country(c).await?;
        let names = country.map(|country| country.classifiers).unwrap_or_default();
        let mut known = self.lists(c, names.iter()).await?;
        Ok(names.iter().filter_map(|name| known.remove(name)).collect())
    }
    /// The dictionary with every list it names.
    pub(super) async fn fact_form(&self, c: &Client) -> Result<Answer, Fault> {
        let facts = self.dictionary(c).await?;
        let mut names = BTreeSet::new();
        facts.iter().for_each(|def| lists_of(&def.kind, &mut names));
        let codes = self.lists(c, names).await?;
        Ok(Answer::Facts(Box::new(FactKit { facts, codes })))
    }
}

/// The lists that a field's answers are taken from.
pub(super) fn lists_of(kind: &FieldKind, names: &mut BTreeSet<String>) {
    match kind {
        FieldKind::Code { list } => {
            names.insert(list.clone());
        }
        FieldKind::Rows { columns } => columns.iter().for_each(|c| lists_of(&c.kind, names)),
        _ => {}
    }
}

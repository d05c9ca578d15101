//! What the country's pack says.

use super::{Client, Error};
use crate::{catalogue::*, common::Page};

impl Client {
    /// `GET /v1/catalogue`
    pub async fn country(&self) -> Result<Country, Error> {
        self.get("/v1/catalogue").await
    }
    /// `GET /v1/catalogue/benefits`
    pub async fn benefits(&self) -> Result<Page<Benefit>, Error> {
        self.get("/v1/catalogue/benefits").await
    }
    /// `GET /v1/catalogue/procedures`
    pub async fn procedures(&self) -> Result<Page<Procedure>, Error> {
        self.get("/v1/catalogue/procedures").await
    }
    /// `GET /v1/catalogue/forms/{id}`
    pub async fn form(&self, id: &str) -> Result<Form, Error> {
        self.get(&format!("/v1/catalogue/forms/{id}")).await
    }
    /// `GET /v1/catalogue/codes/{list}`: the whole of it, page after page.
    pub async fn codes(&self, list: &str) -> Result<CodeList, Error> {
        let mut whole = CodeList {
            name: list.to_owned(),
            codes: Vec::new(),
        };
        let mut query = CodesQuery::default();
        loop {
            let page = self.codes_page(list, &query).await?;
            whole.codes.extend(page.codes);
            query.cursor = page.next;
            if query.cursor.is_none() {
                return Ok(whole);
            }
        }
    }
    /// `GET /v1/catalogue/codes/{list}`: a page of it, or what somebody looks for.
    pub async fn codes_page(&self, list: &str, query: &CodesQuery) -> Result<CodePage, Error> {
        self.ask(&format!("/v1/catalogue/codes/{list}"), query).await
    }
    /// `GET /v1/catalogue/facts`
    pub async fn fact_defs(&self) -> Result<Page<FactDef>, Error> {
        self.get("/v1/catalogue/facts").await
    }
    /// `GET /v1/catalogue/words/{language}`
    pub async fn words(&self, language: &str) -> Result<Words, Error> {
        self.get(&format!("/v1/catalogue/words/{language}")).await
    }
    /// `GET /v1/catalogue/registers`: the registers that the institution keeps itself.
    pub async fn own_registers(&self) -> Result<Page<OwnRegister>, Error> {
        self.get("/v1/catalogue/registers").await
    }
}

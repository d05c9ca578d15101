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
    /// `GET /v1/catalogue/codes/{list}`
    pub async fn codes(&self, list: &str) -> Result<CodeList, Error> {
        self.get(&format!("/v1/catalogue/codes/{list}")).await
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

//! The demo's organisations: `people/organisations.csv` of the pack. None of them exists.

use crate::{
    access::Actor,
    audit::{self, Entry},
    house::House,
    organisations,
    problem::Error,
};
use karton_api::{
    Date,
    organisations::{KeepOrganisation, ProviderEntry},
    persons::NationalId,
};
use serde::Deserialize;

/// A line of the file; `services` stand with blanks between.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    scheme: String,
    number: String,
    name: String,
    address: String,
    account: String,
    sole_trader: bool,
    register: String,
    services: String,
    contract: String,
    from: Option<Date>,
}

/// Registers the organisations of the pack where there is none yet; how many there are in the pack. Refuses a file that cannot be read.
pub(super) async fn load(house: &House) -> Result<usize, Error> {
    let Some(text) = house.pack.people.get("organisations.csv") else {
        return Ok(0);
    };
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_reader(text.as_bytes());
    let lines: Vec<Line> = reader
        .deserialize()
        .collect::<Result<_, _>>()
        .map_err(|wrong| Error::fault(format!("people/organisations.csv: {wrong}")))?;
    let Some(top) = house.offices.top() else {
        return Ok(0);
    };
    let actor = Actor {
        officer: None,
        office: top.id,
    };
    let (now, inside) = (house.clock.now(), house.clone());
    let count = lines.len();
    let new: Vec<_> = lines.into_iter().map(|line| (house.clock.id(), line)).collect();
    audit::write(&house.store, actor, now, move |tx| {
        let mut written = 0;
        if tx.query("SELECT 1 FROM organisation LIMIT 1", &[])?.is_empty() {
            for (id, line) in &new {
                let body = KeepOrganisation {
                    name: line.name.clone(),
                    number: NationalId {
                        scheme: line.scheme.clone(),
                        number: line.number.clone(),
                    },
                    address: line.address.clone(),
                    account: Some(line.account.clone()),
                    phone: None,
                    sole_trader: line.sole_trader,
                };
                let checked = organisations::check(&inside.pack, &body).map_err(Error::Invalid)?;
                organisations::register(tx, *id, &checked, (now, None))?;
                for service in line.services.split_whitespace() {
                    let entry = ProviderEntry {
                        register: line.register.clone(),
                        service: service.to_owned(),
                        contract: line.contract.clone(),
                        from: line.from.unwrap_or(Date::new(2024, 1, 1).map_err(Error::fault)?),
                        until: None,
                    };
                    organisations::enter(tx, &inside, *id, &entry, (now, None))?;
                }
                written += 1;
            }
        }
        Ok(((), Entry::of("demo-organisations").value("count", written)))
    })
    .await?;
    Ok(count)
}

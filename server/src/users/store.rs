use crate::{problem::Error, store::Tx, vals};
use karton_api::{Id, common::OfficerRef, value::Officer};

/// An officer in short, as it travels. What the system did by itself bears the nil id and the system's name.
pub fn officer_ref(tx: &mut Tx, officer: Option<Id<Officer>>) -> Result<OfficerRef, Error> {
    let Some(id) = officer else {
        return Ok(OfficerRef {
            id: Id::from_uuid(uuid::Uuid::nil()),
            name: "Karton".into(),
        });
    };
    let row = tx.opt("SELECT name FROM officer WHERE id = $1", vals![id])?;
    let name = row.map_or_else(|| Ok(String::new()), |row| row.get(0))?;
    Ok(OfficerRef { id, name })
}

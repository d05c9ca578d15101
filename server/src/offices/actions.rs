use super::{Office, store};
use crate::{
    access::{ManageOffices, May, Scope},
    audit::{self, Entry},
    house::House,
    http::IfMatch,
    problem::{Error, Refusal},
    store::Tx,
    vals,
};
use karton_api::{
    Id,
    common::Texts,
    problem::FieldError,
    users::{ChangeOffice, NewOffice},
    value,
};
use karton_rules::pack::OfficeRow;

/// Kinds an administrator can open: the ministry stands alone at the top.
const KINDS: [&str; 2] = ["centre", "unit"];

fn wrong(pointer: &str, code: &str, message: &str) -> FieldError {
    FieldError {
        pointer: pointer.into(),
        code: code.into(),
        message: message.into(),
    }
}

/// A text on one line; an empty one is none.
fn line(text: Option<&String>, pointer: &str, errors: &mut Vec<FieldError>) -> Option<String> {
    let text = text?.trim();
    if text.chars().count() > 200 || text.chars().any(char::is_control) {
        errors.push(wrong(pointer, "text", "At most 200 characters, on one line."));
    }
    (!text.is_empty()).then(|| text.to_owned())
}

/// A name in every language of the country, and in no other.
fn name(house: &House, name: &Texts, errors: &mut Vec<FieldError>) -> Texts {
    let languages = &house.pack.country.languages;
    for language in languages {
        let text = name.get(language).map_or("", |text| text.trim());
        if text.is_empty() || text.chars().count() > 200 || text.chars().any(char::is_control) {
            errors.push(wrong(
                &format!("/name/{language}"),
                "text",
                "A name in each language of the country: 1 to 200 characters on one line.",
            ));
        }
    }
    for language in name.keys().filter(|language| !languages.contains(language)) {
        errors.push(wrong(
            &format!("/name/{}", language.replace('~', "~0").replace('/', "~1")),
            "unknown",
            "This is no language of the country.",
        ));
    }
    let trimmed = |(language, text): (&String, &String)| (language.clone(), text.trim().to_owned());
    name.iter().map(trimmed).collect()
}

/// Whether an office lies within the administrator's own.
fn within(tx: &mut Tx, scope: &Scope, id: Id<value::Office>) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM office_tree WHERE ancestor = $1 AND office = $2";
    Ok(tx.opt(sql, vals![scope.val(), id])?.is_some())
}

/// Opens an office. Refuses with `OfficeTaken`, and a place in the tree outside of the administrator's own office.
pub(super) async fn open(may: &May<ManageOffices>, house: &House, body: &NewOffice) -> Result<Office, Error> {
    let mut errors = Vec::new();
    let code = body.code.trim().to_owned();
    let plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-';
    if !(2..=20).contains(&code.len()) || !code.chars().all(plain) {
        errors.push(wrong(
            "/code",
            "characters",
            "2 to 20 capital letters, digits and `-`.",
        ));
    }
    if !KINDS.contains(&body.kind.as_str()) {
        errors.push(wrong("/kind", "unknown", "`centre` or `unit`."));
    }
    let name = name(house, &body.name, &mut errors);
    let address = line(body.address.as_ref(), "/address", &mut errors);
    let phone = line(body.phone.as_ref(), "/phone", &mut errors);
    if let Some(code) = &body.municipality
        && !house.pack.municipalities.iter().any(|row| row.code == *code)
    {
        errors.push(wrong(
            "/municipality",
            "unknown",
            "This is no code of the list `municipalities`.",
        ));
    }
    let parent = house
        .offices
        .by_code(&body.parent)
        .filter(|parent| parent.closed_on.is_none());
    if parent.is_none() {
        errors.push(wrong(
            "/parent",
            "unknown",
            "There is no open office with this code.",
        ));
    }
    let Some(parent) = parent.filter(|_| errors.is_empty()) else {
        return Err(Error::Invalid(errors));
    };
    let office = Office {
        id: house.clock.id(),
        code,
        name,
        kind: body.kind.clone(),
        parent: Some(parent.id),
        municipality: body.municipality.clone(),
        address,
        phone,
        closed_on: None,
        revision: 1,
    };
    let (now, scope) = (house.clock.now(), may.scope());
    let made = audit::write(&house.store, may.actor(), now, move |tx| {
        if !within(tx, &scope, parent.id)? {
            return Err(Error::field(
                "/parent",
                "outside",
                "This office is not below yours.",
            ));
        }
        let taken = "SELECT 1 FROM office WHERE code = $1";
        if tx.opt(taken, vals![&office.code])?.is_some() {
            return Err(Refusal::OfficeTaken.into());
        }
        let row = OfficeRow {
            code: office.code.clone(),
            name: karton_rules::Texts(office.name.clone()),
            kind: office.kind.clone(),
            parent: None,
            municipality: office.municipality.clone(),
            more: std::collections::BTreeMap::new(),
        };
        store::insert(tx, office.id, &row, office.parent)?;
        let mut made = office.clone();
        made.revision = 2;
        if !store::update(tx, &made)? {
            return Err(Error::fault("an office that was just opened is not there"));
        }
        let entry = Entry::of("office-opened").value("code", &made.code);
        Ok((made, entry))
    })
    .await?;
    house.offices.set(house.store.read(store::load).await?);
    Ok(made)
}

/// Changes an office, closes it or opens it again. Refuses with `Changed`, and closing with `OfficeInUse` while work is open there.
pub(super) async fn change(
    may: &May<ManageOffices>,
    house: &House,
    code: &str,
    seen: IfMatch,
    body: &ChangeOffice,
) -> Result<Office, Error> {
    let id = house.offices.by_code(code).ok_or(Error::Missing)?.id;
    let mut errors = Vec::new();
    let name = body.name.as_ref().map(|given| name(house, given, &mut errors));
    let address = line(body.address.as_ref(), "/address", &mut errors);
    let phone = line(body.phone.as_ref(), "/phone", &mut errors);
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    let body = body.clone();
    let (now, today, scope) = (house.clock.now(), house.clock.today(), may.scope());
    let changed = audit::write(&house.store, may.actor(), now, move |tx| {
        if !within(tx, &scope, id)? {
            return Err(Error::Missing);
        }
        tx.hold("office", id)?;
        let before = store::load(tx)?;
        let before = before.into_iter().find(|office| office.id == id);
        let before = before.ok_or(Error::Missing)?;
        seen.check(before.revision)?;
        let mut after = before.clone();
        after.revision += 1;
        if let Some(name) = &name {
            after.name.clone_from(name);
        }
        if body.address.is_some() {
            after.address.clone_from(&address);
        }
        if body.phone.is_some() {
            after.phone.clone_from(&phone);
        }
        after.closed_on = match body.closed {
            Some(true) => before.closed_on.or(Some(today)),
            Some(false) => None,
            None => before.closed_on,
        };
        let closes = after.closed_on.is_some() && before.closed_on.is_none();
        if closes && (after.parent.is_none() || store::in_use(tx, id)?) {
            return Err(Refusal::OfficeInUse.into());
        }
        if !store::update(tx, &after)? {
            return Err(Error::Changed(before.revision));
        }
        let entry = Entry::of("office-changed")
            .value("code", &after.code)
            .value("closed", after.closed_on.is_some());
        Ok((after, entry))
    })
    .await?;
    house.offices.set(house.store.read(store::load).await?);
    Ok(changed)
}

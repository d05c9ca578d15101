//! How a register's answer becomes facts. Pure.

use crate::facts::values;
use jiff::civil::Date;
use karton_api::{FactValue, Money, value::Record};
use karton_rules::{
    lang::Type,
    pack::{Absence, FactDef, HolderKind, Pack, Service},
};
use serde_json::{Map, Value};

/// Facts by name that an answer gives; `Err` says in words what is wrong with it, without naming anybody.
///
/// Nothing there: where the service's absence means "none", lists are known to be empty, questions answered no and amounts zero; where it
/// means "unknown", nothing is known. What a code or a number is then, the pack says with `nothing`.
pub fn facts_of(
    pack: &Pack,
    service: &Service,
    answer: Option<&Map<String, Value>>,
) -> Result<Vec<(String, FactValue)>, String> {
    let mut facts = Vec::new();
    for gives in &service.gives {
        let Some(def) = pack.fact(HolderKind::Person, &gives.fact) else {
            continue;
        };
        let value = match answer.and_then(|answer| answer.get(&gives.from)) {
            Some(Value::Null) | None => match (&gives.nothing, service.absence) {
                (Some(nothing), _) => stands_for(&def.ty, nothing),
                (None, Absence::None) => nothing_there(pack, &def.ty),
                (None, Absence::Unknown) => None,
            },
            Some(json) => Some(read(pack, def, &gives.map, json).ok_or_else(|| unreadable(&gives.from))?),
        };
        let Some(value) = value else { continue };
        if let Some(error) = values::check(pack, def, &value, &gives.from).into_iter().next() {
            return Err(format!(
                "the answer's `{}` cannot be used: {}",
                gives.from, error.message
            ));
        }
        facts.push((gives.fact.clone(), value));
    }
    Ok(facts)
}

/// A value in the shape in which services answer, as the value of a fact: amounts are texts with a point, days ISO 8601, rows lists of objects under
/// our own column names. Nothing where it does not fit.
pub fn value_of(pack: &Pack, def: &FactDef, json: &Value) -> Option<FactValue> {
    read(pack, def, &std::collections::BTreeMap::new(), json)
}

fn unreadable(member: &str) -> String {
    format!("the answer's `{member}` is not what the service promises")
}

/// What the pack says that an answer without this member stands for; the loader has seen that it fits.
fn stands_for(ty: &Type, nothing: &str) -> Option<FactValue> {
    match ty {
        Type::Code(_) => Some(FactValue::Code(nothing.to_owned())),
        Type::Int => nothing.parse().ok().map(FactValue::Int),
        Type::Decimal => Some(FactValue::Decimal(nothing.to_owned())),
        _ => None,
    }
}

fn nothing_there(pack: &Pack, ty: &Type) -> Option<FactValue> {
    match ty {
        Type::List(_) => Some(FactValue::Rows(Vec::new())),
        Type::Bool => Some(FactValue::Bool(false)),
        Type::Money(_) => Some(FactValue::Money(Money::new(0, pack.country.currency))),
        _ => None,
    }
}

fn read(
    pack: &Pack,
    def: &FactDef,
    map: &std::collections::BTreeMap<String, String>,
    json: &Value,
) -> Option<FactValue> {
    let columns = def.columns();
    if columns.is_empty() {
        return scalar(pack, &def.ty, json);
    }
    let rows = json.as_array()?;
    let mut records = Vec::with_capacity(rows.len());
    for row in rows {
        let row = row.as_object()?;
        let mut record = Record::new();
        for (column, ty) in columns {
            let theirs = map.get(column).unwrap_or(column);
            match row.get(theirs) {
                None | Some(Value::Null) => {}
                Some(cell) => {
                    record.insert(column.clone(), scalar(pack, ty, cell)?);
                }
            }
        }
        records.push(record);
    }
    Some(FactValue::Rows(records))
}

fn scalar(pack: &Pack, ty: &Type, json: &Value) -> Option<FactValue> {
    Some(match (ty, json) {
        (Type::Bool, Value::Bool(yes)) => FactValue::Bool(*yes),
        (Type::Int, Value::Number(number)) => FactValue::Int(number.as_i64()?),
        (Type::Decimal, Value::String(text)) => FactValue::Decimal(text.clone()),
        (Type::Decimal, Value::Number(number)) => FactValue::Decimal(number.to_string()),
        (Type::Money(_), Value::String(text)) => FactValue::Money(Money::new(
            minor(text, pack.country.minor_units)?,
            pack.country.currency,
        )),
        (Type::Date, Value::String(text)) => FactValue::Date(text.parse::<Date>().ok()?),
        (Type::Text, Value::String(text)) => FactValue::Text(text.clone()),
        (Type::Code(_), Value::String(text)) => FactValue::Code(text.clone()),
        _ => return None,
    })
}

/// `"152.88"` in minor units, exactly; nothing where there are more decimals than the currency has.
fn minor(text: &str, units: u8) -> Option<i64> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let units = usize::from(units);
    let good = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 15 || part.len() > units || !good(whole) || !good(part) {
        return None;
    }
    format!("{whole}{part:0<units$}")
        .parse::<i64>()
        .ok()
        .map(|minor| sign * minor)
}

#[cfg(test)]
mod tests {
    use super::{facts_of, minor};
    use karton_api::FactValue;
    use karton_rules::Pack;
    use serde_json::json;

    #[test]
    fn what_an_answer_leaves_out_is_what_the_pack_says_it_stands_for() {
        let mut files = crate::pack::files("me").unwrap();
        let text = files.get_mut("registers/health.toml").unwrap();
        *text = text.replacen(
            "fact = \"health_insurance\"\n",
            "fact = \"health_insurance\"\nnothing = \"none\"\n",
            1,
        );
        let pack = Pack::load(&files).unwrap();
        let service = pack.service("health.insurance").unwrap();
        let fact = |value: &str| vec![("health_insurance".to_owned(), FactValue::Code(value.to_owned()))];
        let answer = json!({ "found": true, "national_id": "1" });
        assert_eq!(facts_of(&pack, service, answer.as_object()), Ok(fact("none")));
        assert_eq!(facts_of(&pack, service, None), Ok(fact("none")));
        let answer = json!({ "osnov": "pension" });
        assert_eq!(facts_of(&pack, service, answer.as_object()), Ok(fact("pension")));
    }

    #[test]
    fn amounts_are_read_exactly() {
        for (text, is) in [
            ("152.88", Some(15_288)),
            ("152.8", Some(15_280)),
            ("152", Some(15_200)),
            ("-0.05", Some(-5)),
            ("152.885", None),
            ("1e5", None),
            ("", None),
            (".5", None),
            ("99999999999999999", None),
        ] {
            assert_eq!(minor(text, 2), is, "{text}");
        }
    }
}

//! People who may be the one being registered. Looked for inside the transaction that registers, so that no way in can pass it by.

use super::{
    likeness::{self, Lives},
    model::Checked,
    names::words_of,
    store::{CARD, card},
};
use crate::{
    access::Scope,
    problem::Error,
    store::{Tx, Val},
};
use karton_api::{
    Date, Id,
    persons::{Candidate, LikenessReason, PersonCard},
    value::Person,
};
use karton_likeness::{Card, Field, Level, Likeness, score};
use std::collections::BTreeMap;

/// How many people a block may bring before it is cut: a block that large tells nothing.
const LARGEST_BLOCK: i64 = 200;
/// How many words of the name are tried together with the birth date, the longest ones.
const WORDS_TRIED: usize = 4;
/// How many candidates an officer is shown.
const MOST_SHOWN: usize = 10;

/// Day and month swapped, where that is a day.
fn swapped(day: Date) -> Option<Date> {
    Date::new(day.year(), day.day(), day.month())
        .ok()
        .filter(|other| *other != day)
}

/// The level of a field, or unknown.
fn level(found: &Likeness, field: Field) -> Level {
    let reason = found.reasons.iter().find(|reason| reason.field == field);
    reason.map_or(Level::Unknown, |reason| reason.level)
}

/// What agrees, as codes for the screen: the words of the contract, from the levels of the fields.
fn agrees(found: &Likeness, born: (Option<Date>, Option<Date>)) -> Vec<String> {
    let mut codes = Vec::new();
    if level(found, Field::Number) == Level::Same {
        codes.push("national-id");
    }
    let names = [level(found, Field::Given), level(found, Field::Family)];
    let whole = names
        .iter()
        .all(|level| matches!(level, Level::Same | Level::Unknown))
        && names.contains(&Level::Same);
    if whole {
        codes.push("name");
    } else if names.iter().any(|level| *level >= Level::Short) {
        codes.push("similar-name");
    }
    match (level(found, Field::Birth), born) {
        (Level::Same, _) => codes.push("birth-date"),
        (Level::Swapped, _) => codes.push("birth-date-swapped"),
        (Level::Unknown, _) if whole => codes.push("birth-date-unknown"),
        (_, (Some(a), Some(b))) if a.year() == b.year() => codes.push("birth-year"),
        _ => {}
    }
    codes.into_iter().map(str::to_owned).collect()
}

/// The reasons of a likeness, as they travel.
pub fn reasons(found: &Likeness) -> Vec<LikenessReason> {
    let of = |reason: &karton_likeness::Reason| LikenessReason {
        field: reason.field.code().to_owned(),
        level: reason.level.code().to_owned(),
        bits: reason.bits,
    };
    found.reasons.iter().map(of).collect()
}

/// Whether an officer has to look before going on: as likely one person as not, or of the same name with nothing to tell the two apart by. Who is
/// less alike is found by the job and judged at leisure; sisters and twins are not asked about.
fn worth_a_look(found: &Likeness, agrees: &[String]) -> bool {
    found.asks()
        || agrees
            .iter()
            .any(|code| code == "birth-date-unknown" || code == "national-id")
}

/// Likely duplicates of a registration, the likeliest first. `other_than` leaves out the person being corrected.
pub(crate) fn candidates(
    tx: &mut Tx,
    scope: &Scope,
    new: &Checked,
    lives: &Lives,
    other_than: Option<Id<Person>>,
) -> Result<Vec<Candidate>, Error> {
    let words = words_of(&new.name);
    let mut longest: Vec<&String> = words.iter().collect();
    longest.sort_by_key(|word| std::cmp::Reverse(word.len()));
    longest.truncate(WORDS_TRIED);
    let mut found: BTreeMap<Id<Person>, PersonCard> = BTreeMap::new();
    // What was committed a moment ago is found by name and birth date; who is otherwise alike, by the keys that follow a moment later.
    // Each block is cut in an order, so that an officer who looked at all that were shown is not shown others the next time. All blocks are one
    // question, for a database may be a trip away.
    let mut blocks: Vec<String> = Vec::new();
    let mut values = vec![scope.val()];
    let at = |values: &mut Vec<Val>, value: Val| {
        values.push(value);
        values.len()
    };
    if let Some(id) = &new.national_id {
        let number = at(&mut values, id.number.as_str().into());
        let scheme = at(&mut values, id.scheme.as_str().into());
        blocks.push(format!(
            "SELECT q.id FROM person q WHERE q.id_number = ${number} AND q.id_scheme = ${scheme}"
        ));
    }
    for day in new.birth_date.into_iter().chain(new.birth_date.and_then(swapped)) {
        let day = at(&mut values, day.into());
        for word in &longest {
            let word = at(&mut values, word.as_str().into());
            blocks.push(format!(
                "SELECT q.id FROM person q WHERE q.merged_into IS NULL AND q.birth_day = ${day}
                    AND EXISTS (SELECT 1 FROM person_token a WHERE a.person = q.id AND a.token = ${word})
                 ORDER BY q.birth_day, q.id LIMIT {LARGEST_BLOCK}"
            ));
        }
    }
    // The whole name, whatever the birth date: the two longest words lead, or the only one.
    let pair = match longest.as_slice() {
        [] => None,
        [only] => Some((only.as_str(), "")),
        [a, b, ..] => Some((a.as_str(), b.as_str())),
    };
    if let Some((word, other)) = pair {
        let word = at(&mut values, word.into());
        let other = at(&mut values, other.into());
        blocks.push(format!(
            "SELECT a.person AS id FROM person_token a WHERE a.token = ${word} AND a.other = ${other} ORDER BY a.person LIMIT {LARGEST_BLOCK}"
        ));
    }
    if !blocks.is_empty() {
        let blocks: Vec<String> = blocks
            .iter()
            .enumerate()
            .map(|(place, block)| format!("SELECT id FROM ({block}) AS block{place}"))
            .collect();
        let sql = format!(
            "SELECT {CARD} FROM person p JOIN office o ON o.id = p.office WHERE p.merged_into IS NULL AND p.id IN ({})",
            blocks.join(" UNION ALL ")
        );
        for row in tx.query(&sql, &values)? {
            let card = card(&row)?;
            found.insert(card.id, card);
        }
    }
    let number = new.national_id.as_ref().map(|id| id.number.as_str());
    let mine = likeness::card_of(&new.name, (new.birth_date, new.sex.as_deref(), number), lives);
    let sharing: Vec<Id<Person>> = likeness::sharing(tx, &mine)?
        .into_iter()
        .filter(|person| !found.contains_key(person))
        .collect();
    for card in super::store::cards(tx, scope, &sharing)? {
        found.insert(card.id, card);
    }
    found.retain(|id, _| Some(*id) != other_than);
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Id<Person>> = found.keys().copied().collect();
    let kept = likeness::kept(tx, &ids)?;
    let rarity = likeness::rarity(tx, [&mine])?;
    let mut scored: Vec<Candidate> = found
        .into_values()
        .filter_map(|card| {
            // Who was registered or corrected a moment ago is taken from the card itself; where they live follows.
            let number = card.national_id.as_ref().map(|id| id.number.as_str());
            let told = (card.birth_date, card.sex.as_deref(), number);
            let now = likeness::card_of(&card.name, told, &Lives::default());
            let other = match kept.get(&card.id) {
                Some(kept) => Card {
                    given: now.given,
                    family: now.family,
                    birth: now.birth,
                    sex: now.sex,
                    number: now.number,
                    checked: now.checked,
                    ..kept.clone()
                },
                None => now,
            };
            let found = score(&mine, &other, &rarity);
            let agrees = agrees(&found, (new.birth_date, card.birth_date));
            worth_a_look(&found, &agrees).then(|| Candidate {
                bits: found.bits,
                reasons: reasons(&found),
                agrees,
                card,
            })
        })
        .collect();
    scored.sort_by_key(|candidate| (std::cmp::Reverse(candidate.bits), candidate.card.id));
    scored.truncate(MOST_SHOWN);
    Ok(scored)
}

#[cfg(test)]
mod tests {
    use super::*;
    use karton_api::persons::Name;
    use karton_likeness::Rarity;

    fn card(given: &str, family: &str, born: &str) -> Card {
        let name = Name {
            given: given.into(),
            family: family.into(),
        };
        likeness::card_of(&name, (born.parse().ok(), None, None), &Lives::default())
    }

    #[test]
    fn what_agrees_is_said_in_the_words_of_the_contract() {
        let marko = card("Marko", "Vujotić", "1978-03-04");
        let born: Option<Date> = "1978-03-04".parse().ok();
        for (given, family, day, codes, looked_at) in [
            ("Вујотић", "Марко", "1978-03-04", vec!["name", "birth-date"], true),
            (
                "Marko Petar",
                "Vujotic",
                "1978-03-04",
                vec!["similar-name", "birth-date"],
                true,
            ),
            (
                "Mirko",
                "Vujotić",
                "1978-03-04",
                vec!["similar-name", "birth-date"],
                true,
            ),
            (
                "Marko",
                "Vujotić",
                "1978-04-03",
                vec!["name", "birth-date-swapped"],
                true,
            ),
            ("Marko", "Vujotić", "", vec!["name", "birth-date-unknown"], true),
            (
                "Ana",
                "Vujotić",
                "1978-03-04",
                vec!["similar-name", "birth-date"],
                false,
            ),
            ("Ana", "Lučindol", "1978-03-05", vec!["birth-year"], false),
        ] {
            let found = score(&marko, &card(given, family, day), &Rarity::among(10_000));
            let agrees = agrees(&found, (born, day.parse().ok()));
            assert_eq!(agrees, codes, "{given} {family} {day}");
            assert_eq!(
                worth_a_look(&found, &agrees),
                looked_at,
                "{given} {family} {day}: {found:?}"
            );
        }
    }

    #[test]
    fn a_day_is_swapped_only_where_that_is_a_day() {
        assert_eq!(
            swapped(jiff::civil::date(1978, 3, 4)),
            Some(jiff::civil::date(1978, 4, 3))
        );
        assert_eq!(swapped(jiff::civil::date(1978, 3, 14)), None);
        assert_eq!(swapped(jiff::civil::date(1978, 3, 3)), None);
    }
}

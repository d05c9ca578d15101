//! Code lists in pages. A country's villages are some ten thousand entries: nobody reads them to the end, people search or open one branch.

use crate::{http::cursor, problem::Error, search::fold::fold};
use karton_api::{
    Date,
    catalogue::{Code, CodePage, CodesQuery},
    common::Texts,
};
use karton_rules::{Pack, pack::Columns};
use std::collections::BTreeMap;

/// So many entries a page has at most, and where nothing is said. Lists that are longer are those of places.
const MOST: usize = 5_000;

/// An entry of any of the lists; what is answered is made of it only when it is on the page.
struct Row<'p> {
    code: &'p str,
    name: Box<dyn Fn() -> Texts + 'p>,
    more: Box<dyn Fn() -> BTreeMap<String, String> + 'p>,
    days: (Option<Date>, Option<Date>),
}

fn columns(more: &Columns) -> Box<dyn Fn() -> BTreeMap<String, String> + '_> {
    Box::new(|| more.to_map())
}

/// A list by its name, in the pack's order; municipalities and offices are lists too.
fn rows<'p>(pack: &'p Pack, list: &str) -> Option<Box<dyn Iterator<Item = Row<'p>> + 'p>> {
    Some(match list {
        "municipalities" => Box::new(pack.municipalities.iter().map(|row| Row {
            code: &row.code,
            name: Box::new(|| row.name.to_map()),
            more: columns(&row.more),
            days: (None, None),
        })),
        "offices" => Box::new(pack.offices.iter().map(|row| Row {
            code: &row.code,
            name: Box::new(|| row.name.0.clone()),
            more: Box::new(|| row.more.clone()),
            days: (None, None),
        })),
        list => Box::new(pack.codes.get(list)?.entries.iter().map(|entry| Row {
            code: &entry.code,
            name: Box::new(|| entry.name.to_map()),
            more: columns(&entry.more),
            days: (entry.from, entry.until),
        })),
    })
}

/// The words that somebody looks for: each begins a word of the name in one language, or the code.
fn looked_for(row: &Row<'_>, words: &[&str]) -> bool {
    if words.is_empty() {
        return true;
    }
    let code = row.code.to_lowercase();
    (row.name)().values().any(|name| {
        let name = fold(name);
        let begins = |word: &&str| code.starts_with(*word) || name.split(' ').any(|it| it.starts_with(*word));
        words.iter().all(begins)
    })
}

/// A page of a list; none where the pack has no such list.
pub(super) fn codes(pack: &Pack, list: &str, query: &CodesQuery) -> Result<CodePage, Error> {
    let rows = rows(pack, list).ok_or(Error::Missing)?;
    let limit = match query.limit.map(usize::from) {
        None => MOST,
        Some(limit @ 1..=MOST) => limit,
        Some(_) => {
            let said = format!("A page has from 1 to {MOST} entries.");
            return Err(Error::field("limit", "range", said));
        }
    };
    let after: Option<String> = cursor::decode(query.cursor.as_deref())?;
    let of = match &query.of {
        Some(of) => Some(of.split_once(':').ok_or_else(|| {
            Error::field(
                "of",
                "form",
                "Write a column, a colon and what stands in it: municipality:1017.",
            )
        })?),
        None => None,
    };
    let looked = fold(query.q.as_deref().unwrap_or_default());
    let words: Vec<&str> = looked.split(' ').filter(|word| !word.is_empty()).collect();
    let mut waits = after.is_some();
    let mut found = CodePage {
        name: list.to_owned(),
        codes: Vec::new(),
        next: None,
    };
    for row in rows {
        if waits {
            waits = after.as_deref() != Some(row.code);
            continue;
        }
        let inside = of.is_none_or(|(column, is)| (row.more)().get(column).is_some_and(|it| it == is));
        if !inside || !looked_for(&row, &words) {
            continue;
        }
        if found.codes.len() == limit {
            found.next = found.codes.last().map(|last| cursor::encode(&last.code));
            break;
        }
        found.codes.push(Code {
            code: row.code.to_owned(),
            name: (row.name)(),
            from: row.days.0,
            until: row.days.1,
            more: (row.more)(),
        });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn villages() -> Pack {
        let files = crate::pack::files("ro").unwrap();
        Pack::load(&files).unwrap()
    }
    fn asked(pack: &Pack, query: CodesQuery) -> CodePage {
        codes(pack, "settlements", &query).unwrap()
    }
    fn names(page: &CodePage) -> Vec<&str> {
        page.codes.iter().map(|code| code.name["ro"].as_str()).collect()
    }

    #[test]
    fn a_long_list_is_read_in_pages_opened_by_a_branch_and_searched() {
        let pack = villages();
        let mut all: Vec<String> = Vec::new();
        let mut query = CodesQuery::default();
        loop {
            let page = asked(&pack, query.clone());
            assert!(page.codes.len() <= MOST);
            all.extend(page.codes.into_iter().map(|code| code.code));
            query.cursor = page.next;
            if query.cursor.is_none() {
                break;
            }
        }
        let there = &pack.codes["settlements"].entries;
        assert!(all.iter().eq(there.iter().map(|entry| &entry.code)));

        let of = CodesQuery {
            of: Some("municipality:1151".into()),
            ..CodesQuery::default()
        };
        assert_eq!(
            names(&asked(&pack, of)),
            ["Abrud", "Abrud-Sat", "Gura Cornei", "Soharu"]
        );
        let q = CodesQuery {
            q: Some("crac jos".into()),
            ..CodesQuery::default()
        };
        assert_eq!(names(&asked(&pack, q)), ["Crăciunelu de Jos"]);
        let two = CodesQuery {
            q: Some("stefan cel mare".into()),
            limit: Some(2),
            ..CodesQuery::default()
        };
        let page = asked(&pack, two.clone());
        assert_eq!((page.codes.len(), page.next.is_some()), (2, true));
        let rest = asked(
            &pack,
            CodesQuery {
                limit: None,
                cursor: page.next,
                ..two
            },
        );
        assert_eq!((rest.codes.len(), rest.next), (5, None));
    }

    #[test]
    fn what_is_no_list_no_column_and_no_cursor_is_said() {
        let pack = villages();
        assert!(matches!(
            codes(&pack, "nothing", &CodesQuery::default()),
            Err(Error::Missing)
        ));
        for query in [
            CodesQuery {
                of: Some("municipality".into()),
                ..CodesQuery::default()
            },
            CodesQuery {
                cursor: Some("xyz".into()),
                ..CodesQuery::default()
            },
            CodesQuery {
                limit: Some(0),
                ..CodesQuery::default()
            },
            CodesQuery {
                limit: Some(5_001),
                ..CodesQuery::default()
            },
        ] {
            assert!(codes(&pack, "settlements", &query).is_err());
        }
        let nobody = CodesQuery {
            of: Some("colour:red".into()),
            ..CodesQuery::default()
        };
        assert!(asked(&pack, nobody).codes.is_empty());
    }
}

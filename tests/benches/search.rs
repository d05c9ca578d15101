//! Finding people as one types, through the room's own function and once over HTTP.
//!
//! Before each measured search an unmeasured one for its beginning is made, as if typed: so the measured one grows out of it and is no query
//! of its own for the log. That entry's commit is what lodging and looking measure.

use crate::{
    place::{self, Dice, Size, Somebody},
    table::{Figure, Share, Table},
    time::{Times, said},
};
use karton_api::persons::{FoundBy, SearchPersons};
use karton_server::{
    access::{FindPersons, May},
    house, persons,
    store::StoreUrl,
};
use karton_tests::{
    house::{Engine, House},
    officer::Officer,
    raw::{Connection, Request},
};
use rusqlite::OpenFlags;
use std::time::{Duration, Instant};

/// What is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    BeginningOfNumber,
    BeginningOfWord,
    TwoWords,
    TwoBeginnings,
    TwoLetters,
    Typo,
    Nobody,
}

const KINDS: &[(Kind, &str)] = &[
    (Kind::Number, "a whole id number"),
    (Kind::BeginningOfNumber, "the first six digits"),
    (Kind::BeginningOfWord, "the first three letters of a family name"),
    (Kind::TwoWords, "given and family name"),
    (Kind::TwoBeginnings, "two letters of each"),
    (Kind::TwoLetters, "one letter of each"),
    (Kind::Typo, "given and family name, one letter wrong"),
    (Kind::Nobody, "two words that nobody bears"),
];

impl Kind {
    /// What is typed to find somebody, and how it began.
    fn typed(self, who: &Somebody, dice: &mut Dice) -> (String, String) {
        let first = |text: &str, many: usize| text.chars().take(many).collect::<String>();
        let text = match self {
            Kind::Number => who.number.clone(),
            Kind::BeginningOfNumber => first(&who.number, 6),
            Kind::BeginningOfWord => first(&who.family, 3),
            Kind::TwoWords => format!("{} {}", who.given, who.family),
            Kind::TwoBeginnings => format!("{} {}", first(&who.given, 2), first(&who.family, 2)),
            Kind::TwoLetters => format!("{} {}", first(&who.given, 1), first(&who.family, 1)),
            Kind::Nobody => format!("qqwwyy zz{}", dice.below(1_000)),
            Kind::Typo => {
                let at = 2 + usize::try_from(dice.below(who.family.chars().count() as u64 - 2)).unwrap();
                // A letter that Montenegrin does not have.
                let wrong: String = who
                    .family
                    .chars()
                    .enumerate()
                    .map(|(place, letter)| if place == at { 'w' } else { letter })
                    .collect();
                format!("{} {wrong}", who.given)
            }
        };
        let digits = matches!(self, Kind::Number | Kind::BeginningOfNumber);
        let beginning = first(&text, if digits { 3 } else { 1 });
        (beginning, text)
    }
    /// Whether somebody found in this way is as it should be.
    fn finds(self, who: &Somebody, hits: &[karton_api::persons::PersonHit]) -> bool {
        match self {
            Kind::Number => hits.len() == 1 && hits[0].card.id == who.id,
            Kind::Nobody => hits.is_empty(),
            Kind::Typo => hits.iter().all(|hit| hit.found_by == FoundBy::Typo) && !hits.is_empty(),
            _ => !hits.is_empty(),
        }
    }
}

/// In a house.
pub(crate) async fn measure_in(house: &House, engine: Engine, size: &Size, table: &mut Table) {
    let people = place::some_people(&house.inside, size.searches).await;
    let limit = row_by_key(house, &people).await;
    table.group(format!(
        "search among {} people on {engine:?}, p50 / p99",
        crate::time::grouped(size.people)
    ));
    let clerk = place::clerk(house, "nadja", "CSR-01").await;
    let may = place::may::<FindPersons>(&house.inside, &clerk).await;
    for (kind, what) in KINDS {
        let (times, found) = in_process(&house.inside, &may, *kind, &people).await;
        let slowest = Duration::from_millis(if matches!(kind, Kind::Typo | Kind::Nobody) {
            5
        } else {
            3
        });
        let what = match *kind {
            Kind::Typo => format!("{what} ({} of {} found)", found, people.len()),
            _ => {
                assert_eq!(found, people.len(), "every search finds what it should: {what}");
                (*what).to_owned()
            }
        };
        let held = times.p99() <= slowest;
        table.add(figure(&what, &times, limit).aim(format!("p99 ≤ {}", said(slowest)), held));
    }
    let times = over_http(house, &clerk, &people).await;
    table.add(figure("given and family name, over HTTP", &times, limit));
}

fn figure(what: &str, times: &Times, limit: Duration) -> Figure {
    let (p50, p99) = (times.median(), times.p99());
    Figure::new(what, format!("{} / {}", said(p50), said(p99))).limit(
        format!("{} a row by its key", said(limit)),
        Share::of_times(p50, limit),
    )
}

async fn in_process(
    house: &house::House,
    may: &May<FindPersons>,
    kind: Kind,
    people: &[Somebody],
) -> (Times, usize) {
    let (mut times, mut dice, mut found) = (Times::default(), Dice::new(3), 0);
    let asked = |text: String| SearchPersons {
        text,
        limit: None,
        cursor: None,
    };
    for who in people {
        let (beginning, text) = kind.typed(who, &mut dice);
        persons::search(may, house, asked(beginning)).await.unwrap();
        let began = Instant::now();
        let page = persons::search(may, house, asked(text)).await.unwrap();
        times.add(began.elapsed());
        found += usize::from(kind.finds(who, &page.items));
    }
    (times, found)
}

async fn over_http(house: &House, clerk: &Officer, people: &[Somebody]) -> Times {
    let (mut times, mut dice) = (Times::default(), Dice::new(3));
    let mut line = Connection::open(house.address).await;
    let asked = |text: &str| {
        Request::new("POST", "/v1/persons/search")
            .token(&clerk.token)
            .json(&serde_json::json!({ "text": text }))
            .bytes()
    };
    for who in people {
        let (beginning, text) = Kind::TwoWords.typed(who, &mut dice);
        line.ask(&asked(&beginning)).await.unwrap();
        let request = asked(&text);
        let began = Instant::now();
        let answer = line.ask(&request).await.unwrap();
        times.add(began.elapsed());
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    times
}

/// One row by its key, as fast as the engine's own client gets it: the median.
async fn row_by_key(house: &House, people: &[Somebody]) -> Duration {
    const ROW: &str =
        "SELECT id, given, family, id_number, birth_day, dossier_number FROM person WHERE id = $1";
    let mut times = Times::default();
    match house.place() {
        StoreUrl::Postgres(url) => {
            let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
            let ends = tokio::spawn(connection);
            let statement = client.prepare(ROW).await.unwrap();
            for who in people {
                let began = Instant::now();
                client.query_one(&statement, &[&who.id.uuid()]).await.unwrap();
                times.add(began.elapsed());
            }
            ends.abort();
        }
        StoreUrl::Sqlite(path) => {
            let connection =
                rusqlite::Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
            let mut statement = connection.prepare(ROW).unwrap();
            for who in people {
                let began = Instant::now();
                let name: String = statement
                    .query_row([who.id.uuid().as_bytes().as_slice()], |row| row.get(2))
                    .unwrap();
                times.add(began.elapsed());
                assert_eq!(name, who.family);
            }
        }
        StoreUrl::Temporary => panic!("a store without a place"),
    }
    times.median()
}

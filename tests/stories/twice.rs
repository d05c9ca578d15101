//! The same request twice is one thing.

use karton_tests::told_on_both;

told_on_both! {
    /// A thousand requests, each sent twice at the same moment, make a thousand people.
    a_thousand_pairs_make_a_thousand_people;
    /// A key says one thing: with another content it is refused, and the answer of the first stays.
    a_key_is_for_one_intention;
}

mod tell {
    use karton_api::{
        client::Key,
        persons::{Name, RegisterPerson},
    };
    use karton_tests::{
        house::{Engine, House},
        officer::{Told, key},
    };
    use std::collections::BTreeSet;
    use tokio::task::JoinSet;

    const PAIRS: usize = 1_000;
    const AT_ONCE: usize = 32;

    fn somebody(number: usize) -> RegisterPerson {
        // Names far from each other, so that nobody is taken for somebody else.
        let letters = |mut n: usize| {
            let mut word = String::from("X");
            for _ in 0..6 {
                word.push(char::from(b'a' + u8::try_from(n % 26).unwrap()));
                n = n / 26 + n * 7 % 5_003;
            }
            word
        };
        RegisterPerson {
            name: Name {
                given: letters(number * 31 + 7),
                family: letters(number * 97 + 13),
            },
            national_id: None,
            birth_date: Some(
                jiff::civil::date(1950, 1, 1)
                    .checked_add(jiff::Span::new().days(i64::try_from(number * 7).unwrap()))
                    .unwrap(),
            ),
            sex: Some(if number.is_multiple_of(2) { "f" } else { "m" }.into()),
            municipality: None,
            address: None,
            not_the_same_as: Vec::new(),
        }
    }

    pub(super) async fn a_thousand_pairs_make_a_thousand_people(engine: Engine) {
        let Some(house) = House::open(engine).await else {
            return;
        };
        let ana = house.ana().await;
        let before = house.count("person").await;
        let mut ids = BTreeSet::new();
        let mut numbers = BTreeSet::new();
        for batch in 0..PAIRS.div_ceil(AT_ONCE) {
            let mut pairs = JoinSet::new();
            for number in (batch * AT_ONCE)..((batch + 1) * AT_ONCE).min(PAIRS) {
                let ana = ana.clone();
                pairs.spawn(async move {
                    let (key, who) = (Key(format!("pair-{number}")), somebody(number));
                    tokio::join!(ana.register_person(&key, &who), ana.register_person(&key, &who))
                });
            }
            while let Some(pair) = pairs.join_next().await {
                let (one, other) = pair.unwrap();
                let (one, other) = (Told(one).done(), Told(other).done());
                assert_eq!(one, other, "both are told the same");
                ids.insert(one.card.id);
                numbers.insert(one.card.dossier_number);
            }
        }
        assert_eq!(ids.len(), PAIRS);
        assert_eq!(
            house.count("person").await - before,
            i64::try_from(PAIRS).unwrap()
        );
        let last = format!("CSR-01-D-2025/{PAIRS}");
        assert!(
            numbers.contains(&last),
            "the numbers have no gaps: {:?}",
            numbers.last()
        );
        house.close().await;
    }

    pub(super) async fn a_key_is_for_one_intention(engine: Engine) {
        let Some(house) = House::open(engine).await else {
            return;
        };
        let (ana, jelena) = (house.ana().await, house.jelena().await);
        let mine = key();
        let first = Told(ana.register_person(&mine, &somebody(1)).await).done();
        Told(ana.register_person(&mine, &somebody(2)).await).is_refused("key-reused");
        let again = Told(ana.register_person(&mine, &somebody(1)).await).done();
        assert_eq!(first, again);
        // A key belongs to the officer who made it.
        let hers = Told(jelena.register_person(&mine, &somebody(3)).await).done();
        assert_ne!(hers.card.id, first.card.id);
        // What was refused leaves no key behind.
        let other = key();
        let mut wrong = somebody(4);
        wrong.sex = Some("x-unknown".into());
        Told(ana.register_person(&other, &wrong).await).is_refused("fields");
        Told(ana.register_person(&other, &somebody(4)).await).done();
        house.close().await;
    }
}

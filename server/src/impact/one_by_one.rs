//! The same measure worked out one right at a time, by the way that stands behind a screen: a witness for what is worked out all together.

use super::{
    asks::{Ask, Claim, Family, Said, everybody},
    model::{Fold, Impact, Paid, Sums, Worth},
    pages::Pages,
    read::Reader,
    tests::{draft, full_house, loaded, plan},
    work::Law,
    *,
};
use crate::{persons, store::testing};
use karton_api::{FactValue, Id, value::Person};
use karton_rules::{
    assess::{Input, Known, Outcome, PersonFacts},
    lang::{Scratch, World},
};

async fn one_by_one(store: &Store, plan: &Plan) -> Impact {
    let law = Law::of(plan);
    let zone = TimeZone::get(&plan.new.country.time_zone).unwrap();
    let reader = Arc::new(Reader::of(&law, (plan.on, zone), false));
    let (mut pages, mut fold, mut scratch) = (Pages::default(), Fold::default(), Scratch::default());
    while let Some(page) = pages.next(store).await.unwrap() {
        let reading = Arc::clone(&reader);
        let families = store.read(move |tx| reading.families(tx, &page)).await.unwrap();
        for family in &families {
            work_out(&law, family, &mut fold, &mut scratch);
        }
    }
    law.told(plan.on, &fold).unwrap()
}

fn work_out(law: &Law, family: &Family, fold: &mut Fold, scratch: &mut Scratch) {
    let asks = family.asks(&law.plan);
    let first = &family.inputs[0];
    fold.households += 1;
    fold.people += everybody(first).count() as u64;
    let lives = everybody(first).find_map(|one| match &one.facts.get("municipality")?.value {
        FactValue::Code(code) if !code.is_empty() => Some(code.clone()),
        _ => None,
    });
    let place = fold.place(lives.as_deref());
    for ask in asks {
        let worlds: Vec<World> = (law.packs.iter().enumerate())
            .map(|(version, pack)| {
                let input = &family.inputs[version.min(family.inputs.len() - 1)];
                pack.prepare(&asked(law, input, &ask, &family.claims))
            })
            .collect();
        count(law, &ask, &worlds, place, fold, scratch);
    }
}

/// The household as a member asks, with what is said.
fn asked(law: &Law, input: &Input, ask: &Ask, claims: &[Claim]) -> Input {
    let mut people: Vec<PersonFacts> = everybody(input).cloned().collect();
    let ids: Vec<Option<Id<Person>>> = people.iter().map(|one| one.person).collect();
    let relationships: Vec<String> = people.iter().map(relationship).collect();
    if ask.applicant != 0 {
        let mine = &relationships[ask.applicant];
        for (person, theirs) in people.iter_mut().zip(&relationships) {
            let code = persons::to_applicant(mine, theirs).to_owned();
            let known = Known::declared(FactValue::Code(code));
            person.facts.insert("relationship".to_owned(), known);
        }
        people.swap(0, ask.applicant);
    }
    let mut asked = Input {
        applicant: people.remove(0),
        members: people,
        ..input.clone()
    };
    match ask.said {
        Said::Nothing => {}
        Said::About(place) => {
            let known = Known::declared(FactValue::Person(ids[place].unwrap()));
            asked.claim = law
                .abouts
                .iter()
                .map(|name| (name.clone(), known.clone()))
                .collect();
        }
        Said::Claim(at) => {
            asked.claim.clone_from(&claims[at].facts);
            asked.others.clone_from(&claims[at].others);
        }
    }
    asked
}

fn relationship(person: &PersonFacts) -> String {
    match person.facts.get("relationship").map(|known| &known.value) {
        Some(FactValue::Code(code)) => code.clone(),
        _ => "other".to_owned(),
    }
}

fn count(law: &Law, ask: &Ask, worlds: &[World], place: usize, fold: &mut Fold, scratch: &mut Scratch) {
    let planned = &law.plan[ask.benefit];
    let mut found = Vec::new();
    for (version, (pack, world)) in law.packs.iter().zip(worlds).enumerate() {
        let there = planned.there[version];
        let run = there.then(|| pack.run(&planned.code, world, scratch)).flatten();
        let paid = run
            .as_ref()
            .and_then(|_| pack.paid(&planned.code, world, scratch));
        let paid = paid.map_or(planned.paid, Paid::from);
        let worth = match run.map(|run| (run.outcome, run.amount_minor)) {
            None | Some((Outcome::Refuse, _)) => Worth::Nothing,
            Some((Outcome::Unknown, _)) => Worth::Unknown,
            Some((_, Some(minor))) => Worth::Minor(minor),
            Some((_, None)) if paid == Paid::InKind => Worth::Minor(0),
            Some((_, None)) => Worth::Unknown,
        };
        found.push((worth, paid));
    }
    let ((was, paid_before), (is, paid_after)) = (found[0], found[1]);
    let mut put = |paid, was, is| {
        fold.count((ask.benefit, paid, place), &Sums::one(was, is, ask.running))
            .unwrap();
    };
    match (matches!(was, Worth::Minor(_)), matches!(is, Worth::Minor(_))) {
        (true, true) if paid_before != paid_after => {
            put(paid_before, was, Worth::Nothing);
            put(paid_after, Worth::Nothing, is);
        }
        (true, _) => put(paid_before, was, is),
        (_, true) => put(paid_after, was, is),
        _ => put(planned.paid, was, is),
    }
    let version = match (was, is) {
        (_, Worth::Unknown) => 1,
        (Worth::Unknown, _) => 0,
        _ => return,
    };
    for (holder, fact) in law.packs[version].lacking(&planned.code, &worlds[version], scratch) {
        fold.lacks(ask.benefit, holder, fact, 1);
    }
}

/// A law that gives and takes in every way, over a store in which much is known and much is not.
#[tokio::test(flavor = "multi_thread")]
async fn all_together_and_one_by_one_say_the_same() {
    let changes = [
        (
            "parameters/indexed.toml",
            "value = \"318.94\"",
            "value = \"328.94\"\ndiffers = \"As proposed.\"",
        ),
        ("parameters/indexed.toml", "\nvalue = 80\n", "\nvalue = 90\n"),
        (
            "parameters/mo.toml",
            "rows = [[1, \"94.29\"], [2, \"113.23\"]",
            "differs = \"As proposed.\"\nrows = [[1, \"84.29\"], [2, \"123.23\"]",
        ),
    ];
    let new = draft("me", &changes);
    // Another order of sources: no facts are laid out for both at once, and every benefit is touched.
    let rank = (
        "country.toml",
        "\"register\", \"document\"",
        "\"document\", \"register\"",
    );
    let apart = draft("me", &[&changes[..], &[rank]].concat());
    let old = loaded("me");
    testing::on_both_with(&[], async |store| {
        let (house, today, _) = full_house(store, "me", 900).await;
        for (new, everything) in [(&new, false), (&apart, false), (&old, true)] {
            let plan = plan(&old, new, today, everything);
            let together = measure(&house.store, &plan, |_, _| ()).await.unwrap();
            let alone = one_by_one(&house.store, &plan).await;
            assert_eq!(together, alone);
            let mut all = Sums::default();
            for it in &together.benefits {
                all.add(&it.sums).unwrap();
            }
            let it = all.counts;
            assert!(
                it.unknown > 0 && it.neither > 0 && it.same > 0 && it.running > 0,
                "{it:?}"
            );
            let moved = it.gain > 0 && it.lose > 0 && it.more > 0 && it.less > 0;
            assert_eq!(moved, !everything, "{it:?}");
        }
    })
    .await;
}

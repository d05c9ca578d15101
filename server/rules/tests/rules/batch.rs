//! Many households at once and one by one, with reasons and without: always the same.

use crate::{common, fixtures::countries};
use karton_api::FactValue;
use karton_rules::{
    Input, Pack,
    assess::{AT_A_TIME, Outcome, assess},
    lang::Scratch,
};
use std::{
    num::NonZeroUsize,
    sync::{LazyLock, Mutex},
};

pub(crate) static PACKS: LazyLock<Vec<Pack>> = LazyLock::new(|| {
    let load = |folder| Pack::load(&common::files(folder)).unwrap_or_else(|wrong| panic!("{wrong:?}"));
    countries().iter().map(load).collect()
});

/// Every worked example of a pack, over the rules of every benefit: `with_reasons` for those of its own.
pub(crate) fn same(pack: &Pack, benefit: &str, inputs: &[Input], with_reasons: bool) {
    let batch = pack.batch(benefit).unwrap();
    let together = batch.run(&batch.lay_out(inputs));
    assert_eq!(together.len(), inputs.len());
    let mut scratch = Scratch::default();
    for (at, (input, found)) in inputs.iter().zip(&together).enumerate() {
        let alone = pack.run(benefit, &pack.prepare(input), &mut scratch).unwrap();
        assert_eq!(
            *found, alone,
            "{} {benefit}: household {at} of many and alone\n{input:#?}",
            pack.country.id
        );
        if with_reasons {
            let explained = assess(pack, benefit, input).unwrap();
            let granted = matches!(explained.outcome, Outcome::Grant | Outcome::Confirm);
            assert_eq!(
                alone.outcome, explained.outcome,
                "{} {benefit}: {at}",
                pack.country.id
            );
            if granted {
                assert_eq!(
                    alone.amount_minor,
                    explained.amount.map(|amount| amount.money.minor)
                );
                assert_eq!(alone.starts, explained.term.map(|term| term.starts));
            }
        }
    }
}

#[test]
fn the_worked_examples_of_all_countries_come_out_the_same_in_all_three_ways() {
    for pack in PACKS.iter() {
        let inputs: Vec<Input> = pack
            .benefits
            .iter()
            .flat_map(|benefit| benefit.cases.iter().map(|case| case.input.clone()))
            .collect();
        for benefit in &pack.benefits {
            let own: Vec<Input> = benefit.cases.iter().map(|case| case.input.clone()).collect();
            same(pack, &benefit.code, &own, true);
            // Families of other benefits lack most of what these rules ask for.
            same(pack, &benefit.code, &inputs, false);
        }
    }
}

#[test]
fn all_rules_of_all_countries_are_worked_out_for_many_households_at_once() {
    for pack in PACKS.iter() {
        for benefit in &pack.benefits {
            let batch = pack.batch(&benefit.code).unwrap();
            assert!(batch.at_once(), "{} {}", pack.country.id, benefit.code);
        }
        assert!(pack.batch("no-such-benefit").is_none());
    }
}

/// Households like a worked example in which something is not known, of another type, or said of more people.
pub(crate) fn like(input: &Input) -> Vec<Input> {
    let mut found = vec![input.clone()];
    let mut with = |change: &dyn Fn(&mut Input)| {
        let mut other = input.clone();
        change(&mut other);
        found.push(other);
    };
    let names: Vec<String> = input.applicant.facts.keys().cloned().collect();
    for name in &names {
        with(&|other| drop(other.applicant.facts.remove(name)));
        with(&|other| {
            if let Some(known) = other.applicant.facts.get_mut(name) {
                known.value = FactValue::Int(7);
            }
        });
        with(&|other| {
            other
                .members
                .iter_mut()
                .for_each(|member| drop(member.facts.remove(name)))
        });
        // A row without its first column.
        with(&|other| {
            if let Some(known) = other.applicant.facts.get_mut(name)
                && let FactValue::Rows(rows) = &mut known.value
                && let Some(row) = rows.first_mut()
                && let Some(column) = row.keys().next().cloned()
            {
                row.remove(&column);
            }
        });
    }
    for name in input.household.keys() {
        with(&|other| drop(other.household.remove(name)));
    }
    for name in input.claim.keys() {
        with(&|other| drop(other.claim.remove(name)));
    }
    with(&|other| other.members.extend(input.members.clone()));
    with(&|other| other.members.clear());
    with(&|other| other.others.push(input.applicant.clone()));
    with(&|other| other.known_at = Some(other.on));
    found
}

#[test]
fn what_is_unknown_or_wrong_comes_out_the_same_among_many_and_alone() {
    for pack in PACKS.iter() {
        for benefit in &pack.benefits {
            // The first examples of each benefit: among them one that is granted and one that is refused.
            let inputs: Vec<Input> = benefit
                .cases
                .iter()
                .take(3)
                .flat_map(|case| like(&case.input))
                .collect();
            same(pack, &benefit.code, &inputs, false);
        }
    }
}

#[test]
fn days_suspended_parts_and_long_lists_may_differ_within_one_batch() {
    for pack in PACKS.iter() {
        for benefit in &pack.benefits {
            let mut inputs = Vec::new();
            for case in benefit.cases.iter().take(2) {
                let mut late = case.input.clone();
                (late.on, late.lodged) = (late.on.tomorrow().unwrap(), late.lodged.tomorrow().unwrap());
                let mut crowd = case.input.clone();
                crowd.members = vec![crowd.applicant.clone(); 600];
                let mut rows = case.input.clone();
                for known in rows.applicant.facts.values_mut() {
                    if let FactValue::Rows(rows) = &mut known.value {
                        let one = rows.first().cloned();
                        rows.extend(std::iter::repeat_n(one, 600).flatten());
                    }
                }
                inputs.extend([case.input.clone(), crowd, late, rows]);
            }
            for part in benefit.amount.iter().flat_map(|amount| &amount.parts) {
                let mut without = benefit.cases[0].input.clone();
                without.suspended.push(karton_rules::assess::Suspended {
                    part: part.code.clone(),
                    person: None,
                });
                inputs.push(without);
            }
            same(pack, &benefit.code, &inputs, false);
        }
    }
}

#[test]
fn a_stream_is_folded_over_threads_and_nobody_is_left_out() {
    let pack = PACKS.iter().find(|pack| pack.country.id == "me").unwrap();
    let cases: Vec<Input> = pack
        .benefit("MO")
        .unwrap()
        .cases
        .iter()
        .map(|case| case.input.clone())
        .collect();
    let many = cases.len() * 40 + 7;
    let left = Mutex::new(many);
    let batch = pack.batch("MO").unwrap();
    let sums = batch.fold(
        NonZeroUsize::new(3).unwrap(),
        |inputs| {
            let mut left = left.lock().unwrap();
            let take = AT_A_TIME.min(*left);
            inputs.extend((0..take).map(|next| cases[(many - *left + next) % cases.len()].clone()));
            *left -= take;
        },
        || (0_usize, 0_i64),
        |(count, sum), _, result| {
            *count += 1;
            *sum += result.amount_minor.unwrap_or(0);
        },
    );
    let mut scratch = Scratch::default();
    let expected: i64 = (0..many)
        .filter_map(|at| {
            let world = pack.prepare(&cases[at % cases.len()]);
            pack.run("MO", &world, &mut scratch)?.amount_minor
        })
        .sum();
    assert_eq!(sums.len(), 3);
    assert_eq!(sums.iter().map(|(count, _)| count).sum::<usize>(), many);
    assert_eq!(sums.iter().map(|(_, sum)| sum).sum::<i64>(), expected);
    assert!(expected > 0);
}

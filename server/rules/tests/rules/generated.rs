//! Made-up households: the rules of a pack, in all their ways, and the same rule written by hand in Rust.

use crate::{
    batch::{PACKS, same},
    family::Family,
    hand::Country,
    me::Montenegro,
    ro::Romania,
    ua::Ukraine,
};
use karton_rules::{Input, assess::Outcome};

/// Other households than those that are measured.
const SEED: u64 = 7;

fn agree<C: Country>() {
    let pack = PACKS.iter().find(|pack| pack.country.id == C::PACK).unwrap();
    let families: Vec<Family> = (0..400).map(|index| Family::of(SEED, index, &C::LAND)).collect();
    let inputs: Vec<Input> = families.iter().map(C::input).collect();
    let batch = pack.batch(C::BENEFIT).unwrap();
    let found = batch.run(&batch.lay_out(&inputs));
    let (mut granted, mut refused) = (0, 0);
    for (family, found) in families.iter().zip(&found) {
        let hand = C::rule(&C::typed(family));
        let by_rules = (found.outcome, found.amount_minor, found.starts);
        assert_eq!(
            by_rules,
            (hand.outcome, hand.amount_minor, hand.starts),
            "{} {family:#?}",
            C::PACK
        );
        granted += u32::from(found.outcome == Outcome::Grant);
        refused += u32::from(found.outcome == Outcome::Refuse);
    }
    assert!(
        granted > 20 && refused > 20,
        "{}: {granted} granted, {refused} refused",
        C::PACK
    );
    // With reasons, which take their time, only some of them.
    same(pack, C::BENEFIT, &inputs[..60], true);
    // Of every third household something else is not known.
    let mut lacking = inputs;
    for (at, input) in lacking.iter_mut().enumerate().filter(|(at, _)| at % 3 == 0) {
        let person = match input.members.len() {
            0 => &mut input.applicant,
            many => &mut input.members[at % many],
        };
        let fact = person.facts.keys().nth(at / 3 % person.facts.len()).cloned();
        fact.map(|fact| person.facts.remove(&fact));
    }
    let unknown = batch.run(&batch.lay_out(&lacking));
    assert!(unknown.iter().any(|found| found.outcome == Outcome::Unknown));
    same(pack, C::BENEFIT, &lacking, false);
}

#[test]
fn material_support_of_montenegro_is_what_its_copy_by_hand_says() {
    agree::<Montenegro>();
}

#[test]
fn the_minimum_inclusion_income_of_romania_is_what_its_copy_by_hand_says() {
    agree::<Romania>();
}

#[test]
fn basic_assistance_of_ukraine_is_what_its_copy_by_hand_says() {
    agree::<Ukraine>();
}

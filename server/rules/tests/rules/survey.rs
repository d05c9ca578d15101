//! All benefits over the same people, whoever of them asks: as each benefit for each household by itself.

use crate::batch::{PACKS, like};
use karton_api::FactValue;
use karton_rules::{
    Input, Pack,
    assess::{Known, Outcome, PersonFacts, Stand, Survey},
    lang::Scratch,
};

/// What everybody is to a member, made up: rules only have to see the same.
fn relationships(input: &Input) -> Vec<&'static str> {
    let codes = ["parent", "spouse", "sibling", "child", "other"];
    codes
        .iter()
        .copied()
        .cycle()
        .take(input.members.len() + 1)
        .collect()
}

/// The household as a member asks, copied.
fn turned(input: &Input, applicant: usize) -> Input {
    let mut people: Vec<PersonFacts> = std::iter::once(&input.applicant)
        .chain(&input.members)
        .cloned()
        .collect();
    if applicant != 0 {
        for (person, code) in people.iter_mut().zip(relationships(input)) {
            let known = Known::declared(FactValue::Code(code.to_owned()));
            person.facts.insert("relationship".to_owned(), known);
        }
    }
    people.swap(0, applicant);
    Input {
        applicant: people.remove(0),
        members: people,
        ..input.clone()
    }
}

fn same(pack: &Pack, inputs: &[Input]) {
    let mut survey = Survey::of(pack);
    let rules: Vec<_> = pack
        .benefits
        .iter()
        .map(|benefit| survey.add(pack, &benefit.code).unwrap())
        .collect();
    assert!(survey.add(pack, "no-such-benefit").is_none());
    let mut stands = Vec::new();
    for (household, input) in inputs.iter().enumerate() {
        for applicant in 0..=input.members.len().min(3) {
            stands.push(Stand {
                household,
                applicant,
                relationships: if applicant == 0 {
                    Vec::new()
                } else {
                    relationships(input)
                },
                relates: true,
                claim: &input.claim,
                others: &input.others,
            });
        }
    }
    let block = survey.lay_out(inputs, &stands);
    let mut scratch = Scratch::default();
    for (benefit, rules) in pack.benefits.iter().zip(rules) {
        // Everybody, and some of them: those who ask for one benefit are not those who ask for another.
        for some in [1, 3] {
            let asking: Vec<usize> = (0..stands.len()).step_by(some).collect();
            let found = survey.run(rules, &block, &asking);
            assert_eq!(found.len(), asking.len());
            for (at, found) in asking.iter().zip(found) {
                let stand = &stands[*at];
                let asks = turned(&inputs[stand.household], stand.applicant);
                let world = pack.prepare(&asks);
                let alone = pack.run(&benefit.code, &world, &mut scratch).unwrap();
                let of = format!("{} {}: {stand:?}", pack.country.id, benefit.code);
                assert_eq!(found.result, alone, "{of}");
                if matches!(alone.outcome, Outcome::Grant | Outcome::Confirm) {
                    assert_eq!(found.kind, pack.paid(&benefit.code, &world, &scratch), "{of}");
                }
                let lacking = pack.lacking(&benefit.code, &world, &mut scratch);
                assert_eq!(survey.lacking(rules, &block, *at, &mut scratch), lacking, "{of}");
            }
        }
    }
}

#[test]
fn whoever_asks_for_whatever_gets_what_they_get_alone() {
    for pack in PACKS.iter() {
        let inputs: Vec<Input> = pack
            .benefits
            .iter()
            .flat_map(|benefit| benefit.cases.iter().take(2).map(|case| case.input.clone()))
            .collect();
        same(pack, &inputs);
        let changed = pack.benefits.iter().filter_map(|benefit| benefit.cases.first());
        let changed: Vec<Input> = changed.step_by(7).flat_map(|case| like(&case.input)).collect();
        same(pack, &changed);
    }
}

#[test]
fn a_large_household_and_a_suspended_part_are_worked_out_by_themselves() {
    let pack = PACKS.iter().find(|pack| pack.country.id == "me").unwrap();
    let cases = pack.benefit("MO").unwrap().cases.iter().take(3);
    let mut inputs: Vec<Input> = cases.map(|case| case.input.clone()).collect();
    let mut crowd = inputs[0].clone();
    crowd.members = vec![crowd.applicant.clone(); 300];
    inputs.insert(1, crowd);
    for benefit in &pack.benefits {
        for part in benefit.amount.iter().flat_map(|amount| &amount.parts).take(1) {
            let mut without = benefit.cases[0].input.clone();
            without.suspended.push(karton_rules::assess::Suspended {
                part: part.code.clone(),
                person: None,
            });
            inputs.insert(2, without);
        }
    }
    same(pack, &inputs);
}

//! Many benefits over the same people: what a new version of a pack means for everybody.
//!
//! A [`Survey`] knows the rules that are asked; the facts of a block of households are laid out once for all of them, and once for all who ask in a
//! household. Only what somebody is to whoever asks differs between those: where rules look at it, the household is laid out again for them.

use super::{
    assessment::Outcome,
    batch::{Plan, plan},
    input::{Facts, Input, PersonFacts},
    layout::{Cells, Layout, MOST, Names, Read, day, names, person, spread},
    prepare::{Seen, prepare_seen},
    run::Result,
};
use crate::{
    lang::{
        Dictionary, Scratch, Type, World,
        columns::{Column, List, Lowering, Needs, Sheet},
        given,
    },
    pack::{Benefit, BenefitKind, HolderKind, Pack},
};
use karton_api::Date;
use std::{cell::OnceCell, collections::BTreeSet, rc::Rc};

/// Rules that are asked over the same facts: of several benefits, and of versions of a pack that read facts alike
/// ([`Pack::reads_like`]).
#[derive(Debug)]
pub struct Survey<'p> {
    dictionary: &'p Dictionary,
    lowering: Lowering,
    /// What all of them need.
    needs: Needs,
    rules: Vec<Asked<'p>>,
}

/// The rules of one benefit in a survey.
#[derive(Debug)]
struct Asked<'p> {
    pack: &'p Pack,
    benefit: &'p Benefit,
    /// Nothing where the rules hold something that is only worked out one by one.
    plan: Option<Plan<'p>>,
}

/// Which rules of a survey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules(usize);

/// Somebody asks, with what the claim says.
#[derive(Debug, Clone)]
pub struct Stand<'i> {
    /// The place of the household among those that are laid out.
    pub household: usize,
    /// Who asks: 0 the applicant of the input, others its members by their place and one; the two are exchanged.
    pub applicant: usize,
    /// What everybody is to whoever asks, in the order of the input; empty where the facts say it.
    pub relationships: Vec<&'i str>,
    /// Whether rules that look at what people are to each other ([`Survey::relates`]) are asked from here.
    pub relates: bool,
    /// What the claim says, instead of the input's.
    pub claim: &'i Facts,
    /// People outside of the household whom the claim names, instead of the input's.
    pub others: &'i [PersonFacts],
}

/// What came out of the rules.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// As [`Pack::run`] gives it.
    pub result: Result,
    /// How it is paid; nothing where nothing is granted.
    pub kind: Option<BenefitKind>,
}

/// The people of a household as they are laid out, beside each other.
#[derive(Debug, Clone, Copy)]
struct Body {
    /// The first of them.
    first: u32,
    /// How many are members; those outside of the household come after them.
    members: u32,
    /// They stand in the order in which whoever asks sees them.
    turned: bool,
}

/// The facts of some households, ready for all rules of a survey.
#[derive(Debug)]
pub struct Block<'i> {
    inputs: &'i [Input],
    stands: &'i [Stand<'i>],
    bodies: Vec<Body>,
    /// The body of each stand; none where it is worked out by itself.
    seen_as: Vec<Option<usize>>,
    people: u32,
    persons: Vec<Option<Rc<Column>>>,
    household: Vec<Option<Rc<Column>>>,
    claim: Vec<Option<Rc<Column>>>,
    rows: Vec<Vec<Option<Rc<Column>>>>,
    worlds: Vec<OnceCell<World>>,
}

/// Lays people out.
struct Laying<'p, 'i> {
    layout: Layout<'p, 'i>,
    names: Names<'p>,
    persons: Vec<Cells>,
    bodies: Vec<Body>,
    count: u32,
}

impl<'i> Laying<'_, 'i> {
    /// Lays a household out; nothing where it is larger than what is worked out together.
    fn body(&mut self, seen: Seen<'i>, turned: bool) -> Option<usize> {
        let mut read = Read::default();
        for (_, person) in seen.everybody() {
            read.rows += 1 + person.awards.len() + person.family_awards.len() + person.awards_about.len();
            read.facts(&self.names, &person.facts);
        }
        if read.rows > MOST {
            return None;
        }
        let body = Body {
            first: self.count,
            members: u32::try_from(seen.input.members.len() + 1).unwrap_or(u32::MAX),
            turned,
        };
        self.bodies.push(body);
        let at = self.bodies.len() - 1;
        self.call(Some(at), Some(seen));
        for (relationship, person) in seen.everybody() {
            let facts = read.next(self.names.len());
            let on = seen.input.on;
            self.layout
                .person(relationship, (person, facts), on, &mut self.persons);
            self.count += 1;
        }
        Some(at)
    }

    /// From here on ids of people mean those of this body.
    fn call(&mut self, body: Option<usize>, seen: Option<Seen<'_>>) {
        self.layout.people.clear();
        let body = body.and_then(|at| self.bodies.get(at)).zip(seen);
        let Some((body, seen)) = body else { return };
        // As the household is, whoever asks stands in their own place.
        let seen = match body.turned {
            true => seen,
            false => Seen { applicant: 0, ..seen },
        };
        let people = (body.first..).zip(seen.everybody());
        let people = people.filter_map(|(number, (_, person))| Some((person.person?, number)));
        self.layout.people.extend(people);
    }
}

/// Whether any of these facts is a person, or has one in its rows.
fn names_people(numbers: &BTreeSet<u32>, facts: &[(String, Type)]) -> bool {
    let mut types = numbers
        .iter()
        .filter_map(|number| Some(&facts.get(*number as usize)?.1));
    types.any(|ty| match (ty, ty.element()) {
        (Type::Person, _) | (_, Some(Type::Person)) => true,
        (_, Some(Type::Row(row))) => row.columns.iter().any(|(_, ty)| *ty == Type::Person),
        _ => false,
    })
}

/// Columns of other lanes, those that are asked for.
fn picked(
    columns: &[Option<Rc<Column>>],
    needed: &BTreeSet<u32>,
    from: &[u32],
    all: usize,
) -> Vec<Option<Rc<Column>>> {
    if from.len() == all && (0_u32..).zip(from).all(|(lane, from)| lane == *from) {
        return columns.to_vec();
    }
    let mut found = vec![None; columns.len()];
    for number in needed {
        let column = columns.get(*number as usize).and_then(Option::as_ref);
        if let (Some(column), Some(place)) = (column, found.get_mut(*number as usize)) {
            *place = Some(Rc::new(column.gather(from)));
        }
    }
    found
}

impl Block<'_> {
    /// The body of a stand, as rules can look at it.
    fn body(&self, stand: usize, relates: bool) -> Option<Body> {
        let body = *self.bodies.get((*self.seen_as.get(stand)?)?)?;
        let asks = self.stands.get(stand)?.applicant;
        (body.turned || asks == 0 || !relates).then_some(body)
    }

    /// The facts of those who ask, where they have a body, as the rules of one benefit read them.
    fn sheet(&self, plan: &Plan<'_>, stands: &[usize], bodies: &[Option<Body>]) -> Sheet {
        let (mut on, mut lodged, mut applicants): (Vec<Date>, Vec<Date>, Vec<i64>) = Default::default();
        let (mut up, mut members): (Vec<u32>, Vec<i64>) = Default::default();
        let (mut households, mut claims): (Vec<u32>, Vec<u32>) = Default::default();
        for (at, body) in stands.iter().zip(bodies) {
            let Some((stand, body)) = self.stands.get(*at).zip(*body) else {
                continue;
            };
            let Some(input) = self.inputs.get(stand.household) else {
                continue;
            };
            let number = |place: usize| i64::from(body.first) + i64::try_from(place).unwrap_or(i64::MAX >> 1);
            let seen = match body.turned {
                true => Seen::of(input),
                false => stand.seen(input),
            };
            let lane = u32::try_from(on.len()).unwrap_or(u32::MAX);
            if plan.needs.members {
                for place in 0..body.members as usize {
                    up.push(lane);
                    members.push(number(seen.place(place)));
                }
            }
            applicants.push(number(seen.applicant));
            on.push(input.on);
            lodged.push(input.lodged);
            households.push(u32::try_from(stand.household).unwrap_or(u32::MAX));
            claims.push(u32::try_from(*at).unwrap_or(u32::MAX));
        }
        let everybody = members.len() == self.people as usize
            && (0_i64..).zip(&members).all(|(number, member)| number == *member);
        Sheet {
            lanes: on.len(),
            on: day(on),
            lodged: day(lodged),
            known_at: Date::MAX,
            members: List {
                up: Rc::new(up),
                of: person(members),
                lacks: None,
            },
            only_members: everybody && plan.needs.members,
            applicants: person(applicants),
            persons: self.persons.clone(),
            household: picked(
                &self.household,
                &plan.needs.household,
                &households,
                self.inputs.len(),
            ),
            claim: picked(&self.claim, &plan.needs.claim, &claims, self.stands.len()),
            rows: self.rows.clone(),
        }
    }
}

impl<'p> Survey<'p> {
    /// A survey without rules, of packs that read facts like this one.
    pub fn of(pack: &'p Pack) -> Survey<'p> {
        Survey {
            dictionary: &pack.dictionary,
            lowering: Lowering::default(),
            needs: Needs::default(),
            rules: Vec::new(),
        }
    }

    /// Adds the rules of a benefit. Nothing when the pack has no such benefit, or reads facts otherwise than the survey's.
    pub fn add(&mut self, pack: &'p Pack, benefit: &str) -> Option<Rules> {
        let at = pack.benefits.iter().position(|found| found.code == benefit)?;
        let (benefit, program) = (pack.benefits.get(at)?, pack.programs.get(at)?);
        if !self.dictionary.reads_like(&pack.dictionary) {
            return None;
        }
        self.lowering.begin();
        let mut plan = plan(benefit, program, &mut self.lowering);
        let own = &mut self.lowering.needs;
        self.needs.person.extend(&own.person);
        self.needs.household.extend(&own.household);
        self.needs.claim.extend(&own.claim);
        if let Some(plan) = &mut plan {
            plan.needs = Needs {
                members: own.members,
                person: std::mem::take(&mut own.person),
                household: std::mem::take(&mut own.household),
                claim: std::mem::take(&mut own.claim),
                // Tables have one numbering for all rules.
                rows: Vec::new(),
            };
        }
        self.rules.push(Asked { pack, benefit, plan });
        Some(Rules(self.rules.len() - 1))
    }

    /// Whether these rules look at what people are to whoever asks.
    pub fn relates(&self, rules: Rules) -> bool {
        let plan = self.rules.get(rules.0).and_then(|asked| asked.plan.as_ref());
        plan.is_some_and(|plan| plan.needs.person.contains(&given::RELATIONSHIP))
    }

    /// Lays the facts of some households out for all who ask. A few hundred at a time stay in the processor's cache.
    pub fn lay_out<'i>(&self, inputs: &'i [Input], stands: &'i [Stand<'i>]) -> Block<'i> {
        let (dictionary, needs) = (self.dictionary, &self.needs());
        let layout = Layout::new(dictionary, needs);
        let mut household = layout.cells(&needs.household, &dictionary.household.facts);
        let mut claim = layout.cells(&needs.claim, &dictionary.claim.facts);
        let mut laying = Laying {
            persons: layout.cells(&needs.person, &dictionary.person.facts),
            layout,
            names: names(&needs.person, &dictionary.person.facts),
            bodies: Vec::new(),
            count: 0,
        };
        let of_household = names(&needs.household, &dictionary.household.facts);
        let of_claim = names(&needs.claim, &dictionary.claim.facts);
        let mut read = Read::default();
        let mut as_they_are = Vec::with_capacity(inputs.len());
        for input in inputs {
            // What is suspended, and the law as it was known on another day, is a household's own.
            let usual = input.suspended.is_empty() && input.known_at.is_none();
            let seen = Seen {
                others: &[],
                ..Seen::of(input)
            };
            as_they_are.push(usual.then(|| laying.body(seen, false)).flatten());
            read.clear();
            read.facts(&of_household, &input.household);
            let facts = read.next(of_household.len());
            let types = &dictionary.household.facts;
            laying
                .layout
                .holder(&needs.household, types, facts, &mut household);
        }
        // A person that the household itself names is the one of the household as it is.
        let names_people = names_people(&needs.household, &dictionary.household.facts);
        let mut seen_as = Vec::with_capacity(stands.len());
        for stand in stands {
            let as_it_is = as_they_are.get(stand.household).copied().flatten();
            let turned = (stand.relates && stand.applicant != 0) || !stand.others.is_empty();
            let body = match inputs.get(stand.household) {
                Some(input) if turned && as_it_is.is_some() && !names_people => {
                    laying.body(stand.seen(input), true)
                }
                _ => as_it_is.filter(|_| !turned),
            };
            seen_as.push(body);
            if !needs.claim.is_empty() {
                laying.call(body, inputs.get(stand.household).map(|input| stand.seen(input)));
                read.clear();
                read.facts(&of_claim, stand.claim);
                let facts = read.next(of_claim.len());
                let types = &dictionary.claim.facts;
                laying.layout.holder(&needs.claim, types, facts, &mut claim);
            }
        }
        Block {
            inputs,
            stands,
            seen_as,
            worlds: stands.iter().map(|_| OnceCell::new()).collect(),
            people: laying.count,
            persons: spread(&needs.person, laying.persons),
            household: spread(&needs.household, household),
            claim: spread(&needs.claim, claim),
            rows: laying.layout.rows_of_all(),
            bodies: laying.bodies,
        }
    }

    /// What all rules need.
    fn needs(&self) -> Needs {
        Needs {
            members: true,
            person: self.needs.person.clone(),
            household: self.needs.household.clone(),
            claim: self.needs.claim.clone(),
            rows: self.lowering.needs.rows.clone(),
        }
    }

    /// The results of rules for some of those who ask, in their order.
    pub fn run(&self, rules: Rules, block: &Block<'_>, stands: &[usize]) -> Vec<Found> {
        let Some(asked) = self.rules.get(rules.0) else {
            return Vec::new();
        };
        let mut scratch = Scratch::default();
        let mut one = |stand: usize| {
            let world = self.world(block, stand);
            let result = world.and_then(|world| asked.pack.run(&asked.benefit.code, world, &mut scratch));
            let result = result.unwrap_or(Result {
                outcome: Outcome::Unknown,
                amount_minor: None,
                starts: None,
            });
            let granted = matches!(result.outcome, Outcome::Grant | Outcome::Confirm);
            let kind = world
                .filter(|_| granted)
                .and_then(|world| asked.pack.paid(&asked.benefit.code, world, &scratch));
            Found { result, kind }
        };
        let relates = self.relates(rules);
        let bodies: Vec<Option<Body>> = stands.iter().map(|stand| block.body(*stand, relates)).collect();
        let found = asked.plan.as_ref().and_then(|plan| {
            let sheet = block.sheet(plan, stands, &bodies);
            plan.run(asked.benefit, &asked.pack.law, &sheet)
        });
        let mut found = found.map(Vec::into_iter);
        let next = |(stand, body): (&usize, &Option<Body>)| {
            let together = found.as_mut().filter(|_| body.is_some()).and_then(Iterator::next);
            together.map_or_else(|| one(*stand), |(result, kind)| Found { result, kind })
        };
        stands.iter().zip(&bodies).map(next).collect()
    }

    /// The facts that rules wait for where somebody asks, as [`Pack::lacking`] says.
    pub fn lacking(
        &self,
        rules: Rules,
        block: &Block<'_>,
        stand: usize,
        scratch: &mut Scratch,
    ) -> Vec<(HolderKind, &'p str)> {
        let asked = self.rules.get(rules.0);
        let world = self.world(block, stand);
        let found = asked.zip(world).map(|(asked, world)| {
            let pack: &'p Pack = asked.pack;
            pack.lacking(&asked.benefit.code, world, scratch)
        });
        found.unwrap_or_default()
    }

    /// The facts as one of those who ask sees them, laid out for the rules one by one.
    fn world<'b>(&self, block: &'b Block<'_>, stand: usize) -> Option<&'b World> {
        let at = block.stands.get(stand)?;
        let input = block.inputs.get(at.household)?;
        let world = block.worlds.get(stand)?;
        Some(world.get_or_init(|| prepare_seen(self.dictionary, at.seen(input))))
    }
}

impl<'i> Stand<'i> {
    fn seen<'s>(&'s self, input: &'i Input) -> Seen<'s> {
        Seen {
            input,
            applicant: self.applicant,
            relationships: &self.relationships,
            claim: self.claim,
            others: self.others,
        }
    }
}

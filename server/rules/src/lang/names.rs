use super::{
    Type,
    value::{FactKey, Of, World},
};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

/// What expressions of a pack can name: facts, parameters, code lists; and the table of texts.
#[derive(Debug, Default, Clone)]
pub(crate) struct Dictionary {
    pub(crate) person: Holder,
    pub(crate) household: Holder,
    pub(crate) claim: Holder,
    /// Name, type of the value, types of the keys; none where it is no table.
    pub(crate) parameters: Vec<(String, Type, Vec<Type>)>,
    pub(crate) lists: BTreeMap<String, BTreeSet<String>>,
    pub(crate) texts: Vec<Arc<str>>,
    text_numbers: HashMap<Arc<str>, u32>,
    pub(crate) currency: String,
    pub(crate) minor_units: u8,
}

/// The facts of one kind of holder, by name and in order.
#[derive(Debug, Default, Clone)]
pub(crate) struct Holder {
    pub(crate) facts: Vec<(String, Type)>,
    numbers: HashMap<String, u32>,
}

impl Holder {
    pub(crate) fn add(&mut self, name: &str, ty: Type) {
        let number = u32::try_from(self.facts.len()).unwrap_or(u32::MAX);
        self.facts.push((name.to_owned(), ty));
        self.numbers.insert(name.to_owned(), number);
    }
    pub(crate) fn find(&self, name: &str) -> Option<(u32, &Type)> {
        let number = *self.numbers.get(name)?;
        Some((number, &self.facts.get(number as usize)?.1))
    }
    pub(crate) fn name(&self, number: u32) -> &str {
        self.facts.get(number as usize).map_or("?", |(name, _)| name)
    }
}

/// Numbers of the facts that are given without an entry in the dictionary.
pub(crate) mod given {
    pub(crate) const BIRTH_DATE: u32 = 0;
    pub(crate) const DEATH_DATE: u32 = 2;
    pub(crate) const ALIVE: u32 = 3;
    pub(crate) const RELATIONSHIP: u32 = 4;
    pub(crate) const AWARDS: u32 = 5;
    pub(crate) const AGE: u32 = 6;
    pub(crate) const FAMILY_AWARDS: u32 = 7;
    pub(crate) const AWARDS_ABOUT: u32 = 8;
    /// The same three lists with past and coming awards; an open award has the last day there is as its end. No expression can
    /// name them: `awards at d` reads them.
    pub(crate) const OF_ANY_DAY: [(u32, u32); 3] = [(AWARDS, 9), (FAMILY_AWARDS, 10), (AWARDS_ABOUT, 11)];
    pub(crate) const NAMES: [&str; 12] = [
        "birth_date",
        "sex",
        "death_date",
        "alive",
        "relationship",
        "awards",
        "age",
        "family_awards",
        "awards_about",
        "awards of any day",
        "family_awards of any day",
        "awards_about of any day",
    ];
    /// The list of awards in force for one of any day; another fact is itself.
    pub(crate) fn in_force(fact: u32) -> u32 {
        OF_ANY_DAY
            .iter()
            .find(|(_, ever)| *ever == fact)
            .map_or(fact, |(now, _)| *now)
    }
    /// Places of columns of an award.
    pub(crate) const AWARD_FROM: u32 = 1;
    pub(crate) const AWARD_UNTIL: u32 = 2;
    /// The list of any day for a list of awards in force.
    pub(crate) fn of_any_day(fact: u32) -> Option<u32> {
        OF_ANY_DAY
            .iter()
            .find(|(now, _)| *now == fact)
            .map(|(_, ever)| *ever)
    }
}

impl Dictionary {
    /// A dictionary with the given facts.
    pub(crate) fn new(currency: &str, minor_units: u8) -> Dictionary {
        let mut new = Dictionary {
            currency: currency.to_owned(),
            minor_units,
            ..Dictionary::default()
        };
        let awards = super::RowType {
            name: "awards".to_owned(),
            columns: vec![
                ("benefit".to_owned(), Type::Text),
                ("from".to_owned(), Type::Date),
                ("until".to_owned(), Type::Date),
                ("amount".to_owned(), Type::Money(karton_api::Per::Month)),
            ],
        };
        let awards = Type::List(Box::new(Type::Row(Arc::new(awards))));
        let types = [
            Type::Date,
            Type::Code("sexes".into()),
            Type::Date,
            Type::Bool,
            Type::Code("relationships".into()),
            awards.clone(),
            Type::Int,
            awards.clone(),
            awards.clone(),
            awards.clone(),
            awards.clone(),
            awards,
        ];
        for (name, ty) in given::NAMES.iter().zip(types) {
            new.person.add(name, ty);
        }
        new
    }
    /// Whether facts laid out by one of them can be read by the other.
    pub(crate) fn reads_like(&self, other: &Dictionary) -> bool {
        self.person.facts == other.person.facts
            && self.household.facts == other.household.facts
            && self.claim.facts == other.claim.facts
            && self.currency == other.currency
            && self.texts == other.texts
    }
    /// The number of a text, new or not.
    pub(crate) fn intern(&mut self, text: &str) -> u32 {
        if let Some(number) = self.text_numbers.get(text) {
            return *number;
        }
        let number = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        let text: Arc<str> = text.into();
        self.texts.push(text.clone());
        self.text_numbers.insert(text, number);
        number
    }
    /// The text behind a number; those of a world come after the pack's.
    pub(crate) fn text<'a>(&'a self, world: &'a World, number: u32) -> &'a str {
        let found = match self.texts.get(number as usize) {
            Some(text) => Some(text),
            None => world
                .texts
                .get((number as usize).saturating_sub(self.texts.len())),
        };
        found.map_or("", |text| &**text)
    }
    /// The name of a fact. Who asks for the age asks for the day of birth.
    pub(crate) fn fact_name(&self, (of, fact): FactKey) -> &str {
        match of {
            Of::Person(_) if fact == given::AGE => given::NAMES[given::BIRTH_DATE as usize],
            Of::Person(_) => self.person.name(given::in_force(fact)),
            Of::Household => self.household.name(fact),
            Of::Claim => self.claim.name(fact),
        }
    }
    /// A fact with its holder, as worked examples write it: `member 1.income`.
    pub(crate) fn fact(&self, world: &World, key: FactKey) -> String {
        let name = self.fact_name(key);
        match key.0 {
            Of::Person(0) => format!("applicant.{name}"),
            Of::Person(n) if n < world.members => format!("member {n}.{name}"),
            Of::Person(n) => format!("other {}.{name}", n - world.members + 1),
            Of::Household => format!("household.{name}"),
            Of::Claim => format!("claim.{name}"),
        }
    }
    pub(crate) fn number(&self, text: &str) -> Option<u32> {
        self.text_numbers.get(text).copied()
    }
    pub(crate) fn parameter(&self, name: &str) -> Option<u32> {
        let at = self.parameters.iter().position(|(found, _, _)| found == name)?;
        u32::try_from(at).ok()
    }
}

/// ` (did you mean …?)` when one of the names is near.
pub(crate) fn hint<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    /// Nobody mistypes a name into one that is longer than this; comparing such ones takes long.
    const LONGEST: usize = 100;
    if wrong.len() > LONGEST {
        return String::new();
    }
    let near = names
        .into_iter()
        .filter(|name| name.len() <= LONGEST)
        .map(|name| (strsim::damerau_levenshtein(wrong, name), name))
        .filter(|(distance, name)| *distance <= 1.max(name.chars().count().min(wrong.chars().count()) / 3))
        .min();
    near.map_or(String::new(), |(_, name)| format!(" (did you mean `{name}`?)"))
}

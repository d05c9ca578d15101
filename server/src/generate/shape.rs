//! Who lives together, and where.

use super::{
    draw::{Draw, Weighted},
    model::{FictionalPerson, Home, Relationship, Sex, Shape, Standing, Truth},
    settings::{FamilyName, Settings},
};
use jiff::ToSpan;
use karton_api::Date;

/// A home with its municipality's plate, whether it is a village, and the community the family is of.
pub(super) fn home(draw: &mut Draw, settings: &Settings, standing: Standing) -> (Home, String, bool, String) {
    let Some((place, communities)) = settings.places.draw(draw) else {
        // `Settings::read` refuses a pack without places.
        let home = Home {
            municipality: String::new(),
            settlement: String::new(),
            postal_code: String::new(),
            street: String::new(),
            rooms: 1,
            tenure: "other".to_owned(),
        };
        return (home, String::new(), false, String::new());
    };
    let village = place.kind == "village";
    let street = match draw.pick(&settings.streets) {
        Some(street) if !village => {
            let number = draw.between(1, 148).to_string();
            format!("{street}{}", settings.words.number.replace("{}", &number))
        }
        _ => settings.words.no_number.replace("{}", &place.settlement),
    };
    let own = match standing {
        Standing::Ordinary | Standing::JustAbove => settings.work.own_home_permille,
        _ => settings.work.own_home_permille / 2,
    };
    let tenure = match draw.below(10) {
        _ if draw.chance(own) => "owned",
        0..=5 => "rented",
        6..=8 => "relatives",
        _ => "social",
    };
    let home = Home {
        municipality: place.municipality.clone(),
        settlement: place.settlement.clone(),
        postal_code: place.postal_code.clone(),
        street,
        rooms: 1,
        tenure: tenure.to_owned(),
    };
    let community = communities.draw(draw).cloned().unwrap_or_default();
    (home, place.plate.clone(), village, community)
}

/// A birth date that makes a person of so many completed years.
fn born(draw: &mut Draw, today: Date, age: i64) -> Date {
    let day = today.saturating_sub(i32::try_from(age).unwrap_or(0).years());
    day.saturating_sub(i32::try_from(draw.between(0, 364)).unwrap_or(0).days())
}

fn sex(draw: &mut Draw) -> Sex {
    if draw.chance(487) { Sex::Female } else { Sex::Male }
}

/// Makes the members of one household.
struct Maker<'a> {
    draw: &'a mut Draw,
    settings: &'a Settings,
    community: &'a str,
    today: Date,
    members: Vec<FictionalPerson>,
    /// The family names of the members, as men and as women bear them.
    families: Vec<Option<FamilyName>>,
}

impl Maker<'_> {
    fn name(&mut self, names: Option<&Weighted<String>>) -> String {
        names
            .and_then(|names| names.draw(self.draw))
            .cloned()
            .unwrap_or_default()
    }

    /// Adds a person, by default with a family name of their own, and returns the place.
    fn add(
        &mut self,
        sex: Sex,
        birth_date: Date,
        family_name: Option<FamilyName>,
        relationship: Relationship,
    ) -> usize {
        let (community, settings) = (self.community.to_owned(), self.settings);
        let mut given_name = self.name(settings.given.get(&(community.clone(), sex)));
        let family = match family_name {
            Some(name) => Some(name),
            None => (settings.family.get(&community))
                .and_then(|names| names.draw(self.draw))
                .cloned(),
        };
        let mut family_name = Some(
            family
                .as_ref()
                .map_or_else(String::new, |name| name.of(sex).to_owned()),
        );
        if self.draw.chance(settings.odd_names_permille) {
            let of_sex: Vec<_> = settings.odd.iter().filter(|odd| odd.sex == sex).collect();
            if let Some(odd) = self.draw.pick(&of_sex) {
                given_name.clone_from(&odd.given_name);
                family_name.clone_from(&odd.family_name);
            }
        }
        // Whoever bears an odd name hands it on.
        let family = match (family_name.as_deref(), family) {
            (Some(odd), Some(family)) if odd != family.of(sex) => Some(FamilyName {
                male: odd.to_owned(),
                female: odd.to_owned(),
            }),
            (Some(_), family) => family,
            (None, _) => None,
        };
        self.families.push(family);
        let foreign = self.draw.chance(settings.foreign_permille);
        let citizenship = match self.draw.pick(&settings.foreign_citizenships) {
            Some(country) if foreign => country.clone(),
            _ => settings.own_citizenship.clone(),
        };
        let residence_kind = if citizenship == settings.own_citizenship {
            "residence"
        } else {
            "permanent-stay"
        };
        let years_here = self
            .draw
            .between(0, super::model::age(birth_date, self.today).min(30));
        let resident_since = self
            .today
            .saturating_sub(i32::try_from(years_here * 365).unwrap_or(0).days())
            .max(birth_date);
        self.members.push(FictionalPerson {
            national_id: None,
            given_name,
            family_name,
            birth_date,
            sex,
            death_date: None,
            relationship,
            father: None,
            mother: None,
            spouse: None,
            truth: Truth {
                citizenship,
                residence_kind: residence_kind.to_owned(),
                resident_since: Some(resident_since),
                ..Truth::default()
            },
        });
        self.members.len() - 1
    }

    fn family_name(&self, of: usize) -> Option<FamilyName> {
        self.families.get(of).cloned().flatten()
    }

    /// Where a country's people are called after their father, everybody's second name is that.
    fn call_after_fathers(&mut self) {
        if self.settings.patronymics.is_empty() {
            return;
        }
        let names: Vec<String> = self.members.iter().map(|it| it.given_name.clone()).collect();
        let men = self.settings.given.get(&(self.community.to_owned(), Sex::Male));
        for person in &mut self.members {
            let father = match person.father.and_then(|father| names.get(father)) {
                Some(father) => father.clone(),
                None => men
                    .and_then(|men| men.draw(self.draw))
                    .cloned()
                    .unwrap_or_default(),
            };
            if let Some([son, daughter]) = self.settings.patronymics.get(&father) {
                let after = if person.sex == Sex::Female { daughter } else { son };
                person.given_name = format!("{} {after}", person.given_name);
            }
        }
    }

    /// Two spouses, one of them the head; their ages are near each other. Returns (woman, man).
    fn couple(&mut self, woman_age: i64) -> (usize, usize) {
        let woman_head = self.draw.chance(420);
        let man_age = (woman_age + self.draw.between(-3, 9)).clamp(20, 97);
        let (woman_born, man_born) = (
            born(self.draw, self.today, woman_age),
            born(self.draw, self.today, man_age),
        );
        let (first, second) = if woman_head {
            (Sex::Female, Sex::Male)
        } else {
            (Sex::Male, Sex::Female)
        };
        let birth = |sex| if sex == Sex::Female { woman_born } else { man_born };
        let head = self.add(first, birth(first), None, Relationship::Head);
        let shared = if self.draw.chance(920) {
            self.family_name(head)
        } else {
            None
        };
        let spouse = self.add(second, birth(second), shared, Relationship::Spouse);
        for (of, other) in [(head, spouse), (spouse, head)] {
            if let Some(person) = self.members.get_mut(of) {
                person.spouse = Some(other);
            }
        }
        if woman_head {
            (head, spouse)
        } else {
            (spouse, head)
        }
    }

    /// Children of a mother (or a father alone) of this age; two to five years apart, rarely twins.
    fn children(&mut self, mother: Option<usize>, father: Option<usize>, parent_age: i64, most: u64) {
        let wanted = match self.draw.below(100) {
            0..36 => 1,
            36..76 => 2,
            76..91 => 3,
            91..97 => 4,
            _ => 5,
        };
        let oldest = (parent_age - 20).clamp(0, 23);
        let youngest = (parent_age - 45).max(0);
        let mut age = self.draw.between((oldest - 12).max(youngest), oldest);
        let name = father.or(mother).and_then(|parent| self.family_name(parent));
        let mut made = 0;
        while made < wanted.min(most) && age >= youngest {
            let birth = born(self.draw, self.today, age);
            let times = if self.draw.chance(15) { 2 } else { 1 };
            for _ in 0..times {
                let sex = sex(self.draw);
                let child = self.add(sex, birth, name.clone(), Relationship::Child);
                if let Some(child) = self.members.get_mut(child) {
                    (child.mother, child.father) = (mother, father);
                }
                made += 1;
            }
            age -= self.draw.between(2, 5);
        }
    }

    /// One parent of the head, or both.
    fn grandparents(&mut self, head_age: i64) {
        let (both, mother_first) = (self.draw.chance(400), self.draw.chance(750));
        let sexes: &[Sex] = match (both, mother_first) {
            (true, _) => &[Sex::Female, Sex::Male],
            (false, true) => &[Sex::Female],
            (false, false) => &[Sex::Male],
        };
        let name = self.family_name(0);
        let age = (head_age + self.draw.between(21, 33)).min(96);
        let first = self.members.len();
        for sex in sexes {
            let birth = born(self.draw, self.today, age);
            let parent = self.add(*sex, birth, name.clone(), Relationship::Parent);
            if let Some(head) = self.members.get_mut(0) {
                match sex {
                    Sex::Female => head.mother = Some(parent),
                    Sex::Male => head.father = Some(parent),
                }
            }
        }
        if both {
            for (of, other) in [(first, first + 1), (first + 1, first)] {
                if let Some(person) = self.members.get_mut(of) {
                    person.spouse = Some(other);
                }
            }
        }
    }
}

/// The members of a household of this shape, the head first.
pub(super) fn members(
    draw: &mut Draw,
    settings: &Settings,
    shape: Shape,
    community: &str,
    today: Date,
) -> Vec<FictionalPerson> {
    let mut maker = Maker {
        draw,
        settings,
        community,
        today,
        members: Vec::new(),
        families: Vec::new(),
    };
    match shape {
        Shape::OldSingle => {
            let age = maker.draw.between(65, 92);
            let birth = born(maker.draw, today, age);
            let sex = if maker.draw.chance(680) {
                Sex::Female
            } else {
                Sex::Male
            };
            maker.add(sex, birth, None, Relationship::Head);
        }
        Shape::Single => {
            let age = maker.draw.between(21, 64);
            let birth = born(maker.draw, today, age);
            let sex = sex(maker.draw);
            maker.add(sex, birth, None, Relationship::Head);
        }
        Shape::OldCouple | Shape::Couple => {
            let age = if shape == Shape::Couple {
                maker.draw.between(23, 61)
            } else {
                maker.draw.between(64, 86)
            };
            let (_, man) = maker.couple(age);
            let gone = shape == Shape::OldCouple && maker.draw.chance(settings.work.deceased_permille);
            let day = today.saturating_sub(i32::try_from(maker.draw.between(5, 300)).unwrap_or(5).days());
            if let Some(person) = maker.members.get_mut(man)
                && gone
                && person.relationship == Relationship::Spouse
            {
                person.death_date = Some(day);
            }
        }
        Shape::Family | Shape::ThreeGenerations => {
            let age = maker.draw.between(22, 52);
            let (woman, man) = maker.couple(age);
            maker.children(Some(woman), Some(man), age, 6);
            if shape == Shape::ThreeGenerations {
                let head_age = maker.members.first().map_or(age, |head| head.age(today));
                maker.grandparents(head_age);
            }
        }
        Shape::SingleParent => {
            let age = maker.draw.between(21, 50);
            let birth = born(maker.draw, today, age);
            let sex = if maker.draw.chance(830) {
                Sex::Female
            } else {
                Sex::Male
            };
            let head = maker.add(sex, birth, None, Relationship::Head);
            let (mother, father) = if sex == Sex::Female {
                (Some(head), None)
            } else {
                (None, Some(head))
            };
            maker.children(mother, father, age, 3);
        }
    }
    maker.call_after_fathers();
    maker.members
}

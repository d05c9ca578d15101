//! How a household lives: the truth that registers know of its members.

use super::{
    draw::Draw,
    model::{
        Disability, Employment, FictionalHousehold, FictionalPerson, Income, LeftWork, PensionPayment,
        Schooling, Shape, Standing, Truth, Unemployment,
    },
    settings::{Employer, Range, Settings},
};
use jiff::ToSpan;
use karton_api::Date;

/// Registers are asked for up to a year back; two months more, so that a window never runs out.
const MONTHS: i64 = 14;

/// Where the household lives, as far as it matters here.
pub(super) struct Surroundings {
    pub(super) plate: String,
    pub(super) village: bool,
    pub(super) today: Date,
}

/// The first day of the month so many months before a day.
pub(super) fn month_before(today: Date, months: i64) -> Date {
    today
        .first_of_month()
        .saturating_sub(i32::try_from(months).unwrap_or(0).months())
}

pub(super) fn days_before(today: Date, days: i64) -> Date {
    today.saturating_sub(i32::try_from(days).unwrap_or(0).days())
}

/// The household's monthly net income by its registers: the average of the last three full months, rounded down.
pub(super) fn monthly_total(household: &FictionalHousehold, today: Date) -> i64 {
    let window = month_before(today, 3)..today.first_of_month();
    let of_person = |person: &FictionalPerson| {
        let incomes = person
            .truth
            .incomes
            .iter()
            .filter(|row| window.contains(&row.month))
            .map(|row| row.net.minor);
        let pensions = person
            .truth
            .pensions
            .iter()
            .filter(|row| window.contains(&row.month))
            .map(|row| row.net.minor);
        incomes.chain(pensions).sum::<i64>()
    };
    let benefits: i64 = household
        .members
        .iter()
        .filter_map(|person| person.truth.unemployment.as_ref())
        .map(|u| u.benefit.minor)
        .sum();
    household.members.iter().map(of_person).sum::<i64>() / 3 + benefits
}

pub(super) struct Life<'a> {
    pub(super) draw: &'a mut Draw,
    pub(super) settings: &'a Settings,
    pub(super) around: &'a Surroundings,
}

/// Fills the truth of all members, and what the family conceals. The first member is the head, always there:
/// `shape::members` begins with it.
pub(super) fn live(
    draw: &mut Draw,
    settings: &Settings,
    household: &mut FictionalHousehold,
    around: Surroundings,
) {
    let mut life = Life {
        draw,
        settings,
        around: &around,
    };
    for person in &mut household.members {
        life.health_and_school(person);
    }
    let alive = household
        .members
        .iter()
        .filter(|person| person.death_date.is_none())
        .count() as i64;
    let line = settings
        .parameters
        .at(&settings.poverty_line.parameter, alive, around.today)
        .unwrap_or(0);
    match household.standing {
        Standing::Ordinary => life.ordinary(household),
        Standing::JustAbove => {
            let percent = life.draw.between(103, 126);
            life.small_income(household, line.saturating_mul(percent) / 100 + 1);
        }
        _ => {
            let percent = if life.draw.chance(420) {
                0
            } else {
                life.draw.between(12, 86)
            };
            life.small_income(household, line.saturating_mul(percent) / 100);
        }
    }
    life.dwelling(household);
    match household.standing {
        Standing::WithVehicle => {
            let vehicle = life.vehicle("car", 4, 22);
            household.members[0].truth.vehicles.push(vehicle);
        }
        Standing::WithProperty => life.counted_property(household),
        Standing::Contradicting => life.conceal(household),
        _ => {}
    }
    life.insure(household);
}

impl Life<'_> {
    pub(super) fn today(&self) -> Date {
        self.around.today
    }

    pub(super) fn amount(&mut self, name: &str) -> i64 {
        let Range(low, high) = self.settings.range(name);
        self.draw.between(low, high)
    }

    fn health_and_school(&mut self, person: &mut FictionalPerson) {
        let (today, age) = (self.today(), person.age(self.today()));
        let permille = self.settings.work.severe_disability_permille;
        let (disabled, severe) = (
            self.draw
                .chance(if age >= 65 { permille * 3 } else { permille * 2 }),
            self.draw.chance(450),
        );
        if disabled {
            let lasting = self.draw.chance(800);
            let months = i32::try_from(self.draw.between(2, 30)).unwrap_or(2);
            person.truth.disability = Some(Disability {
                degree: if severe {
                    self.draw.between(8, 10) * 10
                } else {
                    self.draw.between(3, 7) * 10
                },
                severe,
                lasting,
                control_on: (!lasting).then(|| today.saturating_add(months.months())),
            });
        }
        let work = &self.settings.work;
        person.truth.work_capable = (work.from_age..work.until_age).contains(&age) && !(disabled && severe);
        person.truth.pregnant =
            person.sex == super::Sex::Female && (20..42).contains(&age) && self.draw.chance(30);
        person.truth.former_child_without_care = (18..26).contains(&age)
            && person.mother.is_none()
            && person.father.is_none()
            && self.draw.chance(25);
        let (at_school, studies, adapted) = (
            self.draw.chance(975),
            self.draw.chance(self.settings.schools.university_permille),
            self.settings.schools.adapted_permille,
        );
        let adapted = self.draw.chance(if disabled { 500 } else { adapted });
        let schools = &self.settings.schools;
        let level = match age {
            _ if person.relationship != super::Relationship::Child => None,
            _ if age < schools.primary_age => None,
            _ if age < schools.secondary_age => Some((&schools.primary, schools.primary_age)),
            _ if age < schools.university_age => Some((&schools.secondary, schools.secondary_age)),
            _ if age < schools.university_age + 6 && studies => {
                Some((&schools.university, schools.university_age))
            }
            _ => None,
        };
        if let Some((names, from_age)) = level {
            let institution = self.draw.pick(names).cloned().unwrap_or_default();
            let begins = if today.month() >= 9 {
                today.year()
            } else {
                today.year() - 1
            };
            person.truth.schooling = Some(Schooling {
                institution,
                grade: age - from_age + 1,
                regular: at_school,
                adapted,
                since: Date::new(begins, 9, 1).unwrap_or(today),
            });
        }
    }

    /// Wages and pensions as usual. Nobody here is below the line: at least one has a full income.
    fn ordinary(&mut self, household: &mut FictionalHousehold) {
        let work = self.settings.work.clone();
        let today = self.today();
        let mut anybody = false;
        for person in household
            .members
            .iter_mut()
            .filter(|person| person.death_date.is_none())
        {
            let age = person.age(today);
            let student = person
                .truth
                .schooling
                .as_ref()
                .is_some_and(|school| school.regular);
            if age >= work.until_age {
                if self.draw.chance(work.pension_permille)
                    || (household.shape == Shape::OldSingle && !anybody)
                {
                    self.pension(person, "old-age");
                    anybody = true;
                }
            } else if age >= work.from_age && !student && person.truth.work_capable {
                if self.draw.chance(work.employed_permille) {
                    self.wage(person, "wage", 20);
                    anybody = true;
                } else if self.draw.chance(550) {
                    self.unemployed(person, 350);
                }
            } else if age >= work.from_age && person.truth.disability.is_some() {
                self.pension(person, "disability");
                anybody = true;
            }
            if self.draw.chance(work.car_permille) && age >= 20 && person.truth.vehicles.is_empty() {
                let vehicle = self.vehicle("car", 0, 20);
                person.truth.vehicles.push(vehicle);
            }
        }
        if let Some(head) = household.members.first_mut().filter(|_| !anybody) {
            head.truth.unemployment = None;
            if head.age(today) >= work.until_age {
                self.pension(head, "old-age")
            } else {
                self.wage(head, "wage", 20)
            }
        }
        if let Some(head) = household.members.first_mut()
            && self.around.village
            && self.draw.chance(260)
        {
            let tractor = self.vehicle("tractor", 5, 35);
            head.truth.vehicles.push(tractor);
        }
    }

    /// A household that lives on `total` minor units a month, or on nothing.
    fn small_income(&mut self, household: &mut FictionalHousehold, total: i64) {
        let today = self.today();
        let shape = household.shape;
        if total > 0 {
            let how = self.draw.below(10);
            let village = self.around.village;
            let earner = &mut household.members[0];
            let old = earner.age(today) >= self.settings.work.until_age;
            let capable = earner.truth.work_capable;
            match how {
                _ if old => self.pension_of(earner, "family", total),
                0..=4 if shape == Shape::SingleParent => self.income(earner, "maintenance", None, total),
                0..=3 if village => self.income(earner, "agriculture", None, total),
                0..=6 if capable => {
                    let employer = self.employer();
                    let starts = days_before(today, self.draw.between(450, 1500));
                    self.employ(earner, &employer, starts, None);
                    self.income(earner, "wage", Some(&employer), total);
                }
                _ => self.income(earner, "other", None, total),
            }
        }
        for person in &mut household.members {
            let student = person
                .truth
                .schooling
                .as_ref()
                .is_some_and(|school| school.regular);
            let works = person
                .truth
                .employments
                .iter()
                .any(|employment| employment.ends.is_none());
            if person.truth.work_capable
                && !student
                && !works
                && person.death_date.is_none()
                && self.draw.chance(860)
            {
                self.unemployed(person, 0);
            }
        }
    }

    fn employer(&mut self) -> Employer {
        let nobody = || Employer {
            name: String::new(),
            number: String::new(),
            weight: 0,
        };
        self.settings
            .employers
            .draw(self.draw)
            .cloned()
            .unwrap_or_else(nobody)
    }

    fn employ(
        &mut self,
        person: &mut FictionalPerson,
        employer: &Employer,
        starts: Date,
        ends: Option<Date>,
    ) {
        person.truth.employments.push(Employment {
            employer: employer.name.clone(),
            employer_number: Some(employer.number.clone()),
            starts,
            ends,
        });
    }

    /// A running employment with its wages; a few changed the employer within the year.
    pub(super) fn wage(&mut self, person: &mut FictionalPerson, kind: &str, changed_permille: u32) {
        let today = self.today();
        let employer = self.employer();
        let longest = (person.age(today) - 18).clamp(1, 25) * 365;
        let starts = days_before(today, self.draw.between(460, longest.max(470)));
        let net = if self.draw.chance(280) {
            self.amount("minimum_wage")
        } else {
            self.amount("wage")
        };
        if self.draw.chance(changed_permille) {
            let (before, left) = (self.employer(), days_before(today, self.draw.between(460, 900)));
            self.employ(person, &before, starts.min(left), Some(left));
            person.truth.left_work.push(LeftWork {
                day: left,
                own_fault: self.draw.chance(300),
            });
            self.employ(person, &employer, left, None);
        } else {
            self.employ(person, &employer, starts, None);
        }
        self.income(person, kind, Some(&employer), net);
    }

    /// An income in each of the last full months; wages above the minimum vary by overtime.
    pub(super) fn income(
        &mut self,
        person: &mut FictionalPerson,
        kind: &str,
        employer: Option<&Employer>,
        net: i64,
    ) {
        let payer = match employer {
            Some(employer) => employer.name.clone(),
            None => self.settings.payers.get(kind).cloned().unwrap_or_default(),
        };
        let overtime = if kind == "wage" && net > self.settings.range("minimum_wage").1 {
            net / 30
        } else {
            0
        };
        for back in (1..=MONTHS).rev() {
            let net = self
                .settings
                .parameters
                .money(net + self.draw.between(0, overtime));
            person.truth.incomes.push(Income {
                month: month_before(self.today(), back),
                payer: payer.clone(),
                payer_number: employer.map(|employer| employer.number.clone()),
                kind: kind.to_owned(),
                net,
            });
        }
    }

    fn pension(&mut self, person: &mut FictionalPerson, kind: &str) {
        let net = self.amount("pension");
        self.pension_of(person, kind, net);
        person.truth.pension_care_allowance = person.age(self.today()) >= 78 && self.draw.chance(110);
    }

    fn pension_of(&mut self, person: &mut FictionalPerson, kind: &str, net: i64) {
        for back in (1..=MONTHS).rev() {
            person.truth.pensions.push(PensionPayment {
                month: month_before(self.today(), back),
                kind: kind.to_owned(),
                net: self.settings.parameters.money(net),
            });
        }
    }

    /// In the agency's records; a share of them with the insurance benefit of the recently dismissed.
    fn unemployed(&mut self, person: &mut FictionalPerson, benefit_permille: u32) {
        let today = self.today();
        let insured = self.draw.chance(benefit_permille);
        let since = days_before(
            today,
            if insured {
                self.draw.between(40, 340)
            } else {
                self.draw.between(380, 2900)
            },
        );
        let since = since.max(person.birth_date.saturating_add(15.years()));
        let benefit = if insured {
            self.amount("unemployment_benefit")
        } else {
            0
        };
        let (left, own_fault, refused_work) = (
            insured || self.draw.chance(60),
            self.draw.chance(120),
            self.draw.chance(25),
        );
        if left {
            let employer = self.employer();
            let day = if insured {
                since
            } else {
                days_before(today, self.draw.between(20, 360))
            };
            let starts =
                day.saturating_sub(i32::try_from(self.draw.between(200, 1400)).unwrap_or(200).days());
            self.employ(
                person,
                &employer,
                starts.max(person.birth_date.saturating_add(16.years())).min(day),
                Some(day),
            );
            person.truth.left_work.push(LeftWork {
                day,
                own_fault: own_fault && !insured,
            });
        }
        person.truth.unemployment = Some(Unemployment {
            since,
            benefit: self.settings.parameters.money(benefit),
            refused_work,
        });
    }

    /// The ground of health insurance follows from the rest.
    fn insure(&mut self, household: &mut FictionalHousehold) {
        let own = |truth: &Truth| {
            if truth
                .employments
                .iter()
                .any(|employment| employment.ends.is_none())
            {
                Some("employment")
            } else if !truth.pensions.is_empty() {
                Some("pension")
            } else if truth.incomes.iter().any(|income| income.kind == "agriculture") {
                Some("agriculture")
            } else {
                None
            }
        };
        let insured = household
            .members
            .iter()
            .any(|person| own(&person.truth).is_some());
        for person in household
            .members
            .iter_mut()
            .filter(|person| person.death_date.is_none())
        {
            let ground = match own(&person.truth) {
                Some(ground) => ground,
                None if insured => "family",
                None if person.truth.unemployment.is_some() => "unemployment",
                None if person.truth.schooling.is_some() => "student",
                None if self.draw.chance(900) => "social",
                None => "none",
            };
            person.truth.health_insurance = Some(ground.to_owned());
        }
    }
}

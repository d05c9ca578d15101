//! What a household owns: dwelling, land, premises, vehicles, and what it would rather not say.

use super::draw::Draw;
use super::{
    living::{Life, days_before},
    model::{
        Concealed, Concealment, Disposal, FictionalHousehold, RealEstate, Relationship, Standing, Vehicle,
    },
};

impl Life<'_> {
    pub(super) fn vehicle(&mut self, kind: &str, youngest: i64, oldest: i64) -> Vehicle {
        const LETTERS: [char; 20] = [
            'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J', 'K', 'L', 'M', 'N', 'P', 'R', 'S', 'T', 'U', 'V',
            'Z',
        ];
        let letter = |draw: &mut Draw| draw.pick(&LETTERS).copied().unwrap_or('Z');
        let plate = format!(
            "{} {}{}{:03}",
            self.around.plate,
            letter(self.draw),
            letter(self.draw),
            self.draw.between(1, 999)
        );
        let year = i64::from(self.today().year()) - self.draw.between(youngest, oldest);
        Vehicle {
            plate,
            kind: kind.to_owned(),
            make: self.draw.pick(&self.settings.makes).cloned().unwrap_or_default(),
            year,
            registered_on: days_before(self.today(), self.draw.between(20, 1500)),
        }
    }

    fn estate(
        &mut self,
        household: &FictionalHousehold,
        kind: &str,
        area_m2: i64,
        rooms: i64,
        home: bool,
    ) -> RealEstate {
        let place = self
            .settings
            .words
            .parcel
            .replace("{}", &household.home.settlement);
        let parcel = format!(
            "{place} {}/{}",
            self.draw.between(10, 4900),
            self.draw.between(1, 24)
        );
        RealEstate {
            parcel,
            kind: kind.to_owned(),
            municipality: household.home.municipality.clone(),
            area_m2,
            rooms,
            home,
        }
    }

    /// The dwelling; in the cadastre where it is the family's own, with the land of a village house.
    pub(super) fn dwelling(&mut self, household: &mut FictionalHousehold) {
        let modest = match household.members.len() {
            0 | 1 => 1,
            2 | 3 => 2,
            _ => 3,
        };
        let ordinary = matches!(household.standing, Standing::Ordinary | Standing::JustAbove);
        let rooms = if ordinary {
            modest + self.draw.between(0, 2)
        } else {
            self.draw.between(1, modest)
        };
        household.home.rooms = rooms;
        if household.home.tenure != "owned" {
            return;
        }
        let kind = if self.around.village || self.draw.chance(450) {
            "house"
        } else {
            "apartment"
        };
        let area = rooms * self.draw.between(17, 24) + 12;
        let dwelling = self.estate(household, kind, area, rooms, true);
        let land = (self.around.village && self.draw.chance(620)).then(|| {
            // Twenty ares a member are what the pack's rule lets pass; ordinary people have more.
            let most = if ordinary {
                24_000
            } else {
                1_900 * household.members.len() as i64
            };
            let area = self.draw.between(300, most);
            self.estate(household, "farmland", area, 0, false)
        });
        let truth = &mut household.members[0].truth;
        truth.real_estate.push(dwelling);
        truth.real_estate.extend(land);
    }

    /// Property that counts against support: premises, a second dwelling, building land, or a sale not long ago.
    pub(super) fn counted_property(&mut self, household: &mut FictionalHousehold) {
        let what = self.draw.below(4);
        let (kind, area, rooms) = match what {
            0 => ("business", self.draw.between(14, 90), 0),
            1 => ("apartment", self.draw.between(28, 75), 2),
            _ => ("building-land", self.draw.between(200, 900), 0),
        };
        let estate = self.estate(household, kind, area, rooms, false);
        let day = days_before(self.today(), self.draw.between(15, 330));
        let deed = self.draw.pick(&self.settings.deeds).cloned().unwrap_or_default();
        let truth = &mut household.members[0].truth;
        if what == 3 {
            truth.disposals.push(Disposal {
                parcel: estate.parcel,
                day,
                deed,
            });
        } else {
            truth.real_estate.push(estate);
        }
    }

    /// What a register knows and the family would not say.
    pub(super) fn conceal(&mut self, household: &mut FictionalHousehold) {
        let what = match self.draw.below(10) {
            0..5 => Concealed::Income,
            5..8 => Concealed::Vehicle,
            _ => Concealed::Property,
        };
        let today = self.today();
        let spouse = household.members.iter().position(|person| {
            person.relationship == Relationship::Spouse
                && person.truth.work_capable
                && person.death_date.is_none()
        });
        let member = spouse.unwrap_or(0);
        match what {
            Concealed::Income => {
                let person = &mut household.members[member];
                if person.age(today) >= self.settings.work.until_age {
                    let rent = self.amount("rent");
                    self.income(person, "property", None, rent);
                } else {
                    person.truth.unemployment = None;
                    person.truth.incomes.clear();
                    person.truth.employments.clear();
                    person.truth.left_work.clear();
                    self.wage(person, "wage", 0);
                }
            }
            Concealed::Vehicle => {
                let vehicle = self.vehicle("car", 2, 15);
                household.members[member].truth.vehicles.push(vehicle);
            }
            Concealed::Property => {
                let area = self.draw.between(20, 80);
                let estate = self.estate(household, "business", area, 0, false);
                household.members[member].truth.real_estate.push(estate);
            }
        }
        household.conceals = Some(Concealment { member, what });
    }
}

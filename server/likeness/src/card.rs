//! What is compared of a person.

/// What is known of a person that tells people apart. Texts are folded: small Latin letters, digits, and one space between words; an empty
/// text is not known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Card {
    /// Given names.
    pub given: String,
    /// Family names.
    pub family: String,
    /// Eight digits: year, month, day. Need not be a day there is.
    pub birth: String,
    /// The code of the sex.
    pub sex: String,
    /// The national number.
    pub number: String,
    /// The number bears out a check digit of its own.
    pub checked: bool,
    /// The street without the number of the house.
    pub street: String,
    /// The number of the house.
    pub house: String,
    /// What an address has besides: a building, a farm.
    pub line: String,
    /// The settlement.
    pub place: String,
    /// The post's number.
    pub postcode: String,
    /// The municipality or state.
    pub region: String,
    /// Digits of a telephone.
    pub phone: String,
}

/// Stands between the fields of a stored card; folded text never has it.
const BETWEEN: char = '\t';

impl Card {
    fn fields(&self) -> [&str; 13] {
        [
            &self.given,
            &self.family,
            &self.birth,
            &self.sex,
            &self.number,
            if self.checked { "1" } else { "" },
            &self.street,
            &self.house,
            &self.line,
            &self.place,
            &self.postcode,
            &self.region,
            &self.phone,
        ]
    }

    /// The card on one line, for storing.
    pub fn to_line(&self) -> String {
        self.fields().join("\t")
    }

    /// A stored card. Fields that are not there are not known.
    pub fn of_line(line: &str) -> Card {
        let mut fields = line.split(BETWEEN).map(str::to_owned);
        let mut next = || fields.next().unwrap_or_default();
        Card {
            given: next(),
            family: next(),
            birth: next(),
            sex: next(),
            number: next(),
            checked: next() == "1",
            street: next(),
            house: next(),
            line: next(),
            place: next(),
            postcode: next(),
            region: next(),
            phone: next(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_card_is_the_same_card() {
        let card = Card {
            given: "ana marija".into(),
            family: "petrovic".into(),
            birth: "19780314".into(),
            place: "bar".into(),
            ..Card::default()
        };
        assert_eq!(Card::of_line(&card.to_line()), card);
        assert_eq!(Card::of_line(""), Card::default());
    }
}

//! Relationships are kept to the head of a household; rules read them to the applicant, and another head leads the same people. Pure.

use karton_api::Date;

/// What a member is to the applicant, from what both are to the head of the household: codes of the list `relationships`. Where the codes do
/// not tell, `other`.
pub fn to_applicant<'a>(applicant: &'a str, member: &'a str) -> &'a str {
    match (applicant, member) {
        // The applicant is the head.
        ("self", _) => member,
        // The member is the head: turn it round.
        ("spouse" | "partner" | "sibling", "self") => applicant,
        ("child", "self") => "parent",
        ("parent", "self") => "child",
        ("grandchild", "self") => "grandparent",
        ("grandparent", "self") => "grandchild",
        // The head's spouse or partner shares the head's children.
        ("spouse" | "partner", "child" | "ward" | "grandchild") => member,
        // Children of the head are siblings of each other, and of the spouse they are children.
        ("child", "child") => "sibling",
        ("child", "spouse" | "partner") => "parent",
        ("child", "parent") => "grandparent",
        ("child", "grandchild") => "child",
        ("grandchild", "child") => "parent",
        ("grandchild", "spouse" | "partner") => "grandparent",
        ("grandchild", "grandchild") => "sibling",
        // A parent of the head.
        ("parent", "parent") => "spouse",
        ("parent", "child" | "ward") => "grandchild",
        ("parent", "sibling") => "child",
        ("sibling", "sibling") => "sibling",
        ("sibling", "parent") => "parent",
        _ => "other",
    }
}

/// What a member of a household that joins another one is to the head there, from what the member was to the head of the own one, and what that
/// head is to the other. Where the codes do not tell, `other`.
pub(super) fn through<'a>(head: &'a str, member: &'a str) -> &'a str {
    match (head, member) {
        (head, "self") => head,
        ("spouse" | "partner", "child" | "ward" | "grandchild") => member,
        ("child" | "ward", "child" | "ward") => "grandchild",
        ("parent", "child") => "sibling",
        ("parent", "spouse") => "parent",
        ("grandparent", "spouse") => "grandparent",
        _ => "other",
    }
}

/// Somebody who may lead a household next.
#[derive(Debug, Clone, Copy)]
pub(super) struct Next<'a, T> {
    /// Who.
    pub who: T,
    /// To the head who goes.
    pub relationship: &'a str,
    /// Born on.
    pub born: Option<Date>,
}

/// Who leads a household after its head: the spouse or partner, otherwise the oldest of full age on the day, otherwise the oldest.
pub(super) fn next_head<T: Copy>(others: &[Next<'_, T>], on: Date) -> Option<T> {
    let beside = |next: &&Next<'_, T>| matches!(next.relationship, "spouse" | "partner");
    if let Some(next) = others.iter().find(beside) {
        return Some(next.who);
    }
    let minor = |next: &Next<'_, T>| {
        next.born.is_some_and(|born| {
            born.year() > on.year() - 18
                || (born.year() == on.year() - 18 && (born.month(), born.day()) > (on.month(), on.day()))
        })
    };
    let oldest = others
        .iter()
        .min_by_key(|next| (minor(next), next.born.unwrap_or(Date::MIN)));
    oldest.map(|next| next.who)
}

#[cfg(test)]
mod tests {
    use super::{Next, next_head, through, to_applicant};
    use jiff::civil::date;

    #[test]
    fn the_spouse_leads_next_then_the_oldest_of_full_age() {
        let on = date(2025, 3, 10);
        let one = |who: u8, relationship, year| Next {
            who,
            relationship,
            born: Some(date(year, 3, 11)),
        };
        assert_eq!(
            next_head(&[one(1, "parent", 1940), one(2, "spouse", 1980)], on),
            Some(2)
        );
        assert_eq!(
            next_head(
                &[
                    one(1, "child", 2007),
                    one(2, "sibling", 1999),
                    one(3, "sibling", 1990)
                ],
                on
            ),
            Some(3)
        );
        assert_eq!(
            next_head(&[one(1, "child", 2007), one(2, "sibling", 2006)], on),
            Some(2),
            "eighteen, the other one tomorrow"
        );
        assert_eq!(
            next_head(&[one(1, "child", 2015), one(2, "child", 2012)], on),
            Some(2)
        );
        assert_eq!(next_head::<u8>(&[], on), None);
    }

    #[test]
    fn who_joins_with_their_head_is_seen_from_the_new_one() {
        for (head, member, seen) in [
            ("child", "self", "child"),
            ("child", "child", "grandchild"),
            ("partner", "child", "child"),
            ("parent", "spouse", "parent"),
            ("sibling", "child", "other"),
        ] {
            assert_eq!(through(head, member), seen, "{member} of a {head}");
        }
    }

    #[test]
    fn a_family_looks_the_same_whoever_applies() {
        for (applicant, member, seen) in [
            ("self", "child", "child"),
            ("spouse", "self", "spouse"),
            ("spouse", "child", "child"),
            ("child", "self", "parent"),
            ("child", "spouse", "parent"),
            ("child", "child", "sibling"),
            ("parent", "self", "child"),
            ("grandchild", "child", "parent"),
            ("grandchild", "spouse", "grandparent"),
            ("spouse", "parent", "other"),
        ] {
            assert_eq!(
                to_applicant(applicant, member),
                seen,
                "{member} seen from {applicant}"
            );
        }
    }
}

//! Relationships are kept to the head of a household; rules read them to the applicant. Pure.

/// What a member is to the applicant, from what both are to the head of the household: codes of the list `relationships`. Where the codes do
/// not tell, `other`.
pub(super) fn to_applicant<'a>(applicant: &'a str, member: &'a str) -> &'a str {
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

#[cfg(test)]
mod tests {
    use super::to_applicant;

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

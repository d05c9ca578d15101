//! What a benefit says cannot be held beside it, held against the rest of the pack.

use super::{Benefit, BenefitKind, BesideEffect, Pack, Place};

/// What a benefit says of others fits what those are, what they say of it, and what the country provides for.
pub(super) fn beside(pack: &Pack, benefit: &Benefit, note: impl Fn(&Place, String)) {
    for one in &benefit.incompatible {
        let wrong = |message: String| note(&one.place, message);
        let effect = one.effect.name();
        let other = pack.benefit(&one.benefit);
        if one.effect == BesideEffect::Refuse {
            continue;
        }
        if one.benefit == benefit.code {
            wrong(format!(
                "a benefit is not granted beside itself: there is nothing to {effect}"
            ));
        }
        match other {
            None => wrong(format!(
                "`{}` is granted by others: this house cannot {effect} it",
                one.benefit
            )),
            Some(other) if other.kind == BenefitKind::OneOff => {
                wrong(format!(
                    "`{}` is paid once: there is nothing to {effect}",
                    one.benefit
                ));
            }
            Some(_) => {}
        }
        let theirs = other.iter().flat_map(|other| &other.incompatible);
        if one.effect == BesideEffect::Choose
            && let Some(theirs) = theirs
                .filter(|theirs| theirs.benefit == benefit.code)
                .find(|theirs| theirs.effect != BesideEffect::Choose)
        {
            let message = format!(
                "here the person chooses, but `{}` says `{}`: whichever is asked for first, both are to say the same",
                one.benefit,
                theirs.effect.name()
            );
            note(&one.place, message);
        }
        if pack
            .country
            .amendments
            .as_ref()
            .is_none_or(|rule| rule.choice.is_none())
        {
            let message =
                format!("to {effect} another award, country.toml says how: `choice` in [amendments]");
            note(&one.place, message);
        }
    }
}

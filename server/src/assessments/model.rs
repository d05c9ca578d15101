//! What an assessment leaves in doubt. Pure.

use super::show::kind_of;
use karton_rules::{
    assess::{Assessment, UsedFact, Verdict},
    pack::Pack,
};

/// What officers confirm under this name is what the amount rests on; no condition of a pack is called so.
pub const AMOUNT: &str = "amount";

/// A fact that a condition or the amount rests on and that nothing proves: only declared, contradicted, out of date, or known to nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// The condition's id; [`AMOUNT`] for what only the amount rests on.
    pub condition: String,
    /// The fact. Its source says what is known; nothing where nobody knows.
    pub fact: UsedFact,
}

/// The doubts of an assessment, in the order of its conditions, then those of the amount that no condition has. Conditions that do not apply leave
/// none, nor does a declaration about something that no register speaks of and the dictionary asks no document for: there the person's word is
/// the proof.
pub fn doubts(pack: &Pack, trace: &Assessment) -> Vec<Doubt> {
    let mut found: Vec<Doubt> = Vec::new();
    let mut doubt = |condition: &str, fact: UsedFact| {
        let doubt = Doubt {
            condition: condition.to_owned(),
            fact,
        };
        if !found.contains(&doubt) {
            found.push(doubt);
        }
    };
    for condition in trace
        .conditions
        .iter()
        .filter(|condition| condition.verdict != Verdict::NotApplicable)
    {
        for used in condition.facts.iter().filter(|used| !proved(pack, used)) {
            doubt(&condition.id, used.clone());
        }
        for missing in &condition.missing {
            let fact = UsedFact {
                holder: missing.holder.clone(),
                fact: missing.fact.clone(),
                source: None,
            };
            doubt(&condition.id, fact);
        }
    }
    let weighed: Vec<UsedFact> = found.iter().map(|it| it.fact.clone()).collect();
    for used in trace.amount.iter().flat_map(|amount| &amount.facts) {
        // What a condition rests on too has its officer's word there.
        if !proved(pack, used) && !weighed.contains(used) {
            let doubt = Doubt {
                condition: AMOUNT.to_owned(),
                fact: used.clone(),
            };
            if !found.contains(&doubt) {
                found.push(doubt);
            }
        }
    }
    found
}

/// Whether nothing more is needed to rest on a fact.
fn proved(pack: &Pack, used: &UsedFact) -> bool {
    let verified = used
        .source
        .as_ref()
        .is_none_or(|source| source.status.as_deref() == Some("verified"));
    let word_is_enough = used.source.as_ref().is_some_and(|source| {
        source.kind == "declaration"
            && source.status.as_deref() == Some("not-verified")
            && !pack.wants_proof(kind_of(&used.holder), &used.fact)
    });
    verified || word_is_enough
}

//! What an assessment leaves in doubt. Pure.

use super::show::kind_of;
use karton_rules::{
    assess::{Assessment, UsedFact, Verdict},
    pack::Pack,
};

/// A fact that a condition rests on and that nothing proves: only declared, contradicted, out of date, or known to nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// The condition's id.
    pub condition: String,
    /// The fact. Its source says what is known; nothing where nobody knows.
    pub fact: UsedFact,
}

/// The doubts of an assessment, in the order of its conditions. Conditions that do not apply leave none, nor does a declaration about
/// something that no register speaks of and the dictionary asks no document for: there the person's word is the proof.
pub fn doubts(pack: &Pack, trace: &Assessment) -> Vec<Doubt> {
    let mut found = Vec::new();
    for condition in trace
        .conditions
        .iter()
        .filter(|condition| condition.verdict != Verdict::NotApplicable)
    {
        let mut doubt = |fact: UsedFact| {
            let doubt = Doubt {
                condition: condition.id.clone(),
                fact,
            };
            if !found.contains(&doubt) {
                found.push(doubt);
            }
        };
        for used in &condition.facts {
            let proved = used
                .source
                .as_ref()
                .is_none_or(|source| source.status.as_deref() == Some("verified"));
            let word_is_enough = used.source.as_ref().is_some_and(|source| {
                source.kind == "declaration"
                    && source.status.as_deref() == Some("not-verified")
                    && !pack.wants_proof(kind_of(&used.holder), &used.fact)
            });
            if !(proved || word_is_enough) {
                doubt(used.clone());
            }
        }
        for missing in &condition.missing {
            doubt(UsedFact {
                holder: missing.holder.clone(),
                fact: missing.fact.clone(),
                source: None,
            });
        }
    }
    found
}

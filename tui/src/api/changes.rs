//! What happens to a person or a household, as questions: the form for each, and what is sent.

use karton_api::{
    Id,
    catalogue::CodeList,
    households::{
        ChangeHead, DeathRecorded, HouseholdEvent, JoinHouseholds, Move, Moved, RecordDeath, SplitHousehold,
    },
    kin::DeclareKin,
    persons::{ChangePerson, EndMember, HouseholdView, Identity, PersonView},
    protection::{OpenedAddress, ProtectAddress, ProtectionView},
    value,
};
use std::collections::BTreeMap;

/// What is to be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is described by its words, `change-…` in words/")]
pub enum What {
    Correct,
    Identity,
    Move,
    Death,
    Split,
    Leave,
    Head,
    Join,
    Undo,
    Protect,
    OpenAddress,
    EndProtection,
    Kin,
}

impl What {
    /// All, in the order in which they are offered.
    pub const ALL: [What; 13] = [
        What::Correct,
        What::Identity,
        What::Move,
        What::Split,
        What::Leave,
        What::Head,
        What::Join,
        What::Undo,
        What::Death,
        What::Protect,
        What::OpenAddress,
        What::EndProtection,
        What::Kin,
    ];
    /// Its words.
    pub fn words(self) -> &'static str {
        match self {
            What::Correct => "change-correct",
            What::Identity => "change-identity",
            What::Move => "change-move",
            What::Death => "change-death",
            What::Split => "change-split",
            What::Leave => "change-leave",
            What::Head => "change-head",
            What::Join => "change-join",
            What::Undo => "change-undo",
            What::Protect => "change-protect",
            What::OpenAddress => "change-open-address",
            What::EndProtection => "change-end-protection",
            What::Kin => "change-kin",
        }
    }
    /// What its form says before it begins.
    pub fn says(self) -> &'static str {
        match self {
            What::Correct => "change-correct-says",
            What::Identity => "change-identity",
            What::Move => "change-move-says",
            What::Death => "change-death-says",
            What::Split => "change-split-says",
            What::Leave => "change-leave-says",
            What::Head => "change-head-says",
            What::Join => "change-join-says",
            What::Undo => "change-undo-says",
            What::Protect => "change-protect-says",
            What::OpenAddress => "change-open-address-says",
            What::EndProtection => "change-end-protection-says",
            What::Kin => "change-kin-says",
        }
    }
}

/// What a form of a change is drawn from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeKit {
    /// Of whom.
    pub person: PersonView,
    /// The household, if any.
    pub household: Option<HouseholdView>,
    /// The code lists that fields name.
    pub codes: BTreeMap<String, CodeList>,
    /// What happened to the household, where that is asked for.
    pub events: Vec<HouseholdEvent>,
    /// Versions of the identity, where they are asked for.
    pub identity: Vec<Identity>,
}

/// A change to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "the bodies are the contract's own types, which describe them"
)]
pub enum Send {
    Correct(i64, ChangePerson),
    Move(Move),
    Death(i64, RecordDeath),
    Split(SplitHousehold),
    Leave(EndMember),
    Head(ChangeHead),
    /// With whoever is found by this text: a number of a dossier or a person.
    Join(String, JoinHouseholds),
    Undo(Id<value::HouseholdChange>, String),
    Protect(ProtectAddress),
    OpenAddress(String),
    EndProtection(String),
    Kin(DeclareKin),
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "the answers are the contract's own types, which describe them"
)]
pub enum Changed {
    Done,
    Moved(Moved),
    Death(Box<DeathRecorded>),
    Protected(ProtectionView),
    Opened(OpenedAddress),
}

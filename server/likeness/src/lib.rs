//! How alike two people's cards are.
//!
//! The model is the one of Fellegi and Sunter (A theory for record linkage, JASA 64, 1969): each field of two cards agrees on some [`Level`],
//! and each level speaks for or against one person with a fixed weight, `log2(m / u)`: how much oftener it is seen between two cards of one
//! person (m) than between cards of two people (u). The weights add up to bits, kept as whole hundredths, so that the same two cards have the
//! same likeness on every machine and for ever. What agrees on a rare name says more than what agrees on a usual one ([`Rarity`]).
//!
//! The cards ([`Card`]) come folded: one spelling for case, diacritics, Latin and Cyrillic. Which cards are worth comparing is said by
//! [`keys`]. The weights were estimated by `estimate` (behind the feature of the same name), the thresholds set by reasoning about sizes;
//! ARCHITECTURE.md says on which data.

mod card;
mod compare;
#[cfg(feature = "estimate")]
pub mod estimate;
mod keys;
#[cfg(feature = "estimate")]
pub mod labelled;
mod rarity;
mod score;
mod text;
mod weights;

pub use card::Card;
pub use compare::{FIELDS, Field, Level, Pattern, compare};
pub use keys::{Key, MOST_OF_A_KEY, keys};
pub use rarity::{Rarity, Term, bits_of_share};
pub use score::{ASKED, CERTAIN, Likeness, POSSIBLE, Reason, score};

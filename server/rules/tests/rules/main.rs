//! The rules as a whole, from the outside: packs as text in, mistakes, values and reasons out.

#[cfg(test)]
mod batch;
#[cfg(test)]
mod beside;
#[cfg(test)]
mod broken;
#[cfg(test)]
mod broken_rules;
#[cfg(test)]
mod catalogue;
#[cfg(test)]
mod classes;
#[cfg(test)]
mod common;
#[cfg(test)]
mod dated;
#[cfg(test)]
mod days;
#[cfg(test)]
mod deciders;
#[cfg(test)]
mod deciders_later;
#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod generated;
#[cfg(test)]
mod guide;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod incomplete;
#[cfg(test)]
mod kinds;
#[cfg(test)]
mod language;
#[cfg(test)]
mod like;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod meaning;
#[cfg(test)]
mod own_registers;
#[cfg(test)]
mod parties;
#[cfg(test)]
mod parts;
#[cfg(test)]
mod people;
#[cfg(test)]
mod places;
#[cfg(test)]
mod possible;
#[cfg(test)]
mod published;
#[cfg(test)]
mod real_packs;
#[cfg(test)]
mod shared;
#[cfg(test)]
mod signals;
#[cfg(test)]
mod small;
#[cfg(test)]
mod supplied;
#[cfg(test)]
mod survey;
#[cfg(test)]
mod words;

// The households, the rules written by hand and the reader of packs that the bench measures with.
#[cfg(test)]
#[path = "../../benches/assessment/family.rs"]
mod family;
#[cfg(test)]
#[path = "../../benches/assessment/folder.rs"]
mod folder;
#[cfg(test)]
#[path = "../../benches/assessment/hand.rs"]
mod hand;
#[cfg(test)]
#[path = "../../benches/assessment/me.rs"]
mod me;
#[cfg(test)]
#[path = "../../benches/assessment/ro.rs"]
mod ro;
#[cfg(test)]
#[path = "../../benches/assessment/ua.rs"]
mod ua;

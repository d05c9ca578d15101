//! The server: it owns storage and rules, and speaks REST.
//!
//! The cellar (`clock`, `store`, `search`, `problem`, `audit`, `access`, `pack`, `http`, `gateway`) knows no room. The rooms stand in the
//! order of the work; each may use those before it and none after it. ARCHITECTURE.md has the map.

pub mod access;
pub mod administration;
pub mod applications;
pub mod assessments;
pub mod audit;
pub mod awards;
pub mod backup;
pub mod cases;
pub mod catalogue;
pub mod cli;
pub mod clock;
pub mod csv_out;
pub mod decisions;
pub mod demo;
pub mod documents;
pub mod dossiers;
pub mod duplicates;
pub mod evidence;
pub mod facts;
pub mod gateway;
pub mod generate;
mod guard;
pub mod house;
pub mod http;
pub mod impact;
pub mod imports;
pub mod letters;
pub mod logbook;
pub mod matters;
pub mod merges;
pub mod migrations;
pub mod notices;
pub mod objects;
pub mod offices;
pub mod organisations;
pub mod pack;
pub mod packs;
pub mod packs_compared;
pub mod papers;
pub mod persons;
pub mod problem;
pub mod protection;
pub mod reading;
pub mod registers;
pub mod replies;
pub mod router;
pub mod search;
pub mod serve;
pub mod signals;
pub mod store;
#[cfg(test)]
mod stories;
#[cfg(test)]
mod tests;
pub mod upgrades;
pub mod users;
pub mod verify;

/// Many small things are made and dropped on several threads at once, which the system's allocator answers with an arena each.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

//! The server: it owns storage and rules, and speaks REST.
//!
//! The cellar (`clock`, `store`, `search`, `problem`, `audit`, `access`, `pack`, `http`, `gateway`) knows no room. The rooms stand in the
//! order of the work; each may use those before it and none after it. ARCHITECTURE.md has the map.
pub mod clock;
pub mod generate;
pub mod problem;
pub mod search;
pub mod store;

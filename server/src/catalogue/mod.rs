//! The catalogue: the pack as clients draw themselves from it. Everybody who is signed in may read it; it holds nobody's data.

mod codes;
pub mod http;
mod view;
mod when;

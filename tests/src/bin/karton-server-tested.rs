//! The server, as it is shipped.
fn main() {}

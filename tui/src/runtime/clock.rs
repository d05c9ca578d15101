//! The one place of the client that looks at the clock of the machine.

/// Today in the machine's own time zone; the server's day replaces it at sign-in.
#[expect(clippy::disallowed_methods, reason = "this is the client's one clock")]
pub(crate) fn today() -> karton_api::Date {
    jiff::Zoned::now().date()
}

//! Karton.

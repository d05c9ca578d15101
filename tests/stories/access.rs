//! Who may do what: asked of the running server, operation by operation, role by role.

mod matrix;
mod sessions;
mod strangers;

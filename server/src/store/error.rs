/// What the store can answer instead of a value. None of them carries a value of a row: they may be logged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// A row with this key exists. Names the place the same way on every engine: `table(column, column)`, or the
    /// name of the index where it is one over an expression.
    #[error("{0} holds this already")]
    Unique(String),
    /// A row points to one that is not there, or is still pointed to.
    #[error("a row refers to one that is not there")]
    Reference,
    /// A value breaks a check of the schema (`CHECK`, `NOT NULL`).
    #[error("the schema refuses a value: {0}")]
    Check(String),
    /// Ran into other transactions, and kept doing so until the tries were used up.
    #[error("too many others are changing the same thing")]
    Conflict,
    /// A statement failed earlier in this transaction and its closure went on; nothing was written.
    #[error("an earlier statement of this transaction failed")]
    Aborted,
    /// Exactly one row was needed.
    #[error("one row was needed, {0} came")]
    NotOne(usize),
    /// A row's value is not of the type that was asked for.
    #[error("column {column} holds no {wanted}")]
    Value {
        /// Counted from 0.
        column: usize,
        /// The Rust type that was asked for.
        wanted: &'static str,
    },
    /// The closure panicked; nothing was written.
    #[error("the work inside the transaction broke off")]
    Panicked,
    /// The database cannot be reached, or the store is closed; nothing was written.
    #[error("the database cannot be reached")]
    Closed,
    /// A statement took longer than it may; nothing was written.
    #[error("a statement took longer than it may")]
    TooSlow,
    /// The line broke during the commit: whether it happened is not known. An Idempotency-Key makes a repeat safe.
    #[error("the line to the database broke while it was committing")]
    Lost,
    /// A newer version of Karton has changed this database.
    #[error(
        "the database was changed by a newer version (its schema has step {found}, this version knows {known})"
    )]
    NewerSchema {
        /// The number of the first migration this binary does not know.
        found: u32,
        /// The last migration this binary knows.
        known: u32,
    },
    /// The migrations themselves are wrong.
    #[error("migration {number} {what}")]
    Migration {
        /// Its number.
        number: u32,
        /// What is wrong with it.
        what: String,
    },
    /// The address of the store cannot be understood.
    #[error("“{0}” is not the address of a store: sqlite:PATH, sqlite::memory: or postgres://… is needed")]
    Url(String),
    /// Anything else, as the engine says it.
    #[error("{0}")]
    Db(String),
}

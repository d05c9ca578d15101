//! Stories told through the router, on every engine: the way of an application from the counter to the letter.

mod administration;
mod again;
mod alike;
mod benefits;
mod books;
mod cases;
mod cases_hidden;
mod cases_led;
mod deciding;
mod desk;
mod documents;
mod endings;
mod family;
mod hidden_work;
mod imports;
mod later;
mod living;
mod merging;
mod people;
mod possible;
mod queue;
mod registers;
mod returning;
mod upgrades;
mod way;
mod window;

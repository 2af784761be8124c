//! The databases: SQLite and PostgreSQL behind one set of functions. SQL stands here and nowhere else.
//!
//! A function of a module takes a connection and does one thing; [`Store`] hands out the connection and the
//! transaction. What differs between the databases is matched on [`DbConnection`].
#![recursion_limit = "256"]

pub mod accounts;
pub mod acts;
pub mod answers;
pub mod attempts;
pub mod bank;
mod batch;
mod connection;
mod error;
pub mod exam_day;
pub mod exams;
pub mod ledger;
pub mod lists;
pub mod migrations;
pub mod organisation;
mod pattern;
pub mod prepared;
pub mod questions;
pub mod rehearsals;
#[allow(missing_docs, reason = "generated from the migrations' columns; the rows document them")]
mod schema;
pub mod scores;
pub mod settings;
mod store;
pub mod units;
mod writer;

pub use connection::{DatabaseUrl, DbConnection};
pub use error::StorageError;
pub use store::{ANSWER_QUEUE_BYTES, ANSWER_QUEUE_ROWS, Held, SaveReceiver, Store};

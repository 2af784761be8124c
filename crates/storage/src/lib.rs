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
pub mod exams;
pub mod migrations;
pub mod organisation;
mod pattern;
pub mod questions;
#[allow(missing_docs, reason = "generated from the migrations' columns; the rows document them")]
mod schema;
pub mod settings;
mod store;
mod writer;

pub use connection::{DatabaseUrl, DbConnection};
pub use error::StorageError;
pub use store::{ANSWER_QUEUE_ROWS, Held, SaveReceiver, Store};

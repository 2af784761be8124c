//! What the end-to-end tests share: a real server on a database of its own, and a client.

mod client;
mod database;
mod postgres;
mod server;

pub use client::{Client, Reply};
pub use database::Database;
pub use postgres::PrivatePostgres;
pub use server::{Account, Server, binary, zhijie};

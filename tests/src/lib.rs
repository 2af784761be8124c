//! What the end-to-end tests share: a real server on a database of its own, and a client.

mod client;
mod clock;
mod database;
mod disk;
mod postgres;
mod proxy;
mod server;

pub use client::{Client, Reply};
pub use clock::MachineClock;
pub use database::Database;
pub use disk::{SmallDisk, with_disks};
pub use postgres::PrivatePostgres;
pub use proxy::{Passed, Proxy};
pub use server::{Account, Server, binary, zhijie};

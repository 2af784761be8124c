//! HTTP/1.1 as a load generator needs it: cheap, one request at a time on a connection that is kept alive.
//!
//! httparse on a bare stream, not hyper: measured against a responder that does nothing, a thousand connections on one
//! core cost 15 µs and 1.4 KiB each here, 36 µs and 38 KiB there (docs/rehearsal.md).

mod buffer;
mod fault;
mod line;
mod reply;
mod request;
mod target;

pub(crate) use buffer::{Buffer, Buffers};
pub(crate) use fault::Fault;
pub(crate) use line::{Line, Try};
pub(crate) use reply::Reply;
pub(crate) use request::{Body, Method, write_request};
pub(crate) use target::Target;

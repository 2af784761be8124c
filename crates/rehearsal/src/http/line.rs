//! The connection of a taker, opened when it is needed.

use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::net::TcpStream;

use super::reply::{Reply, receive};
use super::{Buffers, Fault, Target};

/// A connection that was idle for longer than this may be closed by the server just as a request goes out: no fault
/// of anybody's, and browsers try again without a word.
const IDLE_RACE: Duration = Duration::from_secs(5);

/// A taker's way to the server (连接).
#[derive(Default)]
pub(crate) struct Line {
    open: Option<Open>,
}

struct Open {
    stream: TcpStream,
    last_used: Instant,
    is_fresh: bool,
}

/// How one try ended.
pub(crate) enum Try {
    /// With a reply.
    Reply(Reply),
    /// With a fault.
    Fault(Fault),
    /// The kept connection had been closed meanwhile: another try says more.
    Stale,
}

impl Line {
    /// Lets go of the connection, as a phone that loses the network does.
    pub(crate) fn hang_up(&mut self) {
        self.open = None;
    }

    /// Sends a request and waits for its reply, in `limit` at the most.
    pub(crate) async fn exchange(
        &mut self,
        target: &Target,
        buffers: &Rc<Buffers>,
        request: &[u8],
        limit: Duration,
    ) -> Try {
        match tokio::time::timeout(limit, self.exchange_unbounded(target, buffers, request)).await {
            Ok(outcome) => outcome,
            // What comes after the time is over belongs to no request any more: the connection is gone.
            Err(_) => Try::Fault(Fault::Timeout),
        }
    }

    async fn exchange_unbounded(&mut self, target: &Target, buffers: &Rc<Buffers>, request: &[u8]) -> Try {
        let open = match self.open.take() {
            Some(open) if is_closed(&open.stream) => return Try::Stale,
            Some(open) => open,
            None => match TcpStream::connect(target.address).await.and_then(|stream| {
                stream.set_nodelay(true)?;
                Ok(stream)
            }) {
                Ok(stream) => Open { stream, last_used: Instant::now(), is_fresh: true },
                Err(error) => return Try::Fault(error.into()),
            },
        };
        let outcome = match send(&open.stream, request).await {
            Ok(()) => receive(&open.stream, buffers).await,
            Err(fault) => Err(fault),
        };
        match outcome {
            Ok(reply) => {
                if reply.keeps {
                    self.open = Some(Open { stream: open.stream, last_used: Instant::now(), is_fresh: false });
                }
                Try::Reply(reply)
            }
            Err(Fault::Closed | Fault::Reset) if !open.is_fresh && open.last_used.elapsed() > IDLE_RACE => Try::Stale,
            Err(fault) => Try::Fault(fault),
        }
    }
}

/// Whether the other side has closed a connection on which nothing is due.
fn is_closed(stream: &TcpStream) -> bool {
    let mut byte = [0_u8; 1];
    !matches!(stream.try_read(&mut byte), Err(error) if error.kind() == std::io::ErrorKind::WouldBlock)
}

async fn send(stream: &TcpStream, request: &[u8]) -> Result<(), Fault> {
    let mut rest = request;
    while !rest.is_empty() {
        match stream.try_write(rest) {
            Ok(count) => rest = rest.get(count..).unwrap_or_default(),
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => stream.writable().await?,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

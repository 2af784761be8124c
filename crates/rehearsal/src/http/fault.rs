//! What can happen to a connection.

use std::io::ErrorKind;

/// A connection that failed (连接故障), by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nobody listens.
    Refused,
    /// Cut by the other side.
    Reset,
    /// Closed before a whole reply came.
    Closed,
    /// No reply in time.
    Timeout,
    /// No way there.
    Unreachable,
    /// This machine has no port left for another connection.
    NoPort,
    /// This process may open no more files.
    NoFile,
    /// What came back is not HTTP.
    NotHttp,
    /// Anything else.
    Other,
}

impl Fault {
    /// Its word in the report.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Refused => "connect-refused",
            Self::Reset => "connection-reset",
            Self::Closed => "connection-closed",
            Self::Timeout => "timeout",
            Self::Unreachable => "unreachable",
            Self::NoPort => "no-local-port",
            Self::NoFile => "too-many-open-files",
            Self::NotHttp => "not-http",
            Self::Other => "connection-failed",
        }
    }
}

/// What the operating system calls "too many open files", of the process and of the machine.
const TOO_MANY_FILES: [i32; 2] = [24, 23];

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Self {
        if error.raw_os_error().is_some_and(|code| TOO_MANY_FILES.contains(&code)) {
            return Self::NoFile;
        }
        match error.kind() {
            ErrorKind::ConnectionRefused => Self::Refused,
            ErrorKind::ConnectionReset | ErrorKind::BrokenPipe | ErrorKind::NotConnected => Self::Reset,
            ErrorKind::ConnectionAborted | ErrorKind::UnexpectedEof => Self::Closed,
            ErrorKind::TimedOut => Self::Timeout,
            ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown => Self::Unreachable,
            ErrorKind::AddrNotAvailable => Self::NoPort,
            _ => Self::Other,
        }
    }
}

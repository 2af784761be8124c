//! A reply: read until it is whole, and not a byte further.

use std::ops::Range;
use std::rc::Rc;
use std::time::Duration;

use serde::Deserialize;
use tokio::net::TcpStream;

use super::{Buffer, Buffers, Fault};

/// Room made before each read, in bytes; a save's reply comes in one.
const READ_BYTES: usize = 4 * 1024;
/// A reply at the most, in bytes: tokens of the largest rehearsal fit.
const REPLY_BYTES_MOST: usize = 256 * 1024 * 1024;
/// Headers of a reply at the most.
const HEADERS_MOST: usize = 64;

/// A whole reply.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) etag: Option<String>,
    /// Whether the connection may be used again.
    pub(crate) keeps: bool,
    bytes: Buffer,
    body: Range<usize>,
}

impl Reply {
    /// The body.
    pub(crate) fn body(&self) -> &[u8] {
        self.bytes.get(self.body.clone()).unwrap_or_default()
    }

    /// The body as JSON.
    pub(crate) fn json<'a, T: Deserialize<'a>>(&'a self) -> Option<T> {
        serde_json::from_slice(self.body()).ok()
    }

    /// Whether it is what was asked for.
    pub(crate) fn is_success(&self) -> bool {
        matches!(self.status, 200..=299 | 304)
    }
}

/// Reads one reply. While nothing has come, no buffer is held.
pub(crate) async fn receive(stream: &TcpStream, buffers: &Rc<Buffers>) -> Result<Reply, Fault> {
    let mut held: Option<Buffer> = None;
    loop {
        stream.readable().await?;
        let mut buffer = held.take().unwrap_or_else(|| buffers.take());
        buffer.reserve(READ_BYTES);
        let is_end = match stream.try_read_buf(&mut *buffer) {
            Ok(count) => count == 0,
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {
                held = (!buffer.is_empty()).then_some(buffer);
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        match parse(&mut buffer, is_end)? {
            Some(head) => {
                return Ok(Reply {
                    status: head.status,
                    retry_after: head.retry_after,
                    etag: head.etag,
                    keeps: head.keeps && !is_end,
                    bytes: buffer,
                    body: head.body,
                });
            }
            None if is_end => return Err(Fault::Closed),
            None if buffer.len() > REPLY_BYTES_MOST => return Err(Fault::NotHttp),
            None => held = Some(buffer),
        }
    }
}

struct Whole {
    status: u16,
    retry_after: Option<Duration>,
    etag: Option<String>,
    keeps: bool,
    body: Range<usize>,
}

/// What a reply's headers say of its body.
struct Headers {
    status: u16,
    retry_after: Option<Duration>,
    etag: Option<String>,
    keeps: bool,
    length: Option<usize>,
    is_chunked: bool,
}

/// The reply, when it is whole.
fn parse(buffer: &mut [u8], is_end: bool) -> Result<Option<Whole>, Fault> {
    let mut begin = 0;
    loop {
        let Some((head, size)) = parse_head(buffer.get(begin..).unwrap_or_default())? else { return Ok(None) };
        begin += size;
        if (100..200).contains(&head.status) {
            // 100 Continue and the like come before the reply.
            continue;
        }
        let whole = |body: Range<usize>, keeps: bool| {
            Ok(Some(Whole { status: head.status, retry_after: head.retry_after, etag: head.etag.clone(), keeps, body }))
        };
        if matches!(head.status, 204 | 304) {
            return whole(begin..begin, head.keeps);
        }
        if head.is_chunked {
            let Some(length) = unchunk(buffer, begin)? else { return Ok(None) };
            return whole(begin..begin + length, head.keeps);
        }
        return match head.length {
            Some(length) if buffer.len() - begin >= length => whole(begin..begin + length, head.keeps),
            None if is_end => whole(begin..buffer.len(), false),
            _ => Ok(None),
        };
    }
}

fn parse_head(bytes: &[u8]) -> Result<Option<(Headers, usize)>, Fault> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS_MOST];
    let mut response = httparse::Response::new(&mut headers);
    let size = match response.parse(bytes).map_err(|_| Fault::NotHttp)? {
        httparse::Status::Complete(size) => size,
        httparse::Status::Partial => return Ok(None),
    };
    let mut found = Headers {
        status: response.code.unwrap_or_default(),
        retry_after: None,
        etag: None,
        keeps: response.version == Some(1),
        length: None,
        is_chunked: false,
    };
    for header in response.headers {
        let value = std::str::from_utf8(header.value).unwrap_or_default().trim();
        if header.name.eq_ignore_ascii_case("content-length") {
            found.length = Some(value.parse().map_err(|_| Fault::NotHttp)?);
        } else if header.name.eq_ignore_ascii_case("transfer-encoding") {
            found.is_chunked = value.eq_ignore_ascii_case("chunked");
        } else if header.name.eq_ignore_ascii_case("connection") {
            found.keeps = !value.eq_ignore_ascii_case("close");
        } else if header.name.eq_ignore_ascii_case("etag") {
            found.etag = Some(value.to_owned());
        } else if header.name.eq_ignore_ascii_case("retry-after") {
            // A date instead of seconds means soon, as far as a rehearsal is concerned.
            found.retry_after = Some(Duration::from_secs(value.parse().unwrap_or(1)));
        }
    }
    Ok(Some((found, size)))
}

/// Takes the chunks apart in place once the last one is there; the length of the body.
fn unchunk(buffer: &mut [u8], begin: usize) -> Result<Option<usize>, Fault> {
    let mut chunks: Vec<Range<usize>> = Vec::new();
    let mut at = begin;
    loop {
        let rest = buffer.get(at..).unwrap_or_default();
        let (size, length) = match httparse::parse_chunk_size(rest).map_err(|_| Fault::NotHttp)? {
            httparse::Status::Complete((size, length)) => (size, usize::try_from(length).map_err(|_| Fault::NotHttp)?),
            httparse::Status::Partial => return Ok(None),
        };
        if length > REPLY_BYTES_MOST {
            return Err(Fault::NotHttp);
        }
        let from = at + size;
        if length == 0 {
            // Trailers end with an empty line.
            let rest = buffer.get(from..).unwrap_or_default();
            if !(rest.starts_with(b"\r\n") || rest.windows(4).any(|four| four == b"\r\n\r\n")) {
                return Ok(None);
            }
            break;
        }
        if buffer.len() < from + length + 2 {
            return Ok(None);
        }
        chunks.push(from..from + length);
        at = from + length + 2;
    }
    let mut to = begin;
    for chunk in chunks {
        let length = chunk.len();
        buffer.copy_within(chunk, to);
        to += length;
    }
    Ok(Some(to - begin))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Feeds a text byte by byte; the status, the body, and whether the connection is kept.
    fn read(text: &str, closes: bool) -> Result<Option<(u16, String, bool)>, Fault> {
        let mut buffer = Vec::new();
        for byte in text.bytes() {
            buffer.push(byte);
            if let Some(whole) = parse(&mut buffer, false)? {
                let body = String::from_utf8(buffer[whole.body].to_vec()).unwrap();
                return Ok(Some((whole.status, body, whole.keeps)));
            }
        }
        if !closes {
            return Ok(None);
        }
        let whole = parse(&mut buffer, true)?;
        Ok(whole.map(|whole| (whole.status, String::from_utf8(buffer[whole.body].to_vec()).unwrap(), whole.keeps)))
    }

    #[test]
    fn a_reply_is_whole_when_its_last_byte_is_there() {
        let some = |status, body: &str, keeps| Ok(Some((status, body.to_owned(), keeps)));
        for (text, closes, expected) in [
            ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", false, some(200, "abc", true)),
            ("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nab", true, Ok(None)),
            ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", false, some(200, "", false)),
            ("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx", false, some(200, "x", false)),
            ("HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n", false, some(304, "", true)),
            ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 C\r\nContent-Length: 1\r\n\r\ny", false, some(201, "y", true)),
            ("HTTP/1.1 200 OK\r\n\r\nto the end", true, some(200, "to the end", false)),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n",
                false,
                some(200, "abc0123456789", true),
            ),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nx: y\r\n\r\n",
                false,
                some(200, "abc", true),
            ),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", true, Ok(None)),
            ("SSH-2.0-x\r\n\r\n", false, Err(Fault::NotHttp)),
            ("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", false, Err(Fault::NotHttp)),
        ] {
            assert_eq!(read(text, closes), expected, "{text:?}");
        }
    }

    #[test]
    fn waiting_times_are_read() {
        for (value, seconds) in [("2", 2), ("0", 0), ("Wed, 25 Nov 2026 01:00:00 GMT", 1)] {
            let mut buffer =
                format!("HTTP/1.1 503 X\r\nRetry-After: {value}\r\nContent-Length: 0\r\n\r\n").into_bytes();
            let whole = parse(&mut buffer, false).unwrap().unwrap();
            assert_eq!(whole.retry_after, Some(Duration::from_secs(seconds)), "{value}");
        }
    }
}

//! A request, as bytes.

use std::fmt;
use std::io::Write as _;

use super::{Buffer, Target};

/// Digits of a length that fit into the room kept for it.
const LENGTH_DIGITS: usize = 8;

/// The methods in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    Get,
    Post,
    Put,
    Delete,
}

impl Method {
    fn word(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// What writes a body, if there is one.
pub(crate) type Body<'a> = Option<&'a dyn Fn(&mut Vec<u8>) -> std::io::Result<()>>;

/// Writes a request into an empty buffer. `path` goes on from `/api/v1`; `body`, if there is one, writes JSON.
pub(crate) fn write_request(
    buffer: &mut Buffer,
    target: &Target,
    method: Method,
    path: fmt::Arguments<'_>,
    token: Option<&str>,
    known: Option<&str>,
    body: Body<'_>,
) {
    // Writing into memory cannot fail.
    let _ = compose(buffer, target, method, path, token, known, body);
}

fn compose(
    out: &mut Vec<u8>,
    target: &Target,
    method: Method,
    path: fmt::Arguments<'_>,
    token: Option<&str>,
    known: Option<&str>,
    body: Body<'_>,
) -> std::io::Result<()> {
    write!(out, "{} {}/api/v1{path} HTTP/1.1\r\nhost: {}\r\n", method.word(), target.prefix, target.host)?;
    if let Some(token) = token {
        write!(out, "authorization: Bearer {token}\r\n")?;
    }
    if let Some(etag) = known {
        write!(out, "if-none-match: {etag}\r\n")?;
    }
    let Some(body) = body else {
        return out.write_all(b"\r\n");
    };
    out.write_all(b"content-type: application/json\r\ncontent-length: ")?;
    let at = out.len();
    // The length is known once the body is written.
    out.write_all(&[b'0'; LENGTH_DIGITS])?;
    out.write_all(b"\r\n\r\n")?;
    let begin = out.len();
    body(out)?;
    let length = format!("{:0LENGTH_DIGITS$}", out.len().saturating_sub(begin));
    if let Some(room) = out.get_mut(at..at + LENGTH_DIGITS) {
        room.copy_from_slice(length.as_bytes());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Buffers;
    use std::rc::Rc;

    #[test]
    fn requests_are_what_http_wants() {
        let target = Target::parse("http://127.0.0.1:99/k").unwrap();
        let buffers = Rc::new(Buffers::default());
        let mut out = buffers.take();
        write_request(&mut out, &target, Method::Get, format_args!("/me"), Some("t"), Some("\"e\""), None);
        assert_eq!(
            std::str::from_utf8(&out).unwrap(),
            "GET /k/api/v1/me HTTP/1.1\r\nhost: 127.0.0.1:99\r\nauthorization: Bearer t\r\nif-none-match: \"e\"\r\n\r\n"
        );
        let mut out = buffers.take();
        let body = |out: &mut Vec<u8>| out.write_all("{\"a\":\"法\"}".as_bytes());
        write_request(&mut out, &target, Method::Put, format_args!("/x/{}", 3), None, None, Some(&body));
        let text = std::str::from_utf8(&out).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(
            head.starts_with("PUT /k/api/v1/x/3 HTTP/1.1\r\n") && head.ends_with("content-length: 00000011"),
            "{head}"
        );
        assert_eq!(body.len(), 11);
    }
}

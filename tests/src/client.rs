//! A client that keeps every answer, whatever its status.

use std::time::Duration;

use serde_json::Value;
use ureq::Agent;

/// How long a call may take.
const CALL_LIMIT: Duration = Duration::from_secs(60);

/// A caller, with or without a token.
#[derive(Clone)]
pub struct Client {
    agent: Agent,
    address: String,
    token: Option<String>,
    headers: Vec<(String, String)>,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// The body as JSON; null when it is none.
    pub body: Value,
    /// The body as it came.
    pub bytes: Vec<u8>,
    /// Headers by lower-case name.
    pub headers: Vec<(String, String)>,
}

impl Reply {
    /// A text field of the body.
    pub fn text(&self, field: &str) -> &str {
        self.body[field].as_str().unwrap_or_else(|| panic!("no text {field} in {}", self.body))
    }

    /// A header, if it came.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Asserts the status, showing the body otherwise.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }

    /// Asserts a problem type of the contract with its status.
    #[track_caller]
    pub fn expect_problem(self, status: u16, kind: &str) -> Self {
        assert_eq!((self.status, self.body["type"].as_str()), (status, Some(kind)), "{}", self.body);
        assert!(
            self.body["title"].as_str().is_some_and(|title| title.chars().any(|c| c > '\u{2fff}')),
            "the title is in Chinese: {}",
            self.body
        );
        assert_eq!(self.body["request_id"].as_str().map(str::is_empty), Some(false), "{}", self.body);
        self
    }
}

impl Client {
    /// A caller that is not signed in.
    pub fn new(address: &str) -> Self {
        let agent =
            Agent::config_builder().http_status_as_error(false).timeout_global(Some(CALL_LIMIT)).build().new_agent();
        Self { agent, address: address.to_owned(), token: None, headers: Vec::new() }
    }

    /// The same caller with a token.
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// The same caller with one more header.
    pub fn with_header(&self, name: &str, value: &str) -> Self {
        let mut client = self.clone();
        client.headers.push((name.to_owned(), value.to_owned()));
        client
    }

    fn call(&self, method: &str, path: &str, content_type: Option<&str>, body: Option<Vec<u8>>) -> Reply {
        self.try_call(method, path, content_type, body).expect("an answer")
    }

    fn try_call(
        &self,
        method: &str,
        path: &str,
        content_type: Option<&str>,
        body: Option<Vec<u8>>,
    ) -> Result<Reply, ureq::Error> {
        // Chinese in a path goes over the wire percent-encoded, as a browser sends it.
        let path: String = path
            .bytes()
            .map(|byte| if byte.is_ascii() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
            .collect();
        let mut request = ureq::http::Request::builder().method(method).uri(format!("http://{}{path}", self.address));
        if let Some(token) = &self.token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if let Some(content_type) = content_type {
            request = request.header("Content-Type", content_type);
        }
        let outcome = match body {
            Some(body) => self.agent.run(request.body(body).expect("a request")),
            None => self.agent.run(request.body(()).expect("a request")),
        };
        let mut response = outcome?;
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), value.to_str().unwrap_or_default().to_owned()))
            .collect();
        let status = response.status().as_u16();
        let bytes = response.body_mut().with_config().limit(64 * 1024 * 1024).read_to_vec()?;
        Ok(Reply { status, body: serde_json::from_slice(&bytes).unwrap_or(Value::Null), bytes, headers })
    }

    /// GET.
    pub fn get(&self, path: &str) -> Reply {
        self.call("GET", path, None, None)
    }

    /// GET that may find nobody there.
    ///
    /// # Errors
    /// When no whole answer came.
    pub fn try_get(&self, path: &str) -> Result<Reply, ureq::Error> {
        self.try_call("GET", path, None, None)
    }

    /// PUT that may find nobody there, or be cut off.
    ///
    /// # Errors
    /// When no whole answer came.
    pub fn try_put(&self, path: &str, body: &Value) -> Result<Reply, ureq::Error> {
        self.try_call("PUT", path, Some("application/json"), Some(body.to_string().into_bytes()))
    }

    /// DELETE.
    pub fn delete(&self, path: &str) -> Reply {
        self.call("DELETE", path, None, None)
    }

    /// Any method with a JSON body.
    pub fn send(&self, method: &str, path: &str, body: &Value) -> Reply {
        self.call(method, path, Some("application/json"), Some(body.to_string().into_bytes()))
    }

    /// POST.
    pub fn post(&self, path: &str, body: &Value) -> Reply {
        self.send("POST", path, body)
    }

    /// PUT.
    pub fn put(&self, path: &str, body: &Value) -> Reply {
        self.send("PUT", path, body)
    }

    /// Any method with raw bytes.
    pub fn send_bytes(&self, method: &str, path: &str, content_type: &str, bytes: Vec<u8>) -> Reply {
        self.call(method, path, Some(content_type), Some(bytes))
    }

    /// Uploads a file as a form.
    pub fn upload(&self, path: &str, fields: &[(&str, &str)], file_name: &str, bytes: &[u8]) -> Reply {
        const BOUNDARY: &str = "zhijie-tests-boundary";
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend_from_slice(
                format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                    .as_bytes(),
            );
        }
        body.extend_from_slice(
            format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{file_name}\"\r\n\
                 Content-Type: application/octet-stream\r\n\r\n"
            )
            .as_bytes(),
        );
        body.extend_from_slice(bytes);
        body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
        self.call("POST", path, Some(&format!("multipart/form-data; boundary={BOUNDARY}")), Some(body))
    }
}

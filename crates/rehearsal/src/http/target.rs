//! Where the server is.

use std::net::{SocketAddr, ToSocketAddrs as _};

use url::Url;

use crate::error::RehearsalError;

/// The server (演练对象): its address, and what its name is in a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) address: SocketAddr,
    pub(crate) host: String,
    /// What stands before `/api/v1`, without a slash at its end.
    pub(crate) prefix: String,
}

impl Target {
    /// Reads `http://host[:port][/prefix]` and looks the name up.
    pub(crate) fn parse(text: &str) -> Result<Self, RehearsalError> {
        let url = Url::parse(text).ok().filter(|url| url.has_host()).ok_or_else(|| {
            RehearsalError::wrong_use(format!("--url “{text}”不是网址，应写作 http://127.0.0.1:8080 这样的形式"))
        })?;
        match url.scheme() {
            "http" => {}
            "https" => {
                return Err(RehearsalError::wrong_use(
                    "演练不经 https：加密由前面的代理来做，量它等于量代理。请在服务器旁用 http:// 的地址（如 \
                     http://127.0.0.1:8080）演练",
                ));
            }
            other => return Err(RehearsalError::wrong_use(format!("--url 应以 http:// 开头，收到 {other}:"))),
        }
        if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
            return Err(RehearsalError::wrong_use("--url 只写协议、主机、端口和路径，不带账号、问号或井号"));
        }
        let name = url.host_str().unwrap_or_default();
        let port = url.port().unwrap_or(80);
        let host = url.port().map_or_else(|| name.to_owned(), |port| format!("{name}:{port}"));
        let prefix = url.path().trim_end_matches('/').to_owned();
        let found = (name.trim_matches(['[', ']']), port).to_socket_addrs().ok().and_then(|mut all| all.next());
        let address = found.ok_or_else(|| {
            RehearsalError::Unreachable(format!("找不到主机“{name}”：请核对 --url，或改用它的 IP 地址"))
        })?;
        Ok(Self { address, host, prefix })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read() {
        for (text, host, port, prefix) in [
            ("http://127.0.0.1:8080", "127.0.0.1:8080", 8080, ""),
            ("http://127.0.0.1:8080/", "127.0.0.1:8080", 8080, ""),
            ("http://127.0.0.1/kaoshi/", "127.0.0.1", 80, "/kaoshi"),
            ("http://[::1]:99", "[::1]:99", 99, ""),
        ] {
            let target = Target::parse(text).unwrap();
            assert_eq!((target.host.as_str(), target.address.port(), target.prefix.as_str()), (host, port, prefix));
        }
    }

    #[test]
    fn what_cannot_be_reached_is_said_in_words() {
        for (text, said) in [
            ("https://127.0.0.1", "不经 https"),
            ("127.0.0.1:8080", "不是网址"),
            ("ftp://127.0.0.1", "应以 http:// 开头"),
            ("http://a:b@127.0.0.1", "不带账号"),
            ("http://127.0.0.1/?x=1", "问号"),
            ("", "不是网址"),
        ] {
            let error = Target::parse(text).unwrap_err();
            assert!(error.is_wrong_use() && error.to_string().contains(said), "{text}: {error}");
        }
    }
}

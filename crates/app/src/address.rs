//! The address under which people reach this installation, and the links made with it.

use std::str::FromStr;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

/// Characters of an address at the most: it must fit a slip and its QR code.
const MAX_CHARS: usize = 120;

/// Scheme, host and perhaps a path, without a slash at the end, such as `https://jifa.example.gov.cn`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicAddress(String);

impl PublicAddress {
    /// The page on which a code is entered.
    pub fn activation_page(&self) -> String {
        format!("{}/activate.html", self.0)
    }

    /// The same page with login and code filled in. They stand behind `#`: a browser does not send them along, so that
    /// no log of a proxy has them.
    pub fn activation_link(&self, login: &str, code: &str) -> String {
        format!("{}{}", self.activation_page(), activation_fragment(login, code))
    }
}

/// What follows the activation page's address in a link.
pub(crate) fn activation_fragment(login: &str, code: &str) -> String {
    format!("#login={}&code={code}", utf8_percent_encode(login, NON_ALPHANUMERIC))
}

impl FromStr for PublicAddress {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let wrong = |why: &str| format!("网址“{text}”{why}，应写成 https://主机 或 https://主机/路径 的形式");
        let url = Url::parse(text).map_err(|_| wrong("不完整"))?;
        if !matches!(url.scheme(), "https" | "http") {
            return Err(wrong("不是网页地址"));
        }
        if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
            return Err(wrong("里有多余的内容（@、? 或 #）"));
        }
        let address = url.as_str().trim_end_matches('/');
        if address.len() > MAX_CHARS {
            return Err(wrong(&format!("过长（最多 {MAX_CHARS} 个字符）")));
        }
        Ok(Self(address.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for (given, page) in [
            ("https://jifa.example.gov.cn", Some("https://jifa.example.gov.cn/activate.html")),
            (" http://10.1.2.3:8080/ ", Some("http://10.1.2.3:8080/activate.html")),
            ("https://example.gov.cn/zhijie//", Some("https://example.gov.cn/zhijie/activate.html")),
            ("http://[::1]:8080", Some("http://[::1]:8080/activate.html")),
            ("jifa.example.gov.cn", None),
            ("ftp://example.gov.cn", None),
            ("https://", None),
            ("https://example.gov.cn/#x", None),
            ("https://example.gov.cn/?a=1", None),
            ("https://me:secret@example.gov.cn", None),
            ("HTTPS://Jifa.Example.gov.cn:443/", Some("https://jifa.example.gov.cn/activate.html")),
            ("https://区纪委.cn", Some("https://xn--dkro7mj08a.cn/activate.html")),
            ("null", None),
        ] {
            let found = given.parse::<PublicAddress>();
            assert_eq!(found.as_ref().ok().map(PublicAddress::activation_page).as_deref(), page, "{given}");
            if let Err(message) = found {
                assert!(message.contains(given.trim()) && message.contains("https://主机"), "{message}");
            }
        }
        assert!(format!("https://{}.cn", "a".repeat(MAX_CHARS)).parse::<PublicAddress>().is_err());
    }

    #[test]
    fn what_a_login_holds_stays_in_its_place() {
        let address: PublicAddress = "https://a.cn".parse().unwrap();
        for (login, link) in [
            ("20260001", "https://a.cn/activate.html#login=20260001&code=ABC"),
            ("a&code=x#+ 张", "https://a.cn/activate.html#login=a%26code%3Dx%23%2B%20%E5%BC%A0&code=ABC"),
        ] {
            assert_eq!(address.activation_link(login, "ABC"), link);
        }
    }
}

//! What handlers take from a request.

use std::future::{Ready, ready};
use std::net::IpAddr;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};
use api::Page;
use app::address::PublicAddress;
use app::principal::Caller;
use app::tokens::AttemptClaims;
use app::{AppError, Principal};

use crate::State;
use crate::problem::Refusal;

/// A signed-in account that the matrix let pass.
pub struct SignedIn(pub Principal);

impl FromRequest for SignedIn {
    type Error = Refusal;
    type Future = Ready<Result<Self, Refusal>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let found = request.extensions().get::<Caller>().cloned();
        ready(match found {
            Some(Caller::Account(principal)) => Ok(Self(principal)),
            _ => Err(Refusal(AppError::NotSignedIn)),
        })
    }
}

/// Whoever may act on an attempt: its token's holder, or an account.
pub struct AttemptCaller(pub Caller);

impl FromRequest for AttemptCaller {
    type Error = Refusal;
    type Future = Ready<Result<Self, Refusal>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let found = request.extensions().get::<Caller>().cloned();
        ready(found.map(Self).ok_or(Refusal(AppError::NotSignedIn)))
    }
}

impl AttemptCaller {
    /// The claims of the attempt token, if that is what came.
    pub fn claims(&self) -> Option<&AttemptClaims> {
        match &self.0 {
            Caller::Attempt(claims) => Some(claims),
            Caller::Account(_) => None,
        }
    }
}

/// The caller's address. A forwarded one counts only when a trusted proxy says so.
pub struct Address(pub String);

impl FromRequest for Address {
    type Error = Refusal;
    type Future = Ready<Result<Self, Refusal>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let peer = request.peer_addr().map(|address| address.ip());
        let trusted = peer.is_some_and(|peer| {
            request
                .app_data::<web::Data<State>>()
                .is_some_and(|state| state.settings.trusted_proxies.iter().any(|range| range.contains(peer)))
        });
        let forwarded = request
            .headers()
            // A proxy may add a line of its own after what the client sent: the last word of the last line is the proxy's.
            .get_all("x-forwarded-for")
            .last()
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.rsplit(',').next())
            .and_then(|text| text.trim().parse::<IpAddr>().ok());
        let address = if trusted { forwarded.or(peer) } else { peer };
        ready(Ok(Self(address.map(|ip| ip.to_string()).unwrap_or_default())))
    }
}

/// Where people reach this installation: the setting, else where the page that asks was loaded from.
pub struct Reached(pub Option<PublicAddress>);

impl FromRequest for Reached {
    type Error = Refusal;
    type Future = Ready<Result<Self, Refusal>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let set = request.app_data::<web::Data<State>>().and_then(|state| state.app.config().public_address.clone());
        let origin = || request.headers().get(header::ORIGIN)?.to_str().ok()?.parse().ok();
        ready(Ok(Self(set.or_else(origin))))
    }
}

/// A range of addresses, such as `10.0.0.0/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AddressRange {
    network: IpAddr,
    prefix: u32,
}

impl AddressRange {
    /// Whether an address lies within.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.network, address) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                let mask = u32::MAX.checked_shl(32_u32.saturating_sub(self.prefix)).unwrap_or(0);
                u32::from(network) & mask == u32::from(address) & mask
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                let mask = u128::MAX.checked_shl(128_u32.saturating_sub(self.prefix)).unwrap_or(0);
                u128::from(network) & mask == u128::from(address) & mask
            }
            _ => false,
        }
    }
}

impl std::str::FromStr for AddressRange {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("“{text}”不是网段，应写作 10.0.0.0/8 这样的形式");
        let (network, prefix) = match text.split_once('/') {
            Some((network, prefix)) => (network, Some(prefix)),
            None => (text, None),
        };
        let network: IpAddr = network.parse().map_err(|_| wrong())?;
        let most = if network.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Ok(most), |prefix| prefix.parse::<u32>().map_err(|_| wrong()))?;
        if prefix > most {
            return Err(wrong());
        }
        Ok(Self { network, prefix })
    }
}

/// `?after=&limit=` of every list.
#[derive(Debug, Clone, Default, serde::Deserialize)]
pub struct Paging {
    /// Where the page before ended.
    pub after: Option<String>,
    /// Rows wanted.
    pub limit: Option<usize>,
}

/// Rows of a page unless asked otherwise.
pub const PAGE_ROWS: usize = 50;
/// Rows of a page at the most.
pub const PAGE_ROWS_MOST: usize = 200;

impl Paging {
    /// Rows to give.
    pub fn rows(&self) -> usize {
        self.limit.unwrap_or(PAGE_ROWS).clamp(1, PAGE_ROWS_MOST)
    }

    /// A page of a list that is short enough to be read as a whole, which it is when neither `after` nor `limit` asks
    /// for less; `next` counts what has been given.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for an `after` that no page gave.
    pub fn short<T>(&self, items: Vec<T>) -> Result<Page<T>, Refusal> {
        let from = match self.after.as_deref() {
            None => 0,
            Some(text) => text
                .parse()
                .ok()
                .filter(|from| *from <= items.len())
                .ok_or_else(|| AppError::invalid("after", "不是上一页给出的位置，请从头读取"))?,
        };
        if self.after.is_none() && self.limit.is_none() {
            return Ok(Page::whole(items));
        }
        Ok(page_of(items, from, self.rows()))
    }
}

/// One page of a list that is short enough to be computed whole; `after` is how many came before.
pub fn page_of<T>(all: Vec<T>, after: usize, rows: usize) -> Page<T> {
    let until = after.saturating_add(rows);
    let next = (until < all.len()).then(|| until.to_string());
    Page { items: all.into_iter().skip(after).take(rows).collect(), next }
}

/// The text of `If-Match` without its quotes, if any came.
pub fn if_match_text(request: &HttpRequest) -> Option<String> {
    let value = request.headers().get(actix_web::http::header::IF_MATCH)?.to_str().ok()?;
    Some(value.trim().trim_start_matches("W/").trim_matches('"').to_owned())
}

/// The version that an edit names in `If-Match`.
///
/// # Errors
/// [`AppError::PreconditionRequired`] when it names none.
pub fn if_match(request: &HttpRequest) -> Result<i64, Refusal> {
    let value = if_match_text(request).ok_or(AppError::PreconditionRequired)?;
    value.parse().map_err(|_| Refusal(AppError::PreconditionFailed))
}

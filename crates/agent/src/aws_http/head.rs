//! What the headers of a request say of where it came from and what it may: read in one pass, as
//! there are few of them and each look-up by name would hash the name.

use std::net::IpAddr;

use http::header::{FORWARDED, HOST, ORIGIN, VIA};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use super::Token;
use crate::http_fault::{BAD_TOKEN, HttpFault};
use crate::sdk;

/// The headers that anything depends on.
#[derive(Debug, Default)]
pub(super) struct Head<'a, 't> {
    is_forwarded: bool,
    has_origin: bool,
    hosts: usize,
    host: Option<&'a HeaderValue>,
    /// The call of an SDK.
    pub(super) target: Option<&'a HeaderValue>,
    has_token: bool,
    token: Option<&'t str>,
}

impl<'a, 't> Head<'a, 't> {
    /// `tokens` are those that are known.
    pub(super) fn of(headers: &'a HeaderMap, tokens: &'t [Token]) -> Self {
        let mut head = Self::default();
        for (name, value) in headers {
            if *name == HOST {
                head.hosts += 1;
                head.host = Some(value);
            } else if TOKENS.contains(name) {
                head.has_token = true;
                head.token = head.token.or_else(|| known(value, tokens));
            } else if *name == FORWARDED || *name == VIA || *name == X_FORWARDED_FOR {
                head.is_forwarded = true;
            } else if *name == ORIGIN {
                head.has_origin = true;
            } else if *name == TARGET {
                // The first of them, as a look-up would find.
                head.target = head.target.or(Some(value));
            }
        }
        head
    }

    /// That neither a proxy nor a browser passed the request on, and that it was meant for this
    /// host.
    pub(super) fn came_from_here(&self, listening: Option<IpAddr>) -> Result<(), HttpFault> {
        if self.is_forwarded {
            return Err(HttpFault::text(StatusCode::BAD_REQUEST, "Forwarded"));
        }
        if let Some(listening) = listening {
            self.host_is_local(listening)?;
        }
        if self.has_origin {
            return Err(HttpFault::text(StatusCode::FORBIDDEN, "Origin"));
        }
        Ok(())
    }

    /// Exactly one `Host`, which names this machine, whatever the port.
    fn host_is_local(&self, listening: IpAddr) -> Result<(), HttpFault> {
        let (Some(host), 1) = (self.host, self.hosts) else {
            return Err(HttpFault::bad("exactly one Host header is needed"));
        };
        if is_loopback_as_written(host.as_bytes()) {
            return Ok(());
        }
        let local =
            host.to_str()
                .ok()
                .and_then(host_of)
                .is_some_and(|host| match host.parse::<IpAddr>() {
                    Ok(address) => address.to_canonical().is_loopback() || !listening.is_loopback(),
                    Err(_) => host.eq_ignore_ascii_case("localhost"),
                });
        if local {
            Ok(())
        } else {
            Err(HttpFault::text(StatusCode::FORBIDDEN, "Host"))
        }
    }

    /// Name of the token that was sent; a wrong one is refused wherever it is sent.
    pub(super) fn token(&self) -> Result<Option<&'t str>, HttpFault> {
        match self.token {
            None if self.has_token => Err(HttpFault::text(StatusCode::FORBIDDEN, BAD_TOKEN)),
            token => Ok(token),
        }
    }
}

/// Name of the token that a header's value is. Compared in constant time, by
/// [`protocol::Secret`]; only the length can be felt.
pub(crate) fn known<'a>(value: &HeaderValue, tokens: &'a [Token]) -> Option<&'a str> {
    let mut tokens = tokens.iter().filter(|token| !token.secret.is_empty());
    let token = tokens.find(|token| token.secret.is(value.as_bytes()));
    token.map(|token| token.name.as_str())
}

/// What nearly all clients send, known without taking it apart: with a port of four digits at most,
/// which is always one.
fn is_loopback_as_written(host: &[u8]) -> bool {
    let names = [&b"127.0.0.1"[..], b"localhost"];
    match names.into_iter().find_map(|name| host.strip_prefix(name)) {
        Some([]) => true,
        Some([b':', digits @ ..]) => {
            matches!(digits.len(), 1..=4) && digits.iter().all(u8::is_ascii_digit)
        }
        _ => false,
    }
}

/// The host of `host[:port]` or `[ipv6][:port]`.
fn host_of(text: &str) -> Option<&str> {
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let (host, port) = rest.split_once(']')?;
            host.parse::<std::net::Ipv6Addr>().ok()?;
            (host, port)
        }
        None => text.split_at_checked(text.find(':').unwrap_or(text.len()))?,
    };
    match port.strip_prefix(':') {
        Some(port) => port.parse::<u16>().ok().map(|_| host),
        None => port.is_empty().then_some(host),
    }
}

static X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
static TARGET: HeaderName = sdk::TARGET;
static TOKENS: [HeaderName; 2] = [
    HeaderName::from_static("x-aws-parameters-secrets-token"),
    HeaderName::from_static("x-vault-token"),
];

//! AWS's local HTTP interface (port 2773): what a request asks for, or its fault.
//!
//! Kept as AWS's own agent and Lambda extension have it: paths, parameters, both token headers,
//! statuses. Different on purpose: names in the path are percent-decoded, the token is compared in
//! constant time, and requests that a browser or a proxy passed on are refused by `Host`, `Origin`,
//! `Forwarded` and `Via` too. Knows no socket, and nothing of what is held.
//! Sources: Secrets Manager User Guide, "Secrets Manager Agent" and "AWS Lambda extension";
//! RFC 9110 and 9112 for headers, RFC 3986 for percent-encoding.

use std::net::IpAddr;

use http::header::{FORWARDED, HOST, ORIGIN, VIA};
use http::{HeaderMap, Method, StatusCode};
use protocol::{Fault, Secret};

use crate::ask::Ask;
use crate::text::shown;

/// What a listener holds requests against.
#[derive(Debug)]
pub struct Rules<'a> {
    /// What the token header must hold. Nothing passes while it is empty.
    pub token: &'a Secret,
    /// Where the listener listens. Off loopback, any IP address may stand in `Host`: a page that
    /// rebinds DNS to reach this host has a name there.
    pub listening: IpAddr,
}

/// A request that may be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    /// `GET /ping`, without a token: `200` and [`HEALTHY`].
    Ping,
    /// A read of a secret.
    Get {
        /// Which.
        ask: Ask,
        /// Ask the service even if a fresh value is held.
        refresh_now: bool,
    },
}

/// An answer that is not a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpFault {
    /// HTTP status.
    pub status: StatusCode,
    /// What the client reads.
    pub body: String,
    /// Value of `Content-Type`.
    pub content_type: &'static str,
}

/// Why a token file holds no token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Nothing but blanks.
    #[error("the token is empty")]
    Empty,
    /// No client could send it.
    #[error("the token holds bytes that cannot stand in a header")]
    NotHeaderText,
}

/// The token in a file's content: without the blanks and line ends around it.
///
/// # Errors
///
/// [`TokenError`] when no request could ever match.
pub fn token(file: &Secret) -> Result<Secret, TokenError> {
    let token = file.expose().trim_ascii();
    if token.is_empty() {
        return Err(TokenError::Empty);
    }
    if !token.iter().all(u8::is_ascii_graphic) {
        return Err(TokenError::NotHeaderText);
    }
    Ok(Secret::new(token))
}

/// Judges a request by its head; the body plays no part. For HTTP/1: of an HTTP/2 request the
/// world passes `:authority` as `Host`.
///
/// # Errors
///
/// The answer to give instead.
pub fn read(
    method: &Method,
    path: &str,
    query: Option<&str>,
    headers: &HeaderMap,
    rules: &Rules<'_>,
) -> Result<Call, HttpFault> {
    came_directly(headers)?;
    host_is_local(headers, rules.listening)?;
    if headers.contains_key(ORIGIN) {
        return Err(HttpFault::text(StatusCode::FORBIDDEN, "Origin"));
    }
    if path == "/ping" {
        return only_get(method).map(|()| Call::Ping);
    }
    if method == Method::POST && headers.contains_key("x-amz-target") {
        return Err(sdk_protocol());
    }
    if !has_token(headers, rules.token) {
        return Err(HttpFault::text(StatusCode::FORBIDDEN, "Bad Token"));
    }
    only_get(method)?;
    let query = query.unwrap_or_default();
    if path == "/secretsmanager/get" {
        return Parameters::parse(query, None)?.call();
    }
    match path.strip_prefix(PATH_PREFIX) {
        Some(name) => {
            let name = decode(name, false).ok_or_else(|| bad("the path is not percent-encoded"))?;
            Parameters::parse(query, Some(name))?.call()
        }
        None => Err(HttpFault::text(StatusCode::NOT_FOUND, "Not found")),
    }
}

impl HttpFault {
    fn text(status: StatusCode, body: impl Into<String>) -> Self {
        Self {
            status,
            body: body.into(),
            content_type: "text/plain; charset=utf-8",
        }
    }
}

/// A fault of the service, with its status and `__type`, as valid JSON whatever the message holds.
impl From<&Fault> for HttpFault {
    fn from(fault: &Fault) -> Self {
        let body = serde_json::json!({ "__type": fault.code, "message": fault.message });
        Self {
            status: StatusCode::from_u16(fault.status)
                .ok()
                .filter(|status| status.is_client_error() || status.is_server_error())
                .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            body: body.to_string(),
            content_type: JSON,
        }
    }
}

/// The body of the answer to `/ping`.
pub const HEALTHY: &str = "healthy";
/// `Content-Type` of secrets and of the service's faults.
pub const JSON: &str = "application/json";

fn came_directly(headers: &HeaderMap) -> Result<(), HttpFault> {
    if headers.contains_key("x-forwarded-for")
        || headers.contains_key(FORWARDED)
        || headers.contains_key(VIA)
    {
        return Err(HttpFault::text(StatusCode::BAD_REQUEST, "Forwarded"));
    }
    Ok(())
}

/// Exactly one `Host`, which names this machine, whatever the port.
fn host_is_local(headers: &HeaderMap, listening: IpAddr) -> Result<(), HttpFault> {
    let mut hosts = headers.get_all(HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return Err(bad("exactly one Host header is needed"));
    };
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

/// Compared in constant time, by [`Secret`]; only the length can be felt.
fn has_token(headers: &HeaderMap, token: &Secret) -> bool {
    !token.is_empty()
        && TOKEN_HEADERS
            .iter()
            .flat_map(|name| headers.get_all(*name))
            .any(|value| Secret::new(value.as_bytes()) == *token)
}

fn only_get(method: &Method) -> Result<(), HttpFault> {
    if method == Method::GET {
        return Ok(());
    }
    Err(HttpFault::text(
        StatusCode::METHOD_NOT_ALLOWED,
        "Not allowed",
    ))
}

fn sdk_protocol() -> HttpFault {
    HttpFault::from(&Fault::new(
        "UnsupportedOperationException",
        "this port does not answer the protocol of the AWS SDKs; use GET /secretsmanager/get",
    ))
}

fn bad(text: impl Into<String>) -> HttpFault {
    HttpFault::text(StatusCode::BAD_REQUEST, text)
}

#[derive(Default)]
struct Parameters {
    secret_id: Option<String>,
    version_id: Option<String>,
    version_stage: Option<String>,
    refresh_now: bool,
}

impl Parameters {
    /// Of a repeated parameter the last counts. With the name in the path there is no `secretId`.
    fn parse(query: &str, name: Option<String>) -> Result<Self, HttpFault> {
        let in_path = name.is_some();
        let mut found = Self {
            secret_id: name,
            ..Self::default()
        };
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let not_encoded = || bad("the query is not percent-encoded");
            let key = decode(key, true).ok_or_else(not_encoded)?;
            let value = decode(value, true).ok_or_else(not_encoded)?;
            match key.as_str() {
                "secretId" if !in_path => found.secret_id = Some(value),
                "versionId" => found.version_id = Some(value),
                "versionStage" => found.version_stage = Some(value),
                "refreshNow" => found.refresh_now = flag(&value)?,
                _ => return Err(bad(format!("unknown parameter: {}", shown(&key)))),
            }
        }
        Ok(found)
    }

    fn call(self) -> Result<Call, HttpFault> {
        let secret_id = self
            .secret_id
            .ok_or_else(|| bad("missing parameter: secretId"))?;
        let ask = Ask::new(secret_id, self.version_id, self.version_stage)
            .map_err(|error| bad(error.to_string()))?;
        Ok(Call::Get {
            ask,
            refresh_now: self.refresh_now,
        })
    }
}

fn flag(value: &str) -> Result<bool, HttpFault> {
    match value.to_ascii_lowercase().as_str() {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err(bad("refreshNow must be true or false")),
    }
}

/// Percent-decoding that refuses what is not well formed or not UTF-8. In a query, unlike in a
/// path, `+` is a blank.
fn decode(text: &str, in_query: bool) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => digit(rest.next()?)? << 4 | digit(rest.next()?)?,
            b'+' if in_query => b' ',
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

const TOKEN_HEADERS: [&str; 2] = ["x-aws-parameters-secrets-token", "x-vault-token"];
const PATH_PREFIX: &str = "/v1/";

#[cfg(test)]
mod tests;

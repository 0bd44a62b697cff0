//! AWS's local HTTP interface (port 2773): what a request asks for, or its fault.
//!
//! Kept as AWS's own agent and Lambda extension have it: paths, parameters, both token headers,
//! statuses. Different on purpose: names in the path are percent-decoded, the token is compared in
//! constant time, `roleArn` names roles of the configuration alone, and requests that a browser or
//! a proxy passed on are refused by `Host`, `Origin`, `Forwarded` and `Via` too. Knows no socket,
//! and nothing of what is held; whether the caller may have it is decided by [`crate::access`].
//! Sources: Secrets Manager User Guide, "Secrets Manager Agent" and "AWS Lambda extension";
//! RFC 9110 and 9112 for headers, RFC 3986 for percent-encoding.

mod head;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::net::IpAddr;

use http::{HeaderMap, Method, StatusCode};
use protocol::{Fault, Secret};

use crate::ask::Ask;
use crate::http_fault::{BAD_TOKEN, HttpFault};
use crate::sdk;
use crate::text::shown;
use head::Head;
pub(crate) use head::known;

/// What a listener holds requests against.
#[derive(Debug)]
pub struct Rules<'a> {
    /// The tokens that the token headers may hold, by name. None passes while it is empty.
    pub tokens: &'a [Token],
    /// Where the listener listens; `None` is a Unix socket, which no browser reaches and where
    /// callers are known without a token. Off loopback, any IP address may stand in `Host`: a page
    /// that rebinds DNS to reach this host has a name there.
    pub listening: Option<IpAddr>,
    /// The roles that `roleArn` may name: ARN to name.
    pub roles: &'a BTreeMap<String, String>,
}

/// A token, and what it is called in rules and in the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// As in `access.tokens`; [`TOKEN_FILE`] for that of the listener.
    pub name: String,
    /// The token itself.
    pub secret: Secret,
}

/// A request that may be looked at further.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request<'a> {
    /// What it wants.
    pub call: Call,
    /// Name of the token it came with.
    pub token: Option<&'a str>,
}

/// What a request wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    /// `GET /ping`, without a token: `200` and [`HEALTHY`].
    Ping,
    /// A read of a secret.
    Get {
        /// Which.
        ask: Ask,
        /// Whether the service is to be asked.
        refresh: Refresh,
    },
    /// A call of an SDK: the body says which secret.
    Sdk(sdk::Action),
}

/// Whether the service is asked though a fresh value is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refresh {
    /// No.
    No,
    /// `refreshNow`.
    Now,
    /// `failedVersionId`: this version did not work. Yes, if it is what is held.
    Failed(String),
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
pub fn read<'a>(
    method: &Method,
    path: &str,
    query: Option<&str>,
    headers: &HeaderMap,
    rules: &Rules<'a>,
) -> Result<Request<'a>, HttpFault> {
    let head = Head::of(headers, rules.tokens);
    head.came_from_here(rules.listening)?;
    if path == "/ping" {
        only_get(method)?;
        return Ok(Request {
            call: Call::Ping,
            token: None,
        });
    }
    let token = head.token()?;
    if let Some(target) = head.target.filter(|_| method == Method::POST) {
        let call = Call::Sdk(sdk::action(path, target)?);
        return Ok(Request { call, token });
    }
    // A page that makes the browser or a server fetch an address cannot set a header.
    if token.is_none() && rules.listening.is_some() {
        return Err(HttpFault::text(StatusCode::FORBIDDEN, BAD_TOKEN));
    }
    only_get(method)?;
    let call = get(path, query.unwrap_or_default(), rules)?;
    Ok(Request { call, token })
}

fn get(path: &str, query: &str, rules: &Rules<'_>) -> Result<Call, HttpFault> {
    if path == "/secretsmanager/get" {
        return Parameters::parse(query, None)?.call(rules.roles);
    }
    match path.strip_prefix(PATH_PREFIX) {
        Some(name) => {
            let name = decoded(name, false)
                .ok_or_else(|| HttpFault::bad("the path is not percent-encoded"))?;
            Parameters::parse(query, Some(name))?.call(rules.roles)
        }
        None => Err(HttpFault::text(StatusCode::NOT_FOUND, "Not found")),
    }
}

/// What the token of a listener's own `token-file` is called.
pub const TOKEN_FILE: &str = "token-file";
/// The body of the answer to `/ping`.
pub const HEALTHY: &str = "healthy";

/// That neither a proxy nor a browser passed the request on, and that it was meant for this host.
pub(crate) fn came_from_here(
    headers: &HeaderMap,
    listening: Option<IpAddr>,
) -> Result<(), HttpFault> {
    Head::of(headers, &[]).came_from_here(listening)
}

pub(crate) fn only_get(method: &Method) -> Result<(), HttpFault> {
    if method == Method::GET {
        return Ok(());
    }
    Err(HttpFault::text(
        StatusCode::METHOD_NOT_ALLOWED,
        "Not allowed",
    ))
}

/// Borrowed from the request where nothing in it is encoded.
#[derive(Default)]
struct Parameters<'a> {
    secret_id: Option<Cow<'a, str>>,
    version_id: Option<Cow<'a, str>>,
    version_stage: Option<Cow<'a, str>>,
    refresh_now: bool,
    failed_version: Option<Cow<'a, str>>,
    role_arn: Option<Cow<'a, str>>,
}

impl<'a> Parameters<'a> {
    /// Of a repeated parameter the last counts. With the name in the path there is no `secretId`.
    fn parse(query: &'a str, name: Option<Cow<'a, str>>) -> Result<Self, HttpFault> {
        let in_path = name.is_some();
        let mut found = Self {
            secret_id: name,
            ..Self::default()
        };
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let not_encoded = || HttpFault::bad("the query is not percent-encoded");
            let key = decoded(key, true).ok_or_else(not_encoded)?;
            let value = decoded(value, true).ok_or_else(not_encoded)?;
            match &*key {
                "secretId" if !in_path => found.secret_id = Some(value),
                "versionId" => found.version_id = Some(value),
                "versionStage" => found.version_stage = Some(value),
                "refreshNow" => found.refresh_now = flag(&value)?,
                "failedVersionId" => found.failed_version = Some(value),
                "roleArn" => found.role_arn = Some(value),
                _ => {
                    return Err(HttpFault::bad(format!(
                        "unknown parameter: {}",
                        shown(&key)
                    )));
                }
            }
        }
        Ok(found)
    }

    fn call(self, roles: &BTreeMap<String, String>) -> Result<Call, HttpFault> {
        let secret_id = self
            .secret_id
            .ok_or_else(|| HttpFault::bad("missing parameter: secretId"))?;
        let own = |text: Option<Cow<'_, str>>| text.map(Cow::into_owned);
        let mut ask = Ask::new(secret_id, own(self.version_id), own(self.version_stage))
            .map_err(|error| HttpFault::bad(error.to_string()))?;
        if let Some(arn) = self.role_arn {
            let role = roles.get(&*arn).ok_or_else(|| unknown_role(&arn))?;
            ask = ask.by_role(role);
        }
        let refresh = match self.failed_version {
            _ if self.refresh_now => Refresh::Now,
            Some(version) => Refresh::Failed(version.into_owned()),
            None => Refresh::No,
        };
        Ok(Call::Get { ask, refresh })
    }
}

/// A caller may use the roles of the configuration, not any that the agent could assume.
fn unknown_role(arn: &str) -> HttpFault {
    let message = format!(
        "{} is not among secret-manager.aws.roles of the agent's configuration",
        shown(arn)
    );
    HttpFault::from(&Fault::new("AccessDeniedException", message).status(403))
}

fn flag(value: &str) -> Result<bool, HttpFault> {
    match value.to_ascii_lowercase().as_str() {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err(HttpFault::bad("refreshNow must be true or false")),
    }
}

/// Percent-decoding that refuses what is not well formed or not UTF-8. In a query, unlike in a
/// path, `+` is a blank.
pub(crate) fn decode(text: &str, in_query: bool) -> Option<String> {
    decoded(text, in_query).map(Cow::into_owned)
}

/// The same without a copy where nothing is encoded.
fn decoded(text: &str, in_query: bool) -> Option<Cow<'_, str>> {
    let is_plain = |byte| byte != b'%' && !(in_query && byte == b'+');
    if text.bytes().all(is_plain) {
        return Some(Cow::Borrowed(text));
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => digit(rest.next()?)? << 4 | digit(rest.next()?)?,
            b'+' if in_query => b' ',
            other => other,
        });
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

const PATH_PREFIX: &str = "/v1/";

//! Temporary credentials as SDKs ask a container's host for them.
//!
//! `GET` on the address of `AWS_CONTAINER_CREDENTIALS_FULL_URI`, with the token in `Authorization`
//! as it stands in the file of `AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE`. The path plays no part.
//! Knows no socket, and not where credentials come from; whether the caller may have them is
//! decided by [`crate::access`].
//! Source: AWS SDKs and Tools Reference Guide, "Container credential provider".

use std::net::IpAddr;
use std::time::Duration;

use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{HeaderMap, Method, StatusCode};
use jiff::Timestamp;
use protocol::Secret;
use protocol::json::{self, Sink};

use crate::access::Denial;
use crate::aws_http::{self, Token};
use crate::http_fault::{HttpFault, JSON};

/// What is handed out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// `AccessKeyId`.
    pub access_key_id: String,
    /// `SecretAccessKey`.
    pub secret_access_key: Secret,
    /// `Token`; `None` of long-lived keys.
    pub session_token: Option<Secret>,
    /// When they are over; `None` of long-lived keys.
    pub expires: Option<Timestamp>,
}

/// Why there are none to hand out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unavailable {
    /// There are none that are still good.
    #[error("the agent has no valid credentials at the moment: {0}")]
    None(String),
    /// It is not known yet: whoever has them takes too long.
    #[error("the agent is still getting its credentials")]
    NotYet,
    /// The audit log is required and cannot be written.
    #[error("the read cannot be recorded")]
    Unrecorded,
}

/// Judges a request by its head, and tells the name of the token that it came with.
///
/// # Errors
///
/// The answer to give instead.
pub fn read<'a>(
    method: &Method,
    headers: &HeaderMap,
    listening: IpAddr,
    tokens: &'a [Token],
) -> Result<&'a str, HttpFault> {
    if let Err(refused) = aws_http::came_from_here(headers, Some(listening)) {
        let message = format!("the request did not come from this host: {}", refused.body);
        return Err(fault(refused.status, "Forbidden", &message));
    }
    let mut sent = headers.get_all(AUTHORIZATION).iter();
    let (Some(sent), None) = (sent.next(), sent.next()) else {
        let message = "one Authorization header with the token is needed";
        return Err(fault(StatusCode::UNAUTHORIZED, UNAUTHORIZED, message));
    };
    let Some(name) = aws_http::known(sent, tokens) else {
        let message = "the token is not the agent's";
        return Err(fault(StatusCode::UNAUTHORIZED, UNAUTHORIZED, message));
    };
    if method != Method::GET {
        let message = "credentials are read with GET";
        return Err(fault(StatusCode::METHOD_NOT_ALLOWED, "NotAllowed", message));
    }
    Ok(name)
}

/// Whether a fault is because of the token that came, or did not.
pub fn is_bad_token(fault: &HttpFault) -> bool {
    fault.status == StatusCode::UNAUTHORIZED
}

/// The body with credentials. Holds secrets: hand it to the socket and nothing else. SDKs want all
/// members, so keys that do not end are given a time after which they are asked for again.
pub fn body(credentials: &Credentials, now: Timestamp) -> Bytes {
    let expires = credentials.expires.unwrap_or(now + ASKED_AGAIN);
    let token = credentials.session_token.as_ref();
    let write = |to: &mut dyn Sink| {
        to.raw(b"{\"AccessKeyId\":");
        to.string(&credentials.access_key_id);
        to.raw(b",\"SecretAccessKey\":");
        to.string(
            credentials
                .secret_access_key
                .expose_text()
                .unwrap_or_default(),
        );
        to.raw(b",\"Token\":");
        to.string(token.and_then(Secret::expose_text).unwrap_or_default());
        to.raw(b",\"Expiration\":");
        // Some SDKs read whole seconds alone.
        to.string(&expires.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
        to.raw(b"}");
    };
    Bytes::from_owner(json::sized(write))
}

/// The answer to a caller that no rule lets have them.
pub fn denied(denial: Denial) -> HttpFault {
    let message = format!("the agent's configuration closes this: {denial}");
    fault(StatusCode::FORBIDDEN, "AccessDenied", &message)
}

/// The answer to a service whose role the service that makes credentials does not let it have.
pub fn not_assumed(service: &str) -> HttpFault {
    let message =
        format!("the role of the service `{service}` cannot be assumed; the guard's log says why");
    fault(StatusCode::FORBIDDEN, "AccessDenied", &message)
}

/// The answer to a service whose rule closes them.
pub fn closed(service: &str) -> HttpFault {
    let message = format!("the guard's configuration closes this to the service `{service}`");
    fault(StatusCode::FORBIDDEN, "AccessDenied", &message)
}

/// The answer while there are none.
pub fn unavailable(why: &Unavailable) -> HttpFault {
    let code = match why {
        Unavailable::None(_) => "CredentialsUnavailable",
        Unavailable::NotYet => "CredentialsNotYetAvailable",
        Unavailable::Unrecorded => "InternalFailure",
    };
    fault(StatusCode::SERVICE_UNAVAILABLE, code, &why.to_string())
}

fn fault(status: StatusCode, code: &str, message: &str) -> HttpFault {
    HttpFault {
        status,
        body: serde_json::json!({ "code": code, "message": message }).to_string(),
        content_type: JSON,
    }
}

const UNAUTHORIZED: &str = "Unauthorized";
const ASKED_AGAIN: Duration = Duration::from_hours(1);

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use std::net::Ipv4Addr;

    use super::*;

    fn check(method: &Method, headers: &[(&'static str, &'static str)], expect: Result<&str, u16>) {
        let tokens = [Token {
            name: "deploy".to_owned(),
            secret: Secret::new(*b"right"),
        }];
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, HeaderValue::from_static(value));
        }
        let read = read(method, &map, Ipv4Addr::LOCALHOST.into(), &tokens);
        if let Err(fault) = &read {
            let body: serde_json::Value = serde_json::from_str(&fault.body).unwrap();
            assert!(body["code"].is_string() && body["message"].is_string());
            assert_eq!(is_bad_token(fault), expect == Err(401));
        }
        assert_eq!(
            read.map_err(|fault| fault.status.as_u16()),
            expect,
            "{headers:?}"
        );
    }

    #[test]
    fn the_token_alone_opens_it() {
        let host = ("host", "127.0.0.1:2774");
        let get = &Method::GET;
        check(get, &[host, ("authorization", "right")], Ok("deploy"));
        check(get, &[host, ("authorization", "wrong")], Err(401));
        check(get, &[host, ("authorization", "")], Err(401));
        check(get, &[host], Err(401));
        let twice = [host, ("authorization", "right"), ("authorization", "right")];
        check(get, &twice, Err(401));
        check(&Method::PUT, &[host, ("authorization", "right")], Err(405));
    }

    #[test]
    fn what_a_browser_or_a_proxy_passes_on_is_refused() {
        let token = ("authorization", "right");
        let get = &Method::GET;
        check(get, &[("host", "evil.example"), token], Err(403));
        let host = ("host", "localhost");
        check(
            get,
            &[host, token, ("origin", "http://localhost")],
            Err(403),
        );
        check(get, &[host, token, ("via", "1.1 proxy")], Err(400));
        check(get, &[token], Err(400));
    }

    #[test]
    fn all_members_are_there_whatever_kind_of_key_it_is() {
        let mut credentials = Credentials {
            access_key_id: "ASIAEXAMPLE".to_owned(),
            secret_access_key: Secret::new(*b"a/b+\"c"),
            session_token: Some(Secret::new(*b"token")),
            expires: Some("2026-01-02T03:04:05.678Z".parse().unwrap()),
        };
        let read = |credentials: &Credentials| -> serde_json::Value {
            serde_json::from_slice(&body(credentials, Timestamp::UNIX_EPOCH)).unwrap()
        };
        let told = read(&credentials);
        assert_eq!(told["AccessKeyId"], "ASIAEXAMPLE");
        assert_eq!(told["SecretAccessKey"], "a/b+\"c");
        assert_eq!(told["Token"], "token");
        assert_eq!(told["Expiration"], "2026-01-02T03:04:05Z");
        assert!(!format!("{credentials:?}").contains("a/b"));

        (credentials.session_token, credentials.expires) = (None, None);
        let told = read(&credentials);
        assert_eq!(
            (&told["Token"], &told["Expiration"]),
            (&"".into(), &"1970-01-01T01:00:00Z".into())
        );
    }
}

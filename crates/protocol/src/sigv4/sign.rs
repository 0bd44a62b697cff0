//! Signing a request in its headers.
//!
//! Knows no clock and no source of credentials. Presigned URLs are read here but not made.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, header};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::canonical::{self, Canonical, View};
use super::verify::CONTENT_HASH;
use super::{ALGORITHM, SCOPE_TERMINATOR, Scope, signing_key, text};
use crate::Secret;

/// What signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// `AKIA...` for keys of a user, `ASIA...` for temporary ones.
    pub access_key_id: String,
    /// Never sent.
    pub secret_access_key: Secret,
    /// Sent along with temporary keys.
    pub session_token: Option<Secret>,
}

/// Why a request cannot be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// Neither a `Host` header nor an authority in the URI.
    #[error("the request names no host")]
    NoHost,
    /// The session token or the access key id has a byte that no header may hold.
    #[error("the credentials hold a character that no header may hold")]
    BadCredentials,
}

/// Adds `x-amz-date`, `x-amz-security-token` and `Authorization`, for S3 also
/// `x-amz-content-sha256`, replacing what an earlier signature left; adds `host` where the URI
/// alone names it, without a default port.
///
/// Signs `host`, `content-type` and every `x-amz-*` header. `scope` is [`Scope::at`] of `now`, or
/// the signature is refused for its date.
///
/// # Errors
///
/// See [`SignError`]; the request may then hold part of the headers.
pub fn sign(
    request: &mut http::Request<Bytes>,
    credentials: &Credentials,
    scope: &Scope,
    now: Timestamp,
) -> Result<(), SignError> {
    let hash = text::hex(&Sha256::digest(request.body()).into());
    add_headers(request, credentials, scope, now, &hash)?;
    let names = signed_headers(request.headers());

    let canonical = Canonical::new(request, &names, &hash, &scope.service);
    let string = canonical::string_to_sign(now, scope, &canonical.to_bytes(View::Exact));
    let key = signing_key(&credentials.secret_access_key, scope);
    let signature = text::hex(&key.signature(&string));

    let Scope {
        date,
        region,
        service,
    } = scope;
    let id = &credentials.access_key_id;
    let mut value = format!(
        "{ALGORITHM} Credential={id}/{date}/{region}/{service}/{SCOPE_TERMINATOR}, \
         SignedHeaders={names}, Signature="
    );
    value.extend(signature.iter().copied().map(char::from));
    let mut value = HeaderValue::try_from(value).map_err(|_| SignError::BadCredentials)?;
    value.set_sensitive(true);
    request.headers_mut().insert(header::AUTHORIZATION, value);
    Ok(())
}

fn add_headers(
    request: &mut http::Request<Bytes>,
    credentials: &Credentials,
    scope: &Scope,
    now: Timestamp,
    hash: &[u8; 64],
) -> Result<(), SignError> {
    if !request.headers().contains_key(header::HOST) {
        let host = host(request.uri())?;
        request.headers_mut().insert(header::HOST, host);
    }
    let headers = request.headers_mut();
    headers.remove(header::AUTHORIZATION);
    headers.remove(&TOKEN);
    if let Some(token) = &credentials.session_token {
        let value = HeaderValue::from_bytes(token.expose());
        let mut value = value.map_err(|_| SignError::BadCredentials)?;
        value.set_sensitive(true);
        headers.insert(TOKEN, value);
    }
    let date = HeaderValue::from_bytes(&text::basic_time(now));
    headers.insert(DATE, date.map_err(|_| SignError::BadCredentials)?);
    if scope.service == "s3" || headers.contains_key(CONTENT_HASH) {
        let hash = HeaderValue::from_bytes(hash).map_err(|_| SignError::BadCredentials)?;
        headers.insert(CONTENT_HASH, hash);
    }
    Ok(())
}

fn host(uri: &http::Uri) -> Result<HeaderValue, SignError> {
    let authority = uri.authority().ok_or(SignError::NoHost)?;
    let default = matches!(
        (uri.scheme_str(), authority.port_u16()),
        (Some("http"), Some(80)) | (Some("https"), Some(443))
    );
    let host = if default {
        authority.host()
    } else {
        authority.as_str()
    };
    HeaderValue::try_from(host).map_err(|_| SignError::NoHost)
}

fn signed_headers(headers: &http::HeaderMap) -> String {
    let mut names: Vec<&str> = headers
        .keys()
        .map(HeaderName::as_str)
        .filter(|name| matches!(*name, "host" | "content-type") || name.starts_with("x-amz-"))
        .collect();
    names.sort_unstable();
    names.join(";")
}

const DATE: HeaderName = HeaderName::from_static("x-amz-date");
const TOKEN: HeaderName = HeaderName::from_static("x-amz-security-token");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sigv4::{self, VerifyError};

    const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    fn credentials(token: Option<&str>) -> Credentials {
        Credentials {
            access_key_id: "AKIDEXAMPLE".to_owned(),
            secret_access_key: Secret::from_text(SECRET.to_owned()),
            session_token: token.map(|token| Secret::from_text(token.to_owned())),
        }
    }

    fn now() -> Timestamp {
        "2015-08-30T12:36:00Z".parse().unwrap()
    }

    fn signed(uri: &str, service: &str, token: Option<&str>) -> http::Request<Bytes> {
        let mut request = http::Request::post(uri)
            .header("content-type", "application/x-amz-json-1.1")
            .header("x-amz-target", "secretsmanager.GetSecretValue")
            .header("accept", "*/*")
            .body(Bytes::from_static(b"{}"))
            .unwrap();
        let scope = Scope::at(now(), "us-east-1", service);
        sign(&mut request, &credentials(token), &scope, now()).unwrap();
        request
    }

    fn verify(request: &http::Request<Bytes>) -> Result<(), VerifyError> {
        let presented = sigv4::read(request).unwrap();
        let key = signing_key(&Secret::from_text(SECRET.to_owned()), presented.scope());
        sigv4::verify(request, &presented, &key, now())
    }

    #[test]
    fn what_is_signed_here_is_accepted_here() {
        for service in ["secretsmanager", "s3"] {
            for token in [None, Some("token")] {
                for uri in ["https://h/a//b/../c?x=%20&a", "https://h:8443/"] {
                    let request = signed(uri, service, token);
                    assert_eq!(verify(&request), Ok(()), "{service} {token:?} {uri}");
                }
            }
        }
    }

    #[test]
    fn signing_again_replaces_the_first_signature() {
        let mut request = signed("https://h/", "s3", Some("first"));
        *request.body_mut() = Bytes::from_static(b"other");
        let scope = Scope::at(now(), "us-east-1", "s3");
        sign(&mut request, &credentials(None), &scope, now()).unwrap();

        assert_eq!(verify(&request), Ok(()));
        assert!(!request.headers().contains_key(&TOKEN));
    }

    #[test]
    fn the_default_port_is_not_signed() {
        for (uri, expect) in [
            ("https://h:443/", "h"),
            ("http://h:80/", "h"),
            ("http://h:443/", "h:443"),
            ("http://127.0.0.1:4566/", "127.0.0.1:4566"),
        ] {
            assert_eq!(
                signed(uri, "sts", None).headers()[header::HOST],
                expect,
                "{uri}"
            );
        }
    }

    #[test]
    fn what_cannot_be_signed_is_refused() {
        let check = |uri: &str, token: &str, expect| {
            let mut request = http::Request::get(uri).body(Bytes::new()).unwrap();
            let scope = Scope::at(now(), "us-east-1", "sts");
            let result = sign(&mut request, &credentials(Some(token)), &scope, now());
            assert_eq!(result, Err(expect));
        };
        check("/", "token", SignError::NoHost);
        check("https://h/", "a\nb", SignError::BadCredentials);
    }

    #[test]
    fn debug_shows_no_secret() {
        let text = format!(
            "{:?} {:?}",
            credentials(Some("canary")),
            signed("https://h/", "sts", Some("canary"))
        );

        assert!(!text.contains("canary") && !text.contains(SECRET), "{text}");
        assert!(!text.contains("Signature="), "{text}");
    }
}

//! Taking a request's signature apart, strictly and before anything is computed.
//!
//! Knows no key and no time. A request that two readers could understand differently is refused:
//! what must stand once stands once, one form excludes the other, and everything that could change
//! the meaning of a call is signed. Sources: IAM User Guide, "Create a signed AWS API request" and
//! "Authentication methods"; `Credential` charset from IAM's `accessKeyIdType`.

use http::{HeaderMap, HeaderName, HeaderValue, header};
use jiff::Timestamp;

use super::error::Part;
use super::verify::CONTENT_HASH;
use super::{ALGORITHM, Form, Presented, ReadError, SCOPE_TERMINATOR, Scope, text};
use crate::Secret;

/// What a request claims about its signature, in either form.
///
/// The body is not looked at, so a server may call this on the head alone.
///
/// # Errors
///
/// [`ReadError::Missing`] where there is no trace of a signature; for the rest see [`ReadError`].
pub fn read<B>(request: &http::Request<B>) -> Result<Presented, ReadError> {
    let headers = request.headers();
    // Mostly no header is there twice, which the map knows by itself.
    if headers.len() != headers.keys_len() {
        for (name, what) in &SINGLE_HEADERS {
            if headers.get_all(name).iter().nth(1).is_some() {
                return Err(ReadError::Repeated { what });
            }
        }
    }
    let query = request.uri().query().unwrap_or_default();
    if query.len() > QUERY_BYTES_MAX {
        return Err(too_long("query-string", QUERY_BYTES_MAX));
    }
    let found = parameters(query)?;
    let in_query = found.iter().any(Option::is_some);
    let presented = match headers.get(header::AUTHORIZATION) {
        None if !in_query => return Err(ReadError::Missing),
        Some(_) if in_query => return Err(ReadError::BothForms),
        None if headers.contains_key(&TOKEN) => return Err(ReadError::BothForms),
        Some(value) => read_header(value, headers)?,
        None => read_query(found)?,
    };
    check_signed(request, &presented)?;
    Ok(presented)
}

fn read_header(value: &HeaderValue, headers: &HeaderMap) -> Result<Presented, ReadError> {
    if value.len() > AUTHORIZATION_BYTES_MAX {
        return Err(too_long("Authorization", AUTHORIZATION_BYTES_MAX));
    }
    let value = value
        .to_str()
        .map_err(|_| malformed("Authorization", "be visible ASCII"))?;
    let rest = match value.strip_prefix(ALGORITHM) {
        Some("") => "",
        Some(rest) if rest.starts_with(' ') => rest.trim_matches(' '),
        _ => return Err(ReadError::Algorithm),
    };
    let (mut credential, mut signed_headers, mut signature) = (None, None, None);
    for pair in text::split(rest, b',').filter(|_| !rest.is_empty()) {
        let (name, value) = text::cut(pair.trim_matches(' '), b'=')
            .ok_or_else(|| malformed("Authorization", "be made of key=value pairs"))?;
        let (slot, what) = match name {
            "Credential" => (&mut credential, "Credential"),
            "SignedHeaders" => (&mut signed_headers, "SignedHeaders"),
            "Signature" => (&mut signature, "Signature"),
            _ => return Err(malformed("Authorization", "have no other key=value pairs")),
        };
        if slot.replace(value).is_some() {
            return Err(ReadError::Repeated { what });
        }
    }
    let (Some(credential), Some(signed_headers), Some(signature), Some(moment)) = (
        credential,
        signed_headers,
        signature,
        header_moment(headers)?,
    ) else {
        let parts = [
            (Part::Credential, credential.is_none()),
            (Part::Signature, signature.is_none()),
            (Part::SignedHeaders, signed_headers.is_none()),
            (Part::Date, header_moment(headers)?.is_none()),
        ];
        return Err(ReadError::HeaderIncomplete(missing(&parts)));
    };
    let token = headers.get(&TOKEN).map(HeaderValue::as_bytes);
    let claims = Claims {
        credential,
        signed_headers,
        signature,
        moment,
    };
    claims.check(token, Form::Header)
}

fn read_query(found: [Option<&str>; PARAMETERS.len()]) -> Result<Presented, ReadError> {
    let [
        algorithm,
        credential,
        date,
        expires,
        signed_headers,
        signature,
        token,
    ] = found;
    let (
        Some(algorithm),
        Some(credential),
        Some(date),
        Some(expires),
        Some(names),
        Some(signature),
    ) = (
        algorithm,
        credential,
        date,
        expires,
        signed_headers,
        signature,
    )
    else {
        let parts = [
            (Part::Algorithm, algorithm.is_none()),
            (Part::Credential, credential.is_none()),
            (Part::Signature, signature.is_none()),
            (Part::SignedHeaders, signed_headers.is_none()),
            (Part::Date, date.is_none()),
            (Part::Expires, expires.is_none()),
        ];
        return Err(ReadError::QueryIncomplete(missing(&parts)));
    };
    if !text::decoded(algorithm).eq(ALGORITHM.bytes()) {
        return Err(ReadError::Algorithm);
    }
    let date: Vec<u8> = text::decoded(date)
        .take(text::BASIC_TIME_BYTES + 1)
        .collect();
    let moment = text::read_basic_time(&date).ok_or_else(|| malformed("X-Amz-Date", DATE_FORM))?;
    let form = Form::Query {
        expires_seconds: read_expires(expires)?,
    };
    let token: Option<Vec<u8>> = token.map(|token| text::decoded(token).collect());
    let (credential, names) = (decoded_text(credential)?, decoded_text(names)?);
    let claims = Claims {
        credential: &credential,
        signed_headers: &names,
        signature,
        moment,
    };
    claims.check(token.as_deref(), form)
}

/// The claims of either form, present but not yet looked into.
struct Claims<'a> {
    credential: &'a str,
    signed_headers: &'a str,
    signature: &'a str,
    moment: Timestamp,
}

impl Claims<'_> {
    fn check(self, token: Option<&[u8]>, form: Form) -> Result<Presented, ReadError> {
        let (access_key_id, scope) = read_credential(self.credential)?;
        if scope.date.as_bytes() != text::basic_time(self.moment).get(..8).unwrap_or_default() {
            return Err(ReadError::ScopeDate {
                scope: scope.date,
                moment: self.moment,
            });
        }
        check_names(self.signed_headers)?;
        let signature = text::read_hex(self.signature.as_bytes())
            .ok_or_else(|| malformed("Signature", "be 64 lower-case hexadecimal digits"))?;
        let session_token = match token {
            Some(token) if token.len() > SESSION_TOKEN_BYTES_MAX => {
                return Err(too_long("X-Amz-Security-Token", SESSION_TOKEN_BYTES_MAX));
            }
            Some([]) => return Err(malformed("X-Amz-Security-Token", "not be empty")),
            token => token.map(Secret::new),
        };
        Ok(Presented {
            access_key_id,
            moment: self.moment,
            scope,
            signed_headers: self.signed_headers.to_owned(),
            signature,
            session_token,
            form,
        })
    }
}

fn read_credential(text: &str) -> Result<(String, Scope), ReadError> {
    let mut parts = text::split(text, b'/');
    let mut next = || parts.next();
    let (Some(id), Some(date), Some(region), Some(service), Some(end), None) =
        (next(), next(), next(), next(), next(), next())
    else {
        let must = "have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term";
        return Err(malformed("Credential", must));
    };
    if id.len() > ACCESS_KEY_ID_BYTES_MAX {
        return Err(too_long("Credential", ACCESS_KEY_ID_BYTES_MAX));
    }
    if id.is_empty()
        || !id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    {
        return Err(malformed("Credential", "start with an access key id"));
    }
    if date.len() != 8 || !date.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(malformed("Credential", "hold a date of the form YYYYMMDD"));
    }
    for part in [region, service] {
        if part.len() > SCOPE_PART_BYTES_MAX {
            return Err(too_long("Credential", SCOPE_PART_BYTES_MAX));
        }
        let named = part
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
        if part.is_empty() || !named {
            return Err(malformed(
                "Credential",
                "be scoped to a valid region and service",
            ));
        }
    }
    if end != SCOPE_TERMINATOR {
        return Err(ReadError::ScopeTerminator);
    }
    let scope = Scope {
        date: date.to_owned(),
        region: region.to_owned(),
        service: service.to_owned(),
    };
    Ok((id.to_owned(), scope))
}

fn check_names(names: &str) -> Result<(), ReadError> {
    let mut last = "";
    let (mut host, mut count) = (false, 0);
    for name in text::split(names, b';') {
        count += 1;
        if count > SIGNED_HEADERS_MAX {
            return Err(too_long("SignedHeaders", SIGNED_HEADERS_MAX));
        }
        // Its value holds the signature, so no signer can have signed it.
        if name == "authorization" || !name.bytes().all(is_lower_token) || name.is_empty() {
            return Err(malformed("SignedHeaders", "be header names in lower case"));
        }
        if name <= last {
            return Err(malformed(
                "SignedHeaders",
                "be sorted and name each header once",
            ));
        }
        host |= name == "host";
        last = name;
    }
    if host {
        Ok(())
    } else {
        Err(ReadError::HostUnsigned)
    }
}

fn check_signed<B>(request: &http::Request<B>, presented: &Presented) -> Result<(), ReadError> {
    let headers = request.headers();
    for name in headers.keys().map(HeaderName::as_str) {
        if name.starts_with("x-amz-") && !presented.signed_headers().any(|signed| signed == name) {
            return Err(ReadError::Unsigned {
                header: name.to_owned(),
            });
        }
    }
    for name in presented.signed_headers() {
        let by_uri = name == "host" && request.uri().authority().is_some();
        // There are few of either, and each name would be parsed and hashed to be looked up.
        if !headers.keys().any(|key| key.as_str() == name) && !by_uri {
            return Err(ReadError::Absent {
                header: name.to_owned(),
            });
        }
    }
    Ok(())
}

fn header_moment(headers: &HeaderMap) -> Result<Option<Timestamp>, ReadError> {
    if let Some(value) = headers.get(&DATE) {
        return text::read_basic_time(value.as_bytes())
            .map(Some)
            .ok_or_else(|| malformed("X-Amz-Date", DATE_FORM));
    }
    let Some(value) = headers.get(header::DATE) else {
        return Ok(None);
    };
    value
        .to_str()
        .ok()
        .and_then(text::read_http_date)
        .map(Some)
        .ok_or_else(|| malformed("Date", "be in ISO-8601 'basic format' or an HTTP date"))
}

fn read_expires(text: &str) -> Result<u32, ReadError> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse()
        .ok()
        .filter(|seconds| digits && (1..=EXPIRES_SECONDS_MAX).contains(seconds))
        .ok_or_else(|| malformed("X-Amz-Expires", "be a number of seconds from 1 to 604800"))
}

fn parameters(query: &str) -> Result<[Option<&str>; PARAMETERS.len()], ReadError> {
    let mut found = [None; PARAMETERS.len()];
    for (name, value) in text::pairs(query) {
        for (what, slot) in PARAMETERS.iter().zip(&mut found) {
            if text::decoded(name).eq(what.bytes()) && slot.replace(value).is_some() {
                return Err(ReadError::Repeated { what });
            }
        }
    }
    Ok(found)
}

fn decoded_text(text: &str) -> Result<String, ReadError> {
    String::from_utf8(text::decoded(text).collect())
        .map_err(|_| malformed("query-string", "be UTF-8"))
}

fn missing(parts: &[(Part, bool)]) -> Vec<Part> {
    let missing = parts.iter().filter(|(_, missing)| *missing);
    missing.map(|(part, _)| *part).collect()
}

fn is_lower_token(byte: u8) -> bool {
    let is_mark = || b"!#$%&'*+-.^_`|~".contains(&byte);
    byte.is_ascii_lowercase() || byte == b'-' || byte.is_ascii_digit() || is_mark()
}

fn malformed(what: &'static str, must: &'static str) -> ReadError {
    ReadError::Malformed { what, must }
}

fn too_long(what: &'static str, max: usize) -> ReadError {
    ReadError::TooLong { what, max }
}

/// The `Authorization` header: an access key id, a scope and [`SIGNED_HEADERS_MAX`] long names fit.
pub const AUTHORIZATION_BYTES_MAX: usize = 4_096;
/// The query of a request, in which a presigned URL has its session token.
pub const QUERY_BYTES_MAX: usize = 16_384;
/// As in IAM's `accessKeyIdType`.
pub const ACCESS_KEY_ID_BYTES_MAX: usize = 128;
/// A region or a service: no real one is half as long.
pub const SCOPE_PART_BYTES_MAX: usize = 64;
/// As many headers as a server here takes at all.
pub const SIGNED_HEADERS_MAX: usize = 64;
/// STS speaks of 4,096 bytes as usual, and of no limit.
pub const SESSION_TOKEN_BYTES_MAX: usize = 8_192;
/// Seven days, AWS's limit of `X-Amz-Expires`.
pub const EXPIRES_SECONDS_MAX: u32 = 604_800;

/// Headers with a say in who calls what. A second one could be read by the next layer instead.
static SINGLE_HEADERS: [(HeaderName, &str); 7] = [
    (header::AUTHORIZATION, "Authorization"),
    (header::HOST, "Host"),
    (header::DATE, "Date"),
    (HeaderName::from_static(DATE_NAME), "X-Amz-Date"),
    (HeaderName::from_static(TOKEN_NAME), "X-Amz-Security-Token"),
    (
        HeaderName::from_static(CONTENT_HASH),
        "X-Amz-Content-SHA256",
    ),
    (HeaderName::from_static("x-amz-target"), "X-Amz-Target"),
];
const PARAMETERS: [&str; 7] = [
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-SignedHeaders",
    "X-Amz-Signature",
    "X-Amz-Security-Token",
];
static DATE: HeaderName = HeaderName::from_static(DATE_NAME);
static TOKEN: HeaderName = HeaderName::from_static(TOKEN_NAME);
const DATE_NAME: &str = "x-amz-date";
const TOKEN_NAME: &str = "x-amz-security-token";
const DATE_FORM: &str = "be in ISO-8601 'basic format', YYYYMMDDTHHMMSSZ";

#[cfg(test)]
mod tests;

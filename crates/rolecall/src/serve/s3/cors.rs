//! What browsers ask before a page of another site may, and what they want to read in answers.
//!
//! Nobody signs these questions, and the answers depend on nothing but the bucket's rules: what a
//! page then sends is signed, and decided as any other call.
//!
//! Source: S3 User Guide, "Testing CORS"; Fetch Standard, "HTTP extensions".

use account::entity::CorsRule;
use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HOST, ORIGIN, VARY,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response};
use s3s::{Body, S3Result};

use super::S3;
use super::convert::{error, text};
use protocol::Fault;

/// What a page asks from where, before its request is taken apart.
#[derive(Debug)]
pub(super) struct Asking {
    bucket: String,
    origin: String,
    method: String,
}

impl Asking {
    /// None where no page asks.
    pub(super) fn of<B>(s3: &S3, request: &Request<B>) -> Option<Self> {
        Some(Self {
            bucket: bucket(s3, request)?,
            origin: text(request.headers(), ORIGIN.as_str())?.to_owned(),
            method: request.method().as_str().to_owned(),
        })
    }

    /// Lets the page read the answer, where a rule does.
    pub(super) fn tell(&self, s3: &S3, headers: &mut HeaderMap) {
        let partition = s3.ledger.partition();
        let rules = partition
            .bucket(&self.bucket)
            .map(|bucket| bucket.cors.as_slice());
        let rule =
            account::s3::allowing(rules.unwrap_or_default(), &self.origin, &self.method, &[]);
        if let Some(rule) = rule {
            allow(headers, rule, &self.origin);
        }
    }
}

/// Answers a browser that asks before it sends.
pub(super) fn preflight<B>(s3: &S3, request: &Request<B>) -> S3Result<Response<Body>> {
    let headers = request.headers();
    let bad = |why: &'static str| error(Fault::new("BadRequest", why));
    let origin = text(headers, ORIGIN.as_str());
    let origin =
        origin.ok_or_else(|| bad("Insufficient information. Origin request header needed."))?;
    let method = text(headers, ACCESS_CONTROL_REQUEST_METHOD.as_str());
    let method = method.ok_or_else(|| bad("Invalid Access-Control-Request-Method: null"))?;
    let asked = text(headers, ACCESS_CONTROL_REQUEST_HEADERS.as_str()).unwrap_or_default();
    let asked = asked
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty());
    let asked: Vec<&str> = asked.collect();
    let partition = s3.ledger.partition();
    let bucket = bucket(s3, request);
    let bucket = bucket.and_then(|bucket| partition.bucket(&bucket));
    let rules = bucket
        .map(|bucket| bucket.cors.as_slice())
        .unwrap_or_default();
    let refused = |why: &'static str| error(Fault::new("AccessForbidden", why).status(403));
    if rules.is_empty() {
        return Err(refused(
            "CORSResponse: CORS is not enabled for this bucket.",
        ));
    }
    let rule = account::s3::allowing(rules, origin, method, &asked).ok_or_else(|| {
        refused(
            "CORSResponse: This CORS request is not allowed. This is usually because the \
             evaluation of Origin, request method / Access-Control-Request-Method or \
             Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
        )
    })?;
    let mut response = Response::new(Body::empty());
    let told = response.headers_mut();
    allow(told, rule, origin);
    if !asked.is_empty() {
        put(
            told,
            ACCESS_CONTROL_ALLOW_HEADERS,
            &asked.join(", ").to_ascii_lowercase(),
        );
    }
    Ok(response)
}

/// Whether a browser asks before it sends.
pub(super) fn is_preflight<B>(request: &Request<B>) -> bool {
    request.method() == Method::OPTIONS
}

fn allow(headers: &mut HeaderMap, rule: &CorsRule, origin: &str) {
    if rule.origins.iter().any(|own| own == "*") {
        put(headers, ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    } else {
        put(headers, ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        put(headers, ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
    }
    put(
        headers,
        ACCESS_CONTROL_ALLOW_METHODS,
        &rule.methods.join(", "),
    );
    if !rule.exposed.is_empty() {
        put(
            headers,
            ACCESS_CONTROL_EXPOSE_HEADERS,
            &rule.exposed.join(", "),
        );
    }
    if let Some(seconds) = rule.seconds_max {
        put(headers, ACCESS_CONTROL_MAX_AGE, &seconds.to_string());
    }
    put(
        headers,
        VARY,
        "Origin, Access-Control-Request-Headers, Access-Control-Request-Method",
    );
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// The bucket in the name of the host, or the path's first part.
fn bucket<B>(s3: &S3, request: &Request<B>) -> Option<String> {
    let host = text(request.headers(), HOST.as_str());
    if let Some(named) = host.and_then(|host| s3.domains.bucket(host)) {
        return Some(named.to_owned());
    }
    let path = request.uri().path().trim_start_matches('/');
    let first = path.split('/').next().unwrap_or_default();
    (!first.is_empty()).then(|| first.to_owned())
}

//! Requests to the metadata service and their answers.
//!
//! Source: EC2 User Guide, "How Instance Metadata Service Version 2 works" and "Access instance
//! metadata"; what the guide leaves open follows answers captured on instances.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use jiff::Timestamp;
use protocol::Secret;
use protocol::metadata::{self, ErrorStatus, MetadataPath, Route, Version};

use super::about::About;
use super::kept::{Kept, Reading};
use super::token;
use super::tree::{self, Found};
use crate::entity::{Instance, Toggle, Tokens};
use crate::state::{HeldInstance, State};

/// An answer, and how the world has to send it.
pub struct Answer {
    /// The bytes.
    pub response: http::Response<Bytes>,
    /// IP TTL of the packets that carry a token, so that it goes no further than the instance says.
    pub hop_limit: Option<u8>,
    /// For the counters `MetadataNoToken` and `MetadataNoTokenRejected`.
    pub token_use: TokenUse,
    /// What was asked for is signed, and there is no [`Entity::IdentityKey`] yet. The world makes
    /// one and asks again; this response is sent to nobody.
    ///
    /// [`Entity::IdentityKey`]: crate::entity::Entity::IdentityKey
    pub wants_identity_key: bool,
}

/// The body of the response may hold credentials or a token.
impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.response.status())
            .field("hop_limit", &self.hop_limit)
            .field("token_use", &self.token_use)
            .field("wants_identity_key", &self.wants_identity_key)
            .finish_non_exhaustive()
    }
}

/// How a request stood with tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenUse {
    /// It came with a token, asked for one, or was answered without looking.
    Regular,
    /// It came without one and was answered: `IMDSv1`.
    None,
    /// It came without one and was refused.
    Rejected,
}

/// How a listener differs from what EC2 does now; among the extensions of each of its requests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Manner {
    /// A folder asked for without a slash behind it is answered 301, as instances on Xen did.
    pub redirects: bool,
    /// Connections are kept, but for the one that a token was sent on.
    pub keeps_alive: bool,
    /// There is `iam/security-credentials-extended/`, which SDKs try first.
    pub extended_credentials: bool,
}

/// The request came to `fd00:ec2::254`; among its extensions.
#[derive(Debug, Clone, Copy)]
pub struct ViaIpv6;

/// Answers one request to the metadata service of an instance. `nonce` is random bytes of its own.
/// A [`Manner`] and [`ViaIpv6`] among the request's extensions count.
pub fn serve<B>(
    state: &State,
    instance_id: &str,
    request: &http::Request<B>,
    now: Timestamp,
    nonce: [u8; 12],
) -> Answer {
    let held = state
        .instance(instance_id)
        .filter(|held| held.instance.is_running());
    match held {
        Some(held) => Service {
            instance: &held.instance,
            seal: &state.settings().keyring.metadata_seal,
            told: Told::Account(state, held),
            now,
            manner: manner_of(request),
        }
        .serve(request, nonce),
        None => absent(),
    }
}

impl Kept {
    /// Answers one request of what is kept, as [`serve`] does of an account.
    pub fn serve<B>(&self, request: &http::Request<B>, now: Timestamp, nonce: [u8; 12]) -> Answer {
        let service = Service {
            instance: &self.instance,
            seal: &self.seal,
            told: Told::Kept(self),
            now,
            manner: manner_of(request),
        };
        service.serve(request, nonce)
    }
}

/// The answer where there is no such instance, or where it does not run.
pub fn absent() -> Answer {
    failed(ErrorStatus::NotFound).into()
}

fn manner_of<B>(request: &http::Request<B>) -> Manner {
    let manner = request.extensions().get::<Manner>();
    manner.copied().unwrap_or_default()
}

struct Service<'a> {
    instance: &'a Instance,
    /// Of tokens.
    seal: &'a Secret,
    told: Told<'a>,
    now: Timestamp,
    manner: Manner,
}

/// What values are of.
enum Told<'a> {
    Account(&'a State, &'a HeldInstance),
    Kept(&'a Kept),
}

impl Service<'_> {
    fn serve<B>(&self, request: &http::Request<B>, nonce: [u8; 12]) -> Answer {
        let mut answer = self.answer(request, nonce);
        if self.manner.keeps_alive && answer.hop_limit.is_none() {
            answer.response.headers_mut().remove(header::CONNECTION);
        }
        answer
    }

    fn answer<B>(&self, request: &http::Request<B>, nonce: [u8; 12]) -> Answer {
        let options = &self.instance.metadata_options;
        let via_ipv6 = request.extensions().get::<ViaIpv6>().is_some();
        if options.http_endpoint == Toggle::Disabled
            || via_ipv6 && options.http_protocol_ipv6 == Toggle::Disabled
        {
            return failed(ErrorStatus::Forbidden).into();
        }
        let Ok(path) = metadata::normalize(request.uri().path()) else {
            return failed(ErrorStatus::BadRequest).into();
        };
        let route = path.route();
        if let Route::Tree { version, segments } = route
            && segments == ["api", "token"]
        {
            return self.token(version, request, nonce);
        }
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return not_allowed("GET, HEAD").into();
        }
        let mut answer = self.get(&path, request.headers());
        if request.method() == Method::HEAD {
            // The length stays that of the body which GET would bring.
            let length = answer.response.body().len();
            answer
                .response
                .headers_mut()
                .insert(header::CONTENT_LENGTH, length.into());
            *answer.response.body_mut() = Bytes::new();
        }
        answer
    }

    /// `PUT /latest/api/token`.
    fn token<B>(&self, version: Version, request: &http::Request<B>, nonce: [u8; 12]) -> Answer {
        if request.method() != Method::PUT {
            return not_allowed("OPTIONS, PUT").into();
        }
        // Only `latest` mints, and a request that came through a proxy is somebody else's.
        if version != Version::LATEST || is_forwarded(request.headers()) {
            return failed(ErrorStatus::Forbidden).into();
        }
        let mut asked = request.headers().get_all(TTL_HEADER).iter();
        let ttl = metadata::token_ttl(asked.next().map(HeaderValue::as_bytes));
        let (Ok(ttl), None) = (ttl, asked.next()) else {
            return failed(ErrorStatus::BadRequest).into();
        };
        let minted = token::mint(self.seal, &self.instance.id, ttl, self.now, nonce);
        // A key that cannot seal is a broken account; nobody gets in.
        let Some(token) = minted else {
            return failed(ErrorStatus::Forbidden).into();
        };
        let mut response = succeeded(TEXT, token.into());
        response
            .headers_mut()
            .insert(TTL_HEADER, ttl.as_secs().into());
        Answer {
            hop_limit: Some(self.instance.metadata_options.hop_limit),
            ..response.into()
        }
    }

    fn get(&self, path: &MetadataPath, headers: &HeaderMap) -> Answer {
        let required = self.instance.metadata_options.http_tokens == Tokens::Required;
        let mut tokens = headers.get_all(TOKEN_HEADER).iter();
        let Some(sent) = tokens.next() else {
            if required {
                return Answer {
                    token_use: TokenUse::Rejected,
                    ..failed(ErrorStatus::Unauthorized).into()
                };
            }
            return Answer {
                token_use: TokenUse::None,
                ..self.read(path, headers, 1)
            };
        };
        let left = token::remaining(self.seal, &self.instance.id, sent.as_bytes(), self.now);
        // A bad token is refused in every mode; one with two tokens has none that counts.
        let Some(left) = left.filter(|_| tokens.next().is_none()) else {
            return failed(ErrorStatus::Unauthorized).into();
        };
        if is_forwarded(headers) {
            return failed(ErrorStatus::Forbidden).into();
        }
        let mut answer = self.read(path, headers, 2);
        let headers = answer.response.headers_mut();
        headers.insert(TTL_HEADER, left.as_secs().into());
        answer
    }

    /// What stands at a path, for a caller of `IMDSv1` or `IMDSv2`.
    fn read(&self, path: &MetadataPath, headers: &HeaderMap, delivery: u8) -> Answer {
        let (version, segments) = match path.route() {
            Route::Versions => {
                let versions = metadata::listing(Version::all().map(Version::as_str));
                return self.found(TEXT, versions.into()).into();
            }
            Route::Nowhere => return failed(ErrorStatus::NotFound).into(),
            Route::Tree { version, segments } => (version, segments),
        };
        let (found, wants_identity_key) = self.find(version, segments, delivery);
        let response = match found {
            Some(Found::Folder(_)) if self.manner.redirects && !path.trailing_slash() => {
                to_folder(path, headers)
            }
            Some(Found::Folder(names)) => {
                let listing = metadata::listing(names.iter().map(String::as_str));
                self.found(TEXT, listing.into())
            }
            Some(Found::Value(data)) if segments == ["user-data"] => self.found(OCTETS, data),
            Some(Found::Value(text)) => self.found(TEXT, text),
            None => failed(ErrorStatus::NotFound),
        };
        Answer {
            wants_identity_key,
            ..response.into()
        }
    }

    fn found(&self, content_type: &'static str, body: Bytes) -> http::Response<Bytes> {
        let mut response = succeeded(content_type, body);
        let changed = self
            .instance
            .launched
            .strftime("%a, %d %b %Y %H:%M:%S GMT")
            .to_string();
        if let Ok(changed) = changed.parse() {
            response
                .headers_mut()
                .insert(header::LAST_MODIFIED, changed);
        }
        response
    }

    /// What stands there, and whether an identity key was wanted and not there.
    fn find(&self, version: Version, segments: &[String], delivery: u8) -> (Option<Found>, bool) {
        let now = self.now;
        match self.told {
            Told::Account(state, held) => {
                let about = About::new(state, held, now, delivery, self.manner);
                let found = tree::find(version, segments, &about);
                (found, about.wants_identity_key())
            }
            Told::Kept(kept) => {
                let reading = Reading {
                    kept,
                    now,
                    delivery,
                };
                (tree::find(version, segments, &reading), false)
            }
        }
    }
}

impl From<http::Response<Bytes>> for Answer {
    fn from(response: http::Response<Bytes>) -> Self {
        Self {
            response,
            hop_limit: None,
            token_use: TokenUse::Regular,
            wants_identity_key: false,
        }
    }
}

/// Whether the request came through a proxy that says so.
fn is_forwarded(headers: &HeaderMap) -> bool {
    headers.contains_key("x-forwarded-for")
}

fn succeeded(content_type: &'static str, body: Bytes) -> http::Response<Bytes> {
    let mut response = with_headers(StatusCode::OK, content_type, body);
    response
        .headers_mut()
        .insert(header::ACCEPT_RANGES, HeaderValue::from_static("none"));
    response
}

fn failed(status: ErrorStatus) -> http::Response<Bytes> {
    let code = StatusCode::from_u16(status.code()).unwrap_or(StatusCode::FORBIDDEN);
    with_headers(
        code,
        "text/html",
        Bytes::from_static(metadata::error_page(status).as_bytes()),
    )
}

/// To the same path with a slash behind it. Clients of that time want the whole URL.
fn to_folder(path: &MetadataPath, headers: &HeaderMap) -> http::Response<Bytes> {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let location = format!("http://{}{path}/", host.unwrap_or(ADDRESS));
    let mut response = with_headers(StatusCode::MOVED_PERMANENTLY, TEXT, Bytes::new());
    if let Ok(location) = location.parse() {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

fn not_allowed(allow: &'static str) -> http::Response<Bytes> {
    let mut response = with_headers(StatusCode::METHOD_NOT_ALLOWED, TEXT, Bytes::new());
    response
        .headers_mut()
        .insert(header::ALLOW, HeaderValue::from_static(allow));
    response
}

/// The headers that every answer has. Connections are not kept unless the manner says so, and never
/// after a token: its answer is sent with an IP TTL of its own, which must not outlive it.
fn with_headers(
    status: StatusCode,
    content_type: &'static str,
    body: Bytes,
) -> http::Response<Bytes> {
    let mut response = http::Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::SERVER, HeaderValue::from_static("EC2ws"));
    headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

/// Where it is on EC2, for requests that do not say where they were sent.
const ADDRESS: &str = "169.254.169.254";
const TEXT: &str = "text/plain";
const OCTETS: &str = "application/octet-stream";
const TOKEN_HEADER: &str = "x-aws-ec2-metadata-token";
const TTL_HEADER: &str = "x-aws-ec2-metadata-token-ttl-seconds";

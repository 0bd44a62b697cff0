//! Requests to the metadata service and their answers.
//!
//! Source: EC2 User Guide, "How Instance Metadata Service Version 2 works" and "Access instance
//! metadata"; what the guide leaves open follows answers captured on instances.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use jiff::Timestamp;
use protocol::metadata::{self, ErrorStatus, Route, Version};

use super::tree::Found;
use super::{credentials, token};
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
}

/// The body of the response may hold credentials or a token.
impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.response.status())
            .field("hop_limit", &self.hop_limit)
            .field("token_use", &self.token_use)
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

/// Answers one request to the metadata service of an instance. `nonce` is random bytes of its own.
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
        Some(held) => Service { state, held, now }.answer(request, nonce),
        None => failed(ErrorStatus::NotFound).into(),
    }
}

struct Service<'a> {
    state: &'a State,
    held: &'a HeldInstance,
    now: Timestamp,
}

impl Service<'_> {
    fn answer<B>(&self, request: &http::Request<B>, nonce: [u8; 12]) -> Answer {
        if self.instance().metadata_options.http_endpoint == Toggle::Disabled {
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
        let mut answer = self.get(route, request.headers());
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
        let key = &self.state.settings().keyring.metadata_seal;
        let minted = token::mint(key, &self.instance().id, ttl, self.now, nonce);
        // A key that cannot seal is a broken account; nobody gets in.
        let Some(token) = minted else {
            return failed(ErrorStatus::Forbidden).into();
        };
        let mut response = succeeded(TEXT, token.into());
        response
            .headers_mut()
            .insert(TTL_HEADER, ttl.as_secs().into());
        Answer {
            response,
            hop_limit: Some(self.instance().metadata_options.hop_limit),
            token_use: TokenUse::Regular,
        }
    }

    fn get(&self, route: Route<'_>, headers: &HeaderMap) -> Answer {
        let required = self.instance().metadata_options.http_tokens == Tokens::Required;
        let mut tokens = headers.get_all(TOKEN_HEADER).iter();
        let Some(sent) = tokens.next() else {
            if required {
                let response = failed(ErrorStatus::Unauthorized);
                return Answer {
                    response,
                    hop_limit: None,
                    token_use: TokenUse::Rejected,
                };
            }
            let response = self.read(route, 1);
            return Answer {
                response,
                hop_limit: None,
                token_use: TokenUse::None,
            };
        };
        let key = &self.state.settings().keyring.metadata_seal;
        let left = token::remaining(key, &self.instance().id, sent.as_bytes(), self.now);
        // A bad token is refused in every mode; one with two tokens has none that counts.
        let Some(left) = left.filter(|_| tokens.next().is_none()) else {
            return failed(ErrorStatus::Unauthorized).into();
        };
        if is_forwarded(headers) {
            return failed(ErrorStatus::Forbidden).into();
        }
        let mut response = self.read(route, 2);
        response
            .headers_mut()
            .insert(TTL_HEADER, left.as_secs().into());
        response.into()
    }

    /// What stands at a path, for a caller of `IMDSv1` or `IMDSv2`.
    fn read(&self, route: Route<'_>, delivery: u8) -> http::Response<Bytes> {
        let (version, segments) = match route {
            Route::Versions => {
                let versions = metadata::listing(Version::all().map(Version::as_str));
                return self.found(TEXT, versions.into());
            }
            Route::Nowhere => return failed(ErrorStatus::NotFound),
            Route::Tree { version, segments } => (version, segments),
        };
        let (state, instance, now) = (self.state, self.instance(), self.now);
        let text = self
            .held
            .tree
            .find(version, segments)
            .and_then(|found| match found {
                Found::Listing(names) => {
                    Some(metadata::listing(names.iter().map(String::as_str)).into())
                }
                Found::Text(text) => Some(text.clone()),
                Found::UserData(data) => Some(Bytes::copy_from_slice(data.expose())),
                Found::ProfileInfo => credentials::profile_info(state, instance, now),
                Found::RoleListing => {
                    credentials::role(state, instance).map(|held| held.role.name.clone().into())
                }
                Found::Credentials { role } => credentials::role(state, instance)
                    .filter(|held| held.role.name == role)
                    .and_then(|_| credentials::document(state, instance, delivery, now)),
            });
        let content_type = if segments == ["user-data"] {
            OCTETS
        } else {
            TEXT
        };
        match text {
            Some(text) => self.found(content_type, text),
            None => failed(ErrorStatus::NotFound),
        }
    }

    fn found(&self, content_type: &'static str, body: Bytes) -> http::Response<Bytes> {
        let mut response = succeeded(content_type, body);
        let changed = self
            .instance()
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

    fn instance(&self) -> &Instance {
        &self.held.instance
    }
}

impl From<http::Response<Bytes>> for Answer {
    fn from(response: http::Response<Bytes>) -> Self {
        Self {
            response,
            hop_limit: None,
            token_use: TokenUse::Regular,
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

fn not_allowed(allow: &'static str) -> http::Response<Bytes> {
    let mut response = with_headers(StatusCode::METHOD_NOT_ALLOWED, TEXT, Bytes::new());
    response
        .headers_mut()
        .insert(header::ALLOW, HeaderValue::from_static(allow));
    response
}

/// The headers that every answer has. Connections are not kept: a token's answer is sent with an
/// IP TTL of its own, which must not outlive it.
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

const TEXT: &str = "text/plain";
const OCTETS: &str = "application/octet-stream";
const TOKEN_HEADER: &str = "x-aws-ec2-metadata-token";
const TTL_HEADER: &str = "x-aws-ec2-metadata-token-ttl-seconds";

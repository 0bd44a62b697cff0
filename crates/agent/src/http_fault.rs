//! What a listener of HTTP answers in place of a secret.

use http::StatusCode;
use protocol::Fault;

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

impl HttpFault {
    /// Because of the token that came with it, or did not.
    pub fn is_bad_token(&self) -> bool {
        self.body == BAD_TOKEN
    }

    pub(crate) fn bad(text: impl Into<String>) -> Self {
        Self::text(StatusCode::BAD_REQUEST, text)
    }

    pub(crate) fn text(status: StatusCode, body: impl Into<String>) -> Self {
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

/// `Content-Type` of secrets and of the service's faults.
pub const JSON: &str = "application/json";

pub(crate) const BAD_TOKEN: &str = "Bad Token";

//! What a signed request claims, before anyone has checked it.
//!
//! Knows no key: nothing here is true until [`super::verify`] has said so.

use std::fmt;

use jiff::Timestamp;

use super::{Scope, text};
use crate::Secret;

/// The claims of a request, well-formed and within bounds. Made by [`super::read`].
#[derive(Clone)]
pub struct Presented {
    pub(super) access_key_id: String,
    pub(super) moment: Timestamp,
    pub(super) scope: Scope,
    pub(super) signed_headers: String,
    pub(super) signature: [u8; 32],
    pub(super) session_token: Option<Secret>,
    pub(super) form: Form,
}

/// Where the signature stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// In the `Authorization` header.
    Header,
    /// In the query, as in a presigned URL.
    Query {
        /// `X-Amz-Expires`: how long the signature counts from its moment on.
        expires_seconds: u32,
    },
}

impl Presented {
    /// Whose key is said to have signed.
    pub fn access_key_id(&self) -> &str {
        &self.access_key_id
    }

    /// When it is said to have been signed, to the second.
    pub fn moment(&self) -> Timestamp {
        self.moment
    }

    /// The scope; its date is that of [`Presented::moment`].
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Names of the signed headers, in lower case, ascending; `host` is among them.
    pub fn signed_headers(&self) -> impl Iterator<Item = &str> {
        text::split(&self.signed_headers, b';')
    }

    /// The signature, for a caller that remembers those it has seen. Not to be logged: it is valid
    /// for minutes.
    pub fn signature(&self) -> &[u8; 32] {
        &self.signature
    }

    /// What came along as the session token of temporary credentials.
    pub fn session_token(&self) -> Option<&Secret> {
        self.session_token.as_ref()
    }

    /// Header or query.
    pub fn form(&self) -> Form {
        self.form
    }
}

/// Without signature and session token.
impl fmt::Debug for Presented {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Presented")
            .field("access_key_id", &self.access_key_id)
            .field("moment", &self.moment)
            .field("scope", &self.scope)
            .field("signed_headers", &self.signed_headers)
            .field("form", &self.form)
            .finish_non_exhaustive()
    }
}

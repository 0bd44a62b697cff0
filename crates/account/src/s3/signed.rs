//! Who claims to have signed a request: the key's owner and its secret, for the world that checks
//! signatures by S3's rules, streams and URLs among them.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use protocol::sigv4::{self, Form, ReadError, Scope};
use protocol::{Fault, Secret};

use super::faults::access_denied;
use crate::entity::Entity;
use crate::entity::Located;
use crate::gate::{self, AuthenticationError, Caller};
use crate::home::Home;
use crate::state::Partition;
use crate::usage;

/// A request's claim, with the secret that its signature must be made with. It counts for nothing
/// before that is checked.
#[derive(Debug)]
pub struct Signed {
    pub(super) caller: Caller,
    pub(super) access_key_id: String,
    pub(super) scope: Scope,
    pub(super) moment: Timestamp,
    pub(super) is_query: bool,
    secret: Secret,
    /// The use of the key that is worth a record, if the signature holds.
    pub(super) used: Option<Located>,
}

/// Why a request has no caller.
#[derive(Debug)]
pub struct Refused {
    /// The access key id that it claims.
    pub access_key_id: Option<String>,
    /// What the client is told.
    pub fault: Fault,
}

impl Signed {
    /// Reads the head of a request and finds its key.
    ///
    /// # Errors
    ///
    /// [`Refused`] where the claim is malformed, and where there is no such key or session.
    pub fn read<B>(
        partition: &Arc<Partition>,
        request: &http::Request<B>,
        now: Timestamp,
    ) -> Result<Self, Refused> {
        let refused = |access_key_id: Option<&str>, fault| Refused {
            access_key_id: access_key_id.map(str::to_owned),
            fault,
        };
        let claim = sigv4::read(request).map_err(|error| refused(None, unreadable(&error)))?;
        let key = claim.access_key_id();
        let found = gate::claimed(partition, &claim, now);
        let (secret, caller) = found.map_err(|error| {
            let has_token = claim.session_token().is_some();
            refused(Some(key), unauthenticated(&error, has_token))
        })?;
        if claim.scope().service != "s3" {
            let why = "The authorization header is malformed; it is not for the service s3.";
            let fault = Fault::new("AuthorizationHeaderMalformed", why);
            return Err(refused(Some(key), fault));
        }
        let account = partition.account(&caller.account);
        let used = account.and_then(|account| {
            let last = usage::of_call(account, &caller, key, claim.scope(), now)?;
            Some(Located {
                home: Home::new(&caller.account, &partition.settings().region),
                entity: Entity::LastUse(last),
            })
        });
        Ok(Self {
            access_key_id: key.to_owned(),
            scope: claim.scope().clone(),
            moment: claim.moment(),
            is_query: matches!(claim.form(), Form::Query { .. }),
            caller,
            secret,
            used,
        })
    }

    /// The key id that it claims.
    pub fn access_key_id(&self) -> &str {
        &self.access_key_id
    }

    /// What its signature must be made with.
    pub fn secret(&self) -> &Secret {
        &self.secret
    }

    /// Account id of the caller.
    pub fn account(&self) -> &str {
        &self.caller.account
    }

    pub(super) fn age(&self, now: Timestamp) -> SignedDuration {
        now.duration_since(self.moment)
    }
}

fn unreadable(error: &ReadError) -> Fault {
    match error {
        ReadError::Missing => access_denied(),
        other => Fault::new(
            "AuthorizationHeaderMalformed",
            format!("The authorization header is malformed; {other}"),
        ),
    }
}

fn unauthenticated(error: &AuthenticationError, has_token: bool) -> Fault {
    match error {
        AuthenticationError::SessionExpired => {
            Fault::new("ExpiredToken", "The provided token has expired.")
        }
        AuthenticationError::InvalidKey if has_token => Fault::new(
            "InvalidToken",
            "The provided token is malformed or otherwise invalid.",
        ),
        AuthenticationError::InvalidKey => Fault::new(
            "InvalidAccessKeyId",
            "The AWS Access Key Id you provided does not exist in our records.",
        )
        .status(403),
        AuthenticationError::Region | AuthenticationError::Signature(_) => Fault::new(
            "AuthorizationHeaderMalformed",
            "The authorization header is malformed; the region is wrong.",
        ),
    }
}

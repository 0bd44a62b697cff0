//! Who signed a call: key lookup, session token, signature.
//!
//! Source of the codes: IAM API Reference, "Common errors"; EC2 API Reference, "Error codes".

use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use protocol::shape::Protocol;
use protocol::sigv4::{self, Presented, ReadError, VerifyError};
use protocol::{Fault, Secret};

use crate::entity::AccessKeyStatus;
use crate::session::{self, InstanceOrigin, OpenError, Session, Token, UserSession};
use crate::state::{Partition, State};
use crate::web_identity::WebIdentity;

/// Who calls, verified.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    /// The twelve digits of the caller's account.
    pub(crate) account: String,
    /// The user's ARN, or the session's.
    pub(crate) arn: String,
    /// `AIDA…`, or `AROA…:session`.
    pub(crate) user_id: String,
    pub(crate) identity: Identity,
}

impl Caller {
    /// The instance whose metadata service gave the caller its credentials.
    pub(crate) fn instance_origin(&self) -> Option<&InstanceOrigin> {
        match &self.identity {
            Identity::Session { session, .. } => session.instance.as_ref(),
            _ => None,
        }
    }
}

/// What kind of principal a caller is.
#[derive(Debug, Clone)]
pub(crate) enum Identity {
    User {
        name: String,
    },
    Session {
        role_arn: String,
        session: Arc<Session>,
    },
    /// A session that a user got, for itself or for a federated user.
    UserSession {
        user_arn: String,
        session: Arc<UserSession>,
    },
    /// Somebody outside, known by a token alone. Only AssumeRoleWithWebIdentity has such a caller.
    Outsider(Box<WebIdentity>),
}

/// A session token that was opened, and the secret key that goes with it.
#[derive(Debug, Clone)]
pub(super) struct Opened {
    session: OpenedSession,
    secret: Secret,
}

#[derive(Debug, Clone)]
enum OpenedSession {
    Role(Arc<Session>),
    User(Arc<UserSession>),
}

impl Opened {
    fn open(
        partition: &Partition,
        access_key_id: &str,
        token: &Secret,
        now: Timestamp,
    ) -> Result<Self, OpenError> {
        let keyring = &partition.settings().keyring;
        let session = match session::open(keyring, access_key_id, token, now)? {
            Token::Role(session) => OpenedSession::Role(Arc::new(session)),
            Token::User(session) => OpenedSession::User(Arc::new(session)),
        };
        let secret = session::secret_access_key(keyring, access_key_id);
        let secret = secret.ok_or(OpenError::Invalid)?;
        Ok(Self { session, secret })
    }

    fn expires(&self) -> Timestamp {
        match &self.session {
            OpenedSession::Role(session) => session.expires,
            OpenedSession::User(session) => session.expires,
        }
    }

    fn issued(&self) -> Timestamp {
        match &self.session {
            OpenedSession::Role(session) => session.issued,
            OpenedSession::User(session) => session.issued,
        }
    }
}

/// Why a call has no caller.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum AuthenticationError {
    /// The key is unknown or inactive, or its session token is missing, foreign or altered.
    InvalidKey,
    /// The session has ended.
    SessionExpired,
    /// The credential scope names a region that is not served.
    Region,
    /// The signature does not hold.
    Signature(VerifyError),
}

/// Whether a request claims a key that there is, by its head alone. Nothing is verified yet: this
/// only tells for whom a large body is worth reading.
pub fn is_key_known<B>(partition: &Partition, request: &http::Request<B>, now: Timestamp) -> bool {
    sigv4::read(request).is_ok_and(|claim| find(partition, &claim, now).is_ok())
}

/// Finds the key a call claims to be signed with and checks the signature.
///
/// The signature is computed for unknown keys too, with a key of nobody's, so that the time taken
/// does not tell which access keys exist.
pub(crate) fn authenticate(
    partition: &Partition,
    request: &http::Request<Bytes>,
    claim: &Presented,
    now: Timestamp,
) -> Result<Caller, AuthenticationError> {
    let found = find(partition, claim, now);
    let nobody = Secret::new(*b"nobody");
    let secret = found.as_ref().map_or(&nobody, |(secret, _)| &**secret);
    let derived = partition.derived();
    let key = derived.signing_key(claim.access_key_id(), secret, claim.scope());
    let verified = sigv4::verify(request, claim, &key, now);
    let (_, caller) = found?;
    if !partition.is_region_served(&claim.scope().region) {
        return Err(AuthenticationError::Region);
    }
    verified.map_err(AuthenticationError::Signature)?;
    Ok(caller)
}

/// Who a claim is of, and the secret that it must be made with, where somebody else checks that it
/// is.
pub(crate) fn claimed(
    partition: &Partition,
    claim: &Presented,
    now: Timestamp,
) -> Result<(Secret, Caller), AuthenticationError> {
    let (secret, caller) = find(partition, claim, now)?;
    if !partition.is_region_served(&claim.scope().region) {
        return Err(AuthenticationError::Region);
    }
    Ok((secret.into_owned(), caller))
}

fn find<'p>(partition: &'p Partition, claim: &Presented, now: Timestamp) -> Found<'p> {
    match claim.session_token() {
        None => find_user(partition, claim.access_key_id()),
        Some(token) => find_session(partition, claim.access_key_id(), token, now),
    }
    .ok_or(AuthenticationError::InvalidKey)
    .and_then(|found| found)
}

/// The secret key that is held, or that goes with a session, and whose it is.
type Found<'p> = Result<(Cow<'p, Secret>, Caller), AuthenticationError>;

fn find_user<'p>(partition: &'p Partition, access_key_id: &str) -> Option<Found<'p>> {
    let account = partition.account_of_key(access_key_id)?;
    let key = account.access_key(access_key_id)?;
    let held = account.user(&key.user)?;
    if key.status != AccessKeyStatus::Active {
        return None;
    }
    let user = &held.user;
    let caller = Caller {
        account: account.id().to_owned(),
        arn: account.iam_arn("user", &user.path, &user.name).into_text(),
        user_id: user.id.clone(),
        identity: Identity::User {
            name: user.name.clone(),
        },
    };
    Some(Ok((Cow::Borrowed(&key.secret), caller)))
}

fn find_session<'p>(
    partition: &'p Partition,
    access_key_id: &str,
    token: &Secret,
    now: Timestamp,
) -> Option<Found<'p>> {
    let derived = partition.derived();
    let open = || Opened::open(partition, access_key_id, token, now);
    let opened = match derived.session(access_key_id, token, open) {
        // It was opened before the host's clock was set back.
        Ok(opened) if session::is_ahead(opened.issued(), now) => return None,
        Ok(opened) if opened.expires() > now => opened,
        Ok(_) | Err(OpenError::Expired) => {
            return Some(Err(AuthenticationError::SessionExpired));
        }
        Err(OpenError::Invalid) => return None,
    };
    let Opened { session, secret } = opened;
    let session = match session {
        OpenedSession::Role(session) => session,
        OpenedSession::User(session) => return find_user_session(partition, session, secret),
    };
    let account = partition.account(&session.account)?;
    let held = account
        .role(&session.role)
        .filter(|held| held.role.id == session.role_id)?;
    let role = &held.role;
    let caller = Caller {
        account: account.id().to_owned(),
        arn: session_arn(&session),
        user_id: [&role.id, ":", &session.name].concat(),
        identity: Identity::Session {
            role_arn: account.iam_arn("role", &role.path, &role.name).into_text(),
            session,
        },
    };
    Some(Ok((Cow::Owned(secret), caller)))
}

/// A user that was made anew under its old name has no session of the old one, and a user that is
/// gone none at all.
fn find_user_session(
    partition: &Partition,
    session: Arc<UserSession>,
    secret: Secret,
) -> Option<Found<'_>> {
    let iam = partition.account(&session.account)?;
    let held = iam
        .user(&session.user)
        .filter(|held| held.user.id == session.user_id)?;
    let user = &held.user;
    let account = iam.id();
    let user_arn = iam.iam_arn("user", &user.path, &user.name).into_text();
    let (arn, user_id) = match &session.federated {
        Some(federated) => (
            federated_arn(account, &federated.name),
            format!("{account}:{}", federated.name),
        ),
        None => (user_arn.clone(), user.id.clone()),
    };
    let caller = Caller {
        account: account.to_owned(),
        arn,
        user_id,
        identity: Identity::UserSession { user_arn, session },
    };
    Some(Ok((Cow::Owned(secret), caller)))
}

/// A caller from outside, who has no ARN. The id is what CloudTrail calls its principal.
pub(crate) fn outsider(state: &State, identity: WebIdentity) -> Caller {
    let WebIdentity {
        provider,
        audience,
        subject,
        ..
    } = &identity;
    Caller {
        account: state.account_id().to_owned(),
        arn: String::new(),
        user_id: format!("{provider}:{audience}:{subject}"),
        identity: Identity::Outsider(Box::new(identity)),
    }
}

/// The ARN of a federated user.
pub(crate) fn federated_arn(account: &str, name: &str) -> String {
    format!("arn:aws:sts::{account}:federated-user/{name}")
}

/// The ARN of a role session; it leaves out the role's path.
pub(crate) fn session_arn(session: &Session) -> String {
    let Session {
        account,
        role,
        name,
        ..
    } = session;
    ["arn:aws:sts::", account, ":assumed-role/", role, "/", name].concat()
}

/// What the client is told of a claim that cannot be read.
pub(crate) fn unreadable(error: &ReadError, protocol: Option<Protocol>) -> Fault {
    let json = matches!(protocol, Some(Protocol::Json { .. }));
    match error {
        ReadError::Missing if json => Fault::new(
            "MissingAuthenticationTokenException",
            "Missing Authentication Token",
        ),
        ReadError::Missing => Fault::new(
            "MissingAuthenticationToken",
            "Request is missing Authentication Token",
        )
        .status(403),
        other if json => Fault::new("IncompleteSignatureException", other.to_string()),
        other => Fault::new("IncompleteSignature", other.to_string()),
    }
}

impl AuthenticationError {
    /// In the words of the protocol.
    pub(crate) fn fault(&self, protocol: Option<Protocol>) -> Fault {
        match protocol {
            Some(Protocol::Ec2 { .. }) => self.ec2_fault(),
            Some(Protocol::Json { .. }) => {
                let (_, code) = self.codes();
                Fault::new(code, self.message())
            }
            Some(Protocol::Query { .. }) | None => {
                let (code, _) = self.codes();
                Fault::new(code, self.message()).status(403)
            }
        }
    }

    /// In the Query protocol and in the JSON protocol.
    fn codes(&self) -> (&'static str, &'static str) {
        match self {
            Self::InvalidKey => ("InvalidClientTokenId", "UnrecognizedClientException"),
            Self::SessionExpired => ("ExpiredToken", "ExpiredTokenException"),
            Self::Region | Self::Signature(_) => {
                ("SignatureDoesNotMatch", "InvalidSignatureException")
            }
        }
    }

    fn message(&self) -> String {
        match self {
            Self::InvalidKey => "The security token included in the request is invalid.".into(),
            Self::SessionExpired => "The security token included in the request is expired".into(),
            Self::Region => "Credential should be scoped to a valid region. ".into(),
            Self::Signature(error) => error.to_string(),
        }
    }

    fn ec2_fault(&self) -> Fault {
        match self {
            Self::SessionExpired | Self::Signature(VerifyError::Skewed { .. }) => {
                Fault::new("RequestExpired", "Request has expired.")
            }
            Self::InvalidKey | Self::Region | Self::Signature(_) => Fault::new(
                "AuthFailure",
                "AWS was not able to validate the provided access credentials",
            )
            .status(401),
        }
    }
}

pub(crate) const GLOBAL_REGION: &str = "us-east-1";

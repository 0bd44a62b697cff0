//! Temporary credentials, without a table of them.
//!
//! A session token is the session itself, sealed under a key that only the account has; the secret
//! access key is derived from the access key id. So minting writes nothing, nothing grows with the
//! number of sessions, and every server that shares the keyring accepts them, also after a restart.
//! What may change in between (the role, its policies) is looked up when a session is used.
//!
//! Source of the properties: STS API Reference, "AssumeRole"; IAM User Guide, "Temporary security
//! credentials".

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use protocol::Secret;
use serde::{Deserialize, Serialize};

use crate::entity::{Keyring, Tag};
use crate::entropy::keyed_hash;
use crate::ids;
use crate::sealed::{self, Purpose};

/// What a session token says: whose session it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Token {
    /// A role's.
    Role(Session),
    /// A user's.
    User(UserSession),
}

/// A session that a user got for itself, or for somebody whom it vouches for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct UserSession {
    /// The access key id that belongs to it.
    pub(crate) access_key_id: String,
    /// Account of the user.
    pub(crate) account: String,
    /// Name of the user.
    pub(crate) user: String,
    /// Unique id of the user: one made anew under the same name is another.
    pub(crate) user_id: String,
    pub(crate) issued: Timestamp,
    pub(crate) expires: Timestamp,
    /// Who acts with the user's rights, where it is not the user itself (GetFederationToken).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) federated: Option<Federated>,
}

/// A federated user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Federated {
    /// Chosen by the user that federated.
    pub(crate) name: String,
    /// The session policy. Without any, the session may do nothing by the user's policies.
    pub(crate) policy: Option<String>,
    /// Managed policies as session policies.
    pub(crate) policy_arns: Vec<String>,
    pub(crate) tags: Vec<Tag>,
}

/// A session of a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Session {
    /// The access key id that belongs to it.
    pub(crate) access_key_id: String,
    /// Account of the role.
    pub(crate) account: String,
    /// Name of the role assumed.
    pub(crate) role: String,
    /// Unique id of the role: a role made anew under the same name is another.
    pub(crate) role_id: String,
    /// Chosen by whoever assumed the role; for an instance it is the instance id.
    pub(crate) name: String,
    pub(crate) issued: Timestamp,
    pub(crate) expires: Timestamp,
    /// The session policy, which narrows what the role allows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) policy: Option<String>,
    /// Managed policies as session policies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) policy_arns: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) tags: Vec<Tag>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) transitive_tag_keys: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) source_identity: Option<String>,
    /// ARN of the identity provider whose token it was got with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) provider: Option<String>,
    /// The instance whose metadata service handed it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) instance: Option<InstanceOrigin>,
}

/// What a session of an instance knows of where it was delivered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct InstanceOrigin {
    /// ARN of the instance.
    pub(crate) arn: String,
    pub(crate) vpc_id: String,
    pub(crate) private_ip: std::net::Ipv4Addr,
    /// 1 or 2, as in `ec2:RoleDelivery`.
    pub(crate) delivery: u8,
}

/// Credentials as a client gets them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Credentials {
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: Secret,
    pub(crate) session_token: Secret,
    pub(crate) expires: Timestamp,
}

/// Why a session token is not accepted.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum OpenError {
    /// Not sealed by this account, altered, or of another form.
    Invalid,
    /// It has ended.
    Expired,
}

impl Token {
    fn issued(&self) -> Timestamp {
        match self {
            Self::Role(session) => session.issued,
            Self::User(session) => session.issued,
        }
    }

    /// The access key id, to be set when it is minted, and the end.
    fn key_and_end(&mut self) -> (&mut String, Timestamp) {
        match self {
            Self::Role(session) => (&mut session.access_key_id, session.expires),
            Self::User(session) => (&mut session.access_key_id, session.expires),
        }
    }
}

impl From<Session> for Token {
    fn from(session: Session) -> Self {
        Self::Role(session)
    }
}

impl From<UserSession> for Token {
    fn from(session: UserSession) -> Self {
        Self::User(session)
    }
}

impl Session {
    /// Whether session policies have a say.
    pub(crate) fn is_narrowed(&self) -> bool {
        self.policy.is_some() || !self.policy_arns.is_empty()
    }
}

/// Seals a session. `random` seeds the access key id (its first 16 bytes) and the nonce.
///
/// Equal sessions with equal random bytes give equal credentials: the nonce is bound to the text,
/// so it repeats only where the whole token does.
pub(crate) fn mint(
    keyring: &Keyring,
    token: impl Into<Token>,
    random: &[u8; 32],
) -> Option<Credentials> {
    let [id @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = random;
    let mut token = token.into();
    let (access_key_id, expires) = token.key_and_end();
    *access_key_id = ids::access_key_id("ASIA", id);
    let (access_key_id, expires) = (access_key_id.clone(), expires);
    let text = serde_json::to_vec(&token).ok()?;
    let sealed = sealed::seal(&keyring.session_seal, TOKEN, text, random)?;
    Some(Credentials {
        secret_access_key: secret_access_key(keyring, &access_key_id)?,
        access_key_id,
        session_token: Secret::from_text(STANDARD.encode(sealed)),
        expires,
    })
}

/// Opens a session token that came with `access_key_id`.
pub(crate) fn open(
    keyring: &Keyring,
    access_key_id: &str,
    token: &Secret,
    now: Timestamp,
) -> Result<Token, OpenError> {
    if token.len() > TOKEN_BYTES_MAX {
        return Err(OpenError::Invalid);
    }
    let sealed = STANDARD
        .decode(token.expose())
        .map_err(|_| OpenError::Invalid)?;
    let text = sealed::open(&keyring.session_seal, TOKEN, &sealed).ok_or(OpenError::Invalid)?;
    let mut token: Token = serde_json::from_slice(&text).map_err(|_| OpenError::Invalid)?;
    let (own, expires) = token.key_and_end();
    if *own != access_key_id {
        return Err(OpenError::Invalid);
    }
    if expires <= now {
        Err(OpenError::Expired)
    } else if is_ahead(token.issued(), now) {
        Err(OpenError::Invalid)
    } else {
        Ok(token)
    }
}

/// Whether a session begins later than clocks of servers are apart: the host's clock was set back,
/// and the session would be there for longer than it was made for.
pub(crate) fn is_ahead(issued: Timestamp, now: Timestamp) -> bool {
    issued.duration_since(now) > AHEAD_MAX
}

/// The secret access key that belongs to a session's access key id.
pub(crate) fn secret_access_key(keyring: &Keyring, access_key_id: &str) -> Option<Secret> {
    let key = keyring.session_keys.expose().try_into().ok()?;
    let digest = keyed_hash(key, &[access_key_id.as_bytes()]);
    let (random, _) = digest.split_first_chunk::<30>()?;
    Some(ids::secret_access_key(random))
}

const TOKEN: Purpose = Purpose {
    form: 1,
    aad: b"rolecall session token",
};
// As far as a signature may be from the server's clock, at the most.
const AHEAD_MAX: SignedDuration = SignedDuration::from_mins(15);
/// What a request can carry, so that no token is made that could not be used.
pub(crate) const TOKEN_BYTES_MAX: usize = protocol::sigv4::SESSION_TOKEN_BYTES_MAX;

#[cfg(test)]
mod tests;

//! Temporary credentials, without a table of them.
//!
//! A session token is the session itself, sealed under a key that only the account has; the secret
//! access key is derived from the access key id. So minting writes nothing, nothing grows with the
//! number of sessions, and every server that shares the keyring accepts them, also after a restart.
//! What may change in between (the role, its policies) is looked up when a session is used.
//!
//! Source of the properties: STS API Reference, "AssumeRole"; IAM User Guide, "Temporary security
//! credentials".

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use protocol::Secret;
use serde::{Deserialize, Serialize};

use crate::entity::{Keyring, Tag};
use crate::entropy::keyed_hash;
use crate::ids;

/// What a session token says.
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
    mut session: Session,
    random: &[u8; 32],
) -> Option<Credentials> {
    let [id @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = random;
    session.access_key_id = ids::access_key_id("ASIA", id);
    let mut text = serde_json::to_vec(&session).ok()?;
    let mut nonce = [0; NONCE_LEN];
    let digest = keyed_hash(random, &[&text]);
    nonce.copy_from_slice(digest.get(..NONCE_LEN)?);
    seal_key(keyring)?
        .seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(TOKEN_AAD),
            &mut text,
        )
        .ok()?;
    let token: Vec<u8> = [TOKEN_FORM].into_iter().chain(nonce).chain(text).collect();
    Some(Credentials {
        secret_access_key: secret_access_key(keyring, &session.access_key_id)?,
        access_key_id: session.access_key_id,
        session_token: Secret::from_text(STANDARD.encode(token)),
        expires: session.expires,
    })
}

/// Opens a session token that came with `access_key_id`.
pub(crate) fn open(
    keyring: &Keyring,
    access_key_id: &str,
    token: &Secret,
    now: Timestamp,
) -> Result<Session, OpenError> {
    if token.len() > TOKEN_BYTES_MAX {
        return Err(OpenError::Invalid);
    }
    let sealed = STANDARD
        .decode(token.expose())
        .map_err(|_| OpenError::Invalid)?;
    let Some(([TOKEN_FORM], rest)) = sealed.split_at_checked(1) else {
        return Err(OpenError::Invalid);
    };
    let (nonce, text) = rest.split_at_checked(NONCE_LEN).ok_or(OpenError::Invalid)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| OpenError::Invalid)?;
    let mut text = text.to_vec();
    let text = seal_key(keyring)
        .ok_or(OpenError::Invalid)?
        .open_in_place(nonce, Aad::from(TOKEN_AAD), &mut text)
        .map_err(|_| OpenError::Invalid)?;
    let session: Session = serde_json::from_slice(text).map_err(|_| OpenError::Invalid)?;
    if session.access_key_id != access_key_id {
        return Err(OpenError::Invalid);
    }
    if session.expires <= now {
        Err(OpenError::Expired)
    } else {
        Ok(session)
    }
}

/// The secret access key that belongs to a session's access key id.
pub(crate) fn secret_access_key(keyring: &Keyring, access_key_id: &str) -> Option<Secret> {
    let key = keyring.session_keys.expose().try_into().ok()?;
    let digest = keyed_hash(key, &[access_key_id.as_bytes()]);
    let (random, _) = digest.split_first_chunk::<30>()?;
    Some(ids::secret_access_key(random))
}

fn seal_key(keyring: &Keyring) -> Option<LessSafeKey> {
    let key = UnboundKey::new(&AES_256_GCM, keyring.session_seal.expose()).ok()?;
    Some(LessSafeKey::new(key))
}

/// First byte of a sealed token; another form gets another number.
const TOKEN_FORM: u8 = 1;
const TOKEN_AAD: &[u8] = b"rolecall session token";
/// What a request can carry, so that no token is made that could not be used.
pub(crate) const TOKEN_BYTES_MAX: usize = protocol::sigv4::SESSION_TOKEN_BYTES_MAX;

#[cfg(test)]
mod tests;

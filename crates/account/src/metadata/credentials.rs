//! What `iam/` tells: the profile, the role, and credentials that are always there already.
//!
//! Credentials are a function of the instance, its role and the current slot of time: nothing is
//! kept, nothing is fetched inside a request, and two servers tell the same.

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use protocol::metadata;

use super::about::About;
use crate::entity::{Association, Instance};
use crate::entropy::keyed_hash;
use crate::gate;
use crate::session::{self, InstanceOrigin, Session};
use crate::state::{HeldRole, State};

/// The role of an instance, if its profile still has one.
pub(crate) fn role<'a>(state: &'a State, instance: &Instance) -> Option<&'a HeldRole> {
    let association = instance.association.as_ref()?;
    let name = association.profile_arn.rsplit('/').next()?;
    let profile = state
        .profile(name)
        .filter(|profile| profile.id == association.profile_id)?;
    state.role(profile.role.as_deref()?).map(AsRef::as_ref)
}

/// `iam/info`.
pub(super) fn profile_info(state: &State, instance: &Instance, now: Timestamp) -> Option<Bytes> {
    let association = instance.association.as_ref()?;
    Some(metadata::document(&[
        ("Code", Some("Success")),
        (
            "LastUpdated",
            Some(&metadata::instant(slot(state, instance, association, now))),
        ),
        ("InstanceProfileArn", Some(&association.profile_arn)),
        ("InstanceProfileId", Some(&association.profile_id)),
    ]))
}

/// `iam/security-credentials/ROLE`, or with the account's number for the extended tree. A failure
/// is a document too, as on EC2.
pub(super) fn document(it: &About<'_>, named: &str, extended: bool) -> Option<Bytes> {
    let (state, instance, now) = (it.state, it.instance(), it.now);
    let held = role(state, instance).filter(|held| held.role.name == named)?;
    let association = instance.association.as_ref()?;
    let issued = slot(state, instance, association, now);
    if !gate::trusts(state, held, "ec2.amazonaws.com") {
        let message = format!(
            "EC2 cannot assume the role {}. Please see documentation at \
             https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_iam-ec2.html\
             #troubleshoot_iam-ec2_errors-info-doc.",
            held.role.name
        );
        return Some(metadata::document(&[
            ("Code", Some("AssumeRoleUnauthorizedAccess")),
            ("Message", Some(&message)),
            ("LastUpdated", Some(&metadata::instant(now))),
        ]));
    }
    let credentials = mint(it, &held.role.name, &held.role.id, issued)?;
    let account_id = extended.then_some(it.settings().account_id.as_str());
    Some(success(&credentials, issued, account_id))
}

/// `identity-credentials/ec2/security-credentials/ec2-instance`: whole in form, and of a role that
/// no account has, so that no call is accepted with them.
pub(super) fn of_identity(it: &About<'_>) -> Option<Bytes> {
    let issued = slot_since(it.state, it.instance(), it.instance().launched, it.now);
    let credentials = mint(it, IDENTITY_ROLE, "", issued)?;
    Some(success(&credentials, issued, None))
}

fn success(
    credentials: &session::Credentials,
    issued: Timestamp,
    account_id: Option<&str>,
) -> Bytes {
    let (issued, end) = (
        metadata::instant(issued),
        metadata::instant(credentials.expires),
    );
    let secret = credentials.secret_access_key.expose_text();
    let mut fields = vec![
        ("Code", Some("Success")),
        ("LastUpdated", Some(issued.as_str())),
        ("Type", Some("AWS-HMAC")),
        ("AccessKeyId", Some(credentials.access_key_id.as_str())),
        ("SecretAccessKey", secret),
        ("Token", credentials.session_token.expose_text()),
        ("Expiration", Some(&end)),
    ];
    fields.extend(account_id.map(|id| ("AccountId", Some(id))));
    metadata::document(&fields)
}

fn mint(
    it: &About<'_>,
    role: &str,
    role_id: &str,
    issued: Timestamp,
) -> Option<session::Credentials> {
    let (state, instance, delivery) = (it.state, it.instance(), it.delivery);
    let settings = state.settings();
    let arn = format!(
        "arn:aws:ec2:{}:{}:instance/{}",
        settings.region, settings.account_id, instance.id
    );
    let session = Session {
        access_key_id: String::new(),
        account: state.account_id().to_owned(),
        role: role.to_owned(),
        role_id: role_id.to_owned(),
        name: instance.id.clone(),
        issued,
        expires: issued + LIFETIME,
        policy: None,
        policy_arns: Vec::new(),
        tags: Vec::new(),
        transitive_tag_keys: Vec::new(),
        source_identity: None,
        provider: None,
        instance: Some(InstanceOrigin {
            arn,
            vpc_id: settings.network.vpc_id.clone(),
            private_ip: instance.placement.private_ip,
            delivery,
        }),
    };
    let key = settings.keyring.session_keys.expose().try_into().ok()?;
    let of = [
        instance.id.as_bytes(),
        role_id.as_bytes(),
        &[delivery],
        &issued.as_second().to_be_bytes(),
    ];
    session::mint(&settings.keyring, session, &keyed_hash(key, &of))
}

/// When the credentials offered now were issued; an association starts afresh.
fn slot(
    state: &State,
    instance: &Instance,
    association: &Association,
    now: Timestamp,
) -> Timestamp {
    slot_since(state, instance, association.since, now)
}

/// The same from `since`. Each instance has its own rhythm, so that many do not rotate at once.
fn slot_since(state: &State, instance: &Instance, since: Timestamp, now: Timestamp) -> Timestamp {
    let key = state
        .settings()
        .keyring
        .session_keys
        .expose()
        .try_into()
        .unwrap_or(&[0; 32]);
    let [first, second, ..] = keyed_hash(key, &[b"slot", instance.id.as_bytes()]);
    let phase = i64::from(u16::from_be_bytes([first, second])) % SLOT.as_secs();
    let start = (now.as_second() - phase).div_euclid(SLOT.as_secs()) * SLOT.as_secs() + phase;
    // One that comes later than now is of before the host's clock was set back.
    let start = match since.as_second() {
        since if since <= now.as_second() => start.max(since),
        _ => start,
    };
    Timestamp::from_second(start).unwrap_or(now)
}

// As EC2 names the role of an instance itself, which IAM does not show.
const IDENTITY_ROLE: &str = "aws:ec2-instance";
// As observed on EC2: about six hours, and new ones well before the old ones end. A caller always
// finds at least an hour left, more than any SDK asks for.
const LIFETIME: SignedDuration = SignedDuration::from_hours(6);
const SLOT: SignedDuration = SignedDuration::from_hours(5);

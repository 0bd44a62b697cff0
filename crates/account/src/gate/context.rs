//! The condition keys of one need of a call, beside those that the need itself brings.

use std::net::IpAddr;

use jiff::Timestamp;
use policy::{Context, Value};

use super::authenticate::{Caller, GLOBAL_REGION, Identity};
use super::keys::{self, ConditionKey};
use super::need::Need;
use crate::entity::Tag;
use crate::session::Session;
use crate::state::State;

/// Where and when a call was made, and with what.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Circumstances<'a> {
    pub(crate) source: Option<IpAddr>,
    pub(crate) user_agent: Option<&'a str>,
    pub(crate) referer: Option<&'a str>,
    /// Over TLS.
    pub(crate) secure: bool,
    pub(crate) now: Timestamp,
}

/// Values of the keys of the one table.
struct Supplied(Context);

impl Supplied {
    fn with(self, key: &'static ConditionKey, value: impl Into<Value>) -> Self {
        Self(self.0.with(key.name, value))
    }

    fn with_some(self, key: &'static ConditionKey, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    /// Tags of the user or role; a session's own tags take their place.
    fn with_principal_tags(self, tags: &[Tag]) -> Self {
        tags.iter().fold(self, |Self(context), tag| {
            let key = keys::PRINCIPAL_TAG.of_part(&tag.key);
            Self(context.with(&key, tag.value.as_str()))
        })
    }
}

pub(super) fn context(
    state: &State,
    caller: &Caller,
    need: &Need,
    owner: &str,
    circumstances: &Circumstances<'_>,
) -> Context {
    let now = circumstances.now;
    let source = circumstances.source.map(|source| source.to_string());
    let of_ec2 = need.action.starts_with("ec2:");
    let of_kms = need.action.starts_with("kms:");
    let account = caller.account.as_str();
    let iam = state.account_by_id(account);
    let supplied = Supplied(Context::new())
        .with(&keys::PRINCIPAL_ACCOUNT, account)
        .with(&keys::PRINCIPAL_ARN, principal_arn(caller))
        .with(&keys::PRINCIPAL_IS_AWS_SERVICE, false)
        .with(&keys::USER_ID, caller.user_id.as_str())
        .with(&keys::RESOURCE_ACCOUNT, owner)
        .with(&keys::REQUESTED_REGION, requested_region(state, need))
        .with(&keys::VIA_AWS_SERVICE, false)
        .with(&keys::CURRENT_TIME, now.to_string())
        .with(&keys::EPOCH_TIME, now.as_second().to_string())
        .with(&keys::SECURE_TRANSPORT, circumstances.secure)
        .with_some(&keys::SOURCE_IP, source)
        .with_some(&keys::USER_AGENT, circumstances.user_agent)
        .with_some(&keys::REFERER, circumstances.referer)
        .with_some(&keys::EC2_REGION, of_ec2.then(|| state.region()))
        .with_some(&keys::KMS_CALLER_ACCOUNT, of_kms.then_some(account));
    let Supplied(context) = match &caller.identity {
        Identity::User { name } => {
            let user = iam.and_then(|iam| iam.user(name));
            let tags = user.map(|held| held.user.tags.as_slice());
            supplied
                .with_principal_tags(tags.unwrap_or_default())
                .with(&keys::USER_NAME, name.as_str())
                .with(&keys::PRINCIPAL_TYPE, "User")
        }
        Identity::Session { session, .. } => {
            let role = iam.and_then(|iam| iam.role(&session.role));
            let tags = role.map(|held| held.role.tags.as_slice());
            let supplied = supplied
                .with_principal_tags(tags.unwrap_or_default())
                .with(&keys::PRINCIPAL_TYPE, "AssumedRole");
            of_session(supplied, session)
        }
    };
    let of_need = need.keys.iter();
    of_need.fold(context, |context, (key, value)| {
        context.with(key, value.clone())
    })
}

/// IAM and STS count as called in the first region, wherever they are.
fn requested_region<'a>(state: &'a State, need: &Need) -> &'a str {
    match need.action.split_once(':') {
        Some(("iam" | "sts", _)) => GLOBAL_REGION,
        _ => state.region(),
    }
}

/// Source: EC2 User Guide, "Use condition keys with roles for EC2".
fn of_session(supplied: Supplied, session: &Session) -> Supplied {
    let supplied = supplied
        .with(&keys::TOKEN_ISSUE_TIME, session.issued.to_string())
        // There is no MFA here; for temporary credentials the key then says so.
        .with(&keys::MFA_PRESENT, false)
        .with_some(&keys::SOURCE_IDENTITY, session.source_identity.as_deref())
        .with_principal_tags(&session.tags);
    let Some(origin) = &session.instance else {
        return supplied;
    };
    supplied
        .with(&keys::ROLE_DELIVERY, format!("{}.0", origin.delivery))
        .with(&keys::SOURCE_INSTANCE_ARN, origin.arn.as_str())
        .with(&keys::INSTANCE_SOURCE_VPC, origin.vpc_id.as_str())
        .with(&keys::INSTANCE_SOURCE_IP, origin.private_ip.to_string())
}

/// For a session it is the role's ARN.
fn principal_arn(caller: &Caller) -> &str {
    match &caller.identity {
        Identity::User { .. } => &caller.arn,
        Identity::Session { role_arn, .. } => role_arn,
    }
}

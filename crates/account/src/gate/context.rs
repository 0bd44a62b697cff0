//! The condition keys of one need of a call, beside those that the need itself brings.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use jiff::Timestamp;
use policy::{Context, Value};

use super::authenticate::{Caller, GLOBAL_REGION, Identity};
use super::keys::{self, ConditionKey};
use super::need::Need;
use crate::entity::Tag;
use crate::session::Session;
use crate::state::{Membership, State};

/// Among the extensions of a request that came from inside a VPC, as if through a VPC endpoint.
///
/// Source: IAM User Guide, `aws:SourceVpc`, `aws:VpcSourceIp`, and `aws:SourceIp`, which such a
/// request does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FromVpc {
    /// `vpc-…`
    pub vpc_id: String,
    /// The address that the request has in there.
    pub private_ip: Ipv4Addr,
}

/// Where and when a call was made, and with what.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Circumstances<'a> {
    pub(crate) source: Option<IpAddr>,
    /// Where in a VPC, if it was made in one.
    pub(crate) from_vpc: Option<&'a FromVpc>,
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

    /// Where an account stands in its organization, by the two keys that say so.
    fn with_organization(
        self,
        (id, paths): (&'static ConditionKey, &'static ConditionKey),
        membership: Option<&Arc<Membership>>,
    ) -> Self {
        match membership {
            Some(membership) => self
                .with(id, membership.organization.as_str())
                .with(paths, vec![membership.path.clone()]),
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
    let (vpc_id, private_ip) = match circumstances.from_vpc {
        Some(from) => (
            Some(from.vpc_id.as_str()),
            Some(from.private_ip.to_string()),
        ),
        None => (None, None),
    };
    let source = circumstances.source.filter(|_| vpc_id.is_none());
    let source = source.map(|source| source.to_string());
    let of_ec2 = need.action.starts_with("ec2:");
    let of_kms = need.action.starts_with("kms:");
    let account = caller.account.as_str();
    let of_owner = state.partition().membership(owner);
    let own = state.partition().membership(account);
    let supplied = Supplied(Context::new())
        .with_organization((&keys::PRINCIPAL_ORG_ID, &keys::PRINCIPAL_ORG_PATHS), own)
        .with_organization(
            (&keys::RESOURCE_ORG_ID, &keys::RESOURCE_ORG_PATHS),
            of_owner,
        )
        .with(&keys::PRINCIPAL_IS_AWS_SERVICE, false)
        .with(&keys::RESOURCE_ACCOUNT, owner)
        .with(&keys::REQUESTED_REGION, requested_region(state, need))
        .with(&keys::VIA_AWS_SERVICE, false)
        .with(&keys::CURRENT_TIME, now.to_string())
        .with(&keys::EPOCH_TIME, now.as_second().to_string())
        .with(&keys::SECURE_TRANSPORT, circumstances.secure)
        .with_some(&keys::SOURCE_IP, source)
        .with_some(&keys::SOURCE_VPC, vpc_id)
        .with_some(&keys::VPC_SOURCE_IP, private_ip)
        .with_some(&keys::USER_AGENT, circumstances.user_agent)
        .with_some(&keys::REFERER, circumstances.referer)
        .with_some(&keys::EC2_REGION, of_ec2.then(|| state.region()))
        .with_some(&keys::KMS_CALLER_ACCOUNT, of_kms.then_some(account));
    let Supplied(context) = of_caller(supplied, state, caller);
    let of_need = need.keys.iter();
    of_need.fold(context, |context, (key, value)| {
        context.with(key, value.clone())
    })
}

/// What is known of who calls. Who comes from outside is no principal of the account.
fn of_caller(supplied: Supplied, state: &State, caller: &Caller) -> Supplied {
    if matches!(caller.identity, Identity::Outsider(_)) {
        return supplied;
    }
    let supplied = supplied
        .with(&keys::PRINCIPAL_ACCOUNT, caller.account.as_str())
        .with(&keys::PRINCIPAL_ARN, principal_arn(caller))
        .with(&keys::USER_ID, caller.user_id.as_str());
    let iam = state.account_by_id(&caller.account);
    let user_tags = |name: &str| {
        let held = iam.and_then(|iam| iam.user(name));
        held.map_or(Vec::new(), |held| held.user.tags.clone())
    };
    match &caller.identity {
        Identity::User { name } => supplied
            .with_principal_tags(&user_tags(name))
            .with(&keys::USER_NAME, name.as_str())
            .with(&keys::PRINCIPAL_TYPE, "User"),
        Identity::Session { session, .. } => {
            let role = iam.and_then(|iam| iam.role(&session.role));
            let tags = role.map(|held| held.role.tags.as_slice());
            let supplied = supplied
                .with_principal_tags(tags.unwrap_or_default())
                .with(&keys::PRINCIPAL_TYPE, "AssumedRole");
            of_session(supplied, session)
        }
        Identity::UserSession { session, .. } => {
            let supplied = supplied
                .with(&keys::TOKEN_ISSUE_TIME, session.issued.to_string())
                .with(&keys::MFA_PRESENT, false)
                .with_principal_tags(&user_tags(&session.user));
            match &session.federated {
                Some(federated) => supplied
                    .with_principal_tags(&federated.tags)
                    .with(&keys::PRINCIPAL_TYPE, "FederatedUser"),
                None => supplied
                    .with(&keys::USER_NAME, session.user.as_str())
                    .with(&keys::PRINCIPAL_TYPE, "User"),
            }
        }
        Identity::Outsider(_) => supplied,
    }
}

/// IAM, Organizations and STS count as called in the first region, wherever they are.
fn requested_region<'a>(state: &'a State, need: &Need) -> &'a str {
    match need.action.split_once(':') {
        Some(("iam" | "organizations" | "sts", _)) => GLOBAL_REGION,
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
        .with_some(&keys::FEDERATED_PROVIDER, session.provider.as_deref())
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
        Identity::User { .. } | Identity::UserSession { .. } | Identity::Outsider(_) => &caller.arn,
        Identity::Session { role_arn, .. } => role_arn,
    }
}

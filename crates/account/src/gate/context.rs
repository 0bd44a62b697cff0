//! The condition keys of one need of a call, beside those that the need itself brings.

use std::net::IpAddr;

use jiff::Timestamp;
use policy::Context;

use super::authenticate::{Caller, GLOBAL_REGION, Identity};
use super::authorize::Need;
use crate::entity::Tag;
use crate::session::Session;
use crate::state::State;

/// Source: IAM User Guide, "AWS global condition context keys".
pub(super) fn context(
    state: &State,
    caller: &Caller,
    need: &Need,
    owner: &str,
    source: Option<IpAddr>,
    now: Timestamp,
) -> Context {
    let mut context = Context::new()
        .with("aws:PrincipalAccount", caller.account.as_str())
        .with("aws:ResourceAccount", owner)
        .with("aws:RequestedRegion", requested_region(state, need))
        .with("aws:ViaAWSService", false)
        .with("aws:PrincipalIsAWSService", false)
        .with("aws:PrincipalArn", principal_arn(caller))
        .with("aws:userid", caller.user_id.as_str())
        .with("aws:CurrentTime", now.to_string())
        .with("aws:EpochTime", now.as_second().to_string());
    if let Some(source) = source {
        context = context.with("aws:SourceIp", source.to_string());
    }
    if need.action.starts_with("ec2:") {
        context = context.with("ec2:Region", state.region());
    }
    match &caller.identity {
        Identity::User { name } => {
            let tags = state.user(name).map(|held| held.user.tags.as_slice());
            context = principal_tags(context, tags.unwrap_or_default())
                .with("aws:username", name.as_str())
                .with("aws:PrincipalType", "User");
        }
        Identity::Session { session, .. } => {
            let tags = state
                .role(&session.role)
                .map(|held| held.role.tags.as_slice());
            context = principal_tags(context, tags.unwrap_or_default())
                .with("aws:PrincipalType", "AssumedRole");
            context = session_keys(context, session);
        }
    }
    for (key, value) in &need.keys {
        context = context.with(key, value.as_str());
    }
    context
}

/// IAM and STS count as called in the first region, wherever they are.
fn requested_region<'a>(state: &'a State, need: &Need) -> &'a str {
    match need.action.split_once(':') {
        Some(("iam" | "sts", _)) => GLOBAL_REGION,
        _ => state.region(),
    }
}

/// Tags of the user or role; a session's own tags take their place.
fn principal_tags(context: Context, tags: &[Tag]) -> Context {
    tags.iter().fold(context, |context, tag| {
        context.with(&format!("aws:PrincipalTag/{}", tag.key), tag.value.as_str())
    })
}

/// Source: EC2 User Guide, "Use condition keys with roles for EC2"; IAM User Guide, "AWS global
/// condition context keys".
fn session_keys(mut context: Context, session: &Session) -> Context {
    context = context
        .with("aws:TokenIssueTime", session.issued.to_string())
        // There is no MFA here; for temporary credentials the key then says so.
        .with("aws:MultiFactorAuthPresent", false);
    if let Some(identity) = &session.source_identity {
        context = context.with("aws:SourceIdentity", identity.as_str());
    }
    context = principal_tags(context, &session.tags);
    if let Some(origin) = &session.instance {
        context = context
            .with("ec2:RoleDelivery", format!("{}.0", origin.delivery))
            .with("ec2:SourceInstanceARN", origin.arn.as_str())
            .with("aws:Ec2InstanceSourceVpc", origin.vpc_id.as_str())
            .with(
                "aws:Ec2InstanceSourcePrivateIPv4",
                origin.private_ip.to_string(),
            );
    }
    context
}

/// For a session it is the role's ARN.
fn principal_arn(caller: &Caller) -> &str {
    match &caller.identity {
        Identity::User { .. } => &caller.arn,
        Identity::Session { role_arn, .. } => role_arn,
    }
}

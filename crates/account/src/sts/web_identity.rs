//! AssumeRoleWithWebIdentity: a role for who comes with a token of an identity provider. The call
//! is not signed; `web_identity` has believed the token before anything here runs.
//!
//! Source: STS API Reference, "AssumeRoleWithWebIdentity"; IAM User Guide, "Available keys for AWS
//! OIDC federation".

use jiff::SignedDuration;
use protocol::{Fault, Record};

use super::{
    answer, check_session_policy, duration, policy_arns, refuse, role_by_arn, session_name,
    truncated,
};
use crate::gate::{Caller, Identity, Need, Rule, keys};
use crate::operation::{Row, required};
use crate::session::Session;
use crate::transaction::{Transaction, internal_failure};
use crate::web_identity::WebIdentity;

pub(super) static ROWS: &[Row] = &[Row {
    operation: "AssumeRoleWithWebIdentity",
    needs,
    run,
}];

fn needs(transaction: &Transaction, caller: &Caller, input: &Record) -> Result<Vec<Need>, Fault> {
    let identity = identity(caller).ok_or_else(not_authorized)?;
    let arn = required(input, "RoleArn")?;
    let role = role_by_arn(transaction, arn);
    let role = role.map(|role| role.name.clone()).unwrap_or_default();
    let need = |action| {
        let mut need = Need::new(action, arn)
            .denied_as(NOT_AUTHORIZED)
            .with(&keys::STS_ROLE_SESSION_NAME, session_name(input))
            .with_part(&keys::OIDC_AUD, &identity.host, identity.audience.as_str())
            .with_part(&keys::OIDC_SUB, &identity.host, identity.subject.as_str());
        need.rule = Rule::Trust { role: role.clone() };
        if !identity.methods.is_empty() {
            let methods = identity.methods.clone();
            need = need.with_part(&keys::OIDC_AMR, &identity.host, methods);
        }
        if let Some(source_identity) = &identity.source_identity {
            need = need.with(&keys::STS_SOURCE_IDENTITY, source_identity.as_str());
        }
        let tags = identity.tags.iter();
        need.requesting_pairs(tags.map(|tag| (tag.key.as_str(), tag.value.as_str())))
    };
    let mut needs = vec![need("sts:AssumeRoleWithWebIdentity")];
    if !identity.tags.is_empty() {
        needs.push(need("sts:TagSession"));
    }
    if identity.source_identity.is_some() {
        needs.push(need("sts:SetSourceIdentity"));
    }
    Ok(needs)
}

fn run(transaction: &mut Transaction, caller: &Caller, input: &Record) -> Result<Record, Fault> {
    refuse(input, REFUSED)?;
    let identity = identity(caller).ok_or_else(not_authorized)?;
    let role =
        role_by_arn(transaction, required(input, "RoleArn")?).ok_or_else(internal_failure)?;
    let seconds = duration(caller, role, input)?;
    let now = truncated(transaction.now);
    let session = Session {
        access_key_id: String::new(),
        account: transaction.state().account_id().to_owned(),
        role: role.name.clone(),
        role_id: role.id.clone(),
        name: session_name(input).to_owned(),
        issued: now,
        expires: now + SignedDuration::from_secs(seconds),
        policy: input.text("Policy").map(check_session_policy).transpose()?,
        policy_arns: policy_arns(transaction, input)?,
        tags: identity.tags.clone(),
        transitive_tag_keys: identity.transitive_tag_keys.clone(),
        source_identity: identity.source_identity.clone(),
        provider: Some(identity.provider.clone()),
        instance: None,
    };
    Ok(answer(transaction, session)?
        .with("SubjectFromWebIdentityToken", identity.subject.as_str())
        .with("Provider", identity.provider.as_str())
        .with("Audience", identity.audience.as_str()))
}

fn identity(caller: &Caller) -> Option<&WebIdentity> {
    match &caller.identity {
        Identity::Outsider(identity) => Some(identity),
        _ => None,
    }
}

/// A signed call is one of somebody who has credentials and needs no token; its token was not
/// looked at.
fn not_authorized() -> Fault {
    Fault::new("AccessDenied", NOT_AUTHORIZED).status(403)
}

const NOT_AUTHORIZED: &str = "Not authorized to perform sts:AssumeRoleWithWebIdentity";
/// `ProviderId` is for the tokens of two providers that are no OpenID Connect.
pub(super) const REFUSED: &[&str] = &["ProviderId", "MinimumSessionTokenSize"];

#[cfg(test)]
mod tests;

//! All of IAM at once, as tools that judge an account's policies read it.
//!
//! Source: IAM API Reference, "GetAccountAuthorizationDetails".

use protocol::{Fault, Record, Value};

use super::documents::encoded_document;
use super::pages::cut;
use super::tags::tag_list;
use super::{attachments, managed_policies, profiles, users};
use crate::entity::{InlinePolicies, ManagedPolicy, Role, User};
use crate::gate::{Caller, Need};
use crate::operation::Row;
use crate::state::State;
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[Row {
    operation: "GetAccountAuthorizationDetails",
    needs: |_, _, _| Ok(vec![Need::new("iam:GetAccountAuthorizationDetails", "*")]),
    run: get,
}];

/// One entity of the listing, which is in the order of the variants.
enum Detail<'a> {
    User(&'a User),
    Role(&'a Role),
    Policy(&'a ManagedPolicy),
}

impl Detail<'_> {
    /// What a marker remembers; it grows along the listing.
    fn place(&self) -> String {
        match self {
            Self::User(user) => format!("1/{}", user.name.to_lowercase()),
            Self::Role(role) => format!("2/{}", role.name.to_lowercase()),
            Self::Policy(policy) => format!("3/{}", policy.arn),
        }
    }
}

/// There are no groups here and no policies of AWS's own, so their lists stay empty.
fn get(transaction: &mut Transaction<'_>, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let wanted =
        |kind| input.list("Filter").is_empty() || input.texts("Filter").any(|of| of == kind);
    let state = transaction.state();
    let users = state.users().values().map(|held| Detail::User(&held.user));
    let roles = state.roles().values().map(|held| Detail::Role(&held.role));
    let policies = state.policies().values();
    let policies = policies.map(|held| Detail::Policy(&held.policy));
    let all = users
        .filter(|_| wanted("User"))
        .chain(roles.filter(|_| wanted("Role")))
        .chain(policies.filter(|_| wanted("LocalManagedPolicy")));
    let page = cut(input, all, Detail::place)?;
    let (mut users, mut roles, mut policies) = (Vec::new(), Vec::new(), Vec::new());
    for detail in &page.items {
        match detail {
            Detail::User(user) => users.push(user_shown(transaction, user)),
            Detail::Role(role) => roles.push(role_shown(transaction, role)),
            Detail::Policy(policy) => policies.push(policy_shown(state, policy)),
        }
    }
    Ok(Record::new()
        .with("UserDetailList", users)
        .with("GroupDetailList", Vec::<Record>::new())
        .with("RoleDetailList", roles)
        .with("Policies", policies)
        .with("IsTruncated", page.marker.is_some())
        .with_some("Marker", page.marker))
}

fn user_shown(transaction: &Transaction<'_>, user: &User) -> Record {
    users::shown(transaction, user)
        .with_some("UserPolicyList", inline(&user.inline))
        .with("GroupList", Vec::<Record>::new())
        .with(
            "AttachedManagedPolicies",
            attached(transaction.state(), &user.attached),
        )
        .with_some("Tags", tag_list(&user.tags))
}

fn role_shown(transaction: &Transaction<'_>, role: &Role) -> Record {
    let state = transaction.state();
    let arn = state.iam_arn("role", &role.path, &role.name);
    let in_them = state
        .profiles()
        .values()
        .filter(|profile| profile.role.as_deref() == Some(role.name.as_str()))
        .map(|profile| profiles::shown(transaction, profile));
    Record::new()
        .with("Path", role.path.as_str())
        .with("RoleName", role.name.as_str())
        .with("RoleId", role.id.as_str())
        .with("Arn", arn.to_string())
        .with("CreateDate", role.created)
        .with("AssumeRolePolicyDocument", encoded_document(&role.trust))
        .with("InstanceProfileList", in_them.collect::<Value>())
        .with(
            "RolePolicyList",
            inline(&role.inline).unwrap_or(Value::List(Vec::new())),
        )
        .with("AttachedManagedPolicies", attached(state, &role.attached))
        .with_some("Tags", tag_list(&role.tags))
        .with("RoleLastUsed", Record::new())
}

fn policy_shown(state: &State, policy: &ManagedPolicy) -> Record {
    let versions = policy.versions.iter().rev().map(|version| {
        managed_policies::version_shown(policy, version)
            .with("Document", encoded_document(&version.document))
    });
    managed_policies::shown(state, policy)
        .with_some("Description", policy.description.as_deref())
        .with("PolicyVersionList", versions.collect::<Value>())
}

/// Left out of users where there are none, as IAM does.
fn inline(policies: &InlinePolicies) -> Option<Value> {
    let shown = policies.iter().map(|(name, text)| {
        Record::new()
            .with("PolicyName", name.as_str())
            .with("PolicyDocument", encoded_document(text))
    });
    (!policies.is_empty()).then(|| shown.collect())
}

fn attached(state: &State, arns: &[String]) -> Value {
    let held = arns.iter().filter_map(|arn| state.policy(arn));
    held.map(|held| attachments::shown(held)).collect()
}

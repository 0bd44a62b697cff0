//! All of IAM at once, as tools that judge an account's policies read it.
//!
//! Source: IAM API Reference, "GetAccountAuthorizationDetails".

use std::collections::BTreeSet;
use std::sync::Arc;

use protocol::{Fault, Record, Value};

use super::documents::encoded_document;
use super::pages::cut;
use super::tags::tag_list;
use super::{attachments, boundaries, groups, managed_policies, profiles, roles, users};
use crate::entity::{Group, InlinePolicies, ManagedPolicy, Role, User};
use crate::gate::{Caller, Need};
use crate::operation::Row;
use crate::state::{HeldPolicy, State, aws_managed};
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[Row {
    operation: "GetAccountAuthorizationDetails",
    needs: |_, _, _| Ok(vec![Need::new("iam:GetAccountAuthorizationDetails", "*")]),
    run: get,
}];

/// One entity of the listing, which is in the order of the variants.
enum Detail<'a> {
    User(&'a User),
    Group(&'a Group),
    Role(&'a Role),
    Policy(&'a ManagedPolicy),
}

impl Detail<'_> {
    /// What a marker remembers; it grows along the listing.
    fn place(&self) -> String {
        match self {
            Self::User(user) => format!("1/{}", user.name.to_lowercase()),
            Self::Group(group) => format!("2/{}", group.name.to_lowercase()),
            Self::Role(role) => format!("3/{}", role.name.to_lowercase()),
            Self::Policy(policy) if aws_managed::is_awss(&policy.arn) => {
                format!("5/{}", policy.arn)
            }
            Self::Policy(policy) => format!("4/{}", policy.arn),
        }
    }
}

/// Of AWS's policies those are told that are attached or a boundary.
fn get(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let wanted =
        |kind| input.list("Filter").is_empty() || input.texts("Filter").any(|of| of == kind);
    let state = transaction.state();
    let users = state.users().values().map(|held| Detail::User(&held.user));
    let groups = state.iam_groups().values();
    let groups = groups.map(|held| Detail::Group(&held.group));
    let roles = state.roles().values().map(|held| Detail::Role(&held.role));
    let policies = state.policies().values();
    let policies = policies.map(|held| Detail::Policy(&held.policy));
    let awss = used_of_awss(state);
    let awss = awss.iter().map(|held| Detail::Policy(&held.policy));
    let all = users
        .filter(|_| wanted("User"))
        .chain(groups.filter(|_| wanted("Group")))
        .chain(roles.filter(|_| wanted("Role")))
        .chain(policies.filter(|_| wanted("LocalManagedPolicy")))
        .chain(awss.filter(|_| wanted("AWSManagedPolicy")));
    let page = cut(input, all, Detail::place)?;
    let (mut users, mut groups) = (Vec::new(), Vec::new());
    let (mut roles, mut policies) = (Vec::new(), Vec::new());
    for detail in &page.items {
        match detail {
            Detail::User(user) => users.push(user_shown(transaction, user)),
            Detail::Group(group) => groups.push(group_shown(state, group)),
            Detail::Role(role) => roles.push(role_shown(transaction, role)),
            Detail::Policy(policy) => policies.push(policy_shown(state, policy)),
        }
    }
    Ok(Record::new()
        .with("UserDetailList", users)
        .with("GroupDetailList", groups)
        .with("RoleDetailList", roles)
        .with("Policies", policies)
        .with("IsTruncated", page.marker.is_some())
        .with_some("Marker", page.marker))
}

/// The policies of AWS's that are attached or a boundary, by ARN.
fn used_of_awss(state: &State) -> Vec<Arc<HeldPolicy>> {
    let of_users = state.users().values().map(|held| &held.user.attached);
    let of_roles = state.roles().values().map(|held| &held.role.attached);
    let of_groups = state.iam_groups().values().map(|held| &held.group.attached);
    let boundaries = state.users().values().map(|held| &held.user.boundary);
    let of_bounded = state.roles().values().map(|held| &held.role.boundary);
    let attached = of_users.chain(of_roles).chain(of_groups).flatten();
    let attached = attached.chain(boundaries.chain(of_bounded).flatten());
    let arns: BTreeSet<&String> = attached.filter(|arn| aws_managed::is_awss(arn)).collect();
    let held = arns.into_iter().filter_map(|arn| state.policy(arn));
    held.map(Arc::clone).collect()
}

fn user_shown(transaction: &Transaction, user: &User) -> Record {
    let groups = &user.groups;
    users::shown(transaction, user)
        .with_some("UserPolicyList", inline(&user.inline))
        .with(
            "GroupList",
            groups.iter().map(String::as_str).collect::<Value>(),
        )
        .with(
            "AttachedManagedPolicies",
            attached(transaction.state(), &user.attached),
        )
        .with_some("Tags", tag_list(&user.tags))
}

fn group_shown(state: &State, group: &Group) -> Record {
    groups::shown(state, group)
        .with(
            "GroupPolicyList",
            inline(&group.inline).unwrap_or(Value::List(Vec::new())),
        )
        .with("AttachedManagedPolicies", attached(state, &group.attached))
}

fn role_shown(transaction: &Transaction, role: &Role) -> Record {
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
        .with_some(
            "PermissionsBoundary",
            boundaries::shown(role.boundary.as_ref()),
        )
        .with_some("Tags", tag_list(&role.tags))
        .with("RoleLastUsed", roles::last_used(state, role))
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

//! Who uses a managed policy: as a policy, or as a permissions boundary.

use protocol::{Fault, Record, Value};

use super::managed_policies::{missing, on_policy};
use super::pages::cut;
use crate::entity::{Group, Role, User};
use crate::gate::Caller;
use crate::operation::{Row, required};
use crate::state::State;
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[Row {
    operation: "ListEntitiesForPolicy",
    needs: |t, _, i| on_policy("iam:ListEntitiesForPolicy", t, i),
    run: list,
}];

/// One of the listing, which is in the order of the variants.
enum Entity<'a> {
    Group(&'a Group),
    User(&'a User),
    Role(&'a Role),
}

impl Entity<'_> {
    /// What a marker remembers; it grows along the listing.
    fn place(&self) -> String {
        match self {
            Self::Group(group) => format!("1/{}", group.name.to_lowercase()),
            Self::User(user) => format!("2/{}", user.name.to_lowercase()),
            Self::Role(role) => format!("3/{}", role.name.to_lowercase()),
        }
    }

    fn path(&self) -> &str {
        match self {
            Self::Group(group) => &group.path,
            Self::User(user) => &user.path,
            Self::Role(role) => &role.path,
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Group(_) => "Group",
            Self::User(_) => "User",
            Self::Role(_) => "Role",
        }
    }

    fn has_attached(&self, arn: &str) -> bool {
        let attached = match self {
            Self::Group(group) => &group.attached,
            Self::User(user) => &user.attached,
            Self::Role(role) => &role.attached,
        };
        attached.iter().any(|attached| attached == arn)
    }

    fn is_bounded_by(&self, arn: &str) -> bool {
        let boundary = match self {
            Self::Group(_) => None,
            Self::User(user) => user.boundary.as_deref(),
            Self::Role(role) => role.boundary.as_deref(),
        };
        boundary == Some(arn)
    }
}

fn all(state: &State) -> impl Iterator<Item = Entity<'_>> {
    let groups = state.iam_groups().values();
    let groups = groups.map(|held| Entity::Group(&held.group));
    let users = state.users().values().map(|held| Entity::User(&held.user));
    let roles = state.roles().values().map(|held| Entity::Role(&held.role));
    groups.chain(users).chain(roles)
}

/// How many roles, users and groups have the policy attached.
pub(super) fn attachments(state: &State, arn: &str) -> i64 {
    count(all(state).filter(|entity| entity.has_attached(arn)))
}

/// How many roles and users have it as their permissions boundary.
pub(super) fn bounded(state: &State, arn: &str) -> i64 {
    count(all(state).filter(|entity| entity.is_bounded_by(arn)))
}

/// Both together.
pub(super) fn uses(state: &State, arn: &str) -> i64 {
    attachments(state, arn) + bounded(state, arn)
}

fn count<T>(entities: impl Iterator<Item = T>) -> i64 {
    i64::try_from(entities.count()).unwrap_or(i64::MAX)
}

fn list(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let arn = required(input, "PolicyArn")?;
    let state = transaction.state();
    state.policy(arn).ok_or_else(|| missing(arn))?;
    let prefix = input.text("PathPrefix").unwrap_or("/");
    let kind = input.text("EntityFilter");
    let is_used = |entity: &Entity<'_>| match input.text("PolicyUsageFilter") {
        Some("PermissionsPolicy") => entity.has_attached(arn),
        Some(_) => entity.is_bounded_by(arn),
        None => entity.has_attached(arn) || entity.is_bounded_by(arn),
    };
    let wanted = all(state).filter(|entity| {
        is_used(entity)
            && kind.is_none_or(|kind| entity.kind() == kind)
            && entity.path().starts_with(prefix)
    });
    let page = cut(input, wanted, Entity::place)?;
    let (mut groups, mut users, mut roles) = (Vec::new(), Vec::new(), Vec::new());
    for entity in &page.items {
        match entity {
            Entity::Group(group) => {
                groups.push(shown("GroupName", &group.name, "GroupId", &group.id));
            }
            Entity::User(user) => users.push(shown("UserName", &user.name, "UserId", &user.id)),
            Entity::Role(role) => roles.push(shown("RoleName", &role.name, "RoleId", &role.id)),
        }
    }
    Ok(Record::new()
        .with("PolicyGroups", groups)
        .with("PolicyUsers", users)
        .with("PolicyRoles", roles)
        .with("IsTruncated", page.marker.is_some())
        .with_some("Marker", page.marker))
}

fn shown(name_of: &'static str, name: &str, id_of: &'static str, id: &str) -> Value {
    Value::from(Record::new().with(name_of, name).with(id_of, id))
}

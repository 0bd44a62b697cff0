//! What policies are embedded in and attached to: a role, a user or a group, treated alike.

use protocol::{Fault, Record};

use super::{groups, roles, users};
use crate::entity::{Entity, Group, InlinePolicies, Role, User};
use crate::gate::{Caller, Need, keys};
use crate::operation::required;
use crate::transaction::Transaction;

/// Which kind an operation works on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    Role,
    User,
    Group,
}

/// A role, a user or a group, to be changed and put back.
#[derive(Debug)]
pub(super) enum Owner {
    Role(Role),
    User(User),
    Group(Group),
}

impl Of {
    pub(super) fn need(
        self,
        action: &'static str,
        transaction: &Transaction,
        caller: &Caller,
        input: &Record,
    ) -> Result<Vec<Need>, Fault> {
        match self {
            Self::Role => roles::on_role(action, transaction, input),
            Self::User => users::on_user(action, transaction, caller, input),
            Self::Group => groups::on_group(action, transaction, input),
        }
    }

    /// The same of an action that policies can tie to the permissions boundary that it has.
    pub(super) fn bounded(
        self,
        action: &'static str,
        transaction: &Transaction,
        caller: &Caller,
        input: &Record,
    ) -> Result<Vec<Need>, Fault> {
        let needs = self.need(action, transaction, caller, input)?;
        let owner = match self {
            Self::Group => None,
            _ => self.load(transaction, input).ok(),
        };
        let Some(boundary) = owner.as_ref().and_then(Owner::boundary) else {
            return Ok(needs);
        };
        let with = |need: Need| need.with(&keys::IAM_PERMISSIONS_BOUNDARY, boundary);
        Ok(needs.into_iter().map(with).collect())
    }

    pub(super) fn load(self, transaction: &Transaction, input: &Record) -> Result<Owner, Fault> {
        match self {
            Self::Role => roles::load(transaction, required(input, "RoleName")?).map(Owner::Role),
            Self::User => users::load(transaction, required(input, "UserName")?).map(Owner::User),
            Self::Group => {
                groups::load(transaction, required(input, "GroupName")?).map(Owner::Group)
            }
        }
    }

    /// As in messages.
    pub(super) fn noun(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::User => "user",
            Self::Group => "group",
        }
    }

    /// The member that names it.
    pub(super) fn member(self) -> &'static str {
        match self {
            Self::Role => "RoleName",
            Self::User => "UserName",
            Self::Group => "GroupName",
        }
    }
}

impl Owner {
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Role(role) => &role.name,
            Self::User(user) => &user.name,
            Self::Group(group) => &group.name,
        }
    }

    pub(super) fn boundary(&self) -> Option<&str> {
        match self {
            Self::Role(role) => role.boundary.as_deref(),
            Self::User(user) => user.boundary.as_deref(),
            Self::Group(_) => None,
        }
    }

    pub(super) fn inline(&self) -> &InlinePolicies {
        match self {
            Self::Role(role) => &role.inline,
            Self::User(user) => &user.inline,
            Self::Group(group) => &group.inline,
        }
    }

    pub(super) fn inline_mut(&mut self) -> &mut InlinePolicies {
        match self {
            Self::Role(role) => &mut role.inline,
            Self::User(user) => &mut user.inline,
            Self::Group(group) => &mut group.inline,
        }
    }

    pub(super) fn attached(&self) -> &[String] {
        match self {
            Self::Role(role) => &role.attached,
            Self::User(user) => &user.attached,
            Self::Group(group) => &group.attached,
        }
    }

    pub(super) fn attached_mut(&mut self) -> &mut Vec<String> {
        match self {
            Self::Role(role) => &mut role.attached,
            Self::User(user) => &mut user.attached,
            Self::Group(group) => &mut group.attached,
        }
    }

    pub(super) fn into_entity(self) -> Entity {
        match self {
            Self::Role(role) => Entity::Role(role),
            Self::User(user) => Entity::User(user),
            Self::Group(group) => Entity::Group(group),
        }
    }
}

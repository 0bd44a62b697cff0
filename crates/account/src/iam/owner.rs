//! What policies are embedded in and attached to: a role or a user, treated alike.

use protocol::{Fault, Record};

use super::{roles, users};
use crate::entity::{Entity, InlinePolicies, Role, User};
use crate::gate::{Caller, Need};
use crate::operation::required;
use crate::transaction::Transaction;

/// Which kind an operation works on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    Role,
    User,
}

/// A role or a user, to be changed and put back.
#[derive(Debug)]
pub(super) enum Owner {
    Role(Role),
    User(User),
}

impl Of {
    pub(super) fn need(
        self,
        action: &'static str,
        transaction: &Transaction<'_>,
        caller: &Caller,
        input: &Record,
    ) -> Result<Vec<Need>, Fault> {
        match self {
            Self::Role => roles::on_role(action, transaction, input),
            Self::User => users::on_user(action, transaction, caller, input),
        }
    }

    pub(super) fn load(
        self,
        transaction: &Transaction<'_>,
        input: &Record,
    ) -> Result<Owner, Fault> {
        match self {
            Self::Role => roles::load(transaction, required(input, "RoleName")?).map(Owner::Role),
            Self::User => users::load(transaction, required(input, "UserName")?).map(Owner::User),
        }
    }

    /// As in messages.
    pub(super) fn noun(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::User => "user",
        }
    }

    /// The member that names it.
    pub(super) fn member(self) -> &'static str {
        match self {
            Self::Role => "RoleName",
            Self::User => "UserName",
        }
    }
}

impl Owner {
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Role(role) => &role.name,
            Self::User(user) => &user.name,
        }
    }

    pub(super) fn inline(&self) -> &InlinePolicies {
        match self {
            Self::Role(role) => &role.inline,
            Self::User(user) => &user.inline,
        }
    }

    pub(super) fn inline_mut(&mut self) -> &mut InlinePolicies {
        match self {
            Self::Role(role) => &mut role.inline,
            Self::User(user) => &mut user.inline,
        }
    }

    pub(super) fn attached(&self) -> &[String] {
        match self {
            Self::Role(role) => &role.attached,
            Self::User(user) => &user.attached,
        }
    }

    pub(super) fn attached_mut(&mut self) -> &mut Vec<String> {
        match self {
            Self::Role(role) => &mut role.attached,
            Self::User(user) => &mut user.attached,
        }
    }

    pub(super) fn into_entity(self) -> Entity {
        match self {
            Self::Role(role) => Entity::Role(role),
            Self::User(user) => Entity::User(user),
        }
    }
}

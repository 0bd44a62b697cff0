//! Permissions boundaries of roles and users: the managed policy that limits what the others grant.
//!
//! Source: IAM User Guide, "Permissions boundaries for IAM entities".

use protocol::{Fault, Record};

use super::faults::no_such_entity;
use super::owner::{Of, Owner};
use crate::entity::Entity;
use crate::gate::{Caller, Need, keys};
use crate::operation::{Row, required};
use crate::state::State;
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "PutRolePermissionsBoundary",
        needs: |t, c, i| putting(Of::Role, "iam:PutRolePermissionsBoundary", t, c, i),
        run: |t, _, i| put(Of::Role, t, i),
    },
    Row {
        operation: "PutUserPermissionsBoundary",
        needs: |t, c, i| putting(Of::User, "iam:PutUserPermissionsBoundary", t, c, i),
        run: |t, _, i| put(Of::User, t, i),
    },
    Row {
        operation: "DeleteRolePermissionsBoundary",
        needs: |t, c, i| Of::Role.bounded("iam:DeleteRolePermissionsBoundary", t, c, i),
        run: |t, _, i| delete(Of::Role, t, i),
    },
    Row {
        operation: "DeleteUserPermissionsBoundary",
        needs: |t, c, i| Of::User.bounded("iam:DeleteUserPermissionsBoundary", t, c, i),
        run: |t, _, i| delete(Of::User, t, i),
    },
];

/// The condition key has the boundary that is to be.
fn putting(
    of: Of,
    action: &'static str,
    transaction: &Transaction,
    caller: &Caller,
    input: &Record,
) -> Result<Vec<Need>, Fault> {
    let needs = of.need(action, transaction, caller, input)?;
    Ok(requesting(needs, input))
}

/// The same needs of a request that sets a permissions boundary, if it does.
pub(super) fn requesting(needs: Vec<Need>, input: &Record) -> Vec<Need> {
    let Some(arn) = input.text("PermissionsBoundary") else {
        return needs;
    };
    let with = |need: Need| need.with(&keys::IAM_PERMISSIONS_BOUNDARY, arn);
    needs.into_iter().map(with).collect()
}

/// The policy that a call makes a boundary, if it does. It has to be there.
pub(super) fn requested(state: &State, input: &Record) -> Result<Option<String>, Fault> {
    let Some(arn) = input.text("PermissionsBoundary") else {
        return Ok(None);
    };
    if state.policy(arn).is_none() {
        return Err(no_such_entity(format!(
            "Scope ARN: {arn} does not exist or is not attachable."
        )));
    }
    Ok(Some(arn.to_owned()))
}

/// A boundary as answers show it. Its type is told as IAM tells it, not as its model names it.
pub(super) fn shown(boundary: Option<&String>) -> Option<Record> {
    boundary.map(|arn| {
        Record::new()
            .with("PermissionsBoundaryType", "Policy")
            .with("PermissionsBoundaryArn", arn.as_str())
    })
}

fn put(of: Of, transaction: &mut Transaction, input: &Record) -> Result<Record, Fault> {
    required(input, "PermissionsBoundary")?;
    let owner = of.load(transaction, input)?;
    let boundary = requested(transaction.state(), input)?;
    transaction.put(bounded(owner, boundary))?;
    Ok(Record::new())
}

fn delete(of: Of, transaction: &mut Transaction, input: &Record) -> Result<Record, Fault> {
    let owner = of.load(transaction, input)?;
    if owner.boundary().is_none() {
        let (noun, name) = (of.noun(), owner.name());
        return Err(no_such_entity(format!(
            "The {noun} with name {name} has no permissions boundary."
        )));
    }
    transaction.put(bounded(owner, None))?;
    Ok(Record::new())
}

fn bounded(owner: Owner, boundary: Option<String>) -> Entity {
    match owner {
        Owner::Role(mut role) => {
            role.boundary = boundary;
            Entity::Role(role)
        }
        Owner::User(mut user) => {
            user.boundary = boundary;
            Entity::User(user)
        }
        Owner::Group(group) => Entity::Group(group),
    }
}

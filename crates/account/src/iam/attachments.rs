//! Attachments of managed policies to roles, users and groups.

use protocol::{Fault, Record, Value};

use super::faults::{limit_exceeded, no_such_entity};
use super::managed_policies;
use super::owner::Of;
use super::pages::page;
use crate::gate::{Caller, Need, keys};
use crate::operation::{Row, required};
use crate::state::HeldPolicy;
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "AttachRolePolicy",
        needs: |t, c, i| need(Of::Role, "iam:AttachRolePolicy", t, c, i),
        run: |t, _, i| attach(Of::Role, t, i),
    },
    Row {
        operation: "AttachUserPolicy",
        needs: |t, c, i| need(Of::User, "iam:AttachUserPolicy", t, c, i),
        run: |t, _, i| attach(Of::User, t, i),
    },
    Row {
        operation: "AttachGroupPolicy",
        needs: |t, c, i| need(Of::Group, "iam:AttachGroupPolicy", t, c, i),
        run: |t, _, i| attach(Of::Group, t, i),
    },
    Row {
        operation: "DetachRolePolicy",
        needs: |t, c, i| need(Of::Role, "iam:DetachRolePolicy", t, c, i),
        run: |t, _, i| detach(Of::Role, t, i),
    },
    Row {
        operation: "DetachUserPolicy",
        needs: |t, c, i| need(Of::User, "iam:DetachUserPolicy", t, c, i),
        run: |t, _, i| detach(Of::User, t, i),
    },
    Row {
        operation: "DetachGroupPolicy",
        needs: |t, c, i| need(Of::Group, "iam:DetachGroupPolicy", t, c, i),
        run: |t, _, i| detach(Of::Group, t, i),
    },
    Row {
        operation: "ListAttachedRolePolicies",
        needs: |t, c, i| Of::Role.need("iam:ListAttachedRolePolicies", t, c, i),
        run: |t, _, i| list(Of::Role, t, i),
    },
    Row {
        operation: "ListAttachedUserPolicies",
        needs: |t, c, i| Of::User.need("iam:ListAttachedUserPolicies", t, c, i),
        run: |t, _, i| list(Of::User, t, i),
    },
    Row {
        operation: "ListAttachedGroupPolicies",
        needs: |t, c, i| Of::Group.need("iam:ListAttachedGroupPolicies", t, c, i),
        run: |t, _, i| list(Of::Group, t, i),
    },
];

fn need(
    of: Of,
    action: &'static str,
    transaction: &Transaction,
    caller: &Caller,
    input: &Record,
) -> Result<Vec<Need>, Fault> {
    let arn = required(input, "PolicyArn")?;
    let needs = of.bounded(action, transaction, caller, input)?;
    Ok(needs
        .into_iter()
        .map(|need| need.with(&keys::IAM_POLICY_ARN, arn))
        .collect())
}

fn attach(of: Of, transaction: &mut Transaction, input: &Record) -> Result<Record, Fault> {
    let mut owner = of.load(transaction, input)?;
    let arn = required(input, "PolicyArn")?;
    if transaction.state().policy(arn).is_none() {
        return Err(no_such_entity(format!(
            "Policy {arn} does not exist or is not attachable."
        )));
    }
    if owner.attached().iter().any(|attached| attached == arn) {
        return Ok(Record::new());
    }
    if owner.attached().len() >= ATTACHED_MAX {
        let quota = match of {
            Of::Role => "PoliciesPerRole",
            Of::User => "PoliciesPerUser",
            Of::Group => "PoliciesPerGroup",
        };
        return Err(limit_exceeded(format!(
            "Cannot exceed quota for {quota}: {ATTACHED_MAX}"
        )));
    }
    owner.attached_mut().push(arn.to_owned());
    transaction.put(owner.into_entity())?;
    Ok(Record::new())
}

fn detach(of: Of, transaction: &mut Transaction, input: &Record) -> Result<Record, Fault> {
    let mut owner = of.load(transaction, input)?;
    let arn = required(input, "PolicyArn")?;
    let before = owner.attached().len();
    owner.attached_mut().retain(|attached| attached != arn);
    if owner.attached().len() == before {
        return Err(managed_policies::missing(arn));
    }
    transaction.put(owner.into_entity())?;
    Ok(Record::new())
}

fn list(of: Of, transaction: &Transaction, input: &Record) -> Result<Record, Fault> {
    let owner = of.load(transaction, input)?;
    let prefix = input.text("PathPrefix").unwrap_or("/");
    let state = transaction.state();
    let mut policies: Vec<_> = owner
        .attached()
        .iter()
        .filter_map(|arn| state.policy(arn))
        .collect();
    policies.retain(|held| held.policy.path.starts_with(prefix));
    policies.sort_by_key(|held| held.policy.arn.as_str());
    page(
        input,
        "AttachedPolicies",
        policies.into_iter(),
        |held| held.policy.arn.clone(),
        |held| Value::from(shown(held)),
    )
}

/// An attached policy as listings show it.
pub(super) fn shown(held: &HeldPolicy) -> Record {
    Record::new()
        .with("PolicyName", held.policy.name.as_str())
        .with("PolicyArn", held.policy.arn.as_str())
}

// Source: IAM User Guide, "IAM and STS quotas".
pub(super) const ATTACHED_MAX: usize = 10;

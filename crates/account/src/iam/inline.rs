//! Inline policies of roles, users and groups.

use policy::Kind;
use protocol::{Fault, Record, Value};

use super::documents::{characters, check_document, encoded_document};
use super::faults::{limit_exceeded, no_such_entity};
use super::owner::Of;
use super::pages::page;
use crate::operation::{Row, required};
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "PutRolePolicy",
        needs: |t, c, i| Of::Role.bounded("iam:PutRolePolicy", t, c, i),
        run: |t, _, i| put(Of::Role, t, i),
    },
    Row {
        operation: "PutUserPolicy",
        needs: |t, c, i| Of::User.bounded("iam:PutUserPolicy", t, c, i),
        run: |t, _, i| put(Of::User, t, i),
    },
    Row {
        operation: "PutGroupPolicy",
        needs: |t, c, i| Of::Group.need("iam:PutGroupPolicy", t, c, i),
        run: |t, _, i| put(Of::Group, t, i),
    },
    Row {
        operation: "GetRolePolicy",
        needs: |t, c, i| Of::Role.need("iam:GetRolePolicy", t, c, i),
        run: |t, _, i| get(Of::Role, t, i),
    },
    Row {
        operation: "GetUserPolicy",
        needs: |t, c, i| Of::User.need("iam:GetUserPolicy", t, c, i),
        run: |t, _, i| get(Of::User, t, i),
    },
    Row {
        operation: "GetGroupPolicy",
        needs: |t, c, i| Of::Group.need("iam:GetGroupPolicy", t, c, i),
        run: |t, _, i| get(Of::Group, t, i),
    },
    Row {
        operation: "ListRolePolicies",
        needs: |t, c, i| Of::Role.need("iam:ListRolePolicies", t, c, i),
        run: |t, _, i| list(Of::Role, t, i),
    },
    Row {
        operation: "ListUserPolicies",
        needs: |t, c, i| Of::User.need("iam:ListUserPolicies", t, c, i),
        run: |t, _, i| list(Of::User, t, i),
    },
    Row {
        operation: "ListGroupPolicies",
        needs: |t, c, i| Of::Group.need("iam:ListGroupPolicies", t, c, i),
        run: |t, _, i| list(Of::Group, t, i),
    },
    Row {
        operation: "DeleteRolePolicy",
        needs: |t, c, i| Of::Role.bounded("iam:DeleteRolePolicy", t, c, i),
        run: |t, _, i| delete(Of::Role, t, i),
    },
    Row {
        operation: "DeleteUserPolicy",
        needs: |t, c, i| Of::User.bounded("iam:DeleteUserPolicy", t, c, i),
        run: |t, _, i| delete(Of::User, t, i),
    },
    Row {
        operation: "DeleteGroupPolicy",
        needs: |t, c, i| Of::Group.need("iam:DeleteGroupPolicy", t, c, i),
        run: |t, _, i| delete(Of::Group, t, i),
    },
];

fn put(of: Of, transaction: &mut Transaction, input: &Record) -> Result<Record, Fault> {
    let mut owner = of.load(transaction, input)?;
    let name = required(input, "PolicyName")?;
    let document = required(input, "PolicyDocument")?;
    owner
        .inline_mut()
        .insert(name.to_owned(), document.to_owned());
    let size: usize = owner.inline().values().map(|text| characters(text)).sum();
    let max = match of {
        Of::Role => ROLE_CHARACTERS_MAX,
        Of::User => USER_CHARACTERS_MAX,
        Of::Group => GROUP_CHARACTERS_MAX,
    };
    if size > max {
        let (noun, name) = (of.noun(), owner.name());
        return Err(limit_exceeded(format!(
            "Maximum policy size of {max} bytes exceeded for {noun} {name}"
        )));
    }
    check_document(document, Kind::Identity)?;
    transaction.put(owner.into_entity())?;
    Ok(Record::new())
}

fn get(of: Of, transaction: &Transaction, input: &Record) -> Result<Record, Fault> {
    let owner = of.load(transaction, input)?;
    let name = required(input, "PolicyName")?;
    let document = owner.inline().get(name).ok_or_else(|| missing(of, name))?;
    Ok(Record::new()
        .with(of.member(), owner.name())
        .with("PolicyName", name)
        .with("PolicyDocument", encoded_document(document)))
}

fn list(of: Of, transaction: &Transaction, input: &Record) -> Result<Record, Fault> {
    let owner = of.load(transaction, input)?;
    let names = owner.inline().keys();
    page(
        input,
        "PolicyNames",
        names,
        |name| (*name).clone(),
        |name| Value::from(name.as_str()),
    )
}

fn delete(of: Of, transaction: &mut Transaction, input: &Record) -> Result<Record, Fault> {
    let mut owner = of.load(transaction, input)?;
    let name = required(input, "PolicyName")?;
    owner
        .inline_mut()
        .remove(name)
        .ok_or_else(|| missing(of, name))?;
    transaction.put(owner.into_entity())?;
    Ok(Record::new())
}

fn missing(of: Of, name: &str) -> Fault {
    no_such_entity(format!(
        "The {} policy with name {name} cannot be found.",
        of.noun()
    ))
}

// All inline policies of one owner together. Source: IAM User Guide, "IAM and STS quotas".
pub(super) const ROLE_CHARACTERS_MAX: usize = 10_240;
pub(super) const USER_CHARACTERS_MAX: usize = 2_048;
pub(super) const GROUP_CHARACTERS_MAX: usize = 5_120;

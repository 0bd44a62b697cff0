//! The accounts of an organization: described, listed, moved, closed, removed.

use protocol::{Fault, Record, Value};

use super::faults::{
    account_not_found, constraint, invalid_input, management_cannot_leave, parent_not_found,
};
use super::needs::{on, on_all, on_named};
use super::node::Node;
use super::tree::Tree;
use super::{pages, shown};
use crate::entity::{Entity, Key, MemberAccount};
use crate::gate::Caller;
use crate::home::Home;
use crate::operation::{Row, required};
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "ListAccounts",
        needs: |_, _, _| Ok(on_all("organizations:ListAccounts")),
        run: |t, _, i| list(t, i, None),
    },
    Row {
        operation: "ListAccountsForParent",
        needs: |t, _, i| {
            let action = "organizations:ListAccountsForParent";
            Ok(on_named(action, t, i, "ParentId"))
        },
        run: |t, _, i| list(t, i, Some(required(i, "ParentId")?)),
    },
    Row {
        operation: "DescribeAccount",
        needs: |t, _, i| Ok(on_named("organizations:DescribeAccount", t, i, "AccountId")),
        run: describe,
    },
    Row {
        operation: "MoveAccount",
        needs: |transaction, _, input| {
            let members = ["AccountId", "SourceParentId", "DestinationParentId"];
            let ids = members.iter().filter_map(|member| input.text(member));
            Ok(on("organizations:MoveAccount", transaction, ids))
        },
        run: move_account,
    },
    Row {
        operation: "CloseAccount",
        needs: |t, _, i| Ok(on_named("organizations:CloseAccount", t, i, "AccountId")),
        run: close,
    },
    Row {
        operation: "RemoveAccountFromOrganization",
        needs: |t, _, i| {
            let action = "organizations:RemoveAccountFromOrganization";
            Ok(on_named(action, t, i, "AccountId"))
        },
        run: remove,
    },
    Row {
        operation: "LeaveOrganization",
        needs: |_, _, _| Ok(on_all("organizations:LeaveOrganization")),
        run: leave,
    },
];

fn list(transaction: &Transaction, input: &Record, parent: Option<&str>) -> Result<Record, Fault> {
    let state = transaction.state();
    let tree = Tree::managed(state)?;
    if parent.is_some_and(|parent| Node::parent(tree, parent).is_none()) {
        return Err(parent_not_found());
    }
    let members = tree.held.members().values();
    let within = members.filter(|member| parent.is_none_or(|parent| member.parent == parent));
    pages::page(
        input,
        "Accounts",
        within,
        |member| member.id.clone(),
        |member| Value::from(shown::account(state, tree, member)),
    )
}

fn load(tree: Tree<'_>, input: &Record) -> Result<MemberAccount, Fault> {
    let member = tree.held.member(required(input, "AccountId")?);
    let member = member.ok_or_else(account_not_found)?;
    Ok((**member).clone())
}

fn describe(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let state = transaction.state();
    let tree = Tree::managed(state)?;
    let member = load(tree, input)?;
    Ok(Record::new().with("Account", shown::account(state, tree, &member)))
}

fn move_account(
    transaction: &mut Transaction,
    _: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
    let tree = Tree::managed(transaction.state())?;
    let mut member = load(tree, input)?;
    let source = required(input, "SourceParentId")?;
    if member.parent != source {
        return Err(Fault::new(
            "SourceParentNotFoundException",
            "You specified a source parent that the account is not in.",
        ));
    }
    let destination = required(input, "DestinationParentId")?;
    if Node::parent(tree, destination).is_none() {
        return Err(Fault::new(
            "DestinationParentNotFoundException",
            "You specified a destination parent that doesn't exist.",
        ));
    }
    if source == destination {
        return Err(Fault::new(
            "DuplicateAccountException",
            "The account is already present in the specified destination.",
        ));
    }
    destination.clone_into(&mut member.parent);
    transaction.put(Entity::MemberAccount(member))?;
    Ok(Record::new())
}

/// A closed account stays a member, and nothing is answered for it any more.
fn close(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let tree = Tree::managed(transaction.state())?;
    let mut member = load(tree, input)?;
    if member.id == tree.management {
        return Err(constraint(
            "You cannot close the management account of an organization.",
        ));
    }
    if member.closed.is_some() {
        return Err(Fault::new(
            "AccountAlreadyClosedException",
            "The account is already closed.",
        ));
    }
    member.closed = Some(transaction.now);
    transaction.put(Entity::MemberAccount(member))?;
    Ok(Record::new())
}

fn remove(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let tree = Tree::managed(transaction.state())?;
    let member = load(tree, input)?;
    if member.id == tree.management {
        return Err(management_cannot_leave());
    }
    if member.closed.is_some() {
        return Err(invalid_input(
            "You cannot remove an account that is closed.",
        ));
    }
    transaction.delete(Key::MemberAccount(member.id))?;
    Ok(Record::new())
}

fn leave(transaction: &mut Transaction, _: &Caller, _: &Record) -> Result<Record, Fault> {
    let state = transaction.state().clone();
    let tree = Tree::of_member(&state)?;
    if tree.management == state.account_id() {
        return Err(management_cannot_leave());
    }
    let home = Home::new(tree.management, state.region());
    transaction.delete_in(home, Key::MemberAccount(state.account_id().to_owned()))?;
    Ok(Record::new())
}

//! The organization itself, its root, and the policy types that count in it.

use protocol::{Fault, Record, Value};

use super::faults::only;
use super::needs::{on_all, on_named};
use super::node::Node;
use super::tree::Tree;
use super::{pages, shown};
use crate::entity::{Attached, Attachments, ControlType, Entity, Key, MemberAccount, Organization};
use crate::gate::{Caller, Need, keys};
use crate::ids;
use crate::operation::{Row, required};
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "CreateOrganization",
        needs: |_, _, _| Ok(on_all("organizations:CreateOrganization")),
        run: create,
    },
    Row {
        operation: "DescribeOrganization",
        needs: |_, _, _| Ok(on_all("organizations:DescribeOrganization")),
        run: describe,
    },
    Row {
        operation: "DeleteOrganization",
        needs: |_, _, _| Ok(on_all("organizations:DeleteOrganization")),
        run: delete,
    },
    Row {
        operation: "ListRoots",
        needs: |_, _, _| Ok(on_all("organizations:ListRoots")),
        run: list_roots,
    },
    Row {
        operation: "EnablePolicyType",
        needs: |t, _, i| Ok(of_type("organizations:EnablePolicyType", t, i)),
        run: enable,
    },
    Row {
        operation: "DisablePolicyType",
        needs: |t, _, i| Ok(of_type("organizations:DisablePolicyType", t, i)),
        run: disable,
    },
    Row {
        operation: "ListAWSServiceAccessForOrganization",
        needs: |_, _, _| Ok(on_all("organizations:ListAWSServiceAccessForOrganization")),
        run: |t, _, i| none(t, i, "EnabledServicePrincipals"),
    },
    Row {
        operation: "ListDelegatedAdministrators",
        needs: |_, _, _| Ok(on_all("organizations:ListDelegatedAdministrators")),
        run: |t, _, i| none(t, i, "DelegatedAdministrators"),
    },
];

fn of_type(action: &'static str, transaction: &Transaction, input: &Record) -> Vec<Need> {
    let needs = on_named(action, transaction, input, "RootId");
    let of = input.text("PolicyType").unwrap_or_default();
    let typed = |need: Need| need.with(&keys::ORGANIZATIONS_POLICY_TYPE, of);
    needs.into_iter().map(typed).collect()
}

/// What nobody can have made here.
fn none(transaction: &Transaction, input: &Record, member: &'static str) -> Result<Record, Fault> {
    Tree::managed(transaction.state())?;
    pages::none(input, member)
}

fn create(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    only(input, "FeatureSet", "ALL")?;
    let account = transaction.state().account_id().to_owned();
    if transaction
        .state()
        .partition()
        .membership(&account)
        .is_some()
    {
        return Err(Fault::new(
            "AlreadyInOrganizationException",
            "The AWS account is already a member of an organization.",
        ));
    }
    let id = ids::organizations_id::<10>("o-", &mut transaction.entropy);
    let root_id = ids::organizations_id::<4>("r-", &mut transaction.entropy);
    let member = MemberAccount {
        id: account,
        parent: root_id.clone(),
        is_created: false,
        joined: transaction.now,
        closed: None,
        attached: Attachments::default(),
        tags: Vec::new(),
    };
    let organization = Organization {
        id,
        root_id,
        created: transaction.now,
        enabled: Vec::new(),
        attached: Attachments::default(),
        tags: Vec::new(),
    };
    transaction.put(Entity::Organization(organization))?;
    transaction.put(Entity::MemberAccount(member))?;
    show(transaction)
}

fn show(transaction: &Transaction) -> Result<Record, Fault> {
    let state = transaction.state();
    let tree = Tree::of_member(state)?;
    Ok(Record::new().with("Organization", shown::organization(state, tree)))
}

fn describe(transaction: &mut Transaction, _: &Caller, _: &Record) -> Result<Record, Fault> {
    show(transaction)
}

fn delete(transaction: &mut Transaction, _: &Caller, _: &Record) -> Result<Record, Fault> {
    let state = transaction.state().clone();
    let tree = Tree::managed(&state)?;
    if tree.held.members().len() > 1 {
        return Err(Fault::new(
            "OrganizationNotEmptyException",
            "The organization isn't empty. Remove all accounts but the management account first.",
        ));
    }
    // Members first: whatever is left has what it stands on.
    let members = tree.held.members().keys().cloned().map(Key::MemberAccount);
    let handshakes = tree.held.handshakes().keys().cloned().map(Key::Handshake);
    let requests = tree.held.requests().keys().cloned();
    let units = tree.held.units().keys().cloned();
    let policies = tree.held.policies().keys().cloned();
    let keys = members
        .chain(handshakes)
        .chain(requests.map(Key::AccountRequest))
        .chain(units.map(Key::OrganizationalUnit))
        .chain(policies.map(Key::ControlPolicy))
        .chain([Key::Organization(tree.record.id.clone())]);
    for key in keys {
        transaction.delete(key)?;
    }
    Ok(Record::new())
}

fn list_roots(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let tree = Tree::managed(transaction.state())?;
    pages::page(
        input,
        "Roots",
        std::iter::once(tree.record),
        |root| root.root_id.clone(),
        |_| Value::from(shown::root(tree)),
    )
}

/// The organization whose root a call names.
fn by_root(transaction: &Transaction, input: &Record) -> Result<Organization, Fault> {
    let tree = Tree::managed(transaction.state())?;
    if required(input, "RootId")? != tree.record.root_id {
        return Err(Fault::new(
            "RootNotFoundException",
            "You specified a root that doesn't exist.",
        ));
    }
    Ok(tree.record.clone())
}

fn show_root(transaction: &Transaction) -> Result<Record, Fault> {
    let tree = Tree::managed(transaction.state())?;
    Ok(Record::new().with("Root", shown::root(tree)))
}

fn enable(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let mut organization = by_root(transaction, input)?;
    let of = super::policies::known_type(required(input, "PolicyType")?)?;
    if organization.enabled.contains(&of) {
        return Err(Fault::new(
            "PolicyTypeAlreadyEnabledException",
            "The specified policy type is already enabled.",
        ));
    }
    organization.enabled.push(of);
    transaction.put(Entity::Organization(organization))?;
    show_root(transaction)
}

/// What was attached is not any more, also when the type is enabled again.
fn disable(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let mut organization = by_root(transaction, input)?;
    let of = ControlType::find(required(input, "PolicyType")?);
    let of = of.filter(|of| organization.enabled.contains(of));
    let of = of.ok_or_else(super::faults::type_not_enabled)?;
    organization.enabled.retain(|enabled| *enabled != of);
    transaction.put(Entity::Organization(organization))?;
    let state = transaction.state().clone();
    for mut node in Node::targets(Tree::managed(&state)?) {
        let Some(attached) = node.attached_mut().map(|all| all.of_mut(of)) else {
            continue;
        };
        if std::mem::take(attached) != Attached::default() {
            transaction.put(node.into_entity())?;
        }
    }
    show_root(transaction)
}

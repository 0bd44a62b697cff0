//! Which policies are attached to which roots, units and accounts.

use protocol::{Fault, Record, Value};

use super::faults::{
    constraint, invalid_input, policy_not_found, target_not_found, type_not_enabled,
};
use super::needs::{on_named, on_policy};
use super::node::Node;
use super::tree::Tree;
use super::{pages, shown};
use crate::entity::{Attached, ControlPolicy, ControlType};
use crate::gate::{Caller, Need, keys};
use crate::operation::{Row, required};
use crate::state::{HeldControlPolicy, State, default_policy};
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "AttachPolicy",
        needs: |t, _, i| on_both("organizations:AttachPolicy", t, i),
        run: attach,
    },
    Row {
        operation: "DetachPolicy",
        needs: |t, _, i| on_both("organizations:DetachPolicy", t, i),
        run: detach,
    },
    Row {
        operation: "ListPoliciesForTarget",
        needs: |transaction, _, input| {
            let action = "organizations:ListPoliciesForTarget";
            let of = input.text("Filter").unwrap_or_default();
            let needs = on_named(action, transaction, input, "TargetId").into_iter();
            let typed = |need: Need| need.with(&keys::ORGANIZATIONS_POLICY_TYPE, of);
            Ok(needs.map(typed).collect())
        },
        run: list_policies,
    },
    Row {
        operation: "ListTargetsForPolicy",
        needs: |transaction, _, input| {
            let id = required(input, "PolicyId")?;
            let action = "organizations:ListTargetsForPolicy";
            Ok(on_policy(action, transaction, id, []))
        },
        run: list_targets,
    },
];

/// The policy and what it is attached to.
fn on_both(
    action: &'static str,
    transaction: &Transaction,
    input: &Record,
) -> Result<Vec<Need>, Fault> {
    let policy = required(input, "PolicyId")?;
    Ok(on_policy(
        action,
        transaction,
        policy,
        input.text("TargetId"),
    ))
}

/// A policy, what it is to be attached to or detached from, and what is attached there.
struct Asked<'a> {
    tree: Tree<'a>,
    held: &'a HeldControlPolicy,
    node: Node,
}

impl<'a> Asked<'a> {
    fn read(state: &'a State, input: &Record) -> Result<Self, Fault> {
        let tree = Tree::managed(state)?;
        let held = tree.held.policy(required(input, "PolicyId")?);
        let held = held.ok_or_else(policy_not_found)?;
        let node = Node::target(tree, required(input, "TargetId")?);
        let node = node.ok_or_else(target_not_found)?;
        Ok(Self { tree, held, node })
    }

    fn is_enabled(&self) -> bool {
        self.tree.record.enabled.contains(&self.held.policy.of)
    }

    fn is_attached(&self) -> bool {
        self.is_enabled() && is_attached(&self.node, &self.held.policy)
    }

    fn attached(&mut self) -> Result<&mut Attached, Fault> {
        let of = self.held.policy.of;
        let attached = self.node.attached_mut().ok_or_else(target_not_found)?;
        Ok(attached.of_mut(of))
    }
}

fn is_default(policy: &ControlPolicy) -> bool {
    default_policy(policy.of).is_some_and(|held| held.policy.id == policy.id)
}

fn is_attached(node: &Node, policy: &ControlPolicy) -> bool {
    let Some(attached) = node.attached().map(|all| all.of(policy.of)) else {
        return false;
    };
    if is_default(policy) {
        !attached.without_default
    } else {
        attached.policies.contains(&policy.id)
    }
}

fn count(attached: &Attached) -> usize {
    attached.policies.len() + usize::from(!attached.without_default)
}

/// What a policy is attached to.
pub(super) fn targets(tree: Tree<'_>, policy: &ControlPolicy) -> impl Iterator<Item = Node> {
    let is_enabled = tree.record.enabled.contains(&policy.of);
    let all = Node::targets(tree).filter(move |_| is_enabled);
    all.filter(|node| is_attached(node, policy))
}

fn attach(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let state = transaction.state().clone();
    let mut asked = Asked::read(&state, input)?;
    if !asked.is_enabled() {
        return Err(type_not_enabled());
    }
    if asked.is_attached() {
        return Err(Fault::new(
            "DuplicatePolicyAttachmentException",
            "The specified policy is already attached to the specified target.",
        ));
    }
    let policy = &asked.held.policy;
    let attached = asked.attached()?;
    if count(attached) >= ATTACHED_MAX {
        return Err(constraint(
            "You have attached the maximum number of policies to the specified target.",
        ));
    }
    if is_default(policy) {
        attached.without_default = false;
    } else {
        attached.policies.push(policy.id.clone());
    }
    transaction.put(asked.node.into_entity())?;
    Ok(Record::new())
}

fn detach(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let state = transaction.state().clone();
    let mut asked = Asked::read(&state, input)?;
    if !asked.is_attached() {
        return Err(Fault::new(
            "PolicyNotAttachedException",
            "The policy isn't attached to the specified target in the specified root.",
        ));
    }
    let policy = &asked.held.policy;
    if is_default(policy) && policy.of == ControlType::Resource {
        return Err(invalid_input(
            "You cannot detach RCPFullAWSAccess from a root, an OU or an account.",
        ));
    }
    let attached = asked.attached()?;
    if count(attached) <= 1 {
        return Err(constraint(
            "You cannot remove the last policy attached to the specified target. You must have at \
             least one attached at all times.",
        ));
    }
    if is_default(policy) {
        attached.without_default = true;
    } else {
        attached.policies.retain(|id| *id != policy.id);
    }
    transaction.put(asked.node.into_entity())?;
    Ok(Record::new())
}

fn list_policies(
    transaction: &mut Transaction,
    _: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
    let tree = Tree::managed(transaction.state())?;
    let node = Node::target(tree, required(input, "TargetId")?);
    let node = node.ok_or_else(target_not_found)?;
    let of = ControlType::find(required(input, "Filter")?);
    let Some(of) = of.filter(|of| tree.record.enabled.contains(of)) else {
        return pages::none(input, "Policies");
    };
    let own = tree.held.policies().values().chain(default_policy(of));
    let mut attached: Vec<&HeldControlPolicy> = own
        .map(AsRef::as_ref)
        .filter(|held| held.policy.of == of && is_attached(&node, &held.policy))
        .collect();
    attached.sort_by_key(|held| &held.policy.id);
    pages::page(
        input,
        "Policies",
        attached.into_iter(),
        |held| held.policy.id.clone(),
        |held| Value::from(shown::policy_summary(held)),
    )
}

fn list_targets(
    transaction: &mut Transaction,
    _: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
    let state = transaction.state();
    let tree = Tree::managed(state)?;
    let held = tree.held.policy(required(input, "PolicyId")?);
    let held = held.ok_or_else(policy_not_found)?;
    let mut nodes: Vec<Node> = targets(tree, &held.policy).collect();
    nodes.sort_by(|one, two| one.id().cmp(two.id()));
    let show = |node: &Node| {
        let name = match node {
            Node::Unit(unit) => Some(unit.name.as_str()),
            Node::Account(member) => {
                let account = state.account_by_id(&member.id);
                account.map(|account| account.record().name.as_str())
            }
            _ => Some(shown::ROOT_NAME),
        };
        let shown = Record::new()
            .with("TargetId", node.id())
            .with("Arn", tree.arn_of(node.id()))
            .with_some("Name", name);
        Value::from(shown.with("Type", node.kind()))
    };
    pages::page(
        input,
        "Targets",
        nodes.into_iter(),
        |node| node.id().to_owned(),
        show,
    )
}

/// Of one type, AWS's own among them. Source: AWS Organizations User Guide, "Quotas".
const ATTACHED_MAX: usize = 5;

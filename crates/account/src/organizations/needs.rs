//! What a call on the parts of an organization needs.

use protocol::Record;

use super::node::Node;
use super::tree::Tree;
use crate::gate::{Need, keys};
use crate::transaction::Transaction;

/// Needs on what these ids name. Where there is no organization, nothing has an ARN.
pub(super) fn on<'i>(
    action: &'static str,
    transaction: &Transaction,
    ids: impl IntoIterator<Item = &'i str>,
) -> Vec<Need> {
    let Ok(tree) = Tree::of_member(transaction.state()) else {
        return vec![Need::new(action, "*")];
    };
    let needs: Vec<Need> = ids.into_iter().map(|id| need(tree, action, id)).collect();
    if needs.is_empty() {
        return vec![Need::new(action, "*")];
    }
    needs
}

/// The same of a member that names one thing.
pub(super) fn on_named(
    action: &'static str,
    transaction: &Transaction,
    input: &Record,
    member: &'static str,
) -> Vec<Need> {
    on(action, transaction, input.text(member))
}

/// The same of a policy, by whose type conditions may ask as well.
pub(super) fn on_policy<'i>(
    action: &'static str,
    transaction: &Transaction,
    policy: &'i str,
    others: impl IntoIterator<Item = &'i str>,
) -> Vec<Need> {
    let of = Tree::of_member(transaction.state()).ok();
    let of = of.and_then(|tree| Some(tree.held.policy(policy)?.policy.of));
    let needs = on(action, transaction, std::iter::once(policy).chain(others));
    let typed = |need: Need| match of {
        Some(of) => need.with(&keys::ORGANIZATIONS_POLICY_TYPE, of.as_str()),
        None => need,
    };
    needs.into_iter().map(typed).collect()
}

/// A need without a resource.
pub(super) fn on_all(action: &'static str) -> Vec<Need> {
    vec![Need::new(action, "*")]
}

/// What a call needs besides that gives tags to something new of a kind.
pub(super) fn tagging(
    transaction: &Transaction,
    mut needs: Vec<Need>,
    kind: &'static str,
    input: &Record,
) -> Vec<Need> {
    if input.list("Tags").is_empty() {
        return needs;
    }
    needs = needs
        .into_iter()
        .map(|need| need.requesting(input.records("Tags")))
        .collect();
    // It has no id yet: it may be any.
    let any = Tree::of_member(transaction.state()).map(|tree| tree.arn(kind, "*"));
    let any = any.unwrap_or_else(|_| "*".to_owned());
    let need = Need::new("organizations:TagResource", any);
    needs.push(need.requesting(input.records("Tags")));
    needs
}

/// A need on what an id names.
fn need(tree: Tree<'_>, action: &'static str, id: &str) -> Need {
    let need = Need::new(action, tree.arn_of(id));
    match Node::find(tree, id) {
        Some(node) => need.on_tags(node.tags()),
        None => need,
    }
}

//! The organization of whoever calls, and what a call on its parts needs.

use std::sync::Arc;

use protocol::{Fault, Record};

use super::faults::{access_denied, not_in_use};
use super::node::Node;
use crate::entity::{ControlType, Organization};
use crate::gate::{Need, keys};
use crate::state::{HeldOrganization, State};
use crate::transaction::Transaction;

/// An organization, with the account that manages it.
#[derive(Clone, Copy)]
pub(super) struct Tree<'a> {
    pub(super) management: &'a str,
    pub(super) record: &'a Organization,
    pub(super) held: &'a HeldOrganization,
}

impl<'a> Tree<'a> {
    /// The organization that the account is in, whoever manages it.
    pub(super) fn of_member(state: &'a State) -> Result<Self, Fault> {
        let membership = state.partition().membership(state.account_id());
        let management = &membership.ok_or_else(not_in_use)?.management;
        Self::managed_by(state, management).ok_or_else(not_in_use)
    }

    /// The organization that the account manages: most calls are the management account's alone.
    pub(super) fn managed(state: &'a State) -> Result<Self, Fault> {
        let tree = Self::of_member(state)?;
        if tree.management == state.account_id() {
            Ok(tree)
        } else {
            Err(access_denied())
        }
    }

    pub(super) fn managed_by(state: &'a State, management: &'a str) -> Option<Self> {
        let held = state.account_by_id(management)?.organization();
        let record: &Arc<Organization> = held.record()?;
        Some(Self {
            management,
            record,
            held,
        })
    }

    /// `arn:aws:organizations::111111111111:ou/o-…/ou-…`
    pub(super) fn arn(&self, kind: &str, id: &str) -> String {
        arn(self.management, &format!("{kind}/{}/{id}", self.record.id))
    }

    /// The ARN of what an id names by its form, there or not.
    pub(super) fn arn_of(&self, id: &str) -> String {
        if let Some(held) = self.held.policy(id) {
            return held.policy.arn.clone();
        }
        let kind = match id.split_once('-') {
            None => "account",
            Some(("r", _)) => "root",
            Some(("ou", _)) => "ou",
            Some(_) => return self.policy_arn(ControlType::Service, id),
        };
        self.arn(kind, id)
    }

    pub(super) fn policy_arn(&self, of: ControlType, id: &str) -> String {
        let kind = of.as_str().to_lowercase();
        let resource = format!("policy/{}/{kind}/{id}", self.record.id);
        arn(self.management, &resource)
    }

    /// A need on what an id names.
    fn need(&self, action: &'static str, id: &str) -> Need {
        let need = Need::new(action, self.arn_of(id));
        match Node::find(*self, id) {
            Some(node) => need.on_tags(node.tags()),
            None => need,
        }
    }
}

pub(super) fn arn(management: &str, resource: &str) -> String {
    format!("arn:aws:organizations::{management}:{resource}")
}

/// Needs on what these ids name. Where there is no organization, nothing has an ARN.
pub(super) fn on<'i>(
    action: &'static str,
    transaction: &Transaction,
    ids: impl IntoIterator<Item = &'i str>,
) -> Vec<Need> {
    let Ok(tree) = Tree::of_member(transaction.state()) else {
        return vec![Need::new(action, "*")];
    };
    let needs: Vec<Need> = ids.into_iter().map(|id| tree.need(action, id)).collect();
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

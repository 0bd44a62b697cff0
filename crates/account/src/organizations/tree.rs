//! The organization of whoever calls, and the ARNs of its parts.

use std::sync::Arc;

use protocol::Fault;

use super::faults::{access_denied, not_in_use};
use crate::entity::{ControlType, Organization};
use crate::state::{HeldOrganization, State};

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
}

pub(super) fn arn(management: &str, resource: &str) -> String {
    format!("arn:aws:organizations::{management}:{resource}")
}

//! What is known to a value of the metadata service.

use jiff::Timestamp;

use super::Manner;
use super::identity::Signer;
use crate::entity::{Instance, Settings};
use crate::state::{HeldInstance, State};

/// The instance that is asked about, and how.
pub(super) struct About<'a> {
    pub(super) state: &'a State,
    pub(super) held: &'a HeldInstance,
    pub(super) now: Timestamp,
    /// 1 or 2, for `IMDSv1` or `IMDSv2`.
    pub(super) delivery: u8,
    pub(super) manner: Manner,
}

impl<'a> About<'a> {
    pub(super) fn instance(&self) -> &'a Instance {
        &self.held.instance
    }

    pub(super) fn settings(&self) -> &'a Settings {
        self.state.settings()
    }

    pub(super) fn signer(&self) -> Option<&'a Signer> {
        self.state.partition().signer()
    }
}

//! What is known to a value of the metadata service.

use std::cell::Cell;

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
    wants_identity_key: Cell<bool>,
}

impl<'a> About<'a> {
    pub(super) fn new(
        state: &'a State,
        held: &'a HeldInstance,
        now: Timestamp,
        delivery: u8,
        manner: Manner,
    ) -> Self {
        Self {
            state,
            held,
            now,
            delivery,
            manner,
            wants_identity_key: Cell::default(),
        }
    }

    pub(super) fn instance(&self) -> &'a Instance {
        &self.held.instance
    }

    pub(super) fn settings(&self) -> &'a Settings {
        self.state.settings()
    }

    pub(super) fn signer(&self) -> Option<&'a Signer> {
        let signer = self.state.partition().signer();
        self.wants_identity_key.set(signer.is_none());
        signer
    }

    /// Whether something was to be signed, and there was no key to sign it with.
    pub(super) fn wants_identity_key(&self) -> bool {
        self.wants_identity_key.get()
    }
}

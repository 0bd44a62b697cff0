//! One call's view of the account, and the changes it makes.

use jiff::Timestamp;
use protocol::Fault;

use crate::cloudtrail::Lookup;
use crate::entity::{Change, Entity, Key};
use crate::entropy::Entropy;
use crate::state::State;

/// A state that a handler reads and changes; nobody else sees it before it is committed.
#[derive(Debug)]
pub(crate) struct Transaction<'a> {
    before: &'a State,
    // Made by the first change: a call that only reads copies nothing.
    after: Option<State>,
    changes: Vec<Change>,
    asked: Option<Lookup>,
    // Parts of the call that the caller may not have, each with the first reason.
    refused: Vec<(String, Fault)>,
    pub(crate) now: Timestamp,
    pub(crate) entropy: Entropy,
}

impl<'a> Transaction<'a> {
    pub(crate) fn new(before: &'a State, now: Timestamp, entropy: Entropy) -> Self {
        Self {
            before,
            after: None,
            changes: Vec::new(),
            asked: None,
            refused: Vec::new(),
            now,
            entropy,
        }
    }

    /// The state with this transaction's own changes.
    pub(crate) fn state(&self) -> &State {
        self.after.as_ref().unwrap_or(self.before)
    }

    /// Puts an entity in its place.
    pub(crate) fn put(&mut self, entity: Entity) -> Result<(), Fault> {
        self.change(Change::Put(Box::new(entity)))
    }

    /// Removes what stands at `key`.
    pub(crate) fn delete(&mut self, key: Key) -> Result<(), Fault> {
        self.change(Change::Delete(key))
    }

    /// Remembers that a part of the call was denied.
    pub(crate) fn refuse(&mut self, part: String, fault: Fault) {
        self.refused.push((part, fault));
    }

    /// Why a part of the call was denied, if it was.
    pub(crate) fn refused(&self, part: &str) -> Option<&Fault> {
        let mut refused = self.refused.iter();
        let (_, fault) = refused.find(|(refused, _)| refused == part)?;
        Some(fault)
    }

    /// Leaves the answer to the world, which is asked for records.
    pub(crate) fn ask(&mut self, lookup: Lookup) {
        self.asked = Some(lookup);
    }

    /// What the world is asked for, if it is.
    pub(crate) fn take_asked(&mut self) -> Option<Lookup> {
        self.asked.take()
    }

    /// What the call changed, in order.
    pub(crate) fn into_changes(self) -> Vec<Change> {
        self.changes
    }

    fn change(&mut self, change: Change) -> Result<(), Fault> {
        let after = self.after.get_or_insert_with(|| self.before.clone());
        // Handlers check what they put; a change that does not fit is our mistake.
        after
            .apply(change.clone())
            .map_err(|_| internal_failure())?;
        self.changes.push(change);
        Ok(())
    }
}

/// What a client is told when the fault is ours. The cause is for the log alone.
pub(crate) fn internal_failure() -> Fault {
    Fault::new(
        "InternalFailure",
        "The request processing has failed because of an unknown error.",
    )
    .status(500)
}

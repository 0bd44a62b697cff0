//! One call's view of the account, and the changes it makes.

use jiff::Timestamp;
use protocol::{Fault, Secret};

use crate::cloudtrail::Lookup;
use crate::entity::{Change, Entity, Key};
use crate::entropy::Entropy;
use crate::state::State;
use crate::supplied::{RsaBits, Supplied, Wanted};

/// A state that a handler reads and changes; nobody else sees it before it is committed.
#[derive(Debug)]
pub(crate) struct Transaction<'a> {
    before: &'a State,
    // Made by the first change: a call that only reads copies nothing.
    after: Option<State>,
    changes: Vec<Change>,
    asked: Option<Lookup>,
    supplied: Option<Supplied>,
    wanted: Option<Wanted>,
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
            supplied: None,
            wanted: None,
            now,
            entropy,
        }
    }

    /// The same with what the world made for the call.
    pub(crate) fn supplied(self, supplied: Option<Supplied>) -> Self {
        Self { supplied, ..self }
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

    /// Leaves the answer to the world, which is asked for records.
    pub(crate) fn ask(&mut self, lookup: Lookup) {
        self.asked = Some(lookup);
    }

    /// What the world is asked for, if it is.
    pub(crate) fn take_asked(&mut self) -> Option<Lookup> {
        self.asked.take()
    }

    /// An RSA key of this length. Where the world has not made one yet, the call ends here, is told
    /// to nobody, and comes again with it; so this is asked last, and once.
    pub(crate) fn rsa_key(&mut self, bits: RsaBits) -> Result<Secret, Fault> {
        let wanted = Wanted::RsaKey(bits);
        let supplied = self.supplied.take();
        let made = supplied.and_then(|supplied| supplied.take(wanted));
        made.ok_or_else(|| {
            self.wanted = Some(wanted);
            internal_failure()
        })
    }

    /// What the world is to make, if it is.
    pub(crate) fn take_wanted(&mut self) -> Option<Wanted> {
        self.wanted.take()
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

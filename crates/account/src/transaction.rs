//! One call's view of the account, and the changes it makes.

use jiff::{SignedDuration, Timestamp};
use protocol::{Fault, Secret};

use crate::cloudtrail::lookup::Lookup;
use crate::entity::{Change, Entity, Key};
use crate::entropy::Entropy;
use crate::home::Home;
use crate::state::State;
use crate::supplied::{RsaBits, Supplied, Wanted};

/// A state that a handler reads and changes; nobody else sees it before it is committed.
#[derive(Debug)]
pub(crate) struct Transaction {
    state: State,
    changes: Vec<Change>,
    asked: Option<Lookup>,
    supplied: Option<Supplied>,
    wanted: Option<Wanted>,
    // Parts of the call that the caller may not have, each with the first reason.
    refused: Vec<(String, Fault)>,
    pub(crate) now: Timestamp,
    /// How long an instance takes from one state to the next.
    pub(crate) instance_delay: SignedDuration,
    pub(crate) entropy: Entropy,
}

impl Transaction {
    pub(crate) fn new(state: State, now: Timestamp, entropy: Entropy) -> Self {
        Self {
            state,
            changes: Vec::new(),
            asked: None,
            supplied: None,
            wanted: None,
            refused: Vec::new(),
            now,
            instance_delay: SignedDuration::ZERO,
            entropy,
        }
    }

    /// The same where instances take their time.
    pub(crate) fn delaying(self, instance_delay: SignedDuration) -> Self {
        Self {
            instance_delay,
            ..self
        }
    }

    /// The same with what the world made for the call.
    pub(crate) fn supplied(self, supplied: Option<Supplied>) -> Self {
        Self { supplied, ..self }
    }

    /// The state with this transaction's own changes.
    pub(crate) fn state(&self) -> &State {
        &self.state
    }

    /// Puts an entity in its place.
    pub(crate) fn put(&mut self, entity: Entity) -> Result<(), Fault> {
        self.put_in(self.state.home().clone(), entity)
    }

    /// Puts an entity in its place in another region or account.
    pub(crate) fn put_in(&mut self, home: Home, entity: Entity) -> Result<(), Fault> {
        self.change(Change::put(home, entity))
    }

    /// Removes what stands at `key`.
    pub(crate) fn delete(&mut self, key: Key) -> Result<(), Fault> {
        self.delete_in(self.state.home().clone(), key)
    }

    /// Removes what stands at `key` in another region or account.
    pub(crate) fn delete_in(&mut self, home: Home, key: Key) -> Result<(), Fault> {
        self.change(Change::delete(home, key))
    }

    /// What was changed so far, in order.
    pub(crate) fn changes(&self) -> &[Change] {
        &self.changes
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
        // Handlers check what they put; a change that does not fit is our mistake.
        self.state
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

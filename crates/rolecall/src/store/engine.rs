//! What a store is kept in: records, and a few values beside them, committed all or none.
//!
//! An engine moves bytes. It knows nothing of accounts, of seals, and of what a commit says of all
//! records. Two engines exist, and one suite of cases holds for both.

use std::fmt::Debug;
use std::time::Duration;

use super::summary::Damage;

/// Keeps records.
pub(super) trait Engine: Debug + Send + Sync {
    /// What is committed at one moment after the call.
    fn view(&self) -> Result<Box<dyn View + '_>, Damage>;

    /// Makes a commit durable, all of it or nothing, if `on` is still the last one; tells its own
    /// number. A commit whose outcome is not clear is made clear: it is never there twice.
    ///
    /// Where a record is named more than once, the last time counts.
    fn commit(&self, on: Revision, commit: Commit<'_>) -> Result<Revision, CommitError>;

    /// The last commit at one moment after the call, if that is known within this time.
    fn revision(&self, within: Duration) -> Result<Revision, CommitError>;

    /// Why it takes no commits now, where it can tell.
    fn ailment(&self) -> Option<CommitError> {
        None
    }

    /// What is committed after `after`, in order, by whomever; `None` where nobody else writes.
    fn watch(&self, after: Revision) -> Option<Box<dyn Watch>>;

    /// What one server at a time may hold, by its name; `None` where there is one alone.
    fn hold(&self, _name: &str) -> Option<Box<dyn Hold>> {
        None
    }
}

/// Held by one server at a time.
pub(super) trait Hold: Debug + Send {
    /// Goes on holding it, or takes it where nobody has it; tells whether it is held here.
    fn hold(&mut self) -> Result<bool, CommitError>;

    /// How long after the last time that it was held, at the least, nobody else takes it.
    fn silence(&self) -> Duration;

    /// Others may have it.
    fn give_up(&mut self);
}

/// What is committed at one moment.
pub(super) trait View {
    /// The commit that it is as of; zero where there was none.
    fn revision(&self) -> Revision;

    /// A value beside the records.
    fn beside(&self, name: &str) -> Result<Option<Vec<u8>>, Damage>;

    /// Hands out all records in the order of their keys.
    fn each(&self, each: &mut Each<'_>) -> Result<(), Damage>;
}

/// What one commit writes.
pub(super) struct Commit<'a> {
    /// Puts, and where there are no bytes, deletes.
    pub(super) records: &'a [Sealed],
    pub(super) beside: &'a mut dyn Beside,
}

/// What is written beside the records of a commit, which may depend on what they replace.
pub(super) trait Beside {
    /// Told of a record that is replaced or deleted, by an engine that has it at hand.
    fn replaces(&mut self, key: &str, before: &[u8]);

    /// Asked once, when all that is replaced was told.
    fn values(&mut self) -> Result<Vec<(&'static str, Vec<u8>)>, CommitError>;
}

/// Follows what is committed.
pub(super) trait Watch: Send {
    /// What comes next; `None` where nothing does within this time.
    fn next(&mut self, within: Duration) -> Option<News>;
}

/// What became of a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum News {
    Committed(Committed),
    /// What came next is not kept any more: all is to be read again, and followed from there.
    Gap,
}

/// A commit, as others see it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Committed {
    pub(super) revision: Revision,
    pub(super) records: Vec<Sealed>,
    /// Without bytes where it is deleted, which no commit does.
    pub(super) beside: Vec<Sealed>,
}

/// Numbers the commits of one engine: later ones are greater. Zero is before all that it tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Revision(pub(super) u64);

impl Revision {
    /// The least one that is greater.
    pub(super) fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// A record as it is stored; `None` where it is deleted.
pub(super) type Sealed = (String, Option<Vec<u8>>);

/// What is done with each record, as it is sealed.
pub(super) type Each<'a> = dyn FnMut(&str, &[u8]) -> Result<(), Damage> + 'a;

/// Why a commit did not happen. Nothing of it is in the store, unless it says otherwise.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CommitError {
    /// The embedded engine failed. If it was about to make the commit durable, that is there in
    /// full or not at all.
    #[error("the store refuses the commit: {0}")]
    Engine(#[from] redb::Error),
    /// What it was made on is not the last commit any more.
    #[error("another server wrote in between")]
    Conflict,
    /// The engine takes less at once.
    #[error("it is more than the store takes at once")]
    TooLarge,
    /// It may be there, in full or not at all.
    #[error("it is not known whether the commit is kept: {0}")]
    Unclear(String),
    #[error("the store does not answer: {0}")]
    Unavailable(String),
    /// Nothing of it is there. Where it is not known yet, it is taken back before the next one.
    #[error("no space is left where the store is: {0}")]
    Full(String),
    /// Of etcd, for all members.
    #[error("the space that etcd may use is used up: {0}")]
    QuotaUsed(String),
    #[error("the store's own structure is broken")]
    Broken,
    /// Of an exchange of root keys.
    #[error("the root key is not exchanged: {0}")]
    Keys(&'static str),
    #[error("a record cannot be sealed")]
    Seal,
    #[error("a record cannot be encoded: {0}")]
    Encode(#[from] account::entity::EntityError),
}

impl CommitError {
    /// What somebody can do about it.
    pub(super) fn hint(&self) -> &'static str {
        match self {
            Self::Full(_) => "make room where the data folder is: writes go on by themselves",
            Self::QuotaUsed(_) => QUOTA_HINT,
            _ => "callers may try again",
        }
    }
}

/// The way out of etcd's alarm.
pub(super) const QUOTA_HINT: &str = "with `etcdctl`: `compact` its history, then `defrag` each \
                                     member, then `alarm disarm`";

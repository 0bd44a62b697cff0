//! Records, sealed and summed up: what one commit writes, over whichever engine.

use std::io::{self, Write};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use account::entity::{Change, Step};
use jiff::Timestamp;

use super::digests::{Digests, last_of_each};
pub(crate) use super::engine::CommitError;
use super::engine::{Beside, Commit, Engine, Revision, Sealed};
use super::export::{Header, Writing};
use super::seal::{Digest, Sealer};
use super::summary::{Anchor, Damage, Envelope, Envelopes, Meta, SUMMARY, Summary};
use crate::host::caught;

/// The records of an account, open.
#[derive(Debug)]
pub(super) struct Records {
    pub(super) engine: Box<dyn Engine>,
    pub(super) sealer: Sealer,
    tip: Mutex<Tip>,
    /// Told when a commit of this server has come to an end.
    ended: Condvar,
}

/// The last commit that is known here, and what the next one is made of.
#[derive(Debug)]
pub(super) struct Tip {
    pub(super) summary: Summary,
    pub(super) revision: Revision,
    pub(super) envelope: Envelope,
    /// Whether the envelope is kept yet.
    pub(super) is_kept: bool,
    /// Of all records, where the engine does not tell what a commit replaces.
    pub(super) digests: Option<Digests>,
    /// A commit is under way here, which is worth waiting for.
    pub(super) is_writing: bool,
}

/// A commit that was made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Written {
    pub(super) revision: Revision,
    pub(super) summary: Summary,
}

/// Sums up a commit while it is made.
struct Summing<'a> {
    sealer: &'a Sealer,
    summary: Summary,
    /// What records add up to does not depend on those that were there before.
    is_anew: bool,
    /// How the data key is kept, where that is not there yet or another way.
    keys: Vec<(&'static str, Vec<u8>)>,
}

impl Records {
    /// What `Meta::scan` found in order, or no records yet.
    pub(super) fn opened(engine: Box<dyn Engine>, sealer: Sealer, tip: Tip) -> Self {
        Self {
            engine,
            sealer,
            tip: Mutex::new(tip),
            ended: Condvar::new(),
        }
    }

    /// Of the last commit.
    pub(super) fn summary(&self) -> Summary {
        self.tip().summary
    }

    /// The last commit that is known here.
    pub(super) fn revision(&self) -> Revision {
        self.tip().revision
    }

    /// Held for moments only.
    pub(super) fn tip(&self) -> MutexGuard<'_, Tip> {
        self.tip.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The same, once it is known what became of a commit of this server that may be this one: that
    /// need not be opened again.
    pub(super) fn tip_before(&self, revision: Revision) -> MutexGuard<'_, Tip> {
        let is_open = |tip: &mut Tip| tip.is_writing && tip.revision < revision;
        let waited = self
            .ended
            .wait_timeout_while(self.tip(), ENDED_AFTER, is_open);
        let (mut tip, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() {
            // Whatever holds it up does not hold up all that comes after it.
            tip.is_writing = false;
        }
        tip
    }

    /// Makes changes durable, all or none of them, and with them how far what is beside the store
    /// is, where that is known.
    pub(super) fn commit(
        &self,
        on: Revision,
        changes: &[Change],
        anchor: Option<Anchor>,
    ) -> Result<Written, CommitError> {
        let seal = |change: &Change| match &change.step {
            Step::Put(entity) => {
                let key = change.record_key();
                let sealed = self.sealer.seal(&key, &entity.encode()?);
                Ok((key, Some(sealed.ok_or(CommitError::Seal)?)))
            }
            Step::Delete(_) => Ok((change.record_key(), None)),
        };
        let sealed: Result<Vec<Sealed>, CommitError> = changes.iter().map(seal).collect();
        self.write(on, &sealed?, anchor)
    }

    /// The same with records that are sealed already.
    pub(super) fn write(
        &self,
        on: Revision,
        sealed: &[Sealed],
        anchor: Option<Anchor>,
    ) -> Result<Written, CommitError> {
        let mut beside = Summing {
            sealer: &self.sealer,
            summary: Summary::default(),
            is_anew: false,
            keys: Vec::new(),
        };
        let mut last = None;
        {
            let mut tip = self.tip();
            if tip.revision != on {
                return Err(CommitError::Conflict);
            }
            tip.is_writing = true;
            beside.summary = tip.summary.next(anchor);
            if !tip.is_kept {
                beside.keys = tip.envelope.values();
            }
            if let Some(digests) = &tip.digests {
                let each = last.insert(last_of_each(sealed));
                let before = each.iter().filter_map(|(key, _)| digests.get(key));
                before.for_each(|digest| beside.summary.take(digest));
            }
        }
        let digest = |key: &str, bytes: &[u8]| self.sealer.digest(key, bytes);
        let mut after = Vec::new();
        match last {
            // The engine tells what is replaced, be it by this commit.
            None => {
                let puts = sealed
                    .iter()
                    .filter_map(|(key, bytes)| Some((key, bytes.as_ref()?)));
                puts.for_each(|(key, bytes)| beside.summary.put(&digest(key, bytes)));
            }
            Some(last) => {
                for (key, bytes) in last {
                    let digest = bytes.map(|bytes| digest(key, bytes));
                    if let Some(digest) = &digest {
                        beside.summary.put(digest);
                    }
                    after.push((key.to_owned(), digest));
                }
            }
        }
        let commit = Commit {
            records: sealed,
            beside: &mut beside,
        };
        let made = self.engine.commit(on, commit);
        let summary = beside.summary;
        let mut tip = self.tip();
        tip.is_writing = false;
        if let Ok(revision) = made {
            tip.advance(revision, summary, after);
        }
        drop(tip);
        self.ended.notify_all();
        let revision = made?;
        Ok(Written { revision, summary })
    }

    /// Writes an export of the last commit, and holds it against its summary before it is signed.
    /// Tells how many records are in it.
    pub(super) fn export(&self, to: &mut dyn Write, now: Timestamp) -> io::Result<u64> {
        let broken = |Damage(why)| io::Error::other(why);
        let view = self.engine.view().map_err(broken)?;
        let meta = Meta::read(&*view).map_err(broken)?;
        let meta = meta.ok_or(io::ErrorKind::NotFound)?;
        let summary = meta.summary(&self.sealer).map_err(broken)?;
        let unreadable = || io::Error::other("it does not say what its root key is");
        let kept = meta.envelopes.as_ref().ok_or_else(unreadable)?;
        let header = Header::new(&summary, &kept.now, now);
        let mut writing = Writing::begin(to, self.sealer.mac(), &header)?;
        let mut each = |key: &str, bytes: &[u8]| Ok(writing.record(key, bytes)?);
        let scanned = caught(|| meta.scan(&*view, &self.sealer, None, &mut each));
        scanned
            .ok_or_else(|| io::Error::other(CommitError::Broken))?
            .map_err(broken)?;
        writing.end()?;
        Ok(summary.count)
    }

    /// Keeps the data key in another envelope, and where there is a new data key, seals every
    /// record anew; all of it in one commit.
    pub(super) fn rekey(
        &self,
        sealer: Option<&Sealer>,
        envelope: Envelope,
    ) -> Result<Written, CommitError> {
        let (before, on) = {
            let tip = self.tip();
            (tip.summary, tip.revision)
        };
        let mut summary = before.next(None);
        let resealed = match sealer {
            Some(sealer) => {
                summary = Summary::of_generation(summary.generation);
                summary.anchor = before.anchor;
                self.resealed(sealer)?
            }
            None => Vec::new(),
        };
        let sealer = sealer.unwrap_or(&self.sealer);
        for (key, bytes) in &resealed {
            let digest = bytes.as_ref().map(|bytes| sealer.digest(key, bytes));
            if let Some(digest) = &digest {
                summary.put(digest);
            }
        }
        let mut beside = Summing {
            sealer,
            summary,
            is_anew: true,
            keys: Envelopes {
                now: envelope,
                next: None,
            }
            .values(),
        };
        let commit = Commit {
            records: &resealed,
            beside: &mut beside,
        };
        let revision = self.engine.commit(on, commit)?;
        Ok(Written { revision, summary })
    }

    /// Keeps the data key as it is said, in a commit that changes no record.
    pub(super) fn keep(&self, keys: &Envelopes) -> Result<Written, CommitError> {
        let (summary, on) = {
            let tip = self.tip();
            (tip.summary.next(None), tip.revision)
        };
        let mut beside = Summing {
            sealer: &self.sealer,
            summary,
            is_anew: false,
            keys: keys.values(),
        };
        let commit = Commit {
            records: &[],
            beside: &mut beside,
        };
        let revision = self.engine.commit(on, commit)?;
        self.tip().advance(revision, summary, Vec::new());
        Ok(Written { revision, summary })
    }

    /// Goes to the last commit, to be followed by one that changes no record.
    pub(super) fn look_again(&self) -> Result<(), Damage> {
        let view = self.engine.view()?;
        let meta = Meta::read(&*view)?;
        let meta = meta.ok_or_else(|| Damage::from("the account is gone"))?;
        let mut tip = self.tip();
        tip.summary = meta.summary(&self.sealer)?;
        tip.revision = view.revision();
        Ok(())
    }

    fn resealed(&self, sealer: &Sealer) -> Result<Vec<Sealed>, CommitError> {
        let mut resealed = Vec::new();
        let mut each = |key: &str, bytes: &[u8]| {
            let opened = self.sealer.open(key, bytes);
            let bytes = opened.and_then(|bytes| sealer.seal(key, &bytes));
            let bytes = bytes.ok_or("a record cannot be sealed")?;
            resealed.push((key.to_owned(), Some(bytes)));
            Ok(())
        };
        let view = self.engine.view();
        let read = view.and_then(|view| view.each(&mut each));
        read.map_err(|_| CommitError::Seal)?;
        Ok(resealed)
    }
}

impl Tip {
    /// Of no records, after what was there before.
    pub(super) fn empty(envelope: Envelope, generation: u64) -> Self {
        Self {
            summary: Summary::of_generation(generation),
            revision: Revision::default(),
            envelope,
            is_kept: false,
            digests: None,
            is_writing: false,
        }
    }

    /// Goes to a commit, unless it is as far already.
    pub(super) fn advance(
        &mut self,
        revision: Revision,
        summary: Summary,
        after: Vec<(String, Option<Digest>)>,
    ) {
        if self.revision >= revision {
            return;
        }
        self.revision = revision;
        self.summary = summary;
        self.is_kept = true;
        if let Some(digests) = &mut self.digests {
            for (key, digest) in after {
                digests.set(key, digest);
            }
        }
    }
}

impl Beside for Summing<'_> {
    fn replaces(&mut self, key: &str, before: &[u8]) {
        if !self.is_anew {
            self.summary.take(&self.sealer.digest(key, before));
        }
    }

    fn values(&mut self) -> Result<Vec<(&'static str, Vec<u8>)>, CommitError> {
        let mut values = self.keys.clone();
        let summary = self.summary.seal(self.sealer);
        values.push((SUMMARY, summary.ok_or(CommitError::Seal)?));
        Ok(values)
    }
}

// An answer comes as soon as the watch tells of the commit, or is not worth waiting for.
const ENDED_AFTER: Duration = Duration::from_millis(50);

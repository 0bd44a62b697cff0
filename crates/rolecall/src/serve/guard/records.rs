//! What is kept of requests and proofs: counts, latencies and the audit log.
//!
//! What is counted, and how it is written, is `agent::guard`'s to say.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use agent::Process;
use agent::guard::metrics::{self, Latencies, Proofs, Snapshot};
use agent::guard::{Counts, Decision, Outcome, Seen, Version, line};
use arc_swap::ArcSwapOption;

use crate::clock;
use crate::serve::audit::{AuditLog, Unwritten};

/// Shared by all who add to it and all who read it.
#[derive(Debug, Clone)]
pub(crate) struct Records(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    kept: Mutex<Kept>,
    audit: ArcSwapOption<AuditLog>,
}

#[derive(Debug)]
struct Kept {
    counts: Counts,
    latencies: Latencies,
    proofs: Proofs,
    change: Change,
}

/// What has happened since the counts were saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Change {
    None,
    /// Numbers have grown.
    Counted,
    /// Somebody read without a token who had not before.
    NewCaller,
}

/// What a try of the lockdown found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proven {
    /// It holds.
    Held,
    /// It did not, and does now.
    Mended,
    /// Nothing is open, and root does not reach the service either.
    Away,
    /// It does not hold.
    Broken,
}

/// A request under way, as far as it is known what it is and what becomes of it.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub(crate) process: Option<Process>,
    pub(crate) path: Option<String>,
    pub(crate) service: Option<String>,
    pub(crate) version: Option<Version>,
    rule: Option<String>,
    outcome: Outcome,
    reason: Option<String>,
}

impl Draft {
    /// What becomes of it, unless something else comes in between.
    pub(crate) fn ends(&mut self, outcome: Outcome) {
        self.outcome = outcome;
    }

    /// What becomes of it, and why.
    pub(crate) fn ends_as(&mut self, outcome: Outcome, reason: impl Into<String>) {
        self.outcome = outcome;
        self.reason = Some(reason.into());
    }

    /// A rule decided that is none of those about callers.
    pub(crate) fn ruled(&mut self, rule: String) {
        self.rule = Some(rule);
    }

    /// The rules were asked.
    pub(crate) fn decided(&mut self, decision: &Decision) {
        self.rule = decision.rule().map(str::to_owned);
        if let Decision::Denied(denial) = decision {
            self.ends_as(Outcome::Denied, denial.to_string());
        }
    }
}

impl Records {
    pub(crate) fn new(counts: Counts, audit: Option<AuditLog>) -> Self {
        Self(Arc::new(Inner {
            kept: Mutex::new(Kept {
                counts,
                latencies: Latencies::default(),
                proofs: Proofs::default(),
                change: Change::None,
            }),
            audit: ArcSwapOption::from_pointee(audit),
        }))
    }

    /// Writes to another log from now on.
    pub(crate) fn exchange_audit(&self, audit: Option<AuditLog>) {
        self.0.audit.store(audit.map(Arc::new));
    }

    /// Whether lines are written, which say of callers all that is known.
    pub(crate) fn are_written(&self) -> bool {
        self.0.audit.load().is_some()
    }

    /// Counts a request that is over, and records it.
    ///
    /// # Errors
    ///
    /// [`Unwritten`] where the log is required: then nothing may be answered.
    pub(crate) fn close(&self, draft: &Draft, took: Duration) -> Result<(), Unwritten> {
        let mut seen = Seen {
            time: clock::now(),
            process: draft.process.as_ref(),
            path: draft.path.as_deref(),
            service: draft.service.as_deref(),
            rule: draft.rule.as_deref(),
            version: draft.version,
            outcome: draft.outcome,
            reason: draft.reason.as_deref(),
        };
        let audit = self.0.audit.load();
        let written = audit.as_ref().map_or(Ok(()), |log| log.write(line(&seen)));
        if written.is_err() {
            seen.outcome = Outcome::Unrecorded;
        }
        let mut kept = self.lock();
        let change = if kept.counts.add(&seen) {
            Change::NewCaller
        } else {
            Change::Counted
        };
        kept.change = kept.change.max(change);
        kept.latencies.add(took);
        written
    }

    pub(crate) fn proof(&self, proven: Proven) {
        let mut kept = self.lock();
        let proofs = &mut kept.proofs;
        // What nothing answers says nothing new.
        if proven != Proven::Away {
            proofs.holds = proven != Proven::Broken;
        }
        match proven {
            Proven::Held => proofs.held += 1,
            Proven::Mended => proofs.mended += 1,
            Proven::Away => proofs.away += 1,
            Proven::Broken => {}
        }
        if matches!(proven, Proven::Held | Proven::Mended) {
            proofs.proven = Some(clock::now());
        }
    }

    pub(crate) fn counts(&self) -> Counts {
        self.lock().counts.clone()
    }

    /// What has changed since this was asked last.
    pub(crate) fn changed(&self) -> Change {
        self.lock().change
    }

    /// The counts, which are saved by that.
    pub(crate) fn take(&self) -> Counts {
        let mut kept = self.lock();
        kept.change = Change::None;
        kept.counts.clone()
    }

    /// What is scraped.
    pub(crate) fn text(&self) -> String {
        let audit = self.0.audit.load();
        let kept = self.lock();
        metrics::render(&Snapshot {
            counts: &kept.counts,
            latencies: &kept.latencies,
            proofs: kept.proofs,
            audit_lines_lost: audit.as_ref().map_or(0, |log| log.lost()),
        })
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

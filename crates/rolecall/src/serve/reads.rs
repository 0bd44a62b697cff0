//! The one door to the secrets: every listener's reads pass here, and leave their record.
//!
//! Who asks is found out, the rules decide before anything is looked up and again by what was
//! found, and the audit log has the line before the client has the answer. Knows no protocol.

use std::collections::BTreeMap;
use std::sync::Arc;

use agent::access::{Decision, Denial, Listener, Rules, Wanted};
use agent::audit::{Outcome, Read};
use agent::aws_http::{Refresh, Token};
use agent::config::Config;
use agent::{Ask, Caller, Failure};
use arc_swap::{ArcSwap, Guard};

use super::audit::AuditLog;
use super::limited::Limited;
use super::meter::Meters;
use super::tally::{LISTENERS, Tally};
use crate::clock::{self, Stopwatch};
use crate::upstream::{Held, Secrets};

/// What listeners read through. What is in force is exchanged as a whole.
#[derive(Debug)]
pub(crate) struct Reads {
    live: ArcSwap<Live>,
    pub(crate) tally: Tally,
    pub(crate) meters: Meters,
    denials: BTreeMap<Listener, Limited>,
}

/// A configuration in force, with what was read and looked up for it.
#[derive(Debug)]
pub(crate) struct Live {
    /// Another number for each configuration.
    pub(crate) generation: u64,
    pub(crate) config: Arc<Config>,
    pub(crate) rules: Rules,
    /// The listener's own and those of `access.tokens`.
    pub(crate) tokens: Vec<Token>,
    /// ARN to name, of `secret-manager.aws.roles`.
    pub(crate) roles: BTreeMap<String, String>,
    pub(crate) secrets: Arc<Secrets>,
    pub(crate) audit: Option<AuditLog>,
}

impl Live {
    /// The same with its audit log opened anew, for log rotation.
    pub(crate) fn with_audit(&self, audit: Option<AuditLog>) -> Self {
        Self {
            generation: self.generation,
            config: Arc::clone(&self.config),
            rules: self.rules.clone(),
            tokens: self.tokens.clone(),
            roles: self.roles.clone(),
            secrets: Arc::clone(&self.secrets),
            audit,
        }
    }
}

/// A read that somebody wants.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Question<'a> {
    pub(crate) caller: &'a Caller,
    pub(crate) listener: Listener,
    pub(crate) resource: Option<&'a str>,
    pub(crate) ask: &'a Ask,
    pub(crate) key: Option<&'a str>,
    pub(crate) refresh: &'a Refresh,
}

/// Why a read gives nothing.
#[derive(Debug)]
pub(crate) enum Refused<E> {
    /// The rules close it.
    Denied(Denial),
    /// It could not be fetched, and nothing is held that may be served.
    Failed(Failure),
    /// What is there has no answer in the listener's protocol.
    Unanswerable(E),
    /// The audit log cannot take the line, and is required.
    Unrecorded,
}

impl Reads {
    pub(crate) fn new(live: Live) -> Arc<Self> {
        Arc::new(Self {
            live: ArcSwap::from_pointee(live),
            tally: Tally::default(),
            meters: Meters::default(),
            denials: LISTENERS.map(|by| (by, Limited::default())).into(),
        })
    }

    /// What is in force.
    pub(crate) fn live(&self) -> Guard<Arc<Live>> {
        self.live.load()
    }

    /// Puts another configuration in force; requests under way end with the one they began with.
    pub(crate) fn exchange(&self, live: Live) {
        self.live.store(Arc::new(live));
    }

    /// Reads a secret for `question`, and makes the answer of it. `E` comes with its code for the
    /// audit log.
    pub(crate) async fn read<T, E>(
        &self,
        live: &Live,
        question: Question<'_>,
        answer: impl FnOnce(Held<'_>) -> Result<T, (E, &'static str)>,
    ) -> Result<T, Refused<E>> {
        let wanted = question.wanted();
        let (caller, by) = (question.caller, question.listener);
        let decision = live.rules.decide(caller, by, wanted);
        if let Decision::Denied(denial) = decision {
            return self.deny(live, question, denial);
        }
        if *question.refresh == Refresh::No {
            let cache = live.secrets.snapshot();
            if let Some(held) = live.secrets.held_in(&cache, question.ask) {
                return self.answered(live, question, decision, held, answer);
            }
        }
        let start = Stopwatch::start();
        let found = live.secrets.get(question.ask, question.refresh).await;
        let by_role = question.ask.role().is_some();
        self.tally.fetched(&found, by_role, start);
        match found {
            Ok(served) => self.answered(live, question, decision, served.held(), answer),
            Err(failure) => {
                let code = failure.fault().code;
                self.record(live, question, &decision, Outcome::Failed(&code))?;
                Err(Refused::Failed(failure))
            }
        }
    }

    /// Makes the answer of what was found, if the rules open that as well.
    fn answered<T, E>(
        &self,
        live: &Live,
        question: Question<'_>,
        decision: Decision,
        held: Held<'_>,
        answer: impl FnOnce(Held<'_>) -> Result<T, (E, &'static str)>,
    ) -> Result<T, Refused<E>> {
        let (caller, by) = (question.caller, question.listener);
        let decision = if live.rules.are_there() {
            let is_home = live.secrets.cache().is_home(held.entry);
            live.rules
                .confirm(caller, by, question.wanted(), (held.entry, is_home))
        } else {
            decision
        };
        if let Decision::Denied(denial) = decision {
            return self.deny(live, question, denial);
        }
        let answered = answer(held);
        let outcome = match &answered {
            Ok(_) => Outcome::Served {
                version: held.entry.version(),
                source: held.source,
                age: held.age,
            },
            Err((_, code)) => Outcome::Failed(code),
        };
        self.record(live, question, &decision, outcome)?;
        answered.map_err(|(error, _)| Refused::Unanswerable(error))
    }

    fn deny<T, E>(
        &self,
        live: &Live,
        question: Question<'_>,
        denial: Denial,
    ) -> Result<T, Refused<E>> {
        self.tell_denied(question.caller, question.listener, denial);
        let decision = Decision::Denied(denial);
        self.record(live, question, &decision, Outcome::Denied)?;
        Err(Refused::Denied(denial))
    }

    /// Says now and then who is denied; the audit log has each.
    pub(super) fn tell_denied(&self, caller: &Caller, listener: Listener, denial: Denial) {
        let limited = self.denials.get(&listener);
        if let Some(suppressed) = limited.and_then(Limited::one_more) {
            let uid = caller.process.as_ref().map(|process| process.uid);
            let peer = caller.address.map(tracing::field::display);
            let listener = listener.as_str();
            tracing::warn!(listener, uid, peer, %denial, suppressed, "a read is denied");
        }
    }

    fn record<E>(
        &self,
        live: &Live,
        question: Question<'_>,
        decision: &Decision,
        outcome: Outcome<'_>,
    ) -> Result<(), Refused<E>> {
        self.tally.count(question.listener, outcome);
        let Some(audit) = &live.audit else {
            return Ok(());
        };
        let record = agent::audit::line(&Read {
            time: clock::now(),
            caller: question.caller,
            listener: question.listener,
            wanted: question.wanted(),
            decision,
            outcome,
        });
        audit.write(record).map_err(|_| Refused::Unrecorded)
    }
}

impl<'a> Question<'a> {
    fn wanted(&self) -> Wanted<'a> {
        Wanted {
            resource: self.resource,
            ask: self.ask,
            key: self.key,
        }
    }
}

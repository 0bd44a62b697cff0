//! The rules in force, and what they say of a request.
//!
//! The first rule that is about the caller and the path decides. A rule may also take away, so one
//! that asks for something which is not known of the caller must not be passed over as if it did
//! not fit: it lowers what the rules after it can give to what it gives itself.

use std::collections::BTreeSet;

use super::config::{Config, Level, Rule};
use super::own::{Own, Session, Unnamed};
use super::path::Asked;
use super::tally::OTHERWISE;
use crate::access::{Ids, NameError, is_below, of_any};
use crate::caller::{HOST_NETWORK, NO_GID, Network, Process};
use crate::config::{Who, Whom};

/// The rules with the names of users and groups looked up.
#[derive(Debug, Clone)]
pub struct Rules {
    in_order: Vec<(Rule, Ids)>,
    networks: Vec<String>,
    otherwise: Level,
}

/// What is decided, and by what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// It is forwarded.
    Allowed(Reason),
    /// It is answered with credentials of the caller's own.
    Own(Box<Session>),
    /// It is not.
    Denied(Denial),
}

/// What opens a path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// A rule, by its name.
    #[error("rule `{0}` opens it")]
    Rule(String),
    /// No rule is about it.
    #[error("no rule is about it, and `otherwise` opens it")]
    Otherwise,
}

/// What keeps it closed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Denial {
    /// A rule opens less.
    #[error("rule `{0}` opens {1}")]
    Rule(String, Level),
    /// No rule is about it.
    #[error("no rule is about it, and `otherwise` opens {0}")]
    Otherwise(Level),
    /// A rule that would take it away may be about the caller.
    #[error("it is not known whether rule `{rule}` is about this caller, as its `{what}` is not")]
    InDoubt {
        /// Its name.
        rule: String,
        /// What it asks for.
        what: &'static str,
    },
    /// A rule gives credentials of the caller's own, and the session has no name.
    #[error("rule `{rule}` gives it credentials of its own, but {why}")]
    NoSession {
        /// Its name.
        rule: String,
        /// What is wrong.
        why: Unnamed,
    },
    /// Several processes have the connection open, and not all may have the same.
    #[error("several processes share the connection, and the rules give them different things")]
    Shared,
}

/// What one rule says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Verdict {
    /// It is the one that decides.
    #[error("decides: it opens {0}")]
    Decides(Level),
    /// It would, but one before it does.
    #[error("comes after the one that decides")]
    TooLate,
    /// This key of `who` does not hold of the caller.
    #[error("is not about this caller: `{0}` does not fit")]
    NotAbout(&'static str),
    /// Nobody knows whether it is about the caller.
    #[error("may be about this caller, whose `{0}` is not known: nothing more than {1} from here")]
    InDoubt(&'static str, Level),
    /// It is about other paths.
    #[error("is about other paths")]
    OtherPaths,
}

/// Whether a rule is about a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    Yes,
    No(&'static str),
    Unknown(&'static str),
}

impl Decision {
    /// Whether it is forwarded.
    pub fn is_allowed(&self) -> bool {
        !matches!(self, Self::Denied(_))
    }

    /// The rule that decided, or [`OTHERWISE`]; none where several processes that share the
    /// connection differ.
    pub fn rule(&self) -> Option<&str> {
        Some(match self {
            Self::Allowed(Reason::Rule(rule))
            | Self::Denied(
                Denial::Rule(rule, _)
                | Denial::InDoubt { rule, .. }
                | Denial::NoSession { rule, .. },
            ) => rule,
            Self::Own(session) => &session.rule,
            Self::Allowed(Reason::Otherwise) | Self::Denied(Denial::Otherwise(_)) => OTHERWISE,
            Self::Denied(Denial::Shared) => return None,
        })
    }
}

impl Level {
    fn opens(self, asked: &Asked) -> bool {
        match self {
            Self::Nothing => false,
            Self::Metadata => !asked.is_of_credentials(),
            Self::Own | Self::Everything => true,
        }
    }

    /// Whether all of the service is open there that any level opens.
    fn opens_fully(self, asked: &Asked) -> bool {
        self.opens(asked) && !self.gives_own(asked)
    }

    fn gives_own(self, asked: &Asked) -> bool {
        self == Self::Own && asked.is_of_credentials()
    }
}

impl Rules {
    /// Compiles a configuration's rules; `user` and `group` look names up.
    ///
    /// # Errors
    ///
    /// [`NameError`] for a user or a group that the host does not have.
    pub fn new(
        config: &Config,
        user: impl Fn(&str) -> Option<u32>,
        group: impl Fn(&str) -> Option<u32>,
    ) -> Result<Self, NameError> {
        let compile = |rule: &Rule| {
            let ids = Ids::look_up(&rule.name, &rule.who, &user, &group)?;
            Ok((rule.clone(), ids))
        };
        let those = config.rules.iter().filter_map(|rule| match &rule.who {
            Whom::Those(who) => Some(who),
            Whom::Anyone => None,
        });
        let networks = those.flat_map(|who| &who.network_namespace);
        let networks: BTreeSet<_> = networks.filter(|it| *it != HOST_NETWORK).collect();
        Ok(Self {
            networks: networks.into_iter().cloned().collect(),
            in_order: config.rules.iter().map(compile).collect::<Result<_, _>>()?,
            otherwise: config.otherwise,
        })
    }

    /// The paths of network namespaces that rules ask about, each once.
    pub fn networks(&self) -> &[String] {
        &self.networks
    }

    /// Whether a process may have a path.
    pub fn decide(&self, process: &Process, asked: &Asked) -> Decision {
        let mut doubt = None;
        for (rule, ids) in self.about(asked) {
            match fit(rule, ids, process) {
                // Whatever comes after it, this is closed.
                Fit::Unknown(what) if !rule.allow.opens_fully(asked) => {
                    let denial = || Denial::InDoubt {
                        rule: rule.name.clone(),
                        what,
                    };
                    doubt.get_or_insert_with(denial);
                }
                Fit::No(_) | Fit::Unknown(_) => {}
                Fit::Yes => return decided_by(rule, process, asked, doubt),
            }
        }
        let closed = Denial::Otherwise(self.otherwise);
        let is_open = self.otherwise.opens(asked);
        decided(is_open, Reason::Otherwise, closed, doubt)
    }

    /// Whether all processes that have one connection open may have a path, and the same of it.
    /// Without any of them nothing is certain but the user that `user` says.
    pub fn decide_all(&self, processes: &[Process], user: &Process, asked: &Asked) -> Decision {
        let mut decisions = processes.iter().map(|process| self.decide(process, asked));
        let Some(mut decision) = decisions.next() else {
            return self.decide(user, asked);
        };
        for other in decisions {
            match (&decision, other) {
                (Decision::Denied(_), _) => return decision,
                (_, Decision::Denied(denial)) => return Decision::Denied(denial),
                // Which rule opens the same to both does not matter.
                (Decision::Allowed(_), Decision::Allowed(_)) => {}
                (one, other) if *one == other => decision = other,
                _ => return Decision::Denied(Denial::Shared),
            }
        }
        decision
    }

    /// What each rule says, in their order, for a person who asks why.
    pub fn explain(&self, process: &Process, asked: &Asked) -> Vec<(&str, Verdict)> {
        let mut is_decided = false;
        let verdict = |(rule, ids): &'_ (Rule, Ids)| {
            if !is_about(rule, asked) {
                return Verdict::OtherPaths;
            }
            match fit(rule, ids, process) {
                Fit::No(what) => Verdict::NotAbout(what),
                _ if is_decided => Verdict::TooLate,
                Fit::Unknown(what) => Verdict::InDoubt(what, rule.allow),
                Fit::Yes => {
                    is_decided = true;
                    Verdict::Decides(rule.allow)
                }
            }
        };
        let verdicts: Vec<_> = self.in_order.iter().map(verdict).collect();
        let names = self.in_order.iter().map(|(rule, _)| rule.name.as_str());
        names.zip(verdicts).collect()
    }

    /// Whether the decision may turn on what is not known of the process yet, which costs more to
    /// find out than its user.
    pub fn turn_on_more(&self, process: &Process, asked: &Asked) -> bool {
        let mut fits = self.about(asked);
        let first = fits.find_map(|(rule, ids)| match fit(rule, ids, process) {
            Fit::No(_) => None,
            Fit::Unknown(_) => Some(true),
            Fit::Yes => Some(rule.allow.gives_own(asked) && rule.asks_for_process()),
        });
        first.unwrap_or(false)
    }

    /// Sessions that certainly will be asked for, as only a user decides about them: they can be
    /// there before anybody asks.
    pub fn sessions_of_users(&self) -> Vec<(u32, Session)> {
        let asked = Asked::read(CREDENTIALS).ok();
        let asked = asked.as_ref();
        let users = self.in_order.iter().filter(|(rule, _)| rule.own.is_some());
        let users = users.flat_map(|(_, ids)| ids.uids.iter().copied());
        let of_user = |uid: u32| {
            let user = Process {
                network: Some(Network::host()),
                ..Process::user_alone(uid)
            };
            match self.decide(&user, asked?) {
                Decision::Own(session) => Some((uid, *session)),
                Decision::Allowed(_) | Decision::Denied(_) => None,
            }
        };
        users.filter_map(of_user).collect()
    }

    fn about<'a>(&'a self, asked: &'a Asked) -> impl Iterator<Item = &'a (Rule, Ids)> {
        self.in_order
            .iter()
            .filter(|(rule, _)| is_about(rule, asked))
    }
}

fn decided_by(rule: &Rule, process: &Process, asked: &Asked, doubt: Option<Denial>) -> Decision {
    let name = || rule.name.clone();
    match &rule.own {
        Some(own) if rule.allow.gives_own(asked) && doubt.is_none() => {
            match own.session(&rule.name, process) {
                Ok(session) => Decision::Own(Box::new(session)),
                Err(why) => Decision::Denied(Denial::NoSession { rule: name(), why }),
            }
        }
        _ => {
            let closed = Denial::Rule(name(), rule.allow);
            decided(rule.allow.opens(asked), Reason::Rule(name()), closed, doubt)
        }
    }
}

fn decided(is_open: bool, open: Reason, closed: Denial, doubt: Option<Denial>) -> Decision {
    match doubt {
        _ if !is_open => Decision::Denied(closed),
        Some(doubt) => Decision::Denied(doubt),
        None => Decision::Allowed(open),
    }
}

impl Rule {
    fn asks_for_process(&self) -> bool {
        self.own.as_ref().is_some_and(Own::asks_for_process)
    }
}

fn is_about(rule: &Rule, asked: &Asked) -> bool {
    rule.paths.is_empty() || rule.paths.iter().any(|prefix| prefix.holds(asked))
}

/// What certainly does not hold outweighs what is not known.
fn fit(rule: &Rule, ids: &Ids, process: &Process) -> Fit {
    let Whom::Those(who) = &rule.who else {
        return Fit::Yes;
    };
    let fits = fits(who, ids, process);
    let find = |wanted: Option<bool>| fits.iter().find(|(_, fits)| *fits == wanted);
    match (find(Some(false)), find(None)) {
        (Some((what, _)), _) => Fit::No(what),
        (None, Some((what, _))) => Fit::Unknown(what),
        (None, None) => Fit::Yes,
    }
}

/// Whether each of `who` holds; `None` where it is not known.
fn fits(who: &Who, ids: &Ids, process: &Process) -> [(&'static str, Option<bool>); 6] {
    let (exe, unit) = (process.exe.as_deref(), process.unit.as_deref());
    let is_placed = process.cgroup.is_some();
    let known = |asks: bool, is_known: bool, holds: bool| match (asks, is_known) {
        (false, _) => Some(true),
        (true, false) => None,
        (true, true) => Some(holds),
    };
    let in_group = ids.have_group(process);
    let groups_known = in_group || process.gid != NO_GID;
    let uid = ids.uids.is_empty() || ids.uids.contains(&process.uid);
    [
        ("uid", Some(uid)),
        ("gid", known(!ids.gids.is_empty(), groups_known, in_group)),
        (
            "exe",
            known(!who.exe.is_empty(), exe.is_some(), of_any(&who.exe, exe)),
        ),
        // A process in no unit has a control group all the same.
        (
            "unit",
            known(!who.unit.is_empty(), is_placed, of_any(&who.unit, unit)),
        ),
        (
            "cgroup",
            known(
                !who.cgroup.is_empty(),
                is_placed,
                is_below(&who.cgroup, process),
            ),
        ),
        ("network-namespace", of_network(who, process)),
    ]
}

fn of_network(who: &Who, process: &Process) -> Option<bool> {
    if who.network_namespace.is_empty() {
        return Some(true);
    }
    let network = process.network.as_ref()?;
    let called = who.network_namespace.iter();
    let fits: Vec<_> = called.map(|called| network.is(called)).collect();
    if fits.contains(&Some(true)) {
        return Some(true);
    }
    (!fits.contains(&None)).then_some(false)
}

const CREDENTIALS: &str = "/latest/meta-data/iam/security-credentials/";

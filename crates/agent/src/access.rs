//! Who may read what: the decision, and why.
//!
//! What no rule opens is closed. Without rules each listener has a default: on Unix sockets, and to
//! SDKs on loopback, the agent's own user and root; with the token, all of it; over the Secret
//! Agent protocol on TCP, which has no authentication, whoever can connect. Finds out nothing about
//! a caller; what is not known of one fits no rule.

mod rules;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use protocol::Arn;

use crate::ask::Ask;
use crate::caller::Caller;
use crate::config::{Access, Rule};
use crate::entry::Entry;
use rules::Compiled;
pub use rules::NameError;
pub(crate) use rules::{Ids, is_below, of_any};

/// The rules in force, with the names of users and groups looked up.
#[derive(Debug, Clone)]
pub struct Rules {
    rules: Option<Vec<Compiled>>,
    own_uid: u32,
}

/// The way by which a request came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Listener {
    /// Secret Agent frames over TCP.
    Tcp,
    /// The same with a verified client certificate.
    MutualTls,
    /// Secret Agent frames on a Unix socket.
    Uds,
    /// Reads of secrets beside health and metrics.
    Management,
    /// AWS's local HTTP interface over TCP.
    AwsHttp,
    /// The same on a Unix socket.
    AwsSocket,
    /// The SDKs' own protocol over TCP.
    Sdk,
    /// Temporary credentials, with a token.
    ContainerCredentials,
    /// `LoadCredential=`.
    SystemdCredentials,
}

/// What is wanted.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// Name of the resource, where one was named.
    pub resource: Option<&'a str>,
    /// The secret, as it was asked for or as the configuration has it.
    pub ask: &'a Ask,
    /// The one member that is handed out; `None` is the whole secret.
    pub key: Option<&'a str>,
}

/// What is decided, and by what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// A rule opens it; its name.
    Allowed(String),
    /// The listener's default opens it; in words.
    AllowedByDefault(&'static str),
    /// Nothing does.
    Denied(Denial),
}

/// Why something is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denial {
    /// No rule names this caller.
    #[error("no rule of `access.rules` names this caller")]
    NobodysRule,
    /// Rules name the caller, and none of them opens this.
    #[error("no rule that names this caller opens this")]
    NotOpened,
    /// Rules open a part of it: single keys.
    #[error("the rules open single keys of it, not the whole secret")]
    KeysAlone,
    /// There are no rules, and the default is for the agent's own user and root.
    #[error("without `access.rules` only the agent's own user and root may read here")]
    NotTheOwner,
}

/// What one rule says of a read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Verdict {
    /// It opens it.
    #[error("opens it")]
    Opens,
    /// This key of `who` does not hold of the caller.
    #[error("is not about this caller: `{0}` does not fit")]
    NotAbout(&'static str),
    /// It opens other secrets.
    #[error("is about this caller, and opens other secrets")]
    NotThis,
    /// It opens other keys of this secret.
    #[error("is about this caller, and opens single keys of this secret")]
    OtherKeys,
}

impl Decision {
    /// Whether it is open.
    pub fn is_allowed(&self) -> bool {
        !matches!(self, Self::Denied(_))
    }
}

impl Rules {
    /// Compiles a configuration's rules about its `resources`. `user` and `group` look names up;
    /// `own_uid` is the agent's.
    ///
    /// # Errors
    ///
    /// [`NameError`] for a user or a group that the host does not have: a rule that would silently
    /// fit nobody is a mistake.
    pub fn new(
        access: &Access,
        resources: &BTreeMap<String, Ask>,
        own_uid: u32,
        user: impl Fn(&str) -> Option<u32>,
        group: impl Fn(&str) -> Option<u32>,
    ) -> Result<Self, NameError> {
        let compile = |rule: &Rule| Compiled::new(rule, resources, &user, &group);
        let rules = access.rules.as_ref();
        let rules = rules.map(|rules| rules.iter().map(compile).collect());
        Ok(Self {
            rules: rules.transpose()?,
            own_uid,
        })
    }

    /// Whether the caller may have it, before it is looked up: judged by the name it was asked for.
    pub fn decide(&self, caller: &Caller, by: Listener, wanted: Wanted<'_>) -> Decision {
        if self.rules.is_none() {
            return self.default(caller, by);
        }
        let names = Names::of_request(wanted.ask);
        self.judge(caller, by, wanted, &names)
    }

    /// The same once it is there: judged by what it really is. A name means a secret of the agent's
    /// own account, so a name in a rule opens a secret by ARN only where `is_home` says that it is
    /// of that account. What is read by a role of its own goes by its ARN or as a resource.
    pub fn confirm(
        &self,
        caller: &Caller,
        by: Listener,
        wanted: Wanted<'_>,
        (entry, is_home): (&Entry, bool),
    ) -> Decision {
        if self.rules.is_none() {
            return self.default(caller, by);
        }
        let names = Names::of_entry(entry, is_home && wanted.ask.role().is_none());
        self.judge(caller, by, wanted, &names)
    }

    /// What each rule says, in their order, for a person who asks why. Nothing without rules.
    pub fn explain(&self, caller: &Caller, wanted: Wanted<'_>) -> Vec<(&str, Verdict)> {
        let names = Names::of_request(wanted.ask);
        let verdict = |rule: &Compiled| match rule.mismatch(caller) {
            Some(what) => Verdict::NotAbout(what),
            None if !rule.opens(&wanted, &names) => Verdict::NotThis,
            None if !rule.opens_key(wanted.key) => Verdict::OtherKeys,
            None => Verdict::Opens,
        };
        let rules = self.rules.iter().flatten();
        rules.map(|rule| (rule.name(), verdict(rule))).collect()
    }

    /// Whether the caller may have the agent's temporary credentials.
    pub fn decide_credentials(&self, caller: &Caller) -> Decision {
        let by = Listener::ContainerCredentials;
        let Some(rules) = &self.rules else {
            return self.default(caller, by);
        };
        let mut denial = Denial::NobodysRule;
        for rule in rules.iter().filter(|rule| rule.names(caller)) {
            if rule.opens_credentials() {
                return Decision::Allowed(rule.name().to_owned());
            }
            denial = Denial::NotOpened;
        }
        Decision::Denied(denial)
    }

    /// Whether anything here depends on which executable, unit or control group asks: these cost
    /// more to find out than the user.
    pub fn needs_process(&self) -> bool {
        let rules = self.rules.iter().flatten();
        rules.into_iter().any(Compiled::needs_process)
    }

    /// Whether there are rules at all.
    pub fn are_there(&self) -> bool {
        self.rules.is_some()
    }

    fn judge(
        &self,
        caller: &Caller,
        by: Listener,
        wanted: Wanted<'_>,
        names: &Names<'_>,
    ) -> Decision {
        let Some(rules) = &self.rules else {
            return self.default(caller, by);
        };
        let mut denial = Denial::NobodysRule;
        for rule in rules.iter().filter(|rule| rule.names(caller)) {
            if !rule.opens(&wanted, names) {
                if denial == Denial::NobodysRule {
                    denial = Denial::NotOpened;
                }
            } else if rule.opens_key(wanted.key) {
                return Decision::Allowed(rule.name().to_owned());
            } else if wanted.key.is_none() {
                denial = Denial::KeysAlone;
            } else if denial != Denial::KeysAlone {
                denial = Denial::NotOpened;
            }
        }
        Decision::Denied(denial)
    }

    fn default(&self, caller: &Caller, by: Listener) -> Decision {
        let uid = caller.process.as_ref().map(|process| process.uid);
        let is_owner = uid.is_some_and(|uid| uid == 0 || uid == self.own_uid);
        let with_token = caller.token.is_some();
        match by {
            Listener::Tcp | Listener::Management => {
                Decision::AllowedByDefault("the protocol has no authentication")
            }
            Listener::MutualTls => Decision::AllowedByDefault("the client's certificate"),
            _ if with_token => Decision::AllowedByDefault("the token"),
            Listener::Uds | Listener::AwsSocket | Listener::Sdk | Listener::SystemdCredentials
                if is_owner =>
            {
                Decision::AllowedByDefault("the agent's own user, or root")
            }
            _ => Decision::Denied(Denial::NotTheOwner),
        }
    }
}

/// What a secret is called, for the patterns of rules.
struct Names<'a>(Vec<&'a str>);

impl<'a> Names<'a> {
    /// As asked for. The name inside an ARN counts too; whether it is one of the agent's own
    /// account is seen when the secret is there.
    fn of_request(ask: &'a Ask) -> Self {
        let (secret, by_role) = (ask.secret_id(), ask.role().is_some());
        let Some(name) = name_in_arn(secret) else {
            return Self(if by_role { Vec::new() } else { vec![secret] });
        };
        let mut names = vec![secret];
        names.extend(without_suffix(secret));
        if !by_role {
            names.push(name);
            names.extend(without_suffix(name));
        }
        Self(names)
    }

    fn of_entry(entry: &'a Entry, is_home: bool) -> Self {
        let version = entry.version();
        let mut names = vec![version.arn.as_str()];
        names.extend(without_suffix(&version.arn));
        if is_home {
            names.push(&version.name);
        }
        Self(names)
    }
}

fn name_in_arn(secret: &str) -> Option<&str> {
    let arn = Arn::parse(secret).filter(|arn| arn.service() == "secretsmanager")?;
    let at = secret.len().checked_sub(arn.resource().len())?;
    secret.get(at..)?.strip_prefix("secret:")
}

/// `NAME` of `NAME-AbCdEf`: the service adds a hyphen and six characters to names in ARNs.
fn without_suffix(text: &str) -> Option<&str> {
    let (name, suffix) = text.split_at_checked(text.len().checked_sub(SUFFIX_BYTES)?)?;
    let suffix = suffix.strip_prefix('-')?;
    let is_suffix = suffix.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_suffix.then_some(name)
}

// Secrets Manager User Guide, "What's in a Secrets Manager secret?".
const SUFFIX_BYTES: usize = 7;

//! The record of a read: who, which secret and version, what was decided, from where it came.
//!
//! A line of JSON. There is no value in it, nor a place for one. Writes nothing: the world does,
//! and decides what to do when it cannot.

use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use crate::access::{Decision, Listener, Wanted};
use crate::caller::Caller;
use crate::entry::SecretVersion;

/// A read that was answered or refused.
#[derive(Debug)]
pub struct Read<'a> {
    /// When it was answered.
    pub time: Timestamp,
    /// Who asked.
    pub caller: &'a Caller,
    /// By which way.
    pub listener: Listener,
    /// What was asked for.
    pub wanted: Wanted<'a>,
    /// What the rules said.
    pub decision: &'a Decision,
    /// What came of it.
    pub outcome: Outcome<'a>,
}

/// A read of temporary credentials that was answered or refused.
#[derive(Debug)]
pub struct CredentialsRead<'a> {
    /// When it was answered.
    pub time: Timestamp,
    /// Who asked.
    pub caller: &'a Caller,
    /// The role whose they are; `None` is the agent's own.
    pub role: Option<&'a str>,
    /// What the rules said.
    pub decision: &'a Decision,
    /// The id of the key that was handed out, else the code of the reason.
    pub outcome: Result<&'a str, &'a str>,
}

/// What came of a read.
#[derive(Debug, Clone, Copy)]
pub enum Outcome<'a> {
    /// The value was handed out.
    Served {
        /// Which.
        version: &'a SecretVersion,
        /// From where.
        source: Source,
        /// How old the answer was.
        age: Duration,
    },
    /// The rules closed it.
    Denied,
    /// There was no value to hand out; the service's or our own code of the reason.
    Failed(&'a str),
}

/// Where an answer came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// Held, within its time to live.
    Fresh,
    /// Held, past it: the service fails.
    Stale,
    /// Fetched for this read.
    Fetched,
}

impl Source {
    /// As logs, headers and metrics write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fresh => "hit",
            Self::Stale => "stale",
            Self::Fetched => "miss",
        }
    }
}

impl Listener {
    /// As logs and metrics write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::MutualTls => "tls",
            Self::Uds => "uds",
            Self::Management => "http",
            Self::AwsHttp => "aws-http",
            Self::AwsSocket => "aws-http-socket",
            Self::Sdk => "sdk",
            Self::ContainerCredentials => "container-credentials",
            Self::SystemdCredentials => "systemd-credentials",
        }
    }
}

/// The line of a read, its end included.
pub fn line(read: &Read<'_>) -> String {
    let mut line = Line {
        resource: read.wanted.resource,
        secret: Some(read.wanted.ask.secret_id()),
        key: read.wanted.key,
        role: read.wanted.ask.role(),
        ..Line::of(read.time, read.caller, read.listener, read.decision)
    };
    match read.outcome {
        Outcome::Served {
            version,
            source,
            age,
        } => {
            line.outcome = SERVED;
            line.arn = Some(&version.arn);
            line.version = Some(&version.version_id);
            line.cache = Some(source.as_str());
            line.age_seconds = Some(age.as_secs());
        }
        Outcome::Denied => line.outcome = DENIED,
        Outcome::Failed(code) => {
            line.outcome = FAILED;
            line.error = Some(code);
        }
    }
    line.text()
}

/// The line of a read of credentials, its end included.
pub fn credentials_line(read: &CredentialsRead<'_>) -> String {
    let by = Listener::ContainerCredentials;
    let mut line = Line {
        role: read.role,
        ..Line::of(read.time, read.caller, by, read.decision)
    };
    match read.outcome {
        Ok(access_key_id) => {
            line.outcome = SERVED;
            line.access_key_id = Some(access_key_id);
        }
        Err(_) if !read.decision.is_allowed() => line.outcome = DENIED,
        Err(code) => {
            line.outcome = FAILED;
            line.error = Some(code);
        }
    }
    line.text()
}

#[derive(Serialize, Default)]
struct Line<'a> {
    time: String,
    listener: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pid: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uid: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exe: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    certificate: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'a str>,
    decision: &'static str,
    rule: String,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_key_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    arn: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cache: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    age_seconds: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
}

impl<'a> Line<'a> {
    /// Who, when, by which way and what was decided.
    fn of(time: Timestamp, caller: &'a Caller, by: Listener, decision: &Decision) -> Self {
        let process = caller.process.as_ref();
        let (decision, rule) = match decision {
            Decision::Allowed(rule) => ("allowed", rule.clone()),
            Decision::AllowedByDefault(why) => ("allowed", format!("default: {why}")),
            Decision::Denied(denial) => ("denied", denial.to_string()),
        };
        Self {
            time: time.to_string(),
            listener: by.as_str(),
            pid: process.and_then(|process| process.pid),
            uid: process.map(|process| process.uid),
            exe: process.and_then(|process| process.exe.as_deref()),
            unit: process.and_then(|process| process.unit.as_deref()),
            certificate: &caller.certificate_names,
            token: caller.token.as_deref(),
            address: caller.address.map(|address| address.to_string()),
            decision,
            rule,
            ..Self::default()
        }
    }

    fn text(&self) -> String {
        let mut text = serde_json::to_string(self).unwrap_or_default();
        text.push('\n');
        text
    }
}

const SERVED: &str = "served";
const DENIED: &str = "denied";
const FAILED: &str = "failed";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Denial;
    use crate::ask::Ask;
    use crate::entry::tests::{entry, text};

    fn told(decision: &Decision, outcome: Outcome<'_>) -> serde_json::Value {
        let ask = Ask::new("db", None, None).unwrap();
        let caller = Caller {
            token: Some("deploy".to_owned()),
            address: Some("127.0.0.1:9".parse().unwrap()),
            ..Caller::default()
        };
        let line = line(&Read {
            time: Timestamp::UNIX_EPOCH,
            caller: &caller,
            listener: Listener::AwsHttp,
            wanted: Wanted {
                resource: None,
                ask: &ask,
                key: Some("a\nb"),
            },
            decision,
            outcome,
        });
        assert_eq!(line.matches('\n').count(), 1, "{line}");
        serde_json::from_str(&line).unwrap()
    }

    #[test]
    fn a_refusal_says_who_and_why() {
        let denied = Decision::Denied(Denial::NobodysRule);
        let told = told(&denied, Outcome::Denied);

        assert_eq!(told["time"], "1970-01-01T00:00:00Z");
        assert_eq!(
            (&told["token"], &told["secret"]),
            (&"deploy".into(), &"db".into())
        );
        assert_eq!(told["decision"], "denied");
        assert_eq!(told["rule"], Denial::NobodysRule.to_string());
        assert_eq!(told.get("version"), None);
    }

    #[test]
    fn a_served_read_says_which_version_and_how_old_but_not_what() {
        let entry = entry(text("hunter2"));
        let told = told(
            &Decision::Allowed("web".to_owned()),
            Outcome::Served {
                version: entry.version(),
                source: Source::Stale,
                age: Duration::from_millis(61_900),
            },
        );

        assert_eq!(told["version"], entry.version().version_id.as_str());
        assert_eq!(
            (&told["cache"], &told["age_seconds"]),
            (&"stale".into(), &61.into())
        );
        assert_eq!(
            (&told["rule"], &told["outcome"]),
            (&"web".into(), &"served".into())
        );
        assert!(!told.to_string().contains("hunter2"));
    }

    #[test]
    fn a_failure_says_its_code() {
        let by_default = Decision::AllowedByDefault("the token");
        let told = told(&by_default, Outcome::Failed("ThrottlingException"));

        assert_eq!(told["error"], "ThrottlingException");
        assert_eq!(told["rule"], "default: the token");
    }

    #[test]
    fn credentials_that_were_handed_out_are_named_by_their_id() {
        let caller = Caller {
            token: Some("deploy".to_owned()),
            ..Caller::default()
        };
        let of = |decision: &Decision, outcome| -> serde_json::Value {
            let line = credentials_line(&CredentialsRead {
                time: Timestamp::UNIX_EPOCH,
                caller: &caller,
                role: Some("reader"),
                decision,
                outcome,
            });
            serde_json::from_str(&line).unwrap()
        };
        let by_default = Decision::AllowedByDefault("the token");
        let served = of(&by_default, Ok("ASIAEXAMPLE"));
        assert_eq!(
            (&served["outcome"], &served["role"]),
            (&"served".into(), &"reader".into())
        );
        assert_eq!(served["access_key_id"], "ASIAEXAMPLE");
        assert_eq!(served["listener"], "container-credentials");
        assert_eq!(served.get("secret"), None);
        let failed = of(&by_default, Err("CredentialsUnavailable"));
        assert_eq!(failed["error"], "CredentialsUnavailable");
        let denied = of(&Decision::Denied(Denial::NotOpened), Err("AccessDenied"));
        assert_eq!(
            (&denied["outcome"], denied.get("error")),
            (&"denied".into(), None)
        );
    }
}

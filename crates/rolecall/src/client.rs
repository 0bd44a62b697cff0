//! The way to a secret from a command: the agent that the environment names, the one of this host,
//! or AWS itself.
//!
//! An agent that is named and does not answer is an error: what a host's agent would not hand out
//! must not come from elsewhere behind its back.

mod agent;
mod place;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ::agent::{Ask, Failure as Fault, Reference, SecretVersion, members};
use protocol::Secret;
use tokio::task::JoinSet;

use crate::failure::Failure;
use crate::term::shown;
use crate::upstream::{Fetcher, Source, load};

pub(crate) use place::TOKEN_VARIABLES;

use agent::{Agent, Unread};
use place::AgentAt;

/// Secrets as they were read, by what was asked.
pub(crate) type Versions = BTreeMap<Ask, SecretVersion>;

/// Where secrets come from.
#[derive(Debug, Clone)]
pub(crate) enum Way {
    Agent(Arc<Agent>),
    Upstream(Arc<Fetcher>),
}

impl Way {
    /// Finds the way by what the environment says.
    pub(crate) async fn find() -> Result<Self, Failure> {
        let agent = match place::named(|name| std::env::var(name))? {
            AgentAt::None => None,
            AgentAt::Named(address) => {
                let token = place::token(&address, |name| std::env::var(name))?;
                Some(Agent::new(address, token))
            }
            AgentAt::Unnamed => {
                let agent = Agent::new(place::usual(), None);
                agent.is_there().await.then_some(agent)
            }
        };
        if let Some(agent) = agent {
            return Ok(Self::Agent(Arc::new(agent)));
        }
        let config = load(Source::Chain, None).await?;
        if config.region().is_none() {
            return Err(Failure::wrong("no AWS region is set")
                .hint("set `AWS_REGION`, or `ROLECALL_AGENT` to read through an agent"));
        }
        Ok(Self::Upstream(Arc::new(Fetcher::new(&config))))
    }

    /// Reads one secret; `refresh` has an agent ask the service, whatever it holds.
    pub(crate) async fn read(&self, ask: &Ask, refresh: bool) -> Result<SecretVersion, Failure> {
        let read = match self {
            Self::Agent(agent) => agent.read(ask, refresh).await,
            Self::Upstream(fetcher) => fetcher.fetch(ask).await.map_err(Unread::Fault),
        };
        read.map_err(|unread| match unread {
            Unread::Fault(fault) => told(ask, &fault),
            Unread::Failure(failure) => failure,
        })
    }

    /// Reads all of them at the same time, or says why one of them cannot be read.
    pub(crate) async fn read_all(&self, asks: BTreeSet<Ask>) -> Result<Versions, Failure> {
        let mut reads = JoinSet::new();
        for ask in asks {
            let way = self.clone();
            reads.spawn(async move {
                let version = way.read(&ask, false).await?;
                Ok::<_, Failure>((ask, version))
            });
        }
        let mut versions = Versions::new();
        while let Some(read) = reads.join_next().await {
            let (ask, version) =
                read.map_err(|_| Failure::unfinished("a read came to no end"))??;
            versions.insert(ask, version);
        }
        Ok(versions)
    }
}

/// The part of a secret that a reference names.
pub(crate) fn part(reference: &Reference, version: &SecretVersion) -> Result<Secret, Failure> {
    let Some(key) = reference.key() else {
        let (::agent::Value::Text(whole) | ::agent::Value::Binary(whole)) = &version.value;
        return Ok(whole.clone());
    };
    members::find(&version.value, key).map_err(|error| {
        let (key, name) = (shown(key), shown(reference.ask().secret_id()));
        let failure = Failure::no(format!("there is no `{key}` in `{name}`: {error}"));
        match error {
            members::KeyError::Missing { .. } => failure
                .hint("what is nested is named by a JSON pointer, as in `/database/password`"),
            members::KeyError::BadPointer => failure,
            members::KeyError::Binary | members::KeyError::NotAnObject => {
                failure.hint("leave the key out to read the whole secret")
            }
        }
    })
}

/// Why a secret could not be read, in words for whoever runs the command.
fn told(ask: &Ask, fault: &Fault) -> Failure {
    let name = shown(ask.secret_id());
    let why = match fault {
        Fault::TimedOut | Fault::Unreachable => fault.to_string(),
        Fault::Credentials(_) => "there are no valid credentials".to_owned(),
        _ => {
            let fault = fault.fault();
            format!("{} ({})", shown(&fault.message), shown(&fault.code))
        }
    };
    let message = format!("`{name}` cannot be read: {why}");
    match fault {
        Fault::Denied(_) => {
            Failure::no(message).hint("`rolecall policy explain` says which statement decides")
        }
        Fault::NotFound(_) | Fault::Invalid(_) => Failure::no(message),
        Fault::Credentials(_) => Failure::unfinished(message)
            .hint("give this host or its agent a role, or set `AWS_PROFILE` or access keys"),
        Fault::Throttled(_) | Fault::Unavailable(_) | Fault::TimedOut | Fault::Unreachable => {
            Failure::unfinished(message)
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::failure::Exit;

    use super::*;

    fn version(text: &str) -> SecretVersion {
        SecretVersion {
            arn: "arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf".to_owned(),
            name: "db".to_owned(),
            version_id: "v1".to_owned(),
            version_stages: Vec::new(),
            created: "2026-01-01T00:00:00Z".parse().unwrap(),
            value: ::agent::Value::Text(Secret::from_text(text.to_owned())),
        }
    }

    fn check(reference: &str, text: &str, expect: Result<&str, &str>) {
        let reference: Reference = reference.parse().unwrap();
        let found = part(&reference, &version(text));

        let found = found.as_ref().map(|part| part.expose_text().unwrap());
        let found = found.map_err(|failure| failure.message.as_str());
        assert_eq!(found, expect);
    }

    #[test]
    fn a_part_that_is_not_there_says_no_other_key() {
        let text = r#"{"user":"app","password":"hunter2"}"#;
        let missing = "there is no `pw` in `db`: it is not among the 2 keys of the secret";
        check("db:pw", text, Err(missing));
        let no_json = "there is no `pw` in `db`: the secret is not a JSON object";
        check("db:pw", "hunter2", Err(no_json));
    }

    #[test]
    fn a_part_is_raw() {
        check("db", "a\n", Ok("a\n"));
        check("db:a", r#"{"a":"x\n"}"#, Ok("x\n"));
        check("db:/a/0", r#"{"a":[{"b": 1}]}"#, Ok(r#"{"b":1}"#));
    }

    #[test]
    fn a_decision_is_no_and_weather_is_unfinished() {
        let ask = Ask::new("db", None, None).unwrap();
        let of = |code: &'static str, status| {
            let fault = protocol::Fault::new(code, "a\u{1b} message").status(status);
            told(&ask, &Fault::of_service(fault))
        };
        for (failure, exit) in [
            (of("AccessDeniedException", 400), Exit::No),
            (of("ResourceNotFoundException", 400), Exit::No),
            (of("InvalidRequestException", 400), Exit::No),
            (of("ThrottlingException", 400), Exit::Unfinished),
            (of("InternalServiceError", 500), Exit::Unfinished),
            (of("ExpiredTokenException", 400), Exit::Unfinished),
            (told(&ask, &Fault::TimedOut), Exit::Unfinished),
        ] {
            assert_eq!(failure.exit, exit, "{failure:?}");
            assert!(!failure.message.contains('\u{1b}'), "{failure:?}");
        }
    }
}

//! Whether the agent can answer, and why not.
//!
//! Only holds what the world found out; asks nobody.

use jiff::Timestamp;
use serde::Serialize;

/// What is known of the agent's own state.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Readiness {
    /// The agent's own credentials first, then those of its roles.
    pub identities: Vec<Identity>,
    /// Secrets that are held and may be served.
    pub held: usize,
    /// When a call to AWS last succeeded.
    pub last_success: Option<Timestamp>,
}

/// The credentials of the agent, or of one of its roles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Identity {
    /// The role's name in the configuration, `agent` for the agent's own.
    pub name: String,
    /// Whether there are credentials that are not over.
    pub valid: bool,
    /// When they are over; `None` where nobody knows, or there are none.
    #[serde(rename = "expires", skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// What the last try to get them failed with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<Trouble>,
}

/// What goes wrong, and since when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Trouble {
    /// In a few words.
    pub reason: String,
    /// When it began.
    pub since: Timestamp,
}

impl Readiness {
    /// Whether a client that asks now can be answered: with what is held, or by asking AWS.
    pub fn is_ready(&self) -> bool {
        self.held > 0 || self.identities.first().is_some_and(|own| own.valid)
    }

    /// What is wrong, one line each, whether or not it can answer all the same.
    pub fn reasons(&self) -> Vec<String> {
        let mut reasons = Vec::new();
        if self.identities.is_empty() {
            reasons.push("the credentials have not been asked for yet".to_owned());
        }
        for identity in self.identities.iter().filter(|identity| !identity.valid) {
            let why = identity.failure.as_ref();
            let why = why.map_or_else(
                || "none were found yet".to_owned(),
                |it| format!("{}, since {}", it.reason, it.since),
            );
            reasons.push(format!(
                "no valid credentials of `{}`: {why}",
                identity.name
            ));
        }
        if self.held == 0 {
            reasons.push("no secret is held".to_owned());
        }
        reasons
    }

    /// As `/ready` answers: with status 200 where it is ready, else 503.
    pub fn json(&self) -> String {
        let answer = Answer {
            ready: self.is_ready(),
            held: self.held,
            credentials: &self.identities,
            last_success: self.last_success,
            reasons: self.reasons(),
        };
        serde_json::to_string(&answer).unwrap_or_default()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Answer<'a> {
    ready: bool,
    held: usize,
    credentials: &'a [Identity],
    #[serde(skip_serializing_if = "Option::is_none")]
    last_success: Option<Timestamp>,
    reasons: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(valid: bool) -> Identity {
        Identity {
            name: "agent".to_owned(),
            valid,
            until: valid.then_some(Timestamp::UNIX_EPOCH),
            failure: (!valid).then(|| Trouble {
                reason: "no answer in time".to_owned(),
                since: Timestamp::UNIX_EPOCH,
            }),
        }
    }

    fn told(readiness: &Readiness) -> serde_json::Value {
        let told: serde_json::Value = serde_json::from_str(&readiness.json()).unwrap();
        assert_eq!(told["ready"], readiness.is_ready());
        told
    }

    #[test]
    fn with_credentials_or_something_held_it_can_answer() {
        let of = |valid, held| {
            let identities = vec![own(valid)];
            Readiness {
                identities,
                held,
                last_success: None,
            }
        };

        assert!(told(&of(true, 0))["ready"].as_bool().unwrap());
        assert!(told(&of(false, 1))["ready"].as_bool().unwrap());
        assert!(!told(&of(false, 0))["ready"].as_bool().unwrap());
        assert!(!told(&Readiness::default())["ready"].as_bool().unwrap());
    }

    #[test]
    fn a_role_alone_does_not_make_it_ready() {
        let role = Identity {
            name: "reader".to_owned(),
            ..own(true)
        };
        let readiness = Readiness {
            identities: vec![own(false), role],
            ..Readiness::default()
        };

        assert!(!readiness.is_ready());
    }

    #[test]
    fn the_reasons_name_what_is_missing() {
        let readiness = Readiness {
            identities: vec![own(false)],
            ..Readiness::default()
        };
        let told = told(&readiness);
        let reasons = told["reasons"].as_array().unwrap();

        let first =
            "no valid credentials of `agent`: no answer in time, since 1970-01-01T00:00:00Z";
        assert_eq!(reasons[0], first);
        assert_eq!(reasons[1], "no secret is held");
        assert_eq!(
            told["credentials"][0]["failure"]["reason"],
            "no answer in time"
        );
        assert_eq!(told["credentials"][0].get("expires"), None);
    }
}

//! The proof that the lockdown holds: connections to the metadata service as somebody who may not
//! reach it, and as root.
//!
//! How a try is made is `probe`'s to know.

use std::net::SocketAddr;

use agent::guard::Callers;

use super::ENDPOINTS;
use super::probe::{self, Silence, UNPRIVILEGED};
use crate::clock;
use crate::failure::Failure;

/// What the guard alone can answer.
#[derive(Debug, Clone)]
pub(crate) struct Sign(String);

impl Sign {
    /// One that nobody knows.
    pub(crate) fn new() -> Result<Self, Failure> {
        let number = u128::from_ne_bytes(clock::random()?);
        Ok(Self(format!("{number:032x}")))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The path at which it is answered.
    pub(crate) const PATH: &str = "/rolecall-guard";
    /// The header in which it is answered.
    pub(crate) const HEADER: &str = "X-Rolecall-Guard";
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Broken {
    /// The lockdown does not hold.
    #[error("user {UNPRIVILEGED} at {0} {1}, and should {2}")]
    Open(SocketAddr, Outcome, &'static str),
    /// Somebody has changed its rules.
    #[error("the rules of the lockdown are not those that were loaded")]
    Changed,
    /// This host has no way there, for nobody: there is no network yet.
    #[error("this host has no route to {0}")]
    NoRoute(SocketAddr),
    /// Root does not get through.
    #[error("root at {0} {1}, and should reach the metadata service itself")]
    Shut(SocketAddr, Outcome),
    /// The try could not be made.
    #[error("user {UNPRIVILEGED} cannot be tried: {0}")]
    Untried(String),
}

impl Broken {
    /// Whether the rules hold as far as can be said: where nothing answers root, nobody gets more
    /// by it.
    pub(crate) fn is_harmless(&self) -> bool {
        match self {
            Self::NoRoute(_) => true,
            Self::Shut(_, found) => *found != Outcome::Guard,
            Self::Open(..) | Self::Changed | Self::Untried(_) => false,
        }
    }
}

/// What came of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Guard,
    Other,
    Reset,
    NoRoute,
    Silence,
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Guard => "reaches the guard",
            Self::Other => "reaches something that is not the guard",
            Self::Reset => "is refused",
            Self::NoRoute => "has no route",
            Self::Silence => "gets no answer",
        })
    }
}

/// Tries all of it; what is wrong. Takes a millisecond where all is well; waits for no other task
/// of the same thread, so it is to be called where waiting is allowed.
pub(crate) fn prove(callers: Callers, sign: &Sign) -> Result<(), Broken> {
    let (expected, should) = match callers {
        Callers::Redirect => (Outcome::Guard, "reach the guard"),
        Callers::Refuse => (Outcome::Reset, "be refused"),
    };
    for address in ENDPOINTS {
        let found = in_thread(Some(UNPRIVILEGED), address, sign)?;
        let fits = found == expected || address.is_ipv6() && is_shut(found);
        if address.is_ipv4() && found == Outcome::NoRoute {
            return Err(Broken::NoRoute(address));
        }
        if !fits {
            return Err(Broken::Open(address, found, should));
        }
    }
    let [service, _] = ENDPOINTS;
    match in_thread(None, service, sign)? {
        Outcome::Other => Ok(()),
        found => Err(Broken::Shut(service, found)),
    }
}

/// Hosts without IPv6, or without a route to the service in it, lead nobody there.
fn is_shut(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::NoRoute | Outcome::Reset)
}

fn in_thread(uid: Option<u32>, address: SocketAddr, sign: &Sign) -> Result<Outcome, Broken> {
    let sign = sign.clone();
    let tried = probe::as_user(uid, move || outcome(address, &sign));
    tried.map_err(|error| Broken::Untried(error.to_string()))
}

fn outcome(address: SocketAddr, sign: &Sign) -> Outcome {
    match probe::ask(address, "GET", Sign::PATH, "") {
        Ok(answer) if answer.header(Sign::HEADER) == Some(sign.as_str()) => Outcome::Guard,
        Ok(_) => Outcome::Other,
        Err(Silence::Reset) => Outcome::Reset,
        Err(Silence::NoRoute) => Outcome::NoRoute,
        Err(Silence::NoAnswer) => Outcome::Silence,
    }
}

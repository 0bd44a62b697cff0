//! What the metadata service shows to a user of this host as it is now. Changes nothing, and reads
//! no credentials: the name of the role is enough to know that they are there.

use std::net::SocketAddr;

use super::ENDPOINTS;
use super::probe::{self, Silence, UNPRIVILEGED};
use super::proof::Sign;

/// What one user sees at one address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sight {
    pub(crate) uid: u32,
    pub(crate) address: SocketAddr,
    pub(crate) reach: Reach,
}

/// How far a user gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Something answers.
    Answered {
        /// It is a guard.
        by_guard: bool,
        /// Also without a token.
        without_token: bool,
        /// The tree of the role's credentials is open.
        credentials: bool,
    },
    /// Reset at once.
    Refused,
    /// This host has no way there.
    NoRoute,
    /// Nothing came.
    NoAnswer,
}

/// What this user sees and, where it is root, what `nobody` does. Blocks.
pub(crate) fn look() -> std::io::Result<Vec<Sight>> {
    let own = rustix::process::geteuid().as_raw();
    let mut users = vec![(None, own)];
    if own == 0 {
        users.push((Some(UNPRIVILEGED), UNPRIVILEGED));
    }
    let mut sights = Vec::new();
    for (become_user, uid) in users {
        for address in ENDPOINTS {
            let reach = probe::as_user(become_user, move || reach(address))?;
            sights.push(Sight {
                uid,
                address,
                reach,
            });
        }
    }
    Ok(sights)
}

fn reach(address: SocketAddr) -> Reach {
    let first = match probe::ask(address, "GET", Sign::PATH, "") {
        Ok(answer) => answer,
        Err(Silence::Reset) => return Reach::Refused,
        Err(Silence::NoRoute) => return Reach::NoRoute,
        Err(Silence::NoAnswer) => return Reach::NoAnswer,
    };
    let status = |path: &str, headers: &str| {
        let answer = probe::ask(address, "GET", path, headers);
        answer.ok().and_then(|answer| answer.status())
    };
    let token = probe::ask(address, "PUT", "/latest/api/token", TTL);
    let token = token.ok().filter(|token| token.status() == Some(OK));
    let shown = token.map(|token| format!("X-aws-ec2-metadata-token: {}\r\n", token.body));
    Reach::Answered {
        by_guard: first.header(Sign::HEADER).is_some(),
        without_token: status(METADATA, "") == Some(OK),
        credentials: status(ROLES, &shown.unwrap_or_default()) == Some(OK),
    }
}

const OK: u16 = 200;
const METADATA: &str = "/latest/meta-data/";
const ROLES: &str = "/latest/meta-data/iam/security-credentials/";
// Seconds; it is used at once.
const TTL: &str = "X-aws-ec2-metadata-token-ttl-seconds: 10\r\n";

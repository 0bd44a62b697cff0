//! The keys of those who watch the guard: its record, its metrics, what it remembers, and how often
//! it proves itself.

use std::net::SocketAddr;
use std::time::Duration;

use crate::config::{Audit, Socket};
use crate::yaml::{Checker, Node, Section};

/// How the guard is watched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watch {
    /// `audit`: a line for each decision.
    pub audit: Option<Audit>,
    /// `metrics`: where they are scraped.
    pub metrics: Option<Metrics>,
    /// `state`: path of the file in which counts outlive the guard.
    pub state: Option<String>,
    /// `proof-every`: how often the lockdown is tried.
    pub proof_every: Duration,
}

/// Where metrics are scraped: by this host alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Metrics {
    /// `endpoint`: an address of the loopback.
    Endpoint(SocketAddr),
    /// `socket-path` and `socket-mode`.
    Socket(Socket),
}

impl Checker<'_> {
    /// Takes the keys of [`WATCH_KEYS`] out of the file.
    pub(super) fn watch(&mut self, file: &mut Section) -> Option<Watch> {
        let audit = file.values.remove("audit");
        let audit = audit.map_or(Some(None), |node| self.audit(node).map(Some));
        let metrics = file.values.remove("metrics");
        let metrics = metrics.map_or(Some(None), |node| self.guard_metrics(node).map(Some));
        let state = self.optional_text(file, "state");
        let state = state.map_or(Some(None), |text| self.path(&text).map(Some));
        let proof_every = match file.values.remove("proof-every") {
            Some(node) => self.number(&node, "proof-every", 1..=PROOF_SECONDS_MAX),
            None => Some(PROOF_SECONDS),
        };
        Some(Watch {
            audit: audit?,
            metrics: metrics?,
            state: state?,
            proof_every: Duration::from_secs(proof_every?),
        })
    }

    fn guard_metrics(&mut self, node: Node) -> Option<Metrics> {
        let known = ["endpoint", "socket-path", "socket-mode"];
        let mut section = self.section(node, "metrics", &known, &[])?;
        let endpoint = self.optional_text(&mut section, "endpoint");
        let path = self.optional_text(&mut section, "socket-path");
        let mode = self.optional_text(&mut section, "socket-mode");
        match (endpoint, path) {
            (Some(endpoint), None) if mode.is_none() => {
                let address = self.endpoint(&endpoint)?;
                if address.ip().is_loopback() {
                    return Some(Metrics::Endpoint(address));
                }
                let message = "`metrics.endpoint` must be an address of the loopback";
                self.fail(endpoint.place, message, Some("as `127.0.0.1:9980`"))
            }
            (None, Some(path)) => {
                let mode = mode.map_or(Some(SOCKET_MODE), |mode| self.mode(&mode));
                Some(Metrics::Socket(Socket {
                    path: self.path(&path)?,
                    mode: mode?,
                }))
            }
            _ => {
                let message = "`metrics` needs either `endpoint` or `socket-path`";
                self.fail(section.place, message, None)
            }
        }
    }
}

/// The keys that stand in the file itself.
pub(super) const WATCH_KEYS: [&str; 4] = ["audit", "metrics", "state", "proof-every"];
// Three connections within the host each time.
const PROOF_SECONDS: u64 = 30;
const PROOF_SECONDS_MAX: u64 = 3_600;
// Its folder says who gets there.
const SOCKET_MODE: u32 = 0o660;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::AuditTarget;
    use crate::guard::parse;

    fn watch(text: &str) -> Watch {
        parse(text, "guard.yaml").unwrap().watch
    }

    #[track_caller]
    fn wrong(text: &str, expect: &str) {
        let errors = parse(text, "guard.yaml").unwrap_err();
        let told: Vec<_> = errors.iter().map(ToString::to_string).collect();
        assert_eq!(told, [expect]);
    }

    #[test]
    fn keys_that_are_wrong() {
        for (text, expect) in [
            ("audit: {}", "guard.yaml:1:8: `audit.file` is missing"),
            (
                "audit: {file: log}",
                "guard.yaml:1:15: `audit.file` is not an absolute path: `log`",
            ),
            (
                "callers: refuse\naudit: {file: /log}",
                "guard.yaml:2:8: `audit` does nothing with `callers: refuse`",
            ),
            (
                "metrics: {endpoint: '0.0.0.0:9980'}",
                "guard.yaml:1:21: `metrics.endpoint` must be an address of the loopback",
            ),
            (
                "metrics: {socket-mode: 600}",
                "guard.yaml:1:10: `metrics` needs either `endpoint` or `socket-path`",
            ),
            (
                "metrics: {endpoint: '[::1]:9', socket-path: /s}",
                "guard.yaml:1:10: `metrics` needs either `endpoint` or `socket-path`",
            ),
            (
                "state: here",
                "guard.yaml:1:8: `state` is not an absolute path: `here`",
            ),
            (
                "proof-every: 0",
                "guard.yaml:1:14: `proof-every` must be a whole number from 1 to 3600",
            ),
            ("stat: /x", "guard.yaml:1:1: unknown key `stat`"),
        ] {
            wrong(text, expect);
        }
    }

    #[test]
    fn what_is_said_and_what_is_not() {
        let none = watch("{}");
        assert_eq!((none.audit, none.metrics, none.state), (None, None, None));
        assert_eq!(none.proof_every, Duration::from_secs(30));
        let all = watch(
            "audit: {file: '-', required: true}\nmetrics: {socket-path: /run/s, socket-mode: 666}\n\
             state: /var/s\nproof-every: 1\n",
        );
        let audit = all.audit.unwrap();
        assert_eq!(audit.target, AuditTarget::Stderr);
        assert!(audit.required);
        let socket = Socket {
            path: "/run/s".to_owned(),
            mode: 0o666,
        };
        assert_eq!(all.metrics, Some(Metrics::Socket(socket)));
        assert_eq!(all.state.as_deref(), Some("/var/s"));
        assert_eq!(all.proof_every, Duration::from_secs(1));
        let endpoint = watch("metrics: {endpoint: 'localhost:0'}").metrics;
        assert!(matches!(endpoint, Some(Metrics::Endpoint(_))));
    }
}

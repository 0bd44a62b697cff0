//! The record of a decision: who asked for what, and what became of it.
//!
//! A line of JSON. There is no token and no credential in it, nor a place for one. Writes nothing.

use serde::Serialize;

use super::tally::{Seen, Version};
use crate::caller::{NO_GID, Network};

/// The line of a request, its end included.
pub fn line(seen: &Seen<'_>) -> String {
    let process = seen.process;
    let line = Line {
        time: seen.time.to_string(),
        uid: process.map(|process| process.uid),
        gid: process.map(|it| it.gid).filter(|gid| *gid != NO_GID),
        pid: process.and_then(|process| process.pid),
        exe: process.and_then(|process| process.exe.as_deref()),
        unit: process.and_then(|process| process.unit.as_deref()),
        network_namespace: process
            .and_then(|it| it.network.as_ref())
            .map(Network::shown),
        service: seen.service,
        path: seen.path,
        imds: seen.version.map(Version::as_str),
        decision: if seen.outcome.is_success() {
            "allowed"
        } else {
            "refused"
        },
        rule: seen.rule,
        outcome: seen.outcome.as_str(),
        reason: seen.reason,
    };
    let mut text = serde_json::to_string(&line).unwrap_or_default();
    text.push('\n');
    text
}

#[derive(Serialize)]
struct Line<'a> {
    time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uid: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gid: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pid: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exe: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    network_namespace: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    imds: Option<&'static str>,
    decision: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'a str>,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::caller::Process;
    use crate::guard::Outcome;

    #[test]
    fn a_line_says_who_and_why_and_is_one_line() {
        let process = Process {
            pid: Some(7),
            uid: 33,
            gid: NO_GID,
            groups: Vec::new(),
            exe: Some("/opt/a\nb".to_owned()),
            unit: Some("web.service".to_owned()),
            cgroup: None,
            network: Some(Network {
                name: "net:[7]".to_owned(),
                paths: vec![("/run/netns/web".to_owned(), Some(true))],
            }),
        };
        let seen = Seen {
            time: Timestamp::UNIX_EPOCH,
            process: Some(&process),
            path: Some("/latest/user-data"),
            service: None,
            rule: Some("no user data"),
            version: Some(Version::V1),
            outcome: Outcome::Denied,
            reason: Some("rule `no user data` opens nothing"),
        };
        let line = line(&seen);
        assert_eq!(line.matches('\n').count(), 1, "{line}");
        let told: serde_json::Value = serde_json::from_str(&line).unwrap();
        let expect = serde_json::json!({
            "time": "1970-01-01T00:00:00Z", "uid": 33, "pid": 7, "exe": "/opt/a\nb",
            "unit": "web.service", "network_namespace": "/run/netns/web",
            "path": "/latest/user-data", "imds": "v1",
            "decision": "refused", "rule": "no user data", "outcome": "denied",
            "reason": "rule `no user data` opens nothing",
        });
        assert_eq!(told, expect);
    }
}

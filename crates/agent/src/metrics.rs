//! Metrics as Prometheus reads them, under the names that dashboards of the Secret Agent look for,
//! and our own beside them.
//!
//! Counts nothing and holds no name of a secret. Sources: Prometheus' "Exposition formats", text
//! format 0.0.4; the field's dashboards and alert rules for names that begin `aerospike_sa_`.

#[cfg(test)]
mod tests;
pub(crate) mod text;

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

use self::text::{Family, Kind};
use crate::access::Listener;
use crate::ready::Readiness;

/// All numbers at one moment.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// Connections, by listener; those that nobody has used yet are there too.
    pub listeners: Vec<Connections>,
    /// Reads as the field counts them.
    pub fetches: Fetches,
    /// Reads by listener and outcome.
    pub reads: Vec<(Listener, &'static str, u64)>,
    /// What is held.
    pub held: Held,
    /// Calls to AWS.
    pub calls: Vec<Calls>,
    /// Credentials.
    pub readiness: Readiness,
    /// Lines that the audit log had no place for.
    pub audit_lines_lost: u64,
}

/// What a listener has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Connections {
    /// The listener's name in the configuration.
    pub module: &'static str,
    /// Open now.
    pub active: u64,
    /// Accepted.
    pub opened: u64,
    /// Over.
    pub closed: u64,
    /// That could not be accepted.
    pub failed: u64,
    /// Over because nothing could be read.
    pub read_failed: u64,
    /// Over because nothing could be written.
    pub write_failed: u64,
    /// Over because TLS did not come about.
    pub tls_failed: u64,
    /// Requests that were none.
    pub parse_failed: u64,
    /// Dropped before they had shown anything, because others came.
    pub crowded_out: u64,
    /// Requests with a token that is not the agent's, or without one where it is needed.
    pub tokens_rejected: u64,
}

/// Reads of secrets, as the field sorts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fetches {
    /// Answered with a value.
    pub succeeded: u64,
    /// The service gave none.
    pub failed: u64,
    /// The configuration has no such resource.
    pub unknown_resource: u64,
    /// The secret has no such key.
    pub unknown_key: u64,
    /// There were no valid credentials.
    pub no_session: u64,
    /// A role could not be assumed.
    pub no_role: u64,
    /// Half of the latest reads that asked the service took no longer.
    pub latency_p50: Duration,
    /// 95 of 100 of them took no longer.
    pub latency_p95: Duration,
}

/// What is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Held {
    /// Secret versions.
    pub entries: usize,
    /// Bytes.
    pub bytes: usize,
    /// Age of the oldest.
    pub oldest: Duration,
}

/// Calls to AWS of one kind that ended the same way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calls {
    /// Such as `GetSecretValue`.
    pub operation: &'static str,
    /// `ok`, or the kind of the error.
    pub outcome: &'static str,
    /// How many.
    pub count: u64,
}

/// `Content-Type` of [`render`].
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The text that is scraped. `labels` are added to every metric that has no such label itself.
pub fn render(snapshot: &Snapshot, labels: &BTreeMap<String, String>, now: Timestamp) -> String {
    let mut families = Vec::new();
    families.extend(connections(&snapshot.listeners));
    families.extend(fetches(&snapshot.fetches));
    families.extend(own_of_listeners(snapshot));
    families.extend(own_of_what_is_held(&snapshot.held));
    families.extend(own_of_upstream(snapshot, now));
    text::render(&families, labels)
}

fn connections(listeners: &[Connections]) -> Vec<Family> {
    let family = |name, kind, help, value: fn(&Connections) -> u64| {
        let mut family = Family::new(name, kind, help);
        for listener in listeners {
            family.add([("module", listener.module)], value(listener));
        }
        family
    };
    vec![
        family(
            "aerospike_sa_connections_active",
            Kind::Gauge,
            "Connections that are open.",
            |it| it.active,
        ),
        family(
            "aerospike_sa_connections_opened",
            Kind::Counter,
            "Connections that were accepted.",
            |it| it.opened,
        ),
        // Documentation and dashboards disagree about the name.
        family(
            "aerospike_sa_connections_open",
            Kind::Counter,
            "Connections that were accepted.",
            |it| it.opened,
        ),
        family(
            "aerospike_sa_connections_closed",
            Kind::Counter,
            "Connections that are over.",
            |it| it.closed,
        ),
        family(
            "aerospike_sa_connections_err",
            Kind::Counter,
            "Connections not accepted.",
            |it| it.failed,
        ),
        family(
            "aerospike_sa_read_err",
            Kind::Counter,
            "Connections that could not be read.",
            |it| it.read_failed,
        ),
        family(
            "aerospike_sa_write_err",
            Kind::Counter,
            "Connections that could not be written.",
            |it| it.write_failed,
        ),
        family(
            "aerospike_sa_tls_err",
            Kind::Counter,
            "TLS handshakes that failed.",
            |it| it.tls_failed,
        ),
        family(
            "aerospike_sa_parse_err",
            Kind::Counter,
            "Requests that were none.",
            |it| it.parse_failed,
        ),
    ]
}

fn fetches(fetches: &Fetches) -> Vec<Family> {
    let aws = |name, kind, help, value: &dyn std::fmt::Display| {
        let mut family = Family::new(name, kind, help);
        family.add([("module", "aws")], value);
        family
    };
    let millis = |time: Duration| time.as_secs_f64() * 1_000.0;
    vec![
        aws(
            "aerospike_sa_success",
            Kind::Counter,
            "Reads answered with a value.",
            &fetches.succeeded,
        ),
        aws(
            "aerospike_sa_fetch_latency_p50",
            Kind::Gauge,
            "Milliseconds of the latest reads that asked the service, half of them at most.",
            &millis(fetches.latency_p50),
        ),
        aws(
            "aerospike_sa_fetch_latency_p95",
            Kind::Gauge,
            "Milliseconds of the latest reads that asked the service, 95 of 100 at most.",
            &millis(fetches.latency_p95),
        ),
        aws(
            "aerospike_sa_fetch_err",
            Kind::Counter,
            "Reads the service gave no value for.",
            &fetches.failed,
        ),
        aws(
            "aerospike_sa_resource_err",
            Kind::Counter,
            "Reads of resources that are not configured.",
            &fetches.unknown_resource,
        ),
        aws(
            "aerospike_sa_key_not_found_err",
            Kind::Counter,
            "Reads of keys that the secret does not have.",
            &fetches.unknown_key,
        ),
        aws(
            "aerospike_sa_session_err",
            Kind::Counter,
            "Reads without valid credentials.",
            &fetches.no_session,
        ),
        aws(
            "aerospike_sa_role_err",
            Kind::Counter,
            "Reads whose role was not assumed.",
            &fetches.no_role,
        ),
    ]
}

fn own_of_listeners(snapshot: &Snapshot) -> Vec<Family> {
    let mut reads = Family::new(
        "rolecall_agent_reads_total",
        Kind::Counter,
        "Reads of secrets by way and outcome.",
    );
    for (listener, outcome, count) in &snapshot.reads {
        reads.add(
            [("listener", listener.as_str()), ("outcome", outcome)],
            count,
        );
    }
    let mut rejected = Family::new(
        "rolecall_agent_rejected_tokens_total",
        Kind::Counter,
        "Requests with a wrong token, or without one where it is needed.",
    );
    let mut crowded_out = Family::new(
        "rolecall_agent_silent_connections_dropped_total",
        Kind::Counter,
        "Connections dropped before they had shown anything, as others came.",
    );
    for listener in &snapshot.listeners {
        rejected.add([("module", listener.module)], listener.tokens_rejected);
        crowded_out.add([("module", listener.module)], listener.crowded_out);
    }
    let mut lost = Family::new(
        "rolecall_agent_audit_lines_lost_total",
        Kind::Counter,
        "Lines that the audit log had no place for.",
    );
    lost.add([], snapshot.audit_lines_lost);
    vec![reads, rejected, crowded_out, lost]
}

fn own_of_what_is_held(held: &Held) -> Vec<Family> {
    let gauge = |name, help, value: &dyn std::fmt::Display| {
        let mut family = Family::new(name, Kind::Gauge, help);
        family.add([], value);
        family
    };
    vec![
        gauge(
            "rolecall_agent_entries",
            "Secret versions that are held.",
            &held.entries,
        ),
        gauge("rolecall_agent_bytes", "Bytes that are held.", &held.bytes),
        gauge(
            "rolecall_agent_oldest_age_seconds",
            "Age of the oldest value that is held.",
            &held.oldest.as_secs(),
        ),
    ]
}

fn own_of_upstream(snapshot: &Snapshot, now: Timestamp) -> Vec<Family> {
    let mut calls = Family::new(
        "rolecall_agent_upstream_calls_total",
        Kind::Counter,
        "Calls to AWS by operation and outcome.",
    );
    for call in &snapshot.calls {
        let labels = [("operation", call.operation), ("outcome", call.outcome)];
        calls.add(labels, call.count);
    }
    let readiness = &snapshot.readiness;
    let mut valid = Family::new(
        "rolecall_agent_credentials_valid",
        Kind::Gauge,
        "Whether there are credentials that are not over, by role.",
    );
    let mut expiry = Family::new(
        "rolecall_agent_credentials_expiry_seconds",
        Kind::Gauge,
        "Seconds until the credentials are over, by role.",
    );
    for identity in &readiness.identities {
        let role = [("role", identity.name.as_str())];
        valid.add(role, u8::from(identity.valid));
        if let Some(until) = identity.until {
            expiry.add(role, until.duration_since(now).as_secs());
        }
    }
    let mut ready = Family::new(
        "rolecall_agent_ready",
        Kind::Gauge,
        "Whether clients can be answered.",
    );
    ready.add([], u8::from(readiness.is_ready()));
    vec![calls, valid, expiry, ready]
}

//! The guard's metrics as Prometheus reads them. Counts nothing, and names no user and no program.
//!
//! Source: Prometheus' "Exposition formats", text format 0.0.4.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

use super::tally::{Counts, Outcome};
use crate::metrics::text::{self, Family, Kind};

/// How long answers took.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Latencies {
    // As many as took no longer than each of `BOUNDS`, and longer than the one before.
    counts: [u64; BOUNDS.len()],
    longer: u64,
    sum: Duration,
}

/// What the last tries of the lockdown said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Proofs {
    /// Whether it holds, as far as is known.
    pub holds: bool,
    /// When it was proven last.
    pub proven: Option<Timestamp>,
    /// Tries that found it in force.
    pub held: u64,
    /// Tries that found it changed by somebody else, upon which it was loaded again.
    pub mended: u64,
    /// Tries in which root did not reach the metadata service.
    pub away: u64,
}

/// All numbers at one moment.
#[derive(Debug, Clone, Copy)]
pub struct Snapshot<'a> {
    /// Requests.
    pub counts: &'a Counts,
    /// Of this run of the guard.
    pub latencies: &'a Latencies,
    /// Of this run of the guard.
    pub proofs: Proofs,
    /// Lines that the record had no place for.
    pub audit_lines_lost: u64,
}

impl Latencies {
    /// One more.
    pub fn add(&mut self, took: Duration) {
        let mut bounds = BOUNDS.iter().zip(&mut self.counts);
        match bounds.find(|(bound, _)| took <= Duration::from_micros(**bound)) {
            Some((_, count)) => *count += 1,
            None => self.longer += 1,
        }
        self.sum += took;
    }

    fn family(&self) -> Family {
        let mut family = Family::new(
            "rolecall_guard_answer_seconds",
            Kind::Histogram,
            "How long requests took, from the head of the request to the answer.",
        );
        let mut up_to = 0;
        for (bound, count) in BOUNDS.iter().zip(&self.counts) {
            up_to += count;
            let bound = Duration::from_micros(*bound).as_secs_f64().to_string();
            family.add_part("_bucket", [("le", &bound)], up_to);
        }
        let all = up_to + self.longer;
        family.add_part("_bucket", [("le", "+Inf")], all);
        family.add_part("_sum", [], self.sum.as_secs_f64());
        family.add_part("_count", [], all);
        family
    }
}

/// The text that is scraped.
pub fn render(snapshot: &Snapshot<'_>) -> String {
    let counts = snapshot.counts;
    let mut requests = Family::new(
        "rolecall_guard_requests_total",
        Kind::Counter,
        "Requests by rule and outcome; without a rule those that none was asked about.",
    );
    for it in &counts.requests {
        let outcome = ("outcome", it.outcome.as_str());
        match &it.rule {
            Some(rule) => requests.add([("rule", rule), outcome], it.count),
            None => requests.add([outcome], it.count),
        }
    }
    let mut without_token = Family::new(
        "rolecall_guard_reads_without_token_total",
        Kind::Counter,
        "Reads without a token, which `tokens: required` refuses.",
    );
    let all = counts.all_without_token();
    without_token.add([("outcome", "answered")], all.answered);
    without_token.add([("outcome", "refused")], all.refused);
    let mut families = vec![requests, without_token];
    families.extend(of_the_service(counts));
    families.extend(of_proofs(&snapshot.proofs));
    families.push(snapshot.latencies.family());
    let lost = snapshot.audit_lines_lost;
    families.push(single(
        "rolecall_guard_audit_lines_lost_total",
        Kind::Counter,
        "Lines that the audit log had no place for.",
        &lost,
    ));
    text::render(&families, &BTreeMap::new())
}

fn of_the_service(counts: &Counts) -> [Family; 2] {
    let failures = counts.of(&[Outcome::Stale, Outcome::Away]);
    [
        single(
            "rolecall_guard_upstream_failures_total",
            Kind::Counter,
            "Requests for which the metadata service did not answer.",
            &failures,
        ),
        single(
            "rolecall_guard_stale_answers_total",
            Kind::Counter,
            "Requests that got what the metadata service had said last.",
            &counts.of(&[Outcome::Stale]),
        ),
    ]
}

fn of_proofs(proofs: &Proofs) -> Vec<Family> {
    let mut tries = Family::new(
        "rolecall_guard_proofs_total",
        Kind::Counter,
        "Tries of the lockdown; mended are those after which it was loaded again.",
    );
    for (outcome, count) in [
        ("held", proofs.held),
        ("mended", proofs.mended),
        ("away", proofs.away),
    ] {
        tries.add([("outcome", outcome)], count);
    }
    let mut families = vec![
        single(
            "rolecall_guard_lockdown_proven",
            Kind::Gauge,
            "Whether the last try found the lockdown in force.",
            &u8::from(proofs.holds),
        ),
        tries,
    ];
    if let Some(proven) = proofs.proven {
        families.push(single(
            "rolecall_guard_last_proof_timestamp_seconds",
            Kind::Gauge,
            "When a try found the lockdown in force last, in seconds since 1970.",
            &proven.as_second(),
        ));
    }
    families
}

fn single(
    name: &'static str,
    kind: Kind,
    help: &'static str,
    value: &dyn std::fmt::Display,
) -> Family {
    let mut family = Family::new(name, kind, help);
    family.add([], value);
    family
}

/// `Content-Type` of [`render`].
pub use crate::metrics::CONTENT_TYPE;

// Microseconds. SDKs give up after a second.
const BOUNDS: [u64; 11] = [
    250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 500_000, 1_000_000,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard::Seen;

    fn rendered(counts: &Counts, proofs: Proofs) -> String {
        let mut latencies = Latencies::default();
        for millis in [1, 3, 4, 2_000] {
            latencies.add(Duration::from_millis(millis));
        }
        render(&Snapshot {
            counts,
            latencies: &latencies,
            proofs,
            audit_lines_lost: 5,
        })
    }

    #[track_caller]
    fn check(text: &str, line: &str) {
        assert!(text.lines().any(|it| it == line), "no `{line}` in\n{text}");
    }

    #[test]
    fn requests_are_told_by_rule_and_outcome() {
        let mut counts = Counts::new(Timestamp::UNIX_EPOCH);
        let seen = Seen {
            time: Timestamp::UNIX_EPOCH,
            process: None,
            path: None,
            service: None,
            rule: Some("a \"b\"\\"),
            version: None,
            outcome: Outcome::Stale,
            reason: None,
        };
        counts.add(&seen);
        for outcome in [Outcome::Away, Outcome::Malformed] {
            counts.add(&Seen {
                rule: None,
                outcome,
                ..seen
            });
        }
        let text = rendered(&counts, Proofs::default());
        let name = "rolecall_guard_requests_total";
        check(
            &text,
            &format!(r#"{name}{{rule="a \"b\"\\",outcome="stale"}} 1"#),
        );
        check(&text, &format!(r#"{name}{{outcome="malformed"}} 1"#));
        check(&text, "rolecall_guard_upstream_failures_total 2");
        check(&text, "rolecall_guard_stale_answers_total 1");
        check(&text, "rolecall_guard_audit_lines_lost_total 5");
        let none = r#"rolecall_guard_reads_without_token_total{outcome="answered"} 0"#;
        check(&text, none);
        assert!(!text.contains("last_proof"), "there was none");
        check(&text, "rolecall_guard_lockdown_proven 0");
    }

    #[test]
    fn a_histogram_adds_up() {
        let counts = Counts::new(Timestamp::UNIX_EPOCH);
        let proofs = Proofs {
            holds: true,
            proven: Some(Timestamp::from_second(60).unwrap()),
            held: 2,
            mended: 1,
            away: 0,
        };
        let text = rendered(&counts, proofs);
        let name = "rolecall_guard_answer_seconds";
        check(&text, &format!("# TYPE {name} histogram"));
        for (bound, count) in [("0.0005", 0), ("0.001", 1), ("0.005", 3), ("+Inf", 4)] {
            check(&text, &format!("{name}_bucket{{le=\"{bound}\"}} {count}"));
        }
        check(&text, &format!("{name}_count 4"));
        check(&text, &format!("{name}_sum 2.008"));
        check(&text, "rolecall_guard_last_proof_timestamp_seconds 60");
        check(&text, "rolecall_guard_lockdown_proven 1");
        check(&text, r#"rolecall_guard_proofs_total{outcome="mended"} 1"#);
    }
}

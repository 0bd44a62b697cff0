//! What is scraped: names that dashboards know, the format's rules, no name of a secret.

use super::*;
use crate::ready::Identity;

fn snapshot() -> Snapshot {
    Snapshot {
        listeners: vec![Connections {
            module: "tcp",
            active: 2,
            opened: 5,
            closed: 3,
            parse_failed: 1,
            ..Connections::default()
        }],
        fetches: Fetches {
            succeeded: 7,
            latency_p95: Duration::from_micros(12_500),
            ..Fetches::default()
        },
        reads: vec![(Listener::Sdk, "hit", 9)],
        calls: vec![Calls {
            operation: "GetSecretValue",
            outcome: "ok",
            count: 4,
        }],
        readiness: Readiness {
            identities: vec![Identity {
                name: "agent".to_owned(),
                valid: true,
                until: Some(Timestamp::from_second(90).unwrap()),
                failure: None,
            }],
            ..Readiness::default()
        },
        ..Snapshot::default()
    }
}

fn rendered(labels: &[(&str, &str)]) -> String {
    let labels = labels
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let now = Timestamp::from_second(30).unwrap();
    render(&snapshot(), &labels.collect(), now)
}

#[track_caller]
fn check(text: &str, line: &str) {
    assert!(text.lines().any(|it| it == line), "no `{line}` in\n{text}");
}

#[test]
fn dashboards_find_their_names() {
    let text = rendered(&[]);

    check(&text, "# TYPE aerospike_sa_connections_active gauge");
    check(&text, "aerospike_sa_connections_active{module=\"tcp\"} 2");
    check(&text, "aerospike_sa_connections_opened{module=\"tcp\"} 5");
    check(&text, "aerospike_sa_connections_open{module=\"tcp\"} 5");
    check(&text, "aerospike_sa_connections_closed{module=\"tcp\"} 3");
    check(&text, "aerospike_sa_parse_err{module=\"tcp\"} 1");
    check(&text, "aerospike_sa_success{module=\"aws\"} 7");
    check(&text, "aerospike_sa_fetch_latency_p95{module=\"aws\"} 12.5");
    check(&text, "aerospike_sa_role_err{module=\"aws\"} 0");
}

#[test]
fn our_own_stand_beside_them() {
    let text = rendered(&[]);

    check(
        &text,
        "rolecall_agent_reads_total{listener=\"sdk\",outcome=\"hit\"} 9",
    );
    let calls =
        "rolecall_agent_upstream_calls_total{operation=\"GetSecretValue\",outcome=\"ok\"} 4";
    check(&text, calls);
    check(
        &text,
        "rolecall_agent_credentials_expiry_seconds{role=\"agent\"} 60",
    );
    check(&text, "rolecall_agent_ready 1");
}

#[test]
fn configured_labels_are_escaped_and_do_not_repeat_ours() {
    let text = rendered(&[("host", "a\"b\\c\nd"), ("module", "mine")]);

    check(
        &text,
        "rolecall_agent_ready{host=\"a\\\"b\\\\c\\nd\",module=\"mine\"} 1",
    );
    check(
        &text,
        "aerospike_sa_success{module=\"aws\",host=\"a\\\"b\\\\c\\nd\"} 7",
    );
}

#[test]
fn every_family_is_told_once_before_its_samples() {
    let text = rendered(&[]);
    let mut told: Vec<&str> = Vec::new();
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, _) = rest.split_once(' ').unwrap();
            assert!(!told.contains(&name), "{name} twice");
            told.push(name);
        } else if !line.starts_with('#') {
            let name = line.split(['{', ' ']).next().unwrap();
            assert_eq!(told.last(), Some(&name), "{line}");
        }
    }
    assert!(text.ends_with('\n'));
}

//! What a guard tells of its work: who reads without a token, metrics, the record, its proofs.

use std::path::{Path, PathBuf};

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::clients::{Output, client, python, run};
use crate::guard::{
    APP, BOTO3, NOBODY, READ_BY_PYTHON, ROLE, RULES, TIME_MAX, ZONE, begin, curl, get, status,
    which,
};
use crate::guard_net::{At, Guard, Net, guard_yaml};
use crate::harness::{World, rolecall, scenario};
use crate::wait;

#[test]
fn who_would_break_is_listed_and_nobody_else() {
    scenario(|world| {
        let net = begin(world);
        let state = world.scratch().join("state.json");
        let rules = format!("{RULES}state: {}\n", state.display());
        let guard = Guard::start(world, &net, "guard", &rules);
        for _ in 0..3 {
            assert_eq!(get(&net, APP, None, ZONE).0, 200);
        }
        // A rule closes it, with or without a token.
        assert_eq!(get(&net, NOBODY, None, ROLE).0, 403);
        let mut v1 = client(python(), Path::new("/"));
        v1.args(["-c", READ_BY_PYTHON]);
        assert_eq!(run(&mut net.as_user(APP, None, &v1)).ok(), "200");
        let mut v2 = client(python(), Path::new("/"));
        v2.args(["-c", BOTO3]);
        assert_eq!(run(&mut net.as_user("4000", None, &v2)).ok(), "none");
        let expect = [(1_001, real("curl"), 3), (1_001, real(python()), 1)];
        assert_eq!(without_token(&net, world), expect);
        let told = stats(&net, world, &[]);
        for part in [
            "read without a token",
            &real("curl"),
            "otherwise",
            "token-made",
        ] {
            assert!(told.ok().contains(part), "no `{part}` in {told:?}");
        }
        // Kept as soon as somebody is new in it, for root alone.
        wait::until("saved counts", TIME_MAX, || {
            let text = std::fs::read_to_string(&state).unwrap_or_default();
            text.contains("python").then_some(())
        });
        assert_eq!(mode(&state), 0o600);
        assert_eq!(guard.end(Signal::KILL), None);
        nobody_tells(&net, world);
        let required = format!("{rules}tokens: required\n");
        let guard = Guard::start(world, &net, "guard-2", &required);
        assert_eq!(without_token(&net, world)[1], expect[1]);
        assert_eq!(get(&net, "4001", None, ZONE).0, 401);
        let refused = json!({"uid": 4001, "answered": 0, "refused": 1});
        let found = listed(&net, world, "without_token");
        let found = found.iter().find(|it| it["uid"] == 4001).unwrap();
        for member in ["answered", "refused"] {
            assert_eq!(found[member], refused[member], "{found}");
        }
        assert_eq!(guard.end(Signal::TERM), Some(0));
        nobody_tells(&net, world);
        let text = std::fs::read_to_string(&state).unwrap();
        assert!(text.contains("4001"), "saved at the end: {text}");
    });
}

fn nobody_tells(net: &Net, world: &World) {
    let output = stats(net, world, &[]);
    assert_eq!(output.code, Some(3));
    output.fails_with(&["no guard runs in this network"]);
}

#[test]
fn what_is_counted_is_for_root_alone() {
    scenario(|world| {
        let net = begin(world);
        let guard = Guard::start(world, &net, "guard", RULES);
        let mut stats = rolecall(&world.scratch());
        stats.args(["guard", "stats"]);
        let output = run(&mut net.as_user(APP, None, &stats));
        output.fails_with(&["the guard tells root alone", "sudo rolecall guard stats"]);
        assert_eq!(output.code, Some(2));
        // Another network has another guard, or none.
        let elsewhere = run(&mut net.inside(At::Container, &stats));
        elsewhere.fails_with(&["no guard runs in this network"]);
        assert_eq!(guard.end(Signal::TERM), Some(0));
    });
}

#[test]
fn metrics_are_scraped_on_the_host() {
    scenario(|world| {
        let mut net = begin(world);
        let rules = format!("{RULES}metrics: {{endpoint: '127.0.0.1:9980'}}\nproof-every: 1\n");
        let guard = Guard::start(world, &net, "guard", &rules);
        assert_eq!(get(&net, APP, None, ROLE).0, 200);
        assert_eq!(get(&net, NOBODY, None, ROLE).0, 403);
        assert_eq!(get(&net, NOBODY, None, "/latest/%2573x").0, 400);
        let text = scrape(&net);
        for line in [
            r#"rolecall_guard_requests_total{rule="app",outcome="answered"} 1"#,
            r#"rolecall_guard_requests_total{rule="otherwise",outcome="denied"} 1"#,
            r#"rolecall_guard_requests_total{outcome="malformed"} 1"#,
            r#"rolecall_guard_reads_without_token_total{outcome="answered"} 1"#,
            "rolecall_guard_answer_seconds_count 3",
            "rolecall_guard_lockdown_proven 1",
            "rolecall_guard_upstream_failures_total 0",
        ] {
            assert!(text.lines().any(|it| it == line), "no `{line}` in\n{text}");
        }
        assert!(text.contains("rolecall_guard_last_proof_timestamp_seconds "));
        let elsewhere = net.sh("curl -s -o /dev/null -w %{http_code} 127.0.0.1:9980/other");
        assert_eq!(elsewhere.ok(), "404");
        assert_eq!(get(&net, APP, None, ZONE).0, 200);
        // Somebody takes the lockdown away: noticed on the timer, and mended.
        net.sh("nft delete table inet rolecall_guard").ok();
        until_scraped(&net, r#"rolecall_guard_proofs_total{outcome="mended"} 1"#);
        guard.until_said("the lockdown is loaded again");
        assert!(net.table().is_some());
        assert_eq!(get(&net, NOBODY, None, ROLE).0, 403);
        net.end_services();
        wait::until("end of the service", TIME_MAX, || {
            let elsewhere = get(&net, NOBODY, None, "/latest/meta-data/ami-id");
            (elsewhere.0 == 503).then_some(())
        });
        // Credentials are at hand; the rest is what was said last.
        assert_eq!(get(&net, APP, None, ROLE).0, 200);
        let text = wait::until("a stale answer", TIME_MAX, || {
            assert_eq!(get(&net, APP, None, ZONE).0, 200);
            let text = scrape(&net);
            (!text.contains("\nrolecall_guard_stale_answers_total 0\n")).then_some(text)
        });
        assert!(!text.contains("\nrolecall_guard_upstream_failures_total 0\n"));
        assert_eq!(guard.end(Signal::TERM), Some(0));
    });
}

#[test]
fn metrics_are_scraped_over_a_socket() {
    scenario(|world| {
        let net = begin(world);
        let socket = world.scratch().join("metrics.sock");
        let rules = format!(
            "metrics: {{socket-path: {}, socket-mode: 600}}\n",
            socket.display()
        );
        let guard = Guard::start(world, &net, "guard", &rules);
        assert_eq!(mode(&socket), 0o600);
        let scrape = format!(
            "curl -sf --unix-socket {} http://x/metrics",
            socket.display()
        );
        assert!(
            net.sh(&scrape)
                .ok()
                .contains("rolecall_guard_lockdown_proven 1")
        );
        assert_eq!(guard.end(Signal::TERM), Some(0));
    });
}

#[test]
fn every_decision_is_recorded_and_no_token_is() {
    scenario(|world| {
        let net = begin(world);
        world.output_file("audit");
        let audit = world.scratch().parent().unwrap().join("audit");
        let rules = format!("{RULES}audit: {{file: {}}}\n", audit.display());
        let guard = Guard::start(world, &net, "guard", &rules);
        let credentials: Value = serde_json::from_str(&get(&net, APP, None, ROLE).1).unwrap();
        for member in ["SecretAccessKey", "Token"] {
            world.canary(credentials[member].as_str().unwrap());
        }
        let ttl = "X-aws-ec2-metadata-token-ttl-seconds: 60";
        let make = curl(
            "http://169.254.169.254/latest/api/token",
            &["-X", "PUT", "-H", ttl],
        );
        let output = run(&mut net.as_user(APP, None, &make));
        let token = output.ok().strip_suffix("\n200").unwrap().to_owned();
        world.canary(&token);
        let shown = format!("X-aws-ec2-metadata-token: {token}");
        let read = curl(&format!("http://169.254.169.254{ZONE}"), &["-H", &shown]);
        assert_eq!(status(&net, APP, &read), 200);
        assert_eq!(status(&net, NOBODY, &read), 401);
        assert_eq!(get(&net, NOBODY, None, "/latest/user-data").0, 403);
        let lines = until_lines(&audit, 5);
        let told = |at: usize, member: &str| lines[at][member].as_str().unwrap_or_default();
        let of = |at: usize| ["outcome", "rule", "imds", "path"].map(|it| told(at, it));
        assert_eq!(of(0), ["answered", "app", "v1", ROLE]);
        assert_eq!(of(1), ["token-made", "", "", "/latest/api/token"]);
        assert_eq!(of(2), ["answered", "app", "v2", ZONE]);
        assert_eq!(of(3), ["bad-token", "", "v2", ZONE]);
        assert_eq!(of(4), ["denied", "no user data", "v1", "/latest/user-data"]);
        assert_eq!(lines[0]["uid"], 1_001);
        assert_eq!(
            (told(0, "exe"), told(0, "decision")),
            (&*real("curl"), "allowed")
        );
        assert!(lines[0]["pid"].is_number() && lines[0]["gid"].is_number());
        assert_eq!(lines[4]["uid"], 65_534);
        // Moved away, it goes on in a new file.
        let moved = audit.with_extension("1");
        std::fs::rename(&audit, &moved).unwrap();
        guard.signal(Signal::HUP);
        guard.until_said("the rules were read again");
        assert_eq!(get(&net, APP, None, ZONE).0, 200);
        assert_eq!(until_lines(&audit, 1)[0]["path"], ZONE);
        assert_eq!(mode(&audit), 0o600);
        assert_eq!(until_lines(&moved, 5).len(), 5);
        assert_eq!(guard.end(Signal::TERM), Some(0));
    });
}

#[test]
fn a_record_that_is_required_and_cannot_be_written_opens_nothing() {
    scenario(|world| {
        let net = begin(world);
        let rules = format!("{RULES}audit: {{file: /dev/full, required: true}}\n");
        let guard = Guard::start(world, &net, "guard", &rules);
        assert_eq!(get(&net, APP, None, ROLE), (503, String::new()));
        assert_eq!(get(&net, NOBODY, None, ROLE).0, 503);
        let outcomes = listed(&net, world, "outcomes");
        assert_eq!(outcomes, [json!({"outcome": "unrecorded", "count": 2})]);
        std::fs::write(guard_yaml(world), RULES).unwrap();
        guard.signal(Signal::HUP);
        guard.until_said("the rules were read again");
        assert_eq!(get(&net, APP, None, ROLE).0, 200);
        assert_eq!(guard.end(Signal::TERM), Some(0));
    });
}

fn stats(net: &Net, world: &World, more: &[&str]) -> Output {
    let mut stats = rolecall(&world.scratch());
    stats.args(["guard", "stats"]).args(more);
    run(&mut net.inside(At::Instance, &stats))
}

fn listed(net: &Net, world: &World, member: &str) -> Vec<Value> {
    let told = stats(net, world, &["--format", "json"]).json();
    told[member].as_array().unwrap().clone()
}

/// User, program and answers.
fn without_token(net: &Net, world: &World) -> Vec<(u64, String, u64)> {
    let found = listed(net, world, "without_token").into_iter().map(|it| {
        let exe = it["exe"].as_str().unwrap().to_owned();
        let number = |member: &str| it[member].as_u64().unwrap();
        (number("uid"), exe, number("answered"))
    });
    found.collect()
}

fn scrape(net: &Net) -> String {
    let scraped = net.sh("curl -sf http://127.0.0.1:9980/metrics");
    format!("{}\n", scraped.ok())
}

fn until_scraped(net: &Net, line: &str) {
    wait::until(line, TIME_MAX, || {
        let text = scrape(net);
        text.lines().any(|it| it == line).then_some(())
    });
}

fn until_lines(path: &Path, count: usize) -> Vec<Value> {
    wait::until("lines of the record", TIME_MAX, || {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
        let lines: Vec<Value> = lines.collect();
        (lines.len() >= count).then_some(lines)
    })
}

/// The file that runs when this program is called.
fn real(program: impl AsRef<Path>) -> String {
    let found = which(program.as_ref().to_str().unwrap());
    let path: PathBuf = std::fs::canonicalize(found).unwrap();
    path.to_str().unwrap().to_owned()
}

fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

//! Crowds before the agent's listeners: silent, slow and wrong clients, and those who are in.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::agent_process::{AgentProcess, get, password, password_frame, private, read};
use crate::clients::{client, python, script};
use crate::harness::{World, scenario};
use crate::wire::Wire;

#[test]
fn silent_crowds_have_no_effect_on_clients() {
    scenario(|world| {
        let password = password(world);
        let token = private(world, "token", "the-token-of-the-test\n");
        let service = format!(
            "{{tcp: {{endpoint: 127.0.0.1:0}}, http: {{endpoint: 127.0.0.1:0}}, \
             aws-http: {{endpoint: 127.0.0.1:0, token-file: {token}}}}}"
        );
        let agent = AgentProcess::start(world, &service, "");
        let tcp = agent.address("secret agent protocol");
        let aws = agent.address("local HTTP interface");
        let management = agent.address("management over HTTP");
        let token = "X-Aws-Parameters-Secrets-Token: the-token-of-the-test";
        let mut kept = Wire::connect(&tcp);
        let mut ask = || kept.send(password_frame()).frame()["SecretValue"].clone();
        assert_eq!(ask(), password.as_str());

        for (count, places) in [
            (820, vec![&tcp, &aws]),
            (5_000, vec![&tcp]),
            (5_000, vec![&aws]),
        ] {
            let crowd = Crowd::gather(world, count, &places);
            let start = Instant::now();
            for _ in 0..20 {
                assert_eq!(ask(), password.as_str());
                assert_eq!(read(&tcp), password);
                let answer = get(&aws, "/v1/my-secret", &[token]);
                assert_eq!(answer.status, 200, "{answer:?}");
            }
            assert!(
                start.elapsed() < Duration::from_secs(4),
                "{:?}",
                start.elapsed()
            );
            let metrics = get(&management, "/manage/rest/v1/prometheus", &[]).body;
            let active = number(&metrics, "aerospike_sa_connections_active{module=\"tcp\"}");
            assert!(active <= STRANGERS_MAX + 8, "{metrics}");
            drop(crowd);
        }
        agent.stop();
    });
}

#[test]
fn heads_without_measure_are_cut_off() {
    scenario(|world| {
        password(world);
        let token = private(world, "token", "the-token-of-the-test\n");
        let service = format!(
            "{{http: {{endpoint: 127.0.0.1:0}}, \
             container-credentials: {{endpoint: 127.0.0.1:0, token-file: {token}}}, \
             aws-http: {{endpoint: 127.0.0.1:0, token-file: {token}}}}}"
        );
        let agent = AgentProcess::start(world, &service, "");
        let aws = agent.address("local HTTP interface");
        let others = ["management over HTTP", "credentials for containers"];
        let token = "X-Aws-Parameters-Secrets-Token: the-token-of-the-test";
        let line = "GET /v1/my-secret HTTP/1.1\r\nHost: localhost\r\n";
        let before = resident(&agent);
        for address in others.map(|it| agent.address(it)).iter().chain([&aws]) {
            for head in [
                format!("{line}{token}\r\n{}\r\n", "X: y\r\n".repeat(1_000)),
                format!("{line}{token}\r\n{}", "X-Flood: yes\r\n".repeat(200_000)),
                format!("{line}{token}\r\nX: {}\r\n\r\n", "y".repeat(1 << 20)),
                format!(
                    "GET /{} HTTP/1.1\r\nHost: localhost\r\n\r\n",
                    "y".repeat(1 << 20)
                ),
            ] {
                let answer = Wire::connect(address).send(&head).rest();
                let answer = String::from_utf8_lossy(&answer);
                let status = answer.split(' ').nth(1).unwrap_or("closed");
                assert!(
                    ["400", "414", "431", "closed"].contains(&status),
                    "{} bytes: {answer}",
                    head.len()
                );
                assert_eq!(get(&aws, "/v1/my-secret", &[token]).status, 200);
            }
        }
        let grown = resident(&agent).saturating_sub(before);
        assert!(grown < 4 * 1_024, "{grown} KiB more");
        agent.stop();
    });
}

#[test]
fn wrong_tokens_leave_nothing_behind() {
    scenario(|world| {
        password(world);
        let token = private(world, "token", "the-token-of-the-test\n");
        let service = format!(
            "{{http: {{endpoint: 127.0.0.1:0}}, \
             aws-http: {{endpoint: 127.0.0.1:0, token-file: {token}}}}}"
        );
        let agent = AgentProcess::start(world, &service, "");
        let aws = agent.address("local HTTP interface");
        let management = agent.address("management over HTTP");
        flood(&aws, 2_000);
        let before = resident(&agent);
        flood(&aws, WRONG_TOKENS);
        let grown = resident(&agent).saturating_sub(before);

        assert!(grown < 4 * 1_024, "{grown} KiB more");
        let metrics = get(&management, "/manage/rest/v1/prometheus", &[]).body;
        let name = "rolecall_agent_rejected_tokens_total{module=\"aws-http\"}";
        assert_eq!(number(&metrics, name), WRONG_TOKENS + 2_000, "{metrics}");
        let talk = agent.talk();
        let lines = talk.matches("a request without the right token").count();
        assert!((1..=120).contains(&lines), "{lines} lines");
        assert!(!talk.contains("wrong-token"), "a token in the log");
        agent.stop();
    });
}

/// Requests with wrong tokens, many on each connection.
fn flood(address: &str, count: u64) {
    use std::io::{Read, Write};
    let request = "GET /v1/my-secret HTTP/1.1\r\nHost: localhost\r\n\
                   X-Aws-Parameters-Secrets-Token: wrong-token\r\n\r\n";
    let batch = 100;
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    let requests = request.repeat(batch);
    let mut one = vec![0; 4_096];
    stream.write_all(request.as_bytes()).unwrap();
    let length = stream.read(&mut one).unwrap();
    assert!(one.starts_with(b"HTTP/1.1 403 "));
    let mut answers = vec![0; length * batch];
    let mut sent = 1;
    while sent + 100 <= count {
        stream.write_all(requests.as_bytes()).unwrap();
        stream.read_exact(&mut answers).unwrap();
        sent += 100;
    }
    for _ in sent..count {
        stream.write_all(request.as_bytes()).unwrap();
        stream.read_exact(&mut one[..length]).unwrap();
    }
}

/// KiB of memory.
fn resident(agent: &AgentProcess) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", agent.pid())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.unwrap()
        .trim()
        .trim_end_matches(" kB")
        .parse()
        .unwrap()
}

fn number(metrics: &str, name: &str) -> u64 {
    let line = metrics.lines().find_map(|line| line.strip_prefix(name));
    line.unwrap_or_else(|| panic!("no `{name}` in {metrics}"))
        .trim()
        .parse()
        .unwrap()
}

/// Connections of another process, which has more of them than this one may.
struct Crowd(Child);

impl Crowd {
    fn gather(world: &World, count: usize, places: &[&String]) -> Self {
        let mut command = client(python(), &world.scratch());
        command
            .arg(script("agent_crowd.py"))
            .arg(count.to_string())
            .args(places);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let output = child.stdout.as_mut().unwrap();
        BufReader::new(output).read_line(&mut line).unwrap();
        // Nobody is refused, however many there are.
        assert_eq!(line.trim(), "refused 0");
        Self(child)
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        self.0.wait().ok();
    }
}

// As the gate has it.
const STRANGERS_MAX: u64 = 512;
const WRONG_TOKENS: u64 = 100_000;

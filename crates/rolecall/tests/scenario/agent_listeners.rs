//! Listeners that come, go and stay while the agent runs.

use serde_json::Value;

use crate::agent_process::{AgentProcess, get, password, password_frame, private, read};
use crate::harness::scenario;
use crate::wire::{Wire, http};

#[test]
fn a_reload_leaves_what_stays_the_same_alone() {
    scenario(|world| {
        let password = password(world);
        let tcp = "tcp: {endpoint: 127.0.0.1:0}";
        let agent = AgentProcess::start(world, &format!("{{{tcp}}}"), "");
        let address = agent.address("secret agent protocol");
        let mut kept = Wire::connect(&address);
        let ask = |wire: &mut Wire| wire.send(password_frame()).frame()["SecretValue"].clone();
        assert_eq!(ask(&mut kept), password.as_str());

        let with_http = format!("{{{tcp}, http: {{endpoint: 127.0.0.1:0}}}}");
        agent.reload(&with_http, "");
        let http = agent.address("management over HTTP");
        assert_eq!(get(&http, "/manage", &[]).status, 200);
        assert_eq!(ask(&mut kept), password.as_str());
        assert_eq!(read(&address), password);
        // Labels are no other listener.
        let labelled = "metrics: {prometheus: {labels: {host: db-1}}}";
        let labelled = with_http.replace("0}}", &format!("0, {labelled}}}}}"));
        agent.reload(&labelled, "");
        let metrics = get(&http, "/manage/rest/v1/prometheus", &[]).body;
        assert!(
            metrics.contains("rolecall_agent_ready{host=\"db-1\"} 1"),
            "{metrics}"
        );

        agent.reload(&format!("{{{tcp}}}"), "");
        assert!(std::net::TcpStream::connect(&http).is_err(), "still open");
        assert_eq!(ask(&mut kept), password.as_str());
        // Removed with a client on it: the client sees its end.
        agent.reload("{http: {endpoint: 127.0.0.1:0}}", "");
        assert_eq!(kept.rest(), b"");
        assert!(
            std::net::TcpStream::connect(&address).is_err(),
            "still open"
        );
        agent.stop();
    });
}

#[test]
fn a_listener_that_cannot_be_bound_changes_nothing() {
    scenario(|world| {
        let password = password(world);
        let token = private(world, "token", "the-token-of-the-test\n");
        let tcp = "tcp: {endpoint: 127.0.0.1:0}";
        let agent = AgentProcess::start(world, &format!("{{{tcp}}}"), "");
        let address = agent.address("secret agent protocol");
        let occupied = world.agent("tcp");
        for service in [
            format!("{{http: {{endpoint: '{occupied}'}}}}"),
            format!("{{{tcp}, uds: {{socket-path: /nonexistent/agent.sock}}}}"),
            "{tcp: {endpoint: 127.0.0.1:0, tls: {cert-file: /none, key-file: /none}}}".to_owned(),
            "{container-credentials: {endpoint: 127.0.0.1:0, token-file: /none}}".to_owned(),
            "{tcp: {endpoint: '127.0.0.1:9'}, http: {endpoint: '127.0.0.1:9'}}".to_owned(),
            "{tcp: {endpiont: 127.0.0.1:0}}".to_owned(),
        ] {
            let before = agent.talk().matches(WRONG).count();
            agent.reload(&service, "");
            assert_eq!(agent.talk().matches(WRONG).count(), before + 1, "{service}");
            assert_eq!(read(&address), password);
        }
        // What was fine of a wrong one was not opened either: here it still can be.
        let all = format!("{{{tcp}, aws-http: {{endpoint: 127.0.0.1:0, token-file: {token}}}}}");
        agent.reload(&all, "");
        let aws = agent.address("local HTTP interface");
        assert_eq!(get(&aws, "/ping", &[]).body, "healthy");
        agent.stop();
    });
}

#[test]
fn another_listener_takes_the_place_without_a_gap() {
    scenario(|world| {
        let password = password(world);
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let place = port.local_addr().unwrap().to_string();
        drop(port);
        let token = private(world, "token", "the-token-of-the-test\n");
        let agent = AgentProcess::start(world, &format!("{{tcp: {{endpoint: '{place}'}}}}"), "");
        agent.address("secret agent protocol");
        assert_eq!(read(&place), password);

        let other = format!("{{aws-http: {{endpoint: '{place}', token-file: {token}}}}}");
        agent.reload(&other, "");
        let token = "X-Aws-Parameters-Secrets-Token: the-token-of-the-test";
        let answer = get(&place, "/v1/my-secret", &[token]);
        let secret: Value = serde_json::from_str(&answer.body).unwrap();
        assert!(secret["SecretString"].as_str().unwrap().contains(&password));
        let denied = http(&place, "GET /v1/my-secret", &[], b"");
        assert_eq!(denied.status, 403);
        agent.stop();
    });
}

#[test]
fn what_is_open_to_all_is_served_after_the_warning() {
    scenario(|world| {
        password(world);
        let agent = AgentProcess::start(world, "{tcp: {endpoint: '0.0.0.0:0'}}", "");
        agent.address("secret agent protocol");
        let talk = agent.talk();
        let at = |words: &str| {
            talk.find(words)
                .unwrap_or_else(|| panic!("no `{words}`: {talk}"))
        };
        assert!(at("whoever can reach it reads every secret") < at("is served"));
        assert!(at("ca-file: CA.pem") < at("is served"));
        agent.stop();
    });
}

const WRONG: &str = "the configuration is wrong, the old one stays";

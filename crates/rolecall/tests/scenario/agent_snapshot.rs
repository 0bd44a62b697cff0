//! A restart while the service is away: what was held is served, and nobody else can read the file.

use std::process::Command;

use crate::clients::{client, run};
use crate::fault::{Fault, Proxy};
use crate::harness::{World, scenario};
use crate::local_agent::{Agent, named};
use crate::role_to_secret::sample_password;

fn key(world: &World, name: &str) -> std::path::PathBuf {
    let path = world.scratch().join(name);
    let made = run(client("openssl", &world.scratch()).args(["rand", "-base64", "32"]));
    std::fs::write(&path, made.ok()).unwrap();
    path
}

fn configuration(world: &World, proxy: &Proxy, key: &std::path::Path) -> std::path::PathBuf {
    let endpoint = format!("    endpoint-url: {}", proxy.url());
    let file = world.scratch().join("agent.snapshot");
    let cache = format!(
        "cache:\n  ttl: 1\n  snapshot: {{file: {}, key-file: {}}}",
        file.display(),
        key.display()
    );
    named(world, "snapshot", &endpoint, &cache)
}

#[test]
fn a_restart_in_an_outage_serves_what_was_held() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        let proxy = Proxy::before(world.endpoint());
        let config = configuration(world, &proxy, &key(world, "snapshot.key"));
        let mut agent = Agent::start(world, &config);
        assert_eq!(agent.password(), password);
        agent.stop();
        let file = world.scratch().join("agent.snapshot");
        let sealed = std::fs::read(&file).unwrap();
        let holds = |text: &str| {
            sealed
                .windows(text.len())
                .any(|window| window == text.as_bytes())
        };
        assert!(!holds(&password) && !holds("my-secret"), "sealed");

        proxy.set(Fault::Reset);
        let mut agent = Agent::start(world, &config);
        agent.says("what was held before is there again");
        let answer = agent.get("secretId=my-secret");
        assert_eq!(
            (answer.status, answer.header("x-rolecall-cache")),
            (200, Some("stale"))
        );
        assert_eq!(agent.password(), password);
        agent.stop();

        // Without any credentials either.
        let mut bare = world.on_instance(env!("CARGO_BIN_EXE_rolecall"));
        bare.env("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:9");
        let mut agent = Agent::start_as(world, bare, &config);
        assert_eq!(agent.password(), password);
        agent.stop();
    });
}

#[test]
fn a_snapshot_that_is_not_ours_is_left_alone() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        let proxy = Proxy::before(world.endpoint());
        let first = key(world, "first.key");
        let config = configuration(world, &proxy, &first);
        let mut agent = Agent::start(world, &config);
        assert_eq!(agent.password(), password);
        agent.stop();
        let file = world.scratch().join("agent.snapshot");
        let good = std::fs::read(&file).unwrap();

        proxy.set(Fault::Reset);
        let mut altered = good.clone();
        *altered.last_mut().unwrap() ^= 1;
        for bytes in [altered, good[..good.len() / 2].to_vec(), Vec::new()] {
            std::fs::write(&file, bytes).unwrap();
            refused(world, &config);
        }
        std::fs::write(&file, &good).unwrap();
        refused(
            world,
            &configuration(world, &proxy, &key(world, "second.key")),
        );

        std::fs::write(world.scratch().join("short.key"), "c2hvcnQ=").unwrap();
        let config = configuration(world, &proxy, &world.scratch().join("short.key"));
        let mut command: Command = world.on_instance(env!("CARGO_BIN_EXE_rolecall"));
        let output = run(command.args(["agent", "--config"]).arg(config));
        assert_eq!(output.code, Some(2), "{output:?}");
        output.fails_with(&["32 bytes are needed", "hint: `openssl rand -base64 32`"]);
    });
}

fn refused(world: &mut World, config: &std::path::Path) {
    let mut agent = Agent::start(world, config);
    agent.says("the snapshot is left alone");
    let answer = agent.get("secretId=my-secret");
    assert!(answer.status >= 500, "{answer:?}");
    // It ends at once, and leaves the file to whoever has the key.
    agent.child.kill().unwrap();
    agent.child.wait().unwrap();
}

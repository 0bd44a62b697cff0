//! `rolecall agent` on a host whose environment a scenario sets, and what it is asked there.

use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::harness::World;
use crate::wait;
use crate::wire::{Answer, Wire, frame, http};

/// A running agent; ended as a service manager does when it is dropped.
pub(super) struct Host {
    child: Child,
    talk: PathBuf,
    tcp: String,
    http: String,
}

impl Host {
    /// With more lines below `secret-manager.aws` and more of the environment.
    pub(super) fn start(world: &mut World, aws: &str, set: impl FnOnce(&mut Command)) -> Self {
        Self::with(world, aws, "", set)
    }

    /// The same with more lines below `resources`.
    pub(super) fn with(
        world: &mut World,
        aws: &str,
        resources: &str,
        set: impl FnOnce(&mut Command),
    ) -> Self {
        let config = configuration(&world.scratch(), aws, resources);
        let mut command = world.on_instance(env!("CARGO_BIN_EXE_rolecall"));
        set(&mut command);
        let name = format!(
            "agent.{}.stderr",
            std::fs::read_dir(world.scratch()).unwrap().count()
        );
        let talk = world.scratch().join("..").join(&name);
        // One file for each start, so that what the one before said is not taken for this one's.
        std::fs::write(world.scratch().join(&name), "").unwrap();
        Self::run(command, &config, &talk, world.output_file(&name))
    }

    /// Runs an agent that says what it says to a file.
    pub(super) fn run(
        mut command: Command,
        config: &Path,
        talk: &Path,
        output: std::fs::File,
    ) -> Self {
        command
            .args(["agent", "--log", "trace", "--config"])
            .arg(config);
        let child = command.stderr(output).spawn().unwrap();
        let address = |of: &str| {
            wait::until("agent's socket", WAIT_MAX, || {
                let text = std::fs::read_to_string(talk).unwrap();
                let line = text.lines().find(|line| line.contains(of))?;
                let (_, address) = line.split_once("address=")?;
                Some(address.trim().to_owned())
            })
        };
        Self {
            child,
            talk: talk.to_owned(),
            tcp: address("secret agent protocol is served"),
            http: address("local HTTP interface is served"),
        }
    }

    /// A secret by its name, from memory where it is there.
    pub(super) fn get(&self, name: &str) -> Answer {
        self.http(&format!("/secretsmanager/get?secretId={name}"))
    }

    /// A secret as the service has it now.
    pub(super) fn fresh(&self, name: &str) -> Answer {
        self.http(&format!(
            "/secretsmanager/get?secretId={name}&refreshNow=true"
        ))
    }

    /// The whole value of a secret from memory.
    pub(super) fn password_of(&self, name: &str) -> String {
        let secret = self.get(name).json();
        let value = secret["SecretString"].as_str();
        value.unwrap_or_else(|| panic!("{secret}")).to_owned()
    }

    /// The sample's password by the Secret Agent protocol.
    pub(super) fn password(&self) -> String {
        let reply = self.ask("TestingSecret");
        let value = reply["SecretValue"].as_str();
        value.unwrap_or_else(|| panic!("{reply}")).to_owned()
    }

    /// The key `password` of a resource, by the Secret Agent protocol.
    pub(super) fn ask(&self, resource: &str) -> Value {
        let request = format!(r#"{{"Resource":"{resource}","SecretKey":"password"}}"#);
        Wire::connect(&self.tcp).send(frame(request)).frame()
    }

    /// Waits for a line that holds the words.
    pub(super) fn says(&self, words: &str) {
        wait::until(words, WAIT_MAX, || (self.count(words) > 0).then_some(()));
    }

    /// How many lines above debug hold the words.
    pub(super) fn count(&self, words: &str) -> usize {
        let text = std::fs::read_to_string(&self.talk).unwrap();
        let lines = text.lines().filter(|line| line.contains(words));
        lines
            .filter(|line| line.contains("INFO") || line.contains("WARN"))
            .count()
    }

    fn http(&self, path: &str) -> Answer {
        let token = "X-Aws-Parameters-Secrets-Token: the-token-of-the-test";
        http(&self.http, &format!("GET {path}"), &[token], b"")
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        kill_process(Pid::from_child(&self.child), Signal::TERM).unwrap();
        if std::thread::panicking() {
            self.child.kill().ok();
            self.child.wait().ok();
            return;
        }
        let status = wait::exit(&mut self.child, WAIT_MAX);
        assert_eq!(status.code(), Some(0));
    }
}

/// A configuration with both listeners on free ports.
pub(super) fn configuration(folder: &Path, aws: &str, resources: &str) -> PathBuf {
    let token = folder.join("token");
    std::fs::write(&token, "the-token-of-the-test\n").unwrap();
    let config = folder.join("agent.yaml");
    let text = format!(
        "service:
  tcp:
    endpoint: 127.0.0.1:0
  aws-http:
    endpoint: 127.0.0.1:0
    token-file: {}
secret-manager:
  aws:
    region: us-east-1
{aws}    resources:
      TestingSecret: my-secret
{resources}cache: {{ttl: 1, max-stale: 600}}
",
        token.display()
    );
    std::fs::write(&config, text).unwrap();
    config
}

const WAIT_MAX: Duration = Duration::from_secs(15);

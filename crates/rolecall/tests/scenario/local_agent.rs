//! A running `rolecall agent` of a test's own, and its sockets.

use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::harness::World;
use crate::wait;
use crate::wire::{Answer, Wire, frame, http};

/// An agent that was started; it ends with its value.
pub(crate) struct Agent {
    pub(crate) child: Child,
    pub(crate) tcp: String,
    pub(crate) http: String,
    talk: PathBuf,
}

impl Agent {
    /// With the credentials of the instance.
    pub(crate) fn start(world: &mut World, config: &Path) -> Self {
        let command = world.on_instance(env!("CARGO_BIN_EXE_rolecall"));
        Self::start_as(world, command, config)
    }

    /// With whatever `command` has in its environment.
    pub(crate) fn start_as(world: &mut World, mut command: Command, config: &Path) -> Self {
        let name = format!("{}.stderr", config.file_stem().unwrap().display());
        let output = world.output_file(&name);
        let talk = world.scratch().join("..").join(&name);
        command
            .args(["agent", "--log", "trace", "--config"])
            .arg(config);
        let child = command.stderr(output).spawn().unwrap();
        let mut agent = Self {
            child,
            tcp: String::new(),
            http: String::new(),
            talk,
        };
        agent.tcp = agent.address("secret agent protocol is served");
        agent.http = agent.address("local HTTP interface is served");
        agent
    }

    /// What it has logged.
    pub(crate) fn talk(&self) -> String {
        std::fs::read_to_string(&self.talk).unwrap()
    }

    /// Waits for a line of the log that holds `text`.
    pub(crate) fn says(&self, text: &str) -> String {
        wait::until(text, Duration::from_secs(10), || {
            let talk = self.talk();
            talk.lines()
                .find(|line| line.contains(text))
                .map(str::to_owned)
        })
    }

    /// The password in the sample's secret, over the Secret Agent protocol.
    pub(crate) fn password(&self) -> String {
        let reply = self.framed(r#"{"Resource":"TestingSecret","SecretKey":"password"}"#);
        let value = reply["SecretValue"].as_str();
        value.unwrap_or_else(|| panic!("{reply}")).to_owned()
    }

    pub(crate) fn framed(&self, request: &str) -> Value {
        Wire::connect(&self.tcp).send(frame(request)).frame()
    }

    /// A read over the local HTTP interface, with the token.
    pub(crate) fn get(&self, query: &str) -> Answer {
        let line = format!("GET /secretsmanager/get?{query}");
        let token = format!("X-Aws-Parameters-Secrets-Token: {TOKEN}");
        http(&self.http, &line, &[&token], b"")
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    pub(crate) fn stop(&mut self) {
        self.signal(Signal::TERM);
        let status = wait::exit(&mut self.child, Duration::from_secs(10));
        assert_eq!(status.code(), Some(0));
    }

    fn address(&self, of: &str) -> String {
        let line = self.says(of);
        let (_, address) = line.split_once("address=").unwrap();
        address.trim().to_owned()
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// A configuration with both TCP listeners on free ports, and more lines at its end.
pub(crate) fn configuration(world: &World, more: &str) -> PathBuf {
    named(world, "agent", "", more)
}

/// The same as `NAME.yaml`, with more lines in `secret-manager.aws` and at the end.
pub(crate) fn named(world: &World, name: &str, aws: &str, more: &str) -> PathBuf {
    let folder = world.scratch();
    let token = folder.join("token");
    std::fs::write(&token, format!("{TOKEN}\n")).unwrap();
    let config = folder.join(format!("{name}.yaml"));
    let text = format!(
        "service:\n  tcp:\n    endpoint: 127.0.0.1:0\n  aws-http:\n    endpoint: 127.0.0.1:0\n    \
         token-file: {}\nsecret-manager:\n  aws:\n    region: us-east-1\n    resources:\n      \
         TestingSecret: my-secret\n{aws}\n{more}\n",
        token.display()
    );
    std::fs::write(&config, text).unwrap();
    config
}

pub(crate) const TOKEN: &str = "the-token-of-the-test";

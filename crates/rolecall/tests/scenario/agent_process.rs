//! `rolecall agent` with a configuration of a test's own, as a service manager would run it.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::clients::{Output, run};
use crate::harness::World;
use crate::role_to_secret::sample_password;
use crate::wait;
use crate::wire::{Answer, Wire, frame, http};

/// A running agent.
pub(crate) struct AgentProcess {
    child: Child,
    talk: PathBuf,
    config: PathBuf,
}

/// The agent's configuration: listeners as given, the sample secret as `TestingSecret`, and more
/// sections.
pub(crate) fn configuration(service: &str, more: &str) -> String {
    format!(
        "service: {service}\nsecret-manager:\n  aws:\n    region: us-east-1\n    resources:\n      \
         TestingSecret: my-secret\n{more}\n"
    )
}

impl AgentProcess {
    /// Starts one on the sample instance and waits until it serves.
    pub(crate) fn start(world: &mut World, service: &str, more: &str) -> Self {
        let command = world.on_instance(env!("CARGO_BIN_EXE_rolecall"));
        Self::start_by(world, command, service, more)
    }

    /// The same with the start of its command line given.
    pub(crate) fn start_by(
        world: &mut World,
        mut command: Command,
        service: &str,
        more: &str,
    ) -> Self {
        let config = world.scratch().join("listeners.yaml");
        std::fs::write(&config, configuration(service, more)).unwrap();
        let file = world.output_file("listeners.stderr");
        let talk = world.scratch().join("../listeners.stderr");
        command.args(["agent", "--log", "debug", "--config"]);
        let child = command.arg(&config).stdin(Stdio::null()).stderr(file);
        let child = child.stdout(Stdio::null()).spawn().unwrap();
        Self {
            child,
            talk,
            config,
        }
    }

    /// Where a listener is, once it is served; `what` as the log calls it.
    pub(crate) fn address(&self, what: &str) -> String {
        let words = format!("{what} is served");
        wait::until(&words, TIME_MAX, || {
            let talk = self.talk();
            let mut lines = talk.lines().rev().filter(|line| line.contains(&words));
            let (_, address) = lines.find_map(|line| line.split_once("address="))?;
            Some(address.trim().to_owned())
        })
    }

    /// Waits until the log has these words, so many times.
    pub(crate) fn says(&self, words: &str, times: usize) {
        wait::until(words, TIME_MAX, || {
            (self.talk().matches(words).count() >= times).then_some(())
        });
    }

    pub(crate) fn talk(&self) -> String {
        std::fs::read_to_string(&self.talk).unwrap()
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Exchanges the configuration and has it read.
    pub(crate) fn reload(&self, service: &str, more: &str) {
        let before = self.talk().matches(RELOADED[0]).count();
        let failed = self.talk().matches(RELOADED[1]).count();
        std::fs::write(&self.config, configuration(service, more)).unwrap();
        self.signal(Signal::HUP);
        wait::until("a reload", TIME_MAX, || {
            let talk = self.talk();
            let more = |at: usize, before| talk.matches(RELOADED[at]).count() > before;
            (more(0, before) || more(1, failed)).then_some(())
        });
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Ends it as a service manager does.
    pub(crate) fn stop(mut self) {
        self.signal(Signal::TERM);
        let status = wait::exit(&mut self.child, TIME_MAX);
        assert_eq!(status.code(), Some(0), "{}", self.talk());
    }
}

impl Drop for AgentProcess {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
        if std::thread::panicking() {
            crate::harness::say(&self.talk());
        }
    }
}

/// A file of the scenario, readable by its owner alone.
pub(crate) fn private(world: &World, name: &str, text: &str) -> String {
    use std::os::unix::fs::PermissionsExt;
    let path = world.scratch().join(name);
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    path.display().to_string()
}

/// The sample's password, which becomes a canary.
pub(crate) fn password(world: &mut World) -> String {
    let password = sample_password(world);
    world.canary(&password);
    password
}

/// The request for it as a frame.
pub(crate) fn password_frame() -> Vec<u8> {
    frame(r#"{"Resource":"TestingSecret","SecretKey":"password"}"#)
}

/// What the Secret Agent protocol answers at an address.
pub(crate) fn read(address: &str) -> String {
    let reply = Wire::connect(address).send(password_frame()).frame();
    let value = reply["SecretValue"].as_str();
    value.unwrap_or_else(|| panic!("{reply}")).to_owned()
}

pub(crate) fn get(address: &str, path: &str, headers: &[&str]) -> Answer {
    http(address, &format!("GET {path}"), headers, b"")
}

/// openssl in a folder; its certificates are made here.
pub(crate) fn openssl(folder: &Path, line: &str) -> Output {
    let mut command = crate::clients::client("openssl", folder);
    run(command.args(line.split_whitespace()))
}

const RELOADED: [&str; 2] = [
    "the configuration was read again",
    "the configuration is wrong",
];
const TIME_MAX: Duration = Duration::from_secs(15);

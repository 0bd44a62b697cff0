//! A running `rolecall up` in a folder of its own, and what every scenario ends with.
//!
//! [`scenario`] is the only way to a [`World`], so no scenario gets around the last steps: SIGTERM
//! ends the server with code 0, and none of the secrets stands in its output or its data.

use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

use crate::canary::{Canaries, files};
use crate::clients::{client, run};
use crate::wait;

/// Runs a scenario in a new world, with the sample in it, and holds it to what must always be true.
pub(crate) fn scenario(steps: impl FnOnce(&mut World)) {
    scenario_with(&[], steps);
}

/// The same with more flags for `rolecall up`.
pub(crate) fn scenario_with(flags: &[&str], steps: impl FnOnce(&mut World)) {
    let mut world = World::new(flags);
    world.start();
    steps(&mut world);
    world.finish();
}

/// A server and its folder.
pub(crate) struct World {
    folder: TempDir,
    flags: Vec<String>,
    server: Option<Child>,
    starts: usize,
    outputs: Vec<PathBuf>,
    ready: Value,
    canaries: Canaries,
}

impl World {
    fn new(flags: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("run")).unwrap();
        Self {
            folder,
            flags: flags.iter().map(|flag| (*flag).to_owned()).collect(),
            server: None,
            starts: 0,
            outputs: Vec::new(),
            ready: Value::Null,
            canaries: Canaries::default(),
        }
    }

    /// Starts the server on the same data, on other ports, and waits until it is ready.
    pub(crate) fn start(&mut self) {
        if let Some(talk) = self.try_start() {
            panic!("`rolecall up` ended:\n{talk}");
        }
    }

    /// The same where it may refuse; tells what it then said.
    pub(crate) fn try_start(&mut self) -> Option<String> {
        assert!(self.server.is_none(), "it runs already");
        self.starts += 1;
        let ready_file = self.ready_file();
        if ready_file.exists() {
            std::fs::remove_file(&ready_file).unwrap();
        }
        let mut child = up(&self.data(), self.folder.path())
            .env("XDG_RUNTIME_DIR", self.runtime())
            .arg("--ready-file")
            .arg(&ready_file)
            .args(["--log", "trace"])
            .args(&self.flags)
            .stdout(std::fs::File::create(self.output("stdout")).unwrap())
            .stderr(std::fs::File::create(self.output("stderr")).unwrap())
            .spawn()
            .unwrap();
        let ended = wait::until("ready file", START_TIME_MAX, || {
            let ended = child.try_wait().unwrap().is_some();
            (ended || ready_file.exists()).then_some(ended)
        });
        if ended {
            return Some(self.talk());
        }
        self.server = Some(child);
        self.ready = serde_json::from_slice(&std::fs::read(&ready_file).unwrap()).unwrap();
        let mode = std::fs::metadata(&ready_file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "mode of the ready file");
        if !self.is_null("/admin") {
            let key = self.ready_text("/admin/secret_access_key").to_owned();
            self.canary(&key);
        }
        None
    }

    /// Ends the server as power loss would.
    pub(crate) fn kill(&mut self) {
        assert_eq!(self.end(Signal::KILL).signal(), Some(9));
    }

    /// Ends the server as a service manager does.
    pub(crate) fn stop(&mut self) {
        let status = self.end(Signal::TERM);
        assert_eq!(status.code(), Some(0), "after SIGTERM:\n{}", self.talk());
        let left = files(&self.runtime());
        assert!(left.is_empty(), "left behind: {left:?}");
    }

    fn end(&mut self, signal: Signal) -> ExitStatus {
        let mut child = self.server.take().unwrap();
        let pid = Pid::from_child(&child);
        kill_process(pid, signal).unwrap();
        wait::exit(&mut child, STOP_TIME_MAX)
    }

    /// The running server's process.
    pub(crate) fn pid(&self) -> u32 {
        self.server.as_ref().unwrap().id()
    }

    /// A text that must not be found in the output or the data.
    pub(crate) fn canary(&mut self, text: &str) {
        self.canaries.add(text);
    }

    /// The data folder.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Where the agent's token and the administrator's credentials are, as long as the server runs.
    fn runtime(&self) -> PathBuf {
        self.folder.path().join("run")
    }

    /// A folder for what the scenario writes.
    pub(crate) fn scratch(&self) -> PathBuf {
        let path = self.folder.path().join("scratch");
        std::fs::create_dir_all(&path).unwrap();
        path
    }

    /// A member of the ready file.
    pub(crate) fn ready_text(&self, pointer: &str) -> &str {
        let found = self.ready.pointer(pointer).and_then(Value::as_str);
        found.unwrap_or_else(|| panic!("no `{pointer}` in the ready file"))
    }

    /// Whether a member of the ready file is there and says that there is no such thing.
    pub(crate) fn is_null(&self, pointer: &str) -> bool {
        self.ready.pointer(pointer).unwrap().is_null()
    }

    pub(crate) fn endpoint(&self) -> &str {
        self.ready_text("/endpoint")
    }

    pub(crate) fn imds(&self) -> &str {
        self.ready_text("/imds")
    }

    pub(crate) fn instance_id(&self) -> &str {
        self.ready_text("/instance_id")
    }

    /// The agent's sockets: `tcp` or `http`.
    pub(crate) fn agent(&self, listener: &str) -> &str {
        self.ready_text(&format!("/agent/{listener}"))
    }

    /// Where a scenario's own processes write their output, which is searched like the server's.
    pub(crate) fn output_file(&mut self, name: &str) -> std::fs::File {
        let path = self.folder.path().join(name);
        let file = std::fs::File::create(&path).unwrap();
        self.outputs.push(path);
        file
    }

    /// What the server has written.
    pub(crate) fn talk(&self) -> String {
        ["stdout", "stderr"]
            .map(|stream| std::fs::read(self.output(stream)).unwrap_or_default())
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .join("\n")
    }

    /// A client with no credentials but those that the instance has: nothing but the address of the
    /// metadata service, the endpoint and the region.
    pub(crate) fn on_instance(&self, program: impl AsRef<Path>) -> Command {
        let mut command = self.anonymous(program);
        command.env("AWS_EC2_METADATA_SERVICE_ENDPOINT", self.imds());
        command
    }

    /// A client with the administrator's key.
    pub(crate) fn as_admin(&self, program: impl AsRef<Path>) -> Command {
        let mut command = self.anonymous(program);
        let admin = |name| self.ready_text(&format!("/admin/{name}"));
        command
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("AWS_ACCESS_KEY_ID", admin("access_key_id"))
            .env("AWS_SECRET_ACCESS_KEY", admin("secret_access_key"));
        command
    }

    /// A client that knows where the account is and no more.
    pub(crate) fn anonymous(&self, program: impl AsRef<Path>) -> Command {
        let region = self.ready_text("/region");
        let mut command = client(program, &self.scratch());
        command
            .env("AWS_ENDPOINT_URL", self.endpoint())
            .env("AWS_REGION", region)
            .env("AWS_DEFAULT_REGION", region);
        command
    }

    fn finish(&mut self) {
        if self.server.is_some() {
            self.collect();
            self.stop();
        }
        assert!(self.canaries.len() > 0, "a scenario without a secret");
        let mut places = vec![self.data()];
        places.append(&mut self.outputs);
        places
            .extend((1..=self.starts).flat_map(|start| {
                ["stdout", "stderr"].map(|stream| self.output_of(stream, start))
            }));
        let places: Vec<&Path> = places.iter().map(PathBuf::as_path).collect();
        self.canaries.search(&places, &[]);
    }

    /// Every secret that the running server holds by now becomes a canary.
    fn collect(&mut self) {
        if self.is_null("/instance_id") {
            return;
        }
        let script = [
            "t=$(curl -sf -X PUT $1/latest/api/token",
            "-H 'X-aws-ec2-metadata-token-ttl-seconds: 60') || exit 0;",
            "b=$1/latest/meta-data/iam/security-credentials/;",
            "r=$(curl -sf -H \"X-aws-ec2-metadata-token: $t\" $b) || exit 0;",
            "curl -sf -H \"X-aws-ec2-metadata-token: $t\" $b$r",
        ];
        let mut shell = client("sh", &self.scratch());
        let output = run(shell.args(["-c", &script.join(" "), "sh", self.imds()]));
        let Ok(credentials) = serde_json::from_str::<Value>(&output.stdout) else {
            return;
        };
        for member in ["SecretAccessKey", "Token"] {
            if let Some(text) = credentials.get(member).and_then(Value::as_str) {
                self.canary(text);
            }
        }
    }

    fn ready_file(&self) -> PathBuf {
        self.folder.path().join("ready.json")
    }

    fn output(&self, stream: &str) -> PathBuf {
        self.output_of(stream, self.starts)
    }

    fn output_of(&self, stream: &str, start: usize) -> PathBuf {
        self.folder.path().join(format!("{stream}.{start}"))
    }
}

impl Drop for World {
    /// A scenario that failed leaves no server behind.
    fn drop(&mut self) {
        if let Some(mut child) = self.server.take() {
            child.kill().ok();
            child.wait().ok();
            if std::thread::panicking() {
                say(&self.talk());
            }
        }
    }
}

/// `rolecall up` on a data folder, all ports free, with nothing of the environment.
pub(crate) fn up(data: &Path, home: &Path) -> Command {
    let mut command = rolecall(home);
    command.env("XDG_RUNTIME_DIR", home);
    command.arg("up").arg("--data").arg(data);
    for port in ["--listen", "--imds", "--agent-tcp", "--agent-http"] {
        command.args([port, "127.0.0.1:0"]);
    }
    command
}

/// The end of what the server said, shown with a failed test.
#[expect(
    clippy::print_stderr,
    reason = "the test harness keeps it with the failure"
)]
pub(crate) fn say(talk: &str) {
    let from = talk.lines().count().saturating_sub(TALK_LINES);
    for line in talk.lines().skip(from) {
        eprintln!("{line}");
    }
}

/// The binary under test.
pub(crate) fn rolecall(home: &Path) -> Command {
    let mut command = client(env!("CARGO_BIN_EXE_rolecall"), home);
    command.stdin(Stdio::null());
    command
}

const START_TIME_MAX: Duration = Duration::from_secs(20);
const STOP_TIME_MAX: Duration = Duration::from_secs(10);
const TALK_LINES: usize = 40;

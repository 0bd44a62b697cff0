//! An account of a data folder, served as an operator does it: started, killed, looked after.
//!
//! What all of it must end with is [`Kept::finish`]: `doctor` finds nothing wrong, the record of
//! calls is whole, and no secret was shown.

use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::Duration;

use protocol::{Record, Secret, Value};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::canary::Canaries;
use crate::clients::{Output, client, run};
use crate::crash_client::Client;
use crate::harness::rolecall;
use crate::wait;

/// A folder with an account below `data`, and the server of it, where one runs.
pub(crate) struct Kept {
    pub(crate) folder: TempDir,
    /// Where the account is, below the folder.
    pub(crate) data: String,
    /// Flags of every command but `trail`.
    flags: String,
    /// What every program runs by.
    prefix: Vec<String>,
    runtime: Runtime,
    process: Option<Child>,
    pub(crate) endpoint: String,
}

impl Kept {
    /// A new account.
    pub(crate) fn init() -> Self {
        Self::init_with("")
    }

    /// The same with flags for every command.
    pub(crate) fn init_with(flags: &str) -> Self {
        Self::init_in(tempfile::tempdir().unwrap(), "data", flags, &[])
    }

    /// The same in a folder below, by programs that are run by another one.
    pub(crate) fn init_in(folder: TempDir, data: &str, flags: &str, prefix: &[String]) -> Self {
        let kept = Self {
            folder,
            data: data.to_owned(),
            flags: flags.to_owned(),
            prefix: prefix.to_vec(),
            runtime: Runtime::new().unwrap(),
            process: None,
            endpoint: String::new(),
        };
        let has_key = flags.contains("--root-key-file");
        let key = if has_key {
            ""
        } else {
            "--root-key-file root.key"
        };
        let made = kept.account(&format!("init {key}"));
        std::fs::write(kept.path("credentials"), made.ok()).unwrap();
        kept
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The program, by what it is run by.
    fn command(&self) -> Command {
        let home = self.folder.path();
        let Some((program, more)) = self.prefix.split_first() else {
            return rolecall(home);
        };
        let mut command = client(program, home);
        command.args(more).arg(env!("CARGO_BIN_EXE_rolecall"));
        command
    }

    /// `rolecall account` with the data folder, and with these arguments, separated by blanks.
    pub(crate) fn account(&self, line: &str) -> Output {
        let mut command = self.command();
        command.arg("account").args(line.split_whitespace());
        if !line.starts_with("trail") {
            command.args(self.flags.split_whitespace());
        }
        run(command.args(["--data", &self.data]))
    }

    /// Serves the account, with these flags and variables of the environment.
    pub(crate) fn serve(&mut self, flags: &str, variables: &[(&str, &str)]) {
        let ended = self.try_serve(flags, variables);
        assert!(!ended, "it ended:\n{}", self.log());
    }

    /// The same where it may refuse; tells whether it did.
    pub(crate) fn try_serve(&mut self, flags: &str, variables: &[(&str, &str)]) -> bool {
        let ready = self.path("ready.json");
        let _none = std::fs::remove_file(&ready);
        let mut log = std::fs::File::options();
        let log = log
            .create(true)
            .append(true)
            .open(self.path("log"))
            .unwrap();
        let mut command = self.command();
        command
            .args(["account", "serve", "--data", &self.data])
            .args(["--listen", "127.0.0.1:0", "--ready-file"])
            .arg(&ready)
            .args(self.flags.split_whitespace())
            .args(flags.split_whitespace())
            .envs(variables.iter().copied())
            .stderr(log);
        let mut process = command.spawn().unwrap();
        let ended = wait::until("ready file", WAIT_MAX, || {
            let ended = process.try_wait().unwrap().is_some();
            (ended || ready.exists()).then_some(ended)
        });
        if !ended {
            let ready = std::fs::read(&ready).unwrap();
            let ready: serde_json::Value = serde_json::from_slice(&ready).unwrap();
            ready["endpoint"]
                .as_str()
                .unwrap()
                .clone_into(&mut self.endpoint);
            self.process = Some(process);
        }
        ended
    }

    /// SIGKILL, which no process outlives.
    pub(crate) fn kill(&mut self) {
        let mut process = self.process.take().unwrap();
        process.kill().unwrap();
        process.wait().unwrap();
    }

    /// Ends the server as a service manager does.
    pub(crate) fn stop(&mut self) {
        let mut process = self.process.take().unwrap();
        kill_process(Pid::from_child(&process), Signal::TERM).unwrap();
        let status = wait::exit(&mut process, WAIT_MAX);
        assert_eq!(status.code(), Some(0), "{}", self.log());
    }

    /// What all servers have said.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.path("log")).unwrap_or_default()
    }

    /// A member of the administrator's credentials.
    fn credential(&self, key: &str) -> String {
        let credentials = std::fs::read_to_string(self.path("credentials")).unwrap();
        let line = credentials.lines().find(|line| line.starts_with(key));
        line.unwrap().split_once(" = ").unwrap().1.to_owned()
    }

    /// A program as the administrator.
    pub(crate) fn as_admin(&self, program: impl AsRef<Path>) -> Command {
        let mut command = client(program, self.folder.path());
        command
            .env("AWS_SHARED_CREDENTIALS_FILE", self.path("credentials"))
            .env("AWS_ENDPOINT_URL", &self.endpoint)
            .env("AWS_DEFAULT_REGION", "us-east-1")
            .env("AWS_MAX_ATTEMPTS", "1");
        command
    }

    /// The administrator, on a connection that stays.
    pub(crate) fn client(&self) -> Client {
        let address = self.endpoint.strip_prefix("http://").unwrap();
        Client::new(
            address.to_owned(),
            self.credential("aws_access_key_id"),
            self.credential("aws_secret_access_key"),
        )
    }

    /// Status and body of a call of Secrets Manager.
    pub(crate) fn ask(&self, name: &str, input: &Record) -> (u16, String) {
        self.ask_by(&self.client(), name, input)
    }

    pub(crate) fn ask_by(&self, client: &Client, name: &str, input: &Record) -> (u16, String) {
        let answer = client.ask("secretsmanager", name, input, &[]);
        self.runtime.block_on(answer).unwrap()
    }

    /// Makes a secret with a value of its own.
    pub(crate) fn create(&self, name: &str) -> (u16, String) {
        self.ask("CreateSecret", &created(name, ""))
    }

    /// The value of a secret; `None` where there is no such secret.
    pub(crate) fn value(&self, name: &str) -> Option<String> {
        let get = Record::new().with("SecretId", name.to_owned());
        let (status, body) = self.ask("GetSecretValue", &get);
        let body: serde_json::Value = serde_json::from_str(&body).unwrap();
        if status == 400 && body.to_string().contains("ResourceNotFoundException") {
            return None;
        }
        assert_eq!(status, 200, "{body}");
        Some(body["SecretString"].as_str().unwrap().to_owned())
    }

    /// All is in order with this root key.
    pub(crate) fn check(&self, root_key: &str) {
        let key = format!("--root-key-file {root_key}");
        self.account(&format!("doctor {key}")).ok();
        self.account("trail --verify").ok();
    }

    /// Goes on with other flags.
    pub(crate) fn change_flags(&mut self, flags: &str) {
        flags.clone_into(&mut self.flags);
    }

    /// Ends what runs; nothing is wrong, and no secret was shown meanwhile.
    pub(crate) fn finish(mut self, root_key: &str) {
        if self.process.is_some() {
            self.stop();
        }
        self.check(root_key);
        let mut canaries = Canaries::default();
        canaries.add(&self.credential("aws_secret_access_key"));
        canaries.add(CANARY);
        let (data, log) = (self.path(&self.data), self.path("log"));
        canaries.search(&[data.as_path(), log.as_path()], &[]);
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().ok();
            process.wait().ok();
        }
        if std::thread::panicking() {
            crate::harness::say(&self.log());
        }
    }
}

/// A call that makes a secret; what is filled in makes it as large as wanted.
pub(crate) fn created(name: &str, filling: &str) -> Record {
    Record::new()
        .with("Name", name.to_owned())
        .with("SecretString", secret(format!("{CANARY} {name}{filling}")))
        .with("ClientRequestToken", format!("{name:0>32}"))
}

pub(crate) fn secret(text: String) -> Value {
    Value::Secret(Secret::from_text(text))
}

/// What every value begins with.
pub(crate) const CANARY: &str = "the canary of what is kept";
pub(crate) const WAIT_MAX: Duration = Duration::from_secs(30);

//! `rolecall account init` and `rolecall account serve`: an account of one's own, over TLS.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

use crate::clients::{aws, client, run};
use crate::wait;

/// A server of an account that `init` made.
pub(crate) struct Served {
    folder: TempDir,
    server: Server,
    pub(crate) endpoint: String,
}

/// A process that a scenario which failed does not leave behind.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

impl Served {
    pub(crate) fn start(folder: TempDir, flags: &[&str]) -> Self {
        Self::start_on(folder, &[&["--data", "data"], flags].concat())
    }

    /// The same on the data folder that the flags name.
    fn start_on(folder: TempDir, flags: &[&str]) -> Self {
        let ready = folder.path().join("ready.json");
        let mut server = rolecall(folder.path());
        server
            .args(["account", "serve"])
            .args(["--listen", "127.0.0.1:0", "--ready-file", "ready.json"])
            .args(flags)
            .stderr(Stdio::null());
        let mut server = Server(server.spawn().unwrap());
        let ended = wait::until("ready file", WAIT_MAX, || {
            let ended = server.0.try_wait().unwrap().is_some();
            (ended || ready.exists()).then_some(ended)
        });
        assert!(!ended, "it ended");
        let ready: Value = serde_json::from_slice(&std::fs::read(&ready).unwrap()).unwrap();
        let endpoint = ready["endpoint"].as_str().unwrap().to_owned();
        Self {
            folder,
            server,
            endpoint,
        }
    }

    pub(crate) fn as_admin(&self, program: impl AsRef<Path>) -> Command {
        let mut command = client(program, self.folder.path());
        command
            .env("AWS_SHARED_CREDENTIALS_FILE", self.path("credentials"))
            .env("AWS_ENDPOINT_URL", &self.endpoint)
            .env("AWS_DEFAULT_REGION", "us-east-1");
        command
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn stop(mut self) -> TempDir {
        kill_process(Pid::from_child(&self.server.0), Signal::TERM).unwrap();
        let status = wait::exit(&mut self.server.0, WAIT_MAX);
        assert_eq!(status.code(), Some(0));
        std::fs::remove_file(self.path("ready.json")).unwrap();
        self.folder
    }
}

#[test]
fn an_account_is_made_once_and_served_over_tls() {
    let folder = made();
    let served = Served::start(folder, &["--tls-write-cert", "ca.pem"]);
    assert!(
        served.endpoint.starts_with("https://"),
        "{}",
        served.endpoint
    );
    let identity = ["sts", "get-caller-identity", "--query", "Arn"];

    let stranger = run(served.as_admin(aws()).args(identity));
    stranger.fails_with(&["SSL validation failed"]);
    let mut trusting = served.as_admin(aws());
    let caller = run(trusting.env("AWS_CA_BUNDLE", "ca.pem").args(identity));
    assert!(caller.ok().contains("user/administrator"), "{caller:?}");

    // What is only for TLS is allowed, and not to a policy that wants the opposite.
    let document = |secure: bool| {
        format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Deny","Action":"iam:ListUsers",
            "Resource":"*","Condition":{{"Bool":{{"aws:SecureTransport":"{secure}"}}}}}}]}}"#
        )
    };
    let put = |secure: bool| {
        let mut put = served.as_admin(aws());
        put.env("AWS_CA_BUNDLE", "ca.pem");
        put.args(["iam", "put-user-policy", "--user-name", "administrator"]);
        put.args([
            "--policy-name",
            "tls",
            "--policy-document",
            &document(secure),
        ]);
        run(&mut put).ok();
        let mut list = served.as_admin(aws());
        run(list
            .env("AWS_CA_BUNDLE", "ca.pem")
            .args(["iam", "list-users"]))
    };
    put(false).ok();
    put(true).fails_with(&["with an explicit deny in an identity-based policy"]);
    put(false).ok();

    // Our own client trusts the same file.
    let mut own = served.as_admin(env!("CARGO_BIN_EXE_rolecall"));
    own.args(["policy", "who-can", "iam:ListUsers", "*"]);
    own.env("AWS_CA_BUNDLE", "ca.pem");
    assert_eq!(run(&mut own).code, Some(0));

    // The same account again, with a certificate of the user's own.
    let folder = served.stop();
    let pair = [
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
    ];
    let subject = ["-days", "1", "-subj", "/CN=localhost", "-addext"];
    let mut openssl = client("openssl", folder.path());
    openssl
        .args(pair)
        .args(subject)
        .arg("subjectAltName=IP:127.0.0.1");
    run(openssl.args(["-keyout", "key.pem", "-out", "cert.pem"])).ok();
    let flags = ["--tls-cert", "cert.pem", "--tls-key", "key.pem"];
    let served = Served::start(folder, &flags);
    let mut trusting = served.as_admin(aws());
    let caller = run(trusting.env("AWS_CA_BUNDLE", "cert.pem").args(identity));
    assert!(caller.ok().contains("user/administrator"), "{caller:?}");
    served.stop();
}

#[test]
fn what_is_not_safe_or_not_there_is_refused() {
    let folder = made();
    std::fs::write(folder.path().join("no.pem"), "no certificate").unwrap();
    let check = |arguments: &[&str], words: &[&str]| {
        let mut command = rolecall(folder.path());
        let output = run(command.arg("account").args(arguments));
        assert_eq!(output.code, Some(2), "{output:?}");
        output.fails_with(words);
        output.fails_with(&["hint: "]);
    };
    check(&["init", "--data", "data"], &["there is an account in"]);
    check(&["serve", "--data", "none"], &["there is no account in"]);
    check(
        &["serve", "--data", "data", "--listen", "0.0.0.0:0"],
        &["HTTP is not encrypted", "--allow-plain-http"],
    );
    let with = |certificate, key| {
        let flags = ["--tls-cert", certificate, "--tls-key", key];
        [
            &["serve", "--data", "data", "--listen", "127.0.0.1:0"][..],
            &flags,
        ]
        .concat()
    };
    check(&with("no.pem", "no.pem"), &["--tls-cert", "no certificate"]);
    check(&with("missing.pem", "no.pem"), &["missing.pem"]);
    check(&["init", "--data", "new", "--account-id", "12"], &["`12`"]);
    std::fs::write(folder.path().join("wrong.yaml"), "data: new\nlistn: x\n").unwrap();
    check(
        &["serve", "--config", "wrong.yaml"],
        &["wrong.yaml:2:1", "`listn`", "did you mean `listen`?"],
    );
    check(&["serve", "--config", "none.yaml"], &["none.yaml"]);
    assert!(!folder.path().join("new").exists());
}

#[test]
fn a_file_says_what_the_flags_say() {
    let folder = made();
    let file = folder.path().join("account.yaml");
    std::fs::write(
        &file,
        "data: elsewhere\nlisten: 127.0.0.1:1\ntls-write-cert: ca.pem\n",
    )
    .unwrap();
    let mut check = rolecall(folder.path());
    check.args(["account", "serve", "--config", "account.yaml", "--check"]);
    assert_eq!(run(&mut check).ok(), "account.yaml: ok");
    assert!(!folder.path().join("elsewhere").exists());
    // The data folder of the flag, the transport of the file.
    let served = Served::start(folder, &["--config", "account.yaml"]);
    assert!(served.endpoint.starts_with("https://"));
    served.stop();
}

#[test]
fn an_export_of_a_running_server_is_restored() {
    let folder = made();
    let served = Served::start(folder, &["--export-dir", "exports", "--export-every", "1s"]);
    let create = ["iam", "create-user", "--user-name", "exported"];
    run(served.as_admin(aws()).args(create)).ok();
    let exports = served.path("exports");
    let count = || std::fs::read_dir(&exports).unwrap().count();
    wait::until("an export of the write", WAIT_MAX, || {
        (count() == 2).then_some(())
    });
    let mut backup = rolecall(served.folder.path());
    let refused = run(backup.args(["account", "backup", "--data", "data", "-o", "offline"]));
    refused.fails_with(&["in use", "--export-dir"]);

    let folder = served.stop();
    run(backup.args(["--root-key-file", "data/root.key"])).ok();
    let exports = std::fs::read_dir(folder.path().join("exports")).unwrap();
    let newest = exports.map(|entry| entry.unwrap().path()).max().unwrap();
    for (from, to) in [(newest, "one"), (folder.path().join("offline"), "two")] {
        let mut restore = rolecall(folder.path());
        restore.args(["account", "restore", "--data", to, "--from"]);
        restore.arg(from);
        run(restore.args(["--root-key-file", "data/root.key"])).ok();
        run(&mut restore).fails_with(&["is not empty"]);
    }
    let flags = ["--data", "two", "--root-key-file", "data/root.key"];
    let served = Served::start_on(folder, &flags);
    let get = ["iam", "get-user", "--user-name", "exported"];
    run(served.as_admin(aws()).args(get)).ok();
    served.stop();
}

/// A folder with an account in it, and its administrator's credentials.
pub(crate) fn made() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut init = rolecall(folder.path());
    let made = run(init.args(["account", "init", "--data", "data"]));
    std::fs::write(folder.path().join("credentials"), made.ok()).unwrap();
    folder
}

fn rolecall(home: &Path) -> Command {
    client(env!("CARGO_BIN_EXE_rolecall"), home)
}

const WAIT_MAX: Duration = Duration::from_secs(20);

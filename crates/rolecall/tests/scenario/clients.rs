//! The clients that scenarios run, in an environment with nothing in it but what is said.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;

use crate::harness::World;

/// What a client left.
#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Output {
    /// The standard output of a client that succeeded, without the last line's end.
    #[track_caller]
    pub(crate) fn ok(&self) -> &str {
        assert_eq!(self.code, Some(0), "{}\n{}", self.stdout, self.stderr);
        self.stdout.trim_end_matches('\n')
    }

    /// The standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        let text = self.ok();
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }

    /// The error output of a client that failed, which must hold all of these.
    #[track_caller]
    pub(crate) fn fails_with(&self, parts: &[&str]) -> &str {
        assert_ne!(self.code, Some(0), "it succeeded: {}", self.stdout);
        for part in parts {
            assert!(
                self.stderr.contains(part),
                "no `{part}` in: {}",
                self.stderr
            );
        }
        &self.stderr
    }
}

/// A client with a scrubbed environment.
pub(crate) fn client(program: impl AsRef<Path>, home: &Path) -> Command {
    let mut command = Command::new(program.as_ref());
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", home)
        .env("LC_ALL", "C.UTF-8")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("AWS_CONFIG_FILE", "/nonexistent/config")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent/credentials")
        .env("AWS_PAGER", "")
        .current_dir(home);
    command
}

/// Runs a client to its end.
pub(crate) fn run(command: &mut Command) -> Output {
    let output = command
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("cannot start {command:?}: {error}\n{HINT}"));
    Output {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// The AWS CLI.
pub(crate) fn aws() -> PathBuf {
    tool("venv/bin/aws")
}

/// The Python that has boto3 and what cloud-init imports.
pub(crate) fn python() -> PathBuf {
    tool("venv/bin/python")
}

/// cloud-init's Python packages.
pub(crate) fn cloud_init() -> PathBuf {
    tool("cloud-init/usr/lib/python3/dist-packages")
}

/// Debian's `ec2-metadata`.
pub(crate) fn ec2_metadata() -> PathBuf {
    tool("amazon-ec2-utils/usr/bin/ec2-metadata")
}

/// A script of `py/`.
pub(crate) fn script(name: &str) -> PathBuf {
    script_of("py", name)
}

/// A script of another folder.
pub(crate) fn script_of(folder: &str, name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/scenario")
        .join(folder)
        .join(name)
}

/// The packages of npm that were prepared under a name.
pub(crate) fn node_modules(name: &str) -> PathBuf {
    tool(&format!("{name}/node_modules"))
}

/// The source package of others whose folder's name begins so.
pub(crate) fn corpus(name: &str) -> PathBuf {
    package("corpora", name)
}

/// A wheel that somebody else publishes, unpacked, by the beginning of its name.
pub(crate) fn wheel(name: &str) -> PathBuf {
    package("wheels", name)
}

fn package(folder: &str, name: &str) -> PathBuf {
    let folder = tool(folder);
    let entries = std::fs::read_dir(&folder).unwrap().flatten();
    let mut names = entries.filter(|it| it.file_name().to_string_lossy().starts_with(name));
    let found = names.next().map(|it| it.path());
    found.unwrap_or_else(|| panic!("no `{name}` in `{}`\n{HINT}", folder.display()))
}

pub(crate) fn tool(path: &str) -> PathBuf {
    let tools = std::env::var_os("ROLECALL_TEST_TOOLS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/tools"),
        PathBuf::from,
    );
    let path = tools.join(path);
    assert!(path.exists(), "no `{}`\n{HINT}", path.display());
    path
}

/// The AWS CLI as the administrator, kept running: one call costs milliseconds, not a start of
/// Python.
pub(crate) struct Admin {
    child: Child,
    replies: BufReader<ChildStdout>,
}

impl Admin {
    pub(crate) fn new(world: &World) -> Self {
        Self::with(world.as_admin(python()))
    }

    /// The same with the identity that the command's environment gives.
    pub(crate) fn with(mut command: Command) -> Self {
        let mut child = command
            .arg(script("aws_cli.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let replies = BufReader::new(child.stdout.take().unwrap());
        Self { child, replies }
    }

    /// Runs `aws` with these arguments, separated by blanks.
    pub(crate) fn run(&mut self, line: &str) -> Output {
        self.run_with(line, &[])
    }

    /// The same with more arguments that may hold blanks.
    pub(crate) fn run_with(&mut self, line: &str, more: &[&str]) -> Output {
        let words: Vec<&str> = line
            .split_whitespace()
            .chain(more.iter().copied())
            .collect();
        let request = serde_json::to_string(&words).unwrap();
        let input = self.child.stdin.as_mut().unwrap();
        writeln!(input, "{request}").unwrap();
        input.flush().unwrap();
        let mut reply = String::new();
        self.replies.read_line(&mut reply).unwrap();
        let reply: Value = serde_json::from_str(&reply).unwrap();
        let text = |member: &str| reply[member].as_str().unwrap().to_owned();
        Output {
            code: reply["code"].as_i64().and_then(|code| code.try_into().ok()),
            stdout: text("stdout"),
            stderr: text("stderr"),
        }
    }
}

impl Drop for Admin {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        self.child.wait().ok();
    }
}

const HINT: &str = "hint: run `cargo xtask test`, which prepares the clients";

//! Processes for tests, that say when they are where they should be and wait to be let go.
//!
//! Does not know what is asked of them afterwards.

use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use super::super::parse;

/// A process that runs until it is let go or dropped.
#[derive(Debug)]
pub(super) struct Peer {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Peer {
    /// A Python script, after [`PRELUDE`].
    pub(super) fn python(script: &str, arguments: &[&str]) -> Self {
        let script = format!("{PRELUDE}\n{script}");
        Self::start(
            Command::new("python3")
                .args(["-c", &script])
                .args(arguments),
        )
    }

    pub(super) fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("these tests run python3 and sh");
        Self {
            input: child.stdin.take(),
            output: BufReader::new(child.stdout.take().unwrap()),
            child,
        }
    }

    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What it says next.
    pub(super) fn line(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        assert!(!line.is_empty(), "the process ended before it was to");
        line.trim_end().to_owned()
    }

    /// Lets it go one step on.
    pub(super) fn step(&mut self) {
        self.input.as_mut().unwrap().write_all(b"\n").unwrap();
    }

    /// Waits for its end, with what it started still there.
    pub(super) fn step_out(&mut self) {
        self.child.wait().unwrap();
    }

    /// Lets it come to its end, which leaves its number free.
    pub(super) fn end(&mut self) {
        self.input = None;
        self.child.wait().unwrap();
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // What it started sees the end of its input.
        self.input = None;
        let _gone = self.child.kill();
        let _status = self.child.wait();
    }
}

/// `say` tells the test, `wait` waits for it; `become` changes the user, as root.
pub(super) const PRELUDE: &str = r#"
import encodings.idna, os, socket, sys
def say(text): print(text, flush=True)
def wait(): return sys.stdin.readline()
def become(uid, gid, groups):
    os.setgroups(groups); os.setgid(gid); os.setuid(uid)
def unix(name):
    peer = socket.socket(socket.AF_UNIX); peer.connect("\0" + name); return peer
def tcp(host, port): return socket.create_connection((host, int(port)))
"#;

pub(super) const OTHER_UID: u32 = 54_322;
pub(super) const OTHER_GID: u32 = 54_321;
pub(super) const OTHER_GROUPS: [u32; 2] = [4_242, 4_243];
pub(super) const BECOME_OTHER: &str = "become(54322, 54321, [4243, 4242])";

/// Whether other users can be played. Tests that need them say so where they cannot.
pub(super) fn is_root() -> bool {
    let root = rustix::process::geteuid().is_root();
    if !root {
        let mut stderr = std::io::stderr();
        writeln!(stderr, "not root: only this user was tried").unwrap();
    }
    root
}

/// The supplementary groups of this process, as its children have them.
pub(super) fn own_groups() -> Vec<u32> {
    let groups = rustix::process::getgroups().unwrap();
    groups.iter().map(|group| group.as_raw()).collect()
}

/// The path of a running program.
pub(super) fn program(pid: u32) -> String {
    let path = std::fs::read_link(format!("/proc/{pid}/exe")).unwrap();
    path.to_str().unwrap().to_owned()
}

/// Whether every process of this user lets its descriptors be seen, as those of containers'
/// keepers and of key agents do not. Where one does not, it may hold any socket.
pub(super) fn sees_all_own() -> bool {
    let own = rustix::process::geteuid().as_raw();
    let mut folders = std::fs::read_dir("/proc")
        .unwrap()
        .map(|it| it.unwrap().path());
    let hidden = folders.find(|folder| {
        let status = std::fs::read_to_string(folder.join("status")).unwrap_or_default();
        let is_own = parse::status(&status).is_some_and(|status| status.uids.have(own));
        is_own && !shows_descriptors(folder)
    });
    if let Some(hidden) = &hidden {
        let mut stderr = std::io::stderr();
        writeln!(
            stderr,
            "{} is hidden, so no process of TCP is certain",
            hidden.display()
        )
        .unwrap();
    }
    hidden.is_none()
}

fn shows_descriptors(process: &Path) -> bool {
    let denied = |error: std::io::Error| error.kind() == ErrorKind::PermissionDenied;
    match std::fs::read_dir(process.join("fd")) {
        Ok(links) => !links
            .flatten()
            .any(|link| std::fs::read_link(link.path()).is_err_and(denied)),
        Err(error) => !denied(error),
    }
}

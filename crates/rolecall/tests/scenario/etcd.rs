//! Members of an etcd cluster, as processes on loopback, each with a folder of its own.
//!
//! It needs the `etcd` that `cargo xtask test --prepare` unpacks. The product's own tests of its
//! engine use this file too, so it knows nothing of the scenarios around it.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Stopped when it is dropped.
#[derive(Debug)]
pub(crate) struct Etcd {
    members: Vec<Member>,
    folder: tempfile::TempDir,
}

#[derive(Debug)]
struct Member {
    client: u16,
    arguments: Vec<String>,
    scheme: &'static str,
    log: PathBuf,
    process: Option<Child>,
}

impl Etcd {
    /// As many members as asked for, one cluster, which answers.
    pub(crate) fn start(members: usize) -> Self {
        Self::start_with(members, "http", &[])
    }

    /// The same with more arguments for each.
    pub(crate) fn start_with(members: usize, scheme: &'static str, more: &[String]) -> Self {
        // Somebody else may take a port between.
        (0..5)
            .find_map(|_| Self::try_start(members, scheme, more))
            .expect("etcd starts")
    }

    fn try_start(count: usize, scheme: &'static str, more: &[String]) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let held: Vec<TcpListener> = (0..2 * count)
            .map(|_| TcpListener::bind(("127.0.0.1", 0)).unwrap())
            .collect();
        let port = |at: usize| held[at].local_addr().unwrap().port();
        let peer = |at: usize| format!("http://127.0.0.1:{}", port(count + at));
        let cluster: Vec<String> = (0..count).map(|at| format!("m{at}={}", peer(at))).collect();
        let mut members: Vec<Member> = (0..count)
            .map(|at| {
                let client = format!("{scheme}://127.0.0.1:{}", port(at));
                let data = folder.path().join(format!("m{at}"));
                let arguments = [
                    ("--name", format!("m{at}")),
                    ("--data-dir", data.display().to_string()),
                    ("--listen-client-urls", client.clone()),
                    ("--advertise-client-urls", client),
                    ("--listen-peer-urls", peer(at)),
                    ("--initial-advertise-peer-urls", peer(at)),
                    ("--initial-cluster", cluster.join(",")),
                ];
                let arguments = arguments.map(|(flag, value)| format!("{flag}={value}"));
                Member {
                    client: port(at),
                    arguments: [&arguments[..], more].concat(),
                    scheme,
                    log: folder.path().join(format!("m{at}.log")),
                    process: None,
                }
            })
            .collect();
        drop(held);
        members.iter_mut().for_each(Member::start);
        let mut etcd = Self { members, folder };
        etcd.is_answering().then_some(etcd)
    }

    /// Where they keep what they have.
    pub(crate) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Where the members are asked.
    pub(crate) fn endpoints(&self) -> Vec<String> {
        let members = self.members.iter();
        members
            .map(|it| format!("{}://127.0.0.1:{}", it.scheme, it.client))
            .collect()
    }

    /// Kills a member at once.
    pub(crate) fn kill(&mut self, member: usize) {
        self.members[member].stop();
    }

    /// Starts a member that was killed, with what it had.
    pub(crate) fn start_again(&mut self, member: usize) {
        self.members[member].start();
    }

    /// Waits until a member answers.
    pub(crate) fn wait(&self, member: usize) {
        let begun = Instant::now();
        while !self.members[member].is_healthy() {
            assert!(
                begun.elapsed() < STARTED_AFTER,
                "member {member} does not answer"
            );
            std::thread::park_timeout(LOOK_AGAIN_AFTER);
        }
    }

    /// The process of a member that runs.
    pub(crate) fn pid(&self, member: usize) -> u32 {
        self.members[member].process.as_ref().expect("it runs").id()
    }

    /// Whether all members come to answer.
    fn is_answering(&mut self) -> bool {
        let begun = Instant::now();
        self.members.iter_mut().all(|member| {
            while begun.elapsed() < STARTED_AFTER {
                let process = member.process.as_mut().unwrap();
                if process.try_wait().unwrap().is_some() {
                    return false;
                }
                if member.is_healthy() {
                    return true;
                }
                std::thread::park_timeout(LOOK_AGAIN_AFTER);
            }
            false
        })
    }
}

impl Member {
    fn start(&mut self) {
        let log = std::fs::File::create(&self.log).unwrap();
        let process = Command::new(program())
            .args(&self.arguments)
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn();
        self.process = Some(process.expect("`etcd` starts"));
    }

    fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _gone = process.kill();
            let _reaped = process.wait();
        }
    }

    /// Over TLS, that it listens is all that is asked.
    fn is_healthy(&self) -> bool {
        let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.client)) else {
            return false;
        };
        if self.scheme == "https" {
            return true;
        }
        stream
            .set_read_timeout(Some(Duration::from_secs(5)))
            .unwrap();
        let mut answer = String::new();
        let asked = stream.write_all(b"GET /health HTTP/1.0\r\nHost: localhost\r\n\r\n");
        asked.is_ok()
            && stream.read_to_string(&mut answer).is_ok()
            && answer.contains("\"health\":\"true\"")
    }
}

impl Drop for Etcd {
    fn drop(&mut self) {
        self.members.iter_mut().for_each(Member::stop);
    }
}

/// The one that was prepared, else the one of this machine.
fn program() -> PathBuf {
    let tools = std::env::var_os("ROLECALL_TEST_TOOLS").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/tools")),
        PathBuf::from,
    );
    let prepared = tools.join("etcd-server/usr/bin/etcd");
    if prepared.exists() {
        return prepared;
    }
    PathBuf::from("etcd")
}

const STARTED_AFTER: Duration = Duration::from_mins(1);
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(20);

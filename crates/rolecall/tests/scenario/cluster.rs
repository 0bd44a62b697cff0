//! Several servers over one etcd cluster: any of them is the account, whatever ends, stands still
//! or is cut off; and none decides on what may be too old.

use std::path::PathBuf;
use std::process::{Child, Command};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use protocol::{Record, Secret};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

use crate::canary::Canaries;
use crate::clients::{client, python, run, script};
use crate::crash_client::Client;
use crate::etcd::Etcd;
use crate::harness::rolecall;
use crate::linear::{Operation, What, is_linearizable};
use crate::proxy::Proxy;
use crate::wait;

/// Servers of one account, each with proxies of its own in front of the members.
pub(crate) struct Cluster {
    pub(crate) folder: TempDir,
    pub(crate) etcd: Etcd,
    servers: Vec<Server>,
}

struct Server {
    proxies: Vec<Proxy>,
    process: Option<Child>,
    endpoint: String,
}

impl Cluster {
    pub(crate) fn start(members: usize, servers: usize) -> Self {
        Self::start_on(Etcd::start(members), servers)
    }

    /// The same on members that run.
    pub(crate) fn start_on(etcd: Etcd, servers: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut init = rolecall(folder.path());
        init.args([
            "account",
            "init",
            "--data",
            "s0",
            "--root-key-file",
            "root.key",
        ]);
        let made = run(init.args(["--etcd", &etcd.endpoints().join(",")]));
        std::fs::write(folder.path().join("credentials"), made.ok()).unwrap();
        let servers = (0..servers).map(|_| Server {
            proxies: etcd
                .endpoints()
                .iter()
                .map(|it| Proxy::before(it))
                .collect(),
            process: None,
            endpoint: String::new(),
        });
        let mut cluster = Self {
            servers: servers.collect(),
            folder,
            etcd,
        };
        for at in 0..cluster.servers.len() {
            cluster.serve(at);
        }
        cluster
    }

    /// Starts a server, on the address that it had.
    pub(crate) fn serve(&mut self, at: usize) {
        self.serve_with(at, |_| {});
    }

    /// The same with more on its command line or in its environment.
    pub(crate) fn serve_with(&mut self, at: usize, more: impl FnOnce(&mut Command)) {
        let ready = self.path(&format!("s{at}.json"));
        let _none = std::fs::remove_file(&ready);
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(self.path(&format!("s{at}.log")));
        let server = &mut self.servers[at];
        let members: Vec<&str> = server.proxies.iter().map(|it| it.url.as_str()).collect();
        let listen = server
            .endpoint
            .strip_prefix("http://")
            .unwrap_or("127.0.0.1:0");
        let mut command = rolecall(self.folder.path());
        command
            .args(["account", "serve", "--root-key-file", "root.key"])
            .args(["--data", &format!("s{at}"), "--listen", listen])
            .args(["--ready-file", &format!("s{at}.json")])
            .args(["--etcd", &members.join(",")])
            .stderr(log.unwrap());
        more(&mut command);
        let mut process = command.spawn().unwrap();
        let ended = wait::until("ready file", WAIT_MAX, || {
            let ended = process.try_wait().unwrap().is_some();
            (ended || ready.exists()).then_some(ended)
        });
        assert!(!ended, "server {at} ended:\n{}", self.log(at));
        let ready: Value = serde_json::from_slice(&std::fs::read(&ready).unwrap()).unwrap();
        let server = &mut self.servers[at];
        ready["endpoint"]
            .as_str()
            .unwrap()
            .clone_into(&mut server.endpoint);
        server.process = Some(process);
    }

    /// A server hears nothing of etcd from here on.
    pub(crate) fn cut(&self, at: usize) {
        self.servers[at].proxies.iter().for_each(Proxy::cut);
    }

    pub(crate) fn mend(&self, at: usize) {
        self.servers[at].proxies.iter().for_each(Proxy::mend);
    }

    pub(crate) fn kill(&mut self, at: usize) {
        let mut process = self.servers[at].process.take().unwrap();
        process.kill().unwrap();
        process.wait().unwrap();
    }

    /// Ends a server as a service manager does.
    pub(crate) fn stop(&mut self, at: usize) {
        let mut process = self.servers[at].process.take().unwrap();
        kill_process(Pid::from_child(&process), Signal::TERM).unwrap();
        let status = wait::exit(&mut process, WAIT_MAX);
        assert_eq!(status.code(), Some(0), "{}", self.log(at));
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn endpoint(&self, at: usize) -> &str {
        &self.servers[at].endpoint
    }

    pub(crate) fn log(&self, at: usize) -> String {
        std::fs::read_to_string(self.path(&format!("s{at}.log"))).unwrap()
    }

    /// The administrator, at one of the servers.
    pub(crate) fn client(&self, at: usize) -> Client {
        let credentials = std::fs::read_to_string(self.path("credentials")).unwrap();
        let value = |key: &str| {
            let line = credentials.lines().find(|line| line.starts_with(key));
            line.unwrap().split_once(" = ").unwrap().1.to_owned()
        };
        Client::new(
            self.endpoint(at)
                .strip_prefix("http://")
                .unwrap()
                .to_owned(),
            value("aws_access_key_id"),
            value("aws_secret_access_key"),
        )
    }

    /// A program of Python with all endpoints in its environment.
    fn python(&self, name: &str) -> Command {
        let endpoints: Vec<&str> = self.servers.iter().map(|it| it.endpoint.as_str()).collect();
        let mut command = client(python(), self.folder.path());
        command
            .arg(script(name))
            .env("AWS_SHARED_CREDENTIALS_FILE", self.path("credentials"))
            .env("AWS_DEFAULT_REGION", "us-east-1")
            .env("ENDPOINTS", endpoints.join(","));
        command
    }

    /// Whether a load balancer would send calls to a server.
    pub(crate) fn is_ready(&self, at: usize) -> bool {
        let url = format!("{}/_rolecall/ready", self.endpoint(at));
        let mut curl = client("curl", self.folder.path());
        run(curl.args(["-sf", &url])).code == Some(0)
    }

    /// Ends what runs; no secret was shown meanwhile.
    pub(crate) fn finish(mut self, canaries: &[&str]) {
        for at in 0..self.servers.len() {
            if self.servers[at].process.is_some() {
                self.stop(at);
            }
        }
        let mut searched = Canaries::default();
        for canary in canaries {
            searched.add(canary);
        }
        let key = std::fs::read_to_string(self.path("credentials")).unwrap();
        let key = key
            .lines()
            .find_map(|line| line.strip_prefix("aws_secret_access_key = "));
        searched.add(key.unwrap());
        let servers = 0..self.servers.len();
        let mut places: Vec<PathBuf> = servers
            .flat_map(|at| {
                [
                    self.path(&format!("s{at}")),
                    self.path(&format!("s{at}.log")),
                ]
            })
            .collect();
        // They are large, and alike.
        if self.etcd.endpoints().len() == 1 {
            places.push(self.etcd.folder().to_owned());
        }
        let places: Vec<&std::path::Path> = places.iter().map(PathBuf::as_path).collect();
        searched.search(&places, &[]);
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        for server in &mut self.servers {
            if let Some(mut process) = server.process.take() {
                process.kill().ok();
                process.wait().ok();
            }
        }
    }
}

#[test]
fn three_servers_are_one_account() {
    let cluster = Cluster::start(3, 3);
    run(&mut cluster.python("cluster.py")).ok();

    // A second account cannot be made there, and another root key opens nothing.
    let etcd = cluster.etcd.endpoints().join(",");
    let mut init = rolecall(cluster.folder.path());
    init.args([
        "account",
        "init",
        "--data",
        "other",
        "--root-key-file",
        "root.key",
    ]);
    let refused = run(init.args(["--etcd", &etcd]));
    refused.fails_with(&["there is an account in `etcd://"]);
    let mut init = rolecall(cluster.folder.path());
    init.args([
        "account",
        "init",
        "--data",
        "other",
        "--root-key-file",
        "other.key",
    ]);
    run(init.args(["--etcd", &etcd, "--etcd-prefix", "/other"])).ok();
    let mut serve = rolecall(cluster.folder.path());
    serve.args([
        "account",
        "serve",
        "--data",
        "x",
        "--root-key-file",
        "other.key",
    ]);
    let refused = run(serve.args(["--listen", "127.0.0.1:0", "--etcd", &etcd]));
    assert_eq!(refused.code, Some(2), "{refused:?}");
    refused.fails_with(&["does not open `etcd://"]);
    cluster.finish(&["canary of the cluster"]);
}

#[test]
fn a_server_that_is_cut_off_decides_nothing() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut cluster = Cluster::start(1, 2);
    let read = Record::new().with("SecretId", "s");
    let create = Record::new()
        .with("Name", "s")
        .with(
            "SecretString",
            Secret::from_text("canary of one".to_owned()),
        )
        .with("ClientRequestToken", "0".repeat(32));
    let (near, far) = (cluster.client(0), cluster.client(1));
    let made = runtime.block_on(near.ask("secretsmanager", "CreateSecret", &create, &[]));
    assert_eq!(made.unwrap().0, 200);
    let newest = [("x-rolecall-read-newest", "1")];
    let found = runtime.block_on(far.ask("secretsmanager", "GetSecretValue", &read, &newest));
    assert_eq!(found.unwrap().0, 200);

    // From here on the second one hears of nothing.
    cluster.cut(1);
    let cut = Instant::now();
    let gone = runtime.block_on(near.ask("secretsmanager", "DeleteSecret", &read, &[]));
    assert_eq!(gone.unwrap().0, 200);
    let refused = wait::until("refusal", WAIT_MAX, || {
        let asked = cut.elapsed();
        let answer = far.ask("secretsmanager", "GetSecretValue", &read, &[]);
        let (status, body) = runtime.block_on(answer).unwrap();
        // What is still answered was asked within the bound.
        assert!(
            status == 503 || asked < STALENESS_MAX,
            "{status} after {asked:?}: {body}"
        );
        (status == 503).then_some(body)
    });
    assert!(!refused.contains("canary"), "{refused}");
    assert!(!cluster.is_ready(1));
    assert!(cluster.is_ready(0));
    let write = Record::new()
        .with("SecretId", "s")
        .with("Description", "text");
    let answer = far.ask("secretsmanager", "UpdateSecret", &write, &[]);
    assert_eq!(runtime.block_on(answer).unwrap().0, 503);

    cluster.mend(1);
    wait::until("readiness", WAIT_MAX, || cluster.is_ready(1).then_some(()));
    let answer = far.ask("secretsmanager", "GetSecretValue", &read, &[]);
    let (status, body) = runtime.block_on(answer).unwrap();
    assert_eq!(status, 400, "{body}");
    assert!(body.contains("marked for deletion"), "{body}");
    let log = cluster.log(1);
    assert!(log.contains("the state may be too old"), "{log}");
    assert!(log.contains("the state is the newest again"), "{log}");

    // A server that is stopped for long wakes up with a state that is too old.
    let process = Pid::from_child(cluster.servers[1].process.as_ref().unwrap());
    kill_process(process, Signal::STOP).unwrap();
    std::thread::park_timeout(STALENESS_MAX);
    kill_process(process, Signal::CONT).unwrap();
    let answer = far.ask("secretsmanager", "GetSecretValue", &read, &[]);
    let (status, _) = runtime.block_on(answer).unwrap();
    assert!(status == 503 || status == 400, "{status}");
    cluster.stop(1);
    cluster.finish(&["canary of one"]);
}

/// What went wrong in the world, one after the other.
const FAULTS: &[fn(&mut Cluster)] = &[
    |cluster| {
        cluster.kill(0);
        cluster.serve(0);
    },
    |cluster| {
        cluster.etcd.kill(0);
        let ready = |cluster: &Cluster| cluster.is_ready(1).then_some(());
        wait::until("readiness", WAIT_MAX, || ready(cluster));
        cluster.etcd.start_again(0);
        cluster.etcd.wait(0);
    },
    |cluster| {
        let member = Pid::from_raw(cluster.etcd.pid(1).try_into().unwrap()).unwrap();
        kill_process(member, Signal::STOP).unwrap();
        std::thread::park_timeout(STALENESS_MAX);
        kill_process(member, Signal::CONT).unwrap();
    },
    |cluster| {
        cluster.cut(2);
        wait::until("unreadiness", WAIT_MAX, || {
            (!cluster.is_ready(2)).then_some(())
        });
        cluster.mend(2);
    },
    |cluster| {
        cluster.kill(2);
        cluster.etcd.kill(2);
        cluster.etcd.start_again(2);
        cluster.etcd.wait(2);
        cluster.serve(2);
    },
    |cluster| {
        // One way to one member is gone; the others are not.
        cluster.servers[1].proxies[1].cut();
        wait::until("readiness", WAIT_MAX, || cluster.is_ready(1).then_some(()));
        cluster.servers[1].proxies[1].mend();
    },
];

#[test]
fn no_acknowledged_write_is_lost_and_none_is_there_twice() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut cluster = Cluster::start(3, 3);
    let create = put("register", 0).with("Name", "register");
    let made = cluster.client(0);
    let made = runtime.block_on(made.call("secretsmanager", "CreateSecret", &create));
    made.unwrap();
    let history = Arc::new(Mutex::new(Vec::new()));
    let (stop, next) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicU64::new(1)),
    );
    let begun = Instant::now();
    let mut working = Vec::new();
    for at in 0..3 {
        for is_writer in [true, false] {
            let worker = Worker {
                client: cluster.client(at),
                history: Arc::clone(&history),
                stop: Arc::clone(&stop),
                next: Arc::clone(&next),
                begun,
            };
            working.push(runtime.spawn(worker.work(is_writer)));
        }
    }
    for fault in FAULTS {
        fault(&mut cluster);
        for at in 0..3 {
            wait::until("readiness", WAIT_MAX, || cluster.is_ready(at).then_some(()));
        }
    }
    stop.store(true, Ordering::SeqCst);
    for work in working {
        runtime.block_on(work).unwrap();
    }
    let history = history.lock().unwrap();
    let writes = history
        .iter()
        .filter(|it| matches!(it.what, What::Write(_)) && it.answered.is_some());
    let reads = history.iter().filter(|it| matches!(it.what, What::Read(_)));
    assert!(
        writes.count() > 20 && reads.count() > 20,
        "too little happened: {history:?}"
    );
    assert!(is_linearizable(0, &history), "{history:?}");
    drop(history);

    // Every server has the same records in the end, and all of them are in order.
    let mut doctor = rolecall(cluster.folder.path());
    doctor.args([
        "account",
        "doctor",
        "--data",
        "s0",
        "--root-key-file",
        "root.key",
    ]);
    run(doctor.args(["--etcd", &cluster.etcd.endpoints().join(",")])).ok();
    cluster.finish(&[]);
}

struct Worker {
    client: Client,
    history: Arc<Mutex<Vec<Operation>>>,
    stop: Arc<AtomicBool>,
    next: Arc<AtomicU64>,
    begun: Instant,
}

impl Worker {
    async fn work(self, is_writer: bool) {
        while !self.stop.load(Ordering::SeqCst) {
            let called = self.now();
            let done = if is_writer {
                self.write(called).await
            } else {
                self.read(called).await
            };
            // What is away does not answer sooner because it is asked more often.
            let pause = if done { 20 } else { 100 };
            tokio::time::sleep(Duration::from_millis(pause)).await;
        }
    }

    async fn write(&self, called: u64) -> bool {
        let value = self.next.fetch_add(1, Ordering::SeqCst);
        let put = put("register", value).with("SecretId", "register");
        let at = {
            let mut history = self.history.lock().unwrap();
            history.push(Operation {
                called,
                answered: None,
                what: What::Write(value),
            });
            history.len() - 1
        };
        let answer = self
            .client
            .ask("secretsmanager", "PutSecretValue", &put, &[]);
        match tokio::time::timeout(WAIT_MAX, answer).await {
            Ok(Some((200, _))) => {
                self.history.lock().unwrap()[at].answered = Some(self.now());
                true
            }
            Ok(Some((status, body))) if status != 500 && status != 503 => {
                panic!("{status}: {body}")
            }
            _ => false,
        }
    }

    async fn read(&self, called: u64) -> bool {
        let get = Record::new().with("SecretId", "register");
        let newest = [("x-rolecall-read-newest", "1")];
        let answer = self
            .client
            .ask("secretsmanager", "GetSecretValue", &get, &newest);
        match tokio::time::timeout(WAIT_MAX, answer).await {
            Ok(Some((200, body))) => {
                let found: Value = serde_json::from_str(&body).unwrap();
                let value = found["SecretString"].as_str().unwrap().parse().unwrap();
                self.history.lock().unwrap().push(Operation {
                    called,
                    answered: Some(self.now()),
                    what: What::Read(value),
                });
                true
            }
            Ok(Some((status, body))) if status != 503 => panic!("{status}: {body}"),
            _ => false,
        }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_nanos()).unwrap()
    }
}

fn put(name: &str, value: u64) -> Record {
    Record::new()
        .with("SecretString", Secret::from_text(value.to_string()))
        .with("ClientRequestToken", format!("{name}-{value:032}"))
}

// Above what the servers are told, which is the default.
pub(crate) const STALENESS_MAX: Duration = Duration::from_millis(2_500);
pub(crate) const WAIT_MAX: Duration = Duration::from_secs(30);

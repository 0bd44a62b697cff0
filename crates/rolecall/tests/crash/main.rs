//! The server is killed among writes, again and again: what it answered is there afterwards, what
//! it did not is there in full or not at all, and nothing is there twice.
//!
//! Writers on connections of their own make calls that write one record (a new value of a counter)
//! and calls that write several (a secret with its first value, three instances at once). At a
//! random moment the process gets SIGKILL, and the next one starts on what it left. Calls that were
//! not answered are made again with their tokens, as SDKs do. As many rounds as fit into a test
//! run; `cargo xtask crash --rounds 1000` for more, and `--seed` for other moments.

#![cfg(test)]

mod client;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use client::Client;
use protocol::{Record, Secret, Value};
use tempfile::TempDir;

/// What was answered so far.
#[derive(Debug, Default)]
struct Answered {
    secrets: BTreeSet<String>,
    /// Tokens of launches.
    launches: BTreeSet<String>,
    /// The last answered value of each writer's counter.
    counters: BTreeMap<usize, u64>,
    /// What calls that count have brought.
    brought: BTreeMap<String, u64>,
    /// What each writer had called when the server was killed.
    under_way: BTreeMap<usize, (What, String)>,
}

/// What a writer calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Create,
    Launch,
    Count,
}

#[test]
fn what_was_answered_survives_kills_and_nothing_is_there_by_half() {
    let runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = { runtime }.worker_threads(2).enable_all().build().unwrap();
    let mut left = asked("ROLECALL_CRASH_ROUNDS", ROUNDS);
    let seed = asked("ROLECALL_CRASH_SEED", 0);
    while left > 0 {
        let rounds = left.min(ROUNDS_PER_ACCOUNT);
        runtime.block_on(live(seed + left, rounds));
        left -= rounds;
    }
}

/// An account from its beginning, over some kills, to a look at all that is in it.
async fn live(seed: u64, rounds: u64) {
    let account = Account::init();
    let answered = Arc::new(Mutex::new(Answered::default()));
    let mut numbers = Numbers(seed);
    for round in 0..rounds {
        let mut server = Server::start(&account);
        let client = server.client(&account);
        if round == 0 {
            counters(&client).await;
        } else {
            check_counters(&client, &answered, round).await;
            call_again(&server, &account, &answered).await;
        }
        let mut writers = tokio::task::JoinSet::new();
        let (answer, mut answers) = tokio::sync::mpsc::unbounded_channel();
        for writer in 0..WRITERS {
            let writer = Writer {
                client: server.client(&account),
                answered: Arc::clone(&answered),
                answer: answer.clone(),
                number: writer,
            };
            writers.spawn(writer.write(round));
        }
        drop(answer);
        for _ in 0..=numbers.below(ANSWERS_MAX) {
            answers.recv().await.expect("the server ended by itself");
        }
        // Somewhere between one answer and the next.
        for _ in 0..numbers.below(YIELDS_MAX) {
            tokio::task::yield_now().await;
        }
        server.kill();
        while let Some(ended) = writers.join_next().await {
            ended.unwrap();
        }
    }
    let mut server = Server::start(&account);
    let client = server.client(&account);
    check_counters(&client, &answered, rounds).await;
    call_again(&server, &account, &answered).await;
    check_secrets(&client, &answered).await;
    check_instances(&client, &answered).await;
    server.kill();
    account.check_trail();
}

/// One secret for each writer, whose value it counts up.
async fn counters(client: &Client) {
    for writer in 0..WRITERS {
        let create = Record::new()
            .with("Name", counter(writer))
            .with("SecretString", secret("0".to_owned()))
            .with("ClientRequestToken", token(&format!("counter-{writer}")));
        client
            .call("secretsmanager", "CreateSecret", &create)
            .await
            .unwrap();
    }
}

/// Makes the calls that were not answered once more; they lead to what they would have.
async fn call_again(server: &Server, account: &Account, answered: &Arc<Mutex<Answered>>) {
    let under_way = std::mem::take(&mut answered.lock().unwrap().under_way);
    let (answer, _) = tokio::sync::mpsc::unbounded_channel();
    for (number, (what, name)) in under_way {
        let writer = Writer {
            client: server.client(account),
            answered: Arc::clone(answered),
            answer: answer.clone(),
            number,
        };
        let done = writer.call(what, name).await;
        done.expect("the server ended by itself");
    }
}

struct Writer {
    client: Client,
    answered: Arc<Mutex<Answered>>,
    /// Told of every answer.
    answer: tokio::sync::mpsc::UnboundedSender<()>,
    number: usize,
}

impl Writer {
    /// Writes until the server is gone. What it answers is noted down before the next call.
    async fn write(self, round: u64) {
        let writer = self.number;
        for number in 0_u64.. {
            let name = format!("s-{round}-{writer}-{number}");
            let what = match number {
                1 => What::Launch,
                _ if number % 4 == 0 => What::Create,
                _ => What::Count,
            };
            if self.call(what, name).await.is_none() {
                return;
            }
            // Nobody counts any more after the kill.
            let _gone = self.answer.send(());
        }
    }

    /// One call, noted down before and after.
    async fn call(&self, what: What, name: String) -> Option<()> {
        let under_way = (what, name.clone());
        let noted = |answered: &Mutex<Answered>| {
            let mut answered = answered.lock().unwrap();
            answered.under_way.insert(self.number, under_way);
        };
        noted(&self.answered);
        match what {
            What::Create => self.create(name).await?,
            What::Launch => self.launch(name).await?,
            What::Count => self.count(&name).await?,
        }
        self.answered.lock().unwrap().under_way.remove(&self.number);
        Some(())
    }

    async fn create(&self, name: String) -> Option<()> {
        let create = Record::new()
            .with("Name", name.clone())
            .with("SecretString", secret(value(&name)))
            .with("ClientRequestToken", token(&name));
        let client = &self.client;
        client
            .call("secretsmanager", "CreateSecret", &create)
            .await?;
        self.answered.lock().unwrap().secrets.insert(name);
        Some(())
    }

    async fn launch(&self, name: String) -> Option<()> {
        let run = Record::new()
            .with("ImageId", "ami-0a1b2c3d4e5f60001")
            .with("InstanceType", "t3.micro")
            .with("ClientToken", name.clone())
            .with("MinCount", INSTANCES)
            .with("MaxCount", INSTANCES);
        self.client.call("ec2", "RunInstances", &run).await?;
        self.answered.lock().unwrap().launches.insert(name);
        Some(())
    }

    async fn count(&self, name: &str) -> Option<()> {
        let writer = self.number;
        // What comes again brings the value that it had.
        let next = self.next(name);
        let put = Record::new()
            .with("SecretId", counter(writer))
            .with("SecretString", secret(next.to_string()))
            .with("ClientRequestToken", token(name));
        let client = &self.client;
        client
            .call("secretsmanager", "PutSecretValue", &put)
            .await?;
        let mut answered = self.answered.lock().unwrap();
        answered.counters.insert(writer, next);
        Some(())
    }

    /// The value that a call brings: one more than the last answered one, and again the same when
    /// the call is made again.
    fn next(&self, name: &str) -> u64 {
        let mut answered = self.answered.lock().unwrap();
        let last = answered.counters.get(&self.number).copied();
        let asked = answered.brought.entry(name.to_owned());
        *asked.or_insert(last.unwrap_or_default() + 1)
    }
}

/// A counter stands at the last answered value, or at the one after it.
async fn check_counters(client: &Client, answered: &Mutex<Answered>, round: u64) {
    for writer in 0..WRITERS {
        let get = Record::new().with("SecretId", counter(writer));
        let body = client.call("secretsmanager", "GetSecretValue", &get).await;
        let body: serde_json::Value = serde_json::from_str(&body.unwrap()).unwrap();
        let held: u64 = body["SecretString"].as_str().unwrap().parse().unwrap();
        let mut answered = answered.lock().unwrap();
        let last = answered.counters.entry(writer).or_default();
        let is_kept = held == *last || held == *last + 1;
        assert!(
            is_kept,
            "round {round}: {held} is there, {last} was answered"
        );
        *last = held;
    }
}

/// Every secret that is there has its value, and all that were answered are there.
async fn check_secrets(client: &Client, answered: &Mutex<Answered>) {
    let mut held = BTreeSet::new();
    let mut next: Option<String> = None;
    loop {
        let list = Record::new().with("MaxResults", 100);
        let list = list.with_some("NextToken", next.take());
        let body = client.call("secretsmanager", "ListSecrets", &list).await;
        let body: serde_json::Value = serde_json::from_str(&body.unwrap()).unwrap();
        for secret in body["SecretList"].as_array().unwrap() {
            held.insert(secret["Name"].as_str().unwrap().to_owned());
        }
        match body["NextToken"].as_str() {
            Some(token) => next = Some(token.to_owned()),
            None => break,
        }
    }
    for name in held.iter().filter(|name| name.starts_with("s-")) {
        let get = Record::new().with("SecretId", name.clone());
        let body = client.call("secretsmanager", "GetSecretValue", &get).await;
        let body = body.unwrap_or_else(|| panic!("`{name}` is there by half"));
        let body: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!(body["SecretString"], value(name));
    }
    let answered = answered.lock().unwrap();
    let lost: Vec<_> = answered.secrets.difference(&held).collect();
    assert!(lost.is_empty(), "answered and gone: {lost:?}");
}

/// Instances that were launched together are there together, and once.
async fn check_instances(client: &Client, answered: &Mutex<Answered>) {
    let mut held = BTreeMap::new();
    let mut next: Option<String> = None;
    loop {
        let describe = Record::new().with("MaxResults", 999);
        let describe = describe.with_some("NextToken", next.take());
        let body = client
            .call("ec2", "DescribeInstances", &describe)
            .await
            .unwrap();
        let mut rest = body.as_str();
        while let Some((token, after)) = between(rest, "<clientToken>", "</clientToken>") {
            *held.entry(token.to_owned()).or_insert(0) += 1;
            rest = after;
        }
        match between(&body, "<nextToken>", "</nextToken>") {
            Some((token, _)) => next = Some(token.to_owned()),
            None => break,
        }
    }
    let halves: Vec<_> = held
        .iter()
        .filter(|(_, count)| **count != INSTANCES)
        .collect();
    assert!(halves.is_empty(), "launched by half, or twice: {halves:?}");
    let held: BTreeSet<String> = held.into_keys().collect();
    let answered = answered.lock().unwrap();
    let lost: Vec<_> = answered.launches.difference(&held).collect();
    assert!(lost.is_empty(), "answered and gone: {lost:?}");
}

/// A new account, in memory where there is such a place: a kill leaves what was written in either.
struct Account {
    folder: TempDir,
    key: serde_json::Value,
}

impl Account {
    fn init() -> Self {
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
        let folder = folder.unwrap();
        let output = rolecall("init", &folder.path().join("data"))
            .args(["--format", "json"])
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        Self {
            folder,
            key: serde_json::from_slice(&output.stdout).unwrap(),
        }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn text(&self, member: &str) -> String {
        self.key[member].as_str().unwrap().to_owned()
    }

    /// The record of calls goes on over every kill, without a gap.
    fn check_trail(&self) {
        let output = rolecall("trail", &self.data()).arg("--verify").output();
        let output = output.unwrap();
        assert!(output.status.success(), "{output:?}");
    }
}

struct Server {
    child: Child,
    endpoint: String,
}

impl Server {
    fn start(account: &Account) -> Self {
        let child = rolecall("serve", &account.data())
            .args(["--listen", "127.0.0.1:0", "--log", "error"])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // Ended when dropped, whatever comes next.
        let mut server = Self {
            child,
            endpoint: String::new(),
        };
        let talk = BufReader::new(server.child.stderr.take().unwrap());
        let mut said = String::new();
        for line in talk.lines() {
            let line = line.unwrap();
            if let Some((_, endpoint)) = line.split_once(" is served at http://") {
                endpoint.clone_into(&mut server.endpoint);
                return server;
            }
            said += &line;
        }
        panic!("it does not start: {said}");
    }

    fn client(&self, account: &Account) -> Client {
        Client::new(
            self.endpoint.clone(),
            account.text("access_key_id"),
            account.text("secret_access_key"),
        )
    }

    /// SIGKILL, which no process outlives.
    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn rolecall(subcommand: &str, data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rolecall"));
    command.env_clear().stdin(Stdio::null());
    command.args(["account", subcommand, "--data"]).arg(data);
    command
}

fn secret(text: String) -> Value {
    Value::Secret(Secret::from_text(text))
}

fn counter(writer: usize) -> String {
    format!("counter-{writer}")
}

fn value(name: &str) -> String {
    format!("value of {name}")
}

/// As long as the service wants it.
fn token(name: &str) -> String {
    format!("{name:0>32}")
}

/// The text between two others, and what comes after it.
fn between<'a>(text: &'a str, from: &str, to: &str) -> Option<(&'a str, &'a str)> {
    let (_, rest) = text.split_once(from)?;
    rest.split_once(to)
}

/// SplitMix64, of Steele, Lea and Flood, 2014.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % end
    }
}

/// What a variable of the environment asks for.
fn asked(variable: &str, default: u64) -> u64 {
    let asked = std::env::var(variable).ok();
    asked.map_or(default, |asked| asked.parse().unwrap())
}

const ROUNDS: u64 = 400;
/// Then all that is in the account is looked at, and a new one begins.
const ROUNDS_PER_ACCOUNT: u64 = 50;
const WRITERS: usize = 3;
const INSTANCES: i64 = 3;
/// Answers in one round, at most.
const ANSWERS_MAX: u64 = 24;
/// Turns of the test's own tasks between the last of them and the kill: some milliseconds.
const YIELDS_MAX: u64 = 200;

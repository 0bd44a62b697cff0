//! Three servers over one etcd: their reads beside those of an account in a file, their writes
//! beside a bare client of etcd, a start, and how long something that was revoked is still allowed.
//!
//! `cargo xtask bench etcd` runs it, with one member on this machine, whose disk all of them share.

use std::net::TcpListener;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::Context;
use http::uri::PathAndQuery;
use protocol::sigv4::Credentials;
use protocol::{Record, Secret};
use tokio::process::{Child, Command};
use tonic::client::Grpc;
use tonic::transport::{Channel, Endpoint};
use tonic_prost::ProstCodec;

use crate::load::{self, Sample};
use crate::report;
use crate::size::{Client, Served, init, median, micros, per_second};

/// Prints the figures, of so many secrets.
pub(crate) async fn run(binary: &str, etcd: &str, secrets: Option<&str>) -> anyhow::Result<()> {
    let secrets = secrets.map_or(Ok(SECRETS), str::parse)?;
    let folder = tempfile::tempdir()?;
    let (member, url) = member(etcd, folder.path()).await?;
    let key = folder.path().join("root.key").display().to_string();
    let flags = ["--etcd", url.as_str(), "--root-key-file", &key];
    let admin = init(binary, &folder.path().join("s0/data"), &flags).await?;
    let mut servers = Vec::new();
    for name in SERVERS {
        let place = folder.path().join(name);
        std::fs::create_dir_all(&place)?;
        servers.push(
            Served::start(binary, &place, admin.clone(), &flags)
                .await?
                .0,
        );
    }
    let [near, far, third] = servers.as_mut_slice() else {
        anyhow::bail!("there are three servers");
    };
    let bare = Bare(Endpoint::from_shared(url.clone())?.connect().await?);
    let create = alone(&bare, near).await?;
    let processes = [
        near.pid()?,
        far.pid()?,
        third.pid()?,
        member.id().context("no etcd")?,
    ];
    together(&bare, &create, near, secrets, processes).await?;
    revoked(near, [far, third]).await?;
    reads(binary, folder.path(), [near, far, third]).await?;
    third.stop().await?;
    let place = folder.path().join("s2");
    let (_again, started) = Served::start(binary, &place, admin, &flags).await?;
    report::fact(
        &format!("start with {secrets} secrets"),
        &format!("{} ms", started.as_millis()),
    );
    Ok(())
}

/// Writes one after the other, beside bare transactions. Tells what CreateSecret writes.
async fn alone(bare: &Bare, near: &Served) -> anyhow::Result<Vec<(usize, usize)>> {
    let mut client = near.client().await?;
    client.create_secret(0).await?;
    let create = bare.last_commit().await?;
    client.puts().await?;
    let put = bare.last_commit().await?;

    // Turn by turn, since what the disk does changes by the minute.
    let mut rounds = [Vec::new(), Vec::new()];
    let [floor, ours] = &mut rounds;
    for round in 0..WRITE_ROUNDS {
        floor.push(bare.clone().write(&put, round, TRIES).await?);
        ours.push(near.client().await?.puts().await?);
    }
    let [one, ours] = rounds.map(median);
    report::fact("what PutSecretValue writes", &said(&put));
    report::fact("a transaction of as much, p50", &micros(one));
    report::fact("PutSecretValue, p50", &micros(ours));
    report::ratio("writes, one after the other, × transactions", one, ours);
    Ok(create)
}

/// Writes of as many clients as there are, beside as many bare ones, and the processor time of each
/// process for them.
async fn together(
    bare: &Bare,
    create: &[(usize, usize)],
    near: &Served,
    secrets: usize,
    processes: [u32; 4],
) -> anyhow::Result<()> {
    let begun = Instant::now();
    let each = secrets.div_ceil(WRITERS);
    let shares = (0..WRITERS).map(|at| {
        let (bare, create) = (bare.clone(), create.to_owned());
        tokio::spawn(async move { bare.write(&create, WRITE_ROUNDS + at, each).await })
    });
    for share in shares.collect::<Vec<_>>() {
        share.await??;
    }
    let bare_time = begun.elapsed();
    let cpu = || -> anyhow::Result<Vec<f64>> {
        processes
            .iter()
            .map(|pid| load::cpu_seconds(*pid))
            .collect()
    };
    let before = cpu()?;
    let filled = near.fill(secrets, Client::create_secret).await?;
    let after = cpu()?;
    report::fact("what CreateSecret writes", &said(create));
    report::fact(
        "transactions of as much in one second, 32 at once",
        &per_second(secrets, bare_time),
    );
    report::fact(
        "secrets created in one second, 32 at once",
        &per_second(secrets, filled),
    );
    report::ratio("the same, × transactions", bare_time, filled);
    let names = ["the server", "a second", "a third", "etcd"];
    for ((name, before), after) in names.iter().zip(before).zip(after) {
        let each = (after - before) * 1e6 / f64::from(u32::try_from(secrets)?);
        report::fact(
            &format!("processor time of {name} for each"),
            &format!("{each:.0} µs"),
        );
    }

    Ok(())
}

/// Reads of each server, all three at once, turn by turn with three accounts in files.
async fn reads(binary: &str, folder: &Path, servers: [&Served; 3]) -> anyhow::Result<()> {
    let mut files = Vec::new();
    for name in ["f0", "f1", "f2"] {
        let place = folder.join(name);
        std::fs::create_dir(&place)?;
        let admin = init(binary, &place.join("data"), &[]).await?;
        let (file, _) = Served::start(binary, &place, admin, &[]).await?;
        file.client().await?.create_secret(0).await?;
        files.push(file);
    }
    let [a, b, c] = files.as_slice() else {
        anyhow::bail!("there are three files");
    };
    let mut rounds = [Vec::new(), Vec::new()];
    for _ in 0..READ_ROUNDS {
        for (three, rounds) in [servers, [a, b, c]].iter().zip(&mut rounds) {
            let [one, two, three] = three.map(round);
            let (one, two, three) = tokio::try_join!(one, two, three)?;
            rounds.push(Sample::median(&[one, two, three]));
        }
    }
    let [ours, alone] = &rounds;
    report::head(&[
        "what",
        "connections",
        "req/s",
        "× a file",
        "p50 µs",
        "p99 µs",
        "×",
        "CPU µs",
        "×",
    ]);
    report::compared("GetSecretValue, each of three", CONNECTIONS, ours, alone);
    Ok(())
}

async fn round(served: &Served) -> anyhow::Result<Sample> {
    let exchange = served.client().await?.signed_read(0)?;
    load::run(&exchange, served.pid()?, CONNECTIONS, ROUND, false).await
}

/// Keys that are deleted at one server, and when the others know.
async fn revoked(near: &Served, others: [&Served; 2]) -> anyhow::Result<()> {
    let mut admin = near.client().await?;
    let user = || Record::new().with("UserName", "revoked");
    admin.call("iam", "CreateUser", user()).await?;
    let mut times = Vec::new();
    for _ in 0..REVOCATIONS {
        admin.call("iam", "CreateAccessKey", user()).await?;
        let answer = admin.answer();
        let found = |tag: &str| {
            let (_, rest) = answer.split_once(&format!("<{tag}>"))?;
            Some(rest.split_once('<')?.0.to_owned())
        };
        let id = found("AccessKeyId").context("no key")?;
        let key = Credentials {
            access_key_id: id.clone(),
            secret_access_key: Secret::from_text(found("SecretAccessKey").context("no key")?),
            session_token: None,
        };
        let mut clients = Vec::new();
        for other in others {
            let mut client = other.client().await?;
            client.admin = key.clone();
            client
                .call("sts", "GetCallerIdentity", Record::new())
                .await?;
            anyhow::ensure!(
                client.answer().contains("user/revoked"),
                "{}",
                client.answer()
            );
            clients.push(client);
        }
        let delete = user().with("AccessKeyId", id);
        admin.call("iam", "DeleteAccessKey", delete).await?;
        let begun = Instant::now();
        for mut client in clients {
            loop {
                match client.call("sts", "GetCallerIdentity", Record::new()).await {
                    Ok(()) => {}
                    Err(refused) if refused.to_string().contains("403") => break,
                    Err(error) => return Err(error),
                }
            }
        }
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    let p99 = times
        .get(times.len() * 99 / 100)
        .copied()
        .unwrap_or_default();
    report::fact(
        "a deleted key is refused at all servers after, p50",
        &micros(median(times.clone())),
    );
    report::fact("the same, p99", &micros(p99));
    report::plot(&times);
    Ok(())
}

/// One member, which answers.
pub(crate) async fn member(etcd: &str, folder: &Path) -> anyhow::Result<(Child, String)> {
    let held = [
        TcpListener::bind("127.0.0.1:0")?,
        TcpListener::bind("127.0.0.1:0")?,
    ];
    let [client, peer] = held.each_ref().map(TcpListener::local_addr);
    let (client, peer) = (client?, peer?);
    drop(held);
    let url = format!("http://{client}");
    let child = Command::new(etcd)
        .arg("--data-dir")
        .arg(folder.join("etcd"))
        .args([
            "--listen-client-urls",
            &url,
            "--advertise-client-urls",
            &url,
        ])
        .args(["--listen-peer-urls", &format!("http://{peer}")])
        .args(["--quota-backend-bytes", "8589934592"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("`{etcd}` does not start"))?;
    let begun = Instant::now();
    loop {
        if let Ok(channel) = Endpoint::from_shared(url.clone())?.connect().await
            && Bare(channel).write(&[(8, 8)], 0, 1).await.is_ok()
        {
            return Ok((child, url));
        }
        anyhow::ensure!(
            begun.elapsed() < READY_TIME_MAX,
            "etcd is not ready in time"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A client of etcd, and nothing around it.
#[derive(Clone)]
pub(crate) struct Bare(pub(crate) Channel);

#[derive(Clone, PartialEq, prost::Message)]
struct Put {
    #[prost(bytes = "vec", tag = "1")]
    key: Vec<u8>,
    #[prost(bytes = "vec", tag = "2")]
    value: Vec<u8>,
}

#[derive(Clone, PartialEq, prost::Message)]
struct Operation {
    #[prost(message, optional, tag = "2")]
    put: Option<Put>,
}

#[derive(Clone, PartialEq, prost::Message)]
struct Transaction {
    #[prost(message, repeated, tag = "2")]
    success: Vec<Operation>,
}

#[derive(Clone, PartialEq, prost::Message)]
struct Nothing {}

#[derive(Clone, PartialEq, prost::Message)]
struct Range {
    #[prost(bytes = "vec", tag = "1")]
    key: Vec<u8>,
    #[prost(bytes = "vec", tag = "2")]
    end: Vec<u8>,
    #[prost(int64, tag = "10")]
    min_mod_revision: i64,
}

#[derive(Clone, PartialEq, prost::Message)]
struct Found {
    #[prost(message, repeated, tag = "2")]
    kvs: Vec<KeyValue>,
}

#[derive(Clone, PartialEq, prost::Message)]
struct KeyValue {
    #[prost(bytes = "vec", tag = "1")]
    key: Vec<u8>,
    #[prost(int64, tag = "3")]
    mod_revision: i64,
    #[prost(bytes = "vec", tag = "5")]
    value: Vec<u8>,
}

impl Bare {
    /// Asks for one thing.
    pub(crate) async fn ask<A, B>(&self, method: &'static str, request: A) -> anyhow::Result<B>
    where
        A: prost::Message + 'static,
        B: prost::Message + Default + 'static,
    {
        let mut grpc = Grpc::new(self.0.clone());
        grpc.ready().await?;
        let path = PathAndQuery::from_static(method);
        let codec: ProstCodec<A, B> = ProstCodec::default();
        let answer = grpc
            .unary(tonic::Request::new(request), path, codec)
            .await?;
        Ok(answer.into_inner())
    }

    /// How long the keys and values are that the last commit of the account put.
    async fn last_commit(&self) -> anyhow::Result<Vec<(usize, usize)>> {
        let summary = Range {
            key: SUMMARY.to_vec(),
            ..Range::default()
        };
        let summary: Found = self.ask(RANGE, summary).await?;
        let last = summary.kvs.first().context("there is no commit")?;
        let all = Range {
            key: b"/rolecall/".to_vec(),
            end: b"/rolecall0".to_vec(),
            min_mod_revision: last.mod_revision,
        };
        let all: Found = self.ask(RANGE, all).await?;
        let lengths = all.kvs.iter().map(|it| (it.key.len(), it.value.len()));
        Ok(lengths.collect())
    }

    /// The median of transactions, one after the other, each with keys and values as long as these.
    /// One key is the same each time, as an account's summary is.
    async fn write(
        self,
        lengths: &[(usize, usize)],
        writer: usize,
        count: usize,
    ) -> anyhow::Result<Duration> {
        let mut times = Vec::new();
        for number in 0..count {
            let put = |(at, (key, value)): (usize, &(usize, usize))| {
                let number = if at == 0 { 0 } else { number };
                let name = format!("bare/{writer}/{number}/{at}/");
                Operation {
                    put: Some(Put {
                        key: format!("{name:x<key$}").into_bytes(),
                        value: vec![7; *value],
                    }),
                }
            };
            let transaction = Transaction {
                success: lengths.iter().enumerate().map(put).collect(),
            };
            let begun = Instant::now();
            let Nothing {} = self.ask("/etcdserverpb.KV/Txn", transaction).await?;
            times.push(begun.elapsed());
        }
        Ok(median(times))
    }
}

fn said(lengths: &[(usize, usize)]) -> String {
    let bytes: usize = lengths.iter().map(|(key, value)| key + value).sum();
    format!("{} keys, {bytes} bytes", lengths.len())
}

const RANGE: &str = "/etcdserverpb.KV/Range";
const SUMMARY: &[u8] = b"/rolecall/beside/summary";
const SERVERS: [&str; 3] = ["s0", "s1", "s2"];
const SECRETS: usize = 100_000;
const WRITERS: usize = 32;
const TRIES: usize = 500;
const WRITE_ROUNDS: usize = 3;
const REVOCATIONS: usize = 300;
const READ_ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(2);
const CONNECTIONS: usize = 4;
const READY_TIME_MAX: Duration = Duration::from_mins(1);

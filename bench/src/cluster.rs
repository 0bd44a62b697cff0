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
pub(crate) async fn run(binary: &str, etcd: &str, secrets: Option<&String>) -> anyhow::Result<()> {
    let secrets = secrets.map_or(Ok(SECRETS), |text| text.parse())?;
    let folder = tempfile::tempdir()?;
    let (_member, url) = member(etcd, folder.path()).await?;
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
    near.client().await?.create_secret(0).await?;

    let bare = Bare(Endpoint::from_shared(url.clone())?.connect().await?);
    let one = bare.clone().puts(TRIES).await?;
    let ours = near.client().await?.puts().await?;
    report::fact("a transaction of etcd, p50", &micros(one));
    report::fact("PutSecretValue, p50", &micros(ours));
    report::ratio("writes, one after the other, × transactions", one, ours);

    let begun = Instant::now();
    let shares = (0..WRITERS).map(|_| tokio::spawn(bare.clone().puts(secrets.div_ceil(WRITERS))));
    for share in shares.collect::<Vec<_>>() {
        share.await??;
    }
    let bare_time = begun.elapsed();
    let filled = near.fill(secrets, Client::create_secret).await?;
    report::fact(
        "transactions in one second, 32 at once",
        &per_second(secrets, bare_time),
    );
    report::fact(
        "secrets created in one second, 32 at once",
        &per_second(secrets, filled),
    );
    report::ratio("the same, × transactions", bare_time, filled);

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
        &micros(median(times)),
    );
    report::fact("the same, p99", &micros(p99));
    Ok(())
}

/// One member, which answers.
async fn member(etcd: &str, folder: &Path) -> anyhow::Result<(Child, String)> {
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
            && Bare(channel).puts(1).await.is_ok()
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
struct Bare(Channel);

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

impl Bare {
    /// The median of transactions, one after the other, each with as much as a write of a secret.
    async fn puts(self, count: usize) -> anyhow::Result<Duration> {
        let mut times = Vec::new();
        let mut grpc = Grpc::new(self.0);
        for number in 0..count {
            let put = |key: String| Operation {
                put: Some(Put {
                    key: key.into_bytes(),
                    value: vec![7; SEALED_BYTES],
                }),
            };
            let keys = [format!("bare/{number}"), "bare/a".into(), "bare/b".into()];
            let transaction = Transaction {
                success: keys.into_iter().map(put).collect(),
            };
            let begun = Instant::now();
            grpc.ready().await?;
            let path = PathAndQuery::from_static("/etcdserverpb.KV/Txn");
            let codec: ProstCodec<Transaction, Nothing> = ProstCodec::default();
            grpc.unary(tonic::Request::new(transaction), path, codec)
                .await?;
            times.push(begun.elapsed());
        }
        Ok(median(times))
    }
}

const SERVERS: [&str; 3] = ["s0", "s1", "s2"];
const SECRETS: usize = 100_000;
const WRITERS: usize = 32;
const TRIES: usize = 500;
const REVOCATIONS: usize = 300;
const READ_ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(2);
const CONNECTIONS: usize = 4;
// A secret's record and that of its version, about, and the summary.
const SEALED_BYTES: usize = 400;
const READY_TIME_MAX: Duration = Duration::from_mins(1);

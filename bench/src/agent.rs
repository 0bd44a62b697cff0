//! Beside AWS's own agent (crate `aws_workload_credentials_provider`): cached reads, the way to the
//! first secret, and memory, turn by turn in one run, with the bare servers.
//!
//! Both read from the same stand-in for AWS, with the same credentials in their environment, and
//! are asked with the same bytes.

mod process;

use std::time::Duration;

use anyhow::Context;

use crate::floor::{self, Floor};
use crate::load::{self, Exchange, Sample};
use crate::{report, upstream};
use process::{Agent, Kind};

/// Prints the tables. Without the path of the peer, its columns are left out.
pub(crate) async fn run(binary: &str, peer: Option<&str>) -> anyhow::Result<()> {
    let aws = upstream::start().await?;
    let mut kinds = vec![Kind::Ours(binary.to_owned())];
    kinds.extend(peer.map(|path| Kind::Peer(path.to_owned())));
    let mut agents = Vec::new();
    for kind in &kinds {
        agents.push(Agent::start(kind, aws).await?);
    }
    report::head(&HEAD);
    for (name, bytes, connections) in READS {
        let mut rows = Vec::new();
        for agent in &agents {
            rows.push(Row {
                name: format!("{}, {name}", agent.name()),
                exchange: agent.read(&upstream::name(bytes, 0)),
                pid: agent.pid(),
            });
        }
        measure("floor-http", &rows, connections).await?;
    }
    for agent in &agents {
        let Some(exchange) = agent.frame()? else {
            continue;
        };
        let row = Row {
            name: format!("{}, Secret Agent frame", agent.name()),
            exchange,
            pid: agent.pid(),
        };
        measure("floor-echo", &[row], &[1, 16]).await?;
    }
    drop(agents);
    report::head(&["what", "first secret ms", "idle KiB", "with 1,000 KiB"]);
    for (kind, first) in kinds.iter().zip(firsts(&kinds, aws).await?) {
        let [idle, full] = memory(kind, aws).await?;
        let first = format!("{:.1}", first.as_secs_f64() * 1e3);
        report::cells(&[kind.name(), &first, &idle.to_string(), &full.to_string()]);
    }
    Ok(())
}

/// One server under load.
struct Row {
    name: String,
    exchange: Exchange,
    pid: u32,
}

/// The rows and their floor, turn by turn.
async fn measure(floor: &str, rows: &[Row], connections: &[usize]) -> anyhow::Result<()> {
    let mut length = 0;
    for row in rows {
        // The first one fetches; the second says how long a cached answer is.
        load::once(&row.exchange)
            .await
            .with_context(|| row.name.clone())?;
        let answer = load::once(&row.exchange).await?;
        let expect = &row.exchange.expect;
        let is_right = answer.windows(expect.len()).any(|at| at == expect);
        anyhow::ensure!(is_right, "{}: not the answer expected", row.name);
        length = length.max(answer.len());
    }
    let floor = floor::start(floor, length, false).await?;
    for connections in connections {
        let mut bare = Vec::new();
        let mut rounds: Vec<Vec<Sample>> = rows.iter().map(|_| Vec::new()).collect();
        for _ in 0..ROUNDS {
            for (row, rounds) in rows.iter().zip(&mut rounds) {
                let round = load::run(&row.exchange, row.pid, *connections, ROUND, false);
                rounds.push(round.await.with_context(|| row.name.clone())?);
            }
            bare.push(floor_round(&floor, rows, *connections).await?);
        }
        for (row, rounds) in rows.iter().zip(&rounds) {
            report::compared(&row.name, *connections, rounds, &bare);
        }
        report::compared("bare server", *connections, &bare, &bare);
    }
    Ok(())
}

async fn floor_round(floor: &Floor, rows: &[Row], connections: usize) -> anyhow::Result<Sample> {
    let row = rows.first().context("nothing to measure")?;
    let exchange = floor.exchange(&row.exchange);
    load::run(&exchange, floor.pid(), connections, ROUND, false).await
}

/// From the start of the process to the first secret, the median of [`STARTS`], turn by turn.
async fn firsts(kinds: &[Kind], aws: std::net::SocketAddr) -> anyhow::Result<Vec<Duration>> {
    let mut times: Vec<Vec<Duration>> = kinds.iter().map(|_| Vec::new()).collect();
    for _ in 0..STARTS {
        for (kind, times) in kinds.iter().zip(&mut times) {
            times.push(Agent::first_secret(kind, aws).await?);
        }
    }
    let median = |times: &mut Vec<Duration>| {
        times.sort_unstable();
        times.get(times.len() / 2).copied().unwrap_or_default()
    };
    Ok(times.iter_mut().map(median).collect())
}

/// Resident before any secret was asked for, and with [`SECRETS`] of 100 bytes.
async fn memory(kind: &Kind, aws: std::net::SocketAddr) -> anyhow::Result<[u64; 2]> {
    let agent = Agent::start(kind, aws).await?;
    tokio::time::sleep(SETTLED).await;
    let idle = report::resident_kib(agent.pid())?;
    for number in 0..SECRETS {
        load::once(&agent.read(&upstream::name(100, number))).await?;
    }
    tokio::time::sleep(SETTLED).await;
    Ok([idle, report::resident_kib(agent.pid())?])
}

/// What is read, how many bytes it has, over how many connections.
const READS: [(&str, usize, &[usize]); 2] = [
    ("cached HTTP read of 100 bytes", 100, &[1, 8, 64]),
    ("cached HTTP read of 61 KB", 61_000, &[8]),
];
const HEAD: [&str; 9] = [
    "what",
    "connections",
    "req/s",
    "× floor",
    "p50 µs",
    "p99 µs",
    "× floor",
    "CPU µs/req",
    "× floor",
];
const ROUNDS: usize = 9;
const ROUND: Duration = Duration::from_secs(1);
const STARTS: usize = 15;
// Both hold a thousand, and ours has the resource of its configuration.
const SECRETS: usize = 999;
// Longer than either needs to give back what it used for a moment.
const SETTLED: Duration = Duration::from_secs(12);

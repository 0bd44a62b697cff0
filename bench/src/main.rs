//! Speed beside the floor: the release binary and bare servers, turn by turn, in one run.
//!
//! `cargo xtask bench` builds and runs it. What matters is the ratio of the two columns; absolute
//! numbers are the machine's. The load generator shares the machine with what it measures, so the
//! processor time of the server per request is the figure that other load disturbs least.

mod agent;
mod audit;
mod beside;
mod cluster;
mod enter;
mod floor;
mod guard;
mod load;
mod objects;
mod report;
mod size;
mod sizing;
mod subject;
mod tree;
mod upstream;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;

use crate::floor::Floor;
use crate::load::{Exchange, Sample};
use crate::subject::Subject;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match measure(&arguments, &words).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report::say(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

async fn measure(arguments: &[String], words: &[&str]) -> anyhow::Result<()> {
    match words {
        ["floor-http", ..] => floor::http(arguments).await,
        ["floor-echo", ..] => floor::echo(arguments).await,
        ["guard-caller", ..] => guard::caller(arguments)
            .await
            .map(|told| report::told(&told)),
        [binary] => compare(binary).await,
        [binary, "size"] => size::run(binary).await,
        [binary, "enter"] => enter::run(binary).await,
        [binary, "guard"] => guard::run(binary),
        [binary, "guard-inside"] => guard::inside(binary).await,
        [binary, "agent", peer @ ..] => agent::run(binary, peer.first().copied()).await,
        [binary, "tree", scanner @ ..] => tree::run(binary, scanner.first().copied()),
        [binary, "audit", "small", moto] => audit::run(binary, moto, true).await,
        [binary, "audit", moto] => audit::run(binary, moto, false).await,
        [binary, "moto", moto] => beside::run(binary, moto).await,
        [binary, "etcd", etcd, secrets @ ..] => {
            cluster::run(binary, etcd, secrets.first().copied()).await
        }
        [binary, "etcd-size", etcd] => sizing::run(binary, etcd).await,
        [binary, "s3", nginx, only @ ..] => {
            objects::run(binary, nginx, only.first().copied()).await
        }
        _ => Err(anyhow::anyhow!(
            "usage: rolecall-bench PATH-OF-ROLECALL \
             [size | enter | guard | agent [PATH-OF-PEER] | moto PATH-OF-MOTO-SERVER | \
             audit [small] PATH-OF-MOTO-SERVER | tree [PATH-OF-SCANNER] | \
             etcd PATH-OF-ETCD [SECRETS] | etcd-size PATH-OF-ETCD | \
             s3 PATH-OF-NGINX [reads | small | writes | many]]"
        )),
    }
}

/// One thing to measure, and the bare server that does the least that could be done.
struct Shape {
    name: &'static str,
    connections: &'static [usize],
    exchange: Exchange,
    floor: &'static str,
    /// Whether each request has a connection of its own, as the metadata service demands.
    is_closing: bool,
}

async fn compare(binary: &str) -> anyhow::Result<()> {
    let subject = Subject::start(binary).await?;
    let shapes = shapes(&subject).await?;
    report::heading();
    for shape in &shapes {
        // One answer, to know its size and that it is the right one.
        let answer = load::once(&shape.exchange).await?;
        let expect = &shape.exchange.expect;
        let is_right = answer.windows(expect.len()).any(|at| at == expect);
        anyhow::ensure!(is_right, "{}: not the answer expected", shape.name);
        let floor = floor::start(shape.floor, answer.len(), shape.is_closing).await?;
        for connections in shape.connections {
            let [ours, bare] = shape.measure(&subject, &floor, *connections).await?;
            report::row(shape.name, *connections, &ours, &bare);
        }
    }
    report::memory(subject.pid())
}

impl Shape {
    /// Ours and the floor's, turn by turn, each the median of its rounds.
    async fn measure(
        &self,
        subject: &Subject,
        floor: &Floor,
        connections: usize,
    ) -> anyhow::Result<[Sample; 2]> {
        let bare = floor.exchange(&self.exchange);
        let mut rounds = [Vec::new(), Vec::new()];
        let [ours, floors] = &mut rounds;
        for _ in 0..ROUNDS {
            let round =
                |exchange, pid| load::run(exchange, pid, connections, ROUND, self.is_closing);
            ours.push(
                round(&self.exchange, subject.pid())
                    .await
                    .context(self.name)?,
            );
            floors.push(round(&bare, floor.pid()).await.context(self.floor)?);
        }
        Ok(rounds.map(|rounds| Sample::median(&rounds)))
    }
}

async fn shapes(subject: &Subject) -> anyhow::Result<[Shape; 4]> {
    Ok([
        Shape {
            name: "signed GetSecretValue",
            connections: &[1, 16],
            exchange: subject.signed_get_secret_value()?,
            floor: "floor-http",
            is_closing: false,
        },
        Shape {
            name: "agent, cached HTTP read",
            connections: &[1, 8, 64],
            exchange: subject.agent_http()?,
            floor: "floor-http",
            is_closing: false,
        },
        Shape {
            name: "agent, cached Secret Agent frame",
            connections: &[1, 16],
            exchange: subject.agent_frame()?,
            floor: "floor-echo",
            is_closing: false,
        },
        Shape {
            name: "metadata service, GET with token",
            connections: &[1, 8],
            exchange: subject.metadata().await?,
            floor: "floor-http",
            is_closing: true,
        },
    ])
}

const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(2);

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
    let result = match arguments.first().map(String::as_str) {
        Some("floor-http") => floor::http(&arguments).await,
        Some("guard-caller") => guard::caller(&arguments)
            .await
            .map(|told| report::told(&told)),
        Some("floor-echo") => floor::echo(&arguments).await,
        Some(binary) if arguments.get(1).is_some_and(|what| what == "size") => {
            size::run(binary).await
        }
        Some(binary) if arguments.get(1).is_some_and(|what| what == "enter") => {
            enter::run(binary).await
        }
        Some(binary) if arguments.get(1).is_some_and(|what| what == "guard") => guard::run(binary),
        Some(binary) if arguments.get(1).is_some_and(|what| what == "guard-inside") => {
            guard::inside(binary).await
        }
        Some(binary) if arguments.get(1).is_some_and(|what| what == "agent") => {
            agent::run(binary, arguments.get(2).map(String::as_str)).await
        }
        Some(binary) if arguments.get(1).is_some_and(|what| what == "tree") => {
            tree::run(binary, arguments.get(2).map(String::as_str))
        }
        Some(binary) if arguments.get(1).is_some_and(|what| what == "audit") => {
            let is_small = arguments.get(2).is_some_and(|what| what == "small");
            let server = arguments.get(2 + usize::from(is_small));
            match server.context("the path of moto_server is needed") {
                Ok(server) => audit::run(binary, server, is_small).await,
                Err(error) => Err(error),
            }
        }
        Some(binary) if arguments.get(1).is_some_and(|what| what == "etcd") => {
            match arguments.get(2).context("the path of etcd is needed") {
                Ok(etcd) => cluster::run(binary, etcd, arguments.get(3)).await,
                Err(error) => Err(error),
            }
        }
        Some(binary) if arguments.get(1).is_some_and(|what| what == "s3") => {
            match arguments.get(2).context("the path of nginx is needed") {
                Ok(nginx) => objects::run(binary, nginx).await,
                Err(error) => Err(error),
            }
        }
        Some(binary) if arguments.get(1).is_some_and(|what| what == "etcd-size") => {
            match arguments.get(2).context("the path of etcd is needed") {
                Ok(etcd) => sizing::run(binary, etcd).await,
                Err(error) => Err(error),
            }
        }
        Some(binary) if arguments.get(1).is_some_and(|what| what == "moto") => {
            let server = arguments
                .get(2)
                .context("the path of moto_server is needed");
            match server {
                Ok(server) => beside::run(binary, server).await,
                Err(error) => Err(error),
            }
        }
        Some(binary) => compare(binary).await,
        None => Err(anyhow::anyhow!(
            "usage: rolecall-bench PATH-OF-ROLECALL \
             [size | enter | guard | agent [PATH-OF-PEER] | moto PATH-OF-MOTO-SERVER | \
             audit [small] PATH-OF-MOTO-SERVER | tree [PATH-OF-SCANNER] | \
             etcd PATH-OF-ETCD [SECRETS] | s3 PATH-OF-NGINX]"
        )),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report::say(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
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

//! What `rolecall instance enter` adds to a command: `true` by itself, and on an instance, turn by
//! turn. `cargo xtask bench enter` runs it.

use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::ensure;
use tokio::process::Command;

use crate::report;
use crate::subject::Subject;

/// Prints a row for each way to enter.
pub(crate) async fn run(binary: &str) -> anyhow::Result<()> {
    let subject = Subject::start(binary).await?;
    let (data, id) = (subject.data(), subject.text("/instance_id")?);
    let enter = |flags: &[&str]| {
        let mut command = Command::new(binary);
        command.args(["instance", "enter", "--data"]).arg(&data);
        command.args(flags).args([&id, "--", "true"]);
        command
    };
    let ways: [(&str, &[&str]); 3] = [
        ("`enter`", &[]),
        ("`enter --no-names`", &["--no-names"]),
        ("`enter --container`", &["--container"]),
    ];
    report::head(&[
        "a command that does nothing",
        "p50 ms",
        "p95 ms",
        "added, p50 ms",
    ]);
    for (name, flags) in ways {
        let (mut inside, mut bare) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            bare.push(timed(Command::new("true")).await?);
            inside.push(timed(enter(flags)).await?);
        }
        let (at, floor) = (quantiles(inside), quantiles(bare));
        let [p50, p95] = at.map(millis);
        let added = millis(at[0].saturating_sub(floor[0]));
        report::cells(&[name, &p50, &p95, &added]);
    }
    Ok(())
}

async fn timed(mut command: Command) -> anyhow::Result<Duration> {
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let start = Instant::now();
    let status = command.status().await?;
    let time = start.elapsed();
    ensure!(status.success(), "it ended with {status}");
    Ok(time)
}

/// The middle one, and the one that 19 of 20 do not exceed.
fn quantiles(mut times: Vec<Duration>) -> [Duration; 2] {
    times.sort();
    let at = |hundredths: usize| times.get(times.len() * hundredths / 100).copied();
    [50, 95].map(|hundredths| at(hundredths).unwrap_or_default())
}

fn millis(time: Duration) -> String {
    format!("{:.1}", time.as_secs_f64() * 1_000.0)
}

const ROUNDS: usize = 100;

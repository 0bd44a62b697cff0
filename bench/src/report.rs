//! What the run prints: one Markdown row for each shape and number of connections.

use std::time::Duration;

use anyhow::Context;

use crate::load::Sample;

/// Prints the table's head.
pub(crate) fn heading() {
    line("| what | connections | req/s | × floor | p50 µs | p99 µs | CPU µs/req | × floor |");
    line("|---|---|---|---|---|---|---|---|");
}

/// Prints one row: ours, and how it stands to the floor.
pub(crate) fn row(name: &str, connections: usize, ours: &Sample, floor: &Sample) {
    line(&format!(
        "| {name} | {connections} | {:.0} | {:.2} | {:.0} | {:.0} | {:.1} | {:.2} |",
        ours.per_second,
        ours.per_second / floor.per_second,
        ours.p50_us,
        ours.p99_us,
        ours.cpu_us,
        ours.cpu_us / floor.cpu_us,
    ));
}

/// Prints one row of rounds that were measured turn by turn with those of a floor. How one stands
/// to the other is the median of the rounds' own quotients, so that load that comes and goes meets
/// both.
pub(crate) fn compared(name: &str, connections: usize, rounds: &[Sample], floor: &[Sample]) {
    let ours = Sample::median(rounds);
    let times = Sample::median(&Sample::quotients(rounds, floor));
    cells(&[
        name,
        &connections.to_string(),
        &format!("{:.0}", ours.per_second),
        &format!("{:.2}", times.per_second),
        &format!("{:.0}", ours.p50_us),
        &format!("{:.0}", ours.p99_us),
        &format!("{:.2}", times.p99_us),
        &format!("{:.1}", ours.cpu_us),
        &format!("{:.2}", times.cpu_us),
    ]);
}

/// Prints a table's head of one's own.
pub(crate) fn head(names: &[&str]) {
    line("");
    cells(names);
    line(&format!("|{}", "---|".repeat(names.len())));
}

/// Prints one row of any table.
pub(crate) fn cells(cells: &[&str]) {
    line(&format!("| {} |", cells.join(" | ")));
}

/// Prints what the server holds in memory after all that.
pub(crate) fn memory(pid: u32) -> anyhow::Result<()> {
    line(&format!(
        "\nResident after the run: {} kB",
        resident_kib(pid)?
    ));
    Ok(())
}

/// What a process holds in memory, from `proc_pid_status(5)`.
pub(crate) fn resident_kib(pid: u32) -> anyhow::Result<u64> {
    status_kib(pid, "VmRSS:")
}

/// The most that it has held so far.
pub(crate) fn peak_kib(pid: u32) -> anyhow::Result<u64> {
    status_kib(pid, "VmHWM:")
}

fn status_kib(pid: u32, name: &str) -> anyhow::Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let figure = status.lines().find_map(|line| line.strip_prefix(name));
    let figure = figure.and_then(|text| text.trim().strip_suffix(" kB"));
    Ok(figure.with_context(|| format!("no {name}"))?.parse()?)
}

/// Prints one figure.
pub(crate) fn fact(name: &str, value: &str) {
    line(&format!("| {name} | {value} |"));
}

/// Prints how one time stands to another.
pub(crate) fn ratio(name: &str, one: Duration, other: Duration) {
    fact(
        name,
        &format!("{:.2}", one.as_secs_f64() / other.as_secs_f64()),
    );
}

/// Prints how many of sorted times are how long: each line of bars is up to twice the one before.
pub(crate) fn plot(times: &[Duration]) {
    line("");
    line("```text");
    let mut rest = times;
    let mut until = Duration::from_micros(PLOT_FROM_US);
    while !rest.is_empty() {
        let (these, later) = rest.split_at(rest.partition_point(|time| *time <= until));
        if rest.len() < times.len() || !these.is_empty() {
            let share = these.len() * 100 / times.len();
            let bar = "#".repeat(these.len().min(1).max(share));
            line(&format!(
                "<= {:>7} µs {:>4} {bar}",
                until.as_micros(),
                these.len()
            ));
        }
        (rest, until) = (later, until * 2);
    }
    line("```");
}

const PLOT_FROM_US: u64 = 250;

/// Prints what another run of this program reads.
pub(crate) fn told(text: &str) {
    line(text);
}

/// Talks beside the data.
#[expect(
    clippy::print_stderr,
    reason = "the one place that talks to the developer"
)]
pub(crate) fn say(text: &str) {
    eprintln!("{text}");
}

#[expect(clippy::print_stdout, reason = "the one place that prints the table")]
fn line(text: &str) {
    println!("{text}");
}

//! What the run prints: one Markdown row for each shape and number of connections.

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

/// Prints what the server holds in memory after all that.
pub(crate) fn memory(pid: u32) -> anyhow::Result<()> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let resident = status
        .lines()
        .find(|line| line.starts_with("VmRSS"))
        .unwrap_or_default();
    line(&format!(
        "\nResident after the run: {}",
        resident.trim_start_matches("VmRSS:").trim()
    ));
    Ok(())
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

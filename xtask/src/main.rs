//! The developers' commands. Each one is a file with one `run`; nothing here is in the product.

mod shapes;

use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask shapes [--check] [--botocore DIR]";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match arguments.split_first() {
        Some((command, rest)) if command == "shapes" => shapes::run(rest),
        _ => Err(anyhow::anyhow!("{USAGE}")),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            say(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

#[expect(
    clippy::print_stderr,
    reason = "the one place that talks to the developer"
)]
fn say(line: &str) {
    eprintln!("{line}");
}

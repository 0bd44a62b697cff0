//! The developers' commands. Each one is a file with one `run`; nothing here is in the product.

mod actions;
mod bench;
mod ci;
mod conformance;
mod crash;
mod dependencies;
mod fuzz;
mod managed_policies;
mod mutants;
mod package;
mod prepare;
mod sample;
mod shapes;
mod test;
mod workspace;

use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask COMMAND

  test [--prepare]                   prepare the tools, then run every test
  ci                                 formatting, lints, documentation, shapes, then test
  conformance imds --endpoint URL [--must FACT]... [--ours] [--json]
                                     ask a metadata service, EC2's own or another
  crash [--rounds N] [--seed N]      kill the server among writes, 1000 times if nothing is said
  package                            make the Debian package, and try it
  fuzz [TARGET] [--seconds N]        look for flaws with the coverage-guided fuzzer
  mutants [-- FILE...]               look for changes to crates/policy that no test notices
  bench [size | enter | guard | agent | audit | moto | tree | etcd | etcd-size |
         s3]
                                     measure the release binary beside bare servers and others
  shapes [--check] [--botocore DIR]  write the shape tables of crates/protocol
  actions [--check] [--package DIR]  write the action tables of crates/policy
  managed-policies [--check] [--package DIR]
                                     write the policies that AWS manages, for crates/account
  dependencies [--check]             write what each pure package depends on";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match arguments.split_first() {
        Some((command, rest)) => match command.as_str() {
            "actions" => actions::run(rest),
            "bench" => bench::run(rest),
            "ci" => ci::run(rest),
            "conformance" => conformance::run(rest),
            "crash" => crash::run(rest),
            "dependencies" => dependencies::run(rest),
            "fuzz" => fuzz::run(rest),
            "managed-policies" => managed_policies::run(rest),
            "mutants" => mutants::run(rest),
            "package" => package::run(rest),
            "shapes" => shapes::run(rest),
            "test" => test::run(rest),
            other => Err(anyhow::anyhow!("unknown command `{other}`\n{USAGE}")),
        },
        None => Err(anyhow::anyhow!("{USAGE}")),
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

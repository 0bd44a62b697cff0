//! `cargo xtask conformance imds`: the conformance cases of the metadata service against an
//! address: ours, another's, or EC2's own. Knows no case.

use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail, ensure};

use crate::workspace::{on_path, root};

/// Ends as the runner does: 1 where a case does not hold.
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode> {
    let Some(("imds", rest)) = arguments
        .split_first()
        .map(|(first, rest)| (&**first, rest))
    else {
        bail!("say what is to be asked: `imds`\n{}", crate::USAGE);
    };
    let mut endpoint = None;
    let mut passed = Vec::new();
    let mut rest = rest.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--endpoint" => {
                endpoint = Some(rest.next().context("`--endpoint` needs an URL")?);
            }
            "--must" => {
                let fact = rest.next().context("`--must` needs a fact")?;
                passed.extend([argument, fact]);
            }
            "--ours" | "--json" => passed.push(argument),
            other => bail!("unknown argument `{other}`\n{}", crate::USAGE),
        }
    }
    let endpoint = endpoint.context(
        "no `--endpoint`\nhint: on an instance it is http://169.254.169.254, and \
         `rolecall instance serve ID --listen 127.0.0.1:0` prints one",
    )?;
    ensure!(
        endpoint.starts_with("http://"),
        "`{endpoint}` is no address of a metadata service\nhint: it begins with http://"
    );
    ensure!(on_path("python3"), "no `python3` on the path");
    let cases = root()?.join("crates/rolecall/tests/conformance/imds/run.py");
    let ended = Command::new("python3")
        .arg(cases)
        .arg(endpoint)
        .args(passed)
        .status()
        .context("cannot start `python3`")?;
    Ok(match ended.code().map(u8::try_from) {
        Some(Ok(code)) => ExitCode::from(code),
        _ => ExitCode::FAILURE,
    })
}

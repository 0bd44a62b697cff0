//! Logs: to stderr, filtered, as text or JSON lines.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::Directive;

use crate::cli::Format;
use crate::failure::Failure;

/// Starts logging.
pub(crate) fn start(filter: &str, format: Format) -> Result<(), Failure> {
    let wrong = |error: &dyn std::fmt::Display| {
        Failure::wrong(format!("`--log {filter}` is no log filter: {error}"))
            .hint("try `--log debug`, or `--log rolecall=debug,info`")
    };
    let mut parsed = EnvFilter::builder()
        .parse(filter)
        .map_err(|error| wrong(&error))?;
    for quiet in QUIET {
        let directive: Directive = quiet.parse().map_err(|error| wrong(&error))?;
        parsed = parsed.add_directive(directive);
    }
    let lines = tracing_subscriber::fmt()
        .with_env_filter(parsed)
        .with_writer(std::io::stderr)
        .with_ansi(false);
    let started = match format {
        Format::Text => lines.with_target(false).try_init(),
        Format::Json => lines.json().flatten_event(true).try_init(),
    };
    started.map_err(|error| Failure::unfinished(format!("logging does not start: {error}")))
}

/// Libraries that may print requests and answers when they are asked for everything. They are not
/// asked: what passes through them are secrets.
const QUIET: &[&str] = &[
    // Its warnings quote what a `credential_process` wrote, at every try; ours are in `upstream`.
    "aws_config=error",
    "aws_runtime=warn",
    "aws_sdk_secretsmanager=warn",
    "aws_sdk_sso=warn",
    "aws_sdk_ssooidc=warn",
    "aws_sdk_sts=warn",
    "aws_sigv4=warn",
    "aws_smithy_http_client=warn",
    "aws_smithy_runtime=warn",
    "aws_smithy_runtime_api=warn",
    "h2=warn",
    "hyper=warn",
    "hyper_util=warn",
    "rustls=warn",
    // It takes every refusal for an error, and prints heads of requests.
    "s3s=off",
];

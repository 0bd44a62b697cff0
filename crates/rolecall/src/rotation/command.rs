//! One run of a rotation command: an event in, an exit code out.
//!
//! Credentials are in its environment, never on its command line, which every user of the host may
//! read. What it writes goes nowhere: it may be what it rotates.

use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use account::rotation::Invocation;
use protocol::Secret;
use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::AsyncWriteExt;
use tokio::process::{Child, Command};
use tokio::time::timeout;

use super::RotationCommand;

/// Where a command finds the account.
#[derive(Debug, Clone)]
pub(crate) struct Surroundings {
    /// The URL of the API.
    pub(crate) endpoint: String,
    /// What it is trusted by, where the API has a certificate of this run.
    pub(crate) certificates: Option<PathBuf>,
}

/// Runs a command to its end. Says in our own words why it failed, if it did.
pub(super) async fn run(
    command: RotationCommand,
    invocation: Invocation,
    surroundings: Surroundings,
) -> Result<(), String> {
    let mut process = process(&command, &invocation, &surroundings);
    let started = process.spawn();
    let mut child = started.map_err(|error| format!("the command does not start: {error}"))?;
    let group = Group::of(&child);
    let told = tell(&mut child, &invocation.event);
    let ended = timeout(STEP_TIME_MAX, async {
        told.await;
        child.wait().await
    })
    .await;
    match ended {
        Ok(Ok(status)) => {
            group.leave();
            judge(status)
        }
        Ok(Err(error)) => Err(format!("the command cannot be waited for: {error}")),
        Err(_) => Err(format!(
            "the command took more than {} seconds",
            STEP_TIME_MAX.as_secs()
        )),
    }
}

fn process(
    command: &RotationCommand,
    invocation: &Invocation,
    surroundings: &Surroundings,
) -> Command {
    let mut process = Command::new(&command.program);
    process
        .args(&command.arguments)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .kill_on_drop(true);
    for name in INHERITED {
        if let Some(value) = std::env::var_os(name) {
            process.env(name, value);
        }
    }
    let secret = |secret: &Secret| secret.expose_text().unwrap_or_default().to_owned();
    process
        .env("AWS_ENDPOINT_URL", &surroundings.endpoint)
        // What AWS's own rotation functions read.
        .env("SECRETS_MANAGER_ENDPOINT", &surroundings.endpoint)
        .env("AWS_REGION", &invocation.region)
        .env("AWS_DEFAULT_REGION", &invocation.region)
        .env("AWS_ACCESS_KEY_ID", &invocation.access_key_id)
        .env(
            "AWS_SECRET_ACCESS_KEY",
            secret(&invocation.secret_access_key),
        )
        .env("AWS_SESSION_TOKEN", secret(&invocation.session_token))
        // No other identity and no other endpoint than these.
        .env("AWS_CONFIG_FILE", "/dev/null")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_PAGER", "");
    if let Some(certificates) = &surroundings.certificates {
        process.env("AWS_CA_BUNDLE", certificates);
    }
    process
}

/// Writes the event and the end of it. A command that does not want to know is free to.
fn tell(child: &mut Child, event: &str) -> impl Future<Output = ()> + use<> {
    let stdin = child.stdin.take();
    let event = event.to_owned();
    async move {
        if let Some(mut stdin) = stdin {
            let _unread = stdin.write_all(event.as_bytes()).await;
        }
    }
}

fn judge(status: ExitStatus) -> Result<(), String> {
    if status.success() {
        return Ok(());
    }
    match status.code() {
        Some(code) => Err(format!("the command ended with exit code {code}")),
        None => Err("the command was ended by a signal".to_owned()),
    }
}

/// The processes of a command, which end with this.
struct Group(Option<Pid>);

impl Group {
    fn of(child: &Child) -> Self {
        let id = child.id().and_then(|id| i32::try_from(id).ok());
        Self(id.and_then(Pid::from_raw))
    }

    /// The command has ended by itself; what it left running is its own affair.
    fn leave(mut self) {
        self.0 = None;
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(group) = self.0 {
            let _gone = kill_process_group(group, Signal::KILL);
        }
    }
}

// What a command needs of the operator's environment to find its programs and files.
const INHERITED: &[&str] = &["PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "AWS_CA_BUNDLE"];
/// One step; its credentials last longer.
pub(super) const STEP_TIME_MAX: Duration = Duration::from_mins(5);

#[cfg(test)]
mod tests {
    use account::entity::RotationStep;
    use account::rotation::{CREDENTIALS_LIFETIME, Step, Subject};

    use super::*;

    const ARN: &str = "arn:aws:lambda:us-east-1:123456789012:function:rotate";

    fn ended(script: &str) -> Result<(), String> {
        let command = RotationCommand::new(ARN, "rotator", &["sh", "-c", script]).unwrap();
        let invocation = Invocation {
            step: Step {
                secret: Subject {
                    home: account::Home::new("123456789012", "us-east-1"),
                    name: "s".into(),
                },
                token: "t".into(),
                step: RotationStep::SetSecret,
            },
            function: ARN.into(),
            region: "us-east-1".into(),
            event: r#"{"Step":"setSecret"}"#.into(),
            access_key_id: "ASIAX".into(),
            secret_access_key: Secret::from_text("a secret key".into()),
            session_token: Secret::from_text("a token".into()),
        };
        let surroundings = Surroundings {
            endpoint: "http://127.0.0.1:1".into(),
            certificates: None,
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(run(command, invocation, surroundings))
    }

    #[test]
    fn a_command_has_the_event_and_the_credentials() {
        assert_eq!(
            ended(
                r#"test "$(cat)" = '{"Step":"setSecret"}' && test "$AWS_ACCESS_KEY_ID" = ASIAX &&
                test "$AWS_SECRET_ACCESS_KEY" = 'a secret key' &&
                test "$AWS_SESSION_TOKEN" = 'a token' && test "$AWS_REGION" = us-east-1 &&
                test "$AWS_ENDPOINT_URL" = "$SECRETS_MANAGER_ENDPOINT" &&
                test -z "${CARGO_MANIFEST_DIR-}""#
            ),
            Ok(())
        );
    }

    #[test]
    fn a_failure_is_told_without_what_was_written() {
        let told = ended("echo a secret; echo a secret >&2; exit 3").unwrap_err();
        assert_eq!(told, "the command ended with exit code 3");
        let told = ended("kill -KILL $$").unwrap_err();
        assert_eq!(told, "the command was ended by a signal");
        let none = RotationCommand::new(ARN, "rotator", &["/nonexistent/command"]).unwrap();
        assert_eq!(none.program, "/nonexistent/command");
    }

    #[test]
    fn a_command_that_writes_without_end_or_reads_nothing_is_let() {
        assert_eq!(ended("head -c 1000000 /dev/zero"), Ok(()));
        assert_eq!(ended("exec <&-; exit 0"), Ok(()));
    }

    #[test]
    fn credentials_outlast_a_step() {
        assert!(STEP_TIME_MAX.as_secs().cast_signed() < CREDENTIALS_LIFETIME.as_secs());
    }
}

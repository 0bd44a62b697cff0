//! The flags of the commands for processes that know nothing of the agent: `get`, `exec`, `render`
//! and `credentials`.

use std::ffi::OsString;
use std::path::PathBuf;
use std::str::FromStr;

use agent::Reference;
use clap::{Args, ValueEnum};
use rustix::process::Signal;

use super::Format;

/// Flags of `rolecall get`.
#[derive(Debug, Args)]
#[command(after_help = WAYS)]
pub(crate) struct Get {
    /// Name or ARN of the secret, with a version and a key if not all of AWSCURRENT is meant.
    #[arg(value_name = "NAME[#VERSION][:KEY]")]
    pub(crate) reference: Reference,

    /// The bytes as they are stored, or GetSecretValue's JSON.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,

    /// Have the agent ask the service, whatever it holds.
    #[arg(long)]
    pub(crate) refresh: bool,
}

/// Flags of `rolecall exec`.
#[derive(Debug, Args)]
#[command(after_help = format!("{WAYS}\n\n{EXEC_CODES}"))]
pub(crate) struct Exec {
    /// A variable of the command's environment; may be repeated.
    #[arg(long, value_name = "VAR=NAME[:KEY]")]
    pub(crate) env: Vec<Assignment>,

    /// A file for the command alone, as long as it runs; a bare name stands in $ROLECALL_FILES.
    #[arg(long, value_name = "PATH=NAME[:KEY]")]
    pub(crate) file: Vec<Assignment>,

    /// The command's standard input.
    #[arg(long, value_name = "NAME[:KEY]")]
    pub(crate) stdin: Option<Reference>,

    /// What to do when a secret has a new value: `restart`, `signal:SIGHUP` or `ignore`.
    #[arg(long, value_name = "WHAT", default_value = "ignore")]
    pub(crate) on_change: OnChange,

    /// How often to look for new values.
    #[arg(long, value_name = "SECONDS", default_value_t = CHECK_SECONDS)]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=CHECK_SECONDS_MAX))]
    pub(crate) check_every: u64,

    /// No environment but what `--env` gives.
    #[arg(long)]
    pub(crate) pristine: bool,

    /// Leave the variables with the agent's token in the command's environment.
    #[arg(long)]
    pub(crate) pass_agent_token: bool,

    /// The command and its arguments.
    #[arg(last = true, required = true, value_name = "CMD")]
    pub(crate) command: Vec<OsString>,
}

/// Flags of `rolecall render`.
#[derive(Debug, Args)]
#[command(after_help = WAYS)]
pub(crate) struct Render {
    /// A Jinja template with `secret("NAME")`, `secret("NAME", "KEY")` and `secret_json("NAME")`;
    /// `-` is standard input.
    #[arg(value_name = "TEMPLATE")]
    pub(crate) template: PathBuf,

    /// The file to write, whole, and only if its content changes; `-` is standard output.
    #[arg(long, short, value_name = "FILE", default_value = "-")]
    pub(crate) output: PathBuf,

    /// Its mode, octal.
    #[arg(long, value_name = "MODE", default_value = "0400", value_parser = mode)]
    pub(crate) mode: u32,

    /// Its owner [default: who runs this].
    #[arg(long, value_name = "USER[:GROUP]")]
    pub(crate) owner: Option<String>,

    /// A command to run after a change, without a shell.
    #[arg(long, value_name = "CMD")]
    pub(crate) on_change: Option<String>,

    /// Go on, and write again when a secret has a new value; SIGHUP reads the template again.
    #[arg(long)]
    pub(crate) watch: bool,

    /// How often to look for new values.
    #[arg(long, value_name = "SECONDS", default_value_t = CHECK_SECONDS)]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=CHECK_SECONDS_MAX))]
    pub(crate) check_every: u64,
}

/// Flags of `rolecall credentials`.
#[derive(Debug, Args)]
pub(crate) struct Credentials {
    /// For whom.
    #[arg(long = "as", value_name = "FORM", default_value = "env")]
    pub(crate) form: Form,
}

/// How credentials are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// Commands of a shell, for `eval`.
    Env,
    /// JSON, with the names that STS gives its members.
    Json,
    /// A profile of a shared credentials file.
    Ini,
    /// What `credential_process` of an AWS configuration expects.
    Process,
}

/// `LEFT=NAME[:KEY]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Assignment {
    /// A variable or a path.
    pub(crate) to: String,
    pub(crate) reference: Reference,
}

impl FromStr for Assignment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            None | Some(("", _)) => Err("write it as WHERE=NAME[:KEY]".to_owned()),
            Some((to, reference)) => Ok(Self {
                to: to.to_owned(),
                reference: reference
                    .parse()
                    .map_err(|error: agent::reference::ReferenceError| error.to_string())?,
            }),
        }
    }
}

/// What happens to a command whose secrets changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnChange {
    Restart,
    Signal(Signal),
    Ignore,
}

impl FromStr for OnChange {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            None if text == "restart" => Ok(Self::Restart),
            None if text == "ignore" => Ok(Self::Ignore),
            Some(("signal", name)) => {
                let upper = name.to_ascii_uppercase();
                let short = upper.strip_prefix("SIG").unwrap_or(&upper);
                let found = SIGNALS.iter().find(|(name, _)| *name == short);
                found
                    .map(|(_, signal)| Self::Signal(*signal))
                    .ok_or_else(|| {
                        let names = SIGNALS.map(|(name, _)| format!("SIG{name}"));
                        format!("a signal is one of {}", names.join(", "))
                    })
            }
            _ => Err("write `restart`, `ignore`, or a signal as in `signal:SIGHUP`".to_owned()),
        }
    }
}

fn mode(text: &str) -> Result<u32, String> {
    let mode = u32::from_str_radix(text, 8)
        .ok()
        .filter(|mode| *mode <= 0o777);
    mode.ok_or_else(|| "a mode is octal, up to 0777".to_owned())
}

const SIGNALS: [(&str, Signal); 8] = [
    ("HUP", Signal::HUP),
    ("INT", Signal::INT),
    ("QUIT", Signal::QUIT),
    ("TERM", Signal::TERM),
    ("USR1", Signal::USR1),
    ("USR2", Signal::USR2),
    ("CONT", Signal::CONT),
    ("WINCH", Signal::WINCH),
];
const CHECK_SECONDS: u64 = 30;
const CHECK_SECONDS_MAX: u64 = 86_400;
const WAYS: &str = "\
VERSION is an id or a stage such as AWSPREVIOUS. KEY is a member of the JSON object that the \
secret is, or a JSON pointer such as /database/password.

Secrets come from the agent that ROLECALL_AGENT names: unix:/path/to.sock, or \
http://127.0.0.1:2773 with a token from the file that ROLECALL_AGENT_TOKEN_FILE names or from \
AWS_TOKEN. Where it is unset they come from the agent at /run/rolecall/agent.sock if one listens \
there, else from AWS with the SDK's credentials; where it is `none`, from AWS.";
const EXEC_CODES: &str = "\
The exit code is the command's own, 128 and the number of the signal that ended it, 126 for a \
command that cannot be started and 127 for one that is not there. Before it is started: 1 where a \
secret is denied or not there, 2 where the command line is wrong, 3 where a secret cannot be had.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_assignment_ends_its_left_side_at_the_first_sign() {
        let found: Assignment = "A=db:k=v".parse().unwrap();
        assert_eq!(
            (found.to.as_str(), found.reference.key()),
            ("A", Some("k=v"))
        );
        for wrong in ["", "A", "=db", "A=", "A=db:", "A=arn:aws:x"] {
            assert!(wrong.parse::<Assignment>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_to_do_on_change_is_one_of_three() {
        assert_eq!("restart".parse(), Ok(OnChange::Restart));
        assert_eq!("ignore".parse(), Ok(OnChange::Ignore));
        for hangup in ["signal:SIGHUP", "signal:HUP", "signal:hup"] {
            assert_eq!(hangup.parse(), Ok(OnChange::Signal(Signal::HUP)));
        }
        for wrong in [
            "",
            "Restart",
            "signal",
            "signal:",
            "signal:KILL",
            "signal:1",
            "stop:x",
        ] {
            assert!(wrong.parse::<OnChange>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_mode_is_octal() {
        assert_eq!(mode("0640"), Ok(0o640));
        assert_eq!(mode("400"), Ok(0o400));
        for wrong in ["", "0888", "1777", "4755", "u=r", "-1"] {
            assert!(mode(wrong).is_err(), "{wrong}");
        }
    }
}

//! `rolecall credentials`: the temporary credentials that this host's identity has, for a shell, a
//! file or another program.
//!
//! Sources: AWS SDKs and Tools Reference Guide, "Process credential provider" and "Container
//! credential provider"; IAM User Guide for the file.

use aws_config::BehaviorVersion;
use aws_config::ecs::EcsCredentialsProvider;
use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use jiff::Timestamp;
use protocol::json::{self, Sink};
use zeroize::Zeroizing;

use crate::cli::{self, Form};
use crate::failure::{Exit, Failure};
use crate::term;

/// Prints them.
pub(super) async fn run(flags: cli::Credentials) -> Result<Exit, Failure> {
    let found = find(flags.form).await?;
    let written = Written {
        expires: found
            .expiry()
            .and_then(|expiry| Timestamp::try_from(expiry).ok()),
        found: &found,
    };
    if term::is_terminal() {
        term::talk("warning: what follows are secrets; whoever sees them can use them");
    }
    term::bytes(&match flags.form {
        Form::Env => written.env()?,
        Form::Json => written.json(""),
        Form::Ini => written.ini()?,
        Form::Process => written.json("\"Version\":1,"),
    })?;
    Ok(Exit::Done)
}

async fn find(form: Form) -> Result<Credentials, Failure> {
    let container = std::env::var_os(CONTAINER).is_some_and(|uri| !uri.is_empty());
    let found = if container {
        EcsCredentialsProvider::builder()
            .build()
            .provide_credentials()
            .await
    } else {
        let mut defaults = aws_config::defaults(BehaviorVersion::latest());
        if form == Form::Process {
            // The profile that is in force may be the one that has this command run.
            let empty = EnvConfigFiles::builder()
                .with_contents(EnvConfigFileKind::Config, "")
                .with_contents(EnvConfigFileKind::Credentials, "");
            defaults = defaults.profile_files(empty.build());
        }
        let config = defaults.load().await;
        match config.credentials_provider() {
            Some(provider) => provider.provide_credentials().await,
            None => return Err(nothing("there is no source of credentials")),
        }
    };
    found.map_err(|error| nothing(&error.to_string()))
}

fn nothing(why: &str) -> Failure {
    let why = term::shown(why);
    Failure::unfinished(format!("no AWS credentials were found: {why}")).hint(format!(
        "give this host a role, or set `{CONTAINER}`, `AWS_PROFILE` or access keys"
    ))
}

/// Credentials in the forms that others read.
struct Written<'a> {
    found: &'a Credentials,
    expires: Option<Timestamp>,
}

impl Written<'_> {
    /// What is absent is unset: a token of other credentials would spoil these.
    fn env(&self) -> Result<Zeroizing<Vec<u8>>, Failure> {
        let expires = self.expires.map(|moment| moment.to_string());
        let mut lines = Vec::new();
        for (name, value) in [
            ("AWS_ACCESS_KEY_ID", Some(self.found.access_key_id())),
            (
                "AWS_SECRET_ACCESS_KEY",
                Some(self.found.secret_access_key()),
            ),
            ("AWS_SESSION_TOKEN", self.found.session_token()),
            ("AWS_CREDENTIAL_EXPIRATION", expires.as_deref()),
        ] {
            lines.push(match value {
                None => Zeroizing::new(format!("unset {name}")),
                Some(value) => {
                    let quoted = shlex::try_quote(value);
                    let quoted = quoted.map_err(|_| nothing("they hold a NUL byte"))?;
                    Zeroizing::new(format!("export {name}={quoted}"))
                }
            });
        }
        Ok(joined(&lines))
    }

    fn ini(&self) -> Result<Zeroizing<Vec<u8>>, Failure> {
        let mut lines = vec![Zeroizing::new("[default]".to_owned())];
        if let Some(expires) = self.expires {
            lines.insert(0, Zeroizing::new(format!("# these expire at {expires}")));
        }
        for (name, value) in [
            ("aws_access_key_id", Some(self.found.access_key_id())),
            (
                "aws_secret_access_key",
                Some(self.found.secret_access_key()),
            ),
            ("aws_session_token", self.found.session_token()),
        ] {
            if let Some(value) = value {
                if value.chars().any(char::is_control) {
                    return Err(nothing("they hold what no line can"));
                }
                lines.push(Zeroizing::new(format!("{name} = {value}")));
            }
        }
        Ok(joined(&lines))
    }

    fn json(&self, first: &str) -> Zeroizing<Vec<u8>> {
        let expires = self.expires.map(|moment| moment.to_string());
        json::sized(|to: &mut dyn Sink| {
            to.raw(b"{");
            to.raw(first.as_bytes());
            to.raw(b"\"AccessKeyId\":");
            to.string(self.found.access_key_id());
            for (name, value) in [
                ("SecretAccessKey", Some(self.found.secret_access_key())),
                ("SessionToken", self.found.session_token()),
                ("Expiration", expires.as_deref()),
            ] {
                if let Some(value) = value {
                    to.raw(b",");
                    to.string(name);
                    to.raw(b":");
                    to.string(value);
                }
            }
            to.raw(b"}\n");
        })
    }
}

/// Lines, in one buffer of known size.
fn joined(lines: &[Zeroizing<String>]) -> Zeroizing<Vec<u8>> {
    json::sized(|to| {
        for line in lines {
            to.raw(line.as_bytes());
            to.raw(b"\n");
        }
    })
}

const CONTAINER: &str = "AWS_CONTAINER_CREDENTIALS_FULL_URI";

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::*;

    fn check(secret: &str, token: Option<&str>, form: Form, expect: &str) {
        let expiry = token.map(|_| SystemTime::UNIX_EPOCH + Duration::from_secs(1_569_534_789));
        let token = token.map(str::to_owned);
        let found = Credentials::new("ASIAX", secret, token, expiry, "test");
        let written = Written {
            expires: expiry.map(|expiry| Timestamp::try_from(expiry).unwrap()),
            found: &found,
        };
        let text = match form {
            Form::Env => written.env().unwrap(),
            Form::Json => written.json(""),
            Form::Ini => written.ini().unwrap(),
            Form::Process => written.json("\"Version\":1,"),
        };
        assert_eq!(std::str::from_utf8(&text).unwrap(), expect);
    }

    #[test]
    fn a_shell_reads_them_as_they_are() {
        check(
            "a'b $x",
            Some("t/+="),
            Form::Env,
            "export AWS_ACCESS_KEY_ID=ASIAX\nexport AWS_SECRET_ACCESS_KEY=\"a'b \"'$x'\n\
             export AWS_SESSION_TOKEN='t/+='\n\
             export AWS_CREDENTIAL_EXPIRATION=2019-09-26T21:53:09Z\n",
        );
        check(
            "ab",
            None,
            Form::Env,
            "export AWS_ACCESS_KEY_ID=ASIAX\nexport AWS_SECRET_ACCESS_KEY=ab\n\
             unset AWS_SESSION_TOKEN\nunset AWS_CREDENTIAL_EXPIRATION\n",
        );
    }

    #[test]
    fn programs_read_them_as_json() {
        let members = r#""AccessKeyId":"ASIAX","SecretAccessKey":"a\"b","SessionToken":"t","#;
        let rest = r#""Expiration":"2019-09-26T21:53:09Z"}"#;
        check(
            "a\"b",
            Some("t"),
            Form::Json,
            &format!("{{{members}{rest}\n"),
        );
        let process = format!("{{\"Version\":1,{members}{rest}\n");
        check("a\"b", Some("t"), Form::Process, &process);
        let long = r#"{"AccessKeyId":"ASIAX","SecretAccessKey":"s"}"#;
        check("s", None, Form::Json, &format!("{long}\n"));
    }

    #[test]
    fn a_file_of_credentials_has_a_profile() {
        check(
            "s",
            Some("t"),
            Form::Ini,
            "# these expire at 2019-09-26T21:53:09Z\n[default]\naws_access_key_id = ASIAX\n\
             aws_secret_access_key = s\naws_session_token = t\n",
        );
    }
}

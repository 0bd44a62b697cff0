//! Where the agent is and what it wants to see, as the environment says it. Reads no socket.
//!
//! The token's variables are those of AWS's own agent and its clients: a value, or `file://` and a
//! path. `AWS_CONTAINER_AUTHORIZATION_TOKEN` may as well be for the credentials of a container, so
//! over a Unix socket, where the agent sees who asks, it is not shown.

use std::env::VarError;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use agent::aws_http;
use protocol::Secret;

use crate::failure::Failure;

/// Which agent the environment names.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum AgentAt {
    /// This one, and no other way.
    Named(Address),
    /// None, by will.
    None,
    /// It does not say.
    Unnamed,
}

/// A listener of an agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Address {
    Unix(PathBuf),
    /// `host:port`.
    Tcp(String),
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
            Self::Tcp(authority) => write!(f, "http://{authority}"),
        }
    }
}

type Found = Result<String, VarError>;

/// What `ROLECALL_AGENT` says.
pub(super) fn named(variable: impl Fn(&str) -> Found) -> Result<AgentAt, Failure> {
    let Some(text) = text(AGENT, &variable)? else {
        return Ok(AgentAt::Unnamed);
    };
    if text == "none" {
        return Ok(AgentAt::None);
    }
    let path = text
        .strip_prefix("unix:")
        .map(|path| path.strip_prefix("//").unwrap_or(path));
    if let Some(path) = path.map(PathBuf::from).filter(|path| path.is_absolute()) {
        return Ok(AgentAt::Named(Address::Unix(path)));
    }
    let uri = text.parse::<http::Uri>().ok().filter(|uri| {
        let nothing_more = matches!(
            uri.path_and_query().map(http::uri::PathAndQuery::as_str),
            None | Some("/")
        );
        uri.scheme_str() == Some("http") && nothing_more
    });
    let authority = uri.as_ref().and_then(|uri| {
        let host = uri.host().filter(|host| !host.is_empty())?;
        let user = uri.authority()?.as_str().contains('@');
        (!user).then(|| format!("{host}:{}", uri.port_u16().unwrap_or(PORT)))
    });
    let authority = authority.ok_or_else(|| {
        Failure::wrong(format!("`{AGENT}={text}` names no agent")).hint(
            "write `unix:/path/to.sock`, `http://127.0.0.1:2773`, or `none` to do without an agent",
        )
    })?;
    if !is_local(&authority) {
        tracing::warn!(agent = authority, "secrets cross the network in clear");
    }
    Ok(AgentAt::Named(Address::Tcp(authority)))
}

/// Where an agent listens that nobody has to name.
pub(super) fn usual() -> Address {
    Address::Unix(PathBuf::from(USUAL_SOCKET))
}

/// The variable that the token for an agent comes from.
fn token_variable(address: &Address, variable: impl Fn(&str) -> Found) -> Option<&'static str> {
    let usable = match address {
        Address::Unix(_) => OWN_TOKEN_VARIABLES,
        Address::Tcp(_) => TOKEN_VARIABLES,
    };
    let is_set = |name: &&&str| variable(name).is_ok_and(|text| !text.is_empty());
    usable.iter().find(is_set).copied()
}

/// The token for an agent. Over a Unix socket the agent may do without.
pub(super) fn token(
    address: &Address,
    variable: impl Fn(&str) -> Found,
) -> Result<Option<Secret>, Failure> {
    let Some(name) = token_variable(address, &variable) else {
        return match address {
            Address::Unix(_) => Ok(None),
            Address::Tcp(_) => Err(Failure::wrong(format!("there is no token for `{address}`"))
                .hint(
                    "set `ROLECALL_AGENT_TOKEN_FILE` to the agent's `service.aws-http.token-file`",
                )),
        };
    };
    let value = text(name, &variable)?.unwrap_or_default();
    let file = match name {
        TOKEN_FILE => Some(value.as_str()),
        _ => value.strip_prefix("file://"),
    };
    let held = match file {
        Some(path) => read(Path::new(path))?,
        None => Secret::from_text(value),
    };
    let token = aws_http::token(&held);
    token
        .map(Some)
        .map_err(|error| Failure::wrong(format!("`{name}` holds no token: {error}")))
}

fn read(path: &Path) -> Result<Secret, Failure> {
    let wrong = |why: &dyn std::fmt::Display| {
        Failure::wrong(format!(
            "the token file `{}` cannot be used: {why}",
            path.display()
        ))
        .hint("whoever may use the agent may read its token file")
    };
    let length = std::fs::metadata(path)
        .map_err(|error| wrong(&error))?
        .len();
    if length > TOKEN_BYTES_MAX {
        return Err(wrong(&"it is too long to be one"));
    }
    std::fs::read(path)
        .map(Secret::new)
        .map_err(|error| wrong(&error))
}

fn text(name: &str, variable: impl Fn(&str) -> Found) -> Result<Option<String>, Failure> {
    match variable(name) {
        Ok(text) => Ok(Some(text).filter(|text| !text.is_empty())),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(Failure::wrong(format!("`{name}` is no text"))),
    }
}

fn is_local(authority: &str) -> bool {
    let address = authority.parse::<SocketAddr>();
    address.map_or_else(
        |_| authority.starts_with("localhost:"),
        |address| address.ip().is_loopback(),
    )
}

const AGENT: &str = "ROLECALL_AGENT";
const TOKEN_FILE: &str = "ROLECALL_AGENT_TOKEN_FILE";
const OWN_TOKEN_VARIABLES: &[&str] = &[TOKEN_FILE, "AWS_TOKEN"];
/// Where tokens come from; the first that is set counts.
pub(crate) const TOKEN_VARIABLES: &[&str] =
    &[TOKEN_FILE, "AWS_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN"];
const USUAL_SOCKET: &str = "/run/rolecall/agent.sock";
const PORT: u16 = 2773;
const TOKEN_BYTES_MAX: u64 = 16 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &'static [(&str, &str)]) -> impl Fn(&str) -> Found {
        move |name| {
            let found = pairs.iter().find(|(key, _)| *key == name);
            found
                .map(|(_, value)| (*value).to_owned())
                .ok_or(VarError::NotPresent)
        }
    }

    fn check(value: &'static str, expect: &AgentAt) {
        let found = named(|name| {
            assert_eq!(name, AGENT);
            Ok(value.to_owned())
        });
        assert_eq!(&found.unwrap(), expect, "{value}");
    }

    #[test]
    fn what_names_no_agent_is_refused() {
        for wrong in [
            "http",
            "https://127.0.0.1:2773",
            "http://127.0.0.1:2773/v1/",
            "http://127.0.0.1:2773?x",
            "http://user@127.0.0.1:2773",
            "unix:agent.sock",
            "unix:",
            "/run/agent.sock",
            "127.0.0.1:2773",
            "http://",
        ] {
            let failure = named(|_| Ok(wrong.to_owned())).unwrap_err();
            assert_eq!(failure.exit, crate::failure::Exit::Wrong, "{wrong}");
        }
    }

    #[test]
    fn an_agent_is_named_by_socket_or_url() {
        check("none", &AgentAt::None);
        check("", &AgentAt::Unnamed);
        let unix = AgentAt::Named(Address::Unix("/run/a.sock".into()));
        check("unix:/run/a.sock", &unix);
        check("unix:///run/a.sock", &unix);
        let tcp = |text: &str| AgentAt::Named(Address::Tcp(text.to_owned()));
        check("http://127.0.0.1:2773", &tcp("127.0.0.1:2773"));
        check("http://localhost/", &tcp("localhost:2773"));
        check("http://[::1]:99", &tcp("[::1]:99"));
    }

    #[test]
    fn a_token_is_a_value_or_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("token");
        std::fs::write(&file, "from-the-file\n").unwrap();
        let tcp = Address::Tcp("127.0.0.1:1".to_owned());
        let check = |name: &str, value: String, expect: Option<&str>| {
            let set = |asked: &str| {
                let found = Some(value.clone()).filter(|_| asked == name);
                found.ok_or(VarError::NotPresent)
            };
            let found = token(&tcp, set).ok().flatten();
            let found = found.as_ref().and_then(Secret::expose_text);
            assert_eq!(found, expect, "{name}={value}");
        };
        let path = file.display().to_string();
        check(
            "ROLECALL_AGENT_TOKEN_FILE",
            path.clone(),
            Some("from-the-file"),
        );
        check("AWS_TOKEN", format!("file://{path}"), Some("from-the-file"));
        check("AWS_TOKEN", "a-value".to_owned(), Some("a-value"));
        check(
            "AWS_CONTAINER_AUTHORIZATION_TOKEN",
            "a-value".to_owned(),
            Some("a-value"),
        );
        check("AWS_TOKEN", "two words".to_owned(), None);
        check("AWS_TOKEN", "file:///nonexistent".to_owned(), None);
        check("ROLECALL_AGENT_TOKEN_FILE", "/nonexistent".to_owned(), None);
        check("AWS_SESSION_TOKEN", "a-value".to_owned(), None);
    }

    #[test]
    fn a_token_for_the_container_is_not_shown_over_a_unix_socket() {
        let both = of(&[
            ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "container"),
            ("AWS_TOKEN", ""),
        ]);
        assert_eq!(token(&usual(), &both).unwrap(), None);
        let tcp = Address::Tcp("127.0.0.1:1".to_owned());
        assert!(token(&tcp, &both).unwrap().is_some());
        assert_eq!(
            token_variable(&usual(), of(&[("AWS_TOKEN", "x")])),
            Some("AWS_TOKEN")
        );
        assert!(token(&tcp, of(&[])).is_err());
    }
}

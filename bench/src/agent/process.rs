//! An agent in a process of its own: Rolecall's or AWS's.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::Context;
use bytes::Bytes;
use protocol::secret_agent;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::process::{Child, Command};

use crate::load::{Exchange, Framing};
use crate::upstream;

/// Whose agent, and where its program is.
pub(super) enum Kind {
    Ours(String),
    Peer(String),
}

/// A running agent.
pub(super) struct Agent {
    name: &'static str,
    // Killed when dropped.
    child: Child,
    http: SocketAddr,
    frames: Option<SocketAddr>,
    _folder: TempDir,
}

impl Kind {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Ours(_) => "Rolecall",
            Self::Peer(_) => "peer",
        }
    }

    fn path(&self) -> &str {
        match self {
            Self::Ours(path) | Self::Peer(path) => path,
        }
    }
}

impl Agent {
    /// Starts one and waits until it listens.
    pub(super) async fn start(kind: &Kind, aws: SocketAddr) -> anyhow::Result<Self> {
        let agent = Self::spawn(kind, aws).await?;
        let until = Instant::now() + READY_TIME_MAX;
        while TcpStream::connect(agent.http).is_err() {
            anyhow::ensure!(Instant::now() < until, "{} does not listen", agent.name);
            tokio::time::sleep(READY_PAUSE).await;
        }
        Ok(agent)
    }

    /// How long it takes from the start of the process to the first secret.
    pub(super) async fn first_secret(kind: &Kind, aws: SocketAddr) -> anyhow::Result<Duration> {
        let start = Instant::now();
        let agent = Self::spawn(kind, aws).await?;
        let request = agent.read(&upstream::name(100, 1)).request;
        // A blocking client of its own: the runtime's timers count whole milliseconds.
        tokio::task::block_in_place(|| {
            while start.elapsed() < READY_TIME_MAX {
                match TcpStream::connect(agent.http) {
                    Ok(stream) => {
                        is_answered(stream, &request)?;
                        return Ok(start.elapsed());
                    }
                    Err(error) if error.kind() == ErrorKind::ConnectionRefused => {
                        pause();
                    }
                    Err(error) => return Err(error.into()),
                }
            }
            anyhow::bail!("{} does not listen", agent.name)
        })
    }

    async fn spawn(kind: &Kind, aws: SocketAddr) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        // Free a moment ago: the peer takes no port 0.
        let http = free_port().await?;
        let mut command = Command::new(kind.path());
        let frames = match kind {
            Kind::Ours(_) => {
                let frames = free_port().await?;
                configure_ours(&mut command, folder.path(), http, frames)?;
                Some(frames)
            }
            Kind::Peer(_) => {
                configure_peer(&mut command, folder.path(), http)?;
                None
            }
        };
        let child = command
            .current_dir(folder.path())
            .env_clear()
            .env("HOME", folder.path())
            .env("AWS_TOKEN", TOKEN)
            .env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
            .env("AWS_SECRET_ACCESS_KEY", "secret")
            .env("AWS_REGION", "us-east-1")
            .env("AWS_ENDPOINT_URL", format!("http://{aws}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("`{}` does not start", kind.path()))?;
        Ok(Self {
            name: kind.name(),
            child,
            http,
            frames,
            _folder: folder,
        })
    }

    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    pub(super) fn pid(&self) -> u32 {
        self.child.id().unwrap_or_default()
    }

    /// A read of a secret over AWS's local HTTP interface.
    pub(super) fn read(&self, secret: &str) -> Exchange {
        let address = self.http;
        let request = format!(
            "GET /secretsmanager/get?secretId={secret} HTTP/1.1\r\nHost: {address}\r\n\
             X-Aws-Parameters-Secrets-Token: {TOKEN}\r\n\r\n"
        );
        Exchange {
            address,
            request: Bytes::from(request),
            framing: Framing::Http,
            expect: b"SecretString".to_vec(),
        }
    }

    /// The same over the Secret Agent protocol, where the agent has it.
    pub(super) fn frame(&self) -> anyhow::Result<Option<Exchange>> {
        let Some(address) = self.frames else {
            return Ok(None);
        };
        let request = secret_agent::request_frame(Some("TestingSecret"), upstream::KEY)?;
        Ok(Some(Exchange {
            address,
            request: Bytes::from(request.to_vec()),
            framing: Framing::Frame,
            expect: b"SecretValue".to_vec(),
        }))
    }
}

fn configure_ours(
    command: &mut Command,
    folder: &Path,
    http: SocketAddr,
    frames: SocketAddr,
) -> anyhow::Result<()> {
    let (config, token) = (folder.join("agent.yaml"), folder.join("token"));
    std::fs::write(&token, TOKEN)?;
    let text = format!(
        "service:\n  tcp:\n    endpoint: {frames}\n  aws-http:\n    endpoint: {http}\n    \
         token-file: {}\nsecret-manager:\n  aws:\n    region: us-east-1\n    \
         requests-per-second: 10000\n    requests-burst: 10000\n    resources:\n      \
         TestingSecret: {}\nlog:\n  level: error\n",
        token.display(),
        upstream::name(100, 0),
    );
    std::fs::write(&config, text)?;
    command.arg("agent").arg("--config").arg(config);
    Ok(())
}

fn configure_peer(command: &mut Command, folder: &Path, http: SocketAddr) -> anyhow::Result<()> {
    let config = folder.join("peer.toml");
    let text = format!(
        "log_level = \"ERROR\"\nlog_to_file = false\nhttp_port = {}\nregion = \"us-east-1\"\n",
        http.port()
    );
    std::fs::write(&config, text)?;
    command.args(["sm", "start", "--config"]).arg(config);
    Ok(())
}

async fn free_port() -> anyhow::Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0").await?.local_addr()?)
}

fn is_answered(mut stream: TcpStream, request: &[u8]) -> anyhow::Result<()> {
    stream.set_nodelay(true)?;
    stream.write_all(request)?;
    let mut answer = [0; 4_096];
    let read = stream.read(&mut answer)?;
    let head = answer.get(..read).unwrap_or_default();
    let text = String::from_utf8_lossy(head);
    anyhow::ensure!(
        text.starts_with("HTTP/1.1 200"),
        "the first answer is {text}"
    );
    Ok(())
}

// Sixty-four characters, as `openssl rand -hex 32` makes them.
const TOKEN: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const READY_TIME_MAX: Duration = Duration::from_secs(20);
const READY_PAUSE: Duration = Duration::from_millis(20);
const CONNECT_PAUSE: Duration = Duration::from_micros(200);

/// Leaves the processor to the agent that is starting.
#[expect(
    clippy::disallowed_methods,
    reason = "that a port is open is no event, and what is timed is how soon it is"
)]
fn pause() {
    std::thread::sleep(CONNECT_PAUSE);
}

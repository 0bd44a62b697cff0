//! The subject: `rolecall up` on a data folder of its own, and the requests it is measured with.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context;
use bytes::Bytes;
use protocol::shape::Service;
use protocol::sigv4::{self, Credentials, Scope};
use protocol::{Record, Secret, secret_agent, wire};
use serde_json::Value;
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::load::{self, Exchange, Framing};

/// The server under load.
pub(crate) struct Subject {
    // Killed when dropped.
    child: Child,
    ready: Value,
    folder: TempDir,
}

impl Subject {
    pub(crate) async fn start(binary: &str) -> anyhow::Result<Self> {
        Self::start_at(binary, LOOPBACK).await
    }

    /// With the metadata service at an address.
    pub(crate) async fn start_at(binary: &str, imds: &str) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let ready_file = folder.path().join("ready.json");
        let mut command = Command::new(binary);
        command.arg("up").args(["--log", "error"]);
        command.arg("--data").arg(folder.path().join("data"));
        command.arg("--ready-file").arg(&ready_file);
        for flag in ["--listen", "--agent-tcp", "--agent-http"] {
            command.args([flag, LOOPBACK]);
        }
        command.args(["--imds", imds]);
        command.env("XDG_RUNTIME_DIR", folder.path());
        command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true);
        let child = command
            .spawn()
            .with_context(|| format!("`{binary}` does not start"))?;
        let ready = ready(&ready_file).await?;
        Ok(Self {
            child,
            ready,
            folder,
        })
    }

    /// Where its account is kept.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id().unwrap_or_default()
    }

    /// GetSecretValue signed with the administrator's key. The signature holds for five minutes.
    pub(crate) fn signed_get_secret_value(&self) -> anyhow::Result<Exchange> {
        let input = Record::new().with("SecretId", "my-secret");
        self.signed("secretsmanager", "GetSecretValue", &input, "SecretString")
    }

    /// Any call signed with the administrator's key.
    pub(crate) fn signed(
        &self,
        service: &str,
        operation: &str,
        input: &Record,
        expect: &str,
    ) -> anyhow::Result<Exchange> {
        let service = Service::find(service).context("no tables")?;
        let operation = service.operation(operation).context("no operation")?;
        let address = self.address("/endpoint")?;
        let mut request = wire::encode_input(service, operation, input, &address.to_string());
        let credentials = Credentials {
            access_key_id: self.text("/admin/access_key_id")?,
            secret_access_key: Secret::from_text(self.text("/admin/secret_access_key")?),
            session_token: None,
        };
        let now = jiff::Timestamp::now();
        let scope = Scope::at(now, self.text("/region")?, service.name);
        sigv4::sign(&mut request, &credentials, &scope, now)?;
        let bytes = load::written(&request);
        Ok(exchange(address, bytes, Framing::Http, expect))
    }

    /// A read of the sample secret that the agent has in its cache.
    pub(crate) fn agent_http(&self) -> anyhow::Result<Exchange> {
        let address = self.address("/agent/http")?;
        let token = std::fs::read_to_string(self.text("/agent/token_file")?)?;
        let request = format!(
            "GET /secretsmanager/get?secretId=my-secret HTTP/1.1\r\nHost: {address}\r\n\
             X-Aws-Parameters-Secrets-Token: {token}\r\n\r\n"
        );
        Ok(exchange(
            address,
            request.into_bytes(),
            Framing::Http,
            "SecretString",
        ))
    }

    /// The same over the Secret Agent protocol.
    pub(crate) fn agent_frame(&self) -> anyhow::Result<Exchange> {
        let address = self.text("/agent/tcp")?.parse()?;
        let request = secret_agent::request_frame(Some("TestingSecret"), "username")?;
        Ok(exchange(
            address,
            request.to_vec(),
            Framing::Frame,
            "SecretValue",
        ))
    }

    /// The instance id from the metadata service.
    pub(crate) async fn metadata(&self) -> anyhow::Result<Exchange> {
        let address = self.address("/imds")?;
        let put = format!(
            "PUT /latest/api/token HTTP/1.1\r\nHost: {address}\r\nContent-Length: 0\r\n\
             X-aws-ec2-metadata-token-ttl-seconds: 21600\r\n\r\n"
        );
        let minted = load::once(&exchange(address, put.into_bytes(), Framing::Http, "")).await?;
        let minted = String::from_utf8(minted)?;
        let (_, token) = minted.split_once("\r\n\r\n").context("no token")?;
        let get = format!(
            "GET /latest/meta-data/instance-id HTTP/1.1\r\nHost: {address}\r\n\
             X-aws-ec2-metadata-token: {token}\r\n\r\n"
        );
        Ok(exchange(address, get.into_bytes(), Framing::Http, "i-"))
    }

    pub(crate) fn text(&self, pointer: &str) -> anyhow::Result<String> {
        let found = self.ready.pointer(pointer).and_then(Value::as_str);
        Ok(found
            .with_context(|| format!("no {pointer} in the ready file"))?
            .to_owned())
    }

    fn address(&self, pointer: &str) -> anyhow::Result<SocketAddr> {
        Ok(self.text(pointer)?.trim_start_matches("http://").parse()?)
    }
}

fn exchange(address: SocketAddr, request: Vec<u8>, framing: Framing, expect: &str) -> Exchange {
    let (request, expect) = (Bytes::from(request), expect.as_bytes().to_vec());
    Exchange {
        address,
        request,
        framing,
        expect,
    }
}

async fn ready(file: &Path) -> anyhow::Result<Value> {
    let text = wait_for("`rolecall up`", || std::fs::read(file).ok()).await?;
    Ok(serde_json::from_slice(&text)?)
}

/// Waits for something that another process does, in bounds.
pub(crate) async fn wait_for<T>(what: &str, look: impl Fn() -> Option<T>) -> anyhow::Result<T> {
    for _ in 0..READY_TRIES {
        if let Some(found) = look() {
            return Ok(found);
        }
        tokio::time::sleep(READY_PAUSE).await;
    }
    anyhow::bail!("{what} is not ready in time")
}

const LOOPBACK: &str = "127.0.0.1:0";
const READY_TRIES: u32 = 200;
const READY_PAUSE: Duration = Duration::from_millis(50);

//! Beside moto's server (PyPI): one signed GetSecretValue, turn by turn, in the same run.
//!
//! moto is what tests in Python mostly run against. It checks no signature and asks no policy.

use std::net::SocketAddr;
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context;
use bytes::Bytes;
use protocol::shape::Service;
use protocol::sigv4::{self, Credentials, Scope};
use protocol::{Record, Secret, wire};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};

use crate::load::{self, Exchange, Framing, Sample};
use crate::report;
use crate::subject::Subject;

/// Prints both for each number of connections.
pub(crate) async fn run(binary: &str, moto_server: &str) -> anyhow::Result<()> {
    let subject = Subject::start(binary).await?;
    let exchange = subject.signed_get_secret_value()?;
    let moto = Moto::start(moto_server).await?;
    let theirs = moto.signed_get_secret_value().await?;
    report::heading();
    for connections in [1, 16] {
        let mut rounds = [Vec::new(), Vec::new()];
        let [ours, others] = &mut rounds;
        for _ in 0..ROUNDS {
            // moto ends each connection after its answer.
            let round = |exchange, pid, is_closing| {
                load::run(exchange, pid, connections, ROUND, is_closing)
            };
            ours.push(round(&exchange, subject.pid(), false).await?);
            others.push(round(&theirs, moto.pid(), true).await.context("moto")?);
        }
        let [ours, others] = rounds.map(|rounds| Sample::median(&rounds));
        report::row("signed GetSecretValue", connections, &ours, &others);
        report::row("the same of moto", connections, &others, &others);
    }
    Ok(())
}

pub(crate) struct Moto {
    // Killed when dropped.
    child: Child,
    address: SocketAddr,
}

impl Moto {
    pub(crate) async fn start(moto_server: &str) -> anyhow::Result<Self> {
        // Free a moment ago: moto takes no port 0.
        let address = TcpListener::bind("127.0.0.1:0").await?.local_addr()?;
        let child = Command::new(moto_server)
            .args(["-H", "127.0.0.1", "-p", &address.port().to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("`{moto_server}` does not start"))?;
        for _ in 0..READY_TRIES {
            if TcpStream::connect(address).await.is_ok() {
                return Ok(Self { child, address });
            }
            tokio::time::sleep(READY_PAUSE).await;
        }
        anyhow::bail!("moto is not ready in time")
    }

    fn pid(&self) -> u32 {
        self.child.id().unwrap_or_default()
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// One call, and the whole answer.
    pub(crate) async fn call(
        &self,
        service: &str,
        operation: &str,
        input: &Record,
    ) -> anyhow::Result<Vec<u8>> {
        let exchange = self.exchange(service, operation, input, "")?;
        load::once(&exchange)
            .await
            .with_context(|| operation.to_owned())
    }

    async fn signed_get_secret_value(&self) -> anyhow::Result<Exchange> {
        let input = Record::new().with("Name", "my-secret").with(
            "SecretString",
            Secret::from_text("{\"a\":\"b\"}".to_owned()),
        );
        load::once(&self.exchange(SERVICE, "CreateSecret", &input, "ARN")?).await?;
        let input = Record::new().with("SecretId", "my-secret");
        let exchange = self.exchange(SERVICE, "GetSecretValue", &input, "SecretString")?;
        let answer = load::once(&exchange).await?;
        let expect = &exchange.expect;
        let is_right = answer.windows(expect.len()).any(|at| at == expect);
        anyhow::ensure!(is_right, "moto does not answer as expected");
        Ok(exchange)
    }

    fn exchange(
        &self,
        service: &str,
        operation: &str,
        input: &Record,
        expect: &str,
    ) -> anyhow::Result<Exchange> {
        let service = Service::find(service).context("no tables")?;
        let operation = service.operation(operation).context("no operation")?;
        let mut request = wire::encode_input(service, operation, input, &self.address.to_string());
        let credentials = Credentials {
            access_key_id: "AKIAIOSFODNN7EXAMPLE".to_owned(),
            secret_access_key: Secret::from_text("secret".to_owned()),
            session_token: None,
        };
        let now = jiff::Timestamp::now();
        let scope = Scope::at(now, "us-east-1", service.name);
        sigv4::sign(&mut request, &credentials, &scope, now)?;
        Ok(Exchange {
            address: self.address,
            request: Bytes::from(load::written(&request)),
            framing: Framing::Http,
            expect: expect.as_bytes().to_vec(),
        })
    }
}

const SERVICE: &str = "secretsmanager";
const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(2);
const READY_TRIES: u32 = 400;
const READY_PAUSE: Duration = Duration::from_millis(50);

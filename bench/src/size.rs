//! What grows with what is kept: one secret beside many, one role beside many.
//!
//! `cargo xtask bench size` runs it: the release binary as `account serve`, filled over its API,
//! stopped, killed and started again; beside it a bare redb file that commits one record at a time,
//! in two phases as the account does.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::Context;
use protocol::shape::Service;
use protocol::sigv4::{self, Credentials, Scope};
use protocol::{Record, Secret, wire};
use redb::{Database, TableDefinition};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

use crate::load::{self, Exchange, Framing};
use crate::report;

/// Fills an account and prints what that did to it.
pub(crate) async fn run(binary: &str) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    let admin = init(binary, &data, &[]).await?;
    let (mut served, started) = Served::start(binary, folder.path(), admin, &[]).await?;
    let empty = served.resident_kib()?;
    report::fact("start, empty", &format!("{} ms", started.as_millis()));
    report::fact("resident, empty", &format!("{empty} KiB"));

    let mut client = served.client().await?;
    client.create_secret(0).await?;
    let [floor, alike] = commits(folder.path())?;
    let one = client.puts().await?;
    report::fact("a durable commit of redb, p50", &micros(floor));
    report::fact("one of an account's tables and records", &micros(alike));
    report::fact("PutSecretValue among 1 secret, p50", &micros(one));

    let filled = served.fill(SECRETS, Client::create_secret).await?;
    // The one before was idle for longer than the server waits.
    let mut client = served.client().await?;
    let many = client.puts().await?;
    let grown = served.resident_kib()?;
    report::fact(
        "secrets created in one second, 32 at once",
        &per_second(SECRETS, filled),
    );
    report::fact("PutSecretValue among 100,000 secrets, p50", &micros(many));
    report::ratio("the same, × among 1", many, one);
    report::ratio("PutSecretValue among 1, × redb's commit", one, floor);

    served.stop().await?;
    let (again, restarted) = Served::start(binary, folder.path(), served.admin, &[]).await?;
    served = again;
    served.kill().await?;
    let (again, recovered) = Served::start(binary, folder.path(), served.admin, &[]).await?;
    served = again;
    let loaded = served.resident_kib()?;
    let millis = |time: Duration| format!("{} ms", time.as_millis());
    report::fact("start with 100,000 secrets", &millis(restarted));
    report::fact("the same after a kill", &millis(recovered));
    report::fact("resident after filling", &format!("{grown} KiB"));
    report::fact("resident after that start", &format!("{loaded} KiB"));
    report::fact("bytes for a secret", &bytes_each(loaded, empty, SECRETS));

    let image = served.client().await?.image().await?;
    let run = async |client: &mut Client, _| client.run_instance(&image).await;
    served.fill(INSTANCES, run).await?;
    let instances = served.resident_kib()?;
    report::fact(
        "bytes for an instance",
        &bytes_each(instances, loaded, INSTANCES),
    );

    let filled = served.fill(ROLES, Client::create_role).await?;
    let roles = served.resident_kib()?;
    let calls = ROLES * (1 + POLICIES_OF_ROLE);
    report::fact(
        "IAM writes in one second, 32 at once",
        &per_second(calls, filled),
    );
    report::fact(
        "bytes for a role with 10 policies",
        &bytes_each(roles, instances, ROLES),
    );
    beside_one(binary, folder.path(), &served).await?;
    served.kill().await
}

/// Reads of an account with all that, turn by turn with those of one that has a single secret: of
/// the same secret each time, which stays in the processor's caches, and of one after the other.
async fn beside_one(binary: &str, folder: &Path, full: &Served) -> anyhow::Result<()> {
    let folder = folder.join("one");
    std::fs::create_dir(&folder)?;
    let admin = init(binary, &folder.join("data"), &[]).await?;
    let (mut small, _) = Served::start(binary, &folder, admin, &[]).await?;
    small.client().await?.create_secret(0).await?;
    let subjects = [(&small, 1), (full, 1), (full, SECRETS)];
    let mut samples = [Vec::new(), Vec::new(), Vec::new()];
    for _ in 0..READ_ROUNDS {
        for ((served, secrets), samples) in subjects.iter().zip(&mut samples) {
            samples.push(served.reads(*secrets).await?);
        }
    }
    let [one, same, each] = samples.map(|rounds| {
        let (times, cpu): (Vec<_>, Vec<_>) = rounds.into_iter().unzip();
        (median(times), median(cpu))
    });
    report::fact("GetSecretValue among 1 secret, p50", &micros(one.0));
    report::fact("its processor time", &micros(one.1));
    report::ratio("of one secret among all that: p50, ×", same.0, one.0);
    report::ratio("its processor time, ×", same.1, one.1);
    report::ratio("of each of 100,000 in turn: p50, ×", each.0, one.0);
    report::ratio("its processor time, ×", each.1, one.1);
    small.kill().await
}

pub(crate) struct Served {
    child: Child,
    pub(crate) address: SocketAddr,
    admin: Credentials,
}

impl Served {
    /// Serves the account of a folder; tells how long that took. More flags may say where else it
    /// is.
    pub(crate) async fn start(
        binary: &str,
        folder: &Path,
        admin: Credentials,
        more: &[&str],
    ) -> anyhow::Result<(Self, Duration)> {
        let ready = folder.join("ready.json");
        let _not_there = std::fs::remove_file(&ready);
        let start = Instant::now();
        let child = Command::new(binary)
            .args([
                "account",
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--log",
                "error",
            ])
            .args(more)
            .arg("--data")
            .arg(folder.join("data"))
            .arg("--ready-file")
            .arg(&ready)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("`{binary}` does not start"))?;
        let text = loop {
            if let Ok(text) = std::fs::read(&ready) {
                break text;
            }
            anyhow::ensure!(start.elapsed() < READY_TIME_MAX, "it is not ready in time");
            tokio::time::sleep(Duration::from_millis(1)).await;
        };
        let started = start.elapsed();
        let ready: Value = serde_json::from_slice(&text)?;
        let endpoint = ready.pointer("/endpoint").and_then(Value::as_str);
        let endpoint = endpoint.context("no endpoint in the ready file")?;
        let address = endpoint.trim_start_matches("http://").parse()?;
        let served = Self {
            child,
            address,
            admin,
        };
        Ok((served, started))
    }

    pub(crate) async fn client(&self) -> anyhow::Result<Client> {
        let stream = TcpStream::connect(self.address).await?;
        stream.set_nodelay(true)?;
        Ok(Client {
            stream,
            address: self.address,
            admin: self.admin.clone(),
            buffer: Vec::new(),
        })
    }

    /// Has 32 clients make what there is to make, each its share.
    pub(crate) async fn fill(
        &self,
        count: usize,
        make: impl AsyncFn(&mut Client, usize) -> anyhow::Result<()> + Copy,
    ) -> anyhow::Result<Duration> {
        let start = Instant::now();
        let mut clients = Vec::new();
        for _ in 0..WRITERS {
            clients.push(self.client().await?);
        }
        let share = |(first, mut client): (usize, Client)| async move {
            for number in (first + 1..=count).step_by(WRITERS) {
                make(&mut client, number).await?;
            }
            anyhow::Ok(())
        };
        let shares: Vec<_> = clients.into_iter().enumerate().map(share).collect();
        futures_join(shares).await?;
        Ok(start.elapsed())
    }

    /// The median of reads, one after the other, of so many secrets in turn, and the processor
    /// time of the server for each.
    async fn reads(&self, secrets: usize) -> anyhow::Result<(Duration, Duration)> {
        let pid = self.child.id().context("it has ended")?;
        let mut client = self.client().await?;
        let before = load::cpu_seconds(pid)?;
        let mut times = Vec::new();
        for number in 0..READS {
            // A prime number of steps meets all of them, none near the one before.
            let number = number * READ_STEP % secrets;
            times.push(client.read(number).await?);
        }
        let cpu = load::cpu_seconds(pid)? - before;
        let each = Duration::from_secs_f64(cpu / f64::from(u32::try_from(READS)?));
        Ok((median(times), each))
    }

    pub(crate) fn pid(&self) -> anyhow::Result<u32> {
        self.child.id().context("it has ended")
    }

    pub(crate) fn resident_kib(&self) -> anyhow::Result<u64> {
        report::resident_kib(self.child.id().context("it has ended")?)
    }

    /// Lets it end in good order.
    pub(crate) async fn stop(&mut self) -> anyhow::Result<()> {
        let id = self.child.id().context("it has ended")?;
        let id = Pid::from_raw(i32::try_from(id)?).context("no process")?;
        kill_process(id, Signal::TERM)?;
        self.child.wait().await?;
        Ok(())
    }

    async fn kill(&mut self) -> anyhow::Result<()> {
        Ok(self.child.kill().await?)
    }
}

/// Polls all of them on this task until all are done.
async fn futures_join<F>(futures: Vec<F>) -> anyhow::Result<()>
where
    F: Future<Output = anyhow::Result<()>>,
{
    let mut pinned: Vec<_> = futures.into_iter().map(Box::pin).map(Some).collect();
    std::future::poll_fn(|context| {
        for slot in &mut pinned {
            let Some(future) = slot else { continue };
            match future.as_mut().poll(context) {
                std::task::Poll::Ready(Ok(())) => *slot = None,
                std::task::Poll::Ready(error) => return std::task::Poll::Ready(error),
                std::task::Poll::Pending => {}
            }
        }
        if pinned.iter().all(Option::is_none) {
            return std::task::Poll::Ready(Ok(()));
        }
        std::task::Poll::Pending
    })
    .await
}

/// One connection, each call signed anew.
pub(crate) struct Client {
    stream: TcpStream,
    address: SocketAddr,
    pub(crate) admin: Credentials,
    buffer: Vec<u8>,
}

impl Client {
    pub(crate) async fn call(
        &mut self,
        service: &str,
        operation: &str,
        input: Record,
    ) -> anyhow::Result<()> {
        let service = Service::find(service).context("no tables")?;
        let operation = service.operation(operation).context("no operation")?;
        let mut request = wire::encode_input(service, operation, &input, &self.address.to_string());
        let now = jiff::Timestamp::now();
        let scope = Scope::at(now, "us-east-1", service.name);
        sigv4::sign(&mut request, &self.admin, &scope, now)?;
        self.stream.write_all(&load::written(&request)).await?;
        self.buffer.clear();
        load::answer(&mut self.stream, &mut self.buffer, Framing::Http).await?;
        Ok(())
    }

    /// A request that is signed and not sent.
    pub(crate) fn signed_read(&self, number: usize) -> anyhow::Result<Exchange> {
        let service = Service::find("secretsmanager").context("no tables")?;
        let operation = service.operation("GetSecretValue");
        let operation = operation.context("no operation")?;
        let input = Record::new().with("SecretId", format!("app/{number}"));
        let mut request = wire::encode_input(service, operation, &input, &self.address.to_string());
        let now = jiff::Timestamp::now();
        let scope = Scope::at(now, "us-east-1", service.name);
        sigv4::sign(&mut request, &self.admin, &scope, now)?;
        Ok(Exchange {
            address: self.address,
            request: load::written(&request).into(),
            framing: Framing::Http,
            expect: b"SecretString".to_vec(),
        })
    }

    /// The last answer.
    pub(crate) fn answer(&self) -> String {
        String::from_utf8_lossy(&self.buffer).into_owned()
    }

    pub(crate) async fn create_secret(&mut self, number: usize) -> anyhow::Result<()> {
        let input = Record::new()
            .with("Name", format!("app/{number}"))
            .with("SecretString", Secret::from_text("v".repeat(VALUE_BYTES)));
        self.call("secretsmanager", "CreateSecret", input).await
    }

    /// An image that instances can be launched of.
    pub(crate) async fn image(&mut self) -> anyhow::Result<String> {
        self.call("ec2", "DescribeImages", Record::new()).await?;
        let answer = String::from_utf8_lossy(&self.buffer);
        let image = answer.split_once("<imageId>");
        let image = image.and_then(|(_, rest)| rest.split_once("</imageId>"));
        let (image, _) = image.context("no image")?;
        Ok(image.to_owned())
    }

    pub(crate) async fn run_instance(&mut self, image: &str) -> anyhow::Result<()> {
        let input = Record::new()
            .with("ImageId", image)
            .with("InstanceType", "t3.micro")
            .with("MinCount", 1_i64)
            .with("MaxCount", 1_i64);
        self.call("ec2", "RunInstances", input).await
    }

    async fn create_role(&mut self, number: usize) -> anyhow::Result<()> {
        self.create_role_with(number, POLICIES_OF_ROLE).await
    }

    /// A role with so many inline policies.
    pub(crate) async fn create_role_with(
        &mut self,
        number: usize,
        policies: usize,
    ) -> anyhow::Result<()> {
        let name = format!("role-{number}");
        let input = Record::new()
            .with("RoleName", name.as_str())
            .with("AssumeRolePolicyDocument", TRUST);
        self.call("iam", "CreateRole", input).await?;
        for policy in 0..policies {
            let secret = format!("{SECRET_ARN}{name}/{policy}-??????");
            let document = POLICY.replace("RESOURCE", &secret);
            let input = Record::new()
                .with("RoleName", name.as_str())
                .with("PolicyName", format!("p{policy}"))
                .with("PolicyDocument", document);
            self.call("iam", "PutRolePolicy", input).await?;
        }
        Ok(())
    }

    /// The median of writes, one after the other.
    pub(crate) async fn puts(&mut self) -> anyhow::Result<Duration> {
        let mut times = Vec::new();
        for _ in 0..TRIES {
            let input = Record::new()
                .with("SecretId", "app/0")
                .with("SecretString", Secret::from_text("w".repeat(VALUE_BYTES)));
            let start = Instant::now();
            self.call("secretsmanager", "PutSecretValue", input).await?;
            times.push(start.elapsed());
        }
        Ok(median(times))
    }

    /// How long a read takes.
    async fn read(&mut self, number: usize) -> anyhow::Result<Duration> {
        let input = Record::new().with("SecretId", format!("app/{number}"));
        let start = Instant::now();
        self.call("secretsmanager", "GetSecretValue", input).await?;
        Ok(start.elapsed())
    }
}

/// An account in a new folder; its administrator.
pub(crate) async fn init(binary: &str, data: &Path, more: &[&str]) -> anyhow::Result<Credentials> {
    let made = Command::new(binary)
        .args(["account", "init", "--format", "json", "--data"])
        .arg(data)
        .args(more)
        .output()
        .await?;
    let made: Value = serde_json::from_slice(&made.stdout)?;
    let text = |name: &str| {
        let found = made.get(name).and_then(Value::as_str);
        found
            .map(str::to_owned)
            .with_context(|| format!("no `{name}`"))
    };
    Ok(Credentials {
        access_key_id: text("access_key_id")?,
        secret_access_key: Secret::from_text(text("secret_access_key")?),
        session_token: None,
    })
}

/// The medians of bare commits in two phases, turn by turn: of one record, and of what a write of a
/// secret's value comes to in the account's store.
fn commits(folder: &Path) -> anyhow::Result<[Duration; 2]> {
    let floor = Database::create(folder.join("floor.redb"))?;
    let alike = Database::create(folder.join("alike.redb"))?;
    let mut times = [Vec::new(), Vec::new()];
    let [one, other] = &mut times;
    for number in 0..TRIES as u64 {
        let start = Instant::now();
        let mut write = floor.begin_write()?;
        write.set_two_phase_commit(true);
        write.open_table(RECORDS)?.insert(number, RECORD)?;
        write.commit()?;
        one.push(start.elapsed());

        let start = Instant::now();
        let mut write = alike.begin_write()?;
        write.set_two_phase_commit(true);
        let (sealed, _) = RECORD.split_at(SEALED_BYTES);
        for key in [
            u64::MAX,
            number.reverse_bits(),
            number.wrapping_sub(1).reverse_bits(),
        ] {
            write.open_table(RECORDS)?.insert(key, sealed)?;
        }
        write.open_table(SUMMARY)?.insert("summary", sealed)?;
        write.commit()?;
        other.push(start.elapsed());
    }
    Ok(times.map(median))
}

pub(crate) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

pub(crate) fn micros(time: Duration) -> String {
    format!("{} µs", time.as_micros())
}

pub(crate) fn per_second(count: usize, time: Duration) -> String {
    format!("{}", count as u128 * 1_000 / time.as_millis().max(1))
}

fn bytes_each(after_kib: u64, before_kib: u64, count: usize) -> String {
    format!(
        "{}",
        after_kib.saturating_sub(before_kib) * 1_024 / count as u64
    )
}

const SECRETS: usize = 100_000;
// A subnet has addresses for twice as many.
const INSTANCES: usize = 2_000;
const ROLES: usize = 10_000;
const POLICIES_OF_ROLE: usize = 10;
const WRITERS: usize = 32;
// Of each median.
const TRIES: usize = 500;
const READ_ROUNDS: usize = 9;
const READS: usize = 5_000;
const READ_STEP: usize = 7_919;
const VALUE_BYTES: usize = 100;
const READY_TIME_MAX: Duration = Duration::from_mins(1);
const RECORDS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("records");
const RECORD: &[u8] = &[7; 1_024];
const SUMMARY: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("summary");
// A secret's record and each of its versions', about.
const SEALED_BYTES: usize = 400;
const TRUST: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow",
    "Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}}"#;
const POLICY: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow",
    "Action":"secretsmanager:GetSecretValue","Resource":"RESOURCE"}}"#;
const SECRET_ARN: &str = "arn:aws:secretsmanager:us-east-1:123456789012:secret:";

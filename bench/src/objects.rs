//! Objects: reads beside nginx that sends the same file, writes beside `dd conv=fdatasync` of the
//! same bytes, small reads beside a secret's and a bare server's, turn by turn; what sealing and
//! sums cost by themselves; and memory while many upload at once.
//!
//! `cargo xtask bench s3` runs it. nginx is one process, as we are, with `sendfile` on and
//! its log off, and sends without asking who wants it.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use bytes::Bytes;
use protocol::Secret;
use protocol::sigv4::{self, Credentials, Scope};
use sha2::{Digest as _, Sha256};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

use crate::load::{self, Exchange, Framing};
use crate::subject::{Subject, wait_for};
use crate::{floor, report};

/// Prints the tables, or `only` one.
pub(crate) async fn run(binary: &str, nginx: &str, only: Option<&str>) -> anyhow::Result<()> {
    let subject = Subject::start(binary).await?;
    let client = Client(&subject);
    client.once("PUT", "", Bytes::new()).await?;
    let large = Bytes::from(noise(MIB));
    client.once("PUT", "/large", large.clone()).await?;
    client
        .once("PUT", "/small", Bytes::from(noise(SMALL)))
        .await?;

    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join("large"), &large)?;
    let server = Nginx::start(nginx, folder.path()).await?;
    let is_wanted = |part: &str| only.is_none_or(|only| only == part);
    if is_wanted("reads") {
        reads(&subject, &server).await?;
    }
    if is_wanted("small") {
        small(&subject).await?;
    }
    if is_wanted("writes") {
        writes(&subject, folder.path()).await?;
    }
    if is_wanted("many") {
        many(&subject).await?;
    }
    alone()
}

/// 1 MiB from us and from nginx.
async fn reads(subject: &Subject, server: &Nginx) -> anyhow::Result<()> {
    let ours = Client(subject).exchange("GET", "/large", Bytes::new())?;
    let request = format!("GET /large HTTP/1.1\r\nHost: {}\r\n\r\n", server.address);
    let theirs = Exchange {
        address: server.address,
        request: Bytes::from(request),
        ..ours.clone()
    };
    for exchange in [&ours, &theirs] {
        let answer = load::once(exchange).await?;
        ensure!(answer.len() > MIB, "an answer is too short");
    }
    report::head(READS);
    for connections in CONNECTIONS {
        let mut rounds = [Vec::new(), Vec::new()];
        let [one, other] = &mut rounds;
        for _ in 0..ROUNDS {
            one.push(load::run(&ours, subject.pid(), connections, ROUND, false).await?);
            other.push(load::run(&theirs, server.worker()?, connections, ROUND, false).await?);
        }
        report::compared("GET of 1 MiB", connections, one, other);
        report::compared("nginx, sendfile", connections, other, other);
    }
    Ok(())
}

/// 100 bytes of an object, a secret's value, and a bare server.
async fn small(subject: &Subject) -> anyhow::Result<()> {
    let object = Client(subject).exchange("GET", "/small", Bytes::new())?;
    let secret = subject.signed_get_secret_value()?;
    let answer = load::once(&object).await?;
    ensure!(answer.ends_with(&noise(SMALL)), "not the object");
    let bare = floor::start("floor-http", answer.len(), false).await?;
    for connections in CONNECTIONS {
        let mut rounds = [Vec::new(), Vec::new(), Vec::new()];
        let [objects, secrets, floors] = &mut rounds;
        for _ in 0..ROUNDS {
            let round = |exchange, pid| load::run(exchange, pid, connections, ROUND, false);
            objects.push(round(&object, subject.pid()).await?);
            secrets.push(round(&secret, subject.pid()).await?);
            floors.push(round(&bare.exchange(&object), bare.pid()).await?);
        }
        report::compared("GET of 100 bytes, × hyper", connections, objects, floors);
        report::compared("GetSecretValue, × hyper", connections, secrets, floors);
        report::compared("GET, × GetSecretValue", connections, objects, secrets);
    }
    Ok(())
}

/// Bytes put to us, and written by `dd`.
async fn writes(subject: &Subject, folder: &Path) -> anyhow::Result<()> {
    report::head(&["bytes put", "ours ms", "dd ms", "× dd's rate"]);
    for (name, bytes, tries, sealing) in [
        ("1 MiB", MIB, 60, "AES256"),
        ("64 MiB", 64 * MIB, 15, "AES256"),
        // Whose entity tag is no MD5.
        ("1 MiB, `aws:kms`", MIB, 60, "aws:kms"),
        ("64 MiB, `aws:kms`", 64 * MIB, 15, "aws:kms"),
    ] {
        let body = Bytes::from(noise(bytes));
        let from = folder.join("from");
        std::fs::write(&from, &body)?;
        let ours = Client(subject).sealed(sealing, body)?;
        let mut stream = TcpStream::connect(ours.address).await?;
        stream.set_nodelay(true)?;
        let (mut one, mut other, mut rates) = (Vec::new(), Vec::new(), Vec::new());
        // The first finds nothing prepared.
        for round in 0..=tries {
            let start = Instant::now();
            stream.write_all(&ours.request).await?;
            let mut buffer = Vec::new();
            load::answer(&mut stream, &mut buffer, Framing::Http).await?;
            let taken = start.elapsed().as_secs_f64();
            let beside = dd(&from, &subject.data().join("dd")).await?;
            if round > 0 {
                one.push(taken);
                other.push(beside);
                rates.push(beside / taken);
            }
        }
        report::cells(&[
            name,
            &format!("{:.2}", median(one) * 1e3),
            &format!("{:.2}", median(other) * 1e3),
            &format!("{:.2}", median(rates)),
        ]);
    }
    Ok(())
}

/// What `dd` says that it took, without its own start.
async fn dd(from: &Path, to: &Path) -> anyhow::Result<f64> {
    let mut command = Command::new("dd");
    command.arg(format!("if={}", from.display()));
    command.arg(format!("of={}", to.display()));
    command.args(["bs=1M", "conv=fdatasync"]).env("LC_ALL", "C");
    let output = command.output().await.context("`dd` does not start")?;
    let said = String::from_utf8_lossy(&output.stderr);
    let seconds = said.rsplit_once(" copied, ").map(|(_, rest)| rest);
    let seconds = seconds.and_then(|rest| rest.split(' ').next());
    Ok(seconds
        .with_context(|| format!("dd says {said}"))?
        .parse()?)
}

/// Memory while uploads run at once.
async fn many(subject: &Subject) -> anyhow::Result<()> {
    let before = report::resident_kib(subject.pid())?;
    let part = Bytes::from(noise(MIB));
    let heads: Vec<_> = (0..UPLOADS)
        .map(|at| {
            let key = format!("/many/{at}");
            Client(subject).head_of_many(&key, &part)
        })
        .collect::<anyhow::Result<_>>()?;
    let start = Instant::now();
    let uploads = heads
        .into_iter()
        .map(|head| tokio::spawn(upload(head, part.clone())));
    let uploads: Vec<_> = uploads.collect();
    let mut most = before;
    for upload in uploads {
        while !upload.is_finished() {
            most = most.max(report::resident_kib(subject.pid())?);
            tokio::time::sleep(LOOK).await;
        }
        upload.await??;
    }
    report::head(&["16 uploads of 256 MiB at once", ""]);
    report::fact("resident before, kB", &before.to_string());
    report::fact("resident at most, kB", &most.to_string());
    report::fact("kB for each", &((most - before) / UPLOADS).to_string());
    let seconds = start.elapsed().as_secs_f64();
    report::fact("seconds", &format!("{seconds:.1}"));
    report::memory(subject.pid())
}

async fn upload(exchange: Exchange, part: Bytes) -> anyhow::Result<()> {
    let mut stream = TcpStream::connect(exchange.address).await?;
    stream.write_all(&exchange.request).await?;
    for _ in 0..UPLOAD_MIB {
        stream.write_all(&part).await?;
    }
    let mut buffer = Vec::new();
    load::answer(&mut stream, &mut buffer, Framing::Http).await?;
    Ok(())
}

/// The administrator, who asks for one bucket's objects.
struct Client<'s>(&'s Subject);

impl Client<'_> {
    async fn once(&self, method: &str, key: &str, body: Bytes) -> anyhow::Result<Vec<u8>> {
        load::once(&self.exchange(method, key, body)?).await
    }

    /// A signed request, its payload signed as well: what clients send where there is no TLS.
    fn exchange(&self, method: &str, key: &str, body: Bytes) -> anyhow::Result<Exchange> {
        self.signed(http::Request::builder().method(method), key, body)
    }

    /// One that puts, and says how.
    fn sealed(&self, sealing: &str, body: Bytes) -> anyhow::Result<Exchange> {
        let builder = http::Request::builder().method("PUT");
        let builder = builder.header("x-amz-server-side-encryption", sealing);
        self.signed(builder, "/put", body)
    }

    fn signed(
        &self,
        builder: http::request::Builder,
        key: &str,
        body: Bytes,
    ) -> anyhow::Result<Exchange> {
        let address: SocketAddr = self
            .0
            .text("/endpoint")?
            .trim_start_matches("http://")
            .parse()?;
        let mut request = builder
            .uri(format!("http://{address}/{BUCKET}{key}"))
            .body(body)?;
        let credentials = Credentials {
            access_key_id: self.0.text("/admin/access_key_id")?,
            secret_access_key: Secret::from_text(self.0.text("/admin/secret_access_key")?),
            session_token: None,
        };
        let now = jiff::Timestamp::now();
        let scope = Scope::at(now, self.0.text("/region")?, "s3");
        sigv4::sign(&mut request, &credentials, &scope, now)?;
        let mut bytes = head(&request, request.body().len());
        bytes.extend_from_slice(request.body());
        Ok(Exchange {
            address,
            request: Bytes::from(bytes),
            framing: Framing::Http,
            expect: Vec::new(),
        })
    }

    /// The head of an upload whose bytes follow, the same part again and again.
    fn head_of_many(&self, key: &str, part: &Bytes) -> anyhow::Result<Exchange> {
        let whole = Bytes::from(part.repeat(UPLOAD_MIB));
        let length = whole.len();
        let mut exchange = self.exchange("PUT", key, whole)?;
        let head = exchange.request.len() - length;
        // A copy, so that the bytes of all uploads do not stay in memory.
        exchange.request = Bytes::copy_from_slice(exchange.request.get(..head).context("a head")?);
        Ok(exchange)
    }
}

fn head(request: &http::Request<Bytes>, length: usize) -> Vec<u8> {
    let path = request.uri().path();
    let mut head = format!("{} {path} HTTP/1.1\r\n", request.method()).into_bytes();
    for (name, value) in request.headers() {
        head.extend_from_slice(format!("{name}: ").as_bytes());
        head.extend_from_slice(value.as_bytes());
        head.extend_from_slice(b"\r\n");
    }
    head.extend_from_slice(format!("content-length: {length}\r\n\r\n").as_bytes());
    head
}

/// nginx with a configuration of its own.
struct Nginx {
    // Killed when dropped.
    child: Child,
    address: SocketAddr,
}

impl Nginx {
    async fn start(program: &str, folder: &Path) -> anyhow::Result<Self> {
        // Free a moment ago: nginx takes no port 0.
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let place = folder.display();
        let text = format!(
            "daemon off;\nmaster_process off;\npid {place}/pid;\nerror_log {place}/errors;\n\
             events {{ worker_connections 512; }}\n\
             http {{\n  access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000;\n\
             client_body_temp_path {place}/a; proxy_temp_path {place}/b;\n\
             fastcgi_temp_path {place}/c; uwsgi_temp_path {place}/d; scgi_temp_path {place}/e;\n\
             server {{ listen {address}; root {place}; }}\n}}\n"
        );
        let config = folder.join("nginx.conf");
        std::fs::write(&config, text)?;
        let child = Command::new(program)
            .arg("-c")
            .arg(&config)
            .arg("-e")
            .arg(folder.join("errors"))
            .arg("-p")
            .arg(folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("`{program}` does not start"))?;
        wait_for("nginx", || std::net::TcpStream::connect(address).ok()).await?;
        Ok(Self { child, address })
    }

    fn worker(&self) -> anyhow::Result<u32> {
        self.child.id().context("nginx is gone")
    }
}

/// What is done to 1 MiB in memory, by itself.
fn alone() -> anyhow::Result<()> {
    report::head(&["1 MiB in memory, alone", "µs"]);
    let bytes = noise(MIB);
    let key = UnboundKey::new(&AES_256_GCM, &[7; 32]).map_err(|_| anyhow::anyhow!("a key"))?;
    let key = LessSafeKey::new(key);
    let mut sealed = bytes.clone();
    let seal = || {
        for chunk in sealed.chunks_mut(CHUNK) {
            let nonce = Nonce::assume_unique_for_key([0; NONCE_LEN]);
            let _tag = key.seal_in_place_separate_tag(nonce, Aad::empty(), chunk);
        }
    };
    report::fact("AES-256-GCM, chunks of 64 KiB", &timed(seal));
    let sha = || {
        let _sum = std::hint::black_box(Sha256::digest(&bytes));
    };
    report::fact("SHA-256", &timed(sha));
    let md5 = || {
        let _sum = std::hint::black_box(fast_md5::digest(&bytes));
    };
    report::fact("MD5", &timed(md5));
    let mut to = bytes.clone();
    let copy = || std::hint::black_box(&mut to).copy_from_slice(&bytes);
    report::fact("a copy", &timed(copy));
    Ok(())
}

fn timed(mut work: impl FnMut()) -> String {
    let times = (0..TRIES).map(|_| {
        let start = Instant::now();
        work();
        start.elapsed().as_secs_f64()
    });
    format!("{:.0}", median(times.collect()) * 1e6)
}

/// Bytes that nothing makes smaller, the same each time.
fn noise(count: usize) -> Vec<u8> {
    let mut dice = 0x9e37_79b9_7f4a_7c15_u64;
    let mut bytes = Vec::with_capacity(count + 8);
    while bytes.len() < count {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        bytes.extend_from_slice(&dice.to_le_bytes());
    }
    bytes.truncate(count);
    bytes
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}

const BUCKET: &str = "bench-objects";
const MIB: usize = 1 << 20;
const SMALL: usize = 100;
const CHUNK: usize = 64 << 10;
const TRIES: usize = 200;
const CONNECTIONS: [usize; 2] = [1, 16];
const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(2);
const UPLOADS: u64 = 16;
const UPLOAD_MIB: usize = 256;
const LOOK: Duration = Duration::from_millis(5);
const READS: &[&str] = &[
    "what",
    "connections",
    "req/s",
    "× other",
    "p50 µs",
    "p99 µs",
    "× other",
    "CPU µs/req",
    "× other",
];

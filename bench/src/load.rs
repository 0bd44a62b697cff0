//! The load: each connection sends the same request again as soon as it has its answer.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::Context;
use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A request and how its answer ends.
#[derive(Debug, Clone)]
pub(crate) struct Exchange {
    pub(crate) address: SocketAddr,
    pub(crate) request: Bytes,
    pub(crate) framing: Framing,
    /// What the subject's answer must hold.
    pub(crate) expect: Vec<u8>,
}

/// Where an answer ends.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Framing {
    /// HTTP/1.1 with Content-Length.
    Http,
    /// Eight bytes of header, the last four of them the length.
    Frame,
}

/// One round, or the median of several.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sample {
    pub(crate) per_second: f64,
    pub(crate) p50_us: f64,
    pub(crate) p99_us: f64,
    /// Processor time of the server for one request.
    pub(crate) cpu_us: f64,
}

impl Sample {
    /// The median of each figure.
    pub(crate) fn median(rounds: &[Self]) -> Self {
        let of = |figure: fn(&Self) -> f64| {
            let mut figures: Vec<f64> = rounds.iter().map(figure).collect();
            figures.sort_by(f64::total_cmp);
            figures.get(figures.len() / 2).copied().unwrap_or_default()
        };
        Self {
            per_second: of(|round| round.per_second),
            p50_us: of(|round| round.p50_us),
            p99_us: of(|round| round.p99_us),
            cpu_us: of(|round| round.cpu_us),
        }
    }

    /// How each round stands to the round of a floor that was its neighbour.
    pub(crate) fn quotients(rounds: &[Self], floor: &[Self]) -> Vec<Self> {
        let quotient = |(ours, bare): (&Self, &Self)| Self {
            per_second: ours.per_second / bare.per_second,
            p50_us: ours.p50_us / bare.p50_us,
            p99_us: ours.p99_us / bare.p99_us,
            cpu_us: ours.cpu_us / bare.cpu_us,
        };
        rounds.iter().zip(floor).map(quotient).collect()
    }
}

/// One answer, whole.
pub(crate) async fn once(exchange: &Exchange) -> anyhow::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(exchange.address).await?;
    stream.write_all(&exchange.request).await?;
    let mut buffer = Vec::new();
    let length = answer(&mut stream, &mut buffer, exchange.framing).await?;
    buffer.truncate(length);
    Ok(buffer)
}

/// One round of load.
pub(crate) async fn run(
    exchange: &Exchange,
    pid: u32,
    connections: usize,
    round: Duration,
    is_closing: bool,
) -> anyhow::Result<Sample> {
    let cpu_before = cpu_seconds(pid)?;
    let start = Instant::now();
    let workers: Vec<_> = (0..connections)
        .map(|_| tokio::spawn(work(exchange.clone(), start + round, is_closing)))
        .collect();
    let mut times = Vec::new();
    for worker in workers {
        times.extend(worker.await??);
    }
    let seconds = start.elapsed().as_secs_f64();
    let cpu = cpu_seconds(pid)? - cpu_before;
    times.sort_unstable();
    let count = times.len().max(1);
    let at = |share: usize| {
        times
            .get(count * share / 100)
            .or(times.last())
            .map_or(0.0, |time| time.as_secs_f64() * 1e6)
    };
    let requests = f64::from(u32::try_from(count)?);
    Ok(Sample {
        per_second: requests / seconds,
        p50_us: at(50),
        p99_us: at(99),
        cpu_us: cpu * 1e6 / requests,
    })
}

async fn work(
    exchange: Exchange,
    until: Instant,
    is_closing: bool,
) -> anyhow::Result<Vec<Duration>> {
    let mut times = Vec::with_capacity(1 << 16);
    let mut buffer = Vec::with_capacity(1 << 16);
    let mut stream = TcpStream::connect(exchange.address).await?;
    stream.set_nodelay(true)?;
    loop {
        let start = Instant::now();
        if start >= until {
            return Ok(times);
        }
        if is_closing && !times.is_empty() {
            stream = TcpStream::connect(exchange.address).await?;
        }
        stream.write_all(&exchange.request).await?;
        buffer.clear();
        answer(&mut stream, &mut buffer, exchange.framing).await?;
        times.push(start.elapsed());
    }
}

/// A request as HTTP/1.1 has it on the wire.
pub(crate) fn written(request: &http::Request<Bytes>) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.extend_from_slice(b"POST / HTTP/1.1\r\n");
    for (name, value) in request.headers() {
        bytes.extend_from_slice(format!("{name}: ").as_bytes());
        bytes.extend_from_slice(value.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    if !request.headers().contains_key("content-length") {
        let length = request.body().len();
        bytes.extend_from_slice(format!("content-length: {length}\r\n").as_bytes());
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(request.body());
    bytes
}

/// Reads one answer and returns its length.
pub(crate) async fn answer(
    stream: &mut TcpStream,
    buffer: &mut Vec<u8>,
    framing: Framing,
) -> anyhow::Result<usize> {
    loop {
        if let Some(length) = whole(buffer, framing)?
            && buffer.len() >= length
        {
            return Ok(length);
        }
        anyhow::ensure!(stream.read_buf(buffer).await? > 0, "the server hung up");
    }
}

/// Length of the answer that begins in the buffer, once that can be told.
fn whole(buffer: &[u8], framing: Framing) -> anyhow::Result<Option<usize>> {
    match framing {
        Framing::Frame => Ok(buffer
            .first_chunk::<8>()
            .map(|[.., a, b, c, d]| 8 + u32::from_be_bytes([*a, *b, *c, *d]) as usize)),
        Framing::Http => {
            let Some(end) = buffer.windows(4).position(|at| at == b"\r\n\r\n") else {
                return Ok(None);
            };
            let head = String::from_utf8_lossy(buffer.get(..end).unwrap_or_default());
            anyhow::ensure!(head.starts_with("HTTP/1.1 200"), "the server says {head}");
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length")
                    .then(|| value.trim().parse().ok())?
            });
            let length: usize = length.context("an answer without a length")?;
            Ok(Some(end + 4 + length))
        }
    }
}

/// User and system time of a process, from `proc_pid_stat(5)`.
pub(crate) fn cpu_seconds(pid: u32) -> anyhow::Result<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name in parentheses may hold blanks.
    let (_, fields) = stat.rsplit_once(") ").context("unreadable stat")?;
    let fields: Vec<&str> = fields.split(' ').collect();
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<u32>().ok());
    let (user, system) = (
        ticks(11).context("no utime")?,
        ticks(12).context("no stime")?,
    );
    let per_second = u32::try_from(rustix::param::clock_ticks_per_second())?;
    Ok(f64::from(user + system) / f64::from(per_second))
}

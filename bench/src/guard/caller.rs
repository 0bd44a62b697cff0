//! One caller of the metadata service: a token, then reads, each on a connection of its own as the
//! service demands.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

use crate::load::cpu_seconds;

/// What one caller saw.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Told {
    pub(super) count: f64,
    /// Answers that were not what it has to get.
    pub(super) wrong: f64,
    pub(super) p50_us: f64,
    pub(super) p99_us: f64,
    /// Processor time of the server for one request.
    pub(super) cpu_us: f64,
}

/// `guard-caller PATH EXPECTED MILLISECONDS REQUESTS-A-SECOND SERVER`.
///
/// With an expected text that is empty any answer will do, with 0 requests a second as many as
/// there is time for, and without a server its time is not read.
pub(crate) async fn run(arguments: &[String]) -> anyhow::Result<String> {
    let [_, path, expected, time, pace, server] = arguments else {
        anyhow::bail!("guard-caller PATH EXPECTED MILLISECONDS REQUESTS-A-SECOND SERVER");
    };
    let (time, pace): (u64, u32) = (time.parse()?, pace.parse()?);
    let server: u32 = server.parse()?;
    let token = token()?;
    let get = format!(
        "GET {path} HTTP/1.1\r\nHost: 169.254.169.254\r\nX-aws-ec2-metadata-token: {token}\r\n\r\n"
    );
    let cpu = || {
        if server == 0 {
            Ok(0.0)
        } else {
            cpu_seconds(server)
        }
    };
    let cpu_before = cpu()?;
    let begin = Instant::now();
    let (mut times, mut wrong) = (Vec::new(), 0_u32);
    while begin.elapsed() < Duration::from_millis(time) {
        if pace > 0 {
            let due = Duration::from_secs(1) * u32::try_from(times.len())? / pace;
            tokio::time::sleep(due.saturating_sub(begin.elapsed())).await;
        }
        let start = Instant::now();
        let answer = ask(&get)?;
        times.push(start.elapsed());
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
        let is_right = head.starts_with("HTTP/1.1 200");
        ensure!(is_right || !expected.is_empty(), "{path}: {head}");
        if !is_right || !expected.is_empty() && body != expected {
            wrong += 1;
        }
    }
    let cpu = cpu()? - cpu_before;
    times.sort_unstable();
    let at = |share: usize| {
        let time = times.get(times.len() * share / 100).or(times.last());
        time.map_or(0.0, |time| time.as_secs_f64() * 1e6)
    };
    let count = f64::from(u32::try_from(times.len())?);
    let mut told = String::new();
    for figure in [count, f64::from(wrong), at(50), at(99), cpu * 1e6 / count] {
        write!(told, "{figure} ")?;
    }
    Ok(told)
}

impl Told {
    pub(super) fn read(bytes: &[u8]) -> anyhow::Result<Self> {
        let text = std::str::from_utf8(bytes)?;
        let figures: Vec<f64> = text
            .split_whitespace()
            .map(str::parse)
            .collect::<Result<_, _>>()?;
        let [count, wrong, p50_us, p99_us, cpu_us] = figures.as_slice() else {
            anyhow::bail!("a caller ended early");
        };
        Ok(Self {
            count: *count,
            wrong: *wrong,
            p50_us: *p50_us,
            p99_us: *p99_us,
            cpu_us: *cpu_us,
        })
    }

    /// The median of each figure.
    pub(super) fn median(rounds: &[Self]) -> Self {
        let of = |figure: fn(&Self) -> f64| {
            let mut figures: Vec<f64> = rounds.iter().map(figure).collect();
            figures.sort_by(f64::total_cmp);
            figures.get(figures.len() / 2).copied().unwrap_or_default()
        };
        Self {
            count: of(|told| told.count),
            wrong: of(|told| told.wrong),
            p50_us: of(|told| told.p50_us),
            p99_us: of(|told| told.p99_us),
            cpu_us: of(|told| told.cpu_us),
        }
    }
}

fn token() -> anyhow::Result<String> {
    let put = "PUT /latest/api/token HTTP/1.1\r\nHost: 169.254.169.254\r\nContent-Length: 0\r\n\
               X-aws-ec2-metadata-token-ttl-seconds: 21600\r\n\r\n";
    let answer = ask(put)?;
    let (head, token) = answer.split_once("\r\n\r\n").context("no token")?;
    ensure!(head.starts_with("HTTP/1.1 200"), "no token: {head}");
    Ok(token.to_owned())
}

fn ask(request: &str) -> anyhow::Result<String> {
    let mut stream = TcpStream::connect(SERVICE)?;
    stream.set_nodelay(true)?;
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

pub(super) const SERVICE: SocketAddr =
    SocketAddr::new(IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)), 80);

//! Calls as they were made, kept on their way to a server that ends each connection after its
//! answer, and made again by a client that does nothing else.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Context;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// Stands before a server and keeps what is sent to it.
pub(super) struct Recorder {
    address: SocketAddr,
    calls: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Recorder {
    pub(super) async fn before(server: SocketAddr) -> anyhow::Result<Recorder> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let calls = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&calls);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let kept = Arc::clone(&kept);
                tokio::spawn(async move { pass(stream, server, &kept).await });
            }
        });
        Ok(Recorder { address, calls })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(super) fn calls(&self) -> Vec<Vec<u8>> {
        let calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        calls.clone()
    }
}

/// One request, one answer.
async fn pass(
    mut client: TcpStream,
    server: SocketAddr,
    kept: &Mutex<Vec<Vec<u8>>>,
) -> anyhow::Result<()> {
    let mut request = Vec::new();
    while !is_whole(&request) {
        let read = client.read_buf(&mut request).await?;
        anyhow::ensure!(read > 0, "half a request");
    }
    let answer = ask(&request, server).await?;
    kept.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(request);
    client.write_all(&answer).await?;
    client.shutdown().await?;
    Ok(())
}

async fn ask(request: &[u8], server: SocketAddr) -> anyhow::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(server).await?;
    stream.write_all(request).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(answer)
}

fn is_whole(request: &[u8]) -> bool {
    let Some(end) = request.windows(4).position(|at| at == b"\r\n\r\n") else {
        return false;
    };
    let head = String::from_utf8_lossy(request.get(..end).unwrap_or_default());
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let is_length = name.eq_ignore_ascii_case("content-length");
        is_length.then(|| value.trim().parse::<usize>().ok())?
    });
    request.len() >= end + 4 + length.unwrap_or_default()
}

/// Makes all of them again, as many at once as the auditor; how long that takes.
pub(super) async fn all(calls: &[Vec<u8>], server: SocketAddr) -> anyhow::Result<Duration> {
    let start = Instant::now();
    let (calls, next) = (Arc::new(calls.to_vec()), Arc::new(AtomicUsize::new(0)));
    let mut workers = JoinSet::new();
    for _ in 0..AT_ONCE {
        let (calls, next) = (Arc::clone(&calls), Arc::clone(&next));
        workers.spawn(async move {
            while let Some(call) = calls.get(next.fetch_add(1, Ordering::Relaxed)) {
                ask(call, server).await?;
            }
            anyhow::Ok(())
        });
    }
    while let Some(done) = workers.join_next().await {
        done.context("a worker ended")??;
    }
    Ok(start.elapsed())
}

// As `rolecall audit` has them.
const AT_ONCE: usize = 16;

//! Accepting connections, a bounded number at a time, until told to stop.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::{Stop, stopped};

/// A bound socket of either kind.
pub(crate) trait Listen: Send + 'static {
    type Stream: AsyncRead + AsyncWrite + Unpin + Send + Sync + 'static;
    type Peer: fmt::Display + Copy + Send + Sync + 'static;

    fn next(&self) -> impl Future<Output = io::Result<(Self::Stream, Self::Peer)>> + Send;
}

impl Listen for TcpListener {
    type Stream = TcpStream;
    type Peer = SocketAddr;

    async fn next(&self) -> io::Result<(TcpStream, SocketAddr)> {
        let (stream, peer) = self.accept().await?;
        let _slower = stream.set_nodelay(true);
        Ok((stream, peer))
    }
}

impl Listen for UnixListener {
    type Stream = UnixStream;
    type Peer = &'static str;

    async fn next(&self) -> io::Result<(UnixStream, &'static str)> {
        let (stream, _) = self.accept().await?;
        Ok((stream, "unix socket"))
    }
}

/// Serves each connection in a task of its own. Those under way when it stops get [`FAREWELL`] to
/// finish; they are told by their own copy of `stop`.
pub(super) async fn each<L: Listen, C>(
    listener: L,
    mut stop: Stop,
    connection: impl Fn(L::Stream, L::Peer) -> C,
) where
    C: Future<Output = ()> + Send + 'static,
{
    let slots = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    loop {
        let accepted = tokio::select! {
            accepted = listener.next() => accepted,
            () = stopped(&mut stop) => break,
        };
        // Out of file descriptors, or the peer is gone already: neither ends the listener.
        let Ok((stream, peer)) = accepted else {
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        let Ok(slot) = Arc::clone(&slots).try_acquire_owned() else {
            tracing::warn!(%peer, "too many connections, one is dropped");
            continue;
        };
        let serving = connection(stream, peer);
        tokio::spawn(async move {
            serving.await;
            drop(slot);
        });
    }
    let all = u32::try_from(CONNECTIONS_MAX).unwrap_or(u32::MAX);
    let _late = timeout(FAREWELL, slots.acquire_many(all)).await;
}

// Above any real load on one host; each costs a task and its buffers.
const CONNECTIONS_MAX: usize = 4_096;
const FAREWELL: Duration = Duration::from_secs(2);
const ACCEPT_PAUSE: Duration = Duration::from_millis(10);

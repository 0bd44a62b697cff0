//! Accepting connections until told to stop.
//!
//! How many may stay, and how long, is the gate's to say.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rustix::io::Errno;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::aside::Aside;
use super::gate::{Gate, Guest};
use super::meter::Meter;
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

/// Serves each connection in a task of its own, for as long as the gate lets it stay. Those under
/// way when it stops get [`FAREWELL`] to finish; they are told by their own copy of `stop`.
pub(super) async fn each<L: Listen, C>(
    listener: L,
    meter: Arc<Meter>,
    mut stop: Stop,
    connection: impl Fn(L::Stream, L::Peer, Arc<Guest>) -> C,
) where
    C: Future<Output = ()> + Send + 'static,
{
    let gate = Gate::new(Arc::clone(&meter));
    let (alive, mut all_gone) = mpsc::channel::<()>(1);
    loop {
        let accepted = tokio::select! {
            accepted = listener.next() => accepted,
            () = stopped(&mut stop) => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            // Out of file descriptors, or the peer is gone already: neither ends the listener.
            Err(error) => {
                meter.failed();
                if is_out_of_descriptors(&error) {
                    gate.make_room();
                }
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let guest = gate.enter();
        let serving = connection(stream, peer, Arc::clone(&guest));
        let alive = alive.clone();
        tokio::spawn(async move {
            tokio::select! {
                biased;
                () = serving => {}
                () = Aside::new(guest.overdue()) => {
                    tracing::debug!(%peer, "a silent connection is dropped");
                }
            }
            drop(alive);
        });
    }
    drop((listener, alive));
    let _late = timeout(FAREWELL, all_gone.recv()).await;
}

fn is_out_of_descriptors(error: &io::Error) -> bool {
    let errno = Errno::from_io_error(error);
    matches!(errno, Some(Errno::MFILE | Errno::NFILE))
}

const FAREWELL: Duration = Duration::from_secs(2);
const ACCEPT_PAUSE: Duration = Duration::from_millis(10);

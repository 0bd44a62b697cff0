//! The Secret Agent protocol on a TCP or a Unix socket.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use agent::access::Listener;
use agent::aws_http::Refresh;
use agent::secret_agent::{self, Refusal};
use bytes::Bytes;
use protocol::secret_agent::{
    HEADER_BYTES, HeaderError, REQUEST_BYTES_MAX, error_frame, read_header, read_request,
};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use tokio::time::timeout;
use zeroize::Zeroizing;

use super::accept::Listen;
use super::connection::Connection;
use super::reads::{Question, Reads, Refused};
use super::{Stop, accept, stopped};

/// Answers Secret Agent frames.
#[derive(Debug)]
pub(crate) struct SecretAgent {
    reads: Arc<Reads>,
}

/// A socket on which frames are answered.
pub(crate) trait Framed: Listen {
    /// By which way its requests come.
    const LISTENER: Listener;

    /// Greets a connection; `None` drops it.
    fn greet(stream: &Self::Stream, peer: Self::Peer) -> Option<Connection>;
}

impl Framed for TcpListener {
    const LISTENER: Listener = Listener::Tcp;

    fn greet(stream: &TcpStream, peer: SocketAddr) -> Option<Connection> {
        Connection::tcp(stream, peer)
    }
}

impl Framed for UnixListener {
    const LISTENER: Listener = Listener::Uds;

    fn greet(stream: &UnixStream, _: &'static str) -> Option<Connection> {
        Some(Connection::unix(stream))
    }
}

impl SecretAgent {
    pub(crate) fn new(reads: Arc<Reads>) -> Self {
        Self { reads }
    }

    pub(crate) async fn serve<L: Framed>(self, listener: L, stop: Stop) {
        let this = Arc::new(self);
        let own_stop = stop.clone();
        accept::each(listener, stop, |stream, peer| {
            let (this, mut stop) = (Arc::clone(&this), own_stop.clone());
            async move {
                let Some(connection) = L::greet(&stream, peer) else {
                    return;
                };
                tokio::select! {
                    () = this.connection(stream, &connection, L::LISTENER) => {}
                    () = stopped(&mut stop) => {}
                }
            }
        })
        .await;
    }

    /// Requests one after the other, until the client ends, errs or falls silent.
    async fn connection(
        &self,
        mut stream: impl AsyncRead + AsyncWrite + Unpin,
        connection: &Connection,
        listener: Listener,
    ) {
        loop {
            let mut header = [0; HEADER_BYTES];
            match timeout(IDLE_TIME_MAX, stream.read_exact(&mut header)).await {
                Ok(Ok(_)) => {}
                Ok(Err(_)) | Err(_) => return,
            }
            let reply = match read_header(header, REQUEST_BYTES_MAX) {
                Ok(length) => {
                    let mut body = Zeroizing::new(vec![0; length]);
                    match timeout(BODY_TIME_MAX, stream.read_exact(&mut body)).await {
                        Ok(Ok(_)) => self.reply(&body, connection, listener).await,
                        Ok(Err(_)) | Err(_) => return,
                    }
                }
                Err(error) => {
                    tracing::debug!(%error, "not a secret agent request");
                    // What follows cannot be told apart from what was meant: say why, where the
                    // magic was right, and end.
                    if error != HeaderError::BadMagic {
                        let _gone = stream.write_all(&error_frame(&error.to_string())).await;
                    }
                    return;
                }
            };
            if !matches!(
                timeout(BODY_TIME_MAX, stream.write_all(&reply)).await,
                Ok(Ok(()))
            ) {
                return;
            }
        }
    }

    async fn reply(&self, body: &[u8], connection: &Connection, listener: Listener) -> Bytes {
        let request = match read_request(body) {
            Ok(request) => request,
            Err(error) => return error_frame(&error.to_string()),
        };
        let found = self.find(
            request.resource.as_deref(),
            &request.key,
            connection,
            listener,
        );
        let found = found.await;
        found.unwrap_or_else(|refusal| error_frame(&refusal.to_string()))
    }

    async fn find(
        &self,
        resource: Option<&str>,
        key: &str,
        connection: &Connection,
        listener: Listener,
    ) -> Result<Bytes, Refusal> {
        let live = self.reads.live();
        let manager = &live.config.secret_manager;
        let wanted = secret_agent::resolve(&manager.resources, resource)?;
        let caller = connection.caller(&live, listener, None).await;
        let question = Question {
            caller: &caller,
            listener,
            resource: Some(wanted.resource),
            ask: &wanted.ask,
            key: Some(key),
            refresh: &Refresh::No,
        };
        let resource = wanted.resource;
        let read = self.reads.read(&live, question, |served| {
            secret_agent::reply(&served.entry, resource, key, manager.convert_to_base64)
                .map_err(|refusal| (refusal, "KeyNotFound"))
        });
        read.await.map_err(|refused| match refused {
            Refused::Unanswerable(refusal) => refusal,
            Refused::Denied(denial) => Refusal::Denied {
                resource: resource.to_owned(),
                denial,
            },
            Refused::Failed(failure) => Refusal::Fetch {
                resource: resource.to_owned(),
                failure,
            },
            Refused::Unrecorded => Refusal::Unrecorded {
                resource: resource.to_owned(),
            },
        })
    }
}

// Clients open a connection for each request; a silent one is a forgotten one.
const IDLE_TIME_MAX: Duration = Duration::from_mins(1);
// A request is one packet.
const BODY_TIME_MAX: Duration = Duration::from_secs(5);

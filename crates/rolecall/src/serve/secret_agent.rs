//! The Secret Agent protocol on a TCP or a Unix socket.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;

use agent::access::Listener;
use agent::aws_http::Refresh;
use agent::secret_agent::{self, Refusal};
use bytes::Bytes;
use protocol::secret_agent::{
    HEADER_BYTES, HeaderError, REQUEST_BYTES_MAX, error_frame, read_header, read_request,
};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use zeroize::Zeroizing;

use super::accept::Listen;
use super::aside::Aside;
use super::connection::Connection;
use super::gate::Guest;
use super::meter::Module;
use super::reads::{Question, Reads, Refused};
use super::tally::KEY_NOT_FOUND;
use super::{Stop, Transport, accept, stopped};

/// Answers Secret Agent frames.
#[derive(Debug)]
pub(crate) struct SecretAgent {
    reads: Arc<Reads>,
}

/// A socket on which frames are answered.
pub(crate) trait Framed: Listen {
    /// Whose connections are counted.
    const MODULE: Module;

    /// Greets a connection; `None` drops it.
    fn greet(stream: &Self::Stream, peer: Self::Peer) -> Option<Connection>;

    /// By which way requests come.
    fn way(transport: &Transport) -> Listener;
}

impl Framed for TcpListener {
    const MODULE: Module = Module::Tcp;

    fn greet(stream: &TcpStream, peer: SocketAddr) -> Option<Connection> {
        Connection::tcp(stream, peer)
    }

    fn way(transport: &Transport) -> Listener {
        if transport.asks_certificate() {
            Listener::MutualTls
        } else {
            Listener::Tcp
        }
    }
}

impl Framed for UnixListener {
    const MODULE: Module = Module::Uds;

    fn greet(stream: &UnixStream, _: &'static str) -> Option<Connection> {
        Some(Connection::unix(stream))
    }

    fn way(_: &Transport) -> Listener {
        Listener::Uds
    }
}

impl SecretAgent {
    pub(crate) fn new(reads: Arc<Reads>) -> Self {
        Self { reads }
    }

    pub(crate) async fn serve<L: Framed>(self, listener: L, transport: Transport, stop: Stop) {
        let meter = self.reads.meters.of(L::MODULE);
        let (this, way) = (Arc::new(self), L::way(&transport));
        let (own_stop, mut renewing) = (stop.clone(), stop.clone());
        let serving = accept::each(listener, meter, stop, |stream, peer, guest| {
            let (this, transport) = (Arc::clone(&this), transport.clone());
            let stop = own_stop.clone();
            async move {
                let Some(connection) = L::greet(&stream, peer) else {
                    return;
                };
                match transport {
                    Transport::Plain => {
                        this.connection(stream, &connection, (&guest, way), stop)
                            .await;
                    }
                    Transport::Tls(tls) => {
                        let Some((stream, names)) = tls.greet(stream, &guest, peer).await else {
                            return;
                        };
                        let connection = connection.with_certificate(names);
                        this.connection(stream, &connection, (&guest, way), stop)
                            .await;
                    }
                }
            }
        });
        tokio::join!(serving, transport.keep_renewed(&mut renewing));
    }

    /// Requests one after the other, until the client ends or errs, or the gate has it dropped.
    async fn connection(
        &self,
        mut stream: impl AsyncRead + AsyncWrite + Unpin,
        connection: &Connection,
        (guest, way): (&Guest, Listener),
        mut stop: Stop,
    ) {
        let meter = guest.meter();
        let mut stop = Aside::new(stopped(&mut stop));
        loop {
            let mut header = [0; HEADER_BYTES];
            let read = tokio::select! {
                biased;
                read = stream.read_exact(&mut header) => read,
                () = &mut stop => return,
            };
            if let Err(error) = read {
                // Whoever ends here has had what it wanted.
                if error.kind() != ErrorKind::UnexpectedEof {
                    meter.read_failed();
                }
                return;
            }
            let length = match read_header(header, REQUEST_BYTES_MAX) {
                Ok(length) => length,
                Err(error) => {
                    meter.parse_failed();
                    tracing::debug!(%error, "not a secret agent request");
                    // What follows cannot be told apart from what was meant: say why, where the
                    // magic was right, and end.
                    if error != HeaderError::BadMagic {
                        let _gone = stream.write_all(&error_frame(&error.to_string())).await;
                    }
                    return;
                }
            };
            let mut body = Zeroizing::new(vec![0; length]);
            if stream.read_exact(&mut body).await.is_err() {
                meter.read_failed();
                return;
            }
            guest.begin();
            let (reply, is_value) = self.reply(&body, connection, guest, way).await;
            guest.done(is_value);
            if stream.write_all(&reply).await.is_err() {
                meter.write_failed();
                return;
            }
            let _unbuffered = stream.flush().await;
        }
    }

    /// The reply, and whether it is a value.
    async fn reply(
        &self,
        body: &[u8],
        connection: &Connection,
        guest: &Guest,
        way: Listener,
    ) -> (Bytes, bool) {
        let request = match read_request(body) {
            Ok(request) => request,
            Err(error) => {
                guest.meter().parse_failed();
                return (error_frame(&error.to_string()), false);
            }
        };
        let resource = request.resource.as_deref();
        let found = find(&self.reads, (resource, &request.key), connection, way).await;
        match found {
            Ok(reply) => (reply, true),
            Err(refusal) => (error_frame(&refusal.to_string()), false),
        }
    }
}

/// The frame that answers with a key of a resource.
pub(super) async fn find(
    reads: &Reads,
    (resource, key): (Option<&str>, &str),
    connection: &Connection,
    listener: Listener,
) -> Result<Bytes, Refusal> {
    let live = reads.live();
    let manager = &live.config.secret_manager;
    let wanted = secret_agent::resolve(&manager.resources, resource)
        .inspect_err(|_| reads.tally.unknown_resource())?;
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
    let read = reads.read(&live, question, |served| {
        secret_agent::reply(served.entry, resource, key, manager.convert_to_base64)
            .map_err(|refusal| (refusal, KEY_NOT_FOUND))
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

//! A proxy before an endpoint that fails as services and networks do, when it is told to.
//!
//! Passes bytes on unread, so signatures stay what they are. Counts the requests that reach it.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing.
    None,
    /// An answer of the service: status and code.
    Answer(u16, &'static str),
    /// The request is read and never answered.
    Hang,
    /// The connection is reset once the request is there.
    Reset,
    /// The answer is no HTTP.
    Garbage,
}

/// A running proxy; it ends with its value.
pub(crate) struct Proxy {
    shared: Arc<Shared>,
    address: SocketAddr,
    accepting: Option<JoinHandle<()>>,
}

struct Shared {
    fault: Mutex<Fault>,
    requests: AtomicUsize,
    is_over: AtomicBool,
    upstream: String,
}

impl Proxy {
    /// Before `endpoint`, an `http://` URL.
    pub(crate) fn before(endpoint: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            fault: Mutex::new(Fault::None),
            requests: AtomicUsize::new(0),
            is_over: AtomicBool::new(false),
            upstream: endpoint.trim_start_matches("http://").to_owned(),
        });
        let own = Arc::clone(&shared);
        let accepting = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if own.is_over.load(Ordering::SeqCst) {
                    return;
                }
                let own = Arc::clone(&own);
                std::thread::spawn(move || own.connection(stream.unwrap()));
            }
        });
        Self {
            shared,
            address,
            accepting: Some(accepting),
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What goes wrong from now on, on connections that are open already too.
    pub(crate) fn set(&self, fault: Fault) {
        *self.shared.fault.lock().unwrap() = fault;
    }

    /// How many requests have come.
    pub(crate) fn requests(&self) -> usize {
        self.shared.requests.load(Ordering::SeqCst)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.shared.is_over.store(true, Ordering::SeqCst);
        // Wakes the accepting thread.
        drop(TcpStream::connect(self.address));
        if let Some(accepting) = self.accepting.take() {
            accepting.join().unwrap();
        }
    }
}

impl Shared {
    /// Requests one after the other; each is read whole before anything goes wrong.
    fn connection(&self, mut client: TcpStream) {
        client.set_read_timeout(Some(POLL)).unwrap();
        let mut upstream: Option<TcpStream> = None;
        while let Some(request) = self.message(&mut client) {
            self.requests.fetch_add(1, Ordering::SeqCst);
            let fault = *self.fault.lock().unwrap();
            match fault {
                Fault::None => {
                    let upstream = upstream.get_or_insert_with(|| {
                        let stream = TcpStream::connect(&self.upstream).unwrap();
                        stream.set_read_timeout(Some(POLL)).unwrap();
                        stream
                    });
                    upstream.write_all(&request).unwrap();
                    let Some(answer) = self.message(upstream) else {
                        return;
                    };
                    if client.write_all(&answer).is_err() {
                        return;
                    }
                }
                Fault::Answer(status, code) => {
                    let body = format!("{{\"__type\":\"{code}\",\"message\":\"told \\\"so\\\"\"}}");
                    let answer = format!(
                        "HTTP/1.1 {status} x\r\nContent-Type: application/x-amz-json-1.1\r\n\
                         Content-Length: {}\r\n\r\n{body}",
                        body.len()
                    );
                    client.write_all(answer.as_bytes()).ok();
                }
                Fault::Hang => {
                    // Reads, with its bound on time, what comes: nothing, or the end.
                    while is_open(&mut client) {
                        if self.is_over.load(Ordering::SeqCst) {
                            return;
                        }
                    }
                    return;
                }
                Fault::Reset => {
                    rustix::net::sockopt::set_socket_linger(&client, Some(Duration::ZERO)).unwrap();
                    return;
                }
                Fault::Garbage => {
                    client.write_all(b"\x15\x03\x01 no HTTP\r\n\r\n").ok();
                    client.shutdown(Shutdown::Both).ok();
                    return;
                }
            }
        }
    }

    /// A head and a body of known length; `None` at the end of the connection.
    fn message(&self, from: &mut TcpStream) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut piece = [0; 16 * 1_024];
        loop {
            match from.read(&mut piece) {
                Ok(0) => return None,
                Ok(count) => bytes.extend_from_slice(&piece[..count]),
                Err(error) if is_pause(error.kind()) => {
                    if self.is_over.load(Ordering::SeqCst) {
                        return None;
                    }
                }
                Err(_) => return None,
            }
            if length(&bytes).is_some_and(|length| bytes.len() >= length) {
                return Some(bytes);
            }
        }
    }
}

/// Of the whole message, as soon as its head is there.
fn length(bytes: &[u8]) -> Option<usize> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
    let body = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"))
        .map_or(0, |length| length.trim().parse().unwrap());
    Some(end + body)
}

fn is_open(client: &mut TcpStream) -> bool {
    match client.read(&mut [0; 64]) {
        Ok(count) => count > 0,
        Err(error) => is_pause(error.kind()),
    }
}

fn is_pause(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

// How soon a thread notices that the proxy is over.
const POLL: Duration = Duration::from_millis(50);

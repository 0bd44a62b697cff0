//! One request to the metadata service as some user, in the plainest way there is.
//!
//! A thread of its own gives up its user for good and ends after its work. Users belong to threads
//! in the kernel, so nothing else of the process changes.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use rustix::process::{Gid, Uid};
use rustix::thread::{set_thread_groups, set_thread_res_gid, set_thread_res_uid};

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    head: String,
    pub(crate) body: String,
}

/// Why nothing did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Silence {
    Reset,
    NoRoute,
    NoAnswer,
}

impl Answer {
    fn read(bytes: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(bytes);
        let (head, body) = text.split_once("\r\n\r\n")?;
        Some(Self {
            head: head.to_owned(),
            body: body.to_owned(),
        })
    }

    pub(crate) fn status(&self) -> Option<u16> {
        self.head.split(' ').nth(1)?.parse().ok()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let headers = self.head.lines().filter_map(|line| line.split_once(": "));
        let mut found = headers.filter(|(own, _)| own.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value)
    }
}

/// Does some work as a user with no other groups; `None` as who runs this. Blocks.
pub(crate) fn as_user<T: Send + 'static>(
    uid: Option<u32>,
    work: impl FnOnce() -> T + Send + 'static,
) -> io::Result<T> {
    let thread = std::thread::Builder::new().name("guard-probe".to_owned());
    let thread = thread.spawn(move || {
        if let Some(uid) = uid {
            become_user(uid)?;
        }
        Ok(work())
    });
    let ended = thread?.join();
    ended.unwrap_or_else(|_| Err(ErrorKind::Interrupted.into()))
}

/// This thread alone, and for good.
fn become_user(uid: u32) -> rustix::io::Result<()> {
    let (user, group) = (Uid::from_raw(uid), Gid::from_raw(uid));
    set_thread_groups(&[])?;
    set_thread_res_gid(group, group, group)?;
    set_thread_res_uid(user, user, user)
}

/// Sends a request without a body; `headers` is whole lines. Blocks.
pub(crate) fn ask(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &str,
) -> Result<Answer, Silence> {
    let talk = || {
        let mut stream = TcpStream::connect_timeout(&address, TIME_MAX)?;
        stream.set_read_timeout(Some(TIME_MAX))?;
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{headers}\r\n"
        )?;
        let mut answer = Vec::new();
        stream.take(ANSWER_BYTES_MAX).read_to_end(&mut answer)?;
        Ok::<_, io::Error>(answer)
    };
    match talk() {
        Ok(answer) => Answer::read(&answer).ok_or(Silence::NoAnswer),
        Err(error) => Err(match error.kind() {
            ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset => Silence::Reset,
            ErrorKind::NetworkUnreachable
            | ErrorKind::HostUnreachable
            | ErrorKind::AddrNotAvailable
            | ErrorKind::Unsupported => Silence::NoRoute,
            _ => Silence::NoAnswer,
        }),
    }
}

/// `nobody`, on every distribution.
pub(crate) const UNPRIVILEGED: u32 = 65_534;
// Everything is on this host or one hop away.
const TIME_MAX: Duration = Duration::from_secs(2);
const ANSWER_BYTES_MAX: u64 = 16 << 10;

//! Sockets that the service manager has bound for the process.
//!
//! Does not know what is served on them.

use std::net::TcpListener;
use std::os::fd::{BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::net::UnixListener;
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::io::{Errno, FdFlags, fcntl_getfd, fcntl_setfd};
use rustix::net::sockopt::{socket_acceptconn, socket_domain, socket_type};
use rustix::net::{AddressFamily, SocketType};

use crate::failure::Failure;

/// A socket with the name that its unit gives it (`FileDescriptorName=`).
#[derive(Debug)]
pub(crate) struct Passed {
    pub(crate) name: String,
    pub(crate) listener: Listener,
}

/// A socket that listens and does not block, as the runtime wants them.
#[derive(Debug)]
pub(crate) enum Listener {
    Tcp(TcpListener),
    Unix(UnixListener),
}

/// Takes the descriptors from 3 on, one for each name. Children do not inherit them.
pub(super) fn take(names: &[String]) -> Result<Vec<Passed>, Failure> {
    static TAKEN: AtomicBool = AtomicBool::new(false);
    if names.is_empty() || TAKEN.swap(true, Ordering::Relaxed) {
        return Ok(Vec::new());
    }
    let mut owned = Vec::with_capacity(names.len());
    for (number, name) in (FIRST..).zip(names) {
        let descriptor = own(number).map_err(|errno| unusable(name, number, &errno))?;
        owned.push((number, name, descriptor));
    }
    let mut passed = Vec::with_capacity(owned.len());
    for (number, name, descriptor) in owned {
        passed.push(Passed {
            name: name.clone(),
            listener: listener(descriptor).map_err(|why| unusable(name, number, &why))?,
        });
    }
    Ok(passed)
}

#[expect(
    unsafe_code,
    reason = "a number becomes a descriptor, on the manager's word"
)]
fn own(number: RawFd) -> Result<OwnedFd, Errno> {
    // SAFETY: it is only asked whether it is open, which it is allowed not to be.
    let borrowed = unsafe { BorrowedFd::borrow_raw(number) };
    let flags = fcntl_getfd(borrowed)?;
    fcntl_setfd(borrowed, flags | FdFlags::CLOEXEC)?;
    // SAFETY: it is open, and it is the manager's to give away: this is asked once, before the
    // process has threads, and what it opened itself stands behind those it was started with.
    Ok(unsafe { OwnedFd::from_raw_fd(number) })
}

/// What the kernel says it is, whatever the manager meant.
fn listener(socket: OwnedFd) -> Result<Listener, String> {
    let no_socket = |errno: Errno| format!("it is no socket ({errno})");
    let domain = socket_domain(&socket).map_err(no_socket)?;
    if socket_type(&socket).map_err(no_socket)? != SocketType::STREAM {
        return Err("it is no stream socket".to_owned());
    }
    if !socket_acceptconn(&socket).map_err(no_socket)? {
        return Err("it does not listen".to_owned());
    }
    let flags = fcntl_getfl(&socket).map_err(no_socket)?;
    fcntl_setfl(&socket, flags | OFlags::NONBLOCK).map_err(no_socket)?;
    match domain {
        AddressFamily::INET | AddressFamily::INET6 => Ok(Listener::Tcp(socket.into())),
        AddressFamily::UNIX => Ok(Listener::Unix(socket.into())),
        _ => Err("it is neither a TCP nor a Unix socket".to_owned()),
    }
}

fn unusable(name: &str, number: RawFd, why: &dyn std::fmt::Display) -> Failure {
    Failure::wrong(format!(
        "socket `{name}` of the service manager (descriptor {number}) cannot be listened on: {why}"
    ))
    .hint("the socket unit takes `ListenStream=`, with `Accept=no`")
}

/// `SD_LISTEN_FDS_START`.
const FIRST: RawFd = 3;

#[cfg(test)]
mod tests {
    use std::net::{TcpStream, UdpSocket};
    use std::os::unix::net::UnixDatagram;

    use super::*;

    #[test]
    fn listeners_are_told_apart_and_do_not_block() {
        let folder = tempfile::tempdir().unwrap();
        for bind in ["127.0.0.1:0", "[::1]:0"] {
            let bound = TcpListener::bind(bind).unwrap();
            let address = bound.local_addr().unwrap();
            let Ok(Listener::Tcp(found)) = listener(bound.into()) else {
                panic!("{bind}");
            };
            assert_eq!(found.local_addr().unwrap(), address);
            let nobody = found.accept().unwrap_err();
            assert_eq!(nobody.kind(), std::io::ErrorKind::WouldBlock);
        }
        let bound = UnixListener::bind(folder.path().join("s")).unwrap();
        assert!(matches!(listener(bound.into()), Ok(Listener::Unix(_))));
    }

    #[test]
    fn what_nobody_can_connect_to_is_refused() {
        let bound = TcpListener::bind("127.0.0.1:0").unwrap();
        let connected = TcpStream::connect(bound.local_addr().unwrap()).unwrap();
        let check = |socket: OwnedFd, expect: &str| {
            let why = listener(socket).unwrap_err();
            assert!(why.contains(expect), "{why}");
        };
        check(connected.into(), "does not listen");
        check(UdpSocket::bind("127.0.0.1:0").unwrap().into(), "no stream");
        check(UnixDatagram::unbound().unwrap().into(), "no stream");
        check(tempfile::tempfile().unwrap().into(), "no socket");
    }
}

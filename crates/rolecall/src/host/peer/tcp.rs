//! Which process of this host has the other end of a TCP connection.
//!
//! TCP keeps nothing of who connected. The kernel names the user that made the socket; which
//! processes have it open is in `holders`.

use std::net::{SocketAddr, UdpSocket};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use agent::caller::Process;
use rustix::io::Errno;

use super::diag::{self, NoSocket, Socket};
use super::held::Pace;
use super::holders::Holders;
use super::{Unidentified, held, ids, parse};

/// The user alone, of the socket whose address is `peer`, connected to `local`.
pub(super) fn user(local: SocketAddr, peer: SocketAddr) -> Result<Process, Unidentified> {
    ids::nameless(find(local, peer)?.uid, None)
}

/// The user and, where certain, the process.
pub(super) fn process(local: SocketAddr, peer: SocketAddr) -> Result<Process, Unidentified> {
    Ok(Holders::look(local, peer, Pace::Patient)?.only())
}

pub(super) fn find(local: SocketAddr, peer: SocketAddr) -> Result<Socket, Unidentified> {
    let (near, far) = (canonical(local), canonical(peer));
    if near.is_ipv4() != far.is_ipv4() || !is_of_this_host(near, far) {
        return Err(Unidentified::Elsewhere(peer));
    }
    asked(near, far, peer)
}

/// The same in a network of its own, into which this thread has gone; `None` where it is not there.
pub(super) fn find_inside(
    local: SocketAddr,
    peer: SocketAddr,
) -> Result<Option<Socket>, Unidentified> {
    diag::renew();
    match asked(canonical(local), canonical(peer), peer) {
        Ok(socket) => Ok(Some(socket)),
        Err(Unidentified::Closed(_)) => Ok(None),
        Err(other) => Err(other),
    }
}

fn asked(near: SocketAddr, far: SocketAddr, peer: SocketAddr) -> Result<Socket, Unidentified> {
    match diag::find(far, near) {
        Ok(socket) => {
            KERNEL_ANSWERS.store(true, Ordering::Relaxed);
            Ok(socket)
        }
        // The tables take long to read where there are many connections, so a caller that closes
        // early must not make the agent read them.
        Err(NoSocket::NoSuch) if KERNEL_ANSWERS.load(Ordering::Relaxed) => {
            Err(Unidentified::Closed(peer))
        }
        Err(NoSocket::NoSuch) => in_tables(near, far)?.ok_or(Unidentified::Closed(peer)),
        Err(NoSocket::Failed(errno)) => match in_tables(near, far) {
            Ok(found) => found.ok_or(Unidentified::Closed(peer)),
            Err(_) => Err(Unidentified::Refused {
                what: "NETLINK_SOCK_DIAG",
                errno,
            }),
        },
    }
}

/// Set once the kernel has found a connection, so that when it finds none there is none.
static KERNEL_ANSWERS: AtomicBool = AtomicBool::new(false);

/// IPv4 as such, also where a socket for both has it as IPv6.
pub(super) fn canonical(address: SocketAddr) -> SocketAddr {
    match address.ip().to_canonical() {
        ip if ip == address.ip() => address,
        ip => SocketAddr::new(ip, address.port()),
    }
}

fn is_of_this_host(local: SocketAddr, peer: SocketAddr) -> bool {
    let mut any_port = peer;
    any_port.set_port(0);
    // Only an address of the host can be bound to, save for hosts that allow others too; there
    // the kernel finds no such connection.
    peer.ip().is_loopback() || peer.ip() == local.ip() || UdpSocket::bind(any_port).is_ok()
}

/// The connection in /proc/net, for kernels without the module that answers queries.
pub(super) fn in_tables(
    local: SocketAddr,
    peer: SocketAddr,
) -> Result<Option<Socket>, Unidentified> {
    let mut found = None;
    // A socket for both families stands in the second table with addresses of the first.
    for table in ["/proc/thread-self/net/tcp", "/proc/thread-self/net/tcp6"] {
        if peer.is_ipv6() && !table.ends_with('6') {
            continue;
        }
        let Some(text) = held::text(Path::new(table), TABLE_BYTES_MAX) else {
            // A kernel without IPv6 has no second table.
            if table.ends_with('6') && peer.is_ipv4() && !Path::new(table).exists() {
                continue;
            }
            return Err(Unidentified::Refused {
                what: "/proc/net/tcp",
                errno: Errno::NOENT,
            });
        };
        for line in text.lines().filter_map(parse::tcp_line) {
            let ends = (canonical(line.local), canonical(line.remote));
            let wanted = (without_scope(peer), without_scope(local));
            if ends != wanted || !diag::is_connected(line.state) || line.inode == 0 {
                continue;
            }
            let socket = Socket {
                uid: line.uid,
                inode: line.inode,
                cookie: 0,
                cgroup: None,
            };
            // The same link-local addresses on two interfaces.
            if found.replace(socket).is_some() {
                return Ok(None);
            }
        }
    }
    Ok(found)
}

fn without_scope(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip(), address.port())
}

// 150 bytes a connection.
const TABLE_BYTES_MAX: u64 = 16 << 20;

//! The kernel's answer to which socket has one exact TCP connection, over netlink.
//!
//! Knows no process: an answer has the user and the inode of the socket. A query costs some 10 µs.
//!
//! Source: sock_diag(7) of the Linux manual for the forms of both messages; netlink(7) for their
//! heads; the kernel's `tcp_states.h`.

use std::cell::RefCell;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::os::fd::OwnedFd;

use rustix::io::Errno;
use rustix::net::netlink::{SOCK_DIAG, SocketAddrNetlink};
use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, recvfrom, sendto, socket_with,
};

/// The end of a connection that some process has open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Socket {
    /// Of the process that made it.
    pub(super) uid: u32,
    /// As in the links of `/proc/PID/fd`; never 0.
    pub(super) inode: u64,
    /// No other socket has it until the next boot; 0 where the kernel was not asked for it.
    pub(super) cookie: u64,
    /// The group of version 2 in which it was made, by its number; `None` where the kernel does
    /// not say.
    pub(super) cgroup: Option<u64>,
}

/// Why there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoSocket {
    /// No such socket, or one that no process has open any more. The kernel gives the same answer
    /// where its module for these queries is not loaded.
    NoSuch,
    /// The query failed.
    Failed(Errno),
}

/// The socket whose own address is `local`, connected to `remote`, in this network namespace.
pub(super) fn find(local: SocketAddr, remote: SocketAddr) -> Result<Socket, NoSocket> {
    LINE.with(|line| {
        let mut line = line.borrow_mut();
        // What failed half-way may leave an answer behind for the next question.
        let mut asked = match line.take() {
            Some(asked) => asked,
            None => Line::open().map_err(NoSocket::Failed)?,
        };
        let answer = asked.ask(local, remote).map_err(NoSocket::Failed)?;
        *line = Some(asked);
        answer
    })
}

/// Has this thread ask anew, where it has gone into another network.
pub(super) fn renew() {
    LINE.take();
}

thread_local! {
    // Opening one costs as much as asking.
    static LINE: RefCell<Option<Line>> = const { RefCell::new(None) };
}

/// The way to the kernel, in the network namespace in which its thread was at the first question.
#[derive(Debug)]
struct Line {
    socket: OwnedFd,
    sequence: u32,
}

impl Line {
    fn open() -> Result<Self, Errno> {
        let (family, kind) = (AddressFamily::NETLINK, SocketType::RAW);
        let socket = socket_with(family, kind, SocketFlags::CLOEXEC, Some(SOCK_DIAG))?;
        Ok(Self {
            socket,
            sequence: 0,
        })
    }

    /// The kernel has its answer ready before the sending returns, so nothing is waited for.
    fn ask(
        &mut self,
        local: SocketAddr,
        remote: SocketAddr,
    ) -> Result<Result<Socket, NoSocket>, Errno> {
        self.sequence = self.sequence.wrapping_add(1);
        let (socket, kernel) = (&self.socket, SocketAddrNetlink::new(0, 0));
        let request = request(local, remote, self.sequence);
        sendto(socket, &request, SendFlags::empty(), &kernel)?;
        let mut buffer = [0; ANSWER_BYTES_MAX];
        for _ in 0..ANSWERS_MAX {
            let (read, _, from) = recvfrom(socket, &mut buffer, RecvFlags::DONTWAIT)?;
            let from = from.and_then(|from| SocketAddrNetlink::try_from(from).ok());
            if from.is_none_or(|from| from.pid() != 0) {
                continue;
            }
            let bytes = buffer.get(..read).unwrap_or_default();
            return answer(bytes, local, remote, self.sequence).ok_or(Errno::PROTO);
        }
        Err(Errno::PROTO)
    }
}

/// `nlmsghdr` and `inet_diag_req_v2`: one connection, in any state.
fn request(local: SocketAddr, remote: SocketAddr, sequence: u32) -> Vec<u8> {
    let family = match local {
        SocketAddr::V4(_) => AF_INET,
        SocketAddr::V6(_) => AF_INET6,
    };
    let mut bytes = Vec::with_capacity(REQUEST_BYTES);
    bytes.extend(
        u32::try_from(REQUEST_BYTES)
            .unwrap_or_default()
            .to_ne_bytes(),
    );
    bytes.extend(SOCK_DIAG_BY_FAMILY.to_ne_bytes());
    bytes.extend(NLM_F_REQUEST.to_ne_bytes());
    bytes.extend(sequence.to_ne_bytes());
    bytes.extend([0; 4]);
    bytes.extend([family, IPPROTO_TCP, 0, 0]);
    bytes.extend(ALL_STATES.to_ne_bytes());
    bytes.extend(local.port().to_be_bytes());
    bytes.extend(remote.port().to_be_bytes());
    bytes.extend(address(local.ip()));
    bytes.extend(address(remote.ip()));
    bytes.extend(scope(local).to_ne_bytes());
    bytes.extend([0xFF; COOKIE_BYTES]);
    bytes
}

fn address(ip: IpAddr) -> [u8; 16] {
    match ip {
        IpAddr::V4(ip) => {
            let [a, b, c, d] = ip.octets();
            [a, b, c, d, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        }
        IpAddr::V6(ip) => ip.octets(),
    }
}

/// The interface of a link-local address, to which its sockets are bound.
fn scope(address: SocketAddr) -> u32 {
    match address {
        SocketAddr::V4(_) => 0,
        SocketAddr::V6(address) => address.scope_id(),
    }
}

/// Reads the kernel's answer; `None` where it is none to this question.
fn answer(
    bytes: &[u8],
    local: SocketAddr,
    remote: SocketAddr,
    sequence: u32,
) -> Option<Result<Socket, NoSocket>> {
    let (head, body) = bytes.split_first_chunk::<HEAD_BYTES>()?;
    let mut head = Reader(head);
    let length = usize::try_from(head.u32()?).ok()?;
    let kind = head.u16()?;
    head.u16()?;
    if head.u32()? != sequence || length > bytes.len() {
        return None;
    }
    let mut body = Reader(body.get(..length.checked_sub(HEAD_BYTES)?)?);
    match kind {
        NLMSG_ERROR => {
            let code = i32::from_ne_bytes(body.array()?).checked_neg()?;
            let is_error = (1..=ERRNO_MAX).contains(&code);
            Some(Err(
                match is_error.then(|| Errno::from_raw_os_error(code))? {
                    Errno::NOENT => NoSocket::NoSuch,
                    errno => NoSocket::Failed(errno),
                },
            ))
        }
        SOCK_DIAG_BY_FAMILY => socket(body, local, remote),
        _ => None,
    }
}

/// `inet_diag_msg`. The kernel falls back to a listener where there is no connection, and shows
/// one that no process has open as root's; neither may pass for the caller.
fn socket(
    mut body: Reader<'_>,
    local: SocketAddr,
    remote: SocketAddr,
) -> Option<Result<Socket, NoSocket>> {
    let [family, state, _, _] = body.array()?;
    let ports = [
        u16::from_be_bytes(body.array()?),
        u16::from_be_bytes(body.array()?),
    ];
    let addresses = [
        self::ip(family, body.array()?)?,
        self::ip(family, body.array()?)?,
    ];
    body.u32()?;
    let cookie = u64::from(body.u32()?) | u64::from(body.u32()?) << 32;
    // Timer and queues.
    body.array::<12>()?;
    let uid = body.u32()?;
    let inode = u64::from(body.u32()?);
    let same = ports == [local.port(), remote.port()]
        && addresses == [local.ip().to_canonical(), remote.ip().to_canonical()];
    Some(if same && is_connected(state) && inode != 0 {
        Ok(Socket {
            uid,
            inode,
            cookie,
            cgroup: cgroup(body),
        })
    } else {
        Err(NoSocket::NoSuch)
    })
}

/// `INET_DIAG_CGROUP_ID` among the attributes behind the fixed part, since Linux 5.9.
fn cgroup(mut attributes: Reader<'_>) -> Option<u64> {
    loop {
        let (length, kind) = (attributes.u16()?, attributes.u16()?);
        let length = usize::from(length).checked_sub(ATTRIBUTE_HEAD_BYTES)?;
        let (value, _) = attributes.0.split_at_checked(length)?;
        if kind == INET_DIAG_CGROUP_ID {
            return Some(u64::from_ne_bytes(value.try_into().ok()?));
        }
        attributes.0 = attributes.0.get(length.next_multiple_of(4)..)?;
    }
}

fn ip(family: u8, bytes: [u8; 16]) -> Option<IpAddr> {
    match (family, bytes) {
        (AF_INET, [a, b, c, d, ..]) => Some(IpAddr::from([a, b, c, d])),
        (AF_INET6, bytes) => Some(IpAddr::V6(Ipv6Addr::from(bytes)).to_canonical()),
        _ => None,
    }
}

/// Whether a socket in this state has been connected, and its process may have it open still:
/// neither on the way there, nor waiting out its time, nor listening.
pub(super) fn is_connected(state: u8) -> bool {
    const ESTABLISHED: u8 = 1;
    const FIN_WAIT1: u8 = 4;
    const FIN_WAIT2: u8 = 5;
    const CLOSE_WAIT: u8 = 8;
    const LAST_ACK: u8 = 9;
    const CLOSING: u8 = 11;
    [
        ESTABLISHED,
        FIN_WAIT1,
        FIN_WAIT2,
        CLOSE_WAIT,
        LAST_ACK,
        CLOSING,
    ]
    .contains(&state)
}

/// Fields in their order; `None` at the end.
#[derive(Debug)]
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (field, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*field)
    }

    fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_ne_bytes)
    }

    fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_ne_bytes)
    }
}

/// `MAX_ERRNO` of the kernel.
const ERRNO_MAX: i32 = 4_095;
const HEAD_BYTES: usize = 16;
const REQUEST_BYTES: usize = HEAD_BYTES + 56;
const COOKIE_BYTES: usize = 8;
const ATTRIBUTE_HEAD_BYTES: usize = 4;
const INET_DIAG_CGROUP_ID: u16 = 21;
// An answer has attributes behind what is read here.
const ANSWER_BYTES_MAX: usize = 4_096;
// Messages of others, of which there should be none, that are passed over.
const ANSWERS_MAX: usize = 8;
const NLM_F_REQUEST: u16 = 1;
const NLMSG_ERROR: u16 = 2;
const SOCK_DIAG_BY_FAMILY: u16 = 20;
const ALL_STATES: u32 = u32::MAX;
const AF_INET: u8 = 2;
const AF_INET6: u8 = 10;
const IPPROTO_TCP: u8 = 6;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LOCAL: &str = "127.0.0.1:50000";
    const REMOTE: &str = "127.0.0.1:3005";

    fn of(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    /// An answer as the kernel makes it.
    fn message(local: &str, remote: &str, state: u8, inode: u32) -> Vec<u8> {
        let mut bytes = request(of(local), of(remote), 1);
        let id = bytes.split_off(HEAD_BYTES + 8);
        bytes.truncate(HEAD_BYTES);
        let family = if of(local).is_ipv4() {
            AF_INET
        } else {
            AF_INET6
        };
        bytes.extend([family, state, 0, 0]);
        bytes.extend(&id[..id.len() - COOKIE_BYTES]);
        bytes.extend(7_u64.to_ne_bytes());
        bytes.extend([0; 12]);
        bytes.extend(1000_u32.to_ne_bytes());
        bytes.extend(inode.to_ne_bytes());
        bytes.extend([8, 0, 1, 0, 0, 0, 0, 0]);
        let length = u32::try_from(bytes.len()).unwrap();
        bytes[..4].copy_from_slice(&length.to_ne_bytes());
        bytes
    }

    fn read(bytes: &[u8]) -> Option<Result<Socket, NoSocket>> {
        answer(bytes, of(LOCAL), of(REMOTE), 1)
    }

    #[test]
    fn the_connection_is_found() {
        let expect = Socket {
            uid: 1000,
            inode: 42,
            cookie: 7,
            cgroup: None,
        };
        assert_eq!(read(&message(LOCAL, REMOTE, 1, 42)), Some(Ok(expect)));
        let mapped = message("[::ffff:127.0.0.1]:50000", "[::ffff:127.0.0.1]:3005", 5, 42);
        assert_eq!(read(&mapped), Some(Ok(expect)));
        let six = ["[fe80::1%3]:50000", "[::1]:3005"];
        let found = answer(&message(six[0], six[1], 1, 42), of(six[0]), of(six[1]), 1);
        assert_eq!(found, Some(Ok(expect)));
    }

    #[test]
    fn the_group_is_found_among_other_attributes_and_a_torn_one_is_none() {
        let with = |attribute: &[u8]| {
            let mut bytes = message(LOCAL, REMOTE, 1, 42);
            bytes.extend(attribute);
            let length = u32::try_from(bytes.len()).unwrap();
            bytes[..4].copy_from_slice(&length.to_ne_bytes());
            read(&bytes).unwrap().unwrap().cgroup
        };
        let mut group = [12_u16, 21].map(u16::to_ne_bytes).concat();
        group.extend(4_711_u64.to_ne_bytes());
        assert_eq!(with(&group), Some(4_711));
        let mut odd = [5_u16, 8].map(u16::to_ne_bytes).concat();
        odd.extend([0; 4]);
        assert_eq!(with(&[&odd[..], &group].concat()), Some(4_711));
        for end in 0..group.len() {
            assert_eq!(with(&group[..end]), None, "{end}");
        }
        assert_eq!(with(&[0, 0, 21, 0]), None);
    }

    #[test]
    fn what_is_no_open_end_of_it_is_not_believed() {
        for (local, remote, state, inode) in [
            (LOCAL, REMOTE, 1, 0),
            (LOCAL, REMOTE, 5, 0),
            (LOCAL, REMOTE, 2, 42),
            (LOCAL, REMOTE, 3, 42),
            (LOCAL, REMOTE, 6, 42),
            (LOCAL, REMOTE, 7, 42),
            (LOCAL, REMOTE, 10, 42),
            (LOCAL, REMOTE, 12, 42),
            (LOCAL, REMOTE, 0, 42),
            (REMOTE, LOCAL, 1, 42),
            (LOCAL, "0.0.0.0:0", 1, 42),
            (LOCAL, "127.0.0.2:3005", 1, 42),
            ("127.0.0.2:50000", REMOTE, 1, 42),
            ("127.0.0.1:50001", REMOTE, 1, 42),
            ("[::1]:50000", "[::1]:3005", 1, 42),
        ] {
            let found = read(&message(local, remote, state, inode));
            assert_eq!(
                found,
                Some(Err(NoSocket::NoSuch)),
                "{local} {remote} {state} {inode}"
            );
        }
    }

    #[test]
    fn errors_are_told_apart() {
        let error = |code: i32| {
            let mut bytes = message(LOCAL, REMOTE, 1, 42);
            bytes[4..6].copy_from_slice(&NLMSG_ERROR.to_ne_bytes());
            bytes[HEAD_BYTES..HEAD_BYTES + 4].copy_from_slice(&code.to_ne_bytes());
            read(&bytes)
        };

        assert_eq!(error(-2), Some(Err(NoSocket::NoSuch)));
        assert_eq!(error(-1), Some(Err(NoSocket::Failed(Errno::PERM))));
        for none in [0, 1, -4_096, i32::MIN] {
            assert_eq!(error(none), None, "{none}");
        }
    }

    #[test]
    fn answers_to_other_questions_and_torn_ones_are_none() {
        let whole = message(LOCAL, REMOTE, 1, 42);
        for end in 0..whole.len() {
            assert_eq!(read(&whole[..end]), None, "{end}");
        }
        for place in [0, 4, 8] {
            let mut flawed = whole.clone();
            flawed[place] ^= 0x80;
            assert_eq!(read(&flawed), None, "{place}");
        }
        let mut short = whole.clone();
        short[..4].copy_from_slice(&8_u32.to_ne_bytes());
        assert_eq!(read(&short), None);
        let mut family = whole;
        family[HEAD_BYTES] = 1;
        assert_eq!(read(&family), None);
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(bytes: Vec<u8>, code: i32) {
            let _ = read(&bytes);
            let mut message = message(LOCAL, REMOTE, 1, 42);
            message[4..6].copy_from_slice(&NLMSG_ERROR.to_ne_bytes());
            message[HEAD_BYTES..HEAD_BYTES + 4].copy_from_slice(&code.to_ne_bytes());
            let _ = read(&message);
        }
    }
}

//! Where what this host sends to a caller in a network of its own goes.
//!
//! An address says little: a neighbour on the same bridge can take another's, and have the host
//! and the bridge send to itself what is meant for the other. So the way there is followed as the
//! kernel would go it now, from the route over the neighbour's hardware address and the bridge's
//! port to the other end of the pair of links, which must be in that very network.
//!
//! Only that one way is known: by a pair of links (veth), with or without a bridge. Any other is
//! no way that can be followed, and says so.
//!
//! Sources: rtnetlink(7), arp(7), veth(4) and network_namespaces(7) of the Linux manual; the
//! kernel's `if_link.h`, `neighbour.h`, `rtnetlink.h` and `net_namespace.h`.

use std::net::IpAddr;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

use rustix::io::Errno;
use rustix::net::netlink::SocketAddrNetlink;
use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, recvfrom, sendto, socket_with,
};

use super::sockopt;
use crate::host::route::{Message, family};

/// Why it is not certain that answers reach the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Astray {
    /// There is a router between.
    #[error("this host does not reach it directly")]
    NoLink,
    /// Its hardware address is not known.
    #[error("no neighbour has its address")]
    NoNeighbour,
    /// It is not connected by a pair of links.
    #[error("it is not connected by a pair of links (veth), with or without a bridge")]
    NoPair,
    /// Somebody else is there.
    #[error("its address leads into another network now")]
    Elsewhere,
    /// The kernel does not say.
    #[error("the kernel does not say which way they go ({0}: {1})")]
    Unsaid(&'static str, Errno),
}

/// Links, neighbours and routes of the network namespace in which it was opened.
#[derive(Debug)]
pub(super) struct Wires(OwnedFd);

/// What is asked about a link.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Link {
    kind: Vec<u8>,
    hardware: Vec<u8>,
    /// The number of the other end, in its own namespace.
    other_end: Option<u32>,
    /// That namespace, by its number in this one; `None` for the same.
    other_network: Option<i32>,
}

impl Wires {
    pub(super) fn open() -> Result<Self, Errno> {
        let (family, flags) = (AddressFamily::NETLINK, SocketFlags::CLOEXEC);
        socket_with(family, SocketType::RAW, flags, None).map(Self)
    }

    /// What tells this namespace from all others until the next boot; 0 on old kernels.
    pub(super) fn cookie(&self) -> u64 {
        sockopt::network_cookie(self.0.as_fd()).unwrap_or(0)
    }

    /// Whether what is sent to an address goes into a network, seen from here and from inside.
    pub(super) fn lead_into(
        &self,
        (network, inside): (BorrowedFd<'_>, &Self),
        ip: IpAddr,
    ) -> Result<(), Astray> {
        let out = self.route(ip)?;
        let hardware = self.neighbour(out, ip)?;
        let link = self.link(out)?;
        let (port, link) = match link.kind.as_slice() {
            VETH => (out, link),
            b"bridge" => {
                let port = self.port(out, &hardware)?;
                (port, self.link(port)?)
            }
            _ => return Err(Astray::NoPair),
        };
        let other_end = link.other_end.filter(|_| link.kind == VETH);
        let (Some(other_end), Some(there)) = (other_end, link.other_network) else {
            return Err(Astray::NoPair);
        };
        // Its number is given when the link is asked about, so the network is asked about last.
        if self.number_of(network)? != Some(there) {
            return Err(Astray::Elsewhere);
        }
        let end = inside.link(other_end)?;
        let is_it = end.hardware == hardware && end.other_end == Some(port);
        if is_it {
            Ok(())
        } else {
            Err(Astray::Elsewhere)
        }
    }

    /// The link by which this host reaches an address without a router.
    fn route(&self, ip: IpAddr) -> Result<u32, Astray> {
        let bits = if ip.is_ipv4() { 32 } else { 128 };
        let mut message = Message::question(RTM_GETROUTE);
        message.bytes(&[family(ip), bits, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        message.address(RTA_DST, ip);
        let answer = self.ask(message).map_err(|errno| match errno {
            Errno::NETUNREACH | Errno::HOSTUNREACH => Astray::NoLink,
            errno => Astray::Unsaid("RTM_GETROUTE", errno),
        })?;
        let odd = Astray::Unsaid("RTM_GETROUTE", Errno::PROTO);
        let kind = *answer.get(ROUTE_KIND_AT).ok_or(odd)?;
        let attributes = Attributes::after(&answer, ROUTE_BYTES).ok_or(odd)?;
        let by_router = [RTA_GATEWAY, RTA_VIA, RTA_MULTIPATH];
        if kind != RTN_UNICAST || by_router.iter().any(|it| attributes.get(*it).is_some()) {
            return Err(Astray::NoLink);
        }
        attributes.number(RTA_OIF).ok_or(Astray::NoLink)
    }

    /// The hardware address that has an address, at the other end of a link.
    fn neighbour(&self, link: u32, ip: IpAddr) -> Result<Vec<u8>, Astray> {
        let mut message = Message::question(RTM_GETNEIGH);
        message.bytes(&[family(ip), 0, 0, 0]);
        message.bytes(&link.to_ne_bytes());
        message.bytes(&[0; 4]);
        message.address(NDA_DST, ip);
        let answer = self.neighbour_of(message)?;
        let state = answer.get(8..10).and_then(|it| it.try_into().ok());
        let state = u16::from_ne_bytes(state.unwrap_or_default());
        let attributes = Attributes::after(&answer, NEIGHBOUR_BYTES);
        let hardware = attributes.and_then(|it| it.get(NDA_LLADDR).map(<[u8]>::to_vec));
        let hardware = hardware.filter(|it| it.len() == HARDWARE_BYTES);
        let is_known = state & NUD_KNOWN != 0;
        hardware.filter(|_| is_known).ok_or(Astray::NoNeighbour)
    }

    /// The port behind which a bridge has a hardware address.
    fn port(&self, bridge: u32, hardware: &[u8]) -> Result<u32, Astray> {
        let mut message = Message::question(RTM_GETNEIGH);
        message.bytes(&[AF_BRIDGE, 0, 0, 0]);
        message.bytes(&[0; 8]);
        message.attribute(NDA_LLADDR, hardware);
        message.attribute(NDA_MASTER, &bridge.to_ne_bytes());
        let answer = self.neighbour_of(message)?;
        let port = answer.get(4..8).and_then(|it| it.try_into().ok());
        port.map(u32::from_ne_bytes).ok_or(Astray::NoNeighbour)
    }

    fn neighbour_of(&self, message: Message) -> Result<Vec<u8>, Astray> {
        self.ask(message).map_err(|errno| match errno {
            Errno::NOENT => Astray::NoNeighbour,
            errno => Astray::Unsaid("RTM_GETNEIGH", errno),
        })
    }

    fn link(&self, number: u32) -> Result<Link, Astray> {
        let mut message = Message::question(RTM_GETLINK);
        message.bytes(&[0; 4]);
        message.bytes(&number.to_ne_bytes());
        message.bytes(&[0; 8]);
        let answer = self.ask(message).map_err(|errno| match errno {
            Errno::NODEV => Astray::Elsewhere,
            errno => Astray::Unsaid("RTM_GETLINK", errno),
        })?;
        Ok(link(&answer))
    }

    /// The number that a network has in this one, where it has one.
    fn number_of(&self, network: BorrowedFd<'_>) -> Result<Option<i32>, Astray> {
        let mut message = Message::question(RTM_GETNSID);
        message.bytes(&[0; 4]);
        message.attribute(NETNSA_FD, &network.as_raw_fd().to_ne_bytes());
        let answer = self.ask(message);
        let answer = answer.map_err(|errno| Astray::Unsaid("RTM_GETNSID", errno))?;
        let attributes = Attributes::after(&answer, 4);
        let number = attributes.and_then(|it| it.number(NETNSA_NSID));
        Ok(number.map(u32::cast_signed).filter(|number| *number >= 0))
    }

    /// The kernel has its answer ready before the sending returns; what stands behind its head.
    fn ask(&self, message: Message) -> Result<Vec<u8>, Errno> {
        let kernel = SocketAddrNetlink::new(0, 0);
        sendto(&self.0, &message.done(), SendFlags::empty(), &kernel)?;
        let mut buffer = vec![0; ANSWER_BYTES_MAX];
        let (read, _, from) = recvfrom(&self.0, &mut buffer, RecvFlags::DONTWAIT)?;
        let from = from.and_then(|from| SocketAddrNetlink::try_from(from).ok());
        if from.is_none_or(|from| from.pid() != 0) {
            return Err(Errno::PROTO);
        }
        body(buffer.get(..read).unwrap_or_default())
    }
}

/// What stands behind the head of an answer.
fn body(answer: &[u8]) -> Result<Vec<u8>, Errno> {
    let word = |at: usize| {
        let bytes = answer.get(at..at + 4)?.try_into().ok()?;
        Some(u32::from_ne_bytes(bytes))
    };
    let length = word(0).and_then(|length| usize::try_from(length).ok());
    let body = length.and_then(|length| answer.get(HEAD_BYTES..length));
    let kind = answer.get(4..6).and_then(|it| it.try_into().ok());
    let (Some(body), Some(kind)) = (body, kind.map(u16::from_ne_bytes)) else {
        return Err(Errno::PROTO);
    };
    if kind != NLMSG_ERROR {
        return Ok(body.to_vec());
    }
    let code = word(HEAD_BYTES).map(u32::cast_signed);
    let code = code
        .and_then(i32::checked_neg)
        .filter(|it| *it > 0 && *it <= ERRNO_MAX);
    Err(code.map_or(Errno::PROTO, Errno::from_raw_os_error))
}

fn link(answer: &[u8]) -> Link {
    let Some(attributes) = Attributes::after(answer, LINK_BYTES) else {
        return Link::default();
    };
    let bytes = |kind: u16| attributes.get(kind).map(<[u8]>::to_vec).unwrap_or_default();
    let info = attributes.get(IFLA_LINKINFO).map(Attributes);
    let kind = info.and_then(|info| info.get(IFLA_INFO_KIND).map(<[u8]>::to_vec));
    let mut kind = kind.unwrap_or_default();
    kind.retain(|byte| *byte != 0);
    Link {
        kind,
        hardware: bytes(IFLA_ADDRESS),
        other_end: attributes.number(IFLA_LINK),
        other_network: attributes.number(IFLA_LINK_NETNSID).map(u32::cast_signed),
    }
}

/// `rtattr`, one after the other.
#[derive(Debug, Clone, Copy)]
struct Attributes<'a>(&'a [u8]);

impl<'a> Attributes<'a> {
    fn after(answer: &'a [u8], fixed: usize) -> Option<Self> {
        answer.get(fixed..).map(Self)
    }

    /// The value of the first one of a kind.
    fn get(self, wanted: u16) -> Option<&'a [u8]> {
        let mut rest = self.0;
        loop {
            let (length, after) = rest.split_first_chunk()?;
            let (kind, _) = after.split_first_chunk()?;
            let length = usize::from(u16::from_ne_bytes(*length));
            let value = rest.get(ATTRIBUTE_HEAD_BYTES..length)?;
            if u16::from_ne_bytes(*kind) & KIND_MASK == wanted {
                return Some(value);
            }
            rest = rest.get(length.next_multiple_of(4)..)?;
        }
    }

    fn number(self, wanted: u16) -> Option<u32> {
        Some(u32::from_ne_bytes(self.get(wanted)?.try_into().ok()?))
    }
}

const VETH: &[u8] = b"veth";
const AF_BRIDGE: u8 = 7;
const RTM_GETLINK: u16 = 18;
const RTM_GETROUTE: u16 = 26;
const RTM_GETNEIGH: u16 = 30;
const RTM_GETNSID: u16 = 90;
const NLMSG_ERROR: u16 = 2;
const IFLA_ADDRESS: u16 = 1;
const IFLA_LINK: u16 = 5;
const IFLA_LINKINFO: u16 = 18;
const IFLA_LINK_NETNSID: u16 = 37;
const IFLA_INFO_KIND: u16 = 1;
const NDA_DST: u16 = 1;
const NDA_LLADDR: u16 = 2;
const NDA_MASTER: u16 = 9;
const NETNSA_NSID: u16 = 1;
const NETNSA_FD: u16 = 3;
const RTA_DST: u16 = 1;
const RTA_OIF: u16 = 4;
const RTA_GATEWAY: u16 = 5;
const RTA_MULTIPATH: u16 = 9;
const RTA_VIA: u16 = 18;
const RTN_UNICAST: u8 = 1;
// `NUD_REACHABLE`, `NUD_STALE`, `NUD_DELAY`, `NUD_PROBE` and `NUD_PERMANENT`.
const NUD_KNOWN: u16 = 0x02 | 0x04 | 0x08 | 0x10 | 0x80;
/// `NLA_TYPE_MASK`.
const KIND_MASK: u16 = 0x3FFF;
const ERRNO_MAX: i32 = 4_095;
const HEAD_BYTES: usize = 16;
const ATTRIBUTE_HEAD_BYTES: usize = 4;
const HARDWARE_BYTES: usize = 6;
const LINK_BYTES: usize = 16;
const NEIGHBOUR_BYTES: usize = 12;
const ROUTE_BYTES: usize = 12;
const ROUTE_KIND_AT: usize = 7;
// All that the kernel says of a link fits several times.
const ANSWER_BYTES_MAX: usize = 32 << 10;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn attribute(kind: u16, value: &[u8]) -> Vec<u8> {
        let length = u16::try_from(ATTRIBUTE_HEAD_BYTES + value.len()).unwrap();
        let mut bytes = [length.to_ne_bytes(), kind.to_ne_bytes()].concat();
        bytes.extend(value);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        bytes
    }

    #[test]
    fn a_link_is_read_whatever_stands_between() {
        let info = attribute(IFLA_INFO_KIND, b"veth\0");
        let answer = [
            vec![0; LINK_BYTES],
            attribute(3, b"eth0\0"),
            attribute(IFLA_ADDRESS, &[2, 0, 0, 0, 0, 7]),
            attribute(IFLA_LINK, &9_u32.to_ne_bytes()),
            // The flag says that it holds others.
            attribute(IFLA_LINKINFO | 0x8000, &info),
            attribute(IFLA_LINK_NETNSID, &4_u32.to_ne_bytes()),
        ];
        let expect = Link {
            kind: VETH.to_vec(),
            hardware: vec![2, 0, 0, 0, 0, 7],
            other_end: Some(9),
            other_network: Some(4),
        };
        assert_eq!(link(&answer.concat()), expect);
        assert_eq!(link(&[0; LINK_BYTES]), Link::default());
        assert_eq!(link(&[]), Link::default());
    }

    #[test]
    fn answers_and_errors_are_told_apart() {
        let message = |kind: u16, body: &[u8]| {
            let length = u32::try_from(HEAD_BYTES + body.len()).unwrap();
            let mut bytes = length.to_ne_bytes().to_vec();
            bytes.extend(kind.to_ne_bytes());
            bytes.extend([0; 10]);
            bytes.extend(body);
            bytes
        };
        assert_eq!(super::body(&message(16, b"abcd")), Ok(b"abcd".to_vec()));
        let error = |code: i32| super::body(&message(NLMSG_ERROR, &code.to_ne_bytes()));
        assert_eq!(error(-2), Err(Errno::NOENT));
        for none in [0, 1, -4_096, i32::MIN] {
            assert_eq!(error(none), Err(Errno::PROTO), "{none}");
        }
        let whole = message(16, b"abcd");
        for end in 0..whole.len() {
            assert_eq!(super::body(&whole[..end]), Err(Errno::PROTO), "{end}");
        }
    }

    #[test]
    fn the_loopback_leads_nowhere_else() {
        let wires = Wires::open().unwrap();
        let own = std::fs::File::open("/proc/self/ns/net").unwrap();
        let led = wires.lead_into((own.as_fd(), &wires), IpAddr::from([127, 0, 0, 1]));
        assert_eq!(led, Err(Astray::NoLink));
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(bytes: Vec<u8>, kind: u16) {
            let _ = (link(&bytes), super::body(&bytes));
            let _ = Attributes(&bytes).get(kind & KIND_MASK);
        }
    }
}

//! Links, addresses and routes of the network namespace that the caller is in.
//!
//! Only what an instance's network needs: a loopback that is up, addresses, a pair of joined links
//! and routes by a gateway. Names nothing by itself and chooses no address.
//!
//! Source: rtnetlink(7), netlink(7) and veth(4) of the Linux manual; the kernel's `if_link.h`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::os::fd::{AsRawFd, BorrowedFd, OwnedFd};

use rustix::io::Errno;
use rustix::net::netlink::SocketAddrNetlink;
use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, recvfrom, sendto, socket_with,
};

/// A link by its number, which is chosen where it is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Link(i32);

impl Link {
    /// The first of every namespace.
    pub(crate) const LOOPBACK: Self = Self(1);

    /// Above those that the kernel makes by itself.
    pub(crate) const fn numbered(number: i32) -> Self {
        Self(100 + number)
    }
}

/// What this namespace's network is changed by.
#[derive(Debug)]
pub(crate) struct Routes(OwnedFd);

impl Routes {
    /// Those of the namespace that the caller is in, for as long as it lives.
    pub(crate) fn open() -> Result<Self, Errno> {
        let flags = SocketFlags::CLOEXEC;
        let family = AddressFamily::NETLINK;
        socket_with(family, SocketType::RAW, flags, None).map(Self)
    }

    pub(crate) fn raise(&self, link: Link) -> Result<(), Errno> {
        let mut message = Message::new(RTM_NEWLINK, 0);
        message.link(link, IFF_UP);
        self.ask(message)
    }

    pub(crate) fn add_address(&self, link: Link, ip: IpAddr, prefix: u8) -> Result<(), Errno> {
        let mut message = Message::new(RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE);
        // Nobody else is there, so nobody else can have it.
        message.bytes(&[family(ip), prefix, IFA_F_NODAD, 0]);
        message.bytes(&link.0.to_ne_bytes());
        message.address(IFA_LOCAL, ip);
        message.address(IFA_ADDRESS, ip);
        self.ask(message)
    }

    /// `prefix` 0 is the default route.
    pub(crate) fn add_route(&self, to: IpAddr, prefix: u8, gateway: IpAddr) -> Result<(), Errno> {
        let mut message = Message::new(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE);
        let kind = [RT_TABLE_MAIN, RTPROT_STATIC, RT_SCOPE_UNIVERSE, RTN_UNICAST];
        message.bytes(&[family(to), prefix, 0, 0]);
        message.bytes(&kind);
        message.bytes(&[0; 4]);
        if prefix > 0 {
            message.address(RTA_DST, to);
        }
        message.address(RTA_GATEWAY, gateway);
        self.ask(message)
    }

    /// Joins a new link of this namespace with a new one of another.
    pub(crate) fn add_pair(
        &self,
        (link, name): (Link, &str),
        (peer, peer_name): (Link, &str),
        namespace: BorrowedFd<'_>,
    ) -> Result<(), Errno> {
        let mut message = Message::new(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
        message.link(link, 0);
        message.name(name);
        message.nested(IFLA_LINKINFO, |message| {
            message.attribute(IFLA_INFO_KIND, b"veth");
            message.nested(IFLA_INFO_DATA, |message| {
                message.nested(VETH_INFO_PEER, |message| {
                    message.link(peer, 0);
                    message.name(peer_name);
                    message.attribute(IFLA_NET_NS_FD, &namespace.as_raw_fd().to_ne_bytes());
                });
            });
        });
        self.ask(message)
    }

    /// The kernel has its answer ready before the sending returns.
    fn ask(&self, message: Message) -> Result<(), Errno> {
        let kernel = SocketAddrNetlink::new(0, 0);
        sendto(&self.0, &message.done(), SendFlags::empty(), &kernel)?;
        let mut buffer = [0; ANSWER_BYTES_MAX];
        let (read, _, _) = recvfrom(&self.0, &mut buffer, RecvFlags::DONTWAIT)?;
        let answer = buffer.get(..read).unwrap_or_default();
        let code = answer.get(HEAD_BYTES..HEAD_BYTES + 4);
        let code: [u8; 4] = code
            .and_then(|code| code.try_into().ok())
            .ok_or(Errno::PROTO)?;
        match i32::from_ne_bytes(code) {
            0 => Ok(()),
            code => Err(Errno::from_raw_os_error(code.saturating_neg())),
        }
    }
}

/// A message to the kernel as it grows; lengths are put where they belong when what they count is
/// there.
pub(super) struct Message(Vec<u8>);

impl Message {
    fn new(kind: u16, flags: u16) -> Self {
        Self::of(kind, flags | NLM_F_ACK)
    }

    /// One to which the answer is all that is wanted.
    pub(super) fn question(kind: u16) -> Self {
        Self::of(kind, 0)
    }

    fn of(kind: u16, flags: u16) -> Self {
        let mut message = Self(Vec::with_capacity(128));
        message.bytes(&0_u32.to_ne_bytes());
        message.bytes(&kind.to_ne_bytes());
        message.bytes(&(flags | NLM_F_REQUEST).to_ne_bytes());
        message.bytes(&[0; 8]);
        message
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// `ifinfomsg`
    fn link(&mut self, link: Link, up: u32) {
        self.bytes(&[0; 4]);
        self.bytes(&link.0.to_ne_bytes());
        self.bytes(&up.to_ne_bytes());
        self.bytes(&up.to_ne_bytes());
    }

    fn name(&mut self, name: &str) {
        let mut bytes = name.as_bytes().to_vec();
        bytes.push(0);
        self.attribute(IFLA_IFNAME, &bytes);
    }

    pub(super) fn address(&mut self, kind: u16, ip: IpAddr) {
        match ip {
            IpAddr::V4(ip) => self.attribute(kind, &Ipv4Addr::octets(&ip)),
            IpAddr::V6(ip) => self.attribute(kind, &Ipv6Addr::octets(&ip)),
        }
    }

    pub(super) fn attribute(&mut self, kind: u16, value: &[u8]) {
        self.nested(kind, |message| message.bytes(value));
    }

    fn nested(&mut self, kind: u16, fill: impl FnOnce(&mut Self)) {
        let start = self.0.len();
        self.bytes(&[0; 2]);
        self.bytes(&kind.to_ne_bytes());
        fill(self);
        let length = u16::try_from(self.0.len() - start).unwrap_or(u16::MAX);
        if let Some(place) = self.0.get_mut(start..start + 2) {
            place.copy_from_slice(&length.to_ne_bytes());
        }
        self.0.resize(self.0.len().next_multiple_of(4), 0);
    }

    pub(super) fn done(mut self) -> Vec<u8> {
        let length = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        if let Some(place) = self.0.get_mut(..4) {
            place.copy_from_slice(&length.to_ne_bytes());
        }
        self.0
    }
}

pub(super) fn family(ip: IpAddr) -> u8 {
    match ip {
        IpAddr::V4(_) => AF_INET,
        IpAddr::V6(_) => AF_INET6,
    }
}

const AF_INET: u8 = 2;
const AF_INET6: u8 = 10;
const NLM_F_REQUEST: u16 = 1;
const NLM_F_ACK: u16 = 4;
const NLM_F_REPLACE: u16 = 0x100;
const NLM_F_EXCL: u16 = 0x200;
const NLM_F_CREATE: u16 = 0x400;
const RTM_NEWLINK: u16 = 16;
const RTM_NEWADDR: u16 = 20;
const RTM_NEWROUTE: u16 = 24;
const IFF_UP: u32 = 1;
const IFLA_IFNAME: u16 = 3;
const IFLA_LINKINFO: u16 = 18;
const IFLA_NET_NS_FD: u16 = 28;
const IFLA_INFO_KIND: u16 = 1;
const IFLA_INFO_DATA: u16 = 2;
const VETH_INFO_PEER: u16 = 1;
const IFA_ADDRESS: u16 = 1;
const IFA_LOCAL: u16 = 2;
const IFA_F_NODAD: u8 = 2;
const RTA_DST: u16 = 1;
const RTA_GATEWAY: u16 = 5;
const RT_TABLE_MAIN: u8 = 254;
const RTPROT_STATIC: u8 = 4;
const RT_SCOPE_UNIVERSE: u8 = 0;
const RTN_UNICAST: u8 = 1;
const HEAD_BYTES: usize = 16;
// An acknowledgement: two heads, an error and a few words on it.
const ANSWER_BYTES_MAX: usize = 1_024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_padded_and_count_themselves() {
        let mut message = Message::new(RTM_NEWLINK, 0);
        message.name("lo");
        let bytes = message.done();
        assert_eq!(bytes.len(), HEAD_BYTES + 8);
        assert_eq!(&bytes[..4], &24_u32.to_ne_bytes());
        assert_eq!(&bytes[16..18], &7_u16.to_ne_bytes());
        assert_eq!(&bytes[20..24], b"lo\0\0");
    }

    #[test]
    fn a_nested_attribute_counts_what_is_in_it() {
        let mut message = Message::new(RTM_NEWLINK, 0);
        message.nested(IFLA_LINKINFO, |message| {
            message.attribute(IFLA_INFO_KIND, b"veth");
        });
        let bytes = message.done();
        assert_eq!(&bytes[16..18], &12_u16.to_ne_bytes());
        assert_eq!(&bytes[20..22], &8_u16.to_ne_bytes());
    }

    #[test]
    fn the_kernel_says_no() {
        let routes = Routes::open().unwrap();
        let nowhere = routes.raise(Link::numbered(30_000));
        assert!(
            matches!(nowhere, Err(Errno::NODEV | Errno::PERM)),
            "{nowhere:?}"
        );
    }
}

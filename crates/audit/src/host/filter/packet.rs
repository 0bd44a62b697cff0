//! The first packet of a connection to the metadata service, as far as it is known, and the
//! registers in which rules keep parts of it.

use std::cmp::Ordering;
use std::net::IpAddr;

use super::{Comparison, Field};

/// A byte, if it is known.
pub(super) type Byte = Option<u8>;

/// A packet.
#[derive(Debug, Clone)]
pub(super) struct Packet {
    pub(super) to: IpAddr,
    /// Whose socket sends it; `None` for what is sent on for others.
    pub(super) user: Option<u32>,
}

/// What a condition comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Truth {
    Yes,
    No,
    Maybe,
}

impl Packet {
    /// What a field holds; `None` where the packet has no such thing, and the rule does not match.
    pub(super) fn field(&self, field: Field) -> Option<Vec<Byte>> {
        let is_v4 = self.to.is_ipv4();
        Some(match field {
            Field::Network(offset, length) => part(&self.network(), offset, length),
            Field::Transport(offset, length) => part(&transport(), offset, length),
            Field::User => known(&self.user?.to_ne_bytes()),
            Field::Family => vec![Some(if is_v4 { NFPROTO_IPV4 } else { NFPROTO_IPV6 })],
            Field::Protocol => vec![Some(IPPROTO_TCP)],
            Field::Carrier => {
                let number = if is_v4 { ETH_P_IP } else { ETH_P_IPV6 };
                known(&number.to_be_bytes())
            }
            // Devices have any name but the loopback's, as the service is not on the host.
            Field::DeviceOut | Field::DeviceOutNumber => vec![None; 16],
            Field::ConnectionState => known(&STATE_NEW.to_ne_bytes()),
            Field::NotKnown(length) => vec![None; length],
        })
    }

    fn network(&self) -> Vec<Byte> {
        let mut bytes;
        match self.to {
            IpAddr::V4(to) => {
                bytes = vec![None; 16];
                if let Some(protocol) = bytes.get_mut(9) {
                    *protocol = Some(IPPROTO_TCP);
                }
                bytes.extend(known(&to.octets()));
            }
            IpAddr::V6(to) => {
                bytes = vec![None; 24];
                if let Some(protocol) = bytes.get_mut(6) {
                    *protocol = Some(IPPROTO_TCP);
                }
                bytes.extend(known(&to.octets()));
            }
        }
        bytes
    }
}

fn transport() -> Vec<Byte> {
    let [high, low] = PORT.to_be_bytes();
    vec![None, None, Some(high), Some(low)]
}

fn known(bytes: &[u8]) -> Vec<Byte> {
    bytes.iter().copied().map(Some).collect()
}

fn part(bytes: &[Byte], offset: usize, length: usize) -> Vec<Byte> {
    let of = |at: usize| bytes.get(offset.saturating_add(at)).copied().flatten();
    (0..length.min(REGISTER_BYTES)).map(of).collect()
}

/// The registers of the kernel.
#[derive(Debug)]
pub(super) struct Registers([Byte; REGISTER_BYTES]);

impl Registers {
    pub(super) fn new() -> Self {
        Self([None; REGISTER_BYTES])
    }

    /// Writes bytes, and nothing behind the end.
    pub(super) fn put(&mut self, to: usize, bytes: &[Byte]) {
        let places = self.0.iter_mut().skip(to);
        places.zip(bytes).for_each(|(place, byte)| *place = *byte);
    }

    pub(super) fn get(&self, from: usize, length: usize) -> Vec<Byte> {
        part(&self.0, from, length)
    }

    pub(super) fn forget(&mut self) {
        self.0 = [None; REGISTER_BYTES];
    }
}

/// Whether bytes compare with others so, one after the other as memory is compared.
pub(super) fn compare(bytes: &[Byte], how: Comparison, with: &[u8]) -> Truth {
    let pairs = || bytes.iter().zip(with);
    let differs = pairs().any(|(byte, with)| byte.is_some_and(|byte| byte != *with));
    let is_known = bytes.iter().all(Option::is_some);
    let order = is_known.then(|| {
        let bytes = bytes.iter().copied().flatten();
        bytes.cmp(with.iter().copied())
    });
    let is = |truth: bool| if truth { Truth::Yes } else { Truth::No };
    match (how, order) {
        (Comparison::Equal, None) if differs => Truth::No,
        (Comparison::Different, None) if differs => Truth::Yes,
        (_, None) => Truth::Maybe,
        (Comparison::Equal, Some(order)) => is(order == Ordering::Equal),
        (Comparison::Different, Some(order)) => is(order != Ordering::Equal),
        (Comparison::Less, Some(order)) => is(order == Ordering::Less),
        (Comparison::AtMost, Some(order)) => is(order != Ordering::Greater),
        (Comparison::More, Some(order)) => is(order == Ordering::Greater),
        (Comparison::AtLeast, Some(order)) => is(order != Ordering::Less),
    }
}

impl Truth {
    pub(super) fn invert(self, inverted: bool) -> Self {
        match (self, inverted) {
            (Truth::Yes, true) => Truth::No,
            (Truth::No, true) => Truth::Yes,
            (other, _) => other,
        }
    }

    pub(super) fn of(truth: bool) -> Self {
        if truth { Truth::Yes } else { Truth::No }
    }
}

/// The port of the metadata service.
pub(super) const PORT: u16 = 80;
const NFPROTO_IPV4: u8 = 2;
const NFPROTO_IPV6: u8 = 10;
const IPPROTO_TCP: u8 = 6;
const ETH_P_IP: u16 = 0x0800;
const ETH_P_IPV6: u16 = 0x86dd;
// NF_CT_STATE_BIT(IP_CT_NEW)
const STATE_NEW: u32 = 8;
// Of nft_regs: four words for a verdict, and sixteen.
const REGISTER_BYTES: usize = 80;

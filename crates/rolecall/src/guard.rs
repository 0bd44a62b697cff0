//! The guard's part of the world: the packet filter, the metadata service itself, and the proof.
//!
//! Who may see what is `agent::guard`'s to say, and what callers are answered is in
//! `serve::guard`.

mod endpoint;
mod kept;
mod lockdown;
mod only;
mod probe;
mod proof;
mod sight;
mod state;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

pub(crate) use endpoint::Endpoint;
pub(crate) use kept::{Before, Kept};
pub(crate) use lockdown::Lockdown;
pub(crate) use only::Only;
pub(crate) use proof::{Broken, Sign, prove};
pub(crate) use sight::{Reach, Sight, look};
pub(crate) use state::State;

/// Where the metadata service is on every instance.
pub(crate) const ENDPOINTS: [SocketAddr; 2] = [
    SocketAddr::new(IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)), PORT),
    SocketAddr::new(
        IpAddr::V6(Ipv6Addr::new(0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x0254)),
        PORT,
    ),
];
const PORT: u16 = 80;

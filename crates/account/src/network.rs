//! The network that an account has in a region before anything is put into it: a default VPC.

use std::net::Ipv4Addr;

use crate::entity::{Keyring, Network, Subnet};
use crate::entropy::{Entropy, keyed_hash};
use crate::home::Home;
use crate::ids;

/// The network of a region that nothing was put into yet: made of the server's own keys, and so
/// always the same.
pub(crate) fn of(home: &Home, keyring: &Keyring) -> Option<Network> {
    let prefix = zone_id_prefix(home.region())?;
    let key = keyring.session_keys.expose().try_into().ok()?;
    let of = [
        b"network".as_slice(),
        home.account().as_bytes(),
        home.region().as_bytes(),
    ];
    let mut entropy = Entropy::new(keyed_hash(key, &of));
    Some(made(home.region(), &prefix, &mut entropy))
}

/// One of a default VPC, with three zones.
pub(crate) fn made(region: &str, zone_prefix: &str, entropy: &mut Entropy) -> Network {
    let subnet = |(index, letter): (u32, char)| Subnet {
        id: String::new(),
        availability_zone: format!("{region}{letter}"),
        availability_zone_id: format!("{zone_prefix}-az{}", index + 1),
        base: Ipv4Addr::from_bits(VPC_BASE.to_bits() + index * SUBNET_ADDRESSES),
    };
    let mut subnets: Vec<Subnet> = (0..).zip(['a', 'b', 'c']).map(subnet).collect();
    for subnet in &mut subnets {
        subnet.id = ids::resource_id("subnet-", entropy);
    }
    Network {
        vpc_id: ids::resource_id("vpc-", entropy),
        vpc_cidr: format!("{VPC_BASE}/16"),
        security_group_id: ids::resource_id("sg-", entropy),
        subnets,
    }
}

/// `use1` for `us-east-1`, `apse2` for `ap-southeast-2`. Source: RAM User Guide, "Availability Zone
/// IDs".
pub(crate) fn zone_id_prefix(region: &str) -> Option<String> {
    let mut parts = region.split('-');
    let (area, direction, number) =
        match (parts.next()?, parts.next()?, parts.next()?, parts.next()) {
            (area, direction, number, None) => (area.to_owned(), direction, number),
            (area, part, direction, Some(number)) if parts.next().is_none() => {
                (format!("{area}{}", part.chars().next()?), direction, number)
            }
            _ => return None,
        };
    let is_word =
        |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase());
    if !is_word(&area) || number.parse::<u8>().is_err() {
        return None;
    }
    let short = match direction {
        "north" => "n",
        "south" => "s",
        "east" => "e",
        "west" => "w",
        "central" => "c",
        "northeast" => "ne",
        "northwest" => "nw",
        "southeast" => "se",
        "southwest" => "sw",
        _ => return None,
    };
    Some(format!("{area}{short}{number}"))
}

// As in every default VPC: VPC User Guide, "Default VPC components".
pub(crate) const VPC_BASE: Ipv4Addr = Ipv4Addr::new(172, 31, 0, 0);
const SUBNET_ADDRESSES: u32 = 4_096;

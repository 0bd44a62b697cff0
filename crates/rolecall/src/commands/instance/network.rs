//! The network that a command sees which runs as an instance, and the sockets that the account is
//! to serve in it.
//!
//! The instance itself has one loopback with all addresses. A container on it stands behind a
//! router: the services are in one network, the instance in the next, the container in a third, so
//! that what comes with an IP TTL of 1 does not get there.
//!
//! Source: EC2 User Guide, "Instance metadata and user data", for the addresses of the service.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, UdpSocket};
use std::os::fd::{AsFd, OwnedFd};

use rustix::io::Errno;

use crate::control::Purpose;
use crate::failure::Failure;
use crate::host::namespaces::{go_into, new_network, own_network, refused};
use crate::host::route::{Link, Routes};

/// What is wanted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    pub(super) container: bool,
    /// Whether names of AWS lead to the account.
    pub(super) names: bool,
    pub(super) private_ip: Ipv4Addr,
}

/// What was made. The process is in the network in which the command is to be.
#[derive(Debug)]
pub(super) struct Network {
    /// For the account.
    pub(super) sockets: Vec<(Purpose, OwnedFd)>,
    /// Where the API is, if no name leads to it.
    pub(super) endpoint: Option<SocketAddr>,
    /// Networks on the way, which live as long as they are held.
    pub(super) held: Vec<OwnedFd>,
}

impl Network {
    /// Makes it, in new namespaces of this process.
    pub(super) fn make(wanted: Wanted) -> Result<Self, Failure> {
        let failed = |errno| refused("the network of the instance cannot be made", errno);
        let mut network = Self {
            sockets: Vec::new(),
            endpoint: None,
            held: Vec::new(),
        };
        let routes = Routes::open().map_err(failed)?;
        let has_ipv6 = network.serve_metadata(&routes).map_err(failed)?;
        if wanted.container {
            network
                .add_hops(&routes, wanted.private_ip)
                .map_err(failed)?;
        } else {
            let private = IpAddr::V4(wanted.private_ip);
            let added = routes.add_address(Link::LOOPBACK, private, 32);
            added.map_err(failed)?;
        }
        network.serve_api(wanted.names, has_ipv6).map_err(failed)?;
        Ok(network)
    }

    /// Tells whether there is IPv6.
    fn serve_metadata(&mut self, routes: &Routes) -> Result<bool, Errno> {
        routes.raise(Link::LOOPBACK)?;
        routes.add_address(Link::LOOPBACK, IpAddr::V4(METADATA), 32)?;
        self.listen(Purpose::Metadata, SocketAddr::from((METADATA, HTTP)))?;
        // A kernel may be without.
        let added = routes.add_address(Link::LOOPBACK, IpAddr::V6(METADATA_V6), 128);
        let has_ipv6 = added.is_ok();
        if has_ipv6 {
            self.listen(Purpose::Metadata, SocketAddr::from((METADATA_V6, HTTP)))?;
        }
        Ok(has_ipv6)
    }

    fn serve_api(&mut self, names: bool, has_ipv6: bool) -> Result<(), Errno> {
        let local = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        if !names {
            self.endpoint = Some(self.listen(Purpose::Api, local(0))?);
            return Ok(());
        }
        self.listen(Purpose::Api, local(HTTP))?;
        self.listen(Purpose::ApiTls, local(HTTPS))?;
        self.listen(Purpose::NamesTcp, local(DOMAIN))?;
        let datagrams = UdpSocket::bind(local(DOMAIN)).map_err(|error| errno(&error))?;
        self.sockets.push((Purpose::Names, datagrams.into()));
        if has_ipv6 {
            let local = |port| SocketAddr::from((Ipv6Addr::LOCALHOST, port));
            self.listen(Purpose::Api, local(HTTP))?;
            self.listen(Purpose::ApiTls, local(HTTPS))?;
        }
        Ok(())
    }

    /// From the network of the services to one that is two hops away.
    fn add_hops(&mut self, services: &Routes, private_ip: Ipv4Addr) -> Result<(), Errno> {
        let (outer, inner) = (Link::numbered(1), Link::numbered(2));
        let service = own_network()?;
        let instance = new_network()?;
        let on_instance = Routes::open()?;
        let container = new_network()?;
        let in_container = Routes::open()?;
        go_into(&instance)?;
        on_instance.add_pair((outer, "eth0"), (outer, "imds0"), service.as_fd())?;
        on_instance.add_pair((inner, "docker0"), (outer, "eth0"), container.as_fd())?;
        forward()?;
        on_instance.raise(Link::LOOPBACK)?;
        raise(&on_instance, outer, INSTANCE)?;
        raise(&on_instance, inner, BRIDGE)?;
        on_instance.add_address(outer, IpAddr::V4(private_ip), 32)?;
        raise(services, outer, SERVICE)?;
        in_container.raise(Link::LOOPBACK)?;
        raise(&in_container, outer, CONTAINER)?;
        lead(&on_instance, ((METADATA, 32), (METADATA_V6, 128)), SERVICE)?;
        lead(services, CONTAINERS, INSTANCE)?;
        let anywhere = ((Ipv4Addr::UNSPECIFIED, 0), (Ipv6Addr::UNSPECIFIED, 0));
        lead(&in_container, anywhere, BRIDGE)?;
        go_into(&container)?;
        self.held.extend([service, instance, container]);
        Ok(())
    }

    fn listen(&mut self, purpose: Purpose, address: SocketAddr) -> Result<SocketAddr, Errno> {
        let listener = TcpListener::bind(address).map_err(|error| errno(&error))?;
        let address = listener.local_addr().map_err(|error| errno(&error))?;
        self.sockets.push((purpose, listener.into()));
        Ok(address)
    }
}

/// One end of a link between two networks.
#[derive(Debug, Clone, Copy)]
struct End {
    v4: Ipv4Addr,
    prefix: u8,
    v6: Ipv6Addr,
}

/// Gives a link its addresses and raises it. What IPv6 refuses, a kernel may be without.
fn raise(routes: &Routes, link: Link, end: End) -> Result<(), Errno> {
    routes.add_address(link, IpAddr::V4(end.v4), end.prefix)?;
    let _without = routes.add_address(link, IpAddr::V6(end.v6), 64);
    routes.raise(link)
}

type Places = ((Ipv4Addr, u8), (Ipv6Addr, u8));

fn lead(routes: &Routes, ((v4, prefix), (v6, prefix_v6)): Places, by: End) -> Result<(), Errno> {
    let _without = routes.add_route(IpAddr::V6(v6), prefix_v6, IpAddr::V6(by.v6));
    routes.add_route(IpAddr::V4(v4), prefix, IpAddr::V4(by.v4))
}

/// Has this network pass on what is not for it.
fn forward() -> Result<(), Errno> {
    let _without = std::fs::write("/proc/sys/net/ipv6/conf/all/forwarding", "1");
    std::fs::write("/proc/sys/net/ipv4/ip_forward", "1").map_err(|error| errno(&error))
}

fn errno(error: &std::io::Error) -> Errno {
    Errno::from_io_error(error).unwrap_or(Errno::IO)
}

const METADATA: Ipv4Addr = Ipv4Addr::new(169, 254, 169, 254);
const METADATA_V6: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254);
// Those of the documentation (RFC 5737, RFC 3849) are nobody's; a container's is as Docker has it.
const SERVICE: End = End {
    v4: Ipv4Addr::new(192, 0, 2, 1),
    prefix: 30,
    v6: Ipv6Addr::new(0x2001, 0xdb8, 0, 1, 0, 0, 0, 1),
};
const INSTANCE: End = End {
    v4: Ipv4Addr::new(192, 0, 2, 2),
    prefix: 30,
    v6: Ipv6Addr::new(0x2001, 0xdb8, 0, 1, 0, 0, 0, 2),
};
const BRIDGE: End = End {
    v4: Ipv4Addr::new(172, 17, 0, 1),
    prefix: 16,
    v6: Ipv6Addr::new(0x2001, 0xdb8, 0, 2, 0, 0, 0, 1),
};
const CONTAINER: End = End {
    v4: Ipv4Addr::new(172, 17, 0, 2),
    prefix: 16,
    v6: Ipv6Addr::new(0x2001, 0xdb8, 0, 2, 0, 0, 0, 2),
};
const CONTAINERS: Places = (
    (Ipv4Addr::new(172, 17, 0, 0), 16),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 2, 0, 0, 0, 0), 64),
);
const HTTP: u16 = 80;
const HTTPS: u16 = 443;
const DOMAIN: u16 = 53;

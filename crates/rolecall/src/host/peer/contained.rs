//! Who is the other end of a connection that comes out of a network of its own, as a container's.
//!
//! The host sees an address and a port, which are worth nothing by themselves. So each network
//! namespace in which a process of this host is gets asked for the exact connection, as its caller
//! made it. One and no other must have it, and what this host sends to the caller must go there
//! (`wire`). Whose it is in there is found out as for callers of the host.
//!
//! A namespace is entered by a thread that ends after its work: no other thread of this process
//! ever leaves the host's.
//!
//! Sources: setns(2), network_namespaces(7) and sock_diag(7) of the Linux manual.

use std::collections::BTreeMap;
use std::mem::MaybeUninit;
use std::net::SocketAddr;
use std::os::fd::{AsFd, OwnedFd};

use agent::caller::{Network, Process};
use rustix::fs::{AtFlags, CWD, Mode, OFlags, RawDir, fstat, openat, stat, statat, statfs};
use rustix::io::Errno;

use super::diag::Socket;
use super::holders::{Doubt, Holders};
use super::wire::{Astray, Wires};
use super::{Pace, Unidentified, ids, tcp};
use crate::host::namespaces::go_into;

/// Whose a connection is that comes out of a network of its own.
#[derive(Debug)]
pub(crate) struct Contained {
    ends: [SocketAddr; 2],
    network: OwnedFd,
    id: Id,
    // Of the namespace, for all time until the next boot.
    cookie: u64,
    socket: Socket,
    user: Process,
}

/// Device and inode of a namespace, which no other has while it is held.
type Id = (u64, u64);

/// Why it is not certain whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unplaced {
    /// Somebody between has changed its address, or its process has gone.
    #[error("no network namespace of a process that is seen here has the connection from {0} open")]
    Nowhere(SocketAddr),
    /// Only one of them can be the caller's.
    #[error("{1} network namespaces have a connection from {0} open")]
    Several(SocketAddr, usize),
    /// They are seen, and no more.
    #[error("network namespaces cannot be entered: {0}")]
    Forbidden(Errno),
    /// More than are looked at.
    #[error("there are too many processes or network namespaces to look at")]
    TooMany,
    /// Another one may take its address.
    #[error("what is sent to {0} may not reach the caller: {1}")]
    Astray(SocketAddr, Astray),
    /// Something else went wrong.
    #[error("network namespaces cannot be looked at ({0}: {1})")]
    Failed(&'static str, Errno),
}

impl Unplaced {
    pub(super) fn hint(&self) -> &'static str {
        match self {
            Self::Nowhere(_) => {
                "callers behind address translation (masquerade) cannot be told apart; let their \
                 containers use the host's network or a bridge of the host"
            }
            Self::Several(..) => "give each container an address of its own",
            Self::Forbidden(_) => {
                "the guard needs `CAP_SYS_ADMIN`, and its unit `RestrictNamespaces=net`: \
                 docs/guard.md has the drop-in"
            }
            Self::TooMany => "let fewer processes run on this host",
            Self::Astray(..) => {
                "containers have to be connected by veth, with or without a bridge; `ip neigh` \
                 and `bridge fdb` show who has which address"
            }
            Self::Failed(..) => {
                "see that /proc is mounted, and that the kernel is not out of memory"
            }
        }
    }
}

impl Contained {
    /// Looks for it. Some 2 µs for each process of the host, and 30 for each network; blocks.
    pub(crate) fn look(local: SocketAddr, peer: SocketAddr) -> Result<Self, Unidentified> {
        in_thread(|| Self::search(local, peer))?
    }

    /// What is certain without any process: the user.
    pub(crate) fn user(&self) -> &Process {
        &self.user
    }

    /// By what rules may call its network; the files at the paths are looked at now.
    pub(crate) fn network(&self, paths: &[String]) -> Network {
        Network {
            name: format!("net:[{}]", self.id.1),
            paths: named(self.id, paths),
        }
    }

    /// What no other network is called until the next boot.
    pub(crate) fn mark(&self) -> String {
        let (device, inode) = self.id;
        format!("{device}:{inode}:{}", self.cookie)
    }

    /// All processes that have it open. Blocks.
    pub(crate) fn holders(&self) -> Result<Holders, Unidentified> {
        let [local, peer] = self.ends;
        self.inside(|| Holders::look(local, peer, Pace::Patient))?
    }

    /// Looks once more: the same connection in the same network, which answers still go to, and
    /// the same holders. Blocks.
    pub(crate) fn look_again(&self, holders: Option<&Holders>) -> Result<(), Doubt> {
        let [local, peer] = self.ends;
        let now = Self::look(local, peer).map_err(|_| Doubt::Gone)?;
        if (now.id, now.cookie, now.socket) != (self.id, self.cookie, self.socket) {
            return Err(Doubt::Gone);
        }
        let Some(holders) = holders else {
            return Ok(());
        };
        let again = self.inside(|| holders.look_again(Pace::Patient));
        again.map_err(|_| Doubt::Gone)?
    }

    fn search(local: SocketAddr, peer: SocketAddr) -> Result<Self, Unidentified> {
        let failed = |what| move |errno| Unplaced::Failed(what, errno);
        let host = Wires::open().map_err(failed("NETLINK_ROUTE"))?;
        let mut found = Vec::new();
        for (id, network) in networks()? {
            enter(&network)?;
            if let Some(socket) = tcp::find_inside(local, peer)? {
                found.push((id, network, socket));
            }
        }
        let count = found.len();
        let Ok([(id, network, socket)]) = <[_; 1]>::try_from(found) else {
            return Err(match count {
                0 => Unplaced::Nowhere(peer),
                count => Unplaced::Several(peer, count),
            }
            .into());
        };
        enter(&network)?;
        let inside = Wires::open().map_err(failed("NETLINK_ROUTE"))?;
        let ip = peer.ip().to_canonical();
        let way = host.lead_into((network.as_fd(), &inside), ip);
        way.map_err(|astray| Unplaced::Astray(peer, astray))?;
        Ok(Self {
            ends: [local, peer],
            network,
            id,
            cookie: inside.cookie(),
            socket,
            user: ids::nameless(socket.uid, None)?,
        })
    }

    fn inside<T: Send>(&self, work: impl FnOnce() -> T + Send) -> Result<T, Unidentified> {
        in_thread(|| {
            enter(&self.network)?;
            Ok(work())
        })?
    }
}

/// Which of some paths lead to the network of this process.
pub(crate) fn leads_to_host(paths: &[String]) -> Network {
    if paths.is_empty() {
        return Network::host();
    }
    let own = stat(OWN).map(|it| (it.st_dev, it.st_ino));
    let paths = own.map(|own| named(own, paths)).unwrap_or_default();
    // One where nothing is leads nowhere, and callers of the host are where the host is.
    let known = |(path, is_it): (String, Option<bool>)| (path, Some(is_it == Some(true)));
    Network {
        paths: paths.into_iter().map(known).collect(),
        ..Network::host()
    }
}

/// Whether this process may go into network namespaces at all.
pub(crate) fn may_enter() -> Result<(), Unidentified> {
    in_thread(|| {
        let flags = OFlags::RDONLY | OFlags::CLOEXEC;
        let own = openat(CWD, OWN, flags, Mode::empty()).map_err(Unplaced::Forbidden)?;
        enter(&own)
    })?
    .map_err(Into::into)
}

fn enter(network: &OwnedFd) -> Result<(), Unplaced> {
    go_into(network).map_err(Unplaced::Forbidden)
}

/// On a thread of its own, as it may never come back to this network.
fn in_thread<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, Unidentified> {
    let failed = || Unplaced::Failed("clone", Errno::AGAIN).into();
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("guard-network".to_owned());
        let thread = thread.spawn_scoped(scope, work).map_err(|_| failed())?;
        thread.join().map_err(|_| failed())
    })
}

/// The network namespaces of this host's processes but that of this thread, each once and held.
fn networks() -> Result<BTreeMap<Id, OwnedFd>, Unplaced> {
    let failed = |errno| Unplaced::Failed("/proc", errno);
    let own = stat(OWN).map(|it| (it.st_dev, it.st_ino)).map_err(failed)?;
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let proc = openat(CWD, "/proc", flags, Mode::empty()).map_err(failed)?;
    let mut buffer = [MaybeUninit::uninit(); LISTING_BYTES];
    let mut entries = RawDir::new(&proc, &mut buffer);
    let (mut found, mut count) = (BTreeMap::new(), 0_usize);
    while let Some(entry) = entries.next() {
        let entry = entry.map_err(failed)?;
        let Some(number) = entry
            .file_name()
            .to_str()
            .ok()
            .filter(|name| is_number(name))
        else {
            continue;
        };
        count += 1;
        if count > PROCESSES_MAX {
            return Err(Unplaced::TooMany);
        }
        let path = format!("{number}/ns/net");
        let id = match statat(&proc, path.as_str(), AtFlags::empty()) {
            Ok(it) => (it.st_dev, it.st_ino),
            // It has ended, or is not shown. As with a namespace that no process is in, the way to
            // the caller tells that it is not this one.
            Err(errno) if is_passed_over(errno) => continue,
            Err(errno) => return Err(failed(errno)),
        };
        if id == own || found.contains_key(&id) {
            continue;
        }
        if found.len() >= NETWORKS_MAX {
            return Err(Unplaced::TooMany);
        }
        let flags = OFlags::RDONLY | OFlags::CLOEXEC;
        let network = match openat(&proc, path.as_str(), flags, Mode::empty()) {
            Ok(network) => network,
            Err(errno) if is_passed_over(errno) => continue,
            Err(errno) => return Err(failed(errno)),
        };
        // It may have gone into another one since.
        let it = fstat(&network).map_err(failed)?;
        let id = (it.st_dev, it.st_ino);
        if id != own {
            found.insert(id, network);
        }
    }
    Ok(found)
}

fn is_passed_over(errno: Errno) -> bool {
    matches!(
        errno,
        Errno::NOENT | Errno::SRCH | Errno::ACCESS | Errno::PERM
    )
}

fn is_number(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether each path is a namespace; `None` where none is there.
fn named(id: Id, paths: &[String]) -> Vec<(String, Option<bool>)> {
    let is_it = |path: &str| {
        let is_namespace = statfs(path).is_ok_and(|it| it.f_type == NSFS_MAGIC);
        let it = stat(path).ok().filter(|_| is_namespace)?;
        Some((it.st_dev, it.st_ino) == id)
    };
    let paths = paths.iter();
    paths.map(|path| (path.clone(), is_it(path))).collect()
}

const OWN: &str = "/proc/thread-self/ns/net";
const LISTING_BYTES: usize = 8 << 10;
// Hosts have hundreds.
const PROCESSES_MAX: usize = 32_768;
// Each is an open file while it is looked at.
const NETWORKS_MAX: usize = 1_024;
/// `NSFS_MAGIC` of the kernel.
const NSFS_MAGIC: i64 = 0x6E73_6673;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_namespaces_or_not_known() {
        let own = stat(OWN).unwrap();
        let id = (own.st_dev, own.st_ino);
        let paths = [OWN, "/proc/self/ns/uts", "/nonexistent", "/etc/passwd"].map(str::to_owned);
        let told: Vec<_> = named(id, &paths)
            .into_iter()
            .map(|(_, is_it)| is_it)
            .collect();
        assert_eq!(told, [Some(true), Some(false), None, None]);
        let host = leads_to_host(&paths);
        let told: Vec<_> = paths.iter().map(|path| host.is(path).unwrap()).collect();
        assert_eq!(told, [true, false, false, false]);
        assert_eq!(host.is("host"), Some(true));
    }

    #[test]
    fn whoever_is_nowhere_is_told_the_way_out() {
        let peer: SocketAddr = "192.0.2.1:5".parse().unwrap();
        for unplaced in [
            Unplaced::Nowhere(peer),
            Unplaced::Several(peer, 2),
            Unplaced::Forbidden(Errno::PERM),
            Unplaced::TooMany,
            Unplaced::Astray(peer, Astray::Elsewhere),
            Unplaced::Failed("/proc", Errno::NOENT),
        ] {
            let text = unplaced.to_string();
            assert!(!text.contains('\n') && !text.ends_with('.'), "{text}");
            assert!(!Unidentified::from(unplaced).hint().is_empty());
        }
    }
}

//! Who asks: what is known for certain about the other end of a connection.
//!
//! Only holds what the world found out; how a kernel or a certificate is asked is not known here,
//! nor what a caller may do. A field that is empty was not found out and must match no rule.

use std::net::SocketAddr;

/// The process at the other end of a local connection.
///
/// `uid` is the kernel's word and always there. The rest is there only where it is beyond doubt
/// that it belongs to the process that connected.
///
/// What each field is worth against whom: `uid`, `gid`, `groups` and the system's units are given
/// by the kernel and by root. `exe` holds against other users, but processes of one user can
/// start, trace and pass sockets to each other, so it does not part them against their will.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Process {
    /// In the agent's PID namespace. `None` where the process has exited, stands outside the
    /// namespace, or cannot be told apart from others; then `exe`, `unit` and `cgroup` are `None`.
    pub pid: Option<u32>,
    /// Of a Unix socket: the effective user at the time of `connect`. Of TCP: the user that made
    /// the socket.
    pub uid: u32,
    /// The group that goes with it; [`NO_GID`] where it was not found out.
    pub gid: u32,
    /// Supplementary groups.
    pub groups: Vec<u32>,
    /// The absolute path of the program, where the file of that path is the one that runs.
    pub exe: Option<String>,
    /// The system's systemd unit, such as `app.service`. What a user's own manager runs has the
    /// manager in front, `user@1000.service/app.service`, so that no user can make a unit that
    /// passes for one of the system's.
    pub unit: Option<String>,
    /// The path in the hierarchy of control groups that systemd keeps, such as
    /// `/system.slice/app.service`.
    pub cgroup: Option<String>,
    /// The network namespace in which the connection was made; `None` where nobody asked.
    pub network: Option<Network>,
}

/// A network namespace, by what rules may call it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Network {
    /// [`HOST_NETWORK`], or as the kernel calls it, `net:[4026532281]`.
    pub name: String,
    /// Each path that was looked at, and whether it is this namespace; `None` where nothing was
    /// found there.
    pub paths: Vec<(String, Option<bool>)>,
}

impl Network {
    /// That of the host, of which no path was looked at.
    pub fn host() -> Self {
        Self {
            name: HOST_NETWORK.to_owned(),
            paths: Vec::new(),
        }
    }

    /// Whether it is the host's.
    pub fn is_host(&self) -> bool {
        self.name == HOST_NETWORK
    }

    /// Whether it is what a rule calls so; `None` where nobody knows.
    pub fn is(&self, called: &str) -> Option<bool> {
        if called == HOST_NETWORK {
            return Some(self.is_host());
        }
        let mut paths = self.paths.iter();
        paths.find(|(path, _)| path == called)?.1
    }

    /// For people: the first path that is it, else its name.
    pub fn shown(&self) -> &str {
        let mut paths = self.paths.iter();
        let named = paths.find(|(_, is_it)| *is_it == Some(true));
        let named = named.filter(|_| !self.is_host());
        named.map_or(self.name.as_str(), |(path, _)| path)
    }
}

impl Process {
    /// Somebody of whom only the user is known.
    pub fn user_alone(uid: u32) -> Self {
        Self {
            pid: None,
            uid,
            gid: NO_GID,
            groups: Vec::new(),
            exe: None,
            unit: None,
            cgroup: None,
            network: None,
        }
    }
}

/// All that is known of who sent a request.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Caller {
    /// Over a Unix socket, or TCP within the host.
    pub process: Option<Process>,
    /// Of a client certificate that was verified: DNS, URI and email subject alternative names
    /// and the subject's common name.
    pub certificate_names: Vec<String>,
    /// The name of the token that was shown, never the token.
    pub token: Option<String>,
    /// The other end's address; `None` over a Unix socket.
    pub address: Option<SocketAddr>,
}

/// What rules call the network namespace of the host.
pub const HOST_NETWORK: &str = "host";
/// The group that was not found out: `(gid_t) -1`, which no process can have.
pub const NO_GID: u32 = u32::MAX;

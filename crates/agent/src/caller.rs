//! Who asks: what is known for certain of the other end of a connection.
//!
//! Finds nothing out: the world asks the kernel, the certificate and the token.

use std::net::SocketAddr;

/// A process of this host, as the kernel knows it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Process {
    /// `None` where it cannot be told which of several processes holds the connection.
    pub pid: Option<u32>,
    /// User.
    pub uid: u32,
    /// Group.
    pub gid: u32,
    /// Supplementary groups.
    pub groups: Vec<u32>,
    /// Path of the executable.
    pub exe: Option<String>,
    /// systemd unit.
    pub unit: Option<String>,
    /// Control group: `/system.slice/app.service`.
    pub cgroup: Option<String>,
}

/// The other end of a connection; what is not known stands for nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Caller {
    /// The process, where the connection is local.
    pub process: Option<Process>,
    /// Names in the client's certificate, once it is verified.
    pub certificate_names: Vec<String>,
    /// Name of the token that was shown; never the token.
    pub token: Option<String>,
    /// Where a connection over the network comes from.
    pub address: Option<SocketAddr>,
}

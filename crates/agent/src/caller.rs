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

/// The group that was not found out: `(gid_t) -1`, which no process can have.
pub const NO_GID: u32 = u32::MAX;

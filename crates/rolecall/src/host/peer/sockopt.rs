//! What the kernel says of the other end of a connected Unix socket.
//!
//! All of it is what held at the time of `connect`. Knows nothing of /proc.
//!
//! Source: unix(7) of the Linux manual; `SO_PEERGROUPS` is in Linux since 4.13 and `SO_PEERPIDFD`
//! since 6.5.

#![expect(unsafe_code, reason = "these options have no safe wrapper")]

use std::ffi::c_int;
use std::mem::{MaybeUninit, size_of};
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd};

use rustix::io::Errno;

/// `SO_PEERCRED`: effective ids, in this process's namespaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Credentials {
    /// 0 for a process outside the PID namespace.
    pub(super) pid: i32,
    pub(super) uid: u32,
    pub(super) gid: u32,
}

/// Who connected, listened or made the pair.
pub(super) fn credentials(socket: BorrowedFd<'_>) -> Result<Credentials, Errno> {
    let mut credentials = MaybeUninit::<libc::ucred>::uninit();
    let space = std::slice::from_mut(&mut credentials);
    let length = get(socket, libc::SO_PEERCRED, space)?;
    if length != size_of::<libc::ucred>() {
        return Err(Errno::INVAL);
    }
    // SAFETY: the kernel has written all bytes of it, and any bytes are a value of it.
    let credentials = unsafe { credentials.assume_init() };
    Ok(Credentials {
        pid: credentials.pid,
        uid: credentials.uid,
        gid: credentials.gid,
    })
}

/// A descriptor of the very process, which no other can take the place of. `NOPROTOOPT` where
/// the kernel is too old; other errors where the process is gone.
pub(super) fn pidfd(socket: BorrowedFd<'_>) -> Result<OwnedFd, Errno> {
    let mut descriptor = [MaybeUninit::new(-1)];
    let length = get(socket, SO_PEERPIDFD, &mut descriptor)?;
    let [descriptor] = descriptor;
    // SAFETY: it was set before the call.
    let descriptor: c_int = unsafe { descriptor.assume_init() };
    if length != size_of::<c_int>() || descriptor < 0 {
        return Err(Errno::INVAL);
    }
    // SAFETY: the kernel made it for this call, and nobody else knows of it.
    Ok(unsafe { OwnedFd::from_raw_fd(descriptor) })
}

/// Supplementary groups.
pub(super) fn groups(socket: BorrowedFd<'_>) -> Result<Vec<u32>, Errno> {
    let mut room = GROUPS_FIRST;
    loop {
        let mut groups: Vec<u32> = Vec::with_capacity(room);
        match get(socket, SO_PEERGROUPS, groups.spare_capacity_mut()) {
            Ok(length) => {
                let count = length / size_of::<u32>();
                debug_assert!(count <= groups.capacity());
                // SAFETY: the kernel has written so many bytes, which fit, as `get` checks.
                unsafe { groups.set_len(count) };
                return Ok(groups);
            }
            Err(Errno::RANGE) if room < GROUPS_MAX => room = GROUPS_MAX,
            Err(error) => return Err(error),
        }
    }
}

/// `SO_NETNS_COOKIE`: a number of the socket's network namespace that no other one gets until the
/// next boot; since Linux 5.14.
pub(super) fn network_cookie(socket: BorrowedFd<'_>) -> Result<u64, Errno> {
    let mut cookie = [MaybeUninit::new(0)];
    get(socket, SO_NETNS_COOKIE, &mut cookie)?;
    let [cookie] = cookie;
    // SAFETY: it was set before the call.
    Ok(unsafe { cookie.assume_init() })
}

/// Has the kernel write the option's value into `space`; how many bytes it wrote, at most all.
fn get<T>(
    socket: BorrowedFd<'_>,
    option: c_int,
    space: &mut [MaybeUninit<T>],
) -> Result<usize, Errno> {
    let bytes = size_of_val(space);
    let mut length = libc::socklen_t::try_from(bytes).map_err(|_| Errno::INVAL)?;
    // SAFETY: the descriptor is open while borrowed, and the space is as long as said.
    let outcome = unsafe {
        libc::getsockopt(
            socket.as_raw_fd(),
            libc::SOL_SOCKET,
            option,
            space.as_mut_ptr().cast(),
            &raw mut length,
        )
    };
    if outcome != 0 {
        let error = std::io::Error::last_os_error();
        return Err(Errno::from_io_error(&error).unwrap_or(Errno::IO));
    }
    usize::try_from(length)
        .ok()
        .filter(|length| *length <= bytes)
        .ok_or(Errno::INVAL)
}

// Of the kernel's `asm-generic/socket.h`, which all architectures follow that Rust's own
// distributions for Linux are made for, except SPARC.
const SO_PEERGROUPS: c_int = 59;
const SO_PEERPIDFD: c_int = 77;
const SO_NETNS_COOKIE: c_int = 71;
const GROUPS_FIRST: usize = 64;
/// `NGROUPS_MAX`.
const GROUPS_MAX: usize = 65_536;

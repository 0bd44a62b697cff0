//! A child in namespaces of its own: users, processes, mounts, network and the host's name.
//!
//! Needs no privileges where the kernel lets users make namespaces; where it does not, says what
//! forbids it. Knows nothing of what is then done in there.
//!
//! Source: clone(2), user_namespaces(7), pid_namespaces(7) of the Linux manual; Ubuntu's
//! "Restricted unprivileged user namespaces" for AppArmor.

use std::fmt::Write as _;
use std::fs;
use std::os::fd::{AsFd, OwnedFd};

use rustix::fs::{Mode, OFlags, open};
use rustix::io::Errno;
use rustix::process::{DumpableBehavior, Pid, Signal};
use rustix::process::{getegid, geteuid, kill_process, set_dumpable_behavior};

use rustix::thread::{LinkNameSpaceType, UnshareFlags, move_into_link_name_space, unshare_unsafe};

use crate::failure::Failure;

/// In which of two processes the caller goes on.
#[derive(Debug)]
pub(crate) enum Forked {
    /// The first process of the new namespaces. It ends with whoever made it, once it has called
    /// [`end_with_parent`], and all others in there end with it.
    Child,
    /// Who made it.
    Parent(Pid),
}

/// Who the user is inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Inside {
    /// The same user.
    Same,
    /// Root, of these namespaces alone.
    Root,
}

/// Goes on in a child in new namespaces. For a process with one thread; the child is nobody until
/// [`map_users`] was called for it.
pub(crate) fn fork() -> Result<Forked, Failure> {
    // Without this, what /proc has of the child would be root's.
    let _refused = set_dumpable_behavior(DumpableBehavior::Dumpable);
    let flags = libc::CLONE_NEWUSER
        | libc::CLONE_NEWPID
        | libc::CLONE_NEWNS
        | libc::CLONE_NEWNET
        | libc::CLONE_NEWUTS;
    match clone(flags | libc::SIGCHLD) {
        Ok(Some(child)) => Ok(Forked::Parent(child)),
        Ok(None) => Ok(Forked::Child),
        Err(errno) => Err(forbidden(errno)),
    }
}

#[expect(unsafe_code, reason = "a fork into namespaces has no safe wrapper")]
fn clone(flags: libc::c_int) -> Result<Option<Pid>, Errno> {
    let none: libc::c_ulong = 0;
    let flags = libc::c_long::from(flags);
    // SAFETY: without CLONE_VM and a stack this is fork(2): the child has a copy of all memory. The
    // process has one thread, so no lock is held by a thread that the child does not have.
    let pid = unsafe { libc::syscall(libc::SYS_clone, flags, none, none, none, none) };
    if pid < 0 {
        let error = std::io::Error::last_os_error();
        return Err(Errno::from_io_error(&error).unwrap_or(Errno::PERM));
    }
    let pid = i32::try_from(pid).map_err(|_| Errno::OVERFLOW)?;
    Ok(Pid::from_raw(pid))
}

/// Goes on in a new network, which lives as long as it or something in it is held.
#[expect(
    unsafe_code,
    reason = "unsharing is unsafe where it unshares descriptors"
)]
pub(crate) fn new_network() -> Result<OwnedFd, Errno> {
    // SAFETY: only the network is unshared, and no descriptor changes its meaning.
    unsafe { unshare_unsafe(UnshareFlags::NEWNET) }?;
    own_network()
}

/// The network that this process is in.
pub(crate) fn own_network() -> Result<OwnedFd, Errno> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC;
    open("/proc/self/ns/net", flags, Mode::empty())
}

/// Goes on in a network that is held.
pub(crate) fn go_into(network: &OwnedFd) -> Result<(), Errno> {
    move_into_link_name_space(network.as_fd(), Some(LinkNameSpaceType::Network))
}

/// Says who is who inside. Whoever may, has all users of this namespace be the same in there.
pub(crate) fn map_users(child: Pid, inside: Inside) -> Result<(), Failure> {
    let of = |file: &str| format!("/proc/{}/{file}", child.as_raw_pid());
    let whole = |file: &str| {
        let held = fs::read_to_string(format!("/proc/self/{file}"))?;
        fs::write(of(file), same(&held))
    };
    let (uid, gid) = (geteuid().as_raw(), getegid().as_raw());
    if uid == 0 && whole("uid_map").is_ok() {
        return whole("gid_map").map_err(|error| unmapped(&error));
    }
    let (user, group) = match inside {
        Inside::Same => (uid, gid),
        Inside::Root => (0, 0),
    };
    fs::write(of("setgroups"), "deny")
        .and_then(|()| fs::write(of("uid_map"), format!("{user} {uid} 1\n")))
        .and_then(|()| fs::write(of("gid_map"), format!("{group} {gid} 1\n")))
        .map_err(|error| unmapped(&error))
}

/// A map of all that there is to itself, from one of `INSIDE OUTSIDE COUNT` lines.
fn same(held: &str) -> String {
    let mut map = String::new();
    for line in held.lines() {
        let mut numbers = line.split_whitespace();
        if let (Some(first), _, Some(count)) = (numbers.next(), numbers.next(), numbers.next()) {
            let _infallible = writeln!(map, "{first} {first} {count}");
        }
    }
    map
}

/// Has the kernel end this process when its parent ends, however that does.
pub(crate) fn end_with_parent() -> Result<(), Failure> {
    rustix::process::set_parent_process_death_signal(Some(Signal::KILL)).map_err(|error| {
        Failure::unfinished(format!(
            "the namespaces cannot be bound to this process: {error}"
        ))
    })
}

/// Has the host be called so, in here.
pub(crate) fn name_host(name: &str) -> Result<(), Errno> {
    rustix::system::sethostname(name.as_bytes())
}

/// Ends a child that nothing came of.
pub(crate) fn give_up(child: Pid) {
    let _gone = kill_process(child, Signal::KILL);
}

/// What a step inside was refused with, where that is for want of rights.
pub(crate) fn refused(what: &str, errno: Errno) -> Failure {
    if matches!(errno, Errno::PERM | Errno::ACCESS) {
        return forbidden(errno);
    }
    Failure::unfinished(format!("{what}: {errno}")).hint(WAY_OUT)
}

fn unmapped(error: &std::io::Error) -> Failure {
    match Errno::from_io_error(error) {
        Some(errno) => refused("the user cannot be mapped into the namespace", errno),
        None => Failure::unfinished(format!("the user cannot be mapped: {error}")),
    }
}

/// Names what forbids namespaces, as far as the kernel shows it.
fn forbidden(errno: Errno) -> Failure {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let signs = Signs {
        errno,
        namespaces_max: read("/proc/sys/user/max_user_namespaces"),
        debian: read("/proc/sys/kernel/unprivileged_userns_clone"),
        apparmor: read("/proc/sys/kernel/apparmor_restrict_unprivileged_userns"),
        status: read("/proc/self/status"),
    };
    let (why, way_out) = signs.cause();
    let failure = Failure::unfinished(format!(
        "this system does not let you make namespaces: {why} ({errno})"
    ));
    match way_out {
        Some(way_out) => failure.hint(way_out).hint(WAY_OUT),
        None => failure.hint(WAY_OUT),
    }
}

/// What tells why namespaces are forbidden.
struct Signs {
    errno: Errno,
    namespaces_max: String,
    debian: String,
    apparmor: String,
    status: String,
}

impl Signs {
    fn cause(&self) -> (&'static str, Option<&'static str>) {
        if self.errno == Errno::NOSPC && self.namespaces_max.trim() == "0" {
            return (
                "the sysctl `user.max_user_namespaces` is 0",
                Some("an administrator allows them with `sysctl user.max_user_namespaces=10000`"),
            );
        }
        if self.errno == Errno::NOSPC || self.errno == Errno::USERS {
            return (
                "there are too many of them, or they are nested too deep",
                Some("end some, or look at the sysctls below `user.`"),
            );
        }
        if self.debian.trim() == "0" {
            return (
                "the sysctl `kernel.unprivileged_userns_clone` is 0",
                Some(
                    "an administrator allows them with `sysctl kernel.unprivileged_userns_clone=1`",
                ),
            );
        }
        if self.apparmor.trim() == "1" && !geteuid().is_root() {
            return (
                "AppArmor restricts them (`kernel.apparmor_restrict_unprivileged_userns` is 1)",
                Some("an administrator allows it by an AppArmor profile with `userns,`"),
            );
        }
        let line = self
            .status
            .lines()
            .find_map(|line| line.strip_prefix("Seccomp:"));
        if line.is_some_and(|mode| mode.trim() == "2") {
            return (
                "a seccomp filter of this process forbids them, as container runtimes set one",
                Some("start the container with a profile that allows `clone` with namespaces"),
            );
        }
        match self.errno {
            Errno::INVAL | Errno::NOSYS => ("the kernel was built without them", None),
            _ => ("the kernel refuses, and does not say why", None),
        }
    }
}

const WAY_OUT: &str = "`rolecall instance serve ID --listen 127.0.0.1:0` works without namespaces";

#[cfg(test)]
mod tests {
    use super::*;

    fn signs(errno: Errno) -> Signs {
        Signs {
            errno,
            namespaces_max: "96365\n".to_owned(),
            debian: String::new(),
            apparmor: String::new(),
            status: "Name:\tx\nSeccomp:\t0\n".to_owned(),
        }
    }

    #[test]
    fn the_cause_is_named() {
        let check = |signs: Signs, expect: &str| {
            let (why, _) = signs.cause();
            assert!(why.contains(expect), "{why}");
        };
        let sysctl = Signs {
            namespaces_max: "0\n".to_owned(),
            ..signs(Errno::NOSPC)
        };
        check(sysctl, "user.max_user_namespaces");
        check(signs(Errno::NOSPC), "too many");
        let debian = Signs {
            debian: "0\n".to_owned(),
            ..signs(Errno::PERM)
        };
        check(debian, "unprivileged_userns_clone");
        let filtered = Signs {
            status: "Seccomp:\t2\n".to_owned(),
            ..signs(Errno::PERM)
        };
        check(filtered, "seccomp");
        check(signs(Errno::INVAL), "built without");
        check(signs(Errno::PERM), "does not say why");
    }

    #[test]
    fn every_refusal_tells_the_way_out() {
        for errno in [Errno::PERM, Errno::NOSPC, Errno::NODEV] {
            let failure = refused("it cannot be", errno);
            assert_eq!(failure.exit, crate::failure::Exit::Unfinished);
            let hint = failure.hints.last().unwrap();
            assert!(hint.contains("rolecall instance serve"), "{hint}");
        }
    }

    #[test]
    fn a_map_is_copied_onto_itself() {
        let held = "         0       1000          1\n         1     100000      65536\n";
        assert_eq!(same(held), "0 0 1\n1 1 65536\n");
        assert_eq!(same(""), "");
    }
}

//! Keeps the process's memory out of swap.
//!
//! Only where that cannot make a later allocation fail. That it is not dumped is the business of
//! [`crate::host::harden`].
//!
//! Sources: mlockall(2) and capabilities(7) of the Linux manual.

use rustix::io::Errno;
use rustix::mm::{MlockAllFlags, mlockall};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustix::thread::{CapabilitySet, capabilities};

/// Why memory is not locked; the process works without, and secrets may come into swap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unlocked {
    /// Locking would make the allocation fail that comes to the limit.
    #[error("memory is not locked: the process may lock no more than {bytes} bytes")]
    Limit {
        /// `RLIMIT_MEMLOCK`.
        bytes: u64,
    },
    /// The kernel does not want to.
    #[error("memory is not locked: {0}")]
    Refused(Errno),
}

impl Unlocked {
    /// The way out.
    pub(crate) fn hint(self) -> &'static str {
        match self {
            Self::Limit { .. } => {
                "set `LimitMEMLOCK=infinity` in the agent's unit, or run where there is no swap"
            }
            Self::Refused(_) => {
                "allow `mlockall` in the unit's `SystemCallFilter=`, or run where there is no swap"
            }
        }
    }
}

/// Locks what memory the process has and will have, each page when it is first used. Children do
/// not inherit it.
///
/// Either the limit is infinite, or becomes so as far as the process may raise it, or the process
/// has `CAP_IPC_LOCK`, which it must then keep.
///
/// # Errors
///
/// [`Unlocked`] where allocations would come to a limit, or the kernel refuses.
pub(crate) fn lock_memory() -> Result<(), Unlocked> {
    let limit = getrlimit(Resource::Memlock);
    if let Some(bytes) = limit.current
        && !is_raised(limit)
        && !is_exempt()
    {
        return Err(Unlocked::Limit { bytes });
    }
    let flags = MlockAllFlags::CURRENT | MlockAllFlags::FUTURE | MlockAllFlags::ONFAULT;
    mlockall(flags).map_err(Unlocked::Refused)
}

fn is_raised(limit: Rlimit) -> bool {
    let infinite = Rlimit {
        current: None,
        maximum: None,
    };
    limit.maximum.is_none() && setrlimit(Resource::Memlock, infinite).is_ok()
}

/// Whether the limit does not hold for this process: it has the capability outside of all user
/// namespaces, the only place where it counts.
fn is_exempt() -> bool {
    let has_it =
        capabilities(None).is_ok_and(|sets| sets.effective.contains(CapabilitySet::IPC_LOCK));
    has_it
        && std::fs::read_link("/proc/self/ns/user")
            .is_ok_and(|namespace| namespace.as_os_str() == FIRST_NAMESPACE)
}

/// `PROC_USER_INIT_INO` of the kernel.
const FIRST_NAMESPACE: &str = "user:[4026531837]";

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::process::Command;

    use rustix::thread::set_capabilities;

    use super::*;

    /// Bytes.
    fn locked() -> u64 {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmLck:"));
        let kibibytes = line.unwrap().trim().strip_suffix(" kB").unwrap();
        kibibytes.parse::<u64>().unwrap() * 1_024
    }

    /// Runs a test of this file in a process of its own.
    fn alone(test: &str) {
        let child = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                &format!("host::memory::lock::tests::{test}"),
                "--nocapture",
            ])
            .env(CHILD, "1")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&child.stdout);
        let complained = String::from_utf8_lossy(&child.stderr);
        assert!(
            child.status.success() && said.contains("1 passed"),
            "{said}{complained}"
        );
    }

    fn is_alone() -> bool {
        std::env::var_os(CHILD).is_some()
    }

    #[test]
    fn memory_is_locked_where_nothing_bounds_it() {
        if !is_alone() {
            return alone("memory_is_locked_where_nothing_bounds_it");
        }
        let limit = getrlimit(Resource::Memlock);
        if limit.maximum.is_some() && !is_exempt() {
            // Nobody can play it here; the refusal is then what there is to see.
            writeln!(
                std::io::stderr(),
                "a limit holds: only the refusal was tried"
            )
            .unwrap();
            assert!(matches!(lock_memory(), Err(Unlocked::Limit { .. })));
            return;
        }
        assert_eq!(locked(), 0);

        assert_eq!(lock_memory(), Ok(()));
        let before = locked();
        assert!(before > 0);
        let more = vec![1_u8; 64 << 20];
        assert!(locked() >= before + (64 << 20), "{}", more.len());
        assert_eq!(lock_memory(), Ok(()));
    }

    #[test]
    fn memory_is_not_locked_where_allocations_would_fail() {
        if !is_alone() {
            return alone("memory_is_not_locked_where_allocations_would_fail");
        }
        let small = Rlimit {
            current: Some(65_536),
            maximum: Some(65_536),
        };
        setrlimit(Resource::Memlock, small).unwrap();
        let mut sets = capabilities(None).unwrap();
        sets.effective.remove(CapabilitySet::IPC_LOCK);
        set_capabilities(None, sets).unwrap();

        let unlocked = lock_memory().unwrap_err();
        assert_eq!(unlocked, Unlocked::Limit { bytes: 65_536 });
        assert_eq!(
            unlocked.to_string(),
            "memory is not locked: the process may lock no more than 65536 bytes"
        );
        assert!(unlocked.hint().contains("LimitMEMLOCK=infinity"));
        assert_eq!(locked(), 0);
        assert_eq!(vec![1_u8; 64 << 20].len(), 64 << 20);
    }

    const CHILD: &str = "ROLECALL_TEST_LOCK";
}

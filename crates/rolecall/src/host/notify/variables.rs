//! What the service manager's environment variables mean.
//!
//! Reads no environment and opens nothing.

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;
use std::time::Duration;

use crate::failure::Failure;

/// Where the manager listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Address {
    Path(PathBuf),
    /// A name in the kernel, bound to no file.
    Abstract(Vec<u8>),
}

/// The variables' meaning for this process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Variables {
    pub(super) notify: Option<Address>,
    /// After this long without a word the process is taken for dead.
    pub(super) watchdog: Option<Duration>,
    /// One for each descriptor from 3 on.
    pub(super) socket_names: Vec<String>,
}

impl Variables {
    /// Of the variables that `get` finds, those for process `pid`; what was meant for a parent is
    /// passed over.
    pub(super) fn read(get: impl Fn(&str) -> Option<OsString>, pid: u32) -> Result<Self, Failure> {
        let number = |name: &str| -> Result<Option<u64>, Failure> {
            let Some(value) = get(name).filter(|value| !value.is_empty()) else {
                return Ok(None);
            };
            let number = value.to_str().and_then(|value| value.parse().ok());
            number
                .map(Some)
                .ok_or_else(|| wrong(name, &value, "no number"))
        };
        let pid = u64::from(pid);
        let watched = number(WATCHDOG_PID)?.is_none_or(|watched| watched == pid);
        let watchdog = number(WATCHDOG_USEC)?.filter(|micros| watched && *micros > 0);
        let sockets = match number(LISTEN_FDS)? {
            Some(count) if number(LISTEN_PID)? == Some(pid) => count,
            _ => 0,
        };
        Ok(Self {
            notify: get(NOTIFY_SOCKET).map(address).transpose()?.flatten(),
            watchdog: watchdog.map(Duration::from_micros),
            socket_names: socket_names(sockets, get(LISTEN_FDNAMES))?,
        })
    }
}

fn address(value: OsString) -> Result<Option<Address>, Failure> {
    match value.as_bytes() {
        [] => Ok(None),
        [b'/', _, ..] => Ok(Some(Address::Path(PathBuf::from(value)))),
        [b'@', name @ ..] if !name.is_empty() => Ok(Some(Address::Abstract(name.to_vec()))),
        _ => {
            let why = "neither an absolute path nor `@` with a name";
            Err(wrong(NOTIFY_SOCKET, &value, why))
        }
    }
}

fn socket_names(count: u64, names: Option<OsString>) -> Result<Vec<String>, Failure> {
    let count = usize::try_from(count)
        .ok()
        .filter(|count| *count <= SOCKETS_MAX)
        .ok_or_else(|| {
            Failure::wrong(format!(
                "`{LISTEN_FDS}` is more than {SOCKETS_MAX}, namely {count}"
            ))
            .hint("list fewer sockets in the socket unit")
        })?;
    let Some(names) = names.filter(|_| count > 0) else {
        return Ok(vec![UNNAMED.to_owned(); count]);
    };
    let found: Vec<String> = names
        .as_bytes()
        .split(|byte| *byte == b':')
        .map(|name| String::from_utf8_lossy(name).into_owned())
        .collect();
    if found.len() != count {
        let why = format!("{} names for {count} sockets", found.len());
        return Err(wrong(LISTEN_FDNAMES, &names, &why));
    }
    Ok(found)
}

fn wrong(name: &str, value: &OsString, why: &str) -> Failure {
    let bytes: Vec<u8> = value.clone().into_vec();
    let shown: String = String::from_utf8_lossy(&bytes)
        .chars()
        .take(SHOWN_CHARS_MAX)
        .flat_map(char::escape_debug)
        .collect();
    Failure::wrong(format!("`{name}` is `{shown}`: {why}")).hint(format!(
        "leave `{name}` to the service manager, or unset it"
    ))
}

/// All that a child must not see.
pub(super) const NAMES: [&str; 6] = [
    NOTIFY_SOCKET,
    WATCHDOG_USEC,
    WATCHDOG_PID,
    LISTEN_PID,
    LISTEN_FDS,
    LISTEN_FDNAMES,
];
const NOTIFY_SOCKET: &str = "NOTIFY_SOCKET";
const WATCHDOG_USEC: &str = "WATCHDOG_USEC";
const WATCHDOG_PID: &str = "WATCHDOG_PID";
const LISTEN_PID: &str = "LISTEN_PID";
const LISTEN_FDS: &str = "LISTEN_FDS";
const LISTEN_FDNAMES: &str = "LISTEN_FDNAMES";
/// What systemd calls a socket without a name.
const UNNAMED: &str = "unknown";
// Far more than the agent has kinds of listeners.
const SOCKETS_MAX: usize = 64;
const SHOWN_CHARS_MAX: usize = 128;

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Variables, String> {
        let get = |name: &str| {
            let found = variables.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| OsString::from(value))
        };
        Variables::read(get, 7).map_err(|failure| failure.message)
    }

    #[test]
    fn without_variables_there_is_nothing() {
        for variables in [&[][..], &[("NOTIFY_SOCKET", ""), ("LISTEN_FDS", "")]] {
            let read = read(variables).unwrap();
            assert_eq!((read.notify, read.watchdog), (None, None));
            assert!(read.socket_names.is_empty());
        }
    }

    #[test]
    fn the_managers_address_is_a_path_or_a_name() {
        let of = |value| read(&[("NOTIFY_SOCKET", value)]).map(|read| read.notify.unwrap());

        assert_eq!(of("/run/n"), Ok(Address::Path(PathBuf::from("/run/n"))));
        assert_eq!(of("@a/b"), Ok(Address::Abstract(b"a/b".to_vec())));
        for value in ["/", "@", "run/n", "vsock:2:1"] {
            assert!(of(value).unwrap_err().contains(&format!("`{value}`")));
        }
    }

    #[test]
    fn only_the_watched_process_has_a_watchdog() {
        let of = |usec, pid| {
            let variables = [("WATCHDOG_USEC", usec), ("WATCHDOG_PID", pid)];
            read(&variables).map(|read| read.watchdog)
        };
        let limit = Some(Duration::from_secs(30));

        assert_eq!(of("30000000", "7"), Ok(limit));
        assert_eq!(
            read(&[("WATCHDOG_USEC", "30000000")]).unwrap().watchdog,
            limit
        );
        assert_eq!(of("30000000", "8"), Ok(None));
        assert_eq!(of("0", "7"), Ok(None));
        for (usec, pid) in [("x", "7"), ("-1", "7"), ("1", "x"), ("1s", "7")] {
            assert!(of(usec, pid).is_err(), "{usec} {pid}");
        }
    }

    fn names(pid: &str, count: &str, names: Option<&str>) -> Result<Vec<String>, String> {
        let mut variables = vec![("LISTEN_PID", pid), ("LISTEN_FDS", count)];
        variables.extend(names.map(|names| ("LISTEN_FDNAMES", names)));
        read(&variables).map(|read| read.socket_names)
    }

    #[test]
    fn sockets_have_the_names_of_their_units() {
        let check = |found: Result<Vec<String>, String>, expect: &[&str]| {
            assert_eq!(found.unwrap(), expect);
        };
        check(names("7", "2", Some("tcp:http")), &["tcp", "http"]);
        check(names("7", "2", None), &["unknown", "unknown"]);
        check(names("7", "3", Some("a::b")), &["a", "", "b"]);
        check(names("7", "0", Some("")), &[]);
        // Meant for another process.
        check(names("8", "2", Some("tcp:http")), &[]);
        check(
            read(&[("LISTEN_FDS", "2")]).map(|read| read.socket_names),
            &[],
        );
    }

    #[test]
    fn sockets_that_do_not_fit_their_names_are_refused() {
        for (pid, count, given, expect) in [
            ("7", "2", Some("a"), "1 names for 2 sockets"),
            ("7", "1", Some("a:b"), "2 names for 1 sockets"),
            ("7", "65", None, "more than 64, namely 65"),
            ("7", "18446744073709551615", None, "more than 64"),
            ("7", "two", None, "`LISTEN_FDS` is `two`: no number"),
            ("x\n", "2", None, "`LISTEN_PID` is `x\\n`: no number"),
        ] {
            let message = names(pid, count, given).unwrap_err();
            assert!(message.contains(expect), "{message}");
        }
    }
}

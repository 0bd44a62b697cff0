//! What the files below /proc say, as data. Reads no file; what does not fit its form is `None`.
//!
//! Source: proc(5) of the Linux manual, "/proc/pid/stat", "/proc/pid/status", "/proc/pid/cgroup"
//! and "/proc/net/tcp".

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// The credentials in `/proc/PID/status`, in the reader's user namespace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Credentials {
    pub(super) uids: Ids,
    pub(super) gids: Ids,
    /// Supplementary groups.
    pub(super) groups: Vec<u32>,
}

/// The four ids of a process, in the order of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ids {
    pub(super) real: u32,
    pub(super) effective: u32,
    pub(super) saved: u32,
    /// What a file or socket that the process makes belongs to.
    pub(super) file_system: u32,
}

#[cfg(test)]
impl Ids {
    pub(super) fn have(self, id: u32) -> bool {
        [self.real, self.effective, self.saved, self.file_system].contains(&id)
    }
}

/// Reads `/proc/PID/status`. The process's name stands in the first line, with line feeds escaped.
pub(super) fn status(text: &str) -> Option<Credentials> {
    let of = |key: &str| {
        text.lines()
            .find_map(|line| line.strip_prefix(key)?.strip_prefix(':'))
            .map(str::split_ascii_whitespace)
    };
    let groups = of("Groups")?.map(|word| word.parse().ok());
    Some(Credentials {
        uids: ids(of("Uid")?)?,
        gids: ids(of("Gid")?)?,
        groups: groups.collect::<Option<Vec<u32>>>()?,
    })
}

/// The process to which a thread belongs, of `/proc/PID/status`: its own number for the first one.
pub(super) fn thread_group(text: &str) -> Option<u32> {
    let mut lines = text.lines();
    let value = lines.find_map(|line| line.strip_prefix("Tgid:"))?;
    value.trim().parse().ok()
}

/// How many numbers a process has, one in each PID namespace from that of /proc down to its own.
pub(super) fn numbers(text: &str) -> Option<usize> {
    let mut lines = text.lines();
    let value = lines.find_map(|line| line.strip_prefix("NSpid:"))?;
    Some(value.split_ascii_whitespace().count())
}

fn ids<'a>(mut words: impl Iterator<Item = &'a str>) -> Option<Ids> {
    let mut next = || words.next()?.parse().ok();
    Some(Ids {
        real: next()?,
        effective: next()?,
        saved: next()?,
        file_system: next()?,
    })
}

/// What `/proc/PID/stat` says of a process's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Life {
    /// Field 3; `Z` and `X` have ended.
    pub(super) state: char,
    /// Field 22: clock ticks from the boot to the start.
    pub(super) started: u64,
}

impl Life {
    pub(super) fn has_ended(self) -> bool {
        matches!(self.state, 'Z' | 'X' | 'x')
    }
}

/// Reads `/proc/PID/stat`. The name in field 2 is whatever the process chose, brackets and spaces
/// among it, so fields are counted from the last bracket.
pub(super) fn stat(text: &str) -> Option<Life> {
    let (_, rest) = text.rsplit_once(')')?;
    let mut fields = rest.split_ascii_whitespace();
    let state = fields.next()?;
    let mut letters = state.chars();
    let life = Life {
        state: letters.next()?,
        // Field 4 is now the first.
        started: fields.nth(22 - 4)?.parse().ok()?,
    };
    letters.next().is_none().then_some(life)
}

/// The path in systemd's hierarchy, of `/proc/PID/cgroup`: the one of version 2, and where all
/// stand at its root (as where version 1 is in use) the one of version 1 that is named `systemd`.
///
/// `None` for a group that is gone, for one outside the reader's cgroup namespace, and for one
/// whose name was no text.
pub(super) fn cgroup(text: &str) -> Option<&str> {
    let named = hierarchy(text, |_, controllers| controllers == "name=systemd");
    match (in_version_2(text), named) {
        (None | Some("/"), Some(named)) => certain(named),
        (unified, _) => certain(unified?),
    }
}

/// The path in the hierarchy of version 2, whatever stands there; `None` as for [`cgroup`].
pub(super) fn unified(text: &str) -> Option<&str> {
    in_version_2(text).and_then(certain)
}

fn in_version_2(text: &str) -> Option<&str> {
    hierarchy(text, |number, controllers| {
        number == "0" && controllers.is_empty()
    })
}

fn hierarchy(text: &str, is_it: impl Fn(&str, &str) -> bool) -> Option<&str> {
    text.lines().find_map(|line| {
        let (number, rest) = line.split_once(':')?;
        let (controllers, path) = rest.split_once(':')?;
        is_it(number, controllers).then_some(path)
    })
}

fn certain(path: &str) -> Option<&str> {
    let inside = path.starts_with('/') && path.split('/').all(|part| part != "..");
    let certain = !path.ends_with(" (deleted)") && !path.contains(char::REPLACEMENT_CHARACTER);
    (inside && certain).then_some(path)
}

/// The inode of a socket, of a link in `/proc/PID/fd`: `socket:[123]`.
pub(super) fn socket_inode(link: &[u8]) -> Option<u64> {
    let number = link.strip_prefix(b"socket:[")?.strip_suffix(b"]")?;
    std::str::from_utf8(number).ok()?.parse().ok()
}

/// Whether `/proc/self/uid_map` or `gid_map` gives every id as it is, as outside of user
/// namespaces. Elsewhere ids without a place in the map all show as one, the overflow id.
pub(super) fn maps_all(text: &str) -> bool {
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    words == ["0", "0", "4294967295"]
}

/// A line of `/proc/net/tcp` or `/proc/net/tcp6`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TcpLine {
    pub(super) local: SocketAddr,
    pub(super) remote: SocketAddr,
    /// As in the kernel's `tcp_states.h`.
    pub(super) state: u8,
    pub(super) uid: u32,
    /// 0 where no process has the socket any more.
    pub(super) inode: u64,
}

/// Reads a line; the heading is none.
pub(super) fn tcp_line(line: &str) -> Option<TcpLine> {
    let mut words = line.split_ascii_whitespace().skip(1);
    let local = endpoint(words.next()?)?;
    let remote = endpoint(words.next()?)?;
    let state = u8::from_str_radix(words.next()?, 16).ok()?;
    // Queues, timer and retransmissions stand between.
    let uid = words.nth(3)?.parse().ok()?;
    let inode = words.nth(1)?.parse().ok()?;
    Some(TcpLine {
        local,
        remote,
        state,
        uid,
        inode,
    })
}

/// `0100007F:1F90`: words of 32 bits in the machine's byte order, and the port in the reader's.
fn endpoint(text: &str) -> Option<SocketAddr> {
    let (address, port) = text.split_once(':')?;
    let mut bytes = Vec::with_capacity(16);
    for word in address.as_bytes().chunks(8) {
        let digits = std::str::from_utf8(word).ok()?;
        let complete = word.len() == 8 && word.iter().all(u8::is_ascii_hexdigit);
        let word = u32::from_str_radix(digits, 16).ok().filter(|_| complete)?;
        bytes.extend(word.to_ne_bytes());
    }
    let ip = if let Ok(four) = <[u8; 4]>::try_from(bytes.as_slice()) {
        IpAddr::V4(Ipv4Addr::from(four))
    } else {
        IpAddr::V6(Ipv6Addr::from(<[u8; 16]>::try_from(bytes).ok()?))
    };
    Some(SocketAddr::new(ip, u16::from_str_radix(port, 16).ok()?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const STATUS: &str = "Name:\tsh\nUmask:\t0022\nState:\tS (sleeping)\nUid:\t1\t2\t3\t4\n\
                          Gid:\t5\t6\t7\t8\nFDSize:\t64\nGroups:\t10 20 \nNStgid:\t9\n";

    #[test]
    fn threads_and_namespaces_are_seen() {
        let status = "Name:\tTgid: 7\nTgid:\t12\nPid:\t13\nNSpid:\t13\t2\n";
        assert_eq!((thread_group(status), numbers(status)), (Some(12), Some(2)));
        assert_eq!((thread_group(STATUS), numbers(STATUS)), (None, None));
        assert_eq!(thread_group("Tgid:\tx\n"), None);
    }

    #[test]
    fn credentials_are_read_by_their_place() {
        let read = status(STATUS).unwrap();

        assert_eq!((read.uids.real, read.uids.effective), (1, 2));
        assert_eq!((read.uids.saved, read.uids.file_system), (3, 4));
        assert_eq!(
            (read.gids.effective, read.groups.clone()),
            (6, vec![10, 20])
        );
        assert!(read.uids.have(3) && !read.uids.have(6));
        let without = status(&STATUS.replace("10 20", "")).unwrap();
        assert_eq!(without.groups, Vec::<u32>::new());
    }

    #[test]
    fn a_status_that_lacks_something_is_none() {
        for (from, to) in [
            ("Uid:", "Uids:"),
            ("\t3\t4", "\t3"),
            ("\t1\t2", "\t-1\t2"),
            ("Gid:\t5", "Gid:\tx"),
            ("10 20", "10 x"),
            ("10 20", "10 4294967296"),
            ("Groups:", "Group:"),
        ] {
            assert_eq!(status(&STATUS.replace(from, to)), None, "{to}");
        }
        assert_eq!(status(""), None);
    }

    fn stat_line(name: &str, state: &str, started: &str) -> String {
        format!("7 ({name}) {state} 1 7 7 0 -1 4 1 2 3 4 5 6 7 8 20 0 1 0 {started} 99 1\n")
    }

    #[test]
    fn a_name_cannot_pass_for_other_fields() {
        for name in ["sh", "a b", "x) R 1 1 (y", "", "(((", "a\nb"] {
            let life = stat(&stat_line(name, "S", "12345")).unwrap();
            assert_eq!((life.state, life.started), ('S', 12345), "{name}");
            assert!(!life.has_ended());
        }
        for ended in ["Z", "X"] {
            assert!(stat(&stat_line("sh", ended, "1")).unwrap().has_ended());
        }
        let flawed = [
            String::new(),
            "7 (sh".to_owned(),
            "7 (sh) S 1 2 3".to_owned(),
            stat_line("sh", "SS", "1"),
            stat_line("sh", "S", "-1"),
        ];
        for text in flawed {
            assert_eq!(stat(&text), None, "{text}");
        }
    }

    #[test]
    fn the_hierarchy_is_systemds() {
        for (text, expect) in [
            (
                "0::/system.slice/a.service\n",
                Some("/system.slice/a.service"),
            ),
            ("0::/\n", Some("/")),
            (
                "4:memory:/x\n1:name=systemd:/a.scope\n0::/\n",
                Some("/a.scope"),
            ),
            ("1:name=systemd:/old\n0::/new\n", Some("/new")),
            ("1:name=systemd:/a:b\n", Some("/a:b")),
            ("4:memory:/x\n", None),
            ("10::/x\n", None),
            ("0:cpu:/x\n", None),
            ("0::/a.service (deleted)\n", None),
            ("0::/../../a.service\n", None),
            ("0::/a\u{fffd}/a.service\n", None),
            ("0::/..\n", None),
            ("0::\n", None),
            ("0::a.service\n", None),
            ("", None),
        ] {
            assert_eq!(cgroup(text), expect, "{text}");
        }
    }

    #[test]
    fn only_the_first_namespace_maps_all() {
        assert!(maps_all("         0          0 4294967295\n"));
        for text in [
            "",
            "0 100000 65536\n",
            "0 0 65536",
            "0 1000 1\n1 0 4294967295\n",
        ] {
            assert!(!maps_all(text), "{text}");
        }
    }

    #[test]
    fn links_of_sockets_name_their_inode() {
        assert_eq!(socket_inode(b"socket:[42]"), Some(42));
        for link in [
            "socket:[]",
            "socket:[42",
            "pipe:[42]",
            "/socket:[42]",
            "socket:[4x]",
        ] {
            assert_eq!(socket_inode(link.as_bytes()), None, "{link}");
        }
    }

    #[test]
    fn lines_of_tables_are_read() {
        let word = |bytes: [u8; 4]| format!("{:08X}", u32::from_ne_bytes(bytes));
        let rest = "00000000:00000000 00:00000000 00000000  1000        0 31337 1 0000 20 4 30";
        let line = format!(
            "   1: {}:0BBD {}:C350 01 {rest}",
            word([127, 0, 0, 1]),
            word([10, 0, 0, 5])
        );
        let read = tcp_line(&line).unwrap();

        assert_eq!(read.local, "127.0.0.1:3005".parse().unwrap());
        assert_eq!(read.remote, "10.0.0.5:50000".parse().unwrap());
        assert_eq!((read.state, read.uid, read.inode), (1, 1000, 31337));

        let zero = word([0; 4]).repeat(3);
        let six = format!("{zero}{}", word([0, 0, 0, 1]));
        let read = tcp_line(&format!("1: {six}:0001 {six}:0002 0A {rest}")).unwrap();
        assert_eq!(read.local, "[::1]:1".parse().unwrap());
        assert_eq!(read.state, 10);
    }

    #[test]
    fn other_lines_of_tables_are_none() {
        let rest = "00000000:00000000 00:00000000 00000000  1000        0 31337";
        for line in [
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when".to_owned(),
            String::new(),
            format!("1: 0100007F:0BBD 0100007F 01 {rest}"),
            format!("1: 0100007:0BBD 0100007F:C350 01 {rest}"),
            format!("1: 0100007F0100007F:0BBD 0100007F:C350 01 {rest}"),
            format!("1: +100007F:0BBD 0100007F:C350 01 {rest}"),
            format!("1: 0100007F:10BBD 0100007F:C350 01 {rest}"),
            format!("1: 0100007F:0BBD 0100007F:C350 101 {rest}"),
            "1: 0100007F:0BBD 0100007F:C350 01 00000000:00000000 00:00000000 0 1000".to_owned(),
        ] {
            assert_eq!(tcp_line(&line), None, "{line}");
        }
    }

    proptest! {
        #[test]
        fn nothing_makes_them_panic(text in ".*", bytes in any::<Vec<u8>>()) {
            let _ = (status(&text), stat(&text), cgroup(&text), tcp_line(&text));
            let _ = stat(&stat_line(&text, "S", "1"));
            let _ = socket_inode(&bytes);
        }

        #[test]
        fn whatever_the_name_the_start_is_the_kernels(name in ".*", started: u64) {
            let line = stat_line(&name, "R", &started.to_string());
            prop_assert_eq!(stat(&line).map(|life| life.started), Some(started));
        }

        #[test]
        fn lines_made_of_their_parts_do_not_panic(
            line in "1: ([0-9A-F]{8}|[0-9A-F]{32}):[0-9A-F]{4} [0-9A-F]{0,33}:[0-9A-F]{0,5} \
                     [0-9A-F]{1,3} 0:0 0:0 0 [0-9]{1,11} 0 [0-9]{1,21}"
        ) {
            if let Some(read) = tcp_line(&line) {
                prop_assert!(line.contains(&read.uid.to_string()));
            }
        }
    }
}

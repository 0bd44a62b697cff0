//! The rules of the kernel's packet filter that are in force, asked for over netlink: chains,
//! rules and sets of nf_tables are listed, and nothing is changed.
//!
//! What they mean is `audit::host::filter`'s to know. Rules of the older iptables are not listed
//! here: where there are tables of it, that is told.
//!
//! Sources: netlink(7), "nfgenmsg" and the messages in the kernel's `nf_tables.h`.

mod decode;
mod extension;

use std::os::fd::OwnedFd;

use audit::Missing;
use audit::host::filter::{InForce, Ruleset, judge};
use audit::host::{Guard, Reach};
use netlink_packet_core::{
    NLM_F_DUMP, NLM_F_DUMP_INTR, NLM_F_REQUEST, NLMSG_DONE, NLMSG_ERROR, NetlinkBuffer,
};
use rustix::io::Errno;
use rustix::net::netlink::{NETFILTER, SocketAddrNetlink};
use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, recvfrom, sendto, socket_with,
};

use self::decode::{attribute, read_chain, read_elements, read_rule, read_set, read_table};
use super::lacks;
use super::walk::why;
use crate::commands::audit::tree::Tree;
use crate::guard::ENDPOINTS;

/// Who can reach the metadata service by what this host's kernel has in force.
pub(super) fn reach(tree: &Tree, files: Vec<Guard>) -> (Reach, Option<Missing>) {
    let judged = in_force(tree).and_then(|rules| {
        let [v4, v6] = ENDPOINTS.map(|address| judge(&rules, address.ip()));
        Ok(vec![v4?, v6?])
    });
    match judged {
        // What a unit is denied by systemd is in no rule.
        Ok(addresses) if addresses.iter().any(InForce::is_open) && of_units(&files) => {
            (Reach::Guarded(files), None)
        }
        Ok(addresses) => (Reach::InForce(addresses, files), None),
        Err(why) => {
            let missing = lacks("rules about the metadata service", &why);
            (Reach::NotKnown, Some(missing))
        }
    }
}

fn of_units(files: &[Guard]) -> bool {
    let of_unit = |it: &Guard| it.path.starts_with("/etc/systemd/");
    files.iter().any(of_unit)
}

/// The rules, or why they are not known.
fn in_force(tree: &Tree) -> Result<Ruleset, String> {
    for table in OLDER {
        let names = older_tables(tree, table)?;
        if !names.is_empty() {
            let names = names.join(", ");
            return Err(format!(
                "the kernel has rules of the older iptables ({names}), which are not read here"
            ));
        }
    }
    if !may_have_filter(tree) {
        return Ok(Ruleset::default());
    }
    let asked = || -> Result<Ruleset, Errno> {
        for _ in 0..TRIES {
            match Filter::open().and_then(|filter| filter.ruleset()) {
                Err(Errno::INTR) => {}
                other => return other,
            }
        }
        Err(Errno::INTR)
    };
    match asked() {
        // No such thing in this kernel.
        Err(Errno::PROTONOSUPPORT | Errno::AFNOSUPPORT | Errno::INVAL | Errno::OPNOTSUPP) => {
            Ok(Ruleset::default())
        }
        Err(Errno::PERM | Errno::ACCESS) => {
            Err("the kernel shows its packet filter to root with `CAP_NET_ADMIN` alone".to_owned())
        }
        Err(Errno::INTR) => Err("the packet filter changed all the time".to_owned()),
        Err(errno) => Err(format!(
            "the kernel's packet filter cannot be read: {errno}"
        )),
        Ok(rules) => Ok(rules),
    }
}

/// The tables of iptables that the kernel has made, each of them on first use.
fn older_tables(tree: &Tree, path: &str) -> Result<Vec<String>, String> {
    let read = tree.file(path.as_ref()).and_then(|(file, _)| {
        let mut bytes = Vec::new();
        crate::commands::audit::tree::read(&file, NAMES_BYTES_MAX, &mut bytes)?;
        Ok(bytes)
    });
    match read {
        Ok(bytes) => {
            let names = String::from_utf8_lossy(&bytes);
            Ok(names.split_whitespace().map(str::to_owned).collect())
        }
        Err(Errno::NOENT | Errno::NOTDIR) => Ok(Vec::new()),
        Err(errno) => Err(format!("`/{path}`: {}", why(errno))),
    }
}

/// Whether the kernel can have rules. Asking one that has not loaded its filter would load it.
fn may_have_filter(tree: &Tree) -> bool {
    let Some(modules) = tree.text("proc/modules") else {
        return true;
    };
    let is_loaded = modules.lines().any(|line| line.starts_with("nf_tables "));
    let release = tree.text("proc/sys/kernel/osrelease").unwrap_or_default();
    let built_in = tree.text(&format!("lib/modules/{}/modules.builtin", release.trim()));
    is_loaded || built_in.is_none_or(|it| it.contains("/nf_tables.ko"))
}

/// What the filter is asked by.
struct Filter(OwnedFd);

impl Filter {
    fn open() -> Result<Self, Errno> {
        let family = AddressFamily::NETLINK;
        socket_with(
            family,
            SocketType::RAW,
            SocketFlags::CLOEXEC,
            Some(NETFILTER),
        )
        .map(Self)
    }

    /// All of it as it is at one moment; `INTR` where it changed meanwhile.
    fn ruleset(&self) -> Result<Ruleset, Errno> {
        let before = self.generation()?;
        let mut rules = Ruleset::default();
        self.list(GET_TABLE, 0, &[], |family, body| {
            read_table(family, body, &mut rules.dormant)
        })?;
        self.list(GET_CHAIN, 0, &[], |family, body| {
            rules.chains.push(read_chain(family, body)?);
            Some(())
        })?;
        self.list(GET_RULE, 0, &[], |family, body| {
            read_rule(family, body, &mut rules.chains)
        })?;
        let mut sets = Vec::new();
        self.list(GET_SET, 0, &[], |family, body| {
            sets.push((family, read_set(family, body)?));
            Some(())
        })?;
        for (family, (mut set, is_interval)) in sets {
            if set.values.is_some() {
                let mut found = Vec::new();
                let of = [
                    attribute(1, &named(&set.table)),
                    attribute(2, &named(&set.name)),
                ];
                self.list(GET_ELEMENTS, family, &of.concat(), |_, body| {
                    read_elements(body, &mut found)
                })?;
                set.values = decode::ranges(found, is_interval);
            }
            rules.sets.push(set);
        }
        if self.generation()? == before {
            Ok(rules)
        } else {
            Err(Errno::INTR)
        }
    }

    /// How often it was changed.
    fn generation(&self) -> Result<Vec<u8>, Errno> {
        let mut found = Vec::new();
        self.ask(GET_GENERATION, NLM_F_REQUEST, 0, &[])?;
        let mut buffer = vec![0; ANSWER_BYTES_MAX];
        self.receive(&mut buffer, &mut |_, body| {
            found = decode::generation(body)?;
            Some(())
        })?;
        Ok(found)
    }

    /// Hands over family and attributes of each of what is listed.
    fn list(
        &self,
        what: u16,
        family: u8,
        attributes: &[u8],
        mut take: impl FnMut(u8, &[u8]) -> Option<()>,
    ) -> Result<(), Errno> {
        self.ask(what, NLM_F_REQUEST | NLM_F_DUMP, family, attributes)?;
        let mut buffer = vec![0; ANSWER_BYTES_MAX];
        for _ in 0..ANSWERS_MAX {
            if self.receive(&mut buffer, &mut take)? {
                return Ok(());
            }
        }
        Err(Errno::TOOBIG)
    }

    fn ask(&self, what: u16, flags: u16, family: u8, attributes: &[u8]) -> Result<(), Errno> {
        let length = HEAD_BYTES + FAMILY_BYTES + attributes.len();
        let mut bytes = Vec::with_capacity(length);
        bytes.extend(u32::try_from(length).unwrap_or_default().to_ne_bytes());
        bytes.extend((NF_TABLES << 8 | what).to_ne_bytes());
        bytes.extend(flags.to_ne_bytes());
        bytes.extend([0; 8]);
        bytes.extend([family, 0, 0, 0]);
        bytes.extend(attributes);
        let kernel = SocketAddrNetlink::new(0, 0);
        sendto(&self.0, &bytes, SendFlags::empty(), &kernel).map(drop)
    }

    /// Takes one part of an answer; whether it was the last. The kernel has it ready, so nothing is
    /// waited for.
    fn receive(
        &self,
        buffer: &mut [u8],
        take: &mut dyn FnMut(u8, &[u8]) -> Option<()>,
    ) -> Result<bool, Errno> {
        let flags = RecvFlags::DONTWAIT | RecvFlags::TRUNC;
        let (read, length, from) = recvfrom(&self.0, &mut *buffer, flags)?;
        let from = from.and_then(|from| SocketAddrNetlink::try_from(from).ok());
        if length > read || from.is_none_or(|from| from.pid() != 0) {
            return Err(Errno::PROTO);
        }
        let mut rest = buffer.get(..read).unwrap_or_default();
        while !rest.is_empty() {
            let message = NetlinkBuffer::new_checked(rest).map_err(|_| Errno::PROTO)?;
            let body = message.payload();
            match message.message_type() {
                NLMSG_DONE => return Ok(true),
                NLMSG_ERROR => {
                    let code = body.first_chunk().map_or(0, |it| i32::from_ne_bytes(*it));
                    return match code {
                        0 => Ok(true),
                        code => Err(Errno::from_raw_os_error(code.saturating_neg())),
                    };
                }
                _ if message.flags() & NLM_F_DUMP_INTR != 0 => return Err(Errno::INTR),
                _ => {
                    let (head, attributes) = body
                        .split_first_chunk::<FAMILY_BYTES>()
                        .ok_or(Errno::PROTO)?;
                    let [family, ..] = *head;
                    take(family, attributes).ok_or(Errno::PROTO)?;
                }
            }
            let length = usize::try_from(message.length()).map_err(|_| Errno::PROTO)?;
            rest = rest.get(length.next_multiple_of(4)..).unwrap_or_default();
        }
        Ok(false)
    }
}

fn named(name: &str) -> Vec<u8> {
    let mut bytes = name.as_bytes().to_vec();
    bytes.push(0);
    bytes
}

const OLDER: [&str; 2] = [
    "proc/self/net/ip_tables_names",
    "proc/self/net/ip6_tables_names",
];
const NAMES_BYTES_MAX: usize = 4_096;
// NFNL_SUBSYS_NFTABLES and its messages.
const NF_TABLES: u16 = 10;
const GET_TABLE: u16 = 1;
const GET_CHAIN: u16 = 4;
const GET_RULE: u16 = 7;
const GET_SET: u16 = 10;
const GET_ELEMENTS: u16 = 13;
const GET_GENERATION: u16 = 16;
const HEAD_BYTES: usize = 16;
const FAMILY_BYTES: usize = 4;
// The kernel fills 32 KiB at most before it makes another part.
const ANSWER_BYTES_MAX: usize = 256 << 10;
// Some hundred MB of rules.
const ANSWERS_MAX: usize = 16_384;
// One after the other, where rules are changed between the lists.
const TRIES: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernel_answers_or_says_that_it_may_not() {
        let asked = Filter::open().and_then(|filter| filter.ruleset());
        let is_refused = matches!(
            asked,
            Err(Errno::PERM | Errno::PROTONOSUPPORT | Errno::AFNOSUPPORT | Errno::INVAL)
        );
        assert!(asked.is_ok() || is_refused, "{asked:?}");
    }
}

//! Rules about the metadata service in the files of a host's firewall. Knows no kernel: what is in
//! force may be other rules, which the collector says.
//!
//! Source: EC2 User Guide, "Limit access to the instance metadata service".

use serde::{Deserialize, Serialize};

/// A rule that keeps someone from the metadata service.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Guard {
    /// The file.
    pub path: String,
    /// From 1.
    pub line: usize,
    /// The address that it is about.
    pub address: String,
    /// The rule, as it stands there.
    pub rule: String,
}

/// Whether a path is one at which a firewall keeps its rules, or a unit can have some.
pub fn is_rule_file(path: &str) -> bool {
    let is_table = FILES.contains(&path) || FOLDERS.iter().any(|it| path.starts_with(it));
    is_table || path.starts_with("/etc/systemd/system/")
}

/// The rules of a file that keep programs from the metadata service.
pub fn guards(path: &str, text: &str) -> Vec<Guard> {
    let mut found = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let rule = line.trim();
        if rule.starts_with('#') || found.len() >= GUARDS_MAX {
            continue;
        }
        let address = ADDRESSES.iter().find(|address| rule.contains(**address));
        let lower = rule.to_ascii_lowercase();
        let refuses = VERDICTS.iter().any(|verdict| lower.contains(verdict));
        if let Some(address) = address.filter(|_| refuses) {
            found.push(Guard {
                path: path.to_owned(),
                line: number,
                address: (*address).to_owned(),
                rule: rule.chars().take(RULE_SHOWN_MAX).collect(),
            });
        }
    }
    found
}

/// Both addresses of the metadata service.
pub(super) const ADDRESSES: [&str; 2] = ["169.254.169.254", "fd00:ec2::254"];

const FILES: [&str; 6] = [
    "/etc/nftables.conf",
    "/etc/sysconfig/nftables.conf",
    "/etc/sysconfig/iptables",
    "/etc/sysconfig/ip6tables",
    "/etc/rc.local",
    "/etc/ufw/before.rules",
];
const FOLDERS: [&str; 3] = ["/etc/nftables", "/etc/iptables/", "/etc/firewalld/"];
const VERDICTS: [&str; 6] = [
    "drop",
    "reject",
    "redirect",
    "dnat",
    "ipaddressdeny",
    "queue",
];
const GUARDS_MAX: usize = 64;
const RULE_SHOWN_MAX: usize = 160;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_that_refuse_are_guards() {
        for rule in [
            "-A OUTPUT -d 169.254.169.254/32 -m owner ! --uid-owner 0 -j DROP",
            "    ip daddr 169.254.169.254 meta skuid != 0 reject",
            "ip6 daddr fd00:ec2::254 drop",
            "IPAddressDeny=169.254.169.254",
        ] {
            assert_eq!(guards("/etc/nftables.conf", rule).len(), 1, "{rule}");
        }
        for rule in [
            "-A OUTPUT -d 169.254.169.254/32 -j ACCEPT",
            "# ip daddr 169.254.169.254 drop",
            "-A INPUT -s 10.0.0.0/8 -j DROP",
        ] {
            assert!(guards("/etc/nftables.conf", rule).is_empty(), "{rule}");
        }
    }
}

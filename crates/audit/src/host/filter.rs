//! The rules of a packet filter as the kernel has them in force (nf_tables), and who of the host
//! they let reach the metadata service. Knows no kernel: the collector hands the rules in.
//!
//! Only what is understood in full decides: a condition that is not makes the answer "not known".
//!
//! Sources: nft(8), "STATEMENTS" and "EXPRESSIONS"; the kernel's `nf_tables.h`.

mod packet;
mod run;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use run::{InForce, judge};

/// All of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ruleset {
    /// In the order of the kernel.
    pub chains: Vec<Chain>,
    /// Named and unnamed ones.
    pub sets: Vec<Set>,
    /// Tables whose rules are not in force.
    pub dormant: Vec<(Family, String)>,
}

/// What packets a table is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// IPv4 and IPv6.
    Inet,
    /// IPv4.
    Ip,
    /// IPv6.
    Ip6,
    /// What leaves or comes by a device, below IP.
    Below,
    /// Nothing that counts here.
    Other,
}

/// A chain of rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// Of its table.
    pub family: Family,
    /// Its table.
    pub table: String,
    /// Its name.
    pub name: String,
    /// Where the kernel enters it; `None` for one that others jump to.
    pub hook: Option<Hook>,
    /// What is left at its end is dropped.
    pub drops: bool,
    /// In their order.
    pub rules: Vec<Rule>,
}

/// Where the kernel enters a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hook {
    /// Which.
    pub point: Point,
    /// Lower ones come first.
    pub priority: i32,
}

/// The points at which the kernel asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Point {
    /// What the host itself sends.
    Output,
    /// What it sends on for others, as for containers.
    Forward,
    /// Both, on their way out.
    Postrouting,
    /// What comes in.
    Inward,
    /// What leaves by a device.
    Egress,
}

/// A rule: its steps are taken one after the other until one does not match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The number by which `nft` speaks of it.
    pub handle: u64,
    /// Its steps.
    pub steps: Vec<Step>,
}

/// A step of a rule. Registers are bytes, and are told by the first one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Puts a part of the packet, or what is known of it, into a register.
    Load {
        /// The register.
        to: usize,
        /// What.
        field: Field,
    },
    /// Keeps the bits of a mask, and flips those of another.
    Mask {
        /// The register that is read.
        from: usize,
        /// The register that is written.
        to: usize,
        /// Kept.
        mask: Vec<u8>,
        /// Flipped.
        flip: Vec<u8>,
    },
    /// Turns the order of bytes round.
    Swap {
        /// The register that is read.
        from: usize,
        /// The register that is written.
        to: usize,
        /// How many bytes.
        bytes: usize,
        /// How many of them are one number.
        size: usize,
    },
    /// Goes on where a register compares so.
    Compare {
        /// The register.
        from: usize,
        /// How.
        how: Comparison,
        /// With what.
        with: Vec<u8>,
    },
    /// Goes on where a register is between two values, both included.
    Between {
        /// The register.
        from: usize,
        /// The values.
        range: (Vec<u8>, Vec<u8>),
        /// Where it is not.
        inverted: bool,
    },
    /// Goes on where a register is in a set of the table.
    Lookup {
        /// The register.
        from: usize,
        /// The set.
        set: String,
        /// Where it is not.
        inverted: bool,
    },
    /// Goes on where the user is one of these: a match of iptables.
    Owner {
        /// The first and the last.
        users: (u32, u32),
        /// Where the user is none.
        inverted: bool,
    },
    /// Goes on for TCP to these ports: a match of iptables.
    Ports {
        /// The first and the last.
        ports: (u16, u16),
        /// Where the port is none.
        inverted: bool,
    },
    /// Ends the rule so.
    End(Verdict),
    /// Counts, logs, and goes on.
    Note,
    /// Goes on or not, as something says that is not known.
    Condition,
    /// May do anything.
    NotKnown(String),
}

/// What is put into a register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// Bytes of the IP header: where, and how many.
    Network(usize, usize),
    /// Bytes of the TCP header.
    Transport(usize, usize),
    /// The user of the socket.
    User,
    /// The family, one byte.
    Family,
    /// The number of the protocol in IP, one byte.
    Protocol,
    /// The number of the protocol that carries IP, in the network's order of bytes.
    Carrier,
    /// The name of the device by which it leaves.
    DeviceOut,
    /// The number of it.
    DeviceOutNumber,
    /// What the kernel knows of the connection: it is new.
    ConnectionState,
    /// Something else of so many bytes.
    NotKnown(usize),
}

/// How a register compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// It is the same.
    Equal,
    /// It is another.
    Different,
    /// It is less.
    Less,
    /// It is less or the same.
    AtMost,
    /// It is more.
    More,
    /// It is more or the same.
    AtLeast,
}

/// How a rule ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The chain is done with the packet.
    Accept,
    /// It goes no further.
    Drop,
    /// Another chain, and then the next rule.
    Jump(String),
    /// Another chain.
    Goto(String),
    /// Back to where the chain was entered from.
    Return,
    /// The packet goes to another address.
    Elsewhere,
}

/// A set of values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Set {
    /// Of its table.
    pub family: Family,
    /// Its table.
    pub table: String,
    /// Its name.
    pub name: String,
    /// What is in it, each from a first value to a last one; `None` where that changes by itself,
    /// or is not understood.
    pub values: Option<Vec<(Vec<u8>, Vec<u8>)>>,
}

/// Users by their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Users {
    /// The first.
    pub from: u32,
    /// The last.
    pub to: u32,
}

impl std::fmt::Display for Users {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.from, self.to) {
            (0, LAST_USER) => write!(f, "all users"),
            (from, LAST_USER) => write!(f, "users from {from} on"),
            (from, to) if from == to => write!(f, "user {from}"),
            (from, to) => write!(f, "users {from} to {to}"),
        }
    }
}

// The one above means that there is none.
const LAST_USER: u32 = u32::MAX - 1;

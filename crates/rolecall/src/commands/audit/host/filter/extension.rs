//! Matches and targets of iptables, which its newer form keeps inside of rules of nf_tables.
//!
//! Sources: iptables-extensions(8); the structures in the kernel's `xt_owner.h`, `xt_tcpudp.h` and
//! `xt_conntrack.h`, whose numbers are in the host's order.

use audit::host::filter::{Step, Verdict};

use super::decode::Attributes;

/// A match; one that is not understood is a condition.
pub(super) fn matched(data: &Attributes<'_>) -> Option<Step> {
    let (name, version) = (data.text(1)?, data.number(2)?);
    let info = data.get(3)?;
    let known = match (name.as_str(), version) {
        ("comment", _) => Some(Step::Note),
        ("owner", 1) => owner(info),
        ("tcp", 0) => tcp(info),
        ("conntrack", 3) => conntrack(info),
        _ => None,
    };
    Some(known.unwrap_or(Step::Condition))
}

/// A target; `None` for one that is not understood.
pub(super) fn target(data: &Attributes<'_>) -> Option<Step> {
    Some(match data.text(1)?.as_str() {
        "REJECT" => Step::End(Verdict::Drop),
        "DNAT" | "REDIRECT" => Step::End(Verdict::Elsewhere),
        "SNAT" | "MASQUERADE" => Step::End(Verdict::Accept),
        "LOG" | "NFLOG" | "MARK" | "CONNMARK" | "TRACE" | "AUDIT" => Step::Note,
        _ => return None,
    })
}

/// By the number of its user alone.
fn owner(info: &[u8]) -> Option<Step> {
    let (first, last) = (word(info, 0)?, word(info, 4)?);
    let [what, inverted] = *info.get(16..18)?.first_chunk()?;
    (what == OWNER_UID).then_some(Step::Owner {
        users: (first, last),
        inverted: inverted & OWNER_UID != 0,
    })
}

/// By its port alone.
fn tcp(info: &[u8]) -> Option<Step> {
    let half = |at: usize| Some(u16::from_ne_bytes(*info.get(at..at + 2)?.first_chunk()?));
    let [option, flags, _, inverted] = *info.get(8..12)?.first_chunk()?;
    let is_from_any = half(0)? == 0 && half(2)? == u16::MAX;
    let is_plain = is_from_any && option == 0 && flags == 0 && inverted & !TCP_PORT == 0;
    is_plain.then_some(Step::Ports {
        ports: (half(4)?, half(6)?),
        inverted: inverted & TCP_PORT != 0,
    })
}

/// By the state of the connection alone: whether it is one that matches, as the first packet's is
/// new.
fn conntrack(info: &[u8]) -> Option<Step> {
    let half = |at: usize| Some(u16::from_ne_bytes(*info.get(at..at + 2)?.first_chunk()?));
    let (what, inverted, states) = (half(146)?, half(148)?, half(150)?);
    if what != CONNTRACK_STATE {
        return None;
    }
    let is_new = states & STATE_NEW != 0;
    let matches = is_new != (inverted & CONNTRACK_STATE != 0);
    // A port is 80 or not.
    let ports = if matches { (0, u16::MAX) } else { (0, 0) };
    Some(Step::Ports {
        ports,
        inverted: false,
    })
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_ne_bytes(*bytes.get(at..at + 4)?.first_chunk()?))
}

// XT_OWNER_UID, XT_TCP_INV_DSTPT, XT_CONNTRACK_STATE, XT_CONNTRACK_STATE_BIT(IP_CT_NEW).
const OWNER_UID: u8 = 1;
const TCP_PORT: u8 = 2;
const CONNTRACK_STATE: u16 = 1;
const STATE_NEW: u16 = 8;

#[cfg(test)]
mod tests {
    use super::super::decode::attribute;
    use super::*;

    fn said(name: &str, version: u32, info: &[u8]) -> Option<Step> {
        let mut bytes = attribute(1, format!("{name}\0").as_bytes());
        bytes.extend(attribute(2, &version.to_be_bytes()));
        bytes.extend(attribute(3, info));
        matched(&Attributes::read(&bytes)?)
    }

    #[test]
    fn owners_ports_and_states_are_understood_and_more_is_a_condition() {
        let owner = |what: u8, inverted: u8| {
            let numbers = [1000_u32, 1003, 0, 0].map(u32::to_ne_bytes).concat();
            said(
                "owner",
                1,
                &[&numbers[..], &[what, inverted, 0, 0]].concat(),
            )
        };
        let users = (1000, 1003);
        let of = |inverted| Some(Step::Owner { users, inverted });
        assert_eq!(owner(1, 0), of(false));
        assert_eq!(owner(1, 1), of(true));
        assert_eq!(owner(3, 0), Some(Step::Condition));

        let tcp = |more: [u8; 4]| {
            let ports = [0, u16::MAX, 80, 80].map(u16::to_ne_bytes).concat();
            said("tcp", 0, &[&ports[..], &more].concat())
        };
        let ports = (80, 80);
        let of = |inverted| Some(Step::Ports { ports, inverted });
        assert_eq!(tcp([0, 0, 0, 0]), of(false));
        assert_eq!(tcp([0, 0, 0, 2]), of(true));
        assert_eq!(tcp([0, 2, 2, 0]), Some(Step::Condition));

        let state = |states: u16| {
            let mut info = vec![0; 160];
            info[146..148].copy_from_slice(&1_u16.to_ne_bytes());
            info[150..152].copy_from_slice(&states.to_ne_bytes());
            said("conntrack", 3, &info)
        };
        let of = |last| {
            Some(Step::Ports {
                ports: (0, last),
                inverted: false,
            })
        };
        assert_eq!(state(2 | 4), of(0));
        assert_eq!(state(2 | 8), of(u16::MAX));

        assert_eq!(said("owner", 1, &[0; 4]), Some(Step::Condition));
        assert_eq!(said("string", 1, &[0; 4]), Some(Step::Condition));
    }

    #[test]
    fn targets_end_or_are_not_understood() {
        let target = |name: &str| {
            let bytes = attribute(1, format!("{name}\0").as_bytes());
            super::target(&Attributes::read(&bytes).unwrap())
        };
        assert_eq!(target("REJECT"), Some(Step::End(Verdict::Drop)));
        assert_eq!(target("REDIRECT"), Some(Step::End(Verdict::Elsewhere)));
        assert_eq!(target("LOG"), Some(Step::Note));
        assert_eq!(target("NFQUEUE"), None);
    }
}

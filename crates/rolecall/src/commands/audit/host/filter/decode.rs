//! What the kernel lists of nf_tables, as `audit::host::filter` has it. A part that is not
//! understood becomes one that says so, never one that is left out.
//!
//! Source: the attributes in the kernel's `nf_tables.h`; numbers are in the network's order.

use audit::host::filter::{
    Chain, Comparison, Family, Field, Hook, Point, Rule, Set, Step, Verdict,
};
use netlink_packet_core::{NLA_ALIGNTO, NLA_HEADER_SIZE, NlasIterator};

use super::extension;

/// Attributes by their numbers; the last one of a number counts.
pub(super) struct Attributes<'a>(Vec<(u16, &'a [u8])>);

impl<'a> Attributes<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut found = Vec::new();
        let mut at = 0;
        for attribute in NlasIterator::new(bytes) {
            let attribute = attribute.ok()?;
            let length = usize::from(attribute.length());
            let value = bytes.get(at + NLA_HEADER_SIZE..at + length)?;
            found.push((attribute.kind(), value));
            at += length.next_multiple_of(NLA_ALIGNTO);
        }
        Some(Self(found))
    }

    pub(super) fn get(&self, number: u16) -> Option<&'a [u8]> {
        let mut all = self.0.iter().rev();
        all.find(|(kind, _)| *kind == number).map(|(_, it)| *it)
    }

    pub(super) fn text(&self, number: u16) -> Option<String> {
        let bytes = self.get(number)?;
        let bytes = bytes.strip_suffix(&[0]).unwrap_or(bytes);
        Some(String::from_utf8_lossy(bytes).into_owned())
    }

    pub(super) fn number(&self, number: u16) -> Option<u32> {
        Some(u32::from_be_bytes(self.get(number)?.try_into().ok()?))
    }

    fn inner(&self, number: u16) -> Option<Attributes<'a>> {
        Attributes::read(self.get(number)?)
    }

    /// Where a register begins, in bytes.
    fn register(&self, number: u16) -> Option<usize> {
        match usize::try_from(self.number(number)?).ok()? {
            register @ 0..=4 => Some(register * 16),
            register @ 8..=23 => Some(16 + (register - 8) * 4),
            _ => None,
        }
    }

    /// The value of `nft_data_attributes`.
    fn value(&self, number: u16) -> Option<Vec<u8>> {
        Some(self.inner(number)?.get(1)?.to_vec())
    }

    fn usize(&self, number: u16) -> Option<usize> {
        usize::try_from(self.number(number)?).ok()
    }
}

/// An attribute with its head, as requests have it.
pub(super) fn attribute(number: u16, value: &[u8]) -> Vec<u8> {
    let length = u16::try_from(NLA_HEADER_SIZE + value.len()).unwrap_or(u16::MAX);
    let mut bytes = Vec::new();
    bytes.extend(length.to_ne_bytes());
    bytes.extend(number.to_ne_bytes());
    bytes.extend(value);
    bytes.resize(bytes.len().next_multiple_of(NLA_ALIGNTO), 0);
    bytes
}

fn family(number: u8) -> Family {
    match number {
        1 => Family::Inet,
        2 => Family::Ip,
        5 | 7 => Family::Below,
        10 => Family::Ip6,
        _ => Family::Other,
    }
}

/// A table counts where it is dormant.
pub(super) fn read_table(of: u8, body: &[u8], dormant: &mut Vec<(Family, String)>) -> Option<()> {
    let table = Attributes::read(body)?;
    if table.number(2).unwrap_or(0) & 1 != 0 {
        dormant.push((family(of), table.text(1)?));
    }
    Some(())
}

pub(super) fn read_chain(of: u8, body: &[u8]) -> Option<Chain> {
    let chain = Attributes::read(body)?;
    let hook = match chain.inner(4) {
        Some(hook) => {
            let priority = hook.number(2)?.cast_signed();
            let point = point(of, hook.number(1)?);
            Some(Hook { point, priority })
        }
        None => None,
    };
    Some(Chain {
        family: family(of),
        table: chain.text(1)?,
        name: chain.text(3)?,
        hook,
        drops: chain.number(5) == Some(0),
        rules: Vec::new(),
    })
}

/// NF_INET_..., and those of bridges alike; NF_NETDEV_... of devices.
fn point(family: u8, number: u32) -> Point {
    match (family, number) {
        (5, 1) => Point::Egress,
        (1 | 2 | 7 | 10, 2) => Point::Forward,
        (1 | 2 | 7 | 10, 3) => Point::Output,
        (1 | 2 | 7 | 10, 4) => Point::Postrouting,
        _ => Point::Inward,
    }
}

pub(super) fn read_rule(of: u8, body: &[u8], chains: &mut [Chain]) -> Option<()> {
    let rule = Attributes::read(body)?;
    let (table, name) = (rule.text(1)?, rule.text(2)?);
    let handle = u64::from_be_bytes(rule.get(3)?.try_into().ok()?);
    let family = family(of);
    let is_it = |it: &&mut Chain| it.family == family && it.table == table && it.name == name;
    // One of a chain that came since, which the generation tells.
    let Some(chain) = chains.iter_mut().find(is_it) else {
        return Some(());
    };
    let mut steps = Vec::new();
    if let Some(expressions) = rule.inner(4) {
        for (_, expression) in expressions.0 {
            let expression = Attributes::read(expression)?;
            let name = expression.text(1)?;
            let data = Attributes::read(expression.get(2).unwrap_or_default())?;
            let step = step(&name, &data);
            steps.push(step.unwrap_or(Step::NotKnown(name)));
        }
    }
    chain.rules.push(Rule { handle, steps });
    Some(())
}

/// An expression; `None` where it is not understood.
fn step(name: &str, data: &Attributes<'_>) -> Option<Step> {
    Some(match name {
        "meta" => meta(data)?,
        "payload" => payload(data)?,
        "ct" => {
            let to = data.register(1)?;
            let field = match data.number(2)? {
                0 => Field::ConnectionState,
                _ => Field::NotKnown(16),
            };
            Step::Load { to, field }
        }
        "cmp" => Step::Compare {
            from: data.register(1)?,
            how: comparison(data.number(2)?)?,
            with: data.value(3)?,
        },
        "range" => Step::Between {
            from: data.register(1)?,
            inverted: data.number(2)? == 1,
            range: (data.value(3)?, data.value(4)?),
        },
        "bitwise" => bitwise(data)?,
        "byteorder" => Step::Swap {
            from: data.register(1)?,
            to: data.register(2)?,
            bytes: data.usize(4)?,
            size: data.usize(5)?,
        },
        // One that writes a register looks up a map.
        "lookup" if data.get(3).is_none() => Step::Lookup {
            from: data.register(2)?,
            set: data.text(1)?,
            inverted: data.number(5).unwrap_or(0) & 1 != 0,
        },
        "immediate" => immediate(data)?,
        "reject" => Step::End(Verdict::Drop),
        "redir" => Step::End(Verdict::Elsewhere),
        "nat" if data.number(1)? == 1 => Step::End(Verdict::Elsewhere),
        "nat" | "masq" => Step::End(Verdict::Accept),
        "counter" | "log" | "last" => Step::Note,
        "limit" | "quota" | "connlimit" | "socket" | "fib" | "rt" | "numgen" | "hash" | "osf"
        | "exthdr" | "xfrm" | "tunnel" | "inner" => Step::Condition,
        "match" => extension::matched(data)?,
        "target" => extension::target(data)?,
        _ => return None,
    })
}

fn meta(data: &Attributes<'_>) -> Option<Step> {
    // One that sets something, as a mark.
    let Some(to) = data.register(1) else {
        return data.get(3).map(|_| Step::Note);
    };
    let field = match data.number(2)? {
        1 => Field::Carrier,
        5 => Field::DeviceOutNumber,
        7 => Field::DeviceOut,
        10 => Field::User,
        15 => Field::Family,
        16 => Field::Protocol,
        _ => Field::NotKnown(16),
    };
    Some(Step::Load { to, field })
}

fn payload(data: &Attributes<'_>) -> Option<Step> {
    // One that writes the packet is not understood.
    let (to, base) = (data.register(1)?, data.number(2)?);
    let (offset, length) = (data.usize(3)?, data.usize(4)?);
    let field = match base {
        1 => Field::Network(offset, length),
        2 => Field::Transport(offset, length),
        _ => Field::NotKnown(length),
    };
    Some(Step::Load { to, field })
}

fn bitwise(data: &Attributes<'_>) -> Option<Step> {
    // Shifts are none.
    if data.number(6).unwrap_or(0) != 0 {
        return None;
    }
    Some(Step::Mask {
        from: data.register(1)?,
        to: data.register(2)?,
        mask: data.value(4)?,
        flip: data.value(5)?,
    })
}

fn immediate(data: &Attributes<'_>) -> Option<Step> {
    let to = data.register(1)?;
    let value = data.inner(2)?;
    let Some(verdict) = value.inner(2) else {
        let field = Field::NotKnown(16);
        return Some(Step::Load { to, field });
    };
    Some(match (verdict.number(1)?.cast_signed(), verdict.text(2)) {
        (0, _) => Step::End(Verdict::Drop),
        (1, _) => Step::End(Verdict::Accept),
        (-1, _) => Step::Note,
        (-3, Some(name)) => Step::End(Verdict::Jump(name)),
        (-4, Some(name)) => Step::End(Verdict::Goto(name)),
        (-5, _) => Step::End(Verdict::Return),
        _ => return None,
    })
}

fn comparison(number: u32) -> Option<Comparison> {
    Some(match number {
        0 => Comparison::Equal,
        1 => Comparison::Different,
        2 => Comparison::Less,
        3 => Comparison::AtMost,
        4 => Comparison::More,
        5 => Comparison::AtLeast,
        _ => return None,
    })
}

/// A set without its values, and whether they are intervals.
pub(super) fn read_set(of: u8, body: &[u8]) -> Option<(Set, bool)> {
    let set = Attributes::read(body)?;
    let flags = set.number(3).unwrap_or(0);
    let is_plain = flags & !(ANONYMOUS | CONSTANT | INTERVAL) == 0;
    let set = Set {
        family: family(of),
        table: set.text(1)?,
        name: set.text(2)?,
        values: is_plain.then(Vec::new),
    };
    Some((set, flags & INTERVAL != 0))
}

/// A value, and whether an interval ends before it.
pub(super) type Element = (Vec<u8>, bool);

pub(super) fn read_elements(body: &[u8], into: &mut Vec<Element>) -> Option<()> {
    let list = Attributes::read(body)?;
    let Some(elements) = list.inner(3) else {
        return Some(());
    };
    for (_, element) in elements.0 {
        let element = Attributes::read(element)?;
        let flags = element.number(3).unwrap_or(0);
        if flags & CATCH_ALL != 0 {
            // Everything is in it.
            into.extend([(Vec::new(), false)]);
            continue;
        }
        let value = element.value(1)?;
        if into.len() <= ELEMENTS_MAX {
            into.push((value, flags & INTERVAL_END != 0));
        }
    }
    Some(())
}

/// The values of a set from first to last; `None` where they are too many, or not understood.
pub(super) fn ranges(
    mut elements: Vec<Element>,
    is_interval: bool,
) -> Option<Vec<(Vec<u8>, Vec<u8>)>> {
    let is_odd = |it: &Element| it.0.is_empty();
    if elements.len() > ELEMENTS_MAX || elements.iter().any(is_odd) {
        return None;
    }
    if !is_interval {
        let alone = elements
            .into_iter()
            .map(|(value, _)| (value.clone(), value));
        return Some(alone.collect());
    }
    // Of what ends and what begins at one value the end comes first.
    elements.sort_by(|one, other| one.0.cmp(&other.0).then(other.1.cmp(&one.1)));
    let mut found = Vec::new();
    let mut open: Option<Vec<u8>> = None;
    for (value, is_end) in elements {
        if let Some(first) = open.take() {
            found.push((first, before(&value)));
        }
        open = (!is_end).then_some(value);
    }
    found.extend(open.map(|first| {
        let last = vec![u8::MAX; first.len()];
        (first, last)
    }));
    Some(found)
}

/// The value before another.
fn before(value: &[u8]) -> Vec<u8> {
    let mut value = value.to_vec();
    for byte in value.iter_mut().rev() {
        let (less, borrows) = byte.overflowing_sub(1);
        *byte = less;
        if !borrows {
            break;
        }
    }
    value
}

/// How often the rules were changed.
pub(super) fn generation(body: &[u8]) -> Option<Vec<u8>> {
    Some(Attributes::read(body)?.get(1)?.to_vec())
}

// Of NFT_SET_... and NFT_SET_ELEM_...
const ANONYMOUS: u32 = 1;
const CONSTANT: u32 = 2;
const INTERVAL: u32 = 4;
const INTERVAL_END: u32 = 1;
const CATCH_ALL: u32 = 2;
const ELEMENTS_MAX: usize = 4_096;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_end_before_the_value_that_ends_them() {
        let element = |value: u16, is_end| (value.to_be_bytes().to_vec(), is_end);
        let elements = vec![
            element(1006, true),
            element(1002, false),
            element(256, true),
            element(0, false),
            element(2000, false),
        ];
        let range = |first: u16, last: u16| (first.to_be_bytes().into(), last.to_be_bytes().into());
        let expected = vec![range(0, 255), range(1002, 1005), range(2000, u16::MAX)];
        assert_eq!(ranges(elements, true), Some(expected));
        assert_eq!(ranges(vec![(Vec::new(), false)], false), None);
    }

    #[test]
    fn what_is_cut_off_is_not_read() {
        let whole = attribute(1, b"inet\0");
        assert_eq!(Attributes::read(&whole).unwrap().text(1).unwrap(), "inet");
        for length in 1..9 {
            assert!(Attributes::read(&whole[..length]).is_none(), "{length}");
        }
    }

    #[test]
    fn what_is_not_understood_is_said() {
        let none = Attributes::read(&[]).unwrap();
        for name in [
            "queue",
            "tproxy",
            "synproxy",
            "dup",
            "cmp",
            "immediate",
            "target",
            "match",
        ] {
            assert_eq!(step(name, &none), None, "{name}");
        }
    }
}

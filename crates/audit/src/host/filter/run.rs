//! The chains run over packets: of each user that rules tell apart, and of what is sent on for
//! containers. Where a condition is not known, both ways are gone.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::packet::{Byte, PORT, Packet, Registers, Truth, compare};
use super::{
    Chain, Comparison, Family, Field, LAST_USER, Point, Rule, Ruleset, Set, Step, Users, Verdict,
};

/// What the filter in force does with connections to one address of the metadata service.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InForce {
    /// The address.
    pub address: String,
    /// Who reaches it.
    pub reach: Vec<Users>,
    /// Who is refused, or led to Rolecall's guard.
    pub kept_away: Vec<Users>,
    /// Whether what the host sends on, as for containers, reaches it; `None` where that is not
    /// known.
    #[serde(default)]
    pub sent_on: Option<bool>,
    /// The rules that decide: table, chain and number.
    #[serde(default)]
    pub by: Vec<String>,
}

/// Who reaches an address by the rules in force.
///
/// # Errors
///
/// What in the rules is not understood and may decide, for people.
pub fn judge(rules: &Ruleset, address: IpAddr) -> Result<InForce, String> {
    let mut found = InForce {
        address: address.to_string(),
        ..InForce::default()
    };
    let mut by = BTreeSet::new();
    let users = classes(rules);
    if users.len() > CLASSES_MAX {
        return Err(format!(
            "the rules tell {} sorts of users apart",
            users.len()
        ));
    }
    for class in users {
        let end = Run::new(rules, address, Some(class.from)).all(Point::Output);
        if let Some(why) = end.open_question(address, class) {
            return Err(why);
        }
        by.extend(end.by);
        let among = if end.passes {
            &mut found.reach
        } else {
            &mut found.kept_away
        };
        match among.last_mut() {
            Some(last) if last.to.checked_add(1) == Some(class.from) => last.to = class.to,
            _ => among.push(class),
        }
    }
    let sent_on = Run::new(rules, address, None).all(Point::Forward);
    let is_known = sent_on.questions.is_empty() && sent_on.passes != sent_on.ends;
    found.sent_on = is_known.then_some(sent_on.passes);
    found.by = by.into_iter().take(RULES_SHOWN_MAX).collect();
    Ok(found)
}

/// The users that rules can tell apart: between two numbers that they name, all are alike.
fn classes(rules: &Ruleset) -> Vec<Users> {
    let mut firsts = BTreeSet::from([0]);
    let mut name = |number: u32| {
        firsts.extend([Some(number), number.checked_add(1)].into_iter().flatten());
    };
    let mut bytes = |value: &[u8]| {
        if let Ok(value) = <[u8; 4]>::try_from(value) {
            name(u32::from_ne_bytes(value));
            name(u32::from_be_bytes(value));
        }
    };
    let named = |step: &Step| {
        matches!(
            step,
            Step::Load {
                field: Field::User,
                ..
            }
        )
    };
    let all = rules.chains.iter().flat_map(|chain| {
        let table = (chain.family, chain.table.as_str());
        chain.rules.iter().map(move |rule| (table, rule))
    });
    for (table, rule) in all {
        let is_of_user = rule.steps.iter().any(named);
        for step in &rule.steps {
            match step {
                Step::Compare { with, .. } if is_of_user => bytes(with),
                Step::Between { range, .. } if is_of_user => {
                    bytes(&range.0);
                    bytes(&range.1);
                }
                Step::Lookup { set, .. } if is_of_user => {
                    let of = rules
                        .sets
                        .iter()
                        .find(|it| (it.family, it.table.as_str()) == table && it.name == *set);
                    let values = of.and_then(|it| it.values.as_ref());
                    for (first, last) in values.into_iter().flatten() {
                        bytes(first);
                        bytes(last);
                    }
                }
                Step::Owner { users, .. } => {
                    let (from, to) = (users.0.to_ne_bytes(), users.1.to_ne_bytes());
                    bytes(&from);
                    bytes(&to);
                }
                _ => {}
            }
        }
    }
    let firsts: Vec<u32> = firsts.into_iter().filter(|it| *it <= LAST_USER).collect();
    let next = firsts.iter().skip(1).map(|next| next - 1);
    let lasts = next.chain([LAST_USER]);
    let pairs = firsts.iter().zip(lasts);
    pairs.map(|(from, to)| Users { from: *from, to }).collect()
}

/// All ways in which something can end.
#[derive(Debug, Clone, Default)]
struct End {
    /// It goes on, or is accepted.
    passes: bool,
    /// It is refused, or led to the guard.
    ends: bool,
    /// What may do otherwise.
    questions: BTreeSet<String>,
    /// The rules that end it.
    by: BTreeSet<String>,
}

impl End {
    /// Why it is not known how it ends, if it is not.
    fn open_question(&self, address: IpAddr, class: Users) -> Option<String> {
        let question = match (self.questions.first(), self.passes && self.ends) {
            (Some(question), _) => question.clone(),
            (None, true) => {
                let by: Vec<&str> = self.by.iter().map(String::as_str).collect();
                format!("{} depends on more than the user", by.join(", "))
            }
            (None, false) => return None,
        };
        Some(format!("whether {class} may reach {address}: {question}"))
    }
}

/// A chain's ways: those of `End`, and back to where it was entered from.
#[derive(Debug, Clone, Default)]
struct Ways {
    accepts: bool,
    falls: bool,
    end: End,
}

struct Run<'a> {
    rules: &'a Ruleset,
    packet: Packet,
    /// Chains that were run: the packet is the same, and so are their ways.
    known: BTreeMap<usize, Ways>,
}

impl<'a> Run<'a> {
    fn new(rules: &'a Ruleset, to: IpAddr, user: Option<u32>) -> Self {
        let packet = Packet { to, user };
        Self {
            rules,
            packet,
            known: BTreeMap::new(),
        }
    }

    /// The ways through all chains that the kernel enters, from this point on.
    fn all(mut self, point: Point) -> End {
        let mut end = End {
            passes: true,
            ..End::default()
        };
        for point in [point, Point::Postrouting, Point::Egress] {
            for index in self.entered(point) {
                let Some(chain) = self.rules.chains.get(index) else {
                    continue;
                };
                if chain.family == Family::Below && chain.rules.is_empty() && !chain.drops {
                    continue;
                }
                if chain.family == Family::Below {
                    end.questions
                        .insert(format!("{} filters below IP", named(chain)));
                    continue;
                }
                let ways = self.chain(index, 0);
                end.ends |= ways.end.ends;
                end.questions.extend(ways.end.questions);
                end.by.extend(ways.end.by);
                let falls = ways.falls && !chain.drops;
                if ways.falls && chain.drops {
                    end.ends = true;
                    end.by.insert(format!("{}, policy drop", named(chain)));
                }
                if !falls && !ways.accepts {
                    end.passes = false;
                    return end;
                }
            }
        }
        end
    }

    /// The chains that the kernel enters at a point, in its order.
    fn entered(&self, point: Point) -> Vec<usize> {
        let family = match self.packet.to {
            IpAddr::V4(_) => Family::Ip,
            IpAddr::V6(_) => Family::Ip6,
        };
        let all = self.rules.chains.iter().enumerate();
        let mut found: Vec<(i32, usize)> = all
            .filter(|(_, chain)| [Family::Inet, Family::Below, family].contains(&chain.family))
            .filter(|(_, chain)| {
                let table = (chain.family, chain.table.clone());
                !self.rules.dormant.contains(&table)
            })
            .filter_map(|(index, chain)| Some((chain.hook?, index)))
            .filter(|(hook, _)| hook.point == point)
            .map(|(hook, index)| (hook.priority, index))
            .collect();
        found.sort_unstable();
        found.into_iter().map(|(_, index)| index).collect()
    }

    fn chain(&mut self, index: usize, depth: usize) -> Ways {
        if let Some(known) = self.known.get(&index) {
            return known.clone();
        }
        let mut ways = Ways::default();
        let rules = self.rules;
        let Some(chain) = rules.chains.get(index) else {
            return ways;
        };
        if depth > DEPTH_MAX {
            let why = format!("{} is entered too deep", named(chain));
            ways.end.questions.insert(why);
            ways.falls = true;
            return ways;
        }
        for rule in &chain.rules {
            let (matches, verdict) = self.rule(chain, rule, &mut ways);
            if matches == Truth::No {
                continue;
            }
            let goes_on = verdict.is_none_or(|it| self.verdict(chain, rule, it, depth, &mut ways));
            if matches == Truth::Yes && !goes_on {
                self.known.insert(index, ways.clone());
                return ways;
            }
        }
        ways.falls = true;
        self.known.insert(index, ways.clone());
        ways
    }

    /// Goes the way of a rule that matches; whether the next rule can come.
    fn verdict(
        &mut self,
        chain: &Chain,
        rule: &Rule,
        verdict: &Verdict,
        depth: usize,
        ways: &mut Ways,
    ) -> bool {
        let by = format!("{}, rule {}", named(chain), rule.handle);
        match verdict {
            Verdict::Accept => ways.accepts = true,
            Verdict::Return => ways.falls = true,
            Verdict::Drop => {
                ways.end.ends = true;
                ways.end.by.insert(by);
            }
            Verdict::Elsewhere if chain.table == GUARD && chain.family == Family::Inet => {
                ways.end.ends = true;
                ways.end.by.insert(format!("{by} (Rolecall's guard)"));
            }
            Verdict::Elsewhere => {
                let why = format!("{by} leads it elsewhere, and what answers there is not known");
                ways.end.questions.insert(why);
                ways.end.ends = true;
            }
            Verdict::Jump(name) | Verdict::Goto(name) => {
                let Some(index) = self.named(chain, name) else {
                    let why = format!("{by} enters a chain that was not read");
                    ways.end.questions.insert(why);
                    return true;
                };
                let inner = self.chain(index, depth + 1);
                ways.accepts |= inner.accepts;
                ways.end.ends |= inner.end.ends;
                ways.end.questions.extend(inner.end.questions);
                ways.end.by.extend(inner.end.by);
                if matches!(verdict, Verdict::Jump(_)) {
                    return inner.falls;
                }
                ways.falls |= inner.falls;
            }
        }
        false
    }

    fn named(&self, of: &Chain, name: &str) -> Option<usize> {
        let mut all = self.rules.chains.iter();
        all.position(|it| it.family == of.family && it.table == of.table && it.name == name)
    }

    /// Whether a rule matches, and how it ends then.
    fn rule<'r>(
        &self,
        chain: &Chain,
        rule: &'r Rule,
        ways: &mut Ways,
    ) -> (Truth, Option<&'r Verdict>) {
        let mut registers = Registers::new();
        let mut matches = Truth::Yes;
        let mut loaded = None;
        for step in &rule.steps {
            match step {
                Step::Note => {}
                Step::End(verdict) => return (matches, Some(verdict)),
                Step::NotKnown(what) => {
                    let by = format!("{}, rule {}", named(chain), rule.handle);
                    ways.end
                        .questions
                        .insert(format!("{by} has `{what}`, which is not understood"));
                    return (Truth::Maybe, None);
                }
                // The metadata service is not on the host.
                Step::Compare { from, how, with }
                    if matches!(
                        loaded,
                        Some((at, Field::DeviceOut | Field::DeviceOutNumber)) if at == *from
                    ) && is_loopback(with) =>
                {
                    match how {
                        Comparison::Equal => return (Truth::No, None),
                        Comparison::Different => {}
                        _ => matches = Truth::Maybe,
                    }
                }
                // Users are told apart by whole numbers.
                Step::Mask { from, .. } if loaded == Some((*from, Field::User)) => {
                    registers.forget();
                }
                other => {
                    if let Step::Load { to, field } = other {
                        loaded = Some((*to, *field));
                    }
                    match self.step(chain, other, &mut registers) {
                        Truth::Yes => {}
                        Truth::No => return (Truth::No, None),
                        Truth::Maybe => matches = Truth::Maybe,
                    }
                }
            }
        }
        (matches, None)
    }

    /// Takes a step that ends nothing; whether the next one is taken.
    fn step(&self, chain: &Chain, step: &Step, registers: &mut Registers) -> Truth {
        match step {
            Step::Load { to, field } => match self.packet.field(*field) {
                Some(bytes) => registers.put(*to, &bytes),
                None => return Truth::No,
            },
            Step::Mask {
                from,
                to,
                mask,
                flip,
            } => {
                let bytes = masked(&registers.get(*from, mask.len()), mask, flip);
                registers.put(*to, &bytes);
            }
            Step::Swap {
                from,
                to,
                bytes,
                size,
            } => {
                let mut bytes = registers.get(*from, *bytes);
                if cfg!(target_endian = "little") && *size > 0 {
                    bytes.chunks_mut(*size).for_each(<[_]>::reverse);
                }
                registers.put(*to, &bytes);
            }
            Step::Compare { from, how, with } => {
                return compare(&registers.get(*from, with.len()), *how, with);
            }
            Step::Between {
                from,
                range,
                inverted,
            } => {
                let bytes = registers.get(*from, range.0.len());
                return between(&bytes, &range.0, &range.1).invert(*inverted);
            }
            Step::Lookup {
                from,
                set,
                inverted,
            } => {
                let set = self.rules.sets.iter().find(|it| {
                    it.family == chain.family && it.table == chain.table && it.name == *set
                });
                return self::is_in(registers, *from, set).invert(*inverted);
            }
            Step::Owner { users, inverted } => {
                let Some(user) = self.packet.user else {
                    return Truth::of(*inverted);
                };
                return Truth::of((users.0..=users.1).contains(&user)).invert(*inverted);
            }
            Step::Ports { ports, inverted } => {
                return Truth::of((ports.0..=ports.1).contains(&PORT)).invert(*inverted);
            }
            Step::Condition => {
                registers.forget();
                return Truth::Maybe;
            }
            Step::End(_) | Step::Note | Step::NotKnown(_) => {}
        }
        Truth::Yes
    }
}

/// The name of the loopback device, or its number.
fn is_loopback(device: &[u8]) -> bool {
    let name = device.split(|byte| *byte == 0).next().unwrap_or_default();
    name == b"lo" || device == 1_u32.to_ne_bytes()
}

fn masked(bytes: &[Byte], mask: &[u8], flip: &[u8]) -> Vec<Byte> {
    let masks = mask.iter().zip(flip);
    let all = bytes.iter().zip(masks);
    all.map(|(byte, (mask, flip))| match mask {
        0 => Some(*flip),
        mask => byte.map(|it| (it & mask) ^ flip),
    })
    .collect()
}

fn is_in(registers: &Registers, from: usize, set: Option<&Set>) -> Truth {
    let Some(values) = set.and_then(|it| it.values.as_ref()) else {
        return Truth::Maybe;
    };
    let mut found = Truth::No;
    for (first, last) in values {
        match between(&registers.get(from, first.len()), first, last) {
            Truth::Yes => return Truth::Yes,
            Truth::Maybe => found = Truth::Maybe,
            Truth::No => {}
        }
    }
    found
}

/// Whether bytes are from the first value to the last one.
fn between(bytes: &[Byte], first: &[u8], last: &[u8]) -> Truth {
    if first == last {
        return compare(bytes, Comparison::Equal, first);
    }
    let above = compare(bytes, Comparison::AtLeast, first);
    both(above, compare(bytes, Comparison::AtMost, last))
}

fn both(one: Truth, other: Truth) -> Truth {
    match (one, other) {
        (Truth::No, _) | (_, Truth::No) => Truth::No,
        (Truth::Yes, Truth::Yes) => Truth::Yes,
        _ => Truth::Maybe,
    }
}

fn named(chain: &Chain) -> String {
    let family = match chain.family {
        Family::Inet => "inet",
        Family::Ip => "ip",
        Family::Ip6 => "ip6",
        Family::Below => "netdev or bridge",
        Family::Other => "other",
    };
    format!("table {family} {}, chain {}", chain.table, chain.name)
}

impl InForce {
    /// Whether nobody is kept away.
    pub fn is_open(&self) -> bool {
        self.kept_away.is_empty()
    }

    /// As reports speak of it.
    pub fn describe(&self) -> String {
        let list = |users: &[Users]| {
            let shown = users.iter().take(USERS_SHOWN_MAX);
            let all: Vec<String> = shown.map(ToString::to_string).collect();
            match users.len().saturating_sub(USERS_SHOWN_MAX) {
                0 => all.join(", "),
                more => format!("{} and {more} more", all.join(", ")),
            }
        };
        let reach = match self.reach.as_slice() {
            [] => "nobody reaches it".to_owned(),
            users => format!("{} may reach it", list(users)),
        };
        let sent_on = match self.sent_on {
            Some(true) => "what the host sends on for containers may too",
            Some(false) => "what the host sends on for containers may not",
            None => "of what the host sends on for containers it is not known",
        };
        format!("{reach}; {sent_on}")
    }
}

// The table of `rolecall guard run`.
const GUARD: &str = "rolecall_guard";
const CLASSES_MAX: usize = 512;
// The kernel's NFT_JUMP_STACK_SIZE.
const DEPTH_MAX: usize = 16;
const RULES_SHOWN_MAX: usize = 16;
const USERS_SHOWN_MAX: usize = 8;

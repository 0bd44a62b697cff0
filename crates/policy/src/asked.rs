//! Actions: what is asked for, what patterns are about, and a quick way to tell that the two have
//! nothing in common. Knows no other element.
//!
//! Case does not count in actions: "prefixes and action names are case insensitive".

use crate::pattern::Pattern;

/// The action of a request, made ready to be looked up.
#[derive(Debug)]
pub(crate) struct Asked<'a> {
    // In lower case.
    action: &'a str,
    reach: Reach,
}

/// Room for an action in lower case.
#[derive(Debug)]
pub(crate) struct Room {
    short: [u8; SHORT_BYTES_MAX],
    long: String,
}

impl Room {
    pub(crate) const EMPTY: Room = Room {
        short: [0; SHORT_BYTES_MAX],
        long: String::new(),
    };
}

impl<'a> Asked<'a> {
    /// Allocates only for an action longer than any there is.
    pub(crate) fn new(action: &str, room: &'a mut Room) -> Asked<'a> {
        let Room { short, long } = room;
        let action = if let Some(short) = short.get_mut(..action.len()) {
            short.copy_from_slice(action.as_bytes());
            short.make_ascii_lowercase();
            std::str::from_utf8(short).unwrap_or_default()
        } else {
            *long = action.to_ascii_lowercase();
            long
        };
        let reach = match action.split_once(':') {
            Some((vendor, _)) => Reach {
                vendors: bit(vendor),
                actions: bit(action),
            },
            None => Reach::EVERYTHING,
        };
        Asked { action, reach }
    }

    /// Whether it may be among what `reach` covers.
    pub(crate) fn may_be_in(&self, reach: Reach) -> bool {
        self.reach.vendors & reach.vendors != 0 || self.reach.actions & reach.actions != 0
    }
}

/// What a statement may be about: one bit of 64 for each service of which it has a pattern with
/// wildcards, and for each whole action. What it misses is certain, what it hits is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reach {
    vendors: u64,
    actions: u64,
}

impl Reach {
    pub(crate) const NOTHING: Reach = Reach {
        vendors: 0,
        actions: 0,
    };
    pub(crate) const EVERYTHING: Reach = Reach {
        vendors: u64::MAX,
        actions: u64::MAX,
    };

    pub(crate) fn with(self, other: Reach) -> Reach {
        Reach {
            vendors: self.vendors | other.vendors,
            actions: self.actions | other.actions,
        }
    }
}

/// An entry of an `Action` or `NotAction` element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ActionPattern {
    // In lower case.
    pattern: Pattern,
    reach: Reach,
}

impl ActionPattern {
    /// `vendor` is what stands before the colon of `text`, or `*`.
    pub(crate) fn new(vendor: &str, text: &str) -> ActionPattern {
        let lower = text.to_ascii_lowercase();
        let pattern = Pattern::new(&lower);
        let reach = match &pattern {
            _ if vendor == "*" => Reach::EVERYTHING,
            Pattern::Literal(action) => Reach {
                vendors: 0,
                actions: bit(action),
            },
            _ => Reach {
                vendors: bit(&vendor.to_ascii_lowercase()),
                actions: 0,
            },
        };
        ActionPattern { pattern, reach }
    }

    pub(crate) fn reach(&self) -> Reach {
        self.reach
    }

    pub(crate) fn matches(&self, asked: &Asked<'_>) -> bool {
        asked.may_be_in(self.reach) && self.pattern.matches(asked.action)
    }
}

/// One bit, by FNV-1a.
fn bit(text: &str) -> u64 {
    let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(FNV_PRIME);
    let hash = text.bytes().fold(FNV_OFFSET, mix);
    1 << (hash >> 58)
}

const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0100_0000_01b3;
// AWS's longest action has some 80 characters.
const SHORT_BYTES_MAX: usize = 128;

#[cfg(test)]
mod tests {
    use super::*;

    fn check(vendor: &str, pattern: &str, action: &str, expect: bool) {
        let mut room = Room::EMPTY;
        let asked = Asked::new(action, &mut room);
        let found = ActionPattern::new(vendor, pattern).matches(&asked);
        assert_eq!(found, expect, "{pattern} {action}");
    }

    #[test]
    fn case_does_not_count() {
        check("S3", "S3:Get*", "s3:getobject", true);
        check("s3", "s3:getobject", "S3:GetObject", true);
        check("s3", "s3:GetObject", "S3:GetObjects", false);
        check("*", "*:get*", "s3:GetObject", true);
        check("*", "*", "no vendor", true);
    }

    #[test]
    fn neither_do_length_and_letters_from_elsewhere() {
        let long = format!("s3:{}", "É".repeat(200));
        check("s3", "s3:*", &long, true);
        check("s3", "s3:a*", &long, false);
        check("s3", "s3:*É", "S3:É", true);
        check("s3", "s3:*", "s3x:a", false);
    }

    #[test]
    fn what_is_about_something_else_is_told_at_once() {
        let check = |vendor: &str, pattern: &str, expect: bool| {
            let mut room = Room::EMPTY;
            let asked = Asked::new("S3:GetObject", &mut room);
            let reach = ActionPattern::new(vendor, pattern).reach();
            assert_eq!(asked.may_be_in(reach), expect, "{pattern}");
            assert_eq!(asked.may_be_in(Reach::NOTHING.with(reach)), expect);
            assert_eq!(asked.may_be_in(reach.with(reach)), expect);
            assert!(!asked.may_be_in(Reach::NOTHING));
            assert!(asked.may_be_in(reach.with(Reach::EVERYTHING)));
        };
        check("s3", "s3:*", true);
        check("s3", "S3:Put*", true);
        check("S3", "s3:getobject", true);
        check("*", "*:Put*", true);
        check("s3", "s3:PutObject", false);
        check("kms", "kms:*", false);
        check("kms", "kms:GetObject", false);
    }

    /// Two of the test vectors that the authors of FNV publish: af63dc4c8601ec8c and
    /// 85944171f73967e8 in full.
    #[test]
    fn a_bit_is_chosen_by_fnv_1a() {
        assert_eq!(bit("a"), 1 << 43);
        assert_eq!(bit("foobar"), 1 << 33);
    }
}

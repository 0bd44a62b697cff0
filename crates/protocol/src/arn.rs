//! Amazon Resource Names, taken apart once.
//!
//! Source: AWS General Reference, "Amazon Resource Names (ARNs)".

use std::fmt;

/// `arn:partition:service:region:account:resource`, each part as written.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Arn {
    text: String,
    // Offsets of the five colons, so that parts are slices of one string.
    colons: [usize; 5],
}

impl Arn {
    /// Takes an ARN apart; `None` unless there are six parts, the first being `arn`.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > ARN_BYTES_MAX || !text.starts_with("arn:") {
            return None;
        }
        let mut colons = text
            .bytes()
            .enumerate()
            .filter(|(_, byte)| *byte == b':')
            .map(|(at, _)| at);
        let colons = [
            colons.next()?,
            colons.next()?,
            colons.next()?,
            colons.next()?,
            colons.next()?,
        ];
        Some(Self {
            text: text.to_owned(),
            colons,
        })
    }

    /// Puts an ARN of the `aws` partition together.
    pub fn new(service: &str, region: &str, account: &str, resource: &str) -> Self {
        let head = "arn:aws:".len();
        let service_end = head + service.len();
        let region_end = service_end + 1 + region.len();
        let account_end = region_end + 1 + account.len();
        Self {
            text: [
                "arn:aws:", service, ":", region, ":", account, ":", resource,
            ]
            .concat(),
            colons: [3, head - 1, service_end, region_end, account_end],
        }
    }

    /// The whole text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The whole text, kept.
    pub fn into_text(self) -> String {
        self.text
    }

    /// `aws`.
    pub fn partition(&self) -> &str {
        self.between(0)
    }

    /// `secretsmanager`.
    pub fn service(&self) -> &str {
        self.between(1)
    }

    /// `us-east-1`; empty for services that have no regions.
    pub fn region(&self) -> &str {
        self.between(2)
    }

    /// The 12-digit account; empty where the resource names none.
    pub fn account(&self) -> &str {
        self.between(3)
    }

    /// All that follows the fifth colon.
    pub fn resource(&self) -> &str {
        let [.., last] = self.colons;
        self.text.get(last + 1..).unwrap_or_default()
    }

    fn between(&self, colon: usize) -> &str {
        match (self.colons.get(colon), self.colons.get(colon + 1)) {
            (Some(start), Some(end)) => self.text.get(start + 1..*end).unwrap_or_default(),
            _ => "",
        }
    }
}

/// What stands in a text after that many colons, up to the next, if there are as many: the region
/// of an ARN after three, the account after four.
pub fn part(text: &str, colons: usize) -> Option<&str> {
    let mut found = text.bytes().enumerate().filter(|(_, byte)| *byte == b':');
    let start = match colons.checked_sub(1) {
        Some(before) => found.nth(before)?.0 + 1,
        None => 0,
    };
    let end = found.next().map_or(text.len(), |(at, _)| at);
    text.get(start..end)
}

impl fmt::Display for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The longest ARN any service model here allows (IAM's `arnType`).
pub const ARN_BYTES_MAX: usize = 2_048;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_as_written() {
        let arn = Arn::parse("arn:aws:secretsmanager:us-east-1:123456789012:secret:a:b").unwrap();

        assert_eq!(
            (
                arn.partition(),
                arn.service(),
                arn.region(),
                arn.account(),
                arn.resource()
            ),
            (
                "aws",
                "secretsmanager",
                "us-east-1",
                "123456789012",
                "secret:a:b"
            )
        );
    }

    #[test]
    fn a_part_stands_between_colons() {
        for text in ["", "a", ":", "a:b", "a::c", "arn:aws:s3:::b", "é:ü:"] {
            for colons in 0..7 {
                let expect = text.split(':').nth(colons);
                assert_eq!(part(text, colons), expect, "{text} {colons}");
            }
        }
    }

    #[test]
    fn putting_together_and_taking_apart_agree() {
        let arn = Arn::new("iam", "", "123456789012", "role/x");

        assert_eq!(Arn::parse(arn.as_str()), Some(arn));
    }

    #[test]
    fn what_is_not_an_arn_is_refused() {
        for text in ["", "arn", "arn:aws:iam::role", "urn:aws:iam::1:role/x"] {
            assert_eq!(Arn::parse(text), None, "{text}");
        }
        assert_eq!(
            Arn::parse(&format!("arn:aws:iam::1:{}", "x".repeat(ARN_BYTES_MAX))),
            None
        );
    }
}

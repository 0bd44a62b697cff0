//! Resources as records know them, and as a policy has to write them. Knows no action.
//!
//! Source: IAM User Guide, "IAM policy elements: Variables and tags", section on special
//! characters, and "IAM JSON policy elements: Resource".

use crate::pattern::PARTS;

/// What an action was done to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Resource {
    /// `*`, of an action that has no resource.
    Any,
    /// This ARN and no other: a wildcard in it is a character like any other.
    Arn(String),
    /// An ARN of which one stretch is not known. AWS documents how a policy writes it.
    Partly {
        /// What stands before the stretch.
        before: String,
        /// What the stretch is.
        unknown: Unknown,
        /// What stands behind it; often nothing.
        after: String,
    },
}

/// What a record cannot tell of a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unknown {
    /// The six characters that Secrets Manager drew for a secret: `??????` ("Permissions policy
    /// examples for AWS Secrets Manager").
    SecretSuffix,
    /// An identifier that AWS assigns: `*`, which is also what EC2 asks policies about when the
    /// call itself makes the resource, as in `instance/*`.
    Assigned,
}

impl Resource {
    /// `*`, or an ARN that is known in full.
    pub fn new(text: &str) -> Resource {
        match text {
            "*" => Resource::Any,
            arn => Resource::Arn(arn.to_owned()),
        }
    }

    /// A secret by its ARN without the hyphen and the six characters at its end.
    pub fn secret(arn: &str) -> Resource {
        Resource::Partly {
            before: format!("{arn}-"),
            unknown: Unknown::SecretSuffix,
            after: String::new(),
        }
    }

    /// An ARN whose last part is an identifier that AWS assigns, by what stands before it.
    pub fn assigned(before: &str) -> Resource {
        Resource::Partly {
            before: before.to_owned(),
            unknown: Unknown::Assigned,
            after: String::new(),
        }
    }

    /// As the `Resource` element has to say it; `None` for what no policy can name.
    pub(super) fn pattern(&self) -> Option<String> {
        match self {
            Resource::Any => Some("*".to_owned()),
            Resource::Arn(arn) => escape(arn),
            Resource::Partly {
                before,
                unknown,
                after,
            } => {
                let wildcards = match unknown {
                    Unknown::SecretSuffix => "??????",
                    Unknown::Assigned => "*",
                };
                // An escape may not stand before the fifth colon, so the stretch has to stand
                // behind it.
                let before = escape(before)?;
                Some(format!("{before}{wildcards}{}", escape_text(after)))
            }
        }
    }

    /// An ARN that a call to it could have been about.
    pub(super) fn sample(&self) -> String {
        match self {
            Resource::Any => "*".to_owned(),
            Resource::Arn(arn) => arn.clone(),
            Resource::Partly {
                before,
                unknown,
                after,
            } => {
                let stretch = match unknown {
                    Unknown::SecretSuffix => "a1B2c3",
                    Unknown::Assigned => "*",
                };
                format!("{before}{stretch}{after}")
            }
        }
    }

    /// Whether a permission on this is one on `arn`.
    pub(super) fn covers(&self, arn: &str) -> bool {
        match self {
            Resource::Any => true,
            Resource::Arn(own) => own == arn,
            Resource::Partly {
                before,
                unknown,
                after,
            } => {
                let stretch = arn
                    .strip_prefix(before.as_str())
                    .and_then(|rest| rest.strip_suffix(after.as_str()));
                stretch.is_some_and(|stretch| match unknown {
                    Unknown::SecretSuffix => stretch.chars().count() == SUFFIX_CHARACTERS,
                    Unknown::Assigned => true,
                })
            }
        }
    }

    /// What is behind the fifth colon, as far as it is known.
    pub(super) fn name(&self) -> &str {
        let arn = match self {
            Resource::Any => "",
            Resource::Arn(arn) => arn,
            Resource::Partly { before, after, .. } if after.is_empty() => before,
            Resource::Partly { after, .. } => return after,
        };
        arn.splitn(PARTS, ':').nth(PARTS - 1).unwrap_or_default()
    }
}

/// `arn` so that it matches itself only. `None` for what the `Resource` element does not take: it
/// needs six parts, `arn`, a partition and a service among them, and before the fifth colon a
/// policy has no way to write a wildcard that is none.
fn escape(arn: &str) -> Option<String> {
    let mut parts = arn.splitn(PARTS, ':');
    let mut escaped = String::with_capacity(arn.len());
    for index in 1..PARTS {
        let part = parts.next()?;
        let good = match index {
            1 => part == "arn",
            2 => part == "aws" || part.starts_with("aws-"),
            3 => !part.is_empty(),
            _ => true,
        };
        if !good || part.contains(['*', '?', '$']) {
            return None;
        }
        escaped.push_str(part);
        escaped.push(':');
    }
    escaped.push_str(&escape_text(parts.next()?));
    Some(escaped)
}

/// The characters that mean something as policy variables for themselves. A dollar means something
/// only before what could be taken for the rest of a variable.
fn escape_text(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('*', _) => escaped.push_str("${*}"),
            ('?', _) => escaped.push_str("${?}"),
            ('$', Some('{' | '*' | '?' | '$')) => escaped.push_str("${$}"),
            (c, _) => escaped.push(c),
        }
    }
    escaped
}

// Secrets Manager User Guide, "ARN" of a secret.
const SUFFIX_CHARACTERS: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;

    fn check(arn: &str, expect: Option<&str>) {
        assert_eq!(Resource::new(arn).pattern().as_deref(), expect, "{arn}");
    }

    #[test]
    fn what_means_something_to_a_policy_is_written_as_a_variable() {
        check("arn:aws:s3:::b/a*b?c", Some("arn:aws:s3:::b/a${*}b${?}c"));
        check(
            "arn:aws:s3:::b/${aws:username}",
            Some("arn:aws:s3:::b/${$}{aws:username}"),
        );
        check("arn:aws:s3:::b/$*", Some("arn:aws:s3:::b/${$}${*}"));
        check("arn:aws:s3:::b/$${", Some("arn:aws:s3:::b/${$}${$}{"));
        check(
            "arn:aws:s3:::b/a_$folder$",
            Some("arn:aws:s3:::b/a_$folder$"),
        );
    }

    #[test]
    fn what_no_policy_can_name_has_no_pattern() {
        check("arn:aws:s3:::", Some("arn:aws:s3:::"));
        check("arn:aws:s3:b", None);
        check("", None);
        check("arn:aws:sqs:*:1:q", None);
        check("arn:${x}:sqs:r:1:q", None);
        assert_eq!(Resource::secret("secret").pattern(), None);
    }

    #[test]
    fn an_unknown_stretch_is_written_as_documented_and_covers_no_more() {
        let secret = Resource::secret("arn:aws:secretsmanager:r:1:secret:a*");
        assert_eq!(
            secret.pattern().as_deref(),
            Some("arn:aws:secretsmanager:r:1:secret:a${*}-??????")
        );
        assert!(secret.covers(&secret.sample()));
        assert!(!secret.covers("arn:aws:secretsmanager:r:1:secret:a*-12345"));
        assert!(!secret.covers("arn:aws:secretsmanager:r:1:secret:a*"));
        assert!(!secret.covers("arn:aws:secretsmanager:r:1:secret:ab-123456"));
    }
}

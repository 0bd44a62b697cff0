//! A secret, a version of it and a key in it, as a person writes them: `NAME[#VERSION][:KEY]`.
//!
//! The colon is free because no secret's name holds one; an ARN holds six, and its key begins after
//! the seventh. `#` marks a version because neither names nor ARNs hold it, while `@` may stand in
//! both. Of what follows it, 32 to 64 characters are a version's id and anything else is a stage.
//! Sources: Secrets Manager API Reference, "CreateSecret" (characters of a name) and
//! "GetSecretValue" (lengths); IAM User Guide, "Amazon Resource Names".

use std::str::FromStr;

use crate::ask::{Ask, AskError};
use crate::text::shown;

/// What is to be read, and which part of it is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    text: String,
    ask: Ask,
    key: Option<String>,
}

/// Why a text refers to no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceError {
    /// The name or version is none.
    #[error(transparent)]
    Ask(#[from] AskError),
    /// It begins as an ARN and has fewer than seven parts.
    #[error("the ARN is not complete: `{}`", shown(.0))]
    IncompleteArn(String),
    /// A `#` and nothing after it.
    #[error("there is no version after the `#`")]
    EmptyVersion,
    /// A colon and nothing after it.
    #[error("there is no key after the `:`; without the colon the whole secret is meant")]
    EmptyKey,
}

impl Reference {
    /// Which version of which secret to read.
    pub fn ask(&self) -> &Ask {
        &self.ask
    }

    /// The key in it; the whole secret without.
    pub fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl FromStr for Reference {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, ReferenceError> {
        let (secret, key) = if text.starts_with("arn:") {
            let colon = |(at, byte)| (byte == b':').then_some(at);
            let mut colons = text.bytes().enumerate().filter_map(colon);
            if colons.nth(ARN_PARTS - 2).is_none() {
                return Err(ReferenceError::IncompleteArn(text.to_owned()));
            }
            match colons.next().and_then(|at| text.split_at_checked(at)) {
                Some((arn, key)) => (arn, key.strip_prefix(':')),
                None => (text, None),
            }
        } else {
            match text.split_once(':') {
                Some((name, key)) => (name, Some(key)),
                None => (text, None),
            }
        };
        if key.is_some_and(str::is_empty) {
            return Err(ReferenceError::EmptyKey);
        }
        let (secret, version) = match secret.split_once('#') {
            Some((_, "")) => return Err(ReferenceError::EmptyVersion),
            Some((secret, version)) => (secret, Some(version.to_owned())),
            None => (secret, None),
        };
        let is_id = |version: &String| VERSION_ID_CHARS.contains(&version.chars().count());
        let (id, stage) = match version {
            Some(version) if is_id(&version) => (Some(version), None),
            stage => (None, stage),
        };
        Ok(Self {
            text: text.to_owned(),
            ask: Ask::new(secret, id, stage)?,
            key: key.map(str::to_owned),
        })
    }
}

// `arn:partition:service:region:account:secret:name`
const ARN_PARTS: usize = 7;
const VERSION_ID_CHARS: std::ops::RangeInclusive<usize> = 32..=64;

#[cfg(test)]
mod tests {
    use super::*;

    const ARN: &str = "arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf";
    const ID: &str = "EXAMPLE1-90ab-cdef-fedc-ba987SECRET1";

    fn check(text: &str, secret: &str, version: &str, key: Option<&str>) {
        let found: Reference = text.parse().unwrap();

        let version_of = |ask: &Ask| {
            let id = ask.version_id().map(|id| format!("id {id}"));
            id.or_else(|| ask.version_stage().map(str::to_owned))
        };
        assert_eq!(found.ask().secret_id(), secret, "{text}");
        assert_eq!(version_of(found.ask()).as_deref(), Some(version), "{text}");
        assert_eq!(found.key(), key, "{text}");
        assert_eq!(found.text(), text);
    }

    fn refused(text: &str, expect: &ReferenceError) {
        assert_eq!(&text.parse::<Reference>().unwrap_err(), expect, "{text}");
    }

    #[test]
    fn what_refers_to_no_secret_is_refused() {
        refused("", &ReferenceError::Ask(AskError::EmptySecretId));
        refused(":key", &ReferenceError::Ask(AskError::EmptySecretId));
        refused(
            "#AWSPREVIOUS",
            &ReferenceError::Ask(AskError::EmptySecretId),
        );
        refused("db:", &ReferenceError::EmptyKey);
        refused(&format!("{ARN}:"), &ReferenceError::EmptyKey);
        refused("db#", &ReferenceError::EmptyVersion);
        refused("db#:key", &ReferenceError::EmptyVersion);
        let short = "arn:aws:secretsmanager:us-east-1:123456789012:secret";
        refused(short, &ReferenceError::IncompleteArn(short.to_owned()));
        assert!("x".repeat(2_049).parse::<Reference>().is_err());
        assert!(
            format!("db#{}", "x".repeat(257))
                .parse::<Reference>()
                .is_err()
        );
    }

    #[test]
    fn a_name_ends_at_the_first_colon() {
        check("db", "db", "AWSCURRENT", None);
        check("team/db@home", "team/db@home", "AWSCURRENT", None);
        check("db:a", "db", "AWSCURRENT", Some("a"));
        check("db:a:b#c", "db", "AWSCURRENT", Some("a:b#c"));
        check("db:/a/b", "db", "AWSCURRENT", Some("/a/b"));
    }

    #[test]
    fn an_arn_has_seven_parts() {
        check(ARN, ARN, "AWSCURRENT", None);
        check(&format!("{ARN}:a"), ARN, "AWSCURRENT", Some("a"));
        check(&format!("{ARN}:a:b"), ARN, "AWSCURRENT", Some("a:b"));
        check(
            &format!("{ARN}#AWSPREVIOUS:a"),
            ARN,
            "AWSPREVIOUS",
            Some("a"),
        );
    }

    #[test]
    fn a_version_is_an_id_or_a_stage() {
        check("db#AWSPREVIOUS", "db", "AWSPREVIOUS", None);
        check("db#AWSPREVIOUS:a", "db", "AWSPREVIOUS", Some("a"));
        check(&format!("db#{ID}"), "db", &format!("id {ID}"), None);
        let short = "x".repeat(31);
        check(&format!("db#{short}"), "db", &short, None);
        let long = "x".repeat(65);
        check(&format!("db#{long}"), "db", &long, None);
    }
}

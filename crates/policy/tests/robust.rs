//! Whatever text comes, `parse` answers, and the place it names lies in the text.
#![cfg(test)]

use policy::{Kind, Policy};
use proptest::prelude::*;

const KINDS: [Kind; 3] = [Kind::Identity, Kind::Resource, Kind::Trust];

const POLICIES: [&str; 3] = [
    r#"{"Version": "2012-10-17", "Statement": [{"Sid": "A", "Effect": "Allow",
  "Action": ["secretsmanager:GetSecretValue", "kms:*"], "Resource": "arn:aws:s3:::b/*",
  "Condition": {"StringLike": {"aws:x": ["a*", 1, true]}, "Null": {"aws:y": "false"}}}]}"#,
    r#"{"Id": "\u00e9\ud83d\ude00", "Statement": {"Effect": "Deny",
  "NotPrincipal": {"AWS": ["123456789012", "arn:aws:iam::123456789012:role/r"],
    "Service": "ec2.amazonaws.com"},
  "NotAction": "s3:*", "NotResource": ["arn:aws:s3:::*", "*"]}}"#,
    r#"{"Version": "2008-10-17", "Statement": [{"Effect": "Allow", "Principal": "*",
  "Action": "sts:AssumeRole", "Condition": {"ArnLike": {"aws:x": "arn:aws:iam::1:user/*"},
  "Bool": {"aws:z": "true"}}}]}"#,
];

/// Pieces that mean something in a policy, so that mutations reach its inner parts.
const PIECES: [&str; 22] = [
    "",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "\\u",
    "\\ud800",
    "${",
    "*",
    "null",
    "1e9",
    "-",
    "\"Effect\"",
    "\"Principal\"",
    "é",
    "\u{0}",
    "\n",
    "😀",
];

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 1_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_text(text in any::<String>()) {
        answers(&text)?;
    }

    #[test]
    fn any_json_like_text(text in "[{}\\[\\]\":,*a\\\\u0-9 \n-]{0,60}") {
        answers(&text)?;
    }

    #[test]
    fn mutated_policies(
        policy in prop::sample::select(&POLICIES[..]),
        changes in prop::collection::vec(
            (any::<prop::sample::Index>(), 0_usize..4, prop::sample::select(&PIECES[..])),
            1..4,
        ),
    ) {
        let mut chars: Vec<char> = policy.chars().collect();
        for (at, removed, piece) in changes {
            let at = at.index(chars.len() + 1);
            let end = chars.len().min(at + removed);
            chars.splice(at..end, piece.chars());
        }
        answers(&chars.into_iter().collect::<String>())?;
    }
}

#[test]
fn unmutated_policies_are_good() {
    for (policy, kind) in POLICIES.iter().zip(KINDS) {
        assert_eq!(Policy::parse(policy, kind).err(), None, "{policy}");
    }
}

fn answers(text: &str) -> Result<(), TestCaseError> {
    for kind in KINDS {
        if let Err(error) = Policy::parse(text, kind) {
            let line = text.split('\n').nth(error.line as usize - 1);
            let columns = line.map(|line| line.chars().count() + 1);
            prop_assert!(
                columns.is_some_and(|columns| (1..=columns).contains(&(error.column as usize))),
                "{error}"
            );
            prop_assert!(!error.message.is_empty());
        }
    }
    Ok(())
}

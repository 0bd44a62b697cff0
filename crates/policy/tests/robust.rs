//! Whatever text comes, `parse` answers, the place it names lies in the text, and what parses
//! decides.
#![cfg(test)]

use policy::{
    Applied, Context, Kind, Policies, Policy, Principal, Request, ResourceRule, decide, explain,
};
use proptest::prelude::*;

const KINDS: [Kind; 3] = [Kind::Identity, Kind::Resource, Kind::Trust];

const POLICIES: [&str; 3] = [
    r#"{"Version": "2012-10-17", "Statement": [{"Sid": "A", "Effect": "Allow",
  "Action": ["secretsmanager:GetSecretValue", "kms:*"], "Resource": "arn:aws:s3:::b/*",
  "Condition": {"StringLike": {"aws:x": ["a*", 1, true]}, "Null": {"aws:y": "false"}}},
  {"Effect": "Deny", "Action": "*", "Resource": "arn:aws:s3:::b/${aws:x}/${aws:y, 'none'}${*}",
  "Condition": {"NumericLessThan": {"aws:n": ["-1.5", 10]}, "BinaryEquals": {"aws:b": "Zm8="},
    "DateGreaterThanIfExists": {"aws:d": ["2026-01-01T00:00:00.5+01:00", "1767225600"]},
    "ForAnyValue:NotIpAddress": {"aws:i": ["10.0.0.0/8", "2001:db8::/32"]},
    "ForAllValues:ArnNotLike": {"aws:a": "arn:aws:iam::${aws:n}:user/*"}}}]}"#,
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

/// What parses decides too, and `explain` says the same.
fn decides(policy: &Policy) -> Result<(), TestCaseError> {
    let names = [
        "aws:x", "aws:y", "aws:n", "aws:b", "aws:d", "aws:i", "aws:a",
    ];
    let values = [
        "a",
        "${aws:x}",
        "-1.5",
        "Zm8=",
        "2026",
        "10.0.0.1",
        "arn:aws:iam::1:user/u",
    ];
    let pairs = names.iter().zip(values);
    let context = pairs.fold(Context::new(), |context, (key, value)| {
        context.with(key, value)
    });
    let request = Request {
        principal: Principal::User {
            account: "123456789012",
            arn: "arn:aws:iam::123456789012:user/u",
            unique_id: None,
        },
        action: "s3:GetObject",
        resource: "arn:aws:s3:::b/a/Zm8=*",
        resource_account: "123456789012",
        context: &context,
    };
    let applied = [Applied { name: "p", policy }];
    let policies = Policies {
        identity: &applied,
        resource: ResourceRule::Sufficient(applied[0]),
        ..Policies::default()
    };
    let decision = decide(&request, &policies);
    prop_assert_eq!(&explain(&request, &policies).decision, &decision);
    Ok(())
}

fn answers(text: &str) -> Result<(), TestCaseError> {
    for kind in KINDS {
        let parsed = Policy::parse(text, kind);
        if let Ok(policy) = &parsed {
            decides(policy)?;
        }
        if let Err(error) = parsed {
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

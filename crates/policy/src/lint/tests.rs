//! Whatever text comes, `lint` answers in bounded time, and the places it names lie in the text.

use proptest::prelude::*;

use super::*;

const KINDS: [Kind; 5] = Kind::ALL;

const POLICY: &str = r#"{"Version": "2008-10-17", "Statement": [{"Sid": "A", "Effect": "Allow",
  "Principal": {"AWS": ["*", "123456789012"], "Service": "ec2.amazonaws.com"},
  "Action": ["secretsmanager:GetSecretValue", "kms:*", "s3:ListBucket", "sts:AssumeRole"],
  "Resource": ["arn:aws:s3:::b/*", "arn:aws:secretsmanager:us-east-1:123456789012:secret:a"],
  "Condition": {"StringEquals": {"aws:SourceArn": ["a*", 1, true]}, "Null": {"aws:y": "false"},
    "ForAllValues:StringLike": {"aws:TagKeys": "${a}"}, "IpAddress": {"aws:SourceIp": "1"}}},
  {"Sid": "A", "Effect": "Deny", "NotPrincipal": "*", "NotAction": "s3:*", "NotResource": "*"}]}"#;

const PIECES: [&str; 16] = [
    "", "{", "}", "[", "]", ",", ":", "\"", "\\u", "${", "*", "?", "null", "é", "\n", "😀",
];

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 500,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_text(text in any::<String>()) {
        answers(&text)?;
    }

    #[test]
    fn mutated_policies(
        changes in prop::collection::vec(
            (any::<prop::sample::Index>(), 0_usize..4, prop::sample::select(&PIECES[..])),
            0..4,
        ),
    ) {
        let mut chars: Vec<char> = POLICY.chars().collect();
        for (at, removed, piece) in changes {
            let at = at.index(chars.len() + 1);
            let end = chars.len().min(at + removed);
            chars.splice(at..end, piece.chars());
        }
        answers(&chars.into_iter().collect::<String>())?;
    }

    #[test]
    fn covering_is_matching(outer in "[ab*?]{0,6}", inner in "[ab*?]{0,5}", text in "[ab]{0,6}") {
        let matches = |pattern: &str| crate::pattern::Pattern::new(pattern).matches(&text);
        if glob::covers(&outer, &inner) && matches(&inner) {
            prop_assert!(matches(&outer), "{} {} {}", outer, inner, text);
        }
        if matches(&outer) && matches(&inner) {
            prop_assert!(glob::overlap(&glob::tokens(&outer), &glob::tokens(&inner)));
        }
        prop_assert_eq!(
            glob::overlap(&glob::tokens(&outer), &glob::tokens(&text)),
            matches(&outer)
        );
    }
}

fn answers(text: &str) -> Result<(), TestCaseError> {
    let kind = guess_kind(text);
    for kind in KINDS.into_iter().chain([kind]) {
        for finding in lint(text, kind) {
            let line = text.split('\n').nth(finding.line as usize - 1);
            let columns = line.map(|line| line.chars().count() + 1);
            prop_assert!(
                columns.is_some_and(|columns| (1..=columns).contains(&(finding.column as usize))),
                "{finding:?}"
            );
            prop_assert!(!finding.message.is_empty() && !finding.hint.is_empty());
            prop_assert!(!finding.message.ends_with('.'), "{}", finding.message);
        }
        let refused = Policy::parse(text, kind).is_err();
        let told = lint(text, kind)
            .iter()
            .any(|it| it.severity() == Severity::Error);
        prop_assert!(!refused || told);
    }
    Ok(())
}

#[test]
fn the_unmutated_policy_has_findings_of_many_kinds() {
    let codes: std::collections::BTreeSet<_> = lint(POLICY, Kind::Resource)
        .into_iter()
        .map(|it| it.code)
        .collect();

    assert!(codes.len() > 10, "{codes:?}");
}

#[test]
fn findings_have_a_bound() {
    let actions = vec![r#""s3:x""#; 2_000].join(",");
    let text =
        format!(r#"{{"Statement":{{"Effect":"Allow","Action":[{actions}],"Resource":"*"}}}}"#);

    assert_eq!(lint(&text, Kind::Resource).len(), FINDINGS_MAX);
}

#[test]
fn a_text_that_no_service_takes_is_only_refused() {
    let long = format!("{POLICY}{}", " ".repeat(TEXT_BYTES_MAX));
    let dense = POLICY.replace("123456789012", &"1".repeat(CHARACTERS_MAX));
    for text in [long, dense] {
        let codes: Vec<_> = lint(&text, Kind::Resource)
            .into_iter()
            .map(|it| it.code)
            .collect();

        assert_eq!(codes, [Code::Malformed]);
    }
}

#[test]
fn the_kind_is_told_by_the_content() {
    let trust = r#"{"Statement":{"Principal":"*","Action":"sts:AssumeRole"}}"#;
    let resource = r#"{"Statement":{"Principal":"*","Action":"sts:AssumeRole","Resource":"*"}}"#;
    for (text, kind) in [
        (trust, Kind::Trust),
        (resource, Kind::Resource),
        (POLICY, Kind::Resource),
        (
            r#"{"Statement":{"Action":"sts:AssumeRole"}}"#,
            Kind::Identity,
        ),
        ("{}", Kind::Identity),
        ("no json", Kind::Identity),
    ] {
        assert_eq!(guess_kind(text), kind, "{text}");
    }
}

#[test]
fn names_are_kebab_case_and_differ() {
    let names: std::collections::BTreeSet<_> = Code::ALL.iter().map(|it| it.name()).collect();

    assert_eq!(names.len(), Code::ALL.len());
    let plain = |c: char| c.is_ascii_lowercase() || c == '-';
    assert!(
        names.iter().all(|name| name.chars().all(plain)),
        "{names:?}"
    );
}

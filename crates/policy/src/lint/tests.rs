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
    let text = |count: usize| {
        let actions = vec![r#""s3:x""#; count].join(",");
        format!(r#"{{"Statement":{{"Effect":"Allow","Action":[{actions}],"Resource":"*"}}}}"#)
    };

    assert!(Policy::parse(&text(1_000), Kind::Identity).is_ok());
    assert_eq!(lint(&text(1_000), Kind::Identity).len(), FINDINGS_MAX);
    // That it is refused is said whatever is left out.
    let refused = lint(&text(2_000), Kind::Resource);
    assert_eq!(refused.len(), FINDINGS_MAX);
    assert!(refused.iter().any(|it| it.code == Code::Malformed));
}

#[test]
fn a_refusal_is_told_unless_a_rule_says_more_of_the_same_place() {
    let check = |text: &str, expect: bool| {
        let findings = lint(text, Kind::Identity);
        assert!(findings.iter().any(|it| it.severity() == Severity::Error));
        let told = findings.iter().any(|it| it.code == Code::Malformed);
        assert_eq!(told, expect, "{findings:?}");
    };
    check(
        r#"{"Statement":{"Effect":"Allow","Action":"nothing:x","Resource":"x"}}"#,
        true,
    );
    check(
        r#"{"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}}"#,
        false,
    );
}

#[test]
fn an_operator_that_fits_is_offered() {
    for (operator, key, value, wanted) in [
        ("NumericEquals", "aws:SourceVpc", "1", "`StringEquals`"),
        ("NumericEquals", "aws:PrincipalArn", "1", "`ArnLike`"),
        (
            "StringEquals",
            "aws:MultiFactorAuthAge",
            "1",
            "`NumericLessThanEquals`",
        ),
        ("StringEquals", "aws:CurrentTime", "2026", "`DateLessThan`"),
        ("StringEquals", "aws:SourceIp", "10.0.0.1", "`IpAddress`"),
        ("StringEquals", "aws:SecureTransport", "true", "`Bool`"),
    ] {
        let text = format!(
            r#"{{"Statement":{{"Effect":"Allow","Action":"s3:*","Resource":"*",
                "Condition":{{"{operator}":{{"{key}":"{value}"}}}}}}}}"#
        );
        let findings = lint(&text, Kind::Identity);
        let mut hints = findings
            .iter()
            .filter(|it| it.code == Code::OperatorTypeMismatch)
            .map(|it| it.hint.as_str());
        let hint = hints.next().unwrap_or_default();
        assert!(hint.ends_with(wanted), "{key}: {hint}");
    }
}

#[test]
fn keys_may_be_compared_with_each_other_as_texts() {
    let count = |value: &str| {
        let text = format!(
            r#"{{"Statement":{{"Effect":"Deny","Action":"*","Resource":"*","Condition":{{
                "StringNotEquals":{{"aws:Ec2InstanceSourcePrivateIPv4":"{value}"}}}}}}}}"#
        );
        let findings = lint(&text, Kind::Identity);
        let mismatches = findings.iter();
        mismatches
            .filter(|it| it.code == Code::OperatorTypeMismatch)
            .count()
    };
    assert_eq!(count("${aws:VpcSourceIp}"), 0);
    assert_eq!(count("10.0.0.1"), 1);
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
fn a_hint_or_message_names_a_few_and_says_how_many_more() {
    let find = |actions: &str, resource: &str, code: Code| {
        let text = format!(
            r#"{{"Statement":{{"Effect":"Allow","Action":{actions},"Resource":"{resource}"}}}}"#
        );
        let mut findings = lint(&text, Kind::Identity).into_iter();
        findings.find(|it| it.code == code).expect(actions)
    };
    let escalation = |actions| find(actions, "*", Code::PrivilegeEscalation).message;
    let one = escalation(r#""iam:PutRolePolicy""#);
    assert!(one.ends_with(" with `iam:PutRolePolicy`"), "{one}");
    let all = escalation(r#""iam:*""#);
    assert!(all.ends_with(" and 8 more"), "{all}");

    let fitting = |actions| find(actions, "arn:aws:s3:::b", Code::ResourceNotForAction).hint;
    assert_eq!(
        fitting(r#"["kms:Decrypt","kms:Encrypt"]"#),
        "name a resource such as `arn:${Partition}:kms:${Region}:${Account}:key/${KeyId}`"
    );
    let several = fitting(r#""ec2:*""#);
    assert_eq!(several.matches("` or `arn:").count(), 2, "{several}");
}

#[test]
fn a_size_is_near_the_limit_from_nine_tenths_on() {
    let of_size = |characters: usize| {
        let text = |sid: &str| {
            let grant = r#""Effect":"Allow","Action":"s3:*","Resource":"*""#;
            format!(r#"{{"Statement":{{"Sid":"{sid}",{grant}}}}}"#)
        };
        let rest = characters - text("").len();
        let findings = lint(&text(&"x".repeat(rest)), Kind::Resource);
        findings.iter().any(|it| it.code == Code::SizeNearLimit)
    };
    // Of the 20,480 characters of a secret's policy.
    assert!(of_size(18_432));
    assert!(!of_size(18_431));
}

#[test]
fn a_text_that_is_as_long_as_can_be_is_read() {
    let long = |bytes: usize| format!("{POLICY}{}", " ".repeat(bytes - POLICY.len()));
    let written = POLICY.chars().filter(|c| !json::is_white(*c)).count();
    let dense = |characters: usize| {
        let rest = "m".repeat(characters - written);
        POLICY.replacen("amazonaws.com", &format!("amazonaws.com{rest}"), 1)
    };
    for (text, is_read) in [
        (long(TEXT_BYTES_MAX), true),
        (long(TEXT_BYTES_MAX + 1), false),
        (dense(CHARACTERS_MAX), true),
        (dense(CHARACTERS_MAX + 1), false),
    ] {
        assert_eq!(lint(&text, Kind::Resource).len() > 1, is_read);
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

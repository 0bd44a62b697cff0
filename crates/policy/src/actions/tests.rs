//! The tables are sound, and what is looked up in them is found.

use super::*;

#[test]
fn services_and_actions_are_found_in_either_case() {
    let iam = Service::find("IAM").unwrap();

    assert_eq!(iam.prefix, "iam");
    assert_eq!(iam.action("createrole").unwrap().name, "CreateRole");
    assert_eq!(iam.action("CreateRoll"), None);
    assert_eq!(iam.action(""), None);
    assert_eq!(Service::find("lambda"), None);
    assert_eq!(Service::find(""), None);
}

#[test]
fn a_misspelling_has_a_nearest_name() {
    let secrets = Service::find("secretsmanager").unwrap();

    assert_eq!(secrets.nearest("GetSecretValues"), Some("GetSecretValue"));
    assert_eq!(secrets.nearest("getsecretvlaue"), Some("GetSecretValue"));
    assert_eq!(secrets.nearest("Quack"), None);
    assert_eq!(secrets.nearest(""), None);
    assert_eq!(secrets.nearest(&"x".repeat(5_000)), None);
    assert_eq!(nearest_prefix("secretmanager"), Some("secretsmanager"));
    assert_eq!(nearest_key("aws:SourceIP4"), Some("aws:SourceIp"));
}

#[test]
fn distances_are_levenshtein() {
    for (a, b, wanted) in [
        ("", "", 0),
        ("", "abc", 3),
        ("abc", "", 3),
        ("kitten", "sitting", 3),
        ("flaw", "lawn", 2),
        ("same", "same", 0),
        ("abc", "bc", 1),
        ("bc", "abc", 1),
        ("abc", "c", 2),
        ("abcd", "acbd", 2),
    ] {
        assert_eq!(distance(a, b), wanted, "{a} {b}");
    }
}

#[test]
fn keys_are_found_with_their_free_part() {
    let secrets = Service::find("secretsmanager").unwrap();
    let s3 = Service::find("s3").unwrap();

    assert!(global_key("AWS:sourceip").is_some());
    assert!(global_key("aws:PrincipalTag/team").is_some());
    assert!(secrets.key("secretsmanager:ResourceTag/env").is_some());
    assert!(s3.key("s3:ExistingObjectTag/env").is_some());
    assert_eq!(global_key("aws:PrincipalTag/"), None);
    assert_eq!(global_key("aws:PrincipalTag"), None);
    assert_eq!(global_key("aws:Nothing"), None);
    assert_eq!(secrets.key("secretsmanager:ResourceTag/"), None);
    assert_eq!(s3.key("s3:ExistingObjectTag/"), None);
}

#[test]
fn an_action_has_its_own_keys_and_those_of_its_resources() {
    let kms = Service::find("kms").unwrap();
    let decrypt = kms.action("Decrypt").unwrap();

    assert!(kms.action_has_key(decrypt, "kms:ViaService"));
    assert!(kms.action_has_key(decrypt, "kms:EncryptionContext:SecretARN"));
    assert!(kms.action_has_key(decrypt, "kms:KeyOrigin"));
    assert!(!kms.action_has_key(decrypt, "kms:RotationPeriodInDays"));
    assert!(!kms.action_has_key(decrypt, "s3:prefix"));
}

#[test]
fn templates_are_taken_apart() {
    assert_eq!(
        fixed_parts("a/${B}c<D>"),
        [("a/", Some("B")), ("c", Some("D")), ("", None)]
    );
    assert_eq!(fixed_parts("plain"), [("plain", None)]);
    assert_eq!(fixed_parts("open${"), [("open${", None)]);
}

#[test]
fn every_resource_type_an_action_names_is_there() {
    for service in services() {
        assert!(is_prefix(service.prefix));
        for action in service.actions {
            for resource in action.resources {
                let found = service.resource(resource.name);
                assert!(
                    found.is_some(),
                    "{}:{} on {}",
                    service.prefix,
                    action.name,
                    resource.name
                );
            }
        }
    }
}

#[test]
fn every_arn_has_six_parts() {
    for resource in services().iter().flat_map(|service| service.resources) {
        assert!(resource.arn.splitn(6, ':').count() == 6, "{}", resource.arn);
    }
}

#[test]
fn a_name_is_near_when_a_third_of_it_changes() {
    let check = |text: &str, candidate: &str, expect: bool| {
        let found = nearest(text, [candidate].into_iter());
        assert_eq!(found.is_some(), expect, "{text} {candidate}");
    };
    check("abc", "ab", true);
    check("abc", "abx", true);
    check("abc", "axx", false);
    check("ab", "ax", true);
    check("abcdef", "abcdxx", true);
    check("abcdef", "abcxxx", false);
    check("ABCDEF", "abcdef", true);
    let a = |count: usize| "a".repeat(count);
    let (long, longer) = (a(NEAREST_BYTES_MAX), a(NEAREST_BYTES_MAX + 1));
    check(&long, &longer, true);
    check(&longer, &long, false);
    check(&long, &format!("{}xxxx", a(NEAREST_BYTES_MAX - 4)), true);
    check(&long, &format!("{}xxxxx", a(NEAREST_BYTES_MAX - 5)), false);
    check(&a(40), &a(35), false);
}

//! Managed policies and their versions.

use super::access::long;
use super::*;

const ARN: &str = "arn:aws:iam::123456789012:policy/p";

fn with_policy() -> World {
    let mut world = World::new();
    let document = allow();
    let made = [
        ("PolicyName", "p"),
        ("PolicyDocument", &*document),
        ("Description", "words"),
    ];
    named(&mut world, "CreatePolicy", &made).unwrap();
    world
}

fn add(world: &mut World, document: &str, default: bool) -> Result<Record, Fault> {
    let input = texts(&[("PolicyArn", ARN), ("PolicyDocument", document)]);
    call(
        world,
        "CreatePolicyVersion",
        &input.with("SetAsDefault", default),
    )
}

fn default_of(world: &mut World) -> String {
    let got = named(world, "GetPolicy", &[("PolicyArn", ARN)]).unwrap();
    let policy = got.record("Policy").unwrap();
    policy.text("DefaultVersionId").unwrap().to_owned()
}

#[test]
fn a_policy_is_shown_as_it_was_made() {
    let mut world = with_policy();
    let got = named(&mut world, "GetPolicy", &[("PolicyArn", ARN)]).unwrap();
    let got = got.record("Policy").unwrap();

    assert!(got.text("PolicyId").unwrap().starts_with("ANPA"));
    assert_eq!(got.text("Description"), Some("words"));
    assert_eq!(got.integer("AttachmentCount"), Some(0));
    assert_eq!(got.boolean("IsAttachable"), Some(true));
    assert_eq!(got.text("Path"), Some("/"));
}

#[test]
fn versions_come_go_and_are_never_numbered_twice() {
    let mut world = with_policy();
    let other = policy("Deny", "s3:*", "*");
    for (at, default) in [(2, false), (3, true), (4, false), (5, false)] {
        let made = add(&mut world, &other, default).unwrap();
        let version = made.record("PolicyVersion").unwrap();
        assert_eq!(version.text("VersionId"), Some(&*format!("v{at}")));
        assert_eq!(version.boolean("IsDefaultVersion"), Some(default));
    }
    assert_eq!(default_of(&mut world), "v3");
    let words = "A managed policy can have up to 5 versions. Before you create a new version, you \
                 must delete an existing version.";
    fails(add(&mut world, &other, false), LIMIT, words);
    let of = texts(&[("PolicyArn", ARN)]);
    let listed = names(&mut world, "ListPolicyVersions", &of, 2);
    assert_eq!(listed, ["v5", "v4", "v3", "v2", "v1"]);

    let version = |id: &'static str| [("PolicyArn", ARN), ("VersionId", id)];
    let words = "Cannot delete the default version of a policy.";
    fails(
        named(&mut world, "DeletePolicyVersion", &version("v3")),
        CONFLICT,
        words,
    );
    named(&mut world, "DeletePolicyVersion", &version("v5")).unwrap();
    let made = add(&mut world, &other, false).unwrap();
    let made = made.record("PolicyVersion").unwrap();
    assert_eq!(made.text("VersionId"), Some("v6"));
    for operation in [
        "GetPolicyVersion",
        "DeletePolicyVersion",
        "SetDefaultPolicyVersion",
    ] {
        let words = "version v5 does not exist or is not attachable";
        fails(named(&mut world, operation, &version("v5")), MISSING, words);
        fails(
            named(&mut world, operation, &version("5")),
            VALIDATION,
            "versionId",
        );
        fails(
            named(&mut world, operation, &version("v99999999999")),
            MISSING,
            "v99999999999",
        );
    }
    named(&mut world, "SetDefaultPolicyVersion", &version("v1")).unwrap();
    assert_eq!(default_of(&mut world), "v1");
    let got = named(&mut world, "GetPolicyVersion", &version("v2")).unwrap();
    let document = got
        .record("PolicyVersion")
        .unwrap()
        .text("Document")
        .unwrap();
    let decoded = percent_encoding::percent_decode_str(document)
        .decode_utf8()
        .unwrap();
    assert_eq!(decoded, other);
}

#[test]
fn a_policy_in_use_cannot_be_deleted() {
    let mut world = with_policy();
    call(&mut world, "CreateRole", &role("r")).unwrap();
    let attached = [("RoleName", "r"), ("PolicyArn", ARN)];
    named(&mut world, "AttachRolePolicy", &attached).unwrap();
    let got = named(&mut world, "GetPolicy", &attached[1..]).unwrap();
    let count = got.record("Policy").unwrap().integer("AttachmentCount");
    assert_eq!(count, Some(1));
    let words = "Cannot delete a policy attached to entities.";
    fails(
        named(&mut world, "DeletePolicy", &attached[1..]),
        CONFLICT,
        words,
    );
    named(&mut world, "DetachRolePolicy", &attached).unwrap();
    add(&mut world, &allow(), false).unwrap();
    let words = "This policy has more than one version.";
    fails(
        named(&mut world, "DeletePolicy", &attached[1..]),
        CONFLICT,
        words,
    );
    named(
        &mut world,
        "DeletePolicyVersion",
        &[("PolicyArn", ARN), ("VersionId", "v2")],
    )
    .unwrap();

    named(&mut world, "DeletePolicy", &attached[1..]).unwrap();
    fails(named(&mut world, "GetPolicy", &attached[1..]), MISSING, ARN);
}

#[test]
fn a_managed_policy_is_of_bounded_size() {
    let mut world = with_policy();
    let words = "Cannot exceed quota for PolicySize: 6144";
    let (most, over) = (long(6_144), long(6_145));
    fails(add(&mut world, &long(10_241), false), LIMIT, words);
    fails(add(&mut world, &over, false), LIMIT, words);
    let made = [("PolicyName", "q"), ("PolicyDocument", &*over)];
    fails(named(&mut world, "CreatePolicy", &made), LIMIT, words);
    add(&mut world, &format!("{most}  \n"), false).unwrap();
}

#[test]
fn policies_are_listed_by_path_scope_and_use() {
    let mut world = with_policy();
    let document = allow();
    let made = [
        ("PolicyName", "q"),
        ("PolicyDocument", &*document),
        ("Path", "/team/"),
    ];
    named(&mut world, "CreatePolicy", &made).unwrap();
    let sample = "ec2-secrets-manager-policy";
    for (input, expect) in [
        (texts(&[("Scope", "Local")]), &[sample, "p", "q"][..]),
        (texts(&[("PathPrefix", "/team/")]), &["q"]),
        (texts(&[("Scope", "AWS"), ("PathPrefix", "/team/")]), &[]),
        (texts(&[("PolicyUsageFilter", "PermissionsBoundary")]), &[]),
        (Record::new().with("OnlyAttached", true), &[sample]),
    ] {
        assert_eq!(
            names(&mut world, "ListPolicies", &input, 1),
            expect,
            "{input:?}"
        );
    }
}

#[test]
fn policies_of_awss_are_used_and_not_changed() {
    let mut world = World::new();
    let arn = "arn:aws:iam::aws:policy/SecretsManagerReadWrite";
    let caller = world.user_without_policies("ann");
    let list = Record::new();
    let listed = world.call(&caller, "secretsmanager", "ListSecrets", &list);
    fails(
        listed,
        ("AccessDeniedException", 400),
        "no identity-based policy",
    );
    let attach = texts(&[("UserName", "ann"), ("PolicyArn", arn)]);
    world.admin("iam", "AttachUserPolicy", &attach).unwrap();
    world
        .call(&caller, "secretsmanager", "ListSecrets", &list)
        .unwrap();
    let named = texts(&[("PolicyArn", arn)]);
    let shown = world.admin("iam", "GetPolicy", &named).unwrap();
    let shown = shown.record("Policy").unwrap();
    assert_eq!(shown.text("Arn"), Some(arn));
    assert_eq!(shown.integer("AttachmentCount"), Some(1));
    let version = shown.text("DefaultVersionId").unwrap().to_owned();
    let version = texts(&[("PolicyArn", arn), ("VersionId", &version)]);
    let found = world.admin("iam", "GetPolicyVersion", &version).unwrap();
    let document = found.record("PolicyVersion").unwrap();
    assert!(
        document
            .text("Document")
            .unwrap()
            .contains("secretsmanager")
    );

    let denied = ("AccessDenied", 403);
    let words = "on resource: policy SecretsManagerReadWrite";
    let document = r#"{"Version":"2012-10-17","Statement":[]}"#;
    let with = texts(&[("PolicyArn", arn), ("PolicyDocument", document)]);
    for (operation, input) in [
        ("DeletePolicy", &named),
        ("CreatePolicyVersion", &with),
        ("SetDefaultPolicyVersion", &version),
        ("DeletePolicyVersion", &version),
    ] {
        fails(world.admin("iam", operation, input), denied, words);
    }
    let missing = texts(&[
        ("UserName", "ann"),
        ("PolicyArn", "arn:aws:iam::aws:policy/NoSuchPolicy"),
    ]);
    let answer = world.admin("iam", "AttachUserPolicy", &missing);
    fails(answer, ("NoSuchEntity", 404), "does not exist");
}

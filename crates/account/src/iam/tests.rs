//! What each operation of IAM does, and each way it fails.

use protocol::{Fault, Record};

use crate::testing::{World, fails, policy, statements, texts, trust};

mod access;
mod boundaries;
mod details;
mod groups;
mod managed;
mod profiles;
mod report;
mod simulation;
mod updates;

const MISSING: (&str, u16) = ("NoSuchEntity", 404);
const EXISTS: (&str, u16) = ("EntityAlreadyExists", 409);
const CONFLICT: (&str, u16) = ("DeleteConflict", 409);
const LIMIT: (&str, u16) = ("LimitExceeded", 409);
const MALFORMED: (&str, u16) = ("MalformedPolicyDocument", 400);
const INPUT: (&str, u16) = ("InvalidInput", 400);
const VALIDATION: (&str, u16) = ("ValidationError", 400);

const EC2: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow",
    "Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}}"#;

fn call(world: &mut World, operation: &str, input: &Record) -> Result<Record, Fault> {
    world.admin("iam", operation, input)
}

fn named(
    world: &mut World,
    operation: &str,
    members: &[(&'static str, &str)],
) -> Result<Record, Fault> {
    call(world, operation, &texts(members))
}

fn role(name: &str) -> Record {
    texts(&[("RoleName", name), ("AssumeRolePolicyDocument", EC2)])
}

fn allow() -> String {
    policy("Allow", "s3:GetObject", "*")
}

/// The names in a listing, over all its pages of `size`.
fn names(world: &mut World, operation: &str, input: &Record, size: i64) -> Vec<String> {
    let (list, name) = match operation {
        "ListRoles" => ("Roles", "RoleName"),
        "ListUsers" => ("Users", "UserName"),
        "ListPolicies" => ("Policies", "PolicyName"),
        "ListPolicyVersions" => ("Versions", "VersionId"),
        "ListAccessKeys" => ("AccessKeyMetadata", "AccessKeyId"),
        "ListInstanceProfiles" | "ListInstanceProfilesForRole" => {
            ("InstanceProfiles", "InstanceProfileName")
        }
        "ListAttachedRolePolicies" | "ListAttachedUserPolicies" => {
            ("AttachedPolicies", "PolicyName")
        }
        _ => ("PolicyNames", ""),
    };
    let mut input = input.clone().with("MaxItems", size);
    let mut all = Vec::new();
    loop {
        let page = call(world, operation, &input).unwrap();
        let shown: Vec<String> = if name.is_empty() {
            page.texts(list).map(str::to_owned).collect()
        } else {
            page.records(list)
                .map(|item| item.text(name).unwrap().to_owned())
                .collect()
        };
        assert!(shown.len() <= usize::try_from(size).unwrap());
        all.extend(shown);
        assert_eq!(
            page.boolean("IsTruncated"),
            Some(page.get("Marker").is_some())
        );
        match page.text("Marker") {
            Some(marker) => input.set("Marker", marker),
            None => return all,
        }
    }
}

#[test]
fn a_role_is_shown_as_it_was_made() {
    let mut world = World::new();
    let input = role("r")
        .with("Path", "/team/")
        .with("Description", "words")
        .with("MaxSessionDuration", 7_200)
        .with("Tags", vec![texts(&[("Key", "a"), ("Value", "")])]);
    let made = call(&mut world, "CreateRole", &input).unwrap();
    let made = made.record("Role").unwrap();
    let id = made.text("RoleId").unwrap();
    assert!(id.starts_with("AROA") && id.len() == 21, "{id}");

    let got = named(&mut world, "GetRole", &[("RoleName", "r")]).unwrap();
    let got = got.record("Role").unwrap();

    assert_eq!(
        got.text("Arn"),
        Some("arn:aws:iam::123456789012:role/team/r")
    );
    assert_eq!(got.text("Path"), Some("/team/"));
    assert_eq!(got.text("Description"), Some("words"));
    assert_eq!(got.integer("MaxSessionDuration"), Some(7_200));
    assert_eq!(got.text("RoleId"), Some(id));
    let document = got.text("AssumeRolePolicyDocument").unwrap();
    assert!(
        document.starts_with("%7B%22Version%22%3A%222012-10-17%22"),
        "{document}"
    );
    let decoded = percent_encoding::percent_decode_str(document)
        .decode_utf8()
        .unwrap();
    assert_eq!(decoded, EC2);
    let tag = got.records("Tags").next().unwrap();
    assert_eq!((tag.text("Key"), tag.text("Value")), (Some("a"), Some("")));
    for (name, value) in made.members() {
        assert_eq!(got.get(name), Some(value), "{name}");
    }
}

#[test]
fn names_differ_by_more_than_case() {
    let mut world = World::new();
    call(&mut world, "CreateRole", &role("Role")).unwrap();
    named(&mut world, "CreateUser", &[("UserName", "User")]).unwrap();
    let profile = [("InstanceProfileName", "Profile")];
    named(&mut world, "CreateInstanceProfile", &profile).unwrap();
    let document = allow();
    let made = [("PolicyName", "Policy"), ("PolicyDocument", &*document)];
    named(&mut world, "CreatePolicy", &made).unwrap();

    let words = "Role with name ROLE already exists.";
    fails(call(&mut world, "CreateRole", &role("ROLE")), EXISTS, words);
    let words = "User with name user already exists.";
    fails(
        named(&mut world, "CreateUser", &[("UserName", "user")]),
        EXISTS,
        words,
    );
    let words = "Instance Profile profile already exists.";
    let again = [("InstanceProfileName", "profile")];
    fails(
        named(&mut world, "CreateInstanceProfile", &again),
        EXISTS,
        words,
    );
    let words = "A policy called policy already exists. Duplicate names are not allowed.";
    let again = [("PolicyName", "policy"), ("PolicyDocument", &*document)];
    fails(named(&mut world, "CreatePolicy", &again), EXISTS, words);
    // In an ARN and in a call a name is what it was made with.
    fails(
        named(&mut world, "GetRole", &[("RoleName", "role")]),
        MISSING,
        "role",
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table of cases")]
fn what_is_not_there() {
    let mut world = World::new();
    let document = allow();
    let arn = "arn:aws:iam::123456789012:policy/none";
    let (role, user, profile) = (
        "The role with name none cannot be found.",
        "The user with name none cannot be found.",
        "Instance Profile none cannot be found.",
    );
    let policy = "Policy arn:aws:iam::123456789012:policy/none was not found.";
    for (operation, members, words) in [
        ("GetRole", &[("RoleName", "none")][..], role),
        ("DeleteRole", &[("RoleName", "none")], role),
        (
            "UpdateAssumeRolePolicy",
            &[("RoleName", "none"), ("PolicyDocument", EC2)],
            role,
        ),
        ("ListRolePolicies", &[("RoleName", "none")], role),
        ("ListAttachedRolePolicies", &[("RoleName", "none")], role),
        ("ListInstanceProfilesForRole", &[("RoleName", "none")], role),
        (
            "GetRolePolicy",
            &[("RoleName", "none"), ("PolicyName", "p")],
            role,
        ),
        (
            "DeleteRolePolicy",
            &[("RoleName", "none"), ("PolicyName", "p")],
            role,
        ),
        (
            "PutRolePolicy",
            &[
                ("RoleName", "none"),
                ("PolicyName", "p"),
                ("PolicyDocument", &document),
            ],
            role,
        ),
        (
            "AttachRolePolicy",
            &[("RoleName", "none"), ("PolicyArn", arn)],
            role,
        ),
        (
            "DetachRolePolicy",
            &[("RoleName", "none"), ("PolicyArn", arn)],
            role,
        ),
        ("GetUser", &[("UserName", "none")], user),
        ("DeleteUser", &[("UserName", "none")], user),
        ("ListUserPolicies", &[("UserName", "none")], user),
        ("ListAttachedUserPolicies", &[("UserName", "none")], user),
        ("CreateAccessKey", &[("UserName", "none")], user),
        ("ListAccessKeys", &[("UserName", "none")], user),
        (
            "AttachUserPolicy",
            &[("UserName", "none"), ("PolicyArn", arn)],
            user,
        ),
        (
            "GetInstanceProfile",
            &[("InstanceProfileName", "none")],
            profile,
        ),
        (
            "DeleteInstanceProfile",
            &[("InstanceProfileName", "none")],
            profile,
        ),
        (
            "AddRoleToInstanceProfile",
            &[("InstanceProfileName", "none"), ("RoleName", "none")],
            profile,
        ),
        (
            "RemoveRoleFromInstanceProfile",
            &[("InstanceProfileName", "none"), ("RoleName", "none")],
            profile,
        ),
        ("GetPolicy", &[("PolicyArn", arn)], policy),
        ("DeletePolicy", &[("PolicyArn", arn)], policy),
        ("ListPolicyVersions", &[("PolicyArn", arn)], policy),
        (
            "GetPolicyVersion",
            &[("PolicyArn", arn), ("VersionId", "v1")],
            policy,
        ),
        (
            "DeletePolicyVersion",
            &[("PolicyArn", arn), ("VersionId", "v1")],
            policy,
        ),
        (
            "SetDefaultPolicyVersion",
            &[("PolicyArn", arn), ("VersionId", "v1")],
            policy,
        ),
        (
            "CreatePolicyVersion",
            &[("PolicyArn", arn), ("PolicyDocument", &document)],
            policy,
        ),
    ] {
        fails(named(&mut world, operation, members), MISSING, words);
    }
}

#[test]
fn inputs_that_break_a_constraint() {
    let mut world = World::new();
    let long = "x".repeat(65);
    for input in [
        role(&long),
        role("a b"),
        role("r").with("Path", "no-slash"),
        role("r").with("MaxSessionDuration", 3_599),
        role("r").with("MaxSessionDuration", 43_201),
        texts(&[("RoleName", "r")]),
    ] {
        fails(
            call(&mut world, "CreateRole", &input),
            VALIDATION,
            "failed to satisfy constraint",
        );
    }
    let marker = texts(&[("Marker", "!")]);
    fails(call(&mut world, "ListRoles", &marker), VALIDATION, "Marker");
}

#[test]
fn tags_that_are_refused() {
    let mut world = World::new();
    let tag = |key: &str| texts(&[("Key", key), ("Value", "v")]);
    for (tags, words) in [
        (vec![tag("a"), tag("A")], "Duplicate tag keys found"),
        (vec![tag("aws:x")], "reserved prefix"),
        (vec![tag("AWS:x")], "reserved prefix"),
    ] {
        let input = role("r").with("Tags", tags);
        fails(call(&mut world, "CreateRole", &input), INPUT, words);
    }
}

#[test]
fn documents_that_are_refused_say_where() {
    let mut world = World::new();
    call(&mut world, "CreateRole", &role("r")).unwrap();
    for (document, words) in [
        ("", "policyDocument"),
        ("{", "line 1"),
        ("{\n  \"Version\": \"2012-10-17\"\n}", "line "),
        (
            &statements(r#"{"Effect":"Allow","Action":"s3:Get","Resource":"nowhere"}"#),
            "ARN format",
        ),
        (
            &statements(r#"{"Effect":"Permit","Action":"s3:Get","Resource":"*"}"#),
            "line 1",
        ),
        (&trust("*"), "line 1"),
    ] {
        let code = if document.is_empty() {
            VALIDATION
        } else {
            MALFORMED
        };
        let members = [
            ("RoleName", "r"),
            ("PolicyName", "p"),
            ("PolicyDocument", document),
        ];
        fails(named(&mut world, "PutRolePolicy", &members), code, words);
        let members = [("PolicyName", "p"), ("PolicyDocument", document)];
        fails(named(&mut world, "CreatePolicy", &members), code, words);
    }
}

#[test]
fn who_a_trust_policy_names_has_to_be_there() {
    let mut world = World::new();
    named(
        &mut world,
        "CreateUser",
        &[("UserName", "u"), ("Path", "/team/")],
    )
    .unwrap();
    call(&mut world, "CreateRole", &role("r")).unwrap();
    let own = "arn:aws:iam::123456789012";
    for (principal, known) in [
        (format!("{own}:root"), true),
        ("123456789012".to_owned(), true),
        ("999999999999".to_owned(), true),
        ("arn:aws:iam::999999999999:user/whoever".to_owned(), true),
        ("*".to_owned(), true),
        (format!("{own}:user/team/u"), true),
        (format!("{own}:role/r"), true),
        (
            "arn:aws:sts::123456789012:assumed-role/r/session".to_owned(),
            true,
        ),
        (format!("{own}:user/u"), false),
        (format!("{own}:user/team/U"), false),
        (format!("{own}:user/nobody"), false),
        (format!("{own}:role/u"), false),
        (format!("{own}:role/other/r"), false),
        (
            "arn:aws:sts::123456789012:assumed-role/none/session".to_owned(),
            false,
        ),
        (format!("{own}:group/g"), false),
        (format!("{own}:user/*"), false),
    ] {
        let document = trust(&principal);
        let members = [("RoleName", "r"), ("PolicyDocument", &*document)];
        let updated = named(&mut world, "UpdateAssumeRolePolicy", &members);
        let input = texts(&[("RoleName", "new"), ("AssumeRolePolicyDocument", &document)]);
        let created = call(&mut world, "CreateRole", &input);
        if known {
            assert!(updated.is_ok() && created.is_ok(), "{principal}");
            named(&mut world, "DeleteRole", &[("RoleName", "new")]).unwrap();
        } else {
            let words = format!("Invalid principal in policy: \"AWS\":\"{principal}\"");
            fails(updated, MALFORMED, &words);
            fails(created, MALFORMED, &words);
        }
    }
}

#[test]
fn a_trust_policy_is_no_identity_policy() {
    let mut world = World::new();
    let input = texts(&[("RoleName", "r"), ("AssumeRolePolicyDocument", &allow())]);
    fails(call(&mut world, "CreateRole", &input), MALFORMED, "line 1");
    call(&mut world, "CreateRole", &role("r")).unwrap();
    let document = allow();
    let members = [("RoleName", "r"), ("PolicyDocument", &*document)];
    fails(
        named(&mut world, "UpdateAssumeRolePolicy", &members),
        MALFORMED,
        "line 1",
    );
}

#[test]
fn a_role_that_is_bound_cannot_be_deleted() {
    let mut world = World::new();
    call(&mut world, "CreateRole", &role("r")).unwrap();
    let document = allow();
    let delete = [("RoleName", "r")];
    let inline = [
        ("RoleName", "r"),
        ("PolicyName", "p"),
        ("PolicyDocument", &*document),
    ];
    named(&mut world, "PutRolePolicy", &inline).unwrap();
    let words = "Cannot delete entity, must delete policies first.";
    fails(named(&mut world, "DeleteRole", &delete), CONFLICT, words);
    named(&mut world, "DeleteRolePolicy", &inline[..2]).unwrap();

    let attached = [
        ("RoleName", "r"),
        (
            "PolicyArn",
            "arn:aws:iam::123456789012:policy/ec2-secrets-manager-policy",
        ),
    ];
    named(&mut world, "AttachRolePolicy", &attached).unwrap();
    let words = "Cannot delete entity, must detach all policies first.";
    fails(named(&mut world, "DeleteRole", &delete), CONFLICT, words);
    named(&mut world, "DetachRolePolicy", &attached).unwrap();

    let profile = [("InstanceProfileName", "p"), ("RoleName", "r")];
    named(&mut world, "CreateInstanceProfile", &profile[..1]).unwrap();
    named(&mut world, "AddRoleToInstanceProfile", &profile).unwrap();
    let words = "Cannot delete entity, must remove roles from instance profile first.";
    fails(named(&mut world, "DeleteRole", &delete), CONFLICT, words);
    named(&mut world, "RemoveRoleFromInstanceProfile", &profile).unwrap();

    named(&mut world, "DeleteRole", &delete).unwrap();
    fails(named(&mut world, "GetRole", &delete), MISSING, "r");
}

#[test]
fn roles_are_listed_by_path_in_pages() {
    let mut world = World::new();
    for (name, path) in [
        ("b", "/"),
        ("A", "/team/"),
        ("c", "/team/sub/"),
        ("D", "/teammate/"),
    ] {
        call(&mut world, "CreateRole", &role(name).with("Path", path)).unwrap();
        let user = [("UserName", name), ("Path", path)];
        named(&mut world, "CreateUser", &user).unwrap();
    }
    for size in [1, 2, 100] {
        for (prefix, expect) in [
            ("/", &["A", "b", "c", "D"][..]),
            ("/team/", &["A", "c"]),
            ("/team", &["A", "c", "D"]),
            ("/none/", &[]),
        ] {
            let input = texts(&[("PathPrefix", prefix)]);
            let mut roles = names(&mut world, "ListRoles", &input, size);
            roles.retain(|name| name != crate::sample::ROLE);
            assert_eq!(roles, expect, "{prefix}");
            let mut users = names(&mut world, "ListUsers", &input, size);
            users.retain(|name| name != "administrator");
            assert_eq!(users, expect, "{prefix}");
        }
    }
}

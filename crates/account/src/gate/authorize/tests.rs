//! Default deny, the resource that policies are asked about, and the words of a refusal.

use protocol::sigv4::Credentials;
use protocol::{Fault, Record};

use crate::sample;
use crate::testing::{World, fails, policy, seconds, statements, texts, trust};

const DENIED: (&str, u16) = ("AccessDeniedException", 400);
const UNAUTHORIZED: (&str, u16) = ("UnauthorizedOperation", 403);

fn read(world: &mut World, caller: &Credentials, id: &str) -> Result<Record, Fault> {
    world.call(
        caller,
        "secretsmanager",
        "GetSecretValue",
        &texts(&[("SecretId", id)]),
    )
}

/// A world with a user whose only policy is this one.
fn with_user(policy: &str) -> (World, Credentials) {
    let mut world = World::new();
    let user = world.user("u", policy);
    (world, user)
}

#[test]
fn nothing_is_allowed_by_default_and_the_refusal_says_what_is_missing() {
    let mut world = World::new();
    let user = world.user_without_policies("u");
    let arn = world.secret_arn();

    let words = format!(
        "User: arn:aws:iam::123456789012:user/u is not authorized to perform: \
         secretsmanager:GetSecretValue on resource: {arn} because no identity-based policy allows \
         the secretsmanager:GetSecretValue action"
    );
    fails(read(&mut world, &user, sample::SECRET), DENIED, &words);
    let answer = world.call(&user, "secretsmanager", "ListSecrets", &Record::new());
    let words = "User: arn:aws:iam::123456789012:user/u is not authorized to perform: \
                 secretsmanager:ListSecrets because no identity-based policy allows the \
                 secretsmanager:ListSecrets action";
    fails(answer, DENIED, words);
    let answer = world.call(&user, "ec2", "DescribeInstances", &Record::new());
    let words = "You are not authorized to perform this operation. User: \
                 arn:aws:iam::123456789012:user/u is not authorized to perform: \
                 ec2:DescribeInstances because";
    fails(answer, UNAUTHORIZED, words);
}

#[test]
fn a_session_is_named_by_its_own_arn() {
    let mut world = World::new();
    let arn = world.role("r", &trust("123456789012"), &policy("Deny", "s3:*", "*"));
    let admin = world.admin.clone();
    let input = texts(&[("RoleArn", &arn), ("RoleSessionName", "session")]);
    let session = world.assume(&admin, &input);

    let words = "User: arn:aws:sts::123456789012:assumed-role/r/session is not authorized";
    fails(read(&mut world, &session, sample::SECRET), DENIED, words);
}

#[test]
fn an_explicit_deny_beats_any_allow() {
    let (mut world, user) = with_user(&statements(
        r#"{"Effect":"Allow","Action":"*","Resource":"*"},
           {"Effect":"Deny","Action":"secretsmanager:get*","Resource":"*"}"#,
    ));

    let words = "with an explicit deny in an identity-based policy";
    fails(read(&mut world, &user, sample::SECRET), DENIED, words);
}

#[test]
fn a_secret_is_meant_by_its_whole_arn_however_it_is_named() {
    let whole = World::new().secret_arn();
    let bare = whole.rsplit_once('-').unwrap().0;
    let ids = [sample::SECRET, &whole, bare];
    for (resource, may) in [
        (whole.clone(), true),
        (format!("{bare}-??????"), true),
        (format!("{bare}-*"), true),
        (format!("{bare}*"), true),
        ("arn:aws:secretsmanager:*:*:secret:my-*".to_owned(), true),
        ("*".to_owned(), true),
        (bare.to_owned(), false),
        (format!("{bare}-?????"), false),
        (format!("{bare}-???????"), false),
        (
            whole
                .to_uppercase()
                .replace("ARN:AWS:SECRETSMANAGER", "arn:aws:secretsmanager"),
            false,
        ),
        (whole.replace("us-east-1", "us-east-2"), false),
        (whole.replace("123456789012", "999999999999"), false),
        (
            "arn:aws:secretsmanager:us-east-1:123456789012:secret:other-*".to_owned(),
            false,
        ),
    ] {
        let allow = policy("Allow", "secretsmanager:GetSecretValue", &resource);
        let (mut world, user) = with_user(&allow);
        for id in ids {
            let answer = read(&mut world, &user, id);
            assert_eq!(answer.is_ok(), may, "{resource} {id}");
        }
    }
}

#[test]
fn a_secret_that_is_missing_is_told_only_to_who_might_read_it() {
    let all = policy("Allow", "secretsmanager:GetSecretValue", "*");
    let (mut world, user) = with_user(&all);
    let arn = world.secret_arn();
    let foreign = arn.replace("123456789012", "999999999999");
    let altered = format!("{}-xxxxxx", arn.rsplit_once('-').unwrap().0);
    let missing = ("ResourceNotFoundException", 400);
    for id in ["missing", "My-Secret", "my-secre", &altered] {
        fails(
            read(&mut world, &user, id),
            missing,
            "can't find the specified secret",
        );
    }
    // What another account owns needs that account's word too.
    fails(
        read(&mut world, &user, &foreign),
        DENIED,
        "no resource-based policy allows",
    );

    let (mut world, user) = with_user(&policy("Allow", "secretsmanager:GetSecretValue", &arn));
    fails(
        read(&mut world, &user, "missing"),
        DENIED,
        "secret:missing because",
    );
}

#[test]
fn a_detached_policy_no_longer_counts_on_the_next_call() {
    let mut world = World::new();
    let user = world.user_without_policies("u");
    let arn = world.secret_arn();
    let input = texts(&[
        ("PolicyName", "reads"),
        (
            "PolicyDocument",
            &policy("Allow", "secretsmanager:GetSecretValue", &arn),
        ),
    ]);
    world.admin("iam", "CreatePolicy", &input).unwrap();
    let attachment = texts(&[
        ("UserName", "u"),
        ("PolicyArn", "arn:aws:iam::123456789012:policy/reads"),
    ]);

    world.admin("iam", "AttachUserPolicy", &attachment).unwrap();
    assert!(read(&mut world, &user, &arn).is_ok());
    world.admin("iam", "DetachUserPolicy", &attachment).unwrap();
    assert!(read(&mut world, &user, &arn).is_err());
}

#[test]
fn a_policy_is_what_its_default_version_says() {
    let mut world = World::new();
    let user = world.user_without_policies("u");
    let arn = "arn:aws:iam::123456789012:policy/p";
    let input = texts(&[
        ("PolicyName", "p"),
        ("PolicyDocument", &policy("Allow", "secretsmanager:*", "*")),
    ]);
    world.admin("iam", "CreatePolicy", &input).unwrap();
    let input = texts(&[("UserName", "u"), ("PolicyArn", arn)]);
    world.admin("iam", "AttachUserPolicy", &input).unwrap();
    let input = texts(&[
        ("PolicyArn", arn),
        ("PolicyDocument", &policy("Deny", "secretsmanager:*", "*")),
    ]);
    world.admin("iam", "CreatePolicyVersion", &input).unwrap();
    assert!(read(&mut world, &user, sample::SECRET).is_ok());

    let input = texts(&[("PolicyArn", arn), ("VersionId", "v2")]);
    world
        .admin("iam", "SetDefaultPolicyVersion", &input)
        .unwrap();
    fails(
        read(&mut world, &user, sample::SECRET),
        DENIED,
        "explicit deny",
    );
}

#[test]
fn conditions_see_the_request() {
    for (operator, key, value, may) in [
        ("StringEquals", "aws:username", "u", true),
        ("StringEquals", "aws:username", "v", false),
        ("StringEquals", "aws:PrincipalAccount", "123456789012", true),
        ("StringEquals", "aws:ResourceAccount", "123456789012", true),
        ("StringEquals", "aws:ResourceAccount", "999999999999", false),
        ("StringEquals", "aws:RequestedRegion", "us-east-1", true),
        ("StringEquals", "aws:RequestedRegion", "eu-west-1", false),
        (
            "ArnLike",
            "aws:PrincipalArn",
            "arn:aws:iam::123456789012:user/*",
            true,
        ),
        ("StringEquals", "aws:PrincipalType", "User", true),
        ("Bool", "aws:ViaAWSService", "false", true),
        ("Bool", "aws:MultiFactorAuthPresent", "false", false),
        ("BoolIfExists", "aws:MultiFactorAuthPresent", "true", true),
        (
            "StringEquals",
            "secretsmanager:VersionStage",
            "AWSCURRENT",
            true,
        ),
        (
            "StringEquals",
            "secretsmanager:VersionStage",
            "AWSPREVIOUS",
            false,
        ),
        ("StringEquals", "secretsmanager:SecretId", "my-secret", true),
        ("StringEquals", "secretsmanager:Name", "my-secret", false),
        ("StringEquals", "aws:ResourceTag/team", "blue", false),
        ("StringEquals", "ec2:RoleDelivery", "2.0", false),
    ] {
        let (mut world, user) = with_user(&statements(&format!(
            r#"{{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"*",
                "Condition":{{"{operator}":{{"{key}":"{value}"}}}}}}"#
        )));
        let answer = read(&mut world, &user, sample::SECRET);
        assert_eq!(answer.is_ok(), may, "{operator} {key} {value}");
    }
}

#[test]
fn a_variable_stands_for_what_the_caller_is() {
    let pattern = "arn:aws:secretsmanager:*:*:secret:${aws:username}-*";
    for (user, resource, may) in [
        (sample::SECRET, pattern, true),
        ("u", pattern, false),
        (
            sample::SECRET,
            "arn:aws:secretsmanager:*:*:secret:${aws:none}*",
            false,
        ),
        (
            "u",
            "arn:aws:secretsmanager:*:*:secret:${aws:PrincipalTag/app, 'my-secret'}-*",
            true,
        ),
        ("u", "arn:aws:secretsmanager:*:*:secret:${*}", false),
    ] {
        let mut world = World::new();
        let allow = policy("Allow", "secretsmanager:GetSecretValue", resource);
        let user = world.user(user, &allow);
        let answer = read(&mut world, &user, sample::SECRET);
        assert_eq!(answer.is_ok(), may, "{resource}");
    }
    let (mut world, user) = with_user(&statements(
        r#"{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"*",
            "Condition":{"ArnEquals":{"aws:PrincipalArn":
                "arn:aws:iam::${aws:PrincipalAccount}:user/${aws:username}"}}}"#,
    ));
    assert!(read(&mut world, &user, sample::SECRET).is_ok());
}

#[test]
fn addresses_and_moments_are_compared_as_such() {
    for (operator, key, value, may) in [
        // No call here comes from an address.
        ("IpAddress", "aws:SourceIp", "0.0.0.0/0", false),
        ("IpAddressIfExists", "aws:SourceIp", "0.0.0.0/0", true),
        ("IpAddress", "aws:SourceIp", "203.0.113.0/24", false),
        ("NotIpAddress", "aws:SourceIp", "203.0.113.0/24", true),
        (
            "DateGreaterThan",
            "aws:CurrentTime",
            "2020-01-01T00:00:00Z",
            true,
        ),
        ("DateLessThan", "aws:CurrentTime", "2020-01-01", false),
        ("DateGreaterThan", "aws:EpochTime", "2020-01-01", true),
        ("NumericLessThan", "aws:EpochTime", "1577836800", false),
        ("DateGreaterThan", "aws:TokenIssueTime", "2020-01-01", false),
        ("ForAnyValue:StringEquals", "aws:username", "u", true),
        ("StringNotEqualsIgnoreCase", "aws:username", "U", false),
        (
            "ArnNotLike",
            "aws:PrincipalArn",
            "arn:aws:iam::*:role/*",
            true,
        ),
    ] {
        let (mut world, user) = with_user(&statements(&format!(
            r#"{{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"*",
                "Condition":{{"{operator}":{{"{key}":"{value}"}}}}}}"#
        )));
        let answer = read(&mut world, &user, sample::SECRET);
        assert_eq!(answer.is_ok(), may, "{operator} {key} {value}: {answer:?}");
    }
}

#[test]
fn a_trust_policy_knows_a_user_by_its_unique_id() {
    let mut world = World::new();
    let user = world.user_without_policies("u");
    let found = world
        .admin("iam", "GetUser", &texts(&[("UserName", "u")]))
        .unwrap();
    let id = found
        .record("User")
        .unwrap()
        .text("UserId")
        .unwrap()
        .to_owned();
    for (name, id, may) in [
        ("known", id.as_str(), true),
        ("foreign", "AIDACKCEVSQ6C2EXAMPLE", false),
    ] {
        let trusting = trust("123456789012").replace("123456789012", id);
        let arn = world.role(name, &trusting, &policy("Allow", "s3:*", "*"));
        let input = texts(&[("RoleArn", &arn), ("RoleSessionName", "session")]);
        let answer = world.call(&user, "sts", "AssumeRole", &input);
        assert_eq!(answer.is_ok(), may, "{name}: {answer:?}");
    }
}

#[test]
fn a_condition_on_a_secrets_tag() {
    let (mut world, user) = with_user(&statements(
        r#"{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"*",
            "Condition":{"StringEquals":{"aws:ResourceTag/team":"blue"}}}"#,
    ));
    let tagged = |team: &str| vec![texts(&[("Key", "team"), ("Value", team)])];
    for (name, team) in [("one", "blue"), ("two", "red")] {
        let input = texts(&[("Name", name), ("SecretString", "x")]).with("Tags", tagged(team));
        world
            .admin("secretsmanager", "CreateSecret", &input)
            .unwrap();
    }

    assert!(read(&mut world, &user, "one").is_ok());
    fails(
        read(&mut world, &user, "two"),
        DENIED,
        "no identity-based policy",
    );
}

#[test]
fn a_request_tag_may_be_demanded_of_a_creator() {
    let (mut world, user) = with_user(&statements(
        r#"{"Effect":"Allow","Action":["secretsmanager:CreateSecret","secretsmanager:TagResource",
              "iam:CreateUser","iam:TagUser"],"Resource":"*",
            "Condition":{"StringEquals":{"aws:RequestTag/team":"blue"}}}"#,
    ));
    for (team, may) in [("blue", true), ("red", false)] {
        let tags = vec![texts(&[("Key", "team"), ("Value", team)])];
        let input = texts(&[("Name", "new")]).with("Tags", tags.clone());
        let answer = world.call(&user, "secretsmanager", "CreateSecret", &input);
        assert_eq!(answer.is_ok(), may, "{team}");
        let input = texts(&[("UserName", "new")]).with("Tags", tags);
        assert_eq!(
            world.call(&user, "iam", "CreateUser", &input).is_ok(),
            may,
            "{team}"
        );
    }
}

fn launch() -> Record {
    texts(&[("ImageId", "ami-0a1b2c3d4e5f60001")])
        .with("MinCount", 1)
        .with("MaxCount", 1)
        .with(
            "IamInstanceProfile",
            texts(&[("Name", "ec2-secrets-manager-profile")]),
        )
}

#[test]
fn handing_a_role_to_ec2_needs_the_right_to_pass_it() {
    let role = format!("arn:aws:iam::123456789012:role/{}", sample::ROLE);
    let words = format!("iam:PassRole on resource: {role} because");
    for (pass, may) in [
        (String::new(), false),
        (
            format!(r#",{{"Effect":"Allow","Action":"iam:PassRole","Resource":"{role}"}}"#),
            true,
        ),
        (
            r#",{"Effect":"Allow","Action":"iam:PassRole","Resource":"*",
                "Condition":{"StringEquals":{"iam:PassedToService":"ec2.amazonaws.com"}}}"#
                .to_owned(),
            true,
        ),
        (
            r#",{"Effect":"Allow","Action":"iam:PassRole","Resource":"*",
                "Condition":{"StringEquals":{"iam:PassedToService":"lambda.amazonaws.com"}}}"#
                .to_owned(),
            false,
        ),
    ] {
        let allow = r#"{"Effect":"Allow","Resource":"*",
            "Action":["ec2:*","iam:AddRoleToInstanceProfile"]}"#;
        let (mut world, user) = with_user(&statements(&format!("{allow}{pass}")));
        let made = texts(&[("InstanceProfileName", "new")]);
        world.admin("iam", "CreateInstanceProfile", &made).unwrap();
        let association = {
            let held = world.state.instance(&world.instance_id()).unwrap();
            held.instance.association.as_ref().unwrap().id.clone()
        };
        let profile = texts(&[("Name", "ec2-secrets-manager-profile")]);
        let replace =
            texts(&[("AssociationId", &association)]).with("IamInstanceProfile", profile.clone());
        let add = texts(&[("InstanceProfileName", "new"), ("RoleName", sample::ROLE)]);
        let bare = texts(&[("ImageId", "ami-0a1b2c3d4e5f60001")])
            .with("MinCount", 1)
            .with("MaxCount", 1);
        let started = world.call(&user, "ec2", "RunInstances", &bare).unwrap();
        let id = started
            .records("Instances")
            .next()
            .unwrap()
            .text("InstanceId")
            .unwrap()
            .to_owned();
        let associate = texts(&[("InstanceId", &id)]).with("IamInstanceProfile", profile);
        for (service, operation, input) in [
            ("ec2", "RunInstances", &launch()),
            ("ec2", "ReplaceIamInstanceProfileAssociation", &replace),
            ("ec2", "AssociateIamInstanceProfile", &associate),
            ("iam", "AddRoleToInstanceProfile", &add),
        ] {
            let answer = world.call(&user, service, operation, input);
            if may {
                assert!(answer.is_ok(), "{operation} {answer:?}");
            } else {
                let fault = answer.expect_err(operation);
                assert_eq!(fault.status, 403);
                assert!(fault.message.contains(&words), "{operation} {fault}");
            }
        }
    }
}

#[test]
fn a_dry_run_tells_whether_one_may_and_does_nothing() {
    let (mut world, user) = with_user(&policy("Deny", "ec2:*", "*"));
    let input = launch().with("DryRun", true);
    let before = world.state.instance_ids().count();

    fails(
        world.call(&user, "ec2", "RunInstances", &input),
        UNAUTHORIZED,
        "explicit deny",
    );
    fails(
        world.admin("ec2", "RunInstances", &input),
        ("DryRunOperation", 412),
        "Request would have succeeded, but DryRun flag is set.",
    );
    assert_eq!(world.state.instance_ids().count(), before);
    let input = input.with("DryRun", false);
    assert!(world.admin("ec2", "RunInstances", &input).is_ok());
}

#[test]
fn metadata_options_may_be_demanded_of_a_launch() {
    let (mut world, user) = with_user(&statements(
        r#"{"Effect":"Allow","Action":["ec2:*","iam:PassRole"],"Resource":"*"},
           {"Effect":"Deny","Action":"ec2:RunInstances","Resource":"arn:aws:ec2:*:*:instance/*",
            "Condition":{"StringNotEquals":{"ec2:MetadataHttpTokens":"required"}}},
           {"Effect":"Deny","Action":"ec2:*","Resource":"*",
            "Condition":{"StringNotEquals":{"ec2:Region":"us-east-1"}}}"#,
    ));
    for (tokens, may) in [
        (Some("required"), true),
        (Some("optional"), false),
        (None, false),
    ] {
        let options = tokens.map(|tokens| texts(&[("HttpTokens", tokens)]));
        let input = launch().with_some("MetadataOptions", options);
        let answer = world.call(&user, "ec2", "RunInstances", &input);
        assert_eq!(answer.is_ok(), may, "{tokens:?}: {answer:?}");
    }
}

#[test]
fn a_role_session_loses_what_its_role_loses() {
    let mut world = World::new();
    let arn = world.role(
        "r",
        &trust("123456789012"),
        &policy("Allow", "secretsmanager:*", "*"),
    );
    let admin = world.admin.clone();
    let input = texts(&[("RoleArn", &arn), ("RoleSessionName", "session")]);
    let session = world.assume(&admin, &input);
    assert!(read(&mut world, &session, sample::SECRET).is_ok());

    world.now = seconds(1);
    let inline = texts(&[("RoleName", "r"), ("PolicyName", "inline")]);
    world.admin("iam", "DeleteRolePolicy", &inline).unwrap();
    assert!(read(&mut world, &session, sample::SECRET).is_err());
}

//! Sessions of users and of federated users: their rights, their ends, and what they cannot call.

use jiff::SignedDuration;
use protocol::sigv4::Credentials;
use protocol::{Fault, Record, Secret, Value};

use crate::testing::{World, fails, policy, seconds, statements, texts, trust};

const DENIED: (&str, u16) = ("AccessDenied", 403);
const INVALID: (&str, u16) = ("ValidationError", 400);
const NO_TOKEN: (&str, u16) = ("InvalidClientTokenId", 403);

fn given(answer: &Record) -> Credentials {
    let given = answer.record("Credentials").unwrap();
    let token = given.text("SessionToken").unwrap().to_owned();
    Credentials {
        access_key_id: given.text("AccessKeyId").unwrap().to_owned(),
        secret_access_key: given.secret("SecretAccessKey").unwrap().clone(),
        session_token: Some(Secret::from_text(token)),
    }
}

fn session(world: &mut World, caller: &Credentials) -> Credentials {
    let answer = world.call(caller, "sts", "GetSessionToken", &Record::new());
    given(&answer.unwrap())
}

fn federated(world: &mut World, caller: &Credentials, input: &Record) -> Credentials {
    given(
        &world
            .call(caller, "sts", "GetFederationToken", input)
            .unwrap(),
    )
}

fn whoami(world: &mut World, caller: &Credentials) -> Result<Record, Fault> {
    world.call(caller, "sts", "GetCallerIdentity", &Record::new())
}

fn read(world: &mut World, caller: &Credentials) -> Result<Record, Fault> {
    let input = Record::new().with("SecretId", world.secret_arn());
    world.call(caller, "secretsmanager", "DescribeSecret", &input)
}

#[test]
fn a_session_of_a_user_is_the_user_with_its_rights() {
    let mut world = World::new();
    let user = world.user("u", &policy("Allow", "secretsmanager:*", "*"));
    let caller = session(&mut world, &user);

    assert!(caller.access_key_id.starts_with("ASIA"));
    let (own, of_session) = (whoami(&mut world, &user), whoami(&mut world, &caller));
    assert_eq!(own.unwrap(), of_session.unwrap());
    assert!(read(&mut world, &caller).is_ok());
    let answer = world.call(&caller, "ec2", "DescribeInstances", &Record::new());
    fails(
        answer,
        ("UnauthorizedOperation", 403),
        "ec2:DescribeInstances",
    );
}

#[test]
fn what_the_user_may_no_longer_its_sessions_may_neither() {
    let mut world = World::new();
    let user = world.user("u", &policy("Allow", "secretsmanager:*", "*"));
    let caller = session(&mut world, &user);
    let inline = texts(&[("UserName", "u"), ("PolicyName", "inline")]);
    world.admin("iam", "DeleteUserPolicy", &inline).unwrap();
    let denied = ("AccessDeniedException", 400);
    fails(
        read(&mut world, &caller),
        denied,
        "no identity-based policy allows",
    );

    let key = texts(&[("UserName", "u"), ("AccessKeyId", &user.access_key_id)]);
    world.admin("iam", "DeleteAccessKey", &key).unwrap();
    assert!(whoami(&mut world, &caller).is_ok());
    let user = texts(&[("UserName", "u")]);
    world.admin("iam", "DeleteUser", &user).unwrap();
    world.admin("iam", "CreateUser", &user).unwrap();
    fails(whoami(&mut world, &caller), NO_TOKEN, "is invalid");
}

#[test]
fn a_session_lasts_as_long_as_was_asked_for() {
    let mut world = World::new();
    let user = world.user_without_policies("u");
    for (asked, lasts) in [(None, 43_200), (Some(900), 900), (Some(129_600), 129_600)] {
        let input = Record::new().with_some("DurationSeconds", asked);
        let answer = world.call(&user, "sts", "GetSessionToken", &input).unwrap();
        let expires = answer
            .record("Credentials")
            .unwrap()
            .get("Expiration")
            .cloned();
        assert_eq!(expires, Some(Value::Timestamp(seconds(lasts))));
    }
    for asked in [899, 129_601] {
        let input = Record::new().with("DurationSeconds", asked);
        let answer = world.call(&user, "sts", "GetSessionToken", &input);
        fails(answer, INVALID, "durationSeconds");
    }
    let caller = session(&mut world, &user);
    world.now += SignedDuration::from_hours(12);
    fails(
        whoami(&mut world, &caller),
        ("ExpiredToken", 403),
        "expired",
    );
}

#[test]
fn mfa_is_refused_by_name() {
    let mut world = World::new();
    let user = world.user_without_policies("u");
    for input in [
        texts(&[("SerialNumber", "arn:aws:iam::123456789012:mfa/u")]),
        texts(&[("TokenCode", "123456")]),
    ] {
        let answer = world.call(&user, "sts", "GetSessionToken", &input);
        fails(answer, INVALID, "This server does not support");
    }
}

#[test]
fn without_mfa_a_session_calls_no_iam_and_little_of_sts() {
    let mut world = World::new();
    let user = world.user("u", &policy("Allow", "*", "*"));
    let role = world.role("r", &trust("123456789012"), &policy("Allow", "*", "*"));
    let caller = session(&mut world, &user);
    let none = Record::new();
    let listed = world.call(&caller, "iam", "ListUsers", &none);
    fails(
        listed,
        NO_TOKEN,
        "The security token included in the request is invalid",
    );
    let named = texts(&[("Name", "bob")]);
    for (operation, input) in [
        ("GetSessionToken", &none),
        ("GetFederationToken", &named),
        (
            "GetAccessKeyInfo",
            &texts(&[("AccessKeyId", &user.access_key_id)]),
        ),
        (
            "DecodeAuthorizationMessage",
            &texts(&[("EncodedMessage", "x")]),
        ),
    ] {
        let answer = world.call(&caller, "sts", operation, input);
        let words = format!("Cannot call {operation} with session credentials");
        fails(answer, DENIED, &words);
    }
    let assuming = texts(&[("RoleArn", &role), ("RoleSessionName", "s1")]);
    // It is no role's session, so that the limit of chains does not hold.
    let of_role = world.assume(&caller, &assuming);
    assert!(world.call(&of_role, "iam", "ListUsers", &none).is_ok());
    for (operation, input) in [("GetSessionToken", &none), ("GetFederationToken", &named)] {
        let answer = world.call(&of_role, "sts", operation, input);
        fails(answer, DENIED, "with session credentials");
    }
}

#[test]
fn a_chain_of_roles_lasts_an_hour_at_most() {
    let mut world = World::new();
    let user = world.user("u", &policy("Allow", "sts:*", "*"));
    let first = world.role(
        "first",
        &trust("123456789012"),
        &policy("Allow", "sts:*", "*"),
    );
    let input = texts(&[
        ("RoleName", "second"),
        ("AssumeRolePolicyDocument", &trust("123456789012")),
    ]);
    let input = input.with("MaxSessionDuration", 7_200);
    world.admin("iam", "CreateRole", &input).unwrap();
    let second = first.replace("first", "second");
    let asked = |role: &str| texts(&[("RoleArn", role), ("RoleSessionName", "s1")]);
    let two_hours = asked(&second).with("DurationSeconds", 7_200);
    assert!(world.call(&user, "sts", "AssumeRole", &two_hours).is_ok());
    let of_user = session(&mut world, &user);
    assert!(
        world
            .call(&of_user, "sts", "AssumeRole", &two_hours)
            .is_ok()
    );

    let of_role = world.assume(&user, &asked(&first));
    let answer = world.call(&of_role, "sts", "AssumeRole", &two_hours);
    let words = "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed \
                 by role chaining";
    fails(answer, INVALID, words);
    let hour = asked(&second).with("DurationSeconds", 3_600);
    assert!(world.call(&of_role, "sts", "AssumeRole", &hour).is_ok());
}

#[test]
fn a_federated_user_may_what_both_its_user_and_its_policy_allow() {
    let mut world = World::new();
    let user = world.user(
        "u",
        &statements(
            r#"{"Effect":"Allow","Action":["sts:GetFederationToken","secretsmanager:Describe*"],
                "Resource":"*"}"#,
        ),
    );
    let name = texts(&[("Name", "bob")]);
    for (policy, may) in [
        (Some(policy("Allow", "secretsmanager:*", "*")), true),
        (Some(policy("Allow", "secretsmanager:Get*", "*")), false),
        (None, false),
    ] {
        let input = name.clone().with_some("Policy", policy.as_deref());
        let caller = federated(&mut world, &user, &input);
        assert_eq!(read(&mut world, &caller).is_ok(), may, "{policy:?}");
        let none = Record::new();
        let secrets = world.call(&caller, "secretsmanager", "ListSecrets", &none);
        assert!(secrets.is_err());
    }
    let managed = Record::new().with("arn", "arn:aws:iam::aws:policy/SecretsManagerReadWrite");
    let input = name.with("PolicyArns", vec![managed]);
    let caller = federated(&mut world, &user, &input);
    assert!(read(&mut world, &caller).is_ok());
}

#[test]
fn a_federated_user_is_somebody_by_itself() {
    let mut world = World::new();
    let all = policy("Allow", "*", "*");
    let user = world.user("u", &all);
    let input = texts(&[("Name", "bob"), ("Policy", &all)]);
    let answer = world
        .call(&user, "sts", "GetFederationToken", &input)
        .unwrap();
    let arn = "arn:aws:sts::123456789012:federated-user/bob";
    let shown = answer.record("FederatedUser").unwrap();
    assert_eq!(shown.text("Arn"), Some(arn));
    assert_eq!(shown.text("FederatedUserId"), Some("123456789012:bob"));
    let caller = given(&answer);
    let who = whoami(&mut world, &caller).unwrap();
    assert_eq!(who.text("Arn"), Some(arn));
    assert_eq!(who.text("UserId"), Some("123456789012:bob"));
    fails(
        world.call(&caller, "iam", "ListUsers", &Record::new()),
        NO_TOKEN,
        "is invalid",
    );
    let role = world.role("r", &trust("123456789012"), &all);
    let assuming = texts(&[("RoleArn", &role), ("RoleSessionName", "s1")]);
    let answer = world.call(&caller, "sts", "AssumeRole", &assuming);
    fails(
        answer,
        DENIED,
        "Cannot call AssumeRole with session credentials",
    );
}

#[test]
fn tags_of_a_federated_user_come_before_those_of_its_user() {
    let mut world = World::new();
    let document = statements(
        r#"{"Effect":"Allow","Action":["sts:GetFederationToken","sts:TagSession"],"Resource":
             "arn:aws:sts::123456789012:federated-user/bob"},
           {"Effect":"Allow","Action":"secretsmanager:*","Resource":"*",
            "Condition":{"StringEquals":{"aws:PrincipalTag/team":"red",
             "aws:PrincipalType":"FederatedUser","aws:userid":"123456789012:bob"}}}"#,
    );
    let user = world.user("u", &document);
    let tagged = |team: &str| {
        let tag = texts(&[("Key", "team"), ("Value", team)]);
        texts(&[("Name", "bob"), ("Policy", &policy("Allow", "*", "*"))]).with("Tags", vec![tag])
    };
    for (team, may) in [("red", true), ("blue", false)] {
        let caller = federated(&mut world, &user, &tagged(team));
        assert_eq!(read(&mut world, &caller).is_ok(), may, "{team}");
    }
    let mut other = tagged("red");
    other.set("Name", "eve");
    let answer = world.call(&user, "sts", "GetFederationToken", &other);
    fails(
        answer,
        DENIED,
        "on resource: arn:aws:sts::123456789012:federated-user/eve",
    );
}

#[test]
fn federating_needs_a_permission_and_a_policy_that_parses() {
    let mut world = World::new();
    let nobody = world.user_without_policies("nobody");
    let name = texts(&[("Name", "bob")]);
    let answer = world.call(&nobody, "sts", "GetFederationToken", &name);
    fails(answer, DENIED, "sts:GetFederationToken");
    let user = world.user("u", &policy("Allow", "sts:GetFederationToken", "*"));
    let broken = name.clone().with("Policy", "{}");
    let answer = world.call(&user, "sts", "GetFederationToken", &broken);
    assert_eq!(answer.unwrap_err().code, "MalformedPolicyDocument");
    let tagged = name.with("Tags", vec![texts(&[("Key", "a"), ("Value", "b")])]);
    let answer = world.call(&user, "sts", "GetFederationToken", &tagged);
    fails(answer, DENIED, "sts:TagSession");
}

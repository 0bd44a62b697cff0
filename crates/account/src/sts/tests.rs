//! Assuming roles: who may, for how long, and what a session keeps.

use jiff::SignedDuration;
use protocol::sigv4::Credentials;
use protocol::{Record, Value};

use crate::testing::{World, fails, policy, seconds, statements, texts, trust};

const ROOT: &str = "arn:aws:iam::123456789012:root";
const USER: &str = "arn:aws:iam::123456789012:user/u";
const DENIED: (&str, u16) = ("AccessDenied", 403);
const INVALID: (&str, u16) = ("ValidationError", 400);

fn nothing() -> String {
    policy("Deny", "s3:GetObject", "*")
}

fn allow_all() -> String {
    policy("Allow", "*", "*")
}

fn asked(arn: &str) -> Record {
    texts(&[("RoleArn", arn), ("RoleSessionName", "session")])
}

fn tag(key: &str, value: &str) -> Value {
    Record::new().with("Key", key).with("Value", value).into()
}

fn whoami(world: &mut World, caller: &Credentials) -> Record {
    world
        .call(caller, "sts", "GetCallerIdentity", &Record::new())
        .unwrap()
}

#[test]
fn a_role_that_trusts_the_account_needs_the_callers_own_policy_too() {
    let mut world = World::new();
    let (may, may_not) = (world.user("may", &allow_all()), world.user("u", &nothing()));
    let arn = world.role("r", &trust(ROOT), &nothing());

    assert!(world.call(&may, "sts", "AssumeRole", &asked(&arn)).is_ok());
    let answer = world.call(&may_not, "sts", "AssumeRole", &asked(&arn));
    let words = "User: arn:aws:iam::123456789012:user/u is not authorized to perform: \
                 sts:AssumeRole on resource: arn:aws:iam::123456789012:role/r because no \
                 identity-based policy allows the sts:AssumeRole action";
    fails(answer, DENIED, words);
}

#[test]
fn a_role_that_names_the_user_is_enough() {
    let mut world = World::new();
    let user = world.user("u", &nothing());
    let other = world.user("v", &allow_all());
    let arn = world.role("r", &trust(USER), &nothing());

    assert!(world.call(&user, "sts", "AssumeRole", &asked(&arn)).is_ok());
    let words = "because no role trust policy allows the sts:AssumeRole action";
    fails(
        world.call(&other, "sts", "AssumeRole", &asked(&arn)),
        DENIED,
        words,
    );
}

#[test]
fn an_explicit_deny_of_either_side_wins() {
    let mut world = World::new();
    let user = world.user("u", &policy("Deny", "sts:AssumeRole", "*"));
    let other = world.user("v", &allow_all());
    let arn = world.role("r", &trust(USER), &nothing());
    let deny = statements(&format!(
        r#"{{"Effect":"Allow","Principal":{{"AWS":"{ROOT}"}},"Action":"sts:AssumeRole"}},
           {{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole"}}"#
    ));
    let closed = world.role("closed", &deny, &nothing());

    let words = "with an explicit deny in an identity-based policy";
    fails(
        world.call(&user, "sts", "AssumeRole", &asked(&arn)),
        DENIED,
        words,
    );
    let words = "with an explicit deny in the role trust policy";
    fails(
        world.call(&other, "sts", "AssumeRole", &asked(&closed)),
        DENIED,
        words,
    );
}

#[test]
fn what_is_no_role_here_is_denied_in_the_words_for_a_role_that_trusts_nobody() {
    let mut world = World::new();
    let user = world.user("u", &allow_all());
    world.role("r", &trust(ROOT), &nothing());
    for arn in [
        "arn:aws:iam::123456789012:role/missing",
        "arn:aws:iam::123456789012:role/R",
        "arn:aws:iam::123456789012:role/path/r",
        "arn:aws:iam::999999999999:role/r",
        "arn:aws:iam::123456789012:user/r",
        "arn:aws:iam::123456789012:role/",
        "not-an-arn-but-as-long",
    ] {
        let words = "because no role trust policy allows the sts:AssumeRole action";
        fails(
            world.call(&user, "sts", "AssumeRole", &asked(arn)),
            DENIED,
            words,
        );
    }
}

#[test]
fn an_external_id_must_be_the_one_agreed_on() {
    let mut world = World::new();
    let user = world.user("u", &allow_all());
    let trust = statements(&format!(
        r#"{{"Effect":"Allow","Principal":{{"AWS":"{ROOT}"}},"Action":"sts:AssumeRole",
            "Condition":{{"StringEquals":{{"sts:ExternalId":"agreed"}}}}}}"#
    ));
    let arn = world.role("r", &trust, &nothing());
    for (id, may) in [
        (Some("agreed"), true),
        (Some("other"), false),
        (None, false),
    ] {
        let input = asked(&arn).with_some("ExternalId", id);
        let answer = world.call(&user, "sts", "AssumeRole", &input);
        assert_eq!(answer.is_ok(), may, "{id:?}");
    }
}

#[test]
fn how_long_a_session_lasts() {
    let mut world = World::new();
    let user = world.user("u", &allow_all());
    let role = texts(&[
        ("RoleName", "r"),
        ("AssumeRolePolicyDocument", &trust(ROOT)),
    ])
    .with("MaxSessionDuration", 7_200);
    world.admin("iam", "CreateRole", &role).unwrap();
    let arn = "arn:aws:iam::123456789012:role/r";
    for (asked_for, lasts) in [(None, 3_600), (Some(900), 900), (Some(7_200), 7_200)] {
        let input = asked(arn).with_some("DurationSeconds", asked_for);
        let answer = world.call(&user, "sts", "AssumeRole", &input).unwrap();
        let credentials = answer.record("Credentials").unwrap();
        let expect = Value::Timestamp(seconds(lasts));
        assert_eq!(credentials.get("Expiration"), Some(&expect));
    }
    let too_long = asked(arn).with("DurationSeconds", 7_201);
    let words = "exceeds the MaxSessionDuration set for this role";
    fails(
        world.call(&user, "sts", "AssumeRole", &too_long),
        INVALID,
        words,
    );
    for out_of_bounds in [899, 43_201] {
        let input = asked(arn).with("DurationSeconds", out_of_bounds);
        fails(
            world.call(&user, "sts", "AssumeRole", &input),
            INVALID,
            "durationSeconds",
        );
    }
}

#[test]
fn a_chained_session_lasts_an_hour_at_most() {
    let mut world = World::new();
    let user = world.user("u", &allow_all());
    let role = texts(&[
        ("RoleName", "r"),
        ("AssumeRolePolicyDocument", &trust(ROOT)),
    ])
    .with("MaxSessionDuration", 7_200);
    world.admin("iam", "CreateRole", &role).unwrap();
    let first = world.role("first", &trust(USER), &allow_all());
    let session = world.assume(&user, &asked(&first));
    let arn = "arn:aws:iam::123456789012:role/r";

    let input = asked(arn).with("DurationSeconds", 3_601);
    let words = "exceeds the 1 hour session limit for roles assumed by role chaining";
    fails(
        world.call(&session, "sts", "AssumeRole", &input),
        INVALID,
        words,
    );
    let input = asked(arn).with("DurationSeconds", 3_600);
    assert!(world.call(&session, "sts", "AssumeRole", &input).is_ok());
}

#[test]
fn a_session_says_who_it_is() {
    let mut world = World::new();
    let user = world.user("u", &nothing());
    let role = texts(&[
        ("RoleName", "r"),
        ("Path", "/team/"),
        ("AssumeRolePolicyDocument", &trust(USER)),
    ]);
    let made = world.admin("iam", "CreateRole", &role).unwrap();
    let id = made
        .record("Role")
        .unwrap()
        .text("RoleId")
        .unwrap()
        .to_owned();
    let answer = world
        .call(
            &user,
            "sts",
            "AssumeRole",
            &asked("arn:aws:iam::123456789012:role/team/r"),
        )
        .unwrap();

    let assumed = answer.record("AssumedRoleUser").unwrap();
    let expect = "arn:aws:sts::123456789012:assumed-role/r/session";
    assert_eq!(assumed.text("Arn"), Some(expect));
    assert_eq!(
        assumed.text("AssumedRoleId"),
        Some(&*format!("{id}:session"))
    );
    let session = world.assume(&user, &asked("arn:aws:iam::123456789012:role/team/r"));
    let own = whoami(&mut world, &session);
    assert_eq!(own.text("Arn"), Some(expect));
    assert_eq!(own.text("UserId"), Some(&*format!("{id}:session")));
    assert_eq!(own.text("Account"), Some("123456789012"));
}

#[test]
fn a_session_policy_narrows_and_never_widens() {
    let mut world = World::new();
    let user = world.user("u", &nothing());
    let arn = world.role("r", &trust(USER), &policy("Allow", "iam:List*", "*"));
    let narrowed =
        |world: &mut World, policy: &str| world.assume(&user, &asked(&arn).with("Policy", policy));
    let users = narrowed(&mut world, &policy("Allow", "iam:ListUsers", "*"));
    let all = narrowed(&mut world, &allow_all());
    let no_users = narrowed(
        &mut world,
        &statements(
            r#"{"Effect":"Allow","Action":"*","Resource":"*"},
               {"Effect":"Deny","Action":"iam:ListUsers","Resource":"*"}"#,
        ),
    );
    let none = Record::new();

    assert!(world.call(&users, "iam", "ListUsers", &none).is_ok());
    let words = "because no session policy allows the iam:ListRoles action";
    fails(world.call(&users, "iam", "ListRoles", &none), DENIED, words);
    assert!(world.call(&all, "iam", "ListRoles", &none).is_ok());
    let words = "because no identity-based policy allows the iam:GetUser action";
    let input = texts(&[("UserName", "u")]);
    fails(world.call(&all, "iam", "GetUser", &input), DENIED, words);
    let words = "with an explicit deny in a session policy";
    fails(
        world.call(&no_users, "iam", "ListUsers", &none),
        DENIED,
        words,
    );
    assert!(world.call(&no_users, "iam", "ListRoles", &none).is_ok());
}

#[test]
fn managed_policies_narrow_a_session_as_long_as_they_are_there() {
    let mut world = World::new();
    let user = world.user("u", &nothing());
    let arn = world.role("r", &trust(USER), &allow_all());
    let input = texts(&[
        ("PolicyName", "lists"),
        ("PolicyDocument", &policy("Allow", "iam:ListUsers", "*")),
    ]);
    world.admin("iam", "CreatePolicy", &input).unwrap();
    let lists = "arn:aws:iam::123456789012:policy/lists";
    let descriptor = |arn: &str| Record::new().with("arn", arn);
    let input = asked(&arn).with("PolicyArns", vec![descriptor(lists)]);
    let session = world.assume(&user, &input);
    let none = Record::new();

    assert!(world.call(&session, "iam", "ListUsers", &none).is_ok());
    fails(
        world.call(&session, "iam", "ListRoles", &none),
        DENIED,
        "no session policy allows",
    );
    world
        .admin("iam", "DeletePolicy", &texts(&[("PolicyArn", lists)]))
        .unwrap();
    fails(
        world.call(&session, "iam", "ListUsers", &none),
        DENIED,
        "no session policy allows",
    );
    fails(
        world.call(&user, "sts", "AssumeRole", &input),
        INVALID,
        lists,
    );
    let eleven: Vec<Record> = (0..11).map(|_| descriptor(lists)).collect();
    let input = asked(&arn).with("PolicyArns", eleven);
    fails(
        world.call(&user, "sts", "AssumeRole", &input),
        INVALID,
        "10",
    );
}

#[test]
fn a_session_policy_must_be_a_policy_of_bounded_size() {
    let mut world = World::new();
    let arn = world.role("r", &trust(ROOT), &nothing());
    let malformed = ("MalformedPolicyDocument", 400);
    for text in ["{", "{}", &trust(ROOT)] {
        let input = asked(&arn).with("Policy", text);
        fails(
            world.admin("sts", "AssumeRole", &input),
            malformed,
            "line 1",
        );
    }
    let long = format!("{}{}", allow_all(), " ".repeat(2_048));
    let input = asked(&arn).with("Policy", long);
    fails(world.admin("sts", "AssumeRole", &input), INVALID, "2048");
}

#[test]
fn what_does_not_fit_into_a_token_is_refused() {
    let mut world = World::new();
    let arn = world.role("r", &trust(ROOT), &nothing());
    let tags: Vec<Value> = (0..50)
        .map(|at| tag(&format!("{at:0>128}"), &"é".repeat(256)))
        .collect();
    let input = asked(&arn).with("Tags", tags);

    fails(
        world.admin("sts", "AssumeRole", &input),
        ("PackedPolicyTooLarge", 400),
        "Packed size",
    );
}

#[test]
fn the_longest_session_policy_fits_into_a_token() {
    let mut world = World::new();
    let user = world.user("u", &nothing());
    let arn = world.role("r", &trust(USER), &allow_all());
    let policy = format!("{:2048}", allow_all());
    let session = world.assume(&user, &asked(&arn).with("Policy", policy));

    assert!(
        world
            .call(&session, "iam", "ListUsers", &Record::new())
            .is_ok()
    );
}

#[test]
fn session_tags_stand_in_front_of_the_roles_own() {
    let mut world = World::new();
    let user = world.user("u", &nothing());
    let only_blue = statements(
        r#"{"Effect":"Allow","Action":"iam:ListUsers","Resource":"*",
            "Condition":{"StringEquals":{"aws:PrincipalTag/team":"blue"}}}"#,
    );
    let arn = world.role("plain", &trust(USER), &only_blue);
    let role = texts(&[
        ("RoleName", "blue"),
        ("AssumeRolePolicyDocument", &trust(USER)),
    ])
    .with("Tags", vec![tag("team", "blue")]);
    world.admin("iam", "CreateRole", &role).unwrap();
    let inline = texts(&[
        ("RoleName", "blue"),
        ("PolicyName", "inline"),
        ("PolicyDocument", &only_blue),
    ]);
    world.admin("iam", "PutRolePolicy", &inline).unwrap();
    let blue = "arn:aws:iam::123456789012:role/blue";
    for (role, tags, may) in [
        (&*arn, None, false),
        (&*arn, Some("blue"), true),
        (blue, None, true),
        (blue, Some("red"), false),
    ] {
        let tags = tags.map(|team| Value::from(vec![tag("team", team)]));
        let session = world.assume(&user, &asked(role).with_some("Tags", tags));
        let answer = world.call(&session, "iam", "ListUsers", &Record::new());
        assert_eq!(answer.is_ok(), may, "{role}");
    }
}

#[test]
fn transitive_tags_go_along_the_chain_and_cannot_be_replaced() {
    let mut world = World::new();
    let user = world.user("u", &nothing());
    let only_blue = statements(
        r#"{"Effect":"Allow","Action":"iam:ListUsers","Resource":"*",
            "Condition":{"StringEquals":{"aws:PrincipalTag/team":"blue"}}}"#,
    );
    let first = world.role("first", &trust(USER), &allow_all());
    let second = world.role("second", &trust(ROOT), &only_blue);
    let tagged = asked(&first).with("Tags", vec![tag("team", "blue")]);
    let transitive = tagged.clone().with("TransitiveTagKeys", vec!["team"]);
    for (input, may) in [(&tagged, false), (&transitive, true)] {
        let session = world.assume(&user, input);
        let chained = world.assume(&session, &asked(&second));
        let answer = world.call(&chained, "iam", "ListUsers", &Record::new());
        assert_eq!(answer.is_ok(), may);
    }
    let session = world.assume(&user, &transitive);
    let invalid = ("InvalidParameterValue", 400);
    let replaced = asked(&second).with("Tags", vec![tag("Team", "red")]);
    fails(
        world.call(&session, "sts", "AssumeRole", &replaced),
        invalid,
        "conflicts",
    );
    let twice = asked(&first).with("Tags", vec![tag("a", "1"), tag("A", "2")]);
    fails(
        world.call(&user, "sts", "AssumeRole", &twice),
        invalid,
        "Duplicate",
    );
    let not_passed = asked(&first).with("TransitiveTagKeys", vec!["team"]);
    fails(
        world.call(&user, "sts", "AssumeRole", &not_passed),
        invalid,
        "team",
    );
}

#[test]
fn tags_and_a_source_identity_must_be_allowed_by_the_trust_policy() {
    let mut world = World::new();
    let user = world.user("u", &nothing());
    let bare = statements(&format!(
        r#"{{"Effect":"Allow","Principal":{{"AWS":"{USER}"}},"Action":"sts:AssumeRole"}}"#
    ));
    let arn = world.role("r", &bare, &nothing());
    let input = asked(&arn).with("Tags", vec![tag("a", "1")]);
    fails(
        world.call(&user, "sts", "AssumeRole", &input),
        DENIED,
        "sts:TagSession",
    );
    let input = asked(&arn).with("SourceIdentity", "alice");
    fails(
        world.call(&user, "sts", "AssumeRole", &input),
        DENIED,
        "sts:SetSourceIdentity",
    );
}

#[test]
fn a_source_identity_stays() {
    let mut world = World::new();
    let user = world.user("u", &nothing());
    let first = world.role("first", &trust(USER), &allow_all());
    let second = world.role("second", &trust(ROOT), &nothing());
    let closed = statements(&format!(
        r#"{{"Effect":"Allow","Principal":{{"AWS":"{ROOT}"}},"Action":"sts:AssumeRole"}}"#
    ));
    let closed = world.role("closed", &closed, &nothing());
    let session = world.assume(&user, &asked(&first).with("SourceIdentity", "alice"));

    let answer = world
        .call(&session, "sts", "AssumeRole", &asked(&second))
        .unwrap();
    assert_eq!(answer.text("SourceIdentity"), Some("alice"));
    let other = asked(&second).with("SourceIdentity", "bob");
    fails(
        world.call(&session, "sts", "AssumeRole", &other),
        DENIED,
        "cannot be changed",
    );
    let answer = world.call(&session, "sts", "AssumeRole", &asked(&closed));
    fails(answer, DENIED, "sts:SetSourceIdentity");
}

#[test]
fn what_has_no_effect_here_is_refused() {
    let mut world = World::new();
    let arn = world.role("r", &trust(ROOT), &nothing());
    let serial = texts(&[
        ("SerialNumber", "arn:aws:iam::123456789012:mfa/x"),
        ("TokenCode", "123456"),
    ]);
    let mut input = asked(&arn);
    for (name, value) in serial.members() {
        input.set(name, value.clone());
    }
    fails(
        world.admin("sts", "AssumeRole", &input),
        INVALID,
        "SerialNumber",
    );
    let input = asked(&arn).with("MinimumSessionTokenSize", 4_096);
    fails(
        world.admin("sts", "AssumeRole", &input),
        INVALID,
        "MinimumSessionTokenSize",
    );
}

#[test]
fn the_caller_is_told_who_it_is_whatever_policies_say() {
    let mut world = World::new();
    let user = world.user("u", &policy("Deny", "*", "*"));
    let own = whoami(&mut world, &user);

    assert_eq!(own.text("Arn"), Some(USER));
    assert!(own.text("UserId").unwrap().starts_with("AIDA"));
}

#[test]
fn expirations_are_whole_seconds() {
    let mut world = World::new();
    let arn = world.role("r", &trust(ROOT), &nothing());
    world.now += SignedDuration::from_millis(999);
    let answer = world.admin("sts", "AssumeRole", &asked(&arn)).unwrap();

    let credentials = answer.record("Credentials").unwrap();
    assert_eq!(
        credentials.get("Expiration"),
        Some(&Value::Timestamp(seconds(3_600)))
    );
}

//! What a denial of EC2 says once it is decoded, and whose keys are known.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use protocol::sigv4::Credentials;
use protocol::{Record, Secret};
use serde_json::{Value as Json, json};

use crate::testing::{World, fails, policy, statements, texts};

const UNAUTHORIZED: &str = "UnauthorizedOperation";

/// The message at the end of the denial of a call.
fn denied(world: &mut World, caller: &Credentials, operation: &str, input: &Record) -> String {
    let fault = world.call(caller, "ec2", operation, input).unwrap_err();
    assert_eq!((&*fault.code, fault.status), (UNAUTHORIZED, 403));
    let told = fault
        .message
        .split_once(" Encoded authorization failure message: ");
    told.unwrap_or_else(|| panic!("{fault}")).1.to_owned()
}

fn decoded(world: &mut World, message: &str) -> Json {
    let input = texts(&[("EncodedMessage", message)]);
    let answer = world.admin("sts", "DecodeAuthorizationMessage", &input);
    let answer = answer.unwrap();
    serde_json::from_str(answer.text("DecodedMessage").unwrap()).unwrap()
}

fn stop(world: &World) -> Record {
    Record::new().with("InstanceIds", vec![world.instance_id()])
}

#[test]
fn a_denial_without_a_statement_tells_who_what_and_on_what() {
    let mut world = World::new();
    let user = world.user_without_policies("u");
    let (input, id) = (stop(&world), world.instance_id());
    let message = denied(&mut world, &user, "StopInstances", &input);

    let told = decoded(&mut world, &message);

    assert_eq!(told["allowed"], false);
    assert_eq!(told["explicitDeny"], false);
    assert_eq!(told["matchedStatements"], json!({"items": []}));
    assert_eq!(told["failures"], json!({"items": []}));
    let context = &told["context"];
    let arn = "arn:aws:iam::123456789012:user/u";
    let principal = json!({"id": context["principal"]["id"], "name": "u", "arn": arn});
    assert_eq!(context["principal"], principal);
    assert_eq!(context["action"], "ec2:StopInstances");
    let resource = format!("arn:aws:ec2:us-east-1:123456789012:instance/{id}");
    assert_eq!(context["resource"], resource);
    let conditions = context["conditions"]["items"].as_array().unwrap();
    let one = |value: &str| json!({"items": [{"value": value}]});
    for (key, value) in [("ec2:InstanceID", id.as_str()), ("aws:username", "u")] {
        let expect = json!({"key": key, "values": one(value)});
        assert!(conditions.contains(&expect), "{key}: {conditions:?}");
    }
}

#[test]
fn an_explicit_deny_tells_its_statement() {
    let mut world = World::new();
    let document = statements(
        r#"{"Effect":"Allow","Action":"ec2:*","Resource":"*"},
           {"Sid":"NotThese","Effect":"Deny","Action":["ec2:Stop*","ec2:Reboot*"],
            "Resource":"arn:aws:ec2:*:*:instance/*"}"#,
    );
    let user = world.user("u", &document);
    let input = stop(&world);
    let message = denied(&mut world, &user, "StopInstances", &input);

    let told = decoded(&mut world, &message);

    assert_eq!(told["explicitDeny"], true);
    let statement = &told["matchedStatements"]["items"][0];
    assert_eq!(statement["statementId"], "NotThese");
    assert_eq!(statement["effect"], "DENY");
    let actions = json!({"items": [{"value": "ec2:Stop*"}, {"value": "ec2:Reboot*"}]});
    assert_eq!(statement["actions"], actions);
    let resources = json!({"items": [{"value": "arn:aws:ec2:*:*:instance/*"}]});
    assert_eq!(statement["resources"], resources);
}

#[test]
fn a_session_policy_that_denies_is_told_as_well() {
    let mut world = World::new();
    let all = policy("Allow", "*", "*");
    let user = world.user("u", &all);
    let arn = world.role("r", &crate::testing::trust("123456789012"), &all);
    let narrow = texts(&[
        ("RoleArn", &arn),
        ("RoleSessionName", "session"),
        ("Policy", &policy("Deny", "ec2:StopInstances", "*")),
    ]);
    let session = world.assume(&user, &narrow);
    let input = stop(&world);
    let message = denied(&mut world, &session, "StopInstances", &input);
    let told = decoded(&mut world, &message);
    let actions = json!({"items": [{"value": "ec2:StopInstances"}]});
    assert_eq!(told["matchedStatements"]["items"][0]["actions"], actions);
    assert_eq!(told["context"]["principal"]["name"], "session");
}

#[test]
fn what_is_about_no_resource_brings_no_message() {
    let mut world = World::new();
    let user = world.user_without_policies("u");
    for operation in ["DescribeInstances", "DescribeVpcs"] {
        let answer = world.call(&user, "ec2", operation, &Record::new());
        let fault = answer.unwrap_err();
        assert!(!fault.message.contains("Encoded"), "{fault}");
    }
}

#[test]
fn a_message_too_long_for_the_call_leaves_out_the_conditions() {
    let mut world = World::new();
    let user = world.user_without_policies("u");
    let tags: Vec<Record> = (0_u32..50)
        .map(|at| {
            // Values that do not compress.
            let value =
                crate::entropy::Entropy::new([u8::try_from(at).unwrap(); 32]).bytes::<180>();
            let value = URL_SAFE_NO_PAD.encode(value);
            texts(&[("Key", &format!("key-{at}")), ("Value", &value)])
        })
        .collect();
    let input = Record::new()
        .with("Resources", vec![world.instance_id()])
        .with("Tags", tags);
    let message = denied(&mut world, &user, "CreateTags", &input);
    assert!(message.len() <= 10_240, "{}", message.len());
    let told = decoded(&mut world, &message);
    assert_eq!(told["context"]["conditions"], json!({"items": []}));
    assert_eq!(told["context"]["action"], "ec2:CreateTags");
}

#[test]
fn decoding_needs_a_permission_and_a_message_of_this_account() {
    let mut world = World::new();
    let user = world.user_without_policies("u");
    let input = stop(&world);
    let message = denied(&mut world, &user, "StopInstances", &input);
    let asked = texts(&[("EncodedMessage", &message)]);
    let answer = world.call(&user, "sts", "DecodeAuthorizationMessage", &asked);
    fails(
        answer,
        ("AccessDenied", 403),
        "sts:DecodeAuthorizationMessage",
    );

    let invalid = ("InvalidAuthorizationMessageException", 400);
    let refused = |world: &mut World, message: &str| {
        let input = texts(&[("EncodedMessage", message)]);
        let answer = world.admin("sts", "DecodeAuthorizationMessage", &input);
        fails(answer, invalid, "not a valid encoded authorization message");
    };
    refused(&mut World::of([2; 32], "us-east-1"), &message);
    let (mut cut, mut altered) = (message.clone(), message.into_bytes());
    cut.pop();
    altered[20] = if altered[20] == b'A' { b'B' } else { b'A' };
    let altered = String::from_utf8(altered).unwrap();
    for text in ["x", "not base64!", &cut, &altered] {
        refused(&mut world, text);
    }
}

/// Both are sealed under one key of the account; neither passes for the other.
#[test]
fn a_session_token_is_no_message_and_a_message_no_token() {
    let mut world = World::new();
    let user = world.user("u", &policy("Allow", "sts:*", "*"));
    let session = world.call(&user, "sts", "GetSessionToken", &Record::new());
    let session = session.unwrap();
    let token = session
        .record("Credentials")
        .unwrap()
        .text("SessionToken")
        .unwrap();
    let asked = texts(&[("EncodedMessage", token)]);
    let answer = world.admin("sts", "DecodeAuthorizationMessage", &asked);
    assert_eq!(
        answer.unwrap_err().code,
        "InvalidAuthorizationMessageException"
    );

    let input = stop(&world);
    let message = denied(&mut world, &user, "StopInstances", &input);
    let mut forged = user;
    forged.session_token = Some(Secret::from_text(message));
    let answer = world.call(&forged, "sts", "GetCallerIdentity", &Record::new());
    fails(answer, ("InvalidClientTokenId", 403), "is invalid");
}

#[test]
fn keys_of_the_account_are_known_whatever_their_state() {
    let mut world = World::new();
    let user = world.user_without_policies("u");
    let asked = texts(&[("AccessKeyId", &user.access_key_id)]);
    let inactive = asked
        .clone()
        .with("UserName", "u")
        .with("Status", "Inactive");
    world.admin("iam", "UpdateAccessKey", &inactive).unwrap();
    let answer = world.admin("sts", "GetAccessKeyInfo", &asked).unwrap();
    assert_eq!(answer.text("Account"), Some("123456789012"));

    let other = texts(&[("AccessKeyId", "AKIAIOSFODNN7EXAMPLE")]);
    let answer = world.admin("sts", "GetAccessKeyInfo", &other);
    fails(
        answer,
        ("ValidationError", 400),
        "AKIAIOSFODNN7EXAMPLE is not known here",
    );
    let key = world.user_without_policies("v");
    let answer = world.call(&key, "sts", "GetAccessKeyInfo", &other);
    fails(answer, ("AccessDenied", 403), "sts:GetAccessKeyInfo");
}

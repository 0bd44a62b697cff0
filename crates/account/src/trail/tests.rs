//! What a record says, what it never says, and which records a query takes.

use http::HeaderValue;
use jiff::Timestamp;
use proptest::prelude::*;
use protocol::shape::Service;
use protocol::sigv4::Credentials;
use protocol::{Record, Secret};
use serde_json::Value as Json;

use super::*;
use crate::session::{self, InstanceOrigin, Session};
use crate::testing::{ACCOUNT, REGION, World, policy, seconds, texts, trust};

fn place() -> Home {
    Home::new(ACCOUNT, REGION)
}

/// The record of a call, as text.
fn text(world: &mut World, caller: &Credentials, call: (&str, &str), input: &Record) -> String {
    text_from(None, world, caller, call, input)
}

/// The record of a call from somewhere, as text.
fn text_from(
    from_vpc: Option<FromVpc>,
    world: &mut World,
    caller: &Credentials,
    (service, operation): (&str, &str),
    input: &Record,
) -> String {
    let service = Service::find(service).unwrap();
    let operation = service.operation(operation).unwrap();
    let mut request = world.signed(caller, service, operation, input);
    let agent = HeaderValue::from_static("aws-cli/2 \"quoted\"");
    request.headers_mut().insert(USER_AGENT, agent);
    if let Some(from_vpc) = from_vpc {
        request.extensions_mut().insert(from_vpc);
    }
    world.outcome(&request).trail.record(&place())
}

fn record(world: &mut World, caller: &Credentials, call: (&str, &str), input: &Record) -> Json {
    let text = text(world, caller, call, input);
    serde_json::from_str(&text).unwrap()
}

const GET: (&str, &str) = ("secretsmanager", "GetSecretValue");

/// Credentials as an instance's metadata service hands them out.
fn of_instance(world: &World) -> Credentials {
    let role = world.state.role("ec2-secrets-manager-role").unwrap();
    let session = Session {
        access_key_id: String::new(),
        account: "123456789012".into(),
        role: role.role.name.clone(),
        role_id: role.role.id.clone(),
        name: "i-1".to_owned(),
        issued: world.now,
        expires: seconds(3_600),
        policy: None,
        policy_arns: Vec::new(),
        tags: Vec::new(),
        transitive_tag_keys: Vec::new(),
        source_identity: None,
        provider: None,
        instance: Some(InstanceOrigin {
            arn: "arn:aws:ec2:us-east-1:123456789012:instance/i-1".to_owned(),
            vpc_id: "vpc-1".to_owned(),
            private_ip: [172, 31, 0, 4].into(),
            delivery: 2,
        }),
    };
    let keyring = &world.state.settings().keyring;
    let minted = session::mint(keyring, session, &[9; 32]).unwrap();
    Credentials {
        access_key_id: minted.access_key_id,
        secret_access_key: minted.secret_access_key,
        session_token: Some(minted.session_token),
    }
}

const HIDDEN: &str = "hidden-value-of-the-caller";

/// Calls that bring what must not be recorded, some of which fail.
fn calls_with_secrets(role: &str) -> Vec<(&'static str, &'static str, Record)> {
    let document = policy("Allow", "s3:GetObject", "*");
    let trusting = trust("123456789012");
    let secret = || Secret::from_text(HIDDEN.to_owned());
    let tag = || vec![texts(&[("Key", "k"), ("Value", HIDDEN)])];
    let named = |name| texts(&[("Name", name), ("Description", HIDDEN)]).with("Tags", tag());
    let of = |id| texts(&[("SecretId", id)]);
    let long = Secret::from_text(HIDDEN.repeat(4_000));
    let user = texts(&[("UserName", "administrator")]);
    let made_role = texts(&[
        ("RoleName", "other"),
        ("AssumeRolePolicyDocument", &trusting),
        ("Description", HIDDEN),
    ]);
    let made_policy = texts(&[("PolicyName", "p"), ("PolicyDocument", &document)]);
    let version = texts(&[
        ("PolicyArn", "arn:aws:iam::123456789012:policy/p"),
        ("VersionId", "v1"),
    ]);
    let session = texts(&[
        ("RoleArn", role),
        ("RoleSessionName", "session"),
        ("ExternalId", HIDDEN),
        ("Policy", &document),
    ]);
    let outside = session.clone().with("ExternalId", format!("{HIDDEN} !"));
    let launch = texts(&[("ImageId", "ami-12c6146b")])
        .with("MinCount", 1)
        .with("MaxCount", 1)
        .with("UserData", Secret::from_text("aGlkZGVu".to_owned()));
    let secrets = [
        ("CreateSecret", named("s").with("SecretString", secret())),
        ("PutSecretValue", of("s").with("SecretBinary", secret())),
        ("PutSecretValue", of("s").with("SecretString", long)),
        ("UpdateSecret", of("s").with("SecretString", secret())),
        ("UpdateSecret", of("none").with("SecretString", secret())),
        ("GetSecretValue", of("s")),
        ("ListSecrets", Record::new().with("NextToken", HIDDEN)),
    ];
    let secrets = secrets.map(|(operation, input)| ("secretsmanager", operation, input));
    secrets
        .into_iter()
        .chain([
            ("iam", "CreateAccessKey", user),
            ("iam", "CreateRole", made_role.with("Tags", tag())),
            ("iam", "CreatePolicy", made_policy),
            ("iam", "GetPolicyVersion", version),
            ("sts", "AssumeRole", session),
            ("sts", "AssumeRole", outside),
            ("ec2", "RunInstances", launch),
        ])
        .collect()
}

#[test]
fn no_secret_stands_in_any_record() {
    let mut world = World::new();
    let admin = world.admin.clone();
    let allow = policy("Allow", "s3:GetObject", "*");
    let role = world.role("r", &trust("123456789012"), &allow);
    let mut records = String::new();
    for (service, operation, input) in calls_with_secrets(&role) {
        let text = text(&mut world, &admin, (service, operation), &input);
        assert!(!text.contains('\n'), "{text}");
        records += &text;
    }
    let session = of_instance(&world);
    let input = texts(&[("SecretId", "my-secret")]);
    records += &text(&mut world, &session, GET, &input);

    let keys = world.state.access_keys().values();
    let mut held: Vec<Secret> = keys.map(|key| key.secret.clone()).collect();
    assert_eq!(held.len(), 2);
    held.push(session.secret_access_key);
    held.push(session.session_token.unwrap());
    let held = held.iter().map(|secret| secret.expose_text().unwrap());
    for forbidden in held.chain([HIDDEN, "aGlkZGVu", "Statement", "password"]) {
        assert!(!records.contains(forbidden), "a record holds `{forbidden}`");
    }
    assert!(records.contains("GetSecretValue") && records.contains("i-"));
}

#[test]
fn what_a_stranger_sent_is_not_repeated() {
    let mut world = World::new();
    let service = Service::find("secretsmanager").unwrap();
    let operation = service.operation("GetSecretValue").unwrap();
    let stranger = Credentials {
        access_key_id: "AKIAAAAAAAAAAAAAAAAA".to_owned(),
        secret_access_key: Secret::new(*b"none"),
        session_token: Some(Secret::new(*b"a-token-of-nobody")),
    };
    let input = texts(&[("SecretId", "my-secret")]);
    let request = world.signed(&stranger, service, operation, &input);
    let trail = world.outcome(&request).trail;
    assert!(trail.is_strangers());
    let text = trail.record(&place());
    let record: Json = serde_json::from_str(&text).unwrap();

    assert_eq!(record["userIdentity"]["type"], "Unknown");
    assert_eq!(
        record["userIdentity"]["accessKeyId"],
        "AKIAAAAAAAAAAAAAAAAA"
    );
    assert_eq!(record["errorCode"], "UnrecognizedClientException");
    assert_eq!(record["eventSource"], "secretsmanager.amazonaws.com");
    assert_eq!(record["requestParameters"], Json::Null);
    assert!(record.get("errorMessage").is_none(), "{record}");
    assert!(!text.contains("a-token-of-nobody") && !text.contains("my-secret"));
    assert_eq!(Event::read(&text).unwrap().decision, Decision::Denied);
}

#[test]
fn a_denied_call_says_who_what_and_why() {
    let mut world = World::new();
    let arn = world.secret_arn();
    let deny = r#"{"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Action":"*","Resource":"*"},
        {"Sid":"Never","Effect":"Deny","Action":"secretsmanager:*","Resource":"*"}]}"#;
    let user = world.user("u", deny);
    let record = record(&mut world, &user, GET, &texts(&[("SecretId", "my-secret")]));

    assert_eq!(record["eventTime"], "2026-01-01T00:00:00Z");
    assert_eq!(record["eventName"], "GetSecretValue");
    assert_eq!(record["errorCode"], "AccessDeniedException");
    assert_eq!(record["userAgent"], "aws-cli/2 \"quoted\"");
    assert_eq!(
        record["requestParameters"],
        serde_json::json!({"secretId": "my-secret"})
    );
    assert_eq!(record["responseElements"], Json::Null);
    let identity = &record["userIdentity"];
    assert_eq!(identity["type"], "IAMUser");
    assert_eq!(identity["userName"], "u");
    assert_eq!(identity["accessKeyId"], user.access_key_id.as_str());
    assert_eq!(record["resources"][0]["ARN"], arn.as_str());
    assert_eq!(record["resources"][0]["accountId"], ACCOUNT);
    let verdict = &record["additionalEventData"]["authorization"][0];
    assert_eq!(verdict["decision"], "denied");
    assert_eq!(verdict["resource"], arn.as_str());
    let statement = serde_json::json!({"policy": "inline", "sid": "Never", "index": 1});
    assert_eq!(verdict["statement"], statement);
    let message = record["errorMessage"].as_str().unwrap();
    assert!(message.contains("explicit deny"), "{message}");
}

#[test]
fn a_call_that_nothing_allows_has_no_statement() {
    let mut world = World::new();
    let user = world.user_without_policies("u");
    let record = record(&mut world, &user, GET, &texts(&[("SecretId", "my-secret")]));

    let verdict = &record["additionalEventData"]["authorization"][0];
    assert_eq!(verdict["decision"], "denied");
    assert!(verdict.get("statement").is_none());
}

#[test]
fn a_session_of_an_instance_is_told_with_its_role() {
    let mut world = World::new();
    let session = of_instance(&world);
    let record = record(
        &mut world,
        &session,
        GET,
        &texts(&[("SecretId", "my-secret")]),
    );

    assert!(record.get("errorCode").is_none(), "{record}");
    assert_eq!(record["readOnly"], true);
    let identity = &record["userIdentity"];
    assert_eq!(identity["type"], "AssumedRole");
    let role = "arn:aws:iam::123456789012:role/ec2-secrets-manager-role";
    let context = &identity["sessionContext"];
    assert_eq!(context["sessionIssuer"]["arn"], role);
    assert_eq!(context["ec2RoleDelivery"], "2.0");
    assert_eq!(context["attributes"]["mfaAuthenticated"], "false");
    let verdict = &record["additionalEventData"]["authorization"][0];
    assert_eq!(verdict["statement"]["sid"], "ReadMySecret");
    let event = Event::read(&record.to_string()).unwrap();
    assert_eq!(event.username.as_deref(), Some("i-1"));
    assert_eq!(event.role.as_deref(), Some(role));
}

#[test]
fn credentials_of_an_instance_are_suspicious_anywhere_but_on_it() {
    let mut world = World::new();
    let session = of_instance(&world);
    let input = texts(&[("SecretId", "my-secret")]);
    let at = |vpc_id: &str, last| FromVpc {
        vpc_id: vpc_id.to_owned(),
        private_ip: [172, 31, 0, last].into(),
    };
    let suspicious = Filter {
        suspicious: true,
        ..Filter::default()
    };
    for (from_vpc, is_elsewhere) in [
        (None, true),
        (Some(at("vpc-1", 4)), false),
        (Some(at("vpc-1", 5)), true),
        (Some(at("vpc-2", 4)), true),
    ] {
        let text = text_from(from_vpc.clone(), &mut world, &session, GET, &input);
        let record: Json = serde_json::from_str(&text).unwrap();
        let credentials = &record["additionalEventData"]["instanceCredentials"];
        assert_eq!(credentials["usedElsewhere"], is_elsewhere, "{from_vpc:?}");
        assert_eq!(credentials["privateIPv4"], "172.31.0.4");
        let event = Event::read(&text).unwrap();
        assert_eq!(suspicious.takes(&event), is_elsewhere, "{from_vpc:?}");
    }
    let admin = world.admin.clone();
    let text = text(&mut world, &admin, GET, &input);
    assert!(!text.contains("instanceCredentials"));
    assert!(!suspicious.takes(&Event::read(&text).unwrap()));
}

#[test]
fn what_a_call_made_is_named() {
    let mut world = World::new();
    let admin = world.admin.clone();
    let user = texts(&[("UserName", "administrator")]);
    let made = record(&mut world, &admin, ("iam", "CreateAccessKey"), &user);
    let key = &made["responseElements"]["accessKey"];
    assert!(key["accessKeyId"].as_str().unwrap().starts_with("AKIA"));
    assert_eq!(made["readOnly"], false);
    assert_eq!(made["awsRegion"], "us-east-1");

    let role = world.role("r", &trust("123456789012"), &policy("Allow", "*", "*"));
    let input = texts(&[("RoleArn", &role), ("RoleSessionName", "session")]);
    let assumed = record(&mut world, &admin, ("sts", "AssumeRole"), &input);
    assert!(assumed.get("errorCode").is_none(), "{assumed}");
    let elements = &assumed["responseElements"];
    assert!(
        elements["credentials"]["accessKeyId"].is_string(),
        "{elements}"
    );
    assert!(elements["assumedRoleUser"]["arn"].is_string(), "{elements}");
}

#[test]
fn a_call_has_an_id_of_its_own() {
    let mut world = World::new();
    let admin = world.admin.clone();
    let input = texts(&[("SecretId", "my-secret")]);
    let ids: Vec<Json> = (0..2)
        .map(|_| record(&mut world, &admin, GET, &input)["eventID"].take())
        .collect();
    assert_ne!(ids[0], ids[1]);
    assert_eq!(ids[0].as_str().unwrap().len(), 36);
}

#[test]
fn lost_records_are_a_record() {
    let gap = Gap {
        calls: 7,
        reason: "the queue was full",
        moment: seconds(0),
    };
    let event = Event::read(&gap.record(&place())).unwrap();
    assert_eq!(event.decision, Decision::Lost);
    assert_eq!(
        event.reason.as_deref(),
        Some("7 calls are not recorded: the queue was full")
    );
}

#[test]
fn what_is_no_record_is_not_read() {
    for text in ["", "{", "{}", "[]", "null", r#"{"eventID":"1"}"#] {
        assert_eq!(Event::read(text), None, "{text}");
    }
}

/// The record of a session's denied call, at second 60.
fn event() -> Event {
    let mut world = World::new();
    let session = of_instance(&world);
    world.now = seconds(60);
    let input = texts(&[("SecretId", "other/secret")]);
    let text = text(&mut world, &session, GET, &input);
    Event::read(&text).unwrap()
}

#[test]
fn a_filter_takes_what_it_says() {
    let event = event();
    let moment = |second| Some(seconds(second));
    let principal = |arn: &str| Filter {
        principal: Some(arn.to_owned()),
        ..Filter::default()
    };
    let named = |name: &str| Filter {
        name: Some(name.to_owned()),
        ..Filter::default()
    };
    let since = |since| Filter {
        since,
        ..Filter::default()
    };
    let until = |until| Filter {
        until,
        ..Filter::default()
    };
    let denied = Filter {
        denied: true,
        ..Filter::default()
    };
    let role = "arn:aws:iam::123456789012:role/ec2-secrets-manager-role";
    let own = "arn:aws:sts::123456789012:assumed-role/ec2-secrets-manager-role/i-1";
    for refusing in [
        since(moment(61)),
        until(moment(59)),
        principal("arn:aws:iam::123456789012:role/other"),
        principal(own.trim_end_matches('1')),
        principal(""),
        named("PutSecretValue"),
        named("getsecretvalue"),
    ] {
        assert!(!refusing.takes(&event), "{refusing:?}");
    }
    let sub_second = Timestamp::new(seconds(60).as_second(), 999_999_999).ok();
    for taking in [
        Filter::default(),
        since(moment(60)),
        since(sub_second),
        until(moment(60)),
        principal(role),
        principal(own),
        named("GetSecretValue"),
        denied.clone(),
    ] {
        assert!(taking.takes(&event), "{taking:?}");
    }
    let mut allowed = event;
    allowed.decision = Decision::Allowed;
    assert!(!denied.takes(&allowed));
}

#[test]
fn resources_are_found_by_what_people_call_them() {
    let secret = "arn:aws:secretsmanager:us-east-1:123456789012:secret:a/b-AbCdEf";
    let role = "arn:aws:iam::123456789012:role/team/reader";
    for (arn, name) in [
        (secret, "b"),
        (secret, "a/b-AbCdE"),
        (role, "team/reader"),
        ("x", "y"),
    ] {
        assert!(!Event::is_called(arn, name), "{arn} {name}");
    }
    for (arn, name) in [
        (secret, "a/b"),
        (secret, secret),
        (role, "reader"),
        (role, role),
    ] {
        assert!(Event::is_called(arn, name), "{arn} {name}");
    }
}

proptest! {
    #[test]
    fn whatever_is_asked_the_record_is_one_line_that_is_read_back(id in any::<String>()) {
        let mut world = World::new();
        let admin = world.admin.clone();
        let text = text(&mut world, &admin, GET, &texts(&[("SecretId", &id)]));
        prop_assert!(!text.contains('\n'));
        prop_assert!(Event::read(&text).is_some());
        prop_assert!(text.len() < RECORD_BYTES_MAX, "{}", text.len());
    }
}

// What one record may grow to; the text of an id is there a few times.
const RECORD_BYTES_MAX: usize = 128 * 1_024;

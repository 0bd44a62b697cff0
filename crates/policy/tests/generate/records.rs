//! What is read from records, and which texts are none.

use policy::trail::{Filter, FilterError, Outcome, Record, Trail, read_record};
use policy::{Need, Resource};
use proptest::prelude::*;
use serde_json::{Value, json};

const ROLE: &str = "arn:aws:iam::123456789012:role/service/app";
const SESSION: &str = "arn:aws:sts::123456789012:assumed-role/app/s";
const USER: &str = "arn:aws:iam::123456789012:user/alice";

fn record() -> Value {
    json!({
        "userIdentity": {"type": "IAMUser", "arn": USER, "accountId": "123456789012"},
        "eventTime": "2026-11-21T06:22:08Z",
        "eventSource": "secretsmanager.amazonaws.com",
        "eventName": "GetSecretValue",
        "awsRegion": "us-east-1",
        "requestParameters": {"secretId": "db"}
    })
}

fn with(key: &str, value: Value) -> Value {
    let mut record = record();
    record[key] = value;
    record
}

fn read(record: &Value) -> Record {
    read_record(&record.to_string()).unwrap()
}

fn call(service: &str, name: &str, parameters: Value) -> Record {
    let mut record = with("requestParameters", parameters);
    record["eventSource"] = json!(format!("{service}.amazonaws.com"));
    record["eventName"] = json!(name);
    read(&record)
}

fn refused(text: &str, line: u32, message: &str) {
    let trail = Trail::read(text);
    let error = match &trail {
        Ok(trail) => trail.records().find_map(Result::err),
        Err(error) => Some(error.clone()),
    };
    let error = error.unwrap_or_else(|| panic!("{text} is read"));
    assert!(error.message.contains(message), "{text}: {error}");
    assert_eq!(error.line, line, "{text}: {error}");
}

#[test]
fn texts_that_are_no_trail_are_refused_where_they_stop_being_one() {
    let good = record();
    refused("x", 1, "no JSON (expected value)");
    refused("\u{feff}{}", 1, "no JSON");
    refused(
        "[]",
        1,
        "neither a record nor a list of records; hint: give a CloudTrail log",
    );
    refused("\n\n\"text\"", 3, "neither a record");
    refused(&format!("{good}\n7"), 2, "neither a record");
    refused(&format!("{good}\n{{\"a\": }}"), 2, "no JSON");
    refused("{\"Records\": [{]}", 1, "no JSON");
    refused(
        "{\"Records\": [\n{},\n{\"eventName\": tru}\n]}",
        3,
        "no JSON",
    );
    refused("\n{\"Records\": {}}", 2, "is no list");
    refused("{\"Records\": \"hunter2\"}", 1, "is no list");
    refused("{\"Records\": [], \"Events\": []}", 1, "more than once");
    refused(&format!("{good}\n{{\"Records\": [{good}"), 2, "no JSON");
}

#[test]
fn records_that_are_none_are_refused_with_their_line() {
    refused("{\"Records\": [\n\n7]}", 3, "an object");
    refused(
        &format!("{{\"Records\": [\n{},\n{{}}]}}", record()),
        3,
        "without `eventSource`",
    );
    for key in ["eventSource", "eventName", "eventTime", "userIdentity"] {
        for wrong in [Value::Null, json!(7), json!("")] {
            let text = with(key, wrong).to_string();
            refused(&format!("\n{text}"), 2, &format!("`{key}`"));
        }
    }
    for time in [
        "now",
        "1795242128",
        "2026-11-21",
        "2026-11-21T06:22:08",
        "2026-13-21T06:22:08Z",
    ] {
        refused(&with("eventTime", json!(time)).to_string(), 1, "no moment");
    }
    refused(
        "{\"Events\": [\n{\"EventName\": \"x\"}]}",
        2,
        "an event without `CloudTrailEvent`",
    );
    refused(
        "{\"Events\": [\n{\"CloudTrailEvent\": \"{\"}]}",
        2,
        "a record that is no JSON",
    );
    refused(
        "{\"Events\": [\n{\"CloudTrailEvent\": {}}]}",
        2,
        "an event without",
    );
    let deep = format!("{}{}", "[".repeat(500), "]".repeat(500));
    let nested: String = record().to_string().replace("{\"secretId\":\"db\"}", &deep);
    refused(&nested, 1, "a record that is no JSON");
    let long = with("userAgent", json!("x".repeat(1024 * 1024))).to_string();
    refused(&long, 1, "longer than");
}

#[test]
fn one_bad_record_does_not_hide_those_behind_it() {
    let text = format!("{}\n{{}}\n{}", record(), record());
    let trail = Trail::read(&text).unwrap();
    let read: Vec<bool> = trail.records().map(|it| it.is_ok()).collect();
    assert_eq!(read, [true, false, true]);
    assert_eq!((trail.len(), trail.is_empty()), (3, false));
    assert!(Trail::read(" \n").unwrap().is_empty());
}

#[test]
fn all_three_shapes_hold_the_same_records() {
    let one = record();
    let shapes = [
        one.to_string(),
        format!("{one:#}"),
        json!({"Records": [one]}).to_string(),
        json!({"NextToken": "x", "Events": [{"CloudTrailEvent": one.to_string()}]}).to_string(),
    ];
    let all = shapes.join("\n");
    let trail = Trail::read(&all).unwrap();
    let records: Vec<Record> = trail.records().map(Result::unwrap).collect();
    assert_eq!(records.len(), 4);
    for record in &records {
        let mut expect = read(&one);
        expect.line = record.line;
        assert_eq!(*record, expect);
    }
    assert_eq!((records[1].line, records[0].line), (2, 1));
}

#[test]
fn who_called_is_a_user_a_session_with_its_role_or_a_service() {
    let who = |identity: Value| read(&with("userIdentity", identity)).caller;
    let session = who(json!({"type": "AssumedRole", "arn": SESSION,
        "sessionContext": {"sessionIssuer": {"arn": ROLE}}}));
    assert_eq!(
        (session.name.as_str(), session.issuer.as_deref()),
        (SESSION, Some(ROLE))
    );
    assert!(session.is(ROLE) && session.is(SESSION));
    for other in [
        "arn:aws:iam::123456789012:role/app",
        "arn:aws:sts::123456789012:assumed-role/app/t",
        "arn:aws:iam::123456789012:user/app",
        USER,
        "",
    ] {
        assert!(!session.is(other), "{other}");
    }

    let untold = who(json!({"type": "AssumedRole", "arn": SESSION}));
    assert!(untold.is(ROLE) && untold.is("arn:aws:iam::123456789012:role/app"));
    for other in [
        "arn:aws:iam::210987654321:role/app",
        "arn:aws-cn:iam::123456789012:role/app",
        "arn:aws:iam::123456789012:role/app2",
        "arn:aws:iam::123456789012:role/app/other",
        "arn:aws:iam::123456789012:user/app",
    ] {
        assert!(!untold.is(other), "{other}");
    }

    let service = who(json!({"type": "AWSService", "invokedBy": "ec2.amazonaws.com"}));
    assert_eq!(
        (service.name.as_str(), service.via),
        ("ec2.amazonaws.com", None)
    );
    let through = who(json!({"arn": USER, "invokedBy": "secretsmanager.amazonaws.com"}));
    assert!(through.is(USER) && !through.is("secretsmanager.amazonaws.com"));
    assert_eq!(through.via.as_deref(), Some("secretsmanager.amazonaws.com"));
    assert_eq!(who(json!({"principalId": "AIDAX"})).name, "AIDAX");
    assert_eq!(who(json!({})).name, "unknown");
}

#[test]
fn a_denial_is_told_from_other_errors() {
    for code in [
        "AccessDenied",
        "AccessDeniedException",
        "Client.UnauthorizedOperation",
        "UnauthorizedOperation",
        "VpceAccessDenied",
    ] {
        assert_eq!(
            read(&with("errorCode", json!(code))).outcome,
            Outcome::Denied,
            "{code}"
        );
    }
    for code in [
        "ResourceNotFoundException",
        "Client.DryRunOperation",
        "ThrottlingException",
    ] {
        let expect = Outcome::Failed(code.to_owned());
        assert_eq!(read(&with("errorCode", json!(code))).outcome, expect);
    }
    for code in [Value::Null, json!("")] {
        assert_eq!(read(&with("errorCode", code)).outcome, Outcome::Done);
    }
}

#[test]
fn the_filter_compares_moments_and_not_texts() {
    let since = |text: &str| Filter::new().since(text).unwrap().admits(&read(&record()));
    assert!(since("2026-11-21"));
    assert!(since("2026-11-21T06:22:08Z"));
    assert!(since("2026-11-21T07:22:08+01:00"));
    assert!(!since("2026-11-21T06:22:08.5Z"));
    assert!(!since("2026-11-21T06:22:09+00:00"));
    assert!(!since("2026-11-22"));
}

#[test]
fn a_filter_that_cannot_be_meant_is_refused() {
    for text in [
        "",
        "yesterday",
        "2026",
        "2026-11",
        "1795242128",
        "-123456789",
        "2026-11-31",
    ] {
        let error = Filter::new().since(text).unwrap_err();
        assert_eq!(error, FilterError::Since(text.to_owned()));
    }
    for text in [
        "",
        "alice",
        "arn:aws:iam::123456789012:user/*",
        "arn:aws:iam::123456789012:policy/p",
        "arn:aws:iam:::user/alice",
        "arn:aws:s3:::b",
        "role/app",
        "arn:aws:iam::123456789012",
    ] {
        let error = Filter::new().of(text).unwrap_err();
        assert_eq!(error, FilterError::Principal(text.to_owned()));
    }
    for text in [
        USER,
        ROLE,
        SESSION,
        "arn:aws:iam::123456789012:root",
        "ec2.amazonaws.com",
        "cloudformation-hooks.amazonaws.com",
    ] {
        assert!(Filter::new().of(text).is_ok(), "{text}");
    }
}

#[test]
fn the_servers_own_decisions_are_taken_whole_or_not_at_all() {
    let decisions = |value: Value| {
        read(&with(
            "additionalEventData",
            json!({"authorization": value}),
        ))
    };
    let entry = json!({"action": "iam:GetUser", "resource": USER, "decision": "allowed"});
    assert_eq!(
        decisions(json!([entry])).needs,
        [Need::new("iam:GetUser", USER)]
    );
    assert_eq!(decisions(json!([entry, entry])).needs.len(), 1);
    let nothing = decisions(json!([]));
    assert!(nothing.needs.is_empty() && nothing.unmapped.is_empty());
    for wrong in [
        json!(null),
        json!({}),
        json!(["iam:GetUser"]),
        json!([{"action": "iam:GetUser", "resource": USER}]),
        json!([{"action": "iam:GetUser", "resource": USER, "decision": "maybe"}]),
        json!([{"action": "iam:GetUser", "decision": "allowed"}]),
        json!([{"action": "iam:GetUser", "resource": "*", "decision": "allowed"}]),
        json!([{"action": "iam:GetUsers", "resource": USER, "decision": "allowed"}]),
        json!([{"action": "iam:*", "resource": USER, "decision": "allowed"}]),
        json!([{"action": "iam:GetUser", "resource": "alice", "decision": "allowed"}]),
    ] {
        let record = decisions(wrong.clone());
        assert_eq!(record.unmapped.len(), 1, "{wrong}");
        assert!(record.needs.is_empty(), "{wrong}");
    }
    let denied = json!([{"action": "iam:GetUser", "resource": USER, "decision": "denied"}]);
    assert_eq!(decisions(denied).outcome, Outcome::Denied);
}

#[test]
fn a_resource_that_does_not_fit_the_action_is_not_taken() {
    let mut record = with("requestParameters", Value::Null);
    for arn in [
        "arn:aws:kms:us-east-1:123456789012:key/k",
        "arn:aws:secretsmanager:us-east-1::secret:db-a1B2c3",
        "arn:aws:secretsmanager:us-east-1:123456789012:db-a1B2c3",
        "arn:aws:secretsmanager:us-east-1:123456789012:secret:",
        "db",
    ] {
        record["resources"] = json!([{"ARN": arn}]);
        let found = read(&record);
        assert!(found.needs.is_empty() && found.unmapped.len() == 1, "{arn}");
    }
    let object = json!({"resources": [{"ARN": "arn:aws:s3:::b/k"}]});
    let mut bucket = with("resources", object["resources"].clone());
    bucket["eventSource"] = json!("s3.amazonaws.com");
    bucket["eventName"] = json!("ListObjects");
    assert!(read(&bucket).needs.is_empty());
}

#[test]
fn names_that_would_leave_their_place_in_an_arn_do_not_widen_it() {
    let wild = call("iam", "GetRole", json!({"roleName": "*"}));
    let text = policy::generate([&wild.needs]).unwrap().documents.concat();
    assert!(text.contains("role/${*}"), "{text}");
    for (service, name, parameters) in [
        ("kms", "DescribeKey", json!({"keyId": "*"})),
        ("s3", "ListObjects", json!({"bucketName": "b/*"})),
        (
            "ec2",
            "StopInstances",
            json!({"instancesSet": {"items": [{"instanceId": "i-*"}]}}),
        ),
        ("sts", "AssumeRole", json!({"roleArn": "*"})),
        ("iam", "GetRole", json!({"roleName": ""})),
        (
            "iam",
            "CreateRole",
            json!({"roleName": "r", "path": "no-slash/"}),
        ),
    ] {
        let record = call(service, name, parameters);
        assert!(record.needs.is_empty(), "{name}: {:?}", record.needs);
        assert_eq!(record.unmapped.len(), 1, "{name}: {:?}", record.unmapped);
    }
    let star = call("secretsmanager", "GetSecretValue", json!({"secretId": "*"}));
    let text = policy::generate([&star.needs]).unwrap().documents.concat();
    assert!(text.contains("secret:${*}-??????"), "{text}");
}

#[test]
fn a_secrets_arn_is_whole_only_with_a_hyphen_and_six_letters_or_digits() {
    for (name, whole) in [
        ("db-a1B2c3", true),
        ("db", false),
        ("prod-db", false),
        ("db-a1B2c", false),
        ("db-a1B2c34", false),
        ("db-a1B2c/", false),
        ("dba1B2c3", false),
    ] {
        let arn = format!("arn:aws:secretsmanager:us-east-1:123456789012:secret:{name}");
        let record = call("secretsmanager", "GetSecretValue", json!({"secretId": arn}));
        let expect = if whole {
            Resource::new(&arn)
        } else {
            Resource::secret(&arn)
        };
        assert_eq!(record.needs[0].resource, expect, "{name}");
    }
}

#[test]
fn identifiers_in_tags_and_filters_are_not_what_a_call_is_done_to() {
    let aside = json!({"items": [{"key": "of", "value": "i-0a1b2c3d"}]});
    for name in ["tagSet", "filterSet", "description", "clientToken"] {
        let resources = json!({"items": [{"resourceId": "vol-0a1b2c3d"}]});
        let parameters = json!({"resourcesSet": resources, name: aside});
        let record = call("ec2", "CreateTags", parameters);
        let volume = "arn:aws:ec2:us-east-1:123456789012:volume/vol-0a1b2c3d";
        assert_eq!(
            record.needs,
            [Need::new("ec2:CreateTags", volume)],
            "{name}"
        );
    }
}

#[test]
fn a_role_that_is_handed_on_is_told_and_not_guessed() {
    for (service, name, parameters) in [
        (
            "ecs",
            "RegisterTaskDefinition",
            json!({"containers": [{"taskRoleArn": ROLE}]}),
        ),
        (
            "ec2",
            "CreateFlowLogs",
            json!({"deliverLogsPermissionArn": ROLE}),
        ),
        (
            "autoscaling",
            "PutLifecycleHook",
            json!({"autoScalingGroupName": "g", "roleARN": ROLE}),
        ),
    ] {
        let record = call(service, name, parameters);
        let told: Vec<String> = record.unmapped.iter().map(ToString::to_string).collect();
        let role = told
            .iter()
            .filter(|why| why.contains(ROLE) && why.contains("iam:PassRole"));
        assert_eq!(role.count(), 1, "{name}: {told:?}");
        assert!(
            record
                .needs
                .iter()
                .all(|need| need.action != "iam:PassRole")
        );
    }
    let grant = call(
        "kms",
        "CreateGrant",
        json!({"keyId": "k", "granteePrincipal": ROLE}),
    );
    assert!(grant.unmapped.is_empty());
}

#[test]
fn a_record_without_region_or_account_tells_no_name_in_full() {
    for key in ["awsRegion", "userIdentity"] {
        let record = with(
            key,
            if key == "awsRegion" {
                Value::Null
            } else {
                json!({})
            },
        );
        let found = read(&record);
        assert!(found.needs.is_empty() && found.unmapped.len() == 1, "{key}");
    }
}

#[test]
fn the_partition_is_the_callers_or_the_regions() {
    let mut record = with("awsRegion", json!("cn-north-1"));
    record["userIdentity"] = json!({"accountId": "123456789012"});
    let needs = read(&record).needs;
    let arn = format!("{:?}", needs[0].resource);
    assert!(
        arn.contains("arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:db-"),
        "{arn}"
    );
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in ".{0,60}") {
        if let Ok(trail) = Trail::read(&text) {
            trail.records().for_each(drop);
        }
    }

    #[test]
    fn any_parameters_are_mapped_or_told_and_make_a_policy(
        service in proptest::sample::select(vec!["ec2", "iam", "kms", "s3", "secretsmanager", "sts",
            "autoscaling", "lambda"]),
        action in any::<prop::sample::Index>(),
        names in prop::collection::vec(proptest::sample::select(vec!["secretId", "roleName",
            "bucketName", "key", "keyId", "instanceId", "tags", "path", "roleArn", "userName",
            "x-amz-copy-source", "iamInstanceProfile", "autoScalingGroupName"]), 0..4),
        value in "[a-z*?$/{}:%-]{0,8}|i-0a1b|arn:aws:iam::1:role/a|alias/a",
    ) {
        let actions = policy::actions::Service::find(service).map(|it| it.actions);
        let name = actions.map_or("Invoke", |list| list[action.index(list.len())].name);
        let parameters: serde_json::Map<String, Value> =
            names.iter().map(|name| ((*name).to_owned(), json!(value))).collect();
        let record = call(service, name, Value::Object(parameters));
        let free = ["GetCallerIdentity", "GetSessionToken", "AssumeRoleWithSAML",
            "AssumeRoleWithWebIdentity"];
        prop_assert_eq!(
            record.needs.is_empty() && record.unmapped.is_empty(),
            service == "sts" && free.contains(&name)
        );
        let generated = policy::generate([&record.needs]);
        prop_assert!(generated.is_ok(), "{:?}: {:?}", record, generated);
    }
}

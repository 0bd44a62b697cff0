//! What single calls are mapped to, where a record tells less, or more, than is taken.

use policy::trail::{
    RECORD_BYTES_MAX, RECORDS_MAX, Record, TRAIL_BYTES_MAX, Trail, Unmapped, read_record,
};
use policy::{Need, Resource};
use serde_json::{Value, json};

fn call(service: &str, name: &str, parameters: Value, answer: Value) -> Record {
    let mut record = json!({
        "userIdentity": {
            "type": "IAMUser",
            "arn": "arn:aws:iam::123456789012:user/alice",
            "accountId": "123456789012"
        },
        "eventTime": "2026-11-21T06:22:08Z",
        "eventSource": format!("{service}.amazonaws.com"),
        "eventName": name,
        "awsRegion": "us-east-1"
    });
    record["requestParameters"] = parameters;
    record["responseElements"] = answer;
    read_record(&record.to_string()).unwrap()
}

/// The needs, as `action resource`.
fn needs(service: &str, name: &str, parameters: Value) -> Vec<String> {
    told(&call(service, name, parameters, Value::Null))
}

fn told(record: &Record) -> Vec<String> {
    let told = |need: &Need| {
        let resource = match &need.resource {
            Resource::Any => "*".to_owned(),
            Resource::Arn(arn) => arn.clone(),
            Resource::Partly {
                before,
                unknown,
                after,
            } => format!("{before}<{unknown:?}>{after}"),
        };
        format!("{} {resource}", need.action)
    };
    record.needs.iter().map(told).collect()
}

#[test]
fn a_key_that_is_not_named_is_missing_and_an_alias_is_told() {
    let unmapped = |name: &str, parameters: Value| {
        let record = call("kms", name, parameters, Value::Null);
        assert!(record.needs.is_empty(), "{:?}", record.needs);
        record.unmapped
    };
    let missing = |action: &str, kind: &str| {
        let (action, kind) = (action.to_owned(), kind.to_owned());
        [Unmapped::Resource { action, kind }]
    };
    assert_eq!(
        unmapped("DescribeKey", json!({})),
        missing("kms:DescribeKey", "key")
    );
    assert_eq!(
        unmapped("DescribeKey", json!({"keyId": "alias/a"})),
        [Unmapped::Alias("kms:DescribeKey".to_owned())]
    );
    let record = call(
        "kms",
        "DeleteAlias",
        json!({"keyId": "alias/a"}),
        Value::Null,
    );
    let kinds: Vec<String> = record.unmapped.iter().map(ToString::to_string).collect();
    assert_eq!(
        kinds,
        [
            "the record does not tell the alias that `kms:DeleteAlias` was done to",
            "the record tells an alias and not the key that `kms:DeleteAlias` was done to"
        ]
    );
}

#[test]
fn a_launch_that_is_given_interfaces_makes_none() {
    let interfaces = |parameters: Value| {
        let mut needs = needs("ec2", "RunInstances", parameters);
        needs.retain(|it| it.contains(":network-interface/"));
        needs
    };
    let head = "ec2:RunInstances arn:aws:ec2:us-east-1:123456789012:network-interface/";
    assert_eq!(interfaces(json!({})), [format!("{head}<Assigned>")]);
    let given = json!({"networkInterfaceSet": {"items": [
        {"networkInterfaceId": "eni-0123456789abcdef0"}]}});
    assert_eq!(interfaces(given), [format!("{head}eni-0123456789abcdef0")]);
    let made = needs(
        "ec2",
        "CreateSnapshot",
        json!({"snapshotId": "snap-0123456789abcdef0"}),
    );
    let head = "ec2:CreateSnapshot arn:aws:ec2:us-east-1::snapshot/";
    let both = ["snap-0123456789abcdef0", "<Assigned>"];
    assert_eq!(made, both.map(|it| format!("{head}{it}")));
}

#[test]
fn a_placement_group_is_named_by_its_name_alone() {
    let placement = json!({"placement": {"groupName": "g", "tenancy": "default"}});
    let mut needs = needs("ec2", "RunInstances", placement);
    needs.retain(|it| it.contains(":placement-group/"));
    let group = "arn:aws:ec2:us-east-1:123456789012:placement-group/g";
    assert_eq!(needs, [format!("ec2:RunInstances {group}")]);
}

#[test]
fn an_object_that_is_copied_from_is_read_where_it_is_named_whole() {
    let read = |source: &str| {
        let parameters = json!({"bucketName": "b", "key": "k", "x-amz-copy-source": source});
        let mut needs = needs("s3", "CopyObject", parameters);
        needs.retain(|it| it.starts_with("s3:GetObject"));
        needs
    };
    let object = "s3:GetObject arn:aws:s3:::src/a/b";
    for source in ["src/a/b", "/src/a/b"] {
        assert_eq!(read(source), [object], "{source}");
    }
    for source in ["//k", "src/", "a:b/k", "src", ""] {
        assert_eq!(read(source), [""; 0], "{source}");
    }
}

#[test]
fn an_objects_attributes_are_read_with_the_object() {
    let parameters = json!({"bucketName": "b", "key": "k"});
    assert_eq!(
        needs("s3", "GetObjectAttributes", parameters),
        [
            "s3:GetObject arn:aws:s3:::b/k",
            "s3:GetObjectAttributes arn:aws:s3:::b/k"
        ]
    );
}

#[test]
fn a_secret_that_is_made_is_tagged_only_with_tags() {
    let actions = |parameters: Value| {
        let needs = needs("secretsmanager", "CreateSecret", parameters);
        let action = |it: &String| it.split(' ').next().unwrap_or_default().to_owned();
        needs.iter().map(action).collect::<Vec<_>>()
    };
    let create = "secretsmanager:CreateSecret";
    assert_eq!(actions(json!({"name": "db"})), [create]);
    assert_eq!(actions(json!({"name": "db", "tags": []})), [create]);
    let tagged = json!({"name": "db", "tags": [{"key": "k", "value": "v"}]});
    assert_eq!(actions(tagged), ["secretsmanager:TagResource", create]);
}

#[test]
fn secrets_that_are_sought_by_filters_are_listed() {
    let batch = |parameters| needs("secretsmanager", "BatchGetSecretValue", parameters);
    let get = "secretsmanager:BatchGetSecretValue *";
    let filters = json!({"filters": [{"key": "name", "values": ["db"]}]});
    assert_eq!(batch(filters), ["secretsmanager:ListSecrets *", get]);
    assert_eq!(batch(json!({"secretIdList": ["db"]})), [get]);
    assert_eq!(batch(json!({"filters": []})), [get]);
}

#[test]
fn what_the_answer_names_by_arn_is_taken_before_a_name() {
    let arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:db-a1B2c3";
    let record = call(
        "secretsmanager",
        "PutSecretValue",
        json!({"secretId": "db"}),
        json!({"aRN": arn, "name": "db"}),
    );
    assert_eq!(
        told(&record),
        [format!("secretsmanager:PutSecretValue {arn}")]
    );
}

#[test]
fn a_parameter_that_is_a_list_of_one_is_that_one() {
    let object = |key: Value| needs("s3", "GetObject", json!({"bucketName": ["b"], "key": key}));
    let expect = ["s3:GetObject arn:aws:s3:::b/k"];
    assert_eq!(object(json!("k")), expect);
    assert_eq!(object(json!(["k"])), expect);
    assert_eq!(object(json!(["k", "l"])), [""; 0]);
    assert_eq!(object(json!([])), [""; 0]);
}

#[test]
fn tags_under_other_keys_name_no_group() {
    let tags = |tags: Value| needs("autoscaling", "DeleteTags", json!({"tags": tags}));
    let named = tags(json!([{"resourceId": "a", "key": "k"}, {"resourceId": ["b", 7]}]));
    let groups: Vec<&str> = named
        .iter()
        .filter_map(|it| it.rsplit('/').next())
        .collect();
    assert_eq!(groups, ["a", "b"]);
    assert_eq!(tags(json!([{"key": ["k"]}])), [""; 0]);
}

#[test]
fn a_name_is_a_federated_users_and_no_roles() {
    let federated = "arn:aws:sts::123456789012:federated-user/bob";
    assert_eq!(
        needs("sts", "GetFederationToken", json!({"name": "bob"})),
        [format!("sts:GetFederationToken {federated}")]
    );
    assert_eq!(needs("sts", "AssumeRole", json!({"name": "bob"})), [""; 0]);
}

#[test]
fn a_group_that_is_made_is_named_by_its_own_name_and_not_its_tags() {
    let parameters = json!({"autoScalingGroupName": "a", "tags": [{"resourceId": "b"}]});
    let needs = needs("autoscaling", "CreateAutoScalingGroup", parameters);
    assert!(
        needs.iter().any(|it| it.contains("autoScalingGroupName/a")),
        "{needs:?}"
    );
    assert!(
        !needs.iter().any(|it| it.contains("autoScalingGroupName/b")),
        "{needs:?}"
    );
}

#[test]
fn a_star_of_the_servers_own_decisions_is_ec2s_alone() {
    let asked = |action: &str, resource: &str| {
        let mut record = json!({
            "userIdentity": {"arn": "arn:aws:iam::123456789012:user/alice"},
            "eventTime": "2026-11-21T06:22:08Z",
            "eventSource": "ec2.amazonaws.com",
            "eventName": "CreateVpc",
            "awsRegion": "us-east-1"
        });
        record["additionalEventData"] = json!({"authorization": [
            {"action": action, "resource": resource, "decision": "allowed"}]});
        told(&read_record(&record.to_string()).unwrap())
    };
    let vpc = "arn:aws:ec2:us-east-1:123456789012:vpc/";
    assert_eq!(
        asked("ec2:CreateVpc", &format!("{vpc}*")),
        [format!("ec2:CreateVpc {vpc}<Assigned>")]
    );
    let object = "arn:aws:s3:::b/*";
    assert_eq!(
        asked("s3:GetObject", object),
        [format!("s3:GetObject {object}")]
    );
}

#[test]
fn texts_are_read_up_to_their_bounds() {
    // 64 MiB and 1 MiB.
    assert_eq!((TRAIL_BYTES_MAX, RECORD_BYTES_MAX), (67_108_864, 1_048_576));
    let spaces = " ".repeat(TRAIL_BYTES_MAX);
    assert!(Trail::read(&spaces).unwrap().is_empty());
    let error = Trail::read(&format!("{spaces} ")).unwrap_err();
    assert_eq!(error.line, 1);
    assert!(error.message.contains("longer than"), "{error}");

    let mut record = json!({
        "userIdentity": {"arn": "arn:aws:iam::123456789012:user/alice"},
        "eventTime": "2026-11-21T06:22:08Z",
        "eventSource": "ec2.amazonaws.com",
        "eventName": "DescribeVpcs"
    })
    .to_string();
    record.push_str(&" ".repeat(RECORD_BYTES_MAX - record.len()));
    assert!(read_record(&record).is_ok());
    record.push(' ');
    assert!(read_record(&record).is_err());
}

#[test]
fn records_are_read_up_to_their_number() {
    let all = "{}\n".repeat(RECORDS_MAX - 2);
    let read = |more: &str| Trail::read(&format!("{all}{more}")).map(|trail| trail.len());
    assert_eq!(read(r#"{"Records":[{},{}]}"#), Ok(RECORDS_MAX));
    assert_eq!(read("{}\n{}"), Ok(RECORDS_MAX));
    for more in [
        r#"{"Records":[{},{},{}]}"#,
        "{}{}{}",
        r#"{}{"Events":[{},{}]}"#,
    ] {
        let error = read(more).unwrap_err();
        assert!(
            error.message.contains("more than 1000000 records"),
            "{error}"
        );
    }
}

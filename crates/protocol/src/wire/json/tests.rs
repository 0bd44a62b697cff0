//! JSON inputs as SDKs write them and as they should not, and outputs to the byte.

use jiff::Timestamp;

use super::*;
use crate::shape::Service;

fn input(operation: &str) -> &'static Shape {
    let service = Service::find("secretsmanager").unwrap();
    service
        .operation(operation)
        .and_then(|operation| operation.input)
        .unwrap()
}

fn output(operation: &str) -> &'static Shape {
    let service = Service::find("secretsmanager").unwrap();
    service
        .operation(operation)
        .and_then(|operation| operation.output)
        .unwrap()
}

#[track_caller]
fn check(operation: &str, body: &str, expect: Record) {
    assert_eq!(decode(input(operation), body.as_bytes()), Ok(expect));
}

#[track_caller]
fn refused(body: &str, message: &str) {
    let fault = Fault::new("SerializationException", message.to_owned());
    assert_eq!(decode(input("CreateSecret"), body.as_bytes()), Err(fault));
}

#[test]
fn members_are_read_by_their_shapes() {
    let tag = Record::new().with("Key", "k").with("Value", "v");
    check(
        "CreateSecret",
        r#"{"Name": "a", "SecretString": "s\u0000\n", "SecretBinary": "AAE=",
            "Tags": [{"Key": "k", "Value": "v"}], "ForceOverwriteReplicaSecret": true}"#,
        Record::new()
            .with("Name", "a")
            .with("SecretString", Secret::new(*b"s\0\n"))
            .with("SecretBinary", Secret::new([0, 1]))
            .with("Tags", vec![tag])
            .with("ForceOverwriteReplicaSecret", true),
    );
}

#[test]
fn null_and_unknown_members_are_as_if_not_there() {
    let body = r#"{"Name": null, "Colour": {"deep": [[1]]}, "Tags": null}"#;
    check("CreateSecret", body, Record::new());
    check("CreateSecret", "", Record::new());
    check("CreateSecret", "null", Record::new());
}

#[test]
fn a_member_given_twice_is_what_it_was_last() {
    let body = r#"{"Name": "a", "Name": "b", "Name": null}"#;
    check("CreateSecret", body, Record::new().with("Name", "b"));
}

#[test]
fn what_is_not_json_is_refused() {
    for body in [
        "{",
        "{}}",
        "{} {}",
        "{'Name': 1}",
        "{\"Name\": \"\\ud800\"}",
        "nul",
        "\u{feff}{}",
    ] {
        refused(body, "the body is not JSON");
    }
    let deep = format!(r#"{{"Colour": {}"#, "[".repeat(100_000));
    refused(&deep, "the body is not JSON");
}

#[test]
fn a_token_of_the_wrong_type_is_refused() {
    refused(
        r#"{"Name": 1}"#,
        "NUMBER_VALUE can not be converted to a String",
    );
    refused(
        r#"{"Name": 1.5}"#,
        "NUMBER_VALUE can not be converted to a String",
    );
    refused(
        r#"{"Name": true}"#,
        "TRUE_VALUE can not be converted to a String",
    );
    refused(
        r#"{"SecretBinary": "%"}"#,
        "STRING_VALUE can not be converted to a Blob",
    );
    refused(
        r#"{"ForceOverwriteReplicaSecret": "true"}"#,
        "STRING_VALUE can not be converted to a Boolean",
    );
    refused(
        r#"{"Tags": "k"}"#,
        "STRING_VALUE can not be converted to a list",
    );
    refused(r#"{"Tags": [null]}"#, "Unexpected null in a list");
    refused(r#"{"Name": ["a"]}"#, "Unexpected list");
    refused(
        r#"{"Name": {}}"#,
        "Start of structure or map found where not expected",
    );
    refused(
        r#"{"Tags": {}}"#,
        "Start of structure or map found where not expected",
    );
    refused("[]", "Unexpected list");
    refused("7", "NUMBER_VALUE can not be converted to a structure");
}

#[test]
fn a_number_that_does_not_fit_is_refused() {
    for number in ["2147483648", "1.0", "1e3", "\"7\"", "99999999999999999999"] {
        let body = format!(r#"{{"MaxResults": {number}}}"#);
        let fault = decode(input("ListSecrets"), body.as_bytes()).unwrap_err();
        assert!(
            fault
                .message
                .ends_with("_VALUE can not be converted to an Integer"),
            "{fault}"
        );
    }
}

#[test]
fn nothing_of_a_secret_is_in_a_refusal() {
    for body in [
        r#"{"SecretBinary": "hunter2!"}"#,
        r#"{"SecretString": ["hunter2"]}"#,
        r#"{"SecretString": "hunter2"#,
        r#"{"SecretString": "hunter2" "hunter2"}"#,
    ] {
        let fault = decode(input("CreateSecret"), body.as_bytes()).unwrap_err();
        assert!(!format!("{fault:?}").contains("hunter2"), "{fault}");
    }
}

#[test]
fn a_recursion_is_bounded() {
    static TREES: Shape = Shape {
        name: "Trees",
        kind: Kind::List {
            member: &TREES,
            member_name: None,
            min: None,
            max: None,
        },
    };
    static MEMBER: Member = Member {
        name: "Trees",
        shape: &TREES,
        required: false,
        wire_name: None,
        query_name: None,
    };
    static INPUT: Shape = Shape {
        name: "Input",
        kind: Kind::Structure(std::slice::from_ref(&MEMBER)),
    };
    let nested = |levels: usize| {
        let body = format!(
            r#"{{"Trees": {}{}}}"#,
            "[".repeat(levels),
            "]".repeat(levels)
        );
        decode(&INPUT, body.as_bytes())
    };

    assert!(nested(32).is_ok());
    let fault = Fault::new("SerializationException", "there are more than 32 levels");
    assert_eq!(nested(33), Err(fault));
}

#[test]
fn outputs_are_written_in_the_order_of_the_shape() {
    let moment = Timestamp::from_millisecond(1_795_230_349_123).unwrap();
    let answer = Record::new()
        .with("CreatedDate", moment)
        .with("VersionStages", vec!["AWSCURRENT"])
        .with("SecretBinary", Secret::new([0, 1]))
        .with("SecretString", Secret::from_text("a\"\u{1}\r é".to_owned()))
        .with("ARN", "arn");

    assert_eq!(
        encode(output("GetSecretValue"), &answer),
        "{\"ARN\":\"arn\",\"SecretBinary\":\"AAE=\",\"SecretString\":\"a\\\"\\u0001\\r é\",\
         \"VersionStages\":[\"AWSCURRENT\"],\"CreatedDate\":1795230349.123}"
    );
}

#[test]
fn maps_are_objects() {
    let stages = vec![("v1".to_owned(), vec!["AWSCURRENT"].into())];
    let answer = Record::new().with("VersionIdsToStages", Value::Map(stages));

    let body = encode(output("DescribeSecret"), &answer);

    assert_eq!(body, r#"{"VersionIdsToStages":{"v1":["AWSCURRENT"]}}"#);
    assert_eq!(decode(output("DescribeSecret"), &body), Ok(answer));
}

#[test]
#[should_panic(expected = "no member `Colour`")]
fn a_member_that_the_shape_lacks_is_a_bug() {
    encode(
        output("GetSecretValue"),
        &Record::new().with("Colour", "blue"),
    );
}

#[test]
fn faults_are_read_in_either_spelling() {
    let expect = Fault::new("DecryptionFailure", "no");
    for body in [
        r#"{"__type": "DecryptionFailure", "message": "no"}"#,
        r#"{"__type": "com.amazonaws.secretsmanager#DecryptionFailure", "Message": "no"}"#,
        r#"{"code": "DecryptionFailure", "message": "no"}"#,
    ] {
        assert_eq!(decode_fault(body.as_bytes(), 400), Some(expect.clone()));
    }
    for body in ["", "[]", "{}", r#"{"__type": 7}"#, "<html>"] {
        assert_eq!(decode_fault(body.as_bytes(), 400), None, "{body}");
    }
}

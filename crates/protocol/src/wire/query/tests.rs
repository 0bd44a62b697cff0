//! Forms of both dialects, as clients write them and as they should not.

use super::*;
use crate::Secret;
use crate::shape::{Service, Text};

fn shape(service: &str, operation: &str) -> &'static Shape {
    Service::find(service)
        .and_then(|service| service.operation(operation))
        .and_then(|operation| operation.input)
        .unwrap()
}

fn run_instances(form: &str) -> Result<Record, Fault> {
    let request = Request::new(Bytes::from(form.to_owned()));
    decode(Dialect::Ec2, shape("ec2", "RunInstances"), &request)
}

fn describe_instances(form: &str) -> Result<Record, Fault> {
    let request = Request::new(Bytes::from(form.to_owned()));
    decode(Dialect::Ec2, shape("ec2", "DescribeInstances"), &request)
}

fn create_role(form: &str) -> Result<Record, Fault> {
    let request = Request::new(Bytes::from(form.to_owned()));
    decode(Dialect::Query, shape("iam", "CreateRole"), &request)
}

#[track_caller]
fn refused(result: &Result<Record, Fault>, code: &'static str, message: &str) {
    assert_eq!(*result, Err(Fault::new(code, message.to_owned())));
}

#[test]
fn terraform_s_instance_is_read() {
    let input = run_instances(
        "Action=RunInstances&Version=2016-11-15&ImageId=ami-1&MinCount=1&MaxCount=1\
         &IamInstanceProfile.Name=web&MetadataOptions.HttpTokens=required\
         &Placement.AvailabilityZone=&EbsOptimized=false\
         &TagSpecification.1.ResourceType=instance&TagSpecification.1.Tag.1.Key=Name\
         &TagSpecification.1.Tag.1.Value=a+b",
    );

    let tag = Record::new().with("Key", "Name").with("Value", "a b");
    let tags = Record::new()
        .with("ResourceType", "instance")
        .with("Tags", vec![tag]);
    let expect = Record::new()
        .with("ImageId", "ami-1")
        .with("MinCount", 1)
        .with("MaxCount", 1)
        .with("IamInstanceProfile", Record::new().with("Name", "web"))
        .with(
            "MetadataOptions",
            Record::new().with("HttpTokens", "required"),
        )
        .with("Placement", Record::new().with("AvailabilityZone", ""))
        .with("EbsOptimized", false)
        .with("TagSpecifications", vec![tags]);
    assert_eq!(input, Ok(expect));
}

#[test]
fn user_data_is_a_secret() {
    let input = run_instances("UserData=cGFzc3dvcmQ%3D").unwrap();

    let secret = Secret::from_text("cGFzc3dvcmQ=".to_owned());
    assert_eq!(input.secret("UserData"), Some(&secret));
    assert!(!format!("{input:?}").contains("cGFz"));
}

#[test]
fn a_list_is_in_the_order_of_its_numbers() {
    let input = describe_instances(
        "InstanceId.10=c&InstanceId.2=b&InstanceId.1=a&Filter.4294967295.Value.1=v",
    )
    .unwrap();

    assert_eq!(
        input.texts("InstanceIds").collect::<Vec<_>>(),
        ["a", "b", "c"]
    );
    assert_eq!(input.records("Filters").count(), 1);
}

#[test]
fn a_list_of_the_query_protocol_has_members() {
    let input = create_role("Tags.member.1.Key=k&Tags.member.1.Value=v").unwrap();

    let tag = Record::new().with("Key", "k").with("Value", "v");
    assert_eq!(input.list("Tags"), [Value::Structure(tag)]);
    assert_eq!(
        create_role("Tags=").unwrap().get("Tags"),
        Some(&Value::List(Vec::new()))
    );
}

#[test]
fn what_the_model_does_not_know_is_ignored() {
    assert_eq!(
        create_role("Colour=blue&RoleName.x=1&X-Amz-Date=now"),
        Ok(Record::new())
    );
}

#[test]
fn a_list_without_numbers_is_refused() {
    refused(
        &describe_instances("InstanceId=i-1"),
        "InvalidParameterValue",
        "Value (i-1) for parameter InstanceId is invalid. Expected a list.",
    );
    refused(
        &create_role("Tags.1.Key=k"),
        "MalformedInput",
        "Value '1' at 'tags' is not a list of members",
    );
}

#[test]
fn a_member_of_a_list_without_value_is_refused() {
    refused(
        &describe_instances("InstanceId.1.Id=i-1"),
        "InvalidParameterValue",
        "Value () for parameter InstanceId.1 is invalid. Expected a string.",
    );
    refused(
        &create_role("Tags.member.1="),
        "MalformedInput",
        "Value '' at 'tags.1.member' is not a structure",
    );
}

#[test]
fn a_number_that_is_none_or_there_twice_is_refused() {
    for number in ["x", "-1", "%2B1", "", "4294967296", "99999999999999999999"] {
        let fault = describe_instances(&format!("InstanceId.{number}=i")).unwrap_err();
        assert!(
            fault.message.contains("Expected a number in a list"),
            "{number}: {fault}"
        );
    }
    refused(
        &describe_instances("InstanceId.1=a&InstanceId.01=b"),
        "InvalidParameterValue",
        "Value (1) for parameter InstanceId is invalid. Expected a number that is there once.",
    );
}

#[test]
fn a_value_of_the_wrong_type_is_refused() {
    refused(
        &run_instances("MinCount=many"),
        "InvalidParameterValue",
        "Value (many) for parameter MinCount is invalid. Expected an integer.",
    );
    refused(
        &run_instances("Monitoring.Enabled=perhaps"),
        "InvalidParameterValue",
        "Value (perhaps) for parameter Monitoring.Enabled is invalid. Expected a boolean.",
    );
    refused(
        &create_role("MaxSessionDuration=1h"),
        "MalformedInput",
        "Value '1h' at 'maxSessionDuration' is not an integer",
    );
    refused(
        &run_instances("Placement=here"),
        "InvalidParameterValue",
        "Value (here) for parameter Placement is invalid. Expected a structure.",
    );
}

static KEY: Shape = Shape {
    name: "Key",
    kind: Kind::String(TEXT),
};

static MAP: Shape = Shape {
    name: "Map",
    kind: Kind::Map {
        key: &KEY,
        value: &KEY,
    },
};

static INPUT: Shape = Shape {
    name: "Input",
    kind: Kind::Structure(&[Member {
        name: "Notes",
        shape: &MAP,
        required: false,
        wire_name: None,
        query_name: None,
    }]),
};

const TEXT: Text = Text {
    min: None,
    max: None,
    pattern: None,
    values: &[],
    sensitive: false,
};

#[test]
fn maps_come_back() {
    let notes = Value::Map(vec![
        ("b".to_owned(), "1".into()),
        ("a".to_owned(), "2".into()),
    ]);
    let input = Record::new().with("Notes", notes);
    let mut form = String::new();

    encode(Dialect::Query, &INPUT, &input, &mut form);

    assert_eq!(
        form,
        "Notes.entry.1.key=b&Notes.entry.1.value=1&Notes.entry.2.key=a&Notes.entry.2.value=2"
    );
    assert_eq!(
        decode(Dialect::Query, &INPUT, &Request::new(form.into())),
        Ok(input)
    );
}

#[test]
fn a_map_that_is_none_is_refused() {
    for (form, message) in [
        ("Notes.entry.1.value=1", "Value '' at 'notes' is not a key"),
        (
            "Notes.entry.1.key=a",
            "Value '' at 'notes.a.member' is not a string",
        ),
        (
            "Notes.entry.1.key=a&Notes.entry.1.value=1&Notes.entry.2.key=a&Notes.entry.2.value=1",
            "Value 'a' at 'notes' is not a key that is there once",
        ),
        ("Notes=a", "Value 'a' at 'notes' is not a map"),
    ] {
        let request = Request::new(Bytes::from(form));
        refused(
            &decode(Dialect::Query, &INPUT, &request),
            "MalformedInput",
            message,
        );
    }
}

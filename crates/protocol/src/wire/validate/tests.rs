//! AWS's messages, to the letter.

use super::*;
use crate::shape::Service;

#[track_caller]
fn check(service: &str, operation: &str, input: &Record, expect: Result<(), (&str, &str)>) {
    let service = Service::find(service).unwrap();
    let shape = service
        .operation(operation)
        .and_then(|operation| operation.input)
        .unwrap();

    let result = super::check(service.protocol, shape, input);

    let expect = expect.map_err(|(code, message)| Fault::new(code.to_owned(), message.to_owned()));
    assert_eq!(result, expect);
}

fn role(name: &str) -> Record {
    Record::new().with("RoleName", name)
}

#[test]
fn what_the_model_allows_passes() {
    check("iam", "GetRole", &role("reader"), Ok(()));
    let secret = crate::Secret::new(*b"s");
    let input = Record::new()
        .with("SecretId", "a")
        .with("SecretString", secret);
    check("secretsmanager", "PutSecretValue", &input, Ok(()));
}

#[test]
fn a_required_member_must_be_there() {
    check(
        "iam",
        "GetRole",
        &Record::new(),
        Err((
            "ValidationError",
            "1 validation error detected: Value null at 'roleName' failed to satisfy constraint: \
             Member must not be null",
        )),
    );
    check(
        "ec2",
        "ModifyInstanceMetadataOptions",
        &Record::new(),
        Err((
            "MissingParameter",
            "The request must contain the parameter InstanceId",
        )),
    );
}

#[test]
fn every_constraint_that_is_broken_is_listed() {
    check(
        "iam",
        "GetRole",
        &role(""),
        Err((
            "ValidationError",
            "2 validation errors detected: Value '' at 'roleName' failed to satisfy constraint: \
             Member must have length greater than or equal to 1; Value '' at 'roleName' failed to \
             satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]+",
        )),
    );
    let long = "r".repeat(65);
    check(
        "iam",
        "GetRole",
        &role(&long),
        Err((
            "ValidationError",
            &format!(
                "1 validation error detected: Value '{long}' at 'roleName' failed to satisfy \
                 constraint: Member must have length less than or equal to 64"
            ),
        )),
    );
}

#[test]
fn lengths_are_counted_in_characters() {
    let description = "é".repeat(1000);
    let input = role("r")
        .with("AssumeRolePolicyDocument", "{}")
        .with("Description", description);
    check("iam", "CreateRole", &input, Ok(()));
}

#[test]
fn numbers_have_bounds() {
    for (number, words) in [
        (0, "greater than or equal to 1"),
        (101, "less than or equal to 100"),
    ] {
        check(
            "secretsmanager",
            "ListSecrets",
            &Record::new().with("MaxResults", number),
            Err((
                "ValidationException",
                &format!(
                    "1 validation error detected: Value '{number}' at 'maxResults' failed to \
                     satisfy constraint: Member must have value {words}"
                ),
            )),
        );
    }
}

#[test]
fn an_enum_has_its_values() {
    check(
        "secretsmanager",
        "ListSecrets",
        &Record::new().with("SortOrder", "up"),
        Err((
            "ValidationException",
            "1 validation error detected: Value 'up' at 'sortOrder' failed to satisfy constraint: \
             Member must satisfy enum value set: [asc, desc]",
        )),
    );
    let options = Record::new()
        .with("InstanceId", "i-1")
        .with("HttpTokens", "maybe");
    check(
        "ec2",
        "ModifyInstanceMetadataOptions",
        &options,
        Err((
            "InvalidParameterValue",
            "Value (maybe) for parameter HttpTokens is invalid. Expected one of optional, \
             required.",
        )),
    );
}

#[test]
fn a_place_in_a_list_has_its_number() {
    let tags = vec![
        Record::new().with("Key", "k").with("Value", "v"),
        Record::new().with("Key", "").with("Value", "v"),
    ];
    let input = role("r")
        .with("AssumeRolePolicyDocument", "{}")
        .with("Tags", tags);
    check(
        "iam",
        "CreateRole",
        &input,
        Err((
            "ValidationError",
            "2 validation errors detected: Value '' at 'tags.2.member.key' failed to satisfy \
             constraint: Member must have length greater than or equal to 1; Value '' at \
             'tags.2.member.key' failed to satisfy constraint: Member must satisfy regular \
             expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+",
        )),
    );
}

#[test]
fn a_list_has_bounds() {
    let tag = || Record::new().with("Key", "k").with("Value", "v");
    let tags: Value = std::iter::repeat_with(tag).take(51).collect();
    check(
        "iam",
        "CreateRole",
        &role("r")
            .with("AssumeRolePolicyDocument", "{}")
            .with("Tags", tags),
        Err((
            "ValidationError",
            "1 validation error detected: Value '[Tag, Tag, Tag, Tag, Tag, Tag, Tag, Tag]' at \
             'tags' failed to satisfy constraint: Member must have length less than or equal to 50",
        )),
    );
}

#[test]
fn a_sensitive_value_is_never_shown() {
    let secret = |length| crate::Secret::from_text("x".repeat(length));
    let input = Record::new()
        .with("SecretId", "a")
        .with("SecretString", secret(65_537));
    check(
        "secretsmanager",
        "PutSecretValue",
        &input,
        Err((
            "ValidationException",
            "1 validation error detected: Value '***' at 'secretString' failed to satisfy \
             constraint: Member must have length less than or equal to 65536",
        )),
    );
    let input = Record::new()
        .with("SecretId", "a")
        .with("SecretBinary", secret(65_537));
    check(
        "secretsmanager",
        "PutSecretValue",
        &input,
        Err((
            "ValidationException",
            "1 validation error detected: Value '***' at 'secretBinary' failed to satisfy \
             constraint: Member must have length less than or equal to 65536",
        )),
    );
}

#[test]
fn messages_have_an_end() {
    let tag = || {
        Record::new()
            .with("Key", "!".repeat(100_000))
            .with("Value", "\u{1}")
    };
    let tags: Value = std::iter::repeat_with(tag).take(1000).collect();
    let iam = Service::find("iam").unwrap();
    let shape = iam
        .operation("CreateRole")
        .and_then(|operation| operation.input)
        .unwrap();

    let fault = super::check(iam.protocol, shape, &Record::new().with("Tags", tags)).unwrap_err();

    assert!(fault.message.starts_with("10 validation errors detected: "));
    assert!(fault.message.len() < 10_000);
}

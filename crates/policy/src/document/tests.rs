//! Which names, patterns, conditions and sizes are refused; the shapes of documents are in
//! `tests/refused/`.

use super::*;
use crate::Policy;

fn check(kind: Kind, text: &str, line: u32, column: u32, message: &str) {
    let error = Policy::parse(text, kind).expect_err(text);
    let place = Place { line, column };
    assert_eq!(error, place.error(message), "{text}");
}

/// An identity policy of one statement, whose elements begin at line 2, column 1.
fn identity(elements: &str) -> String {
    format!("{{\"Version\": \"2012-10-17\", \"Statement\": {{\n{elements}}}}}")
}

/// The same with everything that is needed, so that only `elements` can be wrong.
fn extra(elements: &str) -> String {
    identity(&format!(
        "{elements},\n\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"*\""
    ))
}

fn trust(elements: &str) -> String {
    identity(&format!(
        "{elements},\n\"Effect\":\"Allow\",\"Principal\":{{\"Service\":\"ec2.amazonaws.com\"}}"
    ))
}

#[test]
fn what_is_taken() {
    let good = [
        r#"{"Statement":{"Effect":"Deny","NotAction":["*"],"NotResource":["arn:*:s3:::b/${x"]}}"#,
        r#"{"Version":"2008-10-17","Id":"any id","Statement":[
            {"Sid":"","Effect":"Allow","Action":"*:*","Resource":"*","Condition":{}},
            {"Sid":"","Effect":"Allow","Action":"s3:*","Resource":"*"},
            {"Sid":"A1","Effect":"Allow","Action":["s3:Get?*"],"Resource":["arn:aws:s3:::*"],
             "Condition":{"StringEqualsIfExists":{"aws:ResourceTag/a:b":["x",1,true]},
                          "Bool":{"aws:SecureTransport":false},"Null":{"aws:x":["true"]}}}]}"#,
    ];
    for text in good {
        assert_eq!(Policy::parse(text, Kind::Identity).err(), None, "{text}");
    }
    let of_a_key = r#"{"Version":"2012-10-17","Id":"key-default-1","Statement":[{
        "Sid":"Enable IAM User Permissions","Effect":"Allow","Principal":{"AWS":"123456789012"},
        "Action":"kms:*","Resource":"*"}]}"#;
    assert_eq!(Policy::parse(of_a_key, Kind::Resource).err(), None);
    let good = trust(r#""Sid":"","Action":["sts:AssumeRole","sts:TagSession"]"#);
    assert_eq!(Policy::parse(&good, Kind::Trust).err(), None);
}

#[test]
fn actions() {
    let check_one = |action: &str, message: &str| {
        let text = identity(&format!(
            "\"Effect\":\"Allow\",\"Resource\":\"*\",\"Action\":[\n\"s3:Get*\", \"{action}\"]"
        ));
        check(Kind::Identity, &text, 3, 12, message);
    };
    let vendor = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.";
    for action in ["", "GetObject", ":GetObject", "**", "?"] {
        check_one(action, vendor);
    }
    check_one("s3*:GetObject", "Vendor s3* is not valid");
    check_one("s 3:GetObject", "Vendor s 3 is not valid");
    check_one("${a:b}", "Vendor ${a is not valid");
    check_one(
        "s3:Get:Object",
        "Actions/Condition can contain only one colon.",
    );
    check_one("s3:", "Syntax errors in policy. (`` is no action's name)");
    check_one(
        "s3:Get Object",
        "Syntax errors in policy. (`Get Object` is no action's name)",
    );
    check_one(
        "s3:Gét",
        "Syntax errors in policy. (`Gét` is no action's name)",
    );
    check_one(
        "s3:${x}",
        "Syntax errors in policy. (`${x}` is no action's name)",
    );

    let only = "AssumeRole policy may only specify STS AssumeRole actions.";
    for action in ["*", "*:*", "s3:GetObject", "stsx:AssumeRole"] {
        check(
            Kind::Trust,
            &trust(&format!("\"Action\":\"{action}\"")),
            2,
            10,
            only,
        );
    }
}

#[test]
fn resources() {
    let check_one = |resource: &str, message: &str| {
        let text = identity(&format!(
            "\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"{resource}\""
        ));
        check(Kind::Identity, &text, 2, 42, message);
    };
    for resource in [
        "",
        "my-secret",
        "**",
        "arn:*",
        "arn:aws:s3",
        "arn:aws:iam::*",
    ] {
        check_one(
            resource,
            &format!("Resource {resource} must be in ARN format or \"*\"."),
        );
    }
    check_one(
        "urn:aws:s3:::b",
        "Resource urn:aws:s3:::b must be in ARN format or \"*\".",
    );
    check_one(
        "*:aws:s3:::b",
        "Resource *:aws:s3:::b must be in ARN format or \"*\".",
    );
    check_one(
        "arn:x:s3:::b",
        "Partition \"x\" is not valid for resource \"arn:x:s3:::b\".",
    );
    let service = |resource: &str| {
        check_one(
            resource,
            &format!(
                "Syntax errors in policy. \
                 (resource `{resource}` names no service in its third part)"
            ),
        );
    };
    service("arn:aws:*:::b");
    service("arn:aws:s?:::b");
    service("arn:aws::::b");
    let own = "arn:aws:s3:::b/${aws:username}";
    check_one(
        &own.replace('}', ""),
        "Syntax errors in policy. (policy variable in `arn:aws:s3:::b/${aws:username` is neither \
         `${key}` nor `${key, 'default'}`)",
    );
    for early in [
        "arn:aws:s3::${aws:PrincipalAccount}:b",
        "arn:aws:s3:${aws:RequestedRegion}::b",
        "arn:aws:s3:*:${*}:b",
    ] {
        let what = format!("policy variable before the fifth colon of `{early}`");
        check_one(early, &format!("Syntax errors in policy. ({what})"));
    }
}

#[test]
fn principals() {
    let check_one = |principal: &str, column: u32, message: &str| {
        let text = identity(&format!(
            "\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\",\"NotPrincipal\":\n{principal}"
        ));
        check(Kind::Resource, &text, 3, column, message);
        check(Kind::Resource, &text.replace("Not", ""), 3, column, message);
    };
    let invalid = |kind: &str, name: &str| {
        let column = u32::try_from(kind.len()).unwrap() + 5;
        check_one(
            &format!("{{\"{kind}\":\"{name}\"}}"),
            column,
            &format!("Invalid principal in policy: \"{kind}\":\"{name}\""),
        );
    };
    check_one("\"me\"", 1, "Invalid principal in policy: \"me\"");
    check_one("{}", 1, "Missing required field Principal cannot be empty!");
    check_one(
        "{\"AWS\":[]}",
        8,
        "Missing required field Principal cannot be empty!",
    );
    check_one(
        "[\"*\"]",
        1,
        "Syntax errors in policy. (expected an object)",
    );
    check_one(
        "{\"aws\":\"*\"}",
        2,
        "Syntax errors in policy. (unknown element `aws`)",
    );
    check_one(
        "{\"AWS\":[1]}",
        9,
        "Syntax errors in policy. (expected a string)",
    );
    for name in [
        "",
        "12345678901",
        "1234567890123",
        "12345678901x",
        "AIDAEXAMPLE",
        "arn:aws:iam::123456789012:user/*",
        "arn:aws:iam::123456789012:user/a?",
        "arn:aws:iam::123456789012:user/${aws:username}",
        "arn:aws:iam::123456789012:user/",
        "arn:aws:iam::123456789012:user/path/",
        "arn:aws:iam::123456789012:user",
        "arn:aws:iam::123456789012:group/g",
        "arn:aws:iam::123456789012:instance-profile/p",
        "arn:aws:iam:us-east-1:123456789012:user/a",
        "arn:aws:iam::12:user/a",
        "arn:aws:iam::*:root",
        "arn:aws:sts::123456789012:root",
        "arn:aws:sts::123456789012:role/r",
        "arn:aws:sts::123456789012:assumed-role/r",
        "arn:aws:sts::123456789012:assumed-role/r/",
        "arn:aws:sts::123456789012:assumed-role/r/*",
        "arn:aws:sts::123456789012:assumed-role/r/s/t",
        "arn:x:iam::123456789012:root",
        "urn:aws:iam::123456789012:root",
        "arn:aws:s3:::bucket",
    ] {
        invalid("AWS", name);
    }
    for name in [
        "",
        "*",
        "ec2",
        "*.amazonaws.com",
        "ec2..com",
        "ec2.amazonaws.com ",
    ] {
        invalid("Service", name);
    }
    invalid("Federated", "");
    invalid("CanonicalUser", "");
}

#[test]
fn conditions() {
    let check_one = |condition: &str, column: u32, message: &str| {
        check(
            Kind::Identity,
            &extra(&format!("\"Condition\": {{{condition}}}")),
            2,
            column,
            message,
        );
    };
    for name in [
        "StringEqual",
        "stringEquals",
        "NullIfExists",
        "IfExists",
        "",
        "BoolIfExistsIfExists",
        "ForAllValues:Null",
        "ForAnyValue:",
        "ForAnyValues:StringEquals",
        "forAnyValue:StringEquals",
        "ForAllValues:ForAnyValue:StringEquals",
        "StringLessThan",
        "NumericLike",
        "DateBetween",
        "BinaryNotEquals",
        "BoolNotEquals",
        "NotBool",
        "IpNotAddress",
        "ArnEqualsIgnoreCase",
    ] {
        let what = format!("Syntax errors in policy. (unknown condition operator `{name}`)");
        check_one(&format!(r#""{name}": {{"aws:x": "true"}}"#), 15, &what);
    }
    let vendor = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.";
    for key in ["", "x", ":x", "aws:"] {
        check_one(&format!(r#""Bool": {{"{key}": "true"}}"#), 24, vendor);
    }
    let wrong = |values: &str, column: u32, what: &str| {
        check_one(
            &format!(r#""StringLike": {{"aws:x": {values}}}"#),
            column,
            &format!("Syntax errors in policy. ({what})"),
        );
    };
    wrong("[]", 39, "a condition key without a value");
    wrong("null", 39, "expected a string, a number or a Boolean");
    wrong(
        "[\"a\", {}]",
        45,
        "expected a string, a number or a Boolean",
    );
    wrong("[[\"a\"]]", 40, "expected a string, a number or a Boolean");
    wrong("1e3", 39, "a number with an exponent");
    wrong("1.0E3", 39, "a number with an exponent");
    wrong("\"a\", \"AWS:X\": \"b\"", 44, "duplicate key `AWS:X`");
    wrong("\"a\", \"aws:x\": \"b\"", 44, "duplicate key `aws:x`");
    let truth = "Syntax errors in policy. (`yes` is neither `true` nor `false`)";
    check_one(r#""Bool": {"aws:x": "yes"}"#, 33, truth);
    check_one(r#""Null": {"aws:x": ["true", "yes"]}"#, 42, truth);
    let arn = "Syntax errors in policy. (`*` has not the six parts of an ARN)";
    check_one(r#""ArnLike": {"aws:x": "*"}"#, 36, arn);
    let variable = "Syntax errors in policy. (policy variable in `${aws:y` is neither `${key}` nor \
                    `${key, 'default'}`)";
    check_one(r#""StringEquals": {"aws:x": "${aws:y"}"#, 41, variable);
    check_one(r#""ArnNotLike": {"aws:x": "${aws:y"}"#, 39, variable);
    let key = "Syntax errors in policy. (policy variable in the condition key `aws:x/${aws:y}`)";
    check_one(r#""StringEquals": {"aws:x/${aws:y}": "1"}"#, 32, key);
}

#[test]
fn values_of_the_type_that_the_operator_compares() {
    let check_one = |operator: &str, value: &str, what: &str| {
        let text = extra(&format!(
            "\"Condition\": {{\"{operator}\": {{\"aws:x\": [\n\"{value}\"]}}}}"
        ));
        let message = format!("Syntax errors in policy. (`{value}` is not {what})");
        check(Kind::Identity, &text, 3, 1, &message);
    };
    for value in ["", "one", "1e3", "0x1", "${aws:x}"] {
        check_one("NumericEquals", value, "a number");
        check_one(
            "ForAnyValue:NumericGreaterThanEqualsIfExists",
            value,
            "a number",
        );
    }
    for value in [
        "",
        "now",
        "2026-13-01",
        "2026-01-01T10:00",
        "${aws:CurrentTime}",
    ] {
        check_one("DateLessThan", value, "a date");
        check_one("DateNotEquals", value, "a date");
    }
    for value in ["Zg", "Z-==", "${aws:x}"] {
        check_one("BinaryEquals", value, "base64");
    }
    for value in [
        "",
        "*",
        "10.0.0.0/33",
        "10.0.0",
        "localhost",
        "${aws:SourceIp}",
    ] {
        check_one("IpAddress", value, "an address");
        check_one("NotIpAddressIfExists", value, "an address");
    }
}

#[test]
fn size_counts_no_white_space_and_the_place_is_where_it_is_too_much() {
    let with_id = |characters: usize| {
        let frame = r#"{"Id":"","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
        let id = "x".repeat(characters - frame.len());
        frame.replace("\"Id\":\"\"", &format!("\n\"Id\": \"{id}\"\t\r\n"))
    };
    assert!(Policy::parse(&with_id(10_240), Kind::Identity).is_ok());
    let quota = "Cannot exceed quota for PolicySize: 10240";
    check(Kind::Identity, &with_id(10_241), 3, 60, quota);
    let quota = "Cannot exceed quota for ACLSizePerRole: 4096";
    check(Kind::Trust, &"x".repeat(4_097), 1, 4_097, quota);
    let quota = "Cannot exceed quota for PolicySize: 20480";
    check(Kind::Resource, &"é".repeat(20_481), 1, 20_481, quota);
    let error = Policy::parse(&with_id(10_241), Kind::Identity).unwrap_err();
    assert!(error.is_over_quota());
    assert!(
        !Policy::parse("{}", Kind::Identity)
            .unwrap_err()
            .is_over_quota()
    );
    let spaced = format!("{}{}", with_id(10_240), " ".repeat(131_072));
    let taken: String = spaced.chars().take(131_072).collect();
    assert!(Policy::parse(&taken, Kind::Identity).is_ok());
    let long = "policy text is longer than 131072 bytes";
    check(Kind::Identity, &" ".repeat(131_073), 1, 1, long);
}

#[test]
fn an_error_reads_as_one_line_with_its_place() {
    let error = Policy::parse("{\"Version\":\"1\"}", Kind::Trust).unwrap_err();
    assert_eq!(
        error.to_string(),
        "Policy document must be version 2012-10-17 or greater at line 1, column 12"
    );
}

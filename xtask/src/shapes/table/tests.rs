//! Rows of tables, from rows of models.

use super::*;

fn check(protocol: &str, shape: &str, expect: &str) {
    let shape: Object = serde_json::from_str(shape).unwrap();

    assert_eq!(shape_text("aThing", &shape, protocol).unwrap(), expect);
}

fn refused(shape: &str) {
    let shape: Object = serde_json::from_str(shape).unwrap();

    assert!(shape_text("aThing", &shape, "query").is_err());
}

#[test]
fn statics_are_named_after_shapes() {
    for (name, expect) in [
        ("roleNameType", "ROLE_NAME_TYPE"),
        ("IAMInstanceProfile", "IAM_INSTANCE_PROFILE"),
        ("SecretARNType", "SECRET_ARN_TYPE"),
        ("Ipv6Address", "IPV6_ADDRESS"),
        ("__string", "__STRING"),
    ] {
        assert_eq!(constant(name), expect);
    }
}

#[test]
fn bounds_patterns_and_enums_are_kept() {
    check(
        "query",
        r#"{"type": "string", "min": 1, "max": 64, "pattern": "[\\w]+", "enum": ["A"],
            "sensitive": true, "documentation": "gone"}"#,
        "static A_THING_PATTERN: Pattern = Pattern::new(r\"[\\w]+\");\n\n\
         static A_THING: Shape = string(\"aThing\", Text::ANY.min(1).max(64)\
         .pattern(&A_THING_PATTERN).values(&[\"A\"]).sensitive());\n\n",
    );
    check(
        "json",
        r#"{"type": "long", "min": 7}"#,
        "static A_THING: Shape = integer(\"aThing\", 64, Some(7), None);\n\n",
    );
    check(
        "query",
        r#"{"type": "double"}"#,
        "static A_THING: Shape = float(\"aThing\");\n\n",
    );
}

#[test]
fn ec2_parameters_have_names_of_their_own() {
    check(
        "ec2",
        r#"{"type": "structure", "required": ["Ids"], "members": {
            "Ids": {"shape": "List", "locationName": "idSet", "queryName": "Id"},
            "Hint": {"shape": "Text", "locationName": "hint"},
            "Groups": {"shape": "List", "locationName": "groupSet"}}}"#,
        "static A_THING: Shape = structure(\"aThing\", &[\
         member(\"Ids\", &LIST).required().wire(\"idSet\").query(\"Id\"),\n\
         member(\"Hint\", &TEXT).wire(\"hint\"),\n\
         member(\"Groups\", &LIST).wire(\"groupSet\").query(\"GroupSet\"),\n]);\n\n",
    );
}

#[test]
fn what_the_tables_cannot_hold_is_refused() {
    refused(r#"{"type": "list", "member": {"shape": "Text"}, "flattened": true}"#);
    refused(r#"{"type": "timestamp", "timestampFormat": "rfc822"}"#);
    refused(r#"{"type": "structure", "members": {"A": {"shape": "T", "location": "header"}}}"#);
    refused(r#"{"type": "character"}"#);
    refused(r"{}");
}

#[test]
fn errors_have_the_status_of_the_model() {
    for (shape, expect) in [
        (
            r#"{"error": {"code": "NoSuchEntity", "httpStatusCode": 404}}"#,
            "\"NoSuchEntity\", 404",
        ),
        (r#"{"exception": true}"#, "\"Oops\", 400"),
        (r#"{"exception": true, "fault": true}"#, "\"Oops\", 500"),
    ] {
        let shape: Object = serde_json::from_str(shape).unwrap();

        let text = error_text("Oops", &shape).unwrap();

        assert_eq!(
            text,
            format!("static OOPS: ErrorShape = error({expect});\n\n")
        );
    }
}

#[test]
fn two_shapes_are_never_one_static() {
    let mut names = BTreeMap::new();

    assert!(unique(&mut names, "aThing").is_ok());
    assert!(unique(&mut names, "AThing").is_err());
}

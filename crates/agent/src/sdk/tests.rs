//! Bodies that must be refused, then what the answers look like.

use proptest::prelude::*;

use super::*;
use crate::entry::tests::{ARN, entry, text};

const ALL: [Action; 3] = [
    Action::GetSecretValue,
    Action::BatchGetSecretValue,
    Action::DescribeSecret,
];

fn code(action: Action, body: &str) -> String {
    let fault = asks(action, body.as_bytes()).unwrap_err();
    let body: serde_json::Value = serde_json::from_str(&fault.body).unwrap();

    assert_eq!((fault.status.as_u16(), fault.content_type), (400, JSON));
    assert_eq!(body["message"], body["Message"]);
    body["__type"].as_str().unwrap().to_owned()
}

#[test]
fn bodies_that_ask_for_no_secret() {
    for action in ALL {
        for body in [
            "",
            "{",
            "null",
            "{\"SecretId\": 1}",
            "{\"Other\": 1}",
            "\u{0}",
        ] {
            let found = code(action, body);
            assert_eq!(found, "SerializationException", "{action:?} {body}");
        }
    }
    for action in [Action::GetSecretValue, Action::DescribeSecret] {
        assert_eq!(
            code(action, "{\"SecretId\": \"\"}"),
            "InvalidParameterException"
        );
    }
    let batch = |body| code(Action::BatchGetSecretValue, body);
    assert_eq!(batch("{}"), "InvalidParameterException");
    assert_eq!(batch("{\"Filters\": []}"), "InvalidParameterException");
    assert_eq!(
        batch("{\"SecretIdList\": [\"\"]}"),
        "InvalidParameterException"
    );
    let many = serde_json::json!({ "SecretIdList": vec!["a"; 21] }).to_string();
    assert_eq!(batch(&many), "ValidationException");
}

#[test]
fn what_is_wrong_with_a_body_does_not_quote_it() {
    let fault = asks(Action::GetSecretValue, b"{\"hunter2\": 1}").unwrap_err();

    assert!(!fault.body.contains("hunter2"), "{}", fault.body);
}

#[test]
fn secrets_are_asked_for_as_by_the_service() {
    let body = b"{\"SecretId\": \"db\", \"VersionStage\": \"AWSPREVIOUS\"}";
    let ask = Ask::new("db", None, Some("AWSPREVIOUS".to_owned())).unwrap();
    assert_eq!(asks(Action::GetSecretValue, body), Ok(vec![ask]));

    let body = b"{\"SecretIdList\": [\"a\", \"b\"]}";
    let found = asks(Action::BatchGetSecretValue, body).unwrap();
    let ids: Vec<_> = found.iter().map(Ask::secret_id).collect();
    assert_eq!(ids, ["a", "b"]);
}

#[test]
fn a_description_holds_nothing_of_the_value() {
    let body = described(&entry(text("hunter2")));
    let told: serde_json::Value = serde_json::from_slice(&body).unwrap();

    assert_eq!(told["ARN"], ARN);
    let stages = &told["VersionIdsToStages"]["EXAMPLE1-90ab-cdef-fedc-ba987SECRET1"];
    assert_eq!(stages[0], "AWSCURRENT");
    assert!(!String::from_utf8_lossy(&body).contains("hunter2"));
}

#[test]
fn a_batch_tells_values_and_errors() {
    let ask = |name: &str| Ask::new(name, None, None).unwrap();
    let fault = Fault::new("ResourceNotFoundException", "no \"b\"").status(400);
    let body = entry(text("x")).sdk_body();
    let found = [
        (ask("a"), Ok(body.clone())),
        (ask("b"), Err(fault)),
        (ask("c"), Ok(body)),
    ];
    let told: serde_json::Value = serde_json::from_slice(&batch(&found)).unwrap();

    assert_eq!(told["SecretValues"].as_array().unwrap().len(), 2);
    assert_eq!(told["SecretValues"][0]["SecretString"], "x");
    assert_eq!(told["Errors"][0]["SecretId"], "b");
    assert_eq!(told["Errors"][0]["ErrorCode"], "ResourceNotFoundException");
    assert_eq!(told["Errors"][0]["Message"], "no \"b\"");
    let none: serde_json::Value = serde_json::from_slice(&batch(&[])).unwrap();
    assert_eq!(
        none,
        serde_json::json!({ "SecretValues": [], "Errors": [] })
    );
}

proptest! {
    #[test]
    fn arbitrary_bodies_are_judged_without_panic(body: Vec<u8>) {
        for action in ALL {
            let _ = asks(action, &body);
        }
    }
}

//! Values in batches, each with its own permission and its own error.

use super::*;
use crate::testing::{policy, statements};

fn batch(world: &mut World, ids: &[&str]) -> Result<Record, Fault> {
    let input = Record::new().with("SecretIdList", ids.to_vec());
    call(world, "BatchGetSecretValue", &input)
}

fn values(answer: &Record) -> Vec<(String, String)> {
    let of = |entry: &Record| {
        (
            entry.text("Name").unwrap().to_owned(),
            value(entry).to_owned(),
        )
    };
    answer.records("SecretValues").map(of).collect()
}

fn errors(answer: &Record) -> Vec<(String, String)> {
    let of = |entry: &Record| {
        let text = |member| entry.text(member).unwrap().to_owned();
        assert!(!text("Message").is_empty());
        (text("SecretId"), text("ErrorCode"))
    };
    answer.records("Errors").map(of).collect()
}

fn pair(one: &str, two: &str) -> (String, String) {
    (one.to_owned(), two.to_owned())
}

#[test]
fn each_secret_has_its_value_or_its_error() {
    let mut world = World::new();
    create(&mut world, "a", Some("one"));
    create(&mut world, "b", Some("two"));
    create(&mut world, "empty", None);
    create(&mut world, "gone", Some("three"));
    call(&mut world, "DeleteSecret", &texts(&[("SecretId", "gone")])).unwrap();

    let answer = batch(&mut world, &["b", "empty", "none", "a", "gone"]).unwrap();
    assert_eq!(values(&answer), [pair("b", "two"), pair("a", "one")]);
    assert_eq!(
        errors(&answer),
        [
            pair("empty", "ResourceNotFoundException"),
            pair("none", "ResourceNotFoundException"),
            pair("gone", "InvalidRequestException"),
        ]
    );
    let answer = batch(&mut world, &["a"]).unwrap();
    assert_eq!(errors(&answer), []);
}

#[test]
fn a_secret_is_read_by_its_own_permission() {
    let mut world = World::new();
    create(&mut world, "a", Some("one"));
    create(&mut world, "b", Some("two"));
    let of_one = r#"{"Effect":"Allow","Action":"secretsmanager:GetSecretValue",
        "Resource":"arn:aws:secretsmanager:us-east-1:123456789012:secret:a-??????"}"#;
    let batch = r#"{"Effect":"Allow","Action":"secretsmanager:BatchGetSecretValue",
        "Resource":"*"}"#;
    let clerk = world.user("clerk", &statements(&format!("{of_one},{batch}")));
    let ids = Record::new().with("SecretIdList", vec!["a", "b", "none"]);
    let operation = "BatchGetSecretValue";
    let answer = world
        .call(&clerk, "secretsmanager", operation, &ids)
        .unwrap();
    assert_eq!(values(&answer), [pair("a", "one")]);
    let denied = "AccessDeniedException";
    assert_eq!(errors(&answer), [pair("b", denied), pair("none", denied)]);

    // Filters need the list as well, and the batch itself is an action of its own.
    let filter = texts(&[("Key", "name")]).with("Values", vec!["a"]);
    let filtered = Record::new().with("Filters", vec![filter]);
    let answer = world.call(&clerk, "secretsmanager", operation, &filtered);
    fails(answer, (denied, 400), "secretsmanager:ListSecrets");
    let reader = world.user("reader", &statements(of_one));
    let answer = world.call(&reader, "secretsmanager", operation, &ids);
    fails(answer, (denied, 400), "secretsmanager:BatchGetSecretValue");
}

#[test]
fn a_key_of_ones_own_is_asked_for_each_secret() {
    let mut world = World::new();
    let made = world.admin("kms", "CreateKey", &Record::new()).unwrap();
    let key = made.record("KeyMetadata").unwrap().text("KeyId").unwrap();
    let input = texts(&[("Name", "sealed"), ("KmsKeyId", key)]);
    call(
        &mut world,
        "CreateSecret",
        &input.with("SecretString", text("one")),
    )
    .unwrap();
    create(&mut world, "open", Some("two"));
    let clerk = world.user("clerk", &policy("Allow", "secretsmanager:*", "*"));

    let ids = Record::new().with("SecretIdList", vec!["sealed", "open"]);
    let answer = world.call(&clerk, "secretsmanager", "BatchGetSecretValue", &ids);
    let answer = answer.unwrap();
    assert_eq!(values(&answer), [pair("open", "two")]);
    assert_eq!(errors(&answer), [pair("sealed", "AccessDeniedException")]);
    let error = answer.records("Errors").next().unwrap();
    assert_eq!(error.text("Message"), Some("Access to KMS is not allowed"));
    let answer = batch(&mut world, &["sealed"]).unwrap();
    assert_eq!(values(&answer), [pair("sealed", "one")]);
}

#[test]
fn filters_choose_in_pages() {
    let mut world = World::new();
    for at in 0..25 {
        world.now = seconds(at);
        create(&mut world, &format!("s-{at:02}"), Some("x"));
    }
    let filter = texts(&[("Key", "name")]).with("Values", vec!["s-"]);
    let all = Record::new().with("Filters", vec![filter]);
    let first = call(&mut world, "BatchGetSecretValue", &all).unwrap();
    assert_eq!(values(&first).len(), 20);
    let next = first.text("NextToken").unwrap().to_owned();
    let rest = all.clone().with("NextToken", next);
    let rest = call(&mut world, "BatchGetSecretValue", &rest).unwrap();
    assert_eq!(values(&rest).len(), 5);
    assert!(rest.get("NextToken").is_none());
    let few = call(
        &mut world,
        "BatchGetSecretValue",
        &all.clone().with("MaxResults", 2),
    );
    assert_eq!(
        values(&few.unwrap()),
        [pair("s-24", "x"), pair("s-23", "x")]
    );
    let odd = call(
        &mut world,
        "BatchGetSecretValue",
        &all.with("NextToken", "odd"),
    );
    fails(odd, ("InvalidNextTokenException", 400), "NextToken");
}

#[test]
fn a_batch_is_by_ids_or_by_filters() {
    let mut world = World::new();
    let filter = texts(&[("Key", "name")]).with("Values", vec!["s"]);
    let ids = || Record::new().with("SecretIdList", vec!["s"]);
    for (input, words) in [
        (Record::new(), "but not both"),
        (ids().with("Filters", vec![filter]), "but not both"),
        (ids().with("MaxResults", 1), "MaxResults"),
        (ids().with("NextToken", "t"), "NextToken"),
    ] {
        let answer = call(&mut world, "BatchGetSecretValue", &input);
        fails(answer, PARAMETER, words);
    }
    let many = Record::new().with("SecretIdList", vec!["s"; 21]);
    let answer = call(&mut world, "BatchGetSecretValue", &many);
    fails(answer, VALIDATION, "20");
}

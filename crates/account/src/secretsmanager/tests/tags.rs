//! Tags that come and go, and that decide.

use super::*;
use crate::testing::statements;

fn tag(pairs: &[(&str, &str)]) -> Record {
    let tags: Vec<Record> = pairs
        .iter()
        .map(|(key, value)| texts(&[("Key", key), ("Value", value)]))
        .collect();
    texts(&[("SecretId", "s")]).with("Tags", tags)
}

fn untag(keys: &[&str]) -> Record {
    texts(&[("SecretId", "s")]).with("TagKeys", keys.to_vec())
}

fn tags(world: &World) -> Vec<(String, String)> {
    let tags = &world.state.secret("s").unwrap().secret.tags;
    tags.iter()
        .map(|tag| (tag.key.clone(), tag.value.clone()))
        .collect()
}

#[test]
fn tags_come_change_and_go() {
    let mut world = World::new();
    create(&mut world, "s", None);
    call(&mut world, "TagResource", &tag(&[("a", "1"), ("b", "2")])).unwrap();
    call(&mut world, "TagResource", &tag(&[("b", "3")])).unwrap();
    let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    assert_eq!(tags(&world), [pair("a", "1"), pair("b", "3")]);
    call(&mut world, "UntagResource", &untag(&["a", "none"])).unwrap();
    assert_eq!(tags(&world), [pair("b", "3")]);
}

#[test]
fn tags_that_cannot_be() {
    let mut world = World::new();
    create(&mut world, "s", None);
    let parameter = |world: &mut World, operation: &str, input: &Record, words: &str| {
        fails(call(world, operation, input), PARAMETER, words);
    };
    parameter(&mut world, "TagResource", &tag(&[("aws:a", "1")]), "aws:");
    parameter(&mut world, "UntagResource", &untag(&["aws:a"]), "aws:");
    let twice = tag(&[("a", "1"), ("a", "2")]);
    parameter(&mut world, "TagResource", &twice, "more than once");
    let names: Vec<String> = (0..50).map(|at| format!("t{at}")).collect();
    let many: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
    call(&mut world, "TagResource", &tag(&many)).unwrap();
    parameter(&mut world, "TagResource", &tag(&[("one-more", "")]), "50");
    call(&mut world, "TagResource", &tag(&[("t7", "new")])).unwrap();
    let long = "x".repeat(129);
    fails(
        call(&mut world, "TagResource", &tag(&[(&long, "")])),
        VALIDATION,
        "128",
    );

    let missing = texts(&[("SecretId", "none")]).with("TagKeys", vec!["a"]);
    fails(
        call(&mut world, "UntagResource", &missing),
        MISSING,
        "specified secret",
    );
    call(&mut world, "DeleteSecret", &texts(&[("SecretId", "s")])).unwrap();
    let answer = call(&mut world, "UntagResource", &untag(&["t7"]));
    fails(answer, REQUEST, "marked for deletion");
}

#[test]
fn nobody_tags_themselves_out() {
    let mut world = World::new();
    create(&mut world, "s", None);
    call(
        &mut world,
        "TagResource",
        &tag(&[("team", "red"), ("x", "")]),
    )
    .unwrap();
    let clerk = world.user(
        "clerk",
        &statements(
            r#"{"Effect":"Allow","Action":"secretsmanager:*","Resource":"*",
                "Condition":{"StringEquals":{"secretsmanager:ResourceTag/team":"red"}}}"#,
        ),
    );
    let denied = ("AccessDeniedException", 400);
    let mut clerks =
        |operation: &str, input: &Record| world.call(&clerk, "secretsmanager", operation, input);
    clerks("TagResource", &tag(&[("y", "")])).unwrap();
    clerks("UntagResource", &untag(&["x"])).unwrap();
    let blue = clerks("TagResource", &tag(&[("team", "blue")]));
    fails(blue, denied, "secretsmanager:TagResource");
    let none = clerks("UntagResource", &untag(&["team"]));
    fails(none, denied, "secretsmanager:UntagResource");
}

#[test]
fn tags_of_the_request_are_conditions() {
    let mut world = World::new();
    create(&mut world, "s", None);
    let clerk = world.user(
        "clerk",
        &statements(
            r#"{"Effect":"Allow","Action":["secretsmanager:TagResource",
                "secretsmanager:UntagResource"],"Resource":"*",
                "Condition":{"ForAllValues:StringEquals":{"aws:TagKeys":["team"]}}}"#,
        ),
    );
    let denied = ("AccessDeniedException", 400);
    let mut clerks =
        |operation: &str, input: &Record| world.call(&clerk, "secretsmanager", operation, input);
    clerks("TagResource", &tag(&[("team", "red")])).unwrap();
    fails(
        clerks("TagResource", &tag(&[("owner", "x")])),
        denied,
        "TagResource",
    );
    fails(
        clerks("UntagResource", &untag(&["owner"])),
        denied,
        "UntagResource",
    );
    clerks("UntagResource", &untag(&["team"])).unwrap();
}

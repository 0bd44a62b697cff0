//! Bounds, each at its last good value and one beyond.

use super::*;
use crate::testing::statements;

#[test]
fn names_and_descriptions() {
    let mut world = World::new();
    let with =
        |name: &str, description: &str| texts(&[("Name", name), ("Description", description)]);
    let name = "n".repeat(512);
    let longest = "d".repeat(2_048);
    call(&mut world, "CreateSecret", &with(&name, &longest)).unwrap();
    let beyond = "d".repeat(2_049);
    let answer = call(&mut world, "CreateSecret", &with("other", &beyond));
    fails(answer, VALIDATION, "2048");
    let update = texts(&[("SecretId", &name), ("Description", &beyond)]);
    fails(
        call(&mut world, "UpdateSecret", &update),
        VALIDATION,
        "2048",
    );
    // By its ARN, which is longer still.
    let arn = world.state.secret(&name).unwrap().secret.arn.clone();
    call(&mut world, "DescribeSecret", &texts(&[("SecretId", &arn)])).unwrap();
}

#[test]
fn resource_policies() {
    let mut world = World::new();
    create(&mut world, "s", None);
    let statement = statements(
        r#"{"Effect":"Deny","Principal":"*","Action":"secretsmanager:DeleteSecret",
            "Resource":"*"}"#,
    );
    let of_length = |length: usize| {
        let blanks = " ".repeat(length - statement.len());
        texts(&[
            ("SecretId", "s"),
            ("ResourcePolicy", &format!("{statement}{blanks}")),
        ])
    };
    call(&mut world, "PutResourcePolicy", &of_length(20_480)).unwrap();
    let answer = call(&mut world, "PutResourcePolicy", &of_length(20_481));
    fails(answer, VALIDATION, "20480");
}

#[test]
fn labels_of_one_call() {
    let mut world = World::new();
    create(&mut world, "s", None);
    let names: Vec<String> = (0..21).map(|at| format!("label-{at}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    fails(put(&mut world, "s", 1, "x", &names), VALIDATION, "20");
    // The first value is current as well, which is one more.
    let limit = ("LimitExceededException", 400);
    fails(put(&mut world, "s", 1, "x", &names[..20]), limit, "20");
    put(&mut world, "s", 1, "x", &names[..19]).unwrap();
    assert_eq!(stages(&world, "s").len(), 20);
    // Nor is there room for a rotation's.
    let long = "l".repeat(257);
    fails(put(&mut world, "s", 2, "x", &[&long]), VALIDATION, "256");
}

#[test]
fn a_rotation_needs_a_label_too() {
    let mut world = super::rotation::prepared();
    let names: Vec<String> = (0..19).map(|at| format!("label-{at}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    put(&mut world, "s", 1, "x", &names).unwrap();
    let function = [("RotationLambdaARN", super::rotation::FUNCTION)];
    let answer = super::rotation::rotate(&mut world, &function);
    fails(answer, ("LimitExceededException", 400), "20");
}

#[test]
fn tags_of_a_new_secret() {
    let mut world = World::new();
    let tags = |number: usize| {
        let tag = |at: usize| texts(&[("Key", &format!("t{at}")), ("Value", "")]);
        (0..number).map(tag).collect::<Vec<Record>>()
    };
    let input = texts(&[("Name", "s")]).with("Tags", tags(51));
    fails(call(&mut world, "CreateSecret", &input), PARAMETER, "50");
    let input = texts(&[("Name", "s")]).with("Tags", tags(50));
    call(&mut world, "CreateSecret", &input).unwrap();
}

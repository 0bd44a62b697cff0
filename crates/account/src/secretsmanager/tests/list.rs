//! Listing: order, pages, filters.

use super::*;

fn listed(world: &mut World, input: &Record) -> (Vec<String>, Option<String>) {
    let answer = call(world, "ListSecrets", input).unwrap();
    let names = answer
        .records("SecretList")
        .map(|it| it.text("Name").unwrap().to_owned());
    (names.collect(), answer.text("NextToken").map(str::to_owned))
}

fn several() -> World {
    let mut world = World::new();
    for (at, name) in (1..).zip(["prod/b", "prod/a", "test/c"]) {
        world.now = seconds(at);
        let tags = vec![texts(&[
            ("Key", "Team"),
            ("Value", name.rsplit_once('/').unwrap().1),
        ])];
        let input = texts(&[
            ("Name", name),
            ("Description", &format!("Secret of {name}")),
        ]);
        call(&mut world, "CreateSecret", &input.with("Tags", tags)).unwrap();
    }
    let sample = texts(&[("SecretId", "my-secret")]).with("ForceDeleteWithoutRecovery", true);
    call(&mut world, "DeleteSecret", &sample).unwrap();
    world
}

#[test]
fn lists_are_sorted_and_paged() {
    let mut world = several();
    for (sort_by, order, expect) in [
        (None, None, ["test/c", "prod/a", "prod/b"]),
        (None, Some("asc"), ["prod/b", "prod/a", "test/c"]),
        (Some("name"), Some("asc"), ["prod/a", "prod/b", "test/c"]),
        (Some("name"), Some("desc"), ["test/c", "prod/b", "prod/a"]),
    ] {
        let input = Record::new()
            .with_some("SortBy", sort_by)
            .with_some("SortOrder", order);
        assert_eq!(
            listed(&mut world, &input),
            (expect.map(str::to_owned).to_vec(), None)
        );
        let mut paged = Vec::new();
        let mut input = input.with("MaxResults", 1);
        loop {
            let (names, next) = listed(&mut world, &input);
            paged.extend(names);
            match next {
                Some(next) => input.set("NextToken", next),
                None => break,
            }
        }
        assert_eq!(paged, expect);
    }
    let input = texts(&[("NextToken", "none")]);
    let answer = call(&mut world, "ListSecrets", &input);
    fails(answer, ("InvalidNextTokenException", 400), "NextToken");
}

#[test]
fn lists_are_filtered() {
    let mut world = several();
    for (key, value, expect) in [
        ("name", "prod/", &["prod/a", "prod/b"][..]),
        ("name", "Prod/", &[]),
        ("name", "!prod/", &["test/c"]),
        ("description", "secret", &["prod/a", "prod/b", "test/c"]),
        ("description", "TEST", &["test/c"]),
        ("description", "of secret", &["prod/a", "prod/b", "test/c"]),
        ("description", "of none", &[]),
        ("description", "!TEST", &["prod/a", "prod/b"]),
        ("tag-key", "Te", &["prod/a", "prod/b", "test/c"]),
        ("tag-key", "te", &[]),
        ("tag-value", "a", &["prod/a"]),
        ("all", "TEST", &["test/c"]),
        ("all", "testC", &["test/c"]),
        ("all", "none test", &["test/c"]),
        ("all", "prod_a", &["prod/a", "prod/b"]),
        ("all", "none", &[]),
        ("all", "TEAM", &["prod/a", "prod/b", "test/c"]),
        ("all", "!TEST", &["prod/a", "prod/b"]),
        ("tag-key", "!Te", &[]),
        ("tag-value", "!a", &["prod/b", "test/c"]),
        ("primary-region", "eu-", &[]),
        ("primary-region", "us-", &["prod/a", "prod/b", "test/c"]),
        ("owning-service", "!rds", &["prod/a", "prod/b", "test/c"]),
        (
            "primary-region",
            "us-east-1",
            &["prod/a", "prod/b", "test/c"],
        ),
        ("owning-service", "rds", &[]),
    ] {
        let filter = texts(&[("Key", key)]).with("Values", vec![value]);
        let input =
            texts(&[("SortBy", "name"), ("SortOrder", "asc")]).with("Filters", vec![filter]);
        assert_eq!(listed(&mut world, &input).0, expect, "{key} {value}");
    }
    let none = texts(&[("Key", "name")]);
    let answer = call(
        &mut world,
        "ListSecrets",
        &Record::new().with("Filters", vec![none]),
    );
    fails(answer, PARAMETER, "Values");
}

#[test]
fn what_is_on_its_way_out_is_listed_on_request() {
    let mut world = several();
    call(
        &mut world,
        "DeleteSecret",
        &texts(&[("SecretId", "test/c")]),
    )
    .unwrap();

    assert_eq!(listed(&mut world, &Record::new()).0, ["prod/a", "prod/b"]);
    let input = Record::new().with("IncludePlannedDeletion", true);
    assert_eq!(listed(&mut world, &input).0, ["test/c", "prod/a", "prod/b"]);
}

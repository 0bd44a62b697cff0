//! Secrets, their versions and labels, and the errors of each call.

use jiff::SignedDuration;
use protocol::{Fault, Record, Secret, Value};

use crate::testing::{World, fails, seconds, texts};

mod batch;
mod deletion;
mod list;
mod model;
mod policies;
mod protection;
mod random;
mod rotation;
mod tags;

const MISSING: (&str, u16) = ("ResourceNotFoundException", 400);
const EXISTS: (&str, u16) = ("ResourceExistsException", 400);
const REQUEST: (&str, u16) = ("InvalidRequestException", 400);
const PARAMETER: (&str, u16) = ("InvalidParameterException", 400);
const VALIDATION: (&str, u16) = ("ValidationException", 400);

fn call(world: &mut World, operation: &str, input: &Record) -> Result<Record, Fault> {
    world.admin("secretsmanager", operation, input)
}

/// A token that a client might make.
fn token(at: u8) -> String {
    format!("terraform-202611210307394125000000{at:02}")
}

fn create(world: &mut World, name: &str, value: Option<&str>) -> Record {
    let input = texts(&[("Name", name)]).with_some("SecretString", value.map(text));
    call(world, "CreateSecret", &input).unwrap()
}

fn text(text: &str) -> Secret {
    Secret::from_text(text.to_owned())
}

fn put(
    world: &mut World,
    name: &str,
    at: u8,
    value: &str,
    stages: &[&str],
) -> Result<Record, Fault> {
    let input = texts(&[("SecretId", name), ("ClientRequestToken", &token(at))])
        .with("SecretString", text(value));
    let stages = (!stages.is_empty()).then(|| Value::from(stages.to_vec()));
    call(
        world,
        "PutSecretValue",
        &input.with_some("VersionStages", stages),
    )
}

fn get(world: &mut World, members: &[(&'static str, &str)]) -> Result<Record, Fault> {
    call(world, "GetSecretValue", &texts(members))
}

fn value(answer: &Record) -> &str {
    answer
        .secret("SecretString")
        .unwrap()
        .expose_text()
        .unwrap()
}

/// The labels of a secret, each with its version.
fn stages(world: &World, name: &str) -> Vec<(String, String)> {
    let held = world.state.secret(name).unwrap();
    let stages = held.secret.stages.iter();
    stages
        .map(|(stage, id)| (stage.clone(), id.clone()))
        .collect()
}

fn labelled(labels: &[(&str, u8)]) -> Vec<(String, String)> {
    labels
        .iter()
        .map(|(stage, at)| ((*stage).to_owned(), token(*at)))
        .collect()
}

#[test]
fn a_value_that_is_put_is_current_and_the_one_before_is_previous() {
    let mut world = World::new();
    create(&mut world, "s", None);

    put(&mut world, "s", 1, "one", &[]).unwrap();
    assert_eq!(stages(&world, "s"), labelled(&[("AWSCURRENT", 1)]));
    put(&mut world, "s", 2, "two", &[]).unwrap();
    assert_eq!(
        stages(&world, "s"),
        labelled(&[("AWSCURRENT", 2), ("AWSPREVIOUS", 1)])
    );
    let answer = put(&mut world, "s", 3, "three", &[]).unwrap();
    assert_eq!(
        stages(&world, "s"),
        labelled(&[("AWSCURRENT", 3), ("AWSPREVIOUS", 2)])
    );
    assert_eq!(answer.text("VersionId"), Some(&*token(3)));
    assert_eq!(
        answer.texts("VersionStages").collect::<Vec<_>>(),
        ["AWSCURRENT"]
    );

    assert_eq!(
        value(&get(&mut world, &[("SecretId", "s")]).unwrap()),
        "three"
    );
    let previous = [("SecretId", "s"), ("VersionStage", "AWSPREVIOUS")];
    assert_eq!(value(&get(&mut world, &previous).unwrap()), "two");
    let first = get(&mut world, &[("SecretId", "s"), ("VersionId", &token(1))]).unwrap();
    assert_eq!(value(&first), "one");
    assert!(first.get("VersionStages").is_none());
}

#[test]
fn a_call_repeated_with_its_token_changes_nothing() {
    let mut world = World::new();
    create(&mut world, "s", None);
    put(&mut world, "s", 1, "one", &[]).unwrap();
    put(&mut world, "s", 2, "two", &[]).unwrap();
    let before = stages(&world, "s");

    let answer = put(&mut world, "s", 1, "one", &[]).unwrap();

    assert_eq!(
        answer.texts("VersionStages").collect::<Vec<_>>(),
        ["AWSPREVIOUS"]
    );
    assert_eq!(stages(&world, "s"), before);
    let words = "because that value is already in use for a version of secret";
    fails(put(&mut world, "s", 1, "other", &[]), EXISTS, words);
    let binary = texts(&[("SecretId", "s"), ("ClientRequestToken", &token(1))])
        .with("SecretBinary", text("one"));
    fails(call(&mut world, "PutSecretValue", &binary), EXISTS, words);
    let update = texts(&[("SecretId", "s"), ("ClientRequestToken", &token(1))])
        .with("SecretString", text("other"));
    fails(call(&mut world, "UpdateSecret", &update), EXISTS, words);
    assert_eq!(stages(&world, "s"), before);
}

#[test]
fn labels_of_ones_own() {
    let mut world = World::new();
    create(&mut world, "s", None);
    // The first value is current whatever it is called.
    put(&mut world, "s", 1, "one", &["mine"]).unwrap();
    assert_eq!(
        stages(&world, "s"),
        labelled(&[("AWSCURRENT", 1), ("mine", 1)])
    );
    put(&mut world, "s", 2, "two", &["AWSPENDING"]).unwrap();
    let expect = labelled(&[("AWSCURRENT", 1), ("AWSPENDING", 2), ("mine", 1)]);
    assert_eq!(stages(&world, "s"), expect);
    // In whichever order they are asked for, no version is current and previous.
    put(&mut world, "s", 3, "three", &["AWSCURRENT", "AWSPREVIOUS"]).unwrap();
    let expect = labelled(&[
        ("AWSCURRENT", 3),
        ("AWSPENDING", 2),
        ("AWSPREVIOUS", 1),
        ("mine", 1),
    ]);
    assert_eq!(stages(&world, "s"), expect);

    create(&mut world, "t", None);
    put(&mut world, "t", 1, "one", &["AWSPREVIOUS"]).unwrap();
    assert_eq!(stages(&world, "t"), labelled(&[("AWSCURRENT", 1)]));
}

fn move_stage(
    world: &mut World,
    stage: &str,
    from: Option<u8>,
    to: Option<u8>,
) -> Result<Record, Fault> {
    let input = texts(&[("SecretId", "s"), ("VersionStage", stage)])
        .with_some("RemoveFromVersionId", from.map(token))
        .with_some("MoveToVersionId", to.map(token));
    call(world, "UpdateSecretVersionStage", &input)
}

#[test]
fn a_rotation_moves_the_current_label() {
    let mut world = World::new();
    create(&mut world, "s", None);
    put(&mut world, "s", 1, "one", &[]).unwrap();
    put(&mut world, "s", 2, "two", &["AWSPENDING"]).unwrap();

    move_stage(&mut world, "AWSCURRENT", Some(1), Some(2)).unwrap();
    let expect = labelled(&[("AWSCURRENT", 2), ("AWSPENDING", 2), ("AWSPREVIOUS", 1)]);
    assert_eq!(stages(&world, "s"), expect);
    move_stage(&mut world, "AWSPENDING", Some(2), None).unwrap();
    // And back: the two change places.
    move_stage(&mut world, "AWSCURRENT", Some(2), Some(1)).unwrap();
    assert_eq!(
        stages(&world, "s"),
        labelled(&[("AWSCURRENT", 1), ("AWSPREVIOUS", 2)])
    );
    // To where it is already is no move.
    move_stage(&mut world, "AWSCURRENT", None, Some(1)).unwrap();
    assert_eq!(
        stages(&world, "s"),
        labelled(&[("AWSCURRENT", 1), ("AWSPREVIOUS", 2)])
    );
}

#[test]
fn labels_that_cannot_be_moved() {
    let mut world = World::new();
    create(&mut world, "s", None);
    for at in 1..=3 {
        put(&mut world, "s", at, "x", &[]).unwrap();
    }
    let before = stages(&world, "s");
    let unset = "isn't attached to version";
    for (stage, from, to, code, words) in [
        (
            "AWSCURRENT",
            None,
            None,
            PARAMETER,
            "RemoveFromVersionId, MoveToVersionId",
        ),
        (
            "AWSCURRENT",
            Some(3),
            None,
            PARAMETER,
            "can't be completely removed",
        ),
        ("AWSCURRENT", Some(2), Some(1), PARAMETER, unset),
        (
            "AWSCURRENT",
            None,
            Some(1),
            PARAMETER,
            "RemoveFromVersionId can't be empty",
        ),
        (
            "AWSCURRENT",
            Some(3),
            Some(9),
            MISSING,
            "can't find the specified secret version",
        ),
        (
            "AWSCURRENT",
            Some(9),
            Some(1),
            MISSING,
            "can't find the specified secret version",
        ),
        ("mine", Some(1), None, PARAMETER, unset),
        ("mine", Some(1), Some(2), PARAMETER, unset),
        (
            "AWSPREVIOUS",
            Some(2),
            Some(3),
            PARAMETER,
            "AWSCURRENT is attached to it",
        ),
    ] {
        fails(move_stage(&mut world, stage, from, to), code, words);
    }
    assert_eq!(stages(&world, "s"), before);
}

#[test]
fn values_that_are_refused() {
    let mut world = World::new();
    create(&mut world, "s", Some("x"));
    let on = |value: Option<(&'static str, Secret)>| {
        let input = texts(&[("SecretId", "s")]);
        match value {
            Some((member, value)) => input.with(member, value),
            None => input,
        }
    };
    let long = || text(&"x".repeat(65_537));
    let wide = || text(&"é".repeat(32_769));
    let bytes = || Secret::new(vec![0; 65_537]);
    for operation in ["PutSecretValue", "UpdateSecret"] {
        for value in [
            ("SecretString", long()),
            ("SecretString", wide()),
            ("SecretBinary", bytes()),
        ] {
            let answer = call(&mut world, operation, &on(Some(value)));
            fails(answer, VALIDATION, "less than or equal to 65536");
        }
        let both = on(Some(("SecretString", text("x")))).with("SecretBinary", text("x"));
        fails(call(&mut world, operation, &both), PARAMETER, "both");
    }
    let words = "You must provide either SecretString or SecretBinary.";
    fails(
        call(&mut world, "PutSecretValue", &on(None)),
        REQUEST,
        words,
    );
    let largest = on(Some(("SecretString", text(&"x".repeat(65_536)))));
    assert!(call(&mut world, "PutSecretValue", &largest).is_ok());
}

#[test]
fn bytes_come_back_as_bytes() {
    let mut world = World::new();
    let bytes: Vec<u8> = (0..=255).collect();
    let input = texts(&[("Name", "b")]).with("SecretBinary", Secret::new(bytes.clone()));
    call(&mut world, "CreateSecret", &input).unwrap();

    let answer = get(&mut world, &[("SecretId", "b")]).unwrap();

    assert_eq!(answer.secret("SecretBinary").unwrap().expose(), bytes);
    assert!(answer.get("SecretString").is_none());
}

#[test]
fn a_secret_without_a_value_has_none_to_read() {
    let mut world = World::new();
    let made = create(&mut world, "s", None);
    assert!(made.get("VersionId").is_none());

    let words = "can't find the specified secret value for staging label: AWSCURRENT";
    fails(get(&mut world, &[("SecretId", "s")]), MISSING, words);
    let described = call(&mut world, "DescribeSecret", &texts(&[("SecretId", "s")])).unwrap();
    assert!(described.get("VersionIdsToStages").is_none());
    assert!(described.get("DeletedDate").is_none());
    assert!(described.get("KmsKeyId").is_none());
}

#[test]
fn versions_that_are_not_there() {
    let mut world = World::new();
    create(&mut world, "s", None);
    put(&mut world, "s", 1, "one", &[]).unwrap();
    put(&mut world, "s", 2, "two", &[]).unwrap();
    let (one, nine) = (token(1), token(9));
    let answer = get(&mut world, &[("SecretId", "s"), ("VersionId", &nine)]);
    fails(answer, MISSING, &format!("VersionId: {nine}"));
    let answer = get(&mut world, &[("SecretId", "s"), ("VersionStage", "none")]);
    fails(answer, MISSING, "staging label: none");
    let answer = get(
        &mut world,
        &[
            ("SecretId", "s"),
            ("VersionId", &one),
            ("VersionStage", "AWSCURRENT"),
        ],
    );
    fails(answer, REQUEST, "not associated to the provided VersionId");
    let fits = [
        ("SecretId", "s"),
        ("VersionId", &*one),
        ("VersionStage", "AWSPREVIOUS"),
    ];
    assert_eq!(value(&get(&mut world, &fits).unwrap()), "one");
    fails(
        get(&mut world, &[("SecretId", "missing")]),
        MISSING,
        "can't find the specified secret.",
    );
}

#[test]
fn names_and_tags_that_no_secret_may_have() {
    let mut world = World::new();
    for name in ["a b", "a:b", "é", "a*"] {
        let input = texts(&[("Name", name)]);
        fails(
            call(&mut world, "CreateSecret", &input),
            VALIDATION,
            "Invalid name",
        );
    }
    let long = "x".repeat(513);
    fails(
        call(&mut world, "CreateSecret", &texts(&[("Name", &long)])),
        VALIDATION,
        "512",
    );
    let tag = |key: &str| texts(&[("Key", key), ("Value", "v")]);
    for tags in [vec![tag("aws:x")], vec![tag("a"), tag("a")]] {
        let input = texts(&[("Name", "s")]).with("Tags", tags);
        fails(call(&mut world, "CreateSecret", &input), PARAMETER, "");
    }
    let input = texts(&[("Name", "s"), ("KmsKeyId", "alias/mine")]);
    fails(call(&mut world, "CreateSecret", &input), PARAMETER, "KMS");
    let input = texts(&[("Name", "s"), ("ClientRequestToken", "short")]);
    fails(call(&mut world, "CreateSecret", &input), VALIDATION, "32");
    assert!(world.state.secret("s").is_none());
}

#[test]
fn a_secret_is_created_once() {
    let mut world = World::new();
    let input =
        texts(&[("Name", "s"), ("ClientRequestToken", &token(1))]).with("SecretString", text("x"));
    let first = call(&mut world, "CreateSecret", &input).unwrap();

    assert_eq!(call(&mut world, "CreateSecret", &input), Ok(first));
    let words = "The operation failed because the secret s already exists.";
    let other = input.clone().with("SecretString", text("y"));
    fails(call(&mut world, "CreateSecret", &other), EXISTS, words);
    let other = input.with("ClientRequestToken", token(2));
    fails(call(&mut world, "CreateSecret", &other), EXISTS, words);
    fails(
        call(&mut world, "CreateSecret", &texts(&[("Name", "s")])),
        EXISTS,
        words,
    );
}

#[test]
fn what_describing_tells() {
    let mut world = World::new();
    let input = texts(&[
        ("Name", "s"),
        ("Description", "words"),
        ("ClientRequestToken", &token(1)),
    ])
    .with("SecretString", text("x"))
    .with("Tags", vec![texts(&[("Key", "a"), ("Value", "b")])]);
    let made = call(&mut world, "CreateSecret", &input).unwrap();
    world.now += SignedDuration::from_secs(5);
    put(&mut world, "s", 2, "y", &[]).unwrap();

    let described = call(&mut world, "DescribeSecret", &texts(&[("SecretId", "s")])).unwrap();

    let stages = vec![
        (token(1), Value::from(vec!["AWSPREVIOUS"])),
        (token(2), Value::from(vec!["AWSCURRENT"])),
    ];
    let expect = texts(&[
        ("ARN", made.text("ARN").unwrap()),
        ("Name", "s"),
        ("Description", "words"),
    ])
    .with("CreatedDate", seconds(0))
    .with("LastChangedDate", seconds(5))
    .with("Tags", vec![texts(&[("Key", "a"), ("Value", "b")])])
    .with("VersionIdsToStages", Value::Map(stages));
    assert_eq!(described, expect);
}

#[test]
fn an_update_changes_what_it_names() {
    let mut world = World::new();
    let input = texts(&[("Name", "s"), ("Description", "old")]);
    call(&mut world, "CreateSecret", &input).unwrap();
    let input = texts(&[("SecretId", "s"), ("ClientRequestToken", &token(1))]);
    let answer = call(
        &mut world,
        "UpdateSecret",
        &input.with("SecretString", text("x")),
    )
    .unwrap();
    assert_eq!(answer.text("VersionId"), Some(&*token(1)));
    let described = call(&mut world, "DescribeSecret", &texts(&[("SecretId", "s")])).unwrap();
    assert_eq!(described.text("Description"), Some("old"));

    let input = texts(&[("SecretId", "s"), ("Description", "new")]);
    let answer = call(&mut world, "UpdateSecret", &input).unwrap();
    assert!(answer.get("VersionId").is_none());
    let described = call(&mut world, "DescribeSecret", &texts(&[("SecretId", "s")])).unwrap();
    assert_eq!(described.text("Description"), Some("new"));
}

#[test]
fn version_ids_are_listed_in_pages() {
    let mut world = World::new();
    create(&mut world, "s", None);
    for at in 1..=5 {
        put(&mut world, "s", at, "x", &[]).unwrap();
    }
    let id = texts(&[("SecretId", "s")]);
    let listed = |world: &mut World, input: &Record| {
        let answer = call(world, "ListSecretVersionIds", input).unwrap();
        let ids: Vec<String> = answer
            .records("Versions")
            .map(|version| version.text("VersionId").unwrap().to_owned())
            .collect();
        (ids, answer.text("NextToken").map(str::to_owned))
    };
    assert_eq!(listed(&mut world, &id), (vec![token(4), token(5)], None));
    let all = id.with("IncludeDeprecated", true).with("MaxResults", 3);
    let (first, next) = listed(&mut world, &all);
    assert_eq!(first, [token(1), token(2), token(3)]);
    let rest = all.with("NextToken", next.unwrap());
    assert_eq!(listed(&mut world, &rest), (vec![token(4), token(5)], None));
}

#[test]
fn old_versions_without_a_label_make_room() {
    let mut world = World::new();
    create(&mut world, "s", None);
    put(&mut world, "s", 0, "kept", &["mine"]).unwrap();
    for at in 1..=120 {
        world.now = seconds(i64::from(at));
        let token = format!("{at:032}");
        let input = texts(&[("SecretId", "s"), ("ClientRequestToken", &token)])
            .with("SecretString", text("x"));
        call(&mut world, "PutSecretValue", &input).unwrap();
    }
    let held = world.state.secret("s").unwrap();

    assert_eq!(held.versions.len(), 100);
    assert!(held.versions.contains_key(&token(0)));
    assert!(held.versions.contains_key(&format!("{:032}", 120)));
}

#[test]
fn a_secret_has_a_bounded_number_of_labels() {
    let mut world = World::new();
    create(&mut world, "s", None);
    put(&mut world, "s", 0, "x", &[]).unwrap();
    let limit = ("LimitExceededException", 400);
    for at in 1..20 {
        put(&mut world, "s", at, "x", &[&format!("label-{at}")]).unwrap();
    }
    fails(put(&mut world, "s", 20, "x", &["one-more"]), limit, "20");
    let answer = move_stage(&mut world, "one-more", None, Some(1));
    fails(answer, limit, "20");
}

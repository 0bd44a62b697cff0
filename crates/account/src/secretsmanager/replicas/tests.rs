//! Copies follow their secret, are changed by nothing else, and go only when told to.

use protocol::{Fault, Record, Secret, Value};

use crate::testing::{World, fails, policy, texts};

const THERE: &str = "eu-central-1";

fn value(text: &str) -> Secret {
    Secret::from_text(text.to_owned())
}

fn regions(names: &[&str]) -> Value {
    names
        .iter()
        .map(|name| texts(&[("Region", name)]))
        .collect()
}

fn here(world: &mut World, operation: &str, input: &Record) -> Result<Record, Fault> {
    world.admin("secretsmanager", operation, input)
}

fn there(world: &mut World, operation: &str, input: &Record) -> Result<Record, Fault> {
    let admin = world.admin.clone();
    world.call_in(THERE, &admin, ("secretsmanager", operation), input)
}

fn named() -> Record {
    texts(&[("SecretId", "s")])
}

fn read(answer: Result<Record, Fault>) -> String {
    let answer = answer.unwrap();
    let secret = answer.secret("SecretString").unwrap();
    secret.expose_text().unwrap().to_owned()
}

/// A secret `s` with a copy.
fn replicated() -> World {
    let mut world = World::new();
    let input = texts(&[("Name", "s")])
        .with("SecretString", value("one"))
        .with("AddReplicaRegions", regions(&[THERE]));
    let made = here(&mut world, "CreateSecret", &input).unwrap();
    let status = made.records("ReplicationStatus").next().unwrap();
    assert_eq!(status.text("Status"), Some("InSync"));
    world
}

#[test]
fn a_copy_follows() {
    let mut world = replicated();
    assert_eq!(read(there(&mut world, "GetSecretValue", &named())), "one");

    let input = named().with("SecretString", value("two"));
    here(&mut world, "PutSecretValue", &input).unwrap();
    let input = named().with("Description", "told");
    here(&mut world, "UpdateSecret", &input).unwrap();

    assert_eq!(read(there(&mut world, "GetSecretValue", &named())), "two");
    let previous = named().with("VersionStage", "AWSPREVIOUS");
    assert_eq!(read(there(&mut world, "GetSecretValue", &previous)), "one");
    let copy = there(&mut world, "DescribeSecret", &named()).unwrap();
    assert_eq!(copy.text("Description"), Some("told"));
    assert_eq!(copy.text("PrimaryRegion"), Some("us-east-1"));
    let filter = |region| {
        let filter = texts(&[("Key", "primary-region")]).with("Values", vec![region]);
        Record::new().with("Filters", vec![filter])
    };
    for (region, count) in [("us-east-1", 1), (THERE, 0)] {
        let listed = there(&mut world, "ListSecrets", &filter(region)).unwrap();
        assert_eq!(listed.list("SecretList").len(), count, "{region}");
    }
    let original = here(&mut world, "DescribeSecret", &named()).unwrap();
    let arn = original.text("ARN").unwrap().replace("us-east-1", THERE);
    assert_eq!(copy.text("ARN"), Some(&*arn));
}

#[test]
fn a_copy_is_changed_by_nothing_else() {
    let mut world = replicated();
    for (operation, input) in [
        (
            "PutSecretValue",
            named().with("SecretString", value("three")),
        ),
        ("UpdateSecret", named().with("Description", "other")),
        ("DeleteSecret", named()),
        (
            "DeleteSecret",
            named().with("ForceDeleteWithoutRecovery", true),
        ),
    ] {
        let answer = there(&mut world, operation, &input);
        fails(answer, ("InvalidRequestException", 400), "replica secret");
    }
    assert_eq!(read(there(&mut world, "GetSecretValue", &named())), "one");
}

#[test]
fn a_secret_with_copies_is_not_deleted() {
    let mut world = replicated();
    for input in [named(), named().with("ForceDeleteWithoutRecovery", true)] {
        let answer = here(&mut world, "DeleteSecret", &input);
        fails(answer, ("InvalidRequestException", 400), THERE);
    }
    let input = named().with("RemoveReplicaRegions", vec![THERE]);
    here(&mut world, "RemoveRegionsFromReplication", &input).unwrap();

    let gone = there(&mut world, "GetSecretValue", &named());
    fails(gone, ("ResourceNotFoundException", 400), "");
    here(&mut world, "DeleteSecret", &named()).unwrap();
}

#[test]
fn a_copy_can_be_made_a_secret_of_its_own() {
    let mut world = replicated();
    there(&mut world, "StopReplicationToReplica", &named()).unwrap();

    let input = named().with("SecretString", value("here"));
    here(&mut world, "PutSecretValue", &input).unwrap();
    assert_eq!(read(there(&mut world, "GetSecretValue", &named())), "one");
    let input = named().with("SecretString", value("there"));
    there(&mut world, "PutSecretValue", &input).unwrap();
    assert_eq!(read(here(&mut world, "GetSecretValue", &named())), "here");
    here(&mut world, "DeleteSecret", &named()).unwrap();
    let again = there(&mut world, "StopReplicationToReplica", &named());
    fails(again, ("InvalidRequestException", 400), "not a replica");
}

#[test]
fn what_stands_in_the_way_is_replaced_only_when_told_to() {
    let mut world = World::new();
    let input = texts(&[("Name", "s")]).with("SecretString", value("mine"));
    there(&mut world, "CreateSecret", &input).unwrap();
    let input = texts(&[("Name", "s")]).with("SecretString", value("yours"));
    here(&mut world, "CreateSecret", &input).unwrap();
    let input = named().with("AddReplicaRegions", regions(&[THERE]));
    let answer = here(&mut world, "ReplicateSecretToRegions", &input).unwrap();
    let status = answer.records("ReplicationStatus").next().unwrap();
    assert_eq!(status.text("Status"), Some("Failed"));
    assert!(
        status
            .text("StatusMessage")
            .unwrap()
            .contains("already exists")
    );
    assert_eq!(read(there(&mut world, "GetSecretValue", &named())), "mine");

    let input = input.with("ForceOverwriteReplicaSecret", true);
    here(&mut world, "ReplicateSecretToRegions", &input).unwrap();

    assert_eq!(read(there(&mut world, "GetSecretValue", &named())), "yours");
}

#[test]
fn regions_that_are_none() {
    let mut world = replicated();
    for (names, words) in [
        (vec!["us-east-1"], "us-east-1"),
        (vec!["eu-nowhere-1"], "eu-nowhere-1"),
        (vec!["eu-west-1", "eu-west-1"], "eu-west-1"),
    ] {
        let input = named().with("AddReplicaRegions", regions(&names));
        let answer = here(&mut world, "ReplicateSecretToRegions", &input);
        fails(answer, ("InvalidParameterException", 400), words);
    }
    let input = named().with("AddReplicaRegions", regions(&[THERE]));
    let again = here(&mut world, "ReplicateSecretToRegions", &input);
    fails(
        again,
        ("InvalidRequestException", 400),
        "already replicated",
    );
    let input = named().with("RemoveReplicaRegions", vec!["eu-west-1"]);
    let answer = here(&mut world, "RemoveRegionsFromReplication", &input);
    fails(answer, ("InvalidParameterException", 400), "not replicated");
}

#[test]
fn a_copy_under_a_key_needs_that_key() {
    let mut world = World::new();
    let admin = world.admin.clone();
    let made = world
        .call_in(THERE, &admin, ("kms", "CreateKey"), &Record::new())
        .unwrap();
    let key = made
        .record("KeyMetadata")
        .unwrap()
        .text("Arn")
        .unwrap()
        .to_owned();
    let input = texts(&[("Name", "s")]).with("SecretString", value("one"));
    here(&mut world, "CreateSecret", &input).unwrap();
    let of = texts(&[("Region", THERE), ("KmsKeyId", &key)]);
    let input = named().with("AddReplicaRegions", vec![of]);
    let all = policy("Allow", "secretsmanager:*", "*");
    let user = world.user("without-kms", &all);

    let refused = world.call(&user, "secretsmanager", "ReplicateSecretToRegions", &input);
    fails(refused, ("AccessDeniedException", 400), "KMS");
    here(&mut world, "ReplicateSecretToRegions", &input).unwrap();

    assert_eq!(read(there(&mut world, "GetSecretValue", &named())), "one");
    let call = ("secretsmanager", "GetSecretValue");
    let refused = world.call_in(THERE, &user, call, &named());
    fails(refused, ("AccessDeniedException", 400), "KMS");
    let disable = texts(&[("KeyId", &*key)]);
    world
        .call_in(THERE, &admin, ("kms", "DisableKey"), &disable)
        .unwrap();
    let refused = there(&mut world, "GetSecretValue", &named());
    fails(refused, ("DecryptionFailure", 400), "");
}

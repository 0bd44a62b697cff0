//! Aliases: made, moved, deleted, and never AWS's own.

use super::*;

const EXISTS: (&str, u16) = ("AlreadyExistsException", 400);

fn put(world: &mut World, operation: &str, name: &str, key: &str) -> Result<Record, Fault> {
    let input = texts(&[("AliasName", name), ("TargetKeyId", key)]);
    call(world, operation, &input)
}

fn key_of(world: &mut World, alias: &str) -> String {
    let answer = call(world, "DescribeKey", &of(alias)).unwrap();
    let metadata = answer.record("KeyMetadata").unwrap();
    metadata.text("KeyId").unwrap().to_owned()
}

fn listed(world: &mut World, input: &Record) -> Vec<String> {
    let answer = call(world, "ListAliases", input).unwrap();
    let names = answer.records("Aliases");
    names
        .map(|entry| entry.text("AliasName").unwrap().to_owned())
        .collect()
}

#[test]
fn an_alias_moves_and_what_it_encrypted_stays_readable() {
    let mut world = World::new();
    let (one, two) = (key(&mut world), key(&mut world));
    put(&mut world, "CreateAlias", "alias/a", &arn(&one)).unwrap();
    let blob = encrypted(&mut world, "alias/a", &[]);
    put(&mut world, "UpdateAlias", "alias/a", &two).unwrap();
    assert_eq!(key_of(&mut world, "alias/a"), two);
    let answer = call(&mut world, "Decrypt", &decrypting(&blob, &[])).unwrap();
    assert_eq!(answer.text("KeyId"), Some(&*arn(&one)));
    let by_alias = decrypting(&blob, &[]).with("KeyId", "alias/a");
    let incorrect = ("IncorrectKeyException", 400);
    fails(call(&mut world, "Decrypt", &by_alias), incorrect, "");

    assert_eq!(listed(&mut world, &of(&one)), [""; 0]);
    assert_eq!(listed(&mut world, &of(&two)), ["alias/a"]);
    let name = texts(&[("AliasName", "alias/a")]);
    call(&mut world, "DeleteAlias", &name).unwrap();
    fails(
        call(&mut world, "DeleteAlias", &name),
        MISSING,
        "is not found",
    );
    fails(
        call(&mut world, "DescribeKey", &of("alias/a")),
        MISSING,
        "is not found",
    );
    assert_eq!(listed(&mut world, &Record::new()), [""; 0]);
}

#[test]
fn what_is_no_alias_of_a_customer_is_refused() {
    let mut world = World::new();
    let id = key(&mut world);
    put(&mut world, "CreateAlias", "alias/a", &id).unwrap();
    let reserved = ("NotAuthorizedException", 400);
    for (name, target, fault, words) in [
        ("alias/a", id.as_str(), EXISTS, "alias/a already exists"),
        ("a", &id, VALIDATION, "Invalid identifier"),
        ("alias/", &id, VALIDATION, "Invalid identifier"),
        ("alias/aws/secretsmanager", &id, reserved, "alias/aws/"),
        ("alias/aws", &id, reserved, "alias/aws/"),
        ("alias/b", "alias/a", VALIDATION, "must refer to keys"),
        ("alias/b", NOBODYS, MISSING, "does not exist"),
        ("alias/b", "none", MISSING, "Invalid keyId"),
        ("alias/b c", &id, VALIDATION, "aliasName"),
    ] {
        fails(put(&mut world, "CreateAlias", name, target), fault, words);
    }
    fails(
        put(&mut world, "UpdateAlias", "alias/b", &id),
        MISSING,
        "alias/b is not found",
    );
    fails(
        put(&mut world, "UpdateAlias", "alias/a", NOBODYS),
        MISSING,
        "does not exist",
    );
    assert_eq!(listed(&mut world, &Record::new()), ["alias/a"]);
}

#[test]
fn an_alias_does_not_come_to_a_key_that_is_going() {
    let mut world = World::new();
    let (one, two) = (key(&mut world), key(&mut world));
    put(&mut world, "CreateAlias", "alias/a", &one).unwrap();
    call(&mut world, "ScheduleKeyDeletion", &of(&one)).unwrap();
    fails(
        put(&mut world, "CreateAlias", "alias/b", &one),
        STATE,
        "is pending deletion.",
    );
    // But it may leave one.
    put(&mut world, "UpdateAlias", "alias/a", &two).unwrap();
    fails(
        put(&mut world, "UpdateAlias", "alias/a", &one),
        STATE,
        "is pending deletion.",
    );
    assert_eq!(key_of(&mut world, "alias/a"), two);
}

#[test]
fn a_key_has_at_most_50_aliases() {
    let mut world = World::new();
    let id = key(&mut world);
    for at in 0..50 {
        put(&mut world, "CreateAlias", &format!("alias/{at}"), &id).unwrap();
    }
    fails(put(&mut world, "CreateAlias", "alias/x", &id), LIMIT, "50");
    put(&mut world, "UpdateAlias", "alias/0", &id).unwrap();
}

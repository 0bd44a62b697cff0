//! Deletion, its recovery window, and names that become free.

use super::*;

const DAY: i64 = 86_400;

#[test]
fn deletion_waits_and_can_be_taken_back() {
    let mut world = World::new();
    create(&mut world, "s", Some("x"));
    let id = texts(&[("SecretId", "s")]);
    let answer = call(
        &mut world,
        "DeleteSecret",
        &id.clone().with("RecoveryWindowInDays", 7),
    )
    .unwrap();
    assert_eq!(
        answer.get("DeletionDate"),
        Some(&Value::Timestamp(seconds(7 * DAY)))
    );

    let marked = "because it was marked for deletion";
    fails(get(&mut world, &[("SecretId", "s")]), REQUEST, marked);
    fails(put(&mut world, "s", 1, "y", &[]), REQUEST, marked);
    fails(call(&mut world, "UpdateSecret", &id), REQUEST, marked);
    fails(call(&mut world, "DeleteSecret", &id), REQUEST, marked);
    let again = texts(&[("Name", "s")]);
    let words = "because a secret with this name is already scheduled for deletion";
    fails(call(&mut world, "CreateSecret", &again), REQUEST, words);
    let described = call(&mut world, "DescribeSecret", &id).unwrap();
    assert!(described.get("DeletedDate").is_some());

    call(&mut world, "RestoreSecret", &id).unwrap();
    assert_eq!(value(&get(&mut world, &[("SecretId", "s")]).unwrap()), "x");
    assert!(call(&mut world, "RestoreSecret", &id).is_ok());
}

#[test]
fn after_its_window_a_secret_is_as_if_it_had_never_been() {
    let mut world = World::new();
    let first = create(&mut world, "s", Some("x"));
    let id = texts(&[("SecretId", "s")]).with("RecoveryWindowInDays", 7);
    call(&mut world, "DeleteSecret", &id).unwrap();

    world.now = seconds(7 * DAY);
    let id = texts(&[("SecretId", "s")]);
    for operation in [
        "DescribeSecret",
        "GetSecretValue",
        "RestoreSecret",
        "DeleteSecret",
    ] {
        fails(call(&mut world, operation, &id), MISSING, "");
    }
    let second = create(&mut world, "s", None);
    assert_ne!(first.text("ARN"), second.text("ARN"));
    fails(
        get(&mut world, &[("SecretId", "s")]),
        MISSING,
        "staging label",
    );
}

#[test]
fn forced_deletion_is_at_once_and_may_be_repeated() {
    let mut world = World::new();
    create(&mut world, "s", Some("x"));
    let input = texts(&[("SecretId", "s")]).with("ForceDeleteWithoutRecovery", true);
    call(&mut world, "DeleteSecret", &input).unwrap();

    assert!(world.state.secret("s").is_none());
    assert!(call(&mut world, "DeleteSecret", &input).is_ok());
    create(&mut world, "s", None);
    // What is on its way out can be hurried.
    call(&mut world, "DeleteSecret", &texts(&[("SecretId", "s")])).unwrap();
    call(&mut world, "DeleteSecret", &input).unwrap();
    assert!(world.state.secret("s").is_none());
}

#[test]
fn recovery_windows_that_are_refused() {
    let mut world = World::new();
    create(&mut world, "s", None);
    let id = texts(&[("SecretId", "s")]);
    for days in [0, 6, 31, -1] {
        let input = id.clone().with("RecoveryWindowInDays", days);
        fails(
            call(&mut world, "DeleteSecret", &input),
            PARAMETER,
            "between 7 and 30 days",
        );
    }
    let both = id
        .with("RecoveryWindowInDays", 7)
        .with("ForceDeleteWithoutRecovery", true);
    fails(
        call(&mut world, "DeleteSecret", &both),
        PARAMETER,
        "ForceDeleteWithoutRecovery",
    );
}

//! What a rotation does when a step fails, and what is no rotation at all.

use super::*;
use crate::testing::trust;

#[test]
fn a_step_that_fails_has_the_whole_begin_again() {
    let mut world = prepared();
    rotate_by(&mut world, days(10), 1).unwrap();
    let mut waited = Vec::new();
    for attempt in 1..=ATTEMPTS_MAX {
        let (first, events) = begin(&mut world);
        assert_eq!(events, ["RotationStarted"]);
        let first = first.unwrap();
        assert_eq!(first.step.token, token(1));
        do_step(&mut world, &first, "new");
        settle(&mut world, &first, Ok(()));
        let second = begin(&mut world).0.unwrap();
        assert_eq!(second.step.step, RotationStep::SetSecret);
        assert_eq!(
            settle(&mut world, &second, Err("exit code 1")),
            ["RotationFailed"]
        );
        // The value in force is what it was, and the new one waits.
        let expect = labelled(&[("AWSCURRENT", 0), ("AWSPENDING", 1)]);
        assert_eq!(stages(&world, "s"), expect);
        assert_eq!(
            value(&get(&mut world, &[("SecretId", "s")]).unwrap()),
            "old"
        );
        let words = "A previous rotation isn't complete. That rotation will be reattempted.";
        fails(rotate(&mut world, &[]), REQUEST, words);
        let (due, _) = rotation::due(&world.partition).next().unwrap();
        assert!(begin(&mut world).0.is_none());
        if attempt < ATTEMPTS_MAX {
            waited.push(due.as_second() - world.now.as_second());
            world.now = due;
        }
    }
    assert_eq!(waited, [60, 120, 240, 480]);
    // Then the next window, with the version that waits.
    let (due, _) = rotation::due(&world.partition).next().unwrap();
    assert_eq!(due, at("2026-01-11T00:00:00Z"));
    assert!(described(&mut world).get("LastRotatedDate").is_none());
    world.now = due;
    assert_eq!(
        run_to_end(&mut world, "new"),
        ["RotationStarted", "RotationSucceeded"]
    );
    let current = get(&mut world, &[("SecretId", "s")]).unwrap();
    assert_eq!(current.text("VersionId"), Some(&*token(1)));
}

#[test]
fn a_rotation_that_waits_is_hurried_by_its_token() {
    let mut world = prepared();
    rotate_by(&mut world, days(10), 1).unwrap();
    let first = begin(&mut world).0.unwrap();
    settle(&mut world, &first, Err("no"));
    assert!(begin(&mut world).0.is_none());
    rotate(&mut world, &[("ClientRequestToken", &token(1))]).unwrap();
    assert_eq!(
        run_to_end(&mut world, "new"),
        ["RotationStarted", "RotationSucceeded"]
    );
}

#[test]
fn a_last_step_that_moves_no_label_has_failed() {
    let mut world = prepared();
    rotate_by(&mut world, days(10), 1).unwrap();
    for step in 1..=4 {
        let invocation = begin(&mut world).0.unwrap();
        if step < 4 {
            do_step(&mut world, &invocation, "new");
            assert_eq!(settle(&mut world, &invocation, Ok(())), [""; 0]);
        } else {
            assert_eq!(settle(&mut world, &invocation, Ok(())), ["RotationFailed"]);
        }
    }
    assert_eq!(
        value(&get(&mut world, &[("SecretId", "s")]).unwrap()),
        "old"
    );
}

#[test]
fn a_step_that_nobody_waits_for_changes_nothing() {
    let mut world = prepared();
    rotate_by(&mut world, days(10), 1).unwrap();
    let first = begin(&mut world).0.unwrap();
    settle(&mut world, &first, Ok(()));
    // Told again, and of a secret that is gone.
    assert_eq!(settle(&mut world, &first, Err("late")), [""; 0]);
    assert_eq!(
        begin(&mut world).0.unwrap().step.step,
        RotationStep::SetSecret
    );
    let forced = texts(&[("SecretId", "s")]).with("ForceDeleteWithoutRecovery", true);
    call(&mut world, "DeleteSecret", &forced).unwrap();
    assert_eq!(settle(&mut world, &first, Ok(())), [""; 0]);
    assert!(begin(&mut world).0.is_none());
}

#[test]
fn a_label_taken_away_ends_the_rotation() {
    let mut world = prepared();
    rotate_by(&mut world, days(10), 1).unwrap();
    let first = begin(&mut world).0.unwrap();
    settle(&mut world, &first, Err("no"));
    move_stage(&mut world, "AWSPENDING", Some(1), None).unwrap();
    world.now = seconds(60);
    let (none, events) = begin(&mut world);
    assert!(none.is_none());
    assert_eq!(events, ["RotationAbandoned"]);
}

#[test]
fn a_version_without_a_value_does_not_become_current() {
    let mut world = prepared();
    rotate_by(&mut world, days(10), 1).unwrap();
    let answer = move_stage(&mut world, "AWSCURRENT", Some(0), Some(1));
    fails(answer, REQUEST, "has no value");
    // Other values of the same token are no repetition.
    put(&mut world, "s", 1, "new", &["AWSPENDING"]).unwrap();
    let words = "because that value is already in use for a version of secret";
    fails(
        put(&mut world, "s", 1, "other", &["AWSPENDING"]),
        EXISTS,
        words,
    );
    move_stage(&mut world, "AWSCURRENT", Some(0), Some(1)).unwrap();
}

#[test]
fn a_role_that_cannot_be_assumed_fails_the_step() {
    for (role, words) in [
        ("none", "there is no role none"),
        (
            "other",
            "the role other does not trust lambda.amazonaws.com",
        ),
    ] {
        let mut world = prepared();
        world.role(
            "other",
            &trust("arn:aws:iam::123456789012:root"),
            &policy("Allow", "*", "*"),
        );
        world.put(Entity::RotationFunction(
            RotationFunction::new(FUNCTION, role).unwrap(),
        ));
        rotate_by(&mut world, days(10), 1).unwrap();
        let turn = rotation::begin(&world.partition, &subject(), world.now, [1; 32]);
        assert!(turn.invocation.is_none());
        let why = turn.records.last().unwrap().failure().unwrap().to_owned();
        assert!(why.ends_with(words), "{why}");
        let (_, events) = commit(&mut world, turn);
        assert_eq!(events, ["RotationStarted", "RotationFailed"]);
        assert!(rotation::due(&world.partition).next().unwrap().0 > world.now);
    }
}

#[test]
fn a_function_may_do_what_its_role_may() {
    let mut world = prepared();
    rotate_by(&mut world, days(10), 1).unwrap();
    let first = begin(&mut world).0.unwrap();
    let caller = credentials(&first);
    let put = texts(&[("SecretId", "s"), ("ClientRequestToken", &token(1))]);
    let deny = [
        ("RoleName", "rotator"),
        ("PolicyName", "deny"),
        (
            "PolicyDocument",
            &policy("Deny", "secretsmanager:PutSecretValue", "*"),
        ),
    ];
    world.admin("iam", "PutRolePolicy", &texts(&deny)).unwrap();
    let put = put.with("SecretString", text("new"));
    let answer = world.call(&caller, "secretsmanager", "PutSecretValue", &put);
    fails(answer, DENIED, "assumed-role/rotator/rotate");
    world.now = seconds(16 * 60);
    let answer = world.call(&caller, "secretsmanager", "PutSecretValue", &put);
    fails(answer, ("ExpiredTokenException", 400), "expired");
}

#[test]
fn a_rotation_that_cannot_be_set_up() {
    let mut world = prepared();
    fails(
        rotate(&mut world, &[]),
        REQUEST,
        "No Lambda rotation function ARN",
    );
    let empty = [("RotationLambdaARN", "")];
    fails(
        rotate(&mut world, &empty),
        REQUEST,
        "No Lambda rotation function ARN",
    );
    for arn in [
        "rotate",
        "arn:aws:lambda:us-east-1:123456789012:function:other",
    ] {
        let words = "Secrets Manager cannot invoke the specified Lambda function.";
        fails(
            rotate(&mut world, &[("RotationLambdaARN", arn)]),
            DENIED,
            words,
        );
    }
    let expression = |text: &str| texts(&[("ScheduleExpression", text)]);
    for (rules, words) in [
        (
            expression("rate(1 hour)"),
            "Invalid ScheduleExpression rate(1 hour)",
        ),
        (expression("cron(1 4 * * ? *)"), "the minutes must be 0"),
        (
            expression("rate(4 hours)").with("Duration", "5h"),
            "Duration 5h",
        ),
        (days(1).with("ScheduleExpression", "rate(1 day)"), "both"),
        (texts(&[("Duration", "1h")]), "without"),
    ] {
        fails(rotate_by(&mut world, rules, 1), PARAMETER, words);
    }
    for (rules, words) in [
        (days(0), "automaticallyAfterDays"),
        (days(1_001), "automaticallyAfterDays"),
        (texts(&[("Duration", "h")]), "duration"),
        (
            texts(&[("ScheduleExpression", "rate(1 day);")]),
            "scheduleExpression",
        ),
    ] {
        fails(rotate_by(&mut world, rules, 1), VALIDATION, words);
    }
    let role = [(
        "ExternalSecretRotationRoleArn",
        "arn:aws:iam::123456789012:role/x",
    )];
    fails(
        rotate(&mut world, &role),
        PARAMETER,
        "ExternalSecretRotationRoleArn",
    );
    let missing = texts(&[("SecretId", "none"), ("RotationLambdaARN", FUNCTION)]);
    fails(
        call(&mut world, "RotateSecret", &missing),
        MISSING,
        "specified secret",
    );
    assert_eq!(stages(&world, "s"), labelled(&[("AWSCURRENT", 0)]));
    assert!(described(&mut world).get("RotationEnabled").is_none());
    // A label of a person's own is in the way as well.
    put(&mut world, "s", 5, "aside", &["AWSPENDING"]).unwrap();
    let words = "A previous rotation isn't complete.";
    fails(rotate_by(&mut world, days(1), 1), REQUEST, words);
}

#[test]
fn a_secret_without_a_value_is_given_its_first_by_the_function() {
    let mut world = prepared();
    let forced = texts(&[("SecretId", "s")]).with("ForceDeleteWithoutRecovery", true);
    call(&mut world, "DeleteSecret", &forced).unwrap();
    create(&mut world, "s", None);
    rotate_by(&mut world, days(10), 1).unwrap();
    assert_eq!(
        run_to_end(&mut world, "first"),
        ["RotationStarted", "RotationSucceeded"]
    );
    assert_eq!(
        value(&get(&mut world, &[("SecretId", "s")]).unwrap()),
        "first"
    );
}

#[test]
fn without_rules_a_secret_rotates_when_it_is_told_to() {
    let mut world = prepared();
    rotate(&mut world, &[("RotationLambdaARN", FUNCTION)]).unwrap();
    run_to_end(&mut world, "one");
    assert_eq!(rotation::due(&world.partition).next(), None);
    let shown = described(&mut world);
    assert_eq!(shown.boolean("RotationEnabled"), Some(true));
    assert!(shown.get("RotationRules").is_none() && shown.get("NextRotationDate").is_none());
    rotate(&mut world, &[]).unwrap();
    assert_eq!(
        run_to_end(&mut world, "two"),
        ["RotationStarted", "RotationSucceeded"]
    );
}

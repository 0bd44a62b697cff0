//! Rotations from their set-up to their end, with the tests in place of the function.

use jiff::Timestamp;
use protocol::sigv4::Credentials;

use super::*;
use crate::entity::{Entity, Located, RotationFunction, RotationStep, Step};
use crate::home::Home;
use crate::rotation::{self, ATTEMPTS_MAX, Invocation, Subject, Turn};
use crate::testing::{policy, statements};
use crate::trail::{Decision, Event};

mod failures;
mod model;

pub(super) const FUNCTION: &str = "arn:aws:lambda:us-east-1:123456789012:function:rotate";
const DENIED: (&str, u16) = ("AccessDeniedException", 400);

/// A world with a function, its role, and the secret `s` with a value.
pub(super) fn prepared() -> World {
    let mut world = World::new();
    let trust = statements(
        r#"{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},
            "Action":"sts:AssumeRole"}"#,
    );
    let allow = policy("Allow", "secretsmanager:*", "*");
    world.role("rotator", &trust, &allow);
    world.put(Entity::RotationFunction(
        RotationFunction::new(FUNCTION, "rotator").unwrap(),
    ));
    create(&mut world, "s", None);
    put(&mut world, "s", 0, "old", &[]).unwrap();
    world
}

pub(super) fn rotate(world: &mut World, members: &[(&'static str, &str)]) -> Result<Record, Fault> {
    let input = texts(&[("SecretId", "s")]);
    let with = |input: Record, (name, text): &(&'static str, &str)| input.with(name, *text);
    call(world, "RotateSecret", &members.iter().fold(input, with))
}

/// The same with the function and rules.
fn rotate_by(world: &mut World, rules: Record, token: u8) -> Result<Record, Fault> {
    let input = texts(&[
        ("SecretId", "s"),
        ("RotationLambdaARN", FUNCTION),
        ("ClientRequestToken", &super::token(token)),
    ]);
    call(world, "RotateSecret", &input.with("RotationRules", rules))
}

fn days(days: i64) -> Record {
    Record::new().with("AutomaticallyAfterDays", days)
}

fn described(world: &mut World) -> Record {
    call(world, "DescribeSecret", &texts(&[("SecretId", "s")])).unwrap()
}

fn commit(world: &mut World, turn: Turn) -> (Option<Invocation>, Vec<String>) {
    for change in turn.changes {
        if let Step::Put(entity) = &change.step {
            let bytes = entity.encode().unwrap();
            let read = Located::decode(&change.record_key(), &bytes).unwrap();
            assert_eq!(read.entity, **entity);
        }
        world.apply(change);
    }
    let events = turn.records.iter().map(|record| record.operation.unwrap());
    (turn.invocation, events.map(str::to_owned).collect())
}

fn subject() -> Subject {
    Subject {
        home: Home::new("123456789012", "us-east-1"),
        name: "s".to_owned(),
    }
}

/// Has the rotation of `s` begin what is due.
pub(super) fn begin(world: &mut World) -> (Option<Invocation>, Vec<String>) {
    let seed = [u8::try_from(world.now.as_second() % 251).unwrap(); 32];
    let turn = rotation::begin(&world.partition, &subject(), world.now, seed);
    commit(world, turn)
}

pub(super) fn settle(
    world: &mut World,
    invocation: &Invocation,
    result: Result<(), &str>,
) -> Vec<String> {
    let result = result.map_err(str::to_owned);
    let turn = rotation::settle(
        &world.partition,
        &invocation.step,
        result,
        world.now,
        [3; 32],
    );
    commit(world, turn).1
}

fn credentials(invocation: &Invocation) -> Credentials {
    Credentials {
        access_key_id: invocation.access_key_id.clone(),
        secret_access_key: invocation.secret_access_key.clone(),
        session_token: Some(invocation.session_token.clone()),
    }
}

/// What a function does in a step, with the credentials that it was given.
pub(super) fn do_step(world: &mut World, invocation: &Invocation, new: &str) {
    let token = invocation.step.token.as_str();
    let id = texts(&[("SecretId", "s")]);
    let mut call = |operation: &str, input: &Record| {
        let caller = credentials(invocation);
        world
            .call(&caller, "secretsmanager", operation, input)
            .unwrap()
    };
    match invocation.step.step {
        RotationStep::CreateSecret => {
            let input = id
                .with("ClientRequestToken", token)
                .with("SecretString", text(new))
                .with("VersionStages", vec!["AWSPENDING"]);
            call("PutSecretValue", &input);
        }
        RotationStep::FinishSecret => {
            let current = call("DescribeSecret", &id);
            let held = current.get("VersionIdsToStages").unwrap();
            let Value::Map(held) = held else { panic!() };
            let current = held.iter().find_map(|(id, stages)| {
                format!("{stages:?}").contains("AWSCURRENT").then_some(id)
            });
            let input = id
                .with("VersionStage", "AWSCURRENT")
                .with("MoveToVersionId", token)
                .with_some("RemoveFromVersionId", current.map(String::as_str));
            call("UpdateSecretVersionStage", &input);
        }
        RotationStep::SetSecret | RotationStep::TestSecret => {}
    }
}

/// All four steps; the events of Secrets Manager.
pub(super) fn run_to_end(world: &mut World, new: &str) -> Vec<String> {
    let mut events = Vec::new();
    for _ in 0..4 {
        let (invocation, begun) = begin(world);
        events.extend(begun);
        let invocation = invocation.unwrap();
        do_step(world, &invocation, new);
        events.extend(settle(world, &invocation, Ok(())));
    }
    events
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn a_rotation_goes_through_its_steps() {
    let mut world = prepared();
    let answer = rotate_by(&mut world, days(30), 1).unwrap();
    assert_eq!(answer.text("VersionId"), Some(&*token(1)));
    // Announced, but without a value.
    assert_eq!(
        stages(&world, "s"),
        labelled(&[("AWSCURRENT", 0), ("AWSPENDING", 1)])
    );
    let words = "can't find the specified secret value for";
    for (member, of) in [("VersionStage", "AWSPENDING"), ("VersionId", &token(1))] {
        let answer = get(&mut world, &[("SecretId", "s"), (member, of)]);
        fails(answer, MISSING, words);
    }
    let listed = call(
        &mut world,
        "ListSecretVersionIds",
        &texts(&[("SecretId", "s")]),
    )
    .unwrap();
    assert_eq!(listed.records("Versions").count(), 2);

    let (first, _) = begin(&mut world);
    let first = first.unwrap();
    let event: serde_json::Value = serde_json::from_str(&first.event).unwrap();
    let arn = world.state.secret("s").unwrap().secret.arn.clone();
    let expect = serde_json::json!({
        "Step": "createSecret", "SecretId": arn, "ClientRequestToken": token(1),
    });
    assert_eq!((event, &*first.function), (expect, FUNCTION));
    // A step that a restart cut short is done again.
    let events = run_to_end(&mut world, "new");
    assert_eq!(events, ["RotationStarted", "RotationSucceeded"]);

    let current = get(&mut world, &[("SecretId", "s")]).unwrap();
    assert_eq!(
        (value(&current), current.text("VersionId")),
        ("new", Some(&*token(1)))
    );
    let previous = [("SecretId", "s"), ("VersionStage", "AWSPREVIOUS")];
    assert_eq!(value(&get(&mut world, &previous).unwrap()), "old");
    let described = described(&mut world);
    assert_eq!(described.boolean("RotationEnabled"), Some(true));
    assert_eq!(described.text("RotationLambdaARN"), Some(FUNCTION));
    assert_eq!(
        described.get("LastRotatedDate"),
        Some(&Value::Timestamp(world.now))
    );
    let next = Value::Timestamp(at("2026-01-31T23:59:59Z"));
    assert_eq!(described.get("NextRotationDate"), Some(&next));
    assert_eq!(
        rotation::due(&world.partition).next(),
        Some((at("2026-01-31T00:00:00Z"), subject()))
    );
}

#[test]
fn a_window_opens_and_the_secret_rotates_by_itself() {
    let mut world = prepared();
    let rules = texts(&[
        ("ScheduleExpression", "cron(0 4 * * ? *)"),
        ("Duration", "2h"),
    ]);
    rotate_by(&mut world, rules, 1).unwrap();
    run_to_end(&mut world, "one");
    world.now = at("2026-01-01T03:59:59Z");
    assert!(begin(&mut world).0.is_none());
    world.now = at("2026-01-01T04:00:00Z");
    assert_eq!(
        run_to_end(&mut world, "two"),
        ["RotationStarted", "RotationSucceeded"]
    );
    assert_eq!(
        value(&get(&mut world, &[("SecretId", "s")]).unwrap()),
        "two"
    );
    // Nobody was there at four; after six it is too late for today.
    world.now = at("2026-01-02T06:00:00Z");
    assert!(begin(&mut world).0.is_none());
    assert_eq!(
        rotation::due(&world.partition).next(),
        Some((at("2026-01-03T04:00:00Z"), subject()))
    );
    let next = Value::Timestamp(at("2026-01-03T05:59:59Z"));
    assert_eq!(described(&mut world).get("NextRotationDate"), Some(&next));
}

#[test]
fn a_value_put_by_hand_counts_as_a_rotation() {
    let mut world = prepared();
    rotate_by(&mut world, days(10), 1).unwrap();
    run_to_end(&mut world, "one");
    world.now = at("2026-01-05T12:00:00Z");
    put(&mut world, "s", 2, "by hand", &[]).unwrap();
    // The label that the function has left is in nobody's way.
    let expect = labelled(&[("AWSCURRENT", 2), ("AWSPREVIOUS", 1)]);
    assert_eq!(stages(&world, "s"), expect);
    assert_eq!(begin(&mut world).1, ["RotationAbandoned"]);
    assert_eq!(
        rotation::due(&world.partition).next(),
        Some((at("2026-01-15T00:00:00Z"), subject()))
    );
    // One that is not current does not.
    world.now = at("2026-01-06T12:00:00Z");
    put(&mut world, "s", 3, "aside", &["mine"]).unwrap();
    assert_eq!(
        rotation::due(&world.partition).next(),
        Some((at("2026-01-15T00:00:00Z"), subject()))
    );
}

#[test]
fn a_value_put_by_hand_makes_a_rotation_moot() {
    let mut world = prepared();
    rotate_by(&mut world, days(10), 1).unwrap();
    let (first, _) = begin(&mut world);
    put(&mut world, "s", 2, "by hand", &[]).unwrap();
    assert_eq!(
        stages(&world, "s"),
        labelled(&[("AWSCURRENT", 2), ("AWSPREVIOUS", 0)])
    );
    // The step ends all the same, and nobody waits for it.
    assert_eq!(settle(&mut world, &first.unwrap(), Ok(())), [""; 0]);
    let (none, events) = begin(&mut world);
    assert!(none.is_none());
    assert_eq!(events, ["RotationAbandoned"]);
    rotate(&mut world, &[("ClientRequestToken", &token(3))]).unwrap();
    assert_eq!(
        run_to_end(&mut world, "new"),
        ["RotationStarted", "RotationSucceeded"]
    );
}

#[test]
fn a_function_is_tried_before_it_is_needed() {
    let mut world = prepared();
    let input = texts(&[("SecretId", "s"), ("RotationLambdaARN", FUNCTION)])
        .with("RotationRules", days(10))
        .with("RotateImmediately", false);
    for (result, event) in [
        (Ok(()), "TestRotationSucceeded"),
        (Err("no"), "TestRotationFailed"),
    ] {
        call(&mut world, "RotateSecret", &input).unwrap();
        assert!(
            world
                .state
                .secret("s")
                .unwrap()
                .secret
                .stages
                .contains_key("AWSPENDING")
        );
        let (tried, events) = begin(&mut world);
        assert_eq!(events, ["TestRotationStarted"]);
        let tried = tried.unwrap();
        assert_eq!(tried.step.step, RotationStep::TestSecret);
        assert_eq!(settle(&mut world, &tried, result), [event]);
        assert_eq!(stages(&world, "s"), labelled(&[("AWSCURRENT", 0)]));
        assert_eq!(world.state.secret("s").unwrap().versions.len(), 1);
    }
    let described = described(&mut world);
    assert_eq!(described.boolean("RotationEnabled"), Some(true));
    assert!(described.get("LastRotatedDate").is_none());
    assert_eq!(
        rotation::due(&world.partition).next(),
        Some((at("2026-01-11T00:00:00Z"), subject()))
    );
}

#[test]
fn a_rotation_is_cancelled_and_set_up_again() {
    let mut world = prepared();
    let cancel = texts(&[("SecretId", "s")]);
    let never = call(&mut world, "CancelRotateSecret", &cancel);
    fails(never, REQUEST, "isn't configured for rotation");
    assert!(described(&mut world).get("RotationEnabled").is_none());
    rotate_by(&mut world, days(10), 1).unwrap();
    let (first, _) = begin(&mut world);
    let answer = call(&mut world, "CancelRotateSecret", &cancel).unwrap();
    assert_eq!(answer.text("VersionId"), Some(&*token(1)));
    settle(&mut world, &first.unwrap(), Ok(()));
    assert_eq!(rotation::due(&world.partition).next(), None);
    let shown = described(&mut world);
    assert_eq!(shown.boolean("RotationEnabled"), Some(false));
    let rules = shown.record("RotationRules").unwrap();
    assert_eq!(rules.integer("AutomaticallyAfterDays"), Some(10));
    assert!(shown.get("NextRotationDate").is_none() && shown.get("LastRotatedDate").is_none());
    // The label is the caller's to remove.
    let words = "A previous rotation isn't complete. That rotation will be reattempted.";
    fails(rotate(&mut world, &[]), REQUEST, words);
    move_stage(&mut world, "AWSPENDING", Some(1), None).unwrap();
    rotate(&mut world, &[]).unwrap();
    assert_eq!(
        run_to_end(&mut world, "new"),
        ["RotationStarted", "RotationSucceeded"]
    );
}

#[test]
fn a_deleted_secret_rotates_when_it_is_restored() {
    let mut world = prepared();
    rotate_by(&mut world, days(10), 1).unwrap();
    run_to_end(&mut world, "one");
    let id = texts(&[("SecretId", "s")]);
    call(&mut world, "DeleteSecret", &id).unwrap();
    assert_eq!(rotation::due(&world.partition).next(), None);
    fails(rotate(&mut world, &[]), REQUEST, "marked for deletion");
    world.now = at("2026-01-11T08:00:00Z");
    assert!(begin(&mut world).0.is_none());
    call(&mut world, "RestoreSecret", &id).unwrap();
    assert!(begin(&mut world).0.is_some());
    let forced = id.with("ForceDeleteWithoutRecovery", true);
    call(&mut world, "DeleteSecret", &forced).unwrap();
    assert_eq!(rotation::due(&world.partition).next(), None);
}

#[test]
fn a_token_is_rotated_once() {
    let mut world = prepared();
    rotate_by(&mut world, days(10), 1).unwrap();
    let before = world.state.secret("s").unwrap().secret.clone();
    let answer = rotate(&mut world, &[("ClientRequestToken", &token(1))]).unwrap();
    assert_eq!(answer.text("VersionId"), Some(&*token(1)));
    assert_eq!(world.state.secret("s").unwrap().secret, before);
    run_to_end(&mut world, "one");
    for of in [0, 1] {
        rotate(&mut world, &[("ClientRequestToken", &token(of))]).unwrap();
        assert!(begin(&mut world).0.is_none(), "{of}");
    }
    assert_eq!(
        value(&get(&mut world, &[("SecretId", "s")]).unwrap()),
        "one"
    );
}

#[test]
fn functions_are_those_that_the_world_has() {
    let mut world = prepared();
    let other = RotationFunction::new(&format!("{FUNCTION}-2"), "rotator").unwrap();
    let changes = rotation::establish(&world.partition, std::slice::from_ref(&other));
    let changes = changes.unwrap();
    assert_eq!(changes.len(), 2);
    for change in changes {
        world.apply(change);
    }
    assert_eq!(
        rotation::establish(&world.partition, std::slice::from_ref(&other)),
        Ok(Vec::new())
    );
    fails(rotate_by(&mut world, days(1), 1), DENIED, "cannot invoke");
    let moved = RotationFunction {
        role: "other".into(),
        ..other
    };
    let changes = rotation::establish(&world.partition, &[moved]).unwrap();
    assert_eq!(changes.len(), 1);
    for place in ["us-east-1:210987654321", "eu-nowhere-1:123456789012"] {
        let arn = format!("arn:aws:lambda:{place}:function:rotate");
        let nowhere = RotationFunction::new(&arn, "rotator").unwrap();
        let answer = rotation::establish(&world.partition, &[nowhere]);
        assert_eq!(answer, Err(arn));
    }
}

#[test]
fn a_rotation_is_followed_by_the_copies() {
    let mut world = prepared();
    let region = texts(&[("Region", "eu-central-1")]);
    let input = texts(&[("SecretId", "s")]).with("AddReplicaRegions", vec![region]);
    call(&mut world, "ReplicateSecretToRegions", &input).unwrap();
    rotate_by(&mut world, days(10), 1).unwrap();
    for _ in 0..4 {
        let (invocation, _) = begin(&mut world);
        let invocation = invocation.unwrap();
        do_step(&mut world, &invocation, "new");
        settle(&mut world, &invocation, Ok(()));
    }

    let admin = world.admin.clone();
    let input = texts(&[("SecretId", "s")]);
    let read = ("secretsmanager", "GetSecretValue");
    let copy = world.call_in("eu-central-1", &admin, read, &input).unwrap();

    assert_eq!(value(&copy), "new");
}

#[test]
fn the_function_is_called_for_who_may_call_it() {
    let mut world = prepared();
    let on_secret = r#"{"Effect":"Allow","Action":"secretsmanager:RotateSecret","Resource":"*"}"#;
    let input = texts(&[("SecretId", "s"), ("RotationLambdaARN", FUNCTION)]);
    let clerk = world.user("clerk", &statements(on_secret));
    let answer = world.call(&clerk, "secretsmanager", "RotateSecret", &input);
    fails(answer, DENIED, "lambda:InvokeFunction");
    let invoke =
        format!(r#"{{"Effect":"Allow","Action":"lambda:InvokeFunction","Resource":"{FUNCTION}"}}"#);
    let rotator = world.user("may", &statements(&format!("{on_secret},{invoke}")));
    world
        .call(&rotator, "secretsmanager", "RotateSecret", &input)
        .unwrap();
}

#[test]
fn what_a_rotation_is_set_up_with_is_a_condition() {
    for (condition, allowed) in [
        (
            format!(r#""ArnEquals":{{"secretsmanager:RotationLambdaARN":"{FUNCTION}"}}"#),
            true,
        ),
        (
            r#""ArnEquals":{"secretsmanager:RotationLambdaARN":"arn:aws:lambda:*:*:function:x"}"#
                .to_owned(),
            false,
        ),
        (
            r#""Bool":{"secretsmanager:RotateImmediately":"true"}"#.to_owned(),
            true,
        ),
        (
            r#""Bool":{"secretsmanager:RotateImmediately":"false"}"#.to_owned(),
            false,
        ),
        (
            r#""Bool":{"secretsmanager:ModifyRotationRules":"true"}"#.to_owned(),
            true,
        ),
        (
            r#""Bool":{"secretsmanager:ModifyRotationRules":"false"}"#.to_owned(),
            false,
        ),
        (
            format!(
                r#""ArnEquals":{{"secretsmanager:resource/AllowRotationLambdaArn":"{FUNCTION}"}}"#
            ),
            false,
        ),
    ] {
        let mut world = prepared();
        let clerk = world.user(
            "clerk",
            &statements(&format!(
                r#"{{"Effect":"Allow","Action":"secretsmanager:*","Resource":"*",
                "Condition":{{{condition}}}}},
                {{"Effect":"Allow","Action":"lambda:*","Resource":"*"}}"#
            )),
        );
        let input = texts(&[("SecretId", "s"), ("RotationLambdaARN", FUNCTION)]);
        let input = input.with("RotationRules", days(1));
        let answer = world.call(&clerk, "secretsmanager", "RotateSecret", &input);
        assert_eq!(answer.is_ok(), allowed, "{condition}: {answer:?}");
        // Once it has the function, the last one holds of every call on the secret.
        rotate_by(&mut world, days(1), 1).ok();
        let id = texts(&[("SecretId", "s")]);
        let answer = world.call(&clerk, "secretsmanager", "DescribeSecret", &id);
        assert_eq!(
            answer.is_ok(),
            condition.contains("resource/"),
            "{condition}"
        );
    }
}

#[test]
fn the_record_tells_what_nobody_called() {
    let mut world = prepared();
    rotate_by(&mut world, days(10), 1).unwrap();
    let place = &Home::new("123456789012", "us-east-1");
    let turn = rotation::begin(&world.partition, &subject(), world.now, [1; 32]);
    let step = turn.invocation.unwrap().step;
    let started = turn.records[0].record(place);
    let failed = rotation::settle(
        &world.partition,
        &step,
        Err("no".into()),
        world.now,
        [2; 32],
    );
    let failed = failed.records[0].record(place);
    let arn = world.state.secret("s").unwrap().secret.arn.clone();
    let read: serde_json::Value = serde_json::from_str(&started).unwrap();
    assert_eq!(read["eventType"], "AwsServiceEvent");
    assert_eq!(read["eventName"], "RotationStarted");
    assert_eq!(
        read["userIdentity"]["invokedBy"],
        "secretsmanager.amazonaws.com"
    );
    assert_eq!(read["additionalEventData"]["SecretId"], arn.as_str());
    let event = Event::read(&started).unwrap();
    assert_eq!(
        (event.decision, event.resources),
        (Decision::Allowed, vec![arn])
    );
    let event = Event::read(&failed).unwrap();
    assert_eq!(event.decision, Decision::Failed);
    let why = "Rotation step createSecret failed: no";
    assert_eq!(event.reason.as_deref(), Some(why));
}

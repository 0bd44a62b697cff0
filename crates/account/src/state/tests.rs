//! The state as the fold of its changes, and what none of its faces shows.

use std::fmt::Write as _;

use proptest::prelude::*;
use protocol::shape::Service;
use protocol::{Record, Secret};

use super::*;
use crate::entity::{Entity, Located, SecretVersion, Step};
use crate::sample;
use crate::testing::{World, policy, seconds, texts, trust};

/// A store as simple as can be: records by key.
type Store = std::collections::BTreeMap<String, Vec<u8>>;

fn commit(store: &mut Store, changes: &[Change]) {
    for change in changes {
        let key = change.record_key();
        match &change.step {
            Step::Put(entity) => drop(store.insert(key, entity.encode().unwrap().to_vec())),
            Step::Delete(_) => drop(store.remove(&key)),
        }
    }
}

fn load(store: &Store) -> State {
    let records = store
        .iter()
        .map(|(key, bytes)| Located::decode(key, bytes).unwrap());
    founding(Partition::load(records).unwrap())
}

fn founding(partition: Partition) -> State {
    Arc::new(partition).founding_state().unwrap()
}

/// What stands where the world was made.
fn located(world: &World, entity: Entity) -> Located {
    Located {
        home: world.state.home().clone(),
        entity,
    }
}

/// Names of few things, so that calls meet.
fn call(kind: usize, which: usize) -> (&'static str, &'static str, Record) {
    let name = ["a", "b"][which % 2];
    let with = |member, more: &[(&'static str, &str)]| {
        let mut record = texts(more);
        record.set(member, name);
        record
    };
    let arn = format!("arn:aws:iam::123456789012:policy/{name}");
    let document = policy("Allow", "s3:*", "*");
    let launch = Record::new()
        .with("MinCount", 1)
        .with("MaxCount", 2)
        .with("ImageId", "ami-12c6146b")
        .with("ClientToken", name);
    let value = || with("SecretId", &[]).with("SecretString", Secret::from_text("v".into()));
    let force = || with("SecretId", &[]).with("ForceDeleteWithoutRecovery", true);
    let attached = [("PolicyArn", &*arn)];
    match kind {
        0 => (
            "iam",
            "CreateRole",
            with(
                "RoleName",
                &[("AssumeRolePolicyDocument", &trust("123456789012"))],
            ),
        ),
        1 => ("iam", "DeleteRole", with("RoleName", &[])),
        2 => (
            "iam",
            "PutRolePolicy",
            with(
                "RoleName",
                &[("PolicyName", "p"), ("PolicyDocument", &document)],
            ),
        ),
        3 => (
            "iam",
            "DeleteRolePolicy",
            with("RoleName", &[("PolicyName", "p")]),
        ),
        4 => (
            "iam",
            "CreatePolicy",
            with("PolicyName", &[("PolicyDocument", &document)]),
        ),
        5 => (
            "iam",
            "CreatePolicyVersion",
            texts(&[("PolicyArn", &arn), ("PolicyDocument", &document)]),
        ),
        6 => ("iam", "DeletePolicy", texts(&attached)),
        7 => ("iam", "AttachRolePolicy", with("RoleName", &attached)),
        8 => ("iam", "DetachRolePolicy", with("RoleName", &attached)),
        9 => ("iam", "CreateUser", with("UserName", &[])),
        10 => ("iam", "CreateAccessKey", with("UserName", &[])),
        11 => ("secretsmanager", "CreateSecret", with("Name", &[])),
        12 => ("secretsmanager", "PutSecretValue", value()),
        13 => ("secretsmanager", "DeleteSecret", force()),
        14 => ("secretsmanager", "DeleteSecret", with("SecretId", &[])),
        15 => ("secretsmanager", "RestoreSecret", with("SecretId", &[])),
        16 => ("ec2", "RunInstances", launch),
        _ => (
            "iam",
            "CreateInstanceProfile",
            with("InstanceProfileName", &[]),
        ),
    }
}

fn outcome(world: &mut World, (service, operation, input): (&str, &str, Record)) -> crate::Outcome {
    let service = Service::find(service).unwrap();
    let operation = service.operation(operation).unwrap();
    let admin = world.admin.clone();
    let request = world.signed(&admin, service, operation, &input);
    world.outcome(&request)
}

fn terminate_some(world: &World, which: usize) -> Option<(&'static str, &'static str, Record)> {
    let id = world.state.instance_ids().nth(which)?;
    let input = Record::new().with("InstanceIds", vec![id]);
    Some(("ec2", "TerminateInstances", input))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_state_is_what_its_store_loads_to(
        steps in proptest::collection::vec((0..19_usize, 0..4_usize, 0..4_000_i64), 1..40),
    ) {
        let mut world = World::new();
        let mut store = Store::new();
        let made = sample::sample("123456789012", "us-east-1", seconds(0), [1; 32]).unwrap();
        commit(&mut store, &made.changes);
        let mut at = 0;
        for (kind, which, later) in steps {
            at += later;
            world.now = seconds(at);
            let call = match kind {
                18 => terminate_some(&world, which),
                kind => Some(call(kind, which)),
            };
            let Some(call) = call else { continue };
            let outcome = outcome(&mut world, call);
            prop_assert_eq!(outcome.trail.error.is_some(), !outcome.response.status().is_success());
            commit(&mut store, &outcome.changes);
            let used = outcome.used.map(Located::put);
            commit(&mut store, used.as_slice());
        }
        // Debug shows every part of a state but its secrets, which the entities below compare.
        let loaded = load(&store);
        prop_assert_eq!(format!("{:?}", loaded), format!("{:?}", world.state));
        for (one, other) in loaded.secrets().values().zip(world.state.secrets().values()) {
            prop_assert_eq!(&one.versions, &other.versions);
        }
        for (one, other) in loaded.access_keys().values().zip(world.state.access_keys().values()) {
            prop_assert_eq!(one, other);
        }
    }
}

#[test]
fn a_terminated_instance_does_not_take_the_address_of_the_next() {
    let mut world = World::new();
    let sample = world.instance_id();
    let input = Record::new().with("InstanceIds", vec![&*sample]);
    world.admin("ec2", "TerminateInstances", &input).unwrap();
    let input = texts(&[
        ("ImageId", "ami-12c6146b"),
        ("PrivateIpAddress", "172.31.0.10"),
    ])
    .with("MinCount", 1)
    .with("MaxCount", 1);
    world.admin("ec2", "RunInstances", &input).unwrap();
    let address = Ipv4Addr::new(172, 31, 0, 10);
    let entities = || {
        let instances = world.state.instances().values();
        let settings = Entity::Settings(world.state.settings().clone());
        let instances = instances.map(|held| Entity::Instance(held.instance.clone()));
        let all = instances.chain([settings]);
        all.map(|entity| located(&world, entity))
            .collect::<Vec<_>>()
    };

    let (forwards, mut backwards) = (entities(), entities());
    backwards.reverse();
    for entities in [forwards, backwards] {
        assert!(!founding(Partition::load(entities).unwrap()).is_address_free(address));
    }
}

#[test]
fn records_that_are_no_account() {
    assert_eq!(Partition::load([]).unwrap_err(), StateError::NoSettings);
    let world = World::new();
    let held = world.state.secret(sample::SECRET).unwrap();
    let version = SecretVersion::clone(held.versions.values().next().unwrap());
    let settings = Entity::Settings(world.state.settings().clone());
    let key = Entity::SecretVersion(version.clone()).key().to_string();
    let settings = located(&world, settings);
    let version = located(&world, Entity::SecretVersion(version));
    let orphan = Partition::load([settings.clone(), version]);
    assert_eq!(orphan.unwrap_err(), StateError::Orphan(key));

    let mut role = world.state.role(sample::ROLE).unwrap().role.clone();
    role.trust = "{".to_owned();
    let held = located(&world, Entity::Role(role.clone()));
    let error = Partition::load([settings.clone(), held.clone()]).unwrap_err();
    assert!(
        matches!(error, StateError::Entity(EntityError::Policy(..))),
        "{error}"
    );
    let mut state = world.state.clone();
    let before = format!("{state:?}");
    let change = Change::put(held.home, Entity::Role(role));
    assert!(state.apply(change).is_err());
    assert_eq!(format!("{state:?}"), before);

    let nowhere = Located {
        home: Home::new("210987654321", "us-east-1"),
        entity: Entity::Instance(
            world
                .state
                .instances()
                .values()
                .next()
                .unwrap()
                .instance
                .clone(),
        ),
    };
    let error = Partition::load([settings, nowhere]).unwrap_err();
    assert_eq!(error, StateError::Nowhere("210987654321/us-east-1".into()));
}

const CANARY: &str = "canary-0b5e";

#[test]
fn no_secret_is_shown() {
    use base64::Engine as _;
    let mut world = World::new();
    let encoded = base64::engine::general_purpose::STANDARD.encode(CANARY);
    let secret = || Secret::from_text(CANARY.to_owned());
    let mut shown = String::new();
    let canary = "00000000-0000-4000-8000-000000000000";
    let put = |value| {
        texts(&[("SecretId", "s"), ("ClientRequestToken", canary)]).with("SecretString", value)
    };
    let launch = Record::new()
        .with("MinCount", 1)
        .with("MaxCount", 1)
        .with("ImageId", "ami-12c6146b")
        .with("UserData", Secret::from_text(encoded.clone()));
    let long = Secret::from_text(CANARY.repeat(10_000));
    for call in [
        (
            "secretsmanager",
            "CreateSecret",
            texts(&[("Name", "s")]).with("SecretString", secret()),
        ),
        (
            "secretsmanager",
            "CreateSecret",
            texts(&[("Name", "s")]).with("SecretString", secret()),
        ),
        ("secretsmanager", "PutSecretValue", put(secret())),
        (
            "secretsmanager",
            "PutSecretValue",
            put(Secret::from_text(CANARY.repeat(2))),
        ),
        ("secretsmanager", "PutSecretValue", put(long.clone())),
        (
            "secretsmanager",
            "PutSecretValue",
            put(secret()).with("SecretBinary", secret()),
        ),
        (
            "secretsmanager",
            "GetSecretValue",
            texts(&[("SecretId", "s")]),
        ),
        ("ec2", "RunInstances", launch.clone()),
        (
            "ec2",
            "RunInstances",
            launch.clone().with("UserData", secret()),
        ),
        ("ec2", "RunInstances", launch.with("UserData", long)),
    ] {
        let operation = call.1;
        let outcome = outcome(&mut world, call);
        let _ = write!(shown, "{outcome:?} {:?}", outcome.trail);
        // The answer to whoever may read is the one place where a value stands.
        if operation != "GetSecretValue" {
            shown += &String::from_utf8_lossy(outcome.response.body());
        }
    }
    let _ = write!(shown, "{:?}", world.state);

    for forbidden in [
        CANARY,
        &encoded,
        world.admin.secret_access_key.expose_text().unwrap(),
    ] {
        assert!(!shown.contains(forbidden));
    }
    assert!(shown.contains("GetSecretValue"));
}

#[test]
fn no_key_or_token_is_shown() {
    let mut world = World::new();
    let arn = world.role("r", &trust("123456789012"), &policy("Allow", "*", "*"));
    let input = texts(&[("RoleArn", &arn), ("RoleSessionName", "session")]);
    let admin = world.admin.clone();
    let session = world.assume(&admin, &input);
    let service = Service::find("sts").unwrap();
    let operation = service.operation("GetCallerIdentity").unwrap();
    let mut shown = String::new();
    for alter in [false, true] {
        let mut request = world.signed(&session, service, operation, &Record::new());
        if alter {
            *request.body_mut() = "Action=GetCallerIdentity&Version=2011-06-15&x=".into();
        }
        let outcome = world.outcome(&request);
        let _ = write!(
            shown,
            "{outcome:?} {}",
            String::from_utf8_lossy(outcome.response.body())
        );
    }
    let _ = write!(
        shown,
        "{:?}",
        outcome(&mut world, ("sts", "AssumeRole", input))
    );
    let user = texts(&[("UserName", "administrator")]);
    let made = outcome(&mut world, ("iam", "CreateAccessKey", user));
    let _ = write!(shown, "{made:?} {:?}", world.state);

    let text = |secret: &Secret| secret.expose_text().unwrap().to_owned();
    let keys = world
        .state
        .access_keys()
        .values()
        .map(|key| text(&key.secret));
    let forbidden: Vec<String> = keys
        .chain([
            text(&session.secret_access_key),
            text(session.session_token.as_ref().unwrap()),
        ])
        .collect();
    assert_eq!(forbidden.len(), 4);
    for forbidden in forbidden {
        assert!(!shown.contains(&forbidden));
    }
}

//! Secrets under a customer's key: whoever may not use the key, or cannot, does not read them.

use protocol::sigv4::Credentials;

use super::*;
use crate::testing::{ACCOUNT, REGION, policy, statements};

const DENIED: (&str, u16) = ("AccessDeniedException", 400);
const ENCRYPTION: (&str, u16) = ("EncryptionFailure", 400);
const DECRYPTION: (&str, u16) = ("DecryptionFailure", 400);
const NOT_ALLOWED: &str = "Access to KMS is not allowed";
const ROOT: &str = "arn:aws:iam::123456789012:root";
const DAY: i64 = 86_400;

fn kms(world: &mut World, operation: &str, id: &str) {
    let input = texts(&[("KeyId", id)]);
    world.admin("kms", operation, &input).unwrap();
}

fn key(world: &mut World) -> String {
    let answer = world.admin("kms", "CreateKey", &Record::new()).unwrap();
    let metadata = answer.record("KeyMetadata").unwrap();
    metadata.text("KeyId").unwrap().to_owned()
}

fn key_arn(id: &str) -> String {
    format!("arn:aws:kms:{REGION}:{ACCOUNT}:key/{id}")
}

fn under(name: &str, key: &str, at: u8, value: &str) -> Record {
    texts(&[
        ("Name", name),
        ("KmsKeyId", key),
        ("ClientRequestToken", &token(at)),
    ])
    .with("SecretString", text(value))
}

/// A user with a statement for each pair of an action and a resource.
fn user(world: &mut World, name: &str, grants: &[(&str, &str)]) -> Credentials {
    let each = grants.iter().map(|(action, resource)| {
        format!(r#"{{"Effect":"Allow","Action":"{action}","Resource":"{resource}"}}"#)
    });
    let blocks = each.collect::<Vec<_>>().join(",");
    world.user(name, &statements(&blocks))
}

fn read(world: &mut World, who: &Credentials, name: &str) -> Result<Record, Fault> {
    let input = texts(&[("SecretId", name)]);
    world.call(who, "secretsmanager", "GetSecretValue", &input)
}

#[test]
fn reading_needs_decrypt_on_the_key_and_nothing_else_of_it() {
    let mut world = World::new();
    let id = key(&mut world);
    call(&mut world, "CreateSecret", &under("s", &id, 1, "value")).unwrap();
    let arn = key_arn(&id);
    let get = ("secretsmanager:GetSecretValue", "*");
    let without = user(&mut world, "without", &[get]);
    let wrong = user(
        &mut world,
        "wrong",
        &[get, ("kms:Encrypt", "*"), ("kms:GenerateDataKey", "*")],
    );
    let elsewhere = key_arn(&token(1));
    let other = user(&mut world, "other", &[get, ("kms:Decrypt", &elsewhere)]);
    let right = user(&mut world, "right", &[get, ("kms:Decrypt", &arn)]);
    for who in [&without, &wrong, &other] {
        fails(read(&mut world, who, "s"), DENIED, NOT_ALLOWED);
    }
    assert_eq!(value(&read(&mut world, &right, "s").unwrap()), "value");
    // The key alone is not enough, and the sample's secret is under a key that needs nothing.
    let keys_only = user(&mut world, "keys", &[("kms:*", "*")]);
    fails(
        read(&mut world, &keys_only, "s"),
        DENIED,
        "secretsmanager:GetSecretValue",
    );
    read(&mut world, &without, "my-secret").unwrap();
}

#[test]
fn the_key_policy_counts_before_the_accounts() {
    let mut world = World::new();
    let user = world.user_without_policies("u");
    let id = key(&mut world);
    call(&mut world, "CreateSecret", &under("s", &id, 1, "value")).unwrap();
    let admin = world.admin.clone();
    read(&mut world, &admin, "s").unwrap();
    let block = |principal: &str, action: &str| {
        format!(
            r#"{{"Effect":"Allow","Principal":{{"AWS":"{principal}"}},"Action":"{action}",
                "Resource":"*"}}"#
        )
    };
    let blocks = [
        block(ROOT, "kms:PutKeyPolicy"),
        block("arn:aws:iam::123456789012:user/u", "kms:Decrypt"),
    ];
    let input = texts(&[("KeyId", &id), ("Policy", &statements(&blocks.join(",")))]);
    world.admin("kms", "PutKeyPolicy", &input).unwrap();
    fails(read(&mut world, &admin, "s"), DENIED, NOT_ALLOWED);
    fails(
        read(&mut world, &user, "s"),
        DENIED,
        "secretsmanager:GetSecretValue",
    );
    let may_read = policy("Allow", "secretsmanager:GetSecretValue", "*");
    let input = texts(&[
        ("UserName", "u"),
        ("PolicyName", "p"),
        ("PolicyDocument", &may_read),
    ]);
    world.admin("iam", "PutUserPolicy", &input).unwrap();
    read(&mut world, &user, "s").unwrap();
}

#[test]
fn a_key_that_cannot_be_used_does_not_give_its_secrets() {
    let mut world = World::new();
    let id = key(&mut world);
    call(&mut world, "CreateSecret", &under("s", &id, 1, "value")).unwrap();
    let admin = world.admin.clone();
    let expect = |world: &mut World| {
        fails(read(world, &admin, "s"), DECRYPTION, "can't decrypt");
        fails(put(world, "s", 2, "new", &[]), ENCRYPTION, "can't encrypt");
        // What is known is not compared either.
        fails(
            put(world, "s", 1, "value", &[]),
            DECRYPTION,
            "can't decrypt",
        );
        fails(
            put(world, "s", 1, "guess", &[]),
            DECRYPTION,
            "can't decrypt",
        );
        let again = under("s", &id, 1, "value");
        fails(
            call(world, "CreateSecret", &again),
            DECRYPTION,
            "can't decrypt",
        );
        call(world, "DescribeSecret", &texts(&[("SecretId", "s")])).unwrap();
    };
    kms(&mut world, "DisableKey", &id);
    expect(&mut world);
    fails(
        call(&mut world, "CreateSecret", &under("t", &id, 1, "v")),
        ENCRYPTION,
        "",
    );
    let unset = texts(&[("Name", "t"), ("KmsKeyId", &id)]);
    fails(call(&mut world, "CreateSecret", &unset), ENCRYPTION, "");
    kms(&mut world, "EnableKey", &id);
    read(&mut world, &admin, "s").unwrap();
    kms(&mut world, "ScheduleKeyDeletion", &id);
    expect(&mut world);
    world.now = seconds(30 * DAY);
    expect(&mut world);
    key(&mut world);
    assert!(world.state.kms_key(&id).is_none());
    expect(&mut world);
    let invalid = call(&mut world, "CreateSecret", &under("t", &id, 1, "v"));
    fails(invalid, PARAMETER, "invalid KMS key: Key");
}

#[test]
fn a_key_that_is_not_there_is_refused() {
    let mut world = World::new();
    for (id, words) in [
        ("none", "invalid KMS key: Invalid keyId"),
        ("alias/none", "alias/none is not found"),
        ("00000000-0000-4000-8000-000000000000", "does not exist"),
        (
            "arn:aws:kms:eu-west-1:123456789012:key/x",
            "Invalid arn eu-west-1",
        ),
        ("arn:aws:kms:us-east-1:210987654321:key/x", "does not exist"),
        ("alias/aws/s3", "is not found"),
    ] {
        fails(
            call(&mut world, "CreateSecret", &under("s", id, 1, "v")),
            PARAMETER,
            words,
        );
        let update = texts(&[("SecretId", "my-secret"), ("KmsKeyId", id)]);
        fails(call(&mut world, "UpdateSecret", &update), PARAMETER, words);
    }
    let own = format!("arn:aws:kms:{REGION}:{ACCOUNT}:alias/aws/secretsmanager");
    for (at, id) in [(1, "alias/aws/secretsmanager"), (2, own.as_str())] {
        call(
            &mut world,
            "CreateSecret",
            &under(&format!("s{at}"), id, at, "v"),
        )
        .unwrap();
    }
    let described = call(&mut world, "DescribeSecret", &texts(&[("SecretId", "s1")])).unwrap();
    assert!(described.get("KmsKeyId").is_none());
}

#[test]
fn writing_needs_a_data_key_and_comparing_needs_to_decrypt() {
    let mut world = World::new();
    let id = key(&mut world);
    let arn = key_arn(&id);
    let all = ("secretsmanager:*", "*");
    let generate = ("kms:GenerateDataKey", arn.as_str());
    let decrypt = ("kms:Decrypt", arn.as_str());
    let writer = user(&mut world, "writer", &[all, generate]);
    let reader = user(&mut world, "reader", &[all, decrypt]);
    let both = user(&mut world, "both", &[all, generate, decrypt]);
    let create = |name: &str| under(name, &arn, 1, "value");
    for who in [&writer, &reader] {
        let answer = world.call(who, "secretsmanager", "CreateSecret", &create("s"));
        fails(answer, DENIED, NOT_ALLOWED);
    }
    world
        .call(&both, "secretsmanager", "CreateSecret", &create("s"))
        .unwrap();
    let put = |at: u8, value: &str| {
        texts(&[("SecretId", "s"), ("ClientRequestToken", &token(at))])
            .with("SecretString", text(value))
    };
    for operation in ["PutSecretValue", "UpdateSecret"] {
        let answer = world.call(&reader, "secretsmanager", operation, &put(2, "two"));
        fails(answer, DENIED, NOT_ALLOWED);
        for value in ["value", "guess"] {
            let answer = world.call(&writer, "secretsmanager", operation, &put(1, value));
            fails(answer, DENIED, NOT_ALLOWED);
        }
        world
            .call(&reader, "secretsmanager", operation, &put(1, "value"))
            .unwrap();
    }
    let answer = world.call(&writer, "secretsmanager", "CreateSecret", &create("s"));
    fails(answer, DENIED, NOT_ALLOWED);
    world
        .call(&reader, "secretsmanager", "CreateSecret", &create("s"))
        .unwrap();
    world
        .call(&writer, "secretsmanager", "PutSecretValue", &put(2, "two"))
        .unwrap();
    // A version id that the server draws is the one that was allowed.
    let drawn = texts(&[("SecretId", "s")]).with("SecretString", text("three"));
    world
        .call(&writer, "secretsmanager", "PutSecretValue", &drawn)
        .unwrap();
}

/// Conditions, whether they let read the secret, and whether they let decrypt without it.
fn conditions(arn: &str, version: &str) -> Vec<(String, bool, bool)> {
    let equals = |key: &str, value: &str| format!(r#""StringEquals":{{"{key}":"{value}"}}"#);
    let (via, of_arn) = ("kms:ViaService", "kms:EncryptionContext:SecretARN");
    let of_version = "kms:EncryptionContext:SecretVersionId";
    let here = "secretsmanager.us-east-1.amazonaws.com";
    vec![
        (equals(via, here), true, false),
        (
            equals(via, &here.replace("us-east", "eu-west")),
            false,
            false,
        ),
        (
            equals(via, &here.replace("secretsmanager", "ec2")),
            false,
            false,
        ),
        (format!(r#""Null":{{"{via}":"true"}}"#), false, true),
        (
            r#""Bool":{"aws:ViaAWSService":"true"}"#.to_owned(),
            true,
            false,
        ),
        (equals(of_arn, arn), true, false),
        (equals(of_arn, &format!("{arn}x")), false, false),
        (equals(of_version, version), true, false),
        (equals(of_version, &token(2)), false, false),
    ]
}

#[test]
fn the_service_and_the_context_are_what_conditions_see() {
    let mut world = World::new();
    let id = key(&mut world);
    call(&mut world, "CreateSecret", &under("s", &id, 1, "value")).unwrap();
    let arn = world.state.secret("s").unwrap().secret.arn.clone();
    let input = texts(&[("KeyId", &id)]).with("Plaintext", text("p"));
    let answer = world.admin("kms", "Encrypt", &input).unwrap();
    let blob = answer.get("CiphertextBlob").unwrap().clone();
    let sealed = Record::new().with("CiphertextBlob", blob);
    let conditions = conditions(&arn, &token(1)).into_iter().enumerate();
    for (at, (condition, may_read, may_decrypt)) in conditions {
        let text = statements(&format!(
            r#"{{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"*"}},
               {{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*",
                 "Condition":{{{condition}}}}}"#
        ));
        let who = world.user(&format!("u{at}"), &text);
        let answer = read(&mut world, &who, "s");
        if may_read {
            answer.unwrap();
        } else {
            fails(answer, DENIED, NOT_ALLOWED);
        }
        let answer = world.call(&who, "kms", "Decrypt", &sealed);
        assert_eq!(answer.is_ok(), may_decrypt, "{condition}");
    }
}

#[test]
fn creating_is_seen_with_the_arn_and_the_version_that_come_of_it() {
    let mut world = World::new();
    let id = key(&mut world);
    let text_of = |secret: &str| {
        statements(&format!(
            r#"{{"Effect":"Allow","Action":"secretsmanager:CreateSecret","Resource":"*"}},
               {{"Effect":"Allow","Action":"kms:*","Resource":"*","Condition":{{
                 "StringLike":{{"kms:EncryptionContext:SecretARN":
                    "arn:aws:secretsmanager:*:secret:{secret}-??????"}},
                 "StringEquals":{{"kms:EncryptionContext:SecretVersionId":
                    ["RequestToValidateKeyAccess","{}"]}}}}}}"#,
            token(1)
        ))
    };
    let who = world.user("u", &text_of("mine"));
    let mut create = |name: &str, at: u8| {
        let input = under(name, &id, at, "v");
        world.call(&who, "secretsmanager", "CreateSecret", &input)
    };
    fails(create("other", 1), DENIED, NOT_ALLOWED);
    fails(create("mine", 2), DENIED, NOT_ALLOWED);
    create("mine", 1).unwrap();
}

#[test]
fn another_key_takes_the_versions_in_use_along() {
    let mut world = World::new();
    let (one, two) = (key(&mut world), key(&mut world));
    call(&mut world, "CreateSecret", &under("s", &one, 1, "first")).unwrap();
    put(&mut world, "s", 2, "second", &[]).unwrap();
    put(&mut world, "s", 3, "third", &[]).unwrap();
    let key_of = |world: &World, at: u8| {
        let held = world.state.secret("s").unwrap();
        let key = held.versions.get(&token(at)).unwrap().key.clone();
        key.map(|key| key.id)
    };
    let update = |key: &str| texts(&[("SecretId", "s"), ("KmsKeyId", key)]);
    let all = ("secretsmanager:*", "*");
    let (from, to) = (key_arn(&one), key_arn(&two));
    let of_new = user(&mut world, "new", &[all, ("kms:*", &to)]);
    let of_old = user(&mut world, "old", &[all, ("kms:*", &from)]);
    for who in [&of_new, &of_old] {
        let answer = world.call(who, "secretsmanager", "UpdateSecret", &update(&two));
        fails(answer, DENIED, NOT_ALLOWED);
    }
    call(&mut world, "UpdateSecret", &update(&two)).unwrap();
    assert_eq!(key_of(&world, 3), Some(two.clone()));
    assert_eq!(key_of(&world, 2), Some(two.clone()));
    assert_eq!(key_of(&world, 1), Some(one.clone()));
    // Out of a key that cannot be used nothing comes, but new values go elsewhere.
    kms(&mut world, "DisableKey", &two);
    call(
        &mut world,
        "UpdateSecret",
        &update("alias/aws/secretsmanager"),
    )
    .unwrap();
    assert_eq!(key_of(&world, 3), Some(two));
    let admin = world.admin.clone();
    fails(read(&mut world, &admin, "s"), DECRYPTION, "");
    put(&mut world, "s", 4, "fourth", &[]).unwrap();
    assert_eq!(value(&read(&mut world, &admin, "s").unwrap()), "fourth");
    assert_eq!(key_of(&world, 4), None);
    let without = user(&mut world, "without", &[all]);
    read(&mut world, &without, "s").unwrap();
}

#[test]
fn an_alias_that_moves_leaves_old_values_with_the_old_key() {
    let mut world = World::new();
    let (one, two) = (key(&mut world), key(&mut world));
    let alias = |key: &str| texts(&[("AliasName", "alias/a"), ("TargetKeyId", key)]);
    world.admin("kms", "CreateAlias", &alias(&one)).unwrap();
    call(
        &mut world,
        "CreateSecret",
        &under("s", "alias/a", 1, "value"),
    )
    .unwrap();
    world.admin("kms", "UpdateAlias", &alias(&two)).unwrap();
    put(&mut world, "s", 2, "new", &[]).unwrap();
    kms(&mut world, "DisableKey", &one);
    let admin = world.admin.clone();
    assert_eq!(value(&read(&mut world, &admin, "s").unwrap()), "new");
    let previous = [("SecretId", "s"), ("VersionStage", "AWSPREVIOUS")];
    fails(get(&mut world, &previous), DECRYPTION, "");
    let described = call(&mut world, "DescribeSecret", &texts(&[("SecretId", "s")])).unwrap();
    assert_eq!(described.text("KmsKeyId"), Some("alias/a"));
}

#[test]
fn the_record_says_why_where_the_caller_is_not_told() {
    let mut world = World::new();
    let id = key(&mut world);
    call(&mut world, "CreateSecret", &under("s", &id, 1, "value")).unwrap();
    let who = user(&mut world, "u", &[("secretsmanager:GetSecretValue", "*")]);
    let service = protocol::shape::Service::find("secretsmanager").unwrap();
    let operation = service.operation("GetSecretValue").unwrap();
    let request = world.signed(&who, service, operation, &texts(&[("SecretId", "s")]));
    let verdicts = world.outcome(&request).trail.verdicts;
    let denied = verdicts.last().unwrap();
    assert_eq!((denied.action, denied.allowed), ("kms:Decrypt", false));
    assert_eq!(denied.resource, key_arn(&id));
    assert!(
        denied.reason.contains("no identity-based policy"),
        "{denied:?}"
    );
}

//! Keys: how they are named, what state they are in, what is refused.

use protocol::shape::{Kind, Service};
use protocol::sigv4::Credentials;
use protocol::{Fault, Record, Secret, Value};

use crate::testing::{ACCOUNT, REGION, World, fails, seconds, texts};

mod aliases;
mod asymmetric;
mod crypto;
mod data_key_pairs;
mod grant_calls;
mod grants;
mod macs;
mod permissions;
mod policies;
mod rotation;

const MISSING: (&str, u16) = ("NotFoundException", 400);
const ARN: (&str, u16) = ("InvalidArnException", 400);
const VALIDATION: (&str, u16) = ("ValidationException", 400);
const DISABLED: (&str, u16) = ("DisabledException", 400);
const STATE: (&str, u16) = ("KMSInvalidStateException", 400);
const UNSUPPORTED: (&str, u16) = ("UnsupportedOperationException", 400);
const MALFORMED: (&str, u16) = ("MalformedPolicyDocumentException", 400);
const LIMIT: (&str, u16) = ("LimitExceededException", 400);
const TAG: (&str, u16) = ("TagException", 400);
const DENIED: (&str, u16) = ("AccessDeniedException", 400);
const TOKEN: (&str, u16) = ("InvalidGrantTokenException", 400);
const DAY: i64 = 86_400;
const NOBODYS: &str = "00000000-0000-4000-8000-000000000000";

fn call(world: &mut World, operation: &str, input: &Record) -> Result<Record, Fault> {
    world.admin("kms", operation, input)
}

/// A key of the default policy; its id.
fn key(world: &mut World) -> String {
    made(world, &Record::new())
}

fn made(world: &mut World, input: &Record) -> String {
    let answer = call(world, "CreateKey", input).unwrap();
    let metadata = answer.record("KeyMetadata").unwrap();
    metadata.text("KeyId").unwrap().to_owned()
}

fn arn(id: &str) -> String {
    format!("arn:aws:kms:{REGION}:{ACCOUNT}:key/{id}")
}

fn of(id: &str) -> Record {
    texts(&[("KeyId", id)])
}

fn text(text: &str) -> Secret {
    Secret::from_text(text.to_owned())
}

fn context(entries: &[(&str, &str)]) -> Value {
    let entry = |(name, value): &(&str, &str)| ((*name).to_owned(), Value::from(*value));
    Value::Map(entries.iter().map(entry).collect())
}

fn encrypted(world: &mut World, id: &str, entries: &[(&str, &str)]) -> Vec<u8> {
    let input = of(id).with("Plaintext", text("plain"));
    let input = input.with("EncryptionContext", context(entries));
    blob(&call(world, "Encrypt", &input).unwrap())
}

fn blob(answer: &Record) -> Vec<u8> {
    match answer.get("CiphertextBlob") {
        Some(Value::Blob(bytes)) => bytes.clone(),
        other => panic!("{other:?} is no blob"),
    }
}

fn decrypting(blob: &[u8], entries: &[(&str, &str)]) -> Record {
    let input = Record::new().with("CiphertextBlob", Value::Blob(blob.to_vec()));
    input.with("EncryptionContext", context(entries))
}

fn plain(answer: &Record) -> &[u8] {
    answer.secret("Plaintext").unwrap().expose()
}

fn state(world: &mut World, id: &str) -> String {
    let answer = call(world, "DescribeKey", &of(id)).unwrap();
    let metadata = answer.record("KeyMetadata").unwrap();
    let state = metadata.text("KeyState").unwrap().to_owned();
    assert_eq!(metadata.boolean("Enabled"), Some(state == "Enabled"));
    assert_eq!(
        metadata.get("DeletionDate").is_some(),
        state == "PendingDeletion"
    );
    state
}

fn tag(key: &str, value: &str) -> Record {
    texts(&[("TagKey", key), ("TagValue", value)])
}

#[test]
fn a_key_is_made_as_aws_makes_one() {
    let mut world = World::new();
    let input = texts(&[
        ("Description", "of the tests"),
        ("CustomerMasterKeySpec", "SYMMETRIC_DEFAULT"),
        ("KeyUsage", "ENCRYPT_DECRYPT"),
    ]);
    let id = made(&mut world, &input);
    let answer = call(&mut world, "DescribeKey", &of(&id)).unwrap();
    let metadata = answer.record("KeyMetadata").unwrap();
    for (member, value) in [
        ("Arn", arn(&id).as_str()),
        ("AWSAccountId", ACCOUNT),
        ("Description", "of the tests"),
        ("KeyState", "Enabled"),
        ("KeyUsage", "ENCRYPT_DECRYPT"),
        ("KeySpec", "SYMMETRIC_DEFAULT"),
        ("CustomerMasterKeySpec", "SYMMETRIC_DEFAULT"),
        ("Origin", "AWS_KMS"),
        ("KeyManager", "CUSTOMER"),
    ] {
        assert_eq!(metadata.text(member), Some(value), "{member}");
    }
    let policy = call(&mut world, "GetKeyPolicy", &of(&id)).unwrap();
    let policy: serde_json::Value = serde_json::from_str(policy.text("Policy").unwrap()).unwrap();
    assert_eq!(
        policy["Statement"][0]["Principal"]["AWS"],
        format!("arn:aws:iam::{ACCOUNT}:root")
    );
    assert_eq!(policy["Statement"][0]["Action"], "kms:*");
}

#[test]
fn what_is_not_here_is_refused_by_name() {
    let mut world = World::new();
    for (member, value) in [
        ("KeySpec", "SM2"),
        ("KeySpec", "ML_DSA_44"),
        ("KeySpec", "ML_KEM_768"),
        ("Origin", "EXTERNAL"),
        ("CustomKeyStoreId", "cks-1234567890abcdef0"),
        ("XksKeyId", "x"),
    ] {
        let answer = call(&mut world, "CreateKey", &texts(&[(member, value)]));
        fails(answer, UNSUPPORTED, member);
    }
    let input = Record::new().with("MultiRegion", true);
    fails(
        call(&mut world, "CreateKey", &input),
        UNSUPPORTED,
        "regions",
    );
    let id = key(&mut world);
    let tokens = of(&id).with("GrantTokens", vec!["token"]);
    fails(
        call(&mut world, "DescribeKey", &tokens),
        TOKEN,
        "grant token",
    );
    let owners = Record::new().with("ResourceOwners", vec!["OTHER_ACCOUNTS_VIA_RAM"]);
    fails(call(&mut world, "ListKeys", &owners), UNSUPPORTED, "SELF");
    assert_eq!(world.state.kms_keys().len(), 1);
}

#[test]
fn a_key_is_found_by_what_names_it_and_by_nothing_else() {
    let mut world = World::new();
    let id = key(&mut world);
    let alias = texts(&[("AliasName", "alias/a/b"), ("TargetKeyId", &id)]);
    call(&mut world, "CreateAlias", &alias).unwrap();
    let alias_arn = format!("arn:aws:kms:{REGION}:{ACCOUNT}:alias/a/b");
    for name in [id.as_str(), &arn(&id), "alias/a/b", &alias_arn] {
        call(&mut world, "DescribeKey", &of(name)).unwrap();
        encrypted(&mut world, name, &[]);
    }
    for (name, fault, words) in [
        (NOBODYS.to_owned(), MISSING, "does not exist"),
        (arn(NOBODYS), MISSING, "does not exist"),
        ("none".to_owned(), MISSING, "Invalid keyId 'none'"),
        (format!("{id}x"), MISSING, "Invalid keyId"),
        ("a/b".to_owned(), MISSING, "Invalid keyId"),
        ("alias/a".to_owned(), MISSING, "alias/a is not found"),
        ("alias/".to_owned(), MISSING, "is not found"),
        (
            "alias/aws/secretsmanager".to_owned(),
            MISSING,
            "is not found",
        ),
        (
            arn(&id).replace(REGION, "eu-west-1"),
            MISSING,
            "Invalid arn eu-west-1",
        ),
        (arn(&id).replace(":kms:", ":iam:"), ARN, "Invalid arn"),
        (arn(&id).replace("key/", "grant/"), ARN, "Invalid arn"),
        ("arn:aws:kms".to_owned(), ARN, "Invalid arn"),
    ] {
        let answer = call(&mut world, "DescribeKey", &of(&name));
        fails(answer, fault, words);
    }
    // Another account's key: its own policy would have to let us in.
    let foreign = arn(&id).replace(ACCOUNT, "210987654321");
    fails(
        call(&mut world, "DescribeKey", &of(&foreign)),
        DENIED,
        "kms:DescribeKey",
    );
}

#[test]
fn an_alias_is_no_name_where_a_key_is_managed() {
    let mut world = World::new();
    let id = key(&mut world);
    let alias = texts(&[("AliasName", "alias/a"), ("TargetKeyId", &id)]);
    call(&mut world, "CreateAlias", &alias).unwrap();
    let alias_arn = format!("arn:aws:kms:{REGION}:{ACCOUNT}:alias/a");
    for (operation, more) in [
        ("EnableKey", Record::new()),
        ("DisableKey", Record::new()),
        ("ScheduleKeyDeletion", Record::new()),
        ("CancelKeyDeletion", Record::new()),
        ("UpdateKeyDescription", texts(&[("Description", "d")])),
        ("GetKeyPolicy", Record::new()),
        ("PutKeyPolicy", texts(&[("Policy", "{}")])),
        ("ListKeyPolicies", Record::new()),
        (
            "TagResource",
            Record::new().with("Tags", vec![tag("a", "b")]),
        ),
        ("UntagResource", Record::new().with("TagKeys", vec!["a"])),
        ("ListResourceTags", Record::new()),
        ("EnableKeyRotation", Record::new()),
        ("DisableKeyRotation", Record::new()),
        ("GetKeyRotationStatus", Record::new()),
    ] {
        let input = more.clone().with("KeyId", "alias/a");
        fails(
            call(&mut world, operation, &input),
            MISSING,
            "Invalid keyId 'alias/a'",
        );
        let input = more.with("KeyId", alias_arn.as_str());
        fails(
            call(&mut world, operation, &input),
            ARN,
            "Aliases are not supported",
        );
    }
}

/// Calls that use a key, or whether it rotates.
fn uses(world: &mut World, id: &str) -> Vec<(&'static str, Record)> {
    let sealed = Value::Blob(encrypted(world, id, &[]));
    let other = key(world);
    let sealed = Record::new().with("CiphertextBlob", sealed);
    let without = "GenerateDataKeyWithoutPlaintext";
    vec![
        ("Encrypt", of(id).with("Plaintext", text("p"))),
        ("GenerateDataKey", of(id).with("KeySpec", "AES_256")),
        (without, of(id).with("NumberOfBytes", 7)),
        ("Decrypt", sealed.clone()),
        ("ReEncrypt", sealed.with("DestinationKeyId", other)),
        ("EnableKeyRotation", of(id)),
        ("DisableKeyRotation", of(id)),
    ]
}

/// Does all that can be asked of a key, which fails as told where it is not to be used or changed.
fn expect(
    world: &mut World,
    id: &str,
    uses: &[(&'static str, Record)],
    unused: Option<((&str, u16), &str)>,
    is_kept: bool,
) {
    for (operation, input) in uses {
        match unused {
            None => drop(call(world, operation, input).unwrap()),
            Some((fault, words)) => fails(call(world, operation, input), fault, words),
        }
    }
    for (operation, input) in [
        ("UpdateKeyDescription", of(id).with("Description", "d")),
        ("TagResource", of(id).with("Tags", vec![tag("a", "b")])),
        ("UntagResource", of(id).with("TagKeys", vec!["a"])),
    ] {
        let answer = call(world, operation, &input);
        if is_kept {
            answer.unwrap();
        } else {
            fails(answer, STATE, "is pending deletion.");
        }
    }
    for operation in [
        "DescribeKey",
        "GetKeyPolicy",
        "ListKeyPolicies",
        "ListResourceTags",
    ] {
        call(world, operation, &of(id)).unwrap();
    }
}

/// What can be done with a key in each of its states: KMS Developer Guide, "Key states".
#[test]
fn a_key_in_each_state_does_what_aws_lets_it() {
    let mut world = World::new();
    let id = key(&mut world);
    let uses = uses(&mut world, &id);
    let cancel = |world: &mut World| {
        let answer = call(world, "CancelKeyDeletion", &of(&id));
        fails(answer, STATE, "is not pending deletion.");
    };
    expect(&mut world, &id, &uses, None, true);
    cancel(&mut world);

    call(&mut world, "DisableKey", &of(&id)).unwrap();
    assert_eq!(state(&mut world, &id), "Disabled");
    expect(
        &mut world,
        &id,
        &uses,
        Some((DISABLED, "is disabled.")),
        true,
    );
    cancel(&mut world);
    call(&mut world, "EnableKey", &of(&id)).unwrap();
    expect(&mut world, &id, &uses, None, true);

    call(&mut world, "ScheduleKeyDeletion", &of(&id)).unwrap();
    assert_eq!(state(&mut world, &id), "PendingDeletion");
    let pending = Some((STATE, "is pending deletion."));
    expect(&mut world, &id, &uses, pending, false);
    for operation in ["EnableKey", "DisableKey", "ScheduleKeyDeletion"] {
        let answer = call(&mut world, operation, &of(&id));
        fails(answer, STATE, "is pending deletion.");
    }

    let answer = call(&mut world, "CancelKeyDeletion", &of(&id)).unwrap();
    assert_eq!(answer.text("KeyId"), Some(&*arn(&id)));
    assert_eq!(state(&mut world, &id), "Disabled");
}

#[test]
fn a_key_is_gone_at_the_end_of_its_waiting_period_with_its_aliases() {
    let mut world = World::new();
    let id = key(&mut world);
    let alias = texts(&[("AliasName", "alias/a"), ("TargetKeyId", &id)]);
    call(&mut world, "CreateAlias", &alias).unwrap();
    let sealed = encrypted(&mut world, &id, &[]);
    for days in [1, 6, 31, 365] {
        let input = of(&id).with("PendingWindowInDays", days);
        fails(
            call(&mut world, "ScheduleKeyDeletion", &input),
            VALIDATION,
            "between 7 and 30",
        );
    }
    let input = of(&id).with("PendingWindowInDays", 7);
    let answer = call(&mut world, "ScheduleKeyDeletion", &input).unwrap();
    assert_eq!(answer.integer("PendingWindowInDays"), Some(7));

    world.now = seconds(7 * DAY - 1);
    assert_eq!(state(&mut world, &id), "PendingDeletion");
    world.now = seconds(7 * DAY);
    fails(
        call(&mut world, "CancelKeyDeletion", &of(&id)),
        MISSING,
        "does not exist",
    );
    fails(
        call(&mut world, "DescribeKey", &of(&id)),
        MISSING,
        "does not exist",
    );
    fails(
        call(&mut world, "DescribeKey", &of("alias/a")),
        MISSING,
        "is not found",
    );
    fails(
        call(&mut world, "Decrypt", &decrypting(&sealed, &[])),
        DENIED,
        "does not exist",
    );
    for (operation, member) in [("ListKeys", "Keys"), ("ListAliases", "Aliases")] {
        let answer = call(&mut world, operation, &Record::new()).unwrap();
        assert_eq!(answer.records(member).count(), 0);
    }

    // The next key that is made takes the material away for good, and the name is free.
    let other = key(&mut world);
    assert!(world.state.kms_key(&id).is_none());
    assert!(world.state.kms_alias("a").is_none());
    let alias = texts(&[("AliasName", "alias/a"), ("TargetKeyId", &other)]);
    call(&mut world, "CreateAlias", &alias).unwrap();
}

#[test]
fn keys_and_tags_are_listed_in_pages() {
    let mut world = World::new();
    let mut ids: Vec<String> = (0..5).map(|_| key(&mut world)).collect();
    ids.sort();
    let mut listed = Vec::new();
    let mut input = Record::new().with("Limit", 2);
    loop {
        let answer = call(&mut world, "ListKeys", &input).unwrap();
        let of_page = answer.records("Keys");
        listed.extend(of_page.map(|entry| entry.text("KeyId").unwrap().to_owned()));
        let Some(next) = answer.text("NextMarker") else {
            assert_eq!(answer.boolean("Truncated"), Some(false));
            break;
        };
        assert_eq!(answer.boolean("Truncated"), Some(true));
        input.set("Marker", next);
    }
    assert_eq!(listed, ids);
    let marker = texts(&[("Marker", "&")]);
    let invalid = ("InvalidMarkerException", 400);
    fails(call(&mut world, "ListKeys", &marker), invalid, "marker");
}

#[test]
fn tags_come_and_go_and_wrong_ones_do_not_come() {
    let mut world = World::new();
    let id = key(&mut world);
    let tagging = |tags: Vec<Record>| of(&id).with("Tags", tags);
    let shown = |world: &mut World| -> Vec<(String, String)> {
        let answer = call(world, "ListResourceTags", &of(&id)).unwrap();
        let text = |tag: &Record, member| tag.text(member).unwrap().to_owned();
        let tags = answer.records("Tags");
        tags.map(|tag| (text(tag, "TagKey"), text(tag, "TagValue")))
            .collect()
    };
    let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    call(
        &mut world,
        "TagResource",
        &tagging(vec![tag("b", "1"), tag("a", "")]),
    )
    .unwrap();
    call(&mut world, "TagResource", &tagging(vec![tag("b", "2")])).unwrap();
    assert_eq!(shown(&mut world), [pair("a", ""), pair("b", "2")]);
    let twice = tagging(vec![tag("c", "1"), tag("c", "2")]);
    fails(
        call(&mut world, "TagResource", &twice),
        TAG,
        "more than once",
    );
    let reserved = tagging(vec![tag("AWS:c", "1")]);
    fails(call(&mut world, "TagResource", &reserved), TAG, "aws:");
    let many: Vec<Record> = (0..49).map(|at| tag(&format!("k{at}"), "v")).collect();
    fails(call(&mut world, "TagResource", &tagging(many)), LIMIT, "50");
    let gone = of(&id).with("TagKeys", vec!["b", "none"]);
    call(&mut world, "UntagResource", &gone).unwrap();
    assert_eq!(shown(&mut world), [pair("a", "")]);
    let made_with = Record::new().with("Tags", vec![tag("aws:x", "1")]);
    fails(call(&mut world, "CreateKey", &made_with), TAG, "aws:");
}

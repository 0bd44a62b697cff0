//! How objects are encrypted, and who may then read them.

use super::*;

fn key_of(world: &mut World) -> String {
    let made = world.admin("kms", "CreateKey", &texts(&[])).unwrap();
    let key = made.record("KeyMetadata").unwrap();
    key.text("Arn").unwrap().to_owned()
}

fn with_key(key: &str) -> Input {
    Input {
        encryption: EncryptionAsked {
            algorithm: Some("aws:kms".into()),
            kms_key: Some(key.to_owned()),
            bucket_key: None,
        },
        ..about("bucket", "k")
    }
}

#[test]
fn the_callers_rights_at_kms_are_asked_for() {
    let (mut world, admin) = with_bucket();
    let key = key_of(&mut world);
    put(&mut world, &admin, with_key(&key), 1).unwrap();
    let opened = get(&mut world, &admin, about("bucket", "k")).unwrap();
    assert!(opened.data_key.unwrap().is(&[9; 32]));
    let user = world.user("user", &policy("Allow", "s3:*", "*"));
    is(
        put(&mut world, &user, with_key(&key), 2),
        "AccessDenied",
        403,
    );
    is(
        get(&mut world, &user, about("bucket", "k")),
        "AccessDenied",
        403,
    );
    let text = format!(
        r#"{{"Version":"2012-10-17","Statement":[
        {{"Effect":"Allow","Action":"s3:*","Resource":"*"}},
        {{"Effect":"Allow","Action":["kms:GenerateDataKey","kms:Decrypt"],"Resource":"{key}",
        "Condition":{{"StringEquals":{{"kms:ViaService":"s3.us-east-1.amazonaws.com",
        "kms:EncryptionContext:aws:s3:arn":"arn:aws:s3:::bucket/k"}}}}}}]}}"#
    );
    let user = world.user("allowed", &text);
    put(&mut world, &user, with_key(&key), 2).unwrap();
    get(&mut world, &user, about("bucket", "k")).unwrap();
    // With a bucket key the context is the bucket.
    let mut input = with_key(&key);
    input.encryption.bucket_key = Some(true);
    is(put(&mut world, &user, input, 3), "AccessDenied", 403);
}

#[test]
fn a_key_that_is_disabled_opens_nothing() {
    let (mut world, admin) = with_bucket();
    let key = key_of(&mut world);
    put(&mut world, &admin, with_key(&key), 1).unwrap();
    world
        .admin("kms", "DisableKey", &texts(&[("KeyId", &key)]))
        .unwrap();
    is(
        get(&mut world, &admin, about("bucket", "k")),
        "KMS.DisabledException",
        400,
    );
    let again = Input {
        stored: Some(stored(2)),
        ..with_key(&key)
    };
    is(
        call(&mut world, &admin, "PutObject", again),
        "KMS.DisabledException",
        400,
    );
    let unknown =
        with_key("arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab");
    is(
        put(&mut world, &admin, unknown, 2),
        "KMS.NotFoundException",
        400,
    );
}

#[test]
fn a_bucket_says_how_where_a_call_does_not() {
    let (mut world, admin) = with_bucket();
    let key = key_of(&mut world);
    let default = BucketEncryption {
        algorithm: EncryptionAlgorithm::Kms(Some(key.clone())),
        bucket_key: true,
    };
    set(
        &mut world,
        "PutBucketEncryption",
        Setting::Encryption(Some(default)),
    )
    .unwrap();
    let object = put(&mut world, &admin, about("bucket", "k"), 1).unwrap();
    let sealing = &object.content.as_ref().unwrap().sealing;
    let crate::entity::Sealing::Kms {
        arn, bucket_key, ..
    } = sealing
    else {
        panic!("{sealing:?}");
    };
    assert_eq!((arn, *bucket_key), (&key, true));
    let mut plain = about("bucket", "k");
    plain.encryption.algorithm = Some("AES256".into());
    let object = put(&mut world, &admin, plain, 2).unwrap();
    let sealing = &object.content.as_ref().unwrap().sealing;
    assert!(
        matches!(sealing, crate::entity::Sealing::S3(_)),
        "{sealing:?}"
    );
}

#[test]
fn a_customers_key_opens_and_no_other() {
    let (mut world, admin) = with_bucket();
    let with = |key: Option<u8>| Input {
        customer: key.map(|key| CustomerKey(Secret::new([key; 32]))),
        ..about("bucket", "k")
    };
    let object = put(&mut world, &admin, with(Some(1)), 1).unwrap();
    // Neither the key nor the data key stands in what is stored.
    let text = Entity::S3Object(S3Object::clone(&object)).encode().unwrap();
    let text = String::from_utf8(text.to_vec()).unwrap();
    assert!(
        !text.contains("AQEBAQEB") && !text.contains("CQkJCQkJ"),
        "{text}"
    );
    let opened = get(&mut world, &admin, with(Some(1))).unwrap();
    assert!(opened.data_key.unwrap().is(&[9; 32]));
    is(get(&mut world, &admin, with(Some(2))), "AccessDenied", 403);
    is(get(&mut world, &admin, with(None)), "InvalidRequest", 400);
    let head = call(&mut world, &admin, "HeadObject", with(Some(2)));
    is(head, "AccessDenied", 403);
    put(&mut world, &admin, with(None), 2).unwrap();
    is(
        get(&mut world, &admin, with(Some(1))),
        "InvalidRequest",
        400,
    );
}

#[test]
fn the_accounts_own_key_is_for_the_account() {
    let (mut world, admin) = with_bucket();
    let mut input = about("bucket", "k");
    input.encryption.algorithm = Some("aws:kms".into());
    put(&mut world, &admin, input, 1).unwrap();
    let text = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
        "Principal":{"AWS":"arn:aws:iam::210987654321:root"},
        "Action":"s3:GetObject","Resource":"arn:aws:s3:::bucket/*"}]}"#;
    set(
        &mut world,
        "PutBucketPolicy",
        Setting::Policy(Some(text.into())),
    )
    .unwrap();
    let other = world.account("210987654321");
    is(
        get(&mut world, &other, about("bucket", "k")),
        "AccessDenied",
        403,
    );
}

//! S3 without bytes: who may, and what is there afterwards.

use std::sync::Arc;

use protocol::sigv4::{self, Credentials, Scope};
use protocol::{Fault, Secret};

use super::*;
use crate::entity::{
    BucketEncryption, Change, ChecksumAlgorithm, EncryptionAlgorithm, Entity, Located,
    PublicAccessBlock, S3Object, Segment, Step, UploadPart, Versioning,
};
use crate::testing::{World, policy, texts};

mod encryption;
mod listing;
mod over;
mod permissions;
mod rules;
mod versions;

/// Calls an operation, signed, and commits what it changed.
fn call(
    world: &mut World,
    caller: &Credentials,
    operation: &'static str,
    input: Input,
) -> Result<Answer, Fault> {
    call_with(world, caller, operation, input, &[])
}

fn call_with(
    world: &mut World,
    caller: &Credentials,
    operation: &'static str,
    input: Input,
    headers: &[(&'static str, &str)],
) -> Result<Answer, Fault> {
    outcome(world, caller, "us-east-1", (operation, input), headers).answer
}

fn outcome(
    world: &mut World,
    caller: &Credentials,
    region: &str,
    (operation, input): (&'static str, Input),
    headers: &[(&'static str, &str)],
) -> Outcome {
    let mut request = http::Request::builder().uri("http://127.0.0.1:4566/b");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut request = request.body(bytes::Bytes::new()).unwrap();
    let scope = Scope::at(world.now, region, "s3");
    sigv4::sign(&mut request, caller, &scope, world.now).unwrap();
    let signed = Signed::read(&world.partition, &request, world.now).unwrap();
    let call = Call {
        operation,
        input,
        signed: Arc::new(signed),
        head: Arc::new(Head::of(&request, None)),
    };
    let seed = crate::entropy::keyed_hash(&[3; 32], &[format!("{call:?}").as_bytes()]);
    let outcome = handle(&world.partition, &call, world.now, seed);
    for change in outcome.changes.clone() {
        keep(world, change);
    }
    outcome
}

/// What is stored is what is read back.
fn keep(world: &mut World, change: Change) {
    if let Step::Put(entity) = &change.step {
        let bytes = entity.encode().unwrap();
        let read = Located::decode(&change.record_key(), &bytes).unwrap();
        assert_eq!(read.entity, **entity);
    }
    world.apply(change);
}

fn about(bucket: &str, key: &str) -> Input {
    Input {
        bucket: bucket.to_owned(),
        key: key.to_owned(),
        list: List {
            max: 1_000,
            ..List::default()
        },
        ..Input::default()
    }
}

fn stored(file: u128) -> Stored {
    Stored {
        segment: Segment { file, size: 3 },
        data_key: Secret::new([9; 32]),
        etag: format!("{file:032x}"),
        checksum: None,
    }
}

/// A put as the world makes it: asked first, then kept.
fn put(
    world: &mut World,
    caller: &Credentials,
    input: Input,
    file: u128,
) -> Result<Arc<S3Object>, Fault> {
    call(world, caller, "PutObject", input.clone())?;
    let input = Input {
        stored: Some(stored(file)),
        ..input
    };
    match call(world, caller, "PutObject", input)? {
        Answer::Put(object) => Ok(object),
        other => panic!("{other:?}"),
    }
}

fn get(world: &mut World, caller: &Credentials, input: Input) -> Result<Found, Fault> {
    match call(world, caller, "GetObject", input)? {
        Answer::Object(found) => Ok(found),
        other => panic!("{other:?}"),
    }
}

/// A world with a bucket; its administrator.
fn with_bucket() -> (World, Credentials) {
    let mut world = World::new();
    let admin = world.admin.clone();
    call(&mut world, &admin, "CreateBucket", about("bucket", "")).unwrap();
    (world, admin)
}

fn set(world: &mut World, operation: &'static str, setting: Setting) -> Result<Answer, Fault> {
    let admin = world.admin.clone();
    let input = Input {
        setting: Some(setting),
        ..about("bucket", "")
    };
    call(world, &admin, operation, input)
}

fn code<T: std::fmt::Debug>(answer: Result<T, Fault>) -> (String, u16) {
    let fault = answer.unwrap_err();
    (fault.code.into_owned(), fault.status)
}

fn is(answer: Result<impl std::fmt::Debug, Fault>, expected: &str, status: u16) {
    assert_eq!(code(answer), (expected.to_owned(), status));
}

#[test]
fn a_version_stays_small_in_memory() {
    // docs/s3.md says what an object takes; it is made of these.
    assert!(size_of::<S3Object>() <= 128, "{}", size_of::<S3Object>());
    let content = size_of::<crate::entity::Content>();
    assert!(content <= 416, "{content}");
}

#[test]
fn what_is_stored_loads_in_any_order() {
    let (mut world, admin) = with_bucket();
    put(&mut world, &admin, about("bucket", "k"), 1).unwrap();
    let Answer::Upload(upload, _) = call(
        &mut world,
        &admin,
        "CreateMultipartUpload",
        about("bucket", "m"),
    )
    .unwrap() else {
        panic!();
    };
    let part = Input {
        upload: Some(upload.id.clone()),
        part: Some(1),
        stored: Some(stored(2)),
        ..about("bucket", "m")
    };
    let seen = outcome(&mut world, &admin, "us-east-1", ("UploadPart", part), &[]);
    let home = world.state.home().clone();
    let located = |entity: Entity| Located {
        home: home.clone(),
        entity,
    };
    let held = world.state.bucket("bucket").unwrap();
    let mut records = vec![
        located(Entity::Upload(crate::entity::Upload::clone(&upload))),
        located(Entity::S3Object(S3Object::clone(held.newest("k").unwrap()))),
        located(Entity::Bucket(crate::entity::Bucket::clone(&held.bucket))),
        located(Entity::Settings(world.partition.settings().clone())),
    ];
    for change in seen.changes {
        if let Step::Put(entity) = change.step {
            records.insert(0, located(*entity));
        }
    }
    let loaded = Arc::new(crate::Partition::load(records).unwrap());
    let mut files: Vec<u128> = loaded.object_files().collect();
    files.sort_unstable();
    assert_eq!(files, [1, 2]);
    assert_eq!(loaded.owner_of_bucket("bucket"), Some(home.account()));
}

#[test]
fn names_of_buckets_are_one_space() {
    let (mut world, admin) = with_bucket();
    // As in the first region: a second time is as good as the first.
    call(&mut world, &admin, "CreateBucket", about("bucket", "")).unwrap();
    let other = world.account("210987654321");
    is(
        call(&mut world, &other, "CreateBucket", about("bucket", "")),
        "BucketAlreadyExists",
        409,
    );
    is(
        call(&mut world, &admin, "CreateBucket", about("Not-a-name", "")),
        "InvalidBucketName",
        400,
    );
    let elsewhere = Input {
        region: Some("eu-west-1".into()),
        ..about("in-europe", "")
    };
    call(&mut world, &admin, "CreateBucket", elsewhere).unwrap();
    let head = outcome(
        &mut world,
        &admin,
        "us-east-1",
        ("HeadBucket", about("in-europe", "")),
        &[],
    );
    assert_eq!(head.region.as_deref(), Some("eu-west-1"));
    is(head.answer, "AuthorizationHeaderMalformed", 400);
    let head = ("HeadBucket", about("in-europe", ""));
    outcome(&mut world, &admin, "eu-west-1", head, &[])
        .answer
        .unwrap();
    let misplaced = Input {
        region: Some("us-west-2".into()),
        ..about("elsewhere", "")
    };
    let made = outcome(
        &mut world,
        &admin,
        "eu-west-1",
        ("CreateBucket", misplaced),
        &[],
    );
    is(made.answer, "IllegalLocationConstraintException", 400);
}

#[test]
fn a_bucket_goes_when_it_is_empty() {
    let (mut world, admin) = with_bucket();
    put(&mut world, &admin, about("bucket", "k"), 1).unwrap();
    is(
        call(&mut world, &admin, "DeleteBucket", about("bucket", "")),
        "BucketNotEmpty",
        409,
    );
    let gone = outcome(
        &mut world,
        &admin,
        "us-east-1",
        ("DeleteObject", about("bucket", "k")),
        &[],
    );
    assert_eq!(gone.freed, [1]);
    call(&mut world, &admin, "DeleteBucket", about("bucket", "")).unwrap();
    is(
        call(&mut world, &admin, "HeadBucket", about("bucket", "")),
        "NoSuchBucket",
        404,
    );
}

#[test]
fn a_put_in_place_of_another_frees_its_file() {
    let (mut world, admin) = with_bucket();
    put(&mut world, &admin, about("bucket", "k"), 1).unwrap();
    let again = Input {
        stored: Some(stored(2)),
        ..about("bucket", "k")
    };
    let seen = outcome(&mut world, &admin, "us-east-1", ("PutObject", again), &[]);
    assert_eq!(seen.freed, [1]);
    let files: Vec<u128> = world.partition.object_files().collect();
    assert_eq!(files, [2]);
}

#[test]
fn conditions_hold_or_refuse() {
    let (mut world, admin) = with_bucket();
    let only_new = Input {
        conditions: Conditions {
            matches_none: Some(vec!["*".into()]),
            ..Conditions::default()
        },
        ..about("bucket", "k")
    };
    put(&mut world, &admin, only_new.clone(), 1).unwrap();
    is(
        put(&mut world, &admin, only_new, 2),
        "PreconditionFailed",
        412,
    );
    let etag = stored(1).etag;
    for (matches, none, expected) in [
        (Some(&etag), None, None),
        (
            Some(&"other".to_owned()),
            None,
            Some(("PreconditionFailed", 412)),
        ),
        (None, Some(&etag), Some(("NotModified", 304))),
        (None, Some(&"other".to_owned()), None),
    ] {
        let list = |tag: Option<&String>| tag.map(|tag| vec![tag.clone()]);
        let input = Input {
            conditions: Conditions {
                matches: list(matches),
                matches_none: list(none),
                ..Conditions::default()
            },
            ..about("bucket", "k")
        };
        let found = get(&mut world, &admin, input);
        match expected {
            None => drop(found.unwrap()),
            Some((code, status)) => is(found, code, status),
        }
    }
}

/// An upload of parts of 5 MiB, which are called by their numbers.
fn with_upload(numbers: &[u16]) -> (World, Credentials, Input) {
    let (mut world, admin) = with_bucket();
    let begun = call(
        &mut world,
        &admin,
        "CreateMultipartUpload",
        about("bucket", "m"),
    );
    let Ok(Answer::Upload(upload, _)) = begun else {
        panic!("{begun:?}");
    };
    let of_upload = Input {
        upload: Some(upload.id.clone()),
        ..about("bucket", "m")
    };
    for number in numbers {
        let mut stored = stored((*number).into());
        stored.segment.size = 5 << 20;
        let input = Input {
            part: Some(*number),
            stored: Some(stored),
            ..of_upload.clone()
        };
        call(&mut world, &admin, "UploadPart", input).unwrap();
    }
    (world, admin, of_upload)
}

fn naming(of_upload: &Input, numbers: &[u16]) -> Input {
    let part = |number: &u16| PartAsked {
        number: *number,
        etag: stored((*number).into()).etag,
        checksum: None,
    };
    Input {
        parts: numbers.iter().map(part).collect(),
        ..of_upload.clone()
    }
}

#[test]
fn an_upload_is_made_of_the_parts_it_names() {
    let (mut world, admin, of_upload) = with_upload(&[1, 2, 3]);
    for wrong in [0, 10_001] {
        let input = Input {
            part: Some(wrong),
            ..of_upload.clone()
        };
        is(
            call(&mut world, &admin, "UploadPart", input),
            "InvalidArgument",
            400,
        );
    }
    let mut complete = |numbers: &[u16]| {
        let input = naming(&of_upload, numbers);
        call(&mut world, &admin, "CompleteMultipartUpload", input)
    };
    is(complete(&[]), "MalformedXML", 400);
    is(complete(&[2, 1]), "InvalidPartOrder", 400);
    is(complete(&[1, 1]), "InvalidPartOrder", 400);
    is(complete(&[1, 4]), "InvalidPart", 400);
    complete(&[1, 3]).unwrap();
    let done = Input {
        stored: Some(stored(0)),
        ..naming(&of_upload, &[1, 3])
    };
    let done = ("CompleteMultipartUpload", done);
    let seen = outcome(&mut world, &admin, "us-east-1", done, &[]);
    seen.answer.unwrap();
    assert_eq!(seen.freed, [2]);
    let found = get(&mut world, &admin, about("bucket", "m")).unwrap();
    let content = found.object.content.as_ref().unwrap();
    assert_eq!((content.size, content.parts), (10 << 20, 2));
    let files: Vec<u128> = content.segments.iter().map(|it| it.file).collect();
    assert_eq!(files, [1, 3]);
    is(
        call(&mut world, &admin, "AbortMultipartUpload", of_upload),
        "NoSuchUpload",
        404,
    );
}

#[test]
fn an_upload_may_have_ten_thousand_parts() {
    let (mut world, admin, of_upload) = with_upload(&[1]);
    let home = world.partition.bucket_home("bucket").unwrap().clone();
    for number in 2..=10_000 {
        let part = UploadPart {
            bucket: "bucket".into(),
            upload: of_upload.upload.clone().unwrap(),
            number,
            segment: Segment {
                file: number.into(),
                size: 5 << 20,
            },
            etag: stored(number.into()).etag,
            checksum: None,
            modified: world.now,
        };
        world.apply(Change::put(home.clone(), Entity::UploadPart(part)));
    }
    let all: Vec<u16> = (1..=10_000).collect();
    let one_more = naming(&of_upload, &[all.as_slice(), &[10_001]].concat());
    let refused = call(&mut world, &admin, "CompleteMultipartUpload", one_more);
    is(refused, "MalformedXML", 400);
    let done = Input {
        stored: Some(stored(0)),
        ..naming(&of_upload, &all)
    };
    call(&mut world, &admin, "CompleteMultipartUpload", done).unwrap();
    let found = get(&mut world, &admin, about("bucket", "m")).unwrap();
    let content = found.object.content.as_ref().unwrap();
    assert_eq!((content.size, content.parts), (10_000 * (5 << 20), 10_000));
    assert_eq!(world.partition.object_files().count(), 10_000);
}

#[test]
fn parts_but_the_last_have_a_least_size() {
    let (mut world, admin) = with_bucket();
    let input = Input {
        checksum: Some((ChecksumAlgorithm::Crc32, true)),
        ..about("bucket", "m")
    };
    let begun = call(&mut world, &admin, "CreateMultipartUpload", input);
    let Ok(Answer::Upload(upload, _)) = begun else {
        panic!("{begun:?}");
    };
    let mut parts = Vec::new();
    for number in [1, 2] {
        let input = Input {
            upload: Some(upload.id.clone()),
            part: Some(number),
            stored: Some(stored(number.into())),
            ..about("bucket", "m")
        };
        call(&mut world, &admin, "UploadPart", input).unwrap();
        parts.push(PartAsked {
            number,
            etag: stored(number.into()).etag,
            checksum: None,
        });
    }
    let input = Input {
        upload: Some(upload.id.clone()),
        parts,
        ..about("bucket", "m")
    };
    is(
        call(&mut world, &admin, "CompleteMultipartUpload", input),
        "EntityTooSmall",
        400,
    );
}

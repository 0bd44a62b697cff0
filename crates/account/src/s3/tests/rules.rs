//! Rules of buckets: kept as they were written, and objects that are over.

use jiff::SignedDuration;

use super::*;
use crate::entity::{CorsRule, Expiration, LifecycleFilter, LifecycleRule};

fn going(prefix: &str, days: i32) -> LifecycleRule {
    LifecycleRule {
        is_enabled: true,
        about: LifecycleFilter {
            prefix: Some(prefix.to_owned()),
            ..LifecycleFilter::default()
        },
        expiration: Some(Expiration::Days(days)),
        ..LifecycleRule::default()
    }
}

fn lifecycle(world: &mut World, rules: Vec<LifecycleRule>) -> Result<Answer, Fault> {
    let set_to = Setting::Lifecycle(Some(rules));
    set(world, "PutBucketLifecycleConfiguration", set_to)
}

fn names(world: &mut World, operation: &'static str) -> Vec<String> {
    let admin = world.admin.clone();
    let mut input = about("bucket", "");
    input.list.max = 1_000;
    match call(world, &admin, operation, input) {
        Ok(Answer::Listed(listed)) => {
            let names = listed
                .objects
                .iter()
                .map(|(object, _)| object.key.to_string());
            names.collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_over_is_not_there() {
    let (mut world, admin) = with_bucket();
    for (at, key) in ["kept", "log/a", "log/b"].into_iter().enumerate() {
        put(&mut world, &admin, about("bucket", key), at as u128).unwrap();
    }
    lifecycle(&mut world, vec![going("log/", 1)]).unwrap();
    get(&mut world, &admin, about("bucket", "log/a")).unwrap();
    world.now += SignedDuration::from_hours(48);
    is(
        get(&mut world, &admin, about("bucket", "log/a")),
        "NoSuchKey",
        404,
    );
    get(&mut world, &admin, about("bucket", "kept")).unwrap();
    for operation in ["ListObjectsV2", "ListObjectVersions"] {
        assert_eq!(names(&mut world, operation), ["kept"], "{operation}");
    }
    // Who may not list is not told that something went.
    let reader = policy("Allow", "s3:GetObject", "arn:aws:s3:::bucket/*");
    let reader = world.user("reader", &reader);
    is(
        get(&mut world, &reader, about("bucket", "log/a")),
        "AccessDenied",
        403,
    );
    // What was put anew begins anew.
    put(&mut world, &admin, about("bucket", "log/b"), 7).unwrap();
    get(&mut world, &admin, about("bucket", "log/b")).unwrap();
    let input = about("bucket", "");
    is(
        call(&mut world, &admin, "DeleteBucket", input),
        "BucketNotEmpty",
        409,
    );
    for key in ["kept", "log/b"] {
        call(&mut world, &admin, "DeleteObject", about("bucket", key)).unwrap();
    }
    // What is over goes with its bucket.
    call(&mut world, &admin, "DeleteBucket", about("bucket", "")).unwrap();
    assert_eq!(world.partition.object_files().count(), 0);
}

#[test]
fn a_rule_that_is_off_ends_nothing_and_versions_stay() {
    let (mut world, admin) = with_bucket();
    let on = Setting::Versioning(Versioning::Enabled);
    set(&mut world, "PutBucketVersioning", on).unwrap();
    let object = put(&mut world, &admin, about("bucket", "k"), 1).unwrap();
    let mut rule = going("", 1);
    rule.is_enabled = false;
    lifecycle(&mut world, vec![rule.clone()]).unwrap();
    world.now += SignedDuration::from_hours(48);
    get(&mut world, &admin, about("bucket", "k")).unwrap();
    rule.is_enabled = true;
    lifecycle(&mut world, vec![rule]).unwrap();
    is(
        get(&mut world, &admin, about("bucket", "k")),
        "NoSuchKey",
        404,
    );
    let input = Input {
        version: Some(object.version_id()),
        ..about("bucket", "k")
    };
    get(&mut world, &admin, input).unwrap();
    // Behind a delete marker.
    assert_eq!(names(&mut world, "ListObjectVersions"), ["k", "k"]);
    assert!(names(&mut world, "ListObjects").is_empty());
}

#[test]
fn rules_are_told_as_they_were_written() {
    let (mut world, admin) = with_bucket();
    let asked = |operation| (operation, about("bucket", ""));
    for (operation, code) in [
        ("GetBucketCors", "NoSuchCORSConfiguration"),
        (
            "GetBucketLifecycleConfiguration",
            "NoSuchLifecycleConfiguration",
        ),
    ] {
        let (operation, input) = asked(operation);
        is(call(&mut world, &admin, operation, input), code, 404);
    }
    let rule = CorsRule {
        origins: vec!["*".into()],
        methods: vec!["GET".into()],
        ..CorsRule::default()
    };
    let rules = Setting::Cors(Some(vec![rule.clone()]));
    set(&mut world, "PutBucketCors", rules).unwrap();
    lifecycle(&mut world, vec![going("a", 2)]).unwrap();
    let bucket = world.partition.bucket("bucket").unwrap();
    assert_eq!(bucket.cors, [rule]);
    // A name is drawn where none was given.
    assert_eq!(bucket.lifecycle[0].id.len(), 32);
    is(lifecycle(&mut world, vec![]), "MalformedXML", 400);
    set(&mut world, "DeleteBucketCors", Setting::Cors(None)).unwrap();
    set(
        &mut world,
        "DeleteBucketLifecycle",
        Setting::Lifecycle(None),
    )
    .unwrap();
    let bucket = world.partition.bucket("bucket").unwrap();
    assert!(bucket.cors.is_empty() && bucket.lifecycle.is_empty());
}

#[test]
fn an_access_control_list_is_the_owners_alone() {
    let (mut world, admin) = with_bucket();
    let acl = |acl: &str| Input {
        acl: Some(acl.to_owned()),
        setting: Some(Setting::Acl),
        ..about("bucket", "")
    };
    let refused = call(&mut world, &admin, "PutBucketAcl", acl("private"));
    is(refused, "AccessControlListNotSupported", 400);
    let owned = Setting::Ownership(Some(crate::entity::ObjectOwnership::ObjectWriter));
    set(&mut world, "PutBucketOwnershipControls", owned).unwrap();
    call(&mut world, &admin, "PutBucketAcl", acl("private")).unwrap();
    // Kept from the public, as a new bucket is.
    is(
        call(&mut world, &admin, "PutBucketAcl", acl("public-read")),
        "AccessDenied",
        403,
    );
    is(
        call(
            &mut world,
            &admin,
            "PutBucketAcl",
            acl("log-delivery-write"),
        ),
        "NotImplemented",
        501,
    );
}

//! What rules of a bucket end: just before, at the moment, and once it was swept.

use super::*;
use crate::entity::{Expiration, LifecycleFilter, LifecycleRule, Tag};

fn at(world: &mut World, moment: &str) {
    world.now = format!("2026-01-{moment}Z").parse().unwrap();
}

fn rule() -> LifecycleRule {
    LifecycleRule {
        is_enabled: true,
        ..LifecycleRule::default()
    }
}

fn ending(days: i32) -> LifecycleRule {
    LifecycleRule {
        expiration: Some(Expiration::Days(days)),
        ..rule()
    }
}

fn older(days: i32, kept: Option<i32>) -> LifecycleRule {
    LifecycleRule {
        noncurrent: Some((days, kept)),
        ..rule()
    }
}

/// A bucket with rules, as of the beginning of the 15th.
fn ruled(versioning: Option<Versioning>, rules: Vec<LifecycleRule>) -> (World, Credentials) {
    let mut world = World::new();
    at(&mut world, "15T00:00:00");
    let admin = world.admin.clone();
    call(&mut world, &admin, "CreateBucket", about("bucket", "")).unwrap();
    if let Some(versioning) = versioning {
        let setting = Setting::Versioning(versioning);
        set(&mut world, "PutBucketVersioning", setting).unwrap();
    }
    rule_by(&mut world, rules);
    (world, admin)
}

fn rule_by(world: &mut World, rules: Vec<LifecycleRule>) {
    let rules = Setting::Lifecycle(Some(rules));
    set(world, "PutBucketLifecycleConfiguration", rules).unwrap();
}

/// Puts the file that is called so.
fn put_file(world: &mut World, file: u128) -> String {
    let admin = world.admin.clone();
    let object = put(world, &admin, about("bucket", "k"), file).unwrap();
    object.version_id()
}

fn of_version(version: &str) -> Input {
    Input {
        version: Some(version.to_owned()),
        ..about("bucket", "k")
    }
}

fn delete(world: &mut World, input: Input) -> Deleted {
    let admin = world.admin.clone();
    match call(world, &admin, "DeleteObject", input).unwrap() {
        Answer::Deleted(mut deleted) => deleted.remove(0),
        other => panic!("{other:?}"),
    }
}

/// What there is: names of versions, and the file of each that is no marker.
fn listed(world: &mut World) -> Vec<(String, Option<u128>)> {
    let admin = world.admin.clone();
    let input = about("bucket", "");
    let Answer::Listed(all) = call(world, &admin, "ListObjectVersions", input).unwrap() else {
        panic!("no list");
    };
    // Page by page it is the same.
    let (mut paged, mut after) = (Vec::new(), None);
    loop {
        let mut input = about("bucket", "");
        input.list.max = 1;
        (input.list.after, input.list.after_version) = after.unzip();
        let page = call(world, &admin, "ListObjectVersions", input).unwrap();
        let Answer::Listed(page) = page else {
            panic!("no list");
        };
        paged.extend(page.objects);
        let Some((key, version)) = page.next else {
            break;
        };
        after = Some((key, version.unwrap()));
    }
    assert_eq!(paged, all.objects);
    let mut before = None;
    for (object, is_latest) in &all.objects {
        assert_eq!(*is_latest, before != Some(&object.key));
        before = Some(&object.key);
    }
    let file = |object: &S3Object| Some(object.content.as_ref()?.segments[0].file);
    let objects = all.objects.iter();
    objects
        .map(|(object, _)| (object.version_id(), file(object)))
        .collect()
}

fn files_listed(world: &mut World) -> Vec<Option<u128>> {
    listed(world).into_iter().map(|(_, file)| file).collect()
}

/// Sweeps, which changes nothing of what is seen; says which files went.
fn sweep_all(world: &mut World) -> Vec<u128> {
    let before = listed(world);
    let all = over(&world.partition, world.now, 1_000);
    let turn = sweep(&world.partition, &all, world.now, [5; 32]);
    assert_eq!(all.is_empty(), turn.changes.is_empty());
    for change in turn.changes {
        keep(world, change);
    }
    assert_eq!(over(&world.partition, world.now, 1_000), []);
    assert_eq!(listed(world), before);
    turn.freed
}

#[test]
fn an_older_version_goes_by_when_the_next_one_came() {
    let (mut world, admin) = ruled(Some(Versioning::Enabled), vec![older(3, None)]);
    let first = put_file(&mut world, 1);
    at(&mut world, "15T10:30:00");
    let second = put_file(&mut world, 2);
    at(&mut world, "18T23:59:59.999");
    get(&mut world, &admin, of_version(&first)).unwrap();
    assert_eq!(files_listed(&mut world), [Some(2), Some(1)]);
    assert!(sweep_all(&mut world).is_empty());
    at(&mut world, "19T00:00:00");
    for operation in [
        "GetObject",
        "HeadObject",
        "GetObjectTagging",
        "PutObjectTagging",
    ] {
        let asked = call(&mut world, &admin, operation, of_version(&first));
        is(asked, "NoSuchVersion", 404);
    }
    let copied = Input {
        source: Some(CopySource {
            bucket: "bucket".into(),
            key: "k".into(),
            version: Some(first.clone()),
            ..CopySource::default()
        }),
        ..about("bucket", "copy")
    };
    let copied = call(&mut world, &admin, "CopyObject", copied);
    is(copied, "NoSuchVersion", 404);
    assert_eq!(listed(&mut world), [(second, Some(2))]);
    assert_eq!(sweep_all(&mut world), [1]);
    let files: Vec<u128> = world.partition.object_files().collect();
    assert_eq!(files, [2]);
    // The newest is older than any of them and stays.
    at(&mut world, "30T00:00:00");
    get(&mut world, &admin, about("bucket", "k")).unwrap();
    assert!(sweep_all(&mut world).is_empty());
}

#[test]
fn as_many_older_versions_stay_as_the_rule_says() {
    let (mut world, _) = ruled(Some(Versioning::Enabled), vec![older(1, Some(2))]);
    for file in 1..=5 {
        put_file(&mut world, file);
        world.now += jiff::SignedDuration::from_secs(1);
    }
    at(&mut world, "15T23:59:59");
    assert_eq!(files_listed(&mut world).len(), 5);
    at(&mut world, "17T00:00:00");
    assert_eq!(files_listed(&mut world), [Some(5), Some(4), Some(3)]);
    assert_eq!(sweep_all(&mut world), [1, 2]);
    // Each new one pushes one out, when its own days are over.
    put_file(&mut world, 6);
    assert_eq!(files_listed(&mut world), [Some(6), Some(5), Some(4)]);
    assert_eq!(sweep_all(&mut world), [3]);
}

#[test]
fn rules_are_about_what_their_filter_says() {
    let tag = Tag {
        key: "t".into(),
        value: "v".into(),
    };
    let filter = LifecycleFilter::default;
    let prefix = |prefix: &str| LifecycleFilter {
        prefix: Some(prefix.to_owned()),
        ..filter()
    };
    let tagged = |value: &str| LifecycleFilter {
        tags: vec![Tag {
            value: value.to_owned(),
            ..tag.clone()
        }],
        ..filter()
    };
    let sized = |larger_than, smaller_than| LifecycleFilter {
        larger_than,
        smaller_than,
        ..filter()
    };
    let filters = [
        (filter(), true),
        (prefix("k"), true),
        (prefix("kk"), false),
        (tagged("v"), true),
        (tagged("w"), false),
        // It has three bytes.
        (sized(Some(2), None), true),
        (sized(Some(3), None), false),
        (sized(None, Some(4)), true),
        (sized(None, Some(3)), false),
    ];
    for (filter, is_about) in filters {
        let mut rule = older(1, None);
        rule.about = filter.clone();
        let (mut world, admin) = ruled(Some(Versioning::Enabled), vec![rule.clone()]);
        let input = Input {
            tags: vec![tag.clone()],
            ..about("bucket", "k")
        };
        put(&mut world, &admin, input, 1).unwrap();
        put_file(&mut world, 2);
        at(&mut world, "17T00:00:00");
        let left = files_listed(&mut world).len();
        assert_eq!(left, if is_about { 1 } else { 2 }, "{filter:?}");
        // One that is off is about nothing.
        rule.is_enabled = false;
        rule_by(&mut world, vec![rule]);
        assert_eq!(files_listed(&mut world).len(), 2, "{filter:?}");
    }
}

#[test]
fn a_marker_takes_the_place_of_the_newest_version() {
    let (mut world, admin) = ruled(Some(Versioning::Enabled), vec![ending(1)]);
    at(&mut world, "15T10:30:00");
    let first = put_file(&mut world, 1);
    at(&mut world, "16T23:59:59");
    let object = get(&mut world, &admin, about("bucket", "k"))
        .unwrap()
        .object;
    let moment = "2026-01-17T00:00:00Z".parse().unwrap();
    let told = expiry(&world.partition, &object).unwrap();
    assert_eq!((told.0, told.1.len()), (moment, 32));
    at(&mut world, "17T00:00:00");
    is(
        get(&mut world, &admin, about("bucket", "k")),
        "NoSuchKey",
        404,
    );
    let seen = listed(&mut world);
    let marker = seen[0].0.clone();
    assert_eq!(seen, [(marker.clone(), None), (first.clone(), Some(1))]);
    is(
        get(&mut world, &admin, of_version(&marker)),
        "MethodNotAllowed",
        405,
    );
    get(&mut world, &admin, of_version(&first)).unwrap();
    // It is the same one once it is stored, and nothing went.
    assert!(sweep_all(&mut world).is_empty());
    // What is an older version does not go as the newest.
    assert_eq!(expiry(&world.partition, &object), None);
    at(&mut world, "30T00:00:00");
    assert_eq!(listed(&mut world), seen);
    is(
        call(&mut world, &admin, "DeleteBucket", about("bucket", "")),
        "BucketNotEmpty",
        409,
    );
    // Who takes it away has the object back, until S3 would look again.
    for sweeps in [true, false] {
        let marker = listed(&mut world)[0].0.clone();
        let deleted = delete(&mut world, of_version(&marker));
        assert_eq!(deleted.marker, Some(marker));
        assert_eq!(listed(&mut world), [(first.clone(), Some(1))]);
        get(&mut world, &admin, about("bucket", "k")).unwrap();
        assert!(!sweeps || sweep_all(&mut world).is_empty());
        world.now += jiff::SignedDuration::from_hours(24);
        assert_eq!(files_listed(&mut world), [None, Some(1)]);
    }
    // And who takes all away finds nothing left.
    for (version, _) in listed(&mut world) {
        delete(&mut world, of_version(&version));
    }
    call(&mut world, &admin, "DeleteBucket", about("bucket", "")).unwrap();
}

#[test]
fn what_is_put_comes_after_the_marker() {
    let (mut world, admin) = ruled(Some(Versioning::Enabled), vec![ending(1)]);
    let first = put_file(&mut world, 1);
    at(&mut world, "17T05:00:00");
    let marker = listed(&mut world)[0].0.clone();
    // There is nothing to be replaced.
    let on_none = Input {
        conditions: Conditions {
            matches_none: Some(vec!["*".into()]),
            ..Conditions::default()
        },
        ..about("bucket", "k")
    };
    let second = put(&mut world, &admin, on_none, 2).unwrap().version_id();
    let all = [(second, Some(2)), (marker, None), (first, Some(1))];
    assert_eq!(listed(&mut world), all);
    get(&mut world, &admin, about("bucket", "k")).unwrap();
    assert!(sweep_all(&mut world).is_empty());
}

#[test]
fn suspended_the_marker_is_the_version_null() {
    let (mut world, admin) = ruled(Some(Versioning::Suspended), vec![ending(1)]);
    put_file(&mut world, 1);
    at(&mut world, "15T12:00:00");
    assert_eq!(listed(&mut world), [("null".into(), Some(1))]);
    at(&mut world, "16T00:00:00");
    // As a marker of this midnight it is over a day later.
    assert_eq!(listed(&mut world), [("null".into(), None)]);
    is(
        get(&mut world, &admin, of_version("null")),
        "MethodNotAllowed",
        405,
    );
    assert_eq!(sweep_all(&mut world), [1]);
    at(&mut world, "17T00:00:00");
    assert_eq!(listed(&mut world), []);
    call(&mut world, &admin, "DeleteBucket", about("bucket", "")).unwrap();
}

#[test]
fn one_rule_after_the_other_takes_all_away() {
    let rules = vec![ending(1), older(2, None)];
    for sweeps in [false, true] {
        let (mut world, admin) = ruled(Some(Versioning::Enabled), rules.clone());
        at(&mut world, "15T10:30:00");
        put_file(&mut world, 1);
        let mut seen = |moment: &str| {
            at(&mut world, moment);
            if sweeps {
                sweep_all(&mut world);
            }
            files_listed(&mut world)
        };
        assert_eq!(seen("16T23:59:59"), [Some(1)]);
        assert_eq!(seen("17T00:00:00"), [None, Some(1)]);
        assert_eq!(seen("18T23:59:59"), [None, Some(1)]);
        // The marker's own day was over before.
        assert_eq!(seen("19T00:00:00"), []);
        call(&mut world, &admin, "DeleteBucket", about("bucket", "")).unwrap();
        assert_eq!(world.partition.object_files().count(), 0);
    }
}

#[test]
fn a_rule_ends_nothing_before_it_was_set() {
    let (mut world, _) = ruled(Some(Versioning::Enabled), Vec::from([older(9, None)]));
    let first = put_file(&mut world, 1);
    at(&mut world, "25T10:00:00");
    let rules = vec![ending(1), older(3, None)];
    rule_by(&mut world, rules.clone());
    // The object was over long ago, and is an older one only from now on.
    assert_eq!(files_listed(&mut world), [None, Some(1)]);
    // The same again changes nothing of it.
    at(&mut world, "28T00:00:00");
    let mut same = rules;
    let held = world.partition.bucket("bucket").unwrap();
    same.iter_mut()
        .zip(&held.lifecycle)
        .for_each(|(rule, held)| rule.id.clone_from(&held.id));
    rule_by(&mut world, same);
    at(&mut world, "28T23:59:59");
    assert_eq!(listed(&mut world)[1], (first, Some(1)));
    at(&mut world, "29T00:00:00");
    assert_eq!(files_listed(&mut world), []);
}

#[test]
fn a_marker_that_nothing_is_behind_goes_where_a_rule_says_so() {
    let marker = |expiration| LifecycleRule {
        expiration: Some(expiration),
        ..rule()
    };
    for (expiration, before, from) in [
        (Expiration::Marker, "16T23:59:59", "17T00:00:00"),
        (Expiration::Days(5), "20T23:59:59", "21T00:00:00"),
        (
            Expiration::Date("2026-01-19T00:00:00Z".parse().unwrap()),
            "18T23:59:59",
            "19T00:00:00",
        ),
    ] {
        let rules = vec![marker(expiration), older(1, None)];
        let (mut world, _) = ruled(Some(Versioning::Enabled), rules);
        put_file(&mut world, 1);
        at(&mut world, "15T10:00:00");
        delete(&mut world, about("bucket", "k")).marker.unwrap();
        at(&mut world, "16T23:59:59");
        assert_eq!(files_listed(&mut world), [None, Some(1)]);
        at(&mut world, before);
        assert_eq!(files_listed(&mut world)[0], None);
        at(&mut world, from);
        assert_eq!(listed(&mut world), [], "{expiration:?}");
        assert_eq!(sweep_all(&mut world), [1]);
    }
    // With an older version behind it, it stays, and so it does without such a rule.
    for rules in [vec![marker(Expiration::Marker)], vec![older(1, None)]] {
        let (mut world, _) = ruled(Some(Versioning::Enabled), rules);
        put_file(&mut world, 1);
        delete(&mut world, about("bucket", "k")).marker.unwrap();
        at(&mut world, "25T00:00:00");
        assert_eq!(files_listed(&mut world)[0], None);
    }
}

#[test]
fn an_upload_is_given_up_after_its_days() {
    let (mut world, admin, of_upload) = with_upload(&[1, 2]);
    let begun = world.partition.state(world.state.home()).unwrap();
    let held = begun
        .bucket("bucket")
        .unwrap()
        .uploads
        .values()
        .next()
        .unwrap();
    let mut upload = (*held.upload).clone();
    upload.initiated = "2026-01-15T10:30:00Z".parse().unwrap();
    let mut rules = [7, 2, 1].map(|days| LifecycleRule {
        id: format!("r{days}"),
        upload_days: Some(days),
        ..rule()
    });
    rules[2].about.prefix = Some("other".into());
    at(&mut world, "15T10:30:00");
    let bucket = {
        rule_by(&mut world, rules.to_vec());
        Arc::clone(world.partition.bucket("bucket").unwrap())
    };
    let moment = "2026-01-18T00:00:00Z".parse().unwrap();
    assert_eq!(giving_up(&bucket, &upload), Some((moment, "r2")));
    // It began long before.
    let home = world.partition.bucket_home("bucket").unwrap().clone();
    let parts: Vec<UploadPart> = held.parts.values().map(|part| (**part).clone()).collect();
    world.apply(Change::put(home.clone(), Entity::Upload(upload)));
    for part in parts {
        world.apply(Change::put(home.clone(), Entity::UploadPart(part)));
    }
    let uploads = |world: &mut World| {
        let input = about("bucket", "");
        match call(world, &world.admin.clone(), "ListMultipartUploads", input).unwrap() {
            Answer::Uploads(all, _) => all.len(),
            other => panic!("{other:?}"),
        }
    };
    at(&mut world, "17T23:59:59");
    assert_eq!(uploads(&mut world), 1);
    assert!(sweep_all(&mut world).is_empty());
    call(&mut world, &admin, "ListParts", of_upload.clone()).unwrap();
    at(&mut world, "18T00:00:00");
    assert_eq!(uploads(&mut world), 0);
    let part = Input {
        part: Some(3),
        stored: Some(stored(3)),
        ..of_upload.clone()
    };
    for (operation, input) in [
        ("UploadPart", part),
        ("ListParts", of_upload.clone()),
        ("CompleteMultipartUpload", naming(&of_upload, &[1])),
        ("AbortMultipartUpload", of_upload),
    ] {
        is(
            call(&mut world, &admin, operation, input),
            "NoSuchUpload",
            404,
        );
    }
    assert_eq!(sweep_all(&mut world), [1, 2]);
    assert_eq!(world.partition.object_files().count(), 0);
}

#[test]
fn what_is_swept_has_a_bound_and_what_came_meanwhile_stays() {
    let (mut world, admin) = ruled(None, vec![ending(1)]);
    for at in 0..20 {
        put(&mut world, &admin, about("bucket", &format!("k{at}")), at).unwrap();
    }
    at(&mut world, "17T00:00:00");
    let some = over(&world.partition, world.now, 7);
    assert_eq!(some.len(), 7);
    // Put anew between the look and the sweep.
    let kept = put(&mut world, &admin, about("bucket", "k0"), 99).unwrap();
    let turn = sweep(&world.partition, &some, world.now, [5; 32]);
    assert_eq!(turn.changes.len(), 6);
    for change in turn.changes {
        keep(&mut world, change);
    }
    get(&mut world, &admin, about("bucket", &kept.key)).unwrap();
    assert_eq!(over(&world.partition, world.now, 1_000).len(), 13);
    // With all of it the bucket would have gone.
    delete(&mut world, about("bucket", "k0"));
    call(&mut world, &admin, "DeleteBucket", about("bucket", "")).unwrap();
    assert_eq!(world.partition.object_files().count(), 0);
}

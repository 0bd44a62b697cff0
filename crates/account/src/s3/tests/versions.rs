//! Versions and delete markers.

use super::*;

fn versioning(world: &mut World, versioning: Versioning) {
    set(
        world,
        "PutBucketVersioning",
        Setting::Versioning(versioning),
    )
    .unwrap();
}

fn delete(world: &mut World, version: Option<String>) -> Deleted {
    let admin = world.admin.clone();
    let input = Input {
        version,
        ..about("bucket", "k")
    };
    match call(world, &admin, "DeleteObject", input).unwrap() {
        Answer::Deleted(mut deleted) => deleted.remove(0),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_marker_hides_and_goes_again() {
    let (mut world, admin) = with_bucket();
    versioning(&mut world, Versioning::Enabled);
    let first = put(&mut world, &admin, about("bucket", "k"), 1).unwrap();
    let second = put(&mut world, &admin, about("bucket", "k"), 2).unwrap();
    assert_ne!(first.version, second.version);
    let marker = delete(&mut world, None).marker.unwrap();
    is(
        get(&mut world, &admin, about("bucket", "k")),
        "NoSuchKey",
        404,
    );
    let of_version = |version: &str| Input {
        version: Some(version.to_owned()),
        ..about("bucket", "k")
    };
    let found = get(&mut world, &admin, of_version(&first.version_id())).unwrap();
    assert_eq!(found.object.content.as_ref().unwrap().segments[0].file, 1);
    is(
        get(&mut world, &admin, of_version(&marker)),
        "MethodNotAllowed",
        405,
    );
    is(
        get(&mut world, &admin, of_version(&"0".repeat(32))),
        "NoSuchVersion",
        404,
    );
    is(
        get(&mut world, &admin, of_version("x")),
        "InvalidArgument",
        400,
    );
    assert_eq!(
        delete(&mut world, Some(marker.clone())).marker,
        Some(marker)
    );
    let found = get(&mut world, &admin, about("bucket", "k")).unwrap();
    assert_eq!(found.object.version, second.version);
    // Gone for good.
    delete(&mut world, Some(second.version_id()));
    let found = get(&mut world, &admin, about("bucket", "k")).unwrap();
    assert_eq!(found.object.version, first.version);
}

#[test]
fn suspended_is_one_version_beside_the_others() {
    let (mut world, admin) = with_bucket();
    put(&mut world, &admin, about("bucket", "k"), 1).unwrap();
    versioning(&mut world, Versioning::Enabled);
    put(&mut world, &admin, about("bucket", "k"), 2).unwrap();
    versioning(&mut world, Versioning::Suspended);
    put(&mut world, &admin, about("bucket", "k"), 3).unwrap();
    let mut files: Vec<u128> = world.partition.object_files().collect();
    files.sort_unstable();
    assert_eq!(files, [2, 3]);
    assert_eq!(delete(&mut world, None).marker.as_deref(), Some("null"));
    let files: Vec<u128> = world.partition.object_files().collect();
    assert_eq!(files, [2]);
}

#[test]
fn a_clock_that_is_set_back_changes_no_order() {
    let (mut world, admin) = with_bucket();
    versioning(&mut world, Versioning::Enabled);
    put(&mut world, &admin, about("bucket", "k"), 1).unwrap();
    world.now = crate::testing::seconds(-60);
    let second = put(&mut world, &admin, about("bucket", "k"), 2).unwrap();
    let found = get(&mut world, &admin, about("bucket", "k")).unwrap();
    assert_eq!(found.object.version, second.version);
}

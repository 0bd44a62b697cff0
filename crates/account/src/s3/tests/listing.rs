//! Listings, held against the plain way to make them.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

fn list(world: &mut World, list: List) -> Listed {
    let admin = world.admin.clone();
    let input = Input {
        list,
        ..about("bucket", "")
    };
    match call(world, &admin, "ListObjectsV2", input).unwrap() {
        Answer::Listed(listed) => listed,
        other => panic!("{other:?}"),
    }
}

/// All pages of a listing.
fn pages(world: &mut World, asked: &List) -> (Vec<String>, Vec<String>) {
    let (mut names, mut prefixes) = (Vec::new(), Vec::new());
    let mut after = asked.after.clone();
    for _ in 0..100 {
        let page = list(
            world,
            List {
                after: after.clone(),
                ..asked.clone()
            },
        );
        assert!(page.objects.len() + page.prefixes.len() <= asked.max);
        names.extend(
            page.objects
                .iter()
                .map(|(object, _)| object.key.to_string()),
        );
        prefixes.extend(page.prefixes);
        match page.next {
            Some((next, _)) => after = Some(next),
            None => return (names, prefixes),
        }
    }
    panic!("it has no end");
}

/// By looking at each name.
fn plain(all: &BTreeSet<String>, prefix: &str, delimiter: &str) -> (Vec<String>, Vec<String>) {
    let (mut names, mut prefixes) = (Vec::new(), BTreeSet::new());
    for name in all {
        let Some(rest) = name.strip_prefix(prefix) else {
            continue;
        };
        match rest.split_once(delimiter).filter(|_| !delimiter.is_empty()) {
            Some((cut, _)) => drop(prefixes.insert(format!("{prefix}{cut}{delimiter}"))),
            None => names.push(name.clone()),
        }
    }
    (names, prefixes.into_iter().collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn pages_are_the_plain_listing(
        all in prop::collection::btree_set("[ab/]{1,5}", 0..14),
        gone in prop::collection::vec("[ab/]{1,3}", 0..4),
        prefix in "[ab/]{0,2}",
        delimiter in prop::sample::select(vec!["", "/", "b"]),
        max in 1_usize..4,
    ) {
        let (mut world, admin) = with_bucket();
        set(&mut world, "PutBucketVersioning", Setting::Versioning(Versioning::Enabled)).unwrap();
        for (at, key) in all.iter().enumerate() {
            put(&mut world, &admin, about("bucket", key), at as u128 + 1).unwrap();
        }
        let mut left = all;
        for key in gone {
            call(&mut world, &admin, "DeleteObject", about("bucket", &key)).unwrap();
            left.remove(&key);
        }
        let asked = List {
            prefix: prefix.clone(),
            delimiter: delimiter.to_owned(),
            max,
            ..List::default()
        };
        prop_assert_eq!(pages(&mut world, &asked), plain(&left, &prefix, delimiter));
    }
}

#[test]
fn versions_come_newest_first_and_over_pages() {
    let (mut world, admin) = with_bucket();
    set(
        &mut world,
        "PutBucketVersioning",
        Setting::Versioning(Versioning::Enabled),
    )
    .unwrap();
    for (at, key) in ["a", "b", "a", "a"].into_iter().enumerate() {
        put(&mut world, &admin, about("bucket", key), at as u128 + 1).unwrap();
    }
    call(&mut world, &admin, "DeleteObject", about("bucket", "b")).unwrap();
    let mut seen = Vec::new();
    let (mut after, mut after_version) = (None, None);
    loop {
        let input = Input {
            list: List {
                max: 2,
                after,
                after_version,
                ..List::default()
            },
            ..about("bucket", "")
        };
        let Answer::Listed(page) = call(&mut world, &admin, "ListObjectVersions", input).unwrap()
        else {
            panic!();
        };
        for (object, is_latest) in &page.objects {
            let file = object
                .content
                .as_ref()
                .map(|content| content.segments[0].file);
            seen.push((object.key.to_string(), file, *is_latest));
        }
        let Some((name, version)) = page.next else {
            break;
        };
        (after, after_version) = (Some(name), version);
    }
    let expected = [
        ("a", Some(4), true),
        ("a", Some(3), false),
        ("a", Some(1), false),
        ("b", None, true),
        ("b", Some(2), false),
    ];
    let expected = expected.map(|(key, file, is_latest)| (key.to_owned(), file, is_latest));
    assert_eq!(seen, expected);
}

//! Long-lived keys: how old, how long unused, how many, and the root user's.

use super::*;
use world::codes;

fn days(days: i64) -> jiff::Timestamp {
    world::now() - jiff::SignedDuration::from_hours(24 * days)
}

fn key(id: &str, user: &str, age: i64, last: Option<i64>) -> AccessKey {
    AccessKey {
        id: id.to_owned(),
        user: format!("arn:aws:iam::{ACCOUNT}:user/{user}"),
        active: true,
        created: Some(days(age)),
        last_used: last.map(days),
    }
}

fn told(keys: Vec<AccessKey>) -> Vec<(&'static str, String)> {
    let mut world = World::new();
    world.facts.access_keys = Some(keys);
    let findings = world.judge().findings;
    let told = findings.iter();
    told.map(|it| {
        (
            it.rule.code,
            it.subject.id.rsplit('/').next().unwrap().to_owned(),
        )
    })
    .collect()
}

#[test]
fn keys_are_old_after_90_days_and_only_while_active() {
    let mut off = key("AKIAOFF", "off", 900, None);
    off.active = false;
    let keys = vec![
        key("AKIAFRESH", "fresh", 90, Some(1)),
        key("AKIAOLD", "old", 91, Some(1)),
        off,
    ];
    assert_eq!(told(keys), [("RC-IAM-001", "AKIAOLD".to_owned())]);
}

#[test]
fn keys_are_unused_after_45_days() {
    let keys = vec![
        key("AKIAUSED", "one", 80, Some(45)),
        key("AKIANEW", "two", 45, None),
        key("AKIAIDLE", "three", 80, Some(46)),
        key("AKIANEVER", "four", 46, None),
    ];
    let expected = ["AKIAIDLE", "AKIANEVER"].map(|id| ("RC-IAM-010", id.to_owned()));
    assert_eq!(told(keys), expected);
}

/// What was denied is missing evidence, and no sign that nobody uses the key.
#[test]
fn a_key_whose_use_was_not_read_is_not_called_unused() {
    let mut world = World::new();
    world.facts.access_keys = Some(vec![key("AKIANEVER", "four", 60, None)]);
    assert_eq!(codes(&world.judge()), ["RC-IAM-010"]);
    let identities = world.facts.identities.as_mut().unwrap();
    identities.use_not_read = vec!["AKIANEVER".to_owned()];
    assert_eq!(codes(&world.judge()), Vec::<&str>::new());
}

#[test]
fn two_active_keys_of_a_user_are_told_of_the_user() {
    let mut off = key("AKIATHREE", "deploy", 1, None);
    off.active = false;
    let one = key("AKIAONE", "deploy", 1, None);
    let other = key("AKIAOTHER", "other", 1, None);
    assert_eq!(told(vec![one.clone(), off, other]), []);
    let keys = vec![one, key("AKIATWO", "deploy", 1, None)];
    assert_eq!(told(keys), [("RC-IAM-011", "deploy".to_owned())]);
}

#[test]
fn keys_of_the_root_user_are_told_where_it_is_known() {
    for (root_keys, expected) in [
        (Some(true), vec!["RC-IAM-012"]),
        (Some(false), vec![]),
        (None, vec![]),
    ] {
        let mut world = World::new();
        world.facts.identities.as_mut().unwrap().root_keys = root_keys;
        let judged = world.judge();
        assert_eq!(codes(&judged), expected);
        let subjects = judged.findings.iter().map(|it| it.subject.id.as_str());
        assert!(
            subjects
                .clone()
                .all(|it| it == "arn:aws:iam::123456789012:root")
        );
    }
}

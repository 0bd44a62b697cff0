//! What a name holds at a moment: its versions without those that rules have ended by then, and
//! with the delete marker that stands where the newest was.
//!
//! Records say what was put. What is over is not there for who reads or lists, from the moment on
//! at which S3 would begin to remove it. Whoever changes what a name holds does so on what is left
//! of it ([`settle`]), and the sweep takes away what nobody has used meanwhile.
//!
//! Source: S3 User Guide, "Expiring objects", "Lifecycle configuration elements".

use std::sync::Arc;

use jiff::Timestamp;
use protocol::Fault;

use super::faults::no_such_bucket;
use super::lifecycle::{self, is_marker_over, is_older_over};
use crate::entity::{Bucket, Entity, Key, S3Object, Versioning};
use crate::entropy::keyed_hash;
use crate::state::{HeldBucket, Partition};
use crate::transaction::Transaction;

/// When an object goes, if it is the newest version, and by which rule.
pub fn expiry<'p>(partition: &'p Partition, object: &'p S3Object) -> Option<(Timestamp, &'p str)> {
    let held = partition.held_bucket(&object.bucket)?;
    let end = lifecycle::expiry(&held.bucket, object)?;
    let newest = held.newest(&object.key)?;
    (newest.sequence == object.sequence).then_some(end)
}

/// The versions of an object, the newest first.
pub(super) fn versions(held: &HeldBucket, key: &str, now: Timestamp) -> Vec<Arc<S3Object>> {
    let stored = held.versions(key).map(Arc::clone).collect();
    left_of(&held.bucket, stored, now)
}

/// The newest version of an object, which may be a delete marker.
pub(super) fn newest(held: &HeldBucket, key: &str, now: Timestamp) -> Option<Arc<S3Object>> {
    let stored = held.newest(key)?;
    let is_plain = held.bucket.lifecycle.is_empty()
        || (stored.content.is_some() && !lifecycle::is_over(&held.bucket, stored, now));
    if is_plain {
        return Some(Arc::clone(stored));
    }
    versions(held, key, now).into_iter().next()
}

/// A version of an object.
pub(super) fn version(
    held: &HeldBucket,
    key: &str,
    version: Option<u128>,
    now: Timestamp,
) -> Option<Arc<S3Object>> {
    if held.bucket.lifecycle.is_empty() {
        return held.version(key, version).map(Arc::clone);
    }
    let versions = versions(held, key, now);
    versions
        .into_iter()
        .find(|object| object.version == version)
}

/// Makes what is stored under a name what is left of it now.
pub(super) fn settle(transaction: &mut Transaction, bucket: &str, key: &str) -> Result<(), Fault> {
    let held = transaction.state().bucket(bucket);
    let held = Arc::clone(held.ok_or_else(no_such_bucket)?);
    if held.bucket.lifecycle.is_empty() {
        return Ok(());
    }
    let stored: Vec<_> = held.versions(key).map(Arc::clone).collect();
    let steps = steps(&held.bucket, &stored, transaction.now);
    for step in steps.into_iter().take(STEPS_MAX) {
        match step {
            Step::Put(marker) => transaction.put(Entity::S3Object(S3Object::clone(&marker)))?,
            Step::Delete(gone) => transaction.delete(Key::S3Object {
                bucket: bucket.to_owned(),
                key: key.to_owned(),
                version: gone.version,
            })?,
        }
    }
    Ok(())
}

/// Leaves the newest version for who wants it back, where it would be over at once; until S3 would
/// look again.
pub(super) fn show(transaction: &mut Transaction, bucket: &str, key: &str) -> Result<(), Fault> {
    let held = transaction.state().bucket(bucket);
    let held = held.ok_or_else(no_such_bucket)?;
    let newest = held.newest(key);
    let over = newest.filter(|object| lifecycle::is_over(&held.bucket, object, transaction.now));
    let Some(over) = over else {
        return Ok(());
    };
    let mut object = S3Object::clone(over);
    if let Some(content) = &mut object.content {
        content.newest_again = Some(transaction.now);
    }
    transaction.put(Entity::S3Object(object))
}

/// What is stored under each name, the newest first.
pub(super) fn names(held: &HeldBucket) -> impl Iterator<Item = Vec<Arc<S3Object>>> {
    let mut objects = held.objects().peekable();
    std::iter::from_fn(move || {
        let first = Arc::clone(objects.next()?);
        let mut stored = vec![Arc::clone(&first)];
        while let Some(next) = objects.next_if(|next| next.key == first.key) {
            stored.push(Arc::clone(next));
        }
        Some(stored)
    })
}

/// Whether nothing is left of a name.
pub(super) fn is_over(bucket: &Bucket, stored: &[Arc<S3Object>], now: Timestamp) -> bool {
    left_of(bucket, stored.to_vec(), now).is_empty()
}

/// Whether something of a name is over and still stored.
pub(super) fn is_unsettled(bucket: &Bucket, stored: &[Arc<S3Object>], now: Timestamp) -> bool {
    !steps(bucket, stored, now).is_empty()
}

enum Step {
    Put(Arc<S3Object>),
    Delete(Arc<S3Object>),
}

/// What makes what is stored what is left of it: the marker, then what goes, the oldest first. So
/// what is left after some of the steps is what would be left after all of them.
fn steps(bucket: &Bucket, stored: &[Arc<S3Object>], now: Timestamp) -> Vec<Step> {
    let left = left_of(bucket, stored.to_vec(), now);
    let is_stored = |object: &Arc<S3Object>| stored.iter().any(|it| it.sequence == object.sequence);
    let marker = left.first().filter(|newest| !is_stored(newest));
    let mut steps: Vec<Step> = marker.map(Arc::clone).map(Step::Put).into_iter().collect();
    // Both are in order. A version that the marker takes the place of goes with that.
    let mut kept = left.iter().rev().peekable();
    for object in stored.iter().rev() {
        if kept
            .next_if(|kept| kept.sequence == object.sequence)
            .is_none()
            && marker.is_none_or(|marker| marker.version != object.version)
        {
            steps.push(Step::Delete(Arc::clone(object)));
        }
    }
    steps
}

/// What is left of all versions of a name, the newest first.
fn left_of(
    bucket: &Bucket,
    mut versions: Vec<Arc<S3Object>>,
    now: Timestamp,
) -> Vec<Arc<S3Object>> {
    if bucket.lifecycle.is_empty() {
        return versions;
    }
    // First, what ends the newest.
    if let Some(newest) = versions.first()
        && let Some((moment, _)) = lifecycle::expiry(bucket, newest)
        && moment <= now
    {
        let Some(versioning) = bucket.versioning else {
            return Vec::new();
        };
        let marker = marker(bucket, newest, (moment, versioning));
        if marker.version.is_none() {
            versions.retain(|object| object.version.is_some());
        }
        versions.insert(0, Arc::new(marker));
    }
    // Second, what ends the older ones.
    let mut left: Vec<Arc<S3Object>> = Vec::with_capacity(versions.len());
    let mut after: Option<Timestamp> = None;
    for object in versions {
        let place = after.map(|since| (since, left.len().saturating_sub(1)));
        after = Some(object.modified);
        if place.is_none_or(|place| !is_older_over(bucket, &object, place, now)) {
            left.push(object);
        }
    }
    // Third, a marker that nothing is left behind.
    if let [marker] = left.as_slice()
        && marker.content.is_none()
        && is_marker_over(bucket, marker, now)
    {
        left.clear();
    }
    left
}

/// The delete marker that takes the place of the newest version: of the moment at which that was
/// over, and not of before it was there, nor the rule.
fn marker(
    bucket: &Bucket,
    newest: &S3Object,
    (moment, versioning): (Timestamp, Versioning),
) -> S3Object {
    let ruled = bucket.lifecycle_since.unwrap_or(moment);
    let modified = moment.max(newest.modified).max(ruled);
    let sequence = u64::try_from(modified.as_nanosecond()).unwrap_or_default();
    // The same each time it is asked for until it is stored.
    let hash = keyed_hash(
        MARKER_KEY,
        &[
            bucket.name.as_bytes(),
            newest.key.as_bytes(),
            &newest.sequence.to_be_bytes(),
        ],
    );
    let id = hash
        .iter()
        .take(16)
        .fold(0, |id: u128, byte| (id << 8) | u128::from(*byte));
    S3Object {
        bucket: Arc::clone(&bucket.name),
        key: Arc::clone(&newest.key),
        version: (versioning == Versioning::Enabled).then_some(id),
        sequence: sequence.max(newest.sequence + 1),
        modified,
        content: None,
        tags: Vec::new(),
    }
}

// Versions of one name that go at once.
const STEPS_MAX: usize = 1_000;
const MARKER_KEY: &[u8; 32] = b"rolecall s3 lifecycle marker id.";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::{BucketEncryption, Content, Expiration, Headers, LifecycleRule, Sealing};

    fn bucket(versioning: Versioning, kept: Option<i32>) -> Bucket {
        let rule = |expiration, noncurrent| LifecycleRule {
            is_enabled: true,
            expiration,
            noncurrent,
            ..LifecycleRule::default()
        };
        Bucket {
            name: "bucket".into(),
            created: Timestamp::UNIX_EPOCH,
            ownership: None,
            public_access: None,
            versioning: Some(versioning),
            encryption: BucketEncryption::default(),
            policy: None,
            tags: Vec::new(),
            cors: Vec::new(),
            lifecycle: vec![
                rule(Some(Expiration::Days(2)), Some((1, kept))),
                rule(Some(Expiration::Marker), None),
            ],
            lifecycle_since: None,
        }
    }

    /// One a day, of which some are delete markers, and one has no name of its own.
    fn stored(markers: usize, null: Option<usize>) -> Vec<Arc<S3Object>> {
        let one = |day: usize| {
            let content = Content {
                size: 1,
                etag: String::new(),
                checksum: None,
                sealing: Sealing::Customer(Vec::new()),
                segments: Vec::new(),
                parts: 0,
                headers: Headers::default(),
                newest_again: None,
            };
            let seconds = i64::try_from(day).unwrap() * 86_400 + 3_600;
            let modified = Timestamp::from_second(seconds).unwrap();
            Arc::new(S3Object {
                bucket: "bucket".into(),
                key: "k".into(),
                version: (null != Some(day)).then_some(day as u128),
                sequence: u64::try_from(modified.as_nanosecond()).unwrap(),
                modified,
                content: (markers >> day & 1 == 0).then(|| Box::new(content)),
                tags: Vec::new(),
            })
        };
        (0..4).rev().map(one).collect()
    }

    fn after(mut stored: Vec<Arc<S3Object>>, step: &Step) -> Vec<Arc<S3Object>> {
        let (Step::Put(of) | Step::Delete(of)) = step;
        stored.retain(|object| object.version != of.version);
        if let Step::Put(marker) = step {
            stored.push(Arc::clone(marker));
        }
        stored.sort_by_key(|object| std::cmp::Reverse(object.sequence));
        stored
    }

    #[test]
    fn a_part_of_the_steps_leaves_what_all_of_them_leave() {
        let mut steps_seen = 0;
        for versioning in [Versioning::Enabled, Versioning::Suspended] {
            for kept in [None, Some(1)] {
                let bucket = bucket(versioning, kept);
                for markers in 0..16 {
                    for null in [None, Some(0), Some(2), Some(3)] {
                        for hours in (0..=24 * 9).step_by(6) {
                            let now = Timestamp::from_second(hours * 3_600).unwrap();
                            let mut rest = stored(markers, null);
                            let left = left_of(&bucket, rest.clone(), now);
                            for step in steps(&bucket, &rest.clone(), now) {
                                rest = after(rest, &step);
                                assert_eq!(left_of(&bucket, rest.clone(), now), left);
                                steps_seen += 1;
                            }
                            assert_eq!(rest, left);
                        }
                    }
                }
            }
        }
        assert!(steps_seen > 1_000, "{steps_seen}");
    }
}

//! Objects that go by themselves: which rules there may be, and from when on what is over.
//!
//! What follows from that for all that a name holds is in `settled`.
//!
//! Source: S3 User Guide, "Lifecycle configuration elements", "Expiring objects", "Configuring a
//! bucket lifecycle configuration to delete incomplete multipart uploads"; S3 API Reference,
//! "PutBucketLifecycleConfiguration".

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use protocol::Fault;

use crate::entity::{
    Bucket, Expiration, FilterForm, LifecycleFilter, LifecycleRule, S3Object, Upload,
};

/// Refuses rules that S3 would not take.
pub(super) fn check(rules: &[LifecycleRule]) -> Result<(), Fault> {
    if rules.is_empty() || rules.len() > RULES_MAX {
        return Err(malformed());
    }
    let mut ids = BTreeSet::new();
    for rule in rules {
        if rule.id.len() > ID_BYTES_MAX {
            return Err(argument("ID length should not exceed allowed limit of 255"));
        }
        if !ids.insert(rule.id.as_str()) {
            let why = "Rule ID must be unique. Found same ID for more than one rule";
            return Err(argument(why));
        }
        check_filter(&rule.about)?;
        check_actions(rule)?;
    }
    Ok(())
}

fn check_filter(filter: &LifecycleFilter) -> Result<(), Fault> {
    let sizes = [filter.larger_than, filter.smaller_than];
    let members =
        usize::from(filter.prefix.is_some()) + filter.tags.len() + sizes.iter().flatten().count();
    let is_right = match filter.form {
        FilterForm::Prefix => members == 1 && filter.prefix.is_some(),
        FilterForm::One => members <= 1,
        FilterForm::And => members >= 2,
    };
    let is_range = match (filter.larger_than, filter.smaller_than) {
        (Some(larger), Some(smaller)) => larger < smaller,
        _ => true,
    };
    if !is_right || !is_range || sizes.iter().flatten().any(|size| *size < 0) {
        return Err(malformed());
    }
    Ok(())
}

fn check_actions(rule: &LifecycleRule) -> Result<(), Fault> {
    let positive = |days: i32, of: &str| {
        if days > 0 {
            return Ok(());
        }
        let why = format!("'Days' for {of} action must be a positive integer");
        Err(argument(why))
    };
    match rule.expiration {
        Some(Expiration::Days(days)) => positive(days, "Expiration")?,
        Some(Expiration::Date(date)) if date.as_second() % DAY_SECONDS != 0 => {
            return Err(argument("'Date' must be at midnight GMT"));
        }
        _ => {}
    }
    if rule.expiration == Some(Expiration::Marker) {
        check_plain(&rule.about, "ExpiredObjectDeleteMarker")?;
    }
    if let Some((days, newer)) = rule.noncurrent {
        positive(days, "NoncurrentVersionExpiration")?;
        if newer.is_some_and(|newer| !(1..=NEWER_MAX).contains(&newer)) {
            let why = format!("'NewerNoncurrentVersions' must be between 1 and {NEWER_MAX}");
            return Err(argument(why));
        }
    }
    if let Some(days) = rule.upload_days {
        positive(days, "AbortIncompleteMultipartUpload")?;
        check_plain(&rule.about, "AbortIncompleteMultipartUpload")?;
    }
    if rule.expiration.is_none() && rule.noncurrent.is_none() && rule.upload_days.is_none() {
        let why = "At least one action needs to be specified in a rule";
        return Err(Fault::new("InvalidRequest", why));
    }
    Ok(())
}

/// What is about things without tags and a size of their own asks for neither.
fn check_plain(filter: &LifecycleFilter, of: &str) -> Result<(), Fault> {
    let asked = if !filter.tags.is_empty() {
        "Tags"
    } else if filter.is_sized() {
        "Object Size"
    } else {
        return Ok(());
    };
    let why = format!("{of} cannot be specified with {asked}.");
    Err(Fault::new("InvalidRequest", why))
}

/// When the newest version of an object goes, and by which rule.
pub(super) fn expiry<'b>(bucket: &'b Bucket, object: &'b S3Object) -> Option<(Timestamp, &'b str)> {
    // A delete marker goes by its own rules.
    let content = object.content.as_ref()?;
    let again = content.newest_again.and_then(next_look);
    let moments = rules(bucket, object).filter_map(|rule| {
        let moment = match rule.expiration? {
            Expiration::Days(days) => midnight_after(object.modified, days)?,
            Expiration::Date(date) => date,
            Expiration::Marker => return None,
        };
        Some((again.map_or(moment, |it| it.max(moment)), rule.id.as_str()))
    });
    moments.min()
}

/// When an upload is given up, and by which rule.
pub fn giving_up<'b>(bucket: &'b Bucket, upload: &Upload) -> Option<(Timestamp, &'b str)> {
    let enabled = bucket.lifecycle.iter().filter(|rule| rule.is_enabled);
    let moments = enabled
        .filter(|rule| rule.about.is_plain() && rule.about.begins(&upload.key))
        .filter_map(|rule| {
            let moment = midnight_after(upload.initiated, rule.upload_days?)?;
            Some((moment, rule.id.as_str()))
        });
    moments.min()
}

/// Whether the newest version of an object is over.
pub(super) fn is_over(bucket: &Bucket, object: &S3Object, now: Timestamp) -> bool {
    expiry(bucket, object).is_some_and(|(moment, _)| moment <= now)
}

/// Whether an upload was given up.
pub(super) fn is_given_up(bucket: &Bucket, upload: &Upload, now: Timestamp) -> bool {
    giving_up(bucket, upload).is_some_and(|(moment, _)| moment <= now)
}

/// Whether an older version is over: when the one that came after it did so, and how many older
/// versions that are newer than this one stay.
pub(super) fn is_older_over(
    bucket: &Bucket,
    object: &S3Object,
    (since, newer): (Timestamp, usize),
    now: Timestamp,
) -> bool {
    rules(bucket, object).any(|rule| {
        let Some((days, kept)) = rule.noncurrent else {
            return false;
        };
        let kept = usize::try_from(kept.unwrap_or_default()).unwrap_or_default();
        newer >= kept && midnight_after(since, days).is_some_and(|moment| moment <= now)
    })
}

/// Whether a delete marker that nothing stands behind any more is over.
pub(super) fn is_marker_over(bucket: &Bucket, marker: &S3Object, now: Timestamp) -> bool {
    rules(bucket, marker).any(|rule| {
        let moment = match rule.expiration {
            Some(Expiration::Days(days)) => midnight_after(marker.modified, days),
            Some(Expiration::Date(date)) => Some(date),
            Some(Expiration::Marker) => next_look(marker.modified),
            None => None,
        };
        moment.is_some_and(|moment| moment <= now)
    })
}

/// The rules that count for an object, or for a delete marker, which has no tags and no size.
fn rules<'b>(bucket: &'b Bucket, object: &'b S3Object) -> impl Iterator<Item = &'b LifecycleRule> {
    let size = object.content.as_ref().map(|content| content.size);
    let size = size.map(|size| i64::try_from(size).unwrap_or(i64::MAX));
    let is_about = move |filter: &LifecycleFilter| {
        let Some(size) = size else {
            return filter.is_plain() && filter.begins(&object.key);
        };
        filter.begins(&object.key)
            && filter.tags.iter().all(|tag| object.tags.contains(tag))
            && filter.larger_than.is_none_or(|least| size > least)
            && filter.smaller_than.is_none_or(|most| size < most)
    };
    let enabled = bucket.lifecycle.iter().filter(|rule| rule.is_enabled);
    enabled.filter(move |rule| is_about(&rule.about))
}

impl LifecycleFilter {
    fn is_sized(&self) -> bool {
        self.larger_than.is_some() || self.smaller_than.is_some()
    }

    /// Whether it asks for nothing but a name.
    fn is_plain(&self) -> bool {
        self.tags.is_empty() && !self.is_sized()
    }

    fn begins(&self, key: &str) -> bool {
        let prefix = self.prefix.as_deref();
        prefix.is_none_or(|prefix| key.starts_with(prefix))
    }
}

/// Days are counted to the next midnight in UTC.
fn midnight_after(moment: Timestamp, days: i32) -> Option<Timestamp> {
    let over = moment
        .checked_add(SignedDuration::from_hours(i64::from(days) * 24))
        .ok()?;
    let days = (over.as_nanosecond()).div_euclid(DAY_NANOSECONDS);
    let is_midnight = over.as_nanosecond().rem_euclid(DAY_NANOSECONDS) == 0;
    let days = days + i128::from(!is_midnight);
    Timestamp::from_nanosecond(days * DAY_NANOSECONDS).ok()
}

/// S3 looks once a day at what rules end as soon as it is there.
fn next_look(moment: Timestamp) -> Option<Timestamp> {
    let past = moment.checked_add(SignedDuration::from_nanos(1)).ok()?;
    midnight_after(past, 0)
}

fn malformed() -> Fault {
    let why = "The XML you provided was not well-formed or did not validate against our published \
               schema";
    Fault::new("MalformedXML", why)
}

fn argument(why: impl Into<std::borrow::Cow<'static, str>>) -> Fault {
    Fault::new("InvalidArgument", why)
}

const RULES_MAX: usize = 1_000;
const ID_BYTES_MAX: usize = 255;
/// Older versions that a rule keeps.
const NEWER_MAX: i32 = 100;
const DAY_SECONDS: i64 = 24 * 60 * 60;
const DAY_NANOSECONDS: i128 = DAY_SECONDS as i128 * 1_000_000_000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::Tag;

    #[test]
    fn days_are_counted_to_the_next_midnight() {
        for (moment, days, over) in [
            ("2026-01-15T10:30:00Z", 3, "2026-01-19T00:00:00Z"),
            ("2026-01-15T00:00:00Z", 3, "2026-01-18T00:00:00Z"),
            ("1969-12-31T10:00:00Z", 1, "1970-01-02T00:00:00Z"),
        ] {
            let over: Timestamp = over.parse().unwrap();
            assert_eq!(midnight_after(moment.parse().unwrap(), days), Some(over));
        }
        assert_eq!(midnight_after(Timestamp::MAX, i32::MAX), None);
        for moment in ["2026-01-15T00:00:00Z", "2026-01-15T23:59:59.999999999Z"] {
            let look = next_look(moment.parse().unwrap());
            assert_eq!(look, "2026-01-16T00:00:00Z".parse().ok());
        }
    }

    fn rule() -> LifecycleRule {
        LifecycleRule {
            id: "a".into(),
            is_enabled: true,
            expiration: Some(Expiration::Days(1)),
            ..LifecycleRule::default()
        }
    }

    #[test]
    fn rules_that_s3_would_not_take_are_refused() {
        check(&[rule()]).unwrap();
        let code = |rules: &[LifecycleRule]| check(rules).unwrap_err().code.into_owned();
        assert_eq!(code(&[]), "MalformedXML");
        assert_eq!(code(&vec![rule(); 1_001]), "MalformedXML");
        assert_eq!(code(&[rule(), rule()]), "InvalidArgument");
        let with = |change: fn(&mut LifecycleRule)| {
            let mut rule = rule();
            change(&mut rule);
            code(&[rule])
        };
        assert_eq!(with(|it| it.id = "x".repeat(256)), "InvalidArgument");
        assert_eq!(with(|it| it.expiration = None), "InvalidRequest");
        let days = |it: &mut LifecycleRule| it.expiration = Some(Expiration::Days(0));
        assert_eq!(with(days), "InvalidArgument");
        let date = |it: &mut LifecycleRule| {
            it.expiration = Some(Expiration::Date("2026-01-01T00:00:01Z".parse().unwrap()));
        };
        assert_eq!(with(date), "InvalidArgument");
        assert_eq!(with(|it| it.upload_days = Some(-1)), "InvalidArgument");
        for noncurrent in [(0, None), (1, Some(0)), (1, Some(101))] {
            let rule = LifecycleRule {
                noncurrent: Some(noncurrent),
                ..rule()
            };
            assert_eq!(code(&[rule]), "InvalidArgument", "{noncurrent:?}");
        }
        // What has no tags and no size is not looked for by them.
        let tagged = |it: &mut LifecycleRule| {
            it.about.tags = vec![Tag {
                key: "t".into(),
                value: "v".into(),
            }];
        };
        let sized = |it: &mut LifecycleRule| it.about.larger_than = Some(1);
        for about in [tagged, sized] {
            let mut uploads = rule();
            about(&mut uploads);
            let mut markers = uploads.clone();
            check(&[uploads.clone()]).unwrap();
            uploads.upload_days = Some(1);
            markers.expiration = Some(Expiration::Marker);
            assert_eq!(code(&[uploads]), "InvalidRequest");
            assert_eq!(code(&[markers]), "InvalidRequest");
        }
        let two = |it: &mut LifecycleRule| {
            it.about.prefix = Some("p".into());
            it.about.larger_than = Some(1);
        };
        assert_eq!(with(two), "MalformedXML");
        assert_eq!(with(|it| it.about.form = FilterForm::And), "MalformedXML");
        assert_eq!(
            with(|it| it.about.form = FilterForm::Prefix),
            "MalformedXML"
        );
        assert_eq!(with(|it| it.about.larger_than = Some(-1)), "MalformedXML");
        let range = |it: &mut LifecycleRule| {
            it.about.form = FilterForm::And;
            it.about.larger_than = Some(2);
            it.about.smaller_than = Some(2);
        };
        assert_eq!(with(range), "MalformedXML");
    }
}

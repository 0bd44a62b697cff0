//! Objects that go by themselves: which rules there may be, and from when on an object is over.
//!
//! What is over is not there for who reads or lists, from the moment on at which S3 would begin to
//! remove it; its bytes stay until its name or its bucket is used anew.
//!
//! Source: S3 User Guide, "Lifecycle configuration elements", "Expiring objects"; S3 API Reference,
//! "PutBucketLifecycleConfiguration".

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use protocol::Fault;

use crate::entity::{
    Bucket, Expiration, FilterForm, LifecycleFilter, LifecycleRule, S3Object, Versioning,
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
    if let Some((days, _)) = rule.noncurrent {
        positive(days, "NoncurrentVersionExpiration")?;
    }
    if let Some(days) = rule.upload_days {
        positive(days, "AbortIncompleteMultipartUpload")?;
        if !rule.about.tags.is_empty() {
            let why = "AbortIncompleteMultipartUpload cannot be specified with Tags.";
            return Err(Fault::new("InvalidRequest", why));
        }
    }
    if rule.expiration.is_none() && rule.noncurrent.is_none() && rule.upload_days.is_none() {
        let why = "At least one action needs to be specified in a rule";
        return Err(Fault::new("InvalidRequest", why));
    }
    Ok(())
}

/// When the newest version of an object goes, and by which rule.
pub fn expiry<'b>(bucket: &'b Bucket, object: &S3Object) -> Option<(Timestamp, &'b str)> {
    let enabled = bucket.lifecycle.iter().filter(|rule| rule.is_enabled);
    let moments = enabled
        .filter(|rule| is_about(&rule.about, object))
        .filter_map(|rule| {
            let moment = match rule.expiration? {
                Expiration::Days(days) => midnight_after(object.modified, days)?,
                Expiration::Date(date) => date,
                Expiration::Marker => return None,
            };
            Some((moment, rule.id.as_str()))
        });
    moments.min()
}

/// Whether the newest version of an object is over.
pub(super) fn is_over(bucket: &Bucket, object: &S3Object, now: Timestamp) -> bool {
    expiry(bucket, object).is_some_and(|(moment, _)| moment <= now)
}

/// Whether nothing of an object is left once it is over: no version of it is kept.
pub(super) fn is_gone(bucket: &Bucket, object: &S3Object, now: Timestamp) -> bool {
    let is_kept = bucket.versioning == Some(Versioning::Enabled) || object.version.is_some();
    !is_kept && is_over(bucket, object, now)
}

fn is_about(filter: &LifecycleFilter, object: &S3Object) -> bool {
    let Some(content) = &object.content else {
        return false;
    };
    let size = i64::try_from(content.size).unwrap_or(i64::MAX);
    let begins = filter.prefix.as_deref();
    begins.is_none_or(|prefix| object.key.starts_with(prefix))
        && filter.tags.iter().all(|tag| object.tags.contains(tag))
        && filter.larger_than.is_none_or(|least| size > least)
        && filter.smaller_than.is_none_or(|most| size < most)
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
const DAY_SECONDS: i64 = 24 * 60 * 60;
const DAY_NANOSECONDS: i128 = DAY_SECONDS as i128 * 1_000_000_000;

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(
            with(|it| it.noncurrent = Some((0, None))),
            "InvalidArgument"
        );
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
